"""A run on the floor: one set-up done several times, and what each further part of it still asks."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, PlaceClass, RoundKind
from coldcheck.station.play import Played, Player
from coldcheck.station.scenario import read_scenario
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    EMP,
    HUB,
    LEAD,
    PM,
    PROP,
    SCENES,
    SEALED,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    emptied,
    handed,
    morning,
    prepared,
    rows_of,
    seen_by,
    shown,
    turned,
)
from stores import MemoryStore

EMPTY, DUMMY, BLANK, INERT = WAYS[0], WAYS[1], WAYS[3], WAYS[5]
PARTS = ("rehearsal", "take-1", "take-2")
ORDINARY = Path(__file__).parents[1] / "scenarios/ordinary_scene.txt"


def stage(*deeds: Deed) -> Stage:
    out = Stage()
    for one in (*morning(), *deeds):
        out.do(one)
    return out


def scene_of(way: Way) -> str:
    return SCENES[way.gun, way.call]


def planned(way: Way, parts: tuple[str, ...] = PARTS) -> Deed:
    return deed(AD1, a.RunPlanned(run="R1", scene=scene_of(way), parts=parts))


def first(way: Way, parts: tuple[str, ...] = PARTS) -> list[Deed]:
    """The run planned, the gun proven, and the call of the first part, which names the run."""
    called = [
        replace(told, acts=tuple(replace(x, scene="R1") if isinstance(x, a.Called) else x for x in told.acts))
        for told in claimed(way)
    ]
    return [planned(way, parts), *prepared(way, sheets=True), *called]


def acknowledged(way: Way, **changes: Any) -> Deed:
    act = a.Acknowledged(gun=way.gun, call=way.call, count=len(way.rounds), powder="")
    return deed(LEAD, replace(act, **changes))


def last(floor: Stage) -> tuple[str, set[str]]:
    """Verdict and what was found by the last entry."""
    return floor.steps[-1].verdict, {what for _rule, what in floor.steps[-1].findings}


# --- what a further part needs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "between"), [(EMPTY, shown(EMPTY)), (DUMMY, turned(DUMMY)), (INERT, shown(INERT))], ids=["empty", "dummy", "inert"]
)  # fmt: skip
def test_a_further_part_needs_a_look_or_a_turnaround_and_one_signature(way: Way, between: list[Deed]) -> None:
    floor = stage(*first(way), *handed(way.gun), *between, acknowledged(way))
    assert last(floor) == ("granted", set())
    assert floor.cards()[way.gun].words != "TREAT AS LOADED"
    assert floor.picture.calls[way.gun].run_part == "take-1"


@pytest.mark.parametrize("way", [EMPTY, DUMMY, INERT], ids=lambda way: str(way.call))
def test_without_a_look_a_further_part_is_refused_and_ends_the_run(way: Way) -> None:
    floor = stage(*first(way), *handed(way.gun), acknowledged(way))
    verdict, found = last(floor)
    assert verdict == "refused"
    assert "not_shown_again" in found
    assert way.gun not in floor.picture.run_calls
    assert floor.cards()[way.gun].words == "TREAT AS LOADED"


def test_a_look_alone_is_not_enough_for_dummies() -> None:
    floor = stage(*first(DUMMY), *handed(COLT), *shown(DUMMY), acknowledged(DUMMY))
    assert last(floor) == ("refused", {"not_turned"})


@pytest.mark.parametrize("who", [AD1, LEAD], ids=["first AD", "performer"])
def test_both_look_again(who: Id) -> None:
    one = [*seen_by(EMPTY, who)]
    floor = stage(*first(EMPTY), *handed(COLT), *one, acknowledged(EMPTY))
    assert last(floor)[0] == "refused"
    assert "not_shown_again" in last(floor)[1]


def test_blanks_are_called_anew_each_time() -> None:
    again = [*seen_by(BLANK, AD1), *seen_by(BLANK, LEAD), acknowledged(BLANK)]
    floor = stage(*first(BLANK), *handed(COLT), *again)
    assert last(floor)[0] == "refused"
    assert "blanks_always_new" in last(floor)[1]


def test_only_parts_named_in_advance_are_done() -> None:
    rounds = [one for _ in PARTS[1:] for one in (*handed(COLT), *shown(EMPTY), acknowledged(EMPTY))]
    floor = stage(*first(EMPTY), *rounds)
    assert last(floor)[0] == "granted"
    assert floor.picture.calls[COLT].run_part == PARTS[-1]
    for one in (*handed(COLT), *shown(EMPTY), acknowledged(EMPTY)):
        floor.do(one)
    assert last(floor) == ("refused", {"run_over"})


def test_another_number_is_another_call() -> None:
    floor = stage(*first(DUMMY), *handed(COLT), *turned(DUMMY), acknowledged(DUMMY, count=1))
    assert last(floor) == ("refused", {"part_differs"})


def test_a_run_is_the_first_ads_to_plan() -> None:
    deeds = first(EMPTY)
    deeds[0] = replace(deeds[0], by=ARM)
    assert last(stage(*deeds))[1] == {"no_plan"}


BREAKS = {
    "put down": deed(ARM, a.PutDown(item=COLT, place=BARN)),
    "a mishap": deed(CREW, a.GunMishap(gun=COLT, mishap=a.Mishap.DROPPED)),
    "the handler's sight": deed(ARM, a.SightLost(gun=COLT)),
    "the scene changed": deed(AD1, a.SceneChanged(scene="S1")),
    "the run planned anew": deed(AD1, a.RunPlanned(run="R2", scene="S1", parts=PARTS)),
    "a set-up by one": deed(
        AD1,
        a.SetUpSigned(
            scene="S1", activity=a.Activity.TAKE, line=(), muzzle="down", actions=("draw",), distance_ft=20
        ),
    ),
    "a stop": deed(CREW, a.Stopped(reason="rain", remark=SEALED)),
    "the handler went away": deed(ARM, a.PresenceEnded(place=BARN)),
    "off duty": deed(ARM, a.DutyClosed(duty="armorer")),
    "the day closed": deed(AD1, a.DayClosed(day=1)),
    "another gun's hands": deed(PM, a.PickedUp(item=COLT)),
}  # fmt: skip


@pytest.mark.parametrize("event", BREAKS.values(), ids=BREAKS)
def test_what_happens_beside_the_run_ends_it(event: Deed) -> None:
    out = [deed(ARM, a.HandedOver(item=COLT, to=LEAD)), deed(LEAD, a.Taken(item=COLT, giver=ARM))]
    back = [deed(LEAD, a.HandedOver(item=COLT, to=ARM)), deed(ARM, a.Taken(item=COLT, giver=LEAD))]
    floor = stage(*first(EMPTY), *out, event)
    assert COLT not in floor.picture.run_calls
    for one in (*back, *shown(EMPTY), acknowledged(EMPTY)):
        floor.do(one)
    assert floor.steps[-1].verdict != "granted"
    assert floor.cards()[COLT].words == "TREAT AS LOADED"


def test_a_run_does_not_outlive_the_hub() -> None:
    floor = stage(*first(EMPTY), *handed(COLT))
    for number, one in enumerate((*shown(EMPTY), acknowledged(EMPTY))):
        floor.do(replace(one, boots=number == 0))
    assert "run_too_long" in last(floor)[1]
    assert last(floor)[0] == "refused"


HOUSE = """name = "house"
jurisdiction = "HOUSE"
reviewed_by = ""
reviewed_on = ""
[[rule]]
id = "HO-1"
since = "2026-01-01"
source = "house"
grade = "house"
gate = "call"
predicate = "three_parts"
refusal = "k10"
who = "first_ad"
needs = "parts"
with = { part_ms = 120000 }
[[tighten]]
rule = "RUN"
source = "house"
grade = "house"
with = { most_parts = 1 }
"""


def test_a_run_does_not_go_on_in_a_new_epoch() -> None:
    floor = stage(*first(EMPTY), *handed(COLT))
    assert COLT in floor.picture.run_calls
    floor.do(deed(HUB, a.EpochOpened(epoch=1, public="0" * 64, seen_size=9, seen_root="0" * 64, reason="restored")))
    assert not floor.picture.run_calls


def test_a_rulebook_may_forbid_runs() -> None:
    adopted = a.RulebookAdopted(name="house", sha256=sha256(HOUSE.encode()).hexdigest(), text=HOUSE)
    floor = stage(deed(EMP, adopted), *first(EMPTY))
    assert last(floor) == ("granted", set())
    for one in (*handed(COLT), *shown(EMPTY), acknowledged(EMPTY)):
        floor.do(one)
    assert last(floor) == ("refused", {"no_further_part_here"})


# --- the turnaround ------------------------------------------------------------------------------------------------


def test_the_first_sheet_of_a_turnaround_takes_its_rounds_and_leaves_the_bore() -> None:
    floor = stage(*first(DUMMY), *handed(COLT), turned(DUMMY)[0])
    kernel = floor.picture.kernel
    assert not any(kernel.proven(COLT, name) for name in ("1", "2"))
    assert kernel.proven(COLT, "bore")
    assert not any(kernel.r1[r] for r in DUMMY.rounds)
    assert floor.cards()[COLT].words == "TREAT AS LOADED"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": RoundKind.BLANK},
        {"rows": rows_of(DUMMY)[:1]},
        {"tests": ("rattle",)},
        {"rows": tuple(replace(row, round_id=DUMMY.rounds[1 - at]) for at, row in enumerate(rows_of(DUMMY)))},
        {"gun": PROP},
    ],
    ids=["another kind", "one round", "one test", "rounds changed over", "another gun"],
)
def test_a_turnaround_answered_otherwise_proves_nothing(changes: dict[str, Any]) -> None:
    floor = stage(*first(DUMMY), *handed(COLT), *turned(DUMMY, **changes), acknowledged(DUMMY))
    assert floor.steps[-1].verdict != "granted"
    assert floor.cards()[COLT].words == "TREAT AS LOADED"


def test_a_turnaround_by_one_or_act_by_act_proves_nothing() -> None:
    for deeds in (turned(DUMMY)[:1], [replace(one, acts=one.acts[-1:]) for one in turned(DUMMY)[:2]]):
        floor = stage(*first(DUMMY), *handed(COLT), *deeds, *seen_by(DUMMY, LEAD), acknowledged(DUMMY))
        assert floor.steps[-1].verdict != "granted"
        assert floor.cards()[COLT].words == "TREAT AS LOADED"


def test_what_is_touched_between_the_two_sheets_of_a_turnaround_is_not_proven() -> None:
    one, other, *looks = turned(DUMMY)
    for touch in (a.PutDown(item=COLT, place=BARN), a.PickedUp(item=COLT)):
        floor = stage(*first(DUMMY), *handed(COLT), one, deed(ARM, touch), other, *looks, acknowledged(DUMMY))
        assert floor.steps[-1].verdict != "granted"
        assert floor.cards()[COLT].words == "TREAT AS LOADED"


def test_after_a_turnaround_the_rounds_come_out_as_ever() -> None:
    floor = stage(*first(DUMMY), *handed(COLT), *turned(DUMMY), acknowledged(DUMMY), *handed(COLT), *emptied(DUMMY))
    assert all(floor.picture.kernel.pos[COLT, name] == "#empty" for name in ("1", "2"))
    assert all(floor.picture.spots[r].thing != COLT for r in DUMMY.rounds)


# --- the set-up card -----------------------------------------------------------------------------------------------


def card(scene: str = "S1", **changes: Any) -> a.SetUpSigned:
    made = a.SetUpSigned(
        scene=scene, activity=a.Activity.REHEARSAL, line=(AD1, CREW), muzzle="left", actions=("draw",), distance_ft=0
    )
    return replace(made, **changes)


SET_UP = (deed(AD1, card()), deed(ARM, card()))


def test_two_signatures_change_the_set_up_and_one_answer_briefs_a_newcomer() -> None:
    calls = [*prepared(EMPTY, sheets=True), *claimed(EMPTY)]
    assert last(stage(*SET_UP, *calls)) == ("refused", {"not_briefed"})
    assert last(stage(*SET_UP, deed(CREW, a.SetUpAnswered(scene="S1")), *calls)) == ("granted", set())


@pytest.mark.parametrize(
    "signed",
    [SET_UP[:1], SET_UP[1:], (SET_UP[0], deed(AD1, card())), (SET_UP[0], deed(ARM, card(muzzle="right"))),
     (deed(EMP, card()), SET_UP[1]), (deed(PM, card()), SET_UP[1])],
    ids=["first AD alone", "armorer alone", "one twice", "two cards", "the employer", "two handlers"],
)  # fmt: skip
def test_a_card_needs_first_ad_and_handler_over_the_same_words(signed: tuple[Deed, ...]) -> None:
    floor = stage(*signed)
    assert floor.picture.scenes["S1"].card is None
    assert floor.picture.scenes["S1"].plan.line == (AD1,)


def test_a_first_signature_on_a_new_card_ends_the_call() -> None:
    floor = stage(*prepared(EMPTY, sheets=True), *claimed(EMPTY), SET_UP[0])
    assert floor.cards()[COLT].words == "TREAT AS LOADED"
    assert "V17" in {reason.code for reason in floor.cards()[COLT].reasons}


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ({}, False),
        ({"muzzle": "up"}, False),
        ({"actions": ("draw", "cock")}, False),
        ({"activity": a.Activity.TAKE}, True),
        ({"distance_ft": 10}, True),
    ],
)
def test_the_assessment_is_stale_when_activity_or_distance_changes(changes: dict[str, Any], *, stale: bool) -> None:
    made = card(line=(AD1,), **changes)
    calls = [*prepared(EMPTY, sheets=True), *claimed(EMPTY)]
    floor = stage(deed(AD1, made), deed(ARM, made), *calls)
    # A card of another activity than was planned and met for is read by everyone, not by its two signers alone.
    missing = {"not_assessed", *(("not_briefed",) if "activity" in changes else ())}
    assert last(floor) == (("refused", missing) if stale else ("granted", set()))
    read = deed(LEAD, a.SetUpAnswered(scene="S1"))
    assert last(stage(deed(AD1, made), deed(ARM, made, a.Assessed(scene="S1")), read, *calls))[0] == "granted"


@pytest.mark.parametrize(
    ("place", "guns", "stale"), [(BARN, (COLT,), False), (TRUCK, (COLT,), True), (BARN, (PROP,), True)]
)
def test_the_assessment_is_stale_when_place_class_or_kind_of_gun_changes(
    place: Id, guns: tuple[Id, ...], *, stale: bool
) -> None:
    floor = stage()
    plan = floor.picture.scenes["S1"].plan
    floor.do(deed(AD1, replace(plan, place=place, guns=guns), a.MeetingHeld(scene="S1")))
    floor.do(deed(ARM, a.Called(gun=COLT, tag=COLT, call=plan.call, count=0, powder="", scene="S1")))
    assert ("not_assessed" in last(floor)[1]) == stale
    assert floor.picture.places[TRUCK].place_class is PlaceClass.STORE


def test_somebody_not_briefed_in_the_line_ends_the_call() -> None:
    calls = [*prepared(EMPTY, sheets=True), *claimed(EMPTY)]
    floor = stage(*calls, deed(AD1, a.InLine(gun=COLT)))
    assert floor.cards()[COLT].words == "PROVEN EMPTY"
    floor.do(deed(CREW, a.InLine(gun=COLT)))
    assert floor.cards()[COLT].words == "TREAT AS LOADED"
    assert "V21" in {reason.code for reason in floor.cards()[COLT].reasons}


# --- a claim at the head of a sheet --------------------------------------------------------------------------------


def test_a_last_part_may_begin_the_sheet_of_what_is_done_under_it() -> None:
    *earlier, final = claimed(EMPTY)
    offered = deed(ARM, a.HandedOver(item=COLT, to=LEAD))
    sheet = replace(final, acts=(*final.acts, a.Taken(item=COLT, giver=ARM)))
    floor = stage(*prepared(EMPTY, sheets=True), *earlier, offered, sheet)
    assert floor.steps[-1].verdict == "granted"
    assert floor.picture.kernel.gc[COLT] == LEAD
    assert floor.cards()[COLT].words == "PROVEN EMPTY"


def test_one_verdict_never_stands_for_two_claims() -> None:
    *earlier, final = claimed(EMPTY)
    floor = stage(*prepared(EMPTY, sheets=True), *earlier, deed(CREW, a.Stopped(reason="rain", remark=SEALED)))
    stop = min(floor.picture.open_stops)
    for beside in (a.StopLifted(stop=stop, cause=SEALED), final.acts[0]):
        floor = stage(*prepared(EMPTY, sheets=True), *earlier)
        assert floor.do(replace(final, acts=(*final.acts, beside))).verdict == "refused"


# --- the ordinary scene --------------------------------------------------------------------------------------------


def answers_in(act: a.Act) -> int:
    """How many answers an act holds: one a position looked at, one a round tested, one a round turned around."""
    match act:
        case a.Cleared() | a.Answered() | a.Seen():
            return len(act.answers)
        case a.RoundsTested() | a.Turned() | a.TurnSeen():
            return len(act.rows)
        case _:
            return 0


def test_the_ordinary_scene_is_within_forty_signatures_and_a_hundred_and_ten_answers() -> None:
    begins = ORDINARY.read_text(encoding="utf-8").splitlines().index("# The scene begins here.")
    player = Player(read_scenario(ORDINARY), MemoryStore({}))
    played: tuple[Played, ...] = player.play()
    assert [one for one in played if not one.met] == []
    of_scene = {one.entry_index for one in played if one.line > begins and one.act != "expect"}
    picture = player.hub.picture
    answers = sum(answers_in(done.act) for done in picture.journal if done.entry_index in of_scene)
    granted = {one.entry_index for one in played if one.verdict == "granted"}
    assert len(granted) == 4
    assert picture.runs["R1"].parts == ("rehearsal", "take-1", "take-2", "take-3")
    assert (len(of_scene), answers) == (40, 110)
    # An ordinary scene meets no finding but that the parts of its first call are not all there yet.
    assert {rule for one in played if one.line > begins and one.act != "expect" for rule in one.rules} == {"K10"}
