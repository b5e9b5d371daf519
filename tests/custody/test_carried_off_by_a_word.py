"""What somebody who has it not says of rounds takes them out of nobody's reach; what was in other hands is counted anew."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, PlaceClass, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
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
