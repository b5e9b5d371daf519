"""A studio's folder: the logs of several productions, byte for byte, and an index over all of them that can be thrown away.

`logs/` has an export of every log that was taken in; `coldcheck verify` reads each. `index.npz` and `stamp.json` are a
cache: the event table, what its numbers stand for, and the entries, roots and digest it was built to. Tables in
PostgreSQL, where they are configured, hold the same (`store_studio`).

Promises: only a record that verifies is taken in; another history of a log that is here is refused; the index built from
the logs alone has the digest of the one that was kept, or `Built.same` is False. It does not merge logs or put one in
order by another: what is to be secured is asked of each record (decision 0035).

    take_in(Path("studio"), Path("north.ledger")); built = build(Path("studio"), write=True)
"""

import io
import json
import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from coldcheck.custody.trace_events import COLUMNS, THING_COLUMNS
from coldcheck.custody.trace_index import EventTable, digest, index_of
from coldcheck.custody.trace_studio import Studio, Texts, studio_of, table_of_studio
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import ForkedLog, Frontier
from coldcheck.proof.tiles import CHECKPOINT_PATH
from coldcheck.station.across import Record
from coldcheck.station.export import export_tiles
from coldcheck.station.record import replay
from coldcheck.station.store import StoreFailed
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.verify import Book, Report, entries_of, verify_log_files, verify_path
from coldcheck.station.whole_files import put_file

LOGS: Final = "logs"
INDEX: Final = "index.npz"
STAMP: Final = "stamp.json"
_OUTSIDE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class NotAStudio(ColdcheckError):
    """The folder holds no log that was taken in. Take one in first: coldcheck studio keep FOLDER LEDGER."""


class NotTakenIn(ColdcheckError):
    """A record does not verify, so nothing of it is taken in. The sentence says what is wrong with it."""


class StaleIndex(ColdcheckError):
    """The index is missing, damaged, or not that of the logs in the folder. Build it anew: coldcheck studio rebuild FOLDER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One log after it was taken in: how many entries it has, and how many of them are new here."""

    log: str
    entries: int
    root: str
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the numbers of an event table stand for: one row a thing, and one row an entry.

    `labels` are what the records call a thing, that of the first log by name; "" where it has none.
    """

    things: tuple[str, ...]
    labels: tuple[str, ...]
    logs: tuple[str, ...]
    entries: tuple[int, ...]

    @classmethod
    def of(cls, texts: Texts) -> "Names":
        """As the tables keep them."""
        return cls(
            things=tuple(name for name, _label in texts.things), labels=tuple(label for _name, label in texts.things),
            logs=tuple(log for log, _entry in texts.entries), entries=tuple(entry for _log, entry in texts.entries),
        )  # fmt: skip

    def texts(self) -> Texts:
        """As the tables are to keep them."""
        return Texts(
            things=tuple(zip(self.things, self.labels, strict=True)),
            entries=tuple(zip(self.logs, self.entries, strict=True)),
        )

    def cite(self, number: int) -> str:
        """An entry as it is cited, `<log>#<index>`."""
        return f"{self.logs[number]}#{self.entries[number]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An index, what it was built to, and whether the one that lay here was the same; None when there was none."""

    table: EventTable
    names: Names
    digest: str
    logs: dict[str, tuple[int, str]]
    same: bool | None


# --- the logs ------------------------------------------------------------------------------------------------------


def take_in(folder: Path, source: Path) -> Taken:
    """What the folder holds of a ledger, an export or a bundle now. Raises NotTakenIn, ForkedLog, StoreFailed and the like."""
    report = verify_path(source, vkey=None)
    if not report.ok:
        assert report.first_bad is not None
        raise NotTakenIn(f"{source} does not verify, so nothing of it is taken in: {report.first_bad.reason}")
    log = _log_of(next(entries_of(source)))
    place = folder / LOGS / _folder_of(log)
    before = _size(place)
    try:
        if source.is_dir():
            _mirror(source, place, log)
        else:
            store = read_ledger(source)
            try:
                store.hold_still()
                if store.entry_count() > before or not before:
                    export_tiles(store, place)
                elif not _continues(source, place):
                    raise _another(source, log)
            finally:
                store.close()
    except OSError as problem:
        raise StoreFailed(f"{place} cannot be written: {problem.strerror}; name a folder that can be.") from problem
    size, root = checkpoint_of(place)
    return Taken(log=log, entries=size, root=root, new=size - before)


