"""What one call is about when a gun is fed: the gun, and every magazine or belt in it, each with positions of its own.

To the kernel a magazine is a thing with positions, like a gun, so what is proved of one is proved of the other. A call on
the gun is one claim on each of them, by the same caller, with the same witness and the same receiver, and stands while
all of them stand. Does not: change anything, or know which round goes up next.
"""

from typing import assert_never

from coldcheck.custody import acts as a
from coldcheck.custody.counts import counted_empty
from coldcheck.custody.kernel import EMPTY, Move
from coldcheck.custody.picture import CallPart, Picture, fed_by, has_places, places_of
from coldcheck.custody.things import Id, RoundKind


def claim_moves(picture: Picture, gun: Id, called: CallPart) -> tuple[Move, ...]:
    """The kernel's claim rows for a call, with the caller as their signer: the gun's, then one for each magazine in it.

    A loaded call is over all of them together: where the record has no round, that part is claimed empty.
    """
    by = called.by
    match called.call:
        case a.CallWord.COLD_EMPTY:
            things = called_things(picture, gun)
            return tuple(Move(row="call_empty", gun=thing, signer=by) for thing in things)
        case a.CallWord.COLD_DUMMY | a.CallWord.HOT_BLANK:
            kind = RoundKind.DUMMY if called.call is a.CallWord.COLD_DUMMY else RoundKind.BLANK
            return _claims_over_rounds(picture, called_things(picture, gun), by, kind)
        case a.CallWord.INERT:
            return (Move(row="call_inert", gun=gun, signer=by),)
        case _:
            assert_never(called.call)


def _claims_over_rounds(picture: Picture, things: tuple[Id, ...], by: Id, kind: RoundKind) -> tuple[Move, ...]:
    empty = [thing for thing in things if all(picture.kernel.pos[at] == EMPTY for at in chambers_of(picture, thing))]
    return tuple(
        Move(row="call_empty", gun=thing, signer=by)
        if thing in empty and len(empty) < len(things)
        else Move(row="call_loaded", gun=thing, signer=by, value=kind.value)
        for thing in things
    )


def called_things(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """The gun and every magazine or belt in it that is answered place by place; one counted at zero holds nothing."""
    fed = (thing for thing in fed_by(picture, gun) if has_places(picture, thing))
    return (gun, *(thing for thing in fed if not counted_empty(picture, thing)))


def chambers_of(picture: Picture, thing: Id) -> tuple[tuple[Id, str], ...]:
    """The chambers of a gun, or the places of a magazine or belt."""
    return tuple(at for at in places_of(picture, thing) if at[1].isdigit())
