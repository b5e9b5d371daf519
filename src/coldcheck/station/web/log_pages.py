"""What machines elsewhere ask of a hub's log: its newest checkpoint, the proof from what they remember, and what they signed.

For: phones, a studio, anybody outside who cosigns or only keeps. The bodies are those of C2SP tlog-witness, pulled instead of
pushed, so that a hub behind a set's network needs to reach nobody. No login: a checkpoint holds no name, and only what a key
of this log signed can change anything here.

Promises: a line is kept only after it was verified for its checkpoint. A checkpoint of another history is kept as evidence and
stops work; one that is longer than the ledger ends the hub before it signs again, and is there at its next start. Nobody keeps the
writing thread busy: an address is answered 60 times a minute, no question reads the whole log, and of strangers only so much is
kept (`station.cosigner_limits`). A named cosigner's time is entered as a comparison of clocks.

Does not do: say whose a cosigner's key is.
"""

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.cosign import Request as Asking
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import consistency_proof
from coldcheck.proof.note import parse_note
from coldcheck.station.asked_first import MOST_NOTE_BYTES, keep_seen
from coldcheck.station.clock_watch import ClockWatch
from coldcheck.station.cosigner_limits import Strangers, TooManyLines
from coldcheck.station.cosigners import Cosigned, EpochReader, take_answer
from coldcheck.station.door import AtHub, Door, HubSilent
from coldcheck.station.forks import REASON, FencedWriter, Standing, keep_fork, older_copy, standing_of
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.web.crowd import Crowd

MOST_LINE_BYTES: Final = 2_000
"""A vkey and one line."""
ASKED_A_MINUTE: Final = 60
"""A phone asks four times in a quarter of a minute at most."""
MOST_FORKS: Final = 10
_TOO_OFTEN: Final = f"You asked more than {ASKED_A_MINUTE} times in a minute. Ask again in a minute; nothing is lost."
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

Said = tuple[int, str]
"""An HTTP status and what is said with it."""


def log_routes(door: Door, folder: Path) -> list[BaseRoute]:
    """The routes; a longer history than the ledger's is kept in `folder`."""
    desk = _Desk(folder=folder)
    crowd = Crowd(most=ASKED_A_MINUTE)

    async def keys(_request: Request) -> Said:
        return 200, await door.ask_async(desk.vkeys)

    async def since(request: Request) -> Said:
        old_size = int(request.path_params["old_size"])
        return await door.ask_async(lambda at: _since(at, old_size))

    async def cosigned(request: Request) -> Said:
        body, size = await _body(request, MOST_LINE_BYTES), int(request.path_params["size"])
        return await door.ask_async(lambda at: desk.take(at, size, body), writes=True)

    async def seen(request: Request) -> Said:
        note = await _body(request, MOST_NOTE_BYTES)
        # What is no checkpoint at all costs the writing thread nothing.
        read_checkpoint_text(parse_note(note).text)
        return await door.ask_async(lambda at: desk.compare(at, note), writes=True)

    def route(path: str, handler: Callable[[Request], Awaitable[Said]], method: str = "GET") -> Route:
        return Route(path, _plain(handler, crowd), methods=[method])

    return [
        route("/log/vkeys", keys),
        route("/log/since/{old_size:int}", since),
        route("/log/cosignatures/{size:int}", cosigned, "POST"),
        route("/log/seen", seen, "POST"),
    ]


def _plain(handler: Callable[[Request], Awaitable[Said]], crowd: Crowd) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        who = request.client.host if request.client is not None else ""
        if crowd.is_too_many(who, time.monotonic()):
            return PlainTextResponse(f"{_TOO_OFTEN}\n", 429, {**_HEADERS, "Retry-After": "60"})
        try:
            status, text = await handler(request)
        except HubSilent as silent:
            status, text = 503, f"{silent}\n"
        except TooManyLines as full:
            status, text = 507, f"{full}\n"
        except ColdcheckError as problem:
            status, text = 422, f"{problem}\n"
        return PlainTextResponse(text, status, _HEADERS)

    return answer


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise TooLong(f"This is longer than {most} bytes, and no checkpoint or answer is. Send one alone.")
    return bytes(data)


