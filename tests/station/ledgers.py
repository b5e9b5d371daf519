"""Small ledgers for the tests of this room: a rehearsal, and one of any size."""

from pathlib import Path

from coldcheck.station.ledger_files import play_into
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.store import Row
from coldcheck.station.store_sqlite import SqliteStore, create_ledger
from coldcheck.station.verify import stored_entry

REHEARSAL = Path(__file__).parent.parent / "scenarios" / "one_rehearsal.txt"
_HEAD = """production "Counting" hub count-1
person ARM "Ada Byrne" as armorer
day 2026-03-02
08:00 ARM registers place Barn as set
"""
_BEFORE = 4
"""Entry 0, the rulebook, one person and one place."""


def play_rehearsal(path: Path) -> Player:
    return play_into(path, read_scenario(REHEARSAL))


def play_size(path: Path, size: int) -> Player:
    """A ledger of exactly `size` entries, 4 or more."""
    lines = "".join("08:01 ARM arrives at Barn\n" for _ in range(size - _BEFORE))
    return play_into(path, parse_scenario(_HEAD + lines, path="made"))


def begin_of(store: SqliteStore, path: Path, size: int) -> SqliteStore:
    """A ledger at `path` that holds the first `size` entries of `store`."""
    shorter = create_ledger(path, meta={name: store.meta(name) for name in ("origin", "log", "vkey")})
    append_from(store, shorter, start=0, end=size)
    return shorter


def append_from(store: SqliteStore, other: SqliteStore, *, start: int, end: int) -> None:
    openings = tuple(store.openings())
    for index in range(start, end):
        stored = stored_entry(store, index)
        other.append(
            Row(
                entry_index=index,
                entry_id=stored.entry_id,
                data=stored.data,
                nodes=stored.nodes,
                checkpoint=stored.checkpoint,
                openings=tuple(one for one in openings if one[0].encode() in stored.data),
            )
        )
