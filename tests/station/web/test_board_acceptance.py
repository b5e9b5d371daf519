"""The screen halves of A4 and A11: what stands on the board, that it turns, and that a phone with the gun's page buzzes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from board_days import played_day
from coldcheck.custody.views import card_of
from coldcheck.station.demo_hub import DemoHub, clock_after, listen, say_line, web_thread
from coldcheck.station.lab.set_scene import chromium
from coldcheck.station.scenario import Line, parse_scenario
from coldcheck.station.web.app import board_app
from coldcheck.station.web.push import Push

PATIENCE_MS = 20_000
SEEN = """() => [...document.querySelectorAll('#guns > .gun > article:not(.cover) .word')].map((w) => w.innerText.trim().replace(/\\s+/g, " "))"""
BUZZES = "window.buzzes = []; navigator.vibrate = (how) => { window.buzzes.push(how); return true; };"


class Day:
    """A served day, and a way to have one of its people say something now."""

    def __init__(self) -> None:
        self.address = ""
        self.hub: DemoHub | None = None
        self.header = ""

    def say(self, line: str) -> None:
        """One line of a set day, said at this moment in the writing thread."""
        hub = self.hub
        assert hub is not None
        scenario = parse_scenario(f"{self.header}\n14:30 {line}\n", path="a moment")
        (step,) = [one for one in scenario.steps if isinstance(one, Line)]
        hub.door.ask(lambda at: say_line(hub.player, step, at.moment), writes=True)

    def kind(self, label: str) -> str:
        hub = self.hub
        assert hub is not None
        return hub.door.ask(lambda at: card_of(at.hub.picture, hub.player.names.id_of(label, "g"), now=at.now).kind)


@contextmanager
def going_on(folder: Path, *, count: int = 3) -> Iterator[Day]:
    day, ready, done = Day(), threading.Event(), threading.Event()

    def write() -> None:
        player, store = played_day(folder, count=count)
        hub = DemoHub(player=player, clock=clock_after(player), push=Push(), text=None)
        hub.tick()
        listening = listen("127.0.0.1", 0)
        day.hub, day.address = hub, f"http://127.0.0.1:{listening.getsockname()[1]}"
        people = "\n".join(f'person {p.label} "{p.name}" as {p.roles}' for p in player.scenario.people)
        day.header = f'production "Copper Creek" hub board-1\n{people}\nday 2026-03-02'
        with web_thread(board_app(hub.push, hub.door), hub.push, listening):
            ready.set()
            while not done.is_set():
                hub.tick()
                hub.door.wait(0.05)
        store.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert ready.wait(60)
        yield day
    finally:
        done.set()
        thread.join()


@pytest.fixture
def pages() -> Iterator[Callable[..., Page]]:
    with chromium() as browser:

        def make(*, phone: bool = False) -> Page:
            size = {"width": 390, "height": 844} if phone else {"width": 1920, "height": 1080}
            page = browser.new_page(viewport=size)  # type: ignore[arg-type]  # a size
            page.set_default_timeout(PATIENCE_MS)
            page.add_init_script(BUZZES)
            return page

        yield make


@pytest.mark.browser
def test_a4_a_second_job_and_an_open_complaint_stand_on_the_board(pages: Callable[..., Page], tmp_path: Path) -> None:
    with going_on(tmp_path) as day:
        board = pages()
        board.goto(f"{day.address}/board")
        board.wait_for_function(f"() => ({SEEN})().includes('PROVEN EMPTY')")
        day.say("ARM takes duty as props_assistant")
        day.say('AD1 raises concern hours: "too little time to prepare"')
        board.wait_for_function("() => document.getElementById('head').innerText.includes('concern')")
        head = board.inner_text("#head")
        assert "armorer has two duties: armorer, props_assistant" in head
        assert "1 concern open since" in head
        # The complaint is there without who raised it.
        assert "first AD" not in head.split("concern")[1]
        # What he called does not stand while he has two duties.
        board.wait_for_function(f"() => ({SEEN})().every((word) => word === 'TREAT AS LOADED')")
        assert "VOID: another duty" in board.inner_text("#guns")


@pytest.mark.browser
def test_a11_the_armorer_leaves_and_the_board_turns_and_phones_buzz(pages: Callable[..., Page], tmp_path: Path) -> None:
    with going_on(tmp_path) as day:
        board, phone = pages(), pages(phone=True)
        board.goto(f"{day.address}/board")
        phone.goto(f"{day.address}/gun?code=Colt-1")
        day.say("ARM hands Colt-1 to LEAD")
        day.say("LEAD takes Colt-1 from ARM")
        for page in (board, phone):
            page.wait_for_function(f"() => ({SEEN})()[0] === 'PROVEN EMPTY'")
        assert phone.evaluate("() => window.buzzes") == []
        day.say("ARM goes away from Barn")
        for page in (board, phone):
            page.wait_for_function(f"() => ({SEEN})()[0] === 'TREAT AS LOADED'")
        assert "VOID: armorer went away" in board.inner_text("#guns > .gun:first-child")
        assert phone.evaluate("() => window.buzzes") == [[400, 150, 400, 150, 400]]
        assert board.evaluate("() => window.buzzes") == []
        assert day.kind("Colt-1") == "loaded"
