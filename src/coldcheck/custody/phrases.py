"""The one phrase table: it reads and prints every act in the words of the set.

`read_phrase` turns "shows Colt-1 to AD1: chambers 1-4" into an act, `print_phrase` gives the same words back. Labels
become ids through `Names`, which the caller supplies; ids and salts that an act needs are minted there too, so this
module stays pure. Spots are written `Tray-1/3` (cell 3 of Tray-1), ranges `Tray-1/1-6`.

    read_phrase("hands Colt-1 to LEAD", names)  ->  HandedOver(item="g...", to="p...")
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias, get_type_hints

from coldcheck.custody import acts as a
from coldcheck.custody.inquiry_phrases import FIRST_WORD, BadFiling, print_filing, read_filing
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Id, PlaceClass, Relation, Role, RoundKind
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Sealed

ANSWER_STEP_MS: Final = 2_000
"""Time between two answers where a phrase does not give the times."""


class BadPhrase(ColdcheckError):
    """Words that are no phrase of the table. The sentence says what was expected and the nearest known word."""


class Names(Protocol):
    """What a phrase needs from outside: labels, what lies where, new ids, and sealed words."""

    def id_of(self, label: str, letters: str) -> Id:
        """The id behind `label`, whose first letter is one of `letters`. Raises BadPhrase with the nearest label."""

    def label_of(self, thing: Id) -> str:
        """The label of `thing`."""

    def round_at(self, thing: Id, cell: str) -> Id:
        """The round the record has in that cell, or "" when it has none."""

    def mint(self, letter: str) -> Id:
        """A new id that starts with `letter`."""

    def seal(self, field: str, words: str) -> Sealed:
        """The commitment of `words`; the opening is kept by the caller."""

    def words_of(self, sealed: Sealed) -> str:
        """The sealed words, for printing; "..." when the opening is not there."""


Fields: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One kind of blank in a phrase: what it looks like, how it is read and printed."""

    form: str
    read: Callable[[str, Names, str], Fields]
    write: Callable[[Mapping[str, object], Names, str], str]
    says: Callable[[Mapping[str, object]], bool] | None = None
    """Whether it can say these values; None where it says all that are there."""


# --- small readers and printers ------------------------------------------------------------------------------------

_LABEL: Final = r"[^\W_][\w.'&-]*"
_WORD_FORM: Final = r"[^\s,;:()\"]+"
_NUMBERED: Final = re.compile(r"[1-9][0-9]{0,8}")
_WIDEST_RANGE: Final = 9_999


def _label_slot(letters: str) -> Slot:
    return Slot(
        form=_LABEL,
        read=lambda text, names, field: {field: names.id_of(text, letters)},
        write=lambda values, names, field: names.label_of(str(values[field])),
    )


def _scanned_slot() -> Slot:
    """The gun somebody has before him, its own tag read: nothing is said of it in words, because so it is always done."""
    return Slot(
        form=_LABEL,
        read=lambda text, names, field: {field: names.id_of(text, "g"), "tag": names.id_of(text, "g")},
        write=lambda values, names, field: names.label_of(str(values[field])),
        says=lambda values: values["tag"] == values["gun"],
    )


def _plain_slot(form: str, read: Callable[[str], object], write: Callable[[object], str]) -> Slot:
    return Slot(
        form=form,
        read=lambda text, _names, field: {field: read(text)},
        write=lambda values, _names, field: write(values[field]),
    )


def _enum_slot(kind: type[StrEnum]) -> Slot:
    def read(text: str) -> object:
        known = [member.value for member in kind]
        if text not in known:
            raise BadPhrase(
                f'"{text}" is not known here; one of {", ".join(known)} was expected, the nearest is {nearest(text, known)}'
            )
        return kind(text)

    return _plain_slot(_WORD_FORM, read, str)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, in quotes, or "none"."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.3)
    return f'"{close[0]}"' if close else "none"


def _expand(text: str) -> tuple[str, ...]:
    """The cells of a list of ranges: 1, 2, 3, 5 for "1-3,5"; names such as "bore" stay."""
    out: list[str] = []
    for part in text.split(","):
        ends = re.fullmatch(r"([0-9]+)-([0-9]+)", part)
        if ends is None and (not part or "-" in part):
            raise BadPhrase(f'"{text}" is no list of numbers; a range such as 1-6 or 1-3,5 was expected')
        if ends is None:
            out.append(part)
        elif int(ends[1]) >= int(ends[2]) or int(ends[2]) - int(ends[1]) > _WIDEST_RANGE:
            raise BadPhrase(f'the range "{part}" does not rise; a range such as 1-6 was expected')
        else:
            out.extend(str(number) for number in range(int(ends[1]), int(ends[2]) + 1))
    return tuple(out)


def collapse(cells: Iterable[str]) -> str:
    """Rising runs as ranges, the rest one by one: 1, 2, 3, 5 gives "1-3,5"."""
    runs: list[list[str]] = []
    for cell in cells:
        # Only numbers written in one way: "09" and "10" would come back as 9 and 10.
        if (
            runs
            and _NUMBERED.fullmatch(cell)
            and _NUMBERED.fullmatch(runs[-1][-1])
            and int(cell) == int(runs[-1][-1]) + 1
        ):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else run[0] for run in runs)


# --- positions and answers -----------------------------------------------------------------------------------------


def _read_positions(text: str) -> tuple[str, ...]:
    out: list[str] = []
    for part in re.split(r" and |, ", text):
        named = re.fullmatch(r"(?:chambers?|places?) ([\d,-]+)|(bore\d*|capability)", part)
        if named is None:
            raise BadPhrase(
                f'"{part}" is no position; "chambers 1-6", "chamber 3", "bore", "capability" or, of a magazine,'
                ' "places 1-6" was expected'
            )
        out.extend(_expand(named[1]) if named[1] else (named[2],))
    return tuple(out)


def _print_positions(positions: Iterable[str], *, of: object) -> str:
    """Positions in words: a gun has chambers, a magazine or belt has places."""
    word = "place" if str(of).startswith("c") else "chamber"
    parts: list[str] = []
    numbers: list[str] = []
    for position in (*positions, ""):
        if position.isdigit():
            numbers.append(position)
            continue
        if numbers:
            parts.append(f"{word}{'s' if len(numbers) > 1 else ''} {collapse(numbers)}")
            numbers = []
        if position:
            parts.append(position)
    return " and ".join(parts)


_HOLDS_WORD: Final = "|".join(member.value for member in a.Holds)
_AT_FORM: Final = r"(?: \(at [\d, ]+ ms\))?"
_ANSWERS_FORM: Final = rf"(?!places? ).+?{_AT_FORM}"
_PLACE_ANSWERS_FORM: Final = rf"places? .+?{_AT_FORM}"


