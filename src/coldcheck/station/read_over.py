"""From suggestions to statements: a person goes through a paper by keyboard and gets the lines that file it.

Each suggestion is one question and each claim another; a sentence of the net with a sign of speech is one more. Promises:
nothing is filed that nobody answered for; a speaker is taken over by Enter alone only where the rules offer him, which
they never do for one who is named inside the content; the reading is finished only when every sentence with a sign of
speech was looked at. Does not do: sign. The lines go into a scenario or to a hub, under the key of whoever confirmed.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from coldcheck.custody.statement_text import Range
from coldcheck.custody.statements import VERSION, Look, Reading, Suggestion
from coldcheck.custody.trade_words import trade_words
from coldcheck.station.read_papers import Paper
from coldcheck.station.reading_parts import reading_of

Ask = Callable[[str], str]
NOT: Final = "n"
STOP: Final = "q"
MARK: Final = "m"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOver:
    """What came of it: the lines to file, how many statements, how many answers they took, and what is left."""

    lines: tuple[str, ...]
    statements: int
    actions: int
    not_looked_at: int


@dataclass(slots=True)
class _Desk:
    paper: Paper
    label: str
    ask: Ask
    lines: list[str]
    read_spans: list[dict[str, int]]
    suggestions: tuple[Suggestion, ...]
    entered: dict[int, str] = field(default_factory=dict)
    """The label of the statement that was filed of a suggestion, by its number: what is told inside of it names it."""
    statements: int = 0
    actions: int = 0

    def answer(self, question: str) -> str:
        self.actions += 1
        return self.ask(question).strip()

    def outer_of(self, each: Suggestion | None) -> str:
        """The statement that holds this one, "" where it stands by itself or that was not filed."""
        outer = self.entered.get(each.nested_in, "") if each is not None and each.nested_in is not None else ""
        return f"@{outer}" if outer else ""

    def file(self, act: str, **fields: Any) -> None:  # noqa: ANN401  # any JSON value
        form = {name: value for name, value in fields.items() if value not in ("", [], None)}
        self.lines.append(f"files {act}: {json.dumps(form, ensure_ascii=False)}")


def read_over(paper: Paper, content: bytes, *, name: str, label: str, published: date | None, ask: Ask) -> ReadOver:
    """The lines that file `paper`, after `ask` was asked about each statement. An answer of "q" stops and says what is left."""
    reading = reading_of(paper, published=published)
    desk = _Desk(paper=paper, label=label, ask=ask, lines=[], read_spans=[], suggestions=reading.suggestions)
    struck = [place for unread in reading.net if unread.look is Look.STRUCK for place in _spans(paper, unread.span)]
    desk.file(
        "source_filed", label=label, kind="article", sha256=sha256(content).hexdigest(), size_bytes=len(content),
        media="text/plain", title=name, published=published.isoformat() if published else "", how="file", struck=struck,
    )  # fmt: skip
    asked = 0
    todo = _todo(reading)
    for asked, (at, suggestion) in enumerate(todo):  # noqa: B007  # what is left is counted after a stop
        done = _one(desk, suggestion) if suggestion is not None else _net(desk, at)
        if not done:
            break
    else:
        asked = len(todo)
    if desk.read_spans:
        desk.file("passages_read", source=f"@{label}", spans=desk.read_spans)
    return ReadOver(
        lines=tuple(desk.lines), statements=desk.statements, actions=desk.actions, not_looked_at=len(todo) - asked
    )


def _todo(reading: Reading) -> list[tuple[Range, Suggestion | None]]:
    """Suggestions and sentences that must be looked at, in the order of the text."""
    rows: list[tuple[Range, Suggestion | None]] = [(each.spans[0], each) for each in reading.suggestions]
    rows += [(unread.span, None) for unread in reading.net if unread.look is Look.MUST]
    return sorted(rows, key=lambda row: (row[0].start, row[0].end))


def _spans(paper: Paper, *spans: Range) -> list[dict[str, int]]:
    return [{"start": part.start, "end": part.end} for span in spans for part in paper.in_file(span)]


def _words(paper: Paper, *spans: Range) -> str:
    return " ... ".join(" ".join(paper.text[span.start : span.end].split()) for span in spans)


def _one(desk: _Desk, each: Suggestion) -> bool:
    """One suggestion; False when the reader stops."""
    words = _words(desk.paper, *each.spans)
    chain = f", as told by {' to '.join(reversed(each.chain))}" if each.chain else ""
    offer = f"Enter: said by {each.speaker}" if each.preselect else "type who says it"
    said = desk.answer(
        f"{words}\n  {each.speaker}{chain}? {each.confidence}: {each.reason}\n  {offer}; {NOT}: no statement; {STOP}: stop"
    )
    while not said and not each.preselect:
        said = desk.answer("  Type who says it, or n, or q")
    if said == STOP:
        return False
    if said == NOT:
        desk.read_spans.extend(_spans(desk.paper, *each.spans))
        return True
    return _filed(desk, each.spans, said or each.speaker, words, each)


def _net(desk: _Desk, at: Range) -> bool:
    """One sentence of the net; False when the reader stops."""
    words = _words(desk.paper, at)
    said = desk.answer(
        f"{words}\n  Not yet looked at. Enter: no statement in it; {MARK} and who says it: a statement; {STOP}: stop"
    )
    if said == STOP:
        return False
    if said.startswith(f"{MARK} ") and said[2:].strip():
        return _filed(desk, (at,), said[2:].strip(), words, None)
    desk.read_spans.extend(_spans(desk.paper, at))
    return True


def _filed(desk: _Desk, spans: tuple[Range, ...], speaker: str, words: str, each: Suggestion | None) -> bool:
    desk.statements += 1
    number = desk.statements
    if each is not None:
        desk.entered[desk.suggestions.index(each)] = f"{desk.label}-T{number}"
    who = {"speaker": speaker} if speaker.startswith("@") else {"speaker_words": speaker}
    times = [
        {"of": when.of.value, "words": _words(desk.paper, when.words), "when": _interval(when.first, when.last)}
        for when in (each.times if each is not None else ())
    ]
    desk.file(
        "statement_recorded", label=f"{desk.label}-T{number}", source=f"@{desk.label}", spans=_spans(desk.paper, *spans),
        kind=each.kind.value if each is not None else "indirect", cue=each.cue if each is not None else "",
        addressee=each.addressee if each is not None else "", outlet=each.outlet if each is not None else "",
        times=times, suggested_by=VERSION if each is not None else "", nested_in=desk.outer_of(each),
        on_behalf_words=[each.on_behalf_of] if each is not None and each.on_behalf_of else [], **who,
    )  # fmt: skip
    said = desk.answer(f"  In one plain sentence? Enter: as it stands; {NOT}: no claim in it; {STOP}: stop")
    if said in {NOT, STOP}:
        return said == NOT
    desk.file(
        "claim_made",
        label=f"{desk.label}-K{number}",
        statement=f"@{desk.label}-T{number}",
        proposition=said or words,
        stance="question" if each is not None and each.question else "assert",
        knowledge="not_said",
        terms=[{"term": term, "meaning": ""} for term in trade_words(words)],
    )
    return True


def _interval(first: date | None, last: date | None) -> str:
    return f"{first.isoformat()} to {last.isoformat()}" if first is not None and last is not None else ""


def summary(over: ReadOver) -> Iterator[str]:
    """What a reader is told at the end."""
    yield f"{over.statements} statements in {over.actions} answers, {len(over.lines)} lines to file."
    if over.not_looked_at:
        yield f"{over.not_looked_at} sentences are not yet looked at: the reading is not finished."
