"""PDFs as papers: their text is read, and one without text, locked or broken is one sentence."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
from pypdf import PdfWriter

from coldcheck.custody.statements import read
from coldcheck.station.read_papers import UnreadablePaper, paper_of


def pdf_of(markup: str, folder: Path) -> bytes:
    source = folder / "paper.typ"
    source.write_text(markup, encoding="utf-8")
    made = typst.compile(str(source), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def test_the_text_of_a_pdf_is_read_over_its_pages(tmp_path: Path) -> None:
    content = pdf_of("“It was cold,” the guard said.\n#pagebreak()\nThe armorer said she had checked it.", tmp_path)
    paper = paper_of(content, name="paper.pdf", encoding=None)
    assert paper.own_text
    assert {each.speaker for each in read(paper.text).suggestions} == {"the guard", "The armorer"}


def test_a_scan_has_no_text_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePaper, match="is a PDF without text"):
        paper_of(pdf_of("#rect(fill: black)", tmp_path), name="scan.pdf", encoding=None)


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf_of("words", tmp_path)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(UnreadablePaper, match="locked PDF"):
        paper_of(out.getvalue(), name="locked.pdf", encoding=None)


@pytest.mark.parametrize("content", [b"%PDF", b"%PDF-1.7\nstartxref\n0\n%%EOF", b"%PDF-1.4\n" + b"1 0 obj <<" * 50])
def test_a_broken_pdf_is_one_sentence(content: bytes) -> None:
    with pytest.raises(UnreadablePaper, match="PDF"):
        paper_of(content, name="broken.pdf", encoding=None)
