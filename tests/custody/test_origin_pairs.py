"""Two finds against plain enumeration of both paths; tests by their information; looks and groups."""

from itertools import product
from random import Random

import numpy as np
import pytest

from coldcheck.custody.origin import Find, Model
from coldcheck.custody.origin_columns import Columns, Event, Source
from coldcheck.custody.origin_findings import FACTORS, QUESTIONS, evidence_of, groups_of, same_look
from coldcheck.custody.origin_next import POWERS, Looking, after_test, matches, next_tests
from coldcheck.custody.origin_pairs import TWO_FALSE, pair_figures
from coldcheck.custody.origin_posterior import UNSEEN_HOURS, Record, record_of, weigh
from origin_worlds import PLACES, box_to_tray, columns_from, random_rows

MODEL = Model()
State = tuple[int, int] | None
"""Where a round lies and whether it is one too many; None before it comes in."""


def both_found(columns: Columns, starts: tuple[int, int], states: tuple[State, State], ends: tuple[int, int]) -> float:
    """The chance of both finds by walking every pair of paths, one event after the other."""
    first, second = starts

    def walk(event: int, one: State, other: State) -> float:
        one = states[0] if event == first else one
        other = states[1] if event == second else other
        if event == columns.size:
            assert one is not None
            assert other is not None
            return float(one[0] == ends[0] and other[0] == ends[1])
        return sum(
            chance * walk(event + 1, one_then, other_then)
            for chance, one_then, other_then in outcomes(columns, event, one, other)
            if chance
        )

    return walk(min(first, second), None, None)


def outcomes(columns: Columns, event: int, one: State, other: State) -> list[tuple[float, State, State]]:
    """Every way one event can go for two rounds, each with its chance or its ratio."""
    place, k = int(columns.a[event]), int(columns.k[event])
    n, note, kind = max(int(columns.n[event]), k), int(columns.note[event]), Event(int(columns.kind[event]))
    here = [state is not None and state[0] == place for state in (one, other)]
    states = [one, other]
    go = k / max(n, 1) if kind is Event.MOVED else MODEL.leak
    match kind:
        case Event.MOVED | Event.TOGETHER:
            moved = [(int(columns.b[event]), state[1]) if state is not None else None for state in states]
            if all(here):
                both = k * (k - 1) / (n * (n - 1)) if kind is Event.MOVED and n > 1 else go * go
                both = go * MODEL.bulk if kind is Event.TOGETHER else both
                single = go - both
                return [
                    (both, moved[0], moved[1]),
                    (single, moved[0], other),
                    (single, one, moved[1]),
                    (1 - 2 * single - both, one, other),
                ]
            if here[0]:
                return [(go, moved[0], other), (1 - go, one, other)]
            return [(go, one, moved[1]), (1 - go, one, other)] if here[1] else [(1.0, one, other)]
        case Event.CHECKED:
            return [((1 - (1 - MODEL.miss[note]) * k / max(n, 1)) ** sum(here), one, other)]
        case Event.PULLED:
            return [((1 - MODEL.hit) ** sum(here), one, other)]
        case Event.COUNTED:
            return counted([state if at else None for state, at in zip(states, here, strict=True)], note, one, other)
        case _:
            return [(1.0, one, other)]


def counted(there: list[State], note: int, one: State, other: State) -> list[tuple[float, State, State]]:
    extra = sum(state is not None and state[1] for state in there)
    plain = [
        (state[0], 0) if state is not None and seen is not None else state
        for state, seen in zip((one, other), there, strict=True)
    ]
    if extra == 0 or note not in {0, 1, 2}:
        return [(1.0, one, other)]
    match (note, extra):
        case (0, _):
            return [((1 - MODEL.count_sees) / (1 - MODEL.count_false), one, other)]
        case (1, 1):
            return [(MODEL.count_sees / MODEL.count_false, plain[0], plain[1])]
        case (1, 2):
            return [(0.0, one, other)]
        case (2, 2):
            return [(MODEL.count_sees / TWO_FALSE, plain[0], plain[1])]
        case _:
            return [(1.0, one, other)]


