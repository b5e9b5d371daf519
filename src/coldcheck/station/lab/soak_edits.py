"""Random edits of an export, each through both whole verifiers: flips, edited entries, swaps, drops and duplicates.

Promises: an edit changes at least one byte, and the smarter ones also put the hashes of the tiles right, so that only a
root or a signature can tell. `missed` counts what a verifier called good.
"""

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from coldcheck.proof import audit, keys
from coldcheck.proof.merkle import leaf_hash
from coldcheck.proof.tiles import decode_bundle, encode_bundle, export_plan
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.bench_js import NoNode
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines, workplace
from coldcheck.station.record import record
from coldcheck.station.verify import files_in, verify_path

Files = dict[str, bytes]
_MANY: Final = Path("verifier/many.mjs")
_FRESH: Final = 20


def _flip(files: Files, _size: int, dice: random.Random) -> None:
    path = dice.choice([path for path in files for _ in range(1 + len(files[path]) // 1000)])
    data = files[path]
    at = dice.randrange(len(data))
    files[path] = data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def _with_entries(files: Files, size: int, change: Callable[[list[bytes]], None], *, hashes: bool) -> None:
    """Changes the list of all entries and writes bundles of the same size from it, the level 0 tiles too if asked."""
    tiles = [tile for tile in export_plan(size) if tile.level is None]
    entries = [entry for tile in tiles for entry in decode_bundle(files[tile.path], width=tile.width)]
    change(entries)
    for tile in tiles:
        part = entries[tile.index * 256 : tile.index * 256 + tile.width]
        files[tile.path] = encode_bundle(part)
        if hashes:
            path = tile.path.replace("tile/entries/", "tile/0/")
            files[path] = b"".join(leaf_hash(entry) for entry in part)


def _edit(files: Files, size: int, dice: random.Random) -> None:
    def change(entries: list[bytes]) -> None:
        index = dice.randrange(size)
        at = dice.randrange(len(entries[index]))
        digit = bytes([48 + (entries[index][at] + 1) % 10])
        old = entries[index]
        entries[index] = (
            old[:at] + digit + old[at + 1 :] if old[at : at + 1] != digit else old[:at] + b"x" + old[at + 1 :]
        )

    _with_entries(files, size, change, hashes=dice.random() < 0.5)  # noqa: PLR2004  # half with the hashes put right


def _swap(files: Files, size: int, dice: random.Random) -> None:
    def change(entries: list[bytes]) -> None:
        one, other = dice.sample(range(size), 2)
        entries[one], entries[other] = entries[other], entries[one]

    _with_entries(files, size, change, hashes=dice.random() < 0.5)  # noqa: PLR2004


def _drop(files: Files, size: int, dice: random.Random) -> None:
    def change(entries: list[bytes]) -> None:
        del entries[dice.randrange(size)]
        entries.append(entries[-1])

    _with_entries(files, size, change, hashes=dice.random() < 0.5)  # noqa: PLR2004


def _double(files: Files, size: int, dice: random.Random) -> None:
    def change(entries: list[bytes]) -> None:
        at = dice.randrange(size - 1)
        entries.insert(at, entries[at])
        entries.pop()

    _with_entries(files, size, change, hashes=dice.random() < 0.5)  # noqa: PLR2004


_EDITS: Final = (("flip", _flip), ("edit", _edit), ("swap", _swap), ("drop", _drop), ("double", _double))


def soak_edits(*, edits: int, entries: int = 1_000, seed: int = 0, jobs: int = 1) -> Figures:
    """How many edits were tried through each whole verifier, and how many each missed. Raises NoNode."""
    node = shutil.which("node")
    if node is None or not _MANY.is_file():
        raise NoNode(
            "node or verifier/many.mjs is missing; install Node 20 or newer and run this in the project's folder."
        )
    with workplace() as place:
        good = _exported(place, entries)
        lanes = [
            _Lane(
                place=place / f"lane-{number}",
                node=node,
                entries=entries,
                seeds=range(seed + number, seed + edits, jobs),
            )
            for number in range(jobs)
        ]
        for lane in lanes:
            shutil.copytree(place / "tiles", lane.place)
        if jobs == 1:
            told = [_edited(lanes[0], good)]
        else:
            with get_context("fork").Pool(jobs) as pool:
                told = pool.starmap(_edited, [(lane, good) for lane in lanes])
    counts = {field: sum(one[field] for one in told) for field in told[0]}
    return {"edits": edits, "entries": entries, **counts}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """One process's part: its own copy of the export, its own JavaScript verifier, and a seed for each of its edits."""

    place: Path
    node: str
    entries: int
    seeds: range


def _edited(lane: _Lane, good: Files) -> dict[str, int]:
    """What became of each edit of this lane; the untouched export is good before and after, to both.

    Both verifiers run over every edited copy from its first byte to its first flaw. What they remember is only that a signature
    fitted, for the very same key, bytes and signature; every twentieth edit is verified without that.
    """
    told = dict.fromkeys(
        ("missed_by_python", "missed_by_javascript", "named_otherwise", *(name for name, _edit in _EDITS)), 0
    )
    with _javascript(lane.node) as begin, _remembering() as memory:
        memory.on = True
        said = begin(lane.place, fresh=False)
        assert verify_path(lane.place, vkey=None).ok, "the untouched export is good to Python"
        assert said().ok, "the untouched export is good to JavaScript"
        whole = dict(good)
        for seed in lane.seeds:
            name, edit = _EDITS[seed % len(_EDITS)]
            files = dict(good)
            edit(files, lane.entries, random.Random(seed))
            assert files != good, f"{name} changes something"
            _put(lane.place, files, whole)
            whole = files
            memory.on = bool(seed % _FRESH)
            # Both at the same time, each on the same files.
            said = begin(lane.place, fresh=not memory.on)
            report, other = verify_path(lane.place, vkey=None), said()
            told[name] += 1
            told["missed_by_python"] += report.ok
            told["missed_by_javascript"] += other.ok
            told["named_otherwise"] += (report.first_bad.entry if report.first_bad else None) != other.entry
        _put(lane.place, good, whole)
        memory.on = False
        said = begin(lane.place, fresh=True)
        assert verify_path(lane.place, vkey=None).ok, "the untouched export is good to Python"
        assert said().ok, "the untouched export is good to JavaScript"
    return told


class _Memory:
    """Signatures that fitted, each under everything that the answer follows from."""

    def __init__(self) -> None:
        self.on = False
        self.fitted: set[tuple[object, ...]] = set()


@contextmanager
def _remembering() -> Iterator[_Memory]:
    """Whether a signature fits is remembered where it does, in the audit's one place that asks."""
    memory, verify = _Memory(), keys.verify_author

    def remembered(**asked: bytes) -> None:
        name = tuple(asked[field] for field in sorted(asked))
        if not (memory.on and name in memory.fitted):
            verify(**asked)  # type: ignore[arg-type]  # as it was asked
            memory.fitted.add(name)

    setattr(audit, "verify_author", remembered)  # noqa: B010  # the one place, for as long as this lasts
    try:
        yield memory
    finally:
        setattr(audit, "verify_author", verify)  # noqa: B010  # as above


def _exported(place: Path, entries: int) -> Files:
    player, store = player_of_stream(place / "a.ledger", acts=entries * 2)
    try:
        for signed, now, _count in signed_lines(player):
            record(player.hub, signed, now)
            if store.entry_count() == entries:
                break
        assert export_tiles(store, place / "tiles").entries == entries, "the stream is long enough"
    finally:
        store.close()
    return {path: (place / "tiles" / path).read_bytes() for path in files_in(place / "tiles")}


def _put(directory: Path, files: Files, before: Files) -> None:
    for path, data in files.items():
        if before[path] != data:
            (directory / path).write_bytes(data)


class _Said(NamedTuple):
    """What the JavaScript verifier said of one folder: good or not, and at which entry the first flaw is."""

    ok: bool
    entry: int | None


@contextmanager
def _javascript(node: str) -> Iterator[Callable[..., Callable[[], _Said]]]:
    """Begins the JavaScript verifier on a folder and gives what will say how it went; one process of it for the whole run."""
    command = [node, str(_MANY), "--remember"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def answer() -> _Said:
            said = json.loads(stdout.readline())
            assert said["cannot"] is None, said
            assert isinstance(said["ok"], bool)
            return _Said(said["ok"], said["first_bad"]["entry"] if said["first_bad"] else None)

        def begin(directory: Path, *, fresh: bool) -> Callable[[], _Said]:
            stdin.write(("fresh\n" if fresh else "") + f"{directory}\n")
            stdin.flush()
            return answer

        yield begin
        stdin.close()
