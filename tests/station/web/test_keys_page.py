"""The officers' page: a key that asks, confirmed by two; a key revoked; a cosigner named. In real browsers, by real keys."""

import os
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from axe import audited
from coldcheck.custody.picture import Picture
from coldcheck.proof.cosign import CosignerKey
from coldcheck.station.lab.set_scene import PATIENCE_MS
from coldcheck.station.record import replay
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.verify import verify_path
from inquiry_hub import inquiry_hub
from served import Served, served_in, stop

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
COSIGNER = CosignerKey.from_seed(name="insurer.example", seed=bytes(range(32)))


def window(browser: Browser, *, verifies: bool = False, size: dict[str, int] = DESK) -> Page:
    """A browser of its own, with a lock that opens for its owner if it `verifies`."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]  # a size
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if verifies:
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def officers_window(browser: Browser, served: Served, label: str) -> Page:
    """A browser into which an officer has taken the file of his first key."""
    page = window(browser)
    page.goto(f"{served.address}/office/keys")
    page.locator("#file").set_input_files(served.folder / "officers" / f"{label}.json")
    page.locator(f"#who:has-text('You sign as {label}')").wait_for()
    return page


def signs(page: Page) -> str:
    """What the page says after the hold that signs."""
    with page.expect_navigation():
        page.locator("dialog[open] .hold").dispatch_event("pointerdown")
    page.locator("#done:visible").wait_for()
    return page.locator("#done").inner_text()


def without_violations(page: Page) -> None:
    wrong, left = audited(page)
    assert wrong == []
    assert [line for line in left if not line.startswith("color-contrast")] == []


def picture_of(served: Served) -> Picture:
    """The record as it is, while the hub is at work."""
    store = read_ledger(served.folder / "ledger.coldcheck")
    try:
        store.hold_still()
        return replay(store.entries())
    finally:
        store.close()


@pytest.mark.browser
@pytest.mark.slow
def test_two_officers_confirm_a_key_and_one_revokes_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served_in(tmp_path, monkeypatch) as served:
        first, second = (officers_window(browser, served, label) for label in ("UPM", "COORD"))
        who = picture_of(served).labels["ARM"]
        first.locator("#whose").select_option(who)
        first.get_by_role("button", name="Show the code").click()
        # 1. The new phone has no card: its key asks, and shows what the officers compare.
        phone = window(browser, verifies=True, size=PHONE)
        phone.goto(first.locator("figcaption").inner_text().replace("hub.set", "localhost"))
        phone.get_by_text("Make my key").click()
        phone.locator("h1 ~ p:has-text('The key asks')").wait_for()
        shown = phone.locator("p.lead b").inner_text()
        without_violations(phone)
        phone.get_by_text("Go on").click()
        phone.get_by_text("It does not count yet").wait_for()
        # 2. One officer's word is not enough; the second one's is.
        for page, said in ((first, "One officer has signed"), (second, "it counts")):
            page.goto(f"{served.address}/office/keys")
            row = page.locator(f"section[data-of=waiting] tr:has-text('{shown}')")
            row.get_by_role("button", name="Confirm").click()
            assert said in signs(page)
        assert picture_of(served).book.waiting == {}
        phone.get_by_text("Go on").click()
        phone.locator("text=armorer").wait_for()
        # 3. Revoked by one: the phone is told so the next time it asks.
        without_violations(first)
        first.goto(f"{served.address}/office/keys?lang=es")
        row = first.locator(f"section[data-of=counting] tr:has-text('{shown}')")
        row.get_by_role("button", name="Revocar").click()
        without_violations(first)
        assert first.locator("dialog .hold").count() == 0, "no reason, no signature"
        first.get_by_label("el teléfono se perdió").check()
        if "COLDCHECK_PICTURES" in os.environ:
            first.screenshot(path=Path(os.environ["COLDCHECK_PICTURES"]) / "office-keys.png")
        assert "cuenta" in signs(first)
        assert shown in first.locator("section[data-of=revoked]").inner_text()
        # 4. A cosigner is named by pasting its key.
        first.locator("#vkey").fill(COSIGNER.vkey)
        first.locator("#name button").click()
        assert "En el registro" in signs(first)
        assert COSIGNER.vkey in first.locator("section[data-of=cosigners] li:has(a)").inner_text()
        without_violations(first)
        picture = picture_of(served)
        (revoked,) = picture.book.revoked
        assert picture.keys[revoked][2] == who
        assert list(picture.book.cosigners) == [COSIGNER.vkey]
        assert stop(served).entry_count() == picture.size
    assert verify_path(served.folder / "ledger.coldcheck", vkey=None).remarks == ()


def test_the_page_is_the_offices_and_reads_without_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served_in(tmp_path, monkeypatch) as served:
        page = served.get("/office/keys").text
        assert "Officers: COORD, UPM." in page or "Officers: UPM, COORD." in page
        assert "Without them this page only shows" in page
        # Labels and roles, never a name; and every button waits for a key of this browser.
        assert not any(name in page for name in ("Vanmeer", "Halvorsen", "Farrow"))
        assert page.count('data-form="revoke"') == page.count('data-form="revoke" data-what=') == 2
        assert page.count("<button") - page.count("hidden data-form") == 2, "the two of the plain forms"
        who = picture_of(served).labels["ARM"]
        shown = served.get(f"/office/keys?phone={who}&lang=es").text
        assert f"/join#{who}</figcaption>" in shown
        assert "/join#" not in served.get("/office/keys?phone=../../x").text
        # From another machine it opens with the office's key, or for an officer who signed in.
        stranger = {"x-forwarded-for": "10.0.0.9"}
        assert httpx2.get(f"{served.address}/office/keys", headers=stranger).status_code == 403


def test_a_production_without_officers_is_told_that_nobody_decides_here(tmp_path: Path) -> None:
    hub = inquiry_hub(tmp_path)
    page = hub.client.get("/office/keys").text
    assert "names no officers" in page
    assert '<input type="file"' not in page
