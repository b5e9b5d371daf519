"""Invented productions with one hidden live round each, drawn from a seed: what the origin analysis is held against.

`sim_world(seed=7, events=10_000)` plays scene after scene (trays filled from boxes, checks, guns loaded and unloaded,
counts, live stock opened beside a box on some days, stock received) as rows of the event table that the index reads,
leaves some moves unrecorded, and then lets one live round come in by one of the ways of the model, at random, and go
where the moves take it, until somebody notices. Worlds in which nobody notices near the end of the plan are drawn
again: what is known when an inquiry begins is that a round was found, and when.

The record and the truth are two values. `write_sim` keeps them in two files, and nothing of the origin analysis reads
the second. It is the well-specified world: moves, checks and entries are as likely as the model says. How far the
model carries in another world is what `sim_second` is for.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType
from typing import Final

import numpy as np

from coldcheck.custody.origin import Find, Model
from coldcheck.custody.origin_columns import MINUTES_A_DAY, NOBODY, Check, Floats, Source, Windows, windows_of
from coldcheck.custody.origin_record import TESTED, Known, Read, read_events
from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import EventTable

BOXES: Final = 12
TRAYS: Final = 8
GUNS: Final = 10
PEOPLE: Final = 8
BOX_ROUNDS: Final = 50
STOCK_ROUNDS: Final = 1000
CHAMBERS: Final = 6
SCENES_A_DAY: Final = 10
SCENE_MINUTES: Final = 50
FIRST_MINUTE: Final = 8 * 60
MODEL: Final = Model(
    rates=(0.6, 1.2, 0.6, 0.0, 0.0, 0.022, 0.0001),
)
"""The rates at which a round comes in: a receipt, an opening, an hour. Only their ratios count here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How often what is done, as chances: what a protocol asks for, and how much of it nobody records.

    `missing` is the share of moves between boxes and trays that no entry tells. `deliveries` and `live_work` are chances
    a day, the others a scene.
    """

    fill: float = 0.8
    tray_check: float = 0.5
    each_tested: float = 0.5
    gun_check: float = 1.0
    pull: float = 0.5
    empty: float = 0.7
    count: float = 0.3
    stock_count: float = 0.7
    deliveries: float = 0.5
    live_work: float = 0.25
    missing: float = 0.03
    swapped: float = 0.0
    """Scenes in which a round of the box and one of the tray change places, and nobody enters it."""
    contaminated: float = 0.0
    """Deliveries with a live round in them that have three more."""
    misread: float = 0.0
    """Checks that come upon a live round, and whose answer is "dummy" all the same."""
    back_dated: float = 0.0
    """Moves between boxes and trays that are entered up to twenty entries late."""
    received_times: float = 1.0
    """How much oftener than the model says a round comes as received, and how much more seldom out of live stock."""


HABITS: Final = Habits()
TROUBLES: Final = MappingProxyType(
    {
        "none": HABITS,
        "missing_scans": Habits(missing=0.1),
        "swapped_rounds": Habits(swapped=0.3),
        "contaminated_box": Habits(contaminated=1.0),
        "misread_dummy": Habits(misread=0.4),
        "back_dated_entry": Habits(back_dated=0.1),
        "wrong_priors": Habits(received_times=5.0),
    }
)
"""The troubles of a real production, one at a time; the model knows of none but a few missing scans."""
CONTAMINATED_MORE: Final = 3
LATEST: Final = 20
TOGETHER: Final = 0.5
"""Two hidden rounds came in together this often."""
LATE: Final = 0.9
"""A hidden round is noticed after this share of the plan."""
CREW: Final = (12, 6, 2, 1, 1, 1, 1, 1)
"""How often each of the people handles things, in parts: on a set two do most of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that really happened. Things are rows of the thing table; `count` of `among` rounds went or were seen.

    `note` is the kind of a check, or 1 for a count that says one too many. What is not `recorded` is in no table.
    """

    kind: int
    item: int
    start: int
    end: int
    by: int
    count: int
    at: int
    among: int = 1
    note: int = -1
    recorded: bool = True
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really happened in one world. `window` numbers the window of the record that the round came in by."""

    source: Source
    window: int
    swapped: bool
    person: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One production: its record, the find, and apart from them the truth.

    `steps` are the recorded steps themselves, and `found_at` the minute of the find, for who writes them as acts.
    """

    seed: int
    table: EventTable
    known: Known
    read: Read
    windows: Windows
    find: Find
    truth: Truth
    steps: tuple[Step, ...] = ()
    found_at: int = 0


def things_table() -> tuple[list[int], list[int], list[int]]:
    """Letter, container and lot of each thing: boxes, trays, guns, people, the vault, live stock, the parcels in them."""
    letters = [ord("c")] * (BOXES + TRAYS) + [ord("g")] * GUNS + [ord("p")] * PEOPLE + [ord("w"), ord("c")]
    places = BOXES + TRAYS + GUNS
    letters += [ord("q")] * (places + 1)
    inside = [-1] * (places + PEOPLE + 2) + list(range(places)) + [STOCK]
    return letters, inside, [0] * len(letters)


BOX: Final = 0
TRAY: Final = BOXES
GUN: Final = TRAY + TRAYS
PERSON: Final = GUN + GUNS
VAULT: Final = PERSON + PEOPLE
STOCK: Final = VAULT + 1
PARCEL: Final = STOCK + 1
STOCK_PARCEL: Final = PARCEL + BOXES + TRAYS + GUNS
"""The first row of each kind in the thing table."""


class _Production:
    """A production as it really goes, without any live round where it should not be."""

    def __init__(self, chance: Random, habits: Habits) -> None:
        self.chance = chance
        self.habits = habits
        self.steps: list[Step] = []
        self.lies = dict.fromkeys(range(BOXES + TRAYS + GUNS), 0)
        self.at = FIRST_MINUTE
        self.recorded = 0

    def do(self, kind: int, item: int, end: int, *, by: int, start: int = -1, count: int = 1, **more: int) -> None:
        self.at += 1
        recorded = bool(more.pop("recorded", 1))
        self.steps.append(
            Step(kind=kind, item=item, start=start, end=end, by=by, count=count, at=self.at, recorded=recorded, **more)
        )
        self.recorded += recorded

    def often(self, share: float) -> bool:
        """True in this share of cases."""
        return self.chance.random() < share

    def begin(self) -> None:
        """Everything in the vault; boxes full, every round of them tested."""
        for thing in range(BOXES + TRAYS + GUNS):
            self.do(EventKind.LOCKED, thing, VAULT, by=PERSON)
        self.do(EventKind.PLACED, STOCK_PARCEL, STOCK, by=PERSON, count=STOCK_ROUNDS)
        self.do(EventKind.LOCKED, STOCK, VAULT, by=PERSON)
        for box in range(BOXES):
            self.receive(box, by=PERSON)
            self.check(box, PERSON, Check.TESTED_BY_ONE)

    def receive(self, box: int, *, by: int) -> None:
        """What was left goes back to the supplier, and a full box comes."""
        if self.lies[box]:
            self.do(EventKind.PLACED, PARCEL + box, -1, start=box, by=by, count=self.lies[box], among=self.lies[box])
        self.do(EventKind.PLACED, PARCEL + box, box, by=by, count=BOX_ROUNDS)
        self.lies[box] = BOX_ROUNDS

    def check(self, thing: int, by: int, check: Check) -> None:
        kind = TESTED if check is Check.TESTED_BY_ONE else EventKind.LOOKED
        self.do(kind, thing, -1, by=by, note=int(check))

    def move(self, start: int, end: int, count: int, by: int, *, may_miss: bool) -> None:
        if count <= 0:
            return
        missing = may_miss and self.often(self.habits.missing)
        late = may_miss and self.habits.back_dated > 0 and self.often(self.habits.back_dated)
        self.do(
            EventKind.PLACED, PARCEL + end, end, start=start, by=by, count=count, among=self.lies[start],
            recorded=0 if missing else 1, late=self.chance.randint(1, LATEST) if late else 0,
        )  # fmt: skip
        self.lies[start] -= count
        self.lies[end] += count

    def swap(self, box: int, tray: int, by: int) -> None:
        """A round of each changes places; nobody enters it."""
        if not self.lies[box] or not self.lies[tray]:
            return
        for start, end in ((box, tray), (tray, box)):
            self.do(
                EventKind.PLACED, PARCEL + end, end, start=start, by=by, among=self.lies[start] + (start == tray),
                recorded=0,
            )  # fmt: skip

    def count(self, thing: int, by: int) -> None:
        one_more = self.chance.random() < MODEL.count_false
        self.do(EventKind.COUNTED, -1, thing, by=by, count=self.lies[thing] + one_more, note=int(one_more))

    def scene(self) -> None:
        """One scene: a tray filled from a box, a gun loaded from it, back again, and put away."""
        chance, habits = self.chance, self.habits
        by, other = chance.choices(range(PEOPLE), weights=CREW, k=2)
        by, other = PERSON + by, PERSON + other
        box, tray, gun = BOX + chance.randrange(BOXES), TRAY + chance.randrange(TRAYS), GUN + chance.randrange(GUNS)
        began = self.at
        self.do(EventKind.HELD, tray, by, by=by)
        self.do(EventKind.HELD, box, by, by=by)
        if self.often(habits.fill):
            self.move(box, tray, min(chance.randint(6, 12), self.lies[box]), by, may_miss=True)
        if habits.swapped > 0 and self.often(habits.swapped):
            self.swap(box, tray, by)
        if self.often(habits.tray_check):
            self.check(tray, other, Check.TESTED_BY_ONE if self.often(habits.each_tested) else Check.LOOKED_THROUGH)
        self.at = began + 15
        self.do(EventKind.HELD, gun, by, by=by)
        self.move(tray, gun, min(CHAMBERS, self.lies[tray]), by, may_miss=False)
        if self.often(habits.gun_check):
            self.check(gun, other, Check.GUN_LOOKED)
        if self.often(habits.pull):
            self.do(EventKind.FIRED, gun, -1, by=by, count=0)
        self.at = began + 35
        self.move(gun, tray, self.lies[gun], by, may_miss=False)
        self.do(EventKind.LOCKED, gun, VAULT, by=by)
        if self.often(habits.empty):
            self.move(tray, box, self.lies[tray], by, may_miss=True)
        if self.often(habits.count):
            self.count(chance.choice((box, tray)), by)
        self.do(EventKind.LOCKED, tray, VAULT, by=by)
        self.do(EventKind.LOCKED, box, VAULT, by=by)
        self.at = began + SCENE_MINUTES

    def live_work(self) -> None:
        """Live stock in the same hands as a box, for a while; most times it is counted afterwards."""
        by = PERSON + self.chance.choices(range(PEOPLE), weights=CREW)[0]
        box = BOX + self.chance.randrange(BOXES)
        self.do(EventKind.HELD, STOCK, by, by=by)
        self.do(EventKind.HELD, box, by, by=by)
        self.at += 10
        self.do(EventKind.LOCKED, box, VAULT, by=by)
        self.do(EventKind.LOCKED, STOCK, VAULT, by=by)
        if self.often(self.habits.stock_count):
            short = self.chance.random() < MODEL.stock_false
            self.do(EventKind.COUNTED, -1, STOCK, by=by, count=0, note=int(short))

    def day(self, day: int) -> None:
        self.at = day * MINUTES_A_DAY + FIRST_MINUTE
        if self.often(self.habits.deliveries):
            self.receive(BOX + self.chance.randrange(BOXES), by=PERSON + self.chance.randrange(2))
        live = self.chance.randrange(SCENES_A_DAY) if self.often(self.habits.live_work) else -1
        for number in range(SCENES_A_DAY):
            if number == live:
                self.live_work()
            self.scene()


def _played(chance: Random, events: int, habits: Habits) -> list[Step]:
    """What really happens in a plan of so many recorded events."""
    production = _Production(chance, habits)
    production.begin()
    day = 1
    while production.recorded < events:
        production.day(day)
        day += 1
    return production.steps


def table_of(steps: list[Step]) -> EventTable:
    """The recorded steps as the event table: one entry a row, in the order they were entered."""
    order = as_entered(steps)
    rows = _stock_counted([steps[number] for number in order])
    entered_at = np.maximum.accumulate([step.at for step in rows]) if rows else np.zeros(0)
    letters, inside, lot = things_table()

    def column(values: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.array(values, dtype=np.int32)

    return EventTable(
        kind=np.array([row.kind for row in rows], dtype=np.int8),
        item=column([row.item for row in rows]),
        start=column([row.start for row in rows]),
        end=column([row.end for row in rows]),
        by=column([row.by for row in rows]),
        entry=np.arange(len(rows), dtype=np.int32),
        count=np.array([row.count for row in rows], dtype=np.uint16),
        letter=np.array(letters, dtype=np.int8),
        inside=column(inside),
        lot=column(lot),
        entry_at_s=np.asarray(entered_at, dtype=np.int64) * 60,
    )


def as_entered(steps: list[Step]) -> list[int]:
    """The recorded steps, by number, in the order in which they were entered: a late one stands after others."""
    recorded = [number for number, step in enumerate(steps) if step.recorded]
    if not any(steps[number].late for number in recorded):
        return recorded
    places = {number: place + steps[number].late for place, number in enumerate(recorded)}
    # At the same place the one entered in time comes first.
    return sorted(recorded, key=lambda number: (places[number], steps[number].late, number))


def _stock_counted(rows: list[Step]) -> list[Step]:
    """The same rows, each count of the live stock saying what was left of it by the counts before."""
    left = STOCK_ROUNDS
    out = []
    for row in rows:
        if row.kind == EventKind.COUNTED and row.end == STOCK:
            left -= row.note
            out.append(replace(row, count=left))
        else:
            out.append(row)
    return out


KNOWN: Final = Known(stock=frozenset({STOCK}))


# --- the hidden round ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Hidden:
    """One live round on its way: where it lies, whether it is one too many, and from which step on."""

    place: int
    surplus: bool
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Somebody noticed hidden round `which` at step `step`; the others lay in `places`. `notes` changes what was counted."""

    step: int
    which: int
    places: tuple[int, ...]
    notes: dict[int, int]


