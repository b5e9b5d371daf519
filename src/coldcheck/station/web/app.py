"""The web application: the board page, its stream of events, and a word on whether the hub is heard.

It holds no picture and no ledger, only the newest frozen view. Looking writes nothing, and needs no login: a page
shows roles, never names.
"""

import time
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coldcheck.station.door import Door
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.pages import HERE, SILENT_MS, board_page
from coldcheck.station.web.push import Push, Pushed

THEMES: Final = ("dark", "dim", "light")
WORDS_OF_SET: Final = ("state", "reason", "common", "set")
"""The tables of the catalogue that set screens word themselves with."""
_PAGE_HEADERS: Final = {
    # A page out of a cache would be an old board with a new face.
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def board_app(push: Push, door: Door | None = None) -> Starlette:
    """The application over one `push`; it shows whatever was published last, and how old that is.

    What asks the hub itself goes through `door`; without one there is only the board.
    """

    async def board(request: Request) -> Response:
        pushed = push.newest()
        if pushed is None:
            return Response(
                "The hub has said nothing yet. Treat every gun as loaded.", 503, _PAGE_HEADERS, "text/plain"
            )
        asked = request.query_params.get("theme", "")
        page = board_page(pushed.view, theme=asked if asked in THEMES else THEMES[0], age_ms=age_ms(pushed))
        return HTMLResponse(page, headers=_PAGE_HEADERS)

    async def events(_request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(push.follow(), media_type="text/event-stream", headers=headers)

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
            return JSONResponse(
                {"sentence": f"There are no words in {language!r}; ask for one of: {', '.join(languages())}."}, 404
            )
        said = words_in(language)
        tables = {name: said.table(name) for name in WORDS_OF_SET}
        return JSONResponse({"language": language, **tables}, headers={"Cache-Control": "no-cache"})

    app = Starlette(
        routes=[
            Route("/", RedirectResponse("/board", 307)),
            Route("/board", board),
            Route("/board/events", events),
            Route("/healthz", healthz),
            Route("/words/{language}.json", words),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )
    app.state.door = door
    return app


def age_ms(pushed: Pushed) -> int:
    """How long ago a view was published, by the clock of this process, which no one sets."""
    return int((time.monotonic() - pushed.pushed_s) * 1000)
