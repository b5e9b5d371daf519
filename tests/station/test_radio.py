"""What is read aloud, heard badly: no part of a line that a radio lets through says a colder gun than the whole."""

import re

import pytest

from coldcheck.station.web.catalogue import Words, languages, words_in

GUNS = ("Magpie", "Anvil", "Domino", "Oxbow", "Cobalt")
HEARD = {
    "en": {"empty": r"\bempty\b", "replica": r"\breplica\b", "dummies": r"\bdumm(y|ies)\b", "blanks": r"\b(hot|blanks?)\b", "loaded": r"\b(stop|loaded)\b"},
    "es": {"empty": r"\bvac[ií]a\b", "replica": r"\br[eé]plica\b", "dummies": r"\binertes?\b", "blanks": r"\b(caliente|fogueo)\b", "loaded": r"\b(alto|cargadas?)\b"},
}  # fmt: skip
"""What a listener makes of what comes through, coldest first; who makes nothing of it treats the gun as loaded."""
COLDNESS = {"empty": 3, "replica": 3, "dummies": 2, "blanks": 1, "loaded": 0, "": 0}


def heard(line: str, language: str) -> str:
    """The coldest thing that can be made of `line`."""
    found = [what for what, pattern in HEARD[language].items() if re.search(pattern, line, re.IGNORECASE)]
    return max(found, key=COLDNESS.__getitem__, default="")


def lines_of(words: Words) -> dict[str, str]:
    """Every line there is, for some gun, by its key."""
    values = {"gun": "Magpie", "chambers": "six", "count": "five"}
    return {key: words.say(f"radio.{key}", **values) for key in words.table("radio") if key != "numbers"}


def clipped(line: str) -> set[str]:
    """The line without its first word, without its first syllable, and cut off at any letter from either side."""
    first, _, rest = line.partition(" ")
    syllable = re.sub(r"^[^aeiouáéíóú]*[aeiouáéíóú]+", "", line, count=1, flags=re.IGNORECASE)
    ends = {line[at:] for at in range(len(line))} | {line[:at] for at in range(1, len(line))}
    return {rest, syllable, first, *ends}


@pytest.mark.parametrize("language", languages())
def test_no_clipped_line_says_a_colder_gun(language: str) -> None:
    for key, line in lines_of(words_in(language)).items():
        whole = heard(line, language)
        for part in clipped(line):
            assert COLDNESS[heard(part, language)] <= COLDNESS[whole], (key, part)


@pytest.mark.parametrize("language", languages())
def test_every_word_cut_off_by_its_first_syllable_says_nothing_colder(language: str) -> None:
    for key, line in lines_of(words_in(language)).items():
        spoken = line.split()
        for at, word in enumerate(spoken):
            short = re.sub(r"^[^aeiouáéíóú]*[aeiouáéíóú]+", "", word, count=1, flags=re.IGNORECASE)
            part = " ".join([*spoken[:at], short, *spoken[at + 1 :]])
            assert COLDNESS[heard(part, language)] <= COLDNESS[heard(line, language)], (key, part)


@pytest.mark.parametrize("language", languages())
def test_a_listener_of_whole_lines_hears_what_they_say(language: str) -> None:
    said = {key.split("_")[0].rstrip("s"): heard(line, language) for key, line in lines_of(words_in(language)).items()}
    assert said == {
        "empty": "empty", "dummie": "dummies", "dummy": "dummies", "blank": "blanks", "replica": "replica",
        "stop": "loaded", "all": "loaded",
    }  # fmt: skip


def test_the_trap_this_is_about_would_be_found() -> None:
    """A line of the old kind: cut off its first syllable, and the gun is cold."""
    assert COLDNESS[heard("Gun Magpie: empty", "en")] > COLDNESS[heard("Gun Magpie: loaded, not empty"[:18], "en")]
    parts = clipped("Gun Magpie: not proven, unempty".replace("unempty", "un empty"))
    assert any(heard(part, "en") == "empty" for part in parts)
