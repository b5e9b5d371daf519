"""A second simulator, for worlds that do not follow the origin model: single rounds in real hands, nothing by rates.

Every round is an object and lies somewhere; people take handfuls at random, look with a care of their own, hurry on some
days, forget to write down moves, miscount, and write some counts down a scene late. A supplier's box can hold up to
three live rounds. What the analysis makes of these worlds, with the parameters of the other simulator, says how far it
carries where its assumptions do not hold. It shares nothing with `sim` and nothing with the analysis: a test holds this
file to what a record looks like. Which window of the record is the true one is worked out elsewhere (`sim_second_truth`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

import numpy as np

from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import EventTable

BOXES: Final = range(7)
TRAYS: Final = range(7, 12)
GUNS: Final = range(12, 17)
PEOPLE: Final = range(17, 22)
STORE: Final = 22
LIVE_BOX: Final = 23
PARCELS: Final = 24
"""Rows of the thing table; from the last on, one parcel for every thing before it."""
STORIES: Final = (("supplier", 35), ("live_stock", 25), ("outside", 30), ("nobody_there", 10))
"""How the live rounds come in, and how often of a hundred times: it is about people on a set, and no class of any model."""
TESTED: Final = 32
"""A row that says: somebody tested the rounds in it. Kinds from 32 on belong to the simulators and whoever reads them."""
MINUTES_A_DAY: Final = 24 * 60
HURRIED: Final = 0.2
FORGOTTEN: Final = 0.05
LATE_COUNT: Final = 0.1
SLIP: Final = 0.03


@dataclass(slots=True)
class _Round:
    live: bool = False


@dataclass(slots=True)
class _Set:
    """The whole set: what lies where, what is written down, and what really happened to the live rounds."""

    chance: Random
    days: int
    at: int = 0
    lies: dict[int, list[_Round]] = field(default_factory=dict)
    rows: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    late: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    care: dict[int, float] = field(default_factory=dict)
    stock: int = 400
    story: str = "supplier"
    story_day: int = 0
    came: tuple[int, int] | None = None
    found: int | None = None

    # --- writing down ---

    def write(self, kind: int, item: int, start: int, end: int, by: int, count: int = 1) -> None:
        self.at += 1
        self.rows.append((kind, item, start, end, by, count, self.at))

    def move(self, start: int, end: int, rounds: list[_Round], by: int, *, bulk: bool) -> None:
        """A handful really goes; mostly somebody writes it down."""
        for each in rounds:
            self.lies[start].remove(each)
            self.lies[end].append(each)
        if rounds and not (bulk and self.often(FORGOTTEN)):
            self.write(EventKind.PLACED, PARCELS + end, start, end, by, len(rounds))

    def often(self, share: float) -> bool:
        """True in this share of cases."""
        return self.chance.random() < share

    def handful(self, thing: int, most: int) -> list[_Round]:
        there = self.lies[thing]
        return self.chance.sample(there, min(len(there), most))

    # --- people ---

    def look(self, thing: int, by: int, *, hurried: bool, kind: int, ease: float) -> None:
        """Somebody looks at every round; whoever sees a live one has found it."""
        care = self.care[by] * ease * (0.3 if hurried else 1.0)
        if any(each.live and self.chance.random() < care for each in self.lies[thing]):
            self.found = thing
            return
        self.write(kind, thing, -1, -1, by)

    def count(self, thing: int, by: int) -> None:
        slip = self.chance.choice((-1, 1)) if self.often(SLIP) else 0
        said = max(len(self.lies[thing]) + slip, 0)
        if self.often(LATE_COUNT):
            self.late.append((EventKind.COUNTED, -1, thing, thing, by, said))
        else:
            self.write(EventKind.COUNTED, -1, thing, thing, by, said)

    def pull(self, gun: int, by: int) -> None:
        """One chamber is under the hammer."""
        there = self.lies[gun]
        if there and self.chance.randrange(6) < len(there) and self.chance.choice(there).live:
            self.found = gun
            return
        self.write(EventKind.FIRED, gun, -1, -1, by, 0)

    # --- the story ---

    def come_in(self, thing: int, *, instead: bool) -> None:
        """A live round comes in, in place of another or besides."""
        there = self.lies[thing]
        if instead and there:
            there.remove(self.chance.choice(there))
        there.append(_Round(live=True))
        self.came = (thing, self.at)

    def delivery(self, day: int) -> None:
        box = self.chance.choice(BOXES)
        by = self.chance.choice(PEOPLE[:2])
        old = self.lies[box]
        if old:
            self.write(EventKind.PLACED, PARCELS + box, box, -1, by, len(old))
        rounds = [_Round() for _ in range(40)]
        if self.story == "supplier" and self.came is None and day >= self.story_day:
            for each in self.chance.sample(rounds, self.chance.randint(1, 3)):
                each.live = True
            self.came = (box, self.at + 1)
        self.lies[box] = rounds
        self.write(EventKind.PLACED, PARCELS + box, -1, box, by, len(rounds))

    def range_day(self, day: int) -> None:
        """Live and dummy on one table; the live box is counted afterwards, more often than not."""
        by, box = self.chance.choice(PEOPLE[:3]), self.chance.choice(BOXES)
        self.write(EventKind.HELD, LIVE_BOX, -1, by, by)
        self.write(EventKind.HELD, box, -1, by, by)
        if self.story == "live_stock" and self.came is None and day >= self.story_day:
            self.come_in(box, instead=self.often(0.4))
            self.stock -= 1
        self.at += self.chance.randint(5, 40)
        self.write(EventKind.LOCKED, box, -1, STORE, by)
        self.write(EventKind.LOCKED, LIVE_BOX, -1, STORE, by)
        if self.often(0.65):
            self.write(EventKind.COUNTED, -1, LIVE_BOX, LIVE_BOX, by, self.stock)

    def scene(self, day: int, *, hurried: bool) -> None:
        chance = self.chance
        by, other = chance.choices(PEOPLE, weights=(9, 6, 3, 1, 1), k=2)
        tray, box, gun = chance.choice(TRAYS), chance.choice(BOXES), chance.choice(GUNS)
        self.write(EventKind.HELD, tray, -1, by, by)
        self.write(EventKind.HELD, box, -1, by, by)
        self.move(box, tray, self.handful(box, chance.randint(0, 14)), by, bulk=True)
        if self.story == "outside" and self.came is None and day >= self.story_day and self.often(0.2):
            self.at += chance.randint(1, 5)
            self.come_in(chance.choice((tray, box)), instead=self.often(0.6))
        if self.often(0.5):
            self.look(tray, other, hurried=hurried, kind=EventKind.LOOKED, ease=0.6)
        elif self.often(0.4):
            self.look(tray, other, hurried=hurried, kind=TESTED, ease=1.0)
        if self.found is None:
            self.gun_work(tray, gun, by, other, hurried=hurried)
        if self.found is not None:
            return
        if self.often(0.6):
            self.move(tray, box, list(self.lies[tray]), by, bulk=True)
        if self.often(0.25):
            self.count(chance.choice((tray, box)), by)
        for thing in (tray, box):
            self.write(EventKind.LOCKED, thing, -1, STORE, by)
        for kind, item, start, end, who, said in self.late[:-1]:
            self.write(kind, item, start, end, who, said)
        self.late = self.late[-1:]

    def gun_work(self, tray: int, gun: int, by: int, other: int, *, hurried: bool) -> None:
        self.write(EventKind.HELD, gun, -1, by, by)
        self.move(tray, gun, self.handful(tray, 6), by, bulk=False)
        self.look(gun, other, hurried=hurried, kind=EventKind.LOOKED, ease=0.35)
        if self.found is None and self.often(0.6):
            self.pull(gun, by)
        if self.found is None:
            self.at += self.chance.randint(5, 30)
            self.move(gun, tray, list(self.lies[gun]), by, bulk=False)
            self.write(EventKind.LOCKED, gun, -1, STORE, by)

    def play(self) -> None:
        """Day after day, until somebody finds a live round or the plan is over."""
        for thing in (*BOXES, *TRAYS, *GUNS, LIVE_BOX):
            self.lies[thing] = []
            self.write(EventKind.LOCKED, thing, -1, STORE, PEOPLE[0])
        self.write(EventKind.PLACED, PARCELS + LIVE_BOX, -1, LIVE_BOX, PEOPLE[0], self.stock)
        for box in BOXES:
            self.lies[box] = [_Round() for _ in range(40)]
            self.write(EventKind.PLACED, PARCELS + box, -1, box, PEOPLE[0], 40)
        for day in range(1, self.days):
            self.at = day * MINUTES_A_DAY + 60 * self.chance.randint(6, 9)
            if self.story == "nobody_there" and self.came is None and day >= self.story_day:
                self.at -= 120
                self.come_in(self.chance.choice((*BOXES, *TRAYS)), instead=self.often(0.5))
                self.at += 120
            if self.often(0.4):
                self.delivery(day)
            hurried = self.often(HURRIED)
            for _ in range(self.chance.randint(5, 14)):
                if self.often(0.03):
                    self.range_day(day)
                self.scene(day, hurried=hurried)
                if self.found is not None:
                    return
                self.at += self.chance.randint(2, 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One plan as it went: the record, in what a live round was found and when, and apart from them how it had come in.

    `came` is the thing it came into and the minute.
    """

    table: EventTable
    found: int
    found_at: int
    story: str
    came: tuple[int, int]


