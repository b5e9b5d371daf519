"""The set screens in a real browser: two people, two phones, from an unopened gun to a call that everybody sees."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Route

from axe import audited
from coldcheck.proof.entry import read_entry
from coldcheck.station.lab.set_scene import (
    DAY,
    SCANNED,
    Phone,
    Tally,
    begin,
    both_answer,
    comes_back,
    ends_show,
    looks,
    served_day,
    takes_it,
)
from coldcheck.station.seen_elsewhere import read_seen
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.web.catalogue import words_in
from set_client import Wire

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One hub for the tests of this file, in the order of a day: whoever begins something ends it."""
    with served_day(tmp_path_factory.mktemp("day")) as address:
        yield address


@pytest.fixture(autouse=True)
def phones_put_away(browser: Browser) -> Iterator[None]:
    """Nobody's phone goes on listening after the test it was for."""
    yield
    for context in browser.contexts:
        context.close()


def test_a_half_left_lying_for_a_minute_begins_anew_at_another_chamber(browser: Browser, address: str) -> None:
    armorer = Phone(browser, address, "ARM", Tally())
    armorer.open("ANVIL")
    begin(armorer, "check", other="AD1", nxt="-")
    armorer.answer("empty")
    armorer.page.evaluate(
        "() => { const now = performance.now.bind(performance); performance.now = () => now() + 61000; }"
    )
    armorer.page.locator("text=It lay for more than a minute").wait_for()
    assert "0 of 7" in armorer.page.inner_text("#app")
    # The other ends the sheet: its beginner is told who did, and signs what he had answered, as far as it got.
    armorer.answer("empty")
    witness = Phone(browser, address, "AD1", Tally())
    witness.open("ANVIL")
    witness.do("end_sheet")
    witness.hold()
    assert witness.receipt() == "In the record"
    armorer.page.locator("text=Ended by: first AD (entry").wait_for()
    armorer.hold()
    assert armorer.receipt() == "In the record"
    armorer.open("ANVIL")
    assert armorer.page.locator("[data-do=end_sheet]").count() == 0


def test_keys_of_a_pedal_answer_and_a_scanner_opens_the_gun(browser: Browser, address: str) -> None:
    armorer = Phone(browser, address, "ARM", Tally())
    armorer.page.evaluate(
        "() => { localStorage.setItem('whisper', 'on'); window.said = [];"
        " speechSynthesis.speak = (words) => window.said.push(words.text); }"
    )
    armorer.open("ANVIL")
    begin(armorer, "check", other="AD1", nxt="-")
    armorer.page.locator(".answers").wait_for()
    armorer.page.keyboard.press("1")
    armorer.page.get_by_text("1 of 7", exact=True).wait_for()
    armorer.page.keyboard.press("0")
    armorer.page.get_by_text("0 of 7", exact=True).wait_for()
    armorer.page.wait_for_timeout(150)
    armorer.page.keyboard.press("1")
    armorer.page.get_by_text("1 of 7", exact=True).wait_for()
    # Who chose it hears each question in his ear, and never an answer.
    said = armorer.page.evaluate("() => window.said")
    assert [words.endswith("what is in it?") for words in said] == [True, True, True, True]
    assert "EMPTY" not in "".join(said)
    armorer.page.evaluate("() => { location.hash = '/'; }")
    armorer.page.locator("h2").first.wait_for()
    armorer.page.evaluate("document.activeElement.blur()")
    armorer.page.keyboard.type("Colt-1")
    armorer.page.keyboard.press("Enter")
    armorer.page.locator("h1:has-text('Magpie')").wait_for()
    # Nobody finds an open sheet of his after him; keys alone sign that too, held like a finger, and go on.
    armorer.open("ANVIL")
    armorer.do("end_sheet")
    armorer.page.locator(".hold").wait_for()
    armorer.page.evaluate("document.activeElement.blur()")
    armorer.page.keyboard.press("Enter")
    armorer.page.wait_for_timeout(700)
    assert armorer.page.locator(".hold").count() == 1
    armorer.page.evaluate("document.activeElement.blur()")
    armorer.page.keyboard.down("Enter")
    armorer.page.locator("h1:has-text('In the record')").wait_for()
    armorer.page.keyboard.up("Enter")
    armorer.page.evaluate("document.activeElement.blur()")
    armorer.page.keyboard.press("Enter")
    armorer.page.locator("h1:has-text('Anvil')").wait_for()
    # A viewer's numbers too are themselves on the keys.
    armorer.page.evaluate("() => { location.hash = '/do/setup/-'; }")
    armorer.page.locator("text=Which plan?").wait_for()
    armorer.page.evaluate("document.activeElement.blur()")
    armorer.page.keyboard.press("2")
    armorer.page.locator("li:has-text('Which plan? S2')").wait_for()


