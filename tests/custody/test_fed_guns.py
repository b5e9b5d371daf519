"""An empty magazine in a gun: what is done to either ends the call, and a count of nothing does not outlive it."""

from collections.abc import Iterable

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BLANKS,
    COLT,
    CREW,
    EMP,
    LEAD,
    LOOSE,
    PM,
    SEALED,
    TRAY,
    TRUCK,
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
)

MAG = named("c", "Mag")
EMPTY = WAYS[0]
REGISTERED = deed(ARM, a.ContainerRegistered(container=MAG, label="Mag", kind=ContainerKind.MAGAZINE, cells=2))
IN_HAND = (deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=MAG)), deed(ARM, a.PickedUp(item=TRAY)))
COUNTS = tuple(deed(who, a.Counted(thing=MAG, count=0)) for who in (ARM, AD1))
TRAY_COUNTS = tuple(deed(who, a.Counted(thing=TRAY, count=8)) for who in (ARM, AD1))
GOES_IN = deed(ARM, a.MagazineInserted(gun=COLT, container=MAG))
COMES_OUT = deed(ARM, a.MagazineRemoved(gun=COLT, container=MAG))
SHEETS = tuple(prepared(EMPTY, sheets=True))[1:]
LOAD = a.Loaded(gun=MAG, rows=(a.LoadRow(position="1", round_id=D[0], thing=TRAY, cell="1"),))


def of_mag(kind: type[a.Cleared | a.Answered | a.Seen], holds: a.Holds = a.Holds.EMPTY) -> a.Act:
    return kind(gun=MAG, answers=said(("1", "2"), holds))


ANSWERS = (deed(ARM, of_mag(a.Cleared)), deed(AD1, of_mag(a.Answered)))
SHOWN = (
    deed(ARM, a.Showed(gun=MAG, to=LEAD, positions=("1", "2"))),
    deed(LEAD, of_mag(a.Seen)),
    deed(ARM, a.ShowClosed(gun=MAG, to=LEAD)),
)


def told(*deeds: Deed) -> Stage:
    stage = Stage()
    for one in (*morning(), REGISTERED, *deeds):
        stage.do(one)
    return stage


def called(*before: Deed) -> Stage:
    """The gun with the magazine in it, counted at nothing by two, called empty."""
    stage = told(*IN_HAND, *TRAY_COUNTS, *COUNTS, *before, GOES_IN, *SHEETS, *claimed(EMPTY))
    assert is_green(stage)
    return stage


def lifted(stage: Stage) -> Iterable[Deed]:
    for stop in sorted(stage.picture.open_stops):
        for who in (ARM, AD1, EMP):
            yield deed(who, a.StopLifted(stop=stop, cause=SEALED))


def is_green_again(stage: Stage) -> bool:
    """Whether chamber and bore alone, answered and shown again, bring a call back."""
    read = deed(ARM, a.Scanned(gun=COLT, serial=stage.picture.guns[COLT].serial))
    for one in (*lifted(stage), read, deed(ARM, a.PickedUp(item=TRAY)), *TRAY_COUNTS, *SHEETS, *claimed(EMPTY)):
        stage.do(one)
    return is_green(stage)


UNDER_THE_CALL = {
    "a round put in": deed(ARM, LOAD),
    "an answer of another": deed(PM, of_mag(a.Answered)),
    "cleared again": deed(ARM, of_mag(a.Cleared)),
    "seen otherwise": deed(LEAD, of_mag(a.Seen, a.Holds.DUMMY)),
    "registered with more places": deed(
        CREW, a.ContainerRegistered(container=MAG, label="Mag", kind=ContainerKind.MAGAZINE, cells=15)
    ),
}


@pytest.mark.parametrize("act", UNDER_THE_CALL.values(), ids=UNDER_THE_CALL)
@pytest.mark.parametrize("before", [(), ANSWERS], ids=["counted", "counted and answered"])
def test_what_is_said_of_a_place_of_an_empty_magazine_ends_the_call_of_its_gun(
    act: Deed, before: tuple[Deed, ...]
) -> None:
    stage = called(*before)
    stage.do(act)
    assert not is_green(stage)


