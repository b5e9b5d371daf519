"""The command `labels`: what a record names, as sheets of labels to print. It reads and changes nothing."""

import json
from hashlib import sha256
from pathlib import Path

import click


@click.command()
@click.argument("production", type=click.Path(path_type=Path), required=False)
@click.option(
    "--ledger", "-l", type=click.Path(path_type=Path), help="A ledger file, instead of a production's folder."
)
@click.option(
    "--only", multiple=True, help="guns, containers, magazines, places, or a thing's name; may be given again."
)
@click.option("--sheet", default="a4", show_default=True, help="a4: 21 labels (L7160); letter: 30 labels (5160).")
@click.option("--address", default="", help="Where phones reach the hub; a production's settings say it by themselves.")
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("labels.pdf"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def labels(
    production: Path | None,
    ledger: Path | None,
    only: tuple[str, ...],
    sheet: str,
    address: str,
    out: Path,
    as_json: bool,
) -> None:  # flags of the command line
    """Labels with codes for guns, trays, belts, boxes, magazines and places, as a PDF to print."""
    from coldcheck.custody.phrases import nearest
    from coldcheck.station.labels import SHEETS, BadLabels, labels_of, labels_pdf, pages_of, plain_label
    from coldcheck.station.paper_files import record_at, write_new

    if sheet not in SHEETS:
        raise BadLabels(f"{sheet!r} is no sheet; the nearest is {nearest(sheet, list(SHEETS))}.")
    record = record_at(production, ledger)
    found = labels_of(record.picture, address=address or record.address, only=only)
    pages = pages_of(found, SHEETS[sheet], mark=record.mark)
    pdf = labels_pdf(pages)
    write_new(out, pdf)
    nameless = [label.thing.upper() for label in found if not label.name]
    page_count = len(pages["pages"])
    if as_json:
        told = {
            "file": str(out), "sha256": sha256(pdf).hexdigest(), "sheet": sheet, "pages": page_count, "entries": record.picture.size,
            "labels": [plain_label(label) for label in found], "without_name": nameless,
        }  # fmt: skip
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{out}: {len(found)} labels on {page_count} pages ({sheet}); print them at 100 percent.")
    click.echo(f"Codes lead to {address or record.address}; a phone that scans one needs no login to read it.")
    if nameless:
        said = ", ".join(nameless)
        click.echo(f"Without a name, because it says what is inside, and labels stay when contents move: {said}.")
