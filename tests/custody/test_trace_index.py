"""The index over events: rebuilt and grown it is the same, and recall over it is what a walk over sets gives."""

from dataclasses import replace

import numpy as np
import pytest

from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import Index, digest, index_of
from coldcheck.custody.trace_live import LiveIndex
from coldcheck.custody.trace_recall import SparseSpread, lot_seeds, touched_by
from trace_worlds import LOTS, random_world, slow_recall, table_of_live

WORLDS = [(seed, (0, 1, 3, 40, 200)[seed % 5]) for seed in range(60)]


def grown(live: LiveIndex) -> Index:
    return Index(**{name: np.array(getattr(live, name), dtype=np.int32) for name in Index.__slots__})


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_the_index_grown_event_by_event_is_the_index_rebuilt(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    rebuilt = index_of(table_of_live(live))
    for name in Index.__slots__:
        assert np.array_equal(getattr(rebuilt, name), getattr(grown(live), name)), name
    assert digest(rebuilt) == digest(grown(live))


def test_one_changed_number_changes_the_digest() -> None:
    index = index_of(table_of_live(random_world(4, events=200)))
    for name in Index.__slots__:
        other = getattr(index, name).copy()
        other[-1] += 1
        assert digest(replace(index, **{name: other})) != digest(index), name


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_recall_over_versions_is_recall_over_sets(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    table = table_of_live(live)
    index = index_of(table)
    spread = SparseSpread(index)
    for lot in range(LOTS):
        for barriers in (True, False):
            seeds = lot_seeds(table, index).of(lot)
            got = touched_by(table, index, spread(seeds, barriers=barriers))
            slow = slow_recall(live, lot, barriers=barriers)
            assert set(got.rounds.tolist()) == slow.rounds
            assert set(got.things.tolist()) == slow.things


def test_barriers_cut_some_recall_of_these_worlds() -> None:
    pairs = (
        (slow_recall(live, lot, barriers=True), slow_recall(live, lot, barriers=False))
        for live in (random_world(seed, events=200) for seed in range(4, 60, 5))
        for lot in range(LOTS)
    )
    assert sum(cut != whole for cut, whole in pairs) > 10


def test_an_emptied_thing_carries_nothing_on() -> None:
    live = LiveIndex()
    tray = live.add_thing(ord("c"))
    first, second = (live.add_thing(ord("r"), lot=lot) for lot in (0, 1))
    for row, (item, start, end) in enumerate(((first, -1, tray), (first, tray, -1), (second, -1, tray))):
        live.append(EventKind.PLACED, item=item, start=start, end=end, by=-1, entry=row)
    table = table_of_live(live)
    index = index_of(table)
    got = touched_by(table, index, SparseSpread(index)(lot_seeds(table, index).of(0), barriers=False))
    assert got.rounds.tolist() == [first]


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_a_hub_without_numpy_recalls_the_same(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    for lot in range(LOTS):
        for barriers_from in (0, None):
            suspect = live.spread(live.seeds_of((lot,)), barriers_from=barriers_from)
            slow = slow_recall(live, lot, barriers=barriers_from == 0)
            assert frozenset(live.rounds_under(suspect)) == slow.rounds
            assert frozenset(live.things_under(suspect)) == slow.things
