"""A pack verified: every hash, the log, every opening and quotation, every comparison and page again, and the PDF's signature.

Promises: a changed, missing or extra file is found and named; the PDF must carry exactly one signature that covers all of
it, so that a revision added behind it is refused though it changes nothing that was signed; and it prints what its data
give, whoever signed it. Does not do: say who holds
the key of the PDF; `unverified` says so.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from coldcheck.custody.matter import files_of
from coldcheck.proof.audit import FirstBad
from coldcheck.proof.encoding import NotCanonical, encode, from_hex
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import SALT_BYTES, Opening, Sealed, verify_opening
from coldcheck.station.inquiry_text import ERASED, Desk
from coldcheck.station.ledger_files import said_under_all
from coldcheck.station.pack.folder import ANALYSIS, BAGIT, INFO, MANIFEST, PDF, TAG_MANIFEST, archive_of, info_of
from coldcheck.station.pack.parts import Choices, Withheld, data_files, document, guns_of_incident, strips_printed
from coldcheck.station.pack.pictures import given_photos, photos_json
from coldcheck.station.pack.printed import MissingPart, set_pdf
from coldcheck.station.pack.set_again import compare_pages, not_compared
from coldcheck.station.record import sealed_in, step_of
from coldcheck.station.verify import Book, Progress, Report, entries_of, lost_papers, strangers_of, verify_log_files

_LINE: Final = re.compile(r"([0-9a-f]{64})  (\S.*)")
_TAGS: Final = frozenset({PDF, MANIFEST, INFO, "bagit.txt"})
_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class BadPack(ColdcheckError):
    """A pack that is not as it was signed. The sentence names the file or the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A PDF whose signature covers the file and holds.

    `stamped`: when which authority stamped it, in words, "" for no stamp; `signer`: the hash of its certificate; `bundle`:
    what it says of its folder.
    """

    stamped: str
    signer: str
    bundle: Mapping[str, Any]


def verify_pack(directory: Path, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on a pack. Raises MissingPart when pyHanko is not there to check the PDF's signature."""
    book = Book(vkey)
    try:
        _verify_hashes(directory)
        report = verify_log_files(directory / "data" / "log", book=book, progress=progress)
        if not report.ok:
            return replace(report, kind="pack")
        desk = _verify_data(directory, book, report)
        _verify_log_alone(directory / "data" / "log", report)
        pdf = _verify_printed(directory)
        unread = not_compared(pdf.bundle) or _verify_pages(directory, desk, pdf)
    except MissingPart:
        raise
    except (ColdcheckError, OSError, ValueError, KeyError, TypeError) as problem:
        reason = (
            str(problem) if isinstance(problem, ColdcheckError) else f"a file of the pack does not read ({problem})"
        )
        return _bad(book, reason)
    return replace(
        report,
        kind="pack",
        unverified=(
            *report.unverified,
            *([unread] if unread else []),
            *_lost(directory, desk),
            "Who holds the key that signed the PDF: compare its certificate with one you know.",
            f"Who the time-stamp authority is: the PDF was stamped {pdf.stamped}; compare its certificate with one you know."
            if pdf.stamped
            else "When the PDF was signed: it has no time-stamp; the checkpoint in it says which entries were there.",
        ),
    )


def _lost(directory: Path, desk: Desk) -> tuple[str, ...]:
    """What is said of sources whose bytes are neither given nor withheld; a pack holds no locked account."""
    rows = _read(directory / "data" / "withheld.json")
    return tuple(
        said
        for said in lost_papers(desk.picture, desk.paper, withheld=frozenset(row["commitment"] for row in rows))
        if " source" in said
    )


def _verify_log_alone(log: Path, report: Report) -> None:
    others = strangers_of(log, report.entries)
    if others:
        raise BadPack(f"data/log: {others[0]}")


