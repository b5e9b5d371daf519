"""`coldcheck pack`: an evidence pack of a matter, as a signed PDF and a folder that anybody verifies."""

import json
from pathlib import Path
from typing import Final

import click

from coldcheck.proof.errors import ColdcheckError


class BadChoice(ColdcheckError):
    """Something to withhold has no reason. Write it as LABEL=REASON."""


_NOBODY: Final = "the person who made this pack"


@click.command()
@click.option("--incident", required=True, help="The matter's label, or the entry of the freeze.")
@click.option("--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file.")
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="A folder that does not exist yet.")
@click.option("--audience", default="whoever holds it", help="For whom it is made.")
@click.option("--withhold", multiple=True, help="LABEL=REASON: a source, statement, claim or exhibit to withhold.")
@click.option("--decided-by", default=_NOBODY, help="Who decided what is withheld.")
@click.option("--ask", default="the production's accountable person", help="Whom to ask for what is withheld.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="PEM with a P-256 key and its certificate.")
@click.option("--analysis", is_flag=True, help="Also the analysis, as a part of its own, signed by itself.")
@click.option(
    "--timestamp", "authority", default="", help="Address of a time-stamp authority (RFC 3161); none is asked."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pack(  # noqa: PLR0913, PLR0917  # one argument an option
    incident: str,
    ledger: Path,
    out: Path,
    audience: str,
    withhold: tuple[str, ...],
    decided_by: str,
    ask: str,
    key_file: Path | None,
    analysis: bool,
    authority: str,
    as_json: bool,
) -> None:
    """Make an evidence pack of a matter."""
    from coldcheck.station.pack.folder import make_pack
    from coldcheck.station.pack.parts import Choices
    from coldcheck.station.pack.printed import read_signer

    pairs: list[tuple[str, str]] = []
    for each in withhold:
        label, found, reason = each.partition("=")
        if not (found and label and reason.strip()):
            raise BadChoice(f'"{each}" withholds something without a reason; write it as LABEL=REASON.')
        pairs.append((label, reason.strip()))
    signer = read_signer(key_file) if key_file is not None else None
    choices = Choices(incident=incident, audience=audience, withhold=tuple(pairs), decided_by=decided_by, ask=ask)
    made = make_pack(ledger, out, choices, signer=signer, analysis=analysis, authority=authority)
    shape = {
        "pack": str(out),
        "sha256": made.sha256,
        "entries": made.entries,
        "root": made.root,
        "withheld": made.withheld,
        "files": made.files,
        "pdf_bytes": made.pages_bytes,
        "unsigned_pdf_sha256": made.unsigned_sha256,
        "stamped_by": authority,
        "signed_by": "the key given" if signer is not None else "a key made for this pack, known to nobody",
    }
    if as_json:
        click.echo(json.dumps(shape, indent=2))
        return
    click.echo(f"{out}: {made.files} files, {made.withheld} items withheld and listed, root {made.root}")
    click.echo(f"PDF signed by {shape['signed_by']}; its name is {made.sha256}")
    if not made.of_matter:
        click.echo(
            "Open a matter about it, and then enter that this pack was made: a freeze alone has no list of packs."
        )
        return
    filing = {
        "regarding": f"@{incident}",
        "sha256": made.sha256,
        "size": made.entries,
        "audience": audience,
        "withheld": made.withheld,
    }
    click.echo("Enter that it was made:")
    click.echo(f"  files pack_made: {json.dumps(filing, ensure_ascii=False)}")
