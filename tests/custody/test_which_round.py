"""The rounds in a called gun are the rounds that two people tested, and nothing said of where they came from leaves doubt."""

from dataclasses import replace
from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, Id, Relation, RoundKind
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
    LEAD,
    LOOSE,
    PM,
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
    deed,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, TWO_DUMMIES, ONE_DUMMY = WAYS[0], WAYS[1], WAYS[2]
MOVED, LIVE_LOT, PARENT = named("c", "Pouch"), named("l", "Live"), named("l", "Parent")
AS_LOADED: Final = "TREAT AS LOADED"


def words(stage: Stage) -> str:
    return stage.cards()[COLT].words


def called(way: int = 1, *, before: tuple[Deed, ...] = ()) -> Stage:
    stage = stood(*morning(), *before, *prepared(WAYS[way], sheets=True), *claimed(WAYS[way]))
    assert stage.cards()[COLT].kind in PROVEN_KINDS
    return stage


def moves(by: Id, round_id: Id, start: tuple[Id, str], end: tuple[Id, str]) -> Deed:
    row = a.MoveRow(round_id=round_id, from_cell=start[1], to_cell=end[1])
    return deed(by, a.Moved(start=start[0], end=end[0], rows=(row,)))


def one_dummy(
    *, tested: tuple[Id, str] = (TRAY, "3"), loaded: tuple[Id, str] = (TRAY, "3"), between: tuple[Deed, ...] = ()
) -> Stage:
    """The third dummy, tested at one spot by two and loaded from another, act by act, and then called."""
    way = ONE_DUMMY
    test = a.RoundsTested(
        thing=tested[0],
        rows=(a.CellRow(cell=tested[1], round_id=D[2]),),
        tests=("rattle", "hole", "crimp"),
        kind=RoundKind.DUMMY,
    )
    load = a.Loaded(gun=COLT, rows=(a.LoadRow(position="1", round_id=D[2], thing=loaded[0], cell=loaded[1]),))
    return stood(
        *morning(),
        deed(ARM, a.PickedUp(item=COLT)),
        deed(ARM, way.first_rows[0]),
        deed(AD1, way.second_rows[0]),
        deed(ARM, test),
        deed(AD1, test),
        *between,
        deed(ARM, load),
        deed(AD1, way.second_rows[2]),
        *claimed(way),
    )


def test_a_dummy_tested_and_loaded_where_it_lies_is_called() -> None:
    assert words(one_dummy()) == "PROVEN 1 DUMMY"


@pytest.mark.parametrize(
    "spot", [(TRAY, "5"), (TRAY, "4"), (BAG, "")], ids=["a blank's cell", "its neighbour", "a bag"]
)
def test_a_round_loaded_from_where_another_lies_is_not_known_to_be_the_one_tested(spot: tuple[Id, str]) -> None:
    assert words(one_dummy(loaded=spot)) == AS_LOADED


@pytest.mark.parametrize("spot", [(TRAY, "5"), (BAG, "")], ids=["a blank's cell", "a bag"])
def test_a_round_tested_where_another_lies_is_not_known_to_be_the_one_loaded(spot: tuple[Id, str]) -> None:
    assert words(one_dummy(tested=spot)) == AS_LOADED


BETWEEN: Final[dict[str, tuple[Deed, ...]]] = {
    "a blank into its cell": (moves(ARM, B[0], (TRAY, "5"), (TRAY, "3")),),
    "a stray into its cell": (deed(ARM, a.PickedUp(item=BAG)), moves(ARM, LOOSE, (BAG, ""), (TRAY, "3"))),
    "a blank seen in its cell": (deed(CREW, a.RoundsSeen(thing=TRAY, rows=(a.CellRow(cell="3", round_id=B[0]),))),),
    "a stray seen in its cell": (deed(CREW, a.RoundsSeen(thing=TRAY, rows=(a.CellRow(cell="3", round_id=LOOSE),))),),
    "a stray found in its cell": (
        deed(CREW, a.RoundFound(round_id=LOOSE, label="x", thing=TRAY, cell="3", kind=RoundKind.DUMMY, fired=False)),
    ),
    "one mark on two": (deed(CREW, a.RoundMarked(round_id=D[2], label="7"), a.RoundMarked(round_id=B[0], label="7")),),
    "marked anew": (deed(CREW, a.RoundMarked(round_id=D[2], label="7"), a.RoundMarked(round_id=D[2], label="8")),),
    "its label says live": (deed(CREW, a.LabelRead(thing=D[2], kind=RoundKind.BLANK)),),
}  # fmt: skip


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
def test_what_happens_in_its_cell_between_test_and_load_leaves_it_untested(between: tuple[Deed, ...]) -> None:
    assert words(one_dummy(between=between)) == AS_LOADED


