"""Registers out of the record: every row names its entries, every gap is said, and a correction never replaces a row."""

from pathlib import Path

import pytest

from coldcheck.custody.books import COLUMNS, FASTBOUND, Book, BookName, book_of, fastbound_rows
from coldcheck.custody.picture import Picture, acts_of_entry
from coldcheck.station.ledger_files import picture_of, play_into
from coldcheck.station.scenario import parse_scenario

DAY = """\
production "Paper Moonrise" hub paper.set
person ARM "Ines Calder" as armorer
person PM "Tobias Wren" as property_master
person LEAD "Nora Vance" as performer
person SUP "Petra Lind" as supplier

day 2026-05-04
07:00 ARM registers place Truck as store
07:00 ARM registers place Street as set
07:01 ARM registers gun Colt-1 word Magpie serial 004001 single_action .45 W3 with 6 chambers and 1 bores
07:01 ARM registers gun Colt-2 word Juniper serial =SN-2 single_action .45 W3 with 6 chambers and 1 bores
07:02 ARM registers case Case-1
07:02 ARM registers tray Tray-1 with 6 cells
07:03 ARM registers lot D-1: 6 .45 dummy made by Fenwick
07:03 ARM registers lot B-1: 20 .45 blank
07:04 SUP delivers D-1 in Tray-1: 6 rounds to ARM
07:05 ARM receives D-1 from SUP in Tray-1/1-6
07:06 ARM locks Colt-1 in Truck
07:07 ARM picks up Colt-1
07:08 ARM hands Colt-1 to PM
07:08 PM takes Colt-1 from ARM
07:09 PM locks Colt-1 in Truck
07:10 ARM picks up Case-1
07:10 ARM puts Colt-2 in Case-1
07:11 ARM leaves Case-1 at Street
07:12 ARM corrects entry 7: "the serial has a letter more"
07:13 ARM sees Colt-1 leave, returned_to_owner, to SUP
"""


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    path = tmp_path_factory.mktemp("books") / "day.ledger"
    player = play_into(path, parse_scenario(DAY, path="day"))
    assert all(result.met for result in player.results)
    player.hub.store.close()
    picture, store = picture_of(path)
    store.close()
    return picture


def rows(book: Book, **fits: str) -> list[dict[str, str]]:
    named = [dict(zip(book.columns, row.cells, strict=True)) for row in book.rows]
    return [row for row in named if all(row[name] == value for name, value in fits.items())]


def entry_of(picture: Picture, label: str) -> int:
    return next(gun.entry_index for gun in picture.guns.values() if gun.label == label)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_names_entries_that_are_there_and_fills_its_columns(picture: Picture, name: BookName) -> None:
    book = book_of(name, picture)
    assert book.rows
    for row in book.rows:
        assert row.entries
        assert all(acts_of_entry(picture, entry) for entry in row.entries), row
        assert len(row.cells) == len(COLUMNS[name])
    assert list(book.rows) == sorted(book.rows, key=lambda row: row.entries)


def test_the_bound_book_has_both_sides_of_a_gun_and_says_what_the_record_has_not(picture: Picture) -> None:
    book = book_of("us", picture)
    (gone,) = rows(book, serial="004001", row="acquisition")
    assert (gone["acquired_on"], gone["disposed_on"], gone["disposed_to"]) == ("2026-05-04", "2026-05-04", "SUP")
    (here,) = rows(book, serial="=SN-2", row="acquisition")
    assert (here["disposed_on"], here["disposed_to"]) == ("", "")
    (row,) = [row for row in book.rows if row.cells[4] == "=SN-2"]
    said = " ".join(row.gaps)
    for gap in ("manufacturer", "importer", "model", "acquired_address_or_licence", "acquired_from"):
        assert gap in said, gap


def test_a_correction_is_a_row_of_its_own_and_the_corrected_row_stays(tmp_path: Path, picture: Picture) -> None:
    entry = entry_of(picture, "Colt-1")
    text = DAY.replace("corrects entry 7:", f"corrects entry {entry}:")
    play_into(tmp_path / "a.ledger", parse_scenario(text, path="day")).hub.store.close()
    corrected, store = picture_of(tmp_path / "a.ledger")
    store.close()
    for name in COLUMNS:
        book = book_of(name, corrected)
        (row,) = [row for row in book.rows if row.cells[0] == "correction"]
        assert row.entries[1] == entry
        assert [other for other in book.rows if other.cells[0] != "correction" and entry in other.entries]


