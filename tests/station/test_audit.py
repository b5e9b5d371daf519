"""The audit in processes: it says what the verifier says, names the first bad entry, and looks at hashes first."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.merkle import leaf_hash, root_of
from coldcheck.proof.tiles import decode_bundle, encode_bundle
from coldcheck.station.audit import ACTS_UNREAD, BESIDE_UNREAD, NoExport, audit_copy, audit_export
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cli import coldcheck
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.passkey_log import Signers, write_log
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import files_in, verify_path
from station.ledgers import play_rehearsal

SIZE = 600


@pytest.fixture(scope="module")
def passkeys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of 600 entries by passkeys."""
    folder = tmp_path_factory.mktemp("audit") / "passkeys"
    write_log(folder, entries=SIZE)
    return folder


def found(folder: Path) -> tuple[bool, int | None, str]:
    """What the audit says of a folder: good or not, the entry, and why."""
    report = audit_export(folder, vkey=None, jobs=1)
    bad = report.first_bad
    return report.ok, None if bad is None else bad.entry, "" if bad is None else bad.reason


def test_a_good_export_is_good_to_both_and_the_audit_says_what_it_did_not_read(passkeys: Path) -> None:
    ours, whole = audit_export(passkeys, vkey=None, jobs=1), verify_path(passkeys, vkey=None)
    assert whole.ok, whole.first_bad
    assert (ours.ok, ours.entries, ours.root) == (True, SIZE, whole.root)
    assert ACTS_UNREAD in ours.unverified
    assert ACTS_UNREAD not in whole.unverified


