import asyncio
import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

import board_days
from board_days import played_day
from coldcheck.custody import acts as a
from coldcheck.custody.picture import acts_of_entry
from coldcheck.custody.rulebook_file import DRAFT
from coldcheck.custody.things import HUB, Now
from coldcheck.custody.views import Card, board_of, card_of
from coldcheck.proof.entry import read_entry
from coldcheck.station import demo_hub
from coldcheck.station.demo_hub import (
    CannotServe,
    DemoHub,
    PortInUse,
    clock_after,
    demo_day_for,
    due_lapses,
    listen,
    read_turn,
    say_line,
)
from coldcheck.station.play import Player
from coldcheck.station.record import replay
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, read_ledger
from coldcheck.station.web.app import board_app
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import board_page
from coldcheck.station.web.pages import (
    SILENT_MS,
    BoardView,
    big_words,
    board_view,
    columns_for,
    positions_on_dial,
    radio_line,
    spoken,
)
from coldcheck.station.web.push import Push
from tracked import REPO

WORDS = words_in("en")
COPPER_CREEK = REPO / "tests" / "scenarios" / "copper_creek_recorded.txt"


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Player, SqliteStore]]:
    player, store = played_day(tmp_path_factory.mktemp("day"), count=14)
    yield player, store
    store.close()


@pytest.fixture(scope="module")
def view(day: tuple[Player, SqliteStore]) -> BoardView:
    return view_of(day[0])


def view_of(player: Player, *, later_ms: int = 0) -> BoardView:
    hub = player.hub
    now = Now(boot=hub.picture.now.boot, mono_ms=hub.picture.now.mono_ms + later_ms)
    return board_view(
        hub.picture, now=now, clock_at=hub.picture.at, production=player.scenario.production, root=hub.root.hex()
    )


def cards_of(player: Player) -> tuple[Card, ...]:
    return board_of(player.hub.picture, now=player.hub.picture.now)