def _verify_printed(directory: Path) -> Printed:
    """What the pack's PDF says by its signature. What lies beside it is what that PDF says, by the same key."""
    manifest = sha256((directory / MANIFEST).read_bytes()).hexdigest()
    pdf = verify_pdf((directory / PDF).read_bytes(), manifest=manifest, part=PDF)
    said = (directory / INFO).read_bytes()
    unsigned = said.rpartition(b": ")[2].strip().decode("utf-8", "replace")
    if said != info_of(pdf.bundle, unsigned) or not re.fullmatch(r"[0-9a-f]{64}", unsigned):
        raise BadPack(f"{INFO} does not say what the signed PDF says of this pack.")
    if (directory / ANALYSIS).exists() != bool(pdf.bundle["analysis"]):
        raise BadPack(f"The signed PDF says otherwise of {ANALYSIS}: it was added, or taken out.")
    if pdf.bundle["analysis"]:
        beside = verify_pdf((directory / ANALYSIS).read_bytes(), manifest=manifest, part=ANALYSIS)
        if beside.signer != pdf.signer:
            raise BadPack(f"{ANALYSIS} was signed by another key than {PDF}.")
    return pdf


def _verify_pages(directory: Path, desk: Desk, pdf: Printed) -> str:
    """What is still unread, "" if nothing: the pages are set again from the data, and are those of the PDF."""
    said = pdf.bundle
    withheld = tuple(_withheld(row) for row in _read(directory / "data" / "withheld.json"))
    choices = Choices(
        incident=str(said["incident"]), audience=str(said["audience"]), withhold=(),
        decided_by=str(said["decided_by"]), ask="",
    )  # fmt: skip
    steps = (step_of(number, read_entry(data)) for number, data in enumerate(entries_of(directory)))
    under = said_under_all(desk.picture, desk.log)
    strips = strips_printed(steps, draft=under, first=guns_of_incident(desk))
    printed = document(desk, choices, withheld, strips)
    printed["facts"].append([MANIFEST, str(said["manifest_sha256"])])
    payload = {path: (directory / path).read_bytes() for path in _listed(directory, MANIFEST)}
    unsigned = set_pdf(printed, bundle=encode(dict(said)), archive=archive_of(payload), at=desk.picture.at)
    compare_pages((directory / PDF).read_bytes(), unsigned)
    return "What the analysis prints: its pages were not set again." if said["analysis"] else ""


def _bad(book: Book, reason: str) -> Report:
    return Report(
        kind="pack", ok=False, entries=book.picture.size, root="", checkpoint="",
        first_bad=FirstBad(entry=None, reason=reason), vkey=book.vkey, vkey_from="its own word", openings=None,
        erased=None, unverified=(),
    )  # fmt: skip


# --- the folder ----------------------------------------------------------------------------------------------------


def _verify_hashes(directory: Path) -> None:
    """Nothing; every file is listed once and has its hash. A fetch list is refused: nothing is brought in from outside."""
    if (directory / "bagit.txt").read_bytes() != BAGIT:
        raise BadPack("bagit.txt is not the declaration of a bag of ours.")
    payload, tags = _listed(directory, MANIFEST), _listed(directory, TAG_MANIFEST)
    if any(not path.startswith("data/") for path in payload) or tags.keys() - {ANALYSIS} != _TAGS:
        raise BadPack("The lists of hashes do not list what a pack has, and nothing else.")
    found = {
        file.relative_to(directory).as_posix() for file in directory.rglob("*") if file.is_file() or file.is_symlink()
    }
    stray = sorted(found - payload.keys() - tags.keys() - {TAG_MANIFEST})
    if stray:
        raise BadPack(f"{stray[0]} is on no list of this pack.")
    for path, digest in (*payload.items(), *tags.items()):
        file = directory / path
        if file.is_symlink() or not file.is_file():
            raise BadPack(f"{path} is listed and not here.")
        if sha256(file.read_bytes()).hexdigest() != digest:
            raise BadPack(f"{path} is not as it was listed.")


