"""Power cuts: what a disk could hold at every moment of a recording, in every order of writes, and what is left of it.

A child records a stream of acts while strace writes down every write, sync, cut and removal it asks of the system, and
every acknowledgement it gives. Played back step by step: what was synced is there; of what was not, each write is kept,
dropped or torn at a 512-byte sector, by a seeded choice. Each such image is opened as after a power cut.

Promises: an image is good only if its entries are, byte for byte, the beginning of what was recorded, with every entry
that had been acknowledged. With `synchronous=NORMAL` the same harness must lose acknowledged entries, or it shows nothing.

Does not do: faults of the disk itself; a synced sector stays as it was written.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines
from coldcheck.station.lab.store_images import entries_in, weaken
from coldcheck.station.record import record
from coldcheck.station.store_sqlite import open_ledger, read_ledger
from coldcheck.station.verify import verify_ledger

SECTOR: Final = 512
FOLDER: Final = "."
_CALLS: Final = "openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink,close"
_ACTS: Final = 60
_LINE: Final = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?: |$)")


class NoStrace(ColdcheckError):
    """The power-cut harness needs strace. Install it (Debian: strace) and run this again."""


# --- the recording -------------------------------------------------------------------------------------------------


def child(path: Path, synchronous: str) -> None:
    """Nothing; records a stream in two sittings, naming each acknowledged entry's index on standard output."""
    player, store = player_of_stream(path, acts=_ACTS)
    weaken(store, synchronous)
    lines = signed_lines(player)
    for number, (signed, now, _count) in enumerate(lines):
        if number == _ACTS // 3:
            # The write-ahead log is folded in, cut and begun anew.
            store.close()
            store = open_ledger(path)
            weaken(store, synchronous)
            player.hub.store = store
        if number == _ACTS:
            break
        reply = record(player.hub, signed, now)
        os.write(1, b"%d\n" % reply.entry_index)
    store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing the child asked: `kind` is write, sync, cut, remove or acknowledge."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""
    entry: int = -1


