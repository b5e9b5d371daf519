"""DRILL stands on everything a drill's hub shows or gives out; nobody can take it for a production at work."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from coldcheck.station import live_hub
from coldcheck.station.cli import coldcheck
from coldcheck.station.live_hub import serve_production
from coldcheck.station.production import Wanted, begin_production, read_crew
from coldcheck.station.web.office_tables import TABLES

CREW = """label,name,roles,officer
UPM,Greta Halvorsen,employer,yes
COORD,Piet Vanmeer,crew,yes
ARM,Lucan Farrow,armorer; property master,
"""
WITHOUT = {"/set/", "/set/sw.js", "/set/app.webmanifest"}
"""The set app marks its own screens, from what the hub tells it: tests of the set screens look at that."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drill")
    (folder / "crew.csv").write_text(CREW, encoding="utf-8")
    wanted = Wanted(
        production="River Bend", hub="localhost", tls="demo", port=8443, rulebooks=("us_generic",), drill=True
    )
    begin_production(folder / "p", wanted, read_crew(folder / "crew.csv"))
    return folder / "p"


@pytest.fixture
def served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Starlette, TestClient]]:
    """The application of a drill's hub at work; only the sockets are left out."""
    apps: list[Starlette] = []
    ready, done = threading.Event(), threading.Event()

    @contextmanager
    def kept(app: Starlette, *_more: Any, **_named: Any) -> Iterator[Callable[[], bool]]:
        apps.append(app)
        yield lambda: True

    @contextmanager
    def until() -> Iterator[threading.Event]:
        yield done

    monkeypatch.setattr(live_hub, "web_thread", kept)
    monkeypatch.setattr(live_hub, "listen", lambda _host, _port: None)
    monkeypatch.setattr(live_hub, "asked_to_end", until)
    thread = threading.Thread(
        target=serve_production, args=(folder,), kwargs={"host": "", "ready": lambda _: ready.set()}
    )
    thread.start()
    try:
        assert ready.wait(60)
        yield apps[0], TestClient(apps[0], client=("127.0.0.1", 1), base_url="http://localhost")
    finally:
        done.set()
        thread.join()


def addresses(app: Starlette) -> list[str]:
    """Every address of the hub that can be looked at, with something put into its places; streams never end."""
    paths = [route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())]
    filled = [
        path.replace("{name}", name)
        .replace("{gun}", "Colt-1")
        .replace("{item:path}", "Colt-1")
        .replace("{language}", "en")
        for path in paths
        for name in (TABLES if "{name}" in path else ("",))
    ]
    return sorted({path for path in filled if not path.endswith("/events")} - WITHOUT)


def test_every_page_of_a_drill_says_drill(served: tuple[Starlette, TestClient]) -> None:
    app, client = served
    asked = addresses(app)
    assert {"/board", "/board/past", "/office/people", "/gun", "/gun/Colt-1", "/emergency", "/signin"} <= set(asked)
    pages = {path: client.get(path) for path in asked}
    html = {path: page.text for path, page in pages.items() if "text/html" in page.headers["content-type"]}
    assert len(html) > len(TABLES)
    assert [path for path, text in html.items() if "DRILL" not in text] == []
    assert "SIMULACRO" in client.get("/emergency?lang=es").text
    # Words of anybody are answered on a page too, whatever became of them.
    for word in ("stop", "nonsense"):
        assert "DRILL" in client.post("/say", data={"word": word, "form": "1", "once": word}).text


def test_what_is_taken_away_from_a_drill_says_drill(served: tuple[Starlette, TestClient], folder: Path) -> None:
    _app, client = served
    assert client.get("/office/people.json").json()["production"] == "DRILL River Bend"
    assert 'filename="DRILL-people.csv"' in client.get("/office/people.csv").headers["content-disposition"]
    said = CliRunner().invoke(coldcheck, ["board", "-l", str(folder / "ledger.coldcheck")])
    assert said.output.startswith("DRILL. PAST")
    assert json.loads(client.get("/board/past.json").text)["past"] is True
    assert "<h1>DRILL</h1>" in (folder / "cards" / "ARM.html").read_text(encoding="utf-8")
