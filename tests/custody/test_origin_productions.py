"""The trace against a thousand invented productions: what really happened, and slower readings of the same rules.

`lab.productions` draws productions from a seed and keeps what really lay where; nothing in the trace knows it. Recall
and access are read a second time here, entry by entry and by their docstrings alone, without any of the trace's code.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, acts_of_entry
from coldcheck.custody.things import Custody, Hold, Id, Role, RoundKind
from coldcheck.custody.trace import Origin, access_to, live_finds, origin_of
from coldcheck.custody.trace_events import EventKind
from coldcheck.custody.trace_index import Index, digest, index_of
from coldcheck.custody.trace_rings import recall_of
from coldcheck.station.lab.productions import (
    CART,
    CONTAINERS,
    GUNS,
    LOTS,
    TESTS,
    WAYS,
    Passage,
    Production,
    Way,
    production,
    replayed,
    without,
)
from trace_worlds import slow_recall, table_of_live

QUICK, REST = range(120), range(120, 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The same production without one entry of the chain: its neighbours by the new numbers, and what is answered."""

    older: int | None
    newer: int
    origin: Origin
    spoken_of: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one seed gave, without its picture: a thousand of those would fill the memory."""

    seed: int
    way: Way
    size: int
    path: tuple[Passage, ...]
    receipt: tuple[int, int] | None
    hidden: float | None
    seen_empty: int | None
    found_entry: int
    finds: tuple[Id, ...]
    round_id: Id
    origin: Origin
    inner: Cut | None
    first: Cut | None

    def told(self) -> str:
        """The seed and the chain, for whoever has to look at it."""
        return told(self, self.origin)


def told(case: Case, origin: Origin) -> str:
    gap = origin.gap
    lines = [f'production(seed={case.seed}, way="{case.way}"): hidden {case.hidden}, found {case.found_entry}']
    lines += [f"    {step.entry_index} {step.act}: {step.start} -> {step.end}" for step in origin.chain]
    lines += [f"  ends at {origin.ends_at} {origin.receipt}"]
    lines += [f"  gap {gap.from_entry} to {gap.to_entry}, {gap.why}"] if gap is not None else []
    lines += ["  really:"] + [f"    {passage.entry_index}: {passage.spot}" for passage in case.path]
    return "\n".join(lines)


def case_of(seed: int) -> Case:
    way = WAYS[seed % len(WAYS)]
    made = production(seed=seed, way=way)
    origin = origin_of(made.picture, made.round_id)
    return Case(
        seed=seed,
        way=way,
        size=len(made.steps),
        path=made.path,
        receipt=made.receipt,
        hidden=made.hidden,
        seen_empty=made.seen_empty,
        found_entry=made.found_entry,
        finds=live_finds(made.picture),
        round_id=made.round_id,
        origin=origin,
        inner=without_inner(made, origin, Random(seed)),
        first=without_first(made, origin),
    )


def entries_of(origin: Origin) -> list[int]:
    """The entries of a chain up to the find, oldest first."""
    return [step.entry_index for step in reversed(origin.chain)]


def without_inner(made: Production, origin: Origin, chance: Random) -> Cut | None:
    """One entry between the first of the chain and the find is taken out of the ledger; None where there is none."""
    entries = [entry for entry in entries_of(origin) if entry <= made.found_entry]
    if len(entries) < 3:
        return None
    number = chance.randrange(1, len(entries) - 1)
    cut = without(made.steps, entries[number])
    return Cut(
        older=entries[number - 1], newer=entries[number + 1] - 1, origin=origin_of(cut, made.round_id), spoken_of=True
    )


def without_first(made: Production, origin: Origin) -> Cut | None:
    """The first entry of the chain is taken out of the ledger."""
    entries = [entry for entry in entries_of(origin) if entry <= made.found_entry]
    if made.way == "swapped" or len(entries) < 2:
        return None
    cut = without(made.steps, entries[0])
    after = origin_of(cut, made.round_id)
    near = after.gap.from_entry if after.gap is not None else None
    spot = after.chain[-1].start or after.chain[-1].end
    spoken = near is None or (spot is not None and speaks_of(made, near + (near >= entries[0]), spot.thing))
    return Cut(older=near, newer=entries[1] - 1, origin=after, spoken_of=spoken)


def speaks_of(made: Production, entry_index: int, thing: Id) -> bool:
    return any(thing in a.ids_in(a.plain(act)) for act in made.steps[entry_index].acts)


@pytest.fixture(scope="module", params=[QUICK, pytest.param(REST, marks=pytest.mark.slow)], ids=["quick", "rest"])
def cases(request: pytest.FixtureRequest) -> tuple[Case, ...]:
    return tuple(case_of(seed) for seed in request.param)


def test_the_productions_are_of_the_size_and_sorts_they_say(cases: tuple[Case, ...]) -> None:
    """A property of productions in which nothing happens would hold of anything."""
    ways = Counter(case.way for case in cases)
    assert min(ways.values()) >= len(cases) // 3
    assert all(45 <= case.size <= 160 for case in cases)
    inner, first = [c for c in cases if c.inner is not None], [c for c in cases if c.first is not None]
    assert len(inner) > len(cases) // 3
    assert len(first) > len(cases) // 3
    put_in = [case for case in cases if case.way == "into_a_cell"]
    assert len([case for case in put_in if case.seen_empty is not None]) > len(put_in) // 2
    assert len([case for case in put_in if len(case.path) > 2]) > len(put_in) // 2


def test_the_one_live_round_is_found_and_no_other(cases: tuple[Case, ...]) -> None:
    assert not (wrong := [case.told() for case in cases if case.finds != (case.round_id,)]), "\n".join(wrong)


def test_a_round_of_a_recorded_lot_is_traced_by_its_hidden_path_to_both_halves_of_the_receipt(
    cases: tuple[Case, ...],
) -> None:
    wrong = [
        case.told()
        for case in cases
        if case.way == "recorded"
        and not (
            walked(case.origin) == case.path
            and (case.origin.ends_at, case.origin.receipt, case.origin.gap) == ("receipt", case.receipt, None)
        )
    ]
    assert not wrong, "\n".join(wrong)


def walked(origin: Origin) -> tuple[Passage, ...]:
    """The chain as passages, oldest first."""
    return tuple(
        Passage(entry_index=step.entry_index, spot=step.end) for step in reversed(origin.chain) if step.end is not None
    )


def test_an_unrecorded_round_is_traced_to_the_gap_that_holds_the_moment(cases: tuple[Case, ...]) -> None:
    wrong = [case.told() for case in cases if case.hidden is not None and not holds(case, case.hidden)]
    assert not wrong, "\n".join(wrong)


def holds(case: Case, hidden: float) -> bool:
    gap = case.origin.gap
    if gap is None or case.origin.receipt is not None or case.origin.ends_at != "gap":
        return False
    from_entry = gap.from_entry if gap.from_entry is not None else -1
    recorded = tuple(p for p in case.path if case.way != "swapped" or p.entry_index >= case.found_entry)
    return from_entry < hidden <= gap.to_entry and walked(case.origin) == recorded


def test_the_gap_of_a_round_put_into_a_cell_is_as_narrow_as_the_record_allows(cases: tuple[Case, ...]) -> None:
    """From the last entry that spoke of the spot to the first that names the round."""
    wrong = [
        case.told()
        for case in cases
        if case.way == "into_a_cell"
        and case.origin.gap is not None
        and (case.origin.gap.from_entry, case.origin.gap.to_entry) != (case.seen_empty, case.path[0].entry_index)
    ]
    assert not wrong, "\n".join(wrong)


def test_without_an_inner_entry_the_gap_lies_between_its_neighbours(cases: tuple[Case, ...]) -> None:
    wrong = [
        f"{told(case, case.inner.origin)}\n  expected {case.inner.older} to {case.inner.newer}"
        for case in cases
        if case.inner is not None
        and (case.inner.origin.gap is None or edges(case.inner) != (case.inner.older, case.inner.newer))
    ]
    assert not wrong, "\n".join(wrong)


def edges(cut: Cut) -> tuple[int | None, int | None]:
    gap = cut.origin.gap
    return (gap.from_entry, gap.to_entry) if gap is not None else (None, None)


def test_without_the_first_entry_the_gap_is_at_the_beginning(cases: tuple[Case, ...]) -> None:
    wrong = [
        f"{told(case, case.first.origin)}\n  expected up to {case.first.newer}"
        for case in cases
        if case.first is not None and not begins(case.first)
    ]
    assert not wrong, "\n".join(wrong)


def begins(cut: Cut) -> bool:
    """Nothing of the chain stands before the gap, and its near side, if any, spoke of the spot."""
    gap = cut.origin.gap
    if gap is None or cut.origin.receipt is not None or gap.to_entry != cut.newer:
        return False
    return cut.spoken_of and (gap.from_entry is None or gap.from_entry < gap.to_entry)


def test_without_the_suppliers_half_no_chain_ends_at_a_receipt() -> None:
    for seed in range(0, 60, 3):
        made = production(seed=seed, way="recorded")
        assert made.receipt is not None
        origin = origin_of(without(made.steps, made.receipt[0]), made.round_id)
        assert (origin.ends_at, origin.receipt) == ("gap", None), seed


def test_one_persons_test_cuts_no_chain() -> None:
    """Only two people's tests say that another round lay there; here the one who tested was wrong."""
    for seed in range(0, 30, 3):
        made = production(seed=seed, way="recorded")
        spot = made.path[0].spot
        row = a.CellRow(cell=spot.cell, round_id=made.round_id)
        test = a.RoundsTested(thing=spot.thing, rows=(row,), tests=TESTS, kind=RoundKind.DUMMY)
        after = made.path[0].entry_index + 1
        wrong = replace(made.steps[after - 1], acts=(test,))
        origin = origin_of(replayed((*made.steps[:after], wrong, *made.steps[after:])), made.round_id)
        assert (origin.ends_at, origin.ever_proven, len(origin.chain)) == ("receipt", False, len(made.path)), seed