def test_two_phones_take_a_revolver_from_the_table_to_a_call_by_the_steps_that_somebody_new_reads(
    browser: Browser, address: str
) -> None:
    start = browser.new_page(viewport={"width": 1280, "height": 720})
    start.goto(address)
    start.get_by_text("your first call").click()
    start.wait_for_url("**/start?lang=en")
    assert audited(start)[0] == []
    steps = start.locator("ol").inner_text()
    assert "Magpie" in steps
    checks = Tally()
    armorer, witness = (Phone(browser, address, label, checks) for label in ("ARM", "AD1"))
    lead = Phone(browser, address, "LEAD", Tally())
    armorer.open("MAGPIE", scanned=False)
    assert named(armorer, "pick_up") in steps
    armorer.do("pick_up")
    armorer.hold()
    armorer.receipt()
    armorer.open("MAGPIE", scanned=False)
    assert named(armorer, "check") in steps
    assert words_in("en").say("set.choose_answers_not_shown") in steps
    begin(armorer, "check", other="AD1", nxt="LEAD")
    before = checks.taps
    both_answer(armorer, witness, "MAGPIE")
    # Seven answers and one hold each, besides opening the sheet and leaving it.
    assert checks.taps - before - 3 == 2 * 8
    lead.open("MAGPIE")
    assert named(lead, "see") in steps
    looks(lead, "MAGPIE", rounds=0)
    # He has answered all of it, so nothing waits for him any more.
    assert lead.page.locator("text=Waits for you").count() == 0
    calls_unscanned(armorer, steps)
    witness.open("MAGPIE")
    assert named(witness, "announce") in steps
    witness.do("announce")
    witness.page.get_by_text("Gun Magpie: empty, 6 of 6 and bore.").first.wait_for()
    assert "In the line: camera. Offer each of them a look, then sign." in witness.page.inner_text("#app")
    witness.hold()
    witness.page.locator("h1:has-text('In the record')").wait_for()
    # What is still to come is nobody's lack, and is named with who brings it.
    assert "Still to come\n\nNot there yet: acknowledged." in witness.page.inner_text("#app").replace(
        "STILL TO COME", "Still to come"
    )
    assert "Who can: whoever takes the gun" in witness.page.inner_text("#app")
    assert witness.receipt() == "In the record"
    assert takes_it(lead, "MAGPIE") == "Granted"
    # At one tap every four seconds, and a minute to read the page, somebody new is there in five minutes.
    assert 60 + 4 * (checks.taps + lead.tally.taps) <= 300
    for phone in (armorer, witness, lead):
        phone.open("MAGPIE")
        phone.page.locator(".card.empty:has-text('PROVEN')").wait_for()
        assert phone.errors == []
    board = lead.page.context.new_page()
    board.goto(f"{address}/board")
    board.locator(".card.empty:has-text('PROVEN')").wait_for()
    a_call_that_runs_out_is_no_green_though_nobody_says_so(witness, address)
    a_phone_without_beats_shows_no_green_whatever_it_is_answered(armorer)
    a_phone_that_gets_no_view_shows_no_green(lead, address)


