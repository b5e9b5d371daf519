"""The pages that put papers in, go through them, and take a first account; what they show comes from `inquiry_reading`."""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.inquiry_text import Desk
from coldcheck.station.read_papers import LARGEST_KEPT
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import Words, words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.inquiry_filing import may_open
from coldcheck.station.web.inquiry_pages import InquiryPages, LiveDesk
from coldcheck.station.web.inquiry_reading import Json, accounts_json, crew_json, find_words, reading_json, sources_json

_JSON_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def reading_routes(pages: InquiryPages) -> list[BaseRoute]:
    """The list of sources with the form for a new one, one paper, and what its page asks."""

    async def sources(request: Request) -> Response:
        def make(desk: Desk) -> str:
            return render(
                "inquiry_sources.html",
                view="read", title=words_in(language_of(request)).say("inquiry.read"), sources=sources_json(desk), crew=crew_json(desk), most_mb=LARGEST_KEPT // 1_000_000,
                **pages.frame(desk, request),
            )  # fmt: skip

        return await pages.shown(request, make)

    async def paper(request: Request) -> Response:
        label = request.path_params["label"]

        def make(desk: Desk) -> str:
            words = words_in(language_of(request))
            title = f"{words.say('inquiry.read')}: {label}"
            return render(
                "inquiry_read.html",
                view="read",
                title=title,
                label=label,
                said=_said_there(words),
                **pages.frame(desk, request),
            )

        return await pages.shown(request, make)

    async def said(request: Request) -> Response:
        asked, label = request.query_params, request.path_params["label"]
        words, part = asked.get("words"), asked.get("part", "0")
        near = int(asked.get("near", "0")) if asked.get("near", "0").isdigit() else 0

        def make(desk: Desk) -> Json | list[Json]:
            if words is not None:
                return find_words(desk, label, words=words, near=near)
            return reading_json(desk, label, part=int(part) if part.isdigit() else 0)

        return await pages.answered(request, make)

    async def accounts(request: Request) -> Response:
        def make(desk: Desk) -> str:
            guest = pages.guests.guest_of(request, desk.picture) if pages.guests is not None else None
            may = guest is not None and may_open(desk.picture, guest.person)
            return render(
                "inquiry_accounts.html",
                view="accounts", title=words_in(language_of(request)).say("inquiry.accounts"), accounts=accounts_json(desk), may=may,
                **pages.frame(desk, request),
            )  # fmt: skip

        return await pages.shown(request, make)

    return [
        Route("/inquiry/accounts", accounts),
        Route("/inquiry/read", sources),
        Route("/inquiry/read/{label}", paper),
        Route("/api/inquiry/reading/{label}", said),
    ]


def _said_there(words: Words) -> dict[str, str]:
    """All that the script of a paper's page says, in the reader's language."""
    inquiry = {key: said for key, said in words.table("inquiry").items() if key.startswith(("stance_", "knowledge_"))}
    acts = {f"act_{name}": said for name, said in words.table("act").items()}
    return {**words.table("role"), **acts, **inquiry, **words.table("reading")}


def account_routes(ledger: Path) -> list[BaseRoute]:
    """The screen of first accounts, and the locked bytes for whoever has their key."""

    async def page(request: Request) -> Response:
        html = render(
            "account.html", language=language_of(request), theme=theme_of(request, "light"), mark=mark_of(request)
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)

    async def locked(request: Request) -> Response:
        def read() -> bytes | None:
            store = read_ledger(ledger)
            try:
                return store.apart(request.path_params["sha256"])
            finally:
                store.close()

        try:
            content = await run_in_threadpool(read)
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem)}, 503, _JSON_HEADERS)
        if content is None or not content.startswith(LOCKED):
            return JSONResponse({"sentence": "No first account of this hash is here."}, 404, _JSON_HEADERS)
        return Response(content, 200, _JSON_HEADERS, "application/octet-stream")

    async def opened(request: Request) -> Response:
        def read() -> list[Json]:
            with LiveDesk(path=ledger).open() as desk:
                digest = request.path_params["sha256"]
                return next((one["opened"] for one in accounts_json(desk) if one["sha256"] == digest), [])

        try:
            return JSONResponse({"opened": await run_in_threadpool(read)}, headers=_JSON_HEADERS)
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem)}, 503, _JSON_HEADERS)

    return [
        Route("/account", page),
        Route("/api/account/{sha256}", locked),
        Route("/api/account/{sha256}/opened", opened),
    ]


LOCKED = b"coldcheck/first-account/v1\n"
"""How the locked bytes of a first account begin; nothing else is handed out without signing in."""
