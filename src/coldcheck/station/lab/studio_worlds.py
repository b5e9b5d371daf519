"""A studio's years as one event table, from a seed: the data that trace is measured on, of any size.

Productions run side by side. Each has 14 guns, 8 trays, a case and boxes of 50, gets lots of 50 to 500 rounds, and plays
scenes: rounds from a box to a tray, the tray checked, the gun loaded, checked, handed on, fired or not, handed back,
unloaded, put away. `verified` is the share of tray checks that are full verifications. After 400 scenes a production
wraps, and six in ten of its boxes that hold rounds go on into later ones: so one lot reaches many productions.

Every move is in the table. What it does not do: rounds that are only counted, people who err, a second studio.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import Bytes, EventTable, Numbers, Seconds, Shorts
from coldcheck.station.lab.trace_kernels import compiled

GUNS: Final = 14
TRAYS: Final = 8
BOXES: Final = 40
PEOPLE: Final = 12
BOX_SIZE: Final = 50
TRAY_SIZE: Final = 40
SCENES: Final = 400
CHAMBERS: Final = (1, 2, 5, 6, 6, 6, 7, 8, 10, 12, 15, 17, 20, 30)
EVENTS_A_SLOT: Final = 250_000
_POOLED_SHARE: Final = 0.6
_LOOKED_AT: Final = 0.5
_FIRES: Final = 0.05
_EMPTIES: Final = 0.7
_OTHER_BOX: Final = 0.1
_ROOM: Final = 5_000
_POOL: Final = 4_096

_PLACED: Final = int(EventKind.PLACED)
_HELD: Final = int(EventKind.HELD)
_LOCKED: Final = int(EventKind.LOCKED)
_STOWED: Final = int(EventKind.STOWED)
_VERIFIED: Final = int(EventKind.VERIFIED)
_LOOKED: Final = int(EventKind.LOOKED)
_FIRED: Final = int(EventKind.FIRED)


class _World(NamedTuple):
    """Columns with room, and what lies where while the scenes are played. `at` holds counters: see the indices below."""

    kind: Bytes
    item: Numbers
    start: Numbers
    end: Numbers
    by: Numbers
    entry: Numbers
    letter: Bytes
    inside: Numbers
    lot: Numbers
    entry_at_s: Seconds
    at: Seconds
    box: Numbers
    box_round: Numbers
    box_count: Numbers
    tray: Numbers
    tray_round: Numbers
    tray_count: Numbers
    gun: Numbers
    gun_spot: Numbers
    gun_round: Numbers
    chambers: Numbers
    case: Numbers
    person: Numbers
    vault: Numbers
    pool: Numbers
    pool_round: Numbers
    pool_count: Numbers
    seed: npt.NDArray[np.uint64]


_EVENTS: Final = 0
_ENTRIES: Final = 1
_THINGS: Final = 2
_LOTS: Final = 3
_SECOND: Final = 4
_POOLED: Final = 5


_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11))


@compiled
def _chance(w: _World) -> float:
    """The next number from [0, 1): SplitMix64, so that a seed gives the same world under every version of numpy."""
    w.seed[0] += _STEP
    bits = w.seed[0]
    bits = (bits ^ (bits >> _SHIFTS[0])) * _MIX[0]
    bits = (bits ^ (bits >> _SHIFTS[1])) * _MIX[1]
    bits ^= bits >> _SHIFTS[2]
    return float(bits >> _SHIFTS[3]) / 9_007_199_254_740_992.0


@compiled
def _between(w: _World, low: int, high: int) -> int:
    """A whole number from [low, high)."""
    return low + int(_chance(w) * (high - low))


@compiled
def _emit(w: _World, kind: int, item: int, start: int, end: int, by: int) -> None:
    row = w.at[_EVENTS]
    w.kind[row] = kind
    w.item[row] = item
    w.start[row] = start
    w.end[row] = end
    w.by[row] = by
    w.entry[row] = w.at[_ENTRIES]
    w.at[_EVENTS] = row + 1


@compiled
def _next_entry(w: _World) -> None:
    w.at[_SECOND] += _between(w, 5, 90)
    w.entry_at_s[w.at[_ENTRIES]] = w.at[_SECOND]
    w.at[_ENTRIES] += 1


@compiled
def _add(w: _World, letter: int, inside: int, lot: int) -> int:
    thing = int(w.at[_THINGS])
    w.letter[thing] = letter
    w.inside[thing] = inside
    w.lot[thing] = lot
    w.at[_THINGS] = thing + 1
    return thing


@compiled
def _receive(w: _World, slot: int, most: int) -> None:
    """A lot comes in, in new boxes, as long as there is room for them."""
    lot = w.at[_LOTS]
    w.at[_LOTS] += 1
    left = _between(w, 50, most + 1)
    for number in range(BOXES):
        if left <= 0:
            break
        if w.box_count[slot, number] > 0:
            continue
        box = _add(w, ord("c"), -1, -1)
        w.box[slot, number] = box
        for place in range(min(left, BOX_SIZE)):
            one = _add(w, ord("r"), -1, lot)
            _emit(w, _PLACED, one, -1, box, w.person[slot, 0])
            w.box_round[slot, number, place] = one
        w.box_count[slot, number] = min(left, BOX_SIZE)
        left -= BOX_SIZE
        _next_entry(w)


@compiled
def _begin(w: _World, slot: int) -> None:
    """A production begins with what earlier ones left in the pool, and with new lots."""
    for number in range(BOXES):
        w.box_count[slot, number] = 0
    taken = min(w.at[_POOLED], _between(w, 0, 9))
    for number in range(taken):
        last = w.at[_POOLED] - 1
        w.at[_POOLED] = last
        w.box[slot, number] = w.pool[last]
        w.box_count[slot, number] = w.pool_count[last]
        for place in range(w.pool_count[last]):
            w.box_round[slot, number, place] = w.pool_round[last, place]
        _emit(w, _HELD, w.pool[last], -1, w.person[slot, 0], w.person[slot, 0])
        _next_entry(w)
    _receive(w, slot, 500)


@compiled
def _wrap(w: _World, slot: int) -> None:
    """Trays are emptied into boxes; six in ten boxes go to the pool, the others leave the studio with their rounds."""
    for number in range(TRAYS):
        _put_back(w, slot, number, 0)
    for number in range(BOXES):
        if w.box_count[slot, number] == 0:
            continue
        box = w.box[slot, number]
        if _chance(w) < _POOLED_SHARE and w.at[_POOLED] < _POOL:
            here = w.at[_POOLED]
            w.pool[here] = box
            w.pool_count[here] = w.box_count[slot, number]
            for place in range(w.box_count[slot, number]):
                w.pool_round[here, place] = w.box_round[slot, number, place]
            # A random place in the pool, so that old boxes come back too.
            other = _between(w, 0, here + 1)
            _swap_pool(w, here, other)
            w.at[_POOLED] = here + 1
            _emit(w, _LOCKED, box, -1, w.vault[0], w.person[slot, 0])
        else:
            for place in range(w.box_count[slot, number]):
                _emit(w, _PLACED, w.box_round[slot, number, place], box, -1, w.person[slot, 0])
        _next_entry(w)


@compiled
def _swap_pool(w: _World, one: int, other: int) -> None:
    w.pool[one], w.pool[other] = w.pool[other], w.pool[one]
    w.pool_count[one], w.pool_count[other] = w.pool_count[other], w.pool_count[one]
    for place in range(BOX_SIZE):
        held = w.pool_round[one, place]
        w.pool_round[one, place] = w.pool_round[other, place]
        w.pool_round[other, place] = held


@compiled
def _full_box(w: _World, slot: int) -> int:
    """A box with rounds in it, -1 when there is none."""
    begin = _between(w, 0, BOXES)
    for step in range(BOXES):
        number = (begin + step) % BOXES
        if w.box_count[slot, number] > 0:
            return number
    return -1


@compiled
def _roomy_box(w: _World, slot: int, number: int) -> int:
    """The box, or the next one with room and a name of its own."""
    for step in range(BOXES):
        other = (number + step) % BOXES
        if 0 < w.box_count[slot, other] < BOX_SIZE:
            return other
    return -1


@compiled
def _put_back(w: _World, slot: int, tray: int, box: int) -> None:
    while w.tray_count[slot, tray] > 0:
        into = _roomy_box(w, slot, box)
        place = w.tray_count[slot, tray] - 1
        one = w.tray_round[slot, tray, place]
        w.tray_count[slot, tray] = place
        if into < 0:
            _emit(w, _PLACED, one, w.tray[slot, tray], -1, w.person[slot, 0])
            continue
        w.box_round[slot, into, w.box_count[slot, into]] = one
        w.box_count[slot, into] += 1
        _emit(w, _PLACED, one, w.tray[slot, tray], w.box[slot, into], w.person[slot, 0])
    _next_entry(w)


@compiled
def _fill_tray(w: _World, slot: int, tray: int, wanted: int, verified: float) -> int:
    """The box that rounds came from, -1 when there was none; half the rounds are looked at, then the tray is checked."""
    box = _full_box(w, slot)
    if box < 0:
        return box
    armorer = w.person[slot, 0]
    while w.tray_count[slot, tray] < wanted and w.box_count[slot, box] > 0:
        w.box_count[slot, box] -= 1
        one = w.box_round[slot, box, w.box_count[slot, box]]
        _emit(w, _PLACED, one, w.box[slot, box], w.tray[slot, tray], armorer)
        w.tray_round[slot, tray, w.tray_count[slot, tray]] = one
        w.tray_count[slot, tray] += 1
        if _chance(w) < _LOOKED_AT:
            _emit(w, _LOOKED, one, -1, -1, armorer)
    _next_entry(w)
    if _chance(w) < verified:
        _emit(w, _VERIFIED, -1, -1, w.tray[slot, tray], w.person[slot, 1])
    else:
        _emit(w, _LOOKED, w.tray[slot, tray], -1, -1, armorer)
    _next_entry(w)
    return box


@compiled
def _scene(w: _World, slot: int, verified: float) -> None:
    """One gun in one scene, from the case and back into it."""
    number = _between(w, 0, GUNS)
    gun = w.gun[slot, number]
    tray = _between(w, 0, TRAYS)
    armorer, assistant, actor = w.person[slot, 0], w.person[slot, 1], w.person[slot, _between(w, 2, PEOPLE)]
    wanted = min(w.chambers[number], _between(w, 1, 9))
    _emit(w, _HELD, gun, -1, armorer, armorer)
    _next_entry(w)
    box = _fill_tray(w, slot, tray, wanted, verified)
    if box < 0:
        _receive(w, slot, 300)
        return
    loaded = 0
    while loaded < wanted and w.tray_count[slot, tray] > 0:
        w.tray_count[slot, tray] -= 1
        one = w.tray_round[slot, tray, w.tray_count[slot, tray]]
        _emit(w, _PLACED, one, w.tray[slot, tray], w.gun_spot[slot, number, loaded], armorer)
        w.gun_round[slot, number, loaded] = one
        loaded += 1
    _next_entry(w)
    for person in (armorer, assistant, assistant, actor):
        if person != actor:
            _emit(w, _LOOKED, gun, -1, -1, person)
        _emit(w, _HELD, gun, -1, person, person)
        _next_entry(w)
    fired = _chance(w) < _FIRES
    _emit(w, _FIRED, gun, -1, -1, actor)
    _emit(w, _HELD, gun, -1, assistant, assistant)
    _emit(w, _HELD, gun, -1, armorer, armorer)
    _next_entry(w)
    for place in range(loaded):
        one = w.gun_round[slot, number, place]
        if fired or w.tray_count[slot, tray] >= TRAY_SIZE:
            _emit(w, _PLACED, one, w.gun_spot[slot, number, place], -1, armorer)
            continue
        _emit(w, _PLACED, one, w.gun_spot[slot, number, place], w.tray[slot, tray], armorer)
        w.tray_round[slot, tray, w.tray_count[slot, tray]] = one
        w.tray_count[slot, tray] += 1
    _emit(w, _LOOKED, gun, -1, -1, armorer)
    _next_entry(w)
    if _chance(w) < _EMPTIES:
        _put_back(w, slot, tray, _between(w, 0, BOXES) if _chance(w) < _OTHER_BOX else box)
    _emit(w, _STOWED, gun, -1, w.case[slot], armorer)
    _next_entry(w)


@compiled
def _play(w: _World, slots: int, verified: float, events: int) -> None:
    scenes = np.zeros(slots, np.int64)
    for slot in range(slots):
        for place in range(PEOPLE):
            w.person[slot, place] = _add(w, ord("p"), -1, -1)
        w.case[slot] = _add(w, ord("c"), -1, -1)
        for number in range(TRAYS):
            w.tray[slot, number] = _add(w, ord("c"), -1, -1)
            _emit(w, _HELD, w.tray[slot, number], -1, w.person[slot, 0], w.person[slot, 0])
        _emit(w, _HELD, w.case[slot], -1, w.person[slot, 0], w.person[slot, 0])
        for number in range(GUNS):
            w.gun[slot, number] = _add(w, ord("g"), -1, -1)
            for place in range(w.chambers[number]):
                w.gun_spot[slot, number, place] = _add(w, ord("s"), w.gun[slot, number], -1)
        _begin(w, slot)
        # Productions that run side by side are not at the same day.
        scenes[slot] = _between(w, 0, SCENES)
    while w.at[_EVENTS] < events:
        for slot in range(slots):
            if w.at[_EVENTS] >= events:
                break
            _scene(w, slot, verified)
            scenes[slot] += 1
            if scenes[slot] == SCENES:
                _wrap(w, slot)
                _begin(w, slot)
                scenes[slot] = 0


def studio_world(*, events: int, seed: int = 7, verified: float = 0.9) -> EventTable:
    """The first `events` events of a studio."""
    slots = max(1, events // EVENTS_A_SLOT)
    room, things = events + _ROOM, events // 20 + slots * 400 + _ROOM
    world = _World(
        kind=np.zeros(room, np.int8),
        **{name: np.full(room, -1, np.int32) for name in ("item", "start", "end", "by", "entry")},
        letter=np.zeros(things, np.int8),
        **{name: np.full(things, -1, np.int32) for name in ("inside", "lot")},
        entry_at_s=np.zeros(room, np.int64),
        at=np.array([0, 0, 0, 0, 1_700_000_000, 0], np.int64),
        box=np.zeros((slots, BOXES), np.int32),
        box_round=np.zeros((slots, BOXES, BOX_SIZE), np.int32),
        box_count=np.zeros((slots, BOXES), np.int32),
        tray=np.zeros((slots, TRAYS), np.int32),
        tray_round=np.zeros((slots, TRAYS, TRAY_SIZE), np.int32),
        tray_count=np.zeros((slots, TRAYS), np.int32),
        gun=np.zeros((slots, GUNS), np.int32),
        gun_spot=np.zeros((slots, GUNS, max(CHAMBERS)), np.int32),
        gun_round=np.zeros((slots, GUNS, max(CHAMBERS)), np.int32),
        chambers=np.array(CHAMBERS, np.int32),
        case=np.zeros(slots, np.int32),
        person=np.zeros((slots, PEOPLE), np.int32),
        vault=np.full(1, things - 1, np.int32),
        pool=np.zeros(_POOL, np.int32),
        pool_round=np.zeros((_POOL, BOX_SIZE), np.int32),
        pool_count=np.zeros(_POOL, np.int32),
        seed=np.array([seed], np.uint64),
    )
    _play(world, slots, verified, events)
    return _table_of(world, events)


def _table_of(world: _World, events: int) -> EventTable:
    """The columns without their room; the vault of the studio is the last thing."""
    things, entries = int(world.at[_THINGS]) + 1, int(world.entry[events - 1]) + 1
    vault = things - 1
    world.letter[vault] = ord("w")
    end = np.where(world.end[:events] == world.vault[0], np.int32(vault), world.end[:events])
    count: Shorts = np.ones(events, np.uint16)
    return EventTable(
        kind=world.kind[:events], item=world.item[:events], start=world.start[:events], end=end, by=world.by[:events],
        entry=world.entry[:events], count=count, letter=world.letter[:things], inside=world.inside[:things],
        lot=world.lot[:things], entry_at_s=world.entry_at_s[: entries + 1],
    )  # fmt: skip
