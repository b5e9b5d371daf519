"""The same full recall asked of SQLite, PostgreSQL, DuckDB, igraph and networkx, over the same edges of the same index.

Each peer holds the graph of versions in the form that suits it best, gets the same seeds, and says how many versions are
reached; a peer that says another number is an error of the benchmark. A peer that is not there, or needs longer than
its time, is reported as a sentence in place of a figure.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from time import perf_counter
from typing import Any, Final

import numpy as np

from coldcheck.custody.trace_index import Index, Numbers
from coldcheck.custody.trace_recall import past_barriers

Ask = Callable[[Numbers], int]
"""How many versions are reached from these seeds."""
TIME_S: Final = 60.0
_USER: Final = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Every edge from a version to one that comes out of it, ordered by the version it comes from."""

    size: int
    origin: Numbers
    target: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerResult:
    """What one peer took: seconds to load, milliseconds of each recall it finished, or a sentence why there are none."""

    load_s: float
    recall_ms: tuple[float, ...]
    reached: tuple[int, ...]
    why_not: str


def edges_of(index: Index, *, barriers: bool) -> Edges:
    """The edges of the index, with or without those behind barriers."""
    return edges_between(index.before if barriers else past_barriers(index.before), index.source)


def edges_between(one: Numbers, other: Numbers) -> Edges:
    """The edges to everything that comes out of `one`, `other` or both; below 0 stands for none."""
    later = np.arange(len(one), dtype=np.int32)
    joins, comes = one >= 0, (other >= 0) & (other != one)
    origin = np.concatenate((one[joins], other[comes]))
    target = np.concatenate((later[joins], later[comes]))
    order = np.lexsort((target, origin))
    return Edges(size=len(one), origin=origin[order], target=target[order])


@contextmanager
def sqlite_peer(edges: Edges, folder: Path) -> Iterator[Ask]:
    """A covering table in key order; the recursion is a queue, so depth is free."""
    database = sqlite3.connect(folder / "peer.sqlite", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000000; PRAGMA temp_store=MEMORY;"
        "CREATE TABLE edge(origin INTEGER, target INTEGER, PRIMARY KEY(origin, target)) WITHOUT ROWID; CREATE TEMP TABLE seed(v INTEGER PRIMARY KEY);"
    )
    database.execute("BEGIN")
    for begin in range(0, len(edges.origin), 1_000_000):
        part = slice(begin, begin + 1_000_000)
        rows = zip(edges.origin[part].tolist(), edges.target[part].tolist(), strict=True)
        database.executemany("INSERT INTO edge VALUES(?,?)", rows)
    database.execute("COMMIT")
    database.execute("ANALYZE")

    def ask(seeds: Numbers) -> int:
        database.execute("DELETE FROM seed")
        database.executemany("INSERT INTO seed VALUES(?)", ((seed,) for seed in seeds.tolist()))
        with _stopped(database.interrupt):
            found = database.execute(
                "WITH RECURSIVE hit(v) AS (SELECT v FROM seed UNION SELECT edge.target FROM hit JOIN edge ON edge.origin = hit.v)"
                " SELECT count(*) FROM hit"
            ).fetchone()
        return int(found[0])

    try:
        yield ask
    finally:
        database.close()


@contextmanager
def duckdb_peer(edges: Edges, _folder: Path) -> Iterator[Ask]:
    """In memory; it walks level by level, so a deep graph costs it a pass for each level."""
    import duckdb

    database = duckdb.connect(":memory:", config={"memory_limit": "2GB", "threads": 1})
    columns = {"origin": edges.origin, "target": edges.target}
    database.register("given", columns)
    database.execute("CREATE TABLE edge AS SELECT * FROM given")
    database.execute("CREATE TABLE seed(v INTEGER)")

    def ask(seeds: Numbers) -> int:
        database.execute("DELETE FROM seed")
        database.register("these", {"v": seeds})
        database.execute("INSERT INTO seed SELECT v FROM these")
        with _stopped(database.interrupt):
            found = database.execute(
                "WITH RECURSIVE hit(v) USING KEY (v) AS (SELECT v FROM seed UNION SELECT edge.target FROM hit JOIN edge ON edge.origin = hit.v"
                " LEFT JOIN recurring.hit AS known ON known.v = edge.target WHERE known.v IS NULL) SELECT count(*) FROM hit"
            ).fetchone()
        assert found is not None
        return int(found[0])

    try:
        yield ask
    finally:
        database.close()