OUTLIVED = {
    "a planned shot": deed(ARM, a.Discharged(gun=COLT, planned=True, shots=1, hit=())),
    "a shot nobody meant": deed(ARM, a.Discharged(gun=COLT, planned=False, shots=1, hit=())),
    "a live round found": deed(
        CREW, a.RoundFound(round_id=LOOSE, label="x", thing=COLT, cell="1", kind=RoundKind.LIVE, fired=False)
    ),
    "a place answered dummy": deed(AD1, of_mag(a.Answered, a.Holds.DUMMY)),
    "a place answered live": deed(AD1, of_mag(a.Answered, a.Holds.LIVE)),
    "a place cleared with a dummy in it": deed(ARM, of_mag(a.Cleared, a.Holds.DUMMY)),
    "a place seen with a dummy in it": deed(LEAD, of_mag(a.Seen, a.Holds.DUMMY)),
    "another serial": deed(ARM, a.Scanned(gun=COLT, serial="other")),
    "one in the gun": deed(CREW, a.Counted(thing=COLT, count=1)),
    "the magazine picked up": deed(CREW, a.PickedUp(item=MAG)),
    "the magazine taken out by a stranger": deed(CREW, a.MagazineRemoved(gun=COLT, container=MAG)),
    "the magazine carried": deed(CREW, a.CarriedTo(item=MAG, place=TRUCK)),
    "a jam": deed(CREW, a.GunMishap(gun=COLT, mishap=a.Mishap.JAMMED)),
}


@pytest.mark.parametrize("act", OUTLIVED.values(), ids=OUTLIVED)
def test_a_count_of_nothing_does_not_outlive_what_happens_to_the_gun(act: Deed) -> None:
    stage = called()
    stage.do(act)
    # What jammed is inspected; that alone says nothing of what is in it.
    stage.do(deed(ARM, a.ConditionNoted(gun=COLT, work=a.Work.INSPECTED, photo="", remark=SEALED)))
    assert not is_green_again(stage)
    for one in (*COUNTS, *claimed(EMPTY)):
        stage.do(one)
    # Counted anew it is called again; a live round that nobody has put away keeps every gun back by itself.
    left = {rule for rule, _ in stage.steps[-1].findings}
    assert left <= {"K5"} or stage.picture.rounds_in[MAG] or stage.picture.rounds_in[COLT]


@pytest.mark.parametrize(
    "between",
    [
        (deed(CREW, a.PickedUp(item=BAG)), deed(ARM, a.PickedUp(item=BAG))),
        (deed(CREW, a.Poured(start=TRAY, end=BAG, lot=BLANKS, count=3)),),
    ],
    ids=["in a stranger's hand", "rounds poured in"],
)
def test_a_count_does_not_outlive_what_happens_to_the_bag_it_lies_in(between: tuple[Deed, ...]) -> None:
    stowed = deed(ARM, a.Stowed(item=MAG, container=BAG))
    in_bag = (*IN_HAND, *COUNTS, stowed, *between, deed(ARM, a.PickedUp(item=MAG)), GOES_IN, *SHEETS)
    assert not is_green(told(*in_bag, *claimed(EMPTY)))


@pytest.mark.parametrize(("one", "two"), [(CREW, LEAD), (ARM, LEAD), (AD1, CREW)])
def test_a_magazine_is_counted_empty_by_a_handler_and_who_may_answer_second(one: str, two: str) -> None:
    counts = (deed(one, a.Counted(thing=MAG, count=0)), deed(two, a.Counted(thing=MAG, count=0)))
    assert not is_green(told(*IN_HAND, *counts, GOES_IN, *SHEETS, *claimed(EMPTY)))


def test_a_magazine_that_was_held_out_or_in_anothers_hand_is_not_empty_by_the_old_count() -> None:
    offered = deed(ARM, a.HandedOver(item=MAG, to=LEAD))
    taken = deed(LEAD, a.Taken(item=MAG, giver=ARM))
    for between in ((offered,), (offered, taken)):
        assert not is_green(told(*IN_HAND, *COUNTS, *between, GOES_IN, *SHEETS, *claimed(EMPTY)))


