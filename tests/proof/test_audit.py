"""The outsider's verifier: a whole log passes, and whatever was changed in it is found and named."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.proof.audit import (
    AuditResult,
    BadRecord,
    MissingFile,
    verify_entry_bytes,
    verify_log,
    verify_tiles,
)
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.encoding import Plain
from coldcheck.proof.entry import Entry, build_entry, make_line
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, EnrolledKey, KeyClass
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import BadSignature, LogKey, Note, format_note, parse_note
from coldcheck.proof.tiles import ExportedKey, encode_bundle, encode_keys, encode_tile, export_files

ORIGIN = "hub.example/demo/e1"
LOG_KEY = LogKey.from_seed(name=ORIGIN, seed=bytes(range(32)))
HUB = ActingKey.from_seed(key_name="hub.example/1", key_class=KeyClass.HUB, seed=bytes(32))
ONE = ActingKey.from_seed(key_name="p0123456789AB/1", key_class=KeyClass.DEMO, seed=bytes(32))
TWO = ActingKey.from_seed(key_name="p0123456789CD/1", key_class=KeyClass.ATTENDED, seed=bytes(32))
SIGNERS = {key.key_name: key for key in (HUB, ONE, TWO)}
KEYS = tuple(
    ExportedKey(key_name=key.key_name, key_class=key.key_class, public_bytes=key.public_bytes, person=person)
    for key, person in ((HUB, None), (ONE, "p0123456789AB"), (TWO, "p0123456789CD"))
)


def author(index: int, key: ActingKey, **changes: Plain) -> dict[str, Plain]:
    fields: dict[str, Plain] = {
        "v": 1,
        "id": f"a{index:012}",
        "log": "hub.example/demo",
        "by": key.key_name.split("/")[0],
        "key": key.key_name,
        "at": "2026-05-01T09:30:00Z",
        "after": None,
        "prev": None,
        "about": [],
        "acts": [{"act": "shown", "gun": "g0123456789AB", "number": index}],
    }
    return fields | changes


def receipt(index: int, **changes: Plain) -> dict[str, Plain]:
    fields: dict[str, Plain] = {
        "v": 1,
        "epoch": 1,
        "boot": "b1",
        "mono_ms": index,
        "at": "2026-05-01T09:30:01Z",
        "delivered": "live",
        "rules": "r0",
        "build": "0.1.0",
        "verdict": "admitted",
        "findings": [],
    }
    return fields | changes


def signed_entry(author_line: dict[str, Plain], receipt_line: dict[str, Plain], *keys: ActingKey) -> bytes:
    line1 = make_line(author_line)
    return build_entry(line1=line1, line2=make_line(receipt_line), signatures=tuple(key.sign(line1) for key in keys))


def make_entries(count: int) -> list[bytes]:
    """A log that begins with an entry by several signers, then goes on with one signer each."""
    genesis = signed_entry(author(0, HUB), receipt(0), HUB, ONE, TWO)
    rest = [signed_entry(author(at, (ONE, TWO)[at % 2]), receipt(at), (ONE, TWO)[at % 2]) for at in range(1, count)]
    return [genesis, *rest][:count]


class Log:
    """A log in memory with all it would store."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.checkpoints: dict[int, bytes] = {}
        frontier = Frontier()
        for data in entries:
            self.nodes.update({(node.level, node.index): node.hash for node in frontier.append(data)})
            self.checkpoints[frontier.size] = self.sign(frontier)
        self.root = frontier.root()
        self.checkpoint = self.sign(frontier)

    @staticmethod
    def sign(frontier: Frontier) -> bytes:
        return sign_checkpoint(Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root()), LOG_KEY)

    def files(self) -> dict[str, bytes]:
        return dict(
            export_files(
                checkpoint=self.checkpoint,
                vkey=LOG_KEY.vkey,
                keys=KEYS,
                tree_size=len(self.entries),
                read_node=lambda level, index: self.nodes[level, index],
                read_entry=self.entries.__getitem__,
            )
        )


LOG = Log(make_entries(11))


def key_of(_index: int, key_name: str, _entry: Entry) -> EnrolledKey:
    if key_name not in SIGNERS:
        raise BadRecord(f"The key {key_name} was never enrolled.")
    return EnrolledKey(public_bytes=SIGNERS[key_name].public_bytes, key_class=SIGNERS[key_name].key_class)


