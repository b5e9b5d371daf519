"""The audit of an exported log in several processes: every byte, every signature, and which key counted where.

For large logs and for whoever wants no opinion of ours: it knows of acts only what docs/format.md, section 6, says of keys, as the
verifier in JavaScript does. Three passes, each over contiguous bundles of entries:

1. hashes: every leaf against its tile, every tile, the root against the signed checkpoint. A change is located before a signature
   costs anything.
2. keys: the few entries that speak of keys, epochs and lists, in order and in full. From them follows, for every key, from which
   entry to which it counts.
3. signatures: every other entry, its form, its log, epoch and id, and its signature by a key that counts there.

Promises: what passes here passes `coldcheck verify`, acts' own forms apart, and the report says that they were not looked at. The
first bad entry is named. An entry that is not of the usual form is read piece by piece, by the same code as everywhere.

Does not do: apply acts, or hold what lies beside the log in a bundle against it. A ledger file is for `audit_ledger`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from coldcheck.custody import acts as a
from coldcheck.custody.attended import TAKES_AWAY
from coldcheck.custody.enrolment import KEY_ACTS, log_of
from coldcheck.proof.audit import BadRecord, BadStoredHash, FirstBad
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint
from coldcheck.proof.entry import Entry, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import EnrolledKey, KeyClass, acting_key_id, read_public, verify_author
from coldcheck.proof.merkle import HASH_BYTES, root_of
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.quick_look import UsualParty, quick_look, usual_assertion
from coldcheck.proof.tiles import (
    CHECKPOINT_PATH,
    KEYS_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    VKEY_PATH,
    BadTile,
    CutShort,
    TileSpec,
    bundle_entries,
    decode_bundle,
    encode_keys,
    level_tiles,
)
from coldcheck.station.bundle import LOG, is_bundle, verify_lists
from coldcheck.station.record import acts_of
from coldcheck.station.verify import TAIL, Book, Report, expected_keys, read_export_file, strangers_of

ACTS_UNREAD: Final = (
    "The fields of acts that do not speak of keys, and what prev and after say: they are as signed; coldcheck verify without --jobs"
    " follows them."
)
BESIDE_UNREAD: Final = (
    "What lies beside the log in the bundle (openings, seals, proofs): it is as listed; coldcheck verify without --jobs holds it against"
    " the log."
)
BUNDLES_AT_ONCE: Final = 8
"""What one process takes at a time: 2,048 entries."""
_FULL: Final = (*KEY_ACTS, a.ProductionOpened, a.PersonEnrolled, a.RulebookAdopted)
_FORMED: Final = (a.OpeningErased, a.LegalHoldPlaced, a.LegalHoldLifted, a.DeliveriesSealed, a.HeldOut)
"""The other acts of docs/format.md, section 6: no key follows from them, and they have exactly the fields given there."""


def _search_of(kinds: tuple[type, ...]) -> re.Pattern[bytes]:
    return re.compile(b'"act":"(?:' + b"|".join(sorted(a.wire_name(kind).encode() for kind in kinds)) + b')"')


def speaks_of_keys(data: bytes) -> bool:
    """Whether these bytes may name an act from which it follows which keys count."""
    return _SPEAKS_OF_KEYS.search(data) is not None


_SPEAKS_OF_KEYS: Final = _search_of(_FULL)
_HAS_FORM: Final = _search_of(_FORMED)
_IS_TO_READ: Final = _search_of((*_FULL, *_FORMED))
_ATTENDED: Final = frozenset(a.wire_name(kind) for kind in (a.HeldOut, *TAKES_AWAY))
_SIGNED: Final = ECDSA(SHA256())

P = TypeVar("P")
T = TypeVar("T")


class NoExport(ColdcheckError):
    """Only a ledger, an export or a bundle is audited in several processes. Name one, or verify it without --jobs."""


class Counted(NamedTuple):
    """A key, and from which entry to which it counts."""

    key: EnrolledKey
    owner: str
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTable:
    """What the entries that speak of keys say, for all others: keys by name, epochs by their first entry, those entries."""

    log: str
    keys: dict[str, Counted]
    epochs: tuple[tuple[int, int], ...]
    full: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """What one process found of its bundles: the root of each full one, the leaves of a last partial one, who speaks of keys."""

    above: tuple[bytes, ...]
    rest: tuple[bytes, ...]
    full: tuple[tuple[int, bytes], ...]
    flaw: FirstBad | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What one process found of its bundles: every entry's id up to the first flaw."""

    ids: tuple[bytes, ...]
    flaw: FirstBad | None


