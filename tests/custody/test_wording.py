"""Every key that code can produce has its words, and the words keep to the house: no verdict, no bare cold, no banned word."""

import re
from importlib import resources
from pathlib import Path

from coldcheck.custody import wording
from coldcheck.custody.kernel import ROWS
from coldcheck.custody.origin_kinds import HYPOTHESIS_KINDS
from coldcheck.custody.predicates import CALL_PREDICATES, FACT_PREDICATES, PREDICATE_NAMES
from coldcheck.custody.rulebook_file import read_rulebook
from coldcheck.custody.things import Finding
from coldcheck.custody.trace import SECURE_ORDER

CUSTODY = Path(wording.__file__).parent
CORE = resources.files("coldcheck.custody").joinpath("rulebook/core.toml").read_text(encoding="utf-8")
TABLES = (
    wording.FOUND, wording.NEEDS, wording.REASONS, wording.GAPS, wording.SECURE, wording.HYPOTHESES, wording.REACH,
    wording.ACCOUNTS, wording.STANDINGS, wording.NO_RECORD_HOLDS,
)  # fmt: skip


def whats_in(name: str) -> set[str]:
    """Every "what" key that one source file writes down."""
    text = (CUSTODY / name).read_text(encoding="utf-8")
    return set(re.findall(r'_what\(\s*"(\w+)"', text)) | set(re.findall(r'\("what", "(\w+)"\)', text))


def test_every_guard_of_a_claim_row_has_its_words() -> None:
    names = {guard.name for row in ROWS.values() for guard in row.guards}
    assert names <= set(wording.FOUND)
    assert names


def test_every_finding_the_predicates_and_the_judge_can_make_has_its_words() -> None:
    written = whats_in("predicates.py") | whats_in("rules.py")
    assert len(written) > 25
    assert {what for what in written if not re.fullmatch(r"v\d\d", what)} <= set(wording.FOUND)


def test_every_rule_of_the_core_file_says_what_cures_it_or_is_a_void_with_a_reason() -> None:
    rulebook = read_rulebook(CORE, predicates=PREDICATE_NAMES)
    for rule in rulebook.rules:
        assert wording.needs_of(rule.id) or wording.needs_of(rule.refusal) or rule.id in wording.REASONS, rule.id
        assert rule.source
        assert rule.grade


def test_what_is_found_names_its_own_cure_where_the_rule_s_would_send_people_the_wrong_way() -> None:
    rulebook = read_rulebook(CORE, predicates=PREDICATE_NAMES)
    planned = next(rule for rule in rulebook.rules if rule.id == "K1")
    broken = Finding(rule="K1", found=(("what", "in_maintenance"), ("entry", "41")))
    said = wording.taught(planned, broken, file="core", draft="", found=wording.found_of(broken, label=str))
    assert "A handler inspects or tests it and signs that" in said
    assert "Who can: armorer, property master or assistant property master" in said
    assert "signs a plan" not in said
    unplanned = Finding(rule="K1", found=(("what", "no_plan"),))
    assert wording.cure_of(planned, unplanned) == ("k1", "first_ad")
    last = Finding(rule="K10", found=(("what", "part_missing"), ("part", "acknowledged")))
    assert wording.cure_of(planned, last)[1] == "receiver"


def test_every_cure_is_of_something_that_can_be_found_and_has_its_words() -> None:
    found = whats_in("predicates.py") | {guard.name for row in ROWS.values() for guard in row.guards}
    assert set(wording.CURES) <= found
    for cure, who in wording.CURES.values():
        assert wording.needs_of(cure)
        assert who in wording.WHO


def test_every_rule_names_a_predicate_of_its_own_gate() -> None:
    for rule in read_rulebook(CORE, predicates=PREDICATE_NAMES).rules:
        if rule.gate == "call":
            assert rule.predicate in CALL_PREDICATES
        if rule.gate == "fact":
            assert rule.predicate in FACT_PREDICATES


def test_gaps_rings_and_hypotheses_have_their_words() -> None:
    assert set(SECURE_ORDER) <= set(wording.SECURE)
    assert set(HYPOTHESIS_KINDS) == set(wording.HYPOTHESES) == set(wording.DECIDING)
    trace = (CUSTODY / "trace.py").read_text(encoding="utf-8")
    assert set(re.findall(r'why="(\w+)"', trace)) <= set(wording.GAPS) | set(wording.SECURE)
    assert set(re.findall(r'how="(\w+)"', trace)) <= set(wording.REACH)


def test_every_account_of_an_answer_has_its_sentence() -> None:
    text = (CUSTODY / "answers.py").read_text(encoding="utf-8")
    gists = set(re.findall(r'_account\(\s*done,\s*"(\w+)"', text))
    assert len(gists) > 10
    assert gists <= set(wording.ACCOUNTS)


def test_no_words_give_a_verdict_on_a_person_or_call_anything_by_the_banned_word() -> None:
    for table in TABLES:
        for words in table.values():
            assert not re.search(
                r"\b(breach|violation|violat\w+|fault|error|guilty|blame|negligen\w+)\b", words, re.IGNORECASE
            ), words
            plain = words.lower().replace("safety advisor", "").replace("safety meeting", "")
            assert not re.search(r"\b(un)?safe\w*|\bseguro\b|\bsicher\b", plain), words


def test_no_words_say_a_bare_cold() -> None:
    for table in TABLES:
        for words in table.values():
            assert not re.search(r"\bcold\b(?!-)", words, re.IGNORECASE), words


def test_a_finding_reads_as_found_and_needed_with_labels_for_ids() -> None:
    finding = Finding(rule="K7", found=(("what", "not_counted"), ("container", "c0000000000AA")))
    said = wording.sentence_of(finding, label=lambda thing: {"c0000000000AA": "Tray-1"}.get(thing, thing))
    assert said.startswith("Tray-1 was not counted by two people")
    assert "Two people count it, neither shown the other's number" in said


def test_a_parameter_that_did_not_come_stays_visible() -> None:
    said = wording.found_of(Finding(rule="K5", found=(("what", "stop_open"),)), label=str)
    assert said == "Stop ? is open."
