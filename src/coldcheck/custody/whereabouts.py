"""Which rounds a word about some place or lot concerns, beyond those it names: what lies there, and what came from there.

A round without a mark is known by the cell it lies in and by nothing else. Who names it somewhere else, or has another
one in its cell, may have either of them in his hand; and what was tested in a tray leans on what is said of the tray
until two people test it again elsewhere. Does not: decide or change anything; `moves` turns the answers into endings.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, rounds_within
from coldcheck.custody.things import Id, Relation, RoundKind, Spot


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
    known = (picture.spots.get(round_id), steps[-1].start)
    return () if any(spot is not None and _is_at(spot, thing, cell) for spot in known) else (round_id,)


def _is_at(spot: Spot, thing: Id, cell: str) -> bool:
    return spot.thing == thing and (not cell or not spot.cell or spot.cell == cell)


def doubled(picture: Picture, round_id: Id, thing: Id, cell: str) -> tuple[Id, ...]:
    """Both rounds, where one is put into a cell in which the record has another."""
    lies = picture.lying.get((thing, cell)) if thing and cell else None
    return (round_id, lies) if lies is not None and lies != round_id else ()


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
    proven = max((entry for entry, what in picture.proofs.get(round_id, ()) if what == "proven"), default=-1)
    starts = [steps[-1].start, *(step.start for step in steps if step.entry_index >= proven)]
    return any(start is not None and start.thing in sources for start in starts)


def leaning_on(picture: Picture, container: Id) -> tuple[Id, ...]:
    """What lies in `container`, and what came from there into a gun."""
    return tuple(dict.fromkeys((*rounds_within(picture, container), *fed_from(picture, container))))


def rounds_of_lot(picture: Picture, lot: Id) -> tuple[Id, ...]:
    """Every round of `lot` and of the lots that were made from it, as far as the record knows their parents."""
    lots = {lot}
    # A parent is registered before or after its child: look until nothing more is found.
    while True:
        more = {
            one.lot for one in picture.lots.values() if one.lot not in lots and {who for _, who in one.parents} & lots
        }
        if not more:
            break
        lots |= more
    return tuple(r for r, one in picture.cartridges.items() if one.lot in lots)


_SAME_ROUNDS: Final = frozenset({Relation.SPLIT_OF, Relation.REPACKED_FROM, Relation.BOUGHT_FROM, Relation.RETURNED_FROM})  # fmt: skip
"""Relations in which a lot holds the very rounds of its parent, so that both are of one kind."""


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
