"""From a paper to the matrix by keyboard alone, and a first account locked in the browser: a scripted reader and a witness."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page

from axe import audited
from coldcheck.custody import acts as a
from coldcheck.station.inquiry_text import open_desk
from coldcheck.station.lab.set_scene import PATIENCE_MS, served_day
from coldcheck.station.store_sqlite import read_ledger
from inquiry_days import Filing, day_text, handed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAPER = Path(__file__).parent.parent.parent / "fixtures" / "statements" / "quarry.txt"
WORDS = "I stood at the door. I heard one shot. Nobody had shown me the gun."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("inquiry")
    with served_day(folder, day_text(Filing(), coverage=True)) as address:
        yield address, folder / "set.ledger"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def signs_in(page: Page, address: str) -> None:
    page.goto(f"{address}/inquiry")
    page.locator('[data-label="COMP"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/inquiry")


def files_paper(page: Page, address: str, label: str, text: str) -> None:
    page.goto(f"{address}/inquiry/read")
    page.locator("[name=label]").fill(label)
    page.locator("[name=published]").fill("2024-05-16")
    page.locator("[name=pasted]").fill(text)
    page.locator("[name=pasted]").press("Tab")
    page.locator("button.btn").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/inquiry/read/{label}")
    page.locator(".card.open").wait_for()


def card(page: Page) -> dict[str, Any]:
    """What is open in the margin."""
    shown = page.evaluate(
        "() => { const one = document.querySelector('.card.open'); return one && { item: one.dataset.item, text: one.innerText,"
        " claim: Boolean(one.querySelector('.claim-form')), enters: one.querySelector('[data-first]')?.innerText ?? '' }; }"
    )
    return cast("dict[str, Any]", shown or {})


def goes_on(page: Page, item: str) -> None:
    """Waits until the item that was decided is not the open one any more."""
    page.wait_for_function(
        "(item) => document.querySelector('.card.open')?.dataset.item !== item || document.querySelector('#state .note')",
        arg=item,
    )


def leaves_the_rest(page: Page, first: str) -> None:
    """What is told inside the first statement is none of its own: n, until nothing is left."""
    goes_on(page, first)
    while shown := card(page):
        page.keyboard.press("n")
        goes_on(page, shown["item"])
    page.locator("text=Every sentence").wait_for()


def test_a_paper_becomes_statements_and_claims_in_at_most_three_actions_each(
    page: Page, served: tuple[str, Path]
) -> None:
    address, ledger = served
    signs_in(page, address)
    files_paper(page, address, "ART-1", PAPER.read_text(encoding="utf-8"))
    on_statements = on_net = statements = 0
    for _ in range(200):
        shown = card(page)
        if not shown:
            break
        if "Enter" in shown["enters"] and "no statement" in shown["enters"]:
            page.keyboard.press("Enter")
            on_net += 1
            goes_on(page, shown["item"])
            continue
        # Where the rules offer a speaker Enter takes him; elsewhere a person is chosen by number. Nobody is preselected.
        if statements == 0:
            page.keyboard.press("s")
            page.keyboard.type("lead")
            on_statements += 1
        page.keyboard.press("Enter" if "said by" in shown["enters"] or statements == 0 else "1")
        page.locator(".claim-form [name=proposition]").wait_for()
        page.keyboard.press("Enter")
        on_statements, statements = on_statements + 2, statements + 1
        goes_on(page, shown["item"])
    assert "Every sentence with a sign of speech was looked at" in page.inner_text("#state")
    assert statements >= 15
    assert (on_statements + on_net) / statements <= 3
    page.goto(f"{address}/inquiry")
    assert page.locator(".claim").count() == statements
    page.goto(f"{address}/inquiry/read/ART-1")
    page.locator("text=Every sentence with a sign of speech was looked at").wait_for()
    store = read_ledger(ledger)
    log = b"".join(store.entries())
    store.close()
    person = page.evaluate("() => fetch('/api/inquiry/reading/ART-1').then((reply) => reply.json())")
    lead = next(one["person"] for one in person["crew"] if one["label"] == "LEAD")
    named = f'"speaker":"{lead}"'.encode()
    assert log.count(b'"act":"statement_recorded"') == statements
    # The first speaker who was typed by a label of the crew is that person; the others stay words.
    assert log.count(named) == 1
    # The paper's words are in no entry: only their commitments are.
    assert b"quarry" not in log.lower()


def test_a_speaker_named_inside_the_words_is_never_offered_and_hostile_words_stay_words(
    page: Page, served: tuple[str, Path]
) -> None:
    address, _ledger = served
    signs_in(page, address)
    text = (
        "According to an affidavit, the guard, Ottoline Fray, said Ottoline Fray loaded the gun.\n\n"
        '“<img src=x onerror="window.hit=1"> it was cold,” said Isolde Marchbank.\n'
    )
    files_paper(page, address, "ART-2", text)
    data = page.evaluate("() => fetch('/api/inquiry/reading/ART-2').then((reply) => reply.json())")
    for each in data["items"]:
        assert not (each["offered"] and each["speaker"].split()[-1] in each["words"])
    assert page.evaluate("() => window.hit") is None
    assert page.locator("#text img").count() == 0
    assert "<img src=x" in page.inner_text("#text")


def test_another_printing_is_suggested_and_a_person_confirms_it(page: Page, served: tuple[str, Path]) -> None:
    address, ledger = served
    signs_in(page, address)
    files_paper(page, address, "ART-3", "“I was told the gun was cold at noon,” said Isolde Marchbank.\n")
    page.keyboard.press("Enter" if "said by" in card(page)["enters"] else "1")
    page.locator(".claim-form [name=proposition]").wait_for()
    page.keyboard.press("Enter")
    leaves_the_rest(page, "0")
    files_paper(
        page, address, "ART-4", "“I was told [the] gun was cold, at noon,” Isolde Marchbank told a radio station.\n"
    )
    assert "The same words stand in ART-3-T1" in card(page)["text"]
    page.keyboard.press("r")
    page.locator("text=another printing of ART-3-T1").wait_for()
    page.keyboard.press("Enter" if "said by" in card(page)["enters"] else "1")
    page.locator(".claim-form [name=proposition]").wait_for()
    page.keyboard.press("Escape")
    leaves_the_rest(page, "0")
    store = read_ledger(ledger)
    acts = [act for data in store.entries() for act in json.loads(data.split(b"\n", 1)[0])["acts"]]
    store.close()
    said = {
        act["label"]: act
        for act in acts
        if act["act"] == "statement_recorded" and act["label"].startswith(("ART-3", "ART-4"))
    }
    assert said["ART-4-T1"]["rendering_of"] == said["ART-3-T1"]["ref"]
    assert said["ART-3-T1"]["rendering_of"] == ""


def test_a_first_account_is_offered_then_locked_here_and_opened_by_its_author(
    page: Page, served: tuple[str, Path]
) -> None:
    address, ledger = served
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url} {request.post_data or ''}"))
    page.goto(f"{address}/set/")
    page.locator('[data-label="LEAD"]').click()
    page.goto(f"{address}/account")
    seen = page.inner_text("main")
    for words in (
        "You do not have to",
        "It may be evidence",
        "Declining is recorded as nothing",
        "lawyer or your union",
    ):
        assert words in seen
    # Before the first word there is nothing to write in.
    assert page.locator("textarea").count() == 0
    page.locator("#want").focus()
    page.keyboard.press("Enter")
    page.locator("textarea").fill(WORDS)
    assert not any("POST" in one for one in sent)
    page.locator("#seal").click()
    page.locator("#code").wait_for()
    code = page.inner_text("#code").replace(" ", "")
    assert len(code) == 64
    assert not any(WORDS in one or code in one or "Nobody had shown" in one for one in sent)
    store = read_ledger(ledger)
    (sealed,) = [
        act
        for data in store.entries()
        for act in json.loads(data.split(b"\n", 1)[0])["acts"]
        if act["act"] == "first_account_sealed"
    ]
    locked = store.apart(sealed["sha256"])
    store.close()
    assert locked is not None
    assert locked.startswith(b"coldcheck/first-account/v1\n")
    assert b"shot" not in locked
    page.locator("[data-open]").click()
    page.locator("p.own").wait_for()
    assert page.inner_text("p.own") == WORDS
    page.locator("[data-give]").click()
    page.locator("[role=alert]", has_text="Opened by you").wait_for()


def test_legal_process_opens_an_account_under_a_name_and_its_author_is_told(
    page: Page, browser: Browser, served: tuple[str, Path]
) -> None:
    address, ledger = served
    page.goto(f"{address}/set/")
    page.locator('[data-label="LEAD"]').click()
    page.goto(f"{address}/account")
    page.locator("#want").click()
    page.locator("textarea").fill("I saw the lid open.")
    page.locator("#seal").click()
    code = page.inner_text("#code")
    police = browser.new_context(viewport={"width": 390, "height": 844})
    police.set_default_timeout(PATIENCE_MS)
    desk = police.new_page()
    signs_in(desk, address)
    desk.goto(f"{address}/inquiry/accounts")
    assert "sealed" in desk.inner_text("main")
    desk.locator("[name=account]").select_option(index=desk.locator("[name=account] option").count() - 1)
    for name, words in (("issuer", "The county court"), ("order", "CV 12/26"), ("dated", "2026-03-02")):
        desk.locator(f"[name={name}]").fill(words)
    desk.locator("[name=code]").fill("00" * 32)
    desk.locator("button.btn").click()
    desk.locator("[role=alert]", has_text="does not open this account").wait_for()
    desk.locator("[name=code]").fill(code)
    desk.locator("button.btn").click()
    desk.locator("[role=alert]", has_text="its author is told").wait_for()
    assert audited(desk)[0] == []
    police.close()
    store = read_ledger(ledger)
    last = json.loads(list(store.entries())[-1].split(b"\n")[0])["acts"]
    assert [act["act"] for act in last] == ["source_filed", "first_account_opened", "notice_given"]
    assert store.apart(last[0]["sha256"]) == b"I saw the lid open."
    assert b"lid" not in b"".join(store.entries())
    store.close()
    page.goto(f"{address}/account")
    page.locator("[data-told]", has_text="Legal process opened this account").wait_for()


def test_declining_leaves_nothing(page: Page, served: tuple[str, Path]) -> None:
    address, ledger = served
    before = read_ledger(ledger)
    size = before.entry_count()
    before.close()
    page.goto(f"{address}/account")
    page.locator("#decline").click()
    page.wait_for_url("**/board")
    after = read_ledger(ledger)
    assert after.entry_count() == size
    after.close()


def test_the_pages_of_the_inquiry_stand_under_axe(page: Page, served: tuple[str, Path]) -> None:
    address, _ledger = served
    signs_in(page, address)
    files_paper(page, address, "ART-9", "“It was cold,” said Isolde Marchbank.\n\nThe works are closed.\n")
    found: dict[str, tuple[list[str], list[str]]] = {"card": audited(page)}
    page.keyboard.press("1")
    page.locator(".claim-form summary").click()
    found["claim"] = audited(page)
    for path in (
        "/inquiry/read",
        "/inquiry",
        "/inquiry/registers",
        "/inquiry/knowledge",
        "/inquiry/enter",
        "/inquiry/accounts",
        "/account",
    ):
        page.goto(f"{address}{path}?theme=dark")
        page.locator("main").wait_for()
        found[path] = audited(page)
    assert {name: both[0] for name, both in found.items() if both[0]} == {}


def test_a_court_paper_is_filed_with_number_affiant_and_paragraph_and_what_is_told_inside_another(
    page: Page, served: tuple[str, Path]
) -> None:
    address, ledger = served
    signs_in(page, address)
    page.goto(f"{address}/inquiry/read")
    assert not page.locator("[name=affiant]").is_visible()
    page.locator("[name=kind]").select_option("court_document")
    for name, words in (("label", "AFF-7"), ("court", "Third District"), ("number", "D-307"), ("affiant", "AD1")):
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=sworn]").fill("2026-03-04")
    text = "This browser is not supported.\n\n1. The barn was locked.\n\n2. Casimir Thrupp said Isolde Marchbank told him that the gun was cold.\n"
    page.locator("[name=pasted]").fill(text)
    page.locator(".paper button.btn").click()
    page.wait_for_url("**/inquiry/read/AFF-7")
    page.locator("p.struck").wait_for()
    for number in range(2):
        page.locator(".card.open [data-who]").first.wait_for()
        page.keyboard.press("1")
        page.locator(".claim-form").wait_for()
        if number == 0:
            page.locator(".claim-form summary").click()
            assert page.locator("[name=paragraph]").input_value() == "2"
            page.locator("[name=forwhom]").fill("Isolde Marchbank")
        page.locator(".claim-form button.btn").first.click()
        page.wait_for_function(f"() => document.querySelector('#state').innerText.includes('{number + 1} statements')")
    desk, store = open_desk(ledger)
    try:
        source = next(one.act for one in desk.files.sources.values() if one.act.label == "AFF-7")
        outer, inner = (one.act for one in desk.files.statements.values() if one.act.source == source.ref)
        claims = [one.act for one in desk.files.claims.values() if one.act.statement in {outer.ref, inner.ref}]
        assert [text[one.start : one.end] for one in source.struck] == ["This browser is not supported."]
        assert desk.label(source.court[0].affiant) == "AD1"
        assert (desk.words(source.court[0].number), source.court[0].sworn.start) == ("D-307", "2026-03-04")
        assert (outer.paragraph, inner.paragraph, inner.nested_in, outer.nested_in) == ("2", "2", outer.ref, "")
        assert [desk.words(each) for each in outer.on_behalf_words] == ["Isolde Marchbank"]
        assert a.TermRow(term="cold", meaning="") in claims[1].terms
    finally:
        store.close()


def test_the_reply_slot_of_who_is_named_is_opened_where_the_claim_stands(page: Page, tmp_path: Path) -> None:
    filing = Filing()
    filing.claim("ARM", "He handed it over", handed("AD1"))
    with served_day(tmp_path, day_text(filing, coverage=True)) as address:
        replies_from_the_matrix(page, address, tmp_path / "set.ledger")


def replies_from_the_matrix(page: Page, address: str, ledger: Path) -> None:
    signs_in(page, address)
    page.locator("#K1 > summary").click()
    slot = page.locator("#K1 .slot[data-who=AD1]")
    slot.locator("button").click()
    with page.expect_navigation():
        slot.get_by_text("Enter that this person was asked").click()
    assert page.locator("#K1").get_attribute("open") is not None
    assert "AD1: asked" in page.locator("#K1 .open").inner_text()
    slot.locator("button").click()
    slot.locator("[name=reply]").select_option("corrected")
    slot.locator("[name=words]").fill("It was the second one.")
    with page.expect_navigation():
        slot.locator("button.btn", has_text="Enter it").click()
    assert "AD1: corrected" in page.locator("#K1 .open").inner_text()
    desk, store = open_desk(ledger)
    try:
        (reply,) = desk.files.replies
        assert (desk.label(reply.by), desk.words(reply.act.words)) == ("COMP", "It was the second one.")
    finally:
        store.close()
