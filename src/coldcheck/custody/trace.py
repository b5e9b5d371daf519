"""Where a round came from, who could reach it, and what to secure now: walks over the record, never guesses.

A chain goes back from a find, entry by entry, while each step begins where the one before ended. It ends at a receipt
that supplier and receiver both signed, or at a named gap: two entries, the last recorded holder, everyone who could
reach it meanwhile, and whether recording was on. Who did it is not recorded, and nothing here says it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture, receipt_of, was_his_to_put
from coldcheck.custody.recording import ANYWHERE, OF_GUNS, OF_ROUNDS, covering, is_touched, place_of
from coldcheck.custody.things import (
    Cartridge,
    Custody,
    Hold,
    Id,
    Placement,
    RoundKind,
    Spot,
)

Ending: TypeAlias = Literal["receipt", "gap"]
Recording: TypeAlias = Literal["on", "part", "off"]
DANGEROUS: Final = frozenset({RoundKind.LIVE.value, RoundKind.UNKNOWN.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Somebody who could reach a thing, and how: by custody, by handling, by presence, or only by report."""

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

    `holder_is_told`: nobody signed that the last recorded holder had it; others reported it.
    `seconds` is the time between the two entries by the hub's clock, None where one is missing or only reported.
    """

    from_entry: int | None
    to_entry: int
    why: str
    last_recorded_holder: Id
    holder_is_told: bool
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


# --- backward ------------------------------------------------------------------------------------------------------


def live_finds(picture: Picture) -> tuple[Id, ...]:
    """Every round that was found, tested or examined to be live or could not be told, in order of first finding."""
    named = (r for r, (kind, _entry) in picture.kinds_found.items() if kind in DANGEROUS)
    return tuple(sorted(named, key=lambda r: (picture.kinds_found[r][1], r)))


def origin_of(picture: Picture, round_id: Id) -> Origin:
    """The chain of one round back to a signed receipt or to a named gap, and what to secure now.

    The walk begins at the entry that first said the round is live or cannot be told (at its last step when none did).
    What joins on after that entry stands before it in the chain; where it went later than a break is no origin.
    """
    kind, found_entry = picture.kinds_found.get(round_id, ("", picture.size - 1))
    # A step that was taken back, corrected or disputed carries no chain on; the find itself is where the walk begins.
    every = _steps_of(picture, round_id)
    placements = tuple(s for s in every if s.entry_index == found_entry or s.entry_index not in picture.doubted)
    proven = _last_proof(picture, round_id, before=found_entry) if kind in DANGEROUS else None
    first = max((number for number, step in enumerate(placements) if step.entry_index <= found_entry), default=-1)
    chain = _joined_after(picture, round_id, placements, first)
    gap: Gap | None = None
    for number in range(first, -1, -1):
        step = placements[number]
        if proven is not None and step.entry_index <= proven:
            break
        chain.append(step)
        before = placements[number - 1] if number else None
        gap = _break_between(picture, round_id, before, step)
        if gap is not None:
            break
    if gap is None and proven is not None:
        within = tuple(step for step in chain if step.entry_index < found_entry)
        chain = [step for step in chain if step.entry_index >= found_entry]
        gap = _gap(picture, round_id, proven, found_entry, why="proven_before", within=within)
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


def _steps_of(picture: Picture, round_id: Id) -> tuple[Placement, ...]:
    """The steps of a round, oldest first.

    An answer that a chamber is empty says where the round is not: it is a step only where nothing was said after it.
    """
    steps = picture.placements.get(round_id, [])
    last = len(steps) - 1
    return tuple(step for number, step in enumerate(steps) if step.act != "cleared" or number == last)


def _joined_after(picture: Picture, round_id: Id, placements: tuple[Placement, ...], first: int) -> list[Placement]:
    """The steps after step `first` that join on to it one by one, newest first."""
    out: list[Placement] = []
    for number in range(first + 1, len(placements)):
        if first >= 0 and not _joins(picture, round_id, placements[number - 1], placements[number]):
            break
        out.append(placements[number])
    return out[::-1]


def _last_proof(picture: Picture, round_id: Id, *, before: int) -> int | None:
    """The last entry before `before` at which two people's tests had proven the round inert."""
    proofs = (entry for entry, what in picture.proofs.get(round_id, ()) if what == "proven" and entry < before)
    return max(proofs, default=None)