def _read_answers(text: str, _names: Names, field: str) -> Fields:
    timed = re.fullmatch(r"(.+?) \(at ([\d, ]+) ms\)", text)
    body = timed[1] if timed else text
    rows: list[tuple[str, a.Holds]] = []
    for part in body.split(", "):
        said = re.fullmatch(rf"(.+) ({_HOLDS_WORD})", part)
        if said is None:
            raise BadPhrase(
                f'"{part}" is no answer; positions and one of {_HOLDS_WORD.replace("|", ", ")} were expected, such as "chambers 1-6 empty"'
            )
        rows.extend((position, a.Holds(said[2])) for position in _read_positions(said[1]))
    said_ms = timed[2].split(", ") if timed else [str(ANSWER_STEP_MS * number) for number in range(len(rows))]
    times = [int(ms) for ms in said_ms if ms.isascii() and ms.isdigit()]
    if not len(times) == len(said_ms) == len(rows):
        raise BadPhrase(f"{len(rows)} answers have {len(said_ms)} times; one time an answer was expected")
    return {field: tuple(a.AnswerRow(position=p, holds=h, ms=ms) for (p, h), ms in zip(rows, times, strict=True))}


def _print_answers(values: Mapping[str, object], _names: Names, field: str) -> str:
    answers: tuple[a.AnswerRow, ...] = values[field]  # type: ignore[assignment]
    groups: list[tuple[a.Holds, list[str]]] = []
    for row in answers:
        if groups and groups[-1][0] is row.holds:
            groups[-1][1].append(row.position)
        else:
            groups.append((row.holds, [row.position]))
    text = ", ".join(f"{_print_positions(positions, of=values['gun'])} {holds}" for holds, positions in groups)
    if [row.ms for row in answers] == [ANSWER_STEP_MS * number for number in range(len(answers))]:
        return text
    return text + " (at " + ", ".join(str(row.ms) for row in answers) + " ms)"


# --- spots and rows ------------------------------------------------------------------------------------------------


def _split_spot(text: str, names: Names, letters: str) -> tuple[Id, tuple[str, ...]]:
    label, _, cells = text.partition("/")
    return names.id_of(label, letters), _expand(cells) if cells else ()


def written_spot(thing: Id, cells: Iterable[str], names: Names) -> str:
    """A thing with its cells: Tray-1/1-6; the thing alone where no cell is named."""
    written = collapse(cells)
    return f"{names.label_of(thing)}/{written}" if written else names.label_of(thing)


def _known_round(names: Names, thing: Id, cell: str) -> Id:
    """The round of that cell; where the record has none, a new id, because something was there all the same."""
    return names.round_at(thing, cell) or names.mint("r")


def _read_cells(text: str, names: Names, field: str) -> Fields:
    """`Tray-1/1-6`, or the label of one round by itself."""
    if "/" not in text:
        return {"thing": "", field: (a.CellRow(cell="", round_id=names.id_of(text, "r")),)}
    thing, cells = _split_spot(text, names, "cgw")
    return {"thing": thing, field: tuple(a.CellRow(cell=c, round_id=_known_round(names, thing, c)) for c in cells)}


def _print_cells(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.CellRow, ...] = values[field]  # type: ignore[assignment]
    thing = str(values["thing"])
    return written_spot(thing, (row.cell for row in rows), names) if thing else names.label_of(rows[0].round_id)


def _read_received(text: str, names: Names, field: str) -> Fields:
    thing, cells = _split_spot(text, names, "c")
    rows = tuple(a.CellRow(cell=cell, round_id=names.mint("r")) for cell in cells)
    return {"container": thing, field: rows, "count": len(rows)}


def _print_received(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.CellRow, ...] = values[field]  # type: ignore[assignment]
    return written_spot(str(values["container"]), (row.cell for row in rows), names)


def _read_load(text: str, names: Names, field: str) -> Fields:
    rows: list[a.LoadRow] = []
    for part in text.split(" with "):
        said = re.fullmatch(rf"((?:chambers?|places?) [\d,-]+)(?: (?:from|to) ({_LABEL}(?:/[\d,-]+)?))?", part)
        if said is None:
            raise BadPhrase(f'"{part}" is no load; "chambers 1-6 from Tray-1/1-6" was expected')
        positions = _read_positions(said[1])
        thing, cells = _split_spot(said[2], names, "cwp") if said[2] else ("", ())
        if cells and len(cells) != len(positions):
            raise BadPhrase(
                f'"{part}" names {len(positions)} chambers and {len(cells)} cells; the same number was expected'
            )
        rows.extend(
            a.LoadRow(position=p, round_id="", thing=thing, cell=c)
            for p, c in zip(positions, cells or ("",) * len(positions), strict=True)
        )
    return {field: tuple(rows)}


def _load_slot(word: str, *, outward: bool) -> Slot:
    """Rows of a load ("from", the rounds are those of the cells) or an unload ("to", those of the chambers)."""

    def read(text: str, names: Names, field: str) -> Fields:
        return _read_load(text, names, field)

    def write(values: Mapping[str, object], names: Names, field: str) -> str:
        rows: tuple[a.LoadRow, ...] = values[field]  # type: ignore[assignment]
        groups: list[list[a.LoadRow]] = []
        for row in rows:
            if groups and groups[-1][0].thing == row.thing and bool(groups[-1][0].cell) == bool(row.cell):
                groups[-1].append(row)
            else:
                groups.append([row])
        link = " to " if outward else " from "
        return " with ".join(_print_load_group(group, names, link, of=values["gun"]) for group in groups)

    return Slot(form=rf"{word}s? .+?", read=read, write=write)


def _print_load_group(group: list[a.LoadRow], names: Names, link: str, *, of: object) -> str:
    positions = _print_positions((row.position for row in group), of=of)
    if not group[0].thing:
        return positions
    return positions + link + written_spot(group[0].thing, (row.cell for row in group if row.cell), names)


def _positions_slot(form: str) -> Slot:
    return Slot(
        form=form,
        read=lambda text, _names, field: {field: _read_positions(text)},
        write=lambda values, _names, field: _print_positions(values[field], of=values["gun"]),  # type: ignore[arg-type]
    )


def _read_turn(text: str, _names: Names, field: str) -> Fields:
    """Rows of a turnaround; the rounds are filled in once the gun is read."""
    said, _, times = text.partition(" (at ")
    positions = _read_positions(said)
    at = times.removesuffix(" ms)").split(", ") if times else [str(ANSWER_STEP_MS * n) for n in range(len(positions))]
    if len(at) != len(positions) or not all(ms.isascii() and ms.isdigit() for ms in at):
        raise BadPhrase(f'"{text}" has {len(positions)} chambers and other times; one time a chamber was expected')
    return {field: tuple(a.TurnRow(position=p, round_id="", ms=int(ms)) for p, ms in zip(positions, at, strict=True))}


def _print_turn(values: Mapping[str, object], _names: Names, field: str) -> str:
    rows: tuple[a.TurnRow, ...] = values[field]  # type: ignore[assignment]
    text = _print_positions((row.position for row in rows), of=values["gun"])
    if [row.ms for row in rows] == [ANSWER_STEP_MS * number for number in range(len(rows))]:
        return text
    return text + " (at " + ", ".join(str(row.ms) for row in rows) + " ms)"


