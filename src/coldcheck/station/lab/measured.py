"""What the benchmarks share: a stream of acts played and timed, percentiles, a place on the same disk, result files.

Promises: a figure and its peer come from one run on one disk, taken in turn, so that a busy machine slows both.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from coldcheck.station.lab.stream import stream_text
from coldcheck.station.ledger_files import new_ledger
from coldcheck.station.play import Player
from coldcheck.station.record import Moment, Signed
from coldcheck.station.scenario import Line, parse_scenario
from coldcheck.station.store_sqlite import SqliteStore

RESULTS: Final = Path("bench/results")
Figures: TypeAlias = "dict[str, int | float | str | None]"
"""One benchmark's flat result."""


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder beside the results, so on the local disk and never in memory, gone afterwards."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULTS.parent, prefix="work-") as name:
        yield Path(name)


def player_of_stream(path: Path, *, acts: int) -> tuple[Player, SqliteStore]:
    """A player with at least `acts` acts to play into a new ledger at `path`; its people are enrolled."""
    scenario = parse_scenario(stream_text(acts=acts), path="stream")
    store = new_ledger(path, scenario)
    player = Player(scenario, store)
    player.begin()
    return player, store


def signed_lines(player: Player) -> Iterator[tuple[Signed, Moment, int]]:
    """Every line of the stream, signed as the devices would when it is its turn: what comes in, when, how many acts."""
    for step in player.scenario.steps:
        if isinstance(step, Line):
            acts = player.acts_of(step)
            now = player.moment(step.at)
            yield player.sign(step.who, acts, now), now, len(acts)


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of all lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def read_result(name: str) -> Figures:
    """The figures that a result file holds, none where there is no such file."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_result(name: str, figures: Figures) -> Path:
    """The file that now holds `figures`."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return path
