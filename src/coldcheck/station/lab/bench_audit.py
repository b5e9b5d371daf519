"""How many entries a second the verifier gets through, beside OpenSSL verifying the same signatures and nothing else.

Promises: the verifier is the one the command uses, whole; the peer holds keys, lines and signatures ready in memory. Both
run in one process. The ledger is verified too (there every stored checkpoint adds an Ed25519 signature, for the peer as well).
"""

from pathlib import Path
from time import perf_counter_ns

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.entry import Entry, read_entry
from coldcheck.proof.keys import read_public
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines, workplace
from coldcheck.station.record import acts_of, record, signing_key, step_of
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import verify_path


def bench_audit(*, acts: int = 6_000) -> Figures:
    """Entries a second of `verify` over an export and over its ledger, and of the peer. Ratio is peer / ours (export)."""
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
    ours, peer = entries / export_s, entries / people_s
    ours_ledger, peer_ledger = entries / ledger_s, entries / (people_s + checkpoints_s)
    return {
        "entries": entries,
        "per_s": round(ours),
        "openssl_per_s": round(peer),
        "ratio": round(peer / ours, 2),
        "ledger_per_s": round(ours_ledger),
        "ledger_openssl_per_s": round(peer_ledger),
        "ledger_ratio": round(peer_ledger / ours_ledger, 2),
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
