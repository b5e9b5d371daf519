"""Small invented productions with one live round each, drawn from a seed: what the trace is held against.

`production(seed=7, way="recorded")` plays a few days of moves, loads, tests and counts straight into a picture, with
the verdicts of `custody.rules`; nothing is signed. Beside the record it keeps what really lay where. The live round
comes in one of three ways: in a lot that both sides of a receipt signed for ("recorded"), put into an empty cell or
chamber at a moment nobody recorded ("into_a_cell"), or in place of a round that two people's tests had proven
("swapped"). Whoever handles rounds in here says truly what he sees, and takes the round in a cell for the one the
record has there.

What it does not do: nobody lies or errs, and no second unrecorded act follows the first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import (
    ActionType,
    Capability,
    ContainerKind,
    Id,
    Now,
    PlaceClass,
    Role,
    RoundKind,
    Spot,
)
from coldcheck.proof.sealed import Sealed

Way: TypeAlias = Literal["recorded", "into_a_cell", "swapped"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
TESTS: Final = ("rattle", "hole")
CHAMBERS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The live round came to `spot` by the act of entry `entry_index`."""

    entry_index: int
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """One production and what is really so in it.

    `path` is every recorded step of the live round, oldest first; `receipt` the two halves it came in under, None for
    an unrecorded entry. `hidden` is the moment nobody recorded: 41.5 lies between entries 41 and 42. `seen_empty` is
    the last entry before it that spoke of the spot it was put into. `found_entry` first says that it is live.
    """

    seed: int
    way: Way
    steps: tuple[Step, ...]
    picture: Picture
    round_id: Id
    path: tuple[Passage, ...]
    receipt: tuple[int, int] | None
    hidden: float | None
    seen_empty: int | None
    found_entry: int


def production(*, seed: int, way: Way) -> Production:
    """The production of this seed, with its live round found at the end where it is."""
    play = _Play(Random(f"{way}/{seed}"))
    play.begin()
    if way == "recorded":
        play.deliver_live()
    elif way == "swapped":
        play.test_two(play.full_cells()[:2])
    days = play.chance.randint(26, 54)
    hide_after = play.chance.randint(6, days - 6)
    for number in range(days):
        if number == hide_after and way == "into_a_cell":
            play.put_in()
        elif number == hide_after and way == "swapped":
            play.swap()
        play.something()
    found_entry = play.find()
    return Production(
        seed=seed,
        way=way,
        steps=tuple(play.steps),
        picture=play.picture,
        round_id=play.live.round_id,
        path=tuple(play.path),
        receipt=play.receipt if way == "recorded" else None,
        hidden=play.hidden,
        seen_empty=play.empty_at_hiding,
        found_entry=found_entry,
    )


def replayed(steps: Iterable[Step]) -> Picture:
    """The picture after these steps, numbered anew from 0: acts, ids and times stay as they are."""
    picture = Picture()
    for number, step in enumerate(steps):
        apply(picture, replace(step, entry_index=number))
    return picture


def without(steps: tuple[Step, ...], entry_index: int) -> Picture:
    """The picture of the same production without one entry; later entries move down by one."""
    return replayed(step for step in steps if step.entry_index != entry_index)


@dataclass(slots=True)
class _Real:
    """One round as it really is. `round_id` is "" until an act names it."""

    round_id: Id
    live: bool = False


