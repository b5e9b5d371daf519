"""The keys that acts are signed with: ES256 (ECDSA on P-256 with SHA-256), in classes that say how each is held.

Promises: a signature holds for one line 1, one key name, one class and one public key; the class is part of the key id,
so a key enrolled as `device` cannot pass as `passkey`. Malformed and weak public keys are refused.

Does not do: which keys are valid at which entry (custody reads that from the ledger), and nothing that logs sign: those
are Ed25519, see `note`. A WebAuthn assertion signs more than line 1 and is not read here.

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

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha512
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
    *, line1: bytes, signature_line: SignatureLine, key_name: str, key_class: KeyClass, public_bytes: bytes
) -> None:
    """Nothing if this key, in this class, signed `line1` (its newline included); raises BadSignature otherwise.

    Raises BadKey if the public key or the name itself is unusable.
    """
    expected_id = acting_key_id(key_name=key_name, key_class=key_class, public_bytes=public_bytes)
    if (signature_line.name, signature_line.key_id) != (key_name, expected_id):
        raise BadSignature(f"The signature line of {signature_line.name} is not by {key_name} as {key_class.value}.")
    try:
        _read_public(public_bytes).verify(_to_der(signature_line), line1, _VERIFY)
    except InvalidSignature as error:
        raise BadSignature(f"The signature by {key_name} does not fit this line.") from error


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

    def sign(self, line1: bytes) -> SignatureLine:
        """The signature line over `line1`, newline included: r and s as 32 bytes each, the same every time."""
        r, s = decode_dss_signature(self._private_key.sign(line1, _SIGN))
        signature = r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")
        return SignatureLine(name=self.key_name, key_id=self.key_id, signature=signature)
