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

from coldcheck.custody.trace_events import ROUND, EventKind
from coldcheck.custody.trace_index import Bytes, EventTable, Flags, Index, Numbers, holders
from coldcheck.custody.trace_recall import LotSeeds, Touched, versions_now

Masks: TypeAlias = npt.NDArray[np.uint64]
_VERIFIED: Final = int(EventKind.VERIFIED)
_TURNED_UP: Final = int(EventKind.TURNED_UP)
_BITS: Final = 64

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """The function compiled at its first call, and kept on disk for the next run."""
    return cast("_Function", njit(cache=True, nogil=True)(function))


_STATE: Final = ("newest", "version", "holder", "left", "first", "content")
_NEWEST, _VERSION, _HOLDER, _LEFT, _FIRST, _CONTENT, _UNIT, _LETTER = range(8)
"""Columns of the state of a thing while an index is made: together in one row, so that they come in one piece."""


class _Columns(NamedTuple):
    """What is read, the arrays that grow, and the state of every thing."""

    kind: Bytes
    item: Numbers
    start: Numbers
    end: Numbers
    row: Numbers
    before: Numbers
    source: Numbers
    older: Numbers
    previous: Numbers
    state: Numbers


@compiled
def _extend(c: _Columns, begin: int, stop: int, size: int) -> int:
    """The number of versions after the events `begin` to `stop` were appended; `size` before them."""
    state = c.state
    for event in range(begin, stop):
        thing = c.item[event]
        what = c.kind[event]
        if thing >= 0:
            c.previous[event] = state[thing, _NEWEST]
            state[thing, _NEWEST] = event
        else:
            c.previous[event] = -1
        if what > _TURNED_UP:
            if what == _VERIFIED:
                into = state[c.end[event], _UNIT]
                newer = state[into, _VERSION]
                c.row[size] = event
                c.before[size] = -2 - newer if state[into, _CONTENT] > 0 and newer >= 0 else -1
                c.source[size] = -1
                c.older[size] = newer
                state[into, _VERSION] = size
                size += 1
            continue
        came_from = np.int32(-1)
        if state[thing, _LETTER] == ROUND:
            out_of = state[thing, _HOLDER]
            if out_of >= 0:
                state[out_of, _CONTENT] -= 1
                came_from = state[out_of, _VERSION]
            else:
                came_from = state[thing, _LEFT]
        elif c.start[event] >= 0:
            came_from = state[state[c.start[event], _UNIT], _VERSION]
        if c.end[event] < 0:
            state[thing, _HOLDER] = -1
            state[thing, _LEFT] = came_from
            continue
        into = state[c.end[event], _UNIT]
        newer = state[into, _VERSION]
        c.row[size] = event
        c.before[size] = newer if state[into, _CONTENT] > 0 else -1
        c.source[size] = came_from
        c.older[size] = newer
        state[into, _VERSION] = size
        state[into, _CONTENT] += 1
        if state[thing, _FIRST] < 0:
            state[thing, _FIRST] = size
        state[thing, _HOLDER] = into
        state[thing, _LEFT] = -1
        size += 1
    return size


@compiled
def _scan(before: Numbers, source: Numbers, seeds: Numbers, barriers: bool) -> tuple[Flags, Numbers]:
    """One flag a version, and the suspect versions that do not follow a suspect one of the same thing.

    The flags stand one place on, behind a flag that is never set: -1 finds that one, and no step has to ask or branch.
    """
    out = np.zeros(len(before) + 1, np.uint8)
    entered = np.empty(len(before) + 1, np.int32)
    size = 0
    first = len(before)
    for seed in seeds:
        out[seed + 1] = 1
        first = min(first, seed)
    for number in range(first, len(before)):
        older = before[number]
        if older < -1:
            older = -1 if barriers else -2 - older
        flag = out[number + 1] | out[older + 1] | out[source[number] + 1]
        out[number + 1] = flag
        entered[size] = number
        size += flag & ~out[older + 1]
    return out[1:].view(np.bool_), entered[:size]


@compiled
def _flags(before: Numbers, source: Numbers, seeds: Numbers, barriers: bool) -> Flags:
    """One flag a version, as `_scan` has them, and nothing else."""
    out = np.zeros(len(before) + 1, np.uint8)
    first = len(before)
    for seed in seeds:
        out[seed + 1] = 1
        first = min(first, seed)
    for number in range(first, len(before)):
        older = before[number]
        if older < -1:
            older = -1 if barriers else -2 - older
        out[number + 1] |= out[older + 1] | out[source[number] + 1]
    return out[1:].view(np.bool_)


