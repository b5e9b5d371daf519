"""The attacks of the list, one test each: both verifiers refuse, and the sentence names what was tried."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from coldcheck.proof.cosign import CosignerVerifier
from coldcheck.proof.encoding import NotCanonical, decode
from coldcheck.proof.entry import EntryTooLarge, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import BadProof, verify_inclusion
from coldcheck.proof.note import BadNote, LogVerifier, parse_note
from coldcheck.station.forks import OlderCopy, compare, compare_two
from coldcheck.station.verify import verify_path
from verifier.exports import ADA, ADA_KEY, ActingKey, Log, LogKey, leaf_hash, root_of, small_log, write
from verifier.node import ask, hexed, verify_files

ACT = {"act": "duty_opened", "duty": "armorer", "exclusive": False}
DEVICE = ActingKey(name=ADA_KEY, key_class="device")


def python_says(log: Log, directory: Path) -> str:
    report = verify_path(write(log.files(), directory), vkey=None)
    assert report.first_bad is not None
    return report.first_bad.reason


def javascript_says(log: Log, **options: object) -> str:
    (report,) = verify_files(log.files(), **options)
    assert report["ok"] is False
    return str(report["first_bad"]["reason"])


def refused_by_both(data: bytes, *, python: Callable[[bytes], object], javascript: str) -> tuple[str, str]:
    """What each says of bytes that a single function reads."""
    with pytest.raises(ColdcheckError) as told:
        python(data)
    (answer,) = ask((javascript, [hexed(data)]))
    return str(told.value), answer["refused"]


def test_rollback() -> None:
    longer, shorter = small_log(5), small_log(3)
    seen = longer.key.sign(longer.checkpoint_text())
    assert "rolled back" in javascript_says(shorter, seen=hexed(seen))
    with pytest.raises(OlderCopy, match="rolled back"):
        compare(seen, log=_verifier(longer), size=3, own=b"", read_node=_reader(shorter))


def test_fork() -> None:
    log, other = small_log(4), small_log(4)
    other.entries[3] = other.entries[3].replace(b'"exclusive":false', b'"exclusive":true')
    seen = log.key.sign(log.checkpoint_text())
    theirs = other.key.sign(other.checkpoint_text())
    assert "fork" in compare_two(seen, theirs, log=_verifier(log))
    honest = small_log(4)
    assert "fork" in javascript_says(honest, seen=hexed(theirs))


def test_replay_into_another_log(tmp_path: Path) -> None:
    log, other = small_log(3), small_log(3, origin="hub-2/TEST/e0")
    log.entries.append(other.entries[2])
    assert "another log" in javascript_says(log)
    assert "signed for the log hub-2/TEST" in python_says(log, tmp_path)


def test_replay_of_an_old_act(tmp_path: Path) -> None:
    log = small_log(3)
    log.entries.append(log.entries[2])
    assert "replay" in javascript_says(log)
    assert "replay" in python_says(log, tmp_path)


def test_key_confusion_between_people(tmp_path: Path) -> None:
    log = small_log(3)
    bea = ActingKey(name="k0000000000BE", key_class="device")
    log.enrol(person="p0000000000BE", key=bea)
    log.add(ACT, by=ADA, key=bea)
    assert "key confusion" in javascript_says(log)
    assert "belongs to another person" in python_says(log, tmp_path)


def test_key_confusion_between_classes(tmp_path: Path) -> None:
    log = small_log(3)
    log.add(ACT, sign=lambda key, line1: key.line(line1, key_class="passkey"))
    assert "key confusion" in javascript_says(log)
    assert python_says(log, tmp_path)


def test_key_confusion_between_log_and_cosigner() -> None:
    vkey = LogKey(name="hub-1/TEST/e0").vkey
    (answer,) = ask(("readCosignerVkey", [vkey]))
    assert "key confusion" in answer["refused"]
    with pytest.raises(ColdcheckError, match="key confusion"):
        CosignerVerifier.from_vkey(vkey)


def test_a_proof_for_another_entry() -> None:
    leaves = [b"a", b"b", b"c"]
    root, proof = root_of([leaf_hash(leaf) for leaf in leaves]), [leaf_hash(b"a"), leaf_hash(b"c")]
    verify_inclusion(entry_index=1, tree_size=3, leaf=b"b", proof=proof, root=root)
    for leaf, index in ((b"a", 1), (b"b", 0)):
        with pytest.raises(BadProof):
            verify_inclusion(entry_index=index, tree_size=3, leaf=leaf, proof=proof, root=root)
        asked = {
            "leaf": hexed(leaf_hash(leaf)), "index": index, "size": 3, "proof": [hexed(one) for one in proof],
            "root": hexed(root),
        }  # fmt: skip
        assert "inclusion proof" in ask(("verifyInclusion", [asked]))[0]["refused"]


def test_ten_thousand_signature_lines() -> None:
    lines = b"".join(b"\xe2\x80\x94 k%d AAAAAAA=\n" % number for number in range(10_000))
    for sentence in refused_by_both(b"text\n\n" + lines, python=parse_note, javascript="readNote"):
        assert "10000 signature lines" in sentence


def test_an_entry_of_65_536_bytes() -> None:
    log = small_log(3)
    data = log.entries[2]
    long = data.replace(b'"duty":"armorer"', b'"duty":"' + b"x" * (65_536 - len(data) + len(b"armorer")) + b'"')
    assert len(long) == 65_536
    with pytest.raises(EntryTooLarge, match="65536 bytes"):
        read_entry(long)
    for sentence in refused_by_both(long, python=read_entry, javascript="readEntry"):
        assert "65535" in sentence


def _json(data: bytes) -> tuple[str, str]:
    return refused_by_both(data, python=decode, javascript="readJson")


def test_duplicate_json_keys() -> None:
    ours, theirs = _json(b'{"by":"a","by":"b"}')
    assert "twice" in theirs
    assert "canonical" in ours


@pytest.mark.parametrize(
    "data",
    [
        b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b'"\\u00e3"', b'"\x7f\x00"', b'\xef\xbb\xbf"a"', b'"\xc0\x80"',
        '{"\u0430":1}'.encode(),
    ],
)  # fmt: skip
def test_odd_unicode(data: bytes) -> None:
    for sentence in _json(data):
        assert sentence


@pytest.mark.parametrize("name", ["k\u200b1", "k\u00a01", "k\u202e1", "k 1", "k+1", "k\ud7ff\u0301 "])
def test_a_key_name_that_looks_like_another(name: str) -> None:
    line = f"\u2014 {name} {base64.b64encode(bytes(70)).decode()}\n".encode()
    for sentence in refused_by_both(b"text\n\n" + line, python=parse_note, javascript="readNote"):
        assert sentence
    with pytest.raises(BadNote):
        parse_note(b"text\n\n" + line)


@pytest.mark.parametrize("number", ["1.0", "1e3", "-0", "01", "9007199254740992"])
def test_a_number_of_another_form(number: str) -> None:
    ours, theirs = _json(f'{{"v":{number}}}'.encode())
    assert "canonical JSON" in theirs
    assert ours
    with pytest.raises(NotCanonical):
        decode(number.encode())


def _verifier(log: Log) -> LogVerifier:
    return LogVerifier.from_vkey(log.key.vkey)


def _reader(log: Log) -> Callable[[int, int], bytes]:
    leaves = [leaf_hash(entry) for entry in log.entries]
    return lambda level, index: root_of(leaves[index << level : (index + 1) << level])
