"""The emergency card without a network: a phone that opened it once still has it when the hub is gone."""

import threading
import time

import pytest
import uvicorn
from playwright.sync_api import Browser

from coldcheck.station.demo_hub import listen
from coldcheck.station.lab.set_scene import PATIENCE_MS
from coldcheck.station.web.anyone import EmergencyCard
from coldcheck.station.web.app import board_app
from coldcheck.station.web.push import Push

pytestmark = pytest.mark.browser


def test_the_card_is_kept_and_works_when_the_hub_is_gone(browser: Browser) -> None:
    listening = listen("localhost", 0)
    app = board_app(Push(), card=EmergencyCard(number="112", where="Gate 4", care="the medic's tent"))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://localhost:{listening.getsockname()[1]}"
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/emergency")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    server.should_exit = True
    thread.join(5)
    listening.close()
    page.goto(f"{address}/emergency")
    seen = page.inner_text("main")
    for words in ("112", "Gate 4", "the medic's tent", "Nobody opens, unloads, cleans or moves a gun"):
        assert words in seen
    # Its own look came along, too.
    assert page.evaluate("() => getComputedStyle(document.body).margin") == "0px"
    # Nothing else of the hub pretends to be there.
    assert page.evaluate("() => fetch('/board').then(() => true, () => false)") is False
