"""Small random event tables, and a reading of recall that knows no versions: sets of rounds in things, walked in order."""

from dataclasses import dataclass
from random import Random

import numpy as np

from coldcheck.custody.trace_events import COLUMNS, THING_COLUMNS, EventKind
from coldcheck.custody.trace_index import EventTable
from coldcheck.custody.trace_live import LiveIndex

LOTS = 4


def random_world(seed: int, *, events: int) -> LiveIndex:
    """A live index of random rows that keep the promises of `trace_events`."""
    chance = Random(seed)
    live = LiveIndex()
    holders = [live.add_thing(ord(chance.choice("ccccgpw"))) for _ in range(chance.randint(2, 9))]
    spots = [live.add_thing(ord("s"), inside=chance.choice(holders)) for _ in range(chance.randint(1, 12))]
    rounds = [live.add_thing(ord("r"), lot=chance.randrange(-1, LOTS)) for _ in range(chance.randint(1, 14))]
    parcels = [live.add_thing(ord("q"), lot=chance.randrange(-1, LOTS)) for _ in range(chance.randint(0, 2))]
    into = {parcel: chance.choice(holders) for parcel in parcels}
    lies: dict[int, int] = {}
    spread = chance.choice((0.02, 0.2))
    for entry in range(events):
        live.entry_at_s.append(1_000_000 + 60 * entry)
        draw = chance.random()
        if draw < spread:
            live.append(EventKind.VERIFIED, item=-1, start=-1, end=chance.choice(holders + spots), by=-1, entry=entry)
        elif draw < spread + 0.1:
            kind = chance.choice((EventKind.HELD, EventKind.LOCKED, EventKind.LEFT, EventKind.STOWED))
            live.append(kind, item=chance.choice(holders), start=-1, end=chance.choice(holders), by=-1, entry=entry)
        elif draw < spread + 0.15:
            live.append(EventKind.PROVEN, item=chance.choice(rounds), start=-1, end=-1, by=-1, entry=entry)
        elif draw < spread + 0.18 and parcels:
            parcel = chance.choice(parcels)
            start = chance.choice((-1, *holders))
            live.append(EventKind.PLACED, item=parcel, start=start, end=into[parcel], by=-1, entry=entry, count=5)
        else:
            item = chance.choice(rounds)
            end = chance.choice((-1, *holders, *holders, *spots, *spots))
            kind = chance.choice((EventKind.PLACED, EventKind.PLACED, EventKind.TURNED_UP))
            live.append(kind, item=item, start=lies.get(item, -1), end=end, by=-1, entry=entry)
            lies[item] = end
    return live


def table_of_live(live: LiveIndex, *, events: int | None = None) -> EventTable:
    """The columns as numpy arrays, of the first `events` events."""
    rows = len(live.kind) if events is None else events
    columns = {name: np.array(getattr(live, name)[:rows], dtype=code) for name, code in COLUMNS.items()}
    things = {name: np.array(getattr(live, name), dtype=code) for name, code in THING_COLUMNS.items()}
    return EventTable(**columns, **things, entry_at_s=np.array(live.entry_at_s, dtype="q"))


@dataclass(frozen=True, slots=True)
class Slow:
    """What the slow reading reached."""

    rounds: frozenset[int]
    things: frozenset[int]


def slow_recall(live: LiveIndex, lot: int, *, barriers: bool) -> Slow:
    """Rounds suspect at the end and things that ever held a suspect, by walking every event over sets."""
    lies: dict[int, int] = {}
    inside: dict[int, set[int]] = {}
    suspect: set[int] = set()
    things: set[int] = set()
    arrived: set[int] = set()
    for row, kind in enumerate(live.kind):
        end = live.end[row]
        unit = live.inside[end] if end >= 0 and live.inside[end] >= 0 else end
        if kind == EventKind.VERIFIED and barriers:
            suspect -= inside.get(unit, set())
        if kind not in (EventKind.PLACED, EventKind.TURNED_UP):
            continue
        item = live.item[row]
        if live.letter[item] == ord("q"):
            start = live.start[row]
            start = live.inside[start] if start >= 0 and live.inside[start] >= 0 else start
            arriving_hot = bool(start >= 0 and inside.get(start, set()) & suspect)
        else:
            inside.get(lies.pop(item, -1), set()).discard(item)
            arriving_hot = item in suspect
        if end < 0:
            continue
        new = item not in arrived or (live.letter[item] == ord("q") and live.start[row] < 0)
        arriving_hot |= live.lot[item] == lot and new
        arrived.add(item)
        there = inside.setdefault(unit, set())
        there.add(item)
        if live.letter[item] != ord("q"):
            lies[item] = unit
        if arriving_hot or there & suspect:
            suspect |= there
            things.add(unit)
    rounds = frozenset(item for item in suspect if live.letter[item] == ord("r"))
    return Slow(rounds=rounds, things=frozenset(things))
