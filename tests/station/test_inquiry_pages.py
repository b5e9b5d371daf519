"""The inquiry's pages: worked by keyboard alone, the same form for everybody, and hostile words stay words."""

import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from coldcheck.station.demo_hub import listen
from coldcheck.station.ledger_files import play_into
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import HERE
from coldcheck.station.web.inquiry_pages import VIEWS, inquiry_routes
from inquiry_days import SCENARIOS, Filing, day_text, handed

VERDICTS = re.compile(
    r"\b(guilt\w*|fault|blame|credib\w+|liar|lied|lying|truthful|reliab\w+|suspects?|culprit|offender|breach|violat\w+|"
    r"score|rank\w*|rating|probab\w+|safe|safely)\b",
    re.IGNORECASE,
)
CHROMIUM = Path("/usr/bin/chromium")


def app_over(ledger: Path) -> Starlette:
    return Starlette(routes=[*inquiry_routes(ledger), Mount("/static", StaticFiles(directory=HERE / "static"))])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "church.ledger"
    play_into(path, read_scenario(SCENARIOS / "church_rehearsal.txt")).hub.store.close()
    return path


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_there_without_a_script(ledger: Path, view: str) -> None:
    answer = TestClient(app_over(ledger)).get(f"/inquiry/{view}".rstrip("/"))
    assert answer.status_code == 200
    assert words_in("en").say(f"inquiry.{view or 'claims'}").replace("'", "&#39;") in answer.text
    other = TestClient(app_over(ledger)).get(f"/inquiry/{view}".rstrip("/"), headers={"accept-language": "es"})
    assert 'lang="es"' in other.text
    assert words_in("es").say(f"inquiry.{view or 'claims'}") in other.text
    assert "<script" not in answer.text


def test_a_page_that_is_not_there_names_those_that_are(ledger: Path) -> None:
    answer = TestClient(app_over(ledger)).get("/inquiry/verdict")
    assert (answer.status_code, "questions" in answer.text) == (404, True)


def test_another_account_is_named_by_who_gave_it_and_leads_there(ledger: Path) -> None:
    page = TestClient(app_over(ledger)).get("/inquiry").text
    assert 'otherwise: an affidavit <a href="#K-2">K-2</a>' in page
    assert 'id="K-2"' in page


def test_beside_a_claim_stands_what_each_entry_says(ledger: Path) -> None:
    assert "ARM loads Colt-1: chambers 1-6 from Box-1" in TestClient(app_over(ledger)).get("/inquiry").text


def test_the_count_of_questions_stands_over_the_claims(ledger: Path) -> None:
    client = TestClient(app_over(ledger))
    (count,) = re.findall(r"(\d+) questions open", client.get("/inquiry").text)
    assert f"{count} open." in client.get("/inquiry/questions").text


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_prints_data_in_its_raw_form(ledger: Path, view: str) -> None:
    shown = re.sub(r"<[^>]*>", " ", TestClient(app_over(ledger)).get(f"/inquiry/{view}".rstrip("/")).text)
    assert not re.findall(r"\[\{|&#34;:|\bNone\b(?!\.)|first_ad|under_investigation", shown)


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_holds_a_word_of_verdict(ledger: Path, view: str) -> None:
    shown = re.sub(r"<[^>]*>", " ", TestClient(app_over(ledger)).get(f"/inquiry/{view}".rstrip("/")).text)
    assert VERDICTS.search(shown) is None


def test_who_chose_the_dim_page_keeps_it_from_view_to_view(ledger: Path) -> None:
    page = TestClient(app_over(ledger)).get("/inquiry?theme=dim").text
    assert 'href="/inquiry/questions?theme=dim"' in page


def test_words_of_an_article_never_become_markup(tmp_path: Path) -> None:
    filing = Filing()
    filing.claim("LEAD", "<script>alert(1)</script><img src=x onerror=alert(2)>", handed("ARM"))
    play_into(tmp_path / "day.ledger", parse_scenario(day_text(filing, coverage=True), path="day")).hub.store.close()
    page = TestClient(app_over(tmp_path / "day.ledger")).get("/inquiry").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<img" not in page


@pytest.fixture(scope="module")
def address(ledger: Path) -> Iterator[str]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(app_over(ledger), log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def tab_to(page: Page, text: str) -> None:
    """Presses Tab until what has the focus holds `text`."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if text in str(page.evaluate("() => document.activeElement.textContent")):
            return
    raise AssertionError(text)


@pytest.mark.browser
def test_a_reader_opens_a_claim_and_its_entries_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/inquiry")
    tab_to(page, "The first assistant director handed it")
    page.keyboard.press("Enter")
    opened = page.locator("details[open]")
    assert opened.count() == 1
    seen = opened.inner_text()
    assert "He handed it to me" in seen
    assert "record holds both, by report only" in seen
    assert "shows a report by COMP, of AD1" in seen
    assert "AD1: asked" in seen
    assert "LEAD: not asked" in seen


@pytest.mark.browser
def test_one_person_and_one_moment_are_reached_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/inquiry")
    tab_to(page, "One person's accounts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inquiry/person")
    page.keyboard.press("Tab")
    page.locator("#who").focus()
    page.keyboard.type("LEAD")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**who=LEAD")
    assert page.locator(".claim").count() == 3
    page.goto(f"{address}/inquiry/moment")
    page.locator("#from").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2021-10-21T13:00")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("2021-10-21T14:00")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inquiry/moment?from=**")
    assert page.locator(".claim").count() >= 8
    assert "hands Colt-1 to LEAD" in page.inner_text("main")