def shown(page: str) -> list[str]:
    """What each card says, cover apart: small line, word and foot as text."""
    faces = re.findall(r'<article class="card said.*?</article>', page, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", face, flags=re.DOTALL).split()) for face in faces]


def texts(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# --- words ---


def test_every_state_has_its_own_words(view: BoardView) -> None:
    said = [f"{gun.above} {gun.word}".strip() for gun in view.guns[:10]]
    assert said == [
        "PROVEN EMPTY",
        "PROVEN 6 DUMMIES",
        "HALF LOAD 5 BLANKS",
        "REPLICA",
        "TREAT AS LOADED",
        "TREAT AS LOADED",
        "LOCKED IN VAULT",
        "PROVEN EMPTY",
        "PROVEN 6 DUMMIES",
        "TREAT AS LOADED",
    ]
    reasons = [view.guns[number].fact for number in (4, 5, 6, 9)]
    assert reasons == [
        "NOT PROVEN: not answered by two",
        "VOID: put down unattended",
        "treat as loaded once out",
        "VOID: time ran out",
    ]


def test_a_proven_card_says_how_by_whom_and_how_long_ago(view: BoardView) -> None:
    page = shown(board_page(view, theme="dark", age_ms=0))
    assert page[0].startswith(
        "MAGPIE Colt-1 PROVEN EMPTY 6 of 6 and bore answers not shown armorer, first AD checked under 1 min ago ends 14:12"
    )
    assert re.search(r"checked 13:57 heard 13:57 :00 # ?\d+ hub 0 s", page[0])
    assert "Look for yourself." in page[0]
    assert "2 of 2 and bores" in page[7]
    assert "same device" in page[11]
    assert "checked 13:57" in page[5]
    assert "no check yet" in page[4]


def test_the_page_names_roles_and_no_person(view: BoardView) -> None:
    push = Push()
    for text in (board_page(view, theme="dark", age_ms=0), push.publish(view).event.decode()):
        assert "armorer" in text
        for name in board_days.NAMES:
            assert name not in text
            assert name.split()[1] not in text


def test_the_board_says_that_its_rules_are_a_draft_while_nobody_has_reviewed_them(view: BoardView) -> None:
    said = WORDS.say("common.draft")
    assert said.lower().startswith(DRAFT)
    assert said in texts(board_page(view, theme="dark", age_ms=0))
    assert said in Push().publish(view).event.decode()
    assert said not in texts(board_page(replace(view, draft=""), theme="dark", age_ms=0))


@pytest.mark.parametrize("word", ["safe", "coldcheck", "violation", "error"])
def test_the_page_never_says(view: BoardView, word: str) -> None:
    assert word not in board_page(view, theme="dark", age_ms=0).lower()
    assert word not in Push().publish(view).event.decode().lower()


def test_no_big_word_and_no_radio_line_is_colder_than_its_card(day: tuple[Player, SqliteStore]) -> None:
    for card in cards_of(day[0]):
        big = big_words(card, WORDS)[1]
        line = radio_line(card, day[0].hub.picture.guns[card.gun], WORDS)
        for text in (big, line):
            assert not re.search(r"\bnot\b|\bun-?|\bcold\b", text, re.IGNORECASE), text
        if card.kind in {"loaded", "vault"}:
            assert line.endswith(": STOP, treat as loaded.")
            assert big in {"LOADED", "IN VAULT"}


def test_radio_lines_are_said_as_the_glossary_has_them(view: BoardView) -> None:
    assert [view.guns[number].radio for number in (0, 1, 2, 3, 5, 7)] == [
        "Gun Magpie: empty, six of six and bore.",
        "Gun Anvil: six dummies, six of six shown.",
        "Gun Lantern: hot, five blanks.",
        "Gun Domino: replica.",
        "Gun Cobalt: STOP, treat as loaded.",
        "Gun Oxbow: empty, two of two and bores.",
    ]
    assert [spoken(number, WORDS) for number in (0, 1, 12, 13)] == ["zero", "one", "twelve", "13"]


def test_a_call_one_second_over_is_treat_as_loaded_without_any_entry(day: tuple[Player, SqliteStore]) -> None:
    player = day[0]
    (magpie,) = [card for card in cards_of(player) if card.label == "Colt-1"]
    assert magpie.ends_in_ms is not None
    just, over = (view_of(player, later_ms=magpie.ends_in_ms + by).guns[0] for by in (-1, 0))
    assert (just.kind, just.left_ms) == ("empty", 1)
    assert (over.kind, over.word, over.fact, over.ends) == ("loaded", "LOADED", "VOID: time ran out", "")


def test_open_stops_and_concerns_stand_in_the_head(tmp_path: Path) -> None:
    after = (
        '13:58 AD1 raises concern hours: "too long a day"\n'
        "13:59 LEAD asks to see Colt-2\n"
        '13:59 AD1 stops, look: "wait for me"\n'
    )
    player, store = played_day(tmp_path, count=3, after=after)
    view = view_of(player)
    store.close()
    assert view.flags == (
        "STOP open since 13:59",
        "1 concern open since 13:58",
        "an answer to it is due by 2026-03-03 (employer)",
        "performer asked to see Anvil",
    )
    assert {gun.word for gun in view.guns} == {"LOADED"}
    assert all(gun.who.endswith("is lifted by three") for gun in view.guns)


def test_after_an_unexpected_shot_the_head_says_at_once_what_to_treat_as_live(tmp_path: Path) -> None:
    player, store = played_day(tmp_path, count=3)
    assert view_of(player).secure == ""
    (lantern,) = [card for card in cards_of(player) if card.kind == "blanks"]
    shot = a.Discharged(gun=lantern.gun, planned=False, shots=1, hit=())
    player.say("ARM", (shot,), player.moment("2026-03-02T14:30:00Z"))
    view = view_of(player)
    page = board_page(view, theme="dim", age_ms=0)
    store.close()
    assert view.secure == "Treat as live, secure now: LANTERN, Tray-3, 5 rounds."
    assert f'role="alert">{view.secure}</b>' in page


# --- form ---


def test_an_emblem_has_as_many_positions_as_the_gun(view: BoardView, day: tuple[Player, SqliteStore]) -> None:
    for gun in view.guns:
        if gun.dial.form == "cylinder":
            assert len(gun.dial.marks) == day[0].hub.picture.guns[gun.gun].chambers
    assert [mark.shape for mark in view.guns[2].dial.marks] == ["blank"] * 5 + ["empty"]
    assert [gun.dial.sign for gun in view.guns if gun.kind == "loaded"] == ["asked", "void", "void"]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 8, 10, 11, 15])
