"""Who looked and went somewhere else has not kept the gun in sight; who was offered one chamber has not seen two."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    LEAD,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    is_green,
    morning,
    prepared,
    said,
    seen_by,
)

EMPTY = WAYS[0]
ANSWERED = (*morning(), *prepared(EMPTY, sheets=True))
SHOW, CALL = list(claimed(EMPTY))[:3], list(claimed(EMPTY))[3:]
IN_BARN, IN_TRUCK = a.PresenceDeclared(place=BARN), a.PresenceDeclared(place=TRUCK)
TRIP = (IN_BARN, IN_TRUCK, IN_BARN)
GONE: dict[str, tuple[a.Act, ...]] = {
    "goes to another place and comes back": TRIP,
    "is at another place": (IN_TRUCK,),
    "leaves the place": (a.PresenceEnded(place=BARN), IN_BARN),
    "loses sight": (a.SightLost(gun=COLT),),
}


def gone_by(who: str, acts: tuple[a.Act, ...]) -> list[Deed]:
    return [deed(who, act) for act in acts]


def stand(*deeds: Deed) -> Stage:
    stage = Stage()
    for one in deeds:
        stage.do(one)
    return stage


@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
@pytest.mark.parametrize("who", [ARM, AD1, LEAD], ids=["holder", "witness", "receiver"])
def test_nobody_of_the_three_goes_away_between_show_and_call(who: str, gone: tuple[a.Act, ...]) -> None:
    assert is_green(stand(*ANSWERED, *SHOW, *CALL))
    assert not is_green(stand(*ANSWERED, *SHOW, *gone_by(who, gone), *CALL))


@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
def test_a_receiver_who_was_away_is_shown_the_gun_again_and_then_it_is_called(gone: tuple[a.Act, ...]) -> None:
    here = deed(LEAD, a.PresenceDeclared(place=BARN))
    stage = stand(*ANSWERED, *SHOW, *gone_by(LEAD, gone), *CALL, here)
    assert not is_green(stage)
    for one in (*SHOW, *CALL):
        stage.do(one)
    assert is_green(stage)


@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
def test_a_receiver_who_goes_before_he_takes_the_gun_ends_its_call_for_good(gone: tuple[a.Act, ...]) -> None:
    stage = stand(*ANSWERED, *SHOW, *CALL, *gone_by(LEAD, gone))
    assert not is_green(stage)
    for one in CALL:
        stage.do(one)
    assert not is_green(stage)


def test_a_witness_who_goes_once_the_receiver_has_the_gun_ends_nothing() -> None:
    give, take, *_ = handed(COLT)
    stage = stand(*ANSWERED, *SHOW, *CALL, give, take)
    for one in gone_by(AD1, GONE["leaves the place"]):
        stage.do(one)
    assert is_green(stage)


@pytest.mark.parametrize("who", [ARM, LEAD])
def test_whoever_has_the_gun_and_loses_sight_of_it_has_not_got_it_in_hand(who: str) -> None:
    give, take, *_ = handed(COLT)
    stage = stand(*ANSWERED, *SHOW, *CALL, *((give, take) if who == LEAD else ()), deed(who, a.SightLost(gun=COLT)))
    assert not is_green(stage)


def test_two_people_look_again_after_the_gun_was_carried_by_its_holder_to_another_place_and_back() -> None:
    trip = gone_by(ARM, TRIP)
    stage = stand(*ANSWERED, *SHOW, *trip, *CALL)
    assert not is_green(stage)
    for one in (*prepared(EMPTY, sheets=True, procedure="P2"), *SHOW, *CALL):
        stage.do(one)
    assert is_green(stage)


def test_a_half_sheet_waits_for_nobody_who_was_somewhere_else_between() -> None:
    pick, first, second = prepared(EMPTY, sheets=True)
    here = deed(AD1, a.PresenceDeclared(place=BARN))
    trip = (deed(AD1, a.PresenceDeclared(place=TRUCK)), deed(AD1, a.PresenceDeclared(place=BARN)))
    assert is_green(stand(*morning(), here, pick, first, second, *SHOW, *CALL))
    assert not is_green(stand(*morning(), here, pick, first, *trip, second, *SHOW, *CALL))


def offered(positions: tuple[str, ...], *looks: tuple[str, ...]) -> tuple[Deed, ...]:
    seen = tuple(deed(LEAD, a.Seen(gun=COLT, answers=said(one, a.Holds.EMPTY))) for one in looks)
    return (deed(ARM, a.Showed(gun=COLT, to=LEAD, positions=positions)), *seen, SHOW[-1])


@pytest.mark.parametrize("positions", [("1",), ("bore",), ()])
def test_a_show_of_a_part_is_no_show_of_the_whole_whatever_is_answered(positions: tuple[str, ...]) -> None:
    assert is_green(stand(*ANSWERED, *offered(("1", "2"), ("1", "2")), *CALL))
    assert not is_green(stand(*ANSWERED, *offered(positions, ("1", "2")), *CALL))


def test_who_stays_at_an_open_show_and_looks_at_the_others_as_well_has_seen_them() -> None:
    assert is_green(stand(*ANSWERED, *offered(("1",), ("1",), ("2",)), *CALL))


def test_a_look_at_an_earlier_show_does_not_stand_for_one_at_the_next() -> None:
    again = deed(ARM, a.Showed(gun=COLT, to=LEAD, positions=("1",)))
    both = deed(LEAD, a.Seen(gun=COLT, answers=said(("1", "2"), a.Holds.EMPTY)))
    assert not is_green(stand(*ANSWERED, *SHOW, again, both, SHOW[-1], *CALL))


def test_in_a_run_who_was_away_looks_again_before_he_acknowledges_the_next_part() -> None:
    run = deed(AD1, a.RunPlanned(run="R1", scene="S1", parts=("rehearsal", "take-1")))
    for_run = [
        replace(one, acts=tuple(replace(act, scene="R1") if isinstance(act, a.Called) else act for act in one.acts))
        for one in CALL
    ]
    begun = (*ANSWERED, run, *SHOW, *for_run, *handed(COLT), *seen_by(EMPTY, AD1), *seen_by(EMPTY, LEAD))
    assert is_green(stand(*begun, CALL[-1]))
    assert not is_green(stand(*begun, deed(LEAD, a.SightLost(gun=COLT)), CALL[-1]))
    assert not is_green(stand(*begun, *gone_by(LEAD, TRIP), CALL[-1]))
