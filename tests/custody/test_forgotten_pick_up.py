"""A pick-up that nobody entered: what people are seen to do with a container says that it is not where it was locked."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    EMP,
    LEAD,
    LOOSE,
    SEALED,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    B,
    D,
    Deed,
    Stage,
    claimed,
    counted,
    deed,
    is_green,
    morning,
    prepared,
    stood,
)

EMPTY, TWO = WAYS[0], WAYS[1]
ROWS = TWO.cells
TESTED = a.RoundsTested(thing=TRAY, rows=ROWS, tests=("rattle", "hole"), kind=RoundKind.DUMMY)
ONE = (a.LoadRow(position="1", round_id=D[0], thing=TRAY, cell="1"),)
LOCKED_AWAY = (
    deed(ARM, a.PickedUp(item=TRAY)),
    deed(AD1, a.PresenceDeclared(place=BARN)),
    deed(ARM, a.Locked(item=TRAY, place=TRUCK)),
)
AT_THE_TRUCK = (deed(ARM, a.PresenceDeclared(place=TRUCK)), deed(AD1, a.PresenceDeclared(place=TRUCK)))
BACK_AT_THE_BARN = (deed(ARM, a.PresenceDeclared(place=BARN)), deed(AD1, a.PresenceDeclared(place=BARN)))
WORKED_IN = {
    "tested by two at the barn": (deed(ARM, TESTED), deed(AD1, TESTED)),
    "counted by two at the barn": tuple(counted(8)),
    "carried to the barn": (deed(ARM, a.CarriedTo(item=TRAY, place=BARN)),),
    "held out to the performer": (deed(ARM, a.HandedOver(item=TRAY, to=LEAD)),),
    "looked through by the performer": (deed(LEAD, a.RoundsSeen(thing=TRAY, rows=ROWS)),),
    "loaded from, and put back": (
        deed(ARM, a.PickedUp(item=TWIN)),
        deed(ARM, a.Loaded(gun=TWIN, rows=ONE)),
        deed(ARM, a.Unloaded(gun=TWIN, rows=ONE)),
        *counted(8),
    ),
    "sealed at the barn": (deed(ARM, a.SealApplied(container=TRAY, seal="S-1")),),
    "a blank is found in it": (
        deed(LEAD, a.RoundFound(round_id=B[0], label="", thing=TRAY, cell="5", kind=RoundKind.BLANK, fired=False)),
    ),
}


def not_sealed() -> tuple[Deed, ...]:
    every = claimed(EMPTY)
    return tuple(replace(one, acts=tuple(x for x in one.acts if not isinstance(x, a.SealApplied))) for one in every)


def called(*before: Deed) -> Stage:
    return stood(*morning(), *before, *prepared(EMPTY, sheets=True), *not_sealed())


@pytest.mark.parametrize("worked", WORKED_IN.values(), ids=WORKED_IN)
def test_what_people_work_in_at_the_set_is_not_under_lock_elsewhere(worked: tuple[Deed, ...]) -> None:
    stage = called(*LOCKED_AWAY, *worked)
    assert not is_green(stage)
    assert ("REACH", "in_reach") in stage.steps[-1].findings
    # Locked away again, it is.
    assert is_green(called(*LOCKED_AWAY, *worked, *counted(8), deed(ARM, a.PickedUp(item=TRAY)), *LOCKED_AWAY[2:]))


def test_what_is_worked_in_where_it_is_locked_stays_under_lock() -> None:
    work = WORKED_IN["tested by two at the barn"] + WORKED_IN["counted by two at the barn"]
    assert is_green(called(*LOCKED_AWAY, *AT_THE_TRUCK, *work, *BACK_AT_THE_BARN))
    # Who never said where he is counts it where it lies.
    assert is_green(called(LOCKED_AWAY[0], LOCKED_AWAY[2], deed(AD1, a.Counted(thing=TRAY, count=8))))


@pytest.mark.parametrize("worked", ["carried to the barn", "held out to the performer", "tested by two at the barn"])
def test_under_a_standing_call_it_comes_into_reach(worked: str) -> None:
    stage = called(*LOCKED_AWAY)
    assert is_green(stage)
    for one in WORKED_IN[worked]:
        stage.do(one)
    assert not is_green(stage)


def test_a_live_round_locked_away_is_about_once_somebody_carries_it_around() -> None:
    found = deed(ARM, a.RoundFound(round_id=LOOSE, label="X", thing=BAG, cell="", kind=RoundKind.LIVE, fired=False))

    def day(*later: Deed) -> Stage:
        stage = stood(*morning(), deed(ARM, a.PickedUp(item=BAG)), found)
        for stop in sorted(stage.picture.open_stops):
            for who in (ARM, AD1, EMP):
                stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED)))
        rest = deed(ARM, a.Locked(item=BAG, place=TRUCK)), *later, *prepared(EMPTY, sheets=True), *claimed(EMPTY)
        for one in rest:
            stage.do(one)
        return stage

    assert is_green(day())
    assert ("K5", "live_round_left") in day(deed(ARM, a.CarriedTo(item=BAG, place=BARN))).steps[-1].findings


OPENED = {
    "two test in it": (deed(ARM, TESTED), deed(AD1, TESTED)),
    "the second looks through it": (deed(AD1, a.RoundsSeen(thing=TRAY, rows=ROWS)),),
    "a round in it is marked": (deed(ARM, a.RoundMarked(round_id=D[0], label="M1")),),
    "the performer tests in it": (deed(LEAD, TESTED),),
}


@pytest.mark.parametrize("work", OPENED.values(), ids=OPENED)
def test_who_works_in_what_was_sealed_has_opened_it(work: tuple[Deed, ...]) -> None:
    seal = deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, a.SealApplied(container=TRAY, seal="S-9"))
    assert is_green(called(*seal))
    stage = called(*seal, *work)
    assert not is_green(stage)
    assert ("REACH", "in_reach") in stage.steps[-1].findings
    assert is_green(called(*seal, *counted(8)))
