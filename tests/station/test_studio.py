"""`coldcheck studio`: several companies' records in one folder, asked across, and an index that can be thrown away."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coldcheck.custody import acts as a
from coldcheck.custody.phrases import read_phrase
from coldcheck.custody.things import RoundKind
from coldcheck.station.cli import coldcheck
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.bench_trace_peers import own_postgres
from coldcheck.station.ledger_files import new_ledger
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.studio.folder import INDEX, LOGS, STAMP
from coldcheck.station.studio.server import POSTGRES
from coldcheck.station.verify import verify_path

NORTH = """production "North Day" hub north-1
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
SOUTH = """production "South Day" hub south-1
person ARM "Lena Marrow" as armorer
day 2027-02-08
08:00 ARM registers lot Stock-9: 4 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Rack-1 with 4 cells
08:00 ARM registers tray Rack-2 with 4 cells
08:01 ARM receives Stock-9 in Rack-1/1-2
"""


class Companies:
    """Two ledgers. A round of the first, under its id, turned up in the second's rack; `early` is an older copy of that."""

    def __init__(self, folder: Path) -> None:
        self.north, self.south, self.early = (folder / f"{name}.ledger" for name in ("north", "south", "early"))
        one = self._begun(self.north, NORTH)
        self.traveller = one.hub.picture.lying[one.hub.picture.labels["Tray-2"], "1"]
        one.hub.store.close()
        for path, goes_on in ((self.early, False), (self.south, True)):
            other = self._begun(path, SOUTH)
            rack = other.hub.picture.labels["Rack-1"]
            found = a.RoundFound(
                round_id=self.traveller, label="Find-1", thing=rack, cell="3", kind=RoundKind.DUMMY, fired=False
            )
            other.say("ARM", (found,), other.moment("2027-02-08T08:10:00Z"))
            if goes_on:
                moved = read_phrase("moves Rack-1/1 to Rack-2/1", other.names)
                other.say("ARM", (moved,), other.moment("2027-02-08T08:21:00Z"))
            other.hub.store.close()

    @staticmethod
    def _begun(path: Path, text: str) -> Player:
        scenario = parse_scenario(text, path="made")
        player = Player(scenario, new_ledger(path, scenario))
        player.play()
        return player


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Companies:
    return Companies(tmp_path_factory.mktemp("companies"))


@pytest.fixture(scope="module")
def whole(companies: Companies) -> Path:
    place = companies.north.with_name("whole")
    asked("keep", place, companies.north, companies.south)
    return place


@pytest.fixture
def folder(tmp_path: Path, whole: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(whole, tmp_path / "studio"))


def told(*words: str | Path) -> Result:
    return CliRunner().invoke(coldcheck, ["studio", *map(str, words)])


def asked(*words: str | Path) -> Result:
    result = told(*words)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result


def shape(*words: str | Path) -> dict[str, object]:
    read: dict[str, object] = json.loads(asked(*words, "--json").output)
    return read


def why_not(*words: str | Path) -> str:
    result = told(*words)
    assert result.exit_code != 0
    return f"{result.exception}" + result.output


def test_a_recall_reaches_from_one_company_into_the_other(folder: Path) -> None:
    text = asked("recall", "Lot-1", folder).output
    assert "Rack-1" in text
    assert "Rack-2" in text
    assert "no order is assumed between two ledgers" in text


def test_a_trace_goes_through_both_records_and_cites_each_entry_by_its_log(folder: Path, companies: Companies) -> None:
    found = shape("trace", companies.traveller, folder)
    stays = found["stays"]
    assert isinstance(stays, list)
    assert stays[0]["where"] == "Rack-1/3"
    assert stays[0]["from"].startswith("south-1/")
    assert stays[0]["joins"] is False
    assert found["begins"] == "turned_up"
    assert "no entry says how it came there" in asked("trace", companies.traveller, folder).output
    (ledgers,) = (found["ledgers"],)
    assert isinstance(ledgers, list)
    assert len(ledgers) == 2


def test_the_index_built_from_nothing_but_the_logs_is_the_one_that_was_kept(folder: Path) -> None:
    kept = shape("show", folder)["digest"]
    assert shape("rebuild", folder, "--check")["digest"] == kept
    for name in (INDEX, STAMP):
        (folder / name).unlink()
    assert "coldcheck studio rebuild" in why_not("show", folder)
    again = shape("rebuild", folder)
    assert again["digest"] == kept
    assert again["same"] is None
    assert shape("show", folder)["digest"] == kept


def test_taken_in_one_after_the_other_in_any_order_it_is_the_same_index(
    folder: Path, tmp_path: Path, companies: Companies
) -> None:
    other = tmp_path / "other"
    asked("keep", other, companies.early)
    asked("keep", other, companies.south)
    assert shape("keep", other, companies.north)["digest"] == shape("show", folder)["digest"]


