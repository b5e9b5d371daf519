"""The audit of a ledger file in processes finds what `verify` finds among the entries, and names the same one."""

import sqlite3
from pathlib import Path
from shutil import copyfile

import pytest
from click.testing import CliRunner

from coldcheck.station.audit_ledger import LEDGER_UNREAD, audit_ledger
from coldcheck.station.cli import coldcheck
from coldcheck.station.store import NoLedger
from coldcheck.station.verify import verify_path
from station.ledgers import play_rehearsal


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of a rehearsal, closed."""
    path = tmp_path_factory.mktemp("audit") / "day.ledger"
    play_rehearsal(path).hub.store.close()
    return path


def changed(day: Path, tmp_path: Path, *statements: str) -> Path:
    copy = tmp_path / "copy.ledger"
    copyfile(day, copy)
    with sqlite3.connect(copy) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return copy


def test_a_good_ledger_is_good_and_what_was_not_looked_at_is_said(day: Path) -> None:
    ours, whole = audit_ledger(day, vkey=None, jobs=1), verify_path(day, vkey=None)
    assert (ours.ok, ours.kind, ours.entries, ours.root, ours.checkpoint, ours.vkey) == (
        True, "ledger", whole.entries, whole.root, whole.checkpoint, whole.vkey,
    )  # fmt: skip
    assert LEDGER_UNREAD in ours.unverified
    assert audit_ledger(day, vkey=whole.vkey, jobs=1).vkey_from == "given"


def test_the_command_runs_it_in_two_processes(day: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(coldcheck, ["verify", str(day), "--jobs", "2"]).exit_code == 0
    bad = changed(day, tmp_path, "DELETE FROM entry WHERE entry_index = 7")
    said = CliRunner().invoke(coldcheck, ["verify", str(bad), "--jobs", "2"])
    assert said.exit_code == 1
    assert said.output.startswith("NOT OK: entry 7: ")


SWAPPED = (
    "UPDATE entry SET entry_index = -1 WHERE entry_index = 5",
    "UPDATE entry SET entry_index = 5 WHERE entry_index = 6",
    "UPDATE entry SET entry_index = 6 WHERE entry_index = -1",
)
BYTES = "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '{}', '{}') AS BLOB) WHERE entry_index = {}"


@pytest.mark.parametrize(
    "statements",
    [
        (BYTES.format('"admitted"', '"granted"', 4),),
        (BYTES.format('"v":1', '"v":2', 0),),
        ("UPDATE entry SET leaf = zeroblob(32) WHERE entry_index = 9",),
        ("UPDATE entry SET entry_id = 'a0000000000ZZ' WHERE entry_index = 3",),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 2 AND node_index = 1",),
        ("UPDATE checkpoint SET bytes = (SELECT bytes FROM checkpoint WHERE tree_size = 8) WHERE tree_size = 9",),
        ("DELETE FROM checkpoint WHERE tree_size = 9",),
        ("DELETE FROM entry WHERE entry_index = 12",),
        ("DELETE FROM entry WHERE entry_index > 20",),
        SWAPPED,
        ("UPDATE meta SET value = 'another' WHERE name = 'log'",),
    ],
)
def test_what_was_changed_behind_the_hubs_back_is_named_as_verify_names_it(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statements: tuple[str, ...]
) -> None:
    # So short that the day has many stretches, each begun on the tree as the one before left it.
    monkeypatch.setattr("coldcheck.station.audit_ledger.AT_ONCE", 5)
    assert audit_ledger(day, vkey=None, jobs=1).ok
    bad = changed(day, tmp_path, *statements)
    ours, whole = audit_ledger(bad, vkey=None, jobs=1), verify_path(bad, vkey=None)
    assert whole.first_bad is not None
    assert ours.first_bad is not None
    assert (ours.ok, ours.first_bad.entry) == (whole.ok, whole.first_bad.entry), (ours.first_bad, whole.first_bad)


def test_what_is_no_ledger_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        audit_ledger(tmp_path / "none.ledger", vkey=None, jobs=1)
