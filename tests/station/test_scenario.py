"""Set days as text: how a bad line is answered, what an expectation means, and that one file has one root."""

import json
import re
from pathlib import Path

import pytest

from coldcheck.station.play import Player
from coldcheck.station.scenario import BadScenario, Expect, Line, Restart, Wanted, parse_scenario, read_scenario
from stores import MemoryStore
from tracked import REPO

GOLDEN = REPO / "tests" / "golden"
REHEARSAL = REPO / "tests" / "scenarios" / "one_rehearsal.txt"
HEAD = """\
production "Form" hub form-1
person ARM "Ada Byrne" as armorer
person AD1 "Bo Carr" as first_ad
day 2026-03-02
"""
GUN = "08:00 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 2 chambers and 1 bores\n"


def played(text: str) -> Player:
    player = Player(parse_scenario(HEAD + text, path="day.txt"), MemoryStore({}))
    player.play()
    return player


# --- lines that do not read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "expected", "near"),
    [
        ('prodution "Form" hub form-1\n', 1, "HH:MM WHO phrase", '"production"'),
        (HEAD + "dya 2026-03-03\n", 5, "day YYYY-MM-DD", '"day"'),
        (HEAD + "restrat\n", 5, "restart", '"restart"'),
        (HEAD + 'persn AD2 "Cy Dunn" as first_ad\n', 5, "person", '"person"'),
        (HEAD + "day 2 March\n", 5, "day YYYY-MM-DD", '"day"'),
        (HEAD + "8:00 ARM opens day 1\n", 5, "HH:MM WHO phrase", ""),
        (HEAD + "    clears Colt-1: bore clear\n", 5, "sheet NAME with OTHER", ""),
        (HEAD + "08:00 ARM sheet P1 with AD1, spoken:\n08:01 ARM opens day 1\n", 5, "indented", ""),
        (HEAD + "08:00 ARM opens day 1 -> grantd\n", 5, '"granted"', ""),
        (HEAD + "08:00 ARM opens day 1 -> refused k4\n", 5, "refused K4, K9", ""),
        ('production "Form" hub form-1\n08:00 ARM opens day 1\n', 2, "day YYYY-MM-DD", ""),
        ("", 1, 'production "Name" hub name', ""),
        ("# only a remark\n\n", 1, 'production "Name" hub name', ""),
    ],
)
def test_a_line_of_another_form_is_named_with_what_was_expected(text: str, line: int, expected: str, near: str) -> None:
    with pytest.raises(BadScenario) as problem:
        parse_scenario(text, path="day.txt")
    said = str(problem.value)
    assert said.startswith(f"day.txt:{line}: ")
    assert expected in said
    assert near in said


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("08:00 ARM opns day 1\n", 5, '"opens"'),
        ("08:00 AMR opens day 1\n", 5, '"ARM"'),
        (GUN + "08:01 ARM picks up Cold-1\n", 6, '"Colt-1"'),
        (GUN + "08:01 ARM has Colt-1 droped\n", 6, '"dropped"'),
        (GUN + "\n# a remark\n08:01 ARM shows Colt-1\n", 8, "shows <gun> to <to>: <positions>"),
        (GUN + "08:01 ARM sheet P1 with AD1, spoken:\n    clears Colt-1: chambers 2-1 empty\n", 6, "does not rise"),
        (GUN + "08:01 expect Cold-1: TREAT AS LOADED\n", 6, '"Colt-1"'),
        ("08:00 ARM opens the window\n", 5, "opens day <day>"),
    ],
)
def test_a_phrase_that_does_not_read_is_named_with_the_nearest_word(text: str, line: int, expected: str) -> None:
    with pytest.raises(BadScenario, match=re.escape(f"day.txt:{line}: ")) as problem:
        played(text)
    assert expected in str(problem.value)


def test_roles_and_people_are_read_where_they_stand() -> None:
    text = HEAD.replace("as first_ad", "as first_aid")
    with pytest.raises(BadScenario, match=re.escape("day.txt:3: ")) as problem:
        Player(parse_scenario(text, path="day.txt"), MemoryStore({})).play()
    assert '"first_ad"' in str(problem.value)


@pytest.mark.parametrize("clock", ["25:00", "08:61", "08:00:99"])
def test_a_time_that_no_clock_shows_is_a_bad_line(clock: str) -> None:
    with pytest.raises(BadScenario, match=re.escape("day.txt:5: ")):
        played(f"{clock} ARM opens day 1\n")


