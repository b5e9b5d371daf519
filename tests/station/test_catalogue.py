import re

import pytest
from starlette.testclient import TestClient

from coldcheck.station.web.app import board_app
from coldcheck.station.web.catalogue import FIRST, language_asked, languages, places_in, words_in
from coldcheck.station.web.push import Push
from said import sentences

OTHERS = [name for name in languages() if name != FIRST]
FORBIDDEN = re.compile(r"\b(safe|safely|seguro|segura|a salvo|coldcheck|violation|breach|fault|infracci[oó]n|culpa|error)\b", re.IGNORECASE)  # fmt: skip
COLDER = {
    "en": re.compile(r"\bnot\b|\bun-?\w+|\bcold\b", re.IGNORECASE),
    "es": re.compile(r"\bno\b|\bsin\b|\bdes\w+|\bfr[ií]a", re.IGNORECASE),
}


def test_there_is_english_and_spanish() -> None:
    assert languages() == ("en", "es")


@pytest.mark.parametrize("name", OTHERS)
def test_every_language_has_every_word_with_the_same_places(name: str) -> None:
    first, other = words_in(FIRST).entries, words_in(name).entries
    assert sorted(key for key in other if not key.startswith("said.")) == sorted(first)
    assert [key for key in first if places_in(first[key]) != places_in(other[key])] == []


@pytest.mark.parametrize("name", OTHERS)
def test_every_language_says_what_is_worded_where_it_arises(name: str) -> None:
    said = words_in(name).table("said")
    assert sorted(said) == sorted(sentences())
    assert [english for english in said if places_in(english) != places_in(said[english])] == []


@pytest.mark.parametrize("name", languages())
def test_no_word_promises_what_the_record_cannot(name: str) -> None:
    found = {key: said for key, said in words_in(name).entries.items() if FORBIDDEN.search(said)}
    assert set(found) == set()


@pytest.mark.parametrize("name", languages())
def test_no_radio_line_and_no_big_word_can_lose_its_negation(name: str) -> None:
    words = words_in(name)
    big = ("empty", "dummies", "dummy", "blanks", "blank", "replica", "vault", "loaded")
    lines = [words.entries[f"state.{key}"] for key in big] + list(words.table("radio").values())
    assert [line for line in lines if COLDER[name].search(line)] == []


def test_numbers_are_words_to_twelve() -> None:
    assert {len(words_in(name).entries["radio.numbers"].split()) for name in languages()} == {13}


def test_a_screen_gets_the_language_it_asks_for() -> None:
    asked = [("es", "en"), ("", "es-MX,es;q=0.9,en;q=0.8"), ("", "fr,de"), ("xx", "es"), ("", "")]
    assert [language_asked(query=query, accepts=accepts) for query, accepts in asked] == ["es", "es", "en", "es", "en"]


def test_an_unknown_language_is_answered_in_the_first() -> None:
    assert words_in("xx").language == FIRST
    assert words_in("en").say("radio.replica", gun="Domino") == "Gun Domino: replica."
    assert words_in("en").reason("V04") == "put down unattended"


def test_set_screens_get_their_words_as_json() -> None:
    client = TestClient(board_app(Push()))
    words = client.get("/words/es.json").json()
    assert (words["language"], words["set"]["stop"], words["reason"]["V07"]) == ("es", "ALTO", "se acabó el tiempo")
    assert client.get("/words/xx.json").status_code == 404
    assert "one of: en, es" in client.get("/words/xx.json").json()["sentence"]
