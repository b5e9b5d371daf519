"""A paper on the screen with its suggestions in the margin, as a person goes through it: read here, filed from there.

The reader's own key signs in the browser; here the text is cut into pieces that a page only has to show, each suggestion
with its reason and confidence, each sentence nobody has looked at with its mark. Promises: offsets are those of the bytes
as stored; what was filed or looked at before is marked done, by the record alone; a speaker is offered only where the
rules offer him. Does not: file, or change a word.
"""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from coldcheck.custody import acts as a
from coldcheck.custody.matter import Filed
from coldcheck.custody.renderings import Printing, like
from coldcheck.custody.statement_text import Range
from coldcheck.custody.statements import VERSION, Look, Reading, Suggestion, Unread, read
from coldcheck.custody.things import Id
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.custody.trade_words import trade_words
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.inquiry_text import UNNAMED_WORDS, Desk, court_json, quoted
from coldcheck.station.read_papers import Paper, paper_of
from coldcheck.station.reading_parts import moved, parts_of
from coldcheck.station.web.reading_reasons import reason_in

Json = dict[str, Any]
MEDIA: Final = {
    "text/html": ".html", "application/x-subrip": ".srt", "text/vtt": ".vtt", "text/plain": ".txt",
}  # fmt: skip
_PARAGRAPH: Final = re.compile(r"[^\n]+")
MOST_NAMES: Final = 30


class NoSuchSource(ColdcheckError):
    """The ledger has no source of this label, or its bytes are not here. The sentence says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to decide: a suggestion, or a sentence of the net (`each` is then None)."""

    spans: tuple[Range, ...]
    each: Suggestion | None
    look: str
    reason: str


def source_of(desk: Desk, label: str) -> tuple[Filed[a.SourceFiled], bytes]:
    """The source of a label with its bytes. Raises NoSuchSource."""
    filed = next((one for one in desk.files.sources.values() if label in {one.act.label, one.act.ref}), None)
    if filed is None:
        raise NoSuchSource(f"No source here is called {label[:40]!r}; take one from the list.")
    content = desk.paper(filed.act.sha256)
    if content is None:
        raise NoSuchSource(f"The bytes of {label[:40]} are not here; only their hash was filed.")
    return filed, content


@lru_cache(maxsize=8)
def paper_kept(content: bytes, media: str) -> Paper:
    """The paper of these bytes. Raises UnreadablePaper."""
    return paper_of(content, name=f"paper{MEDIA.get(media, '.txt')}")


@lru_cache(maxsize=32)
def _part_read(content: bytes, media: str, published: date | None, part: int) -> Reading:
    paper = paper_kept(content, media)
    place = parts_of(paper.text, whole=PART_SHOWN, part=PART_SHOWN)[part]
    return moved(read(paper.text[place.start : place.end], published=published, spoken=paper.spoken), place.start)


PART_SHOWN: Final = 60_000
"""Characters read and shown at a time: a long paper is gone through in parts that end at a paragraph."""


def published_on(source: a.SourceFiled) -> date | None:
    """The day a source says it was published."""
    try:
        return date.fromisoformat(source.published.start[:10])
    except ValueError:
        return None


