"""Every act in the words of the set, in the reader's language: what a person reads, never what is read back.

`phrases` prints and reads one form, in English, wire names and all. This says the same for a page: by the same table, with
each word of a closed set in its own words. Promises: total, like `print_phrase`; an act of the inquiry is named with what it is
about, and not with its fields. Does not: word findings or answers.

    say_act(act, names, tongue=spanish) -> "entrega Colt-1 a LEAD"
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Final, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.phrases import (
    ANSWER_STEP_MS,
    BLANK,
    PHRASES,
    SLOTS,
    SOMEONE,
    Names,
    Phrase,
    collapse,
    phrase_that_says,
    written_spot,
)
from coldcheck.custody.tongues import Tongue

Values: TypeAlias = Mapping[str, object]
Sayer: TypeAlias = Callable[[Values, Names, str, Tongue], str]
TABLES: Final = ("value", "role", "kind", "test", "key_class", "manner")
"""Where the word of a closed set is looked up, in this order."""


def template_of(phrase: Phrase) -> str:
    """The sentence of a phrase with its places, as a language lists it."""
    return BLANK.sub(lambda blank: f"{{{blank[1]}}}", phrase.template)


# --- what stands in a place ------------------------------------------------------------------------------------------


def _word(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    return tongue.word(str(values[field]), *TABLES)


def _words(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    return ", ".join(tongue.word(str(each), *TABLES) for each in values[field])  # type: ignore[attr-defined]


def _positions_said(positions: tuple[str, ...], tongue: Tongue, *, of: object) -> str:
    """Positions in words: a gun has chambers, a magazine or belt has places."""
    in_places = str(of).startswith("c")
    parts: list[str] = []
    numbers: list[str] = []
    for position in (*positions, ""):
        if position.isdigit():
            numbers.append(position)
            continue
        if numbers:
            parts.append(_numbers_said(numbers, tongue, in_places=in_places))
            numbers = []
        if position:
            parts.append(tongue.word(position, *TABLES))
    return tongue.join(parts)


def _numbers_said(numbers: list[str], tongue: Tongue, *, in_places: bool) -> str:
    said = collapse(numbers)
    if len(numbers) > 1:
        return tongue.say("places {cells}" if in_places else "chambers {cells}", cells=said)
    return tongue.say("place {cells}" if in_places else "chamber {cells}", cells=said)


def _positions(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    return _positions_said(values[field], tongue, of=values["gun"])  # type: ignore[arg-type]


def _timed(text: str, times: list[int], tongue: Tongue) -> str:
    """The answers, and when each was given where that is not the usual step."""
    if times == [ANSWER_STEP_MS * number for number in range(len(times))]:
        return text
    return tongue.say("{answers} (at {times} ms)", answers=text, times=", ".join(map(str, times)))


def _answers(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.AnswerRow, ...] = values[field]  # type: ignore[assignment]
    groups: list[tuple[a.Holds, list[str]]] = []
    for row in rows:
        if groups and groups[-1][0] is row.holds:
            groups[-1][1].append(row.position)
        else:
            groups.append((row.holds, [row.position]))
    said = (
        tongue.say(
            "{positions} {holds}",
            positions=_positions_said(tuple(positions), tongue, of=values["gun"]),
            holds=tongue.word(holds, "value"),
        )
        for holds, positions in groups
    )
    return _timed(", ".join(said), [row.ms for row in rows], tongue)


def _load(sentence: str) -> Sayer:
    def say(values: Values, names: Names, field: str, tongue: Tongue) -> str:
        rows: tuple[a.LoadRow, ...] = values[field]  # type: ignore[assignment]
        groups: list[list[a.LoadRow]] = []
        for row in rows:
            if groups and groups[-1][0].thing == row.thing and bool(groups[-1][0].cell) == bool(row.cell):
                groups[-1].append(row)
            else:
                groups.append([row])
        return tongue.join([_load_said(group, names, tongue, sentence, of=values["gun"]) for group in groups])

    return say


def _load_said(group: list[a.LoadRow], names: Names, tongue: Tongue, sentence: str, *, of: object) -> str:
    positions = _positions_said(tuple(row.position for row in group), tongue, of=of)
    if not group[0].thing:
        return positions
    where = written_spot(group[0].thing, (row.cell for row in group if row.cell), names)
    return tongue.say(sentence, positions=positions, spot=where)


def _turn(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.TurnRow, ...] = values[field]  # type: ignore[assignment]
    said = _positions_said(tuple(row.position for row in rows), tongue, of=values["gun"])
    return _timed(said, [row.ms for row in rows], tongue)


def _moved(values: Values, names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.MoveRow, ...] = values[field]  # type: ignore[assignment]
    start = written_spot(str(values["start"]), (row.from_cell for row in rows if row.from_cell), names)
    end = written_spot(str(values["end"]), (row.to_cell for row in rows if row.to_cell), names)
    return tongue.say("{start} to {end}", start=start, end=end)


def _find(values: Values, names: Names, _field: str, tongue: Tongue) -> str:
    cell = str(values["cell"])
    where = written_spot(str(values["thing"]), (cell,) if cell else (), names)
    return tongue.say("{what} in {spot}", what=values["label"], spot=where)


def _call(values: Values, _names: Names, _field: str, tongue: Tongue) -> str:
    powder = tongue.word(str(values.get("powder", "")), "value")
    counts = values["call"] in {a.CallWord.COLD_DUMMY, a.CallWord.HOT_BLANK} or values["count"]
    content = f"({values['count']}{f', {powder}' if powder else ''})" if counts else ""
    return f"{values['call']}{content}"


def _parents(values: Values, names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.ParentRow, ...] = values[field]  # type: ignore[assignment]
    return ", ".join(f"{tongue.word(row.relation.value, 'value')} {names.label_of(row.parent)}" for row in rows)


def _duties(values: Values, names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.DutyRow, ...] = values[field]  # type: ignore[assignment]
    return ", ".join(f"{tongue.word(row.duty, *TABLES)} {names.label_of(row.person)}" for row in rows)


def _crew(values: Values, names: Names, field: str, tongue: Tongue) -> str:
    rows: tuple[a.CrewRow, ...] = values[field]  # type: ignore[assignment]
    return "; ".join(
        tongue.say(
            '{label} "{name}" as {roles}, card {card}',
            label=row.label,
            name=names.words_of(row.name),
            roles=", ".join(tongue.word(role, *TABLES) for role in row.roles),
            card=row.card,
        )
        for row in rows
    )


def _interval(values: Values, _names: Names, field: str, tongue: Tongue) -> str:
    value = values[field]
    assert isinstance(value, a.Interval)
    return when_said(value, tongue)


def when_said(when: a.Interval, tongue: Tongue) -> str:
    """A time as it was told, "unknown" when it was not."""
    if not when.start:
        return tongue.say("time unknown")
    return when.start if when.start == when.end else tongue.say("{start} to {end}", start=when.start, end=when.end)


_SAYERS: Final[Mapping[str, Sayer]] = MappingProxyType(
    {
        "word": _word,
        "words": _words,
        "roles": _words,
        "positions": _positions,
        "places": _positions,
        "answers": _answers,
        "place_answers": _answers,
        "load": _load("{positions} from {spot}"),
        "place_load": _load("{positions} from {spot}"),
        "unload": _load("{positions} to {spot}"),
        "place_unload": _load("{positions} to {spot}"),
        "turn": _turn,
        "moved": _moved,
        "find": _find,
        "call": _call,
        "parents": _parents,
        "duties": _duties,
        "crew": _crew,
        "interval": _interval,
        **dict.fromkeys(
            ("ActionType", "Capability", "ContainerKind", "PlaceClass", "RoundKind", "Mishap", "Grade", "Activity", "CallWord",
             "Work", "Ending", "Capture"),
            _word,
        ),
    }
)  # fmt: skip
"""By the name of a slot; what is not here is a label, a number or a code, and the same in every language."""


# --- an act ----------------------------------------------------------------------------------------------------------

_LONGEST: Final[Mapping[type, Phrase]] = MappingProxyType(
    {phrase.act: phrase for phrase in sorted(PHRASES, key=lambda each: len(BLANK.findall(each.template)))}
)


def say_act(act: a.Act, names: Names, *, tongue: Tongue) -> str:
    """The act in this language. Total: what an act leaves open is said to be left open."""
    match act:
        case a.Reported():
            return _say_report(act, names, tongue)
        case a.HeldOut():
            told = say_act(act.told, names, tongue=tongue)
            return tongue.say("holds the phone for {viewer}, who {told}", viewer=names.label_of(act.viewer), told=told)
        case a.PersonEnrolled():
            roles = ", ".join(tongue.word(role, *TABLES) for role in act.roles)
            name = names.words_of(act.name)
            return tongue.say('enrols {label} "{name}" as {roles}', label=act.label, name=name, roles=roles)
        case a.ProductionOpened():
            return tongue.say('opens the production "{name}"', name=names.words_of(act.name))
        case a.RulebookAdopted():
            return tongue.say("adopts rulebook {name}", name=act.name)
        case a.UnknownAct():
            return tongue.say("did {name}, an act this reader does not know", name=act.type_name.replace("_", " "))
        case _:
            pass
    if isinstance(act, a.INQUIRY_ACTS):
        return _say_filing(act, names, tongue)
    return _say_phrase(act, names, tongue)


def _say_phrase(act: a.Act, names: Names, tongue: Tongue) -> str:
    values = {field.name: getattr(act, field.name) for field in fields(act)}
    # Where none says all of it, the one with the most places, and what is not there is said to be open.
    chosen = phrase_that_says(act) or _LONGEST[type(act)]
    filled = {field: _filled(field, slot, values, names, tongue) for field, slot in BLANK.findall(chosen.template)}
    return tongue.say(template_of(chosen), **filled)


def _filled(field: str, slot: str, values: Values, names: Names, tongue: Tongue) -> str:
    if field in values and values[field] in {"", ()}:
        return tongue.say("(not said)")
    sayer = _SAYERS.get(slot)
    return SLOTS[slot].write(values, names, field) if sayer is None else sayer(values, names, field, tongue)


def _say_report(act: a.Reported, names: Names, tongue: Tongue) -> str:
    who = names.label_of(act.who) if act.who else tongue.say(SOMEONE)
    told = say_act(act.told, names, tongue=tongue)
    if not act.row and not act.sources:
        # On a phone that was not there to be held out: what its signer tells of whom he held it out to.
        return tongue.say("tells of {who}: {told}", who=who, told=told)
    grade = tongue.word(act.grade, "grade", *TABLES)
    return tongue.say(
        "reports {row} from {sources} ({grade}) at {when}: {who} {told}",
        row=act.row, sources=", ".join(act.sources), grade=f"{grade}, {act.account}" if act.account else grade,
        when=when_said(act.when, tongue), who=who, told=told,
    )  # fmt: skip


FILINGS: Final[Mapping[type, str]] = MappingProxyType(
    {
        a.MatterOpened: "opens matter {label}",
        a.MatterChanged: "notes a change in matter {regarding}",
        a.SourceFiled: "files the paper {label}",
        a.StatementRecorded: "enters statement {label} out of {source}",
        a.StatementConfirmed: "confirms statement {statement}",
        a.PassagesRead: "has read passages of {source}: no statement in them",
        a.ClaimMade: "enters claim {label} out of statement {statement}",
        a.ClaimsTied: "puts claims {first} and {second} side by side",
        a.QuestionOpened: "opens question {label}",
        a.QuestionAnswered: "answers question {question}",
        a.AccountAsked: "asks {person} for an account regarding {regarding}",
        a.AccountGiven: "enters what {person} answered regarding {regarding}",
        a.NoticeGiven: "gives notice to {to}",
        a.ExhibitFiled: "files exhibit {label}: {item}",
        a.ExhibitJudged: "notes how exhibit {exhibit} bears on the matter",
        a.ExhibitViewed: "views exhibit {exhibit}",
        a.RequestReceived: "receives request {label}",
        a.RequestAnswered: "answers request {request}",
        a.FirstAccountSealed: "seals a first account",
        a.FirstAccountOpened: "opens the sealed account {regarding}",
        a.InterviewRecorded: "records interview {label} with {people}",
        a.CheckpointSentOff: "sends checkpoint {size} off the hub",
        a.PackMade: "makes a pack about {regarding}, at {size} entries",
        a.PosteriorAsked: "asks for chances about {find}",
    }
)
"""Acts of the inquiry by what they are about; their words are on the inquiry's own pages."""
_PLACES: Final = re.compile(r"\{(\w+)\}")


def _say_filing(act: a.Act, names: Names, tongue: Tongue) -> str:
    sentence = FILINGS[type(act)]
    filled: dict[str, str] = {}
    for field in _PLACES.findall(sentence):
        value = getattr(act, field)
        parts = value if isinstance(value, tuple) else (value,)
        said = ", ".join(names.label_of(str(part)) for part in parts if part != "")
        filled[field] = said or (
            names.label_of(getattr(act, "ref", "")) if field == "label" else tongue.say("(not said)")
        )
    return tongue.say(sentence, **filled)
