"""What a find shows by itself: headstamp, primer, weight, rattle, the sweep of what it lay with, as factors by kind of story.

Each answer has a likelihood under every class of origin; the product is one factor a class, and the rest of the analysis
takes it as it comes (`origin_posterior.weigh`). Nothing is found to be so by a factor near one: unknown stays unknown.
`groups_of` puts up to five finds into those that came in together, by the sum over the paths of all of them at once.

What it does not do: it does not look at a round. The table is an assumption like the rates, shown with every answer; a
laboratory that knows better brings its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np

from coldcheck.custody.origin import Find
from coldcheck.custody.origin_columns import SOURCE_COUNT, Floats, Source
from coldcheck.custody.origin_joint import Groups, fits, grouping_likelihoods, grouping_shares, partitions
from coldcheck.custody.origin_pairs import PairFigures, pair_figures
from coldcheck.custody.origin_posterior import Record

MOST_FINDS: Final = 5

#                received mixed reused ancestor worn outside unrecorded
FACTORS: Final[Mapping[tuple[str, str], tuple[float, ...]]] = MappingProxyType(
    {
        ("headstamp", "as_the_lot"): (0.9, 0.2, 0.5, 0.4, 0.4, 0.15, 0.2),
        ("headstamp", "of_the_live_stock"): (0.05, 0.75, 0.2, 0.3, 0.3, 0.3, 0.3),
        ("headstamp", "of_components"): (0.05, 0.05, 0.3, 0.3, 0.3, 0.55, 0.5),
        ("primer", "as_the_lot"): (0.9, 0.3, 0.5, 0.5, 0.4, 0.3, 0.3),
        ("primer", "another"): (0.1, 0.7, 0.5, 0.5, 0.6, 0.7, 0.7),
        ("weight", "as_the_lot"): (0.5, 0.2, 0.4, 0.3, 0.3, 0.2, 0.2),
        ("weight", "another"): (0.5, 0.8, 0.6, 0.7, 0.7, 0.8, 0.8),
        ("rattle", "yes"): (0.15, 0.02, 0.1, 0.1, 0.05, 0.05, 0.05),
        ("rattle", "no"): (0.85, 0.98, 0.9, 0.9, 0.95, 0.95, 0.95),
        ("sweep_of_the_box", "more_live"): (0.5, 0.25, 0.4, 0.4, 0.2, 0.1, 0.1),
        ("sweep_of_the_box", "no_more"): (0.5, 0.75, 0.6, 0.6, 0.8, 0.9, 0.9),
    }
)
"""The chance of each answer under each class, in the order of `Source`; those of one question add to one."""
QUESTIONS: Final = tuple(dict.fromkeys(question for question, _answer in FACTORS))


def evidence_of(findings: Mapping[str, str]) -> Floats:
    """One likelihood a class, of all answers together; a question that was not asked, or "unknown", changes nothing.

    Raises KeyError for an answer that no table row has.
    """
    told = np.ones(SOURCE_COUNT)
    for question, answer in findings.items():
        if answer != "unknown":
            told = told * np.asarray(FACTORS[question, answer])
    most = told.max()
    out: Floats = told / most
    return out


def same_look(one: Mapping[str, str], other: Mapping[str, str], *, alike: float = 0.9) -> float:
    """The ratio by which two finds' looks speak for one origin: `alike` is how often two of one origin look the same.

    Two of different origins look the same as often as two answers drawn from the table with every class alike.
    """
    ratio = 1.0
    for question in QUESTIONS:
        first, second = one.get(question, "unknown"), other.get(question, "unknown")
        if "unknown" in {first, second} or question == "sweep_of_the_box":
            continue
        shares = [np.mean(row) for (asked, _answer), row in FACTORS.items() if asked == question]
        by_chance = float(sum(share * share for share in shares))
        ratio *= alike / by_chance if first == second else (1 - alike) / (1 - by_chance)
    return ratio


# --- several finds -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Every grouping of some finds with its posterior, the likeliest first.

    `exact` is False where the record has too many places for the sum over all of them at once: then each two were
    compared exactly, and a group of more is weighed by the mean of its pairs for each find beyond the first.
    """

    ranked: tuple[tuple[Groups, float], ...]
    exact: bool


def groups_of(
    record: Record, finds: Sequence[Find], *, together: float, looks: Sequence[Mapping[str, str]] = ()
) -> Grouped:
    """Every way to put up to five finds into groups of one origin; `together` is the prior that two came in together."""
    assert 1 <= len(finds) <= MOST_FINDS, "up to five finds are compared"
    exact = fits(record, finds)
    alike = {
        pair: log(same_look(looks[pair[0]], looks[pair[1]])) if looks else 0.0
        for pair in combinations(range(len(finds)), 2)
    }
    if exact:
        shares = grouping_shares(grouping_likelihoods(record, finds), together=together)
        scores = {groups: log(share) if share > 0 else -_FAR for groups, share in shares.items()}
    else:
        odds = {pair: _log_odds(pair_figures(record, finds[pair[0]], finds[pair[1]]), together) for pair in alike}
        scores = {
            groups: sum(_worth(group, odds) for group in groups) for groups in partitions(tuple(range(len(finds))))
        }
    scores = {groups: score + sum(_worth(group, alike) for group in groups) for groups, score in scores.items()}
    most = max(scores.values())
    whole = sum(exp(score - most) for score in scores.values())
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    return Grouped(ranked=tuple((groups, exp(score - most) / whole) for groups, score in ranked), exact=exact)


_FAR: Final = 1e3
"""The log of no chance at all, kept finite."""


def _log_odds(figures: PairFigures, together: float) -> float:
    """The log odds of together against apart, kept finite where the record has no way for one of them."""
    share = min(max(figures.share_together(together), 1e-12), 1 - 1e-12)
    return log(share / (1 - share))


def _worth(group: tuple[int, ...], odds: Mapping[tuple[int, int], float]) -> float:
    pairs = [odds[pair] for pair in combinations(group, 2)]
    return (len(group) - 1) * sum(pairs) / len(pairs) if pairs else 0.0


assert all(len(row) == SOURCE_COUNT == len(Source) for row in FACTORS.values())
