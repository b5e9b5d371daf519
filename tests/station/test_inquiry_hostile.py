"""What two people would try: counsel who wants the pack to say more than the record, and a press office that wants less.

Each test is one try, by lines that somebody with the role can enter, read off the pack's data and its printed sections.
"""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from coldcheck.custody.registers import questions_of
from coldcheck.station.cli import coldcheck
from coldcheck.station.inquiry_text import (
    Desk,
    matrix_json,
    open_desk,
    questions_json,
    registers_json,
    roots_json,
    statement_json,
)
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.folder import make_pack
from coldcheck.station.pack.parts import Choices, LeftOpen, UnknownLabel, document, redacted, withheld_of
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.verify import verify_path
from inquiry_days import Filing, day_text, handed, pattern

SHOT = "08:40 LEAD fires Colt-1, 1 unintended"
TOLD_LATE = "08:50 EMP reports E9 from S9 (statement) at 2026-03-02T08:12: ARM hands Colt-1 to LEAD"


def choices(*withhold: tuple[str, str], decided_by: str = "upm") -> Choices:
    return Choices(incident="M-1", audience="agency", withhold=withhold, decided_by=decided_by, ask="upm")


class Day(Filing):
    """The morning with a matter, and lines by whoever files them."""

    def __init__(self) -> None:
        super().__init__()
        self.file("matter_opened", label="M-1", kind="criminal", status="open", title="The hand-over")

    def by(self, who: str, act: str, **fields: Any) -> None:
        """One line of somebody else than COMP."""
        self.lines.append(f"09:01 {who} files {act}: {json.dumps(fields)}")

    def line(self, line: str) -> None:
        self.lines.append(line)


def desk_of(folder: Path, day: Filing, *extra: str) -> Desk:
    folder.mkdir(exist_ok=True)
    ledger = folder / "day.ledger"
    play_into(ledger, parse_scenario(day_text(day, coverage=True, extra=extra), path="day")).hub.store.close()
    return open_desk(ledger)[0]


def printed(desk: Desk, title: str, chosen: Choices | None = None) -> list[list[str]]:
    chosen = chosen or choices()
    withheld = withheld_of(desk, chosen)
    found = next(
        each
        for each in document(redacted(desk, withheld), chosen, withheld, [])["sections"]
        if each["title"].startswith(title)
    )
    assert all(len(row) == len(found["head"]) for row in found["rows"])
    rows: list[list[str]] = found["rows"]
    return rows


def claim(desk: Desk, label: str) -> dict[str, Any]:
    return next(row for group in matrix_json(desk)["questions"] for row in group["claims"] if row["claim"] == label)


def open_count(desk: Desk) -> int:
    return questions_of(desk.picture, desk.files).open_count


# --- the press office: what should vanish, or come out softer -------------------------------------------------------


def test_one_soft_question_does_not_swallow_what_the_record_asks(tmp_path: Path) -> None:
    find = "08:51 ARM finds R-9 in Barn: live"
    before = desk_of(tmp_path / "a", Day(), SHOT, find)
    asked = [row.refs[0] for row in questions_of(before.picture, before.files).questions if not row.ref]
    assert len(asked) == 3
    day = Day()
    day.by("EMP", "question_opened", label="Q-soft", text="What was the weather?", owner="@EMP", refs=asked)
    assert open_count(desk_of(tmp_path / "b", day, SHOT, find)) == open_count(before)


def test_a_stop_that_is_open_is_asked_about_whatever_anybody_answers(tmp_path: Path) -> None:
    before = desk_of(tmp_path / "a", Day(), SHOT)
    (stop,) = [row.refs[0] for row in questions_of(before.picture, before.files).questions if not row.ref]
    day = Day()
    day.by("EMP", "question_opened", label="Q-2", text="Was it anything?", owner="@EMP", refs=[stop])
    day.by("EMP", "question_answered", question="@Q-2", state="answered_by_record", refs=["1"])
    desk = desk_of(tmp_path / "b", day, SHOT)
    assert open_count(desk) == open_count(before)
    row = next(each for each in questions_json(desk)["questions"] if each["question"] == "Q-2")
    assert row["state"] == "answered by record, by EMP; open: the record still asks"


@pytest.mark.parametrize("refs", [[], ["nothing of this log"], ["900"]])
def test_an_answer_that_rests_on_nothing_of_this_log_answers_nothing(tmp_path: Path, refs: list[str]) -> None:
    day = Day()
    day.by("EMP", "question_answered", question="@Q", state="answered_by_record", refs=refs)
    desk = desk_of(tmp_path, day)
    assert open_count(desk) == 1
    (row,) = questions_json(desk)["questions"]
    assert row["state"] == "answered by record, by EMP; open: it names nothing of this log"


