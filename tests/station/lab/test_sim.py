"""Simulated worlds: the same from a seed, the truth apart, and the same columns by way of a real ledger."""

import ast
import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from coldcheck.custody.origin_columns import Columns, windows_of
from coldcheck.custody.origin_ledger import read_picture
from coldcheck.custody.origin_record import TESTED, read_events
from coldcheck.custody.trace_events import EventKind
from coldcheck.station.lab import sim_second
from coldcheck.station.lab.commands_sim import TROUBLE_NAMES, sim
from coldcheck.station.lab.sim import PEOPLE, PERSON, TROUBLES, Step, as_entered, sim_two, sim_world, table_of
from coldcheck.station.lab.sim_files import NoWorld, read_record, write_world
from coldcheck.station.lab.sim_ledger import FIND, ledger_of
from coldcheck.station.lab.sim_second_truth import second_world

EVENTS = 300


def same(one: Columns, other: Columns, *, but: frozenset[str] = frozenset()) -> bool:
    names = {each.name for each in fields(Columns)} - but - {"containers", "stock", "ends_at"}
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_twenty_worlds_by_way_of_a_real_ledger_give_the_same_columns(seed: int, tmp_path: Path) -> None:
    world = sim_world(seed, EVENTS)
    picture = ledger_of(world, tmp_path / "sim.ledger")
    told = read_picture(picture, before_entry=picture.kinds_found[FIND][1])
    ours, theirs = world.read.columns, told.read.columns
    assert same(ours, theirs, but=frozenset({"at", "who", "entry"}))
    assert np.array_equal(ours.at - ours.at[0], theirs.at - theirs.at[0])
    assert ours.ends_at - ours.at[0] == theirs.ends_at - theirs.at[0]
    assert ours.stock == theirs.stock
    labels = {picture.labels[f"P{number}"]: PERSON + number for number in range(PEOPLE)}
    people = [labels[told.ids[who]] if who >= 0 else who for who in theirs.who.tolist()]
    assert people == ours.who.tolist()


def test_a_seed_gives_the_same_world_and_another_one_another() -> None:
    assert same(sim_world(4, EVENTS).read.columns, sim_world(4, EVENTS).read.columns)
    assert not same(sim_world(4, EVENTS).read.columns, sim_world(5, EVENTS).read.columns)
    assert second_world(4, days=6).truth == second_world(4, days=6).truth


@pytest.mark.parametrize("seed", range(12))
def test_the_true_window_is_one_of_the_record_and_begins_before_the_find(seed: int) -> None:
    for world in (sim_world(seed, EVENTS), second_world(seed, days=6), sim_two(seed, EVENTS).world):
        windows = windows_of(world.read.columns)
        assert windows.source[world.truth.window] == world.truth.source
        assert windows.first[world.truth.window] < world.find.event


def test_record_and_truth_are_two_files_and_the_record_reads_back(tmp_path: Path) -> None:
    world = sim_world(3, EVENTS)
    record, truth = write_world(world, tmp_path)
    truth.unlink()
    read = read_record(tmp_path, 3)
    again = read_events(read.table, read.known, ends_at_s=read.found_at_s)
    assert same(again.columns, world.read.columns)
    assert again.things.index(read.found_in) == world.find.chances[0][0]
    with np.load(record, allow_pickle=False) as stored:
        assert not set(stored) & {"source", "window", "swapped", "truth", "seed"}
    with pytest.raises(NoWorld):
        read_record(tmp_path, 4)


def test_sim_write_says_where_it_put_things_and_protocol_names_every_check(tmp_path: Path) -> None:
    done = CliRunner().invoke(sim, ["write", str(tmp_path), "--events", "300", "--n", "2", "--json"])
    assert done.exit_code == 0
    assert [each["seed"] for each in json.loads(done.output)] == [0, 1]
    told = CliRunner().invoke(sim, ["protocol", "--events", "300", "--n", "2", "--json"])
    assert {each["left_out"] for each in json.loads(told.output)} == {
        "", "tray_check", "each_tested", "gun_check", "count", "stock_count",
    }  # fmt: skip
    both = CliRunner().invoke(sim, ["write", str(tmp_path), "--second", "--ledger"])
    assert both.exit_code == 2


@pytest.mark.parametrize("trouble", [name for name in TROUBLES if name != "none"])
def test_a_trouble_changes_the_worlds_it_is_about_and_keeps_the_record_in_order(trouble: str) -> None:
    changed = 0
    for seed in range(8):
        world, plain = sim_world(seed, 400, TROUBLES[trouble]), sim_world(seed, 400)
        assert (np.diff(world.table.entry_at_s) >= 0).all()
        assert world.truth.window < len(world.windows.place)
        changed += world.truth != plain.truth or not np.array_equal(world.table.item, plain.table.item)
    assert changed


def test_a_late_entry_stands_after_what_was_entered_in_time() -> None:
    def step(at: int, late: int = 0) -> Step:
        return Step(kind=EventKind.COUNTED, item=-1, start=-1, end=0, by=PERSON, count=1, at=at, late=late)

    steps = [step(1, late=2), step(2), step(3), step(4)]
    assert as_entered(steps) == [1, 2, 0, 3]
    assert table_of(steps).entry_at_s.tolist() == [120, 180, 180, 240]


def test_help_names_every_trouble() -> None:
    assert tuple(TROUBLES) == TROUBLE_NAMES


def test_the_second_simulator_knows_the_form_of_a_record_and_nothing_of_the_analysis() -> None:
    tree = ast.parse(Path(sim_second.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    ours = {module for module in modules if module.startswith("coldcheck")}
    assert ours == {"coldcheck.custody.trace_events", "coldcheck.custody.trace_index"}
    assert TESTED == sim_second.TESTED