def calls_unscanned(armorer: Phone, steps: str) -> None:
    """The show is ended and the gun called from the list: which gun is in the hand is asked before anything can be signed."""
    armorer.open("MAGPIE", scanned=False)
    assert named(armorer, "close_show").partition(" (")[0] in steps
    armorer.do("close_show")
    armorer.answer("0")
    armorer.page.get_by_text("Which gun is in your hand?").wait_for()
    assert armorer.page.locator(".hold").count() == 0
    # The tag of the gun beside it opens that gun, and nothing is signed of the one that was asked about.
    another = armorer.page.evaluate(
        "async () => (await (await import('/static/set/queue.js')).recall('view')).guns.find(one => one.label === 'Colt-2').gun"
    )
    armorer.tap("button.main:has-text('Scan')")
    armorer.page.evaluate(SCANNED, another)
    armorer.page.get_by_text("another gun than the one you are calling").wait_for()
    armorer.open("MAGPIE", scanned=False)
    armorer.do("close_show")
    armorer.answer("0")
    said = armorer.page.locator('[data-answer="demo"]').inner_text()
    assert said in steps
    armorer.answer("demo")
    armorer.hold()
    assert armorer.receipt() == "In the record"


def a_phone_that_gets_no_view_shows_no_green(lead: Phone, address: str) -> None:
    """Beats go on, but what this phone asks for is refused: what it showed last is not what the record says now."""
    sentence = "Nobody of that name is on the crew list here. Choose who you are again."
    refusal = json.dumps({"sentence": sentence, "kind": "BadRequest", "again": False})
    lead.page.route("**/api/set/view*", lambda asked: asked.fulfill(status=422, body=refusal))
    something_happens(address)
    lead.page.locator(".card.loaded").first.wait_for()
    assert lead.page.locator(".card.empty").count() == 0


def a_call_that_runs_out_is_no_green_though_nobody_says_so(witness: Phone, address: str) -> None:
    """The hub's word that it lapsed may come late: the phone counts down by itself."""

    def nearly_over(asked: Route) -> None:
        view = asked.fetch().json()
        for gun in view["guns"]:
            gun["ends_in_ms"] = gun["ends_in_ms"] and 2_500
        asked.fulfill(json=view)

    witness.page.route("**/api/set/view*", nearly_over)
    something_happens(address)
    witness.page.locator("[data-ends]").wait_for()
    witness.page.locator(".card.loaded").first.wait_for()
    assert witness.page.locator(".card.empty").count() == 0
    witness.page.unroute("**/api/set/view*")


def a_phone_without_beats_shows_no_green_whatever_it_is_answered(armorer: Phone) -> None:
    """The network comes back and the stream does not: an answer to one question says nothing of the next minute."""
    armorer.page.locator(".card.empty").first.wait_for()
    armorer.page.route("**/api/set/events*", lambda asked: asked.abort())
    is_asked_who_he_is(armorer)
    silent = armorer.page.locator(".banner:has-text('Hub silent')")
    silent.wait_for()
    is_asked_who_he_is(armorer)
    armorer.page.wait_for_timeout(500)
    assert silent.count() == 1
    assert armorer.page.locator(".card.empty").count() == 0
    armorer.page.unroute("**/api/set/events*")
    armorer.page.locator(".card.empty").first.wait_for()


def is_asked_who_he_is(phone: Phone) -> None:
    """He says it again: the phone asks for his view, and is answered."""
    phone.page.evaluate("() => { location.hash = '/who'; }")
    with phone.page.expect_response("**/api/set/view*") as answered:
        phone.page.locator(f'[data-label="{phone.label}"]').click()
    assert answered.value.ok
    phone.page.locator("#code").wait_for()


def something_happens(address: str) -> None:
    wire = Wire(address=address, label="CAM")
    wire.sign({"act": "presence_declared", "place": wire.view()["places"][0]["place"]})


def named(phone: Phone, what: str) -> str:
    """What the button says, in one line."""
    return phone.page.locator(f'[data-do="{what}"]').inner_text().strip()