def test_an_older_copy_changes_nothing(folder: Path, companies: Companies) -> None:
    before = shape("show", folder)
    taken = shape("keep", folder, companies.early)["taken"]
    assert isinstance(taken, list)
    assert taken[0]["new"] == 0
    assert shape("show", folder) == before


def test_an_export_and_a_ledger_of_one_log_are_one(tmp_path: Path, folder: Path, companies: Companies) -> None:
    store = read_ledger(companies.south)
    export_tiles(store, tmp_path / "tiles")
    store.close()
    other = tmp_path / "other"
    asked("keep", other, tmp_path / "tiles", companies.north)
    assert shape("show", other)["digest"] == shape("show", folder)["digest"]
    taken = shape("keep", other, companies.south)["taken"]
    assert isinstance(taken, list)
    assert taken[0]["new"] == 0


def test_every_log_in_the_folder_verifies_by_itself(folder: Path) -> None:
    places = list((folder / LOGS).iterdir())
    assert len(places) == 2
    assert all(verify_path(place, vkey=None).ok for place in places)


def test_a_record_that_does_not_verify_is_not_taken_in(tmp_path: Path, folder: Path, companies: Companies) -> None:
    content = bytearray(companies.north.read_bytes())
    at = content.rfind(b"Tray-2")
    content[at : at + 6] = b"Tray-9"
    (tmp_path / "forged.ledger").write_bytes(content)
    before = shape("show", folder)
    assert "nothing of it is taken in" in why_not("keep", folder, tmp_path / "forged.ledger")
    assert shape("show", folder) == before


@pytest.mark.parametrize("acts", [1, 10])
def test_another_history_of_a_log_is_refused(tmp_path: Path, folder: Path, acts: int) -> None:
    """Shorter or longer than the one that is here."""
    scenario = parse_scenario(SOUTH, path="made")
    other = Player(scenario, new_ledger(tmp_path / "other.ledger", scenario))
    other.play()
    for minute in range(acts):
        other.say("ARM", (read_phrase("picks up Rack-2", other.names),), other.moment(f"2027-02-08T09:0{minute}:00Z"))
    other.hub.store.close()
    before = shape("show", folder)
    assert "another history" in why_not("keep", folder, tmp_path / "other.ledger")
    assert shape("show", folder) == before


def test_a_changed_byte_in_a_kept_log_is_found_by_the_rebuild(folder: Path) -> None:
    tile = next(path for path in (folder / LOGS).rglob("entries/*") if path.is_dir())
    file = next(path for path in tile.iterdir())
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert "does not verify any more" in why_not("rebuild", folder, "--check")


@pytest.mark.parametrize("name", [INDEX, STAMP])
def test_a_damaged_cache_is_no_answer_and_says_how_to_build_it_anew(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 255
    (folder / name).write_bytes(content)
    assert "coldcheck studio rebuild" in why_not("access", "Tray-1", folder)
    assert told("rebuild", folder, "--check").exit_code == 1
    asked("rebuild", folder)
    asked("access", "Tray-1", folder)


def test_access_names_people_in_neutral_order_with_entries_of_their_log(folder: Path) -> None:
    rows = shape("access", "Tray-1", folder)["access"]
    assert isinstance(rows, list)
    assert [row["who"] for row in rows] == sorted(row["who"] for row in rows)
    assert all("#" in row["from"] for row in rows)


def test_an_empty_folder_and_an_unknown_thing_are_one_sentence_each(tmp_path: Path, folder: Path) -> None:
    assert "coldcheck studio keep" in why_not("show", tmp_path)
    assert "nothing in these records" in why_not("access", "Tray-77", folder)
    assert "nearest known label" in why_not("recall", "Lot-7", folder)
    assert "Name at least one" in why_not("keep", folder)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with own_postgres() as socket:
        yield f"host={socket} user=postgres dbname=postgres"


@pytest.mark.slow
def test_with_a_server_the_tables_hold_the_same_index_and_answer_the_same(
    folder: Path, server: str, companies: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_files = asked("access", "Tray-1", folder).output
    monkeypatch.setenv(POSTGRES, server)
    assert "studio rebuild" in why_not("show", folder)
    assert told("rebuild", folder, "--check").exit_code == 1
    asked("rebuild", folder)
    assert shape("rebuild", folder, "--check")["same"] is True
    assert asked("access", "Tray-1", folder).output == by_files
    other = folder.with_name("other")
    asked("keep", other, companies.early)
    assert "not of the logs" in why_not("show", folder)


def test_a_server_that_is_not_there_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(POSTGRES, f"host={folder} dbname=none password=secret")
    said = why_not("show", folder)
    assert POSTGRES in said
    assert "secret" not in said
