"""Blind counts: when two people's counts of one thing agree with each other and with the record.

Nobody is shown the expected number; the two counts are two acts by two people since the day opened. A count that is
off ends the proofs of what was counted (V12), and stops the set when it is off again; it does not say who miscounted or
what is missing.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.acts import Counted
from coldcheck.custody.picture import (
    CountOff,
    CountPair,
    Picture,
    expected_count,
    fed_by,
    hand_on,
    has_places,
    is_handler,
    lies_in,
    may_witness,
    things_within,
)
from coldcheck.custody.things import Id

_FILLS: Final = (
    a.Moved, a.Poured, a.BroughtIn, a.Received, a.Delivered, a.RoundFound, a.RoundsSeen, a.RoundsTested, a.Loaded,
    a.Unloaded, a.Stowed, a.SealBroken, a.SetApart, a.CarriedTo,
)  # fmt: skip
"""Acts that say, of a container they name, that something came into it, is in it or may have been put in."""


def open_count(picture: Picture, thing: Id) -> CountPair | None:
    """The count of `thing` that still waits for its second person, or None."""
    pair = picture.counts.get(thing)
    if pair is None or pair.second_by or pair.first_entry < picture.day_entry:
        return None
    return pair


def count_is_off(picture: Picture, *, by: Id, act: Counted) -> bool:
    """Whether `act` completes a count of two people that does not agree with the record, or contradicts the first."""
    waiting = open_count(picture, act.thing)
    if waiting is None or waiting.first_by == by:
        return False
    if waiting.first_entry in picture.doubted:
        return True
    return not act.count == waiting.first_count == expected_count(picture, act.thing)


def count_is_unexplained(picture: Picture, *, by: Id, act: Counted) -> bool:
    """Whether two people counted again what was off, found the same number, and it still is not the record's.

    One count that is off may be a slip, or be explained by what is entered next: it bars calls and is counted again.
    Where rounds came or went by the record between the two, the counts are of two states and say nothing of either.
    """
    waiting = open_count(picture, act.thing)
    if waiting is None or not count_is_off(picture, by=by, act=act) or waiting.first_entry in picture.doubted:
        return False
    same = act.count == waiting.first_count and expected_count(picture, act.thing) == waiting.first_expected
    return same and any(len(picture.counts_off[number].counts) > 1 for number in picture.off_open.get(act.thing, ()))


def off_with(picture: Picture, *, by: Id, act: Counted, entry_index: int) -> CountOff | None:
    """The count that `act` makes, when it is off: two people's, or one's alone of a gun or what feeds one. Else None."""
    waiting, expected = open_count(picture, act.thing), expected_count(picture, act.thing)
    counts: tuple[int, ...]
    entries: tuple[int, ...]
    if count_is_off(picture, by=by, act=act):
        assert waiting is not None, "only a second count is off by itself"
        counts, entries = (waiting.first_count, act.count), (waiting.first_entry, entry_index)
    elif (act.thing in picture.guns or act.thing in picture.magazines) and act.count != expected:
        counts, entries = (act.count,), (entry_index,)
    else:
        return None
    return CountOff(thing=act.thing, expected=expected, counts=counts, entries=entries, settled=())


def with_count(picture: Picture, *, by: Id, act: Counted, entry_index: int) -> CountPair:
    """The count of `act.thing` after this act: a first count, or a pair with its agreement."""
    waiting = open_count(picture, act.thing)
    if waiting is None or waiting.first_by == by:
        return CountPair(
            first_by=by,
            first_count=act.count,
            first_entry=entry_index,
            first_expected=expected_count(picture, act.thing),
            second_by="",
            second_count=0,
            second_entry=-1,
            agreed=False,
        )
    # A count that was taken back or disputed agrees with nobody's.
    agreed = not count_is_off(picture, by=by, act=act)
    return CountPair(
        first_by=waiting.first_by,
        first_count=waiting.first_count,
        first_entry=waiting.first_entry,
        first_expected=waiting.first_expected,
        second_by=by,
        second_count=act.count,
        second_entry=entry_index,
        agreed=agreed,
    )


def balance_of(picture: Picture, lot: Id) -> int:
    """How many rounds of `lot` are missing by people's own acts (below 0: too many); 0 when everything is accounted for.

    Arrived = lying in containers and guns, spent cases among them + returned, destroyed or declared lost.
    """
    loose = sum(lots.get(lot, 0) for lots in picture.own_loose.values())
    return picture.arrived.get(lot, 0) - picture.present.get(lot, 0) - loose - picture.gone.get(lot, 0)


def cells_fit(act: a.Received) -> bool:
    """Whether a receipt's cells, where it has any, are as many as it is for, and name no cell and no round twice."""
    names = [row.round_id for row in act.cells if row.round_id]
    cells = [row.cell for row in act.cells if row.cell]
    alone = len({*names}) == len(names) and len({*cells}) == len(cells)
    return not act.cells or (len(act.cells) == act.count and alone)


