"""Exports through both verifiers: good ones are good to both, and what is damaged or hostile is bad to both.

The exports are written by hand (`verifier.exports`), so that Python, JavaScript and the writer are three readings of
docs/format.md. Hostile logs are signed with the log's own key: what a hub that lies could publish.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coldcheck.station.verify import Report, verify_path
from tracked import REPO
from verifier.exports import (
    ADA,
    ADA_KEY,
    HUB,
    HUB_KEY,
    ActingKey,
    Change,
    Files,
    Log,
    LogKey,
    canonical,
    read,
    small_log,
    tile_name,
    write,
)
from verifier.node import NODE, command, verify_files

ACT = {"act": "duty_opened", "duty": "armorer", "exclusive": False}
DEVICE = ActingKey(name=ADA_KEY, key_class="device")
SCENARIO = REPO / "tests" / "scenarios" / "one_rehearsal.txt"
SEED = 20260501


def in_python(files: Files, directory: Path) -> Report:
    return verify_path(write(files, directory), vkey=None)


def both_call_it_bad(files: Files, directory: Path) -> dict[str, Any]:
    """What JavaScript names as the first bad place; fails unless Python calls the export bad as well."""
    (report,) = verify_files(files)
    assert report["ok"] is False
    assert report["cannot"] is None
    assert in_python(files, directory).ok is False, report
    bad: dict[str, Any] = report["first_bad"]
    return bad


# --- good exports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513])
def test_both_verify_an_export_of_any_size_and_find_one_root(size: int, tmp_path: Path) -> None:
    files = small_log(size).files()
    told = command(write(files, tmp_path)).told
    assert told["ok"] is True
    assert told["entries"] == size
    report = in_python(files, tmp_path)
    assert (report.ok, report.root, report.checkpoint) == (True, told["root"], told["checkpoint"])


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one rehearsal, played and exported by the commands themselves."""
    folder = tmp_path_factory.mktemp("rehearsal")
    ours(["play", SCENARIO, "--ledger", folder / "day.ledger"])
    ours(["export", folder / "day.ledger", "--tiles", folder / "tiles"])
    return folder / "tiles"


