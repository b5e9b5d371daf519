"""Papers as they really come: empty, huge, in another encoding, a scan, hostile, about people nobody knows. A sentence each."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from coldcheck.custody import acts as a
from coldcheck.custody.matter import files_of
from coldcheck.custody.statements import read
from coldcheck.custody.things import Role
from coldcheck.station import read_papers
from coldcheck.station.commands_statements import statements
from coldcheck.station.hub_says import new_id
from coldcheck.station.read_papers import Paper, UnreadablePaper, paper_of
from coldcheck.station.reading_parts import parts_of, reading_of
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.verify import verify_ledger
from coldcheck.station.web.inquiry_reading import contradictions
from inquiry_days import Filing, day_text
from inquiry_hub import InquiryHub, inquiry_hub

PAPERS = Path(__file__).parent.parent / "fixtures" / "statements"
RIVER = (PAPERS / "river.txt").read_text(encoding="utf-8")
NEVER = a.Interval(start="", end="")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InquiryHub]:
    hub = inquiry_hub(tmp_path_factory.mktemp("papers"))
    hub.sign_in("COMP")
    yield hub
    hub.writer.end()


def filed(hub: InquiryHub, label: str, content: bytes, *, name: str = "paper.txt", encoding: str = "") -> str:
    """The sentence the hub says of a paper ("" for none), after it was filed byte for byte, with its text where it has one."""
    query = {"name": name, "encoding": encoding}
    said = hub.client.post("/api/inquiry/papers", params=query, content=content).json()
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    first = source(hub, f"{label}-file" if said["text"] else label, said["sha256"], len(content), said["media"])
    acts, papers = [first], [said["sha256"]]
    if said["text"]:
        text = said["text"]
        acts.append(source(hub, label, text["sha256"], text["size_bytes"], "text/plain", derived_from=first.ref))
        papers.append(text["sha256"])
    receipt = hub.sends("COMP", *acts, papers=papers)
    assert receipt.get("verdict") == "admitted", receipt
    assert hub.ask(lambda at: at.hub.store.apart(said["sha256"])) == content
    return str(said["problem"])


def source(hub: InquiryHub, label: str, digest: str, size: int, media: str, *, derived_from: str = "") -> a.SourceFiled:
    return a.SourceFiled(
        ref=new_id("s"), label=label, kind=a.SourceKind.ARTICLE, sha256=digest, size_bytes=size, media=media,
        title=hub.seal("title", ""), outlet=hub.seal("outlet", ""), url=hub.seal("url", ""), published=NEVER,
        captured=NEVER, how="file", derived_from=derived_from, struck=(),
    )  # fmt: skip


def test_an_empty_paper_is_kept_and_said_to_be_empty(hub: InquiryHub) -> None:
    assert "nothing in it to read" in filed(hub, "EMPTY", b"  \n")


def test_a_wrong_encoding_is_a_sentence_and_the_right_one_gives_a_text_of_its_own(hub: InquiryHub) -> None:
    content = "“It was cold,” said Zoë Marchbank.".encode("cp1252")
    assert "is not UTF-8 text" in filed(hub, "CP-0", content)
    assert filed(hub, "CP-1", content, encoding="cp1252") == ""
    shown = hub.client.get("/api/inquiry/reading/CP-1").json()
    assert shown["items"][0]["words"] == "It was cold,"
    assert "Zo\u00eb" in str(shown["paragraphs"])


def test_a_scan_and_a_broken_pdf_are_kept_with_a_sentence(hub: InquiryHub) -> None:
    assert "PDF" in filed(hub, "SCAN", b"%PDF-1.4\n%%EOF\n", name="scan.pdf")


def test_hostile_html_is_read_as_words_and_no_item_of_it_is_markup(hub: InquiryHub) -> None:
    page = b"<p onclick=x><script>alert(1)</script>\xe2\x80\x9cIt was <b>cold</b>,\xe2\x80\x9d said Ada Orr.</p><svg onload=y>"
    assert filed(hub, "HTML", page, name="page.html") == ""
    shown = hub.client.get("/api/inquiry/reading/HTML").json()
    assert shown["items"][0]["words"] == "It was cold,"
    assert "alert" not in str(shown["items"])
    # The spans are those of the file as stored, and leave the tags out.
    text = page.decode()
    assert [text[span["start"] : span["end"]] for span in shown["items"][0]["spans"]] == ["It was ", "cold", ","]


def test_a_paper_that_is_not_there_is_a_sentence(hub: InquiryHub) -> None:
    assert "No source here is called" in hub.client.get("/api/inquiry/reading/NOWHERE").json()["sentence"]


def test_words_that_do_not_stand_in_the_paper_are_no_span(hub: InquiryHub) -> None:
    filed(hub, "SPAN", b"One line.\n\nAnother line\nthat goes on.")
    ask = "/api/inquiry/reading/SPAN"
    # A span may go over the end of a line, and over a page where the text was taken out of pages.
    assert hub.client.get(ask, params={"words": "Another line that goes"}).json() == [{"start": 11, "end": 33}]
    assert "do not stand in the paper" in hub.client.get(ask, params={"words": "another line that"}).json()["sentence"]
    assert "No words were typed" in hub.client.get(ask, params={"words": " "}).json()["sentence"]


def test_dates_that_cannot_both_be_so_are_said_to_the_person_who_decides() -> None:
    text = "“It was cold,” Isolde Marchbank told reporters on 20 May 2024.\n"
    (found,) = [each for each in read(text, published=date(2024, 5, 16)).suggestions if each.times]
    assert any("after the paper's own date 2024-05-16" in each for each in contradictions(found, date(2024, 5, 16)))
    assert list(contradictions(found, date(2024, 5, 21))) == []


def test_somebody_who_is_on_no_crew_list_is_a_speaker_in_words(hub: InquiryHub) -> None:
    filed(hub, "STRANGER", "“It was cold,” said Isolde Marchbank.".encode())
    shown = hub.client.get("/api/inquiry/reading/STRANGER").json()
    assert shown["names"] == ["Isolde Marchbank"]
    assert {one["label"] for one in shown["crew"]} >= {"ARM", "LEAD", "COMP"}
    assert "Isolde" not in str(shown["crew"])


def test_a_claim_about_an_erased_person_says_that_words_are_gone_and_keeps_every_byte(tmp_path: Path) -> None:
    filing = Filing()
    filing.claim("LEAD", "Juno Reyes looked into it.")
    hub = inquiry_hub(tmp_path, day_text(filing, coverage=True))
    hub.sign_in("COMP")
    content = "“Juno Reyes looked into it,” said Ada Orr.".encode()
    filed(hub, "GONE", content)
    beside = read_ledger(tmp_path / "day.ledger")
    every = tuple(commitment for commitment, _opening in beside.openings())
    beside.close()
    employer = next(one.label for one in hub.player.hub.picture.persons.values() if Role.EMPLOYER in one.roles)
    asks = a.OpeningErased(commitments=every, reason="asked_by_person")
    reply = hub.ask(lambda at: hub.player.say(employer, (asks,), at.moment))
    assert reply.verdict == "granted"
    page = hub.client.get("/inquiry").text
    assert "Juno" not in page
    assert "Its words were erased because somebody asked, or their time was over." in page
    assert "LEAD" in page
    for view in ("person", "moment", "roots", "registers", "knowledge", "read", "read/GONE"):
        assert hub.client.get(f"/inquiry/{view}").status_code == 200, view
    # The paper is evidence of its own: it stays as it came, and can be read again.
    assert hub.client.get("/api/inquiry/reading/GONE").json()["items"][0]["words"] == "Juno Reyes looked into it,"
    digest = hashlib.sha256(content).hexdigest()
    assert hub.ask(lambda at: at.hub.store.apart(digest)) == content
    # A claim made afterwards about the same person is filed as any other, under his label.
    late = statement(hub, hub.id_of("LEAD"))
    assert hub.sends("COMP", late)["verdict"] == "admitted"
    hub.writer.end()
    assert verify_ledger(tmp_path / "day.ledger", vkey=None).ok


def statement(hub: InquiryHub, speaker: str) -> a.StatementRecorded:
    source = next(iter(hub.ask(lambda at: files_of(at.hub.picture).sources)))
    return a.StatementRecorded(
        ref=new_id("s"), label="T-LATE", source=source, spans=(a.SpanRow(start=0, end=4),), kind=a.StatementKind.DIRECT,
        speaker=speaker, speaker_words=hub.seal("speaker_words", ""), on_behalf_of="", cue=hub.seal("cue", "said"),
        addressee=hub.seal("addressee", ""), outlet=hub.seal("outlet", ""), times=(), nested_in="", rendering_of="",
        suggested_by="",
    )  # fmt: skip


def test_fifty_megabytes_are_read_in_parts_that_lose_no_character_and_no_place() -> None:
    text = (RIVER + "\n\n") * 40
    parts = parts_of(text, whole=10_000, part=10_000)
    assert "".join(text[part.start : part.end] for part in parts) == text
    assert all(len(text[part.start : part.end]) <= 10_000 for part in parts)
    paper = Paper(text=RIVER + "\n\n" + RIVER, spoken=False, pieces=None, own_text=False)
    whole = reading_of(paper, published=None, whole=len(RIVER) + 4, part=len(RIVER) + 4)
    once = read(RIVER)
    assert len(whole.suggestions) >= 2 * len(once.suggestions) - 2
    for each in whole.suggestions:
        assert all(paper.text[span.start : span.end].strip() for span in each.spans)
        assert each.nested_in is None or whole.suggestions[each.nested_in].spans[0].start <= each.spans[0].start
    # A text of one endless word is cut all the same.
    assert [part.end for part in parts_of("x" * 25, whole=10, part=10)] == [10, 20, 25]


def test_a_file_beyond_the_stated_size_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long.txt").write_bytes(b"x" * 2_000_001)
    monkeypatch.setattr(read_papers, "LARGEST_KEPT", 2_000_000)
    found = CliRunner().invoke(statements, ["suggest", str(tmp_path / "long.txt")])
    assert (found.exit_code, "larger than 2 MB; split it" in found.output) == (2, True)


def test_a_paper_of_five_megabytes_is_no_longer_refused() -> None:
    assert len(paper_of(b"word " * 1_000_000, name="long.txt").text) == 5_000_000


# --- papers that look otherwise than they are -------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def docx(body: str, *more: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
        )
        for name in more:
            parts.writestr(f"word/{name}.xml", "<w/>")
    return packed.getvalue()


def words_of(paper: Paper, stored: str) -> list[str]:
    """What each suggestion says, cut from the file as stored by the places it gives."""
    return [
        "".join(stored[part.start : part.end] for span in each.spans for part in paper.in_file(span))
        for each in read(paper.text, spoken=paper.spoken).suggestions
    ]


def test_tracked_changes_and_comments_of_a_docx_are_said_and_never_mixed_in() -> None:
    body = (
        "<w:p><w:r><w:t>Orr said it was </w:t></w:r><w:del><w:r><w:delText>hot</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>cold</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>"
    )
    paper = paper_of(docx(body, "comments", "footnotes"), name="a.docx")
    assert paper.text == "Orr said it was cold."
    assert paper.remarks[0].startswith("The file holds tracked changes: 3 characters struck")
    assert [said.split()[3:5] for said in paper.remarks[1:]] == [["comments", "in"], ["footnotes;", "they"]]
    assert paper_of(docx("<w:p><w:r><w:t>Orr.</w:t></w:r></w:p>"), name="a.docx").remarks == ()


def test_a_text_box_is_read_once_and_a_line_end_keeps_words_apart() -> None:
    box = "<w:p><w:r><w:t>It was cold.</w:t></w:r></w:p>"
    body = (
        f"<w:p><w:r><w:t>Orr</w:t><w:br/><w:t>said</w:t><w:tab/><w:t>so.</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert paper_of(docx(body), name="a.docx").text == "Orr\nsaid\tso.\n\nIt was cold."


def test_rtf_under_another_name_is_one_sentence_and_kept(hub: InquiryHub) -> None:
    content = rb"{\rtf1\ansi \'93It was cold,\'94 Orr said.}"
    with pytest.raises(UnreadablePaper, match="is RTF, whatever its name says"):
        paper_of(content, name="paper.txt")
    assert "RTF" in filed(hub, "RTF-1", content)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_by_their_mark_or_refused_in_a_sentence(codec: str) -> None:
    content = "“It was cold,” Ada Orr said.".encode(codec)
    if codec == "utf-16":
        assert words_of(paper_of(content, name="a.txt"), content.decode("utf-16-le")) == ["It was cold,"]
        return
    with pytest.raises(UnreadablePaper) as refused:
        paper_of(content, name="a.txt")
    assert str(refused.value).count(".") >= 1
    assert "\n" not in str(refused.value)


def test_characters_nobody_sees_hide_no_statement_and_every_place_still_fits_the_file() -> None:
    stored = "The door was open.\n\nAda O\u200brr s\u200baid that \u202eit was cold\u202c.\n"
    paper = paper_of(stored.encode(), name="a.txt")
    (found,) = read(paper.text).suggestions
    assert (found.speaker, paper.text[found.spans[0].start : found.spans[0].end]) == ("Ada Orr", "it was cold")
    assert words_of(paper, stored) == ["it was cold"]
    assert paper.remarks == (
        "The file holds 4 characters that no page shows; they are left out of the reading and kept in the file.",
    )


def test_text_a_page_hides_is_not_read_as_if_it_stood_there_and_is_counted() -> None:
    page = (
        "<p>Ada Orr said it was cold.</p><div hidden><div>Ben Webb said it was hot.</div> So did Lena Fisk.</div>"
        '<p style="display: none">He said he did it.<p>Ines Quell said it was late.</p>'
    )
    paper = paper_of(page.encode(), name="a.html")
    assert [each.speaker for each in read(paper.text).suggestions] == ["Ada Orr", "Ines Quell"]
    assert paper.remarks == (
        "The page hides 60 characters of text from whoever reads it; they are not read here, and kept in the file.",
    )


def test_a_page_under_the_name_of_a_text_is_read_as_a_page() -> None:
    page = "<!DOCTYPE html><html><body><p>Ada Orr said it was cold.</p><script>Orr said so</script></body></html>"
    paper = paper_of(page.encode(), name="paper.txt")
    assert words_of(paper, page) == ["it was cold"]


def test_subtitles_that_overlap_in_time_are_read_once_in_the_order_of_the_file() -> None:
    stored = (
        "1\n00:00:03,000 --> 00:00:09,000\nORR: It was cold.\n\n2\n00:00:01,000 --> 00:00:05,000\nWEBB: It was hot.\n\n"
        "3\n00:00:09,000 --> 00:00:08,000\nORR: Cold, I said.\n"
    )
    paper = paper_of(stored.encode(), name="a.srt")
    assert words_of(paper, stored) == ["It was cold.", "It was hot.", "Cold, I said."]


def test_what_is_not_in_the_text_is_said_when_the_paper_comes_in(hub: InquiryHub) -> None:
    body = "<w:p><w:del><w:r><w:delText>hot</w:delText></w:r></w:del><w:r><w:t>Orr said so.</w:t></w:r></w:p>"
    content = docx(body)
    said = hub.client.post("/api/inquiry/papers", params={"name": "a.docx", "encoding": ""}, content=content).json()
    assert (said["problem"], said["remarks"][0].split(":")[0]) == ("", "The file holds tracked changes")


def test_the_command_prints_what_is_not_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada Orr s\u200baid it was cold.", encoding="utf-8")
    assert (
        "1 character that no page shows" in CliRunner().invoke(statements, ["suggest", str(tmp_path / "a.txt")]).output
    )
