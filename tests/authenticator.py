"""A software authenticator: what a phone gives back when a page asks its passkey to sign, with every part bendable."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from coldcheck.proof.keys import ActingKey, Assertion, KeyClass, RelyingParty, challenge_of
from coldcheck.proof.note import SignatureLine

RP_ID: Final = "set.example"
ORIGIN: Final = "https://hub7.set.example"
PARTY: Final = RelyingParty(rp_id=RP_ID, origins=(ORIGIN, "https://set.example:8443"))
VERIFIED: Final = 0x05
"""The flags of somebody who is present and was verified."""


def passkey(name: str, seed: bytes = bytes(32)) -> ActingKey:
    """The key inside the authenticator."""
    return ActingKey.from_seed(key_name=name, key_class=KeyClass.PASSKEY, seed=seed)


def client_data(line1: bytes, *, origin: str = ORIGIN, kind: str = "webauthn.get", rest: str = "") -> bytes:
    """What the browser says of the page that asked."""
    tail = rest or ',"crossOrigin":false}'
    return f'{{"type":"{kind}","challenge":"{challenge_of(line1)}","origin":"{origin}"{tail}'.encode()


def authenticator_data(*, rp_id: str = RP_ID, flags: int = VERIFIED, counter: int = 1, rest: bytes = b"") -> bytes:
    """What the authenticator says of itself and its user."""
    return sha256(rp_id.encode()).digest() + bytes([flags]) + counter.to_bytes(4, "big") + rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Bent:
    """Stretches of bytes to sign in place of the right ones; None for the right one."""

    client: bytes | None = None
    device: bytes | None = None


def assertion(key: ActingKey, line1: bytes, bent: Bent | None = None) -> Assertion:
    """What `key` gives back for `line1`: a signature over whatever stretches it was given."""
    bent = bent or Bent()
    client = client_data(line1) if bent.client is None else bent.client
    device = authenticator_data() if bent.device is None else bent.device
    signing = ec.ECDSA(SHA256(), deterministic_signing=True)
    signature = key._private_key.sign(device + sha256(client).digest(), signing)
    return Assertion(authenticator_data=device, client_data=client, signature=signature)


def line_of(key: ActingKey, blob: bytes) -> SignatureLine:
    """A signature line of `key` with these bytes."""
    return SignatureLine(name=key.key_name, key_id=key.key_id, signature=blob)


def sign(key: ActingKey, line1: bytes, bent: Bent | None = None) -> SignatureLine:
    """The signature line of `key` over `line1`: an assertion for a passkey, raw numbers for every other class."""
    if key.key_class is not KeyClass.PASSKEY:
        return key.sign(line1)
    return line_of(key, assertion(key, line1, bent).packed())


def der(r: int, s: int) -> bytes:
    """The DER form of two numbers."""
    return encode_dss_signature(r, s)
