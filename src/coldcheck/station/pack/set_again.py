"""Whether a pack's PDF prints what its data give: its pages are set again from log and openings and compared, byte for byte.

Promises: what a reader sees of `pack.pdf` is what this station would have printed from the very folder beside it; the
signature's own revision may bring the signature, its invisible field and dates, and nothing that draws. Does not do:
say so of a PDF that another version of Typst set: then `compared` says which, and the pages count as unread.
"""

from collections.abc import Mapping
from importlib import metadata
from io import BytesIO
from typing import Any, Final

from coldcheck.proof.errors import ColdcheckError

_ROOT_MAY_GAIN: Final = frozenset({"/AcroForm", "/Version", "/Extensions", "/Perms", "/DSS"})
_FORM: Final = frozenset({"/Fields", "/SigFlags"})
_REVISIONS: Final = 2


class OtherPages(ColdcheckError):
    """A pack's PDF prints something else than its data give. Read the data, and ask who signed it for another one."""


def set_by() -> str:
    """What sets PDFs here, as it stands in a pack: "typst 0.15.2"; "" where Typst is not installed."""
    try:
        return f"typst {metadata.version('typst')}"
    except metadata.PackageNotFoundError:
        return ""


def not_compared(bundle: Mapping[str, Any]) -> str:
    """Why the pages of a PDF cannot be compared here, as a sentence; "" if they can."""
    said, here = str(bundle.get("set_by", "")), set_by()
    if said == here and here:
        return ""
    return (
        f"What is printed: the pages of the PDF were not read. They were set by {said or 'what the pack does not say'},"
        f" and here is {here or 'no Typst'}. The data beside them were computed again from the log."
    )


def compare_pages(pdf: bytes, unsigned: bytes) -> None:
    """Nothing, if `pdf` is `unsigned` with one signature added and nothing that a reader would see. Raises OtherPages."""
    if not pdf.startswith(unsigned):
        raise OtherPages("pack.pdf prints something else than its data give when its pages are set again.")
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  # heavy, and only packs need it

    signed, before = PdfFileReader(BytesIO(pdf)), PdfFileReader(BytesIO(unsigned))
    xrefs = signed.xrefs
    if xrefs.total_revisions != _REVISIONS or xrefs.get_startxref_for_revision(0) != (
        before.xrefs.get_startxref_for_revision(0)
    ):
        raise OtherPages("pack.pdf holds more than its pages and one signature.")
    root, page, info = _named_in(before)
    changed = {ref.idnum for ref in xrefs.explicit_refs_in_revision(1)}
    known = {ref.idnum for ref in before.xrefs.explicit_refs_in_revision(0)}
    about = before.root.raw_get("/Metadata").idnum
    if (changed & known) - {root.idnum, page.idnum, info.idnum, about} or not _only_signed(signed, before):
        raise OtherPages("pack.pdf shows something that came with its signature, and not out of its data.")


def _named_in(reader: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401  # pyHanko's reader has no types of its own here
    """The references of the catalogue, the first page and the document's information."""
    kids = reader.root["/Pages"]
    while "/Kids" in kids:
        first = kids["/Kids"].raw_get(0)
        kids = first.get_object()
    return reader.trailer.raw_get("/Root"), first, reader.trailer.raw_get("/Info")


def _only_signed(signed: Any, before: Any) -> bool:  # noqa: ANN401  # as above
    """Whether catalogue and first page gained the signature's invisible field, and nothing else."""
    _root, page, _info = _named_in(before)
    old_page, new_page = page.get_object(), signed.get_object(page.reference)
    gained = signed.root.keys() - before.root.keys()
    if gained - _ROOT_MAY_GAIN or any(_raw(signed.root, key) != _raw(before.root, key) for key in before.root):
        return False
    if new_page.keys() - old_page.keys() != {"/Annots"} or any(
        _raw(new_page, key) != _raw(old_page, key) for key in old_page
    ):
        return False
    form, fields = signed.root["/AcroForm"], new_page["/Annots"]
    if form.keys() - _FORM or len(form["/Fields"]) != 1 or len(fields) != 1:
        return False
    field = fields[0]
    is_same = fields.raw_get(0) == form["/Fields"].raw_get(0)
    return bool(is_same and field["/FT"] == "/Sig" and "/AP" not in field and not any(map(float, field["/Rect"])))


def _raw(dictionary: Any, key: str) -> str:  # noqa: ANN401  # as above
    """A value as it is written, references unfollowed."""
    return repr(dictionary.raw_get(key))
