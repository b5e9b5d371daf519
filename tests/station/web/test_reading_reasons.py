"""Why something is suggested, in the reader's language: no part of a reason that the papers here bring up stays as it came."""

from pathlib import Path

import pytest

from coldcheck.custody.statements import Look, read
from coldcheck.custody.tongues import ENGLISH
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.reading_reasons import reason_in
from tracked import REPO

PAPERS = sorted((REPO / "tests" / "fixtures" / "statements").glob("*.txt"))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.stem)
def test_every_reason_has_words_in_spanish_and_stays_itself_in_english(paper: Path) -> None:
    found = read(paper.read_text(encoding="utf-8"), published=None, spoken=False)
    reasons = {each.reason for each in found.suggestions} | {
        one.reason for one in found.net if one.look is not Look.STRUCK
    }
    parts = {part for reason in reasons for part in reason.split("; ")}
    assert parts
    assert {part for part in parts if reason_in(part, tongue=words_in("es").tongue) == part} == set()
    assert {reason for reason in reasons if reason_in(reason, tongue=ENGLISH) != reason} == set()


def test_what_the_paper_says_stands_in_its_place() -> None:
    said = reason_in(
        'guess: "he", and Ada Byrne is named some paragraphs before; named before a colon', tongue=words_in("es").tongue
    )
    assert said == "conjetura: «he», y Ada Byrne se nombra unos párrafos antes; nombrado antes de dos puntos"
