import ast
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner

from coldcheck.custody.origin_columns import Source
from coldcheck.custody.trace_events import COLUMNS, NONE, PARCEL, PERSON, EventKind
from coldcheck.custody.trace_index import index_of
from coldcheck.station.lab import sim_blind, sim_blind_days, sim_blind_find
from coldcheck.station.lab.commands_sim import sim
from coldcheck.station.lab.sim_blind import WAYS
from coldcheck.station.lab.sim_blind_find import BlindWorld, blind_world, production
from coldcheck.station.lab.sim_blind_truth import NO_WINDOW, blind_as_world
from coldcheck.station.lab.sim_files import read_record, write_world

EVENTS = 600
WORLDS = 24


@pytest.fixture(scope="module")
def worlds() -> tuple[BlindWorld, ...]:
    return tuple(blind_world(seed, events=EVENTS) for seed in range(WORLDS))


def test_a_seed_gives_the_same_world_again_and_another_seed_another(worlds: tuple[BlindWorld, ...]) -> None:
    assert blind_world(3, events=EVENTS) == worlds[3]
    assert worlds[3] != worlds[4]
    assert worlds[3] != "a world"


def test_it_knows_nothing_of_how_origins_are_reckoned_nor_of_the_other_simulators() -> None:
    for module in (sim_blind, sim_blind_days, sim_blind_find):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {name for name in imported if name.startswith("coldcheck")}
        assert ours <= {
            "coldcheck.custody.trace_events",
            "coldcheck.custody.trace_index",
            "coldcheck.station.lab.sim_blind",
            "coldcheck.station.lab.sim_blind_days",
        }


def test_every_record_is_one_that_the_index_takes(worlds: tuple[BlindWorld, ...]) -> None:
    for world in worlds:
        table = world.table
        for name, code in COLUMNS.items():
            assert getattr(table, name).dtype == np.dtype(code), name
        assert len(index_of(table).row) > 0
        known = {*EventKind, sim_blind.ONE_TESTED}
        assert set(table.kind.tolist()) <= {int(kind) for kind in known}
        assert np.all(np.diff(table.entry_at_s) >= 0)
        assert max(table.item.max(), table.start.max(), table.end.max(), table.by.max()) < len(table.letter)


def test_a_parcel_never_leaves_the_thing_it_came_into(worlds: tuple[BlindWorld, ...]) -> None:
    for world in worlds:
        table = world.table
        moved = table.kind == EventKind.PLACED
        into = np.where(table.end[moved] >= 0, table.end[moved], table.start[moved])
        assert np.all(table.letter[table.item[moved]] == PARCEL)
        assert np.array_equal(table.inside[table.item[moved]], into)


def test_the_record_ends_before_the_find_and_the_way_in_lies_before_that(worlds: tuple[BlindWorld, ...]) -> None:
    for world in worlds:
        assert 0 <= world.truth.row < len(world.table.kind)
        assert world.table.entry_at_s[-1] <= world.found[1]
        assert chr(world.table.letter[world.found[0]]) in "cg"


def test_only_what_a_person_brought_in_names_one(worlds: tuple[BlindWorld, ...]) -> None:
    for world in worlds:
        named = world.truth.source in {"mixed", "outside"}
        assert named == (world.truth.who_had_it != NONE)
        if named:
            assert world.table.letter[world.truth.who_had_it] == PERSON


def test_all_four_sources_happen_among_the_first_worlds(worlds: tuple[BlindWorld, ...]) -> None:
    assert {world.truth.source for world in worlds} == {"as_received", "mixed", "outside", "unrecorded"}


def test_a_delivery_that_nobody_wrote_down_was_not_received() -> None:
    found = {
        (occasion.row, sim_blind_find._source(story, occasion))
        for story in (production(Random(seed), events=2 * EVENTS) for seed in range(12))
        for occasion in story.occasions
        if occasion.way == "supplier" and story.happened[occasion.happening].row == NONE
    }
    assert found
    assert {source for _, source in found} == {"unrecorded"}


def test_every_way_in_has_its_occasions_and_the_book_is_sometimes_wrong() -> None:
    stories = [production(Random(seed), events=2 * EVENTS) for seed in range(4)]
    assert {occasion.way for story in stories for occasion in story.occasions} == set(WAYS)
    for story in stories:
        assert min(story.has) >= 0
        assert story.has != story.book
        assert any(step.row == NONE for step in story.happened)


def test_a_count_made_while_one_too_many_lay_there_says_one_more() -> None:
    story = production(Random(1), events=EVENTS)
    at_s = np.array([row[6] for row in story.rows], np.int64)
    counted = next(step for step in story.happened if step.what == "count")
    plain = sim_blind_find._table(story, story.rows, at_s, one_more=frozenset())
    more = sim_blind_find._table(story, story.rows, at_s, one_more=frozenset({counted.row}))
    assert more.count[counted.row] == plain.count[counted.row] + 1
    assert int(np.sum(more.count != plain.count)) == 1


def test_the_true_window_holds_the_moment_the_round_came_in() -> None:
    for seed in range(WORLDS):
        world, blind = blind_as_world(seed, events=EVENTS), blind_world(seed, events=EVENTS)
        window, windows, columns = world.truth.window, world.windows, world.read.columns
        assert window != NO_WINDOW
        first, after = int(windows.first[window]), int(windows.event[window])
        assert columns.entry[first] <= blind.truth.row
        if first != after:
            until = int(columns.entry[after]) if after < columns.size else len(world.table.kind)
            assert blind.truth.row < until
        if world.truth.source is Source.AS_RECEIVED:
            assert windows.source[window] == Source.AS_RECEIVED
        assert world.truth.day == blind.truth.day


def test_its_worlds_are_written_and_read_back_with_what_the_record_knows(tmp_path: Path) -> None:
    world = blind_as_world(2, events=EVENTS)
    record, truth = write_world(world, tmp_path)
    told = json.loads(truth.read_text(encoding="utf-8"))
    assert told["source"] == world.truth.source.name.lower()
    read = read_record(tmp_path, 2)
    assert read.known == world.known
    assert read.known.worn
    assert dict(read.known.lot_source)
    with np.load(record, allow_pickle=False) as stored:
        assert not set(stored) & {"source", "window", "swapped", "truth", "seed", "way"}


def test_with_everything_written_down_no_happening_is_missing_from_the_book() -> None:
    story = production(Random(3), events=EVENTS, complete=True)
    assert all(step.row != NONE for step in story.happened)


def test_sim_write_makes_its_worlds_and_takes_one_simulator_at_a_time(tmp_path: Path) -> None:
    done = CliRunner().invoke(sim, ["write", str(tmp_path), "--events", "600", "--blind", "--json"])
    assert done.exit_code == 0
    assert (tmp_path / "truth" / "world-0.json").exists()
    for other in (["--second"], ["--ledger"], ["--trouble", "missing_scans"]):
        assert CliRunner().invoke(sim, ["write", str(tmp_path), "--blind", *other]).exit_code == 2
