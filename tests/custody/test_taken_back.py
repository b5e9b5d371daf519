"""A call is over when what it was granted on is taken back, ended, or was signed by a key that may be in other hands."""

from collections.abc import Callable
from hashlib import sha256
from importlib import resources
from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    EMP,
    HUB,
    LEAD,
    PM,
    POSITIONS,
    SEALED,
    SUP,
    TRAY,
    TWIN,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    morning,
    prepared,
    said,
    stood,
)

EMPTY, TWO_DUMMIES = WAYS[0], WAYS[1]
AS_LOADED: Final = "TREAT AS LOADED"


def words(stage: Stage) -> str:
    return stage.cards()[COLT].words


def with_keys(*deeds: Deed) -> Stage:
    """The same people, each with a key of his own that an officer can revoke."""
    stage = stood(*morning(), deed(HUB, a.OfficerNamed(person=EMP, label="emp", name=SEALED, roles=())))
    for who in (ARM, AD1, PM, LEAD, SUP):
        stage.picture.keys["k" + who[1:]] = ("", "device", who)
    for one in deeds:
        stage.do(one)
    return stage


def revoked(who: Id, reason: str) -> Deed:
    return deed(EMP, a.KeyRevoked(key="k" + who[1:], reason=reason))


@pytest.mark.parametrize("who", [ARM, AD1], ids=["the first to answer", "the second"])
def test_answers_given_with_a_key_that_may_be_in_other_hands_carry_no_call(who: Id) -> None:
    stage = with_keys(*prepared(EMPTY, sheets=True), revoked(who, "suspect"), *claimed(EMPTY))
    assert words(stage) == AS_LOADED


def test_answers_given_with_a_key_that_was_only_replaced_stand() -> None:
    stage = with_keys(*prepared(EMPTY, sheets=True), revoked(AD1, "replaced"), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"


def with_pm_as_tester() -> list[Deed]:
    way = TWO_DUMMIES
    return [
        deed(ARM, a.PickedUp(item=COLT)), deed(ARM, way.first_rows[0]), deed(AD1, way.second_rows[0]),
        deed(ARM, way.tested), deed(PM, way.tested), deed(ARM, way.first_rows[2]), deed(AD1, way.second_rows[2]),
        *claimed(way),
    ]  # fmt: skip


@pytest.mark.parametrize("who", [PM, SUP], ids=["who tested the rounds", "who signed for the lot"])
def test_rounds_proven_with_a_key_that_may_be_in_other_hands_carry_no_call(who: Id) -> None:
    stage = with_keys(*with_pm_as_tester())
    assert words(stage) == "PROVEN 2 DUMMIES"
    stage.do(revoked(who, "lost"))
    assert words(stage) == AS_LOADED


@pytest.mark.parametrize("name", ["us_ca", "uk", "school_no_firing"])
def test_a_rulebook_that_comes_into_force_ends_the_calls_judged_without_it(name: str) -> None:
    text = resources.files("coldcheck.custody").joinpath(f"rulebook/{name}.toml").read_text(encoding="utf-8")
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"
    stage.do(deed(HUB, a.RulebookAdopted(name=name, sha256=sha256(text.encode()).hexdigest(), text=text)))
    assert words(stage) == AS_LOADED


def entry_of(stage: Stage, kind: type[a.Act], by: Id) -> int:
    return next(s.entry_index for s in stage.steps if s.by == by and any(isinstance(act, kind) for act in s.acts))


BEHIND_A_CALL: Final[dict[str, tuple[Deed, type[a.Act], Id]]] = {
    "duty and presence": (deed(CREW, a.Remarked(remark=SEALED)), a.DutyOpened, ARM),
    "training": (deed(ARM, a.TrainingGiven(person=LEAD, gun=COLT)), a.TrainingGiven, ARM),
    "a credential": (
        deed(EMP, a.CredentialRecorded(person=LEAD, paper="firearms_course", until="2030-01-01")), a.CredentialRecorded, EMP,
    ),
    "a paper": (deed(AD1, a.PaperRecorded(paper="loan", thing=COLT, scene="", title=SEALED)), a.PaperRecorded, AD1),
}  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "by"), BEHIND_A_CALL.values(), ids=BEHIND_A_CALL)
def test_what_a_call_may_rest_on_ends_it_when_it_is_taken_back(given: Deed, kind: type[a.Act], by: Id) -> None:
    stage = stood(*morning(), given, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"
    stage.do(deed(by, a.Retracted(entry=entry_of(stage, kind, by))))
    assert words(stage) == AS_LOADED


def test_duty_taken_back_before_the_call_is_no_duty() -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True))
    stage.do(deed(ARM, a.Retracted(entry=entry_of(stage, a.DutyOpened, ARM))))
    for one in claimed(EMPTY):
        stage.do(one)
    assert words(stage) == AS_LOADED


def test_a_gun_set_apart_is_apart_again_when_its_return_is_taken_back() -> None:
    stage = stood(*morning(), deed(ARM, a.SetApart(item=COLT, reason="x")), deed(ARM, a.Readmitted(item=COLT)))
    for one in prepared(EMPTY, sheets=True):
        stage.do(one)
    stage.do(deed(ARM, a.Retracted(entry=entry_of(stage, a.Readmitted, ARM))))
    for one in (*prepared(EMPTY, sheets=True, procedure="P2"), *claimed(EMPTY)):
        stage.do(one)
    assert words(stage) == AS_LOADED


def test_a_credential_said_to_end_sooner_ends_the_calls_that_stand() -> None:
    stage = stood(
        *morning(),
        deed(EMP, a.CredentialRecorded(person=LEAD, paper="firearms_course", until="2030-01-01")),
        *prepared(EMPTY, sheets=True),
        *claimed(EMPTY),
        deed(EMP, a.CredentialRecorded(person=LEAD, paper="firearms_course", until="2026-03-01")),
    )
    assert words(stage) == AS_LOADED


