"""The event table as numpy columns, and the index over it: append-only arrays that can be thrown away and rebuilt.

Every placement makes a new *version* of the thing the round came into. A version has at most two predecessors: the
thing's version before it, unless the thing was empty, and the version of the thing that the round came out of. A full
verification makes a version too, whose predecessor stands behind a barrier. Versions are numbered in the record's
order, so "what may this have touched?" is one scan forward over two columns of numbers.

Promises: the same rows give the same arrays, whichever way they were built (`digest` compares); nothing here reads
anything but its arguments. It does not know an act or a ledger: see `trace_live` for that.
"""

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from coldcheck.custody.trace_events import BEHIND_BARRIER, NONE, ROUND, EventKind
from coldcheck.custody.trace_walks import Walks

Bytes: TypeAlias = npt.NDArray[np.int8]
Shorts: TypeAlias = npt.NDArray[np.uint16]
Numbers: TypeAlias = npt.NDArray[np.int32]
Seconds: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTable:
    """Events in the record's order, the things they name, and the hub's time of each entry.

    Columns of events have one length, so have those of things; `entry_at_s` has one row an entry (seconds since 1970).
    What each column means is said in `trace_events`.
    """

    kind: Bytes
    item: Numbers
    start: Numbers
    end: Numbers
    by: Numbers
    entry: Numbers
    count: Shorts
    letter: Bytes
    inside: Numbers
    lot: Numbers
    entry_at_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What the questions walk over. The first five arrays only ever grow at their end; the others have one row a thing.

    One row a version: `row` the event that made it, `before` the thing's version before it, `source` the version the
    round came out of, `older` the version of the same thing before it even if the thing was empty meanwhile.
    One row an event: `previous`, the event of the same item before it.
    One row a thing: `newest` its newest event as an item, `version` its newest version as a holder, `holder` what the
    round lies in now, `left` the version it went out of when it lies nowhere, `first` the version that its first coming
    in made, `content` how many rounds lie in it.
    """

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


def walks_of(table: EventTable, index: Index) -> Walks:
    """Questions over a table and its index. The columns are read through plain views: one number at a time is quicker so."""
    columns = {name: memoryview(getattr(table, name)) for name in EventTable.__slots__}
    return Walks(columns | {name: memoryview(getattr(index, name)) for name in Index.__slots__})


def digest(index: Index) -> str:
    """The SHA-256 over every array of the index, in the order of its fields, each with its length."""
    whole = sha256()
    for field in fields(index):
        array = getattr(index, field.name)
        whole.update(len(array).to_bytes(8, "big"))
        whole.update(np.ascontiguousarray(array).data)
    return whole.hexdigest()


def holders(table: EventTable) -> Numbers:
    """One row a thing: the container or gun that a spot belongs to; every other thing is its own."""
    own = np.arange(len(table.inside), dtype=np.int32)
    return np.where(table.inside >= 0, table.inside, own).astype(np.int32)


def index_of(table: EventTable) -> Index:
    """The index over a whole table, built at once with numpy and scipy."""
    things = len(table.letter)
    kind = table.kind
    placing = (kind == EventKind.PLACED) | (kind == EventKind.TURNED_UP)
    row = np.flatnonzero((placing & (table.end >= 0)) | (kind == EventKind.VERIFIED)).astype(np.int32)
    moves = _moves_of(table, np.flatnonzero(placing))
    walk = _versions(table, row, moves)
    named = np.flatnonzero(table.item >= 0)
    previous = np.full(len(kind), NONE, np.int32)
    previous[named] = _rows_before(table.item[named], named, things)
    return Index(
        row=row,
        before=walk.before,
        source=walk.source,
        older=walk.older,
        previous=previous,
        newest=_newest(table.item[named], named, things),
        version=_newest(_holder_of(table)[row], np.arange(len(row)), things),
        holder=walk.holder,
        left=walk.left,
        first=walk.first,
        content=walk.content,
    )


def _holder_of(table: EventTable) -> Numbers:
    """One row an event: the container, gun, person or place that `end` is or belongs to, -1 for none."""
    units = np.append(holders(table), np.int32(NONE))
    return np.asarray(units[table.end], dtype=np.int32)


def _grouped(keys: npt.NDArray[np.integer], things: int) -> npt.NDArray[np.int64]:
    """The positions of `keys` in the order of their key, equal keys in their own order; linear in their number."""
    if not len(keys):
        return np.empty(0, np.int64)
    positions = np.arange(len(keys))
    sparse = coo_array((positions, (keys, positions)), shape=(things, len(keys))).tocsr()
    return np.asarray(sparse.data, dtype=np.int64)


def _before_in_group(keys: npt.NDArray[np.integer], things: int) -> npt.NDArray[np.int64]:
    """For each position the position before it that has the same key, -1 for none."""
    order = _grouped(keys, things)
    out = np.full(len(keys), NONE, np.int64)
    same = keys[order][1:] == keys[order][:-1]
    out[order[1:][same]] = order[:-1][same]
    return out


def _rows_before(keys: Numbers, rows: npt.NDArray[np.int64], things: int) -> Numbers:
    before = _before_in_group(keys, things)
    return np.where(before >= 0, rows[before], NONE).astype(np.int32) if len(rows) else np.empty(0, np.int32)


def _newest(keys: Numbers, rows: npt.NDArray[np.int64], things: int) -> Numbers:
    """One row a thing: the last of `rows` that has this key, -1 for none."""
    out = np.full(things, NONE, np.int32)
    np.maximum.at(out, keys, rows.astype(np.int32))
    return out


class _Moves(NamedTuple):
    """Every placing row: its item, where the item was before it, and what it goes into (things with rounds in them)."""

    row: npt.NDArray[np.int64]
    item: Numbers
    before: npt.NDArray[np.int64]
    out_of: Numbers
    into: Numbers
    is_round: Flags


def _moves_of(table: EventTable, rows: npt.NDArray[np.int64]) -> _Moves:
    into = _holder_of(table)[rows]
    item = table.item[rows]
    is_round = table.letter[item] == ROUND
    before = _before_in_group(item, len(table.letter))
    was_in = np.where(before >= 0, into[before], NONE) if len(rows) else into
    units = np.append(holders(table), np.int32(NONE))
    out_of = np.where(is_round, was_in, units[table.start[rows]]).astype(np.int32)
    return _Moves(row=rows, item=item, before=before, out_of=out_of, into=into, is_round=is_round)


class _Walk(NamedTuple):
    before: Numbers
    source: Numbers
    older: Numbers
    holder: Numbers
    left: Numbers
    first: Numbers
    content: Numbers


def _versions(table: EventTable, row: Numbers, moves: _Moves) -> _Walk:
    """Every touch of every holder in one list, grouped by holder: counts and newest versions are running sums there."""
    things, size = len(table.letter), len(table.kind)
    version_of = np.full(size, NONE, np.int32)
    version_of[row] = np.arange(len(row), dtype=np.int32)
    checks = np.flatnonzero(table.kind == EventKind.VERIFIED)
    goes, comes = np.flatnonzero(moves.out_of >= 0), np.flatnonzero(moves.into >= 0)
    # 1. Three kinds of touch: a round goes out of a holder, comes into one, and a holder is verified.
    holder = np.concatenate((moves.out_of[goes], moves.into[comes], _holder_of(table)[checks]))
    change = np.concatenate((-moves.is_round[goes].astype(np.int64), np.ones(len(comes), np.int64), 0 * checks))
    makes = np.concatenate((np.full(len(goes), NONE, np.int32), version_of[moves.row[comes]], version_of[checks]))
    move = np.concatenate((goes, comes, np.full(len(checks), NONE)))
    when = np.concatenate((2 * moves.row[goes], 2 * moves.row[comes] + 1, 2 * checks + 1))
    # 2. In the order of the record, then grouped by holder; a round leaves before it comes.
    in_time = np.argsort(when)
    order = in_time[_grouped(holder[in_time], things)]
    holder, change, makes, move = holder[order], change[order], makes[order], move[order]
    # 3. Before each touch: how many rounds lay in the holder, and its newest version.
    first_of_group = np.searchsorted(holder, holder)
    content = np.cumsum(change)
    content -= np.concatenate(([0], content))[first_of_group]
    newest = np.maximum.accumulate(np.where(makes >= 0, np.arange(len(makes)), NONE))
    newest = np.concatenate(([NONE], newest[:-1])) if len(newest) else newest
    newest = np.where(newest >= first_of_group, makes[newest], NONE) if len(newest) else newest
    # 4. Predecessors.
    before, source, older = (np.full(len(row), NONE, np.int32) for _ in range(3))
    made = makes >= 0
    older[makes[made]] = newest[made]
    held = np.where((content - change > 0) & made, newest, NONE)
    barrier = made & (move == NONE) & (held >= 0)
    before[makes[made]] = np.where(barrier, BEHIND_BARRIER - held, held)[made]
    went = np.full(len(moves.row), NONE, np.int32)
    going = ~made
    went[move[going]] = newest[going]
    _carry_over(went, moves)
    into_one = np.flatnonzero(moves.into >= 0)
    source[version_of[moves.row[into_one]]] = went[into_one]
    return _Walk(
        before=before,
        source=source,
        older=older,
        **_at_the_end(moves, went, version_of, things),
        content=_content(holder, content, things),
    )


def _carry_over(went: Numbers, moves: _Moves) -> None:
    """A round that comes back from outside comes out of the version it had left."""
    waiting = np.flatnonzero(moves.is_round & (moves.out_of < 0) & (moves.before >= 0))
    # In the order of the record, so that a round told to be outside twice carries it over both times.
    for move in waiting:
        went[move] = went[moves.before[move]]


def _at_the_end(moves: _Moves, went: Numbers, version_of: Numbers, things: int) -> dict[str, Numbers]:
    holder, left, first = (np.full(things, NONE, np.int32) for _ in range(3))
    holder[moves.item] = moves.into
    left[moves.item] = np.where(moves.into < 0, went, NONE)
    comes = np.flatnonzero(moves.into >= 0)[::-1]
    first[moves.item[comes]] = version_of[moves.row[comes]]
    return {"holder": holder, "left": left, "first": first}


def _content(holder: Numbers, content: npt.NDArray[np.int64], things: int) -> Numbers:
    out = np.zeros(things, np.int32)
    out[holder] = content
    return out
