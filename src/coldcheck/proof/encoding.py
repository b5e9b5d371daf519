r"""The one way between values and bytes: canonical JSON, strict base64 and hex, and opaque ids.

Promises: a value has exactly one encoding, and `decode` accepts no other bytes for it, so two readers of the same
bytes always see the same value. The profile is RFC 8785 narrowed: no floats, integers within +-(2^53 - 1), ASCII keys
in order, no spaces, no needless escapes, at most 32 levels deep.

Does not do: schemas. What an act or an entry must contain is settled by its reader.

>>> encode({"b": [1, None], "a": "é"})
b'{"a":"\xc3\xa9","b":[1,null]}'
>>> decode(b'{"a":1}')
{'a': 1}
"""

import binascii
import re
from typing import Final, TypeAlias

import orjson

from coldcheck.proof.errors import ColdcheckError

Plain: TypeAlias = "bool | int | str | list[Plain] | dict[str, Plain] | None"
"""What canonical JSON can hold, and nothing else: no floats, no tuples, no subclasses."""

MAX_INT: Final = 2**53 - 1
MAX_DEPTH: Final = 32

# Without these, orjson would quietly turn dataclasses, datetimes, tuples of str subclasses and so on into JSON.
_OPTIONS: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
)
# As above, and integers beyond 2^53 - 1 are an error: the quick way to read needs no look at each.
STRICT: Final = _OPTIONS | orjson.OPT_STRICT_INTEGER
_LEAVES: Final = frozenset((str, int, bool, type(None)))
_LOWER_HEX: Final = re.compile(r"[0-9a-f]*")
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_CHARACTERS: Final = 12
_ID_BYTES: Final = 8
_ID_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")


class NotCanonical(ColdcheckError):
    """A value has no canonical form, or bytes are not it. Remedy: encode the value again with `encode`."""


def encode(value: Plain) -> bytes:
    """The canonical bytes of `value`. Raises NotCanonical if it holds anything outside the profile."""
    if flaw := _flaw(value, 0):
        raise NotCanonical(f"This value cannot be written as canonical JSON: value{flaw}.")
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(f"This value cannot be written as canonical JSON: {error}.") from error


def decode(data: bytes, *, levels: int = MAX_DEPTH) -> Plain:
    """The value whose canonical bytes are exactly `data`. Raises NotCanonical and names what is wrong.

    `levels` is how deep it may be nested: less where `data` was cut out of a greater whole.
    """
    try:
        value: Plain = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"These bytes are not JSON: {error}.") from error
    if _is_canonical(value, data, levels):
        return value
    if flaw := _flaw(value, MAX_DEPTH - levels):
        raise NotCanonical(f"These bytes are JSON outside the profile: value{flaw}.")
    # orjson keeps the last of two equal keys and forgives spaces, order and escapes; the comparison forgives nothing.
    canonical = orjson.dumps(value, option=_OPTIONS)
    if canonical != data:
        raise NotCanonical(_first_difference(received=data, canonical=canonical))
    return value


def decode_vouched(data: bytes) -> Plain:
    """The value of bytes that `decode` accepted once and that a root vouches for since. Raises NotCanonical for no JSON."""
    try:
        value: Plain = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"These bytes are not JSON: {error}.") from error
    return value


def _is_canonical(value: Plain, data: bytes, levels: int) -> bool:
    """Whether `data` is ASCII, the canonical form of `value` and in the profile; False may only mean: look closer."""
    try:
        # In its own canonical form ASCII data has ASCII keys, for nothing but control characters is escaped there.
        return data.isascii() and orjson.dumps(value, option=STRICT) == data and _is_plain(value, levels)
    except orjson.JSONEncodeError:
        return False


def _is_plain(value: object, levels: int) -> bool:
    """Whether `value` holds no float and at most `levels` levels; what else JSON can bring is in the profile."""
    if type(value) in _LEAVES:
        return True
    if levels == 0 or not isinstance(value, dict | list):
        return False
    for inner in value.values() if type(value) is dict else value:
        if type(inner) not in _LEAVES and not _is_plain(inner, levels - 1):
            return False
    return True


def _flaw(value: object, depth: int) -> str:
    """What is outside the profile, with the path to it (".acts[0].count is a float"), or "" if nothing is."""
    # Exact types: a subclass of str or int could print itself as something else. isinstance is for the type checker.
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return ""
    if kind is int and isinstance(value, int):
        return "" if -MAX_INT <= value <= MAX_INT else " is an integer beyond 2^53 - 1"
    if depth == MAX_DEPTH:
        return f" is nested deeper than {MAX_DEPTH} levels"
    if kind is dict and isinstance(value, dict):
        return _dict_flaw(value, depth + 1)
    if kind is list and isinstance(value, list):
        return _list_flaw(value, depth + 1)
    return f" is a {kind.__name__}"


def _dict_flaw(value: dict[object, object], depth: int) -> str:
    for key, inner in value.items():
        if type(key) is not str or not key.isascii():
            return f" has the key {key!r}, which is not an ASCII string"
        # Most values are strings: one comparison here is quicker than a call.
        if type(inner) is not str and (flaw := _flaw(inner, depth)):
            return f".{key}{flaw}"
    return ""


def _list_flaw(value: list[object], depth: int) -> str:
    for index, inner in enumerate(value):
        if type(inner) is not str and (flaw := _flaw(inner, depth)):
            return f"[{index}]{flaw}"
    return ""


def _first_difference(*, received: bytes, canonical: bytes) -> str:
    pairs = enumerate(zip(received, canonical, strict=False))
    at = next((index for index, (one, other) in pairs if one != other), min(len(received), len(canonical)))
    return (
        f"These bytes are JSON but not canonical: byte {at} differs from the canonical form "
        "(a space, a repeated key, keys out of order, or a needless escape)."
    )


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes whose base64 is exactly `text`.

    Raises NotCanonical for missing padding, leftover bits, spaces or characters of another alphabet.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise NotCanonical(f"{text!r} is not base64: {error}.") from error
    # Strict mode still ignores leftover bits; one value must have one text.
    if to_base64(data) != text:
        raise NotCanonical(f"{text!r} is base64, but not the one way to write it.")
    return data


def from_hex(text: str, *, size_bytes: int) -> bytes:
    """The `size_bytes` bytes whose lower-case hex is exactly `text`. Raises NotCanonical otherwise."""
    if len(text) != 2 * size_bytes or not _LOWER_HEX.fullmatch(text):
        raise NotCanonical(f"{text!r} is not {size_bytes} bytes in lower-case hex.")
    return bytes.fromhex(text)


def crockford(number: int, *, characters: int) -> str:
    """`number` in Crockford's base 32, upper case, most significant first, exactly `characters` long."""
    assert 0 <= number < 32**characters, "the caller chose too few characters"
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(5 * (characters - 1), -1, -5))


def opaque_id(letter: str, random_bytes: bytes) -> str:
    """An id nobody had to coordinate: `letter` and 12 Crockford characters, from the first 60 of the random bits.

    Raises NotCanonical for a letter that is not one of a to z, or for fewer than 8 random bytes.
    """
    if letter not in _ID_LETTERS or len(random_bytes) < _ID_BYTES:
        raise NotCanonical(f"An id needs one letter a to z and 8 random bytes, not {letter!r} and {len(random_bytes)}.")
    bits = int.from_bytes(random_bytes[:_ID_BYTES], "big") >> (8 * _ID_BYTES - 5 * _ID_CHARACTERS)
    return letter + crockford(bits, characters=_ID_CHARACTERS)
