"""The command `register`: registers out of a record, as CSV and JSON. It reads and changes nothing."""

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

if TYPE_CHECKING:
    from coldcheck.custody.books import Book, BookName

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_LIKE: Final = re.compile(r"[0-9][0-9.,]*([eE][+-]?[0-9]+)?")


@click.command()
@click.argument("name", metavar="us|au|uk")
@click.argument("production", type=click.Path(path_type=Path), required=False)
@click.option(
    "--ledger", "-l", type=click.Path(path_type=Path), help="A ledger file, instead of a production's folder."
)
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write the register to this new file, as CSV.")
@click.option(
    "--fastbound", type=click.Path(path_type=Path), help="us: write a CSV that FastBound imports to this new file."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def register(
    name: str,
    production: Path | None,
    ledger: Path | None,
    csv_file: Path | None,
    fastbound: Path | None,
    as_json: bool,
) -> None:  # flags of the command line
    """A register out of the record: us (bound book), au (guns, holders, periods), uk (guns and ammunition)."""
    from coldcheck.custody.books import COLUMNS, FASTBOUND, book_of, fastbound_rows
    from coldcheck.custody.phrases import nearest
    from coldcheck.station.paper_files import WhichRecord, record_at, write_new

    if name not in COLUMNS:
        raise WhichRecord(
            f"{name!r} is no register; the nearest is {nearest(name, COLUMNS)}, and there are us, au and uk."
        )
    if fastbound is not None and name != "us":
        raise WhichRecord("--fastbound is a form of the bound book; ask for register us with it.")
    record = record_at(production, ledger)
    book = book_of(cast("BookName", name), record.picture)
    if csv_file is not None:
        write_new(csv_file, as_csv(book).encode())
    if fastbound is not None:
        write_new(fastbound, _table(FASTBOUND, (map(_guarded, row) for row in fastbound_rows(book))).encode())
    if as_json:
        click.echo(json.dumps(plain_book(book, log=record.log), indent=2, ensure_ascii=False))
    elif csv_file is None and fastbound is None:
        click.echo(as_csv(book), nl=False)
    else:
        written = ", ".join(str(path) for path in (csv_file, fastbound) if path is not None)
        gaps = sum(len(row.gaps) for row in book.rows)
        click.echo(f"{written}: {len(book.rows)} rows as of entry {book.entry_count - 1}, {gaps} gaps named in them.")
        click.echo("An extract of the record; it replaces no licensee's book and was not reviewed by counsel.")


def plain_book(book: "Book", *, log: str) -> dict[str, Any]:
    """A register for other programs: one object a row, and the log and entry it was taken at."""
    rows = [
        {**dict(zip(book.columns, row.cells, strict=True)), "entries": list(row.entries), "gaps": list(row.gaps)}
        for row in book.rows
    ]
    return {"register": book.name, "log": log, "entries": book.entry_count, "columns": list(book.columns), "rows": rows}


def as_csv(book: "Book") -> str:
    """A register as CSV: dates ISO, entries as #n, no cell that a spreadsheet would run, and serials that stay text."""
    serial = book.columns.index("serial")
    return _table(
        (*book.columns, "entries", "gaps"),
        (
            (
                *(_as_text(cell) if number == serial else _guarded(cell) for number, cell in enumerate(row.cells)),
                " ".join(f"#{entry}" for entry in row.entries),
                "; ".join(row.gaps),
            )
            for row in book.rows
        ),
    )


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def _guarded(cell: str) -> str:
    """The cell; behind a quote where a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_text(cell: str) -> str:
    """A serial; behind a quote too where a spreadsheet would take it for a number and drop its zeros."""
    return f"'{cell}" if _NUMBER_LIKE.fullmatch(cell) else _guarded(cell)
