"""What the set screens cost in taps, answers, signatures, bytes and waiting, measured in a browser with scripted people.

Promises: every figure is counted where a finger would be, on a served set day; the peer of the scene is the same scene
signed act by act, counted from the same record. Does not: measure people. "At one tap a second" is arithmetic.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from coldcheck.station.lab.measured import Figures, workplace
from coldcheck.station.lab.set_scene import (
    DAY,
    Phone,
    Tally,
    begin,
    both_answer,
    chromium,
    comes_back,
    ends_show,
    looks,
    served_day,
    takes_it,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TAKES = 3
REPLICAS = 100
SCAN_S = 3
PLANNING = 3
"""First AD, armorer and performer sign plan, run, meeting, set-up card and assessment before the scene, once each."""
STATIC = Path(__file__).parents[1] / "web" / "static" / "set"


def bench_screens() -> Figures:
    """The figures of a check, a hand-over, a whole scene, a set-up card, the set app's size and its reload without a hub."""
    with chromium() as browser:
        check = _check(browser)
        scene = _scene(browser)
        card = _card(browser)
        many = _many(browser)
        reload = _reload(browser)
    return {**check, **scene, **card, **many, **_size(), **reload}


def _check(browser: "Browser") -> Figures:
    with workplace() as folder, served_day(folder) as address:
        first, second, lead = Tally(), Tally(), Tally()
        armorer, witness = Phone(browser, address, "ARM", first), Phone(browser, address, "AD1", second)
        performer = Phone(browser, address, "LEAD", lead)
        armorer.open("MAGPIE")
        armorer.do("pick_up")
        armorer.hold()
        armorer.receipt()
        begin(armorer, "check", other="AD1", nxt="LEAD")
        started, before = time.perf_counter(), first.taps
        armorer.sheet()
        armorer.hold()
        check_s, taps = time.perf_counter() - started, first.taps - before
        witness.open("MAGPIE")
        witness.tap("text=Answer for yourself")
        before = second.taps
        witness.sheet()
        witness.hold()
        witness_taps = second.taps - before
        # Nobody waits for the other while he answers, but here one after the other: the slower way.
        per_gun = first.taps + second.taps
        armorer.page.locator("text=Both are in").wait_for()
        armorer.tap("text=To the gun")
        looks(performer, "MAGPIE", rounds=0)
        armorer.open("MAGPIE")
        before = first.taps + lead.taps
        armorer.do("close_show")
        armorer.tap('[data-answer="0"]')
        armorer.hold()
        armorer.receipt()
        witness.open("MAGPIE")
        witness.do("announce")
        witness.hold()
        witness.receipt()
        performer.open("MAGPIE")
        performer.do("acknowledge")
        performer.hold()
        # A receipt is read and left; the gun is in the other hand before that.
        hand_over = first.taps + lead.taps - before - 2
    return {
        "check_taps": taps,
        "witness_taps": witness_taps,
        "target_check_taps": 8,
        "check_s_at_one_tap_a_second": taps,
        "target_check_s": 20,
        "check_s_scripted": round(check_s, 1),
        "thirty_guns_two_pairs_min_at_one_tap_a_second": round(15 * per_gun / 60, 1),
        "target_thirty_guns_min": 20,
        "hand_over_taps": hand_over,
        "target_hand_over_taps": 4,
    }


def _scene(browser: "Browser") -> Figures:
    """One revolver, six dummies, three viewers in one show, a rehearsal and three takes, and back under lock."""
    with workplace() as folder, served_day(folder) as address:
        tallies = [Tally() for _label in range(5)]
        armorer, witness, lead, camera, director = people = tuple(
            Phone(browser, address, label, tally)
            for label, tally in zip(("ARM", "AD1", "LEAD", "CAM", "DIR"), tallies, strict=True)
        )
        cost = Cost(people)
        armorer.open("ANVIL")
        begin(armorer, "prepare", other="AD1", nxt="LEAD", cells=6)
        with cost.at_once():
            both_answer(armorer, witness, "ANVIL")
        with cost.at_once():
            for viewer in (camera, director, lead):
                looks(viewer, "ANVIL", rounds=6)
        ends_show(armorer, "ANVIL", "0")
        witness.open("ANVIL")
        witness.do("announce")
        witness.hold()
        witness.receipt()
        granted = [takes_it(lead, "ANVIL")]
        turns: list[int] = []
        for _take in range(TAKES):
            before = cost.seconds()
            comes_back(lead, armorer, "ANVIL")
            begin(armorer, "turn", other="AD1", nxt="LEAD")
            with cost.at_once():
                both_answer(armorer, witness, "ANVIL")
            looks(lead, "ANVIL", rounds=6)
            ends_show(armorer, "ANVIL", "offer")
            granted.append(takes_it(lead, "ANVIL"))
            turns.append(cost.seconds() - before)
        comes_back(lead, armorer, "ANVIL")
        _goes_back(armorer)
        scene_s = cost.seconds()
    tally = Tally(
        taps=sum(one.taps for one in tallies),
        answers=sum(one.answers for one in tallies),
        signatures=sum(one.signatures for one in tallies),
    )
    return {
        "scene_signatures": tally.signatures,
        "scene_signatures_with_plan_and_card": tally.signatures + PLANNING,
        "target_scene_signatures": 40,
        "scene_answers": tally.answers,
        "target_scene_answers": 110,
        "scene_taps": tally.taps,
        "turnaround_cost_s_at_one_tap_a_second": max(turns),
        "target_turnaround_cost_s": 30,
        "scene_cost_s_at_one_tap_a_second": scene_s,
        "target_scene_cost_s": 150,
        "scene_calls_granted": granted.count("Granted"),
    }