def test_a_day_that_no_calendar_has_is_a_bad_line() -> None:
    with pytest.raises(BadScenario, match=re.escape("day.txt:4: ")):
        Player(
            parse_scenario(HEAD.replace("03-02", "02-30") + "08:00 ARM opens day 1\n", path="day.txt"), MemoryStore({})
        ).play()


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    letter = tmp_path / "day.txt"
    letter.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nowhere.txt", tmp_path, letter):
        with pytest.raises(BadScenario, match="UTF-8"):
            read_scenario(path)


# --- what reads ----------------------------------------------------------------------------------------------------


def test_every_kind_of_line_is_read() -> None:
    text = HEAD + (
        "08:00 ARM opens day 1   # a remark\n"
        "08:00:30 AD1 opens day 1 -> admitted\n"
        "restart\n"
        "08:01 ARM sheet P1 with AD1, spoken:\n"
        "    clears Colt-1: bore clear\n"
        "    loads Colt-1: chamber 1 -> finding V02, V13\n"
        "08:02 expect Colt-1: TREAT AS LOADED (V02, V13)\n"
    )
    first, second, restart, sheet, expect = parse_scenario(text, path="day.txt").steps
    assert first == Line(number=5, at="2026-03-02T08:00:00Z", who="ARM", phrases=("opens day 1",), wanted=None)
    assert isinstance(second, Line)
    assert (second.at, second.wanted) == ("2026-03-02T08:00:30Z", Wanted(verdict="admitted", rules=()))
    assert restart == Restart(number=7)
    assert isinstance(sheet, Line)
    assert sheet.phrases == ("begins sheet P1 with AD1, spoken", "clears Colt-1: bore clear", "loads Colt-1: chamber 1")
    assert sheet.wanted == Wanted(verdict="", rules=("V02", "V13"))
    assert expect == Expect(
        number=11, at="2026-03-02T08:02:00Z", gun="Colt-1", words="TREAT AS LOADED", codes=("V02", "V13")
    )


@pytest.mark.parametrize(
    ("line", "is_met"),
    [
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY", True),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> admitted", True),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> admitted K10", True),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> finding K10", True),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> refused", False),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> granted", False),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> admitted K4", False),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> admitted K4, K10", False),
        ("08:01 AD1 acknowledges Colt-1: COLD-EMPTY -> finding K4", False),
        ('08:01 AD1 lifts stop 3: "done"', False),
        ('08:01 AD1 lifts stop 3: "done" -> refused LIFT', True),
        ('08:01 AD1 lifts stop 3: "done" -> refused LIFT, K5', False),
        ("08:01 expect Colt-1: TREAT AS LOADED", True),
        ("08:01 expect Colt-1: TREAT AS LOADED (NOT_PROVEN)", True),
        ("08:01 expect Colt-1: TREAT AS LOADED (V04)", False),
        ("08:01 expect Colt-1: PROVEN EMPTY", False),
    ],
)
def test_an_expectation_can_be_met_and_missed(line: str, is_met: bool) -> None:  # noqa: FBT001  # a row of a table
    assert played(f"{GUN}{line}\n").results[-1].met == is_met


# --- one file, one root --------------------------------------------------------------------------------------------


def test_the_same_file_gives_the_same_log() -> None:
    first, second = MemoryStore({}), MemoryStore({})
    for store in (first, second):
        assert all(line.met for line in Player(read_scenario(REHEARSAL), store).play())
    assert list(first.entries()) == list(second.entries())
    assert first.checkpoint() == second.checkpoint()


def test_a_remark_in_the_file_changes_nothing_and_a_word_everything() -> None:
    text = REHEARSAL.read_text(encoding="utf-8")
    roots = []
    for changed in (text, "# a remark\n\n" + text, text.replace("Mini", "Mino")):
        player = Player(parse_scenario(changed, path="day.txt"), MemoryStore({}))
        player.play()
        roots.append(player.hub.root)
    assert roots[0] == roots[1] != roots[2]


def test_the_root_is_the_one_written_down() -> None:
    """When this fails although nothing was to change, the format has moved; else run tests/golden/make_roots.py."""
    for name, root in json.loads((GOLDEN / "roots.json").read_text(encoding="utf-8")).items():
        player = Player(read_scenario(REPO / "tests" / "scenarios" / name), MemoryStore({}))
        player.play()
        assert player.hub.root.hex() == root, name
