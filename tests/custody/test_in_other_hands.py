"""A gun that was with a performer, whoever he is besides, is answered again; one held out and not taken in time is called no more."""

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    LEAD,
    PM,
    POSITIONS,
    PROVEN_KINDS,
    SCENES,
    TRAY,
    WAYS,
    Deed,
    Way,
    claimed,
    deed,
    morning,
    prepared,
    stood,
)

EMPTY, TWO = WAYS[0], WAYS[1]


def planned_for(way: Way, performer: Id) -> tuple[Deed, ...]:
    """The scene planned anew with this performer, and everybody at its meeting."""
    scene = SCENES[way.gun, way.call]
    plan = a.ScenePlanned(
        scene=scene, activity=a.Activity.REHEARSAL, place=BARN, guns=(way.gun,), call=way.call, performer=performer,
        line=(AD1,),
    )  # fmt: skip
    met = (deed(who, a.Attended(scene=scene)) for who in (ARM, LEAD, PM))
    return (deed(AD1, plan, a.MeetingHeld(scene=scene), a.Assessed(scene=scene)), *met)


def called_for(way: Way, receiver: Id) -> tuple[Deed, ...]:
    """Show, and the three parts of the call, with this receiver."""
    scene, count = SCENES[way.gun, way.call], len(way.rounds)
    sealed = (a.SealApplied(container=TRAY, seal="S-1"),) if way.call is a.CallWord.COLD_EMPTY else ()
    return (
        deed(ARM, a.Showed(gun=COLT, to=receiver, positions=POSITIONS[COLT])),
        deed(receiver, a.Seen(gun=COLT, answers=way.seen)),
        deed(ARM, a.ShowClosed(gun=COLT, to=receiver), *sealed),
        deed(ARM, a.Called(gun=COLT, tag=COLT, call=way.call, count=count, powder="", scene=scene)),
        deed(AD1, a.Announced(gun=COLT, call=way.call, count=count, powder="")),
        deed(receiver, a.Acknowledged(gun=COLT, call=way.call, count=count, powder="")),
    )


def handed(giver: Id, taker: Id) -> tuple[Deed, ...]:
    return deed(giver, a.HandedOver(item=COLT, to=taker)), deed(taker, a.Taken(item=COLT, giver=giver))


@pytest.mark.parametrize("way", [EMPTY, TWO])
def test_a_gun_that_a_handler_has_played_with_is_answered_again_as_any_performers_is(way: Way) -> None:
    stage = stood(*morning(), *prepared(way, sheets=True), *planned_for(way, PM), *called_for(way, PM))
    assert stage.cards()[COLT].kind in PROVEN_KINDS
    for told in (*handed(ARM, PM), *handed(PM, ARM), *called_for(way, PM)):
        stage.do(told)
    assert stage.cards()[COLT].kind == "loaded"
    assert ("K6", "answered_before_it_came_back") in stage.steps[-1].findings


def test_between_two_handlers_who_play_in_no_scene_with_it_a_gun_stays_answered() -> None:
    stage = stood(
        *morning(), *prepared(EMPTY, sheets=True), *handed(ARM, PM), *handed(PM, ARM), *called_for(EMPTY, LEAD)
    )
    assert stage.cards()[COLT].kind == "empty"


@pytest.mark.parametrize(("wait_ms", "verdict"), [(57_000, "granted"), (61_000, "refused")])
def test_a_call_whose_gun_was_held_out_and_not_taken_in_time_is_refused_and_does_not_stand(
    wait_ms: int, verdict: str
) -> None:
    *before, last = claimed(EMPTY)
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *before, deed(ARM, a.HandedOver(item=COLT, to=LEAD)))
    said = stage.do(deed(LEAD, *last.acts, wait_ms=wait_ms))
    assert said.verdict == verdict
    assert (stage.cards()[COLT].kind in PROVEN_KINDS) is (verdict == "granted")
    assert (("K6", "not_taken_in_time") in said.findings) is (verdict == "refused")
