"""`soak`: long runs whose result is a count of what went wrong, written to bench/results/soak_NAME.json.

Every count can be set, from a minute's run to a night's; what is written says how many were tried.
"""

import json
from typing import TYPE_CHECKING

import click

from coldcheck.station.lab.measured import Figures, write_result

if TYPE_CHECKING:
    from collections.abc import Callable

_WRONG = (
    "lost", "ledgers_not_verified", "lost_acknowledged", "not_readable", "not_what_was_recorded", "accepted_though_wrong",
    "missed_by_python", "missed_by_javascript", "crashes", "second_forms",
)  # fmt: skip
_COUNT = click.IntRange(min=0)


@click.command()
@click.option("--kills", type=_COUNT, default=300, show_default=True, help="How often a hub is ended with -9.")
@click.option("--power", type=_COUNT, default=20_000, show_default=True, help="Images of a disk after a power cut.")
@click.option("--edits", type=_COUNT, default=50, show_default=True, help="Edited exports, through both verifiers.")
@click.option("--fuzz", type=_COUNT, default=200_000, show_default=True, help="Fuzzed inputs to every reader.")
@click.option("--seed", type=_COUNT, default=0, show_default=True, help="First seed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def soak(kills: int, power: int, edits: int, fuzz: int, seed: int, as_json: bool) -> None:
    """Kills, power cuts, edited exports and fuzzed inputs, as many as asked; exit 1 if any went unnoticed."""
    runs: tuple[tuple[str, int, Callable[[], Figures]], ...] = (
        ("kills", kills, lambda: _kills(kills, seed)),
        ("power", power, lambda: _power(power, seed)),
        ("edits", edits, lambda: _edits(edits, seed)),
        ("fuzz", fuzz, lambda: _fuzz(fuzz, seed)),
    )
    wrong = False
    for name, count, run in runs:
        if not count:
            continue
        told = run()
        path = write_result(f"soak_{name}", told)
        wrong = wrong or any(told.get(field) for field in _WRONG) or told.get("normal_lost_acknowledged") == 0
        if as_json:
            click.echo(json.dumps({name: told}, indent=2))
            continue
        click.echo(f"{name}: " + ", ".join(f"{field.replace('_', ' ')} {value}" for field, value in told.items()))
        click.echo(f"written to {path}")
    if wrong:
        raise click.exceptions.Exit(1)


def _kills(kills: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_kills import soak_kills

    return soak_kills(kills=kills, first_seed=seed)


def _power(images: int, seed: int) -> Figures:
    """The promise under FULL, and the same harness under NORMAL, which must lose something."""
    from coldcheck.station.lab.soak_power import soak_power

    told = soak_power(images=images, seed=seed)
    weak = soak_power(images=max(1_000, images // 10), synchronous="NORMAL", seed=seed)
    return told | {"normal_images": weak["images"], "normal_lost_acknowledged": weak["lost_acknowledged"]}


def _edits(edits: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_edits import soak_edits

    return soak_edits(edits=edits, seed=seed)


def _fuzz(inputs: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_fuzz import soak_fuzz

    return soak_fuzz(inputs=inputs, seed=seed)
