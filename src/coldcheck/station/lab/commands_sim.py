"""`sim`: invented productions with hidden live rounds, for the laboratory; and what a protocol would miss."""

import json
from pathlib import Path

import click

TROUBLE_NAMES = (
    "none", "missing_scans", "swapped_rounds", "contaminated_box", "misread_dummy", "back_dated_entry", "wrong_priors",
)  # fmt: skip
"""Those of `sim.TROUBLES`, written out so that --help reads no numpy; a test compares them."""


@click.group()
def sim() -> None:
    """Simulate productions with a hidden live round each."""


@sim.command("write")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--events", type=click.IntRange(min=300), default=1_000, show_default=True, help="Events a world.")
@click.option("--n", type=click.IntRange(min=1), default=1, show_default=True, help="Worlds, of seeds 0 to n-1.")
@click.option("--second", is_flag=True, help="Worlds of the second simulator, which does not follow the model.")
@click.option("--blind", is_flag=True, help="Worlds of the simulator that was written without the model.")
@click.option(
    "--trouble",
    type=click.Choice(TROUBLE_NAMES),
    default="none",
    show_default=True,
    help="What goes wrong besides (first simulator only).",
)
@click.option("--ledger", "as_ledger", is_flag=True, help="A real ledger beside each record (first simulator only).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def write(
    folder: Path, events: int, n: int, second: bool, blind: bool, trouble: str, as_ledger: bool, as_json: bool
) -> None:
    """Worlds into FOLDER: what the index reads in record/, what really happened in truth/."""
    from coldcheck.station.lab.bench_origin import SECOND_EVENTS_A_DAY
    from coldcheck.station.lab.sim import TROUBLES, sim_world
    from coldcheck.station.lab.sim_blind_truth import blind_as_world
    from coldcheck.station.lab.sim_files import write_world
    from coldcheck.station.lab.sim_ledger import ledger_of
    from coldcheck.station.lab.sim_second_truth import second_world

    if (second or blind) and (as_ledger or trouble != "none"):
        raise click.UsageError("--ledger and --trouble are of the first simulator; leave out --second and --blind.")
    if second and blind:
        raise click.UsageError("--second and --blind are two simulators; name one of them.")
    written = []
    for seed in range(n):
        days = max(events // SECOND_EVENTS_A_DAY, 6)
        if blind:
            world = blind_as_world(seed, events=events)
        else:
            world = second_world(seed, days=days) if second else sim_world(seed, events, TROUBLES[trouble])
        record, truth = write_world(world, folder)
        ledger = folder / f"world-{seed}.ledger" if as_ledger else None
        if ledger is not None:
            ledger_of(world, ledger)
        written.append({"seed": seed, "record": str(record), "truth": str(truth), "ledger": str(ledger or "")})
    if as_json:
        click.echo(json.dumps(written, indent=2))
        return
    for each in written:
        click.echo(f"world {each['seed']}: {each['record']}, truth in {each['truth']}")


@sim.command("protocol")
@click.option("--events", type=click.IntRange(min=300), default=1_000, show_default=True, help="Events a plan.")
@click.option("--n", type=click.IntRange(min=1), default=100, show_default=True, help="Plans for each check left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def protocol(events: int, n: int, as_json: bool) -> None:
    """Which check would be missed most: the planned protocol without each of its checks in turn."""
    from dataclasses import asdict

    from coldcheck.station.lab.sim_plan import plan_figures

    figures = plan_figures(events=events, n=n)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in figures], indent=2))
        return
    click.echo("without            noticed  by a trigger  kind of story right  windows to look at")
    for each in figures:
        name = each.left_out or "(all checks made)"
        click.echo(
            f"{name:18} {each.noticed:7.0%} {each.by_trigger:13.0%} {each.class_top1:20.0%} {each.windows:19.0f}"
        )
