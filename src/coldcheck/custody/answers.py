"""The questions people ask after it happened, answered from the record alone.

A closed list of questions in set words; anything else gets the list, never a guess. Every answer is one of four:
`recorded` (signed by those who did it), `disputed` (accounts differ, all are given), `not_recorded` (nobody signed it;
what is only reported is given as reported), `outside` (no record can hold it). No person gets a verdict or a figure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.origin_kinds import Hypothesis, hypotheses_of
from coldcheck.custody.picture import Done, Picture, doubt_of
from coldcheck.custody.things import Id
from coldcheck.custody.trace import Origin, live_finds, origin_of
from coldcheck.custody.trace_basis import all_that_rested, false_bases

Standing: TypeAlias = Literal["recorded", "disputed", "not_recorded", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One thing somebody signed, or is reported to have done. `own` is True when the doer signed it himself.

    `gist` is a key with `values` for a sentence; `row` and `name` tell rival reports of one event apart; `when` is a
    time as reported ("" for acts of the record, whose time is that of their entry).
    """

    entry_index: int
    own: bool
    who: Id
    gist: str
    values: tuple[tuple[str, str], ...]
    row: str
    name: str
    grade: str
    sources: tuple[str, ...]
    when: str
    doubted_entry: int | None = None
    """The entry that took this one back, corrected or disputed it, or revoked its key as lost or in other hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the record answers to one question; origins and hypotheses only where rounds are asked about."""

    question: str
    standing: Standing
    accounts: tuple[Account, ...]
    origins: tuple[Origin, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()


_Finder: TypeAlias = Callable[[Picture], Answer]

ORIGIN: Final = "where did the live round come from?"
RESTED: Final = "what rested on a basis that proved false?"
OUTSIDE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "did somebody pull the trigger?": "trigger",
        "how does anybody feel about it?": "feelings",
        "who is responsible before the law?": "law",
    }
)
"""What no record can answer; the list says so instead of leaving it out."""


def questions() -> tuple[str, ...]:
    """Every question `ask` knows, in the order of the answer sheet, those no record can answer last."""
    return (*_FINDERS, *OUTSIDE)


def known_question(text: str) -> str | None:
    """The question of the list that `text` is, without regard to case, spaces and the question mark; else None."""
    plain_text = re.sub(r"[^a-z0-9 ,]", "", " ".join(text.lower().split()))
    return next((known for known in questions() if re.sub(r"[^a-z0-9 ,]", "", known) == plain_text), None)


def answer(picture: Picture, question: str) -> Answer:
    """The answer to one question of the list. Raises KeyError for any other: ask `known_question` first."""
    if question in OUTSIDE:
        return Answer(question=question, standing="outside", accounts=())
    told = _FINDERS[question](picture)
    marked = tuple(replace(account, doubted_entry=doubt_of(picture, account.entry_index)) for account in told.accounts)
    own = [account for account in marked if account.own]
    # Somebody signed it, and that entry was taken back or disputed, and no other one says it.
    in_doubt = told.standing == "recorded" and own and all(account.doubted_entry is not None for account in own)
    return replace(told, accounts=marked, standing="disputed" if in_doubt else told.standing)


# --- the guns a question is about ----------------------------------------------------------------------------------


def guns_in_question(picture: Picture) -> frozenset[Id]:
    """The guns of the worst thing the record knows: a shot that hit somebody; else unintended; else a live find; else all."""
    shots = [act for _done, act in _every(picture) if isinstance(act, a.Discharged) and not act.planned]
    hitting = frozenset(shot.gun for shot in shots if shot.hit)
    found = frozenset(
        spot.thing
        for r in live_finds(picture)
        if (spot := picture.spots.get(r)) is not None and spot.thing in picture.guns
    )
    return hitting or frozenset(shot.gun for shot in shots) or found or frozenset(picture.guns)


def _every(picture: Picture) -> Iterator[tuple[Done, a.Act]]:
    """Every act of the journal with its inner act where it is a report."""
    for done in picture.journal:
        yield done, done.act.told if isinstance(done.act, a.Reported) else done.act


def _account(done: Done, kind_of_act: str, /, **values: str) -> Account:
    gist = kind_of_act
    act = done.act
    told = tuple(sorted(values.items()))
    if not isinstance(act, a.Reported):
        return Account(
            entry_index=done.entry_index, own=True, who=done.by, gist=gist, values=told, row="", name="", grade="", sources=(), when=""
        )  # fmt: skip
    when = act.when.start if act.when.start == act.when.end else f"{act.when.start} to {act.when.end}"
    return Account(
        entry_index=done.entry_index,
        own=False,
        who=act.who,
        gist=gist,
        values=told,
        row=act.row,
        name=act.account,
        grade=act.grade.value,
        sources=act.sources,
        when=when,
    )


