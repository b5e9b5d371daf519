"""A simulator written without having read the model: set days with tired people, pockets, borrowed boxes and a live round.

This module is the production: its things, its people's habits, the book that is kept, and what really happens.
`sim_blind_days` has the days, `sim_blind_find` the live round and the world that comes of it. Whoever wrote them knew how ammunition moves on a set, what a row of the event table means, and the files that the first simulator writes;
not how origins are reckoned, nor the second simulator. It stays as it is, however well or badly the reckoning fares on it.

What it holds, and a likelihood would leave out: one production is lax and another strict; people check less on busy days
and late in the day, copy the number the book expects instead of counting, and shake part of a tray; a round that one
test passes is likely to pass the next, because it is the same round; what was put back last lies on top and is taken
first; unused rounds go back to another box than the one written down; a tray that is one short is topped up from a pocket
or the bin of leftovers; the second unit lends; belts stay filled overnight; a box goes to be refurbished and comes back.

Does not do: blanks, guns that jam, two finds, rounds with marks of their own.

    story = new_story(Random(7), complete=False)
"""

from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeAlias

from coldcheck.custody.trace_events import NONE, EventKind

ONE_TESTED: Final = 32
"""The kind of row that the laboratory's files use for a whole thing tested by one person."""
ARMORER, ASSISTANT, PROPERTY, HELPER, LATE_HELPER, SECOND_UNIT, COSTUME, FIRST_AD = range(8)
PERFORMERS: Final = (8, 9, 10)
PEOPLE: Final = 11
BOXES, TRAYS, BELTS, GUNS, LOTS = 10, 6, 3, 8, 4
IN_A_BOX, IN_A_GUN = 50, 6
DAY_S, MINUTE_S, HOUR_S = 86_400, 60, 3600
FROM_HOUR, TO_HOUR = 7, 19
"""A shooting day is called for seven; nobody sets up a scene with guns after seven in the evening."""

FROM_MEMORY: Final = 0.03
"""The share of moves that are put down when the day is over, from memory."""
TRUCK, CART, OTHER_TRUCK = range(3)
PLACES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """Where each sort of thing begins in the thing table, and whose box is whose."""

    boxes: tuple[int, ...]
    trays: tuple[int, ...]
    belts: tuple[int, ...]
    bin: int
    crate: int
    guns: tuple[int, ...]
    people: int
    places: int
    count: int


