"""Several finds at once against plain enumeration of all their paths together; and against the sum for two."""

from collections.abc import Iterator
from itertools import combinations, product
from math import comb
from random import Random

import pytest

from coldcheck.custody.origin import Find, Model
from coldcheck.custody.origin_columns import Columns, Event, Source
from coldcheck.custody.origin_findings import groups_of
from coldcheck.custody.origin_joint import Groups, fits, grouping_likelihoods, grouping_shares, partitions
from coldcheck.custody.origin_pairs import TWO_FALSE, pair_figures
from coldcheck.custody.origin_posterior import UNSEEN_HOURS, Record, record_of
from origin_worlds import PLACES, box_to_tray, columns_from, random_rows

MODEL = Model()
State = tuple[int, int]
"""Where a round lies, and whether it is one too many."""
States = tuple[State | None, ...]


def outcomes(columns: Columns, event: int, states: States) -> Iterator[tuple[float, States]]:
    """Every way one event can go for rounds that are there, each with its chance or its ratio."""
    place, kind, note = int(columns.a[event]), Event(int(columns.kind[event])), int(columns.note[event])
    k = int(columns.k[event])
    n = max(int(columns.n[event]), k)
    here = [number for number, state in enumerate(states) if state is not None and state[0] == place]
    match kind:
        case Event.MOVED | Event.TOGETHER if here:
            for size in range(len(here) + 1):
                for gone in combinations(here, size):
                    yield (
                        _chance(kind, k, n, len(here), size),
                        tuple(
                            (int(columns.b[event]), state[1]) if state is not None and number in gone else state
                            for number, state in enumerate(states)
                        ),
                    )
        case Event.CHECKED:
            yield (1 - (1 - MODEL.miss[note]) * k / max(n, 1)) ** len(here), states
        case Event.PULLED:
            yield (1 - MODEL.hit) ** len(here), states
        case Event.COUNTED:
            yield from _counted(states, here, note)
        case _:
            yield 1.0, states


def _chance(kind: Event, k: int, n: int, here: int, gone: int) -> float:
    if kind is Event.TOGETHER:
        handful = MODEL.leak / MODEL.bulk
        goes = handful * MODEL.bulk**gone * (1 - MODEL.bulk) ** (here - gone)
        return goes + (1 - handful if not gone else 0.0)
    if here > n:
        return (k / n) ** gone * (1 - k / n) ** (here - gone)
    return comb(n - here, k - gone) / comb(n, k) if k >= gone else 0.0


def _counted(states: States, here: list[int], note: int) -> Iterator[tuple[float, States]]:
    extra = [number for number in here if (state := states[number]) is not None and state[1]]
    plain = tuple(
        (state[0], 0) if state is not None and number in extra else state for number, state in enumerate(states)
    )
    if not extra or note < 0 or len(extra) < note:
        yield 1.0, states
    elif note == 0:
        yield (1 - MODEL.count_sees) / (1 - MODEL.count_false), states
    elif len(extra) == note:
        yield MODEL.count_sees / (MODEL.count_false if note == 1 else TWO_FALSE), plain


def found(columns: Columns, starts: list[int], begin: list[State], ends: tuple[int, ...]) -> float:
    """The chance that every round lies at its end, each there from its own event on."""

    def on(event: int, states: States) -> float:
        states = tuple(begin[number] if starts[number] == event else state for number, state in enumerate(states))
        if event == columns.size:
            return float(all(state is not None and state[0] == end for state, end in zip(states, ends, strict=True)))
        return sum(chance * on(event + 1, then) for chance, then in outcomes(columns, event, states) if chance)

    return on(0, (None,) * len(ends))


def enumerated(record: Record, ends: tuple[int, ...]) -> dict[Groups, float]:
    """The likelihood of every grouping, way in by way in and path by path."""
    windows, columns = record.windows, record.columns
    whole = float(record.rate.sum()) + MODEL.rates[Source.UNRECORDED] * UNSEEN_HOURS
    layers = [((0, float(record.share[w])), (1, 1 - float(record.share[w]))) for w in range(record.size)]
    out = {}
    for groups in partitions(tuple(range(len(ends)))):
        mass = 0.0
        for chosen in product(range(record.size), repeat=len(groups)):
            for way in product(*(layers[window] for window in chosen)):
                starts, begin, chance = [0] * len(ends), [(0, 0)] * len(ends), 1.0
                for group, window, (layer, share) in zip(groups, chosen, way, strict=True):
                    chance *= share * float(record.rate[window])
                    for find in group:
                        starts[find] = int(windows.event[window])
                        begin[find] = (int(windows.place[window]), layer)
                if chance:
                    mass += chance * found(columns, starts, begin, ends)
        out[groups] = mass / whole ** len(groups)
    return out


