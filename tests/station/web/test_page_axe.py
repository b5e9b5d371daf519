"""Every page for anybody, the board and the office under axe-core, in every theme; its text at least 7 to 1; and pictures.

The pictures of docs/screens are taken here: `COLDCHECK_PICTURES=docs/screens` says where, else they go with the test.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from axe import audited
from board_days import set_day
from coldcheck.station.lab.set_scene import Phone, Tally, begin, served_day
from coldcheck.station.web.office_tables import TABLES
from tracked import REPO

pytestmark = pytest.mark.browser
CSS = REPO / "src" / "coldcheck" / "station" / "web" / "static" / "look.css"
PHONE, WALL, DESK = (390, 844), (1920, 1080), (1440, 900)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_day(tmp_path_factory.mktemp("day"), set_day(6).replace("Copper Creek", "Salt Flats")) as address:
        yield address


def opened(browser: Browser, address: str, path: str, size: tuple[int, int]) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(20_000)
    page.goto(f"{address}{path}")
    return page


def explained(line: str) -> bool:
    """Contrast over stripes, cut corners and covers is left to a person by axe: the tokens are computed below."""
    return line.startswith(("color-contrast: ", "color-contrast-enhanced: "))


ANYBODYS = (
    "/start", "/start?lang=es", "/gun", "/gun?code=Colt-1", "/gun?code=Colt-1&lang=es", "/gun/nothing", "/emergency", "/emergency?lang=es",
    "/gun?code=Colt-1&theme=dim",
)  # fmt: skip
BOARDS = (
    "/board", "/board?theme=dim", "/board?theme=light", "/board?form=line", "/board?lang=es", "/board/past?at=60",
    "/board/past?at=60&lang=es",
)  # fmt: skip


@pytest.mark.parametrize(("path", "size"), [*((p, PHONE) for p in ANYBODYS), *((p, WALL) for p in BOARDS), ("/board", PHONE)])  # fmt: skip
def test_no_page_has_a_violation(browser: Browser, address: str, path: str, size: tuple[int, int]) -> None:
    page = opened(browser, address, path, size)
    wrong, left = audited(page)
    page.close()
    assert wrong == []
    assert [line for line in left if not explained(line)] == []


@pytest.mark.parametrize("name", [*TABLES, "seal"])
def test_no_page_of_the_office_has_a_violation(browser: Browser, address: str, name: str) -> None:
    page = opened(browser, address, f"/office/{name}?about=Colt-1" if name == "gun_day" else f"/office/{name}", DESK)
    wrong, left = audited(page)
    page.close()
    assert wrong == []
    assert [line for line in left if not explained(line)] == []


@pytest.mark.parametrize("name", ["guns", "people", "plan", "deliveries", "ledger", "seal"])
def test_the_office_on_a_phone_in_the_dark_says_everything_within_the_screen(
    browser: Browser, address: str, name: str
) -> None:
    page = opened(browser, address, f"/office/{name}?theme=dark", PHONE)
    beyond = page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1"
        " && !one.closest('thead')).map(one => one.outerHTML.slice(0, 80))"
    )
    wrong, _left = audited(page)
    said = page.locator("td[data-h='the record says']").all_inner_texts()
    page.close()
    assert (beyond, wrong) == ([], [])
    assert (len(said) > 0) == (name == "guns")


def test_the_problem_page_and_an_answer_have_no_violation(browser: Browser, address: str) -> None:
    page = opened(browser, address, "/gun?code=Colt-2", PHONE)
    page.click("text=I see a problem")
    assert audited(page)[0] == []
    page.click("text=Send")
    assert audited(page)[0] == []
    page.close()


def test_everything_for_anybody_is_reached_by_keys_alone(browser: Browser, address: str) -> None:
    page = opened(browser, address, "/gun?code=Colt-1", PHONE)
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.innerText.trim().replace(/\\s+/g, ' ')"))
    page.close()
    assert {"Show me", "I see a problem", "STOP"} <= set(reached)


def test_at_twice_the_size_nothing_is_cut_off(browser: Browser, address: str) -> None:
    """A laptop at 200 % has half its width in CSS pixels; 320 is the least that any phone or zoom leaves."""
    for path in (
        "/gun?code=Colt-1",
        "/gun?code=Colt-1&lang=es",
        "/gun",
        "/emergency",
        "/office/guns",
        "/board",
        "/board?form=line",
        "/signin",
        "/start?lang=es",
    ):
        page = opened(browser, address, path, (720 if path == "/office/guns" else 320, 422))
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.close()
        assert over <= 0, path


NARROW = (
    *ANYBODYS, *BOARDS, "/gun?code=Tray-2", "/signin", "/signin?lang=es", "/account?lang=es", "/inquiry/enter?lang=es", "/trace",
    "/trace/Tray-2?lang=es", "/recall/Lot-2?lang=es", "/set/", "/office/keys?lang=es", "/office/seal", "/office/gun_day?about=Colt-1",
    *(f"/office/{name}?lang=es" for name in TABLES),
)  # fmt: skip


def test_no_page_lies_beside_a_narrow_screen_and_its_links_are_for_fingers(browser: Browser, address: str) -> None:
    """195 is a phone at twice the size, 360 a small one; what scrolls sideways is not read."""
    page = opened(browser, address, "/gun", (195, 422))
    beside, small = [], []
    for width in (195, 360):
        page.set_viewport_size({"width": width, "height": 422})
        for path in NARROW:
            page.goto(f"{address}{path}")
            if page.evaluate("() => document.scrollingElement.scrollWidth > innerWidth"):
                beside.append((width, path))
            if page.evaluate(
                "() => [...document.querySelectorAll('nav a')].some(a => a.getBoundingClientRect().height < 44)"
            ):
                small.append((width, path))
    page.close()
    assert (beside, small) == ([], [])


def test_at_twice_the_size_the_word_is_read_before_anything_is_touched(browser: Browser, address: str) -> None:
    page = opened(browser, address, "/gun?code=Colt-1&lang=es", (195, 422))
    top = page.evaluate("""() => {
      const word = document.querySelector('.word span').getBoundingClientRect();
      return document.elementFromPoint(word.left + 4, Math.min(word.top + 4, innerHeight - 1))?.closest('.actions') === null && word.top < innerHeight;
    }""")
    page.close()
    assert top


# --- contrast, computed from the tokens ---


def tokens() -> dict[str, dict[str, str]]:
    """The colours of each theme by name."""
    css = CSS.read_text(encoding="utf-8")
    blocks = re.findall(r':root(?:\[data-theme="(\w+)"\])? \{(.*?)\}', css, re.DOTALL)[:3]
    themes: dict[str, dict[str, str]] = {}
    for name, body in blocks:
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", body))
        themes[name or "dark"] = {**themes.get("dark", {}), **found}
    return themes


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [("ink", ground) for ground in ("ground", "face", "raised")] + [
    ("quiet", "ground"), ("quiet", "face"), ("quiet", "raised"), ("proof", "face"), ("on-blank", "blank"), ("on-placard", "placard"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["dark", "dim", "light"])
def test_every_pair_of_text_and_ground_is_seven_to_one(theme: str) -> None:
    colours = tokens()[theme]
    found = {f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 1) for text, ground in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 7.0} == {}
    assert contrast(colours["edge"], colours["ground"]) >= 4.5


# --- pictures ---

SMALL_WALL = (1280, 720)
PICTURES = {
    "board": ("/board", SMALL_WALL), "board-dim": ("/board?theme=dim", SMALL_WALL), "line": ("/board?form=line", (700, 680)),
    "board-phone": ("/board", PHONE), "past": ("/board/past?at=60", SMALL_WALL), "signin": ("/signin", (1024, 640)),
    "scan": ("/gun?code=Colt-1", PHONE), "scan-loaded": ("/gun?code=Colt-5", PHONE), "emergency": ("/emergency", PHONE),
    "scan-es": ("/gun?code=Colt-4&lang=es", PHONE), "office-guns": ("/office/guns", SMALL_WALL),
    "office-gun-day": ("/office/gun_day?about=Colt-1", (1280, 900)),
}  # fmt: skip
EYES = ("deuteranopia", "protanopia", "achromatopsia")
"""How Chromium can be told to see: two kinds of colour blindness, and no colour at all."""


def folder_for_pictures(tmp_path: Path) -> Path:
    return Path(os.environ.get("COLDCHECK_PICTURES", tmp_path))


def taken(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="allow")
    assert path.stat().st_size > 5_000


def seen_with(page: Page, eyes: str) -> None:
    """Nothing; from now on the page is drawn as such eyes see it."""
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": eyes})


def test_pictures_of_every_screen_are_taken(browser: Browser, address: str, tmp_path: Path) -> None:
    folder = folder_for_pictures(tmp_path)
    for name, (path, size) in PICTURES.items():
        page = opened(browser, address, path, size)
        page.wait_for_load_state("networkidle") if name in {"signin", "office-gun-day"} else None
        taken(page, folder / f"{name}.png")
        page.close()
    for eyes in EYES:
        page = opened(browser, address, "/board", SMALL_WALL)
        seen_with(page, eyes)
        taken(page, folder / f"board-{'grey' if eyes == 'achromatopsia' else eyes}.png")
        page.close()


def test_pictures_of_a_sheet_on_a_phone_are_taken(browser: Browser, tmp_path: Path) -> None:
    folder = folder_for_pictures(tmp_path)
    with served_day(tmp_path) as served:
        phone = Phone(browser, served, "ARM", Tally())
        taken(phone.page, folder / "set-home.png")
        phone.open("ANVIL")
        begin(phone, "check", other="AD1", nxt="LEAD")
        phone.page.locator(".answers").wait_for()
        taken(phone.page, folder / "set-sheet.png")
        phone.page.context.close()