def test_marks_on_a_dial_never_touch(count: int) -> None:
    places = positions_on_dial(count)
    assert len(places) == count
    for number, (x, y, scale) in enumerate(places):
        assert math.hypot(x - 60, y - 60) + 13 * scale < 53
        for other_x, other_y, _ in places[:number]:
            assert math.hypot(x - other_x, y - other_y) > 26 * scale


def test_columns_fit_the_guns() -> None:
    assert [columns_for(count) for count in (0, 1, 2, 4, 12, 14, 40)] == [1, 1, 2, 2, 4, 5, 8]
    assert all(columns_for(count) * math.ceil(count / columns_for(count)) >= count for count in range(1, 60))


@pytest.mark.slow
def test_forty_guns_keep_their_places(tmp_path: Path) -> None:
    player, store = played_day(tmp_path, count=40)
    names = re.findall(r'<article class="card said[^>]*>\s*<h2 class="name">(\w+)', board_page(view_of(player), theme="dark", age_ms=0))  # fmt: skip
    store.close()
    assert names == [word.upper() for word in board_days.WORDS]


def test_every_card_carries_its_own_cover(view: BoardView) -> None:
    page = board_page(view, theme="dark", age_ms=0)
    covers = re.findall(r'<article class="card cover loaded.*?</article>', page, re.DOTALL)
    assert len(covers) == len(view.guns)
    assert all("TREAT AS" in cover and "LOADED" in cover and "RECORD SILENT" in cover for cover in covers)
    assert 'data-turned="silent"' not in page


def test_a_page_made_from_an_old_view_is_covered_from_the_first_paint(view: BoardView) -> None:
    assert board_page(view, theme="dark", age_ms=SILENT_MS).count('data-turned="silent"') == 1 + len(view.guns)
    assert 'data-turned="silent"' not in board_page(view, theme="dark", age_ms=SILENT_MS - 1)


def test_the_last_five_seconds_of_a_call_are_in_the_style_sheet_too(day: tuple[Player, SqliteStore]) -> None:
    (magpie,) = [card for card in cards_of(day[0]) if card.label == "Colt-1"]
    assert magpie.ends_in_ms is not None
    page = board_page(view_of(day[0], later_ms=magpie.ends_in_ms - 3400), theme="dark", age_ms=0)
    assert 'data-left-s="3"' in page.split("</li>")[0]


# --- routes ---


def client_of(push: Push) -> TestClient:
    return TestClient(board_app(push), follow_redirects=False)


def test_the_root_leads_to_the_board(view: BoardView) -> None:
    push = Push()
    push.publish(view)
    client = client_of(push)
    assert (client.get("/").status_code, client.get("/").headers["location"]) == (307, "/board")
    page = client.get("/board")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "TREAT AS" in page.text
    for name in ("look.css", "board.js"):
        assert client.get(f"/static/{name}").status_code == 200
        assert f"/static/{name}" in page.text


@pytest.mark.parametrize(("asked", "got"), [("", "dark"), ("?theme=dim", "dim"), ("?theme=light", "light"), ("?theme=<x>", "dark")])  # fmt: skip
def test_a_theme_is_one_of_three(view: BoardView, asked: str, got: str) -> None:
    push = Push()
    push.publish(view)
    assert f'<html lang="en" data-theme="{got}">' in client_of(push).get(f"/board{asked}").text


def test_before_the_first_word_nothing_is_shown_as_proven() -> None:
    client = client_of(Push())
    assert client.get("/board").status_code == 503
    assert "Treat every gun as loaded" in client.get("/board").text
    assert client.get("/healthz").json()["ok"] is False


def test_healthz_says_when_the_hub_was_heard(view: BoardView) -> None:
    push = Push()
    pushed = push.publish(view)
    client = client_of(push)
    well = client.get("/healthz")
    assert (well.status_code, well.json()["ok"], well.json()["entries"]) == (200, True, view.entries)
    push._newest = replace(pushed, pushed_s=pushed.pushed_s - SILENT_MS / 1000)
    ill = client.get("/healthz")
    assert (ill.status_code, ill.json()["ok"]) == (503, False)
    assert 'data-turned="silent"' in client.get("/board").text


