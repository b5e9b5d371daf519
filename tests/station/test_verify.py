import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coldcheck.custody import acts as a
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.entry import build_entry, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.note import LogKey, LogVerifier
from coldcheck.station.commands_proof import verify
from coldcheck.station.lab.flips import flipped, flips_in_ledger, in_memory
from coldcheck.station.play import Player
from coldcheck.station.record import line_of
from coldcheck.station.store import NoLedger, Row
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import Book, Report, verify_ledger, verify_path, verify_store
from station.ledgers import play_rehearsal

SIZE = 37
ANY = -1
"""Openings come in the order of their commitments: which entry is first is chance, but one is named."""


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    player = play_rehearsal(tmp_path_factory.mktemp("verify") / "day.ledger")
    yield player
    assert isinstance(player.hub.store, SqliteStore)
    player.hub.store.close()


def path_of(player: Player) -> Path:
    assert isinstance(player.hub.store, SqliteStore)
    return player.hub.store._path


@pytest.fixture
def copy(player: Player) -> tuple[SqliteStore, sqlite3.Connection]:
    assert isinstance(player.hub.store, SqliteStore)
    return in_memory(player.hub.store)


def changed(copy: tuple[SqliteStore, sqlite3.Connection], *statements: str) -> Report:
    store, connection = copy
    for statement in statements:
        assert connection.execute(statement).rowcount != 0, "the statement changed nothing"
    return verify_store(store, vkey=None)


def assert_bad(report: Report, *, entry: int | None, saying: str) -> None:
    assert not report.ok
    assert report.first_bad is not None
    assert report.first_bad.entry == entry
    assert saying in report.first_bad.reason
    assert "\n" not in report.first_bad.reason


def test_a_played_ledger_verifies_while_its_writer_holds_it(player: Player) -> None:
    report = verify_path(path_of(player), vkey=None)
    assert (report.ok, report.kind, report.entries, report.first_bad) == (True, "ledger", SIZE, None)
    assert report.root == player.hub.root.hex()
    assert report.checkpoint is not None
    assert report.checkpoint.splitlines()[1] == str(SIZE)
    assert (report.openings, report.erased) == (6, 0)


def test_the_report_says_whether_the_log_key_was_given_or_its_own_word(player: Player) -> None:
    own = verify_ledger(path_of(player), vkey=None)
    given = verify_ledger(path_of(player), vkey=player.log_key.vkey)
    assert (own.vkey_from, given.vkey_from) == ("its own word", "given")
    assert own.vkey == given.vkey == player.log_key.vkey
    assert any("taken from entry 0" in sentence for sentence in own.unverified)
    assert not any("taken from entry 0" in sentence for sentence in given.unverified)


def test_another_log_key_than_the_given_one_is_not_ok(player: Player) -> None:
    other = LogKey.from_seed(name=player.log_key.name, seed=bytes(31) + b"\x01")
    assert_bad(verify_ledger(path_of(player), vkey=other.vkey), entry=0, saying="another log key")


@pytest.mark.slow
def test_a_flip_in_every_stored_byte_is_found(player: Player) -> None:
    assert isinstance(player.hub.store, SqliteStore)
    flips = flips_in_ledger(player.hub.store, LogVerifier.from_vkey(player.log_key.vkey))
    assert flips.missed == ()
    assert flips.tried > 45_000


BLOBS = (
    ("entry", "bytes", "entry_index", 0),
    ("entry", "leaf", "entry_index", 0),
    ("checkpoint", "bytes", "tree_size", -1),
)


def test_random_flips_through_the_whole_verifier_name_the_entry(
    copy: tuple[SqliteStore, sqlite3.Connection],
) -> None:
    store, connection = copy
    dice = random.Random(2)
    for _ in range(40):
        table, column, key, shift = dice.choice(BLOBS)
        entry = dice.randrange(SIZE)
        where = f"WHERE {key} = {entry - shift}"
        (data,) = connection.execute(f"SELECT {column} FROM {table} {where}").fetchone()
        update = f"UPDATE {table} SET {column} = ? {where}"
        connection.execute(update, (flipped(data, dice.randrange(len(data))),))
        report = verify_store(store, vkey=None)
        assert report.first_bad is not None
        assert report.first_bad.entry == entry
        connection.execute(update, (data,))
    assert verify_store(store, vkey=None).ok


