"""Suggestions of who said what: the article by its annotation, invented papers by theirs, and the promises of the net.

The article itself is not part of the project; its annotation holds offsets, kinds, cues and roles only. The papers in
`fixtures/statements` are invented, people and all. `held_back` was written before the rules and first read after them:
recall 0.97, precision 0.94, speaker 0.97. What it taught was then mended, so its figures today are no longer unseen ones.
"""

# ruff: noqa: RUF001 - typographic quotation marks are what is tested

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_dates import Of
from coldcheck.custody.statement_text import Range, paragraphs, quotes, sentences
from coldcheck.custody.statements import (
    UNRESOLVED,
    Confidence,
    Kind,
    Look,
    Reading,
    Suggestion,
    gaps,
    is_guess,
    overlaps,
    read,
)
from coldcheck.station.commands_statements import statements as command
from coldcheck.station.read_papers import Paper, UnreadablePaper, paper_of, read_paper

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAPERS = FIXTURES / "statements"
ARTICLE = Path(__file__).parents[3] / "shared" / "data" / "article.txt"
PUBLISHED = date(2021, 12, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A statement as annotated by hand: the code points it covers, its kind, cue and speaker."""

    points: frozenset[int]
    kind: str
    cue: str
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How the suggestions compare with the annotation."""

    recall: float
    precision: float
    kinds: float
    speakers: float
    wrong: tuple[str, ...]


def points(spans: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(n for start, end in spans for n in range(start, end))


def covered(suggestion: Suggestion, paper: Paper) -> frozenset[int]:
    return frozenset(n for s in suggestion.spans for part in paper.in_file(s) for n in range(part.start, part.end))


def likeness(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b)


def same_person(wanted: str, found: str) -> bool:
    """Equal, or one ends or begins with the other: last names and "a guard on the film" stand for the whole."""
    a, b = sorted((wanted.lower(), found.lower()), key=len)
    return a == b or b.endswith(f" {a}") or b.startswith(f"{a} ")


def score(wanted: Sequence[Wanted], reading: Reading, paper: Paper) -> Score:
    found = [(covered(s, paper), s) for s in reading.suggestions]
    pairs: list[tuple[Wanted, Suggestion]] = []
    wrong: list[str] = []
    for want in wanted:
        best = max(found, key=lambda each: likeness(want.points, each[0]))
        if likeness(want.points, best[0]) >= 0.5:
            pairs.append((want, best[1]))
        else:
            wrong.append(f"missed at {min(want.points)}: {want.cue}")
    used = {id(s) for _, s in pairs}
    kinds = [w.kind == s.kind for w, s in pairs]
    speakers = [same_person(w.speaker, s.speaker) for w, s in pairs]
    wrong.extend(
        f"speaker of {w.cue} at {min(w.points)}: {s.speaker}"
        for (w, s), ok in zip(pairs, speakers, strict=True)
        if not ok
    )
    wrong.extend(
        f"kind of {w.cue} at {min(w.points)}: {s.kind}" for (w, s), ok in zip(pairs, kinds, strict=True) if not ok
    )
    wrong.extend(f"extra: {s.cue} at {s.spans[0].start}" for _, s in found if id(s) not in used)
    return Score(
        recall=len(pairs) / len(wanted),
        precision=len(used) / len(found),
        kinds=sum(kinds) / len(pairs),
        speakers=sum(speakers) / len(pairs),
        wrong=tuple(wrong),
    )


def place_of(text: str, phrase: str, start: int) -> tuple[int, int]:
    """Where `phrase` stands at or after `start`; " ... " leaves words out, any white space or tag may stand between words."""
    gap = r"(?:\s|</?i>|\n\n?\d+\n[\d:, >-]+\n)+"
    body = ".*?".join(gap.join(map(re.escape, part.split())) for part in phrase.split(" ... "))
    match = re.compile(body.replace(r"\ ", gap), re.DOTALL).search(text, start)
    assert match is not None, phrase
    return match.span()


def invented(name: str, *, guesses: bool = True) -> tuple[Paper, Reading, tuple[Wanted, ...]]:
    path = next(p for p in PAPERS.iterdir() if p.stem == name and p.suffix != ".json")
    paper = read_paper(path)
    stored = path.read_bytes().decode()
    wanted: list[Wanted] = []
    at = 0
    for row in json.loads((PAPERS / f"{name}.json").read_bytes()):
        first = place_of(stored, row["spans"][0], at)
        spans = [first, *(place_of(stored, phrase, first[1]) for phrase in row["spans"][1:])]
        at = first[0]
        wanted.append(
            Wanted(points=points(spans), kind=row["kind"], cue=row["cue"], speaker=row["speaker"] or UNRESOLVED),
        )
    return paper, read(paper.text, spoken=paper.spoken, guesses=guesses), tuple(wanted)


@pytest.fixture(scope="module")
def article() -> tuple[str, Mapping[str, Any]]:
    """The article and its annotation; skipped where the article does not lie beside the project."""
    if not ARTICLE.exists():
        pytest.skip("the published article lies beside the project, not in it, and is not here")
    content = ARTICLE.read_bytes()
    annotated = json.loads((FIXTURES / "article_statements.json").read_bytes())
    return content.decode(), annotated[hashlib.sha256(content).hexdigest()]


def test_every_statement_of_the_article_is_found_with_its_kind_and_speaker(
    article: tuple[str, Mapping[str, Any]],
) -> None:
    text, annotated = article
    wanted = tuple(
        Wanted(
            points=points(row["spans"]),
            kind=row["kind"],
            cue=row["cue"],
            speaker=UNRESOLVED if row["speaker"] is None else text[slice(*row["speaker"])],
        )
        for row in annotated["statements"]
    )
    paper = Paper(text=text, spoken=False, pieces=None, own_text=False)
    got = score(wanted, read(text, published=PUBLISHED), paper)
    assert (got.recall, got.precision, got.kinds, got.speakers) == (1.0, 1.0, 1.0, 1.0), got.wrong


def test_the_attorney_of_the_article_speaks_for_her_client(article: tuple[str, Mapping[str, Any]]) -> None:
    text, annotated = article
    found = read(text, published=PUBLISHED).suggestions
    rows = [row for row in annotated["statements"] if "on_behalf_of" in row]
    for row in rows:
        near = max(found, key=lambda s: likeness(points(row["spans"]), points([(x.start, x.end) for x in s.spans])))
        assert near.on_behalf_of == text[slice(*row["on_behalf_of"])]
    assert len(rows) == 3


def test_the_annotation_of_the_article_holds_no_words_of_it() -> None:
    annotated = json.loads((FIXTURES / "article_statements.json").read_bytes())
    (file,) = annotated.values()
    for row in file["statements"]:
        assert set(row) <= {"spans", "kind", "cue", "speaker", "role", "nested", "on_behalf_of"}
        assert len(row["cue"].split()) == 1
        assert row["role"] == row["role"].lower() or row["role"].endswith("first AD")


@pytest.mark.parametrize("name", ["article", "broadcast", "examination"])
def test_an_invented_paper_is_read_as_annotated(name: str) -> None:
    paper, reading, wanted = invented(name)
    got = score(wanted, reading, paper)
    assert (got.recall, got.precision, got.kinds, got.speakers) == (1.0, 1.0, 1.0, 1.0), got.wrong


@pytest.mark.parametrize("name", ["held_back", "river", "quarry"])
def test_a_paper_written_before_it_was_read_meets_the_numbers_of_the_issue(name: str) -> None:
    paper, reading, wanted = invented(name)
    got = score(wanted, reading, paper)
    assert got.precision >= 0.95, got.wrong
    assert got.recall >= 0.75, got.wrong
    assert got.speakers >= 0.90, got.wrong


@pytest.mark.parametrize(("name", "precision", "recall"), [("harbour", 0.87, 0.77), ("stable", 0.84, 0.64)])
def test_two_papers_of_another_style_miss_the_numbers_and_get_no_worse(
    name: str, precision: float, recall: float
) -> None:
    paper, reading, wanted = invented(name)
    got = score(wanted, reading, paper)
    assert got.precision >= precision, got.wrong
    assert got.recall >= recall, got.wrong
    skipped = sum(1 for unread in reading.net if unread.look is Look.MAY_SKIP)
    assert skipped / reading.sentence_count >= 0.30


MENDED_BY = (
    "court", "feature", "tabloid", "trade", "tv", "wire", "daily", "inquest", "agency", "probe", "station", "broadsheet",
    "evening", "gazette", "legal", "weekly",
)  # fmt: skip
"""Papers of many styles, annotated before they were read; the figures of the first reading are in `bench/results`."""
OPEN_HALF = (
    "blog", "courtroom", "editorial", "lantern", "local", "magazine", "minutes", "newscast", "ngo", "notice", "profile", "talk",
    "theft", "ticker", "union",
)  # fmt: skip
"""Fifteen more of other styles (blog with set-off quotations, minutes, live page, union statement): what they showed was mended."""
SEALED_HALF = ("interview", "liveblog", "longread", "release", "tradepress", "wirecopy")
"""Six whose errors nobody looked at: only these sums were. They say what to expect of a paper the rules have not met."""
SEALED_AGAIN = (
    "backstage", "cablenews", "complaint", "ferryhouse", "lanternhill", "latebulletin", "stagehands", "sundaypaper",
)  # fmt: skip
"""Eight more, keyed before anything read them, sums alone looked at: news, a complaint, subtitles of two kinds, a union's
statement, an interview without labels, a press release, a Sunday feature."""
HELD_OUT = ("metro", "tribune")
"""The last two, unseen at their first reading, whose figures are in `bench/results`; a few rules were taught by what they missed."""
ACCUSED_OF = {
    "wire": ("Strand",), "tabloid": ("Tolliver",), "feature": ("Lindqvist-Ames", "Graves", "Trout"), "trade": ("Pettibone",),
    "court": ("Marchetti-Hay",), "daily": ("Abara", "Vandermeer"), "inquest": ("Lamb", "Stroud"), "agency": ("Frame", "Nash"),
    "probe": ("Crane", "Pascoe"), "station": ("Vandenberg", "Purvis"), "broadsheet": ("Carew",), "tv": ("ROURKE", "KERN"),
    "evening": ("Drummond-Hayes", "Rusk"), "gazette": ("Fairclough",), "legal": ("Doyle",), "weekly": ("Rees", "Finch"),
    "metro": ("Voss", "Tolland"), "tribune": ("Castaño-Webb",), "courtroom": ("Achterberg", "Pell", "Whitby"),
    "editorial": ("Farrow",), "local": ("Pruitt",), "magazine": ("Harker", "Allardyce"), "profile": ("Sorrentino",),
    "complaint": ("Lyle",), "ferryhouse": ("Hargrave",), "sundaypaper": ("Keeling", "Cadogan"), "backstage": ("Blaine",),
    "theft": ("Dunleavy",), "wirecopy": ("Hanratty",), "liveblog": ("Hanratty",), "longread": ("Quist",),
}  # fmt: skip


def test_papers_of_many_styles_together_meet_the_numbers_they_were_mended_to() -> None:
    wanted = found = right = used = 0
    for name in MENDED_BY:
        paper, reading, rows = invented(name)
        got = score(rows, reading, paper)
        wanted, found = wanted + len(rows), found + len(reading.suggestions)
        used += round(got.precision * len(reading.suggestions))
        right += round(got.speakers * got.recall * len(rows))
    assert used / found >= 0.95
    assert used / wanted >= 0.90
    assert right / used >= 0.95


@pytest.mark.parametrize(
    ("half", "precision", "recall", "speakers"), [(OPEN_HALF, 0.95, 0.95, 0.92), (SEALED_HALF, 0.89, 0.90, 0.88)]
)
def test_papers_of_twenty_one_more_styles_get_no_worse(
    half: tuple[str, ...], precision: float, recall: float, speakers: float
) -> None:
    wanted = found = right = used = met = 0
    for name in half:
        paper, reading, rows = invented(name)
        got = score(rows, reading, paper)
        wanted, found = wanted + len(rows), found + len(reading.suggestions)
        used += round(got.precision * len(reading.suggestions))
        met += round(got.recall * len(rows))
        right += round(got.speakers * got.recall * len(rows))
    assert (used / found >= precision, met / wanted >= recall, right / met >= speakers) == (True, True, True)


def sums(names: tuple[str, ...], *, guesses: bool) -> tuple[float, float, float]:
    """Precision, recall and the share of right speakers of several papers together."""
    wanted = found = right = used = met = 0
    for name in names:
        paper, reading, rows = invented(name, guesses=guesses)
        got = score(rows, reading, paper)
        wanted, found = wanted + len(rows), found + len(reading.suggestions)
        used += round(got.precision * len(reading.suggestions))
        met += round(got.recall * len(rows))
        right += round(got.speakers * got.recall * len(rows))
    return used / found, met / wanted, right / met


@pytest.mark.parametrize(
    ("half", "precision", "recall", "speakers"),
    [(OPEN_HALF, 0.99, 0.83, 0.96), (SEALED_HALF, 0.95, 0.77, 0.96), (SEALED_AGAIN, 0.95, 0.83, 0.94)],
    ids=["open", "sealed", "sealed_again"],
)
def test_what_the_command_prints_leaves_guesses_to_the_net_and_gets_no_worse(
    half: tuple[str, ...], precision: float, recall: float, speakers: float
) -> None:
    """The aims are 0.95, 0.75 and 0.90: what buys the precision is paid in recall (decision 67)."""
    got = sums(half, guesses=False)
    assert [mine >= least for mine, least in zip(got, (precision, recall, speakers), strict=True)] == [True] * 3, got


@pytest.mark.parametrize("name", [*OPEN_HALF, *SEALED_HALF, *SEALED_AGAIN])
def test_no_sentence_with_a_guess_in_it_may_be_skipped(name: str) -> None:
    _, every, _ = invented(name)
    _, printed, _ = invented(name, guesses=False)
    kept = {each.spans for each in printed.suggestions}
    must = [unread.span for unread in printed.net if unread.look is Look.MUST]
    must += [span for each in printed.suggestions for span in each.spans]
    for each in every.suggestions:
        assert each.spans in kept or is_guess(each)
        assert all(any(one.start < span.end and span.start < one.end for one in must) for span in each.spans)
    assert not any(is_guess(each) for each in printed.suggestions)


def test_an_interview_without_labels_is_read_as_question_and_answer() -> None:
    text = (
        "Marta Bell on ropes\n\nMarta Bell rigged four circuses.\n\nWhen did you start?\n\nAt nine. My aunt said a rope lies.\n\n"
        "You left the Orlo circus in 2012.\n\nThey left me.\n\nDid you mind?\n\nI did.\n\nAnd now?\n\nNow I teach."
    )
    found = [each for each in read(text).suggestions if each.nested_in is None]
    assert [each.speaker for each in found] == [UNRESOLVED, "Marta Bell"] * 4
    assert {each.confidence for each in found if each.speaker == "Marta Bell"} == {Confidence.MEDIUM}
    assert not any(each.preselect for each in found)
    prose = "Who took it?\n\nThe police do not say.\n\nWho had a key?\n\nTwo people had one.\n\nWhere were they?\n\nNobody knows."
    assert not read(prose).suggestions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hale said the lock was new; Brandt said it was not.", [("Hale", "the lock was new"), ("Brandt", "it was not")]),
        ("Hale says it was new, but Brandt, who held the spare, says it was not.", [("Hale", "it was new"), ("Brandt", "it was not")]),
        ("While Hale said the lock was new, Brandt insisted it was not.", [("Hale", "the lock was new"), ("Brandt", "it was not")]),
        ("“It was new,” Hale's lawyer, Ida Brandt, said, “and we can prove it.”", [("Ida Brandt", "It was new, and we can prove it.")]),
        ("Hale and Brandt both said the lock was new.", [("Hale and Brandt", "the lock was new")]),
        ("“We got nothing,” one delegate said afterwards.", [("one delegate", "We got nothing,")]),
        ("The family say they have been told nothing.", [("The family", "they have been told nothing")]),
        ("The manual provides that the box is locked.", [("The manual", "the box is locked")]),
        ("The text message read “all good here”.", [("The text message", "all good here")]),
        ("If Hale says the lock was new, nobody will believe him.", []),
        ("Hale said nothing about the lock.", []),
        ("Officers recalled the dogs at midnight.", []),
        ("The board rejected the budget.", []),
        ("The hospital admitted four people.", []),
    ],
)  # fmt: skip
def test_who_says_what_where_two_speak_and_where_nobody_does(text: str, said: list[tuple[str, str]]) -> None:
    whole = f"Ada Hale met Ida Brandt at the lock.\n\n{text}"
    found = read(whole, guesses=False).suggestions
    assert [(each.speaker, " ".join(whole[one.start : one.end] for one in each.spans)) for each in found] == said


