"""`play` and `demo`: scenario files into ledgers, the answer sheet in two columns, and the board."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from coldcheck.custody.answers import OUTSIDE, questions
from coldcheck.custody.picture import Picture
from coldcheck.custody.wording import NO_RECORD_HOLDS
from coldcheck.station import answer_text
from coldcheck.station.ledger_files import play_into
from coldcheck.station.play import Played, Player
from coldcheck.station.scenario import read_scenario
from coldcheck.station.store import LedgerExists

_NARROW: Final = 100


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The new ledger file to make.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def play(file: Path, ledger: Path, as_json: bool) -> None:  # a flag of the command line
    """Play the scenario FILE through record() into a new ledger; exit 1 if a line met another verdict than written."""
    scenario = read_scenario(file)
    with _progress(len(scenario.steps), quiet=as_json) as tick:
        player = play_into(ledger, scenario, progress=tick)
    player.hub.store.close()
    results = tuple(player.results)
    if as_json:
        click.echo(json.dumps(_shape(player, results), indent=2))
    else:
        for line in _report(str(file), player, results):
            click.echo(line)
    if not all(result.met for result in results):
        raise click.exceptions.Exit(1)


@contextmanager
def _progress(length: int, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error where a person watches, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _whole: None
        return
    with click.progressbar(length=length, label="playing", file=sys.stderr) as bar:

        def tick(done: int, _whole: int) -> None:
            bar.update(done - int(bar.pos))

        yield tick


def _shape(player: Player, results: tuple[Played, ...]) -> dict[str, object]:
    """The shape of `play --json`."""
    acts = [result for result in results if result.act != "expect"]
    claims = {(result.entry_index, result.verdict) for result in acts}
    return {
        "entries": player.hub.picture.size,
        "root": player.hub.root.hex(),
        "calls_granted": _calls(player, "granted"),
        "calls_refused": _calls(player, "refused"),
        "claims": len([1 for _entry, verdict in claims if verdict != "admitted"]),
        "findings": sum(len(result.rules) for result in {result.entry_index: result for result in acts}.values()),
        "stops": len(player.hub.picture.stops),
        "unmet": [
            {"line": result.line, "wanted": result.wanted, "got": result.verdict}
            for result in results
            if not result.met
        ],
        "verdicts": [
            {
                "line": result.line,
                "act": result.act,
                "verdict": result.verdict,
                "rules": list(result.rules),
                "entry": result.entry_index,
            }
            for result in acts
        ],
    }


def _calls(player: Player, verdict: str) -> int:
    parts = {"called", "announced", "acknowledged"}
    return len({result.entry_index for result in player.results if result.act in parts and result.verdict == verdict})


def _report(name: str, player: Player, results: tuple[Played, ...]) -> Iterator[str]:
    yield (
        f"{name}: {player.hub.picture.size} entries, {_calls(player, 'granted')} calls granted, {_calls(player, 'refused')} refused, "
        f"{len(player.hub.picture.stops)} stops; root {player.hub.root.hex()}"
    )
    for result in results:
        if not result.met:
            got = f"{result.verdict} {', '.join(result.rules)}".strip()
            yield f"{name}:{result.line}: {result.act} was to be {result.wanted or 'admitted'}, and is {got}"


DEMO_DAYS: Final = ("church_rehearsal", "copper_creek_recorded", "western")
"""The days `demo` plays, by file name in `station/demo/`, the incident first."""


def demo_days() -> dict[str, Path]:
    """Where the demo days lie: shipped with the package, the same files that the tests play."""
    home = Path(__file__).parent / "demo"
    return {name: home / f"{name}.txt" for name in DEMO_DAYS if (home / f"{name}.txt").exists()}


# --- demo ----------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port of the board.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address the board listens on.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=None, help="Keep the demo ledgers in this new folder."
)
@click.option("--no-serve", is_flag=True, help="Stop after the answers.")
def demo(port: int, host: str, folder: Path | None, no_serve: bool) -> None:  # a flag of the command line
    """Play the demo days, print what the record answers, then serve the board of the invented day."""
    from coldcheck.station.demo_hub import listen, serve  # play alone needs no web parts

    if folder is not None and folder.exists():
        raise LedgerExists(
            f"{folder} is already there; a demo never writes over something else. Choose another folder."
        )
    if not no_serve:
        # A port that is taken is told before the work, not after it.
        listen(host, port).close()
    keep = folder is not None
    home = folder if folder is not None else Path(tempfile.mkdtemp(prefix="coldcheck-demo-"))
    home.mkdir(parents=True, exist_ok=True)
    try:
        players: dict[str, Player] = {}
        for name, path in demo_days().items():
            scenario = read_scenario(path)
            with _progress(len(scenario.steps), quiet=False) as tick:
                players[name] = play_into(home / f"{name}.ledger", scenario, progress=tick)
            click.echo(next(_report(f"{name}.ledger", players[name], ())))
        for line in sheet_lines(players["church_rehearsal"].hub.picture, players["copper_creek_recorded"].hub.picture):
            click.echo(line)
        if keep:
            click.echo(
                f"The ledgers lie in {home}; ask them: coldcheck ask --ledger {home}/copper_creek_recorded.ledger --all"
            )
        if no_serve:
            return
        serve(
            players["copper_creek_recorded"],
            host=host,
            port=port,
            photos=True,
            ready=lambda address: click.echo(
                f"Board: {address} (Ctrl-C ends it)\nSet screens: {address}/set/ (each window is one person)\nYour first call, step by step: {address}/start"
            ),
        )
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


def sheet_lines(reported: Picture, recorded: Picture) -> Iterator[str]:
    """The answer sheet: each question, the incident from public reports beside the invented day with the record in use."""
    from io import StringIO  # rich is imported where it is used

    from rich.console import Console
    from rich.table import Table

    width = max(_NARROW, min(shutil.get_terminal_size((140, 40)).columns, 180))
    table = Table(title="What the record answers", show_lines=True, expand=True)
    table.add_column("Question", ratio=2)
    table.add_column("The incident, from public reports", ratio=4)
    table.add_column("The invented day, with the record in use", ratio=4)
    for question in questions():
        if question not in OUTSIDE:
            table.add_row(
                question[0].upper() + question[1:],
                answer_text.sheet_cell(reported, question),
                answer_text.sheet_cell(recorded, question),
            )
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=False)
    console.print(table)
    yield from out.getvalue().splitlines()
    yield "What no record can answer:"
    for question, key in OUTSIDE.items():
        yield f"  {question[0].upper()}{question[1:]} {NO_RECORD_HOLDS[key]}"