# --- events ---


def body_of(event: bytes) -> dict[str, Any]:
    lines = event.decode().split("\n")
    assert lines[0].startswith("id: ")
    assert lines[1] == "event: board"
    assert lines[2].startswith("data: ")
    assert lines[3:] == ["", ""]
    body = json.loads(lines[2].removeprefix("data: "))
    assert isinstance(body, dict)
    return body


def test_an_event_carries_the_whole_board(view: BoardView) -> None:
    body = body_of(Push().publish(view).event)
    assert body["clock"] == "13:57:00"
    assert (body["entries"], body["root"], body["mono_ms"], body["boot"]) == (
        view.entries,
        view.root,
        view.mono_ms,
        view.boot,
    )
    page = board_page(view, theme="dark", age_ms=0)
    assert [gun for gun, _ in body["guns"]] == [gun.gun for gun in view.guns]
    for _, fragment in body["guns"]:
        assert fragment in page
    assert body["head"] in page
    assert body["foot"] in page


def test_sequences_rise_strictly(view: BoardView) -> None:
    push = Push()
    sequences = [body_of(push.publish(view).event)["sequence"] for _ in range(4)]
    assert sequences == [1, 2, 3, 4]
    assert Push().run != push.run


def test_a_slow_reader_gets_the_newest_and_a_new_one_nothing_old(view: BoardView) -> None:
    async def read() -> list[int]:
        push = Push()
        push.publish(view)
        stream = push.follow()
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        assert not first.done()
        push.publish(view)
        got = [body_of(await first)["sequence"]]
        for _ in range(3):
            push.publish(view)
        got.append(body_of(await anext(stream))["sequence"])
        push.publish(view)
        push.close()
        got += [body_of(event)["sequence"] async for event in stream]
        return got

    assert asyncio.run(read()) == [2, 5, 6]


def test_who_has_the_moment_before_is_sent_only_what_changed(view: BoardView) -> None:
    async def read() -> list[dict[str, Any]]:
        push = Push()
        stream = push.follow()
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        push.publish(view)
        got = [body_of(await first)]
        push.publish(replace(view, clock="13:57:01"))
        got.append(body_of(await anext(stream)))
        push.publish(replace(view, guns=(replace(view.guns[0], word="OTHER"), *view.guns[1:])))
        got.append(body_of(await anext(stream)))
        push.publish(view)
        push.publish(view)
        got.append(body_of(await anext(stream)))
        return got

    whole, beat, one, missed = asyncio.run(read())
    assert len(whole["guns"]) == len(view.guns)
    assert ("guns" in beat, beat["changed"], beat["after"], "head" in beat) == (False, [], 1, False)
    assert [gun for gun, _ in one["changed"]] == [view.guns[0].gun]
    # The slow one missed a moment: it gets the whole board, never half of one.
    assert (len(missed["guns"]), "changed" in missed) == (len(view.guns), False)


def test_one_guns_page_hears_of_that_gun_alone(view: BoardView) -> None:
    gun = view.guns[2].gun
    body = body_of(Push().publish(view).event_for("en", gun))
    assert ([name for name, _ in body["guns"]], "hot" in body["facts"] or "ends" in body["facts"].lower()) == (
        [gun],
        True,
    )


def write_once(push: Push, view: BoardView) -> None:
    push.publish(view)
    push.close()


def test_what_another_thread_publishes_wakes_every_reader(view: BoardView) -> None:
    async def read() -> list[int]:
        push = Push()

        async def one() -> int:
            return len([event async for event in push.follow()])

        readers = [asyncio.ensure_future(one()) for _ in range(5)]
        await asyncio.sleep(0)
        writer = threading.Thread(target=write_once, args=(push, view))
        writer.start()
        counts = await asyncio.gather(*readers)
        writer.join()
        assert push._waiting == {}
        return counts

    assert asyncio.run(read()) == [1] * 5


# --- the hub that goes on ---


