"""Cosigners with a hub: seals, a rollback, a split view found by others, and a fork that stops work with guns."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coldcheck.proof.audit import BadRecord
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.cosign import Answer, CosignerVerifier
from coldcheck.proof.merkle import BadProof
from coldcheck.proof.note import BadSignature, LogKey, LogVerifier, parse_note
from coldcheck.station.cli import coldcheck
from coldcheck.station.cosigner import NoCosigner, add_checkpoint, cosigner_key, forks, make_cosigner, read_fork
from coldcheck.station.cosigners import request_for, sealed_at, take_answer
from coldcheck.station.export import export_tiles
from coldcheck.station.forks import REASON, OlderCopy, compare, compare_two, keep_fork
from coldcheck.station.play import Player
from coldcheck.station.record import UnknownKey
from coldcheck.station.store import LedgerExists
from coldcheck.station.store_sqlite import SqliteStore, open_ledger, read_ledger
from coldcheck.station.verify import verify_ledger, verify_path
from station.ledgers import begin_of, play_size
from verifier.node import command

AT_S = 1_772_438_400
SALT = bytes(range(32))


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    player = play_size(tmp_path / "day.ledger", 9)
    yield player
    player.hub.store.close()


def store_of(player: Player) -> SqliteStore:
    assert isinstance(player.hub.store, SqliteStore)
    return player.hub.store


def studio(tmp_path: Path, player: Player, name: str = "studio.example/c1") -> Path:
    seed = name.encode().ljust(32, b"\x00")[:32]
    return make_cosigner(tmp_path / name.replace("/", "-"), name=name, seed=seed, logs=(player.log_key.vkey,))


def cosign(folder: Path, store: SqliteStore, *, old_size: int = 0) -> Answer:
    return add_checkpoint(folder, request_for(store, old_size=old_size).encoded(), at_s=AT_S)


def other_history(player: Player, size: int) -> bytes:
    """A checkpoint that the log's own key signed over entries that this ledger does not have."""
    return sign_checkpoint(Checkpoint(origin=player.log_key.name, size=size, root=bytes(31) + b"\x01"), player.log_key)


def test_a_seal_holds_the_checkpoint_and_every_cosignature(tmp_path: Path, player: Player) -> None:
    store = store_of(player)
    names = ("studio.example/c1", "insurer.example/c1", "phone.example/ab12")
    for name in names:
        folder = studio(tmp_path, player, name)
        said = cosign(folder, store)
        take_answer(store, tree_size=9, vkey=cosigner_key(folder).vkey, body=said.body)
    found = sealed_at(store, size=None)
    assert {one.name for one in found.cosigned} == set(names)
    note = parse_note(found.note)
    player.log_key.verifier.verify(note)
    for one in found.cosigned:
        line = CosignerVerifier.from_vkey(one.vkey).line_of(note)
        assert line is not None
        assert CosignerVerifier.from_vkey(one.vkey).verify(note.text, line) == AT_S
    assert found.kept
    assert verify_ledger(tmp_path / "day.ledger", vkey=player.log_key.vkey).ok


def test_a_key_kept_a_checkpoint_if_its_act_names_one_of_this_history(player: Player) -> None:
    found = sealed_at(store_of(player), size=9)
    sizes = dict(found.kept)
    assert sizes
    assert max(sizes.values()) == 8
    assert player.hub.acting_key is not None
    assert player.hub.acting_key.key_name not in sizes
    assert not sealed_at(store_of(player), size=2).kept
    with pytest.raises(BadProof):
        sealed_at(store_of(player), size=10)


def test_a_cosigner_goes_on_from_what_it_remembers_and_not_back(tmp_path: Path, player: Player) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    shorter = begin_of(store, tmp_path / "yesterday.ledger", 5)
    assert cosign(folder, shorter).status == 200
    assert cosign(folder, store).body == b"5\n"
    assert cosign(folder, store, old_size=5).status == 200
    assert (cosign(folder, shorter).status, cosign(folder, shorter).body) == (409, b"9\n")
    with pytest.raises(BadProof, match="older copy"):
        request_for(shorter, old_size=9)
    shorter.close()


