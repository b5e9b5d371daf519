"""Who was told of a void or STOP: each open board and signed-in phone, when it was told, and when it answered that it shows it.

For: the set's keeper and first AD, who must know which screen has not heard. Promises: a row for each screen that was open
when it went out, answered or not, and for each signed-in phone that was open earlier that day and out of reach then; an answer
counts for that screen alone. It is what screens say of themselves, beside the record and no part of it. Does not: hold
anything up, or know a screen that only looks without saying who it is.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from coldcheck.custody.things import Id
from coldcheck.proof.encoding import Plain
from coldcheck.station.store import Delivery, Store, StoreFailed
from coldcheck.station.web.pages import BoardView

MOST_SCREENS: Final = 2_000
MOST_WAITING: Final = 20_000
MOST_LETTERS: Final = 64
SHOWN_S: Final = 600.0
"""How long the newest alarm stands on the screens of those who see to it."""
AWAY_S: Final = 18 * 3600.0
"""How long a signed-in phone without a stream counts as one that has not heard: a day on set, the longest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What went out: how many entries there were, about what, and when."""

    entries: int
    what: str
    at: str
    sent_s: float


@dataclass(slots=True)
class Deliveries:
    """What this run of the hub told its screens. Every method may be called from any thread."""

    read_s: Callable[[], float] = time.monotonic
    read_wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    newest: Alarm | None = None
    _screens: dict[str, tuple[Id, int]] = field(default_factory=dict)
    _away: dict[str, tuple[Id, float]] = field(default_factory=dict)
    """Signed-in phones without a stream now: whose, and since when. Of a board nobody expects an answer once it is dark."""
    _alarms: dict[int, Alarm] = field(default_factory=dict)
    _rows: dict[tuple[int, str], Delivery] = field(default_factory=dict)
    _fresh: dict[tuple[int, str], Delivery] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def following(self, screen: str, who: Id) -> Iterator[None]:
        """Nothing; while the block lasts, this screen is told. Several streams of one screen are one screen."""
        known = 0 < len(screen) <= MOST_LETTERS and (screen in self._screens or len(self._screens) < MOST_SCREENS)
        if known:
            with self._lock:
                self._screens[screen] = (who, self._screens.get(screen, ("", 0))[1] + 1)
                self._is_back(screen)
        try:
            yield
        finally:
            if known:
                with self._lock:
                    _who, streams = self._screens.pop(screen)
                    if streams > 1:
                        self._screens[screen] = (_who, streams - 1)
                    elif _who:
                        self._away[screen] = (_who, self.read_s())
                        if len(self._away) > MOST_SCREENS:
                            del self._away[next(iter(self._away))]

    def _is_back(self, screen: str) -> None:
        """The phone has a stream again, and with it comes what it missed: it is told of the newest alarm now."""
        self._away.pop(screen, None)
        row = self._rows.get((self.newest.entries - 1, screen)) if self.newest is not None else None
        if row is not None and not row.told_at:
            self._put(replace(row, told_at=self._wall()))

    def _wall(self) -> str:
        return f"{self.read_wall():%Y-%m-%dT%H:%M:%SZ}"

    def _out_of_reach(self) -> Iterator[tuple[str, Id]]:
        """The phones that were here today and have no stream, with whose they are; who has another one open is reached."""
        now_s = self.read_s()
        self._away = {screen: one for screen, one in self._away.items() if now_s - one[1] <= AWAY_S}
        here = {who for who, _streams in self._screens.values()}
        yield from ((screen, who) for screen, (who, _since) in self._away.items() if who not in here)

    def went_out(self, before: BoardView | None, view: BoardView) -> None:
        """Nothing; if this view turns a gun or has a new stop, every open screen was told of it now, and no phone out of reach."""
        what = alarm_in(before, view)
        if not what:
            return
        with self._lock:
            alarm = Alarm(entries=view.entries, what=what, at=self._wall(), sent_s=self.read_s())
            self.newest = self._alarms[view.entries] = alarm
            told = [(screen, who, alarm.at) for screen, (who, _streams) in self._screens.items()]
            for screen, who, at in (*told, *((screen, who, "") for screen, who in self._out_of_reach())):
                self._put(
                    Delivery(entry_index=view.entries - 1, screen=screen, who=who, what=what, told_at=at, after_ms=None)
                )

    def heard(self, screen: str, entries: int) -> None:
        """Nothing; this screen shows what the hub said up to `entries`: every alarm up to there is answered by it."""
        with self._lock:
            for (entry, known), row in tuple(self._rows.items()):
                if known == screen and entry < entries and row.after_ms is None:
                    passed_ms = int((self.read_s() - self._alarms[entry + 1].sent_s) * 1000)
                    self._put(replace(row, after_ms=passed_ms))

    def take(self) -> tuple[Delivery, ...]:
        """What is new since this was asked last, for whoever writes it down."""
        with self._lock:
            fresh, self._fresh = tuple(self._fresh.values()), {}
            return fresh

    def put_back(self, rows: tuple[Delivery, ...]) -> None:
        """Nothing; these could not be written and are taken again, unless there is newer word of them."""
        with self._lock:
            self._fresh = {(row.entry_index, row.screen): row for row in rows} | self._fresh

    def standing(self) -> tuple[Alarm, tuple[Delivery, ...]] | None:
        """The newest alarm with a row for each screen that was told, None when it was long ago."""
        with self._lock:
            alarm = self.newest
            if alarm is None or self.read_s() - alarm.sent_s > SHOWN_S:
                return None
            rows = (row for (entry, _screen), row in self._rows.items() if entry == alarm.entries - 1)
            return alarm, tuple(sorted(rows, key=lambda row: (row.who, row.screen)))

    def _put(self, row: Delivery) -> None:
        self._rows[row.entry_index, row.screen] = self._fresh[row.entry_index, row.screen] = row
        while len(self._rows) > MOST_WAITING:
            oldest = next(iter(self._rows))
            del self._rows[oldest]
            self._alarms = {entries: alarm for entries, alarm in self._alarms.items() if entries > oldest[0]}


def keep_deliveries(store: Store, deliveries: Deliveries, *, sealed_to: int = 0) -> bool:
    """Whether all that screens answered since the last time lies in the ledger's file; what the disk refuses is tried again.

    Of entries before `sealed_to` nothing is written any more: those rows are in the day's seal as they are.
    """
    rows = tuple(row for row in deliveries.take() if row.entry_index >= sealed_to)
    if not rows:
        return True
    try:
        store.put_deliveries(rows)
    except StoreFailed:
        # The record goes before: the next act says aloud what is wrong with the disk.
        deliveries.put_back(rows)
        return False
    return True


def alarm_in(before: BoardView | None, view: BoardView) -> str:
    """What a view turns: STOP, or the guns that were something else in the view before; "" for nothing."""
    if before is None:
        return ""
    was = {gun.gun: gun.kind for gun in before.guns}
    turned = [gun.name for gun in view.guns if gun.kind == "loaded" and was.get(gun.gun, "loaded") != "loaded"]
    stops = ["STOP"] if set(view.stops) - set(before.stops) else []
    return ", ".join([*stops, *turned])


def standing_plain(found: tuple[Alarm, tuple[Delivery, ...]] | None, role: Callable[[Id], str]) -> Plain:
    """The newest alarm for a screen of somebody who sees to it: how many were told, how many show it, who does not yet."""
    if found is None:
        return None
    alarm, rows = found
    return {
        "entry": alarm.entries - 1,
        "what": alarm.what,
        "told": sum(bool(row.told_at) for row in rows),
        "shown": sum(row.after_ms is not None for row in rows),
        "not_yet": [role(row.who) if row.who else "" for row in rows if row.after_ms is None],
    }