def test_an_answer_taken_back_answers_nothing(tmp_path: Path) -> None:
    day = Day()
    day.by("EMP", "question_answered", question="@Q", state="answered_by_record", refs=["3"])
    entry = desk_of(tmp_path / "a", day).picture.size - 1
    day.line(f"09:02 EMP retracts entry {entry}")
    assert open_count(desk_of(tmp_path / "b", day)) == 1


def test_a_reply_put_into_anothers_mouth_reads_as_told(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "AD1 handed it over", handed("AD1"))
    day.by("EMP", "account_given", person="@AD1", regarding=f"@{label}", reply="corrected", words="He agrees with us.")
    desk = desk_of(tmp_path, day)
    slots = {each["person"]: each["reply"] for each in claim(desk, label)["named"]}
    assert slots["AD1"] == "corrected as told"
    (row,) = [each for each in printed(desk, "Notices") if each[0] == "reply"]
    assert row[1] == "AD1, as told by EMP"
    (slot,) = [each for each in printed(desk, "Reply slots") if each[0] == "AD1"]
    assert slot[3] == f"{label} (as told by another)"
    assert registers_json(desk)["replies"][0]["by"] == "EMP"


def test_a_statement_disputed_by_another_stays_and_says_so(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "ARM handed it over", handed("ARM"))
    size = desk_of(tmp_path / "a", day).picture.size
    day.line(f"09:02 EMP retracts entry {size - 2}")
    day.line(f"09:02 EMP retracts entry {size - 1}")
    desk = desk_of(tmp_path / "b", day)
    row = claim(desk, label)
    assert row["doubted"] == f"; taken back, corrected or disputed by #{size + 1}"
    assert row["statement"]["doubted"] == f"; taken back, corrected or disputed by #{size}"
    assert f"#{size + 1}" in printed(desk, "Claims beside")[0][0]
    assert f"#{size}" in printed(desk, "Statements")[0][5]


def test_a_second_claim_under_a_label_that_is_taken_is_told_apart(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "ARM handed it over", handed("ARM"))
    day.by("EMP", "claim_made", label=label, statement="@T1", proposition="Nothing happened", topic="@Q", patterns=[])
    desk = desk_of(tmp_path, day)
    labels = [row["claim"] for group in matrix_json(desk)["questions"] for row in group["claims"]]
    assert labels[0] == label
    assert labels[1] == f"{label} (#{desk.picture.size - 1})"


def test_what_was_struck_out_of_a_paper_is_printed_with_who_struck_it(tmp_path: Path) -> None:
    day = Day()
    day.by(
        "EMP", "source_filed", label="ART-9", kind="article", sha256="cd" * 32, size_bytes=900, title="A paper",
        published="2026-03-05", struck=[{"start": 10, "end": 700}],
    )  # fmt: skip
    rows = {row[0]: row for row in printed(desk_of(tmp_path, day), "Sources")}
    assert "690 characters, 10 to 700" in rows["ART-9"][4]
    assert "EMP" in rows["ART-9"][5]
    assert "cd" * 8 in rows["ART-9"][3]


def test_passages_set_aside_as_no_statement_are_counted_by_who_did(tmp_path: Path) -> None:
    day = Day()
    spans = [{"start": 0, "end": 3}, {"start": 4, "end": 9}]
    day.by("EMP", "passages_read", source="@SRC", spans=spans)
    (row,) = printed(desk_of(tmp_path, day), "Sources")
    assert "EMP: 2 passages" in row[5]


def test_withholding_a_label_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, Day())
    for label in ("T-99", "-"):
        with pytest.raises(UnknownLabel, match="withhold"):
            withheld_of(desk, choices((label, "asked for")))


def test_a_remark_is_withheld_by_its_entry_and_no_other_with_it(tmp_path: Path) -> None:
    desk = desk_of(
        tmp_path, Day(), '08:41 EMP raises concern no_time: "too few days"', '08:42 EMP raises concern b: "x"'
    )
    entry = next(
        done.entry_index for done in desk.picture.journal if getattr(done.act, "concern", "") == "no_time"
    )  # fmt: skip
    rows = withheld_of(desk, choices((f"#{entry}", "asked for")))
    assert [row.entry_index for row in rows if row.reason == "asked for"] == [entry]


