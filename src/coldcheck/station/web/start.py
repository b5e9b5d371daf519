"""The demo's first page for somebody new: a first call by three invented people, step by step, in the buttons' own words.

Only a demo has it. It names a gun that is there now, and reads what each button says from the same file of words as the
button, so that it cannot tell of one that is not there.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.html import render
from coldcheck.station.web.pages import BoardView
from coldcheck.station.web.push import Push


def start_routes(push: Push) -> list[Route]:
    """The one page."""

    async def page(request: Request) -> Response:
        pushed = push.newest()
        html = render(
            "start.html",
            language=language_of(request),
            theme=theme_of(request),
            mark=mark_of(request),
            gun=gun_to_try(pushed.view) if pushed is not None else "",
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)

    return [Route("/start", page)]


def gun_to_try(view: BoardView) -> str:
    """The word-name of a gun to begin with: one in the vault, else one that is treated as loaded; "" where there is none."""
    for kind in ("vault", "loaded"):
        for gun in view.guns:
            if gun.kind == kind:
                return gun.name.capitalize()
    return ""
