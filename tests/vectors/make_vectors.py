"""Writes tests/vectors/*.json: the format's law, from fixed seeds, so that the bytes never move by themselves.

A second verifier, in any language, must agree with every vector. Run it as `python tests/vectors/make_vectors.py`
with `src` on the path; a changed file is a changed format and needs a reason in its commit.
"""

import json
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.encoding import Plain, encode
from coldcheck.proof.entry import build_entry, line_hash, make_line
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.merkle import Frontier, consistency_proof, inclusion_proof
from coldcheck.proof.note import LogKey, Note, format_note
from coldcheck.proof.sealed import seal
from coldcheck.proof.tiles import ExportedKey, export_files

sys.path.insert(0, str(Path(__file__).parent.parent))
from authenticator import (  # tests/ is on the path now
    PARTY,
    RP_ID,
    Bent,
    assertion,
    authenticator_data,
    client_data,
)

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


KEY_SEED = bytes(range(1, 33))

# RFC 6979 appendix A.2.5: P-256, SHA-256.
RFC6979_PRIVATE = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"
RFC6979 = {
    "sample": "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    "test": "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
    "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
}


def acting_key(name: str, key_class: KeyClass = KeyClass.DEMO) -> ActingKey:
    """The key every vector of that name uses."""
    return ActingKey.from_seed(key_name=name, key_class=key_class, seed=KEY_SEED)


def key_vectors() -> dict[str, Any]:
    """One key of every class with what it signs, and the published signatures of RFC 6979."""
    line1 = make_line({"v": 1, "words": "gr\u00fcn"})
    acting = []
    for key_class in KeyClass:
        key = acting_key("p0123456789AB/1", key_class)
        acting.append(
            {
                "name": key.key_name,
                "class": key_class.value,
                "seed": KEY_SEED.hex(),
                "public": key.public_bytes.hex(),
                "key_id": key.key_id.hex(),
                "line1": line1.hex(),
                "signature": key.sign(line1).signature.hex(),
            }
        )
    published = [
        {"private": RFC6979_PRIVATE, "message": message, "signature": signature}
        for message, signature in RFC6979.items()
    ]
    return {"acting": acting, "rfc6979": published}


def passkey_vectors() -> dict[str, Any]:
    """Assertions by one passkey over one line 1, and some that no reader may accept."""
    line1 = make_line({"v": 1, "words": "gr\u00fcn"})
    key = acting_key("k0123456789AB", KeyClass.PASSKEY)
    good = assertion(key, line1)

    def bent(*, client: bytes | None = None, device: bytes | None = None) -> bytes:
        return assertion(key, line1, Bent(client=client, device=device)).packed()

    def row(why: str, signature: bytes) -> dict[str, Any]:
        return {
            "why": why,
            "name": key.key_name,
            "public": key.public_bytes.hex(),
            "key_id": key.key_id.hex(),
            "rp": RP_ID,
            "origins": list(PARTY.origins),
            "line1": line1.hex(),
            "signature": signature.hex(),
        }

    accepted = {
        "an assertion": good.packed(),
        "from the other origin": bent(client=client_data(line1, origin=PARTY.origins[1])),
        "nothing behind the origin": bent(client=client_data(line1, rest="}")),
        "more behind the origin": bent(client=client_data(line1, rest=',"crossOrigin":false,"more":"words"}')),
        "backed up": bent(device=authenticator_data(flags=0x1D)),
        "with extensions": bent(device=authenticator_data(flags=0x85, rest=b"\xa0")),
    }
    rejected = {
        "raw numbers over line 1": key.sign(line1).signature,
        "for another line": bent(client=client_data(b"{}\n")),
        "made to register": bent(client=client_data(line1, kind="webauthn.create")),
        "from another page": bent(client=client_data(line1, origin="https://set.example")),
        "inside another page": bent(client=client_data(line1, rest=',"crossOrigin":true}')),
        "top page first": bent(
            client=client_data(line1, rest=',"topOrigin":"https://set.example","crossOrigin":true}')
        ),
        "not false and not true": bent(client=client_data(line1, rest=',"crossOrigin":falsey}')),
        "a line break behind the origin": bent(client=client_data(line1, rest=',"crossOrigin":false,"a":"\n"}')),
        "not UTF-8 behind the origin": bent(client=client_data(line1)[:-1] + b',"a":"\xff"}'),
        "another challenge first": bent(client=b'{"challenge":"AA",' + client_data(line1)[1:]),
        "for another domain": bent(device=authenticator_data(rp_id="other.example")),
        "user not present": bent(device=authenticator_data(flags=0x04)),
        "user not verified": bent(device=authenticator_data(flags=0x01)),
        "one byte too many": bent(device=authenticator_data(rest=b"\x00")),
        "attested data in an assertion": bent(device=authenticator_data(flags=0x45)),
        "a byte behind the signature": good.packed() + b"\x00",
        "DER in its long form": replace(good, signature=good.signature[:1] + b"\x81" + good.signature[1:]).packed(),
        "cut in its client data": good.packed()[:100],
    }
    return {
        "accepted": [row(why, signature) for why, signature in accepted.items()],
        "rejected": [row(why, signature) for why, signature in rejected.items()],
    }


