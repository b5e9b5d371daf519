"""Printed labels: every code on the paper is read back, no word on it calls a content, and the same record is the same paper."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coldcheck.station import cli
from coldcheck.station.labels import GROUPS, SHEETS, Label, calls_content, labels_of, labels_pdf, pages_of
from coldcheck.station.ledger_files import picture_of, play_into
from coldcheck.station.live_hub import STATUS_PORT, address_for_anybody
from coldcheck.station.production import Settings
from coldcheck.station.scenario import parse_scenario
from tracked import REPO

DAY = """\
production "Paper Moonrise" hub paper.set
person ARM "Ines Calder" as armorer

day 2026-05-04
07:00 ARM registers place Street as set
07:00 ARM registers place Strongroom as store
07:01 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
07:01 ARM registers gun Colt-2 word Juniper serial SN-2 single_action .45 W3 with 6 chambers and 1 bores
07:02 ARM registers tray Tray-1 with 12 cells
07:02 ARM registers box Live-Bin
07:02 ARM registers belt Belt-1 with 24 cells
07:02 ARM registers magazine Mag-1 with 7 cells
07:02 ARM registers pocket Pocket-1
07:03 ARM sees Colt-2 leave, returned_to_owner
"""
VENDOR = REPO / "src/coldcheck/station/web/static/vendor/zxing"
ADDRESS = "http://paper.set"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labels") / "day.ledger"
    player = play_into(path, parse_scenario(DAY, path="day"))
    assert all(result.met for result in player.results)
    player.hub.store.close()
    return path


def all_labels(ledger: Path, *only: str) -> tuple[Label, ...]:
    picture, store = picture_of(ledger)
    store.close()
    return labels_of(picture, address=ADDRESS, only=only)


def codes_on(pdf: bytes, folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The codes of each page, by the reader that phones get from the hub: what is on the paper, not what was meant."""
    (folder / "labels.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-gray", "-r", "150", folder / "labels.pdf", folder / "page"], check=True)
    pages = sorted(folder.glob("page*.pgm"))
    done = subprocess.run(
        ["node", REPO / "tests/read_codes.mjs", VENDOR, *pages], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    yield from json.loads(done.stdout)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_code_on_the_paper_reads_back_and_stands_on_its_own_label(
    ledger: Path, tmp_path: Path, sheet: str
) -> None:
    labels = all_labels(ledger)
    first, *others = codes_on(labels_pdf(pages_of(labels, SHEETS[sheet])), tmp_path)
    paper = SHEETS[sheet]
    assert len(first) == len(labels)
    for code in first:
        column = int((code["left"] * paper.width - paper.left) // paper.across)
        row = int((code["top"] * paper.height - paper.top) // paper.down)
        assert code["text"] == labels[row * paper.columns + column].code, (row, column)
    strips = [code["text"] for page in others for code in page]
    tray, belt = (next(label.code for label in labels if label.name == name) for name in ("Tray-1", "Belt-1"))
    assert sorted(strips) == sorted([tray] * 2 + [belt] * 3)


def test_a_code_drawn_for_another_thing_is_noticed(ledger: Path, tmp_path: Path) -> None:
    labels = all_labels(ledger)
    pages = pages_of(labels, SHEETS["a4"])
    placed = pages["pages"][0]["labels"]
    placed[0]["svg"], placed[1]["svg"] = placed[1]["svg"], placed[0]["svg"]
    (first, *_others) = codes_on(labels_pdf(pages), tmp_path)
    leftmost = min(first, key=lambda code: (round(code["top"], 2), code["left"]))
    assert leftmost["text"] != labels[0].code


def test_a_code_is_an_opaque_address_in_capitals_and_calls_nothing(ledger: Path) -> None:
    for label in all_labels(ledger):
        assert re.fullmatch(r"HTTP://PAPER\.SET/G/[GCW][0-9A-HJKMNP-TV-Z]{12}", label.code), label
        assert label.code.endswith(label.thing.upper())
        assert not calls_content(f"{label.name} {label.word}")


def test_a_name_that_calls_a_content_is_left_off_the_paper(ledger: Path) -> None:
    (box,) = [label for label in all_labels(ledger) if label.kind == "box"]
    assert box.name == ""
    words = json.dumps(pages_of((box,), SHEETS["a4"]))
    assert "Live" not in words
    assert box.thing.upper() in words
    for name in ("Live-Bin", "LooseDummies", "BLANKS 2", "box of dummies", "Caja-fogueo"):
        assert calls_content(name), name
    for name in ("Silver-1", "Oliver", "Tray-1", "Box-Q", "Colt-45", "Blankenship-2"):
        assert not calls_content(name), name


def test_what_left_the_production_and_what_nobody_labels_is_not_printed(ledger: Path) -> None:
    names = [label.name for label in all_labels(ledger)]
    assert "Colt-2" not in names
    assert "Pocket-1" not in names
    assert [label.name for label in all_labels(ledger, "Colt-2")] == ["Colt-2"]


def test_only_takes_groups_names_and_spoken_names(ledger: Path) -> None:
    assert [label.kind for label in all_labels(ledger, "magazines")] == ["magazine"]
    assert {label.kind for label in all_labels(ledger, "places", "magpie")} == {"place", "gun"}
    assert {group for group in GROUPS if all_labels(ledger, group)} == set(GROUPS)


def test_the_same_record_gives_the_same_bytes_and_no_name_of_ours(ledger: Path, tmp_path: Path) -> None:
    pages = pages_of(all_labels(ledger), SHEETS["letter"])
    first = labels_pdf(pages)
    assert first == labels_pdf(pages)
    (tmp_path / "labels.pdf").write_bytes(first)
    words = subprocess.run(["pdftotext", tmp_path / "labels.pdf", "-"], capture_output=True, text=True, check=True)
    said = subprocess.run(["pdfinfo", tmp_path / "labels.pdf"], capture_output=True, text=True, check=True)
    assert "MAGPIE" in words.stdout
    assert "Tray-1" in words.stdout
    for text in (words.stdout, said.stdout.replace(str(tmp_path), "")):
        assert not re.search(r"coldcheck|\blive\b|dumm|blank", text, re.IGNORECASE), text


def test_more_labels_than_a_sheet_holds_go_on_the_next(ledger: Path) -> None:
    one = all_labels(ledger, "magpie")[0]
    pages = pages_of((one,) * 61, SHEETS["letter"])["pages"]
    assert [len(page["labels"]) for page in pages] == [30, 30, 1]
    strips = pages_of((next(label for label in all_labels(ledger) if label.cells == 24),) * 5, SHEETS["a4"])["pages"]
    assert [len(page["strips"]) for page in strips] == [0, 12, 3]


def test_everything_stands_on_the_paper() -> None:
    for sheet in SHEETS.values():
        assert sheet.left + (sheet.columns - 1) * sheet.across + sheet.label_width <= sheet.width
        assert sheet.top + (sheet.rows - 1) * sheet.down + sheet.label_height <= sheet.height


def test_a_hub_with_a_certificate_of_the_sets_own_is_read_at_its_plain_port() -> None:
    def settings(tls: str) -> Settings:
        return Settings(
            production="P", hub="hub.set", log="hub.set/x", tls=tls, port=8443, drill=False, office_key="", number="",
            where="", medic="", care="", send_to=(), photos="off",
        )  # fmt: skip

    assert address_for_anybody(settings("own")) == "https://hub.set:8443"
    assert address_for_anybody(settings("local-ca")) == f"http://hub.set:{STATUS_PORT}"
    assert address_for_anybody(settings("demo")) == "http://hub.set:8443"


# --- the command ---------------------------------------------------------------------------------------------------


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit code, output and sentence of a command, in this process."""
    monkeypatch.setattr(sys, "argv", ["coldcheck", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, said.out, said.err


def test_the_command_writes_the_paper_and_says_what_is_on_it(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.pdf"
    code, said, _ = run(monkeypatch, capsys, "labels", "--ledger", ledger, "-o", out, "--only", "containers", "--json")
    told = json.loads(said)
    assert (code, told["pages"], len(told["labels"])) == (0, 2, 3)
    assert told["without_name"] == [label["thing"].upper() for label in told["labels"] if not label["name"]]
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("more", "exit_code", "words"),
    [
        (("--sheet", "leter"), 2, 'the nearest is "letter"'),
        (("--only", "Colt-9"), 2, "nearest known label"),
        (("--address", "hub.set"), 2, "no address for a code"),
        (("--address", "http://hub_set/x?y"), 2, "no address for a code"),
        (("--out", "no/such/folder/l.pdf"), 3, "cannot be written"),
        (("PRODUCTION",), 2, "one of the two"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(
    ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    more: tuple[str, ...],
    exit_code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said, wrong = run(monkeypatch, capsys, "labels", "--ledger", ledger, *more)
    assert (code, said, len(wrong.splitlines())) == (exit_code, "", 1), wrong
    assert words in wrong


def test_a_file_that_is_there_is_never_written_over(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ledger.read_bytes()
    code, _said, wrong = run(monkeypatch, capsys, "labels", "--ledger", ledger, "-o", ledger)
    assert (code, ledger.read_bytes() == before) == (2, True)
    assert "already there" in wrong


def test_a_record_with_nothing_in_it_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bare.ledger"
    bare = "\n".join(DAY.splitlines()[:4]) + "\n07:00 ARM opens day 1\n"
    play_into(path, parse_scenario(bare, path="bare")).hub.store.close()
    code, _said, wrong = run(monkeypatch, capsys, "labels", "--ledger", path, "-o", tmp_path / "l.pdf")
    assert (code, len(wrong.splitlines())) == (2, 1)
    assert "Nothing of this kind" in wrong
