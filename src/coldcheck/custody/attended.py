"""What somebody without a phone may do on a phone that another holds out: look, receive, and say what he wants seen.

Promises: nothing done that way becomes a handler's or a witness's answer, whatever the words of the act say. An alarm
counts on any phone, whoever raises it. What is not allowed is kept under the name of the one who signed it, as told of
the viewer, and only takes proofs away.
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
TAKES_AWAY: Final = (
    a.Stopped, a.NearMissLogged, a.RoundFound, a.Discharged, a.GunMishap, a.AskedToSee, a.SightLost, a.Frozen,
    a.HelpCalled, a.ConcernRaised, a.PresenceEnded,
)  # fmt: skip
"""Alarms, and what else only takes away: anybody's word, on any phone. None of them is anybody's proof of anything."""


def said_by(picture: Picture, *, by: Id, act: a.Act) -> tuple[Id, a.Act]:
    """Whose act this is and which: the viewer's on a phone held out to him, else the signer's, as it stands."""
    if isinstance(act, a.HeldOut) and is_allowed(picture, act):
        # Somebody the record does not know is nobody it could ask again.
        return (act.viewer if act.viewer in picture.persons else ""), act.told
    return by, act


def is_allowed(picture: Picture, act: a.HeldOut) -> bool:
    """Whether the viewer may do this on another's phone: an alarm, or a viewer's act by neither handler nor witness."""
    if isinstance(act.told, TAKES_AWAY):
        return True
    known = act.viewer in picture.persons
    handles = is_handler(picture, act.viewer) or may_witness(picture, act.viewer)
    return known and not handles and isinstance(act.told, MAY_BE_HELD_OUT)


def as_told(picture: Picture, act: a.HeldOut) -> a.Reported:
    """What was held out and is not allowed, as the signer's report of the viewer: it voids and proves nothing."""
    return a.Reported(
        row="",
        account="",
        sources=(),
        grade=a.Grade.STATEMENT,
        when=a.Interval(start="", end=""),
        who=act.viewer if act.viewer in picture.persons else "",
        told=act.told,
    )


def is_attended(picture: Picture, key: Id) -> bool:
    """Whether `key` is the key of a floor phone: what it signs for its holder himself is nobody's answer."""
    known = picture.keys.get(key)
    return known is not None and known[1] == _ATTENDED
