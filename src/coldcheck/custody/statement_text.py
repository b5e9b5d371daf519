r"""How a text is cut: paragraphs, quotations, sentences, words; every cut is a half-open range of code points.

Promises: ranges lie inside the text and in order; quotations are matched by where a mark stands rather than by which
glyph it is, because printed text mixes them; a quotation is never cut by a sentence end. Does not do: meaning.

    [text[p.start:p.end] for p in paragraphs("One.\n\nTwo.")]  ->  ["One.", "Two."]
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from coldcheck.custody import statement_words as words

DOUBLE: Final = '"“”„‟″〃❝❞「」『』'  # fmt: skip
GUILLEMETS: Final = "«»"
SINGLE: Final = "'‘’‚‛′‹›"
OPENING: Final = "“„‟«‘‚‛‹「『"
MARKS: Final = DOUBLE + GUILLEMETS + "‘‛‹"
_LEAD: Final = "([{—–-/…:" + DOUBLE + GUILLEMETS + SINGLE
_TERMINAL: Final = ".!?…。"
_CLOSERS: Final = ")]}"
_ELISION: Final = re.compile(r"['’‘](?:em|til|cause|n|twas|tis|round|bout|\d\ds?)\b", re.IGNORECASE)
_SINGLE_END: Final = re.compile(r"\S['’›](?!\w)")
_WRAPPED: Final = range(40, 101)
_SPACE_WORDS: Final = re.compile(r"\S+")
_TOKEN: Final = re.compile(
    r"(?:Mrs?|Ms|Dr|Prof|St|Sgt|Lt|Det|Capt|Col|Gen|Jr|Sr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?=\s)"
    r"|\d{1,3}(?:,\d{3})+|[A-Z]\.(?=\s?[A-Z][\w.])|\w+(?:[’'\-.]\w+)*(?:(?<=s)[’'](?=\s))?|[^\w\s]",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation: `start` and `end` with its marks, `inner` without, and the quotations inside it."""

    start: int
    end: int
    inner: Range
    closed: bool
    within: tuple["Quote", ...]


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    MARK = "mark"
    QUOTE = "quote"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, one punctuation mark, or one whole quotation; `low` is the word in lower case, "" for a quotation."""

    start: int
    end: int
    sort: Sort
    low: str
    capital: bool
    quote: Quote | None = None


def paragraphs(text: str) -> tuple[Range, ...]:
    """Every paragraph, trimmed; lines of one hard-wrapped block belong together, other lines stand alone."""
    found: list[Range] = []
    block: list[Range] = []
    start = 0
    for line in text.splitlines(keepends=True):
        trimmed = trim(text, start, start + len(line))
        start += len(line)
        if trimmed.start < trimmed.end:
            block.append(trimmed)
        elif block:
            found.extend(_block(text, block))
            block = []
    found.extend(_block(text, block))
    return tuple(found)


LABEL: Final = re.compile(
    r"(?:>>+\s*)?(?P<who>[QA](?=[:.]\s)|[A-Z][A-Z0-9.’'\- ]{1,38}(?=(?: ?\([^()\n]{1,30}\))?:\s)|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}(?=:\s))(?: ?\([^()\n]{1,30}\))?[:.]\s+",
)
"""The name of a speaker before a turn in a transcript."""


DATELINE: Final = re.compile(
    r"[A-Z][A-Z.'’ ]{2,30}(?:, ?[A-Z][\w.]*| ?\([A-Z][\w ]{1,30}\)|,? \d{1,2} [A-Z][a-z]+|,? [A-Z][a-z]+\.? \d{1,2}){0,3} ?(?:—|–|--|-) (?=\S)",
)
"""Place, day and agency before the first words of a report."""


def _block(text: str, lines: Sequence[Range]) -> list[Range]:
    """The paragraphs of a run of lines without a blank one between them."""
    lengths = [line.end - line.start for line in lines[:-1]]
    ends_open = any(text[line.end - 1] not in _TERMINAL + _CLOSERS + DOUBLE + SINGLE + ":" for line in lines[:-1])
    wrapped = ends_open and all(length in _WRAPPED for length in lengths)
    found: list[Range] = []
    for line in lines:
        labelled = LABEL.match(text, line.start, line.end) is not None
        continues = bool(found) and not labelled and (wrapped or _turn_goes_on(text, found[-1], line))
        if continues:
            found[-1] = Range(start=found[-1].start, end=line.end)
        else:
            found.append(line)
    return found


def _turn_goes_on(text: str, before: Range, line: Range) -> bool:
    """Whether `line` runs on from a labelled turn that stopped in mid sentence."""
    turn = LABEL.match(text, before.start, before.end) is not None
    return turn and text[before.end - 1] not in _TERMINAL + DOUBLE and (text[line.start].islower())


def trim(text: str, start: int, end: int, strip: str = "") -> Range:
    """The range without white space, byte order marks and the characters of `strip` at its ends."""
    while start < end and (text[start].isspace() or text[start] in "\ufeff" + strip):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\ufeff" + strip):
        end -= 1
    return Range(start=start, end=end)


@dataclass(slots=True)
class _Open:
    """A quotation that has begun and not ended yet."""

    start: int
    single: bool
    within: list[Quote]


def quotes(text: str, paragraph: Range, *, goes_on: bool) -> tuple[Quote, ...]:
    """The outermost quotations of a paragraph; one left open counts only if the next paragraph `goes_on` quoting."""
    if set_off(text, paragraph):
        body = Range(start=paragraph.start + 1, end=paragraph.end)
        inner = quotes(text, trim(text, body.start, body.end), goes_on=False)
        lines = Quote(start=paragraph.start, end=paragraph.end, inner=body, closed=not goes_on, within=inner)
        return _filled(text, [lines])
    top: list[Quote] = []
    stack: list[_Open] = []
    last_single = max((m.end() - 1 for m in _SINGLE_END.finditer(text, paragraph.start, paragraph.end)), default=-1)
    for at in range(paragraph.start, paragraph.end):
        mark = text[at]
        if mark in DOUBLE or mark in GUILLEMETS:
            _double(text, at, paragraph, stack, top)
        elif mark in SINGLE:
            _single(text, at, paragraph, stack, top, last_single)
    while stack:
        opened = stack.pop()
        whole = goes_on and not stack and (not opened.single or opened.start == paragraph.start)
        _close(opened, paragraph.end, stack, top, closed=False, keep=whole)
    return _filled(text, top)


def set_off(text: str, paragraph: Range) -> bool:
    """Whether a paragraph is quoted as a whole, in the manner of mail and blogs: "> It was cold."."""
    return text[paragraph.start : paragraph.start + 2] in {"> ", ">\t"}


def _filled(text: str, found: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotations that hold anything but white space, in order."""
    inner = ((quote, trim(text, quote.inner.start, quote.inner.end)) for quote in found)
    kept = (quote for quote, words_in in inner if words_in.start < words_in.end)
    return tuple(
        replace(quote, within=_filled(text, quote.within)) for quote in sorted(kept, key=lambda quote: quote.start)
    )


