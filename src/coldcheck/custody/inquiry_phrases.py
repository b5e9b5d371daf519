"""The acts of the inquiry in words: "files claim_made: {...}", read and printed by one rule for all of them.

Their fields are many and mostly other people's words, so they stand as one JSON object a line. An id is written "@" and
its label, a sealed field as its words; what is left out has its plain default ("", 0, no, empty list). Promises: what was
printed reads back as the same act, salts apart. Does not do: make ids; a `ref` that is left out is minted.

    files statement_confirmed: {"statement": "@T1"}
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol, get_args, get_origin, get_type_hints

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Sealed

FIRST_WORD: Final = "files"
_LETTERS: Final = "grlcpwas"
_BY_NAME: Final = MappingProxyType({a.wire_name(act_class): act_class for act_class in a.INQUIRY_ACTS})


class BadFiling(ColdcheckError):
    """A line of the inquiry that does not read. The sentence says which field."""


class Labels(Protocol):
    """What a filing needs from outside; see `phrases.Names`."""

    def id_of(self, label: str, letters: str) -> Id:
        """The id behind `label`."""

    def label_of(self, thing: Id) -> str:
        """The label of `thing`."""

    def mint(self, letter: str) -> Id:
        """A new id."""

    def seal(self, field: str, words: str) -> Sealed:
        """The commitment of `words`."""

    def words_of(self, sealed: Sealed) -> str:
        """The sealed words."""


def read_filing(text: str, names: Labels) -> a.Act:
    """The act that `text` files. Raises BadFiling or BadAct."""
    head, _, body = text.partition(": ")
    act_class = _BY_NAME.get(head.removeprefix(FIRST_WORD).strip())
    if act_class is None:
        raise BadFiling(f'"{head}" files nothing known; one of {", ".join(_BY_NAME)} was expected')
    try:
        form = json.loads(body)
    except ValueError as problem:
        raise BadFiling(f'"{body[:40]}" is no JSON object ({problem}); field and value were expected') from problem
    if not isinstance(form, dict):
        raise BadFiling(f'"{body[:40]}" is no JSON object; field and value were expected')
    return a.read_act({"act": a.wire_name(act_class), **_row(form, act_class, names)})


def print_filing(act: a.Act, names: Labels) -> str:
    """The line for `act`, such that reading it gives the act back."""
    values = {field.name: getattr(act, field.name) for field in fields(act)}
    form = {name: _written(value, names) for name, value in values.items() if not _is_default(value, names)}
    return f"{FIRST_WORD} {a.wire_name(type(act))}: {json.dumps(form, ensure_ascii=False)}"


def _is_default(value: object, names: Labels) -> bool:
    if isinstance(value, Sealed):
        return names.words_of(value) == ""
    if isinstance(value, a.Interval):
        return not value.start and not value.end
    # Of a closed set only what says nothing is left out: no other member stands in for an absent one.
    return value == "" if isinstance(value, StrEnum) else value in {"", 0, ()}


def _row(form: dict[str, object], row_class: type, names: Labels) -> dict[str, Plain]:
    hints = get_type_hints(row_class)
    stray = sorted(form.keys() - hints.keys())
    if stray:
        raise BadFiling(f"{a.wire_name(row_class)} has no field {stray[0]}; it has {', '.join(hints)}")
    left_out = {field.name for field in fields(row_class) if field.default is not MISSING} - form.keys()
    return {name: _value(form.get(name), name, hint, names) for name, hint in hints.items() if name not in left_out}


def _value(given: object, name: str, hint: object, names: Labels) -> Plain:
    if hint is Sealed:
        return names.seal(name, str(given or "")).commitment
    if get_origin(hint) is tuple:
        rows = given if isinstance(given, list) else []
        return [_value(row, name, get_args(hint)[0], names) for row in rows]
    if hint is a.Interval:
        start, _, end = str(given or "").partition(" to ")
        return {"start": start, "end": end or start}
    if isinstance(hint, type) and is_dataclass(hint):
        return _row(given if isinstance(given, dict) else {}, hint, names)
    if given is None:
        return _left_out(name, hint, names)
    if isinstance(given, str) and given.startswith("@"):
        label = given.removeprefix("@")
        return label if a.ID_FORM.fullmatch(label) else names.id_of(label, _LETTERS)
    return given  # type: ignore[return-value]  # read_act reads it strictly


def _left_out(name: str, hint: object, names: Labels) -> Plain:
    if name == "ref":
        return names.mint("s")
    if hint is int:
        return 0
    if hint is bool:
        return False
    return next(iter(hint)).value if isinstance(hint, type) and issubclass(hint, StrEnum) else ""


def _written(value: object, names: Labels) -> object:
    match value:
        case Sealed():
            return names.words_of(value)
        case a.Interval():
            return value.start if value.start == value.end else f"{value.start} to {value.end}"
        case tuple():
            return [_written(item, names) for item in value]
        case StrEnum():
            return value.value
        case str():
            return f"@{names.label_of(value)}" if a.ID_FORM.fullmatch(value) else value
        case int():
            return value
        case _:
            assert is_dataclass(value), f"{value!r} is no row"
            return {field.name: _written(getattr(value, field.name), names) for field in fields(value)}
