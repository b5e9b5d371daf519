"""A studio's pages: where a round was, what a gun held and who had it, over the index of many productions.

They are asked by number or by id, and answer as of any event. People stand in the neutral order of their names, with
entries beside them and no figure. The questions are those of `trace_walks`; nothing is written, and no ledger is open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coldcheck.custody.trace_walks import Held, Walks
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import Words, words_in
from coldcheck.station.web.html import render

Row: TypeAlias = tuple[str | int, ...]
MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page: its question as a key of words, the thing, the entry it is asked as of, columns and rows.

    `more` is how many rows are not shown.
    """

    question: str
    thing: str
    row: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioPages:
    """The pages over one index.

    `name_of` gives a thing's name, `number_of` its number (-1 for a name nobody knows), `cite` the log and entry of an event.
    """

    walks: Walks
    events: int
    name_of: Callable[[int], str]
    number_of: Callable[[str], int]
    cite: Callable[[int], str]

    async def back(self, request: Request) -> Response:
        """Where a round was, newest first, back to its coming in or to a break."""
        return self._page(request, self._back)

    async def state(self, request: Request) -> Response:
        """What lay in a gun or container, and who had it."""
        return self._page(request, self._state)

    async def access(self, request: Request) -> Response:
        """Who could reach a round since its last full test."""
        return self._page(request, self._access)

    def _page(self, request: Request, ask: Callable[[int, int, Words], Asked]) -> Response:
        words = words_in(language_of(request))
        number = self.number_of(request.path_params["thing"])
        asked_of = request.query_params.get("row", "")
        row = min(int(asked_of), self.events - 1) if asked_of.isdigit() and len(asked_of) < 16 else self.events - 1  # noqa: PLR2004  # no number is longer
        page = ask(number, row, words) if number >= 0 and row >= 0 else None
        html = render(
            "studio.html", language=words.language, theme=theme_of(request, "light"), page=page, mark=mark_of(request)
        )
        return HTMLResponse(html, 200 if page is not None else 404, PAGE_HEADERS)

    def _back(self, number: int, row: int, words: Words) -> Asked:
        found = self.walks.back(number, row=row)
        rows = tuple(
            (self._spot(stay.spot), *self._span(stay.row, stay.until), len(stay.checks), words.say("studio.joins" if stay.joins else "studio.breaks"))
            for stay in found.stays
        )  # fmt: skip
        end = (words.say(f"studio.{found.begins}"), "", "", "", "")
        return self._asked(
            "studio.back", number, row, ("lies", "from_entry", "to_entry", "checks", "state"), (*rows, end)
        )

    def _state(self, number: int, row: int, words: Words) -> Asked:
        state = self.walks.state(number, row=row)
        rows: list[Row] = [(self._spot(spot), self.name_of(one)) for spot, one in state.lying]
        held = words.say("studio.not_recorded")
        if state.held is not None:
            held = (
                f"{words.say(f'studio.{state.held.how}')} {self.name_of(state.held.who) if state.held.who >= 0 else ''}"
            )
        verified = words.say("studio.never") if state.verified is None else self.cite(state.verified)
        rows += [(words.say("studio.with"), held.strip()), (words.say("studio.verified"), verified)]
        return self._asked("studio.state", number, row, ("lies", "item"), tuple(rows))

    def _access(self, number: int, row: int, words: Words) -> Asked:
        since = max(self.walks.last_full_test(number, row=row), 0)
        spells = self.walks.access(number, start=since, stop=row + 1)
        rows = sorted((self._who(held), held.row, held.until, words.say(f"studio.{held.how}")) for held in spells)
        told = tuple((who, how, *self._span(start, until)) for who, start, until, how in rows)
        return self._asked("studio.access", number, row, ("item", "state", "from_entry", "to_entry"), told)

    def _who(self, held: Held) -> str:
        return self.name_of(held.who) if held.who >= 0 else self._spot(held.thing)

    def _spot(self, thing: int) -> str:
        """A cell or position by the name of what it is in."""
        holder = self.walks.holder(thing)
        return self.name_of(thing) if holder == thing else f"{self.name_of(holder)}/{self.name_of(thing)}"

    def _span(self, start: int, until: int) -> tuple[str, str]:
        """Where it begins and where it ends, as entries; "" for what goes on to the end of the record."""
        return self.cite(start), self.cite(until) if until < self.events else ""

    def _asked(self, question: str, number: int, row: int, columns: tuple[str, ...], rows: tuple[Row, ...]) -> Asked:
        return Asked(
            question=question, thing=self._spot(number), row=self.cite(row), columns=columns, rows=rows[:MOST_ROWS],
            more=max(len(rows) - MOST_ROWS, 0),
        )  # fmt: skip


def studio_routes(pages: StudioPages) -> list[Route]:
    """The routes of a studio's questions."""
    return [
        Route("/studio/back/{thing}", pages.back),
        Route("/studio/state/{thing}", pages.state),
        Route("/studio/access/{thing}", pages.access),
    ]
