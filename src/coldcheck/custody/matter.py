"""What the inquiry has filed: sources, statements, claims and registers, gathered from the journal in the order of entry.

Promises: everything that was filed is in it, whatever was judged of it later; a correction is a newer entry beside the
older. Does not do: opening sealed words (the openings lie in the side table), or comparing (see `compare`).

    files_of(picture).claims["s..."].act.stance  ->  Stance.ASSERT
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar, cast

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import Id

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Generic[T]):
    """One act of the inquiry, who signed it and in which entry."""

    entry_index: int
    by: Id
    at: str
    act: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Everything filed, by its own id where it has one, else in the order of entry."""

    matters: Mapping[Id, Filed[a.MatterOpened]]
    matter_changes: tuple[Filed[a.MatterChanged], ...]
    sources: Mapping[Id, Filed[a.SourceFiled]]
    statements: Mapping[Id, Filed[a.StatementRecorded]]
    confirmations: tuple[Filed[a.StatementConfirmed], ...]
    passages: tuple[Filed[a.PassagesRead], ...]
    claims: Mapping[Id, Filed[a.ClaimMade]]
    ties: tuple[Filed[a.ClaimsTied], ...]
    questions: Mapping[Id, Filed[a.QuestionOpened]]
    answers: tuple[Filed[a.QuestionAnswered], ...]
    asked: tuple[Filed[a.AccountAsked], ...]
    replies: tuple[Filed[a.AccountGiven], ...]
    notices: tuple[Filed[a.NoticeGiven], ...]
    exhibits: Mapping[Id, Filed[a.ExhibitFiled]]
    judgements: tuple[Filed[a.ExhibitJudged], ...]
    viewings: tuple[Filed[a.ExhibitViewed], ...]
    requests: Mapping[Id, Filed[a.RequestReceived]]
    request_answers: tuple[Filed[a.RequestAnswered], ...]
    first_accounts: Mapping[Id, Filed[a.FirstAccountSealed]]
    opened_accounts: tuple[Filed[a.FirstAccountOpened], ...]
    interviews: Mapping[Id, Filed[a.InterviewRecorded]]
    sent_off: tuple[Filed[a.CheckpointSentOff], ...]
    packs: tuple[Filed[a.PackMade], ...]
    posteriors_asked: tuple[Filed[a.PosteriorAsked], ...]


def files_of(picture: Picture) -> Files:
    """Everything the inquiry has filed so far. What is only told of in a report was not filed, and is left out."""
    found: dict[type, list[Filed[object]]] = {act_class: [] for act_class in a.INQUIRY_ACTS}
    for done in picture.journal:
        filed = found.get(type(done.act))
        if filed is not None:
            filed.append(_filed(done))
    return Files(
        matters=_by_ref(found, a.MatterOpened),
        matter_changes=_in_order(found, a.MatterChanged),
        sources=_by_ref(found, a.SourceFiled),
        statements=_by_ref(found, a.StatementRecorded),
        confirmations=_in_order(found, a.StatementConfirmed),
        passages=_in_order(found, a.PassagesRead),
        claims=_by_ref(found, a.ClaimMade),
        ties=_in_order(found, a.ClaimsTied),
        questions=_by_ref(found, a.QuestionOpened),
        answers=_in_order(found, a.QuestionAnswered),
        asked=_in_order(found, a.AccountAsked),
        replies=_in_order(found, a.AccountGiven),
        notices=_in_order(found, a.NoticeGiven),
        exhibits=_by_ref(found, a.ExhibitFiled),
        judgements=_in_order(found, a.ExhibitJudged),
        viewings=_in_order(found, a.ExhibitViewed),
        requests=_by_ref(found, a.RequestReceived),
        request_answers=_in_order(found, a.RequestAnswered),
        first_accounts=_by_ref(found, a.FirstAccountSealed),
        opened_accounts=_in_order(found, a.FirstAccountOpened),
        interviews=_by_ref(found, a.InterviewRecorded),
        sent_off=_in_order(found, a.CheckpointSentOff),
        packs=_in_order(found, a.PackMade),
        posteriors_asked=_in_order(found, a.PosteriorAsked),
    )


def _filed(done: Done) -> Filed[object]:
    return Filed(entry_index=done.entry_index, by=done.by, at=done.at, act=done.act)


def _in_order(found: Mapping[type, list[Filed[object]]], act_class: type[T]) -> tuple[Filed[T], ...]:
    return cast("tuple[Filed[T], ...]", tuple(found[act_class]))


def _by_ref(found: Mapping[type, list[Filed[object]]], act_class: type[T]) -> Mapping[Id, Filed[T]]:
    """By own id; an id filed twice keeps its first act, so that nobody can change what was filed by filing it again."""
    out: dict[Id, Filed[T]] = {}
    for filed in _in_order(found, act_class):
        out.setdefault(filed.act.ref, filed)  # type: ignore[attr-defined]  # every class asked for here has one
    return MappingProxyType(out)
