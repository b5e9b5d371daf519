"""The compiled index gives the same numbers as the one in numpy and as the one grown event by event."""

import os
import subprocess
import sys

import numpy as np
import pytest

from coldcheck.custody.trace_index import digest, holders, index_of
from coldcheck.custody.trace_recall import SparseSpread, lot_seeds, touched_by, versions_now
from coldcheck.station.lab.trace_kernels import (
    CompiledSpread,
    compiled_index_of,
    growing,
    lots_touching,
    recall,
)
from coldcheck.station.lab.trace_strands import lots_along, recall_along, strands_of
from trace_worlds import LOTS, random_world, table_of_live

pytestmark = pytest.mark.slow
WORLDS = [(seed, (0, 1, 3, 40, 200)[seed % 5]) for seed in range(60)]


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_the_compiled_index_is_the_other_one(seed: int, events: int) -> None:
    table = table_of_live(random_world(seed, events=events))
    assert digest(compiled_index_of(table)) == digest(index_of(table))


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_in_chunks_it_is_the_same(seed: int, events: int) -> None:
    table = table_of_live(random_world(seed, events=events))
    chunks = growing(table)
    for stop in range(0, events, 7):
        chunks.extend(stop)
    chunks.extend(events)
    assert digest(chunks.index()) == digest(index_of(table))


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_compiled_recalls_reach_the_same(seed: int, events: int) -> None:
    table = table_of_live(random_world(seed, events=events))
    index = index_of(table)
    for barriers in (True, False):
        bits, rounds = lots_touching(table, index, lot_seeds(table, index), barriers=barriers)
        for lot in range(LOTS):
            seeds = lot_seeds(table, index).of(lot)
            suspect = CompiledSpread(index)(seeds, barriers=barriers)
            assert np.array_equal(suspect, SparseSpread(index)(seeds, barriers=barriers))
            touched = touched_by(table, index, suspect)
            whole = recall(table, index, seeds, unit=holders(table), now=versions_now(index), barriers=barriers)
            assert np.array_equal(whole.things, touched.things)
            assert np.array_equal(whole.rounds, touched.rounds)
            ours = rounds[(bits.sum(axis=1, dtype=np.uint64) >> np.uint64(lot)) & np.uint64(1) == 1]
            assert np.array_equal(ours, touched.rounds)


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_recalls_along_strands_reach_the_same(seed: int, events: int) -> None:
    table = table_of_live(random_world(seed, events=events))
    index = index_of(table)
    seeds = lot_seeds(table, index)
    for barriers in (True, False):
        strands = strands_of(table, index, seeds, barriers=barriers)
        bits, rounds = lots_along(strands, seeds)
        for lot in range(LOTS):
            touched = touched_by(table, index, SparseSpread(index)(seeds.of(lot), barriers=barriers))
            along = recall_along(strands, seeds.of(lot))
            assert np.array_equal(along.rounds, touched.rounds)
            assert np.array_equal(along.things, touched.things)
            ours = rounds[(bits.sum(axis=1, dtype=np.uint64) >> np.uint64(lot)) & np.uint64(1) == 1]
            assert np.array_equal(ours, touched.rounds)


_STUDIO = """
import os
import subprocess
import sys

import numpy as np
from coldcheck.custody.trace_index import digest, index_of
from coldcheck.station.lab.bench_incidents import missed_of, recorded
from coldcheck.station.lab.studio_worlds import studio_world
from coldcheck.station.lab.trace_kernels import compiled_index_of

table = studio_world(events=4000)
assert digest(compiled_index_of(table)) == digest(index_of(table))
last = {}
for kind, item, start, end in zip(table.kind, table.item, table.start, table.end):
    if kind == 0:
        assert last.get(item, -1) == start, "a round starts where it lay"
        last[item] = end
told = recorded(table, missing=0.3, seed=1).table
last = {}
for kind, item, start, end in zip(told.kind, told.item, told.start, told.end):
    if kind == 0:
        assert last.get(item, -1) == start or start == -1, "after a gap a row says that it turned up"
    if kind <= 1:
        last[item] = end
assert missed_of(table, incidents=300, missing=0.0, seed=1) == 0
assert missed_of(table, incidents=300, missing=0.5, seed=1) > 0
"""


def test_a_studio_keeps_the_promises_of_the_table_and_loses_no_recorded_round() -> None:
    """Uncompiled, in a process of its own: compiling all of it takes longer than running it."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _STUDIO],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
