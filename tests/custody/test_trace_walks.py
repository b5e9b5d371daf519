"""Backward trace, state and access over the index, beside a reading that replays every event up to the one asked about."""

from itertools import pairwise
from random import Random

import pytest

from coldcheck.custody.trace_events import HOLDING, EventKind
from coldcheck.custody.trace_index import index_of, walks_of
from coldcheck.custody.trace_live import LiveIndex
from coldcheck.custody.trace_walks import Walks
from trace_worlds import random_world, table_of_live

WORLDS = [(seed, (0, 1, 3, 40, 200)[seed % 5]) for seed in range(40)]
PLACING = (EventKind.PLACED, EventKind.TURNED_UP)


def walks_in(live: LiveIndex) -> Walks:
    table = table_of_live(live)
    return walks_of(table, index_of(table))


def asked(live: LiveIndex, seed: int) -> list[int]:
    """Events to ask about: the first, the last, before all, and some between."""
    rows = len(live.kind)
    chance = Random(seed)
    return sorted({-1, *(chance.randrange(rows) for _ in range(8)), rows - 1}) if rows else [-1]


def unit(live: LiveIndex, thing: int) -> int:
    return live.inside[thing] if live.inside[thing] >= 0 else thing


def lies(live: LiveIndex, row: int) -> dict[int, int]:
    out = {}
    for at in range(row + 1):
        if live.kind[at] in PLACING:
            out[live.item[at]] = live.end[at]
    return {item: spot for item, spot in out.items() if spot >= 0}


def holds(live: LiveIndex, thing: int, row: int, depth: int = 0) -> tuple[int, str, int] | None:
    """Whose a thing is after an event, found by looking through all events; None where a circle hides it."""
    if live.letter[thing] == ord("p"):
        return thing, "held", thing
    found = [at for at in range(row + 1) if live.item[at] == thing and live.kind[at] in HOLDING]
    if not found:
        return thing, "not_recorded", -1
    kind, end = live.kind[found[-1]], live.end[found[-1]]
    if kind == EventKind.STOWED:
        return holds(live, unit(live, end), row, depth + 1) if depth < 8 else None
    words = {EventKind.HELD: "held", EventKind.LOCKED: "locked", EventKind.LEFT: "unattended"}
    return thing, words[EventKind(kind)], end


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_what_lay_where_after_any_event(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    walks = walks_in(live)
    for row in asked(live, seed):
        there = lies(live, row)
        for thing, letter in enumerate(live.letter):
            if letter in b"rq":
                assert walks.lies_at(thing, row=row) == there.get(thing, -1)
            elif letter in b"cgpw":
                wanted = {(spot, item) for item, spot in there.items() if unit(live, spot) == thing}
                assert set(walks.lying_in(thing, row=row)) == wanted


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_the_way_back_of_every_round(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    walks = walks_in(live)
    for row in asked(live, seed):
        for item in (thing for thing, letter in enumerate(live.letter) if letter == ord("r")):
            back = walks.back(item, row=row)
            steps = [at for at in range(row + 1) if live.item[at] == item and live.kind[at] in PLACING]
            turned = [at for at in steps if live.kind[at] == EventKind.TURNED_UP and live.end[at] >= 0]
            since = [at for at in steps if at >= (turned[-1] if turned else 0)]
            assert [stay.row for stay in reversed(back.stays)] == [at for at in since if live.end[at] >= 0]
            assert all(stay.spot == live.end[stay.row] for stay in back.stays)
            assert back.begins == ("turned_up" if turned else "came_in" if back.stays else "never_placed")
            for stay in back.stays:
                looked = (
                    at
                    for at in range(stay.row + 1, stay.until)
                    if (live.kind[at] == EventKind.PROVEN and live.item[at] == item)
                    or (live.kind[at] == EventKind.VERIFIED and unit(live, live.end[at]) == unit(live, stay.spot))
                )
                assert stay.checks == tuple(looked)


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_who_had_it_after_every_event_of_a_span(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    walks = walks_in(live)
    rows = asked(live, seed)
    for start, stop in pairwise(rows):
        for thing in (thing for thing, letter in enumerate(live.letter) if letter in b"cgp"):
            spells = tuple(walks.spells(thing, start=start, stop=stop))
            for row in range(start, stop):
                told = {(spell.thing, spell.how, spell.who) for spell in spells if spell.row <= row < spell.until}
                assert told == ({holds(live, thing, row)} - {None})


@pytest.mark.parametrize(("seed", "events"), WORLDS)
def test_the_last_full_test_of_every_round(seed: int, events: int) -> None:
    live = random_world(seed, events=events)
    walks = walks_in(live)
    for row in asked(live, seed):
        for item in (thing for thing, letter in enumerate(live.letter) if letter == ord("r")):
            wanted, lay = -1, -1
            for at in range(row + 1):
                if live.item[at] == item and live.kind[at] in PLACING:
                    lay = live.end[at]
                proven = live.kind[at] == EventKind.PROVEN and live.item[at] == item
                verified = (
                    live.kind[at] == EventKind.VERIFIED and lay >= 0 and unit(live, live.end[at]) == unit(live, lay)
                )
                wanted = at if proven or verified else wanted
            assert walks.last_full_test(item, row=row) == wanted


def test_a_table_with_no_events_knows_nothing() -> None:
    live = LiveIndex()
    tray, item = live.add_thing(ord("c")), live.add_thing(ord("r"))
    walks = walks_in(live)
    assert walks.back(item, row=-1).begins == "never_placed"
    assert walks.state(tray, row=-1).lying == ()
    assert walks.held_by(tray, row=-1) is None
