"""What somebody without a phone may do on a phone that another holds out: look, receive, and say what he wants seen.

Promises: nothing done that way becomes a handler's or a witness's answer, whatever the words of the act say. An alarm
counts on any phone, whoever raises it; whose own word it is, is another question, and only a floor phone answers it with
the viewer's name. What is not allowed is kept under the name of the one who signed it, as told of
the viewer, and only takes proofs away.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, is_handler, may_witness, places_of
from coldcheck.custody.things import Id, Role
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


def said_by(picture: Picture, *, by: Id, key: Id, act: a.Act) -> tuple[Id, a.Act]:
    """Whose act this is and which: the viewer's on a phone held out to him, else the signer's, as it stands."""
    if isinstance(act, a.HeldOut) and is_allowed(picture, by=by, key=key, act=act):
        # Somebody the record does not know is nobody it could ask again.
        return (act.viewer if act.viewer in picture.persons else ""), act.told
    return by, act


def is_allowed(picture: Picture, *, by: Id, key: Id, act: a.HeldOut) -> bool:
    """Whether the viewer may do this on the phone of `by`: an alarm, or a viewer's act by neither handler nor witness.

    Looking, taking and acknowledging count from a floor phone's key alone, and a look never from one of those who
    answer for the gun: he would be two people.
    """
    known = act.viewer in picture.persons
    if isinstance(act.told, TAKES_AWAY):
        # It stops the set on any phone. That somebody by name did it is his own word only where others can sign for him.
        return not known or act.viewer == by or _signs_for_others(picture, by, key)
    handles = is_handler(picture, act.viewer) or may_witness(picture, act.viewer)
    if not known or handles or not isinstance(act.told, MAY_BE_HELD_OUT):
        return False
    if isinstance(act.told, a.Attended) and _has_role(picture, by, Role.FIRST_AD):
        # Who opens the meeting vouches for who is there, on his own tablet.
        return True
    return _signs_for_others(picture, by, key) and not (
        isinstance(act.told, a.Seen) and by in _answering(picture, act.told.gun)
    )


def _signs_for_others(picture: Picture, by: Id, key: Id) -> bool:
    """Whether this is the key of a floor phone; in a demo, where one machine has every key, any key."""
    known = picture.keys.get(key)
    holder = picture.persons.get(by)
    key_class = known[1] if known is not None else holder.key_class if holder is not None else ""
    return key_class in {_ATTENDED, KeyClass.DEMO.value}


def _answering(picture: Picture, gun: Id) -> frozenset[Id]:
    """Who has the gun in hand or witnessed it, and who called or announced it: each answers for it himself."""
    kernel, call = picture.kernel, picture.calls.get(gun)
    parts = picture.parts.get(gun, {})
    said = {part.by for name, part in parts.items() if name != "acknowledged"}
    granted = {call.caller, call.witness} if call is not None else set[Id]()
    return frozenset({kernel.gc.get(gun, ""), kernel.wit.get(gun, ""), *said, *granted})


def held_out_looks(picture: Picture, gun: Id, viewer: Id) -> frozenset[Id]:
    """Who held out the phone for the last look of `viewer` at each position of the gun; empty when he signed them all."""
    entries = (picture.looks.get(at, {}).get(viewer, -1) for at in places_of(picture, gun))
    return frozenset(picture.held_out[entry] for entry in entries if entry in picture.held_out)


def _has_role(picture: Picture, person: Id, role: Role) -> bool:
    known = picture.persons.get(person)
    return known is not None and role in known.roles


def as_told(picture: Picture, act: a.HeldOut) -> a.Reported:
    """What was held out and is not allowed, as the signer's report of the viewer: it voids and proves nothing."""
    return reported_of(act.viewer if act.viewer in picture.persons else "", act.told)


def reported_of(who: Id, told: a.OwnAct) -> a.Reported:
    """What `who` said or did, as told by whoever signs the report."""
    return a.Reported(
        row="", account="", sources=(), grade=a.Grade.STATEMENT, when=a.Interval(start="", end=""), who=who, told=told
    )


def is_attended(picture: Picture, key: Id) -> bool:
    """Whether `key` is the key of a floor phone: what it signs for its holder himself is nobody's answer."""
    known = picture.keys.get(key)
    return known is not None and known[1] == _ATTENDED
