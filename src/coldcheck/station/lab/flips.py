"""Flipped bits: one in every byte of a ledger or an export, each put to the part of the verifier that reads that byte.

Promises: a flip counts as found only if the verifier's own function raised for it, or if what it compares differs; the
same function accepts the unflipped bytes. What was not found comes back with its place; in a ledger the first such ends it.

Does not do: the whole command for every byte (that is a sample in `bench flips`): the parts are what the whole is made of.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import HASH_BYTES, leaf_hash, tree_root
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.tiles import (
    CHECKPOINT_PATH,
    KEYS_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    VKEY_PATH,
    TileSpec,
    decode_bundle,
    decode_tile,
    encode_keys,
    export_plan,
)
from coldcheck.station.record import replay
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import Walk, expected_keys, stored_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """How many flips were tried, and where those lay that nobody found: (place, offset)."""

    tried: int
    missed: tuple[tuple[str, int], ...]


def flipped(data: bytes, offset: int) -> bytes:
    """`data` with one bit of the byte at `offset` the other way; which bit goes by the offset, so that all have turns."""
    return data[:offset] + bytes((data[offset] ^ 1 << offset % 8,)) + data[offset + 1 :]


# --- a ledger file --------------------------------------------------------------------------------------------------


def in_memory(store: SqliteStore) -> tuple[SqliteStore, sqlite3.Connection]:
    """A copy of the ledger that no file holds, with the connection to change it by."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    store.copy_into(connection)
    return SqliteStore(Path("a copy in memory"), connection, None), connection


def flips_in_ledger(store: SqliteStore, verifier: LogVerifier) -> Flips:
    """One flip in every byte of every entry, leaf hash, inner node and checkpoint, stored and read back each time."""
    copy, connection = in_memory(store)
    walk = Walk(verifier)
    tried = 0
    for index in range(copy.entry_count()):
        for table, column, where in _cells(index):
            (data,) = connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()  # noqa: S608  # names of ours
            update = f"UPDATE {table} SET {column} = ? WHERE {where}"  # noqa: S608
            for offset in range(len(data)):
                connection.execute(update, (flipped(data, offset),))
                tried += 1
                if not _refuses(walk, copy, index):
                    return Flips(tried=tried, missed=((f"{table} {where}", offset),))
            connection.execute(update, (data,))
        # The same function takes the entry as it was: it does not just refuse everything.
        walk.take(stored_entry(copy, index))
    return Flips(tried=tried, missed=())


def _cells(index: int) -> Iterator[tuple[str, str, str]]:
    """Table, column and row of every blob stored with entry `index`."""
    yield "entry", "bytes", f"entry_index = {index}"
    yield "entry", "leaf", f"entry_index = {index}"
    level = 0
    while index >> level & 1:
        level += 1
        yield "node", "hash", f"level = {level} AND node_index = {index >> level}"
    yield "checkpoint", "bytes", f"tree_size = {index + 1}"


def _refuses(walk: Walk, store: SqliteStore, index: int) -> bool:
    try:
        walk.take(stored_entry(store, index))
    except ColdcheckError:
        return True
    return False


# --- an exported directory ------------------------------------------------------------------------------------------


def flips_in_export(directory: Path, store: SqliteStore) -> Flips:
    """One flip in every byte of every file of the export of `store`, each against the function that reads that file."""
    tried, missed = 0, []
    for path, is_right in _readers(directory, store):
        data = (directory / path).read_bytes()
        assert is_right(data), f"{path} as it was written is accepted"
        for offset in range(len(data)):
            tried += 1
            if is_right(flipped(data, offset)):
                missed.append((path, offset))
    return Flips(tried=tried, missed=tuple(missed))


