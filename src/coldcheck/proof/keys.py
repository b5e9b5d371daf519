"""The keys that acts are signed with: ES256 (ECDSA on P-256 with SHA-256), in classes that say how each is held.

Promises: a signature holds for one line 1, one key name, one class and one public key; the class is part of the key id,
so a key enrolled as `device` cannot pass as `passkey`. Malformed and weak public keys are refused.

A passkey signs by way of WebAuthn: what it signs names line 1 by its hash, and every check is over the stored bytes.

Does not do: which keys are valid at which entry (custody reads that from the ledger), and nothing that logs sign: those
are Ed25519, see `note`. It does not read attestations: which maker's authenticator holds a passkey is not looked at.

>>> key = ActingKey.from_seed(key_name="p0123456789AB/1", key_class=KeyClass.DEMO, seed=bytes(32))
>>> line = key.sign(b'{"v":1}' + bytes([10]))
>>> verify_author(
...     line1=b'{"v":1}' + bytes([10]),
...     signature_line=line,
...     key_name=key.key_name,
...     key_class=key.key_class,
...     public_bytes=key.public_bytes,
... )
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256, sha512
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from coldcheck.proof.encoding import to_base64
from coldcheck.proof.note import BadKey, BadSignature, SignatureLine, is_key_name, key_id

PUBLIC_BYTES: Final = 65
SIGNATURE_BYTES: Final = 64
SEED_BYTES: Final = 32

_SCALAR_BYTES: Final = 32
_UNCOMPRESSED: Final = b"\x04"
_CURVE: Final = ec.SECP256R1()
_VERIFY: Final = ec.ECDSA(SHA256())
# Deterministic nonces (RFC 6979): a repeated or guessed nonce would give the private key away.
_SIGN: Final = ec.ECDSA(SHA256(), deterministic_signing=True)
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# The base point has private key 1 (and n - 1 for its mirror image): everyone can sign with it.
_BASE_X: Final = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
_SEED_TAG: Final = b"coldcheck/es256/seed/v1\n"

_LENGTH_BYTES: Final = 2
_FLAGS_AT: Final = 32
_BARE_AUTHENTICATOR_BYTES: Final = 37
_USER_PRESENT, _USER_VERIFIED, _ATTESTED, _EXTENDED = 0x01, 0x04, 0x40, 0x80
# WebAuthn refuses addresses of digits, so the last label must hold a letter.
_RP_ID: Final = re.compile(r"localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ORIGIN: Final = re.compile(r"(?:https://(?P<host>[a-z0-9.-]+)|http://(?P<own>localhost))(?::[1-9][0-9]{0,4})?")
MAX_ORIGINS: Final = 16


class KeyClass(StrEnum):
    """How a key is held and what its signature is worth. Shown on every act."""

    PASSKEY = "passkey"
    """The person's own passkey: user verification for this very act."""
    UNLOCKED = "unlocked"
    """A device key within a stated time after user verification."""
    DEVICE = "device"
    """A non-extractable key in a browser, no user verification."""
    ATTENDED = "attended"
    """A key on a shared phone, held out by a named person."""
    DEMO = "demo"
    """A key everybody can make from a published seed: shows the product, proves nothing."""
    REPORT = "report"
    """A key for what somebody entered about others."""
    HUB = "hub"
    """The hub's own acting key, for what the hub itself does. Never its log key."""

    @property
    def kind(self) -> bytes:
        """The signature type of this class in a note: 0xff and our tag."""
        return b"\xff" + f"coldcheck/es256/{self.value}/v1".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Whom a passkey answers to: the domain it was made for, and the origins of the pages that may ask it."""

    rp_id: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledKey:
    """An acting key as its enrolment has it; `relying_party` is there for a passkey and for no other class."""

    public_bytes: bytes
    key_class: KeyClass
    relying_party: RelyingParty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What an authenticator gives back, byte for byte: two stretches of bytes and the DER signature over them."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    def packed(self) -> bytes:
        """The signature of a passkey's line: the two stretches behind their lengths of 2 bytes, then the signature."""
        parts = (self.authenticator_data, self.client_data)
        return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts) + self.signature


