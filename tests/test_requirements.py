"""The table of requirements in the documents: each id has one row, and whatever a row names is there."""

import re
from dataclasses import dataclass
from functools import cache

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.predicates import PREDICATE_NAMES
from coldcheck.custody.rulebook_file import read_rulebook
from coldcheck.station.cli import VERBS
from coldcheck.station.lab import rule_pages
from tracked import REPO

ASKED = (
    *(f"R{number}" for number in range(1, 63)),
    *(f"K{number}" for number in range(1, 11)),
    *(f"V{number:02}" for number in range(1, 26)),
)
COLUMNS = 5
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    asked: str
    carried: str
    shown: str
    state: str


@cache
def table() -> tuple[Row, ...]:
    """Every row of the three tables; a row of another number of columns is an error."""
    page = (REPO / "docs" / "requirements.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    assert [row[0] for row in cells if len(row) != COLUMNS] == []
    return tuple(
        Row(id=one, asked=asked, carried=carried, shown=shown, state=state)
        for one, asked, carried, shown, state in cells
        if one != "id" and one.strip("-")
    )


@cache
def rule_ids() -> frozenset[str]:
    read = (read_rulebook(text, predicates=PREDICATE_NAMES) for text in rule_pages.files().values())
    return frozenset(rule.id for book in read for rule in book.rules)


@cache
def text_of_web() -> str:
    files = sorted((REPO / "src" / "coldcheck" / "station" / "web").glob("*.py"))
    return "".join(path.read_text(encoding="utf-8") for path in files)


def not_carried(row: Row) -> list[str]:
    """What stands under "carried by" and is no act, rule, command, page or part of the project."""
    pages = re.findall(r"page `([^`]+)`", row.carried)
    return [
        name
        for name in QUOTED.findall(row.carried)
        if not (
            name in a.ACT_CLASSES
            or name in rule_ids()
            or (name.startswith("coldcheck ") and name.split()[1] in VERBS)
            or (name.endswith(".py") and (REPO / "src" / "coldcheck" / name).is_file())
            or (name in pages and f'"/{name.split("/")[1]}' in text_of_web())
        )
    ]


def not_shown(row: Row) -> list[str]:
    """What stands under "shown by" and is no file of tests, or no test in the file named before it."""
    out, text = [], ""
    for name in QUOTED.findall(row.shown):
        if "/" in name:
            path = REPO / "tests" / name
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            # A scenario of rules has one of the row's own; a whole day need not name any.
            rules = rule_ids() & {*QUOTED.findall(row.carried)}
            speaks = "rules_" not in name or any(re.search(rf"(?<![\w-]){one}(?![\w-])", text) for one in rules)
            out += [] if text and speaks else [name]
        elif f"\ndef {name}(" not in text:
            out.append(name)
    return out


def test_every_requirement_condition_and_ending_has_one_row_in_its_order() -> None:
    assert tuple(row.id for row in table()) == ASKED


@pytest.mark.parametrize("row", table(), ids=lambda row: row.id)
def test_whatever_a_row_names_is_there(row: Row) -> None:
    assert not_carried(row) == []
    assert not_shown(row) == []


@pytest.mark.parametrize("row", table(), ids=lambda row: row.id)
def test_a_row_is_there_with_a_test_or_says_what_is_missing(row: Row) -> None:
    assert row.asked
    assert row.state == "there" or re.fullmatch(r"(?:in part|missing): .{10,}", row.state)
    assert row.state.startswith("missing") or (QUOTED.search(row.carried) and QUOTED.search(row.shown))


def test_a_name_of_nothing_is_found() -> None:
    made_up = ("`juggled`", "`K99`", "`coldcheck juggle`", "`custody/juggling.py`", "page `/juggling`")
    good = "`handed_over`, `K1-SCAN`, `coldcheck trace`, `custody/trace.py`, page `/trace`"
    row = Row(id="R1", asked="x", carried=f"{good}, {', '.join(made_up)}", shown="", state="there")
    assert not_carried(row) == [QUOTED.findall(name)[0] for name in made_up]
    shown = (
        "`custody/test_days.py` `test_every_gap_has_its_words`, `test_of_it`; `custody/test_nothing.py` `test_of_that`"
    )
    missing = ["test_of_it", "custody/test_nothing.py", "test_of_that"]
    assert not_shown(Row(id="R1", asked="x", carried="", shown=shown, state="there")) == missing
    other = Row(id="V24", asked="x", carried="`V24`", shown="`scenarios/rules_floor.txt`", state="there")
    assert not_shown(other) == ["scenarios/rules_floor.txt"]
