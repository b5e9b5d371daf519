"""How much one address asks of a hub in a minute: a person's worth is answered, a flood is not.

Promises: whoever stays below the number is never turned away, whatever others do. Does not do: know people; several devices
behind one address share its number.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

MOST_KNOWN: Final = 500
_MINUTE_S: Final = 60.0


@dataclass(slots=True)
class Crowd:
    """How often each address asked in the last minute, up to `most` times."""

    most: int
    heard: dict[str, deque[float]] = field(default_factory=dict)

    def is_too_many(self, who: str, now_s: float) -> bool:
        """Whether `who` has asked `most` times in the minute before `now_s`; if not, this time counts too."""
        times = self.heard.setdefault(who, deque(maxlen=self.most))
        while times and now_s - times[0] > _MINUTE_S:
            times.popleft()
        if len(times) >= self.most:
            return True
        times.append(now_s)
        if len(self.heard) > MOST_KNOWN:
            self.heard.clear()
        return False
