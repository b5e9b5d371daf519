import base64
import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from coldcheck.custody.acts import CoverageOpened
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import ForkedLog
from coldcheck.station.commands_proof import export, verify
from coldcheck.station.export import NotOurFolder, export_tiles
from coldcheck.station.lab.flips import flipped, flips_in_export, in_memory
from coldcheck.station.store import NoLedger, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore, create_ledger
from coldcheck.station.verify import files_in, verify_path
from station.ledgers import append_from, begin_of, play_rehearsal, play_size

SIZES = (1, 255, 256, 257)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    player = play_size(tmp_path_factory.mktemp("export") / "long.ledger", max(SIZES))
    assert isinstance(player.hub.store, SqliteStore)
    yield player.hub.store
    player.hub.store.close()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    player = play_rehearsal(tmp_path_factory.mktemp("export") / "day.ledger")
    assert isinstance(player.hub.store, SqliteStore)
    yield player.hub.store
    player.hub.store.close()


def content(directory: Path) -> dict[str, bytes]:
    return {path: (directory / path).read_bytes() for path in files_in(directory)}


# A stock reader: C2SP checkpoint, tiles and RFC 6962 proofs, with nothing of ours.


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def stock_checkpoint(directory: Path) -> tuple[int, bytes]:
    name, key_id, key_text = (directory / "log.vkey").read_text().strip().split("+", 2)
    key = base64.b64decode(key_text)
    assert digest(name.encode(), b"\n", key)[:4].hex() == key_id
    text, _, signature_line = (directory / "checkpoint").read_text().partition("\n\n")
    dash, signer, blob = signature_line.strip().split(" ")
    assert (dash, signer) == ("\u2014", name)
    signature = base64.b64decode(blob)
    assert signature[:4].hex() == key_id
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], (text + "\n").encode())
    origin, size, root = text.split("\n")
    assert origin == name
    return int(size), base64.b64decode(root)


def stock_tile(directory: Path, level: int, index: int, size: int) -> list[bytes]:
    width = min(256, (size >> 8 * level) - 256 * index)
    path = directory / "tile" / str(level) / (f"{index:03}" + ("" if width == 256 else f".p/{width}"))
    data = path.read_bytes()
    assert len(data) == 32 * width
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def stock_entry(directory: Path, number: int, size: int) -> bytes:
    index, width = number // 256, min(256, size - number // 256 * 256)
    data = (directory / "tile/entries" / (f"{index:03}" + ("" if width == 256 else f".p/{width}"))).read_bytes()
    for _ in range(number % 256):
        data = data[2 + int.from_bytes(data[:2], "big") :]
    return data[2 : 2 + int.from_bytes(data[:2], "big")]


def stock_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return digest(b"\x01", stock_root(leaves[:split]), stock_root(leaves[split:]))


