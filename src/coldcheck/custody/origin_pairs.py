"""Two finds: did they come in together? Both rounds carried through the record at once, so that no evidence counts twice.

Two live rounds at one count make it two too many, or none seen; two in one tray are moved without being put back; a
check must have missed both. So the pair is one state, and the sum over the paths of both is exact: what a count says is
used once, whichever of the two it is about. "Together" means by one way in at one moment, "apart" by two drawn one by
one. More than two finds are the matter of `origin_joint`.

What it does not do: it does not know how often two live rounds come in together. `together` and `apart` are likelihoods;
the prior between them is the caller's.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coldcheck.custody.origin import Find, Model, reach_of, rows_from
from coldcheck.custody.origin_columns import Event, Floats, Source
from coldcheck.custody.origin_posterior import UNSEEN_HOURS, Record, weigh

TWO_FALSE: Final = 0.002
"""The chance that a count says two too many where there is none."""
_LOOK: Final = 256
"""Every so many rows it is asked whether the rest can still matter."""
_NEGLIGIBLE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFigures:
    """How likely two finds are if they came in together, and if they came in apart; both per unit of prior."""

    together: float
    apart: float

    def share_together(self, prior: float = 0.5) -> float:
        """The posterior of "together" under a prior; the prior itself where neither is possible."""
        mass = prior * self.together
        whole = mass + (1 - prior) * self.apart
        return mass / whole if whole > 0 else prior


@dataclass(slots=True)
class _State:
    """The chances of both finds: for a pair of places, and for one round with the other still to come.

    The first half of each axis is a round the record counts, the second half one too many. `alone` has two rows: the
    first find there and the second to come, and the other way round. `of_count` is the part of `alone` in which the one
    to come does so by an opening of live stock that is checked by one count, which is used once for both.
    """

    pair: Floats
    alone: Floats
    of_count: dict[int, Floats]
    together: float = 0.0
    apart: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One window: from which row on a round is there, where, how often, and what the count of the live stock says.

    `count` is the entry of that count, -1 without one; `is_oldest` says that no older window rests on the same count.
    `first` is the event it begins with.
    """

    first: int
    row: int
    place: int
    rate: float
    share: float
    stock: float
    count: int
    is_oldest: bool


def pair_figures(record: Record, first: Find, second: Find) -> PairFigures:
    """The likelihoods of two finds: at one time, or the earlier taken away and the other left until it was found."""
    if second.event < first.event:
        first, second = second, first
    places = record.columns.containers
    stop = int(np.searchsorted(record.rows.event, first.event))
    ways = ways_in(record, first.event)
    begun = record.windows.first < second.event
    whole = float(record.rate[begun].sum()) + record.model.rates[Source.UNRECORDED] * UNSEEN_HOURS
    older = np.r_[0.0, np.cumsum([way.rate * max(way.stock, 1.0) for way in ways])]
    left_there, to_come = _left_after(record, first, second, places)
    state = _State(
        pair=np.outer(_ends(first, places), left_there),
        alone=np.stack([_ends(first, places) * to_come, np.zeros(2 * places)]),
        of_count={},
    )
    left = len(ways)
    for row in range(stop, -1, -1):
        while left and ways[left - 1].row >= row:
            left -= 1
            _enter(state, ways[left], places)
        if row == 0 or left == 0:
            break
        _back(state, record, row - 1, places)
        if row % _LOOK == 0 and _is_settled(state, float(older[left]), whole, record.rows.most_noted):
            break
    return PairFigures(together=state.together / whole, apart=state.apart / whole**2)


def ways_in(record: Record, event: int) -> list[WayIn]:
    """Every window that had begun before an event, in the order of the rows it comes before."""
    windows, columns = record.windows, record.columns
    numbers = np.flatnonzero(windows.first < event)
    rows = np.searchsorted(record.rows.event, windows.event)
    numbers = numbers[np.argsort(rows[numbers], kind="stable")]
    counted = np.flatnonzero(columns.kind == Event.STOCK_COUNTED)
    count_of = dict(zip(columns.note[counted].tolist(), columns.entry[counted].tolist(), strict=True))
    first: dict[int, int] = {}
    return [
        WayIn(
            first=int(windows.first[number]), row=int(rows[number]), place=int(windows.place[number]), rate=float(record.rate[number]),
            share=float(record.share[number]), stock=float(record.stock[number]),
            count=count, is_oldest=first.setdefault(count, number) == number,
        )
        for number in numbers.tolist()
        for count in (count_of.get(int(windows.opening[number]), -1),)
    ]  # fmt: skip


def _left_after(record: Record, first: Find, second: Find, places: int) -> tuple[Floats, float]:
    """The chance of the second find, for a round that lay somewhere when the first was made; and for one still to come."""
    if first.event == second.event:
        return _ends(second, places), 0.0
    reach, every = reach_of(record.rows, second), np.arange(places, dtype=np.int32)
    start = np.full(places, np.searchsorted(record.rows.event, first.event))
    row = rows_from(record.rows.place, every, start)
    row = np.where(row < reach.counted.size, row, -1)
    counted = np.where(row >= 0, reach.counted[row], reach.ends) if reach.counted.size else reach.ends
    surplus = np.where(row >= 0, reach.surplus[row], reach.ends) if reach.counted.size else reach.ends
    weighed = weigh(record, second)
    later = (weighed.window >= 0) & (record.windows.first[weighed.window] >= first.event)
    return np.r_[counted, surplus], float((weighed.prior * weighed.chance)[later].sum())


