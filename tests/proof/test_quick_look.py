"""The quick look sees what the careful reader sees, or nothing: over good entries, and over entries with anything done to them."""

import random
from binascii import a2b_base64, b2a_base64
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from coldcheck.proof.entry import build_entry, make_line, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass, RelyingParty, verify_author
from coldcheck.proof.quick_look import UsualParty, quick_look, usual_assertion
from coldcheck.station.lab.passkey_log import DOMAIN, Signers
from coldcheck.station.lab.soak_fuzz import mutated

if TYPE_CHECKING:
    from coldcheck.proof.encoding import Plain

PARTY = RelyingParty(rp_id=DOMAIN, origins=(f"https://{DOMAIN}",))
USUAL = UsualParty.of(PARTY)


def entries(count: int) -> list[bytes]:
    return list(islice(Signers().entries(count + 1), 1, None))


def agrees(data: bytes) -> bool:
    """Whether the quick look saw it; what it saw is compared with what the careful reader says."""
    look = quick_look(data)
    if look is None:
        return False
    entry = read_entry(data)
    (line,) = entry.signatures
    author = entry.author
    assert look.line1 == entry.line1
    assert [look.by, look.entry_id, look.key, look.log] == [str(author[n]).encode() for n in ("by", "id", "key", "log")]
    assert int(look.epoch) == entry.receipt["epoch"]
    assert (look.key_id, look.signature, look.key.decode()) == (line.key_id, line.signature, line.name)
    return True


def test_every_usual_entry_is_seen_and_seen_right() -> None:
    assert all(agrees(data) for data in entries(300))


def test_whatever_is_done_to_an_entry_the_quick_look_accepts_nothing_that_the_careful_reader_refuses() -> None:
    good, dice = entries(8), random.Random(4)
    seen = 0
    for _ in range(20_000):
        data = mutated(dice.choice(good), dice.choice(good), dice)
        try:
            seen += agrees(data)
        except ColdcheckError as problem:
            raise AssertionError(data) from problem
    assert seen > 500


def signed_by(who: ActingKey, data: bytes) -> bool:
    """Whether the careful reader takes the signature of this entry."""
    entry = read_entry(data)
    try:
        verify_author(
            line1=entry.line1, signature_line=entry.signatures[0], key_name=who.key_name, key_class=KeyClass.PASSKEY,
            public_bytes=who.public_bytes, relying_party=PARTY,
        )  # fmt: skip
    except ColdcheckError:
        return False
    return True


def test_a_passkeys_usual_bytes_are_what_the_careful_reader_verifies() -> None:
    """A changed assertion is either left to the careful reader, or signs what it would have found."""
    keys = {key.key_name: key for key in Signers().keys}
    dice, usual, changed = random.Random(7), 0, 0
    for data in entries(200):
        look = quick_look(data)
        assert look is not None
        usual += usual_assertion(look.signature, look.line1, USUAL) is not None
        at = dice.randrange(len(look.signature))
        bent = look.signature[:at] + bytes([look.signature[at] ^ 1 << dice.randrange(8)]) + look.signature[at + 1 :]
        found = usual_assertion(bent, look.line1, USUAL)
        if found is None:
            continue
        changed += 1
        text = b2a_base64(look.key_id + bent, newline=False)
        other = data[: data.rindex(b" ") + 1] + text + b"\n"
        assert a2b_base64(text)[4:] == bent
        assert not signed_by(keys[look.key.decode()], other)
    assert usual > 190
    assert changed > 20


