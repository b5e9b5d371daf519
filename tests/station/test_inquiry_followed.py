"""What is filed, followed from the line that files it to the page and to the pack: nothing is lost on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coldcheck.station.inquiry_text import Desk, matrix_json, open_desk, statement_json
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.parts import Choices, data_files, document
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.web.inquiry_pages import inquiry_routes
from inquiry_days import Filing, day_text, handed

CHOICES = Choices(incident="M-1", audience="court", withhold=(), decided_by="upm", ask="upm")
RECORDING, TRANSCRIPT = "ab" * 32, "cd" * 32


def filed() -> Filing:
    """Papers as a court gets them: a sworn one cited by number and paragraph, an interview, two requests of an agency."""
    filing = Filing()
    filing.file("matter_opened", label="M-1", kind="criminal", status="open", title="The hand-over")
    filing.file(
        "source_filed", label="AFF-1", kind="court_document", sha256="ef" * 32, size_bytes=20, title="Affidavit for a warrant",
        court=[{"court": "Third District Court", "number": "D-307-2026-11", "affiant_words": "a detective", "sworn": "2026-03-04"}],
    )  # fmt: skip
    filing.claim("AD1", "He handed it over", handed("AD1"), said={"source": "@AFF-1", "paragraph": "12"})
    filing.claim(
        "",
        "Nobody checks there",
        said={"unnamed": "asked_not_to_be", "speaks_of": "@AFF-1", "on_behalf_words": ["the union"]},
    )
    filing.claim(
        "ARM", "It was a misfire", terms=[{"term": "misfire", "meaning": ""}, {"term": "cold gun", "meaning": "empty"}],
        said={"addressee": "a reporter", "outlet": "the Herald", "times": [{"of": "said", "words": "Tuesday", "when": "2026-03-03"}]},
    )  # fmt: skip
    filing.file("matter_changed", regarding="@M-1", kind="civil", status="charged", when="2026-04-01", source="@AFF-1")
    filing.file(
        "exhibit_filed", label="X-1", item="@Colt-1", description="the gun", seal="seal 9", agency_number="SO-4"
    )
    filing.file("exhibit_filed", label="X-2", item="@SRC", description="a photo of it", derived_from="@X-1")
    filing.file("exhibit_viewed", exhibit="@X-2", purpose="defence_expert")
    filing.file(
        "interview_recorded", label="INT-1", people=["@ARM", "@COMP"], when="2026-03-05T14:02 to 2026-03-05T15:15",
        breaks=["2026-03-05T14:30 to 2026-03-05T14:41"], recording=RECORDING, transcript=TRANSCRIPT, adopted_by=["@ARM"],
    )  # fmt: skip
    filing.lines.append('09:00 ARM files account_given: {"person": "@ARM", "regarding": "@INT-1", "reply": "replied"}')
    filing.file(
        "request_received", label="REQ-1", agency="the sheriff's office", wanted="call sheets", due="2026-03-20"
    )
    filing.file(
        "request_answered", request="@REQ-1", reply="replied", refs=["@AFF-1"], size=40, receipt="receipt 77, signed"
    )  # fmt: skip
    filing.file("request_received", label="REQ-2", agency="the safety bureau", wanted="training records", due="")
    return filing


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("followed") / "day.ledger"
    play_into(path, parse_scenario(day_text(filed(), coverage=True), path="day")).hub.store.close()
    return path


@pytest.fixture(scope="module")
def desk(ledger: Path) -> Iterator[Desk]:
    desk, store = open_desk(ledger)
    yield desk
    store.close()


def page(ledger: Path, view: str = "") -> str:
    return TestClient(Starlette(routes=inquiry_routes(ledger))).get(f"/inquiry{view}").text


def section(desk: Desk, title: str) -> list[list[str]]:
    (found,) = [each for each in document(desk, CHOICES, (), [])["sections"] if each["title"] == title]
    assert all(len(row) == len(found["head"]) for row in found["rows"])
    rows: list[list[str]] = found["rows"]
    return rows


def claims(desk: Desk) -> dict[str, Any]:
    return {row["claim"]: row for group in matrix_json(desk)["questions"] for row in group["claims"]}


def test_an_interview_is_followed_from_its_act_to_page_and_pack(ledger: Path, desk: Desk) -> None:
    (row,) = section(desk, "Interviews")
    assert row[:4] == [
        "INT-1", "ARM, COMP", "2026-03-05T14:02 to 2026-03-05T15:15", "2026-03-05T14:30 to 2026-03-05T14:41",
    ]  # fmt: skip
    assert [cell.replace(" ", "") for cell in row[4:7]] == [RECORDING, TRANSCRIPT, "ARM"]
    shown = page(ledger, "/registers")
    for words in (RECORDING, TRANSCRIPT, "INT-1: ARM, COMP", "2026-03-05 14:02", "2026-03-05 14:41"):
        assert words in shown
    (data,) = data_files(desk, ())["registers.json"]["interviews"]
    assert (data["recording"], data["adopted_by"], data["people"]) == (RECORDING, ["ARM"], ["ARM", "COMP"])


def test_a_request_is_followed_from_its_act_to_page_and_pack_and_one_unanswered_stands(
    ledger: Path, desk: Desk
) -> None:
    answered, waiting = section(desk, "Requests of agencies")
    assert answered[:7] == [
        "REQ-1", "the sheriff's office", "call sheets, due 2026-03-20", "replied", "AFF-1", "40", "receipt 77, signed",
    ]  # fmt: skip
    assert waiting[:4] == ["REQ-2", "the safety bureau", "training records, due no day", "no answer yet"]
    shown = page(ledger, "/registers")
    for words in (
        "the sheriff&#39;s office",
        "replied: AFF-1; at 40 entries; receipt receipt 77, signed",
        "no answer yet",
    ):
        assert words in shown
    first, second = data_files(desk, ())["registers.json"]["requests"]
    assert ([each["handed_over"] for each in first["answers"]], second["answers"]) == ([["AFF-1"]], [])


def test_a_court_paper_is_cited_by_court_number_affiant_and_paragraph(ledger: Path, desk: Desk) -> None:
    said = claims(desk)["K1"]["statement"]
    cited = "AFF-1, no. D-307-2026-11, Third District Court, sworn by a detective 2026-03-04, paragraph 12"
    assert (said["cited"], said["paragraph"]) == (cited, "12")
    assert cited in page(ledger)
    assert section(desk, "Statements")[0][2].startswith(cited)
    assert data_files(desk, ())["sources.json"][1]["court"] == [
        {"court": "Third District Court", "number": "D-307-2026-11", "affiant": "a detective", "sworn": "2026-03-04"}
    ]


def test_an_exhibit_shows_what_was_made_of_it_and_who_viewed_it(ledger: Path, desk: Desk) -> None:
    first, second = section(desk, "Exhibits")
    assert first[3:6] == ["seal 9, SO-4", "made from it: X-2", "nobody entered"]
    assert (second[4], second[5].split()[0], second[5].split(", ")[1]) == ("from X-1", "COMP", "defence expert")
    shown = page(ledger, "/exhibits")
    for words in ("seal 9; SO-4", "→ X-2", "from X-1", "defence expert"):
        assert words in shown


def test_a_matter_changes_with_its_day_and_its_source(ledger: Path, desk: Desk) -> None:
    assert section(desk, "Scope and hold")[1][1:5] == ["civil", "charged", "2026-04-01", "AFF-1"]
    assert "civil, charged, 2026-04-01, from AFF-1" in page(ledger, "/registers")


def test_who_has_no_name_has_the_reason_why_beside_him(ledger: Path, desk: Desk) -> None:
    said = claims(desk)["K2"]["statement"]
    assert (said["speaker"], said["unnamed"], said["on_behalf_of"]) == (
        "somebody",
        "asked not to be named",
        "the union",
    )
    assert "asked not to be named" in page(ledger)
    assert section(desk, "Statements")[1][1] == "somebody, for the union (asked not to be named)"


def test_a_statement_names_the_other_source_it_speaks_of(ledger: Path, desk: Desk) -> None:
    assert claims(desk)["K2"]["statement"]["speaks_of"] == "AFF-1"
    assert "It speaks of another source: AFF-1." in page(ledger)
    assert "speaks of AFF-1" in section(desk, "Statements")[1][4]


def test_to_whom_where_and_when_something_was_said_is_on_page_and_paper(ledger: Path, desk: Desk) -> None:
    assert section(desk, "Statements")[2][4] == "direct; to a reporter; in the Herald; said 2026-03-03 (“Tuesday”)"
    shown = page(ledger)
    assert "To a reporter. In the Herald. said 2026-03-03 (“Tuesday”)." in shown


def test_what_a_trade_word_meant_is_asked_where_nobody_noted_it(ledger: Path, desk: Desk) -> None:
    asked = [row for row in section(desk, "Open questions") if "misfire" in row[0]]
    assert [row[0] for row in asked] == [
        "What was meant by “misfire” in K3? The word is kept as it was spoken, and nobody noted its meaning."
    ]
    assert not [row for row in section(desk, "Open questions") if "cold gun" in row[0]]
    assert "nobody noted what was meant; the register asks" in page(ledger)


def test_a_statement_filed_without_any_of_it_reads_as_before(desk: Desk) -> None:
    said = statement_json(desk, next(iter(desk.files.statements.values())))
    assert said is not None
    plain = statement_json(desk, list(desk.files.statements.values())[2])
    assert plain is not None
    assert (plain["paragraph"], plain["unnamed"], plain["speaks_of"], plain["court"], plain["cited"]) == (
        "",
        "",
        "",
        [],
        "SRC",
    )
