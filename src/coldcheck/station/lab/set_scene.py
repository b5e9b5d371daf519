"""One ordinary scene done by scripted people on real screens: a served set day, a phone each, every tap counted.

For: the figures of `bench screens`, and the browser tests of the set screens. Everyone in it is invented. Taps are taps
of a finger on an element a person sees; a hold that signs is one tap and one signature; an answer is a tap that says
something about a gun, a round or a show. Does not: judge, or wait by the clock where a screen can be waited for.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

CHROMIUM: Final = Path("/usr/bin/chromium")
PATIENCE_MS: Final = 20_000
DAY: Final = """production "Quarry Lane" hub set-1
person ARM "Ada Byrne" as armorer
person PM "Fay Gore" as property_master
person AD1 "Bo Carr" as first_ad
person LEAD "Cy Dunn" as performer
person CAM "Gil Hume" as camera
person DIR "Hal Ines" as director
person SUP "Di Ellis" as supplier
person EMP "Ed Frey" as employer
day 2026-03-02
06:00 ARM registers place Barn as set
06:00 ARM registers place Truck as store
06:10 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .22 W3 with 6 chambers and 1 bores
06:10 ARM registers gun Colt-2 word Anvil serial SN-2 single_action .45 W3 with 6 chambers and 1 bores
06:10 ARM registers gun Rubber-1 word Pelican serial SN-3 replica none W0 with 0 chambers and 0 bores
06:11 ARM registers lot Lot-1: 12 .45 dummy, tests rattle, hole, strong hole
06:11 ARM registers tray Tray-1 with 12 cells
06:12 SUP delivers Lot-1 in Tray-1: 12 rounds to ARM
06:13 ARM receives Lot-1 from SUP in Tray-1/1-12
06:14 SUP registers lot Lot-2: 6 .45 dummy, tests rattle, hole, strong hole
06:14 SUP registers tray Tray-2 with 6 cells
06:15 SUP delivers Lot-2 in Tray-2: 6 rounds to PM
07:00 ARM goes on exclusive duty as armorer
07:00 ARM opens day 9
07:00 AD1 opens day 9
07:05 ARM counts Tray-1: 12
07:05 AD1 counts Tray-1: 12
07:10 AD1 plans rehearsal S1 at Barn with Colt-1: COLD-EMPTY for LEAD, line CAM
07:10 AD1 holds the meeting for S1
07:11 ARM attends the meeting for S1
07:11 LEAD attends the meeting for S1
07:11 CAM attends the meeting for S1
07:12 ARM assesses S1
07:20 ARM arrives at Barn
07:21 ARM picks up Colt-2
07:30 AD1 sheet:
    plans rehearsal S2 at Barn with Colt-2: COLD-DUMMY for LEAD, line CAM
    plans run R1 of S2: rehearsal, take-1, take-2, take-3
    holds the meeting for S2
    signs the set-up of S2: take, line CAM, DIR, muzzle camera_left, actions draw, aim, distance 20 ft
07:31 ARM sheet:
    attends the meeting for S2
    signs the set-up of S2: take, line CAM, DIR, muzzle camera_left, actions draw, aim, distance 20 ft
    assesses S2
