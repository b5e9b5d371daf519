"""One contract for every store, and what a ledger file meets in the world: a second writer, a full disk, a wrong file."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.custody.acts import AskedToSee
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import Frontier, leaf_hash, tree_root
from coldcheck.proof.sealed import Opening
from coldcheck.station.play import Player
from coldcheck.station.record import open_hub, record, replay
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store import DiskFull, LedgerExists, LedgerInUse, NoLedger, Row, Store, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, open_ledger, read_ledger
from floor import in_plain
from stores import MemoryStore

META = {"origin": "hub/x/e0", "vkey": "v", "log": "hub/x"}


def rows(count: int) -> list[Row]:
    frontier = Frontier()
    out: list[Row] = []
    for index in range(count):
        data = f"entry {index}\n".encode() * (index + 1)
        out.append(
            Row(
                entry_index=index,
                entry_id=f"a{index}",
                data=data,
                nodes=frontier.append(data),
                checkpoint=f"checkpoint {index + 1}\n".encode(),
                openings=((f"{index:064}", Opening(salt=bytes(32), field="name", value=f"Näme {index}")),),
            )
        )
    return out


# --- the contract --------------------------------------------------------------------------------------------------


def sqlite_store(folder: Path) -> Store:
    return create_ledger(folder / "a.ledger", meta=META)


def memory_store(_folder: Path) -> Store:
    return MemoryStore(META)


@pytest.fixture(params=[sqlite_store, memory_store], ids=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    make: Callable[[Path], Store] = request.param
    made = make(tmp_path)
    yield made
    made.close()


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.entry_count() == 0
    assert list(store.entries()) == []
    assert store.index_of("a0") is None
    assert store.opening("0" * 64) is None
    with pytest.raises(NoLedger):
        store.entry(0)
    with pytest.raises(NoLedger):
        store.node(0, 0)
    with pytest.raises(NoLedger):
        store.checkpoint()
    with pytest.raises(NoLedger):
        store.checkpoint(0)


def test_what_is_appended_is_read_back(store: Store) -> None:
    given = rows(9)
    for row in given:
        store.append(row)
    assert store.entry_count() == len(given)
    assert list(store.entries()) == [row.data for row in given]
    assert list(store.entries(4)) == [row.data for row in given[4:]]
    assert list(store.entries(99)) == []
    for row in given:
        assert store.entry(row.entry_index) == row.data
        assert store.index_of(row.entry_id) == row.entry_index
        assert store.checkpoint(row.entry_index + 1) == row.checkpoint
        assert store.node(0, row.entry_index) == leaf_hash(row.data)
        for commitment, opening in row.openings:
            assert store.opening(commitment) == opening
        for node in row.nodes:
            assert store.node(node.level, node.index) == node.hash
    assert store.checkpoint() == given[-1].checkpoint
    frontier = Frontier()
    for row in given:
        frontier.append(row.data)
    assert tree_root(len(given), store.node) == frontier.root()


def test_what_is_not_there_is_said_in_one_sentence(store: Store) -> None:
    store.append(rows(1)[0])
    with pytest.raises(NoLedger):
        store.entry(1)
    with pytest.raises(NoLedger):
        store.entry(-1)
    with pytest.raises(NoLedger):
        store.node(1, 0)
    with pytest.raises(NoLedger):
        store.checkpoint(2)
    assert store.index_of("") is None


def test_a_row_takes_effect_whole_or_not_at_all(store: Store) -> None:
    first, second, third = rows(3)
    store.append(first)
    bad = (
        first,
        replace(second, entry_id="a0"),
        replace(third, entry_index=0, nodes=first.nodes),
    )
    for row in bad:
        with pytest.raises(StoreFailed):
            store.append(row)
        assert store.entry_count() == 1
        assert store.checkpoint() == first.checkpoint
        assert store.opening(f"{1:064}") is None
        assert store.opening(f"{2:064}") is None
    store.append(second)
    assert list(store.entries()) == [first.data, second.data]


def test_an_opening_given_twice_stays_as_it_was(store: Store) -> None:
    first, second = rows(2)
    store.append(first)
    again = Opening(salt=bytes(32), field="name", value="somebody else")
    store.append(replace(second, openings=((first.openings[0][0], again),)))
    assert store.opening(first.openings[0][0]) == first.openings[0][1]


def test_settings_are_kept(store: Store) -> None:
    assert {name: store.meta(name) for name in META} == META
    with pytest.raises(NoLedger):
        store.meta("colour")


# --- the same day in both ------------------------------------------------------------------------------------------

DAY = """\
production "Store" hub store-1
person ARM "Ada Byrne" as armorer
person AD1 "Bo Carr" as first_ad
day 2026-03-02
08:00 ARM registers place Barn as set
08:01 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
08:02 ARM picks up Colt-1
08:03 AD1 stops, smoke: "too much smoke"
"""


def played(store: Store) -> Player:
    player = Player(parse_scenario(DAY, path="day.txt"), store)
    player.play()
    return player


def test_both_stores_hold_the_same_ledger(tmp_path: Path) -> None:
    memory, file = MemoryStore({}), create_ledger(tmp_path / "a.ledger", meta={})
    assert played(memory).hub.root == played(file).hub.root
    assert list(memory.entries()) == list(file.entries())
    assert memory.checkpoint() == file.checkpoint()
    file.close()


# --- the file ------------------------------------------------------------------------------------------------------


def made(path: Path) -> Path:
    store = create_ledger(path, meta=META)
    for row in rows(5):
        store.append(row)
    store.close()
    return path


def test_a_closed_ledger_is_one_complete_file(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ledger")
    assert [file.name for file in tmp_path.iterdir()] == ["a.ledger"]
    copy = tmp_path / "copy of #1?.ledger"
    copy.write_bytes(path.read_bytes())
    reader = read_ledger(copy)
    assert list(reader.entries()) == [row.data for row in rows(5)]
    reader.close()
    # Nor does reading leave anything beside it, or change it.
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.ledger", "copy of #1?.ledger"]
    assert copy.read_bytes() == path.read_bytes()


def test_a_ledger_is_never_begun_over_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    path.write_text("my novel")
    with pytest.raises(LedgerExists):
        create_ledger(path, meta={})
    assert path.read_text() == "my novel"


def test_a_ledger_needs_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="folder"):
        create_ledger(tmp_path / "nowhere" / "a.ledger", meta={})


def test_a_second_writer_is_refused_while_readers_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ledger")
    writer = open_ledger(path)
    with pytest.raises(LedgerInUse):
        open_ledger(path)
    reader = read_ledger(path)
    assert reader.entry_count() == 5
    writer.append(rows(6)[5])
    assert reader.entry_count() == 6
    reader.close()
    # A reader that has gone must not have let a second writer in.
    with pytest.raises(LedgerInUse):
        open_ledger(path)
    writer.close()
    open_ledger(path).close()


OTHER_PROCESS = """
import sys
from pathlib import Path
from coldcheck.station.store import LedgerInUse
from coldcheck.station.store_sqlite import open_ledger, read_ledger
try:
    open_ledger(Path(sys.argv[1])).close()
