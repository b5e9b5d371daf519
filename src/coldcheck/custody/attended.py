"""What somebody without a phone may do on a phone that another holds out: look, receive, and say what he wants seen.

Promises: nothing done that way becomes a handler's or a witness's answer, whatever the words of the act say. What is
not allowed is kept under the name of the one who signed it, and only takes proofs away.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, is_handler, may_witness
from coldcheck.custody.things import Id
from coldcheck.proof.keys import KeyClass

_ATTENDED: Final = KeyClass.ATTENDED.value
MAY_BE_HELD_OUT: Final = (
    a.Seen, a.AskedToSee, a.Acknowledged, a.Taken, a.HandedOver, a.Attended, a.InLine, a.PresenceDeclared,
    a.PresenceEnded, a.Stopped, a.ConcernRaised, a.Remarked, a.Learned, a.SightLost,
)  # fmt: skip
"""A viewer's and a receiver's acts."""


def said_by(picture: Picture, *, by: Id, act: a.Act) -> tuple[Id, a.Act]:
    """Whose act this is and which: the viewer's on a phone held out to him, else the signer's, as it stands."""
    if isinstance(act, a.HeldOut) and is_allowed(picture, act):
        return act.viewer, act.told
    return by, act


def is_allowed(picture: Picture, act: a.HeldOut) -> bool:
    """Whether the viewer may do this on another's phone: a viewer's or receiver's act, and neither handler nor witness."""
    known = act.viewer in picture.persons
    handles = is_handler(picture, act.viewer) or may_witness(picture, act.viewer)
    return known and not handles and isinstance(act.told, MAY_BE_HELD_OUT)


def is_attended(picture: Picture, key: Id) -> bool:
    """Whether `key` is the key of a floor phone: what it signs for its holder himself is nobody's answer."""
    known = picture.keys.get(key)
    return known is not None and known[1] == _ATTENDED
