"""Where papers come from and where they go: the record that a command names, and new files beside it.

Promises: a record is read and never changed, also while its hub is at work; no file that is there is written over, for one
wrong name would be the record itself.
"""

from dataclasses import dataclass
from pathlib import Path

from coldcheck.custody.picture import Picture
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.ledger_files import picture_of
from coldcheck.station.live_hub import address_for_anybody
from coldcheck.station.production import read_settings


class WhichRecord(ColdcheckError):
    """The command was given no record, or two. Name a production's folder, or a ledger with --ledger."""


class FileThere(ColdcheckError):
    """A file of this name is there, and papers are never written over it. Name another, or take it away first."""


class CannotWrite(ColdcheckError):
    """The paper could not be written. Name a file in a folder that is there and has room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead:
    """A record as a command reads it: its picture, its log's name, the address at which anybody's phone reads it, DRILL if it is one."""

    path: Path
    picture: Picture
    log: str
    address: str
    mark: str


def record_at(production: Path | None, ledger: Path | None) -> RecordRead:
    """The record of a production's folder or of a ledger file. Raises WhichRecord, BadProduction, NoLedger and the like."""
    if (production is None) == (ledger is None):
        raise WhichRecord("Name a production's folder, or a ledger with --ledger: one of the two.")
    mark = ""
    if production is not None:
        settings = read_settings(production)
        path, address = production / "ledger.coldcheck", address_for_anybody(settings)
        mark = "DRILL" if settings.drill else ""
    else:
        assert ledger is not None, "one of the two is there"
        path, address = ledger, ""
    picture, store = picture_of(path)
    try:
        log = store.meta("log")
    finally:
        store.close()
    return RecordRead(path=path, picture=picture, log=log, address=address or f"http://{log.split('/')[0]}", mark=mark)


def write_new(path: Path, content: bytes) -> None:
    """Nothing; `content` is in the new file `path`. Raises FileThere or CannotWrite."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as problem:
        raise FileThere(f"{path} is already there; name another file, or take it away first.") from problem
    except OSError as problem:
        raise CannotWrite(f"{path} cannot be written ({problem.strerror}); name another file.") from problem
