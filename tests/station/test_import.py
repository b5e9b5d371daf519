"""Packing lists: what a list claims is staged with every doubt, nothing of it reaches a record, and bad files are one sentence."""

import json
import sys
from pathlib import Path

import pytest

from coldcheck.custody.picture import Picture
from coldcheck.station import cli
from coldcheck.station.ledger_files import picture_of, play_into
from coldcheck.station.packing_list import BadList, StagedRow, read_list, scenario_lines, staged_of
from coldcheck.station.scenario import parse_scenario
from tracked import REPO

MOONRISE = REPO / "tests/fixtures/packing/moonrise.csv"
HEAD = 'production "Paper Moonrise" hub paper.set\nperson ARM "Ines Calder" as armorer\n\nday 2026-05-04\n'
HERE = "07:00 ARM registers gun Colt-9 word Magpie serial SN-4001 single_action .45 W3 with 6 chambers and 1 bores\n"


def staged(tmp_path: Path, text: str, picture: Picture | None = None, **read: str) -> tuple[StagedRow, ...]:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode())
    serials = {int(line.removeprefix("line")): serial for line, serial in read.items()}
    return staged_of(read_list(path), picture or Picture(), read=serials)


def codes(row: StagedRow) -> set[str]:
    return {doubt.code for doubt in row.doubts}


def played(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "day.ledger"
    player = play_into(path, parse_scenario(HEAD + text, path="day"))
    assert all(result.met for result in player.results), player.results
    player.hub.store.close()
    return path


def test_a_list_of_a_rental_house_is_read_whatever_its_headers_are_called() -> None:
    paper = read_list(MOONRISE)
    rows = staged_of(paper, Picture(), read={})
    assert [row.thing for row in rows] == ["gun", "gun", "gun", "lot", "container"]
    assert [row.label for row in rows] == ["Colt-1", "Colt-2", "Rifle-1", "D-117", "Tray-1"]
    assert paper.unread == ("Insured for",)
    assert rows[0].claims["maker"] == "Larkspur Arms"


def test_no_gun_may_be_signed_before_somebody_has_read_its_serial_from_the_metal(tmp_path: Path) -> None:
    row = "label,serial,action,calibre,chambers\nColt-1,SN-4001,single action,.45,6\n"
    (waiting,) = staged(tmp_path, row)
    assert waiting.phrase == ""
    assert waiting.waits_for == ("the serial, read from the metal",)
    (read,) = staged(tmp_path, row, line2="SN-4007")
    assert "serial SN-4007" in read.phrase
    assert "SN-4001" not in read.phrase
    assert "differs" in codes(read)


def test_what_a_person_may_sign_can_be_played_and_says_what_the_list_says(tmp_path: Path) -> None:
    paper = read_list(MOONRISE)
    rows = staged_of(paper, Picture(), read={2: "SN-4001"})
    lines = list(scenario_lines(paper, rows, who="ARM", clock="07:00"))
    path = played(tmp_path, "\n".join(lines) + "\n")
    picture, store = picture_of(path)
    store.close()
    assert [gun.serial for gun in picture.guns.values()] == ["SN-4001"]
    assert [(lot.label, lot.count, lot.kind.value) for lot in picture.lots.values()] == [("D-117", 50, "dummy")]
    # A list delivers nothing: no receipt, no round, no proof.
    assert not picture.lots_signed_for
    assert not picture.cartridges
    assert paper.sha256 in lines[0]


def test_the_record_is_read_and_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = played(tmp_path, HERE)
    before = ledger.read_bytes()
    monkeypatch.setattr(sys, "argv", ["coldcheck", "import", str(MOONRISE), "--ledger", str(ledger), "--read", "2=SN-4001", "-o", str(tmp_path / "staged.json")])  # fmt: skip
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0
    assert ledger.read_bytes() == before
    told = json.loads((tmp_path / "staged.json").read_text())
    assert told["truth"] == "claimed"
    assert {row["source"] for row in told["rows"]} == {told["document"]["sha256"]}
    (first, *_others) = told["rows"]
    assert "the record has a gun of serial SN-4001: Colt-9" in [doubt["text"] for doubt in first["doubts"]]
    # Magpie is taken by Colt-9.
    assert "word Magpie" not in first["phrase"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Colt-1,,single action,.45,6", "serial"),
        ("Colt-1,0004001,single action,.45,6", "serial"),
        ("Colt-1,1.23E+17,single action,.45,6", "serial"),
        ("Colt-1,SN-1,wheel lock,.45,6", "action"),
        ("Colt-1,SN-1,single action,eleven bore,6", "calibre"),
        ("Colt-1,SN-1,single action,,6", "calibre"),
        ("Colt-1,SN-1,single action,.45,six", "chambers"),
        ("Colt-1,SN-1,single action,.45,6,and more", "cut"),
        ("Colt-1,SN-1,single", "cut"),
        ('Colt-1,"=HYPERLINK(""x"")",single action,.45,6', "formula"),
        ("@Colt,SN-1,single action,.45,6", "formula"),
        ("Colt 1/a,SN-1,single action,.45,6", "label"),
        ("Colt-1,SN-\x07-1,single action,.45,6", "letters"),
    ],
)
def test_every_doubt_about_a_gun_is_said_beside_its_row(tmp_path: Path, row: str, code: str) -> None:
    (found,) = staged(tmp_path, f"item,label,serial,action,calibre,chambers\ngun,{row}\n")
    assert code in codes(found), found.doubts


