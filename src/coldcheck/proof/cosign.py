r"""Cosignatures (C2SP tlog-cosignature v1, tlog-witness): machines that remember a log, and say so under its checkpoints.

A cosigner keeps the newest checkpoint of each log it knows and signs a newer one only with a proof that it continues
the old one. Its line says: at this time, this was the longest history of this log that I had seen.

Promises: a line is verified over the checkpoint's stored text with its time; a cosigner's key is of a type of its own,
so it never signs as a log. `answer` is pure: what to remember comes back and must be on the disk before the answer goes
out. A checkpoint that cannot be joined to what is remembered is never signed, and comes back as evidence.

Does not do: clocks, storage, network.

>>> key = CosignerKey.from_seed(name="phone.example/7", seed=bytes(range(32)))
>>> text = b"hub/demo/e1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
>>> CosignerVerifier.from_vkey(key.vkey).verify(text, key.sign(text, at_s=7))
7
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from coldcheck.proof.checkpoint import MAX_TREE_SIZE, Checkpoint, open_checkpoint, read_checkpoint_text
from coldcheck.proof.encoding import NotCanonical, from_base64, from_hex, to_base64
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import HASH_BYTES, BadProof, verify_consistency
from coldcheck.proof.note import (
    KEY_ID_BYTES,
    PUBLIC_BYTES,
    SEED_BYTES,
    BadKey,
    BadSignature,
    LogVerifier,
    Note,
    SignatureLine,
    format_note,
    format_signatures,
    key_id,
    parse_note,
)

COSIGNATURE: Final = b"\x04"
"""The signature type of a cosigner's key, before its 32 public bytes."""
MAX_PROOF_LINES: Final = 63
_TIME_BYTES: Final = 8
_SIGNATURE_BYTES: Final = 64
_MAX_TIME_S: Final = 2**63 - 1
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,15})")


class BadRequest(ColdcheckError):
    """Bytes are not a request to cosign. Remedy: none on our side; whoever made them must make them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerVerifier:
    """What an outsider needs to verify a cosigner's lines: its name and public key."""

    name: str
    public_bytes: bytes
    key_id: bytes
    _public_key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_public(cls, *, name: str, public_bytes: bytes) -> "CosignerVerifier":
        """The verifier of a cosigner. Raises BadKey for a weak key or a bad name: the same as for a log."""
        LogVerifier.from_public(name=name, public_bytes=public_bytes)
        return cls(
            name=name,
            public_bytes=public_bytes,
            key_id=key_id(name=name, kind=COSIGNATURE, public_bytes=public_bytes),
            _public_key=Ed25519PublicKey.from_public_bytes(public_bytes),
        )

    @classmethod
    def from_vkey(cls, vkey: str) -> "CosignerVerifier":
        """The verifier that a vkey text of type 4 describes. Raises BadKey."""
        name, id_text, key_text = (*vkey.split("+", 2), "", "")[:3]
        try:
            claimed_id, typed_key = from_hex(id_text, size_bytes=KEY_ID_BYTES), from_base64(key_text)
        except NotCanonical as error:
            raise BadKey(f"{vkey!r} is not a cosigner's key: name+8 hex digits+base64.") from error
        if typed_key[:1] != COSIGNATURE or len(typed_key) != 1 + PUBLIC_BYTES:
            raise BadKey(f"The key of {name} is not a cosigner's: its type is another one. This is key confusion.")
        verifier = cls.from_public(name=name, public_bytes=typed_key[1:])
        if verifier.key_id != claimed_id:
            raise BadKey(
                f"The cosigner's key of {name} has a key id that is not its own: one of its letters was changed."
            )
        return verifier

    @property
    def vkey(self) -> str:
        """The one-line text of this verifier."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(COSIGNATURE + self.public_bytes)}"

    def line_of(self, note: Note) -> SignatureLine | None:
        """This cosigner's line under a note, None when it has none; nothing is verified yet."""
        return next((line for line in note.signatures if (line.name, line.key_id) == (self.name, self.key_id)), None)

    def verify(self, text: bytes, line: SignatureLine) -> int:
        """The time (seconds since 1970, UTC) at which this cosigner signed `text`. Raises BadSignature."""
        signature = line.signature
        at_s = int.from_bytes(signature[:_TIME_BYTES], "big")
        is_own = (line.name, line.key_id) == (self.name, self.key_id)
        if not is_own or len(signature) != _TIME_BYTES + _SIGNATURE_BYTES or at_s > _MAX_TIME_S:
            raise BadSignature(f"This is no cosignature by {self.name} with this key.")
        try:
            self._public_key.verify(signature[_TIME_BYTES:], _message(text, at_s))
        except InvalidSignature as error:
            raise BadSignature(f"The cosignature by {self.name} does not fit this checkpoint and its time.") from error
        return at_s


