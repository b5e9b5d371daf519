"""The web application of a hub: the board, anybody's pages, and a word on whether the hub is heard.

It holds no picture and no ledger, only the newest frozen view; whatever needs more goes through the hub's door. Looking
writes nothing, and needs no login: a page shows roles, never names.
"""

import re
from collections.abc import AsyncIterator, Sequence
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from coldcheck.station.door import Door
from coldcheck.station.web.anyone import EmergencyCard, anyone_routes
from coldcheck.station.web.asked import PAGE_HEADERS, age_ms, language_of, theme_of
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.html import HERE, board_page
from coldcheck.station.web.pages import SILENT_MS
from coldcheck.station.web.push import Push

WORDS_OF_SET: Final = ("state", "reason", "common", "role", "set")
"""The tables of the catalogue that set screens word themselves with."""
FORMS: Final = ("cards", "line")
MOST_HEARD: Final = 400
_STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Heard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a screen says when it shows a void: which one it is, and how many entries it knows of."""

    screen: str
    entries: int


def board_app(
    push: Push,
    door: Door | None = None,
    *,
    card: EmergencyCard = EmergencyCard(),  # noqa: B008  # frozen
    more: Sequence[BaseRoute] = (),
    mark: str = "",
) -> Starlette:
    """The application over one `push`; it shows whatever was published last, and how old that is.

    `mark` is "drill" or "demo" for a hub whose every page says so.

    What asks the hub itself goes through `door`; without one there is only what anybody may look at.
    """
    app = Starlette(routes=[*_board_routes(push), *anyone_routes(push, door, card), *more, *_other_routes(push)])
    app.state.door = door
    app.state.mark = mark
    return app


def _board_routes(push: Push) -> list[Route]:
    async def board(request: Request) -> Response:
        pushed = push.newest()
        if pushed is None:
            return Response("The hub has said nothing yet. Treat every gun as loaded.", 503, PAGE_HEADERS, "text/plain")
        language = language_of(request)
        asked = request.query_params.get("form", "")
        page = board_page(
            pushed.in_language(language),
            theme=theme_of(request),
            age_ms=age_ms(pushed),
            form=asked if asked in FORMS else FORMS[0],
            events=f"/board/events?lang={language}",
            heard="/board/heard",
        )
        return HTMLResponse(page, headers=PAGE_HEADERS)

    async def events(request: Request) -> Response:
        gun = str(request.path_params.get("gun", ""))
        stream = push.follow(language_of(request), gun)
        told = _told(push, stream, request.query_params.get("screen", "")) if not gun else stream
        return StreamingResponse(told, media_type="text/event-stream", headers=_STREAM_HEADERS)

    async def heard(request: Request) -> Response:
        # What a board says of itself: it is written beside the record, and read by whoever asks which board has not heard.
        try:
            said = msgspec.json.decode((await request.body())[:MOST_HEARD], type=Heard)
        except msgspec.DecodeError:
            return Response(status_code=400)
        push.deliveries.heard(said.screen, said.entries)
        return Response(status_code=204)

    return [
        Route("/", RedirectResponse("/board", 307)),
        Route("/board", board),
        Route("/board/events", events),
        Route("/board/heard", heard, methods=["POST"]),
        Route("/gun/{gun}/events", events),
    ]


async def _told(push: Push, stream: AsyncIterator[bytes], screen: str) -> AsyncIterator[bytes]:
    """The stream of a board that says which one it is."""
    with push.deliveries.following(screen, ""):
        async for event in stream:
            yield event


_REMARKS: Final = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)


def without_remarks(script: bytes) -> bytes:
    """A script without the lines that are nothing but remarks: a phone loads what runs, and the files say why."""
    return _REMARKS.sub(b"", script)


class _Files(StaticFiles):
    """The files as they are; of the set screens' scripts, what runs."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path, asked = Path(full_path), super().file_response(full_path, stat_result, scope, status_code)
        if path.suffix != ".js" or path.parent.name != "set" or asked.status_code != status_code:
            return asked
        kept = {name: asked.headers[name] for name in ("etag", "last-modified")}
        return Response(without_remarks(path.read_bytes()), status_code, kept, "text/javascript; charset=utf-8")


def _other_routes(push: Push) -> list[BaseRoute]:
    async def healthz(_request: Request) -> Response:
        pushed = push.newest()
        heard_ms = age_ms(pushed) if pushed is not None else None
        heard = heard_ms is not None and heard_ms < SILENT_MS
        body = {
            "ok": heard,
            "hub_heard_ms_ago": heard_ms,
            "entries": pushed.view.entries if pushed is not None else None,
            "root": pushed.view.root if pushed is not None else None,
        }
        return JSONResponse(body, 200 if heard else 503, {"Cache-Control": "no-store"})

    async def words(request: Request) -> Response:
        language = request.path_params["language"]
        if language not in languages():
            known = ", ".join(languages())
            return JSONResponse({"sentence": f"There are no words in {language!r}; ask for one of: {known}."}, 404)
        said = words_in(language)
        tables = {name: said.table(name) for name in WORDS_OF_SET}
        return JSONResponse({"language": language, **tables}, headers={"Cache-Control": "no-cache"})

    return [
        Route("/healthz", healthz),
        Route("/words/{language}.json", words, middleware=[Middleware(GZipMiddleware, minimum_size=500)]),
        # Only what is the same for everybody is packed: streams go out as they come, pages hold what somebody typed.
        Mount("/static", GZipMiddleware(_Files(directory=HERE / "static"), minimum_size=500)),
    ]
