"""What one person alone signed, or signed before he could know what it answers: recorded, and it proves nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.acts import act_hash
from coldcheck.custody.things import Capability, Relation, Role
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from floor import (
    AD1,
    ARM,
    BLANKS,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    HUB,
    LEAD,
    SEALED,
    TRAY,
    WAYS,
    D,
    Deed,
    Stage,
    claimed,
    deed,
    morning,
    prepared,
)
from stores import MemoryStore

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PISTOL = "08:12 expect Pistol-1: PROVEN EMPTY\n"


def unmet(text: str) -> list[str]:
    player = Player(parse_scenario(text, path="day.txt"), MemoryStore({}))
    return [str(line) for line in player.play() if not line.met]


def begun(name: str, until: str) -> str:
    text = (SCENARIOS / name).read_text()
    return text[: text.index(until) + len(until)]


CALLED = begun("special/semi_automatic_magazines.txt", PISTOL)
HANDED_BACK = """08:12:30 ARM hands Pistol-1 to LEAD
08:12:35 LEAD takes Pistol-1 from ARM
08:13 LEAD hands Pistol-1 to ARM
08:13 ARM takes Pistol-1 from LEAD
"""
CALLED_ANEW = """08:14:20 ARM shows Pistol-1 to LEAD: chamber 1 and bore
08:14:25 LEAD sees Pistol-1: chamber 1 empty
08:14:30 ARM closes the show of Pistol-1 to LEAD
08:14:35 ARM calls Pistol-1: COLD-EMPTY for S1
08:14:40 AD1 announces Pistol-1: COLD-EMPTY
08:14:45 LEAD acknowledges Pistol-1: COLD-EMPTY -> {verdict}
"""


def test_a_round_loaded_in_a_sheet_that_was_cut_short_ends_the_call() -> None:
    cut_short = """08:12:10 ARM picks up Tray-1
08:12:15 ARM sheet P0812 with AD1, answers_not_shown:
    loads Pistol-1: chamber 1 from Tray-1/8
    ends sheet P0812 about Pistol-1
08:12:20 expect Pistol-1: TREAT AS LOADED
"""
    assert unmet(CALLED + cut_short) == []


def test_the_armorers_half_alone_does_not_answer_a_gun_that_came_back() -> None:
    half = """08:14 ARM sheet P0814 with AD1, answers_not_shown:
    clears Pistol-1: chamber 1 empty, bore clear
    ends sheet P0814 about Pistol-1
"""
    assert unmet(CALLED + HANDED_BACK + half + CALLED_ANEW.format(verdict="refused K4, K9")) == []
    shown_only = CALLED_ANEW.format(verdict="refused K4, K6")
    assert unmet(CALLED + HANDED_BACK + shown_only) == []


def test_a_test_in_a_sheet_that_was_cut_short_ends_what_two_had_found() -> None:
    begin = begun("ordinary_scene.txt", "08:10 expect Colt-1: PROVEN 6 DUMMIES\n")
    alone = """08:14 LEAD hands Colt-1 to ARM
08:14 ARM takes Colt-1 from LEAD
08:15 ARM unloads Colt-1: chambers 1-6 to Tray-1/1-6
08:16 ARM sheet P9 with AD1, answers_not_shown:
    tests Tray-1/1-6 by rattle, hole: dummy
    ends sheet P9 about Colt-1
"""
    player = Player(parse_scenario(begin + alone, path="day.txt"), MemoryStore({}))
    assert [str(line) for line in player.play() if not line.met] == []
    rounds = [player.names.round_at(player.names.id_of("Tray-1", "c"), str(cell)) for cell in range(1, 7)]
    assert not any(player.hub.picture.kernel.round_proven(one) for one in rounds)


def test_a_night_nobody_closed_the_day_before_ends_what_was_answered() -> None:
    checked = """08:11 ARM sheet P0811 with AD1, answers_not_shown:
    clears Pistol-1: chamber 1 empty, bore clear
08:11:10 AD1 sheet P0811 with ARM, answers_not_shown:
    answers Pistol-1: chamber 1 empty, bore clear
"""
    inserted = "08:10 ARM puts magazine Mag-1 into Pistol-1\n"
    next_day = """day 2026-03-03
08:00 ARM opens day 2
08:00 AD1 opens day 2
08:06 ARM counts Tray-1: 12
08:06 AD1 counts Tray-1: 12
08:06 ARM counts Mag-1: 0
08:06 AD1 counts Mag-1: 0
08:06 ARM counts Mag-2: 0
08:06 AD1 counts Mag-2: 0
08:06 ARM arrives at Barn
08:06 ARM goes on exclusive duty as armorer
"""
    text = begun("special/semi_automatic_magazines.txt", inserted) + checked + next_day
    assert unmet(text + CALLED_ANEW.format(verdict="refused K4, K7, K9")) == []
    assert "K4" not in str(unmet(text + checked.replace("P0811", "P0814") + CALLED_ANEW.format(verdict="granted")))


def test_a_scene_planned_anew_ends_its_calls() -> None:
    anew = "08:12:10 AD1 plans take S1 at Truck with Pistol-1: COLD-EMPTY for STUNT\n"
    assert unmet(f"{CALLED}{anew}08:12:10 expect Pistol-1: TREAT AS LOADED\n") == []


def test_a_round_that_is_examined_and_is_live_stops_the_set() -> None:
    begin = begun("ordinary_scene.txt", "08:10 expect Colt-1: PROVEN 6 DUMMIES\n")
    found = """08:11 DIR finds R-9 in Tray-1/9: dummy