def recorded(folder: Path, *, synchronous: str) -> tuple[tuple[Step, ...], list[bytes]]:
    """Every step of one recording, and the entries that it ended with. Raises NoStrace."""
    if shutil.which("strace") is None:
        raise NoStrace("strace is missing; install it (Debian: strace) and run this again.")
    path, log = folder / "x.ledger", folder / "strace"
    command = ["strace", "-f", "-xx", "-s", "100000", "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(log)]
    command += [sys.executable, "-m", "coldcheck.station.lab.soak_power", str(path), synchronous]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own module
    steps = tuple(_steps(log, path))
    store = read_ledger(path)
    try:
        return steps, list(store.entries())
    finally:
        store.close()


def _steps(log: Path, ledger: Path) -> Iterator[Step]:
    names: dict[int, str] = {}
    for line in log.read_text(encoding="latin-1").splitlines():
        found = _LINE.match(line)
        if found is None or int(found[3]) < 0:
            continue
        call, words, result = found[1], found[2], int(found[3])
        if call == "openat":
            name = _text(words.split(", ")[1])
            own = FOLDER if Path(name) == ledger.parent else ""
            names[result] = Path(name).name if Path(name).parent == ledger.parent else own
        elif call == "unlink":
            yield Step(kind="remove", name=Path(_text(words)).name)
        else:
            yield from _step_on(call, words, names)


def _step_on(call: str, words: str, names: dict[int, str]) -> Iterator[Step]:
    """The step of a call on an open file, if it is one of the ledger's, or the child's word that an entry is recorded."""
    first, _, rest = words.partition(", ")
    descriptor = int(first)
    name = names.get(descriptor, "")
    if call == "close":
        names.pop(descriptor, None)
    elif call == "write" and descriptor == 1:
        yield Step(kind="acknowledge", entry=int(_bytes(rest.rpartition(", ")[0])))
    elif name and call == "pwrite64":
        data, _size, offset = rest.rsplit(", ", 2)
        yield Step(kind="write", name=name, offset=int(offset), data=_bytes(data))
    elif name and call in {"fdatasync", "fsync"}:
        yield Step(kind="sync", name=name)
    elif name and call == "ftruncate":
        yield Step(kind="cut", name=name, offset=int(rest))


def _bytes(quoted: str) -> bytes:
    return bytes.fromhex(quoted.strip('"').replace("\\x", ""))


def _text(quoted: str) -> str:
    return _bytes(quoted).decode("utf-8", "replace")


# --- what the disk could hold --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Disk:
    """Files as they are surely on the disk, and in order what was asked since and not synced."""

    sure: dict[str, bytearray] = field(default_factory=dict)
    asked: list[Step] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Nothing; the step was asked. A sync makes everything asked of that file sure."""
        if step.kind in {"write", "cut", "remove"}:
            self.asked.append(step)
        elif step.kind == "sync" and step.name == FOLDER:
            self._sync_names()
        elif step.kind == "sync":
            for one in (one for one in self.asked if one.name == step.name):
                _apply(self.sure, one, one.data)
            self.asked = [one for one in self.asked if one.name != step.name]

    def _sync_names(self) -> None:
        """Removals asked so far are sure, and with each whatever was asked of that file before it."""
        while True:
            last = next((at for at, one in enumerate(self.asked) if one.kind == "remove"), None)
            if last is None:
                return
            name = self.asked[last].name
            for one in [one for one in self.asked[: last + 1] if one.name == name]:
                _apply(self.sure, one, one.data)
            self.asked = [one for at, one in enumerate(self.asked) if at > last or one.name != name]

    def image(self, dice: random.Random) -> dict[str, bytes]:
        """One way the files could be after a cut right now: each write asked and not synced kept, dropped or torn."""
        files = {name: bytearray(data) for name, data in self.sure.items()}
        keep = dice.choice((0.0, 0.5, 0.9, 1.0))
        for step in self.asked:
            if dice.random() >= keep:
                continue
            _apply(files, step, _torn(step, dice))
        return {name: bytes(data) for name, data in files.items()}


def _torn(step: Step, dice: random.Random) -> bytes:
    """The write whole, or as far as some sector."""
    sectors = (step.offset + len(step.data) - 1) // SECTOR - step.offset // SECTOR
    if sectors < 1 or dice.random() < 0.7:  # noqa: PLR2004  # most writes come through
        return step.data
    end = (step.offset // SECTOR + dice.randint(1, sectors)) * SECTOR
    return step.data[: end - step.offset]


def _apply(files: dict[str, bytearray], step: Step, data: bytes) -> None:
    if step.kind == "remove":
        files.pop(step.name, None)
        return
    file = files.setdefault(step.name, bytearray())
    if step.kind == "cut":
        del file[step.offset :]
        return
    file.extend(bytes(max(0, step.offset - len(file))))
    file[step.offset : step.offset + len(data)] = data


# --- what is left of it --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Told:
    """Counts over images: `lost` had too few entries, `broken` did not read, `wrong` read as something else."""

    images: int = 0
    distinct: int = 0
    lost: int = 0
    broken: int = 0
    wrong: int = 0
    accepted_wrong: int = 0


def soak_power(*, images: int, synchronous: str = "FULL", seed: int = 0) -> Figures:
    """Totals over about `images` images of one recording, evenly over its steps."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="coldcheck-power-") as name, _memory() as place:
        steps, entries = recorded(Path(name), synchronous=synchronous)
        each = max(1, images // len(steps))
        disk, acknowledged, dice = Disk(), 0, random.Random(seed)
        for step in steps:
            if step.kind == "acknowledge":
                acknowledged = max(acknowledged, step.entry + 1)
            disk.take(step)
            _try_images(disk, dice, each, place=place, entries=entries, acknowledged=acknowledged, told=told)
    return {
        "synchronous": synchronous,
        "steps": len(steps),
        "entries": len(entries),
        "images": told.images,
        "distinct": told.distinct,
        "lost_acknowledged": told.lost,
        "not_readable": told.broken,
        "not_what_was_recorded": told.wrong,
        "accepted_though_wrong": told.accepted_wrong,
    }


def _memory() -> "tempfile.TemporaryDirectory[str]":
    """A folder in memory where there is one: thousands of images a second are written and thrown away."""
    shared = Path("/dev/shm")  # noqa: S108  # a private folder is made in it
    return tempfile.TemporaryDirectory(prefix="coldcheck-", dir=shared if shared.is_dir() else None)


def _try_images(
    disk: Disk, dice: random.Random, count: int, *, place: str, entries: list[bytes], acknowledged: int, told: Told
) -> None:
    seen: dict[tuple[tuple[str, bytes], ...], str] = {}
    for _ in range(count):
        files = disk.image(dice)
        form = tuple(sorted(files.items()))
        if form not in seen:
            seen[form] = _verdict(files, Path(place), entries, acknowledged)
            told.distinct += 1
            told.accepted_wrong += seen[form] == "accepted"
        told.images += 1
        told.lost += seen[form] == "lost"
        told.broken += seen[form] == "broken"
        told.wrong += seen[form] in {"wrong", "accepted"}


def _verdict(files: dict[str, bytes], place: Path, entries: list[bytes], acknowledged: int) -> str:
    """good, lost, broken, wrong (and the verifier says so), or accepted (wrong, and it does not)."""
    for old in place.iterdir():
        old.unlink()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (place / name).write_bytes(data)
    ledger = place / "x.ledger"
    there = entries_in(ledger)
    if there is None:
        # Before the first acknowledgement there may be no ledger yet.
        return "broken" if acknowledged else "good"
    if there != entries[: len(there)]:
        return "accepted" if _accepts(ledger) else "wrong"
    return "good" if len(there) >= acknowledged else "lost"


def _accepts(ledger: Path) -> bool:
    try:
        return verify_ledger(ledger, vkey=None).ok
    except ColdcheckError:
        return False


if __name__ == "__main__":
    child(Path(sys.argv[1]), sys.argv[2])