@pytest.mark.parametrize(
    ("name", "precision", "recall", "speakers"), [("metro", 0.95, 0.85, 0.80), ("tribune", 0.7, 0.9, 0.9)]
)
def test_the_papers_held_back_to_the_last_get_no_worse(
    name: str, precision: float, recall: float, speakers: float
) -> None:
    paper, reading, wanted = invented(name)
    got = score(wanted, reading, paper)
    assert (got.precision >= precision, got.recall >= recall, got.speakers >= speakers) == (True, True, True), got.wrong


@pytest.mark.parametrize("name", sorted(ACCUSED_OF))
def test_no_accusation_and_no_defence_is_credited_to_the_accused_above_a_guess(name: str) -> None:
    paper, reading, wanted = invented(name)
    for found in reading.suggestions:
        if found.confidence is Confidence.LOW or not any(found.speaker.endswith(who) for who in ACCUSED_OF[name]):
            continue
        nearest = max(wanted, key=lambda each: likeness(each.points, covered(found, paper)))
        assert likeness(nearest.points, covered(found, paper)) > 0
        assert any(nearest.speaker.endswith(who) or same_person(nearest.speaker, who) for who in ACCUSED_OF[name])
        assert same_person(nearest.speaker, found.speaker) or found.speaker.endswith(nearest.speaker.split()[-1])


