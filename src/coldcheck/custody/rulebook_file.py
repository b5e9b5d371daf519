"""Rulebooks: rules as data, read strictly from the text of TOML files, and the set of files in force.

A rule names a small Python predicate and its parameters; the words of its refusal are a key. Order in the file is
precedence. Reading fails, with file and line, on an unknown field, predicate or parameter: a misspelt rule must not
be a rule that never fires. The core file comes first; a later file adds rules of its own or makes a number tighter,
and can do nothing else, so no production can loosen what is there.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from coldcheck.proof.errors import ColdcheckError

MAX_RULEBOOK_BYTES: Final = 60_000
_FIELDS: Final = frozenset({"id", "since", "source", "grade", "gate", "predicate", "refusal", "who", "needs"})
_GATES: Final = frozenset({"call", "fact", "lift", "void", "erase"})


CORE: Final = "core"
"""The name of the file that must come first."""
DRAFT: Final = "draft rules, not reviewed by counsel"
"""What stands beside every refusal and report while a file in force names nobody who reviewed it."""
_HEAD: Final = frozenset({"name", "jurisdiction", "reviewed_by", "reviewed_on"})
_TIGHTER: Final = frozenset({"rule", "source", "grade", "with"})


class BadRulebook(ColdcheckError):
    """A rulebook file that does not read; the ones in force stay in force. Mend the named rule and adopt it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `gate` says when it is asked; `parameters` are whole numbers or texts; `refusal` is a key of wording.

    `place` is its file and line, such as "us_ca.toml:17".
    """

    id: str
    since: str
    source: str
    grade: str
    gate: str
    predicate: str
    refusal: str
    who: str
    needs: str
    parameters: Mapping[str, int | str]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """Numbers of another file's rule, made smaller. Every number of ours is a limit: less of it is tighter."""

    rule: str
    source: str
    grade: str
    numbers: Mapping[str, int]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One adopted file. `reviewed_by` and `reviewed_on` are "" until somebody has reviewed it."""

    name: str
    jurisdiction: str
    reviewed_by: str
    reviewed_on: str
    sha256: str
    rules: tuple[Rule, ...]
    tighter: tuple[Tightening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Rules in order of precedence: those of one file, or of a set of files in the order of their adoption.

    `sha256` names it in every receipt: the hash of the one file, or SHA-256 over the files' hashes, one after the other.
    """

    name: str
    files: tuple[File, ...]
    rules: tuple[Rule, ...]
    sha256: str
    _by_id: Mapping[str, Rule]
    _by_gate: Mapping[str, tuple[Rule, ...]]
    _places: Mapping[str, int]

    def number(self, rule_id: str, parameter: str) -> int:
        """A whole-number parameter of a rule. Raises BadRulebook when the file in force does not set it."""
        value = self._by_id[rule_id].parameters.get(parameter) if rule_id in self._by_id else None
        if not isinstance(value, int):
            raise BadRulebook(
                f"Rulebook {self.name} sets no number {parameter} for rule {rule_id}; add it and adopt the file again."
            )
        return value

    def at_gate(self, gate: str) -> tuple[Rule, ...]:
        """The rules that are asked at this gate, in order of precedence."""
        return self._by_gate.get(gate, ())

    def place(self, rule_id: str) -> int:
        """Where a rule stands in the order of precedence; behind all others when the file does not have it."""
        return self._places.get(rule_id, len(self.rules))

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, or None."""
        return self._by_id.get(rule_id)

    def file_of(self, rule_id: str) -> str:
        """The name of the file a rule stands in, "" when none has it."""
        return next((file.name for file in self.files if any(rule.id == rule_id for rule in file.rules)), "")

    @property
    def draft(self) -> str:
        """DRAFT while a file of the set names nobody who reviewed it, else ""."""
        return "" if all(file.reviewed_by and file.reviewed_on for file in self.files) else DRAFT


def read_rulebook(text: str, *, predicates: frozenset[str]) -> Rulebook:
    """The rulebook in `text`; `predicates` are the names rules may use. Raises BadRulebook naming the rule."""
    if len(text.encode()) > MAX_RULEBOOK_BYTES:
        raise BadRulebook(
            f"A rulebook file may have {MAX_RULEBOOK_BYTES} bytes; this one has {len(text.encode())}. Split it by source."
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadRulebook(f"The rulebook is not TOML: {problem}. Mend that line and adopt it again.") from problem
    name, raw_rules, raw_tighter = table.get("name"), table.get("rule"), table.get("tighten", [])
    if not isinstance(name, str) or not isinstance(raw_rules, list) or not isinstance(raw_tighter, list):
        raise BadRulebook('A rulebook needs a line name = "..." and at least one [[rule]].')
    head = {key: value for key, value in table.items() if key not in {"rule", "tighten"}}
    # The core file is of no place, so it may leave out all but its name.
    if not (set(head) == _HEAD or (name == CORE and set(head) <= _HEAD)) or not all(
        isinstance(value, str) for value in head.values()
    ):
        odd = ", ".join(sorted(set(head) ^ _HEAD)) or "a value that is no text"
        raise BadRulebook(f"{name}.toml:1: the head has missing or unknown fields: {odd}.")
    lines = _lines_of(text, "rule")
    rules = tuple(
        _read_rule(raw, f"{name}.toml:{line}", name, predicates) for raw, line in zip(raw_rules, lines, strict=False)
    )
    if len(rules) != len(raw_rules):
        raise BadRulebook(f"{name}.toml:1: every rule begins with a line [[rule]]; mend it and adopt the file again.")
    tighter = tuple(
        _read_tighter(raw, f"{name}.toml:{line}")
        for raw, line in zip(raw_tighter, (*_lines_of(text, "tighten"), *(1 for _ in raw_tighter)), strict=False)
    )
    file = File(
        name=name,
        jurisdiction=str(head.get("jurisdiction", "")),
        reviewed_by=str(head.get("reviewed_by", "")),
        reviewed_on=str(head.get("reviewed_on", "")),
        sha256=sha256(text.encode()).hexdigest(),
        rules=rules,
        tighter=tighter,
    )
    return _set_of((file,), rules)


def _lines_of(text: str, table: str) -> list[int]:
    """The lines on which the tables of this name begin."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if re.match(rf"\s*\[\[{table}\]\]", line)]


