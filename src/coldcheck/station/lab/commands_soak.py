"""`soak`: long runs whose result is a count of what went wrong, written to bench/results/soak.json."""

import json

import click

from coldcheck.station.lab.measured import write_result


@click.command()
@click.option(
    "--kills", type=click.IntRange(min=1), default=300, show_default=True, help="How often a hub is ended with -9."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="First seed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def soak(kills: int, seed: int, as_json: bool) -> None:
    """End a hub with -9 in the middle of its work, again and again; exit 1 if an acknowledged act is missing."""
    from coldcheck.station.lab.soak_kills import soak_kills

    told = soak_kills(kills=kills, first_seed=seed)
    path = write_result("soak", told)
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        for name, value in told.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
        click.echo(f"written to {path}")
    if told["lost"] or told["ledgers_not_verified"]:
        raise click.exceptions.Exit(1)
