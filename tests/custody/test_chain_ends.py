"""Where a chain may end: at a receipt of this very round, over steps that somebody still stands by."""

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.counts import balance_of
from coldcheck.custody.things import ContainerKind, Id, RoundKind
from coldcheck.custody.trace import Origin, access_to, origin_of
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    DUMMIES,
    LEAD,
    PM,
    SUP,
    TRAY,
    TRUCK,
    B,
    D,
    Deed,
    Stage,
    deed,
    morning,
    named,
    stood,
)

LOT, BOX = named("l", "Second lot"), named("c", "Second box")
ROUNDS = tuple(named("r", f"S{number}") for number in range(6))


def moved(by: Id) -> Deed:
    return deed(by, a.Moved(start=TRAY, end=BAG, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),)))


def found_live(round_id: Id, thing: Id, cell: str = "") -> Deed:
    return deed(
        CREW, a.RoundFound(round_id=round_id, label="x", thing=thing, cell=cell, kind=RoundKind.LIVE, fired=False)
    )


def chain_of(stage: Stage, round_id: Id = D[0]) -> Origin:
    return origin_of(stage.picture, round_id)


# --- steps that nobody stands by -----------------------------------------------------------------------------------


def test_a_step_that_stands_carries_the_chain_to_the_receipt() -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=BAG)), moved(ARM), found_live(D[0], BAG))
    assert chain_of(stage).ends_at == "receipt"


@pytest.mark.parametrize("late", [False, True], ids=["before the find", "after the find"])
def test_a_step_taken_back_carries_no_chain(*, late: bool) -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=BAG)), moved(ARM))
    taken_back = deed(ARM, a.Retracted(entry=len(stage.steps) - 1))
    for one in (found_live(D[0], BAG), taken_back) if late else (taken_back, found_live(D[0], BAG)):
        stage.do(one)
    origin = chain_of(stage)
    assert origin.gap is not None
    assert origin.gap.why == "steps_do_not_join"
    received = stage.picture.placements[D[0]][0].entry_index
    assert origin.gap.from_entry == received, "the gap begins at the last step that somebody stands by"


def test_a_step_that_another_disputes_carries_no_chain() -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=BAG)), moved(LEAD))
    stage.do(deed(AD1, a.Disputed(entry=len(stage.steps) - 1)))
    stage.do(found_live(D[0], BAG))
    assert chain_of(stage).ends_at == "gap"


# --- receipts that do not fit what came ----------------------------------------------------------------------------


def received(cells: tuple[tuple[str, Id], ...], *, delivered: int, count: int) -> Stage:
    box = a.ContainerRegistered(container=BOX, label="Second box", kind=ContainerKind.TRAY, cells=12)
    lot = a.LotRegistered(
        lot=LOT, label="Second lot", calibre=".45", kind=RoundKind.DUMMY, count=delivered, tests=("rattle", "hole"),
        strong=("hole",), parents=(),
    )  # fmt: skip
    rows = tuple(a.CellRow(cell=cell, round_id=round_id) for cell, round_id in cells)
    return stood(
        *morning(),
        deed(ARM, lot, box),
        deed(SUP, a.Delivered(lot=LOT, container=BOX, count=delivered, to=ARM)),
        deed(ARM, a.Received(lot=LOT, container=BOX, source=SUP, cells=rows, count=count)),
    )


def in_cells(many: int) -> tuple[tuple[str, Id], ...]:
    return tuple((str(number + 1), ROUNDS[number]) for number in range(many))


def test_a_receipt_for_as_many_as_there_are_is_the_origin_of_each() -> None:
    stage = received(in_cells(4), delivered=4, count=4)
    stage.do(found_live(ROUNDS[3], BOX, "4"))
    assert chain_of(stage, ROUNDS[3]).ends_at == "receipt"


UNFIT = {
    "more rounds than it is for": (in_cells(6), 4),
    "fewer rounds than it is for": (in_cells(4), 6),
    "one round in four cells": (tuple((str(number), ROUNDS[0]) for number in range(4)), 4),
    "four rounds in one cell": (tuple(("1", round_id) for round_id in ROUNDS[:4]), 4),
}


