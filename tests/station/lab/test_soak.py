"""The long runs, run short: each must come out clean, and each must be able to fail."""

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coldcheck.custody.kernel import Kernel, Move
from coldcheck.proof import audit
from coldcheck.station.lab import naive, soak_fuzz
from coldcheck.station.lab import soak_edits as edits
from coldcheck.station.lab.commands_soak import added
from coldcheck.station.lab.soak_edits import soak_edits
from coldcheck.station.lab.soak_fuzz import mutated
from coldcheck.station.lab.soak_power import Disk, Step, soak_power
from coldcheck.station.lab.soak_stack import soak_stack
from tracked import REPO

if TYPE_CHECKING:
    from coldcheck.station.lab.measured import Figures


@pytest.mark.slow
def test_no_power_cut_loses_what_was_acknowledged() -> None:
    told = soak_power(images=900, seed=1)
    assert told["images"] != 0
    for wrong in ("lost_acknowledged", "not_readable", "not_what_was_recorded", "accepted_though_wrong"):
        assert told[wrong] == 0, told


@pytest.mark.slow
def test_the_same_harness_loses_acknowledged_acts_without_full_sync() -> None:
    told = soak_power(images=900, synchronous="NORMAL", seed=1)
    assert int(told["lost_acknowledged"] or 0) > 100


def test_a_disk_keeps_what_was_synced_and_perhaps_the_rest() -> None:
    disk, dice = Disk(), random.Random(0)
    disk.take(Step(kind="write", name="a", offset=0, data=b"x" * 1024))
    disk.take(Step(kind="sync", name="a"))
    disk.take(Step(kind="write", name="a", offset=0, data=b"y" * 1024))
    seen = {disk.image(dice)["a"] for _ in range(200)}
    assert seen == {b"x" * 1024, b"y" * 1024, b"y" * 512 + b"x" * 512}
    disk.take(Step(kind="remove", name="a"))
    assert {tuple(disk.image(dice)) for _ in range(200)} == {(), ("a",)}
    disk.take(Step(kind="sync", name="."))
    assert {tuple(disk.image(dice)) for _ in range(50)} == {()}


def test_fuzzed_inputs_are_refused_or_read_as_their_one_form() -> None:
    told = soak_fuzz.soak_fuzz(inputs=11_000, seed=3)
    assert (told["crashes"], told["second_forms"]) == (0, 0), told["first_bad"]
    assert int(told["read"] or 0) > 100


def test_a_reader_that_crashes_or_takes_two_forms_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    lax = soak_fuzz._Reader(name="lax", good=b"abc", again=lambda data: data.strip() if data[:3] == b"abc" else data)
    fragile = soak_fuzz._Reader(name="fragile", good=b"1", again=lambda data: b"%d" % int(data))
    monkeypatch.setattr(soak_fuzz, "_readers", lambda: (lax, fragile))
    told = soak_fuzz.soak_fuzz(inputs=2_000)
    assert int(told["crashes"] or 0) > 0
    assert int(told["second_forms"] or 0) > 0


def test_runs_add_up_and_the_first_seed_that_failed_stays() -> None:
    one: Figures = {"kills": 5, "entries": 50, "lost": 0, "first_bad_seed": None}
    two: Figures = {"kills": 3, "entries": 20, "lost": 1, "first_bad_seed": 7}
    three = added(added(one, two, "kills"), {**two, "first_bad_seed": 9}, "kills")
    assert three == {"kills": 11, "entries": 90, "lost": 2, "first_bad_seed": 7}
    assert added({}, one, "kills") == one
    edits: Figures = {"edits": 2, "entries": 1000, "flip": 2}
    assert added(edits, edits, "edits") == {"edits": 4, "entries": 1000, "flip": 4}


def test_a_mutation_is_seeded() -> None:
    assert mutated(b"abcdef", b"ghi", random.Random(5)) == mutated(b"abcdef", b"ghi", random.Random(5))


@pytest.mark.slow
def test_edited_exports_are_found_by_both_verifiers() -> None:
    told = soak_edits(edits=10, entries=300, seed=4, jobs=2)
    assert (told["missed_by_python"], told["missed_by_javascript"], told["named_otherwise"]) == (0, 0, 0)
    assert [told[name] for name in ("flip", "edit", "swap", "drop", "double")] == [2] * 5


@pytest.mark.slow
def test_a_verifier_that_skips_a_check_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python without the hashes of the tiles and the root, JavaScript without the root: swaps and repeats get through."""
    monkeypatch.setattr(audit._Walk, "_compare_stored", lambda _walk, _node: None)
    monkeypatch.setattr(audit._Walk, "end", lambda _walk: None)
    source = (REPO / "verifier" / "coldcheck-verify.mjs").read_text(encoding="utf-8")
    skipped = source.replace("if (!same(this.tree.root(), this.checkpoint.root))", "if (false)").replace(
        "if (same(tile.subarray", "if (true || same(tile.subarray"
    )
    assert skipped.count("if (false)") - source.count("if (false)") == 1
    (tmp_path / "coldcheck-verify.mjs").write_text(skipped, encoding="utf-8")
    shutil.copy(REPO / "verifier" / "many.mjs", tmp_path / "many.mjs")
    monkeypatch.setattr(edits, "_MANY", tmp_path / "many.mjs")
    monkeypatch.setattr(edits, "_EDITS", (("swap", edits._swap),))
    told = soak_edits(edits=6, entries=300, seed=4)
    assert int(told["missed_by_python"] or 0) > 0
    assert int(told["missed_by_javascript"] or 0) > 0


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("beside")
def test_the_whole_stack_decides_as_the_naive_evaluator_does() -> None:
    told = soak_stack(decisions=20_000, seed=6)
    assert told["decided_otherwise"] == 0, told["first_bad"]
    assert int(told["decisions"] or 0) >= 20_000
    assert int(told["calls_granted"] or 0) > 3


@pytest.mark.usefixtures("beside")
def test_one_guard_that_the_stack_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Kernel.missing

    def forgetful(kernel: Kernel, move: Move) -> tuple[tuple[str, str], ...]:
        return tuple(one for one in asked(kernel, move) if one[1] != "receiver_saw_all")

    monkeypatch.setattr(Kernel, "missing", forgetful)
    told = soak_stack(decisions=2_000, seed=5)
    assert int(told["decided_otherwise"] or 0) > 0
    assert "receiver_saw_all" in str(told["first_bad"])


def test_the_naive_evaluator_guesses_nothing() -> None:
    floor = naive.Naive(guns={"g": naive.Gun(chambers=("1",), bores=(), others=())}, rounds={}, roles={}, hands={})
    with pytest.raises(naive.NotNaive):
        floor.take_in(0, "p", {"act": "juggled", "gun": "g"}, rules_refuse=False)
    text = Path(naive.__file__).read_text(encoding="utf-8")
    assert "coldcheck" not in text.split('"""', 2)[2]