def test_let_go_before_six_tenths_of_a_second_nothing_is_signed(browser: Browser, address: str) -> None:
    phone = Phone(browser, address, "CAM", Tally())
    phone.open("MAGPIE")
    phone.tap("text=Show me")
    button = phone.page.locator(".hold")
    button.dispatch_event("pointerdown")
    phone.page.wait_for_timeout(200)
    button.dispatch_event("pointerup")
    phone.page.wait_for_timeout(700)
    assert phone.page.locator(".hold").count() == 1
    phone.hold()
    assert phone.receipt() == "In the record"


def test_nothing_is_drawn_anew_under_a_finger_so_that_what_it_went_down_on_is_what_it_presses(
    browser: Browser, address: str
) -> None:
    page = Phone(browser, address, "CAM", Tally()).page
    page.locator(".guns a").first.wait_for()
    # The finger stays down for as long as the clock of this page stands still.
    page.evaluate("""() => {
        const still = performance.now(); performance.now = () => still;
        document.querySelector(".guns a").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
        location.hash = "/me";
    }""")
    page.wait_for_timeout(300)
    assert page.locator(".guns a").count() > 0
    page.evaluate("document.body.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))")
    page.locator("h1:has-text('This phone')").wait_for()
    assert page.locator(".guns a").count() == 0


def test_six_dummies_a_rehearsal_a_turnaround_and_a_take_in_which_all_but_stop_is_silent(
    browser: Browser, address: str
) -> None:
    tally = Tally()
    armorer, witness, lead, camera, director = (
        Phone(browser, address, label, tally) for label in ("ARM", "AD1", "LEAD", "CAM", "DIR")
    )
    armorer.open("ANVIL")
    begin(armorer, "prepare", other="AD1", nxt="LEAD", cells=6)
    both_answer(armorer, witness, "ANVIL")
    # One show: it is for the performer, and two others who scan the gun look along and sign what they saw.
    for viewer in (camera, director):
        looks(viewer, "ANVIL", rounds=6)
    armorer.open("ANVIL")
    armorer.page.locator("text=Looked along and signed: camera, director.").wait_for()
    assert camera.page.locator("[data-do=see]").count() == 0
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
    assert Wire(address=address, label="CAM").view()["taking"] is False
    for phone in (witness, camera):
        phone.page.evaluate(LISTEN)
    armorer.open("PELICAN")
    armorer.do("pick_up")
    armorer.hold()
    armorer.receipt()
    # A control: before the take a sheet that waits for somebody is felt, and a question is heard.
    ask_beside(armorer, witness)
    assert witness.page.evaluate("() => window.buzzed.length") > 0
    assert "Can it hold a cartridge?" in str(witness.page.evaluate("() => window.said"))
    assert takes_it(lead, "ANVIL") == "Granted"
    # The run's second part is a take: every phone keeps quiet now.
    for phone in (witness, camera):
        phone.page.wait_for_function("async () => (await import('/static/set/dom.js')).quiet.now")
        phone.page.evaluate("() => { window.buzzed = []; window.said = []; }")
    ask_beside(armorer, witness)
    for phone in (witness, camera):
        assert phone.page.evaluate("() => [...window.buzzed, ...window.said]") == []
    stop_turns_every_screen(address, director, armorer, lead, (witness, camera))


def stop_turns_every_screen(
    address: str, director: Phone, armorer: Phone, lead: Phone, quiet: tuple[Phone, Phone]
) -> None:
    """Except STOP: one tap and one hold; every screen turns, is felt, and is known to have turned."""
    board = lead.page.context.new_page()
    board.goto(f"{address}/board")
    before = director.tally.taps
    director.tap("a.stop")
    director.hold()
    assert director.tally.taps == before + 2
    for phone in quiet:
        phone.page.wait_for_function(
            "() => window.buzzed.some((beat) => beat[0] === 400) && window.said.includes('STOP')"
        )
    lead.open("ANVIL")
    lead.page.locator(".card.loaded:has-text('stop')").wait_for()
    lead.page.locator(".banner:has-text('STOP stands')").wait_for()
    board.locator("text=STOP open since").first.wait_for()
    # Who sees to the set is told which screens show it, and the office has a row for each.
    armorer.page.locator(".told:has-text('STOP')").wait_for()
    assert quiet[1].page.locator(".told").count() == 0
    rows = shown_rows(address)
    assert {row["label"] for row in rows} >= {"ARM", "AD1", "LEAD", "CAM", "DIR", ""}
    assert all(isinstance(row["shown_ms"], int) for row in rows)