class Pool(Protocol):
    """Somewhere to run a function of the parts, in order."""

    def map(self, work: Callable[[P], T], parts: tuple[P, ...], /) -> Iterator[T]:
        """What each part gave, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of bundles of one export; `table` for the pass over signatures, which ends before entry `end`."""

    directory: str
    tiles: tuple[TileSpec, ...]
    table: KeyTable | None = None
    end: int = 0


@dataclass(slots=True)
class Audited:
    """What an audit found so far; `seconds` by pass is for whoever measures."""

    directory: Path
    vkey: str | None
    book: Book
    head: Checkpoint | None = None
    root: bytes = b""
    entries: int = 0
    flaw: FirstBad | None = None
    own_vkey: str = ""
    ids: set[bytes] = field(default_factory=set)


def audit_export(directory: Path, *, vkey: str | None, jobs: int) -> Report:
    """The report on an exported directory, worked out in `jobs` processes. Raises NoExport, BadKey for a `vkey` that is none."""
    if not directory.is_dir() or (directory / "bagit.txt").exists() or not (directory / VKEY_PATH).exists():
        raise NoExport(f"{directory} is no exported directory; write one with coldcheck export L --tiles DIR.")
    if vkey is not None:
        LogVerifier.from_vkey(vkey)
    found = Audited(directory=directory, vkey=vkey, book=Book(vkey, keeps_roots=False))
    with processes(jobs) as pool:
        try:
            _audit(found, pool)
        except ColdcheckError as problem:
            found.flaw = FirstBad(entry=None, reason=str(problem))
    return _report(found)


def audit_copy(path: Path, *, vkey: str | None, jobs: int) -> Report:
    """The report on a ledger file, an export or a bundle. Raises NoExport, NoLedger, BadKey for a `vkey` that is none."""
    if not path.is_dir():
        from coldcheck.station.audit_ledger import audit_ledger  # noqa: PLC0415  # it imports this module

        return audit_ledger(path, vkey=vkey, jobs=jobs)
    if (path / "pack.pdf").exists():
        raise NoExport(f"{path} is an evidence pack; verify it without --jobs.")
    if not is_bundle(path):
        return audit_export(path, vkey=vkey, jobs=jobs)
    if not (path / LOG / VKEY_PATH).is_file():
        raise NoExport(f"{path} is a bag without a log in it; name what coldcheck export --bundle wrote.")
    report = replace(audit_export(path / LOG, vkey=vkey, jobs=jobs), kind="bundle")
    try:
        verify_lists(path)
    except ColdcheckError as problem:
        # Where the log differs too, its entry is the first flaw.
        flaw = FirstBad(entry=report.first_bad.entry if report.first_bad else None, reason=str(problem))
        return replace(report, ok=False, first_bad=flaw)
    return replace(report, unverified=(BESIDE_UNREAD, *report.unverified))