def test_the_text_taken_out_of_a_withheld_paper_is_withheld_with_it(tmp_path: Path) -> None:
    day = Day()
    day.file(
        "source_filed", label="TXT", kind="transcript", sha256="cd" * 32, size_bytes=9, title="t", derived_from="@SRC"
    )
    desk = desk_of(tmp_path, day)
    with_it = {row.commitment for row in withheld_of(desk, choices(("SRC", "asked for"))) if row.kind == "source"}
    assert with_it == {"ab" * 32, "cd" * 32}


def test_who_decided_is_the_word_of_whoever_made_the_pack(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, Day())
    chosen = choices(decided_by="the Third District Court")
    found = document(desk, chosen, withheld_of(desk, chosen), [])["sections"]
    note = next(each["note"] for each in found if each["title"].startswith("Withheld"))
    assert note.startswith("Reasons, who decided and whom to ask are the words of whoever made this pack.")
    assert note.endswith("the Third District Court.")


def test_a_report_entered_after_the_freeze_says_so_beside_the_claim(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "ARM handed it over", handed("ARM"))
    desk = desk_of(tmp_path, day, SHOT, TOLD_LATE)
    late = [each["words"] for each in claim(desk, label)["record"]["supporting"] if each["reported"]]
    assert len(late) == 1
    assert f"entered after everything was frozen at #{desk.picture.frozen_entry}" in late[0]


# --- counsel: what would say more than the record -------------------------------------------------------------------


def test_beside_a_result_stands_what_the_record_was_asked(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "I was told that it was empty", handed("ARM"))
    desk = desk_of(tmp_path, day)
    asked = "handed over: item Colt-1, to LEAD; as claimed: by ARM; from 2026-03-02T08:06 to 2026-03-02T08:25; at Barn"
    assert claim(desk, label)["asked"] == [asked]
    assert printed(desk, "Claims beside")[0][2] == asked


def test_the_print_tells_entries_for_a_claim_from_those_against_it_and_names_their_signers(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "AD1 handed it over", handed("AD1"))
    desk = desk_of(tmp_path, day)
    (against,) = claim(desk, label)["record"]["differing"]
    (row,) = printed(desk, "Claims beside")
    assert row[4] == f"otherwise: {against['words']}"
    assert "an entry by ARM" in row[4]


def test_the_print_of_a_silence_has_its_coverage_and_who_could_have_entered_it(tmp_path: Path) -> None:
    day = Day()
    day.claim("LEAD", "It was locked", pattern("locked", {"item": "@Colt-1"}, {}))
    (row,) = printed(desk_of(tmp_path, day), "Claims beside")
    assert row[4].startswith("recording was on for guns at Barn from #")
    assert "could have entered it: " in row[4]
    assert "ARM, signed other entries meanwhile" in row[4]


def test_an_interview_is_adopted_by_who_signed_that_and_by_nobody_else(tmp_path: Path) -> None:
    day = Day()
    named = {"people": ["@ARM", "@LEAD"], "adopted_by": ["@ARM", "@LEAD"], "when": "2026-03-05"}
    day.by("EMP", "interview_recorded", label="INT-1", recording="", transcript="", **named)
    day.by("LEAD", "account_given", person="@LEAD", regarding="@INT-1", reply="replied", words="So I said it.")
    desk = desk_of(tmp_path, day)
    (row,) = printed(desk, "Interviews")
    assert row[6] == "LEAD; told by EMP and not signed: ARM"
    (data,) = registers_json(desk)["interviews"]
    assert (data["adopted_by"], data["adopted_as_told"], data["by"]) == (["LEAD"], ["ARM"], "EMP")


def test_where_a_thing_is_only_told_to_be_says_so_in_the_muster(tmp_path: Path) -> None:
    told = "08:45 EMP reports E8 from S8 (statement) at 2026-03-02T08:44: AD1 picks up Colt-1"
    rows = {row[0]: row for row in printed(desk_of(tmp_path, Day(), SHOT, told), "Muster")}
    assert rows["Colt-1"][2] == "AD1 (by report only)"


def test_a_custody_line_that_was_taken_back_says_so(tmp_path: Path) -> None:
    before = desk_of(tmp_path / "a", Day(), SHOT)
    line = next(row for row in printed(before, "Custody chains") if row[0] == "Colt-1")
    entry = int(line[1].removeprefix("#"))
    desk = desk_of(tmp_path / "b", Day(), SHOT, f"08:47 ARM retracts entry {entry}")
    row = next(row for row in printed(desk, "Custody chains") if row[1] == f"#{entry}")
    assert "taken back, corrected or disputed by #" in row[4]
    row = next(row for row in printed(desk, "Time line") if row[0] == f"#{entry}")
    assert "taken back, corrected or disputed by #" in row[4]