class Cost:
    """Seconds that the record adds to a scene at one tap a second: who does things at once counts as the slowest of them."""

    def __init__(self, people: tuple[Phone, ...]) -> None:
        self.people, self.saved = people, 0

    def seconds(self) -> int:
        """Seconds so far."""
        return sum(one.tally.seconds for one in self.people) - self.saved

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is scripted one after the other in here, people do beside each other."""
        before = [one.tally.seconds for one in self.people]
        yield
        spent = [one.tally.seconds - was for one, was in zip(self.people, before, strict=True)]
        self.saved += sum(spent) - max(spent)


def _goes_back(armorer: Phone) -> None:
    armorer.open("ANVIL")
    armorer.do("unload")
    armorer.tap("button:has-text('Tray-1')")
    for cell in range(1, 7):
        armorer.answer(str(cell))
    armorer.hold()
    armorer.receipt()
    armorer.open("ANVIL")
    armorer.do("lock")
    armorer.tap("button:has-text('Truck')")
    armorer.hold()
    armorer.receipt()


def _card(browser: "Browser") -> Figures:
    """A set-up card for a rehearsal nobody had planned, by first AD and armorer."""
    with workplace() as folder, served_day(folder) as address:
        tally = Tally()
        witness, armorer = Phone(browser, address, "AD1", tally), Phone(browser, address, "ARM", tally)
        started = time.perf_counter()
        witness.do("setup")
        for choice in ("S1", "rehearsal"):
            witness.tap(f'[data-answer="{choice}"]')
        witness.tap("button:has-text('camera')")
        witness.answer("done")
        for choice in ("camera_left", "aim", "done", "20"):
            witness.answer(choice)
        witness.hold()
        witness.receipt()
        armorer.do("sign_setup")
        armorer.hold()
        armorer.receipt()
        taken = time.perf_counter() - started
    return {
        "set_up_card_taps": tally.taps,
        "set_up_card_s_at_one_tap_a_second": tally.taps,
        "target_set_up_card_s": 30,
        "set_up_card_s_scripted": round(taken, 1),
    }


def _many(browser: "Browser") -> Figures:
    """A hundred replicas out by one person, each scanned by a wedge scanner, in one signed sheet."""
    guns = "".join(
        f"06:20 ARM registers gun Twin-{number} word Twin{number} serial TW-{number} replica none W0"
        " with 0 chambers and 0 bores\n"
        for number in range(REPLICAS)
    )
    with (
        workplace() as folder,
        served_day(folder, DAY.replace("07:00 ARM goes on", f"{guns}07:00 ARM goes on")) as address,
    ):
        tally = Tally()
        armorer = Phone(browser, address, "ARM", tally)
        started = time.perf_counter()
        armorer.do("out")
        field = armorer.page.locator("form input")
        for number in range(REPLICAS):
            field.fill(f"Twin-{number}")
            field.press("Enter")
        armorer.page.locator(f"text=These {REPLICAS}").wait_for()
        armorer.tap('[data-answer="done"]')
        armorer.hold()
        armorer.receipt()
        taken = time.perf_counter() - started
    seconds = REPLICAS * SCAN_S + tally.taps
    return {
        "replicas_out": REPLICAS,
        "replicas_out_signatures": tally.signatures,
        "replicas_out_min_at_three_seconds_a_scan": round(seconds / 60, 1),
        "target_replicas_out_min": 6,
        "replicas_out_s_scripted": round(taken, 1),
    }


def _size() -> Figures:
    """What a phone loads before it works without the hub, as the hub sends it: shell, styles, scripts, one language."""
    with workplace() as folder, served_day(folder) as address:
        return {"set_app_kb": round(size_of(address) / 1000, 1), "target_set_app_kb": 60}


def size_of(address: str) -> int:
    """Bytes over the wire for the set screens without their scanner, from a hub at this address."""
    beside = {"shell.html", "scan.js", "sw.js"}
    paths = [f"/static/set/{path.name}" for path in STATIC.iterdir() if path.name not in beside]
    return sum(_sent(f"{address}{path}") for path in (*paths, "/set/", "/set/sw.js", "/words/en.json"))


def _sent(address: str) -> int:
    """How many bytes come over the wire, packed where the hub packs."""
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"}), timeout=20) as reply:  # noqa: S310  # our own hub
        return len(reply.read())


def _reload(browser: "Browser") -> Figures:
    """How soon a phone that lost the hub shows its screen again after a reload; the best of five."""
    with workplace() as folder, served_day(folder) as address:
        phone = Phone(browser, address, "ARM", Tally())
        phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        phone.page.context.set_offline(True)
        times: list[float] = []
        for _again in range(5):
            started = time.perf_counter()
            phone.page.reload(wait_until="commit")
            phone.page.locator(".guns .loaded").first.wait_for()
            times.append(time.perf_counter() - started)
    return {"offline_reload_s": round(min(times), 2), "target_offline_reload_s": 0.5}
