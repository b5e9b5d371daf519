"""`drill`: wrong rounds for a drill, sealed before it begins, and how the procedure fared."""

import json
import secrets
from dataclasses import asdict
from pathlib import Path

import click

from coldcheck.station.drill import plan_drill, score_drill, score_lines


@click.group()
def drill() -> None:
    """Plan a drill's wrong rounds and score its procedure."""


@drill.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--tray", required=True, help="The tray, by its label, that gets the wrong rounds.")
@click.option("--wrong", type=click.IntRange(min=1), default=2, show_default=True, help="How many.")
@click.option("--seed", type=int, default=None, help="Choose the same cells again; a random one without it.")
def plan(folder: Path, tray: str, wrong: int, seed: int | None) -> None:
    """Choose cells for wrong rounds and seal the choice in the drill's log. Only who lays them out reads this."""
    made = plan_drill(folder, container=tray, wrong=wrong, seed=secrets.randbelow(2**31) if seed is None else seed)
    click.echo(f"DRILL: put wrong rounds into cells {', '.join(made.cells)} of {tray}. Sealed as entry {made.entry}.")
    click.echo("Drill rounds only, marked as such under the rim; no live round takes part in a drill.")


@drill.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(folder: Path, as_json: bool) -> None:  # a flag of the command line
    """Say how the procedure fared: what was found, what passed, what was called over it."""
    made, found = score_drill(folder)
    if as_json:
        click.echo(json.dumps({"cells": made.cells, "seed": made.seed, **asdict(found)}, indent=2))
        return
    for line in score_lines(found):
        click.echo(f"DRILL: {line}")