def test_a_gun_has_each_holder_and_period_and_each_time_out_of_its_vault(picture: Picture) -> None:
    book = book_of("au", picture)
    held = rows(book, serial="004001", row="held")
    assert [row["where"] for row in held] == ["not recorded", "vault: Truck", "ARM", "PM", "vault: Truck"]
    # No hole and no overlap: where one ends the next begins.
    assert [row["to_at"] for row in held[:-1]] == [row["from_at"] for row in held[1:]]
    out = rows(book, serial="004001", row="out_of_vault")
    assert [(row["from_at"][11:16], row["to_at"][11:16]) for row in out] == [("07:01", "07:06"), ("07:07", "07:09")]


def test_who_has_the_case_has_the_gun_in_it(picture: Picture) -> None:
    book = book_of("au", picture)
    held = rows(book, serial="=SN-2", row="held")
    assert [row["where"] for row in held] == ["not recorded", "ARM", "put down: Street"]
    assert held[-1]["to_at"] == ""
    (last,) = [row for row in book.rows if "put down: Street" in row.cells]
    assert last.gaps == ("in nobody's hand",)


def test_ammunition_names_its_receipt_and_a_lot_nobody_received_is_a_gap(picture: Picture) -> None:
    book = book_of("uk", picture)
    (received,) = rows(book, item="D-1")
    assert (received["row"], received["count"], received["other_side"]) == ("accepted", "6", "SUP")
    assert received["made_by"] == "Fenwick"
    (row,) = [row for row in book.rows if row.cells[1] == "D-1"]
    assert len(row.entries) == 2
    assert not [gap for gap in row.gaps if gap.startswith("made_by")]
    (blank,) = [row for row in book.rows if row.cells[1] == "B-1"]
    assert "no receipt" in blank.gaps[0]
    assert "made_by: nobody said who made them" in blank.gaps
    assert rows(book, item="B-1")[0]["counts_as_ammunition"] == "no, if its label is right: blank"
    # A label is a claim: everything else counts.
    assert received["counts_as_ammunition"] == "treated as yes"


def test_the_program_gets_what_is_known_under_its_own_names_and_the_rest_empty(picture: Picture) -> None:
    found = [dict(zip(FASTBOUND, row, strict=True)) for row in fastbound_rows(book_of("us", picture))]
    assert [row["Serial"] for row in found] == ["004001", "=SN-2"]
    assert found[0]["Dispose_Date"] == "2026-05-04"
    assert {row["Manufacturer"] + row["Model"] + row["Acquire_Address1"] for row in found} == {""}


def test_no_register_has_a_figure_of_a_person(picture: Picture) -> None:
    people = {person.label for person in picture.persons.values()}
    for name in COLUMNS:
        book = book_of(name, picture)
        for row in rows(book):
            if people & set(row.values()):
                assert row.get("count", "") in {"", "1", "6"}, "the count of the things of the row, and of nothing else"
        assert not {"total", "hours", "times"} & set(book.columns)


def test_a_gun_that_only_a_report_registered_says_so(tmp_path: Path) -> None:
    text = DAY.split("day 2026", maxsplit=1)[0].replace("performer\n", 'performer\nperson COMP "Ada Fenn" as compiler\n') + (
        "day 2026-05-04\n07:00 COMP reports E01 from S1 (statement) at 2026: someone registers gun Colt-9 word Magpie"
        " serial X-1 single_action .45 W3 with 6 chambers and 1 bores\n"
    )  # fmt: skip
    play_into(tmp_path / "b.ledger", parse_scenario(text, path="day")).hub.store.close()
    told, store = picture_of(tmp_path / "b.ledger")
    store.close()
    (row,) = [row for row in book_of("us", told).rows if row.cells[4] == "X-1"]
    assert row.cells[7] == ""
    assert "registered by a report" in " ".join(row.gaps)
