"""The office's pages over the tables: each on paper-like light ground, and the same rows as `.json` and `.csv`.

Who may look: somebody at the hub's own machine, or with the office's key in the address once (it becomes a cookie).
Names are on none of these pages. The hub answers through its door; a silent hub is a sentence.
"""

import csv
import hmac
import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from coldcheck.custody.picture import Picture
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.door import AtHub, Door, HubSilent
from coldcheck.station.labels import SHEETS, labels_of, labels_pdf, pages_of
from coldcheck.station.pack.printed import MissingPart
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.office_tables import PAGE, TABLES, Ask, Table, table_of
from coldcheck.station.web.seal_page import seal_sheet
from coldcheck.station.web.strip_page import strip_picture

MOST_DELIVERIES: Final = 2_000
COOKIE: Final = "office"
_SIZE: Final = re.compile(r"[1-9][0-9]{0,14}")
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A table as the hub answered it, and at which entry that was."""

    table: Table
    entry: int
    at: str
    production: str
    cards: frozenset[str] = frozenset()
    """Labels of the people whose join card still waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePages:
    """The pages, over the hub's door and the office's key ("" when only the hub's own machine may look)."""

    door: Door
    key: str
    production: str
    ledger: Path | None
    inquiry: bool = False
    address: str = ""
    """Where anybody's phone reads what the record says; "" where this page itself is that place."""

    async def strip(self, request: Request) -> Response:
        """A gun's day as one strip, as a picture."""
        words = words_in(language_of(request))
        if not may_look(request, self.key):
            return sentence_page(request, words.say("office.whose"), 403)
        if self.ledger is None:
            return sentence_page(request, words.say("office.empty"), 404)
        about, on = request.query_params.get("about", ""), request.query_params.get("on", "")
        try:
            drawn = await run_in_threadpool(strip_picture, self.ledger, about, on=on, words=words)
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 404)
        if drawn is None:
            return sentence_page(request, words.say("office.empty"), 404)
        # A picture on its own runs nothing and loads nothing; its style stands in it.
        policy = "script-src 'none'; object-src 'none'; connect-src 'none'; img-src 'none'; frame-ancestors 'self'"
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
        return Response(drawn, 200, headers, "image/svg+xml")

    async def seal(self, request: Request) -> Response:
        """The day's seal with its code, to print; `?size=` for another checkpoint than the newest that was cosigned."""
        words = words_in(language_of(request))
        if not may_look(request, self.key):
            return sentence_page(request, words.say("office.whose"), 403)
        if self.ledger is None:
            return sentence_page(request, words.say("office.empty"), 404)
        asked = request.query_params.get("size", "")
        size = int(asked) if _SIZE.fullmatch(asked) else None
        try:
            named, newest = await self.door.ask_async(
                lambda at: (dict(at.hub.picture.book.cosigners), at.hub.picture.size)
            )
            sheet = await run_in_threadpool(seal_sheet, self.ledger, named=named, size=size)
        except HubSilent as problem:
            return sentence_page(request, str(problem), 503)
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 404)
        html = render(
            "seal.html",
            language=language_of(request),
            theme=theme_of(request, "light"),
            mark=mark_of(request),
            production=self.production,
            sheet=sheet,
            newest=sheet.size >= newest,
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)

    async def labels(self, request: Request) -> Response:
        """Labels with codes as a PDF to print, as `coldcheck labels` makes them; `?only=` and `?sheet=` as there."""
        words = words_in(language_of(request))
        if not may_look(request, self.key):
            return sentence_page(request, words.say("office.whose"), 403)
        only = tuple(name for name in (request.query_params.get("only", ""),) if name)
        sheet = SHEETS.get(request.query_params.get("sheet", ""), SHEETS["a4"])
        address, mark = self.address or str(request.base_url).rstrip("/"), mark_of(request).upper()
        try:
            found = await self.door.ask_async(lambda at: labels_of(at.hub.picture, address=address, only=only))
            pdf = await run_in_threadpool(lambda: labels_pdf(pages_of(found, sheet, mark=mark)))
        except (HubSilent, MissingPart) as problem:
            return sentence_page(request, str(problem), 503)
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 404)
        file = f"{'DRILL-' if mark == 'DRILL' else ''}labels.pdf"
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{file}"'}
        return Response(pdf, 200, headers, "application/pdf")

    async def card(self, request: Request) -> Response:
        """Somebody's join card to print, as init made it: on the hub's own machine only, and only until it was used."""
        words = words_in(language_of(request))
        if not is_here(request):
            return sentence_page(request, words.say("office.whose"), 403)
        label = request.path_params["label"]
        try:
            waiting = await self.door.ask_async(lambda at: waiting_cards(at.hub.picture))
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 503)
        file = self._card_file(label) if label in waiting else None
        if file is None:
            return sentence_page(request, words.say("office.card_used"), 404)
        # The card is one page by itself: no script, nothing loaded, and in no cache.
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        headers = {**PAGE_HEADERS, "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(await run_in_threadpool(file.read_text, encoding="utf-8"), 200, headers)

    def _card_file(self, label: str) -> Path | None:
        """The file of a card, None where it is not on this machine any more. `label` is one of the crew's own labels."""
        file = self.ledger.parent / "cards" / f"{label}.html" if self.ledger is not None else None
        return file if file is not None and file.is_file() else None

    async def first(self, request: Request) -> Response:
        """The first table; with the office's key in the address, that key is kept as a cookie."""
        answer = RedirectResponse(f"/office/guns?lang={language_of(request)}", 303)
        given = request.query_params.get("key", "")
        if self.key and hmac.compare_digest(given.encode(), self.key.encode()):
            answer.set_cookie(COOKIE, given, httponly=True, samesite="strict", max_age=86_400)
        return answer

    async def table(self, request: Request) -> Response:
        """One table as a page, as JSON or as CSV."""
        name, _, form = request.path_params["name"].partition(".")
        words = words_in(language_of(request))
        if not may_look(request, self.key):
            return sentence_page(request, words.say("office.whose"), 403)
        if name not in TABLES or form not in {"", "json", "csv"}:
            return sentence_page(request, f"{name}: {', '.join(TABLES)}.", 404)
        about = request.query_params.get("about", request.query_params.get("gun", ""))
        try:
            cards = name == "people" and is_here(request)
            fresh = await self.door.ask_async(lambda at: self._ask(at, name, about, language_of(request), cards=cards))
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 503)
        match form:
            case "json":
                return JSONResponse(as_json(fresh), headers={"Cache-Control": "no-store"})
            case "csv":
                file = f"{'DRILL-' if mark_of(request) == 'drill' else ''}{name}.csv"
                headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{file}"'}
                return Response(as_csv(fresh.table), 200, headers, "text/csv; charset=utf-8")
            case _:
                return self._page(request, fresh, about)

    def _ask(self, at: AtHub, name: str, about: str, language: str, *, cards: bool) -> Fresh:
        picture = at.hub.picture
        told = tuple(islice(at.hub.store.deliveries(), MOST_DELIVERIES)) if name == "deliveries" else ()
        ask = Ask(picture=picture, now=at.now, words=words_in(language), about=about, delivered=told)
        known = waiting_cards(picture) if cards else frozenset()
        return Fresh(
            table=table_of(name, ask), entry=picture.size - 1, at=picture.at, production=self.production,
            cards=frozenset(label for label in known if self._card_file(label) is not None),
        )  # fmt: skip

    def _page(self, request: Request, fresh: Fresh, about: str) -> Response:
        rows = fresh.table.rows
        entries = [row[0] for row in rows if isinstance(row[0], int)]
        older = min(entries) - 1 if fresh.table.name == "ledger" and len(rows) >= PAGE and min(entries) > 0 else None
        html = render(
            "office.html",
            language=language_of(request),
            theme=theme_of(request, "light"),
            mark=mark_of(request),
            fresh=fresh,
            tables=tuple(TABLES),
            about=about,
            older=older,
            inquiry=self.inquiry,
            strip=fresh.table.name == "gun_day" and bool(rows) and self.ledger is not None,
            sealed=self.ledger is not None,
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)


