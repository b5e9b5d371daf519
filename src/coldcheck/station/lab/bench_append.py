"""How long an act takes from the door to the durable entry, beside a bare SQLite insert of the same bytes.

Promises: `record` whole is timed (form, signature, verdict, receipt, checkpoint, transaction, read-back, proof, picture);
the peer inserts the same entry's bytes, in turn with it, on the same disk, WAL and synchronous=FULL, nothing else.
Python looks for garbage as seldom as in a hub at work. The processor's share is told apart (`cpu_*`): the rest is the disk, and a busy one is busy for the peer as well.
"""

import sqlite3
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from coldcheck.station.lab.measured import Figures, percentile, player_of_stream, signed_lines, workplace
from coldcheck.station.record import rare_collections, record

TARGET_P99_MS = 2.0
TARGET_RATIO = 3.0
_MS = 1_000_000


def bench_append(*, entries: int = 10_000) -> Figures:
    """p50 and p99 of `record` over `entries` entries, and of the peer's insert. Ratio is ours / peer at p50."""
    with workplace() as folder, rare_collections():
        # An entry holds at least one act: enough acts are enough entries.
        player, store = player_of_stream(folder / "append.ledger", acts=2 * entries)
        peer = _peer(folder / "peer.db")
        ours: list[int] = []
        theirs: list[int] = []
        work: list[int] = []
        acts = 0
        for signed, now, count in signed_lines(player):
            began, worked = perf_counter_ns(), thread_time_ns()
            reply = record(player.hub, signed, now)
            ours.append(perf_counter_ns() - began)
            work.append(thread_time_ns() - worked)
            data = store.entry(reply.entry_index)
            began = perf_counter_ns()
            peer.execute("INSERT INTO entry (entry_index, bytes) VALUES (?, ?)", (reply.entry_index, data))
            theirs.append(perf_counter_ns() - began)
            acts += count
            if len(ours) == entries:
                break
        peer.close()
        store.close()
    p50, p99 = percentile(ours, 0.5) / _MS, percentile(ours, 0.99) / _MS
    peer_p50, peer_p99 = percentile(theirs, 0.5) / _MS, percentile(theirs, 0.99) / _MS
    return {
        "entries": len(ours),
        "acts": acts,
        "p50_ms": round(p50, 3),
        "p99_ms": round(p99, 3),
        "peer_p50_ms": round(peer_p50, 3),
        "peer_p99_ms": round(peer_p99, 3),
        "ratio": round(p50 / peer_p50, 2),
        "cpu_p50_ms": round(percentile(work, 0.5) / _MS, 3),
        "cpu_p99_ms": round(percentile(work, 0.99) / _MS, 3),
        "target_p99_ms": TARGET_P99_MS,
        "target_ratio": TARGET_RATIO,
    }


def _peer(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE entry (entry_index INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
    return connection
