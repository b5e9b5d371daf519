"""Forward recall over the index: what a lot, or any version of a thing, may have touched since.

A version is suspect when it is a seed or one of its two predecessors is; a full verification ends that unless barriers
are left out of account. At the fixed point this says of every round whether it shared a container with the lot, or with
a round that did, on and on, without a full verification in between. A shared container is a possibility, not a contact.

The scan itself comes as an argument (`Spread`): `SparseSpread` here with scipy alone, compiled ones in the laboratory.
What no entry recorded is in no answer: a recall over a record with gaps may miss rounds, and whoever shows one says so.
"""

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from coldcheck.custody.trace_events import BEHIND_BARRIER, PARCEL, ROUND
from coldcheck.custody.trace_index import EventTable, Flags, Index, Numbers, holders


class Spread(Protocol):
    """Which versions are suspect when `seeds` are; one flag a version."""

    def __call__(self, seeds: Numbers, *, barriers: bool) -> Flags:
        """The flags; with `barriers` a full verification ends suspicion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a recall reached: rounds that are suspect at the end of the record, and things that ever held a suspect."""

    rounds: Numbers
    things: Numbers


_MOST_SEEDS: Final = 65_536


@dataclass(slots=True)
class SparseSpread:
    """A walk from the seeds along the versions that come out of them, by scipy's breadth-first search."""

    index: Index
    _graphs: dict[bool, csr_array] = field(default_factory=dict)

    def __call__(self, seeds: Numbers, *, barriers: bool) -> Flags:
        """The flags, as `Spread` promises."""
        out = np.zeros(len(self.index.row), np.bool_)
        if barriers not in self._graphs:
            self._graphs[barriers] = _successors(self.index, barriers=barriers)
        graph = self._graphs[barriers]
        for begin in range(0, len(seeds), _MOST_SEEDS):
            some = seeds[begin : begin + _MOST_SEEDS]
            # The last row of the graph is no version: its successors are the seeds of this question.
            edges = int(graph.indptr[-2])
            graph.indices[edges : edges + len(some)] = some
            graph.indptr[-1] = edges + len(some)
            found = breadth_first_order(graph, len(out), return_predecessors=False)
            out[found[found < len(out)]] = True
        return out


def _successors(index: Index, *, barriers: bool) -> csr_array:
    """The versions that come out of each version, and an empty last row with room for the seeds of a question."""
    size = len(index.row)
    before = index.before if barriers else past_barriers(index.before)
    later = np.arange(size, dtype=np.int32)
    # One edge is enough where a round comes out of the very version it goes into.
    joins, comes = before >= 0, (index.source >= 0) & (index.source != before)
    origin = np.concatenate((before[joins], index.source[comes]))
    target = np.concatenate((later[joins], later[comes]))
    counts = np.bincount(origin, minlength=size) if size else np.zeros(0, np.int64)
    sparse = csr_array((np.ones(len(origin)), (origin, target)), shape=(size + 1, size + 1))
    indptr = np.concatenate(([0], np.cumsum(counts), [len(origin)])).astype(np.int32)
    indices = np.concatenate((sparse.indices.astype(np.int32), np.zeros(_MOST_SEEDS, np.int32)))
    graph = csr_array((size + 1, size + 1))
    graph.indptr, graph.indices, graph.data = indptr, indices, np.ones(len(indices))
    return graph


def past_barriers(before: Numbers) -> Numbers:
    """The version before each one, whether a barrier stands between or not; -1 for none."""
    return np.where(before <= BEHIND_BARRIER, BEHIND_BARRIER - before, before).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSeeds:
    """The versions that some lot's arrivals made, in the order of lots and within a lot in the record's order.

    Those of lot n stand from `starts[n]` to `starts[n + 1]`.
    """

    version: Numbers
    lot: Numbers
    starts: Numbers

    def of(self, *lots: int) -> Numbers:
        """The versions of these lots, in the record's order."""
        known = [lot for lot in lots if 0 <= lot < len(self.starts) - 1]
        parts = [self.version[self.starts[lot] : self.starts[lot + 1]] for lot in known]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int32)


def lot_seeds(table: EventTable, index: Index) -> LotSeeds:
    """Where each lot came in: a round of it at its first coming, a parcel each time it came from outside."""
    item = table.item[index.row]
    poured_in = (item >= 0) & (table.letter[item] == PARCEL) & (table.start[index.row] < 0)
    first = index.first[index.first >= 0]
    version = np.unique(np.concatenate((np.flatnonzero(poured_in), first))).astype(np.int32)
    lot = table.lot[item[version]]
    version, lot = version[lot >= 0], lot[lot >= 0]
    order = np.argsort(lot, kind="stable")
    lots = int(lot.max(initial=-1)) + 1
    starts = np.searchsorted(lot[order], np.arange(lots + 1)).astype(np.int32)
    return LotSeeds(version=version[order], lot=lot[order], starts=starts)


def touched_by(table: EventTable, index: Index, suspect: Flags) -> Touched:
    """The rounds and things behind the flags of a spread."""
    marked = np.append(suspect, np.False_)
    rounds = np.flatnonzero((table.letter == ROUND) & marked[versions_now(index)])
    things = np.unique(holders(table)[table.end[index.row[suspect]]])
    return Touched(rounds=rounds.astype(np.int32), things=things.astype(np.int32))


def versions_now(index: Index) -> Numbers:
    """One row a thing: the version it lies in as a round, or the one it left last; -1 where the record has none."""
    version = np.append(index.version, np.int32(-1))
    return np.where(index.holder >= 0, version[index.holder], index.left).astype(np.int32)
