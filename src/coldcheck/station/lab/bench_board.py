"""From an act to every board: a hub in a process of its own, and as many open streams as asked, beside a bare fan-out.

The hub records real acts at a steady pace and pushes its board; one reader process holds all streams and notes when each
one had the entry. The peer is the least that could do it: Starlette, one stream a screen, the same number of bytes, sent
from memory at the same pace. Both are read by the same code in the same run, 200 streams and 1,000.

What is not in it: a radio network, and a browser's painting.
"""

import asyncio
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coldcheck.station.lab.measured import Figures, percentile, workplace
from coldcheck.station.web.pages import SILENT_MS

ACTS: Final = 60
PACE_S: Final = 0.25
BUSY_PACE_S: Final = 0.05
"""A set at work signs an act every five seconds; a hundred times that is twenty a second, voids among them."""


@dataclass(slots=True)
class Heard:
    """When each act was handed in, and when each stream had it; seconds on the machine's own clock."""

    sent: dict[int, float] = field(default_factory=dict)
    arrived: list[tuple[int, float]] = field(default_factory=list)
    event_bytes: int = 0
    recorded: list[float] = field(default_factory=list)
    voids: tuple[int, ...] = ()
    """The acts that turned a gun to TREAT AS LOADED."""

    def delays_ms(self, *, of: Container[int] | None = None) -> list[float]:
        """Every act (or each of these) to every stream, in milliseconds, smallest first."""
        asked = self.sent if of is None else of
        return sorted(
            (at - self.sent[number]) * 1000 for number, at in self.arrived if number in self.sent and number in asked
        )


def bench_board(*, boards: tuple[int, ...] = (200, 1000), acts: int = ACTS) -> Figures:
    """The flat figures of `bench board`: ours and the peer's for the first size, then the same for each other size."""
    figures: Figures = {}
    with workplace() as folder:
        for number, size in enumerate(boards):
            ours = _measure("hub", folder / f"hub{size}", boards=size, acts=acts)
            peer = _measure("bare", folder / f"bare{size}", boards=size, acts=acts, event_bytes=ours.event_bytes)
            tail = "" if number == 0 else f"_{size}"
            figures |= _figures(ours, peer, boards=size, acts=acts, tail=tail)
        busy = _measure("hub", folder / "busy", boards=boards[0], acts=3 * acts, pace_s=BUSY_PACE_S)
    figures["under_100x_load_p99_ms"] = round(percentile(busy.delays_ms(), 0.99), 2)
    voids = busy.delays_ms(of=frozenset(busy.voids))
    figures["voids_under_100x_load"] = len(busy.voids)
    figures["void_under_100x_load_p99_ms"] = round(percentile(voids, 0.99), 2)
    figures["silent_after_ms"] = SILENT_MS
    figures["event_bytes"] = busy.event_bytes
    return figures


def _figures(ours: Heard, peer: Heard, *, boards: int, acts: int, tail: str) -> Figures:
    mine, theirs = ours.delays_ms(), peer.delays_ms()
    peer_p99 = percentile(theirs, 0.99)
    return {
        f"boards{tail}": boards,
        f"p50_ms{tail}": round(percentile(mine, 0.5), 2),
        f"p99_ms{tail}": round(percentile(mine, 0.99), 2),
        f"peer_p50_ms{tail}": round(percentile(theirs, 0.5), 2),
        f"peer_p99_ms{tail}": round(peer_p99, 2),
        f"ratio{tail}": round(percentile(mine, 0.99) / peer_p99, 2),
        f"of_it_record_p99_ms{tail}": round(percentile(ours.recorded, 0.99) * 1000, 2),
        f"lost{tail}": boards * acts - len(mine),
    }


# --- the reader ----------------------------------------------------------------------------------------------------


def _measure(kind: str, folder: Path, *, boards: int, acts: int, pace_s: float = PACE_S, event_bytes: int = 0) -> Heard:
    folder.mkdir()
    with _served(kind, folder, str(acts), str(pace_s), str(event_bytes)) as (process, port):
        return asyncio.run(_read(process, port, boards=boards, acts=acts, pace_s=pace_s))


@contextmanager
def _served(kind: str, folder: Path, *more: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    command = [sys.executable, "-m", "coldcheck.station.lab.bench_board_hub", kind, str(folder), *more]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(  # noqa: S603  # our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


async def _read(process: "subprocess.Popen[bytes]", port: int, *, boards: int, acts: int, pace_s: float) -> Heard:
    """What every stream had and when, after the last act has reached them all or nothing came for a while."""
    heard = Heard()
    streams = [await asyncio.open_connection("127.0.0.1", port, limit=2**20) for _ in range(boards)]
    for _reader, writer in streams:
        writer.write(b"GET /board/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
    readers = [asyncio.ensure_future(_follow(reader, heard, acts)) for reader, _writer in streams]
    await asyncio.sleep(1.5 + boards / 500)
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()
    await asyncio.wait(readers, timeout=acts * pace_s + 20)
    for reader in readers:
        reader.cancel()
    _take_report(process, heard)
    for _reader, writer in streams:
        writer.close()
    return heard


async def _follow(reader: asyncio.StreamReader, heard: Heard, acts: int) -> None:
    """Notes each act as it comes: an event that was late tells of all the acts before it too."""
    newest, had = -1, 0
    while had < acts:
        line = await reader.readline()
        if not line:
            return
        now = time.monotonic()
        mark = line.find(b'"entries":')
        if mark < 0:
            continue
        entries = int(line[mark + 10 : line.index(b",", mark)])
        if newest < 0:
            # The first beat: what was before this stream is nobody's act here.
            newest = entries
        for number in range(newest + 1, entries + 1):
            heard.arrived.append((number, now))
            had += 1
        newest = max(newest, entries)


def _take_report(process: "subprocess.Popen[bytes]", heard: Heard) -> None:
    """When the other process handed each act in, as it says at the end, and how large an event was."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 30)
    if ready:
        report = json.loads(process.stdout.readline() or b"{}")
        heard.sent = {int(number): at for number, at in report["sent"].items()}
        heard.event_bytes = report["bytes"]
        heard.recorded = report["recorded"]
        heard.voids = tuple(report["voids"])
