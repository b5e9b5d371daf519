"""No answer is made for a scenario: what its guns, lots, places and people are called stands nowhere in the code."""

import ast
import re
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.proof.entry import read_entry
from coldcheck.station.play import Player
from coldcheck.station.record import step_of
from coldcheck.station.scenario import read_scenario
from coldcheck.station.store_sqlite import create_ledger
from test_tidy import strings
from tracked import REPO

DAYS = ("church_rehearsal.txt", "copper_creek_recorded.txt")
ROOMS = tuple(sorted(path for room in ("proof", "custody") for path in (REPO / "src/coldcheck" / room).rglob("*.py")))
USUAL = frozenset({"Set"})
"""A label that is also a word of the sentences everybody reads; one in small letters is a word of the trade anyway."""


def labels_of(day: str, folder: Path) -> frozenset[str]:
    """Every label and name that a day registers, finds or enrols somebody under."""
    scenario = read_scenario(REPO / "tests/scenarios" / day)
    store = create_ledger(folder / "day.ledger", meta={})
    Player(scenario, store).play()
    acts = [act for at, data in enumerate(store.entries()) for act in step_of(at, read_entry(data)).acts]
    store.close()
    told = [act.told if isinstance(act, a.Reported) else act for act in acts]
    labels = {str(getattr(act, "label", "")) for act in told if not isinstance(act, a.PersonEnrolled)}
    named = {*labels, *(person.name for person in scenario.people), scenario.production}
    return frozenset(name for name in named if name != name.lower()) - USUAL


@pytest.mark.parametrize("day", DAYS)
def test_no_line_of_proof_or_custody_knows_what_a_day_calls_its_things(day: str, tmp_path: Path) -> None:
    labels = labels_of(day, tmp_path)
    assert len(labels) > 20, "too few to mean anything"
    named = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(labels))) + r")(?![\w-])")
    texts = [
        (path.name, text) for path in ROOMS for _line, text in strings(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(texts) > 1000, "the code was not read"
    assert [(where, text) for where, text in texts if named.search(text)] == []
