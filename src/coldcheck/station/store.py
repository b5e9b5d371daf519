"""What any store of a ledger must promise, and the errors it may raise.

A store keeps entries, tree nodes, checkpoints, openings, and what was kept apart. `append` takes effect whole or not at all, and has reached
the disk when it returns. One writer at a time; readers are free. Stores know no rule and no act.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import Node
from coldcheck.proof.sealed import Opening


class StoreFailed(ColdcheckError):
    """The store could not do it, and it is not known whether it took effect. Read the store again before going on."""


class NoLedger(ColdcheckError):
    """The path is no ledger of ours, or none is there. Name the file that `play` or `hub` made."""


class LedgerInUse(ColdcheckError):
    """Another process writes this ledger. Stop that one, or read only."""


class LedgerChanged(ColdcheckError):
    """The ledger is not what its own key signed last. Keep it as evidence, verify it, and go on from a good copy."""


class DiskFull(StoreFailed):
    """The disk has no room. Make room and send the act again: its id makes the retry harmless."""


class LedgerExists(ColdcheckError):
    """A file is already there; a ledger is never begun over something else. Choose another path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry to append, with all that is written beside it in the same transaction.

    `kept_apart` are bytes under their hash that the entry names and the log does not hold.
    """

    entry_index: int
    entry_id: str
    data: bytes
    nodes: tuple[Node, ...]
    checkpoint: bytes
    openings: tuple[tuple[str, Opening], ...]
    kept_apart: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One screen and one void or STOP: by which entry, about what, when it was told, and after how long it showed it.

    `who` is the person of a signed-in phone, "" for a board; `told_at` is "" for a phone that was out of reach then and has
    not come back since; `after_ms` is None while the screen has not answered.
    """

    entry_index: int
    screen: str
    who: str
    what: str
    told_at: str
    after_ms: int | None


class Store(Protocol):
    """One ledger. `append`, `erase`, `put_photo` and `put_deliveries` are the only changes; all else reads."""

    def append(self, row: Row) -> None:
        """Nothing; the row is on the disk. Raises StoreFailed (DiskFull) when it may not have taken effect."""

    def entry_count(self) -> int:
        """How many entries there are."""

    def entry(self, entry_index: int) -> bytes:
        """The stored bytes of one entry. Raises NoLedger for an index that is not there."""

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """The stored bytes of every entry from `start` on, in order."""

    def index_of(self, entry_id: str) -> int | None:
        """The index of the entry with this client-made id, or None."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""

    def checkpoint(self, tree_size: int | None = None) -> bytes:
        """The signed checkpoint of that size, the newest without one."""

    def opening(self, commitment: str) -> Opening | None:
        """What a commitment opens to, or None when it was erased or never given."""

    def erase(self, commitments: tuple[str, ...]) -> bool:
        """Whether nothing of these openings is left in the store's files. Raises StoreFailed.

        False: they are gone for everyone who asks, but somebody reads an older state, which still holds them; ask again.
        """

    def apart(self, sha256: str) -> bytes | None:
        """Bytes that were kept apart under this hash, or None."""

    def put_photo(self, sha256: str, data: bytes) -> None:
        """Nothing; the picture is on the disk beside the log, under its hash. Raises StoreFailed (DiskFull)."""

    def photo(self, sha256: str) -> bytes | None:
        """The picture that lies under this hash, or None."""

    def photo_count(self) -> int:
        """How many pictures lie here."""

    def put_deliveries(self, rows: tuple[Delivery, ...]) -> None:
        """Nothing; the rows are on the disk, each in place of an earlier one of its entry and screen. Raises StoreFailed."""

    def deliveries(self, from_entry: int = 0, to_entry: int | None = None) -> Iterator[Delivery]:
        """Which screen was told of what, newest entry first; of the entries in this half-open range."""

    def meta(self, name: str) -> str:
        """One of the ledger's own settings: "origin", "vkey", "log"."""

    def close(self) -> None:
        """Nothing; the ledger is complete in its one file."""
