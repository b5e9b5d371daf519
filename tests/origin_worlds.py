"""Tiny records as columns, by hand or at random, for the tests of the origin analysis."""

from random import Random

import numpy as np

from coldcheck.custody.origin_columns import Columns, Event, Source

PLACES = 4


def columns_from(rows: list[tuple[int, ...]], *, ends_at: int | None = None, places: int = PLACES) -> Columns:
    """Columns of rows (kind, a, b, k, n, m, who, note), ten minutes apart."""
    table = np.array(rows, dtype=np.int32).reshape(len(rows), 8).T
    kind, a, b, k, n, m, who, note = (np.ascontiguousarray(column) for column in table)
    at = np.arange(len(rows), dtype=np.int32) * 10
    last = 10 * len(rows) if ends_at is None else ends_at
    return Columns(
        kind=kind, at=at, a=a, b=b, k=k, n=n, m=m, who=who, note=note, entry=np.arange(len(rows), dtype=np.int32),
        containers=places, ends_at=last,
    )  # fmt: skip


def random_rows(chance: Random, count: int) -> list[tuple[int, ...]]:
    """A tiny record: moves, checks, pulls, counts, hands, receipts and openings among four containers."""
    rows: list[tuple[int, ...]] = []
    for _ in range(count):
        kind = chance.choice([*range(6), Event.MOVED, Event.RECEIVED, Event.OPENED])
        a, b = chance.sample(range(PLACES), 2)
        n = chance.randint(1, 6)
        k = chance.randint(1, n)
        note = {Event.CHECKED: chance.randrange(4), Event.COUNTED: chance.choice((-1, 0, 0, 1, 2))}.get(Event(kind), 0)
        b = b if kind in {Event.MOVED, Event.TOGETHER} else -1
        rows.append((kind, a, b, k, n, chance.randint(0, 6), chance.randrange(-2, 3), note))
    return rows


def box_to_tray(*extra: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Box 0 received, held; a round moved to tray 1, and whatever else is said; the find is in the tray."""
    return [
        (Event.RECEIVED, 0, -1, 10, 0, 0, 2, Source.AS_RECEIVED),
        (Event.HELD, 0, -1, 0, 10, 0, 2, 0),
        (Event.HELD, 1, -1, 0, 0, 0, 2, 0),
        (Event.OPENED, 0, 3, 0, 10, 0, 2, 0),
        (Event.MOVED, 0, 1, 5, 10, 0, -1, 0),
        *extra,
        (Event.HELD, 1, -1, 0, 5, 0, -2, 0),
    ]
