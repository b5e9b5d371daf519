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
from pathlib import Path
from typing import Final

from coldcheck.proof.merkle import leaf_hash
from coldcheck.proof.tiles import decode_bundle, encode_bundle, export_plan
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.bench_js import NoNode
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines, workplace
from coldcheck.station.record import record
from coldcheck.station.verify import files_in, verify_path

Files = dict[str, bytes]
_MANY: Final = Path("verifier/many.mjs")


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


def soak_edits(*, edits: int, entries: int = 1_000, seed: int = 0) -> Figures:
    """How many edits were tried through each whole verifier, and how many each missed. Raises NoNode."""
    node = shutil.which("node")
    if node is None or not _MANY.is_file():
        raise NoNode(
            "node or verifier/many.mjs is missing; install Node 20 or newer and run this in the project's folder."
        )
    dice = random.Random(seed)
    told: Figures = {"edits": edits, "entries": entries, "missed_by_python": 0, "missed_by_javascript": 0}
    with workplace() as place, _javascript(node) as accepts:
        good = _exported(place, entries)
        whole = dict(good)
        for number in range(edits):
            name, edit = _EDITS[number % len(_EDITS)]
            files = dict(good)
            edit(files, entries, dice)
            assert files != good, f"{name} changes something"
            _put(place / "tiles", files, whole)
            whole = files
            told[name] = int(told.get(name) or 0) + 1
            told["missed_by_python"] = int(told["missed_by_python"] or 0) + verify_path(place / "tiles", vkey=None).ok
            told["missed_by_javascript"] = int(told["missed_by_javascript"] or 0) + accepts(place / "tiles")
        _put(place / "tiles", good, whole)
        assert verify_path(place / "tiles", vkey=None).ok, "the untouched export is good to Python"
        assert accepts(place / "tiles"), "the untouched export is good to JavaScript"
    return told


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


@contextmanager
def _javascript(node: str) -> Iterator[Callable[[Path], bool]]:
    """Whether the JavaScript verifier takes a folder for good; one process of it for the whole run."""
    with subprocess.Popen([node, str(_MANY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own

        def accepts(directory: Path) -> bool:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{directory}\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            assert said["cannot"] is None, said
            assert isinstance(said["ok"], bool)
            return said["ok"]

        yield accepts
        assert process.stdin is not None
        process.stdin.close()
