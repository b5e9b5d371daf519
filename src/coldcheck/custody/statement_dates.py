"""When it was said: date words resolved to intervals of whole days, seen from the day of publication.

Promises: a weekday is the nearest such day on or before publication; words that hang on an event ("a week after the
killing") give no date but name the event; nothing is guessed without a day of publication. Does not do: hours.

    times("aired Thursday", Range(start=0, end=14), published=date(2021, 12, 2))[0].first  ->  date(2021, 12, 2)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_text import Range


class Of(StrEnum):
    """Which of the up to four times of a statement is meant."""

    SAID = "said"
    RECORDED = "recorded"
    AIRED = "aired"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Date words of the text and the days they stand for, first and last; None where the words alone do not say."""

    of: Of
    words: Range
    first: date | None
    last: date | None
    hangs_on: str


_DAY: Final = "|".join(words.WEEKDAYS)
_MONTH: Final = "|".join(f"{month}|{month[:3]}\\.?|{month[:4]}\\.?" for month in words.MONTHS)
_WHEN: Final = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?\b"
    rf"|(?P<day2>\d{{1,2}}) (?P<month2>{_MONTH})(?: (?P<year2>\d{{4}}))?\b"
    rf"|(?P<weekday>{_DAY})(?: (?:morning|afternoon|evening|night))?"
    r"|(?P<near>yesterday|today|tonight)|last (?P<span>week|month|year)"
    rf"|in (?P<in_month>{'|'.join(words.MONTHS)})\b"
    r"|(?P<event>(?:(?:an?|one|two|three|several|\d+) (?:hour|day|week|month|year)s? |immediately |shortly |soon )"
    r"(?:after|before) (?:the |his |her )?(?P<what>[\w-]+(?: \w+)?))"
    r"|(?P<since>since (?:day one|the (?:beginning|start|very first day))|for (?:days|weeks|months|years)))",
    re.IGNORECASE,
)
_BEFORE: Final = (
    (re.compile(r"\b(aired|broadcast|airs|televised)\b[^.]{0,30}$", re.IGNORECASE), Of.AIRED),
    (re.compile(r"\b(recorded|taped|filmed)\b[^.]{0,30}$", re.IGNORECASE), Of.RECORDED),
    (re.compile(r"\b(published|posted|printed)\b[^.]{0,30}$", re.IGNORECASE), Of.PUBLISHED),
)


def times(text: str, part: Range, *, published: date | None) -> tuple[When, ...]:
    """Every time named in `part` of the text, in order."""
    return tuple(_one(text, part, match, published) for match in _WHEN.finditer(text, part.start, part.end))


def _one(text: str, part: Range, match: re.Match[str], published: date | None) -> When:
    before = text[part.start : match.start()]
    of = next((of for pattern, of in _BEFORE if pattern.search(before)), Of.SAID)
    days = _days(match, published)
    return When(
        of=of,
        words=Range(start=match.start(), end=match.end()),
        first=days[0] if days else None,
        last=days[1] if days else None,
        hangs_on=match["what"] or "",
    )


def _days(match: re.Match[str], published: date | None) -> tuple[date, date] | None:
    """First and last day, None where the words and the publication do not settle it."""
    if match["iso"]:
        try:
            day = date.fromisoformat(match["iso"])
        except ValueError:
            return None
        return day, day
    month = match["month"] or match["month2"]
    if month:
        return _month_day(month, int(match["day"] or match["day2"]), match["year"] or match["year2"], published)
    return None if published is None else _relative(match, published)


def _month_day(month: str, day: int, year: str | None, published: date | None) -> tuple[date, date] | None:
    """The day of that name; without a year the nearest on or before publication."""
    number = next(n for n, name in enumerate(words.MONTHS, 1) if name.startswith(month.lower().rstrip(".")[:3]))
    if year is None and published is None:
        return None
    years = (int(year),) if year else (published.year, published.year - 1) if published else ()
    for each in years:
        try:
            found = date(each, number, day)
        except ValueError:
            continue
        if year or published is None or found <= published:
            return found, found
    return None


def _relative(match: re.Match[str], published: date) -> tuple[date, date] | None:
    """Days named by their distance from the publication."""
    try:
        return next(_candidates(match, published), None)
    except OverflowError:  # a publication in the first days of year 1
        return None


def _candidates(match: re.Match[str], published: date) -> Iterator[tuple[date, date]]:
    if match["weekday"]:
        back = (published.weekday() - words.WEEKDAYS.index(match["weekday"].lower())) % 7
        day = published - timedelta(days=back)
        yield day, day
    if match["near"]:
        day = published - timedelta(days=match["near"].lower() == "yesterday")
        yield day, day
    if match["span"]:
        yield _last(match["span"].lower(), published)
    if match["in_month"]:
        number = words.MONTHS.index(match["in_month"].lower()) + 1
        year = published.year if number <= published.month else published.year - 1
        yield date(year, number, 1), _month_end(year, number)


def _last(span: str, published: date) -> tuple[date, date]:
    """Last week (Monday to Sunday), last month, last year."""
    match span:
        case "week":
            monday = published - timedelta(days=published.weekday() + 7)
            return monday, monday + timedelta(days=6)
        case "month":
            end = published.replace(day=1) - timedelta(days=1)
            return end.replace(day=1), end
        case _:
            return date(published.year - 1, 1, 1), date(published.year - 1, 12, 31)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1) if year + month // 12 <= date.max.year else date.max
    return following - timedelta(days=1)
