"""The command `import`: a packing list into staging, beside the record and never in it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from coldcheck.station.packing_list import PackingList, StagedRow


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--production", type=click.Path(path_type=Path), help="A production's folder, to see what it has already."
)
@click.option(
    "--ledger", "-l", type=click.Path(path_type=Path), help="A ledger file, instead of a production's folder."
)
@click.option("--read", "read", multiple=True, metavar="LINE=SERIAL", help="The serial a person read from the metal.")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Write the staged rows to this new file, as JSON.")
@click.option("--scenario", "who", default="", metavar="WHO", help="Print lines of a set day that WHO may sign.")
@click.option("--clock", default="07:00", show_default=True, help="When the first of those lines is, HH:MM.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: Path, production: Path | None, ledger: Path | None, read: tuple[str, ...], out: Path | None,
    who: str, clock: str, as_json: bool,
) -> None:  # flags of the command line  # fmt: skip
    """Read a packing list (CSV) of guns, lots and containers: what would be registered, with every doubt."""
    from coldcheck.custody.picture import Picture
    from coldcheck.station.packing_list import BadList, read_list, scenario_lines, staged_of
    from coldcheck.station.paper_files import record_at, write_new

    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock) or not re.fullmatch(r"([^\W_][\w.'&-]*)?", who):
        raise BadList(
            "--clock is a time such as 07:00, and --scenario the label of one person such as ARM; write both so."
        )
    paper = read_list(file)
    beside = production is not None or ledger is not None
    picture = record_at(production, ledger).picture if beside else Picture()
    rows = staged_of(paper, picture, read=_read_serials(read))
    told = _plain(paper, rows, entries=picture.size if beside else None)
    if out is not None:
        write_new(out, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif who:
        for line in scenario_lines(paper, rows, who=who, clock=clock):
            click.echo(line)
    else:
        _print(paper, rows, beside=beside)


def _read_serials(read: tuple[str, ...]) -> dict[int, str]:
    from coldcheck.station.packing_list import BadList

    out: dict[int, str] = {}
    for one in read:
        line, _, serial = one.partition("=")
        if not line.isdecimal() or not serial.strip() or int(line) in out:
            raise BadList(f"--read {one!r} is no line of the list and a serial, such as 2=SN-4001; each line once.")
        out[int(line)] = serial.strip()
    return out


def _plain(paper: "PackingList", rows: "tuple[StagedRow, ...]", *, entries: int | None) -> dict[str, Any]:
    return {
        "document": {
            "name": paper.name, "sha256": paper.sha256, "size_bytes": paper.size_bytes, "encoding": paper.encoding,
            "unread_columns": list(paper.unread),
        },
        "beside_entries": entries,
        "truth": "claimed",
        "rows": [
            {
                "line": row.line, "thing": row.thing, "label": row.label, "claims": dict(row.claims), "phrase": row.phrase,
                "waits_for": list(row.waits_for), "doubts": [{"code": one.code, "text": one.text} for one in row.doubts],
                "source": paper.sha256,
            }
            for row in rows
        ],
    }  # fmt: skip


def _print(paper: "PackingList", rows: "tuple[StagedRow, ...]", *, beside: bool) -> None:
    waiting = sum(1 for row in rows if not row.phrase)
    click.echo(f"{paper.name}: {len(rows)} rows, claims of a list (sha256 {paper.sha256}); nothing is in any record.")
    if not beside:
        click.echo("Not held against a record: name one with --production or --ledger.")
    if paper.encoding == "windows-1252":
        click.echo("Its letters were read as Windows-1252: look at names with accents.")
    if paper.unread:
        click.echo(f"Columns that say nothing here: {', '.join(paper.unread)}.")
    for row in rows:
        click.echo(
            f"line {row.line}: {row.phrase or (row.label or 'a row') + ' waits for ' + ', '.join(row.waits_for)}"
        )
        for doubt in row.doubts:
            click.echo(f"    {doubt.text}")
    click.echo(f"{len(rows) - waiting} may be signed by whoever has the thing before him, {waiting} wait.")