def things() -> Things:
    """The same things in every world: boxes, trays, belts, the bin of leftovers, the second unit's crate, guns, people."""
    at = 0
    starts = []
    for many in (BOXES, TRAYS, BELTS, 2, GUNS, PEOPLE, PLACES):
        starts.append(at)
        at += many
    boxes, trays, belts, other, guns, people, places = starts
    return Things(
        boxes=tuple(range(boxes, trays)),
        trays=tuple(range(trays, belts)),
        belts=tuple(range(belts, other)),
        bin=other,
        crate=other + 1,
        guns=tuple(range(guns, people)),
        people=people,
        places=places,
        count=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one production and its people are; drawn once a world and known to nobody."""

    strict: float
    """Multiplies every chance that something is written down or looked at; about 1, now and then far less."""
    care: tuple[float, ...]
    """One a person: how likely he is to do a check he is asked for, in the morning of a quiet day."""
    tires: tuple[float, ...]
    """One a person: how fast that falls with each hour after the eighth."""
    shakes: tuple[float, ...]
    """One a person: the share of a tray he really shakes when he writes that it was tested."""
    copies: tuple[float, ...]
    """One a person: how often he writes the number the book expects instead of counting."""
    sources: tuple[float, ...]
    """One a way in, in the order of `WAYS`: how much more or less likely it is in this production."""


WAYS: Final = ("supplier", "refurbished", "bin", "second_unit", "pocket", "slip", "overnight", "practice")
"""The ways in: in a lot as it came, in a box back from the reloader, out of the bin of leftovers, with what the second
unit lent, out of a pocket for one that was missing, a loose one into an open tray, into what lay about overnight, in a
gun that was lent for practice."""
RATES: Final = (1.0, 2.0, 0.16, 0.16, 0.11, 0.0085, 0.1, 0.2)
"""How likely one occasion of each way is to bring a live round, beside one delivered box."""


def habits(rng: Random) -> Habits:
    """One production's habits: most are near the usual, some far off."""
    return Habits(
        strict=min(1.15, rng.lognormvariate(0.0, 0.22)),
        care=tuple(rng.betavariate(7, 2) for _ in range(PEOPLE)),
        tires=tuple(rng.expovariate(1 / 0.10) for _ in range(PEOPLE)),
        shakes=tuple(rng.choice((1.0, 1.0, 0.8, 0.5, 0.2)) for _ in range(PEOPLE)),
        copies=tuple(rng.betavariate(1.2, 4) for _ in range(PEOPLE)),
        sources=tuple(rng.gammavariate(1.5, 1 / 1.5) for _ in WAYS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that really happened: rounds that moved, a look, a test, a count, a hammer that fell."""

    what: str
    at_s: int
    row: int
    """The row that says so, or -1."""
    rows_before: int
    """How many rows there were before that one."""
    who: int
    start: int
    end: int
    count: int
    there: int
    """How many lay in `start` until then."""
    every: bool = False
    """Every round in `start` went, however many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A happening by which a live round may have come in, with the row it came in after."""

    way: str
    happening: int
    """The index of the happening that brings it, or of the first one after it."""
    thing: int
    who: int
    row: int
    in_hands: bool
    """The record had the thing in somebody's hands then."""
    swapped: bool
    weight: float


Row: TypeAlias = tuple[int, int, int, int, int, int, int]
"""Kind, item, start, end, who signed, how many, and when: one entry of the book."""


@dataclass(slots=True, kw_only=True)
class Story:
    """A production as it goes along: the book that is kept, and what really happens."""

    rng: Random
    kept: Habits
    names: Things
    complete: bool
    """Whatever happens is written down, and in time: another world, to see what the holes in the book cost."""
    rows: list[Row] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    occasions: list[Occasion] = field(default_factory=list)
    late: list[tuple[int, int, int, int]] = field(default_factory=list)
    has: list[int] = field(default_factory=list)
    book: list[int] = field(default_factory=list)
    handed: list[bool] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)
    parcels: dict[tuple[int, int], int] = field(default_factory=dict)
    now_s: int = 0
    rush: float = 1.0

    # What people do less of when tired or busy.

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.rng.random() < share

    def checks(self, who: int) -> bool:
        """Whether this person does the check he is asked for, now."""
        over = max(0.0, (self.now_s % DAY_S) / HOUR_S - FROM_HOUR - 8)
        share = self.kept.care[who] * self.kept.strict * self.rush * (1 - self.kept.tires[who]) ** over
        return self.chance(share)

    def writes(self, usual: float) -> bool:
        """Whether it gets into the book: `usual` in a production like most, on a day like most."""
        if self.complete:
            return True
        lapse = (1 - usual) / (self.kept.strict * self.rush)
        return not self.chance(lapse)

    # The book.

    def entry(self, kind: int, item: int, start: int, end: int, who: int, count: int = 1) -> int:
        """The row that this entry became; a thing's being in somebody's hands is kept as the book has it."""
        self.rows.append((kind, item, start, end, NONE if who < 0 else self.names.people + who, count, self.now_s))
        if kind in {EventKind.HELD, EventKind.LOCKED, EventKind.LEFT}:
            self.handed[item] = kind == EventKind.HELD
        self.now_s += MINUTE_S
        return len(self.rows) - 1

    def parcel(self, lot: int, thing: int) -> int:
        """The number of a lot's uncounted rounds in a thing, made when they first come there."""
        return self.parcels.setdefault((lot, thing), self.names.count + len(self.parcels))

    def written_move(self, start: int, end: int, count: int, who: int) -> int:
        """The row of a move as it was written down."""
        into = end if end >= 0 else start
        lot = self.lots[start] if start >= 0 else self.lots[end]
        if end >= 0 and start >= 0 and self.book[end] <= 0:
            self.lots[end] = lot
        for thing, change in ((start, -count), (end, count)):
            if thing >= 0:
                self.book[thing] = max(0, self.book[thing] + change)
        return self.entry(EventKind.PLACED, self.parcel(lot, into), start, end, who, count)

    # What happens.

    def moves(self, start: int, end: int, count: int, who: int, *, usual: float, said: tuple[int, int] | None = None,
              every: bool = False) -> int:  # fmt: skip
        """Rounds go from `start` to `end`; the book may say otherwise (`said`), say it in the evening, or not at all."""
        there = count if start < 0 else self.has[start]
        count = min(count, there)
        if count <= 0:
            return NONE
        for thing, change in ((start, -count), (end, count)):
            if thing >= 0:
                self.has[thing] += change
        row = NONE
        book_start, book_end = said or (start, end)
        if self.writes(usual):
            if not self.complete and self.chance(FROM_MEMORY):
                self.late.append((book_start, book_end, count, who))
            else:
                row = self.written_move(book_start, book_end, count, who)
        self.happens("move", row, who, start, end, count=count, there=there, every=every)
        return row

    def happens(self, what: str, row: int, who: int, start: int, end: int, *, count: int, there: int,
                every: bool = False) -> None:  # fmt: skip
        """Add it to what really happened."""
        self.happened.append(
            Happening(
                what=what,
                at_s=self.now_s,
                row=row,
                rows_before=row if row >= 0 else len(self.rows),
                who=who,
                start=start,
                end=end,
                count=count,
                there=there,
                every=every,
            )
        )

    def may_come_in(self, way: str, thing: int, who: int, *, swapped: bool, times: float = 1.0, row: int = NONE,
                    after: bool = True) -> None:  # fmt: skip
        """Note an occasion for a live round to come into a thing: with the last happening, or from here on (`after`)."""
        place = WAYS.index(way)
        self.occasions.append(
            Occasion(
                way=way,
                happening=len(self.happened) - (not after),
                thing=thing,
                who=who,
                row=row if row >= 0 else len(self.rows) - 1,
                in_hands=self.handed[thing],
                swapped=swapped,
                weight=times * RATES[place] * self.kept.sources[place],
            )
        )


def new_story(rng: Random, *, complete: bool) -> Story:
    """A production before its first day: everything is empty and nothing is written."""
    names = things()
    story = Story(rng=rng, kept=habits(rng), names=names, complete=complete)
    story.has = [0] * names.count
    story.book = [0] * names.count
    story.handed = [False] * names.count
    story.lots = [index % LOTS for index in range(names.count)]
    # What was left over from elsewhere, and what the second unit has, are lots of their own.
    story.lots[names.bin], story.lots[names.crate] = LOTS, LOTS + 1
    return story
