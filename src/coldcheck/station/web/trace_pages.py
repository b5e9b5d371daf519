"""Where did it come from, and what may it have touched: the answers with their pictures, as pages of the hub.

Who may look: whoever may look at the office's tables, and who signed in with a key of his own and has a role for it
(`inquiry_guests`). People stand here by their label on set, in the neutral order of
their ids, and no page says anything about a person but what the record has. The hub answers through its door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coldcheck.custody import wording
from coldcheck.custody.answers import ORIGIN, Answer
from coldcheck.custody.origin_kinds import hypotheses_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.trace import live_finds, origin_of
from coldcheck.custody.trace_rings import recall_of
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import answer_text
from coldcheck.station.door import AtHub, Door
from coldcheck.station.things_by_name import UnknownItem, item_of
from coldcheck.station.trace_pictures import chain_picture, recall_picture, windows_picture
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.inquiry_guests import Guests
from coldcheck.station.web.office_pages import may_look


class NotForThem(ColdcheckError):
    """Who asks is neither at the hub nor of the office nor signed in with a role for it. The page says who may and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One answer on the page: its end in a sentence, a picture, under it the same in lines, and what to secure first."""

    heading: str
    lead: str = ""
    svg: str
    lines: tuple[str, ...]
    secure: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage:
    """All that a page says, worked out by the thread that writes the picture."""

    question: str
    entry: int
    parts: tuple[Part, ...]
    finds: tuple[tuple[Id, str], ...]
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePages:
    """The pages, over the hub's door, the office's key, and who signed in; None where nobody can."""

    door: Door
    key: str
    guests: Guests | None

    async def trace(self, request: Request) -> Response:
        """The chains of every live find, or of what the address names."""
        return await self._answer(request, trace_page)

    async def recall(self, request: Request) -> Response:
        """A lot's recall in rings."""
        return await self._answer(request, recall_page)

    async def origin(self, request: Request) -> Response:
        """How a find can have come in: kinds of story, and the windows of the record."""
        return await self._answer(request, origin_page)

    async def _answer(self, request: Request, make: Callable[[Picture, str], TracePage]) -> Response:
        name = request.path_params.get("item") or request.query_params.get("item", "")
        office = may_look(request, self.key)

        def look(at: AtHub) -> TracePage:
            if not office and (self.guests is None or not self.guests.may_trace(request, at.hub.picture)):
                raise NotForThem("")
            return make(at.hub.picture, name)

        try:
            page = await self.door.ask_async(look)
        except NotForThem:
            return _page(request, None, words_in(language_of(request)).say("trace.whose"), 403, enter=bool(self.guests))
        except UnknownItem as problem:
            return _page(request, None, str(problem), 404)
        except ColdcheckError as problem:
            return _page(request, None, str(problem), 503)
        return _page(request, page, "", 200)


def _page(request: Request, page: TracePage | None, problem: str, status: int, *, enter: bool = False) -> Response:
    html = render(
        "trace.html",
        language=language_of(request),
        theme=theme_of(request, "light"),
        mark=mark_of(request),
        page=page,
        problem=problem,
        enter=f"/inquiry/enter?next={quote(request.url.path)}" if enter else "",
    )
    return HTMLResponse(html, status, PAGE_HEADERS)


def trace_page(picture: Picture, name: str) -> TracePage:
    """The page for one thing, or for every live find with "". Raises UnknownItem."""
    if name:
        known = item_of(picture, name, letters="rgc")
        rounds = (known,) if known in picture.cartridges else tuple(picture.rounds_in.get(known, {}))
    else:
        rounds = live_finds(picture)
    parts = []
    for one in rounds:
        origin = origin_of(picture, one)
        told = tuple(answer_text.origin_lines(picture, origin))
        secure = tuple(
            f"{text}: {wording.SECURE[why]}, #{entry}"
            for text, why, entry in answer_text.secure_texts(picture, origin.secure_now)
        )
        svg = chain_picture(picture, origin, alone=False)
        lead = answer_text.ending_line(picture, origin)
        parts.append(Part(heading=told[0].strip(), lead=lead, svg=svg, lines=told, secure=secure))
    question = f"where did {name} come from?" if name else ORIGIN
    ends = Answer(question=question, standing="not_recorded", accounts=(), hypotheses=hypotheses_of(picture))
    stories = [line for line in answer_text.answer_lines(picture, ends) if line.startswith("    ")]
    if not parts:
        parts.append(Part(heading="No round with an identity was found or lies there.", svg="", lines=(), secure=()))
    last = Part(heading="Kinds of story the record does not exclude", svg="", lines=tuple(stories), secure=())
    return _whole(picture, question, (*parts, last))


def origin_page(picture: Picture, name: str) -> TracePage:
    """The page of how one find can have come in, without a figure of a person. Raises UnknownItem."""
    # numpy comes with it, and a hub that is never asked needs none.
    from coldcheck.custody.origin_answer import MODEL, answer_find  # noqa: PLC0415
    from coldcheck.station.origin_text import find_lines  # noqa: PLC0415

    known = item_of(picture, name, letters="r")
    if known not in picture.kinds_found and known not in picture.finds:
        raise UnknownItem(
            f'"{name}" was not found or tested to be other than it should; ask where it came from instead.'
        )
    told = answer_find(picture, known, model=MODEL)
    lines = tuple(find_lines(picture, told, stories=True))
    svg = windows_picture(picture, told, shares=True, alone=False)
    return _whole(
        picture,
        f"how can {answer_text.label_of(picture, known)} have come in?",
        (Part(heading="", svg=svg, lines=lines, secure=()),),
    )


def recall_page(picture: Picture, name: str) -> TracePage:
    """The page of a lot's recall. Raises UnknownItem."""
    lot = item_of(picture, name, letters="l")
    rings = recall_of(picture, lot)
    part = Part(heading="", svg=recall_picture(picture, rings, lot, most=60, alone=False), lines=(), secure=())
    return _whole(picture, f"what may {name} have touched?", (part,))


def _whole(picture: Picture, question: str, parts: tuple[Part, ...]) -> TracePage:
    finds = tuple((one, answer_text.label_of(picture, one)) for one in live_finds(picture))
    lots = tuple(sorted(lot.label for lot in picture.lots.values()))
    text = question[0].upper() + question[1:]
    return TracePage(question=text, entry=picture.size - 1, parts=parts, finds=finds, lots=lots)


def trace_routes(door: Door, *, key: str = "", guests: Guests | None = None) -> list[Route]:
    """The routes of the trace; with `guests` also for people who sign in."""
    pages = TracePages(door=door, key=key, guests=guests)
    return [
        Route("/trace", pages.trace),
        Route("/trace/{item:path}", pages.trace),
        Route("/recall/{item}", pages.recall),
        Route("/origin/{item:path}", pages.origin),
    ]
