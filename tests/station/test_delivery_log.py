"""The delivery log in the day's seal: a hash the hub signs, so that a row changed, put in or taken out afterwards is noticed."""

import json
import sqlite3
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from click.testing import CliRunner

from coldcheck.custody import acts as a
from coldcheck.custody.things import Now
from coldcheck.proof.audit import BadRecord
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cli import coldcheck
from coldcheck.station.cosigners import sealed_at
from coldcheck.station.delivery_log import ANSWERS_MS, lines_of, part_due, parts_in, seal_deliveries, sealed_to
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.play import Player
from coldcheck.station.record import Moment
from coldcheck.station.store import Delivery
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import verify_path
from coldcheck.station.web.deliveries import Deliveries, keep_deliveries
from station.ledgers import play_rehearsal
from station.test_bundle import both, relist
from tracked import REPO

WALL = Delivery(entry_index=3, screen="wall", who="", what="Magpie", told_at="2026-03-02T09:00:00Z", after_ms=40)
PHONE = replace(WALL, screen="phone-1", who="p0123456789ab", after_ms=None)


def now_of(moment: Moment) -> Now:
    return Now(boot=moment.boot, mono_ms=moment.mono_ms)


def later(moment: Moment, passed_ms: int) -> Moment:
    return replace(moment, mono_ms=moment.mono_ms + passed_ms)


