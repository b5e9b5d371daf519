"""What a named cosigner's clock says of the hub's: the hub enters it, once a day and when it no longer fits.

A cosigner's line holds the time at which it was made, by the cosigner's clock. It was made after the checkpoint it stands under,
and before it came back; both moments the hub has on its own running clock. So the line is a reading of another clock with a
bound that needs nobody's honesty about the way it took (`custody.clock_quality` reckons with it).

Promises: at most one entry a cosigner and day, one more each time the two clocks part further than both bounds allow, and no more
than ten a day. Only a cosigner that an officer named is compared with: a stranger's line writes nothing into the log. Nothing
decides by a comparison.

Does not do: set any clock, or compare with phones that act, whose every entry has its device's time beside the hub's.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from coldcheck.custody.acts import ClockCompared
from coldcheck.custody.clock_quality import DRIFT_PPM, instant
from coldcheck.proof.entry import read_entry
from coldcheck.station.cosigners import Cosigned
from coldcheck.station.record import Hub, Moment

MOST_A_DAY: Final = 10
WIDEST_MS: Final = 300_000
"""A reading less certain than five minutes is worth no entry."""
_WORD: Final = re.compile(r"[!-~]{1,60}")
_SECOND_MS: Final = 1_000
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """By how much a cosigner's clock was ahead of the hub's, right to `bound_ms`, at `mono_ms`."""

    ahead_ms: int
    bound_ms: int
    mono_ms: int


@dataclass(slots=True)
class ClockWatch:
    """The comparisons of one run of the hub, by cosigner, and how many were entered on the day that it is."""

    day: str = ""
    entered: int = 0
    last: dict[str, _Reading] = field(default_factory=dict)

    def compared(self, hub: Hub, line: Cosigned, now: Moment) -> ClockCompared | None:
        """The act to enter for this line, or None when it says nothing new, or too little."""
        bound_ms = _bound_ms(hub, line.tree_size, now)
        reads_at, hub_at = _moment(line.at_s), instant(now.at)
        if bound_ms is None or bound_ms > WIDEST_MS or reads_at is None or hub_at is None:
            return None
        if self.day != now.at[:10]:
            self.day, self.entered, self.last = now.at[:10], 0, {}
        ahead_ms = round((reads_at - hub_at).total_seconds() * 1000)
        found = _Reading(ahead_ms=ahead_ms, bound_ms=bound_ms, mono_ms=now.mono_ms)
        if self.entered >= MOST_A_DAY or not _is_new(self.last.get(line.vkey), found):
            return None
        self.last[line.vkey] = found
        self.entered += 1
        return ClockCompared(clock=_name(line), reads=f"{reads_at:%Y-%m-%dT%H:%M:%S}Z", bound_ms=bound_ms)


def _bound_ms(hub: Hub, tree_size: int, now: Moment) -> int | None:
    """How long ago the line may have been made: since the checkpoint's last entry, and the second its time is told in.

    None for a checkpoint of another run of the hub: no clock ran on from it.
    """
    receipt = read_entry(hub.store.entry(tree_size - 1)).receipt
    if receipt["boot"] != now.boot:
        return None
    mono_ms = receipt["mono_ms"]
    assert isinstance(mono_ms, int), "read_entry verified it"
    return max(0, now.mono_ms - mono_ms) + _SECOND_MS


def _moment(at_s: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(at_s, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_new(before: _Reading | None, found: _Reading) -> bool:
    """Whether the two clocks stand otherwise than the last reading says, by more than both readings and the drift allow."""
    if before is None:
        return True
    drift_ms = (found.mono_ms - before.mono_ms) * DRIFT_PPM // _MILLION
    return abs(found.ahead_ms - before.ahead_ms) > found.bound_ms + before.bound_ms + drift_ms


def _name(line: Cosigned) -> str:
    """The cosigner's name as an entry has words, or its key id where it has no such form."""
    return line.name if _WORD.fullmatch(line.name) and not set(line.name) & set(',;:()"') else line.line.key_id.hex()
