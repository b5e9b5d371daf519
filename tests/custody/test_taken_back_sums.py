"""What was entered twice or by slip and taken back by its own signer is in no sum; nothing is asked of a thing less for it."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.counts import balance_of
from coldcheck.custody.picture import expected_count
from coldcheck.custody.things import ContainerKind, Id, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BLANKS,
    CREW,
    DUMMIES,
    SUP,
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
    named,
    prepared,
    stood,
)

TWIN_EMPTY = WAYS[4]
FIFTY, BOX = named("l", "Fifty"), named("c", "Box")
LOT = next(x for one in morning() for x in one.acts if isinstance(x, a.LotRegistered) and x.lot == BLANKS)
GOT = deed(ARM, a.Received(lot=FIFTY, container=BAG, source=SUP, cells=(), count=50))
LOOSE = (
    deed(ARM, replace(LOT, lot=FIFTY, label="Fifty", count=50)),
    deed(ARM, a.ContainerRegistered(container=BOX, label="Box", kind=ContainerKind.BOX, cells=0)),
    deed(SUP, a.Delivered(lot=FIFTY, container=BAG, count=50, to=ARM)),
    GOT,
)
POURED = deed(ARM, a.Poured(start=BAG, end=BOX, lot=FIFTY, count=20))


def slip(stage: Stage, told: Deed, *, by: Id = ARM) -> Stage:
    """`told`, and taken back by `by`."""
    entry = stage.picture.size
    stage.do(told)
    stage.do(deed(by, a.Retracted(entry=entry)))
    return stage


def count_says(stage: Stage, thing: Id, count: int) -> set[str]:
    """What is found of two people's count of a thing."""
    for who in (ARM, AD1):
        stage.do(deed(who, a.Counted(thing=thing, count=count)))
    return {rule for step in stage.steps[-2:] for rule, _ in step.findings}


SLIPS: dict[str, tuple[tuple[Deed, ...], Deed, dict[Id, int]]] = {
    "received twice": ((), GOT, {BAG: 50}),
    "brought in": ((), deed(ARM, a.BroughtIn(item=BAG, origin="home", count=5)), {BAG: 50}),
    "poured twice": ((POURED,), POURED, {BAG: 30, BOX: 20}),
    "poured twice, with less left": (
        (replace(POURED, acts=(a.Poured(start=BAG, end=BOX, lot=FIFTY, count=40),)),),
        POURED,
        {BAG: 10, BOX: 40},
    ),
    "thrown away": ((), deed(ARM, a.Disposed(thing=BAG, count=5, how=a.Ending.LOST)), {BAG: 50}),
    "thrown away, by its cell": ((), deed(ARM, a.Disposed(thing=TRAY, count=1, how=a.Ending.LOST)), {TRAY: 8}),
}


@pytest.mark.parametrize("way", SLIPS)
def test_what_was_entered_by_slip_and_taken_back_is_in_no_sum(way: str) -> None:
    before, told, sums = SLIPS[way]
    stage = slip(stood(*morning(), *LOOSE, *before), told)
    for thing, count in sums.items():
        assert expected_count(stage.picture, thing) == count
        assert "V12" not in count_says(stage, thing, count)
    assert {lot: balance_of(stage.picture, lot) for lot in (FIFTY, DUMMIES, BLANKS)} == dict.fromkeys(
        (FIFTY, DUMMIES, BLANKS), 0
    )


@pytest.mark.parametrize("way", SLIPS)
def test_taken_back_twice_it_counts_once(way: str) -> None:
    before, told, sums = SLIPS[way]
    stage = stood(*morning(), *LOOSE, *before)
    entry = stage.picture.size
    for one in (told, deed(ARM, a.Retracted(entry=entry)), deed(ARM, a.Retracted(entry=entry))):
        stage.do(one)
    assert {thing: expected_count(stage.picture, thing) for thing in sums} == sums


@pytest.mark.parametrize("way", SLIPS)
def test_what_somebody_else_takes_back_or_doubts_stays_in_the_sums(way: str) -> None:
    before, told, _ = SLIPS[way]
    alone = stood(*morning(), *LOOSE, *before, told)
    doubted = slip(stood(*morning(), *LOOSE, *before), told, by=CREW)
    for thing in (BAG, BOX, TRAY):
        assert expected_count(doubted.picture, thing) == expected_count(alone.picture, thing)


def test_a_thing_whose_receipt_was_taken_back_is_asked_for_as_one_with_rounds() -> None:
    stage = stood(*morning(), *LOOSE)
    entry = stage.steps[-1].entry_index
    stage.do(deed(ARM, a.Retracted(entry=entry)))
    for one in (*prepared(TWIN_EMPTY, sheets=True), *claimed(TWIN_EMPTY)):
        stage.do(one)
    assert not is_green(stage, TWIN)
    assert ("K7", "not_counted") in stage.steps[-1].findings


# --- lost and found again ------------------------------------------------------------------------------------------

LOST = deed(ARM, a.Disposed(thing=TRAY, count=1, how=a.Ending.LOST))
BACK = deed(ARM, a.Moved(start=TRUCK, end=TRAY, rows=(a.MoveRow(round_id=D[0], from_cell="", to_cell="1"),)))
FOUND = deed(CREW, a.RoundFound(round_id=D[0], label="", thing=TRUCK, cell="", kind=RoundKind.DUMMY, fired=False))


def twin(*deeds: Deed) -> Stage:
    return stood(*morning(), *deeds, *prepared(TWIN_EMPTY, sheets=True), *claimed(TWIN_EMPTY))


def test_a_lost_round_that_is_found_and_put_back_is_lost_no_more() -> None:
    stage = twin(LOST, *counted(7), FOUND, deed(ARM, a.PickedUp(item=TRAY)), BACK, *counted())
    assert stage.picture.gone[DUMMIES] == 0
    assert is_green(stage, TWIN)


def test_one_that_was_lost_and_is_not_found_stays_lost() -> None:
    stage = twin(LOST, *counted(7))
    assert (stage.picture.gone[DUMMIES], balance_of(stage.picture, DUMMIES)) == (1, 0)
    assert is_green(stage, TWIN)


def test_lost_by_slip_and_taken_back_is_counted_anew() -> None:
    entry = len(tuple(morning()))
    taken_back = deed(ARM, a.Retracted(entry=entry))
    assert ("K7", "not_counted") in twin(LOST, taken_back).steps[-1].findings
    assert is_green(twin(LOST, taken_back, deed(ARM, a.PickedUp(item=TRAY)), *counted()), TWIN)


def test_lost_by_slip_lies_not_where_another_round_lies_since() -> None:
    stage = stood(*morning(), LOST)
    stage.do(deed(ARM, a.Moved(start=TRAY, end=TRAY, rows=(a.MoveRow(round_id=B[0], from_cell="5", to_cell="1"),))))
    stage.do(deed(ARM, a.Retracted(entry=stage.picture.size - 2)))
    assert stage.picture.lying[TRAY, "1"] == B[0]
    assert balance_of(stage.picture, DUMMIES) == 0