def _audit(found: Audited, pool: Pool) -> None:
    """Nothing; `found` holds the first flaw, if there is one. Raises a ColdcheckError for one that is no entry's."""
    found.own_vkey = _own_vkey(found.directory)
    found.head = open_checkpoint(
        read_export_file(found.directory, CHECKPOINT_PATH), LogVerifier.from_vkey(found.own_vkey)
    )
    parts = parts_of(found.directory, found.head.size)
    # 1. Hashes.
    full = _hashes(found, pool, parts)
    if found.flaw is not None:
        return
    # 2. Keys.
    table, flaw = key_table(found.book, full, size=found.head.size)
    end = found.head.size if flaw is None or flaw.entry is None else flaw.entry
    # 3. Signatures, up to the first entry about keys that is wrong.
    found.flaw = _signatures(found, pool, tuple(_with(part, table, end) for part in parts), end) or flaw
    if found.flaw is None:
        _around(found)


def _own_vkey(directory: Path) -> str:
    text = read_export_file(directory, VKEY_PATH).decode("ascii", "replace")
    if not text.endswith("\n"):
        raise BadRecord(f"{VKEY_PATH}: the file does not end its one line.")
    return text[:-1]


def parts_of(directory: Path, size: int) -> tuple[Part, ...]:
    """The work, in stretches of bundles."""
    tiles = level_tiles(level=None, tree_size=size)
    return tuple(
        Part(directory=str(directory), tiles=some) for some in iter(lambda: tuple(islice(tiles, BUNDLES_AT_ONCE)), ())
    )


def _with(part: Part, table: KeyTable, end: int) -> Part:
    return Part(directory=part.directory, tiles=part.tiles, table=table, end=end)


@contextmanager
def processes(jobs: int) -> Iterator[Pool]:
    """Somewhere to run parts: this process for one job, else so many others, each begun anew."""
    if jobs == 1:
        yield _Here()
        return
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        yield pool


class _Here:
    """This process."""

    def map(self, work: Callable[[P], T], parts: tuple[P, ...], /) -> Iterator[T]:
        """What each part gave, in order, each when it is asked for."""
        return map(work, parts)


# --- 1. hashes -----------------------------------------------------------------------------------------------------


def _hashes(found: Audited, pool: Pool, parts: tuple[Part, ...]) -> tuple[tuple[int, bytes], ...]:
    """The entries that speak of keys, after every hash was compared."""
    assert found.head is not None, "the caller read it"
    above: list[bytes] = []
    rest: tuple[bytes, ...] = ()
    full: list[tuple[int, bytes]] = []
    for hashed in pool.map(hash_part, parts):
        above += hashed.above
        rest = hashed.rest
        full += hashed.full
        if hashed.flaw is not None:
            found.flaw = hashed.flaw
            return ()
    found.root = root_over(above, rest)
    _compare_tiles(found.directory, above, found.head.size)
    if found.root != found.head.root:
        raise BadRecord(
            f"The {found.head.size} entries have the root {found.root.hex()}, and {found.head.root.hex()} was signed: at least"
            " one entry was changed, and no stored hash tells which."
        )
    return tuple(full)


def hash_part(part: Part) -> Hashed:
    """The hashes of these bundles, each leaf compared with its tile."""
    directory = Path(part.directory)
    above: list[bytes] = []
    rest: tuple[bytes, ...] = ()
    full: list[tuple[int, bytes]] = []
    for tile in part.tiles:
        first = tile.index * TILE_WIDTH
        try:
            data = read_export_file(directory, tile.path)
            stored = read_export_file(directory, TileSpec(level=0, index=tile.index, width=tile.width).path)
            leaves = _leaves_of(data, tile.width)
            if leaves is None or b"".join(leaves) != stored:
                return Hashed(above=(), rest=(), full=(), flaw=_flaw_in(data, stored, tile))
        except ColdcheckError as problem:
            return Hashed(above=(), rest=(), full=(), flaw=FirstBad(entry=None, reason=str(problem)))
        if _IS_TO_READ.search(data):
            entries = decode_bundle(data, width=tile.width)
            full += [(first + n, entry) for n, entry in enumerate(entries) if speaks_of_keys(entry)]
            if (flaw := misformed(entries, first)) is not None:
                return Hashed(above=(), rest=(), full=(), flaw=flaw)
        if tile.width == TILE_WIDTH:
            above.append(root_of(leaves))
        else:
            rest = tuple(leaves)
    return Hashed(above=tuple(above), rest=rest, full=tuple(full), flaw=None)