def test_two_requests_at_once_do_not_roll_it_back(tmp_path: Path, player: Player) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    bodies = []
    for size in range(1, 9):
        part = begin_of(store, tmp_path / f"{size}.ledger", size)
        bodies.append(request_for(part, old_size=0).encoded())
        part.close()
    said: list[Answer] = []
    threads = [
        threading.Thread(target=lambda body=body: said.append(add_checkpoint(folder, body, at_s=AT_S)))
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # All ask from nothing: the first is signed, and from then on nothing is not what it remembers.
    assert sorted(one.status for one in said) == [200, *([409] * 7)]


def test_a_cosigner_that_lost_its_memory_does_not_sign(tmp_path: Path, player: Player) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    assert cosign(folder, store).status == 200
    (memory,) = (folder / "remembered").iterdir()
    memory.write_bytes(memory.read_bytes()[:-20])
    with pytest.raises(Exception, match=r"note|base64|signature"):
        cosign(folder, store)
    with pytest.raises(LedgerExists):
        studio(tmp_path, player)
    with pytest.raises(NoCosigner):
        add_checkpoint(tmp_path / "nothing", b"", at_s=AT_S)


def test_a_split_view_is_found_by_a_cosigner_without_the_hub(tmp_path: Path, player: Player) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    assert cosign(folder, store).status == 200
    forged = b"old 0\n\n" + other_history(player, 9)
    said = add_checkpoint(folder, forged, at_s=AT_S)
    assert said.status == 409
    (evidence,) = forks(folder)
    assert evidence == said.fork
    assert read_fork(next((folder / "forks").iterdir()).read_bytes()) == evidence
    # And by two phones that meet, with nothing but the two texts and the printed key.
    assert "forked" in compare_two(evidence.kept, evidence.other, log=player.log_key.verifier)
    assert "same" in compare_two(evidence.kept, evidence.kept, log=player.log_key.verifier)


def test_a_fork_is_kept_as_evidence_and_stops_work_with_guns(tmp_path: Path, player: Player) -> None:
    hub, now = player.hub, player.moment("2026-03-02T08:30:00Z")
    seen = other_history(player, 4)
    assert not hub.picture.open_stops
    reply = keep_fork(hub, seen, now, salt=SALT)
    assert reply is not None
    assert hub.picture.open_stops == {reply.entry_index}
    assert hub.picture.stops[reply.entry_index].reason == REASON
    (digest,) = (digest for digest, index in hub.picture.book.quarantined.items() if index == reply.entry_index)
    kept = hub.store.apart(digest)
    assert kept is not None
    assert read_fork(kept).other == seen
    # Shown again, it is the same entry; and the ledger with its evidence verifies.
    assert keep_fork(hub, seen, now, salt=SALT) == keep_fork(hub, seen, now, salt=SALT)
    assert hub.frontier.size == 10
    assert verify_ledger(tmp_path / "day.ledger", vkey=player.log_key.vkey).ok
    assert keep_fork(hub, hub.store.checkpoint(4), now, salt=SALT) is None


def test_what_the_log_did_not_sign_stops_nobody(player: Player) -> None:
    other = LogKey.from_seed(name=player.log_key.name, seed=SALT)
    made_up = sign_checkpoint(Checkpoint(origin=other.name, size=4, root=bytes(32)), other)
    with pytest.raises(BadSignature):
        keep_fork(player.hub, made_up, player.moment("2026-03-02T08:30:00Z"), salt=SALT)
    player.hub.acting_key = None
    with pytest.raises(UnknownKey):
        keep_fork(player.hub, other_history(player, 4), player.moment("2026-03-02T08:30:00Z"), salt=SALT)
    assert player.hub.frontier.size == 9


def test_a_longer_history_elsewhere_is_a_rollback_here(tmp_path: Path, player: Player) -> None:
    store = store_of(player)
    shorter = begin_of(store, tmp_path / "yesterday.ledger", 5)
    with pytest.raises(OlderCopy, match="rolled back"):
        compare(
            store.checkpoint(9), log=player.log_key.verifier, size=5, own=shorter.checkpoint(5),
            read_node=shorter.node,
        )  # fmt: skip
    shorter.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cosignature SET line = replace(CAST(line AS TEXT), 'studio', 'studia')",
        "UPDATE cosignature SET line = CAST(CAST(line AS TEXT) || CAST(line AS TEXT) AS BLOB)",
        "UPDATE cosignature SET tree_size = 8",
        "UPDATE cosignature SET tree_size = 10",
        "UPDATE cosignature SET vkey = 'x'",
    ],
)
def test_a_cosignature_that_does_not_fit_its_checkpoint_is_found(
    tmp_path: Path, player: Player, statement: str
) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    take_answer(store, tree_size=9, vkey=cosigner_key(folder).vkey, body=cosign(folder, store).body)
    assert verify_ledger(tmp_path / "day.ledger", vkey=None).ok
    connection = sqlite3.connect(tmp_path / "day.ledger")
    connection.execute(
        statement.replace("replace(CAST", "CAST(replace(CAST").replace("'studia')", "'studia') AS BLOB)")
    )
    connection.commit()
    connection.close()
    assert not verify_ledger(tmp_path / "day.ledger", vkey=None).ok