def _listed(directory: Path, name: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for line in (directory / name).read_text(encoding="utf-8").splitlines():
        said = _LINE.fullmatch(line)
        if said is None or said[2] in out or ".." in Path(said[2]).parts or Path(said[2]).is_absolute():
            raise BadPack(f"{name} has a line that is no hash and path of this pack.")
        out[said[2]] = said[1]
    return out


# --- the data ------------------------------------------------------------------------------------------------------


def _verify_data(directory: Path, book: Book, report: Report) -> Desk:
    """The desk of what the recipient was given, once everything computed from it was computed again."""
    data = directory / "data"
    openings = _openings(_read(data / "openings.json"))
    hidden = {row["commitment"]: row["number"] for row in _read(data / "withheld.json")}
    words = {commitment: opening.value for commitment, opening in openings.items()}
    named = {sealed.commitment for done in book.picture.journal for sealed in sealed_in(done.act)}
    if not openings.keys() <= named:
        raise BadPack("openings.json opens something that no entry holds.")
    if openings.keys() & hidden.keys():
        raise BadPack("withheld.json lists what openings.json gives.")
    gone = named - openings.keys() - hidden.keys() - book.picture.book.erased
    if gone:
        raise BadPack(f"{len(gone)} sealed words are neither given, nor listed as withheld, nor erased by an entry.")
    desk = Desk(
        picture=book.picture,
        files=files_of(book.picture),
        root=report.root,
        log=str(_read(data / "comparison.json")["checkpoint"]["log"]),
        checkpoint=(report.checkpoint or "").encode(),
        open_words=lambda commitment: words.get(commitment) or _instead(hidden, commitment, words),
        paper=lambda digest: _paper(data, digest),
        photo=lambda digest: _photo(data, digest),
    )
    _verify_sources(desk, data, hidden)
    _verify_photos(desk, data, hidden)
    _verify_computed(desk, data)
    return desk


def _verify_computed(desk: Desk, data: Path) -> None:
    """Nothing; every file that is computed from log and openings is computed again, and nothing else lies beside them."""
    computed = data_files(desk, tuple(_withheld(row) for row in _read(data / "withheld.json")))
    for name, value in computed.items():
        if _read(data / name) != json.loads(json.dumps(value)):
            whole = name == "exhibits.json"
            is_not = (
                "the whole register in the order of the log"
                if whole
                else "what the log gives when it is computed again"
            )
            raise BadPack(f"{name} is not {is_not}.")
    given = {"openings.json", *computed}
    for file in data.rglob("*"):
        name = file.relative_to(data).as_posix()
        if file.is_file() and name not in given and name.split("/")[0] not in {"log", "sources", "photos"}:
            raise BadPack(f"data/{name} is no part of a pack.")


def _withheld(row: dict[str, Any]) -> Withheld:
    return Withheld(entry_index=row["entry"], **{name: value for name, value in row.items() if name != "entry"})


def _instead(hidden: Mapping[str, int], commitment: str, words: Mapping[str, str]) -> str:
    if commitment in words:
        return words[commitment]
    return f"(withheld, item {hidden[commitment]})" if commitment in hidden else ERASED


def _read(path: Path) -> Any:  # noqa: ANN401  # any JSON value
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_each_once)
    except RecursionError as problem:
        raise BadPack(f"{path.name} is nested deeper than anything of a pack.") from problem


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. Raises BadPack for a key twice: two readers would read two values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadPack("A file of the pack has the same key twice in one object.")
    return found


def _openings(form: Mapping[str, Mapping[str, str]]) -> dict[str, Opening]:
    out: dict[str, Opening] = {}
    for commitment, row in form.items():
        try:
            salt = from_hex(row["salt"], size_bytes=SALT_BYTES)
        except NotCanonical as problem:
            raise BadPack(f"The opening of {commitment} has no salt that reads.") from problem
        out[commitment] = Opening(salt=salt, field=row["field"], value=row["value"])
        verify_opening(Sealed(commitment=commitment), out[commitment])
    return out


def _paper(data: Path, digest: str) -> bytes | None:
    file = data / "sources" / digest
    return file.read_bytes() if file.is_file() else None


