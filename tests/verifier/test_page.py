"""The page that opens from a USB stick: built from its parts, in a real browser from file://, with no request at all."""

import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from coldcheck.proof.tiles import decode_bundle, encode_bundle
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cosigner import add_checkpoint, cosigner_key, make_cosigner
from coldcheck.station.cosigners import request_for, take_answer
from coldcheck.station.store_sqlite import SqliteStore
from station.ledgers import play_rehearsal
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


# --- a whole bundle, as a folder and as a zip ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A bundle of a rehearsal with openings, a seal and proofs, and the log's printed key."""
    folder = tmp_path_factory.mktemp("page")
    player = play_rehearsal(folder / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    studio = make_cosigner(folder / "studio", name="studio.example/c1", seed=bytes(32), logs=(player.log_key.vkey,))
    said = add_checkpoint(studio, request_for(store, old_size=0).encoded(), at_s=1)
    take_answer(store, tree_size=store.entry_count(), vkey=cosigner_key(studio).vkey, body=said.body)
    write_bundle(store, folder / "bag", fields=("name",), entries=(5,))
    store.close()
    return folder / "bag", player.log_key.vkey


def spoil_entry(folder: Path, number: int) -> None:
    """Changes one entry of a bundle."""
    path = next((folder / "data/log/tile/entries").rglob("*/*"))
    entries = list(decode_bundle(path.read_bytes(), width=int(path.name)))
    entries[number] = entries[number].replace(b'"verdict"', b'"verdicT"')
    path.write_bytes(encode_bundle(entries))


def shown(page: Page, vkey: str, selector: str, what: Path) -> str:
    page.fill("#vkey", vkey)
    page.set_input_files(selector, what)
    page.wait_for_selector("#result:not([hidden])", timeout=WAIT_MS)
    return page.inner_text("#verdict-word")


@pytest.mark.browser
@pytest.mark.parametrize("packed", [None, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_whole_bundle_is_verified_from_a_stick_good_and_spoiled(
    browse: Browse, bundle: tuple[Path, str], tmp_path: Path, packed: int | None
) -> None:
    folder, vkey = tmp_path / "bag", bundle[1]
    copytree(bundle[0], folder)

    def given() -> tuple[str, Path]:
        return ("#folder", folder) if packed is None else ("#zip", zipped(folder, tmp_path / "bag.zip", packed))

    page = browse()
    assert shown(page, vkey, *given()) == "As signed"
    assert "no officer named its key" in page.inner_text("#unverified")
    spoil_entry(folder, 7)
    assert shown(page, vkey, *given()) == "Not as signed"
    assert page.inner_text("#bad-where") == "Entry 7"
    assert "not as the bundle lists it" in page.inner_text("#bad-why")
    assert "verdicT" in page.inner_text("#bad-text")
    copytree(bundle[0], folder, dirs_exist_ok=True)
    (folder / "data/openings.json").write_bytes((folder / "data/openings.json").read_bytes() + b" ")
    assert shown(page, vkey, *given()) == "Not as signed"
    assert "data/openings.json" in page.inner_text("#bad-why")


def zipped(folder: Path, target: Path, method: int) -> Path:
    with zipfile.ZipFile(target, "w", method) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, f"from the stick/{path.relative_to(folder)}")
    return target


@pytest.mark.browser
def test_a_file_that_is_no_zip_or_a_damaged_one_is_said(
    browse: Browse, bundle: tuple[Path, str], tmp_path: Path
) -> None:
    page = browse()
    (tmp_path / "no.zip").write_bytes(b"PK" * 40)
    assert shown(page, bundle[1], "#zip", tmp_path / "no.zip") == "Not decided"
    assert "no zip" in page.inner_text("#verdict-words")
    good = zipped(bundle[0], tmp_path / "bag.zip", zipfile.ZIP_DEFLATED)
    data = bytearray(good.read_bytes())
    at = data.index(b"bagit.txt") + 20
    data[at : at + 20] = bytes(20)
    (tmp_path / "bent.zip").write_bytes(data)
    assert shown(page, bundle[1], "#zip", tmp_path / "bent.zip") != "As signed"
