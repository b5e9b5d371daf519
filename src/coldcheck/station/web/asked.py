"""What a browser asked for and how: theme, language, whether it comes from another site, whether it could sign here."""

import time
from typing import Final

from starlette.requests import Request

from coldcheck.station.web.catalogue import language_asked
from coldcheck.station.web.push import Pushed

THEMES: Final = ("dark", "dim", "light")
PAGE_HEADERS: Final = {
    # A page out of a cache would be an old board with a new face.
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def theme_of(request: Request, first: str = THEMES[0]) -> str:
    """One of the three themes: dim is chosen by a person, in the address, never by a clock."""
    asked = request.query_params.get("theme", "")
    return asked if asked in THEMES else first


def language_of(request: Request) -> str:
    """The language of the page: by its address (?lang=), else by what the browser accepts."""
    return language_asked(
        query=request.query_params.get("lang", ""), accepts=request.headers.get("accept-language", "")
    )


def mark_of(request: Request) -> str:
    """What every page of this hub says over everything: "drill", "demo", or "" for a production at work."""
    return str(getattr(request.app.state, "mark", ""))


def is_cross_site(request: Request) -> bool:
    """Whether a form came from a page of another site; a browser too old to say is believed."""
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site not in {"same-origin", "same-site", "none"}
    origin = request.headers.get("origin", "")
    return bool(origin) and origin != "null" and origin.split("://", 1)[-1] != request.headers.get("host", "")


def may_sign_here(request: Request) -> bool:
    """Whether a browser at this address has what signing needs: a trusted connection, or this very machine."""
    return request.url.scheme == "https" or request.url.hostname in {"localhost", "127.0.0.1", "::1"}


def age_ms(pushed: Pushed) -> int:
    """How long ago a view was published, by the clock of this process, which no one sets."""
    return int((time.monotonic() - pushed.pushed_s) * 1000)
