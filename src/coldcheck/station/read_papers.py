"""A paper read from disk as plain text that remembers where each character stands in the file as stored.

Promises: bytes are decoded strictly; text, subtitles and HTML keep a map back to code points of the stored file, byte
order mark and line ends included; what cannot be read is one clear sentence. Does not do: network, repair, or reading pictures of text.

    paper = read_paper(Path("broadcast.srt"))
    paper.in_file(Range(start=0, end=10))  ->  the ranges of the file those ten characters came from
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

import bisect
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from coldcheck.custody.statement_text import Range
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.pack.pdf_text import NoPdfText, text_of_pdf

LARGEST_KEPT: Final = 64_000_000
"""The most bytes one source may have; a longer one comes in parts, each kept as it is."""
UNPACKED_BYTES: Final = 16_000_000
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class UnreadablePaper(ColdcheckError):
    """A file that is no text we can read. The sentence says what to do; the file itself is left as it is."""


class TooLarge(UnreadablePaper):
    """More bytes than one source may have. Split it; each part is kept and read by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text and the place in the file it came from; an empty place for characters we put between."""

    at: int
    length: int
    place: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as text. `pieces` is None where text and file are the same; `own_text` where offsets count the text.

    `remarks` say, one sentence each, what of the file is not in the text, or stands in it otherwise than it may look.
    """

    text: str
    spoken: bool
    pieces: tuple[Piece, ...] | None
    own_text: bool
    remarks: tuple[str, ...] = ()

    def in_file(self, span: Range) -> tuple[Range, ...]:
        """The ranges of the stored file that hold these characters, mark-up and time codes left out."""
        if self.pieces is None:
            return (span,)
        first = max(0, bisect.bisect_right(self.pieces, span.start, key=lambda piece: piece.at) - 1)
        found: list[Range] = []
        for piece in self.pieces[first:]:
            if piece.at >= span.end:
                break
            part = _overlap(piece, span)
            if part is None:
                continue
            if found and found[-1].end == part.start:
                found[-1] = Range(start=found[-1].start, end=part.end)
            else:
                found.append(part)
        return tuple(found)


def _overlap(piece: Piece, span: Range) -> Range | None:
    """The part of the file behind the part of `piece` inside `span`; a character reference is never cut."""
    start, end = max(span.start, piece.at), min(span.end, piece.at + piece.length)
    if start >= end or piece.place.start == piece.place.end:
        return None
    if piece.place.end - piece.place.start != piece.length:
        return piece.place
    shift = piece.place.start - piece.at
    return Range(start=start + shift, end=end + shift)