def _set_of(files: tuple[File, ...], rules: tuple[Rule, ...]) -> Rulebook:
    by_id = {rule.id: rule for rule in rules}
    names = ", ".join(file.name for file in files)
    if len(by_id) != len(rules):
        twice = next(rule for rule in rules if by_id[rule.id] is not rule)
        raise BadRulebook(
            f"{by_id[twice.id].place}: Rulebook {names} has two rules with one id: {twice.id}. No file replaces a rule that is there; give it an id of its own."
        )
    hashes = b"".join(bytes.fromhex(file.sha256) for file in files)
    gates = {gate: tuple(rule for rule in rules if rule.gate == gate) for gate in _GATES}
    return Rulebook(
        name=names,
        files=files,
        rules=rules,
        sha256=files[0].sha256 if len(files) == 1 else sha256(hashes).hexdigest(),
        _by_id=MappingProxyType(by_id),
        _by_gate=MappingProxyType(gates),
        _places=MappingProxyType({rule.id: number for number, rule in enumerate(rules)}),
    )


def with_file(in_force: Rulebook | None, added: Rulebook) -> Rulebook:
    """The set in force after the one file of `added` is adopted. Raises BadRulebook when it would loosen anything.

    A file of a name that is in force takes its place, if it keeps every rule of it and loosens no number.
    """
    (file,) = added.files
    files = in_force.files if in_force is not None else ()
    if not files and file.name != CORE:
        raise BadRulebook(f"Rulebook {file.name} cannot come first; adopt the core file before it.")
    if any(known.name == file.name for known in files):
        assert in_force is not None
        for known in (known for known in files if known.name == file.name):
            _verify_kept(known, file)
        files = tuple(file if known.name == file.name else known for known in files)
    else:
        files = (*files, file)
    rules = {rule.id: rule for rule in _set_of(files, tuple(rule for known in files for rule in known.rules)).rules}
    for known in files:
        for tightening in known.tighter:
            rules[tightening.rule] = _tightened(rules, tightening)
    return _set_of(files, tuple(rules.values()))