# --- in and out ----------------------------------------------------------------------------------------------------

FILL = deed(ARM, a.Moved(start=TRAY, end=MAG, rows=(a.MoveRow(round_id=B[0], from_cell="5", to_cell="1"),)))
RECOUNT = tuple(deed(who, a.Counted(thing=t, count=n)) for t, n in ((TRAY, 7), (MAG, 1)) for who in (ARM, AD1))


@pytest.mark.parametrize(("who", "kind"), [(AD1, a.Disputed), (ARM, a.Retracted)])
def test_a_magazine_whose_removal_is_taken_back_is_in_its_gun(who: str, kind: type[a.Disputed | a.Retracted]) -> None:
    stage = told(*IN_HAND, FILL, GOES_IN, *RECOUNT, COMES_OUT)
    assert stage.picture.magazines[MAG] == ()
    stage.do(deed(who, kind(entry=len(stage.steps) - 1)))
    assert stage.picture.magazines[MAG] == (COLT,)
    for one in (deed(ARM, a.PickedUp(item=COLT)), *SHEETS, *RECOUNT, *claimed(EMPTY)):
        stage.do(one)
    assert not is_green(stage)


def test_a_removal_signed_before_the_magazine_went_in_takes_nothing_out() -> None:
    stage = told(*IN_HAND)
    knew = len(stage.steps)
    for one in (FILL, GOES_IN, *RECOUNT):
        stage.do(one)
    stage.do(COMES_OUT, seen_size=knew)
    assert stage.picture.magazines[MAG] == (COLT,)
    stage.do(COMES_OUT)
    assert stage.picture.magazines[MAG] == ()


def test_a_magazine_taken_long_after_it_was_held_out_is_answered_anew() -> None:
    late = (
        deed(ARM, a.HandedOver(item=MAG, to=LEAD)),
        deed(LEAD, a.Taken(item=MAG, giver=ARM), wait_ms=3_600_000),
        deed(LEAD, a.HandedOver(item=MAG, to=ARM)),
        deed(ARM, a.Taken(item=MAG, giver=LEAD)),
    )
    in_time = told(*IN_HAND, *ANSWERS, GOES_IN, *SHEETS, *SHOWN, *claimed(EMPTY))
    assert is_green(in_time)
    assert not is_green(told(*IN_HAND, *ANSWERS, *SHOWN, *late, GOES_IN, *SHEETS, *SHOWN, *claimed(EMPTY)))


def test_a_further_part_of_a_run_asks_for_the_magazine_that_was_with_the_performer() -> None:
    stage = told(deed(AD1, a.RunPlanned(run="R1", scene="S1", parts=("one", "two"))), *IN_HAND, *COUNTS, GOES_IN)
    for one in (*SHEETS, *claimed(EMPTY)):
        in_run = tuple(
            a.Called(gun=act.gun, tag=act.gun, call=act.call, count=0, powder="", scene="R1")
            if isinstance(act, a.Called)
            else act
            for act in one.acts
        )
        stage.do(deed(one.by, *in_run))
    assert is_green(stage)
    for giver, taker in ((ARM, LEAD), (LEAD, ARM)):
        stage.do(deed(giver, a.HandedOver(item=COLT, to=taker)))
        stage.do(deed(taker, a.Taken(item=COLT, giver=giver)))
    for who in (AD1, LEAD):
        stage.do(deed(ARM, a.Showed(gun=COLT, to=who, positions=("1", "2", "bore"))))
        stage.do(deed(who, a.Seen(gun=COLT, answers=said(("1", "2"), a.Holds.EMPTY))))
        stage.do(deed(ARM, a.ShowClosed(gun=COLT, to=who)))
    stage.do(deed(LEAD, a.Acknowledged(gun=COLT, call=EMPTY.call, count=0, powder="")))
    assert ("K4", "magazine_came_back") in stage.steps[-1].findings
    assert not is_green(stage)
