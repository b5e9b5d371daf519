"""Sealed values: an opening fits one commitment, one field and one value."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coldcheck.proof.sealed import BadOpening, Opening, Sealed, seal, verify_opening

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "sealed.json").read_bytes())
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
salts = st.binary(min_size=32, max_size=32)
openings = st.builds(Opening, salt=salts, field=words, value=words)


@pytest.mark.parametrize("vector", VECTORS["sealed"])
def test_a_sealed_vector_is_reproduced(vector: dict[str, str]) -> None:
    sealed, opening = seal(salt=bytes.fromhex(vector["salt"]), field=vector["field"], value=vector["value"])
    assert sealed.commitment == vector["commitment"]
    verify_opening(sealed, opening)


@given(openings, openings)
def test_an_opening_fits_its_own_commitment_only(one: Opening, other: Opening) -> None:
    sealed, opening = seal(salt=one.salt, field=one.field, value=one.value)
    assert opening == one
    verify_opening(sealed, opening)
    assume(one != other)
    with pytest.raises(BadOpening):
        verify_opening(sealed, other)


@given(salts, words, words, words)
def test_moving_text_between_field_and_value_is_found(salt: bytes, first: str, second: str, third: str) -> None:
    assume(second)
    sealed, _ = seal(salt=salt, field=first + second, value=third)
    with pytest.raises(BadOpening):
        verify_opening(sealed, Opening(salt=salt, field=first, value=second + third))


def test_moving_a_byte_between_salt_and_field_is_refused() -> None:
    with pytest.raises(BadOpening):
        verify_opening(Sealed(commitment="00" * 32), Opening(salt=bytes(31), field="\x00name", value="x"))


@pytest.mark.parametrize("commitment", ["", "00" * 31, "zz" * 32])
def test_a_malformed_commitment_is_opened_by_nothing(commitment: str) -> None:
    with pytest.raises(BadOpening):
        verify_opening(Sealed(commitment=commitment), Opening(salt=bytes(32), field="name", value="x"))


def test_a_commitment_in_capitals_is_not_the_commitment() -> None:
    sealed, opening = seal(salt=bytes(32), field="name", value="Person One")
    with pytest.raises(BadOpening):
        verify_opening(Sealed(commitment=sealed.commitment.upper()), opening)


def test_a_short_salt_or_half_a_character_cannot_be_sealed() -> None:
    with pytest.raises(BadOpening):
        seal(salt=b"salt", field="name", value="x")
    with pytest.raises(BadOpening):
        seal(salt=bytes(32), field="name", value="\ud800")


def test_the_value_is_in_no_printout() -> None:
    sealed, opening = seal(salt=b"s" * 32, field="name", value="Person One")
    assert "Person" not in repr(opening) + repr(sealed)
    assert "ssss" not in repr(opening)
