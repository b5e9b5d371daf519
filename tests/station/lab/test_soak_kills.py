"""Hubs that are killed: the harness finds nothing wrong with ours, and everything wrong with a broken one."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from coldcheck.station.lab import soak_kills as kills
from coldcheck.station.record import Hub, open_hub
from coldcheck.station.store import Row
from coldcheck.station.store_sqlite import SqliteStore


def test_no_kill_loses_or_doubles_what_was_acknowledged() -> None:
    told = kills.soak_kills(kills=4, first_seed=1)
    assert int(told["acknowledged"] or 0) > 4
    assert (told["lost"], told["ledgers_not_verified"], told["doubled"], told["first_bad_seed"]) == (0, 0, 0, None)
    assert told["sent_again"] == 4, "each was sent the act that was on its way"


@pytest.mark.slow
def test_a_hub_that_begins_in_earnest_is_killed_too() -> None:
    told = kills.soak_kills(kills=1, first_seed=100)
    assert (told["lost"], told["ledgers_not_verified"], told["doubled"]) == (0, 0, 0)


def test_a_store_that_acknowledges_before_it_commits_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry is committed with the next one: a kill takes what was acknowledged last."""
    honest = SqliteStore.append

    class Lazy:
        """A connection whose COMMIT waits for the next BEGIN."""

        def __init__(self, connection: object) -> None:
            self.connection = connection

        def __getattr__(self, name: str) -> object:
            return getattr(self.connection, name)

        def execute(self, sql: str, *values: object) -> object:
            run = self.connection.execute  # type: ignore[attr-defined]  # a connection
            if sql == "COMMIT":
                return None
            if sql == "BEGIN IMMEDIATE" and self.connection.in_transaction:  # type: ignore[attr-defined]  # as above
                run("COMMIT")
            return run(sql, *values)

    def append(store: SqliteStore, row: Row) -> None:
        if type(store._connection).__name__ != "Lazy":
            store._connection = Lazy(store._connection)  # type: ignore[assignment]  # stands in for it
        honest(store, row)

    child = kills.child

    def lazy_child(path: Path, begun: kills.Begun | None = None, end: tuple[int, int] | None = None) -> None:
        # In the copy of this process alone.
        monkeypatch.setattr(SqliteStore, "append", append)
        child(path, begun, end)

    monkeypatch.setattr(kills, "child", lazy_child)
    told = kills.soak_kills(kills=16, first_seed=1)
    assert int(told["lost"] or 0) >= 1, told
    assert told["first_bad_seed"] is not None


def test_a_hub_that_forgets_whose_act_it_has_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(*args: Any, **values: Any) -> Hub:
        hub = open_hub(*args, **values)
        hub.known_ids = {}
        return hub

    monkeypatch.setattr(kills, "open_hub", forgetful)
    # About every second kill comes after the commit; where each falls is the machine's to say.
    told = kills.soak_kills(kills=24, first_seed=1)
    assert int(told["doubled"] or 0) >= 1, told


def test_an_acknowledged_act_that_is_not_there_is_seen(tmp_path: Path) -> None:
    begun = kills.begin(tmp_path)
    seed = next(number for number in range(1, 20) if kills.kill_once(tmp_path, seed=number, begun=begun).entries > 3)
    path = tmp_path / f"kill-{seed}.ledger"
    with sqlite3.connect(path) as ledger:
        ledger.execute("DELETE FROM entry WHERE entry_index = (SELECT max(entry_index) FROM entry)")
        count = ledger.execute("SELECT count(*) FROM entry").fetchone()[0]
    ledger.close()
    told = kills._compared(path, kills.Said(acknowledged={count: "0" * 64}), begun.player.hub, seed=seed)
    assert told.lost == (count,)
    assert not told.verified
