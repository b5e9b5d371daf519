"""Who said what, as suggestions: every utterance a text seems to hold, and the net of sentences nobody has looked at.

Promises: every span lies inside the text, spans of one suggestion do not overlap, and suggestions and net together
cover every sentence; the same text gives the same answer. A speaker is offered for acceptance only when named next to
the verb and not named inside the content. Does not do: entering anything. A person confirms each statement, its
claims, its chain and its time; rules find most of what is said and are wrong about some of it.

    read("“It was cold,” the guard said.").suggestions[0].speaker  ->  "the guard"
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise, takewhile
from types import MappingProxyType
from typing import Final

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_clauses import Clause, How, announced, clauses
from coldcheck.custody.statement_dates import When, times
from coldcheck.custody.statement_people import (
    Cast,
    Phrase,
    PhraseSort,
    Spoke,
    bare,
    cast_of,
    fits,
    head_of,
    last_name,
    named_further_back,
    phrase_at,
    phrase_before,
    possessive,
    stands_for,
)
from coldcheck.custody.statement_text import (
    DATELINE,
    DOUBLE,
    LABEL,
    MARKS,
    Quote,
    Range,
    Sort,
    Token,
    paragraphs,
    quotes,
    sentences,
    set_off,
    tokens,
    trim,
)

UNRESOLVED: Final = "unresolved"
VERSION: Final = "rules-6"


class Kind(StrEnum):
    """How the words are given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    DOCUMENT = "document"


class Confidence(StrEnum):
    """How sure the speaker is: named next to the verb, by way of a rule, a guess."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Look(StrEnum):
    """What the net knows about a sentence that no suggestion covers."""

    MUST = "sign of speech"
    MAY_SKIP = "no sign of speech"
    STRUCK = "struck"


class Place(StrEnum):
    """Where in the paper something stands."""

    BODY = "body"
    HEADLINE = "headline"
    TURN = "turn"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One utterance as the rules read it. `nested_in` is the number of the suggestion it is told inside of."""

    spans: tuple[Range, ...]
    kind: Kind
    speaker: str
    speaker_at: Range | None
    on_behalf_of: str
    cue: str
    cue_at: Range
    addressee: str
    outlet: str
    chain: tuple[str, ...]
    nested_in: int | None
    question: bool
    times: tuple[When, ...]
    place: Place
    confidence: Confidence
    preselect: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A sentence no suggestion covers, or none covers whole: not yet looked at."""

    span: Range
    look: Look
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the rules make of a text: suggestions in the order of the text, and the net."""

    suggestions: tuple[Suggestion, ...]
    net: tuple[Unread, ...]
    sentence_count: int


class Turn(StrEnum):
    """Whose turn a paragraph of an interview without labels is."""

    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence with its words, and where it stands."""

    at: Range
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    """A paragraph cut up. `body` leaves out the label of a turn; `struck` says why a line is nobody's words."""

    number: int
    at: Range
    body: Range
    place: Place
    struck: str
    label: Range | None
    quotes: tuple[Quote, ...]
    sentences: tuple[_Sentence, ...]
    turn: Turn | None = None


@dataclass(slots=True)
class _Reader:
    """What has been found so far, while the text is read from front to back."""

    text: str
    published: date | None
    cast: Cast
    found: list[Suggestion] = field(default_factory=list)
    last: Spoke | None = None
    open_quote: int | None = None
    before: _Paragraph | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    interviewed: str = UNRESOLVED


def read(text: str, *, published: date | None = None, spoken: bool = False, guesses: bool = True) -> Reading:
    """Suggestions and net for a text; `spoken` says that all of it was spoken, as in subtitles.

    Dates are resolved relative to `published`; without it date words keep their place and get no days. Without `guesses`
    what only may be a statement, or may be anybody's, is left to the net: see `is_guess`.
    """
    cut = _cut(text, spoken=spoken)
    prose = [(p.number, s.tokens) for p in cut if p.place is not Place.STRUCK for s in p.sentences]
    turns = frozenset(p.number for p in cut if p.place is Place.TURN)
    cast = cast_of(text, prose, turns=turns)
    reader = _Reader(text=text, published=published, cast=cast, letters=_letters(text))
    asked = next((p.number for p in cut if p.turn is Turn.ASKED), None)
    if asked is not None:
        reader.interviewed = _interviewed(text, cut[:asked])
    for paragraph in cut:
        _read_paragraph(reader, paragraph)
        reader.before = paragraph if paragraph.place is Place.BODY else None
    every = _in_order(reader.found)
    suggestions = every if guesses else _without_guesses(every)
    lines = [(p, s) for p in cut for s in p.sentences]
    net = _net(text, lines, suggestions)
    if not guesses:
        net = _with_guesses(net, every)
    return Reading(suggestions=suggestions, net=net, sentence_count=len(lines))


def is_guess(suggestion: Suggestion) -> bool:
    """Whether a suggestion is kept out of a list that has to be right: nobody says whose it is, or another tells it.

    What stands inside somebody else's words may or may not be worth a statement of its own, a pronoun that fits nobody or
    several names nobody, a bare quotation may be anybody's, of words without any speaker it cannot be said whose they are,
    and a headline is the desk's wording of what stands below. The rules are right about these too seldom to say them. A
    turn of a transcript is another matter: all of it is one statement, and what it tells of others is what it is for.
    """
    if suggestion.place is Place.TURN:
        return suggestion.reason.startswith((_BARE, *_FITS_NOBODY))
    if suggestion.nested_in is not None or suggestion.place is Place.HEADLINE or suggestion.speaker == UNRESOLVED:
        return True
    return suggestion.reason.startswith((_BARE, *_FITS_NOBODY))


_BARE: Final = "guess: no attribution beside the quotation"
_FITS_NOBODY: Final = tuple(f'guess: "{pronoun}" fits nobody or several' for pronoun in words.PRONOUNS)


