"""The set screens in a real browser: two people, two phones, from an unopened gun to a call that everybody sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from coldcheck.station.lab.set_scene import (
    Phone,
    Tally,
    begin,
    both_answer,
    chromium,
    comes_back,
    ends_show,
    looks,
    served_day,
    takes_it,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_day(tmp_path) as address:
        yield address


def test_two_phones_take_a_revolver_from_the_table_to_a_call_and_into_a_hand(browser: Browser, address: str) -> None:
    checks = Tally()
    armorer, witness = (Phone(browser, address, label, checks) for label in ("ARM", "AD1"))
    lead = Phone(browser, address, "LEAD", Tally())
    armorer.open("MAGPIE")
    armorer.do("pick_up")
    armorer.hold()
    armorer.receipt()
    begin(armorer, "check", other="AD1", nxt="LEAD")
    before = checks.taps
    both_answer(armorer, witness, "MAGPIE")
    # Seven answers and one hold each, besides opening the sheet and leaving it.
    assert checks.taps - before - 3 == 2 * 8
    looks(lead, "MAGPIE", rounds=0)
    ends_show(armorer, "MAGPIE", "0")
    witness.open("MAGPIE")
    witness.do("announce")
    assert "Gun Magpie: empty, 6 of 6 and bore." in witness.page.inner_text("#app")
    witness.hold()
    assert witness.receipt() == "In the record"
    assert takes_it(lead, "MAGPIE") == "Granted"
    for phone in (armorer, witness, lead):
        phone.open("MAGPIE")
        phone.page.locator(".card.empty:has-text('PROVEN')").wait_for()
        assert phone.errors == []
    board = lead.page.context.new_page()
    board.goto(f"{address}/board")
    board.locator(".card.empty:has-text('PROVEN')").wait_for()


def test_six_dummies_a_rehearsal_and_a_turnaround(browser: Browser, address: str) -> None:
    tally = Tally()
    armorer, witness, lead, camera, director = (
        Phone(browser, address, label, tally) for label in ("ARM", "AD1", "LEAD", "CAM", "DIR")
    )
    armorer.open("ANVIL")
    begin(armorer, "prepare", other="AD1", nxt="CAM", cells=6)
    both_answer(armorer, witness, "ANVIL")
    for viewer, nxt in ((camera, "director"), (director, "performer")):
        looks(viewer, "ANVIL", rounds=6)
        ends_show(armorer, "ANVIL", "show", person=nxt)
    looks(lead, "ANVIL", rounds=6)
    ends_show(armorer, "ANVIL", "0")
    witness.open("ANVIL")
    witness.do("announce")
    witness.hold()
    witness.receipt()
    assert takes_it(lead, "ANVIL") == "Granted"
    for viewer in (lead, witness):
        viewer.open("ANVIL")
        viewer.page.locator(".card.dummies:has-text('6 DUMMIES')").wait_for()
    comes_back(lead, armorer, "ANVIL")
    begin(armorer, "turn", other="AD1", nxt="LEAD")
    both_answer(armorer, witness, "ANVIL")
    looks(lead, "ANVIL", rounds=6)
    ends_show(armorer, "ANVIL", "offer")
    assert takes_it(lead, "ANVIL") == "Granted"