def test_an_answer_of_somebody_else_is_not_kept(tmp_path: Path, player: Player) -> None:
    store = store_of(player)
    one, other = (studio(tmp_path, player, name) for name in ("a.example/1", "b.example/1"))
    with pytest.raises(BadRecord):
        take_answer(store, tree_size=9, vkey=cosigner_key(one).vkey, body=cosign(other, store).body)
    with pytest.raises(BadSignature):
        take_answer(store, tree_size=8, vkey=cosigner_key(one).vkey, body=cosign(one, store).body)


def test_a_ledger_of_the_first_layout_gets_its_table_from_its_writer(tmp_path: Path, player: Player) -> None:
    store_of(player).close()
    path = tmp_path / "day.ledger"
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE cosignature; DROP TABLE photo; DROP TABLE delivery; PRAGMA user_version = 1;")
    connection.close()
    old = read_ledger(path)
    assert list(old.cosignatures()) == []
    old.close()
    assert verify_ledger(path, vkey=None).ok
    player.hub.store = open_ledger(path)
    folder = studio(tmp_path, player)
    store = store_of(player)
    take_answer(store, tree_size=9, vkey=cosigner_key(folder).vkey, body=cosign(folder, store).body)
    assert verify_ledger(path, vkey=None).ok


def test_an_export_carries_the_lines_and_both_verifiers_read_them(tmp_path: Path, player: Player) -> None:
    folder, store = studio(tmp_path, player), store_of(player)
    vkey = cosigner_key(folder).vkey
    take_answer(store, tree_size=9, vkey=vkey, body=cosign(folder, store).body)
    export_tiles(store, tmp_path / "tiles")
    assert verify_path(tmp_path / "tiles", vkey=player.log_key.vkey).ok
    (tmp_path / "cosigner.vkey").write_text(vkey + "\n")
    said = command(tmp_path / "tiles", "--cosigner", tmp_path / "cosigner.vkey")
    assert said.code == 0, said
    assert said.told["cosigned"] == [{"by": "studio.example/c1", "at_s": AT_S}]
    checkpoint = tmp_path / "tiles" / "checkpoint"
    data = checkpoint.read_bytes()
    checkpoint.write_bytes(data[:-10] + (b"A" if data[-10:-9] != b"A" else b"B") + data[-9:])
    said = command(tmp_path / "tiles", "--cosigner", tmp_path / "cosigner.vkey")
    assert said.code == 1
    assert "studio.example/c1" in said.told["first_bad"]["reason"]


def test_the_commands_go_round_by_files(tmp_path: Path, player: Player) -> None:
    runner, ledger = CliRunner(), str(tmp_path / "day.ledger")
    store_of(player).close()
    vkey, folder = tmp_path / "log.vkey", tmp_path / "insurer"
    vkey.write_text(player.log_key.vkey + "\n")

    def run(*words: str | Path, code: int = 0) -> str:
        done = runner.invoke(coldcheck, [str(word) for word in words])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    cosigner = run("cosign", "init", folder, "--name", "insurer.example/1", "--vkey", vkey)
    (tmp_path / "insurer.vkey").write_text(cosigner)
    run("cosign", "ask", ledger, "--to", tmp_path / "request")
    run("cosign", "answer", folder, tmp_path / "request", "--to", tmp_path / "answer")
    run("cosign", "take", ledger, tmp_path / "answer", "--vkey", tmp_path / "insurer.vkey")
    told = json.loads(run("seal", ledger, "--png", tmp_path / "seal.png", "--json"))
    assert [one["by"] for one in told["cosigned"]] == ["insurer.example/1"]
    assert (tmp_path / "seal.png").read_bytes().startswith(b"\x89PNG")
    (tmp_path / "seal").write_bytes(told["seal"].encode())
    (tmp_path / "other").write_bytes(other_history(player, 9))
    run("cosign", "compare", tmp_path / "seal", tmp_path / "seal", "--vkey", vkey)
    run("cosign", "compare", tmp_path / "seal", tmp_path / "other", "--vkey", vkey, code=1)
    run("cosign", "compare", tmp_path / "seal", tmp_path / "seal", "--vkey", vkey, "--ledger", ledger)
    run("cosign", "compare", tmp_path / "seal", tmp_path / "other", "--vkey", vkey, "--ledger", ledger, code=1)
    (tmp_path / "forged").write_bytes(b"old 0\n\n" + other_history(player, 9))
    assert "FORK" in run("cosign", "answer", folder, tmp_path / "forged", code=1)
    assert "insurer.example/1" in run("seal", ledger)
    assert LogVerifier.from_vkey(player.log_key.vkey).vkey == vkey.read_text().strip()