@pytest.mark.parametrize("seed", range(16))
def test_three_finds_have_exactly_the_sum_over_all_their_paths(seed: int) -> None:
    chance = Random(f"three/{seed}")
    rows = [row for row in random_rows(chance, chance.randint(2, 5)) if row[0] != Event.OPENED][:4]
    record = record_of(columns_from(rows), MODEL)
    ends = tuple(chance.choice((0, 0, 1, 2)) for _ in range(3))
    finds = [Find(event=record.columns.size, chances=((place, 1.0),)) for place in ends]
    told, wanted = grouping_likelihoods(record, finds), enumerated(record, ends)
    assert set(told) == set(wanted)
    for groups, value in wanted.items():
        assert told[groups] == pytest.approx(value, rel=1e-9, abs=1e-18), groups


@pytest.mark.parametrize("seed", range(40))
def test_for_two_finds_it_is_the_sum_over_pairs(seed: int) -> None:
    """Stock counted once for two openings among them: those of `test_origin_pairs`."""
    chance = Random(f"pairs/{seed}")
    record = record_of(columns_from(random_rows(chance, chance.randint(2, 7))), MODEL)
    finds = [Find(event=record.columns.size, chances=((chance.randrange(PLACES), 1.0),)) for _ in range(2)]
    pair, told = pair_figures(record, *finds), grouping_likelihoods(record, finds)
    assert told[(0, 1),] == pytest.approx(pair.together, rel=1e-9, abs=1e-18)
    assert told[(0,), (1,)] == pytest.approx(pair.apart, rel=1e-9, abs=1e-18)
    if pair.together + pair.apart:
        shares = grouping_shares(told, together=0.3)
        assert shares[(0, 1),] == pytest.approx(pair.share_together(0.3))


def test_one_word_of_a_count_is_used_once_for_all_of_them() -> None:
    """A box counted as said, with three rounds too many in it: one miss, where three by themselves would be three."""
    held = (Event.HELD, 0, -1, 0, 0, 0, 2, 0)
    counted = (Event.COUNTED, 0, -1, 0, 0, 0, -1, 0)
    finds = [Find(event=3, chances=((0, 1.0),))] * 3
    with_count = grouping_likelihoods(record_of(columns_from([held, counted, held]), MODEL), finds)
    without = grouping_likelihoods(record_of(columns_from([held, (*counted[:7], -1), held]), MODEL), finds)
    ratio = (1 - MODEL.count_sees) / (1 - MODEL.count_false)
    together = ((0, 1, 2),)
    assert 1 > with_count[together] / without[together] > ratio > ratio**3


def test_the_order_in_which_finds_are_named_changes_nothing() -> None:
    record = record_of(columns_from(box_to_tray()), MODEL)
    finds = [Find(event=record.columns.size, chances=((place, 1.0),)) for place in (0, 1, 1, 2)]
    told, turned = grouping_likelihoods(record, finds), grouping_likelihoods(record, finds[::-1])
    for groups, value in told.items():
        same = tuple(sorted(tuple(sorted(3 - find for find in group)) for group in groups))
        assert turned[same] == pytest.approx(value)


def test_finds_made_one_after_the_other_are_grouped_too() -> None:
    columns = columns_from(box_to_tray())
    record = record_of(columns, MODEL)
    finds = [Find(event=event, chances=((1, 1.0),)) for event in (columns.size - 1, columns.size)]
    told = grouping_likelihoods(record, finds)
    pair = pair_figures(record, *finds)
    assert told[(0, 1),] == pytest.approx(pair.together)
    assert told[(0,), (1,)] > 0


def test_a_record_of_too_many_places_says_that_only_pairs_were_summed() -> None:
    rows: list[tuple[int, ...]] = [(Event.RECEIVED, 0, -1, 10, 0, 0, 2, Source.AS_RECEIVED)]
    rows += [(Event.MOVED, number, number + 1, 1, 2, 0, -1, 0) for number in range(60)]
    record = record_of(columns_from(rows, places=61), MODEL)
    finds = [Find(event=record.columns.size, chances=((60, 1.0),))] * 4
    assert not fits(record, finds)
    assert not groups_of(record, finds, together=0.5).exact
    assert groups_of(record, finds[:2], together=0.5).exact
