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
from coldcheck.proof.encoding import (
    MAX_DEPTH,
    MAX_INT,
    NotCanonical,
    Plain,
    decode,
    decode_vouched,
    encode,
    from_base64,
)
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import KEY_ID_BYTES, SignatureLine, format_signatures, is_key_name, parse_note

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
# The usual lines as they stand in the log: canonical JSON has one order of keys, so one pattern sees all fields at once.
# No quote and no backslash is in these words, so nothing in them is escaped. A key name of ASCII has no plus sign.
_A_BARE_WORD_IS: Final = r"[!#-\[\]-~]{1,200}"
_A_BARE_KEY_IS: Final = r"[!#-*,-\[\]-~]+"
_A_COUNT_IS: Final = r"0|[1-9][0-9]{0,14}"
_AUTHOR_HEAD: Final = re.compile(rf'\{{"about":\["({_A_BARE_WORD_IS}(?:","{_A_BARE_WORD_IS})*)"\],"acts":')
_AUTHOR_TAIL: Final = re.compile(
    rf',"after":(?:null|\{{"root":"({_A_HASH_IS})","size":({_A_COUNT_IS})\}}),"at":"({_AN_INSTANT_IS})"'
    rf',"by":"({_A_BARE_WORD_IS})","id":"({_A_BARE_WORD_IS})","key":"({_A_BARE_KEY_IS})","log":"({_A_BARE_WORD_IS})"'
    rf',"prev":(?:null|"({_A_HASH_IS})"),"v":1\}}\n'
)
_RECEIPT_HEAD: Final = re.compile(
    rf'\{{"at":"({_AN_INSTANT_IS})","boot":"({_A_BARE_WORD_IS})","build":"({_A_BARE_WORD_IS})"'
    rf',"delivered":"({"|".join(sorted(DELIVERIES))})","epoch":({_A_COUNT_IS}),"findings":'
)
_RECEIPT_TAIL: Final = re.compile(
    rf',"mono_ms":({_A_COUNT_IS}),"rules":"({_A_BARE_WORD_IS})","v":1,"verdict":"({"|".join(sorted(VERDICTS))})"\}}\n'
)
_SIGNATURE: Final = re.compile("\n\u2014 ([!-*,-~]+) ([0-9A-Za-z+/]{8,}={0,2})\n".encode())
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
    return _join(line1, line2, signatures, author=author, receipt=read_receipt(line2))


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
    if _usual_parts(data) != (line1, line2, signatures) and _take_apart(data) != (line1, line2, signatures):
        raise BadEntry("These parts do not make an entry: each line is one line of canonical JSON with its newline.")
    return data, _entry_of(line1, line2, signatures, author=author, receipt=receipt)


def read_entry(data: bytes) -> Entry:
    """The entry that `data` spells, fields and types verified, signatures not. Raises BadEntry, BadNote, NotCanonical.

    Raises EntryTooLarge beyond 65,535 bytes.
    """
    usual = _usual_parts(data)
    if usual is not None:
        author, receipt = _usual_author(usual[0]), _usual_receipt(usual[1])
        if author is not None and receipt is not None:
            return _entry_of(*usual, author=author, receipt=receipt)
    line1, line2, signatures = _take_apart(data)
    return _entry_of(line1, line2, signatures, author=read_author(line1), receipt=read_receipt(line2))


def read_vouched(data: bytes) -> tuple[bytes, dict[str, Plain], dict[str, Plain]]:
    """Line 1, what it says, and what the receipt says, of an entry whose form nobody needs to look at again.

    Only for bytes under a root that the caller itself signed, after it had read them by `read_entry` or made them by
    `make_entry`: nothing is verified here. Raises NotCanonical when a line is no JSON at all.
    """
    end = data.find(b"\n") + 1
    author, receipt = decode_vouched(data[:end]), decode_vouched(data[end : data.find(b"\n", end)])
    assert isinstance(author, dict)
    assert isinstance(receipt, dict)
    return data[:end], author, receipt


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
    return _usual_author(line1) or _read_line(line1, _AUTHOR_FIELDS, "line 1")


def read_receipt(line2: bytes) -> dict[str, Plain]:
    """What a line 2 says, fields and types verified. Raises BadEntry or NotCanonical."""
    return _usual_receipt(line2) or _read_line(line2, _RECEIPT_FIELDS, "line 2")


_Test = Callable[[Plain], bool]