07:32 LEAD attends the meeting for S2
"""


@dataclass(slots=True)
class Tally:
    """What scripted people did: taps of all sorts, answers among them, signatures among them."""

    taps: int = 0
    answers: int = 0
    signatures: int = 0
    receipts: int = 0
    """Taps that only leave a receipt: it is read while the gun goes on."""

    @property
    def seconds(self) -> int:
        """What the record costs this person at one tap a second."""
        return self.taps - self.receipts


@contextmanager
def served_day(folder: Path, text: str = DAY) -> Iterator[str]:
    """The address of a hub, in a process of its own, that has played `text` and serves it."""
    file = folder / "day.txt"
    file.write_text(text, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from coldcheck.station.lab.set_scene import serve_day; "
        "serve_day(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(file), str(folder / "set.ledger")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own words only
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def serve_day(file: Path, ledger: Path) -> None:
    """Plays a day into a new ledger and serves it at a free port until it is told to end; prints the address."""
    from coldcheck.station.demo_hub import serve  # only the hub's own process needs the web parts
    from coldcheck.station.ledger_files import play_into
    from coldcheck.station.scenario import parse_scenario

    player = play_into(ledger, parse_scenario(file.read_text(encoding="utf-8"), path="set day"))
    unmet = [result for result in player.results if not result.met]
    assert unmet == [], unmet

    def say(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()

    serve(player, host="localhost", port=0, ready=say, photos=True)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright  # only who drives a browser needs it

    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Phone:
    """One person's phone. Its methods are what a person does; `tally` counts it."""

    def __init__(self, browser: "Browser", address: str, label: str, tally: Tally, *, query: str = "") -> None:
        size: ViewportSize = {"width": 390, "height": 844}
        context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda problem: self.errors.append(str(problem)))
        self.address, self.label, self.tally = address, label, tally
        self.page.goto(f"{address}/set/{query}")
        self.page.locator(f'[data-label="{label}"]').click()
        self.page.locator("#code").wait_for()

    def tap(self, selector: str) -> None:
        """One tap."""
        self.page.locator(selector).first.click()
        self.tally.taps += 1

    def answer(self, value: str) -> None:
        """One tap that answers."""
        self.tap(f'[data-answer="{value}"]')
        self.tally.answers += 1

    def hold(self) -> None:
        """One signature."""
        button = self.page.locator(".hold")
        button.dispatch_event("pointerdown")
        button.wait_for(state="detached")
        self.tally.taps += 1
        self.tally.signatures += 1

    def open(self, gun: str, *, scanned: bool = True) -> None:
        """The gun's screen: a scan of its tag opens it without a tap, else it is tapped in the list."""
        self.page.evaluate("() => { location.hash = '/'; }")
        address = self.page.locator(f".guns a:has-text('{gun}')").get_attribute("href")
        assert address is not None
        if scanned:
            self.page.evaluate(SCANNED, address.rpartition("/")[2])
        else:
            self.tap(f".guns a:has-text('{gun}')")
        self.page.locator(f"h1:has-text('{gun.capitalize()}')").wait_for()

    def do(self, what: str) -> None:
        """One tap on what is offered."""
        self.tap(f'[data-do="{what}"]')

    def receipt(self) -> str:
        """The headline of the receipt, tapped away."""
        self.page.locator("h1:has-text('In the record'), h1:has-text('Granted'), h1:has-text('Refused')").wait_for()
        said = self.page.locator("h1").inner_text()
        missing = self.page.locator(".list").all_inner_texts() if said.startswith("Refused") else []
        self.tap("text=Go on")
        self.tally.receipts += 1
        return f"{said} {missing}" if missing else said

    def sheet(self, says: "dict[str, str] | None" = None) -> int:
        """Every question of an open sheet answered: `says` by position or "cell n", else what an ordinary one holds."""
        said = says or {}
        asked = 0
        self.page.locator(".answers").wait_for()
        while self.page.locator(".answers").count():
            title = self.page.locator("h1").inner_text()
            known = next((value for key, value in said.items() if key in title), None)
            offered = self.page.locator(".answers .btn").first.get_attribute("data-answer")
            assert offered is not None
            before = self.page.locator("#app").inner_html()
            self.answer(known or offered)
            asked += 1
            self.page.wait_for_function("before => document.getElementById('app').innerHTML !== before", arg=before)
            self.page.wait_for_timeout(130)
        return asked


SCANNED: Final = """code => {
  for (const key of [...code, "Enter"]) document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""
"""What a code reader sends: the code as keys in one burst."""


def begin(phone: Phone, what: str, *, other: str, nxt: str, cells: int = 0) -> None:
    """The armorer begins a sheet with `other`; `nxt` looks next."""
    phone.do(what)
    phone.tap(f'[data-label="{other}"]')
    phone.tap('[data-manner="answers_not_shown"]')
    if cells:
        phone.tap('[data-label="Tray-1"]')
        for number in range(1, cells + 1):
            phone.tap(f'[data-cell="{number}"]')
        phone.tap(".foot .main")
    phone.tap(f'[data-label="{nxt}"]')


def both_answer(first: Phone, second: Phone, gun: str) -> None:
    """Both answer on their own phones, sign, and go back to the gun."""
    first.sheet()
    first.hold()
    second.open(gun)
    second.tap("text=Answer for yourself")
    second.sheet({"went in": "dummy"})
    second.hold()
    for phone in (first, second):
        phone.page.locator("text=Both are in").wait_for()
        phone.tap("text=To the gun")


def looks(viewer: Phone, gun: str, *, rounds: int, kind: str = "dummy") -> None:
    """A viewer says what he saw, and signs."""
    viewer.open(gun)
    viewer.do("see")
    viewer.answer("6")
    viewer.answer(str(rounds))
    if rounds:
        viewer.answer(kind)
    viewer.hold()
    viewer.receipt()


def ends_show(armorer: Phone, gun: str, then: str, *, person: str = "") -> None:
    """The armorer ends the show and signs what comes next with it."""
    armorer.open(gun)
    armorer.do("close_show")
    armorer.tap(f'[data-answer="{then}"]')
    if person:
        armorer.tap(f"button:has-text('{person}')")
    armorer.hold()
    armorer.receipt()


def takes_it(performer: Phone, gun: str) -> str:
    """The performer reads the call back and takes the gun, with one signature."""
    performer.open(gun)
    performer.do("acknowledge")
    performer.hold()
    return performer.receipt()


def comes_back(performer: Phone, armorer: Phone, gun: str) -> None:
    """Performer gives, armorer takes."""
    performer.open(gun)
    performer.do("give_back")
    performer.tap("button:has-text('armorer')")
    performer.hold()
    performer.receipt()
    armorer.open(gun)
    armorer.do("take")
    armorer.hold()
    armorer.receipt()
