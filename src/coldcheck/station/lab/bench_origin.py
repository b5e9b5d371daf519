"""How well origins are found in worlds whose truth is known, and how well the figures say how sure they are.

Worlds are those of seeds 0 to n-1, never chosen. Each figure stands beside what people do without a calculation: ask the
last who had it, follow the label, ask whoever had it longest. The laboratory alone ranks persons, and only simulated
ones: it is how the analysis is compared with those habits, and no answer of the product holds such a figure.

`ece` is of the class named first, in ten bins, with its bootstrap interval; `ece_floor` is what a forecaster who is
exactly right about his own sureness would show on as many worlds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Final

import numpy as np

from coldcheck.custody.origin import Model
from coldcheck.custody.origin_columns import SOURCE_COUNT, Flags, Floats, Ints, Source
from coldcheck.custody.origin_next import after_test, matches, next_tests
from coldcheck.custody.origin_pairs import pair_figures
from coldcheck.custody.origin_posterior import Record, Weighed, class_masses, record_of, weigh, window_set
from coldcheck.station.lab.measured import Figures, percentile
from coldcheck.station.lab.sim import MODEL, TROUBLES, World, sim_two, sim_world
from coldcheck.station.lab.sim_blind_truth import blind_as_world
from coldcheck.station.lab.sim_second_truth import second_world

SUPPLIER: Final = -9
"""In the laboratory, whoever delivered: the "person" of what came as received."""
FIVE_TIMES: Final = 5.0
GUIDED_EVENTS: Final = 1_000
TWO_EVENTS: Final = 5_000
TROUBLED_EVENTS: Final = 1_000
TIMED_EVENTS: Final = 1_000_000
TESTS: Final = 5
SECOND_EVENTS_A_DAY: Final = 105
BINS: Final = 10
BOOTSTRAPS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the analysis said of one world, beside its truth; the wrong priors once with factor five either way.

    `person_sure` is the largest share any simulated person has: its mean is how often the best possible naming is right
    if the shares are, so that no method can do better in such worlds. `held` and `held_wrong` are the shares that the sets
    hold under the right prior: their mean is how often they hold the truth, without the chance of so few worlds.
    """

    sure: float
    masses: Floats
    source: Source
    person: bool
    person_sure: float
    day: bool
    window: bool
    covered: bool
    held: float
    held_wrong: tuple[float, float]
    covered_wrong: tuple[bool, bool]
    top_wrong: tuple[bool, bool]
    set_share: float
    ms: float
    habits: tuple[bool, ...]


HABITS: Final = ("last_custodian", "longest_custody", "prior_person", "prior_class", "label_class", "last_day")
"""What people do without a calculation, in the order of `Outcome.habits`."""
WRONG: Final = ((FIVE_TIMES, 1 / FIVE_TIMES), (1 / FIVE_TIMES, FIVE_TIMES))
"""Factors on the priors of "as received" and "mixed with other stock"."""


def outcome_of(world: World, model: Model = MODEL) -> Outcome:
    """The analysis of one world against its truth."""
    record = record_of(world.read.columns, model)
    began = perf_counter()
    weighed = weigh(record, world.find)
    posterior = weighed.posterior()
    masses = class_masses(weighed)
    ms = (perf_counter() - began) * 1e3
    truth = world.truth
    who, day = people_of(record, weighed), days_of(record, weighed)
    person = SUPPLIER if truth.source is Source.AS_RECEIVED else truth.person
    chosen = window_set(weighed.hedged())
    factors = [_factors(*pair) for pair in WRONG]
    wrong = [weighed.posterior(each) for each in factors]
    wrong_sets = [window_set(weighed.hedged(each)) for each in factors]
    return Outcome(
        sure=float(masses.max()),
        masses=masses,
        source=truth.source,
        person=_likeliest(who, posterior) == person,
        person_sure=float(np.bincount(np.unique(who, return_inverse=True)[1], posterior).max()),
        day=_likeliest(day, posterior) == truth.day,
        window=int(weighed.window[posterior.argmax()]) == truth.window,
        covered=truth.window in weighed.window[chosen],
        held=float(posterior[chosen].sum()),
        held_wrong=tuple(float(posterior[each].sum()) for each in wrong_sets),  # type: ignore[arg-type]  # two of them
        covered_wrong=tuple(truth.window in weighed.window[each] for each in wrong_sets),  # type: ignore[arg-type]  # two of them
        top_wrong=tuple(_likeliest(weighed.source, each) == truth.source for each in wrong),  # type: ignore[arg-type]  # as above
        set_share=chosen.size / max(record.size, 1),
        ms=ms,
        habits=_by_habit(world, record, weighed, person),
    )