def shown_rows(address: str) -> list[dict[str, object]]:
    """The office's rows of the newest STOP, when every screen has answered or its patience is over."""
    for _ in range(40):
        with urlopen(f"{address}/office/deliveries.json", timeout=10) as reply:  # noqa: S310  # our own hub
            every = json.load(reply)["rows"]
        rows = [row for row in every if "STOP" in row["told_of"]]
        if rows and all(isinstance(row["shown_ms"], int) for row in rows):
            break
        time.sleep(0.25)
    return rows


LISTEN = """() => {
  window.buzzed = []; window.said = [];
  navigator.vibrate = (beat) => window.buzzed.push(beat);
  speechSynthesis.speak = (words) => window.said.push(words.text);
  localStorage.setItem("whisper", "on");
}"""


def ask_beside(armorer: Phone, witness: Phone) -> None:
    """A sheet on another gun waits for the witness, who opens it and answers; then it is ended."""
    armorer.open("PELICAN")
    begin(armorer, "check", other="AD1", nxt="-")
    witness.open("PELICAN")
    witness.tap("text=Answer for yourself")
    witness.answer("inert")
    witness.page.locator("h1:has-text('Your 1 answers')").wait_for()
    witness.open("PELICAN")
    witness.do("end_sheet")
    witness.hold()
    witness.receipt()


def test_a_round_that_both_call_live_is_nobodys_next_step(browser: Browser, tmp_path: Path) -> None:
    """Two sets of answers that agree on a live round never read as if the gun went on to its show."""
    with served_day(tmp_path) as address:
        armorer, witness = Wire(address=address, label="ARM"), Phone(browser, address, "AD1", Tally())
        Wire(address=address, label="CAM").sign({"act": "asked_to_see", "gun": armorer.gun("Colt-2")["gun"]})
        sheet = armorer.begin("Colt-2", other=Wire(address=address, label="AD1").person)
        armorer.half(sheet, {"3": "live"})
        witness.open("ANVIL")
        # Who asked to see is on every phone that has the gun before it, not on the board alone.
        witness.page.locator(".card:has-text('Asked to see it: camera')").wait_for()
        witness.tap("text=Answer for yourself")
        witness.page.locator(".answers").wait_for()
        while witness.page.locator(".answers").count():
            if "Chamber 3" in witness.page.locator("h1").inner_text():
                witness.tap('[data-answer="other"]')
                witness.page.wait_for_timeout(150)
                witness.answer("live")
            else:
                witness.page.locator(".answers .btn").first.click()
            witness.page.wait_for_timeout(150)
        witness.hold()
        witness.page.locator("h1:has-text('Both are in')").wait_for()
        said = witness.page.inner_text("#app")
        assert "Nobody opens, unloads or moves it." in said
        assert "Next it is shown" not in said
        assert witness.page.locator(".foot a.stop").count() == 1
        assert witness.errors == []


def test_a_code_of_nowhere_is_told_what_to_do(browser: Browser, address: str) -> None:
    armorer = Phone(browser, address, "ARM", Tally())
    armorer.page.fill("#code", "https://elsewhere.example/g/g0000000000AA")
    armorer.page.keyboard.press("Enter")
    armorer.page.locator("text=This is not a gun of this production").wait_for()