@pytest.mark.parametrize(
    "name",
    ["article", "held_back", "river", "quarry", "harbour", "stable", *MENDED_BY, *HELD_OUT, *OPEN_HALF, *SEALED_HALF],
)
def test_the_net_touches_every_statement_and_lets_a_reader_skip_the_rest(name: str) -> None:
    for guesses in (True, False):
        assert missed_by_the_net(name, guesses=guesses) == 0


def missed_by_the_net(name: str, *, guesses: bool) -> int:
    """How many statements neither a suggestion nor a sentence that must be looked at touches."""
    paper, reading, wanted = invented(name, guesses=guesses)
    seen = {n for s in reading.suggestions for n in covered(s, paper)}
    must = (part for u in reading.net if u.look is Look.MUST for part in paper.in_file(u.span))
    seen |= {n for part in must for n in range(part.start, part.end)}
    return sum(1 for want in wanted if not want.points & seen)


def test_the_net_misses_no_more_of_the_newest_sealed_papers() -> None:
    """Two of 125 statements are in sentences with no sign of speech; nobody looked at which."""
    assert sum(missed_by_the_net(name, guesses=False) for name in SEALED_AGAIN) <= 2


QUOTED = st.sampled_from(['"', "“", "”", "‘", "’", "'", "«", "»", "„", "″"])
WORDS = st.sampled_from(
    ["The", "guard", "said", "that", "the", "gun", "was", "cold", ".", ",", ":", ";", "?", "!", "—", "he", "she", "I", "told", "asked", "whether", "Orr", "Webb", "according", "to", "who", "and", "but", "was", "'s", "Q:", "A:", "\n", "\n\n", "in", "an", "affidavit", "Thursday", "adding", "had", "called", "went", "Mr.", "U.S.", "9", "claim"],
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(WORDS, QUOTED), max_size=60).map(" ".join),
    st.lists(st.one_of(WORDS, QUOTED), max_size=60).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans(), st.booleans(), st.one_of(st.none(), st.dates()))
