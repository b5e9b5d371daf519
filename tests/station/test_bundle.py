"""Bundles: what one receiver gets, verified by two programs that share no code, every change of it found by both."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from coldcheck.custody.acts import CosignerNamed
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey
from coldcheck.proof.note import LogKey, format_signatures, parse_note
from coldcheck.proof.tiles import decode_bundle, encode_bundle
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cli import coldcheck
from coldcheck.station.cosigner import add_checkpoint, cosigner_key, make_cosigner
from coldcheck.station.cosigners import request_for, take_answer
from coldcheck.station.export import NotOurFolder
from coldcheck.station.forks import keep_fork
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.play import Player
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import files_in, verify_path
from station.ledgers import play_rehearsal
from verifier.node import command

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Player]]:
    """A bundle with something of every sort in it: openings, a seal, proofs, evidence of a fork."""
    folder = tmp_path_factory.mktemp("bundle")
    player = play_rehearsal(folder / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    other = Checkpoint(origin=player.log_key.name, size=4, root=bytes(32))
    assert keep_fork(
        player.hub, sign_checkpoint(other, player.log_key), player.moment("2026-06-01T08:00:00Z"), salt=SEED
    )
    studio = make_cosigner(folder / "studio", name="studio.example/c1", seed=SEED, logs=(player.log_key.vkey,))
    said = add_checkpoint(studio, request_for(store, old_size=0).encoded(), at_s=1)
    take_answer(store, tree_size=store.entry_count(), vkey=cosigner_key(studio).vkey, body=said.body)
    write_bundle(store, folder / "bag", fields=("name",), entries=(5,))
    yield folder / "bag", player
    store.close()


def relist(folder: Path) -> None:
    """Writes both lists anew, as anybody could."""
    for name, start in (("manifest-sha256.txt", "data/"), ("tagmanifest-sha256.txt", "")):
        paths = [path for path in files_in(folder) if (path.startswith("data/") if start else "/" not in path)]
        paths = [path for path in paths if not path.startswith("tagmanifest")]
        lines = (f"{sha256((folder / path).read_bytes()).hexdigest()}  {path}\n" for path in sorted(paths))
        (folder / name).write_text("".join(lines))


def both(folder: Path) -> tuple[bool, str]:
    """Whether both call it good, and what both say when it is not; fails when they differ."""
    ours = verify_path(folder, vkey=None)
    said = command(folder)
    assert said.told is not None, said.error
    assert ours.ok == said.told["ok"] == (said.code == 0), (ours.first_bad, said.told["first_bad"])
    if ours.ok:
        assert (ours.entries, ours.root, ours.openings) == tuple(
            said.told[key] for key in ("entries", "root", "openings")
        )
        return True, ""
    assert ours.first_bad is not None
    return False, f"{ours.first_bad.reason} | {said.told['first_bad']['reason']}"


def test_both_verify_a_bundle_with_everything_in_it(made: tuple[Path, Player]) -> None:
    folder, player = made
    assert both(folder)[0]
    report = verify_path(folder, vkey=player.log_key.vkey)
    assert (report.kind, report.openings) == ("bundle", 6)
    sorts = {path.split("/")[1] for path in files_in(folder) if path.startswith("data/")}
    assert sorts == {"log", "openings.json", "cosigners.txt", "seals", "proofs", "evidence"}


def test_only_what_the_receiver_may_read_is_in_it(made: tuple[Path, Player], tmp_path: Path) -> None:
    folder, player = made
    names = json.loads((folder / "data/openings.json").read_bytes())
    assert {row["field"] for row in names} == {"name"}
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    write_bundle(store, tmp_path / "bare", fields=(), entries=())
    assert not (tmp_path / "bare/data/openings.json").exists()
    everything = b"".join((tmp_path / "bare" / path).read_bytes() for path in files_in(tmp_path / "bare"))
    assert not any(row["value"].encode() in everything for row in names)
    assert both(tmp_path / "bare")[0]


def test_a_bundle_is_never_written_over_something(made: tuple[Path, Player]) -> None:
    folder, player = made
    assert isinstance(player.hub.store, SqliteStore)
    with pytest.raises(NotOurFolder):
        write_bundle(player.hub.store, folder, fields=(), entries=())


def put_in(folder: Path) -> None:
    (folder / "data/more.txt").write_text("x")


def taken_out(folder: Path) -> None:
    (folder / "data/openings.json").unlink()


def fetched(folder: Path) -> None:
    (folder / "fetch.txt").write_text("https://x.example/a 1 data/a\n")


def another_version(folder: Path) -> None:
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")


def a_path_out(folder: Path) -> None:
    manifest = folder / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + f"{'0' * 64}  data/../../x\n")


def opening_of_nothing(folder: Path) -> None:
    path = folder / "data/openings.json"
    path.write_bytes(path.read_bytes().replace(b'"commitment":"', b'"commitment":"0', 1))


def opening_of_other_words(folder: Path) -> None:
    path = folder / "data/openings.json"
    path.write_bytes(path.read_bytes().replace(b'"value":"', b'"value":"X', 1))


def opening_twice(folder: Path) -> None:
    path = folder / "data/openings.json"
    rows = json.loads(path.read_bytes())
    path.write_text(json.dumps([rows[0], *rows], separators=(",", ":"), sort_keys=True, ensure_ascii=False))


def proof_of_another_entry(folder: Path) -> None:
    (folder / "data/proofs/5.tlog-proof").rename(folder / "data/proofs/6.tlog-proof")


def proof_renumbered(folder: Path) -> None:
    path = folder / "data/proofs/5.tlog-proof"
    (folder / "data/proofs/6.tlog-proof").write_bytes(path.read_bytes().replace(b"index 5\n", b"index 6\n"))


def seal_by_a_stranger(folder: Path) -> None:
    (folder / "data/cosigners.txt").unlink()


def seal_moved(folder: Path) -> None:
    (path,) = (folder / "data/seals").iterdir()
    path.rename(path.with_name("3"))


def cosignature_changed(folder: Path) -> None:
    (path,) = (folder / "data/seals").iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-12] + (b"A" if data[-12:-11] != b"A" else b"B") + data[-11:])


def cosignature_of_another_log(folder: Path) -> None:
    """The same machine's line under another log's checkpoint of this size, put where its own was."""
    (path,) = (folder / "data/seals").iterdir()
    ours = parse_note(path.read_bytes())
    origin, rest = ours.text.split(b"\n", 1)
    line = CosignerKey.from_seed(name="studio.example/c1", seed=SEED).sign(origin + b"x\n" + rest, at_s=1)
    assert line.key_id in {one.key_id for one in ours.signatures}
    log_lines = tuple(one for one in ours.signatures if one.key_id != line.key_id)
    path.write_bytes(ours.text + b"\n" + format_signatures((*log_lines, line)))


def cosignature_of_another_time(folder: Path) -> None:
    """The line's own time changed: it says when this history was the longest seen."""
    (path,) = (folder / "data/seals").iterdir()
    ours = parse_note(path.read_bytes())
    log_line, line = ours.signatures
    later = replace(line, signature=(2).to_bytes(8) + line.signature[8:])
    path.write_bytes(ours.text + b"\n" + format_signatures((log_line, later)))


