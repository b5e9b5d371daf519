import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coldcheck.station.lab.bench_append import bench_append
from coldcheck.station.lab.bench_audit import bench_audit
from coldcheck.station.lab.bench_board import bench_board
from coldcheck.station.lab.bench_flips import bench_flips
from coldcheck.station.lab.bench_matrix import bench_matrix
from coldcheck.station.lab.bench_pack import bench_pack
from coldcheck.station.lab.bench_replay import bench_replay
from coldcheck.station.lab.commands_bench import bench
from coldcheck.station.lab.stream import stream_text
from coldcheck.station.ledger_files import play_into
from coldcheck.station.scenario import parse_scenario

# What a benchmark measures is not looked at here: a busy machine must fail no test. That it measures what it says is.


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_call_of_the_stream_is_granted(tmp_path: Path) -> None:
    player = play_into(tmp_path / "stream.ledger", parse_scenario(stream_text(acts=150), path="stream"))
    player.hub.store.close()
    assert len(player.hub.picture.journal) >= 150
    assert [played.line for played in player.results if not played.met] == []
    assert sum(played.verdict == "granted" for played in player.results) >= 2


def test_append_says_how_it_compares_with_a_bare_insert() -> None:
    figures = bench_append(entries=40)
    assert figures["entries"] == 40
    assert {"p50_ms", "p99_ms", "peer_p50_ms", "ratio", "cpu_p50_ms"} <= figures.keys()


def test_audit_says_how_it_compares_with_openssl() -> None:
    figures = bench_audit(entries=600, acts=80)
    assert {"entries", "per_s", "openssl_per_s", "ratio", "hash_s", "root_s", "whole_s"} <= figures.keys()


def test_a_pack_is_accepted_by_all_four_verifiers() -> None:
    figures = bench_pack(remarks=3)
    pages = figures["pages"]
    assert isinstance(pages, int)
    assert pages >= 5
    said = {name: figures[name] for name in ("ours", "javascript", "pyhanko", "pdfsig")}
    assert set(said.values()) == {"accepts"}


def test_matrix_compares_every_claim() -> None:
    figures = bench_matrix(entries=400, claims=30, runs=1)
    assert sum(count for name, count in figures.items() if name.startswith("result_") and type(count) is int) == 30
    assert {"best_s", "worst_s", "target_s", "peer_s", "ratio"} <= figures.keys()


@pytest.mark.slow
def test_flips_finds_every_one() -> None:
    figures = bench_flips(acts=1, random_flips=25, whole_acts=1)
    assert (figures["missed"], figures["command_flips"]) == (0, 25)
    assert int(figures["bits_turned"] or 0) > 100_000


@pytest.mark.slow
def test_replay_measures_the_same_work_at_each_length() -> None:
    figures = bench_replay(acts=2_100, lengths=(900, 1_800))
    assert {"seconds", "acts", "judge_us_900", "apply_us_1800", "growth_judge", "growth_apply"} <= figures.keys()
    assert {"gate_p99_us_900", "gate_p99_us_1800", "growth_gate_p50"} <= figures.keys()
    assert int(figures["gates_asked"] or 0) >= 100


@pytest.mark.slow
def test_the_command_writes_the_figures_it_shows() -> None:
    result = CliRunner().invoke(bench, ["help", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output) == json.loads(Path("bench/results/help.json").read_text())


@pytest.mark.slow
def test_board_reads_every_act_on_every_stream_beside_a_bare_fan_out() -> None:
    figures = bench_board(boards=(8,), acts=6)
    assert {"boards", "p50_ms", "p99_ms", "peer_p99_ms", "ratio", "under_100x_load_p99_ms"} <= figures.keys()
    assert (figures["boards"], figures["lost"]) == (8, 0)
