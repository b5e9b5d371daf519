"""The day on paper as commands: `day`, `wrap` and `strip`, in words and JSON, and what cannot be used in one sentence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coldcheck.station.cli import coldcheck, exit_code_of
from coldcheck.station.ledger_files import play_into
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.store_sqlite import read_ledger

DAYS = Path(__file__).parents[1] / "scenarios"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("day") / "dropped.ledger"
    play_into(path, read_scenario(DAYS / "ordinary/dropped_gun.txt")).hub.store.close()
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(coldcheck, [str(argument) for argument in arguments])


def test_day_prints_the_plan_against_the_record_and_that_the_rules_are_a_draft(ledger: Path) -> None:
    done = run("day", "--ledger", ledger)
    assert done.exit_code == 0
    assert "0 gaps: every act the plans ask for is there" in done.output
    assert "draft rules, not reviewed by counsel" in done.output
    told = json.loads(run("day", "--ledger", ledger, "--json").output)
    assert [scene["scene"] for scene in told["scenes"]] == ["S3", "S4"]


def test_wrap_names_what_is_still_here_and_that_is_no_failure(ledger: Path) -> None:
    done = run("wrap", "--ledger", ledger)
    assert done.exit_code == 0
    assert "2 still here: the wrap is not over." in done.output
    assert json.loads(run("wrap", "--ledger", ledger, "--json").output)["left"] == 2


def test_strip_prints_the_rows_and_writes_the_picture(ledger: Path, tmp_path: Path) -> None:
    picture = tmp_path / "magpie.svg"
    done = run("strip", "Magpie", "--ledger", ledger, "--svg", picture)
    assert done.exit_code == 0
    assert "What the record said" in done.output
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    told = json.loads(run("strip", "Colt-1", "--ledger", ledger, "--json").output)
    assert {"said", "custody", "sight", "proofs", "calls", "voids", "takes", "headline"} <= set(told)


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("day", "--on", "2001-01-01"), "The record says nothing of 2001-01-01", 2),
        (("strip", "Colt-1", "--on", "yesterday"), "The record says nothing of Colt-1 on yesterday", 2),
        (("strip", "Colt-9"), "nearest known label", 2),
        (("strip", "Colt-1", "--svg", "/nowhere/at/all.svg"), "cannot be written", 3),
    ],
)
def test_what_cannot_be_used_is_one_sentence(ledger: Path, arguments: tuple[str, ...], words: str, code: int) -> None:
    done = run(*arguments, "--ledger", ledger)
    assert done.exception is not None
    assert words in str(done.exception)
    assert exit_code_of(done.exception) == code  # type: ignore[arg-type]  # an exception of ours


def test_a_day_before_the_last_is_read_as_it_stood_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "two.ledger"
    play_into(path, read_scenario(DAYS / "rules_us_ca.txt")).hub.store.close()
    first, last = (json.loads(run("day", "-l", path, "--json", *on).output) for on in (("--on", "2026-03-02"), ()))
    assert (first["on"], last["on"]) == ("2026-03-02", "2026-03-03")
    assert ["not_closed", ""] in last["gaps"]
    assert ["not_closed", ""] not in first["gaps"]


def test_tracing_a_find_names_the_two_inspections_before_it(tmp_path: Path) -> None:
    path = tmp_path / "blind.ledger"
    play_into(path, read_scenario(DAYS / "honest/ticked_blind.txt")).hub.store.close()
    done = run("trace", "Tray-1/4", "-l", path)
    assert done.exit_code == 0
    assert "cannot be right, unless it came there unrecorded" in done.output
    assert "cannot be right" not in run("trace", "Tray-1/5", "-l", path).output


def test_the_minute_line_prints_each_time_with_its_bound(tmp_path: Path) -> None:
    text = (DAYS / "one_rehearsal.txt").read_text(encoding="utf-8")
    first = "08:05 ARM opens day 1\n"
    compared = "08:05 AD1 compares clocks: camera reads 2026-03-02T09:00:05.5Z, within 500 ms\n"
    ledger = tmp_path / "day.ledger"
    play_into(ledger, parse_scenario(text.replace(first, first + compared), path="x")).hub.store.close()
    store = read_ledger(ledger)
    entry = next(index for index, data in enumerate(store.entries()) if b'"clock_compared"' in data)
    store.close()
    told = json.loads(run("minutes", str(entry + 1), "-l", ledger, "--json").output)
    (row,) = [row for row in told["line"] if row["entry_index"] == entry]
    assert (row["reckoned_at"], row["comparison"]["clock"]) == ("2026-03-02T09:00:05.500Z", "camera")
    assert row["bound_ms"] == 4_500
    printed = run("minutes", str(entry), "-l", ledger).output
    assert f"> #{entry} hub " in printed
    assert "right to 4.5 s" in printed
    assert "no decision reads a clock" in printed
    assert run("minutes", "100000", "-l", ledger).exit_code != 0