def _verify_sources(desk: Desk, data: Path, hidden: Mapping[str, int]) -> None:
    filed = {each.act.sha256: each.act for each in desk.files.sources.values()}
    for file in _sources(data):
        source = filed.get(file.name)
        content = file.read_bytes()
        if (
            source is None
            or file.name in hidden
            or sha256(content).hexdigest() != file.name
            or len(content) != source.size_bytes
        ):
            raise BadPack(f"sources/{file.name[:16]} is not a source that was filed and given.")


def _photo(data: Path, digest: str) -> bytes | None:
    file = data / "photos" / f"{digest}.jpg"
    return file.read_bytes() if file.is_file() else None


def _verify_photos(desk: Desk, data: Path, hidden: Mapping[str, int]) -> None:
    """Nothing, if every picture is one that an act names and is given, and photos.json lists all of them."""
    files = sorted((data / "photos").iterdir()) if (data / "photos").is_dir() else []
    here = given_photos(desk, hidden)
    for file in files:
        if file.name.removesuffix(".jpg") not in here:
            raise BadPack(f"photos/{file.name[:16]} is no picture that an entry names and this pack gives.")
    if _read(data / "photos.json") != photos_json(desk, hidden, here):
        raise BadPack("photos.json is not the whole register of the pictures that entries name.")


def _sources(data: Path) -> Iterator[Path]:
    folder = data / "sources"
    yield from sorted(folder.iterdir()) if folder.is_dir() else ()


# --- the PDF -------------------------------------------------------------------------------------------------------


def verify_pdf(pdf: bytes, *, manifest: str, part: str) -> Printed:
    """What one PDF of a pack says.

    Raises BadPack where its signature does not hold, where it names another list of hashes or is another `part` than its
    name says, or where the stamp is of something else.
    """
    ranges = [tuple(int(part) for part in found) for found in _RANGE.findall(pdf)]
    if len(ranges) != 1:
        raise BadPack(f"The PDF has {len(ranges)} signatures; a pack has exactly one.")
    first, length, second, rest = ranges[0]
    if first != 0 or second + rest != len(pdf) or not 0 < length < second:
        raise BadPack("The PDF's signature does not cover the whole file: something was added or cut after signing.")
    if not re.fullmatch(rb"<[0-9a-fA-F]*>", pdf[length:second]):
        raise BadPack("Between the signed parts of the PDF there is more than the signature.")
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  # heavy, and only packs need it
        from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
        from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

        from coldcheck.station.pack.stamped import stamp_in  # noqa: PLC0415
    except ImportError as problem:
        raise MissingPart(
            "pyHanko is not installed, so the PDF's signature cannot be checked; install requirements/pack.txt."
        ) from problem
    try:
        reader = PdfFileReader(BytesIO(pdf))
        signature = reader.embedded_signatures[0]
        stamp = stamp_in(signature)
        roots = [signature.signer_cert, *([stamp[0]] if stamp is not None else [])]
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        is_whole = bool(status.intact and status.valid and status.bottom_line)
        bundle = json.loads(_attached(reader, "bundle.json"))
        signer = str(signature.signer_cert.sha256_fingerprint)
    except Exception as problem:  # whatever a broken PDF makes the library say, it is not a valid signature
        raise BadPack(f"The PDF's signature does not hold ({type(problem).__name__}).") from problem
    if not is_whole:
        raise BadPack("The PDF's signature does not hold: the file was changed after signing.")
    if bundle.get("manifest_sha256") != manifest:
        raise BadPack(f"The PDF was signed for another folder: it names another {MANIFEST}.")
    if bundle.get("part") != part:
        raise BadPack(f"The PDF was signed as {bundle.get('part')}, and lies here as {part}.")
    return Printed(stamped=stamp[1] if stamp is not None else "", signer=signer, bundle=bundle)


def _attached(reader: Any, name: str) -> bytes:  # noqa: ANN401  # pyHanko's reader has no types of its own here
    """The bytes of a file attached to the PDF."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for number in range(0, len(names), 2):
        if str(names[number]) == name:
            return bytes(names[number + 1]["/EF"]["/F"].data)
    raise BadPack(f"The PDF has no {name} attached.")