def _message(text: bytes, at_s: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % at_s + text


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerKey:
    """A cosigner's private key. It signs checkpoints with a time and nothing else."""

    verifier: CosignerVerifier
    _private_key: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, *, name: str, seed: bytes) -> "CosignerKey":
        """The key of the cosigner `name` from its 32-byte RFC 8032 private seed. Raises BadKey."""
        if len(seed) != SEED_BYTES:
            raise BadKey(f"A cosigner's private seed has {SEED_BYTES} bytes, this one {len(seed)}.")
        private_key = Ed25519PrivateKey.from_private_bytes(seed)
        public_bytes = private_key.public_key().public_bytes_raw()
        return cls(
            verifier=CosignerVerifier.from_public(name=name, public_bytes=public_bytes), _private_key=private_key
        )

    @property
    def vkey(self) -> str:
        """The text to hand to everyone who verifies."""
        return self.verifier.vkey

    def sign(self, text: bytes, *, at_s: int) -> SignatureLine:
        """The line over a checkpoint's text. Raises BadCheckpoint for a text that is none, BadSignature for no such time."""
        # A cosigner's key must not be led to sign anything that is not a checkpoint.
        read_checkpoint_text(text)
        if not 0 <= at_s <= _MAX_TIME_S:
            raise BadSignature(f"{at_s} is no time that a cosignature can state.")
        signature = at_s.to_bytes(_TIME_BYTES, "big") + self._private_key.sign(_message(text, at_s))
        return SignatureLine(name=self.verifier.name, key_id=self.verifier.key_id, signature=signature)


def with_lines(checkpoint: bytes, lines: Iterable[SignatureLine]) -> bytes:
    """The same checkpoint with these lines under it as well, in order, none twice. Raises BadNote when it has too many."""
    note = parse_note(checkpoint)
    own = {(line.name, line.key_id) for line in note.signatures}
    more = tuple(line for line in lines if (line.name, line.key_id) not in own)
    return format_note(Note(text=note.text, signatures=(*note.signatures, *more)))


