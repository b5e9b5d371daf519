"""Sealed values: the log holds a commitment, and whoever holds the opening can show what was committed to.

Promises: an opening fits exactly one field name and one value; without the salt a commitment tells nothing, however
short the value is. Deleting the opening erases the value and leaves the log whole.

Does not do: keep openings, or make salts. A salt is 32 fresh random bytes for every field of every act, given by the
caller; one used twice shows that two values are equal.

>>> sealed, opening = seal(salt=bytes(32), field="name", value="Person One")
>>> verify_opening(sealed, opening)
"""

from dataclasses import dataclass
from dataclasses import field as attribute
from hashlib import sha256
from typing import Final

from coldcheck.proof.errors import ColdcheckError

SALT_BYTES: Final = 32
_TAG: Final = b"coldcheck/sealed/v1\n"
_LENGTH_BYTES: Final = 4


class BadOpening(ColdcheckError):
    """An opening is malformed or belongs to another commitment. Remedy: ask whoever sent it for the right one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What stands in the log: the commitment, 32 bytes in lower-case hex."""

    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What stays out of the log: the salt, the field's name and its value. Salt and value are in no printout."""

    salt: bytes = attribute(repr=False)
    field: str
    value: str = attribute(repr=False)


def seal(*, salt: bytes, field: str, value: str) -> tuple[Sealed, Opening]:
    """The commitment to `value` under `field`, and the opening that shows it. Raises BadOpening for a bad salt."""
    opening = Opening(salt=salt, field=field, value=value)
    return Sealed(commitment=_commitment(opening)), opening


def verify_opening(sealed: Sealed, opening: Opening) -> None:
    """Nothing if `opening` is what `sealed` commits to; raises BadOpening otherwise."""
    if _commitment(opening) != sealed.commitment:
        raise BadOpening(f"This opening of {opening.field!r} does not belong to the commitment in the log.")


def _commitment(opening: Opening) -> str:
    """SHA-256 over the tag, the salt, and field and value each behind its length: no two openings share their bytes."""
    if len(opening.salt) != SALT_BYTES:
        raise BadOpening(f"A salt has {SALT_BYTES} bytes, this one {len(opening.salt)}.")
    try:
        parts = [text.encode("utf-8") for text in (opening.field, opening.value)]
    except UnicodeEncodeError as error:
        raise BadOpening(f"The opening of {opening.field!r} holds half a character and cannot be written.") from error
    framed = b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)
    return sha256(_TAG + opening.salt + framed).hexdigest()
