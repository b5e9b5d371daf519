"""A hub ended with -9 in the middle of its work, again and again: no acknowledged act may be missing or doubled.

A child process records a stream of acts into a new ledger and says on its standard output, after each reply, which entry
it acknowledged and the hash of its bytes. The parent kills it at a seeded moment, reads to the end what was said, opens
the ledger and verifies all of it. A kill loses no page the system has taken: a power cut is another test than this one.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.station.lab.measured import player_of_stream, signed_lines
from coldcheck.station.record import record
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import verify_ledger

_ACTS: Final = 900
_MOST_ENTRIES: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What one kill showed. `lost` are acknowledged entries that are not there as they were acknowledged."""

    seed: int
    acknowledged: int
    entries: int
    lost: tuple[int, ...]
    verified: bool
    reason: str


def child(path: Path) -> None:
    """Nothing; records until it is ended, naming each acknowledged entry on standard output."""
    player, store = player_of_stream(path, acts=_ACTS)
    for signed, now, _count in signed_lines(player):
        reply = record(player.hub, signed, now)
        digest = sha256(store.entry(reply.entry_index)).hexdigest()
        os.write(1, f"{reply.entry_index} {digest}\n".encode())


def kill_once(folder: Path, *, seed: int, forked: bool = False) -> Killed:
    """One child, ended after a seeded number of acknowledged entries; what was acknowledged against what is there.

    `forked`: a copy of this process instead of a new interpreter, which is ten times as fast; it must have one thread.
    """
    path = folder / f"kill-{seed}.ledger"
    after = random.Random(seed).randrange(_MOST_ENTRIES)
    said = _forked(path, after) if forked else _begun(path, after)
    whole = [line.split() for line in said if line.endswith("\n")]
    acknowledged = {int(index): digest for index, digest in whole}
    return _compared(path, acknowledged, seed=seed)


def _begun(path: Path, after: int) -> list[str]:
    """What a new interpreter said before it was ended."""
    command = [sys.executable, "-m", "coldcheck.station.lab.soak_kills", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own module
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(after)]
        process.kill()
        return said + process.stdout.read().splitlines(keepends=True)


def _forked(path: Path, after: int) -> list[str]:
    """What a copy of this process said before it was ended."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        # Whatever goes wrong in the copy, it must not go on as if it were its parent.
        try:
            child(path)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as pipe:
        said = [pipe.readline() for _ in range(after)]
        os.kill(pid, signal.SIGKILL)
        said += pipe.read().splitlines(keepends=True)
    os.waitpid(pid, 0)
    return said


def _compared(path: Path, acknowledged: dict[int, str], *, seed: int) -> Killed:
    try:
        store = read_ledger(path)
    except NoLedger as problem:
        # Ended before the file was whole: right if nothing had been acknowledged yet.
        lost = tuple(sorted(acknowledged))
        return Killed(seed=seed, acknowledged=len(lost), entries=0, lost=lost, verified=not lost, reason=str(problem))
    try:
        lost = tuple(index for index, digest in sorted(acknowledged.items()) if _digest(store, index) != digest)
        count = store.entry_count()
    finally:
        store.close()
    report = verify_ledger(path, vkey=None) if count else None
    ok = report is None or report.ok
    return Killed(
        seed=seed,
        acknowledged=len(acknowledged),
        entries=count,
        lost=lost,
        verified=ok,
        reason="" if report is None or report.ok else str(report.first_bad),
    )


def _digest(store: SqliteStore, index: int) -> str:
    try:
        return sha256(store.entry(index)).hexdigest()
    except NoLedger:
        return ""


def soak_kills(*, kills: int, first_seed: int = 0) -> dict[str, int | float | str | None]:
    """Totals over `kills` kills, and the first seed that failed (None when none did)."""
    acknowledged = lost = unverified = entries = 0
    first_bad: int | None = None
    with tempfile.TemporaryDirectory(prefix="coldcheck-kills-") as name:
        for seed in range(first_seed, first_seed + kills):
            # Every twentieth as a hub begins in earnest, in an interpreter of its own.
            told = kill_once(Path(name), seed=seed, forked=bool(seed % 20))
            acknowledged += told.acknowledged
            entries += told.entries
            lost += len(told.lost)
            unverified += not told.verified
            if first_bad is None and (told.lost or not told.verified):
                first_bad = seed
            for left in Path(name).iterdir():
                left.unlink()
    return {
        "kills": kills,
        "acknowledged": acknowledged,
        "entries": entries,
        "lost": lost,
        "ledgers_not_verified": unverified,
        "first_bad_seed": first_bad,
    }


if __name__ == "__main__":
    child(Path(sys.argv[1]))