def _read_moved(text: str, names: Names, field: str) -> Fields:
    start_text, _, end_text = text.partition(" to ")
    start, start_cells = _split_spot(start_text, names, "cwp")
    end, end_cells = _split_spot(end_text, names, "cwp")
    count = max(len(start_cells), len(end_cells))
    if count == 0 or (start_cells and end_cells and len(start_cells) != len(end_cells)):
        raise BadPhrase(
            f'"{text}" moves {len(start_cells)} cells to {len(end_cells)}; the same number of cells was expected'
        )
    pairs = zip(start_cells or ("",) * count, end_cells or ("",) * count, strict=True)
    rows = tuple(a.MoveRow(round_id=_known_round(names, start, f), from_cell=f, to_cell=t) for f, t in pairs)
    return {"start": start, "end": end, field: rows}


def _print_moved(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.MoveRow, ...] = values[field]  # type: ignore[assignment]
    start = written_spot(str(values["start"]), (row.from_cell for row in rows if row.from_cell), names)
    return f"{start} to " + written_spot(str(values["end"]), (row.to_cell for row in rows if row.to_cell), names)


def _read_find(text: str, names: Names, _field: str) -> Fields:
    label, _, spot = text.partition(" in ")
    thing, cells = _split_spot(spot, names, "cgwp")
    if len(cells) > 1:
        raise BadPhrase(f'"{text}" names {len(cells)} cells; a find is one round in one cell')
    cell = cells[0] if cells else ""
    try:
        known = names.id_of(label, "r")
    except BadPhrase:
        known = (names.round_at(thing, cell) if cell else "") or names.mint("r")
    return {"round_id": known, "label": label, "thing": thing, "cell": cell}


def _print_find(values: Mapping[str, object], names: Names, _field: str) -> str:
    cell = str(values["cell"])
    return f"{values['label']} in " + written_spot(str(values["thing"]), (cell,) if cell else (), names)


# --- calls, lists, times -------------------------------------------------------------------------------------------


def _read_call(text: str, _names: Names, _field: str) -> Fields:
    said = re.fullmatch(r"(COLD-EMPTY|INERT|COLD-DUMMY|HOT-BLANK)(?:\((\d+)(?:, ([a-z]+))?\))?", text)
    if said is None or (said[2] is None) != (said[1] in {"COLD-EMPTY", "INERT"}):
        raise BadPhrase(f'"{text}" is no call; COLD-EMPTY, COLD-DUMMY(6), HOT-BLANK(5, half) or INERT was expected')
    return {"call": a.CallWord(said[1]), "count": int(said[2] or 0), "powder": said[3] or ""}


def _print_call(values: Mapping[str, object], _names: Names, _field: str) -> str:
    powder = values.get("powder", "")
    counts = values["call"] in {a.CallWord.COLD_DUMMY, a.CallWord.HOT_BLANK} or values["count"]
    content = f"({values['count']}{f', {powder}' if powder else ''})" if counts else ""
    return f"{values['call']}{content}"


def _list_slot(item: Slot, form: str) -> Slot:
    def read(text: str, names: Names, field: str) -> Fields:
        return {field: tuple(item.read(part, names, field)[field] for part in text.split(", "))}

    def write(values: Mapping[str, object], names: Names, field: str) -> str:
        members: tuple[object, ...] = values[field]  # type: ignore[assignment]
        return ", ".join(item.write({field: member}, names, field) for member in members)

    return Slot(form=rf"{form}(?:, {form})*", read=read, write=write)


_SEALED: Final = Slot(
    form=r'"[^"]*"',
    read=lambda text, names, field: {field: names.seal(field, text[1:-1])},
    write=lambda values, names, field: '"' + names.words_of(values[field]) + '"',  # type: ignore[arg-type]
)
_TIME_FORM: Final = r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d)?)?)?"


def _read_interval(text: str) -> object:
    if text == "unknown":
        return a.Interval(start="", end="")
    start, _, end = text.partition(" to ")
    return a.Interval(start=start, end=end or start)


def _print_interval(value: object) -> str:
    assert isinstance(value, a.Interval)
    if not value.start:
        return "unknown"
    return value.start if value.start == value.end else f"{value.start} to {value.end}"


def _read_parents(text: str, names: Names, field: str) -> Fields:
    rows: list[a.ParentRow] = []
    for part in text.split(", "):
        relation, _, label = part.rpartition(" ")
        word = relation.replace(" ", "_")
        if word not in {member.value for member in Relation}:
            raise BadPhrase(
                f'"{relation}" is no relation of lots; the nearest is {nearest(word, [r.value for r in Relation])}'
            )
        rows.append(a.ParentRow(relation=Relation(word), parent=names.id_of(label, "lp")))
    return {field: tuple(rows)}


def _print_parents(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.ParentRow, ...] = values[field]  # type: ignore[assignment]
    return ", ".join(f"{row.relation.value.replace('_', ' ')} {names.label_of(row.parent)}" for row in rows)


def _read_duties(text: str, names: Names, field: str) -> Fields:
    pairs = (part.split(" ") for part in text.split(", "))
    return {field: tuple(a.DutyRow(duty=duty, person=names.id_of(label, "p")) for duty, label in pairs)}


def _print_duties(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.DutyRow, ...] = values[field]  # type: ignore[assignment]
    return ", ".join(f"{row.duty} {names.label_of(row.person)}" for row in rows)


def _read_crew(text: str, names: Names, field: str) -> Fields:
    rows: list[a.CrewRow] = []
    for part in text.split("; "):
        said = _CREW_ROW.fullmatch(part)
        if said is None:
            raise BadPhrase(
                f'"{part}" is no place on a crew list; <label> "<name>" as <role>, card <hash> was expected'
            )
        roles: tuple[Role, ...] = SLOTS["roles"].read(said["roles"], names, "roles")["roles"]  # type: ignore[assignment]
        name = names.seal("name", said["name"])
        rows.append(
            a.CrewRow(
                person=_person_of(said["label"], names), label=said["label"], name=name, roles=roles, card=said["card"]
            )
        )
    return {field: tuple(rows)}


def _person_of(label: str, names: Names) -> Id:
    """Who is known by that label, else somebody new."""
    try:
        return names.id_of(label, "p")
    except BadPhrase:
        return names.mint("p")


def _print_crew(values: Mapping[str, object], names: Names, field: str) -> str:
    rows: tuple[a.CrewRow, ...] = values[field]  # type: ignore[assignment]
    return "; ".join(
        f'{row.label} "{names.words_of(row.name)}" as {", ".join(row.roles)}, card {row.card}' for row in rows
    )


