"""The night ends duties and presence whether or not anybody closed the day, and no word of the day before counts after it."""

import pytest

from coldcheck.custody import acts as a
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    TRAY,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    briefed,
    claimed,
    counted,
    deed,
    is_green,
    morning,
    prepared,
    stood,
)

EMPTY = WAYS[0]
HERE = deed(ARM, a.DutyOpened(duty="armorer", exclusive=True), a.PresenceDeclared(place=BARN))
CLOSED = tuple(deed(who, a.DayClosed(day=1)) for who in (ARM, AD1))
OPENED = (deed(ARM, a.DayOpened(day=2), wait_ms=12 * 3_600_000), deed(AD1, a.DayOpened(day=2)))
OTHER_PHONE = "kOTHER"


def evening(*last: Deed) -> Stage:
    return stood(*morning(), deed(ARM, a.Locked(item=TRAY, place=TRUCK)), *last)


def called(stage: Stage) -> set[str]:
    """The rules that refuse a call of the gun on that day, none where it is granted."""
    for one in (*briefed(COLT, EMPTY.call, "S1"), *prepared(EMPTY, sheets=True), *claimed(EMPTY)):
        stage.do(one)
    rules = {rule for rule, _ in stage.steps[-1].findings}
    assert is_green(stage) is not bool(rules & {"K2", "K7"})
    return rules


def do(stage: Stage, *deeds: Deed) -> Stage:
    for one in deeds:
        stage.do(one)
    return stage


FETCHED = (deed(ARM, a.PickedUp(item=TRAY)), *counted())


@pytest.mark.parametrize("closed", [(), CLOSED], ids=["nobody closed it", "closed"])
def test_who_says_nothing_on_a_day_is_on_no_duty_that_day(closed: tuple[Deed, ...]) -> None:
    assert "K2" in called(do(evening(*closed), *OPENED, *FETCHED))


@pytest.mark.parametrize("closed", [(), CLOSED], ids=["nobody closed it", "closed"])
def test_who_says_it_again_is(closed: tuple[Deed, ...]) -> None:
    assert "K2" not in called(do(evening(*closed), *OPENED, HERE, *FETCHED))


def test_who_came_within_the_hour_before_a_day_came_for_that_day() -> None:
    came = deed(ARM, *HERE.acts, wait_ms=12 * 3_600_000)
    opened = tuple(deed(who, a.DayOpened(day=2)) for who in (ARM, AD1))
    assert "K2" not in called(do(evening(), came, *opened, *FETCHED))


@pytest.mark.parametrize("key", ["", OTHER_PHONE], ids=["the same phone", "another"])
@pytest.mark.parametrize("closed", [(), CLOSED], ids=["nobody closed it", "closed"])
def test_a_duty_and_a_presence_of_the_day_before_are_of_that_day(closed: tuple[Deed, ...], key: str) -> None:
    stage = evening()
    old = stage.picture.size
    do(stage, *closed, *OPENED)
    stage.do(HERE, seen_size=old, key=key)
    assert "K2" in called(do(stage, *FETCHED))


def test_who_opens_the_day_and_says_it_in_one_entry_needs_no_network() -> None:
    stage = evening(*CLOSED)
    old = stage.picture.size
    do(stage, deed(AD1, a.DayOpened(day=2), wait_ms=12 * 3_600_000))
    stage.do(deed(ARM, a.DayOpened(day=2), *HERE.acts), seen_size=old)
    assert not called(do(stage, *FETCHED)) & {"K2", "K7"}


def test_two_counts_that_were_signed_before_the_day_was_opened_are_not_its_counts() -> None:
    stage = evening()
    old = stage.picture.size
    do(stage, *CLOSED, *OPENED, HERE, deed(ARM, a.PickedUp(item=TRAY)))
    for one in counted():
        stage.do(one, seen_size=old)
    assert "K7" in called(stage)


def test_two_counts_since_it_was_opened_are() -> None:
    assert "K7" not in called(do(evening(*CLOSED), *OPENED, HERE, *FETCHED))
