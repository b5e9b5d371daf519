"""A picture's journal as the rows that the origin analysis reads, with what is only told kept apart from what was signed.

Own acts and reported ones both give rows, in the order of entries, because a report may be all there is; `told` says
which are which, and who builds an answer on them must say so. An act that says "some rounds" without a number gives a
row with none: nothing is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np

from coldcheck.custody import acts as a
from coldcheck.custody.origin_columns import Source
from coldcheck.custody.origin_kinds import MIXING, REUSE, is_worn, shared_ancestry
from coldcheck.custody.origin_record import TESTED, Known, Read, read_events
from coldcheck.custody.picture import Done, Picture, acts_of_entry
from coldcheck.custody.things import Id, Relation, RoundKind
from coldcheck.custody.trace_events import MOST_COUNTED, EventKind
from coldcheck.custody.trace_index import EventTable

_Row: TypeAlias = tuple[int, int, int, int, int]
"""Kind, item, start, end and count of one row."""
INERT: Final = frozenset({RoundKind.DUMMY, RoundKind.SNAP_CAP, RoundKind.BLANK})
NOWHERE_KNOWN: Final = -2
"""The lot of rounds that were loaded out of nobody knows what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRead:
    """The columns of a picture up to a find, the id of each container number, and which entries are only reports."""

    read: Read
    table: EventTable
    ids: tuple[Id, ...]
    told: frozenset[int]

    def number_of(self, thing: Id) -> int:
        """The container number of a thing; -1 where no row names it."""
        return next((n for n, row in enumerate(self.read.things) if self.ids[row] == thing), -1)

    def id_of(self, number: int) -> Id:
        """The thing a container number stands for."""
        return self.ids[self.read.things[number]]


def read_picture(picture: Picture, *, before_entry: int) -> LedgerRead:
    """The columns of everything that was recorded before an entry, ending at that entry's time.

    What its own signer took back or corrected is left out; what others dispute stays, and counts as only told.
    """
    book = _Book(picture)
    told: set[int] = set()
    rows: list[tuple[_Row, int, int]] = []
    for done in picture.journal:
        if done.entry_index >= before_entry:
            break
        if _taken_back(picture, done):
            continue
        is_told = isinstance(done.act, a.Reported) or done.entry_index in picture.doubted
        by = done.act.who if isinstance(done.act, a.Reported) else done.by
        for row in book.rows_of(done):
            rows.append((row, book.thing(by) if by else -1, done.entry_index))
            if is_told:
                told.add(done.entry_index)
    table = book.table(rows)
    return LedgerRead(
        read=read_events(table, book.known(), ends_at_s=_seconds_at(picture, before_entry)),
        table=table,
        ids=tuple(book.ids),
        told=frozenset(told),
    )


def _seconds_at(picture: Picture, entry_index: int) -> int:
    """The hub's time of an entry, in seconds since 1970; of the last one before it where it is not there."""
    if not picture.journal:
        return 0
    near = picture.entry_acts[min(max(entry_index, 0), len(picture.entry_acts) - 1)]
    return int(datetime.fromisoformat(picture.journal[min(near, len(picture.journal) - 1)].at).timestamp())


