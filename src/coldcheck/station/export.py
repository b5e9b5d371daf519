"""Writing a log as static files (C2SP tlog-tiles) that stock tile, note and proof readers read without our code.

Promises: an interrupted export is never taken for a whole one, because the checkpoint is written last; exporting again
completes it, and follows a ledger that grew. A folder that holds anything but an export of this very log is refused,
and so is one whose checkpoint this ledger does not continue.

Does not do: verify the authors' signatures (see `verify`); but it refuses a ledger whose bytes do not have the root that
its newest checkpoint states.

    export_tiles(store, Path("tiles"))
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint
from coldcheck.proof.cosign import with_lines
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import ForkedLog, Frontier, tree_root
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.tiles import (
    CHECKPOINT_PATH,
    KEYS_PATH,
    VKEY_PATH,
    ExportedKey,
    encode_keys,
    export_plan,
    tile_files,
)
from coldcheck.station.cosigners import cosigned
from coldcheck.station.record import acts_of, step_of
from coldcheck.station.store import DiskFull, NoLedger, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import expected_keys, files_in, vkey_in
from coldcheck.station.whole_files import UNFINISHED, put_file, sync_folder


class NotOurFolder(ColdcheckError):
    """The folder holds something else than an export of this log. Name an empty one, or one that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: `files` counts all that the export consists of, `written` those that were new or changed."""

    entries: int
    root: str
    vkey: str
    files: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What goes out: the newest checkpoint, verified against the entries' own hashes, and what the entries say of keys."""

    vkey: str
    vkeys: tuple[str, ...]
    note: bytes
    checkpoint: Checkpoint
    keys: tuple[ExportedKey, ...]


def export_tiles(store: SqliteStore, directory: Path) -> Exported:
    """What was written to `directory`, all of it on the disk.

    Raises NotOurFolder or ForkedLog when the folder is not this log's, BadRecord or NoLedger for a ledger that does not
    hold together, DiskFull or StoreFailed when the folder cannot be written.
    """
    source = _read_source(store)
    try:
        _examine(directory, source, store)
        return _write(directory, source, store)
    except OSError as problem:
        raise _failure(problem, directory) from problem


def _read_source(store: SqliteStore) -> _Source:
    picture, frontier = Picture(), Frontier()
    vkeys: tuple[str, ...] = ()
    for entry_index, data in enumerate(store.entries()):
        frontier.append(data)
        entry = read_entry(data)
        acts = acts_of(entry.author)
        if entry_index == 0:
            vkey_in(acts)
        apply(picture, step_of(entry_index, entry, acts))
        if picture.vkey not in vkeys:
            vkeys = (*vkeys, picture.vkey)
    if not picture.size:
        raise NoLedger("This ledger holds no entry yet, so there is nothing to export; play or record something first.")
    note, vkey = store.checkpoint(), picture.vkey
    checkpoint = open_checkpoint(note, LogVerifier.from_vkey(vkey))
    if (checkpoint.size, checkpoint.root) != (frontier.size, frontier.root()):
        raise BadRecord("The newest checkpoint is not that of the stored entries; coldcheck verify says what is wrong.")
    lines = tuple(one.line for one in cosigned(store, size=frontier.size) if one.tree_size == frontier.size)
    note = with_lines(note, lines)
    return _Source(vkey=vkey, vkeys=vkeys, note=note, checkpoint=checkpoint, keys=expected_keys(picture))


def _examine(directory: Path, source: _Source, store: SqliteStore) -> None:
    """Nothing if `directory` may be written: new, empty, or an earlier export of this log, whole or not."""
    if directory.exists() and not directory.is_dir():
        raise NotOurFolder(f"{directory} is a file; name a folder for the export.")
    if not directory.exists() or not any(directory.iterdir()):
        return
    vkey_file = directory / VKEY_PATH
    vkey = next((one for one in source.vkeys if _holds(vkey_file, f"{one}\n".encode())), None)
    if vkey is None:
        raise NotOurFolder(f"{directory} holds something else than an export of this log; name an empty folder.")
    checkpoint_file = directory / CHECKPOINT_PATH
    if not checkpoint_file.exists():
        return
    try:
        earlier = open_checkpoint(checkpoint_file.read_bytes(), LogVerifier.from_vkey(vkey))
    except ColdcheckError as problem:
        raise NotOurFolder(
            f"{checkpoint_file} is damaged or not this log's ({problem}); name an empty folder."
        ) from problem
    if earlier.size > source.checkpoint.size:
        raise NotOurFolder(
            f"{directory} holds {earlier.size} entries and this ledger only {source.checkpoint.size}: it is an older copy."
        )
    if earlier.root != tree_root(earlier.size, store.node):
        raise ForkedLog(
            f"{directory} holds another history of this log: its {earlier.size} entries are not this ledger's. Keep both."
        )


def _write(directory: Path, source: _Source, store: SqliteStore) -> Exported:
    """The files, in an order that leaves a whole export or none: what is new, then the switch, then what is over."""
    size = source.checkpoint.size
    directory.mkdir(parents=True, exist_ok=True)
    # 1. Whose export this is: an interrupted one is known by it. 2. Tiles: full ones never change, partial ones are new.
    written = _put(directory, VKEY_PATH, f"{source.vkey}\n".encode())
    for path, data in tile_files(size, store.node, store.entry):
        written += _put(directory, path, data)
    # 3. Between an old checkpoint and a new list of keys there is no checkpoint, and so no export.
    keys = encode_keys(source.keys)
    if not _holds(directory / KEYS_PATH, keys) or not _holds(directory / CHECKPOINT_PATH, source.note):
        (directory / CHECKPOINT_PATH).unlink(missing_ok=True)
        sync_folder(directory)
    written += _put(directory, KEYS_PATH, keys)
    written += _put(directory, CHECKPOINT_PATH, source.note)
    # 4. Partial tiles of earlier sizes, and files cut short by an interruption.
    ours = {CHECKPOINT_PATH, VKEY_PATH, KEYS_PATH, *(tile.path for tile in export_plan(size))}
    _take_away(directory, ours)
    return Exported(entries=size, root=source.checkpoint.root.hex(), vkey=source.vkey, files=len(ours), written=written)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _put(directory: Path, path: str, data: bytes) -> int:
    """1 if the file had to be written: whole, on the disk, and only then under its name; 0 if it was there already."""
    file = directory / path
    if _holds(file, data):
        return 0
    put_file(file, data)
    return 1


def _take_away(directory: Path, ours: set[str]) -> None:
    """Removes what an export of another size, or an interrupted one, has left; nothing that is not of our making."""
    for path in tuple(_leftovers(directory)):
        if path in ours:
            continue
        (directory / path).unlink()
        folder = (directory / path).parent
        if folder.name.endswith(".p") and not any(folder.iterdir()):
            folder.rmdir()


def _leftovers(directory: Path) -> Iterator[str]:
    for path in files_in(directory):
        partial = path.startswith("tile/") and path.rpartition("/")[0].endswith(".p")
        if partial or path.endswith(UNFINISHED):
            yield path


def _failure(problem: OSError, directory: Path) -> StoreFailed:
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(f"{directory} could not be written: the disk is full. Make room and export again.")
    return StoreFailed(f"{directory} could not be written ({problem.strerror}); name a folder that can be.")