def test_every_line_of_the_time_line_has_the_class_of_its_signature(tmp_path: Path) -> None:
    rows = printed(desk_of(tmp_path, Day()), "Time line")
    assert {row[2].rpartition(", ")[2] for row in rows} == {"demo", "hub"}


def test_a_status_without_a_source_says_whose_word_it_is(tmp_path: Path) -> None:
    day = Day()
    day.by("EMP", "matter_changed", regarding="@M-1", kind="criminal", status="closed", when="2026-04-01")
    last = printed(desk_of(tmp_path, day), "Scope")[-1]
    assert last[4:6] == ["no source named", "EMP"]


def test_a_report_out_of_the_text_of_the_same_paper_is_no_second_voice(tmp_path: Path) -> None:
    day = Day()
    day.file(
        "source_filed", label="TXT", kind="transcript", sha256="cd" * 32, size_bytes=9, title="t", derived_from="@SRC"
    )
    label = day.claim("LEAD", "AD1 handed it over", handed("AD1"), said={"source": "@TXT"})
    told = "08:50 COMP reports E9 from SRC (press) at 2026-03-02T08:12: AD1 hands Colt-1 to LEAD"
    record = claim(desk_of(tmp_path, day, told), label)["record"]
    assert (len(record["supporting"]), len(record["own"])) == (0, 1)


def test_who_judged_an_exhibit_and_who_filed_it_stands_beside_it(tmp_path: Path) -> None:
    day = Day()
    day.file("exhibit_filed", label="X-1", item="@Colt-1", description="the gun")
    day.by("EMP", "exhibit_judged", exhibit="@X-1", relevance="not_relevant")
    (row,) = printed(desk_of(tmp_path, day), "Exhibits")
    assert row[6] == "not relevant, by EMP"


def test_a_source_is_not_withheld_while_what_was_made_from_it_is_the_same_words_elsewhere(tmp_path: Path) -> None:
    day = Day()
    day.file(
        "source_filed", label="TXT", kind="transcript", sha256="cd" * 32, size_bytes=9, title="t", derived_from="@SRC"
    )
    desk = desk_of(tmp_path, day)
    desk = type(desk)(**{name: getattr(desk, name) for name in desk.__slots__} | {"paper": lambda _digest: b"x"})
    with pytest.raises(LeftOpen, match="SRC"):
        withheld_of(desk, choices(("TXT", "asked for")))


# --- what stands in a paper, and what is left of it -----------------------------------------------------------------

CHURCH = Path(__file__).parent.parent / "scenarios" / "church_rehearsal.txt"