_DIGEST_FORM: Final = r"[0-9a-f]{64}"
_KEY_FORM: Final = r"k[0-9A-HJKMNP-TV-Z]{12}"
_CREW_ROW: Final = re.compile(
    rf'(?P<label>{_LABEL}) "(?P<name>[^";]*)" as (?P<roles>[\w, ]+), card (?P<card>{_DIGEST_FORM})'
)
_WORD: Final = _plain_slot(_WORD_FORM, str, str)
_DIGEST: Final = _plain_slot(_DIGEST_FORM, str, str)
_NUMBER: Final = _plain_slot(r"\d+", int, str)
_PERSON: Final = _label_slot("p")
_GUN: Final = _label_slot("g")

SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "person": _PERSON,
        "gun": _GUN,
        "scanned": _scanned_slot(),
        "other_tag": _label_slot("gcrlwp"),
        "lot": _label_slot("l"),
        "container": _label_slot("c"),
        "place": _label_slot("w"),
        "item": _label_slot("gc"),
        "any": _label_slot("gcrlwp"),
        "round": _label_slot("r"),
        "thing": _label_slot("cgwp"),
        "new": _plain_slot(_LABEL, str, str),
        "word": _WORD,
        "time": _plain_slot(r"[^\s,]*", str, str),
        "key": _plain_slot(_KEY_FORM, str, str),
        "digest": _DIGEST,
        "digests": _list_slot(_DIGEST, _DIGEST_FORM),
        "anything": _list_slot(_label_slot("gcrlwp"), _LABEL),
        "crew": Slot(form=r"(?s:.+)", read=_read_crew, write=_print_crew),
        "number": _NUMBER,
        "people": _list_slot(_PERSON, _LABEL),
        "guns": _list_slot(_GUN, _LABEL),
        "lots": _list_slot(_label_slot("l"), _LABEL),
        "duties": Slot(form=rf"{_WORD_FORM} {_LABEL}(?:, {_WORD_FORM} {_LABEL})*", read=_read_duties, write=_print_duties),
        "words": _list_slot(_WORD, _WORD_FORM),
        "roles": _list_slot(_enum_slot(Role), _WORD_FORM),
        "sealed": _SEALED,
        "positions": _positions_slot(r"(?:chambers? |bore|capability).*?"),
        "places": _positions_slot(r"places? .+?"),
        "answers": Slot(form=_ANSWERS_FORM, read=_read_answers, write=_print_answers),
        "load": _load_slot("chamber", outward=False),
        "unload": _load_slot("chamber", outward=True),
        "magazine": _label_slot("c"),
        "place_answers": Slot(form=_PLACE_ANSWERS_FORM, read=_read_answers, write=_print_answers),
        "place_load": _load_slot("place", outward=False),
        "place_unload": _load_slot("place", outward=True),
        "moved": Slot(form=r".+? to .+?", read=_read_moved, write=_print_moved),
        "cells": Slot(form=rf"{_LABEL}(?:/[\d,-]+)?", read=_read_cells, write=_print_cells),
        "received": Slot(form=rf"{_LABEL}/[\d,-]+", read=_read_received, write=_print_received),
        "find": Slot(form=rf"{_LABEL} in {_LABEL}(?:/[\w]+)?", read=_read_find, write=_print_find),
        "call": Slot(form=r"[A-Z-]+(?:\([^)]*\))?", read=_read_call, write=_print_call),
        "turn": Slot(form=r"chambers? [\d,-]+(?: \(at [\d, ]+ ms\))?", read=_read_turn, write=_print_turn),
        "parents": Slot(form=r".+?", read=_read_parents, write=_print_parents),
        "interval": _plain_slot(rf"unknown|{_TIME_FORM}(?: to {_TIME_FORM})?", _read_interval, _print_interval),
        "rest": _plain_slot(r"[^\"]+?", str, str),
        **{
            kind.__name__: _enum_slot(kind)
            for kind in (
                ActionType, Capability, ContainerKind, PlaceClass, RoundKind, a.Mishap, a.Grade, a.Activity, a.CallWord, a.Work,
                a.Ending, a.Capture,
            )
        },
    }
)  # fmt: skip


# --- the table -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One way to say one act. `minted` are fields that get a new id, `fixed` those the words imply."""

    act: type
    template: str
    minted: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, object], ...] = ()


def _p(act: type, template: str, *, mint: str = "", **fixed: object) -> Phrase:
    minted = ((mint[:-2], mint[-1]),) if mint else ()
    return Phrase(act=act, template=template, minted=minted, fixed=tuple(fixed.items()))