def test_a_changed_inner_node_is_named_by_the_entry_that_completed_it(
    copy: tuple[SqliteStore, sqlite3.Connection],
) -> None:
    assert_bad(
        changed(copy, "UPDATE node SET hash = zeroblob(32) WHERE level = 3 AND node_index = 1"),
        entry=15,
        saying="level 3, index 1",
    )


@pytest.mark.parametrize(
    ("statements", "entry", "saying"),
    [
        (("DELETE FROM entry WHERE entry_index = 5",), 5, "no row for entry 5"),
        ((f"DELETE FROM entry WHERE entry_index = {SIZE - 1}",), SIZE - 1, "no such entry"),
        (("DELETE FROM entry",), 0, "no row for entry 0"),
        (
            (
                "UPDATE entry SET entry_index = -1 WHERE entry_index = 5",
                "UPDATE entry SET entry_index = 5 WHERE entry_index = 6",
                "UPDATE entry SET entry_index = 6 WHERE entry_index = -1",
            ),
            5,
            "level 1",
        ),
        (
            (f"INSERT INTO entry SELECT {SIZE}, 'twice', bytes, leaf FROM entry WHERE entry_index = {SIZE - 1}",),
            SIZE,
            "lacks a row",
        ),
        (("UPDATE entry SET entry_id = 'a000000000000' WHERE entry_index = 9",), 9, "stored under"),
        (("DELETE FROM node WHERE level = 2 AND node_index = 1",), 7, "lacks a row"),
        (("INSERT INTO node VALUES (1, 18, zeroblob(32))",), SIZE, "no such entry"),
        (("DELETE FROM checkpoint WHERE tree_size = 12",), 11, "lacks a row"),
        ((f"DELETE FROM checkpoint WHERE tree_size = {SIZE}",), SIZE - 1, "lacks a row"),
        (("INSERT INTO checkpoint SELECT 99, bytes FROM checkpoint WHERE tree_size = 3",), 98, "no such entry"),
        (("INSERT INTO checkpoint SELECT 0, bytes FROM checkpoint WHERE tree_size = 3",), 0, "no such entry"),
        (
            ("UPDATE checkpoint SET bytes = (SELECT bytes FROM checkpoint WHERE tree_size = 3) WHERE tree_size = 4",),
            3,
            "another size or root",
        ),
        (("UPDATE meta SET value = 'x' WHERE name = 'vkey'",), None, "'vkey'"),
        (("UPDATE meta SET value = 'x' WHERE name = 'log'",), None, "'log'"),
        (("UPDATE meta SET value = 'x' WHERE name = 'origin'",), None, "'origin'"),
        (("DELETE FROM meta WHERE name = 'vkey'",), None, "lacks a row"),
        (("UPDATE opening SET box = zeroblob(length(box))",), ANY, "does not open"),
        (("UPDATE opening_key SET key = zeroblob(32) WHERE key_number = 1",), ANY, "does not open"),
        (("DELETE FROM opening_key WHERE key_number = 1",), ANY, "does not open"),
        (("UPDATE opening SET key_number = 3 - key_number WHERE key_number < 3",), ANY, "does not open"),
        (("INSERT INTO opening VALUES ('ff', 1, zeroblob(60))",), None, "belongs to no commitment"),
        (("INSERT INTO opening_key VALUES (99, zeroblob(32))",), None, "open nothing here"),
        (("INSERT INTO kept_apart VALUES ('ff', zeroblob(32))",), None, "not what an entry names"),
    ],
)
def test_rows_taken_out_swapped_doubled_or_put_in_are_named(
    copy: tuple[SqliteStore, sqlite3.Connection], statements: tuple[str, ...], entry: int | None, saying: str
) -> None:
    report = changed(copy, *statements)
    if entry == ANY:
        assert report.first_bad is not None
        entry = report.first_bad.entry
        assert entry in range(SIZE)
    assert_bad(report, entry=entry, saying=saying)