def test_a_float_a_depth_or_a_second_key_is_never_seen_as_usual() -> None:
    line2 = make_line(
        {
            "v": 1, "epoch": 0, "boot": "b", "mono_ms": 1, "at": "2026-05-01T09:30:01Z", "delivered": "live",
            "rules": "none", "build": "t", "verdict": "admitted", "findings": [],
        }
    )  # fmt: skip
    key = ActingKey.from_seed(key_name="k0123456789AB", key_class=KeyClass.DEVICE, seed=bytes(32))
    deep: Plain = 1
    for _ in range(29):
        deep = [deep]
    line1 = make_line(
        {
            "v": 1, "id": "a1", "log": "l/x", "by": "p1", "key": key.key_name, "at": "2026-05-01T09:30:00Z",
            "after": None, "prev": None, "about": ["g1"], "acts": [{"act": "tried", "n": 3}],
        }
    )  # fmt: skip
    good = build_entry(line1=line1, line2=line2, signatures=(key.sign(line1),))
    assert agrees(good)
    for bad in (b'"n":3.0', b'"n":3e2', b'"n":3,"n":3', b'"n": 3', b'"n":-0', b'"n":9007199254740992', b'"n":NaN'):
        assert quick_look(good.replace(b'"n":3', bad)) is None
    acts = make_line({"n": deep})[5:-2]
    assert quick_look(good.replace(b'"n":3', b'"n":' + acts)) is not None
    assert quick_look(good.replace(b'"n":3', b'"n":[[[' + acts + b"]]]")) is None


def test_a_passkey_that_did_not_verify_its_user_or_is_written_otherwise_is_left_to_the_careful_reader() -> None:
    (data,) = entries(1)
    look = quick_look(data)
    assert look is not None
    key = next(key for key in Signers().keys if key.key_name == look.key.decode())
    good = look.signature
    begin = 41 + int.from_bytes(good[39:41], "big")
    client = good[39:begin]

    def signed(flags: int) -> bytes:
        told = good[2:34] + bytes([flags]) + good[35:39]
        return good[:2] + told + client + key.sign_der(told + sha256(client[2:]).digest())

    assert usual_assertion(signed(0x05), look.line1, USUAL) is not None
    assert usual_assertion(signed(0x1D), look.line1, USUAL) is not None
    for flags in (0x00, 0x01, 0x04, 0x45, 0x85):
        assert usual_assertion(signed(flags), look.line1, USUAL) is None
    for der in (good[begin:] + b"\x00", good[begin : begin + 1] + b"\x47" + good[begin + 2 :], b""):
        assert usual_assertion(good[:begin] + der, look.line1, USUAL) is None
    wrong = b"\x30" + bytes([good[begin + 1] ^ 2]) + good[begin + 2 :]
    assert usual_assertion(good[:begin] + wrong, look.line1, USUAL) is None


def test_numbers_of_32_and_31_bytes_are_usual_in_their_one_form_and_shorter_ones_are_left_to_the_careful_reader() -> (
    None
):
    (data,) = entries(1)
    look = quick_look(data)
    assert look is not None
    good = look.signature
    begin = 41 + int.from_bytes(good[39:41], "big")

    def is_usual(der: bytes) -> bool:
        return usual_assertion(good[:begin] + der, look.line1, USUAL) is not None

    usual = (1 << 255, (1 << 255) - 1, 1 << 248, (1 << 248) - 1, 1 << 247, (1 << 247) - 1, 1 << 240)
    for r in usual:
        for s in usual:
            assert is_usual(encode_dss_signature(r, s)), (r, s)
        assert not is_usual(encode_dss_signature(r, (1 << 240) - 1))
        assert not is_usual(encode_dss_signature((1 << 232) - 1, r))
    # A zero in front that need not be there is another form of the same number.
    body = b"\x02\x20\x00" + b"\x7f" * 31 + b"\x02\x20" + b"\x11" * 32
    assert not is_usual(b"\x30" + bytes([len(body)]) + body)
    body = b"\x02\x21\x00" + b"\x7f" * 32 + b"\x02\x20" + b"\x11" * 32
    assert not is_usual(b"\x30" + bytes([len(body)]) + body)
    body = b"\x02\x1f" + b"\x80" * 31 + b"\x02\x20" + b"\x11" * 32
    assert not is_usual(b"\x30" + bytes([len(body)]) + body)