def test_a_second_tab_shows_what_the_first_one_signed_and_signs_on(browser: Browser, address: str) -> None:
    first = Phone(browser, address, "PM", Tally())
    tab = first.page.context.new_page()
    tab.goto(f"{address}/set/")
    tab.locator('[data-label="PM"]').click()
    tab.locator(".guns a:has-text('MAGPIE')").click()
    for page in (first.page, tab):
        page.evaluate("() => { location.hash = '/'; }")
        page.locator(".guns a:has-text('MAGPIE')").click()
        page.locator("text=Show me").click()
        page.locator(".hold").dispatch_event("pointerdown")
        page.locator("h1:has-text('In the record')").wait_for()
        # Signed one after the other with one key, neither is missing before the other.
        assert "Another act of this key is missing" not in page.inner_text("#app")
        page.locator("text=Go on").click()


def signs_in_and_is_shown(phone: Phone) -> None:
    phone.page.evaluate("() => { location.hash = '/'; }")
    phone.page.locator(".guns a:has-text('MAGPIE')").click()
    phone.page.locator("text=Show me").click()
    phone.page.locator(".hold").dispatch_event("pointerdown")
    phone.page.locator("h1:has-text('In the record')").wait_for()


def test_a_phone_keeps_a_receipt_that_proves_its_act_and_says_when_an_answer_proves_nothing(
    browser: Browser, address: str
) -> None:
    phone = Phone(browser, address, "PM", Tally())
    signs_in_and_is_shown(phone)
    link = phone.page.locator("a[download]")
    href = str(link.get_attribute("href"))
    _note, receipt = read_seen(b64decode(href.split(",")[1]))
    assert receipt is not None
    assert link.get_attribute("download") == f"receipt-{receipt.entry_index}.tlog-proof"
    assert "does not prove" not in phone.page.inner_text("#app")
    phone.page.locator("text=Go on").click()
    phone.page.evaluate("() => { location.hash = '/me'; }")
    links = phone.page.locator("a[download]")
    links.first.wait_for()
    # The newest first, and those of earlier acts of this phone behind it.
    assert links.first.inner_text() == f"#{receipt.entry_index}"
    assert links.first.get_attribute("href") == href

    def changed(route: Route) -> None:
        reply = route.fetch()
        said = reply.json()
        # One letter of what the hub says it wrote behind the act: the proof is for other bytes.
        route.fulfill(response=reply, json={**said, "note": said["note"].replace('"boot":"', '"boot":"x')})

    phone.page.route("**/api/set/entries", changed)
    signs_in_and_is_shown(phone)
    phone.page.locator("text=its answer does not prove that it is in the record").wait_for()
    assert phone.page.locator("a[download]").count() == 0


def test_a_receiver_counts_for_himself_and_the_halves_meet(browser: Browser, address: str) -> None:
    master = Phone(browser, address, "PM", Tally())
    master.do("receive")
    assert "6" not in master.page.locator("h1, .lead").all_inner_texts()
    master.page.locator("input").fill("6")
    master.page.locator("input").press("Enter")
    master.hold()
    assert master.receipt() == "In the record"
    master.page.locator('[data-do="receive"]').wait_for(state="detached")


def test_two_people_count_blind(browser: Browser, address: str) -> None:
    for label, number in (("PM", "12"), ("AD1", "11")):
        phone = Phone(browser, address, label, Tally())
        phone.page.locator('[data-do="count"]').first.click()
        phone.page.locator("button:has-text('Tray-1')").click()
        assert "12" not in phone.page.inner_text("#app")
        phone.page.locator("input").fill(number)
        phone.page.locator("input").press("Enter")
        phone.hold()
        said = phone.receipt()
        assert said == "In the record"


PISTOL = """07:40 ARM registers gun Pistol-1 word Lark serial SN-4 semi_automatic .45 W3 with 1 chambers and 1 bores
07:40 ARM registers magazine Mag-1 with 3 cells
07:41 ARM picks up Mag-1
07:41 ARM picks up Pistol-1
07:42 AD1 plans rehearsal S3 at Barn with Pistol-1: COLD-DUMMY for LEAD
07:42 AD1 holds the meeting for S3
07:43 ARM attends the meeting for S3
07:43 LEAD attends the meeting for S3
07:44 ARM assesses S3
"""


