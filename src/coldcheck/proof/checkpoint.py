"""Checkpoints (C2SP tlog-checkpoint): what a log says of itself at one size, signed by the log's key.

Promises: `open_checkpoint` returns only what this verifier's key signed, read strictly, for this very log (the origin
is the key's name, so a checkpoint of another log or another epoch is refused).

Does not do: consistency. Whether one checkpoint continues another is for `merkle.verify_consistency`; lines by other
signers (cosigners) may stand under a checkpoint and are left to those who hold their keys.
"""

import re
from dataclasses import dataclass
from typing import Final

from coldcheck.proof.encoding import NotCanonical, from_base64, to_base64
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import EMPTY_ROOT, HASH_BYTES
from coldcheck.proof.note import LogKey, LogVerifier, Note, format_note, format_signatures, is_key_name, parse_note

MAX_TREE_SIZE: Final = 2**53 - 1
"""The largest size that canonical JSON can also name."""
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_LINES: Final = 3
# The name of a log's key has no space, no plus sign and no letter beyond ASCII; 32 bytes are 43 digits of base64.
_USUAL: Final = re.compile(rb"[!-*,-~]+\n[1-9][0-9]{0,14}\n[0-9A-Za-z+/]{43}=\n")


class BadCheckpoint(ColdcheckError):
    """A text is not a checkpoint of this log. Remedy: fetch it again; if it repeats, keep it as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log's statement: under `origin`, the first `size` entries have the tree root `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n".encode()


def read_checkpoint_text(text: bytes) -> Checkpoint:
    """The checkpoint that three lines spell, nothing verified yet. Raises BadCheckpoint."""
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadCheckpoint("This checkpoint is not UTF-8 text.") from error
    # The text ends in a newline, so the split leaves one empty piece behind the last line.
    if len(lines) != _LINES + 1 or lines[_LINES]:
        raise BadCheckpoint("A checkpoint has exactly three lines: origin, size, root; extension lines are refused.")
    origin, size_text, root_text, _ = lines
    if not is_key_name(origin):
        raise BadCheckpoint(f"The checkpoint's origin {origin!r} is empty or holds spaces or plus signs.")
    if not _SIZE.fullmatch(size_text) or int(size_text) > MAX_TREE_SIZE:
        raise BadCheckpoint(f"The checkpoint's size {size_text!r} is not a decimal count.")
    try:
        root = from_base64(root_text)
    except NotCanonical as error:
        raise BadCheckpoint("The checkpoint's root is not strict base64.") from error
    checkpoint = Checkpoint(origin=origin, size=int(size_text), root=root)
    if len(root) != HASH_BYTES or (checkpoint.size == 0 and root != EMPTY_ROOT):
        raise BadCheckpoint(f"The checkpoint's root is not a root of {checkpoint.size} entries.")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, key: LogKey) -> bytes:
    """The signed note for `checkpoint`. Raises BadCheckpoint if the key is not the one of this origin."""
    if checkpoint.origin != key.name:
        raise BadCheckpoint(f"The key of {key.name} does not sign checkpoints of {checkpoint.origin}.")
    text = checkpoint.text()
    # What we publish must be what we would accept: the usual form is seen at once, any other is read line by line.
    if _USUAL.fullmatch(text) is None:
        read_checkpoint_text(text)
        return format_note(Note(text=text, signatures=(key.sign(text),)))
    return text + b"\n" + format_signatures((key.sign(text),))


def open_checkpoint(data: bytes, verifier: LogVerifier) -> Checkpoint:
    """The checkpoint in a signed note, its log's signature verified.

    Raises BadNote, BadCheckpoint or BadSignature.
    """
    note = parse_note(data)
    verifier.verify(note)
    checkpoint = read_checkpoint_text(note.text)
    if checkpoint.origin != verifier.name:
        raise BadCheckpoint(f"This is a checkpoint of {checkpoint.origin}, not of {verifier.name}.")
    return checkpoint
