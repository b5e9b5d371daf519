"""A copy held against checkpoints kept elsewhere: rollback, fork, and a writer that went on are named by both verifiers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, read_checkpoint_text, sign_checkpoint
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import LogKey, LogVerifier, parse_note
from coldcheck.proof.tiles import export_files
from coldcheck.proof.tlog_proof import make_proof, read_proof
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cli import coldcheck
from coldcheck.station.epochs import next_epoch_key, open_epoch
from coldcheck.station.export import export_tiles
from coldcheck.station.play import BUILD, Player
from coldcheck.station.record import replay
from coldcheck.station.store_sqlite import SqliteStore, open_ledger
from coldcheck.station.verify import expected_keys
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


def receipt_of(store: SqliteStore, entry_index: int, note: bytes, *, entry: bytes | None = None) -> bytes:
    size = read_checkpoint_text(parse_note(note).text).size
    made = make_proof(entry_index=entry_index, tree_size=size, read_node=store.node, checkpoint=note)
    return replace(made, extra=entry or store.entry(entry_index)).encoded()


def test_a_receipt_names_the_very_entry_that_was_changed_or_left_out(
    made: tuple[Path, Player, dict[int, bytes]], tmp_path: Path
) -> None:
    """Whoever holds the log's key leaves an act out and signs it all anew: to both verifiers whole, but for who has a receipt."""
    place, player, notes = made
    store = open_ledger(place / "whole.ledger")
    held = {at: receipt_of(store, at, notes[at + 1]) for at in range(SIZE)}
    under_a_later_one = receipt_of(store, 2, notes[CUT])
    without_entry = replace(read_proof(held[2]), extra=None).encoded()
    another = receipt_of(store, 2, notes[CUT], entry=store.entry(3))
    forged = forged_without(store, 4, player.log_key, tmp_path / "forged")
    store.close()
    for ask in (python, javascript):
        for note in (held[2], held[CUT - 1], under_a_later_one, without_entry):
            assert ask(place / "tiles", note, tmp_path)["ok"] is True
        # The entry is not the one that the proof is for, and the copy lacks what the receipt proves.
        assert ask(place / "tiles", another, tmp_path)["ok"] is False
        assert "rolled back" in ask(place / "tiles", held[CUT], tmp_path)["first_bad"]["reason"]
        assert ask(forged, notes[4], tmp_path)["ok"] is True
        told = ask(forged, held[4], tmp_path)
        assert (told["ok"], told["first_bad"]["entry"]) == (False, 4), told
        assert "receipt proves" in told["first_bad"]["reason"]


def forged_without(store: SqliteStore, left_out: int, log_key: LogKey, place: Path) -> Path:
    """An export of the log without one entry, signed anew with the log's own key."""
    entries = [data for at, data in enumerate(store.entries()) if at != left_out]
    frontier = Frontier()
    nodes = {(node.level, node.index): node.hash for data in entries for node in frontier.append(data)}
    head = Checkpoint(origin=log_key.name, size=len(entries), root=frontier.root())
    files = export_files(
        checkpoint=sign_checkpoint(head, log_key), vkey=log_key.vkey, keys=expected_keys(replay(entries)),
        tree_size=len(entries), read_node=lambda level, index: nodes[level, index], read_entry=entries.__getitem__,
    )  # fmt: skip
    for path, data in files:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place


def test_a_receipt_of_an_act_that_was_given_up_says_so_and_of_one_before_it_holds(
    made: tuple[Path, Player, dict[int, bytes]], tmp_path: Path
) -> None:
    place, player, notes = made
    shutil.copy(place / "ledger", tmp_path / "ledger")
    whole, store = open_ledger(place / "whole.ledger"), open_ledger(tmp_path / "ledger")
    head = open_checkpoint(notes[8], LogVerifier.from_vkey(player.log_key.vkey))
    key = next_epoch_key(replay(store.entries()), log=player.log, seed=bytes(range(32)))
    assert player.hub.acting_key is not None
    open_epoch(
        store, log_key=key, acting_key=player.hub.acting_key, log=player.log, build=BUILD, seen=head, reason="restored",
        now=player.moment("2026-06-01T08:00:00Z"),
    )  # fmt: skip
    export_tiles(store, tmp_path / "tiles")
    lost, here = receipt_of(whole, CUT + 1, notes[8]), receipt_of(whole, 2, notes[8])
    whole.close()
    store.close()
    for ask in (python, javascript):
        told = ask(tmp_path / "tiles", lost, tmp_path)
        assert told["ok"] is True
        said = [*told["remarks"], *told["unverified"]]
        assert any(f"was number {CUT + 1} of this log and is not here" in line for line in said), said
        told = ask(tmp_path / "tiles", here, tmp_path)
        assert told["ok"] is True
        assert not any("is not here:" in line and "receipt" in line for line in [*told["remarks"], *told["unverified"]])


def test_a_receipt_alone_and_the_printed_key_show_that_the_entry_was_there(
    made: tuple[Path, Player, dict[int, bytes]], tmp_path: Path
) -> None:
    place, player, notes = made
    store = open_ledger(place / "whole.ledger")
    held = receipt_of(store, 2, notes[CUT])
    bad = (
        receipt_of(store, 2, notes[CUT], entry=store.entry(3)),
        replace(read_proof(held), extra=None).encoded(),
        held[:-9],
    )
    store.close()
    printed, file = tmp_path / "printed", tmp_path / "receipt"
    printed.write_text(player.log_key.vkey + "\n")
    other = tmp_path / "other"
    other.write_text(LogKey.from_seed(name=player.log_key.name, seed=bytes(32)).vkey + "\n")

    def asked(data: bytes, key: Path) -> tuple[int, str]:
        file.write_bytes(data)
        done = CliRunner().invoke(coldcheck, ["verify", str(file), "--vkey", str(key), "--json"])
        return done.exit_code, done.output

    code, said = asked(held, printed)
    assert (code, json.loads(said)["kind"]) == (0, "receipt")
    assert "Entry 2 of" in said
    assert [asked(data, printed)[0] for data in bad] == [1, 1, 1]
    assert asked(held, other)[0] == 1
    file.write_bytes(held)
    assert "--vkey" in str(CliRunner().invoke(coldcheck, ["verify", str(file)]).exception)
