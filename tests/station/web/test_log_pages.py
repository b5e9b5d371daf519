"""What cosigners ask a hub over HTTP, and what happens to a hub that is shown a longer or another history."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey, read_request
from coldcheck.proof.note import LogKey, format_signatures, parse_note
from coldcheck.station.asked_first import COSIGNERS, SEEN, known_notes
from coldcheck.station.cosigner import cosigner_key, make_cosigner
from coldcheck.station.cosigner_wire import NoAnswer, cosigner_server, pull
from coldcheck.station.cosigners import sealed_at
from coldcheck.station.forks import OlderCopy
from coldcheck.station.live_hub import serve_production
from served import Served, served_in, stop

SEED = bytes(range(32))
AT_S = 1_772_438_400


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served_in(tmp_path, monkeypatch) as served:
        yield served


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