def found(round_id: Id, cell: str, kind: RoundKind, *, thing: Id = TRAY) -> Deed:
    return deed(CREW, a.RoundFound(round_id=round_id, label="", thing=thing, cell=cell, kind=kind, fired=False))


def probed(by: Id, kind: RoundKind) -> Deed:
    rows = (a.CellRow(cell="3", round_id=D[2]),)
    return deed(by, a.RoundsTested(thing=TRAY, rows=rows, tests=("rattle", "hole"), kind=kind))


def lot(which: Id, kind: RoundKind, *, calibre: str = ".45") -> a.LotRegistered:
    return a.LotRegistered(lot=which, label="x", calibre=calibre, kind=kind, count=2, tests=(), strong=(), parents=())


UNDER_THE_CALL: Final[dict[str, tuple[Deed, ...]]] = {
    "a neighbour of its lot is a blank": (probed(ARM, RoundKind.BLANK),),
    "a neighbour is a snap cap": (probed(ARM, RoundKind.SNAP_CAP),),
    "a neighbour found a blank": (found(D[2], "3", RoundKind.BLANK),),
    "a neighbour examined": (deed(CREW, a.RoundExamined(round_id=D[2], kind=RoundKind.SNAP_CAP)),),
    "one more dummy in the tray": (found(LOOSE, "8", RoundKind.DUMMY),),
    "one more blank in the tray": (found(LOOSE, "8", RoundKind.BLANK),),
    "one of the tray lies elsewhere": (found(D[3], "", RoundKind.DUMMY, thing=""),),
    "one of the tray seen in another cell": (
        deed(CREW, a.RoundsSeen(thing=TRAY, rows=(a.CellRow(cell="1", round_id=B[0]),))),
    ),
    "somebody throws away from the tray": (deed(CREW, a.Disposed(thing=TRAY, count=1, how="thrown_away")),),
    "the label of the tray": (deed(CREW, a.LabelRead(thing=TRAY, kind=RoundKind.LIVE)),),
    "a live lot delivered in the tray": (
        deed(SUP, lot(LIVE_LOT, RoundKind.LIVE)),
        deed(SUP, a.Delivered(lot=LIVE_LOT, container=TRAY, count=2, to=ARM)),
    ),
    "a live lot received beside it": (
        deed(SUP, lot(LIVE_LOT, RoundKind.LIVE)),
        deed(ARM, a.Received(lot=LIVE_LOT, container=BAG, source=SUP, cells=(), count=2)),
    ),
    "the lot is of another calibre": (
        deed(SUP, replace(lot(DUMMIES, RoundKind.DUMMY, calibre=".38"), tests=("rattle", "hole"), strong=("hole",))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("later", UNDER_THE_CALL.values(), ids=UNDER_THE_CALL)
def test_what_is_said_of_lot_or_tray_ends_the_call_on_what_came_from_there(later: tuple[Deed, ...]) -> None:
    stage = called()
    for one in later:
        stage.do(one)
    assert words(stage) == AS_LOADED


def test_a_tray_carried_by_somebody_who_has_it_not_leaves_its_rounds_untested() -> None:
    stage = stood(
        *morning(), deed(ARM, a.PickedUp(item=TRAY)), *prepared(TWO_DUMMIES, sheets=True), *claimed(TWO_DUMMIES)
    )
    assert words(stage) == "PROVEN 2 DUMMIES"
    stage.do(deed(CREW, a.CarriedTo(item=TRAY, place=TRUCK)))
    assert words(stage) == AS_LOADED


def told(who: Id, act: a.OwnAct) -> Deed:
    report = a.Reported(
        row="N1", account="", sources=("N1",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who=who, told=act
    )
    return deed(AD1, report)


NEAR_THE_TRAY: Final[dict[str, a.OwnAct]] = {
    "picked up": a.PickedUp(item=TRAY),
    "taken": a.Taken(item=TRAY, giver=ARM),
    "poured into": a.Poured(start=BAG, end=TRAY, lot=DUMMIES, count=3),
    "moved into": a.Moved(start=BAG, end=TRAY, rows=(a.MoveRow(round_id=LOOSE, from_cell="", to_cell="1"),)),
    "stowed": a.Stowed(item=TRAY, container=BAG),
    "carried": a.CarriedTo(item=TRAY, place=TRUCK),
    "locked": a.Locked(item=TRAY, place=TRUCK),
    "thrown away from": a.Disposed(thing=TRAY, count=1, how="thrown_away"),
}


@pytest.mark.parametrize("act", NEAR_THE_TRAY.values(), ids=NEAR_THE_TRAY)
def test_somebody_told_of_at_the_tray_ends_the_call_on_what_came_from_it(act: a.OwnAct) -> None:
    stage = called()
    stage.do(told(CREW, act))
    assert words(stage) == AS_LOADED


@pytest.mark.parametrize("act", NEAR_THE_TRAY.values(), ids=NEAR_THE_TRAY)
def test_what_was_done_with_the_tray_before_anybody_knew_ends_the_call_when_it_comes_in(act: a.OwnAct) -> None:
    stage = stood(*morning())
    seen = len(stage.steps)
    for one in (*prepared(TWO_DUMMIES, sheets=True), *claimed(TWO_DUMMIES)):
        stage.do(one)
    stage.do(deed(CREW, act), seen_size=seen)
    assert words(stage) == AS_LOADED


def through_a_pouch() -> Stage:
    """Tested in the tray, carried in a pouch, loaded from there."""
    way = TWO_DUMMIES
    out = tuple(a.MoveRow(round_id=cell.round_id, from_cell=cell.cell, to_cell="") for cell in way.cells)
    rows = tuple(
        a.LoadRow(position=str(at + 1), round_id=cell.round_id, thing=BAG, cell="") for at, cell in enumerate(way.cells)
    )
    counts = [deed(who, a.Counted(thing=thing, count=n)) for thing, n in ((TRAY, 6), (BAG, 2)) for who in (ARM, AD1)]
    stage = stood(
        *morning(), deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=BAG)),
        deed(ARM, way.tested), deed(AD1, way.tested), deed(ARM, a.Moved(start=TRAY, end=BAG, rows=out)), *counts,
        deed(ARM, way.first_rows[0]), deed(AD1, way.second_rows[0]), deed(ARM, a.Loaded(gun=COLT, rows=rows)),
        deed(AD1, way.second_rows[2]), *claimed(way),
    )  # fmt: skip
    assert stage.cards()[COLT].kind in PROVEN_KINDS
    return stage


AT_THE_TRAY: Final[dict[str, tuple[Deed, ...]]] = {
    "counted off by two": (deed(AD1, a.Counted(thing=TRAY, count=7)), deed(PM, a.Counted(thing=TRAY, count=7))),
    "set apart": (deed(ARM, a.SetApart(item=TRAY, reason="x")),),
    "left alone": (deed(ARM, a.PutDown(item=TRAY, place=BARN)),),
    "its seal broken": (deed(CREW, a.SealBroken(container=TRAY, seal="x")),),
}


@pytest.mark.parametrize("later", AT_THE_TRAY.values(), ids=AT_THE_TRAY)
def test_what_was_tested_in_a_tray_leans_on_it_though_it_came_through_a_pouch(later: tuple[Deed, ...]) -> None:
    stage = through_a_pouch()
    for one in later:
        stage.do(one)
    assert words(stage) == AS_LOADED


def test_dummies_split_from_a_lot_that_turns_out_live_prove_nothing() -> None:
    stage = Stage()
    split = (a.ParentRow(relation=Relation.SPLIT_OF, parent=PARENT),)
    for one in morning():
        acts = tuple(
            replace(act, parents=split) if isinstance(act, a.LotRegistered) and act.lot == DUMMIES else act
            for act in one.acts
        )
        stage.do(replace(one, acts=acts))
    for one in (*prepared(TWO_DUMMIES, sheets=True), *claimed(TWO_DUMMIES)):
        stage.do(one)
    assert words(stage) == "PROVEN 2 DUMMIES"
    stage.do(deed(SUP, lot(PARENT, RoundKind.LIVE)))
    assert words(stage) == AS_LOADED


def test_a_find_that_three_let_go_stops_the_set_again_when_it_is_examined_live() -> None:
    stage = stood(*morning())
    step = stage.do(found(LOOSE, "", RoundKind.UNKNOWN, thing=""))
    for who in (ARM, AD1, EMP):
        stage.do(deed(who, a.StopLifted(stop=step.entry_index, cause=SEALED)))
    for one in (*prepared(EMPTY, sheets=True), *claimed(EMPTY)):
        stage.do(one)
    assert words(stage) == "PROVEN EMPTY"
    stage.do(deed(CREW, a.RoundExamined(round_id=LOOSE, kind=RoundKind.LIVE)))
    assert words(stage) == AS_LOADED
    assert stage.picture.open_stops


def test_blanks_recalled_out_of_the_same_tray_say_nothing_of_the_dummies() -> None:
    stage = called()
    stage.do(deed(SUP, a.LotRecalled(lot=BLANKS, reason="x")))
    assert words(stage) == "PROVEN 2 DUMMIES"


def test_a_container_that_nobody_tested_anything_in_may_come_and_go() -> None:
    stage = called()
    stage.do(deed(CREW, a.ContainerRegistered(container=MOVED, label="Pouch", kind=ContainerKind.BAG, cells=0)))
    stage.do(deed(CREW, a.PickedUp(item=MOVED)))
    stage.do(deed(LEAD, a.PickedUp(item=MOVED)))
    assert words(stage) == "PROVEN 2 DUMMIES"
