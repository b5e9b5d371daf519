"""The page that leads somebody new to a first call: every button it names is there, and its steps end in a granted call."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from axe import audited
from coldcheck.station.lab.set_scene import (
    Phone,
    Tally,
    begin,
    both_answer,
    chromium,
    looks,
    served_day,
    takes_it,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.slow
def test_somebody_new_comes_from_the_board_to_a_granted_call_by_the_steps_of_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    with served_day(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.get_by_text("your first call").click()
        page.wait_for_url("**/start?lang=en")
        assert audited(page)[0] == []
        said = page.locator("ol").inner_text()
        assert "Magpie" in said
        tally = Tally()
        arm, first_ad, lead = (Phone(browser, address, label, tally) for label in ("ARM", "AD1", "LEAD"))
        arm.open("MAGPIE")
        assert named(arm, "pick_up") in said
        arm.do("pick_up")
        arm.hold()
        arm.receipt()
        arm.open("MAGPIE")
        assert named(arm, "check") in said
        begin(arm, "check", other="AD1", nxt="LEAD")
        both_answer(arm, first_ad, "MAGPIE")
        lead.open("MAGPIE")
        assert named(lead, "see") in said
        looks(lead, "MAGPIE", rounds=0)
        arm.open("MAGPIE")
        arm.do("close_show")
        arm.tap('[data-answer="0"]')
        arm.hold()
        arm.receipt()
        first_ad.open("MAGPIE")
        assert named(first_ad, "announce") in said
        first_ad.do("announce")
        first_ad.hold()
        first_ad.receipt()
        assert takes_it(lead, "MAGPIE") == "Granted"
        # At one tap every four seconds, and a minute to read the page, it is done in five minutes.
        assert 60 + 4 * tally.taps <= 300


def named(phone: Phone, what: str) -> str:
    """What the button says, in one line."""
    return phone.page.locator(f'[data-do="{what}"]').inner_text().strip()
