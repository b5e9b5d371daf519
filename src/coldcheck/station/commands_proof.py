"""The commands of proof: `verify` a ledger or an export, and `export` a ledger as static files.

Each prints a few sentences, or one JSON object with --json. Exit 0: it did its job. 1: what was verified is not whole.
2: bad use. 3: cannot.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from coldcheck.proof.errors import ColdcheckError

if TYPE_CHECKING:
    from coldcheck.station.judged_again import Difference
    from coldcheck.station.verify import Progress, Report

_LONG: Final = 2_000


class NoVkey(ColdcheckError):
    """The file given with --vkey holds no verifier key. Name the file log.vkey, or one with the printed line."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--vkey", "vkey_file", type=click.Path(path_type=Path), help="The log's key, as it was printed (one line)."
)
@click.option(
    "--seen", type=click.Path(path_type=Path), multiple=True, help="A checkpoint, seal or receipt kept elsewhere."
)
@click.option("--replay", "again", is_flag=True, help="Judge every entry again, and list what differs.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Audit a ledger, export or bundle in so many processes; acts' own fields are not read.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def verify(  # one argument an option
    path: Path, vkey_file: Path | None, seen: tuple[Path, ...], again: bool, jobs: int | None, as_json: bool
) -> None:
    """Verify a ledger file, an exported directory or a bundle, every byte of it; or a receipt by itself, with --vkey."""
    from coldcheck.station.audit import audit_copy
    from coldcheck.station.seen_elsewhere import is_receipt, verify_receipt
    from coldcheck.station.verify import verify_path

    vkey = None if vkey_file is None else _read_vkey(vkey_file)
    notes = tuple(_read_seen(one) for one in seen)
    if is_receipt(path):
        if vkey is None:
            raise NoVkey(f"{path} is a receipt: it holds no key. Name the log's, as it was printed, with --vkey FILE.")
        report, again, notes = verify_receipt(_read_seen(path), vkey=vkey), False, ()
    elif jobs is None:
        report = verify_path(path, vkey=vkey, progress=None if as_json else _progress())
    else:
        report = audit_copy(path, vkey=vkey, jobs=jobs)
    if notes:
        from coldcheck.station.seen_elsewhere import held_against

        report = held_against(report, path, notes)
    differences = _judged_again(path) if again and report.ok else ()
    if as_json:
        more = {"differences": [one.plain() for one in differences]} if again else {}
        click.echo(json.dumps(report.plain() | more, indent=2))
    else:
        _print(report)
        for one in differences:
            click.echo(one.sentence())
        if again and report.ok:
            click.echo(f"Judged again: {report.entries} entries, {len(differences)} differ.")
    if not report.ok or differences:
        sys.exit(1)


def _judged_again(path: Path) -> "tuple[Difference, ...]":
    from coldcheck.station.judged_again import judged_again
    from coldcheck.station.verify import entries_of

    return judged_again(entries_of(path))


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
def backup(ledger: Path, target: Path) -> None:
    """Copy a ledger to one new file while it is written, and verify the copy."""
    from coldcheck.station.backup import make_backup

    report = make_backup(ledger, target)
    click.echo(f"{report.entries} entries in {target}, verified. Root {report.root}")


