"""The outsider's verifier: does this log say what its checkpoint says, and did the authors sign what it holds?

Promises: `ok` is true only if every entry is well formed, is signed by the key it names, belongs to this log, and the
tree over exactly these bytes has the root the log's key signed. Where stored hashes or checkpoints are given, every one
is compared, and the first entry that differs is named. A changed bit in any file of an export is found.

Does not do: judge acts, or know which keys were enrolled: that is custody's, through `key_of`, `expected_keys` and
`on_entry`. What was not verified is listed in `unverified`, never passed over in silence.

The work is done in two layers: `verify_entry_bytes` for one entry (signatures: where the time goes; it may run in
other processes), and `verify_log` for the whole, which recomputes the tree.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint
from coldcheck.proof.entry import Entry, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import EnrolledKey, KeyClass, verify_author
from coldcheck.proof.merkle import EMPTY_ROOT, Frontier, Node
from coldcheck.proof.note import BadSignature, LogVerifier, parse_note
from coldcheck.proof.tiles import (
    CHECKPOINT_PATH,
    KEYS_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    VKEY_PATH,
    BadTile,
    CutShort,
    ExportedKey,
    TileSpec,
    bundle_entries,
    decode_keys,
    decode_tile,
    level_tiles,
    tile_path,
)

_Read = TypeVar("_Read")

_ORIGIN: Final = re.compile(r"(?P<log>.+)/e(?P<epoch>0|[1-9][0-9]{0,15})")

KeyOf = Callable[[int, str, Entry], EnrolledKey]
"""The public key, class and, for a passkey, domain and origins that `key_name` had at this entry index; raises a ColdcheckError if it had none.

