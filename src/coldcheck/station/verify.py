"""Verifying what lies on a disk: a ledger file, or an exported directory.

Promises: `ok` is true only if every stored byte that the record consists of is what the authors and the log's key signed:
each entry with its id, leaf hash and inner nodes (all there, none over), each checkpoint, each opening, and the ledger's
own settings. Keys count by place in the log, from the acts themselves. The first flaw is named with its entry.

Does not do: judge again (that is `--replay`), or know the log's key from anywhere but the caller or entry 0: the report
says which. What it cannot show, such as entries cut off at the end, stands in `unverified`.

    report = verify_path(Path("demo.ledger"), vkey=None)
"""

import errno
import os
import re
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.custody.acts import (
    Act,
    EpochOpened,
    FirstAccountSealed,
    OpeningErased,
    ProductionOpened,
    Quarantined,
    SourceFiled,
)
from coldcheck.custody.enrolment import epoch_of, epoch_vkey, last_known_key, log_of, verify_epoch
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.audit import BadRecord, FirstBad, MissingFile, verify_entry_bytes, verify_tiles
from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.encoding import Plain
from coldcheck.proof.entry import Entry, line_hash, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import EnrolledKey, KeyClass, RelyingParty
from coldcheck.proof.merkle import EMPTY_ROOT, Frontier, Node
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.sealed import Sealed, verify_opening
from coldcheck.proof.tiles import (
    CHECKPOINT_PATH,
    KEYS_PATH,
    VKEY_PATH,
    ExportedKey,
    decode_bundle,
    encode_keys,
    export_plan,
)
from coldcheck.station.cosigners import cosigned
from coldcheck.station.delivery_log import verify_deliveries
from coldcheck.station.record import acts_of, commitments_in, genesis_officers, signing_key, step_of, verify_content
from coldcheck.station.sealed_boxes import open_box
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import SqliteStore, read_ledger

PROGRESS_STEP: Final = 256
MOST_FILE_BYTES: Final = 1 << 28
"""No file of a copy is larger; a bundle of 256 entries has at most 17 MB."""
# Where the system has neither, links and pipes are not made either.
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
_ORIGIN: Final = re.compile(r"(?P<log>.+)/e(?P<epoch>0|[1-9][0-9]{0,15})")
OWN_WORD: Final = "The log's key was taken from entry 0: compare it with the printed one."
FORKED: Final = "forked_log"
TAIL: Final = "Whether later entries were cut off: compare with a checkpoint seen elsewhere."

Progress = Callable[[int, int], None]
"""Hears how many entries of how many are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found. `entries` and `root` (hex) are over what was verified, in order, before any flaw.

    `kind` is "ledger" or "export". `vkey_from` is "given" when the caller knew the log's key, else "its own word".
    `openings` counts those that are there and fit; `erased` the commitments without one. Both are None for an export.
    """

    kind: str
    ok: bool
    entries: int
    root: str
    checkpoint: str | None
    first_bad: FirstBad | None
    vkey: str | None
    vkey_from: str
    openings: int | None
    erased: int | None
    unverified: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What is as signed and yet speaks of a dropped act or of a second history."""

    @classmethod
    def nothing(cls, kind: str, *, vkey: str | None) -> "Report":
        """The report before anything was verified."""
        return cls(
            kind=kind, ok=False, entries=0, root=Frontier().root().hex(), checkpoint=None, first_bad=None, vkey=vkey,
            vkey_from="given" if vkey is not None else "its own word", openings=None, erased=None, unverified=(),
        )  # fmt: skip

    def plain(self) -> dict[str, Plain]:
        """The report as JSON has it."""
        bad = self.first_bad
        return {
            "kind": self.kind,
            "ok": self.ok,
            "entries": self.entries,
            "root": self.root,
            "checkpoint": self.checkpoint,
            "first_bad": None if bad is None else {"entry": bad.entry, "reason": bad.reason},
            "vkey": self.vkey,
            "vkey_from": self.vkey_from,
            "openings": self.openings,
            "erased": self.erased,
            "unverified": list(self.unverified),
            "remarks": list(self.remarks),
        }


def verify_path(path: Path, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on a ledger file, an exported directory or a bundle. Raises NoLedger when `path` is none of them, BadKey for `vkey`."""
    if path.is_dir() and (path / "pack.pdf").exists():
        from coldcheck.station.pack.verified import verify_pack  # noqa: PLC0415  # as below

        return verify_pack(path, vkey=vkey, progress=progress)
    if path.is_dir() and (path / "bagit.txt").exists():
        from coldcheck.station.bundle import verify_bundle  # noqa: PLC0415  # a bundle holds an export: it imports this module

        return verify_bundle(path, vkey=vkey, progress=progress)
    if path.is_dir():
        return verify_export(path, vkey=vkey, progress=progress)
    return verify_ledger(path, vkey=vkey, progress=progress)


