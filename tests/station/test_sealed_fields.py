from dataclasses import is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from coldcheck.custody import acts as a
from coldcheck.proof.sealed import Sealed
from coldcheck.station.record import commitments_in, sealed_in

SEALED = Sealed(commitment="ab" * 32)
TOLD = a.Told(gun="g0000000000AA", to="p0000000000AA", gist="cold", words=SEALED)


def filled(hint: Any) -> tuple[Any, int]:
    """A value with SEALED wherever one may stand, one row in every list, and how many those are."""
    if hint is Sealed:
        return SEALED, 1
    if get_origin(hint) is tuple:
        row, count = filled(get_args(hint)[0])
        return (row,), count
    if get_origin(hint) is UnionType:
        return TOLD, 1
    if is_dataclass(hint):
        made = {name: filled(inner) for name, inner in get_type_hints(hint).items()}
        kind: Any = hint
        return kind(**{name: value for name, (value, _) in made.items()}), sum(count for _, count in made.values())
    return "", 0


@pytest.mark.parametrize("name", sorted(a.ACT_CLASSES))
def test_every_sealed_field_of_an_act_and_its_rows_is_found(name: str) -> None:
    act, count = filled(a.ACT_CLASSES[name])
    assert sealed_in((act,)) == (SEALED,) * count


def test_the_acts_that_hold_a_persons_words_are_among_those_that_seal() -> None:
    sealing = {name for name, act_class in a.ACT_CLASSES.items() if filled(act_class)[1]}
    assert {"production_opened", "person_enrolled", "told", "stopped", "remarked", "reported"} <= sealing


def test_an_act_nobody_knows_may_bring_openings_for_what_looks_sealed() -> None:
    act = a.UnknownAct(type_name="sung", plain_form=b'{"act":"sung","words":"' + b"cd" * 32 + b'"}')
    assert commitments_in((act,)) == ("cd" * 32,)
    assert sealed_in((act,)) == ()
