"""Set days in plain text: a scenario file read into lines, each with its place in the file.

The form is small: a header (production, rulebook, people), then a time, a person and a phrase of
`custody/phrases.py`; what is expected follows "->". A sheet's rows stand indented under its first line. Reading
checks the form only; phrases are read while playing, when the picture says what lies where.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from coldcheck.proof.errors import ColdcheckError


class BadScenario(ColdcheckError):
    """A line that is not of the form. The sentence gives file, line, what was expected and the nearest known word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a line expects after "->": a verdict ("" when only findings are named) and rule ids."""

    verdict: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry to play. `phrases` has one phrase, or a sheet's rows. `at` is RFC 3339 UTC."""

    number: int
    at: str
    who: str
    phrases: tuple[str, ...]
    wanted: Wanted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """A line "expect Colt-1: WORDS (V04)": what the card must say at that moment."""

    number: int
    at: str
    gun: str
    words: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """A line "restart": the hub boots anew, so every time limit has run out."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line "person ...": a label, a name to seal, and roles still as written.

    A line "role ..." is the same for somebody known from reports only: `signs` is False and no key is made.
    """

    number: int
    label: str
    name: str
    roles: str
    signs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole file. `steps` in file order; times are not compared here. `rulebooks` are adopted after the core."""

    path: str
    production: str
    hub: str
    rulebooks: tuple[str, ...]
    people: tuple[Person, ...]
    steps: tuple[Line | Expect | Restart, ...]


_TIMED: Final = re.compile(r"(\d\d:\d\d(?::\d\d)?) (?:([^\W_][\w.'&-]*) )?(.+)")
_DAY: Final = re.compile(r"day (\d{4}-\d\d-\d\d)")
_PRODUCTION: Final = re.compile(r'production "([^"]+)" hub ([a-z0-9.-]+)')
_RULEBOOK: Final = re.compile(r"rulebook ([a-z][a-z0-9_]*)")
_PERSON: Final = re.compile(r"(person|role) ([^\W_][\w.'&-]*) \"([^\"]+)\" as ([\w, ]+)")
_SHEET: Final = re.compile(r"sheet(?: (\S+) with (\S+), (\S+))?:")
_EXPECT: Final = re.compile(r"expect ([^\W_][\w.'&-]*): ([A-Z0-9 ]+?)(?: \(([A-Z0-9_, ]+)\))?")
_WANTED: Final = re.compile(r"(?:(admitted|granted|refused)|(finding)) ?([A-Z0-9-]+(?:, [A-Z0-9-]+)*)?")
FORMS: Final = 'a line is "production ...", "rulebook NAME", "person ...", "role ...", "day YYYY-MM-DD", "restart", "expect GUN: WORDS", or "HH:MM WHO phrase"'


def read_scenario(path: Path) -> Scenario:
    """The scenario in `path`. Raises BadScenario with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadScenario(
            f"{path}: the file cannot be read as text ({problem}). Name a scenario file in UTF-8."
        ) from problem
    return parse_scenario(text, path=str(path))


def parse_scenario(text: str, *, path: str) -> Scenario:
    """The scenario in `text`; `path` is for error sentences. Raises BadScenario."""
    reading = _Reading(path=path)
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition(" #")[0].rstrip() if not raw.lstrip().startswith("#") else ""
        if line.strip():
            reading.take(number, line)
    return reading.done()


