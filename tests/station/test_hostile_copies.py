"""Bundles made to mislead or to stop a verifier: links, pipes, holes, doubled keys and names, mixed checkpoints; both refuse each."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from coldcheck.station.bundle import write_bundle
from coldcheck.station.cosigner import add_checkpoint, cosigner_key, make_cosigner
from coldcheck.station.cosigners import request_for, take_answer
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import verify_path
from station.ledgers import play_rehearsal
from station.test_bundle import both, relist
from verifier.node import command

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with openings, proofs and a seal, and beside it a checkpoint over three entries fewer."""
    folder = tmp_path_factory.mktemp("hostile")
    player = play_rehearsal(folder / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    studio = make_cosigner(folder / "studio", name="studio.example/c1", seed=SEED, logs=(player.log_key.vkey,))
    said = add_checkpoint(studio, request_for(store, old_size=0).encoded(), at_s=1)
    take_answer(store, tree_size=store.entry_count(), vkey=cosigner_key(studio).vkey, body=said.body)
    write_bundle(store, folder / "bag", fields=("name",), entries=(5,))
    (folder / "older").write_bytes(store.checkpoint(store.entry_count() - 3))
    store.close()
    return folder / "bag"


def rewritten(folder: Path, old: bytes, new: bytes) -> None:
    """The manifest with one thing replaced, and the list over it put right, as anybody could."""
    path = folder / "manifest-sha256.txt"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    retagged(folder)


def retagged(folder: Path) -> None:
    names = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    lines = (f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "tagmanifest-sha256.txt").write_text("".join(lines))


def listed_too(folder: Path, path: str) -> None:
    lines = (folder / "manifest-sha256.txt").read_text().splitlines(keepends=True)
    lines = sorted([*lines, f"{'0' * 64}  {path}\n"], key=lambda line: line[66:])
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    retagged(folder)


def a_file_that_is_a_link(folder: Path) -> None:
    path = folder / "data/openings.json"
    path.rename(folder.parent / "elsewhere.json")
    path.symlink_to(folder.parent / "elsewhere.json")


def a_log_that_is_a_link(folder: Path) -> None:
    shutil.move(folder / "data/log", folder.parent / "elsewhere")
    (folder / "data/log").symlink_to(folder.parent / "elsewhere")


def a_link_to_a_folder_beside(folder: Path) -> None:
    (folder / "data/more").symlink_to("/etc")


def a_pipe_that_never_ends(folder: Path) -> None:
    os.mkfifo(folder / "data/seals/7")
    listed_too(folder, "data/seals/7")


def a_file_with_a_hole(folder: Path) -> None:
    with (folder / "data/seals/7").open("wb") as file:
        file.truncate(1 << 40)
    listed_too(folder, "data/seals/7")


def a_tile_with_a_hole(folder: Path) -> None:
    (tile,) = (folder / "data/log/tile/entries").rglob("*.p/*")
    with tile.open("ab") as file:
        file.truncate(1 << 40)


def a_path_with_strokes_of_windows(folder: Path) -> None:
    rewritten(folder, b"data/openings.json", b"data\\openings.json")


def a_list_that_omits_a_file(folder: Path) -> None:
    lines = (folder / "manifest-sha256.txt").read_bytes().splitlines(keepends=True)
    (folder / "manifest-sha256.txt").write_bytes(b"".join(line for line in lines if b"openings" not in line))
    retagged(folder)


def a_path_from_the_root(folder: Path) -> None:
    listed_too(folder, "/etc/passwd")


def lines_ended_as_on_windows(folder: Path) -> None:
    rewritten(folder, b"\n", b"\r\n")


def a_key_twice_in_an_opening(folder: Path) -> None:
    path = folder / "data/openings.json"
    path.write_bytes(path.read_bytes().replace(b',"value":', b',"value":"Somebody Else","value":', 1))
    relist(folder)


def openings_a_hundred_thousand_deep(folder: Path) -> None:
    (folder / "data/openings.json").write_bytes(b"[" * 100_000 + b"]" * 100_000)
    relist(folder)


def a_seal_with_ten_thousand_lines(folder: Path) -> None:
    (path,) = (folder / "data/seals").iterdir()
    path.write_bytes(path.read_bytes() + b"".join(b"\xe2\x80\x94 x%d AAAAAAAA\n" % number for number in range(10_000)))
    relist(folder)


def a_checkpoint_of_an_earlier_day(folder: Path) -> None:
    (folder / "data/log/checkpoint").write_bytes((folder.parent / "older").read_bytes())
    relist(folder)


def a_proof_under_another_checkpoint(folder: Path) -> None:
    path = folder / "data/proofs/5.tlog-proof"
    head, _, _ = path.read_bytes().partition(b"\n\n")
    path.write_bytes(head + b"\n\n" + (folder.parent / "older").read_bytes())
    relist(folder)


def a_proof_by_a_second_name(folder: Path) -> None:
    (folder / "data/proofs/5.tlog-proof").rename(folder / "data/proofs/05.tlog-proof")
    relist(folder)


def a_seal_by_a_second_name(folder: Path) -> None:
    (path,) = (folder / "data/seals").iterdir()
    path.rename(path.with_name(f"0{path.name}"))
    relist(folder)


def a_cosigner_twice(folder: Path) -> None:
    path = folder / "data/cosigners.txt"
    path.write_bytes(path.read_bytes() * 2)
    relist(folder)


def a_second_log_key(folder: Path) -> None:
    path = folder / "data/log/log.vkey"
    path.write_bytes(path.read_bytes() * 2)
    relist(folder)


HOSTILE = (
    a_file_that_is_a_link, a_log_that_is_a_link, a_link_to_a_folder_beside, a_pipe_that_never_ends, a_file_with_a_hole,
    a_tile_with_a_hole, a_path_with_strokes_of_windows, a_list_that_omits_a_file, a_path_from_the_root,
    lines_ended_as_on_windows, a_key_twice_in_an_opening, openings_a_hundred_thousand_deep, a_seal_with_ten_thousand_lines,
    a_checkpoint_of_an_earlier_day, a_proof_under_another_checkpoint, a_proof_by_a_second_name, a_seal_by_a_second_name,
    a_cosigner_twice, a_second_log_key,
)  # fmt: skip


@pytest.mark.parametrize("spoil", HOSTILE)
def test_a_hostile_bundle_is_refused_by_both(bag: Path, tmp_path: Path, spoil: object) -> None:
    shutil.copytree(bag, tmp_path / "bag")
    shutil.copy(bag.parent / "older", tmp_path / "older")
    assert callable(spoil)
    spoil(tmp_path / "bag")
    is_good, said = both(tmp_path / "bag")
    assert not is_good
    assert "Traceback" not in said


def test_as_it_was_written_the_same_bundle_is_good(bag: Path) -> None:
    assert both(bag)[0]


@pytest.mark.parametrize("path", ["checkpoint", "log.vkey", "keys.json"])
def test_an_export_with_a_link_or_a_pipe_in_it_is_no_export(bag: Path, tmp_path: Path, path: str) -> None:
    shutil.copytree(bag / "data/log", tmp_path / "log")
    file = tmp_path / "log" / path
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    refused_by_both(tmp_path / "log", path)
    file.unlink()
    os.mkfifo(file)
    refused_by_both(tmp_path / "log", path)


def refused_by_both(folder: Path, path: str) -> None:
    ours, said = verify_path(folder, vkey=None), command(folder)
    assert ours.first_bad is not None
    assert path in ours.first_bad.reason
    assert said.told is not None, said.error
    assert not said.told["ok"]
