"""Up to five finds at once: every way they can have come in together or apart, by one sum over the paths of all of them.

The rounds are carried back through the record as one table of places, so that a count, a check, a handful taken out of a
box, or a shortage of the live stock is used once, whichever of the rounds it is about. A *grouping* says which of them
came in together, by one way in at one moment; its likelihood is per unit of the prior of as many ways in as it has
groups. For two finds it is the same sum as `origin_pairs`, which is quicker.

The table has one axis a find and two rows a container, so its size is bounded: `fits` says whether it can be made. What
it does not do: it does not know how often rounds come in together; the prior between groupings is the caller's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod
from typing import Final, TypeAlias

import numpy as np

from coldcheck.custody.origin import Find, Model
from coldcheck.custody.origin_columns import Event, Floats, Source
from coldcheck.custody.origin_pairs import TWO_FALSE, WayIn, ways_in
from coldcheck.custody.origin_posterior import UNSEEN_HOURS, Record

MOST_CELLS: Final = 4_000_000
"""Three finds among 79 places, four among 22, five among 10: only places count from which a path leads to a find."""
_LOOK: Final = 64
"""Every so many rows it is asked whether the rest can still matter."""
_NEGLIGIBLE: Final = 1e-9

Group: TypeAlias = tuple[int, ...]
Groups: TypeAlias = tuple[Group, ...]
"""Numbers of finds, each group and all of them in rising order."""
_Key: TypeAlias = tuple[tuple[int, ...], Groups, frozenset[int]]
"""The finds that are there now, the groups that come in later, and the counts of live stock whose word those have used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The places a round can still be found from, numbered anew; -1 for those from which it cannot.

    `events` are those before which each find was made: no window that began later can explain it.
    """

    number: tuple[int, ...]
    size: int
    events: tuple[int, ...]


def fits(record: Record, finds: Sequence[Find]) -> bool:
    """Whether the table of these finds can be made."""
    cells: int = (2 * _live_places(record, finds).size) ** len(finds)
    return cells <= MOST_CELLS


def grouping_likelihoods(record: Record, finds: Sequence[Find]) -> Mapping[Groups, float]:
    """The likelihood of every grouping of the finds, each per unit of prior of one way in a group."""
    places = _live_places(record, finds)
    stops = [int(np.searchsorted(record.rows.event, find.event)) for find in finds]
    latest = max(find.event for find in finds)
    ways = ways_in(record, latest)
    left = len(ways)
    older = np.r_[0.0, np.cumsum([way.rate * max(way.stock, 1.0) for way in ways])]
    found: dict[Groups, float] = dict.fromkeys(partitions(tuple(range(len(finds)))), 0.0)
    state: dict[_Key, Floats] = {((), (), frozenset()): np.ones(())}
    waiting = sorted(range(len(finds)), key=lambda number: (stops[number], finds[number].event), reverse=True)
    for row in range(max(stops), -1, -1):
        while waiting and stops[waiting[0]] >= row:
            find = waiting.pop(0)
            state = _with_find(state, find, finds, places)
            for way in ways[left:]:
                # It had begun before this find was made, and is past when later ones are: this one can have used it too.
                if way.row > stops[find] and way.first < finds[find].event:
                    _enter(state, found, way, places, must=find)
        while left and ways[left - 1].row >= row:
            left -= 1
            _enter(state, found, ways[left], places)
        if row == 0 or left == 0:
            break
        _back(state, record, row - 1, places)
        if row % _LOOK == 0 and not waiting and _is_settled(state, found, float(older[left]), record.rows.most_noted):
            break
    begun = record.windows.first < latest
    whole = float(record.rate[begun].sum()) + record.model.rates[Source.UNRECORDED] * UNSEEN_HOURS
    return {groups: mass / whole ** len(groups) for groups, mass in found.items()}


def grouping_shares(likelihoods: Mapping[Groups, float], *, together: float) -> dict[Groups, float]:
    """The posterior of each grouping when each two finds came in together with this prior; the prior where none is possible."""
    apart = (1 - together) / together
    prior = {
        groups: apart ** len(groups) * prod(prod(range(1, len(group))) for group in groups) for groups in likelihoods
    }
    mass = {groups: prior[groups] * likelihoods[groups] for groups in likelihoods}
    if not sum(mass.values()):
        mass = prior
    return {groups: each / sum(mass.values()) for groups, each in mass.items()}


def partitions(items: tuple[int, ...]) -> Iterator[Groups]:
    """Every way to put the items into groups, each once."""
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(item for item in rest if item not in others)
            for groups in partitions(left):
                yield ((first, *others), *groups)


def _live_places(record: Record, finds: Sequence[Find]) -> _Places:
    """The places from which any path leads to one of the finds."""
    live = {place for find in finds for place, chance in find.chances if chance}
    pairs = {
        (place, other) for place, other in zip(record.rows.place.tolist(), record.rows.other.tolist(), strict=True)
    }
    grown = True
    while grown:
        more = {place for place, other in pairs if other in live} - live
        live |= more
        grown = bool(more)
    order = {place: number for number, place in enumerate(sorted(live))}
    return _Places(
        number=tuple(order.get(place, -1) for place in range(record.columns.containers)),
        size=len(order),
        events=tuple(find.event for find in finds),
    )


def _with_find(state: dict[_Key, Floats], find: int, finds: Sequence[Find], places: _Places) -> dict[_Key, Floats]:
    """The same state with one more round there, which was found just now."""
    ends = np.zeros(2 * places.size)
    for place, chance in finds[find].chances:
        number = places.number[place]
        ends[number] = ends[number + places.size] = chance
    out: dict[_Key, Floats] = {}
    for (there, entered, used), values in state.items():
        axis = sum(1 for known in there if known < find)
        shape = [1] * (values.ndim + 1)
        shape[axis] = ends.size
        key = (tuple(sorted((*there, find))), entered, used)
        out[key] = np.expand_dims(values, axis) * ends.reshape(shape)
    return out


# --- a way in ------------------------------------------------------------------------------------------------------


def _enter(state: dict[_Key, Floats], found: dict[Groups, float], way: WayIn, places: _Places, must: int = -1) -> None:
    """At this moment any of the groups there come in by one window, each by itself; with `must`, those with that find."""
    number = places.number[way.place]
    came: dict[_Key, Floats] = {}
    if number >= 0:
        for (there, entered, used), values in state.items():
            factor = 1.0 if way.count in used else way.stock
            now = used | {way.count} if way.count >= 0 else used
            for groups in _some_groups(there) if must < 0 or must in there else ():
                if must >= 0 and (len(groups) > 1 or must not in groups[0]):
                    continue
                if any(way.first >= places.events[find] for group in groups for find in group):
                    continue
                left, value = there, values
                for group in groups:
                    left, value = _taken_in(left, value, group, way, number, places.size)
                whole = tuple(sorted((*entered, *groups)))
                mass = value * (factor * way.rate ** len(groups))
                if not left and whole in found:
                    found[whole] += float(mass)
                    continue
                key = (left, whole, now)
                came[key] = came[key] + mass if key in came else mass
    for key, mass in came.items():
        state[key] = state[key] + mass if key in state else mass
    if way.is_oldest and way.count >= 0:
        # No older window rests on this count.
        for key in [known for known in state if way.count in known[2]]:
            mass = state.pop(key)
            plain = (key[0], key[1], key[2] - {way.count})
            state[plain] = state[plain] + mass if plain in state else mass


def _some_groups(there: tuple[int, ...]) -> Iterator[Groups]:
    """Every set of disjoint groups of those there, none left out and each once; never the empty set."""
    for size in range(1, len(there) + 1):
        for some in combinations(there, size):
            yield from partitions(some)


def _taken_in(
    there: tuple[int, ...], values: Floats, group: Group, way: WayIn, number: int, size: int
) -> tuple[tuple[int, ...], Floats]:
    """What is left there when a group comes in at a place: in others' places, or too many, all of them alike."""
    axes = [there.index(find) for find in group]
    counted: list[slice | int] = [slice(None)] * values.ndim
    extra = counted.copy()
    for axis in axes:
        counted[axis], extra[axis] = number, number + size
    mass = way.share * values[tuple(counted)] + (1 - way.share) * values[tuple(extra)]
    return tuple(find for find in there if find not in group), mass


