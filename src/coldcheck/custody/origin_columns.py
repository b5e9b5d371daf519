"""What the origin analysis reads: the events of a record as columns, and every window in which a round could come in.

Containers are numbered, and so are the people who are recorded as having them; rounds that look alike are numbers of
rounds, because a label on one of them proves nothing. `windows_of` cuts the time of every container at each event that
touches it, so that within a window nothing happens to it. Who had it is kept beside the window for the list of those
with access, and enters no calculation.

What it does not do: it reads no acts (`origin_record` makes the columns of a picture) and holds no probability but the
exposure of a window, which is a time or a number.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NOBODY: Final = -1
"""In `who`: locked away."""
UNATTENDED: Final = -2
"""In `who`: left, disputed, or nobody recorded who had it."""
MINUTES_A_DAY: Final = 1440


class Event(IntEnum):
    """What one row says. `a` is always the container it is about."""

    MOVED = 0  # k rounds of n from a to b, where m lay
    CHECKED = 1  # somebody looked for live rounds in a, at k of its n, and saw none; `note` is the kind of check
    PULLED = 2  # the trigger of gun a, and no shot
    COUNTED = 3  # k rounds counted in a where the record had n; `note` is the difference
    TOGETHER = 4  # a and b in the same hands, and no move from a to b recorded
    HELD = 5  # from here on `who` has a
    RECEIVED = 6  # a comes with k rounds; `note` is the class of its stock
    OPENED = 7  # stock of live rounds opened beside a; `note` numbers the opening
    STOCK_COUNTED = 8  # the live stock of opening `note` counted: k is 1 for a shortage, else 0
    NOTHING = 9  # a row that turned out to say nothing


class Check(IntEnum):
    """What a check does, as far as the record says it. Its miss rate belongs to the kind, never to the person."""

    GUN_LOOKED = 0
    LOOKED_THROUGH = 1
    TESTED_BY_ONE = 2
    TESTED_BY_TWO = 3


class Source(IntEnum):
    """The exclusive classes of origin, H1 to H7 of the answers, in their fixed order."""

    AS_RECEIVED = 0
    MIXED = 1
    REUSED = 2
    COMMON_ANCESTOR = 3
    WORN = 4
    OUTSIDE = 5
    UNRECORDED = 6


SOURCE_COUNT: Final = len(Source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The events of one record, oldest first; every column has one value an event. `at` is in minutes.

    `entry` is the entry of the ledger a row comes from. `containers` says how many there are; those in `stock` hold
    rounds that are known to be live, so that no window is about them; those in `unheld` are persons and places, which
    nobody can have in hand. `ends_at` is the minute of the find, or of the last event.
    """

    kind: Ints
    at: Ints
    a: Ints
    b: Ints
    k: Ints
    n: Ints
    m: Ints
    who: Ints
    note: Ints
    entry: Ints
    containers: int
    ends_at: int
    stock: tuple[int, ...] = ()
    unheld: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many events there are."""
        return int(self.kind.size)

    def until(self, event: int) -> "Columns":
        """The columns of the events before `event`."""
        return Columns(
            kind=self.kind[:event], at=self.at[:event], a=self.a[:event], b=self.b[:event], k=self.k[:event],
            n=self.n[:event], m=self.m[:event], who=self.who[:event], note=self.note[:event],
            entry=self.entry[:event], containers=self.containers, ends_at=self.ends_at,
            stock=self.stock, unheld=self.unheld,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Every way in: a receipt, an opening of live stock, or a time in which a container was not observed.

    A round that comes in by window i lies in `place[i]` before event `event[i]`. `exposure` is 1 for a receipt or an
    opening and hours for a time; `swap` says whether it can have taken another round's place; `opening` numbers the
    opening of live stock (-1 elsewhere). `first` and `last` are the events between which it lies, `who` had the place.
    """

    source: Ints
    place: Ints
    event: Ints
    exposure: Floats
    swap: Flags
    opening: Ints
    who: Ints
    day: Ints
    first: Ints
    last: Ints


