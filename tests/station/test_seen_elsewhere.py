"""A copy held against checkpoints kept elsewhere: rollback, fork, and a writer that went on are named by both verifiers."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.note import LogKey
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cli import coldcheck
from coldcheck.station.epochs import next_epoch_key, open_epoch
from coldcheck.station.export import export_tiles
from coldcheck.station.play import BUILD, Player
from coldcheck.station.record import replay
from coldcheck.station.store_sqlite import SqliteStore, open_ledger
from station.ledgers import begin_of, play_size
from verifier.node import command

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 9
CUT = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Player, dict[int, bytes]]:
    """A folder with a ledger, its export and its bundle, all cut to six of nine entries; who played it; its checkpoints."""
    place = tmp_path_factory.mktemp("seen")
    player = play_size(place / "whole.ledger", SIZE)
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    notes = {size: store.checkpoint(size) for size in range(1, SIZE + 1)}
    part = begin_of(store, place / "ledger", CUT)
    export_tiles(part, place / "tiles")
    write_bundle(part, place / "bundle", fields=(), entries=(2,))
    part.close()
    store.close()
    return place, player, notes


def python(path: Path, note: bytes, place: Path) -> dict[str, Any]:
    file = place / "note"
    file.write_bytes(note)
    done = CliRunner().invoke(coldcheck, ["verify", str(path), "--seen", str(file), "--json"])
    told = json.loads(done.output)
    assert (done.exit_code == 0) == told["ok"]
    assert isinstance(told, dict)
    return told


def javascript(path: Path, note: bytes, place: Path) -> dict[str, Any]:
    file = place / "note"
    file.write_bytes(note)
    told: dict[str, Any] = command(path, "--seen", file).told
    return told


def signed(key: LogKey, *, size: int) -> bytes:
    return sign_checkpoint(Checkpoint(origin=key.name, size=size, root=bytes(32)), key)


@pytest.mark.parametrize("kind", ["ledger", "tiles", "bundle"])
def test_a_copy_that_was_cut_off_or_forked_is_named(made: tuple[Path, Player, dict[int, bytes]], kind: str) -> None:
    place, player, notes = made
    asking: tuple[Callable[[Path, bytes, Path], dict[str, Any]], ...] = (
        (python,) if kind == "ledger" else (python, javascript)
    )
    foreign = LogKey.from_seed(name=player.log_key.name, seed=bytes(32))
    cases = {
        notes[CUT]: None, notes[2]: None, notes[SIZE]: "rolled back", signed(player.log_key, size=4): "fork",
        signed(foreign, size=4): "sign", notes[CUT][:-9]: "",
    }  # fmt: skip
    for ask in asking:
        for note, flaw in cases.items():
            told = ask(place / kind, note, place)
            assert told["ok"] is (flaw is None), told
            if flaw is not None:
                bad = told["first_bad"]
                assert isinstance(bad, dict)
                assert flaw in bad["reason"], bad


def test_over_epochs_what_was_given_up_is_said_and_a_writer_that_went_on_is_a_fork(
    made: tuple[Path, Player, dict[int, bytes]], tmp_path: Path
) -> None:
    place, player, notes = made
    shutil.copy(place / "ledger", tmp_path / "ledger")
    store = open_ledger(tmp_path / "ledger")
    lost = Checkpoint(origin=player.log_key.name, size=8, root=bytes(31) + b"\x01")
    key = next_epoch_key(replay(store.entries()), log=player.log, seed=bytes(range(32)))
    assert player.hub.acting_key is not None
    open_epoch(
        store, log_key=key, acting_key=player.hub.acting_key, log=player.log, build=BUILD, seen=lost, reason="restored",
        now=player.moment("2026-06-01T08:00:00Z"),
    )  # fmt: skip
    export_tiles(store, tmp_path / "tiles")
    store.close()
    for ask in (python, javascript):
        for note, ok in (
            (notes[CUT], True), (notes[2], True), (sign_checkpoint(lost, player.log_key), True), (notes[7], True),
            (signed(player.log_key, size=8), False), (notes[9], False), (signed(player.log_key, size=3), False),
            (signed(LogKey.from_seed(name=key.name.replace("/e1", "/e2"), seed=bytes(32)), size=3), False),
        ):  # fmt: skip
            told = ask(tmp_path / "tiles", note, tmp_path)
            assert told["ok"] is ok, (ask.__name__, note, told)
        told = ask(tmp_path / "tiles", notes[7], tmp_path)
        said = [*told.get("remarks", []), *told["unverified"]]
        assert any("lost" in line for line in said), said
