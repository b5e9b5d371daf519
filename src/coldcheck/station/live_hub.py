"""A production's hub at work: the clock of this machine, the door, the board, and the pages for anybody and the office.

One thread writes: the one that called `serve_production`. A new start is a new boot: every limit of the one before has run
out. An expired certificate stops signing and never the record: plain pages go on at the status port.
"""

import logging
import math
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from coldcheck.custody.things import Now
from coldcheck.station.asked_first import keep_newest, verify_start
from coldcheck.station.delivery_log import seal_deliveries, sealed_to
from coldcheck.station.demo_hub import (
    HEARTBEAT_S,
    TICK_S,
    CannotServe,
    asked_to_end,
    due_lapses,
    listen,
    web_thread,
)
from coldcheck.station.door import AtHub, Door
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.production import Settings, open_production
from coldcheck.station.record import Hub, Moment
from coldcheck.station.sent_off import SendOff
from coldcheck.station.store import StoreFailed
from coldcheck.station.tls import read_certificate
from coldcheck.station.web.anyone import EmergencyCard
from coldcheck.station.web.app import board_app
from coldcheck.station.web.catalogue import languages
from coldcheck.station.web.deliveries import keep_deliveries
from coldcheck.station.web.inquiry_hub import hub_inquiry_routes
from coldcheck.station.web.keys_page import keys_routes
from coldcheck.station.web.log_pages import log_routes
from coldcheck.station.web.office_pages import office_routes
from coldcheck.station.web.pages import BoardView, board_view
from coldcheck.station.web.past import past_routes
from coldcheck.station.web.phone_sessions import phone_session_routes, phones_of
from coldcheck.station.web.photo_pages import photo_routes
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes
from coldcheck.station.web.signin import signin_routes

LOG: Final = logging.getLogger(__name__)
STATUS_PORT: Final = 8000
REMEMBER_S: Final = 5.0
SLEPT_S: Final = 30.0
"""So much further than the running clock goes the wall clock only over a sleep, or when somebody set it."""


