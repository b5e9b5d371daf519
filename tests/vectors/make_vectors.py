"""Writes tests/vectors/*.json: the format's law, from fixed seeds, so that the bytes never move by themselves.

A second verifier, in any language, must agree with every vector. Run it as `python tests/vectors/make_vectors.py`
with `src` on the path; a changed file is a changed format and needs a reason in its commit.
"""

import json
from pathlib import Path
from typing import Any

from coldcheck.proof.encoding import encode

HERE = Path(__file__).parent

ACCEPTED: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**53 - 1,
    -(2**53) + 1,
    "",
    "plain",
    'quote " backslash \\ slash /',
    "\b\t\n\f\r",
    "\x00\x01\x0b\x1f\x7f",
    "é ß 漢 \u2028 \ufeff \U0001f3ac",
    "e\u0301",
    [],
    {},
    [1, "two", [None, [True]]],
    {"b": 1, "a": 2, "": 3, "B": 4, "10": 5, "9": 6, "a b": 7, "\u007f": 8, "\n": 9},
    {"outer": {"z": [], "y": {}}, "acts": [{"act": "shown", "gun": "g0123456789AB"}]},
)

REJECTED: tuple[tuple[str, bytes], ...] = (
    ("nothing at all", b""),
    ("a space after the colon", b'{"a": 1}'),
    ("a newline at the end", b"1\n"),
    ("keys out of order", b'{"b":1,"a":2}'),
    ("a repeated key", b'{"a":1,"a":1}'),
    ("a needless escape", b'"\\u0041"'),
    ("an escaped slash", b'"\\/"'),
    ("upper-case hex in an escape", b'"\\u001B"'),
    ("an escape with a short form", b'"\\u000a"'),
    ("an escaped non-ASCII character", b'"\\u00e9"'),
    ("a raw control character", b'"\x01"'),
    ("a float", b"1.0"),
    ("an exponent", b"1e3"),
    ("a negative zero", b"-0"),
    ("a leading zero", b"01"),
    ("a plus sign", b"+1"),
    ("an integer of 2^53", b"9007199254740992"),
    ("an integer below -(2^53 - 1)", b"-9007199254740992"),
    ("an integer of 30 digits", b"100000000000000000000000000000"),
    ("a key outside ASCII", '{"é":1}'.encode()),
    ("a byte order mark", b"\xef\xbb\xbf1"),
    ("invalid UTF-8", b'"\xff"'),
    ("an overlong encoding", b'"\xc1\x81"'),
    ("an encoded surrogate", b'"\xed\xa0\x80"'),
    ("an escaped lone surrogate", b'"\\ud800"'),
    ("single quotes", b"'a'"),
    ("a trailing comma", b"[1,]"),
    ("a comment", b"[]//"),
    ("two values", b"1 2"),
    ("not a number", b"NaN"),
    ("33 levels", b"[" * 33 + b"]" * 33),
)


def write(name: str, content: object) -> None:
    """One vector file, indented for people, with sorted keys."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="ascii")


def encoding_vectors() -> dict[str, Any]:
    """Values with their canonical bytes, and bytes that no reader may accept."""
    return {
        "accepted": [{"value": value, "bytes": encode(value).hex()} for value in ACCEPTED],
        "rejected": [{"why": why, "bytes": data.hex()} for why, data in REJECTED],
    }


def main() -> None:
    """Every vector file."""
    write("encoding", encoding_vectors())


if __name__ == "__main__":
    main()
