"""What each time in the record is worth: the device's, the hub's, and how far off either may be.

Three times stand beside an entry and none of them decides anything: what the device's clock said (a claim), what the hub's
clock said on receipt, and milliseconds on the hub's running clock. Where somebody entered what another clock read (a studio's,
a camera's timecode) during the same run of the hub, the moment of receipt can be reckoned by that clock, with a bound.

Promises: order stays the log's; a stamp says whose clock it is by and how far off it may be, or that nothing was compared.
Two comparisons that cannot both be right are both kept, and the nearer one in time is used.

Does not do: correct anything, or say when something was done that came late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from coldcheck.custody.acts import ClockCompared
from coldcheck.custody.picture import Step
from coldcheck.custody.things import Id

DRIFT_PPM: Final = 200
"""How far a cheap clock goes wrong at most, in millionths: 0.7 s an hour."""
LIVE_MS: Final = 4_000
"""A device waits so long for the hub; what took longer is delivered as queued."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One entry and the time its author's device claims."""

    step: Step
    device_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What another clock read, as an entry says, and the hub's running clock when that came in."""

    entry_index: int
    by: Id
    clock: str
    reads_at: datetime
    bound_ms: int
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One entry's times. `device_ahead_ms`: how far the device's clock stood before the hub's on receipt.

    `reckoned_at` is the moment of receipt by the clock of `comparison`, right to `bound_ms`; None where nothing was compared
    in that run of the hub. For what was `queued` the doing lies before it by an unknown time.
    """

    entry_index: int
    device_at: str
    device_ahead_ms: int | None
    hub_at: str
    queued: bool
    comparison: Comparison | None
    reckoned_at: str | None
    bound_ms: int | None


def instant(text: str) -> datetime | None:
    """The moment that a time in the record names, None for text that is no time."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text.endswith("Z") else None
    except (ValueError, OverflowError):
        return None


def comparisons(timed: Iterable[Timed]) -> tuple[Comparison, ...]:
    """Every comparison that was entered live and reads as a time, in the record's order."""
    return tuple(
        Comparison(
            entry_index=one.step.entry_index,
            by=one.step.by,
            clock=act.clock,
            reads_at=reads_at,
            bound_ms=max(0, act.bound_ms),
            boot=one.step.boot,
            mono_ms=one.step.mono_ms,
        )
        for one in timed
        if one.step.delivered == "live"
        for act in one.step.acts
        if isinstance(act, ClockCompared) and (reads_at := instant(act.reads)) is not None
    )


def stamp_of(timed: Timed, known: Iterable[Comparison]) -> Stamp:
    """The times of one entry, by the comparison of the same run of the hub that bounds it best."""
    step = timed.step
    here = [one for one in known if one.boot == step.boot]
    best = min(here, key=lambda one: (_bound_ms(step, one), one.entry_index), default=None)
    device, hub = instant(timed.device_at), instant(step.at)
    return Stamp(
        entry_index=step.entry_index,
        device_at=timed.device_at,
        device_ahead_ms=None if device is None or hub is None else round((device - hub) / timedelta(milliseconds=1)),
        hub_at=step.at,
        queued=step.delivered == "queued",
        comparison=best,
        reckoned_at=None if best is None else _reckoned(step, best),
        bound_ms=None if best is None else _bound_ms(step, best),
    )


def _bound_ms(step: Step, one: Comparison) -> int:
    """How far off a reckoned time may be: the reading, the way of its entry to the hub, and the hub's clock since."""
    apart_ms = abs(step.mono_ms - one.mono_ms)
    return one.bound_ms + LIVE_MS + -(-apart_ms * DRIFT_PPM // _MILLION)


def _reckoned(step: Step, one: Comparison) -> str | None:
    try:
        found = one.reads_at + timedelta(milliseconds=step.mono_ms - one.mono_ms)
    except OverflowError:
        return None
    return f"{found:%Y-%m-%dT%H:%M:%S}.{found.microsecond // 1000:03}Z"
