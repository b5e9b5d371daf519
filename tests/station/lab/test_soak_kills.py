"""A hub ended with -9 loses nothing it acknowledged; and the comparison can fail."""

import sqlite3
from pathlib import Path

from coldcheck.station.lab.soak_kills import _compared, kill_once


def test_a_killed_hub_keeps_every_acknowledged_act(tmp_path: Path) -> None:
    told = [kill_once(tmp_path, seed=seed) for seed in (1, 2, 3)]
    assert all(not each.lost and each.verified for each in told), told
    assert sum(each.acknowledged for each in told) > 0


def test_an_acknowledged_act_that_is_not_there_is_seen(tmp_path: Path) -> None:
    seed = next(number for number in range(1, 20) if kill_once(tmp_path, seed=number).entries > 3)
    path = tmp_path / f"kill-{seed}.ledger"
    with sqlite3.connect(path) as ledger:
        ledger.execute("DELETE FROM entry WHERE entry_index = (SELECT max(entry_index) FROM entry)")
        count = ledger.execute("SELECT count(*) FROM entry").fetchone()[0]
    ledger.close()
    told = _compared(path, {count: "0" * 64}, seed=seed)
    assert told.lost == (count,)
    assert not told.verified