OTHER_WORDS: Final[dict[str, Deed]] = {
    "called hot": deed(ARM, a.Called(gun=COLT, tag=COLT, call=a.CallWord.HOT_BLANK, count=2, powder="half", scene="S3")),
    "announced hot": deed(AD1, a.Announced(gun=COLT, call=a.CallWord.HOT_BLANK, count=2, powder="half")),
    "acknowledged otherwise": deed(LEAD, a.Acknowledged(gun=COLT, call=a.CallWord.COLD_DUMMY, count=1, powder="")),
    "carried by somebody who has it not": deed(CREW, a.CarriedTo(item=COLT, place=BARN)),
}  # fmt: skip


@pytest.mark.parametrize("said_aloud", OTHER_WORDS.values(), ids=OTHER_WORDS)
def test_a_call_ends_when_something_else_is_said_of_the_gun(said_aloud: Deed) -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"
    stage.do(said_aloud)
    assert words(stage) == AS_LOADED


def test_the_same_call_said_again_ends_nothing() -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    stage.do(deed(AD1, a.Announced(gun=COLT, call=a.CallWord.COLD_EMPTY, count=0, powder="")))
    assert words(stage) == "PROVEN EMPTY"


# --- what the signer's device could not know -----------------------------------------------------------------------


def counted_late(stage: Stage) -> None:
    """The second count of the tray, signed before the tray was left alone."""
    seen = len(stage.steps)
    for one in (
        deed(ARM, a.PickedUp(item=TRAY)),
        deed(ARM, a.PutDown(item=TRAY, place=BARN)),
        deed(ARM, a.Counted(thing=TRAY, count=8)),
    ):
        stage.do(one)
    stage.do(deed(AD1, a.Counted(thing=TRAY, count=8)), seen_size=seen)


def met_late(stage: Stage) -> None:
    """A meeting signed before the scene was changed."""
    seen = len(stage.steps)
    stage.do(deed(AD1, a.SceneChanged(scene="S1")))
    stage.do(deed(PM, a.MeetingHeld(scene="S1")), seen_size=seen)
    for who in (ARM, LEAD, AD1):
        stage.do(deed(who, a.Attended(scene="S1")))
    stage.do(deed(AD1, a.Assessed(scene="S1")))


def assessed_late(stage: Stage) -> None:
    """An assessment signed before the scene was changed."""
    seen = len(stage.steps)
    stage.do(deed(AD1, a.SceneChanged(scene="S1")))
    stage.do(deed(AD1, a.MeetingHeld(scene="S1")))
    for who in (ARM, LEAD):
        stage.do(deed(who, a.Attended(scene="S1")))
    stage.do(deed(PM, a.Assessed(scene="S1")), seen_size=seen)


def back_late(stage: Stage) -> None:
    """A gun let back in, by somebody who did not know that it was set apart a second time."""
    stage.do(deed(ARM, a.SetApart(item=COLT, reason="x")))
    seen = len(stage.steps)
    stage.do(deed(ARM, a.Readmitted(item=COLT)))
    stage.do(deed(ARM, a.SetApart(item=COLT, reason="a crack")))
    stage.do(deed(PM, a.Readmitted(item=COLT)), seen_size=seen)


@pytest.mark.parametrize("late", [counted_late, met_late, assessed_late, back_late], ids=lambda late: late.__name__)
def test_what_clears_the_way_to_a_call_is_about_what_its_signer_could_know(late: Callable[[Stage], None]) -> None:
    stage = stood(*morning())
    late(stage)
    for one in (*prepared(EMPTY, sheets=True), *claimed(EMPTY)):
        stage.do(one)
    assert words(stage) == AS_LOADED


def test_the_same_by_somebody_who_knew_clears_it() -> None:
    stage = stood(*morning(), deed(AD1, a.SceneChanged(scene="S1")), deed(AD1, a.MeetingHeld(scene="S1")))
    for who in (ARM, LEAD):
        stage.do(deed(who, a.Attended(scene="S1")))
    for one in (deed(AD1, a.Assessed(scene="S1")), *prepared(EMPTY, sheets=True), *claimed(EMPTY)):
        stage.do(one)
    assert words(stage) == "PROVEN EMPTY"


def test_a_second_half_proves_nothing_of_another_gun_that_was_touched_meanwhile() -> None:
    """Rows that nobody answered first are judged by themselves, as late as they are."""
    twin = WAYS[4]
    looked = a.Answered(gun=TWIN, answers=said(POSITIONS[TWIN], a.Holds.EMPTY))
    cleared = deed(ARM, *twin.first_rows)
    first = deed(ARM, a.SheetBegan(procedure="P1", other=AD1, manner="spoken"), *EMPTY.first_rows)
    both = (deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=TWIN)))
    stage = stood(*morning(), *both, first, cleared)
    seen = len(stage.steps)
    for one in (
        deed(PM, a.PickedUp(item=TWIN)),
        deed(PM, a.HandedOver(item=TWIN, to=ARM)),
        deed(ARM, a.Taken(item=TWIN, giver=PM)),
        deed(ARM, a.PickedUp(item=TWIN)),
        cleared,
    ):
        stage.do(one)
    second = deed(AD1, a.SheetBegan(procedure="P1", other=ARM, manner="spoken"), *EMPTY.second_rows, looked)
    stage.do(second, seen_size=seen)
    for one in claimed(twin):
        stage.do(one)
    assert stage.cards()[TWIN].words == AS_LOADED
