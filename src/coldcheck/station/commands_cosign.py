"""The commands of cosigning: `cosign` asks a machine elsewhere to remember the log, `seal` prints what a day ends with.

Requests and answers are files, so that a USB stick is enough. Exit 1 when two histories cannot both be the log's.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coldcheck.proof.errors import ColdcheckError

if TYPE_CHECKING:
    from coldcheck.proof.note import LogVerifier
    from coldcheck.station.store_sqlite import SqliteStore

_PATH = click.Path(path_type=Path)


class BadFile(ColdcheckError):
    """A file that was named cannot be read or written. Name one that can be."""


@click.group()
def cosign() -> None:
    """Have machines elsewhere remember this log, and compare what they saw."""


@cosign.command()
@click.argument("folder", type=_PATH)
@click.option("--name", required=True, help="The cosigner's name, such as studio.example/c1.")
@click.option("--vkey", "vkeys", type=_PATH, multiple=True, required=True, help="A log's key, one file a log.")
def init(folder: Path, name: str, vkeys: tuple[Path, ...]) -> None:
    """Make a cosigner with a fresh key in FOLDER, which watches these logs."""
    from coldcheck.station.cosigner import cosigner_key, make_cosigner

    logs = tuple(_read(path).decode("ascii", "replace").strip() for path in vkeys)
    make_cosigner(folder, name=name, seed=os.urandom(32), logs=logs)
    click.echo(cosigner_key(folder).vkey)


@cosign.command()
@click.argument("ledger", type=_PATH)
@click.option("--old", "old_size", type=click.IntRange(min=0), default=0, show_default=True, help="What it has seen.")
@click.option("--to", "target", type=_PATH, required=True, help="The request's file.")
def ask(ledger: Path, old_size: int, target: Path) -> None:
    """Write a request to cosign the newest checkpoint."""
    from coldcheck.station.cosigners import request_for
    from coldcheck.station.store_sqlite import read_ledger

    store = read_ledger(ledger)
    try:
        store.hold_still()
        request = request_for(store, old_size=old_size)
    finally:
        store.close()
    _write(target, request.encoded())
    click.echo(f"Asks for a cosignature that continues {old_size} entries: {target}")


@cosign.command()
@click.argument("folder", type=_PATH)
@click.argument("request", type=_PATH)
@click.option("--to", "target", type=_PATH, help="The answer's file.")
def answer(folder: Path, request: Path, target: Path | None) -> None:
    """Answer a request as the cosigner in FOLDER; exit 1 when it is a fork or cannot be signed."""
    from coldcheck.station.cosigner import add_checkpoint

    said = add_checkpoint(folder, _read(request), at_s=int(time.time()))
    if target is not None and said.status == 200:  # noqa: PLR2004  # HTTP's own number
        _write(target, said.body)
    click.echo(said.body.decode(), nl=False)
    if said.fork is not None:
        click.echo(
            f"A FORK: two histories signed by one log. The evidence is in {folder / 'forks'}; show it.", err=True
        )
    if said.status == 409 and said.fork is None:  # noqa: PLR2004
        click.echo("It has seen that many entries: ask again with --old and this number.", err=True)
    if said.status != 200:  # noqa: PLR2004
        sys.exit(1)


@cosign.command()
@click.argument("ledger", type=_PATH)
@click.argument("reply", type=_PATH)
@click.option("--vkey", "vkey_file", type=_PATH, required=True, help="The cosigner's key.")
@click.option("--size", type=click.IntRange(min=1), help="The size that was asked for; the newest without it.")
def take(ledger: Path, reply: Path, vkey_file: Path, size: int | None) -> None:
    """Keep a cosigner's answer in the ledger, verified."""
    from coldcheck.station.cosigners import instant, take_answer
    from coldcheck.station.store_sqlite import open_ledger

    store = open_ledger(ledger)
    try:
        vkey = _read(vkey_file).decode("ascii", "replace").strip()
        found = take_answer(store, tree_size=size or store.entry_count(), vkey=vkey, body=_read(reply))
    finally:
        store.close()
    click.echo(f"{found.name} cosigned {found.tree_size} entries at {instant(found.at_s)}.")


@cosign.command()
@click.argument("folder", type=_PATH)
@click.option("--hub", "address", required=True, help="The hub's address, such as https://hub.set:8443.")
@click.option("--ca", type=_PATH, help="The authority's certificate (PEM) that vouches for the hub's name.")
def pull(folder: Path, address: str, ca: Path | None) -> None:
    """Fetch a hub's newest checkpoint, cosign it as the cosigner in FOLDER, and hand the line back; exit 1 when it does not join."""
    from coldcheck.station.cosigner_wire import pull as pulled

    found = pulled(folder, address, ca=ca, at_s=int(time.time()))
    click.echo(found.sentence)
    if not found.ok:
        sys.exit(1)


@cosign.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--vkey", "vkey_file", type=_PATH, required=True, help="The key of one more log, or of a log's next epoch."
)
def watch(folder: Path, vkey_file: Path) -> None:
    """Have the cosigner in FOLDER watch one more log, or a log's next epoch."""
    from coldcheck.station.cosigner import watch as watched

    watched(folder, _read(vkey_file).decode("ascii", "replace").strip())


