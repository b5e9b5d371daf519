"""The inquiry's pages over a ledger file: what was said beside what was recorded, and the registers of a matter.

They read and write nothing, use no script, and are worked by keyboard alone. Everybody stands in the same form. Over a
hub they open for people with the role (`inquiry_guests`); the command without a hub serves this machine only. The ledger
is read in the thread that asks and never troubles the writing one.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from coldcheck.custody.acts import Interval
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import inquiry_text as text
from coldcheck.station.inquiry_text import Desk, desk_over
from coldcheck.station.record import step_of
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.inquiry_guests import Guests

T = TypeVar("T")
VIEWS: Final = ("", "person", "moment", "roots", "terms", "questions", "freeze", "exhibits", "knowledge", "registers")
_PLAIN: Final[Mapping[str, Callable[[Desk], Any]]] = MappingProxyType(
    {
        "": text.matrix_json,
        "roots": text.roots_json,
        "terms": text.terms_json,
        "questions": text.questions_json,
        "freeze": text.freeze_json,
        "exhibits": text.exhibits_json,
        "knowledge": text.knowledge_json,
        "registers": text.registers_json,
    }
)


@dataclass(slots=True)
class LiveDesk:
    """The desk of a ledger that may still grow. Only what is new since the last look is replayed."""

    path: Path
    _picture: Picture = field(default_factory=Picture)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """The desk as of the newest entry, for one asker at a time. Raises NoLedger."""
        store = read_ledger(self.path)
        try:
            with self._lock:
                store.hold_still()
                # A file that was put in the place of a longer one is read from its beginning.
                if self._picture.size > store.entry_count():
                    self._picture = Picture()
                for number, data in enumerate(store.entries(self._picture.size), start=self._picture.size):
                    apply(self._picture, step_of(number, read_entry(data)))
                yield desk_over(self._picture, store)
        finally:
            store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryPages:
    """The pages over one ledger; `care` is whom to ask for care. Without `guests` whoever reaches them may look."""

    desk: LiveDesk
    care: str
    guests: Guests | None

    async def page(self, request: Request) -> Response:
        """One view as a page."""
        view = request.path_params.get("view", "")
        if view not in VIEWS:
            return Response(f"There is no such page; there are: {', '.join(VIEWS)}.\n", 404, PAGE_HEADERS, "text/plain")
        return await self.shown(request, lambda desk: self._html(desk, view, request))

    async def checkpoint(self, request: Request) -> Response:
        """The newest signed checkpoint as a file to carry away."""
        return await self.shown(request, lambda desk: desk.checkpoint.decode(), download="checkpoint.txt")

    async def shown(self, request: Request, make: Callable[[Desk], str], *, download: str = "") -> Response:
        """What `make` says over the newest desk, as a page or a file; the way in for who is not signed in."""
        try:
            made = await run_in_threadpool(self._made, request, make)
        except ColdcheckError as problem:
            return Response(f"{problem}\n", 503, PAGE_HEADERS, "text/plain")
        if made is None:
            return RedirectResponse("/inquiry/enter", 303, {"Cache-Control": "no-store"})
        if download:
            headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{download}"'}
            return Response(made, 200, headers, "text/plain; charset=utf-8")
        return HTMLResponse(made, headers=PAGE_HEADERS)

    async def answered(self, request: Request, make: Callable[[Desk], Any]) -> Response:
        """What `make` says over the newest desk as JSON; whatever is wrong as one sentence."""
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        try:
            made = await run_in_threadpool(self._made, request, make)
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem), "again": False}, 422, headers)
        if made is None:
            sentence = "You are not signed in to the inquiry any more. Sign in again."
            return JSONResponse({"sentence": sentence, "again": False}, 403, headers)
        return JSONResponse(made, headers=headers)

    def _made(self, request: Request, make: Callable[[Desk], T]) -> T | None:
        with self.desk.open() as desk:
            if self.guests is not None and self.guests.guest_of(request, desk.picture) is None:
                return None
            return make(replace(desk, tongue=words_in(language_of(request)).tongue))

    def frame(self, desk: Desk, request: Request) -> dict[str, Any]:
        """What stands on every page of the inquiry."""
        return {
            "language": language_of(request), "theme": theme_of(request, "light"), "views": VIEWS,
            "size": desk.picture.size, "root": desk.root, "care": self.care, "frozen": desk.picture.frozen_entry,
            "at_hub": self.guests is not None, "mark": mark_of(request),
        }  # fmt: skip

    def _html(self, desk: Desk, view: str, request: Request) -> str:
        people = sorted(person.label for person in desk.picture.persons.values())
        data = self._data(desk, view, request.query_params, people)
        claims = _claims_in(data)
        return render(
            "inquiry.html", view=view, title=words_in(language_of(request)).say(f"inquiry.{view or 'claims'}"), data=data, people=people, speakers=text.speakers_json(desk),
            says=text.says_json(desk, claims), counts=text.counts_json(desk), **self.frame(desk, request),
        )  # fmt: skip

    def _data(self, desk: Desk, view: str, asked: Mapping[str, str], people: list[str]) -> Any:  # noqa: ANN401  # JSON
        if view == "person":
            who = asked.get("who", "")
            label = who if who in people else next(iter(people), "")
            return text.person_json(desk, desk.picture.labels.get(label, ""))
        if view == "moment":
            start = asked.get("from", "") or desk.picture.at[:16]
            return text.moment_json(desk, Interval(start=start, end=asked.get("to", "") or start))
        return _PLAIN[view](desk)


def _claims_in(data: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # JSON
    """The claims a view shows, wherever they stand in it."""
    if not isinstance(data, dict):
        return []
    grouped = [claim for group in data.get("questions", ()) for claim in group.get("claims", ())]
    return [*grouped, *data.get("accounts", ()), *data.get("claims", ())]


def inquiry_routes(ledger: Path, *, care: str = "", guests: Guests | None = None) -> list[Route]:
    """The routes of the inquiry over one ledger; with `guests` only for who is signed in."""
    return routes_of(InquiryPages(desk=LiveDesk(path=ledger), care=care, guests=guests))


def routes_of(pages: InquiryPages) -> list[Route]:
    """The routes of these pages; alone they also answer at the root."""
    alone = [] if pages.guests is not None else [Route("/", RedirectResponse("/inquiry", 307))]
    return [
        *alone,
        Route("/inquiry", pages.page),
        Route("/inquiry/checkpoint.txt", pages.checkpoint),
        Route("/inquiry/{view}", pages.page),
    ]