def _without_guesses(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The suggestions that are no guesses; told inside of one that is, one stands by itself."""
    kept = [number for number, each in enumerate(found) if not is_guess(each)]
    place = {old: new for new, old in enumerate(kept)}
    return tuple(
        replace(found[number], nested_in=place.get(outer) if (outer := found[number].nested_in) is not None else None)
        for number in kept
    )


def _with_guesses(net: Sequence[Unread], every: Sequence[Suggestion]) -> tuple[Unread, ...]:
    """The net in which what was only guessed must be looked at."""
    out = list(net)
    for span in (span for each in every if is_guess(each) and each.nested_in is None for span in each.spans):
        touching = [n for n, unread in enumerate(out) if unread.span.start < span.end and span.start < unread.span.end]
        for n in touching:
            out[n] = replace(out[n], look=Look.MUST, reason="somebody's words, and only a guess whose")
        if not touching:
            out.append(Unread(span=span, look=Look.MUST, reason="somebody's words, and only a guess whose"))
    return tuple(sorted(out, key=lambda unread: (unread.span.start, unread.span.end)))


# --- cutting -----------------------------------------------------------------------------------------------------


def _cut(text: str, *, spoken: bool) -> tuple[_Paragraph, ...]:
    """The paragraphs with their place in the paper."""
    ranges = paragraphs(text)
    labels = [LABEL.match(text, p.start, p.end) for p in ranges]
    labelled = sum(match is not None for match in labels)
    turns = spoken or (labelled >= 2 and labelled * 3 >= len(ranges))  # noqa: PLR2004 - one colon makes no transcript
    struck = [_struck(text, p) for p in ranges]
    headlines = set() if turns else _headlines(text, ranges, struck)
    interview = {} if turns else _interview(text, ranges, struck)
    cut: list[_Paragraph] = []
    for number, at in enumerate(ranges):
        match = labels[number] if turns else None
        follower = ranges[number + 1] if number + 1 < len(ranges) else None
        in_turn = number in interview or (turns and (spoken or match is not None))
        place = _place(number, struck[number], headlines, turns=in_turn)
        dateline = None if turns or place is not Place.BODY else DATELINE.match(text, at.start, at.end)
        begins = match or dateline
        body = Range(start=begins.end(), end=at.end) if begins else at
        marks = quotes(text, body, goes_on=follower is not None and _quoted_on(text, at, follower))
        lines = sentences(text, body, marks) if body.start < body.end else (at,)
        cut.append(
            _Paragraph(
                number=number,
                at=at,
                body=body,
                place=place,
                struck=struck[number],
                label=Range(start=match.start("who"), end=match.end("who") + 1) if match else None,
                quotes=marks,
                sentences=tuple(_Sentence(at=line, tokens=tokens(text, line, marks)) for line in lines),
                turn=interview.get(number),
            ),
        )
    return tuple(cut)


_FIRST_PERSON: Final = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|I['’]\w+|[Ww]e['’]\w+)\b")
_SECOND_PERSON: Final = re.compile(r"\b[Yy]ou(?:r|rs|['’]\w+)?\b")
_FEWEST_QUESTIONS: Final = 3


def _interview(text: str, ranges: Sequence[Range], struck: Sequence[str]) -> dict[int, Turn]:
    """Whose turn each paragraph is, if question and answer take turns without labels; empty if that is not plain.

    From the first question on every other paragraph has to be an answer: none ends as a question, and most speak in the
    first person, which prose outside quotation marks seldom does.
    """
    here = [n for n, at in enumerate(ranges) if not struck[n]]
    asks = {
        n
        for n in here
        if text[ranges[n].start : ranges[n].end].rstrip("”\"’'").endswith("?") and not _is_quoted(text, ranges[n])
    }
    if len(asks) < _FEWEST_QUESTIONS:
        return {}
    turns = here[here.index(min(asks)) :]
    questions, answers = turns[::2], turns[1::2]
    said = [text[ranges[n].start : ranges[n].end] for n in answers]
    own = sum(_FIRST_PERSON.search(words_said) is not None for words_said in said)
    to_him = sum(_SECOND_PERSON.search(text, ranges[n].start, ranges[n].end) is not None for n in questions)
    quoted = sum(_is_quoted(text, ranges[n]) for n in turns)
    plain = not asks & set(answers) and 2 * len(asks) >= len(questions) and quoted * 5 <= len(turns)
    if not plain or 2 * own < len(answers) or 3 * to_him < len(questions):
        return {}
    return {**dict.fromkeys(questions, Turn.ASKED), **dict.fromkeys(answers, Turn.ANSWERED)}


def _is_quoted(text: str, at: Range) -> bool:
    return text[at.start] in MARKS


_FULL_NAME: Final = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")


def _interviewed(text: str, before: Sequence[_Paragraph]) -> str:
    """Who is interviewed: whom the lines before the first question name most often, unresolved if they name nobody."""
    named = [
        " ".join(match.group().split()) for p in before for match in _FULL_NAME.finditer(text, p.at.start, p.at.end)
    ]
    return max(dict.fromkeys(named), key=named.count, default=UNRESOLVED)


def _quoted_on(text: str, at: Range, follower: Range) -> bool:
    """Whether the paragraph behind goes on with a quotation left open, or is set off as the one before it."""
    if set_off(text, at):
        return set_off(text, follower)
    return text[follower.start] in DOUBLE + "‘«»"


def _place(number: int, struck: str, headlines: set[int], *, turns: bool) -> Place:
    if struck:
        return Place.STRUCK
    if turns:
        return Place.TURN
    return Place.HEADLINE if number in headlines else Place.BODY


_SHORT: Final = 240
_STRUCK: Final = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in words.STRUCK)


def _struck(text: str, at: Range) -> str:
    """Why a short paragraph is nobody's words, "" if it may be somebody's."""
    if at.end - at.start > _SHORT:
        return ""
    line = text[at.start : at.end]
    return next((why for pattern, why in _STRUCK if pattern.search(line)), "")


def struck_lines(text: str) -> tuple[Range, ...]:
    """The lines of a text that are nobody's words, such as a browser's notice: to be kept, and marked as no part of it."""
    return tuple(at for at in paragraphs(text) if _struck(text, at))


_HEADLINE_WORDS: Final = 24


def _headlines(text: str, ranges: Sequence[Range], struck: Sequence[str]) -> set[int]:
    """The numbers of the paragraphs above the story that do not end like a sentence."""
    found: set[int] = set()
    for number, at in enumerate(ranges[:8]):
        if struck[number]:
            continue
        line = text[at.start : at.end]
        if line[-1] in ".!?:…" + DOUBLE or len(line.split()) > _HEADLINE_WORDS or len(ranges) == 1:
            break
        found.add(number)
    return found


_WITNESS: Final = re.compile(
    r"\b(?:examination|interview|deposition|testimony|questioning) of (?P<who>[^\n:,.]{2,60})", re.IGNORECASE
)
_ASKER: Final = re.compile(
    r"\b(?:examination|interview|deposition|questioning|examined|questioned)\b[^:]{0,90}?\bby (?P<who>[^\n:,]{2,60})",
    re.IGNORECASE,
)


def _letters(text: str) -> Mapping[str, str]:
    """Who "Q" and "A" are, if the head of a transcript says so."""
    witness, asker = _WITNESS.search(text[:4000]), _ASKER.search(text[:4000])
    named: dict[str, str] = {}
    if witness:
        named["A"] = re.split(r"\s+by\s", witness["who"], flags=re.IGNORECASE)[0].strip()
    if asker:
        named["Q"] = asker["who"].strip()
    return MappingProxyType(named)


# --- reading -----------------------------------------------------------------------------------------------------


def _read_paragraph(reader: _Reader, paragraph: _Paragraph) -> None:
    """Add what a paragraph says to the reader."""
    match paragraph.place:
        case Place.STRUCK:
            return
        case Place.TURN:
            _read_turn(reader, paragraph)
        case Place.BODY | Place.HEADLINE:
            used: list[Range] = []
            begun = reader.open_quote
            for number, sentence in enumerate(paragraph.sentences):
                _read_sentence(reader, paragraph, sentence, used)
                _read_leftovers(reader, paragraph, number, used)
            if paragraph.place is Place.HEADLINE:
                _read_headline(reader, paragraph)
            _join_open(reader, paragraph, begun)
            _remember_open(reader, paragraph)


def _read_turn(reader: _Reader, paragraph: _Paragraph) -> None:
    """A turn of a transcript: all of it is said by whoever the label names; what is told inside is nested."""
    if paragraph.body.start >= paragraph.body.end:
        return
    if paragraph.turn is not None:
        _read_interview_turn(reader, paragraph, paragraph.turn)
        return
    label = paragraph.label
    who = reader.text[label.start : label.end - 1] if label else UNRESOLVED
    speaker = reader.letters.get(who, who)
    lone = who in {"Q", "A"} and who not in reader.letters
    confidence = Confidence.LOW if lone or label is None else Confidence.HIGH
    reason = "label of the turn" if label else "spoken, and nothing says by whom"
    suggestion = _suggestion(
        reader,
        spans=(paragraph.body,),
        cue=label or Range(start=paragraph.at.start, end=paragraph.at.start),
        speaker=speaker,
        at=Range(start=label.start, end=label.end - 1) if label else None,
        place=Place.TURN,
        confidence=confidence,
        reason="a letter is no name: say who it is" if lone else reason,
    )
    reader.found.append(suggestion)
    outer = len(reader.found) - 1
    for sentence in paragraph.sentences:
        _read_nested(reader, paragraph, sentence, outer)


def _read_interview_turn(reader: _Reader, paragraph: _Paragraph, turn: Turn) -> None:
    """A question or an answer of an interview without labels; who asks it is for a person to say."""
    answered = turn is Turn.ANSWERED and reader.interviewed != UNRESOLVED
    suggestion = _suggestion(
        reader,
        spans=(paragraph.body,),
        cue=Range(start=paragraph.at.start, end=paragraph.at.start),
        speaker=reader.interviewed if answered else UNRESOLVED,
        at=None,
        place=Place.TURN,
        confidence=Confidence.MEDIUM if answered else Confidence.LOW,
        reason="answers the question before it" if turn is Turn.ANSWERED else "asks, and nothing says who does",
    )
    reader.found.append(suggestion)
    outer = len(reader.found) - 1
    for sentence in paragraph.sentences:
        _read_nested(reader, paragraph, sentence, outer)


def _read_headline(reader: _Reader, paragraph: _Paragraph) -> None:
    """A headline such as "Sheriff: gun was cold" as a guess, if nothing else was found in it."""
    match = LABEL.match(reader.text, paragraph.at.start, paragraph.at.end)
    found = any(paragraph.at.start <= s.spans[0].start < paragraph.at.end for s in reader.found)
    if match is None or found or match.end() >= paragraph.at.end:
        return
    if not _may_be_quoted(reader, match["who"]):
        return
    label = Range(start=match.start("who"), end=match.end("who"))
    colon = _suggestion(
        reader,
        spans=(Range(start=match.end(), end=paragraph.at.end),),
        cue=Range(start=label.end, end=label.end + 1),
        speaker=reader.text[label.start : label.end],
        at=label,
        place=Place.HEADLINE,
        confidence=Confidence.LOW,
        reason="guess: a colon in a headline",
    )
    reader.found.append(replace(colon, kind=Kind.INDIRECT))


def _may_be_quoted(reader: _Reader, label: str) -> bool:
    """Whether what stands before the colon of a headline names somebody: "Sheriff: ...", not "Live: ..."."""
    last = last_name(label)
    bodies = words.ROLE_NOUNS | words.PLURALS | words.ORGANISATION_WORDS | words.WRITTEN
    doer = last.removesuffix("s").endswith(("er", "or", "ist", "man", "woman"))
    return last in bodies or last in reader.cast.whole or (doer and " " not in label)


def _suggestion(
    reader: _Reader,
    *,
    spans: tuple[Range, ...],
    cue: Range,
    speaker: str,
    at: Range | None,
    place: Place,
    confidence: Confidence,
    reason: str,
) -> Suggestion:
    """A direct suggestion with nothing known beyond its speaker."""
    return Suggestion(
        spans=spans,
        kind=Kind.DIRECT,
        speaker=speaker,
        speaker_at=at,
        on_behalf_of="",
        cue=reader.text[cue.start : cue.end],
        cue_at=cue,
        addressee="",
        outlet="",
        chain=(),
        nested_in=None,
        question=_asks(reader.text, spans),
        times=(),
        place=place,
        confidence=confidence,
        preselect=confidence is Confidence.HIGH,
        reason=reason,
    )


def _read_sentence(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, used: list[Range]) -> None:
    """Add what a sentence of prose says, with what is told inside of it."""
    found = clauses(sentence.tokens)
    base = len(reader.found)
    outers = _outers(found)
    order = sorted(range(len(found)), key=lambda index: (_depth(outers, index), index))
    numbers = {index: base + position for position, index in enumerate(order)}
    for index in order:
        outer = outers[index]
        told_in = numbers[outer] if outer is not None else None
        _add(reader, paragraph, sentence, found[index], told_in)
        used.extend(
            Range(start=sentence.tokens[n].start, end=sentence.tokens[n].end)
            for start, end in found[index].content
            for n in range(start, end)
            if sentence.tokens[n].sort is Sort.QUOTE
        )
    for number in range(base, base + len(found)):
        _read_inside(reader, paragraph, sentence, number)


def _outers(found: Sequence[Clause]) -> tuple[int | None, ...]:
    """For each clause the one it is told inside of; odd sentences in which they hold each other in a ring give none."""
    outers = tuple(_outer(found, index) for index in range(len(found)))
    return tuple(None if _depth(outers, index) > len(found) else outer for index, outer in enumerate(outers))


def _depth(outers: Sequence[int | None], index: int) -> int:
    """How many clauses hold this one, more than there are if they form a ring."""
    depth = 0
    outer = outers[index]
    while outer is not None and depth <= len(outers):
        depth, outer = depth + 1, outers[outer]
    return depth


def _outer(found: Sequence[Clause], index: int) -> int | None:
    """Which clause holds this one inside its content, the narrowest; None if none does."""
    at = found[index].hit.at
    holders = [
        (sum(end - start for start, end in clause.content), number)
        for number, clause in enumerate(found)
        if number != index and any(start <= at < end for start, end in clause.content)
    ]
    inner = {number for _, number in holders if any(a <= found[number].hit.at < b for a, b in found[index].content)}
    return min(((size, number) for size, number in holders if number not in inner), default=(0, None))[1]


def _read_inside(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, number: int) -> None:
    """Read what the quotations of suggestion `number` tell in their turn."""
    for token in sentence.tokens:
        if token.quote is None or token.sort is not Sort.QUOTE or not _covers(reader.found[number], token.quote):
            continue
        if any(_covers(other, token.quote) for other in reader.found[number + 1 :]):
            continue
        _read_quote(reader, paragraph, token.quote, number)


def _read_quote(reader: _Reader, paragraph: _Paragraph, quote: Quote, outer: int) -> None:
    for line in sentences(reader.text, quote.inner, quote.within):
        inner = _Sentence(at=line, tokens=tokens(reader.text, line, quote.within))
        _read_nested(reader, paragraph, inner, outer)


def _covers(suggestion: Suggestion, quote: Quote) -> bool:
    return any(span.start <= quote.inner.start and quote.inner.end <= span.end for span in suggestion.spans)


def _read_nested(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, outer: int) -> None:
    """Add what a quoted sentence tells of others' words."""
    for clause in clauses(sentence.tokens):
        if (
            clause.hit.how in {How.OWNER, How.SAME}
            or clause.hit.cue.verb == "ask for"
            or _bids(clause)
            or _would_say(clause, sentence)
            or _empty_quotative(clause, sentence)
        ):
            continue
        _add(reader, paragraph, sentence, clause, outer)


def _would_say(clause: Clause, sentence: _Sentence) -> bool:
    """Whether somebody only gives his opinion: "I say read the label", with no words of another time."""
    hit, toks = clause.hit, sentence.tokens
    own = hit.who is not None and toks[hit.who.first].low in {"i", "you", "we"}
    return own and toks[hit.at].low == "say" and not any(t.sort is Sort.QUOTE for t in toks)


def _bids(clause: Clause) -> bool:
    """Whether a quoted sentence bids somebody speak ("Ask who moved it") and so tells of nobody's words."""
    return clause.hit.first == 0 and clause.hit.how in {How.AFTER, How.NOBODY}


def _empty_quotative(clause: Clause, sentence: _Sentence) -> bool:
    """Whether "go" or "continue" stands without a quotation next to it."""
    quoted = any(sentence.tokens[n].sort is Sort.QUOTE for start, end in clause.content for n in range(start, end))
    return clause.hit.cue.takes is words.Takes.QUOTE and not quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """A speaker as the text names him, and how that was found."""

    name: str
    at: Range | None
    confidence: Confidence
    reason: str


def _add(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, clause: Clause, told_in: int | None) -> None:
    """Add the suggestion of one clause."""
    outer = reader.found[told_in] if told_in is not None else None
    who = _who(reader, paragraph, sentence, clause, outer)
    spans, kind = _spans(reader.text, sentence.tokens, clause)
    if _is_document(sentence.tokens, clause) or (kind is Kind.INDIRECT and last_name(who.name) in words.WRITTEN):
        kind = Kind.DOCUMENT
    who = _doubts(reader, who, spans, paragraph, outer)
    via = _via(reader, sentence, clause)
    if via and who.confidence is not Confidence.LOW:
        who = replace(who, confidence=Confidence.LOW, reason=f"guess: only as told by {via}; {who.reason}")
    if kind in {Kind.INDIRECT, Kind.MIXED}:
        who = _retold(reader, who, paragraph, sentence, clause)
    who = _through_another(reader, who, sentence, clause)
    around = _attribution(sentence, clause, nested=outer is not None)
    suggestion = Suggestion(
        spans=spans,
        kind=kind,
        speaker=who.name,
        speaker_at=who.at,
        on_behalf_of=_client(reader, paragraph, sentence, clause, who),
        cue=_cue_words(reader.text, sentence.tokens, clause),
        cue_at=Range(start=sentence.tokens[clause.hit.at].start, end=sentence.tokens[clause.hit.past - 1].end),
        addressee=_whom(reader, paragraph, sentence, clause, outlet=False),
        outlet=_whom(reader, paragraph, sentence, clause, outlet=True) or _outlet(reader.text, around),
        chain=((via,) if via else ()) if outer is None else (*outer.chain, outer.speaker),
        nested_in=told_in,
        question=clause.hit.cue.verb in {"ask", "wonder", "inquire"} or _asks(reader.text, spans),
        times=tuple(when for part in around for when in times(reader.text, part, published=reader.published)),
        place=paragraph.place,
        confidence=who.confidence,
        preselect=who.confidence is Confidence.HIGH,
        reason=who.reason,
    )
    reader.found.append(suggestion)
    asked = clause.hit.cue.verb == "ask" and clause.hit.first == 0  # "Asked by X whether ..., she said": she is not X
    if told_in is None and who.name != UNRESOLVED and not asked:
        reader.last = Spoke(name=who.name, paragraph=paragraph.number, at=suggestion.cue_at.start)


def _via(reader: _Reader, sentence: _Sentence, clause: Clause) -> str:
    """Who passed the words on, as printed, "" if nobody is named."""
    if clause.via is None:
        return ""
    at = _name_at(sentence.tokens, clause.via)
    return " ".join(reader.text[at.start : at.end].split())


_NAMED: Final = MappingProxyType(
    {
        How.BESIDE: (Confidence.HIGH, "named next to the verb"),
        How.AFTER: (Confidence.HIGH, "named next to the verb"),
        How.ACCORDING: (Confidence.HIGH, 'named after "according to"'),
        How.ASIDE: (Confidence.HIGH, "named before the verb, with an aside between"),
        How.RELATIVE: (Confidence.HIGH, 'named before "who"'),
        How.SAME: (Confidence.MEDIUM, "subject of the verb before in the same sentence"),
        How.OWNER: (Confidence.LOW, "guess: owner of the noun"),
        How.NOBODY: (Confidence.LOW, "guess: the text does not say who"),
    },
)


def _who(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, clause: Clause, outer: Suggestion | None) -> _Who:
    """The speaker of a clause."""
    phrase = clause.hit.who
    confidence, reason = _NAMED[clause.hit.how]
    if clause.hit.how is How.SAME and phrase is None:
        return _subject_of(reader, paragraph, sentence, clause)
    if phrase is None or clause.hit.how is How.NOBODY or clause.hit.cue.verb == "hear":
        return _Who(name=UNRESOLVED, at=None, confidence=Confidence.LOW, reason="guess: the text does not say who")
    at = _name_at(sentence.tokens, phrase)
    if clause.hit.how is How.SAME and sentence.tokens[max(0, clause.hit.first - 2)].low != ",":
        confidence, reason = Confidence.LOW, "guess: the subject before, or somebody in what is said"
    if phrase.sort is PhraseSort.PRONOUN:
        return _by_pronoun(reader, paragraph, at, outer)
    name = bare(reader.text[at.start : at.end]) if clause.hit.how is How.OWNER else reader.text[at.start : at.end]
    return _Who(name=" ".join(name.split()), at=at, confidence=confidence, reason=reason)


def _name_at(tokens: Sequence[Token], phrase: Phrase) -> Range:
    """Where the name stands, without how somebody came by the paper ("a report seen by ...")."""
    past = phrase.past
    while past - 1 > phrase.first and tokens[past - 1].low in words.COME_BY:
        past -= 1
    return Range(start=tokens[phrase.first].start, end=tokens[past - 1].end)


def _subject_of(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, clause: Clause) -> _Who:
    """The speaker of "... and said": whoever the sentence is about."""
    before = sentence.tokens[clause.hit.first].start
    subject = next(
        (
            m
            for m in reader.cast.near(paragraph.number, paragraph.number)
            if m.subject and sentence.at.start <= m.at.start and m.at.end <= before
        ),
        None,
    )
    if subject is not None:
        return _Who(name=subject.name, at=subject.at, confidence=Confidence.MEDIUM, reason="subject of the sentence")
    opens = phrase_at(sentence.tokens, 0)
    goes_on = (
        opens is not None and opens.past < clause.hit.first and sentence.tokens[opens.past].low in words.AUXILIARIES
    )
    if opens is not None and opens.sort is not PhraseSort.PRONOUN and goes_on:  # "Plaintiff is informed and believes"
        at = _name_at(sentence.tokens, opens)
        name = " ".join(reader.text[at.start : at.end].split())
        return _Who(name=name, at=at, confidence=Confidence.MEDIUM, reason="subject of the sentence")
    pronoun = next((t for t in sentence.tokens if t.low in {"he", "she"} and t.start < before), None)
    if pronoun is not None:
        return _by_pronoun(reader, paragraph, Range(start=pronoun.start, end=pronoun.end), None)
    last = reader.last
    if last is not None and last.paragraph == paragraph.number:
        return _Who(name=last.name, at=None, confidence=Confidence.LOW, reason="guess: the one who spoke before")
    return _Who(name=UNRESOLVED, at=None, confidence=Confidence.LOW, reason="guess: the text does not say who")


def _by_pronoun(reader: _Reader, paragraph: _Paragraph, at: Range, outer: Suggestion | None) -> _Who:
    """The person a pronoun stands for, unresolved if more than one fits or none."""
    low = reader.text[at.start : at.end].lower()
    if low == "i" and outer is not None:
        return _Who(name=outer.speaker, at=at, confidence=Confidence.MEDIUM, reason='"I" inside his or her own words')
    last = reader.last
    if outer is not None:
        last = None if outer.speaker == UNRESOLVED else _told_before(reader, paragraph, outer)
    sort = {"his": "he", "him": "he", "her": "she"}.get(low, low)
    cast = reader.cast
    if outer is not None and outer.kind is Kind.DIRECT:  # whoever is quoted calls himself "I"
        cast = cast.without(outer.speaker)
    begin = _begin(paragraph, at.start)
    name = stands_for(sort, at=at.start, begin=begin, paragraph=paragraph.number, cast=cast, last=last)
    if name is not None and outer is None:
        reader.cast = reader.cast.learned(name, words.PRONOUNS.get(sort, ""))
    name = name or _self_or_crowd(reader, paragraph, at, sort, last, outer)
    if name is not None and _named_near(reader, paragraph, at.start, name):
        return _Who(name=name, at=at, confidence=Confidence.MEDIUM, reason=f'by pronoun: "{low}" fits {name} only')
    if (
        name is None
        and low == "it"
        and outer is None
        and (body := _opening_body(reader, paragraph, at.start)) is not None
    ):
        return _Who(name=body, at=at, confidence=Confidence.MEDIUM, reason=f'by pronoun: "it" is {body}')
    if name is None and low == "it" and (paper := _paper_before(reader, paragraph, at.start)) is not None:
        return _Who(name=paper, at=at, confidence=Confidence.MEDIUM, reason=f'by pronoun: "it" is {paper}')
    if name is None and outer is None and _nobody_near(reader, paragraph, at.start, sort):
        name = named_further_back(sort, at=at.start, paragraph=paragraph.number, cast=reader.cast)
    if name is None:
        return _Who(name=UNRESOLVED, at=at, confidence=Confidence.LOW, reason=f'guess: "{low}" fits nobody or several')
    reason = f'guess: "{low}", and {name} is named some paragraphs before'
    return _Who(name=name, at=at, confidence=Confidence.LOW, reason=reason)


def _self_or_crowd(
    reader: _Reader, paragraph: _Paragraph, at: Range, sort: str, last: Spoke | None, outer: Suggestion | None
) -> str | None:
    """Whom a pronoun means that no single person fits: the outer speaker himself, or those a sentence began with."""
    if sort in {"it", "they"} and last is not None and last.paragraph == paragraph.number:
        return last.name if last_name(last.name) not in reader.cast.whole else None
    if outer is not None and outer.kind is not Kind.DIRECT and at.start == outer.spans[0].start:
        return outer.speaker if fits(outer.speaker, sort, reader.cast) else None  # "he said he told": told of himself
    return _several_before(reader, paragraph, at.start) if sort == "they" else None


def _nobody_near(reader: _Reader, paragraph: _Paragraph, at: int, pronoun: str) -> bool:
    """Whether this paragraph and the one before name nobody the pronoun could mean, so that further back may be asked."""
    near = (m.at.end for m in reader.cast.near(paragraph.number - 1, paragraph.number) if not m.role)
    named = any(end <= at for end in near)
    return not named and pronoun in {"he", "she"}


def _several_before(reader: _Reader, paragraph: _Paragraph, at: int) -> str | None:
    """The people a sentence of this paragraph last began with, None if it named none: "Prosecutors see it otherwise."."""
    here = reader.cast.near(paragraph.number, paragraph.number)
    named = [m.name for m in here if m.role and m.at.end <= at and last_name(m.name).endswith(("s", "police"))]
    return named[-1] if named else None


_PAPER_NAMED: Final = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[\w-]+['’]s) (?:[\w-]+ ){{0,2}}?(?:{'|'.join(sorted(words.WRITTEN))})\b",
)


def _paper_before(reader: _Reader, paragraph: _Paragraph, at: int) -> str | None:
    """The last letter, report or other paper this paragraph named before `at`, None if it named none."""
    named = list(_PAPER_NAMED.finditer(reader.text, paragraph.at.start, at))
    return " ".join(named[-1].group().split()) if named else None


def _opening_body(reader: _Reader, paragraph: _Paragraph, at: int) -> str | None:
    """The company or body a sentence begins with when "it said" closes it: "The Guild has opened a register, it said."."""
    line = next((s for s in paragraph.sentences if s.at.start < at < s.at.end), None)
    phrase = phrase_at(line.tokens, 0) if line is not None else None
    if line is None or phrase is None or phrase.sort is PhraseSort.PRONOUN or line.tokens[phrase.past - 1].end > at:
        return None
    begin = line.tokens[0].start
    if begin == at or last_name(line.tokens[phrase.past - 1].low) not in words.ORGANISATION_WORDS:
        return None
    return " ".join(reader.text[begin : line.tokens[phrase.past - 1].end].split())


def _named_near(reader: _Reader, paragraph: _Paragraph, at: int, name: str) -> bool:
    """Whether somebody is named or has spoken in this paragraph or the one before."""
    key, last = last_name(name), reader.last
    spoke = last is not None and last.paragraph >= paragraph.number - 1 and last_name(last.name) == key
    near = reader.cast.near(paragraph.number - 1, paragraph.number)
    return spoke or any(m.at.end <= at and last_name(m.name) == key for m in near)


def _begin(paragraph: _Paragraph, at: int) -> int:
    """Where the sentence that holds `at` begins."""
    return max((s.at.start for s in paragraph.sentences if s.at.start <= at), default=paragraph.at.start)


def _told_before(reader: _Reader, paragraph: _Paragraph, outer: Suggestion) -> Spoke | None:
    """The one whose words the same speaker told last, if that was in this paragraph."""
    for suggestion in reversed(reader.found):
        if suggestion is outer or suggestion.nested_in is None:
            return None
        inside = paragraph.at.start <= suggestion.spans[0].start < paragraph.at.end
        if inside and suggestion.speaker not in {UNRESOLVED, outer.speaker}:
            return Spoke(name=suggestion.speaker, paragraph=paragraph.number)
    return None


def _doubts(
    reader: _Reader, who: _Who, spans: tuple[Range, ...], paragraph: _Paragraph, outer: Suggestion | None
) -> _Who:
    """The speaker with what speaks against offering him: told by another, named in the content, a headline."""
    if who.confidence is Confidence.LOW:
        return who
    if outer is not None:
        return replace(who, confidence=Confidence.LOW, reason=f"guess: only as told by {outer.speaker}; {who.reason}")
    if _named_in(reader.text, who, spans):
        return replace(who, confidence=Confidence.LOW, reason=f"guess: also named inside the content; {who.reason}")
    if paragraph.place is Place.HEADLINE:
        return replace(
            who, confidence=Confidence.MEDIUM, reason=f"{who.reason}; in a headline, which is the desk's wording"
        )
    return who


def _retold(reader: _Reader, who: _Who, paragraph: _Paragraph, sentence: _Sentence, clause: Clause) -> _Who:
    """The speaker as a guess where the words reach us through a paper or hearsay that the sentence does not name.

    An accusation retold from an affidavit must not be offered as the accused person's own words.
    """
    group = sentence.tokens[clause.hit.first : clause.hit.past]
    hedged = any(token.low in words.HEDGES for token in group)
    here = takewhile(lambda s: paragraph.at.start <= s.spans[0].start, reversed(reader.found))
    papers = (s for s in here if s.kind is Kind.DOCUMENT)
    retold = any(last_name(s.speaker) != last_name(who.name) for s in papers)
    if who.confidence is Confidence.LOW or not (hedged or retold):
        return who
    why = "the verb is hedged" if hedged else "the paragraph retells a paper"
    return replace(who, confidence=Confidence.LOW, reason=f"guess: {why}; {who.reason}")


_AGENTS: Final = "|".join(sorted(words.AGENTS))
_THROUGH: Final = re.compile(
    rf"\b(?:through|via) (?:[\w’'-]+ ){{0,3}}(?:{_AGENTS})s?\b"
    rf"|\b(?:issued|released|read|given|sent|signed) (?:out )?by (?:[\w’'-]+ ){{0,3}}(?:{_AGENTS})s?\b",
    re.IGNORECASE,
)
_QUOTED_IN: Final = re.compile(
    rf"\b(?:quoted|cited|recorded|reported) (?:in|by) (?:[\w’'-]+ ){{0,4}}(?:{'|'.join(sorted(words.WRITTEN))})\b",
    re.IGNORECASE,
)


def _through_another(reader: _Reader, who: _Who, sentence: _Sentence, clause: Clause) -> _Who:
    """The speaker as a guess where the sentence says that a lawyer or a paper stands between him and us."""
    if who.confidence is Confidence.LOW:
        return who
    told = " ".join(reader.text[part.start : part.end] for part in _attribution(sentence, clause, nested=False))
    if (
        clause.hit.who is not None
        and {t.low for t in sentence.tokens[clause.hit.who.first : clause.hit.who.past]} & words.AGENTS
    ):
        return who
    between = _THROUGH.search(told) or _QUOTED_IN.search(_cue_words(reader.text, sentence.tokens, clause))
    if between is None:
        return who
    return replace(who, confidence=Confidence.LOW, reason=f'guess: "{between.group()}"; {who.reason}')


def _named_in(text: str, who: _Who, spans: tuple[Range, ...]) -> bool:
    """Whether a capitalised word of the speaker's name also stands in the content."""
    ignore = words.ORGANISATION_WORDS | words.HONORIFICS | words.CAPITALISED
    parts = [
        bare(part) for part in who.name.split() if part[0].isupper() and bare(part).lower().rstrip(".") not in ignore
    ]
    content = " ".join(text[span.start : span.end] for span in spans)
    return any(re.search(rf"\b{re.escape(part)}\b", content) for part in parts)


def _spans(text: str, tokens: Sequence[Token], clause: Clause) -> tuple[tuple[Range, ...], Kind]:
    """The ranges of the content and its kind: a quotation alone loses its marks and is direct."""
    inside = [tokens[start:end] for start, end in clause.content]
    if all(token.sort is Sort.QUOTE for part in inside for token in part):
        spans = tuple(
            trim(text, q.inner.start, q.inner.end)
            for part in inside
            for t in part
            if (q := t.quote) is not None and q.inner.start < q.inner.end
        )
        if spans:
            return spans, Kind.DIRECT
    mixed = any(token.sort is Sort.QUOTE for part in inside for token in part)
    spans = tuple(trim(text, part[0].start, part[-1].end) for part in inside)
    return spans, Kind.MIXED if mixed else Kind.INDIRECT


_PAPER: Final = re.compile(
    rf"\b(?:in|under|by) (?:an?|the|his|her|their|its)?\s?(?:[\w-]+ ){{0,4}}(?:{'|'.join(sorted(words.DOCUMENTS))})\b",
    re.IGNORECASE,
)


def _is_document(tokens: Sequence[Token], clause: Clause) -> bool:
    """Whether the words come from a paper: its name is the subject, or "in an affidavit" follows the verb."""
    hit = clause.hit
    if hit.who is not None and hit.how is not How.NOBODY:
        inside = {bare(t.low) for t in tokens[hit.who.first : hit.who.past] if not possessive(t.low)}
        if head_of(tokens, hit.who) in words.DOCUMENTS or (hit.how is How.ACCORDING and inside & words.DOCUMENTS):
            return True
    attributed = " ".join(t.low for t in tokens[hit.past : clause.tail])
    return hit.cue.verb not in _NAMERS_AND_CALLS and _PAPER.search(attributed) is not None


_NAMERS_AND_CALLS: Final = frozenset({"call", "yell", "shout", "scream"})


def _attribution(sentence: _Sentence, clause: Clause, *, nested: bool) -> tuple[Range, ...]:
    """The parts of a sentence that tell of the saying, not of what was said by anybody."""
    toks, hit = sentence.tokens, clause.hit
    others = () if nested else clauses(toks)
    inside = {n for each in (clause, *others) for start, end in each.content for n in range(start, end)}
    first = min(hit.first, hit.who.first if hit.who else hit.first) if nested else 0
    past = clause.tail if nested else len(toks)
    parts: list[Range] = []
    last = -1
    for n in range(first, past):
        if n in inside:
            continue
        begin = parts.pop().start if parts and last == n - 1 else toks[n].start
        parts.append(Range(start=begin, end=toks[n].end))
        last = n
    return tuple(parts)


def _cue_words(text: str, tokens: Sequence[Token], clause: Clause) -> str:
    """The cue as printed, with its helping verbs."""
    start = clause.hit.first
    while start < clause.hit.at and tokens[start].low not in words.AUXILIARIES | words.FRENCH_HAVE:
        start += 1
    return " ".join(text[tokens[start].start : tokens[clause.hit.past - 1].end].split())


_ATTORNEY: Final = re.compile(
    rf"(?<!district )(?<!District )(?<!state )\b(?P<agent>{'|'.join(sorted(words.AGENTS))})s?\b(?: (?:for|of) (?P<client>(?:the )?[A-Z][\w’' -]*\w))?"
)
_OWNER: Final = re.compile(r"(?P<owner>[A-Z][\w.-]*(?: [A-Z][\w.-]*)*)(?:['’]s|(?<=s)['’])")


def _client(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, clause: Clause, who: _Who) -> str:
    """For whom the speaker speaks, "" if for nobody else."""
    phrase = clause.hit.who
    if phrase is None or clause.hit.how is How.NOBODY:
        return ""
    described = [phrase]
    aside = (
        phrase_before(sentence.tokens, phrase.first - 1) if phrase.first > 1 and clause.hit.how is How.ASIDE else None
    )
    described.extend([aside] if aside is not None else [])
    for each in described:
        at = _name_at(sentence.tokens, each)
        match = _ATTORNEY.search(reader.text, at.start, at.end)
        if match is None:
            continue
        if match["client"]:
            return match["client"]
        owner = _OWNER.search(reader.text, at.start, match.start())
        if owner:
            return owner["owner"]
        if sentence.tokens[each.first].low in {"his", "her"}:
            begin = sentence.tokens[each.first]
            found = _by_pronoun(reader, paragraph, Range(start=begin.start, end=begin.end), None)
            return found.name
    return reader.cast.clients.get(last_name(who.name), "")


_IN_OUTLET: Final = re.compile(
    r"\b(?:told|(?:interview|speaking) (?:with|to)|on|emails? to|letter to|statement to) (?P<who>(?:the )?[A-Z][\w.-]*(?: [A-Z][\w.-]*)*)",
)
_ON_TITLE: Final = re.compile(r"\bon (?P<who>(?:[A-Z]\w+(?:['’]s?)? )*[“\"‘][^”\"’]{2,40}[”\"’])")


def _outlet(text: str, around: Sequence[Range]) -> str:
    """The paper or programme it was said to, as the attribution names it."""
    for part in around:
        titled = _ON_TITLE.search(text, part.start, part.end)
        if titled:
            return titled["who"]
        for match in _IN_OUTLET.finditer(text, part.start, part.end):
            if {word.lower() for word in match["who"].split()} & words.OUTLET_WORDS:
                return match["who"]
    return ""


def _whom(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, clause: Clause, *, outlet: bool) -> str:
    """The person told, or with `outlet` the paper or programme told."""
    if clause.whom is None:
        return "" if outlet else _interviewer(reader.text, _attribution(sentence, clause, nested=False))
    at = _name_at(sentence.tokens, clause.whom)
    name = " ".join(reader.text[at.start : at.end].split())
    if any(word.lower() in words.OUTLET_WORDS for word in name.split()) is not outlet:
        return ""
    if clause.whom.sort is PhraseSort.PRONOUN:
        sort = {"him": "he", "her": "she", "he": "he", "she": "she"}.get(name.lower(), "")
        found = stands_for(
            sort,
            at=at.start,
            begin=_begin(paragraph, at.start),
            paragraph=paragraph.number,
            cast=reader.cast,
            last=reader.last,
        )
        return found or name
    return name


_INTERVIEWER: Final = re.compile(
    r"\binterview with (?:[A-Z][\w ]*['’]s? )?(?P<who>[A-Z][\w-]*(?: [A-Z][\w-]*)*)(?!['’\w])"
)


def _interviewer(text: str, around: Sequence[Range]) -> str:
    """The person who asked, from "in an interview with X"."""
    for part in around:
        match = _INTERVIEWER.search(text, part.start, part.end)
        if match and not {word.lower() for word in match["who"].split()} & words.OUTLET_WORDS:
            return match["who"]
    return ""


def _asks(text: str, spans: Sequence[Range]) -> bool:
    """Whether the content ends as a question."""
    end = trim(text, spans[-1].start, spans[-1].end, "\"'”’»,")
    return end.start < end.end and text[end.end - 1] == "?"


# --- quotations without an attribution of their own ---------------------------------------------------------------


def _read_leftovers(reader: _Reader, paragraph: _Paragraph, number: int, used: list[Range]) -> None:
    """Give the quotations of a sentence that no cue took to whoever is speaking, or mark them unresolved."""
    sentence = paragraph.sentences[number]
    loose = [t for t in sentence.tokens if t.sort is Sort.QUOTE and not any(_holds(u, t) for u in used)]
    alone = all(t.sort is Sort.QUOTE or t.sort is Sort.MARK or t.low in words.CONJUNCTIONS for t in sentence.tokens)
    for token in loose:
        quote = token.quote
        if quote is None or quote.inner.start >= quote.inner.end or _inside_found(reader, quote):
            continue
        led = _led_by_colon(reader, paragraph, sentence, token)
        if led is not None:
            reader.found.append(led)
            _read_quote(reader, paragraph, quote, len(reader.found) - 1)
            used.append(Range(start=quote.start, end=quote.end))
            continue
        before = _speaking(reader, paragraph) if alone else None
        if before is not None and reader.found[before].speaker == UNRESOLVED and before != reader.open_quote:
            before = before if _acting(reader, paragraph, quote.start) is None else None
        if before is not None:
            _extend(reader, before, quote)
        elif alone or len(reader.text[quote.inner.start : quote.inner.end].split()) >= _SCARE:
            _add_loose(reader, paragraph, quote)
        else:
            continue
        used.append(Range(start=quote.start, end=quote.end))


def _led_by_colon(reader: _Reader, paragraph: _Paragraph, sentence: _Sentence, token: Token) -> Suggestion | None:
    """A quotation behind a colon with its speaker before it: "Orr: “No.”", "her verdict: “...”", "issued a statement: “...”"."""
    toks = sentence.tokens
    at = next((n for n, each in enumerate(toks) if each is token), 0)
    if at < 2 or toks[at - 1].low != ":" or token.quote is None or paragraph.place is Place.HEADLINE:  # noqa: PLR2004 - a name and a colon
        return None
    who = _before_colon(reader, paragraph, toks, at - 1)
    if who is None:
        return None
    who = _doubts(reader, who, (token.quote.inner,), paragraph, None)
    told = reader.text[sentence.at.start : token.start]
    paper = _paper_before(reader, paragraph, sentence.at.start)
    if who.confidence is not Confidence.LOW and (paper is not None or _THROUGH.search(told)):
        why = f"{paper} may be what tells it" if paper is not None else "it came through somebody else"
        who = replace(who, confidence=Confidence.LOW, reason=f"guess: {why}; {who.reason}")
    reader.last = Spoke(name=who.name, paragraph=paragraph.number, at=token.start)
    return _suggestion(
        reader,
        spans=(token.quote.inner,),
        cue=Range(start=toks[at - 2].start, end=toks[at - 1].end),
        speaker=who.name,
        at=who.at,
        place=paragraph.place,
        confidence=who.confidence,
        reason=who.reason,
    )


def _before_colon(reader: _Reader, paragraph: _Paragraph, toks: Sequence[Token], colon: int) -> _Who | None:
    """Who is named before a colon: alone, as the owner of a saying, or as the subject that issued one; None if nobody."""
    whole = phrase_at(toks, 0)
    if whole is None:
        return None
    at = Range(start=toks[0].start, end=toks[whole.past - 1].end)
    name = " ".join(reader.text[at.start : at.end].split())
    saying = toks[colon - 1].low in words.SAYINGS
    if whole.past == colon and whole.sort is PhraseSort.NAME and last_name(name) in reader.cast.whole:
        return _Who(name=name, at=at, confidence=Confidence.HIGH, reason="named before a colon")
    if saying and toks[0].low in {"his", "her"} and colon <= _SCARE:
        return _by_pronoun(reader, paragraph, Range(start=toks[0].start, end=toks[0].end), None)
    issued = any(t.low in words.SAYINGS for t in toks[whole.past : colon])
    opens = whole.past < colon and (toks[whole.past].low in words.AUXILIARIES or toks[whole.past].low in _ISSUES)
    if (
        issued
        and opens
        and any(t.low in _ISSUES for t in toks[whole.past : colon])
        and whole.sort is not PhraseSort.PRONOUN
    ):
        return _Who(name=name, at=at, confidence=Confidence.MEDIUM, reason="issued the words behind the colon")
    return None


_ISSUES: Final = frozenset({"released", "issued", "published", "sent", "gave", "posted", "read", "releases", "issues"})

_SCARE: Final = 4
"""Shorter quotations inside a sentence without a cue are somebody's term, left to the net."""


def _holds(outer: Range, token: Token) -> bool:
    return outer.start <= token.start and token.end <= outer.end


def _inside_found(reader: _Reader, quote: Quote) -> bool:
    return any(
        span.start < quote.inner.end and quote.inner.start < span.end for s in reader.found[-12:] for span in s.spans
    )


def _speaking(reader: _Reader, paragraph: _Paragraph) -> int | None:
    """The suggestion this quotation goes on from: in the same paragraph, or one left open by the paragraph before."""
    for number in range(len(reader.found) - 1, -1, -1):
        suggestion = reader.found[number]
        if suggestion.nested_in is not None:
            continue
        if suggestion.spans[0].start >= paragraph.at.start:
            return number
        break
    return reader.open_quote


def _extend(reader: _Reader, number: int, quote: Quote) -> None:
    """Add a quotation to the utterance before it, or as a new one of the same speaker after indirect speech."""
    before = reader.found[number]
    if before.kind is Kind.DIRECT or number == reader.open_quote:
        question = before.question or _asks(reader.text, (quote.inner,))
        reader.found[number] = replace(before, spans=(*before.spans, quote.inner), question=question)
    else:
        confidence = Confidence.LOW if before.confidence is Confidence.LOW else Confidence.MEDIUM
        reader.found.append(
            replace(
                before,
                spans=(quote.inner,),
                kind=Kind.DIRECT,
                question=_asks(reader.text, (quote.inner,)),
                confidence=confidence,
                preselect=False,
                reason="the rest of a paragraph's quotations go to its speaker",
            ),
        )
        number = len(reader.found) - 1
    for line in sentences(reader.text, quote.inner, quote.within):
        inner = _Sentence(at=line, tokens=tokens(reader.text, line, quote.within))
        home = _home(reader, quote)
        _read_nested(reader, home, inner, number)


def _home(reader: _Reader, quote: Quote) -> _Paragraph:
    """A bare paragraph round a quotation, for what is told inside it."""
    number = reader.last.paragraph if reader.last is not None else 0
    at = Range(start=quote.start, end=quote.end)
    return _Paragraph(
        number=number, at=at, body=at, place=Place.BODY, struck="", label=None, quotes=(), sentences=()
    )  # fmt: skip


def _add_loose(reader: _Reader, paragraph: _Paragraph, quote: Quote) -> None:
    """Add a quotation nobody is credited with; who spoke last is only a guess and is never offered."""
    near = reader.last is not None and paragraph.number - reader.last.paragraph <= 1
    speaker = reader.last.name if near and reader.last is not None else UNRESOLVED
    headed = reader.text[paragraph.at.start : quote.start].rstrip()
    if paragraph.place is Place.HEADLINE and headed.endswith(":"):
        speaker = " ".join(headed[:-1].split())
    acting = _acting(reader, paragraph, quote.start)
    if acting is not None:
        speaker = acting
    elif quote.start == paragraph.at.start and (who := _announced(reader, quote)) is not None:
        reader.found.append(who)
        _read_quote(reader, paragraph, quote, len(reader.found) - 1)
        return
    elif set_off(reader.text, paragraph.at):
        speaker = UNRESOLVED
    reader.found.append(
        _suggestion(
            reader,
            spans=(quote.inner,),
            cue=Range(start=quote.start, end=quote.start + 1),
            speaker=speaker,
            at=None,
            place=paragraph.place,
            confidence=Confidence.LOW,
            reason=_BARE,
        ),
    )
    _read_quote(reader, paragraph, quote, len(reader.found) - 1)


def _announced(reader: _Reader, quote: Quote) -> Suggestion | None:
    """The quotation as the words of whoever the paragraph before announces: "Her assistant told us this:"."""
    before = reader.before
    if before is None or not before.sentences:
        return None
    line = before.sentences[-1]
    clause = announced(line.tokens)
    if clause is None:
        return None
    who = _doubts(reader, _who(reader, before, line, clause, None), (quote.inner,), before, None)
    who = _through_another(reader, who, line, clause)
    hedged = any(token.low in words.HEDGES for token in line.tokens)
    retold = _paper_before(reader, before, line.at.end)
    if who.confidence is not Confidence.LOW and (hedged or retold is not None):
        why = "the verb is hedged" if hedged else f"{retold} may be what tells it"
        who = replace(who, confidence=Confidence.LOW, reason=f"guess: {why}; {who.reason}")
    confidence = Confidence.LOW if who.confidence is Confidence.LOW else Confidence.MEDIUM
    hit = clause.hit
    return _suggestion(
        reader,
        spans=(quote.inner,),
        cue=Range(start=line.tokens[hit.at].start, end=line.tokens[hit.past - 1].end),
        speaker=who.name,
        at=who.at,
        place=Place.BODY,
        confidence=confidence,
        reason=f"announced by the line before; {who.reason}" if confidence is Confidence.MEDIUM else who.reason,
    )


def _acting(reader: _Reader, paragraph: _Paragraph, at: int) -> str | None:
    """Who the words just before a bare quotation are about: "She shook her head: “...”"; None if that is not plain."""
    lead = next((s for s in reversed(paragraph.sentences) if s.at.start < at and s.tokens[0].start < at), None)
    if lead is None or not lead.tokens or lead.tokens[0].quote is not None:
        return None
    named = (m for m in reader.cast.near(paragraph.number, paragraph.number) if m.subject and not m.role)
    subject = next((m for m in named if lead.at.start <= m.at.start and m.at.end <= at), None)
    if subject is not None and last_name(subject.name) in reader.cast.whole:
        return subject.name
    first = lead.tokens[0]
    if first.low not in {"he", "she"}:
        return None
    who = _by_pronoun(reader, paragraph, Range(start=first.start, end=first.end), None)
    return None if who.name == UNRESOLVED else who.name


def _join_open(reader: _Reader, paragraph: _Paragraph, begun: int | None) -> None:
    """Give an unattributed quotation left open by the paragraph before to the speaker this paragraph names."""
    if begun is None or not paragraph.quotes or reader.found[begun].confidence is not Confidence.LOW:
        return
    first = paragraph.quotes[0].inner
    number = next((n for n in range(begun + 1, len(reader.found)) if _begins(reader.found[n], first)), None)
    if number is None:
        return
    joined = replace(reader.found[number], spans=(*reader.found[begun].spans, *reader.found[number].spans))
    moved = {number: begun}
    reader.found[begun] = joined
    del reader.found[number]
    for n, each in enumerate(reader.found):
        outer = each.nested_in
        if outer is not None and outer >= number:
            reader.found[n] = replace(each, nested_in=moved.get(outer, outer - 1))


def _begins(suggestion: Suggestion, span: Range) -> bool:
    return suggestion.nested_in is None and suggestion.spans[0] == span


def _remember_open(reader: _Reader, paragraph: _Paragraph) -> None:
    """Keep the utterance whose quotation is left open for the next paragraph."""
    reader.open_quote = None
    if paragraph.quotes and not paragraph.quotes[-1].closed:
        inner = paragraph.quotes[-1].inner
        for number in range(len(reader.found) - 1, -1, -1):
            if any(span == inner for span in reader.found[number].spans):
                reader.open_quote = number
                return


# --- order and net ------------------------------------------------------------------------------------------------


def _in_order(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The suggestions in the order of the text, outer before inner, with `nested_in` renumbered."""
    tidy = [replace(s, spans=_disjoint(s.spans)) for s in found]
    order = sorted(range(len(tidy)), key=lambda n: (tidy[n].spans[0].start, -tidy[n].spans[-1].end, n))
    place = {old: new for new, old in enumerate(order)}
    return tuple(
        replace(tidy[n], nested_in=None if (outer := tidy[n].nested_in) is None else place[outer]) for n in order
    )


def _disjoint(spans: tuple[Range, ...]) -> tuple[Range, ...]:
    """The spans in order; ones that overlap become one."""
    merged: list[Range] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = Range(start=merged[-1].start, end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _net(text: str, lines: Sequence[tuple[_Paragraph, _Sentence]], found: Sequence[Suggestion]) -> tuple[Unread, ...]:
    """Every sentence no suggestion touches, in order, with why it must be looked at or may be skipped.

    A sentence that is suggested in part stays in it when a verb of saying is left over.
    """
    covered = sorted((span.start, span.end) for s in found for span in s.spans)
    net: list[Unread] = []
    at = 0
    furthest = _furthest(covered)
    taken = _taken(found)
    for paragraph, sentence in lines:
        while at < len(covered) and covered[at][0] < sentence.at.end:
            at += 1
        if at == 0 or furthest[at - 1] <= sentence.at.start:
            look, reason = _sign(text, paragraph, sentence)
            net.append(Unread(span=sentence.at, look=look, reason=reason))
        elif (word := _left_over(sentence, taken)) is not None:
            net.append(Unread(span=sentence.at, look=Look.MUST, reason=f'"{word}" stands outside what is suggested'))
    return tuple(net)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """The code points that suggestions hold or are named after, ready to be asked about one."""

    starts: tuple[int, ...]
    furthest: tuple[int, ...]

    def holds(self, at: int) -> bool:
        """Whether `at` lies inside one of them."""
        before = bisect.bisect_right(self.starts, at)
        return before > 0 and self.furthest[before - 1] > at


def _taken(found: Sequence[Suggestion]) -> _Taken:
    ranges = sorted((part.start, part.end) for s in found for part in (*s.spans, s.cue_at))
    return _Taken(starts=tuple(start for start, _ in ranges), furthest=tuple(_furthest(ranges)))


def _left_over(sentence: _Sentence, taken: _Taken) -> str | None:
    """A verb of saying in a partly suggested sentence that no suggestion holds or is named after, None if none."""
    for n, token in enumerate(sentence.tokens):
        cue = words.CUES.get(token.low)
        if cue is not None and not cue.noun and _speech_sign(sentence.tokens, n) and not taken.holds(token.start):
            return token.low
    return None


def _furthest(covered: Sequence[tuple[int, int]]) -> list[int]:
    """For each span the furthest end of it and all before it."""
    ends: list[int] = []
    for _, end in covered:
        ends.append(max(end, ends[-1] if ends else 0))
    return ends


def _sign(text: str, paragraph: _Paragraph, sentence: _Sentence) -> tuple[Look, str]:
    """Why a sentence must be looked at, may be skipped, or was struck."""
    if paragraph.struck:
        return Look.STRUCK, f"struck, kept: {paragraph.struck}"
    line = text[sentence.at.start : sentence.at.end]
    if any(mark in line for mark in MARKS):
        return Look.MUST, "holds a quotation mark"
    if paragraph.place is Place.HEADLINE and ": " in line:
        return Look.MUST, "holds a colon, and is a headline"
    word = next((t.low for n, t in enumerate(sentence.tokens) if _speech_sign(sentence.tokens, n)), None)
    if word is not None:
        return Look.MUST, f'holds the speech word "{word}"'
    if _OPENS_CLAUSE.search(line):
        return Look.MUST, 'a clause behind "that", and no verb of saying'
    return Look.MAY_SKIP, "no quotation mark and no speech word"


_OPENS_CLAUSE: Final = re.compile(
    r"\b(?!(?:so|such|now|given|in|and|or|but)\b)[a-z]+ that (?=(?:the|an?|no|he|she|it|they|we|I|there|his|her|their|its|"
    r"nobody|somebody|every|any|all|one|two|[A-Z][\w’'-]*)\b)"
)
"""Behind most verbs and nouns a clause with "that" is something put into words: "gave evidence that the spring was weak"."""


_PAPERS_DO: Final = frozenset(
    {"puts", "put", "list", "lists", "gives", "give", "names", "mentions", "cites", "contains", "shows", "show"}
)
"""What a paper does that says something: "the letter puts the number at 23"."""


def _speech_sign(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is a sign of speech here: not "the call", not "a man called Trout"."""
    low = tokens[at].low
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if low in _PAPERS_DO and any(bare(token.low) in words.WRITTEN for token in tokens[:at]):
        return True
    if low == "put":
        return following is not None and following.low == "it"
    if low in {"found", "finds", "find", "heard", "hears", "shows", "showed"}:
        return following is not None and following.low == "that"
    if low not in words.SPEECH_SIGNS:
        return False
    if low == "called" and following is not None and following.capital and following.sort is Sort.WORD:
        return False
    if low not in words.NOUN_SIGNS or at == 0 or (following is not None and following.low == "that"):
        return True
    before = tokens[at - 1].low
    return not (before in words.DETERMINERS | words.POSSESSIVES | words.PREPOSITIONS or possessive(before))


def gaps(reading: Reading, lines: Sequence[Range]) -> Iterator[Range]:
    """Each of `lines` that neither a suggestion nor the net touches; empty if the promise of this module holds."""
    spans = [span for s in reading.suggestions for span in s.spans] + [unread.span for unread in reading.net]
    for line in lines:
        if not any(span.start < line.end and line.start < span.end for span in spans):
            yield line


def overlaps(suggestion: Suggestion) -> bool:
    """Whether two spans of a suggestion overlap; never, if the promise of this module holds."""
    return any(second.start < first.end for first, second in pairwise(suggestion.spans))