@compiled
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


@compiled
def _rounds_of(suspect: Flags, letter: Bytes, now: Numbers) -> Numbers:
    out = np.empty(len(now), np.int32)
    size = 0
    for thing in range(len(now)):
        if letter[thing] == ROUND and now[thing] >= 0 and suspect[now[thing]]:
            out[size] = thing
            size += 1
    return out[:size]


@compiled
def _things_of(entered: Numbers, row: Numbers, end: Numbers, unit: Numbers) -> Numbers:
    flags = np.zeros(len(unit), np.bool_)
    for version in entered:
        flags[unit[end[row[version]]]] = True
    return np.flatnonzero(flags).astype(np.int32)


@dataclass(slots=True)
class Growing:
    """An index with room for a whole table, whose first `events` rows it has taken in."""

    columns: _Columns
    events: int = 0
    versions: int = 0

    def extend(self, stop: int) -> None:
        """Nothing; takes in the events up to `stop`."""
        self.versions = _extend(self.columns, self.events, stop, self.versions)
        self.events = stop

    def index(self) -> Index:
        """The index as far as events were taken in; the long arrays are views."""
        columns = self.columns
        grown = {name: getattr(columns, name)[: self.versions] for name in _GROW}
        state = {name: np.ascontiguousarray(columns.state[:, number]) for number, name in enumerate(_STATE)}
        return Index(**grown, previous=columns.previous[: self.events], **state)


_GROW: Final = ("row", "before", "source", "older")


def growing(table: EventTable) -> Growing:
    """An empty index with room for the whole table."""
    placed = np.count_nonzero((table.kind <= _TURNED_UP) & (table.end >= 0))
    room = int(placed + np.count_nonzero(table.kind == _VERIFIED))
    state = np.full((len(table.letter), 8), -1, np.int32)
    state[:, _CONTENT], state[:, _UNIT], state[:, _LETTER] = 0, holders(table), table.letter
    columns = _Columns(
        kind=table.kind, item=table.item, start=table.start, end=table.end,
        **{name: np.empty(room, np.int32) for name in _GROW}, previous=np.empty(len(table.kind), np.int32), state=state,
    )  # fmt: skip
    return Growing(columns=columns)


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
        return _flags(self.index.before, self.index.source, seeds, barriers)


def recall(table: EventTable, index: Index, seeds: Numbers, *, unit: Numbers, now: Numbers, barriers: bool) -> Touched:
    """A recall with its rounds and things; `unit` and `now` are `holders` and `versions_now`, which stay the same."""
    suspect, entered = _scan(index.before, index.source, seeds, barriers)
    return Touched(
        rounds=_rounds_of(suspect, table.letter, now), things=_things_of(entered, index.row, table.end, unit)
    )


def suspects_of_lots(index: Index, seeds: LotSeeds, *, barriers: bool, versions: Numbers | None = None) -> Masks:
    """For every version, or only for `versions`, the lots it is suspect of: bit b of column c is lot 64 c + b."""
    wanted = np.arange(len(index.row), dtype=np.int32) if versions is None else versions
    out = np.zeros((len(wanted), -(-(len(seeds.starts) - 1) // _BITS)), np.uint64)
    mask = np.empty(len(index.row), np.uint64)
    for column in range(out.shape[1]):
        mask[:] = 0
        ours = slice(seeds.starts[_BITS * column], seeds.starts[min(_BITS * (column + 1), len(seeds.starts) - 1)])
        bits = np.uint64(1) << (seeds.lot[ours] % _BITS).astype(np.uint64)
        np.bitwise_or.at(mask, seeds.version[ours], bits)
        _scan_many(index.before, index.source, mask, barriers)
        out[:, column] = mask[wanted]
    return out


def lots_touching(table: EventTable, index: Index, seeds: LotSeeds, *, barriers: bool) -> tuple[Masks, Numbers]:
    """For every round the lots it may have shared a container with, as `suspects_of_lots`; and the rounds' numbers."""
    rounds = np.flatnonzero(table.letter == ROUND).astype(np.int32)
    now = versions_now(index)[rounds]
    placed = np.flatnonzero(now >= 0)
    out = np.zeros((len(rounds), -(-(len(seeds.starts) - 1) // _BITS)), np.uint64)
    out[placed] = suspects_of_lots(index, seeds, barriers=barriers, versions=now[placed])
    return out, rounds