def touching(steps: list[Step]) -> dict[int, list[int]]:
    """For each container, the steps that mean something to a round lying in it."""
    out: dict[int, list[int]] = {}
    for number, step in enumerate(steps):
        match step.kind:
            case EventKind.PLACED:
                place = step.start
            case EventKind.COUNTED:
                place = step.end
            case EventKind.LOOKED | EventKind.FIRED:
                place = step.item
            case _ if step.kind == TESTED:
                place = step.item
            case _:
                continue
        if place >= 0:
            out.setdefault(place, []).append(number)
    return out


def walk(
    chance: Random, steps: list[Step], touched: dict[int, list[int]], hidden: list[Hidden], *, misread: float = 0.0
) -> Noticed | None:
    """What becomes of hidden rounds as the steps go on, until one of them is noticed; None when none is.

    `misread` is the share of live rounds met by a check that are taken for dummies.
    """
    rounds = [replace(each) for each in hidden]
    notes: dict[int, int] = {}
    while True:
        upcoming = [_next_step(each, touched, len(steps)) for each in rounds]
        number = min(upcoming)
        if number == len(steps):
            return None
        here = [which for which, step in enumerate(upcoming) if step == number]
        step = steps[number]
        match step.kind:
            case EventKind.PLACED:
                _moved(chance, step, [rounds[which] for which in here])
            case EventKind.COUNTED:
                _counted(chance, number, [rounds[which] for which in here], notes)
            case _:
                seen = [which for which in here if chance.random() >= _miss(step, misread)]
                if seen:
                    places = tuple(each.place if each.step <= number else -1 for each in rounds)
                    return Noticed(step=number, which=seen[0], places=places, notes=notes)
        for which in here:
            rounds[which].step = number + 1