def _mirror(source: Path, place: Path, log: str) -> None:
    """Nothing; the files of an export, copied if they go on from what is here. An older copy of the same changes nothing."""
    files = source / "data" / "log" if (source / "bagit.txt").exists() else source
    if not _continues(source, place):
        raise _another(source, log)
    if _size(place) >= checkpoint_of(files)[0]:
        return
    unfinished = place.with_name(place.name + ".writing")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(files, unfinished)
    shutil.rmtree(place, ignore_errors=True)
    unfinished.rename(place)


def _continues(source: Path, place: Path) -> bool:
    """Whether one of the two is the beginning of the other, by their roots at the shorter one's size."""
    if not place.exists():
        return True
    roots = []
    shorter = min(_size(place), sum(1 for _ in entries_of(source)))
    for path in (place, source):
        frontier = Frontier()
        for number, data in enumerate(entries_of(path)):
            if number < shorter:
                frontier.append(data)
        roots.append(frontier.root())
    return roots[0] == roots[1]


def _another(source: Path, log: str) -> ForkedLog:
    return ForkedLog(
        f"{source} holds another history of {log} than the one in this folder. Keep both, and ask its hub."
    )


def _log_of(data: bytes) -> str:
    return str(read_entry(data).author["log"])


def _folder_of(log: str) -> str:
    """A name for a folder; two logs never share one."""
    return f"{_OUTSIDE.sub('-', log)}-{sha256(log.encode()).hexdigest()[:8]}"


def _size(place: Path) -> int:
    return checkpoint_of(place)[0] if (place / CHECKPOINT_PATH).exists() else 0


def checkpoint_of(place: Path) -> tuple[int, str]:
    """Size and root of an export by its checkpoint's own words. Raises StaleIndex for a file that has none."""
    lines = (place / CHECKPOINT_PATH).read_text(encoding="utf-8").splitlines()
    if len(lines) < 3 or not lines[1].isdigit():  # noqa: PLR2004  # origin, size, root
        raise StaleIndex(f"{place / CHECKPOINT_PATH} is no checkpoint; take the record in again.")
    return int(lines[1]), lines[2]


def logs_in(folder: Path) -> tuple[Path, ...]:
    """The export of every log that was taken in, by name. Raises NotAStudio when there is none."""
    places = sorted(path.parent for path in (folder / LOGS).glob(f"*/{CHECKPOINT_PATH}"))
    if not places:
        raise NotAStudio(
            f"{folder} holds no log that was taken in; begin with: coldcheck studio keep {folder} SOME.ledger"
        )
    return tuple(places)


def read_records(folder: Path) -> tuple[Record, ...]:
    """Every log replayed, by its name. What lies here was verified when it came in; `rebuild` verifies it again."""
    records = []
    for place in logs_in(folder):
        entries = tuple(entries_of(place))
        records.append(Record(name=_log_of(entries[0]), picture=replay(entries)))
    return tuple(sorted(records, key=lambda record: record.name))


def verified_records(folder: Path) -> tuple[tuple[Record, ...], dict[str, tuple[int, str]]]:
    """As `read_records`, every signature and hash verified on the way, and size and root of each. Raises NotTakenIn."""
    records, logs = [], {}
    for place in logs_in(folder):
        book = Book(None)
        report: Report = verify_log_files(place, book=book)
        if not report.ok:
            assert report.first_bad is not None
            raise NotTakenIn(f"{place} does not verify any more: {report.first_bad.reason} Take the record in again.")
        log = _log_of(next(entries_of(place)))
        records.append(Record(name=log, picture=book.picture))
        logs[log] = (report.entries, report.root)
    return tuple(sorted(records, key=lambda record: record.name)), dict(sorted(logs.items()))


# --- the index -----------------------------------------------------------------------------------------------------


def build(folder: Path, *, write: bool) -> Built:
    """The index made from nothing but the logs, each verified; it is stored if `write`. Raises as `verified_records`."""
    records, logs = verified_records(folder)
    studio = studio_of({record.name: record.picture for record in records})
    table = table_of_studio(studio)
    names = _names_of(studio, records)
    built = Built(
        table=table, names=names, digest=whole_digest(table, names), logs=logs, same=_was(folder, table, names)
    )
    if write:
        _store(folder, built)
    return built


