"""The hub's store: one SQLite file, WAL, synchronous FULL.

Promises: an append is one transaction that reads the entry's bytes back and hashes them again before it commits. A
second writer is refused at the door (an advisory lock on the file, held while it is open). `close` folds the WAL in,
so that copying the one file is a backup.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

from coldcheck.proof.merkle import leaf_hash
from coldcheck.proof.sealed import Opening
from coldcheck.station.sealed_boxes import close_box, new_key, open_box
from coldcheck.station.store import Delivery, DiskFull, LedgerExists, LedgerInUse, NoLedger, Row, StoreFailed
from coldcheck.station.whole_files import sync_folder

_APPLICATION_ID: Final = 0x436F6C64
_NO_END: Final = 2**53
_SCHEMA: Final = ("0001_ledger.sql", "0002_cosigners.sql", "0003_photos.sql", "0004_deliveries.sql")
"""In this order; `user_version` says how many of them a file has had."""
_PATIENCE_MS: Final = 2_000
_MAGIC: Final = b"SQLite format 3\x00"
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_NO_DATABASE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class SqliteStore:
    """An open ledger file. Use `create_ledger`, `open_ledger` (writer) or `read_ledger` (reader)."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: int | None) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock

    @property
    def path(self) -> Path:
        """Where the ledger lies: a reader in another thread opens it by this."""
        return self._path

    def append(self, row: Row) -> None:
        """Nothing; the row is durable. Raises DiskFull or StoreFailed, after which the store must be read again."""
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            execute(
                "INSERT INTO entry (entry_index, entry_id, bytes, leaf) VALUES (?, ?, ?, ?)",
                (row.entry_index, row.entry_id, row.data, row.nodes[0].hash),
            )
            # A bit that flips between hashing and storing makes a root nobody can reproduce: read back before signing off.
            stored = execute("SELECT bytes FROM entry WHERE entry_index = ?", (row.entry_index,)).fetchone()[0]
            if leaf_hash(stored) != row.nodes[0].hash:
                raise StoreFailed(  # noqa: TRY301  # the handlers below must roll back for it too
                    f"Entry {row.entry_index} reads back otherwise than it was written; stop and examine the disk."
                )
            if len(row.nodes) > 1:
                self._connection.executemany(
                    "INSERT INTO node (level, node_index, hash) VALUES (?, ?, ?)",
                    [tuple(node) for node in row.nodes[1:]],
                )
            execute("INSERT INTO checkpoint (tree_size, bytes) VALUES (?, ?)", (row.entry_index + 1, row.checkpoint))
            self._keep(row)
            execute("COMMIT")
        except sqlite3.Error as problem:
            self._roll_back()
            raise _failure(problem, self._path) from problem
        except BaseException:
            self._roll_back()
            raise

    def _keep(self, row: Row) -> None:
        """Writes what lies beside the entry. An opening that is there already stays as it was."""
        execute = self._connection.execute
        for commitment, opening in row.openings:
            if execute("SELECT 1 FROM opening WHERE commitment = ?", (commitment,)).fetchone() is not None:
                continue
            key = new_key()
            number = execute("INSERT INTO opening_key (key) VALUES (?)", (key,)).lastrowid
            box = close_box(opening, commitment=commitment, key=key)
            execute("INSERT INTO opening (commitment, key_number, box) VALUES (?, ?, ?)", (commitment, number, box))
        for sha256, data in row.kept_apart:
            execute("INSERT OR IGNORE INTO kept_apart (sha256, bytes) VALUES (?, ?)", (sha256, data))

    def erase(self, commitments: tuple[str, ...]) -> bool:
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            for commitment in commitments:
                # The key first in thought: once it is zeroed, whatever is left of the box says nothing.
                execute(
                    "DELETE FROM opening_key WHERE key_number IN (SELECT key_number FROM opening WHERE commitment = ?)",
                    (commitment,),
                )
                execute("DELETE FROM opening WHERE commitment = ?", (commitment,))
            execute("COMMIT")
            # The write-ahead log still holds the pages as they were: it is folded in and cut to nothing. A reader of an
            # older state prevents that; nobody waits for him, the caller asks again.
            execute("PRAGMA busy_timeout = 0")
            busy = execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        except sqlite3.Error as problem:
            self._roll_back()
            raise _failure(problem, self._path) from problem
        return not busy

    def apart(self, sha256: str) -> bytes | None:
        found = self._connection.execute("SELECT bytes FROM kept_apart WHERE sha256 = ?", (sha256,)).fetchone()
        return None if found is None else bytes(found[0])

    def all_apart(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was kept apart, with its hash."""
        yield from self._every("SELECT sha256, bytes FROM kept_apart ORDER BY sha256")

    def put_photo(self, sha256: str, data: bytes) -> None:
        try:
            self._connection.execute("INSERT OR IGNORE INTO photo (sha256, bytes) VALUES (?, ?)", (sha256, data))
        except sqlite3.Error as problem:
            raise _failure(problem, self._path) from problem

    def photo(self, sha256: str) -> bytes | None:
        found = self._every("SELECT bytes FROM photo WHERE sha256 = ?", sha256) if self._has("photo") else iter(())
        return next((bytes(data) for (data,) in found), None)

    def photo_count(self) -> int:
        return int(self._one("SELECT count(*) FROM photo")) if self._has("photo") else 0

    def photos(self) -> Iterator[tuple[str, bytes]]:
        """Every picture with the hash it lies under, in the order of their hashes."""
        if self._has("photo"):
            yield from self._every("SELECT sha256, bytes FROM photo ORDER BY sha256")

    def put_deliveries(self, rows: tuple[Delivery, ...]) -> None:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(
                    "INSERT OR REPLACE INTO delivery (entry_index, screen, who, what, told_at, after_ms)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    [(row.entry_index, row.screen, row.who, row.what, row.told_at, row.after_ms) for row in rows],
                )
        except sqlite3.Error as problem:
            raise _failure(problem, self._path) from problem

    def deliveries(self, from_entry: int = 0, to_entry: int | None = None) -> Iterator[Delivery]:
        if self._has("delivery"):
            rows = self._every(
                "SELECT entry_index, screen, who, what, told_at, after_ms FROM delivery"
                " WHERE entry_index >= ? AND entry_index < ?"
                " ORDER BY entry_index DESC, who, screen",
                from_entry,
                _NO_END if to_entry is None else to_entry,
            )
            for entry_index, screen, who, what, told_at, after_ms in rows:
                yield Delivery(
                    entry_index=entry_index, screen=screen, who=who, what=what, told_at=told_at, after_ms=after_ms
                )

    def _has(self, table: str) -> bool:
        """Whether a file of an older form, open for reading, has this table already."""
        return bool(self._one("SELECT count(*) FROM sqlite_master WHERE name = ?", table))

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # The connection is beyond use; the writer that sees StoreFailed opens the file again.
            self._connection.interrupt()

    def entry_count(self) -> int:
        return int(self._one("SELECT count(*) FROM entry"))

    def entry(self, entry_index: int) -> bytes:
        found = self._connection.execute("SELECT bytes FROM entry WHERE entry_index = ?", (entry_index,)).fetchone()
        if found is None:
            raise NoLedger(
                f"{self._path} has no entry {entry_index}; it has {self.entry_count()} entries, counted from 0."
            )
        return bytes(found[0])

    def entries(self, start: int = 0) -> Iterator[bytes]:
        for (data,) in self._every("SELECT bytes FROM entry WHERE entry_index >= ? ORDER BY entry_index", start):
            yield data

    def leaf(self, entry_index: int) -> bytes:
        """The stored leaf hash of one entry."""
        return bytes(self._one("SELECT leaf FROM entry WHERE entry_index = ?", entry_index))

    def index_of(self, entry_id: str) -> int | None:
        found = self._connection.execute("SELECT entry_index FROM entry WHERE entry_id = ?", (entry_id,)).fetchone()
        return None if found is None else int(found[0])

    def node(self, level: int, index: int) -> bytes:
        if level == 0:
            return self.leaf(index)
        return bytes(self._one("SELECT hash FROM node WHERE level = ? AND node_index = ?", level, index))

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        """Every stored inner node: level, index, hash."""
        yield from self._every("SELECT level, node_index, hash FROM node ORDER BY level, node_index")

    def checkpoint(self, tree_size: int | None = None) -> bytes:
        if tree_size is None:
            return bytes(self._one("SELECT bytes FROM checkpoint ORDER BY tree_size DESC LIMIT 1"))
        return bytes(self._one("SELECT bytes FROM checkpoint WHERE tree_size = ?", tree_size))

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Every stored checkpoint with the tree size it is for, in order."""
        yield from self._every("SELECT tree_size, bytes FROM checkpoint ORDER BY tree_size")

    def rows(self) -> Iterator[tuple[int, str, bytes, bytes]]:
        """Every stored entry: index, id, bytes, leaf hash."""
        yield from self._every("SELECT entry_index, entry_id, bytes, leaf FROM entry ORDER BY entry_index")

    def row(self, entry_index: int) -> tuple[str, bytes, bytes]:
        """What is stored for one entry: its id, its bytes, its leaf hash. Raises NoLedger."""
        rows = self._every("SELECT entry_id, bytes, leaf FROM entry WHERE entry_index = ?", entry_index)
        for entry_id, data, leaf in rows:
            return str(entry_id), bytes(data), bytes(leaf)
        raise NoLedger(f"{self._path} has no row for entry {entry_index}: it was taken out, or never there.")

    def last_index(self) -> int:
        """The highest index of an entry, -1 when there is none."""
        return int(self._one("SELECT coalesce(max(entry_index), -1) FROM entry"))

    def node_count(self) -> int:
        """How many inner nodes are stored."""
        return int(self._one("SELECT count(*) FROM node"))

    def checkpoint_count(self) -> int:
        """How many checkpoints are stored."""
        return int(self._one("SELECT count(*) FROM checkpoint"))

    def opening(self, commitment: str) -> Opening | None:
        found = self._connection.execute(
            "SELECT key, box FROM opening JOIN opening_key USING (key_number) WHERE commitment = ?", (commitment,)
        ).fetchone()
        return None if found is None else open_box(bytes(found[1]), commitment=commitment, key=bytes(found[0]))

    def openings(self) -> Iterator[tuple[str, Opening]]:
        """Every opening with its commitment."""
        for commitment, key, box in self.boxes():
            yield commitment, open_box(box, commitment=commitment, key=key)

    def boxes(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Every opening as it is stored: commitment, key, box. The key is empty where it is not there."""
        yield from self._every(
            "SELECT commitment, coalesce(key, x''), box FROM opening LEFT JOIN opening_key USING (key_number)"
            " ORDER BY commitment"
        )

    def add_cosignature(self, tree_size: int, vkey: str, line: bytes) -> None:
        """Nothing; the line is durable. A cosigner's line for one size is kept once, the first. Raises StoreFailed."""
        try:
            self._connection.execute(
                "INSERT OR IGNORE INTO cosignature (tree_size, vkey, line) VALUES (?, ?, ?)", (tree_size, vkey, line)
            )
        except sqlite3.Error as problem:
            raise _failure(problem, self._path) from problem

    def drop_cosignature(self, tree_size: int, vkey: str) -> None:
        """Nothing; a cosigner's line for that size is kept no more, because a newer one of his is. Raises StoreFailed."""
        try:
            self._connection.execute("DELETE FROM cosignature WHERE tree_size = ? AND vkey = ?", (tree_size, vkey))
        except sqlite3.Error as problem:
            raise _failure(problem, self._path) from problem

    def cosignature_count(self, *, tree_size: int | None = None) -> int:
        """How many cosigners' lines are kept, for every size or for one."""
        if tree_size is None:
            return int(self._one("SELECT count(*) FROM cosignature"))
        return int(self._one("SELECT count(*) FROM cosignature WHERE tree_size = ?", tree_size))

    def cosigner_vkeys(self) -> frozenset[str]:
        """The keys of all cosigners of whom a line is kept."""
        return frozenset(vkey for (vkey,) in self._every("SELECT DISTINCT vkey FROM cosignature"))

    def cosignatures(self) -> Iterator[tuple[int, str, bytes]]:
        """Every cosigner's line: the tree size it is for, the cosigner's vkey, the line as it stands in a note."""
        if self._has("cosignature"):
            yield from self._every("SELECT tree_size, vkey, line FROM cosignature ORDER BY tree_size, vkey")

    def stray_keys(self) -> int:
        """How many keys are stored that no box is for: none, unless somebody took a box away."""
        return int(
            self._one("SELECT count(*) FROM opening_key WHERE key_number NOT IN (SELECT key_number FROM opening)")
        )

    def hold_still(self) -> None:
        """From the next read on, a reader sees the ledger as it is then, whatever a writer appends meanwhile."""
        self._connection.execute("BEGIN")

    def copy_into(self, connection: sqlite3.Connection) -> None:
        """Nothing; `connection` now holds the same ledger, page by page."""
        self._connection.backup(connection)

    def flaw(self) -> str:
        """What SQLite itself finds wrong with the file's pages and indexes, "" when nothing."""
        said = str(self._one("PRAGMA integrity_check(1)"))
        return "" if said == "ok" else said

    def meta(self, name: str) -> str:
        return str(self._one("SELECT value FROM meta WHERE name = ?", name))

    def close(self) -> None:
        if self._lock is not None:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()
        if self._lock is not None:
            # Closed after the database: closing another descriptor of the file earlier would drop SQLite's own locks.
            os.close(self._lock)
            self._lock = None
        else:
            _leave_nothing_beside(self._path)

    def _one(self, statement: str, *values: int | str) -> Any:  # noqa: ANN401  # one column of any type, as SQLite has it
        try:
            found = self._connection.execute(statement, values).fetchone()
        except sqlite3.DatabaseError as problem:
            raise _broken(self._path, problem) from problem
        if found is None:
            raise NoLedger(
                f"{self._path} lacks a row this needs ({', '.join(map(str, values)) or 'the newest'}); verify the ledger."
            )
        return found[0]

    def _every(self, statement: str, *values: int | str) -> Iterator[Any]:
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.DatabaseError as problem:
            raise _broken(self._path, problem) from problem


def _failure(problem: sqlite3.Error, path: Path) -> StoreFailed | NoLedger:
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        return DiskFull(
            f"{path} could not be written: the disk is full or does not answer. Make room and send the act again."
        )
    if code in _NO_DATABASE:
        return _broken(path, problem)
    return StoreFailed(
        f"{path} could not be written: {problem}. The act is not recorded; open the ledger again and send it once more."
    )


def _broken(path: Path, problem: sqlite3.Error) -> NoLedger:
    return NoLedger(f"{path} does not read as a ledger ({problem}); fetch a copy that verifies.")


def create_ledger(path: Path, *, meta: dict[str, str]) -> SqliteStore:
    """A new, empty ledger at `path`, opened for writing. Raises LedgerExists, or StoreFailed when it cannot be made."""
    if path.exists():
        raise LedgerExists(
            f"{path} is already there; a ledger is never begun over something else. Choose another path."
        )
    try:
        path.touch(exist_ok=False)
    except OSError as problem:
        raise StoreFailed(
            f"{path} cannot be made ({problem.strerror}); choose a folder that exists and can be written."
        ) from problem
    store = _open_writer(path)
    try:
        _lay_out(store._connection, since=0)  # noqa: SLF001  # the factory of this class
        with store._connection:  # noqa: SLF001
            store._connection.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", sorted(meta.items()))  # noqa: SLF001
        # The journal of the file's first moment is removed, but the folder may still hold it after a power cut, and it
        # would roll the ledger back to nothing: SQLite itself does not sync the folder for that.
        sync_folder(path.parent)
    except sqlite3.Error as problem:
        raise _failure(problem, path) from problem
    except OSError as problem:
        raise StoreFailed(f"{path} cannot be made ({problem.strerror}); choose another folder.") from problem
    return store


def _lay_out(connection: sqlite3.Connection, *, since: int) -> None:
    """Nothing; the file has every table of this version, its `user_version` says so. `since`: what it has had before."""
    for number, name in enumerate(_SCHEMA[since:], start=since + 1):
        schema = resources.files("coldcheck.station").joinpath(f"sql/{name}").read_text(encoding="utf-8")
        marks = f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {number};"
        connection.executescript(f"BEGIN IMMEDIATE; {schema} {marks} COMMIT;")


def copy_ledger(store: SqliteStore, path: Path) -> None:
    """Nothing; `path`, a new file, holds the same ledger, on the disk. Raises StoreFailed."""
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            store.copy_into(connection)
            # One file and nothing beside it.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except sqlite3.Error as problem:
        raise _failure(problem, path) from problem


def open_ledger(path: Path) -> SqliteStore:
    """The ledger at `path`, opened as its one writer. Raises NoLedger or LedgerInUse."""
    _examine(path)
    return _open_writer(path)


def read_ledger(path: Path) -> SqliteStore:
    """The ledger at `path`, for reading only; a writer may be at work meanwhile. Raises NoLedger."""
    _examine(path)
    connection = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True, isolation_level=None)
    try:
        _know(path, connection)
    except BaseException:
        _leave_nothing_beside(path)
        raise
    return SqliteStore(path, connection, None)


def _leave_nothing_beside(path: Path) -> None:
    """After a reader: SQLite lets a reader make an empty -wal, and only one who may write can take it away again."""
    wal = path.with_name(path.name + "-wal")
    if not wal.exists() or wal.stat().st_size > 0:
        # What a writer left there is his to fold in: reading changes nothing in a ledger.
        return
    connection = sqlite3.connect(f"file:{_quoted(path)}?mode=rw", uri=True, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        # Somebody else is at work, or the folder may not be written: then it stays, and does no harm.
        return
    finally:
        connection.close()


def _open_writer(path: Path) -> SqliteStore:
    try:
        lock = os.open(path, os.O_RDWR)
    except OSError as problem:
        raise StoreFailed(f"{path} cannot be written ({problem.strerror}); choose a file of your own.") from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        os.close(lock)
        raise LedgerInUse(
            f"Another process writes {path}; stop that one first, or ask with a command that only reads."
        ) from problem
    connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_MS / 1000)
    try:
        if path.stat().st_size > 0:
            # Before anything is set: another program's database stays as it was.
            _know(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten with zeros: erased words must not stay in free pages.
        connection.execute("PRAGMA secure_delete = ON")
        since = connection.execute("PRAGMA user_version").fetchone()[0]
        if 0 < since < len(_SCHEMA):
            _lay_out(connection, since=since)
    except sqlite3.Error as problem:
        connection.close()
        os.close(lock)
        raise _failure(problem, path) from problem
    except BaseException:
        connection.close()
        os.close(lock)
        raise
    return SqliteStore(path, connection, lock)


def _examine(path: Path) -> None:
    """Raises NoLedger when the file is missing, a folder, cut, or something else."""
    if not path.is_file():
        raise NoLedger(f"{path} is no ledger: no such file. Make one with coldcheck play FILE --ledger {path.name}.")
    with path.open("rb") as file:
        head = file.read(100)
    if head[:16] != _MAGIC:
        raise NoLedger(
            f"{path} is no ledger: it does not begin as one. Name the file that coldcheck play or coldcheck hub made."
        )
    page_bytes = int.from_bytes(head[16:18], "big")
    page_bytes = 65_536 if page_bytes == 1 else page_bytes
    wanted = int.from_bytes(head[28:32], "big") * page_bytes
    if path.stat().st_size < wanted and not path.with_name(path.name + "-wal").exists():
        raise NoLedger(f"{path} is cut short: {path.stat().st_size} of {wanted} bytes are there. Fetch a whole copy.")


def _know(path: Path, connection: sqlite3.Connection) -> None:
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as problem:
        connection.close()
        raise _broken(path, problem) from problem
    if application not in {_APPLICATION_ID, 0}:
        connection.close()
        raise NoLedger(
            f"{path} is a database, but no ledger of ours. Name the file that coldcheck play or coldcheck hub made."
        )
    if application == 0 and tables:
        connection.close()
        raise NoLedger(
            f"{path} is a database, but no ledger of ours. Name the file that coldcheck play or coldcheck hub made."
        )
    if application and version > len(_SCHEMA):
        connection.close()
        raise NoLedger(f"{path} was made by a newer coldcheck (schema {version}); use that one to read it.")


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
