"""The pages with a drawn trace, recall and windows under axe-core, on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from axe import audited
from coldcheck.custody.trace import live_finds
from coldcheck.station.lab.bench_trace import served
from coldcheck.station.lab.productions import LOTS, WAYS, production
from coldcheck.station.lab.set_scene import chromium
from coldcheck.station.web.html import HERE
from coldcheck.station.web.trace_pages import trace_routes
from trace_door import HereDoor

pytestmark = pytest.mark.browser
MADE = production(seed=0, way=WAYS[0])
FIND = live_finds(MADE.picture)[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    static = Mount("/static", StaticFiles(directory=HERE / "static"))
    with served(Starlette(routes=[*trace_routes(HereDoor(MADE.picture)), static])) as port:
        yield port


@pytest.mark.parametrize(
    "path", ["/trace", "/trace?lang=es", f"/origin/{FIND}", f"/recall/{MADE.picture.lots[LOTS[0]].label}"]
)
def test_no_page_with_a_picture_has_a_violation_or_is_wider_than_a_phone(
    browser: Browser, port: int, path: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"http://127.0.0.1:{port}{path}")
    assert page.locator(".picture svg").count()
    wrong, _left = audited(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wrong == []
    assert width == 390


def test_on_paper_the_words_are_unfolded_and_nothing_to_press_is_left(browser: Browser, port: int) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 1000})
    page.goto(f"http://127.0.0.1:{port}/trace")
    words = page.locator(".trace details pre").first
    unseen = words.evaluate("words => !words.checkVisibility({contentVisibilityAuto: true})")
    assert unseen, "on a screen they are folded away"
    page.emulate_media(media="print")
    assert words.evaluate("words => words.checkVisibility()")
    assert words.evaluate("words => words.getBoundingClientRect().height") > 0
    assert not page.locator(".trace form").is_visible()
    page.close()
