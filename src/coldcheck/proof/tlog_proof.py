r"""Proof files (C2SP tlog-proof v1): that one entry is in the log, in a small text that is verified without any network.

Promises: `verify_proof` returns only if the entry given lies at the stated place under a checkpoint that the log's key
signed. One proof has one form: leading zeros, other base64, lines more or less are refused.

Does not do: say who signed the entry, or what it means; the entry itself is not in the file.

>>> proof = TlogProof(entry_index=0, hashes=(), checkpoint=b"o\n0\nx\n\n- s\n", extra=None)
>>> proof.encoded().split(b"\n")[:2]
[b'c2sp.org/tlog-proof@v1', b'index 0']
"""

import re
from dataclasses import dataclass
from typing import Final

from coldcheck.proof.checkpoint import MAX_TREE_SIZE, Checkpoint, open_checkpoint
from coldcheck.proof.encoding import NotCanonical, from_base64, to_base64
from coldcheck.proof.merkle import HASH_BYTES, BadProof, NodeReader, inclusion_proof, verify_inclusion
from coldcheck.proof.note import MAX_NOTE_BYTES, LogVerifier, parse_note

TITLE: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """One proof file. `extra` is whatever its maker added; nothing vouches for it. `checkpoint` is a signed note."""

    entry_index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encoded(self) -> bytes:
        """The file."""
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        lines = [TITLE, *extra, f"index {self.entry_index}", *(to_base64(one) for one in self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def make_proof(*, entry_index: int, tree_size: int, read_node: NodeReader, checkpoint: bytes) -> TlogProof:
    """The proof that entry `entry_index` is under `checkpoint`, which is over `tree_size` entries. Raises BadProof."""
    hashes = inclusion_proof(entry_index=entry_index, tree_size=tree_size, read=read_node)
    return TlogProof(entry_index=entry_index, hashes=hashes, checkpoint=checkpoint)


def read_proof(data: bytes) -> TlogProof:
    """The proof that `data` spells, strictly, its checkpoint a note; nothing is verified yet. Raises BadProof or BadNote."""
    if len(data) > MAX_NOTE_BYTES:
        raise BadProof(f"This proof file has {len(data)} bytes; more than {MAX_NOTE_BYTES} are not read.")
    head, gap, checkpoint = data.partition(b"\n\n")
    lines = head.decode("latin-1").split("\n")
    if not gap or not checkpoint or lines.pop(0) != TITLE:
        raise BadProof(f"This is no proof file: it begins with {TITLE} and ends with a checkpoint.")
    extra = _strict(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    named = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if named is None or int(named[1]) > MAX_TREE_SIZE:
        raise BadProof("This proof file does not name its entry: a line 'index' and a number was expected.")
    hashes = tuple(_strict(line) for line in lines)
    if len(hashes) > MAX_HASHES or any(len(one) != HASH_BYTES for one in hashes):
        raise BadProof(f"A proof has at most {MAX_HASHES} hashes of {HASH_BYTES} bytes each.")
    # Read here already, so that no reader takes a file of which another reader says that it is not even text.
    parse_note(checkpoint)
    return TlogProof(entry_index=int(named[1]), hashes=hashes, checkpoint=checkpoint, extra=extra)


def _strict(text: str) -> bytes:
    try:
        return from_base64(text)
    except NotCanonical as error:
        raise BadProof("A line of this proof file is not base64 in its one form.") from error


def verify_proof(proof: TlogProof, *, entry: bytes, log: LogVerifier) -> Checkpoint:
    """The checkpoint under which `entry` lies at the proof's place. Raises BadProof, BadSignature and the like."""
    checkpoint = open_checkpoint(proof.checkpoint, log)
    verify_inclusion(
        entry_index=proof.entry_index,
        tree_size=checkpoint.size,
        leaf=entry,
        proof=proof.hashes,
        root=checkpoint.root,
    )
    return checkpoint
