"""From chances to an answer: likelihoods by class, the prior they need, a set of windows, and how far it all can move.

Promises: the unrecorded entry is always among the classes and always has a window; a posterior never comes without the
prior it was made with and the range it has over the stated sweep of priors; figures belong to classes and windows.

What it does not do: it names nobody. Those who had access to a window are listed by `trace`, in neutral order.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from coldcheck.custody.origin import TAIL, Find, Model, Reach, Rows, reach_of, rows_from, rows_of
from coldcheck.custody.origin_columns import (
    SOURCE_COUNT,
    Columns,
    Event,
    Flags,
    Floats,
    Ints,
    Source,
    Windows,
    in_one_hand,
    windows_of,
)

SWEEP: Final = (0.2, 1.0, 5.0)
"""Factors on the prior of each class: five times less, as given, five times more, in every combination."""
SHARE: Final = 0.9
"""The share of the whole that the set of windows holds, with a part of it hedged against a wrong prior."""
HEDGE: Final = 0.25
"""How much of the set of windows is chosen under the sweep of priors instead of the one that is printed (docs/origin.md)."""
_FACTORS: Final = np.array(tuple(product(SWEEP, repeat=SOURCE_COUNT)))
UNSEEN_HOURS: Final = 1 / 60
"""The exposure of the window that no record has: just before the find, where it was found. It keeps H7 in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record made ready for finds: its columns, windows and rows under one model.

    For each window: `row`, the first row after it (the number of rows where none comes), `rate`, its prior without the
    count of live stock, `share`, the chance that a round took another's place there, and `stock`, what that count says.
    `by_row` sorts the windows by row; `older` is the sum of the rates of all windows before each row. `trust` is the
    power that the likelihoods are taken to (`trust_in`).
    """

    columns: Columns
    windows: Windows
    model: Model
    rows: Rows
    row: Ints
    rate: Floats
    share: Floats
    stock: Floats
    by_row: Ints
    older: Floats
    trust: float

    @property
    def size(self) -> int:
        """How many windows there are."""
        return int(self.row.size)


def record_of(columns: Columns, model: Model) -> Record:
    """`columns` made ready, once, for any number of finds."""
    windows = windows_of(columns)
    rows = rows_of(columns, model)
    row = rows_from(rows.place, windows.place, np.searchsorted(rows.event, windows.event))
    row = np.where(row < 0, rows.size, row).astype(np.int32)
    rate = np.asarray(model.rates)[windows.source] * _hours_that_count(windows, model)
    stock = _stock_factors(columns, windows, model)
    weight = _totals(row, rate * np.maximum(stock, 1.0), rows.size + 1)
    return Record(
        columns=columns,
        windows=windows,
        model=model,
        rows=rows,
        row=row,
        rate=rate,
        share=_shares(windows, model),
        stock=stock,
        by_row=np.argsort(row, kind="stable").astype(np.int32),
        older=np.r_[0.0, np.cumsum(weight[:-1])],
        trust=trust_in(columns, model),
    )


def trust_in(columns: Columns, model: Model) -> float:
    """How far the likelihoods count: the share of moves that lay in one pair of hands by the record, but `least_trust`.

    What is moved lies in hands. A record that moves rounds between things in nobody's hands, or in two people's, has left
    out takings and puttings down, and with them, as often, moves between what it never saw together: of those no sum
    over recorded ways knows. 1 where every move lay in one pair of hands, or none is recorded.
    """
    held, every = in_one_hand(columns)
    return max(held / every, model.least_trust) if every else 1.0


def _hours_that_count(windows: Windows, model: Model) -> Floats:
    """The exposure of each window, a stretch in somebody's hands with `hand_hours` at most."""
    in_hand = _is_time(windows) & (windows.source == Source.OUTSIDE)
    hours: Floats = np.where(in_hand, np.minimum(windows.exposure, model.hand_hours), windows.exposure)
    return hours


def _stock_factors(columns: Columns, windows: Windows, model: Model) -> Floats:
    """The ratio each opening's window owes to the count of the live stock; 1 where there was none."""
    factors = np.ones(windows.place.size)
    counts = np.flatnonzero(columns.kind == Event.STOCK_COUNTED)
    if counts.size == 0:
        return factors
    of_opening = np.ones(int(max(windows.opening.max(initial=0), columns.note[counts].max())) + 1)
    short = model.stock_sees / model.stock_false
    whole = (1 - model.stock_sees) / (1 - model.stock_false)
    of_opening[columns.note[counts]] = np.where(columns.k[counts] > 0, short, whole)
    opened = windows.opening >= 0
    factors[opened] = of_opening[windows.opening[opened]]
    return factors


