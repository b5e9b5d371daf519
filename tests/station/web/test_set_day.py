"""A set day without anybody at a desk: what has no gun in it is signed on the phones too, from an empty record to its close."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from coldcheck.proof.sealed import seal
from coldcheck.station.lab.set_scene import DAY, Phone, Tally, served_day
from coldcheck.station.store_sqlite import read_ledger
from set_client import Wire

PEOPLE = "\n".join([*(line for line in DAY.splitlines() if line.startswith(("production", "person", "day")))]) + "\n"
"""A production of people alone: no place, no gun, no round."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_day(tmp_path_factory.mktemp("day")) as address:
        yield address


@pytest.fixture(autouse=True)
def phones_put_away(browser: Browser) -> Iterator[None]:
    yield
    for context in browser.contexts:
        context.close()


def entry_lines(ledger: Path, number: int) -> str:
    """The text of one entry of a ledger that is being written."""
    store = read_ledger(ledger)
    text = store.entry(number).decode()
    store.close()
    return text


def says(phone: Phone, what: str, *answers: str | tuple[str, ...], waits: bool = False) -> None:
    """One form of the day filled in and signed: words begin with "=", several of a list are a tuple."""
    page = phone.page
    page.evaluate("() => { location.hash = '/'; }")
    if not waits:
        phone.do("day")
    phone.do(what)
    for answer in answers:
        if isinstance(answer, tuple):
            for one in answer:
                page.locator(f".stack button:has-text('{one}')").first.click()
            page.locator('[data-answer="done"]').click()
        elif answer.startswith("="):
            page.locator("form input, form textarea").first.fill(answer[1:])
            page.locator("form button[type=submit]").click()
        else:
            page.locator(f'[data-answer="{answer}"], .stack button:has-text("{answer}")').first.click()
    phone.hold()
    phone.receipt()


@pytest.mark.browser
@pytest.mark.slow
def test_a_morning_from_an_empty_record_is_signed_on_the_phones_alone(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path, PEOPLE) as address:
        armorer, ad, supplier = (Phone(browser, address, label, Tally()) for label in ("ARM", "AD1", "SUP"))
        says(armorer, "new_place", "=Barn", "set")
        says(armorer, "new_gun", "=Colt 1", "=Magpie", "single_action", "=SN-1", "=.45", "W3", "=6")
        says(armorer, "new_tray", "tray", "=Tray 1", "=12")
        says(supplier, "new_lot", "=Lot 1", "dummy", "=.45", "=12")
        says(supplier, "deliver", "Lot-1", "Tray-1", "=12", "ARM")
        says(armorer, "receive", "=12", waits=True)
        says(armorer, "open_day", waits=True)
        says(armorer, "duty_on")
        says(armorer, "arrive", "Barn")
        says(ad, "open_day", waits=True)
        says(ad, "plan", "=S 12", "rehearsal", "Barn", ("Magpie",), "COLD-DUMMY", "LEAD", ("camera",))
        says(ad, "run", "S-12", "rehearsal", "3")
        says(ad, "meeting", "S-12")
        says(armorer, "attend", waits=True)
        says(armorer, "assess", waits=True)
        seen = Wire(address=address, label="ARM").view()
        assert seen["day"] == 1
        assert seen["standing"]["place"] == "Barn"
        assert seen["standing"]["duties"] == ["armorer"]
        assert [one["scene"] for one in seen["scenes"]] == ["S-12"]
        assert [one["label"] for one in seen["guns"]] == ["Colt-1"]
        assert seen["due"] == []
        # Opened by one side and the other, nobody is asked to open it again; closed, both are.
        assert Wire(address=address, label="AD1").view()["due"] == []
        says(armorer, "close_day")
        assert [one["do"] for one in Wire(address=address, label="AD1").view()["due"]] == ["open_day"]
        assert [phone.errors for phone in (armorer, ad, supplier)] == [[], [], []]


@pytest.mark.browser
def test_a_stop_is_lifted_by_three_phones_each_in_its_own_words(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        armorer, ad, employer = (Phone(browser, address, label, Tally()) for label in ("ARM", "AD1", "EMP"))
        armorer.page.locator('.foot a[href="#/do/stop/-"]').click()
        armorer.hold()
        armorer.receipt()
        for phone, missing in ((armorer, "first AD"), (ad, "employer"), (employer, "")):
            phone.page.evaluate("() => { location.hash = '/'; }")
            phone.do("lift")
            # A slip is taken back by one question, and what was said before it stays.
            phone.page.locator("textarea").fill("nobody was near it")
            phone.page.locator("form button[type=submit]").click()
            phone.page.locator(".foot .btn:not(.hold)").click()
            phone.page.locator("textarea").fill("a shout from the street; nothing was near the gun")
            phone.page.locator("form button[type=submit]").click()
            phone.hold()
            assert missing in phone.page.inner_text("#app")
            phone.receipt()
        assert Wire(address=address, label="ARM").view()["stops"] == []
        employer.page.locator(".banner:has-text('STOP')").wait_for(state="detached")


@pytest.mark.browser
def test_what_was_signed_by_mistake_is_taken_back_from_its_receipt(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        armorer = Phone(browser, address, "ARM", Tally())
        armorer.open("ANVIL")
        armorer.do("mishap")
        armorer.answer("dropped")
        armorer.hold()
        before = Wire(address=address, label="ARM").view()["after"]["size"]
        armorer.page.get_by_text("I signed this by mistake").click()
        armorer.hold()
        armorer.page.locator("h1:has-text('In the record')").wait_for()
        # What takes back is itself not taken back with a tap.
        assert armorer.page.locator("a.touch").count() == 0
        line1 = entry_lines(tmp_path / "set.ledger", before)
        assert f'"acts":[{{"act":"retracted","entry":{before - 1}}}]' in line1


def test_each_role_is_offered_what_the_record_lets_in_from_it(address: str) -> None:
    today = {
        label: Wire(address=address, label=label).view()["today"] for label in ("ARM", "AD1", "LEAD", "SUP", "EMP")
    }
    assert {"duty_off", "plan", "new_gun", "close_day"} <= set(today["ARM"])
    assert {"plan", "run", "meeting", "close_day"} <= set(today["AD1"])
    assert today["LEAD"] == ["arrive", "concern"]
    assert "deliver" in today["SUP"]
    assert "keeper" in today["EMP"]
    assert all("deliver" not in today[label] for label in ("ARM", "AD1", "LEAD"))


def test_the_words_of_a_concern_are_for_those_who_answer_it(address: str) -> None:
    camera = Wire(address=address, label="CAM")
    sealed, opening = seal(salt=bytes(32), field="remark", value="the muzzle crosses the dolly")
    line1 = camera.line([{"act": "concern_raised", "concern": "c0123456789AB", "remark": sealed.commitment}])
    form = {"commitment": sealed.commitment, "salt": opening.salt.hex(), "field": "remark", "value": opening.value}
    camera.post("/api/set/entries", {"line1": line1, "signature": None, "openings": [form], "delivered": "live"})
    ad, lead = Wire(address=address, label="AD1"), Wire(address=address, label="LEAD")
    waits = next(one for one in ad.view()["due"] if one["do"] == "answer_concern")
    path = f"/api/set/concerns/{waits['about']}?by="
    assert ad.get(path + ad.person)["words"] == "the muzzle crosses the dolly"
    assert lead.get(path + lead.person)["words"] == ""
    assert not [one for one in lead.view()["due"] if one["do"] == "answer_concern"]
