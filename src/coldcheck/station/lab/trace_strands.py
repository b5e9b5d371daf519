"""Recall over strands: runs of versions that every lot's recall reaches together or not at all, told as one.

A version with one predecessor, and no lot of its own coming in, is suspect exactly when that predecessor is; one with
two predecessors of the same strand likewise. So a recall need not ask every version, only every strand: about one in
nine versions begins one. What no lot ever leads to is in no strand.

Promises: `recall_along` gives what `trace_kernels.recall` gives, for every lot and only for lots; tests compare them.
Does not do: growing. Strands are thrown away when an event comes and made anew (0.05 s for 10^7 events); until then the
scan over versions answers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coldcheck.custody.trace_events import ROUND
from coldcheck.custody.trace_index import EventTable, Flags, Index, Numbers, holders
from coldcheck.custody.trace_recall import LotSeeds, Touched, versions_now
from coldcheck.station.lab.trace_kernels import Masks, compiled

_NO_STRAND: Final = -1
_BITS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Strands over one index, with or without barriers, and what lies where along them.

    `of` is the strand of every version, -1 for none. One row a strand: the two it came out of, -1 for none. `ends` and
    `thing` say strand by strand what was in it when it ended there. `rounds` are those that lie anywhere, and `lies` the
    strand of each.
    """

    of: Numbers
    one: Numbers
    other: Numbers
    ends: Numbers
    thing: Numbers
    things: int
    rounds: Numbers
    lies: Numbers

    def nbytes(self) -> int:
        """The bytes of what a recall reads."""
        return sum(each.nbytes for each in (self.one, self.other, self.ends, self.thing, self.rounds, self.lies))


def strands_of(table: EventTable, index: Index, seeds: LotSeeds, *, barriers: bool) -> Strands:
    """The strands of an index, for recalls of `seeds`."""
    begins = np.zeros(len(index.row), np.bool_)
    begins[seeds.version] = True
    of, one, other = _strands(index.before, index.source, begins, barriers)
    unit = holders(table)
    ends, thing = _endings(of, index.before, unit[table.end[index.row]], len(unit), barriers)
    now = versions_now(index)
    rounds = np.flatnonzero((table.letter == ROUND) & (now >= 0)).astype(np.int32)
    lies = of[now[rounds]]
    known = lies != _NO_STRAND
    return Strands(
        of=of, one=one, other=other, ends=ends, thing=thing, things=len(unit), rounds=rounds[known], lies=lies[known]
    )


@compiled
def _strands(before: Numbers, source: Numbers, begins: Flags, barriers: bool) -> tuple[Numbers, Numbers, Numbers]:
    """The strand of every version, and the two strands each came out of."""
    of = np.empty(len(before) + 1, np.int32)
    # One place on, as in the scan over versions: -1 finds the first place, where no strand is.
    of[0] = -1
    one, other = np.empty(len(before), np.int32), np.empty(len(before), np.int32)
    size = 0
    for number in range(len(before)):
        older = before[number]
        if older < -1:
            older = -1 if barriers else -2 - older
        own, came = of[older + 1], of[source[number] + 1]
        if begins[number] or (own >= 0 and came >= 0 and own != came):
            one[size], other[size] = own, came
            of[number + 1] = size
            size += 1
        else:
            of[number + 1] = max(own, came)
    return of[1:].copy(), one[:size].copy(), other[:size].copy()


@compiled
def _endings(of: Numbers, before: Numbers, unit: Numbers, things: int, barriers: bool) -> tuple[Numbers, Numbers]:
    """Strand and thing of every version that the thing's next one does not follow on.

    Where the next one follows, it is suspect whenever this one is, and speaks for the thing as well.
    """
    followed = np.zeros(len(of), np.bool_)
    for number in range(len(of)):
        older = before[number]
        if older < -1 and not barriers:
            older = -2 - older
        if older >= 0:
            followed[older] = True
    said = np.full(things, -1, np.int32)
    ends, thing = np.empty(len(of), np.int32), np.empty(len(of), np.int32)
    size = 0
    for number in range(len(of)):
        strand, here = of[number], unit[number]
        if strand >= 0 and not followed[number] and said[here] != strand:
            said[here] = strand
            ends[size], thing[size] = strand, here
            size += 1
    return ends[:size].copy(), thing[:size].copy()


@compiled
def _scan(one: Numbers, other: Numbers, seeds: Numbers) -> Flags:
    """One flag a strand, one place on."""
    out = np.zeros(len(one) + 1, np.uint8)
    first = len(one)
    for seed in seeds:
        out[seed + 1] = 1
        first = min(first, seed)
    for number in range(first, len(one)):
        out[number + 1] |= out[one[number] + 1] | out[other[number] + 1]
    return out.view(np.bool_)


@compiled
def _rounds_in(suspect: Flags, rounds: Numbers, lies: Numbers) -> Numbers:
    out = np.empty(len(rounds) + 1, np.int32)
    size = 0
    for number in range(len(rounds)):
        # Written always and kept only if suspect: no step branches.
        out[size] = rounds[number]
        size += int(suspect[lies[number] + 1])
    return out[:size]


@compiled
def _things_in(suspect: Flags, ends: Numbers, thing: Numbers, things: int) -> Flags:
    out = np.zeros(things, np.uint8)
    flags = suspect.view(np.uint8)
    for number in range(len(ends)):
        out[thing[number]] |= flags[ends[number] + 1]
    return out.view(np.bool_)


def reached_strands(strands: Strands, seeds: Numbers) -> Flags:
    """One flag a strand, one place on, behind a flag that is never set; `seeds` as in `recall_along`."""
    return _scan(strands.one, strands.other, strands.of[seeds])


def recall_along(strands: Strands, seeds: Numbers) -> Touched:
    """A recall with its rounds and things; `seeds` are versions of the lots the strands were made for."""
    suspect = reached_strands(strands, seeds)
    things = np.flatnonzero(_things_in(suspect, strands.ends, strands.thing, strands.things))
    return Touched(rounds=_rounds_in(suspect, strands.rounds, strands.lies), things=things.astype(np.int32))


@compiled
def _scan_many(one: Numbers, other: Numbers, mask: Masks) -> None:
    """Nothing; one bit a lot of `mask`, set at its seeds, goes along."""
    for number in range(len(one)):
        mask[number + 1] |= mask[one[number] + 1] | mask[other[number] + 1]


def lots_along(strands: Strands, seeds: LotSeeds) -> tuple[Masks, Numbers]:
    """For every round in a strand the lots it may have shared a container with: bit b of column c is lot 64 c + b."""
    lots = len(seeds.starts) - 1
    out = np.zeros((-(-lots // _BITS), len(strands.rounds)), np.uint64)
    for column in range(len(out)):
        mask = np.zeros(len(strands.one) + 1, np.uint64)
        ours = slice(seeds.starts[_BITS * column], seeds.starts[min(_BITS * (column + 1), lots)])
        bits = np.uint64(1) << (seeds.lot[ours] % _BITS).astype(np.uint64)
        np.bitwise_or.at(mask, strands.of[seeds.version[ours]] + 1, bits)
        _scan_many(strands.one, strands.other, mask)
        out[column] = mask[strands.lies + 1]
    return out.T, strands.rounds