def seal_of_another_key_of_the_logs_name(folder: Path) -> None:
    (path,) = (folder / "data/seals").iterdir()
    ours = parse_note(path.read_bytes())
    name = ours.text.split(b"\n")[0].decode()
    forged = LogKey.from_seed(name=name, seed=bytes(32)).sign(ours.text)
    path.write_bytes(ours.text + b"\n" + format_signatures((forged, *ours.signatures[1:])))


def openings_exchanged(folder: Path) -> None:
    """Two names, each under the other's commitment."""
    path = folder / "data/openings.json"
    rows = json.loads(path.read_bytes())
    rows[0]["value"], rows[1]["value"] = rows[1]["value"], rows[0]["value"]
    assert rows[0]["value"] != rows[1]["value"]
    path.write_text(json.dumps(rows, separators=(",", ":"), sort_keys=True, ensure_ascii=False))


def proof_under_another_checkpoint(folder: Path) -> None:
    """A proof's hashes over the root that another log's key signed."""
    path = folder / "data/proofs/5.tlog-proof"
    proof, note = path.read_bytes().split(b"\n\n", 1)
    text = parse_note(note).text
    other = LogKey.from_seed(name=text.split(b"\n")[0].decode(), seed=bytes(32))
    path.write_bytes(proof + b"\n\n" + text + b"\n" + format_signatures((other.sign(text),)))


def evidence_of_nothing(folder: Path) -> None:
    (path,) = (folder / "data/evidence").iterdir()
    path.rename(path.with_name("0" * 64))