def _next_step(each: Hidden, touched: dict[int, list[int]], end: int) -> int:
    mine = touched.get(each.place, [])
    spot = bisect_left(mine, each.step)
    return mine[spot] if spot < len(mine) else end


def _miss(step: Step, misread: float) -> float:
    if step.kind == EventKind.FIRED:
        return 1 - MODEL.hit
    return MODEL.miss[step.note] + (1 - MODEL.miss[step.note]) * misread


def _moved(chance: Random, step: Step, here: list[Hidden]) -> None:
    count, among = step.count, max(step.among, step.count)
    for each in here:
        if chance.random() * among < count:
            each.place = step.end
            count -= 1
        among = max(among - 1, 1)


def _counted(chance: Random, number: int, here: list[Hidden], notes: dict[int, int]) -> None:
    extra = [each for each in here if each.surplus]
    if not extra:
        return
    seen = chance.random() < MODEL.count_sees
    notes[number] = len(extra) if seen else 0
    for each in extra:
        each.surplus = not seen


# --- a world with its truth ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A production without its hidden round, with every window that one could come in by and its weight."""

    seed: int
    steps: list[Step]
    touched: dict[int, list[int]]
    rows: list[int]
    read: Read
    windows: Windows
    weights: list[float]
    times: list[int]


def plan_of(seed: int, events: int, habits: Habits = HABITS) -> Plan:
    """The production of a seed, played to its end."""
    steps = _played(Random(f"plan/{seed}"), events, habits)
    read = read_events(table_of(steps), KNOWN)
    windows = windows_of(read.columns)
    weights = np.cumsum(_rates(habits)[windows.source] * windows.exposure)
    return Plan(
        seed=seed,
        steps=steps,
        touched=touching(steps),
        rows=as_entered(steps),
        read=read,
        windows=windows,
        weights=weights.tolist(),
        times=[step.at for step in steps],
    )


