"""Two histories of one log: how a hub compares a checkpoint it is shown with its own, and what it does about a fork.

Promises: only a checkpoint that the log's own key signed counts. What cannot be joined is kept byte for byte, named by
an entry of the hub, and in the same entry work with guns is stopped until armorer, first AD and employer lift it.
Nothing is merged, and nothing is said about who made the other history.

Does not do: decide which of the two is right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Protocol

from coldcheck.custody.acts import Quarantined, Stopped
from coldcheck.proof.checkpoint import open_checkpoint, read_checkpoint_text
from coldcheck.proof.cosign import Fork, verify_fork
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import BadProof, NodeReader, tree_root
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.proof.sealed import seal
from coldcheck.station.cosigner import fork_bytes
from coldcheck.station.cosigners import Epoch, epochs_of
from coldcheck.station.record import Hub, Moment, Reply, record_own
from coldcheck.station.store import Store

REASON = "forked_log"


class OlderCopy(ColdcheckError):
    """A signed checkpoint from elsewhere is longer than this ledger. It is an older copy: feed it, or open an epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A checkpoint seen elsewhere, against a log of `size` entries: `fork` None means it is this log's beginning."""

    seen_size: int
    size: int
    fork: Fork | None


def compare(seen: bytes, *, log: LogVerifier, size: int, own: bytes, read_node: NodeReader) -> Compared:
    """What a checkpoint from elsewhere says of a log of `size` entries whose newest checkpoint is `own`.

    Raises BadSignature and the like when the log's key did not sign it, OlderCopy when it is over more entries.
    """
    found = open_checkpoint(seen, log)
    if found.size > size:
        raise OlderCopy(
            f"A checkpoint over {found.size} entries was signed, and this copy has {size}: it was rolled back, cut off, or"
            " is an older copy. Nothing may be written to it before the missing entries are found or given up."
        )
    differs = found.root != tree_root(found.size, read_node)
    return Compared(seen_size=found.size, size=size, fork=Fork(kept=own, other=seen) if differs else None)


def compare_two(first: bytes, second: bytes, *, log: LogVerifier) -> str:
    """What two checkpoints of one log show by themselves, as when two phones meet, in one sentence.

    Raises BadSignature and the like when the log's key did not sign both.
    """
    kept, other = open_checkpoint(first, log), open_checkpoint(second, log)
    if (kept.size, kept.root) == (other.size, other.root):
        return f"Both are the same history of {kept.size} entries."
    try:
        return verify_fork(Fork(kept=first, other=second), log)
    except BadProof as problem:
        return str(problem)


class Entries(Protocol):
    """A log to hold checkpoints against: its entries, and the hashes over them."""

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """The bytes of every entry from `start` on, in order."""

    def entry_count(self) -> int:
        """How many entries there are."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""


class FencedWriter(ColdcheckError):
    """This hub's epoch was replaced by a later one, in this ledger or elsewhere. It signs nothing any more."""


class Standing(Enum):
    """What a checkpoint signed by a log's key is to a ledger of that log."""

    OURS = "ours"
    OLDER = "older"
    """It covers more entries than there are: this ledger is an older copy."""
    FORKED = "forked"
    GIVEN_UP = "given up"
    """It is of an epoch that ended, over entries that the next epoch cites as not recovered."""


def standing_of(seen: bytes, store: Entries, *, epochs: Mapping[str, Epoch] | None = None) -> Standing:
    """What a checkpoint from elsewhere is to this ledger, over all its epochs: `epochs` for whoever has read them already.

    Raises BadSignature and the like when the log's key did not sign it, FencedWriter for an epoch this ledger does not know.
    """
    claimed = read_checkpoint_text(parse_note(seen).text)
    epochs, size = epochs_of(store) if epochs is None else epochs, store.entry_count()
    epoch = epochs.get(claimed.origin)
    if epoch is None:
        raise FencedWriter(
            f"A checkpoint of {claimed.origin} was shown, which this ledger knows nothing of: another writer has the log,"
            " or it is a foreign one. Sign nothing here before that is clear."
        )
    found = open_checkpoint(seen, epoch.verifier)
    if epoch.ended_at is not None and found.size > epoch.ended_at:
        differs = found.size == epoch.given_up and found.root.hex() != epoch.given_up_root
        # Beyond the head that was cited, the writer that was replaced has gone on writing.
        return Standing.FORKED if differs or found.size > epoch.given_up else Standing.GIVEN_UP
    if found.size > size:
        return Standing.OLDER
    return Standing.OURS if found.root == tree_root(found.size, store.node) else Standing.FORKED


def keep_fork(hub: Hub, seen: bytes, now: Moment, *, salt: bytes) -> Reply | None:
    """The reply to the hub's entry that keeps a fork and stops work; None if the checkpoint is of this history.

    `salt`: 32 fresh random bytes for the remark. Raises OlderCopy, FencedWriter, BadSignature and the like, UnknownKey for a
    hub that has no acting key.
    """
    standing = standing_of(seen, hub.store)
    size = read_checkpoint_text(parse_note(seen).text).size
    if standing is Standing.OLDER:
        raise older_copy(size, hub.frontier.size)
    if standing is not Standing.FORKED:
        return None
    # The evidence is named by what was shown: the same checkpoint shown again is the same evidence.
    data = fork_bytes(Fork(kept=hub.store.checkpoint(_beside(hub.store, seen)), other=seen))
    digest = sha256(data).hexdigest()
    remark, opening = seal(salt=salt, field="remark", value=f"{size} entries, two roots")
    key = hub.acting_key.key_name if hub.acting_key is not None else ""
    acts = (Quarantined(sha256=digest, key=key, reason=REASON, named=()), Stopped(reason=REASON, remark=remark))
    openings = ((remark.commitment, opening),)
    return record_own(hub, acts, now, entry_seed=bytes.fromhex(digest), openings=openings, kept_apart=((digest, data),))


def _beside(store: Store, seen: bytes) -> int:
    """The size of our own checkpoint to lay beside the other: the same size, or the last one that its epoch's key signed."""
    claimed = read_checkpoint_text(parse_note(seen).text)
    ended_at = epochs_of(store)[claimed.origin].ended_at
    return claimed.size if ended_at is None else min(claimed.size, ended_at)


def older_copy(seen_size: int, size: int) -> OlderCopy:
    """What to say of a ledger of `size` entries when somebody holds a signed checkpoint over more."""
    return OlderCopy(
        f"{seen_size} entries were signed and this ledger has {size}: it was restored from an older copy. Feed it the missing"
        " entries, or open a new epoch; until then it is for reading only."
    )
