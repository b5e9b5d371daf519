"""Meeting sign-in on one tablet: what a badge shows, what it signs, for whom it does not, and what a lost hub leaves."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from axe import audited
from coldcheck.custody.picture import Picture
from coldcheck.station.lab.set_scene import DAY, PATIENCE_MS, served_day
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.web.signin import meetings_of
from stores import MemoryStore

TABLET = {"width": 1024, "height": 768}


@pytest.fixture(scope="module")
def picture() -> Picture:
    player = Player(parse_scenario(DAY, path="set day"), MemoryStore({}))
    player.play()
    return player.hub.picture


def badges(picture: Picture, scene: str) -> dict[str, Any]:
    body: Any = meetings_of(picture, by=picture.labels["AD1"])
    (meeting,) = [one for one in body["scenes"] if one["scene"] == scene]
    return {one["label"]: one for one in meeting["badges"]}


def test_badges_are_labels_and_roles_of_the_crew_with_the_plans_people_first(picture: Picture) -> None:
    row = badges(picture, "S1")
    assert list(row)[:2] == ["LEAD", "CAM"]
    assert (row["LEAD"]["named"], row["LEAD"]["there"], row["DIR"]["named"]) == (True, True, False)
    assert "SUP" not in row
    names = ("Byrne", "Gore", "Carr", "Dunn", "Hume", "Ines")
    assert not any(name in str(meetings_of(picture, by=picture.labels["AD1"])) for name in names)


def test_whoever_proves_guns_or_witnesses_signs_on_his_own_phone(picture: Picture) -> None:
    assert {label for label, badge in badges(picture, "S2").items() if badge["own"]} == {"ARM", "PM", "AD1"}


def test_nobody_of_the_crew_is_told_nothing(picture: Picture) -> None:
    assert meetings_of(picture, by="p000000000000") is None


def tablet(browser: Browser, address: str, query: str = "") -> Page:
    context = browser.new_context(viewport=TABLET)  # type: ignore[arg-type]  # a size
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{address}/signin{query}")
    return page


def without_violations(page: Page) -> None:
    wrong, left = audited(page)
    assert wrong == []
    assert [line for line in left if not line.startswith("color-contrast")] == []


@pytest.mark.browser
def test_a_badge_is_tapped_and_held_and_the_record_says_on_whose_tablet(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        page = tablet(browser, address)
        page.locator("h1:has-text('Who holds this tablet?')").wait_for()
        without_violations(page)
        page.get_by_role("button", name="AD1, first AD").click()
        page.get_by_role("button", name="S2, Barn").click()
        page.locator('[data-badge="DIR"]').wait_for()
        without_violations(page)
        if "COLDCHECK_PICTURES" in os.environ:
            page.screenshot(path=Path(os.environ["COLDCHECK_PICTURES"]) / "signin.png")
        # The property master proves guns: no finger on another's tablet is his.
        assert page.locator('[data-badge="PM"]').count() == 0
        assert "signs on his own phone" in page.locator(".badge:has-text('PM')").inner_text()
        page.locator('[data-badge="DIR"]').click()
        page.locator("h1:has-text('You are DIR, director?')").wait_for()
        without_violations(page)
        page.get_by_role("button", name="That is not me").click()
        page.locator('[data-badge="DIR"]').click()
        page.locator(".hold").dispatch_event("pointerdown")
        page.locator(".note:has-text('DIR: signed, entry')").wait_for()
        assert "signed: is here" in page.locator(".badge.there:has-text('DIR')").inner_text()
        rows = page.request.get(f"{address}/office/ledger.json").json()["rows"]
        assert (rows[0]["role"], "attends the meeting for S2" in rows[0]["act"]) == ("director", True)
        assert rows[0]["signed"] == "demo key, held out by first AD"
        signed = page.request.get(f"{address}/office/meetings.json").json()["rows"]
        assert ("S2", "DIR", "signed") in {(row["scene"], row["label"], row["state"]) for row in signed}
        # Without the hub it is kept on the tablet, and delivered once when the hub is heard again.
        page.context.set_offline(True)
        page.locator('[data-badge="CAM"]').click()
        page.locator(".hold").dispatch_event("pointerdown")
        page.locator("text=The hub is not heard").wait_for()
        page.context.set_offline(False)
        page.locator(".badge.there:has-text('CAM')").wait_for()
        page.context.close()


@pytest.mark.browser
def test_the_tablet_speaks_spanish_and_works_by_keys_alone(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        page = tablet(browser, address, "?lang=es")
        page.locator("h1:has-text('¿Quién sostiene esta tableta?')").wait_for()
        page.get_by_role("button", name="AD1,").press("Enter")
        page.get_by_role("button", name="S2, Barn").press("Enter")
        page.locator('[data-badge="DIR"]').press("Enter")
        page.keyboard.press("Tab")
        assert "Mantenga pulsado" in page.evaluate("() => document.activeElement.innerText")
        page.keyboard.down("Enter")
        page.locator(".note:has-text('DIR: firmado')").wait_for()
        page.keyboard.up("Enter")
        page.context.close()
