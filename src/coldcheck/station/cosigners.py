"""The hub's side of cosigning: what is asked of a cosigner, what it answered, and the seal of a day.

A cosigner is a machine elsewhere (a phone, the studio, an outside party) that remembers this log: see proof.cosign. It
is asked over any wire, or with two files on a USB stick, and nothing on set waits for it.

Promises: a line is kept only after it was verified for the very checkpoint it is stored with. A seal holds the signed
checkpoint with every cosigner's line that is here for it, and lists apart which keys only *kept* a checkpoint of this
history: their newest signed act names it.

Does not do: ask by itself, or say whose a cosigner's key is: that is for whoever compares it with what they were told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from coldcheck.custody.acts import EpochOpened, ProductionOpened
from coldcheck.custody.enrolment import epoch_vkey, log_of
from coldcheck.custody.picture import SealedDeliveries
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.checkpoint import open_checkpoint, read_checkpoint_text
from coldcheck.proof.cosign import CosignerVerifier, Request, with_lines
from coldcheck.proof.encoding import Plain
from coldcheck.proof.entry import read_entry
from coldcheck.proof.merkle import BadProof, consistency_proof, tree_root
from coldcheck.proof.note import LogVerifier, SignatureLine, format_signatures, parse_note
from coldcheck.station.delivery_log import HasEntries, parts_in, verify_deliveries
from coldcheck.station.record import acts_of
from coldcheck.station.store_sqlite import SqliteStore

_EPOCH: Final = b'"act":"epoch_opened"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """One cosigner's line for one size of the log, verified: who, and when by the cosigner's own clock."""

    tree_size: int
    vkey: str
    at_s: int
    line: SignatureLine

    @property
    def name(self) -> str:
        """The cosigner's name."""
        return self.line.name

    def plain(self) -> dict[str, Plain]:
        """The line as JSON has it."""
        return {"size": self.tree_size, "by": self.name, "at": instant(self.at_s), "vkey": self.vkey}


def instant(at_s: int) -> str:
    """A cosigner's time as it is shown, or the number itself where no calendar has it."""
    try:
        return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{at_s} s"


def cosigned(store: SqliteStore, *, size: int) -> Iterator[Cosigned]:
    """Every stored cosignature, by size and then by key. Raises BadRecord and the like at the first that does not fit.

    `size` is how many entries there are.
    """
    for tree_size, vkey, data in store.cosignatures():
        if not 0 < tree_size <= size:
            raise BadRecord(f"A cosignature is stored for {tree_size} entries, and there are {size}.")
        yield _verified(store.checkpoint(tree_size), tree_size, vkey, data)


