"""The day on paper: a gun's day as one strip, and the plan of a day against its record. They read and change nothing."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from coldcheck.custody.day_report import day_report, wrap_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.custody.strip import strip_of
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import day_text, strip_svg, strip_text
from coldcheck.station.commands_ask import read_picture
from coldcheck.station.ledger_files import picture_of, said_under_all
from coldcheck.station.record import step_of
from coldcheck.station.things_by_name import item_of

_LEDGER: Final = click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class NoSuchDay(ColdcheckError):
    """The record says nothing of that day. Name another, as YYYY-MM-DD, or leave the day out for the last one."""


class CannotWrite(ColdcheckError):
    """The picture could not be written. Name a file in a folder that is there."""


@click.command()
@click.argument("gun")
@_LEDGER
@click.option("--on", default="", help="The day, YYYY-MM-DD; the last one that says anything of the gun without it.")
@click.option("--svg", type=click.Path(path_type=Path), default=None, help="Write the picture into this file.")
@_JSON
def strip(gun: str, ledger: Path, on: str, svg: Path | None, as_json: bool) -> None:  # flags of the command line
    """GUN's day as one strip: what the record said, custody, sight, proofs, calls, voids and takes."""
    picture, store = picture_of(ledger)
    steps = [step_of(number, read_entry(data)) for number, data in enumerate(store.entries())]
    draft = said_under_all(picture, store.meta("log"))
    store.close()
    shown = strip_of(steps, item_of(picture, gun, letters="g"), on=on)
    if shown is None:
        raise NoSuchDay(f"The record says nothing of {gun} on {on or 'any day'}; name another day as YYYY-MM-DD.")
    if svg is not None:
        try:
            svg.write_text(strip_svg.svg_of(shown, draft=draft), encoding="utf-8")
        except OSError as problem:
            raise CannotWrite(
                f"{svg}: the picture cannot be written ({problem.strerror}); name another file."
            ) from problem
    if as_json:
        click.echo(json.dumps({**asdict(shown), "headline": strip_text.headline(shown), "draft": draft}, indent=2))
        return
    for line in strip_text.strip_lines(shown, draft=draft):
        click.echo(line)


@click.command()
@_LEDGER
@click.option("--on", default="", help="The day, YYYY-MM-DD; the last one of the record without it.")
@_JSON
def day(ledger: Path, on: str, as_json: bool) -> None:  # flags of the command line
    """The plan of a day against its record: every act that is missing is a gap; then the close of the day."""
    picture, store = picture_of(ledger)
    steps = [step_of(number, read_entry(data)) for number, data in enumerate(store.entries())]
    store.close()
    asked = on or picture.at[:10]
    if asked != picture.at[:10]:
        # A day is read from the record as it stood at its end.
        picture = Picture()
        for step in steps:
            if step.at[:10] <= asked:
                apply(picture, step)
    report = day_report(picture, on=asked)
    if report is None:
        raise NoSuchDay(f"The record says nothing of {asked}; name another day as YYYY-MM-DD.")
    if as_json:
        click.echo(json.dumps(asdict(report), indent=2))
        return
    for line in day_text.day_lines(picture, report):
        click.echo(line)


@click.command()
@_LEDGER
@_JSON
def wrap(ledger: Path, as_json: bool) -> None:  # a flag of the command line
    """What is back, gone and still here: a wrap ends at zero."""
    picture = read_picture(ledger)
    left = wrap_of(picture)
    if as_json:
        click.echo(json.dumps({**asdict(left), "left": left.left}, indent=2))
        return
    for line in day_text.wrap_lines(picture, left):
        click.echo(line)
