"""Scanning with a camera: a fake one that shows films, in a real browser, with the reader the hub serves."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from axe import audited
from coldcheck.station.lab.set_scene import CHROMIUM, PATIENCE_MS, Phone, Tally, begin, served_day
from film import Picture, printed, scene, write_film
from set_client import Wire

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_day(tmp_path_factory.mktemp("set")) as address:
        yield address


@contextmanager
def scanning(address: str, film: Path | None) -> Iterator[Page]:
    """A phone at the scan screen, whose camera sees `film`; without one the camera is refused."""
    arguments = [
        "--disable-gpu",
        "--use-fake-device-for-media-stream",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    if film is not None:
        arguments += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/set/")
        page.locator('[data-label="ARM"]').click()
        page.locator("#code").wait_for()
        page.evaluate("() => { location.hash = '/scan'; }")
        yield page
        browser.close()


def tag(address: str, label: str, size: int) -> Picture:
    """The printed tag of a gun."""
    gun = Wire(address=address, label="ARM").gun(label)["gun"]
    return printed(f"HTTP://COPPER.EXAMPLE/G/{gun}".upper(), size)


@pytest.mark.parametrize("seen", ["plain", "dim", "turned and blurred", "tiny"])
def test_a_tag_opens_its_gun(address: str, tmp_path: Path, seen: str) -> None:
    code = tag(address, "Colt-1", 90 if seen == "tiny" else 260)
    looks = {"plain": {}, "dim": {"light": 0.16}, "turned and blurred": {"degrees": 28.0, "blur": 2}, "tiny": {}}
    picture = scene((code, (200, 480)), **looks[seen])  # type: ignore[arg-type]
    with scanning(address, write_film(tmp_path / "film.y4m", picture)) as page:
        page.locator("h1:has-text('Magpie')").wait_for()


def test_two_tags_in_view_are_asked_about(address: str, tmp_path: Path) -> None:
    picture = scene((tag(address, "Colt-1", 260), (200, 200)), (tag(address, "Colt-2", 260), (200, 800)))
    with scanning(address, write_film(tmp_path / "film.y4m", picture)) as page:
        page.locator("h1:has-text('Two tags are in view')").wait_for()
        page.get_by_text("Anvil · Colt-2").click()
        page.locator("h1:has-text('Anvil')").wait_for()


def test_a_trays_label_opens_its_count_for_whoever_counts(address: str, tmp_path: Path) -> None:
    tray = Wire(address=address, label="ARM").view()["containers"][0]
    code = printed(f"HTTP://COPPER.EXAMPLE/G/{tray['container']}".upper(), 260)
    with scanning(address, write_film(tmp_path / "film.y4m", scene((code, (200, 480))))) as page:
        page.locator("text=How many rounds?").wait_for()
        assert tray["label"] in page.inner_text("main")


def test_a_tag_of_another_production_is_told_what_to_do(address: str, tmp_path: Path) -> None:
    picture = scene((printed("HTTP://ELSEWHERE.EXAMPLE/G/G0000000000AA", 260), (200, 480)))
    with scanning(address, write_film(tmp_path / "film.y4m", picture)) as page:
        page.locator("text=This is not a gun of this production").wait_for()


def test_one_tap_takes_the_cylinder_its_person_cuts_it_and_both_see_it_afterwards(address: str, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.y4m", scene((tag(address, "Colt-1", 260), (200, 480))))
    with scanning(address, film) as page:
        assert page.context.browser is not None
        armorer = Phone(page.context.browser, address, "ARM", Tally())
        armorer.open("ANVIL")
        begin(armorer, "check", other="AD1", nxt="-")
        armorer.sheet()
        armorer.do("photo")
        for place in range(1, 7):
            armorer.page.locator(f"text=Touch chamber {place}").wait_for()
            armorer.page.locator(".photo").click(position={"x": 40 * place, "y": 60})
        armorer.page.locator("text=Signed with it: 1 photos").wait_for()
        armorer.hold()
        armorer.page.locator("text=in, and closed").wait_for()
        procedure = armorer.page.url.split("/s/")[1]
        armorer.page.goto(f"{address}/set/contact/{procedure}")
        armorer.page.locator("text=open when both have signed").wait_for()
        witness = Wire(address=address, label="AD1")
        witness.half(witness.get(f"/api/set/sheets/{procedure}?by={witness.person}"), {})
        armorer.page.reload()
        assert armorer.page.locator("figure").count() == 6, armorer.page.inner_text("main")
        # The picture really came: its points are there, not only its frame.
        drawn = "() => document.querySelector('image').getBBox().width"
        assert armorer.page.evaluate(drawn) > 0
        wrong, _open = audited(armorer.page)
        assert wrong == []
        assert armorer.errors == []


def test_a_refused_camera_is_a_sentence_and_typing_works(address: str) -> None:
    with scanning(address, None) as page:
        page.locator("text=The camera is not allowed here").wait_for()
        page.get_by_text("Type it instead").click()
        page.fill("#code", "magpie")
        page.keyboard.press("Enter")
        page.locator("h1:has-text('Magpie')").wait_for()
