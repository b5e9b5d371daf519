"""Every state of the set screens under axe-core, in both languages and palettes, and every pair of colours computed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from axe import audited
from coldcheck.station.lab.set_scene import Phone, Tally, begin, ends_show, looks, served_day, takes_it
from tracked import REPO

pytestmark = pytest.mark.browser
CSS = REPO / "src" / "coldcheck" / "station" / "web" / "static" / "set" / "set.css"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_day(tmp_path) as address:
        yield address


class Audit:
    """Findings by state. What axe cannot judge is contrast on stripes, which the tokens' own test computes."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.states = 0

    def of(self, phone: Phone, state: str) -> None:
        wrong, open_ = audited(phone.page)
        self.wrong += [f"{state}: {line}" for line in wrong]
        self.wrong += [f"{state}, not judged: {line}" for line in open_ if not _explained(line)]
        self.states += 1


def _explained(line: str) -> bool:
    """Text on a striped placard or over a drawing: contrast there is computed from the tokens below."""
    return line.startswith(("color-contrast: ", "color-contrast-enhanced: "))


def test_every_state_of_the_set_screens_has_no_violation(browser: Browser, address: str) -> None:
    audit = Audit()
    armorer, witness, lead = (Phone(browser, address, label, Tally()) for label in ("ARM", "AD1", "LEAD"))
    lead.page.evaluate("() => localStorage.setItem('theme', 'dim')")
    witness.page.goto(f"{address}/set/?lang=es")
    for phone, state in ((armorer, "home"), (witness, "home in Spanish")):
        phone.page.locator("#code").wait_for()
        audit.of(phone, state)
    witness.page.goto(f"{address}/set/")
    for where in ("/day", "/do/plan/-", "/do/concern/-", "/do/credential/-", "/do/new_gun/-", "/now"):
        armorer.page.evaluate("where => { location.hash = where; }", where)
        armorer.page.locator("h1").wait_for()
        audit.of(armorer, where)
    armorer.page.evaluate("() => { location.hash = '/who'; }")
    armorer.page.locator("[data-label=AD1]").wait_for()
    audit.of(armorer, "who")
    armorer.open("MAGPIE")
    audit.of(armorer, "a gun treated as loaded")
    armorer.do("pick_up")
    audit.of(armorer, "a hold")
    armorer.hold()
    armorer.page.locator("h1:has-text('In the record')").wait_for()
    audit.of(armorer, "a receipt")
    armorer.receipt()
    armorer.do("check")
    audit.of(armorer, "choosing the second")
    armorer.page.locator("text=Back").click()
    begin(armorer, "check", other="AD1", nxt="LEAD")
    armorer.page.locator(".answers").wait_for()
    audit.of(armorer, "a question")
    armorer.tap('[data-answer="other"]')
    audit.of(armorer, "another answer")
    armorer.answer("unknown")
    armorer.page.locator("text=answer it again").click()
    armorer.sheet()
    audit.of(armorer, "before signing")
    armorer.page.locator("summary").first.click()
    armorer.page.fill("#note", "chamber 4 was stiff")
    audit.of(armorer, "the timing, before signing")
    armorer.hold()
    armorer.page.locator("text=in, and closed").wait_for()
    audit.of(armorer, "waiting for the other")
    witness.open("MAGPIE")
    audit.of(witness, "a gun that waits for answers")
    witness.tap("text=Answer for yourself")
    witness.sheet({"Chamber 3": "dummy"})
    witness.hold()
    witness.page.locator("text=Your answers differ").wait_for()
    audit.of(witness, "two halves that differ")
    _called(armorer, witness, lead, audit.of)
    assert audit.wrong == []
    assert audit.states >= 20