# --- what a cosigner is asked, and what it answers -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`add-checkpoint`: the size that the asker believes was cosigned last, the proof from there, the new checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encoded(self) -> bytes:
        """The body as it travels."""
        lines = [f"old {self.old_size}", *(to_base64(one) for one in self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def read_request(body: bytes) -> Request:
    """The request that `body` spells, the checkpoint's note included. Raises BadRequest or BadNote."""
    head, gap, checkpoint = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        proof = tuple(from_base64(line) for line in lines)
    except (UnicodeDecodeError, NotCanonical) as error:
        raise BadRequest("A request to cosign begins with its old size, then one base64 hash a line.") from error
    old = _OLD.fullmatch(first)
    if not gap or old is None or int(old[1]) > MAX_TREE_SIZE:
        raise BadRequest("A request to cosign has the line 'old' and a size, proof lines, an empty line, a checkpoint.")
    if len(proof) > MAX_PROOF_LINES or any(len(one) != HASH_BYTES for one in proof):
        raise BadRequest(f"A request to cosign has at most {MAX_PROOF_LINES} hashes of {HASH_BYTES} bytes.")
    parse_note(checkpoint)
    return Request(old_size=int(old[1]), proof=proof, checkpoint=checkpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The newest checkpoint of one log that a cosigner signed or kept: the signed note, byte for byte."""

    checkpoint: Checkpoint
    note: bytes


Memory: TypeAlias = Mapping[str, Remembered]
"""What a cosigner remembers, by the log's origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two checkpoints that one log's key signed and that cannot both be its history: evidence, complete in itself.

    With equal sizes the two texts alone show it; with different sizes, that the log gave no proof that joins them.
    """

    kept: bytes
    other: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`status` and `body` as HTTP has them; `remember` must be durable before they go out; `fork` is kept, and shown."""

    status: int
    body: bytes
    remember: Remembered | None = None
    fork: Fork | None = None


def answer(body: bytes, *, memory: Memory, logs: Sequence[LogVerifier], key: CosignerKey | None, at_s: int) -> Answer:
    """The answer to `add-checkpoint`. Pure: the caller keeps `remember` and `fork`, and only then replies.

    `key` None: this device has no Ed25519. It demands the same proof and keeps the checkpoint, and signs nothing.
    """
    try:
        request = read_request(body)
        claimed = read_checkpoint_text(parse_note(request.checkpoint).text)
    except ColdcheckError as problem:
        return Answer(status=400, body=f"{problem}\n".encode())
    known = [log for log in logs if log.name == claimed.origin]
    if not known:
        return Answer(status=404, body=f"{claimed.origin} is a log that is not known here: a foreign log.\n".encode())
    if not any(_is_signed(request.checkpoint, log) for log in known):
        return Answer(status=403, body=b"The log's key did not sign this checkpoint.\n")
    return _continued(request, claimed, memory.get(claimed.origin), key, at_s)


def _is_signed(note: bytes, log: LogVerifier) -> bool:
    try:
        open_checkpoint(note, log)
    except ColdcheckError:
        return False
    return True


def _continued(
    request: Request, new: Checkpoint, last: Remembered | None, key: CosignerKey | None, at_s: int
) -> Answer:
    size = last.checkpoint.size if last else 0
    if request.old_size > new.size:
        return Answer(status=400, body=b"The old size is larger than the checkpoint's.\n")
    if last is not None and new.size == size and new.root != last.checkpoint.root:
        # Equal sizes with different roots, both signed: no proof could ever join them.
        return Answer(status=409, body=b"%d\n" % size, fork=Fork(kept=last.note, other=request.checkpoint))
    if request.old_size != size:
        return Answer(status=409, body=b"%d\n" % size)
    if last is not None:
        try:
            verify_consistency(
                old_size=size, new_size=new.size, old_root=last.checkpoint.root, new_root=new.root, proof=request.proof
            )
        except BadProof as problem:
            fork = Fork(kept=last.note, other=request.checkpoint)
            return Answer(status=422, body=f"{problem}\n".encode(), fork=fork)
    elif request.proof:
        return Answer(status=422, body=b"A proof from nothing is empty.\n")
    text = parse_note(request.checkpoint).text
    line = b"" if key is None else format_signatures((key.sign(text, at_s=at_s),))
    return Answer(status=200, body=line, remember=Remembered(checkpoint=new, note=request.checkpoint))


def verify_fork(fork: Fork, log: LogVerifier) -> str:
    """What these two checkpoints of one log show, in one sentence. Raises BadSignature and the like if either is not its.

    Raises BadProof when nothing speaks against them: of different sizes, only the entries can tell.
    """
    kept, other = open_checkpoint(fork.kept, log), open_checkpoint(fork.other, log)
    if kept.size == other.size and kept.root != other.root:
        return f"{log.name} signed two different histories of {kept.size} entries: the log was forked."
    raise BadProof(
        f"{log.name} signed {kept.size} and {other.size} entries; whether one continues the other, only the entries show."
    )
