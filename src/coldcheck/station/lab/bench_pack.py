"""How long an evidence pack of a hundred pages takes, from the ledger to a signed folder, and who then accepts it.

The ledger is the reference incident by role with some thousand remarks behind it, so that the time line alone fills the pages.
The peer is Typst setting the very same document to a bare PDF, without replay, proofs, hashes or signature. Every verifier
that is on this machine is asked; one that is missing stands as "not here".
"""

import json
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns, process_time_ns
from typing import Final

from coldcheck.station.lab.measured import Figures
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack import folder as making
from coldcheck.station.pack.folder import PDF, make_pack
from coldcheck.station.pack.other_readers import pages_of, pdfsig_says, pyhanko_says
from coldcheck.station.pack.parts import Choices
from coldcheck.station.pack.printed import set_pdf
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.verify import verify_path

TARGET_S: Final = 10.0
_CHOICES: Final = Choices(incident="M-1", audience="agency", withhold=(), decided_by="the upm", ask="the upm")
_VERIFIER: Final = Path(__file__).parents[4] / "verifier" / "cli.mjs"


def bench_pack(*, remarks: int = 3_000) -> Figures:
    """Seconds to make the pack and to verify it, its pages, and what each verifier said."""
    with TemporaryDirectory() as folder:
        ledger, out = Path(folder) / "incident.ledger", Path(folder) / "pack"
        play_into(ledger, parse_scenario(_text(remarks), path="bench pack")).hub.store.close()
        set_s: list[float] = []
        began, worked = perf_counter_ns(), process_time_ns()
        with _timed_typst(set_s):
            made = make_pack(ledger, out, _CHOICES)
        make_s, make_cpu_s = (perf_counter_ns() - began) / 1e9, (process_time_ns() - worked) / 1e9
        began = perf_counter_ns()
        ours = verify_path(out, vkey=None).ok
        verify_s = (perf_counter_ns() - began) / 1e9
        pdf = (out / PDF).read_bytes()
        return {
            "entries": made.entries,
            "pages": pages_of(pdf),
            "pdf_bytes": len(pdf),
            "make_s": round(make_s, 2),
            "make_cpu_s": round(make_cpu_s, 2),
            "verify_s": round(verify_s, 2),
            "target_s": TARGET_S,
            "peer_s": round(sum(set_s), 2),
            "ratio": round(make_s / sum(set_s), 2),
            "ours": "accepts" if ours else "refuses",
            "javascript": _javascript(out),
            "pyhanko": pyhanko_says(pdf),
            "pdfsig": pdfsig_says(out / PDF),
        }


def _text(remarks: int) -> str:
    text = resources.files("coldcheck.station").joinpath("demo/church_rehearsal.txt").read_text(encoding="utf-8")
    words = "what was written down afterwards about who stood where and who said what to whom at which time, in full, with nothing left out of it that anybody remembered of that day, and of the evening before it"
    lines = (f'11:00 COMP remarks "Line {number} of {words}."' for number in range(remarks))
    return "\n".join((text.rstrip("\n"), *lines, ""))


class _timed_typst:  # noqa: N801  # read as a phrase where it is used
    """While it lasts, every call that sets a PDF adds its seconds to a list."""

    def __init__(self, seconds: list[float]) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        def timed(document: dict[str, object], *, bundle: bytes, archive: bytes, at: str) -> bytes:
            began = perf_counter_ns()
            done = set_pdf(document, bundle=bundle, archive=archive, at=at)
            self.seconds.append((perf_counter_ns() - began) / 1e9)
            return done

        vars(making)["set_pdf"] = timed  # only the bench times it from inside

    def __exit__(self, *_: object) -> None:
        vars(making)["set_pdf"] = set_pdf


def _javascript(out: Path) -> str:
    node = shutil.which("node")
    if node is None or not _VERIFIER.exists():
        return "not here"
    done = subprocess.run([node, str(_VERIFIER), str(out), "--json"], capture_output=True, text=True, check=False)  # noqa: S603  # our own folder
    try:
        return "accepts" if json.loads(done.stdout)["ok"] else "refuses"
    except (ValueError, KeyError):
        return "refuses"
