r"""The entry of the log: a signed note of two lines, the author's act and the hub's receipt.

Line 1 is canonical JSON that its author signed byte for byte, newline included; line 2 is the receipt the hub wrote.
The signature lines cover line 1 only; line 2 is covered by the leaf hash, and so by the checkpoint.

Promises: what `read_entry` returns has exactly the fields of `docs/format.md`, each of its type, in canonical bytes,
and a signature line by the author's key. Bytes that differ anywhere are refused or read as something different.

Does not do: verify signatures (see `keys.verify_author`), know acts (custody does), or judge anything.

>>> line_hash(make_line({"v": 1}))
'2b4248702881de2f5638efe96b233de1c0dd9be5dd24ec35ad030d6b06aede9a'
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from coldcheck.proof.checkpoint import MAX_TREE_SIZE
from coldcheck.proof.encoding import MAX_INT, Plain, decode, encode
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import SignatureLine, format_signatures, is_key_name, parse_note

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 65_535
"""An entry bundle states each length in 16 bits."""
DELIVERIES: Final = frozenset(("live", "queued"))
VERDICTS: Final = frozenset(("admitted", "granted", "refused"))

_A_WORD_IS: Final = r"[!-~]{1,200}"
_WORDS_ARE: Final = rf"{_A_WORD_IS}(?: {_A_WORD_IS})*"
_A_HASH_IS: Final = r"[0-9a-f]{64}"
_AN_INSTANT_IS: Final = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
_WORD: Final = re.compile(_A_WORD_IS)
_WORDS: Final = re.compile(_WORDS_ARE)
_HASH: Final = re.compile(_A_HASH_IS)
_INSTANT: Final = re.compile(_AN_INSTANT_IS)
# A key name of ASCII is printable and has neither space nor plus sign: see `is_key_name`.
_AUTHOR: Final = re.compile(
    rf"{_A_WORD_IS}\n{_A_WORD_IS}\n{_A_WORD_IS}\n[!-*,-~]+\n{_AN_INSTANT_IS}\n{_A_HASH_IS}\n{_WORDS_ARE}"
)
_RECEIPT: Final = re.compile(
    rf"{_A_WORD_IS}\n{_A_WORD_IS}\n{_A_WORD_IS}\n(?:{'|'.join(sorted(DELIVERIES))})\n"
    rf"(?:{'|'.join(sorted(VERDICTS))})\n{_AN_INSTANT_IS}"
)
_TEXT_LINES: Final = 2


class BadEntry(ColdcheckError):
    """Bytes are not an entry of this version. Remedy: none on our side; whoever made them must make them again."""


class EntryTooLarge(BadEntry):
    """An entry is longer than the log's format can carry. Remedy: send fewer acts in one sheet, or files by hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it lies in the log: the stored lines, and what they say.

    `author` and `receipt` are the decoded lines 1 and 2, for reading only; what counts are the bytes beside them.
    """

    line1: bytes
    line2: bytes
    signatures: tuple[SignatureLine, ...]
    author: dict[str, Plain]
    receipt: dict[str, Plain]


def make_line(value: dict[str, Plain]) -> bytes:
    """The canonical JSON of `value` and a newline: the bytes to sign for a line 1. Raises NotCanonical."""
    return encode(value) + b"\n"


def line_hash(line1: bytes) -> str:
    """SHA-256 of a line 1, newline included, in hex: what the same key's next `prev` must say."""
    return sha256(line1).hexdigest()


def build_entry(*, line1: bytes, line2: bytes, signatures: tuple[SignatureLine, ...]) -> bytes:
    """The bytes of the entry, ready to append. Raises BadEntry, EntryTooLarge, BadNote or NotCanonical."""
    return _join(line1, line2, signatures, author=read_author(line1), receipt=read_receipt(line2))[0]


def make_entry(
    *, line1: bytes, author: dict[str, Plain], receipt: dict[str, Plain], signatures: tuple[SignatureLine, ...]
) -> tuple[bytes, Entry]:
    """The bytes of the entry and what they read back as; `author` is what `read_author` gave for this very line 1.

    Raises BadEntry, EntryTooLarge, BadNote or NotCanonical.
    """
    line2 = make_line(receipt)
    _look_at_fields(receipt, _RECEIPT_FIELDS, _is_usual_receipt, "line 2")
    return _join(line1, line2, signatures, author=author, receipt=receipt)