def _ends(find: Find, places: int) -> Floats:
    ends = np.zeros(2 * places)
    for place, chance in find.chances:
        ends[place] = ends[place + places] = chance
    return ends


def _enter(state: _State, way: WayIn, places: int) -> None:
    """A window at this moment: both come in by it, or one does while the other is there, or is still to come."""
    pair, place, extra = state.pair, way.place, way.place + places
    share, added, rate = way.share, 1 - way.share, way.rate
    state.together += rate * way.stock * (share * pair[place, place] + added * pair[extra, extra])
    alone = share * state.alone[:, place] + added * state.alone[:, extra]
    state.apart += rate * way.stock * float(alone.sum())
    # Two that both are missed by one count: its word is used once.
    if way.count in state.of_count:
        same = state.of_count[way.count]
        state.apart += rate * (1 - way.stock) * float((share * same[:, place] + added * same[:, extra]).sum())
    # By one window both can come one after the other, too.
    twice = share * share * pair[place, place] + added * added * pair[extra, extra]
    twice += share * added * (pair[place, extra] + pair[extra, place])
    state.apart += rate * rate * way.stock * float(twice)
    came = np.stack([share * pair[:, place] + added * pair[:, extra], share * pair[place] + added * pair[extra]])
    state.alone += rate * way.stock * came
    if way.is_oldest:
        state.of_count.pop(way.count, None)
    elif way.count >= 0:
        state.of_count[way.count] = state.of_count.get(way.count, 0.0) + rate * way.stock * came


def _back(state: _State, record: Record, row: int, places: int) -> None:
    """Everything one row earlier."""
    rows = record.rows
    place, other = int(rows.place[row]), int(rows.other[row])
    event = int(rows.event[row])
    kind = Event(int(record.columns.kind[event]))
    vectors = (state.alone, *state.of_count.values())
    if kind is Event.COUNTED:
        _count_back(state.pair, vectors, record.model, int(record.columns.note[event]), (place, place + places))
        return
    keep, go = float(rows.keep[row]), float(rows.go[row])
    here = [place, place + places]
    there = [other, other + places] if other >= 0 else None
    chances = _both_chances(record, event, kind, keep, go)
    pair = state.pair
    both = chances[0] * pair[np.ix_(here, here)]
    for vector in vectors:
        vector[:, here] *= keep
    if there is not None:
        both += chances[1] * (pair[np.ix_(there, here)] + pair[np.ix_(here, there)])
        both += chances[2] * pair[np.ix_(there, there)]
        for vector in vectors:
            vector[:, here] += go * vector[:, there]
        pair[here] = keep * pair[here] + go * pair[there]
        pair[:, here] = keep * pair[:, here] + go * pair[:, there]
    else:
        pair[here] *= keep
        pair[:, here] *= keep
    pair[np.ix_(here, here)] = both


def _both_chances(record: Record, event: int, kind: Event, keep: float, go: float) -> tuple[float, float, float]:
    """With both in the place of a row: the chances that both stay unnoticed, that a given one goes, that both go."""
    k = int(record.columns.k[event])
    n = max(int(record.columns.n[event]), k)
    match kind:
        case Event.MOVED if n > 1:
            # k are taken out of n, none of them twice.
            pairs = n * (n - 1)
            return (n - k) * (n - k - 1) / pairs, k * (n - k) / pairs, k * (k - 1) / pairs
        case Event.TOGETHER:
            # A move nobody recorded takes a handful along, not one round by itself.
            both = go * record.model.bulk
            return 1 - 2 * go + both, go - both, both
        case _:
            return keep * keep, keep * go, go * go


def _count_back(pair: Floats, vectors: tuple[Floats, ...], model: Model, note: int, layers: tuple[int, int]) -> None:
    """A count: one too many is about one surplus round, two about both, none about neither or both unseen."""
    place, extra = layers
    unseen = (1 - model.count_sees) / (1 - model.count_false)
    seen = model.count_sees / model.count_false
    match note:
        case 0:
            both = unseen * pair[extra, extra]
            pair[extra, :] *= unseen
            pair[:, extra] *= unseen
            pair[extra, extra] = both
            for vector in vectors:
                vector[:, extra] *= unseen
        case 1:
            pair[extra, :] = seen * pair[place, :]
            pair[:, extra] = seen * pair[:, place]
            pair[extra, extra] = 0.0
            for vector in vectors:
                vector[:, extra] = seen * vector[:, place]
        case 2:
            pair[extra, extra] = model.count_sees / TWO_FALSE * pair[place, place]
        case _:
            pass


def _is_settled(state: _State, older: float, whole: float, most_noted: float) -> bool:
    """Whether everything older is too little to change either likelihood."""
    most = float(state.pair.max()) * most_noted**2
    alone = float(state.alone.max()) * most_noted
    rest = older * most / whole + (older * alone + older * older * most) / whole**2
    return rest <= _NEGLIGIBLE * min(state.together / whole, state.apart / whole**2)