def test_doubles_are_said_on_both_rows_and_get_a_label_each(tmp_path: Path) -> None:
    text = "item,label,serial,action,calibre,chambers\n" + "gun,Colt-1,SN-1,single action,.45,6\n" * 2
    one, two = staged(tmp_path, text)
    assert "twice" in codes(one) & codes(two)
    assert (one.label, two.label) == ("Colt-1", "Colt-1-2")


def test_rounds_of_no_known_kind_are_unknown_and_a_named_kind_stays_the_lists_word(tmp_path: Path) -> None:
    one, two = staged(tmp_path, "lot,calibre,qty,ammo type\nD-1,.45,50,\nD-2,.45,50,dummies\n")
    assert one.phrase.endswith("50 .45 unknown")
    assert "treated as live" in one.doubts[-1].text
    assert two.phrase.endswith("50 .45 dummy")
    assert "nothing here tested it" in two.doubts[-1].text


def test_a_row_that_says_nothing_is_kept_and_waits(tmp_path: Path) -> None:
    (row,) = staged(tmp_path, "item,label,calibre\numbrella,U-1,\n")
    assert (row.thing, row.phrase, codes(row)) == ("", "", {"what"})


def test_a_cell_cannot_write_lines_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('lot,calibre,qty\n"D-1\n07:00 ARM opens day 9",.45,50\n"D-2","45\n07:01 ARM opens day 9",50\n')
    paper = read_list(path)
    lines = list(scenario_lines(paper, staged_of(paper, Picture(), read={}), who="ARM", clock="07:00"))
    played(tmp_path, "\n".join(lines) + "\n")
    assert all(line.startswith("#") or "registers lot" in line for line in lines), lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_of_any_office_are_read(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "lista.csv"
    path.write_bytes(f"Número de serie{mark}Etiqueta{mark}Marca\r\nSN-1{mark}Colt-ñ{mark}Álamo\r\n".encode(encoding))
    (row,) = read_list(path).rows
    assert (row.cells["serial"], row.cells["label"], row.cells["maker"]) == ("SN-1", "Colt-ñ", "Álamo")


def test_a_file_cut_at_any_byte_is_a_sentence_or_keeps_its_doubts(tmp_path: Path) -> None:
    content = MOONRISE.read_bytes()
    path = tmp_path / "cut.csv"
    whole = [row.cells for row in read_list(MOONRISE).rows]
    for size in range(len(content) - 1):
        path.write_bytes(content[:size])
        try:
            rows = read_list(path).rows
        except BadList as problem:
            assert "\n" not in str(problem)  # noqa: PT017  # one of the two, at every size
            continue
        changed = [row for row, other in zip(rows, whole, strict=False) if row.cells != other]
        assert all(row.doubts for row in changed), size


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"%PDF-1.7", "save it as CSV"),
        (b"serial,label\n", "no row under them"),
        (b'serial,label\n"SN-1,Colt-1\n', "cut"),
        (b"one,two\n1,2\n", "no column is read"),
        (b"serial,s/n\n1,2\n", "two columns"),
        (b"serial,label\n\x00\x00,2\n", "no text"),
        (b"serial,label\n" + b"1,2\n" * 20_001, "more than 20000 rows"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["coldcheck", "import", str(path)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert (left.value.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert words in said.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--read", "5=SN-1"), "no gun stands in this line"),
        (("--read", "2"), "no line of the list"),
        (("--read", "2=A", "--read", "2=B"), "each line once"),
        (("--scenario", "A B"), "the label of one person"),
        (("--clock", "25:00"), "a time such as 07:00"),
        (("--ledger", "none.ledger"), "none.ledger"),
    ],
)
def test_options_that_fit_nothing_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["coldcheck", "import", str(MOONRISE), *more])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert (left.value.code, len(said.err.splitlines())) == (2, 1)
    assert words in said.err