def may_look(request: Request, key: str) -> bool:
    """Whether this is the hub's own machine, or a browser that was given the office's key."""
    given = request.cookies.get(COOKIE, "")
    return is_here(request) or (bool(key) and hmac.compare_digest(given.encode(), key.encode()))


def is_here(request: Request) -> bool:
    """Whether this is a browser on the hub's own machine."""
    return request.client is not None and request.client.host in _HERE and "x-forwarded-for" not in request.headers


def waiting_cards(picture: Picture) -> frozenset[str]:
    """The labels of everybody whose join card was listed and not used yet."""
    return frozenset(picture.persons[who].label for who in picture.book.cards if who in picture.persons)


def office_routes(
    door: Door,
    *,
    key: str = "",
    production: str = "",
    ledger: Path | None = None,
    inquiry: bool = False,
    address: str = "",
) -> list[Route]:
    """The routes of the office; with the `ledger`'s file also a gun's day as a picture, with `inquiry` the way there.

    `address` is what labels lead to; without it the address that the page itself was asked under.
    """
    pages = OfficePages(door=door, key=key, production=production, ledger=ledger, inquiry=inquiry, address=address)
    return [
        Route("/office", pages.first),
        Route("/office/strip.svg", pages.strip),
        Route("/office/seal", pages.seal),
        Route("/office/labels.pdf", pages.labels),
        Route("/office/card/{label}", pages.card),
        Route("/office/{name}", pages.table),
    ]


def as_json(fresh: Fresh) -> dict[str, object]:
    """A table for other programs: one object a row, and the entry it was worked out at."""
    rows = [dict(zip(fresh.table.columns, row, strict=True)) for row in fresh.table.rows]
    return {
        "table": fresh.table.name,
        "entry": fresh.entry,
        "at": fresh.at,
        "production": fresh.production,
        "rows": rows,
    }


def as_csv(table: Table) -> str:
    """A table as CSV with a line of column keys. A cell that a spreadsheet would run as a formula begins with a quote."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t"} else cell for cell in row]
        )
    return out.getvalue()


def sentence_page(request: Request, words: str, status: int) -> Response:
    """A page of the office that says one sentence."""
    html = render(
        "office_sentence.html",
        language=language_of(request),
        theme=theme_of(request, "light"),
        mark=mark_of(request),
        said=words,
    )
    return HTMLResponse(html, status, PAGE_HEADERS)
