"""The evidence pack: what is in it, that it comes out the same, and that nothing in it can be changed unseen."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from coldcheck.custody.trace import live_finds, origin_of
from coldcheck.proof.entry import read_entry
from coldcheck.station.cli import coldcheck
from coldcheck.station.inquiry_text import open_desk
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.folder import MANIFEST, PDF, TAG_MANIFEST, Made, NotEmpty, UnknownIncident, make_pack
from coldcheck.station.pack.parts import Choices, LeftOpen, document, strips_printed
from coldcheck.station.pack.printed import new_signer, sign_pdf
from coldcheck.station.pack.set_again import OtherPages, compare_pages
from coldcheck.station.pack.verified import BadPack, verify_pdf
from coldcheck.station.record import step_of
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.trace_pictures import chain_picture
from coldcheck.station.verify import verify_path
from tracked import REPO

SCENARIO = Path(__file__).parent.parent / "scenarios" / "church_rehearsal.txt"
CHOICES = Choices(
    incident="M-1",
    audience="agency",
    withhold=(("ART-1", "asked for by its publisher"),),
    decided_by="the upm",
    ask="the upm",
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("church") / "church.ledger"
    play_into(path, read_scenario(SCENARIO)).hub.store.close()
    return path


@pytest.fixture(scope="module")
def made(ledger: Path) -> tuple[Path, Made]:
    out = ledger.parent / "pack"
    return out, make_pack(
        ledger, out, Choices(incident="M-1", audience="agency", withhold=(), decided_by="upm", ask="upm"), analysis=True
    )


@pytest.fixture
def pack(made: tuple[Path, Made], tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(made[0], tmp_path / "pack"))


def why(pack: Path) -> str:
    report = verify_path(pack, vkey=None)
    assert report.kind == "pack"
    assert not report.ok
    assert report.first_bad is not None
    return report.first_bad.reason


def read(pack: Path, name: str) -> Any:
    return json.loads((pack / "data" / name).read_text(encoding="utf-8"))


def test_a_pack_is_whole_and_says_what_it_does_not_show(made: tuple[Path, Made]) -> None:
    report = verify_path(made[0], vkey=None)
    assert (report.ok, report.kind, report.entries, report.root) == (True, "pack", made[1].entries, made[1].root)
    assert any("Who holds the key" in said for said in report.unverified)
    assert not any("the pages of the PDF were not read" in said for said in report.unverified)
    assert any("What the analysis prints" in said for said in report.unverified)


def test_the_same_ledger_gives_the_same_pack(ledger: Path, made: tuple[Path, Made], tmp_path: Path) -> None:
    choices = Choices(incident="M-1", audience="agency", withhold=(), decided_by="upm", ask="upm")
    again = make_pack(ledger, tmp_path / "again", choices, analysis=True)
    assert (again.sha256, again.unsigned_sha256) == (made[1].sha256, made[1].unsigned_sha256)
    assert (tmp_path / "again" / MANIFEST).read_bytes() == (made[0] / MANIFEST).read_bytes()


def test_the_signature_is_an_addition_to_the_unsigned_pdf(made: tuple[Path, Made]) -> None:
    pdf = (made[0] / PDF).read_bytes()
    ends = [at for at in range(len(pdf)) if pdf.startswith(b"%%EOF", at)]
    assert made[1].unsigned_sha256 in {sha256(pdf[: end + extra]).hexdigest() for end in ends for extra in (5, 6)}


@pytest.mark.parametrize(
    "name",
    [
        PDF,
        "analysis.pdf",
        "bag-info.txt",
        MANIFEST,
        TAG_MANIFEST,
        "data/openings.json",
        "data/comparison.json",
        "data/log/checkpoint",
    ],
)
def test_a_changed_byte_in_any_file_is_refused(pack: Path, name: str) -> None:
    content = bytearray((pack / name).read_bytes())
    content[len(content) // 2] ^= 1
    (pack / name).write_bytes(content)
    assert why(pack)


def test_a_file_more_or_a_file_less_is_refused(pack: Path) -> None:
    (pack / "data" / "more.json").write_text("{}")
    assert "data/more.json is on no list" in why(pack)
    (pack / "data" / "more.json").unlink()
    (pack / "data" / "terms.json").unlink()
    assert "data/terms.json is listed and not here" in why(pack)


def relisted(pack: Path) -> None:
    """Writes both lists of hashes anew, as somebody would who changed the data."""
    for name, wanted in ((MANIFEST, True), (TAG_MANIFEST, False)):
        lines = []
        for line in (pack / name).read_text().splitlines():
            path = line[66:]
            if path.startswith("data/") is wanted:
                lines.append(f"{sha256((pack / path).read_bytes()).hexdigest()}  {path}\n")
        (pack / name).write_text("".join(lines))


CHANGES: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "a result": (
        "comparison.json",
        lambda form: form["claims"][0].update(result="agrees") or form,
        "comparison.json is not what",
    ),
    "an exhibit left out": ("exhibits.json", lambda form: form[:1] + form[2:], "not the whole register"),
    "exhibits in another order": ("exhibits.json", lambda form: form[::-1], "not the whole register"),
    "a quotation": (
        "statements.json",
        lambda form: form[0].update(words=["There were five"]) or form,
        "statements.json is not what",
    ),
    "an opening dropped": ("openings.json", lambda form: dict(list(form.items())[1:]), "neither given, nor listed"),
    "a word in an opening": (
        "openings.json",
        lambda form: form[next(iter(form))].update(value="x") or form,
        "does not belong",
    ),
    "the list of what is withheld": ("withheld.json", lambda form: form[1:], "neither given, nor listed"),
    "a word more in the glossary": ("terms.json", lambda form: [*form, {}], "terms.json is not what"),
    "a statement more": ("statements.json", lambda form: [*form, form[0]], "statements.json is not what"),
    "another cell of the matrix": (
        "matrix.json",
        lambda form: form["questions"][0]["claims"][0]["record"].update(words="record agrees, signed") or form,
        "matrix.json is not what",
    ),
    "knowledge that nobody entered": ("knowledge.json", lambda _form: {"verdict": "x"}, "knowledge.json is not what"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_data_changed_with_its_lists_is_refused_all_the_same(pack: Path, what: str) -> None:
    name, change, reason = CHANGES[what]
    file = pack / "data" / name
    file.write_text(json.dumps(change(read(pack, name))))
    relisted(pack)
    assert reason in why(pack)


def test_a_finding_laid_beside_the_data_is_refused_though_it_is_listed(pack: Path) -> None:
    (pack / "data" / "finding.json").write_text("{}")
    line = f"{sha256(b'{}').hexdigest()}  data/finding.json\n"
    (pack / MANIFEST).write_text("".join(sorted([*(pack / MANIFEST).read_text().splitlines(keepends=True), line])))
    relisted(pack)
    assert "data/finding.json is no part of a pack" in why(pack)


@pytest.mark.parametrize("name", ["A finding.pdf", "statements/LEAD.txt", "analysis.pdf"])
def test_what_anybody_lays_beside_the_signed_pdf_is_refused_though_it_is_listed(pack: Path, name: str) -> None:
    content = (pack / PDF).read_bytes() if name == "analysis.pdf" else b"LEAD loaded it"
    lay_beside(pack, name, content)
    assert why(pack)


@pytest.mark.parametrize(
    ("line", "instead"),
    [("Audience", "Audience: everybody"), ("Unsigned", "Verdict: LEAD did it"), ("Checkpoint", "Checkpoint: 3 00")],
)
def test_the_tag_file_of_a_pack_says_what_its_pdf_says(pack: Path, line: str, instead: str) -> None:
    info = (pack / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    changed = [instead if one.startswith(line) else one for one in info]
    assert changed != info
    lay_beside(pack, "bag-info.txt", ("\n".join(changed) + "\n").encode())
    assert "bag-info.txt does not say what the signed PDF says" in why(pack)


def test_an_analysis_taken_out_of_a_pack_is_missed(pack: Path) -> None:
    (pack / "analysis.pdf").unlink()
    tags = pack / "tagmanifest-sha256.txt"
    left = [one for one in tags.read_text(encoding="utf-8").splitlines() if not one.endswith("  analysis.pdf")]
    tags.write_text("\n".join(left) + "\n", encoding="utf-8")
    assert "added, or taken out" in why(pack)


def lay_beside(pack: Path, name: str, content: bytes) -> None:
    """The file, and its line in the list of tag files that nobody signs."""
    (pack / name).parent.mkdir(exist_ok=True)
    (pack / name).write_bytes(content)
    tags = pack / "tagmanifest-sha256.txt"
    others = [one for one in tags.read_text(encoding="utf-8").splitlines() if not one.endswith(f"  {name}")]
    tags.write_text("\n".join([*others, f"{sha256(content).hexdigest()}  {name}"]) + "\n", encoding="utf-8")


def test_a_revision_added_behind_the_signature_is_refused(pack: Path) -> None:
    pdf = (pack / PDF).read_bytes()
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    title = DictionaryObject({pdf_name("/Title"): pdf_string("Another")})  # type: ignore[no-untyped-call]  # theirs
    writer.set_info(writer.add_object(title))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # theirs
    changed = out.getvalue()
    assert changed.startswith(pdf)
    (pack / PDF).write_bytes(changed)
    relisted(pack)
    assert "does not cover the whole file" in why(pack)


def test_bytes_behind_the_end_are_refused(pack: Path) -> None:
    with pytest.raises(BadPack, match="does not cover the whole file"):
        verify_pdf((pack / PDF).read_bytes() + b"\n", manifest="", part=PDF)


def test_the_pdf_of_another_pack_is_refused(ledger: Path, pack: Path, tmp_path: Path) -> None:
    make_pack(ledger, tmp_path / "other", CHOICES)
    shutil.copyfile(tmp_path / "other" / PDF, pack / PDF)
    relisted(pack)
    assert "signed for another folder" in why(pack)


def test_pyhanko_by_itself_finds_one_whole_signature_and_refuses_a_change(made: tuple[Path, Made]) -> None:
    pdf = (made[0] / PDF).read_bytes()
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    assert validate_pdf_signature(signature, context).bottom_line
    at = pdf.index(b"/Title")
    (changed,) = PdfFileReader(BytesIO(pdf[: at + 8] + b"x" + pdf[at + 9 :])).embedded_signatures
    assert not validate_pdf_signature(changed, context).bottom_line


def test_the_pdf_has_what_pdf_a_3b_asks_for_also_after_it_was_signed(made: tuple[Path, Made]) -> None:
    reader = PdfReader(made[0] / PDF)
    root = cast("Any", reader.trailer["/Root"])
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part(=.|>)3", xmp)
    assert re.search(r"pdfaid:conformance(=.|>)B", xmp)
    assert reader.is_encrypted is False
    assert "/ID" in reader.trailer
    (intent,) = (one.get_object() for one in root["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    attached = [one.get_object() for one in root["/AF"]]
    assert sorted(one["/UF"] for one in attached) == ["bundle.json", "bundle.zip"]
    assert {one["/AFRelationship"] for one in attached} == {"/Data", "/Supplement"}
    fonts = {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in cast("Any", reader.pages)
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert len(fonts) >= 2
    for font in fonts.values():
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        held = inner["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(held)
    assert "/JavaScript" not in str(root.get("/Names", {}))
    assert "/OpenAction" not in root


def test_pdfsig_finds_one_valid_signature_over_the_whole_and_a_changed_byte(
    made: tuple[Path, Made], tmp_path: Path
) -> None:
    def said(pdf: Path) -> str:
        return subprocess.run(["pdfsig", str(pdf)], capture_output=True, text=True, check=False).stdout

    whole = said(made[0] / PDF)
    assert "Signature is Valid" in whole
    assert "Total document signed" in whole
    assert "Signature #2" not in whole
    data = (made[0] / PDF).read_bytes()
    at = data.index(b"/Title")
    (tmp_path / "changed.pdf").write_bytes(data[: at + 8] + b"x" + data[at + 9 :])
    assert "Digest Mismatch" in said(tmp_path / "changed.pdf")


def test_every_other_pack_of_the_matter_is_listed_with_its_day_recipient_and_checkpoint(ledger: Path) -> None:
    text = SCENARIO.read_text(encoding="utf-8").rstrip("\n")
    filed = json.dumps(
        {"regarding": "@M-1", "sha256": "ab" * 32, "size": 100, "audience": "the insurer", "withheld": 4}
    )
    again = ledger.parent / "again.ledger"
    scenario = parse_scenario(f"{text}\n12:00 COMP files pack_made: {filed}\n", path=str(SCENARIO))
    play_into(again, scenario).hub.store.close()
    desk, store = open_desk(again)
    printed = document(desk, CHOICES, (), [])
    store.close()
    (section,) = [one for one in printed["sections"] if "other packs" in one["title"]]
    (row,) = [row for row in section["rows"] if row[0] == "pack"]
    assert row[1] == "the insurer"
    assert "4 withheld" in row[2]
    assert "at 100" in row[3]


def test_what_is_withheld_is_listed_and_its_words_are_nowhere(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    make_pack(ledger, out, CHOICES)
    assert verify_path(out, vkey=None).ok
    rows = read(out, "withheld.json")
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["kind"] for row in rows} == {
        "person_enrolled", "source_filed", "source", "exhibit_filed", "statement_recorded", "claim_made",
    }  # fmt: skip
    for row in rows:
        assert row["reason"]
        assert row["decided_by"] == "the upm"
        assert row["ask"] == "the upm"
        assert row["size_bytes"] >= 0
    assert not (out / "data" / "sources").exists()
    assert {tuple(row["words"]) for row in read(out, "statements.json")} == {()}
    everything = b"".join(file.read_bytes() for file in (out / "data").rglob("*") if file.is_file())
    assert b"the fired round" not in everything
    assert b"There were six in it" not in everything
    assert b"the property master" not in everything


def test_a_statement_is_not_withheld_while_its_source_is_given(ledger: Path, tmp_path: Path) -> None:
    label = read_matrix_label(ledger)
    with pytest.raises(LeftOpen, match=f"The words of {label} stand in ART-1"):
        make_pack(ledger, tmp_path / "pack", replace(CHOICES, withhold=((label, "asked for"),)))


def read_matrix_label(ledger: Path) -> str:
    desk, store = open_desk(ledger)
    store.close()
    return next(filed.act.label for filed in desk.files.statements.values())


def test_the_strips_of_a_pack_are_those_of_the_strip_command_in_colours_of_their_own(tmp_path: Path) -> None:
    ledger = tmp_path / "day.ledger"
    play_into(ledger, read_scenario(SCENARIO.parent / "ordinary" / "dropped_gun.txt")).hub.store.close()
    steps = [step_of(number, read_entry(data)) for number, data in enumerate(read_ledger(ledger).entries())]
    printed = strips_printed(steps, draft="draft rules, not reviewed by counsel")
    picture = tmp_path / "strip.svg"
    for each in printed:
        done = CliRunner().invoke(
            coldcheck, ["strip", each["gun"].split()[0], "-l", str(ledger), "--svg", str(picture), "--json"]
        )
        shown = json.loads(done.output)
        assert each["words"] == shown["headline"]
        # Every shape and every word of it, but no variable: Typst reads none, and would draw all of it black.
        assert "var(" not in each["svg"]
        assert "@media" not in each["svg"]
        shapes, drawn = (re.findall(r"<(?!svg|style)[^>]*>[^<]*", text) for text in (each["svg"], picture.read_text()))
        assert [re.sub("#[0-9a-f]{3,6}", "", one) for one in shapes] == [
            re.sub(r"var\(--[a-z-]+\)", "", one) for one in drawn
        ]
    magpie = next(each for each in printed if "Colt-1" in each["gun"])
    assert any("COLD-EMPTY 07:3" in mark for mark in magpie["marks"])
    assert any("void 07:36" in mark for mark in magpie["marks"])


def test_the_chains_and_lots_of_a_pack_are_drawn_as_the_trace_pages_draw_them(ledger: Path) -> None:
    desk, store = open_desk(ledger)
    try:
        printed = document(desk, CHOICES, (), [])
        drawn = [chain_picture(desk.picture, origin_of(desk.picture, each)) for each in live_finds(desk.picture)]
    finally:
        store.close()
    assert len(printed["chains"]) == len(drawn) > 0
    for chain, svg in zip(printed["chains"], drawn, strict=True):
        words, shown = (re.findall(r"<text[^>]*>(?:<title>[^<]*</title>)?([^<]*)", one) for one in (svg, chain["svg"]))
        assert words == shown
        assert "var(" not in chain["svg"]
        assert "@media" not in chain["svg"]
    # No round of that day was of a lot that anybody booked in, so nothing is drawn that the record does not say.
    assert printed["recalls"] == []


def test_exhibits_and_their_custody_are_given_in_terms_of_case_too(pack: Path) -> None:
    graph, register = read(pack, "case.jsonld")["@graph"], read(pack, "exhibits_words.json")
    by_type: dict[str, list[Any]] = {}
    for node in graph:
        by_type.setdefault(node["@type"], []).append(node)
    records = by_type["investigation:ProvenanceRecord"]
    assert [node["investigation:exhibitNumber"] for node in records] == [row["exhibit"] for row in register]
    assert len(by_type["investigation:InvestigativeAction"]) == sum(len(row["custody"]) for row in register) > 0
    ids = [node["@id"] for node in graph]
    assert len(set(ids)) == len(ids)
    assert len(graph[0]["uco-core:object"]) == len(graph) - 1
    # Every reference is to something that is there, and nothing shielded came in by this door.
    known = set(ids)
    for node in graph:
        for name in ("uco-core:object", "uco-action:object", "uco-action:result"):
            assert {one["@id"] for one in node.get(name, [])} <= known
        assert node.get("uco-action:performer", {"@id": ids[0]})["@id"] in known
    shielded = next(row for row in register if row["shielded"])
    record = next(node for node in records if node["investigation:exhibitNumber"] == shielded["exhibit"])
    assert record["uco-core:description"].startswith("(shielded: ask for it)")


def test_the_lot_of_a_find_is_drawn_in_rings(tmp_path: Path) -> None:
    path = tmp_path / "creek.ledger"
    play_into(path, read_scenario(SCENARIO.parent / "copper_creek_recorded.txt")).hub.store.close()
    desk, store = open_desk(path)
    try:
        printed = document(desk, CHOICES, (), [])
    finally:
        store.close()
    (recall,) = printed["recalls"]
    assert recall["lot"] in recall["svg"]
    assert "var(" not in recall["svg"]


def test_a17_an_item_judged_not_similar_is_in_the_register_and_a_reader_sees_it_is_complete(pack: Path) -> None:
    register = read(pack, "exhibits.json")
    assert [(row["number"], row["exhibit"], row["judged"]) for row in register] == [
        (1, "X-1", "not examined"), (2, "X-2", "not similar"), (3, "X-3", "not examined"),
    ]  # fmt: skip
    assert register[1]["item"] == "Envelope"
    assert register[1]["custody"]
    assert [row["entry"] for row in register] == sorted(row["entry"] for row in register)
    assert verify_path(pack, vkey=None).ok
    (pack / "data" / "exhibits.json").write_text(json.dumps([register[0], {**register[2], "number": 2}]))
    relisted(pack)
    assert "exhibits.json is not the whole register in the order of the log" in why(pack)


def test_the_analysis_is_a_part_of_its_own_signed_by_itself(made: tuple[Path, Made]) -> None:
    (signature,) = PdfFileReader(BytesIO((made[0] / "analysis.pdf").read_bytes())).embedded_signatures
    assert signature.field_name == "Pack"
    for name in ("matrix.json", "comparison.json", "questions.json"):
        assert "hypothes" not in (made[0] / "data" / name).read_text().lower()


def test_a_pack_is_never_written_over_anything_nor_made_of_no_matter(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(NotEmpty):
        make_pack(ledger, tmp_path, CHOICES)
    with pytest.raises(UnknownIncident, match="M-1"):
        make_pack(ledger, tmp_path / "new", Choices(incident="M-2", audience="", withhold=(), decided_by="", ask=""))
    assert not (tmp_path / "new").exists()


def test_the_command_makes_what_verify_accepts_with_a_key_of_ones_own(ledger: Path, tmp_path: Path) -> None:
    signer = new_signer(at="2026-03-02T09:00:00Z")
    (tmp_path / "key.pem").write_bytes(signer.key_pem + signer.certificate_pem)
    out = tmp_path / "pack"
    args = ["pack", "--incident", "M-1", "-l", str(ledger), "-o", str(out), "--key", str(tmp_path / "key.pem")]
    assert CliRunner().invoke(coldcheck, args, catch_exceptions=False).exit_code == 0
    verified = CliRunner().invoke(coldcheck, ["verify", str(out), "--json"], catch_exceptions=False)
    assert verified.exit_code == 0
    assert json.loads(verified.output)["ok"] is True


def by_javascript(pack: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(REPO / "verifier" / "cli.mjs"), str(pack), "--json"], capture_output=True, text=True, check=False
    )
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if told["ok"] else 1), done.stderr
    return told


def test_the_javascript_verifier_accepts_a_pack_and_refuses_what_was_changed(pack: Path) -> None:
    told = by_javascript(pack)
    assert (told["ok"], told["entries"]) == (True, 191)
    openings = read(pack, "openings.json")
    openings[next(iter(openings))]["value"] += "x"
    (pack / "data" / "openings.json").write_text(json.dumps(openings))
    assert "openings.json: this file is not as the bundle lists it" in by_javascript(pack)["first_bad"]["reason"]
    relisted(pack)
    assert "does not fit" in by_javascript(pack)["first_bad"]["reason"]
    (pack / "data" / "openings.json").write_text("{")
    relisted(pack)
    assert "do not read" in by_javascript(pack)["first_bad"]["reason"]


def printed_of(ledger: Path) -> dict[str, Any]:
    desk, store = open_desk(ledger)
    try:
        return document(desk, CHOICES, (), [])
    finally:
        store.close()


def section_of(ledger: Path, title: str) -> dict[str, Any]:
    (found,) = [each for each in printed_of(ledger)["sections"] if each["title"] == title]
    return cast("dict[str, Any]", found)


def test_where_recording_was_never_assured_the_gaps_do_not_read_as_none(ledger: Path) -> None:
    gaps = section_of(ledger, "Gaps in recording")
    assert (gaps["rows"], gaps["nothing"]) == ([], "")
    assert gaps["note"].startswith("Recording is assured nowhere in this log")
    assert section_of(ledger, "Photos")["nothing"].strip() == "None."


def test_who_knew_what_says_who_reported_it(ledger: Path) -> None:
    rows = section_of(ledger, "Who knew what")["rows"]
    fired = [row for row in rows if "unintended discharge" in row[2]]
    assert fired
    assert all(row[2] == "reported by COMP: unintended discharge" for row in fired)
    assert next(row[1] for row in rows if row[2] == "rules in force") == "the hub"


def test_a_question_the_record_raises_names_its_entry_its_thing_and_what_would_answer_it(ledger: Path) -> None:
    rows = section_of(ledger, "Open questions")["rows"]
    assert len({row[0] for row in rows}) == len(rows)
    assert "What was it? The stop of entry #101 (unintended discharge, Colt-1) is open." in [row[0] for row in rows]
    assert all(row[5] for row in rows)


def test_everybody_whom_a_claim_names_has_a_slot_in_the_pack_and_not_asked_shows(ledger: Path) -> None:
    slots = {row[0]: row[1:] for row in section_of(ledger, "Reply slots")["rows"]}
    assert slots["AD1"][:2] == ["K-3, K-4, K-6, K-9", "K-8"]
    assert slots["LEAD"][1:] == ["", "", ""]
    assert set(slots) == {"AD1", "ARM", "LEAD"}


def test_page_one_has_the_box_and_the_strip_of_the_gun_that_fired(made: tuple[Path, Made]) -> None:
    first = PdfReader(made[0] / PDF).pages[0].extract_text()
    assert made[1].sha256[:32] in "".join(first.split())
    assert made[1].root[:32] in "".join(first.split())
    assert "Colt-1" in first
    assert first.index("Colt-1") < (first.index("First-16-Oct") if "First-16-Oct" in first else len(first))


def test_no_word_of_the_wire_is_printed_where_people_read(ledger: Path) -> None:
    for each in printed_of(ledger)["sections"]:
        if each["title"] in {"Scope and hold", "Persons and roles", "Withheld from this copy", "Who knew what"}:
            assert not [cell for row in each["rows"] for cell in row if re.fullmatch(r"[a-z]+(_[a-z]+)+", cell)]


def test_a_pack_of_a_freeze_nobody_opened_a_matter_about_says_so(tmp_path: Path) -> None:
    text = (SCENARIO.parent / "copper_creek_recorded.txt").read_text(encoding="utf-8").rstrip("\n")
    ledger = tmp_path / "frozen.ledger"
    scenario = parse_scenario(f"{text}\n08:36 PERF2 fires Colt-3, 1 unintended\n", path="day")
    play_into(ledger, scenario).hub.store.close()
    desk, store = open_desk(ledger)
    choices = Choices(incident="591", audience="agency", withhold=(), decided_by="upm", ask="upm")
    printed = document(desk, choices, (), [])
    store.close()
    assert ["matter", "freeze of entry #591; no matter was opened"] in printed["facts"]
    notes = {each["title"]: (each["note"], each["nothing"]) for each in printed["sections"]}
    assert notes["Scope and hold"] == ("No matter was opened.", "")
    assert notes["Statements"] == ("No statement was filed.", "")
    assert notes["Gaps in recording"][0].startswith("Listed is where recording was assured.")
    out = tmp_path / "pack"
    said = CliRunner().invoke(coldcheck, ["pack", "--incident", "591", "-l", str(ledger), "-o", str(out)]).output
    assert "Open a matter about it" in said
    assert "files pack_made" not in said


def reprinted(ledger: Path, out: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]) -> Path:
    """A pack whose maker changed what is printed before it was set and signed; its data are untouched."""

    def changed(*args: Any) -> Any:
        printed = document(*args)
        change(printed)
        return printed

    monkeypatch.setattr("coldcheck.station.pack.folder.document", changed)
    make_pack(ledger, out, CHOICES)
    return out


def test_a_pack_that_prints_otherwise_than_its_data_is_refused_whoever_signed_it(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def soften(printed: Any) -> None:
        claims = next(each for each in printed["sections"] if each["title"] == "Claims beside the record")
        claims["rows"][0][2] = "record agrees"

    assert "prints something else than its data" in why(reprinted(ledger, tmp_path / "p", monkeypatch, soften))


def test_a_pack_of_which_a_row_was_left_out_in_print_is_refused(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave_out(printed: Any) -> None:
        next(each for each in printed["sections"] if each["title"] == "Time line")["rows"].pop(60)

    out = reprinted(ledger, tmp_path / "p", monkeypatch, leave_out)
    assert "prints something else than its data" in why(out)


def test_pages_that_another_typst_set_are_said_to_be_unread(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coldcheck.station.pack.folder.set_by", lambda: "typst 9.9")
    make_pack(ledger, tmp_path / "p", CHOICES)
    report = verify_path(tmp_path / "p", vkey=None)
    assert report.ok
    (said,) = [said for said in report.unverified if said.startswith("What is printed")]
    assert "were not read. They were set by typst 9.9, and here is typst" in said


def test_what_comes_with_the_signature_draws_nothing(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "p"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coldcheck.station.pack.folder.sign_pdf", lambda unsigned, *_rest, **_more: unsigned)
        make_pack(ledger, out, CHOICES)
    pdf = (out / PDF).read_bytes()
    at = "2026-03-02T10:09:00Z"
    compare_pages(sign_pdf(pdf, new_signer(at=at), at=at), pdf)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    first, second = (page_of(writer, number) for number in (0, 1))
    first[pdf_name("/Contents")] = second.raw_get("/Contents")
    writer.update_container(first)
    with pytest.raises(OtherPages, match="came with its signature"):
        compare_pages(signed_with(writer, at), pdf)


def page_of(writer: IncrementalPdfFileWriter, number: int) -> Any:
    """A page of a PDF by its place."""
    return writer.find_page_for_modification(number)[0].get_object()  # type: ignore[no-untyped-call]  # theirs


def signed_with(writer: IncrementalPdfFileWriter, at: str) -> bytes:
    """One revision behind the pages: what `writer` changed, and a signature over the whole."""
    out = BytesIO()
    signer = new_signer(at=at)
    with TemporaryDirectory() as folder:
        for name, content in (("key", signer.key_pem), ("certificate", signer.certificate_pem)):
            (Path(folder) / name).write_bytes(content)
        simple = signers.SimpleSigner.load(f"{folder}/key", f"{folder}/certificate")  # type: ignore[no-untyped-call]  # theirs
    meta = signers.PdfSignatureMetadata(field_name="Pack", md_algorithm="sha256")
    signers.sign_pdf(writer, meta, simple, output=out)
    return out.getvalue()
