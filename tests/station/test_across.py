"""Lots reach across companies: one recall and one chain over several ledgers, each read by itself."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from coldcheck.custody import acts as a
from coldcheck.custody.phrases import read_phrase
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import RoundKind
from coldcheck.custody.trace_rings import recall_across, recall_of
from coldcheck.station.commands_ask import recall, trace
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from stores import MemoryStore

FIRST = """production "North Day" hub north-1
person ARM "Odo Kestrel" as armorer
person SUP "Di Ellis" as supplier
day 2027-01-04
08:00 ARM registers lot Lot-1: 4 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Tray-1 with 4 cells
08:00 ARM registers tray Tray-2 with 4 cells
08:01 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM
08:02 ARM receives Lot-1 from SUP in Tray-1/1-4
08:05 ARM moves Tray-1/1 to Tray-2/1
"""
SECOND = """production "South Day" hub south-1
person ARM "Lena Marrow" as armorer
day 2027-02-08
08:00 ARM registers lot Stock-9: 4 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Rack-1 with 4 cells
08:00 ARM registers tray Rack-2 with 4 cells
08:01 ARM receives Stock-9 in Rack-1/1-2
"""


@dataclass(frozen=True, kw_only=True)
class Two:
    """Two companies' ledgers. A round of the first, under its id, came into the second's rack."""

    paths: tuple[Path, Path]
    pictures: tuple[Picture, Picture]
    lot: str
    round_id: str


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    folder = tmp_path_factory.mktemp("two")
    first, second = folder / "north.ledger", folder / "south.ledger"
    one = created(first, FIRST)
    lot, tray = one.hub.picture.labels["Lot-1"], one.hub.picture.labels["Tray-2"]
    traveller = one.hub.picture.lying[tray, "1"]
    other = created(second, SECOND)
    rack = other.hub.picture.labels["Rack-1"]
    found = a.RoundFound(round_id=traveller, label="Find-1", thing=rack, cell="3", kind=RoundKind.DUMMY, fired=False)
    other.say("ARM", (found,), other.moment("2027-02-08T08:10:00Z"))
    other.say("ARM", (read_phrase("moves Rack-1/1 to Rack-2/1", other.names),), other.moment("2027-02-08T08:21:00Z"))
    for player in (one, other):
        player.hub.store.close()
    return Two(paths=(first, second), pictures=(one.hub.picture, other.hub.picture), lot=lot, round_id=traveller)


def created(path: Path, text: str) -> Player:
    player = Player(parse_scenario(text, path=path.name), create_ledger(path, meta={}))
    player.play()
    return player


def asked(command: Command, *words: str | Path) -> Result:
    told = CliRunner().invoke(command, [str(word) for word in words])
    assert told.exit_code == 0, told.exception
    return told


def test_what_came_from_one_company_is_suspect_in_the_others_record(two: Two) -> None:
    first, second = recall_across(two.pictures, two.lot)
    labels = two.pictures[1].labels
    assert second.came
    assert {labels["Rack-1"], labels["Rack-2"], two.round_id} <= set(second.closure)
    assert first == recall_of(two.pictures[0], two.lot)


def test_the_order_of_the_ledgers_changes_nothing(two: Two) -> None:
    forward, backward = recall_across(two.pictures, two.lot), recall_across(two.pictures[::-1], two.lot)
    assert forward == backward[::-1]


def test_a_record_that_shares_nothing_gets_no_ring(two: Two) -> None:
    alone = created_in_memory(SECOND)
    rings = recall_across((two.pictures[0], alone), two.lot)
    assert not rings[1].came
    assert rings[0] == recall_of(two.pictures[0], two.lot)


def created_in_memory(text: str) -> Picture:
    player = Player(parse_scenario(text, path="alone"), MemoryStore({}))
    player.play()
    return player.hub.picture


def test_one_record_twice_says_what_it_says_once(two: Two) -> None:
    """Every thing is known to both: what is suspect is not taken from its first entry on because the other knows it too."""
    once = recall_of(two.pictures[0], two.lot)
    assert recall_across((two.pictures[0], two.pictures[0]), two.lot) == (once, once)


def test_recall_over_two_ledgers_names_each_thing_under_its_ledger(two: Two) -> None:
    words = ("Lot-1", "--ledger", two.paths[0], "--ledger", two.paths[1])
    told = asked(recall, *words).output
    assert "north.ledger (as of entry" in told
    assert "Rack-2" in told.split("south.ledger")[1]
    assert "Rack-2" not in told.split("south.ledger")[0]
    shape = json.loads(asked(recall, *words, "--json").output)
    assert [each["ledger"] for each in shape["ledgers"]] == ["north.ledger", "south.ledger"]
    every = [item["item"] for ring in shape["rings"].values() for item in ring]
    assert len(every) == len(set(every))
    known = {item["item"]: item["known_as"] for ring in shape["rings"].values() for item in ring}
    assert [each["ledger"] for each in known[two.round_id]] == ["north.ledger", "south.ledger"]


def test_trace_over_two_ledgers_gives_the_chain_of_each(two: Two) -> None:
    words = ("Find-1", "--ledger", two.paths[0], "--ledger", two.paths[1])
    told = asked(trace, *words).output
    assert "received" in told.split("south.ledger:")[0]
    assert "GAP" in told.split("south.ledger:")[1]
    shape = json.loads(asked(trace, *words, "--json").output)
    assert shape["item"] == two.round_id
    assert [each["items"][0]["ends_at"] for each in shape["ledgers"]] == ["receipt", "gap"]


def test_a_round_that_only_one_ledger_knows_is_asked_of_its_lot_in_the_other(two: Two, tmp_path: Path) -> None:
    third = created(tmp_path / "third.ledger", THIRD)
    lot = a.LotRegistered(
        lot=two.lot, label="N-1", calibre=".45", kind=RoundKind.DUMMY, count=4, tests=("rattle",), strong=(), parents=()
    )
    third.say("ARM", (lot,), third.moment("2027-03-01T08:10:00Z"))
    third.hub.store.close()
    told = asked(trace, "Tray-1/2", "--ledger", two.paths[0], "--ledger", tmp_path / "third.ledger").output
    assert "third.ledger: knows its lot N-1 (dummy, 4 rounds said)" in told


THIRD = """production "Third Day" hub third-1
person ARM "Joss Tiller" as armorer
day 2027-03-01
08:00 ARM registers tray Shelf-1 with 4 cells
"""


def test_no_figure_and_no_rank_of_a_person_comes_with_several_ledgers(two: Two) -> None:
    people = {person for picture in two.pictures for person in picture.persons} | {"ARM", "SUP"}
    shape = json.loads(asked(recall, "Lot-1", "--ledger", two.paths[0], "--ledger", two.paths[1], "--json").output)
    assert not people & {str(value) for value in leaves(shape)}


def leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


def test_an_entry_and_a_picture_are_of_one_ledger(two: Two) -> None:
    told = CliRunner().invoke(recall, ["Lot-1", "-l", str(two.paths[0]), "-l", str(two.paths[1]), "--at", "3"])
    assert told.exit_code == 2
    assert "of one ledger" in told.output
