"""The records of several hubs and companies in one index: what a studio asks across productions.

Every record keeps its own trail. Here the rows of all of them stand in one event table, in the order of the hubs' clocks
(and of the logs' names where these agree), and a round, container, gun, person or place that several records know under
one id is one thing. A round that lies elsewhere by another record turned up where this one has it: a TURNED_UP row says so.

Promises: the same records give the same index, whether they were taken in at once or one after the other (`digest` of
`trace_index` compares them). What comes late from an offline hub, older than what is here, is not squeezed in: the whole
is built anew. It is no ground truth: it can be thrown away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.trace_events import COLUMNS, NONE, PARCEL, ROUND, SPOT, THING_COLUMNS, EventKind
from coldcheck.custody.trace_index import EventTable
from coldcheck.custody.trace_live import LiveIndex

_PLACING: Final = frozenset({int(EventKind.PLACED), int(EventKind.TURNED_UP)})
_Order: TypeAlias = tuple[str, str, int]
"""The hub's time of a row, its log, and its number there."""
_Name: TypeAlias = tuple[int, int, str]
"""What makes a thing the same in two records: its letter, what it is inside of, and its id or cell or lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What numbers stand for: id and label of each thing, log and entry of each entry, in the order of their numbers."""

    things: tuple[tuple[Id, str], ...]
    entries: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Studio:
    """One index over several records. `names` and `cited` say what its numbers stand for: ids, and (log, entry)."""

    live: LiveIndex = field(default_factory=LiveIndex)
    names: list[Id] = field(default_factory=list)
    cited: list[tuple[str, int]] = field(default_factory=list)
    numbers: dict[_Name, int] = field(default_factory=dict)
    lots: dict[Id, int] = field(default_factory=dict)
    lies: dict[int, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    """By log: how many rows of its trail are in."""
    newest: _Order | None = None


def studio_of(records: Mapping[str, Picture]) -> Studio:
    """The index over these records, by the names of their logs, built from nothing."""
    studio = Studio()
    _append(studio, records, sorted(_rows(records, {})))
    return studio


def taken_in(studio: Studio, records: Mapping[str, Picture]) -> Studio:
    """The index after what the records hold more: the same one, grown; or a new one where something came late."""
    more = sorted(_rows(records, studio.taken))
    if more and studio.newest is not None and more[0] <= studio.newest:
        return studio_of(records)
    _append(studio, records, more)
    return studio


def table_of_studio(studio: Studio) -> EventTable:
    """The event table as numpy columns."""
    live = studio.live
    columns = {name: np.array(getattr(live, name), dtype=code) for name, code in COLUMNS.items()}
    things = {name: np.array(getattr(live, name), dtype=code) for name, code in THING_COLUMNS.items()}
    return EventTable(**columns, **things, entry_at_s=np.array(live.entry_at_s, dtype="q"))


def _rows(records: Mapping[str, Picture], taken: Mapping[str, int]) -> Iterator[_Order]:
    for log, picture in records.items():
        entries = picture.trail.live.entry
        for row in range(taken.get(log, 0), len(entries)):
            yield _at(picture, entries[row]), log, row


def _at(picture: Picture, entry: int) -> str:
    return picture.journal[picture.entry_acts[entry]].at


def _append(studio: Studio, records: Mapping[str, Picture], rows: list[_Order]) -> None:
    for at, log, row in rows:
        picture = records[log]
        entry = picture.trail.live.entry[row]
        if not studio.cited or studio.cited[-1] != (log, entry):
            studio.cited.append((log, entry))
            studio.live.entry_at_s.append(int(datetime.fromisoformat(at).timestamp()))
        _take(studio, picture, row, len(studio.cited) - 1)
        studio.taken[log] = row + 1
    studio.newest = rows[-1] if rows else studio.newest
    for picture in records.values():
        _learn_lots(studio, picture)


def _take(studio: Studio, picture: Picture, row: int, entry: int) -> None:
    """One row of a record in the numbers of the studio."""
    own, live = picture.trail.live, studio.live
    kind, item = own.kind[row], _number(studio, picture, own.item[row])
    start, end = _number(studio, picture, own.start[row]), _number(studio, picture, own.end[row])
    by = _number(studio, picture, own.by[row])
    if kind in _PLACING and item != NONE and live.letter[item] == ROUND:
        lay = studio.lies.get(item, NONE)
        if start == NONE and lay != NONE:
            # To this record it is new; by another one it lay there.
            kind, start = int(EventKind.TURNED_UP), lay
        elif start != lay:
            live.append(int(EventKind.TURNED_UP), item=item, start=lay, end=start, by=NONE, entry=entry)
        studio.lies[item] = end
    live.append(kind, item=item, start=start, end=end, by=by, entry=entry, count=own.count[row])


def _number(studio: Studio, picture: Picture, thing: int) -> int:
    """The studio's number of a record's thing, given at its first mention."""
    if thing == NONE:
        return NONE
    own, trail = picture.trail.live, picture.trail
    letter, inside, lot = own.letter[thing], NONE, NONE
    if letter == SPOT:
        inside = _number(studio, picture, own.inside[thing])
    elif letter == PARCEL:
        # Its name is its lot: together with what it came into it is one.
        lot = studio.lots.setdefault(trail.names[thing], len(studio.lots))
        into = next(holder for (_lot, holder), parcel in trail.parcels.items() if parcel == thing)
        key = (letter, _number(studio, picture, into), trail.names[thing])
        return _known(studio, key, letter, trail.names[thing], inside=NONE, lot=lot)
    return _known(studio, (letter, inside, trail.names[thing]), letter, trail.names[thing], inside=inside, lot=lot)


def _known(studio: Studio, key: _Name, letter: int, name: Id, *, inside: int, lot: int) -> int:
    known = studio.numbers.get(key)
    if known is None:
        known = studio.numbers[key] = studio.live.add_thing(letter, inside=inside, lot=lot)
        studio.names.append(name)
    return known


def _learn_lots(studio: Studio, picture: Picture) -> None:
    """The lots of rounds, which a record may learn long after it first met them."""
    for round_id, cartridge in picture.cartridges.items():
        number = studio.numbers.get((ROUND, NONE, round_id), NONE)
        if number != NONE and cartridge.lot and studio.live.lot[number] == NONE:
            studio.live.lot[number] = studio.lots.setdefault(cartridge.lot, len(studio.lots))
