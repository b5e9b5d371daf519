"""A production's hub at work in a thread of its own, for tests that talk to it by HTTP or with a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from coldcheck.custody.things import Role
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import LogKey
from coldcheck.station.demo_hub import listen
from coldcheck.station.live_hub import serve_production
from coldcheck.station.production import CrewLine, Wanted, begin_production, open_production
from coldcheck.station.store_sqlite import SqliteStore, read_ledger

CREW = (
    CrewLine(label="UPM", name="Ines Vanmeer", roles=(Role.EMPLOYER,), officer=True),
    CrewLine(label="COORD", name="Bo Halvorsen", roles=(Role.CREW,), officer=True),
    CrewLine(label="ARM", name="Lucan Farrow", roles=(Role.ARMORER,), officer=False),
)


class Served:
    """A production's hub at work in a thread of its own, and how it ended."""

    def __init__(self, folder: Path, log_key: LogKey) -> None:
        self.folder, self.log_key = folder, log_key
        self.address = ""
        self.ended_by: ColdcheckError | None = None
        self.ready, self.done = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            serve_production(self.folder, host="127.0.0.1", ready=self._ready)
        except ColdcheckError as problem:
            self.ended_by = problem

    def _ready(self, addresses: tuple[str, ...]) -> None:
        self.address = addresses[0]
        self.ready.set()

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.address + path)

    def post(self, path: str, body: bytes) -> httpx2.Response:
        return httpx2.post(self.address + path, content=body)

    def note(self, *, size: int, root: bytes) -> bytes:
        """A checkpoint that the log's own key signed, over anything at all."""
        return sign_checkpoint(Checkpoint(origin=self.log_key.name, size=size, root=root), self.log_key)


class _Until:
    """What `asked_to_end` gives: an event, set by the test instead of a signal."""

    def __init__(self, done: threading.Event) -> None:
        self.done = done

    def __enter__(self) -> threading.Event:
        return self.done

    def __exit__(self, *_how: object) -> None:
        return None


@contextmanager
def served_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, cosigners: tuple[str, ...] = ()) -> Iterator[Served]:
    """A new production's hub, whose officers named these cosigners; ended with the block if it has not ended by itself."""
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    listening.close()
    folder = tmp_path / "production"
    wanted = Wanted(production="River Bend", hub="hub.set", tls="demo", port=port, rulebooks=(), cosigners=cosigners)
    begin_production(folder, wanted, CREW)
    _settings, hub = open_production(folder)
    hub.store.close()
    served = Served(folder, hub.log_key)
    monkeypatch.setattr("coldcheck.station.live_hub.asked_to_end", lambda: _Until(served.done))
    served.thread.start()
    assert served.ready.wait(20)
    try:
        yield served
    finally:
        served.done.set()
        served.thread.join(20)


def stop(served: Served) -> SqliteStore:
    """The ledger, after the hub has ended."""
    served.done.set()
    served.thread.join(20)
    return read_ledger(served.folder / "ledger.coldcheck")
