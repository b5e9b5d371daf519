"""What let a gun or a person in, taken back, lets neither in again; and words that make one ending hide another."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, Id, Role, RoundKind
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    HUB,
    LEAD,
    PM,
    POSITIONS,
    PROP,
    SEALED,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    B,
    D,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    morning,
    named,
    prepared,
    stood,
)  # fmt: skip

EMPTY, TWO_DUMMIES, BLANKS, INERT = WAYS[0], WAYS[1], WAYS[3], WAYS[-1]
AS_LOADED: Final = "TREAT AS LOADED"


def words(stage: Stage, gun: Id = COLT) -> str:
    return stage.cards()[gun].words


def after(stage: Stage, *deeds: Deed) -> Stage:
    for one in deeds:
        stage.do(one)
    return stage


def enrolled(who: Id, role: Role) -> Deed:
    return deed(
        HUB,
        a.PersonEnrolled(
            person=who, label=role.value, name=SEALED, roles=(role,), key="k" + who[1:], key_class="demo", public=""
        ),
    )


def called_to(who: Id) -> tuple[Deed, ...]:
    """The show and the three parts of an empty call to somebody."""
    word = a.CallWord.COLD_EMPTY
    return (
        deed(ARM, a.Showed(gun=COLT, to=who, positions=POSITIONS[COLT])),
        deed(who, a.Seen(gun=COLT, answers=EMPTY.seen)),
        deed(ARM, a.ShowClosed(gun=COLT, to=who), a.SealApplied(container=TRAY, seal="S-1")),
        deed(ARM, a.Called(gun=COLT, tag=COLT, call=word, count=0, powder="", scene="S1")),
        deed(AD1, a.Announced(gun=COLT, call=word, count=0, powder="")),
        deed(who, a.Acknowledged(gun=COLT, call=word, count=0, powder="")),
    )


# --- taken back, and called again ----------------------------------------------------------------------------------

OTHERWISE: Final = a.GunRegistered(
    gun=COLT, label="Colt", word_name="Colt", serial="OTHER", action=ActionType.SINGLE_ACTION, calibre=".45",
    capability=Capability.W3, chambers=2, bores=1,
)  # fmt: skip
TERMS: Final = "a" * 64
LETS_IN: Final[dict[str, tuple[tuple[Deed, ...], Deed, tuple[Deed, ...]]]] = {
    "an inspection of a gun that was registered otherwise": (
        (deed(PM, OTHERWISE), deed(ARM, a.InspectedIn(gun=COLT, serial="Colt"))),
        deed(AD1, a.InspectedIn(gun=COLT, serial="Colt")),
        tuple(prepared(EMPTY, sheets=True)),
    ),
    "a release from evidence": (
        (enrolled(CREW, Role.POLICE), deed(EMP, a.EvidenceTaken(item=COLT))),
        deed(CREW, a.EvidenceReleased(item=COLT, to=ARM)),
        tuple(prepared(EMPTY, sheets=True)),
    ),
    "terms signed": (
        (
            deed(EMP, a.TermsAdopted(sha256=TERMS)),
            *(deed(who, a.TermsSigned(sha256=TERMS)) for who in (ARM, AD1)),
            *prepared(EMPTY, sheets=True),
        ),
        deed(LEAD, a.TermsSigned(sha256=TERMS)),
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("taken_back", [False, True], ids=["stands", "taken back"])
@pytest.mark.parametrize(("before", "lets_in", "work"), LETS_IN.values(), ids=LETS_IN)
def test_what_lets_in_is_needed_for_the_next_call_too(
    before: tuple[Deed, ...], lets_in: Deed, work: tuple[Deed, ...], *, taken_back: bool
) -> None:
    stage = after(stood(*morning(), *before), lets_in)
    entry = len(stage.steps) - 1
    if taken_back:
        stage.do(deed(lets_in.by, a.Retracted(entry=entry)))
    after(stage, *work, *claimed(EMPTY))
    # Terms alone bar nobody under the core rules; what they do is judged from who has signed.
    if isinstance(lets_in.acts[0], a.TermsSigned):
        assert (LEAD in stage.picture.terms_signed) == (not taken_back)
    else:
        assert (words(stage) == "PROVEN EMPTY") == (not taken_back)


@pytest.mark.parametrize("doubt", [None, a.Retracted, a.Disputed], ids=["stands", "taken back", "disputed"])
def test_a_performer_whose_addition_is_doubted_receives_nothing(doubt: type[a.Retracted | a.Disputed] | None) -> None:
    stage = stood(
        *morning(), *prepared(EMPTY, sheets=True), deed(AD1, a.PerformerAdded(scene="S1", gun=COLT, performer=CREW))
    )
    entry = len(stage.steps) - 1
    stage.do(deed(CREW, a.Attended(scene="S1")))
    if doubt is a.Retracted:
        stage.do(deed(AD1, a.Retracted(entry=entry)))
    elif doubt is a.Disputed:
        stage.do(deed(CREW, a.Disputed(entry=entry)))
    after(stage, *called_to(CREW))
    assert (words(stage) == "PROVEN EMPTY") == (doubt is None)


def test_a_duty_accepted_and_taken_back_is_not_accepted() -> None:
    stage = stood(*morning(), deed(PM, a.DutyAccepted(day=1, duty="x")))
    assert stage.picture.duties_accepted[1, "x"] == PM
    stage.do(deed(PM, a.Retracted(entry=len(stage.steps) - 1)))
    assert (1, "x") not in stage.picture.duties_accepted


# --- roles that a new enrolment takes ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ARM, AD1], ids=["who called", "who announced"])
def test_somebody_enrolled_anew_without_his_role_has_no_part_in_a_call(who: Id) -> None:
    stage = stood(*morning(), deed(PM, a.DayOpened(day=1)), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"
    stage.do(enrolled(who, Role.CREW))
    assert words(stage) == AS_LOADED
    after(stage, *claimed(EMPTY))
    assert words(stage) == AS_LOADED


# --- a concern about two guns --------------------------------------------------------------------------------------


def test_a_concern_passed_on_about_a_second_gun_stays_about_the_first() -> None:
    stage = stood(
        *morning(),
        deed(CREW, a.ConcernRaised(concern="c1", remark=SEALED)),
        deed(AD1, a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED)),
        deed(CREW, a.ConcernPassedOn(concern="c1", gun=TWIN, author=SEALED, remark=SEALED)),
        *prepared(EMPTY, sheets=True),
        *claimed(EMPTY),
    )
    assert words(stage) == AS_LOADED
    assert ("K5", "concern_open") in stage.steps[-1].findings


# --- time that ends two things at once -----------------------------------------------------------------------------

MINUTE_MS: Final = 60_000


@pytest.mark.parametrize("lapsed", [False, True], ids=["under the call", "the call ran out meanwhile"])
def test_a_gun_taken_long_after_it_was_held_out_keeps_no_answers(*, lapsed: bool) -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == "PROVEN EMPTY"
    late = 14 * MINUTE_MS + 45_000 if lapsed else 1000
    after(
        stage,
        deed(ARM, a.HandedOver(item=COLT, to=PM), wait_ms=late),
        deed(PM, a.Taken(item=COLT, giver=ARM), wait_ms=91_000),
    )
    assert not stage.picture.kernel.p1.get((COLT, "1")), "nobody took it in time: its answers are gone"


# --- shots nobody can have planned ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "shots", "stops"), [(EMPTY, 1, True), (TWO_DUMMIES, 1, True), (BLANKS, 2, False), (BLANKS, 3, True)],
    ids=["called empty", "called with dummies", "as many as the blanks", "more than the blanks"],
)  # fmt: skip
def test_a_shot_nobody_can_have_planned_stops_the_set(way: Way, shots: int, *, stops: bool) -> None:
    stage = stood(*morning(), *prepared(way, sheets=True), *claimed(way))
    stage.do(deed(LEAD, a.Discharged(gun=COLT, planned=True, shots=shots, hit=())))
    assert bool(stage.picture.open_stops) == stops
    assert (stage.picture.frozen_entry is not None) == stops


# --- a replica that was worked on ----------------------------------------------------------------------------------


def worked_on(work: a.Work, *who: Id) -> tuple[Deed, ...]:
    return tuple(deed(one, a.ConditionNoted(gun=PROP, work=work, photo="", remark=SEALED)) for one in who)


def test_a_replica_with_a_part_fitted_is_called_only_after_a_test_of_two() -> None:
    stage = stood(*morning(), *worked_on(a.Work.PART_FITTED, PM), *prepared(INERT, sheets=True), *claimed(INERT))
    assert words(stage, PROP) == AS_LOADED
    after(stage, *worked_on(a.Work.CAPABILITY_TESTED, ARM, AD1), *prepared(INERT, sheets=True, procedure="P2"))
    after(stage, *claimed(INERT))
    assert words(stage, PROP) == "REPLICA"


# --- rounds that are missing ---------------------------------------------------------------------------------------


def test_rounds_of_its_calibre_that_are_missing_keep_a_gun_from_being_called_empty() -> None:
    stage = stood(*morning(), *prepared(BLANKS, sheets=True))
    loaded = {r for r in (*B, *D) if r in stage.picture.rounds_in[COLT]}
    assert loaded
    after(stage, *prepared(EMPTY, sheets=True, procedure="P2"), *claimed(EMPTY))
    assert words(stage) == AS_LOADED


# --- what kept somebody or something out ---------------------------------------------------------------------------


@pytest.mark.parametrize("doubt", [a.Disputed, a.Retracted])
@pytest.mark.parametrize("who", [CREW, None], ids=["a stranger", "himself"])
def test_a_second_duty_keeps_its_handler_off_the_first_until_he_takes_it_back_himself(
    doubt: type[a.Disputed | a.Retracted], who: Id | None
) -> None:
    stage = stood(*morning(), deed(ARM, a.DutyOpened(duty="props", exclusive=False)))
    stage.do(deed(who or ARM, doubt(entry=len(stage.steps) - 1)))
    after(stage, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    his_own = who is None and doubt is a.Retracted
    assert (words(stage) != AS_LOADED) is his_own


@pytest.mark.parametrize("who", [LEAD, AD1])
def test_whose_absence_is_disputed_is_not_there_by_that(who: Id) -> None:
    stage = stood(*morning(), deed(who, a.PresenceDeclared(place=TRUCK)))
    stage.do(deed(CREW, a.Disputed(entry=len(stage.steps) - 1)))
    after(stage, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) == AS_LOADED


def test_a_lot_that_was_closed_is_opened_by_no_dispute() -> None:
    stage = stood(*morning(), deed(ARM, a.LotClosed(lot=DUMMIES, holder=ARM)))
    closed = len(stage.steps) - 1
    stage.do(deed(CREW, a.Disputed(entry=closed)))
    after(stage, *prepared(TWO_DUMMIES, sheets=True), *claimed(TWO_DUMMIES))
    assert words(stage) == AS_LOADED
    stage.do(deed(ARM, a.Retracted(entry=closed)))
    assert DUMMIES not in stage.picture.closed_lots


@pytest.mark.parametrize("kind", [RoundKind.DUMMY, RoundKind.BLANK])
def test_a_round_nobody_knows_stops_the_set_whatever_its_finder_takes_it_for(kind: RoundKind) -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    found = a.RoundFound(
        round_id=named("r", "Stray"), label="", thing=named("w", "Barn"), cell="", kind=kind, fired=False
    )
    assert words(stage) != AS_LOADED
    stage.do(deed(CREW, found))
    assert stage.picture.open_stops
    assert words(stage) == AS_LOADED


def test_a_spent_case_and_a_known_dummy_stop_nothing() -> None:
    stage = stood(*morning())
    case = a.RoundFound(
        round_id=named("r", "Case"), label="", thing=named("w", "Barn"), cell="", kind=RoundKind.BLANK, fired=True
    )
    dummy = a.RoundFound(round_id=D[0], label="", thing=named("w", "Barn"), cell="", kind=RoundKind.DUMMY, fired=False)
    after(stage, deed(CREW, case), deed(CREW, dummy))
    assert not stage.picture.open_stops


# --- what broke is looked at before it is called -------------------------------------------------------------------


def noted(who: Id, work: a.Work) -> Deed:
    return deed(who, a.ConditionNoted(gun=COLT, work=work, photo="", remark=SEALED))


@pytest.mark.parametrize("mishap", [a.Mishap.BROKEN, a.Mishap.JAMMED, a.Mishap.REPAIRED, None])
def test_a_gun_that_broke_or_was_worked_on_is_called_after_a_handler_has_inspected_it(mishap: a.Mishap | None) -> None:
    told = deed(LEAD, a.GunMishap(gun=COLT, mishap=mishap)) if mishap else noted(ARM, a.Work.PART_FITTED)
    for look, green in ((None, False), (CREW, False), (ARM, True)):
        looked = (noted(look, a.Work.INSPECTED),) if look else ()
        stage = stood(*morning(), told, *looked, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
        assert (words(stage) != AS_LOADED) is green, look


@pytest.mark.parametrize("mishap", [a.Mishap.DROPPED, a.Mishap.CLEANED, a.Mishap.MISFIRED])
def test_a_gun_that_was_dropped_cleaned_or_misfired_is_called_on_new_answers(mishap: a.Mishap) -> None:
    told = deed(LEAD, a.GunMishap(gun=COLT, mishap=mishap))
    stage = stood(*morning(), told, *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    assert words(stage) != AS_LOADED
