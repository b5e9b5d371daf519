"""Stores for tests: a strict one in memory, and one that fails when told to, before or after taking effect."""

from collections.abc import Iterator
from typing import Literal

from coldcheck.proof.merkle import leaf_hash
from coldcheck.proof.sealed import Opening
from coldcheck.station.store import Delivery, NoLedger, Row, Store, StoreFailed

Failure = Literal["before", "after", "after, and then does not answer"]


class MemoryStore:
    """A ledger in dictionaries. Stricter than it must be: it refuses rows out of order and nodes that do not fit."""

    def __init__(self, meta: dict[str, str]) -> None:
        self._meta = dict(meta)
        self._entries: list[tuple[str, bytes]] = []
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._checkpoints: dict[int, bytes] = {}
        self._openings: dict[str, Opening] = {}
        self._apart: dict[str, bytes] = {}
        self._photos: dict[str, bytes] = {}
        self._deliveries: dict[tuple[int, str], Delivery] = {}
        self._is_open = True

    def append(self, row: Row) -> None:
        assert self._is_open, "a closed store was written to"
        if row.entry_index != len(self._entries) or row.entry_id in {entry_id for entry_id, _ in self._entries}:
            raise StoreFailed(f"Row {row.entry_index} does not follow {len(self._entries) - 1}, or its id is there.")
        fresh = {(node.level, node.index): node.hash for node in row.nodes}
        assert fresh[0, row.entry_index] == leaf_hash(row.data), "the first node of a row is its leaf"
        assert not fresh.keys() & self._nodes.keys(), "a node was written twice"
        self._entries.append((row.entry_id, row.data))
        self._nodes.update(fresh)
        self._checkpoints[row.entry_index + 1] = row.checkpoint
        for commitment, opening in row.openings:
            self._openings.setdefault(commitment, opening)
        self._apart.update(row.kept_apart)

    def entry_count(self) -> int:
        return len(self._entries)

    def entry(self, entry_index: int) -> bytes:
        if not 0 <= entry_index < len(self._entries):
            raise NoLedger(f"There is no entry {entry_index}; there are {len(self._entries)}, counted from 0.")
        return self._entries[entry_index][1]

    def entries(self, start: int = 0) -> Iterator[bytes]:
        yield from (data for _, data in self._entries[start:])

    def index_of(self, entry_id: str) -> int | None:
        ids = [known for known, _ in self._entries]
        return ids.index(entry_id) if entry_id in ids else None

    def node(self, level: int, index: int) -> bytes:
        if (level, index) not in self._nodes:
            raise NoLedger(f"There is no node {index} on level {level}.")
        return self._nodes[level, index]

    def checkpoint(self, tree_size: int | None = None) -> bytes:
        size = len(self._entries) if tree_size is None else tree_size
        if size not in self._checkpoints:
            raise NoLedger(f"There is no checkpoint of size {size}.")
        return self._checkpoints[size]

    def opening(self, commitment: str) -> Opening | None:
        return self._openings.get(commitment)

    def erase(self, commitments: tuple[str, ...]) -> bool:
        assert self._is_open, "a closed store was written to"
        for commitment in commitments:
            self._openings.pop(commitment, None)
        return True

    def apart(self, sha256: str) -> bytes | None:
        return self._apart.get(sha256)

    def put_photo(self, sha256: str, data: bytes) -> None:
        assert self._is_open, "a closed store was written to"
        self._photos.setdefault(sha256, data)

    def photo(self, sha256: str) -> bytes | None:
        return self._photos.get(sha256)

    def photo_count(self) -> int:
        return len(self._photos)

    def put_deliveries(self, rows: tuple[Delivery, ...]) -> None:
        assert self._is_open, "a closed store was written to"
        self._deliveries.update({(row.entry_index, row.screen): row for row in rows})

    def deliveries(self, from_entry: int = 0, to_entry: int | None = None) -> Iterator[Delivery]:
        for row in sorted(self._deliveries.values(), key=lambda row: (-row.entry_index, row.who, row.screen)):
            if from_entry <= row.entry_index and (to_entry is None or row.entry_index < to_entry):
                yield row

    def meta(self, name: str) -> str:
        if name not in self._meta:
            raise NoLedger(f"There is no setting {name}.")
        return self._meta[name]

    def close(self) -> None:
        self._is_open = False


class FailingStore:
    """Hands everything on to `inner`, and fails the next append in the way it was told."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.next: Failure | None = None
        self.fails_erasing: Failure | None = None
        self.silent_reads = 0

    def append(self, row: Row) -> None:
        how, self.next = self.next, None
        if how == "before":
            raise StoreFailed("The disk said no, before anything was written.")
        self.inner.append(row)
        if how is not None:
            self.silent_reads = 1 if how == "after, and then does not answer" else 0
            raise StoreFailed("The disk said no, after everything was written.")

    def entry_count(self) -> int:
        if self.silent_reads:
            self.silent_reads -= 1
            raise StoreFailed("The disk does not answer.")
        return self.inner.entry_count()

    def entry(self, entry_index: int) -> bytes:
        return self.inner.entry(entry_index)

    def entries(self, start: int = 0) -> Iterator[bytes]:
        yield from self.inner.entries(start)

    def index_of(self, entry_id: str) -> int | None:
        return self.inner.index_of(entry_id)

    def node(self, level: int, index: int) -> bytes:
        return self.inner.node(level, index)

    def checkpoint(self, tree_size: int | None = None) -> bytes:
        return self.inner.checkpoint(tree_size)

    def opening(self, commitment: str) -> Opening | None:
        return self.inner.opening(commitment)

    def erase(self, commitments: tuple[str, ...]) -> bool:
        how, self.fails_erasing = self.fails_erasing, None
        if how == "before":
            raise StoreFailed("The disk said no, before anything was erased.")
        gone = self.inner.erase(commitments)
        if how is not None:
            raise StoreFailed("The disk said no, after everything was erased.")
        return gone

    def apart(self, sha256: str) -> bytes | None:
        return self.inner.apart(sha256)

    def put_photo(self, sha256: str, data: bytes) -> None:
        self.inner.put_photo(sha256, data)

    def photo(self, sha256: str) -> bytes | None:
        return self.inner.photo(sha256)

    def photo_count(self) -> int:
        return self.inner.photo_count()

    def put_deliveries(self, rows: tuple[Delivery, ...]) -> None:
        self.inner.put_deliveries(rows)

    def deliveries(self, from_entry: int = 0, to_entry: int | None = None) -> Iterator[Delivery]:
        yield from self.inner.deliveries(from_entry, to_entry)

    def meta(self, name: str) -> str:
        return self.inner.meta(name)

    def close(self) -> None:
        self.inner.close()
