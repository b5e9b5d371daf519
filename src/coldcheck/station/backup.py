"""Backups: one file, made while the hub writes, and proven before anybody needs it.

Promises: a backup has its name only after every byte of it was verified and is on the disk. `check_backup` says whether
a file could be restored, and, given checkpoints that were seen elsewhere, how many entries it lacks.

Does not do: restore over a ledger, or write on: a restored copy is older than what it was copied from, and a hub opens it
by way of `epochs`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coldcheck.proof.audit import BadRecord
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.epochs import newest_head, verify_newest
from coldcheck.station.forks import OlderCopy
from coldcheck.station.store import LedgerExists, StoreFailed
from coldcheck.station.store_sqlite import copy_ledger, read_ledger
from coldcheck.station.verify import Report, verify_ledger
from coldcheck.station.whole_files import UNFINISHED, sync_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A backup put to the test: what verifying it gave, the newest size signed elsewhere (None: nobody said), and why not."""

    report: Report
    seen_size: int | None
    problem: str

    @property
    def ok(self) -> bool:
        """Whether it is whole, and nothing that was signed elsewhere is missing in it."""
        return self.report.ok and not self.problem

    def plain(self) -> dict[str, Plain]:
        """The result as JSON has it."""
        lacks = None if self.seen_size is None else max(0, self.seen_size - self.report.entries)
        return self.report.plain() | {
            "ok": self.ok, "seen_size": self.seen_size, "entries_missing": lacks, "problem": self.problem,
        }  # fmt: skip


def make_backup(ledger: Path, target: Path) -> Report:
    """The report on the backup that is now at `target`, verified whole. Raises LedgerExists, BadRecord, StoreFailed."""
    if target.exists():
        raise LedgerExists(f"{target} is there already; a backup is never written over something. Name a new file.")
    unfinished = target.with_name(target.name + UNFINISHED)
    store = read_ledger(ledger)
    try:
        unfinished.unlink(missing_ok=True)
        copy_ledger(store, unfinished)
        report = verify_ledger(unfinished, vkey=None)
        if not report.ok:
            assert report.first_bad is not None
            raise BadRecord(f"The copy does not verify ({report.first_bad.reason}); examine the ledger itself.")
        unfinished.rename(target)
        sync_folder(target.parent)
    except OSError as problem:
        raise StoreFailed(f"{target} cannot be written ({problem.strerror}); name a file that can be.") from problem
    finally:
        store.close()
        unfinished.unlink(missing_ok=True)
    return report


def check_backup(backup: Path, *, vkey: str | None, seen: Iterable[bytes]) -> Checked:
    """Whether `backup` could be restored: every byte verified, and held against checkpoints seen elsewhere."""
    report = verify_ledger(backup, vkey=vkey)
    notes = tuple(seen)
    if not report.ok:
        return Checked(report=report, seen_size=None, problem="")
    store = read_ledger(backup)
    try:
        newest = newest_head(store, seen=notes)
        verify_newest(store, seen=notes)
    except OlderCopy as problem:
        return Checked(report=report, seen_size=newest.size if newest else None, problem=str(problem))
    except ColdcheckError as problem:
        return Checked(report=report, seen_size=None, problem=str(problem))
    finally:
        store.close()
    return Checked(report=report, seen_size=newest.size if newest else None, problem="")


def restore(backup: Path, target: Path) -> Report:
    """The report on the ledger that is now at `target`, a copy of `backup`: to be read, and fed or opened anew to be written."""
    return make_backup(backup, target)
