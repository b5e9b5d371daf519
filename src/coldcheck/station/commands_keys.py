"""The commands about keys: `genesis` prints what a ledger's trust hangs on, as a code to be kept on paper.

The paper outlives every computer here: whoever holds it can tell this log from one that was made afterwards.
"""

import json
import sys
from pathlib import Path

import click


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option("--png", "picture", type=click.Path(path_type=Path), help="Write the code as a PNG file, to print it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the code.")
def genesis(ledger: Path, picture: Path | None, as_json: bool) -> None:
    """Show the hash of entry 0 and the log's key as a QR code: the trust anchor, for paper."""
    import segno

    from coldcheck.station.genesis import read_genesis
    from coldcheck.station.store import StoreFailed

    found = read_genesis(ledger)
    code = segno.make_qr(found.text, error="m")
    if picture is not None:
        try:
            code.save(str(picture), kind="png", scale=8, border=4)
        except OSError as problem:
            raise StoreFailed(
                f"{picture} cannot be written ({problem.strerror}); name a file in a folder that can be."
            ) from problem
    if as_json:
        click.echo(json.dumps(found.plain() | {"png": None if picture is None else str(picture)}, indent=2))
        return
    if picture is None:
        code.terminal(out=sys.stdout, compact=True, border=2)
    click.echo(f"Log:     {found.log}")
    click.echo(f"Genesis: {found.leaf}")
    click.echo(f"Log key: {found.vkey}")
    click.echo(
        f"Officers named in it: {found.officers}. Keep this on paper, apart from every computer of the production."
    )