def _rates(habits: Habits) -> Floats:
    rates = np.array(MODEL.rates)
    rates[Source.AS_RECEIVED] *= habits.received_times
    rates[Source.MIXED] /= habits.received_times
    return rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A way in that was drawn: the window of the plan, the thing, the minute, and whether it took another's place."""

    window: int
    thing: int
    at: int
    swapped: bool
    step: int


def draw_entry(chance: Random, plan: Plan) -> Entry:
    """One way in, as likely as the rates say."""
    window = bisect_left(plan.weights, chance.random() * plan.weights[-1])
    windows, columns = plan.windows, plan.read.columns
    first, last = int(windows.first[window]), int(windows.event[window])
    timed = first != last
    swapped = bool(windows.swap[window]) and (
        chance.random() < MODEL.swap if timed or windows.opening[window] >= 0 else True
    )
    start = int(columns.at[first])
    until = int(columns.at[last]) if last < columns.size else columns.ends_at
    at = start + chance.random() * (until - start) if timed else float(start)
    step = bisect_left(plan.times, at) if timed else plan.rows[int(columns.entry[first])] + 1
    if timed and plan.times[step] == at:
        step += 1
    return Entry(
        window=window,
        thing=plan.read.things[int(windows.place[window])],
        at=int(at),
        swapped=swapped,
        step=step,
    )


