"""A round that somebody saw to be live is that round, until it was examined by whose it is and put where no hands are."""

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Role, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    LEAD,
    LOOSE,
    PM,
    POSITIONS,
    SEALED,
    SUP,
    TRAY,
    TWIN,
    WAYS,
    D,
    Deed,
    Stage,
    claimed,
    counted,
    deed,
    is_green,
    morning,
    prepared,
    said,
    stood,
)

EMPTY, TWO, TWIN_EMPTY = WAYS[0], WAYS[1], WAYS[4]


def lifted(stage: Stage) -> Stage:
    for stop in sorted(stage.picture.open_stops):
        for who in (ARM, AD1, EMP):
            stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED)))
    assert not stage.picture.open_stops
    return stage


def then(stage: Stage, *deeds: Deed) -> Stage:
    for one in deeds:
        stage.do(one)
    return stage


def out_of_the_gun() -> Deed:
    rows = tuple(
        a.LoadRow(position=POSITIONS[COLT][at], round_id=cell.round_id, thing=TRAY, cell=cell.cell)
        for at, cell in enumerate(TWO.cells)
    )
    return deed(ARM, a.Unloaded(gun=COLT, rows=rows))


def look(holds: a.Holds) -> tuple[a.AnswerRow, ...]:
    return (a.AnswerRow(position="1", holds=holds, ms=0),)


LOOKS = {
    "the second answers live": deed(AD1, a.Answered(gun=COLT, answers=look(a.Holds.LIVE))),
    "the receiver sees unknown": deed(LEAD, a.Seen(gun=COLT, answers=look(a.Holds.UNKNOWN))),
    "the handler himself": deed(ARM, a.Cleared(gun=COLT, answers=look(a.Holds.LIVE))),
    "it is told of": deed(
        CREW,
        a.Reported(
            row="live", account="", sources=(), grade=a.Grade.STATEMENT, when=a.Interval(start="", end=""), who=AD1,
            told=a.Answered(gun=COLT, answers=look(a.Holds.LIVE)),
        ),
    ),
}  # fmt: skip
SHOWN = deed(ARM, a.Showed(gun=COLT, to=LEAD, positions=POSITIONS[COLT]))


@pytest.mark.parametrize("told", LOOKS.values(), ids=LOOKS)
def test_a_chamber_seen_live_names_the_round_that_lies_there(told: Deed) -> None:
    def looked() -> Stage:
        return lifted(stood(*morning(), *prepared(TWO, sheets=True), SHOWN, told))

    assert D[0] in looked().picture.named_live
    # Out, tested as a dummy by two and back: it is the round that was seen to be live.
    back = then(looked(), out_of_the_gun(), *counted(), *prepared(TWO, sheets=True, procedure="P2"), *claimed(TWO))
    assert not is_green(back)
    beside = then(looked(), *prepared(TWIN_EMPTY, sheets=True, procedure="P2"), *claimed(TWIN_EMPTY))
    assert not is_green(beside, TWIN)
    assert ("K5", "live_round_left") in beside.steps[-1].findings


def test_a_live_round_seen_where_the_record_has_none_waits_for_its_find() -> None:
    def looked() -> Stage:
        return lifted(stood(*morning(), *prepared(EMPTY, sheets=True), LOOKS["the second answers live"]))

    twin = (*prepared(TWIN_EMPTY, sheets=True, procedure="P2"), *claimed(TWIN_EMPTY))
    waiting = then(looked(), *twin)
    assert not is_green(waiting, TWIN)
    assert ("K5", "live_look_open") in waiting.steps[-1].findings
    # Entered as a find and set apart by who has the gun; or taken back by who said so. Disputed, it was said all the same.
    found = deed(ARM, a.RoundFound(round_id=LOOSE, label="L", thing=COLT, cell="1", kind=RoundKind.LIVE, fired=False))
    entered = lifted(then(looked(), found))
    assert not is_green(then(entered, *twin), TWIN)
    apart = then(lifted(then(looked(), found)), deed(ARM, a.SetApart(item=LOOSE, reason="live")), *twin)
    assert is_green(apart, TWIN)
    entry = len(morning_and_answers())
    assert is_green(then(looked(), deed(AD1, a.Retracted(entry=entry)), *twin), TWIN)
    assert not is_green(then(looked(), deed(PM, a.Disputed(entry=entry)), *twin), TWIN)


def morning_and_answers() -> tuple[Deed, ...]:
    return (*morning(), *prepared(EMPTY, sheets=True))


