"""When recording was on: which coverage entries together say that a span of the record has no hole.

A coverage says of one subject at one place. What is asked of no place in particular is asked of the whole production: of
every place that the record has and that lies in no other. Does not: say that anything was entered, or should have been.
"""

from collections.abc import Iterable
from typing import Final

from coldcheck.custody.picture import Coverage, Picture, lies_in
from coldcheck.custody.things import Hold, Id

EVERYTHING: Final = "everything"
"""A coverage of this subject covers every kind of act."""
OF_ROUNDS: Final = frozenset({"rounds", "ammunition", EVERYTHING})
OF_GUNS: Final = frozenset({"guns", EVERYTHING})
ANYWHERE: Final = ""
"""In place of a place: the whole production."""


def covering(
    picture: Picture, *, subjects: frozenset[str], places: Iterable[Id], start: int, end: int
) -> tuple[Coverage, ...]:
    """The coverage entries that span `start` to `end` without a hole at each of `places`; empty when one has a hole."""
    if picture.boots_between(start, end):
        # The hub stood still in between: what happened meanwhile is on paper, if anywhere.
        return ()
    used: dict[Coverage, None] = {}
    for place in places:
        found = _at(picture, subjects, place, start, end)
        if not found and place == ANYWHERE:
            found = _at_every(picture, subjects, start, end)
        if not found:
            return ()
        used.update(dict.fromkeys(found))
    return tuple(used)


def is_touched(picture: Picture, *, subjects: frozenset[str], start: int, end: int) -> bool:
    """Whether any coverage of these subjects, wherever it is, meets the span."""
    return any(
        known.subject in subjects and known.opened_entry < end and start < _closed(known, end)
        for known in picture.coverage
    )


def _at_every(picture: Picture, subjects: frozenset[str], start: int, end: int) -> tuple[Coverage, ...]:
    whole = [_at(picture, subjects, place, start, end) for place in outermost(picture)]
    return tuple(known for found in whole for known in found) if whole and all(whole) else ()


def outermost(picture: Picture) -> tuple[Id, ...]:
    """The places that lie in no other that the record has: together they are the production's whole."""
    return tuple(place for place, known in picture.places.items() if known.parent not in picture.places)


def _at(picture: Picture, subjects: frozenset[str], place: Id, start: int, end: int) -> tuple[Coverage, ...]:
    fitting = sorted(
        (c for c in picture.coverage if c.subject in subjects and _is_of(picture, c, place)),
        key=lambda known: known.opened_entry,
    )
    used: list[Coverage] = []
    reached = start
    for known in fitting:
        closed = _closed(known, picture.size - 1)
        if known.opened_entry <= reached <= closed:
            used.append(known)
            reached = max(reached, closed)
            if reached >= end:
                return tuple(used)
    return ()


def _is_of(picture: Picture, known: Coverage, place: Id) -> bool:
    return known.place == ANYWHERE or lies_in(picture, place, known.place)


def _closed(known: Coverage, open_until: int) -> int:
    return known.closed_entry if known.closed_entry is not None else open_until


def place_of(picture: Picture, hold: Hold, who: Id, *, start: int, end: int) -> Id:
    """Where something was that was held so from `start` to `end`; ANYWHERE where the record does not say."""
    match hold:
        case Hold.LOCKED | Hold.UNATTENDED:
            return who if who in picture.places else ANYWHERE
        case Hold.PERSON:
            spells = (one for one in picture.presences if one.person == who and one.from_entry <= start)
            until = ((one.place, one.to_entry if one.to_entry is not None else end) for one in spells)
            return next((place for place, last in until if last >= end), ANYWHERE)
        case _:
            return ANYWHERE