def reading_json(desk: Desk, label: str, *, part: int = 0) -> Json:
    """One part of a paper as the page shows it. Raises NoSuchSource or UnreadablePaper."""
    filed, content = source_of(desk, label)
    source = filed.act
    paper = paper_kept(content, source.media)
    places = parts_of(paper.text, whole=PART_SHOWN, part=PART_SHOWN)
    part = max(0, min(part, len(places) - 1))
    reading = _part_read(content, source.media, published_on(source), part)
    items = items_of(reading)
    done = _done(desk, source.ref)
    states = [_state(paper, item, done) for item in items]
    numbers = {id(item.each): number for number, item in enumerate(items) if item.each is not None}
    filed_as = {one.act.label or ref: ref for ref, one in desk.files.statements.items()}
    return {
        "source": {
            "ref": source.ref, "label": source.label, "title": desk.words(source.title), "sha256": source.sha256,
            "published": source.published.start, "own_text": paper.own_text, "entry": filed.entry_index,
        },
        "version": VERSION, "part": part, "parts": len(places),
        "paragraphs": list(_paragraphs(paper.text, places[part], items, struck=struck_of(reading.net))),
        "items": [
            _item_json(desk, paper, item, state, source, number)
            | {"nested_in": _outer(reading, item, numbers), "ref": filed_as.get(state, "")}
            for number, (item, state) in enumerate(zip(items, states, strict=True))
        ],
        "open": sum(1 for item, state in zip(items, states, strict=True) if item.look != "may" and not state),
        "names": _names(reading), "crew": crew_json(desk), "things": _things(desk),
        "questions": [{"ref": ref, "text": desk.words(one.act.text)} for ref, one in desk.files.questions.items()],
        "sources": [
            {"ref": ref, "label": one.act.label or ref} for ref, one in desk.files.sources.items() if ref != source.ref
        ],
        "unnamed": [{"key": key.value, "words": desk.tongue.say(words or "not said")} for key, words in UNNAMED_WORDS.items()],
        "statements": sum(1 for one in desk.files.statements.values() if one.act.source == source.ref),
    }  # fmt: skip


def _outer(reading: Reading, item: Item, numbers: Mapping[int, int]) -> int | None:
    """The number of the item that this one is told inside of, None where it stands by itself."""
    if item.each is None or item.each.nested_in is None:
        return None
    return numbers[id(reading.suggestions[item.each.nested_in])]


def items_of(reading: Reading) -> list[Item]:
    """Everything to decide in the order of the text; struck lines are not asked about."""
    found = [Item(spans=each.spans, each=each, look="suggested", reason=each.reason) for each in reading.suggestions]
    found += [
        Item(spans=(one.span,), each=None, look="must" if one.look is Look.MUST else "may", reason=one.reason)
        for one in reading.net
        if one.look is not Look.STRUCK
    ]
    return sorted(found, key=lambda item: (item.spans[0].start, -item.spans[-1].end))


def struck_of(net: Iterable[Unread]) -> tuple[Range, ...]:
    """The lines that are no part of the story: kept, marked, and not asked about."""
    return tuple(one.span for one in net if one.look is Look.STRUCK)


# --- what the record says was decided ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    statements: tuple[tuple[str, frozenset[int]], ...]
    looked_at: tuple[tuple[int, int], ...]


def _done(desk: Desk, source: Id) -> _Done:
    return _Done(
        statements=tuple(
            (one.act.label or one.act.ref, _points((span.start, span.end) for span in one.act.spans))
            for one in desk.files.statements.values()
            if one.act.source == source
        ),
        looked_at=tuple(
            (span.start, span.end) for one in desk.files.passages if one.act.source == source for span in one.act.spans
        ),
    )


def _points(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end))


def _state(paper: Paper, item: Item, done: _Done) -> str:
    """The label of the statement that was filed of it, "looked at", or "" while nobody has decided."""
    if not done.statements and not done.looked_at:
        return ""
    points = _points((part.start, part.end) for span in item.spans for part in paper.in_file(span))
    for label, filed in done.statements:
        both = len(points & filed)
        # A person may have moved the ends of a suggestion; a sentence of the net is done by any statement in it.
        if both and (item.each is None or 2 * both >= len(points | filed)):
            return label
    first = min(points, default=0)
    return "looked at" if any(start <= first < end for start, end in done.looked_at) else ""


# --- for the page --------------------------------------------------------------------------------------------------


