"""The origin analysis against plain enumeration, and against evidence that is changed on purpose."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from coldcheck.custody.origin import TAIL, Find, Model, reach_of
from coldcheck.custody.origin_columns import Columns, Event, Source, in_one_hand, windows_of
from coldcheck.custody.origin_posterior import class_figures, record_of, trust_in, ways, weigh, window_set
from coldcheck.station.lab.sim import sim_world
from origin_worlds import PLACES, box_to_tray, columns_from, random_rows

MODEL = Model()


def enumerated(columns: Columns, place: int, *, surplus: bool, start: int, found: int, model: Model) -> float:
    """The chance of the find by walking every path of the round, one event after the other."""

    def walk(event: int, at: int, extra: int) -> float:
        if event == columns.size:
            return float(at == found)
        kind, k, n = Event(int(columns.kind[event])), int(columns.k[event]), int(columns.n[event])
        note = int(columns.note[event])
        if at != columns.a[event]:
            return walk(event + 1, at, extra)
        match kind:
            case Event.MOVED:
                away = k / max(n, k)
                return away * walk(event + 1, int(columns.b[event]), extra) + (1 - away) * walk(event + 1, at, extra)
            case Event.TOGETHER:
                away = model.leak
                return away * walk(event + 1, int(columns.b[event]), extra) + (1 - away) * walk(event + 1, at, extra)
            case Event.CHECKED:
                return (1 - (1 - model.miss[note]) * k / max(n, k)) * walk(event + 1, at, extra)
            case Event.PULLED:
                return (1 - model.hit) * walk(event + 1, at, extra)
            case Event.COUNTED if extra and note == 1:
                return model.count_sees / model.count_false * walk(event + 1, at, 0)
            case Event.COUNTED if extra and note == 0:
                return (1 - model.count_sees) / (1 - model.count_false) * walk(event + 1, at, extra)
            case _:
                return walk(event + 1, at, extra)

    return walk(start, place, int(surplus))


@pytest.mark.parametrize("seed", range(150))
def test_every_window_has_exactly_the_sum_over_all_its_paths(seed: int) -> None:
    chance = Random(seed)
    columns = columns_from(random_rows(chance, chance.randint(0, 11)))
    found = chance.randrange(PLACES)
    record = record_of(columns, MODEL)
    weighed = weigh(record, Find(event=columns.size, chances=((found, 1.0),)))
    windows = windows_of(columns)
    expected = {}
    for number in range(record.size):
        timed = windows.first[number] != windows.event[number]
        share = 0.0 if not windows.swap[number] else MODEL.swap if timed or windows.opening[number] >= 0 else 1.0
        way = (columns, int(windows.place[number]))
        start = int(windows.event[number])
        chance_of_find = share * enumerated(*way, surplus=False, start=start, found=found, model=MODEL)
        chance_of_find += (1 - share) * enumerated(*way, surplus=True, start=start, found=found, model=MODEL)
        if chance_of_find > 0:
            # Where the record moves rounds in nobody's hands, no likelihood counts in full.
            expected[number] = chance_of_find**record.trust
    got = dict(zip(weighed.window.tolist(), weighed.chance.tolist(), strict=True))
    assert got.pop(-1) == 1.0
    assert got == pytest.approx(expected, rel=1e-12)


def test_leaving_out_the_far_end_changes_nothing_that_can_be_seen() -> None:
    chance = Random(3)
    columns = columns_from(random_rows(chance, 60_000))
    record, find = record_of(columns, MODEL), Find(event=columns.size, chances=((1, 1.0),))
    part, whole = reach_of(record.rows, find, older=record.older), reach_of(record.rows, find)
    assert whole.first == 0
    assert part.first > 0
    assert np.array_equal(part.counted, whole.counted[part.first :])
    assert np.array_equal(part.surplus, whole.surplus[part.first :])
    kept = weigh(record, find)
    left_out = float(record.older[part.first]) * max(
        whole.counted[: part.first].max(), whole.surplus[: part.first].max()
    )
    assert left_out < 1e-8 * float(kept.prior @ kept.chance)


def test_a_move_out_of_one_pair_of_hands_takes_from_every_likelihood() -> None:
    """Hands that are not on record are a hole, and of what went through it no sum over recorded ways knows."""
    held = box_to_tray()
    columns = columns_from(held)
    assert in_one_hand(columns) == (1, 1)
    assert trust_in(columns, MODEL) == 1
    apart = columns_from([row for row in held if row[:2] != (Event.HELD, 1)])
    assert in_one_hand(apart) == (0, 1)
    assert trust_in(apart, MODEL) == MODEL.least_trust
    # To and from a person or a place, the hand of the other side is all there can be.
    assert in_one_hand(replace(apart, unheld=(1,))) == (1, 1)
    assert in_one_hand(replace(apart, unheld=(0, 1))) == (0, 0)
    find = Find(event=columns.size, chances=((1, 1.0),))
    full, less = weigh(record_of(columns, MODEL), find), weigh(record_of(apart, MODEL), find)
    span = [float(each.chance.max() / each.chance[each.chance > 0].min()) for each in (full, less)]
    assert span[1] == pytest.approx(span[0] ** MODEL.least_trust)


def test_in_the_models_own_world_every_move_lies_in_one_pair_of_hands() -> None:
    """So nothing is widened there, and its sureness still has to come true."""
    columns = sim_world(0, 1_000).read.columns
    held, every = in_one_hand(columns)
    assert held == every > 100
    assert trust_in(columns, MODEL) == 1


def test_a_stretch_in_hands_of_which_nobody_wrote_a_word_counts_for_an_hour() -> None:
    rates = []
    for hours in (0.5, 1.0, 300.0):
        columns = columns_from(box_to_tray())
        late = columns.at + np.where(np.arange(columns.size) > 2, int(60 * hours) - 20, 0).astype(np.int32)
        record = record_of(replace(columns, at=late, ends_at=int(late[-1]) + 10), MODEL)
        (silent,) = np.flatnonzero((record.windows.first == 2) & (record.windows.place == 1))
        assert record.windows.exposure[silent] == hours
        rates.append(float(record.rate[silent]))
    assert rates[0] < rates[1] == rates[2]


def test_what_is_left_out_at_the_far_end_stays_unseen_where_likelihoods_count_for_less() -> None:
    columns = columns_from(random_rows(Random(3), 60_000))
    record, find = record_of(columns, MODEL), Find(event=columns.size, chances=((1, 1.0),))
    assert record.trust < 0.5
    kept = weigh(record, find)
    whole = reach_of(record.rows, find)
    near = int(record.row[kept.window[kept.window >= 0]].min())
    far = np.maximum(whole.counted[:near], whole.surplus[:near]) ** record.trust
    left_out = float(np.diff(record.older[: near + 1]) @ far)
    assert left_out < 10 * TAIL * float(kept.prior @ kept.chance)


def shares(rows: list[tuple[int, ...]], *, found: int = 1) -> dict[Source, float]:
    record = record_of(columns_from(rows), MODEL)
    find = Find(event=len(rows), chances=((found, 1.0),))
    return {each.source: each.posterior for each in class_figures(record, find, weigh(record, find))}


def test_a_shortage_of_the_live_stock_speaks_for_mixing_and_a_whole_stock_against_it() -> None:
    plain = shares(box_to_tray())[Source.MIXED]
    short = shares(box_to_tray((Event.STOCK_COUNTED, 3, -1, 1, 0, 0, -1, 0)))[Source.MIXED]
    whole = shares(box_to_tray((Event.STOCK_COUNTED, 3, -1, 0, 0, 0, -1, 0)))[Source.MIXED]
    assert whole < plain < short


def test_a_check_of_each_round_before_the_find_speaks_for_a_later_way_in() -> None:
    check = (Event.CHECKED, 1, -1, 5, 5, 0, -1, 3)
    later = [Source.UNRECORDED]
    assert sum(shares(box_to_tray(check))[source] for source in later) > sum(
        shares(box_to_tray())[source] for source in later
    )
    assert shares(box_to_tray(check))[Source.AS_RECEIVED] < shares(box_to_tray())[Source.AS_RECEIVED]


def test_moving_more_of_the_box_speaks_more_for_the_box() -> None:
    few = box_to_tray()
    many = [(*row[:3], 9, *row[4:]) if row[0] == Event.MOVED else row for row in few]
    assert shares(few)[Source.AS_RECEIVED] < shares(many)[Source.AS_RECEIVED]


def test_a_count_of_one_too_many_speaks_for_an_added_round() -> None:
    added = (Event.COUNTED, 1, -1, 6, 5, 0, -1, 1)
    even = (Event.COUNTED, 1, -1, 5, 5, 0, -1, 0)
    assert shares(box_to_tray(added))[Source.AS_RECEIVED] < shares(box_to_tray(even))[Source.AS_RECEIVED]


def test_the_unrecorded_entry_is_in_every_answer_even_with_no_event_at_all() -> None:
    empty = columns_from([], ends_at=0)
    record = record_of(empty, MODEL)
    find = Find(event=0, chances=((0, 1.0),))
    weighed = weigh(record, find)
    assert weighed.window.tolist() == [-1]
    figures = class_figures(record, find, weighed)
    assert [each.source for each in figures] == list(Source)
    assert figures[Source.UNRECORDED].posterior == 1.0


def test_the_posterior_lies_within_its_sweep_and_the_classes_make_one() -> None:
    record = record_of(columns_from(box_to_tray()), MODEL)
    find = Find(event=record.columns.size, chances=((1, 1.0),))
    figures = class_figures(record, find, weigh(record, find))
    assert sum(each.posterior for each in figures) == pytest.approx(1.0)
    assert all(each.low <= each.posterior <= each.high for each in figures)


def test_the_set_of_windows_holds_its_share_and_no_window_too_many() -> None:
    posterior = np.array([0.05, 0.5, 0.15, 0.3])
    chosen = window_set(posterior)
    assert chosen.tolist() == [1, 3, 2]


def test_the_hedged_shares_give_rarer_classes_more_and_keep_the_order_within_each() -> None:
    record = record_of(columns_from(box_to_tray()), MODEL)
    weighed = weigh(record, Find(event=record.columns.size, chances=((1, 1.0),)))
    given, hedged = weighed.posterior(), weighed.hedged()
    assert hedged.sum() == pytest.approx(1.0)
    ratio = {
        source: hedged[weighed.source == source] / given[weighed.source == source] for source in set(weighed.source)
    }
    assert all(np.ptp(each) == pytest.approx(0.0) for each in ratio.values())
    masses = {source: float(given[weighed.source == source].sum()) for source in ratio}
    most, least = max(masses, key=masses.__getitem__), min(masses, key=masses.__getitem__)
    assert masses[most] > masses[least]
    assert ratio[least][0] > 1 > ratio[most][0]


def test_what_must_have_gone_wrong_on_the_way_is_told_apart_from_where_it_came_from() -> None:
    check = (Event.CHECKED, 1, -1, 5, 5, 0, -1, 0)
    columns = columns_from([(Event.RECEIVED, 0, -1, 10, 0, 0, 2, 0), (Event.MOVED, 0, 1, 5, 10, 0, -1, 0), check])
    missed, unrecorded = ways(columns, Find(event=3, chances=((1, 1.0),)), MODEL)
    assert missed > 0.9
    assert unrecorded == pytest.approx(0.0)


def test_a_model_is_named_by_all_its_parameters() -> None:
    assert Model().fingerprint() == Model().fingerprint()
    assert replace(Model(), leak=0.04).fingerprint() != Model().fingerprint()