# --- one find ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Every window of one find: its prior rate and the chance of the find with it, in one order.

    `window` numbers the windows of the record, -1 for the one no record has. Those before the tail are left out.
    """

    window: Ints
    source: Ints
    prior: Floats
    chance: Floats

    def posterior(self, factors: Floats | None = None) -> Floats:
        """The share of each window, under the prior of each class times its factor. All 0 where nothing is possible."""
        prior = self.prior if factors is None else self.prior * factors[self.source]
        mass = prior * self.chance
        whole = float(mass.sum())
        return mass / whole if whole > 0 else mass

    def hedged(self, factors: Floats | None = None) -> Floats:
        """The share of each window when the prior itself may be off: `HEDGE` of it under the mean over the whole sweep."""
        given = self.posterior(factors)
        mass = _totals(self.source, given, SOURCE_COUNT)
        if mass.sum() <= 0:
            return given
        swept_mean = (_FACTORS / (_FACTORS @ mass)[:, None]).mean(axis=0)
        mixed: Floats = given * (1 - HEDGE + HEDGE * swept_mean[self.source])
        return mixed


def weigh(record: Record, find: Find, *, evidence: Floats | None = None) -> Weighed:
    """The windows that can explain `find`. `evidence` has one likelihood a class, of what the find itself shows."""
    stop = int(np.searchsorted(record.rows.event, find.event))
    # What is left out at the far end is taken to the same power, so it must be as much smaller.
    reach = reach_of(record.rows, find, older=record.older, tail=TAIL ** (1 / record.trust))
    kept = record.by_row[int(np.searchsorted(record.row, reach.first, sorter=record.by_row)) :]
    kept = kept[record.windows.first[kept] < find.event]
    row = np.where(record.row[kept] < stop, record.row[kept], -1)
    chance = _chances(reach, row, record.windows.place[kept], record.share[kept]) * record.stock[kept]
    if record.trust < 1:
        chance **= record.trust
    seen = kept[chance > 0]
    source = np.r_[record.windows.source[seen], np.int32(Source.UNRECORDED)].astype(np.int32)
    chance = np.r_[chance[chance > 0], sum(weight for _place, weight in find.chances)]
    if evidence is not None:
        chance = chance * evidence[source]
    return Weighed(
        window=np.r_[seen, -1].astype(np.int32),
        source=source,
        prior=np.r_[record.rate[seen], record.model.rates[Source.UNRECORDED] * UNSEEN_HOURS],
        chance=chance,
    )


def _shares(windows: Windows, model: Model) -> Floats:
    """For each window, the chance that a round took another's place there and did not make one too many."""
    may_add = (windows.opening >= 0) | _is_time(windows)
    shares: Floats = np.where(windows.swap, np.where(may_add, model.swap, 1.0), 0.0)
    return shares


def _totals(labels: Ints, weights: Floats, count: int) -> Floats:
    """The sum of the weights of each label, from label 0 on."""
    return np.bincount(labels, weights, minlength=count).astype(np.float64)


def _is_time(windows: Windows) -> Flags:
    timed: Flags = windows.first != windows.event
    return timed


def _chances(reach: Reach, row: Ints, place: Ints, share: Floats) -> Floats:
    """The chance of the find for a round that comes in before `row`, in another's place with chance `share`."""
    later = row >= 0
    spot = np.where(later, row - reach.first, 0)
    if reach.counted.size == 0:
        return reach.ends[place]
    counted = np.where(later, reach.counted[spot], reach.ends[place])
    surplus = np.where(later, reach.surplus[spot], reach.ends[place])
    chances: Floats = share * counted + (1 - share) * surplus
    return chances


# --- classes and the set of windows --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFigures:
    """One class of origin: how likely the find is under it, and what that gives with the prior named beside it.

    `likelihood` is relative to the likeliest class, so it needs no prior; 0 where the record has no way for it.
    `posterior` is under `prior`; `low` and `high` are its range over the sweep. `windows` counts its ways in.
    """

    source: Source
    likelihood: float
    prior: float
    posterior: float
    low: float
    high: float
    windows: int


def class_masses(weighed: Weighed) -> Floats:
    """The posterior of each class, in the order of `Source`."""
    return _totals(weighed.source, weighed.posterior(), SOURCE_COUNT)


def class_figures(record: Record, find: Find, weighed: Weighed) -> tuple[ClassFigures, ...]:
    """The figures of all classes, in the order of `Source`; none is ever left out."""
    begun = record.windows.first < find.event
    prior = _totals(record.windows.source[begun], record.rate[begun], SOURCE_COUNT)
    prior[Source.UNRECORDED] += record.model.rates[Source.UNRECORDED] * UNSEEN_HOURS
    mass = _totals(weighed.source, weighed.prior * weighed.chance, SOURCE_COUNT)
    likelihood = np.divide(mass, prior, out=np.zeros(SOURCE_COUNT), where=prior > 0)
    low, high = swept(mass)
    count = np.bincount(weighed.source, minlength=SOURCE_COUNT)
    most, whole = likelihood.max(), mass.sum()
    return tuple(
        ClassFigures(
            source=source,
            likelihood=float(likelihood[source] / most),
            prior=float(prior[source] / prior.sum()),
            posterior=float(mass[source] / whole),
            low=float(low[source]),
            high=float(high[source]),
            windows=int(count[source]),
        )
        for source in Source
    )


def swept(mass: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest posterior of each class over the sweep of priors, from the classes' masses."""
    all_masses = _FACTORS * mass
    shares = all_masses / all_masses.sum(axis=1, keepdims=True)
    return shares.min(axis=0), shares.max(axis=0)


def window_set(posterior: Floats, share: float = SHARE) -> Ints:
    """The fewest windows that hold `share` of the whole, likeliest first; numbers into `posterior`."""
    order = np.argsort(-posterior, kind="stable")
    held = np.cumsum(posterior[order])
    count = int(np.searchsorted(held, share * held[-1])) + 1 if held.size and held[-1] > 0 else 0
    return order[:count].astype(np.int32)


def ways(columns: Columns, find: Find, model: Model) -> tuple[float, float]:
    """How much of the whole needs a check that passed over the round, and how much needs a move nobody recorded."""
    # A part of the whole is one of sums over ways, so nothing is taken to a power here.
    model = replace(model, least_trust=1.0)
    whole = _mass(record_of(columns, model), find)
    if whole <= 0:
        return 0.0, 0.0
    checked = _mass(record_of(columns, replace(model, miss=(0.0,) * len(model.miss))), find)
    recorded = _mass(record_of(columns, replace(model, leak=0.0)), find)
    return 1 - checked / whole, 1 - recorded / whole


def _mass(record: Record, find: Find) -> float:
    weighed = weigh(record, find)
    return float(weighed.prior @ weighed.chance)
