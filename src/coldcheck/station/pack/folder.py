"""A pack written as a folder: a BagIt bag with the signed PDF beside its data.

Promises: the folder is new; the payload is listed by SHA-256, the list's hash stands inside the signed PDF, and the
archive attached to the PDF is the same payload. The same ledger, size and choices give the same payload and the same
unsigned PDF. Does not do: send, or enter that the pack was made (it prints the line to enter).
"""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from coldcheck.proof.encoding import Plain, encode
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.export import export_tiles
from coldcheck.station.inquiry_text import Desk, Json, open_desk
from coldcheck.station.ledger_files import said_under_all
from coldcheck.station.pack.parts import (
    Choices,
    Withheld,
    data_files,
    document,
    guns_of_incident,
    papers_of,
    redacted,
    strips_printed,
    withheld_of,
)
from coldcheck.station.pack.pictures import given_photos
from coldcheck.station.pack.printed import Signer, new_signer, set_pdf, sign_pdf
from coldcheck.station.pack.set_again import set_by
from coldcheck.station.record import sealed_in, step_of
from coldcheck.station.store_sqlite import SqliteStore

BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PDF: Final = "pack.pdf"
ANALYSIS: Final = "analysis.pdf"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
INFO: Final = "bag-info.txt"
ATTACHED: Final = 20_000_000
"""Above this size the archive is not attached, only the list of hashes; the folder has it all."""


class NotEmpty(ColdcheckError):
    """The folder for the pack is there already. Name a new one: a pack is never written over another."""


class UnknownIncident(ColdcheckError):
    """No matter of this ledger has that label. The sentence names those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was written. `sha256` is that of the list of hashes, the name of this pack from now on.

    `of_matter` is false for a pack of a freeze that nobody opened a matter about.
    """

    sha256: str
    pages_bytes: int
    unsigned_sha256: str
    entries: int
    root: str
    withheld: int
    files: int
    of_matter: bool


def make_pack(
    ledger: Path,
    out: Path,
    choices: Choices,
    *,
    signer: Signer | None = None,
    analysis: bool = False,
    authority: str = "",
) -> Made:
    """What was written to `out`, stamped by the time-stamp authority at an address if one is given.

    Raises NotEmpty, UnknownIncident, MissingPart, NoTimeStamp, or as `open_desk` does.
    """
    if out.exists():
        raise NotEmpty(f"{out} is there already; name a folder that does not exist yet.")
    desk, store = open_desk(ledger)
    try:
        _find_incident(desk, choices.incident)
        withheld = withheld_of(desk, choices)
        shown = redacted(desk, withheld)
        payload = _payload(shown, store, withheld)
        printed = document(shown, choices, withheld, _strips(store, desk))
        inferred = _analysis(shown, choices) if analysis else None
    finally:
        store.close()
    at = desk.picture.at
    manifest = _manifest(payload)
    name = sha256(manifest).hexdigest()
    printed["facts"].append([MANIFEST, name])
    # What both PDFs carry, signed with them: which folder they are of, for whom, and which of the two each is.
    bundle: dict[str, Plain] = {
        "manifest_sha256": name, "size": desk.picture.size, "root": desk.root, "log": desk.log,
        "incident": choices.incident, "audience": choices.audience, "decided_by": choices.decided_by,
        "analysis": analysis, "part": PDF, "set_by": set_by(),
    }  # fmt: skip
    unsigned = set_pdf(printed, bundle=encode(bundle), archive=archive_of(payload), at=at)
    used = signer or new_signer(at=at)
    tags = {"bagit.txt": BAGIT, INFO: info_of(bundle, sha256(unsigned).hexdigest()), MANIFEST: manifest}
    tags[PDF] = sign_pdf(unsigned, used, at=at, authority=authority)
    if inferred is not None:
        apart, attached = inferred
        tags[ANALYSIS] = sign_pdf(
            set_pdf(apart, bundle=encode(bundle | {"part": ANALYSIS}), archive=archive_of(attached), at=at),
            used,
            at=at,
            authority=authority,
        )
    _write(out, {**payload, **tags, TAG_MANIFEST: _manifest(tags)})
    return Made(
        sha256=name,
        pages_bytes=len(tags[PDF]),
        unsigned_sha256=sha256(unsigned).hexdigest(),
        entries=desk.picture.size,
        root=desk.root,
        withheld=len(withheld),
        files=len(payload) + len(tags) + 1,
        of_matter=choices.incident in {filed.act.label for filed in desk.files.matters.values()},
    )