def stock_leaves(directory: Path, size: int) -> list[bytes]:
    tiles = range((size + 255) // 256)
    return [leaf for index in tiles for leaf in stock_tile(directory, 0, index, size)]


def stock_path(number: int, leaves: list[bytes]) -> list[tuple[bool, bytes]]:
    """The siblings of a leaf up to the root, each with whether it stands on the left."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if number < split:
        return [*stock_path(number, leaves[:split]), (False, stock_root(leaves[split:]))]
    return [*stock_path(number - split, leaves[split:]), (True, stock_root(leaves[:split]))]


@pytest.mark.parametrize("size", SIZES)
def test_a_stock_reader_finds_every_entry_under_the_checkpoint(long: SqliteStore, tmp_path: Path, size: int) -> None:
    store = begin_of(long, tmp_path / "begin.ledger", size)
    export_tiles(store, tmp_path / "tiles")
    store.close()
    stated, root = stock_checkpoint(tmp_path / "tiles")
    leaves = stock_leaves(tmp_path / "tiles", size)
    assert (stated, stock_root(leaves)) == (size, root)
    for number in {0, size // 2, size - 1}:
        entry = stock_entry(tmp_path / "tiles", number, size)
        assert entry == long.entry(number)
        current = digest(b"\x00", entry)
        for on_the_left, sibling in stock_path(number, leaves):
            current = digest(b"\x01", sibling, current) if on_the_left else digest(b"\x01", current, sibling)
        assert current == root
    if size >= 256:
        assert stock_tile(tmp_path / "tiles", 1, 0, size) == [stock_root(leaves[:256])]
    report = verify_path(tmp_path / "tiles", vkey=long.meta("vkey"))
    assert (report.ok, report.kind, report.entries, report.root) == (True, "export", size, root.hex())


def test_a_grown_ledger_is_exported_over_its_earlier_export(long: SqliteStore, tmp_path: Path) -> None:
    store = begin_of(long, tmp_path / "growing.ledger", 1)
    for size, before in zip(SIZES, (0, *SIZES), strict=False):
        append_from(long, store, start=max(before, 1), end=size)
        done = export_tiles(store, tmp_path / "tiles")
        assert (done.entries, done.files) == (size, len(content(tmp_path / "tiles")))
        assert verify_path(tmp_path / "tiles", vkey=None).ok
        export_tiles(store, tmp_path / "fresh" / str(size))
        assert content(tmp_path / "tiles") == content(tmp_path / "fresh" / str(size))
    assert export_tiles(store, tmp_path / "tiles").written == 0
    store.close()


def test_keys_json_is_what_the_ledger_says_of_keys(day: SqliteStore, tmp_path: Path) -> None:
    export_tiles(day, tmp_path / "tiles")
    rows = json.loads((tmp_path / "tiles/keys.json").read_bytes())
    assert sorted(row["class"] for row in rows) == ["demo"] * 5 + ["hub"]
    assert [row.get("person", "nobody")[0] for row in rows if row["class"] == "hub"] == ["n"]
    assert all(len(base64.b64decode(row["public"])) == 65 for row in rows)


def test_no_name_or_remark_is_in_an_export(day: SqliteStore, tmp_path: Path) -> None:
    export_tiles(day, tmp_path / "tiles")
    whole = b"".join(content(tmp_path / "tiles").values())
    values = [opening.value for _commitment, opening in day.openings()]
    assert len(values) == 6
    assert not [value for value in values if value.encode() in whole]


def test_an_interrupted_first_export_is_not_taken_for_a_whole_one(long: SqliteStore, tmp_path: Path) -> None:
    # A folder where the level 1 tile must go stops the export after some of its files.
    obstacle = tmp_path / "tiles/tile/1/000.p/1"
    (tmp_path / "tiles").mkdir()
    (tmp_path / "tiles/log.vkey").write_text(long.meta("vkey") + "\n")
    (obstacle / "x").mkdir(parents=True)
    with pytest.raises(StoreFailed):
        export_tiles(long, tmp_path / "tiles")
    assert (tmp_path / "tiles/tile/0/000").is_file()
    report = verify_path(tmp_path / "tiles", vkey=None)
    assert not report.ok
    assert report.first_bad is not None
    assert "checkpoint" in report.first_bad.reason
    shutil.rmtree(obstacle)
    export_tiles(long, tmp_path / "tiles")
    assert verify_path(tmp_path / "tiles", vkey=None).ok


def test_an_interrupted_later_export_leaves_the_earlier_one_whole(long: SqliteStore, tmp_path: Path) -> None:
    store = begin_of(long, tmp_path / "growing.ledger", 255)
    export_tiles(store, tmp_path / "tiles")
    append_from(long, store, start=255, end=257)
    obstacle = tmp_path / "tiles/tile/1/000.p/1"
    (obstacle / "x").mkdir(parents=True)
    with pytest.raises(StoreFailed):
        export_tiles(store, tmp_path / "tiles")
    report = verify_path(tmp_path / "tiles", vkey=None)
    assert (report.ok, report.entries) == (True, 255)
    assert any("not looked at" in sentence for sentence in report.unverified)
    shutil.rmtree(obstacle)
    export_tiles(store, tmp_path / "tiles")
    store.close()
    assert verify_path(tmp_path / "tiles", vkey=None).entries == 257


def test_a_folder_with_anything_else_in_it_is_refused(day: SqliteStore, long: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter").write_text("to keep")
    with pytest.raises(NotOurFolder):
        export_tiles(day, tmp_path / "full")
    with pytest.raises(NotOurFolder):
        export_tiles(day, tmp_path / "full/letter")
    export_tiles(long, tmp_path / "other")
    before = content(tmp_path / "other")
    with pytest.raises(NotOurFolder):
        export_tiles(day, tmp_path / "other")
    assert content(tmp_path / "other") == before
    assert (tmp_path / "full/letter").read_text() == "to keep"


def test_an_older_copy_does_not_replace_a_longer_export(long: SqliteStore, tmp_path: Path) -> None:
    export_tiles(long, tmp_path / "tiles")
    before = content(tmp_path / "tiles")
    store = begin_of(long, tmp_path / "older.ledger", 200)
    with pytest.raises(NotOurFolder, match="older copy"):
        export_tiles(store, tmp_path / "tiles")
    store.close()
    assert content(tmp_path / "tiles") == before


def test_another_history_of_the_same_log_is_refused_as_a_fork(tmp_path: Path) -> None:
    one, two = play_size(tmp_path / "one.ledger", 19), play_size(tmp_path / "two.ledger", 19)
    assert isinstance(one.hub.store, SqliteStore)
    assert isinstance(two.hub.store, SqliteStore)
    for player, subject in ((one, "rounds"), (two, "guns")):
        act = CoverageOpened(subject=subject, place=player.names.id_of("Barn", "w"))
        player.say("ARM", (act,), player.moment("2026-03-02T09:00:00Z"))
    export_tiles(one.hub.store, tmp_path / "tiles")
    with pytest.raises(ForkedLog):
        export_tiles(two.hub.store, tmp_path / "tiles")
    one.hub.store.close()
    two.hub.store.close()


def test_an_empty_ledger_has_nothing_to_export(tmp_path: Path) -> None:
    store = create_ledger(tmp_path / "empty.ledger", meta={})
    with pytest.raises(NoLedger):
        export_tiles(store, tmp_path / "tiles")
    store.close()
    assert not (tmp_path / "tiles").exists()


def test_a_ledger_that_does_not_hold_together_is_not_exported(day: SqliteStore, tmp_path: Path) -> None:
    store, connection = in_memory(day)
    connection.execute("DELETE FROM entry WHERE entry_index = 36")
    with pytest.raises(BadRecord):
        export_tiles(store, tmp_path / "tiles")
    assert not (tmp_path / "tiles").exists()


@pytest.mark.slow
def test_a_flip_in_every_byte_of_every_file_is_found(day: SqliteStore, tmp_path: Path) -> None:
    export_tiles(day, tmp_path / "tiles")
    flips = flips_in_export(tmp_path / "tiles", day)
    assert flips.missed == ()
    assert flips.tried == sum(map(len, content(tmp_path / "tiles").values()))


def test_random_flips_through_the_whole_command_name_an_entry_or_a_file(day: SqliteStore, tmp_path: Path) -> None:
    export_tiles(day, tmp_path / "tiles")
    files = content(tmp_path / "tiles")
    dice = random.Random(3)
    for path in (*files, *dice.choices(tuple(files), k=30)):
        (tmp_path / "tiles" / path).write_bytes(flipped(files[path], dice.randrange(len(files[path]))))
        result = CliRunner().invoke(verify, [str(tmp_path / "tiles"), "--json"])
        assert result.exit_code == 1
        bad = json.loads(result.output)["first_bad"]
        assert bad["entry"] is not None or any(name in bad["reason"] for name in files)
        (tmp_path / "tiles" / path).write_bytes(files[path])
    assert CliRunner().invoke(verify, [str(tmp_path / "tiles")]).exit_code == 0


@pytest.mark.parametrize("path", ["checkpoint", "log.vkey", "keys.json", "tile/0/000.p/37", "tile/entries/000.p/37"])
def test_a_missing_or_cut_file_is_named(day: SqliteStore, tmp_path: Path, path: str) -> None:
    export_tiles(day, tmp_path / "tiles")
    data = (tmp_path / "tiles" / path).read_bytes()
    (tmp_path / "tiles" / path).write_bytes(data[:-7])
    for _ in range(2):
        report = verify_path(tmp_path / "tiles", vkey=None)
        assert not report.ok
        assert report.first_bad is not None
        assert path in report.first_bad.reason or report.first_bad.entry is not None
        (tmp_path / "tiles" / path).unlink(missing_ok=True)


def test_a_stranger_among_the_files_is_named_and_is_no_flaw(day: SqliteStore, tmp_path: Path) -> None:
    export_tiles(day, tmp_path / "tiles")
    (tmp_path / "tiles/readme").write_text("a remark of mine")
    report = verify_path(tmp_path / "tiles", vkey=None)
    assert report.ok
    assert any("readme" in sentence for sentence in report.unverified)
    export_tiles(day, tmp_path / "tiles")
    assert (tmp_path / "tiles/readme").exists()


def test_the_command_writes_what_the_verifier_accepts(day: SqliteStore, tmp_path: Path) -> None:
    arguments = [str(day._path), "--tiles", str(tmp_path / "tiles")]
    result = CliRunner().invoke(export, [*arguments, "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output)["entries"] == 37
    assert CliRunner().invoke(export, arguments).output.startswith("37 entries in 5 files")
    assert CliRunner().invoke(verify, [str(tmp_path / "tiles")]).exit_code == 0
    refused = CliRunner().invoke(export, [str(tmp_path / "none"), "--tiles", str(tmp_path / "tiles")])
    assert isinstance(refused.exception, ColdcheckError)