def test_a_magazine_is_filled_shown_put_in_and_called_with_its_gun(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path, DAY + PISTOL) as address:
        armorer, witness, lead = (Phone(browser, address, label, Tally()) for label in ("ARM", "AD1", "LEAD"))
        armorer.open("MAG-1")
        begin(armorer, "prepare", other="AD1", nxt="LEAD", cells=2)
        both_answer(armorer, witness, "MAG-1")
        armorer.page.locator("text=3 of 3 places answered by two people").wait_for()
        lead.open("MAG-1")
        lead.do("see")
        for said in ("3", "2", "dummy", "round", "round", "empty"):
            lead.answer(said)
        lead.hold()
        lead.receipt()
        ends_show(armorer, "MAG-1", "close")
        # The magazine is a thing of its own on every screen, and stands for itself as nothing but loaded.
        assert armorer.page.locator(".card.loaded").count() == 1
        armorer.open("LARK")
        armorer.do("insert")
        armorer.tap("button:has-text('Mag-1')")
        armorer.hold()
        assert armorer.receipt() == "In the record"
        armorer.page.locator("text=In it: Mag-1").wait_for()
        begin(armorer, "check", other="AD1", nxt="LEAD")
        both_answer(armorer, witness, "LARK")
        lead.open("LARK")
        lead.do("see")
        for said in ("1", "0"):
            lead.answer(said)
        lead.hold()
        lead.receipt()
        ends_show(armorer, "LARK", "0")
        witness.open("LARK")
        witness.do("announce")
        witness.hold()
        witness.receipt()
        assert takes_it(lead, "LARK") == "Granted"
        lead.open("LARK")
        lead.page.locator(".card.dummies:has-text('2 DUMMIES')").wait_for()
        for phone in (armorer, witness, lead):
            assert phone.errors == []


MAGAZINE = """07:40 ARM registers magazine Mag-1 with 3 cells
07:41 ARM picks up Mag-1
"""


def test_a_magazine_and_a_tray_go_from_hand_to_hand_on_two_phones(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path, DAY + MAGAZINE) as address:
        armorer, master, lead = (Phone(browser, address, label, Tally()) for label in ("ARM", "PM", "LEAD"))
        armorer.open("MAG-1")
        armorer.do("hand_over")
        armorer.tap("button:has-text('PM')")
        armorer.hold()
        assert armorer.receipt() == "In the record"
        armorer.page.locator("text=Offered to: property master").wait_for()
        # Nobody else is offered it, and who comes to that screen all the same is told so and signs nothing.
        lead.page.evaluate("name => { location.hash = name; }", f"/do/take/{containers(address)['Mag-1']}")
        lead.page.locator("text=Nothing is offered to you here").wait_for()
        assert lead.page.locator(".hold").count() == 0
        master.page.locator("a:has-text('MAG-1')").click()
        master.page.locator('[data-do="take"]').wait_for()
        master.page.keyboard.press("1")
        master.hold()
        assert master.receipt() == "In the record"
        master.page.locator("text=In your hands").wait_for()
        tray_goes_on(armorer, lead)
        assert who_has(address, "Mag-1") == {"hold": "person", "yours": True, "who": "property_master"}
        # Taken past the screens, without an offer, it is in the record as what it is: two people say different things.
        taker, giver = (Wire(address=address, label=label) for label in ("CAM", "PM"))
        taker.sign({"act": "taken", "item": containers(address)["Mag-1"], "giver": giver.person})
        assert who_has(address, "Mag-1")["hold"] == "disputed"
        for phone in (armorer, master, lead):
            assert phone.errors == []


def containers(address: str) -> dict[str, str]:
    view = Wire(address=address, label="ARM").view()
    return {one["label"]: one["container"] for one in view["containers"]}


