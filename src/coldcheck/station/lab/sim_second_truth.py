"""A world of the second simulator as the benchmarks read one: its record, and which window of that is the true one.

The simulator knows nothing of windows. Where the record has no window that is the true one, as when nobody wrote down the
delivery, the plan is drawn again.
"""

import numpy as np

from coldcheck.custody.origin import Find
from coldcheck.custody.origin_columns import MINUTES_A_DAY, NOBODY, Source, Windows, windows_of
from coldcheck.custody.origin_record import Known, Read, read_events
from coldcheck.station.lab.sim import Truth, World
from coldcheck.station.lab.sim_second import LIVE_BOX, Played, plays


def second_world(seed: int, *, days: int) -> World:
    """The world of a seed: a find in the last third of a plan of so many days, drawn again until there is one."""
    worlds = (_as_world(seed, played) for played in plays(seed, days=days))
    return next(world for world in worlds if world is not None)


def _as_world(seed: int, played: Played) -> World | None:
    known = Known(stock=frozenset({LIVE_BOX}))
    read = read_events(played.table, known, ends_at_s=(played.found_at + 1) * 60)
    windows = windows_of(read.columns)
    numbers = {thing: number for number, thing in enumerate(read.things)}
    truth = _truth(played, windows, numbers, read)
    find = Find(event=read.columns.size, chances=((numbers[played.found], 1.0),))
    if truth is None:
        return None
    return World(seed=seed, table=played.table, known=known, read=read, windows=windows, find=find, truth=truth)


def _truth(played: Played, windows: Windows, numbers: dict[int, int], read: Read) -> Truth | None:
    """The truth in the numbers of the record; None where the record has no window that is the true one."""
    thing, at = played.came
    columns = read.columns
    first_at = columns.at[windows.first]
    last_at = np.where(
        windows.event < columns.size, columns.at[np.minimum(windows.event, columns.size - 1)], columns.ends_at
    )
    here = windows.place == numbers[thing]
    match played.story:
        case "supplier":
            fits = here & (windows.source == Source.AS_RECEIVED) & (np.abs(first_at - at) <= 1)
        case "live_stock":
            fits = here & (windows.opening >= 0) & (np.abs(first_at - at) <= 1)
        case _:
            fits = here & (windows.first != windows.event) & (first_at <= at) & (at < last_at)
    spots = np.flatnonzero(fits)
    if not spots.size:
        return None
    window = int(spots[-1])
    return Truth(
        source=Source(int(windows.source[window])),
        window=window,
        swapped=False,
        person=int(windows.who[window]) if played.story != "supplier" else NOBODY,
        day=at // MINUTES_A_DAY,
    )