def _join(
    line1: bytes,
    line2: bytes,
    signatures: tuple[SignatureLine, ...],
    *,
    author: dict[str, Plain],
    receipt: dict[str, Plain],
) -> tuple[bytes, Entry]:
    data = line1 + line2 + b"\n" + format_signatures(signatures)
    # Taking it apart again is the whole check: a newline inside a part would shift what belongs to what.
    if _take_apart(data) != (line1, line2, signatures):
        raise BadEntry("These parts do not make an entry: each line is one line of canonical JSON with its newline.")
    return data, _entry_of(line1, line2, signatures, author=author, receipt=receipt)


def read_entry(data: bytes) -> Entry:
    """The entry that `data` spells, fields and types verified, signatures not. Raises BadEntry, BadNote, NotCanonical.

    Raises EntryTooLarge beyond 65,535 bytes.
    """
    line1, line2, signatures = _take_apart(data)
    return _entry_of(line1, line2, signatures, author=read_author(line1), receipt=read_receipt(line2))


def _take_apart(data: bytes) -> tuple[bytes, bytes, tuple[SignatureLine, ...]]:
    """Line 1, line 2 and the signature lines."""
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(f"This entry has {len(data)} bytes; the log carries at most {MAX_ENTRY_BYTES}.")
    note = parse_note(data)
    end = note.text.find(b"\n") + 1
    if note.text.count(b"\n") != _TEXT_LINES:
        raise BadEntry("An entry's text is two lines: the author's act and the hub's receipt.")
    return note.text[:end], note.text[end:], note.signatures


def _entry_of(
    line1: bytes,
    line2: bytes,
    signatures: tuple[SignatureLine, ...],
    *,
    author: dict[str, Plain],
    receipt: dict[str, Plain],
) -> Entry:
    if author["key"] != signatures[0].name and author["key"] not in [line.name for line in signatures]:
        raise BadEntry(f"This entry says it is signed with {author['key']} and carries no line of that key.")
    return Entry(line1=line1, line2=line2, signatures=signatures, author=author, receipt=receipt)


def read_author(line1: bytes) -> dict[str, Plain]:
    """What a line 1 says, fields and types verified. Raises BadEntry or NotCanonical."""
    return _read_line(line1, _AUTHOR_FIELDS, _is_usual_author, "line 1")


def read_receipt(line2: bytes) -> dict[str, Plain]:
    """What a line 2 says, fields and types verified. Raises BadEntry or NotCanonical."""
    return _read_line(line2, _RECEIPT_FIELDS, _is_usual_receipt, "line 2")


_Test = Callable[[Plain], bool]
_Quick = Callable[[dict[str, Plain]], bool]


def _read_line(line: bytes, fields: Mapping[str, tuple[_Test, str]], is_usual: _Quick, which: str) -> dict[str, Plain]:
    if line[-1:] != b"\n":
        raise BadEntry(f"In an entry {which} ends in a newline.")
    return _look_at_fields(decode(line[:-1]), fields, is_usual, which)


def _look_at_fields(
    value: Plain, fields: Mapping[str, tuple[_Test, str]], is_usual: _Quick, which: str
) -> dict[str, Plain]:
    if isinstance(value, dict) and len(value) == len(fields) and is_usual(value):
        return value
    if not isinstance(value, dict) or value.keys() != fields.keys():
        raise BadEntry(f"In an entry {which} has exactly the fields {', '.join(sorted(fields))}.")
    for name, (is_right, wanted) in fields.items():
        if not is_right(value[name]):
            raise BadEntry(f"In this entry's {which} the field {name!r} must be {wanted}.")
    return value


# Most lines are of the usual form, which one pattern over all their words sees at once. What it does not let pass is
# looked at field by field, and only that says what is wrong: the fields' table is the definition.


def _is_usual_author(value: dict[str, Plain]) -> bool:
    about, prev = value.get("about"), value.get("prev")
    if type(about) is not list or not about or prev is None:
        return False
    try:
        words = " ".join(about)  # type: ignore[arg-type]  # a TypeError says what is none
        text = "\n".join([value["id"], value["log"], value["by"], value["key"], value["at"], prev, words])  # type: ignore[list-item]
    except (KeyError, TypeError):
        return False
    return (
        _AUTHOR.fullmatch(text) is not None
        and words.count(" ") == len(about) - 1
        and _is_version(value.get("v"))
        and _is_position(value.get("after", 0))
        and _is_acts(value.get("acts"))
    )