def who_has(address: str, label: str) -> dict[str, object]:
    """How the property master's phone is told who has a container."""
    view = Wire(address=address, label="PM").view()
    return next(dict(one["held"]) for one in view["containers"] if one["label"] == label)


def tray_goes_on(armorer: Phone, lead: Phone) -> None:
    """What is not answered place by place has a screen of its own, and a key of a pedal takes it."""
    tray = containers(armorer.address)["Tray-1"]
    armorer.page.evaluate("() => { location.hash = '/'; }")
    armorer.page.locator("a:has-text('Tray-1')").click()
    armorer.do("hand_over")
    armorer.tap("button:has-text('LEAD')")
    armorer.hold()
    assert armorer.receipt() == "In the record"
    lead.page.evaluate("() => { location.hash = '/'; }")
    lead.page.locator("a:has-text('Take it · Tray-1')").click()
    lead.page.locator('[data-do="take"]').wait_for()
    assert audited(lead.page)[0] == []
    lead.page.keyboard.press("1")
    lead.hold()
    assert lead.receipt() == "In the record"
    lead.page.locator("text=In your hands").wait_for()
    assert lead.page.locator(f'[data-do="hand_over"][href$="{tray}"]').count() == 1


def test_an_act_signed_without_the_hub_waits_and_is_delivered_once_as_queued(browser: Browser, tmp_path: Path) -> None:
    with served_day(tmp_path) as address:
        waits_and_is_delivered(browser, address, tmp_path)


def waits_and_is_delivered(browser: Browser, address: str, tmp_path: Path) -> None:
    phone = Phone(browser, address, "ARM", Tally())
    page, context = phone.page, phone.page.context
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.open("MAGPIE")
    context.set_offline(True)
    phone.do("pick_up")
    phone.hold()
    page.locator("h1:has-text('kept on this phone')").wait_for()
    page.locator("b:text-is('QUEUED')").wait_for()
    phone.tap("text=Go on")
    # Signed is not heard: the screen says so, also after a reload and in a second tab, and the gun is treated as loaded.
    page.reload()
    second = context.new_page()
    second.goto(f"{address}/set/")
    page.locator("text=Waiting on this phone: 1.").wait_for()
    page.locator(".card.loaded").first.wait_for()
    page.locator("b:text-is('Signed on this phone and not yet in the record')").wait_for()
    page.evaluate("() => { location.hash = '/'; }")
    page.locator(".card:has-text('MAGPIE') b:text-is('QUEUED')").wait_for()
    assert page.locator(".card:has-text('ANVIL') b:text-is('QUEUED')").count() == 0
    # The marks of a demo and of a drill do not go with the hub.
    assert "DEMO" in page.inner_text("#app")
    assert page.locator(".empty, .dummies, .blanks, .replica").count() == 0
    context.set_offline(False)
    page.locator("text=Waiting on this phone").wait_for(state="detached")
    phone.open("MAGPIE")
    page.locator("text=In your hands").wait_for()
    store = read_ledger(tmp_path / "set.ledger")
    found = [read_entry(data) for data in store.entries() if b'"act":"picked_up"' in data]
    store.close()
    assert [entry.receipt["delivered"] for entry in found] == ["live", "queued"]


def test_an_unexpected_shot_says_on_the_board_and_on_every_phone_what_to_treat_as_live(
    browser: Browser, address: str
) -> None:
    lead, wire = Phone(browser, address, "LEAD", Tally()), Wire(address=address, label="ARM")
    board = lead.page.context.new_page()
    board.goto(f"{address}/board")
    assert lead.page.locator("[data-secure]").count() == board.locator(".flag.secure").count() == 0
    wire.sign({"act": "discharged", "gun": wire.gun("Colt-2")["gun"], "planned": False, "shots": 1, "hit": []})
    lead.page.locator("[data-secure]:has-text('Treat as live, secure now: ANVIL')").wait_for()
    board.locator(".flag.secure:has-text('Treat as live, secure now: ANVIL')").wait_for()
