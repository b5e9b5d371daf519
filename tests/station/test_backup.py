"""Backups that are proven, and a log judged again."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coldcheck.proof.entry import build_entry, make_line, read_entry
from coldcheck.station.backup import check_backup, make_backup, restore
from coldcheck.station.cli import coldcheck
from coldcheck.station.export import export_tiles
from coldcheck.station.judged_again import judged_again
from coldcheck.station.play import Player
from coldcheck.station.store import LedgerExists
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.verify import entries_of, verify_ledger
from station.ledgers import begin_of, play_rehearsal

if TYPE_CHECKING:
    from coldcheck.proof.encoding import Plain


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    player = play_rehearsal(tmp_path_factory.mktemp("backup") / "day.ledger")
    yield player
    player.hub.store.close()


def store_of(player: Player) -> SqliteStore:
    assert isinstance(player.hub.store, SqliteStore)
    return player.hub.store


def test_a_backup_is_one_file_made_beside_the_writer_and_whole(player: Player, tmp_path: Path) -> None:
    report = make_backup(store_of(player)._path, tmp_path / "copy")
    assert report.ok
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    assert check_backup(tmp_path / "copy", vkey=player.log_key.vkey, seen=(store_of(player).checkpoint(),)).ok
    with pytest.raises(LedgerExists):
        make_backup(store_of(player)._path, tmp_path / "copy")


def test_a_backup_is_one_file_with_the_photos_in_it_and_a_changed_one_is_found(player: Player, tmp_path: Path) -> None:
    picture = b"a picture"
    name = sha256(picture).hexdigest()
    store_of(player).put_photo(name, picture)
    assert make_backup(store_of(player)._path, tmp_path / "copy").ok
    restore(tmp_path / "copy", tmp_path / "back")
    back = read_ledger(tmp_path / "back")
    assert back.photo(name) == picture
    back.close()
    with sqlite3.connect(tmp_path / "copy") as connection:
        connection.execute("UPDATE photo SET bytes = x'00'")
    connection.close()
    told = check_backup(tmp_path / "copy", vkey=None, seen=())
    assert told.report.first_bad is not None
    assert f"photo stored as {name}" in told.report.first_bad.reason


def test_a_backup_that_lacks_what_was_signed_says_how_much(player: Player, tmp_path: Path) -> None:
    begin_of(store_of(player), tmp_path / "old", 20).close()
    told = check_backup(tmp_path / "old", vkey=None, seen=(store_of(player).checkpoint(),))
    assert not told.ok
    assert told.plain()["entries_missing"] == store_of(player).entry_count() - 20


def test_a_damaged_backup_is_found(player: Player, tmp_path: Path) -> None:
    make_backup(store_of(player)._path, tmp_path / "copy")
    connection = sqlite3.connect(tmp_path / "copy")
    connection.execute("UPDATE entry SET leaf = x'00'")
    connection.commit()
    connection.close()
    assert not check_backup(tmp_path / "copy", vkey=None, seen=()).ok


def test_the_commands_prove_and_put_back(player: Player, tmp_path: Path) -> None:
    runner = CliRunner()

    def run(*words: object, code: int = 0) -> str:
        done = runner.invoke(coldcheck, [str(word) for word in words])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    run("backup", store_of(player)._path, tmp_path / "copy")
    (tmp_path / "seal").write_bytes(store_of(player).checkpoint())
    told = json.loads(run("restore", tmp_path / "copy", "--check", "--seen", tmp_path / "seal", "--json"))
    assert (told["ok"], told["entries_missing"]) == (True, 0)
    run("restore", tmp_path / "copy", "--to", tmp_path / "new")
    assert verify_ledger(tmp_path / "new", vkey=player.log_key.vkey).ok
    run("restore", tmp_path / "copy", code=2)
    begin_of(store_of(player), tmp_path / "old", 20).close()
    assert "older copy" in run("restore", tmp_path / "old", "--check", "--seen", tmp_path / "seal", code=1)


# --- judged again ---------------------------------------------------------------------------------------------------


def test_a_log_judged_again_by_the_same_build_says_the_same(player: Player, tmp_path: Path) -> None:
    assert judged_again(entries_of(store_of(player)._path)) == ()
    export_tiles(store_of(player), tmp_path / "tiles")
    assert judged_again(entries_of(tmp_path / "tiles")) == ()
    done = CliRunner().invoke(coldcheck, ["verify", str(tmp_path / "tiles"), "--replay", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["differences"] == []


def test_a_verdict_or_finding_that_this_build_would_not_give_is_listed(player: Player) -> None:
    entries = list(store_of(player).entries())
    granted = next(index for index, data in enumerate(entries) if b'"verdict":"granted"' in data)
    changes: tuple[tuple[int, dict[str, Plain]], ...] = (
        (granted, {"verdict": "refused"}),
        (5, {"findings": [{"rule": "K1", "what": "x"}]}),
    )
    for index, change in changes:
        entry = read_entry(entries[index])
        line2 = make_line(entry.receipt | change)
        changed = build_entry(line1=entry.line1, line2=line2, signatures=entry.signatures)
        told = judged_again([*entries[:index], changed, *entries[index + 1 :]])
        assert told[0].entry == index
        assert told[0].build == "play"
        assert str(index) in told[0].sentence()
