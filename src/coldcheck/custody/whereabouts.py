"""Which rounds a word about some place or lot concerns, beyond those it names: what lies there, and what came from there.

A round without a mark is known by the cell it lies in and by nothing else. Who names it somewhere else, or has another
one in its cell, may have either of them in his hand; and what was tested in a tray leans on what is said of the tray
until two people test it again elsewhere. Does not: decide or change anything; `moves` turns the answers into endings.
"""

from itertools import chain, takewhile
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, acts_of_entry, is_handler, locked_away, rounds_within
from coldcheck.custody.things import Hold, Id, Lot, PlaceClass, Relation, Role, RoundKind, Spot


def mixed_up(picture: Picture, round_id: Id, thing: Id, cell: str) -> tuple[Id, ...]:
    """The rounds that one row may have taken for each other; none when the record has `round_id` where the row says.

    `thing` "" says nowhere; so does a round that the record never had anywhere.
    """
    if not round_id or not thing:
        return ()
    lies = picture.lying.get((thing, cell)) if cell else None
    if lies is not None and lies != round_id:
        return (round_id, lies)
    steps = picture.placements.get(round_id)
    if not steps:
        return ()
    # Also where it was taken from last: the second of two sheets tells of a round that the first has loaded since.
    for spot in (picture.spots.get(round_id), steps[-1].start):
        if spot is not None and _is_at(spot, thing, cell):
            return ()
    return (round_id,)


def _is_at(spot: Spot, thing: Id, cell: str) -> bool:
    return spot.thing == thing and (not cell or not spot.cell or spot.cell == cell)


def is_stranger(picture: Picture, round_id: Id) -> bool:
    """Whether a round is in no lot and was never anywhere: what it is, nobody can say by looking at it."""
    known = picture.cartridges.get(round_id)
    return known is None or (not known.lot and not picture.placements.get(round_id))


def doubled(picture: Picture, round_id: Id, thing: Id, cell: str) -> tuple[Id, ...]:
    """Both rounds, where one is put into a cell in which the record has another."""
    lies = picture.lying.get((thing, cell)) if thing and cell else None
    return (round_id, lies) if lies is not None and lies != round_id else ()


def not_told_apart(picture: Picture, round_id: Id, thing: Id, cell: str, *, back_to: Id = "") -> tuple[Id, ...]:
    """A round taken without a mark out of a bag or a hand, and those beside it that it may have been taken for.

    Where all that lie there are proven to be of its kind, it does not matter which one it was. Rounds that came out of a
    gun together and go back into it are turned around: each is tested in the hand on its way.
    """
    lies = picture.spots.get(round_id)
    if (
        not thing
        or cell
        or lies is None
        or lies.thing != thing
        or lies.cell
        or picture.cartridges[round_id].marked_entry is not None
    ):
        return ()
    kernel, known = picture.kernel, picture.cartridges[round_id]
    near = [r for r in picture.rounds_in.get(thing, {}) if r != round_id and picture.cartridges[r].marked_entry is None]
    others = [
        r for r in near if not (back_to and _came_from(picture, r, back_to) and picture.cartridges[r].lot == known.lot)
    ]
    alike = all(kernel.round_proven(r) and kernel.rk.get(r) == kernel.rk.get(round_id) for r in others)
    if alike and not any(count > 0 for count in picture.loose.get(thing, {}).values()):
        return ()
    return (round_id, *others)


def _came_from(picture: Picture, round_id: Id, gun: Id) -> bool:
    steps = picture.placements.get(round_id)
    start = steps[-1].start if steps else None
    return start is not None and start.thing == gun


def live_at_large(picture: Picture) -> tuple[tuple[Id, int], ...]:
    """Rounds that were named as live or unknown and lie where hands are, each with the entry; those put away are not."""
    named = ((r, entry) for r, (entry, live) in picture.named_live.items() if live)
    return tuple((r, entry) for r, entry in named if not _is_put_away(picture, r))


_KEPT: Final = frozenset({PlaceClass.RANGE, PlaceClass.QUARANTINE})