def _standing(accounts: Iterable[Account]) -> Standing:
    """Recorded when somebody signed his own doing; disputed when reports of one event differ; else not recorded."""
    told = tuple(accounts)
    if any(account.own for account in told):
        return "recorded"
    rows: dict[str, dict[str, set[tuple[Id, str, tuple[tuple[str, str], ...]]]]] = {}
    for account in told:
        if account.grade == a.Grade.CONTRADICTORY.value:
            rows.setdefault(account.row, {}).setdefault(account.name, set()).add(
                (account.who, account.gist, account.values)
            )
    differ = any(len({frozenset(said) for said in accounts.values()}) > 1 for accounts in rows.values())
    return "disputed" if differ else "not_recorded"


def _answer(question: str, accounts: Iterable[Account]) -> Answer:
    told = tuple(accounts)
    return Answer(question=question, standing=_standing(told), accounts=told)


# --- the questions -------------------------------------------------------------------------------------------------


def _origin(picture: Picture) -> Answer:
    origins = tuple(origin_of(picture, r) for r in live_finds(picture))
    traced = bool(origins) and all(origin.ends_at == "receipt" for origin in origins)
    accounts = tuple(
        _account(done, "found", item=act.round_id, thing=act.thing, cell=act.cell, kind=act.kind.value)
        for done, act in _every(picture)
        if isinstance(act, a.RoundFound) and act.round_id in {origin.round_id for origin in origins}
    )
    standing: Standing = "recorded" if traced else "not_recorded"
    return Answer(
        question=ORIGIN, standing=standing, accounts=accounts, origins=origins, hypotheses=hypotheses_of(picture)
    )


def _handed(picture: Picture) -> Answer:
    guns = guns_in_question(picture)
    accounts: list[Account] = []
    for done, act in _every(picture):
        match act:
            case a.HandedOver(item=item) if item in guns:
                accounts.append(_account(done, "handed_over", item=item, to=act.to))
            case a.Taken(item=item) if item in guns:
                accounts.append(_account(done, "taken", item=item, giver=act.giver))
            case _:
                pass
    return _answer("who handed the gun over?", accounts)


def _said(picture: Picture) -> Answer:
    guns = guns_in_question(picture)
    accounts: list[Account] = []
    for done, act in _every(picture):
        match act:
            case a.Told(gun=gun) if gun in guns:
                accounts.append(_account(done, "told", item=gun, to=act.to, meaning=act.gist))
            case a.Called(gun=gun) | a.Announced(gun=gun) if gun in guns:
                gist = a.wire_name(type(act))
                accounts.append(_account(done, gist, item=gun, call=act.call.value, verdict=done.verdict))
            case _:
                pass
    return _answer("who said it was empty, and to whom?", accounts)


def _check(picture: Picture) -> Answer:
    guns = guns_in_question(picture)
    accounts: list[Account] = []
    for done, act in _every(picture):
        match act:
            case a.Cleared(gun=gun) | a.Answered(gun=gun) | a.Seen(gun=gun) if gun in guns:
                holds = ",".join(dict.fromkeys(row.holds.value for row in act.answers))
                accounts.append(
                    _account(done, a.wire_name(type(act)), item=gun, answers=str(len(act.answers)), holds=holds)
                )
            case a.Showed(gun=gun) if gun in guns:
                chambers = sum(1 for name in act.positions if name.isdigit())
                known = picture.guns.get(gun)
                # A gun that nobody registered has as many as nobody said.
                of = str(known.chambers) if known is not None else "?"
                accounts.append(_account(done, "showed", item=gun, to=act.to, shown=str(chambers), of=of))
            case a.Acknowledged(gun=gun) if gun in guns:
                accounts.append(_account(done, "acknowledged", item=gun, call=act.call.value, verdict=done.verdict))
            case _:
                pass
    return _answer("what check stood behind the call?", accounts)


def _duty(picture: Picture) -> Answer:
    accounts = [
        _account(done, a.wire_name(type(act)), duty=act.duty, exclusive=str(getattr(act, "exclusive", "")).lower())
        for done, act in _every(picture)
        if isinstance(act, a.DutyOpened | a.DutyClosed)
    ]
    return _answer("whose duty was the check?", accounts)


