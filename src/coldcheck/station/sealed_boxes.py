"""Openings as the store keeps them: each encrypted under a key of its own, so that 32 bytes decide over its words.

Promises: without its key a box gives nothing away but its length; a box opens under one key and one commitment, and a
changed bit in either is found.

Does not do: reach copies that somebody else keeps with their keys. See docs/decisions/0010-erasing.md.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from coldcheck.proof.sealed import SALT_BYTES, BadOpening, Opening

KEY_BYTES: Final = 32
_LENGTH_BYTES: Final = 4
# Every key encrypts one box and is never used again, so the number used once may be the same each time.
_NONCE: Final = bytes(12)


def new_key() -> bytes:
    """A key for one box, from the system's randomness."""
    return os.urandom(KEY_BYTES)


def close_box(opening: Opening, *, commitment: str, key: bytes) -> bytes:
    """The box that `opening` lies in."""
    name = opening.field.encode()
    inner = opening.salt + len(name).to_bytes(_LENGTH_BYTES, "big") + name + opening.value.encode()
    return AESGCM(key).encrypt(_NONCE, inner, commitment.encode())


def open_box(box: bytes, *, commitment: str, key: bytes) -> Opening:
    """The opening in `box`. Raises BadOpening when the box, its key or its commitment is not the one it was closed with."""
    try:
        inner = AESGCM(key).decrypt(_NONCE, box, commitment.encode())
        start = SALT_BYTES + _LENGTH_BYTES
        end = start + int.from_bytes(inner[SALT_BYTES:start], "big")
        return Opening(salt=inner[:SALT_BYTES], field=inner[start:end].decode(), value=inner[end:].decode())
    except (InvalidTag, ValueError) as problem:
        raise BadOpening("the stored box or its key was changed: it does not open") from problem
