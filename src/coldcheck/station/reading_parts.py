"""A long paper read in parts that end at paragraphs, so that fifty megabytes take time and not the memory of the reader.

Promises: a paper up to `WHOLE` characters is read whole, as `custody.statements.read` does; a longer one part by part, each
by itself, with places counted from the beginning of the paper. Does not do: carry a name from one part into the next; a
pronoun at the beginning of a part finds nobody and says so.

    reading = reading_of(paper, published=None)
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from coldcheck.custody.statement_text import Range
from coldcheck.custody.statements import Reading, Suggestion, Unread, read
from coldcheck.station.read_papers import Paper

WHOLE: Final = 1_000_000
PART: Final = 250_000


def parts_of(text: str, *, whole: int = WHOLE, part: int = PART) -> tuple[Range, ...]:
    """Where the parts of a text stand, one after the other without a hole; one part where it is not long."""
    if len(text) <= whole:
        return (Range(start=0, end=len(text)),)
    out: list[Range] = []
    start = 0
    while start < len(text):
        limit = min(start + part, len(text))
        end = limit if limit == len(text) else _end(text, start, limit)
        out.append(Range(start=start, end=end))
        start = end
    return tuple(out)


def _end(text: str, start: int, limit: int) -> int:
    """The end of the last paragraph before `limit`, else of the last line or word; a text of one word is cut."""
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, start + 1, limit)
        if found > start:
            return found + len(mark)
    return limit


def readings(
    paper: Paper, *, published: date | None, whole: int = WHOLE, part: int = PART, guesses: bool = True
) -> Iterator[Reading]:
    """The reading of each part, places counted in the whole paper; `nested_in` counts within the part."""
    for place in parts_of(paper.text, whole=whole, part=part):
        found = read(paper.text[place.start : place.end], published=published, spoken=paper.spoken, guesses=guesses)
        yield moved(found, place.start)


def reading_of(
    paper: Paper, *, published: date | None, whole: int = WHOLE, part: int = PART, guesses: bool = True
) -> Reading:
    """The reading of the whole paper, its parts put together."""
    suggestions: list[Suggestion] = []
    net: list[Unread] = []
    sentences = 0
    for reading in readings(paper, published=published, whole=whole, part=part, guesses=guesses):
        before = len(suggestions)
        suggestions += [
            each if each.nested_in is None else replace(each, nested_in=each.nested_in + before)
            for each in reading.suggestions
        ]
        net += reading.net
        sentences += reading.sentence_count
    return Reading(suggestions=tuple(suggestions), net=tuple(net), sentence_count=sentences)


def moved(reading: Reading, by: int) -> Reading:
    """The same reading with every place `by` characters further on."""
    if not by:
        return reading
    return Reading(
        suggestions=tuple(_moved(each, by) for each in reading.suggestions),
        net=tuple(replace(each, span=_on(each.span, by)) for each in reading.net),
        sentence_count=reading.sentence_count,
    )


def _moved(each: Suggestion, by: int) -> Suggestion:
    return replace(
        each,
        spans=tuple(_on(span, by) for span in each.spans),
        speaker_at=None if each.speaker_at is None else _on(each.speaker_at, by),
        cue_at=_on(each.cue_at, by),
        times=tuple(replace(when, words=_on(when.words, by)) for when in each.times),
    )


def _on(span: Range, by: int) -> Range:
    return Range(start=span.start + by, end=span.end + by)
