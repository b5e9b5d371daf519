"""How many entries a second are verified, beside OpenSSL verifying the same signatures and nothing else.

Three measurements. The audit (`coldcheck verify --jobs 2`): a million entries signed by passkeys, in two processes; each process takes a
stretch of entries and then lets OpenSSL verify the signatures of the same stretch, held ready in memory, or the other way round, so
that both meet the same machine. Hashing is a pass of its own and reported apart (`hash_s` in two processes, `root_s` in one beside the
same hashes bare). The same over a ledger file (`jobs_ledger_*`), which has a signed checkpoint for every entry. And the whole verifier
that reads every act, in one process, over an export and over its ledger (there the checkpoints' signatures are the peer's as well).

Promises: what is measured is what the command runs. `whole_s` is the command from beginning to end, hashing and starting the
processes included.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter, perf_counter_ns, process_time
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from coldcheck.custody.acts import KeyEnrolled
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.entry import Entry, read_entry
from coldcheck.proof.keys import read_public
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.proof.quick_look import quick_look
from coldcheck.proof.tiles import decode_bundle
from coldcheck.station.audit import (
    Part,
    audit_export,
    hash_part,
    key_table,
    parts_of,
    processes,
    root_over,
    verify_part,
)
from coldcheck.station.audit_ledger import AT_ONCE, audit_ledger
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines, workplace
from coldcheck.station.lab.passkey_log import write_ledger, write_log
from coldcheck.station.record import acts_of, record, signing_key, step_of
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import Book, read_export_file, verify_path, vkey_in

JOBS: Final = 2
_SIGNED: Final = ECDSA(SHA256())


class Beside(NamedTuple):
    """One stretch of entries: how many, and seconds of the audit's third pass and of OpenSSL alone, by clock and of the processor."""

    entries: int
    ours_s: float
    peer_s: float
    ours_work_s: float
    peer_work_s: float


