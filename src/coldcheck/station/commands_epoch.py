"""The command `epoch`: a hub that was restored, cloned or replaced is fed from another copy, or begins a new epoch.

Exit 1 when nothing could be done because another history or another writer is known.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from coldcheck.proof.errors import ColdcheckError

if TYPE_CHECKING:
    from coldcheck.station.store_sqlite import SqliteStore

REASONS: Final = ("restored", "cloned", "replaced")
Done: TypeAlias = tuple[dict[str, int | str], tuple[str, ...]]
"""What was done as plain fields, and in sentences."""
_PATH = click.Path(path_type=Path)


class NothingToFeed(ColdcheckError):
    """A copy offered to feed a ledger from is not whole, or holds nothing that this ledger lacks. Bring another copy."""


def read_note(path: Path) -> bytes:
    """The checkpoint or seal in a file. Raises NothingToFeed for a file that cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise NothingToFeed(f"{path} cannot be read ({problem.strerror}); name the file with the seal.") from problem


@click.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--reason", type=click.Choice(REASONS), default="restored", show_default=True, help="Why the hub is another one."
)
@click.option("--seen", type=_PATH, multiple=True, help="A seal or checkpoint of this log, as it was printed or kept.")
@click.option(
    "--feed", "copy", type=_PATH, help="Another copy of the ledger: take the missing entries from it instead."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def epoch(folder: Path, reason: str, seen: tuple[Path, ...], copy: Path | None, as_json: bool) -> None:
    """Open a new epoch of the log in FOLDER, citing both heads: nothing in it is proven. Or feed it, with --feed."""
    notes = tuple(read_note(path) for path in seen)
    body, said = _feed(folder, copy, notes) if copy is not None else _open(folder, reason, notes)
    if as_json:
        click.echo(json.dumps({**body, "said": list(said)}, indent=2))
        return
    for sentence in said:
        click.echo(sentence)


def _open(folder: Path, reason: str, shown: tuple[bytes, ...]) -> Done:
    from coldcheck.station.asked_first import keep_newest, keep_seen, known_notes
    from coldcheck.station.cosigners import epochs_of
    from coldcheck.station.epochs import newest_head, next_epoch_key, open_epoch
    from coldcheck.station.production import BUILD, acting_key_in, new_seed, read_settings
    from coldcheck.station.record import Moment, replay
    from coldcheck.station.store_sqlite import open_ledger

    log = read_settings(folder).log
    store = open_ledger(folder / "ledger.coldcheck")
    try:
        known = known_notes(folder, origins=tuple(epochs_of(store)))
        head = newest_head(store, seen=(*known.notes, *shown))
        for note in shown:
            keep_seen(folder, note)
        picture = replay(store.entries())
        key = next_epoch_key(picture, log=log, seed=new_seed(folder, epoch=picture.epoch + 1))
        own = store.entry_count()
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z"
        hub, reply = open_epoch(
            store, log_key=key, acting_key=acting_key_in(folder), log=log, build=BUILD, seen=head, reason=reason,
            now=Moment(boot=f"boot-{secrets.token_hex(6)}", mono_ms=0, at=at),
        )  # fmt: skip
        keep_newest(folder, store.checkpoint())
    finally:
        store.close()
    lost = max(0, (head.size if head is not None else own) - own)
    said = [
        *known.silent,
        f"Epoch {hub.epoch} of {log} begins with entry {reply.entry_index}: {reason}.",
        f"{lost} entries that were signed elsewhere are given up." if lost else "No longer history was known.",
        "Nothing is proven in it: every gun is treated as loaded until two people have looked into it again.",
        "Print the new anchor and keep it apart: coldcheck genesis; then start the hub.",
    ]
    return {"epoch": hub.epoch, "entry": reply.entry_index, "given_up": lost, "vkey": hub.log_key.vkey}, tuple(said)


def _feed(folder: Path, copy: Path, shown: Iterable[bytes]) -> Done:
    from coldcheck.station.asked_first import keep_newest, known_notes
    from coldcheck.station.cosigners import epochs_of, log_keys
    from coldcheck.station.epochs import feed
    from coldcheck.station.store_sqlite import open_ledger, read_ledger
    from coldcheck.station.verify import verify_ledger

    store = open_ledger(folder / "ledger.coldcheck")
    try:
        epochs = epochs_of(store)
        first = next(iter(epochs.values())).verifier
        report = verify_ledger(copy, vkey=first.vkey)
        if not report.ok:
            reason = report.first_bad.reason if report.first_bad else ""
            raise NothingToFeed(f"{copy} is not a whole copy of this log: {reason} Bring another.")
        source = read_ledger(copy)
        try:
            source.hold_still()
            known = known_notes(folder, origins=tuple(epochs))
            taken = feed(store, source=source, note=_longest(source, (*known.notes, *shown)), keys=log_keys(source))
        finally:
            source.close()
        keep_newest(folder, store.checkpoint())
        size = store.entry_count()
    finally:
        store.close()
    said = f"{taken} entries were taken from {copy}; the ledger has {size} now. Start the hub: it asks again by itself."
    return {"fed": taken, "entries": size}, (said,)


def _longest(source: "SqliteStore", notes: Iterable[bytes]) -> bytes:
    """The copy's own newest checkpoint: every note known must be a beginning of it, which the next start verifies."""
    from coldcheck.station.epochs import verify_newest

    verify_newest(source, seen=notes)
    return source.checkpoint()