def _verified(checkpoint: bytes, tree_size: int, vkey: str, data: bytes) -> Cosigned:
    cosigner = CosignerVerifier.from_vkey(vkey)
    text = parse_note(checkpoint).text
    note = parse_note(text + b"\n" + data)
    line = cosigner.line_of(note)
    if line is None:
        raise BadRecord(f"What is stored for {tree_size} entries as {cosigner.name}'s is another one's line.")
    # Its one form, and one line in it: what is beside it would be vouched for by nobody.
    if format_signatures((line,)) != data:
        raise BadRecord(f"The cosignature by {cosigner.name} for {tree_size} entries does not stand alone.")
    return Cosigned(tree_size=tree_size, vkey=vkey, at_s=cosigner.verify(text, line), line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One writer's epoch of a log: its key, and from which size the next writer went on (None: it is still at work).

    `given_up` and `given_up_root` are the newest head of this epoch that the next one cites: what lies between was lost.
    """

    verifier: LogVerifier
    ended_at: int | None = None
    given_up: int = 0
    given_up_root: str = ""


@dataclass(slots=True)
class EpochReader:
    """The epochs of one log, read on as it grows: whoever asks again pays for the new entries alone."""

    size: int = 0
    newest: str = ""
    epochs: dict[str, Epoch] = field(default_factory=dict)

    def of(self, store: HasEntries) -> dict[str, Epoch]:
        """Every epoch of `store` by the name of its key, in order; it is the log of every time before, or longer."""
        for data in store.entries(self.size):
            if self.size == 0 or _EPOCH in data:
                self._take(data)
            self.size += 1
        return self.epochs

    def _take(self, data: bytes) -> None:
        for act in acts_of(read_entry(data).author):
            if isinstance(act, ProductionOpened):
                key = LogVerifier.from_vkey(act.vkey)
            elif isinstance(act, EpochOpened):
                before = self.epochs[self.newest]
                key = LogVerifier.from_vkey(epoch_vkey(log_of(before.verifier.vkey), act))
                self.epochs[self.newest] = replace(
                    before, ended_at=self.size, given_up=act.seen_size, given_up_root=act.seen_root
                )
            else:
                continue
            self.newest = key.name
            self.epochs[self.newest] = Epoch(verifier=key)


def epochs_of(store: HasEntries) -> dict[str, Epoch]:
    """Every epoch by the name of its key, in order: the first from entry 0, later ones from the entries that opened them."""
    return EpochReader().of(store)


def log_keys(store: HasEntries) -> dict[str, LogVerifier]:
    """The log's key of every epoch, by its name."""
    return {name: epoch.verifier for name, epoch in epochs_of(store).items()}


def request_for(store: SqliteStore, *, old_size: int) -> Request:
    """What to ask a cosigner that has `old_size` entries (0 when it has none yet): the newest checkpoint, and the proof.

    Raises BadProof when this ledger is shorter than what the cosigner has.
    """
    size = store.entry_count()
    if old_size > size:
        raise BadProof(
            f"The cosigner has seen {old_size} entries and this ledger has {size}: it is an older copy. Do not write to it."
        )
    proof = consistency_proof(old_size=old_size, new_size=size, read=store.node) if old_size else ()
    return Request(old_size=old_size, proof=tuple(proof), checkpoint=store.checkpoint(size))


def take_answer(store: SqliteStore, *, tree_size: int, vkey: str, body: bytes) -> Cosigned:
    """The cosigner's line in an answer, verified for that size and stored. Raises BadSignature and the like."""
    text = parse_note(store.checkpoint(tree_size)).text
    cosigner = CosignerVerifier.from_vkey(vkey)
    line = cosigner.line_of(parse_note(text + b"\n" + body))
    if line is None:
        raise BadRecord(f"This answer has no line by {cosigner.name}; take the answer to this very request.")
    data = format_signatures((line,))
    found = _verified(store.checkpoint(tree_size), tree_size, vkey, data)
    store.add_cosignature(tree_size, vkey, data)
    return found


# --- the seal of a day ---------------------------------------------------------------------------------------------

MOST_CODE_BYTES: Final = 2_300
"""A QR code with error correction M holds a little more; beyond it a seal is only a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A checkpoint with the cosignatures present. `kept`: keys whose newest act names a checkpoint, with its size.

    `after` counts the entries that came later than the seal. `delivered`: the parts of the delivery log that its entries
    name by their hash, each held against the rows that lie here.
    """

    note: bytes
    size: int
    root: str
    cosigned: tuple[Cosigned, ...]
    kept: tuple[tuple[str, int], ...]
    after: int
    delivered: tuple[SealedDeliveries, ...]

    def plain(self) -> dict[str, Plain]:
        """The seal as JSON has it."""
        return {
            "seal": self.note.decode(),
            "size": self.size,
            "root": self.root,
            "cosigned": [one.plain() for one in self.cosigned],
            "kept": [{"key": key, "size": size} for key, size in self.kept],
            "after": self.after,
            "delivered": [
                {
                    "entry": one.entry_index,
                    "from": one.from_entry,
                    "to": one.to_entry,
                    "rows": one.rows,
                    "sha256": one.sha256,
                }
                for one in self.delivered
            ],
        }


def sealed_at(store: SqliteStore, *, size: int | None) -> Seal:
    """The seal over `size` entries; None: the newest size with a cosignature, or the newest at all.

    Raises BadRecord, BadProof or BadSignature when what is stored does not hold.
    """
    count = store.entry_count()
    lines = tuple(cosigned(store, size=count))
    chosen = size if size is not None else max((one.tree_size for one in lines), default=count)
    if not 0 < chosen <= count:
        raise BadProof(f"This ledger has {count} entries, so there is no checkpoint over {chosen} to seal.")
    here = tuple(one for one in lines if one.tree_size == chosen)
    note = with_lines(store.checkpoint(chosen), (one.line for one in here))
    origin = read_checkpoint_text(parse_note(note).text).origin
    keys = log_keys(store)
    if origin not in keys:
        raise BadRecord(f"The checkpoint stored for {chosen} entries is of {origin}, an epoch that no entry opened.")
    root = open_checkpoint(note, keys[origin]).root
    if root != tree_root(chosen, store.node):
        raise BadRecord(
            f"The checkpoint stored for {chosen} entries is not theirs; coldcheck verify says what is wrong."
        )
    parts = parts_in(store, size=chosen)
    verify_deliveries(store, parts)
    return Seal(
        note=note,
        size=chosen,
        root=root.hex(),
        cosigned=here,
        kept=_kept(store, chosen),
        after=count - chosen,
        delivered=parts,
    )


def _kept(store: SqliteStore, size: int) -> tuple[tuple[str, int], ...]:
    """Each key with the largest size of this very history that its signed acts name, up to `size`.

    The hub's own keys are left out: a log vouches for nobody by remembering itself.
    """
    seen: dict[str, int] = {}
    roots: dict[int, str] = {}
    hub = read_entry(store.entry(0)).author["by"]
    for data in store.entries():
        author = read_entry(data).author
        after = author["after"]
        if author["by"] == hub:
            continue
        if not isinstance(after, dict) or not isinstance(after["size"], int) or not 0 < after["size"] <= size:
            continue
        at = after["size"]
        roots.setdefault(at, tree_root(at, store.node).hex())
        if after["root"] == roots[at]:
            key = str(author["key"])
            seen[key] = max(seen.get(key, 0), at)
    return tuple(sorted(seen.items()))