def test_time_goes_on_from_the_last_receipt_under_the_same_boot(day: tuple[Player, SqliteStore]) -> None:
    picture, seconds = day[0].hub.picture, Seconds()
    seconds.passed = 1000.0
    clock = clock_after(day[0], read_s=seconds)
    assert clock.now() == picture.now
    seconds.passed = 1061.5
    moment = clock.moment()
    assert (moment.boot, moment.mono_ms) == (picture.now.boot, picture.now.mono_ms + 61_500)
    assert moment.at == "2026-03-02T13:58:01Z"


def test_the_hub_notes_each_lapse_once_with_its_own_key(tmp_path: Path) -> None:
    player, store = played_day(tmp_path, count=3)
    seconds = Seconds()
    push = Push()
    hub = DemoHub(player=player, clock=clock_after(player, read_s=seconds), push=push, text=None)
    before = player.hub.picture.size
    picture = player.hub.picture
    ends = {card.label: card.ends_in_ms or 0 for card in cards_of(player)}
    assert ends == {"Colt-1": 900_000, "Colt-2": 600_000, "Colt-3": 600_000}
    seconds.passed = 599.9
    hub.tick()
    assert picture.size == before
    for _ in range(3):
        seconds.passed += 0.2
        hub.tick()
    assert picture.size == before + 2
    noted = [acts_of_entry(picture, number)[0].act for number in range(before, before + 2)]
    assert noted == [a.Lapsed(gun=picture.labels[gun], rule="V07") for gun in ("Colt-2", "Colt-3")]
    key = str(read_entry(store.entry(before)).author["key"])
    assert picture.keys[key][1] == "hub"
    assert key == player.keys[HUB][0]
    newest = push.newest()
    assert newest is not None
    assert [gun.word for gun in newest.view.guns] == ["EMPTY", "LOADED", "LOADED"]
    store.close()


def test_a_lapse_that_was_never_noted_changes_no_card(tmp_path: Path) -> None:
    (tmp_path / "noted").mkdir()
    (tmp_path / "silent").mkdir()
    said = []
    for folder in ("noted", "silent"):
        player, store = played_day(tmp_path / folder, count=3)
        seconds = Seconds()
        clock = clock_after(player, read_s=seconds)
        seconds.passed = 900.0
        lapses = due_lapses(player.hub.picture, clock.now())
        assert [lapse.rule for lapse in lapses] == ["V07"] * 3
        if folder == "noted":
            DemoHub(player=player, clock=clock, push=Push(), text=None).tick()
            assert due_lapses(player.hub.picture, clock.now()) == ()
        cards = board_of(player.hub.picture, now=clock.now())
        said.append([(card.words, card.kind, [reason.code for reason in card.reasons]) for card in cards])
        store.close()
    assert said[0] == said[1] == [("TREAT AS LOADED", "loaded", ["V07"])] * 3


def test_a_heartbeat_goes_out_every_second_though_nothing_happens(tmp_path: Path) -> None:
    player, store = played_day(tmp_path, count=1)
    seconds, push = Seconds(), Push()
    hub = DemoHub(player=player, clock=clock_after(player, read_s=seconds), push=push, text=None)
    heard = []
    for tenth in range(31):
        seconds.passed = tenth / 10
        hub.tick()
        newest = push.newest()
        assert newest is not None
        heard.append((newest.sequence, newest.view.mono_ms))
    store.close()
    assert [sequence for sequence, _ in dict.fromkeys(heard)] == [1, 2, 3, 4]
    assert heard[30][1] - heard[0][1] == 3000


