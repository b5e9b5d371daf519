"""A misfire out of a gun called cold, a belt's tests of before it was left, an inspection of before, and who asked to see and went."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, Id, RoundKind
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    EMP,
    LEAD,
    PM,
    SCENES,
    SEALED,
    TRAY,
    TRUCK,
    WAYS,
    D,
    Deed,
    Stage,
    Way,
    briefed,
    claimed,
    counted,
    deed,
    handed,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, DUMMIES, BLANKS = WAYS[0], WAYS[1], WAYS[3]
BELT = named("c", "Belt")


def unsealed(way: Way) -> tuple[Deed, ...]:
    every = (replace(one, acts=tuple(x for x in one.acts if not isinstance(x, a.SealApplied))) for one in claimed(way))
    return tuple(every)


def misfired(way: Way, mishap: a.Mishap = a.Mishap.MISFIRED) -> Stage:
    called = (*morning(), *prepared(way, sheets=True), *claimed(way), *tuple(handed(COLT))[:2])
    return stood(*called, deed(LEAD, a.GunMishap(gun=COLT, mishap=mishap)))


# --- a misfire -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [EMPTY, DUMMIES], ids=["called empty", "called with dummies"])
def test_a_misfire_out_of_a_gun_called_cold_stops_the_set(way: Way) -> None:
    stage = misfired(way)
    assert len(stage.picture.open_stops) == 1
    assert {*way.rounds} <= stage.picture.named_live.keys()


def test_a_misfire_entered_when_the_gun_with_dummies_is_back_stops_it_too() -> None:
    back = (*prepared(DUMMIES, sheets=True), *claimed(DUMMIES), *handed(COLT))
    stage = stood(*morning(), *back, deed(ARM, a.GunMishap(gun=COLT, mishap=a.Mishap.MISFIRED)))
    assert stage.picture.open_stops


def test_a_misfire_of_an_empty_gun_in_the_armorers_hand_stops_nothing() -> None:
    called = (*prepared(EMPTY, sheets=True), *claimed(EMPTY))
    stage = stood(*morning(), *called, deed(ARM, a.GunMishap(gun=COLT, mishap=a.Mishap.MISFIRED)))
    assert not stage.picture.open_stops
    assert stage.cards()[COLT].kind == "loaded"


def test_a_misfire_with_blanks_and_a_dry_hammer_fall_stop_nothing() -> None:
    for stage in (misfired(BLANKS), misfired(EMPTY, a.Mishap.HAMMER_FELL), misfired(DUMMIES, a.Mishap.HAMMER_FELL)):
        assert not stage.picture.open_stops
        assert not stage.picture.named_live


def test_its_rounds_go_in_again_only_when_they_were_examined_by_two() -> None:
    for examined in (False, True):
        stage = misfired(DUMMIES)
        (stop,) = stage.picture.open_stops
        for who in (ARM, AD1, EMP):
            stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED)))
        rows = tuple(
            a.LoadRow(position=str(at), round_id=cell.round_id, thing=TRAY, cell=cell.cell)
            for at, cell in enumerate(DUMMIES.cells, start=1)
        )
        for one in (*tuple(handed(COLT))[2:], deed(ARM, a.Unloaded(gun=COLT, rows=rows))):
            stage.do(one)
        if examined:
            for who in (ARM, AD1):
                for r in DUMMIES.rounds:
                    stage.do(deed(who, a.RoundExamined(round_id=r, kind=RoundKind.DUMMY)))
        again = (*counted(), *prepared(DUMMIES, sheets=True, procedure="P2"), *claimed(DUMMIES))
        for one in again:
            stage.do(one)
        assert (("K4", "rounds_named_live") in stage.steps[-1].findings) is not examined
        assert (stage.cards()[COLT].kind == "dummies") is examined


# --- a worn belt ---------------------------------------------------------------------------------------------------


def both_test(thing: Id, *, by_cell: bool) -> tuple[Deed, ...]:
    rows = tuple(a.CellRow(cell=str(at) if by_cell else "", round_id=r) for at, r in enumerate(D, start=1))
    test = a.RoundsTested(thing=thing, rows=rows, tests=("rattle", "hole"), kind=RoundKind.DUMMY)
    return deed(ARM, test), deed(AD1, test)


def filled() -> tuple[Deed, ...]:
    """Four dummies, tested by two, in a belt in the armorer's hand; the tray under lock."""
    rows = tuple(a.MoveRow(round_id=r, from_cell=str(at), to_cell="") for at, r in enumerate(D, start=1))
    return (
        deed(ARM, a.ContainerRegistered(container=BELT, label="Strap", kind=ContainerKind.POCKET, cells=0)),
        deed(ARM, a.PickedUp(item=TRAY)),
        deed(ARM, a.PickedUp(item=BELT)),
        *both_test(TRAY, by_cell=True),
        deed(ARM, a.Moved(start=TRAY, end=BELT, rows=rows)),
        deed(ARM, a.Locked(item=TRAY, place=TRUCK)),
    )


