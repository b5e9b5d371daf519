"""Photos beside the record: only a picture goes in, only its own bytes come out, and none of a sheet too early."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coldcheck.proof.encoding import opaque_id
from coldcheck.station.door import Door
from coldcheck.station.lab.set_scene import served_day
from coldcheck.station.store_sqlite import create_ledger, open_ledger, read_ledger
from coldcheck.station.web.photo_pages import photo_routes
from coldcheck.station.web.photos import BadPhoto, NoPhoto, cell_of, photo_of, picture_size, put_photo
from set_client import Wire
from stores import MemoryStore


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08" + (480).to_bytes(2) + (640).to_bytes(2) + b"\1\1\x11\0")
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\x34"
PLAIN = b"\xff\xd8" + JFIF + TABLES + SCAN + b"\xff\xd9"
PLACE = segment(0xE1, b"Exif\0\0GPS 34.05 N")


def test_a_plain_picture_has_its_size() -> None:
    assert picture_size(PLAIN) == (640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + PLACE + PLAIN[2:],
        PLAIN[: 2 + len(JFIF)] + segment(0xFE, b"a comment") + PLAIN[2 + len(JFIF) :],
        PLAIN[:-2] + PLACE + b"\xff\xd9",
        PLAIN + PLACE + b"\xff\xd9",
        PLAIN[:-2],
        b"\x89PNG" + PLAIN,
        PLAIN[:2] + SCAN + b"\xff\xd9",
        b"\xff\xd8" + bytes(2_000_000) + b"\xff\xd9",
    ],
    ids=["a place", "a comment", "a place behind", "a second end", "cut short", "no JPEG", "no size", "too long"],
)
def test_what_carries_more_than_a_picture_is_refused_and_not_kept(data: bytes) -> None:
    store = MemoryStore({})
    with pytest.raises(BadPhoto):
        put_photo(store, data)
    assert store.photo_count() == 0


def test_every_byte_that_is_changed_on_the_disk_is_noticed() -> None:
    store = MemoryStore({})
    name = put_photo(store, PLAIN)
    assert (name, photo_of(store, name)) == (sha256(PLAIN).hexdigest(), PLAIN)
    for number in range(len(PLAIN)):
        broken = MemoryStore({})
        broken.put_photo(name, PLAIN[:number] + bytes((PLAIN[number] ^ 1,)) + PLAIN[number + 1 :])
        with pytest.raises(NoPhoto, match="not those that were signed"):
            photo_of(broken, name)


def test_a_ledger_of_before_photos_reads_without_them_and_gets_them_when_it_is_written(tmp_path: Path) -> None:
    store = create_ledger(tmp_path / "old", meta={})
    store.close()
    with sqlite3.connect(tmp_path / "old") as connection:
        connection.executescript("DROP TABLE photo; DROP TABLE delivery; PRAGMA user_version = 2;")
    connection.close()
    old = read_ledger(tmp_path / "old")
    assert (old.photo("0" * 64), old.photo_count(), list(old.photos())) == (None, 0, [])
    old.close()
    store = open_ledger(tmp_path / "old")
    name = put_photo(store, PLAIN)
    store.close()
    copy = read_ledger(tmp_path / "old")
    assert list(copy.photos()) == [(name, PLAIN)]
    copy.close()


@pytest.mark.parametrize("name", ["", "../set", "0" * 64, "A" * 64])
def test_a_name_that_is_no_hash_here_gives_nothing(name: str) -> None:
    with pytest.raises(NoPhoto):
        photo_of(MemoryStore({}), name)


def test_where_photos_are_off_none_goes_in() -> None:
    app = Starlette(routes=photo_routes(Door(), offered=False))
    said = TestClient(app).post("/api/set/photos", content=PLAIN, headers={"Content-Type": "image/jpeg"})
    assert said.status_code == 422
    assert "No photos are taken" in said.json()["sentence"]


@pytest.mark.parametrize(
    ("word", "cell"),
    [
        ("3@500x250+100", ("3", "256 96 128 128")),
        ("3@500x250", None),
        ("3@-5x0+9", None),
        ("3@999999x0+9", None),
        ("@1x1+1", None),
    ],
)
def test_a_cell_is_a_square_of_the_picture_or_nothing(word: str, cell: tuple[str, str] | None) -> None:
    assert cell_of(word, width=640, height=480) == cell


# --- over the wire -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_day(tmp_path_factory.mktemp("photos")) as address:
        yield address


def fetched(address: str, path: str) -> tuple[int, bytes]:
    try:
        with urlopen(f"{address}{path}", timeout=10) as reply:  # noqa: S310  # our own hub
            return reply.status, reply.read()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@pytest.mark.slow
def test_a_sheets_photo_is_seen_by_nobody_before_both_halves_are_in(address: str) -> None:
    armorer, witness = Wire(address=address, label="ARM"), Wire(address=address, label="AD1")
    name = armorer.post("/api/set/photos", PLAIN, content_type="image/jpeg")["sha256"]
    sheet = armorer.begin("Colt-2", other=witness.person)
    took = {
        "act": "photographed", "procedure": sheet["procedure"], "item": sheet["gun"], "sha256": name, "capture": "camera",
        "cells": ["1@500x250+100"],
    }  # fmt: skip
    photo, page = f"/api/set/photos/{name}", f"/set/contact/{sheet['procedure']}"
    # Handed in and named by nobody yet.
    assert fetched(address, photo)[0] == 404
    half = armorer.half(sheet, {}, took)
    assert half["verdict"] == "admitted"
    mine = f"/api/set/sheets/{sheet['procedure']}?by={witness.person}"
    witness.heard.clear()
    assert witness.get(mine)["photos"] is False
    witness.view()
    assert [fetched(address, path)[0] for path in (photo, page)] == [404, 404]
    for path in (photo, page, "/board", "/office/ledger"):
        witness.heard.append(fetched(address, path)[1])
    assert not any(name.encode() in data for data in witness.heard)
    done = witness.half(witness.get(mine), {})
    assert (done["sheet"]["differ"], done["sheet"]["photos"]) == ([], True)
    assert fetched(address, photo) == (200, PLAIN)
    status, shown = fetched(address, page)
    assert status == 200
    assert b'viewBox="256 96 128 128"' in shown
    assert b"taken on the set screen" in shown
    assert armorer.gun("Colt-2")["can"][0]["do"] == "show"


@pytest.mark.slow
def test_a_trays_photo_stands_on_its_own_contact_page(address: str) -> None:
    keeper = Wire(address=address, label="PM")
    (due,) = [one for one in keeper.view()["due"] if one["do"] == "receive"]
    name = keeper.post("/api/set/photos", PLAIN + b"", content_type="image/jpeg")["sha256"]
    took = {
        "act": "photographed", "procedure": "", "item": due["container"], "sha256": name, "capture": "camera",
        "cells": ["1@500x250+100", "2@600x250+100"],
    }  # fmt: skip
    cells = [{"cell": str(number), "round_id": opaque_id("r", token_bytes(8))} for number in range(1, 7)]
    received = {
        "act": "received", "lot": due["lot"], "container": due["container"], "source": due["source"], "count": 6, "cells": cells
    }  # fmt: skip
    assert keeper.sign(received, took)["verdict"] == "admitted"
    status, shown = fetched(address, f"/set/contact/{due['container']}")
    assert status == 200
    assert b"Tray-2" in shown
    assert shown.count(b"<figure>") == 2


@pytest.mark.slow
def test_a_photo_from_another_site_is_not_taken(address: str) -> None:
    armorer = Wire(address=address, label="ARM")
    said = armorer.post("/api/set/photos", PLAIN, content_type="text/plain")
    assert "Only the set screens" in said["sentence"]
    assert "sha256" not in json.dumps(said)
