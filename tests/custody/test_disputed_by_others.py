"""Anybody can cause a doubt; what kept a gun from its call is taken back by its own signer alone."""

import pytest

from coldcheck.custody import acts as a
from floor import (
    AD1,
    ARM,
    BARN,
    CREW,
    DUMMIES,
    LEAD,
    SUP,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    is_green,
    morning,
    prepared,
)

EMPTY, TWO = WAYS[0], WAYS[1]
KEEPS_OUT = {
    "a second duty": (deed(ARM, a.DutyOpened(duty="props", exclusive=False)), EMPTY),
    "the receiver elsewhere": (deed(LEAD, a.PresenceDeclared(place=TRUCK)), EMPTY),
    "the witness elsewhere": (deed(AD1, a.PresenceDeclared(place=TRUCK)), EMPTY),
    "the caller elsewhere": (deed(ARM, a.PresenceDeclared(place=TRUCK)), EMPTY),
    "a lot closed": (deed(ARM, a.LotClosed(lot=DUMMIES, holder=SUP)), TWO),
}


def called(way: Way, told: Deed, *after: Deed) -> Stage:
    stage = Stage()
    for one in (*morning(), *prepared(way, sheets=True), told, *after, *claimed(way)):
        stage.do(one)
    return stage


ENTRY = len((*morning(), *prepared(EMPTY, sheets=True)))
OTHERS = {
    "a dispute": deed(CREW, a.Disputed(entry=ENTRY)),
    "a retraction of another's word": deed(CREW, a.Retracted(entry=ENTRY)),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(("told", "way"), KEEPS_OUT.values(), ids=KEEPS_OUT)
def test_nobody_elses_doubt_lets_in_what_was_kept_out(told: Deed, way: Way, other: Deed) -> None:
    assert not is_green(called(way, told))
    assert not is_green(called(way, told, other))


def test_its_own_signer_takes_it_back() -> None:
    told, way = KEEPS_OUT["a second duty"]
    assert is_green(called(way, told, deed(ARM, a.Retracted(entry=ENTRY))))
    told, way = KEEPS_OUT["a lot closed"]
    assert DUMMIES not in called(way, told, deed(ARM, a.Retracted(entry=ENTRY))).picture.closed_lots
    assert DUMMIES in called(way, told, deed(CREW, a.Retracted(entry=ENTRY))).picture.closed_lots


def test_where_somebody_is_that_takes_his_word_back_he_says_again() -> None:
    told, way = KEEPS_OUT["the receiver elsewhere"]
    back = deed(LEAD, a.Retracted(entry=ENTRY))
    assert not is_green(called(way, told, back))
    assert is_green(called(way, told, back, deed(LEAD, a.PresenceDeclared(place=BARN))))


def test_the_only_duty_disputed_is_none() -> None:
    opened = deed(ARM, a.DutyOpened(duty="armorer", exclusive=True))
    assert is_green(called(EMPTY, opened))
    assert not is_green(called(EMPTY, opened, deed(CREW, a.Disputed(entry=ENTRY))))
