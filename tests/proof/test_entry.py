"""Entries: two canonical lines, exact fields, and a signature line by the author's key."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.encoding import MAX_DEPTH, NotCanonical, Plain
from coldcheck.proof.entry import (
    MAX_ENTRY_BYTES,
    BadEntry,
    EntryTooLarge,
    build_entry,
    line_hash,
    make_line,
    read_author,
    read_entry,
    read_receipt,
)
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass, verify_author
from coldcheck.proof.note import SignatureLine

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "entry.json").read_bytes())
KEY = ActingKey.from_seed(key_name="p0123456789AB/1", key_class=KeyClass.DEMO, seed=bytes(32))
AUTHOR: dict[str, Plain] = {
    "v": 1,
    "id": "a0123456789AB",
    "log": "hub.example/demo",
    "by": "p0123456789AB",
    "key": KEY.key_name,
    "at": "2026-05-01T09:30:00Z",
    "after": {"size": 3, "root": "ab" * 32},
    "prev": "cd" * 32,
    "about": ["g0123456789AB"],
    "acts": [{"act": "shown", "gun": "g0123456789AB"}],
}
RECEIPT: dict[str, Plain] = {
    "v": 1,
    "epoch": 1,
    "boot": "b0123456789AB",
    "mono_ms": 1234,
    "at": "2026-05-01T09:30:01.250Z",
    "delivered": "live",
    "rules": "ef" * 32,
    "build": "0.1.0+g123",
    "verdict": "granted",
    "findings": [{"rule": "R01", "needed": 2}],
}
LINE1, LINE2 = make_line(AUTHOR), make_line(RECEIPT)
SIGNATURES = (KEY.sign(LINE1),)
ENTRY = build_entry(line1=LINE1, line2=LINE2, signatures=SIGNATURES)

MISSING = object()
BAD_WORDS = (None, 1, "", "two words", "tab\there", "two\nlines", "é", "x" * 201, ["x"], MISSING)
BAD_INSTANTS = (
    None,
    5,
    "",
    "2026-05-01",
    "2026-05-01T09:30:00",
    "2026-05-01T09:30:00+00:00",
    "2026-05-01 09:30:00Z",
    "2026-13-01T09:30:00Z",
    "2026-05-32T09:30:00Z",
    "2026-05-01T24:00:00Z",
    "2026-05-01T09:30:00.Z",
    "2026-05-01T09:30:00.1234567Z",
    "2026-05-01T09:30:00Z\n",
    MISSING,
)
BAD_COUNTS = (None, -1, "1", True, [1], MISSING)
BAD_VERSIONS = (None, 0, 2, "1", True, MISSING)
BAD_HASHES = (1, "", "ab" * 31, "AB" * 32, "zz" * 32, MISSING)

BAD_AUTHORS: dict[str, tuple[Any, ...]] = {
    "v": BAD_VERSIONS,
    "id": BAD_WORDS,
    "log": BAD_WORDS,
    "by": BAD_WORDS,
    "key": (*BAD_WORDS[:-3], "a+b", MISSING),
    "at": BAD_INSTANTS,
    "after": (
        1,
        [],
        {},
        {"size": 3},
        {"size": -1, "root": "ab" * 32},
        {"size": True, "root": "ab" * 32},
        {"size": 3, "root": "ab"},
        {"size": 3, "root": "ab" * 32, "origin": "x"},
        MISSING,
    ),
    "prev": BAD_HASHES,
    "about": (None, "g0123456789AB", {}, [1], [""], ["g", ""], ["g h"], ["g\nh"], [["g"]], MISSING),
    "acts": (None, {}, [], [{}], [1], [{"act": ""}], [{"act": 1}], [{"act": "shown"}, {"gun": "g"}], MISSING),
    "extra": (None, 1),
}
BAD_RECEIPTS: dict[str, tuple[Any, ...]] = {
    "v": BAD_VERSIONS,
    "epoch": BAD_COUNTS,
    "boot": BAD_WORDS,
    "mono_ms": BAD_COUNTS,
    "at": BAD_INSTANTS,
    "delivered": (None, 1, "", "LIVE", "late", [], {}, MISSING),
    "rules": BAD_WORDS,
    "build": BAD_WORDS,
    "verdict": (None, True, "", "cold", "Granted", [], MISSING),
    "findings": (None, {}, [1], [{}], [{"rule": ""}], [{"rule": 1}], ["R01"], MISSING),
    "extra": (None, 1),
}


def changed(whole: dict[str, Plain], name: str, value: object) -> bytes:
    rest: dict[str, Any] = {key: inner for key, inner in whole.items() if key != name}
    return make_line(rest if value is MISSING else rest | {name: value})


def cases(table: dict[str, tuple[Any, ...]]) -> list[Any]:
    return [
        pytest.param(name, value, id=f"{name}-{number}")
        for name, values in table.items()
        for number, value in enumerate(values)
    ]


def test_an_entry_reads_back_as_it_was_built() -> None:
    entry = read_entry(ENTRY)
    assert (entry.line1, entry.line2, entry.signatures) == (LINE1, LINE2, SIGNATURES)
    assert (entry.author, entry.receipt) == (AUTHOR, RECEIPT)


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["why"])
def test_an_entry_vector_reads_verifies_and_is_reproduced(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["entry"])
    entry = read_entry(data)
    for signer, line in zip(vector["signers"], entry.signatures, strict=True):
        public_bytes, key_class = bytes.fromhex(signer["public"]), KeyClass(signer["class"])
        verify_author(
            line1=entry.line1,
            signature_line=line,
            key_name=signer["name"],
            key_class=key_class,
            public_bytes=public_bytes,
        )
        key = ActingKey.from_seed(key_name=signer["name"], key_class=key_class, seed=bytes.fromhex(signer["seed"]))
        assert key.sign(entry.line1) == line
    assert build_entry(line1=entry.line1, line2=entry.line2, signatures=entry.signatures) == data
    assert make_line(entry.author) == entry.line1
    assert line_hash(entry.line1) == vector["line_hash"]


@pytest.mark.parametrize("vector", VECTORS["rejected"], ids=lambda vector: vector["why"])
def test_a_rejected_vector_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(ColdcheckError):
        read_entry(bytes.fromhex(vector["bytes"]))


@pytest.mark.parametrize(("name", "value"), cases(BAD_AUTHORS))
def test_a_line_1_with_a_wrong_field_is_refused(name: str, value: object) -> None:
    with pytest.raises(BadEntry):
        read_author(changed(AUTHOR, name, value))


@pytest.mark.parametrize(("name", "value"), cases(BAD_RECEIPTS))
def test_a_receipt_with_a_wrong_field_is_refused(name: str, value: object) -> None:
    with pytest.raises(BadEntry):
        read_receipt(changed(RECEIPT, name, value))


def test_the_first_act_of_a_key_has_no_previous_and_may_have_seen_nothing() -> None:
    read_author(changed(changed_to_dict(AUTHOR, after=None), "prev", None))


def changed_to_dict(whole: dict[str, Plain], **values: Plain) -> dict[str, Plain]:
    return whole | values


def test_a_line_that_is_not_canonical_is_refused() -> None:
    for line in (LINE1.replace(b'":', b'": ', 1), LINE1.replace(b'"v":1', b'"v":1.0')):
        with pytest.raises(NotCanonical):
            read_author(line)
    with pytest.raises(BadEntry):
        read_author(LINE1[:-1])
    with pytest.raises(ColdcheckError):
        read_author(b"")


def test_an_entry_without_a_line_by_its_author_is_refused() -> None:
    stranger = ActingKey.from_seed(key_name="p2", key_class=KeyClass.DEMO, seed=bytes(32))
    with pytest.raises(BadEntry):
        build_entry(line1=LINE1, line2=LINE2, signatures=(stranger.sign(LINE1),))


@pytest.mark.parametrize(
    ("line1", "line2"),
    [
        (LINE1[:-1], LINE2),
        (LINE1, LINE2[:-1]),
        (LINE1 + b"\n", LINE2),
        (LINE1, b""),
        (b"", LINE1 + LINE2),
        (LINE1 + LINE2, b""),
        (LINE2, LINE1),
        (LINE1, LINE2 + LINE2),
    ],
    ids=range(8),
)
def test_parts_that_do_not_make_two_lines_are_not_built(line1: bytes, line2: bytes) -> None:
    with pytest.raises(ColdcheckError):
        build_entry(line1=line1, line2=line2, signatures=SIGNATURES)


def test_a_signature_that_would_smuggle_in_a_second_line_is_not_built() -> None:
    smuggled = SignatureLine(name="p2 AAAAAAA=\n\u2014 p0123456789AB/1", key_id=bytes(4), signature=b"x")
    with pytest.raises(ColdcheckError):
        build_entry(line1=LINE1, line2=LINE2, signatures=(smuggled,))


def test_the_largest_entry_fits_and_one_byte_more_does_not() -> None:
    def sized(filler: int) -> bytes:
        line1 = changed(AUTHOR, "acts", [{"act": "remarked", "filler": "x" * filler}])
        return build_entry(line1=line1, line2=LINE2, signatures=(KEY.sign(line1),))

    room = MAX_ENTRY_BYTES - len(sized(0))
    assert len(sized(room)) == MAX_ENTRY_BYTES
    with pytest.raises(EntryTooLarge):
        sized(room + 1)


def test_a_flipped_bit_is_refused_or_changes_what_is_read() -> None:
    original = read_entry(ENTRY)
    for at in range(8 * len(ENTRY)):
        flipped = bytearray(ENTRY)
        flipped[at // 8] ^= 1 << at % 8
        try:
            entry = read_entry(bytes(flipped))
        except ColdcheckError:
            continue
        assert entry != original
        assert make_line(entry.author) + make_line(entry.receipt) == entry.line1 + entry.line2


@given(st.binary(max_size=60), st.integers(0, len(ENTRY)), st.integers(0, 30))
def test_damaged_entries_raise_our_own_exceptions_only(filler: bytes, at: int, cut: int) -> None:
    damaged = ENTRY[:at] + filler + ENTRY[at + cut :]
    try:
        entry = read_entry(damaged)
    except ColdcheckError:
        return
    assert build_entry(line1=entry.line1, line2=entry.line2, signatures=entry.signatures) == damaged
    assert make_line(entry.author) + make_line(entry.receipt) == entry.line1 + entry.line2


@pytest.mark.parametrize("told", [1.5, 1e16, [{"deep": 0.25}], -0.0], ids=str)
def test_a_number_that_is_not_whole_is_refused_wherever_it_stands(told: object) -> None:
    for line in (LINE1, LINE2):
        whole = orjson.loads(line)
        whole["acts" if "acts" in whole else "findings"][0]["told"] = told
        with pytest.raises(NotCanonical):
            (read_author if line is LINE1 else read_receipt)(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS) + b"\n")


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1])
def test_a_line_is_as_deep_as_the_profile_allows_and_no_deeper(levels: int) -> None:
    inner = b'""'
    # The line, its list of acts and the act itself are three levels.
    for _ in range(levels - 3):
        inner = b"[" + inner + b"]"
    line = LINE1.replace(b'"act":"shown"', b'"act":"shown","deep":' + inner)
    if levels == MAX_DEPTH:
        assert make_line(read_author(line)) == line
        return
    with pytest.raises(NotCanonical, match="deeper than"):
        read_author(line)
