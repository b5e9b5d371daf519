"""A phone remembers the log: it demands that a newer checkpoint continues the old, cosigns it, and shows the hub what it knows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from coldcheck.custody.things import Id
from coldcheck.proof.encoding import to_base64
from coldcheck.station.cosigners import sealed_at
from coldcheck.station.forks import OlderCopy
from coldcheck.station.lab.set_scene import PATIENCE_MS
from coldcheck.station.ledger_files import picture_of
from served import Served, served_in, stop
from tracked import REPO

pytestmark = pytest.mark.browser
NO_ED25519 = """
  for (const name of ["generateKey", "importKey"]) {
    const known = crypto.subtle[name].bind(crypto.subtle);
    crypto.subtle[name] = (...words) => words.some((one) => one?.name === "Ed25519")
      ? Promise.reject(new DOMException("NotSupportedError")) : known(...words);
  }
"""
KEPT = "async () => (await import('/static/set/queue.js')).recall('log')"
SIGNS = "async () => (await (await import('/static/set/queue.js')).keys()).some((one) => one.kind === 'cosigner')"
KEEPS = "async (log) => (await import('/static/set/queue.js')).remember('log', log)"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served_in(tmp_path, monkeypatch) as served:
        yield served


def armorer(served: Served) -> Id:
    picture, store = picture_of(served.folder / "ledger.coldcheck")
    store.close()
    return next(person.person for person in picture.persons.values() if person.label == "ARM")


def phone(browser: Browser, served: Served, *, more: str = "") -> Page:
    """A phone that is the armorer's, on the set screens of this hub, after its first visit to the log."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    me = {"person": armorer(served), "key": "", "label": "ARM", "role": "armorer"}
    page.add_init_script(f"sessionStorage.setItem('me', {json.dumps(json.dumps(me))});{more}")
    with page.expect_response("**/log/vkeys"):
        page.goto(f"{served.address}/set/")
    return page


def in_time(page: Page, script: str) -> Any:  # whatever the script gives
    """What `script` gives, as soon as it is something; the phone works on its own time."""
    for _ in range(200):
        found = page.evaluate(script)
        if found:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"nothing came of {script}")


def kept(page: Page) -> dict[str, object]:
    found = in_time(page, KEPT)
    assert isinstance(found, dict)
    return found


def test_a_phone_cosigns_and_its_line_is_in_the_seal(browser: Browser, served: Served) -> None:
    page = phone(browser, served)
    in_time(page, SIGNS)
    page.wait_for_timeout(500)
    size = kept(page)["size"]
    assert isinstance(size, int)
    store = stop(served)
    (line,) = sealed_at(store, size=size).cosigned
    assert line.name.startswith("phone/")
    store.close()


def test_a_phone_without_ed25519_keeps_and_signs_nothing(browser: Browser, served: Served) -> None:
    page = phone(browser, served, more=NO_ED25519)
    assert str(kept(page)["note"]).startswith(served.log_key.name)
    page.wait_for_timeout(500)
    store = stop(served)
    assert store.cosignature_count() == 0
    store.close()


def test_a_phone_that_saw_more_ends_a_hub_that_was_rolled_back(browser: Browser, served: Served) -> None:
    page = phone(browser, served)
    log = kept(page)
    size = int(str(log["size"])) + 4
    note = served.note(size=size, root=bytes(32))
    page.evaluate(KEEPS, {**log, "note": note.decode(), "size": size, "root": to_base64(bytes(32))})
    page.reload()
    served.thread.join(20)
    assert isinstance(served.ended_by, OlderCopy)
    page.get_by_text("loaded").first.wait_for()


def test_a_phone_that_saw_another_history_says_so_and_work_stops(browser: Browser, served: Served) -> None:
    page = phone(browser, served)
    log = kept(page)
    note = served.note(size=3, root=bytes(32))
    page.evaluate(KEEPS, {**log, "note": note.decode(), "size": 3, "root": to_base64(bytes(32))})
    page.reload()
    page.locator(".banner", has_text="two histories").wait_for()
    assert httpx2.get(f"{served.address}/healthz").status_code == 200
    stop(served).close()
    picture, store = picture_of(served.folder / "ledger.coldcheck")
    assert len(picture.open_stops) == 1
    store.close()


@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_too_busy_to_say_its_key_is_no_other_record(browser: Browser, served: Served, status: int) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/log/vkeys", lambda route: route.fulfill(status=status, body="Asked too often.\n"))
    me = {"person": armorer(served), "key": "", "label": "ARM", "role": "armorer"}
    page.add_init_script(f"sessionStorage.setItem('me', {json.dumps(json.dumps(me))});")
    with page.expect_response("**/log/vkeys"):
        page.goto(f"{served.address}/set/")
    page.wait_for_timeout(500)
    assert page.locator(".banner", has_text="another record").count() == 0
    # Nothing was learned, so nothing is kept; the next view asks again.
    assert page.evaluate(KEPT) is None


def test_the_phone_and_the_vectors_agree_on_consistency(browser: Browser, served: Served) -> None:
    page = phone(browser, served)
    rows = json.loads((REPO / "tests" / "vectors" / "merkle.json").read_text())
    roots = {row["size"]: row["root"] for row in rows["roots"]}
    cases = [
        {**row, "old_root": roots[row["old_size"]], "new_root": roots[row["new_size"]]} for row in rows["consistency"]
    ]
    assert len(cases) > 20
    said = page.evaluate(
        """async (cases) => {
          const { joins } = await import('/static/set/remember.js'), { unhex } = await import('/static/set/bytes.js');
          const out = [];
          for (const one of cases) {
            const [old, now] = [{ size: one.old_size, root: unhex(one.old_root) }, { size: one.new_size, root: unhex(one.new_root) }];
            const proof = one.proof.map(unhex), bent = proof.map((node, at) => at ? node : node.map((byte) => byte ^ 1));
            out.push([await joins(old, now, proof), !proof.length || !(await joins(old, now, bent)), !(await joins(now, { ...old, root: now.root.map((byte) => byte ^ 1) }, proof))]);
          }
          return out;
        }""",
        cases,
    )
    assert all(all(row) for row in said), said
