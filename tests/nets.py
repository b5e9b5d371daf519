"""The nets under the custody room: taken away for the tests, and kept here for those that are about them.

In production an entry that cannot be judged or applied is kept and ends all proofs; in a test it is an error.
"""

from typing import NoReturn

from coldcheck.custody import rules, state

PLACED, JUDGED = state.not_placed, rules.not_judged


def _seen(*_values: object, **_more: object) -> NoReturn:
    # It is called while the error is handled, which goes on from there.
    raise  # noqa: PLE0704


def take_away() -> None:
    """Nothing; from here on an error in the custody room is seen."""
    state.not_placed = rules.not_judged = _seen
