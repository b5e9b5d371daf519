"""The serving half of `bench board`, in a process of its own: a real hub, or the barest fan-out there is.

    python -m coldcheck.station.lab.bench_board_hub hub FOLDER ACTS PACE_S EVENT_BYTES

It prints its port, waits for a line on standard input, does ACTS acts one each PACE_S, and prints as JSON when it handed
in each (by the entry or number it became) and how many bytes an event had. Both sort of servers beat once a second.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from coldcheck.station.demo_hub import listen
from coldcheck.station.lab.measured import player_of_stream, signed_lines
from coldcheck.station.play import Player
from coldcheck.station.record import record
from coldcheck.station.web.app import board_app
from coldcheck.station.web.pages import BoardView, board_view
from coldcheck.station.web.push import Push

BEFORE: Final = 150
BEAT_S: Final = 1.0


def main() -> None:
    """Serves one sort of board and reports; see the module."""
    kind, folder, acts, pace_s, size = sys.argv[1:6]
    if kind == "bare":
        _bare(int(acts), float(pace_s), int(size))
    else:
        _hub(Path(folder), int(acts), float(pace_s))


def _serve(app: Starlette) -> None:
    listening = listen("127.0.0.1", 0)
    listening.listen(2048)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()


def _go() -> threading.Event:
    """An event that the first line on standard input sets."""
    go = threading.Event()

    def wait() -> None:
        sys.stdin.readline()
        go.set()

    threading.Thread(target=wait, daemon=True).start()
    return go


def _paced(acts: int, pace_s: float, *, beat: Callable[[], None], go: threading.Event) -> Iterator[int]:
    """Act numbers, each when its time has come; `beat` is called once a second, before and between."""
    while not go.wait(BEAT_S):
        beat()
    began, beaten = time.monotonic(), time.monotonic()
    for number in range(acts):
        while (left := began + number * pace_s - time.monotonic()) > 0:
            time.sleep(min(left, BEAT_S))
            if time.monotonic() - beaten >= BEAT_S:
                beat()
                beaten = time.monotonic()
        yield number


def _hub(folder: Path, acts: int, pace_s: float) -> None:
    player, _store = player_of_stream(folder / "day.ledger", acts=3 * (BEFORE + acts))
    lines = signed_lines(player)
    push = Push()

    def say() -> None:
        push.publish(_view(player, "en"), {"es": _view(player, "es")})

    for _ in range(BEFORE):
        signed, moment, _count = next(lines)
        record(player.hub, signed, moment)
    say()
    _serve(board_app(push))
    sent: dict[int, float] = {}
    sizes: list[int] = []
    recorded: list[float] = []
    voids: list[int] = []
    for _number in _paced(acts, pace_s, beat=say, go=_go()):
        signed, moment, _count = next(lines)
        handed_in = time.monotonic()
        reply = record(player.hub, signed, moment)
        recorded.append(time.monotonic() - handed_in)
        say()
        sent[reply.entry_index + 1] = handed_in
        newest = push.newest()
        assert newest is not None
        if newest.alarm == reply.entry_index + 1:
            voids.append(newest.alarm)
        sizes.append(len(newest.event_for(has=newest.sequence - 1)))
    time.sleep(1.5)
    _report(sent, sum(sizes) // len(sizes), recorded, voids)


def _view(player: Player, language: str) -> BoardView:
    picture = player.hub.picture
    return board_view(
        picture,
        now=picture.now,
        clock_at=picture.at,
        production="Stream",
        root=player.hub.root.hex(),
        language=language,
    )


def _bare(acts: int, pace_s: float, size: int) -> None:
    queues: set[asyncio.Queue[bytes]] = set()
    loops: list[asyncio.AbstractEventLoop] = []

    async def events(_request: Request) -> StreamingResponse:
        loops[:] = [asyncio.get_running_loop()]
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        queues.add(queue)

        async def stream() -> AsyncIterator[bytes]:
            while True:
                yield await queue.get()

        return StreamingResponse(stream(), media_type="text/event-stream")

    def put_all(event: bytes) -> None:
        for queue in queues:
            queue.put_nowait(event)

    def put(number: int) -> None:
        body = json.dumps({"entries": number, "pad": "x" * max(0, size - 60)})
        if loops:
            loops[0].call_soon_threadsafe(put_all, f"id: {number}\nevent: board\ndata: {body}\n\n".encode())

    _serve(Starlette(routes=[Route("/board/events", events)]))
    newest = 0

    def beat() -> None:
        put(newest)

    sent: dict[int, float] = {}
    for number in _paced(acts, pace_s, beat=beat, go=_go()):
        newest = number + 1
        sent[newest] = time.monotonic()
        put(newest)
    time.sleep(1.5)
    _report(sent, size, [], [])


def _report(sent: dict[int, float], size: int, recorded: list[float], voids: list[int]) -> None:
    sys.stdout.write(json.dumps({"sent": sent, "bytes": size, "recorded": recorded, "voids": voids}) + "\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main()
