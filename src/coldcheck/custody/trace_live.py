"""The event table and its index as they grow, one event at a time, in plain arrays: what a hub keeps in memory.

`LiveIndex.append` costs the same however long the record is. The arrays are those of `trace_index.Index`, value for
value: `trace_index.index_of` over the same events gives the same (tests compare the digests). No numpy here, so that a
hub starts without it; `table_of` and `live_index_of` hand the columns over when a question needs them.
"""

from array import array
from dataclasses import dataclass, field
from typing import Final

from coldcheck.custody.trace_events import EventKind

_PLACING: Final = frozenset({EventKind.PLACED.value, EventKind.TURNED_UP.value})
_VERIFIED: Final = EventKind.VERIFIED.value
_ROUND: Final = ord("r")
_NONE: Final = -1


def _numbers() -> "array[int]":
    return array("i")


@dataclass(slots=True)
class LiveIndex:
    """Columns of events and things, and the index over them; the fields are named as there."""

    kind: "array[int]" = field(default_factory=lambda: array("b"))
    item: "array[int]" = field(default_factory=_numbers)
    start: "array[int]" = field(default_factory=_numbers)
    end: "array[int]" = field(default_factory=_numbers)
    by: "array[int]" = field(default_factory=_numbers)
    entry: "array[int]" = field(default_factory=_numbers)
    count: "array[int]" = field(default_factory=lambda: array("H"))
    letter: "array[int]" = field(default_factory=lambda: array("b"))
    inside: "array[int]" = field(default_factory=_numbers)
    lot: "array[int]" = field(default_factory=_numbers)
    entry_at_s: "array[int]" = field(default_factory=lambda: array("q"))
    row: "array[int]" = field(default_factory=_numbers)
    before: "array[int]" = field(default_factory=_numbers)
    source: "array[int]" = field(default_factory=_numbers)
    older: "array[int]" = field(default_factory=_numbers)
    previous: "array[int]" = field(default_factory=_numbers)
    newest: "array[int]" = field(default_factory=_numbers)
    version: "array[int]" = field(default_factory=_numbers)
    holder: "array[int]" = field(default_factory=_numbers)
    left: "array[int]" = field(default_factory=_numbers)
    first: "array[int]" = field(default_factory=_numbers)
    content: "array[int]" = field(default_factory=_numbers)

    def add_thing(self, letter: int, *, inside: int = _NONE, lot: int = _NONE) -> int:
        """The number of a new thing."""
        self.letter.append(letter)
        self.inside.append(inside)
        self.lot.append(lot)
        for column in (self.newest, self.version, self.holder, self.left, self.first):
            column.append(_NONE)
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
            self.previous.append(self.newest[item])
            self.newest[item] = row
        else:
            self.previous.append(_NONE)
        if kind in _PLACING:
            self._place(row, item, start, end)
        elif kind == _VERIFIED:
            self._verify(row, end)
        return row

    def _place(self, row: int, item: int, start: int, end: int) -> None:
        """A round leaves what it lay in and comes into another thing, which becomes a new version of itself."""
        if self.letter[item] == _ROUND:
            out_of = self.holder[item]
            source = self.left[item] if out_of < 0 else self.version[out_of]
            if out_of >= 0:
                self.content[out_of] -= 1
        else:
            source = self.version[self._unit(start)] if start >= 0 else _NONE
        if end < 0:
            self.holder[item] = _NONE
            self.left[item] = source
            return
        into = self._unit(end)
        older = self.version[into]
        self.row.append(row)
        self.before.append(older if self.content[into] else _NONE)
        self.source.append(source)
        self.older.append(older)
        self.version[into] = len(self.row) - 1
        self.content[into] += 1
        if self.first[item] < 0:
            self.first[item] = len(self.row) - 1
        self.holder[item] = into
        self.left[item] = _NONE

    def _verify(self, row: int, end: int) -> None:
        unit = self._unit(end)
        older = self.version[unit]
        held = older if self.content[unit] else _NONE
        self.row.append(row)
        self.before.append(-2 - held if held >= 0 else _NONE)
        self.source.append(_NONE)
        self.older.append(older)
        self.version[unit] = len(self.row) - 1

    def _unit(self, thing: int) -> int:
        inside = self.inside[thing]
        return inside if inside >= 0 else thing