def sealed_day(path: Path) -> Player:
    """A played morning whose day was closed and whose delivery log, two rows, was sealed."""
    player = play_rehearsal(path)
    moment = player.moment("2026-06-01T08:00:00Z")
    say_as_hub(player.hub, (a.DayOpened(day=1), a.DayClosed(day=1)), moment)
    player.hub.store.put_deliveries((WALL, PHONE))
    over = later(moment, ANSWERS_MS)
    assert seal_deliveries(player.hub, now=now_of(over), moment=over) is not None
    return player


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a sealed delivery log, and a bundle of it beside."""
    folder = tmp_path_factory.mktemp("told")
    player = sealed_day(folder / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    write_bundle(store, folder / "bag", fields=(), entries=())
    store.close()
    return folder


def test_the_hub_seals_a_day_a_minute_after_it_ended_and_only_once(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    hub, moment = player.hub, player.moment("2026-06-01T08:00:00Z")
    say_as_hub(hub, (a.DayOpened(day=1), a.DayClosed(day=1)), moment)
    closed = hub.picture.size - 1
    hub.store.put_deliveries((WALL,))
    early, due = later(moment, ANSWERS_MS - 1), later(moment, ANSWERS_MS)
    assert seal_deliveries(hub, now=now_of(early), moment=early) is None
    assert part_due(hub.picture, Now(boot="another", mono_ms=0)) == (0, closed + 1)
    assert seal_deliveries(hub, now=now_of(due), moment=due) is not None
    assert seal_deliveries(hub, now=now_of(due), moment=due) is None
    (part,) = hub.picture.sealed_deliveries
    assert (part.entry_index, part.from_entry, part.to_entry, part.rows) == (closed + 1, 0, closed + 1, 1)
    assert parts_in(hub.store, size=hub.picture.size) == (part,)
    hub.store.close()


def test_a_hub_started_anew_seals_what_it_told_before_though_nobody_closed_the_day(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    hub, moment = player.hub, player.moment("2026-06-01T08:00:00Z")
    say_as_hub(hub, (a.DayOpened(day=1),), moment)
    size = hub.picture.size
    hub.store.put_deliveries((WALL, replace(PHONE, entry_index=size - 1)))
    much_later = later(moment, 50 * ANSWERS_MS)
    assert seal_deliveries(hub, now=now_of(much_later), moment=much_later) is None
    anew = Moment(boot="next-morning", mono_ms=5, at="2026-06-02T07:00:00Z")
    assert part_due(hub.picture, now_of(anew)) == (0, size)
    assert seal_deliveries(hub, now=now_of(anew), moment=anew) is not None
    (part,) = hub.picture.sealed_deliveries
    assert (part.from_entry, part.to_entry, part.rows) == (0, size, 2)
    assert parts_in(hub.store, size=hub.picture.size) == (part,)
    # Once, and what this run tells its screens is not of it.
    hub.store.put_deliveries((replace(WALL, entry_index=size),))
    assert seal_deliveries(hub, now=now_of(later(anew, ANSWERS_MS)), moment=later(anew, ANSWERS_MS)) is None
    hub.store.close()
    assert verify_path(tmp_path / "day.ledger", vkey=None).ok


def test_a_minute_after_a_freeze_what_was_told_before_it_is_sealed(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    hub, moment = player.hub, player.moment("2026-06-01T08:00:00Z")
    say_as_hub(hub, (a.DayOpened(day=1),), moment)
    hub.store.put_deliveries((WALL,))
    heard = later(moment, 1)
    say_as_hub(hub, (a.Frozen(cause="shot"),), heard)
    frozen = hub.picture.size - 1
    early, due = later(heard, ANSWERS_MS - 1), later(heard, ANSWERS_MS)
    assert seal_deliveries(hub, now=now_of(early), moment=early) is None
    assert seal_deliveries(hub, now=now_of(due), moment=due) is not None
    assert hub.picture.sealed_deliveries[-1].to_entry == frozen + 1
    hub.store.close()


def test_the_lines_are_those_of_the_vectors_in_whatever_order_the_rows_come() -> None:
    for case in json.loads((REPO / "tests/vectors/deliveries.json").read_bytes())["deliveries"]:
        data = bytes.fromhex(case["lines"])
        rows = [Delivery(entry_index=row.pop("entry"), **row) for row in map(json.loads, data.splitlines())]
        assert lines_of(reversed(rows)) == data
        assert (len(rows), sha256(data).hexdigest()) == (case["rows"], case["sha256"])


def test_a_day_on_which_no_screen_was_told_has_no_such_entry(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    moment = player.moment("2026-06-01T08:00:00Z")
    say_as_hub(player.hub, (a.DayOpened(day=1), a.DayClosed(day=1)), moment)
    over = later(moment, ANSWERS_MS)
    assert seal_deliveries(player.hub, now=now_of(over), moment=over) is None
    player.hub.store.close()


def test_what_is_sealed_is_not_written_over_by_a_later_answer(tmp_path: Path) -> None:
    player = sealed_day(tmp_path / "day.ledger")
    store, picture = player.hub.store, player.hub.picture
    late = Deliveries()
    late.put_back((replace(PHONE, after_ms=90_000), replace(WALL, entry_index=sealed_to(picture))))
    before = lines_of(store.deliveries(0, sealed_to(picture)))
    assert keep_deliveries(store, late, sealed_to=sealed_to(picture))
    assert lines_of(store.deliveries(0, sealed_to(picture))) == before
    assert len(tuple(store.deliveries())) == 3
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE delivery SET after_ms = 41 WHERE screen = 'wall'",
        "UPDATE delivery SET after_ms = 9 WHERE screen = 'phone-1'",
        "UPDATE delivery SET what = 'Anvil' WHERE screen = 'wall'",
        "DELETE FROM delivery WHERE screen = 'phone-1'",
        "DELETE FROM delivery",
        "INSERT INTO delivery VALUES (4, 'wall', '', 'Magpie', '2026-03-02T09:00:00Z', 3)",
    ],
)
def test_a_changed_delivery_log_is_noticed_by_verify_and_by_the_seal(made: Path, tmp_path: Path, change: str) -> None:
    copy = tmp_path / "copy.ledger"
    copyfile(made / "day.ledger", copy)
    assert verify_path(copy, vkey=None).ok
    told = CliRunner().invoke(coldcheck, ["seal", str(copy)])
    assert "delivery log of entries 0 to" in told.output
    with sqlite3.connect(copy) as changed:
        changed.execute(change)
    changed.close()
    report = verify_path(copy, vkey=None)
    assert report.first_bad is not None
    assert "delivery log" in report.first_bad.reason
    store = read_ledger(copy)
    with pytest.raises(BadRecord, match="delivery log"):
        sealed_at(store, size=None)
    # A seal from before it was sealed is what it always was.
    assert sealed_at(store, size=3).delivered == ()
    store.close()


def test_both_verifiers_hold_the_delivery_log_of_a_bundle_against_its_entry(made: Path, tmp_path: Path) -> None:
    assert both(made / "bag")[0]
    (path,) = (made / "bag/data/deliveries").iterdir()
    assert path.read_bytes().count(b"\n") == 2
    for number, changed in enumerate((path.read_bytes().replace(b":40", b":41"), path.read_bytes() + b"\n", b"")):
        folder = tmp_path / str(number)
        copytree(made / "bag", folder)
        (folder / "data/deliveries" / path.name).write_bytes(changed)
        relist(folder)
        good, said = both(folder)
        assert not good
        assert said.count("delivery log") == 2
    folder = tmp_path / "elsewhere"
    copytree(made / "bag", folder)
    (folder / "data/deliveries" / path.name).rename(folder / "data/deliveries/1")
    relist(folder)
    assert not both(folder)[0]


def test_only_the_hub_seals_it_and_only_in_order(tmp_path: Path) -> None:
    player = sealed_day(tmp_path / "day.ledger")
    hub, moment = player.hub, player.moment("2026-06-01T09:00:00Z")
    (part,) = hub.picture.sealed_deliveries
    wrong = (
        a.DeliveriesSealed(from_entry=0, to_entry=part.to_entry, rows=0, sha256="0" * 64),
        a.DeliveriesSealed(from_entry=part.to_entry, to_entry=900, rows=0, sha256="0" * 64),
        a.DeliveriesSealed(from_entry=part.to_entry, to_entry=part.to_entry, rows=0, sha256="0" * 64),
    )
    told = a.DeliveriesSealed(from_entry=part.to_entry, to_entry=part.to_entry + 1, rows=0, sha256="0" * 64)
    report = a.Reported(
        row="E1",
        account="one",
        sources=("phone",),
        grade=a.Grade.PRESS,
        when=a.Interval(start="", end=""),
        who="",
        told=told,
    )
    for act in (*wrong, report):
        say_as_hub(hub, (act,), moment)
    assert hub.picture.sealed_deliveries == [part]
    assert parts_in(hub.store, size=hub.picture.size) == (part,)
    assert isinstance(hub.store, SqliteStore)
    write_bundle(hub.store, tmp_path / "bag", fields=(), entries=())
    assert both(tmp_path / "bag")[0]
    hub.store.close()
