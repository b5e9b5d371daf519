"""What nobody stands by any more is shown beside a claim and decides nothing; and when recording was on, and when not."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.answers import answer
from coldcheck.custody.claims import matrix_of
from coldcheck.custody.compare import Cell, Result
from coldcheck.custody.things import Id
from coldcheck.custody.trace import recording_between
from floor import AD1, ARM, BARN, COLT, CREW, EMP, LEAD, PM, SEALED, WAYS, Deed, Stage, deed, morning, named, stood

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


# --- recording was on ----------------------------------------------------------------------------------------------


def covered(*, taken_back: bool = False, restarts: bool = False, epoch: bool = False) -> tuple[Stage, int, int]:
    """Coverage of everything, with or without something that breaks it, and the entries of a window within."""
    stage = stood(*morning(), deed(ARM, a.CoverageOpened(subject="everything", place=BARN)))
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
    assert recording_between(stage.picture, start, end) == "on"


@pytest.mark.parametrize("broken", ["taken_back", "restarts", "epoch"])
def test_where_recording_was_not_on_all_the_time_nothing_is_assured(broken: str) -> None:
    stage, start, end = covered(**{broken: True})
    assert beside(stage).result is Result.NOT_ASSURED
    assert recording_between(stage.picture, start, end) != "on"


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
