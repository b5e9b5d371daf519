"""Which test would tell most next: each named test, how much it can be expected to settle, and what it costs.

A test looks for one way in: the footage of a day, the rest of the box that came by one receipt, the books of the live
stock around one opening, what everybody who had access has to say about one container on one day. Its answer is not
sure: `sees` is the chance that it speaks when the round did come in that way, `errs` that it speaks when it did not.

Promises: expected information is about which class the round came by and through which window, in bits; it is a figure
of the test, from the posterior alone. No test is about a person: whoever had access to a window is asked alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from coldcheck.custody.origin_columns import SOURCE_COUNT, Flags, Floats, Ints, Source, Windows
from coldcheck.custody.origin_posterior import Weighed


class Looking(StrEnum):
    """What is looked at. The value is the key of its words."""

    FOOTAGE = "footage_of_a_day"
    BOX = "rest_of_a_box"
    STOCK = "books_of_live_stock"
    ACCOUNTS = "accounts_of_all_with_access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """How well a kind of test tells, and what it costs, in hours of work."""

    sees: float
    errs: float
    hours: float


POWERS: Final = MappingProxyType(
    {
        Looking.FOOTAGE: Power(sees=0.8, errs=0.02, hours=8.0),
        Looking.BOX: Power(sees=0.7, errs=0.01, hours=2.0),
        Looking.STOCK: Power(sees=0.9, errs=0.05, hours=3.0),
        Looking.ACCOUNTS: Power(sees=0.3, errs=0.05, hours=4.0),
    }
)
"""Assumptions, like the rest of the model: they are shown with every suggestion."""
_ON_THE_DAY: Final = (Source.MIXED, Source.OUTSIDE, Source.UNRECORDED)
_RECEIPTS: Final = (Source.AS_RECEIVED, Source.REUSED, Source.COMMON_ANCESTOR, Source.WORN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTest:
    """One test: `about` is a day, a receipt's or an opening's event, or a container and day in one number."""

    kind: Looking
    about: int
    bits: float
    class_bits: float
    sees: float
    errs: float
    hours: float


def _labels(windows: Windows, weighed: Weighed, kind: Looking) -> Ints:
    """For each weighed window, the test of this kind that would speak of it; -1 for none."""
    known = weighed.window >= 0
    at = np.where(known, weighed.window, 0)
    if windows.place.size == 0:
        return np.full(weighed.window.size, -1, dtype=np.int32)
    of_day = np.isin(weighed.source, _ON_THE_DAY)
    match kind:
        case Looking.FOOTAGE:
            good, about = of_day, windows.day[at].astype(np.int64)
        case Looking.BOX:
            good, about = np.isin(weighed.source, _RECEIPTS), windows.event[at].astype(np.int64)
        case Looking.STOCK:
            good, about = windows.opening[at] >= 0, windows.event[at].astype(np.int64)
        case Looking.ACCOUNTS:
            places = int(windows.place.max()) + 1
            good, about = of_day, windows.day[at].astype(np.int64) * places + windows.place[at]
    return np.where(known & good, about, -1).astype(np.int64)


def next_tests(windows: Windows, weighed: Weighed, posterior: Floats) -> tuple[NextTest, ...]:
    """Every test that could speak, the most information about the class first, then about the window."""
    classes = np.bincount(weighed.source, posterior, minlength=SOURCE_COUNT).astype(np.float64)
    found = (test for kind in Looking for test in _of_kind(windows, weighed, posterior, classes, kind))
    return tuple(sorted(found, key=lambda test: (-test.class_bits, -test.bits, test.kind, test.about)))


def _of_kind(
    windows: Windows, weighed: Weighed, posterior: Floats, classes: Floats, kind: Looking
) -> Iterator[NextTest]:
    labels = _labels(windows, weighed, kind)
    spoken = labels >= 0
    if not spoken.any():
        return
    names, number = np.unique(labels[spoken], return_inverse=True)
    power = POWERS[kind]
    flat = number * SOURCE_COUNT + weighed.source[spoken]
    share = np.bincount(flat, posterior[spoken], minlength=names.size * SOURCE_COUNT).reshape(-1, SOURCE_COUNT)
    matched = share.sum(axis=1)
    speaks = power.errs + (power.sees - power.errs) * matched
    sure = matched * _bits(np.float64(power.sees)) + (1 - matched) * _bits(np.float64(power.errs))
    within = np.divide(share, classes, out=np.zeros_like(share), where=classes > 0)
    of_class = _bits(power.errs + (power.sees - power.errs) * np.minimum(within, 1.0)) @ classes
    whole = _bits(speaks)
    for spot in range(names.size):
        yield NextTest(
            kind=kind,
            about=int(names[spot]),
            bits=float(whole[spot] - sure[spot]),
            class_bits=float(whole[spot] - of_class[spot]),
            sees=power.sees,
            errs=power.errs,
            hours=power.hours,
        )


def _bits(chance: Floats | np.float64) -> Floats:
    """The entropy of a yes or no, in bits."""
    clipped = np.clip(chance, 1e-12, 1 - 1e-12)
    bits: Floats = -(clipped * np.log2(clipped) + (1 - clipped) * np.log2(1 - clipped))
    return bits


def matches(windows: Windows, weighed: Weighed, test: NextTest) -> Flags:
    """Which of the weighed windows the test would speak of."""
    flags: Flags = _labels(windows, weighed, test.kind) == test.about
    return flags


def after_test(windows: Windows, weighed: Weighed, posterior: Floats, test: NextTest, *, spoke: bool) -> Floats:
    """The posterior after a test's answer."""
    power = POWERS[test.kind]
    matched = matches(windows, weighed, test)
    speaks = np.where(matched, power.sees, power.errs)
    mass = posterior * (speaks if spoke else 1 - speaks)
    changed: Floats = mass / mass.sum()
    return changed