def enumerated_pair(record: Record, ends: tuple[int, int]) -> tuple[float, float]:
    """The likelihoods of together and apart, window by window and path by path."""
    windows, columns = record.windows, record.columns
    whole = float(record.rate.sum()) + MODEL.rates[Source.UNRECORDED] * UNSEEN_HOURS
    together = apart = 0.0
    layers = [((0, float(record.share[w])), (1, 1 - float(record.share[w]))) for w in range(record.size)]
    for window in range(record.size):
        start, place = int(windows.event[window]), int(windows.place[window])
        for layer, chance in layers[window]:
            state = (place, layer)
            together += float(record.rate[window]) * chance * both_found(columns, (start, start), (state, state), ends)
    for one, other in product(range(record.size), repeat=2):
        rate = float(record.rate[one] * record.rate[other])
        starts = (int(windows.event[one]), int(windows.event[other]))
        for (first, chance), (second, also) in product(layers[one], layers[other]):
            states = ((int(windows.place[one]), first), (int(windows.place[other]), second))
            apart += rate * chance * also * both_found(columns, starts, states, ends)
    return together / whole, apart / whole**2


@pytest.mark.parametrize("seed", range(40))
def test_two_finds_have_exactly_the_sum_over_all_pairs_of_paths(seed: int) -> None:
    chance = Random(f"pairs/{seed}")
    columns = columns_from(random_rows(chance, chance.randint(2, 7)))
    record = record_of(columns, MODEL)
    ends = (chance.randrange(PLACES), chance.randrange(PLACES))
    finds = [Find(event=columns.size, chances=((place, 1.0),)) for place in ends]
    figures = pair_figures(record, finds[0], finds[1])
    assert (figures.together, figures.apart) == pytest.approx(enumerated_pair(record, ends), rel=1e-9, abs=1e-15)


def test_the_information_of_a_test_is_what_its_answers_take_from_the_doubt() -> None:
    record = record_of(columns_from(box_to_tray()), MODEL)
    weighed = weigh(record, Find(event=record.columns.size, chances=((1, 1.0),)))
    posterior = weighed.posterior()
    for test in next_tests(record.windows, weighed, posterior):
        matched = matches(record.windows, weighed, test)
        speaks = float((posterior * np.where(matched, test.sees, test.errs)).sum())
        after = [after_test(record.windows, weighed, posterior, test, spoke=spoke) for spoke in (True, False)]
        left = speaks * bits(after[0]) + (1 - speaks) * bits(after[1])
        assert test.bits == pytest.approx(bits(posterior) - left, abs=1e-9)
        assert test.hours == POWERS[Looking(test.kind)].hours


def bits(shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    kept = shares[shares > 0]
    return float(-(kept * np.log2(kept)).sum())


def test_every_question_of_the_findings_has_answers_that_make_one() -> None:
    for question in QUESTIONS:
        rows = [row for (asked, _answer), row in FACTORS.items() if asked == question]
        assert np.allclose(np.sum(rows, axis=0), 1.0), question


def test_findings_move_the_kinds_of_story_the_right_way_and_unknown_moves_nothing() -> None:
    assert evidence_of({"headstamp": "unknown"}).tolist() == [1.0] * len(Source)
    lot, stock = evidence_of({"headstamp": "as_the_lot"}), evidence_of({"headstamp": "of_the_live_stock"})
    assert lot.argmax() == Source.AS_RECEIVED
    assert stock.argmax() == Source.MIXED
    more = evidence_of({"headstamp": "as_the_lot", "sweep_of_the_box": "more_live"})
    assert more[Source.OUTSIDE] < lot[Source.OUTSIDE]


def test_two_that_look_alike_speak_for_one_origin() -> None:
    same, other = {"headstamp": "of_components"}, {"headstamp": "as_the_lot"}
    assert same_look(same, same) > 1 > same_look(same, other)
    assert same_look(same, {}) == 1.0


def test_up_to_five_finds_are_put_into_every_grouping_once() -> None:
    record = record_of(columns_from(box_to_tray()), MODEL)
    finds = [Find(event=record.columns.size, chances=((place, 1.0),)) for place in (1, 1, 0, 1, 2)]
    told = groups_of(record, finds, together=0.5)
    assert told.exact
    grouped = told.ranked
    assert len(grouped) == 52
    assert sum(share for _groups, share in grouped) == pytest.approx(1.0)
    assert [share for _groups, share in grouped] == sorted((share for _groups, share in grouped), reverse=True)
    assert all(sorted(find for group in groups for find in group) == [0, 1, 2, 3, 4] for groups, _share in grouped)
