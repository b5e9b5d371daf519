"""What a person on set is told when the hub does not take something: the same sentence in every language there is.

For: answers of the set screens. `Told` is a problem worded by key from the files of words; problems of the rooms below are
worded in English where they arise, and elsewhere by their sort. Promises: every sentence says what to do; a finding comes
with what was found, what is needed and who can do it. Does not: decide anything, or word an entry.
"""

from collections.abc import Callable
from typing import Final

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Finding
from coldcheck.custody.views import role_of
from coldcheck.custody.wording import REASONS, cure_of, filled
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.web.catalogue import FIRST, Words, words_in

ANSWERED_AGAIN: Final = "v01"
"""What is needed where a rule names nothing else: all positions anew, by two."""


class Told(ColdcheckError):
    """Something a screen asked for is not done. The sentence, in the screen's own language, says why and what to do."""

    def __init__(self, key: str, *, roles: tuple[str, ...] = (), **values: object) -> None:
        """`key` is a word of the table `told`; `roles` are role codes that stand in it as {roles}."""
        self.key, self.roles, self.values = key, roles, values
        super().__init__(self.in_words(words_in(FIRST)))

    def in_words(self, words: Words) -> str:
        """The sentence in a language."""
        named = " / ".join(words.entries.get(f"role.{role}", role.replace("_", " ")) for role in self.roles)
        return words.say(f"told.{self.key}", roles=named, **self.values)


def problem_in(problem: ColdcheckError, words: Words) -> str:
    """The sentence of a problem: as it was raised in the first language, by key or by its sort in any other."""
    if isinstance(problem, Told):
        return problem.in_words(words)
    if words.language == FIRST:
        return str(problem)
    sorts = (f"problem.{kind.__name__}" for kind in type(problem).__mro__)
    known = next((sort for sort in sorts if sort in words.entries), "")
    return words.entries[known] if known else words.say("problem.other", said=problem)


def finding_in(picture: Picture, finding: Finding, words: Words) -> Plain:
    """One finding with what was found, what is needed and who can do it, people by role."""
    rule = picture.rulebook.rule(finding.rule) if picture.rulebook is not None else None
    cure, who = cure_of(rule, finding) if rule is not None else (finding.rule, "")
    needed = words.entries.get(f"needed.{cure.lower()}", "")
    return {
        "rule": finding.rule,
        "found": found_in(finding, words, label=lambda value: _label(picture, value, words)),
        "needed": needed or (words.entries[f"needed.{ANSWERED_AGAIN}"] if rule is not None else ""),
        "who": words.entries[f"who.{who}"] if who else "",
        "params": dict(finding.found),
    }


def found_in(finding: Finding, words: Words, *, label: Callable[[str], str]) -> str:
    """What was found, as one sentence in a language; `label` turns ids and roles into words."""
    values = {name: label(value) for name, value in finding.found}
    what = dict(finding.found).get("what", "")
    if f"found.{what}" in words.entries:
        said = filled(words.entries[f"found.{what}"], values)
        return said[:1].upper() + said[1:]
    code = finding.rule if finding.rule in REASONS else what.upper()
    gun = f"{values['gun']}: " if "gun" in values else ""
    said = f"{gun}{words.entries.get(f'reason.{code}', what.replace('_', ' '))}."
    return said[:1].upper() + said[1:]


def _label(picture: Picture, value: str, words: Words) -> str:
    """A thing by its label, a person by role, a list of roles or of a call's parts in words, anything else as it is."""
    if value in picture.persons:
        return _word(role_of(picture, value), words)
    for known in (picture.guns, picture.containers, picture.lots, picture.places):
        if value in known:
            return str(known[value].label)
    return ", ".join(_word(part.strip(), words) for part in value.split(","))


def _word(value: str, words: Words) -> str:
    """A role, a part of a call or a paper in words; anything else as it is."""
    known = (words.entries.get(f"{table}{value}") for table in ("role.", "part.", "set.paper_"))
    return next((word for word in known if word is not None), value)