def _line(picture: Picture) -> Answer:
    guns = guns_in_question(picture)
    accounts: list[Account] = []
    for done, act in _every(picture):
        match act:
            case a.InLine(gun=gun) if gun in guns:
                accounts.append(_account(done, "in_line", item=gun))
            case a.ScenePlanned() if guns & set(act.guns):
                accounts.append(_account(done, "planned_line", scene=act.scene, people=",".join(act.line)))
            case a.Discharged(gun=gun) if gun in guns and act.hit:
                accounts.append(_account(done, "hit", item=gun, people=",".join(act.hit)))
            case _:
                pass
    return _answer("who was in the line?", accounts)


def _how_many(picture: Picture) -> Answer:
    live = set(live_finds(picture))
    accounts: list[Account] = []
    for done, act in _every(picture):
        match act:
            case a.RoundFound(round_id=r) if r in live:
                fired = str(act.fired).lower()
                accounts.append(
                    _account(done, "found", item=r, thing=act.thing, cell=act.cell, kind=act.kind.value, fired=fired)
                )
            case a.RoundsTested() if any(row.round_id in live for row in act.rows) and act.kind.value in {
                "live",
                "unknown",
            }:
                items = ",".join(row.round_id for row in act.rows if row.round_id in live)
                accounts.append(_account(done, "tested_out", items=items, kind=act.kind.value))
            case a.RoundExamined(round_id=r) if r in live:
                accounts.append(_account(done, "examined", item=r, kind=act.kind.value))
            case a.EvidenceTaken(item=r) if r in live:
                accounts.append(_account(done, "evidence", item=r))
            case a.Disposed():
                accounts.append(_account(done, "disposed", thing=act.thing, count=str(act.count), how=act.how))
            case _:
                pass
    return _answer("how many live rounds were there, and where are the rest?", accounts)


def _knew(picture: Picture) -> Answer:
    accounts = [
        _account(done, "learned", fact=act.fact, source=act.source)
        for done, act in _every(picture)
        if isinstance(act, a.Learned)
    ]
    accounts += [
        _account(done, "found", item=act.round_id, thing=act.thing, cell=act.cell, kind=act.kind.value)
        for done, act in _every(picture)
        if isinstance(act, a.RoundFound) and not isinstance(done.act, a.Reported)
    ]
    return _answer("who knew what, and when?", sorted(accounts, key=lambda account: account.entry_index))


def _before(picture: Picture) -> Answer:
    shots = [
        done.entry_index
        for done, act in _every(picture)
        if isinstance(act, a.Discharged) and not act.planned and act.hit
    ]
    end = min(shots, default=picture.size)
    accounts: list[Account] = []
    for done, act in _every(picture):
        if done.entry_index >= end:
            break
        match act:
            case a.ConcernRaised() | a.ConcernAnswered():
                accounts.append(_account(done, a.wire_name(type(act)), concern=act.concern))
            case a.Discharged(planned=False):
                accounts.append(_account(done, "discharged", item=act.gun, shots=str(act.shots)))
            case a.Stopped():
                accounts.append(_account(done, "stopped", reason=act.reason))
            case a.StopLifted():
                accounts.append(_account(done, "stop_lifted", stop=str(act.stop), verdict=done.verdict))
            case _:
                pass
    return _answer("was anything reported before?", accounts)


def _rested(picture: Picture) -> Answer:
    """Each act once, with every basis it rested on and the entries by which these proved false."""
    accounts = []
    for flagged in all_that_rested(picture, false_bases(picture)):
        done = flagged.done
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        accounts.append(
            _account(
                done, "rested_on", what=a.wire_name(type(act)).replace("_", " "), items=",".join(flagged.things),
                bases=",".join(dict.fromkeys(str(basis.entry_index) for basis in flagged.bases)),
                false_by=",".join(dict.fromkeys(str(basis.by_entry) for basis in flagged.bases)), verdict=done.verdict,
            )
        )  # fmt: skip
    return Answer(question=RESTED, standing=_standing(accounts), accounts=tuple(accounts))


_FINDERS: Final[Mapping[str, _Finder]] = MappingProxyType(
    {
        ORIGIN: _origin,
        "who handed the gun over?": _handed,
        "who said it was empty, and to whom?": _said,
        "what check stood behind the call?": _check,
        "whose duty was the check?": _duty,
        "who was in the line?": _line,
        "how many live rounds were there, and where are the rest?": _how_many,
        "who knew what, and when?": _knew,
        "was anything reported before?": _before,
        RESTED: _rested,
    }
)
