"""Real people's keys in a real browser: a join card, a passkey of a virtual authenticator, a device key it unlocks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from coldcheck.station.lab.set_scene import PATIENCE_MS
from tracked import REPO

pytestmark = pytest.mark.browser


@dataclass(frozen=True, kw_only=True)
class Production:
    address: str
    links: dict[str, str]
    process: subprocess.Popen[str]

    def revoke(self, label: str) -> None:
        """An officer revokes every key of somebody; returns when it is in the record."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{label}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == "revoked"


@pytest.fixture
def production() -> Iterator[Production]:
    """A hub of this test's own, with every card unused."""
    with served_crew() as production:
        yield production


@pytest.fixture(scope="module")
def used() -> Iterator[Production]:
    """One hub for tests that leave nothing behind which another one needs."""
    with served_crew() as production:
        yield production


@contextmanager
def served_crew() -> Iterator[Production]:
    command = [sys.executable, str(REPO / "tests" / "set_crew_hub.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        yield Production(
            address=lines[0], links=dict(zip(("ARM", "AD1", "LEAD"), lines[1:], strict=True)), process=process
        )
        process.terminate()


def phone(browser: Browser, *, verifies: bool) -> tuple[Page, CDPSession]:
    """A phone whose lock opens for its owner, or one that has none."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    if verifies:
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page, session


def holds(page: Page) -> None:
    page.locator(".hold").dispatch_event("pointerdown")
    page.locator("h1:has-text('In the record')").wait_for()


def picks_up(page: Page) -> None:
    page.locator(".guns a").first.click()
    page.locator('[data-do="pick_up"]').click()
    holds(page)


def test_a_join_card_makes_a_passkey_that_unlocks_a_device_key(browser: Browser, production: Production) -> None:
    page, session = phone(browser, verifies=True)
    asked: list[object] = []

    def note(told: object) -> None:
        asked.append(told)

    session.on("WebAuthn.credentialAsserted", note)
    page.goto(production.address + production.links["ARM"])
    page.get_by_text("Make my key").click()
    page.locator("text=armorer").wait_for()
    # The card's key is not left in the address for the next person who looks.
    assert production.links["ARM"].split(".")[1] not in page.url
    picks_up(page)
    # A drill says so on every screen, and in the window's title.
    assert page.locator(".drill").inner_text() == "DRILL"
    page.get_by_text("Go on").click()
    page.locator("text=In your hands").wait_for()
    assert page.locator(".drill").inner_text() == "DRILL"
    assert page.title().startswith("DRILL: ")
    # The lock was opened twice: the passkey signed its own enrolment, and once to unlock the device key.
    assert len(asked) == 2
    asked.clear()
    page.reload()
    page.locator("text=armorer").wait_for()
    page.get_by_text("Show me").click()
    holds(page)
    # Within its time the unlocked key signs alone: the phone's lock was not asked again.
    assert asked == []
    # A second phone of the drill sees what the first one signed, under the same word on every screen.
    other, _ = phone(browser, verifies=False)
    other.goto(production.address + production.links["AD1"])
    other.locator(".drill").wait_for()
    other.get_by_text("Make my key").click()
    other.locator(".guns a").first.click()
    other.locator("text=In the hands of: armorer").wait_for()
    assert other.locator(".drill").inner_text() == "DRILL"
    assert other.title().startswith("DRILL: ")


def test_a_phone_that_cannot_verify_its_owner_signs_with_a_device_key(browser: Browser, production: Production) -> None:
    page, _session = phone(browser, verifies=False)
    page.goto(production.address + production.links["ARM"])
    page.get_by_text("Make my key").click()
    page.locator("text=armorer").wait_for()
    picks_up(page)


def test_a_phone_whose_storage_was_cleared_is_told_to_ask_for_a_new_card(
    browser: Browser, production: Production
) -> None:
    page, _session = phone(browser, verifies=False)
    page.goto(production.address + production.links["ARM"])
    page.get_by_text("Make my key").click()
    page.locator("text=armorer").wait_for()
    page.evaluate(
        "() => new Promise((done) => { const asked = indexedDB.open('the-book', 1); asked.onsuccess = () => {"
        " const change = asked.result.transaction('keys', 'readwrite'); change.objectStore('keys').clear();"
        " change.oncomplete = done; }; })"
    )
    page.locator(".guns a").first.click()
    page.locator('[data-do="pick_up"]').click()
    page.locator(".hold").dispatch_event("pointerdown")
    page.locator("text=This phone has lost its key").wait_for()


def test_what_a_revoked_phone_signs_is_kept_apart_and_it_says_so(browser: Browser, production: Production) -> None:
    page, _session = phone(browser, verifies=False)
    page.goto(production.address + production.links["ARM"])
    page.get_by_text("Make my key").click()
    page.locator("text=armorer").wait_for()
    # An officer revokes it at the hub: the crew's hub does so when it reads this line.
    production.revoke("ARM")
    page.locator(".guns a").first.click()
    page.locator('[data-do="pick_up"]').click()
    page.locator(".hold").dispatch_event("pointerdown")
    page.locator("h1:has-text('Kept apart')").wait_for()


def test_a_join_card_is_used_once(browser: Browser, used: Production) -> None:
    first, _ = phone(browser, verifies=False)
    first.goto(used.address + used.links["LEAD"])
    first.get_by_text("Make my key").click()
    first.locator("text=performer").wait_for()
    second, _ = phone(browser, verifies=False)
    second.goto(used.address + used.links["LEAD"])
    second.get_by_text("Make my key").click()
    second.locator("text=it was used; ask for a new card").wait_for()


def test_nobody_sees_or_begins_anything_as_another_person(browser: Browser, production: Production) -> None:
    page, _ = phone(browser, verifies=False)
    page.goto(production.address + production.links["ARM"])
    page.get_by_text("Make my key").click()
    page.locator("text=armorer").wait_for()
    mine = page.evaluate("async () => (await (await import('/static/set/queue.js')).recall('me')).person")
    stranger, _ = phone(browser, verifies=False)
    stranger.goto(f"{production.address}/set/")
    ask = """async ([path, body]) => (await fetch(path, body ? { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" } } : {})).json()"""
    sheet = {
        "by": mine, "other": mine, "gun": "g", "kind": "check", "manner": "spoken", "device": "", "rounds": []
    }  # fmt: skip
    for path, body in (
        (f"/api/set/view?by={mine}", None),
        ("/api/set/sheets", sheet),
        (f"/api/set/sheets/sheet-1?by={mine}", None),
        ("/api/set/sheets/sheet-1/restart", {"by": mine}),
        ("/api/set/session", {"by": mine, "key": "k", "nonce": "0" * 32, "signature": None}),
    ):
        said = stranger.evaluate(ask, [path, body])
        assert "sentence" in said, path
        assert "guns" not in said, path
        if path != "/api/set/session":
            assert said["kind"] == "NotSignedIn", path
            # The phone whose person it is comes further, each time.
            assert page.evaluate(ask, [path, body]).get("kind") != "NotSignedIn", path
    # What anybody may see of the guns the stranger sees.
    assert [gun["can"] for gun in stranger.evaluate(ask, ["/api/set/view", None])["guns"]] == [[]]


def test_half_a_card_is_told_to_scan_again(browser: Browser, used: Production) -> None:
    page, _ = phone(browser, verifies=False)
    page.goto(f"{used.address}/join#p0000000000AA.12ab")
    page.locator("text=This card is not complete").wait_for()


def test_a_hub_with_real_people_offers_nobody_to_be(browser: Browser, used: Production) -> None:
    page, _ = phone(browser, verifies=False)
    page.goto(f"{used.address}/set/")
    page.locator("text=Nobody has joined on this phone yet").wait_for()
    assert "DEMO" not in page.inner_text("#app")