def test_the_same_seed_gives_the_same_production_and_replay_the_same_answer() -> None:
    for seed in range(9):
        made, again = (production(seed=seed, way=WAYS[seed % 3]) for _ in range(2))
        assert made.steps == again.steps
        assert origin_of(replayed(made.steps), made.round_id) == origin_of(made.picture, made.round_id)


# --- a second reading of recall ------------------------------------------------------------------------------------


def slow_together(picture: Picture, own: set[Id]) -> set[Id]:
    """The things that these rounds ever lay in, and the rounds that lay there at the same time, entry by entry."""
    live, names = picture.trail.live, picture.trail.names
    lies: dict[Id, Id] = {}
    out: set[Id] = set()
    for row, kind in enumerate(live.kind):
        if kind > EventKind.TURNED_UP:
            continue
        end = live.end[row]
        unit = live.inside[end] if end >= 0 and live.inside[end] >= 0 else end
        lies.pop(names[live.item[row]], None)
        if unit >= 0:
            lies[names[live.item[row]]] = names[unit]
        things = {thing for r, thing in lies.items() if r in own}
        out |= things | {r for r, thing in lies.items() if thing in things}
    return out


def slow_rings(picture: Picture, lot: Id) -> tuple[set[Id], ...]:
    own = {r for r, cartridge in picture.cartridges.items() if cartridge.lot == lot}
    first = own | {picture.spots[r].thing for r in own if r in picture.spots}
    trail = picture.trail
    rings = [first, slow_together(picture, own) - first]
    for barriers in (True, False):
        slow = slow_recall(trail.live, trail.lots[lot], barriers=barriers) if lot in trail.lots else None
        reached = {trail.names[number] for number in (slow.rounds | slow.things)} if slow is not None else set()
        rings.append(reached.difference(*rings))
    return tuple(rings)