def read_paper(path: Path, *, encoding: str | None = None) -> Paper:
    """The paper at `path`. Raises UnreadablePaper if it is no text, too large, or not in the encoding named."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST_KEPT:
            raise TooLarge(
                f"{path.name} is larger than {LARGEST_KEPT // 1_000_000} MB; split it, each part is read by itself."
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePaper(f"{path.name} cannot be opened ({error.strerror}); check the path.") from error
    return paper_of(content, name=path.name, encoding=encoding)


def paper_of(content: bytes, *, name: str, encoding: str | None = None) -> Paper:
    """The paper in `content`; `name` decides what kind it is, unless its first bytes already do."""
    kind = Path(name).suffix.lower()
    if content.startswith(b"%PDF"):
        return Paper(text=pdf_text(content, name=name), spoken=False, pieces=None, own_text=True)
    if content.startswith(b"PK\x03\x04"):
        text, remarks = _docx(content, name)
        return Paper(text=text, spoken=False, pieces=None, own_text=True, remarks=remarks)
    if content.lstrip()[:5] == b"{\\rtf":
        raise UnreadablePaper(f"{name} is RTF, whatever its name says; save it as plain text or DOCX and read that.")
    stored = _decode(content, name, encoding)
    if kind in {".srt", ".vtt"}:
        return _mapped(stored, _subtitles(stored), spoken=True)
    if kind in {".html", ".htm", ".xhtml"} or _PAGE.match(stored):
        parts, hidden = _html(stored)
        return _mapped(stored, iter(parts), spoken=False, remarks=_hidden_remark(hidden))
    if _UNSEEN.search(stored.removeprefix("\ufeff")):
        return _mapped(stored, _seen(stored), spoken=False, remarks=(_unseen_remark(stored),))
    return Paper(text=stored, spoken=False, pieces=None, own_text=False)


_PAGE: Final = re.compile(r"\ufeff?\s*<(?:!doctype html|html[\s>])", re.IGNORECASE)
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
"""Characters that no page shows: they can cut a word in two for a program, or turn the order of words for a reader."""


def _seen(stored: str) -> Iterator[tuple[str, int, int]]:
    """The text without the characters nobody sees; every run of it knows its place in the file."""
    at = 0
    for unseen in _UNSEEN.finditer(stored):
        yield stored[at : unseen.start()], at, unseen.start()
        at = unseen.end()
    yield stored[at:], at, len(stored)


def _unseen_remark(stored: str) -> str:
    count = sum(len(unseen.group()) for unseen in _UNSEEN.finditer(stored.removeprefix("\ufeff")))
    return f"The file holds {_some(count, 'character')} that no page shows; they are left out of the reading and kept in the file."


def _hidden_remark(hidden: int) -> tuple[str, ...]:
    if not hidden:
        return ()
    return (
        f"The page hides {_some(hidden, 'character')} of text from whoever reads it; they are not read here, and kept in the file.",
    )


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def _decode(content: bytes, name: str, encoding: str | None) -> str:
    """The code points of the file, byte order mark included."""
    chosen = encoding or next((codec for mark, codec in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(chosen)
    except LookupError as error:
        raise UnreadablePaper(f'"{chosen}" is no encoding known here; name one such as utf-8 or cp1252.') from error
    except ValueError as error:
        raise UnreadablePaper(
            f"{name} is not {chosen.upper()} text; save it as UTF-8 or name its encoding with --encoding."
        ) from error
    if "\x00" in text:
        raise UnreadablePaper(f"{name} holds zero bytes, so it is no text; export its text first.")
    return text


def _mapped(
    stored: str, parts: Iterator[tuple[str, int, int]], *, spoken: bool, remarks: tuple[str, ...] = ()
) -> Paper:
    """The paper made of (text, start in file, end in file)."""
    pieces: list[Piece] = []
    texts: list[str] = []
    at = 0
    for part, start, end in parts:
        if part:
            pieces.append(Piece(at=at, length=len(part), place=Range(start=start, end=min(end, len(stored)))))
            texts.append(part)
            at += len(part)
    return Paper(text="".join(texts), spoken=spoken, pieces=tuple(pieces), own_text=False, remarks=remarks)


_TIMING: Final = re.compile(r"^\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->")
_TURN: Final = re.compile(r"\s*(?:>>|[-–—]\s|<v[ .]|[A-Z][A-Z0-9.’'\- ]{1,38}:)")
_VOICE: Final = re.compile(r"<v(?:\.[\w.]+)? (?P<who>[^>]+)>")
_TAG: Final = re.compile(r"<[^>\n]{0,200}>|\{\\[^}\n]{0,40}\}")


def _subtitles(stored: str) -> Iterator[tuple[str, int, int]]:
    """The spoken lines of an SRT or VTT file, one paragraph a turn; numbers, times and notes are left out."""
    start, spoken, ended = 0, False, -1
    for line in stored.splitlines(keepends=True):
        end = start + len(line.rstrip())
        if _TIMING.match(line):
            spoken = True
        elif not line.strip():
            spoken = False
        elif spoken and end > start:
            aside = re.fullmatch(r"\s*[\[(♪].*[\])♪]\s*", line) is not None
            breaks = aside or _TURN.match(line) is not None
            if ended >= 0:  # a line end inside one cue belongs to the words on both sides of it
                joined = not breaks and start - ended == 1
                yield ("\n\n" if breaks else " "), ended if joined else start, start
            yield from _untagged(stored, start, end)
            ended = end
            if aside:
                yield "\n\n", end, end
        start += len(line)


def _untagged(stored: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """A subtitle line without its tags; the name in a voice tag becomes a label."""
    at = start
    dash = re.compile(r"\s*(?:[-–—]\s+|>>+\s*)").match(stored, start, end)
    if dash:
        at = dash.end()
    for tag in _TAG.finditer(stored, at, end):
        yield stored[at : tag.start()], at, tag.start()
        voice = _VOICE.fullmatch(tag.group())
        if voice:
            begin = tag.start() + voice.start("who")
            yield voice["who"], begin, begin + len(voice["who"])
            yield ": ", tag.end(), tag.end()
        at = tag.end()
    yield stored[at:end], at, end


_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "br",
        "tr",
        "td",
        "th",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "figure",
        "figcaption",
        "pre",
        "aside",
        "main",
        "nav",
        "dd",
        "dt",
        "title",
        "hr",
        "form",
    ],
)
_SILENT: Final = frozenset(["script", "style", "noscript", "template", "svg", "head", "button", "nav", "iframe"])
_CLOSES_ITSELF: Final = frozenset(["p", "li", "dd", "dt", "tr", "td", "th", "option"])
_VOID: Final = frozenset(["br", "hr", "img", "input", "meta", "link"])


class _Text(HTMLParser):
    """Collects what a reader of the page would see, with the place of each run."""

    def __init__(self, stored: str) -> None:
        super().__init__(convert_charrefs=False)
        self.stored = stored
        self.parts: list[tuple[str, int, int]] = []
        self.silent: list[str] = []
        self.hidden = 0
        self.hiding: list[str] = []
        lengths = [len(line) for line in stored.split("\n")]
        self.line_starts = [0]
        for length in lengths:
            self.line_starts.append(self.line_starts[-1] + length + 1)

    def _place(self) -> int:
        line, column = self.getpos()
        return min(self.line_starts[min(line - 1, len(self.line_starts) - 1)] + column, len(self.stored))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or a part that is not shown."""
        if tag in _CLOSES_ITSELF and self.hiding[-1:] == [tag]:
            self.hiding.pop()
        if tag not in _VOID and (tag in self.hiding or (not self.silent and _hides(attrs))):
            self.hiding.append(tag)
        elif tag in _SILENT:
            self.silent.append(tag)
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """End a block, or a part that is not shown."""
        if tag in self.hiding:
            while self.hiding.pop() != tag:
                pass
        elif tag in self.silent:
            while self.silent.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._break()

    def _break(self) -> None:
        here = self._place()
        self.parts.append(("\n\n", here, here))

    def handle_data(self, data: str) -> None:
        """A run of text; line ends inside it are white space, as on the page."""
        here = self._place()
        if self.hiding:
            self.hidden += len(data.strip())
        elif not self.silent and self.stored.startswith(data, here):
            self.parts.append((re.sub(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]", " ", data), here, here + len(data)))

    def handle_charref(self, name: str) -> None:
        """A character by number."""
        self._reference(f"&#{name}")

    def handle_entityref(self, name: str) -> None:
        """A character by name."""
        self._reference(f"&{name}")

    def _reference(self, written: str) -> None:
        here = self._place()
        end = here + len(written)
        end += self.stored[end : end + 1] == ";"
        if not self.silent and not self.hiding:
            self.parts.append((unescape(written + ";"), here, end))


_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def _hides(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether a tag says by itself that nobody sees what is in it; what a style sheet elsewhere says is not known."""
    return any(
        name == "hidden" or (name == "style" and _HIDDEN.search(value or "") is not None) for name, value in attrs
    )


def _html(stored: str) -> tuple[list[tuple[str, int, int]], int]:
    """The text of a page, block by block, and how many characters the page hides."""
    parser = _Text(stored)
    try:
        parser.feed(stored)
        parser.close()
    except (AssertionError, ValueError, IndexError) as error:  # the standard parser gives up on some broken mark-up
        raise UnreadablePaper("The page's mark-up is too broken to read; paste its text into a text file.") from error
    return parser.parts, parser.hidden


def _docx(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The paragraphs of a DOCX file, one a line with a blank one between, and what is not in them; offsets count this text."""
    aside: tuple[str, ...] = ()
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            entry = parts.getinfo("word/document.xml")
            if entry.file_size > UNPACKED_BYTES:
                raise UnreadablePaper(
                    f"{name} unpacks to more than {UNPACKED_BYTES // 1_000_000} MB; paste its text instead."
                )
            body = parts.read(entry)
            names = set(parts.namelist())
            aside = tuple(said for part, said in _ASIDE if f"word/{part}.xml" in names)
    except (
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise UnreadablePaper(
            f"{name} is a packed file, but no DOCX we can open; paste its text into a text file."
        ) from error
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # entities can be made to grow without end
        raise UnreadablePaper(
            f"{name} declares its own entities, which no word processor does; paste its text instead."
        )
    try:
        root = ET.fromstring(body)  # noqa: S314 - entity declarations were refused above
    except ET.ParseError as error:
        raise UnreadablePaper(f"{name} holds broken XML; paste its text into a text file.") from error
    return "\n\n".join("".join(_runs(p)) for p in _paragraphs(root)), (*_tracked(root), *aside)


_ASIDE: Final = (
    ("comments", "The file holds comments in its margin; they are not read here."),
    ("footnotes", "The file has footnotes; they are not read here."),
    ("endnotes", "The file has endnotes; they are not read here."),
)
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BETWEEN: Final = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def _paragraphs(part: ET.Element) -> Iterator[ET.Element]:
    """Every paragraph, one in a text box after the one that holds it; what old programs get instead of it is left out."""
    for child in part:
        if child.tag == _FALLBACK:
            continue
        if child.tag == f"{_W}p":
            yield child
        yield from _paragraphs(child)


def _runs(part: ET.Element) -> Iterator[str]:
    """The text of a paragraph without that of the paragraphs in its text boxes; what was struck is no part of it."""
    for child in part:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BETWEEN:
            yield _BETWEEN[child.tag]
        elif child.tag not in {f"{_W}p", f"{_W}tabs", _FALLBACK}:
            yield from _runs(child)


def _tracked(root: ET.Element) -> tuple[str, ...]:
    """What tracked changes do to the text: a court has to know that it reads one version of two."""
    struck = sum(len(each.text or "") for each in root.iter(f"{_W}delText"))
    added = sum(len(t.text or "") for ins in root.iter(f"{_W}ins") for t in ins.iter(f"{_W}t"))
    if not struck and not added:
        return ()
    return (
        f"The file holds tracked changes: {_some(struck, 'character')} struck are left out, {_some(added, 'character')} added are read as text.",
    )


def pdf_text(content: bytes, *, name: str) -> str:
    """The text of a PDF's pages, a blank line between two; offsets count this text."""
    try:
        pages = text_of_pdf(content)
    except NoPdfText as problem:
        raise UnreadablePaper(f"{name} {problem}") from problem
    text = "\n\n".join(pages)
    if not text.strip():
        raise UnreadablePaper(f"{name} is a PDF without text, perhaps a scan; type it into a text file and read that.")
    return text
