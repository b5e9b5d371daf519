"""Canonical JSON, base64, hex and ids: one value, one text."""

import dataclasses
import datetime as dt
import enum
import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.encoding import (
    MAX_DEPTH,
    MAX_INT,
    NotCanonical,
    crockford,
    decode,
    encode,
    from_base64,
    from_hex,
    opaque_id,
    to_base64,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "encoding.json").read_bytes())

plain_text = st.text(st.characters(exclude_categories=["Cs"]))
ascii_key = st.text(st.characters(max_codepoint=127))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_key, inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_encoding_agrees_with_the_rfc_8785_oracle(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(plain)
def test_what_was_encoded_decodes_to_the_same_value(value: Any) -> None:
    assert decode(encode(value)) == value


@given(st.binary(max_size=40))
def test_any_bytes_either_decode_to_their_own_encoding_or_are_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except NotCanonical:
        return
    assert encode(value) == data


@pytest.mark.parametrize("vector", VECTORS["accepted"])
def test_an_accepted_vector_is_reproduced(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["bytes"])
    assert encode(vector["value"]) == data
    assert decode(data) == vector["value"]


@pytest.mark.parametrize("vector", VECTORS["rejected"], ids=lambda vector: vector["why"])
def test_a_rejected_vector_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(NotCanonical):
        decode(bytes.fromhex(vector["bytes"]))


class _Colour(enum.StrEnum):
    RED = "red"


@dataclasses.dataclass
class _Thing:
    name: str


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        MAX_INT + 1,
        -MAX_INT - 1,
        (1, 2),
        b"bytes",
        {"é": 1},
        {1: "number key"},
        {None: 1},
        _Colour.RED,
        {"a": [_Colour.RED]},
        {_Colour.RED: 1},
        _Thing(name="x"),
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "\ud800",
        {"\ud800": 1},
        {"a": {"b": [0, {"c": 0.5}]}},
    ],
    ids=repr,
)
def test_a_value_outside_the_profile_has_no_encoding(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


def test_the_refusal_says_where_the_flaw_is() -> None:
    with pytest.raises(NotCanonical, match=r"value\.acts\[1\]\.count is a float"):
        decode(b'{"acts":[0,{"count":1.5}]}')


def test_nesting_ends_at_the_stated_depth() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert encode(decode(deepest)) == deepest
    with pytest.raises(NotCanonical, match="nested deeper"):
        decode(b"[" + deepest + b"]")
    with pytest.raises(NotCanonical):
        decode(b"[" * 100_000 + b"]" * 100_000)


@given(st.binary(max_size=40))
def test_base64_round_trips(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["AB==", "AA=", "AA", "AAA", "AA==AA==", "AA==\n", " AA==", "A-==", "AA== ", "=", "é"])
def test_base64_written_another_way_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        from_base64(text)


@pytest.mark.parametrize(
    "text",
    ["", "00", "0011 2", "AABBCC", "0x0011", "00112g", "0011223", "00112\n", "\u0660\u0660\u0660\u0660\u0660\u0660"],
)
def test_hex_of_another_size_or_case_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        from_hex(text, size_bytes=3)


def test_hex_of_the_right_size_is_read() -> None:
    assert from_hex("00aaff", size_bytes=3) == b"\x00\xaa\xff"


def test_an_opaque_id_is_a_letter_and_sixty_bits() -> None:
    assert opaque_id("g", bytes(8)) == "g000000000000"
    assert opaque_id("r", b"\xff" * 8) == "rZZZZZZZZZZZZ"
    # Only the first 60 bits count.
    assert opaque_id("a", bytes(7) + b"\x0f") == "a000000000000"
    assert opaque_id("a", bytes(7) + b"\x10") == "a000000000001"


@given(st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8))
def test_two_different_draws_give_two_different_ids(one: bytes, other: bytes) -> None:
    same_bits = int.from_bytes(one, "big") >> 4 == int.from_bytes(other, "big") >> 4
    assert (opaque_id("p", one) == opaque_id("p", other)) == same_bits


@pytest.mark.parametrize(
    ("letter", "random_bytes"), [("", bytes(8)), ("gg", bytes(8)), ("G", bytes(8)), ("g", bytes(7))]
)
def test_an_id_without_a_letter_or_enough_randomness_is_refused(letter: str, random_bytes: bytes) -> None:
    with pytest.raises(NotCanonical):
        opaque_id(letter, random_bytes)


def test_crockford_leaves_out_the_letters_that_look_like_digits() -> None:
    written = "".join(crockford(number, characters=1) for number in range(32))
    assert len(set(written)) == 32
    assert not set("ILOU") & set(written)
