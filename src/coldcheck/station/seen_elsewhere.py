"""A copy of a log held against checkpoints, seals and receipts that somebody kept elsewhere: rolled back, cut off, forked, or neither.

A receipt is what a signer's phone keeps of his act: a proof file whose `extra` is the entry itself (docs/format.md, 4.2).

Promises: asked only of a copy that verified; every note must be signed by the log's key of its epoch, as the entries brought
it. A longer history elsewhere, another one of the same size, and a writer that went on after it was replaced are each a flaw
with the entry named. What an epoch cites as lost is no flaw, and is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, assert_never

from coldcheck.proof.audit import FirstBad
from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import BadProof, Frontier, leaf_hash, verify_inclusion
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.proof.tlog_proof import TITLE, read_proof, verify_proof
from coldcheck.station.cosigners import epochs_of
from coldcheck.station.forks import Standing, standing_of
from coldcheck.station.verify import TAIL, Report, entries_of


class _Copy:
    """The entries of a verified copy, and the hashes over them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        frontier = Frontier()
        self._nodes = {
            (node.level, node.index): node.hash for data in entries_of(path) for node in frontier.append(data)
        }
        self._count = frontier.size

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """The bytes of every entry from `start` on."""
        return (data for index, data in enumerate(entries_of(self._path)) if index >= start)

    def entry_count(self) -> int:
        """How many entries there are."""
        return self._count

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""
        return self._nodes[level, index]


def held_against(report: Report, path: Path, seen: Iterable[bytes]) -> Report:
    """The report on the copy at `path`, after what was seen elsewhere was compared; unchanged when it was not whole."""
    notes = tuple(seen)
    if not report.ok or not notes:
        return report
    copy = _Copy(path)
    said = tuple(line for line in report.unverified if line != TAIL)
    for note in notes:
        try:
            flaw, more = _flaw_of(note, copy)
        except ColdcheckError as problem:
            flaw, more = FirstBad(entry=None, reason=f"The checkpoint seen elsewhere: {problem}"), ""
        said = (*said, more) if more else said
        if flaw is not None:
            return replace(report, ok=False, first_bad=flaw, unverified=said)
    return replace(report, unverified=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An entry that its checkpoint proves to be in the log, and where. Whose the checkpoint is was not verified yet."""

    entry_index: int
    leaf: bytes


def read_seen(data: bytes) -> tuple[bytes, Receipt | None]:
    """The checkpoint in what somebody kept, and the entry that is proven under it where it is a receipt. Raises BadProof, BadNote."""
    if not data.startswith(TITLE.encode()):
        return data, None
    proof = read_proof(data)
    if proof.extra is None:
        return proof.checkpoint, None
    head = read_checkpoint_text(parse_note(proof.checkpoint).text)
    verify_inclusion(
        entry_index=proof.entry_index, tree_size=head.size, leaf=proof.extra, proof=proof.hashes, root=head.root
    )
    return proof.checkpoint, Receipt(entry_index=proof.entry_index, leaf=leaf_hash(proof.extra))


def _flaw_of(seen: bytes, copy: _Copy) -> tuple[FirstBad | None, str]:
    """What is wrong with the copy by what was seen, or None; and a sentence on what it does not show."""
    note, receipt = read_seen(seen)
    head, count = read_checkpoint_text(parse_note(note).text), copy.entry_count()
    size = head.size
    match standing_of(note, copy):
        case Standing.OURS:
            later = count - size
            return (
                None,
                f"Whether entries after the {count} here were cut off: what was seen covers {size}." if later else "",
            )
        case Standing.OLDER:
            reason = f"This copy has {count} entries and the checkpoint seen elsewhere {size}: rolled back or cut off."
            return FirstBad(entry=count, reason=reason), ""
        case Standing.FORKED:
            if (
                receipt is not None
                and receipt.entry_index < count
                and copy.node(0, receipt.entry_index) != receipt.leaf
            ):
                return FirstBad(entry=receipt.entry_index, reason=_ANOTHER), ""
            reason = f"The log's key signed another history of {size} entries elsewhere: a fork. Keep both."
            return FirstBad(entry=min(size, count) - 1, reason=reason), ""
        case Standing.GIVEN_UP:
            if receipt is not None:
                return _given_up(receipt, copy, ended_at=epochs_of(copy)[head.origin].ended_at or count)
            return (
                None,
                f"Entries up to {size} that were seen elsewhere are not here: a new epoch says that they were lost.",
            )
        case never:
            assert_never(never)


_ANOTHER: Final = "This entry is not the one that the receipt proves: it was changed, or another stands in its place."


def _given_up(receipt: Receipt, copy: _Copy, *, ended_at: int) -> tuple[FirstBad | None, str]:
    """As `_flaw_of`, for a receipt under a head that a new epoch gave up; what lies before `ended_at` was not given up."""
    at = receipt.entry_index
    if at < ended_at:
        return (None if copy.node(0, at) == receipt.leaf else FirstBad(entry=at, reason=_ANOTHER)), ""
    return (
        None,
        f"The entry that the receipt proves was number {at} of this log and is not here: a new epoch says that it was lost.",
    )


ALONE: Final = (
    "Whose act it is and whether its key counted: only a copy of the log shows that.",
    "Whether the log still has it: hold a copy against this receipt, with --seen.",
)


def is_receipt(path: Path) -> bool:
    """Whether the file at `path` is a proof file, a receipt perhaps."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(TITLE)) == TITLE.encode()


def verify_receipt(data: bytes, *, vkey: str) -> Report:
    """The report on a receipt by itself: that its entry was in the log whose printed key this is. Raises BadKey for a `vkey` that is none."""
    log, blank = LogVerifier.from_vkey(vkey), Report.nothing("receipt", vkey=vkey)
    try:
        proof = read_proof(data)
        if proof.extra is None:
            raise BadProof(
                "This proof file does not hold the entry that it is for; hold it against a copy of the log, with --seen."
            )
        head = verify_proof(proof, entry=proof.extra, log=log)
        read_entry(proof.extra)
    except ColdcheckError as problem:
        return replace(blank, first_bad=FirstBad(entry=None, reason=str(problem)))
    said = f"Entry {proof.entry_index} of {head.origin} is the one in this receipt, as the log's key signed it over {head.size} entries."
    return replace(
        blank,
        ok=True,
        entries=1,
        root=head.root.hex(),
        checkpoint=head.text().decode(),
        unverified=ALONE,
        remarks=(said,),
    )
