"""The day's seal as a page to print: its code holds the seal byte for byte, and who cosigned is said with who vouches for him."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.cosign import CosignerKey, read_request
from coldcheck.proof.note import format_signatures, parse_note
from served import Served, served_in
from tracked import REPO

CHROMIUM = "/usr/bin/chromium"
PICTURES = os.environ.get("COLDCHECK_PICTURES")
STUDIO = CosignerKey.from_seed(name="studio.example/c1", seed=bytes(range(32)))
PHONE = CosignerKey.from_seed(name="phone/ab12", seed=bytes(32))
VENDOR = REPO / "src/coldcheck/station/web/static/vendor/zxing"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served_in(tmp_path, monkeypatch, cosigners=(STUDIO.vkey,)) as served:
        yield served


def cosign(served: Served, key: CosignerKey) -> int:
    """The size that `key` has cosigned."""
    request = read_request(served.get("/log/since/0").content)
    text = parse_note(request.checkpoint).text
    size = open_checkpoint(request.checkpoint, served.log_key.verifier).size
    body = key.vkey.encode() + b"\n" + format_signatures((key.sign(text, at_s=1_772_438_400),))
    assert served.post(f"/log/cosignatures/{size}", body).status_code == 200
    return size


def test_the_page_says_who_vouches_for_whom_and_what_came_later(served: Served) -> None:
    assert "No machine elsewhere has cosigned" in served.get("/office/seal").text
    size = cosign(served, PHONE)
    assert cosign(served, STUDIO) == size
    page = served.get("/office/seal").text
    assert f"The first {size} entries" in page
    assert page.index("studio.example/c1") < page.index("an officer named it in entry") < page.index("phone/ab12")
    assert "no officer named its key" in page
    assert "entries came later" not in page
    assert "1 entries came later" in served.get(f"/office/seal?size={size - 1}").text
    assert served.get("/office/seal?size=900").status_code == 404
    assert "sello" in served.get("/office/seal?lang=es").text
    assert "/office/seal" in served.get("/office/guns").text


def on_paper(folder: Path) -> str:
    """What the one code on the printed page says."""
    subprocess.run(["pdftoppm", "-gray", "-r", "150", folder / "seal.pdf", folder / "page"], check=True)
    pages = sorted(folder.glob("page*.pgm"))
    done = subprocess.run(
        ["node", REPO / "tests/read_codes.mjs", VENDOR, *pages], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (code,) = [code["text"] for page in json.loads(done.stdout) for code in page]
    return str(code)


@pytest.mark.browser
def test_the_printed_code_is_the_seal_byte_for_byte(served: Served, tmp_path: Path) -> None:
    cosign(served, PHONE)
    cosign(served, STUDIO)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.add_init_script("window.print = () => { document.title = 'printed'; }")
        page.goto(served.address + "/office/guns")
        page.click("text=The day's seal")
        page.click("#print")
        assert page.title() == "printed"
        note = page.inner_text("pre")
        page.emulate_media(media="print")
        assert page.is_hidden("#print")
        assert page.is_hidden("nav")
        page.pdf(path=tmp_path / "seal.pdf", format="A4")
        page.emulate_media(media="screen")
        for name, width, theme in (("seal", 1000, "light"), ("seal-phone", 390, "dim")):
            page.set_viewport_size({"width": width, "height": 1400 if width > 400 else 844})
            page.goto(f"{served.address}/office/seal?theme={theme}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
        browser.close()
    assert complaints == []
    text = on_paper(tmp_path)
    assert text.strip() == note.strip()
    assert open_checkpoint(text.encode(), served.log_key.verifier).size > 0
    lines = {line.name for line in parse_note(text.encode()).signatures}
    assert lines == {served.log_key.name, "studio.example/c1", "phone/ab12"}
