"""How long the independent verifier in JavaScript takes for a long day: the whole command, Node's own start included.

Promises: the export is a day of set work by way of `record`, with the signatures of its people; the command must call it
good every time, and find the flaw when the last entry is changed, or there is no figure.

Does not do: the browser, which adds its drawing; see tests/verifier/test_page.py.
"""

import shutil
import subprocess
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter
from typing import Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.measured import Figures, percentile, player_of_stream, signed_lines, workplace
from coldcheck.station.record import record

ENTRIES: Final = 2_000
RUNS: Final = 7
_COMMAND: Final = Path("verifier/cli.mjs")


class NoNode(ColdcheckError):
    """The verifier in JavaScript cannot run here. Install Node 20 or newer and run this in the project's folder."""


def bench_js() -> Figures:
    """Seconds for a day of 2,000 entries: of the clock over several runs, and of processor work a run. Raises NoNode."""
    node = shutil.which("node")
    if node is None or not _COMMAND.is_file():
        raise NoNode(
            "node or verifier/cli.mjs is missing; install Node 20 or newer and run this in the project's folder."
        )
    with workplace() as place:
        directory = place / "tiles"
        entries = _export(place / "day.ledger", directory)
        worked = getrusage(RUSAGE_CHILDREN)
        times = sorted(_seconds(node, directory, code=0) for _ in range(RUNS))
        work = getrusage(RUSAGE_CHILDREN)
        _spoil(directory)
        _seconds(node, directory, code=1)
    median = percentile(times, 0.5)
    return {
        "entries": entries,
        "runs": RUNS,
        "p50_s": round(median, 3),
        "best_s": round(times[0], 3),
        "worst_s": round(times[-1], 3),
        "work_s": round((work.ru_utime + work.ru_stime - worked.ru_utime - worked.ru_stime) / RUNS, 3),
        "per_s": round(entries / median),
    }


def _export(ledger: Path, directory: Path) -> int:
    """How many entries the exported day has."""
    # A line of the stream is one entry or part of a sheet, so some more acts are asked for.
    player, store = player_of_stream(ledger, acts=ENTRIES * 3 // 2)
    try:
        for signed, now, _acts in signed_lines(player):
            record(player.hub, signed, now)
            if store.entry_count() >= ENTRIES:
                break
        return export_tiles(store, directory).entries
    finally:
        store.close()


def _seconds(node: str, directory: Path, *, code: int) -> float:
    began = perf_counter()
    done = subprocess.run([node, str(_COMMAND), str(directory)], capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    took = perf_counter() - began
    assert done.returncode == code, done.stdout + done.stderr
    return took


def _spoil(directory: Path) -> None:
    """Changes one byte near the end of the last bundle."""
    last = max((file for file in (directory / "tile" / "entries").rglob("*") if file.is_file()), key=str)
    data = bytearray(last.read_bytes())
    data[-200] ^= 1
    last.write_bytes(data)