@contextmanager
def postgres_peer(edges: Edges, _folder: Path) -> Iterator[Ask]:
    """A server of our own on a socket; the plan is a nested loop over an index that holds both columns."""
    import psycopg

    with (
        own_postgres() as socket,
        psycopg.connect(host=socket, user=_USER, dbname="postgres", autocommit=True) as server,
    ):
        server.execute("CREATE UNLOGGED TABLE edge(origin int4, target int4)")
        with server.cursor() as cursor, cursor.copy("COPY edge FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
            for begin in range(0, len(edges.origin), 1_000_000):
                copy.write(_binary_rows(edges, slice(begin, begin + 1_000_000)))
            copy.write(b"\xff\xff")
        server.execute("CREATE UNIQUE INDEX edge_origin ON edge(origin, target)")
        server.execute("VACUUM ANALYZE edge")
        server.execute("CREATE TEMP TABLE seed(v int4)")
        for setting in ("enable_hashjoin = off", "enable_mergejoin = off", "jit = off", "work_mem = '1GB'"):
            server.execute(f"SET {setting}")
        server.execute(f"SET statement_timeout = {int(TIME_S * 1000)}")

        def ask(seeds: Numbers) -> int:
            server.execute("TRUNCATE seed")
            server.execute("INSERT INTO seed SELECT unnest(%s::int4[])", (seeds.tolist(),))
            found = server.execute(
                "WITH RECURSIVE hit(v) AS (SELECT v FROM seed UNION SELECT edge.target FROM hit JOIN edge ON edge.origin = hit.v)"
                " SELECT count(*) FROM hit"
            ).fetchone()
            assert found is not None
            return int(found[0])

        yield ask


def _binary_rows(edges: Edges, part: slice) -> bytes:
    """Rows in PostgreSQL's binary copy form: two fields of four bytes each."""
    form = np.dtype([("fields", ">i2"), ("one", ">i4"), ("origin", ">i4"), ("other", ">i4"), ("target", ">i4")])
    rows = np.empty(len(edges.origin[part]), form)
    rows["fields"], rows["one"], rows["other"] = 2, 4, 4
    rows["origin"], rows["target"] = edges.origin[part], edges.target[part]
    return rows.tobytes()


class NoPostgres(Exception):
    """There is no PostgreSQL server on this machine; install the package postgresql, then run it again."""


@contextmanager
def own_postgres() -> Iterator[str]:
    """The socket folder of a fresh server without network, under a user of its own, gone afterwards."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binaries = found[-1].parent if found else Path(shutil.which("initdb") or "").parent
    if not (binaries / "initdb").exists():
        raise NoPostgres("no PostgreSQL server is installed")
    # The server refuses to run as root, and its user must reach the folder.
    user = _USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with TemporaryDirectory(prefix="coldcheck-pg-", dir="/var/tmp") as name:
        folder = Path(name)
        shutil.chown(folder, user)
        run = partial(_run_as, user if os.geteuid() == 0 else None, folder)
        run(binaries / "initdb", "-D", folder / "data", "-U", _USER, "-A", "trust")
        settings = "-c listen_addresses='' -c shared_buffers=1GB -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=8GB"
        control = (binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log")
        run(*control, "-o", f"{settings} -k {folder}", "start")
        try:
            yield str(folder)
        finally:
            run(*control, "-m", "immediate", "stop")


def _run_as(user: str | None, folder: Path, *command: str | Path) -> None:
    """Nothing; runs a program of the server, as that user when we are root. What it says goes nowhere."""
    rights: dict[str, Any] = {}
    if user is not None:
        rights = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    nowhere = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=nowhere, stderr=nowhere, cwd=folder, **rights)  # noqa: S603  # our own words


@contextmanager
def igraph_peer(edges: Edges, _folder: Path) -> Iterator[Ask]:
    """A graph in memory, written in C."""
    import igraph

    size = edges.size
    graph = igraph.Graph(n=size + 1, edges=np.column_stack((edges.origin, edges.target)), directed=True)

    def ask(seeds: Numbers) -> int:
        # One more vertex leads to the seeds of this question.
        first = graph.ecount()
        graph.add_edges([(size, seed) for seed in seeds.tolist()])
        reached = len(graph.subcomponent(size, mode="out")) - 1
        graph.delete_edges(range(first, first + len(seeds)))
        return reached

    yield ask


@contextmanager
def networkx_peer(edges: Edges, _folder: Path) -> Iterator[Ask]:
    """A graph of Python dictionaries."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_edges_from(zip(edges.origin.tolist(), edges.target.tolist(), strict=True))

    def ask(seeds: Numbers) -> int:
        asked = seeds.tolist()
        graph.add_edges_from(("seeds", seed) for seed in asked)
        reached = len(nx.descendants(graph, "seeds"))
        graph.remove_node("seeds")
        return reached

    yield ask


PEERS: Final = {
    "sqlite": (sqlite_peer, 10_000_000),
    "postgres": (postgres_peer, 10_000_000),
    "duckdb": (duckdb_peer, 1_000_000),
    "igraph": (igraph_peer, 10_000_000),
    "networkx": (networkx_peer, 1_000_000),
}
"""Each peer, and the most events it can bear here within its time and memory."""


@contextmanager
def _stopped(interrupt: Callable[[], None]) -> Iterator[None]:
    """Interrupts what runs inside when its time is over."""
    timer = Timer(TIME_S, interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def ask_peer(name: str, edges: Edges, questions: tuple[Numbers, ...], folder: Path) -> PeerResult:
    """What the peer took for these questions; it stops asking when its time is over."""
    peer, _most = PEERS[name]
    took: list[float] = []
    reached: list[int] = []
    began = perf_counter()
    load_s = 0.0
    try:
        with peer(edges, folder) as ask:
            load_s = perf_counter() - began
            for seeds in questions:
                start = perf_counter()
                reached.append(ask(seeds))
                took.append((perf_counter() - start) * 1e3)
                if sum(took) > TIME_S * 1e3:
                    break
    except Exception as problem:  # noqa: BLE001  # whatever stops a peer is its result, not ours
        why = str(problem).strip().split("\n")[0] or type(problem).__name__
        return PeerResult(load_s=load_s, recall_ms=tuple(took), reached=tuple(reached), why_not=why)
    return PeerResult(load_s=load_s, recall_ms=tuple(took), reached=tuple(reached), why_not="")