def bits_in_export(directory: Path, store: SqliteStore) -> Flips:
    """Every bit of every file of the export of `store`, each put to the one step of the verifier that reads it.

    An entry's bits change its leaf alone, a tile's the one hash they lie in: that step is asked, and not the whole file again. For
    a length the whole bundle is taken apart.
    """
    tried, missed = 0, []
    tiles = {tile.path: tile for tile in export_plan(store.entry_count())}
    for path, is_right in _readers(directory, store):
        data = (directory / path).read_bytes()
        step = _step(data, is_right, tiles.get(path), store)
        assert all(step(offset, 0) for offset in range(0, len(data), 97)), f"{path} as it was written is accepted"
        for offset in range(len(data)):
            for bit in range(8):
                tried += 1
                if step(offset, 1 << bit):
                    missed.append((path, offset))
    return Flips(tried=tried, missed=tuple(missed))


_Step = Callable[[int, int], bool]
"""Whether the verifier would go on with the bits (a mask) of the byte at an offset turned."""


def _step(data: bytes, whole: Callable[[bytes], bool], tile: TileSpec | None, store: SqliteStore) -> _Step:
    if tile is None:
        return lambda offset, bits: whole(_turned(data, offset, bits))
    wanted = _hashes(tile, store)
    if tile.level is not None:
        return lambda offset, bits: (
            _turned(data[offset // HASH_BYTES * HASH_BYTES :][:HASH_BYTES], offset % HASH_BYTES, bits)
            == wanted[offset // HASH_BYTES]
        )
    ends = tuple(accumulate(2 + len(entry) for entry in decode_bundle(data, width=tile.width)))

    def is_right(offset: int, bits: int) -> bool:
        number = bisect_right(ends, offset)
        start = (ends[number - 1] if number else 0) + 2
        if offset < start:
            return whole(_turned(data, offset, bits))
        return leaf_hash(_turned(data[start : ends[number]], offset - start, bits)) == wanted[number]

    return is_right


def _turned(data: bytes, offset: int, bits: int) -> bytes:
    return data[:offset] + bytes((data[offset] ^ bits,)) + data[offset + 1 :]


def _readers(directory: Path, store: SqliteStore) -> Iterator[tuple[str, Callable[[bytes], bool]]]:
    """Every file's path, with what the verifier does with its bytes: True when it would go on."""
    vkey = (directory / VKEY_PATH).read_text(encoding="ascii")
    verifier = LogVerifier.from_vkey(vkey[:-1])
    note = (directory / CHECKPOINT_PATH).read_bytes()
    size = open_checkpoint(note, verifier).size
    root = tree_root(size, store.node)
    keys = encode_keys(expected_keys(replay(store.entries())))
    yield VKEY_PATH, lambda data: _accepts(lambda: _opens_with(data, note))
    yield CHECKPOINT_PATH, lambda data: _accepts(lambda: _states(data, verifier, size=size, root=root))
    yield KEYS_PATH, lambda data: data == keys
    for tile in export_plan(size):
        wanted = _hashes(tile, store)
        yield tile.path, _bundle_reader(tile, wanted) if tile.level is None else _tile_reader(tile, wanted)


def _hashes(tile: TileSpec, store: SqliteStore) -> tuple[bytes, ...]:
    level = TILE_HEIGHT * (tile.level or 0)
    start = tile.index * TILE_WIDTH
    return tuple(store.node(level, place) for place in range(start, start + tile.width))


def _tile_reader(tile: TileSpec, wanted: tuple[bytes, ...]) -> Callable[[bytes], bool]:
    return lambda data: _accepts(lambda: decode_tile(data, width=tile.width) == wanted)


def _bundle_reader(tile: TileSpec, wanted: tuple[bytes, ...]) -> Callable[[bytes], bool]:
    return lambda data: _accepts(
        lambda: all(
            leaf_hash(entry) == leaf for entry, leaf in zip(decode_bundle(data, width=tile.width), wanted, strict=True)
        )
    )


def _opens_with(data: bytes, note: bytes) -> bool:
    text = data.decode("latin-1")
    if not text.endswith("\n"):
        return False
    open_checkpoint(note, LogVerifier.from_vkey(text[:-1]))
    return True


def _states(data: bytes, verifier: LogVerifier, *, size: int, root: bytes) -> bool:
    seen = open_checkpoint(data, verifier)
    return (seen.size, seen.root) == (size, root)


def _accepts(work: Callable[[], bool]) -> bool:
    try:
        return work()
    except ColdcheckError:
        return False