def read_awake_and_asleep_s() -> float:
    """Seconds of a clock that goes on while the machine sleeps, where it has one: a call runs out with the lid closed."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(slots=True)
class LiveHub:
    """One running hub. `tick` is its only act, and only one thread may call it."""

    hub: Hub
    settings: Settings
    push: Push = field(default_factory=Push)
    door: Door = field(default_factory=Door)
    boot: str = field(default_factory=lambda: f"boot-{secrets.token_hex(6)}")
    read_s: Callable[[], float] = read_awake_and_asleep_s
    read_wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    began_s: float = field(init=False)
    seen: tuple[float, datetime] = field(init=False)
    said_s: float = -math.inf
    send_off: SendOff = field(init=False)

    def __post_init__(self) -> None:
        self.began_s = self.read_s()
        self.seen = self.began_s, self.read_wall()
        self.send_off = SendOff(folders=tuple(Path(folder) for folder in self.settings.send_to))

    def tick(self) -> None:
        """What is due is done, who asked is answered, every screen told; at least one heartbeat a second."""
        self._notice_sleep()
        entries = self.hub.picture.size
        at = self.at_hub()
        self._if_it_can_write(lambda: self._say_what_lapsed(at))
        self.door.answer_all(self.at_hub)
        self._if_it_can_write(lambda: self.send_off.look(self.hub, self.at_hub().moment))
        self._if_it_can_write(self._keep_deliveries)
        passed_s = self.read_s() - self.began_s
        if self.hub.picture.size != entries or passed_s - self.said_s >= HEARTBEAT_S:
            self.said_s = passed_s
            first, *others = languages()
            self.push.publish(self.view(first), {name: self.view(name) for name in others})

    def _say_what_lapsed(self, at: AtHub) -> None:
        for lapsed in due_lapses(self.hub.picture, at.now):
            say_as_hub(self.hub, (lapsed,), at.moment)

    def _if_it_can_write(self, say: Callable[[], None]) -> None:
        """Nothing; what the hub wants to say itself waits while the disk takes nothing. Cards fall by themselves meanwhile."""
        try:
            say()
        except StoreFailed as problem:
            LOG.warning("What the hub has to say itself waits: %s", problem)

    def _notice_sleep(self) -> None:
        """Nothing; when the wall clock ran ahead of the other since the last look, nothing timed outlives it: a new boot."""
        running_s, wall = self.read_s(), self.read_wall()
        ran_s, passed_s = running_s - self.seen[0], (wall - self.seen[1]).total_seconds()
        self.seen = running_s, wall
        if passed_s - ran_s > SLEPT_S:
            self.boot = f"boot-{secrets.token_hex(6)}"

    def _keep_deliveries(self) -> None:
        picture = self.hub.picture
        if keep_deliveries(self.hub.store, self.push.deliveries, sealed_to=sealed_to(picture)):
            at = self.at_hub()
            seal_deliveries(self.hub, now=at.now, moment=at.moment)

    def at_hub(self) -> AtHub:
        """The hub at this moment."""
        mono_ms = int((self.read_s() - self.began_s) * 1000)
        moment = Moment(boot=self.boot, mono_ms=mono_ms, at=f"{self.read_wall():%Y-%m-%dT%H:%M:%S}Z")
        return AtHub(hub=self.hub, now=Now(boot=self.boot, mono_ms=mono_ms), moment=moment)

    def view(self, language: str) -> BoardView:
        """The board at this moment, in `language`."""
        at = self.at_hub()
        return board_view(
            self.hub.picture,
            now=at.now,
            clock_at=at.moment.at,
            production=self.settings.production,
            root=self.hub.root.hex(),
            language=language,
            mark="drill" if self.settings.drill else "",
        )


def serve_production(
    folder: Path,
    *,
    host: str,
    status_port: int = STATUS_PORT,
    ready: Callable[[tuple[str, ...]], None] | None = None,
    shown: tuple[bytes, ...] = (),
    told: Callable[[str], None] | None = None,
) -> None:
    """Nothing, when somebody ended it. Serves the production in `folder`; `ready` is told the addresses.

    Before it signs anything it asks what is known of its log elsewhere; `shown` are seals and checkpoints that its keeper has,
    and `told` hears what was found. Raises PortInUse, CannotServe, LedgerInUse, BadProduction, OlderCopy, FencedWriter, Unasked
    before anything is done, and OlderCopy when somebody shows a longer history later.
    """
    settings, hub = open_production(folder)
    live = LiveHub(hub=hub, settings=settings)
    try:
        for sentence in verify_start(hub, folder, shown=shown, now=live.at_hub().moment, salt=secrets.token_bytes(32)):
            if told is not None:
                told(sentence)
        _serve(folder, live, host=host, status_port=status_port, ready=ready)
    finally:
        hub.store.close()


def _serve(
    folder: Path, live: LiveHub, *, host: str, status_port: int, ready: Callable[[tuple[str, ...]], None] | None
) -> None:
    settings = live.settings
    mark = "drill" if settings.drill else ""
    card = EmergencyCard(number=settings.number, where=settings.where, medic=settings.medic, care=settings.care)
    phones = phones_of(live.door)
    more = [
        *set_routes(
            live.push, live.door, drill=settings.drill, photos=settings.photos == "offered", person_of=phones.person_of
        ),
        *phone_session_routes(phones),
        *photo_routes(live.door, offered=settings.photos == "offered"),
        *keys_routes(
            live.door,
            key=settings.office_key,
            production=settings.production,
            person_of=phones.person_of,
            address=f"{'http' if settings.tls == 'demo' else 'https'}://{settings.hub}:{settings.port}",
        ),
        *office_routes(
            live.door,
            key=settings.office_key,
            production=settings.production,
            ledger=folder / "ledger.coldcheck",
            inquiry=True,
            address=address_for_anybody(settings),
        ),
        *hub_inquiry_routes(folder / "ledger.coldcheck", live.door, care=settings.care, key=settings.office_key),
        *past_routes(folder / "ledger.coldcheck"),
        *log_routes(live.door, folder),
        *signin_routes(live.door),
    ]
    live.tick()
    with ExitStack() as open_until_end:
        asked = open_until_end.enter_context(asked_to_end())
        alive = []
        addresses = []
        tls = tls_files(folder, settings)
        if tls is not None:
            listening = listen(host, settings.port)
            app = board_app(live.push, live.door, card=card, more=more, mark=mark)
            alive.append(open_until_end.enter_context(web_thread(app, live.push, listening, tls=tls)))
            addresses.append(f"https://{settings.hub}:{settings.port}")
        # What needs no certificate: looking, and anybody's words. On this very machine also the rest.
        plain_host = "127.0.0.1" if settings.tls == "demo" else host
        plain = board_app(live.push, live.door, card=card, more=more if settings.tls == "demo" else (), mark=mark)
        plain_port = settings.port if settings.tls == "demo" else status_port
        listening = listen(plain_host, plain_port)
        alive.append(open_until_end.enter_context(web_thread(plain, live.push, listening)))
        addresses.append(f"http://{'localhost' if settings.tls == 'demo' else settings.hub}:{plain_port}")
        if ready is not None:
            ready(tuple(addresses))
        remembered = (0, -math.inf)
        while not asked.is_set():
            if not all(one() for one in alive):
                raise CannotServe("The web server ended by itself; the ledger is complete. Start the hub again.")
            live.tick()
            if live.hub.ended_by is not None:
                # Every screen falls silent with it, and a silent hub means: treat every gun as loaded.
                raise live.hub.ended_by
            remembered = _remember(live, folder, remembered)
            live.door.wait(TICK_S)
    keep_newest(folder, live.hub.store.checkpoint())


def _remember(live: LiveHub, folder: Path, remembered: tuple[int, float]) -> tuple[int, float]:
    """What was remembered last, and when: the newest checkpoint goes beside the ledger every few seconds, if it moved."""
    size, at_s = remembered
    now_s = live.read_s()
    if live.hub.frontier.size == size or now_s - at_s < REMEMBER_S:
        return remembered
    keep_newest(folder, live.hub.store.checkpoint())
    return live.hub.frontier.size, now_s


def address_for_anybody(settings: Settings) -> str:
    """Where a phone that was never set up reads what the record says of a thing.

    With a certificate of the set's own that is the plain port: a stranger's phone would warn of the other.
    """
    if settings.tls == "own":
        return f"https://{settings.hub}:{settings.port}"
    return f"http://{settings.hub}:{settings.port if settings.tls == 'demo' else STATUS_PORT}"


def tls_files(folder: Path, settings: Settings) -> tuple[Path, Path] | None:
    """Certificate and key of the hub, None where it serves plain pages only. Raises BadCertificate."""
    if settings.tls == "demo":
        return None
    certificate, key = folder / "tls" / "hub.pem", folder / "tls" / "hub.key"
    read_certificate(certificate)
    return certificate, key