def ours(arguments: list[str | Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coldcheck.station.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_rehearsals_export_verifies_without_a_remark(rehearsal: Path) -> None:
    said = command(rehearsal)
    assert said.code == 0
    assert said.told["ok"] is True
    assert said.told["entries"] > 30
    assert said.told["remarks"] == []
    assert said.told["root"] == verify_path(rehearsal, vkey=None).root


def test_a_signature_with_the_other_s_is_as_good(tmp_path: Path) -> None:
    log = small_log(2)
    log.add(ACT, sign=lambda key, line1: key.line(line1, high_s=True))
    log.add(ACT, sign=lambda key, line1: key.line(line1, high_s=False))
    assert verify_files(log.files())[0]["ok"] is True
    assert in_python(log.files(), tmp_path).ok is True


def test_odd_unicode_in_a_signed_text_is_kept_as_it_is(tmp_path: Path) -> None:
    log = small_log(2)
    log.add({"act": "an_act_of_tomorrow", "text": 'e\u0301 \u2028 \ufeff \U0001f3ac \x7f " \\ \x01'})
    assert verify_files(log.files())[0]["ok"] is True
    assert in_python(log.files(), tmp_path).ok is True


def test_what_a_stranger_put_beside_the_files_is_named_and_not_looked_at() -> None:
    (report,) = verify_files({**small_log(3).files(), "tile/0/000.p/2": b"old", "readme": b"x"})
    assert report["ok"] is True
    assert any("readme" in words and "tile/0/000.p/2" in words for words in report["unverified"])


def test_a_cosigners_line_is_kept_and_named() -> None:
    files = small_log(2).files()
    files["checkpoint"] += "\N{EM DASH} studio.example/w AAAAAAECAwQ=\n".encode()
    (report,) = verify_files(files)
    assert report["ok"] is True
    assert any("studio.example/w" in words for words in report["unverified"])


# --- flipped bits -----------------------------------------------------------------------------------------------------


def flips(*arguments: str | Path) -> Any:
    script = REPO / "tests" / "verifier" / "flips.mjs"
    done = subprocess.run([NODE, str(script), *map(str, arguments)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_flip_in_every_byte_of_a_day_is_noticed_by_the_function_that_reads_it(rehearsal: Path) -> None:
    told = flips(rehearsal)
    assert told["missed"] == []
    assert told["tried"] == sum(map(len, read(rehearsal).values()))


@pytest.mark.slow
def test_a_flip_in_every_byte_of_a_small_log_is_found_by_the_whole_verifier(tmp_path: Path) -> None:
    told = flips(write(small_log(5).files(), tmp_path), "--whole")
    assert told["missed"] == []
    assert told["tried"] > 3_000


@pytest.mark.slow
def test_a_hundred_flips_anywhere_are_found_by_both_commands(rehearsal: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)  # which flips, not a secret
    good = read(rehearsal)
    write(good, tmp_path)
    for _ in range(100):
        path = chance.choice(sorted(good))
        offset = chance.randrange(len(good[path]))
        changed = bytearray(good[path])
        changed[offset] ^= 1 << chance.randrange(8)
        (tmp_path / path).write_bytes(changed)
        said = command(tmp_path)
        assert said.code == 1, (path, offset)
        assert said.told["first_bad"]["reason"]
        assert verify_path(tmp_path, vkey=None).ok is False, (path, offset)
        (tmp_path / path).write_bytes(good[path])
    assert command(tmp_path).code == 0


def test_a_flip_in_an_entry_names_that_entry(tmp_path: Path) -> None:
    log = small_log(300)
    files = log.files()
    before = sum(2 + len(entry) for entry in log.entries[256:270])
    bundle = bytearray(files[tile_name("entries", 1, 44)])
    bundle[before + 100] ^= 1
    files[tile_name("entries", 1, 44)] = bytes(bundle)
    bad = both_call_it_bad(files, tmp_path)
    assert bad["entry"] == 270


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def with_one_flaw(good: Files, entries: list[bytes], chance: random.Random) -> Files:
    """The files with a length in a bundle, a list of keys, or any file changed, cut or made longer."""
    bundles = [path for path in good if path.startswith("tile/entries/")]
    path = chance.choice(bundles)
    first = 256 * bundles.index(path)
    starts = [2 * n + sum(map(len, entries[first : first + n])) for n in range(min(256, len(entries) - first))]
    anywhere = chance.choice(sorted(good))
    rows = json.loads(good["keys.json"])
    row, other = chance.choice(rows), chance.choice(rows)
    row.update({name: other[name] for name in chance.sample(["class", "person", "public"], 1) if name in other})
    at = chance.choice(starts) + chance.randrange(2)
    return chance.choice(
        [
            {path: flipped(good[path], at, chance.randrange(8))},
            {"keys.json": canonical(rows if chance.randrange(2) else rows[1:])},
            {"keys.json": flipped(good["keys.json"], chance.randrange(len(good["keys.json"])), chance.randrange(8))},
            {anywhere: good[anywhere][: chance.randrange(len(good[anywhere]))]},
            {path: good[path] + bytes(chance.choice([1, 70_000]))},
            {anywhere: flipped(good[anywhere], chance.randrange(len(good[anywhere])), chance.randrange(8))},
        ]
    )


@pytest.mark.parametrize(("size", "times"), [(12, 60), (258, 5)])
def test_both_name_the_same_first_entry_or_none_for_one_flaw_and_for_two(size: int, times: int, tmp_path: Path) -> None:
    log = small_log(size)
    good, chance = log.files(), random.Random(SEED)  # which flaws, not a secret
    spoilt = [with_one_flaw(good, log.entries, chance) for _ in range(times)]
    spoilt += [{**one, **with_one_flaw(good, log.entries, chance)} for one in spoilt]
    spoilt = [changed for changed in spoilt if changed.items() - good.items()]
    for path, data in good.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    for changed, report in zip(spoilt, verify_files(*({**good, **one} for one in spoilt)), strict=True):
        for path, data in changed.items():
            (tmp_path / path).write_bytes(data)
        ours = verify_path(tmp_path, vkey=None)
        for path in changed:
            (tmp_path / path).write_bytes(good[path])
        assert (ours.ok, report["ok"]) == (False, False), sorted(changed)
        assert ours.first_bad is not None
        assert ours.first_bad.entry == report["first_bad"]["entry"], (ours.first_bad, report["first_bad"])


def test_a_flip_in_a_tile_above_the_leaves_is_found(tmp_path: Path) -> None:
    files = small_log(257).files()
    path = tile_name(1, 0, 1)
    files[path] = bytes([files[path][0] ^ 1]) + files[path][1:]
    assert path in both_call_it_bad(files, tmp_path)["reason"]


# --- dropped, swapped, doubled ----------------------------------------------------------------------------------------


def rebuilt(log: Log, change: Callable[[list[bytes]], None]) -> Files:
    """The files after `change`, tiles and bundles consistent again, under the old checkpoint: all but the log's key."""
    checkpoint = log.files()["checkpoint"]
    change(log.entries)
    return {**log.files(), "checkpoint": checkpoint}


def swapped(entries: list[bytes]) -> None:
    entries[3], entries[4] = entries[4], entries[3]


def replaced(entries: list[bytes]) -> None:
    entries[3] = entries[4]


def receipt_changed(entries: list[bytes]) -> None:
    assert b'"admitted"' in entries[3]
    entries[3] = entries[3].replace(b'"admitted"', b'"granted"')


@pytest.mark.parametrize("change", [swapped, replaced, receipt_changed])
def test_entries_changed_with_all_their_hashes_do_not_fit_the_checkpoint(
    change: Callable[[list[bytes]], None], tmp_path: Path
) -> None:
    both_call_it_bad(rebuilt(small_log(6), change), tmp_path)


@pytest.mark.parametrize(
    "change",
    [lambda entries: entries.pop(3), lambda entries: entries.insert(3, entries[3])],
    ids=["dropped", "doubled"],
)
def test_an_entry_dropped_or_doubled_leaves_the_files_of_another_size(
    change: Callable[[list[bytes]], None], tmp_path: Path
) -> None:
    bad = both_call_it_bad(rebuilt(small_log(6), change), tmp_path)
    assert "missing" in bad["reason"]


@pytest.mark.parametrize("size", [2, pytest.param(257, marks=pytest.mark.slow)])
def test_any_file_that_is_missing_cut_or_longer_is_named(size: int, tmp_path: Path) -> None:
    good = small_log(size).files()
    spoilt = [(path, {**good, path: data}) for path in good for data in (good[path][:-1], good[path] + b"\0", b"")]
    spoilt += [(path, {name: data for name, data in good.items() if name != path}) for path in good]
    for number, ((path, files), report) in enumerate(
        zip(spoilt, verify_files(*(files for _, files in spoilt)), strict=True)
    ):
        assert report["ok"] is False, path
        assert path in report["first_bad"]["reason"] or "The checkpoint" in report["first_bad"]["reason"]
        assert in_python(files, tmp_path / str(number)).ok is False, path


# --- hostile logs, signed by the log's own key ------------------------------------------------------------------------


def entry_of(**of: Any) -> Files:  # whatever `add` takes
    log = small_log(3)
    log.add(of.pop("act", ACT), **of)
    return log.files()


def author(**fields: object) -> Files:
    return entry_of(change=lambda author, _receipt: author.update(fields))


def receipt(**fields: object) -> Files:
    return entry_of(change=lambda _author, receipt: receipt.update(fields))


def with_lines(line1: bytes, line2: bytes | None = None) -> Files:
    """A fourth entry whose lines are these bytes, well signed."""
    log = small_log(4)
    old1, old2 = log.entries.pop().split(b"\n")[:2]
    line1 = line1 or old1
    log.add_lines(line1 + b"\n", (line2 or old2) + b"\n", DEVICE.line(line1 + b"\n"))
    return log.files()


def good_lines() -> tuple[bytes, bytes]:
    line1, line2 = small_log(4).entries[3].split(b"\n")[:2]
    return line1, line2


def hostile() -> Iterator[tuple[str, Files, str]]:
    """What is wrong, the files, and a word that the refusal must hold."""
    line1, line2 = good_lines()
    yield "made for another log", author(log="hub-2/TEST"), "another log"
    yield "somebody else's key", author(by=HUB), "key confusion"
    yield "a field more", author(more=1), "more"
    yield "no acts", author(acts=[]), "acts"
    yield "version 2", author(v=2), "field v"
    yield "an hour of 25", author(at="2026-05-01T25:00:00Z"), "field at"
    yield "an epoch to come", receipt(epoch=1), "epoch"
    yield "a verdict of its own", receipt(verdict="fine"), "verdict"
    yield "a duplicate key", with_lines(line1.replace(b'"v":1}', b'"v":1,"v":1}')), "twice"
    yield "a float", with_lines(line1.replace(b'"v":1}', b'"v":1.0}')), "fraction"
    yield "a float in the receipt", with_lines(line1, line2.replace(b'"v":1,', b'"v":1.0,')), "fraction"
    yield (
        "keys out of order",
        with_lines(line1.replace(b'"about":[],', b"").replace(b',"v":1}', b',"v":1,"about":[]}')),
        "order",
    )
    yield "a needless escape", with_lines(line1.replace(b'"about"', b'"\\u0061bout"')), "escape"
    yield "a space", with_lines(line1.replace(b'"v":1}', b'"v": 1}')), "space"
    yield "an overlong UTF-8 form", with_lines(line1.replace(b'"armorer"', b'"\xc1\x81rmorer"')), "UTF-8"
    yield "a lone surrogate", with_lines(line1.replace(b'"armorer"', b'"\\ud800"')), "escape"
    yield (
        "two signature lines",
        entry_of(sign=lambda key, line: key.line(line) + ActingKey(name="x", key_class="demo").line(line)),
        "2 signature lines",
    )
    yield (
        "another class in the key id",
        entry_of(sign=lambda key, line: key.line(line, key_class="attended")),
        "attended",
    )
    yield (
        "a key nobody enrolled",
        entry_of(key=ActingKey(name="k0000000000ZZ", key_class="demo")),
        "no entry before it enrolled",
    )
    yield "signed over other bytes", entry_of(sign=lambda key, line: key.line(line + b"x")), "does not fit"
    yield "a person who enrols", enrolled_by_a_person(), "hub's own key"
    yield "a key before its enrolment", key_before_enrolment(), "no entry before it enrolled"
    yield "a weak key", weak_key(), "base point"
    yield "a point off the curve", off_the_curve(), "curve"


def enrolled_by_a_person() -> Files:
    log = small_log(3)
    log.enrol(person="p0000000000B0", key=ActingKey(name="k0000000000B0", key_class="demo"), by=DEVICE)
    return log.files()


def key_before_enrolment() -> Files:
    log = small_log(2)
    early = ActingKey(name="k0000000000B0", key_class="demo")
    log.add(ACT, by="p0000000000B0", key=early)
    log.enrol(person="p0000000000B0", key=early)
    return log.files()


def weak_key() -> Files:
    log = small_log(3)
    weak = (
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    )
    log.enrol(person="p0000000000B0", key=ActingKey(name="k0000000000B0", key_class="demo"), public=weak)
    return log.files()


def off_the_curve() -> Files:
    log = small_log(3)
    log.enrol(person="p0000000000B0", key=ActingKey(name="k0000000000B0", key_class="demo"), public="04" + "11" * 64)
    return log.files()


def test_hostile_logs_are_bad_to_both_and_javascript_says_why(tmp_path: Path) -> None:
    cases = list(hostile())
    for number, ((what, files, word), report) in enumerate(
        zip(cases, verify_files(*(files for _, files, _ in cases)), strict=True)
    ):
        assert report["ok"] is False, what
        assert word in report["first_bad"]["reason"], (what, report["first_bad"])
        assert report["first_bad"]["entry"] is not None, what
        assert in_python(files, tmp_path / str(number)).ok is False, what


def test_an_old_act_entered_again_is_called_a_replay_by_both(tmp_path: Path) -> None:
    log = small_log(4)
    log.entries.append(log.entries[3])
    (report,) = verify_files(log.files())
    ours = in_python(log.files(), tmp_path).first_bad
    assert ours is not None
    assert report["first_bad"]["entry"] == ours.entry == 4
    assert "replay" in report["first_bad"]["reason"]
    assert "replay" in ours.reason


def epoch_act(epoch: int, *, seen_size: int = 9, public: bytes | None = None) -> dict[str, object]:
    key = LogKey(name=f"hub-1/TEST/e{epoch}")
    return {
        "act": "epoch_opened", "epoch": epoch, "public": (public or key.public).hex(), "seen_size": seen_size,
        "seen_root": "33" * 32, "reason": "restored",
    }  # fmt: skip


def in_epoch(number: int) -> Change:
    return lambda _author, receipt: receipt.update(epoch=number)


def log_of_two_epochs(act: dict[str, object] | None = None, *, key: ActingKey | None = None, by: str = HUB) -> Log:
    """Entries of epoch 0, then one that opens epoch 1, then one of epoch 1; the checkpoint is of epoch 1."""
    log = small_log(3)
    hub = ActingKey(name=HUB_KEY, key_class="hub")
    log.add(act or epoch_act(1), by=by, key=key or hub, change=in_epoch(1))
    log.add(ACT, change=in_epoch(1))
    log.origin = "hub-1/TEST/e1"
    return log


def test_a_new_epoch_is_opened_by_its_own_entry_and_brings_the_logs_new_key(tmp_path: Path) -> None:
    log = log_of_two_epochs()
    files = log.files()
    printed, newest = LogKey(name="hub-1/TEST/e0").vkey, log.key.vkey
    for vkey in (None, printed, newest):
        (report,) = verify_files(files, vkey=vkey)
        ours = verify_path(write(files, tmp_path / "good"), vkey=vkey)
        assert report["ok"] is True, report
        assert ours.ok, ours.first_bad
    foreign = LogKey(name="hub-1/TEST/e0", secret=b"other").vkey
    (report,) = verify_files(files, vkey=foreign)
    assert report["ok"] is False
    assert not verify_path(tmp_path / "good", vkey=foreign).ok


def test_an_epoch_that_nobody_opened_or_somebody_else_or_backwards_is_refused(tmp_path: Path) -> None:
    def unopened() -> Log:
        log = small_log(3)
        log.add(ACT, change=in_epoch(1))
        log.origin = "hub-1/TEST/e1"
        return log

    def fallen() -> Log:
        log = log_of_two_epochs()
        log.add(ACT)
        return log

    def in_a_sheet() -> Log:
        log = small_log(3)
        acts = [epoch_act(1), ACT]
        log.add(
            epoch_act(1), by=HUB, key=ActingKey(name=HUB_KEY, key_class="hub"),
            change=lambda author, receipt: (author.update(acts=acts), receipt.update(epoch=1))[0],
        )  # fmt: skip
        log.origin = "hub-1/TEST/e1"
        return log

    cases = {
        "unopened": (unopened(), 3), "fallen": (fallen(), 5), "in_a_sheet": (in_a_sheet(), 3),
        "by_a_person": (log_of_two_epochs(key=ActingKey(name=ADA_KEY, key_class="device"), by=ADA), 3),
        "older_head": (log_of_two_epochs(epoch_act(1, seen_size=2)), 3),
        "another_number": (log_of_two_epochs(epoch_act(2)), 3),
        "weak_key": (log_of_two_epochs(epoch_act(1, public=bytes(32))), 3),
    }  # fmt: skip
    for name, (log, entry) in cases.items():
        assert both_call_it_bad(log.files(), tmp_path / name)["entry"] == entry, name
    another = log_of_two_epochs(epoch_act(1, public=LogKey(name="hub-1/TEST/e1", secret=b"x").public))
    assert "log.vkey" in both_call_it_bad(another.files(), tmp_path / "another_key")["reason"]


def test_a_production_opened_twice_is_refused() -> None:
    log = small_log(3)
    hub = ActingKey(name=HUB_KEY, key_class="hub")
    log.add(json.loads(log.entries[0].split(b"\n")[0])["acts"][0], by=HUB, key=hub)
    assert verify_files(log.files())[0]["first_bad"]["entry"] == 3


def test_a_name_that_is_given_to_another_key_is_refused(tmp_path: Path) -> None:
    log = small_log(3)
    log.enrol(person=ADA, key=ActingKey(name=ADA_KEY, key_class="demo"))
    bad = both_call_it_bad(log.files(), tmp_path)
    assert "stands in an enrolment before" in bad["reason"]


def test_an_act_about_keys_that_is_not_known_leaves_the_log_undecided() -> None:
    log = small_log(3)
    log.add({"act": "key_of_tomorrow", "key": ADA_KEY})
    (report,) = verify_files(log.files())
    assert report["ok"] is False
    assert report["first_bad"] is None
    assert "key_of_tomorrow" in report["cannot"]


def test_keys_json_must_say_what_the_entries_say(tmp_path: Path) -> None:
    log = small_log(3)
    log.keys["k0000000000B0"] = ("demo", DEVICE.public, ADA)
    bad = both_call_it_bad(log.files(), tmp_path)
    assert "keys.json" in bad["reason"]


# --- checkpoints ------------------------------------------------------------------------------------------------------


def under(checkpoint: bytes, log: Log) -> Files:
    return {**log.files(), "checkpoint": checkpoint}


def test_a_checkpoint_of_another_history_is_called_a_fork(tmp_path: Path) -> None:
    log = small_log(4)
    bad = both_call_it_bad(under(log.key.sign(log.checkpoint_text(root=bytes(32))), log), tmp_path)
    assert "fork" in bad["reason"]


def test_a_checkpoint_of_another_log_is_called_foreign(tmp_path: Path) -> None:
    other = small_log(4, origin="hub-2/TEST/e0")
    bad = both_call_it_bad(under(other.files()["checkpoint"], small_log(4)), tmp_path)
    assert "foreign" in bad["reason"]


def test_a_checkpoint_by_another_key_of_the_same_name_is_refused(tmp_path: Path) -> None:
    log = small_log(4)
    forged = LogKey(name=log.origin, secret=b"another").sign(log.checkpoint_text())
    assert "not signed by the log's key" in both_call_it_bad(under(forged, log), tmp_path)["reason"]


@pytest.mark.parametrize("text", [b"more\n", b"\n"])
def test_a_checkpoint_with_a_line_more_is_refused(text: bytes, tmp_path: Path) -> None:
    log = small_log(2)
    both_call_it_bad(under(log.key.sign(log.checkpoint_text() + text), log), tmp_path)


def test_ten_thousand_signature_lines_are_refused_unread(tmp_path: Path) -> None:
    log = small_log(2)
    lines = "".join(f"\N{EM DASH} w{number} AAAAAAECAwQ=\n" for number in range(10_000)).encode()
    bad = both_call_it_bad(under(log.files()["checkpoint"] + lines, log), tmp_path)
    assert "10001 signature lines" in bad["reason"]


def test_a_checkpoint_seen_elsewhere_shows_a_rollback_and_a_fork() -> None:
    longer, shorter = small_log(6), small_log(4)
    seen = {"hex": longer.files()["checkpoint"].hex()}
    forked = small_log(5)
    forked.add({"act": "duty_closed", "duty": "armorer"})
    back, other, good = (verify_files(log.files(), seen=seen)[0] for log in (shorter, forked, longer))
    assert "rolled back" in back["first_bad"]["reason"]
    assert "fork" in other["first_bad"]["reason"]
    assert good["ok"] is True


def test_acts_that_speak_of_a_dropped_one_or_of_another_history_are_remarked() -> None:
    log = small_log(3)
    log.add(ACT, change=lambda author, _receipt: author.update(prev="00" * 32))
    log.add(ACT, change=lambda author, _receipt: author.update(after={"root": "00" * 32, "size": 2}))
    (report,) = verify_files(log.files())
    assert report["ok"] is True
    assert [words.rpartition(": ")[2] for words in report["remarks"]] == ["entry 3.", "entry 4."]


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_ends_with_0_1_2_and_says_one_sentence_for_bad_use(tmp_path: Path) -> None:
    good = write(small_log(2).files(), tmp_path / "good")
    bad = write({**small_log(2).files(), "keys.json": canonical([])}, tmp_path / "bad")
    (tmp_path / "empty").mkdir()
    assert command(good).code == 0
    assert command(bad).code == 1
    for arguments in (
        (),
        (good, good),
        (tmp_path / "none",),
        (tmp_path / "empty",),
        (good / "checkpoint",),
        (good, "--no"),
    ):
        said = command(*arguments)
        assert (said.code, said.told) == (2, None)
        assert len(said.error.strip().splitlines()) == 1, said.error


def test_the_printed_key_is_compared_with_the_copy(tmp_path: Path) -> None:
    good = write(small_log(2).files(), tmp_path / "good")
    other = tmp_path / "other.vkey"
    other.write_text(small_log(1, origin="hub-2/TEST/e0").key.vkey + "\n")
    assert command(good, "--vkey", good / "log.vkey").told["vkey_from"] == "given"
    assert "foreign" in command(good, "--vkey", other).told["first_bad"]["reason"]
    assert command(good, "--vkey", good / "keys.json").code == 2


def test_a_whole_copy_under_another_log_key_is_found_by_entry_0(tmp_path: Path) -> None:
    log = small_log(3)
    thief = LogKey(name=log.origin, secret=b"thief")
    files = {**log.files(), "checkpoint": thief.sign(log.checkpoint_text()), "log.vkey": f"{thief.vkey}\n".encode()}
    assert "another log key" in both_call_it_bad(files, tmp_path)["reason"]
