"""Stops and what comes near them: who opens one, that three can always lift it, and what stays held afterwards.

Each test is a few lines of a set day, played through `record`.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, expected_count
from coldcheck.custody.views import card_of
from coldcheck.station.play import Played, Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from floor import SUP, deed, named, this_morning

HEADER = """production "Stops" hub stops-1
person ARM "Una Vell" as armorer
person PM "Rolf Dane" as property_master
person AD1 "Ines Kord" as first_ad
person EMP "Olaf Brisk" as employer
person LEAD "Petra Moss" as performer
person SUP "Hugo Lark" as supplier
day 2026-05-04
08:00 ARM registers place Barn as set
08:00 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
08:00 ARM registers lot Lot-1: 12 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Tray-1 with 12 cells
08:00 ARM registers bag Bag-1
08:01 SUP delivers Lot-1 in Tray-1: 12 rounds to ARM
08:01 ARM receives Lot-1 from SUP in Tray-1/1-12
"""
CALLED = """08:02 ARM goes on exclusive duty as armorer
08:02 ARM opens day 1
08:02 AD1 opens day 1
08:03 AD1 plans rehearsal S1 at Barn with Colt-1: COLD-EMPTY for LEAD
08:03 AD1 holds the meeting for S1
08:03 ARM attends the meeting for S1
08:03 LEAD attends the meeting for S1
08:03 ARM assesses S1
08:04 ARM counts Tray-1: 12
08:04 PM counts Tray-1: 12
08:04 ARM arrives at Barn
08:05 ARM picks up Colt-1
08:05 ARM clears Colt-1: chambers 1-6 empty, bore clear
08:05 AD1 answers Colt-1: chambers 1-6 empty, bore clear
08:06 ARM shows Colt-1 to LEAD: chambers 1-6 and bore
08:06 LEAD sees Colt-1: chambers 1-6 empty, bore clear
08:06 ARM closes the show of Colt-1 to LEAD
08:07 ARM calls Colt-1: COLD-EMPTY for S1
08:07 AD1 announces Colt-1: COLD-EMPTY
08:07 LEAD acknowledges Colt-1: COLD-EMPTY -> granted
08:07:10 expect Colt-1: PROVEN EMPTY
"""
Plays = Callable[[str], tuple[tuple[Played, ...], Picture]]


@pytest.fixture
def plays(tmp_path: Path) -> Plays:
    """Plays the lines after the header into a ledger of its own."""
    numbers = count()

    def play(lines: str) -> tuple[tuple[Played, ...], Picture]:
        store = create_ledger(tmp_path / f"{next(numbers)}.ledger", meta={})
        player = Player(parse_scenario(HEADER + lines, path="stops.txt"), store)
        results = player.play()
        store.close()
        return results, player.hub.picture

    return play


def entry_of(results: tuple[Played, ...], act: str) -> Played:
    return [played for played in results if played.act == act][-1]


def lifted(stop: int) -> str:
    return "".join(f'08:3{n} {who} lifts stop {stop}: "seen"\n' for n, who in enumerate(("ARM", "AD1", "EMP")))


def words(picture: Picture) -> str:
    return card_of(picture, picture.labels["Colt-1"], now=picture.now).words


def test_a_failed_test_stops_the_set_and_three_can_lift_it(plays: Plays) -> None:
    failed = CALLED + "08:08 ARM tests Tray-1/3 by rattle, hole: unknown -> finding V11\n"
    results, picture = plays(failed)
    stop = entry_of(results, "rounds_tested").entry_index
    assert picture.kernel.halt
    assert picture.open_stops == {stop}
    assert words(picture) == "TREAT AS LOADED"
    results, picture = plays(failed + lifted(stop))
    assert entry_of(results, "stop_lifted").verdict == "granted"
    assert not picture.kernel.halt


def test_a_find_on_the_first_of_two_sheets_stops_at_once(plays: Plays) -> None:
    _results, picture = plays(
        CALLED
        + "08:08 ARM sheet P1 with AD1, answers_not_shown:\n"
        + "    tests Tray-1/1-2 by rattle, hole: dummy\n"
        + "    finds Find-1 in Tray-1/3: unknown -> finding V11\n"
    )
    assert picture.kernel.halt
    assert picture.open_stops
    assert words(picture) == "TREAT AS LOADED"


def test_the_second_sheet_does_not_stop_again_what_was_lifted(plays: Plays) -> None:
    first = (
        "08:08 ARM sheet P1 with AD1, answers_not_shown:\n"
        "    finds Find-1 in Tray-1/3: unknown\n"
        "    tests Tray-1/1-2 by rattle, hole: dummy\n"
    )
    results, _picture = plays(first)
    stop = entry_of(results, "round_found").entry_index
    second = "08:40 AD1 sheet P1 with ARM, answers_not_shown:\n    tests Tray-1/1-2 by rattle, hole: dummy\n"
    _results, picture = plays(first + lifted(stop) + second)
    assert not picture.kernel.halt
    assert not picture.open_stops


@pytest.mark.parametrize("look", ["AD1 answers Colt-1: chamber 2 live", "LEAD sees Colt-1: chamber 2 unknown"])
def test_whoever_looks_and_sees_a_live_round_stops_the_set(plays: Plays, look: str) -> None:
    _results, picture = plays(CALLED + f"08:08 {look} -> finding V11\n")
    assert picture.kernel.halt
    assert len(picture.open_stops) == 1
    assert words(picture) == "TREAT AS LOADED"


def test_what_is_evidence_stays_held_when_the_freeze_is_lifted(plays: Plays) -> None:
    frozen = "08:08 ARM takes Tray-1 as evidence\n08:09 EMP freezes everything, shot\n"
    results, picture = plays(frozen)
    assert picture.frozen_entry == entry_of(results, "frozen").entry_index
    after = lifted(picture.frozen_entry) + "08:40 ARM picks up Colt-1\n08:41 ARM picks up Tray-1\n"
    results, picture = plays(frozen + after)
    assert picture.frozen_entry is None
    picked = [played.rules for played in results if played.act == "picked_up"]
    assert ["V25" in rules for rules in picked] == [False, True]


def test_what_came_loose_is_counted_and_goes_down_as_rounds_leave(plays: Plays) -> None:
    _results, picture = plays(
        "08:08 ARM brings in Bag-1 from private-car: 9 rounds\n08:09 ARM moves Bag-1/1-2 to Barn\n"
    )
    assert expected_count(picture, picture.labels["Bag-1"]) == 7


def test_a_gun_that_comes_back_to_the_handler_has_no_void_against_it(plays: Plays) -> None:
    _results, picture = plays(
        CALLED
        + "08:08:00 ARM hands Colt-1 to LEAD\n08:08:10 LEAD takes Colt-1 from ARM\n"
        + "08:09:00 LEAD hands Colt-1 to ARM\n08:09:10 ARM takes Colt-1 from LEAD\n"
    )
    card = card_of(picture, picture.labels["Colt-1"], now=picture.now)
    assert (card.words, tuple(reason.code for reason in card.reasons)) == ("TREAT AS LOADED", ("NOT_CALLED",))


def test_a_freeze_whose_lift_is_taken_back_holds_everything_again(plays: Plays) -> None:
    frozen = "08:09 EMP freezes everything, shot\n"
    results, _picture = plays(frozen)
    stop = entry_of(results, "frozen").entry_index
    assert stop is not None
    again = lifted(stop) + "08:40 ARM picks up Colt-1\n" + f"08:41 EMP retracts entry {stop + 3}\n"
    results, picture = plays(frozen + again + "08:42 ARM picks up Tray-1\n")
    assert picture.open_stops == {stop}
    assert picture.frozen_entry == stop
    picked = [played.rules for played in results if played.act == "picked_up"]
    assert ["V25" in rules for rules in picked] == [False, True]


def test_of_two_freezes_the_second_holds_on_when_the_first_is_lifted(plays: Plays) -> None:
    frozen = "08:09 EMP freezes everything, shot\n08:10 PM freezes everything, shot\n"
    results, _picture = plays(frozen)
    second = entry_of(results, "frozen").entry_index
    assert second is not None
    _results, picture = plays(frozen + lifted(second - 1))
    assert picture.frozen_entry == second
    _results, picture = plays(frozen + lifted(second))
    assert picture.frozen_entry == second - 1


RECALL = "08:08 SUP recalls {lot}, {reason}\n"


@pytest.mark.parametrize("reason", ["live_round", "unknown_round"])
def test_a_find_in_another_stock_of_a_lot_that_came_here_stops_the_set(plays: Plays, reason: str) -> None:
    _results, picture = plays(CALLED + RECALL.format(lot="Lot-1", reason=reason))
    assert [stop.reason for stop in picture.stops.values()] == ["found_round"]
    assert picture.kernel.halt
    assert not any(picture.kernel.r1[r] for r in picture.kernel.rc)


def test_a_recall_for_another_reason_stops_nothing(plays: Plays) -> None:
    _results, picture = plays(CALLED + RECALL.format(lot="Lot-1", reason="primer"))
    assert not picture.stops


def test_a_find_in_a_lot_of_which_nothing_came_here_stops_nothing() -> None:
    recalled = a.LotRecalled(lot=named("l", "Elsewhere"), reason="live_round")
    assert not this_morning(deed(SUP, recalled)).picture.stops
