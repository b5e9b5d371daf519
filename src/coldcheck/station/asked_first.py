"""A hub asks before it signs: what is known of its log outside the ledger file, and what a start does with the answers.

Beside the ledger, in the production's folder, lie `newest` (the newest checkpoint this hub signed), `seen/` (checkpoints and
seals that somebody showed it) and `cosigners.txt` (addresses to ask, one a line). A ledger that was restored, cloned or
replaced is shorter than one of these, or of another history, and then nothing is signed: it is fed, or an epoch is opened.

Promises: only what a key of this log signed counts. With nothing to compare with, a hub does not start. A checkpoint of
another history is kept as evidence, and work with guns stops with it.

Does not do: find out that a whole machine was rolled back while nobody else remembers anything.
"""

import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import parse_note
from coldcheck.station.cosigners import epochs_of
from coldcheck.station.epochs import verify_writer
from coldcheck.station.forks import Standing, keep_fork, older_copy, standing_of
from coldcheck.station.record import Hub, Moment
from coldcheck.station.whole_files import put_file

NEWEST: Final = "newest"
SEEN: Final = "seen"
COSIGNERS: Final = "cosigners.txt"
MOST_NOTE_BYTES: Final = 100_000
PATIENCE_S: Final = 3.0


class Unasked(ColdcheckError):
    """A hub found nothing that says how long its log was. Show it the newest seal or checkpoint, or open a new epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Notes known outside the ledger, and a sentence on everybody who was asked and did not answer."""

    notes: tuple[bytes, ...]
    silent: tuple[str, ...]


def keep_newest(folder: Path, note: bytes) -> None:
    """Nothing; `note` is what this hub remembers of itself, on the disk. Raises OSError."""
    put_file(folder / NEWEST, note)


def keep_seen(folder: Path, note: bytes) -> None:
    """Nothing; a checkpoint that somebody showed is kept for the next start. Raises OSError."""
    put_file(folder / SEEN / sha256(note).hexdigest(), note)


def kept_notes(folder: Path) -> tuple[bytes, ...]:
    """What lies beside the ledger: the hub's own memory first, then every checkpoint and seal that somebody showed it."""
    files = [folder / NEWEST, *(sorted((folder / SEEN).iterdir()) if (folder / SEEN).is_dir() else ())]
    return tuple(file.read_bytes() for file in files if file.is_file() and not file.name.startswith("."))


def known_notes(folder: Path, *, origins: Iterable[str]) -> Known:
    """Everything known of the log outside its ledger: on this disk, and by the cosigners that answer in time."""
    notes = list(kept_notes(folder))
    silent: list[str] = []
    for address in cosigner_addresses(folder):
        try:
            notes += [note for origin in origins if (note := asked(address, origin)) is not None]
        except OSError as problem:
            silent.append(f"{address} did not answer ({problem}), so what it remembers is not known here.")
    return Known(notes=tuple(notes), silent=tuple(silent))


def cosigner_addresses(folder: Path) -> tuple[str, ...]:
    """The addresses in `cosigners.txt`; none without the file."""
    path = folder / COSIGNERS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else ()
    return tuple(line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#"))


def asked(address: str, origin: str) -> bytes | None:
    """The newest checkpoint of `origin` that the cosigner at `address` remembers, None when it knows none. Raises OSError."""
    if not address.startswith(("http://", "https://")):
        raise OSError("an address begins with http:// or https://")
    place = f"{address}/remembered/{sha256(origin.encode()).hexdigest()}"
    try:
        with urllib.request.urlopen(place, timeout=PATIENCE_S) as reply:  # noqa: S310  # the scheme is verified above
            return bytes(reply.read(MOST_NOTE_BYTES))
    except urllib.error.HTTPError as problem:
        if problem.code == 404:  # noqa: PLR2004  # HTTP's own number
            return None
        raise
    except ValueError as problem:
        raise OSError(str(problem)) from problem


def verify_start(hub: Hub, folder: Path, *, shown: tuple[bytes, ...], now: Moment, salt: bytes) -> tuple[str, ...]:
    """Sentences for whoever starts the hub, after its ledger was held against everything known outside it.

    What was `shown` is kept for later starts. A fork is kept as evidence in the log and stops work. Raises OlderCopy,
    FencedWriter, Unasked, BadSignature and the like: then nothing was signed and nothing may be.
    """
    verify_writer(hub)
    known = known_notes(folder, origins=tuple(epochs_of(hub.store)))
    notes = (*known.notes, *shown)
    if not notes:
        raise Unasked(
            "Nothing here says how long this log was: the ledger may be an older copy. Show the newest seal or checkpoint with"
            " --seen FILE, or open a new epoch with coldcheck epoch."
        )
    standings = tuple((note, standing_of(note, hub.store)) for note in notes)
    for note in shown:
        keep_seen(folder, note)
    # An older copy first: to enter even a fork would be to sign on a history that goes on elsewhere.
    for note, standing in standings:
        if standing is Standing.OLDER:
            raise older_copy(read_checkpoint_text(parse_note(note).text).size, hub.frontier.size)
    said = list(known.silent)
    for note, standing in standings:
        if standing is Standing.FORKED:
            reply = keep_fork(hub, note, now, salt=salt)
            assert reply is not None, "its standing says so"
            said.append(
                f"A FORK: the log's key signed another history. Kept as entry {reply.entry_index}; work is stopped."
            )
    keep_newest(folder, hub.store.checkpoint())
    return tuple(said)
