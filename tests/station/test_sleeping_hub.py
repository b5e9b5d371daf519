"""A hub whose machine slept, or whose clock was set back: nothing that time was to end outlives it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.station import live_hub
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.live_hub import LiveHub, read_awake_and_asleep_s
from coldcheck.station.production import Wanted, begin_production, open_production, read_crew
from coldcheck.station.record import Moment
from coldcheck.station.store import Row, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore

CREW = "label,name,roles,officer\nUPM,Greta Halvorsen,employer,yes\nCOORD,Piet Vanmeer,crew,yes\nARM,Lucan Farrow,armorer,\n"


class Clocks:
    """A running clock and a wall clock that a test moves."""

    def __init__(self) -> None:
        self.running_s = 100.0
        self.wall = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def go(self, *, running_s: float, wall_s: float) -> None:
        self.running_s += running_s
        self.wall += timedelta(seconds=wall_s)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def live(tmp_path: Path, clocks: Clocks) -> LiveHub:
    (tmp_path / "crew.csv").write_text(CREW, encoding="utf-8")
    wanted = Wanted(production="River Bend", hub="hub.set", tls="demo", port=8443, rulebooks=())
    begin_production(tmp_path / "production", wanted, read_crew(tmp_path / "crew.csv"))
    settings, hub = open_production(tmp_path / "production")
    return LiveHub(hub=hub, settings=settings, read_s=lambda: clocks.running_s, read_wall=lambda: clocks.wall)


def test_two_clocks_that_run_together_are_one_boot(live: LiveHub, clocks: Clocks) -> None:
    boot = live.boot
    for _ in range(20):
        clocks.go(running_s=10, wall_s=10.5)
        live.tick()
    assert live.boot == boot


def test_a_wall_clock_that_ran_ahead_over_a_sleep_is_a_new_boot(live: LiveHub, clocks: Clocks) -> None:
    boot = live.boot
    clocks.go(running_s=1, wall_s=7200)
    live.tick()
    assert live.boot != boot
    assert live.at_hub().now.boot == live.boot


def test_a_wall_clock_set_back_ends_nothing(live: LiveHub, clocks: Clocks) -> None:
    boot = live.boot
    clocks.go(running_s=1, wall_s=-7200)
    live.tick()
    assert live.boot == boot


def test_the_clock_of_a_hub_does_not_stand_still() -> None:
    first = read_awake_and_asleep_s()
    assert read_awake_and_asleep_s() >= first


def test_a_receipt_whose_clock_went_back_is_of_another_boot(live: LiveHub) -> None:
    boots = []
    for mono_ms in (5000, 4000, 6000):
        say_as_hub(live.hub, (a.Frozen(cause="shot"),), Moment(boot="b", mono_ms=mono_ms, at="2026-03-02T08:00:00Z"))
        boots.append(live.hub.picture.now.boot)
    assert boots[0] == boots[2] == "b"
    assert boots[1] != "b", "a clock that went back says nothing of how long something has lasted"
    live.hub.store.close()


def test_a_disk_that_takes_nothing_silences_no_board(
    live: LiveHub, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call runs out while the disk is full: the hub cannot say so, and goes on saying everything else."""

    def full(_store: SqliteStore, _row: Row) -> None:
        raise StoreFailed("The disk is full.")

    live.tick()
    monkeypatch.setattr(live_hub, "due_lapses", lambda *_: (a.Lapsed(gun="g000000000001", rule="V07"),))
    monkeypatch.setattr(SqliteStore, "append", full)
    entries, before = live.hub.picture.size, live.push.newest()
    for _ in range(2):
        clocks.go(running_s=1, wall_s=1)
        live.tick()
    after = live.push.newest()
    assert before is not None
    assert after is not None
    assert after.sequence > before.sequence
    assert live.hub.picture.size == entries
    monkeypatch.undo()
    monkeypatch.setattr(live_hub, "due_lapses", lambda *_: (a.Lapsed(gun="g000000000001", rule="V07"),))
    clocks.go(running_s=1, wall_s=1)
    live.tick()
    assert live.hub.picture.size == entries + 1, "what waited is said as soon as it can be kept"
