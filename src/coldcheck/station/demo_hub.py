"""The demo hub: a played set day, carried on at real speed and shown on the board until somebody ends it.

The clock goes on under the same boot from the last receipt's `mono_ms`, so calls of the scripted day lapse as they
would on a set. The hub appends `lapsed` when a time has run out, and the people of the scenario go on with a written
day (`demo/*_goes_on.txt`) that begins again when it ends. One thread writes: the one that called `serve`. The web
thread gets frozen views, and when the writing stops it has nothing to send, so every screen falls to TREAT AS LOADED.

Keys are of class demo: nothing here proves anything about anybody.
"""

import errno
import math
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from coldcheck.custody import acts as a
from coldcheck.custody.phrases import BadPhrase, read_phrase
from coldcheck.custody.picture import Picture, call_ended
from coldcheck.custody.things import HUB, Id, Now
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey
from coldcheck.station.delivery_log import seal_deliveries, sealed_to
from coldcheck.station.door import AtHub, Door
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.play import Player, cells_taken
from coldcheck.station.record import Moment, Reply, rare_collections
from coldcheck.station.scenario import BadScenario, Line, Scenario, parse_scenario
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.web.app import board_app
from coldcheck.station.web.catalogue import languages
from coldcheck.station.web.deliveries import keep_deliveries
from coldcheck.station.web.inquiry_hub import hub_inquiry_routes
from coldcheck.station.web.keys_page import keys_routes
from coldcheck.station.web.office_pages import office_routes
from coldcheck.station.web.pages import BoardView, board_view
from coldcheck.station.web.past import past_routes
from coldcheck.station.web.photo_pages import photo_routes
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes
from coldcheck.station.web.signin import signin_routes
from coldcheck.station.web.start import start_routes
from coldcheck.station.web.trace_pages import trace_routes

TICK_S: Final = 0.2
HEARTBEAT_S: Final = 1.0
GRACE_S: Final = 2.0
"""How long open pages may take to go when the server ends; their streams never end by themselves."""


class CannotServe(ColdcheckError):
    """The board cannot be served at this address. Choose another host or port."""


class PortInUse(CannotServe):
    """Something else already answers at this port. Stop that, or choose another port."""


# --- what is due ---------------------------------------------------------------------------------------------------


