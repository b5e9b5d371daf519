"""A recall holds what was delivered and never received, and what contradictory accounts say that it lay with."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import RoundKind
from coldcheck.custody.trace_rings import Recall, recall_across, recall_of
from floor import AD1, ARM, BAG, COLT, CREW, DUMMIES, SUP, TRAY, B, D, Deed, deed, morning, named, stood, this_morning

LOT: Final = named("l", "Second lot")
REGISTERED: Final = deed(
    SUP,
    a.LotRegistered(
        lot=LOT, label="Second", calibre=".45", kind=RoundKind.DUMMY, count=4, tests=("rattle",), strong=("rattle",),
        parents=(),
    ),
)  # fmt: skip
DELIVERED: Final = a.Delivered(lot=LOT, container=BAG, count=4, to=ARM)
UP: Final = (deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, a.PickedUp(item=BAG)))


def told(who: str, act: a.OwnAct, grade: a.Grade = a.Grade.PRESS) -> Deed:
    never = a.Interval(start="", end="")
    return deed(AD1, a.Reported(row="N1", sources=(), grade=grade, account="", when=never, who=who, told=act))


def moved(round_id: str, start: str, end: str) -> a.Moved:
    return a.Moved(start=start, end=end, rows=(a.MoveRow(round_id=round_id, from_cell="", to_cell=""),))


def rings(recall: Recall) -> set[str]:
    return {*recall.lot, *recall.together, *recall.closure, *recall.closure_no_barriers}


@pytest.mark.parametrize(
    "came",
    [
        deed(SUP, DELIVERED),
        told(SUP, DELIVERED),
        told(ARM, a.Received(lot=LOT, container=BAG, source=SUP, count=1, cells=(a.CellRow(round_id=B[3], cell="1"),))),
    ],
    ids=["delivered", "told to be delivered", "told to be received"],
)
def test_what_was_delivered_and_received_by_nobody_is_in_the_recall(came: Deed) -> None:
    stage = this_morning(REGISTERED, came)
    recall = recall_of(stage.picture, LOT)
    assert recall.came
    assert BAG in recall.lot
    stage.do(deed(ARM, a.PickedUp(item=BAG)))
    stage.do(deed(ARM, moved(D[0], TRAY, BAG)))
    assert D[0] in rings(recall_of(stage.picture, LOT))


def test_a_delivery_taken_back_stays_in_the_recall() -> None:
    stage = this_morning(REGISTERED, deed(SUP, DELIVERED))
    stage.do(deed(SUP, a.Retracted(entry=len(stage.steps) - 1)))
    assert BAG in rings(recall_of(stage.picture, LOT))


def test_what_went_on_from_the_box_of_a_delivery_is_in_the_recall_of_another_record() -> None:
    here = this_morning(REGISTERED, deed(SUP, DELIVERED))
    there = this_morning(*UP, deed(ARM, moved(D[0], TRAY, BAG)))
    _, elsewhere = recall_across((here.picture, there.picture), LOT)
    assert {BAG, D[0]} <= rings(elsewhere)


def test_a_delivery_that_both_signed_adds_nothing() -> None:
    both = (
        deed(SUP, DELIVERED),
        deed(ARM, a.Received(lot=LOT, container=BAG, source=SUP, count=4, cells=())),
    )
    first = stood(*morning(), *UP, deed(ARM, moved(D[0], TRAY, BAG)), REGISTERED, *both)
    assert BAG in recall_of(first.picture, LOT).lot


@pytest.mark.parametrize("grade", [a.Grade.PRESS, a.Grade.CONTRADICTORY])
def test_where_one_of_several_accounts_says_that_a_round_went_is_in_its_recall(grade: a.Grade) -> None:
    stage = this_morning(*UP, told(CREW, moved(D[0], TRAY, BAG), grade))
    assert BAG in rings(recall_of(stage.picture, DUMMIES))


def test_an_account_goes_on_from_account_to_account() -> None:
    loaded = a.Loaded(gun=COLT, rows=(a.LoadRow(position="1", round_id=B[3], thing=BAG, cell=""),))
    stage = this_morning(
        REGISTERED,
        deed(SUP, DELIVERED),
        told(CREW, loaded, a.Grade.CONTRADICTORY),
    )
    assert {COLT, B[3]} <= rings(recall_of(stage.picture, LOT))


def test_an_account_about_other_things_is_in_no_ring() -> None:
    other = this_morning(REGISTERED, deed(SUP, DELIVERED), told(CREW, moved(B[0], TRAY, COLT), a.Grade.CONTRADICTORY))
    assert COLT not in rings(recall_of(other.picture, LOT))
