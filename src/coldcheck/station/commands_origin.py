"""`origin FIND`: where a found round can have come from. It reads a ledger and changes nothing."""

import json
from pathlib import Path

import click

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.commands_ask import read_picture, write_pictures
from coldcheck.station.things_by_name import item_of
from coldcheck.station.trace_pictures import windows_picture

TOGETHER = 0.5
"""The prior that two finds came in together; it is shown with every answer about it."""


class NoSuchFinding(ColdcheckError):
    """An answer about a find that no table knows. The sentence lists those there are."""


class NotAFind(ColdcheckError):
    """The round was never found, tested or examined to be other than expected: there is nothing to explain."""


@click.command()
@click.argument("find")
@click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
@click.option("--with", "others", multiple=True, help="Another find: did they come in together? Up to four.")
@click.option("--shows", multiple=True, metavar="WHAT=ANSWER", help="What it shows itself, such as rattle=no.")
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the windows as a picture to this file as well.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def origin(  # one argument an option
    find: str, ledger: Path, others: tuple[str, ...], shows: tuple[str, ...], svg: Path | None, as_json: bool
) -> None:
    """Where FIND (a round's label, id or spot) can have come from: kinds of story and windows, never a person."""
    from coldcheck.custody.origin_answer import MODEL, answer_find, groups_of_finds
    from coldcheck.station import origin_text

    shown = _shown(shows)
    picture = read_picture(ledger)
    finds = tuple(_found_round(picture, name) for name in (find, *others))
    told = answer_find(picture, finds[0], model=MODEL, shows=shown)
    if svg is not None:
        write_pictures(svg, [windows_picture(picture, told, shares=True)])
    groups = groups_of_finds(picture, finds, model=MODEL, together=TOGETHER) if others else ()
    if as_json:
        shape = origin_text.find_json(picture, told)
        shape["together"] = origin_text.groups_json(picture, groups, together=TOGETHER) if others else None
        click.echo(json.dumps(shape, indent=2, ensure_ascii=False))
        return
    for line in origin_text.find_lines(picture, told, stories=True):
        click.echo(line)
    for line in origin_text.group_lines(picture, groups, together=TOGETHER) if others else ():
        click.echo(line)


def _shown(shows: tuple[str, ...]) -> dict[str, str]:
    """What the find shows itself. Raises NoSuchFinding, with the answers there are, for anything else."""
    from coldcheck.custody.origin_findings import FACTORS

    known = [f"{what}={answer}" for what, answer in FACTORS]
    for each in shows:
        if each not in known and not each.endswith("=unknown"):
            raise NoSuchFinding(f'"{each}" is nothing a find is known to show; say one of {", ".join(known)}.')
    return dict(each.split("=", 1) for each in shows)


def _found_round(picture: Picture, name: str) -> Id:
    """The round of that name, if it is a find. Raises UnknownItem or NotAFind."""
    known = item_of(picture, name, letters="r")
    if known not in picture.kinds_found and known not in picture.finds:
        raise NotAFind(f'"{name}" was not found or tested to be other than it should; ask `trace {name}` instead.')
    return known