def people_of(record: Record, weighed: Weighed) -> Ints:
    """Who had each weighed window, in the laboratory only."""
    known = np.where(weighed.window >= 0, record.windows.who[weighed.window], -2)
    return np.where(weighed.source == Source.AS_RECEIVED, SUPPLIER, known).astype(np.int32)


def days_of(record: Record, weighed: Weighed) -> Ints:
    """The day of each weighed window."""
    return np.where(weighed.window >= 0, record.windows.day[weighed.window], -1).astype(np.int32)


def _factors(received: float, mixed: float) -> Floats:
    factors = np.ones(SOURCE_COUNT)
    factors[Source.AS_RECEIVED], factors[Source.MIXED] = received, mixed
    return factors


def _likeliest(labels: Ints, weights: Floats) -> int:
    names, number = np.unique(labels, return_inverse=True)
    return int(names[np.bincount(number, weights).argmax()])


def _by_habit(world: World, record: Record, weighed: Weighed, person: int) -> tuple[bool, ...]:
    """Whether each habit of `HABITS` names the right person, class or day."""
    place, truth, windows = world.find.chances[0][0], world.truth, record.windows
    here = np.flatnonzero((windows.place == place) & (windows.who >= 0))
    last = int(windows.who[here[-1]]) if here.size else -2
    held = _likeliest(windows.who[here], windows.exposure[here]) if here.size else -2
    prior = weighed.prior / weighed.prior.sum()
    label = Source.AS_RECEIVED
    last_day = int(world.read.columns.at[-1]) // 1440
    return (
        last == person,
        held == person,
        _likeliest(people_of(record, weighed), prior) == person,
        _likeliest(weighed.source, prior) == truth.source,
        label == truth.source,
        last_day == truth.day,
    )


# --- how sure, how right -------------------------------------------------------------------------------------------


def calibration_error(sure: Floats, right: Floats) -> float:
    """The mean distance between how sure and how often right, over ten bins of sureness."""
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    gap = np.abs(np.bincount(bins, sure, minlength=BINS) - np.bincount(bins, right, minlength=BINS))
    return float(gap.sum() / count.sum())


def calibration(sure: Floats, right: Floats, *, name: str = "ece") -> Figures:
    """The error, its 95 % bootstrap interval, and what an exactly right forecaster would show."""
    chance = np.random.default_rng(0)
    size = sure.size
    picks = [chance.integers(0, size, size) for _ in range(BOOTSTRAPS)]
    errors = np.array([calibration_error(sure[pick], right[pick]) for pick in picks])
    floor = np.mean([calibration_error(sure, (chance.random(size) < sure).astype(float)) for _ in range(BOOTSTRAPS)])
    return {
        name: round(calibration_error(sure, right), 4),
        f"{name}_low": round(float(np.percentile(errors, 2.5)), 4),
        f"{name}_high": round(float(np.percentile(errors, 97.5)), 4),
        f"{name}_floor": round(float(floor), 4),
    }


def _share(flags: Sequence[bool] | Flags) -> float:
    return round(float(np.mean(flags)), 4)


def class_figures_of(outcomes: list[Outcome]) -> Figures:
    """The figures of the class, person, day and window named first, of the 90 % sets, and of wrong priors."""
    masses = np.array([each.masses for each in outcomes])
    truth = np.array([each.source for each in outcomes])
    named = masses.argmax(axis=1)
    sure = np.array([each.sure for each in outcomes])
    told = np.eye(SOURCE_COUNT)[truth]
    return {
        "class_top1": _share(named == truth),
        **calibration(sure, (named == truth).astype(np.float64)),
        "ece_every_class": round(calibration_error(masses.ravel(), told.ravel()), 4),
        "brier": round(float(((masses - told) ** 2).sum(axis=1).mean()), 4),
        "person_top1": _share([each.person for each in outcomes]),
        "person_top1_expected": round(float(np.mean([each.person_sure for each in outcomes])), 4),
        "day_top1": _share([each.day for each in outcomes]),
        "window_top1": _share([each.window for each in outcomes]),
        "coverage90": _share([each.covered for each in outcomes]),
        "coverage90_expected": round(float(np.mean([each.held for each in outcomes])), 4),
        "set_share_of_windows": round(float(np.mean([each.set_share for each in outcomes])), 5),
        "coverage90_received_x5": _share([each.covered_wrong[0] for each in outcomes]),
        "coverage90_mixed_x5": _share([each.covered_wrong[1] for each in outcomes]),
        "coverage90_received_x5_expected": round(float(np.mean([each.held_wrong[0] for each in outcomes])), 4),
        "coverage90_mixed_x5_expected": round(float(np.mean([each.held_wrong[1] for each in outcomes])), 4),
        "class_top1_received_x5": _share([each.top_wrong[0] for each in outcomes]),
        "class_top1_mixed_x5": _share([each.top_wrong[1] for each in outcomes]),
        "ms_p50": round(percentile([each.ms for each in outcomes], 0.5), 3),
        "ms_p99": round(percentile([each.ms for each in outcomes], 0.99), 3),
        **{f"baseline_{name}": _share([each.habits[spot] for each in outcomes]) for spot, name in enumerate(HABITS)},
    }


