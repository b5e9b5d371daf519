"""What lay out of reach of a gun called empty and does no more; trays nobody knows the place of; guns met elsewhere than locked."""

from dataclasses import replace
from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, Id, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    BLANKS,
    COLT,
    CREW,
    LEAD,
    PM,
    PROP,
    SEALED,
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
    deed,
    is_green,
    morning,
    named,
    prepared,
    said,
    stood,
)

EMPTY, DUMMIES, INERT = WAYS[0], WAYS[1], WAYS[-1]
GHOST, MAG = named("c", "Ghost"), named("c", "Mag")
EVERY: Final = (*D, *B)


def called(*before: Deed) -> Stage:
    """The Colt called empty after `before`, the tray sealed in the same sheet."""
    return stood(*morning(), *before, *prepared(EMPTY, sheets=True), *claimed(EMPTY))


def unsealed(*before: Deed) -> Stage:
    """As `called`, without the seal."""
    deeds = (
        replace(one, acts=tuple(act for act in one.acts if not isinstance(act, a.SealApplied)))
        for one in claimed(EMPTY)
    )
    return stood(*morning(), *before, *prepared(EMPTY, sheets=True), *deeds)


def counted(count: int = 8) -> tuple[Deed, ...]:
    return tuple(deed(who, a.Counted(thing=TRAY, count=count)) for who in (ARM, AD1))


def moved(*rounds: Id, end: Id, by: Id = ARM) -> Deed:
    rows = tuple(a.MoveRow(round_id=r, from_cell=str(EVERY.index(r) + 1), to_cell="") for r in rounds)
    return deed(by, a.Moved(start=TRAY, end=end, rows=rows))


def told(who: Id, act: a.Act, grade: a.Grade = a.Grade.PRESS) -> Deed:
    when = a.Interval(start="", end="")
    return deed(AD1, a.Reported(row="N1", sources=("N1",), grade=grade, account="", when=when, who=who, told=act))  # type: ignore[arg-type]  # any act but a report


LOCKED: Final = deed(ARM, a.Locked(item=TRAY, place=TRUCK))
NEAR: Final[dict[str, tuple[Deed, ...]]] = {
    "seal broken": (deed(ARM, a.SealBroken(container=TRAY, seal="S-1")),),
    "taken into the caller's hand": (moved(B[0], end=ARM),),
    "counts that are off": (deed(AD1, a.Counted(thing=TRAY, count=7)), deed(PM, a.Counted(thing=TRAY, count=9))),
}


@pytest.mark.parametrize("after", NEAR.values(), ids=NEAR)
def test_what_comes_into_reach_ends_the_call_of_an_empty_gun(after: tuple[Deed, ...]) -> None:
    stage = called()
    assert is_green(stage)
    for one in after:
        stage.do(one)
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_count_that_is_taken_back_ends_the_calls_that_leant_on_it() -> None:
    stage = called()
    entry = next(n for n, step in enumerate(stage.steps) if isinstance(step.acts[0], a.Counted))
    stage.do(deed(ARM, a.Retracted(entry=entry)))
    assert not is_green(stage)


def test_a_tray_locked_away_and_taken_up_again_ends_the_call_and_one_put_elsewhere_does_not() -> None:
    stage = unsealed(LOCKED)
    assert is_green(stage)
    stage.do(deed(CREW, a.Remarked(remark=SEALED)))
    assert is_green(stage)
    stage.do(deed(ARM, a.PickedUp(item=TRAY)))
    assert stage.cards()[COLT].reasons[0].code == "V13"


NOWHERE: Final[dict[str, tuple[Deed, ...]]] = {
    "disputed": (deed(PM, a.Taken(item=TRAY, giver=LEAD)), *counted()),
    "only told, and denied": (told(LEAD, a.PickedUp(item=TRAY), a.Grade.CONTRADICTORY), *counted()),
    "lost": (deed(ARM, a.LeftProduction(item=TRAY, how=a.Ending.LOST, to="")), *counted()),
    "only told": (told(CREW, a.PickedUp(item=TRAY)), *counted()),
    "in itself": (deed(ARM, a.Stowed(item=TRAY, container=TRAY)), *counted()),
    "in a thing nobody registered": (deed(ARM, a.PickedUp(item=GHOST)), moved(*EVERY, end=GHOST)),
    "in the other gun": (deed(ARM, a.PickedUp(item=TWIN)), moved(*EVERY, end=TWIN)),
    "locked on the set floor": (deed(ARM, a.Locked(item=TRAY, place=BARN)),),
    "locked where nobody registered a place": (deed(ARM, a.Locked(item=TRAY, place=named("w", "x"))),),
}


@pytest.mark.parametrize("before", NOWHERE.values(), ids=NOWHERE)
def test_rounds_of_which_nobody_knows_where_they_are_are_in_reach(before: tuple[Deed, ...]) -> None:
    stage = unsealed(*before)
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert ("REACH", "in_reach") in stage.steps[-1].findings


def test_a_tray_in_other_hands_or_returned_is_out_of_reach() -> None:
    assert is_green(unsealed(LOCKED))
    assert is_green(unsealed(deed(PM, a.PickedUp(item=TRAY))))
    gone = deed(ARM, a.LeftProduction(item=TRAY, how=a.Ending.RETURNED_TO_OWNER, to=SUP))
    assert ("REACH", "in_reach") not in unsealed(gone).steps[-1].findings