def _close(opened: _Open, end: int, stack: list[_Open], top: list[Quote], *, closed: bool, keep: bool) -> None:
    """Put the quotation where it belongs; one that is not kept leaves the quotations inside it to its parent."""
    where = stack[-1].within if stack else top
    if not keep:
        where.extend(opened.within)
        return
    inner = Range(start=opened.start + 1, end=max(opened.start + 1, end - 1 if closed else end))
    within = tuple(sorted(opened.within, key=lambda quote: quote.start))
    where.append(Quote(start=opened.start, end=end, inner=inner, closed=closed, within=within))


def _sides(text: str, at: int, paragraph: Range) -> tuple[str, str]:
    """The characters before and after `at` inside the paragraph, a space at its ends."""
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return before, after


def _may_open(before: str, after: str) -> bool:
    return (before.isspace() or before in _LEAD) and not after.isspace()


def _double(text: str, at: int, paragraph: Range, stack: list[_Open], top: list[Quote]) -> None:
    """Open or close a double quotation at `at`, by its neighbours first and by the state second."""
    before, after = _sides(text, at, paragraph)
    depth = next((n for n, opened in enumerate(stack) if not opened.single), None)
    toggles = text[at] in GUILLEMETS
    opens = _may_open(before, after) and (before.isspace() or text[at] in OPENING or depth is None)
    if depth is None:
        if toggles or opens or before.isspace():
            stack.append(_Open(at, single=False, within=[]))
        return
    if opens and not toggles:  # the one before was never closed: its mark stands alone
        while len(stack) > depth:
            _close(stack.pop(), at, stack, top, closed=False, keep=False)
        stack.append(_Open(at, single=False, within=[]))
        return
    while len(stack) > depth + 1:
        _close(stack.pop(), at, stack, top, closed=False, keep=False)
    _close(stack.pop(), at + 1, stack, top, closed=True, keep=True)