# --- what the acts say of keys --------------------------------------------------------------------------------------


# A hub never writes such an entry after these: somebody took out or changed what stood before it.
_RESTS_ON_NOTHING: Final = "This entry cannot follow those before it: what it rests on is not in this log."


class Book:
    """The picture beside a verification: entry by entry, which key may sign what comes next."""

    def __init__(self, vkey: str | None, *, keeps_roots: bool = True) -> None:
        self.picture = Picture()
        self.keeps_roots = keeps_roots
        self.given = vkey
        self.vkeys: tuple[str, ...] = ()
        self.commitments: dict[str, int] = {}
        self._ids: set[str] = set()
        self._roots = bytearray()
        self._last_lines: dict[str, str] = {}
        self._gaps: list[int] = []
        self._strange: list[int] = []
        self._writers: list[str] = []
        self._kept_apart: list[int] = []
        self._erased_by_word: set[str] = set()
        self._acts: tuple[Entry, tuple[Act, ...]] | None = None

    @property
    def vkey(self) -> str | None:
        """The log's key in force: that of the newest epoch, or the given one before there is an entry."""
        return self.vkeys[-1] if self.vkeys else self.given

    def note_root(self, root: bytes) -> None:
        """Nothing; the log has this root after its next entry."""
        self._roots += root

    def root_at(self, size: int) -> bytes | None:
        """The root over the first `size` entries, None for more than there are, or before any."""
        return bytes(self._roots[32 * (size - 1) : 32 * size]) if 0 < 32 * size <= len(self._roots) else None

    def enrolled(self, key_name: str) -> EnrolledKey | None:
        """The key as it counted last, revoked or not; None when no entry made it known."""
        return last_known_key(self.picture, key_name)

    def key_of(self, entry_index: int, key_name: str, entry: Entry) -> EnrolledKey:
        """The key that must have signed this next entry. Raises UnknownKey, BadAct and what content can be wrong with."""
        acts = self._acts_of(entry)
        if key_name == entry.author["key"]:
            return signing_key(self.picture, entry.author, acts)
        others = {line.name for line in entry.signatures} - {entry.author["key"]}
        return genesis_officers(entry_index, acts, others)[key_name]

    def take(self, entry_index: int, entry: Entry) -> None:
        """Nothing; the picture is one entry further. Raises a ColdcheckError for what it cannot take in."""
        acts = self._acts_of(entry)
        entry_id = str(entry.author["id"])
        if entry_id in self._ids:
            raise BadRecord(
                f"An entry with the id {entry_id} stands earlier in this log: an old act entered again, a replay."
            )
        if entry_index == 0:
            # An officer whose line is not there was named without being asked.
            genesis_officers(0, acts, {line.name for line in entry.signatures} - {entry.author["key"]})
            self._begin(acts)
        verify_content(acts, self.picture.rulebook)
        by, key = str(entry.author["by"]), str(entry.author["key"])
        verify_epoch(self.picture, acts, by=by, key=key, epoch=_epoch_of(entry))
        try:
            apply(self.picture, step_of(entry_index, entry, acts))
        except (AssertionError, LookupError, AttributeError, TypeError, ValueError) as problem:
            raise BadRecord(_RESTS_ON_NOTHING) from problem
        if entry_index in self.picture.not_placed:
            raise BadRecord(_RESTS_ON_NOTHING)
        self._ids.add(entry_id)
        self._follow(entry_index, entry)
        self._note_acts(entry_index, entry, acts)
        if self.picture.vkey not in self.vkeys:
            self.vkeys = (*self.vkeys, self.picture.vkey)
        for commitment in commitments_in(acts):
            self.commitments.setdefault(commitment, entry_index)

    def _follow(self, entry_index: int, entry: Entry) -> None:
        """Nothing; where `prev` or `after` name what is not in this log is noted: no flaw of the bytes (format.md, 3)."""
        key, after = str(entry.author["key"]), entry.author["after"]
        if entry.author["prev"] != self._last_lines.get(key):
            self._gaps.append(entry_index)
        self._last_lines[key] = line_hash(entry.line1)
        if self.keeps_roots and isinstance(after, dict):
            size = after["size"]
            assert isinstance(size, int), "read_entry verified it"
            own = self.root_at(size) if size else EMPTY_ROOT
            if size > entry_index or own is None or own.hex() != after["root"]:
                self._strange.append(entry_index)

    def is_erased(self, commitment: str) -> bool:
        """Whether an entry erased the words behind it: one that was entitled to, or one of which the hub wrote that it was.

        The second is what readers go by who do not know roles and holds (docs/format.md, 8).
        """
        return commitment in self.picture.book.erased or commitment in self._erased_by_word

    def _note_acts(self, entry_index: int, entry: Entry, acts: tuple[Act, ...]) -> None:
        """Nothing; a new writer, and an act kept out of the log by a key that counted, are what outsiders ask about."""
        for act in acts:
            if isinstance(act, OpeningErased) and entry.receipt["verdict"] == "granted":
                self._erased_by_word.update(act.commitments)
            if isinstance(act, EpochOpened):
                self._writers.append(_writer_named(entry_index, act))
            # What lies apart is in no export: with a key that counted, the hub kept an act from everybody.
            elif isinstance(act, Quarantined) and act.reason != FORKED and act.key not in self.picture.book.revoked:
                self._kept_apart.append(entry_index)

    @property
    def writers(self) -> tuple[str, ...]:
        """A sentence on every entry with which another writer went on."""
        return tuple(self._writers)

    def remarks(self) -> tuple[str, ...]:
        """Sentences on entries that name an act or a history which is not in this log, and on writers that were replaced."""
        said = (
            ("The act before it by the same key is another one, or is missing", self._gaps),
            ("The device that signed it had seen another history of this log", self._strange),
            (
                "It keeps an act out of the log for a revoked key, and no entry before it revoked that key",
                self._kept_apart,
            ),
        )
        return (*self._writers, *(f"{words}: entry {_named(indexes)}." for words, indexes in said if indexes))

    def _begin(self, acts: tuple[Act, ...]) -> None:
        vkey = vkey_in(acts)
        # A key of a later epoch may come into force further on: `verify_given` says at the end whether it did.
        if self.given not in {None, vkey} and not _is_later(str(self.given), vkey):
            raise BadRecord("Entry 0 opened this production under another log key than the one it is verified with.")

    def verify_given(self) -> None:
        """Nothing if the given key was this log's in any epoch, the printed one of the first included. Raises BadRecord."""
        if self.given is not None and self.given not in self.vkeys:
            raise BadRecord(
                "No entry of this log brought the log key that it is verified with: another log, or a forged epoch."
            )

    def vkey_after(self, entry: Entry) -> str | None:
        """The log's key that signs checkpoints from this next entry on."""
        act = self._acts_of(entry)[0]
        if isinstance(act, EpochOpened) and self.vkeys:
            return epoch_vkey(log_of(self.vkeys[0]), act)
        return self.vkey if self.vkeys else vkey_in(self._acts_of(entry))

    def _acts_of(self, entry: Entry) -> tuple[Act, ...]:
        """The acts, read once for the key and again for nothing."""
        if self._acts is None or self._acts[0] is not entry:
            self._acts = (entry, acts_of(entry.author))
        return self._acts[1]


