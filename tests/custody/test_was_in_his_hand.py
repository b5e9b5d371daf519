"""What a performer lays down, hands back, fires or looks at was in his hand, whether or not anybody entered that he took it."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import RoundKind
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    LEAD,
    PROP,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    B,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    handed,
    morning,
    prepared,
    stood,
)

EMPTY, TWIN_EMPTY = WAYS[0], WAYS[4]
CELL = a.CellRow(cell="", round_id=B[0])
MOVED = a.MoveRow(round_id=B[0], from_cell="", to_cell="5")


def unsealed(way: Way) -> tuple[Deed, ...]:
    """The show and the call, with nothing of a seal on the tray that lies elsewhere."""
    every = (replace(one, acts=tuple(x for x in one.acts if not isinstance(x, a.SealApplied))) for one in claimed(way))
    return tuple(every)


def in_his_hand(*before: Deed) -> Stage:
    """The gun called empty is in the performer's hand, every round under lock in the truck."""
    locked = (deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, a.Locked(item=TRAY, place=TRUCK)))
    shown = unsealed(EMPTY)
    stage = stood(*morning(), *locked, *before, *prepared(EMPTY, sheets=True), *shown, *tuple(handed(COLT))[:2])
    assert stage.cards()[COLT].kind == "empty"
    return stage


SECOND_GUN: dict[str, tuple[Deed, ...]] = {
    "hands it back": (deed(LEAD, a.HandedOver(item=TWIN, to=ARM)),),
    "the armorer takes it from him": (deed(ARM, a.Taken(item=TWIN, giver=LEAD)),),
    "lays it down": (deed(LEAD, a.PutDown(item=TWIN, place=BARN)),),
    "carries it": (deed(LEAD, a.CarriedTo(item=TWIN, place=BARN)),),
    "loads it": (deed(LEAD, a.Loaded(gun=TWIN, rows=())),),
    "it jams": (deed(LEAD, a.GunMishap(gun=TWIN, mishap=a.Mishap.JAMMED)),),
    "fires it": (deed(LEAD, a.Discharged(gun=TWIN, planned=True, shots=1, hit=())),),
    "hands the replica back": (deed(LEAD, a.HandedOver(item=PROP, to=ARM)),),
}


@pytest.mark.parametrize("way", SECOND_GUN)
def test_a_second_gun_that_was_in_his_hand_leaves_the_first_one_in_doubt(way: str) -> None:
    stage = in_his_hand()
    for one in SECOND_GUN[way]:
        stage.do(one)
    card = stage.cards()[COLT]
    assert (card.kind, [reason.code for reason in card.reasons]) == ("loaded", ["V18"])


ROUNDS: dict[str, Deed] = {
    "hands the tray back": deed(LEAD, a.HandedOver(item=TRAY, to=ARM)),
    "carries the tray": deed(LEAD, a.CarriedTo(item=TRAY, place=BARN)),
    "puts the tray down": deed(LEAD, a.PutDown(item=TRAY, place=TRUCK)),
    "puts a round back": deed(LEAD, a.Moved(start=LEAD, end=TRAY, rows=(MOVED,))),
    "the armorer takes a round out of his hand": deed(ARM, a.Moved(start=LEAD, end=TRAY, rows=(MOVED,))),
    "hands a round back": deed(LEAD, a.HandedOver(item=B[0], to=ARM)),
    "puts a round down": deed(LEAD, a.PutDown(item=B[0], place=TRUCK)),
    "looks at a round in his hand": deed(LEAD, a.RoundsSeen(thing=LEAD, rows=(CELL,))),
    "tests a round in his hand": deed(
        LEAD, a.RoundsTested(thing=LEAD, rows=(CELL,), tests=("crimp",), kind=RoundKind.BLANK)
    ),
    "counts what is in his hand": deed(LEAD, a.Counted(thing=LEAD, count=3)),
    "throws one away": deed(LEAD, a.Disposed(thing=LEAD, count=1, how="thrown away")),
}


@pytest.mark.parametrize("way", ROUNDS)
def test_rounds_that_were_in_his_hand_end_the_call_of_his_empty_gun(way: str) -> None:
    stage = in_his_hand()
    stage.do(ROUNDS[way])
    card = stage.cards()[COLT]
    assert (card.kind, [reason.code for reason in card.reasons]) == ("loaded", ["V13"])


HARMLESS: dict[str, tuple[Deed, ...]] = {
    "nothing in his hand": (deed(LEAD, a.Counted(thing=LEAD, count=0)),),
    "somebody else laid it down": (deed(CREW, a.PutDown(item=TWIN, place=BARN)),),
    "a gun in the armorer's hand jammed before his eyes": (
        deed(ARM, a.PickedUp(item=TWIN)),
        deed(LEAD, a.GunMishap(gun=TWIN, mishap=a.Mishap.JAMMED)),
    ),
    "the armorer at work": (deed(ARM, a.PickedUp(item=TWIN)), deed(ARM, a.PutDown(item=TWIN, place=TRUCK))),
}


@pytest.mark.parametrize("way", HARMLESS)
def test_what_was_not_in_his_hand_leaves_his_gun_as_it_is(way: str) -> None:
    stage = in_his_hand()
    for one in HARMLESS[way]:
        stage.do(one)
    assert stage.cards()[COLT].kind == "empty"


def test_one_of_two_called_guns_comes_back_and_the_other_stays_called() -> None:
    """He took both by the record, each under its own call: they were told apart then."""
    called = (*prepared(TWIN_EMPTY, sheets=True, procedure="P2"), *unsealed(TWIN_EMPTY))
    stage = in_his_hand()
    for one in (*called, *tuple(handed(TWIN))[:2]):
        stage.do(one)
    assert {stage.cards()[gun].kind for gun in (COLT, TWIN)} == {"empty"}
    for one in (deed(AD1, a.AskedToSee(gun=TWIN)), *tuple(handed(TWIN))[2:]):
        stage.do(one)
    assert (stage.cards()[COLT].kind, TWIN in stage.picture.calls) == ("empty", False)
