"""People's keys: a signature holds for one line, one name, one class, one key."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.keys import ActingKey, KeyClass, acting_key_id, read_public, verify_author
from coldcheck.proof.note import BadKey, BadSignature, SignatureLine

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "keys.json").read_bytes())
LINE = b'{"v":1}\n'
KEY = ActingKey.from_seed(key_name="p0123456789AB/1", key_class=KeyClass.DEVICE, seed=bytes(32))
SIGNED = KEY.sign(LINE)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF


def verify(
    *, line1: bytes = LINE, line: SignatureLine = SIGNED, name: str = KEY.key_name, held: KeyClass = KeyClass.DEVICE
) -> None:
    verify_author(line1=line1, signature_line=line, key_name=name, key_class=held, public_bytes=KEY.public_bytes)


def resigned(signature: bytes) -> SignatureLine:
    return SignatureLine(name=SIGNED.name, key_id=SIGNED.key_id, signature=signature)


@pytest.mark.parametrize("vector", VECTORS["acting"], ids=lambda vector: vector["class"])
def test_an_acting_key_vector_is_reproduced(vector: dict[str, str]) -> None:
    key = ActingKey.from_seed(
        key_name=vector["name"], key_class=KeyClass(vector["class"]), seed=bytes.fromhex(vector["seed"])
    )
    line = key.sign(bytes.fromhex(vector["line1"]))
    assert (key.public_bytes.hex(), key.key_id.hex()) == (vector["public"], vector["key_id"])
    assert line.signature.hex() == vector["signature"]


def test_every_class_has_a_vector() -> None:
    assert {vector["class"] for vector in VECTORS["acting"]} == set(KeyClass)


@pytest.mark.parametrize("vector", VECTORS["rfc6979"], ids=lambda vector: vector["message"])
def test_the_signatures_of_rfc_6979_are_reproduced(vector: dict[str, Any]) -> None:
    private_key = ec.derive_private_key(int(vector["private"], 16), ec.SECP256R1())
    key = ActingKey.from_private(key_name="rfc6979", key_class=KeyClass.DEMO, private_key=private_key)
    assert key.sign(vector["message"].encode()).signature.hex() == vector["signature"].lower()


RAW_CLASSES = tuple(held for held in KeyClass if held is not KeyClass.PASSKEY)


@given(st.binary(max_size=200), st.sampled_from(RAW_CLASSES), st.binary(min_size=32, max_size=32))
def test_what_a_key_signed_verifies(line1: bytes, key_class: KeyClass, seed: bytes) -> None:
    key = ActingKey.from_seed(key_name="p1", key_class=key_class, seed=seed)
    verify_author(
        line1=line1,
        signature_line=key.sign(line1),
        key_name="p1",
        key_class=key_class,
        public_bytes=key.public_bytes,
    )


def test_every_flipped_bit_of_line_or_signature_is_found() -> None:
    verify()
    for at in range(8 * len(LINE)):
        flipped = bytearray(LINE)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(BadSignature):
            verify(line1=bytes(flipped))
    for at in range(8 * 64):
        flipped = bytearray(SIGNED.signature)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(BadSignature):
            verify(line=resigned(bytes(flipped)))


def test_every_flipped_bit_of_the_public_key_is_found() -> None:
    for at in range(8 * 65):
        flipped = bytearray(KEY.public_bytes)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises((BadSignature, BadKey)):
            verify_author(
                line1=LINE,
                signature_line=SIGNED,
                key_name=KEY.key_name,
                key_class=KEY.key_class,
                public_bytes=bytes(flipped),
            )


@pytest.mark.parametrize("other", [held for held in KeyClass if held is not KeyClass.DEVICE])
def test_a_key_of_one_class_does_not_pass_as_another(other: KeyClass) -> None:
    with pytest.raises(BadSignature):
        verify(held=other)
    # Even a line that names the other class's key id is no proof of that class: custody compares with the enrolment.
    assert acting_key_id(key_name=KEY.key_name, key_class=other, public_bytes=KEY.public_bytes) != KEY.key_id


def test_a_signature_under_another_name_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(name="p0123456789AB/2")


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNED.signature[:-1],
        SIGNED.signature + b"\x00",
        bytes(64),
        bytes(32) + SIGNED.signature[32:],
        SIGNED.signature[:32] + bytes(32),
        SIGNED.signature[:32] + ORDER.to_bytes(32, "big"),
        (int.from_bytes(SIGNED.signature[:32], "big") + ORDER & (2**256 - 1)).to_bytes(32, "big")
        + SIGNED.signature[32:],
        b"\xff" * 64,
    ],
    ids=range(9),
)
def test_a_signature_out_of_range_is_refused(signature: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(line=resigned(signature))


def non_canonical_point() -> bytes:
    """A point of P-256 whose x is small enough to be written a second time, beyond the field."""
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    for x in range(1000):
        square = (x**3 - 3 * x + b) % FIELD
        y = pow(square, (FIELD + 1) // 4, FIELD)
        if y * y % FIELD == square:
            read_public(b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
            return b"\x04" + (x + FIELD).to_bytes(32, "big") + y.to_bytes(32, "big")
    raise AssertionError


def test_weak_and_malformed_public_keys_are_refused() -> None:
    x, y = KEY.public_bytes[1:33], KEY.public_bytes[33:]
    base = ec.derive_private_key(1, ec.SECP256R1()).public_key().public_numbers()
    mirrored_base = (FIELD - base.y).to_bytes(32, "big")
    for public_bytes in (
        b"",
        b"\x00",
        b"\x00" * 65,
        b"\x04" + bytes(64),
        b"\x04" + y + x,
        b"\x06" + x + y,
        bytes([2 + y[-1] % 2]) + x,
        KEY.public_bytes + b"\x00",
        b"\x04" + base.x.to_bytes(32, "big") + base.y.to_bytes(32, "big"),
        b"\x04" + base.x.to_bytes(32, "big") + mirrored_base,
        non_canonical_point(),
    ):
        with pytest.raises(BadKey):
            read_public(public_bytes)


def test_one_seed_gives_every_name_and_class_a_key_of_its_own() -> None:
    keys = {
        ActingKey.from_seed(key_name=name, key_class=held, seed=bytes(32)).public_bytes
        for name in ("p1", "p2")
        for held in KeyClass
    }
    assert len(keys) == 2 * len(KeyClass)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "é", "a\n"])
def test_a_key_name_that_cannot_stand_in_a_line_is_refused(name: str) -> None:
    with pytest.raises(BadKey):
        ActingKey.from_seed(key_name=name, key_class=KeyClass.DEMO, seed=bytes(32))


def test_a_seed_of_another_size_or_a_key_on_another_curve_is_refused() -> None:
    with pytest.raises(BadKey):
        ActingKey.from_seed(key_name="p1", key_class=KeyClass.DEMO, seed=b"short")
    with pytest.raises(BadKey):
        ActingKey.from_private(
            key_name="p1", key_class=KeyClass.DEMO, private_key=ec.derive_private_key(5, ec.SECP384R1())
        )


def test_the_private_key_is_in_no_printout() -> None:
    assert "rivate" not in repr(KEY)
