"""A semi-automatic feeds itself from where no chamber shows, a lever, pump or bolt gun from its tube or magazine.

Somebody has to have said what is there, or to have answered it place by place.
"""

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
    is_green,
    morning,
    named,
    said,
    stood,
)

GUN, MAG = named("g", "Semi"), named("c", "Semi's")
INSIDE, SCENE, EMPTY = ("1", "bore"), "S8", a.CallWord.COLD_EMPTY


def begun(action: ActionType = ActionType.SEMI_AUTOMATIC, *, chambers: int = 1, bores: int = 1) -> Iterator[Deed]:
    yield from morning()
    yield deed(
        ARM,
        a.GunRegistered(
            gun=GUN, label="Semi", word_name="Semi", serial="Semi", action=action, calibre=".45",
            capability=Capability.W3, chambers=chambers, bores=bores,
        ),
        a.ContainerRegistered(container=MAG, label="Semi's", kind=ContainerKind.MAGAZINE, cells=2),
    )  # fmt: skip
    yield from briefed(GUN, EMPTY, SCENE)
    yield deed(ARM, a.PickedUp(item=GUN))


def called(inside: tuple[str, ...] = INSIDE) -> Iterator[Deed]:
    yield deed(ARM, a.Cleared(gun=GUN, answers=said(inside, a.Holds.EMPTY)))
    yield deed(AD1, a.Answered(gun=GUN, answers=said(inside, a.Holds.EMPTY)))
    yield deed(ARM, a.Showed(gun=GUN, to=LEAD, positions=inside))
    yield deed(LEAD, a.Seen(gun=GUN, answers=said(tuple(p for p in inside if p.isdigit()), a.Holds.EMPTY)))
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


def stood_with(action: ActionType, *deeds: Deed, chambers: int = 1, bores: int = 1) -> Stage:
    names = ("bore",) if bores == 1 else tuple(f"bore{number}" for number in range(1, bores + 1))
    inside = (*map(str, range(1, chambers + 1)), *names)
    return stood(*begun(action, chambers=chambers, bores=bores), *deeds, *called(inside))


def test_the_refusal_says_what_to_do() -> None:
    assert ("K4", "well_not_looked_into") in stood_with(ActionType.SEMI_AUTOMATIC).steps[-1].findings


REPEATERS = (ActionType.LEVER, ActionType.PUMP, ActionType.BOLT)


@pytest.mark.parametrize("action", REPEATERS)
def test_a_gun_with_a_tube_or_a_fixed_magazine_is_more_than_its_chamber(action: ActionType) -> None:
    asked = stood_with(action)
    assert not is_green(asked, GUN)
    assert ("K4", "feed_not_looked_into") in asked.steps[-1].findings
    # The follower was seen by two, it has a magazine that was taken out, or the places of its tube are its chambers.
    assert is_green(stood_with(action, *BOTH), GUN)
    assert is_green(stood_with(action, IN_HAND, IN, OUT), GUN)
    assert is_green(stood_with(action, chambers=3), GUN)


@pytest.mark.parametrize("action", REPEATERS)
def test_what_was_counted_of_a_tube_goes_with_the_gun(action: ActionType) -> None:
    again = (deed(ARM, a.PutDown(item=GUN, place=BARN)), deed(ARM, a.PickedUp(item=GUN)))
    assert not is_green(stood_with(action, *BOTH, *again), GUN)
    assert not is_green(stood_with(action, *counted(ARM)), GUN)


def test_a_gun_without_a_magazine_is_asked_for_none() -> None:
    assert is_green(stood_with(ActionType.BREAK), GUN)
    assert is_green(stood_with(ActionType.BREAK, chambers=2, bores=2), GUN)
    assert is_green(stood_with(ActionType.SINGLE_ACTION, chambers=6), GUN)


def test_a_double_barrel_has_a_bore_for_each_chamber() -> None:
    asked = stood_with(ActionType.BREAK, chambers=2)
    assert not is_green(asked, GUN)
    assert ("K1", "no_bore") in asked.steps[-1].findings