@pytest.mark.parametrize(("cells", "count"), UNFIT.values(), ids=UNFIT)
def test_a_receipt_that_does_not_fit_its_cells_is_said_and_is_no_origin(
    cells: tuple[tuple[str, Id], ...], count: int
) -> None:
    stage = received(cells, delivered=count, count=count)
    assert ("I1", "cells_differ") in stage.steps[-1].findings
    last = cells[-1]
    stage.do(found_live(last[1], BOX, last[0]))
    assert chain_of(stage, last[1]).ends_at == "gap"


def test_rounds_signed_for_that_are_in_no_cell_are_missing_from_their_lot() -> None:
    assert balance_of(received(in_cells(4), delivered=6, count=6).picture, LOT) == 2
    assert balance_of(received(in_cells(4), delivered=4, count=4).picture, LOT) == 0


def test_rounds_that_only_their_receiver_says_are_of_a_lot_are_proven_by_no_test() -> None:
    rows = tuple(a.CellRow(cell="", round_id=r) for r in ROUNDS[:2])
    tested = a.RoundsTested(thing=BAG, rows=rows, tests=("rattle", "hole"), kind=RoundKind.DUMMY)
    stage = stood(
        *morning(),
        deed(ARM, a.Received(lot=DUMMIES, container=BAG, source="", cells=rows, count=2)),
        deed(ARM, tested),
        deed(AD1, tested),
    )
    assert not any(what == "proven" for _entry, what in stage.picture.proofs.get(ROUNDS[0], ()))


# --- who had it ----------------------------------------------------------------------------------------------------


def reported(who: Id, told: a.OwnAct) -> Deed:
    when = a.Interval(start="", end="")
    return deed(
        AD1,
        a.Reported(row="N1", sources=("N1",), grade=a.Grade.PRESS, account="", when=when, who=who, told=told),
    )  # fmt: skip


def test_who_is_only_said_to_have_had_it_is_not_said_to_have_had_it_by_his_own_hand() -> None:
    stage = stood(*morning(), reported(CREW, a.PickedUp(item=BAG)), found_live(ROUNDS[0], BAG))
    whole = access_to(stage.picture, BAG, from_entry=0, to_entry=stage.picture.size - 1)
    hows = {reach.how for reach in whole.people if reach.person == CREW}
    assert "held" not in hows
    gap = chain_of(stage, ROUNDS[0]).gap
    assert gap is not None
    assert (gap.last_recorded_holder, gap.holder_is_told) == (CREW, True)


def test_who_took_back_that_he_had_it_is_no_last_holder() -> None:
    stage = stood(*morning(), deed(CREW, a.PickedUp(item=BAG)))
    stage.do(deed(CREW, a.Retracted(entry=len(stage.steps) - 1)))
    stage.do(found_live(ROUNDS[0], BAG))
    gap = chain_of(stage, ROUNDS[0]).gap
    assert gap is not None
    assert gap.last_recorded_holder != CREW
    assert "said_to_hold" in {reach.how for reach in gap.access.people if reach.person == CREW}


def test_who_is_said_to_have_had_the_round_itself_is_not_said_to_have_had_it_by_his_own_hand() -> None:
    by_another = moved_by(ARM, CREW)
    for one in (reported(CREW, a.PickedUp(item=D[0])), by_another):
        stage = stood(*morning(), deed(ARM, a.PickedUp(item=TRAY)), one, found_live(D[0], TRAY, "1"))
        gap = chain_of(stage).gap
        assert gap is not None
        assert (gap.last_recorded_holder, gap.holder_is_told) == (CREW, True)
        hows = {reach.how for reach in gap.access.people if reach.person == CREW}
        assert "said_to_hold" in hows
        assert "held" not in hows


def test_a_round_found_in_somebodys_hand_by_another_says_nothing_of_the_time_before() -> None:
    stage = stood(*morning(), found_live(named("r", "Q"), LEAD))
    gap = chain_of(stage, named("r", "Q")).gap
    assert gap is not None
    found = len(stage.steps) - 1
    assert [(r.how, r.from_entry) for r in gap.access.people if r.person == LEAD] == [("said_to_hold", found)]


# --- who could reach it --------------------------------------------------------------------------------------------


def moved_by(by: Id, end: Id) -> Deed:
    return deed(by, a.Moved(start=TRAY, end=end, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),)))