def delivery_vectors() -> dict[str, Any]:
    """Delivery logs as they are hashed (docs/format.md, 4.1): their lines, how many, and the hash that an entry names."""
    rows: list[dict[str, Plain]] = [
        {"after_ms": 40, "entry": 3, "screen": "wall", "told_at": "2026-03-02T09:00:00Z", "what": "Magpie", "who": ""},
        {
            "after_ms": None, "entry": 3, "screen": "Wall", "told_at": "2026-03-02T09:00:00Z", "what": "STOP, Señal",
            "who": "p0123456789ab",
        },
        {"after_ms": 0, "entry": 21, "screen": "wall", "told_at": "2026-03-02T09:10:00Z", "what": "STOP", "who": ""},
    ]  # fmt: skip
    out = []
    for some in ([rows[1], rows[0], rows[2]], [rows[2]], []):
        lines = b"".join(encode(dict[str, Plain](row)) + b"\n" for row in some)
        out.append({"lines": lines.hex(), "rows": len(some), "sha256": sha256(lines).hexdigest()})
    return {"deliveries": out}


def sealed_vectors() -> dict[str, Any]:
    """Commitments with their openings."""
    cases = (
        ("name", "Person One"),
        ("name", ""),
        ("", "Person One"),
        ("remark", "gr\u00fcn \U0001f3ac"),
        ("nameP", "erson One"),
    )
    return {
        "sealed": [
            {
                "salt": LOG_SEED.hex(),
                "field": field,
                "value": value,
                "commitment": seal(salt=LOG_SEED, field=field, value=value)[0].commitment,
            }
            for field, value in cases
        ]
    }


def author_line(key: ActingKey, **changes: Plain) -> dict[str, Plain]:
    """A line 1 with every field filled."""
    fields: dict[str, Plain] = {
        "v": 1,
        "id": "a0123456789AB",
        "log": "hub.example/demo",
        "by": "p0123456789AB",
        "key": key.key_name,
        "at": "2026-05-01T09:30:00Z",
        "after": {"size": 3, "root": "ab" * 32},
        "prev": "cd" * 32,
        "about": ["g0123456789AB", "w0123456789AB"],
        "acts": [{"act": "shown", "gun": "g0123456789AB"}],
    }
    return fields | changes


def receipt_line(**changes: Plain) -> dict[str, Plain]:
    """A line 2 with every field filled."""
    fields: dict[str, Plain] = {
        "v": 1,
        "epoch": 1,
        "boot": "b0123456789AB",
        "mono_ms": 1234,
        "at": "2026-05-01T09:30:01.250Z",
        "delivered": "live",
        "rules": "ef" * 32,
        "build": "0.1.0",
        "verdict": "admitted",
        "findings": [],
    }
    return fields | changes