# --- examined ------------------------------------------------------------------------------------------------------


def found_live(thing: str, round_id: str = D[0], cell: str = "1") -> Deed:
    return deed(
        AD1, a.RoundFound(round_id=round_id, label="", thing=thing, cell=cell, kind=RoundKind.LIVE, fired=False)
    )


def says_dummy(who: str) -> Deed:
    return deed(who, a.RoundExamined(round_id=D[0], kind=RoundKind.DUMMY))


def called_after(*examined: Deed, late: bool = False) -> bool:
    stage = stood(*morning())
    before = stage.picture.size
    lifted(then(stage, found_live(TRAY)))
    for one in examined:
        stage.do(one, seen_size=before if late else None)
    return is_green(
        then(stage, deed(ARM, a.PickedUp(item=TRAY)), *counted(), *prepared(TWO, sheets=True), *claimed(TWO))
    )


def with_role(role: Role) -> Deed:
    key = "k" + CREW[1:]
    return deed(
        AD1,
        a.PersonEnrolled(person=CREW, label="CREW", name=SEALED, roles=(role,), key=key, key_class="demo", public=""),
    )


def test_a_live_find_is_a_dummy_by_whose_it_is_to_examine_or_by_a_handler_and_a_second_person() -> None:
    assert called_after(says_dummy(ARM), says_dummy(AD1))
    assert called_after(with_role(Role.POLICE), says_dummy(CREW))
    assert called_after(with_role(Role.SAFETY_ADVISOR), says_dummy(CREW))
    for alone in ((says_dummy(CREW),), (says_dummy(LEAD),), (says_dummy(ARM),), (says_dummy(ARM), says_dummy(CREW))):
        assert not called_after(*alone)
    # Signed before it was found live, it is of something else.
    assert not called_after(says_dummy(ARM), says_dummy(AD1), late=True)


def test_what_somebody_else_says_of_a_live_find_leaves_it_one() -> None:
    stage = lifted(stood(*morning(), found_live(TRAY)))
    then(stage, says_dummy(CREW))
    assert stage.picture.kinds_found[D[0]][0] == "live"
    then(stage, says_dummy(ARM), says_dummy(AD1), found_live(TRAY))
    lifted(stage)
    # Found live again, one of the two is not enough any more.
    then(stage, says_dummy(AD1))
    assert D[0] in stage.picture.named_live


# --- put away ------------------------------------------------------------------------------------------------------


def twin_after(*told: Deed, found: Deed, before: tuple[Deed, ...] = ()) -> bool:
    stage = lifted(stood(*morning(), *before, found))
    then(stage, *told, deed(ARM, a.PickedUp(item=TRAY)), *counted(stage.picture.own_rounds[TRAY]))
    return is_green(then(stage, *prepared(TWIN_EMPTY, sheets=True), *claimed(TWIN_EMPTY)), TWIN)


IN_COLT, IN_TRAY, IN_BAG = found_live(COLT, LOOSE), found_live(TRAY, LOOSE, ""), found_live(BAG, LOOSE, "")
HAS_COLT, HAS_BAG = deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=BAG))


def test_a_live_round_that_nobody_says_where_it_went_is_still_here() -> None:
    cleared = deed(ARM, a.Cleared(gun=COLT, answers=said(POSITIONS[COLT], a.Holds.EMPTY)))
    apart = deed(ARM, a.SetApart(item=LOOSE, reason="live"))
    assert not twin_after(cleared, found=IN_COLT, before=(HAS_COLT,))
    assert twin_after(cleared, apart, found=IN_COLT, before=(HAS_COLT,))


@pytest.mark.parametrize(("how", "gone"), [("lost", False), ("destroyed", True)])
def test_what_is_lost_may_be_here_and_what_is_destroyed_is_not(how: str, *, gone: bool) -> None:
    assert twin_after(deed(ARM, a.Disposed(thing=BAG, count=1, how=how)), found=IN_BAG, before=(HAS_BAG,)) is gone


def test_a_stranger_destroys_nothing_by_a_word() -> None:
    assert not twin_after(deed(CREW, a.Disposed(thing=BAG, count=1, how="destroyed")), found=IN_BAG, before=(HAS_BAG,))


