"""The laboratory's measure of origins: sureness that comes true, wrong ones that are noticed, persons only in here."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from coldcheck.custody import origin_answer
from coldcheck.custody.origin import Model
from coldcheck.custody.origin_posterior import record_of, weigh
from coldcheck.station.lab.bench_origin import (
    blind_figures,
    calibration,
    calibration_error,
    class_figures_of,
    guided_figures,
    outcome_of,
    second_figures,
    time_figures,
    two_figures,
)
from coldcheck.station.lab.sim import MODEL, sim_world

CALCULATING = ("origin.py", "origin_posterior.py", "origin_pairs.py", "origin_next.py", "origin_findings.py")


def test_a_forecaster_who_is_right_as_often_as_he_says_has_almost_no_error_and_a_boaster_has_much() -> None:
    chance = np.random.default_rng(1)
    sure = chance.random(20_000)
    right = (chance.random(20_000) < sure).astype(np.float64)
    assert calibration_error(sure, right) < 0.02
    assert calibration_error(np.full(1000, 0.95), np.zeros(1000) + (np.arange(1000) % 2)) == pytest.approx(0.45)
    told = calibration(sure[:500], right[:500])
    assert {"ece", "ece_low", "ece_high", "ece_floor"} == set(told)


@pytest.mark.slow
def test_in_the_worlds_of_the_model_what_is_said_to_be_sure_comes_true() -> None:
    outcomes = [outcome_of(sim_world(seed, 400)) for seed in range(250)]
    right = np.array([each.masses.argmax() == each.source for each in outcomes])
    sure = np.array([each.sure for each in outcomes])
    covered = np.mean([each.covered for each in outcomes])
    # Three times the noise of 250 worlds: a wrong likelihood was off by more.
    assert abs(sure.mean() - right.mean()) < 0.09
    assert 0.84 < covered < 0.98


@pytest.mark.slow
def test_a_likelihood_that_is_wrong_shows_in_the_sureness() -> None:
    wrong = Model(
        miss=(0.02, 0.02, 0.9, 0.98), count_sees=0.02, count_false=0.9, stock_sees=0.02, stock_false=0.9,
        rates=MODEL.rates,
    )  # fmt: skip
    outcomes = [outcome_of(sim_world(seed, 400), wrong) for seed in range(120)]
    right = np.array([each.masses.argmax() == each.source for each in outcomes])
    assert np.mean([each.sure for each in outcomes]) - right.mean() > 0.15


def test_the_parts_of_the_bench_give_their_figures() -> None:
    figures = class_figures_of([outcome_of(sim_world(seed, 300)) for seed in range(3)])
    assert {"class_top1", "person_top1", "day_top1", "ece", "coverage90", "ms_p50"} <= set(figures)
    assert guided_figures(1, events=300)["tests_n"] == 1
    assert two_figures(1, events=300)["two_n"] == 1
    assert second_figures(1, events=300)["second_n"] == 1
    assert {"blind_class_top1", "blind_all_written_coverage90"} <= set(blind_figures(1, events=400))
    assert time_figures(events=400, finds=1)["time_ms_p50"] is not None


def test_nothing_that_calculates_reads_who_had_a_window() -> None:
    folder = Path(origin_answer.__file__).parent
    for name in CALCULATING:
        assert ".who" not in (folder / name).read_text(encoding="utf-8"), name


def test_changing_who_had_every_window_changes_no_figure() -> None:
    world = sim_world(2, 300)
    columns, chance = world.read.columns, Random(5)
    people = sorted({who for who in columns.who.tolist() if who >= 0})
    names = dict(zip(people, chance.sample(people, len(people)), strict=True))
    renamed = replace(columns, who=np.array([names.get(who, who) for who in columns.who.tolist()], dtype=np.int32))
    one, other = weigh(record_of(columns, MODEL), world.find), weigh(record_of(renamed, MODEL), world.find)
    assert np.array_equal(one.posterior(), other.posterior())
