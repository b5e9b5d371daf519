"""Recall, backward trace, state and access over a studio's events, beside databases and graph libraries on the same data.

The full recall is the hardest question: from one lot, forward, without regard to tests. `ratio` is the best SQL plan's
median over ours, same run; `ratio_most` is the same for the one lot of the peers' that reaches most. Ours gives rounds and
things besides, the peers only count versions. Ours goes along strands (`trace_strands`), which is a way to keep the same
data; `sql_best_strands_ms` is what the databases take when they are handed the strands ready made. Everything is
measured at every power of ten up to the size asked for, so growth can be read off. Wall time, and the processor time
of our own thread (`cpu`), which another process on the machine does not stretch so much.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import perf_counter, thread_time
from typing import Final

import numpy as np
import uvicorn
from starlette.applications import Starlette

from coldcheck.custody.trace_events import ROUND
from coldcheck.custody.trace_index import EventTable, Index, Numbers, holders, walks_of
from coldcheck.custody.trace_live import LiveIndex
from coldcheck.custody.trace_recall import LotSeeds, lot_seeds, versions_now
from coldcheck.station.demo_hub import listen
from coldcheck.station.lab.bench_incidents import missed_of
from coldcheck.station.lab.bench_trace_peers import PEERS, ask_peer, edges_between, edges_of
from coldcheck.station.lab.measured import Figures, percentile, workplace
from coldcheck.station.lab.studio_worlds import studio_world
from coldcheck.station.lab.trace_kernels import CompiledSpread, compiled_index_of, growing, recall
from coldcheck.station.lab.trace_strands import Strands, lots_along, reached_strands, recall_along, strands_of
from coldcheck.station.web.studio_pages import StudioPages, studio_routes

SIZES: Final = (100_000, 1_000_000, 10_000_000)
LOTS: Final = 40
PEER_LOTS: Final = 5
QUESTIONS: Final = 2_000
PAGES: Final = 1_000
CHUNK: Final = 1_000
LIVE_EVENTS: Final = 100_000
INCIDENTS: Final = 10_000
INCIDENT_EVENTS: Final = 1_000_000
MISSING: Final = (0.03, 0.1)
_SQL: Final = ("sqlite", "postgres", "duckdb")


def bench_trace(*, events: int = 1_000_000, incidents: int = INCIDENTS) -> Figures:
    """The figures at `events`, flat; those of the smaller powers of ten carry their size at the end of the name."""
    _warm_up()
    figures: Figures = {"events": events}
    with workplace() as folder:
        figures |= _at_size(events, folder)
        for smaller in (size for size in SIZES if size < events):
            figures |= {f"{name}_at_{smaller}": value for name, value in _at_size(smaller, folder).items()}
    figures |= _incidents(min(events, INCIDENT_EVENTS), incidents)
    figures["load_average"] = round(os.getloadavg()[0], 1)
    return figures


def _warm_up() -> None:
    """Nothing; everything is compiled before the first clock runs."""
    table = studio_world(events=2_000)
    index = compiled_index_of(table)
    seeds = lot_seeds(table, index)
    for barriers in (True, False):
        CompiledSpread(index)(seeds.of(0), barriers=barriers)
        strands = strands_of(table, index, seeds, barriers=barriers)
        recall_along(strands, seeds.of(0))
        lots_along(strands, seeds)
    recall(table, index, seeds.of(0), unit=holders(table), now=versions_now(index), barriers=True)
    missed_of(table, incidents=10, missing=0.1, seed=1)


def _at_size(events: int, folder: Path) -> Figures:
    began = perf_counter()
    table = studio_world(events=events)
    made_s = perf_counter() - began
    index = compiled_index_of(table)
    seeds = lot_seeds(table, index)
    lots = _lots_asked(index, seeds)
    figures: Figures = {
        "rounds": int(np.count_nonzero(table.letter == ROUND)), "lots": len(seeds.starts) - 1,
        "versions": len(index.row), "generated_s": round(made_s, 2),
    }  # fmt: skip
    figures |= _sizes(table, index)
    figures |= _upkeep(table)
    strands, making = _strands(table, index, seeds)
    figures |= making
    figures |= _recalls(table, index, seeds, lots)
    figures |= _walks(table, index)
    figures |= _pages(table, index)
    peers, by_lot = _peers(index, seeds, lots[:PEER_LOTS], events, folder)
    figures |= peers
    figures |= _at_most_reached(index, strands, tuple(seeds.of(lot) for lot in lots[:PEER_LOTS]), by_lot)
    figures |= _strands_in_sql(
        strands, tuple(seeds.of(lot) for lot in lots[:PEER_LOTS]), float(figures["recall_ms"] or 0), folder
    )
    sql = [figures[f"{name}_recall_ms"] for name in _SQL if isinstance(figures.get(f"{name}_recall_ms"), float)]
    best = min((float(value) for value in sql if value is not None), default=None)
    ours = figures["recall_ms"]
    figures["sql_best_ms"] = best
    figures["ratio"] = round(best / ours, 1) if best is not None and isinstance(ours, float) else None
    return figures


def _lots_asked(index: Index, seeds: LotSeeds) -> list[int]:
    """Lots that came in during the first nine tenths, drawn by a fixed seed."""
    edge = 0.9 * len(index.row)
    known = [lot for lot in range(len(seeds.starts) - 1) if len(seeds.of(lot)) and seeds.of(lot)[0] < edge]
    return [int(lot) for lot in np.random.default_rng(7).permutation(known)[:LOTS]]


def _sizes(table: EventTable, index: Index) -> Figures:
    """Bytes of the two columns that a recall reads, a placement; and of all columns and arrays, an event."""
    events = len(table.kind)
    whole = sum(getattr(index, name).nbytes for name in Index.__slots__)
    columns = sum(getattr(table, name).nbytes for name in EventTable.__slots__ if name != "entry_at_s")
    return {
        "recall_bytes_per_placement": round((index.before.nbytes + index.source.nbytes) / len(index.row), 2),
        "bytes_per_event": round((whole + columns) / events, 2),
    }


def _upkeep(table: EventTable) -> Figures:
    """Events a second of a rebuild, the best of three; nanoseconds of an append, in chunks and one by one in Python."""
    events = len(table.kind)
    rebuilds = [_timed(lambda: compiled_index_of(table)) for _ in range(3)]
    grown = growing(table)
    tail = min(events, 100 * CHUNK)
    grown.extend(events - tail)

    def append() -> None:
        for stop in range(events - tail + CHUNK, events + 1, CHUNK):
            grown.extend(stop)

    append_s, append_cpu_s = _timed(append)
    live_s, live_cpu_s = _timed_live(table)
    return {
        "rebuild_per_s": round(events / min(wall for wall, _cpu in rebuilds)),
        "rebuild_cpu_per_s": round(events / min(cpu for _wall, cpu in rebuilds)),
        "append_ns": round(append_s / tail * 1e9, 1), "append_cpu_ns": round(append_cpu_s / tail * 1e9, 1),
        "live_append_ns": round(live_s * 1e9), "live_append_cpu_ns": round(live_cpu_s * 1e9),
    }  # fmt: skip


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = perf_counter(), thread_time()
    work()
    return perf_counter() - wall, thread_time() - cpu


def _timed_live(table: EventTable) -> tuple[float, float]:
    """Wall and processor seconds an event of the plain arrays that a hub keeps."""
    live = LiveIndex()
    for letter, inside, lot in zip(table.letter.tolist(), table.inside.tolist(), table.lot.tolist(), strict=True):
        live.add_thing(letter, inside=inside, lot=lot)
    few = min(LIVE_EVENTS, len(table.kind))
    names = ("kind", "item", "start", "end", "by", "entry")
    rows = list(zip(*(getattr(table, name)[:few].tolist() for name in names), strict=True))

    def grow() -> None:
        for kind, item, start, end, by, entry in rows:
            live.append(kind, item=item, start=start, end=end, by=by, entry=entry)

    wall, cpu = _timed(grow)
    return wall / few, cpu / few


def _strands(table: EventTable, index: Index, seeds: LotSeeds) -> tuple[Strands, Figures]:
    """The strands of full recalls, seconds to make them (the best of three), and how many bytes a placement they take."""
    made = [_timed(lambda: strands_of(table, index, seeds, barriers=False)) for _ in range(3)]
    strands = strands_of(table, index, seeds, barriers=False)
    placements = max(len(index.row), 1)
    return strands, {
        "strands": len(strands.one), "strands_made_s": round(min(wall for wall, _cpu in made), 4),
        "strands_bytes_per_placement": round((strands.nbytes() + strands.of.nbytes) / placements, 2),
    }  # fmt: skip


def _recalls(table: EventTable, index: Index, seeds: LotSeeds, lots: list[int]) -> Figures:
    """Full recalls with rounds and things, along strands and version by version; the scan alone; all lots at once."""
    spread = CompiledSpread(index)
    unit, now = holders(table), versions_now(index)
    figures: Figures = {}
    times_lot: list[float] = []
    for name, barriers in (("recall", False), ("recall_to_barriers", True)):
        strands = strands_of(table, index, seeds, barriers=barriers)
        along: list[tuple[float, float]] = []
        whole: list[tuple[float, float]] = []
        scans: list[float] = []
        for lot in lots:
            ours = seeds.of(lot)
            along.append(_timed(partial(recall_along, strands, ours)))
            scans.append(min(_timed(partial(spread, ours, barriers=barriers))) * 1e3)
            whole.append(_timed(partial(recall, table, index, ours, unit=unit, now=now, barriers=barriers)))
            if barriers:
                own = np.flatnonzero(table.lot == lot)
                times_lot.append(len(np.union1d(own, recall_along(strands, ours).rounds)) / len(own))
        walls = [wall * 1e3 for wall, _cpu in along]
        figures |= {
            f"{name}_ms": round(percentile(walls, 0.5), 3), f"{name}_p99_ms": round(percentile(walls, 0.99), 3),
            f"{name}_cpu_ms": round(percentile([cpu * 1e3 for _wall, cpu in along], 0.5), 3),
            f"{name}_by_version_ms": round(percentile([wall * 1e3 for wall, _cpu in whole], 0.5), 3),
            f"{name}_by_version_cpu_ms": round(percentile([cpu * 1e3 for _wall, cpu in whole], 0.5), 3),
            f"{name}_scan_ms": round(percentile(scans, 0.5), 3),
        }  # fmt: skip
    figures |= _bandwidth(index, float(figures["recall_scan_ms"] or 0))
    # The strands of recalls to barriers are made within the time.
    everything = [_timed(lambda: lots_along(strands_of(table, index, seeds, barriers=True), seeds)) for _ in range(3)]
    figures["all_lots_s"] = round(min(wall for wall, _cpu in everything), 4)
    figures["all_lots_cpu_s"] = round(min(cpu for _wall, cpu in everything), 4)
    figures["recall_times_the_lot"] = round(percentile(times_lot, 0.5), 2)
    return figures


def _bandwidth(index: Index, scan_ms: float) -> Figures:
    """How much longer the scan takes than reading its two columns once, as fast as this machine sums numbers."""
    columns = np.concatenate((index.before, index.source)).view(np.int64)
    rates = []
    for _ in range(7):
        _wall, cpu = _timed(columns.sum)
        rates.append(columns.nbytes / max(cpu, 1e-9))
    bound_ms = columns.nbytes / max(rates) * 1e3
    return {"memory_gb_per_s": round(max(rates) / 1e9, 1), "times_memory_bandwidth": round(scan_ms / bound_ms, 1)}


def _walks(table: EventTable, index: Index) -> Figures:
    """Backward trace, state at entry and access, each asked about a random thing at a random event, nothing kept."""
    chance = np.random.default_rng(11)
    rounds = np.flatnonzero(index.first >= 0)
    guns = np.flatnonzero((table.letter == ord("g")) & (index.newest >= 0))
    walks = walks_of(table, index)

    def access(item: int, row: int) -> None:
        walks.access(item, start=max(walks.last_full_test(item, row=row), 0), stop=row + 1)

    figures: Figures = {}
    for name, things, ask in (
        ("backward", rounds, lambda item, row: walks.back(item, row=row)),
        ("state", guns, lambda gun, row: walks.state(gun, row=row)),
        ("access", rounds, access),
    ):
        walls: list[float] = []
        cpus: list[float] = []
        for item in chance.choice(things, QUESTIONS):
            row = int(chance.integers(0, len(table.kind)))
            walks.forget()
            wall, cpu = _timed(lambda ask=ask, item=item, row=row: ask(int(item), row))  # type: ignore[misc]
            walls.append(wall * 1e3)
            cpus.append(cpu * 1e3)
        figures |= {
            f"{name}_p50_ms": round(percentile(walls, 0.5), 4), f"{name}_p99_ms": round(percentile(walls, 0.99), 4),
            f"{name}_cpu_p99_ms": round(percentile(cpus, 0.99), 4),
        }  # fmt: skip
    return figures


def _pages(table: EventTable, index: Index) -> Figures:
    """The same questions through a page: asked over HTTP of a server on this machine, rendered whole, nothing kept."""
    chance = np.random.default_rng(12)
    walks = walks_of(table, index)
    letters, numbers = table.letter, range(len(table.letter))
    pages = StudioPages(
        walks=walks, events=len(table.kind), name_of=lambda thing: f"{chr(letters[thing])}{thing}",
        cite=lambda row: f"#{table.entry[row]}",
        number_of=lambda name: int(name[1:]) if name[1:].isdigit() and int(name[1:]) in numbers else -1,
    )  # fmt: skip
    rounds = np.flatnonzero(index.first >= 0)
    guns = np.flatnonzero((letters == ord("g")) & (index.newest >= 0))
    figures: Figures = {}
    with served(Starlette(routes=list(studio_routes(pages)))) as port:
        client = HTTPConnection("127.0.0.1", port)
        for name, things in (("back", rounds), ("state", guns), ("access", rounds)):
            spent: list[float] = []
            for thing in chance.choice(things, PAGES):
                walks.forget()
                began = perf_counter()
                client.request(
                    "GET", f"/studio/{name}/{pages.name_of(int(thing))}?row={chance.integers(0, len(table.kind))}"
                )
                answer = client.getresponse()
                body = answer.read()
                spent.append((perf_counter() - began) * 1e3)
                assert answer.status == HTTPStatus.OK, body[:200]
            figures[f"page_{name}_p50_ms"] = round(percentile(spent, 0.5), 2)
            figures[f"page_{name}_p99_ms"] = round(percentile(spent, 0.99), 2)
        client.close()
    return figures


@contextmanager
def served(app: Starlette) -> Iterator[int]:
    """The port of a server of our own thread, gone afterwards."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


