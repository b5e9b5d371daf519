"""Several printings of one utterance, suggested by rule: the same words again, in another paper or another place of it.

A rule that looks at words and at nothing else: quotation marks, brackets, dots and case are left out, and most of the rarer
words of the shorter printing must stand in the other in the same order. Promises: nothing is grouped by itself; what is
suggested says which words it rests on; who spoke decides nothing, for printings differ on that as well.

    same_words("I was told it was cold, she said", "I was told that it was cold") -> ("told", "it", "was", "cold")
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LEAST_WORDS: Final = 4
LEAST_SHARE: Final = 0.75
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_BRACKET: Final = re.compile(r"\[[^\]\n]{0,60}\]")
_COMMON: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "i",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """One printing: what it is called, and its words as they stand."""

    ref: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two printings that may be of one utterance, with the words they share in order."""

    first: str
    second: str
    shared: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a printing, without marks, brackets and case."""
    return tuple(word.replace("\u2019", "'").lower() for word in _WORD.findall(_BRACKET.sub(" ", text)))


def same_words(first: str, second: str) -> tuple[str, ...]:
    """The words both have in the same order, () where they are too few to suggest one utterance."""
    one, two = words_of(first), words_of(second)
    shared = _in_order(one, two)
    shorter = min(one, two, key=len)
    rare = sum(1 for word in shared if word not in _COMMON)
    # Counted among the rarer words by themselves, so that who handed it to whom cannot be the other way round.
    of_rare = sum(1 for word in shorter if word not in _COMMON)
    too_few = len(shared) < LEAST_WORDS or rare < LEAST_WORDS // 2
    if too_few or len(shared) < LEAST_SHARE * len(shorter) or rare < LEAST_SHARE * of_rare:
        return ()
    return shared


def _in_order(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    """The longest row of words that both have in the same order."""
    row: list[tuple[str, ...]] = [() for _ in range(len(two) + 1)]
    for word in one:
        above, row = row, [()]
        for number, other in enumerate(two):
            longer = (*above[number], word) if word == other else ()
            row.append(max(longer, above[number + 1], row[-1], key=len))
    return row[-1]


def like(printing: Printing, known: Iterable[Printing]) -> Likeness | None:
    """The likest known printing of the same utterance, the earliest of those alike; None where none is."""
    found = [(same, other) for other in known if (same := same_words(printing.words, other.words))]
    if not found:
        return None
    same, other = max(found, key=lambda each: len(each[0]))
    return Likeness(first=other.ref, second=printing.ref, shared=same)


def renderings(printings: Iterable[Printing]) -> Iterator[Likeness]:
    """Every printing that is like an earlier one, in order."""
    known: list[Printing] = []
    for printing in printings:
        alike = like(printing, known)
        if alike is not None:
            yield alike
        known.append(printing)