@pytest.fixture(scope="module")
def copper_creek(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    store = create_ledger(tmp_path_factory.mktemp("creek") / "creek.ledger", meta={})
    player = Player(read_scenario(COPPER_CREEK), store)
    assert [result for result in player.play() if not result.met] == []
    yield player
    store.close()


@pytest.mark.slow
def test_the_demo_day_goes_round_and_always_shows_all_sorts_of_cards(copper_creek: Player) -> None:
    text = demo_day_for("Copper Creek")
    assert text is not None
    seconds, push = Seconds(), Push()
    hub = DemoHub(player=copper_creek, clock=clock_after(copper_creek, read_s=seconds), push=push, text=text)
    before, lapsed = copper_creek.hub.picture.size, 0
    turn_s = read_turn(text, turn=1).length_s
    while hub.turn < 3:
        hub.tick()
        newest = push.newest()
        assert newest is not None
        kinds = {gun.kind for gun in newest.view.guns}
        assert {"blanks", "loaded"} <= kinds, seconds.passed
        assert kinds & {"empty", "dummies"}, seconds.passed
        seconds.passed += 4
    grown = copper_creek.hub.picture.size - before
    lapsed = sum(isinstance(done.act, a.Lapsed) for done in copper_creek.hub.picture.journal)
    assert lapsed == 2
    assert grown / (2 * turn_s) < 1 / 5
    # What was carried on is a ledger like any other.
    assert isinstance(copper_creek.hub.store, SqliteStore)
    assert replay(copper_creek.hub.store.entries()).size == copper_creek.hub.picture.size


@pytest.mark.slow
def test_every_line_of_the_demo_day_gets_what_is_written_behind_it(tmp_path: Path) -> None:
    store = create_ledger(tmp_path / "creek.ledger", meta={})
    player = Player(read_scenario(COPPER_CREEK), store)
    player.play()
    text = demo_day_for("Copper Creek")
    assert text is not None
    seconds = Seconds()
    clock = clock_after(player, read_s=seconds)
    for turn in (1, 2):
        day = read_turn(text, turn=turn)
        began_s = seconds.passed
        for due in day.dues:
            seconds.passed = began_s + due.after_s
            reply = say_line(player, due.line, clock.moment())
            rules = {finding.rule for finding in reply.findings}
            wanted = due.line.wanted
            assert reply.verdict != "refused", due.line
            assert wanted is None or not wanted.verdict or reply.verdict == wanted.verdict, due.line
            assert wanted is None or set(wanted.rules) <= rules, due.line
        seconds.passed = began_s + day.length_s
    store.close()


def test_a_production_without_a_written_day_has_none() -> None:
    assert demo_day_for("Nowhere") is None


def test_the_package_has_every_day_that_the_demo_plays() -> None:
    folder = resources.files("coldcheck.station").joinpath("demo")
    links = [file for file in folder.iterdir() if not file.name.endswith("_goes_on.txt")]
    assert {file.name for file in links} >= {"copper_creek_recorded.txt", "church_rehearsal.txt"}
    for file in links:
        text = file.read_text(encoding="utf-8")
        assert text == (REPO / "tests" / "scenarios" / file.name).read_text(encoding="utf-8")
        assert parse_scenario(text, path=file.name).steps


# --- serving ---


def test_a_port_in_use_is_one_sentence() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"Port {port} on 127.0.0.1 is in use by another program; [^.]*\.$"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()


def test_an_address_that_is_none_is_one_sentence() -> None:
    for host in ("no such host", "192.0.2.1"):
        with pytest.raises(CannotServe, match=rf"^{host} port 8000 [^\n]*; choose another\.$"):
            listen(host, 8000)


def test_a_port_in_use_is_found_before_anything_is_recorded(day: tuple[Player, SqliteStore]) -> None:
    size = day[0].hub.picture.size
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortInUse):
            demo_hub.serve(day[0], host="127.0.0.1", port=taken.getsockname()[1])
    assert day[0].hub.picture.size == size


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to_with_a_screen_still_listening(tmp_path: Path, number: int) -> None:
    command = [sys.executable, str(REPO / "tests" / "board_days.py"), str(tmp_path), "3", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        sequences = []
        with httpx2.stream("GET", f"{address}/board/events", timeout=30) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            for line in response.iter_lines():
                if line.startswith("id: "):
                    sequences.append(int(line[4:]))
                if len(sequences) == 3:
                    os.kill(process.pid, number)
                    break
        out, err = process.communicate(timeout=60)
    assert sequences == sorted(set(sequences))
    assert (process.returncode, out, err) == (0, "ended\n", "")
    assert not (tmp_path / "day.ledger-wal").exists()
    left = read_ledger(tmp_path / "day.ledger")
    picture = replay(left.entries())
    left.close()
    assert card_of(picture, picture.labels["Colt-1"], now=picture.now).words == "PROVEN EMPTY"
