"""Passkeys: an assertion counts for one line, asked from an enrolled page, by a verified user, in one form."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from authenticator import ORIGIN, PARTY, Bent, assertion, authenticator_data, client_data, der, line_of, passkey, sign
from coldcheck.proof.keys import ActingKey, KeyClass, RelyingParty, challenge_of, read_relying_party, verify_author
from coldcheck.proof.note import BadKey, BadSignature, SignatureLine

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "passkey.json").read_bytes())
LINE = b'{"v":1}\n'
KEY = passkey("k0123456789AB")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def verify(
    line: SignatureLine, *, line1: bytes = LINE, party: RelyingParty | None = PARTY, key: ActingKey = KEY
) -> None:
    verify_author(
        line1=line1,
        signature_line=line,
        key_name=key.key_name,
        key_class=key.key_class,
        public_bytes=key.public_bytes,
        relying_party=party,
    )


def refused(line: SignatureLine, words: str, *, line1: bytes = LINE, party: RelyingParty = PARTY) -> None:
    with pytest.raises(BadSignature, match=words):
        verify(line, line1=line1, party=party)


@given(st.binary(max_size=200))
def test_what_a_passkey_was_asked_to_sign_verifies(line1: bytes) -> None:
    verify(sign(KEY, line1), line1=line1)


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda vector: vector["why"])
def test_an_accepted_vector_is_accepted(vector: dict[str, Any]) -> None:
    of_vector(vector)


@pytest.mark.parametrize("vector", VECTORS["rejected"], ids=lambda vector: vector["why"])
def test_a_rejected_vector_is_rejected(vector: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        of_vector(vector)


def of_vector(vector: dict[str, Any]) -> None:
    verify_author(
        line1=bytes.fromhex(vector["line1"]),
        signature_line=SignatureLine(
            name=vector["name"], key_id=bytes.fromhex(vector["key_id"]), signature=bytes.fromhex(vector["signature"])
        ),
        key_name=vector["name"],
        key_class=KeyClass.PASSKEY,
        public_bytes=bytes.fromhex(vector["public"]),
        relying_party=RelyingParty(rp_id=vector["rp"], origins=tuple(vector["origins"])),
    )


def test_every_flipped_bit_of_an_assertion_is_found() -> None:
    signed = sign(KEY, LINE)
    for at in range(8 * len(signed.signature)):
        flipped = bytearray(signed.signature)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(BadSignature):
            verify(line_of(KEY, bytes(flipped)))


def test_every_cut_of_an_assertion_is_found() -> None:
    signed = sign(KEY, LINE)
    for end in range(len(signed.signature)):
        with pytest.raises(BadSignature):
            verify(line_of(KEY, signed.signature[:end]))
    with pytest.raises(BadSignature):
        verify(line_of(KEY, signed.signature + b"\x00"))


def test_an_assertion_for_another_line_is_refused() -> None:
    refused(sign(KEY, LINE), "hash of this line", line1=b'{"v":2}\n')


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (client_data(LINE, kind="webauthn.create"), "webauthn.get"),
        (client_data(LINE, kind="payment.get"), "webauthn.get"),
        (client_data(b"other\n"), "hash of this line"),
        (client_data(LINE, origin="https://set.example"), "origins"),
        (client_data(LINE, origin="https://hub7.set.example.evil.example"), "origins"),
        (client_data(LINE, origin=ORIGIN + "/"), "origins"),
        (client_data(LINE, rest=',"crossOrigin":true}'), "another site"),
        (client_data(LINE, rest=',"crossOrigin":true,"topOrigin":"https://evil.example"}'), "another site"),
        (client_data(LINE, rest=',"crossOrigin":false'), "cut short"),
        (client_data(LINE, rest=".evil.example}"), "cut short"),
        (client_data(LINE, rest=',"topOrigin":"https://evil.example","crossOrigin":true}'), "another site"),
        (client_data(LINE, rest=',"crossOrigin":false "more":1}'), "another site"),
        (client_data(LINE, rest=',"crossOrigin":falsey}'), "another site"),
        (client_data(LINE, rest=',"crossOrigin":false,"a":"\n"}'), "another site"),
        (client_data(LINE)[:-1] + b',"a":"\xff"}', "another site"),
        (b"\xef\xbb\xbf" + client_data(LINE), "webauthn.get"),
        (b" " + client_data(LINE), "webauthn.get"),
        (client_data(LINE).replace(b'{"type"', b'{"challenge":"AA","type"'), "webauthn.get"),
        (client_data(LINE).replace(b'","origin"', b'=","origin"'), "hash of this line"),
        (b"", "webauthn.get"),
    ],
)
def test_client_data_that_says_something_else_is_refused(client: bytes, words: str) -> None:
    refused(sign(KEY, LINE, Bent(client=client)), words)


@pytest.mark.parametrize("rest", ["}", ',"crossOrigin":false}', ',"crossOrigin":false,"other_keys":"x"}'])
def test_what_browsers_add_behind_the_origin_is_accepted(rest: str) -> None:
    verify(sign(KEY, LINE, Bent(client=client_data(LINE, rest=rest))))


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (authenticator_data(rp_id="hub7.set.example"), "another domain"),
        (authenticator_data(rp_id="SET.example"), "another domain"),
        (authenticator_data(flags=0x00), "verify its user"),
        (authenticator_data(flags=0x01), "verify its user"),
        (authenticator_data(flags=0x04), "verify its user"),
        (authenticator_data(rest=b"\x00"), "length"),
        (authenticator_data()[:-1], "length"),
        (authenticator_data()[:32], "length"),
        (authenticator_data(flags=0x45), "length"),
        (authenticator_data(flags=0x85), "length"),
        (b"", "another domain"),
    ],
)
def test_an_authenticator_that_did_not_verify_its_user_is_refused(device: bytes, words: str) -> None:
    refused(sign(KEY, LINE, Bent(device=device)), words)


def test_backup_flags_and_extensions_are_accepted() -> None:
    verify(sign(KEY, LINE, Bent(device=authenticator_data(flags=0x1D))))
    verify(sign(KEY, LINE, Bent(device=authenticator_data(flags=0x85, rest=b"\xa0"))))


def test_only_the_one_der_form_is_accepted() -> None:
    made = assertion(KEY, LINE)
    r, s = decode_dss_signature(made.signature)
    # The high form is as good: authenticators make both.
    verify(line_of(KEY, replace(made, signature=der(r, ORDER - s)).packed()))
    loose = bytearray(made.signature)
    loose[1:2] = b"\x81" + bytes([made.signature[1]])
    padded = bytearray(made.signature)
    padded[1] += 1
    padded[3] += 1
    padded[4:4] = b"\x00"
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    for signature in (bytes(loose), bytes(padded), made.signature + b"\x00", raw, der(0, s), der(r, s + ORDER), b""):
        with pytest.raises(BadSignature):
            verify(line_of(KEY, replace(made, signature=signature).packed()))


def test_raw_numbers_over_the_line_are_no_passkeys_signature() -> None:
    with pytest.raises(BadSignature, match=r"cut short|something else"):
        verify(KEY.sign(LINE))


def test_a_passkey_without_a_domain_or_a_device_key_with_one_is_refused() -> None:
    device = ActingKey.from_seed(key_name="k1", key_class=KeyClass.DEVICE, seed=bytes(32))
    with pytest.raises(BadKey, match="passkey has a domain"):
        verify(sign(KEY, LINE), party=None)
    with pytest.raises(BadKey, match="passkey has a domain"):
        verify(device.sign(LINE), key=device)


@pytest.mark.parametrize(
    ("rp_id", "origins"),
    [
        ("192.168.1.7", ("https://192.168.1.7",)),
        ("example", ("https://example",)),
        ("Set.example", ("https://Set.example",)),
        ("set.example", ()),
        ("set.example", ("http://set.example",)),
        ("set.example", ("https://evil-set.example",)),
        ("set.example", ("https://set.example/",)),
        ("set.example", ("https://set.example", "https://set.example")),
        ("set.example", ("https://set.example:0",)),
        ("", ("https://",)),
    ],
)
def test_a_domain_or_origin_no_browser_takes_is_refused(rp_id: str, origins: tuple[str, ...]) -> None:
    with pytest.raises(BadKey):
        read_relying_party(RelyingParty(rp_id=rp_id, origins=origins))


def test_localhost_is_a_domain_for_trying_out() -> None:
    party = RelyingParty(rp_id="localhost", origins=("http://localhost:8000",))
    assert read_relying_party(party) is party


def test_the_challenge_is_base64url_without_padding() -> None:
    # SHA-256 of nothing, from FIPS 180-4 examples.
    assert challenge_of(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
