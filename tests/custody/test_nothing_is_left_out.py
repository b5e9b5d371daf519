"""Whatever the custody room knows by name has a page and a test: acts, void codes, rules, rows and properties."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody import phrases, wording
from coldcheck.custody.kernel_table import LEAVES, ONLY_IF, PROPERTIES, TABLE, WHENEVER
from coldcheck.custody.predicates import CALL_PREDICATES, FACT_PREDICATES, HARD, PREDICATE_NAMES
from coldcheck.custody.rulebook_file import read_rulebook
from coldcheck.station.lab import act_pages, prover, rule_pages

ROOT = Path(__file__).parents[2]
RULE_IDS = tuple(
    dict.fromkeys(
        rule.id
        for text in rule_pages.files().values()
        for rule in read_rulebook(text, predicates=PREDICATE_NAMES).rules
    )
)
STATE_MODEL = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)*\b")


@cache
def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@cache
def sources(suffix: str) -> str:
    """All tests of a kind in one text, this one apart."""
    files = sorted(path for path in (ROOT / "tests").rglob(f"*{suffix}") if path != Path(__file__))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _form_of(template: str) -> re.Pattern[str]:
    """A phrase as it stands in a line of a set day, whatever its blanks hold."""
    fixed = phrases.BLANK.split(template)[0::3]
    return re.compile(r"(?m)(?: |^ +)" + ".+".join(re.escape(text) for text in fixed) + r"(?: ->.*)?$")


def without_test(classes: Iterable[type], *, code: str, days: str) -> set[str]:
    """The acts that stand in no test by their class, and in no set day by their words."""
    out: set[str] = set()
    for act_class in classes:
        forms = [_form_of(phrase.template) for phrase in phrases.PHRASES if phrase.act is act_class]
        told = any(form.search(days) for form in forms)
        if not told and not re.search(rf"\ba\.{act_class.__name__}\b", code):
            out.add(act_class.__name__)
    return out


def test_the_page_of_acts_is_what_the_generator_writes() -> None:
    assert page("acts.md") == act_pages.page(), "run: python -m coldcheck.station.lab.act_pages"


def test_every_act_has_its_line_and_a_test() -> None:
    lines = page("acts.md")
    assert [name for name in a.ACT_CLASSES if f"\n| `{name}` |" not in lines] == []
    own = [known for known in a.ACT_CLASSES.values() if known not in a.INQUIRY_ACTS]
    assert without_test(own, code=sources(".py"), days=sources(".txt")) == set()
    # The acts of the inquiry are tried class by class.
    assert 'parametrize("act_class", a.INQUIRY_ACTS' in sources(".py")


def test_an_act_that_stood_nowhere_would_be_seen() -> None:
    class Juggled:
        pass

    assert without_test((Juggled, a.PickedUp), code="a.PickedUp(item=COLT)", days="") == {"Juggled"}
    assert without_test((a.PickedUp,), code="", days="08:00 ARM picks up Colt-1") == set()
    assert without_test((a.PickedUp,), code="", days="08:00 ARM puts Colt-1 in Bag") == {"PickedUp"}


def test_every_act_of_the_state_model_is_one_of_ours() -> None:
    spoken = {word for name in act_pages.MODEL for word in STATE_MODEL.findall(name)}
    assert len(spoken) > 50
    assert {known for classes in act_pages.MODEL.values() for known in classes} <= set(a.ACT_CLASSES.values())


@pytest.mark.parametrize("code", act_pages.VOIDS)
def test_every_void_has_words_a_line_a_rule_and_a_test(code: str) -> None:
    assert wording.REASONS[code]
    assert f"\n| {code} |" in page("acts.md")
    assert code in RULE_IDS
    assert re.search(rf"\b{code}\b", sources(".txt")), "no set day has it"
    assert f'"{code}"' in sources(".py") or code in HARD


@pytest.mark.parametrize("rule_id", RULE_IDS)
def test_every_rule_has_its_line_and_stands_in_a_set_day(rule_id: str) -> None:
    assert f"\n| {rule_id} |" in page("rules.md")
    assert re.search(rf"(?<![\w-]){re.escape(rule_id)}(?![\w-])", sources(".txt"))


def test_every_predicate_is_used_by_a_rule_or_tried_by_itself() -> None:
    used = {
        rule.predicate
        for text in rule_pages.files().values()
        for rule in read_rulebook(text, predicates=PREDICATE_NAMES).rules
    }
    idle = (set(CALL_PREDICATES) | set(FACT_PREDICATES)) - used
    assert {name for name in idle if f'"{name}"' not in sources(".py")} == set()


def test_every_property_of_the_kernel_has_its_line_and_is_asked_of_every_row() -> None:
    lines = page("acts.md")
    texts = (*PROPERTIES, *ONLY_IF, *LEAVES, *WHENEVER)
    assert [one.id for one in texts if f"\n| {one.id} |" not in lines] == []
    assert [row.name for row in TABLE if f"\n| `{row.name}` |" not in lines] == []
    table = prover.Table()
    parts = (prover.kept(table, ("stop",)), prover.only_if(table), prover.leaves(table), prover.whenever(table))
    asked = {one.property for part in parts for one in part}
    assert {one.id for one in texts} <= asked
