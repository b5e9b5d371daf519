"""Who was told of a void: every open screen has a row, answered or not, and the rows lie in the ledger's file."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from board_days import played_day
from coldcheck.station.store import Delivery, StoreFailed
from coldcheck.station.store_sqlite import create_ledger, read_ledger
from coldcheck.station.web.deliveries import AWAY_S, SHOWN_S, Deliveries, alarm_in, keep_deliveries, standing_plain
from coldcheck.station.web.pages import BoardView, board_view
from stores import MemoryStore


@dataclass
class Clock:
    now_s: float = 100.0

    def read(self) -> float:
        return self.now_s


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardView]:
    player, store = played_day(tmp_path_factory.mktemp("day"), count=6)
    picture = player.hub.picture
    yield board_view(picture, now=picture.now, clock_at=picture.at, production="Salt Flats", root="")
    store.close()


def called(view: BoardView, number: int) -> BoardView:
    """The same board, with this gun under a call."""
    guns = [replace(gun, kind="empty") if at == number else gun for at, gun in enumerate(view.guns)]
    return replace(view, guns=tuple(guns))


def void(view: BoardView, number: int) -> BoardView:
    """The next board, on which this gun is treated as loaded."""
    guns = [replace(gun, kind="loaded") if at == number else gun for at, gun in enumerate(view.guns)]
    return replace(view, guns=tuple(guns), entries=view.entries + 1)


def test_an_alarm_is_a_gun_that_turns_or_a_new_stop_and_nothing_else(view: BoardView) -> None:
    before = called(view, 1)
    assert alarm_in(None, before) == ""
    assert alarm_in(before, replace(before, entries=before.entries + 1)) == ""
    assert alarm_in(void(before, 1), before) == ""
    assert alarm_in(before, void(before, 1)) == before.guns[1].name
    assert alarm_in(before, replace(before, stops=(*before.stops, 99))) == "STOP"
    assert alarm_in(replace(before, stops=(99,)), replace(before, stops=(99,))) == ""


def test_every_open_screen_has_a_row_and_only_the_one_that_answers_is_answered(view: BoardView) -> None:
    clock = Clock()
    told = Deliveries(read_s=clock.read)
    with ExitStack() as streams:
        for screen, who in (("wall", ""), ("phone-1", "p1"), ("phone-2", "p2"), ("phone-1", "p1"), ("", "p3")):
            streams.enter_context(told.following(screen, who))
        with told.following("gone", "p4"):
            pass
        before = called(view, 1)
        told.went_out(before, void(before, 1))
        clock.now_s += 0.25
        told.heard("phone-1", before.entries + 1)
        told.heard("wall", before.entries)
        told.heard("unknown", before.entries + 9)
        # What is answered twice counts as it was answered first.
        clock.now_s += 5
        told.heard("phone-1", before.entries + 7)
    rows = {row.screen: row for row in told.take()}
    assert {screen: (row.who, row.after_ms) for screen, row in rows.items()} == {
        "wall": ("", None), "phone-1": ("p1", 250), "phone-2": ("p2", None), "gone": ("p4", None)
    }  # fmt: skip
    assert {(row.entry_index, row.what) for row in rows.values()} == {(before.entries, before.guns[1].name)}
    assert told.take() == ()
    assert standing_plain(told.standing(), {"p1": "armorer", "p2": "camera", "p4": "performer"}.__getitem__) == {
        "entry": before.entries, "what": before.guns[1].name, "told": 3, "shown": 1,
        "not_yet": ["", "camera", "performer"],
    }  # fmt: skip
    clock.now_s += SHOWN_S
    assert told.standing() is None


def test_a_phone_out_of_reach_is_on_the_list_until_it_shows_the_stop(view: BoardView) -> None:
    clock = Clock()
    told, before = Deliveries(read_s=clock.read), called(view, 1)
    with told.following("armorers", "p1"):
        with told.following("performers", "p2"), told.following("wall-2", ""):
            pass
        # The performer's phone has lost the network; a board that was switched off is nobody's.
        told.went_out(before, void(before, 1))
        told.heard("armorers", before.entries + 1)

        def standing() -> object:
            return standing_plain(told.standing(), {"p1": "armorer", "p2": "performer"}.__getitem__)

        out = {"entry": before.entries, "what": before.guns[1].name}
        assert standing() == {**out, "told": 1, "shown": 1, "not_yet": ["performer"]}
        clock.now_s += 30
        with told.following("performers", "p2"):
            assert standing() == {**out, "told": 2, "shown": 1, "not_yet": ["performer"]}
            told.heard("performers", before.entries + 1)
            assert standing() == {**out, "told": 2, "shown": 2, "not_yet": []}
    rows = {row.screen: row for row in told.take()}
    assert rows["performers"].after_ms == 30_000
    assert rows["performers"].told_at
    assert "wall-2" not in rows


def test_who_has_another_phone_open_or_went_home_long_ago_is_on_no_list(view: BoardView) -> None:
    clock = Clock()
    told, before = Deliveries(read_s=clock.read), called(view, 1)
    with told.following("old phone", "p1"), told.following("yesterday", "p3"):
        pass
    clock.now_s += AWAY_S + 1
    with told.following("left", "p2"):
        pass
    with told.following("new phone", "p2"):
        told.went_out(before, void(before, 1))
    assert {row.screen for row in told.take()} == {"new phone"}


class _Full(MemoryStore):
    def put_deliveries(self, rows: tuple[Delivery, ...]) -> None:
        raise StoreFailed(f"No room for {len(rows)}.")


def test_what_the_disk_refuses_is_written_later_and_a_later_answer_wins(view: BoardView, tmp_path: Path) -> None:
    clock = Clock()
    told, before = Deliveries(read_s=clock.read), called(view, 1)
    with told.following("wall", ""):
        told.went_out(before, void(before, 1))
    keep_deliveries(_Full({}), told)
    clock.now_s += 1
    told.heard("wall", before.entries + 1)
    store = create_ledger(tmp_path / "day", meta={})
    keep_deliveries(store, told)
    store.close()
    copy = read_ledger(tmp_path / "day")
    assert [(row.screen, row.after_ms) for row in copy.deliveries()] == [("wall", 1000)]
    copy.close()