def windows_of(columns: Columns) -> Windows:
    """Every window of `columns`, in the order of events; those of time end with the record."""
    timed = _timed_windows(columns)
    rows = np.flatnonzero((columns.kind == Event.RECEIVED) | (columns.kind == Event.OPENED))
    opened = columns.kind[rows] == Event.OPENED
    note = columns.note[rows]
    single = Windows(
        source=np.where(opened, np.int32(Source.MIXED), note).astype(np.int32),
        place=columns.a[rows],
        event=rows.astype(np.int32),
        exposure=np.ones(rows.size),
        swap=np.where(opened, columns.n[rows] > 0, True),  # noqa: FBT003  # a column of truths
        opening=np.where(opened, note, -1).astype(np.int32),
        who=columns.who[rows],
        day=(columns.at[rows] // MINUTES_A_DAY).astype(np.int32),
        first=rows.astype(np.int32),
        last=rows.astype(np.int32),
    )
    order = np.argsort(np.concatenate([single.event, timed.event]), kind="stable")

    def both(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return np.concatenate([one, other])[order]

    return Windows(
        **{name: both(getattr(single, name), getattr(timed, name)) for name in Windows.__dataclass_fields__}  # type: ignore[arg-type]  # column by column
    )


def in_one_hand(columns: Columns) -> tuple[int, int]:
    """How many recorded moves between two containers lay in one pair of hands by the record, and how many there are.

    A move to or from a person or a place asks for the hand of the other side alone; one between two such is left out.
    """
    rows = np.flatnonzero((columns.kind == Event.MOVED) & (columns.b >= 0))
    free = np.zeros(columns.containers + 1, dtype=np.bool_)
    free[list(columns.unheld)] = True
    one, other = columns.a[rows], columns.b[rows]
    rows = rows[~(free[one] & free[other])]
    one, other = columns.a[rows], columns.b[rows]
    has, had = _hands_at(columns, one, rows), _hands_at(columns, other, rows)
    has, had = np.where(free[one], had, has), np.where(free[other], has, had)
    return int(((has >= 0) & (has == had)).sum()), int(rows.size)


def _hands_at(columns: Columns, place: Ints, row: npt.NDArray[np.int64]) -> Ints:
    """Who had each place at each row; UNATTENDED where no row before says."""
    held = np.flatnonzero(columns.kind == Event.HELD)
    if held.size == 0:
        return np.full(row.size, UNATTENDED, dtype=np.int32)
    keys = columns.a[held].astype(np.int64) * columns.size + held
    order = np.argsort(keys)
    spot = np.searchsorted(keys[order], place.astype(np.int64) * columns.size + row) - 1
    newest = held[order[np.maximum(spot, 0)]]
    known = (spot >= 0) & (columns.a[newest] == place)
    return np.where(known, columns.who[newest], UNATTENDED).astype(np.int32)


def _timed_windows(columns: Columns) -> Windows:
    """The time of each container between two events that touch it, by who had it."""
    size = columns.size
    index = np.arange(size, dtype=np.int64)
    both = np.isin(columns.kind, (Event.MOVED, Event.TOGETHER))
    place = np.concatenate([columns.a, columns.b[both]]).astype(np.int64)
    event = np.concatenate([index, index[both]])
    after = np.concatenate([_count_after(columns), (columns.m + _arriving(columns))[both]])
    keep = (place >= 0) & ~np.isin(place, columns.stock)
    place, event, after = place[keep], event[keep], after[keep]
    order = np.argsort(place * size + event, kind="stable")
    place, event, after = place[order], event[order], after[order]
    held = (columns.kind[event] == Event.HELD) & (columns.a[event] == place)
    newest = np.maximum.accumulate(np.where(held, np.arange(place.size), -1))
    begins = np.r_[True, place[1:] != place[:-1]] if place.size else np.zeros(0, dtype=np.bool_)
    start = np.maximum.accumulate(np.where(begins, np.arange(place.size), 0))
    known = (newest >= start) & (newest >= 0)
    who = np.where(known, columns.who[event[np.maximum(newest, 0)]], UNATTENDED)
    ends = np.r_[begins[1:], True] if place.size else begins
    following = np.where(ends, size, np.r_[event[1:], 0] if place.size else event)
    until = np.where(ends, columns.ends_at, columns.at[np.minimum(following, max(size - 1, 0))] if size else 0)
    hours = (until - columns.at[event]) / 60.0
    real = hours > 0
    return Windows(
        source=np.where(who >= 0, np.int32(Source.OUTSIDE), np.int32(Source.UNRECORDED))[real].astype(np.int32),
        place=place[real].astype(np.int32),
        event=following[real].astype(np.int32),
        exposure=hours[real],
        swap=after[real] > 0,
        opening=np.full(int(real.sum()), -1, dtype=np.int32),
        who=who[real].astype(np.int32),
        day=(columns.at[event[real]] // MINUTES_A_DAY).astype(np.int32),
        first=event[real].astype(np.int32),
        last=np.minimum(following[real], size - 1).astype(np.int32),
    )


def _count_after(columns: Columns) -> npt.NDArray[np.int64]:
    """What the record has in `a` after each event."""
    moved = np.where(columns.kind == Event.MOVED, np.maximum(columns.n - columns.k, 0), columns.n)
    said = np.isin(columns.kind, (Event.COUNTED, Event.RECEIVED))
    return np.where(said, columns.k, moved).astype(np.int64)


def _arriving(columns: Columns) -> npt.NDArray[np.int64]:
    return np.where(columns.kind == Event.MOVED, columns.k, 0).astype(np.int64)
