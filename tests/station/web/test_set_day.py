"""A set day without anybody at a desk: what has no gun in it is signed on the phones too, from an empty record to its close."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from coldcheck.proof.sealed import seal
from coldcheck.station.lab.bench_screens import size_of
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


def says_in_words(wire: Wire, act: dict[str, object], words: str) -> None:
    """One act with sealed words, over the wire."""
    sealed, opening = seal(salt=sha256(words.encode()).digest(), field="remark", value=words)
    form = {"commitment": sealed.commitment, "salt": opening.salt.hex(), "field": "remark", "value": words}
    line1 = wire.line([{**act, "remark": sealed.commitment}])
    reply = wire.post("/api/set/entries", {"line1": line1, "signature": None, "openings": [form], "delivered": "live"})
    assert reply.get("verdict") == "admitted", reply


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


@pytest.mark.browser
def test_an_alarm_moves_nothing_under_a_finger_and_stands_on_every_screen(browser: Browser, address: str) -> None:
    armorer = Phone(browser, address, "ARM", Tally())
    armorer.page.set_viewport_size({"width": 360, "height": 740})
    tops = "() => [...document.querySelectorAll('#app a.btn, #app .guns a, #app .foot a')].map((one) => one.getBoundingClientRect().top)"
    armorer.page.locator(".guns a").first.wait_for()
    before = armorer.page.evaluate(tops)
    says_in_words(Wire(address=address, label="CAM"), {"act": "stopped", "reason": "said_on_a_phone"}, "STOP")
    armorer.page.locator(".strip.alarm:has-text('STOP stands')").wait_for()
    guns = armorer.page.locator(".guns a").count()
    after = armorer.page.evaluate(tops)
    # What waits for him came in below the strip; the strip itself moved nothing, and the foot stays where a thumb is.
    assert after[:2] == before[:2]
    assert after[-2:] == before[-2:]
    assert guns > 0
    gun = str(armorer.page.locator(".guns a").first.get_attribute("href"))
    for where in ("/day", "/me", "/do/count/-", gun.removeprefix("#")):
        armorer.page.evaluate("where => { location.hash = where; }", where)
        armorer.page.locator(".strip.alarm:has-text('STOP stands')").wait_for()
    # Nothing is anybody's next step while it stands; behind the strip is all of it, and how it is lifted.
    assert armorer.page.locator("nav .main").count() == 0
    armorer.page.locator(".strip").click()
    assert "Nothing goes on until three people have signed" in armorer.page.inner_text('[data-full="stop"]')
    armorer.page.locator('[data-do="lift"]').wait_for()


@pytest.mark.browser
def test_what_news_pushes_under_a_finger_takes_no_tap_yet(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        ad = Phone(browser, address, "AD1", Tally())
        ad.page.locator(".guns a").first.wait_for()
        # The very moment the screen is drawn anew, a finger that was on its way comes down where the first gun was.
        ad.page.evaluate(TAP_AS_IT_MOVES)
        camera = Wire(address=address, label="CAM")
        camera.sign({"act": "asked_to_see", "gun": camera.gun("Colt-1")["gun"]})
        says_in_words(camera, {"act": "concern_raised", "concern": "c0123456789AC"}, "the dolly")
        ad.page.locator('[data-do="answer_concern"]').wait_for()
        ad.page.wait_for_function("() => window.tapped !== undefined")
        assert ad.page.evaluate("() => window.tapped") == "nothing"
        assert ad.page.evaluate("() => location.hash") in {"", "#/"}
        # A moment later it is a button like any other.
        ad.page.locator('[data-do="answer_concern"]').click()
        ad.page.locator("h1:has-text('Answer a concern')").wait_for()


TAP_AS_IT_MOVES = """() => {
  const at = document.querySelector(".guns a").getBoundingClientRect(), [x, y] = [at.left + at.width / 2, at.top + at.height / 2];
  new MutationObserver(() => queueMicrotask(() => {
    if (window.tapped !== undefined || !document.querySelector('[data-do="answer_concern"]')) return;
    const under = document.elementFromPoint(x, y)?.closest("a, button");
    window.tapped = under ? under.outerHTML : "nothing";
    under?.click();
  })).observe(document.getElementById("app"), { childList: true });
}"""


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
    concern: dict[str, object] = {"act": "concern_raised", "concern": "c0123456789AB"}
    says_in_words(Wire(address=address, label="CAM"), concern, "the muzzle crosses the dolly")
    ad, lead = Wire(address=address, label="AD1"), Wire(address=address, label="LEAD")
    waits = next(one for one in ad.view()["due"] if one["do"] == "answer_concern")
    path = f"/api/set/concerns/{waits['about']}?by="
    assert ad.get(path + ad.person)["words"] == "the muzzle crosses the dolly"
    assert lead.get(path + lead.person)["words"] == ""
    assert not [one for one in lead.view()["due"] if one["do"] == "answer_concern"]


def test_what_a_phone_loads_before_it_works_without_the_hub_is_sixty_kilobytes(address: str) -> None:
    figures = size_of(address)
    assert figures <= 60_000
    # The remarks are for whoever reads the files; what runs is sent whole.
    with urlopen(f"{address}/static/set/day.js", timeout=10) as reply:  # noqa: S310  # our own hub
        sent = reply.read().decode()
    assert "//" not in sent.replace("https://", "")
    assert "export const DAY = {" in sent
