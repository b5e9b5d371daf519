"""The board at any past entry is the board that was shown then, and nobody can take it for today's."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from board_days import set_day
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.state import apply
from coldcheck.station.cli import coldcheck
from coldcheck.station.commands_board import kiosk_command
from coldcheck.station.play import Player, meta_of
from coldcheck.station.scenario import Line, parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from coldcheck.station.web import past
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.pages import BoardView, board_view, in_line
from coldcheck.station.web.past import NoSuchEntry, PastBoards, past_routes


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, BoardView]]:
    """A ledger, and every board as it was pushed after each entry, by the entry's number."""
    path = tmp_path_factory.mktemp("past") / "day.ledger"
    scenario = parse_scenario(set_day(6), path="board day")
    store = create_ledger(path, meta=meta_of(scenario))
    player = Player(scenario, store)
    player.begin()
    views: dict[int, BoardView] = {}
    for step in scenario.steps:
        if isinstance(step, Line):
            player._line(step)
            hub = player.hub
            views[hub.picture.size - 1] = board_view(
                hub.picture, now=hub.picture.now, clock_at=hub.picture.at, production="Copper Creek", root=""
            )
    store.close()
    return path, views


def test_any_past_moment_is_exactly_what_was_shown(shown: tuple[Path, dict[int, BoardView]]) -> None:
    path, views = shown
    boards = PastBoards(path=path)
    for entry in (*list(views)[::3], 40, max(views), 20):
        if entry not in views:
            continue
        then = boards.board(entry)
        assert "PAST" in then.past
        assert replace(then, past="", past_last=0, root="") == views[entry]


def test_later_with_nothing_new_the_calls_have_run_out(shown: tuple[Path, dict[int, BoardView]]) -> None:
    boards = PastBoards(path=shown[0])
    last = max(shown[1])
    assert "empty" in {gun.kind for gun in boards.board(last).guns}
    assert {gun.kind for gun in boards.board(last, after_s=3600).guns} <= {"loaded", "vault"}


def test_an_entry_that_is_not_there_is_a_sentence(shown: tuple[Path, dict[int, BoardView]]) -> None:
    with pytest.raises(NoSuchEntry, match="has entries 0 to"):
        PastBoards(path=shown[0]).board(100_000)


def test_going_back_again_costs_nothing_and_little_is_kept(
    shown: tuple[Path, dict[int, BoardView]], monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[int] = []

    def counted(picture: Picture, step: Step) -> None:
        applied.append(step.entry_index)
        apply(picture, step)

    monkeypatch.setattr(past, "apply", counted)
    boards = PastBoards(path=shown[0])
    for entry in (60, 20, 60, 20, 60):
        boards.board(entry)
    assert len(applied) == 61 + 21
    monkeypatch.setattr(past, "KEPT", 3)
    for entry in range(40, 50):
        assert boards.board(entry).entries == entry + 1
    assert [wanted[0] for wanted in boards._kept] == [47, 48, 49]


def test_what_one_replay_took_is_left_to_the_hub_before_the_next(shown: tuple[Path, dict[int, BoardView]]) -> None:
    clock = iter([100.0, 100.0, 103.0, 104.0, 106.0, 106.5])
    rests: list[float] = []
    boards = PastBoards(path=shown[0], read_s=lambda: next(clock), rest=rests.append)
    boards.board(60)
    boards.board(20)
    # The first took 3 s, until 103 s: at 104 s the second waits for 2 s more. What is kept needs no clock at all.
    assert rests == [0.0, 2.0]
    boards.board(60)


def test_one_is_worked_out_at_a_time_and_too_many_are_told_to_come_back(
    shown: tuple[Path, dict[int, BoardView]],
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def rest(_seconds: float) -> None:
        began.set()
        assert go_on.wait(60)

    boards = PastBoards(path=shown[0], patience_s=0.0, rest=rest)
    with ThreadPoolExecutor(1) as others:
        first = others.submit(boards.board, 30)
        assert began.wait(60)
        client = TestClient(Starlette(routes=list(past_routes(shown[0], boards))))
        busy = client.get("/board/past?at=20")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        assert busy.text.startswith("Others are looking at past boards just now")
        for _ in range(past.MOST_ASKING - 1):
            boards._asking.acquire()
        with pytest.raises(past.Busy):
            boards.board(20)
        for _ in range(past.MOST_ASKING - 1):
            boards._asking.release()
        go_on.set()
        assert first.result(timeout=60).entries == 31
    assert client.get("/board/past?at=20").status_code == 200


def test_after_a_replay_that_broke_off_the_next_begins_anew(
    shown: tuple[Path, dict[int, BoardView]], monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = PastBoards(path=shown[0], rest=lambda _seconds: None)
    right = boards.board(40)
    boards._kept.clear()

    def breaks(picture: Picture, step: Step) -> None:
        apply(picture, step)
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(past, "apply", breaks)
        with pytest.raises(MemoryError):
            boards.board(45)
    assert boards.board(40) == right


def test_the_page_is_marked_has_a_slider_and_hears_nothing(shown: tuple[Path, dict[int, BoardView]]) -> None:
    client = TestClient(Starlette(routes=list(past_routes(shown[0]))))
    page = client.get("/board/past?at=60")
    assert page.status_code == 200
    assert "PAST: entry 60 of" in page.text
    assert 'type="range"' in page.text
    assert "board.js" not in page.text
    assert 'data-beat="never"' in page.text
    for none in ("x", "-1", "1_0", "9" * 5000):
        refused = client.get("/board/past", params={"at": none})
        assert (refused.status_code, len(refused.text) < 60) == (404, True)
    assert client.get("/board/past?at=99999").status_code == 404
    assert client.get("/board/past.json?at=60").json()["entry"] == 60


def test_the_command_says_past_first(shown: tuple[Path, dict[int, BoardView]]) -> None:
    said = CliRunner().invoke(coldcheck, ["board", "-l", str(shown[0]), "--at", str(max(shown[1]))])
    assert said.exit_code == 0
    assert said.output.startswith("PAST: entry")
    assert "MAGPIE" in said.output
    body = json.loads(CliRunner().invoke(coldcheck, ["board", "-l", str(shown[0]), "--json"]).output)
    assert (body["past"], body["entry"]) == (True, max(shown[1]))


def test_the_kiosk_command_is_printed() -> None:
    command = kiosk_command("http://localhost:8000/board")
    assert "--kiosk" in command
    assert command[-1] == "http://localhost:8000/board"


def test_one_odd_gun_among_replicas_stops_the_row(shown: tuple[Path, dict[int, BoardView]]) -> None:
    guns = shown[1][max(shown[1])].guns
    replica, other = (
        next(gun for gun in guns if gun.kind == "replica"),
        next(gun for gun in guns if gun.kind == "empty"),
    )
    row, alike = in_line((replica, replica, other, replica), words_in("en"))
    assert alike == "3 alike: REPLICA"
    assert [bool(gun.odd) for gun in row] == [False, False, True, False]
    assert row[2].odd == "Magpie is not like its neighbours. Stop here and look."
    # Without a majority nothing is odd, and two guns are no row.
    assert in_line((replica, other), words_in("en"))[1] == ""
    assert not any(gun.odd for gun in in_line((replica, other, replica, other), words_in("en"))[0])
