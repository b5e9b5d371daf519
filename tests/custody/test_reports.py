"""What a report may do to a day that is recorded: take away and stop, never make."""

from pathlib import Path

import pytest

from coldcheck.custody.picture import Picture, holder_of
from coldcheck.custody.things import Hold
from coldcheck.custody.views import card_of
from coldcheck.station.play import Played, Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger

SCENARIOS = Path(__file__).parent.parent / "scenarios"
HANDED_OVER = "08:15 expect Colt-1: PROVEN 6 DUMMIES"


@pytest.fixture(scope="module")
def morning() -> str:
    """One rehearsal up to a standing call, the gun in the performer's hand, and a compiler among the people."""
    text = (SCENARIOS / "one_rehearsal.txt").read_text(encoding="utf-8")
    head, found, _rest = text.partition(HANDED_OVER)
    assert found
    people = 'person COMP "Fay Gunn" as compiler\nday '
    return head.replace("day ", people, 1) + HANDED_OVER


def after(morning: str, folder: Path, *lines: str) -> tuple[Picture, tuple[Played, ...]]:
    store = create_ledger(folder / "day.ledger", meta={})
    player = Player(parse_scenario("\n".join((morning, *lines)), path="day"), store)
    results = player.play()
    store.close()
    assert [result for result in results if not result.met] == []
    return player.hub.picture, results


def words_of(picture: Picture) -> str:
    return card_of(picture, picture.labels["Colt-1"], now=picture.now).words


def test_the_call_stands_while_nothing_is_reported(morning: str, tmp_path: Path) -> None:
    picture, _results = after(morning, tmp_path)
    assert words_of(picture) == "PROVEN 6 DUMMIES"


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ("AD1 hands Colt-1 to LEAD", ("V02",)),
        ("ARM hands Colt-1 to AD1", ("V02",)),
        ("ARM hands Colt-1 to LEAD", ("V03",)),
        ("LEAD leaves Colt-1 at Barn", ("V04",)),
        ("EMP picks up Colt-1", ("V02",)),
        ("LEAD has Colt-1 dropped", ("V10",)),
        ("ARM shows Colt-1 to LEAD: chambers 1-4", ("I3", "V01")),
        ("ARM pours from Colt-1 into Tray-1", ("V01",)),
        ("someone finds R-9 in Barn: unknown", ("V11",)),
        ("EMP tests some of Tray-1 by rattle: unknown", ("V11",)),
        ("someone freezes everything, incident", ("V25",)),
    ],
)
def test_what_is_told_ends_the_call_under_its_own_code(
    morning: str, tmp_path: Path, told: str, rules: tuple[str, ...]
) -> None:
    picture, results = after(
        morning,
        tmp_path,
        f"08:16 COMP reports X1 from S1 (statement) at unknown: {told}",
        "08:16 expect Colt-1: TREAT AS LOADED",
    )
    assert picture.calls == {}
    assert results[-2].rules == rules


def test_an_armorer_who_is_told_to_have_loaded_is_not_outside_the_chain(morning: str, tmp_path: Path) -> None:
    told = "08:16 COMP reports X1 from S1 (statement) at unknown: ARM loads Colt-1: chamber 1"
    _picture, results = after(morning, tmp_path, told)
    assert results[-1].rules == ("V01",)


def test_no_account_of_a_disputed_row_places_a_round_or_a_gun(morning: str, tmp_path: Path) -> None:
    told = "08:16 COMP reports X1 from S1 (contradictory, {}) at unknown: ARM loads Colt-1: chambers {} from Tray-1/{}"
    before, _results = after(morning, tmp_path)
    (tmp_path / "two").mkdir()
    picture, _results = after(
        morning, tmp_path / "two", told.format("one", "1-2", "7-8"), told.format("two", "1-3", "7-9")
    )
    assert picture.lying == before.lying
    assert picture.spots == before.spots
    held = holder_of(picture, picture.labels["Colt-1"])
    assert held is not None
    assert held.hold is Hold.DISPUTED


