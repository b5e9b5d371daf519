"""The board as it was at any entry, worked out again from the ledger, and marked PAST wherever it is shown.

It reads the ledger by itself, in whatever thread asks, and never troubles the writing one. A board of the past is the
same code over the same entries: what the screens showed then.

Anybody may ask, so asking is bounded: one picture and the last few boards are kept, one is worked out at a time, a few
wait, the rest are told to come back, and after each the machine is left alone for as long as it took.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

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
from coldcheck.station.ledger_files import DRILL
from coldcheck.station.record import step_of
from coldcheck.station.store_sqlite import SqliteStore, read_ledger
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import FIRST, words_in
from coldcheck.station.web.html import board_page
from coldcheck.station.web.pages import BoardView, board_view


class NoSuchEntry(ColdcheckError):
    """The ledger has no entry of this number. The sentence says which numbers it has."""


class Busy(ColdcheckError):
    """Others ask for past boards too, and the hub's own work comes first. Ask again in a few seconds."""


KEPT: Final = 64
"""Boards that were worked out and are kept, the last ones asked for: going back and forth costs nothing."""
MOST_ASKING: Final = 4
"""So many may wait, and never all threads of the server; the next is told to come back."""
PATIENCE_S: Final = 10.0
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


@dataclass(slots=True)
class PastBoards:
    """Boards of one ledger. Going forward from the last one asked for is quick; going back replays from entry 0."""

    path: Path
    patience_s: float = PATIENCE_S
    read_s: Callable[[], float] = time.monotonic
    rest: Callable[[float], None] = time.sleep
    _picture: Picture = field(default_factory=Picture)
    _kept: OrderedDict[tuple[int, int, str], BoardView] = field(default_factory=OrderedDict)
    _asking: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_ASKING))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rests_until_s: float = 0.0

    def board(self, entry_index: int | None, *, after_s: int = 0, language: str = FIRST) -> BoardView:
        """The board as it was right after `entry_index` (None: the newest), or `after_s` later with nothing new since.

        Raises Busy, NoSuchEntry, NoLedger.
        """
        if not self._asking.acquire(blocking=False):
            raise _busy()
        try:
            if not self._lock.acquire(timeout=self.patience_s):
                raise _busy()
            try:
                return self._board_of(entry_index, after_s=after_s, language=language)
            finally:
                self._lock.release()
        finally:
            self._asking.release()

    def _board_of(self, asked: int | None, *, after_s: int, language: str) -> BoardView:
        store = read_ledger(self.path)
        try:
            last = store.entry_count() - 1
            entry_index = last if asked is None else asked
            if not 0 <= entry_index <= last:
                raise NoSuchEntry(f"{self.path.name} has entries 0 to {last}; entry {asked} is none of them.")
            wanted = (entry_index, after_s, language)
            if wanted not in self._kept:
                self._kept[wanted] = self._worked_out(store, entry_index, after_s=after_s, language=language)
            self._kept.move_to_end(wanted)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return _marked(self._kept[wanted], last=last)
        finally:
            store.close()

    def _worked_out(self, store: SqliteStore, entry_index: int, *, after_s: int, language: str) -> BoardView:
        """The board, after a rest as long as the last one took: the writing thread has at least half of the time."""
        self.rest(max(0.0, self._rests_until_s - self.read_s()))
        began_s = self.read_s()
        if self._picture.size > entry_index + 1:
            self._picture = Picture()
        picture = self._picture
        try:
            for number in range(picture.size, entry_index + 1):
                apply(picture, step_of(number, read_entry(store.entry(number))))
        except BaseException:
            # Half an entry may be in it: the next one begins anew.
            self._picture = Picture()
            raise
        now = Now(boot=picture.now.boot, mono_ms=picture.now.mono_ms + after_s * 1000)
        view = board_view(
            picture,
            now=now,
            clock_at=picture.at,
            production=production_name(picture, store),
            root=store.checkpoint(entry_index + 1).decode().splitlines()[2],
            language=language,
        )
        at = picture.at.replace("T", " ").rstrip("Z")
        ended_s = self.read_s()
        self._rests_until_s = ended_s + (ended_s - began_s)
        # A drill says so wherever its board is shown; what else a hub marks its pages with, it says itself.
        return replace(view, past=at, mark="drill" if store.meta("log").startswith(DRILL) else "")


def _marked(view: BoardView, *, last: int) -> BoardView:
    """The board with PAST on it, and how far the ledger goes by now."""
    past = words_in(view.language).say("board.past_at", entry=view.entries - 1, last=last, time=view.past)
    return replace(view, past=past, past_last=last)


def _busy() -> Busy:
    return Busy(
        "Others are looking at past boards just now, one at a time. Ask again in a few seconds; /board is today's."
    )


def production_name(picture: Picture, store: SqliteStore) -> str:
    """The production's name where its words are here, else its id."""
    opened = next((done.act for done in picture.journal if isinstance(done.act, ProductionOpened)), None)
    opening = store.opening(opened.name.commitment) if opened is not None else None
    return opening.value if opening is not None else picture.production


def past_routes(ledger: Path, boards: PastBoards | None = None) -> list[Route]:
    """The page with its slider, and the same board as JSON; both from the same few kept `boards`."""
    boards = boards if boards is not None else PastBoards(path=ledger)

    async def page(request: Request) -> Response:
        asked = request.query_params.get("at", "")
        if asked and not _NUMBER.fullmatch(asked):
            return Response(f"{asked[:20]!r} is no entry number.\n", 404, PAGE_HEADERS, "text/plain")
        entry_index = int(asked) if asked else None
        try:
            view = await run_in_threadpool(boards.board, entry_index, language=language_of(request))
            view = replace(view, mark=mark_of(request) or view.mark)
        except Busy as problem:
            return Response(f"{problem}\n", 503, {**PAGE_HEADERS, "Retry-After": "5"}, "text/plain")
        except ColdcheckError as problem:
            return Response(f"{problem}\n", 404, PAGE_HEADERS, "text/plain")
        if request.url.path.endswith(".json"):
            return JSONResponse(past_json(view), headers={"Cache-Control": "no-store"})
        html = board_page(view, theme=theme_of(request), age_ms=0, events="", title=view.past)
        return HTMLResponse(html, headers=PAGE_HEADERS)

    return [Route("/board/past", page), Route("/board/past.json", page)]


def past_json(view: BoardView) -> dict[str, object]:
    """The board of the past for other programs."""
    return {
        "past": True,
        "mark": view.mark,
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