# --- tests, two finds, time ----------------------------------------------------------------------------------------


def guided_figures(n: int, *, events: int = GUIDED_EVENTS) -> Figures:
    """The class named first after five tests chosen by information, and after five chosen at random."""
    guided = [_after_tests(seed, events, guided=True) for seed in range(n)]
    at_random = [_after_tests(seed, events, guided=False) for seed in range(n)]
    return {
        "tests_events": events,
        "tests_n": n,
        "tests_class_top1_before": round(float(np.mean([each[0] for each in guided])), 4),
        "tests_class_top1_guided": round(float(np.mean([each[1] for each in guided])), 4),
        "tests_class_top1_random": round(float(np.mean([each[1] for each in at_random])), 4),
        "tests_day_top1_before": round(float(np.mean([each[2] for each in guided])), 4),
        "tests_day_top1_guided": round(float(np.mean([each[3] for each in guided])), 4),
        "tests_day_top1_random": round(float(np.mean([each[3] for each in at_random])), 4),
    }


def _after_tests(seed: int, events: int, *, guided: bool) -> tuple[bool, bool, bool, bool]:
    """Whether class and day named first were right before and after the tests of one world."""
    world = sim_world(seed, events)
    record = record_of(world.read.columns, MODEL)
    weighed = weigh(record, world.find)
    posterior, chance = weighed.posterior(), Random(f"tests/{seed}")
    days, truth = days_of(record, weighed), world.truth
    right = [(_likeliest(weighed.source, posterior) == truth.source, _likeliest(days, posterior) == truth.day)]
    done: set[tuple[str, int]] = set()
    for _ in range(TESTS):
        open_tests = [
            test for test in next_tests(record.windows, weighed, posterior) if (test.kind, test.about) not in done
        ]
        if not open_tests:
            break
        test = open_tests[0] if guided else chance.choice(open_tests)
        done.add((test.kind, test.about))
        really = bool(matches(record.windows, weighed, test)[weighed.window == truth.window].any())
        spoke = chance.random() < (test.sees if really else test.errs)
        posterior = after_test(record.windows, weighed, posterior, test, spoke=spoke)
    right.append((_likeliest(weighed.source, posterior) == truth.source, _likeliest(days, posterior) == truth.day))
    return right[0][0], right[1][0], right[0][1], right[1][1]


def two_figures(n: int, *, events: int = TWO_EVENTS) -> Figures:
    """Whether two finds came in together: how often right, and how well the figures say how sure they are."""
    shares, truth, spent = [], [], []
    for seed in range(n):
        two = sim_two(seed, events)
        record = record_of(two.world.read.columns, MODEL)
        began = perf_counter()
        shares.append(pair_figures(record, two.world.find, two.second).share_together())
        spent.append((perf_counter() - began) * 1e3)
        truth.append(two.together)
    share, said = np.array(shares), np.array(truth, dtype=np.float64)
    return {
        "two_events": events,
        "two_n": n,
        "two_accuracy": round(float(np.mean((share > 0.5) == said)), 4),  # noqa: PLR2004  # more likely than not
        **calibration(share, said, name="two_ece"),
        "two_together_share": round(float(said.mean()), 4),
        "two_ms_p50": round(percentile(spent, 0.5), 1),
    }