def test_a_test_that_is_only_told_of_makes_nothing_tested(morning: str, tmp_path: Path) -> None:
    told = "08:16 COMP reports X1 from S1 (statement) at unknown: ARM tests Tray-1/7 by rattle, hole: dummy"
    picture, _results = after(morning, tmp_path, told)
    seventh = picture.lying[picture.labels["Tray-1"], "7"]
    assert [what for _entry, what in picture.proofs[seventh]] == ["reported"]
    assert not picture.kernel.round_proven(seventh)


def test_a_told_close_of_a_show_leaves_the_time_of_the_check(morning: str, tmp_path: Path) -> None:
    before, _results = after(morning, tmp_path)
    (tmp_path / "two").mkdir()
    told = "08:16 COMP reports X1 from S1 (statement) at unknown: ARM closes the show of Colt-1 to LEAD"
    picture, _results = after(morning, tmp_path / "two", told)
    assert picture.checked == before.checked


def test_a_round_that_fails_a_signed_test_opens_a_stop_that_three_can_lift(morning: str, tmp_path: Path) -> None:
    failed = "08:16 ARM tests Tray-1/7 by rattle, hole: unknown -> finding V11"
    picture, results = after(morning, tmp_path, failed, "08:16 expect Colt-1: TREAT AS LOADED (V11, STOP)")
    (stop,) = picture.open_stops
    assert stop == results[-2].entry_index
    (tmp_path / "two").mkdir()
    lifts = (
        f'08:17 ARM lifts stop {stop}: "it was a round of another make"',
        f'08:17 AD1 lifts stop {stop}: "as the armorer says"',
        f'08:17 EMP lifts stop {stop}: "as the armorer says" -> granted',
    )
    picture, _results = after(morning, tmp_path / "two", failed, *lifts)
    assert picture.open_stops == set()
    assert words_of(picture) == "TREAT AS LOADED"


def test_a_shot_that_hits_somebody_holds_everything_as_it_lies(morning: str, tmp_path: Path) -> None:
    picture, results = after(
        morning,
        tmp_path,
        "08:16 LEAD fires Colt-1, 1 unintended, hit AD1",
        "08:17 ARM picks up Colt-1 -> finding V25",
    )
    assert picture.frozen_entry == results[-2].entry_index


def test_an_unintended_shot_holds_everything_though_it_hit_nobody(morning: str, tmp_path: Path) -> None:
    picture, results = after(morning, tmp_path, "08:16 LEAD fires Colt-1, 1 unintended")
    assert picture.frozen_entry == results[-1].entry_index
    assert picture.open_stops == {results[-1].entry_index}


def test_a_shot_into_nothing_that_is_only_told_of_stops_and_holds_nothing(morning: str, tmp_path: Path) -> None:
    told = "08:16 ARM reports E1 from S1 (statement) at 2020: LEAD fires Colt-1, 1 unintended"
    picture, results = after(morning, tmp_path, told)
    assert picture.frozen_entry is None
    assert picture.open_stops == {results[-1].entry_index}


def test_words_about_a_gun_with_a_standing_call_are_no_finding(morning: str, tmp_path: Path) -> None:
    said = '08:16 AD1 tells LEAD of Colt-1, dummies: "six dummies"'
    _picture, results = after(morning, tmp_path, said)
    assert results[-1].rules == ()


def test_words_about_a_gun_without_a_call_are_a_finding(morning: str, tmp_path: Path) -> None:
    left, said = "08:16 LEAD leaves Colt-1 at Barn", '08:16 AD1 tells LEAD of Colt-1, empty: "all clear" -> finding I4'
    _picture, results = after(morning, tmp_path, left, said)
    assert results[-1].rules == ("I4",)


def test_rounds_that_have_no_place_on_a_set_are_entered_and_found(morning: str, tmp_path: Path) -> None:
    _picture, results = after(morning, tmp_path, "08:16 ARM registers lot Lot-9: 5 .45 live -> finding I2")
    assert results[-1].verdict == "admitted"