def _single(text: str, at: int, paragraph: Range, stack: list[_Open], top: list[Quote], last_single: int) -> None:
    """Open or close a single quotation at `at`; apostrophes and possessives are neither."""
    before, after = _sides(text, at, paragraph)
    if before.isalnum() and after.isalnum():
        return
    depth = next((n for n, opened in enumerate(stack) if opened.single), None)
    if _may_open(before, after) and text[at] not in "’′" and at < last_single and not _ELISION.match(text, at):
        if depth is None and len(stack) < 2:  # noqa: PLR2004 - a quotation in a quotation is as deep as print goes
            stack.append(_Open(at, single=True, within=[]))
        return
    possessive = before == "s" and re.match(r"\s[a-z]", text[at + 1 : at + 3]) is not None and at < last_single
    if depth is None or before.isspace() or after.isalnum() or possessive:
        return
    while len(stack) > depth + 1:
        _close(stack.pop(), at, stack, top, closed=False, keep=False)
    _close(stack.pop(), at + 1, stack, top, closed=True, keep=True)


def sentences(text: str, part: Range, marks: Sequence[Quote]) -> tuple[Range, ...]:
    """The sentences of `part`; a quotation among `marks` is never cut, and its attribution stays with it."""
    found: list[Range] = []
    start = part.start
    for end in _ends(text, part, marks):
        if end > start:
            found.append(trim(text, start, end))
            start = end
    found.append(trim(text, start, part.end))
    return tuple(sentence for sentence in found if sentence.start < sentence.end)


def _ends(text: str, part: Range, marks: Sequence[Quote]) -> Iterator[int]:
    """Where sentences end, in order."""
    at, waiting = part.start, list(reversed(marks))
    while at < part.end:
        if waiting and at >= waiting[-1].start:
            quote = waiting.pop()
            if quote.end <= at:
                continue
            at = quote.end
            if _ends_in_quote(text, quote, part.end):
                yield at
            continue
        if text[at] in _TERMINAL and not _abbreviated(text, at, part.start):
            at = _run(text, at, part.end)
            if _sentence_follows(text, at, part.end):
                yield at
            continue
        at += 1


def _run(text: str, at: int, end: int) -> int:
    """Past a run of end marks and closing brackets."""
    while at < end and text[at] in _TERMINAL + _CLOSERS:
        at += 1
    return at


def _abbreviated(text: str, at: int, start: int) -> bool:
    """Whether the full stop at `at` belongs to an abbreviation, an initial or a number."""
    if text[at] != ".":
        return False
    if text[at + 1 : at + 2].isalnum():
        return True
    begin = at
    while begin > start and at - begin < 12 and (text[begin - 1].isalnum() or text[begin - 1] == "."):  # noqa: PLR2004 - longest abbreviation
        begin -= 1
    word = text[begin:at]
    return word.lower() in words.ABBREVIATIONS or (
        len(word) == 1 and word.isupper() and word != "I" and begin > start + 2
    )


