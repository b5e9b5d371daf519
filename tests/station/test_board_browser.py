"""The board in a real browser: what a person sees when the hub is killed, frozen, lying, late, or never heard at all."""

import base64
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from board_days import played_day
from coldcheck.station.demo_hub import listen
from coldcheck.station.web.app import board_app
from coldcheck.station.web.pages import BoardView, board_view
from coldcheck.station.web.push import Push
from tracked import REPO

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
WALL: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 820, "height": 1180}
PATIENCE_MS = 30_000
SEEN = """() => [...document.querySelectorAll("#guns > .gun")].map((gun) => {
  const seen = [...gun.querySelectorAll("article")].filter((card) => getComputedStyle(card).visibility === "visible");
  return seen.map((card) => card.querySelector(".word").textContent.trim().replace(/\\s+/g, " ")).join(" AND ");
})"""
"""What a person sees on each card: the words of whichever of face and cover is visible."""
ALL_LOADED = (
    f"() => {{ const seen = ({SEEN})(); return seen.length > 0 && seen.every((word) => word === 'TREAT AS LOADED'); }}"
)
SOME_PROVEN = f"() => ({SEEN})().includes('PROVEN EMPTY')"
BEAT = "() => document.getElementById('board').dataset.beat !== 'first'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WALL)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A hub in a process of its own, which a test may freeze or kill."""

    address: str
    process: subprocess.Popen[str]

    def tell(self, number: int) -> None:
        os.kill(self.process.pid, number)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    command = [sys.executable, str(REPO / "tests" / "board_days.py"), str(tmp_path), "5", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Served(address=process.stdout.readline().strip(), process=process)
        finally:
            process.kill()


@contextmanager
def serving(push: Push) -> Iterator[str]:
    """The address of a server in this process, whose hub is the test itself."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(board_app(push), log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        push.close()
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def beating(push: Push, make: Callable[[], BoardView]) -> Iterator[None]:
    """A hub that says what `make` gives, four times a second, whether it is true or not."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(0.25):
            push.publish(make())

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> BoardView:
    player, store = played_day(tmp_path_factory.mktemp("day"), count=8)
    hub = player.hub
    made = board_view(
        hub.picture, now=hub.picture.now, clock_at=hub.picture.at, production="Copper Creek", root=hub.root.hex()
    )
    store.close()
    return made


def going_on(view: BoardView, *, ends_ms: int | None = None) -> Callable[[], BoardView]:
    """The same board at every later moment; `ends_ms` from now the first call ends, and the hub never says so."""
    began_s = time.monotonic()
    first = view.guns[0]
    if ends_ms is not None:
        first = replace(first, ends_mono_ms=view.mono_ms + ends_ms, left_ms=60_000)

    def now() -> BoardView:
        passed_ms = int((time.monotonic() - began_s) * 1000)
        return replace(view, mono_ms=view.mono_ms + passed_ms, guns=(first, *view.guns[1:]))

    return now


def turned(page: Page) -> list[str | None]:
    found: list[str | None] = page.evaluate(
        "() => [...document.querySelectorAll('#guns > .gun')].map((gun) => gun.dataset.turned ?? null)"
    )
    return found


# --- the hub goes away ---


def test_a_killed_hub_leaves_nothing_but_treat_as_loaded(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/board")
    page.wait_for_function(BEAT)
    assert page.evaluate(SEEN) == [
        "PROVEN EMPTY",
        "PROVEN 6 DUMMIES",
        "HALF LOAD 5 BLANKS",
        "REPLICA",
        "TREAT AS LOADED",
    ]
    served.tell(signal.SIGKILL)
    page.wait_for_function(ALL_LOADED)
    assert turned(page) == ["silent"] * 5
    body = page.inner_text("body")
    assert "Treat every gun as loaded." in body
    assert "“All guns: STOP, treat as loaded.”" in body
    assert body.count("RECORD SILENT") == 5
    assert "proven empty" in page.inner_text("#guns > .gun:first-child")


def test_a_frozen_hub_is_a_silent_one_and_is_heard_again(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/board?theme=dim")
    page.wait_for_function(BEAT)
    served.tell(signal.SIGSTOP)
    page.wait_for_function(ALL_LOADED)
    assert turned(page) == ["silent"] * 5
    served.tell(signal.SIGCONT)
    page.wait_for_function(SOME_PROVEN)
    assert turned(page) == [None] * 5


def test_a_phone_that_is_cut_off_says_so_though_the_hub_is_well(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/board")
    page.wait_for_function(BEAT)
    page.context.set_offline(True)
    # Chromium leaves an open stream open; on a real cable nothing comes through it either.
    page.evaluate("() => { for (const known of window.streams ?? []) known.close(); }")
    served.tell(signal.SIGSTOP)
    page.wait_for_function(ALL_LOADED)
    assert turned(page) == ["silent"] * 5
    served.tell(signal.SIGCONT)
    page.wait_for_timeout(1500)
    assert turned(page) == ["silent"] * 5
    page.context.set_offline(False)
    page.wait_for_function(SOME_PROVEN)


def test_anybodys_page_falls_silent_with_the_hub(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/gun?code=Colt-1")
    page.wait_for_function(BEAT)
    assert page.evaluate(SEEN) == ["PROVEN EMPTY"]
    assert "Look for yourself." in page.inner_text("#facts")
    served.tell(signal.SIGKILL)
    page.wait_for_function(ALL_LOADED)
    assert "Muzzle away. Leave it where it is." in page.inner_text(".stack")
    assert page.is_visible("button.stop")


def test_one_press_of_stop_turns_the_board(page: Page, browser: Browser, served: Served) -> None:
    board = browser.new_page(viewport=WALL)
    board.set_default_timeout(PATIENCE_MS)
    board.goto(f"{served.address}/board")
    board.wait_for_function(SOME_PROVEN)
    page.goto(f"{served.address}/gun?code=Colt-1")
    page.click("button.stop")
    assert "STOP stands on every board" in page.inner_text(".answer")
    board.wait_for_function(ALL_LOADED)
    assert turned(board) == [None] * 5
    assert "STOP open since" in board.inner_text("#head")
    board.close()


def test_stop_works_with_scripts_off(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/gun?code=Colt-1")
    page.click("text=I see a problem")
    page.fill("textarea", "the tag hangs on a string")
    page.click("text=Send")
    assert "your concern is open" in page.inner_text(".answer")
    assert page.evaluate(SEEN) == ["TREAT AS LOADED"]
    page.click("button.stop")
    assert "STOP stands on every board" in page.inner_text(".answer")
    context.close()


def test_the_page_updates_by_itself(page: Page, view: BoardView) -> None:
    push = Push()
    push.publish(view)
    later = replace(view.guns[0], kind="blanks", above="FULL LOAD", word="4 BLANKS")
    with serving(push) as address:
        with beating(push, going_on(view)):
            page.goto(f"{address}/board")
            page.wait_for_function(BEAT)
            page.evaluate("() => { document.querySelector('#guns > .gun:nth-child(2)').marked = true; }")
        changed = replace(view, guns=(later, *view.guns[1:]), clock="13:59:59")
        with beating(push, going_on(changed)):
            page.wait_for_function(f"() => ({SEEN})()[0] === 'FULL LOAD 4 BLANKS'")
            assert page.inner_text("#clock") == "13:59:59"
            # Cards that did not change are left where they are: nothing flickers, nothing loses its place.
            assert page.evaluate("() => document.querySelector('#guns > .gun:nth-child(2)').marked")


# --- no script, a lost script ---


def test_without_script_the_cards_are_right_and_then_silent(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport=WALL, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/board")
    assert page.evaluate(SEEN)[:3] == ["PROVEN EMPTY", "PROVEN 6 DUMMIES", "HALF LOAD 5 BLANKS"]
    # The page asks for itself again every three seconds; from here on nothing comes of it, and the old page stays.
    page.route("**/board", lambda route: route.fulfill(status=204))
    served.tell(signal.SIGSTOP)
    wait_for(lambda: page.evaluate(SEEN) == ["TREAT AS LOADED"] * 5)
    context.close()


def test_a_script_that_never_comes_leaves_no_stale_card(page: Page, view: BoardView) -> None:
    page.route("**/board.js*", lambda route: route.abort())
    push = Push()
    push.publish(view)
    with serving(push) as address, beating(push, going_on(view)):
        page.goto(f"{address}/board")
        assert "PROVEN EMPTY" in page.evaluate(SEEN)
        page.wait_for_function(ALL_LOADED)
        assert "Treat every gun as loaded." in page.inner_text("body")


def test_a_script_that_dies_leaves_no_stale_card(page: Page, view: BoardView) -> None:
    push = Push()
    push.publish(view)
    with serving(push) as address, beating(push, going_on(view)):
        page.goto(f"{address}/board")
        page.wait_for_function(BEAT)
        # Everything the script could still do is taken from it; the hub goes on talking to nobody.
        page.evaluate("() => { document.getElementById = () => { throw new Error('gone'); }; }")
        page.wait_for_function(ALL_LOADED)


def wait_for(holds: Callable[[], bool]) -> None:
    """Nothing, when it holds; for pages in which no script may wait."""
    until_s = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < until_s, "waited in vain"
        time.sleep(0.1)


# --- time ---


def test_a_call_that_ends_turns_its_card_though_the_hub_says_otherwise(page: Page, view: BoardView) -> None:
    push = Push()
    make = going_on(view, ends_ms=4000)
    push.publish(make())
    with serving(push) as address, beating(push, make):
        page.goto(f"{address}/board")
        page.wait_for_function(BEAT)
        assert page.evaluate(SEEN)[0] == "PROVEN EMPTY"
        assert ", in " in page.inner_text("#guns > .gun:first-child")
        page.wait_for_function(f"() => ({SEEN})()[0] === 'TREAT AS LOADED'")
        assert turned(page)[0] == "lapsed"
        assert "VOID: time ran out" in page.inner_text("#guns > .gun:first-child")
        assert page.evaluate(SEEN)[1] == "PROVEN 6 DUMMIES"
        # It stays so while the hub goes on saying the same.
        heard = page.inner_text("#clock")
        page.wait_for_timeout(1000)
        assert (heard, page.evaluate(SEEN)[0]) == ("13:57:00", "TREAT AS LOADED")


def test_a_page_that_wakes_up_is_silent_at_once(page: Page, view: BoardView) -> None:
    push = Push()
    make = going_on(view)
    push.publish(make())
    page.clock.install()
    with serving(push) as address:
        with beating(push, make):
            page.goto(f"{address}/board")
            page.wait_for_function(BEAT)
            assert "PROVEN EMPTY" in page.evaluate(SEEN)
        page.clock.fast_forward(60_000)
        assert turned(page) == ["silent"] * 8
        assert page.evaluate(SEEN) == ["TREAT AS LOADED"] * 8


KEEP_STREAMS = """
const Real = EventSource;
window.streams = [];
EventSource = class extends Real { constructor(...all) { super(...all); window.streams.push(this); } };
"""
SAY_LATE = """(which) => {
  const said = JSON.parse(window.said);
  said.sequence += 1;
  said.mono_ms += 250;
  if (which === "open") { const real = Date.now; Date.now = () => real() + 60000; }
  window.heard_on.dispatchEvent(new MessageEvent("board", { data: JSON.stringify(said) }));
}"""


@pytest.mark.parametrize("which", ["open", "closed"])
def test_an_event_that_lay_about_while_the_page_slept_revives_nothing(page: Page, view: BoardView, which: str) -> None:
    """After a sleep the wire still holds what was said before it: that arrives now, and is old all the same.

    It may come first, on the stream that is still open, or after the page itself noticed and opened another one.
    """
    push = Push()
    make = going_on(view)
    push.publish(make())
    if which == "closed":
        page.clock.install()
    page.add_init_script(KEEP_STREAMS)
    with serving(push) as address:
        with beating(push, make):
            page.goto(f"{address}/board")
            page.wait_for_function(BEAT)
        page.evaluate(
            """() => {
              window.heard_on = window.streams.at(-1);
              window.heard_on.addEventListener("board", (event) => { window.said = event.data; });
            }"""
        )
        push.publish(make())
        page.wait_for_function("() => window.said")
        if which == "closed":
            page.clock.fast_forward(60_000)
        page.evaluate(SAY_LATE, which)
        assert page.evaluate(SEEN) == ["TREAT AS LOADED"] * 8
        with beating(push, make):
            page.wait_for_function(SOME_PROVEN)
        assert page.evaluate("() => window.heard_on.readyState") == 2


@pytest.mark.parametrize("wall", ["real() - 3600000", "0"])
def test_a_wall_clock_set_back_or_stopped_makes_nobody_younger(page: Page, view: BoardView, wall: str) -> None:
    push = Push()
    make = going_on(view)
    push.publish(make())
    with serving(push) as address:
        with beating(push, make):
            page.goto(f"{address}/board")
            page.wait_for_function(BEAT)
            page.evaluate(f"() => {{ const real = Date.now; Date.now = () => {wall}; }}")
            page.wait_for_timeout(600)
        page.wait_for_function("() => document.getElementById('board').dataset.turned === 'silent'")


# --- form ---


@pytest.mark.parametrize("size", [WALL, PHONE, LAPTOP, TABLET])
def test_nothing_reaches_beyond_the_sides(page: Page, view: BoardView, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    push = Push()
    many = tuple(replace(gun, gun=f"{gun.gun}{turn}") for turn in range(5) for gun in view.guns)
    for shown in (view, replace(view, guns=many, columns=8)):
        push.publish(shown)
        with serving(push) as address:
            page.goto(f"{address}/board")
            width = page.evaluate("() => document.documentElement.scrollWidth")
            outside = page.evaluate(
                "() => [...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth + 1).length"
            )
        assert (width, outside) == (size["width"], 0)
        push = Push()


LUMINANCE = """async (png) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  const linear = (value) => value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += 0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]);
  return sum / (data.length / 4);
}"""


EYES = ("none", "deuteranopia", "protanopia", "achromatopsia")


@pytest.mark.parametrize(("theme", "eyes"), [*(("dark", eyes) for eyes in EYES), ("dim", "none"), ("dim", "achromatopsia"), ("light", "none")])  # fmt: skip
def test_treat_as_loaded_stands_out_to_every_eye(page: Page, view: BoardView, theme: str, eyes: str) -> None:
    """Mean luminance of whole cards, as the look asks: 3 to 1 for treat as loaded against anything proven."""
    push = Push()
    push.publish(view)
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": eyes})
    with serving(push) as address, beating(push, going_on(view)):
        page.goto(f"{address}/board?theme={theme}")
        page.wait_for_function(BEAT)
        pictures = {
            gun.kind: page.locator(f"#{gun.gun}").screenshot(animations="allow")
            for gun in view.guns
            if gun.kind in {"empty", "dummies", "replica", "loaded", "blanks"}
        }
    page.goto("about:blank")
    light = {kind: page.evaluate(LUMINANCE, base64.b64encode(png).decode()) for kind, png in pictures.items()}
    for kind in ("empty", "dummies", "replica"):
        low, high = sorted((light["loaded"], light[kind]))
        assert (high + 0.05) / (low + 0.05) > 3.0, (kind, light)
    # Blanks lie between: on paper-like ground the placard is the dark one.
    between = sorted((light["loaded"], light["blanks"], light["empty"]))[1]
    assert between == light["blanks"], light
    assert theme == "light" or light["blanks"] > 2 * light["empty"], light


def test_forced_colours_keep_the_placard_inverted(browser: Browser, view: BoardView) -> None:
    context = browser.new_context(viewport=WALL, forced_colors="active")
    page = context.new_page()
    push = Push()
    push.publish(view)
    with serving(push) as address:
        page.goto(f"{address}/board")
        grounds = page.evaluate(
            """() => Object.fromEntries([".empty", ".loaded.said"].map((name) =>
              [name, getComputedStyle(document.querySelector(name)).backgroundColor]))"""
        )
    context.close()
    assert grounds[".empty"] != grounds[".loaded.said"]
