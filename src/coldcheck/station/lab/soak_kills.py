"""A hub ended with -9 in the middle of its work, again and again: no acknowledged act may be missing or doubled.

A child process records a stream of acts into a new ledger. It says before each act what it is about to record, and after each reply
which entry it acknowledged and the hash of its bytes. Every other child is killed from outside, a seeded time after a seeded entry: that
falls mostly where it waits for the disk. The others end themselves with the same signal at a seeded call in their own code, so between any
two statements of a transaction too. The parent reads to the end what was said, opens the ledger and verifies all of it. Then a hub begins again on that ledger and is sent the last act twice, as a phone does that heard
nothing: there must be one entry of it, at the place that was acknowledged if one was. A kill loses no page the system has taken: a
power cut is another test than this one.

What makes it fast: everything is imported and the stream read before a child is forked, and most children go on from a copy of a
ledger that was begun once. Of a hundred seeds four begin their ledger themselves, so that a kill meets the beginning too, and one
does it in an interpreter of its own.
"""

import base64
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.lab.measured import player_of_stream, signed_lines
from coldcheck.station.play import Player
from coldcheck.station.record import Hub, Moment, Signed, open_hub, record
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import SqliteStore, open_ledger, read_ledger
from coldcheck.station.verify import verify_ledger

_ACTS: Final = 300
_MOST_ENTRIES: Final = 60
_MOST_S: Final = 0.004
"""The kill comes up to so long after the entry it waits for: two or three acts further, anywhere in one."""
_MOST_CALLS: Final = 4_000
"""As many calls as two acts or three take."""
_IN_EARNEST, _FROM_NOTHING = 100, 25

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What one kill showed. `lost` are acknowledged entries that are not there as they were acknowledged.

    `resent` is whether there was an act to send again, `doubled` what was wrong when it was: "" when there was one entry of it.
    """

    seed: int
    acknowledged: int
    entries: int
    lost: tuple[int, ...]
    verified: bool
    reason: str
    resent: bool = False
    doubled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A stream whose ledger was begun once, to be copied: forks go on from here."""

    player: Player
    ledger: Path


@dataclass(slots=True)
class Said:
    """What a child said: the entries it acknowledged with their hashes, and the act it was about to record last."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    sent: tuple[Signed, Moment] | None = None
    last: int | None = None
    """The entry that `sent` was acknowledged as, None for none."""

    def take(self, line: str) -> None:
        """Nothing; one whole line of the child's. The last one may be cut short, and says nothing then."""
        if not line.endswith("\n"):
            return
        kind, word, *rest = line.split()
        if kind == "sends":
            # Our own child's bytes, over our own pipe.
            self.sent, self.last = pickle.loads(base64.b64decode(word)), None  # noqa: S301
        else:
            self.last = int(word)
            self.acknowledged[self.last] = rest[0]


def child(path: Path, begun: Begun | None = None, end: tuple[int, int] | None = None) -> None:
    """Nothing; records until it is ended, saying on standard output what it sends and what was acknowledged.

    `end`: after how many acknowledged entries, and how many calls further, it ends itself; None: somebody else does.
    """
    if begun is None:
        player, store = player_of_stream(path, acts=_ACTS)
    else:
        player = begun.player
        shutil.copyfile(begun.ledger, path)
        store = open_ledger(path)
        player.hub.store = store
    for done, (signed, now, _count) in enumerate(signed_lines(player)):
        if end is not None and done == end[0]:
            _end_after(end[1])
        os.write(1, b"sends " + base64.b64encode(pickle.dumps((signed, now))) + b"\n")
        reply = record(player.hub, signed, now)
        digest = sha256(store.entry(reply.entry_index)).hexdigest()
        os.write(1, f"done {reply.entry_index} {digest}\n".encode())