def pictures(count: int) -> Iterator[tuple[int, Production]]:
    return ((seed, production(seed=seed, way=WAYS[seed % 3])) for seed in range(count))


@pytest.mark.parametrize("count", [30, pytest.param(100, marks=pytest.mark.slow)])
def test_recall_is_what_a_slow_reading_of_its_rules_gives(count: int) -> None:
    cut = 0
    for seed, made in pictures(count):
        for lot in LOTS:
            rings = recall_of(made.picture, lot)
            slow = slow_rings(made.picture, lot)
            assert tuple(map(set, (rings.lot, rings.together, rings.closure, rings.closure_no_barriers))) == slow, seed
            cut += bool(slow[3])
    assert cut, "tests by two must have cut some recall short, or the barrier is not tried"


# --- the index of a real record ------------------------------------------------------------------------------------


def test_the_index_a_hub_keeps_is_the_one_rebuilt_from_its_events() -> None:
    for seed, made in pictures(20):
        live = made.picture.trail.live
        grown = Index(**{name: np.array(getattr(live, name), dtype=np.int32) for name in Index.__slots__})
        assert digest(index_of(table_of_live(live))) == digest(grown), seed
        assert len(live.kind) > 50


def test_the_events_of_a_round_are_its_placements() -> None:
    for _seed, made in pictures(20):
        trail = made.picture.trail
        walks = trail.live.walks()
        for r, steps in made.picture.placements.items():
            rows = [row for row in walks.history(trail.numbers[r]) if trail.live.kind[row] <= EventKind.TURNED_UP]
            told = [trail.live.entry[row] for row in rows]
            assert told == sorted(told)
            assert set(told) == {step.entry_index for step in steps}
            # A row that starts elsewhere than the one before ended would break every walk.
            ends = [-1, *(trail.live.end[row] for row in rows)]
            assert [trail.live.start[row] for row in rows] == ends[:-1]
            spot = made.picture.spots.get(r)
            assert (trail.live.holder[trail.numbers[r]] == -1) == (spot is None)
            if spot is not None:
                assert trail.names[trail.live.holder[trail.numbers[r]]] == spot.thing


