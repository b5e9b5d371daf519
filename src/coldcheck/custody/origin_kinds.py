"""The kinds of story a record leaves open: seven exclusive classes of origin, H1 to H7, and two things that may be wrong, W1, W2.

All of them are always listed, with the entries that speak for each: an incomplete record excludes none. H7, the entry
nobody recorded, is the last and never dropped. There is no figure here, and no order by likelihood (`origin_answer`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import ContainerKind, Id, PlaceClass, Relation, RoundKind

SOURCE_KINDS: Final = (
    "as_received",
    "mixed_with_other_stock",
    "reused_or_reloaded",
    "common_ancestor",
    "worn_container",
    "brought_in_from_outside",
    "unrecorded_entry",
)
"""H1 to H7: one of them is so. In the order of `origin_columns.Source`."""
WRONG_KINDS: Final = ("wrong_inspection", "wrong_record")
"""W1 and W2: what may have been wrong on the way, beside any of them."""
HYPOTHESIS_KINDS: Final = (*SOURCE_KINDS, *WRONG_KINDS)
HYPOTHESIS_IDS: Final = ("H1", "H2", "H3", "H4", "H5", "H6", "H7", "W1", "W2")
WORN: Final = frozenset({ContainerKind.BELT, ContainerKind.POCKET})
REUSE: Final = frozenset({Relation.RELOADED_FROM, Relation.RETURNED_FROM})
MIXING: Final = frozenset({Relation.MERGED_FROM, Relation.REPACKED_FROM, Relation.SPLIT_OF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One kind of story with the entries that speak for it, oldest first, and how many of those are only reports."""

    id: str
    kind: str
    entries: tuple[int, ...]
    reported: int


def hypotheses_of(picture: Picture) -> tuple[Hypothesis, ...]:
    """Every kind of story, in fixed order: H1 to H7, W1, W2. None is left out."""
    found: dict[str, dict[int, bool]] = {kind: {} for kind in HYPOTHESIS_KINDS}
    shared = shared_ancestry(picture)
    for done in picture.journal:
        if done.entry_index in picture.doubted:
            # What somebody took back, corrected or disputes speaks for nothing; the entry that says so may.
            continue
        for kind in _kinds_of(picture, done, shared):
            found[kind].setdefault(done.entry_index, isinstance(done.act, a.Reported))
    return tuple(
        Hypothesis(id=name, kind=kind, entries=tuple(found[kind]), reported=sum(found[kind].values()))
        for name, kind in zip(HYPOTHESIS_IDS, HYPOTHESIS_KINDS, strict=True)
    )


def ancestors_of(picture: Picture, lot: Id) -> frozenset[Id]:
    """Every lot that `lot` came out of, however far back. A circle of corrections ends where it began."""
    seen: set[Id] = set()
    todo = [lot]
    while todo:
        known = picture.lots.get(todo.pop())
        for _relation, parent in known.parents if known is not None else ():
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return frozenset(seen - {lot})


def shared_ancestry(picture: Picture) -> frozenset[Id]:
    """The lots that share an ancestor with another lot which is not simply their own parent or child."""
    families = {lot: ancestors_of(picture, lot) for lot in picture.lots}
    return frozenset(
        lot
        for lot, family in families.items()
        for other, cousins in families.items()
        if other != lot and other not in family and lot not in cousins and family & cousins
    )


def _kinds_of(picture: Picture, done: Done, shared: frozenset[Id]) -> Iterator[str]:
    """Which kinds of story one act of the journal speaks for."""
    act = done.act.told if isinstance(done.act, a.Reported) else done.act
    if isinstance(done.act, a.Reported) and done.act.grade is a.Grade.CONTRADICTORY:
        yield "wrong_record"
    match act:
        case a.Received(lot=lot) | a.Delivered(lot=lot):
            yield "mixed_with_other_stock" if is_live(picture, lot) else "as_received"
        case a.Poured():
            yield "mixed_with_other_stock"
        case a.BroughtIn(item=item):
            yield "worn_container" if is_worn(picture, item) else "as_received"
            yield "brought_in_from_outside"
        case a.PutDown() | a.PlaceRegistered(place_class=PlaceClass.PRIVATE):
            yield "brought_in_from_outside"
        case a.Showed(positions=positions):
            gun = picture.guns.get(act.gun)
            if gun is not None and len([name for name in positions if name.isdigit()]) < gun.chambers:
                yield "wrong_inspection"
        case a.Disputed() | a.Retracted():
            yield "wrong_record"
        case a.RoundFound(thing=thing) if is_worn(picture, thing):
            yield "worn_container"
        case a.LotRegistered():
            yield from _kinds_of_lot(act, is_shared=act.lot in shared)
        case _:
            pass


def is_live(picture: Picture, lot: Id) -> bool:
    """Whether a lot is said to be of live rounds."""
    known = picture.lots.get(lot)
    return known is not None and known.kind is RoundKind.LIVE


def is_worn(picture: Picture, thing: Id) -> bool:
    """Whether a thing is a belt or a pocket."""
    known = picture.containers.get(thing)
    return known is not None and known.kind in WORN


def _kinds_of_lot(lot: a.LotRegistered, *, is_shared: bool) -> Iterator[str]:
    """Which kinds of story the parents of a lot speak for, and their absence."""
    relations = {row.relation for row in lot.parents}
    # A batch nobody tells the history of may be anybody's reloads.
    untold = not lot.parents and lot.kind in {RoundKind.LIVE, RoundKind.UNKNOWN}
    if untold or relations & REUSE:
        yield "reused_or_reloaded"
    if relations & MIXING:
        yield "mixed_with_other_stock"
    if Relation.DRESSED_IN in relations:
        yield "worn_container"
    if is_shared:
        yield "common_ancestor"