def audit(entries: list[bytes], *, stored: bool = True, checkpoint: bytes | None = None) -> AuditResult:
    return verify_log(
        entries=entries,
        verifier=LOG_KEY.verifier,
        checkpoint=checkpoint or LOG.checkpoint,
        key_of=key_of,
        stored_node=(lambda level, index: LOG.nodes.get((level, index))) if stored else None,
    )


def audit_files(files: dict[str, bytes], *, expected_keys: bytes | None = None) -> AuditResult:
    return verify_tiles(files.__getitem__, vkey=LOG_KEY.vkey, key_of=None, expected_keys=expected_keys)


def first_bad_entry(result: AuditResult) -> int | None:
    assert not result.ok
    assert result.first_bad is not None
    assert result.first_bad.reason
    return result.first_bad.entry


def flip(data: bytes, at: int) -> bytes:
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


def test_an_untouched_log_verifies_with_its_root_and_checkpoint() -> None:
    result = audit(LOG.entries)
    assert result.ok
    assert (result.entry_count, result.root, result.first_bad, result.unverified) == (11, LOG.root.hex(), None, ())
    assert result.checkpoint == parse_note(LOG.checkpoint).text.decode()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 10])
def test_every_earlier_checkpoint_verifies_against_its_entries(size: int) -> None:
    log = Log(LOG.entries[:size])
    result = audit(log.entries, stored=False, checkpoint=log.checkpoint)
    assert result.ok
    assert result.entry_count == size


def test_a_change_anywhere_in_any_entry_is_named() -> None:
    for index, data in enumerate(LOG.entries):
        for at in range(0, 8 * len(data), 41):
            changed = [*LOG.entries[:index], flip(data, at), *LOG.entries[index + 1 :]]
            result = audit(changed)
            assert first_bad_entry(result) == index
            assert result.entry_count == index


def test_without_stored_hashes_a_changed_receipt_is_still_found() -> None:
    line1 = make_line(author(3, TWO))
    changed = build_entry(line1=line1, line2=make_line(receipt(3, verdict="granted")), signatures=(TWO.sign(line1),))
    assert changed != LOG.entries[3]
    result = audit([*LOG.entries[:3], changed, *LOG.entries[4:]], stored=False)
    assert first_bad_entry(result) is None
    # With the checkpoints that were signed along the way, the very entry is named.
    result = verify_log(
        entries=[*LOG.entries[:3], changed, *LOG.entries[4:]],
        verifier=LOG_KEY.verifier,
        checkpoint=LOG.checkpoint,
        key_of=key_of,
        stored_checkpoint=LOG.checkpoints.get,
    )
    assert first_bad_entry(result) == 3


def test_dropped_doubled_moved_and_added_entries_are_found() -> None:
    entries = LOG.entries
    for index in range(len(entries)):
        assert first_bad_entry(audit(entries[:index] + entries[index + 1 :])) == index
        doubled = audit(entries[: index + 1] + entries[index:])
        assert first_bad_entry(doubled) == index + 1
        if index:
            swapped = [*entries[: index - 1], entries[index], entries[index - 1], *entries[index + 1 :]]
            assert first_bad_entry(audit(swapped)) == index - 1
            assert not audit(swapped, stored=False).ok


def test_a_rewritten_log_with_matching_hashes_is_still_not_what_was_signed() -> None:
    rewritten = Log([*LOG.entries[:5], *LOG.entries[6:], LOG.entries[5]])
    result = verify_log(
        entries=rewritten.entries,
        verifier=LOG_KEY.verifier,
        checkpoint=LOG.checkpoint,
        key_of=key_of,
        stored_node=lambda level, index: rewritten.nodes.get((level, index)),
    )
    assert first_bad_entry(result) is None


def test_every_stored_hash_is_compared() -> None:
    for place in LOG.nodes:
        nodes = LOG.nodes | {place: flip(LOG.nodes[place], 5)}
        result = verify_log(
            entries=LOG.entries,
            verifier=LOG_KEY.verifier,
            checkpoint=LOG.checkpoint,
            key_of=key_of,
            stored_node=lambda level, index, nodes=nodes: nodes.get((level, index)),  # type: ignore[misc]
        )
        assert first_bad_entry(result) == (place[1] if place[0] == 0 else None)


