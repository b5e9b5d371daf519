"""The twelve rules of fairness, F1 to F12: each is one test, on a recorded morning and on the reference incident by role."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.compare import WORDS, Result
from coldcheck.station import inquiry_text as text
from coldcheck.station.inquiry_text import Desk, open_desk
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.parts import Choices, data_files, document, redacted, withheld_of
from coldcheck.station.scenario import parse_scenario, read_scenario
from inquiry_days import SCENARIOS, Filing, day_text, handed, pattern

VERDICTS = re.compile(
    r"\b(guilt|guilty|fault|blame|credib\w+|liar|lied|lying|truthful|reliab\w+|suspect|culprit|offender|perpetrator|breach|"
    r"violat\w+|score|rank|rating|likelihood|probab\w+)\b",
    re.IGNORECASE,
)


def desk_of(ledger: Path, source: str, *, path: str = "day") -> Desk:
    scenario = read_scenario(Path(source)) if source.endswith(".txt") else parse_scenario(source, path=path)
    play_into(ledger, scenario).hub.store.close()
    desk, _store = open_desk(ledger)
    return desk


@pytest.fixture(scope="module")
def church(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_of(tmp_path_factory.mktemp("fair") / "church.ledger", str(SCENARIOS / "church_rehearsal.txt"))


def morning(folder: Path, filing: Filing, *, coverage: bool = True) -> Desk:
    return desk_of(folder / f"{coverage}.ledger", day_text(filing, coverage=coverage))


def claims_of(desk: Desk) -> dict[str, Any]:
    return {row["claim"]: row for group in text.matrix_json(desk)["questions"] for row in group["claims"]}


def everything(desk: Desk) -> dict[str, Any]:
    """All that the inquiry shows of a ledger, and all that a pack prints and carries."""
    choices = Choices(incident="M-1", audience="agency", withhold=(), decided_by="upm", ask="upm")
    withheld = withheld_of(desk, choices)
    shown = redacted(desk, withheld)
    people = {person.label: text.person_json(desk, person.person) for person in desk.picture.persons.values()}
    return {"data": data_files(shown, withheld), "people": people, "printed": document(shown, choices, withheld, [])}


def keys_and_numbers(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}/{key}", inner if isinstance(inner, int | float) else None
            yield from keys_and_numbers(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys_and_numbers(inner, path)


def test_f1_no_score_and_no_rank_of_anybody(church: Desk) -> None:
    shown = everything(church)
    assert [path for path, _number in keys_and_numbers(shown) if VERDICTS.search(path.replace("_", " "))] == []
    counts = {path.rsplit("/", 1)[1] for path, number in keys_and_numbers(shown["people"]) if number is not None}
    assert counts <= {
        "entry",
        "size",
        "denied",
        "possible",
        "reported",
        "confirmed_apart",
        "opened_entry",
        "closed_entry",
        "refused",
        "doubted_entry",
    }
    assert [f.name for act in a.INQUIRY_ACTS for f in fields(act) if VERDICTS.search(f.name.replace("_", " "))] == []
    order = [row["entry"] for row in text.matrix_json(church)["questions"][0]["claims"]]
    assert order == sorted(order)


def test_f2_role_words_are_neutral_and_who_is_not_named_stays_so(church: Desk) -> None:
    everything_said = json.dumps([*WORDS.values(), *text.REACH_WORDS.values(), *text.ASKED_WORDS.values()])
    assert VERDICTS.search(everything_said) is None
    assert VERDICTS.search(json.dumps(everything(church)["printed"])) is None
    unnamed = claims_of(church)["K-2"]["statement"]
    assert unnamed["speaker"] == "an affidavit"


def test_f3_the_speakers_words_stand_unchanged_with_their_source(church: Desk) -> None:
    paper = (SCENARIOS / "papers" / "church_accounts.txt").read_text(encoding="utf-8")
    for row in claims_of(church).values():
        said = row["statement"]
        assert said["words"] == [paper[start:end] for start, end in said["spans"]]
        assert (said["source"], bool(said["sha256"]), all(said["words"])) == ("ART-1", True, True)


def test_f4_every_cell_leads_to_entries_or_coverage(church: Desk, tmp_path: Path) -> None:
    filing = Filing()
    filing.claim("LEAD", "a", handed("ARM"))
    filing.claim("LEAD", "b", handed("AD1"))
    filing.claim("ARM", "c", handed("ARM"))
    filing.claim("LEAD", "d", pattern("locked", {"item": "@Colt-1"}, {}))
    filing.claim("LEAD", "e", pattern("locked", {"item": "@Colt-1"}, {}), denied=True)
    rows = [*claims_of(church).values(), *claims_of(morning(tmp_path, filing)).values()]
    seen = set()
    for row in rows:
        cell = row["record"]
        seen.add(cell["result"])
        assert cell["size"] > 0
        match Result(cell["result"]):
            case Result.AGREES | Result.DIFFERS | Result.BOTH | Result.OWN_ONLY:
                assert cell["supporting"] or cell["differing"] or cell["own"]
                assert all(each["entry"] < cell["size"] and each["signed_by"] for each in cell["supporting"])
            case Result.RECORDING_ON | Result.NO_SUCH_ENTRY:
                assert cell["coverage"]
                assert cell["could_have_entered"]
            case _:
                assert not cell["coverage"]
    assert {"agrees", "differs", "own_only", "both", "recording_on", "no_such_entry", "outside"} <= seen


def test_f5_absence_is_worded_by_coverage_and_never_agrees(tmp_path: Path) -> None:
    words = {}
    for coverage in (True, False):
        filing = Filing()
        filing.claim("LEAD", "It was locked.", pattern("locked", {"item": "@Colt-1"}, {}))
        filing.claim("LEAD", "It was locked.", pattern("locked", {"item": "@Colt-1"}, {}), denied=True)
        words[coverage] = [
            row["record"]["words"] for row in claims_of(morning(tmp_path, filing, coverage=coverage)).values()
        ]
    assert words == {
        True: ["nothing recorded, recording was on", "no such entry, recording was on"],
        False: ["nothing recorded, recording not assured"] * 2,
    }


def test_f6_one_layout_for_every_person_and_the_whole_chain(church: Desk) -> None:
    layouts = {tuple(shape) for shape in everything(church)["people"].values()}
    assert layouts == {("person", "accounts")}
    assert len({tuple(row) for row in claims_of(church).values()}) == 1
    known = text.knowledge_json(church)
    assert {tuple(row) for row in known} == {("entry", "who", "what", "about")}
    assert len({row["who"] for row in known}) > 3
    assert [row["entry"] for row in known] == sorted(row["entry"] for row in known)


def test_f7_everybody_named_has_a_reply_slot_and_not_asked_shows(tmp_path: Path) -> None:
    filing = Filing()
    first = filing.claim("LEAD", "a", handed("AD1"))
    second = filing.claim("LEAD", "b", handed("AD1"))
    third = filing.claim("LEAD", "c", handed("AD1"))
    filing.file("account_asked", person="@AD1", regarding=f"@{second}")
    filing.file("account_asked", person="@AD1", regarding=f"@{third}")
    filing.file("account_given", person="@AD1", regarding=f"@{third}", reply="declined")
    slots = {
        label: {n["person"]: n["reply"] for n in row["named"]}
        for label, row in claims_of(morning(tmp_path, filing)).items()
    }
    assert slots == {
        first: {"AD1": "not asked", "LEAD": "not asked"},
        second: {"AD1": "asked", "LEAD": "not asked"},
        third: {"AD1": "declined as told", "LEAD": "not asked"},
    }


def test_f8_how_many_mouths_it_came_through_is_always_printed(church: Desk) -> None:
    heard = {label: row["heard"] for label, row in claims_of(church).items()}
    assert heard["K-1"] == "through 1 other"
    assert heard["K-2"] == "told by the source alone"
    assert heard["K-8"] == "first hand"
    printed = next(s for s in everything(church)["printed"]["sections"] if s["title"] == "Claims beside the record")
    assert all(
        re.search(r", (first hand|told by the source alone|through \d+ others?)$", row[1]) for row in printed["rows"]
    )


def test_f9_nothing_of_the_analysis_stands_among_the_facts(church: Desk) -> None:
    assert re.search(r"hypothes|\bH[1-9]\b", json.dumps(everything(church))) is None


def test_f10_injury_material_is_shielded_and_withheld_by_number(church: Desk) -> None:
    shielded = next(row for row in text.exhibits_json(church) if row["exhibit"] == "X-3")
    assert shielded["description"] == "(shielded: ask for it)"
    data = everything(church)["data"]
    assert [row["reason"] for row in data["withheld.json"] if row["kind"] == "exhibit_filed"][:1] == [
        "injury material: shown on request only"
    ]
    assert "the fired round" not in json.dumps(everything(church))


def test_f11_a_statement_confirmed_only_by_whom_it_is_about_says_so(tmp_path: Path) -> None:
    filing = Filing()
    filing.claim("LEAD", "a", handed("ARM"))
    filing.claim("LEAD", "b", handed("ARM"))
    filing.lines[2:4] = [line.replace("COMP files statement", "ARM files statement") for line in filing.lines[2:4]]
    filing.claim("LEAD", "c", handed("ARM"))
    filing.lines[6] = filing.lines[6].replace("COMP files", "ARM files")
    filing.file("statement_confirmed", statement="@T3")
    apart = {row["claim"]: row["statement"]["confirmed_apart"] for row in claims_of(morning(tmp_path, filing)).values()}
    assert apart == {"K1": False, "K2": True, "K3": True}


def test_f12_nobody_who_is_real_signs_anything(church: Desk) -> None:
    # The other scenarios are invented whole; tests/test_real_names.py holds them to it.
    signers = {
        church.picture.persons[done.by].label for done in church.picture.journal if done.by in church.picture.persons
    }
    assert signers == {"COMP"}