def _named(indexes: list[int]) -> str:
    few = ", ".join(map(str, indexes[:5]))
    return few + (f" and {len(indexes) - 5} more" if len(indexes) > 5 else "")  # noqa: PLR2004  # as many as are named


def _writer_named(entry_index: int, act: EpochOpened) -> str:
    lost = act.seen_size - entry_index
    said = (
        f"{lost} entries that were signed before it are not here"
        if lost > 0
        else "it names none as lost, and a checkpoint kept elsewhere shows whether any are"
    )
    return f"Another writer of this log goes on from entry {entry_index} ({act.reason}): {said}."


def _is_later(vkey: str, first: str) -> bool:
    """Whether one log's keys are both, and the first of a later epoch. A name that says none is no later one."""
    return log_of(vkey) == log_of(first) and epoch_of(vkey) > epoch_of(first)


def vkey_in(acts: tuple[Act, ...]) -> str:
    """The log's key by the word of these acts of entry 0. Raises BadRecord."""
    opened = acts[0]
    if not isinstance(opened, ProductionOpened):
        raise BadRecord("Entry 0 does not open a production, so nothing here says whose log this is.")
    return opened.vkey


def expected_keys(picture: Picture) -> tuple[ExportedKey, ...]:
    """Every acting key that the entries brought, with whose it is: what keys.json must hold. The hub's is nobody's.

    A key that still waits to be confirmed, or is revoked, has signed entries too.
    """
    known = {name: (public, held, owner) for name, (public, held, owner) in picture.keys.items()}
    asked = {name: (act.public, act.key_class, act.person) for name, act in picture.book.enrolled.items()}
    return tuple(
        ExportedKey(
            key_name=name,
            key_class=KeyClass(key_class),
            public_bytes=bytes.fromhex(public),
            person=None if key_class == KeyClass.HUB.value else owner,
            relying_party=_party_of(picture, name),
        )
        for name, (public, key_class, owner) in (asked | known).items()
    )