08:12 AD1 examines R-9: live
08:12 expect Colt-1: TREAT AS LOADED
"""
    player = Player(parse_scenario(begin + found, path="day.txt"), MemoryStore({}))
    assert [str(line) for line in player.play() if not line.met] == []
    assert len(player.hub.picture.open_stops) == 1


# --- signed without knowing what it answers ---

FLOWS = {
    f"{way.call.value} {len(way.rounds)} {'sheets' if sheets else 'act by act'}": (way, sheets)
    for way in WAYS[:4]
    for sheets in (True, False)
}


def flow(name: str) -> list[Deed]:
    way, sheets = FLOWS[name]
    return [*prepared(way, sheets=sheets), *claimed(way)]


def late(name: str) -> list[tuple[str, int, int]]:
    """Each act of the second person and of the receiver, and how many of the newest entries its signer does not know."""
    out = []
    for number, told in enumerate(flow(name)):
        sheet = isinstance(told.acts[0], a.SheetBegan)
        if told.by in {AD1, LEAD}:
            # The half of a sheet is signed without the other half, an acknowledgement without the announcement; neither
            # without what was done before.
            out.append((name, number, 2 if sheet or isinstance(told.acts[0], a.Acknowledged) else 1))
    return out


@pytest.mark.parametrize(("name", "number", "unknown"), [case for name in FLOWS for case in late(name)])
def test_an_act_of_somebody_who_did_not_know_what_it_answers_proves_nothing(
    name: str, number: int, unknown: int
) -> None:
    stage = Stage()
    for told in morning():
        stage.do(told)
    for at, told in enumerate(flow(name)):
        stage.do(told, seen_size=stage.picture.size - (unknown if at == number else 0))
    assert stage.steps[-1].verdict != "granted"
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


@pytest.mark.parametrize("name", FLOWS)
def test_a_handler_without_the_hub_knows_his_own_acts(name: str) -> None:
    stage = Stage()
    for told in morning():
        stage.do(told)
    size = stage.picture.size
    for told in flow(name):
        # All that he has done himself since counts, though his phone has not heard of it from the hub.
        knows = size if told.by == ARM and isinstance(told.acts[0], a.PickedUp | a.SheetBegan) else stage.picture.size
        stage.do(told, seen_size=knows)
    assert stage.steps[-1].verdict == "granted"


def test_both_halves_signed_before_the_gun_was_left_alone_prove_nothing() -> None:
    pick_up, first, second = prepared(WAYS[0], sheets=True)
    stage = Stage()
    for told in (*morning(), pick_up):
        stage.do(told)
    size = stage.picture.size
    for told in (deed(LEAD, a.PutDown(item=COLT, place=COLT)), deed(ARM, a.PickedUp(item=COLT))):
        stage.do(told)
    for told in (first, second):
        stage.do(told, seen_size=size)
    for told in claimed(WAYS[0]):
        stage.do(told)
    assert stage.steps[-1].verdict == "refused"


def test_an_attendance_signed_before_the_meeting_is_of_another_one() -> None:
    stage = Stage()
    for told in morning():
        stage.do(told)
    size = stage.picture.size
    for told in (deed(AD1, a.SceneChanged(scene="S1")), deed(AD1, a.MeetingHeld(scene="S1"), a.Assessed(scene="S1"))):
        stage.do(told)
    stage.do(deed(ARM, a.Attended(scene="S1")))
    stage.do(deed(LEAD, a.Attended(scene="S1")), seen_size=size)
    for told in (*prepared(WAYS[0], sheets=True), *claimed(WAYS[0])):
        stage.do(told)
    assert stage.steps[-1].findings == (("K8", "not_briefed"),)


# --- what happens around a called gun ---

IN_HAND = "08:12:20 ARM hands Pistol-1 to LEAD\n08:12:25 LEAD takes Pistol-1 from ARM\n"


@pytest.mark.parametrize(
    "happens",
    [
        IN_HAND + "08:12:30 LEAD arrives at Truck",
        IN_HAND + "08:12:30 LEAD goes away from Barn",
        "08:12:30 ARM hands Pistol-1 to STUNT",
        "08:12:30 ARM goes off duty as armorer",
        "08:12:30 AD1 arrives at Truck",
    ],
)
def test_it_ends_the_call(happens: str) -> None:
    assert unmet(f"{CALLED}{happens}\n08:12:40 expect Pistol-1: TREAT AS LOADED\n") == []


def registered(thing: str) -> Any:  # one of two kinds of act, each with fields of its own
    (found,) = [
        act
        for told in morning()
        for act in told.acts
        if isinstance(act, a.GunRegistered | a.LotRegistered) and thing in a.ids_in(a.plain(act))
    ]
    return found


PARENT = a.ParentRow(relation=Relation.REPACKED_FROM, parent=BLANKS)
SAID_AGAIN = {
    "the caller's key is revoked": (ARM, a.KeyRevoked(key="k" + ARM[1:], reason="lost")),
    "the second's key is revoked": (AD1, a.KeyRevoked(key="k" + AD1[1:], reason="suspect")),
    "a gun with more chambers": (ARM, replace(registered(COLT), chambers=6)),
    "another gun": (ARM, replace(registered(COLT), capability=Capability.W2)),
    "a lot of other stock": (ARM, replace(registered(DUMMIES), parents=(PARENT,))),
    "a round of it seen elsewhere": (
        LEAD,
        a.RoundsSeen(thing=TRAY, rows=(a.CellRow(cell="1", round_id=D[0]),)),
    ),
}


@pytest.mark.parametrize(("by", "act"), SAID_AGAIN.values(), ids=SAID_AGAIN)
def test_what_is_said_otherwise_of_gun_lot_or_round_ends_the_call(by: str, act: a.Act) -> None:
    stage = Stage()
    for told in (*morning(), *prepared(WAYS[1], sheets=True), *claimed(WAYS[1])):
        stage.do(told)
    assert stage.cards()[COLT].words == "PROVEN 2 DUMMIES"
    stage.picture.keys.update({"k" + one[1:]: ("", "device", one) for one in (ARM, AD1)})
    stage.do(deed(by, act))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_sight_lost_between_two_halves_is_lost_for_the_second() -> None:
    pick_up, first, second = prepared(WAYS[0], sheets=True)
    stage = Stage()
    for told in (*morning(), pick_up, first, deed(AD1, a.SightLost(gun=COLT)), second, *claimed(WAYS[0])):
        stage.do(told)
    assert stage.steps[-1].verdict == "refused"


# --- magazines counted at nothing, and what was said of them since ---

INSERTED = "08:10 ARM puts magazine Mag-1 into Pistol-1\n"
CHECKED = """08:11 ARM sheet P0811 with AD1, answers_not_shown:
    clears Pistol-1: chamber 1 empty, bore clear