def _meets(before: Placement, step: Placement) -> bool:
    """Whether `step` begins where `before` ended. Reported steps join nothing: they are not the doer's word."""
    return step.start is not None and before.end == step.start and not step.reported and not before.reported


def _joins(picture: Picture, round_id: Id, before: Placement, step: Placement) -> bool:
    """Whether `step` goes on with the very round that `before` left there."""
    return _meets(before, step) and not _mistakable(picture, round_id, before, step)


def _mistakable(picture: Picture, round_id: Id, before: Placement, step: Placement) -> bool:
    """Whether the round lay without a mark and without a cell beside others, so that `step` may have taken one of those.

    Rounds of its own lot whose own way there is whole make no difference: whichever it was, the chain is as long.
    """
    spot, known = before.end, picture.cartridges.get(round_id)
    if spot is None or spot.cell or known is None or _is_marked(known, before.entry_index):
        return False
    if any(count and lot != known.lot for lot, count in picture.loose.get(spot.thing, {}).items()):
        return True
    beside = (
        other for other in _lay_in(picture, spot.thing, before.entry_index, step.entry_index) if other != round_id
    )
    return any(not known.lot or picture.cartridges[r].lot != known.lot or not _came_whole(picture, r) for r in beside)


def _is_marked(known: Cartridge, entry_index: int) -> bool:
    """Whether a round bore its mark by then: one given later was given to whichever it was."""
    return known.marked_entry is not None and known.marked_entry <= entry_index


def _lay_in(picture: Picture, thing: Id, from_entry: int, to_entry: int) -> Iterator[Id]:
    """Every unmarked round that the record has in no cell of `thing` at some moment between two entries."""
    here = Spot(thing=thing, cell="")
    for other, steps in picture.placements.items():
        if _is_marked(picture.cartridges[other], from_entry):
            continue
        for number, step in enumerate(steps):
            gone = steps[number + 1].entry_index if number + 1 < len(steps) else to_entry + 1
            if step.end == here and step.entry_index <= to_entry and gone > from_entry:
                yield other
                break


def _came_whole(picture: Picture, round_id: Id) -> bool:
    """Whether every step of a round goes on where the one before ended, from a receipt of two on, and all still stand."""
    steps = _steps_of(picture, round_id)
    if any(step.entry_index in picture.doubted for step in steps):
        return False
    whole = all(_meets(before, step) for before, step in pairwise(steps))
    return whole and _receipt_entries(picture, steps[0], round_id) is not None


def _break_between(picture: Picture, round_id: Id, before: Placement | None, step: Placement) -> Gap | None:
    """The gap between two steps that do not join, or None."""
    if before is None or _joins(picture, round_id, before, step):
        return None
    why = "only_reported" if step.reported or before.reported else "steps_do_not_join"
    why = "not_told_apart" if _meets(before, step) else why
    return _gap(picture, round_id, before.entry_index, step.entry_index, why=why)


