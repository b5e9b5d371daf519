"""The index and its recalls compiled by numba: the arrays of `custody.trace_index`, value for value, only sooner.

For benchmarks and for a studio that holds many productions; a hub and the commands need none of it. The same tests
hold these and the numpy ones. `Growing` is an index with room, to which a chunk of events is appended in place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import ROUND, Bytes, EventTable, Flags, Index, Numbers, holders
from coldcheck.custody.trace_recall import LotSeeds, versions_now

Masks: TypeAlias = npt.NDArray[np.uint64]
_VERIFIED: Final = int(EventKind.VERIFIED)
_TURNED_UP: Final = int(EventKind.TURNED_UP)
_BITS: Final = 64

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    """The function compiled at its first call, and kept on disk for the next run."""
    return cast("_Function", njit(cache=True, nogil=True)(function))


class _Events(NamedTuple):
    """The columns that the index is made of."""

    kind: Bytes
    item: Numbers
    start: Numbers
    end: Numbers
    letter: Bytes
    unit: Numbers


class _Arrays(NamedTuple):
    """The arrays of an index, with room."""

    row: Numbers
    before: Numbers
    source: Numbers
    older: Numbers
    previous: Numbers
    newest: Numbers
    version: Numbers
    holder: Numbers
    left: Numbers
    first: Numbers
    content: Numbers


@_compiled
def _extend(events: _Events, to: _Arrays, begin: int, stop: int, size: int) -> int:
    """The number of versions after the events `begin` to `stop` were appended; `size` before them."""
    for event in range(begin, stop):
        thing = events.item[event]
        to.previous[event] = -1
        if thing >= 0:
            to.previous[event] = to.newest[thing]
            to.newest[thing] = event
        what = events.kind[event]
        if what == _VERIFIED:
            into = events.unit[events.end[event]]
            newer = to.version[into]
            to.row[size] = event
            to.before[size] = -2 - newer if to.content[into] > 0 and newer >= 0 else -1
            to.source[size] = -1
            to.older[size] = newer
            to.version[into] = size
            size += 1
        elif what <= _TURNED_UP:
            size = _place(events, to, event, size)
    return size


@_compiled
def _place(events: _Events, to: _Arrays, event: int, size: int) -> int:
    thing = events.item[event]
    came_from = np.int32(-1)
    if events.letter[thing] == ROUND:
        out_of = to.holder[thing]
        if out_of >= 0:
            to.content[out_of] -= 1
            came_from = to.version[out_of]
        else:
            came_from = to.left[thing]
    elif events.start[event] >= 0:
        came_from = to.version[events.unit[events.start[event]]]
    if events.end[event] < 0:
        to.holder[thing] = -1
        to.left[thing] = came_from
        return size
    into = events.unit[events.end[event]]
    newer = to.version[into]
    to.row[size] = event
    to.before[size] = newer if to.content[into] > 0 else -1
    to.source[size] = came_from
    to.older[size] = newer
    to.version[into] = size
    to.content[into] += 1
    if to.first[thing] < 0:
        to.first[thing] = size
    to.holder[thing] = into
    to.left[thing] = -1
    return size + 1


@_compiled
def _scan(before: Numbers, source: Numbers, seeds: Numbers, barriers: bool) -> Flags:
    out = np.zeros(len(before), np.bool_)
    if len(seeds) == 0:
        return out
    for seed in seeds:
        out[seed] = True
    for number in range(seeds[0], len(before)):
        older = before[number]
        if older < -1 and not barriers:
            older = -2 - older
        came = source[number]
        if (older >= 0 and out[older]) or (came >= 0 and out[came]):
            out[number] = True
    return out


@_compiled
def _scan_many(before: Numbers, source: Numbers, mask: Masks, barriers: bool) -> None:
    """Nothing; one bit a lot of `mask`, set at its seeds, goes along."""
    for number in range(len(before)):
        older = before[number]
        if older < -1 and not barriers:
            older = -2 - older
        came = source[number]
        bits = mask[number]
        if older >= 0:
            bits |= mask[older]
        if came >= 0:
            bits |= mask[came]
        mask[number] = bits


@_compiled
def _things_of(suspect: Flags, row: Numbers, end: Numbers, unit: Numbers) -> Flags:
    out = np.zeros(len(unit), np.bool_)
    for number in range(len(suspect)):
        if suspect[number]:
            out[unit[end[row[number]]]] = True
    return out


@dataclass(slots=True)
class Growing:
    """An index with room for a whole table, whose first `events` rows it has taken in."""

    columns: _Events
    arrays: _Arrays
    events: int = 0
    versions: int = 0

    def extend(self, stop: int) -> None:
        """Nothing; takes in the events up to `stop`."""
        self.versions = _extend(self.columns, self.arrays, self.events, stop, self.versions)
        self.events = stop

    def index(self) -> Index:
        """The index as far as events were taken in; its arrays are views."""
        ends = {"previous": self.events, **dict.fromkeys(("row", "before", "source", "older"), self.versions)}
        return Index(**{name: array[: ends.get(name, len(array))] for name, array in self.arrays._asdict().items()})


def growing(table: EventTable) -> Growing:
    """An empty index with room for the whole table."""
    makes = (table.kind <= _TURNED_UP) & (table.end >= 0) | (table.kind == _VERIFIED)
    room = {"previous": len(table.kind)}
    room |= dict.fromkeys(("row", "before", "source", "older"), int(np.count_nonzero(makes)))
    arrays = _Arrays(*(np.full(room.get(name, len(table.letter)), -1, np.int32) for name in _Arrays._fields))
    arrays.content[:] = 0
    columns = _Events(
        kind=table.kind, item=table.item, start=table.start, end=table.end, letter=table.letter, unit=holders(table)
    )
    return Growing(columns=columns, arrays=arrays)


def compiled_index_of(table: EventTable) -> Index:
    """The index over a whole table, in one pass."""
    whole = growing(table)
    whole.extend(len(table.kind))
    return whole.index()


@dataclass(frozen=True, slots=True)
class CompiledSpread:
    """One scan forward over the two predecessors of every version; a `custody.trace_recall.Spread`."""

    index: Index

    def __call__(self, seeds: Numbers, *, barriers: bool) -> Flags:
        """The flags, as `Spread` promises; `seeds` in order."""
        flags: Flags = _scan(self.index.before, self.index.source, seeds, barriers)
        return flags


def things_touched(table: EventTable, index: Index, suspect: Flags, unit: Numbers) -> Numbers:
    """The things of these versions, in order."""
    found = _things_of(suspect, index.row, table.end, unit)
    return np.flatnonzero(found).astype(np.int32)


def lots_touching(table: EventTable, index: Index, seeds: LotSeeds, *, barriers: bool) -> tuple[Masks, Numbers]:
    """For every round the lots it may have shared a container with, 64 lots a column; and the rounds' numbers.

    Bit b of column c is lot 64 c + b.
    """
    rounds = np.flatnonzero(table.letter == ROUND).astype(np.int32)
    now = versions_now(index)[rounds]
    placed = np.flatnonzero(now >= 0)
    lots = len(seeds.starts) - 1
    out = np.zeros((len(rounds), -(-lots // _BITS)), np.uint64)
    for column in range(out.shape[1]):
        mask = np.zeros(len(index.row), np.uint64)
        ours = seeds.lot // _BITS == column
        np.bitwise_or.at(mask, seeds.version[ours], np.uint64(1) << (seeds.lot[ours] % _BITS).astype(np.uint64))
        _scan_many(index.before, index.source, mask, barriers)
        out[placed, column] = mask[now[placed]]
    return out, rounds