08:11:10 AD1 sheet P0811 with ARM, answers_not_shown:
    answers Pistol-1: chamber 1 empty, bore clear
"""


@pytest.mark.parametrize("since", ["ARM leaves Mag-1 at Barn\n08:09:40 ARM picks up Mag-1", "POL looks through Mag-1"])
def test_a_magazine_counted_at_nothing_is_counted_again_after(since: str) -> None:
    begin = begun("special/semi_automatic_magazines.txt", INSERTED)
    assert unmet(begin + CHECKED + CALLED_ANEW.format(verdict="granted")) == []
    lines = unmet(
        begin.replace(INSERTED, f"08:09:30 {since}\n{INSERTED}") + CHECKED + CALLED_ANEW.format(verdict="refused K4")
    )
    assert lines == []


@pytest.mark.parametrize("who", ["POL", "AD1"])
def test_somebody_who_counts_rounds_in_an_empty_guns_magazine_ends_the_call(who: str) -> None:
    assert unmet(f"{CALLED}08:12:30 {who} counts Mag-1: 3\n08:12:40 expect Pistol-1: TREAT AS LOADED\n") == []


def test_a_magazine_that_somebody_else_put_in_is_counted_again() -> None:
    begin = begun("special/semi_automatic_magazines.txt", INSERTED).replace("ARM puts magazine", "POL puts magazine")
    assert unmet(begin + CHECKED + CALLED_ANEW.format(verdict="refused K4")) == []


OFFICERS = (
    a.OfficerNamed(person=EMP, label="emp", name=SEALED, roles=(Role.EMPLOYER,)),
    a.OfficerNamed(person=CREW, label="crew", name=SEALED, roles=(Role.CREW,)),
)


@pytest.mark.parametrize("who", [ARM, AD1, LEAD])
def test_a_role_that_is_taken_away_ends_the_call_it_was_part_of(who: str) -> None:
    stage = Stage()
    for told in (*morning(), *prepared(WAYS[0], sheets=True), *claimed(WAYS[0])):
        stage.do(told)
    assert stage.cards()[COLT].words == "PROVEN EMPTY"
    listed = a.CrewListed(rows=(a.CrewRow(person=who, label="q", name=SEALED, roles=(Role.CREW,), card=""),))
    for told in (
        *(deed(HUB, officer) for officer in OFFICERS),
        deed(EMP, listed),
        deed(CREW, a.CrewConfirmed(sha256=act_hash(listed))),
    ):
        stage.do(told)
    assert stage.steps[-1].verdict == "granted"
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_performer_who_may_also_handle_gives_back_a_gun_like_any_other() -> None:
    both = CALLED.replace(
        'person LEAD "Cy Dunn" as performer', 'person LEAD "Cy Dunn" as performer, assistant_property_master'
    )
    assert both != CALLED
    assert unmet(both + HANDED_BACK + CALLED_ANEW.format(verdict="refused K4, K6")) == []