def _analysis(desk: Desk, choices: Choices) -> tuple[Json, dict[str, bytes]]:
    """The printed analysis and the file attached to it. numpy is read in for it, and only for it."""
    from coldcheck.station.pack.analysis import analysis_document, analysis_json, answers_of  # noqa: PLC0415  # as said

    answers = answers_of(desk)
    printed = analysis_document(desk, answers, incident=choices.incident, audience=choices.audience)
    return printed, {"analysis.json": _json(analysis_json(desk, answers, incident=choices.incident))}


def _find_incident(desk: Desk, incident: str) -> None:
    labels = [filed.act.label for filed in desk.files.matters.values()]
    frozen = desk.picture.frozen_entry
    if incident in labels or (frozen is not None and incident == str(frozen)):
        return
    known = ", ".join([*labels, *([str(frozen)] if frozen is not None else [])]) or "none: open a matter first"
    raise UnknownIncident(f'"{incident}" is no matter of this ledger and no freeze; known: {known}.')


def _payload(desk: Desk, store: SqliteStore, withheld: tuple[Withheld, ...]) -> dict[str, bytes]:
    """The data by path: the log as tiles, the openings and sources that are given, and what was computed from them."""
    files: dict[str, bytes] = {}
    with TemporaryDirectory() as folder:
        export_tiles(store, Path(folder) / "log")
        for file in sorted((Path(folder) / "log").rglob("*")):
            if file.is_file():
                files[f"data/log/{file.relative_to(Path(folder) / 'log').as_posix()}"] = file.read_bytes()
    hidden = {each.commitment for each in withheld}
    openings: Json = {}
    for done in desk.picture.journal:
        for sealed in sealed_in(done.act):
            opening = None if sealed.commitment in hidden else store.opening(sealed.commitment)
            if opening is not None:
                openings[sealed.commitment] = {
                    "salt": opening.salt.hex(),
                    "field": opening.field,
                    "value": opening.value,
                }
    files["data/openings.json"] = _json(openings)
    for digest, content in papers_of(desk):
        files[f"data/sources/{digest}"] = content
    files |= {f"data/photos/{digest}.jpg": content for digest, content in given_photos(desk, hidden).items()}
    for name, value in data_files(desk, withheld).items():
        files[f"data/{name}"] = _json(value)
    return files


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _strips(store: SqliteStore, desk: Desk) -> list[Json]:
    steps = (
        step_of(number, read_entry(data)) for number, data in enumerate(islice(store.entries(), desk.picture.size))
    )
    return strips_printed(steps, draft=said_under_all(desk.picture, desk.log), first=guns_of_incident(desk))


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())).encode()


def archive_of(payload: Mapping[str, bytes]) -> bytes:
    """The payload as a ZIP without dates, so that it is the same each time; empty where it is too large to attach."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if sum(map(len, payload.values())) <= ATTACHED:
            for path, content in sorted(payload.items()):
                archive.writestr(zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def info_of(bundle: Mapping[str, Plain], unsigned_sha256: str) -> bytes:
    """What `bag-info.txt` says of a pack: all but the last line stands in the signed PDF too."""
    lines = {
        "External-Identifier": str(bundle["incident"]),
        "Audience": str(bundle["audience"]),
        "Checkpoint": f"{bundle['size']} {bundle['root']}",
        "Unsigned-PDF-SHA-256": unsigned_sha256,
    }
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines.items()).encode()


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Nothing; the tag manifest is written last, so that a folder cut short is never taken for a whole one."""
    for path, content in files.items():
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