class _Reading:
    """The lines so far; one pass, top to bottom."""

    def __init__(self, *, path: str) -> None:
        self.path = path
        self.production = ("", "")
        self.rulebooks: list[str] = []
        self.people: list[Person] = []
        self.day = ""
        self.steps: list[Line | Expect | Restart] = []
        self.sheet: tuple[int, str, str, list[str]] | None = None

    def take(self, number: int, line: str) -> None:
        if line[0] in " \t":
            self._row(number, line.strip())
            return
        self._end_sheet()
        if said := _PRODUCTION.fullmatch(line):
            self.production = (said[1], said[2])
        elif said := _RULEBOOK.fullmatch(line):
            self.rulebooks.append(said[1])
        elif said := _PERSON.fullmatch(line):
            self.people.append(
                Person(number=number, label=said[2], name=said[3], roles=said[4], signs=said[1] == "person")
            )
        elif said := _DAY.fullmatch(line):
            self.day = said[1]
            self._read_time(number, f"{self.day}T00:00:00Z")
        elif line == "restart":
            self.steps.append(Restart(number=number))
        elif said := _TIMED.fullmatch(line):
            self._timed(number, said[1], said[2], said[3])
        else:
            raise self._bad(number, line)

    def done(self) -> Scenario:
        self._end_sheet()
        if not self.production[0]:
            raise BadScenario(f'{self.path}:1: no production; begin with: production "Name" hub name')
        return Scenario(
            path=self.path,
            production=self.production[0],
            hub=self.production[1],
            rulebooks=tuple(self.rulebooks),
            people=tuple(self.people),
            steps=tuple(self.steps),
        )

    def _timed(self, number: int, clock: str, who: str | None, rest: str) -> None:
        if not self.day:
            raise BadScenario(f"{self.path}:{number}: a time stands before any day; begin the day with: day YYYY-MM-DD")
        at = f"{self.day}T{clock if len(clock) == len('00:00:00') else clock + ':00'}Z"
        self._read_time(number, at)
        whole = f"{who} {rest}" if who else rest
        if said := _EXPECT.fullmatch(whole):
            codes = tuple(said[3].split(", ")) if said[3] else ()
            self.steps.append(Expect(number=number, at=at, gun=said[1], words=said[2], codes=codes))
            return
        if who is None:
            raise self._bad(number, whole)
        if said := _SHEET.fullmatch(rest):
            first = [f"begins sheet {said[1]} with {said[2]}, {said[3]}"] if said[1] else []
            self.sheet = (number, at, who, first)
            return
        phrase, wanted = self._split(number, rest)
        self.steps.append(Line(number=number, at=at, who=who, phrases=(phrase,), wanted=wanted))

    def _read_time(self, number: int, at: str) -> None:
        try:
            datetime.fromisoformat(at)
        except ValueError as problem:
            raise BadScenario(
                f"{self.path}:{number}: {at[:-1]} is no time ({problem}); write a day as YYYY-MM-DD and a time as HH:MM."
            ) from problem

    def _row(self, number: int, row: str) -> None:
        if self.sheet is None:
            raise BadScenario(
                f"{self.path}:{number}: an indented row stands under no sheet; write: HH:MM WHO sheet NAME with OTHER, manner:"
            )
        self.sheet[3].append(row)

    def _end_sheet(self) -> None:
        if self.sheet is None:
            return
        number, at, who, rows = self.sheet
        self.sheet = None
        if not rows or (len(rows) == 1 and rows[0].startswith("begins sheet ")):
            raise BadScenario(f"{self.path}:{number}: the sheet has no rows; write each act indented under it.")
        rows[-1], wanted = self._split(number, rows[-1])
        self.steps.append(Line(number=number, at=at, who=who, phrases=tuple(rows), wanted=wanted))

    def _split(self, number: int, text: str) -> tuple[str, Wanted | None]:
        phrase, arrow, said = text.partition(" -> ")
        if not arrow:
            return phrase, None
        wanted = _WANTED.fullmatch(said)
        if wanted is None:
            raise BadScenario(
                f'{self.path}:{number}: "{said}" is no expectation; "granted", "refused K4, K9", "admitted" or "finding V04" was expected.'
            )
        return phrase, Wanted(verdict=wanted[1] or "", rules=tuple(wanted[3].split(", ")) if wanted[3] else ())

    def _bad(self, number: int, line: str) -> BadScenario:
        import difflib  # noqa: PLC0415  # only a bad line needs it

        first = line.partition(" ")[0]
        near = difflib.get_close_matches(
            first, ["production", "rulebook", "person", "role", "day", "restart", "expect"], n=1, cutoff=0.4
        )
        hint = f'; the nearest known word is "{near[0]}"' if near else ""
        return BadScenario(f'{self.path}:{number}: "{line[:60]}" does not read: {FORMS}{hint}.')
