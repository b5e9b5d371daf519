"""The special cases of the trade, each as a day that is played: other guns, other hands, other units, blades and minors."""

from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Capability, RoundKind
from coldcheck.custody.views import gun_file_of
from coldcheck.station.play import Player
from coldcheck.station.scenario import read_scenario
from floor import ARM, COLT, CREW, LOOSE, PM, TRAY, TWIN, WAYS, D, Deed, Stage, claimed, deed, morning, prepared
from stores import MemoryStore

FOLDER = Path(__file__).parents[1] / "scenarios/special"
CASES = {
    "single action": "single_action_gate_order", "semi-automatic": "semi_automatic_magazines", "filled magazine": "magazine_of_dummies",
    "tube magazine": "tube_magazine_counted_in", "belt-fed": "belt_fed", "double barrel, shells": "double_barrel_and_shells",
    "cap and ball": "cap_and_ball", "converted gun": "removable_adaptor", "crowd": "crowd_with_a_twin",
    "second unit": "second_unit", "stunt double": "stunt_double", "police": "police_duty_weapon",
    "minors": "minor_with_a_replica", "edged": "edged_weapon", "two performers": "two_performers",
}  # fmt: skip


def played(name: str) -> Player:
    player = Player(read_scenario(FOLDER / f"{name}.txt"), MemoryStore({}))
    assert [one for one in player.play() if not one.met] == []
    return player


@pytest.mark.parametrize("name", CASES.values(), ids=CASES)
def test_a_special_case_goes_as_written_and_gets_both_a_call_and_an_ending(name: str) -> None:
    player = played(name)
    granted = [one for one in player.results if one.verdict == "granted"]
    assert granted or name == "police_duty_weapon"
    said = {one.verdict for one in player.results if one.act == "expect"}
    refused = {one.verdict for one in player.results} & {"refused"}
    assert refused or "TREAT AS LOADED" in said


def test_every_day_of_the_folder_is_a_case_of_the_list() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES.values())


def test_the_adaptor_off_makes_it_a_gun_that_takes_live_rounds_until_two_have_tested_it() -> None:
    player = played("removable_adaptor")
    picture = player.hub.picture
    gun = picture.labels["Auto-1"]
    assert picture.guns[gun].capability is Capability.W2
    changed = a.ConditionNoted(gun=gun, work=a.Work.PART_REMOVED, photo="", remark=player.names.seal("remark", "off"))
    player.say("ARM", (changed,), player.moment("2026-03-02T09:00:00Z"))
    assert picture.guns[gun].capability is Capability.W3
    for number, who in enumerate(("ARM", "ARM", "LEAD")):
        tested = a.ConditionNoted(
            gun=gun, work=a.Work.CAPABILITY_TESTED, photo="", remark=player.names.seal("remark", "refuses")
        )
        player.say(who, (tested,), player.moment(f"2026-03-02T09:0{number + 1}:00Z"))
    assert picture.guns[gun].capability is Capability.W3


def stage(*deeds: Deed) -> Stage:
    out = Stage()
    for one in (*morning(), *deeds):
        out.do(one)
    return out


def test_twins_stand_in_each_others_file() -> None:
    floor = stage(deed(ARM, a.TwinsMarked(guns=(COLT, TWIN))))
    assert gun_file_of(floor.picture, COLT).twins == (TWIN,)
    assert gun_file_of(floor.picture, TWIN).twins == (COLT,)


def test_no_hearsay_takes_a_filled_magazine_out_of_a_gun() -> None:
    into = deed(ARM, a.MagazineInserted(gun=COLT, container=TRAY))
    told = a.Reported(
        row="E1", account="", sources=("S1",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who=PM,
        told=a.MagazineRemoved(gun=COLT, container=TRAY),
    )  # fmt: skip
    for beside in ((), (deed(CREW, told),), (deed(CREW, a.PickedUp(item=TRAY)),)):
        floor = stage(into, *beside, *prepared(WAYS[0], sheets=True), *claimed(WAYS[0]))
        assert floor.steps[-1].verdict == "refused"
        assert ("K4", "magazine_not_empty") in floor.steps[-1].findings


def test_a_gun_left_alone_leaves_its_magazine_alone_too() -> None:
    into = deed(ARM, a.MagazineInserted(gun=TWIN, container=TRAY))
    floor = stage(*prepared(WAYS[1], sheets=True), deed(ARM, a.PickedUp(item=TWIN)), into)
    rounds = list(floor.picture.rounds_in[TRAY])
    floor.do(deed(ARM, a.PutDown(item=TWIN, place="w" + "0" * 12)))
    assert rounds
    assert {floor.picture.kernel.rc[r] for r in rounds} == {"?"}


ODD = {
    "a blank found": deed(
        CREW, a.RoundFound(round_id=LOOSE, label="Find-1", thing=TRAY, cell="8", kind=RoundKind.BLANK, fired=False)
    ),
    "one dummy too many": deed(
        CREW, a.RoundFound(round_id=LOOSE, label="Find-1", thing=TRAY, cell="8", kind=RoundKind.DUMMY, fired=False)
    ),
    "one of them tests as a blank": deed(
        ARM,
        a.RoundsTested(thing=TRAY, rows=(a.CellRow(cell="4", round_id=D[3]),), tests=("rattle",), kind=RoundKind.BLANK),
    ),
    "one of them is examined": deed(PM, a.RoundExamined(round_id=D[3], kind=RoundKind.BLANK)),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_round_that_does_not_belong_there_leaves_none_of_its_tray_proven(odd: Deed) -> None:
    floor = stage(*prepared(WAYS[1], sheets=True), *claimed(WAYS[1]))
    assert floor.steps[-1].verdict == "granted"
    step = floor.do(odd)
    assert not any(floor.picture.kernel.round_proven(r) for r in D)
    assert floor.cards()[COLT].words == "TREAT AS LOADED"
    assert "V13" in {rule for rule, _ in step.findings}


def test_a_round_found_as_and_where_the_record_has_it_says_nothing_of_its_neighbours() -> None:
    floor = stage(*prepared(WAYS[1], sheets=True))
    known = a.RoundFound(round_id=D[3], label="Find-1", thing=TRAY, cell="4", kind=RoundKind.DUMMY, fired=False)
    floor.do(deed(CREW, known))
    assert floor.picture.kernel.round_proven(D[0])
