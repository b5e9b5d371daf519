from typing import get_args, get_type_hints

import pytest

from coldcheck.custody import acts as a
from coldcheck.proof.sealed import Sealed
from coldcheck.station.record import commitments_in, sealed_in

SEALED = Sealed(commitment="ab" * 32)
OTHER = Sealed(commitment="cd" * 32)


def filled(act_class: type) -> tuple[object, int]:
    """An act with SEALED in every field that takes it, and how many those are; the rest is of no account here."""
    hints = get_type_hints(act_class)
    values = {name: SEALED if hint is Sealed else "" for name, hint in hints.items()}
    return act_class(**values), sum(hint is Sealed for hint in hints.values())


@pytest.mark.parametrize("name", sorted(a.ACT_CLASSES))
def test_every_sealed_field_of_an_act_is_found(name: str) -> None:
    act_class = a.ACT_CLASSES[name]
    act, count = filled(act_class)
    assert sealed_in((act,)) == (SEALED,) * count
    rows = [part for hint in get_type_hints(act_class).values() for part in get_args(hint) if isinstance(part, type)]
    assert not [row for row in rows if Sealed in get_type_hints(row).values()], "a row that seals needs a case here"


def test_what_is_sealed_in_the_act_of_a_report_is_found() -> None:
    told = a.Told(gun="g0000000000AA", to="p0000000000AA", gist="cold", words=SEALED)
    interval = a.Interval(start="", end="")
    report = a.Reported(row="E1", account="", sources=(), grade=a.Grade.PRESS, when=interval, who="", told=told)
    assert sealed_in((report,)) == (SEALED,)


def test_an_act_nobody_knows_may_bring_openings_for_what_looks_sealed() -> None:
    act = a.UnknownAct(type_name="sung", plain_form=b'{"act":"sung","words":"' + OTHER.commitment.encode() + b'"}')
    assert commitments_in((act,)) == (OTHER.commitment,)
    assert sealed_in((act,)) == ()