def entry_vectors() -> dict[str, Any]:
    """Whole entries with the keys that signed them, and entries that no reader may accept."""
    one, two = acting_key("p0123456789AB/1"), acting_key("p0123456789CD/1", KeyClass.DEVICE)
    sheet: list[Plain] = [{"act": "cleared", "gun": "g0123456789AB"}, {"act": "shown", "gun": "g0123456789AB"}]
    refused: Plain = [{"rule": "R01", "needed": 2, "found": 1}]
    cases = (
        ("one act", (one,), author_line(one), receipt_line()),
        ("first act of a key", (one,), author_line(one, prev=None, after=None), receipt_line()),
        ("several signers", (one, two), author_line(one), receipt_line()),
        ("a sheet, queued", (two,), author_line(two, acts=sheet), receipt_line(delivered="queued")),
        ("a refused claim", (one,), author_line(one), receipt_line(verdict="refused", findings=refused)),
    )
    entries = []
    for why, keys, author, receipt in cases:
        line1 = make_line(author)
        data = build_entry(line1=line1, line2=make_line(receipt), signatures=tuple(key.sign(line1) for key in keys))
        signers = [
            {
                "name": key.key_name,
                "class": key.key_class.value,
                "public": key.public_bytes.hex(),
                "seed": KEY_SEED.hex(),
            }
            for key in keys
        ]
        entries.append({"why": why, "entry": data.hex(), "signers": signers, "line_hash": line_hash(line1)})
    return {"entries": entries, "rejected": rejected_entries(bytes.fromhex(str(entries[0]["entry"])))}


def rejected_entries(data: bytes) -> list[dict[str, str]]:
    """Damaged forms of one good entry."""
    line1, line2, blank, signature, _ = data.split(b"\n")
    lines = {
        "empty": (),
        "no receipt": (line1, blank, signature),
        "receipt first": (line2, line1, blank, signature),
        "three lines": (line1, line2, line2, blank, signature),
        "an empty line between": (line1, blank, line2, blank, signature),
        "no signature": (line1, line2, blank),
        "the signature twice": (line1, line2, blank, signature, signature),
        "a space in line 1": (line1.replace(b'":', b'": ', 1), line2, blank, signature),
        "a float in the receipt": (line1, line2.replace(b'"epoch":1', b'"epoch":1.0'), blank, signature),
        "version 2": (line1.replace(b'"v":1', b'"v":2'), line2, blank, signature),
        "a field more": (line1[:-1] + b',"w":1}', line2, blank, signature),
        "a field less": (line1, line2.replace(b',"v":1', b""), blank, signature),
        "another author": (line1.replace(b"AB/1", b"AB/2"), line2, blank, signature),
        "a carriage return": (line1 + b"\r", line2, blank, signature),
    }
    rejected = [{"why": why, "bytes": b"".join(line + b"\n" for line in kept).hex()} for why, kept in lines.items()]
    return [*rejected, {"why": "the last newline missing", "bytes": data[:-1].hex()}]


def export_vectors() -> dict[str, Any]:
    """The files of a whole exported log of three entries, the first by two signers."""
    one, two = acting_key("p0123456789AB/1"), acting_key("p0123456789CD/1", KeyClass.DEVICE)
    entries: list[bytes] = []
    for index, keys in enumerate(((one, two), (two,), (one,))):
        by = keys[0].key_name.split("/", maxsplit=1)[0]
        line1 = make_line(author_line(keys[0], id=f"a{index:012}", by=by, after=None, prev=None))
        line2 = make_line(receipt_line(mono_ms=index))
        entries.append(build_entry(line1=line1, line2=line2, signatures=tuple(key.sign(line1) for key in keys)))
    frontier, nodes = Frontier(), {}
    for data in entries:
        nodes.update({(node.level, node.index): node.hash for node in frontier.append(data)})
    log_key = LogKey.from_seed(name=LOG_NAME, seed=LOG_SEED)
    files = export_files(
        checkpoint=sign_checkpoint(Checkpoint(origin=LOG_NAME, size=3, root=frontier.root()), log_key),
        vkey=log_key.vkey,
        keys=[
            ExportedKey(
                key_name=key.key_name,
                key_class=key.key_class,
                public_bytes=key.public_bytes,
                person=key.key_name.split("/", maxsplit=1)[0],
            )
            for key in (one, two)
        ],
        tree_size=3,
        read_node=lambda level, index: nodes[level, index],
        read_entry=entries.__getitem__,
    )
    return {"size": 3, "root": frontier.root().hex(), "files": {path: data.hex() for path, data in files}}


def main() -> None:
    """Every vector file."""
    write("encoding", encoding_vectors())
    write("merkle", merkle_vectors())
    write("note", note_vectors())
    write("checkpoint", checkpoint_vectors())
    write("keys", key_vectors())
    write("passkey", passkey_vectors())
    write("sealed", sealed_vectors())
    write("deliveries", delivery_vectors())
    write("entry", entry_vectors())
    write("export", export_vectors())


if __name__ == "__main__":
    main()
