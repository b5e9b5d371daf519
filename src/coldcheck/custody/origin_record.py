"""The event table of the trace index, read as columns for the origin analysis: counts, hands, checks, and what was near what.

Rounds that look alike are counted: rows of one entry between the same two containers become one move of k of n, where
n is what the record had there. Two containers in one person's hands at the same time, with no move between them in the
record, are marked as together; a container in the same hands as a stock of live rounds, as opened beside it.

Promises: one pass over the rows, in order; the same rows give the same columns. It reads numbers only, no names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from coldcheck.custody.origin_columns import NOBODY, UNATTENDED, Check, Columns, Event, Source
from coldcheck.custody.trace_events import HOLDING, EventKind
from coldcheck.custody.trace_index import EventTable

TESTED: Final = 32
"""A kind of row of our own: one person tested the rounds in the thing `item`, or the round `item`; the index passes it."""
_CONTAINERS: Final = frozenset(map(ord, "cgpw"))
_UNHELD: Final = frozenset(map(ord, "pw"))
_GUN: Final = ord("g")
_PERSON: Final = ord("p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the table does not say: which things hold stock known to be live, which are worn, and each lot's class."""

    stock: frozenset[int] = frozenset()
    worn: frozenset[int] = frozenset()
    lot_source: tuple[tuple[int, Source], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The columns, and the thing of the table that each container number stands for."""

    columns: Columns
    things: tuple[int, ...]


@dataclass(slots=True)
class _Pair:
    """Two containers in the same hands, and in which directions a move between them is recorded."""

    one: int
    other: int
    placeholders: tuple[int, int]
    moved: set[tuple[int, int]] = field(default_factory=set)


def read_events(table: EventTable, known: Known, *, ends_at_s: int | None = None) -> Read:
    """The columns of a table, oldest first, ending where it ends, or at `ends_at_s`, the time of the find."""
    reader = _Reader(table, known)
    rows = zip(
        table.kind.tolist(), table.item.tolist(), table.start.tolist(), table.end.tolist(), table.by.tolist(),
        table.entry.tolist(), table.count.tolist(), strict=True,
    )  # fmt: skip
    for kind, item, start, end, by, entry, count in rows:
        reader.row(kind, item, start, end, by, entry, count)
    newest_s = int(table.entry_at_s[-1]) if table.entry_at_s.size else 0
    return reader.done(ends_at=(newest_s if ends_at_s is None else ends_at_s) // 60)


class _Reader:
    """One pass: what the record has where, who has what, and the rows so far."""

    def __init__(self, table: EventTable, known: Known) -> None:
        self.letter = table.letter.tolist()
        self.inside = table.inside.tolist()
        self.lot = table.lot.tolist()
        self.minutes = (table.entry_at_s // 60).tolist()
        self.known = known
        self.sources = dict(known.lot_source)
        self.number: dict[int, int] = {}
        self.things: list[int] = []
        self.book: list[int] = []
        self.outer: dict[int, int] = {}
        self.who: dict[int, int] = {}
        self.hands: dict[int, list[int]] = {}
        self.pairs: dict[int, list[_Pair]] = {}
        self.openings = 0
        self.pending: dict[int, list[int]] = {}
        self.lies: dict[int, int] = {}
        self.rows: list[list[int]] = []

    # --- small things ---

    def top(self, thing: int) -> int:
        """The number of the container, gun, person or place that `thing` is or lies in; -1 for outside."""
        while thing >= 0 and self.letter[thing] not in _CONTAINERS:
            thing = self.inside[thing] if self.inside[thing] >= 0 else self.lies.get(thing, -1)
        return self.numbered(thing) if thing >= 0 else -1

    def numbered(self, thing: int) -> int:
        if thing not in self.number:
            self.number[thing] = len(self.things)
            self.things.append(thing)
            self.book.append(0)
        return self.number[thing]

    def say(self, kind: Event, entry: int, a: int, b: int = -1, k: int = 0, who: int = -1, note: int = 0) -> int:
        n, m = self.book[a], self.book[b] if b >= 0 else 0
        self.rows.append([kind, self.minutes[entry], a, b, k, n, m, who, note, entry])
        return len(self.rows) - 1

    def joins(self, kind: Event, entry: int, a: int, b: int) -> bool:
        """Whether the newest row is of the same kind, entry and containers, so that this one adds to it."""
        last = self.rows[-1] if self.rows else None
        return last is not None and (last[0], last[9], last[2], last[3]) == (kind, entry, a, b)

    # --- rows ---

    def row(self, kind: int, item: int, start: int, end: int, by: int, entry: int, count: int) -> None:
        """Takes in one row of the table."""
        match kind:
            case EventKind.PLACED:
                self.placed(item, start, end, by, entry, count)
            case EventKind.TURNED_UP:
                self.turned_up(item, start, end, entry, count)
            case EventKind.VERIFIED:
                self.checked(self.top(end), entry, Check.TESTED_BY_TWO, whole=True)
            case EventKind.PROVEN:
                self.checked(self.top(end), entry, Check.TESTED_BY_TWO, whole=False)
            case EventKind.LOOKED:
                self.looked(item, entry)
            case _ if kind == TESTED:
                whole = item >= 0 and self.letter[item] in _CONTAINERS
                self.checked(self.top(item), entry, Check.TESTED_BY_ONE, whole=whole)
            case EventKind.COUNTED:
                self.counted(self.top(end), entry, count)
            case EventKind.FIRED if count == 0:
                self.say(Event.PULLED, entry, self.top(item))
            case _ if kind in HOLDING:
                self.held(kind, item, end, entry)
            case _:
                pass

    def placed(self, item: int, start: int, end: int, by: int, entry: int, count: int) -> None:
        a, b = self.top(start), self.top(end)
        self.lies[item] = end
        if a == b:
            return
        if a < 0:
            self.arrived(item, b, by, entry, count)
            return
        for pair in self.pairs.get(a, ()):
            pair.moved.add((a, b))
        if self.joins(Event.MOVED, entry, a, b):
            self.rows[-1][4] += count
        else:
            self.say(Event.MOVED, entry, a, b, k=count)
        self.book[a] = max(self.book[a] - count, 0)
        if b >= 0:
            self.book[b] += count

    def arrived(self, item: int, b: int, by: int, entry: int, count: int) -> None:
        if b < 0:
            return
        thing = self.things[b]
        source = Source.WORN if thing in self.known.worn else self.sources.get(self.lot[item], Source.AS_RECEIVED)
        if self.joins(Event.RECEIVED, entry, b, -1):
            self.rows[-1][4] += count
        elif thing not in self.known.stock:
            self.say(Event.RECEIVED, entry, b, k=count, who=by, note=source)
        self.book[b] += count

    def turned_up(self, item: int, start: int, end: int, entry: int, count: int) -> None:
        a, b = self.top(start), self.top(end)
        self.lies[item] = end
        if a >= 0 and b >= 0 and a != b:
            self.say(Event.TOGETHER, entry, a, b, k=1)
            self.book[a] = max(self.book[a] - count, 0)
        if b >= 0 and a != b:
            self.book[b] += count

    def looked(self, item: int, entry: int) -> None:
        whole = item >= 0 and self.letter[item] in _CONTAINERS
        place = self.top(item)
        if place >= 0:
            is_gun = self.letter[self.things[place]] == _GUN
            self.checked(place, entry, Check.GUN_LOOKED if is_gun else Check.LOOKED_THROUGH, whole=whole)

    def checked(self, place: int, entry: int, check: Check, *, whole: bool) -> None:
        if place < 0:
            return
        if self.joins(Event.CHECKED, entry, place, -1) and self.rows[-1][8] == check:
            row = self.rows[-1]
            row[4] = row[5] if whole else min(row[4] + 1, row[5])
            return
        count = max(self.book[place], 1)
        number = self.say(Event.CHECKED, entry, place, k=count if whole else 1, note=check)
        self.rows[number][5] = count

    def counted(self, place: int, entry: int, count: int) -> None:
        if place < 0:
            return
        if self.things[place] in self.known.stock:
            for opening in self.pending.pop(place, ()):
                short = int(count < self.book[place])
                self.say(Event.STOCK_COUNTED, entry, place, k=short, note=opening)
        else:
            self.say(Event.COUNTED, entry, place, k=count, note=count - self.book[place])
        self.book[place] = count

    # --- hands ---

    def held(self, kind: int, item: int, end: int, entry: int) -> None:
        place = self.top(item)
        if place < 0:
            return
        self.outer.pop(place, None)
        if kind == EventKind.STOWED and end >= 0 and (outer := self.numbered(end)) != place:
            self.outer[place] = outer
            who = self.who.get(outer, UNATTENDED)
        elif kind == EventKind.HELD and end >= 0:
            who = end
        else:
            who = NOBODY if kind == EventKind.LOCKED else UNATTENDED
        self.give(place, who, entry)

    def give(self, place: int, who: int, entry: int, depth: int = 0) -> None:
        """From here on `who` has `place` and all that lies in it."""
        before = self.who.get(place, UNATTENDED)
        if before >= 0 and before != who:
            self.let_go(place, before, entry)
        self.who[place] = who
        self.say(Event.HELD, entry, place, who=who)
        if who >= 0 and before != who:
            self.take(place, who, entry)
        for inner, outer in tuple(self.outer.items()):
            if outer == place and depth < _DEEPEST:
                self.give(inner, who, entry, depth + 1)

    def take(self, place: int, who: int, entry: int) -> None:
        mine = self.hands.setdefault(who, [])
        for other in mine if self.letter[self.things[place]] != _GUN else ():
            if self.letter[self.things[other]] != _GUN:
                self.meet(place, other, who, entry)
        mine.append(place)

    def meet(self, place: int, other: int, who: int, entry: int) -> None:
        in_stock = (self.things[place] in self.known.stock, self.things[other] in self.known.stock)
        match in_stock:
            case (True, True):
                pass
            case (False, False):
                ahead = self.say(Event.TOGETHER, entry, place, other, k=1)
                back = self.say(Event.TOGETHER, entry, other, place, k=1)
                pair = _Pair(one=place, other=other, placeholders=(ahead, back))
                self.pairs.setdefault(place, []).append(pair)
                self.pairs.setdefault(other, []).append(pair)
            case _:
                stock, beside = (place, other) if in_stock[0] else (other, place)
                self.say(Event.OPENED, entry, beside, stock, who=who, note=self.openings)
                self.pending.setdefault(stock, []).append(self.openings)
                self.openings += 1

    def let_go(self, place: int, who: int, entry: int) -> None:
        mine = self.hands.get(who, [])
        if place in mine:
            mine.remove(place)
        for pair in tuple(self.pairs.get(place, ())):
            self.close(pair, entry)

    def close(self, pair: _Pair, entry: int) -> None:
        ways = ((pair.one, pair.other), (pair.other, pair.one))
        for way, placeholder in zip(ways, pair.placeholders, strict=True):
            if way in pair.moved:
                self.rows[placeholder][0] = Event.NOTHING
            else:
                self.say(Event.TOGETHER, entry, *way, k=1)
        for place in (pair.one, pair.other):
            self.pairs[place].remove(pair)

    # --- the end ---

    def done(self, *, ends_at: int) -> Read:
        """The columns of all rows."""
        columns = np.array(self.rows, dtype=np.int32).reshape(len(self.rows), 10).T
        kind, at, a, b, k, n, m, who, note, entry = (np.ascontiguousarray(column) for column in columns)
        return Read(
            columns=Columns(
                kind=kind, at=at, a=a, b=b, k=k, n=n, m=m, who=who, note=note, entry=entry, containers=len(self.things),
                ends_at=ends_at,
                stock=tuple(number for number, thing in enumerate(self.things) if thing in self.known.stock),
                unheld=tuple(number for number, thing in enumerate(self.things) if self.letter[thing] in _UNHELD),
            ),
            things=tuple(self.things),
        )  # fmt: skip


_DEEPEST: Final = 8


def numbers_of(read: Read, things: Iterable[int]) -> tuple[int, ...]:
    """The container numbers of some things of the table, those it has."""
    places = {thing: number for number, thing in enumerate(read.things)}
    return tuple(places[thing] for thing in things if thing in places)