def test_a_played_day_is_good_to_the_audit_as_well(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    export_tiles(store, tmp_path / "day")
    store.close()
    ours, whole = audit_export(tmp_path / "day", vkey=None, jobs=1), verify_path(tmp_path / "day", vkey=None)
    assert (ours.ok, ours.entries, ours.root) == (whole.ok, whole.entries, whole.root)
    assert ours.ok


@pytest.mark.slow
def test_two_processes_say_the_same_and_the_command_runs_them(passkeys: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    said = runner.invoke(coldcheck, ["verify", str(passkeys), "--jobs", "2", "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["entries"] == SIZE
    copytree(passkeys, tmp_path / "bad")
    changed(tmp_path / "bad", 417)
    told = runner.invoke(coldcheck, ["verify", str(tmp_path / "bad"), "--jobs", "2", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output)["first_bad"]["entry"] == 417


def changed(folder: Path, index: int, *, hashes: bool = False, old: bytes = b'"step"', new: bytes = b'"stEp"') -> None:
    """Changes one entry; with `hashes` everything above it is put right, as the hub's own key could."""
    leaves: list[bytes] = []
    for path in sorted(
        (folder / "tile/entries").rglob("*"),
        key=lambda one: (one.name.isdigit() and int(one.name) < 257 and one.parent.name.endswith(".p"), one.as_posix()),
    ):
        if path.is_dir():
            continue
        width = int(path.name) if path.parent.name.endswith(".p") else 256
        entries = list(decode_bundle(path.read_bytes(), width=width))
        if len(leaves) <= index < len(leaves) + width:
            at = index - len(leaves)
            assert old in entries[at]
            entries[at] = entries[at].replace(old, new)
            path.write_bytes(encode_bundle(entries))
        leaves += [leaf_hash(entry) for entry in entries]
    if hashes:
        rehash(folder, leaves)


def rehash(folder: Path, leaves: list[bytes]) -> None:
    log = Signers().log
    for path in (folder / "tile/0").rglob("*"):
        if path.is_file():
            first = 256 * int(path.name if not path.parent.name.endswith(".p") else path.parent.name.removesuffix(".p"))
            path.write_bytes(b"".join(leaves[first : first + 256]))
    for path in (folder / "tile/1").rglob("*"):
        if path.is_file():
            path.write_bytes(b"".join(root_of(leaves[at : at + 256]) for at in (0, 256)))
    note = sign_checkpoint(Checkpoint(origin=log.name, size=len(leaves), root=root_of(leaves)), log)
    (folder / "checkpoint").write_bytes(note)


@pytest.mark.parametrize("index", [1, 255, 256, 599])
def test_a_changed_entry_is_found_by_its_hash_before_any_signature(passkeys: Path, tmp_path: Path, index: int) -> None:
    folder = tmp_path / "bad"
    copytree(passkeys, folder)
    changed(folder, index)
    assert found(folder)[:2] == (False, index)
    assert "another hash is stored for it" in found(folder)[2]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"step"', b'"stEp"', "signed something else"),
        (b'"log":"bench-1/PASSKEYS"', b'"log":"bench-2/PASSKEYS"', "signed for the log bench-2/PASSKEYS"),
        (b'"epoch":0', b'"epoch":1', "epoch 0"),
        (b'"verdict":"admitted"', b'"verdict":"granted"', ""),
    ],
)
def test_who_holds_the_logs_key_still_forges_no_act(
    passkeys: Path, tmp_path: Path, old: bytes, new: bytes, reason: str
) -> None:
    folder = tmp_path / "forged"
    copytree(passkeys, folder)
    changed(folder, 300, hashes=True, old=old, new=new)
    ours, whole = audit_export(folder, vkey=None, jobs=1), verify_path(folder, vkey=None)
    assert (ours.ok, ours.first_bad and ours.first_bad.entry) == (whole.ok, whole.first_bad and whole.first_bad.entry)
    assert ours.ok is (reason == "")
    if ours.first_bad is not None:
        assert reason in ours.first_bad.reason


@pytest.mark.parametrize(("formless", "first"), [(310, 300), (290, 290)])
def test_of_a_signature_that_does_not_fit_and_a_form_that_is_none_the_earlier_is_named(
    passkeys: Path, tmp_path: Path, formless: int, first: int
) -> None:
    folder = tmp_path / "two"
    copytree(passkeys, folder)
    changed(folder, 300, hashes=True, old=b'"step"', new=b'"stEp"')
    changed(folder, formless, hashes=True, old=b'"delivered":"live"', new=b'"delivered":"late"')
    assert found(folder)[:2] == (False, first)


def test_an_act_entered_twice_is_a_replay(passkeys: Path, tmp_path: Path) -> None:
    folder = tmp_path / "replayed"
    copytree(passkeys, folder)
    first = folder / "tile/entries/000"
    entries = list(decode_bundle(first.read_bytes(), width=256))
    entries[200] = entries[7]
    first.write_bytes(encode_bundle(entries))
    leaves = [leaf_hash(entry) for entry in entries]
    for path, width in ((folder / "tile/entries/001", 256), (folder / "tile/entries/002.p/88", 88)):
        leaves += [leaf_hash(entry) for entry in decode_bundle(path.read_bytes(), width=width)]
    rehash(folder, leaves)
    ok, index, reason = found(folder)
    assert (ok, index) == (False, 200)
    assert "a replay" in reason


def test_a_changed_byte_in_any_file_is_found(passkeys: Path, tmp_path: Path) -> None:
    folder = tmp_path / "flipped"
    copytree(passkeys, folder)
    for path in files_in(folder):
        data = (folder / path).read_bytes()
        for at in {0, len(data) // 2, len(data) - 1}:
            (folder / path).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert not found(folder)[0], (path, at)
        (folder / path).write_bytes(data)
    assert found(folder)[0]


@pytest.mark.parametrize("index", [1, 255, 256, 599])
@pytest.mark.parametrize("bit", [0, 7, 15])
def test_a_changed_length_names_its_entry_as_verify_does(passkeys: Path, tmp_path: Path, index: int, bit: int) -> None:
    folder = tmp_path / "cut"
    copytree(passkeys, folder)
    number, within = divmod(index, 256)
    path = folder / f"tile/entries/{number:03}" if number < 2 else folder / "tile/entries/002.p/88"
    data, at = bytearray(path.read_bytes()), 0
    for _ in range(within):
        at += 2 + int.from_bytes(data[at : at + 2])
    data[at + 1 - bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    whole = verify_path(folder, vkey=None)
    assert whole.first_bad is not None
    assert found(folder)[:2] == (False, index) == (whole.ok, whole.first_bad.entry)


def test_a_ledger_file_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(NoExport):
        audit_export(tmp_path / "a.ledger", vkey=None, jobs=1)


def test_a_bundle_is_audited_and_what_lies_beside_its_log_is_left_to_verify(tmp_path: Path) -> None:
    player = play_rehearsal(tmp_path / "day.ledger")
    store = player.hub.store
    assert isinstance(store, SqliteStore)
    write_bundle(store, tmp_path / "bag", fields=("name",), entries=(5,))
    store.close()
    ours, whole = audit_copy(tmp_path / "bag", vkey=None, jobs=1), verify_path(tmp_path / "bag", vkey=None)
    assert (ours.ok, ours.kind, ours.entries, ours.root) == (True, "bundle", whole.entries, whole.root)
    assert ours.unverified[0] == BESIDE_UNREAD
    assert CliRunner().invoke(coldcheck, ["verify", str(tmp_path / "bag"), "--jobs", "2"]).exit_code == 0
    # A changed list is found, and a changed entry is named.
    (tile,) = (tmp_path / "bag/data/log/tile/entries").rglob("*.p/*")
    data = tile.read_bytes()
    tile.write_bytes(data[:-4] + b"0" + data[-3:])
    ours, whole = audit_copy(tmp_path / "bag", vkey=None, jobs=1), verify_path(tmp_path / "bag", vkey=None)
    assert ours.first_bad is not None
    assert whole.first_bad is not None
    assert ours.first_bad.entry == whole.first_bad.entry == whole.entries
    tile.write_bytes(data)
    (tmp_path / "bag/data/more.txt").write_text("x")
    assert not audit_copy(tmp_path / "bag", vkey=None, jobs=1).ok
    (tmp_path / "bag/pack.pdf").write_text("x")
    with pytest.raises(NoExport):
        audit_copy(tmp_path / "bag", vkey=None, jobs=1)
