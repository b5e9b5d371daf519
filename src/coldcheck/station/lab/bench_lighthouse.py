"""Lighthouse over the pages people meet, each on the device it is made for: performance and accessibility, of 100.

The pages are those of a served set day, in this machine's Chromium; the peer is Lighthouse's own scale. Each page is run
three times and the middle run counts, since a busy machine makes any page slow: `benchmark_index` says how fast the
machine was, by Lighthouse's own measure (a good laptop has about 2,000). Does not: visit any other site.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.lab.measured import Figures, workplace
from coldcheck.station.lab.set_scene import CHROMIUM, served_day

PAGES: Final = (
    ("board", "/board", "desktop"),
    ("line", "/board?form=line", "mobile"),
    ("gun", "/gun/Colt-1", "mobile"),
    ("emergency", "/emergency", "mobile"),
    ("set", "/set/", "mobile"),
    ("signin", "/signin", "desktop"),
    ("office", "/office/guns", "desktop"),
    ("past", "/board/past", "desktop"),
)
RUNS: Final = 3
TARGET_PERFORMANCE: Final = 95
TARGET_ACCESSIBILITY: Final = 100
_WHERE: Final = Path(sys.prefix) / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"


class MissingPart(ColdcheckError):
    """Lighthouse or node is not installed here. `make bench` installs it."""


def bench_lighthouse() -> Figures:
    """Both scores of every page, the worst of each, and how fast Lighthouse found the machine. Raises MissingPart."""
    node = shutil.which("node")
    if node is None or not _WHERE.is_file():
        raise MissingPart("Lighthouse is not installed here; make bench installs it, with node and npm.")
    figures: Figures = {}
    speeds: list[float] = []
    with workplace() as folder, served_day(folder) as address:
        for name, path, device in PAGES:
            found = [_run(node, f"{address}{path}", device) for _ in range(RUNS)]
            for category in ("performance", "accessibility"):
                figures[f"{name}_{category}"] = round(
                    100 * median(one["categories"][category]["score"] for one in found)
                )
            speeds += [float(one["environment"]["benchmarkIndex"]) for one in found]
    for category, target in (("performance", TARGET_PERFORMANCE), ("accessibility", TARGET_ACCESSIBILITY)):
        scores = [value for key, value in figures.items() if key.endswith(f"_{category}") and isinstance(value, int)]
        figures |= {f"worst_{category}": min(scores), f"target_{category}": target}
    figures["benchmark_index"] = round(median(speeds))
    return figures


def _run(node: str, address: str, device: str) -> dict[str, Any]:
    """Lighthouse's own report of one run. Raises MissingPart when it did not come to one."""
    flags = "--headless=new --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [
        node, str(_WHERE), address, "--output=json", "--output-path=stdout", "--quiet",
        "--only-categories=performance,accessibility", f"--chrome-flags={flags}",
        # A board never stops listening: the page counts as loaded when it is, not when the line is quiet.
        "--max-wait-for-load=15000",
        *(("--preset=desktop",) if device == "desktop" else ()),
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603  # our own words only
        command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}
    )
    if done.returncode != 0:
        raise MissingPart(f"Lighthouse ended with {done.returncode} at {address}: {done.stderr.strip()[-300:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report