def live_looks(picture: Picture) -> tuple[tuple[Id, str, int], ...]:
    """Positions in which somebody saw a live or unknown round that nobody has entered: thing, position, entry.

    Those of a thing that is itself put away lie where no hands are.
    """
    return tuple(
        (thing, position, max(people.values()))
        for (thing, position), people in picture.live_seen.items()
        if people and not _lies_apart(picture, thing, {thing})
    )


def _is_put_away(picture: Picture, round_id: Id) -> bool:
    """Whether a round is out of the production, set apart, evidence, under lock, or at a place for live rounds.

    Where it may lie still, though somebody said that it went elsewhere, it must be put away as well.
    """
    if not all(_lies_apart(picture, thing, {round_id, thing}) for thing in picture.also_in.get(round_id, ())):
        return False
    lies = picture.spots.get(round_id)
    if lies is None or not lies.thing:
        return bool(_kept_by(picture, {round_id})) or _went_for_good(picture, round_id)
    return _lies_apart(picture, lies.thing, {round_id, lies.thing})


def _went_for_good(picture: Picture, round_id: Id) -> bool:
    """Whether a round that is nowhere was thrown away or destroyed by who may; what is lost, or only out of a gun, may be here."""
    steps = picture.placements.get(round_id, [])
    if not any(spot is not None and spot.thing for step in steps for spot in (step.start, step.end)):
        # Nobody ever said that it is here.
        return True
    last = steps[-1]
    how = next(
        (done.act.how for done in acts_of_entry(picture, last.entry_index) if isinstance(done.act, a.Disposed)), ""
    )
    return bool(how) and how != a.Ending.LOST and not last.reported and may_end(picture, last.signer)


def may_end(picture: Picture, who: Id) -> bool:
    """Whether `who` puts things away for good, or fetches them: a handler, the police, a supplier."""
    known = picture.persons.get(who)
    return is_handler(picture, who) or (known is not None and not known.roles.isdisjoint(_TAKE_AWAY))


_TAKE_AWAY: Final = frozenset({Role.POLICE, Role.SUPPLIER})


def _has_left(picture: Picture, thing: Id) -> bool:
    how, entry = picture.left.get(thing, ("", -1))
    held = picture.custody.get(thing)
    # Rented again, or never gone: it is here, whether or not somebody has looked at it since.
    back = entry in picture.doubted or bool(held and held[-1].entry_index > entry)
    signers = (done.by for done in acts_of_entry(picture, entry))
    return bool(how) and how != a.Ending.LOST and not back and any(may_end(picture, who) for who in signers)


def _lies_apart(picture: Picture, thing: Id, names: set[Id]) -> bool:
    """Whether a thing, or what it lies in, is set apart or evidence by who had it, has left, is locked, or at a place for it."""
    lying, held = thing, picture.custody.get(thing)
    while held and held[-1].hold is Hold.INSIDE and held[-1].who not in names:
        thing = held[-1].who
        names.add(thing)
        held = picture.custody.get(thing)
    kept = _kept_by(picture, names)
    if kept and not _is_about(picture, lying, names | {held[-1].who if held else thing}, kept):
        return True
    if any(_has_left(picture, name) for name in names) or locked_away(picture, lying) is not None:
        return True
    at = held[-1].who if held else thing
    place = picture.places.get(at) or picture.places.get(picture.presence.get(at, ""))
    return place is not None and place.place_class in _KEPT


def _kept_by(picture: Picture, names: set[Id]) -> frozenset[Id]:
    """Those of the names that are set apart or evidence, by who had them in hand."""
    return frozenset(names & picture.put_by_hand & (picture.apart.keys() | picture.held_as_evidence))


def _is_about(picture: Picture, lying: Id, names: set[Id], kept: frozenset[Id]) -> bool:
    """Whether what it lies in went into a gun that is not kept itself, or into the hand of who neither keeps nor fetches it."""
    return any(
        (name in picture.guns and name not in kept and name != lying)
        or (name in picture.persons and not may_end(picture, name))
        for name in names
    )


