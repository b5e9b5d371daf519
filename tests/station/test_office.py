"""The office's tables: what they hold, in every form, and what they never show."""

import csv
import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from board_days import NAMES, played_day
from coldcheck.station.door import AtHub, Door
from coldcheck.station.labels import SHEETS, Label, pages_of
from coldcheck.station.play import Player
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.office_pages import as_csv, office_routes
from coldcheck.station.web.office_tables import TABLES, Ask, Table, table_of
from stores import MemoryStore

AFTER = (
    '13:58 LEAD raises concern hours: "Too long a day"\n'
    "13:58 ARM counts Tray-3: 6\n"
    "13:58 ARM sheet P90 with AD1, answers_not_shown:\n    clears Colt-5: chambers 1-6 empty, bore clear\n"
    '13:59 AD1 stops, look: "wait for me"\n'
)  # fmt: skip


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    player, store = played_day(tmp_path_factory.mktemp("office"), count=6, after=AFTER)
    yield player
    store.close()


class HereDoor(Door):
    """A door whose questions are answered at once, by whoever asks."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.player = player

    async def ask_async(self, question: Any, *, writes: bool = False, patience_s: float = 0) -> Any:
        assert not writes
        assert patience_s >= 0
        picture = self.player.hub.picture
        # The client asks from a thread of its own, where the player's file may not be read.
        hub = replace(self.player.hub, store=MemoryStore({}))
        return question(AtHub(hub=hub, now=picture.now, moment=self.player.moment(picture.at)))


def client_of(player: Player, *, base: str = "http://localhost", key: str = "", host: str = "127.0.0.1") -> TestClient:
    app = Starlette(routes=list(office_routes(HereDoor(player), key=key, production="Copper Creek")))
    return TestClient(app, base_url=base, client=(host, 50000))


def rows_of(player: Player, name: str, about: str = "", language: str = "en") -> list[dict[str, Any]]:
    body = client_of(player).get(f"/office/{name}.json", params={"about": about, "lang": language}).json()
    rows = body["rows"]
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", languages())
def test_every_table_is_the_same_as_page_json_and_csv(player: Player, name: str, language: str) -> None:
    client = client_of(player)
    params = {"lang": language, "about": "Colt-1" if name == "gun_day" else ""}
    page = client.get(f"/office/{name}", params=params)
    assert page.status_code == 200
    assert words_in(language).say(f"office.{name}") in page.text
    body = client.get(f"/office/{name}.json", params=params).json()
    read = list(csv.reader(io.StringIO(client.get(f"/office/{name}.csv", params=params).text)))
    assert read[0] == list(TABLES[name][0])
    assert len(read) - 1 == len(body["rows"])
    for column in TABLES[name][0]:
        assert f"col.{column}" in words_in(language).entries


def test_the_tables_hold_what_the_record_says(player: Player) -> None:
    guns = rows_of(player, "guns")
    assert [(row["label"], row["words"]) for row in guns[:2]] == [
        ("Colt-1", "TREAT AS LOADED"),
        ("Colt-2", "TREAT AS LOADED"),
    ]
    assert {row["label"]: row["rounds"] for row in rows_of(player, "containers")} == {"Tray-2": 0, "Tray-3": 1}
    assert [row["receipt"] for row in rows_of(player, "lots")] == ["yes", "yes"]
    assert ("ARM", "armorer") in {(row["label"], row["role"]) for row in rows_of(player, "people")}
    assert {row["meeting"] for row in rows_of(player, "plan")} == {"yes"}
    assert ("S1", "performer", "signed") in {(r["scene"], r["role"], r["state"]) for r in rows_of(player, "meetings")}
    assert [row["state"] for row in rows_of(player, "stops")] == ["open"]
    assert {row["verdict"] for row in rows_of(player, "ledger")} >= {"admitted", "granted"}
    assert any("picks up Colt-1" in row["act"] for row in rows_of(player, "gun_day", "Colt-1"))


def test_every_act_says_with_which_class_of_key_it_was_signed(player: Player) -> None:
    signed = {row["signed"] for row in rows_of(player, "ledger")}
    assert signed == {"", "demo key", "the hub's own"}
    # Nothing stands beside a concern that could say who raised it.
    assert {row["signed"] for row in rows_of(player, "ledger") if not row["role"]} == {""}


def test_a_concern_is_there_without_its_author_wherever_one_looks(player: Player) -> None:
    (concern,) = rows_of(player, "concerns")
    assert set(concern) == {"number", "at", "state", "due", "answered_at"}
    raised = [row for row in rows_of(player, "ledger") if "concern" in row["act"]]
    assert [row["role"] for row in raised] == [""]
    assert not any("Too long a day" in str(row) for row in rows_of(player, "ledger"))


def test_a_first_count_and_a_first_sheet_stay_closed_until_the_second_is_in(player: Player) -> None:
    waiting = [row for row in rows_of(player, "counts") if row["state"] == "waits for the second person"]
    assert [(row["label"], row["first"], row["second"]) for row in waiting] == [("Tray-3", "", "")]
    closed = [row for row in rows_of(player, "ledger") if row["act"].startswith("Answers closed")]
    assert len(closed) == 2
    assert not any("Colt-5: chambers" in row["act"] for row in rows_of(player, "gun_day", "Colt-5"))


def test_no_table_holds_a_name(player: Player) -> None:
    picture = player.hub.picture
    for name in TABLES:
        text = str(table_of(name, Ask(picture=picture, now=picture.now, words=words_in("en"), about="Colt-1")))
        for person in NAMES:
            assert person.split()[1] not in text, name


def test_patterns_are_by_rule_kind_of_gun_and_hour_and_never_by_person(player: Player) -> None:
    rows = rows_of(player, "patterns")
    assert rows
    assert {tuple(row) for row in rows} == {("reason", "kind", "hour", "count")}
    assert ("put down unattended", "single-action revolver", "13:00") in {
        (r["reason"], r["kind"], r["hour"]) for r in rows
    }


def test_the_ledger_is_turned_page_by_page(player: Player) -> None:
    assert rows_of(player, "ledger", "5")[0]["entry"] == 5
    assert rows_of(player, "ledger", "999999")[0]["entry"] == player.hub.picture.size - 1


def test_a_cell_that_a_spreadsheet_would_run_begins_with_a_quote() -> None:
    text = as_csv(Table(name="x", columns=("a", "b"), rows=(("=1+1", 2), ("-3", -3))))
    assert text.splitlines() == ["a,b", "'=1+1,2", "'-3,-3"]


def test_another_machine_needs_the_offices_key(player: Player) -> None:
    phone = client_of(player, key="k3y", host="10.0.0.7")
    refused = phone.get("/office/guns")
    assert (refused.status_code, "This is a page of the office" in refused.text) == (403, True)
    assert phone.get("/office?key=wrong", follow_redirects=True).status_code == 403
    assert phone.get("/office?key=k3y", follow_redirects=True).status_code == 200
    assert phone.get("/office/people.json").status_code == 200
    # Without a key set nobody but the hub's own machine looks, whatever cookie comes.
    closed = client_of(player, host="10.0.0.7")
    closed.cookies.set("office", "")
    assert closed.get("/office/guns").status_code == 403


def test_a_table_that_is_none_is_a_sentence(player: Player) -> None:
    answer = client_of(player).get("/office/salaries")
    assert (answer.status_code, "guns" in answer.text) == (404, True)
    assert client_of(player).get("/office/guns.xml").status_code == 404


def test_a_silent_hub_is_a_sentence() -> None:
    app = Starlette(routes=list(office_routes(Door(), production="Copper Creek")))
    answer = TestClient(app, client=("127.0.0.1", 1)).get("/office/guns")
    assert (answer.status_code, "Treat every gun as loaded" in answer.text) == (503, True)


def test_a_guns_day_is_also_one_strip(player: Player) -> None:
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    app = Starlette(routes=list(office_routes(HereDoor(player), production="Copper Creek", ledger=store.path)))
    client = TestClient(app, client=("127.0.0.1", 1))
    drawn = client.get("/office/strip.svg?about=Colt-1")
    assert (drawn.status_code, drawn.headers["content-type"], drawn.text[:4]) == (200, "image/svg+xml", "<svg")
    assert '/office/strip.svg?about=Colt-1&amp;lang=en"' in client.get("/office/gun_day?about=Colt-1").text
    assert client.get("/office/strip.svg?about=Colt-99").status_code == 404
    assert TestClient(app, client=("10.0.0.7", 1)).get("/office/strip.svg?about=Colt-1").status_code == 403


def test_who_counts_again_before_the_second_person_has_shown_neither_count(tmp_path: Path) -> None:
    played, store = played_day(tmp_path, count=3, after="13:58 ARM counts Tray-3: 5\n13:59 ARM counts Tray-3: 6\n")
    assert not any("counts Tray-3: 5" in str(row) for row in rows_of(played, "ledger"))
    assert sum(row["act"].startswith("Answers closed") for row in rows_of(played, "ledger")) == 2
    store.close()


def test_labels_are_printed_from_the_office_and_lead_where_anybody_reads(player: Player, tmp_path: Path) -> None:
    client = client_of(player)
    page = client.get("/office/guns").text
    assert 'href="/office/labels.pdf?only=guns&amp;sheet=a4' in page
    assert "labels.pdf" not in client.get("/office/people").text
    given = client.get("/office/labels.pdf?only=guns&sheet=letter")
    assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf")
    (tmp_path / "labels.pdf").write_bytes(given.content)
    done = subprocess.run(["pdftotext", tmp_path / "labels.pdf", "-"], capture_output=True, text=True, check=True)
    assert "MAGPIE" in done.stdout
    assert "Tray-2" not in done.stdout
    assert client.get("/office/labels.pdf?only=Nothing-9").status_code == 404
    assert client_of(player, host="10.0.0.9").get("/office/labels.pdf").status_code == 403


def test_labels_of_a_drill_say_so() -> None:
    label = Label(thing="g" + "0" * 12, kind="gun", name="Colt-1", word="Magpie", code="HTTP://X/G/G", cells=0)
    tray = replace(label, kind="tray", cells=12)
    page, strips = pages_of((label, tray), SHEETS["a4"], mark="DRILL")["pages"]
    assert [one["kind"] for one in page["labels"]] == ["DRILL gun", "DRILL tray"]
    assert {one["kind"] for one in strips["strips"]} == {"DRILL tray"}
