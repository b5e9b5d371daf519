"""Nothing that anybody says on any phone, or takes back later, leaves a card greener than what it says."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, Role, RoundKind
from coldcheck.proof.keys import KeyClass
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from crew import META, Crew, made
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    LEAD,
    LOOSE,
    PROVEN_KINDS,
    SEALED,
    SUP,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    D,
    Stage,
    Way,
    claimed,
    deed,
    morning,
    named,
    prepared,
    said,
)
from stores import MemoryStore

SCENARIOS = Path(__file__).parents[1] / "scenarios"
AS_LOADED = "expect Pistol-1: TREAT AS LOADED\n"


def begun(name: str, until: str) -> str:
    text = (SCENARIOS / name).read_text()
    return text[: text.index(until) + len(until)]


EMPTY = begun("special/semi_automatic_magazines.txt", "08:12 expect Pistol-1: PROVEN EMPTY\n")
CALLED = begun("ordinary_scene.txt", "08:10 expect Colt-1: PROVEN 6 DUMMIES\n")


def unmet(text: str) -> list[str]:
    player = Player(parse_scenario(text, path="day.txt"), MemoryStore({}))
    return [str(line) for line in player.play() if not line.met]


def proven(way: Way = WAYS[0]) -> Stage:
    stage = Stage()
    for one in (*morning(), *prepared(way, sheets=True), *claimed(way)):
        stage.do(one)
    assert stage.cards()[COLT].kind in PROVEN_KINDS
    return stage


STRANGER = named("p", "nobody on the list")
ALARMS: Final[dict[str, a.OwnAct]] = {
    "stop": a.Stopped(reason="unsafe", remark=SEALED),
    "near miss": a.NearMissLogged(gun="", remark=SEALED),
    "live round": a.RoundFound(round_id=LOOSE, label="x", thing="", cell="", kind=RoundKind.LIVE, fired=False),
    "shot with a hit": a.Discharged(gun=COLT, planned=False, shots=1, hit=(CREW,)),
}  # fmt: skip


@pytest.mark.parametrize("viewer", [ARM, AD1, LEAD, STRANGER], ids=["ARM", "AD1", "LEAD", "a stranger"])
@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS)
def test_an_alarm_on_a_phone_held_out_stops_the_set_whoever_raises_it(alarm: a.OwnAct, viewer: Id) -> None:
    stage = proven()
    stage.do(deed(CREW, a.HeldOut(viewer=viewer, told=alarm)))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert stage.picture.open_stops
    assert stage.picture.kernel.halt


def test_what_is_found_or_fired_is_in_every_table_though_said_on_a_phone_held_out() -> None:
    stage = proven()
    stage.do(deed(CREW, a.HeldOut(viewer=LEAD, told=ALARMS["live round"])))
    stage.do(deed(CREW, a.HeldOut(viewer=LEAD, told=ALARMS["shot with a hit"])))
    assert LOOSE in stage.picture.finds
    assert stage.picture.frozen_entry == len(stage.steps) - 1


def test_what_a_viewer_may_not_do_is_kept_as_told_and_proves_nothing() -> None:
    stage = proven()
    moved = a.Counted(thing=COLT, count=3)
    stage.do(deed(CREW, a.HeldOut(viewer=LEAD, told=moved)))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    stage.do(deed(CREW, a.HeldOut(viewer=ARM, told=a.Locked(item=COLT, place=named("w", "Truck")))))
    assert stage.picture.custody[COLT][-1].reported
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_stop_said_by_the_first_ad_on_a_phone_held_out_ends_the_call() -> None:
    said = '08:12:30 LEAD holds the phone for AD1, who stops, unsafe: "x"\n'
    assert unmet(EMPTY + said + "08:12:40 " + AS_LOADED) == []


@pytest.mark.parametrize("alarm", ["stop", "near miss", "live round"])
def test_the_holder_of_a_floor_phone_raises_an_alarm_with_its_own_key(alarm: str) -> None:
    crew = Crew(MemoryStore(META))
    crew.begin()
    crew.list_crew({"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "SA": Role.CREW})
    key = made("SA", KeyClass.ATTENDED)
    crew.claim("SA", key=key)
    said = ALARMS[alarm]
    if isinstance(said, a.Stopped | a.NearMissLogged):
        said = replace(said, remark=crew.seal("x", "remark"))
    crew.say("SA", said, key=key)
    assert crew.hub.picture.open_stops
    assert crew.hub.picture.kernel.halt


def told(who: Id, act: a.OwnAct) -> a.Reported:
    return a.Reported(
        row="N1", account="", sources=("N1",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who=who, told=act
    )


PUT_INTO_A_HAND = (deed(ARM, a.HandedOver(item=COLT, to=LEAD)), deed(LEAD, a.Taken(item=COLT, giver=ARM)))
TOLD: Final[dict[str, tuple[Id, a.OwnAct]]] = {
    "near miss": (LEAD, a.NearMissLogged(gun="", remark=SEALED)),
    "stop": (LEAD, a.Stopped(reason="unsafe", remark=SEALED)),
    "keeper goes away": (ARM, a.PresenceEnded(place=BARN)),
    "keeper elsewhere": (ARM, a.PresenceDeclared(place=TRUCK)),
    "lot recalled": (SUP, a.LotRecalled(lot=DUMMIES, reason="x")),
    "lot set apart": (ARM, a.SetApart(item=DUMMIES, reason="x")),
    "seal broken": (ARM, a.SealBroken(container=TRAY, seal="s1")),
    "tray counted short": (AD1, a.Counted(thing=TRAY, count=1)),
    "tray left": (ARM, a.PutDown(item=TRAY, place=BARN)),
    "scene changed": (AD1, a.SceneChanged(scene="S2")),
    "day closed": (ARM, a.DayClosed(day=1)),
    "second duty": (ARM, a.DutyOpened(duty="props", exclusive=True)),
    "examined live": (CREW, a.RoundExamined(round_id=D[0], kind=RoundKind.LIVE)),
    "seen live elsewhere": (LEAD, a.Seen(gun=TWIN, answers=said(("1",), a.Holds.LIVE))),
    "answered live elsewhere": (AD1, a.Answered(gun=TWIN, answers=said(("1",), a.Holds.LIVE))),
    "cleared live elsewhere": (ARM, a.Cleared(gun=TWIN, answers=said(("1",), a.Holds.LIVE))),
}  # fmt: skip


@pytest.mark.parametrize(("who", "act"), TOLD.values(), ids=TOLD)
def test_what_ends_a_call_when_it_is_signed_ends_it_when_it_is_told(who: Id, act: a.OwnAct) -> None:
    stage = proven(WAYS[1])
    for one in PUT_INTO_A_HAND:
        stage.do(one)
    assert stage.cards()[COLT].kind in PROVEN_KINDS
    stage.do(deed(CREW, told(who, act)))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_card_is_never_green_while_a_stop_is_open() -> None:
    for _who, act in TOLD.values():
        stage = proven(WAYS[1])
        stage.do(deed(CREW, told(LEAD, act)))
        assert bool(stage.picture.open_stops) == stage.picture.kernel.halt


SHOWN = begun("special/semi_automatic_magazines.txt", "08:11:20 ARM shows Pistol-1 to LEAD: chamber 1 and bore\n")
TO_CALL = """08:11:30 ARM closes the show of Pistol-1 to LEAD
08:11:35 ARM calls Pistol-1: COLD-EMPTY for S1
08:11:40 AD1 announces Pistol-1: COLD-EMPTY
08:11:45 LEAD acknowledges Pistol-1: COLD-EMPTY -> refused K4, K9
"""


@pytest.mark.parametrize("holder", ["ARM", "AD1"])
def test_who_shows_or_answers_second_does_not_sign_the_receivers_look(holder: str) -> None:
    look = f"08:11:25 {holder} holds the phone for LEAD, who sees Pistol-1: chamber 1 empty\n"
    assert unmet(SHOWN + look + TO_CALL + "08:12 " + AS_LOADED) == []


@pytest.mark.parametrize("told", ["look", "acknowledgement"])
@pytest.mark.parametrize("key_class", ["device", "passkey"])
def test_an_ordinary_key_signs_for_nobody_else(key_class: str, told: str) -> None:
    *before, last = claimed(WAYS[0])
    number = 1 if told == "look" else len(before)
    stage = Stage()
    for one in (*morning(), *prepared(WAYS[0], sheets=True)):
        stage.do(one)
    stage.picture.keys["k" + CREW[1:]] = ("", key_class, CREW)
    for at, one in enumerate((*before, last)):
        act = one.acts[0]
        assert not isinstance(act, a.Reported | a.HeldOut)
        stage.do(deed(CREW, a.HeldOut(viewer=LEAD, told=act)) if at == number else one)
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


@pytest.mark.parametrize("number", [1, -1], ids=["look", "acknowledgement"])
def test_a_card_says_when_a_look_or_the_word_of_the_receiver_was_held_out(number: int) -> None:
    deeds = list(claimed(WAYS[0]))
    act = deeds[number].acts[0]
    assert not isinstance(act, a.Reported | a.HeldOut)
    deeds[number] = deed(CREW, a.HeldOut(viewer=LEAD, told=act))
    stage = Stage()
    for one in (*morning(), *prepared(WAYS[0], sheets=True), *deeds):
        stage.do(one)
    assert (stage.cards()[COLT].kind, stage.cards()[COLT].manner) == ("empty", "attended")


def test_who_announces_did_not_sign_the_receivers_look_before() -> None:
    stage, deeds = Stage(), list(claimed(WAYS[0]))
    act = deeds[1].acts[0]
    assert not isinstance(act, a.Reported | a.HeldOut)
    deeds[1] = deed(CREW, a.HeldOut(viewer=LEAD, told=act))
    deeds[4] = replace(deeds[4], by=CREW)
    for one in (*morning(), *prepared(WAYS[0], sheets=True), *deeds):
        step = stage.do(one)
    assert ("K3", "one_for_two") in step.findings


def test_an_ordinary_key_briefs_nobody_else() -> None:
    stage = Stage()
    for one in morning():
        stage.do(one)
    stage.picture.keys["k" + CREW[1:]] = ("", "device", CREW)
    stage.do(deed(AD1, a.MeetingHeld(scene="S1")))
    stage.do(deed(CREW, a.HeldOut(viewer=LEAD, told=a.Attended(scene="S1"))))
    assert LEAD not in stage.picture.scenes["S1"].attended


LOCKED = CALLED + "08:11 LEAD hands Colt-1 to ARM\n08:11 ARM takes Colt-1 from LEAD\n08:12 ARM locks Colt-1 in Truck\n"


def test_a_gun_locked_away_by_whose_hand_it_was_is_in_the_vault() -> None:
    assert unmet(LOCKED + "08:12 expect Colt-1: IN VAULT\n") == []


@pytest.mark.parametrize(
    "since",
    [
        "ARM retracts entry {lock}",
        "AD1 disputes entry {lock}",
        "LEAD fires Colt-1, 1 unintended",
        "AD1 finds X-1 in Colt-1/1: live",
        "CAM carries Colt-1 to Barn",
        "CAM scans Colt-1, serial SN-9",
        "ARM loads Colt-1: chamber 1 from Tray-1/7",
    ],
)
def test_what_is_said_of_a_locked_gun_takes_it_out_of_the_vault(since: str) -> None:
    player = Player(parse_scenario(LOCKED, path="day.txt"), MemoryStore({}))
    list(player.play())
    lock = player.hub.picture.size - 1
    assert unmet(f"{LOCKED}08:13 {since.format(lock=lock)}\n08:13 expect Colt-1: TREAT AS LOADED\n") == []


@pytest.mark.parametrize("lock", ["LEAD locks Colt-1 in Barn", "CAM locks Colt-1 in Truck"])
def test_nobody_else_locks_it_away_and_nothing_is_locked_away_on_a_set(lock: str) -> None:
    assert unmet(f"{CALLED}08:12 {lock}\n08:12 expect Colt-1: TREAT AS LOADED\n") == []


def entry_of(text: str, line: str) -> int:
    """The entry that the last act of `text` up to `line` became."""
    player = Player(parse_scenario(text[: text.index(line) + len(line)] + "\n", path="day.txt"), MemoryStore({}))
    list(player.play())
    return player.hub.picture.size - 1


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("SUP", "07:02 SUP delivers Lot-1 in Tray-1: 12 rounds to ARM"),
        ("ARM", "07:03 ARM receives Lot-1 from SUP in Tray-1/1-12"),
        ("AD1", "07:05 AD1 opens day 1"),
        ("AD1", "07:08 AD1 counts Tray-1: 12"),
        ("LEAD", "08:03 LEAD attends the meeting for S1"),
    ],
)
def test_what_is_taken_back_carries_no_call_and_no_new_one(who: str, line: str) -> None:
    number = entry_of(CALLED, line)
    assert unmet(f"{CALLED}08:11 {who} retracts entry {number}\n08:11 expect Colt-1: TREAT AS LOADED\n") == []
    early = CALLED.replace("08:09 ARM sheet:", f"08:09 {who} retracts entry {number}\n08:09 ARM sheet:")
    assert any("refused" in one for one in unmet(early))


def test_a_lift_that_is_taken_back_opens_its_stop_again() -> None:
    stage = Stage()
    for one in morning():
        stage.do(one)
    stop = stage.do(deed(LEAD, ALARMS["stop"])).entry_index
    lifts = [stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED))) for who in (ARM, AD1, EMP)]
    assert not stage.picture.open_stops
    stage.do(deed(EMP, a.Retracted(entry=lifts[-1].entry_index)))
    assert (stage.picture.open_stops, stage.picture.kernel.halt) == ({stop}, True)
    stage.do(deed(EMP, a.StopLifted(stop=stop, cause=SEALED)))
    assert (stage.picture.open_stops, stage.picture.kernel.halt) == (set(), False)
