"""Views to every screen: the newest board, handed from the one writing thread to any number of open pages.

A screen gets the newest view and never a queue of old ones, so a slow one can neither hold up the others nor be told
old news late. The heartbeat is the writer's own: when the writer stops, nothing is sent, and every screen falls to
TREAT AS LOADED by its own clock. Nothing here makes a view or keeps a ledger.
"""

import asyncio
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from coldcheck.station.web.catalogue import FIRST
from coldcheck.station.web.html import card_fragment, facts_fragment, foot_fragment, head_fragment, page_build
from coldcheck.station.web.pages import BoardView

NO_OTHERS: Final[Mapping[str, BoardView]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One moment as it went out: the view in the first language, and in the others by their names.

    An event is made when the first screen wants it, and is the same bytes for every other that wants the same.
    """

    sequence: int
    run: str
    view: BoardView
    others: Mapping[str, BoardView]
    pushed_s: float
    _made: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def in_language(self, language: str) -> BoardView:
        """The view in `language`; in the first one where there is no other."""
        return self.others.get(language, self.view)

    def event_for(self, language: str = FIRST, gun: str = "") -> bytes:
        """The server-sent event of the whole board, or of one gun alone."""
        wanted = (language, gun)
        if wanted not in self._made:
            view = self.in_language(language)
            self._made[wanted] = event_of(view, sequence=self.sequence, run=self.run, gun=gun)
        return self._made[wanted]

    @property
    def event(self) -> bytes:
        """The whole board in the first language."""
        return self.event_for()


class Push:
    """The newest view and who waits for the next. `publish` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(6)
        self._lock = threading.Lock()
        self._newest: Pushed | None = None
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False

    def publish(self, view: BoardView, others: Mapping[str, BoardView] = NO_OTHERS) -> Pushed:
        """The view as it goes out to every open screen now, under the next number of this run."""
        with self._lock:
            sequence = self._newest.sequence + 1 if self._newest is not None else 1
            pushed_s = time.monotonic()
            self._newest = Pushed(sequence=sequence, run=self.run, view=view, others=others, pushed_s=pushed_s)
            self._wake()
            return self._newest

    def newest(self) -> Pushed | None:
        """The last view that was published, None before the first."""
        with self._lock:
            return self._newest

    def close(self) -> None:
        """Nothing; every open stream ends, and none begins any more."""
        with self._lock:
            self._closed = True
            self._wake()

    async def follow(self, language: str = FIRST, gun: str = "") -> AsyncIterator[bytes]:
        """Every event made from now on, newest first when the reader is slow; ends with `close`.

        It begins with the next view, never with one made before the stream was asked for: a reader may take the moment
        it asked as the oldest that its first event can be.
        """
        ready = asyncio.Event()
        me = (asyncio.get_running_loop(), ready)
        with self._lock:
            self._waiting.add(me)
            sent = self._newest.sequence if self._newest is not None else 0
        try:
            while True:
                newest, closed = self.newest(), self._closed
                if newest is not None and newest.sequence > sent:
                    sent = newest.sequence
                    yield newest.event_for(language, gun)
                elif closed:
                    return
                else:
                    await ready.wait()
                    ready.clear()
        finally:
            with self._lock:
                self._waiting.discard(me)

    def _wake(self) -> None:
        for loop, ready in self._waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(ready.set)


def event_of(view: BoardView, *, sequence: int, run: str, gun: str = "") -> bytes:
    """The board, or one gun of it, as one server-sent event: numbers, head, foot, and each card as the page has it."""
    guns = [known for known in view.guns if gun in {"", known.gun}]
    body: dict[str, object] = {
        "sequence": sequence,
        "run": run,
        "build": page_build(),
        "boot": view.boot,
        "mono_ms": view.mono_ms,
        "entries": view.entries,
        "root": view.root,
        "clock": view.clock,
        "head": head_fragment(view),
        "foot": foot_fragment(view),
        "guns": [[known.gun, card_fragment(known, view.language)] for known in guns],
    }
    if gun:
        body["facts"] = "".join(facts_fragment(known, view.language) for known in guns)
    # JSON has no line feed outside strings and escapes those inside, so one "data:" line holds it all.
    return f"id: {sequence}\nevent: board\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()