def test_every_stored_checkpoint_is_verified() -> None:
    for size, data in LOG.checkpoints.items():
        for replaced in (flip(data, 3), flip(data, 8 * len(data) - 20), LOG.checkpoints[size % 11 + 1]):
            checkpoints = LOG.checkpoints | {size: replaced}
            result = verify_log(
                entries=LOG.entries,
                verifier=LOG_KEY.verifier,
                checkpoint=LOG.checkpoint,
                key_of=key_of,
                stored_checkpoint=checkpoints.get,
            )
            assert not result.ok
            assert result.first_bad is not None
            assert result.entry_count == size


def test_a_flipped_bit_in_the_checkpoint_is_found_before_anything_is_read() -> None:
    for at in range(8 * len(LOG.checkpoint)):
        result = audit(LOG.entries, checkpoint=flip(LOG.checkpoint, at))
        assert first_bad_entry(result) is None
        assert result.checkpoint is None


def test_an_entry_signed_for_another_log_or_epoch_is_refused() -> None:
    for bad in (
        signed_entry(author(1, ONE, log="hub.example/other"), receipt(1), ONE),
        signed_entry(author(1, ONE), receipt(1, epoch=2), ONE),
    ):
        log = Log([LOG.entries[0], bad])
        result = audit(log.entries, stored=False, checkpoint=log.checkpoint)
        assert first_bad_entry(result) == 1


def test_epochs_never_run_backwards() -> None:
    early, late = (signed_entry(author(at, ONE), receipt(at, epoch=at), ONE) for at in (0, 1))
    forwards, backwards = Log([early, late]), Log([late, early])
    assert audit(forwards.entries, stored=False, checkpoint=forwards.checkpoint).ok
    assert first_bad_entry(audit(backwards.entries, stored=False, checkpoint=backwards.checkpoint)) == 1


def test_a_log_whose_origin_names_no_epoch_is_refused() -> None:
    key = LogKey.from_seed(name="hub.example/demo", seed=bytes(32))
    checkpoint = sign_checkpoint(Checkpoint(origin=key.name, size=11, root=LOG.root), key)
    result = verify_log(entries=LOG.entries, verifier=key.verifier, checkpoint=checkpoint, key_of=key_of)
    assert first_bad_entry(result) is None


def test_only_the_first_entry_may_have_several_signers() -> None:
    verify_entry_bytes(LOG.entries[0], entry_index=0, key_of=key_of)
    with pytest.raises(BadSignature):
        verify_entry_bytes(LOG.entries[0], entry_index=1, key_of=key_of)


def test_every_signer_of_the_first_entry_must_have_signed() -> None:
    line1 = make_line(author(0, HUB))
    for place in range(3):
        lines = [key.sign(line1) for key in (HUB, ONE, TWO)]
        lines[place] = replace(lines[place], signature=lines[place - 1].signature)
        log = Log([build_entry(line1=line1, line2=make_line(receipt(0)), signatures=tuple(lines))])
        assert first_bad_entry(audit(log.entries, stored=False, checkpoint=log.checkpoint)) == 0


def test_a_key_unknown_at_that_entry_is_a_flaw_of_that_entry() -> None:
    def revoked(index: int, key_name: str, entry: Entry) -> EnrolledKey:
        if index >= 4 and key_name == ONE.key_name:
            raise BadRecord(f"The key {key_name} was revoked before entry {index}.")
        return key_of(index, key_name, entry)

    result = verify_log(entries=LOG.entries, verifier=LOG_KEY.verifier, checkpoint=LOG.checkpoint, key_of=revoked)
    assert first_bad_entry(result) == 4


def test_an_entry_signed_by_the_wrong_key_is_found_even_if_the_hub_signed_for_it() -> None:
    line1 = make_line(author(1, ONE))
    forged = replace(ONE.sign(line1), signature=TWO.sign(line1).signature)
    log = Log([LOG.entries[0], build_entry(line1=line1, line2=make_line(receipt(1)), signatures=(forged,))])
    assert first_bad_entry(audit(log.entries, stored=False, checkpoint=log.checkpoint)) == 1