def read_relying_party(party: RelyingParty) -> RelyingParty:
    """The same party, if a passkey can be asked under it. Raises BadKey for a domain or an origin that no browser takes.

    Every origin is https (or http on localhost) at the domain itself or below it.
    """
    if not _RP_ID.fullmatch(party.rp_id) or len(party.rp_id) > 253:  # noqa: PLR2004  # RFC 1035
        raise BadKey(
            f"{party.rp_id!r} is no domain a passkey can be made for: a name in lower case, no number address."
        )
    if not 1 <= len(party.origins) <= MAX_ORIGINS or len(set(party.origins)) != len(party.origins):
        raise BadKey(
            f"A passkey is enrolled with 1 to {MAX_ORIGINS} different origins; this one has {party.origins!r}."
        )
    for origin in party.origins:
        named = _ORIGIN.fullmatch(origin)
        host = (named["host"] or named["own"]) if named else ""
        if host != party.rp_id and not host.endswith("." + party.rp_id):
            raise BadKey(f"{origin!r} is no origin of {party.rp_id}: https and a host at or below that domain is.")
    return party


def read_public(public_bytes: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of an uncompressed P-256 point (0x04, x, y). Raises BadKey for anything else.

    Refused: points off the curve, coordinates beyond the field, other lengths and forms, the base point and its mirror.
    """
    return _read_public(bytes(public_bytes))


@lru_cache(maxsize=4096)
def _read_public(public_bytes: bytes) -> ec.EllipticCurvePublicKey:
    if len(public_bytes) != PUBLIC_BYTES or public_bytes[:1] != _UNCOMPRESSED:
        raise BadKey(f"A person's public key is an uncompressed P-256 point of {PUBLIC_BYTES} bytes.")
    if int.from_bytes(public_bytes[1:33], "big") == _BASE_X:
        raise BadKey("This public key is the curve's base point: its private key is known to everyone.")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public_bytes)
    except ValueError as error:
        raise BadKey("This public key is not a point on P-256.") from error


@lru_cache(maxsize=4096)
def acting_key_id(*, key_name: str, key_class: KeyClass, public_bytes: bytes) -> bytes:
    """The 4 bytes that name this key, with this class, in a signature line. Raises BadKey for an unusable name."""
    if not is_key_name(key_name) or not key_name.isascii():
        raise BadKey(f"{key_name!r} is no name for a key: ASCII without spaces and plus signs is.")
    return key_id(name=key_name, kind=key_class.kind, public_bytes=public_bytes)


def verify_author(
    *,
    line1: bytes,
    signature_line: SignatureLine,
    key_name: str,
    key_class: KeyClass,
    public_bytes: bytes,
    relying_party: RelyingParty | None = None,
) -> None:
    """Nothing if this key, in this class, signed `line1` (its newline included); raises BadSignature otherwise.

    A passkey is verified against the `relying_party` it was enrolled with; other classes have none. Raises BadKey if
    the public key, the name or the party itself is unusable.
    """
    expected_id = acting_key_id(key_name=key_name, key_class=key_class, public_bytes=public_bytes)
    if (signature_line.name, signature_line.key_id) != (key_name, expected_id):
        raise BadSignature(f"The signature line of {signature_line.name} is not by {key_name} as {key_class.value}.")
    if (key_class is KeyClass.PASSKEY) != (relying_party is not None):
        raise BadKey(
            f"The key {key_name} is a {key_class.value} key: a passkey has a domain and origins, no other has."
        )
    if relying_party is None:
        message, signature = line1, _to_der(signature_line)
    else:
        message, signature = _asserted(line1, signature_line, relying_party)
    try:
        _read_public(public_bytes).verify(signature, message, _VERIFY)
    except InvalidSignature as error:
        raise BadSignature(f"The signature by {key_name} does not fit this line.") from error


def challenge_of(line1: bytes) -> str:
    """What a passkey must be asked to sign for `line1`: its SHA-256 in base64url without padding."""
    return to_base64(sha256(line1).digest()).translate(_TO_URL).rstrip("=")


_TO_URL: Final = str.maketrans("+/", "-_")


def _asserted(line1: bytes, signature_line: SignatureLine, party: RelyingParty) -> tuple[bytes, bytes]:
    """What the authenticator signed, and its DER signature, after every check but the signature's own."""
    name = signature_line.name
    read_relying_party(party)
    assertion = _unpack(signature_line)
    flaw = _client_flaw(assertion.client_data, line1, party) or _authenticator_flaw(assertion.authenticator_data, party)
    if flaw:
        raise BadSignature(f"The passkey {name} signed something else: {flaw}.")
    try:
        r, s = decode_dss_signature(assertion.signature)
    except ValueError as error:
        raise BadSignature(f"The signature by the passkey {name} is not written in DER.") from error
    # One pair of numbers has one DER form; a lenient reader elsewhere must not take another.
    if not (0 < r < _ORDER and 0 < s < _ORDER) or encode_dss_signature(r, s) != assertion.signature:
        raise BadSignature(f"The signature by the passkey {name} is not in the one DER form, or out of range.")
    return assertion.authenticator_data + sha256(assertion.client_data).digest(), assertion.signature


def _unpack(signature_line: SignatureLine) -> Assertion:
    data, parts = signature_line.signature, []
    for _ in range(2):
        end = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
        if len(data) < end:
            raise BadSignature(f"The signature by {signature_line.name} is no assertion of a passkey: it is cut short.")
        parts.append(data[_LENGTH_BYTES:end])
        data = data[end:]
    return Assertion(authenticator_data=parts[0], client_data=parts[1], signature=data)


def _client_flaw(data: bytes, line1: bytes, party: RelyingParty) -> str:
    """What is wrong with the client data, "" if nothing: it must begin with exactly type, challenge, an origin of ours.

    Browsers write these three first and in this order (WebAuthn level 2, section 5.8.1.1), so the beginning is compared
    byte for byte: a second "challenge" further on could be taken by one JSON reader and not by another. Nothing follows,
    or "crossOrigin" that is false and then what the browser likes.
    """
    wanted = f'{{"type":"webauthn.get","challenge":"{challenge_of(line1)}","origin":"'.encode()
    if not data.startswith(wanted):
        return "its client data is not of the type webauthn.get with the hash of this line as challenge"
    origin, quote, rest = data[len(wanted) :].partition(b'"')
    if not quote or origin.decode("latin-1") not in party.origins:
        return "it was asked from a page that is none of the enrolled origins"
    try:
        is_own_page = _BEHIND_ORIGIN.fullmatch(rest.decode("utf-8")) is not None
    except UnicodeDecodeError:
        is_own_page = False
    return "" if is_own_page else "it was asked from inside another site's page, or its client data is cut short"


_BEHIND_ORIGIN: Final = re.compile(r'(?:,"crossOrigin":false(?:,[^\x00-\x1f]*)?)?\}')


def _authenticator_flaw(data: bytes, party: RelyingParty) -> str:
    """What is wrong with the authenticator's data, "" if nothing: domain, length, user present, user verified."""
    if data[:_FLAGS_AT] != sha256(party.rp_id.encode()).digest():
        return "it is bound to another domain than it was enrolled with"
    flags = data[_FLAGS_AT] if len(data) > _FLAGS_AT else 0
    bare = len(data) == _BARE_AUTHENTICATOR_BYTES
    if len(data) < _BARE_AUTHENTICATOR_BYTES or flags & _ATTESTED or bare == bool(flags & _EXTENDED):
        return "the authenticator's data has not the length that its flags say"
    if not flags & _USER_PRESENT or not flags & _USER_VERIFIED:
        return "the authenticator did not verify its user"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinClaim:
    """What the key on a join card signs: that this very key, in this log, is that person's."""

    log: str
    person: str
    key_name: str
    public_bytes: bytes

    def message(self) -> bytes:
        """The bytes to sign."""
        words = (self.log, self.person, self.key_name, self.public_bytes.hex())
        return _JOIN_TAG + "".join(f"{word}\n" for word in words).encode()


_JOIN_TAG: Final = b"coldcheck/join/v1\n"


def card_hash(card_public: bytes) -> str:
    """What a crew list says of a join card: SHA-256 of the public key on it, in hex."""
    return sha256(card_public).hexdigest()


def verify_join_card(*, claim: JoinClaim, card_public: bytes, proof: bytes) -> None:
    """Nothing if the card's key signed this claim (r and s, 32 bytes each). Raises BadKey or BadSignature."""
    if len(proof) != SIGNATURE_BYTES:
        raise BadSignature(f"The proof of a join card has {SIGNATURE_BYTES} bytes, this one {len(proof)}.")
    line = SignatureLine(name="join card", key_id=b"", signature=proof)
    try:
        read_public(card_public).verify(_to_der(line), claim.message(), _VERIFY)
    except InvalidSignature as error:
        raise BadSignature(f"The join card of {claim.person} did not sign for this key; use the card again.") from error


def _to_der(signature_line: SignatureLine) -> bytes:
    signature = signature_line.signature
    if len(signature) != SIGNATURE_BYTES:
        raise BadSignature(f"The signature by {signature_line.name} has {len(signature)} bytes, not {SIGNATURE_BYTES}.")
    r = int.from_bytes(signature[:_SCALAR_BYTES], "big")
    s = int.from_bytes(signature[_SCALAR_BYTES:], "big")
    # OpenSSL refuses these as well; the rule stands here because it is the format's, not one library's.
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        raise BadSignature(f"The signature by {signature_line.name} holds a number outside the curve's range.")
    return encode_dss_signature(r, s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingKey:
    """A private key that signs acts, with the name and class it is enrolled under."""

    key_name: str
    key_class: KeyClass
    public_bytes: bytes
    key_id: bytes
    _private_key: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, *, key_name: str, key_class: KeyClass, seed: bytes) -> "ActingKey":
        """The key that a 32-byte seed stands for: always the same for the same name, class and seed.

        The private number is SHA-512(tag, class, newline, name, newline, seed) mod (n - 1) + 1; the name and class are
        in it, so one seed shared by several people still gives each a key of their own. Raises BadKey.
        """
        if len(seed) != SEED_BYTES:
            raise BadKey(f"The seed of an acting key has {SEED_BYTES} bytes, this one {len(seed)}.")
        material = _SEED_TAG + key_class.value.encode() + b"\n" + key_name.encode() + b"\n" + seed
        scalar = int.from_bytes(sha512(material).digest(), "big") % (_ORDER - 1) + 1
        return cls.from_private(
            key_name=key_name, key_class=key_class, private_key=ec.derive_private_key(scalar, _CURVE)
        )

    @classmethod
    def from_private(
        cls, *, key_name: str, key_class: KeyClass, private_key: ec.EllipticCurvePrivateKey
    ) -> "ActingKey":
        """The acting key around a private key that was made elsewhere. Raises BadKey if it is not on P-256."""
        public_bytes = private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        read_public(public_bytes)
        own_id = acting_key_id(key_name=key_name, key_class=key_class, public_bytes=public_bytes)
        return cls(
            key_name=key_name,
            key_class=key_class,
            public_bytes=public_bytes,
            key_id=own_id,
            _private_key=private_key,
        )

    def sign_der(self, message: bytes) -> bytes:
        """The signature over any bytes in DER, as an authenticator gives one; the same every time."""
        return self._private_key.sign(message, _SIGN)

    def sign(self, line1: bytes) -> SignatureLine:
        """The signature line over `line1`, newline included: r and s as 32 bytes each, the same every time.

        Of class passkey nobody accepts it: there an authenticator must have signed, see `Assertion`.
        """
        r, s = decode_dss_signature(self._private_key.sign(line1, _SIGN))
        signature = r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")
        return SignatureLine(name=self.key_name, key_id=self.key_id, signature=signature)
