"""Rulebook files: each reads, none can loosen another, and no rule of any could be left out unnoticed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody import wording
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.predicates import CALL_PREDICATES, FACT_PREDICATES, HARD, PREDICATE_NAMES, verify_fit
from coldcheck.custody.profile_predicates import PARAMETERS_OF, PROFILE_CALLS, PROFILE_FACTS
from coldcheck.custody.rulebook_file import DRAFT, BadRulebook, Rulebook, read_rulebook, with_file
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import Finding
from coldcheck.proof.entry import read_entry
from coldcheck.station.answer_text import finding_text, rules_line, verdict_lines
from coldcheck.station.lab import rule_pages
from coldcheck.station.play import Player
from coldcheck.station.record import step_of
from coldcheck.station.scenario import BadScenario, parse_scenario, read_scenario
from stores import MemoryStore

ROOT = Path(__file__).parents[2]
FILES = rule_pages.files()
SCENARIOS = tuple(sorted((ROOT / "tests/scenarios").glob("rules_*.txt")))
ALL = {
    (name, rule.id): rule
    for name, text in FILES.items()
    for rule in read_rulebook(text, predicates=PREDICATE_NAMES).rules
}
OWN = {which: rule for which, rule in ALL.items() if which[0] != "core"}
RULES = tuple(ALL)
IN_CODE = {"K6", "LIFT", "H1"}
"""Rules of the core whose whole condition is in the kernel or beside it: no file that leaves one out can be adopted."""


def read(text: str) -> Rulebook:
    return read_rulebook(text, predicates=PREDICATE_NAMES)


def cut(text: str, rule_id: str) -> str:
    """The file without one rule."""
    parts = re.split(r"(?m)^(?=\[\[)", text)
    kept = [part for part in parts if f'id = "{rule_id}"\n' not in part]
    assert len(kept) == len(parts) - 1
    return "".join(kept)


def file_of(body: str, *, name: str = "house") -> str:
    return f'name = "{name}"\njurisdiction = "HOUSE"\nreviewed_by = ""\nreviewed_on = ""\n{body}'


RULE = """
[[rule]]
id = "{id}"
since = "2026-01-01"
source = "house"
grade = "house"
gate = "{gate}"
predicate = "{predicate}"
refusal = "paper"
who = "armorer"
needs = "paper"
"""


def rule_text(rule_id: str = "HO-01", *, gate: str = "call", predicate: str = "meeting_today", extra: str = "") -> str:
    return RULE.format(id=rule_id, gate=gate, predicate=predicate) + extra


TIGHTEN = """
[[tighten]]
rule = "{}"
source = "house"
grade = "house"
with = {{ {} = {} }}
"""

CORE = with_file(None, read(FILES["core"]))


# --- what is played ------------------------------------------------------------------------------------------------


@lru_cache
def steps_of(path: Path) -> tuple[Step, ...]:
    """The steps that a scenario becomes, after it was played and every line met what it expects."""
    player = Player(read_scenario(path), MemoryStore({}))
    assert [played for played in player.play() if not played.met] == []
    return tuple(step_of(number, read_entry(data)) for number, data in enumerate(player.hub.store.entries()))


def judged(
    steps: tuple[Step, ...], *, without: tuple[str, str] | None = None
) -> Iterator[tuple[Step, str, tuple[Finding, ...]]]:
    """Each step with the verdict it gets now, one rule left out of its file."""
    picture = Picture()
    for step in steps:
        verdict = judge(picture, by=step.by, key=step.key, acts=step.acts, now=step.now, seen_size=step.seen_size)
        yield step, verdict.word, verdict.findings
        acts = tuple(
            replace(act, text=cut(act.text, without[1]))
            if isinstance(act, a.RulebookAdopted) and without is not None and act.name == without[0]
            else act
            for act in step.acts
        )
        apply(picture, replace(step, acts=acts))


def plays(name: str) -> tuple[tuple[Step, ...], ...]:
    """The scenarios that adopt this file; for the core, which all adopt, the two that were written for it."""
    if name == "core":
        return tuple(
            steps_of(ROOT / f"tests/scenarios/{which}.txt") for which in ("rules_core", "rules_floor", "rules_near")
        )
    return tuple(steps_of(path) for path in SCENARIOS if name in read_scenario(path).rulebooks)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_line_of_a_rule_scenario_is_met_and_judging_again_gives_the_same(path: Path) -> None:
    for step, word, findings in judged(steps_of(path)):
        assert (word, tuple((found.rule, dict(found.found)["what"]) for found in findings)) == (
            step.verdict,
            step.findings,
        )


def notices(steps: tuple[Step, ...], which: tuple[str, str]) -> Iterator[int]:
    """The entries that are judged otherwise without this rule; a file that cannot judge any more is noticed at once."""
    try:
        for step, word, findings in judged(steps, without=which):
            found = {(finding.rule, dict(finding.found)["what"]) for finding in findings}
            if (word, found) != (step.verdict, set(step.findings)):
                yield step.entry_index
    except BadRulebook:
        yield -1


@pytest.mark.parametrize("which", [which for which in RULES if which[1] not in IN_CODE], ids="/".join)
def test_leaving_out_a_rule_changes_a_verdict(which: tuple[str, str]) -> None:
    assert any(True for steps in plays(which[0]) for _ in notices(steps, which)), "no scenario notices"


@pytest.mark.parametrize("rule_id", sorted(IN_CODE))
def test_leaving_out_what_is_in_code_is_refused_at_adoption_and_loosens_nothing(rule_id: str) -> None:
    with pytest.raises(BadRulebook, match=rule_id):
        verify_fit(with_file(None, read(cut(FILES["core"], rule_id))))
    assert not [entry for steps in plays("core") for entry in notices(steps, ("core", rule_id))]


@pytest.mark.parametrize("which", RULES, ids="/".join)
def test_a_rule_grants_one_line_and_is_not_met_in_another(which: tuple[str, str]) -> None:
    met: set[type] = set()
    unmet: set[type] = set()
    for steps in plays(which[0]):
        for step in steps:
            kinds = {type(act) for act in step.acts}
            (unmet if which[1] in {rule for rule, _ in step.findings} else met).update(kinds)
    assert unmet & met, "an act of one kind must be found once and left alone once"


# --- the files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FILES if name != "core"])
def test_a_file_fits_behind_the_core_says_where_it_is_for_and_that_nobody_reviewed_it(name: str) -> None:
    in_force = with_file(CORE, read(FILES[name]))
    verify_fit(in_force)
    (file,) = read(FILES[name]).files
    assert file.jurisdiction
    assert (file.reviewed_by, file.reviewed_on) == ("", "")
    assert in_force.draft == DRAFT
    assert len(in_force.rules) == len(CORE.rules) + len(file.rules)


def test_every_predicate_is_used_and_every_source_id_is_listed() -> None:
    used = {rule.predicate for rule in OWN.values()}
    assert set(PROFILE_CALLS) | set(PROFILE_FACTS) >= used
    for rule in OWN.values():
        named = re.findall(r"\b[LPMS]\d+b?\b", rule.source)
        assert named or "not re-read" in rule.source, rule.id
        assert set(named) <= set(rule_pages.SOURCES), rule.id
        assert "://" not in rule.source
        assert "www" not in rule.source


@pytest.mark.parametrize("name", rule_pages.PROFILES)
def test_the_files_of_a_profile_stand_together(name: str) -> None:
    in_force = rule_pages.profile(*rule_pages.PROFILES[name])
    verify_fit(in_force)
    assert len(in_force.files) == len(rule_pages.PROFILES[name]) + 1


def test_every_file_belongs_to_a_profile() -> None:
    assert {name for names in rule_pages.PROFILES.values() for name in names} == set(FILES) - {"core"}


def test_a_blank_call_ends_earlier_under_the_bulletins() -> None:
    assert (
        CORE.number("V07", "hot_blank_ms") > rule_pages.profile("us_generic").number("V07", "hot_blank_ms") == 300_000
    )


def test_at_most_twenty_five_rows_are_recorded_only_and_each_has_its_reason() -> None:
    assert len(rule_pages.RECORDED_ONLY) <= 25
    assert all(rule_pages.RECORDED_ONLY.values())
    assert set(rule_pages.RECORDED_ONLY) <= set(rule_pages.SECTION_2)
    assert not (set(rule_pages.RECORDED_ONLY) | set(rule_pages.HELD)) & {rule_id for _, rule_id in RULES}


@pytest.mark.parametrize("letters", sorted({rule_id.partition("-")[0] for _, rule_id in RULES}))
def test_a_section_that_has_a_file_has_no_open_row(letters: str) -> None:
    assert [row for row in rule_pages.open_rows() if row.startswith(f"{letters}-")] == []


def test_the_pages_are_what_the_generator_writes() -> None:
    hint = "run: python -m coldcheck.station.lab.rule_pages"
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rule_pages.rules_page(), hint
    assert (ROOT / "docs/refusals.md").read_text(encoding="utf-8") == rule_pages.refusals_page(), hint


def test_no_page_quotes_the_law_or_says_that_anybody_complies() -> None:
    words = (rule_pages.rules_page() + rule_pages.refusals_page() + "".join(FILES.values())).lower()
    for banned in ("the law requires", "complian", "complies", "comply", "violat", "breach"):
        assert banned not in words


# --- the set in force ----------------------------------------------------------------------------------------------


def test_one_file_is_named_by_its_own_hash_and_a_set_by_another_that_knows_the_order() -> None:
    one, two = read(file_of(rule_text(), name="one")), read(file_of(rule_text("HO-02"), name="two"))
    assert CORE.sha256 == read(FILES["core"]).sha256
    hashes = {with_file(CORE, one).sha256, with_file(with_file(CORE, one), two).sha256}
    hashes |= {with_file(CORE, two).sha256, with_file(with_file(CORE, two), one).sha256, CORE.sha256}
    assert len(hashes) == 5


def test_the_core_comes_first_and_adopting_a_file_again_changes_nothing() -> None:
    house = read(file_of(rule_text()))
    with pytest.raises(BadRulebook, match="core"):
        with_file(None, house)
    once = with_file(CORE, house)
    assert with_file(once, house) == once
    assert with_file(once, read(FILES["core"])) == once


@pytest.mark.parametrize("rule_id", sorted({*HARD, "K1", "K2", "K7", "K8", "K10", "I1", "V14", "V23"}))
def test_no_later_file_replaces_a_rule_of_the_core(rule_id: str) -> None:
    with pytest.raises(BadRulebook, match=rf"{rule_id}\. No file replaces"):
        with_file(CORE, read(file_of(rule_text(rule_id))))


@pytest.mark.parametrize("rule_id", sorted(HARD))
def test_no_core_file_leaves_a_hard_rule_out_or_gives_it_another_condition(rule_id: str) -> None:
    without = read(cut(FILES["core"], rule_id))
    with pytest.raises(BadRulebook, match=rule_id):
        verify_fit(with_file(None, without))
    with pytest.raises(BadRulebook, match=rule_id):
        with_file(CORE, without)
    part = next(part for part in re.split(r"(?m)^(?=\[\[)", FILES["core"]) if f'id = "{rule_id}"\n' in part)
    other = re.sub(r'predicate = "\w+"', 'predicate = "meeting_today"', part)
    with pytest.raises(BadRulebook, match=rule_id):
        verify_fit(with_file(None, read(FILES["core"].replace(part, other))))


@pytest.mark.parametrize(
    ("rule_id", "parameter"),
    [("K10", "part_ms"), ("V03", "accept_ms"), *(("V07", f"{call}_ms") for call in ("cold_empty", "cold_dummy", "hot_blank", "inert"))],
)  # fmt: skip
def test_a_number_can_be_made_smaller_and_never_larger(rule_id: str, parameter: str) -> None:
    number = CORE.number(rule_id, parameter)

    def tightened(value: int) -> Rulebook:
        text = (
            f'[[tighten]]\nrule = "{rule_id}"\nsource = "house"\ngrade = "house"\nwith = {{ {parameter} = {value} }}\n'
        )
        return with_file(CORE, read(file_of(rule_text() + text)))

    assert tightened(number - 1).number(rule_id, parameter) == number - 1
    for value in (number + 1, 0, -1):
        with pytest.raises(BadRulebook):
            tightened(value)
    looser = FILES["core"].replace(f"{parameter} = {number}", f"{parameter} = {number + 1}")
    with pytest.raises(BadRulebook, match=parameter):
        with_file(CORE, read(looser))
    tighter = FILES["core"].replace(f"{parameter} = {number}", f"{parameter} = {number - 1}")
    assert with_file(CORE, read(tighter)).number(rule_id, parameter) == number - 1


def test_a_file_that_made_a_number_smaller_still_holds_after_the_core_is_adopted_again() -> None:
    text = '[[tighten]]\nrule = "K10"\nsource = "house"\ngrade = "house"\nwith = { part_ms = 5 }\n'
    in_force = with_file(with_file(CORE, read(file_of(rule_text() + text))), read(FILES["core"]))
    assert in_force.number("K10", "part_ms") == 5
    with pytest.raises(BadRulebook, match="K10"):
        with_file(in_force, read(file_of(rule_text())))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rule_text(predicate="meeting_tomorow"), r"house\.toml:6: .*HO-01.*meeting_tomorow"),
        (rule_text(extra='mood = "good"\n'), r"house\.toml:6: .*mood"),
        (rule_text(extra="with = { paper = 1.5 }\n"), r"house\.toml:6: .*HO-01"),
        (rule_text(extra="with = { paper = true }\n"), r"house\.toml:6: .*HO-01"),
        (rule_text() + rule_text(), "two rules with one id"),
        ("[[rule]", "TOML"),
        ('[[tighten]]\nrule = "K10"\n', "HO|one"),
        (rule_text() + '[[tighten]]\nrule = "K10"\n', r"house\.toml:16: \[\[tighten"),
        (rule_text() + TIGHTEN.format("K10", "part_ms", 0), r"house\.toml:17: .*K10"),
        ('mood = "good"\n' + rule_text(), r"house\.toml:1: .*mood"),
    ],
)
def test_what_a_file_misspells_is_refused_with_its_place(body: str, words: str) -> None:
    with pytest.raises(BadRulebook, match=words):
        read(file_of(body))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rule_text(extra='with = { mood = "good" }\n'), r"house\.toml:6: .*mood"),
        (rule_text(predicate="paper_there", extra='with = { paper = "loan" }\n'), r"house\.toml:6: .*about"),
        (rule_text(gate="fact"), r"house\.toml:6: .*meeting_today"),
        (
            rule_text().replace('refusal = "paper"', 'refusal = "nobody_wrote_this"'),
            r"house\.toml:6: .*nobody_wrote_this",
        ),
        (rule_text().replace('who = "armorer"', 'who = "wizard"'), r"house\.toml:6: .*wizard"),
        (rule_text() + TIGHTEN.format("K99", "part_ms", 5), r"house\.toml:17: .*K99"),
        (rule_text() + TIGHTEN.format("K10", "part_mz", 5), r"house\.toml:17: .*part_mz"),
        (rule_text() + TIGHTEN.format("K10", "part_ms", 999_999_999), r"house\.toml:17: .*smaller"),
    ],
)
def test_what_could_not_judge_or_has_no_words_does_not_come_into_force(body: str, words: str) -> None:
    with pytest.raises(BadRulebook, match=words):
        verify_fit(with_file(CORE, read(file_of(body))))


def test_a_file_without_its_head_is_refused() -> None:
    for line in ("jurisdiction", "reviewed_by", "reviewed_on"):
        text = re.sub(rf'(?m)^{line} = ""\n|^{line} = "HOUSE"\n', "", file_of(rule_text()))
        with pytest.raises(BadRulebook, match=line):
            read(text)


def test_the_parameters_table_names_predicates_only() -> None:
    assert set(PARAMETERS_OF) <= PREDICATE_NAMES
    assert set(PROFILE_CALLS) <= set(CALL_PREDICATES)
    assert set(PROFILE_FACTS) <= set(FACT_PREDICATES)


def test_a_set_that_was_reviewed_whole_is_no_draft() -> None:
    reviewed = FILES["core"].replace(
        'name = "core"\n', 'name = "core"\njurisdiction = ""\nreviewed_by = "Counsel"\nreviewed_on = "2026-02-01"\n'
    )
    assert with_file(None, read(reviewed)).draft == ""
    assert with_file(with_file(None, read(reviewed)), read(file_of(rule_text()))).draft == DRAFT


# --- words ---------------------------------------------------------------------------------------------------------


def test_every_finding_of_a_profile_has_its_words() -> None:
    text = (ROOT / "src/coldcheck/custody/profile_predicates.py").read_text(encoding="utf-8")
    written = set(re.findall(r'_what\(\s*"(\w+)"', text)) | set(re.findall(r'what = "(\w+)" if', text))
    assert len(written) > 30
    assert written <= set(wording.FOUND)
    for rule in OWN.values():
        assert rule_pages.whats_of(rule), rule.id
        assert wording.needs_of(rule.refusal), rule.id


def test_every_rule_says_what_is_needed_in_words_of_its_own() -> None:
    assert [which for which, rule in ALL.items() if not wording.needs_of(rule.refusal)] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_whatever_is_found_in_a_scenario_is_taught_with_nothing_left_open(path: Path) -> None:
    picture = Picture()
    for step in steps_of(path):
        findings = judge(
            picture, by=step.by, key=step.key, acts=step.acts, now=step.now, seen_size=step.seen_size
        ).findings
        for finding in findings:
            said = finding_text(picture, finding)
            assert "?" not in said, said
            if picture.rulebook is not None and picture.rulebook.rule(finding.rule) is not None:
                assert all(word in said for word in ("Needed: ", "Who can: ", f"Our rule {finding.rule} of ", DRAFT)), (
                    said
                )
        lines = tuple(verdict_lines(picture, step.verdict, findings))
        assert len(lines) == len(findings) + 1
        assert all(finding.rule in lines[0] for finding in findings)
        apply(picture, step)


def test_a_refusal_teaches_rule_source_what_was_found_what_is_needed_and_who() -> None:
    player = Player(read_scenario(ROOT / "tests/scenarios/rules_us_ca.txt"), MemoryStore({}))
    player.play()
    picture = player.hub.picture
    person = picture.labels["LEAD"]
    finding = Finding(rule="CA-13", found=(("what", "credential_missing"), ("credential", "course"), ("who", person)))
    said = finding_text(picture, finding)
    assert said.startswith("CA-13: No credential course of LEAD is recorded by somebody else. Needed: Each of them")
    assert "Who can: employer." in said
    assert f"Our rule CA-13 of us_ca (Labor Code 9156, sources L2 and L4; grade law; {DRAFT})" in said
    lines = tuple(verdict_lines(picture, "refused", (finding, replace(finding, rule="K1"))))
    assert lines[0] == "Refused: 2 rules are not met (CA-13, K1)"
    assert len(lines) == 3
    assert rules_line(picture) == f"rules: core, us_ca ({DRAFT})"


def test_an_unknown_rulebook_in_a_header_is_one_sentence() -> None:
    text = 'production "X" hub x-1\nrulebook us_cal\nday 2026-03-02\n'
    with pytest.raises(BadScenario, match='"us_cal" is no rulebook; the nearest is "us_ca"'):
        Player(parse_scenario(text, path="x.txt"), MemoryStore({})).play()