@cosign.command()
@click.argument("folder", type=_PATH)
@click.argument("vkey_file", type=_PATH)
@click.option("--officer", type=_PATH, required=True, help="The officer's key, a file that init made.")
def name(folder: Path, vkey_file: Path, officer: Path) -> None:
    """Have an officer name a cosigner in the production in FOLDER, whose hub is stopped: outsiders then know whose it is."""
    from coldcheck.station.production import name_cosigner

    entry = name_cosigner(folder, officer=officer, vkey=_read(vkey_file).decode("ascii", "replace").strip())
    click.echo(f"Named in entry {entry}. Its lines are taken before strangers', and verify says that it is named.")


@cosign.command()
@click.argument("folder", type=_PATH)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8470, show_default=True, help="Port to listen on.")
def serve(folder: Path, host: str, port: int) -> None:
    """Answer hubs as the cosigner in FOLDER, until it is told to end: new checkpoints, and how long a log was."""
    from coldcheck.station.cosigner_wire import cosigner_server

    try:
        server = cosigner_server(folder, host=host, port=port, now_s=lambda: int(time.time()))
    except OSError as problem:
        raise BadFile(f"{host}:{port} cannot be listened on ({problem.strerror}); choose another port.") from problem
    click.echo(f"http://{host}:{port}/add-checkpoint and /remembered/<hash>. Ctrl-C ends it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


@cosign.command()
@click.argument("first", type=_PATH)
@click.argument("second", type=_PATH)
@click.option("--vkey", "vkey_file", type=_PATH, required=True, help="The log's key, as it was printed.")
@click.option("--ledger", type=_PATH, help="The log itself, where the sizes differ.")
def compare(first: Path, second: Path, vkey_file: Path, ledger: Path | None) -> None:
    """Compare two checkpoints or seals of one log; exit 1 when they cannot both be its history."""
    from coldcheck.proof.note import LogVerifier
    from coldcheck.station.forks import compare_two

    log = LogVerifier.from_vkey(_read(vkey_file).decode("ascii", "replace").strip())
    notes = (_read(first), _read(second))
    if ledger is None:
        said = compare_two(*notes, log=log)
        click.echo(said)
        if "forked" in said:
            sys.exit(1)
        return
    _against(ledger, notes, log)


def _against(ledger: Path, notes: tuple[bytes, ...], log: "LogVerifier") -> None:
    from coldcheck.station.store_sqlite import read_ledger

    store = read_ledger(ledger)
    try:
        store.hold_still()
        forked = [_said_of(store, note, log) for note in notes]
    finally:
        store.close()
    if any(forked):
        sys.exit(1)


def _said_of(store: "SqliteStore", note: bytes, log: "LogVerifier") -> bool:
    from coldcheck.station.forks import OlderCopy, compare

    size = store.entry_count()
    try:
        found = compare(note, log=log, size=size, own=store.checkpoint(size), read_node=store.node)
    except OlderCopy as problem:
        click.echo(str(problem))
        return True
    if found.fork is not None:
        click.echo(f"A FORK: the first {found.seen_size} entries of this ledger are not those that were signed there.")
        return True
    click.echo(f"The checkpoint over {found.seen_size} entries is the beginning of this ledger's {size}.")
    return False


@click.command()
@click.argument("ledger", type=_PATH)
@click.option("--size", type=click.IntRange(min=1), help="How many entries; without it the newest that was cosigned.")
@click.option("--png", "picture", type=_PATH, help="Write the code as a PNG file, to print it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the code.")
def seal(ledger: Path, size: int | None, picture: Path | None, as_json: bool) -> None:
    """Show the day's seal: the signed checkpoint with every cosignature present, as a QR code for paper."""
    import segno

    from coldcheck.station.cosigners import MOST_CODE_BYTES, instant, sealed_at
    from coldcheck.station.store_sqlite import read_ledger

    store = read_ledger(ledger)
    try:
        store.hold_still()
        found = sealed_at(store, size=size)
    finally:
        store.close()
    fits = len(found.note) <= MOST_CODE_BYTES
    code = segno.make_qr(found.note, error="m") if fits else None
    if picture is not None and code is not None:
        try:
            code.save(str(picture), kind="png", scale=6, border=4)
        except OSError as problem:
            raise BadFile(f"{picture} cannot be written ({problem.strerror}); name another file.") from problem
    if as_json:
        click.echo(json.dumps(found.plain() | {"png": str(picture) if picture and code else None}, indent=2))
        return
    if picture is None and code is not None:
        code.terminal(out=sys.stdout, compact=True, border=2)
    click.echo(found.note.decode())
    if code is None:
        click.echo("There are more signatures than a code holds: print the text above, or keep it as a file.")
    for one in found.cosigned:
        click.echo(f"cosigned by {one.name} at {instant(one.at_s)} (its clock)")
    for part in found.delivered:
        click.echo(
            f"delivery log of entries {part.from_entry} to {part.to_entry - 1}: {part.rows} rows, SHA-256 {part.sha256}"
            f" in entry {part.entry_index}, and here as sealed"
        )
    for key, kept in found.kept:
        click.echo(f"kept by {key}: its newest act names {kept} entries of this history")
    click.echo(f"{found.size} entries sealed, {found.after} entered since. Compare the log's key with the printed one.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadFile(f"{path} cannot be read ({problem.strerror}); name a file that can be.") from problem


def _write(path: Path, data: bytes) -> None:
    from coldcheck.station.whole_files import put_file

    try:
        put_file(path, data)
    except OSError as problem:
        raise BadFile(f"{path} cannot be written ({problem.strerror}); name another file.") from problem