def sim_world(seed: int, events: int, habits: Habits = HABITS) -> World:
    """The world of a seed: a plan of so many events, its hidden round noticed in the last tenth of it."""
    plan = plan_of(seed, events, habits)
    chance = Random(f"hidden/{seed}")
    while True:
        entry = draw_entry(chance, plan)
        hidden = [
            Hidden(place=entry.thing, surplus=not entry.swapped, step=entry.step)
            for _ in range(_how_many(chance, plan, entry, habits))
        ]
        noticed = walk(chance, plan.steps, plan.touched, hidden, misread=habits.misread)
        if noticed is not None and noticed.step >= plan.rows[int(LATE * events)]:
            return _world(chance, plan, (entry,) * len(hidden), noticed)


def _how_many(chance: Random, plan: Plan, entry: Entry, habits: Habits) -> int:
    """One hidden round; more in a delivery that was contaminated."""
    received = plan.windows.source[entry.window] == Source.AS_RECEIVED
    more = received and habits.contaminated > 0 and chance.random() < habits.contaminated
    return 1 + (CONTAMINATED_MORE if more else 0)


def _world(chance: Random, plan: Plan, entries: tuple[Entry, ...], noticed: Noticed) -> World:
    notes = dict(noticed.notes)
    for entry in entries:
        _stock_note(chance, plan, entry, notes)
    steps = [_as_noted(step, notes.get(number)) for number, step in enumerate(plan.steps[: noticed.step])]
    table = table_of(steps)
    read = read_events(table, KNOWN, ends_at_s=plan.steps[noticed.step].at * 60)
    windows = windows_of(read.columns)
    places = {thing: number for number, thing in enumerate(read.things)}
    find = Find(event=read.columns.size, chances=((places[noticed.places[noticed.which]], 1.0),))
    return World(
        seed=plan.seed,
        table=table,
        known=KNOWN,
        read=read,
        windows=windows,
        find=find,
        steps=tuple(_stock_counted([steps[number] for number in as_entered(steps)])),
        found_at=plan.steps[noticed.step].at,
        truth=_truth(plan, entries[noticed.which], windows, places, read),
    )


