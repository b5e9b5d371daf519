"""A world of `sim_blind` as the benchmarks read one, and which window of its record is the true one, if any is.

The record says of the bin of leftovers and of the second unit's crate that they are other stock, and that belts are worn,
as a ledger would. Worlds of which no window of the record is the true one are kept: their sets count as missed. What was
borrowed without an entry came in, for the record, in the time in which the tray lay open; it still counts as mixed.
"""

from typing import Final

import numpy as np

from coldcheck.custody.origin import Find
from coldcheck.custody.origin_columns import NOBODY, Source, Windows, windows_of
from coldcheck.custody.origin_record import Known, Read, numbers_of, read_events
from coldcheck.custody.trace_events import NONE, EventKind
from coldcheck.custody.trace_index import EventTable
from coldcheck.station.lab.sim import Truth, World
from coldcheck.station.lab.sim_blind import things
from coldcheck.station.lab.sim_blind_find import BlindWorld, blind_world

NO_WINDOW: Final = -1


def blind_as_world(seed: int, *, events: int, complete: bool = False) -> World:
    """The world of a seed."""
    blind = blind_world(seed, events=events, complete=complete)
    known = Known(
        worn=frozenset(things().belts),
        lot_source=tuple((lot, Source.MIXED) for lot in _lots_in(blind.table, blind.stock)),
    )
    read = read_events(blind.table, known, ends_at_s=blind.found[1])
    windows = windows_of(read.columns)
    (place,) = numbers_of(read, blind.found[:1])
    return World(
        seed=seed,
        table=blind.table,
        known=known,
        read=read,
        windows=windows,
        find=Find(event=read.columns.size, chances=((place, 1.0),)),
        truth=_truth(blind, read, windows),
    )


def _lots_in(table: EventTable, stock: tuple[int, ...]) -> tuple[int, ...]:
    """The lots that came into the containers of other stock."""
    came = (table.kind == EventKind.PLACED) & (table.start == NONE) & np.isin(table.end, stock)
    return tuple(sorted({int(lot) for lot in table.lot[table.item[came]]}))


def _truth(blind: BlindWorld, read: Read, windows: Windows) -> Truth:
    truth = blind.truth
    window = _window(blind, read, windows)
    source = Source[truth.source.upper()]
    person = truth.who_had_it
    if source is Source.UNRECORDED and window != NO_WINDOW:
        person = int(windows.who[window])
    return Truth(
        source=source,
        window=window,
        swapped=truth.swapped,
        person=NOBODY if source is Source.AS_RECEIVED else person,
        day=truth.day,
    )


def _window(blind: BlindWorld, read: Read, windows: Windows) -> int:
    """The number of the true window: the receipt it came with, or the time of the thing in which it came in."""
    truth, entry = blind.truth, read.columns.entry
    thing, row, timed = truth.thing, truth.row, windows.first != windows.event
    if truth.source == "as_received":
        fits = ~timed & (entry[windows.first] == row)
    elif truth.source == "mixed" and blind.table.end[row] == thing and blind.table.start[row] in blind.stock:
        # The move out of the other stock is written down: the way in is how that stock came.
        thing = int(blind.table.start[row])
        fits = ~timed
    else:
        until = np.where(windows.event < entry.size, entry[np.minimum(windows.event, entry.size - 1)], entry.size)
        fits = timed & (entry[windows.first] <= row) & (row < until)
    (place,) = numbers_of(read, (thing,))
    spots = np.flatnonzero(fits & (windows.place == place))
    return int(spots[-1]) if spots.size else NO_WINDOW