def test_spans_are_inside_disjoint_and_cover_every_sentence_with_the_net(
    text: str,
    spoken: bool,  # noqa: FBT001 - hypothesis hands it over
    guesses: bool,  # noqa: FBT001 - as above
    published: date | None,
) -> None:
    reading = read(text, spoken=spoken, published=published, guesses=guesses)
    for number, suggestion in enumerate(reading.suggestions):
        assert suggestion.spans
        assert all(0 <= span.start < span.end <= len(text) for span in suggestion.spans)
        assert not overlaps(suggestion)
        assert suggestion.nested_in is None or 0 <= suggestion.nested_in < number
    marks = [(p, quotes(text, p, goes_on=False)) for p in paragraphs(text)]
    lines = [
        line
        for p, found in marks
        for line in sentences(text, p, found)
        if re.search(r"\w", text[line.start : line.end])
    ]
    whole = Range(start=0, end=len(text))
    assert not list(gaps(reading, [line for line in lines if line != whole or reading.sentence_count]))
    assert reading == read(text, spoken=spoken, published=published, guesses=guesses)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.srt", "a.vtt", "a.html", "a.docx", "a.pdf"]))
def test_any_bytes_are_read_or_refused_in_one_sentence(content: bytes, name: str) -> None:
    refusal, paper = "", None
    try:
        paper = paper_of(content, name=name)
    except UnreadablePaper as error:
        refusal = str(error)
    if paper is None:
        assert refusal.endswith(".")
        assert "\n" not in refusal
    else:
        read(paper.text, spoken=paper.spoken)