def same_mark(picture: Picture, act: a.RoundMarked) -> tuple[Id, ...]:
    """The rounds that a mark no longer tells apart: its bearer until now, and the one that had another mark before."""
    bearer = picture.labels.get(act.label)
    known = picture.cartridges.get(act.round_id)
    renamed = known is not None and known.label not in {"", act.label}
    if bearer not in {None, act.round_id}:
        return tuple(r for r in (act.round_id, bearer) if r in picture.cartridges)
    return (act.round_id,) if renamed else ()


def fed_from(picture: Picture, container: Id) -> tuple[Id, ...]:
    """The rounds in guns that were, since two people last tested them, in `container` or in what lies in it."""
    sources, todo = {container}, [container]
    for thing in todo:
        fresh = [inner for inner in picture.inside.get(thing, {}) if inner not in sources]
        sources.update(fresh)
        todo.extend(fresh)
    return tuple(
        r for gun in picture.kernel.gc for r in picture.kernel.rounds_in(gun) if _came_through(picture, r, sources)
    )


def _came_through(picture: Picture, round_id: Id, sources: set[Id]) -> bool:
    steps = picture.placements.get(round_id)
    if not steps:
        return False
    # In the order of their entries: where it lay before it was proven last is not walked through.
    proven = picture.proven_at.get(round_id, -1)
    since = takewhile(lambda step: step.entry_index >= proven, reversed(steps))
    return any(step.start is not None and step.start.thing in sources for step in chain(steps[-1:], since))


def leaning_on(picture: Picture, container: Id) -> tuple[Id, ...]:
    """What lies in `container`, and what came from there into a gun."""
    return tuple(dict.fromkeys((*rounds_within(picture, container), *fed_from(picture, container))))


def rounds_of_lot(picture: Picture, lot: Id) -> tuple[Id, ...]:
    """Every round of `lot` and of the lots that were made from it, as far as the record knows their parents."""
    lots = lots_from(picture, lot)
    return tuple(r for r, one in picture.cartridges.items() if one.lot in lots)


def lots_from(picture: Picture, lot: Id) -> set[Id]:
    """`lot` and every lot that was made from it, as far as the record knows their parents."""
    lots = {lot}
    # A parent is registered before or after its child: look until nothing more is found.
    while more := {
        one.lot for one in picture.lots.values() if one.lot not in lots and {who for _, who in one.parents} & lots
    }:
        lots |= more
    return lots


_SAME_ROUNDS: Final = frozenset({Relation.SPLIT_OF, Relation.REPACKED_FROM, Relation.BOUGHT_FROM, Relation.RETURNED_FROM})  # fmt: skip
"""Relations in which a lot holds the very rounds of its parent, so that both are of one kind."""


def told_alike(known: Lot, act: a.LotRegistered) -> bool:
    """Whether a lot is said to be what it was first registered as; who made it only where both say so."""
    same = (known.kind, known.calibre, known.tests, known.strong) == (act.kind, act.calibre, act.tests, act.strong)
    return same and (not known.maker or not act.maker or known.maker == act.maker)


def kin_of_another_kind(picture: Picture, act: a.LotRegistered) -> tuple[Id, ...]:
    """The rounds of every lot that is said to be the same rounds as `act`'s, and of another kind."""
    out: dict[Id, None] = {}
    for one in picture.lots.values():
        # The children that were registered before their parent.
        same = any(parent == act.lot and relation in _SAME_ROUNDS for relation, parent in one.parents)
        if same and one.kind is not act.kind:
            out.update(dict.fromkeys(rounds_of_lot(picture, one.lot)))
    return tuple(out)


def unlike_its_lot(picture: Picture, round_id: Id, kind: RoundKind) -> tuple[Id, ...]:
    """The whole lot of a round that turned out to be of another kind than its lot was said to be."""
    known = picture.cartridges.get(round_id)
    if known is None or not known.lot or kind is known.said:
        return ()
    return rounds_of_lot(picture, known.lot)