def second_figures(n: int, *, events: int) -> Figures:
    """The figures of the worlds of the second simulator, read with the parameters of the first."""
    worlds = (second_world(seed, days=max(events // SECOND_EVENTS_A_DAY, 6)) for seed in range(n))
    return {"second_n": n, **_shown("second", worlds)}


def blind_figures(n: int, *, events: int) -> Figures:
    """The figures of the worlds that were written without the model; the same with no hole in the book beside them."""
    as_it_is = (blind_as_world(seed, events=events) for seed in range(n))
    complete = (blind_as_world(seed, events=events, complete=True) for seed in range(n))
    return {"blind_n": n, **_shown("blind", as_it_is), **_shown("blind_all_written", complete)}


def bench_blind(*, events: int = 10_000, n: int = 250) -> Figures:
    """The simulator written without the model, by itself."""
    return {"model": MODEL.fingerprint(), "events": events, **blind_figures(n, events=events)}


def _shown(name: str, worlds: Iterable[World]) -> Figures:
    """What is reported of a simulator other than the model's own."""
    figures = class_figures_of([outcome_of(world) for world in worlds])
    shown = ("class_top1", "ece", "ece_low", "ece_high", "ece_floor", "person_top1", "day_top1", "coverage90")
    baselines = ("baseline_last_custodian", "baseline_prior_person", "baseline_prior_class", "baseline_label_class")
    expected = ("coverage90_expected", "set_share_of_windows")
    return {f"{name}_{each}": figures[each] for each in (*shown, *expected, *baselines)}


def trouble_figures(n: int, *, events: int = TROUBLED_EVENTS) -> Figures:
    """The figures of worlds with one trouble of a real production each, read by a model that knows nothing of it."""
    out: Figures = {"trouble_events": events, "trouble_n": n}
    for name, habits in TROUBLES.items():
        figures = class_figures_of([outcome_of(sim_world(seed, events, habits)) for seed in range(n)])
        out |= {f"trouble_{name}_{each}": figures[each] for each in ("class_top1", "coverage90", "ece", "ece_floor")}
    return out


def time_figures(*, events: int = TIMED_EVENTS, finds: int = 9) -> Figures:
    """How long one find takes in a long record, and how long the record takes to be made ready, once."""
    world = sim_world(0, events)
    began = perf_counter()
    record = record_of(world.read.columns, MODEL)
    ready = perf_counter() - began
    spent = []
    for _ in range(finds):
        began = perf_counter()
        class_masses(weigh(record, world.find))
        spent.append((perf_counter() - began) * 1e3)
    return {
        "time_events": world.read.columns.size,
        "time_ms_p50": round(percentile(spent, 0.5), 1),
        "time_ms_max": round(max(spent), 1),
        "time_ready_ms": round(ready * 1e3, 1),
    }


def against_habits(named: Figures) -> Figures:
    """The class named first against the best habit of naming one, as a ratio, and all habits in one line."""
    rivals = [float(named[f"baseline_{name}"] or 0) for name in ("prior_class", "label_class")]
    best = max(rivals)
    told = ", ".join(f"{name} {named[f'baseline_{name}']}" for name in HABITS)
    return {"baselines": told, "ratio": round(float(named["class_top1"] or 0) / best, 2) if best else None}


def bench_origin(*, events: int = 10_000, n: int = 1_000) -> Figures:
    """All figures. The parts with more work a world take fewer worlds, never fewer than a tenth of `n`."""
    named = class_figures_of([outcome_of(sim_world(seed, events)) for seed in range(n)])
    return {
        "events": events,
        "n": n,
        "model": MODEL.fingerprint(),
        **named,
        **against_habits(named),
        **guided_figures(max(n // 2, 1)),
        **two_figures(max(n // 4, 1)),
        **second_figures(max(n // 4, 1), events=events),
        **blind_figures(max(n // 4, 1), events=events),
        **time_figures(),
        "person_top1_why": _why_no_more(named),
        "target": "class_top1 >= 0.70, person_top1 >= 0.70, ece <= 0.03, coverage90 0.88-0.92, x5 >= 0.85,"
        " tests_guided >= 0.85, two_accuracy >= 0.88, two_ece <= 0.04, time_ms < 100",
    }


def _why_no_more(named: Figures) -> str:
    """What bounds the naming of a simulated person, whatever the method: how sure the exact sums are on the mean."""
    bound = named["person_top1_expected"]
    return (
        f"no naming from the record can be right in more than {bound} of these worlds but by chance: that is the mean of"
        " the largest share any simulated person has (docs/origin.md)"
    )


def bench_troubles(*, n: int = 200, events: int = TROUBLED_EVENTS, named_events: int = 10_000) -> Figures:
    """Each trouble of a real production by itself; and how often the best possible naming of a simulated person is right."""
    named = class_figures_of([outcome_of(sim_world(seed, named_events)) for seed in range(n)])
    return {
        "model": MODEL.fingerprint(),
        "named_events": named_events,
        "n": n,
        **{name: named[name] for name in ("person_top1", "person_top1_expected", "class_top1", "coverage90")},
        **trouble_figures(n, events=events),
    }
