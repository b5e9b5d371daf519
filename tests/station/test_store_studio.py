"""Several records in one index: grown as rebuilt, and the same out of real PostgreSQL tables."""

from collections.abc import Iterator

import psycopg
import pytest

from coldcheck.custody.picture import Picture
from coldcheck.custody.trace_events import ROUND, EventKind
from coldcheck.custody.trace_index import digest, index_of
from coldcheck.custody.trace_recall import SparseSpread, lot_seeds
from coldcheck.custody.trace_studio import Studio, Texts, studio_of, table_of_studio, taken_in
from coldcheck.station.lab.bench_trace_peers import NoPostgres, own_postgres
from coldcheck.station.lab.productions import WAYS, production, replayed
from coldcheck.station.studio.store_studio import Kept, has_tables, keep, make_tables, read_back, read_texts

MADE = [production(seed=seed, way=WAYS[seed % 3]) for seed in range(4)]


def records(*shares: float) -> dict[str, Picture]:
    """The first share of each production's steps, by the name of its log."""
    return {
        f"hub-{number}": replayed(made.steps[: int(share * len(made.steps))])
        for number, (made, share) in enumerate(zip(MADE, shares, strict=False))
    }


def test_grown_record_by_record_it_is_the_index_rebuilt() -> None:
    whole = records(1, 1, 1, 1)
    rebuilt = studio_of(whole)
    grown = studio_of(records(0.3))
    for more in (records(0.3, 0.5), records(0.8, 0.5, 0.2), whole):
        grown = taken_in(grown, more)
    assert grown.names == rebuilt.names
    assert grown.cited == rebuilt.cited
    assert digest(index_of(table_of_studio(grown))) == digest(index_of(table_of_studio(rebuilt)))


def test_the_index_as_it_grew_is_the_one_made_at_once() -> None:
    studio = studio_of(records(1, 1, 1))
    index = index_of(table_of_studio(studio))
    for name in (
        "row",
        "before",
        "source",
        "older",
        "previous",
        "newest",
        "version",
        "holder",
        "left",
        "first",
        "content",
    ):
        assert getattr(index, name).tolist() == list(getattr(studio.live, name)), name


def test_what_only_goes_on_is_appended_and_what_comes_late_is_built_anew() -> None:
    early = studio_of(records(0.5))
    assert taken_in(early, records(0.9)) is early
    late = records(0.9, 1)
    assert (taken_in(early, late) is early) == (min(_times(late["hub-1"])) > max(_times(late["hub-0"])))


def _times(picture: Picture) -> list[str]:
    return [picture.journal[picture.entry_acts[entry]].at for entry in picture.trail.live.entry]


def test_every_round_starts_where_it_was_by_whichever_record() -> None:
    table = table_of_studio(studio_of(records(1, 1, 1, 1)))
    lies: dict[int, int] = {}
    for kind, item, start, end in zip(
        table.kind.tolist(), table.item.tolist(), table.start.tolist(), table.end.tolist(), strict=True
    ):
        if kind <= EventKind.TURNED_UP and table.letter[item] == ROUND:
            assert start == lies.get(item, -1)
            lies[item] = end


def texts_of(studio: Studio) -> Texts:
    return Texts(things=tuple((name, f"{name}'s") for name in studio.names), entries=tuple(studio.cited))


def kept_of(server: "psycopg.Connection[tuple[object, ...]]", studio: Studio) -> Kept:
    return keep(server, table_of_studio(studio), texts_of(studio))


@pytest.fixture(scope="module")
def server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    try:
        with (
            own_postgres() as socket,
            psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as ours,
        ):
            yield ours
    except NoPostgres as problem:
        pytest.fail(str(problem))


@pytest.mark.slow
def test_tables_written_bit_by_bit_hold_the_index_of_the_ledgers(
    server: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    make_tables(server)
    assert has_tables(server)
    studio = studio_of(records(0.4))
    first = kept_of(server, studio)
    assert first.rebuilt
    studio = taken_in(studio, records(1))
    second = kept_of(server, studio)
    assert not second.rebuilt
    assert 0 < second.written < first.written + second.written
    assert kept_of(server, studio).written == 0
    assert read_texts(server) == texts_of(studio)
    table = read_back(server)
    assert digest(index_of(table)) == second.digest == digest(index_of(table_of_studio(studio_of(records(1)))))
    assert table.lot.tolist() == table_of_studio(studio).lot.tolist()
    seeds = lot_seeds(table, index_of(table))
    ours = index_of(table_of_studio(studio))
    for lot in range(len(seeds.starts) - 1):
        kept, own = (SparseSpread(index)(seeds.of(lot), barriers=True).tolist() for index in (index_of(table), ours))
        assert kept == own


@pytest.mark.slow
def test_tables_of_another_index_are_written_anew(server: "psycopg.Connection[tuple[object, ...]]") -> None:
    make_tables(server)
    kept_of(server, studio_of(records(1)))
    other = studio_of({"hub-9": replayed(MADE[2].steps)})
    kept = kept_of(server, other)
    assert kept.rebuilt
    assert digest(index_of(read_back(server))) == kept.digest == digest(index_of(table_of_studio(other)))


@pytest.mark.slow
def test_a_changed_row_of_the_tables_is_seen_by_its_digest(server: "psycopg.Connection[tuple[object, ...]]") -> None:
    make_tables(server)
    kept = kept_of(server, studio_of(records(1)))
    server.execute(
        'UPDATE studio_event SET "end" = 0 WHERE row_number = (SELECT max(row_number) FROM studio_event WHERE kind = 0)'
    )
    assert digest(index_of(read_back(server))) != kept.digest
