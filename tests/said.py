"""Every sentence that is worded where it arises: what a language has to list under [said]."""

import ast
from functools import cache
from pathlib import Path

from coldcheck.custody import compare, phrases, spoken, wording
from coldcheck.station import answer_text, inquiry_text, strip_text, trace_pictures
from coldcheck.station.web import reading_reasons

SOURCES = Path(wording.__file__).parents[1]
TABLES = (
    wording.GAPS, wording.SECURE, wording.HYPOTHESES, wording.DECIDING, wording.NO_FIGURES, wording.NEXT_TESTS, wording.REACH,
    wording.MOMENTS,
    compare.WORDS, spoken.FILINGS, dict(trace_pictures.RINGS), trace_pictures._STATES, answer_text._STATES,
    inquiry_text.REACH_WORDS, inquiry_text.ASKED_WORDS, inquiry_text.ANSWER_WORDS, inquiry_text.UNNAMED_WORDS, inquiry_text.UNMET_WORDS,
    strip_text.SAID, strip_text.ROWS, strip_text._HOLDS,
)  # fmt: skip
ALONE = (
    *reading_reasons.REASONS, reading_reasons.GUESS,
    wording.LOT_NEVER_CAME, phrases.SOMEONE, inquiry_text.ERASED, *strip_text._TIMES, "unattended",
    "PROVEN 1 DUMMY", "PROVEN {count} DUMMIES", "1 BLANK", "{count} BLANKS", "for {entries}", "against {entries}",
    "for it: entries {entries}", "against it: entries {entries}", "{positions} from {spot}", "{positions} to {spot}",
)  # fmt: skip


@cache
def sentences() -> frozenset[str]:
    """The English of every such sentence, places open."""
    listed = {said for table in TABLES for said in table.values() if said}
    spoken_acts = {spoken.template_of(phrase) for phrase in phrases.PHRASES}
    return frozenset(listed | spoken_acts | set(ALONE) | {said for path in SOURCES.rglob("*.py") for said in _in(path)})


def _in(path: Path) -> set[str]:
    """The sentences that a file says: strings given to `say`, outright or by a name, that are no key of a catalogue."""
    text = path.read_text("utf-8")
    if "tongue" not in text:
        return set()
    nodes = list(ast.walk(ast.parse(text)))
    named: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).extend(_strings(node.value))
    given = [node.args[0] for node in nodes if isinstance(node, ast.Call) and node.args and _says(node.func)]
    said = [part for one in given for part in (named.get(one.id, []) if isinstance(one, ast.Name) else _strings(one))]
    return {part for part in said if part and not _is_key(part)}


def _says(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name == "say"


def _strings(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_strings(node.body), *_strings(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _is_key(said: object) -> bool:
    head, dot, tail = str(said).partition(".")
    return bool(dot) and bool(tail) and " " not in str(said) and head.isidentifier()