class _Book:
    """Numbers for the things of a picture, in the order in which rows name them, and the rows of each act."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.ids: list[Id] = []
        self.numbers: dict[Id, int] = {}
        self.letters: list[int] = []
        self.lots: list[int] = []
        self.lot_ids: dict[Id, int] = {}
        self.lies: dict[Id, Id] = {}

    def thing(self, thing: Id, *, letter: str = "", lot: int = -1) -> int:
        if thing not in self.numbers:
            self.numbers[thing] = len(self.ids)
            self.ids.append(thing)
            self.letters.append(ord(letter or thing[:1] or "c"))
            self.lots.append(lot)
        return self.numbers[thing]

    def lot(self, lot: Id) -> int:
        return self.lot_ids.setdefault(lot, len(self.lot_ids)) if lot else -1

    def round(self, round_id: Id, thing: Id, lot: Id = "") -> int:
        """A round with identity, or the parcel of those that have none in `thing`."""
        if round_id:
            known = self.picture.cartridges.get(round_id)
            return self.thing(round_id, lot=self.lot(known.lot if known is not None else lot))
        return self.thing(f"q/{lot}/{thing}", letter="q", lot=self.lot(lot))

    def place(self, thing: Id) -> int:
        return self.thing(thing) if thing else -1

    def table(self, rows: list[tuple[_Row, int, int]]) -> EventTable:
        """The rows as the event table."""
        columns = np.array([(*row, by, entry) for row, by, entry in rows], dtype=np.int32).reshape(len(rows), 7).T
        kind, item, start, end, count, by, entry = (np.ascontiguousarray(column) for column in columns)
        return EventTable(
            kind=kind.astype(np.int8), item=item, start=start, end=end, by=by, entry=entry,
            count=np.minimum(count, MOST_COUNTED).astype(np.uint16),
            letter=np.array(self.letters, dtype=np.int8), inside=np.full(len(self.ids), -1, dtype=np.int32),
            lot=np.array(self.lots, dtype=np.int32),
            entry_at_s=np.array([_seconds_at(self.picture, e) for e in range(self.picture.size)], dtype=np.int64),
        )  # fmt: skip

    def known(self) -> Known:
        """Stock known to be live, worn containers, and the class each lot's ancestry speaks for."""
        picture, shared = self.picture, shared_ancestry(self.picture)
        live = {lot for lot, known in picture.lots.items() if known.kind is RoundKind.LIVE}
        stock = {
            act.container
            for act in (_act_of(done) for done in picture.journal)
            if isinstance(act, a.Received) and act.lot in live
        }
        sources = [(self.lot_ids[lot], _source_of(picture, lot, shared)) for lot in picture.lots if lot in self.lot_ids]
        return Known(
            stock=frozenset(self.numbers[thing] for thing in stock if thing in self.numbers),
            worn=frozenset(number for thing, number in self.numbers.items() if is_worn(picture, thing)),
            lot_source=((NOWHERE_KNOWN, Source.UNRECORDED), *sources),
        )

    # --- rows of acts ---

    def rows_of(self, done: Done) -> Iterator[_Row]:
        """The rows of one act of the journal."""
        act = _act_of(done)
        match act:
            case a.Received() | a.BroughtIn() | a.Poured() | a.Moved() | a.Loaded() | a.Unloaded() | a.Disposed():
                yield from self.placed(act)
            case a.PickedUp() | a.Taken() | a.HandedOver() | a.PutDown() | a.Locked() | a.Stowed():
                yield from self.hands(act, done)
            case a.RoundsTested(thing=thing, kind=kind) if kind in INERT and thing:
                proven = [row for row in act.rows if (done.entry_index, "proven") in self.proofs(row.round_id)]
                for row in act.rows:
                    kind_of_row = EventKind.PROVEN if row in proven else TESTED
                    yield kind_of_row, self.seen(row.round_id, thing), -1, self.place(thing), 1
                if not act.rows:
                    yield TESTED, self.thing(thing), -1, -1, 1
            case a.RoundsSeen(thing=thing) if thing:
                yield EventKind.LOOKED, self.thing(thing), -1, -1, 1
            case a.Counted(thing=thing) if thing:
                yield EventKind.COUNTED, -1, self.thing(thing), self.thing(thing), act.count
            case a.Answered() | a.Cleared() | a.Seen():
                yield EventKind.LOOKED, self.thing(act.gun), -1, -1, 1
            case a.Discharged(gun=gun):
                yield EventKind.FIRED, self.thing(gun), -1, -1, act.shots
            case a.GunMishap(gun=gun, mishap=a.Mishap.HAMMER_FELL | a.Mishap.MISFIRED):
                yield EventKind.FIRED, self.thing(gun), -1, -1, 0
            case _:
                pass

    def proofs(self, round_id: Id) -> tuple[tuple[int, str], ...]:
        return tuple(self.picture.proofs.get(round_id, ()))

    def seen(self, round_id: Id, thing: Id) -> int:
        number = self.round(round_id, thing)
        return number if round_id and round_id in self.lies else self.place(thing)

    def placed(
        self, act: a.Received | a.BroughtIn | a.Poured | a.Moved | a.Loaded | a.Unloaded | a.Disposed
    ) -> Iterator[_Row]:
        """Rounds that went from one thing to another, or came in, or left."""
        match act:
            case a.Received(lot=lot, container=container):
                for cell in act.cells:
                    yield self.went(cell.round_id, "", container, 1, lot)
                if act.count > len(act.cells) or not act.cells:
                    yield self.went("", "", container, act.count - len(act.cells), lot)
            case a.BroughtIn(item=item) if item in self.picture.containers or item in self.picture.guns:
                yield self.went("", "", item, act.count)
            case a.Poured(start=start, end=end, lot=lot):
                yield self.went("", start, end, act.count, lot)
            case a.Moved(start=start, end=end):
                for move in act.rows:
                    yield self.went(move.round_id, start, end, 1)
            case a.Loaded(gun=gun) | a.Unloaded(gun=gun):
                for row in act.rows:
                    start, end = (row.thing, gun) if isinstance(act, a.Loaded) else (gun, row.thing)
                    yield self.went(row.round_id, start, end, 1)
            case a.Disposed(thing=thing) if thing:
                yield self.went("", thing, "", act.count)
            case _:
                pass

    def went(self, round_id: Id, start: Id, end: Id, count: int, lot: Id = "") -> _Row:
        """A round, or some, from `start` to `end`; what the record had elsewhere turned up where the act has it."""
        item = self.round(round_id, end or start, lot)
        lay = self.lies.get(round_id, "") if round_id else ""
        if round_id:
            self.lies[round_id] = end
        if round_id and lay and start and lay != start:
            return EventKind.TURNED_UP, item, self.place(lay), self.place(end), count
        return EventKind.PLACED, item, self.place(start or lay), self.place(end), max(count, 0)

    def hands(
        self, act: a.PickedUp | a.Taken | a.HandedOver | a.PutDown | a.Locked | a.Stowed, done: Done
    ) -> Iterator[_Row]:
        """Who has a gun or a container from here on."""
        doer = done.act.who if isinstance(done.act, a.Reported) else done.by
        if act.item in self.picture.cartridges:
            return
        item = self.thing(act.item)
        match act:
            case a.PickedUp() | a.Taken():
                yield EventKind.HELD, item, -1, self.thing(doer) if doer else -1, 1
            case a.HandedOver():
                pass
            case a.PutDown(place=place):
                yield EventKind.LEFT, item, -1, self.place(place), 1
            case a.Locked(place=place):
                yield EventKind.LOCKED, item, -1, self.place(place), 1
            case a.Stowed(container=container):
                yield EventKind.STOWED, item, -1, self.thing(container), 1


def _taken_back(picture: Picture, done: Done) -> bool:
    """Whether who signed an act took it back or corrected it: then nobody stands by it."""
    by_entry = picture.doubted.get(done.entry_index)
    return by_entry is not None and any(
        isinstance(later.act, a.Retracted | a.Corrected) and later.by == done.by
        for later in acts_of_entry(picture, by_entry)
    )


def _act_of(done: Done) -> a.Act:
    return done.act.told if isinstance(done.act, a.Reported) else done.act


def _source_of(picture: Picture, lot: Id, shared: frozenset[Id]) -> Source:
    """Which class the ancestry of a lot speaks for, when a round of it came as it was received."""
    relations = {relation for relation, _parent in picture.lots[lot].parents}
    if relations & REUSE:
        return Source.REUSED
    if lot in shared:
        return Source.COMMON_ANCESTOR
    if relations & MIXING:
        return Source.MIXED
    return Source.WORN if Relation.DRESSED_IN in relations else Source.AS_RECEIVED
