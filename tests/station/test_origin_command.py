"""`origin` and `ask` as people use them: figures where the record carries them, sentences where it does not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coldcheck.custody import wording
from coldcheck.custody.answers import ORIGIN
from coldcheck.station.commands_ask import ask
from coldcheck.station.commands_origin import NoSuchFinding, NotAFind, origin
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.store_sqlite import create_ledger

SCENARIOS = Path(__file__).parent.parent / "scenarios"
NO_GUN = """production "Small Day" hub small-1
person ARM "Odo Kestrel" as armorer
person PM "Lena Marrow" as property_master
day 2027-01-04
08:00 ARM registers place Yard as set
08:01 ARM registers box Box-1
08:02 ARM picks up Box-1
08:05 PM finds R-1 in Yard: live
"""


@pytest.fixture(scope="module")
def copper_creek(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("origin") / "cc.ledger"
    store = create_ledger(path, meta={})
    Player(read_scenario(SCENARIOS / "copper_creek_recorded.txt"), store).play()
    store.close()
    return path


def asked(*words: str | Path) -> Result:
    return CliRunner().invoke(origin, [str(word) for word in words])


def test_origin_prints_every_kind_with_its_range_and_its_deciding_record(copper_creek: Path) -> None:
    told = asked("Find-2", "--ledger", copper_creek).output
    for name in ("H1", "H2", "H3", "H4", "H5", "H6", "H7", "W1", "W2"):
        assert f"    {name} " in told
    assert told.count("would decide it:") == 9
    assert "posterior" in told
    assert "had access, in no order" in told
    assert f"hold 90 % of it,\n    {wording.SET_HELD}" in told


def test_origin_as_json_has_the_fields_others_rely_on(copper_creek: Path) -> None:
    told = json.loads(asked("Find-2", "--ledger", copper_creek, "--json").output)
    assert told["basis"] == "record"
    assert {"id", "kind", "likelihood", "prior", "posterior", "posterior_range", "entries"} <= set(
        told["hypotheses"][0]
    )
    low, high = told["hypotheses"][0]["posterior_range"]
    assert low <= told["hypotheses"][0]["posterior"] <= high
    assert told["set"]["share"] == 0.9
    measured = json.loads(Path("bench/results/blind.json").read_text(encoding="utf-8"))
    assert told["set"]["held_elsewhere"] == {
        "with_holes": round(measured["blind_coverage90"], 2),
        "all_written": round(measured["blind_all_written_coverage90"], 2),
    }
    assert told["next_tests"]


def test_a_kind_without_a_way_in_has_no_number_at_all(copper_creek: Path) -> None:
    told = json.loads(asked("Find-2", "--ledger", copper_creek, "--json").output)
    for story in told["hypotheses"]:
        if story["has_a_way_in"] is False:
            assert story["likelihood"] is None
            assert story["posterior"] is None


def test_what_a_find_shows_moves_the_answer_and_nonsense_is_refused(copper_creek: Path) -> None:
    plain = json.loads(asked("Find-2", "--ledger", copper_creek, "--json").output)
    shown = json.loads(asked("Find-2", "--ledger", copper_creek, "--shows", "headstamp=as_the_lot", "--json").output)
    assert plain["hypotheses"] != shown["hypotheses"]
    assert isinstance(asked("Find-2", "--ledger", copper_creek, "--shows", "headstamp=shiny").exception, NoSuchFinding)


def test_two_finds_are_asked_whether_they_came_in_together(copper_creek: Path) -> None:
    told = json.loads(asked("Find-1", "--with", "Find-2", "--ledger", copper_creek, "--json").output)["together"]
    assert sum(each["share"] for each in told["groupings"]) == pytest.approx(1.0)
    assert sorted(map(len, (each["groups"] for each in told["groupings"]))) == [1, 2]


def test_ask_fills_the_likelihoods_of_its_hypotheses(copper_creek: Path) -> None:
    told = json.loads(CliRunner().invoke(ask, [ORIGIN, "--ledger", str(copper_creek), "--json"]).output)
    assert any(story["likelihood"] == 1.0 for story in told["hypotheses"])
    assert "H7" in {story["id"] for story in told["hypotheses"]}
    assert len(told["finds"]) == 2


def test_a_find_in_no_gun_and_no_box_says_what_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "small.ledger"
    store = create_ledger(path, meta={})
    Player(parse_scenario(NO_GUN, path="small"), store).play()
    store.close()
    told = asked("R-1", "--ledger", path)
    assert told.exit_code == 0
    assert "no figure: nothing is recorded of what the round was found in" in told.output
    assert "H7" in told.output


def test_a_round_that_is_no_find_is_one_sentence(copper_creek: Path) -> None:
    assert isinstance(asked("Tray-A/1", "--ledger", copper_creek).exception, NotAFind)