def test_an_erased_opening_is_no_flaw(copy: tuple[SqliteStore, sqlite3.Connection]) -> None:
    report = changed(copy, "DELETE FROM opening", "DELETE FROM opening_key")
    assert report.ok
    assert (report.openings, report.erased) == (0, 6)


def test_a_checkpoint_by_another_log_is_refused(copy: tuple[SqliteStore, sqlite3.Connection], player: Player) -> None:
    other = LogKey.from_seed(name=player.log_key.name, seed=bytes(32))
    note = sign_checkpoint(Checkpoint(origin=other.name, size=SIZE, root=player.hub.root), other)
    copy[1].execute("UPDATE checkpoint SET bytes = ? WHERE tree_size = ?", (note, SIZE))
    assert_bad(verify_store(copy[0], vkey=None), entry=SIZE - 1, saying="exactly one signature")


def forged(player: Player, copy: tuple[SqliteStore, sqlite3.Connection], *, by: str, key: ActingKey) -> Report:
    """The report on a ledger whose hub appended, under its own good checkpoint, an entry signed by `key` as `by`."""
    hub = player.hub
    line1 = line_of(
        entry_id="a000000000000",
        log=hub.log,
        by=by,
        key=key.key_name,
        at="2026-03-02T09:00:00Z",
        after=None,
        prev=None,
        acts=(a.DayOpened(day=2),),
        about=(by,),
    )
    line2 = read_entry(hub.store.entry(SIZE - 1)).line2
    data = build_entry(line1=line1, line2=line2, signatures=(key.sign(line1),))
    frontier = hub.frontier.copy()
    nodes = frontier.append(data)
    note = sign_checkpoint(Checkpoint(origin=hub.log_key.name, size=SIZE + 1, root=frontier.root()), hub.log_key)
    copy[0].append(
        Row(entry_index=SIZE, entry_id="a000000000000", data=data, nodes=nodes, checkpoint=note, openings=())
    )
    return verify_store(copy[0], vkey=player.log_key.vkey)


def test_an_entry_by_an_enrolled_key_is_accepted(player: Player, copy: tuple[SqliteStore, sqlite3.Connection]) -> None:
    person = player.names.id_of("ARM", "p")
    assert forged(player, copy, by=person, key=player.key_of("ARM")).ok


def test_a_hub_cannot_sign_with_a_key_that_was_never_enrolled(
    player: Player, copy: tuple[SqliteStore, sqlite3.Connection]
) -> None:
    key = ActingKey.from_seed(key_name="k0000000000AA", key_class=KeyClass.DEMO, seed=bytes(32))
    person = player.names.id_of("ARM", "p")
    assert_bad(forged(player, copy, by=person, key=key), entry=SIZE, saying="is not enrolled")


def test_a_hub_cannot_sign_one_persons_act_with_another_persons_key(
    player: Player, copy: tuple[SqliteStore, sqlite3.Connection]
) -> None:
    person = player.names.id_of("ARM", "p")
    assert_bad(
        forged(player, copy, by=person, key=player.key_of("AD1")), entry=SIZE, saying="belongs to another person"
    )


def test_a_hub_cannot_pass_a_key_of_its_own_making_under_an_enrolled_name(
    player: Player, copy: tuple[SqliteStore, sqlite3.Connection]
) -> None:
    name = player.key_of("ARM").key_name
    key = ActingKey.from_seed(key_name=name, key_class=KeyClass.DEMO, seed=bytes(32))
    person = player.names.id_of("ARM", "p")
    assert_bad(forged(player, copy, by=person, key=key), entry=SIZE, saying="is not by")


