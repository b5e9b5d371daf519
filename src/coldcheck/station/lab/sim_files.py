"""Simulated worlds on the disk: what the index reads in one folder, the truth in another.

`write_world` puts the event table and the find into `record/`, and what really happened into `truth/`. `read_record`
opens the first folder alone. The origin analysis is pure and opens nothing: it is handed what `read_record` returns.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np

from coldcheck.custody.origin_columns import Source
from coldcheck.custody.origin_record import Known
from coldcheck.custody.trace_index import EventTable
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.lab.sim import World

TRUTH: Final = "truth"
RECORD: Final = "record"


class NoWorld(ColdcheckError):
    """There is no simulated world of that seed in the folder. Write it with `coldcheck sim` first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOfWorld:
    """What an inquiry would have: the table, what is known of its things, and in which thing the round was found, when."""

    table: EventTable
    known: Known
    found_in: int
    found_at_s: int


def write_world(world: World, folder: Path) -> tuple[Path, Path]:
    """The record's and the truth's file, written."""
    for name in (RECORD, TRUTH):
        (folder / name).mkdir(parents=True, exist_ok=True)
    record, truth = _paths(folder, world.seed)
    columns = {each.name: getattr(world.table, each.name) for each in fields(EventTable)}
    found_in = world.read.things[world.find.chances[0][0]]
    np.savez(
        record,
        **columns,
        stock=np.array(sorted(world.known.stock), dtype=np.int32),
        worn=np.array(sorted(world.known.worn), dtype=np.int32),
        lot_source=np.array(sorted(world.known.lot_source), dtype=np.int32).reshape(-1, 2),
        found=np.array([found_in, world.read.columns.ends_at * 60], dtype=np.int64),
    )
    told = {
        "seed": world.seed,
        "source": world.truth.source.name.lower(),
        "window": world.truth.window,
        "swapped": world.truth.swapped,
        "who_had_it": world.truth.person,
        "day": world.truth.day,
    }
    truth.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return record, truth


def read_record(folder: Path, seed: int) -> RecordOfWorld:
    """The record of a world. Raises NoWorld."""
    path = _paths(folder, seed)[0]
    try:
        with np.load(path, allow_pickle=False) as stored:
            table = EventTable(**{each.name: stored[each.name] for each in fields(EventTable)})
            stock, worn, found = stored["stock"], stored["worn"], stored["found"]
            lot_source = stored["lot_source"]
    except (OSError, KeyError, ValueError) as problem:
        raise NoWorld(f"{path}: no simulated world is stored here; write it with coldcheck sim.") from problem
    return RecordOfWorld(
        table=table,
        known=Known(
            stock=frozenset(map(int, stock)),
            worn=frozenset(map(int, worn)),
            lot_source=tuple((int(lot), Source(int(source))) for lot, source in lot_source),
        ),
        found_in=int(found[0]),
        found_at_s=int(found[1]),
    )


def _paths(folder: Path, seed: int) -> tuple[Path, Path]:
    return folder / RECORD / f"world-{seed}.npz", folder / TRUTH / f"world-{seed}.json"