# --- one row earlier -----------------------------------------------------------------------------------------------


def _back(state: dict[_Key, Floats], record: Record, row: int, places: _Places) -> None:
    """Everything one row earlier, in place."""
    rows = record.rows
    number = places.number[int(rows.place[row])]
    other = int(rows.other[row])
    there = places.number[other] if other >= 0 else -1
    if number < 0:
        return
    event = int(rows.event[row])
    kind = Event(int(record.columns.kind[event]))
    for key, values in state.items():
        if not values.ndim:
            continue
        if kind is Event.COUNTED:
            _count(values, int(record.columns.note[event]), (number, number + places.size), record.model)
        else:
            weights = _weights(record, row, event, kind, values.ndim)
            state[key] = _move(values, weights, number, there, places.size)


def _weights(record: Record, row: int, event: int, kind: Event, most: int) -> list[list[float]]:
    """For 0 to `most` rounds in the place: the chance that certain ones of them go and the others stay, unnoticed."""
    keep, go = float(record.rows.keep[row]), float(record.rows.go[row])
    k = int(record.columns.k[event])
    n = max(int(record.columns.n[event]), k)
    out = []
    for here in range(most + 1):
        match kind:
            case Event.MOVED if n >= here:
                # k are taken out of n, none of them twice.
                line = [_drawn(n, k, here, gone) for gone in range(here + 1)]
            case Event.TOGETHER if here:
                # A move nobody recorded takes a handful along: each round goes with it as likely as the next.
                bulk = record.model.bulk
                line = [go / bulk * bulk**gone * (1 - bulk) ** (here - gone) for gone in range(here + 1)]
                line[0] += 1 - go / bulk
            case _:
                line = [keep ** (here - gone) * go**gone for gone in range(here + 1)]
        out.append(line)
    return out