def _sentence_follows(text: str, at: int, end: int) -> bool:
    """Whether what follows can begin a sentence."""
    if at >= end:
        return True
    follows = trim(text, at, end)
    return text[at].isspace() and follows.start < end and not text[follows.start].islower()


def _ends_in_quote(text: str, quote: Quote, end: int) -> bool:
    """Whether a sentence ends with this quotation: it holds an end mark and no attribution follows."""
    tail = trim(text, quote.inner.start, quote.inner.end, SINGLE + DOUBLE)
    if tail.start == tail.end or text[tail.end - 1] not in _TERMINAL:
        return False
    return _sentence_follows(text, quote.end, end) and not attribution_follows(text, quote.end, end)


_TAIL: Final = 160


def attribution_follows(text: str, at: int, end: int) -> bool:
    """Whether the text at `at` is a closing attribution such as "the guard said." or "X told Y on Monday,"."""
    seen = list(_TOKEN.finditer(text, at, min(end, at + _TAIL)))
    for index, match in enumerate(seen[:9]):
        word = match.group().lower()
        if not match.group()[0].isalnum():
            return False
        if index == 0 and word in words.AUXILIARIES | words.QUESTION_WORDS:  # "“Wrong.” Did he say so?"
            return False
        if word in words.CUES and words.CUES[word].takes is words.Takes.OBJECT:
            return False
        if word in words.CUES and not (words.CUES[word].noun and index == 0):
            rest = seen[index + 1 :]
            stop = next((n for n, m in enumerate(rest) if not m.group()[0].isalnum()), len(rest))
            plain = not any(m.group().lower() in words.STOPPERS | words.SUBJECT_PRONOUNS for m in rest[:stop])
            return index > 0 and plain and (stop <= 3 or rest[0].group().lower() in words.PREPOSITIONS)  # noqa: PLR2004 - an addressee and a day
    return False


def tokens(text: str, sentence: Range, marks: Sequence[Quote]) -> tuple[Token, ...]:
    """The words of a sentence, with each quotation as one token; a title in quotation marks is told apart."""
    found: list[Token] = []
    at = sentence.start
    inside = [quote for quote in marks if quote.start >= sentence.start and quote.end <= sentence.end]
    for quote in inside:
        found.extend(_plain(text, at, quote.start))
        title = _is_title(text, quote, found, sentence.end)
        sort = Sort.TITLE if title else Sort.QUOTE
        found.append(Token(start=quote.start, end=quote.end, sort=sort, low="", capital=title, quote=quote))
        at = quote.end
    found.extend(_plain(text, at, sentence.end))
    return tuple(found)


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        sort = Sort.WORD if word[0].isalnum() else Sort.MARK
        yield Token(start=match.start(), end=match.end(), sort=sort, low=word.lower(), capital=word[0].isupper())


_TITLE_WORDS: Final = 6


def _is_title(text: str, quote: Quote, before: Sequence[Token], end: int) -> bool:
    """Whether a quotation is the name of a film or a programme: capitals, after a plain word, nobody's cue."""
    inner = text[quote.inner.start : quote.inner.end].rstrip(",.; ")
    parts = _SPACE_WORDS.findall(inner)
    if not parts or len(parts) > _TITLE_WORDS or not before or before[-1].sort is not Sort.WORD:
        return False
    capitals = all(
        part[0].isupper() or part[0].isdigit() or part in words.PREPOSITIONS | {"the", "a", "and"} for part in parts
    )
    cue = before[-1].low in words.CUES or before[-1].low in {"word", "words", "phrase", "term", "as", "like"}
    closes = text[quote.inner.end - 1] == "," and before[-1].low in words.SUBJECT_PRONOUNS
    return capitals and not cue and not closes and quote.end <= end and parts[0][0].isalnum() and inner[-1] not in "?!"
