"""What a performer takes up beside a called gun, who answers a concern about it, and a revocation that was refused."""

import pytest

from coldcheck.custody import acts as a
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    EMP,
    HUB,
    LEAD,
    PM,
    SEALED,
    TRAY,
    TWIN,
    WAYS,
    Deed,
    Way,
    claimed,
    deed,
    handed,
    is_green,
    prepared,
    this_morning,
)

EMPTY, DUMMIES = WAYS[0], WAYS[1]


def called(way: object = EMPTY) -> tuple[Deed, ...]:
    assert way in (EMPTY, DUMMIES)
    chosen = EMPTY if way == EMPTY else DUMMIES
    return (*prepared(chosen, sheets=True), *claimed(chosen))


GIVE, TAKE, *_ = handed(COLT)


@pytest.mark.parametrize("given", [(), (GIVE, TAKE)], ids=["still with the armorer", "in his hand"])
@pytest.mark.parametrize("way", [EMPTY, DUMMIES])
def test_a_performer_who_takes_up_another_gun_may_have_mixed_them_up(given: tuple[Deed, ...], way: object) -> None:
    stage = this_morning(*called(way), *given)
    assert is_green(stage)
    stage.do(deed(PM, a.PickedUp(item=TWIN)))
    assert is_green(stage)
    stage.do(deed(LEAD, a.PickedUp(item=TWIN)))
    assert not is_green(stage)


def test_a_second_gun_taken_with_its_own_call_is_no_other_gun_than_the_called_one() -> None:
    other = Way(gun=TWIN, call=a.CallWord.COLD_EMPTY)
    *parts, last = claimed(other)
    both = (*called(DUMMIES), GIVE, TAKE, *prepared(other, sheets=True, procedure="P2"), *parts)
    offered = deed(ARM, a.HandedOver(item=TWIN, to=LEAD))
    stage = this_morning(*both, offered)
    took = stage.do(deed(LEAD, *last.acts, a.Taken(item=TWIN, giver=ARM)))
    assert took.verdict == "granted"
    assert [rule for rule, _ in took.findings] == []
    assert is_green(stage)
    assert is_green(stage, TWIN)
    # By itself, and before the call was granted, the same taking is one.
    stage = this_morning(*both, offered)
    assert [rule for rule, _ in stage.do(deed(LEAD, a.Taken(item=TWIN, giver=ARM))).findings] == ["V18"]
    assert not is_green(stage)


def test_a_performer_who_takes_up_rounds_beside_an_empty_gun_ends_its_call() -> None:
    # In another handler's hand the tray is out of reach, sealed or not.
    unsealed = (deed(PM, a.PickedUp(item=TRAY)), deed(PM, a.SealBroken(container=TRAY, seal="S-1")))
    stage = this_morning(*called(), GIVE, TAKE, *unsealed)
    assert is_green(stage)
    stage.do(deed(LEAD, a.PickedUp(item=TRAY)))
    assert not is_green(stage)
    assert is_green(this_morning(*called(), GIVE, TAKE, deed(LEAD, a.PickedUp(item=TRAY))))


def concern(answers: str) -> tuple[Deed, ...]:
    passed = a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED)
    return (deed(CREW, passed), deed(answers, a.ConcernAnswered(concern="c1", remark=SEALED)))


@pytest.mark.parametrize(("who", "answered"), [(LEAD, False), (CREW, False), (ARM, True), (AD1, True), (EMP, True)])
def test_a_concern_is_answered_by_who_keeps_or_leads_and_by_nobody_else(who: str, answered: bool) -> None:  # noqa: FBT001  # a row of the table
    assert is_green(this_morning(*concern(who), *called())) is answered


def test_an_answer_signed_before_the_concern_came_in_answers_another_one() -> None:
    stage = this_morning()
    before = stage.picture.size
    first, answer = concern(ARM)
    stage.do(first)
    stage.do(answer, seen_size=before)
    for one in called():
        stage.do(one)
    assert not is_green(stage)


def test_a_revocation_that_is_refused_takes_nothing_from_anybody() -> None:
    key = "k" + ARM[1:]
    officer = deed(HUB, a.OfficerNamed(person=EMP, label="emp", name=SEALED, roles=()))
    stage = this_morning(*called())
    stage.picture.keys[key] = ("", "device", ARM)
    refused = stage.do(deed(CREW, a.KeyRevoked(key=key, reason="lost")))
    assert refused.verdict == "refused"
    assert is_green(stage)
    stage.do(officer)
    assert stage.do(deed(EMP, a.KeyRevoked(key=key, reason="lost"))).verdict == "granted"
    assert not is_green(stage)