PHRASES: Final[tuple[Phrase, ...]] = (
    _p(a.OfficerNamed, "names officer {label:new} {name:sealed} as {roles:roles}", mint="person=p"),
    _p(a.EnrolmentConfirmed, "confirms key {key:key} by {sha256:digest}"),
    _p(a.CrewListed, "lists the crew: {rows:crew}"),
    _p(a.CrewConfirmed, "confirms the crew list {sha256:digest}"),
    _p(a.KeyClaimed, "claims key {key:key} by join card {card:word} {proof:word}"),
    _p(a.KeyRevoked, "revokes key {key:key}, {reason:word}"),
    _p(a.KeyRotated, "replaces key {old:key} with {key:key} by {sha256:digest}"),
    _p(a.KeyUnlocked, "unlocks key {key:key} by {sha256:digest} for {seconds:number} seconds"),
    _p(a.Quarantined, "keeps {sha256:digest} of key {key:key} apart, {reason:word}, about {named:anything}"),
    _p(a.Quarantined, "keeps {sha256:digest} of key {key:key} apart, {reason:word}", named=()),
    _p(
        a.EpochOpened,
        "opens epoch {epoch:number} under {public:digest}, having seen {seen_size:number} entries of {seen_root:digest},"
        " {reason:word}",
    ),
    _p(a.OpeningErased, "erases {commitments:digests}, {reason:word}"),
    _p(a.LegalHoldPlaced, "places a legal hold on {scope:word}, {reason:word}"),
    _p(a.LegalHoldLifted, "lifts legal hold {hold:number}"),
    _p(a.CosignerNamed, "names cosigner {vkey:word}"),
    _p(
        a.KeyEnrolled,
        "brings {key_class:word} key {key:key} {public:word} of {person:person} for {rp:word} at {origins:words},"
        " credential {credential:digest}, device {device:digest}",
    ),
    _p(
        a.KeyEnrolled,
        "brings {key_class:word} key {key:key} {public:word} of {person:person}, device {device:digest}",
        rp="",
        origins=(),
        credential="",
    ),
    _p(
        a.KeyEnrolled,
        "brings {key_class:word} key {key:key} {public:word} of {person:person}",
        rp="",
        origins=(),
        credential="",
        device="",
    ),
    _p(a.DutyOpened, "goes on exclusive duty as {duty:word}", exclusive=True),
    _p(a.DutyOpened, "takes duty as {duty:word}", exclusive=False),
    _p(a.DutyClosed, "goes off duty as {duty:word}"),
    _p(a.CoverageOpened, "opens coverage of {subject:word} at {place:place}"),
    _p(a.CoverageClosed, "closes coverage of {subject:word} at {place:place}"),
    _p(a.ClockCompared, "compares clocks: {clock:word} reads {reads:time}, within {bound_ms:number} ms"),
    _p(
        a.DeliveriesSealed,
        "seals who was told in entries {from_entry:number} to {to_entry:number}: {rows:number} rows, {sha256:digest}",
    ),
    _p(a.PlaceRegistered, "registers place {label:new} as {place_class:PlaceClass} in {parent:place}", mint="place=w"),
    _p(a.PlaceRegistered, "registers place {label:new} as {place_class:PlaceClass}", mint="place=w", parent=""),
    _p(a.ContainerRegistered, "registers {kind:ContainerKind} {label:new}", mint="container=c", cells=0),
    _p(
        a.ContainerRegistered,
        "registers {kind:ContainerKind} {label:new} with {cells:number} cells",
        mint="container=c",
    ),
    _p(
        a.GunRegistered,
        "registers gun {label:new} word {word_name:new} serial {serial:word} {action:ActionType} {calibre:word}"
        " {capability:Capability} with {chambers:number} chambers and {bores:number} bores",
        mint="gun=g",
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}, tests {tests:words}, strong {strong:words},"
        " history {parents:parents}",
        mint="lot=l",
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}, tests {tests:words}, strong {strong:words}",
        mint="lot=l",
        parents=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}, tests {tests:words}, history {parents:parents}",
        mint="lot=l",
        strong=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}, tests {tests:words}",
        mint="lot=l",
        strong=(),
        parents=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}, history {parents:parents}",
        mint="lot=l",
        tests=(),
        strong=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind} made by {maker:word}",
        mint="lot=l",
        tests=(),
        strong=(),
        parents=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}, tests {tests:words}, strong {strong:words},"
        " history {parents:parents}",
        mint="lot=l",
        maker="",
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}, tests {tests:words}, strong {strong:words}",
        mint="lot=l",
        maker="",
        parents=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}, tests {tests:words}, history {parents:parents}",
        mint="lot=l",
        maker="",
        strong=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}, tests {tests:words}",
        mint="lot=l",
        maker="",
        strong=(),
        parents=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}, history {parents:parents}",
        mint="lot=l",
        maker="",
        tests=(),
        strong=(),
    ),
    _p(
        a.LotRegistered,
        "registers lot {label:new}: {count:number} {calibre:word} {kind:RoundKind}",
        mint="lot=l",
        maker="",
        tests=(),
        strong=(),
        parents=(),
    ),
    _p(a.RoundMarked, "marks {round_id:round} as {label:new}"),
    _p(a.Delivered, "delivers {lot:lot} in {container:container}: {count:number} rounds to {to:person}"),
    _p(a.Received, "receives {lot:lot} from {source:person} in {cells:received}"),
    _p(a.Received, "receives {lot:lot} from {source:person} in {container:container}: {count:number} rounds", cells=()),
    _p(a.Received, "receives {lot:lot} in {cells:received}", source=""),
    _p(a.Received, "receives {lot:lot} in {container:container}: {count:number} rounds", cells=(), source=""),
    _p(a.BroughtIn, "brings in {item:item} from {origin:word}", count=0),
    _p(a.BroughtIn, "brings in {item:item} from {origin:word}: {count:number} rounds"),
    _p(a.PickedUp, "picks up {item:item}"),
    _p(a.PutDown, "leaves {item:item} at {place:place}"),
    _p(a.Locked, "locks {item:item} in {place:place}"),
    _p(a.Stowed, "puts {item:item} in {container:container}"),
    _p(a.HandedOver, "hands {item:item} to {to:person}"),
    _p(a.Taken, "takes {item:item} from {giver:person}", tag="", serial=""),
    _p(a.Taken, "takes {item:item} from {giver:person} by serial {serial:word}", tag=""),
    _p(a.Taken, "takes {item:item} from {giver:person} by the tag of {tag:other_tag}", serial=""),
    _p(a.Taken, "takes {item:item} from {giver:person} by the tag of {tag:other_tag} and serial {serial:word}"),
    _p(a.Moved, "moves {rows:moved}"),
    _p(a.Poured, "pours from {start:thing} into {end:thing}", lot="", count=0),
    _p(a.Poured, "pours {count:number} of {lot:lot} from {start:thing} into {end:thing}"),
    _p(a.Poured, "pours {count:number} from {start:thing} into {end:thing}", lot=""),
    _p(a.RoundsTested, "tests some of {thing:thing} by {tests:words}: {kind:RoundKind}", rows=()),
    _p(a.RoundsTested, "tests {rows:cells} by {tests:words}: {kind:RoundKind}"),
    _p(a.RoundsSeen, "looks through {thing:thing}", rows=()),
    _p(a.RoundsSeen, "looks at {rows:cells}"),
    _p(a.LabelRead, "reads the label of {thing:thing}: {kind:RoundKind}"),
    _p(a.Counted, "counts {thing:thing}: {count:number}"),
    _p(a.RoundFound, "finds {find:find}: {kind:RoundKind}, fired", fired=True),
    _p(a.RoundFound, "finds {find:find}: {kind:RoundKind}", fired=False),
    _p(a.RoundExamined, "examines {round_id:round}: {kind:RoundKind}"),
    _p(a.Disposed, "disposes of rounds from {thing:thing}: {how:word}", count=0),
    _p(a.Disposed, "disposes of {count:number} from {thing:thing}: {how:word}"),
    _p(a.Cleared, "clears {gun:gun}: {answers:answers}"),
    _p(a.Cleared, "clears {gun:magazine}: {answers:place_answers}"),
    _p(a.Answered, "answers {gun:gun}: {answers:answers}"),
    _p(a.Answered, "answers {gun:magazine}: {answers:place_answers}"),
    _p(a.Loaded, "loads {gun:gun}: {rows:load}"),
    _p(a.Loaded, "loads {gun:magazine}: {rows:place_load}"),
    _p(a.Unloaded, "unloads {gun:gun}: {rows:unload}"),
    _p(a.Unloaded, "unloads {gun:magazine}: {rows:place_unload}"),
    _p(a.MagazineInserted, "puts magazine {container:container} into {gun:gun}"),
    _p(a.MagazineRemoved, "takes magazine {container:container} out of {gun:gun}"),
    _p(a.Turned, "turns {gun:gun}: {rows:turn} by {tests:words}: {kind:RoundKind}"),
    _p(a.TurnSeen, "sees {gun:gun} turned: {rows:turn} by {tests:words}: {kind:RoundKind}"),
    _p(a.Showed, "shows {gun:gun} to {to:person}: {positions:positions}"),
    _p(a.Showed, "shows {gun:magazine} to {to:person}: {positions:places}"),
    _p(a.Seen, "sees {gun:gun}: {answers:answers}"),
    _p(a.Seen, "sees {gun:magazine}: {answers:place_answers}"),
    _p(a.ShowClosed, "closes the show of {gun:item} to {to:person}"),
    # A call is made with the gun's own tag scanned, where nothing else is said.
    _p(a.Called, "calls {gun:scanned}: {call:call} for {scene:word}", serial=""),
    _p(a.Called, "calls {gun:scanned}: {call:call}", scene="", serial=""),
    _p(a.Called, "calls {gun:gun}: {call:call} for {scene:word} without a scan", tag="", serial=""),
    _p(a.Called, "calls {gun:gun}: {call:call} without a scan", scene="", tag="", serial=""),
    _p(a.Called, "calls {gun:gun}: {call:call} for {scene:word} by serial {serial:word}", tag=""),
    _p(a.Called, "calls {gun:gun}: {call:call} by serial {serial:word}", scene="", tag=""),
    _p(a.Called, "calls {gun:gun}: {call:call} for {scene:word} by the tag of {tag:other_tag}", serial=""),
    _p(a.Called, "calls {gun:gun}: {call:call} by the tag of {tag:other_tag}", scene="", serial=""),
    _p(
        a.Called, "calls {gun:gun}: {call:call} for {scene:word} by the tag of {tag:other_tag} and serial {serial:word}"
    ),
    _p(a.Called, "calls {gun:gun}: {call:call} by the tag of {tag:other_tag} and serial {serial:word}", scene=""),
    _p(a.Announced, "announces {gun:gun}: {call:call}"),
    _p(a.Acknowledged, "acknowledges {gun:gun}: {call:call}"),
    _p(a.Told, "tells {to:person} of {gun:gun}, {gist:word}: {words:sealed}"),
    _p(a.Discharged, "fires {gun:gun}, {shots:number} planned, hit {hit:people}", planned=True),
    _p(a.Discharged, "fires {gun:gun}, {shots:number} planned", planned=True, hit=()),
    _p(a.Discharged, "fires {gun:gun}, {shots:number} unintended, hit {hit:people}", planned=False),
    _p(a.Discharged, "fires {gun:gun}, {shots:number} unintended", planned=False, hit=()),
    _p(a.GunMishap, "has {gun:gun} {mishap:Mishap}"),
    _p(a.SightLost, "loses sight of {gun:gun}"),
    _p(a.DayOpened, "opens day {day:number}"),
    _p(a.DayClosed, "closes day {day:number}"),
    _p(
        a.ScenePlanned,
        "plans {activity:Activity} {scene:word} at {place:place} with {guns:guns}: {call:CallWord} for {performer:person}, line {line:people}",
    ),
    _p(
        a.ScenePlanned,
        "plans {activity:Activity} {scene:word} at {place:place} with {guns:guns}: {call:CallWord} for {performer:person}",
        line=(),
    ),
    _p(a.PerformerAdded, "adds {performer:person} for {gun:gun} in {scene:word}"),
    _p(a.RunPlanned, "plans run {run:word} of {scene:word}: {parts:words}"),
    _p(
        a.SetUpSigned,
        "signs the set-up of {scene:word}: {activity:Activity}, line {line:people}, muzzle {muzzle:word},"
        " actions {actions:words}, distance {distance_ft:number} ft",
    ),
    _p(
        a.SetUpSigned,
        "signs the set-up of {scene:word}: {activity:Activity}, nobody in line, muzzle {muzzle:word},"
        " actions {actions:words}, distance {distance_ft:number} ft",
        line=(),
    ),
    _p(a.SetUpAnswered, "answers the set-up of {scene:word}"),
    _p(a.SceneChanged, "changes {scene:word}"),
    _p(a.MeetingHeld, "holds the meeting for {scene:word}"),
    _p(a.Attended, "attends the meeting for {scene:word}"),
    _p(a.Assessed, "assesses {scene:word}"),
    _p(a.CredentialRecorded, "records credential {paper:word} of {person:person} until {until:word}"),
    _p(a.TrainingGiven, "trains {person:person} on {gun:gun}", until=""),
    _p(a.TrainingGiven, "trains {person:person} on {gun:gun} until {until:word}"),
    _p(a.AccountableNamed, "names {person:person} for {matter:word}"),
    _p(a.PaperRecorded, "records paper {paper:word} {title:sealed} for {scene:word}", thing=""),
    _p(a.PaperRecorded, "records paper {paper:word} {title:sealed} about {thing:any}", scene=""),
    _p(a.PaperRecorded, "records paper {paper:word} {title:sealed}", scene="", thing=""),
    _p(a.PresenceDeclared, "arrives at {place:place}"),
    _p(a.PresenceEnded, "goes away from {place:place}"),
    _p(a.InLine, "stands in the line of {gun:gun}"),
    _p(a.Stopped, "stops, {reason:word}: {remark:sealed}"),
    _p(a.StopLifted, "lifts stop {stop:number}: {cause:sealed}"),
    _p(a.ConcernRaised, "raises concern {concern:word}: {remark:sealed}"),
    _p(a.ConcernAnswered, "answers concern {concern:word}: {remark:sealed}"),
    _p(a.AskedToSee, "asks to see {gun:gun}"),
    _p(a.Frozen, "freezes everything, {cause:word}"),
    _p(a.EvidenceTaken, "takes {item:any} as evidence"),
    _p(a.Learned, "learns of {fact:word} from {source:person}"),
    _p(a.Learned, "learns of {fact:word}", source=""),
    _p(a.Remarked, "remarks {remark:sealed}"),
    _p(a.Retracted, "retracts entry {entry:number}"),
    _p(a.Disputed, "disputes entry {entry:number}"),
    _p(a.Lapsed, "notes that {gun:gun} lapsed under {rule:word}"),
    _p(a.DutiesListed, "lists the duties of day {day:number}: {rows:duties}"),
    _p(a.DutyAccepted, "accepts duty {duty:word} of day {day:number}"),
    _p(a.TermsAdopted, "adopts the terms {sha256:digest}"),
    _p(a.TermsSigned, "signs the terms {sha256:digest}"),
    _p(a.ManifestSent, "sends a manifest to {to:person}: guns {guns:guns}; lots {lots:lots}"),
    _p(a.ManifestSent, "sends a manifest to {to:person}: guns {guns:guns}", lots=()),
    _p(a.ManifestSent, "sends a manifest to {to:person}: lots {lots:lots}", guns=()),
    _p(a.ManifestSent, "sends a manifest to {to:person}: nothing", guns=(), lots=()),
    _p(a.InspectedIn, "inspects {gun:gun} in, serial {serial:word}"),
    _p(a.LotRecalled, "recalls {lot:lot}, {reason:word}"),
    _p(a.LotClosed, "closes {lot:lot}, next holder {holder:person}"),
    _p(a.LeftProduction, "sees {item:item} leave, {how:Ending}, to {to:person}"),
    _p(a.LeftProduction, "sees {item:item} leave, {how:Ending}", to=""),
    _p(a.SealApplied, "seals {container:container} with {seal:word}"),
    _p(a.SealBroken, "breaks seal {seal:word} of {container:container}"),
    _p(a.CarriedTo, "carries {item:item} to {place:place}"),
    _p(a.SetApart, "sets {item:any} apart, {reason:word}"),
    _p(a.Readmitted, "readmits {item:any}"),
    _p(a.Scanned, "scans {gun:gun}, serial {serial:word}"),
    _p(a.ConditionNoted, "notes {gun:gun} {work:Work}: {remark:sealed}, photo {photo:digest}"),
    _p(a.ConditionNoted, "notes {gun:gun} {work:Work}: {remark:sealed}", photo=""),
    _p(a.TwinsMarked, "marks twins {guns:guns}"),
    _p(a.Renamed, "renames {item:item} as {label:new} word {word_name:new}"),
    _p(a.Renamed, "renames {item:item} as {label:new}", word_name=""),
    _p(a.HandlingAllowed, "allows with {gun:gun}: {actions:words}"),
    _p(a.HelpCalled, "calls for help, {service:word}, to {place:place}"),
    _p(a.HelpCalled, "calls for help, {service:word}", place=""),
    _p(a.DirectorNamed, "names {person:person} to direct {scene:word}"),
    _p(a.DirectionGiven, "directs {gun:gun} in {scene:word}: {action:word}"),
    _p(a.NeedDecided, "decides on {gun:gun} for {scene:word}, not {alternatives:words}: {remark:sealed}"),
    _p(a.ConcernPassedOn, "passes on concern {concern:word} of {author:sealed} about {gun:gun}: {remark:sealed}"),
    _p(a.ConcernPassedOn, "passes on concern {concern:word} of {author:sealed}: {remark:sealed}", gun=""),
    _p(a.NearMissLogged, "logs a near miss with {gun:gun}: {remark:sealed}"),
    _p(a.NearMissLogged, "logs a near miss: {remark:sealed}", gun=""),
    _p(a.EvidenceReleased, "releases {item:any} to {to:person}"),
    _p(a.Corrected, "corrects entry {entry:number}: {remark:sealed}"),
    _p(a.SheetBegan, "begins sheet {procedure:word} with {other:person}, {manner:word}"),
    _p(a.Photographed, "photographs {item:item}, {capture:Capture} {sha256:digest}", procedure="", cells=()),
    _p(a.Photographed, "photographs {item:item}, {capture:Capture} {sha256:digest}, cut {cells:words}", procedure=""),
    _p(
        a.Photographed,
        "photographs {item:item} for sheet {procedure:word}, {capture:Capture} {sha256:digest}",
        cells=(),
    ),
    _p(
        a.Photographed,
        "photographs {item:item} for sheet {procedure:word}, {capture:Capture} {sha256:digest}, cut {cells:words}",
    ),
    _p(a.SheetEnded, "ends sheet {procedure:word} about {gun:gun}"),
)
"""First match wins in reading, so the longer phrase of an act stands before the shorter."""

