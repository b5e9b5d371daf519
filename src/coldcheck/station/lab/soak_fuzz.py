"""Fuzzed inputs to everything that reads foreign bytes: it is refused in one sentence, or read as its one form.

Promises: a reader that raises anything else than an error of ours is a crash; one that accepts bytes which are not what
it would write itself has accepted a second form. Both are counted with the seed that shows them. The inputs are good ones
with bytes changed, cut, doubled, moved and mixed, so that many get far.

Does not do: guided search; and JavaScript's readers, which `soak --edits` puts to the same exports.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from coldcheck.proof.checkpoint import Checkpoint, read_checkpoint_text, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey, CosignerVerifier, Fork, Request, read_request, with_lines
from coldcheck.proof.encoding import Plain, decode, encode
from coldcheck.proof.entry import build_entry, make_line, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.note import LogKey, LogVerifier, Note, format_note, parse_note
from coldcheck.proof.tiles import ExportedKey, decode_bundle, decode_keys, encode_bundle, encode_keys
from coldcheck.proof.tlog_proof import TlogProof, read_proof
from coldcheck.station.cosigner import fork_bytes, read_fork
from coldcheck.station.lab.measured import Figures

_ODD: Final = (
    b"\x00", b"\n", b"\n\n", b" ", b"\xff", b"\xe2\x80\x94 ", b"\xed\xa0\x80", b"-0", b"1.0", b"1e3", b"\\u0041", b"+",
    b"=", b'"', b"{", b"}", b"[", b",", b"9007199254740992", b"\xc2\xa0", b"\xe2\x80\x8b", b"old ", b"index ", b"extra ",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Something that reads: good bytes, and the bytes that reading and writing again gives."""

    name: str
    good: bytes
    again: Callable[[bytes], bytes]


def _readers() -> tuple[_Reader, ...]:
    log = LogKey.from_seed(name="hub-1/TEST/e0", seed=bytes(32))
    cosigner = CosignerKey.from_seed(name="phone.example/7", seed=b"\x07" * 32)
    person = ActingKey.from_seed(key_name="k0123456789AB", key_class=KeyClass.DEVICE, seed=bytes(32))
    signed = sign_checkpoint(Checkpoint(origin=log.name, size=70_000, root=bytes(range(32))), log)
    text = parse_note(signed).text
    checkpoint = with_lines(signed, [cosigner.sign(text, at_s=1_772_438_400)])
    hashes = tuple(bytes([number]) * 32 for number in range(17))
    line1 = make_line(_LINE1)
    entry = build_entry(line1=line1, line2=make_line(_LINE2), signatures=(person.sign(line1),))
    keys = (
        ExportedKey(key_name=person.key_name, key_class=KeyClass.DEVICE, public_bytes=person.public_bytes, person="p0"),
    )
    return (
        _Reader(name="json", good=line1[:-1], again=lambda data: encode(decode(data))),
        _Reader(name="note", good=checkpoint, again=lambda data: format_note(parse_note(data))),
        _Reader(name="checkpoint", good=text, again=lambda data: read_checkpoint_text(data).text()),
        _Reader(name="entry", good=entry, again=_entry_again),
        _Reader(
            name="proof", good=TlogProof(entry_index=5, hashes=hashes, checkpoint=checkpoint).encoded(),
            again=lambda data: read_proof(data).encoded(),
        ),
        _Reader(
            name="request", good=Request(old_size=7, proof=hashes, checkpoint=checkpoint).encoded(),
            again=lambda data: read_request(data).encoded(),
        ),
        _Reader(name="keys", good=encode_keys(keys), again=lambda data: encode_keys(decode_keys(data))),
        _Reader(
            name="bundle", good=encode_bundle([b"one", b"two", entry]),
            again=lambda data: encode_bundle(decode_bundle(data, width=3)),
        ),
        _Reader(
            name="fork", good=fork_bytes(Fork(kept=checkpoint, other=signed)),
            again=lambda data: fork_bytes(read_fork(data)),
        ),
        _Reader(name="vkey", good=log.vkey.encode(), again=lambda data: LogVerifier.from_vkey(_text(data)).vkey.encode()),
        _Reader(
            name="cosigner", good=cosigner.vkey.encode(),
            again=lambda data: CosignerVerifier.from_vkey(_text(data)).vkey.encode(),
        ),
    )  # fmt: skip


_LINE1: Final[dict[str, Plain]] = {
    "v": 1, "id": "a0123456789AB", "log": "hub-1/TEST", "by": "p0123456789AB", "key": "k0123456789AB",
    "at": "2026-05-01T09:30:00Z", "after": {"size": 7, "root": "ab" * 32}, "prev": None, "about": ["g0123456789AB"],
    "acts": [{"act": "remarked", "words": "n\u00e3o \U0001d11e", "list": [1, -2, True, None]}],
}  # fmt: skip
_LINE2: Final[dict[str, Plain]] = {
    "v": 1, "epoch": 0, "boot": "b1", "mono_ms": 1000, "at": "2026-05-01T09:30:01Z", "delivered": "live",
    "rules": "none", "build": "t", "verdict": "admitted", "findings": [{"rule": "K1"}],
}  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _entry_again(data: bytes) -> bytes:
    entry = read_entry(data)
    note = Note(text=entry.line1 + entry.line2, signatures=entry.signatures)
    return build_entry(
        line1=encode(entry.author) + b"\n", line2=encode(entry.receipt) + b"\n", signatures=note.signatures
    )


def mutated(data: bytes, other: bytes, dice: random.Random) -> bytes:
    """`data` with one to four things done to it."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice((1, 1, 2, 8, 64)))
        match dice.randrange(7):
            case 0 if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[end:]
            case 2:
                data = data[:at] + dice.choice(_ODD) + data[at:]
            case 3:
                data = data[:end] + data[at:]
            case 4:
                data = data[:at] + dice.randbytes(dice.choice((1, 2, 8))) + data[end:]
            case 5:
                start = dice.randrange(len(other) + 1)
                data = data[:at] + other[start : start + 40] + data[end:]
            case _:
                data = data[:at] + dice.choice(_ODD) + data[end:]
    return data


def soak_fuzz(*, inputs: int, seed: int = 0) -> Figures:
    """How many inputs were tried, how many read, and what went wrong: crashes, and second forms that were accepted."""
    readers = _readers()
    for reader in readers:
        assert reader.again(reader.good) == reader.good, f"{reader.name}: the good one reads and writes back"
    dice = random.Random(seed)
    accepted = crashes = second_forms = 0
    first_bad = ""
    for number in range(inputs):
        reader = readers[number % len(readers)]
        data = mutated(reader.good, dice.choice(readers).good, dice)
        try:
            accepted += 1
            if reader.again(data) != data:
                second_forms += 1
                first_bad = first_bad or f"{reader.name} {data!r}"
        except ColdcheckError:
            accepted -= 1
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is the crash that is looked for
            crashes += 1
            first_bad = first_bad or f"{reader.name} {type(problem).__name__} {data!r}"
    return {
        "fuzzed": inputs, "read": accepted, "crashes": crashes, "second_forms": second_forms, "first_bad": first_bad or None,
    }  # fmt: skip