Asked once for every signature line, in log order, with the entry itself (entry 0 brings its own keys).
"""


class BadRecord(ColdcheckError):
    """A log contradicts itself or its checkpoint. Remedy: keep this copy as evidence and ask for another."""


class BadStoredHash(BadRecord):
    """A stored hash over several entries is not theirs, though each of them is. Remedy: as for BadRecord."""


class MissingFile(ColdcheckError):
    """An export lacks a file it must have, or a caller's `read_file` could not read it. Remedy: copy it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstBad:
    """The first thing that is wrong: the entry where one can be named, and a sentence."""

    entry: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What an audit found. `root` (hex) is over the `entry_count` entries that were verified, in order, before any flaw.

    `checkpoint` is the signed text, None if the checkpoint itself did not verify. `unverified` lists, in sentences,
    what nobody gave this audit the means to verify.
    """

    ok: bool
    entry_count: int
    root: str
    checkpoint: str | None
    first_bad: FirstBad | None
    unverified: tuple[str, ...]


def verify_entry_bytes(data: bytes, *, entry_index: int, key_of: KeyOf) -> Entry:
    """The entry, its form and every signature line verified. Raises a ColdcheckError that says what is wrong.

    Only entry 0 may carry several signatures: one act has one signer.
    """
    entry = read_entry(data)
    if entry_index > 0 and len(entry.signatures) > 1:
        raise BadSignature(f"Entry {entry_index} carries {len(entry.signatures)} signatures; only entry 0 may.")
    for line in entry.signatures:
        key = key_of(entry_index, line.name, entry)
        verify_author(
            line1=entry.line1,
            signature_line=line,
            key_name=line.name,
            key_class=key.key_class,
            public_bytes=key.public_bytes,
            relying_party=key.relying_party,
        )
    return entry


def verify_log(
    *,
    entries: Iterable[bytes],
    verifier: LogVerifier,
    checkpoint: bytes,
    key_of: KeyOf | None,
    stored_node: Callable[[int, int], bytes | None] | None = None,
    stored_checkpoint: Callable[[int], bytes | None] | None = None,
    on_entry: Callable[[int, Entry], None] | None = None,
    on_root: Callable[[bytes], None] | None = None,
) -> AuditResult:
    """Whether these entries, in this order, are the log that `checkpoint` states. Reads `entries` once, to the first flaw.

    `key_of` None: authors' signatures are verified elsewhere, and the result says so. `stored_node` (level, index) and
    `stored_checkpoint` (size) give what the holder of the log has stored, None where he has nothing: each is compared,
    which names the first entry that differs. `on_entry` sees every entry after it was verified; a ColdcheckError from it
    is a flaw of that entry. `on_root` hears the root over all entries so far after each.
    """
    unverified = () if key_of else ("The authors' signatures were not verified in this run.",)
    try:
        head = open_checkpoint(checkpoint, verifier)
        walk = _Walk(head=head, key_of=key_of, stored_node=stored_node)
    except ColdcheckError as error:
        return _nothing_verified(f"{CHECKPOINT_PATH}: {error}", unverified)
    first_bad = _first_bad(walk, entries, verifier, stored_checkpoint, on_entry, on_root)
    return AuditResult(
        ok=first_bad is None,
        entry_count=walk.frontier.size,
        root=walk.frontier.root().hex(),
        checkpoint=head.text().decode(),
        first_bad=first_bad,
        unverified=unverified + _foreign_lines(checkpoint, verifier),
    )


def _nothing_verified(reason: str, unverified: tuple[str, ...]) -> AuditResult:
    return AuditResult(
        ok=False,
        entry_count=0,
        root=EMPTY_ROOT.hex(),
        checkpoint=None,
        first_bad=FirstBad(entry=None, reason=reason),
        unverified=unverified,
    )


def _first_bad(
    walk: "_Walk",
    entries: Iterable[bytes],
    verifier: LogVerifier,
    stored_checkpoint: Callable[[int], bytes | None] | None,
    on_entry: Callable[[int, Entry], None] | None,
    on_root: Callable[[bytes], None] | None,
) -> FirstBad | None:
    """The first flaw between the first entry and the checkpoint, or None."""
    index = 0
    try:
        for data in entries:
            entry = walk.step(data)
            stored = stored_checkpoint(index + 1) if stored_checkpoint else None
            if stored is not None:
                _compare_checkpoint(stored, walk.frontier, verifier)
            if on_entry:
                on_entry(index, entry)
            if on_root:
                on_root(walk.frontier.root())
            index += 1
    except CutShort as error:
        return FirstBad(entry=index, reason=str(error))
    except (BadStoredHash, BadTile, MissingFile) as error:
        # The flaw is in a file over many entries; naming one of them would point at an innocent.
        return FirstBad(entry=None, reason=str(error))
    except ColdcheckError as error:
        return FirstBad(entry=index, reason=str(error))
    return walk.end()


class _Walk:
    """One pass over a log: the tree so far, and what must hold from entry to entry."""

    __slots__ = ("_epoch", "_key_of", "_log", "_seen_epoch", "_stored_node", "frontier", "head")

    def __init__(
        self, *, head: Checkpoint, key_of: KeyOf | None, stored_node: Callable[[int, int], bytes | None] | None
    ) -> None:
        named = _ORIGIN.fullmatch(head.origin)
        if not named:
            raise BadRecord(f"The origin {head.origin!r} does not have the form <log>/e<epoch>.")
        self.head = head
        self.frontier = Frontier()
        self._log, self._epoch = named["log"], int(named["epoch"])
        self._seen_epoch = 0
        self._key_of = key_of
        self._stored_node = stored_node

    def step(self, data: bytes) -> Entry:
        """The next entry, verified, the tree one larger. Raises a ColdcheckError and leaves the tree as it was."""
        index = self.frontier.size
        if index >= self.head.size:
            raise BadRecord(f"The checkpoint covers {self.head.size} entries; there are more.")
        # The stored hash first: it finds a change before a signature costs anything.
        grown = self.frontier.copy()
        nodes = grown.append(data)
        self._compare_stored(nodes[0])
        entry = (
            read_entry(data)
            if self._key_of is None
            else verify_entry_bytes(data, entry_index=index, key_of=self._key_of)
        )
        self._verify_place(entry)
        for node in nodes[1:]:
            self._compare_stored(node)
        self.frontier = grown
        return entry

    def _compare_stored(self, node: Node) -> None:
        stored = self._stored_node(node.level, node.index) if self._stored_node else None
        if stored is None or stored == node.hash:
            return
        if node.level == 0:
            raise BadRecord(
                f"Entry {node.index} hashes to {node.hash.hex()}, and {stored.hex()} is stored for it: "
                "the entry or its stored hash was changed."
            )
        # Only every eighth level lies in a tile, but naming the nearest one below still leads to the place.
        path = tile_path(node.level // TILE_HEIGHT, node.index // TILE_WIDTH, TILE_WIDTH)
        raise BadStoredHash(
            f"The hash stored at level {node.level}, index {node.index} (in {path}) is not that of the entries under it."
        )

    def _verify_place(self, entry: Entry) -> None:
        """That the entry was made for this log and for no later epoch: a signature must not count twice."""
        log, epoch = entry.author["log"], entry.receipt["epoch"]
        assert isinstance(epoch, int), "read_entry verified it"
        if log != self._log:
            raise BadRecord(f"This entry was signed for the log {log}, not for {self._log}.")
        if not self._seen_epoch <= epoch <= self._epoch:
            raise BadRecord(f"This entry is of epoch {epoch}, out of order before the checkpoint's {self._epoch}.")
        self._seen_epoch = epoch

    def end(self) -> FirstBad | None:
        """What is wrong once the entries have run out, or None."""
        size, root = self.frontier.size, self.frontier.root()
        if size < self.head.size:
            return FirstBad(entry=size, reason=f"The checkpoint covers {self.head.size} entries; only {size} are here.")
        if root != self.head.root:
            reason = (
                f"The {size} entries have the root {root.hex()}, and {self.head.root.hex()} was signed: at least one "
                "entry was changed, and no stored hash tells which."
            )
            return FirstBad(entry=None, reason=reason)
        return None


def _compare_checkpoint(stored: bytes, frontier: Frontier, verifier: LogVerifier) -> None:
    seen = _named(f"The checkpoint stored for size {frontier.size}", lambda: open_checkpoint(stored, verifier))
    if (seen.size, seen.root) != (frontier.size, frontier.root()):
        raise BadRecord(f"The checkpoint signed for {frontier.size} entries has another root than these entries.")


def _foreign_lines(checkpoint: bytes, verifier: LogVerifier) -> tuple[str, ...]:
    lines = parse_note(checkpoint).signatures
    return tuple(
        f"The checkpoint's line by {line.name} was not verified: no key was given for it."
        for line in lines
        if (line.name, line.key_id) != (verifier.name, verifier.key_id)
    )


# --- an exported directory ---------------------------------------------------------------------------------------


def verify_tiles(
    read_file: Callable[[str], bytes],
    *,
    vkey: str | None,
    key_of: KeyOf | None,
    expected_keys: Callable[[], bytes] | bytes | None,
    on_entry: Callable[[int, Entry], None] | None = None,
    on_root: Callable[[bytes], None] | None = None,
) -> AuditResult:
    """Whether an exported directory is whole and unchanged; `read_file` gives a file's bytes by its path.

    `vkey`: the log's key as the verifier knows it from elsewhere (the printed genesis code); None takes the export's
    word for it, and the result says so. `key_of` None: keys.json is taken for the list of keys. `expected_keys`: what
    keys.json must hold according to the ledger itself, bytes or a function that is asked after the last entry; None
    leaves open whose the keys are and what those are that signed nothing, and the result says so. `read_file` raises MissingFile or an OSError.
    """
    export = _Export(read_file)
    try:
        verifier = export.verifier(vkey)
        checkpoint = export.read(CHECKPOINT_PATH)
        # Where the entries say which keys count, what repeats them is looked at when they are through.
        keys = _KeyList(export.keys() if key_of is None else None)
        size = _named(CHECKPOINT_PATH, lambda: open_checkpoint(checkpoint, verifier)).size
    except ColdcheckError as error:
        return _nothing_verified(str(error), ())
    result = verify_log(
        entries=export.entries(size),
        verifier=verifier,
        checkpoint=checkpoint,
        key_of=keys.watching(key_of),
        stored_node=export.node_reader(size),
        on_entry=on_entry,
        on_root=on_root,
    )
    unverified = result.unverified
    if vkey is None:
        unverified += (f"The log's key was taken from {VKEY_PATH}: compare it with the printed one.",)
    first_bad = result.first_bad or _keys_flaw(export, keys, expected_keys)
    if expected_keys is None:
        unverified += (f"{KEYS_PATH}: whose each key is was not compared with what the entries say.",)
        unverified += tuple(f"{KEYS_PATH}: {name} signed nothing here." for name in keys.unused())
    return replace(result, ok=first_bad is None, first_bad=first_bad, unverified=unverified)


def _keys_flaw(export: "_Export", keys: "_KeyList", expected: Callable[[], bytes] | bytes | None) -> FirstBad | None:
    """What is wrong with keys.json against what the ledger itself says, or None."""
    try:
        keys.compare(export.keys())
        wanted = _named(KEYS_PATH, expected) if callable(expected) else expected
        if wanted is not None and wanted != export.read(KEYS_PATH):
            raise BadTile(f"{KEYS_PATH}: it does not hold the keys that the entries name.")
    except ColdcheckError as error:
        return FirstBad(entry=None, reason=str(error))
    return None


class _KeyList:
    """The keys that signed something, each as it counted; those of keys.json where nothing else says which do."""

    __slots__ = ("_keys", "_seen")

    def __init__(self, keys: dict[str, ExportedKey] | None) -> None:
        self._keys = keys
        self._seen: dict[tuple[str, EnrolledKey, str | None], None] = {}

    def watching(self, key_of: KeyOf | None) -> KeyOf:
        """`key_of`, or the list itself; what it says is kept for `compare`."""

        def counted(entry_index: int, key_name: str, entry: Entry) -> EnrolledKey:
            found = key_of(entry_index, key_name, entry) if key_of is not None else self._listed(key_name)
            # An attended key serves several people, and of entry 0's further lines the entry does not say whose they are.
            others = found.key_class is KeyClass.ATTENDED or key_name != entry.author["key"]
            seen = (key_name, found, None if others else str(entry.author["by"]))
            self._seen[seen] = None
            if self._keys is not None:
                _compare_key(self._keys, *seen)
            return found

        return counted

    def _listed(self, key_name: str) -> EnrolledKey:
        key = self._keys.get(key_name) if self._keys is not None else None
        if key is None:
            raise BadRecord(f"{KEYS_PATH}: the key {key_name} is not in it.")
        return _as_enrolled(key)

    def compare(self, keys: dict[str, ExportedKey]) -> None:
        """Nothing; every key that signed is in `keys` as it counted, for the person who acted. Raises BadRecord."""
        for seen in self._seen:
            _compare_key(keys, *seen)
        self._keys = keys

    def unused(self) -> tuple[str, ...]:
        """The names in keys.json that nothing was signed with, in order."""
        return tuple(sorted((self._keys or {}).keys() - {name for name, _key, _person in self._seen}))


def _as_enrolled(key: ExportedKey) -> EnrolledKey:
    return EnrolledKey(public_bytes=key.public_bytes, key_class=key.key_class, relying_party=key.relying_party)


def _compare_key(keys: dict[str, ExportedKey], key_name: str, found: EnrolledKey, person: str | None) -> None:
    """That keys.json has this key, and beside it the person who acts with it."""
    key = keys.get(key_name)
    if key is None:
        raise BadRecord(f"{KEYS_PATH}: the key {key_name} is not in it.")
    if _as_enrolled(key) != found:
        raise BadRecord(f"{KEYS_PATH}: the key {key_name} is not the one the entries enrolled.")
    if person is not None and key.person not in {None, person}:
        raise BadRecord(f"{KEYS_PATH}: {key_name} is listed for {key.person}, who is not who signed here.")


class _Export:
    """The files of an export, each read strictly and every flaw named by its path."""

    __slots__ = ("_read_file",)

    def __init__(self, read_file: Callable[[str], bytes]) -> None:
        self._read_file = read_file

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises MissingFile."""
        try:
            return self._read_file(path)
        except (OSError, KeyError) as error:
            raise MissingFile(f"{path}: this file of the export cannot be read.") from error

    def verifier(self, vkey: str | None) -> LogVerifier:
        """The log's key in log.vkey, which must be the given one if one is given."""
        data = self.read(VKEY_PATH)
        text = data.decode("latin-1")
        if not text.endswith("\n"):
            raise BadTile(f"{VKEY_PATH}: it must be one line with its newline.")
        verifier = _named(VKEY_PATH, lambda: LogVerifier.from_vkey(text[:-1]))
        if vkey is not None and verifier.vkey != vkey:
            raise BadRecord(f"{VKEY_PATH}: this is not the key that was given for this log.")
        return verifier

    def keys(self) -> dict[str, ExportedKey]:
        """The keys of keys.json by name, each once."""
        data = self.read(KEYS_PATH)
        rows = _named(KEYS_PATH, lambda: decode_keys(data))
        keys = {key.key_name: key for key in rows}
        if len(keys) != len(rows):
            raise BadTile(f"{KEYS_PATH}: one key name stands for two keys.")
        return keys

    def entries(self, tree_size: int) -> Iterator[bytes]:
        """Every entry in order, from the bundles."""
        for tile in level_tiles(level=None, tree_size=tree_size):
            yield from self._bundle(tile)

    def _bundle(self, tile: TileSpec) -> Iterator[bytes]:
        """The entries of a bundle, each before the next is looked for: what is wrong with the first is said first."""
        data = self.read(tile.path)
        try:
            yield from bundle_entries(data, width=tile.width)
        except BadTile as error:
            raise type(error)(f"{tile.path}: {error}") from error

    def node_reader(self, tree_size: int) -> Callable[[int, int], bytes | None]:
        """What the hash tiles store for a node; None between the levels that tiles hold."""
        held: dict[int, tuple[TileSpec, tuple[bytes, ...]]] = {}
        coming: dict[int, Iterator[TileSpec]] = {}

        def stored(level: int, index: int) -> bytes | None:
            tile_level, between = divmod(level, TILE_HEIGHT)
            if between:
                return None
            number, place = divmod(index, TILE_WIDTH)
            if place == 0:
                # Nodes of one level become complete in order, so each tile is read once.
                tiles = coming.setdefault(tile_level, level_tiles(level=tile_level, tree_size=tree_size))
                tile = next(tiles)
                assert tile.index == number, "nodes of one level come in order"
                held[tile_level] = (tile, self._tile(tile))
            return held[tile_level][1][place]

        return stored

    def _tile(self, tile: TileSpec) -> tuple[bytes, ...]:
        data = self.read(tile.path)
        return _named(tile.path, lambda: decode_tile(data, width=tile.width))


def _named(path: str, read: Callable[[], _Read]) -> _Read:
    """What `read` returns; its exception with the path of the file in front."""
    try:
        return read()
    except ColdcheckError as error:
        raise BadTile(f"{path}: {error}") from error
