"""A made-up language out of one file, every vowel of it accented: where a plain English word is left on a page, it shows."""

import html as markup
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from board_days import played_day
from coldcheck.station.door import AtHub, Door
from coldcheck.station.play import Player
from coldcheck.station.web import catalogue, html
from coldcheck.station.web.app import board_app
from coldcheck.station.web.inquiry_pages import inquiry_routes
from coldcheck.station.web.inquiry_read_pages import account_routes
from coldcheck.station.web.office_pages import office_routes
from coldcheck.station.web.office_tables import TABLES
from coldcheck.station.web.pages import board_view
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes
from coldcheck.station.web.signin import signin_routes
from coldcheck.station.web.start import start_routes
from coldcheck.station.web.trace_pages import trace_routes
from said import sentences
from stores import MemoryStore

ACCENTED = str.maketrans("aeiouAEIOU", "àèìòùÀÈÌÒÙ")
PAGES = (
    "/board", "/board?form=line", "/gun", "/gun?code=Colt-1", "/gun/nothing", "/emergency", "/signin", "/start", "/account",
    "/inquiry", "/inquiry/questions", "/inquiry/freeze", "/inquiry/exhibits", "/inquiry/registers", "/inquiry/roots",
    "/inquiry/moment", "/inquiry/knowledge", "/inquiry/person", "/trace", "/trace/Colt-1", "/trace/Tray-2", "/trace/nothing", "/recall/Lot-2",
    *(f"/office/{name}" for name in TABLES if name != "gun_day"), "/office/gun_day?about=Colt-1", "/office/strip.svg?about=Colt-1",
)  # fmt: skip
LEFT = {"json", "csv", "COLD", "HOT", "INERT", "nothing", "core"}
"""File forms, rulebooks by name, and the names of calls, the same in every language; and the code of /gun/nothing, said back."""


class HereDoor(Door):
    """A door whose questions are answered at once, by whoever asks."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.player = player

    async def ask_async(self, question: Any, *, writes: bool = False, patience_s: float = 0) -> Any:
        assert not writes
        assert patience_s >= 0
        hub = replace(self.player.hub, store=MemoryStore({}))
        return question(AtHub(hub=hub, now=hub.picture.now, moment=self.player.moment(hub.picture.at)))


def accented(sentence: str) -> str:
    """The sentence with every vowel accented, its places left as they are."""
    return "".join(
        part if part.startswith("{") else part.translate(ACCENTED) for part in re.split(r"(\{\w+\})", sentence)
    )


def as_toml(words: catalogue.Words) -> str:
    tables: dict[str, list[str]] = {}
    for key, said in {**words.entries, **{f"said.{english}": english for english in sentences()}}.items():
        table, _, name = key.partition(".")
        tables.setdefault(table, []).append(f"{json.dumps(name)} = {json.dumps(accented(said), ensure_ascii=False)}")
    return "\n".join(f"[{table}]\n" + "\n".join(rows) for table, rows in tables.items())


def forget() -> None:
    """Nothing; what was read of the languages is read again."""
    for kept in (catalogue.languages, catalogue.words_in, html.card_fragment):
        kept.cache_clear()


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, set[str]]]:
    """A hub with the made-up language beside the two, and every word that is data of the day."""
    folder = tmp_path / "words"
    folder.mkdir()
    for name in ("en", "es"):
        (folder / f"{name}.toml").write_text((catalogue.FOLDER / f"{name}.toml").read_text("utf-8"), encoding="utf-8")
    (folder / "xx.toml").write_text(as_toml(catalogue.words_in("en")), encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    forget()
    player, store = played_day(tmp_path, count=6)
    picture, push, door = player.hub.picture, Push(), HereDoor(player)
    views = {
        name: board_view(picture, now=picture.now, clock_at=picture.at, production="Salt Flats", root="", language=name)
        for name in catalogue.languages()
    }
    push.publish(views.pop("en"), views)
    more = [
        *set_routes(push, Door()), *signin_routes(Door()), *start_routes(push), *office_routes(door, production="Salt Flats", ledger=Path(store.path)), *trace_routes(door),
        *account_routes(store.path), *inquiry_routes(store.path),
    ]  # fmt: skip
    data = {*picture.labels, *picture.words.values(), *(gun.word_name for gun in picture.guns.values()), "Salt Flats"}
    yield (
        TestClient(board_app(push, Door(), more=more)),
        {form for name in data for word in re.findall(r"[A-Za-z]+", name) for form in (word, word.upper())},
    )
    store.close()
    monkeypatch.undo()
    forget()


def read_out(page: str) -> str:
    """What a reader of the page meets: its text, and the names that a screen reader says."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    named = re.findall(r'(?:aria-label|alt|placeholder|title|data-h)="([^"]*)"', page)
    return markup.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *named]))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_an_english_word_that_the_one_file_did_not_give(
    client: tuple[TestClient, set[str]], path: str
) -> None:
    browser, data = client
    page = browser.get(path, headers={"accept-language": "xx"})
    assert page.status_code in {200, 404}
    assert path.startswith("/office/strip") or 'lang="xx"' in page.text
    plain = set(re.findall(r"(?<![\w#./:-])[A-Za-z]{3,}(?![\w@])", read_out(page.text)))
    assert {word for word in plain if re.search("[aeiou]", word.lower())} - data - LEFT == set()
