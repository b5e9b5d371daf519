"""A single round handled as a thing loses what was tested of it, wherever it lies; and what has no rows still says something."""

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.acts import Grade
from coldcheck.custody.things import RoundKind
from coldcheck.custody.trace import origin_of
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    LEAD,
    TRAY,
    TRUCK,
    WAYS,
    D,
    Deed,
    claimed,
    deed,
    is_green,
    prepared,
    this_morning,
)

DUMMIES = WAYS[1]
ONE = D[0]
HANDLED = {
    "picked up": deed(CREW, a.PickedUp(item=ONE)),
    "taken": deed(CREW, a.Taken(item=ONE, giver=LEAD)),
    "stowed": deed(CREW, a.Stowed(item=ONE, container=BAG)),
    "locked": deed(CREW, a.Locked(item=ONE, place=TRUCK)),
    "brought in": deed(CREW, a.BroughtIn(item=ONE, origin="home", count=0)),
    "carried": deed(CREW, a.CarriedTo(item=ONE, place=TRUCK)),
    "put down": deed(CREW, a.PutDown(item=ONE, place=BARN)),
    "handed over": deed(AD1, a.HandedOver(item=ONE, to=CREW)),
    "picked up by the armorer": deed(ARM, a.PickedUp(item=ONE)),
}


CALLED = (*prepared(DUMMIES, sheets=True), *claimed(DUMMIES))


@pytest.mark.parametrize("handled", HANDLED.values(), ids=HANDLED)
def test_a_round_of_a_called_gun_that_somebody_handles_ends_the_call(handled: Deed) -> None:
    stage = this_morning(*CALLED)
    assert is_green(stage)
    stage.do(handled)
    assert not is_green(stage)


@pytest.mark.parametrize("handled", list(HANDLED.values())[:7], ids=list(HANDLED)[:7])
def test_a_tested_round_that_somebody_else_handled_is_not_the_tested_one_any_more(handled: Deed) -> None:
    picked, *rest = prepared(DUMMIES, sheets=False)
    assert is_green(this_morning(picked, *rest, *claimed(DUMMIES)))
    stage = this_morning(picked, *rest[:4])
    assert stage.picture.kernel.round_proven(ONE)
    stage.do(handled)
    assert not stage.picture.kernel.round_proven(ONE)
    for one in (*rest[4:], *claimed(DUMMIES)):
        stage.do(one)
    assert not is_green(stage)


def test_who_holds_a_round_that_was_in_his_tray_still_holds_it() -> None:
    picked, *rest = prepared(DUMMIES, sheets=False)
    stage = this_morning(picked, *rest[:4], deed(ARM, a.PickedUp(item=ONE)))
    assert stage.picture.kernel.round_proven(ONE)


def test_a_round_is_where_the_last_one_who_handled_it_says_and_its_chain_does_not_end_at_the_supplier() -> None:
    stage = this_morning(
        deed(CREW, a.PickedUp(item=ONE)),
        deed(LEAD, a.Taken(item=ONE, giver=CREW)),
        deed(LEAD, a.Locked(item=ONE, place=TRUCK)),
    )
    assert stage.picture.spots[ONE].thing == TRUCK
    stage.do(deed(ARM, a.RoundFound(round_id=ONE, label="", thing=TRAY, cell="1", kind=RoundKind.LIVE, fired=False)))
    assert origin_of(stage.picture, ONE).ends_at == "gap"


SAID = {
    "loaded": deed(CREW, a.Loaded(gun=COLT, rows=())),
    "unloaded": deed(CREW, a.Unloaded(gun=COLT, rows=())),
    "loaded by the armorer": deed(ARM, a.Loaded(gun=COLT, rows=())),
    "turned": deed(ARM, a.Turned(gun=COLT, rows=(), tests=("rattle",), kind=RoundKind.DUMMY)),
    "cleared": deed(CREW, a.Cleared(gun=COLT, answers=())),
    "tested in it": deed(
        CREW, a.RoundsTested(thing=COLT, rows=(), tests=("rattle",), kind=RoundKind.DUMMY)
    ),
    "looked through": deed(CREW, a.RoundsSeen(thing=COLT, rows=())),
}  # fmt: skip
FOUND = {
    "turned": deed(ARM, a.Turned(gun=COLT, rows=(), tests=("rattle",), kind=RoundKind.LIVE)),
    "seen turned": deed(AD1, a.TurnSeen(gun=COLT, rows=(), tests=(), kind=RoundKind.UNKNOWN)),
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_an_act_that_does_not_say_which_chamber_is_a_doubt_about_all(said: Deed) -> None:
    stage = this_morning(*CALLED)
    stage.do(said)
    assert not is_green(stage)
    assert stage.picture.kernel.p1[COLT, "1"] == ""


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)
def test_a_live_round_stops_the_set_also_where_nobody_says_which_chamber(found: Deed) -> None:
    stage = this_morning(*CALLED)
    step = stage.do(found)
    assert step.entry_index in stage.picture.open_stops
    assert not is_green(stage)


@pytest.mark.parametrize("said", [*SAID.values(), *FOUND.values()])
def test_told_by_another_it_says_no_more_than_signed(said: Deed) -> None:
    (told,) = said.acts
    assert isinstance(told, a.OwnAct)
    report = a.Reported(
        row="N1", sources=("N1",), grade=Grade.PRESS, account="", when=a.Interval(start="", end=""), who=said.by,
        told=told,
    )  # fmt: skip
    stage = this_morning(*CALLED, deed(AD1, report))
    assert not is_green(stage)