def due_lapses(picture: Picture, now: Now) -> tuple[a.Lapsed, ...]:
    """An act for every gun whose call or hand-over time alone has ended by `now`, in the guns' order.

    The end is computed wherever it is asked for; these acts only say so in the log. A late or missing one changes nothing.
    """
    return tuple(
        a.Lapsed(gun=gun, rule=code)
        for gun in picture.guns
        if (gun in picture.calls or gun in picture.offers) and (code := call_ended(picture, gun, now))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One line of the written day, and how long after the start of its turn it is said."""

    after_s: int
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDay:
    """One turn of the written day. `length_s` is when the next turn begins."""

    scenario: Scenario
    dues: tuple[Due, ...]
    length_s: int


def demo_day_for(production: str) -> str | None:
    """The text of the written day of `production`, None when none is written for it."""
    folder = resources.files("coldcheck.station").joinpath("demo")
    if not folder.is_dir():
        return None
    texts = (file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith("_goes_on.txt"))
    return next((text for text in texts if f'production "{production}"' in text), None)


def read_turn(text: str, *, turn: int) -> DemoDay:
    """The written day with `{turn}` filled in: a scenario file whose times count from the start of the turn.

    The last line, `HH:MM:SS <who> remarks ...` like any other, also says when the next turn begins. Raises BadScenario.
    """
    scenario = parse_scenario(text.replace("{turn}", str(turn)), path="demo day")
    dues = tuple(Due(after_s=_offset_s(step.at), line=step) for step in scenario.steps if isinstance(step, Line))
    if not dues:
        raise BadScenario("demo day:1: no line to play; write at least one: HH:MM:SS WHO phrase")
    return DemoDay(scenario=scenario, dues=dues, length_s=max(due.after_s for due in dues) + 1)


def _offset_s(at: str) -> int:
    stamp = datetime.fromisoformat(at)
    return stamp.hour * 3600 + stamp.minute * 60 + stamp.second


# --- the clock -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The scripted day's clock, going on at real speed from the last receipt under the same boot."""

    boot: str
    start_mono_ms: int
    start_at: datetime
    started_s: float
    read_s: Callable[[], float]

    def passed_s(self) -> float:
        """Seconds since the demo hub took over."""
        return self.read_s() - self.started_s

    def now(self) -> Now:
        """This moment, for questions: to the millisecond."""
        return Now(boot=self.boot, mono_ms=self.start_mono_ms + int(self.passed_s() * 1000))

    def moment(self) -> Moment:
        """This moment, for receipts: never earlier than the last one, never later than `now`."""
        passed_ms = int(self.passed_s() * 1000)
        at = self.start_at + timedelta(milliseconds=passed_ms)
        return Moment(boot=self.boot, mono_ms=self.start_mono_ms + passed_ms, at=f"{at:%Y-%m-%dT%H:%M:%S}Z")


def clock_after(player: Player, *, read_s: Callable[[], float] = time.monotonic) -> Clock:
    """A clock that starts where the played ledger ends."""
    picture = player.hub.picture
    return Clock(
        boot=picture.now.boot,
        start_mono_ms=picture.now.mono_ms,
        start_at=datetime.fromisoformat(picture.at).astimezone(UTC),
        started_s=read_s(),
        read_s=read_s,
    )


# --- the hub -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class DemoHub:
    """A played hub that goes on. `tick` is its only act, and only one thread may call it."""

    player: Player
    clock: Clock
    push: Push
    text: str | None
    door: Door = field(default_factory=Door)
    turn: int = 0
    turn_began_s: float = 0.0
    waiting: list[Due] = field(default_factory=list)
    length_s: int = 0
    said_s: float = -math.inf

    def tick(self) -> None:
        """Everything that is due by now is done and every screen told; at least one heartbeat a second."""
        entries = self.player.hub.picture.size
        self._lapse()
        self._say_due()
        self.door.answer_all(self._at_hub)
        self._keep_deliveries()
        passed_s = self.clock.passed_s()
        if self.player.hub.picture.size != entries or passed_s - self.said_s >= HEARTBEAT_S:
            self.said_s = passed_s
            self._publish()

    def _keep_deliveries(self) -> None:
        hub, at = self.player.hub, self._at_hub()
        if keep_deliveries(hub.store, self.push.deliveries, sealed_to=sealed_to(hub.picture)):
            seal_deliveries(hub, now=at.now, moment=at.moment)

    def _at_hub(self) -> AtHub:
        moment = self.clock.moment()
        return AtHub(hub=self.player.hub, now=Now(boot=moment.boot, mono_ms=moment.mono_ms), moment=moment)

    def _publish(self) -> None:
        first, *others = languages()
        self.push.publish(self._view(first), {name: self._view(name) for name in others})

    def _view(self, language: str) -> BoardView:
        hub = self.player.hub
        return board_view(
            hub.picture,
            now=self.clock.now(),
            clock_at=self.clock.moment().at,
            production=self.player.scenario.production,
            root=hub.root.hex(),
            language=language,
            mark="demo",
        )

    def _lapse(self) -> None:
        for lapsed in due_lapses(self.player.hub.picture, self.clock.now()):
            say_as_hub(self.player.hub, (lapsed,), self.clock.moment())

    def _say_due(self) -> None:
        if self.text is None:
            return
        passed_s = self.clock.passed_s()
        if not self.waiting and passed_s >= self.turn_began_s + self.length_s:
            self.turn += 1
            day = read_turn(self.text, turn=self.turn)
            self.turn_began_s, self.waiting, self.length_s = passed_s, list(day.dues), day.length_s
        while self.waiting and passed_s >= self.turn_began_s + self.waiting[0].after_s:
            say_line(self.player, self.waiting.pop(0).line, self.clock.moment())


def say_line(player: Player, line: Line, moment: Moment) -> Reply:
    """The reply to one written line, said by its person at `moment`. Raises BadScenario when it does not read."""
    acts: list[a.Act] = []
    player.names.on_sheet = {}
    for phrase in line.phrases:
        try:
            act = read_phrase(phrase, player.names)
        except BadPhrase as problem:
            raise BadScenario(f"demo day:{line.number}: {problem}.") from problem
        if isinstance(act, a.SheetBegan) and act.procedure in player.hub.picture.sheets:
            player.names.on_sheet = cells_taken(player.hub.picture.sheets[act.procedure])
        acts.append(act)
    return player.say(line.who, tuple(acts), moment)


# --- serving -------------------------------------------------------------------------------------------------------


def serve(
    player: Player, *, host: str, port: int, ready: Callable[[str], None] | None = None, photos: bool = False
) -> None:
    """Nothing, when somebody ended it (Ctrl-C or SIGTERM). Serves the board and carries the day on until then.

    Call it in the thread that opened the store. `photos`: whether they are offered. `ready` is told the address once the board answers there. Raises
    PortInUse or CannotServe before anything is done, StoreFailed when the disk failed.
    """
    listening = listen(host, port)
    push = Push()
    text = demo_day_for(player.scenario.production)
    demo = DemoHub(player=player, clock=clock_after(player), push=push, text=text)
    demo.tick()
    more = [
        *set_routes(push, demo.door, demo_keys_of(player), photos=photos),
        *photo_routes(demo.door, offered=photos),
        *signin_routes(demo.door),
        *start_routes(push),
        *_ledger_routes(demo, player),
    ]
    app = board_app(push, demo.door, more=more, mark="demo")
    with asked_to_end() as asked, web_thread(app, push, listening) as alive:
        if ready is not None:
            # A browser gives its own keys and the camera to a name, and to an address of numbers it does not.
            named = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
            ready(f"http://{named}:{listening.getsockname()[1]}")
        while not asked.is_set():
            if not alive():
                raise CannotServe(f"The web server at {host} port {port} ended by itself; the ledger is complete.")
            demo.tick()
            demo.door.wait(TICK_S)


def _ledger_routes(demo: DemoHub, player: Player) -> list[BaseRoute]:
    """The office, and any past moment where the ledger is a file that another thread can read."""
    store, production = player.hub.store, player.scenario.production
    if not isinstance(store, SqliteStore):
        return [
            *keys_routes(demo.door, production=production),
            *office_routes(demo.door, production=production),
            *trace_routes(demo.door),
        ]
    return [
        *keys_routes(demo.door, production=production),
        *office_routes(demo.door, production=production, ledger=store.path, inquiry=True),
        *hub_inquiry_routes(store.path, demo.door, demo_keys=demo_keys_of(player)),
        *past_routes(store.path),
    ]


def demo_keys_of(player: Player) -> Callable[[Id], ActingKey | None]:
    """The demo key of each person of a played day, for whoever chooses to be that person on a screen; others have none."""
    known = {player.hub.picture.keys[name][2]: key for label, (name, key) in player.keys.items() if label != HUB}
    return known.get


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at `host` and `port` (0: any free one). Raises PortInUse or CannotServe, in one sentence."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as problem:
        raise CannotServe(
            f"{host} port {port} is no address to serve at ({problem.strerror}); choose another."
        ) from problem
    try:
        # A port that our own last run has just left may be taken again; one that still listens may not.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as problem:
        listening.close()
        if isinstance(problem, PermissionError):
            raise CannotServe(f"Port {port} is kept for the system; choose one from 1024 on.") from problem
        if problem.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} on {host} is in use by another program; stop that one, or choose another with --port."
            ) from problem
        raise CannotServe(f"{host} port {port} cannot be served at ({problem.strerror}); choose another.") from problem
    return listening


@contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that no entry is cut off in the middle; old handlers come back after."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def web_thread(
    app: Starlette, push: Push, listening: socket.socket, *, tls: tuple[Path, Path] | None = None
) -> Iterator[Callable[[], bool]]:
    """The web server in a thread of its own, and whether it still runs; gone when the block ends.

    `tls` is the certificate with its chain, and its key; None serves plain HTTP.
    """
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=int(GRACE_S),
        ssl_certfile=str(tls[0]) if tls is not None else None,
        ssl_keyfile=str(tls[1]) if tls is not None else None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="board", daemon=True)
    thread.start()
    try:
        with rare_collections():
            yield thread.is_alive
    finally:
        push.close()
        server.should_exit = True
        thread.join(timeout=2 * GRACE_S)
        listening.close()
