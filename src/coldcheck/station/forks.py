"""Two histories of one log: how a hub compares a checkpoint it is shown with its own, and what it does about a fork.

Promises: only a checkpoint that the log's own key signed counts. What cannot be joined is kept byte for byte, named by
an entry of the hub, and in the same entry work with guns is stopped until armorer, first AD and employer lift it.
Nothing is merged, and nothing is said about who made the other history.

Does not do: decide which of the two is right.
"""

from dataclasses import dataclass
from hashlib import sha256

from coldcheck.custody.acts import Quarantined, Stopped
from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.cosign import Fork, verify_fork
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import BadProof, NodeReader, tree_root
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.sealed import seal
from coldcheck.station.cosigner import fork_bytes
from coldcheck.station.record import Hub, Moment, Reply, record_own

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


def keep_fork(hub: Hub, seen: bytes, now: Moment, *, salt: bytes) -> Reply | None:
    """The reply to the hub's entry that keeps a fork and stops work; None if the checkpoint is of this history.

    `salt`: 32 fresh random bytes for the remark. Raises OlderCopy, BadSignature and the like, UnknownKey for a hub that
    has no acting key.
    """
    own = hub.store.checkpoint(hub.frontier.size)
    found = compare(seen, log=hub.log_key.verifier, size=hub.frontier.size, own=own, read_node=hub.store.node)
    if found.fork is None:
        return None
    # The evidence is named by what was shown: the same checkpoint shown again is the same evidence.
    at = hub.store.checkpoint(found.seen_size)
    data = fork_bytes(Fork(kept=at, other=seen))
    digest = sha256(data).hexdigest()
    remark, opening = seal(salt=salt, field="remark", value=f"{found.seen_size} entries, two roots")
    key = hub.acting_key.key_name if hub.acting_key is not None else ""
    acts = (Quarantined(sha256=digest, key=key, reason=REASON, named=()), Stopped(reason=REASON, remark=remark))
    openings = ((remark.commitment, opening),)
    return record_own(hub, acts, now, entry_seed=bytes.fromhex(digest), openings=openings, kept_apart=((digest, data),))
