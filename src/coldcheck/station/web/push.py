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
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from coldcheck.station.web.catalogue import FIRST
from coldcheck.station.web.deliveries import Deliveries
from coldcheck.station.web.html import card_fragment, facts_fragment, foot_fragment, head_fragment, page_build
from coldcheck.station.web.pages import BoardView

NO_OTHERS: Final[Mapping[str, BoardView]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One moment as it went out: the view in the first language, and in the others by their names.

    An event is made when the first screen wants it, and is the same bytes for every other that wants the same. A screen
    that has the moment before is sent only what changed since.
    """

    sequence: int
    run: str
    view: BoardView
    others: Mapping[str, BoardView]
    pushed_s: float
    alarm: int = 0
    """How many entries there were at the newest void or STOP of this run: a screen that shows it says so."""
    before: "Pushed | None" = None
    _events: dict[tuple[str, str, bool], bytes] = field(default_factory=dict)
    _parts: dict[tuple[str, str], "Parts"] = field(default_factory=dict)

    def in_language(self, language: str) -> BoardView:
        """The view in `language`; in the first one where there is no other."""
        return self.others.get(language, self.view)

    def event_for(self, language: str = FIRST, gun: str = "", *, has: int | None = None) -> bytes:
        """The server-sent event of the board, or of one gun alone, for a screen that `has` what went out under that number."""
        follows = self.before is not None and has == self.before.sequence
        wanted = (language, gun, follows)
        if wanted not in self._events:
            told = self.parts(language, gun)
            before = self.before.parts(language, gun) if follows and self.before is not None else None
            self._events[wanted] = _event(self, told, before)
        return self._events[wanted]

    def parts(self, language: str, gun: str) -> "Parts":
        """What a screen shows, part by part, as HTML."""
        wanted = (language, gun)
        if wanted not in self._parts:
            self._parts[wanted] = _parts(self.in_language(language), gun)
        return self._parts[wanted]

    @property
    def event(self) -> bytes:
        """The whole board in the first language."""
        return self.event_for()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One screen's HTML: head, foot, what stands beside a single gun, and each card with its gun."""

    texts: Mapping[str, str]
    cards: tuple[tuple[str, str], ...]


class Push:
    """The newest view and who waits for the next. `publish` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(6)
        self.deliveries = Deliveries()
        self._lock = threading.Lock()
        self._newest: Pushed | None = None
        self._waiting: dict[asyncio.AbstractEventLoop, set[asyncio.Event]] = {}
        self._closed = False

    def publish(self, view: BoardView, others: Mapping[str, BoardView] = NO_OTHERS) -> Pushed:
        """The view as it goes out to every open screen now, under the next number of this run."""
        with self._lock:
            sequence = self._newest.sequence + 1 if self._newest is not None else 1
            pushed_s = time.monotonic()
            # Only the moment before is kept, not the one before that.
            before = replace(self._newest, before=None) if self._newest is not None else None
            self.deliveries.went_out(before.view if before is not None else None, view)
            self._newest = Pushed(
                sequence=sequence,
                run=self.run,
                view=view,
                others=others,
                pushed_s=pushed_s,
                before=before,
                alarm=self.deliveries.newest.entries if self.deliveries.newest is not None else 0,
            )
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
        ready, loop = asyncio.Event(), asyncio.get_running_loop()
        has: int | None = None
        with self._lock:
            self._waiting.setdefault(loop, set()).add(ready)
            sent = self._newest.sequence if self._newest is not None else 0
        try:
            while True:
                newest, closed = self.newest(), self._closed
                if newest is not None and newest.sequence > sent:
                    told = newest.event_for(language, gun, has=has)
                    sent = has = newest.sequence
                    yield told
                elif closed:
                    return
                else:
                    await ready.wait()
                    ready.clear()
        finally:
            with self._lock:
                self._waiting[loop].discard(ready)
                if not self._waiting[loop]:
                    del self._waiting[loop]

    def _wake(self) -> None:
        for loop, ready in self._waiting.items():
            if not loop.is_closed():
                # One knock for all who wait there, not one for each.
                loop.call_soon_threadsafe(_set_all, tuple(ready))


def _set_all(ready: tuple[asyncio.Event, ...]) -> None:
    for one in ready:
        one.set()


def _parts(view: BoardView, gun: str) -> Parts:
    guns = [known for known in view.guns if gun in {"", known.gun}]
    texts = {"head": head_fragment(view), "foot": foot_fragment(view)}
    if gun:
        texts["facts"] = "".join(facts_fragment(known, view.language) for known in guns)
    return Parts(texts=texts, cards=tuple((known.gun, card_fragment(known, view.language)) for known in guns))


def _event(pushed: Pushed, told: Parts, before: Parts | None) -> bytes:
    """One server-sent event: the numbers, and every part, or those that are not as they were in `before`."""
    view = pushed.view
    body: dict[str, object] = {
        "sequence": pushed.sequence,
        "run": pushed.run,
        "build": page_build(),
        "boot": view.boot,
        "mono_ms": view.mono_ms,
        "entries": view.entries,
        "alarm": pushed.alarm,
        "root": view.root,
        "clock": view.clock,
    }
    known = [gun for gun, _ in told.cards]
    if before is None or [gun for gun, _ in before.cards] != known:
        body |= {**told.texts, "guns": told.cards}
    else:
        body |= {name: text for name, text in told.texts.items() if before.texts.get(name) != text}
        changed = [card for card, was in zip(told.cards, before.cards, strict=True) if card != was]
        body |= {"after": pushed.sequence - 1, "changed": changed}
    # JSON has no line feed outside strings and escapes those inside, so one "data:" line holds it all.
    return f"id: {pushed.sequence}\nevent: board\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()
