"""`coldcheck statements`: suggestions of who said what in a paper, and the sentences nobody has looked at.

Promises: `suggest` prints and exits, nothing is entered; exit 0 when it read the file, 2 when the file is no text it can read.
`review` asks a person about each and writes the lines that file what he confirmed. Does not do: sign or enter.
"""

import hashlib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

import click

from coldcheck.custody.statement_dates import When
from coldcheck.custody.statement_text import Range
from coldcheck.custody.statements import VERSION, Look, Reading, Suggestion, Unread
from coldcheck.station.read_papers import Paper, UnreadablePaper, read_paper
from coldcheck.station.reading_parts import reading_of


class _BadPaper(click.ClickException):
    """Malformed input: one sentence, exit 2."""

    exit_code = 2


@click.group()
def statements() -> None:
    """Papers in: who said what, suggested for a person to confirm."""


@statements.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the suggestions as a JSON list.")
@click.option("--net", "with_net", is_flag=True, help="With --json: an object that also holds the net and the source.")
@click.option("--guesses", is_flag=True, help="Print also what is told inside others' words, or is anybody's.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication; date words are read from it.")
@click.option("--encoding", help="Encoding of the file when it is not UTF-8.")
def suggest(
    file: Path, *, as_json: bool, with_net: bool, guesses: bool, published: date | None, encoding: str | None
) -> None:
    """Suggest the statements in FILE (text, subtitles, HTML, DOCX). Nothing is entered.

    What is only a guess is left to the net of sentences to look at, unless --guesses asks for it.
    """
    try:
        paper = read_paper(file, encoding=encoding)
        source = file.read_bytes()
    except UnreadablePaper as error:
        raise _BadPaper(str(error)) from error
    day = None if published is None else date(published.year, published.month, published.day)
    reading = reading_of(paper, published=day, guesses=guesses)
    if not as_json:
        click.echo(report(paper, reading))
        return
    found = [suggestion_fields(paper, suggestion) for suggestion in reading.suggestions]
    if not with_net:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    whole = {
        "source": {"name": file.name, "sha256": hashlib.sha256(source).hexdigest(), "code_points_of": _counted(paper)},
        "version": VERSION,
        "statements": found,
        "net": [net_fields(paper, unread) for unread in reading.net],
        "sentences": reading.sentence_count,
        "remarks": list(paper.remarks),
    }
    click.echo(json.dumps(whole, ensure_ascii=False, indent=1))


@statements.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Where the lines go; a new file.")
@click.option("--label", default="ART-1", show_default=True, help="What the source is called from now on.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication; date words are read from it.")
@click.option("--encoding", help="Encoding of the file when it is not UTF-8.")
def review(file: Path, *, out: Path, label: str, published: date | None, encoding: str | None) -> None:
    """Go through FILE by keyboard and write the lines that file its statements and claims."""
    from coldcheck.station.read_over import read_over, summary

    if out.exists():
        raise _BadPaper(f"{out} is there already; name a new file.")
    try:
        paper = read_paper(file, encoding=encoding)
    except UnreadablePaper as error:
        raise _BadPaper(str(error)) from error
    day = None if published is None else date(published.year, published.month, published.day)

    def ask(question: str) -> str:
        click.echo(question)
        return sys.stdin.readline() or "q"

    over = read_over(paper, file.read_bytes(), name=file.name, label=label, published=day, ask=ask)
    out.write_text("\n".join(over.lines) + "\n", encoding="utf-8")
    for line in summary(over):
        click.echo(line)


def _counted(paper: Paper) -> str:
    return "text taken out of the file" if paper.own_text else "file as stored"


def _places(paper: Paper, span: Range) -> list[list[int]]:
    return [[part.start, part.end] for part in paper.in_file(span)]


def suggestion_fields(paper: Paper, suggestion: Suggestion) -> dict[str, object]:
    """A suggestion as it stands in JSON, its spans counted in the file as stored."""
    at = suggestion.speaker_at
    return {
        "spans": [place for span in suggestion.spans for place in _places(paper, span)],
        "kind": suggestion.kind.value,
        "speaker": suggestion.speaker,
        "cue": suggestion.cue,
        "confidence": suggestion.confidence.value,
        "reason": suggestion.reason,
        "preselect": suggestion.preselect,
        "speaker_at": None if at is None else _places(paper, at),
        "cue_at": _places(paper, suggestion.cue_at),
        "on_behalf_of": suggestion.on_behalf_of or None,
        "addressee": suggestion.addressee or None,
        "outlet": suggestion.outlet or None,
        "chain": list(suggestion.chain),
        "nested_in": suggestion.nested_in,
        "question": suggestion.question,
        "place": suggestion.place.value,
        "times": [_when_fields(paper, when) for when in suggestion.times],
    }


def _when_fields(paper: Paper, when: When) -> dict[str, object]:
    return {
        "of": when.of.value,
        "words": paper.text[when.words.start : when.words.end],
        "at": _places(paper, when.words),
        "first": when.first.isoformat() if when.first else None,
        "last": when.last.isoformat() if when.last else None,
        "hangs_on": when.hangs_on or None,
    }


def net_fields(paper: Paper, unread: Unread) -> dict[str, object]:
    """A sentence of the net as it stands in JSON."""
    return {
        "state": "not yet looked at",
        "spans": _places(paper, unread.span),
        "look": unread.look.value,
        "reason": unread.reason,
    }


MOST_SHOWN: Final = 400
"""Characters of a sentence that a terminal shows of the net; `--json --net` has its place and length."""


def report(paper: Paper, reading: Reading) -> str:
    """The reading in plain words: each suggestion with its reason, then every sentence not yet looked at."""
    lines = [
        f"{len(reading.suggestions)} suggestions. Nothing is entered until a person confirms it.",
        *paper.remarks,
        "",
    ]
    for number, each in enumerate(reading.suggestions, 1):
        words = " ... ".join(" ".join(paper.text[s.start : s.end].split()) for s in each.spans)
        chain = f" (as told by {' to '.join(reversed(each.chain))})" if each.chain else ""
        lines.append(f"{number:3}  {each.speaker}{chain}, {each.kind}, cue: {each.cue}")
        lines.append(f"     {words}")
        lines.append(f"     {each.confidence}: {each.reason}")
    must = [unread for unread in reading.net if unread.look is Look.MUST]
    lines += ["", f"{len(reading.net)} sentences not yet looked at, {len(must)} of them with a sign of speech:"]
    for unread in reading.net:
        words = " ".join(paper.text[unread.span.start : unread.span.end][:MOST_SHOWN].split())
        cut = " …" if unread.span.end - unread.span.start > MOST_SHOWN else ""
        lines.append(f"  -  {words}{cut}  [{unread.reason}]")
    return "\n".join(lines)
