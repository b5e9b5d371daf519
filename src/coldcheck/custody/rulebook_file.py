"""A rulebook: rules as data, read strictly from the text of one TOML file.

A rule names a small Python predicate and its parameters; the words of its refusal are a key. Order in the file is
precedence. Reading fails, with file and rule, on an unknown field, predicate or parameter: a misspelt rule must not
be a rule that never fires.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from coldcheck.proof.errors import ColdcheckError

MAX_RULEBOOK_BYTES: Final = 60_000
_FIELDS: Final = frozenset({"id", "since", "source", "grade", "gate", "predicate", "refusal", "who", "needs"})
_GATES: Final = frozenset({"call", "fact", "lift", "void", "erase"})


class BadRulebook(ColdcheckError):
    """A rulebook file that does not read; the ones in force stay in force. Mend the named rule and adopt it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `gate` says when it is asked; `parameters` are whole numbers or texts; `refusal` is a key of wording."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Rules in order of precedence. `sha256` names it in every receipt."""

    name: str
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
    name = table.get("name")
    raw_rules = table.get("rule")
    if not isinstance(name, str) or not isinstance(raw_rules, list):
        raise BadRulebook('A rulebook needs a line name = "..." and at least one [[rule]].')
    rules = tuple(_read_rule(raw, name, predicates) for raw in raw_rules)
    by_id = {rule.id: rule for rule in rules}
    if len(by_id) != len(rules):
        raise BadRulebook(f"Rulebook {name} has two rules with one id; every id stands once.")
    gates = {gate: tuple(rule for rule in rules if rule.gate == gate) for gate in _GATES}
    return Rulebook(
        name=name,
        rules=rules,
        sha256=sha256(text.encode()).hexdigest(),
        _by_id=MappingProxyType(by_id),
        _by_gate=MappingProxyType(gates),
        _places=MappingProxyType({rule.id: number for number, rule in enumerate(rules)}),
    )


def _read_rule(raw: object, name: str, predicates: frozenset[str]) -> Rule:
    if not isinstance(raw, dict):
        raise BadRulebook(f"Rulebook {name} has a rule that is no table.")
    fields = {key: value for key, value in raw.items() if key != "with"}
    rule_id = str(fields.get("id", "without an id"))
    if set(fields) != _FIELDS or not all(isinstance(value, str) for value in fields.values()):
        odd = ", ".join(sorted(set(fields) ^ _FIELDS)) or "a value that is no text"
        raise BadRulebook(f"Rule {rule_id} of rulebook {name} has missing or unknown fields: {odd}.")
    if fields["gate"] not in _GATES or fields["predicate"] not in predicates:
        raise BadRulebook(
            f"Rule {rule_id} of rulebook {name} names gate {fields['gate']!r} and predicate {fields['predicate']!r}; one is not known."
        )
    parameters = raw.get("with", {})
    if not isinstance(parameters, dict) or not all(type(value) in {int, str} for value in parameters.values()):
        raise BadRulebook(f"Rule {rule_id} of rulebook {name} has parameters that are neither whole numbers nor texts.")
    return Rule(parameters=MappingProxyType(dict(parameters)), **{key: str(value) for key, value in fields.items()})
