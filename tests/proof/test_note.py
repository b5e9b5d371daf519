"""Signed notes and log keys: strict to read, and a signature holds for one text and one key."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import (
    BadKey,
    BadNote,
    BadSignature,
    LogKey,
    LogVerifier,
    Note,
    SignatureLine,
    format_note,
    key_id,
    parse_note,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "note.json").read_bytes())
KEY = LogKey.from_seed(name="hub.example/demo/e1", seed=bytes(range(32)))
TEXT = b"one\n\ntwo \xc3\xa9\n"
SIGNED = format_note(Note(text=TEXT, signatures=(KEY.sign(TEXT),)))

names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1, max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32) | st.just("\n")).map(
    lambda text: text + ".\n"
)
lines = st.builds(
    SignatureLine, name=names, key_id=st.binary(min_size=4, max_size=4), signature=st.binary(min_size=1, max_size=80)
)
notes = st.builds(
    Note,
    text=texts.map(str.encode),
    signatures=st.lists(lines, min_size=1, max_size=3, unique_by=lambda line: (line.name, line.key_id)).map(tuple),
)


@given(notes)
def test_a_note_reads_back_as_it_was_written(note: Note) -> None:
    assert parse_note(format_note(note)) == note


@given(st.binary(max_size=120) | st.binary(max_size=60).map(lambda tail: SIGNED + tail))
def test_bytes_are_refused_or_are_the_one_form_of_a_note(data: bytes) -> None:
    try:
        note = parse_note(data)
    except BadNote:
        return
    assert format_note(note) == data


@pytest.mark.parametrize("vector", VECTORS["published"], ids=lambda vector: vector["source"])
def test_a_published_note_verifies(vector: dict[str, str]) -> None:
    verifier = LogVerifier.from_vkey(vector["vkey"])
    verifier.verify(parse_note(bytes.fromhex(vector["note"])))
    assert verifier.vkey == vector["vkey"]


@pytest.mark.parametrize("vector", VECTORS["signed"])
def test_an_ed25519_vector_is_reproduced(vector: dict[str, str]) -> None:
    key = LogKey.from_seed(name=vector["name"], seed=bytes.fromhex(vector["seed"]))
    text = bytes.fromhex(vector["text"])
    assert key.vkey == vector["vkey"]
    assert format_note(Note(text=text, signatures=(key.sign(text),))).hex() == vector["note"]


@pytest.mark.parametrize("vector", VECTORS["rejected"], ids=lambda vector: vector["why"])
def test_a_rejected_vector_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(BadNote):
        parse_note(bytes.fromhex(vector["bytes"]))


def test_every_flipped_bit_of_a_signed_note_is_found() -> None:
    for at in range(8 * len(SIGNED)):
        flipped = bytearray(SIGNED)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises((BadNote, BadSignature)):
            KEY.verifier.verify(parse_note(bytes(flipped)))


def test_every_flipped_bit_of_a_vkey_is_found() -> None:
    vkey = KEY.vkey.encode()
    for at in range(8 * len(vkey)):
        flipped = bytearray(vkey)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(BadKey):
            LogVerifier.from_vkey(flipped.decode("latin-1"))


@pytest.mark.parametrize(
    "vkey",
    ["", "name", "name+00000000", "+".join(KEY.vkey.split("+")[:2]), KEY.vkey + "\n", " " + KEY.vkey, KEY.vkey + "+"],
)
def test_a_vkey_cut_short_or_padded_is_refused(vkey: str) -> None:
    with pytest.raises(BadKey):
        LogVerifier.from_vkey(vkey)


def test_another_key_of_the_same_name_verifies_nothing() -> None:
    other = LogKey.from_seed(name=KEY.name, seed=bytes(32))
    with pytest.raises(BadSignature):
        other.verifier.verify(parse_note(SIGNED))


def test_a_line_with_our_key_id_and_a_foreign_signature_is_refused() -> None:
    stolen = SignatureLine(name=KEY.name, key_id=KEY.verifier.key_id, signature=KEY.sign(b"another\n").signature)
    with pytest.raises(BadSignature):
        KEY.verifier.verify(Note(text=TEXT, signatures=(stolen,)))


def test_lines_of_unknown_keys_beside_ours_do_no_harm() -> None:
    other = LogKey.from_seed(name="cosigner.example", seed=bytes(32))
    KEY.verifier.verify(Note(text=TEXT, signatures=(other.sign(TEXT), KEY.sign(TEXT))))


def test_a_key_is_bound_to_its_name() -> None:
    renamed = key_id(name="other.example", kind=b"\x01", public_bytes=KEY.verifier.public_bytes)
    assert renamed != KEY.verifier.key_id


def small_order_points() -> list[bytes]:
    """All eight points of small order on edwards25519, with the sign bit both ways, and their unreduced doubles."""
    prime = 2**255 - 19
    curve = -121665 * pow(121666, -1, prime) % prime
    # y^2 of a point of order 8 solves y^4 + (2/d) y^2 - 1/d = 0, which follows from 2P having y = 0.
    ys = {0, 1, prime - 1}
    root_of_d = _square_root((1 + curve) * pow(curve * curve, -1, prime) % prime, prime)
    assert root_of_d is not None
    for sign in (1, -1):
        square = (-pow(curve, -1, prime) + sign * root_of_d) % prime
        root = _square_root(square, prime)
        if root is not None:
            ys |= {root, prime - root}
    encodings = [y | sign << 255 for y in ys for sign in (0, 1)]
    encodings += [y + prime | sign << 255 for y in ys if y + prime < 2**255 for sign in (0, 1)]
    return [encoding.to_bytes(32, "little") for encoding in encodings]


def _square_root(square: int, prime: int) -> int | None:
    root = pow(square, (prime + 3) // 8, prime)
    if root * root % prime != square:
        root = root * pow(2, (prime - 1) // 4, prime) % prime
    return root if root * root % prime == square else None


def test_keys_of_small_order_are_refused() -> None:
    points = small_order_points()
    assert len(points) == 14
    for public_bytes in points:
        with pytest.raises(BadKey):
            LogVerifier.from_public(name="weak.example", public_bytes=public_bytes)


def test_a_key_of_another_length_or_form_is_refused() -> None:
    for public_bytes in (b"", b"\x02" * 31, b"\x02" * 33, b"\xff" * 32):
        with pytest.raises(ColdcheckError):
            LogVerifier.from_public(name="weak.example", public_bytes=public_bytes)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u00a0b", "hub\u200b", "é"])
def test_a_name_that_cannot_stand_in_a_line_is_refused(name: str) -> None:
    with pytest.raises(BadKey):
        LogKey.from_seed(name=name, seed=bytes(32))


@pytest.mark.parametrize("size_bytes", [0, 31, 33, 64])
def test_a_seed_of_another_size_is_refused(size_bytes: int) -> None:
    with pytest.raises(BadKey):
        LogKey.from_seed(name="hub.example", seed=bytes(size_bytes))


@pytest.mark.parametrize("text", [b"", b"no newline", b"\n", b"tab\there\n", b"\xff\n"])
def test_a_text_no_reader_would_get_back_is_not_written(text: bytes) -> None:
    with pytest.raises(BadNote):
        format_note(Note(text=text, signatures=(KEY.sign(text),)))


def test_a_note_without_signatures_is_not_written() -> None:
    with pytest.raises(BadNote):
        format_note(Note(text=TEXT, signatures=()))


def test_the_private_key_is_in_no_printout() -> None:
    assert "rivate" not in repr(KEY)
    assert isinstance(KEY.verifier._public_key, Ed25519PublicKey)