@click.command()
@click.argument("copy", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Prove that it could be restored, and write nothing.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The new ledger file.")
@click.option("--vkey", "vkey_file", type=click.Path(path_type=Path), help="The log's key, as it was printed.")
@click.option("--seen", type=click.Path(path_type=Path), multiple=True, help="A checkpoint or seal kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def restore(
    copy: Path, check: bool, target: Path | None, vkey_file: Path | None, seen: tuple[Path, ...], as_json: bool
) -> None:
    """Prove a backup, or copy it to where a ledger was; exit 1 when it is not whole or lacks what was signed elsewhere."""
    from coldcheck.station.backup import check_backup
    from coldcheck.station.backup import restore as put_back

    if check == (target is not None):
        raise click.UsageError("Say --check, or name the new file with --to.")
    vkey = None if vkey_file is None else _read_vkey(vkey_file)
    found = check_backup(copy, vkey=vkey, seen=tuple(_read_seen(path) for path in seen))
    if target is not None and found.report.ok:
        put_back(copy, target)
    if as_json:
        click.echo(json.dumps(found.plain(), indent=2))
    else:
        _print(found.report)
        if found.problem:
            click.echo(found.problem)
        if target is not None and found.report.ok:
            click.echo(
                f"Copied to {target}. It is older than what was: ask for newer checkpoints before it signs anything."
            )
    if not found.ok:
        sys.exit(1)


def _read_seen(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise NoVkey(
            f"{path} cannot be read ({problem.strerror}); name a file with a checkpoint or a seal."
        ) from problem


def _read_vkey(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise NoVkey(
            f"{path} cannot be read as a verifier key; name the file log.vkey, or one with the printed line."
        ) from problem
    if len(text.splitlines()) != 1:
        raise NoVkey(f"{path} does not hold one line; name the file log.vkey, or one with the printed line.")
    return text


def _progress() -> "Progress | None":
    """Writes how far it is to a terminal's error stream; None elsewhere, so that nothing else lands in a file."""
    if not sys.stderr.isatty():
        return None

    def said(done: int, total: int) -> None:
        if total >= _LONG:
            click.echo(f"\r{done} of {total} entries" + ("\n" if done == total else ""), err=True, nl=False)

    return said


def _print(report: "Report") -> None:
    whose = "given" if report.vkey_from == "given" else "its own word: compare it with the printed one"
    if report.ok:
        click.echo(f"OK: {report.entries} entries, root {report.root}")
    else:
        bad = report.first_bad
        assert bad is not None, "what is not ok has a reason"
        where = "" if bad.entry is None else f"entry {bad.entry}: "
        click.echo(f"NOT OK: {where}{bad.reason}")
        click.echo(f"{report.entries} entries before it are as they were signed.")
    click.echo(f"Log key ({whose}): {report.vkey or 'not known'}")
    if report.openings is not None:
        click.echo(f"Sealed words: {report.openings} open and fit, {report.erased} erased or never given.")
    for sentence in report.remarks:
        click.echo(sentence if report.kind == "receipt" else f"As signed, and worth asking about: {sentence}")
    for sentence in report.unverified:
        click.echo(f"Not shown by this: {sentence}")


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option(
    "--tiles", "directory", type=click.Path(path_type=Path), help="The folder to write, as stock tools read it."
)
@click.option(
    "--bundle", type=click.Path(path_type=Path), help="The new folder to write, for one receiver, as a BagIt bag."
)
@click.option("--open", "opened", multiple=True, help="With --bundle: a sealed field the receiver may read, or all.")
@click.option("--prove", type=click.IntRange(min=0), multiple=True, help="With --bundle: an entry to prove by a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def export(
    ledger: Path,
    directory: Path | None,
    bundle: Path | None,
    opened: tuple[str, ...],
    prove: tuple[int, ...],
    as_json: bool,
) -> None:
    """Write the log as static files that stock tools read, or as a bundle for one receiver."""
    if (directory is None) == (bundle is None):
        raise click.UsageError("Name a folder with --tiles, or a new one with --bundle.")
    if bundle is not None:
        _bundle(ledger, bundle, opened, prove, as_json)
        return
    assert directory is not None
    from dataclasses import asdict

    from coldcheck.station.export import export_tiles
    from coldcheck.station.store_sqlite import read_ledger

    store = read_ledger(ledger)
    try:
        store.hold_still()
        done = export_tiles(store, directory)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({"tiles": str(directory), **asdict(done)}, indent=2))
        return
    click.echo(
        f"{done.entries} entries in {done.files} files under {directory} ({done.written} written), root {done.root}"
    )
    click.echo(f"Log key, to compare with the printed one: {done.vkey}")


def _bundle(ledger: Path, directory: Path, opened: tuple[str, ...], prove: tuple[int, ...], as_json: bool) -> None:
    from dataclasses import asdict

    from coldcheck.station.bundle import write_bundle
    from coldcheck.station.store_sqlite import read_ledger

    store = read_ledger(ledger)
    try:
        store.hold_still()
        done = write_bundle(store, directory, fields=opened, entries=prove)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({"bundle": str(directory), **asdict(done)}, indent=2))
        return
    click.echo(f"{done.entries} entries in {done.files} files under {directory}, root {done.root}")
    click.echo(
        f"With it: {done.openings} openings, {done.seals} seals, {done.proofs} proofs. Nothing else can be read from it."
    )
    click.echo(f"Log key, to compare with the printed one: {done.vkey}")