BLANK: Final = re.compile(r"\{(\w+):(\w+)\}")
SPOKEN_ELSEWHERE: Final = frozenset(
    {a.ProductionOpened, a.RulebookAdopted, a.PersonEnrolled, a.Reported, a.HeldOut, *a.INQUIRY_ACTS}
)
"""Acts whose words need more than fields: they are read and printed by the functions at the end of this file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    phrase: Phrase
    form: re.Pattern[str]
    blanks: tuple[tuple[str, Slot], ...]


def _compile(phrase: Phrase) -> _Reader:
    names = set(get_type_hints(phrase.act))
    parts = BLANK.split(phrase.template)
    form = re.escape(parts[0])
    blanks: list[tuple[str, Slot]] = []
    for field, slot_name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        assert field in names or slot_name in {"find", "call"}, f"{phrase.act.__name__} has no field {field}"
        form += f"(?P<{field}>{SLOTS[slot_name].form})" + re.escape(text)
        blanks.append((field, SLOTS[slot_name]))
    return _Reader(phrase=phrase, form=re.compile(form), blanks=tuple(blanks))


_TABLE: Final = tuple(_compile(phrase) for phrase in PHRASES)
_FIRST_WORDS: Final = tuple(
    sorted({phrase.template.split()[0].rstrip(",") for phrase in PHRASES} | {"reports", "enrols", FIRST_WORD})
)


def read_phrase(text: str, names: Names) -> a.Act:
    """The act that `text` says. Raises BadPhrase with what was expected and the nearest known word."""
    if text.startswith("reports "):
        return _read_report(text, names)
    if text.startswith("enrols "):
        return _read_enrolment(text, names)
    if text.startswith(f"{FIRST_WORD} "):
        try:
            return read_filing(text, names)
        except BadFiling as problem:
            raise BadPhrase(str(problem)) from problem
    if text.startswith("holds the phone for "):
        return _read_held_out(text, names)
    failure: BadPhrase | None = None
    for reader in _TABLE:
        said = reader.form.fullmatch(text)
        if said is None:
            continue
        try:
            return _build(reader, said, names)
        except BadPhrase as problem:
            failure = failure or problem
    if failure is not None:
        raise failure
    raise BadPhrase(_no_phrase(text))


def _no_phrase(text: str) -> str:
    first = text.partition(" ")[0]
    if first.rstrip(",") not in _FIRST_WORDS:
        return f'"{first}" begins no phrase; the nearest known word is {nearest(first, _FIRST_WORDS)}'
    forms = [
        re.sub(r"\{(\w+):\w+\}", r"<\1>", p.template)
        for p in PHRASES
        if p.template.split()[0].rstrip(",") == first.rstrip(",")
    ]
    return f'"{text}" does not read; expected was: ' + "; or: ".join(forms)


def _build(reader: _Reader, said: re.Match[str], names: Names) -> a.OwnAct:
    values: Fields = dict(reader.phrase.fixed)
    for field, slot in reader.blanks:
        values.update(slot.read(said[field], names, field))
    values.update({field: names.mint(letter) for field, letter in reader.phrase.minted})
    wanted = {field.name for field in fields(reader.phrase.act)}
    if reader.phrase.act is a.Unloaded or reader.phrase.act is a.Loaded:
        values["rows"] = _identified(values, names, outward=reader.phrase.act is a.Unloaded)
    if reader.phrase.act is a.Turned or reader.phrase.act is a.TurnSeen:
        values["rows"] = _turned(values, names)
    return reader.phrase.act(**{name: value for name, value in values.items() if name in wanted})  # type: ignore[no-any-return]


def _identified(values: Fields, names: Names, *, outward: bool) -> tuple[a.LoadRow, ...]:
    """Load rows with the rounds the record has there: in the cells for a load, in the chambers for an unload."""
    rows: tuple[a.LoadRow, ...] = values["rows"]  # type: ignore[assignment]
    gun = str(values["gun"])
    out: list[a.LoadRow] = []
    for row in rows:
        if outward:
            known = names.round_at(gun, row.position) or (names.mint("r") if row.cell else "")
        else:
            known = _known_round(names, row.thing, row.cell) if row.cell else ""
        out.append(a.LoadRow(position=row.position, round_id=known, thing=row.thing, cell=row.cell))
    return tuple(out)


def _turned(values: Fields, names: Names) -> tuple[a.TurnRow, ...]:
    """Turned rows with the rounds the record has in those chambers."""
    rows: tuple[a.TurnRow, ...] = values["rows"]  # type: ignore[assignment]
    gun = str(values["gun"])
    return tuple(
        a.TurnRow(position=row.position, round_id=_known_round(names, gun, row.position), ms=row.ms) for row in rows
    )


def print_phrase(act: a.Act, names: Names) -> str:
    """The words for `act`, such that reading them gives the act back (ids and salts apart).

    Total: an act that leaves open what every phrase of its class names is put in words field by field.
    """
    if isinstance(act, a.Reported):
        return _print_report(act, names)
    if isinstance(act, a.INQUIRY_ACTS):
        return print_filing(act, names)
    if isinstance(act, a.HeldOut):
        return f"holds the phone for {names.label_of(act.viewer)}, who {print_phrase(act.told, names)}"
    if isinstance(act, a.PersonEnrolled):
        return f"enrols {act.label} {_SEALED.write({'name': act.name}, names, 'name')} as {', '.join(act.roles)}"
    if isinstance(act, a.ProductionOpened):
        return f"opens the production {_SEALED.write({'name': act.name}, names, 'name')}"
    if isinstance(act, a.RulebookAdopted):
        return f"adopts rulebook {act.name}"
    if isinstance(act, a.UnknownAct):
        return f"did {act.type_name}, an act this reader does not know"
    values = {field.name: getattr(act, field.name) for field in fields(act)}
    phrase = phrase_that_says(act)
    if phrase is None:
        return _print_fields(act, names)
    return BLANK.sub(lambda blank: SLOTS[blank[2]].write(values, names, blank[1]), phrase.template)


def phrase_that_says(act: a.Act) -> Phrase | None:
    """The first phrase that says all there is of this act; None where it leaves open what each of them names."""
    values = {field.name: getattr(act, field.name) for field in fields(act)}
    for reader in _TABLE:
        if reader.phrase.act is type(act) and _says(reader, values):
            return reader.phrase
    return None


def _print_fields(act: a.Act, names: Names) -> str:
    """Field by field, for an act of which something was left open that every phrase names; it does not read back."""
    parts: list[str] = []
    for name, value in a.plain(act).items():
        if name != "act":
            said = names.label_of(value) if isinstance(value, str) and a.ID_FORM.fullmatch(value) else value
            parts.append(f"{name} {said if said not in ('', []) else 'not said'}")
    return f"did {a.wire_name(type(act)).replace('_', ' ')} ({', '.join(parts)})"


def _says(reader: _Reader, values: Mapping[str, object]) -> bool:
    """Whether this phrase can say these values: fixed fields agree, and no blank would print an absent thing."""
    if any(values[field] != value for field, value in reader.phrase.fixed):
        return False
    if not all(slot.says is None or slot.says(values) for _field, slot in reader.blanks):
        return False
    return all(field not in values or values[field] not in {"", ()} for field, _slot in reader.blanks)


# --- reports and enrolments ----------------------------------------------------------------------------------------

_REPORT: Final = re.compile(
    rf"reports (?P<row>\w+) from (?P<sources>{_WORD_FORM}(?:, {_WORD_FORM})*) \((?P<grade>\w+)(?:, (?P<account>[\w-]+))?\)"
    rf" at (?P<when>unknown|{_TIME_FORM}(?: to {_TIME_FORM})?): (?P<who>{_LABEL}) (?P<told>.+)",
    re.DOTALL,
)
_ENROLMENT: Final = re.compile(rf'enrols (?P<label>{_LABEL}) (?P<name>"[^"]*") as (?P<roles>[\w, ]+)')
_HELD_OUT: Final = re.compile(rf"holds the phone for (?P<viewer>{_LABEL}), who (?P<told>.+)")
SOMEONE: Final = "someone"


def _read_report(text: str, names: Names) -> a.Reported:
    said = _REPORT.fullmatch(text)
    if said is None:
        raise BadPhrase(
            f'"{text}" is no report; "reports <row> from <source> (<grade>, <account>) at <time>: <who> <phrase>" was expected'
        )
    told = read_phrase(said["told"], names)
    if isinstance(told, a.Reported | a.HeldOut):
        raise BadPhrase("a report of a report was met; report the first source instead")
    grade: a.Grade = SLOTS["Grade"].read(said["grade"], names, "grade")["grade"]  # type: ignore[assignment]
    when: a.Interval = _read_interval(said["when"])  # type: ignore[assignment]
    who = "" if said["who"] == SOMEONE else names.id_of(said["who"], "p")
    sources = tuple(said["sources"].split(", "))
    return a.Reported(
        row=said["row"], account=said["account"] or "", sources=sources, grade=grade, when=when, who=who, told=told
    )


def _print_report(act: a.Reported, names: Names) -> str:
    if not act.row and not act.sources:
        # On a phone that was not there to be held out: what its signer tells of whom he held it out to.
        return f"tells of {names.label_of(act.who) if act.who else SOMEONE}: {print_phrase(act.told, names)}"
    account = f", {act.account}" if act.account else ""
    who = names.label_of(act.who) if act.who else SOMEONE
    head = f"reports {act.row} from {', '.join(act.sources)} ({act.grade}{account}) at {_print_interval(act.when)}"
    return f"{head}: {who} {print_phrase(act.told, names)}"


def _read_held_out(text: str, names: Names) -> a.HeldOut:
    said = _HELD_OUT.fullmatch(text)
    if said is None:
        raise BadPhrase(
            f'"{text}" is no act on a phone held out; holds the phone for <label>, who <phrase> was expected'
        )
    told = read_phrase(said["told"], names)
    if isinstance(told, a.Reported | a.HeldOut):
        raise BadPhrase("on a phone held out somebody does a thing himself; a report is signed with one's own key")
    return a.HeldOut(viewer=names.id_of(said["viewer"], "p"), told=told)


def _read_enrolment(text: str, names: Names) -> a.PersonEnrolled:
    """The enrolment without its key: the caller, who holds keys, fills in `key`, `key_class` and `public`."""
    said = _ENROLMENT.fullmatch(text)
    if said is None:
        raise BadPhrase(f'"{text}" is no enrolment; enrols <label> "<name>" as <role> was expected')
    roles: tuple[Role, ...] = SLOTS["roles"].read(said["roles"], names, "roles")["roles"]  # type: ignore[assignment]
    if said["label"] == SOMEONE:
        raise BadPhrase(f'nobody can be enrolled as "{SOMEONE}": in a report it means that the source names nobody')
    name = names.seal("name", said["name"][1:-1])
    return a.PersonEnrolled(
        person=names.mint("p"),
        label=said["label"],
        name=name,
        roles=roles,
        key=names.mint("k"),
        key_class="demo",
        public="",
    )
