"""Claims beside the record and beside each other, on a recorded morning and on the same day unrecorded."""

from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.claims import ClaimRow, clashes_of, matrix_of, moment_of, roots_of
from coldcheck.custody.compare import Cell, Result
from coldcheck.custody.matter import files_of
from coldcheck.custody.picture import Picture
from inquiry_days import Filing, day_text, handed, pattern, played


def rows_of(picture: Picture) -> dict[str, ClaimRow]:
    return {row.claim.act.label: row for group in matrix_of(picture).groups for row in group.rows}


def cell_for(
    speaker: str,
    *patterns: dict[str, Any],
    coverage: bool = True,
    extra: tuple[str, ...] = (),
    said: dict[str, Any] | None = None,
    **fields: Any,
) -> Cell:
    filing = Filing()
    label = filing.claim(speaker, "It was so.", *patterns, said=said, **fields)
    return rows_of(played(day_text(filing, coverage=coverage, extra=extra)).hub.picture)[label].cell


CHECKED = pattern("answered", {"gun": "@Colt-1"}, {"by": "@EMP"})


@pytest.mark.parametrize(
    ("speaker", "patterns", "fields", "result"),
    [
        ("LEAD", (handed("ARM"),), {}, Result.AGREES),
        ("ARM", (handed("ARM"),), {}, Result.OWN_ONLY),
        ("LEAD", (handed("AD1"),), {}, Result.DIFFERS),
        ("ARM", (handed("AD1"),), {}, Result.DIFFERS),
        ("LEAD", (handed("ARM"),), {"denied": True}, Result.DIFFERS),
        ("LEAD", (handed("AD1"),), {"denied": True}, Result.AGREES),
        ("ARM", (handed("AD1"),), {"denied": True}, Result.OWN_ONLY),
        ("LEAD", (CHECKED,), {}, Result.RECORDING_ON),
        ("EMP", (CHECKED,), {"denied": True}, Result.NO_SUCH_ENTRY),
        ("LEAD", (), {}, Result.OUTSIDE),
        ("LEAD", (handed("ARM"),), {"stance": "question"}, Result.QUESTION),
        ("LEAD", (handed("ARM"),), {"stance": "decline"}, Result.DECLINED),
    ],
)
def test_each_result_comes_when_it_should(
    speaker: str, patterns: tuple[dict[str, Any], ...], fields: dict[str, Any], result: Result
) -> None:
    assert cell_for(speaker, *patterns, **fields).result is result


@pytest.mark.parametrize("denied", [False, True])
def test_without_coverage_silence_is_not_assured(denied: bool) -> None:  # noqa: FBT001  # a case of a table
    cell = cell_for("LEAD", CHECKED, coverage=False, denied=denied)
    assert (cell.result, cell.coverage, cell.could) == (Result.NOT_ASSURED, (), ())


def test_coverage_of_another_place_or_subject_assures_nothing() -> None:
    for other in (
        {"place": "@Truck"},
        {"subject": "rounds"},
        {"when": "2026-03-02T07:00 to 2026-03-02T08:10"},
        {"when": ""},
    ):
        assert cell_for("LEAD", {**CHECKED, **other}).result is Result.NOT_ASSURED


def test_silence_names_who_could_have_entered_it_and_what_their_devices_did() -> None:
    cell = cell_for("LEAD", pattern("answered", {"gun": "@Colt-1", "by": "@EMP"}, {}))
    assert [(each.reach, each.before_entry) for each in cell.could] == [("never_signed", None)]
    cell = cell_for("LEAD", pattern("locked", {"item": "@Colt-1"}, {"by": "@AD1"}))
    assert [each.reach for each in cell.could] == ["signed_within"]
    cell = cell_for("LEAD", pattern("locked", {"item": "@Colt-1"}, {}))
    assert len(cell.could) > 4


def test_both_kinds_of_entries_are_both_shown() -> None:
    told = "08:50 COMP reports E1 from S1 (statement) at 2026-03-02T08:15: AD1 hands Colt-1 to LEAD"
    cell = cell_for("LEAD", handed("ARM"), extra=("08:21 ARM picks up Colt-1", told))
    assert (cell.result, cell.basis) == (Result.BOTH, "both")
    assert [each.reported for each in cell.supporting] == [False]
    assert [each.sources for each in cell.differing] == [("S1",)]


def test_a_report_out_of_the_very_source_of_the_claim_is_no_support() -> None:
    told = "08:50 COMP reports E1 from SRC (statement) at 2026-03-02T08:15: EMP hands Colt-1 to AD1"
    about = pattern("handed_over", {"item": "@Colt-1", "to": "@AD1"}, {"by": "@EMP"}, "by")
    assert cell_for("LEAD", about, extra=(told,)).result is Result.OWN_ONLY
    assert cell_for("LEAD", about, extra=(told.replace("from SRC", "from SRC, S2"),)).result is Result.AGREES


def test_an_entry_of_the_person_an_attorney_speaks_for_is_his_own() -> None:
    said = {"on_behalf_of": "@ARM"}
    assert cell_for("EMP", handed("ARM"), said=said).result is Result.OWN_ONLY
    assert cell_for("EMP", handed("ARM"), chain=["@ARM"]).result is Result.OWN_ONLY