PUT = {
    "set apart by who has it": ((deed(ARM, a.SetApart(item=LOOSE, reason="live")),), True),
    "taken as evidence by who has it": ((deed(ARM, a.EvidenceTaken(item=LOOSE)),), True),
    "set apart by a stranger": ((deed(CREW, a.SetApart(item=LOOSE, reason="live")),), False),
    "taken as evidence by a stranger": ((deed(CREW, a.EvidenceTaken(item=LOOSE)),), False),
    "set apart by another handler, while one has it": ((deed(PM, a.SetApart(item=LOOSE, reason="live")),), False),
    "left with a stranger's word": (
        (deed(CREW, a.LeftProduction(item=TRAY, how=a.Ending.RETURNED_TO_OWNER, to="")),), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("told", "away"), PUT.values(), ids=PUT)
def test_a_live_round_is_put_away_by_who_has_it(told: tuple[Deed, ...], *, away: bool) -> None:
    assert twin_after(*told, found=IN_TRAY) is away


def test_a_lot_set_apart_takes_no_round_out_of_the_tray_it_lies_in() -> None:
    assert not twin_after(deed(ARM, a.SetApart(item=DUMMIES, reason="lot")), found=found_live(TRAY))


APART = deed(ARM, a.SetApart(item=D[0], reason="live"))
INTO_THE_BAG = deed(ARM, a.Moved(start=TRAY, end=BAG, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),)))
BAG_COUNTED = (
    deed(ARM, a.PickedUp(item=BAG)),
    deed(ARM, a.Counted(thing=BAG, count=1)),
    deed(AD1, a.Counted(thing=BAG, count=1)),
)
BAG_SEALED = deed(ARM, a.SealApplied(container=BAG, seal="7"))
WORN = (deed(ARM, a.HandedOver(item=BAG, to=LEAD)), deed(LEAD, a.Taken(item=BAG, giver=ARM)))
IN_TWIN = deed(ARM, a.Loaded(gun=TWIN, rows=(a.LoadRow(position="1", round_id=D[0], thing=TRAY, cell="1"),)))
OWN_HAND = deed(LEAD, a.Moved(start=TRAY, end=LEAD, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),)))
WENT_ON = {
    "it lies where it was set apart": ((), True),
    "a handler puts it elsewhere": ((INTO_THE_BAG, *BAG_COUNTED, BAG_SEALED), True),
    "and a performer wears that": ((INTO_THE_BAG, *BAG_COUNTED, *WORN), False),
    "by mistake it is loaded into another gun": ((IN_TWIN,), False),
    "a performer takes it in his hand": ((OWN_HAND,), False),
}


@pytest.mark.parametrize(("later", "away"), WENT_ON.values(), ids=WENT_ON)
def test_what_was_set_apart_is_so_only_where_it_was_put(later: tuple[Deed, ...], *, away: bool) -> None:
    stage = lifted(then(stood(*morning()), found_live(TRAY)))
    left = 8 if not later else 7
    counts = (deed(ARM, a.PickedUp(item=TRAY)), *counted(left))
    then(stage, APART, *later, *counts, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert is_green(stage) is away
    assert (("K5", "live_round_left") in stage.steps[-1].findings) is not away


BACK = deed(SUP, a.HandedOver(item=BAG, to=ARM)), deed(ARM, a.Taken(item=BAG, giver=SUP))


@pytest.mark.parametrize("back", [BACK, None], ids=["rented again", "returned by slip and taken back"])
def test_what_left_and_came_back_is_here_with_what_is_found_in_it(back: tuple[Deed, ...] | None) -> None:
    stage = then(stood(*morning()), deed(ARM, a.PickedUp(item=BAG)))
    entry = stage.picture.size
    then(stage, deed(ARM, a.LeftProduction(item=BAG, how=a.Ending.RETURNED_TO_OWNER, to=SUP)))
    then(stage, *(back or (deed(ARM, a.Retracted(entry=entry)),)), deed(ARM, a.PickedUp(item=BAG)))
    lifted(then(stage, found_live(BAG, LOOSE, "")))
    then(stage, *BAG_COUNTED, deed(ARM, a.PickedUp(item=TRAY)), *counted(8))
    then(stage, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert not is_green(stage)
    assert ("K5", "live_round_left") in stage.steps[-1].findings


def test_a_gun_in_which_a_live_round_was_seen_is_put_away_with_it() -> None:
    seen = LOOKS["the second answers live"]
    stage = lifted(stood(*morning(), *prepared(EMPTY, sheets=True), seen))
    then(stage, deed(ARM, a.EvidenceTaken(item=COLT)))
    assert is_green(then(stage, *prepared(TWIN_EMPTY, sheets=True, procedure="P2"), *claimed(TWIN_EMPTY)), TWIN)
