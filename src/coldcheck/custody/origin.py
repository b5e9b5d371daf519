"""Where one round can have come from, when the record is incomplete: exact sums over every path it can have taken.

One round that is not what it seems lies in one container at a time, and is one the record counts or one too many. Going
back from the find, each recorded event changes the chance of the find, given where the round lay before it: a move of
k of n rounds takes it along with chance k/n; a check that saw nothing, or a trigger pulled without a shot, must have
missed it; a count saw one too many or did not. The chance before every event is one linear row on the chances after
it, so the whole record is one triangular system, solved from its end and only as far back as it can still matter.

Promises: the sums are over all paths, not the best ones; what is left out is smaller than `TAIL` of the whole, by a
bound. Factors of counts are ratios against "no such round here". Every figure belongs to a class or to a window of the
record. No figure belongs to a person, and no function here takes one.

What it does not do: it does not know how often such things happen. Likelihoods stand by themselves; whoever wants a
posterior must bring the rates, and is shown how the answer moves when these are wrong (`swept`).
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import spsolve_triangular

from coldcheck.custody.origin_columns import Columns, Event, Floats, Ints

TAIL: Final = 1e-9
"""The share of the whole that may be left unread at the far end of a long record."""
BLOCK: Final = 8_192
"""Rows solved at once, first; each next block is twice as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The parameters, all of them; `fingerprint` names them in every answer. They are assumptions, not findings.

    `miss` is the chance that a check of each kind passes over a live round that is there; `leak` the chance that a round
    goes along in a move between two containers that nobody recorded, `bulk` that a second one beside it goes as well.
    `rates` are what is expected
    a receipt, an opening, or an hour, in the order of `Source`. A stretch in somebody's hands counts for `hand_hours` at
    most: what nobody wrote a word about for longer was in hands for as long as nobody knows. `least_trust` is how little
    the likelihoods can come to count where moves are recorded out of everybody's hands (`origin_posterior.trust_in`).
    """

    miss: tuple[float, ...] = (0.75, 0.6, 0.1, 0.02)
    hit: float = 0.3
    count_sees: float = 0.9
    count_false: float = 0.02
    stock_sees: float = 0.9
    stock_false: float = 0.02
    leak: float = 0.03
    bulk: float = 0.6
    swap: float = 0.5
    rates: tuple[float, ...] = (1e-4, 1e-4, 5e-4, 1e-4, 5e-4, 1e-5, 4e-7)
    hand_hours: float = 1.0
    least_trust: float = 0.25

    def fingerprint(self) -> str:
        """The first 16 hex digits of SHA-256 over the parameters as text."""
        return sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The triangular system of one record: row i is the chance of the find with the round in `place[i]` before it.

    `keep` weighs the next row of the same place, `go` the next row of `other`. `extra` and `noted` are for a round that
    is one too many: it stays one with weight `keep * extra`, and a count makes it one of the counted with `noted`.
    `event` is the event a row stands for; `next_own` and `next_other` are later rows, -1 where there is none.
    """

    event: Ints
    place: Ints
    other: Ints
    keep: Floats
    go: Floats
    extra: Floats
    noted: Floats
    next_own: Ints
    next_other: Ints
    containers: int
    most_noted: float

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.event.size)


_ACTING: Final = (Event.MOVED, Event.CHECKED, Event.PULLED, Event.COUNTED, Event.TOGETHER)
_TWO_PLACES: Final = (Event.MOVED, Event.TOGETHER)


def rows_of(columns: Columns, model: Model) -> Rows:
    """The system of `columns` under `model`, ready for any number of finds."""
    event = np.flatnonzero(np.isin(columns.kind, _ACTING)).astype(np.int32)
    kind, k = columns.kind[event], columns.k[event]
    n = np.maximum(np.maximum(columns.n[event], k), 1)
    place, note = columns.a[event], columns.note[event]
    other = np.where(np.isin(kind, _TWO_PLACES), columns.b[event], -1).astype(np.int32)
    checked, counted = kind == Event.CHECKED, kind == Event.COUNTED
    go = np.where(kind == Event.MOVED, k / n, np.where(kind == Event.TOGETHER, model.leak, 0.0))
    sees = 1.0 - np.take(np.asarray(model.miss), np.where(checked, note, 0))
    keep = np.where(checked, 1.0 - sees * k / n, np.where(kind == Event.PULLED, 1.0 - model.hit, 1.0 - go))
    one_more, as_said = counted & (note == 1), counted & (note == 0)
    unseen = (1 - model.count_sees) / (1 - model.count_false)
    most_noted = model.count_sees / model.count_false
    return Rows(
        event=event,
        place=place,
        other=other,
        keep=keep,
        go=go,
        extra=np.where(one_more, 0.0, np.where(as_said, unseen, 1.0)),
        noted=np.where(one_more, most_noted, 0.0),
        next_own=_later_row(place, place),
        next_other=_later_row(place, other),
        containers=columns.containers,
        most_noted=most_noted,
    )


