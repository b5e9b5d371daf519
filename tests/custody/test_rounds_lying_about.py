"""Rounds in a hand or on the floor, a tray at a place within the place, an old concern, and a look at nothing."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, PlaceClass, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    LEAD,
    LOOSE,
    PROP,
    SEALED,
    TRAY,
    WAYS,
    B,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, INERT = WAYS[0], WAYS[-1]
ALTAR: Final = named("w", "Altar")


def words(stage: Stage, gun: Id = COLT) -> str:
    return stage.cards()[gun].words


def taken_out(to: Id, by: Id = ARM) -> Deed:
    return deed(by, a.Moved(start=TRAY, end=to, rows=(a.MoveRow(round_id=B[0], from_cell="5", to_cell=""),)))


def counted(count: int) -> tuple[Deed, ...]:
    return tuple(deed(who, a.Counted(thing=TRAY, count=count)) for who in (ARM, AD1))


def found_at(place: Id) -> Deed:
    return deed(CREW, a.RoundFound(round_id=LOOSE, label="x", thing=place, cell="", kind=RoundKind.BLANK, fired=False))


LYING: Final[dict[str, tuple[Deed, ...]]] = {
    "in the caller's hand": (deed(ARM, a.PickedUp(item=TRAY)), taken_out(ARM), *counted(7)),
    "in the receiver's hand": (deed(ARM, a.PickedUp(item=TRAY)), taken_out(LEAD), *counted(7)),
    "on the floor": (found_at(BARN),),
}


@pytest.mark.parametrize("lying", LYING.values(), ids=LYING)
def test_a_round_in_no_container_is_in_reach_like_one_in_a_tray(lying: tuple[Deed, ...]) -> None:
    stage = stood(*morning(), *lying, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "TREAT AS LOADED"
    assert ("REACH", "in_reach") in stage.steps[-1].findings


def altar(parent: Id) -> Deed:
    return deed(ARM, a.PlaceRegistered(place=ALTAR, label="Altar", place_class=PlaceClass.SET, parent=parent))


@pytest.mark.parametrize(("parent", "green"), [(BARN, False), ("", True)], ids=["within the place", "elsewhere"])
def test_a_tray_put_down_within_the_place_of_the_scene_is_in_reach(parent: Id, *, green: bool) -> None:
    stage = stood(
        *morning(), altar(parent), deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, a.PutDown(item=TRAY, place=ALTAR)),
        *counted(8), *prepared(EMPTY, sheets=True), *(one for one in claimed(EMPTY) if one.by != ARM or "Seal" not in str(one)),
    )  # fmt: skip
    found = {finding for step in stage.steps[-3:] for finding in step.findings}
    assert (("REACH", "in_reach") in found) != green


def test_a_concern_that_is_raised_again_is_as_old_as_it_was() -> None:
    raised = deed(CREW, a.ConcernRaised(concern="c1", remark=SEALED))
    stage = stood(*morning(), raised)
    first = len(stage.steps) - 1
    stage.do(raised)
    assert stage.picture.concerns["c1"] == (first, None)
    stage.do(deed(AD1, a.ConcernAnswered(concern="c1", remark=SEALED)), seen_size=first + 1)
    assert stage.picture.concerns["c1"] == (first, None), "who did not know what was said last answers nothing"
    stage.do(deed(AD1, a.ConcernAnswered(concern="c1", remark=SEALED)))
    assert None not in stage.picture.concerns["c1"]
    stage.do(raised)
    assert stage.picture.concerns["c1"] == (len(stage.steps) - 1, None), "answered and raised anew, it is a new one"


@pytest.mark.parametrize("looks", [False, True], ids=["at nothing", "at it"])
def test_who_asks_to_see_a_replica_is_answered_by_a_look_at_it(*, looks: bool) -> None:
    stage = stood(*morning(), *prepared(INERT, sheets=True), deed(CREW, a.AskedToSee(gun=PROP)))
    stage.do(deed(ARM, a.Showed(gun=PROP, to=CREW, positions=("capability",))))
    stage.do(deed(CREW, a.Seen(gun=PROP, answers=INERT.seen if looks else ())))
    assert (CREW in stage.picture.asked[PROP]) != looks


# --- into the performer's hand under a standing call ---------------------------------------------------------------

IN_HAND: Final[dict[str, tuple[Deed, ...]]] = {
    "he picks the round up": (deed(LEAD, a.PickedUp(item=B[0])),),
    "he moves it into his hand": (taken_out(LEAD, by=LEAD),),
    "somebody moves it there": (taken_out(LEAD),),
    "it is found in his hand": (found_at(LEAD),),
    "it is moved into a bag in his hand": (deed(LEAD, a.PickedUp(item=BAG)), taken_out(BAG)),
}


@pytest.mark.parametrize("told", IN_HAND.values(), ids=IN_HAND)
def test_rounds_in_the_receivers_hand_end_the_call_of_his_empty_gun(told: tuple[Deed, ...]) -> None:
    give, take, *_ = handed(COLT)
    for before in ((), (give, take)):
        stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), *before)
        assert words(stage) == "PROVEN EMPTY"
        for one in told:
            stage.do(one)
        assert words(stage) == "TREAT AS LOADED"


def test_a_round_in_somebody_elses_hand_ends_nothing_of_it() -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), deed(CREW, a.PickedUp(item=B[0])))
    assert words(stage) == "PROVEN EMPTY"