def test_authors_left_unverified_are_listed() -> None:
    result = verify_log(entries=LOG.entries, verifier=LOG_KEY.verifier, checkpoint=LOG.checkpoint, key_of=None)
    assert result.ok
    assert result.unverified


def test_lines_of_unknown_cosigners_are_listed() -> None:
    note = parse_note(LOG.checkpoint)
    cosigner = LogKey.from_seed(name="studio.example", seed=bytes(32))
    cosigned = format_note(Note(text=note.text, signatures=(*note.signatures, cosigner.sign(note.text))))
    result = audit(LOG.entries, checkpoint=cosigned)
    assert result.ok
    assert any("studio.example" in sentence for sentence in result.unverified)


def test_whoever_listens_sees_every_entry_once_and_may_object() -> None:
    seen: list[tuple[int, str]] = []

    def listen(index: int, entry: Entry) -> None:
        seen.append((index, str(entry.author["id"])))
        if index == 6:
            raise BadRecord("Entry 6 cannot follow.")

    result = verify_log(
        entries=LOG.entries, verifier=LOG_KEY.verifier, checkpoint=LOG.checkpoint, key_of=key_of, on_entry=listen
    )
    assert first_bad_entry(result) == 6
    assert seen == [(index, f"a{index:012}") for index in range(7)]


# --- exported directories -----------------------------------------------------------------------------------------


def test_an_export_verifies_without_any_help() -> None:
    result = audit_files(LOG.files(), expected_keys=encode_keys(KEYS))
    assert result.ok, result.first_bad
    assert (result.entry_count, result.root, result.unverified) == (11, LOG.root.hex(), ())


def test_the_export_vector_verifies() -> None:
    vector = json.loads((Path(__file__).parent.parent / "vectors" / "export.json").read_bytes())
    files = {path: bytes.fromhex(data) for path, data in vector["files"].items()}
    result = audit_files(files, expected_keys=files["keys.json"])
    assert result.ok, result.first_bad
    assert (result.entry_count, result.root) == (vector["size"], vector["root"])


@pytest.mark.parametrize("size", [0, 1])
def test_the_smallest_exports_verify(size: int) -> None:
    files = Log(LOG.entries[:size]).files()
    assert audit_files(files).ok


SMALL = Log([signed_entry(author(0, ONE), receipt(0), ONE), LOG.entries[1]])


@pytest.mark.parametrize("path", sorted(SMALL.files()))
def test_every_flipped_bit_of_an_export_is_found_and_named(path: str) -> None:
    files = SMALL.files()
    for at in range(8 * len(files[path])):
        result = audit_files(files | {path: flip(files[path], at)}, expected_keys=encode_keys(KEYS))
        assert not result.ok, f"bit {at} of {path}"
        assert result.first_bad is not None
        named = result.first_bad.entry is not None or path in result.first_bad.reason
        assert named, result.first_bad


@pytest.mark.parametrize("path", sorted(LOG.files()))
def test_a_file_that_is_missing_cut_short_or_padded_is_found(path: str) -> None:
    files = LOG.files()
    for damaged in (files[path][:-1], files[path] + b"\x00", files[path] + b"\n", b"", files[path] * 2):
        assert not audit_files(files | {path: damaged}).ok
    result = audit_files({name: data for name, data in files.items() if name != path})
    assert not result.ok
    assert result.first_bad is not None
    assert path in result.first_bad.reason


def big_log() -> Log:
    """More than one tile, few signers; the entries differ in their number only."""
    return Log(make_entries(515))


BIG = big_log()
BIG_FILES = BIG.files()


def test_a_log_of_several_tiles_verifies() -> None:
    assert sorted(BIG_FILES) == [
        "checkpoint",
        "keys.json",
        "log.vkey",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/3",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/3",
    ]
    result = audit_files(BIG_FILES)
    assert result.ok
    assert result.entry_count == 515


