"""What machines elsewhere ask of a hub's log: its newest checkpoint, the proof from what they remember, and what they signed.

For: phones, a studio, anybody outside who cosigns or only keeps. The bodies are those of C2SP tlog-witness, pulled instead of
pushed, so that a hub behind a set's network needs to reach nobody. No login: a checkpoint holds no name, and only what a key
of this log signed can change anything here.

Promises: a line is kept only after it was verified for its checkpoint. A checkpoint of another history is kept as evidence and
stops work; one that is longer than the ledger ends the hub before it signs again, and is there at its next start.

Does not do: say whose a cosigner's key is.
"""

import secrets
from collections.abc import Awaitable, Callable
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
from coldcheck.station.asked_first import keep_seen
from coldcheck.station.cosigners import log_keys, take_answer
from coldcheck.station.door import AtHub, Door, HubSilent
from coldcheck.station.forks import FencedWriter, Standing, keep_fork, older_copy, standing_of
from coldcheck.station.store_sqlite import SqliteStore

MOST_BYTES: Final = 100_000
MOST_LINES: Final = 50_000
"""Cosignatures one ledger keeps; more would be somebody filling the disk."""
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

Said = tuple[int, str]
"""An HTTP status and what is said with it."""


def log_routes(door: Door, folder: Path) -> list[BaseRoute]:
    """The routes; a longer history than the ledger's is kept in `folder`."""

    async def keys(_request: Request) -> Said:
        return 200, await door.ask_async(lambda at: "".join(f"{key.vkey}\n" for key in log_keys(at.hub.store).values()))

    async def since(request: Request) -> Said:
        old_size = int(request.path_params["old_size"])
        return await door.ask_async(lambda at: _since(at, old_size))

    async def cosigned(request: Request) -> Said:
        body, size = await _body(request), int(request.path_params["size"])
        return await door.ask_async(lambda at: _take(at, size, body), writes=True)

    async def seen(request: Request) -> Said:
        note = await _body(request)
        return await door.ask_async(lambda at: _compare(at, note, folder), writes=True)

    return [
        Route("/log/vkeys", _plain(keys)),
        Route("/log/since/{old_size:int}", _plain(since)),
        Route("/log/cosignatures/{size:int}", _plain(cosigned), methods=["POST"]),
        Route("/log/seen", _plain(seen), methods=["POST"]),
    ]


def _plain(handler: Callable[[Request], Awaitable[Said]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            status, text = await handler(request)
        except HubSilent as silent:
            status, text = 503, f"{silent}\n"
        except ColdcheckError as problem:
            status, text = 422, f"{problem}\n"
        return PlainTextResponse(text, status, _HEADERS)

    return answer


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            raise TooLong("This is longer than any checkpoint with its lines. Send one alone.")
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


def _take(at: AtHub, size: int, body: bytes) -> Said:
    """What became of a cosigner's vkey and line: kept, or why not."""
    store = at.hub.store
    if not isinstance(store, SqliteStore):
        return 404, "This hub keeps no cosignatures.\n"
    if not 0 < size <= at.hub.frontier.size:
        return 404, f"There is no checkpoint over {size} entries here.\n"
    if store.cosignature_count() >= MOST_LINES:
        return 507, "There are more cosignatures here than any day needs; none is taken any more.\n"
    vkey, _, line = body.partition(b"\n")
    found = take_answer(store, tree_size=size, vkey=vkey.decode("ascii", "replace"), body=line)
    return 200, f"{found.name} cosigned {found.tree_size} entries.\n"


def _compare(at: AtHub, note: bytes, folder: Path) -> Said:
    """What a checkpoint that somebody remembers is to this hub. One that is longer than its ledger ends the hub."""
    hub = at.hub
    try:
        standing = standing_of(note, hub.store)
    except FencedWriter as unknown:
        # Nobody here can say who signed it, so it changes nothing.
        return 404, f"{unknown}\n"
    size = read_checkpoint_text(parse_note(note).text).size
    if standing is Standing.OLDER:
        keep_seen(folder, note)
        hub.ended_by = older_copy(size, hub.frontier.size)
        return 409, f"{hub.ended_by}\n"
    if standing is Standing.FORKED:
        reply = keep_fork(hub, note, at.moment, salt=secrets.token_bytes(32))
        assert reply is not None, "its standing says so"
        return (
            409,
            f"The log's key signed two histories: kept as evidence, entry {reply.entry_index}. Work is stopped.\n",
        )
    return 200, f"{standing.value}, {size} of {hub.frontier.size}\n"