# --- a second reading of access ------------------------------------------------------------------------------------


def stands(history: list[Custody], number: int, entry: int) -> bool:
    """Whether this custody holds after `entry`; one whose own entry ended it counts at that entry alone."""
    since = history[number].entry_index
    until = history[number + 1].entry_index if number + 1 < len(history) else entry + 1
    return since <= entry < max(until, since + 1)


def may_lock(picture: Picture, history: list[Custody], number: int) -> bool:
    """Whether he who says that a thing was locked is a handler, and nobody else had it in hand."""
    signer, before = history[number].signer, history[number - 1] if number else None
    in_other_hands = before is not None and (
        before.hold is Hold.DISPUTED or (before.hold is Hold.PERSON and before.who != signer)
    )
    return not in_other_hands and not picture.persons[signer].roles.isdisjoint({Role.ARMORER, Role.PROPERTY_MASTER})


def kept_at(picture: Picture, thing: Id, entry: int) -> Iterator[tuple[Id, Hold, Id]]:
    """Who has the thing after `entry`, and who has what it lies in."""
    history = picture.custody.get(thing, [])
    if not history or entry < history[0].entry_index:
        yield thing, Hold.UNKNOWN, ""
    for number, held in enumerate(history):
        his_own = held.hold is Hold.PERSON and held.signer == held.who
        after = [one.entry_index for one in history[number + 1 :] if one.signer in {held.who, one.who}]
        goes_on = his_own and held.entry_index <= entry < min(after, default=entry + 1)
        if stands(history, number, entry) or goes_on:
            open_lock = held.hold is Hold.LOCKED and not may_lock(picture, history, number)
            yield thing, Hold.UNATTENDED if open_lock else held.hold, held.who
            if held.hold is Hold.INSIDE:
                yield from kept_at(picture, held.who, entry)