@pytest.mark.parametrize(
    "act",
    [
        a.SealBroken(container=TRAY, seal="x"),
        a.SealApplied(container=TRAY, seal="x"),
        a.HandedOver(item=TRAY, to=LEAD),
        a.SetApart(item=TRAY, reason="x"),
        a.EvidenceTaken(item=TRAY),
    ],
    ids=lambda act: a.wire_name(type(act)),
)
def test_whoever_signed_an_act_by_hand_about_it_is_named(act: a.Act) -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=TRAY)), deed(CREW, act), found_live(D[0], TRAY, "1"))
    whole = access_to(stage.picture, TRAY, from_entry=0, to_entry=stage.picture.size - 1)
    assert "handled" in {reach.how for reach in whole.people if reach.person == CREW}


def test_whoever_signed_a_shot_or_work_on_a_gun_is_named() -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=COLT)))
    stage.do(deed(CREW, a.Discharged(gun=COLT, planned=True, shots=1, hit=())))
    stage.do(deed(PM, a.GunMishap(gun=COLT, mishap=a.Mishap.DROPPED)))
    whole = access_to(stage.picture, COLT, from_entry=0, to_entry=stage.picture.size - 1)
    assert {CREW, PM} <= {reach.person for reach in whole.people if reach.how == "handled"}


@pytest.mark.parametrize("told", [a.PickedUp(item=TRAY), a.Locked(item=TRAY, place=TRUCK)], ids=["taken", "locked"])
def test_a_word_of_another_takes_it_from_nobodys_hand(told: a.PickedUp | a.Locked) -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=TRAY)))
    had = len(stage.steps) - 1
    stage.do(reported(CREW, told))
    stage.do(deed(PM, a.PresenceDeclared(place=BARN)))
    last = len(stage.steps) - 1
    whole = access_to(stage.picture, TRAY, from_entry=had, to_entry=last)
    assert [(r.from_entry, r.to_entry) for r in whole.people if (r.person, r.how) == (ARM, "held")] == [(had, last)]
    assert not whole.locked


@pytest.mark.parametrize("who", [CREW, ARM], ids=["by a stranger", "taken back"])
def test_a_lock_that_is_not_his_or_not_stood_by_locks_nobody_out(who: Id) -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=TRAY)), deed(who, a.Locked(item=TRAY, place=TRUCK)))
    if who == ARM:
        stage.do(deed(ARM, a.Retracted(entry=len(stage.steps) - 1)))
    stage.do(deed(PM, a.PresenceDeclared(place=TRUCK)))
    last = len(stage.steps) - 1
    whole = access_to(stage.picture, TRAY, from_entry=last, to_entry=last)
    assert not whole.locked
    assert {ARM, PM} <= {reach.person for reach in whole.people}


def test_his_own_lock_that_stands_is_one() -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=TRAY)), deed(ARM, a.Locked(item=TRAY, place=TRUCK)))
    stage.do(deed(PM, a.PresenceDeclared(place=TRUCK)))
    last = len(stage.steps) - 1
    whole = access_to(stage.picture, TRAY, from_entry=last, to_entry=last)
    assert whole.locked
    assert not whole.people


# --- rounds that nobody can tell apart -----------------------------------------------------------------------------


@pytest.mark.parametrize("beside", [B[0], D[1]], ids=["a blank", "one of its own lot and receipt"])
def test_a_round_that_lay_unmarked_beside_others_is_its_own_only_where_all_came_the_same_way(beside: Id) -> None:
    cell = {B[0]: "5", D[1]: "2"}[beside]
    row = a.MoveRow(round_id=beside, from_cell=cell, to_cell="")
    both = (deed(ARM, a.PickedUp(item=BAG)), moved(ARM), deed(ARM, a.Moved(start=TRAY, end=BAG, rows=(row,))))
    origin = chain_of(stood(*morning(), *both, found_live(D[0], BAG)))
    assert origin.ends_at == ("receipt" if beside == D[1] else "gap")
    assert (origin.gap.why if origin.gap else "") == ("" if beside == D[1] else "not_told_apart")


def test_a_round_poured_among_rounds_from_home_has_no_receipt() -> None:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=BAG)), deed(ARM, a.BroughtIn(item=BAG, origin="home", count=3)))
    stage.do(deed(ARM, a.Poured(start=TRAY, end=BAG, lot=DUMMIES, count=8)))
    stage.do(found_live(D[0], BAG))
    gap = chain_of(stage).gap
    assert gap is not None
    assert gap.why == "not_told_apart"
