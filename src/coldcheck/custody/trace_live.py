"""The event table and its index as they grow, one event at a time, in plain arrays: what a hub keeps in memory.

`LiveIndex.append` costs the same however long the record is. The arrays are those of `trace_index.Index`, value for
value: `trace_index.index_of` over the same events gives the same (tests compare the digests). No numpy here, so that a
hub starts without it; `trace_studio.table_of_studio` makes the columns of the other form.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Final

from coldcheck.custody.trace_events import BEHIND_BARRIER, NONE, PARCEL, ROUND, EventKind
from coldcheck.custody.trace_walks import Walks

_LAST_PLACING: Final = EventKind.TURNED_UP.value
"""The kinds that make a new version of what a round came into are the first ones, PLACED and this."""
_VERIFIED: Final = EventKind.VERIFIED.value


def _numbers() -> "array[int]":
    return array("i")


@dataclass(slots=True)
class LiveIndex:
    """Columns of events and things, and the index over them; the fields are named as there.

    What grows with the record is kept in arrays, for their size. What has one row a thing is kept in lists: it is read
    and written at every event, and a list gives a number up in a third of an array's time.
    """

    kind: "array[int]" = field(default_factory=lambda: array("b"))
    item: "array[int]" = field(default_factory=_numbers)
    start: "array[int]" = field(default_factory=_numbers)
    end: "array[int]" = field(default_factory=_numbers)
    by: "array[int]" = field(default_factory=_numbers)
    entry: "array[int]" = field(default_factory=_numbers)
    count: "array[int]" = field(default_factory=lambda: array("H"))
    letter: list[int] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)
    lot: list[int] = field(default_factory=list)
    entry_at_s: "array[int]" = field(default_factory=lambda: array("q"))
    row: "array[int]" = field(default_factory=_numbers)
    before: "array[int]" = field(default_factory=_numbers)
    source: "array[int]" = field(default_factory=_numbers)
    older: "array[int]" = field(default_factory=_numbers)
    previous: "array[int]" = field(default_factory=_numbers)
    newest: list[int] = field(default_factory=list)
    version: list[int] = field(default_factory=list)
    holder: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    content: list[int] = field(default_factory=list)

    def add_thing(self, letter: int, *, inside: int = NONE, lot: int = NONE) -> int:
        """The number of a new thing."""
        self.letter.append(letter)
        self.inside.append(inside)
        self.lot.append(lot)
        for column in (self.newest, self.version, self.holder, self.left, self.first):
            column.append(NONE)
        self.content.append(0)
        return len(self.letter) - 1

    def append(self, kind: int, *, item: int, start: int, end: int, by: int, entry: int, count: int = 1) -> int:
        """The row of the event that was appended; the index is up to date when it returns."""
        row = len(self.kind)
        self.kind.append(kind)
        self.item.append(item)
        self.start.append(start)
        self.end.append(end)
        self.by.append(by)
        self.entry.append(entry)
        self.count.append(count)
        if item >= 0:
            newest = self.newest
            self.previous.append(newest[item])
            newest[item] = row
        else:
            self.previous.append(NONE)
        if kind <= _LAST_PLACING:
            self._place(row, item, start, end)
        elif kind == _VERIFIED:
            self._verify(row, end)
        return row

    def _place(self, row: int, item: int, start: int, end: int) -> None:
        """A round leaves what it lay in and comes into another thing, which becomes a new version of itself."""
        newest, content, inside = self.version, self.content, self.inside
        if self.letter[item] == ROUND:
            out_of = self.holder[item]
            source = self.left[item] if out_of < 0 else newest[out_of]
            if out_of >= 0:
                content[out_of] -= 1
        else:
            source = newest[self._unit(start)] if start >= 0 else NONE
        if end < 0:
            self.holder[item] = NONE
            self.left[item] = source
            return
        # As `_unit` does; a call for every round would be a tenth of the whole.
        into = inside[end] if inside[end] >= 0 else end
        older, made, held = newest[into], len(self.row), content[into]
        self.row.append(row)
        self.before.append(older if held else NONE)
        self.source.append(source)
        self.older.append(older)
        newest[into] = made
        content[into] = held + 1
        if self.first[item] < 0:
            self.first[item] = made
        self.holder[item] = into
        self.left[item] = NONE

    def _verify(self, row: int, end: int) -> None:
        unit = self._unit(end)
        older = self.version[unit]
        held = older if self.content[unit] else NONE
        self.row.append(row)
        self.before.append(-2 - held if held >= 0 else NONE)
        self.source.append(NONE)
        self.older.append(older)
        self.version[unit] = len(self.row) - 1

    def _unit(self, thing: int) -> int:
        inside = self.inside[thing]
        return inside if inside >= 0 else thing

    # --- questions ---------------------------------------------------------------------------------------------------

    def walks(self) -> Walks:
        """Questions over the columns as they are now; ask them before the next event comes."""
        return Walks({each.name: getattr(self, each.name) for each in fields(self)})

    def seeds_of(self, lots: Iterable[int]) -> list[int]:
        """The versions that these lots' rounds made when they first came, and their parcels each time, in order."""
        wanted = frozenset(lots) - {NONE}
        ours = {thing for thing, lot in enumerate(self.lot) if lot in wanted}
        out = {self.first[thing] for thing in ours if self.first[thing] >= 0}
        if any(self.letter[thing] == PARCEL for thing in ours):
            out |= {
                version
                for version, row in enumerate(self.row)
                if self.item[row] in ours and self.letter[self.item[row]] == PARCEL and self.start[row] < 0
            }
        return sorted(out)

    def spread(
        self, seeds: Iterable[int], *, barriers_from: int | None, distrusted: frozenset[int] = frozenset()
    ) -> bytearray:
        """One flag a version: whether it is suspect when the seeds are.

        Full verifications from event `barriers_from` on end suspicion, but for the `distrusted` ones; with None no
        verification does.
        """
        out = bytearray(len(self.row))
        first = len(self.row)
        for seed in seeds:
            out[seed] = 1
            first = min(first, seed)
        before, source, rows = self.before, self.source, self.row
        for version in range(first, len(out)):
            older, came = before[version], source[version]
            if older <= BEHIND_BARRIER and (
                barriers_from is None or rows[version] < barriers_from or rows[version] in distrusted
            ):
                older = BEHIND_BARRIER - older
            if (older >= 0 and out[older]) or (came >= 0 and out[came]):
                out[version] = 1
        return out

    def version_now(self, item: int) -> int:
        """The version a round lies in, or the one it left last; -1 where the record has none."""
        holder = self.holder[item]
        return self.version[holder] if holder >= 0 else self.left[item]

    def rounds_under(self, suspect: bytearray) -> list[int]:
        """The rounds that are suspect now, by the flags of `spread`."""
        rounds = (thing for thing, letter in enumerate(self.letter) if letter == ROUND)
        return [thing for thing in rounds if (now := self.version_now(thing)) >= 0 and suspect[now]]

    def things_under(self, suspect: bytearray) -> list[int]:
        """The containers, guns and other holders that ever held a suspect, by the flags of `spread`."""
        return sorted({self._unit(self.end[self.row[version]]) for version, hit in enumerate(suspect) if hit})