def _verify_kept(old: File, new: File) -> None:
    rules = {rule.id: rule for rule in new.rules}
    for rule in old.rules:
        kept = rules.get(rule.id)
        if kept is None or (kept.gate, kept.predicate) != (rule.gate, rule.predicate):
            raise BadRulebook(
                f"The new {old.name} leaves out or changes rule {rule.id}; a file in force is not loosened."
            )
        for name, value in rule.parameters.items():
            now = kept.parameters.get(name)
            if not (now == value or (isinstance(now, int) and isinstance(value, int) and now < value)):
                raise BadRulebook(f"The new {old.name} loosens {name} of rule {rule.id}; keep it or make it smaller.")
    for known in old.tighter:
        if not any((now.rule, now.numbers) == (known.rule, known.numbers) for now in new.tighter):
            raise BadRulebook(
                f"The new {old.name} no longer tightens rule {known.rule}; a file in force is not loosened."
            )


def _tightened(rules: Mapping[str, Rule], tightening: Tightening) -> Rule:
    rule = rules.get(tightening.rule)
    if rule is None:
        raise BadRulebook(f"{tightening.place}: rule {tightening.rule} is tightened, and no file in force has it.")
    parameters = dict(rule.parameters)
    for parameter, number in tightening.numbers.items():
        known = parameters.get(parameter)
        if not isinstance(known, int) or number > known:
            raise BadRulebook(
                f"{tightening.place}: {parameter} of rule {rule.id} would be {number}, and {known} is in force; it can only be made smaller."
            )
        parameters[parameter] = number
    return replace(rule, parameters=MappingProxyType(parameters))


def _read_tighter(raw: object, place: str) -> Tightening:
    if not isinstance(raw, dict) or set(raw) != _TIGHTER or not isinstance(raw["with"], dict):
        raise BadRulebook(f"{place}: [[tighten]] has rule, source, grade and with, and nothing else; mend it.")
    numbers = raw["with"]
    if not numbers or not all(type(value) is int and value > 0 for value in numbers.values()):
        raise BadRulebook(f"{place}: rule {raw['rule']} is tightened by something that is no whole number over 0.")
    return Tightening(
        rule=str(raw["rule"]),
        source=str(raw["source"]),
        grade=str(raw["grade"]),
        numbers=MappingProxyType(dict(numbers)),
        place=place,
    )


def _read_rule(raw: object, place: str, name: str, predicates: frozenset[str]) -> Rule:
    if not isinstance(raw, dict):
        raise BadRulebook(f"{place}: Rulebook {name} has a rule that is no table.")
    fields = {key: value for key, value in raw.items() if key != "with"}
    rule_id = str(fields.get("id", "without an id"))
    if set(fields) != _FIELDS or not all(isinstance(value, str) for value in fields.values()):
        odd = ", ".join(sorted(set(fields) ^ _FIELDS)) or "a value that is no text"
        raise BadRulebook(f"{place}: Rule {rule_id} of rulebook {name} has missing or unknown fields: {odd}.")
    if fields["gate"] not in _GATES or fields["predicate"] not in predicates:
        raise BadRulebook(
            f"{place}: Rule {rule_id} of rulebook {name} names gate {fields['gate']!r} and predicate {fields['predicate']!r}; one is not known."
        )
    parameters = raw.get("with", {})
    if not isinstance(parameters, dict) or not all(type(value) in {int, str} for value in parameters.values()):
        raise BadRulebook(
            f"{place}: Rule {rule_id} of rulebook {name} has parameters that are neither whole numbers nor texts."
        )
    return Rule(
        parameters=MappingProxyType(dict(parameters)), place=place, **{key: str(value) for key, value in fields.items()}
    )
