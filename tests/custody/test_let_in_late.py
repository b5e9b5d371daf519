"""What was signed before and comes in after takes away and lets nothing in (INV9), and lets in only by whose word it is."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Role
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
    PROP,
    SEALED,
    SUP,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    is_green,
    morning,
    prepared,
    stood,
)

EMPTY, INERT = WAYS[0], WAYS[5]
ANSWERED = (*morning(), *prepared(EMPTY, sheets=True))
OTHER_PHONE = "kOTHER"


def late(since: tuple[Deed, ...], told: Deed, *, before: tuple[Deed, ...] = ANSWERED) -> Stage:
    """`told`, signed on another phone when only `before` was known, comes in after `since`."""
    stage = stood(*before, *since)
    stage.do(told, seen_size=len(before), key=OTHER_PHONE)
    return stage


def called(stage: Stage) -> bool:
    for one in claimed(EMPTY):
        stage.do(one)
    return is_green(stage)


def at(place: str) -> Deed:
    return deed(ARM, a.PresenceDeclared(place=place))


ON_DUTY = deed(ARM, a.DutyOpened(duty="armorer", exclusive=True))
OFF_DUTY = deed(ARM, a.DutyClosed(duty="armorer"))


def test_who_went_is_not_back_by_a_word_from_before() -> None:
    assert not called(late((at(TRUCK),), at(BARN)))
    # Said now, he is; and a phone that says the same place over again moves nobody.
    assert called(stood(*ANSWERED, at(TRUCK), at(BARN), *prepared(EMPTY, sheets=True, procedure="P2")))
    assert called(late((at(BARN),), at(BARN)))
    # One phone's words come in its own order, however late it learned of them.
    here = stood(*morning())
    for place in (TRUCK, BARN):
        here.do(at(place), seen_size=0)
    for one in prepared(EMPTY, sheets=True):
        here.do(one)
    assert called(here)


def test_a_duty_that_was_closed_is_not_open_by_a_word_from_before() -> None:
    assert not called(late((OFF_DUTY,), ON_DUTY))
    assert called(stood(*ANSWERED, OFF_DUTY, ON_DUTY))
    # A second duty from before stands beside the first all the same.
    assert not called(late((OFF_DUTY, ON_DUTY), deed(ARM, a.DutyOpened(duty="props", exclusive=False))))


def test_what_was_taken_as_evidence_is_not_released_by_a_word_from_before() -> None:
    police = a.PersonEnrolled(
        person=CREW, label="CREW", name=SEALED, roles=(Role.POLICE,), key="k" + CREW[1:], key_class="demo", public=""
    )
    began = (*morning(), deed(EMP, police))
    taken, release = deed(EMP, a.EvidenceTaken(item=COLT)), deed(CREW, a.EvidenceReleased(item=COLT, to=ARM))
    assert COLT in late((taken,), release, before=began).picture.held_as_evidence
    assert COLT not in stood(*began, taken, release).picture.held_as_evidence


def test_a_closed_day_is_not_open_by_words_from_before() -> None:
    stage = stood(*ANSWERED, deed(ARM, a.DayClosed(day=1)))
    for who in (ARM, AD1):
        stage.do(deed(who, a.DayOpened(day=1)), seen_size=len(ANSWERED), key=OTHER_PHONE)
    assert stage.picture.day is None


def test_a_credential_is_not_longer_by_a_word_from_before() -> None:
    def until(day: str) -> Deed:
        return deed(EMP, a.CredentialRecorded(person=ARM, paper="permit", until=day))

    assert late((until("2026-03-01"),), until("2099-01-01")).picture.credentials[ARM, "permit"] == "2026-03-01"
    assert late((until("2099-01-01"),), until("2026-03-01")).picture.credentials[ARM, "permit"] == "2026-03-01"


def test_a_paper_of_the_scene_from_before_its_change_is_none() -> None:
    paper = deed(EMP, a.PaperRecorded(paper="risk_assessment", title=SEALED, scene="S1", thing=""))
    changed = deed(AD1, a.SceneChanged(scene="S1"))
    assert not late((changed,), paper).picture.papers["risk_assessment", "S1"]
    assert stood(*ANSWERED, changed, paper).picture.papers["risk_assessment", "S1"]


def test_who_was_added_before_the_scene_was_planned_anew_is_in_no_plan() -> None:
    added = deed(AD1, a.PerformerAdded(scene="S1", gun=COLT, performer=CREW))
    again = deed(AD1, replace(stood(*ANSWERED).picture.scenes["S1"].plan))
    assert CREW not in late((again,), added).picture.scenes["S1"].performers_of(COLT)
    assert CREW in stood(*ANSWERED, again, added).picture.scenes["S1"].performers_of(COLT)


def test_a_replica_worked_on_since_is_none_by_a_test_from_before() -> None:
    fitted = deed(ARM, a.ConditionNoted(gun=PROP, work=a.Work.PART_FITTED, remark=SEALED, photo=""))
    tests = [
        deed(who, a.ConditionNoted(gun=PROP, work=a.Work.CAPABILITY_TESTED, remark=SEALED, photo=""))
        for who in (ARM, AD1)
    ]

    def green(*, early: bool) -> bool:
        stage = stood(*morning(), fitted)
        for one in tests:
            stage.do(one, seen_size=len(tuple(morning())) if early else None)
        for one in (*prepared(INERT, sheets=True), *claimed(INERT)):
            stage.do(one)
        return is_green(stage, PROP)

    assert green(early=False)
    assert not green(early=True)


def test_a_look_from_before_answers_nobody_who_asked_since() -> None:
    shows = [one for one in claimed(EMPTY) if not any(isinstance(act, a.Called) for act in one.acts)][:2]
    asked = deed(LEAD, a.AskedToSee(gun=COLT))
    stage = stood(*ANSWERED, shows[0], asked)
    stage.do(shows[1], seen_size=len(ANSWERED) + 1)
    assert LEAD in stage.picture.asked[COLT]
    stage.do(shows[1])
    assert LEAD not in stage.picture.asked[COLT]


# --- whose word it is ----------------------------------------------------------------------------------------------


def without(kind: type[a.Act]) -> tuple[Deed, ...]:
    """The morning without every act of one kind."""
    kept = (replace(one, acts=tuple(act for act in one.acts if not isinstance(act, kind))) for one in morning())
    return tuple(one for one in kept if one.acts)


PLANS = [act for one in morning() for act in one.acts if isinstance(act, a.ScenePlanned) and act.scene == "S1"]
LET_IN = {
    "plan": (a.ScenePlanned, PLANS[0]),
    "meeting": (a.MeetingHeld, a.MeetingHeld(scene="S1")),
    "assessment": (a.Assessed, a.Assessed(scene="S1")),
}


@pytest.mark.parametrize(("kind", "act"), LET_IN.values(), ids=LET_IN)
def test_a_plan_a_meeting_or_an_assessment_is_of_who_runs_the_floor(kind: type[a.Act], act: a.Act) -> None:
    def green(by: str) -> bool:
        rest = () if kind is not a.ScenePlanned else (a.MeetingHeld(scene="S1"), a.Assessed(scene="S1"))
        there = tuple(deed(who, a.Attended(scene="S1")) for who in (ARM, AD1, LEAD))
        told = (deed(by, act), *((deed(AD1, *rest),) if rest else ()), *there)
        return called(stood(*without(kind), *told, *prepared(EMPTY, sheets=True)))

    assert green(AD1)
    assert not green(CREW)
    assert not green(LEAD)
    found = stood(*without(kind)).do(deed(CREW, act)).findings
    assert ("SIGN", "lets_nothing_in") in found


def test_a_plan_by_another_role_takes_the_plan_away() -> None:
    assert not called(stood(*ANSWERED, deed(CREW, PLANS[0])))
    stage = stood(*ANSWERED, *claimed(EMPTY), deed(CREW, PLANS[0]))
    assert not is_green(stage)
    # A meeting somebody else says he held changes nothing.
    assert called(stood(*ANSWERED, deed(CREW, a.MeetingHeld(scene="S1"))))


def test_credentials_papers_and_names_count_from_whose_they_are() -> None:
    stage = stood(
        *ANSWERED,
        deed(CREW, a.CredentialRecorded(person=ARM, paper="permit", until="2099-01-01")),
        deed(ARM, a.CredentialRecorded(person=ARM, paper="permit", until="2099-01-01")),
        deed(CREW, a.AccountableNamed(matter="firearms", person=CREW)),
        deed(CREW, a.PaperRecorded(paper="risk_assessment", title=SEALED, scene="S1", thing="")),
        deed(SUP, a.PaperRecorded(paper="risk_assessment", title=SEALED, scene="S1", thing="")),
    )
    assert not stage.picture.credentials
    assert not stage.picture.accountable
    assert not stage.picture.papers["risk_assessment", "S1"]
    assert [step.findings for step in stage.steps[-5:]] == [(("SIGN", "lets_nothing_in"),)] * 5
    stage.do(deed(SUP, a.PaperRecorded(paper="maker_licence", title=SEALED, scene="", thing=COLT)))
    stage.do(deed(PM, a.CredentialRecorded(person=ARM, paper="permit", until="2026-12-31")))
    stage.do(deed(EMP, a.AccountableNamed(matter="firearms", person=PM)))
    assert stage.picture.papers["maker_licence", COLT]
    assert stage.picture.accountable == {"firearms": PM}
    # Said by anybody to end sooner, it ends sooner.
    stage.do(deed(CREW, a.CredentialRecorded(person=ARM, paper="permit", until="2026-01-01")))
    assert stage.picture.credentials[ARM, "permit"] == "2026-01-01"


# --- a stop that was lifted with a key that is revoked later -------------------------------------------------------


def lifted_and_revoked(reason: str) -> Stage:
    """A stop that three lifted, and then the key that the first AD did it with is revoked."""
    officer = deed(HUB, a.OfficerNamed(person=CREW, label="crew", name=SEALED, roles=()))
    stage = stood(*morning(), officer, deed(LEAD, a.Stopped(reason="stop", remark=SEALED)))
    stage.picture.keys["k" + AD1[1:]] = ("", "device", AD1)
    number = len(stage.steps) - 1
    for who in (ARM, AD1, EMP):
        stage.do(deed(who, a.StopLifted(stop=number, cause=SEALED)))
    assert not stage.picture.open_stops
    stage.do(deed(CREW, a.KeyRevoked(key="k" + AD1[1:], reason=reason)))
    return stage


@pytest.mark.parametrize("reason", ["lost", "suspect"])
def test_a_stop_lifted_with_a_key_in_other_hands_is_open_again(reason: str) -> None:
    stage = lifted_and_revoked(reason)
    (number,) = stage.picture.open_stops
    for one in prepared(EMPTY, sheets=True):
        stage.do(one)
    assert not called(stage)
    # His own word from another key closes it: the other two have signed.
    assert stage.do(deed(AD1, a.StopLifted(stop=number, cause=SEALED)), key=OTHER_PHONE).verdict == "granted"
    assert not stage.picture.open_stops


@pytest.mark.parametrize("reason", ["left", "replaced"])
def test_a_key_that_was_replaced_has_lifted_what_it_lifted(reason: str) -> None:
    assert not lifted_and_revoked(reason).picture.open_stops
