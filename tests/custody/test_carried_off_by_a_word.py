"""What somebody who has it not says of rounds takes them out of nobody's reach; what was in other hands is counted anew."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, Id, PlaceClass, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    EMP,
    LEAD,
    SEALED,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    B,
    D,
    Deed,
    Stage,
    Way,
    claimed,
    counted,
    deed,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, TWIN_EMPTY = WAYS[0], WAYS[4]
QUARANTINE, STRAY = named("w", "Quarantine"), named("r", "Stray")
ALL = a.Moved(
    start=TRAY,
    end=TRUCK,
    rows=tuple(a.MoveRow(round_id=r, from_cell=str(cell), to_cell="") for cell, r in enumerate((*D, *B), start=1)),
)


def told(who: Id, what: a.OwnAct) -> Deed:
    when = a.Interval(start="", end="")
    return deed(
        AD1,
        a.Reported(row="N1", sources=("N1",), grade=a.Grade.PRESS, account="", when=when, who=who, told=what),
    )  # fmt: skip


def unsealed(way: Way) -> tuple[Deed, ...]:
    """The show and the call, with nothing of a seal on the tray."""
    every = (replace(one, acts=tuple(x for x in one.acts if not isinstance(x, a.SealApplied))) for one in claimed(way))
    return tuple(every)


def called(*before: Deed, way: Way = EMPTY) -> Stage:
    return stood(*morning(), *before, *prepared(way, sheets=True), *unsealed(way))


@pytest.mark.parametrize(
    "word",
    [told(CREW, ALL), told(CREW, a.Disposed(thing=TRAY, count=8, how="x")), deed(CREW, ALL)],
    ids=["told of", "thrown away, told of", "signed by who has it not"],
)
def test_rounds_carried_off_by_a_word_are_in_reach_still(word: Deed) -> None:
    stage = called(deed(ARM, a.PickedUp(item=TRAY)), word)
    assert stage.cards()[COLT].kind == "loaded"
    assert ("REACH", "in_reach") in stage.steps[-1].findings


def test_rounds_that_their_handler_carried_off_are_not() -> None:
    stage = called(deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, ALL), deed(ARM, a.Locked(item=TRAY, place=TRUCK)))
    assert ("REACH", "in_reach") not in stage.steps[-1].findings
    assert not stage.picture.also_in


@pytest.mark.parametrize("by_report", [True, False], ids=["told of", "signed by who has it not"])
def test_a_live_find_put_away_by_a_word_lies_where_it_was(*, by_report: bool) -> None:
    place = a.PlaceRegistered(place=QUARANTINE, label="Quarantine", place_class=PlaceClass.QUARANTINE, parent="")
    found = a.RoundFound(round_id=STRAY, label="X", thing=BAG, cell="", kind=RoundKind.LIVE, fired=False)
    away = a.Moved(start=BAG, end=QUARANTINE, rows=(a.MoveRow(round_id=STRAY, from_cell="", to_cell=""),))
    stage = stood(*morning(), deed(ARM, place), deed(ARM, a.PickedUp(item=BAG)), deed(AD1, found))
    (stop,) = stage.picture.open_stops
    for who in (ARM, AD1, EMP):
        stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED)))
    stage.do(told(CREW, away) if by_report else deed(CREW, away))
    for one in (*counted(), *prepared(TWIN_EMPTY, sheets=True), *claimed(TWIN_EMPTY)):
        stage.do(one)
    assert stage.cards()[TWIN].kind == "loaded"
    assert ("K5", "live_round_left") in stage.steps[-1].findings


OTHER_HANDS: dict[str, tuple[Deed, ...]] = {
    "a runner had it": (deed(CREW, a.PickedUp(item=TRAY)), deed(ARM, a.PickedUp(item=TRAY))),
    "the performer had it": (
        deed(ARM, a.PickedUp(item=TRAY)),
        deed(ARM, a.HandedOver(item=TRAY, to=LEAD)),
        deed(LEAD, a.Taken(item=TRAY, giver=ARM)),
        deed(LEAD, a.HandedOver(item=TRAY, to=ARM)),
        deed(ARM, a.Taken(item=TRAY, giver=LEAD)),
    ),
    "rounds from home are in it": (
        deed(CREW, a.BroughtIn(item=TRAY, origin="home", count=5)),
        deed(ARM, a.PickedUp(item=TRAY)),
    ),
}


@pytest.mark.parametrize("way", OTHER_HANDS)
def test_what_was_in_other_hands_since_its_count_is_counted_anew(way: str) -> None:
    stage = stood(*morning(), *OTHER_HANDS[way], *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert stage.cards()[COLT].kind == "loaded"
    assert ("K7", "in_other_hands_since_counted") in stage.steps[-1].findings


def test_counted_again_by_two_it_is_as_good_as_before() -> None:
    again = (*OTHER_HANDS["a runner had it"], *counted())
    stage = stood(*morning(), *again, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert stage.cards()[COLT].kind == "empty"


# --- seals and nights ----------------------------------------------------------------------------------------------


TRUNK = named("c", "Trunk")
SEALED_TRUNK = (
    deed(ARM, a.ContainerRegistered(container=TRUNK, label="Trunk", kind=ContainerKind.BAG, cells=0)),
    deed(ARM, a.PickedUp(item=TRUNK)),
    deed(ARM, a.PickedUp(item=TRAY)),
    deed(ARM, a.PickedUp(item=BAG)),
)
SEAL = deed(ARM, a.SealApplied(container=TRUNK, seal="S-9"))
UNDER_SEAL: dict[str, tuple[tuple[Deed, ...], bool]] = {
    "sealed with the tray in it": ((deed(ARM, a.Stowed(item=TRAY, container=TRUNK)), SEAL), True),
    "the tray put in after": ((SEAL, deed(ARM, a.Stowed(item=TRAY, container=TRUNK))), False),
    "a bag taken out since": (
        (
            deed(ARM, a.Stowed(item=TRAY, container=TRUNK)),
            deed(ARM, a.Stowed(item=BAG, container=TRUNK)),
            SEAL,
            deed(ARM, a.PickedUp(item=BAG)),
        ),
        False,
    ),
}


@pytest.mark.parametrize("way", UNDER_SEAL)
def test_a_seal_is_on_what_lay_in_there_as_it_was_put_on(way: str) -> None:
    acts, spared = UNDER_SEAL[way]
    stage = called(*SEALED_TRUNK, *acts)
    assert (("REACH", "in_reach") not in stage.steps[-1].findings) is spared


def test_nobody_is_on_a_duty_or_at_a_place_by_a_word_of_the_day_before() -> None:
    closed = tuple(deed(who, a.DayClosed(day=1)) for who in (ARM, AD1))
    opened = tuple(deed(who, a.DayOpened(day=2)) for who in (ARM, AD1))
    again = (deed(ARM, a.PresenceDeclared(place=BARN)), deed(ARM, a.DutyOpened(duty="armorer", exclusive=True)))
    for said, refused in (((), True), (again, False)):
        stage = stood(*morning(), *closed, *opened, *said, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
        assert any(rule == "K2" for rule, _ in stage.steps[-1].findings) is refused


@pytest.mark.parametrize("who", [CREW, ARM])
def test_a_mark_tells_a_round_from_others_only_where_a_handler_made_it(who: Id) -> None:
    stage = stood(*morning(), deed(who, a.RoundMarked(round_id=D[2], label="D-3")))
    assert stage.picture.cartridges[D[2]].label == "D-3"
    assert (stage.picture.cartridges[D[2]].marked_entry is not None) is (who == ARM)