def _called(armorer: Phone, witness: Phone, lead: Phone, of: Callable[[Phone, str], None]) -> None:
    """From two halves that agree to a call, and a refused one, looking at each state on the way."""
    for phone in (armorer, witness):
        phone.page.locator("text=Your answers differ").wait_for()
        phone.tap("text=To the gun")
    begin(armorer, "check", other="AD1", nxt="LEAD")
    armorer.sheet()
    armorer.hold()
    witness.open("MAGPIE")
    witness.tap("text=Answer for yourself")
    witness.sheet()
    witness.hold()
    witness.page.locator("text=Both are in").wait_for()
    of(witness, "two halves that agree")
    lead.open("MAGPIE")
    lead.do("see")
    of(lead, "how many, in the dim palette")
    lead.page.evaluate("() => { location.hash = '/'; }")
    looks(lead, "MAGPIE", rounds=0)
    armorer.open("MAGPIE")
    armorer.do("close_show")
    of(armorer, "what comes next")
    ends_show(armorer, "MAGPIE", "0")
    lead.open("MAGPIE")
    of(lead, "an offer")
    witness.open("MAGPIE")
    witness.do("announce")
    of(witness, "an announcement")
    witness.hold()
    witness.receipt()
    assert takes_it(lead, "MAGPIE") == "Granted"
    lead.open("MAGPIE")
    lead.page.locator(".card.empty").wait_for()
    of(lead, "a proven gun")
    witness.page.evaluate("() => { location.hash = '/do/setup/-'; }")
    witness.answer("S1")
    witness.answer("rehearsal")
    of(witness, "several of a list")
    armorer.page.evaluate("() => { location.hash = '/do/out/-'; }")
    armorer.page.locator("[data-thing]").first.wait_for()
    of(armorer, "things that go out")
    armorer.page.evaluate("() => { location.hash = '/do/stop/-'; }")
    armorer.page.locator(".hold").wait_for()
    of(armorer, "stop")
    _chosen(armorer, of)
    armorer.page.evaluate("() => { location.hash = '/join'; }")
    armorer.page.locator("h1:has-text('join card')").wait_for()
    of(armorer, "half a join card")


def _chosen(armorer: Phone, of: Callable[[Phone, str], None]) -> None:
    """What somebody chooses for his own phone, and screens in the bright palette."""
    armorer.page.evaluate("() => { location.hash = '/me'; }")
    for choice in ("theme light", "theme auto", "theme light"):
        armorer.tap(f'[data-choice="{choice}"]')
        of(armorer, f"this phone, {choice}")
    assert armorer.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    armorer.open("MAGPIE")
    of(armorer, "a proven gun, bright")
    armorer.do("other_gun")
    of(armorer, "which serial, bright")
    _small_and_forced(armorer, of)


def _small_and_forced(phone: Phone, of: Callable[[Phone, str], None]) -> None:
    """The same screens with the system's colours, and at 200 % (half as many pixels): nothing runs out at the side."""
    phone.page.emulate_media(forced_colors="active")
    for where in ("/", "/me", "/do/stop/-"):
        phone.page.evaluate("where => { location.hash = where; }", where)
        phone.page.wait_for_timeout(200)
        of(phone, f"forced colours {where}")
    phone.page.emulate_media(forced_colors="none")
    size = phone.page.viewport_size
    assert size is not None
    phone.page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    for where in ("/", "/me", "/day", "/now", "/do/stop/-"):
        phone.page.evaluate("where => { location.hash = where; }", where)
        phone.page.wait_for_timeout(200)
        assert phone.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), where
    phone.page.set_viewport_size(size)


def test_by_keyboard_alone_a_person_signs(browser: Browser, address: str) -> None:
    phone = Phone(browser, address, "CAM", Tally())
    phone.open("MAGPIE")
    for _step in range(40):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("() => document.activeElement.textContent") == "Show me":
            break
    assert phone.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    phone.page.keyboard.press("Enter")
    phone.page.locator(".hold").wait_for()
    for _step in range(10):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("() => document.activeElement.classList.contains('hold')"):
            break
    phone.page.keyboard.down("Enter")
    phone.page.wait_for_timeout(900)
    phone.page.keyboard.up("Enter")
    assert phone.receipt() == "In the record"


# --- colours -------------------------------------------------------------------------------------------------------

TEXT = (
    ("ink", "ground"), ("ink", "face"), ("ink", "raised"), ("quiet", "ground"), ("quiet", "face"), ("proof", "face"),
    ("on-blank", "blank"), ("on-placard", "placard"), ("on-act", "act"),
)  # fmt: skip


def tokens(palette: str) -> dict[str, str]:
    """The colours of one palette, by name."""
    text = CSS.read_text(encoding="utf-8")
    start = text.index(f':root[data-theme="{palette}"]' if palette != "dark" else ":root {")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", text[start : text.index("}", start)]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", ["dark", "dim", "light"])
def test_every_text_stands_out_seven_to_one(palette: str) -> None:
    colours = tokens(palette)
    weak = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 1) for ink, ground in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("palette", ["dark", "dim", "light"])
def test_treat_as_loaded_and_proven_are_three_to_one_without_colour(palette: str) -> None:
    colours = tokens(palette)
    assert contrast(colours["placard"], colours["face"]) >= 3