def _drawn(n: int, k: int, here: int, gone: int) -> float:
    """The chance that of `here` certain rounds among n just certain `gone` are among the k that are taken."""
    return comb(n - here, k - gone) / comb(n, k) if k >= gone else 0.0


def _move(values: Floats, weights: list[list[float]], number: int, there: int, size: int) -> Floats:
    """The chances before a move or a check: for any rounds at the place, summed over which of them go."""
    here = np.array([number, number + size])
    gone_to = np.array([there, there + size]) if there >= 0 else None
    every = np.arange(2 * size)
    out = values.copy()
    axes = range(values.ndim)
    for many in range(1, values.ndim + 1):
        # Those with more rounds here come later and overwrite what was said of fewer.
        for at_place in combinations(axes, many):
            block: Floats | float = 0.0
            for going in range(many + 1 if gone_to is not None else 1):
                weight = weights[many][going]
                if not weight:
                    continue
                for gone in combinations(at_place, going):
                    where = [
                        gone_to if axis in gone and gone_to is not None else here if axis in at_place else every
                        for axis in axes
                    ]
                    block = block + weight * values[np.ix_(*where)]
            out[np.ix_(*[here if axis in at_place else every for axis in axes])] = block
    return out


def _count(values: Floats, note: int, layers: tuple[int, int], model: Model) -> None:
    """A count, in place: one word about all the rounds that are too many there."""
    place, extra = layers
    if note < 0:
        return
    unseen = (1 - model.count_sees) / (1 - model.count_false)
    seen = model.count_sees / (model.count_false if note == 1 else TWO_FALSE)
    before = values.copy()
    for many in range(1, values.ndim + 1):
        for too_many in combinations(range(values.ndim), many):
            at_extra: list[slice | int] = [slice(None)] * values.ndim
            at_place = at_extra.copy()
            for axis in too_many:
                at_extra[axis], at_place[axis] = extra, place
            if note == 0:
                values[tuple(at_extra)] = unseen * before[tuple(at_extra)]
            elif many == note:
                values[tuple(at_extra)] = seen * before[tuple(at_place)]
            elif many > note:
                values[tuple(at_extra)] = 0.0


def _is_settled(state: dict[_Key, Floats], found: dict[Groups, float], older: float, most_noted: float) -> bool:
    """Whether everything older is too little to change the likelihood of any grouping."""
    rest: dict[Groups, float] = {}
    for (there, entered, _used), values in state.items():
        if not there:
            continue
        most = float(values.max()) * most_noted ** len(there)
        for groups in partitions(there):
            whole = tuple(sorted((*entered, *groups)))
            rest[whole] = rest.get(whole, 0.0) + most * older ** len(groups)
    return all(mass <= _NEGLIGIBLE * found.get(groups, 0.0) for groups, mass in rest.items())