def _party_of(picture: Picture, key: str) -> RelyingParty | None:
    act = picture.book.enrolled.get(key)
    return RelyingParty(rp_id=act.rp, origins=act.origins) if act is not None and act.rp else None


# --- a ledger file --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """All that a ledger holds for one entry: `nodes` are those that it completed, its leaf first."""

    entry_index: int
    entry_id: str
    data: bytes
    nodes: tuple[Node, ...]
    checkpoint: bytes


def stored_entry(store: SqliteStore, entry_index: int) -> StoredEntry:
    """What `store` holds for one entry. Raises NoLedger for a row that is not there or does not read."""
    entry_id, data, leaf = store.row(entry_index)
    nodes = [Node(0, entry_index, leaf)]
    level, index = 0, entry_index
    while index & 1:
        level, index = level + 1, index >> 1
        nodes.append(Node(level, index, store.node(level, index)))
    return StoredEntry(
        entry_index=entry_index,
        entry_id=entry_id,
        data=data,
        nodes=tuple(nodes),
        checkpoint=store.checkpoint(entry_index + 1),
    )


class Walk:
    """One pass over a ledger, entry by entry. `take` raises at the first flaw and leaves everything as it was."""

    def __init__(self, verifier: LogVerifier, *, given: str | None = None) -> None:
        named = _ORIGIN.fullmatch(verifier.name)
        if not named:
            raise BadRecord(f"The log's key is named {verifier.name!r}, which does not have the form <log>/e<epoch>.")
        self.log = named["log"]
        self.first = verifier
        """The log's key of the first epoch; later ones are brought by entries."""
        self.frontier = Frontier()
        self.book = Book(given or verifier.vkey)
        self.checkpoint: str | None = None

    def take(self, stored: StoredEntry) -> None:
        """Nothing if all that is stored for the next entry is right. Raises a ColdcheckError that says what is not."""
        index = stored.entry_index
        assert index == self.frontier.size, "entries are taken in order"
        # The hash first: it finds a change before a signature costs anything.
        grown = self.frontier.copy()
        for node, wanted in zip(stored.nodes, grown.append(stored.data), strict=True):
            compare_node(node, wanted)
        entry = verify_entry_bytes(stored.data, entry_index=index, key_of=self.book.key_of)
        self._verify_place(stored, entry)
        seen = open_checkpoint(stored.checkpoint, LogVerifier.from_vkey(str(self.book.vkey_after(entry))))
        if (seen.size, seen.root) != (grown.size, grown.root()):
            raise BadRecord(
                f"The checkpoint stored for {grown.size} entries states another size or root than they have."
            )
        self.book.take(index, entry)
        self.book.note_root(grown.root())
        self.frontier, self.checkpoint = grown, seen.text().decode()

    def _verify_place(self, stored: StoredEntry, entry: Entry) -> None:
        """That the entry was made for this log and lies under its own id; its epoch is verified by the book."""
        if entry.author["log"] != self.log:
            raise BadRecord(f"This entry was signed for the log {entry.author['log']}, not for {self.log}.")
        if entry.author["id"] != stored.entry_id:
            raise BadRecord(f"This entry has the id {entry.author['id']} and is stored under {stored.entry_id}.")