ARM: Final = "p000000000001"
PM: Final = "p000000000002"
AD1: Final = "p000000000003"
LEAD: Final = "p000000000004"
SUP: Final = "p000000000005"
CREW: Final = "p000000000006"
PEOPLE: Final = (
    (ARM, Role.ARMORER), (PM, Role.PROPERTY_MASTER), (AD1, Role.FIRST_AD), (LEAD, Role.PERFORMER),
    (SUP, Role.SUPPLIER), (CREW, Role.CREW),
)  # fmt: skip
RANCH: Final = "w000000000001"
BARN: Final = "w000000000002"
TRUCK: Final = "w000000000003"
PLACES: Final = ((RANCH, PlaceClass.SET, ""), (BARN, PlaceClass.SET, RANCH), (TRUCK, PlaceClass.STORE, ""))
CONTAINERS: Final = (
    ("c000000000001", ContainerKind.BOX, 12), ("c000000000002", ContainerKind.BOX, 12),
    ("c000000000003", ContainerKind.TRAY, 10), ("c000000000004", ContainerKind.TRAY, 8),
    ("c000000000005", ContainerKind.BELT, 8),
)  # fmt: skip
CART: Final = "c000000000006"
BAG: Final = "c000000000007"
"""Where finds are put: it has one cell and nobody else uses it."""
GUNS: Final = ("g000000000001", "g000000000002")
CELLS: Final = tuple(Spot(thing=c, cell=str(n)) for c, _kind, cells in CONTAINERS for n in range(1, cells + 1))
CHAMBERS_OF: Final = MappingProxyType(
    {gun: tuple(Spot(thing=gun, cell=str(n)) for n in range(1, CHAMBERS + 1)) for gun in GUNS}
)
LOTS: Final = ("l000000000001", "l000000000002")
COMMITMENT: Final = Sealed(commitment="0" * 64)