def plays(seed: int, *, days: int) -> Iterator[Played]:
    """Plans of so many days out of one seed, those in which a live round is found in the last third; there is no end."""
    chance = Random(f"second/{seed}")
    while True:
        story = chance.choices([each for each, _parts in STORIES], weights=[parts for _each, parts in STORIES])[0]
        place = _Set(chance=chance, days=days, story=story, story_day=chance.randrange(1, days))
        place.care = {person: chance.uniform(0.3, 0.95) for person in PEOPLE}
        place.play()
        if place.found is None or place.came is None or place.at < MINUTES_A_DAY * days * 2 // 3:
            continue
        yield Played(table=_table(place), found=place.found, found_at=place.at, story=story, came=place.came)


def _table(place: _Set) -> EventTable:
    things = PARCELS
    letters = [ord("c")] * 12 + [ord("g")] * 5 + [ord("p")] * 5 + [ord("w"), ord("c")] + [ord("q")] * things
    columns = np.array(place.rows, dtype=np.int64).T
    kind, item, start, end, by, count, at = columns
    return EventTable(
        kind=kind.astype(np.int8), item=item.astype(np.int32), start=start.astype(np.int32), end=end.astype(np.int32),
        by=by.astype(np.int32), entry=np.arange(len(place.rows), dtype=np.int32), count=count.astype(np.uint16),
        letter=np.array(letters, dtype=np.int8),
        inside=np.array([-1] * things + list(range(things)), dtype=np.int32),
        lot=np.zeros(2 * things, dtype=np.int32), entry_at_s=at * 60,
    )  # fmt: skip
