"""The audit of a ledger file in several processes: every entry, inner node and checkpoint of it, and which key counted where.

As the audit of an export (`station.audit`), over the file a hub writes: first the hashes of all entries and the few entries that
speak of keys, in this process; then stretches of entries in the others, each with the tree as it stood before its first.

Promises: what passes here passes `coldcheck verify`, acts' own forms and what lies beside the entries apart, and the report says that
they were not looked at. The first bad entry is named.

Does not do: apply acts, or open what is sealed or kept apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from coldcheck.proof.audit import BadRecord, FirstBad
from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import LogVerifier
from coldcheck.station.audit import (
    ACTS_UNREAD,
    Due,
    KeyTable,
    Signed,
    Unread,
    first_unfit,
    key_table,
    misformed,
    processes,
    speaks_of_keys,
)
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import (
    OWN_WORD,
    TAIL,
    Book,
    Report,
    compare_node,
    one_too_many,
    stored_entry,
    verify_settings,
)

LEDGER_UNREAD: Final = (
    "What lies beside the entries in the ledger (openings, what was kept apart, cosignatures, the delivery log): coldcheck verify"
    " without --jobs holds it against the log."
)
AT_ONCE: Final = 1_024
"""How many entries one process takes at a time."""
_IN_ONE_GO: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Entries `start` to `stop` of a ledger, with the tree before them, what entries say of keys, and the log's keys in order."""

    path: str
    start: int
    stop: int
    before: Frontier
    table: KeyTable | None = None
    vkeys: tuple[str, ...] = ()


def audit_ledger(path: Path, *, vkey: str | None, jobs: int) -> Report:
    """The report on a ledger file, worked out in `jobs` processes. Raises NoLedger when it is none, BadKey for a `vkey` that is none."""
    if vkey is not None:
        LogVerifier.from_vkey(vkey)
    store = read_ledger(path)
    try:
        store.hold_still()
        return _audit(store, path, vkey=vkey, jobs=jobs)
    finally:
        store.close()


def _audit(store: SqliteStore, path: Path, *, vkey: str | None, jobs: int) -> Report:
    book = Book(vkey, keeps_roots=False)
    # 1. Hashes, and the entries that speak of keys.
    stretches, full, tree, unread = _read_through(store, path)
    # 2. Keys.
    table, flaw = key_table(book, full, size=tree.size)
    flaw = _earlier(flaw, unread)
    end = tree.size if flaw is None or flaw.entry is None else flaw.entry
    # 3. Everything that is stored for an entry, in the other processes.
    ids: set[bytes] = set()
    told = tuple(
        replace(one, stop=min(one.stop, end), table=table, vkeys=book.vkeys) for one in stretches if one.start < end
    )
    with processes(jobs) as pool:
        flaw = _first_flaw(told, pool.map(verify_stretch, told), ids) or flaw
    # 4. What belongs to no entry.
    if flaw is None:
        flaw = _around(store, book, tree.size)
    return Report(
        kind="ledger",
        ok=flaw is None,
        entries=len(ids),
        root=tree.root().hex() if flaw is None else "",
        checkpoint=_newest(store, book, tree.size) if flaw is None else None,
        first_bad=flaw,
        vkey=book.vkey,
        vkey_from="given" if vkey is not None else "its own word",
        openings=None,
        erased=None,
        unverified=(*(() if vkey is not None else (OWN_WORD,)), LEDGER_UNREAD, ACTS_UNREAD, TAIL),
        remarks=book.writers,
    )


def _read_through(
    store: SqliteStore, path: Path
) -> tuple[tuple[Stretch, ...], tuple[tuple[int, bytes], ...], Frontier, FirstBad | None]:
    """The work, the entries that speak of keys, the whole tree, and the first row that does not read or has no form, or None."""
    tree = Frontier()
    full: list[tuple[int, bytes]] = []
    stretches: list[Stretch] = []
    count = max(store.entry_count(), store.last_index() + 1)
    for index in range(count):
        if index % AT_ONCE == 0:
            stretches.append(Stretch(path=str(path), start=index, stop=min(index + AT_ONCE, count), before=tree.copy()))
        try:
            data = store.row(index)[1]
        except ColdcheckError as problem:
            return tuple(stretches), tuple(full), tree, FirstBad(entry=index, reason=str(problem))
        if (flaw := misformed([data], index)) is not None:
            return tuple(stretches), tuple(full), tree, flaw
        if speaks_of_keys(data):
            full.append((index, data))
        tree.append(data)
    return tuple(stretches), tuple(full), tree, None