class _Play:
    """The world and the record of one production, side by side."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.picture = Picture()
        self.steps: list[Step] = []
        self.really: dict[Spot, _Real] = {}
        self.empty_seen: dict[Spot, int] = {}
        self.minted = 0
        self.live = _Real(round_id="")
        self.path: list[Passage] = []
        self.receipt: tuple[int, int] = (-1, -1)
        self.hidden: float | None = None
        self.empty_at_hiding: int | None = None
        self.sheets = 0

    # --- the record ---

    def say(self, by: Id, *acts: a.Act) -> int:
        """The entry that `by` signs with these acts, judged and taken into the picture."""
        number = len(self.steps)
        now = Now(boot="boot0", mono_ms=60_000 * number)
        key = "k" + by[1:]
        verdict = judge(self.picture, by=by, key=key, acts=acts, now=now)
        step = Step(
            seen_size=number,
            entry_index=number,
            by=by,
            key=key,
            entry_id=f"a{number:012d}",
            acts=acts,
            at=f"2026-03-{2 + number // 1440:02d}T{number // 60 % 24:02d}:{number % 60:02d}:00Z",
            boot=now.boot,
            mono_ms=now.mono_ms,
            verdict=verdict.word,
            findings=tuple((finding.rule, dict(finding.found).get("what", "")) for finding in verdict.findings),
        )
        self.steps.append(step)
        apply(self.picture, step)
        return number

    def begin(self) -> None:
        """People, places, things, and two lots received cell by cell."""
        enrolled = (
            a.PersonEnrolled(
                person=person, label=role.value, name=COMMITMENT, roles=(role,), key="k" + person[1:], key_class="demo",
                public="",
            )
            for person, role in PEOPLE
        )  # fmt: skip
        self.say(ARM, *enrolled)
        self.say(ARM, *(a.PlaceRegistered(place=w, label=w, place_class=of, parent=up) for w, of, up in PLACES))
        kinds = (*CONTAINERS, (CART, ContainerKind.CART, 0), (BAG, ContainerKind.BAG, 1))
        self.say(ARM, *(a.ContainerRegistered(container=c, label=c, kind=of, cells=n) for c, of, n in kinds))
        self.say(ARM, *(_gun(gun) for gun in GUNS))
        self.say(PM, a.CoverageOpened(subject="guns", place=BARN))
        for gun in GUNS:
            self.say(ARM, a.PickedUp(item=gun))
            self.clear(gun)
        for container, _kind, _cells in CONTAINERS[2:]:
            self.say(ARM, a.PickedUp(item=container))
        for lot, (container, _kind, cells) in zip(LOTS, CONTAINERS, strict=False):
            self.deliver(lot, container, self.chance.randint(4, cells - 2))
        for container, _kind, _cells in CONTAINERS:
            if self.often():
                self.count(container)

    def deliver(self, lot: Id, container: Id, count: int) -> None:
        """A lot comes in with both halves of its receipt."""
        self.say(
            ARM,
            a.LotRegistered(
                lot=lot, label=lot, calibre=".45", kind=RoundKind.DUMMY, count=count, tests=TESTS, strong=("hole",),
                parents=(),
            ),
        )  # fmt: skip
        rows = tuple(a.CellRow(cell=str(number), round_id=self.mint()) for number in range(1, count + 1))
        given = self.say(SUP, a.Delivered(lot=lot, container=container, count=count, to=ARM))
        got = self.say(ARM, a.Received(lot=lot, container=container, source=SUP, cells=rows, count=count))
        self.receipt = given, got
        for row in rows:
            self.really[Spot(thing=container, cell=row.cell)] = _Real(round_id=row.round_id)

    def mint(self) -> Id:
        self.minted += 1
        return f"r{self.minted:012d}"

    # --- the live round ---

    def deliver_live(self) -> None:
        """One round of the lot received last has been live all the time."""
        spot = self.chance.choice([spot for spot in self.really if spot.thing == CONTAINERS[1][0]])
        self.live = self.really[spot]
        self.live.live = True
        self.path.append(Passage(entry_index=self.receipt[1], spot=spot))

    def put_in(self) -> None:
        """A live round comes into an empty cell or chamber, and nobody says so."""
        spot = self.chance.choice(self.empty_cells() + [at for gun in GUNS for at in self.chambers(gun, full=False)])
        self.live = self.really[spot] = _Real(round_id="", live=True)
        self.hidden = len(self.steps) - 0.5
        self.empty_at_hiding = self.empty_seen.get(spot)

    def swap(self) -> None:
        """A live round comes in place of one that two people had proven, and nobody says so."""
        spot = self.chance.choice(self.proven_spots())
        self.live = self.really[spot] = _Real(round_id=self.really[spot].round_id, live=True)
        self.hidden = len(self.steps) - 0.5

    def proven_spots(self) -> list[Spot]:
        proofs = self.picture.proofs
        return [
            spot
            for spot, real in self.really.items()
            if any(what == "proven" for _entry, what in proofs.get(real.round_id, ()))
        ]

    def find(self) -> int:
        """The first entry that says the round is live, where it is; what is done with it afterwards goes on from there."""
        spot = self.spot_of_live()
        known = bool(self.live.round_id)
        self.live.round_id = self.live.round_id or self.mint()
        if spot.thing not in GUNS and self.often():
            row = a.CellRow(cell=spot.cell, round_id=self.live.round_id)
            found = self.say(ARM, a.RoundsTested(thing=spot.thing, rows=(row,), tests=TESTS, kind=RoundKind.LIVE))
            if not known:
                self.path.append(Passage(entry_index=found, spot=spot))
        else:
            kind = self.chance.choice((RoundKind.LIVE, RoundKind.UNKNOWN))
            found = self.say(
                self.chance.choice((AD1, PM, CREW)),
                a.RoundFound(
                    round_id=self.live.round_id, label="Find-1", thing=spot.thing, cell=spot.cell, kind=kind, fired=False
                ),
            )  # fmt: skip
            self.path.append(Passage(entry_index=found, spot=spot))
        if self.often():
            away = a.MoveRow(round_id=self.live.round_id, from_cell=spot.cell, to_cell="1")
            moved = self.say(PM, a.Moved(start=spot.thing, end=BAG, rows=(away,)))
            self.path.append(Passage(entry_index=moved, spot=Spot(thing=BAG, cell="1")))
        if self.often():
            self.say(CREW, a.RoundExamined(round_id=self.live.round_id, kind=RoundKind.LIVE))
        return found

    def spot_of_live(self) -> Spot:
        return next(spot for spot, real in self.really.items() if real is self.live)

    # --- what lies where ---

    def full_cells(self) -> list[Spot]:
        return [spot for spot in self.really if spot.thing not in GUNS]

    def empty_cells(self) -> list[Spot]:
        return [spot for spot in CELLS if spot not in self.really]

    def chambers(self, gun: Id, *, full: bool) -> list[Spot]:
        return [spot for spot in CHAMBERS_OF[gun] if (spot in self.really) == full]

    def chosen(self, spots: list[Spot], most: int) -> list[Spot]:
        """Some of these spots of one thing; the live round's more often than chance would have it."""
        if not spots:
            return []
        of_live = [spot for spot in spots if self.really.get(spot) is self.live]
        first = of_live[0] if of_live and self.often() else self.chance.choice(spots)
        others = [spot for spot in spots if spot.thing == first.thing and spot != first]
        self.chance.shuffle(others)
        return [first, *others[: self.chance.randint(0, most - 1)]]

    def named(self, spot: Spot) -> Id:
        """The id under which an act names the round at a spot: the record's, or a new one where it has none."""
        real = self.really[spot]
        real.round_id = real.round_id or self.mint()
        return real.round_id

    def moved(self, entry_index: int, starts: list[Spot], ends: list[Spot]) -> None:
        """What really went with an act, as said."""
        for start, end in zip(starts, ends, strict=True):
            real = self.really[end] = self.really.pop(start)
            self.empty_seen[start] = entry_index
            if real is self.live:
                self.path.append(Passage(entry_index=entry_index, spot=end))

    # --- what people do ---

    def something(self) -> None:
        """One thing that happens on a set day; nothing where it cannot."""
        ways: tuple[tuple[Callable[[], None], int], ...] = (
            (self.move, 8), (self.load, 5), (self.unload, 5), (self.test, 3), (self.sheet, 2), (self.count_one, 3),
            (self.look, 1), (self.clear_one, 1), (self.change_hands, 5), (self.come_and_go, 5),
        )  # fmt: skip
        self.chance.choices([way for way, _weight in ways], [weight for _way, weight in ways])[0]()

    def often(self) -> bool:
        """One time in two."""
        return self.chance.randrange(2) == 0

    def handler(self) -> Id:
        return self.chance.choice((ARM, ARM, PM))

    def move(self) -> None:
        starts = self.chosen(self.full_cells(), 3)
        ends = [spot for spot in self.empty_cells() if starts and spot.thing != starts[0].thing]
        if not ends:
            return
        thing = self.chance.choice(ends).thing
        pairs = list(zip(starts, (spot for spot in ends if spot.thing == thing), strict=False))
        rows = tuple(a.MoveRow(round_id=self.named(s), from_cell=s.cell, to_cell=e.cell) for s, e in pairs)
        entry = self.say(self.handler(), a.Moved(start=starts[0].thing, end=thing, rows=rows))
        self.moved(entry, [s for s, _e in pairs], [e for _s, e in pairs])

    def load(self) -> None:
        starts, ends = self.chosen(self.full_cells(), 4), self.chambers(self.chance.choice(GUNS), full=False)
        pairs = list(zip(starts, ends, strict=False))
        if pairs:
            self.moved(self.say(self.handler(), _load(pairs, self.named)), *_columns(pairs))

    def unload(self) -> None:
        starts = self.chosen([at for gun in GUNS for at in self.chambers(gun, full=True)], 4)
        ends = self.chosen(self.empty_cells(), 4)
        pairs = list(zip(starts, ends, strict=False))
        if not pairs:
            return
        rows = tuple(
            a.LoadRow(position=s.cell, round_id=self.named(s), thing=e.thing, cell=e.cell) for s, e in pairs
        )  # fmt: skip
        self.moved(self.say(self.handler(), a.Unloaded(gun=starts[0].thing, rows=rows)), *_columns(pairs))

    def dummies_of(self, spots: list[Spot], most: int) -> list[Spot]:
        """Some of these spots of one thing, without the live round: its test is the find, and comes at the end."""
        return [spot for spot in self.chosen(spots, most) if not self.really[spot].live]

    def tested(self, spots: list[Spot]) -> a.RoundsTested:
        rows = tuple(a.CellRow(cell=spot.cell, round_id=self.named(spot)) for spot in spots)
        return a.RoundsTested(thing=spots[0].thing, rows=rows, tests=TESTS, kind=RoundKind.DUMMY)

    def test(self) -> None:
        """Two people test the same rounds; they prove them when the first of the two has them in hand."""
        spots = self.dummies_of(self.full_cells(), 5)
        if spots and self.often():
            # All that lies there: only such a test cuts a recall.
            spots = [at for at in self.full_cells() if at.thing == spots[0].thing and not self.really[at].live]
        if spots:
            self.test_two(spots)

    def test_two(self, spots: list[Spot]) -> None:
        self.say(ARM, self.tested(spots))
        self.say(AD1, self.tested(spots))

    def sheet(self) -> None:
        """Test and load by two sheets of one procedure."""
        spots, gun = self.dummies_of(self.full_cells(), 4), self.chance.choice(GUNS)
        pairs = list(zip(spots, self.chambers(gun, full=False), strict=False))
        if not pairs:
            return
        self.sheets += 1
        name, test = f"P{self.sheets}", self.tested([s for s, _e in pairs])
        answers = tuple(a.AnswerRow(position=e.cell, holds=a.Holds.DUMMY, ms=0) for _s, e in pairs)
        entry = self.say(ARM, _began(name, AD1), test, _load(pairs, self.named))
        self.say(AD1, _began(name, ARM), test, a.Answered(gun=gun, answers=answers))
        self.moved(entry, *_columns(pairs))

    def count_one(self) -> None:
        self.count(self.chance.choice(CONTAINERS)[0])

    def count(self, thing: Id) -> None:
        """Two people count one thing, each what is really there."""
        number = sum(1 for spot in self.really if spot.thing == thing)
        self.say(ARM, a.Counted(thing=thing, count=number))
        entry = self.say(AD1, a.Counted(thing=thing, count=number))
        self.empty_seen.update({spot: entry for spot in self.empty_cells() if spot.thing == thing})

    def look(self) -> None:
        spots = self.dummies_of(self.full_cells(), 3)
        if spots:
            rows = tuple(a.CellRow(cell=spot.cell, round_id=self.named(spot)) for spot in spots)
            self.say(LEAD, a.RoundsSeen(thing=spots[0].thing, rows=rows))

    def clear_one(self) -> None:
        self.clear(self.chance.choice(GUNS))

    def clear(self, gun: Id) -> None:
        """The chambers that are empty, answered as empty."""
        spots = self.chambers(gun, full=False)
        if spots:
            answers = tuple(a.AnswerRow(position=spot.cell, holds=a.Holds.EMPTY, ms=0) for spot in spots)
            self.empty_seen.update(dict.fromkeys(spots, self.say(ARM, a.Cleared(gun=gun, answers=answers))))

    def change_hands(self) -> None:
        thing = self.chance.choice((*GUNS, *(c for c, _kind, _cells in CONTAINERS), CART))
        giver, taker = self.chance.sample((ARM, PM, LEAD, CREW), 2)
        match self.chance.randrange(7 if thing not in {CART, *GUNS} else 5):
            case 0 | 1:
                self.say(giver, a.PickedUp(item=thing))
            case 2:
                self.say(giver, a.HandedOver(item=thing, to=taker))
                self.say(taker, a.Taken(item=thing, giver=giver))
            case 3:
                self.say(giver, a.PutDown(item=thing, place=self.chance.choice((BARN, RANCH))))
            case 4:
                self.say(giver, a.Locked(item=thing, place=TRUCK))
            case _:
                self.say(giver, a.Stowed(item=thing, container=CART))

    def come_and_go(self) -> None:
        who = self.chance.choice((ARM, PM, AD1, LEAD, CREW))
        place = self.chance.choice((BARN, RANCH, TRUCK))
        self.say(who, self.chance.choice((a.PresenceDeclared, a.PresenceDeclared, a.PresenceEnded))(place=place))


def _gun(gun: Id) -> a.GunRegistered:
    return a.GunRegistered(
        gun=gun, label=gun, word_name=gun, serial=gun, action=ActionType.SINGLE_ACTION, calibre=".45",
        capability=Capability.W3, chambers=CHAMBERS, bores=1,
    )  # fmt: skip


def _began(procedure: str, other: Id) -> a.SheetBegan:
    return a.SheetBegan(procedure=procedure, other=other, manner="answers_not_shown")


def _load(pairs: list[tuple[Spot, Spot]], named: Callable[[Spot], Id]) -> a.Loaded:
    rows = tuple(a.LoadRow(position=e.cell, round_id=named(s), thing=s.thing, cell=s.cell) for s, e in pairs)
    return a.Loaded(gun=pairs[0][1].thing, rows=rows)


def _columns(pairs: list[tuple[Spot, Spot]]) -> tuple[list[Spot], list[Spot]]:
    return [start for start, _end in pairs], [end for _start, end in pairs]
