"""The inquiry's pages over a ledger file: what was said beside what was recorded, and the registers of a matter.

They read and write nothing, use no script, and are worked by keyboard alone. Everybody stands in the same form. Does not
do: let anybody in; who serves them decides who may look (the command serves this machine only).
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from coldcheck.custody.acts import Interval
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import inquiry_text as text
from coldcheck.station.inquiry_text import Desk, open_desk
from coldcheck.station.web.asked import PAGE_HEADERS, theme_of
from coldcheck.station.web.html import render

VIEWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "Claims beside the record",
        "person": "One person's accounts",
        "moment": "One moment",
        "roots": "Witnesses behind a claim",
        "terms": "Words with two meanings",
        "questions": "Open questions",
        "freeze": "What is held",
        "exhibits": "Exhibits",
    }
)
_PLAIN: Final[Mapping[str, Callable[[Desk], Any]]] = MappingProxyType(
    {
        "": text.matrix_json,
        "roots": text.roots_json,
        "terms": text.terms_json,
        "questions": text.questions_json,
        "freeze": text.freeze_json,
        "exhibits": text.exhibits_json,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryPages:
    """The pages over one ledger; `care` is whom to ask for care, shown on the page of the incident."""

    ledger: Path
    care: str

    async def page(self, request: Request) -> Response:
        """One view as a page."""
        view = request.path_params.get("view", "")
        if view not in VIEWS:
            return Response(f"There is no such page; there are: {', '.join(VIEWS)}.\n", 404, PAGE_HEADERS, "text/plain")
        try:
            html = await run_in_threadpool(self._html, view, dict(request.query_params), theme_of(request, "light"))
        except ColdcheckError as problem:
            return Response(f"{problem}\n", 503, PAGE_HEADERS, "text/plain")
        return HTMLResponse(html, headers=PAGE_HEADERS)

    def _html(self, view: str, asked: Mapping[str, str], theme: str) -> str:
        desk, store = open_desk(self.ledger)
        with closing(store):
            people = sorted(person.label for person in desk.picture.persons.values())
            return render(
                "inquiry.html",
                language="en",
                theme=theme,
                view=view,
                views=tuple(VIEWS.items()),
                title=VIEWS[view],
                data=self._data(desk, view, asked, people),
                people=people,
                size=desk.picture.size,
                root=desk.root,
                care=self.care,
            )

    def _data(self, desk: Desk, view: str, asked: Mapping[str, str], people: list[str]) -> Any:  # noqa: ANN401  # JSON
        if view == "person":
            who = asked.get("who", "")
            label = who if who in people else next(iter(people), "")
            return text.person_json(desk, desk.picture.labels.get(label, ""))
        if view == "moment":
            start = asked.get("from", "") or desk.picture.at[:16]
            return text.moment_json(desk, Interval(start=start, end=asked.get("to", "") or start))
        return _PLAIN[view](desk)


def inquiry_routes(ledger: Path, *, care: str = "the production's care contact") -> list[Route]:
    """The routes of the inquiry over one ledger."""
    pages = InquiryPages(ledger=ledger, care=care)
    return [
        Route("/", RedirectResponse("/inquiry", 307)),
        Route("/inquiry", pages.page),
        Route("/inquiry/{view}", pages.page),
    ]
