"""The analysis beside a pack: what it holds of a find, and what it holds only when a named person asked for it by an act."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.folder import ANALYSIS, make_pack
from coldcheck.station.pack.parts import Choices
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.verify import verify_path

SCENARIO = Path(__file__).parent.parent / "scenarios" / "copper_creek_recorded.txt"
RESTING: Final = {"posterior", "posterior_range", "prior", "share", "needed_by", "bits", "class_bits"}
"""What rests on a prior."""
FOUND: Final = "08:55 SA examines Find-1: live"
"""The line that the morning is cut after: the rest of it adds nothing to this question."""


def matter(label: str) -> str:
    return json.dumps(
        {"label": label, "kind": "criminal", "status": "under_investigation", "title": label, "when": "2027-04-12"}
    )


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A pack of each matter, by its label, out of one ledger in which ARM asked in M-1 alone."""
    folder = tmp_path_factory.mktemp("analysis")
    said = (
        *(f"08:56 ARM files matter_opened: {matter(label)}" for label in ("M-1", "M-2")),
        f"08:57 ARM files posterior_asked: {json.dumps({'regarding': '@M-1', 'find': '@Find-1'})}",
    )
    morning, found, _rest = SCENARIO.read_text(encoding="utf-8").partition(FOUND)
    assert found
    lines = "\n".join((morning + found, *said))
    ledger = folder / "creek.ledger"
    play_into(ledger, parse_scenario(lines, path=SCENARIO.name)).hub.store.close()
    for label in ("M-1", "M-2"):
        choices = Choices(incident=label, audience="agency", withhold=(), decided_by="upm", ask="upm")
        make_pack(ledger, folder / label, choices, analysis=True)
    return {label: folder / label for label in ("M-1", "M-2")}


def attached(pack: Path) -> list[dict[str, Any]]:
    """The finds of the data that is attached to the signed analysis."""
    (content,) = PdfReader(pack / ANALYSIS).attachments["bundle.zip"]
    data = json.loads(zipfile.ZipFile(BytesIO(content)).read("analysis.json"))
    return list(data["finds"])


def names(value: object) -> set[str]:
    """Every name of a field, at any depth."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names(inner)}
    return {name for inner in value for name in names(inner)} if isinstance(value, list) else set()


def printed(pack: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pack / ANALYSIS).pages).split())


def test_a_pack_in_whose_matter_nobody_asked_holds_no_posterior_in_its_data_or_its_print(
    packs: dict[str, Path],
) -> None:
    finds = attached(packs["M-2"])
    assert [find["label"] for find in finds] == ["Find-1"]
    assert all(find["posterior_asked_by"] is None for find in finds)
    assert not RESTING & names(finds)
    text = printed(packs["M-2"])
    assert "Nobody asked for a posterior in this matter" in text
    assert "asked for by" not in text
    assert "%" not in text


def test_a_pack_holds_the_posterior_of_the_find_that_a_named_person_asked_for_and_says_who(
    packs: dict[str, Path],
) -> None:
    (first,) = attached(packs["M-1"])
    assert first["posterior_asked_by"]["person"] == "ARM"
    assert sum(story["posterior"] or 0 for story in first["hypotheses"]) == pytest.approx(1.0)
    text = printed(packs["M-1"])
    assert f"asked for by ARM, entry #{first['posterior_asked_by']['entry']}" in text
    assert "Nobody asked" not in text


def test_every_kind_of_story_is_in_both_and_the_facts_hold_none_of_it(packs: dict[str, Path]) -> None:
    for pack in packs.values():
        for find in attached(pack):
            assert {story["id"] for story in find["hypotheses"]} >= {f"H{number}" for number in range(1, 8)}
        for file in (pack / "data").glob("*.json"):
            assert not {"posterior", "likelihood", "hypotheses"} & names(json.loads(file.read_text(encoding="utf-8")))
        assert verify_path(pack, vkey=None).ok
