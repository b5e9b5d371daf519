"""Writes tests/vectors/*.json: the format's law, from fixed seeds, so that the bytes never move by themselves.

A second verifier, in any language, must agree with every vector. Run it as `python tests/vectors/make_vectors.py`
with `src` on the path; a changed file is a changed format and needs a reason in its commit.
"""

import json
from pathlib import Path
from typing import Any

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.encoding import encode
from coldcheck.proof.merkle import Frontier, consistency_proof, inclusion_proof
from coldcheck.proof.note import LogKey, Note, format_note

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


# The eight leaves and roots that the reference tests of Certificate Transparency have carried since 2012.
PUBLISHED_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
PUBLISHED_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def merkle_vectors() -> dict[str, Any]:
    """Roots of 0 to 20 leaves, and proofs for every place and every pair of sizes among them."""
    leaves = [f"leaf {index}".encode() for index in range(20)]
    frontier, nodes, roots = Frontier(), {}, [Frontier().root()]
    for leaf in leaves:
        nodes.update({(node.level, node.index): node.hash for node in frontier.append(leaf)})
        roots.append(frontier.root())

    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    def hexes(proof: tuple[bytes, ...]) -> list[str]:
        return [piece.hex() for piece in proof]

    sizes = range(1, 21)
    return {
        "leaves": hexes(tuple(leaves)),
        "roots": [{"size": size, "root": root.hex()} for size, root in enumerate(roots)],
        "inclusion": [
            {"entry": at, "size": size, "proof": hexes(inclusion_proof(entry_index=at, tree_size=size, read=read))}
            for size in sizes
            for at in range(size)
        ],
        "consistency": [
            {"old_size": old, "new_size": new, "proof": hexes(consistency_proof(old_size=old, new_size=new, read=read))}
            for new in sizes
            for old in range(1, new + 1)
        ],
        "published_leaves": PUBLISHED_LEAVES,
        "published_roots": [{"size": size, "root": root} for size, root in enumerate(PUBLISHED_ROOTS)],
    }


LOG_NAME = "hub.example/demo/e1"
LOG_SEED = bytes(range(32))

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
PUBLISHED_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
PUBLISHED_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

NOTE_TEXTS = ("one line\n", "two lines,\none of them in Gr\u00fcn\n", "an empty line\n\nin the middle\n")


def note_vectors() -> dict[str, Any]:
    """Signed notes, one that others published, and bytes that are no note."""
    key = LogKey.from_seed(name=LOG_NAME, seed=LOG_SEED)
    signed = []
    for text in (text.encode() for text in NOTE_TEXTS):
        data = format_note(Note(text=text, signatures=(key.sign(text),)))
        signed.append(
            {"name": key.name, "seed": LOG_SEED.hex(), "vkey": key.vkey, "text": text.hex(), "note": data.hex()}
        )
    line = "\u2014 a AAAAAAA=\n"
    rejected = {
        "empty": "",
        "no blank line": "text\n" + line,
        "no text": "\n" + line,
        "only newlines for a text": "\n\n" + line,
        "no signature": "text\n\n",
        "last newline missing": "text\n\n" + line[:-1],
        "carriage return": "text\r\n\n" + line,
        "tab in the text": "a\tb\n\n" + line,
        "hyphen for the dash": "text\n\n- a AAAAAAA=\n",
        "no name": "text\n\n\u2014  AAAAAAA=\n",
        "plus in the name": "text\n\n\u2014 a+b AAAAAAA=\n",
        "no-break space in the name": "text\n\n\u2014 a\u00a0b AAAAAAA=\n",
        "line separator in the name": "text\n\n\u2014 a\u2028b AAAAAAA=\n",
        "key id only": "text\n\n\u2014 a AAAAAA==\n",
        "leftover bits": "text\n\n\u2014 a AAAAAAB=\n",
        "no padding": "text\n\n\u2014 a AAAAAAA\n",
        "two spaces": "text\n\n\u2014 a  AAAAAAA=\n",
        "text after the signatures": "text\n\n" + line + "more\n",
        "the same key twice": "text\n\n" + line + line,
        "the same key with two signatures": "text\n\n" + line + "\u2014 a AAAAAAE=\n",
        "101 signatures": "text\n\n" + "".join(f"\u2014 a{number} AAAAAAA=\n" for number in range(101)),
    }
    return {
        "published": [{"source": "sumdb/note", "vkey": PUBLISHED_VKEY, "note": PUBLISHED_NOTE.encode().hex()}],
        "signed": signed,
        "rejected": [{"why": why, "bytes": text.encode().hex()} for why, text in rejected.items()]
        + [{"why": "not UTF-8", "bytes": (b"\xff\n\n" + line.encode()).hex()}],
    }


def checkpoint_vectors() -> dict[str, Any]:
    """Signed checkpoints of the tree of the Merkle vectors."""
    key = LogKey.from_seed(name=LOG_NAME, seed=LOG_SEED)
    frontier, signed = Frontier(), []
    for size in range(21):
        if size in (0, 1, 2, 7, 20):
            checkpoint = Checkpoint(origin=LOG_NAME, size=size, root=frontier.root())
            note = sign_checkpoint(checkpoint, key).hex()
            signed.append(
                {
                    "origin": LOG_NAME,
                    "seed": LOG_SEED.hex(),
                    "vkey": key.vkey,
                    "size": size,
                    "root": frontier.root().hex(),
                    "note": note,
                }
            )
        frontier.append(f"leaf {size}".encode())
    return {"signed": signed}


def main() -> None:
    """Every vector file."""
    write("encoding", encoding_vectors())
    write("merkle", merkle_vectors())
    write("note", note_vectors())
    write("checkpoint", checkpoint_vectors())


if __name__ == "__main__":
    main()
