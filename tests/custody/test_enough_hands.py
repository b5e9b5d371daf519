"""How many guns one handler looks after, how long a training is good, and live rounds that are signed for on a set."""

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, PlaceClass, RoundKind
from floor import (
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    LEAD,
    PM,
    SUP,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    is_green,
    morning,
    named,
    prepared,
    stood,
)

EMPTY = WAYS[0]
ANSWERED = (*morning(), *prepared(EMPTY, sheets=True))
OTHERS = tuple(named("g", f"Other{number}") for number in range(3))


def gun(name: str, capability: Capability) -> Deed:
    chambers = 2 if capability is Capability.W3 else 0
    action = ActionType.SINGLE_ACTION if chambers else ActionType.REPLICA
    return deed(
        ARM,
        a.GunRegistered(
            gun=name, label=name, word_name=name, serial=name, action=action, calibre=".45", capability=capability,
            chambers=chambers, bores=min(chambers, 1),
        ),
    )  # fmt: skip


def out_with(who: str, guns: tuple[str, ...], capability: Capability = Capability.W3) -> tuple[Deed, ...]:
    return (*(gun(one, capability) for one in guns), *(deed(who, a.PickedUp(item=one)) for one in guns))


PM_ON_DUTY = deed(PM, a.DutyOpened(duty="props", exclusive=True))


def test_a_fourth_gun_with_performers_needs_a_second_handler() -> None:
    refused = stood(*ANSWERED, *out_with(CREW, OTHERS), *claimed(EMPTY))
    assert not is_green(refused)
    assert ("RATIO", "too_few_handlers") in refused.steps[-1].findings
    assert is_green(stood(*ANSWERED, *out_with(CREW, OTHERS[:2]), *claimed(EMPTY)))
    assert is_green(stood(*ANSWERED, PM_ON_DUTY, *out_with(CREW, OTHERS), *claimed(EMPTY)))
    # What cannot fire and what a handler has counts for nobody.
    assert is_green(stood(*ANSWERED, *out_with(CREW, OTHERS, Capability.W0), *claimed(EMPTY)))
    assert is_green(stood(*ANSWERED, *out_with(PM, OTHERS), *claimed(EMPTY)))


def test_the_guns_with_performers_are_called_no_more_when_there_are_too_many() -> None:
    give, take, *_ = handed(COLT)
    out = stood(*ANSWERED, *claimed(EMPTY), give, take)
    assert is_green(out)
    third = (*out_with(ARM, OTHERS), *(deed(ARM, a.HandedOver(item=one, to=CREW)) for one in OTHERS))
    for told in third:
        out.do(told)
    for one in OTHERS[:2]:
        out.do(deed(CREW, a.Taken(item=one, giver=ARM)))
    assert is_green(out)
    out.do(deed(CREW, a.Taken(item=OTHERS[2], giver=ARM)))
    assert not is_green(out)
    assert out.picture.voids[COLT].code == "V22"


def test_who_goes_off_duty_leaves_as_many_guns_as_the_others_look_after() -> None:
    stage = stood(*ANSWERED, PM_ON_DUTY, *out_with(CREW, OTHERS), *claimed(EMPTY), *tuple(handed(COLT))[:2])
    assert is_green(stage)
    stage.do(deed(PM, a.DutyClosed(duty="props")))
    assert not is_green(stage)


# --- a training with a last day ------------------------------------------------------------------------------------


def trained(until: str) -> Deed:
    return deed(ARM, a.TrainingGiven(person=LEAD, gun=COLT, until=until))


def test_a_training_ends_with_its_day_and_a_call_with_the_word_that_it_ends() -> None:
    stage = stood(*ANSWERED, trained("2027-01-01"), *claimed(EMPTY))
    assert stage.picture.trained_until[LEAD, COLT] == "2027-01-01"
    assert is_green(stage)
    stage.do(trained("2026-03-01"))
    assert not is_green(stage)
    # Signed before, on another phone, it is good no longer.
    stage.do(trained("2030-01-01"), seen_size=len(ANSWERED), key="kOTHER")
    assert stage.picture.trained_until[LEAD, COLT] == "2026-03-01"


# --- live rounds that are signed for -------------------------------------------------------------------------------

LIVE, RANGE = named("l", "Live"), named("w", "Range")


def received(*there: Deed) -> Stage:
    lot = a.LotRegistered(
        lot=LIVE, label="Live", calibre=".45", kind=RoundKind.LIVE, tests=(), strong=(), count=4, parents=()
    )
    return stood(
        *ANSWERED,
        *there,
        deed(ARM, lot),
        deed(SUP, a.Delivered(lot=LIVE, container=BAG, count=4, to=ARM)),
        deed(ARM, a.Received(lot=LIVE, container=BAG, source=SUP, cells=(), count=4)),
    )


def test_live_rounds_that_are_signed_for_on_a_set_stop_everything() -> None:
    stage = received()
    assert [stop.reason for stop in stage.picture.stops.values()] == ["found_round"]
    for one in claimed(EMPTY):
        stage.do(one)
    assert not is_green(stage)


@pytest.mark.parametrize("kind", [PlaceClass.RANGE, PlaceClass.QUARANTINE])
def test_where_live_rounds_may_be_they_stop_nothing(kind: PlaceClass) -> None:
    there = deed(ARM, a.PlaceRegistered(place=RANGE, label="Range", place_class=kind, parent=""))
    assert not received(there, deed(ARM, a.PresenceDeclared(place=RANGE))).picture.open_stops
    assert received(there, deed(ARM, a.PresenceDeclared(place=BARN))).picture.open_stops
