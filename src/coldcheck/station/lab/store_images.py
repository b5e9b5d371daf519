"""What the power-cut harness asks of SQLite itself: a weaker sync, and a look into an image without our own store.

Promises: `entries_in` opens the file as SQLite does after a cut, recovery included, and reads it by SQL alone, so that a
mistake in the store cannot hide itself.
"""

import sqlite3
from pathlib import Path

from coldcheck.station.store_sqlite import SqliteStore


def weaken(store: SqliteStore, synchronous: str) -> None:
    """Nothing; the store syncs as `synchronous` says: FULL, NORMAL or OFF. The harness must be able to fail."""
    store._connection.execute(f"PRAGMA synchronous = {synchronous}")  # noqa: SLF001  # no hub ever does this


def entries_in(ledger: Path) -> list[bytes] | None:
    """The entries in the image, None when it does not read as a ledger whose tables agree."""
    if not ledger.exists() or not ledger.stat().st_size:
        return None
    connection = sqlite3.connect(ledger, isolation_level=None)
    try:
        rows = connection.execute("SELECT entry_index, bytes FROM entry ORDER BY entry_index").fetchall()
        (checkpoints,) = connection.execute("SELECT count(*) FROM checkpoint").fetchone()
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    whole = [index for index, _data in rows] == list(range(len(rows))) and checkpoints == len(rows)
    return [bytes(data) for _index, data in rows] if whole else None