def _at_most_reached(
    index: Index, strands: Strands, questions: tuple[Numbers, ...], by_lot: dict[str, tuple[float, ...]]
) -> Figures:
    """The ratio for the one lot of the peers' that reaches most: a database pays for what it reaches, the scan for all."""
    spread = CompiledSpread(index)
    reached = [int(np.count_nonzero(spread(ours, barriers=False))) for ours in questions]
    most = int(np.argmax(reached))
    sql = [times[most] for name, times in by_lot.items() if name in _SQL and len(times) > most]
    ours = percentile([_timed(lambda: recall_along(strands, questions[most]))[0] * 1e3 for _ in range(5)], 0.5)
    return {
        "reached_p50": round(percentile([float(each) for each in reached], 0.5)), "reached_most": reached[most],
        "recall_ms_most": round(ours, 3), "sql_best_ms_most": round(min(sql), 2) if sql else None,
        "ratio_most": round(min(sql) / ours, 1) if sql else None,
    }  # fmt: skip


def _strands_in_sql(strands: Strands, questions: tuple[Numbers, ...], recall_ms: float, folder: Path) -> Figures:
    """The best median of the databases over the graph of strands, and its ratio to ours."""
    edges = edges_between(strands.one, strands.other)
    begins = tuple(np.unique(strands.of[ours]).astype(np.int32) for ours in questions)
    wanted = tuple(int(np.count_nonzero(reached_strands(strands, ours))) for ours in questions)
    medians: list[float] = []
    for name in _SQL[:2]:
        place = folder / f"strands-{name}-{len(strands.of)}"
        place.mkdir()
        told = ask_peer(name, edges, begins, place)
        assert told.reached == wanted[: len(told.reached)], f"{name} reaches other strands than we do"
        if told.recall_ms:
            medians.append(percentile(told.recall_ms, 0.5))
    best = min(medians, default=None)
    return {
        "sql_best_strands_ms": round(best, 2) if best is not None else None,
        "ratio_strands": round(best / recall_ms, 1) if best is not None and recall_ms else None,
    }