def whole_digest(table: EventTable, names: Names) -> str:
    """One SHA-256 over the arrays of the index, its event table, and what its numbers stand for."""
    whole = sha256(digest(index_of(table)).encode())
    for column in (*COLUMNS, *THING_COLUMNS, "entry_at_s"):
        whole.update(np.ascontiguousarray(getattr(table, column)).data)
    whole.update(json.dumps([names.things, names.labels, names.logs, names.entries]).encode())
    return whole.hexdigest()


def read_index(folder: Path) -> Built:
    """The stored index, if it is that of the logs as they lie here. Raises StaleIndex, or NotAStudio."""
    places = logs_in(folder)
    found = _stored(folder)
    stamp = _stamp(folder)
    if found is None or stamp is None:
        raise StaleIndex(f"{folder} has no index that reads; build it anew: coldcheck studio rebuild {folder}")
    table, names = found
    said = {log: (int(size), str(root)) for log, (size, root) in stamp["logs"].items()}
    if sorted(size for size, _root in said.values()) != sorted(_size(place) for place in places):
        raise StaleIndex(
            f"The index of {folder} is older than its logs; build it anew: coldcheck studio rebuild {folder}"
        )
    whole = whole_digest(table, names)
    if whole != stamp["digest"]:
        raise StaleIndex(
            f"The index of {folder} is not the one it was stamped as; build it anew: coldcheck studio rebuild {folder}"
        )
    return Built(table=table, names=names, digest=whole, logs=said, same=True)


def _names_of(studio: Studio, records: tuple[Record, ...]) -> Names:
    labels: dict[str, str] = {}
    for record in records:
        picture = record.picture
        for known in (
            picture.guns,
            picture.containers,
            picture.cartridges,
            picture.lots,
            picture.places,
            picture.persons,
        ):
            for thing, what in known.items():
                if what.label:
                    labels.setdefault(thing, what.label)
    return Names(
        things=tuple(studio.names),
        labels=tuple(labels.get(name, "") for name in studio.names),
        logs=tuple(log for log, _entry in studio.cited),
        entries=tuple(entry for _log, entry in studio.cited),
    )


def _was(folder: Path, table: EventTable, names: Names) -> bool | None:
    stamp = _stamp(folder)
    found = _stored(folder)
    if stamp is None and found is None:
        return None
    mine = whole_digest(table, names)
    return stamp is not None and found is not None and stamp["digest"] == mine == whole_digest(*found)


def _store(folder: Path, built: Built) -> None:
    arrays: dict[str, Any] = {name: getattr(built.table, name) for name in (*COLUMNS, *THING_COLUMNS, "entry_at_s")}
    arrays |= {name: np.array(getattr(built.names, name)) for name in ("things", "labels", "logs", "entries")}
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    stamp = {"digest": built.digest, "events": len(built.table.kind), "logs": built.logs}
    try:
        put_file(folder / INDEX, out.getvalue())
        put_file(folder / STAMP, (json.dumps(stamp, indent=1, sort_keys=True) + "\n").encode())
    except OSError as problem:
        raise StoreFailed(f"{folder} cannot be written: {problem.strerror}; name a folder that can be.") from problem


def _stored(folder: Path) -> tuple[EventTable, Names] | None:
    """What the index file holds; None for one that is not there or does not read: it is only a cache."""
    try:
        with np.load(folder / INDEX, allow_pickle=False) as read:
            columns = {name: read[name] for name in (*COLUMNS, *THING_COLUMNS, "entry_at_s")}
            names = Names(
                things=tuple(read["things"].tolist()), labels=tuple(read["labels"].tolist()),
                logs=tuple(read["logs"].tolist()), entries=tuple(read["entries"].tolist()),
            )  # fmt: skip
        table = EventTable(**columns)
        whole_digest(table, names)
    except Exception:  # noqa: BLE001  # whatever a damaged cache makes a reader say, it is no index
        return None
    return table, names


def _stamp(folder: Path) -> dict[str, Any] | None:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    fits = isinstance(stamp, dict) and isinstance(stamp.get("digest"), str) and isinstance(stamp.get("logs"), dict)
    return stamp if fits else None


def number_named(names: Names, asked: str) -> int:
    """The number of the first thing with this id or label, -1 for none."""
    found = (n for n, called in enumerate(zip(names.things, names.labels, strict=True)) if asked and asked in called)
    return next(found, -1)


def name_of(names: Names, number: int) -> str:
    """What a thing is called: its label, or its id."""
    return names.labels[number] or names.things[number]