def _end_after(calls: int) -> None:
    """Nothing; after so many calls from here this process is ended with -9, whatever it does then."""
    left = calls

    def count(_frame: object, _event: str, _value: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def begin(folder: Path) -> Begun:
    """A stream with its people, on a ledger that is closed and whole."""
    path = folder / "begun.coldcheck"
    player, store = player_of_stream(path, acts=_ACTS)
    store.close()
    return Begun(player=player, ledger=path)


def kill_once(folder: Path, *, seed: int, begun: Begun, from_nothing: bool = False, in_earnest: bool = False) -> Killed:
    """One child, ended a seeded moment after a seeded number of acknowledged entries; what it said against what is there.

    `from_nothing`: it begins its ledger itself; `in_earnest`: in a new interpreter. This process must have one thread.
    """
    path = folder / f"kill-{seed}.ledger"
    dice = random.Random(seed)
    after, wait_s, calls = dice.randrange(_MOST_ENTRIES), dice.random() * _MOST_S, dice.randrange(_MOST_CALLS)
    said = Said()
    if in_earnest:
        _begun_anew(path, after, wait_s, said)
    else:
        own = (after, calls) if seed % 2 else None
        _forked(path, None if from_nothing else begun, after, wait_s, said, end=own)
    return _compared(path, said, begun.player.hub, seed=seed)


def _read_on(lines: Iterable[str], after: int, said: Said) -> None:
    """Nothing; `said` has heard so many acknowledgements, or all there are."""
    if len(said.acknowledged) >= after:
        return
    for line in lines:
        said.take(line)
        if len(said.acknowledged) >= after:
            return


def _begun_anew(path: Path, after: int, wait_s: float, said: Said) -> None:
    command = [sys.executable, "-m", "coldcheck.station.lab.soak_kills", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own module
        assert process.stdout is not None
        _read_on(process.stdout, after, said)
        time.sleep(wait_s)
        process.kill()
        for line in process.stdout:
            said.take(line)


def _forked(
    path: Path, begun: Begun | None, after: int, wait_s: float, said: Said, *, end: tuple[int, int] | None
) -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        # Whatever goes wrong in the copy, it must not go on as if it were its parent.
        try:
            child(path, begun, end)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as pipe:
        if end is None:
            _read_on(pipe, after, said)
            time.sleep(wait_s)
            os.kill(pid, signal.SIGKILL)
        for line in pipe:
            said.take(line)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the child was killed, and did not end by itself"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _compared(path: Path, said: Said, hub: Hub, *, seed: int) -> Killed:
    try:
        store = read_ledger(path)
    except NoLedger as problem:
        # Ended before the file was whole: right if nothing had been acknowledged yet.
        lost = tuple(sorted(said.acknowledged))
        return Killed(seed=seed, acknowledged=len(lost), entries=0, lost=lost, verified=not lost, reason=str(problem))
    try:
        lost = tuple(index for index, digest in sorted(said.acknowledged.items()) if _digest(store, index) != digest)
        count = store.entry_count()
    finally:
        store.close()
    report = verify_ledger(path, vkey=None) if count else None
    ok = report is None or report.ok
    return Killed(
        seed=seed,
        acknowledged=len(said.acknowledged),
        entries=count,
        lost=lost,
        verified=ok,
        reason="" if report is None or report.ok else str(report.first_bad),
        resent=said.sent is not None,
        doubled="" if said.sent is None or not count else _sent_again(path, said.sent, said.last, hub, count),
    )


def _sent_again(path: Path, sent: tuple[Signed, Moment], last: int | None, before: Hub, count: int) -> str:
    """What was wrong when a hub began again and got the last act twice; "" when there is one entry of it, in its place."""
    store = open_ledger(path)
    try:
        hub = open_hub(store, log_key=before.log_key, log=before.log, epoch=before.epoch, build=before.build)
        first, second = (record(hub, *sent).entry_index for _ in range(2))
        if first != second or store.entry_count() not in {count, count + 1}:
            return (
                f"sent again it is entry {first} and {second}, and of {count} entries there are {store.entry_count()}"
            )
        if last is not None and (first != last or store.entry_count() != count):
            return f"it was acknowledged as entry {last}, and sent again it is entry {first}"
    except ColdcheckError as problem:
        return f"sent again it was not taken: {problem}"
    finally:
        store.close()
    return ""


def _digest(store: SqliteStore, index: int) -> str:
    try:
        return sha256(store.entry(index)).hexdigest()
    except NoLedger:
        return ""


def kill_many(seeds: range) -> list[Killed]:
    """One kill a seed, in this process."""
    out: list[Killed] = []
    with tempfile.TemporaryDirectory(prefix="coldcheck-kills-") as name, tempfile.TemporaryDirectory() as beside:
        begun = begin(Path(beside))
        for seed in seeds:
            in_earnest, from_nothing = not seed % _IN_EARNEST, not seed % _FROM_NOTHING
            told = kill_once(Path(name), seed=seed, begun=begun, from_nothing=from_nothing, in_earnest=in_earnest)
            out.append(told)
            for left in Path(name).iterdir():
                left.unlink()
    return out


def soak_kills(*, kills: int, first_seed: int = 0, jobs: int = 1) -> dict[str, int | float | str | None]:
    """Totals over `kills` kills, and the first seed that failed (None when none did)."""
    seeds = range(first_seed, first_seed + kills)
    if jobs == 1:
        told = kill_many(seeds)
    else:
        # Every process forks children of its own, so each has one thread and takes every n-th seed.
        with get_context("fork").Pool(jobs) as pool:
            told = [
                one for part in pool.map(kill_many, [seeds[number::jobs] for number in range(jobs)]) for one in part
            ]
    bad = [one for one in told if one.lost or not one.verified or one.doubled]
    return {
        "kills": kills,
        "acknowledged": sum(one.acknowledged for one in told),
        "entries": sum(one.entries for one in told),
        "lost": sum(len(one.lost) for one in told),
        "ledgers_not_verified": sum(not one.verified for one in told),
        "sent_again": sum(one.resent for one in told),
        "doubled": sum(bool(one.doubled) for one in told),
        "first_bad_seed": min((one.seed for one in bad), default=None),
    }


if __name__ == "__main__":
    child(Path(sys.argv[1]))