def test_a_time_that_only_may_fit_reads_possible() -> None:
    assert cell_for("LEAD", handed("ARM", sure=False)).possible
    vague = "08:50 COMP reports E1 from S1 (statement) at 2026-03-02: EMP hands Colt-1 to AD1"
    about = pattern("handed_over", {"item": "@Colt-1", "to": "@AD1"}, {"by": "@EMP"}, "by")
    assert cell_for("LEAD", about, extra=(vague,)).possible
    assert not cell_for("LEAD", handed("ARM")).possible


def test_an_entry_outside_the_window_says_nothing() -> None:
    assert cell_for("LEAD", handed("ARM", when="2026-03-02T08:06 to 2026-03-02T08:10")).result is Result.RECORDING_ON
    assert cell_for("LEAD", handed("ARM", entries=[1, 5])).result is Result.NOT_ASSURED


def test_a_claim_of_two_parts_stands_no_better_than_the_weaker() -> None:
    assert cell_for("LEAD", handed("ARM"), CHECKED).result is Result.RECORDING_ON


def test_on_an_unrecorded_day_every_claim_is_not_assured_or_outside() -> None:
    filing = Filing()
    filing.claim("LEAD", "a", handed("AD1", when="2025-01-01"))
    filing.claim("ARM", "b", CHECKED, denied=True)
    filing.claim("", "c")
    rows = rows_of(played(day_text(filing, coverage=False)).hub.picture)
    assert {row.cell.result for row in rows.values()} == {Result.NOT_ASSURED, Result.OUTSIDE}


def test_claims_that_cannot_both_be_so_are_marked_without_anybody_asking() -> None:
    filing = Filing()
    filing.claim("LEAD", "AD1 did", handed("AD1"))
    filing.claim("AD1", "AD1 did", handed("AD1"), denied=True)
    filing.claim("ARM", "ARM did", handed("ARM"))
    filing.claim("AD1", "AD1 did", handed("AD1"))
    filing.claim("AD1", "on another day", handed("ARM", when="2026-03-01"))
    filing.claim("AD1", "ARM did not", handed("ARM"), denied=True)
    picture = played(day_text(filing, coverage=True)).hub.picture
    files = files_of(picture)
    found = {
        (files.claims[pair.first].act.label, files.claims[pair.second].act.label): pair.same_person
        for pair in matrix_of(picture).contradictions
    }
    assert found == {
        ("K1", "K2"): False, ("K1", "K3"): False, ("K2", "K4"): True, ("K3", "K4"): False, ("K3", "K6"): False,
    }  # fmt: skip
    assert [files.claims[ref].act.label for ref in rows_of(picture)["K1"].same] == ["K4"]


def test_repetition_adds_no_witness() -> None:
    filing = Filing()
    early = {"times": [{"of": "said", "words": "on Tuesday", "when": "2026-03-03"}]}
    late = {"times": [{"of": "said", "words": "on Thursday", "when": "2026-03-05"}], "on_behalf_of": "@AD1"}
    filing.claim("LEAD", "AD1 did not", handed("AD1"), denied=True, said=early)
    filing.claim("LEAD", "AD1 did not", handed("AD1"), denied=True, said=early)
    filing.claim("EMP", "AD1 did not", handed("AD1"), denied=True, said=late)
    filing.claim("SUP", "AD1 did not", handed("AD1"), denied=True, chain=["@LEAD"])
    picture = played(day_text(filing, coverage=True)).hub.picture
    (group,) = roots_of(files_of(picture))
    heard = {
        picture.persons[root.witness].label: [picture.persons[who].label for who in root.told_before_by]
        for root in group.roots
    }
    assert heard == {"AD1": ["LEAD"], "LEAD": []}


def test_one_word_with_two_meanings_is_a_clash() -> None:
    filing = Filing()
    for meaning in ("empty", "no_live_round", "empty"):
        filing.claim("LEAD", "It was cold.", terms=[{"term": "cold", "meaning": meaning}])
    filing.claim("LEAD", "It was hot.", terms=[{"term": "hot", "meaning": "blanks"}])
    (clash,) = clashes_of(files_of(played(day_text(filing, coverage=True)).hub.picture))
    assert [(meaning, len(refs)) for meaning, refs in clash.meanings] == [("empty", 2), ("no_live_round", 1)]


def test_one_moment_has_its_entries_and_its_claims() -> None:
    filing = Filing()
    filing.claim("LEAD", "ARM did", handed("ARM"))
    filing.claim("LEAD", "the day before", handed("ARM", when="2026-03-01"))
    picture = played(day_text(filing, coverage=True)).hub.picture
    done, claims = moment_of(picture, files_of(picture), a.Interval(start="2026-03-02T08:14", end="2026-03-02T08:14"))
    assert [a.wire_name(type(each.act)) for each in done] == [
        "called", "announced", "acknowledged", "handed_over", "taken",
    ]  # fmt: skip
    assert [claim.act.label for claim in claims] == ["K1"]


def test_a_thing_filed_twice_stays_as_it_was_first_filed() -> None:
    filing = Filing()
    filing.claim("LEAD", "first", handed("ARM"))
    player = played(day_text(filing, coverage=True))
    files = files_of(player.hub.picture)
    (claim,) = files.claims.values()
    again = a.ClaimMade(**{**{name: getattr(claim.act, name) for name in claim.act.__slots__}, "denied": True})
    player.names.openings.clear()
    opening = player.hub.store.opening(claim.act.proposition.commitment)
    assert opening is not None
    player.names.openings[claim.act.proposition.commitment] = opening
    player.say("COMP", (again,), player.moment("2026-03-02T09:30:00Z"))
    assert not files_of(player.hub.picture).claims[claim.act.ref].act.denied
