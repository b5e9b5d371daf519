"""What a find shows by itself: headstamp, primer, weight, rattle, the sweep of what it lay with, as factors by kind of story.

Each answer has a likelihood under every class of origin; the product is one factor a class, and the rest of the analysis
takes it as it comes (`origin_posterior.weigh`). Nothing is found to be so by a factor near one: unknown stays unknown.
`groups_of` puts up to five finds into those that came in together, from the exact comparison of each two of them.

What it does not do: it does not look at a round. The table is an assumption like the rates, shown with every answer; a
laboratory that knows better brings its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np

from coldcheck.custody.origin import Find
from coldcheck.custody.origin_columns import SOURCE_COUNT, Floats, Source
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


# --- more than two finds -------------------------------------------------------------------------------------------


def groups_of(
    record: Record, finds: Sequence[Find], *, together: float, looks: Sequence[Mapping[str, str]] = ()
) -> tuple[tuple[tuple[tuple[int, ...], ...], float], ...]:
    """Every way to put up to five finds into groups of one origin, with its posterior, the likeliest first.

    Each two finds are compared exactly, every count used once for both; a group of more is weighed by the mean of its
    pairs for each find beyond the first, which is no exact sum. `together` is the prior that two came in together.
    """
    assert 1 <= len(finds) <= MOST_FINDS, "up to five finds are compared"
    odds = {}
    for one, other in combinations(range(len(finds)), 2):
        figures = pair_figures(record, finds[one], finds[other])
        look = same_look(looks[one], looks[other]) if looks else 1.0
        odds[one, other] = _log_odds(figures, together) + log(look)
    scores = {groups: sum(_worth(group, odds) for group in groups) for groups in _partitions(tuple(range(len(finds))))}
    most = max(scores.values())
    whole = sum(exp(score - most) for score in scores.values())
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    return tuple((groups, exp(score - most) / whole) for groups, score in ranked)


def _log_odds(figures: PairFigures, together: float) -> float:
    """The log odds of together against apart, kept finite where the record has no way for one of them."""
    share = min(max(figures.share_together(together), 1e-12), 1 - 1e-12)
    return log(share / (1 - share))


def _worth(group: tuple[int, ...], odds: Mapping[tuple[int, int], float]) -> float:
    pairs = [odds[pair] for pair in combinations(group, 2)]
    return (len(group) - 1) * sum(pairs) / len(pairs) if pairs else 0.0


def _partitions(items: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to put the items into groups, each once."""
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(item for item in rest if item not in others)
            for groups in _partitions(left):
                yield ((first, *others), *groups)


assert all(len(row) == SOURCE_COUNT == len(Source) for row in FACTORS.values())
