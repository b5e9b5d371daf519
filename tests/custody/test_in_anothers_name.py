"""On a phone of his own nobody makes another's act: it stops the set all the same, as told by who signed it."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, Role, RoundKind
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    COLT,
    CREW,
    HUB,
    LEAD,
    LOOSE,
    SEALED,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    morning,
    prepared,
    stood,
)

EMPTY: Final = WAYS[0]


def with_phone(key_class: str) -> Stage:
    """A called gun, and a crew member with a key of this class."""
    enrolled = a.PersonEnrolled(
        person=CREW, label="crew", name=SEALED, roles=(Role.CREW,), key="k" + CREW[1:], key_class=key_class, public="00"
    )
    return stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), deed(HUB, enrolled))


def held_out(viewer: Id, told: a.OwnAct) -> Deed:
    return deed(CREW, a.HeldOut(viewer=viewer, told=told))


ALARMS: Final[dict[str, tuple[Id, a.OwnAct]]] = {
    "a shot that hit": (LEAD, a.Discharged(gun=COLT, planned=False, shots=1, hit=(AD1,))),
    "a live round found": (
        ARM, a.RoundFound(round_id=LOOSE, label="z", thing=BAG, cell="", kind=RoundKind.LIVE, fired=False),
    ),
    "a stop": (LEAD, a.Stopped(reason="look", remark=SEALED)),
    "everything held": (LEAD, a.Frozen(cause="shot")),
}  # fmt: skip


@pytest.mark.parametrize(("viewer", "told"), ALARMS.values(), ids=ALARMS)
def test_an_alarm_on_an_ordinary_phone_stops_the_set_and_is_not_the_others_own_act(viewer: Id, told: a.OwnAct) -> None:
    stage = with_phone("device")
    stage.do(held_out(viewer, told))
    assert stage.picture.open_stops
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    kept = stage.picture.journal[-1]
    assert kept.by == CREW, "whoever signed it stands by it"
    assert not (isinstance(kept.act, type(told)) and kept.by == viewer)


@pytest.mark.parametrize(("viewer", "told"), ALARMS.values(), ids=ALARMS)
def test_on_a_floor_phone_it_is_the_viewers_own(viewer: Id, told: a.OwnAct) -> None:
    stage = with_phone("attended")
    stage.do(held_out(viewer, told))
    assert stage.picture.open_stops
    assert stage.picture.journal[-1].by == viewer


def test_nobody_ends_anothers_presence_from_his_own_phone() -> None:
    stage = with_phone("device")
    stage.do(held_out(ARM, a.PresenceEnded(place=BARN)))
    assert stage.picture.presence[ARM] == BARN
