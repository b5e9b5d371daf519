"""A sheet is as old as its first answer: what others did with the gun or the rounds while it was answered, it has not seen."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from floor import (  # fmt: skip
    AD1,
    ARM,
    COLT,
    CREW,
    EMP,
    PM,
    PROVEN_KINDS,
    SCENES,
    SEALED,
    WAYS,
    Deed,
    Stage,
    briefed,
    claimed,
    deed,
    morning,
    prepared,
    stood,
)

EMPTY = WAYS[0]


def answered_slowly(told: Deed, step_ms: int) -> Deed:
    """The same sheet, with so long between one answer and the next."""
    acts = tuple(
        replace(act, answers=tuple(replace(row, ms=number * step_ms) for number, row in enumerate(act.answers)))
        if isinstance(act, a.Cleared | a.Answered)
        else act
        for act in told.acts
    )
    return replace(told, acts=acts)


def called_after(step_ms: int, *between: Deed) -> Stage:
    """Colt called on two sheets that were signed right after `between`, and answered over twice `step_ms`."""
    picked_up, *sheets = prepared(EMPTY, sheets=True)
    slowly = (answered_slowly(told, step_ms) for told in sheets)
    return stood(*morning(), picked_up, *between, *slowly, *claimed(EMPTY))


def through_other_hands() -> tuple[Deed, ...]:
    return (
        deed(CREW, a.Remarked(remark=SEALED), wait_ms=60_000),
        deed(PM, a.PickedUp(item=COLT)),
        deed(PM, a.HandedOver(item=COLT, to=ARM)),
        deed(ARM, a.Taken(item=COLT, giver=PM)),
    )


def test_what_was_answered_before_the_gun_went_through_other_hands_proves_nothing_after() -> None:
    stage = called_after(20_000, *through_other_hands())
    assert stage.cards()[COLT].kind not in PROVEN_KINDS
    assert stage.steps[-1].verdict == "refused"


def test_what_was_answered_after_the_gun_came_back_is_as_good_as_any() -> None:
    stage = called_after(200, *through_other_hands())
    assert stage.cards()[COLT].kind in PROVEN_KINDS


def test_what_the_two_do_with_the_gun_while_they_answer_is_their_work() -> None:
    stage = called_after(20_000)
    assert stage.cards()[COLT].kind in PROVEN_KINDS


# --- between the parts of a call -----------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["a stop, lifted", "another scene", "nothing"])
def test_a_call_spoken_before_the_set_was_stopped_or_the_scene_changed_is_of_before(between: str) -> None:
    *parts, last = claimed(WAYS[0])
    stage = stood(*morning(), *prepared(WAYS[0], sheets=True), *parts)
    stop = len(stage.steps)
    match between:
        case "a stop, lifted":
            stage.do(deed(CREW, a.Stopped(reason="x", remark=SEALED)))
            for who in (ARM, AD1, EMP):
                stage.do(deed(who, a.StopLifted(stop=stop, cause=SEALED)))
        case "another scene":
            scene = SCENES[COLT, a.CallWord.COLD_EMPTY]
            for one in briefed(COLT, a.CallWord.COLD_EMPTY, scene):
                stage.do(one)
        case _:
            pass
    stage.do(last)
    assert (stage.cards()[COLT].kind == "empty") is (between == "nothing")
    if between == "a stop, lifted":
        assert ("K10", "part_of_another") in stage.steps[-1].findings
