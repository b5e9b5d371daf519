"""Recall on simulated incidents: a hidden live round comes in with a lot, and whether its recall still reaches it.

The round goes where chance takes it: rounds that look alike are moved by count, so each that leaves a thing is the
hidden one with one chance in as many as lie there. A full verification finds it. The question is asked of what the
record says, from which a share of the moves may be missing. Missed: it lies, when it is last in the studio, in a thing that the
recall of its lot, cut at full verifications, does not hold for suspect at that moment.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import Bytes, EventTable, Flags, Numbers, holders, walks_of
from coldcheck.custody.trace_recall import lot_seeds
from coldcheck.custody.trace_walks import Walks
from coldcheck.station.lab.trace_kernels import Masks, compiled, compiled_index_of, suspects_of_lots

_PLACED: Final = int(EventKind.PLACED)
_TURNED_UP: Final = int(EventKind.TURNED_UP)
_VERIFIED: Final = int(EventKind.VERIFIED)


@compiled
def _drift(
    kind: Bytes, item: Numbers, end: Numbers, unit: Numbers, begins: Numbers, chances: Masks
) -> tuple[Numbers, Numbers]:
    """The thing each hidden round was last in, and the event that found it there or took it out of the studio.

    `begins` is the event each came in by, in order; `chances` one random number an event. One that is still there has
    the number of events.
    """
    things = len(unit)
    lies = np.full(things, -1, np.int32)
    content = np.zeros(things, np.int32)
    newest = np.full(things, -1, np.int32)
    other = np.full(len(begins), -1, np.int32)
    where = np.full(len(begins), -1, np.int32)
    until = np.full(len(begins), len(kind), np.int32)
    coming = 0
    for event in range(len(kind)):
        if kind[event] == _VERIFIED:
            into = unit[end[event]]
            token = newest[into]
            while token >= 0:
                until[token] = event
                token = other[token]
            newest[into] = -1
            continue
        if kind[event] != _PLACED:
            continue
        out_of = lies[item[event]]
        into = unit[end[event]] if end[event] >= 0 else -1
        draw = chances[event]
        moving = -1
        if out_of >= 0:
            moving = _parted(newest, other, out_of, content[out_of], draw)
            content[out_of] -= 1
        if into >= 0:
            content[into] += 1
        lies[item[event]] = into
        while coming < len(begins) and begins[coming] == event:
            other[coming] = moving
            moving = coming
            coming += 1
        while moving >= 0:
            after = other[moving]
            if into >= 0:
                where[moving] = into
                other[moving] = newest[into]
                newest[into] = moving
            else:
                until[moving] = event
            moving = after
    return where, until


@compiled
def _parted(newest: Numbers, other: Numbers, thing: int, lying: int, draw: np.uint64) -> int:
    """The hidden rounds of a thing that go along with the one of `lying` rounds that leaves it; they leave its list."""
    moving = -1
    staying = -1
    token = newest[thing]
    bits = np.uint64(draw)
    while token >= 0:
        after = other[token]
        bits = bits * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        if (bits >> np.uint64(33)) % np.uint64(lying) == np.uint64(0):
            other[token] = moving
            moving = token
        else:
            other[token] = staying
            staying = token
        token = after
    newest[thing] = staying
    return moving


@compiled
def _rows_with_gaps(item: Numbers, end: Numbers, start: Numbers, is_move: Flags, kept: Flags, letter: Bytes) -> Numbers:
    """For each event how many rows the record has of it: 0 when nobody recorded it, 2 when it begins somewhere else."""
    lies = np.full(len(letter), -1, np.int32)
    rows = np.ones(len(item), np.int32)
    for event in range(len(item)):
        if not is_move[event]:
            continue
        if not kept[event]:
            rows[event] = 0
            continue
        if lies[item[event]] != start[event] and start[event] >= 0:
            rows[event] = 2
        lies[item[event]] = end[event]
    return rows


@dataclass(frozen=True, slots=True)
class Told:
    """What the record has of a table, and for each event of the table its first row there."""

    table: EventTable
    row_of: Numbers


def recorded(table: EventTable, *, missing: float, seed: int) -> Told:
    """The table as the record has it when this share of the moves inside the studio was never entered."""
    chance = np.random.default_rng(seed)
    is_move = table.kind == _PLACED
    inside = is_move & (table.start >= 0) & (table.end >= 0)
    # Rounds are moved in handfuls: an entry is there or it is not.
    kept = ~inside | (chance.random(len(table.entry_at_s)) >= missing)[table.entry]
    rows = _rows_with_gaps(table.item, table.end, table.start, is_move, kept, table.letter)
    take = np.repeat(np.arange(len(rows)), rows)
    turned = np.append(take[1:] == take[:-1], np.False_)
    columns = {name: getattr(table, name)[take] for name in ("kind", "item", "start", "end", "by", "entry", "count")}
    columns["kind"] = np.where(turned, np.int8(_TURNED_UP), columns["kind"])
    columns["end"] = np.where(turned, columns["start"], columns["end"])
    columns["start"] = np.where(turned, np.int32(-1), columns["start"])
    return Told(table=replace(table, **columns), row_of=(np.cumsum(rows) - rows).astype(np.int32))


def missed_of(table: EventTable, *, incidents: int, missing: float, seed: int) -> int:
    """How many of the hidden rounds the recall of their lot does not reach where they were last."""
    chance = np.random.default_rng(seed)
    comes = np.flatnonzero((table.kind == _PLACED) & (table.start < 0) & (table.lot[table.item] >= 0))
    begins = np.sort(chance.choice(comes[: max(1, int(0.9 * len(comes)))], incidents)).astype(np.int32)
    chances = chance.integers(0, 2**63, len(table.kind), dtype=np.uint64)
    where, until = _drift(table.kind, table.item, table.end, holders(table), begins, chances)
    told = recorded(table, missing=missing, seed=seed + 1)
    index = compiled_index_of(told.table)
    walks = walks_of(told.table, index)
    rows = np.append(told.row_of, np.int32(len(told.table.kind)))[until] - 1
    versions = np.array([_version_at(walks, int(w), int(r)) for w, r in zip(where, rows, strict=True)], np.int32)
    bits = suspects_of_lots(index, lot_seeds(told.table, index), barriers=True, versions=np.maximum(versions, 0))
    lots = table.lot[table.item[begins]]
    word = bits[np.arange(incidents), lots // 64] >> (lots % 64).astype(np.uint64) & np.uint64(1)
    return int(np.count_nonzero((versions < 0) | (word == 0)))


def _version_at(walks: Walks, thing: int, row: int) -> int:
    """The version of a thing after an event; -1 where the record has nothing in it then."""
    return walks.version_at(thing, row=row) if walks.lying_in(thing, row=row) else -1