def test_rounds_that_were_lost_are_counted_out_by_two() -> None:
    lost = deed(ARM, a.Disposed(thing=TRAY, count=8, how="lost"))
    assert ("K7", "not_counted") in unsealed(lost).steps[-1].findings
    assert is_green(unsealed(lost, *counted(0)))


def with_magazine(*after: Deed) -> Stage:
    """The Colt called empty with a magazine in it that two counted at zero."""
    new = a.ContainerRegistered(container=MAG, label="Mag", kind=ContainerKind.MAGAZINE, cells=2)
    stage = stood(
        *morning(), deed(ARM, new), deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=MAG)),
        *(deed(who, a.Counted(thing=MAG, count=0)) for who in (ARM, AD1)), deed(ARM, a.MagazineInserted(gun=COLT, container=MAG)),
        *tuple(prepared(EMPTY, sheets=True))[1:], *claimed(EMPTY),
    )  # fmt: skip
    assert is_green(stage), stage.steps[-1].findings
    for one in after:
        stage.do(one)
    return stage


INTO: Final[dict[str, Deed]] = {
    "delivered": deed(SUP, a.Delivered(lot=BLANKS, container=MAG, count=2, to=ARM)),
    "by its label": deed(CREW, a.LabelRead(thing=MAG, kind=RoundKind.BLANK)),
}


@pytest.mark.parametrize("after", INTO.values(), ids=INTO)
def test_what_is_said_to_be_in_the_magazine_of_a_called_gun_ends_its_call(after: Deed) -> None:
    assert not is_green(with_magazine(after))


@pytest.mark.parametrize(
    "act", [a.SealBroken(container=BAG, seal="S-9"), a.SetApart(item=BAG, reason="x")], ids=["seal", "apart"]
)
def test_a_magazine_in_a_bag_is_meant_with_the_bag(act: a.Act) -> None:
    new = a.ContainerRegistered(container=MAG, label="Mag", kind=ContainerKind.MAGAZINE, cells=2)
    rows = said(("1", "2"), a.Holds.EMPTY)
    stage = stood(
        *morning(), deed(ARM, new), deed(ARM, a.PickedUp(item=BAG)), deed(ARM, a.PickedUp(item=MAG)),
        deed(ARM, a.Cleared(gun=MAG, answers=rows)), deed(AD1, a.Answered(gun=MAG, answers=rows)),
        deed(ARM, a.Stowed(item=MAG, container=BAG)),
    )  # fmt: skip
    assert stage.picture.kernel.proven(MAG, "1")
    stage.do(deed(CREW, act))
    assert not stage.picture.kernel.proven(MAG, "1")
    assert (MAG in stage.picture.apart) == isinstance(act, a.SetApart)
    stage.do(deed(ARM, a.Readmitted(item=BAG)))
    assert MAG not in stage.picture.apart


def locked_up(*after: Deed) -> Stage:
    stage = stood(*morning(), *prepared(DUMMIES, sheets=True), deed(ARM, a.Locked(item=COLT, place=TRUCK)))
    assert stage.cards()[COLT].words == "IN VAULT"
    for one in after:
        stage.do(one)
    return stage


MET: Final[dict[str, Deed]] = {
    "in its line": deed(LEAD, a.InLine(gun=COLT)),
    "scanned by somebody else": deed(LEAD, a.Scanned(gun=COLT, serial="Colt")),
    "lost from sight": deed(AD1, a.SightLost(gun=COLT)),
    "a round out of it": deed(LEAD, a.Moved(start=COLT, end=LEAD, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),))),
    "a round of it found": deed(LEAD, a.RoundFound(round_id=D[0], label="x", thing=BARN, cell="", kind=RoundKind.DUMMY, fired=False)),
    "counted by somebody else": deed(LEAD, a.Counted(thing=COLT, count=2)),
}  # fmt: skip


@pytest.mark.parametrize("after", MET.values(), ids=MET)
def test_a_gun_that_somebody_has_before_him_is_not_in_the_vault(after: Deed) -> None:
    assert locked_up(after).cards()[COLT].words == "TREAT AS LOADED"


def test_who_locked_it_counts_it_where_it_lies() -> None:
    there = deed(ARM, a.PresenceDeclared(place=TRUCK))
    assert locked_up(there, deed(ARM, a.Counted(thing=COLT, count=2))).cards()[COLT].words == "IN VAULT"


@pytest.mark.parametrize("word", [a.Holds.EMPTY, a.Holds.CLEAR])
def test_a_thing_without_a_chamber_is_answered_as_inert_and_not_as_empty(word: a.Holds) -> None:
    rows = (a.AnswerRow(position="capability", holds=word, ms=0),)
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=PROP)))
    stage.do(deed(ARM, a.Cleared(gun=PROP, answers=rows)))
    stage.do(deed(AD1, a.Answered(gun=PROP, answers=rows)))
    for one in claimed(INERT):
        stage.do(one)
    assert not is_green(stage, PROP)


def test_a_chamber_that_is_answered_as_inert_is_not_answered_as_empty() -> None:
    inert = tuple(replace(row, holds=a.Holds.INERT) for row in said(("1", "2", "bore"), a.Holds.EMPTY))
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.Cleared(gun=COLT, answers=inert)))
    stage.do(deed(AD1, a.Answered(gun=COLT, answers=inert)))
    assert not stage.picture.kernel.proven(COLT, "1")