def bench_audit(*, entries: int = 1_000_000, acts: int = 6_000) -> Figures:
    """Entries a second of the audit of `entries`, of the whole verifier over `acts` acts, and of their peers. Ratio is peer / ours."""
    with workplace() as folder:
        figures = audit_beside_openssl(folder / "passkeys", entries=entries)
        figures |= ledger_beside_openssl(folder / "passkeys.ledger", entries=max(1, entries // 10))
    return figures | _whole_verifier(acts)


def ledger_beside_openssl(path: Path, *, entries: int) -> Figures:
    """The audit of a ledger file in two processes, beside OpenSSL verifying its two signatures an entry in two processes."""
    vkey = write_ledger(path, entries=entries)
    began = perf_counter()
    report = audit_ledger(path, vkey=vkey, jobs=JOBS)
    ours_s = perf_counter() - began
    assert report.ok, f"what was just written verifies: {report.first_bad}"
    bounds = range(0, entries, AT_ONCE)
    with processes(JOBS) as pool:
        spent = pool.map(_peer_stretch, tuple((str(path), start, min(start + AT_ONCE, entries)) for start in bounds))
        peer_s = sum(spent) / JOBS
    return {
        "jobs_ledger_entries": entries,
        "jobs_ledger_s": round(ours_s, 2),
        "jobs_ledger_per_s": round(entries / ours_s),
        "jobs_ledger_openssl_per_s": round(entries / peer_s),
        "jobs_ledger_ratio": round(ours_s / peer_s, 2),
    }


def _peer_stretch(stretch: tuple[str, int, int]) -> float:
    """Seconds of OpenSSL for the signatures of some entries and of their checkpoints, all else done before."""
    path, start, stop = stretch
    store = read_ledger(Path(path))
    try:
        genesis = acts_of(read_entry(store.row(0)[1]).author)
        log_key = Ed25519PublicKey.from_public_bytes(LogVerifier.from_vkey(vkey_in(genesis)).public_bytes)
        brought = (act for act in genesis if isinstance(act, KeyEnrolled))
        known = {act.key.encode(): read_public(bytes.fromhex(act.public)) for act in brought}
        people = [one for index in range(start, stop) if (one := _signed_by_passkey(store.row(index)[1], known))]
        notes = [parse_note(store.checkpoint(index + 1)) for index in range(start, stop)]
    finally:
        store.close()
    work = [(note.signatures[0].signature, note.text) for note in notes]
    began = perf_counter()
    for key, signature, message in people:
        key.verify(signature, message, _SIGNED)
    for signature, text in work:
        log_key.verify(signature, text)
    return perf_counter() - began


def _signed_by_passkey(
    data: bytes, known: dict[bytes, EllipticCurvePublicKey]
) -> tuple[EllipticCurvePublicKey, bytes, bytes] | None:
    """Key, DER signature and message of an entry of one of these passkeys; None for another's."""
    look = quick_look(data)
    if look is None or look.key not in known:
        return None
    # Whatever DER it is in: the message is the authenticator's 37 bytes and the hash of the client data.
    begin = 41 + int.from_bytes(look.signature[39:41], "big")
    return known[look.key], look.signature[begin:], look.signature[2:39] + sha256(look.signature[41:begin]).digest()


def audit_beside_openssl(directory: Path, *, entries: int) -> Figures:
    """The audit of a log of passkeys, written into `directory`, beside OpenSSL, in two processes."""
    vkey = write_log(directory, entries=entries)
    parts = parts_of(directory, entries)
    with processes(JOBS) as pool:
        list(pool.map(_warm_up, parts[: 2 * JOBS]))
        began = perf_counter()
        hashed = tuple(pool.map(hash_part, parts))
        root_over([root for one in hashed for root in one.above], hashed[-1].rest)
        hash_s = perf_counter() - began
        table, flaw = key_table(Book(vkey), tuple(full for one in hashed for full in one.full), size=entries)
        assert flaw is None, flaw
        both = tuple(
            pool.map(
                _beside,
                tuple(Part(directory=one.directory, tiles=one.tiles, table=table, end=entries) for one in parts),
            )
        )
    began = perf_counter()
    report = audit_export(directory, vkey=vkey, jobs=JOBS)
    whole_s = perf_counter() - began
    assert report.ok, f"what was just written verifies: {report.first_bad}"
    counted, ours_s, peer_s, ours_work_s, peer_work_s = (sum(column) for column in zip(*both, strict=True))
    root_s, root_raw_s = _root_s(parts)
    return {
        "entries": entries,
        "jobs": JOBS,
        "per_s": round(counted * JOBS / ours_s),
        "openssl_per_s": round(counted * JOBS / peer_s),
        "ratio": round(ours_s / peer_s, 3),
        "work_ratio": round(ours_work_s / peer_work_s, 3),
        "hash_s": round(hash_s, 2),
        "root_s": round(root_s, 2),
        "root_raw_s": round(root_raw_s, 2),
        "root_ratio": round(root_s / root_raw_s, 2),
        "whole_s": round(whole_s, 1),
        "whole_ratio": round(whole_s * JOBS / peer_s, 2),
    }


def _warm_up(part: Part) -> int:
    """Nothing worth knowing: a process imports what it needs before anything is measured."""
    return len(part.tiles)


def _beside(part: Part) -> Beside:
    """One stretch, audited and given to OpenSSL alone; who begins changes from stretch to stretch."""
    work = _ready_for_openssl(part)

    def peer() -> None:
        for key, signature, message in work:
            key.verify(signature, message, _SIGNED)

    def ours() -> None:
        signed = verify_part(part)
        assert signed.flaw is None, signed.flaw

    if part.tiles[0].index // len(part.tiles) % 2:
        spent_peer, spent_ours = _spent(peer), _spent(ours)
    else:
        spent_ours, spent_peer = _spent(ours), _spent(peer)
    return Beside(len(work), spent_ours[0], spent_peer[0], spent_ours[1], spent_peer[1])


def _spent(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    began, began_work = perf_counter(), process_time()
    work()
    return perf_counter() - began, process_time() - began_work


def _ready_for_openssl(part: Part) -> list[tuple[EllipticCurvePublicKey, bytes, bytes]]:
    """Key, DER signature and message of every entry of a passkey in this stretch."""
    assert part.table is not None, "the caller gave one"
    known = {
        name.encode(): read_public(counted.key.public_bytes)
        for name, counted in part.table.keys.items()
        if counted.key.relying_party is not None
    }
    return [
        one
        for tile in part.tiles
        for data in decode_bundle(read_export_file(Path(part.directory), tile.path), width=tile.width)
        if (one := _signed_by_passkey(data, known))
    ]


def _root_s(parts: tuple[Part, ...]) -> tuple[float, float]:
    """Seconds of one process for the root over all leaves, read, hashed and compared, and for the same hashes and nothing else.

    The files were read before, so that the disk is not what is measured.
    """
    above: list[bytes] = []
    rest: tuple[bytes, ...] = ()
    spent = raw = 0.0
    for part in parts:
        leaves, nodes = _ready_to_hash(part)
        began = perf_counter()
        for data in leaves:
            sha256(data).digest()
        for data in nodes:
            sha256(data).digest()
        between = perf_counter()
        hashed = hash_part(part)
        above += hashed.above
        rest = hashed.rest
        spent += perf_counter() - between
        raw += between - began
    began = perf_counter()
    root_over(above, rest)
    return spent + perf_counter() - began, raw


def _ready_to_hash(part: Part) -> tuple[list[bytes], list[bytes]]:
    """Every leaf's bytes of a stretch with what stands before them, and as many nodes' bytes as are over them."""
    leaves = [
        b"\x00" + data
        for tile in part.tiles
        for data in decode_bundle(read_export_file(Path(part.directory), tile.path), width=tile.width)
    ]
    return leaves, [b"\x01" + number.to_bytes(64, "big") for number in range(len(leaves))]


def _whole_verifier(acts: int) -> Figures:
    """Entries a second of `verify` over an export and over its ledger, every act read, and of the peers."""
    with workplace() as folder:
        player, store = player_of_stream(folder / "audit.ledger", acts=acts)
        for signed, now, _count in signed_lines(player):
            record(player.hub, signed, now)
        export_tiles(store, folder / "tiles")
        export_s = _verify_s(folder / "tiles", player.log_key.vkey)
        people_s = _peer_people_s(store)
        ledger_s = _verify_s(folder / "audit.ledger", player.log_key.vkey)
        checkpoints_s = _peer_checkpoints_s(store, player.log_key.vkey)
        entries = store.entry_count()
        store.close()
    return {
        "acts_read_entries": entries,
        "acts_read_per_s": round(entries / export_s),
        "acts_read_ratio": round(export_s / people_s, 2),
        "ledger_per_s": round(entries / ledger_s),
        "ledger_openssl_per_s": round(entries / (people_s + checkpoints_s)),
        "ledger_ratio": round(ledger_s / (people_s + checkpoints_s), 2),
    }


def _verify_s(path: Path, vkey: str) -> float:
    began = perf_counter_ns()
    report = verify_path(path, vkey=vkey)
    spent = perf_counter_ns() - began
    assert report.ok, f"what was just recorded verifies: {report.first_bad}"
    return spent / 1e9


def _peer_people_s(store: SqliteStore) -> float:
    """Seconds OpenSSL needs for every author's signature, all else done before."""
    picture, work = Picture(), []
    for index, data in enumerate(store.entries()):
        entry = read_entry(data)
        acts = acts_of(entry.author)
        enrolled = signing_key(picture, entry.author, acts)
        work.append((read_public(enrolled.public_bytes), _der(entry), entry.line1))
        apply(picture, step_of(index, entry, acts))
    algorithm = ECDSA(SHA256())
    began = perf_counter_ns()
    for key, signature, line1 in work:
        key.verify(signature, line1, algorithm)
    return (perf_counter_ns() - began) / 1e9


def _der(entry: Entry) -> bytes:
    signature = entry.signatures[0].signature
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _peer_checkpoints_s(store: SqliteStore, vkey: str) -> float:
    """Seconds OpenSSL needs for every stored checkpoint's signature, all else done before."""
    key = Ed25519PublicKey.from_public_bytes(LogVerifier.from_vkey(vkey).public_bytes)
    notes = [parse_note(data) for _size, data in store.checkpoints()]
    work = [(note.signatures[0].signature, note.text) for note in notes]
    began = perf_counter_ns()
    for signature, text in work:
        key.verify(signature, text)
    return (perf_counter_ns() - began) / 1e9