def _paragraphs(text: str, place: Range, items: Sequence[Item], *, struck: tuple[Range, ...]) -> Iterator[Json]:
    """The lines of the text in pieces, each piece with the numbers of the items it is part of."""
    spans = [(span.start, span.end, number) for number, item in enumerate(items) for span in item.spans]
    starts = [item.spans[0].start for item in items]
    for line in _PARAGRAPH.finditer(text, place.start, place.end):
        if not line.group().strip():
            continue
        start, end = line.span()
        here = [span for span in spans if span[0] < end and span[1] > start]
        cuts = sorted({start, end, *(max(one, start) for one, _, _ in here), *(min(two, end) for _, two, _ in here)})
        yield {
            "struck": any(one.start < end and start < one.end for one in struck),
            "pieces": [
                {
                    "text": text[one:two],
                    "items": [number for first, last, number in here if first <= one and two <= last],
                }
                for one, two in itertools.pairwise(cuts)
            ],
            "cards": list(range(bisect.bisect_left(starts, start), bisect.bisect_left(starts, end))),
        }


def _item_json(desk: Desk, paper: Paper, item: Item, state: str, source: a.SourceFiled, number: int) -> Json:
    words = words_at(paper, item.spans)
    spans = [{"start": part.start, "end": part.end} for span in item.spans for part in paper.in_file(span)]
    shape: Json = {
        "number": number, "look": item.look, "reason": reason_in(item.reason, tongue=desk.tongue), "state": state, "words": words, "spans": spans,
        "speaker": "", "offered": False, "confidence": "", "kind": "indirect", "chain": [], "for": "", "question": False,
        "cue": "", "addressee": "", "outlet": "", "times": [], "dates": [], "same": None,
        "terms": list(trade_words(words)), "paragraph": paragraph_at(paper.text, item.spans[0].start),
    }  # fmt: skip
    if item.each is None:
        return shape
    each = item.each
    alike = like(Printing(ref="", words=words), _printings(desk)) if not state and each.nested_in is None else None
    shape |= {
        "speaker": each.speaker, "offered": each.preselect, "confidence": each.confidence.value, "kind": each.kind.value,
        "chain": list(each.chain), "for": each.on_behalf_of, "question": each.question, "cue": each.cue,
        "addressee": each.addressee, "outlet": each.outlet,
        "times": [
            {"of": when.of.value, "words": words_at(paper, (when.words,)),
             "when": {"start": when.first.isoformat() if when.first else "", "end": when.last.isoformat() if when.last else ""}}
            for when in each.times
        ],
        "dates": list(contradictions(each, published_on(source), tongue=desk.tongue)),
        "same": {"ref": alike.first, "label": desk.label(alike.first), "shared": list(alike.shared)} if alike else None,
    }  # fmt: skip
    return shape


_NUMBERED: Final = re.compile(r"[ \t]*(?:¶[ \t]*)?(\d{1,3})[.)][ \t]+\S", re.MULTILINE)


def paragraph_at(text: str, at: int) -> str:
    """The number of the paragraph in which something stands, if the paper numbers them at the line's beginning, else ""."""
    numbers = [
        match for match in _NUMBERED.finditer(text, 0, at + 1) if match.start() == 0 or text[match.start() - 1] == "\n"
    ]
    # One number alone is a date or a list of one, not a paper with numbered paragraphs.
    return numbers[-1][1] if len(numbers) > 1 or (numbers and numbers[0][1] == "1") else ""


def words_at(paper: Paper, spans: Iterable[Range]) -> str:
    """The words of these places, white space made plain."""
    return " ... ".join(" ".join(paper.text[span.start : span.end].split()) for span in spans)


