"""The board as it was at any entry, worked out again from the ledger, and marked PAST wherever it is shown.

It reads the ledger by itself, in whatever thread asks, and never troubles the writing one. A board of the past is the
same code over the same entries: what the screens showed then.
"""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from coldcheck.custody.acts import ProductionOpened
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.custody.things import Now
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.record import step_of
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, theme_of
from coldcheck.station.web.catalogue import FIRST, words_in
from coldcheck.station.web.html import board_page
from coldcheck.station.web.pages import BoardView, board_view


class NoSuchEntry(ColdcheckError):
    """The ledger has no entry of this number. The sentence says which numbers it has."""


@dataclass(slots=True)
class PastBoards:
    """Boards of one ledger. Going forward from the last one asked for is quick; going back replays from entry 0."""

    path: Path
    _picture: Picture = field(default_factory=Picture)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def board(self, entry_index: int | None, *, after_s: int = 0, language: str = FIRST) -> BoardView:
        """The board as it was right after `entry_index` (None: the newest), or `after_s` later with nothing new since.

        Raises NoSuchEntry, NoLedger.
        """
        store = read_ledger(self.path)
        try:
            with self._lock:
                return self._board(store, entry_index, after_s=after_s, language=language)
        finally:
            store.close()

    def _board(self, store: SqliteStore, asked: int | None, *, after_s: int, language: str) -> BoardView:
        last = store.entry_count() - 1
        entry_index = last if asked is None else asked
        if not 0 <= entry_index <= last:
            raise NoSuchEntry(f"{self.path.name} has entries 0 to {last}; entry {asked} is none of them.")
        if self._picture.size > entry_index + 1:
            self._picture = Picture()
        picture = self._picture
        for number in range(picture.size, entry_index + 1):
            apply(picture, step_of(number, read_entry(store.entry(number))))
        now = Now(boot=picture.now.boot, mono_ms=picture.now.mono_ms + after_s * 1000)
        view = board_view(
            picture,
            now=now,
            clock_at=picture.at,
            production=production_name(picture, store),
            root=store.checkpoint(entry_index + 1).decode().splitlines()[2],
            language=language,
        )
        words = words_in(language)
        past = words.say("board.past_at", entry=entry_index, last=last, time=picture.at.replace("T", " ").rstrip("Z"))
        return replace(view, past=past, past_last=last)


def production_name(picture: Picture, store: SqliteStore) -> str:
    """The production's name where its words are here, else its id."""
    opened = next((done.act for done in picture.journal if isinstance(done.act, ProductionOpened)), None)
    opening = store.opening(opened.name.commitment) if opened is not None else None
    return opening.value if opening is not None else picture.production


def past_routes(ledger: Path) -> list[Route]:
    """The page with its slider, and the same board as JSON."""
    boards = PastBoards(path=ledger)

    async def page(request: Request) -> Response:
        asked = request.query_params.get("at", "")
        language = language_of(request)
        try:
            entry_index = None if asked == "" else int(asked)
            view = await run_in_threadpool(boards.board, entry_index, language=language)
        except (ColdcheckError, ValueError) as problem:
            said = str(problem) if isinstance(problem, ColdcheckError) else f"{asked!r} is no entry number."
            return Response(f"{said}\n", 404, PAGE_HEADERS, "text/plain")
        if request.url.path.endswith(".json"):
            return JSONResponse(past_json(view), headers={"Cache-Control": "no-store"})
        html = board_page(view, theme=theme_of(request), age_ms=0, events="", title=view.past)
        return HTMLResponse(html, headers=PAGE_HEADERS)

    return [Route("/board/past", page), Route("/board/past.json", page)]


def past_json(view: BoardView) -> dict[str, object]:
    """The board of the past for other programs."""
    return {
        "past": True,
        "entry": view.entries - 1,
        "root": view.root,
        "clock": view.clock,
        "guns": [
            {
                "gun": gun.gun,
                "name": gun.name,
                "label": gun.label,
                "kind": gun.kind,
                "words": f"{gun.above} {gun.word}".strip(),
                "fact": gun.fact,
                "by": gun.by,
                "how": gun.how,
                "ends": gun.ends,
                "since_entry": gun.entry,
                "radio": gun.radio,
            }
            for gun in view.guns
        ],
    }