def _receipt_entries(picture: Picture, first: Placement, round_id: Id) -> tuple[int, int] | None:
    """The supplier's and the receiver's entries when the first step is a receipt both signed, else None."""
    cartridge = picture.cartridges.get(round_id)
    if first.act != "received" or first.reported or first.end is None or cartridge is None:
        return None
    both = receipt_of(picture, cartridge.lot, first.end.thing, got_entry=first.entry_index)
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
    stays = tuple(_stays(picture, round_id, from_entry, to_entry))
    access = _access_over(picture, stays)
    holder, is_told = _holder_at(picture, round_id, from_entry if from_entry is not None else to_entry)
    return Gap(
        from_entry=from_entry,
        to_entry=to_entry,
        why=why,
        last_recorded_holder=holder,
        holder_is_told=is_told,
        access=access,
        recording=recording_between(picture, from_entry, to_entry, where=tuple(_where(picture, stays))),
        seconds=seconds_between(picture, from_entry, to_entry),
        within=within,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """A thing a round may have lain in from one entry to another; `own` where the thing is a person who said so himself."""

    thing: Id
    start: int
    end: int
    own: bool


def _stays(picture: Picture, round_id: Id, from_entry: int | None, to_entry: int) -> Iterator[_Stay]:
    """Every thing the round may have lain in during a gap, with the first and last entry of it, oldest first.

    Where the record has it, from one step to the next; and where a step begins elsewhere than the one before ended,
    that spot too, over the whole time between the two: when it came there is what nobody recorded.
    """
    edge = from_entry if from_entry is not None else 0
    lay: Placement | None = None
    for step in _steps_of(picture, round_id):
        if step.entry_index > to_entry:
            break
        since = max(edge, lay.entry_index) if lay is not None else edge
        if step.entry_index > edge or from_entry is None:
            if lay is not None and lay.end is not None:
                own = _is_own_word(picture, lay, lay.end.thing)
                yield _Stay(thing=lay.end.thing, start=since, end=step.entry_index, own=own)
            began = step.start or step.end
            if began is not None and (lay is None or began != lay.end):
                own = _is_own_word(picture, step, began.thing)
                # What another says of a hand, he says of that moment.
                first = since if began.thing not in picture.persons or own else step.entry_index
                yield _Stay(thing=began.thing, start=first, end=step.entry_index, own=own)
        lay = step
    if lay is not None and lay.end is not None and lay.entry_index < to_entry:
        own = _is_own_word(picture, lay, lay.end.thing)
        yield _Stay(thing=lay.end.thing, start=max(edge, lay.entry_index), end=to_entry, own=own)


def _is_own_word(picture: Picture, step: Placement, person: Id) -> bool:
    return step.signer == person and not step.reported and step.entry_index not in picture.doubted


def _in_hand(stay: _Stay) -> Access:
    how = "held" if stay.own else "said_to_hold"
    reach = Reach(person=stay.thing, from_entry=stay.start, to_entry=stay.end, how=how)
    return Access(people=(reach,), unattended=(), locked=())


def _holder_at(picture: Picture, round_id: Id, entry_index: int) -> tuple[Id, bool]:
    """The last person recorded, at or before `entry_index`, as having what the round lay in then; "" if nobody was.

    And whether he is only said to have had it. What was taken back or disputed names nobody.
    """
    steps = _steps_of(picture, round_id)
    standing = [step for step in steps if step.entry_index not in picture.doubted]
    lay = next((step for step in reversed(standing) if step.entry_index <= entry_index and step.end is not None), None)
    lay = lay or next((step for step in standing if step.start or step.end), None)
    if lay is None:
        return "", False
    spot = lay.end if lay.entry_index <= entry_index and lay.end is not None else lay.start or lay.end
    assert spot is not None, "the step says where it begins or ends"
    if spot.thing in picture.persons:
        return spot.thing, not _is_own_word(picture, lay, spot.thing)
    newest: tuple[int, Id, bool] = (-1, "", False)
    for spell in _spells(picture, spot.thing, 0, entry_index):
        held = spell.held
        if held is None or held.hold is not Hold.PERSON or held.entry_index in picture.doubted:
            continue
        if held.who and spell.start >= newest[0]:
            newest = (spell.start, held.who, held.reported)
    return newest[1], newest[2]


def seconds_between(picture: Picture, from_entry: int | None, to_entry: int) -> int | None:
    """Seconds between two entries by the hub's wall clock; None without a near side, or where one only tells a report."""
    if from_entry is None:
        return None
    near, far = picture.entry_acts[from_entry], picture.entry_acts[to_entry]
    first, last = picture.journal[near], picture.journal[far]
    if isinstance(first.act, a.Reported) or isinstance(last.act, a.Reported):
        return None
    return int((datetime.fromisoformat(last.at) - datetime.fromisoformat(first.at)).total_seconds())


def recording_between(
    picture: Picture, from_entry: int | None, to_entry: int, *, where: tuple[tuple[frozenset[str], Id], ...]
) -> Recording:
    """Whether coverage entries say that recording was on over the whole span, part of it, or not at all.

    `where` are the places that are asked about, each with the subjects of which one has to be recorded there.
    """
    edge = from_entry if from_entry is not None else 0
    on = (covering(picture, subjects=subjects, places=(place,), start=edge, end=to_entry) for subjects, place in where)
    if from_entry is not None and where and all(on):
        return "on"
    touched = (is_touched(picture, subjects=subjects, start=edge, end=to_entry) for subjects, _ in where)
    return "part" if any(touched) else "off"


def _where(picture: Picture, stays: tuple[_Stay, ...]) -> Iterator[tuple[frozenset[str], Id]]:
    """Where a round lay in a gap, as far as the record says, and of what a coverage there has to be."""
    for stay in stays:
        if stay.thing in picture.persons:
            yield OF_ROUNDS, place_of(picture, Hold.PERSON, stay.thing, start=stay.start, end=stay.end)
        elif stay.thing in picture.places:
            yield OF_ROUNDS, stay.thing
        else:
            subjects = OF_ROUNDS | OF_GUNS if stay.thing in picture.guns else OF_ROUNDS
            for spell in _spells(picture, stay.thing, stay.start, stay.end):
                held = spell.held
                if held is None:
                    yield subjects, ANYWHERE
                elif held.hold is not Hold.INSIDE:
                    yield subjects, place_of(picture, held.hold, held.who, start=spell.start, end=spell.last)


# --- access --------------------------------------------------------------------------------------------------------


def access_to(picture: Picture, thing: Id, *, from_entry: int, to_entry: int) -> Access:
    """Everyone who could reach `thing` from after `from_entry` to after `to_entry`, both moments included.

    Who had it, or what it lay in ("held", "held_what_it_was_in"); who is only said to have had it, or whose having it was
    taken back or disputed ("said_to_hold"); who signed an act about it ("handled"); and, while it
    was unattended, who was entered at that place, at one inside it or at one around it ("was_present"). A time of which
    no entry says who had it counts as unattended at a place nobody recorded. Under lock nobody is named: who has the
    key is not in the record.
    """
    if thing in picture.persons:
        return Access(
            people=(Reach(person=thing, from_entry=from_entry, to_entry=to_entry, how="held"),),
            unattended=(),
            locked=(),
        )
    people: list[Reach] = []
    unattended: list[Interval] = []
    locked: list[Interval] = []
    for spell in _spells(picture, thing, from_entry, to_entry):
        hold, who = (spell.held.hold, spell.held.who) if spell.held is not None else (Hold.UNKNOWN, "")
        kept = Interval(thing=spell.thing, place=who, hold=hold, from_entry=spell.start, to_entry=spell.end)
        match hold:
            case Hold.PERSON:
                how = "held" if spell.thing == thing else "held_what_it_was_in"
                if spell.held is None or spell.held.reported or spell.held.entry_index in picture.doubted:
                    how = "said_to_hold"
                people.append(Reach(person=who, from_entry=spell.start, to_entry=spell.end, how=how))
            case Hold.UNATTENDED | Hold.DISPUTED | Hold.UNKNOWN:
                unattended.append(kept)
                people.extend(_present(picture, who, spell))
            case Hold.LOCKED if spell.held is not None and _is_locked(picture, spell):
                locked.append(kept)
            case Hold.LOCKED:
                # Said by somebody whose it was not to lock, only told, or taken back: it may have lain there open.
                unattended.append(replace(kept, hold=Hold.UNATTENDED))
                people.extend(_present(picture, who, spell))
            case Hold.INSIDE:
                pass
    people.extend(_handlers(picture, thing, from_entry, to_entry))
    return Access(people=_distinct(people), unattended=_joined(unattended), locked=_joined(locked))


def access_to_item(picture: Picture, item: Id, *, from_entry: int, to_entry: int) -> Access:
    """`access_to` for a gun or container; for a round, what it lay in one after the other, each while it lay there."""
    if item not in picture.cartridges:
        return access_to(picture, item, from_entry=from_entry, to_entry=to_entry)
    stays = tuple(_stays(picture, item, from_entry, to_entry))
    return _access_over(picture, stays)


def _access_over(picture: Picture, stays: tuple[_Stay, ...]) -> Access:
    return _merged(
        _in_hand(stay)
        if stay.thing in picture.persons
        else access_to(picture, stay.thing, from_entry=stay.start, to_entry=stay.end)
        for stay in stays
    )


NESTED: Final = 8
"""How deep things lie in things: a box in a bag in a cart in a vault is four. A circle ends here too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spell:
    """One custody of one thing within a span: it held after entry `start` to after entry `last`, and `end` ended it.

    `held` is None for the time before any act said who had the thing.
    """

    thing: Id
    held: Custody | None
    start: int
    last: int
    end: int


def _spells(picture: Picture, thing: Id, from_entry: int, to_entry: int, depth: int = 0) -> Iterator[_Spell]:
    """The custody of `thing` and of what it lay in, clipped to the span; one ended by its own entry is there at it."""
    history = picture.custody.get(thing, [])
    known_from = history[0].entry_index if history else to_entry + 1
    if from_entry < known_from:
        last = min(known_from - 1, to_entry)
        yield _Spell(thing=thing, held=None, start=from_entry, last=last, end=min(known_from, to_entry))
    for number, held in enumerate(history):
        until = _ended_at(picture, history, number, to_entry)
        start, last = max(held.entry_index, from_entry), min(max(until - 1, held.entry_index), to_entry)
        if start > last:
            continue
        yield _Spell(thing=thing, held=held, start=start, last=last, end=min(until, to_entry))
        if held.hold is Hold.INSIDE and depth < NESTED:
            yield from _spells(picture, held.who, start, last, depth + 1)


def _ended_at(picture: Picture, history: Sequence[Custody], number: int, to_entry: int) -> int:
    """The entry that ended a custody: the next one, and for what somebody says to have in hand himself the next that counts.

    His own, or that of whoever has it then. What is only told, was taken back or comes from a stranger takes it from
    nobody's hand: what is in doubt may have happened, and what it displaced may have gone on.
    """
    held, later = history[number], history[number + 1 :]
    if held.hold is Hold.PERSON and held.signer == held.who and _stands(picture, held):
        later = [
            one
            for one in later
            if _stands(picture, one) and (one.signer == held.who or (one.hold is Hold.PERSON and one.signer == one.who))
        ]
    return later[0].entry_index if later else to_entry + 1


def _stands(picture: Picture, held: Custody) -> bool:
    return not held.reported and held.entry_index not in picture.doubted


def _is_locked(picture: Picture, spell: _Spell) -> bool:
    history = picture.custody[spell.thing]
    number = next(n for n, one in enumerate(history) if one is spell.held)
    return was_his_to_put(picture, history[: number + 1])


def _present(picture: Picture, place: Id, spell: _Spell) -> Iterator[Reach]:
    """Who was entered at `place`, inside it or around it, while something was left there."""
    around = set(_around(picture, place))
    for known in picture.presences:
        until = known.to_entry if known.to_entry is not None else spell.end + 1
        if known.from_entry > spell.last or max(until - 1, known.from_entry) < spell.start:
            continue
        if known.place in around or place in _around(picture, known.place):
            yield Reach(
                person=known.person,
                from_entry=max(spell.start, known.from_entry),
                to_entry=min(spell.end, until),
                how="was_present",
            )


def _around(picture: Picture, place: Id) -> tuple[Id, ...]:
    """The place itself and every place it lies in; () for a place that is not registered."""
    out: list[Id] = []
    while place in picture.places and place not in out:
        out.append(place)
        place = picture.places[place].parent
    return tuple(out)


def _handlers(picture: Picture, thing: Id, from_entry: int, to_entry: int) -> Iterator[Reach]:
    known = {entry for entry in picture.thing_entries.get(thing, ()) if from_entry <= entry <= to_entry}
    for done in _done_between(picture, from_entry, to_entry):
        # What somebody is only said to have done is not his signature.
        told = done.act if isinstance(done.act, a.Reported) else None
        act = told.told if told is not None else done.act
        if done.entry_index in known or (isinstance(act, _BY_HAND) and thing in _touched(act)):
            who, how = (told.who, "told_of") if told is not None else (done.by, "handled")
            yield Reach(person=who, from_entry=done.entry_index, to_entry=done.entry_index, how=how)
    for held in picture.custody.get(thing, ()):
        if from_entry <= held.entry_index <= to_entry and not held.reported:
            yield Reach(person=held.signer, from_entry=held.entry_index, to_entry=held.entry_index, how="handled")


def _done_between(picture: Picture, from_entry: int, to_entry: int) -> Sequence[Done]:
    first, after = max(0, from_entry), to_entry + 1
    if first >= picture.size:
        return ()
    end = picture.entry_acts[after] if after < picture.size else len(picture.journal)
    return picture.journal[picture.entry_acts[first] : end]


_BY_HAND: Final = (
    a.InspectedIn, a.LeftProduction, a.Delivered, a.Received, a.BroughtIn, a.SealApplied, a.SealBroken, a.CarriedTo,
    a.SetApart, a.PickedUp, a.PutDown, a.Locked, a.Stowed, a.HandedOver, a.Taken, a.Moved, a.Poured, a.RoundsTested,
    a.Counted, a.RoundFound, a.Disposed, a.Cleared, a.Answered, a.Loaded, a.Unloaded, a.MagazineInserted,
    a.MagazineRemoved, a.Turned, a.TurnSeen, a.Showed, a.Discharged, a.GunMishap, a.ConditionNoted, a.EvidenceTaken,
)  # fmt: skip
"""The acts of somebody who has a thing in his hands, or his hands in it. A look, a word or a scan is none."""
_THINGS: Final = ("gun", "container", "item", "thing", "start", "end")


def _touched(act: a.OwnAct) -> frozenset[Id]:
    """The guns, containers and rounds that one act by hand says it touched."""
    named = {getattr(act, field, "") for field in _THINGS}
    rows = {getattr(row, "thing", "") for row in getattr(act, "rows", ())}
    return frozenset((named | rows) - {""})


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
    """Containers and guns the round was in, all that exchanged rounds with those since, and the rest of its lot."""
    out: dict[Id, Secure] = {}
    for step in chain + (gap.within if gap is not None else ()):
        for spot in (step.end, step.start):
            if spot is not None and (spot.thing in picture.containers or spot.thing in picture.guns):
                out.setdefault(spot.thing, Secure(item=spot.thing, why="it_was_in", entry_index=step.entry_index))
    since = gap.from_entry if gap is not None and gap.from_entry is not None else 0
    for thing, entry in _exchanged(picture, tuple(out), since=since):
        out.setdefault(thing, Secure(item=thing, why="exchanged_rounds", entry_index=entry))
    for thing in tuple(out):
        for other in picture.rounds_in.get(thing, {}):
            if other != round_id:
                out.setdefault(other, Secure(item=other, why="lies_where_it_was", entry_index=out[thing].entry_index))
        # Of rounds that were only counted nobody knows which is which: whatever lot came in there may be the find's.
        for lot in picture.loose.get(thing, {}):
            if lot:
                out.setdefault(lot, Secure(item=lot, why="lies_where_it_was", entry_index=out[thing].entry_index))
    for item in _of_its_lot(picture, round_id):
        out.setdefault(item.item, item)
    return tuple(sorted(out.values(), key=lambda item: (SECURE_ORDER.index(item.why), item.entry_index, item.item)))


SECURE_ORDER: Final = ("it_was_in", "exchanged_rounds", "same_lot", "holds_the_same_lot", "lies_where_it_was")
"""What to fetch first, first."""


def _of_its_lot(picture: Picture, round_id: Id) -> Iterator[Secure]:
    cartridge = picture.cartridges.get(round_id)
    if cartridge is None or not cartridge.lot:
        return
    entry = picture.lots[cartridge.lot].entry_index if cartridge.lot in picture.lots else cartridge.entry_index
    yield Secure(item=cartridge.lot, why="same_lot", entry_index=entry)
    for other, spot in picture.spots.items():
        if other != round_id and picture.cartridges[other].lot == cartridge.lot and spot.thing not in picture.places:
            yield Secure(item=spot.thing, why="holds_the_same_lot", entry_index=entry)


def _exchanged(picture: Picture, starts: tuple[Id, ...], *, since: int) -> Iterator[tuple[Id, int]]:
    """Every gun and container that exchanged rounds with `starts` since an entry, directly or through others."""
    reached = set(starts)
    edges = [edge for edge in _exchanges(picture) if edge[0] >= since]
    grew = bool(starts)
    while grew:
        grew = False
        for entry, one, other in edges:
            for near, far in ((one, other), (other, one)):
                if near in reached and far not in reached:
                    reached.add(far)
                    grew = True
                    yield far, entry


def _exchanges(picture: Picture) -> Iterator[tuple[int, Id, Id]]:
    """Entry and the two things between which rounds went, recorded or reported, or of which one lay in the other."""
    for done in picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        match act:
            case a.Loaded() | a.Unloaded():
                pairs = {(row.thing, act.gun) for row in act.rows}
            case a.Moved() | a.Poured():
                pairs = {(act.start, act.end)}
            case a.Stowed():
                pairs = {(act.item, act.container)}
            case _:
                continue
        for one, other in pairs:
            things = (one, other)
            if all(thing in picture.containers or thing in picture.guns for thing in things):
                yield done.entry_index, one, other
