"""The commands of `bench`: each measures one promise beside a peer, writes bench/results/NAME.json and shows a table."""

import json
from collections.abc import Callable

import click

from coldcheck.station.lab.measured import Figures, write_result


@click.group()
def bench() -> None:
    """Measure against peers; results go to bench/results."""


_ORIGIN = "Origins of finds in simulated worlds whose truth is known, beside what people do without a calculation."
_AUDIT = "Entries verified a second, beside bare OpenSSL."
_TRACE = "Recall and trace over years of events, beside databases and graph libraries."


def _append() -> Figures:
    from coldcheck.station.lab.bench_append import bench_append

    return bench_append()


def _replay() -> Figures:
    from coldcheck.station.lab.bench_replay import bench_replay

    return bench_replay()


def _audit() -> Figures:
    from coldcheck.station.lab.bench_audit import bench_audit

    return bench_audit()


def _flips() -> Figures:
    from coldcheck.station.lab.bench_flips import bench_flips

    return bench_flips()


def _help() -> Figures:
    from coldcheck.station.lab.bench_help import bench_help

    return bench_help()


def _trace() -> Figures:
    from coldcheck.station.lab.bench_trace import bench_trace

    return bench_trace()


def _board() -> Figures:
    from coldcheck.station.lab.bench_board import bench_board

    return bench_board()


def _matrix() -> Figures:
    from coldcheck.station.lab.bench_matrix import bench_matrix

    return bench_matrix()


def _origin() -> Figures:
    from coldcheck.station.lab.bench_origin import bench_origin

    return bench_origin()


def _blind() -> Figures:
    from coldcheck.station.lab.bench_origin import bench_blind

    return bench_blind()


def _troubles() -> Figures:
    from coldcheck.station.lab.bench_origin import bench_troubles

    return bench_troubles()


def _screens() -> Figures:
    from coldcheck.station.lab.bench_screens import bench_screens

    return bench_screens()


def _lighthouse() -> Figures:
    from coldcheck.station.lab.bench_lighthouse import bench_lighthouse

    return bench_lighthouse()


def _proof() -> Figures:
    from coldcheck.station.lab.bench_proof import bench_proof

    return bench_proof()


def _pack() -> Figures:
    from coldcheck.station.lab.bench_pack import bench_pack

    return bench_pack()


def _js() -> Figures:
    from coldcheck.station.lab.bench_js import bench_js

    return bench_js()


def _sizes() -> Figures:
    from coldcheck.station.lab.stock_tools import bench_sizes

    return bench_sizes()


_BENCHES: tuple[tuple[str, str, Callable[[], Figures]], ...] = (
    ("append", "An act from the door to the disk, beside a bare insert.", _append),
    ("replay", "The picture rebuilt, and the cost of an act in long ledgers.", _replay),
    ("audit", _AUDIT, _audit),
    ("proof", "A proof file for any entry of a million, and the root over all.", _proof),
    ("js_verify", "A day of 2,000 entries by the verifier in JavaScript.", _js),
    ("flips", "A changed bit anywhere is found and named.", _flips),
    ("matrix", "Claims held against a long record, beside one query a claim.", _matrix),
    ("pack", "An evidence pack of a hundred pages, and which verifiers accept it.", _pack),
    ("help", "How soon --help is there.", _help),
    ("board", "From an act to every board, beside a bare fan-out of the same bytes.", _board),
    ("trace", _TRACE, _trace),
    ("origin", _ORIGIN, _origin),
    ("lighthouse", "Lighthouse over the pages people meet.", _lighthouse),
    ("troubles", "Origins where one thing at a time goes otherwise than the model says.", _troubles),
    ("blind", "Origins in worlds that were written without the model.", _blind),
    ("screens", "Taps, answers and signatures of the set screens, and their weight.", _screens),
)


def _command(name: str, words: str, measure: Callable[[], Figures]) -> click.Command:
    @click.command(name, help=words)
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
    def command(as_json: bool) -> None:
        _run(name, words, measure, as_json=as_json)

    return command


def _run(name: str, words: str, measure: Callable[[], Figures], *, as_json: bool) -> None:
    _show(name, words, measure(), as_json=as_json)


def _show(name: str, words: str, figures: Figures, *, as_json: bool) -> None:
    path = write_result(name, figures)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"bench {name}: {words}", title_justify="left", caption=str(path), caption_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for figure, value in figures.items():
        table.add_row(figure, f"{value:,}" if isinstance(value, int | float) else str(value))
    Console().print(table)


for _name, _words, _measure in _BENCHES:
    bench.add_command(_command(_name, _words, _measure))
_SIZES = "An export at the sizes where a tree changes its shape, read by tools that are not ours."
bench.add_command(_command("sizes", _SIZES, _sizes))


@bench.command("trace", help=_TRACE)
@click.option("--events", type=click.IntRange(min=1_000), help="How many; 1,000,000 without it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def trace(events: int | None, as_json: bool) -> None:
    """The figures at this size and at every power of ten below it; another size has a result file of its own."""
    from coldcheck.station.lab.bench_trace import bench_trace

    figures = bench_trace() if events is None else bench_trace(events=events)
    _show("trace" if events is None else f"trace_{events}", _TRACE, figures, as_json=as_json)


@bench.command("audit", help=_AUDIT)
@click.option(
    "--entries", type=click.IntRange(min=300), default=1_000_000, show_default=True, help="Entries of the log."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def audit(entries: int, as_json: bool) -> None:
    """The audit's rate beside OpenSSL's, in two processes; another size has a result file of its own."""
    from coldcheck.station.lab.bench_audit import bench_audit

    name = "audit" if entries == 1_000_000 else f"audit_{entries}"  # noqa: PLR2004  # the size that is promised
    _show(name, _AUDIT, bench_audit(entries=entries), as_json=as_json)


@bench.command("origin", help=_ORIGIN)
@click.option("--events", type=click.IntRange(min=300), default=10_000, show_default=True, help="Events a world.")
@click.option("--n", type=click.IntRange(min=1), default=1_000, show_default=True, help="Worlds, of seeds 0 to n-1.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def origin(events: int, n: int, as_json: bool) -> None:
    """The figures of class, person, day and window, of tests, of two finds, and of time."""
    from coldcheck.station.lab.bench_origin import bench_origin

    _show("origin", _ORIGIN, bench_origin(events=events, n=n), as_json=as_json)


@bench.command("all")
@click.option("--json", "as_json", is_flag=True, help="JSON objects instead of tables.")
def every(as_json: bool) -> None:
    """All of them, one after the other."""
    for name, words, measure in _BENCHES:
        _run(name, words, measure, as_json=as_json)