def _is_usual_receipt(value: dict[str, Plain]) -> bool:
    names = ("boot", "rules", "build", "delivered", "verdict", "at")
    try:
        text = "\n".join([value[name] for name in names])  # type: ignore[misc]  # a TypeError says what is no word
    except (KeyError, TypeError):
        return False
    return (
        _RECEIPT.fullmatch(text) is not None
        and _is_version(value.get("v"))
        and _is_count(value.get("epoch"))
        and _is_count(value.get("mono_ms"))
        and _is_findings(value.get("findings"))
    )


def _is_version(value: Plain) -> bool:
    # True == 1 in Python; in the log they are two things.
    return type(value) is int and value == VERSION


def _is_count(value: Plain) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT


def _is_word(value: Plain) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _is_key(value: Plain) -> bool:
    return isinstance(value, str) and value.isascii() and is_key_name(value)


def _is_instant(value: Plain) -> bool:
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None


def _is_hash(value: Plain) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_previous(value: Plain) -> bool:
    return value is None or _is_hash(value)


def _is_position(value: Plain) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict) or value.keys() != {"size", "root"}:
        return False
    size = value["size"]
    return type(size) is int and 0 <= size <= MAX_TREE_SIZE and _is_hash(value["root"])


def _is_words(value: Plain) -> bool:
    if not isinstance(value, list) or set(map(type, value)) - {str}:
        return False
    # One look at all of them: joined by the one character that no word may hold, and counted, so that none stands for two.
    text = " ".join(map(str, value))
    return not value or (text.count(" ") == len(value) - 1 and _WORDS.fullmatch(text) is not None)


def _is_acts(value: Plain) -> bool:
    return isinstance(value, list) and value != [] and all(_has_word(act, "act") for act in value)


def _is_findings(value: Plain) -> bool:
    return isinstance(value, list) and all(_has_word(finding, "rule") for finding in value)


def _has_word(value: Plain, name: str) -> bool:
    if not isinstance(value, dict):
        return False
    word = value.get(name)
    # The names of acts and rules are few.
    return type(word) is str and _is_known_word(word)


@lru_cache(maxsize=1024)
def _is_known_word(word: str) -> bool:
    return _WORD.fullmatch(word) is not None


def _is_delivery(value: Plain) -> bool:
    return isinstance(value, str) and value in DELIVERIES


def _is_verdict(value: Plain) -> bool:
    return isinstance(value, str) and value in VERDICTS


_A_WORD: Final = (_is_word, "1 to 200 printable ASCII characters without spaces")
_AN_INSTANT: Final = (_is_instant, "a UTC time like 2026-05-01T09:30:00Z, with up to six decimals")
_A_COUNT: Final = (_is_count, "a whole number from 0 to 2^53 - 1")

_AUTHOR_FIELDS: Final[Mapping[str, tuple[_Test, str]]] = MappingProxyType(
    {
        "v": (_is_version, "the number 1"),
        "id": _A_WORD,
        "log": _A_WORD,
        "by": _A_WORD,
        "key": (_is_key, "a key name: ASCII without spaces and plus signs"),
        "at": _AN_INSTANT,
        "after": (_is_position, 'null or {"root": 64 hex digits, "size": a count}'),
        "prev": (_is_previous, "null or 64 lower-case hex digits"),
        "about": (_is_words, "a list of ids"),
        "acts": (_is_acts, 'a list of at least one object with an "act"'),
    }
)
_RECEIPT_FIELDS: Final[Mapping[str, tuple[_Test, str]]] = MappingProxyType(
    {
        "v": (_is_version, "the number 1"),
        "epoch": _A_COUNT,
        "boot": _A_WORD,
        "mono_ms": _A_COUNT,
        "at": _AN_INSTANT,
        "delivered": (_is_delivery, '"live" or "queued"'),
        "rules": _A_WORD,
        "build": _A_WORD,
        "verdict": (_is_verdict, '"admitted", "granted" or "refused"'),
        "findings": (_is_findings, 'a list of objects with a "rule"'),
    }
)
