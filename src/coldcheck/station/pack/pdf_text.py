"""The text of a PDF, page by page. The library is imported when a PDF comes; its absence is one sentence."""

from io import BytesIO

from coldcheck.proof.errors import ColdcheckError


class NoPdfText(ColdcheckError):
    """A PDF whose text cannot be taken out. The sentence goes on after the file's name."""


def text_of_pdf(content: bytes) -> list[str]:
    """The text of each page. Raises NoPdfText."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415  # only who reads a PDF needs it
    except ImportError as problem:
        raise NoPdfText(
            "is a PDF, and pypdf is not installed; install requirements/pack.txt, or copy its text into a text file."
        ) from problem
    try:
        reader = PdfReader(BytesIO(content))
        pages = None if reader.is_encrypted else [page.extract_text() for page in reader.pages]
    except Exception as problem:  # whatever a broken PDF makes the library say
        raise NoPdfText(
            f"is a PDF too broken to read ({type(problem).__name__}); copy its text into a text file."
        ) from problem
    if pages is None:
        raise NoPdfText("is a locked PDF; open it with its password and copy its text into a text file.")
    return pages