def test_a_damaged_page_is_one_sentence(player: Player, tmp_path: Path) -> None:
    path = tmp_path / "copy.ledger"
    with sqlite3.connect(path) as connection:
        assert isinstance(player.hub.store, SqliteStore)
        player.hub.store.copy_into(connection)
    connection.close()
    data = bytearray(path.read_bytes())
    found, sentences = 0, list[str]()
    for page in range(4096, len(data), 4096):
        broken = bytes(data[:page]) + bytes(4096) + bytes(data[page + 4096 :])
        path.write_bytes(broken)
        try:
            found += not verify_ledger(path, vkey=None).ok
        except ColdcheckError as problem:
            sentences.append(str(problem))
    assert not [sentence for sentence in sentences if "\n" in sentence]
    assert found + len(sentences) == len(data) // 4096 - 1


@pytest.mark.parametrize("size", [0, 15, 99, 5_000])
def test_a_cut_file_is_refused_in_one_sentence(player: Player, tmp_path: Path, size: int) -> None:
    path = tmp_path / "cut.ledger"
    with sqlite3.connect(path) as connection:
        assert isinstance(player.hub.store, SqliteStore)
        player.hub.store.copy_into(connection)
    connection.close()
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(NoLedger):
        verify_path(path, vkey=None)


def test_another_database_and_what_is_none_are_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE entry (x)")
    connection.close()
    (tmp_path / "text").write_text("not a ledger at all, but long enough to be one" * 10)
    for name in ("other.db", "text", "missing", "."):
        with pytest.raises(NoLedger):
            verify_path(tmp_path / name, vkey=None)


def test_the_command_says_ok_and_ends_with_0(player: Player) -> None:
    result = CliRunner().invoke(verify, [str(path_of(player))])
    assert result.exit_code == 0
    assert result.output.startswith(f"OK: {SIZE} entries, root ")
    assert "its own word" in result.output


def test_the_command_names_the_entry_and_ends_with_1(player: Player, tmp_path: Path) -> None:
    path = tmp_path / "bad.ledger"
    with sqlite3.connect(path) as connection:
        assert isinstance(player.hub.store, SqliteStore)
        player.hub.store.copy_into(connection)
        connection.execute("UPDATE entry SET leaf = zeroblob(32) WHERE entry_index = 7")
    connection.close()
    result = CliRunner().invoke(verify, [str(path)])
    assert result.exit_code == 1
    assert result.output.startswith("NOT OK: entry 7: ")


def test_the_command_takes_the_printed_key_from_a_file(player: Player, tmp_path: Path) -> None:
    (tmp_path / "printed").write_text(player.log_key.vkey + "\n")
    result = CliRunner().invoke(verify, [str(path_of(player)), "--vkey", str(tmp_path / "printed"), "--json"])
    assert result.exit_code == 0
    assert '"vkey_from": "given"' in result.output
    for content in ("two\nlines\n", "no key\n", "é"):
        (tmp_path / "printed").write_text(content)
        result = CliRunner().invoke(verify, [str(path_of(player)), "--vkey", str(tmp_path / "printed")])
        assert isinstance(result.exception, ColdcheckError)


def test_progress_is_told_to_the_last_entry(player: Player) -> None:
    heard: list[tuple[int, int]] = []
    store = read_ledger(path_of(player))
    verify_store(store, vkey=None, progress=lambda done, total: heard.append((done, total)))
    store.close()
    assert heard == [(SIZE, SIZE)]


def test_an_entry_that_rests_on_one_that_was_taken_out_is_a_flaw_and_no_error(player: Player) -> None:
    entries = [read_entry(data) for data in player.hub.store.entries()]
    adopted = next(n for n, entry in enumerate(entries) if "rulebook_adopted" in str(entry.author["acts"]))
    book = Book(None)
    with pytest.raises(BadRecord, match="cannot follow those before it"):  # noqa: PT012  # which entry it is, is not said here
        for number, entry in enumerate(entries[:adopted] + entries[adopted + 1 :]):
            book.take(number, entry)
