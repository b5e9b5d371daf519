"""Blind counts: when two people's counts of one thing agree with each other and with the record.

Nobody is shown the expected number; the two counts are two acts by two people since the day opened. A count that is
off ends the proofs of what was counted (V12); it does not say who miscounted or what is missing.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.acts import Counted
from coldcheck.custody.picture import CountPair, Picture, expected_count, hand_on, has_places, is_handler
from coldcheck.custody.things import Id

_FILLS: Final = (
    a.Moved, a.Poured, a.BroughtIn, a.Received, a.Delivered, a.RoundFound, a.RoundsSeen, a.RoundsTested, a.Loaded,
    a.Unloaded, a.Stowed, a.SealBroken, a.SetApart,
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


def with_count(picture: Picture, *, by: Id, act: Counted, entry_index: int) -> CountPair:
    """The count of `act.thing` after this act: a first count, or a pair with its agreement."""
    waiting = open_count(picture, act.thing)
    if waiting is None or waiting.first_by == by:
        return CountPair(
            first_by=by,
            first_count=act.count,
            first_entry=entry_index,
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


def counted_today(picture: Picture, thing: Id) -> bool:
    """Whether two people counted `thing` since the day opened and agreed with each other and the record."""
    pair = picture.counts.get(thing)
    if pair is None or pair.first_entry in picture.doubted or pair.second_entry in picture.doubted:
        return False
    return pair.agreed and pair.first_entry >= picture.day_entry


def counted_empty(picture: Picture, thing: Id) -> bool:
    """Whether two people counted `thing` today and found nothing in it, and the record has put nothing in since."""
    pair = picture.counts.get(thing)
    if pair is None or pair.first_count or not counted_today(picture, thing):
        return False
    alone, _ = picture.left_alone_at.get(thing, (-1, ""))
    if pair.first_entry <= max(alone, picture.filled_at.get(thing, -1)):
        return False
    return not picture.rounds_in.get(thing) and expected_count(picture, thing) == 0


def note_fills(picture: Picture, *, by: Id, act: a.Act, entry_index: int) -> None:
    """Notes at which magazine or belt an act says that something is or came in it: a count before that is of another time."""
    told = act.told if isinstance(act, a.Reported | a.HeldOut) else act
    fills = isinstance(told, _FILLS) or (isinstance(told, a.MagazineInserted) and not is_handler(picture, by))
    if not fills or len(picture.kernel.gc) == len(picture.guns):
        return
    for name in a.ids_in(a.plain(told)):
        if has_places(picture, name):
            picture.filled_at[name] = entry_index


def left_since_counted(picture: Picture, thing: Id, *, place: Id) -> bool:
    """Whether `thing` was out of everybody's hand since it was counted, at `place`, or is in no performer's hand now.

    A belt that was laid down elsewhere and taken up again by who wears it is not asked for: its rounds are unproven.
    """
    pair = picture.counts.get(thing)
    entry_index, where = picture.left_alone_at.get(thing, (-1, ""))
    if pair is None or entry_index <= pair.first_entry:
        return False
    holder = hand_on(picture, thing)
    return where in {place, ""} or not holder or is_handler(picture, holder)