HTML_PARTS = st.lists(
    st.sampled_from(
        ("<p>", "</p>", "<b>", "</b>", "&amp;", "&#8220;", "&#x110000;", "&nosuch;", "<script>", "</script>", "<!--", "-->",
         "<![CDATA[", "]]>", "<p", "said", " ", "\n", "\r\n", "\u2028", "Orr said it was cold.", "<br/>"),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(HTML_PARTS)
def test_every_character_of_a_page_knows_its_place_in_the_file(page: str) -> None:
    try:
        paper = paper_of(page.encode(), name="a.html")
    except UnreadablePaper:
        return
    for at, character in enumerate(paper.text):
        parts = paper.in_file(Range(start=at, end=at + 1))
        assert len(parts) <= 1
        for part in parts:
            raw = page[part.start : part.end]
            assert raw.startswith("&") or raw == character or (raw.isspace() and character == " ")


@pytest.mark.parametrize(
    ("opens", "closes"), [("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("«", "»"), ("»", "«"), ("„", "“"), ("“", '"'), ('"', "”")]
)  # fmt: skip
def test_every_style_of_quotation_mark_is_understood(opens: str, closes: str) -> None:
    text = f"The day was long.\n\n{opens}It wasn't cold,{closes} Ada Orr said. {opens}It never was.{closes}"
    (found,) = read(text).suggestions
    assert [text[s.start : s.end] for s in found.spans] == ["It wasn't cold,", "It never was."]
    assert (found.kind, found.speaker, found.confidence) == (Kind.DIRECT, "Ada Orr", Confidence.HIGH)


ONE_LINERS = (
    ("Orr said that the gun was cold.", "indirect", "Orr", "the gun was cold"),
    ("The gun was cold, Ada Orr said on Monday.", "indirect", "Ada Orr", "The gun was cold"),
    ("“It was cold,” said the guard, Ada Orr.", "direct", "Ada Orr", "It was cold,"),
    ("“It was cold,” she said.", "direct", UNRESOLVED, "It was cold,"),
    ("Ada Orr, who was there, told Ben Webb that it was cold.", "indirect", "Ada Orr", "it was cold"),
    ("According to an affidavit, the gun was cold.", "document", "an affidavit", "the gun was cold"),
    ("Investigators wrote in an affidavit that the gun was cold.", "document", "Investigators", "the gun was cold"),
    ("Ada Orr asked whether it was cold.", "indirect", "Ada Orr", "it was cold"),
    ("The guard yelled “hot gun” at the door.", "direct", "The guard", "hot gun"),
    ("Ada Orr has denied touching it.", "indirect", "Ada Orr", "touching it"),
    ("His claim that the gun was cold is disputed.", "indirect", UNRESOLVED, "the gun was cold"),
    ("Ada Orr said it “was cold” when she left.", "mixed", "Ada Orr", "it “was cold” when she left"),
    ("“Is it cold?” Ada Orr asked.", "direct", "Ada Orr", "Is it cold?"),
)


@pytest.mark.parametrize(("text", "kind", "speaker", "words_said"), ONE_LINERS)
def test_a_sentence_gives_one_suggestion(text: str, kind: str, speaker: str, words_said: str) -> None:
    (found,) = read(text).suggestions
    said = " ".join(text[s.start : s.end] for s in found.spans)
    assert (found.kind.value, found.speaker, said) == (kind, speaker, words_said)


@pytest.mark.parametrize(
    "text",
    [
        "The film “Low Water” opened in May.",
        "Ada Orr did not say anything.",
        "Nobody told us.",
        "The gun went off.",
        "The report was filed in the state capital.",
        "Ada Orr is said to be in town.",
        "It was 9\" long and 12' wide.",
    ],
)
def test_what_only_looks_like_speech_is_not_suggested(text: str) -> None:
    reading = read(text)
    assert not reading.suggestions
    assert len(reading.net) == 1


ACCUSED = (
    "According to the complaint, Ada Orr told the crew the gun was cold.",
    "The affidavit says Ada Orr told the crew the gun was cold.",
    "Ada Orr allegedly told the crew that the gun was cold.",
    "The affidavit says the gun was old. Ada Orr told the crew that it was cold.",
    "Ada Orr's attorney, Ben Webb, said Ada Orr has insisted that she looked.",
    "“Ada told me that she looked,” Ben Webb said of Ada Orr.",
    "What Ada Orr allegedly told the crew was this:\n\n“It is cold.”",
    "In the affidavit Ada Orr says this:\n\n> It is cold.",
    "Ada Orr released a statement through her lawyer: “I never touched the gun.”",
    "Ada Orr said through her lawyer that she never touched the gun.",
    "Via her attorney, Ada Orr denied touching it.",
    "In a statement issued by her solicitor, Ada Orr said she looked.",
    "Ada Orr is quoted in the affidavit as saying she never looked.",
    "The warrant says the following. Ada Orr: “It was cold.” Ada Orr was there.",
)


@pytest.mark.parametrize("text", ACCUSED)
def test_words_retold_about_somebody_are_only_a_guess_as_hers(text: str) -> None:
    hers = [s for s in read(text).suggestions if s.speaker in {"Ada", "Ada Orr"}]
    assert hers
    assert all(s.confidence is Confidence.LOW and not s.preselect and s.reason.startswith("guess") for s in hers)


def test_words_announced_as_told_by_another_are_credited_to_nobody() -> None:
    text = "Ada Orr was there.\n\nWhat the complaint says Orr told the crew is this:\n\n> It is cold."
    found = [s for s in read(text).suggestions if s.kind is Kind.DIRECT]
    assert [(s.speaker, s.confidence) for s in found] == [(UNRESOLVED, Confidence.LOW)]


@given(st.sampled_from(ONE_LINERS), st.sampled_from(ONE_LINERS))
def test_nobody_named_inside_the_content_is_preselected(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    text = f"{one[0]} “My name is Ada Orr,” Ada Orr said.\n\n{two[0]}"
    for found in read(text).suggestions:
        content = " ".join(text[s.start : s.end] for s in found.spans)
        assert not (found.preselect and any(part in content for part in found.speaker.split() if part[0].isupper()))


def test_hearsay_keeps_its_chain() -> None:
    text = "Ben Webb, a lawyer for Ada Orr, said she has been telling him for weeks that the gun was cold."
    outer, inner = read(text).suggestions
    assert (outer.speaker, outer.on_behalf_of) == ("Ben Webb", "Ada Orr")
    assert (inner.nested_in, inner.chain) == (0, ("Ben Webb",))
    assert inner.confidence is Confidence.LOW


def test_addressee_outlet_and_times_are_taken_from_the_attribution() -> None:
    text = "Ada Orr told Ben Webb of the case. In an interview with Lena Fisk that aired Thursday, Ada Orr said it was cold."
    found = read(text, published=PUBLISHED).suggestions[-1]
    (when,) = found.times
    assert (found.addressee, when.of, when.first, when.last) == ("Lena Fisk", Of.AIRED, PUBLISHED, PUBLISHED)
    (told,) = read("Ada Orr told the Quarry Herald last week that it was cold.", published=PUBLISHED).suggestions
    assert told.outlet == "the Quarry Herald"
    assert (told.times[0].first, told.times[0].last) == (date(2021, 11, 22), date(2021, 11, 28))


@given(st.sampled_from(words.WEEKDAYS), st.dates(min_value=date(1990, 1, 1)))
def test_a_weekday_is_the_nearest_on_or_before_publication(weekday: str, published: date) -> None:
    (found,) = read(f"Ada Orr said {weekday.title()} that it was cold.", published=published).suggestions
    first = found.times[0].first
    assert first is not None
    assert 0 <= (published - first).days < 7
    assert first.weekday() == words.WEEKDAYS.index(weekday)


def test_words_that_hang_on_an_event_name_it_and_give_no_day() -> None:
    (found,) = read("“It was cold,” Ada Orr said a week after the shooting.", published=PUBLISHED).suggestions
    assert (found.times[0].hangs_on, found.times[0].first) == ("shooting", None)


def test_two_people_who_fit_leave_a_pronoun_unresolved() -> None:
    text = "Ada Orr met Lena Fisk at the door with Ines Quell.\n\nThe door was open. It was cold, she said."
    assert read(text).suggestions[0].speaker == UNRESOLVED


def test_a_stray_line_is_struck_and_kept() -> None:
    text = "This browser is not supported.\n\nAda Orr said it was cold."
    (struck,) = read(text).net
    assert (struck.look, text[struck.span.start : struck.span.end]) == (Look.STRUCK, "This browser is not supported.")


def test_a_very_long_sentence_is_left_to_the_net() -> None:
    text = "said he " * 2000
    reading = read(text)
    assert not reading.suggestions
    assert reading.net[0].look is Look.MUST


def suggest(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["suggest", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_command_prints_the_shape_others_build_on() -> None:
    code, printed = suggest(str(PAPERS / "article.txt"), "--json")
    rows = json.loads(printed)
    assert code == 0
    for row in rows:
        assert {"spans", "kind", "speaker", "cue", "confidence", "reason"} <= set(row)
        assert all(isinstance(n, int) for span in row["spans"] for n in span)
    _, whole = suggest(str(PAPERS / "article.txt"), "--json", "--net", "--published", "2024-01-05")
    assert json.loads(whole)["net"][0]["state"] == "not yet looked at"
    assert "not yet looked at" in suggest(str(PAPERS / "article.txt"))[1]


def test_offsets_count_code_points_of_the_file_as_stored(tmp_path: Path) -> None:
    stored = "\ufeffA day.\r\n\r\n“It was 🔫 cold,” Ada Orr said.\r\n"
    for name, codec in product(("a.txt",), ("utf-8", "utf-16-le")):
        (tmp_path / name).write_bytes(stored.encode(codec))
        row = json.loads(suggest(str(tmp_path / name), "--json")[1])[0]
        assert [stored[start:end] for start, end in row["spans"]] == ["It was 🔫 cold,"]


@pytest.mark.parametrize("content", [b"\xff\x00\x81", b"%PDF-1.7", b"PK\x03\x04 no", b"a\x00b"])
def test_a_file_that_is_no_text_is_one_sentence_and_exit_2(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(content)
    code, printed = suggest(str(path))
    assert (code, printed.count("\n")) == (2, 1)


def test_an_empty_file_gives_an_empty_list_and_a_missing_one_exit_2(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert suggest(str(tmp_path / "empty.txt"), "--json") == (0, "[]\n")
    assert suggest(str(tmp_path / "none.txt"))[0] == 2
    assert suggest(str(tmp_path))[0] == 2


def test_another_encoding_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("“It was cold,” Ada Orr said.".encode("cp1252"))
    assert suggest(str(tmp_path / "a.txt"))[0] == 2
    assert suggest(str(tmp_path / "a.txt"), "--encoding", "cp1252")[0] == 0
    assert suggest(str(tmp_path / "a.txt"), "--encoding", "nosuch")[0] == 2


def test_a_docx_is_read_paragraph_by_paragraph() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{space}"><w:p><w:r><w:t>Orr said </w:t></w:r><w:r><w:t>it was cold.</w:t></w:r></w:p></w:document>'
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", body)
    paper = paper_of(packed.getvalue(), name="a.docx")
    assert (paper.text, paper.own_text) == ("Orr said it was cold.", True)
