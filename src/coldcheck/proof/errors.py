"""The one base of every exception Coldcheck raises, so that a caller can tell our errors from everyone else's.

Promises: `str(error)` is one clear sentence that says what is wrong, where, and what to do about it.
Does not do: refusals (they are values, see `custody`) and our own bugs (they are assertions).
"""


class ColdcheckError(Exception):
    """Input or the outside world is not as it must be; the sentence in `str()` says what to do."""