def contradictions(each: Suggestion, published: date | None, *, tongue: Tongue = ENGLISH) -> Iterator[str]:
    """What cannot be so among the dates of one statement, as sentences for the person who decides."""
    days = {when.of: when for when in each.times if when.first is not None}
    for when in days.values():
        if published is not None and when.first is not None and when.first > published:
            yield tongue.say(
                "Read as {day}, which is after the paper's own date {published}: check both.",
                day=when.first.isoformat(), published=published.isoformat(),
            )  # fmt: skip
    order = [when for of in ("said", "recorded", "aired", "published") for when in days.values() if when.of.value == of]
    for earlier, later in itertools.pairwise(order):
        if earlier.first and later.last and earlier.first > later.last:
            yield tongue.say(
                "{first} {day} is after {second} {later}: one is wrong.",
                first=tongue.word(earlier.of.value, "value"), day=earlier.first.isoformat(),
                second=tongue.word(later.of.value, "value"), later=later.last.isoformat(),
            )  # fmt: skip


def _printings(desk: Desk) -> Iterator[Printing]:
    for ref, filed in desk.files.statements.items():
        words = " ".join(quoted(desk, filed.act, desk.files.sources.get(filed.act.source)))
        if words:
            yield Printing(ref=ref, words=words)


def _names(reading: Reading) -> list[str]:
    """Who is named as a speaker, in the order of the text: a list to choose from, with nobody chosen."""
    named = (name for each in reading.suggestions for name in (each.speaker, *each.chain, each.on_behalf_of))
    return [name for name in dict.fromkeys(named) if name and name != "unresolved"][:MOST_NAMES]


def crew_json(desk: Desk) -> list[Json]:
    """Everybody on the crew list by label, to choose from."""
    people = sorted(desk.picture.persons.values(), key=lambda person: person.label)
    return [
        {"person": one.person, "label": one.label, "roles": sorted(role.value for role in one.roles)}
        for one in people
        if one.label
    ]


def _things(desk: Desk) -> Json:
    picture = desk.picture
    return {
        "guns": [{"id": one.gun, "label": f"{one.word_name} ({one.label})"} for one in picture.guns.values()],
        "places": [{"id": one.place, "label": one.label} for one in picture.places.values()],
    }


def find_words(desk: Desk, label: str, *, words: str, near: int) -> list[Json]:
    """Where these words stand as typed, nearest to a place of the stored file, as spans. Raises NoSuchSource."""
    filed, content = source_of(desk, label)
    paper = paper_kept(content, filed.act.media)
    wanted = words.split()
    if not wanted:
        raise NoSuchSource("No words were typed. Type them as they stand in the paper.")
    pattern = re.compile(r"\s+".join(re.escape(word) for word in wanted))
    found = [Range(start=match.start(), end=match.end()) for match in pattern.finditer(paper.text)]
    if not found:
        raise NoSuchSource("These words do not stand in the paper as they were typed; copy them out of it.")
    best = min(found, key=lambda span: abs(paper.in_file(span)[0].start - near))
    return [{"start": part.start, "end": part.end} for part in paper.in_file(best)]


def accounts_json(desk: Desk) -> list[Json]:
    """Every first account that was sealed, in order: whose, when, and how and when it was opened, if it was."""
    return [
        {
            "ref": ref,
            "by": desk.label(n.by),
            "person": n.by,
            "at": n.at,
            "sha256": n.act.sha256,
            "entry": n.entry_index,
            "opened": [
                {"basis": each.act.basis, "at": each.at, "entry": each.entry_index}
                for each in desk.files.opened_accounts
                if each.act.regarding == ref
            ],
        }
        for ref, n in desk.files.first_accounts.items()
    ]


def sources_json(desk: Desk) -> list[Json]:
    """Every source with how far its reading has come, in the order of filing."""
    return [
        {
            "label": filed.act.label or ref, "title": desk.words(filed.act.title), "sha256": filed.act.sha256,
            "size_bytes": filed.act.size_bytes, "media": filed.act.media, "entry": filed.entry_index,
            "from": desk.label(filed.act.derived_from) if filed.act.derived_from else "",
            "court": court_json(desk, filed.act),
            "here": desk.paper(filed.act.sha256) is not None,
            "statements": sum(1 for one in desk.files.statements.values() if one.act.source == ref),
        }
        for ref, filed in desk.files.sources.items()
    ]  # fmt: skip