class TooLong(ColdcheckError):
    """What was sent is longer than any note of this log. Send one checkpoint, or one answer."""


def _since(at: AtHub, old_size: int) -> Said:
    """The request to cosign that goes on from `old_size`, or 409 and the size this ledger has."""
    hub = at.hub
    if old_size > hub.frontier.size:
        return 409, f"{hub.frontier.size}\n"
    size = hub.frontier.size
    proof = consistency_proof(old_size=old_size, new_size=size, read=hub.store.node) if old_size else ()
    asking = Asking(old_size=old_size, proof=tuple(proof), checkpoint=hub.store.checkpoint(size))
    return 200, asking.encoded().decode()


@dataclass(slots=True)
class _Desk:
    """What the writing thread keeps between questions, so that one costs it no reading of the whole log. Only it comes here."""

    folder: Path
    epochs: EpochReader = field(default_factory=EpochReader)
    clocks: ClockWatch = field(default_factory=ClockWatch)
    strangers: Strangers | None = None

    def vkeys(self, at: AtHub) -> str:
        """The log's keys, one a line, oldest first."""
        return "".join(f"{epoch.verifier.vkey}\n" for epoch in self.epochs.of(at.hub.store).values())

    def take(self, at: AtHub, size: int, body: bytes) -> Said:
        """What became of a cosigner's vkey and line: kept, or why not. Raises TooManyLines, BadSignature and the like."""
        store = at.hub.store
        if not isinstance(store, SqliteStore):
            return 404, "This hub keeps no cosignatures.\n"
        if not 0 < size <= at.hub.frontier.size:
            return 404, f"There is no checkpoint over {size} entries here.\n"
        text, _, line = body.partition(b"\n")
        vkey = text.decode("ascii", "replace")
        is_named = vkey in at.hub.picture.book.cosigners
        if self.strangers is None or self.strangers.store is not store:
            self.strangers = Strangers(store=store)
        if not is_named:
            self.strangers.verify_room(vkey, tree_size=size)
        found = take_answer(store, tree_size=size, vkey=vkey, body=line)
        if is_named:
            self._compare_clocks(at, found)
        else:
            self.strangers.took(vkey, tree_size=size, mono_ms=at.moment.mono_ms)
        return 200, f"{found.name} cosigned {found.tree_size} entries.\n"

    def _compare_clocks(self, at: AtHub, line: Cosigned) -> None:
        act = self.clocks.compared(at.hub, line, at.moment)
        if act is not None and at.hub.acting_key is not None:
            say_as_hub(at.hub, (act,), at.moment)

    def compare(self, at: AtHub, note: bytes) -> Said:
        """What a checkpoint that somebody remembers is to this hub. One that is longer than its ledger ends the hub."""
        hub = at.hub
        try:
            standing = standing_of(note, hub.store, epochs=self.epochs.of(hub.store))
        except FencedWriter as unknown:
            # Nobody here can say who signed it, so it changes nothing.
            return 404, f"{unknown}\n"
        size = read_checkpoint_text(parse_note(note).text).size
        if standing is Standing.OLDER:
            keep_seen(self.folder, note)
            hub.ended_by = older_copy(size, hub.frontier.size)
            return 409, f"{hub.ended_by}\n"
        if standing is Standing.FORKED:
            return _forked(at, note)
        return 200, f"{standing.value}, {size} of {hub.frontier.size}\n"


def _forked(at: AtHub, note: bytes) -> Said:
    """A second history, kept as evidence; of a hub that signed thousands of such checkpoints, the first are enough."""
    picture = at.hub.picture
    kept = [stop for stop in picture.stops.values() if stop.reason == REASON]
    if len(kept) >= MOST_FORKS and any(stop.open for stop in kept):
        return 409, (
            f"The log's key signed two histories: {len(kept)} pieces of evidence are kept, this one is not. Work is stopped."
            " Keep yours.\n"
        )
    reply = keep_fork(at.hub, note, at.moment, salt=secrets.token_bytes(32))
    assert reply is not None, "its standing says so"
    return 409, f"The log's key signed two histories: kept as evidence, entry {reply.entry_index}. Work is stopped.\n"
