"""How long `coldcheck --help` takes, beside a Python that does nothing. Both are processes of their own, taken in turn."""

import subprocess
import sys
from statistics import median
from time import perf_counter_ns
from typing import Final

from coldcheck.station.lab.measured import Figures

TARGET_MS: Final = 150.0
_HELP: Final = "from coldcheck.station.cli import main; main()"


def bench_help(*, times: int = 10) -> Figures:
    """The median of `times` calls in milliseconds, of ours and of `python -c pass`."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(times):
        ours.append(_run_ms("-c", _HELP, "--help"))
        theirs.append(_run_ms("-c", "pass"))
    p50, peer = median(ours), median(theirs)
    return {
        "times": times,
        "p50_ms": round(p50, 1),
        "min_ms": round(min(ours), 1),
        "peer_p50_ms": round(peer, 1),
        "ratio": round(p50 / peer, 2),
        "target_ms": TARGET_MS,
    }


def _run_ms(*arguments: str) -> float:
    began = perf_counter_ns()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own interpreter
    return (perf_counter_ns() - began) / 1e6