@pytest.fixture(scope="module")
def church(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("church") / "church.ledger"
    play_into(path, read_scenario(CHURCH)).hub.store.close()
    return path


def test_a_paper_whose_bytes_were_taken_out_of_the_ledger_is_named(church: Path, tmp_path: Path) -> None:
    ledger = Path(shutil.copyfile(church, tmp_path / "pr.ledger"))
    assert not any("ART-1" in said for said in verify_path(ledger, vkey=None).unverified)
    with sqlite3.connect(ledger) as file:
        file.execute("delete from kept_apart")
    (said,) = [said for said in verify_path(ledger, vkey=None).unverified if "ART-1" in said]
    assert said == "The bytes of 1 source of 1 are not here, only their hash: ART-1 (#153). Ask who filed it for them."
    make_pack(ledger, tmp_path / "pack", choices())
    report = verify_path(tmp_path / "pack", vkey=None)
    assert report.ok
    assert said in report.unverified


def test_a_source_that_a_pack_withholds_is_not_said_to_be_lost(church: Path, tmp_path: Path) -> None:
    make_pack(church, tmp_path / "pack", choices(("ART-1", "asked for")))
    report = verify_path(tmp_path / "pack", vkey=None)
    assert report.ok
    assert not any("not here, only their hash" in said for said in report.unverified)


def test_words_cut_out_of_a_sentence_stand_with_what_is_around_them(tmp_path: Path) -> None:
    source = CHURCH.read_text(encoding="utf-8")
    paper = (CHURCH.parent / "papers" / "church_accounts.txt").read_text(encoding="utf-8")
    start = paper.index("pull the trigger")
    line = json.dumps(
        {"label": "T-99", "source": "@ART-1", "spans": [{"start": start, "end": start + 16}], "speaker": "@LEAD"}
    )
    folder = tmp_path / "scenarios"
    shutil.copytree(CHURCH.parent / "papers", folder / "papers")
    (folder / "day.txt").write_text(
        f"{source.rstrip()}\n10:10 COMP files statement_recorded: {line}\n", encoding="utf-8"
    )
    play_into(tmp_path / "x.ledger", read_scenario(folder / "day.txt")).hub.store.close()
    desk = open_desk(tmp_path / "x.ledger")[0]
    said = next(row for row in printed(desk, "Statements") if row[0] == "T-99")
    assert said[3] == "[“I did not ] pull the trigger [,” the lead performer said.]"
    whole = next(row for row in printed(desk, "Statements") if row[0] == "T-13")
    assert whole[3] == "The supplier declined to answer."
    assert statement_json(desk, desk.files.statements[desk.picture.labels["T-99"]])["also_as"] == ["T-11"]  # type: ignore[index]


def test_the_same_words_filed_as_anothers_are_named_beside_both(tmp_path: Path) -> None:
    day = Day()
    day.claim("LEAD", "ARM handed it over", handed("ARM"))
    day.by("EMP", "statement_recorded", label="T-x", source="@SRC", spans=[{"start": 2, "end": 5}], speaker="@ARM")
    rows = {row[0]: row for row in printed(desk_of(tmp_path, day), "Statements")}
    assert "these words stand in T-x too, filed as ARM's" in rows["T1"][5]
    assert "these words stand in T1 too, filed as LEAD's" in rows["T-x"][5]


def test_a_witness_who_is_only_tied_to_a_claim_by_somebody_is_shown_as_that(tmp_path: Path) -> None:
    day = Day()
    first, second = day.claim("LEAD", "ARM handed it over", handed("ARM")), day.claim("ARM", "It was a long day")
    day.by("EMP", "claims_tied", first=f"@{first}", second=f"@{second}", tie="same", reason="they agree")
    (group,) = roots_json(desk_of(tmp_path, day))
    assert [(tie["by"], tie["reason"], tie["claims"]) for tie in group["tied"]] == [
        ("EMP", "they agree", [first, second])
    ]


def test_marks_that_turn_words_round_are_printed_as_what_they_are(tmp_path: Path) -> None:
    day = Day()
    label = day.claim("LEAD", "I did \u202eton\u202c load it")
    desk = desk_of(tmp_path, day)
    assert claim(desk, label)["proposition"] == "I did ⟨U+202E⟩ton⟨U+202C⟩ load it"


def test_the_box_of_page_one_holds_no_line_that_somebody_slipped_in(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, Day())
    chosen = replace(choices(), audience="court\nroot  0000\n\u202everified")
    facts = document(desk, chosen, withheld_of(desk, chosen), [])["facts"]
    assert facts[1] == ["for", "court root 0000 ⟨U+202E⟩verified"]


def test_a_freeze_does_not_end_by_taking_back_what_froze(tmp_path: Path) -> None:
    for number, who in enumerate(("LEAD", "EMP")):
        before = desk_of(tmp_path / f"a{number}", Day(), SHOT)
        entry = before.picture.frozen_entry
        after = desk_of(tmp_path / f"b{number}", Day(), SHOT, f"08:45 {who} retracts entry {entry}")
        assert after.picture.frozen_entry == entry


def test_a_very_long_line_is_cut_where_a_terminal_shows_it(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("a" * 100_000, encoding="utf-8")
    shown = CliRunner().invoke(coldcheck, ["statements", "suggest", str(tmp_path / "long.txt")])
    assert shown.exit_code == 0
    assert len(shown.output) < 1_000


def test_a_warning_its_answer_and_a_need_decided_stand_with_their_words_in_who_knew_what(tmp_path: Path) -> None:
    desk = desk_of(
        tmp_path, Day(), '08:41 ARM raises concern no_time: "too few days"', '08:42 EMP answers concern no_time: "no money"',
        '08:43 EMP decides on Colt-1 for S1, not replica: "it reads better"',
    )  # fmt: skip
    rows = [(row[1], row[3]) for row in printed(desk, "Who knew what")]
    assert ("ARM", "no time: “too few days”") in rows
    assert ("EMP", "no time: “no money”") in rows
    assert ("EMP", "S1 Colt-1: “it reads better”") in rows