def _later_row(place: Ints, wanted: Ints) -> Ints:
    """For each row, the first later row of the place it wants; -1 where there is none."""
    return rows_from(place, wanted, np.arange(1, place.size + 1))


def rows_from(place: Ints, wanted: Ints, start: npt.NDArray[np.int64]) -> Ints:
    """For each wanted place, its first row at or after `start`; -1 where there is none or no place is wanted."""
    size = place.size
    if size == 0:
        return np.full(wanted.size, -1, dtype=np.int32)
    keys = place.astype(np.int64) * (size + 1) + np.arange(size)
    by_place = np.argsort(keys, kind="stable")
    spot = np.searchsorted(keys[by_place], wanted.astype(np.int64) * (size + 1) + start)
    row = by_place[np.minimum(spot, size - 1)]
    good = (spot < size) & (wanted >= 0)
    return np.where(good & (place[row] == wanted), row, -1).astype(np.int32)


# --- the sum over all paths ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A round found in `place` before event `event` (the record's size: at its end).

    `chances` gives several places their weight, where the find does not say which it came out of.
    """

    event: int
    chances: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The chance of the find for each row from `first` on: for a round that is counted, and for one too many.

    Rows before `first` weigh less than the tail that may be left out. `ends` is the chance with no row to come.
    """

    first: int
    counted: Floats
    surplus: Floats
    ends: Floats


def reach_of(rows: Rows, find: Find, *, older: Floats | None = None, tail: float = TAIL) -> Reach:
    """The chances of `find` for every row that can still matter, newest solved first.

    `older` has one value more than there are rows: all that can come in before each row, rates included. With it, the
    far end is left out once what is older is bounded below `tail` of what has been summed; without it every row is solved.
    """
    stop = int(np.searchsorted(rows.event, find.event))
    ends = np.zeros(rows.containers)
    for place, chance in find.chances:
        ends[place] = chance
    counted, surplus = np.empty(stop), np.empty(stop)
    edge, edge_surplus = ends.copy(), ends.copy()
    last, block, mass = stop, BLOCK, 0.0
    while last > 0:
        first = max(last - block, 0)
        _solve(rows, first, last, (counted, surplus), (edge, edge_surplus))
        if older is not None:
            mass += float(np.diff(older[first : last + 1]) @ np.minimum(counted[first:last], surplus[first:last]))
            most = max(float(edge_surplus.max()), rows.most_noted * float(edge.max()))
            if older[first] * most <= tail * mass:
                return Reach(first=first, counted=counted[first:], surplus=surplus[first:], ends=ends)
        last, block = first, block * 2
    return Reach(first=0, counted=counted, surplus=surplus, ends=ends)


def _solve(rows: Rows, first: int, last: int, values: tuple[Floats, Floats], edges: tuple[Floats, Floats]) -> None:
    """Fills rows [first, last) of both columns, from what lies beyond, and moves the edges to the block's beginning."""
    counted, surplus = values
    edge, edge_surplus = edges
    part = slice(first, last)
    keep, go, place, other = rows.keep[part], rows.go[part], rows.place[part], rows.other[part]
    own, far = rows.next_own[part], rows.next_other[part]
    counted[part] = _triangle(first, last, (keep, go), (own, far), (place, other), edge)
    noted = rows.noted[part]
    given = np.where(noted > 0, noted * _beyond(counted, own, last, edge, place), 0.0)
    surplus[part] = _triangle(
        first, last, (keep * rows.extra[part], go), (own, far), (place, other), edge_surplus, given
    )
    newest = np.full(rows.containers, -1)
    newest[place[::-1]] = np.arange(last - 1, first - 1, -1)
    here = newest >= 0
    edge[here] = counted[newest[here]]
    edge_surplus[here] = surplus[newest[here]]


def _beyond(values: Floats, row: Ints, last: int, edge: Floats, place: Ints) -> Floats:
    """The value of each row's successor, where it is solved already or lies beyond the block."""
    inside = (row >= 0) & (row < last)
    return np.where(inside, values[np.where(inside, row, 0)], edge[place])


def _triangle(
    first: int,
    last: int,
    weights: tuple[Floats, Floats],
    following: tuple[Ints, Ints],
    places: tuple[Ints, Ints],
    edge: Floats,
    given: Floats | None = None,
) -> Floats:
    """The solution of x[i] = keep x[own] + go x[far] + given, where a successor outside the block has its place's edge value."""
    size = last - first
    right = np.zeros(size) if given is None else given.copy()
    index = np.arange(size)
    where, values = [index], [np.ones(size)]
    columns = [index]
    for weight, row, place in zip(weights, following, places, strict=True):
        inside = (row >= 0) & (row < last) & (weight != 0)
        outside = ~inside & (place >= 0)
        right[outside] += weight[outside] * edge[place[outside]]
        where.append(index[inside])
        columns.append(row[inside] - first)
        values.append(-weight[inside])
    matrix = sparse.csr_array((np.concatenate(values), (np.concatenate(where), np.concatenate(columns))), (size, size))
    solved: Floats = spsolve_triangular(matrix, right, lower=False, unit_diagonal=True, overwrite_b=True)
    return solved
