"""`origin FIND`: where a found round can have come from. It reads a ledger and changes nothing."""

import json
from pathlib import Path

import click

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.commands_ask import read_picture
from coldcheck.station.things_by_name import item_of


class NotAFind(ColdcheckError):
    """The round was never found, tested or examined to be other than expected: there is nothing to explain."""


@click.command()
@click.argument("find")
@click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def origin(find: str, ledger: Path, as_json: bool) -> None:
    """Where FIND (a round's label, id or spot) can have come from: kinds of story and windows, never a person."""
    from coldcheck.custody.origin_answer import MODEL, answer_find
    from coldcheck.station import origin_text

    picture = read_picture(ledger)
    told = answer_find(picture, _found_round(picture, find), model=MODEL)
    if as_json:
        click.echo(json.dumps(origin_text.find_json(picture, told), indent=2, ensure_ascii=False))
        return
    for line in origin_text.find_lines(picture, told, stories=True):
        click.echo(line)


def _found_round(picture: Picture, name: str) -> Id:
    """The round of that name, if it is a find. Raises UnknownItem or NotAFind."""
    known = item_of(picture, name, letters="r")
    if known not in picture.kinds_found and known not in picture.finds:
        raise NotAFind(f'"{name}" was not found or tested to be other than it should; ask `trace {name}` instead.')
    return known
