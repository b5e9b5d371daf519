"""What cosigners ask a hub over HTTP, and what happens to a hub that is shown a longer or another history."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from coldcheck.custody.things import Role
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey, read_request
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import LogKey, format_signatures, parse_note
from coldcheck.station.asked_first import COSIGNERS, SEEN, known_notes
from coldcheck.station.cosigner import cosigner_key, make_cosigner
from coldcheck.station.cosigner_wire import NoAnswer, cosigner_server, pull
from coldcheck.station.cosigners import sealed_at
from coldcheck.station.demo_hub import listen
from coldcheck.station.forks import OlderCopy
from coldcheck.station.live_hub import serve_production
from coldcheck.station.production import CrewLine, Wanted, begin_production, open_production
from coldcheck.station.store_sqlite import SqliteStore, read_ledger

SEED = bytes(range(32))
AT_S = 1_772_438_400
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


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    listening.close()
    folder = tmp_path / "production"
    begin_production(folder, Wanted(production="River Bend", hub="hub.set", tls="demo", port=port, rulebooks=()), CREW)
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


def say_stop(served: Served) -> None:
    assert "Heard" in httpx2.post(f"{served.address}/say", data={"word": "stop"}).text


def studio(folder: Path, served: Served) -> Path:
    return make_cosigner(folder / "studio", name="studio.example/c1", seed=SEED, logs=(served.log_key.vkey,))


def test_a_studio_pulls_cosigns_and_the_seal_holds_its_line(served: Served, tmp_path: Path) -> None:
    assert served.get("/log/vkeys").text.split() == [served.log_key.vkey]
    folder = studio(tmp_path, served)
    first = pull(folder, served.address, ca=None, at_s=AT_S)
    assert first.ok, first
    say_stop(served)
    second = pull(folder, served.address, ca=None, at_s=AT_S + 60)
    assert second.ok, second
    assert second.size > first.size
    store = stop(served)
    found = sealed_at(store, size=second.size)
    assert [one.vkey for one in found.cosigned] == [cosigner_key(folder).vkey]
    assert [one.at_s for one in found.cosigned] == [AT_S + 60]
    store.close()


def test_only_a_line_that_fits_is_kept(served: Served) -> None:
    request = read_request(served.get("/log/since/0").content)
    text = parse_note(request.checkpoint).text
    size = open_checkpoint(request.checkpoint, served.log_key.verifier).size
    phone = CosignerKey.from_seed(name="phone/ab12", seed=SEED)
    line = format_signatures((phone.sign(text, at_s=AT_S),))
    path = f"/log/cosignatures/{size}"
    other = CosignerKey.from_seed(name="phone/ab12", seed=bytes(32))
    assert served.post(path, other.vkey.encode() + b"\n" + line).status_code == 422
    assert served.post(path, served.log_key.vkey.encode() + b"\n" + line).status_code == 422
    assert served.post(f"/log/cosignatures/{size - 1}", phone.vkey.encode() + b"\n" + line).status_code == 422
    assert served.post(f"/log/cosignatures/{size + 1}", phone.vkey.encode() + b"\n" + line).status_code == 404
    assert served.post(path, b"\xff" * 200_000).status_code == 422
    assert served.post(path, b"").status_code == 422
    assert served.post(path, phone.vkey.encode() + b"\n" + line).status_code == 200
    store = stop(served)
    assert store.cosignature_count() == 1
    store.close()


def test_a_longer_history_ends_the_hub_before_it_signs_again(served: Served) -> None:
    size = int(served.get("/log/since/900000").text)
    longer = served.note(size=size + 5, root=bytes(32))
    said = served.post("/log/seen", longer)
    assert said.status_code == 409
    assert "restored from an older copy" in said.text
    served.thread.join(20)
    assert isinstance(served.ended_by, OlderCopy)
    store = stop(served)
    assert store.entry_count() == size
    store.close()
    # And it does not start again: what was shown is there.
    with pytest.raises(OlderCopy):
        serve_production(served.folder, host="127.0.0.1")
    assert len(list((served.folder / SEEN).iterdir())) == 1


def test_another_history_is_kept_and_stops_work_and_the_hub_goes_on(served: Served) -> None:
    other = served.note(size=3, root=bytes(32))
    assert "two histories" in served.post("/log/seen", other).text
    assert "two histories" in served.post("/log/seen", other).text
    assert served.get("/healthz").status_code == 200
    store = stop(served)
    kept = [data for _digest, data in store.all_apart() if b"coldcheck/fork/v1" in data]
    assert len(kept) == 1
    store.close()


def test_what_no_key_of_this_log_signed_does_nothing_to_the_hub(served: Served) -> None:
    made_up = LogKey.from_seed(name=served.log_key.name, seed=SEED)
    later = LogKey.from_seed(name=served.log_key.name.replace("/e0", "/e9"), seed=SEED)
    size = int(served.get("/log/since/900000").text)
    for key, status in ((made_up, 422), (later, 404)):
        note = sign_checkpoint(Checkpoint(origin=key.name, size=900, root=bytes(32)), key)
        assert served.post("/log/seen", note).status_code == status
    assert served.post("/log/seen", b"nonsense").status_code == 422
    assert served.get("/healthz").status_code == 200
    assert int(served.get("/log/since/900000").text) == size


def test_a_studio_that_remembers_more_shows_it_to_the_hub(served: Served, tmp_path: Path) -> None:
    """A hub rolled back: the studio pulls, sees a shorter log, signs nothing, and the hub ends."""
    folder = studio(tmp_path, served)
    assert pull(folder, served.address, ca=None, at_s=AT_S).ok
    size = int(served.get("/log/since/900000").text)
    (memory,) = (folder / "remembered").iterdir()
    memory.write_bytes(served.note(size=size + 3, root=bytes(32)))
    found = pull(folder, served.address, ca=None, at_s=AT_S)
    assert not found.ok
    assert "fewer than were seen" in found.sentence
    served.thread.join(20)
    assert isinstance(served.ended_by, OlderCopy)
    with pytest.raises(NoAnswer):
        pull(folder, served.address, ca=None, at_s=AT_S)
    with pytest.raises(NoAnswer):
        pull(folder, "hub.set", ca=None, at_s=AT_S)


def test_a_starting_hub_asks_the_cosigners_it_knows(served: Served, tmp_path: Path) -> None:
    folder = studio(tmp_path, served)
    assert pull(folder, served.address, ca=None, at_s=AT_S).ok
    stop(served).close()
    server = cosigner_server(folder, host="127.0.0.1", port=0, now_s=lambda: AT_S)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        (served.folder / COSIGNERS).write_text(f"# studio\n{address}\nhttp://127.0.0.1:1\nnowhere\n")
        known = known_notes(served.folder, origins=(served.log_key.name, "other/log/e0"))
        (memory,) = (folder / "remembered").iterdir()
        assert memory.read_bytes() in known.notes
        assert len(known.silent) == 2
        asked = httpx2.post(f"{address}/add-checkpoint", content=b"nonsense")
        assert asked.status_code == 400
        assert httpx2.get(f"{address}/remembered/{'0' * 64}").status_code == 404
        memory.write_bytes(served.note(size=900, root=bytes(32)))
        with pytest.raises(OlderCopy):
            serve_production(served.folder, host="127.0.0.1")
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