except LedgerInUse:
    print("refused", read_ledger(Path(sys.argv[1])).entry_count())
else:
    print("opened")
"""


def said_by_another_process(path: Path) -> str:
    done = subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_another_process_is_refused_and_may_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ledger")
    writer = open_ledger(path)
    assert said_by_another_process(path) == "refused 5"
    writer.close()
    assert said_by_another_process(path) == "opened"


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    reader = read_ledger(made(tmp_path / "a.ledger"))
    with pytest.raises(StoreFailed):
        reader.append(rows(6)[5])
    reader.close()


# --- files that are no ledger --------------------------------------------------------------------------------------


def a_folder(path: Path) -> None:
    path.mkdir()


def an_empty_file(path: Path) -> None:
    path.touch()


def a_letter(path: Path) -> None:
    path.write_text("Dear Sir or Madam,\n" * 400)


def another_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup');")
    connection.close()


def another_programs_database(path: Path) -> None:
    another_database(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 77")
    connection.close()


def of_a_newer_schema(path: Path) -> None:
    made(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def nothing_at_all(_path: Path) -> None:
    return


def cut_to_half(path: Path) -> None:
    data = made(path).read_bytes()
    path.write_bytes(data[: len(data) // 2])


def cut_to_a_few_bytes(path: Path) -> None:
    path.write_bytes(made(path).read_bytes()[:50])


def torn_inside(path: Path) -> None:
    data = bytearray(made(path).read_bytes())
    data[100:3000] = b"\xa5" * 2900
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "spoil",
    [
        a_folder, an_empty_file, a_letter, another_database, another_programs_database, of_a_newer_schema,
        nothing_at_all, cut_to_half, cut_to_a_few_bytes, torn_inside,
    ],
    ids=lambda spoil: spoil.__name__,
)  # fmt: skip
@pytest.mark.parametrize("opening", [open_ledger, read_ledger], ids=["to write", "to read"])
def test_what_is_no_ledger_is_one_sentence(
    tmp_path: Path, spoil: Callable[[Path], None], opening: Callable[[Path], SqliteStore]
) -> None:
    path = tmp_path / "a.ledger"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ColdcheckError) as problem:
        opening(path)
    said = str(problem.value)
    assert isinstance(problem.value, NoLedger)
    assert str(path) in said
    assert "\n" not in said
    assert said.endswith(".")
    # Looking at a file changes nothing in it, and leaves nothing beside it.
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == ([] if spoil is nothing_at_all else ["a.ledger"])


# --- a full disk ---------------------------------------------------------------------------------------------------


@contextmanager
def no_file_beyond(size_bytes: int) -> Iterator[None]:
    """While it holds, this process cannot make any file longer: the kernel says so as it does of a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_loses_nothing_and_the_retry_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    store = create_ledger(path, meta=META)
    player = played(store)
    before, root = list(store.entries()), player.hub.root
    now = player.moment("2026-03-02T09:00:00Z")
    gun = player.hub.picture.labels["Colt-1"]
    signed = player.sign("AD1", (AskedToSee(gun=gun),), now)
    grown = max(file.stat().st_size for file in tmp_path.iterdir())
    for _ in range(2):
        with no_file_beyond(grown), pytest.raises(DiskFull):
            record(player.hub, signed, now)
    assert list(store.entries()) == before
    assert player.hub.root == root
    reply = record(player.hub, signed, now)
    assert reply.entry_index == len(before)
    assert list(store.entries())[:-1] == before
    assert in_plain(replay(store.entries())) == in_plain(player.hub.picture)
    store.close()


def test_a_database_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ledger")
    store = open_ledger(path)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    fat = rows(6)[5]
    data = b"x" * 40_000
    fat = replace(fat, data=data, nodes=Frontier.read_back(5, store.node).append(data))
    with pytest.raises(DiskFull, match="room"):
        store.append(fat)
    assert store.entry_count() == 5
    assert store.opening(fat.openings[0][0]) is None
    store._connection.execute("PRAGMA max_page_count = 1000000")
    store.append(fat)
    store.close()
    reader = read_ledger(path)
    assert reader.entry(5) == fat.data
    reader.close()


def test_a_hub_that_was_cut_off_finds_every_acknowledged_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    player = played(create_ledger(path, meta=META))
    # What a power cut leaves: the file and its -wal as they are, and nobody who closed them.
    copy = tmp_path / "cut.ledger"
    for suffix in ("", "-wal"):
        Path(f"{copy}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    store = open_ledger(copy)
    hub = open_hub(store, log_key=player.log_key, log=player.log, epoch=0, build="play")
    assert hub.root == player.hub.root
    assert in_plain(hub.picture) == in_plain(player.hub.picture)
    store.close()
    player.hub.store.close()