WORN = (
    deed(ARM, a.Counted(thing=BELT, count=4)),
    deed(AD1, a.Counted(thing=BELT, count=4)),
    deed(ARM, a.HandedOver(item=BELT, to=LEAD)),
    deed(LEAD, a.Taken(item=BELT, giver=ARM)),
)
NEXT_DAY = (
    *(deed(who, a.DayClosed(day=1)) for who in (ARM, AD1)),
    *(deed(who, a.DayOpened(day=2)) for who in (ARM, AD1)),
    deed(ARM, a.DutyOpened(duty="armorer", exclusive=True), a.PresenceDeclared(place=BARN)),
    *briefed(COLT, EMPTY.call, SCENES[COLT, EMPTY.call]),
    deed(ARM, a.PickedUp(item=BELT)),
)
LEFT = (deed(ARM, a.PutDown(item=BELT, place=BARN)), deed(ARM, a.PickedUp(item=BELT)))
BELTS: dict[str, tuple[tuple[Deed, ...], bool]] = {
    "the same day": ((), True),
    "over the night under lock": ((deed(ARM, a.Locked(item=BELT, place=TRUCK)), *NEXT_DAY), True),
    "over the night on the set": ((LEFT[0], *NEXT_DAY), False),
    "over the night on the set, tested anew": ((LEFT[0], *NEXT_DAY, *both_test(BELT, by_cell=False)), True),
    "left alone at noon": (LEFT, False),
    "left alone at noon, tested anew": ((*LEFT, *both_test(BELT, by_cell=False)), True),
}


@pytest.mark.parametrize("way", BELTS)
def test_a_belt_is_worn_beside_an_empty_gun_by_tests_since_it_was_last_left_alone(way: str) -> None:
    between, is_good = BELTS[way]
    stage = stood(*morning(), *filled(), *between, *WORN, *prepared(EMPTY, sheets=True), *unsealed(EMPTY))
    assert (("REACH", "in_reach") not in stage.steps[-1].findings) is is_good
    assert (stage.cards()[COLT].kind == "empty") is is_good


# --- an inspection of before ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_before", [True, False])
def test_an_inspection_that_was_signed_before_it_jammed_lets_it_in_no_more(*, of_before: bool) -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=COLT)))
    before = stage.picture.size
    stage.do(deed(LEAD, a.GunMishap(gun=COLT, mishap=a.Mishap.JAMMED)))
    looked = deed(PM, a.ConditionNoted(gun=COLT, work=a.Work.INSPECTED, photo="", remark=SEALED))
    stage.do(looked, seen_size=before if of_before else None)
    for one in (*prepared(EMPTY, sheets=True), *claimed(EMPTY)):
        stage.do(one)
    assert (("K1", "in_maintenance") in stage.steps[-1].findings) is of_before
    assert (stage.cards()[COLT].kind == "empty") is not of_before


# --- who asked to see ----------------------------------------------------------------------------------------------


ASKED = deed(CREW, a.AskedToSee(gun=COLT))
NUMBER = len(tuple(morning()))
WENT: dict[str, tuple[tuple[Deed, ...], bool]] = {
    "he waits": ((), True),
    "he took it back": ((deed(CREW, a.Retracted(entry=NUMBER)),), False),
    "somebody else took it back": ((deed(ARM, a.Retracted(entry=NUMBER)),), True),
    "he went": ((deed(CREW, a.PresenceEnded(place=BARN)),), False),
    "somebody else went": ((deed(EMP, a.PresenceEnded(place=BARN)),), True),
}


@pytest.mark.parametrize("way", WENT)
def test_who_took_back_that_he_asked_to_see_or_went_himself_does_not_wait(way: str) -> None:
    then, waits = WENT[way]
    stage = stood(*morning(), ASKED, *then, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert (("K9", "asked_and_waiting") in stage.steps[-1].findings) is waits


def test_nobody_waits_over_the_night() -> None:
    closed = (deed(ARM, a.DayClosed(day=1)), deed(AD1, a.DayClosed(day=1)))
    assert not any(stood(*morning(), ASKED, *closed).picture.asked.values())
