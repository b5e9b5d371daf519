"""A semi-automatic feeds itself from where no chamber shows: somebody has to have said what is there."""

from collections.abc import Iterator

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, ContainerKind
from floor import (
    AD1,
    ARM,
    BARN,
    CREW,
    LEAD,
    PM,
    PROVEN_KINDS,
    TRAY,
    Deed,
    Stage,
    briefed,
    deed,
    handed,
    morning,
    named,
    said,
)

GUN, MAG = named("g", "Semi"), named("c", "Semi's")
INSIDE, SCENE, EMPTY = ("1", "bore"), "S8", a.CallWord.COLD_EMPTY


def begun() -> Iterator[Deed]:
    yield from morning()
    yield deed(
        ARM,
        a.GunRegistered(
            gun=GUN, label="Semi", word_name="Semi", serial="Semi", action=ActionType.SEMI_AUTOMATIC, calibre=".45",
            capability=Capability.W3, chambers=1, bores=1,
        ),
        a.ContainerRegistered(container=MAG, label="Semi's", kind=ContainerKind.MAGAZINE, cells=2),
    )  # fmt: skip
    yield from briefed(GUN, EMPTY, SCENE)
    yield deed(ARM, a.PickedUp(item=GUN))


def called() -> Iterator[Deed]:
    yield deed(ARM, a.Cleared(gun=GUN, answers=said(INSIDE, a.Holds.EMPTY)))
    yield deed(AD1, a.Answered(gun=GUN, answers=said(INSIDE, a.Holds.EMPTY)))
    yield deed(ARM, a.Showed(gun=GUN, to=LEAD, positions=INSIDE))
    yield deed(LEAD, a.Seen(gun=GUN, answers=said(("1",), a.Holds.EMPTY)))
    yield deed(ARM, a.ShowClosed(gun=GUN, to=LEAD), a.SealApplied(container=TRAY, seal="S"))
    yield deed(ARM, a.Called(gun=GUN, tag=GUN, call=EMPTY, count=0, powder="", scene=SCENE))
    yield deed(AD1, a.Announced(gun=GUN, call=EMPTY, count=0, powder=""))
    yield deed(LEAD, a.Acknowledged(gun=GUN, call=EMPTY, count=0, powder=""))


def counted(*people: str, count: int = 0) -> tuple[Deed, ...]:
    return tuple(deed(who, a.Counted(thing=GUN, count=count)) for who in people)


def green(*deeds: Deed) -> bool:
    stage = Stage()
    for one in (*begun(), *deeds, *called()):
        stage.do(one)
    return stage.cards()[GUN].kind in PROVEN_KINDS


IN, OUT = deed(ARM, a.MagazineInserted(gun=GUN, container=MAG)), deed(ARM, a.MagazineRemoved(gun=GUN, container=MAG))
IN_HAND = deed(ARM, a.PickedUp(item=MAG))
BOTH = counted(ARM, AD1)
TOLD = {
    "nobody said anything": (),
    "one person counted": counted(ARM),
    "two counted, no handler among them": counted(CREW, LEAD),
    "somebody without the gun took a magazine out": (deed(PM, a.MagazineRemoved(gun=GUN, container=MAG)),),
    "a magazine was taken out, and that is taken back": (
        IN_HAND, IN, OUT, deed(ARM, a.Retracted(entry=-1)),
    ),
    "counted before it was left": (*BOTH, deed(ARM, a.PutDown(item=GUN, place=BARN)), deed(ARM, a.PickedUp(item=GUN))),
    "counted before somebody doubted it": (*BOTH, deed(ARM, a.GunMishap(gun=GUN, mishap=a.Mishap.DROPPED))),
    "counted before a performer had it": (*BOTH, *handed(GUN)),
    "counted, and one took that back": (*BOTH, deed(AD1, a.Retracted(entry=-1))),
}  # fmt: skip


def with_entries(deeds: tuple[Deed, ...]) -> tuple[Deed, ...]:
    """The deeds; a retraction of entry -1 is of the one just before it."""
    start = len(tuple(begun()))
    return tuple(
        deed(one.by, a.Retracted(entry=start + at - 1)) if one.acts == (a.Retracted(entry=-1),) else one
        for at, one in enumerate(deeds)
    )


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_no_call_stands_while_nobody_has_said_what_is_in_the_well(told: tuple[Deed, ...]) -> None:
    assert not green(*with_entries(told))


def test_two_counts_of_the_whole_gun_or_a_magazine_taken_out_say_so() -> None:
    assert green(*BOTH)
    assert green(IN_HAND, IN, OUT)


def test_a_magazine_told_anew_with_other_places_is_not_answered_by_its_first_number_of_them() -> None:
    places = said(("1", "2"), a.Holds.EMPTY)
    shown = (
        deed(ARM, a.Showed(gun=MAG, to=LEAD, positions=("1", "2"))),
        deed(LEAD, a.Seen(gun=MAG, answers=places)),
        deed(ARM, a.ShowClosed(gun=MAG, to=LEAD)),
    )
    answered = (deed(ARM, a.Cleared(gun=MAG, answers=places)), deed(AD1, a.Answered(gun=MAG, answers=places)), *shown)
    again = deed(CREW, a.ContainerRegistered(container=MAG, label="m", kind=ContainerKind.MAGAZINE, cells=15))
    assert green(IN_HAND, *answered, IN)
    assert not green(again, IN_HAND, *answered, IN)
    # Two counts of nothing are of all of it, however many places it has.
    none = tuple(deed(who, a.Counted(thing=MAG, count=0)) for who in (ARM, AD1))
    assert green(again, IN_HAND, *none, IN)
    assert green(*with_entries((again, deed(CREW, a.Retracted(entry=-1)))), IN_HAND, *answered, IN)


def test_the_refusal_says_what_to_do() -> None:
    stage = Stage()
    for one in (*begun(), *called()):
        step = stage.do(one)
    assert ("K4", "well_not_looked_into") in step.findings
