"""The page that opens from a USB stick: built from its parts, in a real browser from file://, with no request at all."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tracked import REPO
from verifier.exports import Files, small_log, tile_name, write
from verifier.node import NODE

PAGE = REPO / "verifier" / "verify.html"
CHROMIUM = Path("/usr/bin/chromium")
WAIT_MS = 60_000

Browse = Callable[..., Page]


def test_the_page_is_what_its_parts_make() -> None:
    done = subprocess.run(
        [NODE, str(REPO / "verifier" / "build_page.mjs"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_page_names_nothing_outside_itself() -> None:
    text = PAGE.read_text()
    for word in (
        "http:",
        "https:",
        "src=",
        "href=",
        "@import",
        "url(",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "import(",
    ):
        assert word not in text, word
    assert "default-src 'none'" in text
    assert "unsafe-" not in text


@pytest.fixture(scope="module")
def browse() -> Iterator[Browse]:
    """Opens the page in a fresh window; whatever it asked for beyond itself, or complained of, fails at the end."""
    requests: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)

        def opened(*, width: int = 1280) -> Page:
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("request", lambda request: requests.append(request.url))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
            page.goto(PAGE.as_uri())
            return page

        yield opened
        browser.close()
    assert set(requests) == {PAGE.as_uri()}
    assert complaints == []


def chosen(page: Page, directory: Path) -> str:
    """The word of the verdict once `directory` was chosen, with the printed key of the logs that these tests write."""
    if not page.input_value("#vkey"):
        page.fill("#vkey", small_log(1).key.vkey)
    page.set_input_files("#folder", directory)
    page.wait_for_selector("#result:not([hidden])", timeout=WAIT_MS)
    return page.inner_text("#verdict-word")


def damaged(files: Files) -> Files:
    name = next(path for path in files if path.startswith("tile/entries"))
    at = files[name].index(b'"id":"a000000000002"')  # the next act is that of entry 3
    return {**files, name: files[name][:at] + files[name][at:].replace(b"armorer", b"Armorer", 1)}


@pytest.mark.browser
def test_a_good_export_is_as_signed_and_its_entries_are_listed(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    assert chosen(page, write(small_log(6).files(), tmp_path / "copy")) == "As signed"
    assert page.locator("#rows tr").count() == 6
    assert "P1, armorer" in page.inner_text("#rows tr:last-child")
    assert "duty opened" in page.inner_text("#rows tr:last-child")
    assert page.is_hidden("#bad")


@pytest.mark.browser
def test_a_damaged_export_is_not_as_signed_and_its_first_bad_entry_is_shown(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    assert chosen(page, write(damaged(small_log(6).files()), tmp_path / "copy")) == "Not as signed"
    assert page.inner_text("#bad-where") == "Entry 3"
    assert '"Armorer"' in page.inner_text("#bad-text")
    assert page.locator("#rows tr").count() == 3


@pytest.mark.browser
def test_without_the_printed_key_a_copy_only_fits_itself(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    page.set_input_files("#folder", write(small_log(3).files(), tmp_path / "copy"))
    page.wait_for_selector("#result:not([hidden])", timeout=WAIT_MS)
    assert page.inner_text("#verdict-word") == "Fits its own key"
    assert "printed" in page.inner_text("#verdict-words")


@pytest.mark.browser
def test_another_folder_after_a_bad_one_leaves_nothing_of_it(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    chosen(page, write(damaged(small_log(6).files()), tmp_path / "bad"))
    page.set_input_files("#folder", write(small_log(2).files(), tmp_path / "good"))
    expect(page.locator("#verdict-word")).to_have_text("As signed", timeout=WAIT_MS)
    assert page.is_hidden("#bad")
    assert page.locator("#rows tr").count() == 2


@pytest.mark.browser
def test_the_printed_key_and_a_kept_checkpoint_are_compared(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    copy = write(small_log(3).files(), tmp_path / "copy")
    page.fill("#vkey", small_log(1, origin="hub-2/TEST/e0").key.vkey)
    assert chosen(page, copy) == "Not as signed"
    assert "foreign" in page.inner_text("#bad-why")
    page.fill("#vkey", "no key")
    page.set_input_files("#folder", copy)
    expect(page.locator("#verdict-word")).to_have_text("Not decided", timeout=WAIT_MS)
    page.fill("#vkey", small_log(1).key.vkey)
    kept = tmp_path / "kept"
    kept.write_bytes(small_log(5).files()["checkpoint"])
    page.set_input_files("#seen", kept)
    page.set_input_files("#folder", copy)
    expect(page.locator("#bad-why")).to_contain_text("rolled back", timeout=WAIT_MS)


@pytest.mark.browser
def test_a_folder_without_an_export_is_told_apart_from_a_bad_one(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    assert chosen(page, write({"readme": b"x"}, tmp_path / "other")) == "No export in there"


@pytest.mark.browser
def test_markup_in_an_entry_stays_text(browse: Browse, tmp_path: Path) -> None:
    log = small_log(2)
    log.add({"act": "<img/src=x>", "text": "<script>alert(1)</script>"})
    page = browse()
    assert chosen(page, write(log.files(), tmp_path / "copy")) == "As signed"
    assert "<img/src=x>" in page.inner_text("#rows tr:last-child")
    assert page.locator("#rows img").count() == 0


@pytest.mark.browser
def test_a_dropped_folder_is_read_with_the_folders_in_it(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    page.fill("#vkey", small_log(1).key.vkey)
    copy = write(small_log(257).files(), tmp_path / "copy")
    box = page.locator("#drop").bounding_box()
    assert box is not None
    place = {
        "x": box["x"] + 20,
        "y": box["y"] + 20,
        "data": {"items": [], "files": [str(copy)], "dragOperationsMask": 1},
    }
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place})
    page.wait_for_selector("#result:not([hidden])", timeout=WAIT_MS)
    assert page.inner_text("#verdict-word") == "As signed"
    assert page.locator("#rows tr").count() == 257


@pytest.mark.browser
def test_a_bundle_of_nonsense_is_bad_and_the_page_goes_on(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    files = small_log(257).files()
    files[tile_name("entries", 1, 1)] = b"\xff" * 70_000
    assert chosen(page, write(files, tmp_path / "copy")) == "Not as signed"
    assert "Entry 256" in page.inner_text("#bad-where") or "tile/entries/001" in page.inner_text("#bad-why")


@pytest.mark.browser
def test_nothing_on_the_page_is_wider_than_a_phone_but_the_table(browse: Browse, tmp_path: Path) -> None:
    page = browse(width=390)
    chosen(page, write(damaged(small_log(6).files()), tmp_path / "copy"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
