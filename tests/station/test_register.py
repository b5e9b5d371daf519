"""Registers on paper: what a spreadsheet must not run or round, and every bad use as one sentence."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from coldcheck.station import cli
from coldcheck.station.ledger_files import play_into
from coldcheck.station.scenario import parse_scenario

DAY = """\
production "Paper Moonrise" hub paper.set
person ARM "Ines Calder" as armorer

day 2026-05-04
07:01 ARM registers gun Colt-1 word Magpie serial 004001 single_action .45 W3 with 6 chambers and 1 bores
07:01 ARM registers gun Colt-2 word Juniper serial =1+1 single_action .45 W3 with 6 chambers and 1 bores
07:01 ARM registers gun Colt-3 word Canyon serial 12E9 single_action @home W3 with 6 chambers and 1 bores
07:02 ARM brings in Colt-1 from -lender
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "day.ledger"
    player = play_into(path, parse_scenario(DAY, path="day"))
    assert all(result.met for result in player.results)
    player.hub.store.close()
    return path


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit code, output and sentence of a command, in this process."""
    monkeypatch.setattr(sys, "argv", ["coldcheck", "register", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, said.out, said.err


def test_a_spreadsheet_runs_no_cell_and_rounds_no_serial(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("us", "au", "uk"):
        code, said, _ = run(monkeypatch, capsys, name, "--ledger", ledger)
        assert code == 0
        head, *rows = csv.reader(io.StringIO(said))
        serials = {row[head.index("serial")] for row in rows}
        assert serials == {"'004001", "'=1+1", "'12E9"}
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert all(row[head.index("entries")].startswith("#") for row in rows)


def test_json_has_the_bare_words_and_names_the_log(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _code, said, _ = run(monkeypatch, capsys, "us", "--ledger", ledger, "--json")
    told = json.loads(said)
    assert told["log"].startswith("paper.set/")
    assert [row["serial"] for row in told["rows"]] == ["004001", "=1+1", "12E9"]
    assert told["rows"][0]["acquired_from"] == "-lender"
    assert all(row["entries"] and row["gaps"] for row in told["rows"])


def test_files_are_written_once_and_the_record_stays(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ledger.read_bytes()
    book, other = tmp_path / "book.csv", tmp_path / "fastbound.csv"
    code, said, _ = run(monkeypatch, capsys, "us", "--ledger", ledger, "--csv", book, "--fastbound", other)
    assert code == 0
    assert "replaces no licensee's book" in said
    assert other.read_text().splitlines()[0].startswith("Manufacturer,Model,Serial,Caliber,Type,AcquisitionType")
    # A program reads this one, and its serials are bare; only what a spreadsheet would run is behind a quote.
    assert [row["Serial"] for row in csv.DictReader(io.StringIO(other.read_text()))] == ["004001", "'=1+1", "12E9"]
    code, _said, wrong = run(monkeypatch, capsys, "us", "--ledger", ledger, "--csv", book)
    assert (code, "already there" in wrong) == (2, True)
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("nz",), 2, "there are us, au and uk"),
        (("uk", "--fastbound", "f.csv"), 2, "a form of the bound book"),
        (("us", "--csv", "no/such/folder/a.csv"), 3, "cannot be written"),
        (("us", "SET"), 2, "one of the two"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    exit_code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, wrong = run(monkeypatch, capsys, *words, "--ledger", ledger)
    assert (code, out, len(wrong.splitlines())) == (exit_code, "", 1), wrong
    assert said in wrong
