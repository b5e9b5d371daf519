"""The studio's tables in PostgreSQL: a cache of the index, stamped with what it was built to, that can be dropped any time.

One row an event, one a thing, one a version (its two predecessors), and the texts that numbers stand for. `keep` writes what came since the tables were
stamped, or all of it anew when the index was rebuilt; `read_back` gives the event table again, and whoever builds the
index from that gets the one that was kept, array for array. The ledgers stay the truth: nothing is read from here that
they do not say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from psycopg import Connection, sql

from coldcheck.custody.trace_events import COLUMNS, THING_COLUMNS
from coldcheck.custody.trace_index import EventTable, Index, digest, index_of
from coldcheck.custody.trace_studio import Texts

_VERSION: Final = ("row", "before", "source", "older")
_TABLES: Final = {
    "studio_event": ("row_number", *COLUMNS),
    "studio_thing": ("thing_number", *THING_COLUMNS),
    "studio_version": ("version_number", *_VERSION),
    "studio_entry": ("entry_number", "at_s"),
}


_TEXTS: Final = ("studio_name", "studio_cited", "studio_stamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What `keep` did: rows written, and the digest of the index that the tables now hold."""

    written: int
    rebuilt: bool
    digest: str


def make_tables(server: "Connection[tuple[object, ...]]") -> None:
    """Nothing; empty tables, in place of any that were there."""
    for table, columns in _TABLES.items():
        key, *others = columns
        named = sql.SQL(", ").join(sql.SQL("{} int8 NOT NULL").format(sql.Identifier(column)) for column in others)
        names = {"table": sql.Identifier(table), "key": sql.Identifier(key), "named": named}
        server.execute(sql.SQL("DROP TABLE IF EXISTS {table}").format(**names))
        server.execute(sql.SQL("CREATE UNLOGGED TABLE {table}({key} int8 PRIMARY KEY, {named})").format(**names))
    server.execute("DROP TABLE IF EXISTS studio_name, studio_cited, studio_stamp")
    server.execute("CREATE UNLOGGED TABLE studio_name(thing_number int8 PRIMARY KEY, name text, label text)")
    server.execute("CREATE UNLOGGED TABLE studio_cited(entry_number int8 PRIMARY KEY, log text, entry int8)")
    server.execute("CREATE UNLOGGED TABLE studio_stamp(events int8, digest text)")


def has_tables(server: "Connection[tuple[object, ...]]") -> bool:
    """Whether all the tables are there."""
    found = server.execute(
        "SELECT count(to_regclass(name)) FROM unnest(%s::text[]) name", ([*_TABLES, *_TEXTS],)
    ).fetchone()
    return found is not None and int(str(found[0])) == len(_TABLES) + len(_TEXTS)


def keep(server: "Connection[tuple[object, ...]]", table: EventTable, texts: Texts) -> Kept:
    """What was written, in one transaction; rows that are there are taken as they are when their stamp is of this index."""
    index = index_of(table)
    whole = digest(index)
    with server.transaction():
        stamped = server.execute("SELECT events, digest FROM studio_stamp").fetchone()
        begin = int(str(stamped[0])) if stamped is not None else 0
        goes_on = stamped is not None and begin <= len(table.kind) and stamped[1] == _digest_until(table, begin)
        if not goes_on:
            for name in _TABLES:
                server.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(name)))
        written = _write(server, index, table)
        _write_texts(server, texts)
        server.execute("DELETE FROM studio_stamp")
        server.execute("INSERT INTO studio_stamp VALUES(%s, %s)", (len(table.kind), whole))
    return Kept(written=written, rebuilt=not goes_on, digest=whole)


def read_back(server: "Connection[tuple[object, ...]]") -> EventTable:
    """The event table that the tables hold."""
    events = _columns(server, "studio_event", COLUMNS)
    things = _columns(server, "studio_thing", THING_COLUMNS)
    entries = _columns(server, "studio_entry", {"at_s": "q"})
    return EventTable(**events, **things, entry_at_s=entries["at_s"])  # type: ignore[arg-type]  # column by column


def _digest_until(table: EventTable, events: int) -> str:
    """The digest of the index over the first events, as it was stamped then: of the things that these name."""
    columns = {name: getattr(table, name)[:events] for name in COLUMNS}
    named = [columns[name] for name in ("item", "start", "end", "by")]
    # Things are numbered at their first mention; what a thing is inside of was numbered before it.
    things = int(max((int(column.max(initial=-1)) for column in named), default=-1)) + 1
    cut = EventTable(
        **columns, **{name: getattr(table, name)[:things] for name in THING_COLUMNS}, entry_at_s=table.entry_at_s
    )
    return digest(index_of(cut))


def _write(server: "Connection[tuple[object, ...]]", index: Index, table: EventTable) -> int:
    """How many rows were new."""
    written = 0
    columns = {
        "studio_event": [getattr(table, name).tolist() for name in COLUMNS],
        "studio_thing": [getattr(table, name).tolist() for name in THING_COLUMNS],
        "studio_version": [getattr(index, name).tolist() for name in _VERSION],
        "studio_entry": [table.entry_at_s.tolist()],
    }
    for name, values in columns.items():
        found = server.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        assert found is not None
        begin = int(str(found[0]))
        written += _copy(server, name, begin, zip(*(column[begin:] for column in values), strict=True))
    # A lot may be learned long after its round was first met.
    server.cursor().executemany(
        "UPDATE studio_thing SET lot = %s WHERE thing_number = %s AND lot <> %s",
        [(lot, number, lot) for number, lot in enumerate(table.lot.tolist()) if lot >= 0],
    )
    return written


def _write_texts(server: "Connection[tuple[object, ...]]", texts: Texts) -> None:
    """Nothing; a label may change and a thing's first log may come late, so these are written anew each time."""
    server.execute("TRUNCATE studio_name, studio_cited")
    for name, rows in (("studio_name", texts.things), ("studio_cited", texts.entries)):
        with (
            server.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy,
        ):
            for number, row in enumerate(rows):
                copy.write_row((number, *row))


def read_texts(server: "Connection[tuple[object, ...]]") -> Texts:
    """What the numbers of the kept event table stand for."""
    things = server.execute("SELECT name, label FROM studio_name ORDER BY thing_number").fetchall()
    entries = server.execute("SELECT log, entry FROM studio_cited ORDER BY entry_number").fetchall()
    return Texts(
        things=tuple((str(name), str(label)) for name, label in things),
        entries=tuple((str(log), int(str(entry))) for log, entry in entries),
    )


def _copy(server: "Connection[tuple[object, ...]]", name: str, begin: int, rows: Iterable[tuple[int, ...]]) -> int:
    count = 0
    with server.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
        for count, row in enumerate(rows, start=1):
            copy.write_row((begin + count - 1, *row))
    return count


def _columns(
    server: "Connection[tuple[object, ...]]", name: str, columns: "dict[str, str] | object"
) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.generic]]"]:
    assert hasattr(columns, "items")
    codes: dict[str, str] = dict(columns.items())
    rows = server.execute(sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier(name))).fetchall()
    return {
        column: np.array([row[at] for row in rows], dtype=code) for at, (column, code) in enumerate(codes.items(), 1)
    }
