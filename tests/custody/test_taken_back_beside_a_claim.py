"""What nobody stands by any more is shown beside a claim and decides nothing; and when recording was on, and when not."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.answers import answer, guns_in_question, questions
from coldcheck.custody.claims import matrix_of
from coldcheck.custody.compare import Cell, Result
from coldcheck.custody.recording import ANYWHERE, OF_ROUNDS
from coldcheck.custody.registers import knowledge_of
from coldcheck.custody.things import Id, PlaceClass, RoundKind
from coldcheck.custody.trace import origin_of, recording_between
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    EMP,
    HUB,
    LEAD,
    LOOSE,
    PM,
    ROLES,
    SEALED,
    TRAY,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    morning,
    named,
    prepared,
    stood,
)

ANY_TIME: Final = a.Interval(start="", end="")
CLAIM, STATEMENT, SOURCE = (named("s", label) for label in ("claim", "statement", "source"))


def fields(**values: str) -> tuple[a.FieldRow, ...]:
    return tuple(a.FieldRow(name=name, value=value) for name, value in values.items())


def claimed_that(act_name: str, fixed: tuple[a.FieldRow, ...], wanted: tuple[a.FieldRow, ...], *entries: int) -> Deed:
    """CREW says that some act was done."""
    pattern = a.PatternRow(
        act_name=act_name, fixed=fixed, wanted=wanted, slots=(), subject="everything", place="", when=ANY_TIME,
        entries=entries, sure=True,
    )  # fmt: skip
    said = a.StatementRecorded(
        ref=STATEMENT, label="T-1", source=SOURCE, spans=(), kind=next(iter(a.StatementKind)), speaker=CREW,
        speaker_words=SEALED, on_behalf_of="", cue=SEALED, addressee=SEALED, outlet=SEALED, times=(), nested_in="",
        rendering_of="", suggested_by="",
    )  # fmt: skip
    claim = a.ClaimMade(
        ref=CLAIM, label="C-1", statement=STATEMENT, proposition=SEALED, denied=False, stance=a.Stance.ASSERT, chain=(),
        knowledge=next(iter(a.Knowledge)), terms=(), topic="", patterns=(pattern,),
    )  # fmt: skip
    return deed(EMP, said, claim)


def beside(stage: Stage) -> Cell:
    (group,) = matrix_of(stage.picture).groups
    return group.rows[0].cell


HANDED: Final = claimed_that("handed_over", fields(item=COLT), fields(by=ARM, to=LEAD))


def handed_over(*then: Deed, by_word: type[a.Retracted | a.Disputed] | None, who: Id = ARM) -> Stage:
    stage = stood(*morning(), deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.HandedOver(item=COLT, to=LEAD)))
    if by_word is not None:
        stage.do(deed(who, by_word(entry=len(stage.steps) - 1)))
    for one in then:
        stage.do(one)
    return stage


def test_an_entry_that_stands_agrees() -> None:
    assert beside(handed_over(HANDED, by_word=None)).result is Result.AGREES


@pytest.mark.parametrize(("word", "who"), [(a.Retracted, ARM), (a.Disputed, LEAD)], ids=["taken back", "disputed"])
def test_an_entry_in_doubt_agrees_with_nobody_and_is_shown_with_what_doubts_it(
    word: type[a.Retracted | a.Disputed], who: Id
) -> None:
    stage = handed_over(HANDED, by_word=word, who=who)
    cell = beside(stage)
    assert cell.result is Result.BOTH
    (shown,) = cell.supporting
    assert shown.doubted_entry == shown.entry_index + 1
    told = answer(stage.picture, "who handed the gun over?")
    assert told.standing == "disputed"
    assert told.accounts[0].doubted_entry == shown.doubted_entry


def test_a_second_entry_that_stands_decides() -> None:
    again = deed(ARM, a.HandedOver(item=COLT, to=LEAD))
    cell = beside(handed_over(again, HANDED, by_word=a.Retracted))
    assert cell.result is Result.AGREES
    assert [shown.doubted_entry is not None for shown in cell.supporting] == [True, False]


def test_a_call_that_was_refused_is_shown_as_refused() -> None:
    word = WAYS[0].call
    stage = stood(
        *morning(),
        deed(ARM, a.Called(gun=COLT, call=word, count=0, powder="", scene="S1")),
        deed(AD1, a.Announced(gun=COLT, call=word, count=0, powder="")),
        deed(LEAD, a.Acknowledged(gun=COLT, call=word, count=0, powder="")),
        claimed_that("acknowledged", fields(gun=COLT), fields(call="COLD-EMPTY")),
    )
    assert stage.steps[-2].verdict == "refused"
    assert [shown.refused for shown in beside(stage).supporting] == [True]


ROUNDS_ANYWHERE: Final = ((OF_ROUNDS, ANYWHERE),)


# --- recording was on ----------------------------------------------------------------------------------------------


def covered(*, taken_back: bool = False, restarts: bool = False, epoch: bool = False) -> tuple[Stage, int, int]:
    """Coverage of everything everywhere, with or without something that breaks it, and the entries of a window within."""
    everywhere = [deed(ARM, a.CoverageOpened(subject="everything", place=place)) for place in (TRUCK, BARN)]
    stage = stood(*morning(), *everywhere)
    opened = len(stage.steps) - 1
    if taken_back:
        stage.do(deed(ARM, a.Retracted(entry=opened)))
    start = len(stage.steps)
    stage.do(deed(CREW, a.Remarked(remark=SEALED)))
    if epoch:
        stage.do(
            deed(EMP, a.EpochOpened(epoch=2, public="00" * 32, seen_size=30, seen_root="0" * 64, reason="restored"))
        )
    stage.do(Deed(by=CREW, acts=(a.Remarked(remark=SEALED),), boots=restarts))
    end = len(stage.steps) - 1
    stage.do(claimed_that("loaded", fields(gun=COLT), fields(by=PM), start, end))
    return stage, start, end


def test_with_recording_on_nothing_recorded_says_so() -> None:
    stage, start, end = covered()
    assert beside(stage).result is Result.RECORDING_ON
    assert recording_between(stage.picture, start, end, where=ROUNDS_ANYWHERE) == "on"


@pytest.mark.parametrize("broken", ["taken_back", "restarts", "epoch"])
def test_where_recording_was_not_on_all_the_time_nothing_is_assured(broken: str) -> None:
    stage, start, end = covered(**{broken: True})
    assert beside(stage).result is Result.NOT_ASSURED
    assert recording_between(stage.picture, start, end, where=ROUNDS_ANYWHERE) != "on"


YARD: Final = named("w", "Yard")


def recorded_at(subject: str, *places: Id, roots: tuple[tuple[Id, Id], ...] = ()) -> tuple[Stage, Result, str]:
    """What the matrix and a gap say of an act at no named place, with coverage of `subject` at `places` alone."""
    first = [
        deed(ARM, a.PlaceRegistered(place=place, label="Yard", place_class=PlaceClass.SET, parent=parent))
        for place, parent in roots
    ]
    opened = [deed(ARM, a.CoverageOpened(subject=subject, place=place)) for place in places]
    stage = stood(*morning(), *first, *opened)
    start = len(stage.steps)
    for _ in range(2):
        stage.do(deed(CREW, a.Remarked(remark=SEALED)))
    end = len(stage.steps) - 1
    recording = recording_between(stage.picture, start, end, where=ROUNDS_ANYWHERE)
    stage.do(claimed_that("loaded", fields(gun=COLT), fields(by=PM), start, end))
    return stage, beside(stage).result, recording


@pytest.mark.parametrize("place", [TRUCK, BARN])
def test_recording_elsewhere_assures_nothing_of_an_act_at_no_named_place(place: Id) -> None:
    _, result, recording = recorded_at("everything", place)
    assert (result, recording) == (Result.NOT_ASSURED, "part")


def test_every_place_of_the_production_together_is_the_whole() -> None:
    _, result, recording = recorded_at("everything", BARN, TRUCK)
    assert (result, recording) == (Result.RECORDING_ON, "on")
    _, result, _ = recorded_at("everything", BARN, TRUCK, roots=((YARD, ""),))
    assert result is Result.NOT_ASSURED, "nobody recorded the yard"
    _, result, _ = recorded_at("everything", BARN, TRUCK, roots=((YARD, BARN),))
    assert result is Result.RECORDING_ON, "it lies in the barn"


@pytest.mark.parametrize("subject", ["guns", "radio"])
def test_recording_of_something_else_assures_nothing_of_rounds(subject: str) -> None:
    _, result, recording = recorded_at(subject, BARN, TRUCK)
    assert (result, recording) == (Result.NOT_ASSURED, "off")


def test_a_gap_asks_for_recording_where_the_round_lay() -> None:
    find = a.RoundFound(round_id=LOOSE, label="z", thing=TRAY, cell="", kind=RoundKind.LIVE, fired=False)

    def recording(place: Id) -> str:
        stage = stood(
            *morning(),
            deed(ARM, a.CoverageOpened(subject="rounds", place=place)),
            deed(ARM, a.PickedUp(item=TRAY)),
            deed(ARM, a.Locked(item=TRAY, place=TRUCK)),
        )
        for who in (ARM, AD1):
            stage.do(deed(who, a.Counted(thing=TRAY, count=8)))
        stage.do(deed(CREW, a.Remarked(remark=SEALED)))
        stage.do(deed(AD1, find))
        gap = origin_of(stage.picture, LOOSE).gap
        assert gap is not None
        return gap.recording

    assert (recording(TRUCK), recording(BARN)) == ("on", "part")


# --- a reply slot --------------------------------------------------------------------------------------------------


def replied(by: Id, reply: a.Reply) -> Deed:
    return deed(by, a.AccountGiven(person=LEAD, regarding=CLAIM, reply=reply, words=SEALED, when=ANY_TIME))


def slot_of(stage: Stage) -> str:
    (group,) = matrix_of(stage.picture).groups
    return dict(group.rows[0].named)[LEAD]


def test_that_somebody_declines_is_his_own_word() -> None:
    stage = handed_over(HANDED, replied(CREW, a.Reply.DECLINED), by_word=None)
    assert slot_of(stage) == "declined_as_told"
    stage.do(replied(LEAD, a.Reply.DECLINED))
    assert slot_of(stage) == "declined"


def test_what_others_enter_for_him_never_covers_his_own_reply() -> None:
    stage = handed_over(HANDED, replied(LEAD, a.Reply.DECLINED), replied(AD1, a.Reply.REPLIED), by_word=None)
    assert slot_of(stage) == "declined"


# --- whose word it is ----------------------------------------------------------------------------------------------


def with_keys(key_class: str, *people: Id) -> list[Deed]:
    return [
        deed(
            HUB,
            a.PersonEnrolled(
                person=who, label=ROLES[who].value, name=SEALED, roles=(ROLES[who],), key="k" + who[1:], key_class=key_class,
                public="00",
            ),
        )
        for who in people
    ]  # fmt: skip


FIRED: Final = claimed_that("discharged", fields(gun=COLT), fields(by=LEAD))
SHOT: Final = a.Discharged(gun=COLT, planned=False, shots=1, hit=(AD1,))


def test_a_shot_told_of_on_ones_own_phone_stands_beside_a_claim_as_told_of_by_its_signer() -> None:
    for teller, result in ((PM, Result.AGREES), (CREW, Result.OWN_ONLY)):
        said = deed(teller, a.HeldOut(viewer=LEAD, told=SHOT))
        cell = beside(stood(*morning(), *with_keys("device", teller), said, FIRED))
        assert (cell.result, cell.basis) == (result, "reported"), "the claim is CREW's"
        (shown,) = cell.own or cell.supporting
        assert (shown.by, shown.of, shown.reported) == (teller, LEAD, True)


def test_a_shot_told_of_on_ones_own_phone_is_in_the_answers() -> None:
    stage = stood(*morning(), *with_keys("device", CREW), deed(CREW, a.HeldOut(viewer=LEAD, told=SHOT)))
    told = answer(stage.picture, "who was in the line?")
    hits = [account for account in told.accounts if account.gist == "hit"]
    assert [(one.who, one.own) for one in hits] == [(LEAD, False)]
    assert guns_in_question(stage.picture) == {COLT}


def test_what_ones_own_phone_said_of_another_is_in_the_knowledge_record_as_told() -> None:
    near_miss = a.NearMissLogged(gun=COLT, remark=SEALED)
    stage = stood(*morning(), *with_keys("device", CREW), deed(CREW, a.HeldOut(viewer=LEAD, told=near_miss)))
    (line,) = [row for row in knowledge_of(stage.picture) if row.kind == "near_miss_logged"]
    assert (line.who, line.told_by) == (LEAD, CREW)


HAND_OVER: Final = (deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.HandedOver(item=COLT, to=LEAD)))


def gone(reason: str) -> Deed:
    return deed(ARM, a.KeyRevoked(key="k" + ARM[1:], reason=reason))


@pytest.mark.parametrize("reason", ["lost", "suspect"])
def test_an_entry_of_a_key_that_was_in_other_hands_agrees_with_nobody(reason: str) -> None:
    stage = stood(*morning(), *with_keys("device", ARM), *HAND_OVER, gone(reason), HANDED)
    cell = beside(stage)
    assert cell.result is Result.BOTH
    (shown,) = cell.supporting
    assert shown.doubted_entry == shown.entry_index + 1
    told = answer(stage.picture, "who handed the gun over?")
    assert (told.standing, told.accounts[0].doubted_entry) == ("disputed", shown.doubted_entry)


@pytest.mark.parametrize("reason", ["left", "replaced"])
def test_a_key_that_was_only_given_up_leaves_what_it_signed(reason: str) -> None:
    stage = stood(*morning(), *with_keys("device", ARM), *HAND_OVER, gone(reason), HANDED)
    assert beside(stage).result is Result.AGREES


def test_the_knowledge_record_shows_what_was_taken_back_with_the_entry_that_took_it() -> None:
    stage = stood(
        *morning(), deed(LEAD, a.Learned(fact="live_round", source="")), deed(CREW, a.Remarked(remark=SEALED))
    )
    learned = len(stage.steps) - 2
    stage.do(deed(LEAD, a.Retracted(entry=learned)))
    lines = {row.kind: row.doubted_entry for row in knowledge_of(stage.picture)}
    assert lines["learned"] == learned + 2
    assert lines["attended"] is None


def test_what_was_done_on_the_claimants_own_floor_phone_is_no_support_for_him() -> None:
    in_line = claimed_that("in_line", fields(gun=COLT), fields(by=LEAD))
    for holder, result in ((CREW, Result.OWN_ONLY), (PM, Result.AGREES)):
        said = deed(holder, a.HeldOut(viewer=LEAD, told=a.InLine(gun=COLT)))
        cell = beside(stood(*morning(), *with_keys("attended", CREW, PM), said, in_line))
        assert cell.result is result
        (shown,) = cell.own or cell.supporting
        assert (shown.by, shown.held_out_by) == (LEAD, holder)


def refused_call(claim: Deed, *, verdict: str = "refused") -> Cell:
    word = WAYS[0].call
    ready = prepared(WAYS[0], sheets=True) if verdict == "granted" else ()
    stage = stood(
        *morning(),
        *ready,
        *(
            claimed(WAYS[0])
            if verdict == "granted"
            else (
                deed(ARM, a.Called(gun=COLT, call=word, count=0, powder="", scene="S1")),
                deed(AD1, a.Announced(gun=COLT, call=word, count=0, powder="")),
                deed(LEAD, a.Acknowledged(gun=COLT, call=word, count=0, powder="")),
            )
        ),
        claim,
    )
    assert stage.steps[-2].verdict == verdict
    return beside(stage)


@pytest.mark.parametrize("part", ["called", "announced", "acknowledged"])
def test_a_call_that_was_refused_agrees_with_nobody_who_says_that_the_gun_was_called(part: str) -> None:
    said = claimed_that(part, fields(gun=COLT), fields(call="COLD-EMPTY"))
    cell = refused_call(said)
    assert cell.result is Result.BOTH
    assert [shown.refused for shown in cell.supporting] == [True]
    assert refused_call(said, verdict="granted").result is Result.AGREES


def test_a_claim_about_the_refusal_itself_is_met_by_it() -> None:
    said = claimed_that("acknowledged", fields(gun=COLT), fields(verdict="refused"))
    assert refused_call(said).result is Result.AGREES


def test_a_shot_of_a_gun_nobody_registered_leaves_every_question_an_answer() -> None:
    ghost = named("g", "Ghost")
    stage = stood(
        *morning(),
        deed(LEAD, a.Showed(gun=ghost, to=ARM, positions=("1",))),
        deed(LEAD, a.Discharged(gun=ghost, planned=False, shots=1, hit=())),
    )
    assert {answer(stage.picture, question).question for question in questions()} == {*questions()}
