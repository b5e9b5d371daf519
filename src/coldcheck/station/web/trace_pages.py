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
from coldcheck.custody.origin_kinds import hypotheses_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.tongues import Tongue
from coldcheck.custody.trace import live_finds, origin_of
from coldcheck.custody.trace_rings import recall_of
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import answer_text
from coldcheck.station.door import AtHub, Door
from coldcheck.station.things_by_name import UnknownItem, item_of
from coldcheck.station.trace_pictures import chain_picture, recall_picture, windows_picture
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import FIRST, Words, words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.inquiry_guests import Guests
from coldcheck.station.web.office_pages import may_look


class NotFoundHere(ColdcheckError):
    """No find of this name: the question is about something that was found. The page says what to ask instead."""


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

    async def _answer(self, request: Request, make: Callable[[Picture, str, Words], TracePage]) -> Response:
        name = request.path_params.get("item") or request.query_params.get("item", "")
        office = may_look(request, self.key)

        def look(at: AtHub) -> TracePage:
            if not office and (self.guests is None or not self.guests.may_trace(request, at.hub.picture)):
                raise NotForThem("")
            return make(at.hub.picture, name, words)

        words = words_in(language_of(request))
        try:
            page = await self.door.ask_async(look)
        except NotForThem:
            return _page(request, None, words.say("trace.whose"), 403, enter=bool(self.guests))
        except NotFoundHere as problem:
            return _page(request, None, str(problem), 404)
        except UnknownItem as problem:
            # In English the sentence with which it arose, which names the nearest label.
            said = str(problem) if words.language == FIRST else words.say("trace.unknown", item=name)
            return _page(request, None, said, 404)
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


def trace_page(picture: Picture, name: str, words: Words) -> TracePage:
    """The page for one thing, or for every live find with "". Raises UnknownItem."""
    if name:
        known = item_of(picture, name, letters="rgc")
        rounds = (known,) if known in picture.cartridges else tuple(picture.rounds_in.get(known, {}))
    else:
        rounds = live_finds(picture)
    parts = [_chain_part(picture, one, words.tongue) for one in rounds]
    if not parts:
        parts.append(Part(heading=words.say("trace.no_round"), svg="", lines=(), secure=()))
    stories = tuple(answer_text.story_lines(hypotheses_of(picture), tongue=words.tongue))
    last = Part(heading=words.say("trace.stories"), svg="", lines=stories, secure=())
    question = words.say("trace.q_item", item=name) if name else words.say("trace.q_live")
    return _whole(picture, question, (*parts, last))


def _chain_part(picture: Picture, round_id: Id, tongue: Tongue) -> Part:
    origin = origin_of(picture, round_id)
    told = tuple(answer_text.origin_lines(picture, origin, tongue=tongue))
    secure = tuple(
        f"{text}: {tongue.say(wording.SECURE[why])}, #{entry}"
        for text, why, entry in answer_text.secure_texts(picture, origin.secure_now, tongue=tongue)
    )
    svg = chain_picture(picture, origin, alone=False, tongue=tongue)
    lead = answer_text.ending_line(picture, origin, tongue=tongue)
    return Part(heading=told[0].strip(), lead=lead, svg=svg, lines=told, secure=secure)


def origin_page(picture: Picture, name: str, words: Words) -> TracePage:
    """The page of how one find can have come in, without a figure of a person. Raises UnknownItem or NotFoundHere."""
    # numpy comes with it, and a hub that is never asked needs none.
    from coldcheck.custody.origin_answer import MODEL, answer_find  # noqa: PLC0415
    from coldcheck.station.origin_text import find_lines  # noqa: PLC0415

    known = item_of(picture, name, letters="r")
    if known not in picture.kinds_found and known not in picture.finds:
        raise NotFoundHere(words.say("trace.no_find", item=name))
    told = answer_find(picture, known, model=MODEL)
    lines = tuple(find_lines(picture, told, stories=True, tongue=words.tongue))
    svg = windows_picture(picture, told, shares=True, alone=False, tongue=words.tongue)
    question = words.say("trace.q_origin", item=answer_text.label_of(picture, known, tongue=words.tongue))
    return _whole(picture, question, (Part(heading="", svg=svg, lines=lines, secure=()),))


def recall_page(picture: Picture, name: str, words: Words) -> TracePage:
    """The page of a lot's recall. Raises UnknownItem."""
    lot = item_of(picture, name, letters="l")
    rings = recall_of(picture, lot)
    svg = recall_picture(picture, rings, lot, most=60, alone=False, tongue=words.tongue)
    part = Part(heading="", svg=svg, lines=(), secure=())
    return _whole(picture, words.say("trace.q_recall", lot=name), (part,))


def _whole(picture: Picture, question: str, parts: tuple[Part, ...]) -> TracePage:
    finds = tuple((one, answer_text.label_of(picture, one)) for one in live_finds(picture))
    lots = tuple(sorted(lot.label for lot in picture.lots.values()))
    return TracePage(question=question, entry=picture.size - 1, parts=parts, finds=finds, lots=lots)


def trace_routes(door: Door, *, key: str = "", guests: Guests | None = None) -> list[Route]:
    """The routes of the trace; with `guests` also for people who sign in."""
    pages = TracePages(door=door, key=key, guests=guests)
    return [
        Route("/trace", pages.trace),
        Route("/trace/{item:path}", pages.trace),
        Route("/recall/{item}", pages.recall),
        Route("/origin/{item:path}", pages.origin),
    ]