def _epoch_of(entry: Entry) -> int:
    epoch = entry.receipt["epoch"]
    assert isinstance(epoch, int), "read_entry verified it"
    return epoch


def compare_node(stored: Node, wanted: Node) -> None:
    """Nothing; the stored node is the one of the entries under it. Raises BadRecord."""
    if stored.hash == wanted.hash:
        return
    if wanted.level == 0:
        raise BadRecord(
            f"The stored bytes hash to {wanted.hash.hex()}, and {stored.hash.hex()} is stored as their hash: "
            "the entry or its stored hash was changed."
        )
    raise BadRecord(
        f"The hash stored at level {wanted.level}, index {wanted.index} of the tree is not that of the entries under it."
    )


def verify_ledger(path: Path, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on a ledger file. Raises NoLedger when it is none, BadKey for a `vkey` that is none."""
    store = read_ledger(path)
    try:
        store.hold_still()
        return verify_store(store, vkey=vkey, progress=progress)
    finally:
        store.close()


def verify_store(store: SqliteStore, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on an open ledger. Raises BadKey for a `vkey` that is none."""
    given = LogVerifier.from_vkey(vkey) if vkey is not None else None
    vkey_from = "given" if given else "its own word"
    try:
        walk = Walk(_own_verifier(store), given=vkey)
    except ColdcheckError as problem:
        return _no_entry(FirstBad(entry=0, reason=str(problem)), vkey=vkey, vkey_from=vkey_from)
    first_bad = _walk_through(walk, store, progress)
    openings = 0
    if first_bad is None:
        openings, first_bad = _beside_the_entries(walk, store)
    unverified = (*((TAIL,) if given else (OWN_WORD, TAIL)), *lost_papers(walk.book.picture, store.apart))
    return Report(
        kind="ledger",
        ok=first_bad is None,
        entries=walk.frontier.size,
        root=walk.frontier.root().hex(),
        checkpoint=walk.checkpoint,
        first_bad=first_bad,
        vkey=walk.book.vkey,
        vkey_from=vkey_from,
        openings=openings,
        erased=len(walk.book.commitments) - openings,
        unverified=unverified,
        remarks=walk.book.remarks(),
    )


_MOST_NAMED: Final = 5


def lost_papers(
    picture: Picture, apart: Callable[[str], bytes | None], *, withheld: Collection[str] = ()
) -> tuple[str, ...]:
    """A sentence on the sources, and one on the locked accounts, of which only the hash is here; nothing is said of `withheld`.

    They lie beside the log, so a ledger without them verifies: an outsider has to hear of it.
    """
    sources = [
        (d.entry_index, d.act.label or "a source", d.act.sha256)
        for d in picture.journal
        if isinstance(d.act, SourceFiled)
    ]
    locked = [(d.entry_index, "locked", d.act.sha256) for d in picture.journal if isinstance(d.act, FirstAccountSealed)]
    return tuple(
        f"The bytes of {len(gone)} {noun} of {len(papers)} are not here, only their hash: {_few(gone)}. Ask who filed it for them."
        for papers, noun in ((sources, "source"), (locked, "first account"))
        if (
            gone := [
                f"{label} (#{entry})"
                for entry, label, digest in papers
                if digest not in withheld and apart(digest) is None
            ]
        )
    )


def _few(named: list[str]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _no_entry(first_bad: FirstBad, *, vkey: str | None, vkey_from: str) -> Report:
    return Report(
        kind="ledger",
        ok=False,
        entries=0,
        root=Frontier().root().hex(),
        checkpoint=None,
        first_bad=first_bad,
        vkey=vkey,
        vkey_from=vkey_from,
        openings=0,
        erased=0,
        unverified=(),
    )


def _own_verifier(store: SqliteStore) -> LogVerifier:
    """The log's key as entry 0 states it."""
    return LogVerifier.from_vkey(vkey_in(acts_of(read_entry(store.row(0)[1]).author)))


def _walk_through(walk: Walk, store: SqliteStore, progress: Progress | None) -> FirstBad | None:
    """The first flaw among the entries and what belongs to each, or None."""
    index = 0
    try:
        count = max(store.entry_count(), store.last_index() + 1)
        for index in range(count):
            walk.take(stored_entry(store, index))
            if progress is not None and (index + 1 == count or (index + 1) % PROGRESS_STEP == 0):
                progress(index + 1, count)
    except ColdcheckError as problem:
        return FirstBad(entry=index, reason=str(problem))
    return None


def _beside_the_entries(walk: Walk, store: SqliteStore) -> tuple[int, FirstBad | None]:
    """How many openings fit, and the first flaw in what is stored beside the entries."""
    count = 0
    at: int | None = None
    try:
        at = one_too_many(walk.frontier.size, store)
        if at is not None:
            raise BadRecord(
                f"A hash or checkpoint is stored for entry {at}, and no such entry is here: cut off, or put in."
            )
        walk.book.verify_given()
        verify_settings(walk.first, store)
        for commitment, key, box in store.boxes():
            at = walk.book.commitments.get(commitment)
            _verify_box(walk.book, commitment, key, box)
            count += 1
        at = None
        _verify_apart(walk, store)
        # Asked for one after the other, each is verified; an outsider learns of them by `seal` and `export`.
        deque(cosigned(store, size=walk.frontier.size), maxlen=0)
        if flaw := store.flaw():
            raise BadRecord(f"The file's own structure is damaged ({flaw}); copy it again.")
    except ColdcheckError as problem:
        return count, FirstBad(entry=at, reason=str(problem))
    return count, None


def one_too_many(size: int, store: SqliteStore) -> int | None:
    """The entry that a node or checkpoint is over for, None if every one belongs to an entry that is here."""
    if (store.node_count(), store.checkpoint_count()) == (size - size.bit_count(), size):
        return None
    nodes = (((index + 1) << level) - 1 for level, index, _hash in store.nodes())
    checkpoints = (max(tree_size, 1) - 1 for tree_size, _data in store.checkpoints())
    empty = (0 for tree_size, _data in store.checkpoints() if tree_size < 1)
    return next((entry for entry in (*nodes, *checkpoints) if not 0 <= entry < size), next(empty, size))


def verify_settings(first: LogVerifier, store: SqliteStore) -> None:
    """That the ledger's own settings name its log as the key of its first epoch does. Raises BadRecord."""
    wanted = {"origin": first.name, "log": log_of(first.vkey), "vkey": first.vkey}
    for name, value in wanted.items():
        stored = store.meta(name)
        if stored != value:
            raise BadRecord(f"The ledger's setting {name!r} is {stored!r}; its entries say {value!r}.")


def _verify_box(book: Book, commitment: str, key: bytes, box: bytes) -> None:
    if commitment not in book.commitments:
        raise BadRecord(f"The opening stored for {commitment} belongs to no commitment in the entries.")
    if book.is_erased(commitment):
        raise BadRecord(f"The opening stored for {commitment} was erased by an entry, and is here all the same.")
    try:
        verify_opening(Sealed(commitment=commitment), open_box(box, commitment=commitment, key=key))
    except ColdcheckError as problem:
        raise BadRecord(f"The opening stored for {commitment}: {problem}") from problem


def _verify_apart(walk: Walk, store: SqliteStore) -> None:
    """That keys lie only beside boxes, and that what was kept apart is what the entries name, all of it."""
    if strays := store.stray_keys():
        raise BadRecord(f"Keys of openings are stored that open nothing here: {strays}.")
    named = dict(walk.book.picture.book.quarantined)
    papers = {
        done.act.sha256 for done in walk.book.picture.journal if isinstance(done.act, SourceFiled | FirstAccountSealed)
    }
    for digest, data in store.all_apart():
        at = named.pop(digest, None)
        if (at is None and digest not in papers) or sha256(data).hexdigest() != digest:
            raise BadRecord(f"What is kept apart as {digest} is not what an entry names.")
    if named:
        raise BadRecord(f"What entry {min(named.values())} keeps apart is not here.")
    verify_deliveries(store, walk.book.picture.sealed_deliveries)
    for digest, data in store.photos():
        if sha256(data).hexdigest() != digest:
            raise BadRecord(f"The photo stored as {digest} has other bytes than those that were signed.")


# --- an exported directory ------------------------------------------------------------------------------------------


def verify_export(directory: Path, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on an exported directory. Raises NoLedger when it is none, BadKey for a `vkey` that is none."""
    if not any((directory / name).exists() for name in (CHECKPOINT_PATH, VKEY_PATH, "tile")):
        raise NoLedger(f"{directory} holds no export of a log; name a ledger file, or what coldcheck export wrote.")
    return verify_log_files(directory, book=Book(vkey), progress=progress)


def verify_log_files(directory: Path, *, book: "Book", progress: Progress | None = None) -> Report:
    """The report on the files of an export; `book` then holds what the entries say. Raises BadKey for a key that is none."""
    vkey = book.given
    if vkey is not None:
        LogVerifier.from_vkey(vkey)
    total = _size_said(directory)

    def took(entry_index: int, entry: Entry) -> None:
        book.take(entry_index, entry)
        if progress is not None and (entry_index + 1 == total or (entry_index + 1) % PROGRESS_STEP == 0):
            progress(entry_index + 1, total)

    result = verify_tiles(
        lambda path: read_export_file(directory, path),
        vkey=vkey if vkey is not None and not _is_of_another_epoch(directory, vkey) else None,
        key_of=book.key_of,
        expected_keys=lambda: encode_keys(expected_keys(book.picture)),
        on_entry=took,
        on_root=book.note_root if book.keeps_roots else None,
    )
    first_bad = result.first_bad or _other_key(directory, book)
    unverified = (
        result.unverified if vkey is None else tuple(said for said in result.unverified if VKEY_PATH not in said)
    )
    return Report(
        kind="export",
        ok=first_bad is None,
        entries=result.entry_count,
        root=result.root,
        checkpoint=result.checkpoint,
        first_bad=first_bad,
        vkey=book.vkey,
        vkey_from="given" if vkey is not None else "its own word",
        openings=None,
        erased=None,
        unverified=(*unverified, *(strangers_of(directory, result.entry_count) if result.ok else ()), TAIL),
        remarks=book.remarks(),
    )


def entries_of(path: Path) -> Iterator[bytes]:
    """Every entry of a ledger file, an export or a bundle that was verified, in order. Raises NoLedger and the like."""
    if not path.is_dir():
        store = read_ledger(path)
        try:
            store.hold_still()
            yield from store.entries()
        finally:
            store.close()
        return
    log = path / "data" / "log" if (path / "bagit.txt").exists() else path
    for tile in export_plan(_size_said(log)):
        if tile.level is None:
            yield from decode_bundle(read_export_file(log, tile.path), width=tile.width)


def _other_key(directory: Path, book: Book) -> FirstBad | None:
    """The flaw when log.vkey is not the key that entry 0 opened the production under, or None."""
    try:
        book.verify_given()
    except BadRecord as problem:
        return FirstBad(entry=None, reason=str(problem))
    if f"{book.vkey}\n".encode() == read_export_file(directory, VKEY_PATH):
        return None
    return FirstBad(
        entry=None,
        reason=f"{VKEY_PATH}: entry 0 opened this production under another log key, and no later epoch has it.",
    )


def _is_of_another_epoch(directory: Path, vkey: str) -> bool:
    """Whether log.vkey is of another epoch of the given key's log: then the entries must join the two."""
    try:
        own = read_export_file(directory, VKEY_PATH).decode("ascii", "replace").strip()
        return log_of(own) == log_of(vkey) and epoch_of(own) > epoch_of(vkey)
    except ColdcheckError:
        return False


def read_export_file(directory: Path, path: str) -> bytes:
    """The bytes of one file of an export. Raises MissingFile."""
    try:
        return read_plain_file(directory / path)
    except OSError as problem:
        raise MissingFile(f"{path}: this file of the export cannot be read ({problem.strerror}).") from problem


def read_plain_file(path: Path) -> bytes:
    """The bytes of a file that somebody handed over. Raises OSError.

    A link leads out of the copy, a pipe or a device never ends, and a file with a hole in it can be larger than any memory: none of
    them is a file of a copy.
    """
    handle = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT)
    with os.fdopen(handle, "rb") as file:
        told = os.fstat(handle)
        if stat.S_ISDIR(told.st_mode):
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        if not stat.S_ISREG(told.st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, and no file")
        # Room for what is there: room for the most that is allowed costs more than the reading.
        data = file.read(min(told.st_size, MOST_FILE_BYTES) + 1)
        if told.st_size < len(data) <= MOST_FILE_BYTES:
            data += file.read(MOST_FILE_BYTES + 1 - len(data))
    if len(data) > MOST_FILE_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {MOST_FILE_BYTES} bytes")
    return data


def _size_said(directory: Path) -> int:
    """How many entries the checkpoint speaks of, for the progress bar only."""
    try:
        lines = read_export_file(directory, CHECKPOINT_PATH).split(b"\n")
        return int(lines[1])
    except (MissingFile, ValueError, IndexError):
        return 0


def strangers_of(directory: Path, entry_count: int) -> tuple[str, ...]:
    """A sentence that names files which are no part of the export, if there are any."""
    ours = {CHECKPOINT_PATH, VKEY_PATH, KEYS_PATH, *(tile.path for tile in export_plan(entry_count))}
    others = sorted(set(files_in(directory)) - ours)
    if not others:
        return ()
    named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")  # noqa: PLR2004
    return (f"No part of the export, and not looked at: {named}.",)


def files_in(directory: Path) -> Iterator[str]:
    """The path of every file below `directory`, relative, in order. A link is named, wherever it leads, and not followed."""
    there = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    yield from sorted(path.relative_to(directory).as_posix() for path in there)
