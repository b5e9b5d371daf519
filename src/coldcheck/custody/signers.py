"""Whose word lets something in: who signs a plan, a meeting, an assessment, a paper, a credential or who answers for what.

Anybody's word about these is recorded (state model 6.5, 6.8). From whoever has not the role it lets nothing in: no plan
comes of it, no meeting, no paper. What it may take away it takes away all the same.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import WITNESS_ROLES, Id, Role

FLOOR_ROLES: Final = WITNESS_ROLES | {Role.EMPLOYER}
"""Who runs the floor and who answers for it: handlers, first AD, safety advisor, employer."""
_SUPPLY_ROLES: Final = frozenset({Role.SUPPLIER, Role.MAKER})


def may_sign(picture: Picture, by: Id, act: a.Act) -> bool:
    """Whether this act lets in what it says, signed by `by`; True for every act that nobody's role is asked for here."""
    known = picture.persons.get(by)
    roles = known.roles if known is not None else frozenset()
    match act:
        case a.ScenePlanned() | a.MeetingHeld() | a.Assessed():
            return not roles.isdisjoint(FLOOR_ROLES)
        case a.CredentialRecorded():
            # Nobody vouches for himself.
            return by != act.person and not roles.isdisjoint(FLOOR_ROLES)
        case a.PaperRecorded():
            # A supplier's papers are about what he supplies.
            supplied = bool(act.thing) and not act.scene and not roles.isdisjoint(_SUPPLY_ROLES)
            return supplied or not roles.isdisjoint(FLOOR_ROLES)
        case a.AccountableNamed():
            return Role.EMPLOYER in roles
        case _:
            return True