def _leaves_of(data: bytes, width: int) -> list[bytes] | None:
    """The hashes of a bundle's entries, None unless it is made of exactly so many.

    Each is hashed where it lies: the low byte of its length gives way to the zero that stands before a leaf, so that nothing is
    cut out or joined.
    """
    room = bytearray(data)
    view = memoryview(room)
    leaves: list[bytes] = []
    at = 0
    try:
        for _ in range(width):
            end = at + 2 + (room[at] << 8) + room[at + 1]
            room[at + 1] = 0
            leaves.append(sha256(view[at + 1 : end]).digest())
            at = end
    except IndexError:
        return None
    return leaves if at == len(room) else None


def _flaw_in(data: bytes, stored: bytes, tile: TileSpec) -> FirstBad | None:
    """What is wrong with a bundle whose entries are not exactly those of its tile."""
    entries, cut = _split(data, tile)
    return _changed(tile, [sha256(b"\x00" + entry).digest() for entry in entries], stored) or cut


def misformed(entries: Sequence[bytes], first: int) -> FirstBad | None:
    """The first entry whose erasure, hold, sealed part of the delivery log or floor phone's act is not of its form, or None."""
    for n, data in enumerate(entries):
        if not _HAS_FORM.search(data):
            continue
        try:
            acts_of(read_entry(data).author)
        except ColdcheckError as problem:
            return FirstBad(entry=first + n, reason=str(problem))
    return None


def _split(data: bytes, tile: TileSpec) -> tuple[list[bytes], FirstBad | None]:
    """The entries of a bundle as far as they are whole, and what is wrong behind them, or None."""
    entries: list[bytes] = []
    try:
        entries.extend(bundle_entries(data, width=tile.width))
    except CutShort as problem:
        # `extend` keeps what came before.
        return entries, FirstBad(entry=tile.index * TILE_WIDTH + len(entries), reason=f"{tile.path}: {problem}")
    except BadTile as problem:
        return entries, FirstBad(entry=None, reason=f"{tile.path}: {problem}")
    return entries, None


def _changed(tile: TileSpec, leaves: list[bytes], stored: bytes) -> FirstBad | None:
    """The first entry whose hash is not the stored one; None when those that are here fit."""
    if len(stored) != HASH_BYTES * tile.width:
        path = TileSpec(level=0, index=tile.index, width=tile.width).path
        return FirstBad(entry=None, reason=f"{path}: {len(stored)} bytes are not {tile.width} hashes.")
    differs = (n for n, leaf in enumerate(leaves) if stored[HASH_BYTES * n : HASH_BYTES * (n + 1)] != leaf)
    at = next(differs, None)
    if at is None:
        return None
    index = tile.index * TILE_WIDTH + at
    reason = (
        f"Entry {index} hashes to {leaves[at].hex()}, and another hash is stored for it: the entry or its stored hash was"
        " changed."
    )
    return FirstBad(entry=index, reason=reason)


def root_over(above: list[bytes], rest: tuple[bytes, ...]) -> bytes:
    """The root over full bundles, by their roots, and the leaves of a partial one."""
    last = (root_of(list(rest)),) if rest else ()
    return root_of([*above, *last])


