"""Locked away is what whose it was to lock put away, where things are locked, by a word that stands: nothing else spares a look."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Step
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import Hold, PlaceClass
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    LEAD,
    PM,
    SEALED,
    TRAY,
    TRUCK,
    VAULT,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    is_green,
    morning,
    prepared,
)

EMPTY = WAYS[0]
ANSWERED = (*morning(), *prepared(EMPTY, sheets=True))
CALL = [
    replace(one, acts=tuple(act for act in one.acts if not isinstance(act, a.SealApplied))) for one in claimed(EMPTY)
]
LOCK, SEAL = a.Locked(item=TRAY, place=TRUCK), a.SealApplied(container=TRAY, seal="S-1")


def stand(*deeds: Deed) -> Stage:
    stage = Stage()
    for one in deeds:
        stage.do(one)
    return stage


def words(stage: Stage) -> str:
    return stage.cards()[COLT].words


def registered(place: str, place_class: PlaceClass) -> Deed:
    return deed(CREW, a.PlaceRegistered(place=place, label="again", place_class=place_class, parent=""))


def test_a_gun_locked_on_the_set_is_in_no_vault_though_somebody_calls_the_place_a_store() -> None:
    assert words(stand(*ANSWERED, deed(ARM, a.Locked(item=COLT, place=TRUCK)))) == "IN VAULT"
    locked = stand(*ANSWERED, deed(ARM, a.Locked(item=COLT, place=BARN)))
    assert words(locked) == "TREAT AS LOADED"
    locked.do(registered(BARN, PlaceClass.STORE))
    assert words(locked) == "TREAT AS LOADED"


def test_a_place_that_changes_its_class_ends_what_was_called_there() -> None:
    stage = stand(*ANSWERED, *claimed(EMPTY))
    stage.do(registered(BARN, PlaceClass.SET))
    assert is_green(stage)
    stage.do(registered(BARN, PlaceClass.RANGE))
    assert not is_green(stage)


def test_a_performer_who_locks_the_gun_away_has_put_it_into_no_vault() -> None:
    give, take, *_ = handed(COLT)
    stage = stand(*ANSWERED, *claimed(EMPTY), give, take, deed(LEAD, a.Locked(item=COLT, place=TRUCK)))
    assert words(stage) == "TREAT AS LOADED"


SPARED = {"locked": (deed(ARM, LOCK),), "sealed": (deed(ARM, SEAL),)}
NOT_SPARED = {
    "sealed by who has it not": (deed(CREW, SEAL),),
    "locked by who has it not": (deed(CREW, LOCK),),
    "locked by who has it not, out of another's hand": (deed(LEAD, a.PickedUp(item=TRAY)), deed(CREW, LOCK)),
    "stowed by who has it not": (
        deed(ARM, a.PickedUp(item=VAULT)), deed(ARM, a.Locked(item=VAULT, place=TRUCK)),
        deed(CREW, a.Stowed(item=TRAY, container=VAULT)),
    ),
    "stowed in a vault in hand": (deed(ARM, a.PickedUp(item=VAULT)), deed(ARM, a.Stowed(item=TRAY, container=VAULT))),
}  # fmt: skip


@pytest.mark.parametrize("spared", SPARED.values(), ids=SPARED)
def test_what_is_locked_or_sealed_lies_in_nobodys_reach_until_that_is_taken_back(spared: tuple[Deed, ...]) -> None:
    assert is_green(stand(*ANSWERED, *spared, *CALL))
    stage = stand(*ANSWERED, *spared)
    taken_back = deed(ARM, a.Retracted(entry=len(stage.steps) - 1))
    disputed = deed(AD1, a.Disputed(entry=len(stage.steps) - 1))
    assert not is_green(stand(*ANSWERED, *spared, taken_back, *CALL))
    assert not is_green(stand(*ANSWERED, *spared, disputed, *CALL))
    # Under the call it ends it.
    assert not is_green(stand(*ANSWERED, *spared, *CALL, taken_back))


@pytest.mark.parametrize("said", NOT_SPARED.values(), ids=NOT_SPARED)
def test_nobody_elses_word_locks_or_seals_a_tray(said: tuple[Deed, ...]) -> None:
    assert not is_green(stand(*ANSWERED, *said, *CALL))


def late(stage: Stage, by: str, act: a.Act, *, seen_size: int) -> None:
    """One act signed with another phone of the same person, which knew of `seen_size` entries."""
    stage.mono_ms += 1000
    verdict = judge(stage.picture, by=by, key="kOTHER", acts=(act,), now=stage.now, seen_size=seen_size)
    step = Step(
        entry_index=len(stage.steps), by=by, key="kOTHER", entry_id="a", acts=(act,), at="2026-03-02T08:00:00Z",
        boot=stage.now.boot, mono_ms=stage.now.mono_ms, verdict=verdict.word, findings=(), seen_size=seen_size,
    )  # fmt: skip
    apply(stage.picture, step)
    stage.steps.append(step)


@pytest.mark.parametrize("knows", [True, False])
def test_a_lock_signed_before_the_gun_was_picked_up_again_locks_nothing(knows: bool) -> None:  # noqa: FBT001  # a row of the table
    stage = stand(*morning(), deed(ARM, a.PickedUp(item=COLT)))
    before = stage.picture.size
    stage.do(deed(ARM, a.PickedUp(item=COLT)))
    late(stage, ARM, a.Locked(item=COLT, place=TRUCK), seen_size=stage.picture.size if knows else before)
    assert (words(stage) == "IN VAULT") is knows
    assert (stage.picture.custody[COLT][-1].hold is Hold.LOCKED) is knows


def test_a_lock_signed_before_another_had_the_gun_locks_nothing() -> None:
    stage = stand(*morning(), deed(ARM, a.PickedUp(item=COLT)))
    before = stage.picture.size
    given = (deed(PM, a.HandedOver(item=COLT, to=ARM)), deed(ARM, a.Taken(item=COLT, giver=PM)))
    for one in (deed(PM, a.PickedUp(item=COLT)), *given):
        stage.do(one)
    late(stage, ARM, a.Locked(item=COLT, place=TRUCK), seen_size=before)
    assert words(stage) == "TREAT AS LOADED"


def test_a_seal_signed_before_it_was_broken_is_no_seal() -> None:
    stage = stand(*ANSWERED)
    before = stage.picture.size
    stage.do(deed(ARM, a.SealBroken(container=TRAY, seal="S-0")))
    late(stage, ARM, SEAL, seen_size=before)
    assert TRAY not in stage.picture.seals


def test_two_acts_of_one_phone_that_was_out_of_reach_come_in_their_order() -> None:
    stage = stand(*morning(), deed(CREW, a.Remarked(remark=SEALED)))
    before = stage.picture.size
    stage.do(deed(ARM, a.PickedUp(item=COLT)), seen_size=before)
    stage.do(deed(ARM, a.Locked(item=COLT, place=TRUCK)), seen_size=before)
    assert words(stage) == "IN VAULT"
