"""How soon a proof file for any entry of a million is there, and how long the root over a million leaves takes.

Promises: the tree lies in a ledger file as a hub has it, with its leaf hashes and inner nodes; each proof is made by the
function that exports use, and verified. The entries are short made-up bytes: a proof reads hashes, not entries.

Does not do: signatures; `bench audit` has those.
"""

import random
from hashlib import sha256
from time import perf_counter, process_time
from typing import Final

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.merkle import Frontier, leaf_hash, root_of
from coldcheck.proof.note import LogKey
from coldcheck.proof.tiles import TILE_WIDTH
from coldcheck.proof.tlog_proof import make_proof, read_proof, verify_proof
from coldcheck.station.lab.measured import Figures, percentile, workplace
from coldcheck.station.store_sqlite import SqliteStore, create_ledger

ENTRIES: Final = 1_000_000
PROOFS: Final = 2_000
ENTRY_BYTES: Final = 600
"""About what an entry with one passkey signature has."""


def _entry(index: int) -> bytes:
    return (b"%d " % index) * (ENTRY_BYTES // 8)


def bench_proof(*, entries: int = ENTRIES, proofs: int = PROOFS) -> Figures:
    """Milliseconds for a proof file of one entry, made and verified, and seconds for the root over all leaves."""
    key = LogKey.from_seed(name="bench-1/PROOF/e0", seed=bytes(32))
    with workplace() as folder:
        store = create_ledger(folder / "proof.ledger", meta={})
        try:
            root = _fill(store, entries)
            note = sign_checkpoint(Checkpoint(origin=key.name, size=entries, root=root), key)
            made, verified = _proofs(store, note, key, entries=entries, proofs=proofs)
        finally:
            store.close()
    hashing = _root_s(entries)
    return {
        "entries": entries,
        "proofs": proofs,
        "p50_ms": round(percentile(made, 0.5) * 1000, 3),
        "p99_ms": round(percentile(made, 0.99) * 1000, 3),
        "worst_ms": round(max(made) * 1000, 3),
        "verify_p50_ms": round(percentile(verified, 0.5) * 1000, 3),
        "root_s": round(hashing[0], 2),
        "root_work_s": round(hashing[1], 2),
    }


def _fill(store: SqliteStore, entries: int) -> bytes:
    """The root over `entries` made-up entries, whose hashes are now in the ledger."""
    frontier = Frontier()
    execute = store._connection  # noqa: SLF001  # a million rows in one transaction, which no hub ever writes
    execute.execute("BEGIN")
    for index in range(entries):
        nodes = frontier.append(_entry(index))
        execute.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (index, f"a{index}", b"", nodes[0].hash))
        execute.executemany("INSERT INTO node VALUES (?, ?, ?)", [tuple(node) for node in nodes[1:]])
    execute.execute("COMMIT")
    return frontier.root()


def _proofs(
    store: SqliteStore, note: bytes, key: LogKey, *, entries: int, proofs: int
) -> tuple[list[float], list[float]]:
    dice, made, verified = random.Random(1), list[float](), list[float]()
    for _ in range(proofs):
        index = dice.randrange(entries)
        began = perf_counter()
        data = make_proof(entry_index=index, tree_size=entries, read_node=store.node, checkpoint=note).encoded()
        between = perf_counter()
        verify_proof(read_proof(data), entry=_entry(index), log=key.verifier)
        made.append(between - began)
        verified.append(perf_counter() - between)
    return made, verified


def _root_s(entries: int) -> tuple[float, float]:
    """Seconds of the clock and of the processor to hash every leaf, compare it with what is stored for it, and fold the root.

    As the audit does it: 256 leaves at a time, level by level.
    """
    chunk = 50_176
    spent = worked = 0.0
    above: list[bytes] = []
    for start in range(0, entries, chunk):
        data = [_entry(index) for index in range(start, min(start + chunk, entries))]
        stored = [leaf_hash(entry) for entry in data]
        began, began_work = perf_counter(), process_time()
        for at in range(0, len(data), TILE_WIDTH):
            leaves = [sha256(b"\x00" + entry).digest() for entry in data[at : at + TILE_WIDTH]]
            assert leaves == stored[at : at + TILE_WIDTH], "nothing was changed"
            above.append(root_of(leaves))
        spent += perf_counter() - began
        worked += process_time() - began_work
    began, began_work = perf_counter(), process_time()
    root_of(above)
    return spent + perf_counter() - began, worked + process_time() - began_work