def _compare_tiles(directory: Path, above: list[bytes], size: int) -> None:
    """That every tile above the leaves holds the hashes of what is under it. Raises BadStoredHash."""
    level, hashes = 1, above
    while size >> TILE_HEIGHT * level:
        for tile in level_tiles(level=level, tree_size=size):
            first = tile.index * TILE_WIDTH
            if read_export_file(directory, tile.path) != b"".join(hashes[first : first + tile.width]):
                raise BadStoredHash(f"{tile.path}: it does not hold the hashes of the entries under it.")
        level += 1
        hashes = [
            root_of(hashes[at : at + TILE_WIDTH]) for at in range(0, len(hashes) // TILE_WIDTH * TILE_WIDTH, TILE_WIDTH)
        ]


# --- 2. keys -------------------------------------------------------------------------------------------------------


def key_table(book: Book, full: tuple[tuple[int, bytes], ...], *, size: int) -> tuple[KeyTable, FirstBad | None]:
    """From which entry to which each key counts, and the first flaw among the entries that say so."""
    keys: dict[str, Counted] = {}
    epochs: list[tuple[int, int]] = []
    flaw: FirstBad | None = None
    log = ""
    if not full or full[0][0] != 0:
        flaw = FirstBad(entry=0, reason="Entry 0 does not open a production, so nothing here says whose log this is.")
        full = ()
    for index, data in full:
        try:
            entry = read_entry(data)
            log = log or log_of(str(_vkey_of(book, index, entry)))
            _take(book, index, entry, log)
        except ColdcheckError as problem:
            flaw = FirstBad(entry=index, reason=str(problem))
            break
        _note_keys(book, keys, index, size)
        if not epochs or epochs[-1][1] != book.picture.epoch:
            epochs.append((index, book.picture.epoch))
    indexes = frozenset(index for index, _data in full)
    return KeyTable(log=log, keys=keys, epochs=tuple(epochs), full=indexes), flaw


def _vkey_of(book: Book, index: int, entry: Entry) -> str | None:
    return book.vkey_after(entry) if index == 0 else book.vkey


def _take(book: Book, index: int, entry: Entry, log: str) -> None:
    """Nothing; the book knows what entry `index` says of keys, after its signatures were verified."""
    # Entries between say nothing of keys; the book counts them and knows no more of them.
    picture = book.picture
    gap = index - picture.size
    picture.entry_acts.extend([len(picture.journal)] * gap)
    picture.book.entry_keys.extend([""] * gap)
    picture.size = index
    if index > 0 and len(entry.signatures) > 1:
        raise BadRecord(f"Entry {index} carries {len(entry.signatures)} signatures; only entry 0 may.")
    for line in entry.signatures:
        key = book.key_of(index, line.name, entry)
        verify_author(
            line1=entry.line1, signature_line=line, key_name=line.name, key_class=key.key_class,
            public_bytes=key.public_bytes, relying_party=key.relying_party,
        )  # fmt: skip
    if entry.author["log"] != log:
        raise BadRecord(f"This entry was signed for the log {entry.author['log']}, not for {log}.")
    book.take(index, entry)


def _note_keys(book: Book, keys: dict[str, Counted], index: int, size: int) -> None:
    """Keys that became known or were revoked by entry `index` count from, or until, the one after it."""
    picture = book.picture
    for name in picture.keys.keys() - keys.keys():
        key = book.enrolled(name)
        if key is not None:
            keys[name] = Counted(key, picture.keys[name][2], index + 1, size)
    for name in picture.book.revoked.keys() & keys.keys():
        if keys[name].until > index + 1:
            keys[name] = keys[name]._replace(until=index + 1)


# --- 3. signatures -------------------------------------------------------------------------------------------------


def _signatures(found: Audited, pool: Pool, parts: tuple[Part, ...], end: int) -> FirstBad | None:
    """The first flaw of an entry before `end`; `found` counts the entries that were good."""
    for part, signed in zip(parts, pool.map(verify_part, parts), strict=False):
        first = part.tiles[0].index * TILE_WIDTH
        for number, entry_id in enumerate(signed.ids):
            if entry_id in found.ids:
                reason = f"An entry with the id {entry_id.decode()} stands earlier in this log: an old act entered again, a replay."
                return FirstBad(entry=first + number, reason=reason)
            found.ids.add(entry_id)
            found.entries += 1
        if signed.flaw is not None or found.entries >= end:
            return signed.flaw
    return None


def verify_part(part: Part) -> Signed:
    """Every entry of these bundles verified, but for those that speak of keys: their ids, and the first flaw."""
    assert part.table is not None, "this pass has one"
    walk = Unread(part.table)
    ids: list[bytes] = []
    due: list[Due] = []
    first = part.tiles[0].index * TILE_WIDTH
    flaw: FirstBad | None = None
    try:
        for tile in part.tiles:
            for data in decode_bundle(read_export_file(Path(part.directory), tile.path), width=tile.width):
                if first + len(ids) >= part.end:
                    break
                ids.append(walk.take(first + len(ids), data, due))
    except ColdcheckError as problem:
        flaw = FirstBad(entry=first + len(ids), reason=str(problem))
    # A signature that does not fit stands before whatever else is wrong with a later entry.
    wrong = first_unfit(due)
    if wrong is not None:
        return Signed(ids=tuple(ids[: wrong[0] - first]), flaw=FirstBad(entry=wrong[0], reason=wrong[1]))
    return Signed(ids=tuple(ids), flaw=flaw)


Due = tuple[int, EllipticCurvePublicKey, bytes, bytes]
"""The index of an entry, and the signature that is still to be verified: key, DER, message.

Those of a stretch are verified one after the other, with nothing between: OpenSSL's tables then stay where the processor has them.
"""


def first_unfit(due: list[Due]) -> tuple[int, str] | None:
    """The first entry whose signature does not fit, with the sentence that says so; None when all do."""
    for index, public, der, message in due:
        try:
            public.verify(der, message, _SIGNED)
        except InvalidSignature:
            return (
                index,
                "The signature of its author does not fit line 1 of this entry: it signed something else, or another key did.",
            )
    return None


class _Known(NamedTuple):
    """A key ready to verify with; `party` is None for every class but passkeys."""

    owner: bytes
    since: int
    until: int
    key_id: bytes
    public: EllipticCurvePublicKey
    party: UsualParty | None


class Unread:
    """One process's way through entries that do not speak of keys."""

    def __init__(self, table: KeyTable) -> None:
        self.table = table
        self.full = table.full
        self.log = table.log.encode()
        self.epoch, self.epoch_until = -1, 0
        self.known = {name.encode(): _ready(name, counted) for name, counted in table.keys.items()}

    def take(self, index: int, data: bytes, due: list[Due]) -> bytes:
        """The id of the entry, by a key that counts here; its signature is verified, or put to `due`. Raises a ColdcheckError."""
        look = None if index in self.full else quick_look(data)
        if look is None:
            return self._read(index, read_entry(data))
        line1, _acts, by, entry_id, name, log, epoch, key_id, signature = look
        known = self.known.get(name)
        # Whatever is not quite usual is looked at piece by piece, and only that says what is wrong.
        if known is None:
            return self._read(index, read_entry(data))
        owner, since, until, own_id, public, party = known
        if (
            party is None
            or not since <= index < until
            or owner != by
            or own_id != key_id
            or log != self.log
            or int(epoch) != (self.epoch if index < self.epoch_until else self._epoch_at(index))
        ):
            return self._read(index, read_entry(data))
        signed = usual_assertion(signature, line1, party)
        if signed is None:
            return self._read(index, read_entry(data))
        due.append((index, public, signed[1], signed[0]))
        return entry_id

    def _counting(self, index: int, name: str, by: str) -> EnrolledKey:
        counted = self.table.keys.get(name)
        if counted is None or not counted.since <= index < counted.until:
            raise BadRecord(
                f"The key {name} does not count here: no entry before this one made it known, or one revoked it."
            )
        if counted.owner != by:
            raise BadRecord(f"The key {name} is another person's than {by}'s, who acts: key confusion.")
        return counted.key

    def _epoch_at(self, index: int) -> int:
        """The epoch that entry `index` is of, noted with the entry at which it ends."""
        later = [since for since, _number in self.table.epochs if since > index]
        self.epoch_until = later[0] if later else index + 2**53
        self.epoch = next(number for since, number in reversed(self.table.epochs) if since <= index)
        return self.epoch

    def _read(self, index: int, entry: Entry) -> bytes:
        """As `take`, piece by piece; an entry that speaks of keys was verified before, and only names itself."""
        author = entry.author
        if index in self.table.full:
            return str(author["id"]).encode()
        if len(entry.signatures) != 1:
            raise BadRecord(f"Entry {index} carries {len(entry.signatures)} signatures; only entry 0 may.")
        key = self._counting(index, str(author["key"]), str(author["by"]))
        if author["log"] != self.table.log:
            raise BadRecord(f"This entry was signed for the log {author['log']}, not for {self.table.log}.")
        epoch = entry.receipt["epoch"]
        assert isinstance(epoch, int), "read_entry verified it"
        if epoch != (wanted := self._epoch_at(index)):
            raise BadRecord(
                f"The log is in epoch {wanted}, and this entry is of {epoch}: a writer that was replaced, or a clone."
            )
        if key.key_class is KeyClass.ATTENDED and not _acts_named(entry) <= _ATTENDED:
            raise BadRecord(
                f"The key {author['key']} is a floor phone's; it signs only what it is held out for, and alarms."
            )
        verify_author(
            line1=entry.line1, signature_line=entry.signatures[0], key_name=str(author["key"]), key_class=key.key_class,
            public_bytes=key.public_bytes, relying_party=key.relying_party,
        )  # fmt: skip
        return str(author["id"]).encode()


def _acts_named(entry: Entry) -> set[str]:
    acts = entry.author["acts"]
    assert isinstance(acts, list), "read_entry verified it"
    return {str(act["act"]) for act in acts if isinstance(act, dict)}


def _ready(name: str, counted: Counted) -> _Known:
    key = counted.key
    return _Known(
        owner=counted.owner.encode(),
        since=counted.since,
        until=counted.until,
        key_id=acting_key_id(key_name=name, key_class=key.key_class, public_bytes=key.public_bytes),
        public=read_public(key.public_bytes),
        party=None if key.relying_party is None else UsualParty.of(key.relying_party),
    )


# --- around --------------------------------------------------------------------------------------------------------


def _around(found: Audited) -> None:
    """That the two files which repeat what entries say do so, and that the given key was this log's. Raises BadRecord."""
    book = found.book
    assert found.head is not None, "the caller read it"
    book.verify_given()
    if found.own_vkey != book.vkey:
        raise BadRecord(
            f"{VKEY_PATH}: entry 0 opened this production under another log key, and no later epoch has it."
        )
    if read_export_file(found.directory, KEYS_PATH) != encode_keys(expected_keys(book.picture)):
        raise BadRecord(f"{KEYS_PATH}: it does not list exactly the keys that the entries brought.")


def _report(found: Audited) -> Report:
    said = (
        ()
        if found.vkey is not None
        else (f"The log's key was taken from {VKEY_PATH}: compare it with the printed one.",)
    )
    strangers = strangers_of(found.directory, found.entries) if found.flaw is None else ()
    return Report(
        kind="export",
        ok=found.flaw is None,
        entries=found.entries,
        root=found.root.hex() if found.flaw is None else "",
        checkpoint=None if found.head is None else found.head.text().decode(),
        first_bad=found.flaw,
        vkey=found.book.vkey,
        vkey_from="given" if found.vkey is not None else "its own word",
        openings=None,
        erased=None,
        unverified=(*said, *strangers, ACTS_UNREAD, TAIL),
        remarks=found.book.writers,
    )