def _as_noted(step: Step, note: int | None) -> Step:
    if note is None:
        return step
    return replace(step, count=step.count + note - step.note, note=note)


def _stock_note(chance: Random, plan: Plan, entry: Entry, notes: dict[int, int]) -> None:
    """A round out of the live stock is missed at the next count of it, with the chance of the model."""
    if plan.windows.opening[entry.window] < 0:
        return
    counts = (
        number
        for number in range(entry.step, len(plan.steps))
        if plan.steps[number].kind == EventKind.COUNTED and plan.steps[number].end == STOCK
    )
    number = next(counts, None)
    if number is not None:
        notes[number] = int(chance.random() < MODEL.stock_sees)


def _truth(plan: Plan, entry: Entry, windows: Windows, places: dict[int, int], read: Read) -> Truth:
    """The truth in the numbers of the record that was cut at the find."""
    columns, place = read.columns, places[entry.thing]
    source = Source(int(plan.windows.source[entry.window]))
    timed = plan.windows.first[entry.window] != plan.windows.event[entry.window]
    until = np.where(
        windows.event < columns.size, columns.at[np.minimum(windows.event, columns.size - 1)], columns.ends_at
    )
    fits = (windows.place == place) & (columns.at[windows.first] <= entry.at) & (windows.source == source)
    fits &= (until > entry.at) if timed else (columns.at[windows.first] == entry.at)
    fitting = np.flatnonzero(fits & ((windows.first != windows.event) == timed))
    # An entry made late cuts the time of its container elsewhere: then no window of the record is the true one.
    window = int(fitting[-1]) if fitting.size else -1
    return Truth(
        source=source,
        window=window,
        swapped=entry.swapped,
        person=int(windows.who[window]) if source is not Source.AS_RECEIVED and window >= 0 else NOBODY,
        day=entry.at // MINUTES_A_DAY,
    )


# --- two hidden rounds ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoFinds:
    """A world with two finds made at one time, and whether both rounds had come in together."""

    world: World
    second: Find
    together: bool


def sim_two(seed: int, events: int, habits: Habits = HABITS) -> TwoFinds:
    """The world of a seed with two hidden rounds, together or apart as a coin says; the sweep after the first finds both."""
    plan = plan_of(seed, events, habits)
    chance = Random(f"two/{seed}")
    while True:
        together = chance.random() < TOGETHER
        one = draw_entry(chance, plan)
        other = one if together else draw_entry(chance, plan)
        hidden = [Hidden(place=entry.thing, surplus=not entry.swapped, step=entry.step) for entry in (one, other)]
        noticed = walk(chance, plan.steps, plan.touched, hidden)
        if noticed is None or noticed.step < plan.rows[int(LATE * events)] or min(noticed.places) < 0:
            continue
        world = _world(chance, plan, (one, other), noticed)
        places = {thing: number for number, thing in enumerate(world.read.things)}
        left = places[noticed.places[1 - noticed.which]]
        return TwoFinds(world=world, second=Find(event=world.find.event, chances=((left, 1.0),)), together=together)
