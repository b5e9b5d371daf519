"""Where a round came from, who could reach it, and what to secure now: walks over the record, never guesses.

A chain goes back from a find, entry by entry, while each step begins where the one before ended. It ends at a receipt
that supplier and receiver both signed, or at a named gap: two entries, the last recorded holder, everyone who could
reach it meanwhile, and whether recording was on. Who did it is not recorded, and nothing here says it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, lot_signed_for, receipt_of
from coldcheck.custody.things import (
    ContainerKind,
    Custody,
    Hold,
    Id,
    PlaceClass,
    Placement,
    Relation,
    RoundKind,
    Spot,
)

Ending: TypeAlias = Literal["receipt", "gap"]
Recording: TypeAlias = Literal["on", "part", "off"]
DANGEROUS: Final = frozenset({RoundKind.LIVE.value, RoundKind.UNKNOWN.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Somebody who could reach a thing, and how: "held", "held what it was in", "handled", "was present"."""

    person: Id
    from_entry: int
    to_entry: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A thing was unattended, under lock or in disputed custody at `place` ("" when not recorded) between two entries."""

    thing: Id
    place: Id
    hold: Hold
    from_entry: int
    to_entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everyone who could reach a thing between two entries, in the neutral order of their ids."""

    people: tuple[Reach, ...]
    unattended: tuple[Interval, ...]
    locked: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Between these two entries the record is silent about the thing. `from_entry` None: before the record begins.

    `seconds` is the time between the two entries by the hub's clock, None where one is missing or only reported.
    """

    from_entry: int | None
    to_entry: int
    why: str
    last_recorded_holder: Id
    access: Access
    recording: Recording
    seconds: int | None
    within: tuple[Placement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secure:
    """A thing to secure now, and why, as a key of wording with the entry it rests on."""

    item: Id
    why: str
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The answer for one round: its chain, newest step first, and where that ends."""

    round_id: Id
    kind: str
    chain: tuple[Placement, ...]
    ends_at: Ending
    receipt: tuple[int, int] | None
    gap: Gap | None
    ever_proven: bool
    secure_now: tuple[Secure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One class of origin that the record does not exclude, with the entries that speak for it. No figure here."""

    id: str
    kind: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What a lot may have touched, in four rings of ids, each without what the ring before it holds."""

    lot: tuple[Id, ...]
    together: tuple[Id, ...]
    closure: tuple[Id, ...]
    closure_no_barriers: tuple[Id, ...]


# --- backward ------------------------------------------------------------------------------------------------------


def live_finds(picture: Picture) -> tuple[Id, ...]:
    """Every round that was found, tested or examined to be live or could not be told, in order of first finding."""
    named = (r for r, (kind, _entry) in picture.kinds_found.items() if kind in DANGEROUS)
    return tuple(sorted(named, key=lambda r: (picture.kinds_found[r][1], r)))


def origin_of(picture: Picture, round_id: Id) -> Origin:
    """The chain of one round back to a signed receipt or to a named gap, and what to secure now."""
    placements = picture.placements.get(round_id, [])
    kind, found_entry = picture.kinds_found.get(round_id, ("", picture.size - 1))
    chain: list[Placement] = []
    gap: Gap | None = None
    proven = _last_proof(picture, round_id, before=found_entry) if kind in DANGEROUS else None
    for number in range(len(placements) - 1, -1, -1):
        step = placements[number]
        if proven is not None and step.entry_index <= proven:
            within = tuple(p for p in chain if p.entry_index < found_entry)
            chain = [p for p in chain if p.entry_index >= found_entry]
            gap = _gap(picture, round_id, proven, found_entry, why="proven_before", within=within)
            break
        chain.append(step)
        before = placements[number - 1] if number else None
        gap = _break_between(picture, round_id, before, step)
        if gap is not None:
            break
    receipt = _receipt_entries(picture, chain[-1], round_id) if gap is None and chain else None
    if gap is None and receipt is None:
        to_entry = chain[-1].entry_index if chain else found_entry
        gap = _gap(picture, round_id, chain[-1].spot_seen if chain else None, to_entry, why="no_receipt")
    return Origin(
        round_id=round_id,
        kind=kind,
        chain=tuple(chain),
        ends_at="receipt" if gap is None else "gap",
        receipt=receipt,
        gap=gap,
        ever_proven=proven is not None,
        secure_now=secure_now(picture, round_id, chain=tuple(chain), gap=gap),
    )


def _last_proof(picture: Picture, round_id: Id, *, before: int) -> int | None:
    """The last entry before `before` at which two people's tests had proven the round inert."""
    proofs = (entry for entry, what in picture.proofs.get(round_id, ()) if what == "proven" and entry < before)
    return max(proofs, default=None)


def _break_between(picture: Picture, round_id: Id, before: Placement | None, step: Placement) -> Gap | None:
    """The gap between two steps that do not join, or None. Reported steps join nothing: they are not the doer's word."""
    if before is None:
        return None
    joins = step.start is not None and before.end == step.start and not step.reported and not before.reported
    if joins:
        return None
    why = "only_reported" if step.reported or before.reported else "steps_do_not_join"
    return _gap(picture, round_id, before.entry_index, step.entry_index, why=why)


def _receipt_entries(picture: Picture, first: Placement, round_id: Id) -> tuple[int, int] | None:
    """The supplier's and the receiver's entries when the first step is a receipt both signed, else None."""
    cartridge = picture.cartridges.get(round_id)
    if first.act != "received" or first.reported or first.end is None or cartridge is None:
        return None
    both = receipt_of(picture, cartridge.lot, first.end.thing)
    return both if both is not None and both[1] == first.entry_index else None


def _gap(
    picture: Picture,
    round_id: Id,
    from_entry: int | None,
    to_entry: int,
    *,
    why: str,
    within: tuple[Placement, ...] = (),
) -> Gap:
    spots = _spots_between(picture, round_id, from_entry, to_entry)
    access = _merged(access_to(picture, spot.thing, from_entry=from_entry or 0, to_entry=to_entry) for spot in spots)
    return Gap(
        from_entry=from_entry,
        to_entry=to_entry,
        why=why,
        last_recorded_holder=_holder_at(picture, spots, from_entry if from_entry is not None else to_entry),
        access=access,
        recording=recording_between(picture, from_entry, to_entry),
        seconds=seconds_between(picture, from_entry, to_entry),
        within=within,
    )


def _spots_between(picture: Picture, round_id: Id, from_entry: int | None, to_entry: int) -> tuple[Spot, ...]:
    """Where the record has the round at both edges of a gap and between, each spot once, oldest first."""
    edge = from_entry if from_entry is not None else -1
    out: dict[Spot, None] = {}
    for step in picture.placements.get(round_id, ()):
        if step.entry_index > to_entry:
            continue
        if step.entry_index >= edge:
            out.update(dict.fromkeys(spot for spot in (step.start, step.end) if spot is not None))
        elif step.end is not None:
            # What lay there when the gap began.
            out = {step.end: None}
    return tuple(out)


def _holder_at(picture: Picture, spots: tuple[Spot, ...], entry_index: int) -> Id:
    """The last person recorded as having any of these spots' things at or before `entry_index`, "" if nobody was."""
    newest: tuple[int, Id] = (-1, "")
    for spot in spots:
        for held in _custody_path(picture, spot.thing):
            if held.hold is Hold.PERSON and held.who and newest[0] < held.entry_index <= entry_index:
                newest = (held.entry_index, held.who)
    return newest[1]


def _custody_path(picture: Picture, thing: Id, depth: int = 0) -> Iterator[Custody]:
    """Every custody the thing ever had, its own and that of what it lay in."""
    for held in picture.custody.get(thing, ()):
        yield held
        if held.hold is Hold.INSIDE and depth < 8:  # noqa: PLR2004  # a container in a container in a cart: eight is plenty, and cycles end
            yield from _custody_path(picture, held.who, depth + 1)


def seconds_between(picture: Picture, from_entry: int | None, to_entry: int) -> int | None:
    """Seconds between two entries by the hub's wall clock; None without a near side, or where one only tells a report."""
    if from_entry is None:
        return None
    near, far = picture.entry_acts[from_entry], picture.entry_acts[to_entry]
    first, last = picture.journal[near], picture.journal[far]
    if isinstance(first.act, a.Reported) or isinstance(last.act, a.Reported):
        return None
    return int((datetime.fromisoformat(last.at) - datetime.fromisoformat(first.at)).total_seconds())


def recording_between(picture: Picture, from_entry: int | None, to_entry: int) -> Recording:
    """Whether coverage entries say that recording was on over the whole span, part of it, or not at all."""
    edge = from_entry if from_entry is not None else 0
    spans = [
        (known.opened_entry, known.closed_entry if known.closed_entry is not None else to_entry)
        for known in picture.coverage
    ]
    if from_entry is not None and any(start <= edge and to_entry <= end for start, end in spans):
        return "on"
    return "part" if any(start < to_entry and edge < end for start, end in spans) else "off"


# --- access --------------------------------------------------------------------------------------------------------


def access_to(picture: Picture, thing: Id, *, from_entry: int, to_entry: int) -> Access:
    """Everyone who could reach `thing` between two entries: by custody of it or what it lay in, by handling, by presence."""
    if thing in picture.persons:
        return Access(
            people=(Reach(person=thing, from_entry=from_entry, to_entry=to_entry, how="held"),),
            unattended=(),
            locked=(),
        )
    people: list[Reach] = []
    unattended: list[Interval] = []
    locked: list[Interval] = []
    for thing_held, held, start, end in _intervals(picture, thing, from_entry, to_entry):
        match held.hold:
            case Hold.PERSON:
                how = "held" if thing_held == thing else "held_what_it_was_in"
                people.append(Reach(person=held.who, from_entry=start, to_entry=end, how=how))
            case Hold.UNATTENDED | Hold.DISPUTED | Hold.UNKNOWN:
                unattended.append(
                    Interval(thing=thing_held, place=held.who, hold=held.hold, from_entry=start, to_entry=end)
                )
                people.extend(_present(picture, held.who, start, end))
            case Hold.LOCKED:
                locked.append(
                    Interval(thing=thing_held, place=held.who, hold=held.hold, from_entry=start, to_entry=end)
                )
            case Hold.INSIDE:
                pass
    people.extend(_handlers(picture, thing, from_entry, to_entry))
    return Access(people=_distinct(people), unattended=_joined(unattended), locked=_joined(locked))


def _intervals(
    picture: Picture, thing: Id, from_entry: int, to_entry: int, depth: int = 0
) -> Iterator[tuple[Id, Custody, int, int]]:
    """The custody of `thing` and of what it lay in, clipped to the span: thing, custody, first and last entry."""
    history = picture.custody.get(thing, [])
    for number, held in enumerate(history):
        until = history[number + 1].entry_index if number + 1 < len(history) else to_entry
        start, end = max(held.entry_index, from_entry), min(until, to_entry)
        if start > end or (start == end and until < to_entry):
            continue
        yield thing, held, start, end
        if held.hold is Hold.INSIDE and depth < 8:  # noqa: PLR2004  # as in _custody_path
            yield from _intervals(picture, held.who, start, end, depth + 1)


def _present(picture: Picture, place: Id, start: int, end: int) -> Iterator[Reach]:
    for known in picture.presences:
        until = known.to_entry if known.to_entry is not None else end
        if known.place == place and known.from_entry <= end and until >= start:
            yield Reach(
                person=known.person,
                from_entry=max(start, known.from_entry),
                to_entry=min(end, until),
                how="was_present",
            )


def _handlers(picture: Picture, thing: Id, from_entry: int, to_entry: int) -> Iterator[Reach]:
    for entry in picture.thing_entries.get(thing, ()):
        if from_entry <= entry <= to_entry:
            done = picture.journal[picture.entry_acts[entry]]
            who = done.act.who if isinstance(done.act, a.Reported) else done.by
            if who:
                yield Reach(person=who, from_entry=entry, to_entry=entry, how="handled")


def _distinct(people: Iterable[Reach]) -> tuple[Reach, ...]:
    """One reach a person and way, over its whole span, in the neutral order of ids."""
    spans: dict[tuple[Id, str], tuple[int, int]] = {}
    for reach in people:
        if not reach.person:
            continue
        start, end = spans.get((reach.person, reach.how), (reach.from_entry, reach.to_entry))
        spans[reach.person, reach.how] = (min(start, reach.from_entry), max(end, reach.to_entry))
    return tuple(
        Reach(person=person, from_entry=start, to_entry=end, how=how)
        for (person, how), (start, end) in sorted(spans.items())
    )


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same intervals with those of one thing, place and hold that touch put into one, in order of their start."""
    out: list[Interval] = []
    for interval in sorted(set(intervals), key=lambda each: (each.thing, each.from_entry, each.to_entry)):
        last = out[-1] if out else None
        same = last is not None and (last.thing, last.place, last.hold) == (
            interval.thing,
            interval.place,
            interval.hold,
        )
        if last is not None and same and interval.from_entry <= last.to_entry:
            out[-1] = replace(last, to_entry=max(last.to_entry, interval.to_entry))
        else:
            out.append(interval)
    return tuple(sorted(out, key=lambda each: (each.from_entry, each.thing)))


def _merged(parts: Iterable[Access]) -> Access:
    whole = tuple(parts)
    return Access(
        people=_distinct(reach for part in whole for reach in part.people),
        unattended=_joined(item for part in whole for item in part.unattended),
        locked=_joined(item for part in whole for item in part.locked),
    )


# --- forward -------------------------------------------------------------------------------------------------------


def secure_now(picture: Picture, round_id: Id, *, chain: tuple[Placement, ...], gap: Gap | None) -> tuple[Secure, ...]:
    """Containers and guns the round was in, what lies in them now, and the rest of its lot when it came with one."""
    out: dict[Id, Secure] = {}
    steps = chain + (gap.within if gap is not None else ())
    for step in steps:
        for spot in (step.end, step.start):
            if spot is not None and spot.thing not in picture.persons and spot.thing not in picture.places:
                out.setdefault(spot.thing, Secure(item=spot.thing, why="it_was_in", entry_index=step.entry_index))
    for thing in tuple(out):
        for other in picture.rounds_in.get(thing, {}):
            if other != round_id:
                out.setdefault(other, Secure(item=other, why="lies_where_it_was", entry_index=out[thing].entry_index))
    cartridge = picture.cartridges.get(round_id)
    if cartridge is not None and cartridge.lot:
        entry = picture.lots[cartridge.lot].entry_index if cartridge.lot in picture.lots else cartridge.entry_index
        out.setdefault(cartridge.lot, Secure(item=cartridge.lot, why="same_lot", entry_index=entry))
        for other, spot in picture.spots.items():
            if other != round_id and picture.cartridges[other].lot == cartridge.lot:
                out.setdefault(spot.thing, Secure(item=spot.thing, why="holds_the_same_lot", entry_index=entry))
    return tuple(sorted(out.values(), key=lambda item: (item.why, item.entry_index, item.item)))


def recall_of(picture: Picture, lot: Id) -> Recall:
    """Forward from a lot in four rings: the lot; what shared a container with it; all that touched that, up to full
    tests by two and, last, without regard to tests.
    """
    own = {r for r, cartridge in picture.cartridges.items() if cartridge.lot == lot}
    own_things = {spot.thing for r in own if (spot := picture.spots.get(r)) is not None}
    own_things |= {thing for thing, lots in picture.loose.items() if lots.get(lot)}
    together = _spread(picture, own, hops=False, barriers=False)
    closure = _spread(picture, own, hops=True, barriers=True)
    whole = _spread(picture, own, hops=True, barriers=False)
    first = own | own_things
    second = together - first
    third = closure - first - second
    return Recall(
        lot=tuple(sorted(first)),
        together=tuple(sorted(second)),
        closure=tuple(sorted(third)),
        closure_no_barriers=tuple(sorted(whole - first - second - third)),
    )


def _spread(picture: Picture, seeds: set[Id], *, hops: bool, barriers: bool) -> set[Id]:
    """Every round and thing that shared a container with a suspect at the same time, walking all steps in order."""
    steps = sorted(
        (
            (step.entry_index, number, r, step)
            for r, history in picture.placements.items()
            for number, step in enumerate(history)
        ),
        key=lambda row: (row[0], row[2], row[1]),
    )
    suspect = set(seeds)
    things: set[Id] = set()
    inside: dict[Id, set[Id]] = {}
    cleared = (
        {r: [entry for entry, what in picture.proofs.get(r, ()) if what == "proven"] for r in picture.cartridges}
        if barriers
        else {}
    )
    for entry, _number, r, step in steps:
        if barriers and r not in seeds and r in suspect and any(proof < entry for proof in cleared.get(r, ())):
            suspect.discard(r)
        if step.start is not None:
            inside.get(step.start.thing, set()).discard(r)
        if step.end is None:
            continue
        thing = step.end.thing
        there = inside.setdefault(thing, set())
        there.add(r)
        sources = there & (suspect if hops else seeds)
        if sources:
            things.add(thing)
            suspect |= there
    return (suspect - seeds) | things


# --- kinds of story ------------------------------------------------------------------------------------------------

_REUSE: Final = frozenset({Relation.RELOADED_FROM, Relation.RETURNED_FROM})
_MIXING: Final = frozenset({Relation.MERGED_FROM, Relation.REPACKED_FROM, Relation.SPLIT_OF})


def hypotheses_of(picture: Picture) -> tuple[Hypothesis, ...]:
    """Every class of origin the record does not exclude, by fixed order. "Unrecorded entry" is always the last."""
    entries: dict[str, list[int]] = {kind: [] for kind in HYPOTHESIS_KINDS}
    for done in picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        for kind in _kinds_of(picture, act):
            entries[kind].append(done.entry_index)
    return tuple(
        Hypothesis(id=f"H{number}", kind=kind, entries=tuple(dict.fromkeys(found)))
        for number, (kind, found) in enumerate(entries.items(), start=1)
        if found or kind == "unrecorded_entry"
    )


HYPOTHESIS_KINDS: Final = (
    "as_received",
    "mixed_with_other_stock",
    "reused_or_reloaded",
    "worn_container",
    "brought_in_from_outside",
    "wrong_inspection",
    "wrong_record",
    "unrecorded_entry",
)


def _kinds_of(picture: Picture, act: a.Act) -> Iterator[str]:
    """Which classes of origin one act speaks for."""
    match act:
        case a.Received() | a.Delivered():
            yield "as_received"
        case a.Poured():
            yield "mixed_with_other_stock"
        case a.BroughtIn() | a.PlaceRegistered(place_class=PlaceClass.PRIVATE):
            yield "brought_in_from_outside"
        case a.Showed(positions=positions):
            gun = picture.guns.get(act.gun)
            if gun is not None and len([name for name in positions if name.isdigit()]) < gun.chambers:
                yield "wrong_inspection"
        case a.Disputed() | a.Retracted():
            yield "wrong_record"
        case a.LotRegistered():
            yield from _kinds_of_ancestry({row.relation for row in act.parents})
        case _:
            pass
    worn = act.item if isinstance(act, a.BroughtIn) else act.thing if isinstance(act, a.RoundFound) else ""
    if worn in picture.containers and picture.containers[worn].kind in {ContainerKind.BELT, ContainerKind.POCKET}:
        yield "worn_container"


def _kinds_of_ancestry(relations: set[Relation]) -> Iterator[str]:
    if relations & _REUSE:
        yield "reused_or_reloaded"
    if relations & _MIXING:
        yield "mixed_with_other_stock"
    if Relation.DRESSED_IN in relations:
        yield "worn_container"


__all__ = [
    "Access", "Gap", "Hypothesis", "Interval", "Origin", "Reach", "Recall", "Secure", "access_to", "hypotheses_of",
    "live_finds", "lot_signed_for", "origin_of", "recall_of", "recording_between", "seconds_between", "secure_now",
]  # fmt: skip