def _read_line(line: bytes, fields: Mapping[str, tuple[_Test, str]], which: str) -> dict[str, Plain]:
    if line[-1:] != b"\n":
        raise BadEntry(f"In an entry {which} ends in a newline.")
    value = decode(line[:-1])
    if not isinstance(value, dict) or value.keys() != fields.keys():
        raise BadEntry(f"In an entry {which} has exactly the fields {', '.join(sorted(fields))}.")
    for name, (is_right, wanted) in fields.items():
        if not is_right(value[name]):
            raise BadEntry(f"In this entry's {which} the field {name!r} must be {wanted}.")
    return value


# --- the usual form --------------------------------------------------------------------------------------------------
#
# Most entries are of the usual form, which patterns over their bytes see at once. What they do not let pass (None) is
# looked at piece by piece above, and only that says what is wrong: it and the fields' table are the definition.


def _usual_parts(data: bytes) -> tuple[bytes, bytes, tuple[SignatureLine, ...]] | None:
    """Line 1, line 2 and the one signature line; what the two lines hold is not looked at."""
    end = data.find(b"\n") + 1
    text_end = data.find(b"\n", end) + 1
    signed = _SIGNATURE.fullmatch(data, text_end)
    if signed is None or not end or not text_end or len(data) > MAX_ENTRY_BYTES:
        return None
    try:
        typed = from_base64(signed[2].decode())
    except NotCanonical:
        return None
    if len(typed) <= KEY_ID_BYTES:
        return None
    line = SignatureLine(name=signed[1].decode(), key_id=typed[:KEY_ID_BYTES], signature=typed[KEY_ID_BYTES:])
    return data[:end], data[end:text_end], (line,)


def _usual_author(line1: bytes) -> dict[str, Plain] | None:
    if not line1.isascii():
        return None
    line = line1.decode()
    head = _AUTHOR_HEAD.match(line)
    begin, end = head.end() if head else 0, line.rfind(',"after":')
    tail = _AUTHOR_TAIL.fullmatch(line, end) if end > begin else None
    if head is None or tail is None:
        return None
    acts = _usual_list(line1[begin:end])
    if not acts or not _have_word(acts, "act"):
        return None
    root, size, at, by, entry_id, key, log, prev = tail.groups()
    about: list[Plain] = head[1].split('","')  # type: ignore[assignment]  # words are plain values
    return {
        "about": about,
        "acts": acts,
        "after": None if root is None else {"root": root, "size": int(size)},
        "at": at,
        "by": by,
        "id": entry_id,
        "key": key,
        "log": log,
        "prev": prev,
        "v": VERSION,
    }


def _usual_receipt(line2: bytes) -> dict[str, Plain] | None:
    if not line2.isascii():
        return None
    line = line2.decode()
    head = _RECEIPT_HEAD.match(line)
    begin, end = head.end() if head else 0, line.rfind(',"mono_ms":')
    tail = _RECEIPT_TAIL.fullmatch(line, end) if end > begin else None
    if head is None or tail is None:
        return None
    findings = _usual_list(line2[begin:end])
    if findings is None or not _have_word(findings, "rule"):
        return None
    at, boot, build, delivered, epoch = head.groups()
    mono_ms, rules, verdict = tail.groups()
    return {
        "at": at,
        "boot": boot,
        "build": build,
        "delivered": delivered,
        "epoch": int(epoch),
        "findings": findings,
        "mono_ms": int(mono_ms),
        "rules": rules,
        "v": VERSION,
        "verdict": verdict,
    }


def _usual_list(text: bytes) -> list[Plain] | None:
    """The list that `text` is the canonical form of, one level down in its line."""
    if text == b"[]":
        return []
    try:
        value = decode(text, levels=MAX_DEPTH - 1)
    except NotCanonical:
        return None
    return value if isinstance(value, list) else None


# --- what a field may hold -------------------------------------------------------------------------------------------


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
    return isinstance(value, list) and value != [] and _have_word(value, "act")


def _is_findings(value: Plain) -> bool:
    return isinstance(value, list) and _have_word(value, "rule")


def is_list_of(value: Plain, name: str) -> bool:
    """Whether `value` is a list of objects that each have a word under this name."""
    return isinstance(value, list) and _have_word(value, name)


def _have_word(values: list[Plain], name: str) -> bool:
    for value in values:
        word = value.get(name) if isinstance(value, dict) else None
        # The names of acts and rules are few.
        if type(word) is not str or not _is_known_word(word):
            return False
    return True


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