def there_at(picture: Picture, place: Id, entry: int) -> Iterator[Id]:
    for known in picture.presences:
        until = known.to_entry if known.to_entry is not None else entry + 1
        near = known.place in line_up(picture, place) or place in line_up(picture, known.place)
        if near and known.from_entry <= entry < max(until, known.from_entry + 1):
            yield known.person


def line_up(picture: Picture, place: Id) -> tuple[Id, ...]:
    return (place, *line_up(picture, picture.places[place].parent)) if place in picture.places else ()


Rows = dict[tuple[str, ...], int]


def is_by_hand(act: a.Act) -> bool:
    """Whether the act is none of the words, looks and plans that these productions have."""
    said = (a.Seen, a.RoundsSeen, a.Called, a.Announced, a.Acknowledged, a.ShowClosed, a.ScenePlanned, a.Readmitted)
    registered = (a.GunRegistered, a.ContainerRegistered, a.LotRegistered, a.Scanned)
    return not isinstance(act, said + registered)


def slow_access(picture: Picture, thing: Id, from_entry: int, to_entry: int) -> tuple[Rows, Rows, Rows]:
    """People, unattended and locked, each with the first entry of the span at which it is so."""
    people: Rows = {}
    unattended: Rows = {}
    locked: Rows = {}
    for entry in range(from_entry, to_entry + 1):
        for kept, hold, who in kept_at(picture, thing, entry):
            if hold is Hold.PERSON:
                people.setdefault((who, "held" if kept == thing else "held_what_it_was_in"), entry)
            elif hold is Hold.LOCKED:
                locked.setdefault((kept, who, hold.value), entry)
            elif hold is not Hold.INSIDE:
                unattended.setdefault((kept, who, hold.value), entry)
                for person in there_at(picture, who, entry):
                    people.setdefault((person, "was_present"), entry)
        done_here = acts_of_entry(picture, entry)
        signed = entry in picture.thing_entries.get(thing, ())
        signers = {d.by for d in done_here if signed or (thing in a.ids_in(a.plain(d.act)) and is_by_hand(d.act))}
        signers |= {held.signer for held in picture.custody.get(thing, ()) if held.entry_index == entry}
        for person in signers:
            people.setdefault((person, "handled"), entry)
    return people, unattended, locked


@pytest.mark.parametrize("count", [30, pytest.param(100, marks=pytest.mark.slow)])
def test_access_is_what_a_slow_reading_of_its_rules_gives(count: int) -> None:
    ways: Counter[str] = Counter()
    for seed, made in pictures(count):
        chance = Random(seed)
        for thing in (*GUNS, *(container for container, _kind, _cells in CONTAINERS), CART):
            whole = (0, made.picture.size - 1)
            from_entry, to_entry = whole if thing in GUNS else sorted(chance.choices(range(made.picture.size), k=2))
            reach = access_to(made.picture, thing, from_entry=from_entry, to_entry=to_entry)
            people, unattended, locked = slow_access(made.picture, thing, from_entry, to_entry)
            assert {(r.person, r.how): r.from_entry for r in reach.people} == people, (seed, thing)
            assert {(i.thing, i.place, i.hold.value) for i in reach.unattended} == set(unattended), (seed, thing)
            assert {(i.thing, i.place, i.hold.value) for i in reach.locked} == set(locked), (seed, thing)
            ways.update(how for _who, how in people)
    assert set(ways) == {"held", "held_what_it_was_in", "handled", "was_present"}