def counted_today(picture: Picture, thing: Id) -> bool:
    """Whether two people counted `thing` since the day opened and agreed with each other and the record."""
    pair = picture.counts.get(thing)
    if pair is None or pair.first_entry in picture.doubted or pair.second_entry in picture.doubted:
        return False
    return pair.agreed and pair.first_entry >= picture.day_entry


def counted_by_two(picture: Picture, thing: Id) -> bool:
    """Whether a handler and a second person counted `thing` today, and agreed with each other and the record."""
    if not counted_today(picture, thing):
        return False
    one, two = picture.counts[thing].first_by, picture.counts[thing].second_by
    return any(is_handler(picture, x) and may_witness(picture, y) for x, y in ((one, two), (two, one)))


def counted_empty(picture: Picture, thing: Id) -> bool:
    """Whether a handler and a second person counted `thing` today, found nothing in it, and nothing was said of it since."""
    pair = picture.counts.get(thing)
    if pair is None or pair.first_count or not counted_by_two(picture, thing):
        return False
    alone, _ = picture.left_alone_at.get(thing, (-1, ""))
    if pair.first_entry <= max(alone, picture.filled_at.get(thing, -1)):
        return False
    return not picture.rounds_in.get(thing) and expected_count(picture, thing) == 0


def note_fills(picture: Picture, *, by: Id, act: a.Act, entry_index: int) -> None:
    """Notes at which magazine or belt an act says that something is or came in it: a count before that is of another time."""
    if len(picture.kernel.gc) == len(picture.guns) and not picture.magazines:
        return
    told = act.told if isinstance(act, a.Reported | a.HeldOut) else act
    if not _may_fill(picture, by, told, told_only=told is not act):
        return
    names = a.ids_in(a.plain(told))
    if isinstance(told, a.CarriedTo):
        names = names.union(fed_by(picture, told.item))
    for name in names:
        for thing in _fed_within(picture, name):
            picture.filled_at[thing] = entry_index


def _may_fill(picture: Picture, by: Id, act: a.Act, *, told_only: bool) -> bool:
    outside = told_only or not is_handler(picture, by)
    match act:
        case a.PickedUp() | a.Taken() | a.MagazineRemoved():
            return outside
        case a.MagazineInserted(container=thing):
            # Held out to another, or in his hand, it was not in the hand that is said to have put it in.
            return outside or thing in picture.offers or hand_on(picture, thing) not in {by, ""}
        case a.ContainerRegistered(container=thing):
            known = picture.containers.get(thing)
            return known is not None and (known.kind, known.cells) != (act.kind, act.cells)
        case a.Cleared() | a.Answered() | a.Seen():
            return any(row.holds is not a.Holds.EMPTY for row in act.answers)
        case _:
            return isinstance(act, _FILLS)


def _fed_within(picture: Picture, name: Id) -> tuple[Id, ...]:
    """Every magazine or belt among `name` and what lies in it; what happens to a gun is asked elsewhere."""
    if name in picture.guns:
        return ()
    return tuple(
        thing for thing in things_within(picture, name) if has_places(picture, thing) or thing in picture.magazines
    )


def in_other_hands_since_counted(picture: Picture, thing: Id) -> bool:
    """Whether hands that are no handler's were on `thing`, or in it, since it was counted, and are not any more."""
    pair = picture.counts.get(thing)
    holder = hand_on(picture, thing)
    back = not holder or is_handler(picture, holder)
    return pair is not None and back and pair.first_entry < picture.other_hands_at.get(thing, -1)


def left_since_counted(picture: Picture, thing: Id, *, place: Id) -> bool:
    """Whether `thing` was out of everybody's hand since it was counted, at `place`, or is in no performer's hand now.

    A belt that was laid down elsewhere and taken up again by who wears it is not asked for: its rounds are unproven.
    """
    pair = picture.counts.get(thing)
    entry_index, where = picture.left_alone_at.get(thing, (-1, ""))
    if pair is None or entry_index <= pair.first_entry:
        return False
    holder = hand_on(picture, thing)
    return not where or lies_in(picture, where, place) or not holder or is_handler(picture, holder)
