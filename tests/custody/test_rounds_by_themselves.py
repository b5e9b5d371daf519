"""Rounds that are called are those that were tested: not one out of a mix, in no position, named live, kept back or of a lot in doubt."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, Relation, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    BLANKS,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    PROVEN_KINDS,
    SEALED,
    SUP,
    TRAY,
    TRUCK,
    WAYS,
    B,
    D,
    Deed,
    Stage,
    claimed,
    counted,
    deed,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, TWO, ONE = WAYS[0], WAYS[1], WAYS[2]
FOUND, PARENT = named("r", "Found"), named("l", "Parent")


def findings_of(stage: Stage) -> set[tuple[str, str]]:
    return set(stage.steps[-1].findings)


def refused_for(stage: Stage, rule: str, what: str) -> bool:
    return stage.cards()[COLT].kind not in PROVEN_KINDS and (rule, what) in findings_of(stage)


def moved(round_id: Id, start: Id, cell: str, end: Id, to_cell: str = "") -> Deed:
    row = a.MoveRow(round_id=round_id, from_cell=cell, to_cell=to_cell)
    return deed(ARM, a.Moved(start=start, end=end, rows=(row,)))


def lifted(stage: Stage, number: int) -> None:
    for who in (ARM, AD1, EMP):
        stage.do(deed(who, a.StopLifted(stop=number, cause=SEALED)))


# --- one that cannot be told from another --------------------------------------------------------------------------


def by_way_of(thing: Id, *others: tuple[Id, str], label: str = "") -> Stage:
    """D3 is tested by two in its cell, goes through `thing` beside `others`, and is loaded out of it."""
    cell = a.CellRow(cell="3", round_id=D[2])
    tested = a.RoundsTested(thing=TRAY, rows=(cell,), tests=("rattle", "hole"), kind=RoundKind.DUMMY)
    loaded = a.Loaded(gun=COLT, rows=(a.LoadRow(position="1", round_id=D[2], thing=thing, cell=""),))
    marks = (deed(ARM, a.RoundMarked(round_id=D[2], label=label)),) if label else ()
    return stood(
        *morning(), *marks, deed(ARM, a.PickedUp(item=BAG)), deed(ARM, a.PickedUp(item=COLT)),
        deed(ARM, ONE.first_rows[0]), deed(AD1, ONE.second_rows[0]), deed(ARM, tested), deed(AD1, tested),
        moved(D[2], TRAY, "3", thing), *(moved(r, TRAY, cell, thing) for r, cell in others), *counted(7 - len(others)),
        *(deed(who, a.Counted(thing=thing, count=1 + len(others))) for who in (ARM, AD1)),
        deed(ARM, loaded), deed(AD1, ONE.second_rows[2]), *claimed(ONE),
    )  # fmt: skip


@pytest.mark.parametrize("thing", [BAG, ARM])
@pytest.mark.parametrize("other", [(B[0], "5"), (D[3], "4")])
def test_a_round_taken_from_among_others_that_look_like_it_is_not_known_to_be_the_tested_one(
    thing: Id, other: tuple[Id, str]
) -> None:
    assert refused_for(by_way_of(thing, other), "K4", "rounds_proven_of_kind")


def test_a_round_that_lay_alone_or_bears_a_mark_is_the_one_that_was_tested() -> None:
    assert by_way_of(BAG).cards()[COLT].kind == "dummies"
    assert by_way_of(BAG, (B[0], "5"), label="D-3").cards()[COLT].kind == "dummies"


# --- in the gun, and in no position --------------------------------------------------------------------------------


def test_a_round_that_is_somewhere_in_the_gun_keeps_it_from_being_called_until_it_is_elsewhere() -> None:
    found = a.RoundFound(round_id=D[2], label="", thing=COLT, cell="", kind=RoundKind.DUMMY, fired=False)
    picked_up, *answered = prepared(EMPTY, sheets=True)
    stage = stood(*morning(), picked_up, deed(CREW, found), *answered, *claimed(EMPTY))
    assert refused_for(stage, "K4", "round_in_no_position")
    taken_out = stood(
        *morning(), picked_up, deed(CREW, found), moved(D[2], COLT, "", TRAY), *counted(8), *answered, *claimed(EMPTY)
    )
    assert taken_out.cards()[COLT].kind == "empty"


# --- named as live -------------------------------------------------------------------------------------------------


def found_live(round_id: Id) -> Deed:
    cell = "1" if round_id in D else ""
    return deed(
        CREW, a.RoundFound(round_id=round_id, label="q", thing=TRAY, cell=cell, kind=RoundKind.LIVE, fired=False)
    )


def named_live(told: Deed) -> Stage:
    """The morning after somebody named a round as live, and three people lifted the stop."""
    stage = stood(*morning(), told)
    lifted(stage, len(stage.steps) - 1)
    return stage


def failed(kind: RoundKind) -> Deed:
    row = a.CellRow(cell="1", round_id=D[0])
    return deed(AD1, a.RoundsTested(thing=TRAY, rows=(row,), tests=("rattle", "hole"), kind=kind))


@pytest.mark.parametrize(
    "told",
    [found_live(D[0]), failed(RoundKind.LIVE), failed(RoundKind.UNKNOWN), deed(EMP, a.RoundExamined(round_id=D[0], kind=RoundKind.LIVE))],
)  # fmt: skip
def test_a_round_that_was_named_as_live_is_in_no_called_gun_until_somebody_examined_it(told: Deed) -> None:
    examined = [deed(who, a.RoundExamined(round_id=D[0], kind=RoundKind.DUMMY)) for who in (ARM, EMP)]
    for more, kind in (((), "loaded"), (examined, "dummies")):
        stage = named_live(told)
        for one in (*more, deed(ARM, a.PickedUp(item=TRAY)), *counted(), *prepared(TWO, sheets=True), *claimed(TWO)):
            stage.do(one)
        assert stage.cards()[COLT].kind == kind
    stage = named_live(told)
    for one in examined:
        stage.do(one)
    stage.do(deed(EMP, a.Retracted(entry=len(stage.steps) - 1)))
    for one in (deed(ARM, a.PickedUp(item=TRAY)), *counted(), *prepared(TWO, sheets=True), *claimed(TWO)):
        stage.do(one)
    assert ("K4", "rounds_named_live") in findings_of(stage)


@pytest.mark.parametrize("round_id", [D[0], FOUND])
def test_a_live_round_that_was_found_and_left_lying_keeps_every_gun_from_being_called(round_id: Id) -> None:
    ways = ((), "loaded"), ((deed(ARM, a.SetApart(item=round_id, reason="live")),), "dummies")
    count = 8 if round_id in D else 9
    for more, kind in ways:
        stage = named_live(found_live(round_id))
        for one in (
            *more,
            deed(ARM, a.PickedUp(item=TRAY)),
            *counted(count),
            *prepared(ONE, sheets=True),
            *claimed(ONE),
        ):
            stage.do(one)
        assert stage.cards()[COLT].kind == kind
        assert (("K5", "live_round_left") in findings_of(stage)) is (kind == "loaded")


# --- kept back, and of a lot in doubt ------------------------------------------------------------------------------


@pytest.mark.parametrize("item", [D[0], TRAY, DUMMIES])
def test_what_is_held_as_evidence_is_in_no_called_gun(item: Id) -> None:
    taken = deed(EMP, a.EvidenceTaken(item=item))
    before = stood(*morning(), taken, deed(ARM, a.PickedUp(item=TRAY)), *prepared(TWO, sheets=True), *claimed(TWO))
    assert refused_for(before, "K4", "rounds_set_apart")
    under = stood(*morning(), *prepared(TWO, sheets=True), *claimed(TWO), taken)
    assert under.cards()[COLT].kind == "loaded"


def lot(lot_id: Id = DUMMIES, **changes: object) -> a.LotRegistered:
    first = a.LotRegistered(
        lot=lot_id, label="Dummies", calibre=".45", kind=RoundKind.DUMMY, count=4, tests=("rattle", "hole"),
        strong=("hole",), parents=(),
    )  # fmt: skip
    return replace(first, **changes)  # type: ignore[arg-type]  # each test names one field as it is


def test_a_lot_told_to_be_part_of_another_goes_with_it_when_that_is_recalled() -> None:
    split = lot(parents=(a.ParentRow(relation=Relation.SPLIT_OF, parent=PARENT),))
    told = (deed(ARM, lot(PARENT, label="Parent")), deed(ARM, split))
    recalled = deed(SUP, a.LotRecalled(lot=PARENT, reason="primer"))
    under = stood(*morning(), *told, *prepared(TWO, sheets=True), *claimed(TWO))
    assert under.cards()[COLT].kind == "dummies"
    under.do(recalled)
    assert under.cards()[COLT].kind == "loaded"
    before = stood(*morning(), *told, *prepared(TWO, sheets=True), recalled, *claimed(TWO))
    assert before.cards()[COLT].kind == "loaded"


def test_a_lot_registered_as_live_is_called_again_when_its_supplier_and_a_handler_have_said_the_first_again() -> None:
    otherwise = deed(SUP, lot(kind=RoundKind.LIVE))
    stage = stood(*morning(), otherwise, *prepared(TWO, sheets=True), *claimed(TWO))
    assert refused_for(stage, "K4", "lot_registered_otherwise")
    by_one = stood(*morning(), otherwise, deed(ARM, lot()), *prepared(TWO, sheets=True), *claimed(TWO))
    assert refused_for(by_one, "K4", "lot_registered_otherwise")
    by_both = stood(
        *morning(), otherwise, deed(ARM, lot()), deed(SUP, lot()), *prepared(TWO, sheets=True), *claimed(TWO)
    )
    assert by_both.cards()[COLT].kind == "dummies"


def test_a_lot_of_which_nothing_is_left_here_is_in_no_called_gun() -> None:
    closed = deed(ARM, a.LotClosed(lot=DUMMIES, holder=SUP))
    under = stood(*morning(), *prepared(TWO, sheets=True), *claimed(TWO), closed)
    assert under.cards()[COLT].kind == "loaded"
    before = stood(*morning(), *prepared(TWO, sheets=True), closed, *claimed(TWO))
    assert refused_for(before, "K4", "lot_closed")
    other = stood(
        *morning(), *prepared(TWO, sheets=True), *claimed(TWO), deed(ARM, a.LotClosed(lot=BLANKS, holder=SUP))
    )
    assert other.cards()[COLT].kind == "dummies"


def test_rounds_are_tested_by_both_on_the_day_they_are_called() -> None:
    for way in (TWO, WAYS[3]):
        night = (
            deed(ARM, a.Locked(item=TRAY, place=TRUCK)), deed(ARM, a.DayClosed(day=1)), deed(ARM, a.DayOpened(day=2)),
            deed(AD1, a.DayOpened(day=2)), deed(ARM, a.PickedUp(item=TRAY)), *counted(), deed(ARM, a.PickedUp(item=COLT)),
            deed(ARM, a.PresenceDeclared(place=BARN)), deed(ARM, a.DutyOpened(duty="armorer", exclusive=True)),
            deed(ARM, way.first_rows[0]), deed(AD1, way.second_rows[0]),
        )  # fmt: skip
        answered = (deed(ARM, way.first_rows[2]), deed(AD1, way.second_rows[2]), *claimed(way))
        one_each_day = stood(*morning(), deed(ARM, way.tested), *night, deed(AD1, way.tested), *answered)
        assert refused_for(one_each_day, "K4", "tested_before_today")
        both_before = stood(*morning(), deed(ARM, way.tested), deed(AD1, way.tested), *night, *answered)
        assert refused_for(both_before, "K4", "tested_before_today")
        both_today = stood(*morning(), *night, deed(ARM, way.tested), deed(AD1, way.tested), *answered)
        assert both_today.cards()[COLT].kind in PROVEN_KINDS


def test_a_lot_keeps_who_made_it_and_is_another_lot_when_two_makers_are_named() -> None:
    said_first = stood(*morning(), deed(SUP, lot(maker="Alder")), *prepared(TWO, sheets=True), *claimed(TWO))
    assert said_first.picture.lots[DUMMIES].maker == "Alder"
    assert said_first.cards()[COLT].kind == "dummies"
    silent = (deed(SUP, lot(maker="Alder")), deed(ARM, lot()))
    assert stood(*morning(), *silent, *prepared(TWO, sheets=True), *claimed(TWO)).cards()[COLT].kind == "dummies"
    other = (deed(SUP, lot(maker="Alder")), deed(ARM, lot(maker="Birch")))
    stage = stood(*morning(), *other, *prepared(TWO, sheets=True), *claimed(TWO))
    assert refused_for(stage, "K4", "lot_registered_otherwise")
    assert stage.picture.lots[DUMMIES].maker == "Alder"


def test_an_act_that_names_no_maker_has_the_bytes_it_always_had() -> None:
    assert "maker" not in a.plain(lot())
    assert a.plain(lot(maker="Alder"))["maker"] == "Alder"