def _earlier(one: FirstBad | None, other: FirstBad | None) -> FirstBad | None:
    found = [flaw for flaw in (one, other) if flaw is not None]
    return min(found, key=lambda flaw: -1 if flaw.entry is None else flaw.entry, default=None)


def _first_flaw(stretches: tuple[Stretch, ...], told: Iterator[Signed], ids: set[bytes]) -> FirstBad | None:
    """The first flaw of an entry in these stretches; `ids` gets those of the entries that were good."""
    for stretch, signed in zip(stretches, told, strict=False):
        for number, entry_id in enumerate(signed.ids):
            if entry_id in ids:
                reason = f"An entry with the id {entry_id.decode()} stands earlier in this log: an old act entered again, a replay."
                return FirstBad(entry=stretch.start + number, reason=reason)
            ids.add(entry_id)
        if signed.flaw is not None:
            return signed.flaw
    return None


def verify_stretch(stretch: Stretch) -> Signed:
    """All that is stored for these entries verified, but the signatures of those that speak of keys: their ids, and the first flaw."""
    store = read_ledger(Path(stretch.path))
    try:
        store.hold_still()
        return _Stretched(stretch, store).verified()
    finally:
        store.close()


class _Stretched:
    """One process's way through a stretch of a ledger."""

    def __init__(self, stretch: Stretch, store: SqliteStore) -> None:
        assert stretch.table is not None, "this pass has one"
        self.stretch, self.store, self.tree = stretch, store, stretch.before.copy()
        self.walk = Unread(stretch.table)
        since = tuple(first for first, _epoch in stretch.table.epochs)
        self.log_keys = tuple(zip(since, map(LogVerifier.from_vkey, stretch.vkeys), strict=False))

    def verified(self) -> Signed:
        """The ids of the entries that are right, and the first flaw."""
        ids: list[bytes] = []
        for first in range(self.stretch.start, self.stretch.stop, _IN_ONE_GO):
            due: list[Due] = []
            flaw = self._some(range(first, min(first + _IN_ONE_GO, self.stretch.stop)), ids, due)
            wrong = first_unfit(due)
            if wrong is not None:
                good = tuple(ids[: wrong[0] - self.stretch.start])
                return Signed(ids=good, flaw=FirstBad(entry=wrong[0], reason=wrong[1]))
            if flaw is not None:
                return Signed(ids=tuple(ids), flaw=flaw)
        return Signed(ids=tuple(ids), flaw=None)

    def _some(self, indexes: range, ids: list[bytes], due: list[Due]) -> FirstBad | None:
        for index in indexes:
            try:
                ids.append(self._one(index, due))
            except ColdcheckError as problem:
                return FirstBad(entry=index, reason=str(problem))
        return None

    def _one(self, index: int, due: list[Due]) -> bytes:
        """The id of an entry whose id, nodes and checkpoint are stored as they must be; its signature may be left to `due`."""
        stored = stored_entry(self.store, index)
        for node, wanted in zip(stored.nodes, self.tree.append(stored.data), strict=True):
            compare_node(node, wanted)
        entry_id = self.walk.take(index, stored.data, due)
        if entry_id != stored.entry_id.encode():
            raise BadRecord(f"This entry has the id {entry_id.decode()} and is stored under {stored.entry_id}.")
        log_key = next(key for since, key in reversed(self.log_keys) if since <= index)
        seen = open_checkpoint(stored.checkpoint, log_key)
        if (seen.size, seen.root) != (self.tree.size, self.tree.root()):
            raise BadRecord(
                f"The checkpoint stored for {self.tree.size} entries states another size or root than they have."
            )
        return entry_id


def _around(store: SqliteStore, book: Book, size: int) -> FirstBad | None:
    """What is wrong with what belongs to no entry, or None."""
    at: int | None = None
    try:
        at = one_too_many(size, store)
        if at is not None:
            raise BadRecord(
                f"A hash or checkpoint is stored for entry {at}, and no such entry is here: cut off, or put in."
            )
        book.verify_given()
        verify_settings(LogVerifier.from_vkey(book.vkeys[0]), store)
        if flaw := store.flaw():
            raise BadRecord(f"The file's own structure is damaged ({flaw}); copy it again.")
    except ColdcheckError as problem:
        return FirstBad(entry=at, reason=str(problem))
    return None


def _newest(store: SqliteStore, book: Book, size: int) -> str:
    return open_checkpoint(store.checkpoint(size), LogVerifier.from_vkey(book.vkeys[-1])).text().decode()
