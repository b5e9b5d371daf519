"""The commands as people use them: words and JSON, and one sentence with an exit code for whatever cannot be used."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from coldcheck.custody.answers import questions
from coldcheck.station.cli import GROUPS, VERBS

SCENARIO = Path(__file__).parent.parent / "scenarios" / "one_rehearsal.txt"


def run(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, as a shell would run it."""
    command = [sys.executable, "-m", "coldcheck.station.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # our own command


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the one rehearsal, made by the command itself."""
    path = tmp_path_factory.mktemp("cli") / "day.ledger"
    done = run("play", SCENARIO, "--ledger", path)
    assert done.returncode == 0, done.stderr
    return path


def one_sentence(done: subprocess.CompletedProcess[str], *, code: int) -> str:
    """The one sentence on standard error; a traceback or a second line fails."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_play_prints_entries_calls_and_root_as_json(tmp_path: Path) -> None:
    done = run("play", SCENARIO, "--ledger", tmp_path / "a.ledger", "--json")
    told = json.loads(done.stdout)
    assert told["calls_granted"] == 1
    assert told["calls_refused"] == 0
    assert told["stops"] == 0
    assert {"line", "act", "verdict", "rules"} <= set(told["verdicts"][0])
    assert told["entries"] > 30


def test_the_same_file_gives_the_same_root(tmp_path: Path) -> None:
    first = json.loads(run("play", SCENARIO, "--ledger", tmp_path / "a.ledger", "--json").stdout)
    second = json.loads(run("play", SCENARIO, "--ledger", tmp_path / "b.ledger", "--json").stdout)
    assert first["root"] == second["root"]


def test_a_verdict_other_than_the_one_written_ends_with_1_and_names_the_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(SCENARIO.read_text().replace("-> granted", "-> refused K4"))
    done = run("play", wrong, "--ledger", tmp_path / "a.ledger")
    assert done.returncode == 1
    number = next(n for n, line in enumerate(wrong.read_text().splitlines(), 1) if "refused K4" in line)
    assert f"wrong.txt:{number}" in done.stdout


def test_status_says_the_words_of_the_card_and_the_entry_it_is_as_of(ledger: Path) -> None:
    done = run("status", "Colt-1", "--ledger", ledger)
    assert "TREAT AS LOADED" in done.stdout
    assert "put down unattended" in done.stdout
    assert "as of entry" in done.stdout


def test_status_knows_a_gun_by_its_word_name_too(ledger: Path) -> None:
    assert run("status", "magpie", "--ledger", ledger).stdout == run("status", "Colt-1", "--ledger", ledger).stdout


def test_status_as_json_has_the_fields_others_rely_on(ledger: Path) -> None:
    told = json.loads(run("status", "Colt-1", "--ledger", ledger, "--json").stdout)
    assert {"gun", "words", "kind", "since_entry", "reasons", "positions"} <= set(told)
    assert [view["position"] for view in told["positions"]] == ["1", "2", "3", "4", "5", "6", "bore"]
    assert told["reasons"][0]["code"] == "V04"


def test_status_without_a_gun_has_a_line_for_every_gun(ledger: Path) -> None:
    lines = run("status", "--ledger", ledger).stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["Magpie Colt-1"]
    assert lines[0] == run("status", "Colt-1", "--ledger", ledger).stdout.splitlines()[0]
    told = json.loads(run("status", "--ledger", ledger, "--json").stdout)
    assert told == [json.loads(run("status", "Colt-1", "--ledger", ledger, "--json").stdout)]


def test_the_command_says_its_version() -> None:
    assert run("--version").stdout.startswith("coldcheck, version 0.")


@pytest.mark.parametrize("question", questions())
def test_ask_answers_every_question_of_its_list(ledger: Path, question: str) -> None:
    told = json.loads(run("ask", question, "--ledger", ledger, "--json").stdout)
    assert told["question"] == question
    assert told["answer"] in {"recorded", "disputed", "not_recorded", "outside"}
    assert all(story["likelihood"] is None for story in told["hypotheses"])


def test_ask_reads_a_question_without_regard_to_case_and_question_mark(ledger: Path) -> None:
    done = run("ask", "Where did the LIVE round come from", "--ledger", ledger, "--json")
    assert json.loads(done.stdout)["question"] == "where did the live round come from?"


def test_ask_prints_its_list_for_anything_else_and_never_guesses(ledger: Path) -> None:
    done = run("ask", "who did it?", "--ledger", ledger)
    assert done.returncode == 2
    assert all(question in done.stderr for question in questions())
    assert done.stdout == ""


def test_trace_of_a_received_round_ends_at_the_receipt_both_sides_signed(ledger: Path) -> None:
    told = json.loads(run("trace", "Tray-1/7", "--ledger", ledger, "--json").stdout)
    item = told["items"][0]
    assert item["ends_at"] == "receipt"
    assert item["gap"] is None
    assert len(item["receipt"]) == 2


def test_recall_has_four_rings_and_access_names_the_holders(ledger: Path) -> None:
    rings = json.loads(run("recall", "Lot-1", "--ledger", ledger, "--json").stdout)["rings"]
    assert set(rings) == {"lot", "together", "closure", "closure_no_barriers"}
    reach = json.loads(run("access", "Tray-1", "--ledger", ledger, "--json").stdout)
    # Who delivered in it had his hands on it too.
    assert {person["label"] for person in reach["people"]} == {"ARM", "AD1", "SUP"}
    assert "unattended" in reach


def test_no_output_of_any_command_says_the_banned_word(ledger: Path) -> None:
    outputs = [run(verb, "--help").stdout for verb in VERBS if verb not in {"bench", "prove"}]
    outputs += [run("ask", "--all", "--ledger", ledger).stdout, run("status", "Colt-1", "--ledger", ledger).stdout]
    for text in outputs:
        assert "safe" not in text.lower().replace("safety advisor", "").replace("safety_advisor", "")


def test_help_lists_at_least_the_eight_verbs_and_the_laboratory_last() -> None:
    text = run("--help").stdout
    places = [text.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)
    assert text.index("laboratory") < text.index("\n  bench ")


def test_the_first_screen_shows_eight_verbs_and_the_last_group_is_the_laboratory() -> None:
    screen = run("--help").stdout.splitlines()[:24]
    begin = screen.index("Begin here:")
    shown = [line.split()[0] for line in screen[begin + 1 : screen.index("", begin)]]
    assert shown == ["demo", "init", "hub", "doctor", "status", "ask", "verify", "pack"]
    assert list(GROUPS)[-1] == "The laboratory"
    assert list(GROUPS["The laboratory"]) == ["sim", "bench", "prove", "soak"]
    assert len(VERBS) == sum(len(group) for group in GROUPS.values()), "a verb stands in two groups"


def test_every_verb_has_one_line_of_help() -> None:
    lines = run("--help").stdout.splitlines()
    assert sum(line.startswith("  ") and line.split()[0] in VERBS for line in lines) == len(VERBS)
    assert not any(line.startswith("     ") for line in lines), "a verb's words go over the line"


# --- bad input -----------------------------------------------------------------------------------------------------


def test_an_unknown_command_is_answered_with_the_nearest_one() -> None:
    done = run("statsu")
    assert done.returncode == 2
    assert '"statsu" is no command; the nearest is "status"' in done.stderr


def test_an_unknown_gun_is_one_sentence_with_the_nearest_label(ledger: Path) -> None:
    said = one_sentence(run("status", "Colt-7", "--ledger", ledger), code=2)
    assert '"Colt-7"' in said
    assert '"Colt-1"' in said


@pytest.mark.parametrize("content", [b"", b"not a ledger at all", b"SQLite format 3\x00" + bytes(84)])
def test_a_file_that_is_no_ledger_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.ledger"
    path.write_bytes(content)
    one_sentence(run("status", "Colt-1", "--ledger", path), code=2)
    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE songs (name TEXT)")
    database.close()
    assert "no ledger" in one_sentence(run("ask", "who handed the gun over?", "--ledger", path), code=2)


def test_a_missing_file_a_folder_and_a_cut_file_are_one_sentence_each(tmp_path: Path, ledger: Path) -> None:
    one_sentence(run("status", "Colt-1", "--ledger", tmp_path / "none.ledger"), code=2)
    one_sentence(run("status", "Colt-1", "--ledger", tmp_path), code=2)
    cut = tmp_path / "cut.ledger"
    cut.write_bytes(ledger.read_bytes()[: -len(ledger.read_bytes()) // 2])
    assert "cut" in one_sentence(run("status", "Colt-1", "--ledger", cut), code=2)


def test_play_never_writes_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.ledger"
    path.write_text("mine")
    one_sentence(run("play", SCENARIO, "--ledger", path), code=2)
    assert path.read_text() == "mine"


def test_a_malformed_line_gives_file_line_what_was_expected_and_the_nearest_word(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text(SCENARIO.read_text() + "08:30 ARM hads Colt-1 to LEAD\n")
    said = one_sentence(run("play", bad, "--ledger", tmp_path / "a.ledger"), code=2)
    assert f"bad.txt:{len(bad.read_text().splitlines())}" in said
    assert "hands" in said


def test_a_folder_that_cannot_be_written_is_one_sentence_and_exit_3(tmp_path: Path) -> None:
    said = one_sentence(run("play", SCENARIO, "--ledger", tmp_path / "no" / "such" / "a.ledger"), code=3)
    assert "cannot be made" in said


def test_a_full_disk_is_one_sentence_and_exit_3(tmp_path: Path) -> None:
    command = (
        f"ulimit -f 64; exec {sys.executable} -m coldcheck.station.cli play {SCENARIO} --ledger {tmp_path / 'a.ledger'}"
    )
    done = subprocess.run(  # a shell is what sets the limit
        [shutil.which("bash") or "/bin/bash", "-c", f"trap '' XFSZ; {command}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    said = one_sentence(done, code=3)
    assert "disk" in said or "written" in said


def test_unknown_options_and_verbs_end_with_2_and_no_traceback() -> None:
    for arguments in (("nosuch",), ("status",), ("status", "Colt-1", "--nosuch")):
        done = run(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence_and_exit_3_before_anything_is_played() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = one_sentence(run("demo", "--port", taken.getsockname()[1]), code=3)
    assert "port" in said.lower()


def test_demo_never_writes_into_a_folder_that_is_there(tmp_path: Path) -> None:
    assert "already there" in one_sentence(run("demo", "--no-serve", "--folder", tmp_path), code=2)


def test_demo_prints_every_question_in_two_columns_and_what_no_record_can_answer() -> None:
    done = run("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "The incident, from public" in words
    assert "The invented day, with the" in words
    assert "disputed: the accounts" in words
    assert "Find-1: back to the receipt" in words
    assert "R-1: gap between the" in words
    assert "What no record can answer" in words