@pytest.mark.parametrize("place", [0, 255, 256, 300, 514])
def test_a_changed_entry_or_its_hash_in_a_large_export_is_named(place: int) -> None:
    number, within = divmod(place, 256)
    suffix = ".p/3" if number == 2 else ""
    bundle = [*BIG.entries[256 * number : 256 * number + 256]]
    bundle[within] = flip(bundle[within], 8 * len(bundle[within]) // 2)
    entries = BIG_FILES | {f"tile/entries/{number:03}{suffix}": encode_bundle(bundle)}
    assert first_bad_entry(audit_files(entries)) == place
    path = f"tile/0/{number:03}{suffix}"
    hashes = BIG_FILES | {path: flip(BIG_FILES[path], 8 * 32 * within)}
    assert first_bad_entry(audit_files(hashes)) == place


def test_a_changed_hash_in_an_upper_tile_names_the_tile() -> None:
    path = "tile/1/000.p/2"
    for hash_index in range(2):
        result = audit_files(BIG_FILES | {path: flip(BIG_FILES[path], 8 * 32 * hash_index)})
        assert first_bad_entry(result) is None
        assert result.first_bad is not None
        assert "tile/1/000" in result.first_bad.reason


@pytest.mark.parametrize("place", [0, 3, 255, 256, 514])
@pytest.mark.parametrize("change", [1, 2, 64, 1 << 15])
def test_a_changed_length_in_a_bundle_is_its_entrys_flaw(place: int, change: int) -> None:
    number, within = divmod(place, 256)
    path = f"tile/entries/{number:03}" + (".p/3" if number == 2 else "")
    before = sum(2 + len(entry) for entry in BIG.entries[256 * number : 256 * number + within])
    data = bytearray(BIG_FILES[path])
    data[before : before + 2] = (int.from_bytes(data[before : before + 2]) ^ change).to_bytes(2)
    result = audit_files(BIG_FILES | {path: bytes(data)})
    assert (first_bad_entry(result), result.entry_count) == (place, place)
    # And an earlier flaw is the first, though the file does not even split.
    if place > 0:
        other = f"tile/entries/{(place - 1) // 256:03}" + (".p/3" if (place - 1) // 256 == 2 else "")
        spoilt = bytearray(data if other == path else BIG_FILES[other])
        at = sum(2 + len(entry) for entry in BIG.entries[(place - 1) // 256 * 256 : place - 1])
        spoilt[at + 30] ^= 1
        assert first_bad_entry(audit_files(BIG_FILES | {path: bytes(data)} | {other: bytes(spoilt)})) == place - 1


def test_bytes_behind_the_last_entry_are_the_files_flaw_and_not_before_an_entrys() -> None:
    path = "tile/entries/001"
    result = audit_files(BIG_FILES | {path: BIG_FILES[path] + bytes(70_000)})
    assert (result.ok, first_bad_entry(result), result.entry_count) == (False, None, 512)
    damaged = bytearray(BIG_FILES[path] + bytes(70_000))
    damaged[30] ^= 1
    assert first_bad_entry(audit_files(BIG_FILES | {path: bytes(damaged)})) == 256


def test_an_export_under_another_logs_key_is_refused() -> None:
    other = LogKey.from_seed(name=ORIGIN, seed=bytes(32))
    files = LOG.files() | {
        "log.vkey": f"{other.vkey}\n".encode(),
        "checkpoint": sign_checkpoint(Checkpoint(origin=ORIGIN, size=11, root=LOG.root), other),
    }
    assert not audit_files(files).ok
    # Without the printed key nobody can tell, and the result says what it rests on.
    result = verify_tiles(files.__getitem__, vkey=None, key_of=None, expected_keys=None)
    assert result.ok
    assert any("log.vkey" in sentence for sentence in result.unverified)


def with_keys(change: Callable[[ExportedKey], ExportedKey], *, key: ActingKey) -> dict[str, bytes]:
    keys = [change(row) if row.key_name == key.key_name else row for row in KEYS]
    return LOG.files() | {"keys.json": encode_keys(keys)}


def unlisted(key: ActingKey) -> dict[str, bytes]:
    return LOG.files() | {"keys.json": encode_keys(row for row in KEYS if row.key_name != key.key_name)}


def test_a_key_listed_for_another_person_class_or_point_is_found() -> None:
    for change in (
        lambda row: replace(row, person="p0123456789EF"),
        lambda row: replace(row, key_class=KeyClass.PASSKEY),
        lambda row: replace(row, public_bytes=TWO.public_bytes),
        lambda row: replace(row, key_name="p0123456789AB/2"),
    ):
        assert not audit_files(with_keys(change, key=ONE)).ok


def test_keys_that_the_ledger_does_not_name_are_found_with_the_ledgers_list() -> None:
    expected = encode_keys(KEYS)
    extra = ActingKey.from_seed(key_name="p9/1", key_class=KeyClass.DEMO, seed=bytes(32))
    row = ExportedKey(key_name="p9/1", key_class=KeyClass.DEMO, public_bytes=extra.public_bytes, person=None)
    files = LOG.files() | {"keys.json": encode_keys((*KEYS, row))}
    assert not audit_files(files, expected_keys=expected).ok
    without = audit_files(files)
    assert without.ok
    assert any("whose each key is" in sentence for sentence in without.unverified)
    assert any("p9/1" in sentence for sentence in without.unverified)
    # An attended key serves several people, so only the ledger knows whose phone it is.
    moved = with_keys(lambda row: replace(row, person=None), key=TWO)
    assert not audit_files(moved, expected_keys=expected).ok


def test_one_name_for_two_keys_is_refused() -> None:
    second = replace(KEYS[1], public_bytes=TWO.public_bytes)
    for rows in ((*KEYS, second), (*KEYS, replace(KEYS[1], person="p0"))):
        assert not audit_files(LOG.files() | {"keys.json": encode_keys(rows)}).ok


def test_the_ledgers_own_keys_win_over_the_list() -> None:
    def enrolled(index: int, key_name: str, entry: Entry) -> EnrolledKey:
        known = key_of(index, key_name, entry)
        return replace(known, public_bytes=TWO.public_bytes) if key_name == ONE.key_name else known

    result = verify_tiles(LOG.files().__getitem__, vkey=LOG_KEY.vkey, key_of=enrolled, expected_keys=None)
    assert (result.ok, first_bad_entry(result)) == (False, 0)
    # What repeats the entries is no entry's flaw, whoever else is asked.
    for damaged in (with_keys(lambda row: replace(row, public_bytes=TWO.public_bytes), key=ONE), unlisted(ONE)):
        for expected in (None, encode_keys(KEYS)):
            result = verify_tiles(damaged.__getitem__, vkey=LOG_KEY.vkey, key_of=key_of, expected_keys=expected)
            assert (result.ok, first_bad_entry(result), result.entry_count) == (False, None, 11)
            assert result.first_bad is not None
            assert "keys.json" in result.first_bad.reason
    good = verify_tiles(
        LOG.files().__getitem__, vkey=LOG_KEY.vkey, key_of=key_of, expected_keys=lambda: encode_keys(KEYS)
    )
    assert good.ok


def test_an_expected_list_that_cannot_be_made_is_a_flaw() -> None:
    def unknown() -> bytes:
        raise BadRecord("The entries name no keys.")

    result = verify_tiles(LOG.files().__getitem__, vkey=LOG_KEY.vkey, key_of=None, expected_keys=unknown)
    assert not result.ok


def test_a_reader_may_say_itself_that_a_file_is_missing() -> None:
    def read(path: str) -> bytes:
        raise MissingFile(f"{path}: not on this stick.")

    result = verify_tiles(read, vkey=None, key_of=None, expected_keys=None)
    assert result.first_bad is not None
    assert "log.vkey: not on this stick." in result.first_bad.reason


def test_a_tile_of_wrong_hashes_with_a_right_length_is_no_excuse() -> None:
    files = LOG.files() | {"tile/0/000.p/11": encode_tile([bytes(32)] * 11)}
    assert first_bad_entry(audit_files(files)) == 0


def test_reasons_are_sentences() -> None:
    result = audit(LOG.entries[:-1])
    assert result.first_bad is not None
    assert re.fullmatch(r"[A-Z].*\.", result.first_bad.reason)


def test_every_flaw_is_an_exception_of_ours() -> None:
    assert issubclass(BadRecord, ColdcheckError)
    assert issubclass(MissingFile, ColdcheckError)
