"""The live round of `sim_blind`: how it came in, where it went with the rounds beside it, who passed over it, its find.

The truth says the kind of source by what the record could have known: rounds of a delivery that is written down came *as
received*, those of the bin or of the second unit were *mixed* in, what came in while the book had the thing in somebody's
hands is from *outside*, all else is *unrecorded*. Of the tries of a production the first is kept whose round was found in
the last third of it; one that is never found is no inquiry.

    world = blind_world(0, events=1000)
    assert blind_world(0, events=1000) == world
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from coldcheck.custody.trace_events import NONE, PARCEL, PERSON
from coldcheck.custody.trace_index import EventTable
from coldcheck.station.lab.sim_blind import DAY_S, GUNS, PEOPLE, PLACES, Happening, Occasion, Row, Story, new_story
from coldcheck.station.lab.sim_blind_days import a_day, opening

FOUND_FROM: Final = 0.67
"""The find is in the last third of the record that there would have been."""
TRIES: Final = 300
MISFIRES: Final = 0.03
SHAKEN: Final = (0.98, 0.9, 0.45)
"""How likely a shake tells: a factory round, a reload, a reload with so little powder that it makes a sound."""
SEEN: Final = (0.3, 0.1, 0.02)
"""How likely a look at its primer tells, of the same three; the last looks like the dummies beside it."""
SORTS: Final = (0.35, 0.4, 0.25)
FROM_THE_TOP: Final = 0.7
"""How often somebody takes what lies on top rather than here and there."""
NOTICED_IN_A_GUN: Final = 0.7
"""How often whoever loads a gun that should be empty sees that it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindTruth:
    """What really happened: the way in, the source it counts as, the thing and the last row before, and by whose hand."""

    seed: int
    way: str
    source: str
    thing: int
    row: int
    swapped: bool
    who_had_it: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindWorld:
    """A record up to the find, the containers of other stock, what was found where and when, and the truth."""

    table: EventTable
    stock: tuple[int, ...]
    found: tuple[int, int]
    truth: BlindTruth

    def __eq__(self, other: object) -> bool:
        """Whether the records are equal to the last number, and the rest."""
        if not isinstance(other, BlindWorld):
            return NotImplemented
        same = all(
            np.array_equal(getattr(self.table, name), getattr(other.table, name)) for name in self.table.__slots__
        )
        return same and (self.stock, self.found, self.truth) == (other.stock, other.found, other.truth)

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash, so worlds have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Where and when the round was found, how many rows there were, and the counts that it made one more."""

    thing: int
    at_s: int
    rows: int
    one_more: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Ride:
    """The live round on its way: what it lies in, how deep, of which sort, and whether it made one too many."""

    rng: Random
    story: Story
    thing: int
    depth: int
    sort: int
    extra: bool

    def met(self, step: Happening) -> int | None:
        """Where it is found by this step, or None; it goes along with the rounds beside it."""
        match step.what:
            case "move":
                return self._moved(step)
            case "test":
                share = self.story.kept.shakes[step.who] * (1.0 if step.there <= 2 * 6 else 0.9)
                told = self.depth < share * (step.there + self.extra) and self.rng.random() < SHAKEN[self.sort]
                return self.thing if told else None
            case "look":
                return self.thing if self.rng.random() < SEEN[self.sort] / (1 + self.depth // 12) else None
            case "falls":
                hit = self.rng.random() < step.count / max(1, step.there + self.extra)
                return self.thing if hit and self.rng.random() >= MISFIRES else None
            case _:
                return None

    def _moved(self, step: Happening) -> int | None:
        guns = self.story.names.guns
        if step.end == self.thing:
            if self.thing in guns and self.rng.random() < NOTICED_IN_A_GUN:
                return self.thing
            self.depth += step.count
            return None
        if self.rng.random() < FROM_THE_TOP:
            goes, self.depth = self.depth < step.count, self.depth - step.count * (self.depth >= step.count)
        else:
            goes = self.rng.random() < step.count / max(1, step.there + self.extra)
        if goes or step.every:
            self.thing, self.depth = step.end, self.rng.randrange(max(1, step.count))
        return None


def blind_world(seed: int, *, events: int, complete: bool = False) -> BlindWorld:
    """The world of this seed, of at most about `events` events; `complete` is another one, with no hole in its book."""
    for attempt in range(TRIES):
        rng = Random(f"blind {seed} {events} {attempt}")
        story = production(rng, events=events, complete=complete)
        for _ in range(TRIES):
            (occasion,) = rng.choices(story.occasions, [each.weight for each in story.occasions])
            find = _ride(rng, story, occasion)
            if find is not None and find.rows >= FOUND_FROM * len(story.rows):
                return _world(seed, story, occasion, find)
    raise AssertionError(f"no live round of world {seed} was found in {TRIES} productions")


def production(rng: Random, *, events: int, complete: bool = False) -> Story:
    """A production of so many events, with every occasion for a live round and none taken."""
    story = new_story(rng, complete=complete)
    opening(story)
    day = 0
    while len(story.rows) < events:
        day += 1
        a_day(story, day)
    return story


def _ride(rng: Random, story: Story, occasion: Occasion) -> Find | None:
    """The find of the round that came in by this occasion, or None if it left, was used up or lies there still."""
    ride = Ride(
        rng=rng,
        story=story,
        thing=occasion.thing,
        depth=rng.randrange(50)
        if occasion.swapped and occasion.way in {"supplier", "refurbished"}
        else rng.randrange(6),
        sort=rng.choices((0, 1, 2), SORTS)[0],
        extra=not occasion.swapped,
    )
    one_more: list[int] = []
    # What brings it in is not a step of its own: a round that came with a move starts after that move.
    first = occasion.happening + (occasion.way in {"supplier", "refurbished", "bin", "second_unit"})
    for step in story.happened[first:]:
        if ride.thing not in {step.start, step.end}:
            continue
        where = ride.met(step)
        if where is not None:
            return Find(thing=where, at_s=step.at_s, rows=step.rows_before, one_more=tuple(one_more))
        if ride.thing == NONE:
            return None
        if step.what == "count" and ride.extra:
            one_more.append(step.row)
    return None


def _source(story: Story, occasion: Occasion) -> str:
    """What it counts as, by what the record could have known."""
    if occasion.way in {"bin", "second_unit"}:
        return "mixed"
    if occasion.way in {"supplier", "refurbished"}:
        return "as_received" if story.happened[occasion.happening].row >= 0 else "unrecorded"
    return "outside" if occasion.in_hands else "unrecorded"


def _world(seed: int, story: Story, occasion: Occasion, find: Find) -> BlindWorld:
    source = _source(story, occasion)
    named = source in {"mixed", "outside"}
    rows = story.rows[: find.rows]
    at_s = np.array([row[6] for row in rows], np.int64)
    return BlindWorld(
        table=_table(story, rows, at_s, one_more=frozenset(find.one_more)),
        stock=(story.names.bin, story.names.crate),
        found=(find.thing, find.at_s),
        truth=BlindTruth(
            seed=seed,
            way=occasion.way,
            source=source,
            thing=occasion.thing,
            row=occasion.row,
            swapped=occasion.swapped,
            who_had_it=story.names.people + occasion.who if named else NONE,
            day=int(at_s[occasion.row]) // DAY_S,
        ),
    )


def _table(story: Story, rows: Sequence[Row], at_s: np.ndarray[tuple[int], np.dtype[np.int64]], *,
           one_more: frozenset[int]) -> EventTable:  # fmt: skip
    names = story.names
    columns = list(zip(*rows, strict=True))
    counts = [count + (index in one_more) for index, count in enumerate(columns[5])]
    parcels = sorted(story.parcels, key=story.parcels.__getitem__)
    first_gun = names.guns[0]
    letters = "c" * first_gun + "g" * GUNS + chr(PERSON) * PEOPLE + "w" * PLACES + chr(PARCEL) * len(parcels)
    own = [NONE] * names.count
    return EventTable(
        kind=np.array(columns[0], np.int8),
        item=np.array(columns[1], np.int32),
        start=np.array(columns[2], np.int32),
        end=np.array(columns[3], np.int32),
        by=np.array(columns[4], np.int32),
        entry=np.arange(len(rows), dtype=np.int32),
        count=np.array(counts, np.uint16),
        letter=np.array([ord(letter) for letter in letters], np.int8),
        inside=np.array(own + [thing for _, thing in parcels], np.int32),
        lot=np.array(own + [lot for lot, _ in parcels], np.int32),
        entry_at_s=at_s,
    )
