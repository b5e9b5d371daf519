"""Ledger files by path: one made by playing a scenario, and the picture of one that is there.

Promises: the settings that stand in a ledger (`origin`, `log`, `vkey`) are those of its entry 0, so that a reader knows
whose log it has before it has read one. A scenario that does not read leaves no ledger behind.

Does not do: verify anything (see `verify`), or repair a file.

    picture, store = picture_of(Path("demo.ledger"))
"""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from coldcheck.custody.picture import Picture
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.play import Player, meta_of
from coldcheck.station.record import replay
from coldcheck.station.scenario import BadScenario, Scenario
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, read_ledger

DRILL: Final = "drill-"
"""How the log of a drill begins: by its name nothing signed in it can be taken for a production's."""


def new_ledger(path: Path, scenario: Scenario) -> SqliteStore:
    """An empty ledger at `path` for the log of `scenario`, open for writing. Raises LedgerExists or StoreFailed."""
    return create_ledger(path, meta=meta_of(scenario))


def play_into(path: Path, scenario: Scenario, progress: Callable[[int, int], None] | None = None) -> Player:
    """The player after `scenario` was played into a new ledger at `path`; its store is still open for writing.

    `progress` hears how many steps of how many are done. Raises BadScenario, LedgerExists or StoreFailed.
    """
    store = new_ledger(path, scenario)
    try:
        player = Player(scenario, store)
        player.play(progress)
    except BadScenario:
        # Only scripted acts are in it, and they are in the scenario's file: the corrected file must find its place free.
        store.close()
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        raise
    except BaseException:
        store.close()
        raise
    return player


def said_under_all(picture: Picture, log: str) -> str:
    """What stands under everything drawn or printed from the log of this name: that it is a drill, that its rules are drafts, or ""."""
    draft = picture.rulebook.draft if picture.rulebook is not None else ""
    return ". ".join(said for said in ("DRILL" if log.startswith(DRILL) else "", draft) if said)


class NoEntryThere(ColdcheckError):
    """The ledger has no entry of this number. The sentence says which numbers it has."""


def picture_of(path: Path, *, at_entry: int | None = None, may_be_empty: bool = False) -> tuple[Picture, SqliteStore]:
    """The picture right after an entry (None: the newest), and the store it was read from, open for reading.

    A ledger without any entry has an empty picture, for whoever says that this is an answer too.
    Raises NoLedger and the like, and NoEntryThere.
    """
    store = read_ledger(path)
    try:
        store.hold_still()
        picture = replay(store.entries() if at_entry is None else islice(store.entries(), max(at_entry + 1, 0)))
        if not picture.size and not may_be_empty:
            raise NoLedger(f"{path} holds no entry yet; play a scenario into it, or name another ledger.")  # noqa: TRY301
        if at_entry is not None and picture.size != at_entry + 1:
            raise NoEntryThere(f"{path} has entries 0 to {store.entry_count() - 1}; entry {at_entry} is none of them.")  # noqa: TRY301
    except BaseException:
        store.close()
        raise
    return picture, store