def _peers(
    index: Index, seeds: LotSeeds, lots: list[int], events: int, folder: Path
) -> tuple[Figures, dict[str, tuple[float, ...]]]:
    """The medians of every peer that can bear this size, a sentence for one that could not; and its time for each lot."""
    edges = edges_of(index, barriers=False)
    questions = tuple(seeds.of(lot) for lot in lots)
    spread = CompiledSpread(index)
    wanted = tuple(int(np.count_nonzero(spread(ours, barriers=False))) for ours in questions)
    figures: Figures = {}
    by_lot: dict[str, tuple[float, ...]] = {}
    for name, (_peer, most) in PEERS.items():
        if events > most:
            figures[f"{name}_recall_ms"] = None
            figures[f"{name}_why"] = f"bears {most} events here"
            continue
        place = folder / f"{name}-{events}"
        place.mkdir()
        told = ask_peer(name, edges, questions, place)
        assert told.reached == wanted[: len(told.reached)], f"{name} reaches other versions than the index"
        figures[f"{name}_recall_ms"] = round(percentile(told.recall_ms, 0.5), 2) if told.recall_ms else None
        figures[f"{name}_load_s"] = round(told.load_s, 2)
        by_lot[name] = told.recall_ms
        if told.why_not:
            figures[f"{name}_why"] = told.why_not
        for path in place.glob("*"):
            path.unlink()
    return figures, by_lot


def _incidents(events: int, incidents: int) -> Figures:
    """Hidden rounds that the recall of their lot misses: with every move recorded, and with some that are not."""
    table = studio_world(events=events)
    figures: Figures = {"incidents": incidents, "missed": missed_of(table, incidents=incidents, missing=0.0, seed=3)}
    for missing in MISSING:
        count = missed_of(table, incidents=incidents, missing=missing, seed=3)
        figures[f"missed_share_{round(100 * missing)}_percent_missing"] = round(count / incidents, 4)
    return figures
