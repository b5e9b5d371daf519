"""A bundle: one folder for one receiver that is verified without us, in the form of BagIt 1.0 (RFC 8493).

It holds an export of the log, the openings that this receiver may read, seals with their cosignatures, proof files, and
evidence of forks. Every file is listed with its SHA-256; nothing is fetched from anywhere.

Promises: a bundle is written whole or not at all under its name; `verify_bundle` accepts only the files that are listed,
each as listed, and holds every one of them against the log itself: the lists alone could be written by anybody.

Does not do: encrypt, or decide who may read what: the caller names the fields.

    write_bundle(store, Path("for-the-insurer"), fields=("name",), entries=(4,))
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.proof.audit import BadRecord, FirstBad
from coldcheck.proof.checkpoint import open_checkpoint, read_checkpoint_text
from coldcheck.proof.cosign import CosignerVerifier
from coldcheck.proof.encoding import Plain, decode, encode, from_hex
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.proof.sealed import Opening, Sealed, verify_opening
from coldcheck.proof.tiles import decode_bundle, export_plan
from coldcheck.proof.tlog_proof import make_proof, read_proof, verify_proof
from coldcheck.station.cosigner import read_fork
from coldcheck.station.cosigners import cosigned, sealed_at
from coldcheck.station.delivery_log import lines_of, parts_in, verify_part
from coldcheck.station.export import NotOurFolder, export_tiles
from coldcheck.station.store import NoLedger, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import Book, Progress, Report, files_in, read_plain_file, verify_log_files

BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
LOG: Final = "data/log/"
_MANIFEST: Final = "manifest-sha256.txt"
_TAGS: Final = ("bag-info.txt", "bagit.txt", _MANIFEST)
_TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
_SEAL: Final = re.compile(r"data/seals/([1-9][0-9]{0,15})")
_PROOF: Final = re.compile(r"data/proofs/(0|[1-9][0-9]{0,15})\.tlog-proof")
_EVIDENCE: Final = re.compile(r"data/evidence/([0-9a-f]{64})")
_DELIVERED: Final = re.compile(r"data/deliveries/([1-9][0-9]{0,15})")
_OPENINGS: Final = "data/openings.json"
_COSIGNERS: Final = "data/cosigners.txt"
ALL_FIELDS: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """What was written: how much of each sort."""

    entries: int
    root: str
    vkey: str
    files: int
    openings: int
    seals: int
    proofs: int


# --- writing -------------------------------------------------------------------------------------------------------


def write_bundle(store: SqliteStore, directory: Path, *, fields: tuple[str, ...], entries: tuple[int, ...]) -> Bundled:
    """What was written to the new folder `directory`. `fields`: whose openings go in; `entries`: proven one by one too.

    Entry 0 and the newest are always proven. Raises NotOurFolder when the folder is there, StoreFailed, and as
    `export_tiles` does.
    """
    if directory.exists():
        raise NotOurFolder(
            f"{directory} is there already; a bundle is never written over something. Name a new folder."
        )
    unfinished = directory.with_name(directory.name + ".writing")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        done = export_tiles(store, unfinished / LOG)
        payload = dict(_payload(store, done.entries, fields, entries))
        for path, data in payload.items():
            _write(unfinished / path, data)
        _write_lists(unfinished, source=done.vkey)
        unfinished.rename(directory)
    except OSError as problem:
        raise StoreFailed(
            f"{directory} could not be written ({problem.strerror}); name a folder that can be."
        ) from problem
    return Bundled(
        entries=done.entries, root=done.root, vkey=done.vkey, files=sum(1 for _ in files_in(directory)),
        openings=_count_openings(payload), seals=_count(payload, _SEAL), proofs=_count(payload, _PROOF),
    )  # fmt: skip


def _count(payload: dict[str, bytes], form: re.Pattern[str]) -> int:
    return sum(form.fullmatch(path) is not None for path in payload)


def _count_openings(payload: dict[str, bytes]) -> int:
    rows = decode(payload[_OPENINGS]) if _OPENINGS in payload else []
    assert isinstance(rows, list)
    return len(rows)


def _payload(
    store: SqliteStore, size: int, fields: tuple[str, ...], entries: tuple[int, ...]
) -> Iterator[tuple[str, bytes]]:
    openings = [
        _row(commitment, opening)
        for commitment, opening in store.openings()
        if opening.field in fields or ALL_FIELDS in fields
    ]
    if openings:
        yield _OPENINGS, encode(list[Plain](openings))
    lines = tuple(cosigned(store, size=size))
    if lines:
        yield _COSIGNERS, "".join(f"{vkey}\n" for vkey in sorted({one.vkey for one in lines})).encode()
    for tree_size in sorted({one.tree_size for one in lines}):
        yield f"data/seals/{tree_size}", sealed_at(store, size=tree_size).note
    for part in parts_in(store, size=size):
        yield f"data/deliveries/{part.entry_index}", lines_of(store.deliveries(part.from_entry, part.to_entry))
    for index in sorted({0, size - 1, *entries}):
        proof = make_proof(entry_index=index, tree_size=size, read_node=store.node, checkpoint=store.checkpoint(size))
        yield f"data/proofs/{index}.tlog-proof", proof.encoded()
    for digest, data in store.all_apart():
        if _is_fork(data):
            yield f"data/evidence/{digest}", data


def _is_fork(data: bytes) -> bool:
    try:
        read_fork(data)
    except ColdcheckError:
        return False
    return True


def _row(commitment: str, opening: Opening) -> dict[str, Plain]:
    return {
        "commitment": commitment, "field": opening.field, "salt": opening.salt.hex(), "value": opening.value,
    }  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_lists(folder: Path, *, source: str) -> None:
    paths = [path for path in files_in(folder) if path.startswith("data/")]
    size = sum((folder / path).stat().st_size for path in paths)
    info = f"External-Identifier: {source}\nPayload-Oxum: {size}.{len(paths)}\n"
    _write(folder / "bagit.txt", BAGIT)
    _write(folder / "bag-info.txt", info.encode())
    _write(folder / _MANIFEST, _listed(folder, paths))
    _write(folder / _TAG_MANIFEST, _listed(folder, list(_TAGS)))


def _listed(folder: Path, paths: list[str]) -> bytes:
    return "".join(f"{sha256((folder / path).read_bytes()).hexdigest()}  {path}\n" for path in sorted(paths)).encode()


# --- verifying -----------------------------------------------------------------------------------------------------


def is_bundle(directory: Path) -> bool:
    """Whether this folder says that it is a bundle."""
    return (directory / "bagit.txt").exists()


def verify_bundle(directory: Path, *, vkey: str | None, progress: Progress | None = None) -> Report:
    """The report on a bundle. Raises NoLedger when it holds no log, BadKey for a `vkey` that is none."""
    try:
        verify_lists(directory)
    except ColdcheckError as problem:
        return _unlisted(directory, str(problem), vkey=vkey)
    if not (directory / LOG).is_dir():
        raise NoLedger(f"{directory} is a bag without a log in it; name what coldcheck export --bundle wrote.")
    book = Book(vkey, keeps_roots=True)
    report = replace(verify_log_files(directory / LOG, book=book, progress=progress), kind="bundle")
    if not report.ok:
        return report
    try:
        openings = _verify_rest(directory, book, report.entries)
    except ColdcheckError as problem:
        return replace(report, ok=False, first_bad=FirstBad(entry=None, reason=str(problem)))
    known = book.picture.book.cosigners
    strangers = tuple(one.name for one in _cosigners(directory) if one.vkey not in known)
    said = tuple(f"Whose machine {name} is: no officer named its key in the log." for name in strangers)
    return replace(
        report,
        openings=openings,
        erased=len(book.commitments) - openings,
        unverified=(*said, *report.unverified),
    )


def _unlisted(directory: Path, reason: str, *, vkey: str | None) -> Report:
    """The report on a bundle whose lists do not fit: where its log differs too, the entry is named."""
    if (directory / LOG).is_dir():
        report = verify_log_files(directory / LOG, book=Book(vkey))
        if report.first_bad is not None and report.first_bad.entry is not None:
            flaw = FirstBad(entry=report.first_bad.entry, reason=f"{reason} {report.first_bad.reason}")
            return replace(report, kind="bundle", first_bad=flaw)
    return replace(Report.nothing("bundle", vkey=vkey), first_bad=FirstBad(entry=None, reason=reason))


def verify_lists(directory: Path) -> None:
    """That the lists name every file there is, each as it is. Raises BadRecord."""
    there = set(files_in(directory))
    if "fetch.txt" in there:
        raise BadRecord("fetch.txt: a bundle that wants files from elsewhere is refused; ask for one that is whole.")
    if _read(directory, "bagit.txt") != BAGIT:
        raise BadRecord("bagit.txt: this is not the beginning of a bundle of ours (BagIt 1.0, UTF-8).")
    tags = _verify_list(directory, _TAG_MANIFEST)
    payload = _verify_list(directory, _MANIFEST)
    if tags != set(_TAGS):
        raise BadRecord(f"{_TAG_MANIFEST}: it lists other files than bag-info.txt, bagit.txt and {_MANIFEST}.")
    # What a link shows lies elsewhere, and may show something else tomorrow.
    link = next((path for path in sorted(there) if (directory / path).is_symlink()), None)
    if link is not None:
        raise BadRecord(f"{link}: this is a link to elsewhere, and no file of the bundle.")
    stranger = next(iter(sorted(there - payload - tags - {_TAG_MANIFEST})), None)
    if stranger is not None:
        raise BadRecord(f"{stranger}: this file is in no list of the bundle: it was put in.")
    wrong = next((path for path in sorted(payload) if not path.startswith("data/")), None)
    if wrong is not None:
        raise BadRecord(f"{_MANIFEST}: {wrong} does not lie in data/.")


def _verify_list(directory: Path, name: str) -> set[str]:
    text = _read(directory, name).decode("utf-8", "replace")
    paths: list[str] = []
    for line in text.split("\n")[:-1]:
        found = _LINE.fullmatch(line)
        if found is None or {"", ".", ".."} & set(found[2].split("/")):
            raise BadRecord(f"{name}: the line {line!r} is not a hash, two spaces and a plain path.")
        paths.append(found[2])
        if sha256(_read(directory, found[2])).hexdigest() != found[1]:
            raise BadRecord(f"{found[2]}: this file is not as the bundle lists it: it was changed.")
    if not text.endswith("\n") or paths != sorted(set(paths)):
        raise BadRecord(f"{name}: its lines are not in order, each once, each with its end.")
    return set(paths)


def _read(directory: Path, path: str) -> bytes:
    try:
        return read_plain_file(directory / path)
    except OSError as problem:
        raise BadRecord(f"{path}: this file of the bundle cannot be read ({problem.strerror}).") from problem


def _verify_rest(directory: Path, book: Book, size: int) -> int:
    """How many openings fit; everything else beside the log was held against it. Raises a ColdcheckError."""
    against = _Against(directory=directory, book=book, size=size, cosigners=_cosigners(directory))
    for path in files_in(directory / "data"):
        name = f"data/{path}"
        if not name.startswith(LOG) and name != _COSIGNERS:
            _named(name, against.verify, name)
    rows = decode(_read(directory, _OPENINGS)) if (directory / _OPENINGS).exists() else []
    assert isinstance(rows, list)
    return len(rows)


def _named(path: str, work: Callable[[str], None], name: str) -> None:
    """Nothing; what `work` raises comes with the path of the file in front."""
    try:
        work(name)
    except ColdcheckError as problem:
        raise BadRecord(f"{path}: {problem}") from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Against:
    """What the files beside the log are held against: the log itself."""

    directory: Path
    book: Book
    size: int
    cosigners: tuple[CosignerVerifier, ...]

    def verify(self, name: str) -> None:
        """Nothing if this file is right. Raises a ColdcheckError."""
        data = _read(self.directory, name)
        keys = {LogVerifier.from_vkey(vkey).name: LogVerifier.from_vkey(vkey) for vkey in self.book.vkeys}
        if name == _OPENINGS:
            _verify_openings(data, self.book)
        elif found := _SEAL.fullmatch(name):
            _verify_seal(data, int(found[1]), keys, self.cosigners, self.book)
        elif found := _PROOF.fullmatch(name):
            _verify_proof(data, int(found[1]), keys, self.directory, self.size)
        elif found := _DELIVERED.fullmatch(name):
            _verify_deliveries(data, int(found[1]), self.book)
        elif found := _EVIDENCE.fullmatch(name):
            _verify_evidence(data, found[1], self.book)
        else:
            raise BadRecord("A bundle has no such file.")


def _cosigners(directory: Path) -> tuple[CosignerVerifier, ...]:
    if not (directory / _COSIGNERS).exists():
        return ()
    *lines, end = _read(directory, _COSIGNERS).decode("ascii", "replace").split("\n")
    if end:
        raise BadRecord(f"{_COSIGNERS}: its last line has no end.")
    if lines != sorted(set(lines)):
        raise BadRecord(f"{_COSIGNERS}: its lines are not in order, each once.")
    return tuple(CosignerVerifier.from_vkey(line) for line in lines)


def _verify_openings(data: bytes, book: Book) -> None:
    rows = decode(data)
    if not isinstance(rows, list):
        raise BadRecord("It is not a list of openings.")
    last = ""
    for row in rows:
        if not isinstance(row, dict) or row.keys() != {"commitment", "field", "salt", "value"}:
            raise BadRecord("It holds something that is no opening.")
        commitment = str(row["commitment"])
        if commitment <= last or commitment not in book.commitments:
            raise BadRecord(f"The opening of {commitment} is out of order, twice there, or belongs to no entry.")
        if book.is_erased(commitment):
            raise BadRecord(f"The words behind {commitment} were erased by an entry, and are here all the same.")
        opening = Opening(
            field=str(row["field"]), salt=from_hex(str(row["salt"]), size_bytes=32), value=str(row["value"])
        )
        verify_opening(Sealed(commitment=commitment), opening)
        last = commitment


def _verify_seal(
    data: bytes, size: int, keys: dict[str, LogVerifier], cosigners: tuple[CosignerVerifier, ...], book: Book
) -> None:
    note = parse_note(data)
    origin = read_checkpoint_text(note.text).origin
    if origin not in keys:
        raise BadRecord(f"It is of {origin}, which is no epoch of this log.")
    found = open_checkpoint(data, keys[origin])
    if found.size != size or book.root_at(size) != found.root:
        raise BadRecord(f"The seal over {found.size} entries is not of this history: a fork, or another log's.")
    known = {(one.name, one.key_id): one for one in cosigners}
    for line in note.signatures:
        if (line.name, line.key_id) == (keys[origin].name, keys[origin].key_id):
            continue
        cosigner = known.get((line.name, line.key_id))
        if cosigner is None:
            raise BadRecord(f"Its line by {line.name} is of a cosigner that {_COSIGNERS} does not name.")
        cosigner.verify(note.text, line)


def _verify_proof(data: bytes, index: int, keys: dict[str, LogVerifier], directory: Path, size: int) -> None:
    proof = read_proof(data)
    origin = read_checkpoint_text(parse_note(proof.checkpoint).text).origin
    if proof.entry_index != index or index >= size or origin not in keys:
        raise BadRecord("It proves another entry than its name says, or one of another log.")
    verify_proof(proof, entry=_entry(directory, index, size), log=keys[origin])


def _entry(directory: Path, index: int, size: int) -> bytes:
    tile = next(tile for tile in export_plan(size) if tile.level is None and tile.index == index // 256)
    return decode_bundle(_read(directory, LOG + tile.path), width=tile.width)[index % 256]


def _verify_deliveries(data: bytes, index: int, book: Book) -> None:
    part = next((one for one in book.picture.sealed_deliveries if one.entry_index == index), None)
    if part is None:
        raise BadRecord(f"Entry {index} seals no part of a delivery log.")
    verify_part(part, data)


def _verify_evidence(data: bytes, digest: str, book: Book) -> None:
    read_fork(data)
    if sha256(data).hexdigest() != digest or digest not in book.picture.book.quarantined:
        raise BadRecord("No entry names this as evidence.")
