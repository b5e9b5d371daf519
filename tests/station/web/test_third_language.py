"""A third language is one more file of words: every screen speaks it, and nothing else is touched."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.testclient import TestClient

from board_days import played_day
from coldcheck.station.demo_hub import listen
from coldcheck.station.door import Door
from coldcheck.station.lab.set_scene import PATIENCE_MS, chromium
from coldcheck.station.web import catalogue, html
from coldcheck.station.web.app import board_app
from coldcheck.station.web.pages import board_view
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes
from coldcheck.station.web.signin import signin_routes
from coldcheck.station.web.start import start_routes

WORD = "xq"
"""Stands before every word of the new language."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    """A hub with a third file of words: the first one's, each sentence marked. Findings and reasons of cards are listed in it too."""
    folder = tmp_path / "words"
    folder.mkdir()
    for name in ("en", "es"):
        (folder / f"{name}.toml").write_text((catalogue.FOLDER / f"{name}.toml").read_text("utf-8"), encoding="utf-8")
    marked = re.sub(r'(?m)^(\w+) = "', rf'\1 = "{WORD} ', (folder / "en.toml").read_text("utf-8"))
    listed = "".join(
        f"\n[{table}]\n" + "".join(f'{key} = "{WORD} {said}"\n' for key, said in rows.items())
        for table, rows in catalogue.FROM_CUSTODY.items()
    )
    (folder / "xx.toml").write_text(f"{marked}\n{listed}", encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    forget()
    player, store = played_day(tmp_path, count=6)
    picture, push = player.hub.picture, Push()
    views = {
        name: board_view(picture, now=picture.now, clock_at=picture.at, production="Salt Flats", root="", language=name)
        for name in catalogue.languages()
    }
    push.publish(views.pop("en"), views)
    more = [*set_routes(push, Door()), *signin_routes(Door()), *start_routes(push)]
    yield board_app(push, Door(), more=more)
    store.close()
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Nothing; what was read of the languages is read again."""
    for kept in (catalogue.languages, catalogue.words_in, html.card_fragment):
        kept.cache_clear()


def test_one_file_more_and_every_page_speaks_it(app: Starlette) -> None:
    assert catalogue.languages() == ("en", "es", "xx")
    client = TestClient(app)
    for path in (
        "/board",
        "/board?form=line",
        "/gun",
        "/gun?code=Colt-1",
        "/gun/nothing",
        "/emergency",
        "/signin",
        "/start",
    ):
        page = client.get(path, headers={"accept-language": "xx-XX,xx;q=0.9,en;q=0.5"}).text
        assert 'lang="xx"' in page, path
        assert page.count(f"{WORD} ") > 3, path
    board = client.get("/board?lang=xx").text
    assert f"{WORD} EMPTY" in board
    assert f"{WORD} not answered by two" in board
    assert client.get("/words/xx.json").json()["set"]["stop"] == f"{WORD} STOP"
    assert '"/words/xx.json"' in client.get("/set/sw.js").text


@pytest.mark.browser
def test_the_set_screens_speak_it_too(app: Starlette) -> None:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with chromium() as browser:
            for asked, spoken in (("xx", "xx"), ("fr", "en")):
                page = browser.new_page()
                page.set_default_timeout(PATIENCE_MS)
                page.goto(f"http://127.0.0.1:{listening.getsockname()[1]}/set/?lang={asked}")
                page.wait_for_function("lang => document.documentElement.lang === lang && document.title", arg=spoken)
                assert (WORD in page.inner_text("#app")) == (spoken == "xx")
                page.close()
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