def unknown_sort(folder: Path) -> None:
    (folder / "data/readme.txt").write_text("x")


LISTS = (put_in, taken_out, fetched, another_version, a_path_out)
AGAINST_THE_LOG = (
    opening_of_nothing, opening_of_other_words, opening_twice, proof_of_another_entry, proof_renumbered,
    seal_by_a_stranger, seal_moved, cosignature_changed, evidence_of_nothing, unknown_sort, cosignature_of_another_log,
    cosignature_of_another_time, seal_of_another_key_of_the_logs_name, openings_exchanged, proof_under_another_checkpoint,
)  # fmt: skip


@pytest.mark.parametrize("spoil", [*LISTS, *AGAINST_THE_LOG])
def test_a_bundle_that_was_changed_is_refused_by_both(made: tuple[Path, Player], tmp_path: Path, spoil: object) -> None:
    folder = tmp_path / "bag"
    copytree(made[0], folder)
    assert callable(spoil)
    spoil(folder)
    if spoil in AGAINST_THE_LOG:
        # Whoever changes a file can change the lists too: the log itself must contradict.
        relist(folder)
    assert both(folder)[0] is False


def test_a_changed_byte_in_any_file_is_found_by_both(made: tuple[Path, Player], tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    copytree(made[0], folder)
    for path in files_in(folder):
        data = (folder / path).read_bytes()
        at = len(data) // 2
        (folder / path).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert not verify_path(folder, vkey=None).ok, path
        if path.startswith("data/log/tile"):
            assert not both(folder)[0]
        (folder / path).write_bytes(data)
    assert both(folder)[0]


def test_the_command_writes_and_verifies(made: tuple[Path, Player], tmp_path: Path) -> None:
    ledger = made[0].parent / "day.ledger"
    runner = CliRunner()
    written = runner.invoke(
        coldcheck, ["export", str(ledger), "--bundle", str(tmp_path / "b"), "--open", "all", "--prove", "7", "--json"]
    )
    assert written.exit_code == 0, written.output
    told = json.loads(written.output)
    assert (told["proofs"], told["seals"]) == (3, 1)
    verified = runner.invoke(coldcheck, ["verify", str(tmp_path / "b"), "--json"])
    assert verified.exit_code == 0, verified.output
    assert json.loads(verified.output)["openings"] == told["openings"]
    assert runner.invoke(coldcheck, ["export", str(ledger)], standalone_mode=False).exception is not None


def test_a_cosigner_that_no_officer_named_is_said_by_both(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    studio = make_cosigner(tmp_path / "studio", name="studio.example/c1", seed=SEED, logs=(player.log_key.vkey,))
    now = player.moment("2026-06-01T08:00:00Z")
    for folder, is_named in (("before", False), ("after", True)):
        if is_named:
            say_as_hub(player.hub, (CosignerNamed(vkey=cosigner_key(studio).vkey),), now)
        size = 0 if not is_named else store.entry_count() - 1
        said = add_checkpoint(studio, request_for(store, old_size=size).encoded(), at_s=1)
        take_answer(store, tree_size=store.entry_count(), vkey=cosigner_key(studio).vkey, body=said.body)
        write_bundle(store, tmp_path / folder, fields=(), entries=())
        sentence = "Whose machine studio.example/c1 is: no officer named its key in the log."
        told = command(tmp_path / folder).told
        assert told is not None
        assert told["ok"]
        assert (sentence in verify_path(tmp_path / folder, vkey=None).unverified) is not is_named
        assert (sentence in told["unverified"]) is not is_named
    store.close()


def test_a_bundle_whose_entry_was_changed_is_refused_at_that_entry_by_both(
    made: tuple[Path, Player], tmp_path: Path
) -> None:
    folder = tmp_path / "bag"
    copytree(made[0], folder)
    path = next((folder / "data/log/tile/entries").rglob("*/*"))
    entries = list(decode_bundle(path.read_bytes(), width=int(path.name)))
    entries[3] = entries[3].replace(b'"verdict"', b'"verdicT"')
    path.write_bytes(encode_bundle(entries))
    ours, said = verify_path(folder, vkey=None), command(folder)
    assert ours.first_bad is not None
    assert said.told is not None
    assert ours.first_bad.entry == said.told["first_bad"]["entry"] == 3
    for reason in (ours.first_bad.reason, said.told["first_bad"]["reason"]):
        assert "not as the bundle lists it" in reason
