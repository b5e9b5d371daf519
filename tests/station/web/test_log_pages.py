"""What cosigners ask a hub over HTTP, and what happens to a hub that is shown a longer or another history."""

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from coldcheck.custody.acts import ClockCompared, CosignerNamed
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey, read_request
from coldcheck.proof.note import LogKey, format_signatures, parse_note
from coldcheck.station.asked_first import COSIGNERS, SEEN, known_notes
from coldcheck.station.cosigner import cosigner_key, make_cosigner
from coldcheck.station.cosigner_wire import NoAnswer, cosigner_server, pull
from coldcheck.station.cosigners import sealed_at
from coldcheck.station.forks import OlderCopy
from coldcheck.station.live_hub import serve_production
from coldcheck.station.production import name_cosigner, open_production
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.web import log_pages
from served import Served, served_in, stop

SEED = bytes(range(32))
STUDIO = CosignerKey.from_seed(name="studio.example/c1", seed=SEED)
AT_S = 1_772_438_400


@pytest.fixture
def served_with_studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A hub whose officers named the studio's cosigner from the beginning."""
    with served_in(tmp_path, monkeypatch, cosigners=(STUDIO.vkey,)) as served:
        yield served


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


def say_more(served: Served) -> None:
    """One entry more: a STOP with words of its own is kept beside the one that stands."""
    sent = {"word": "stop", "text": secrets.token_hex(4), "once": secrets.token_hex(12)}
    assert "Heard" in httpx2.post(f"{served.address}/say", data=sent).text


def cosign(served: Served, key: CosignerKey, *, at_s: int = AT_S) -> httpx2.Response:
    """What the hub says to this cosigner's line under its newest checkpoint."""
    request = read_request(served.get("/log/since/0").content)
    text = parse_note(request.checkpoint).text
    size = open_checkpoint(request.checkpoint, served.log_key.verifier).size
    line = format_signatures((key.sign(text, at_s=at_s),))
    return served.post(f"/log/cosignatures/{size}", key.vkey.encode() + b"\n" + line)


def stranger(number: int) -> CosignerKey:
    return CosignerKey.from_seed(name=f"phone/{number}", seed=number.to_bytes(32))


def acts_in(store: SqliteStore, name: bytes) -> int:
    return sum(name in data for data in store.entries())


def test_an_address_that_asks_all_the_time_is_told_to_wait(served: Served) -> None:
    with httpx2.Client(base_url=served.address) as client:
        asked = [client.get("/log/since/0").status_code for _ in range(log_pages.ASKED_A_MINUTE + 3)]
    assert asked == [200] * log_pages.ASKED_A_MINUTE + [429] * 3
    said = served.post("/log/seen", served.note(size=3, root=bytes(32)))
    assert said.status_code == 429
    assert "Ask again in a minute" in said.text
    assert served.get("/healthz").status_code == 200


def test_what_is_longer_than_it_can_be_is_not_read_to_its_end(served: Served) -> None:
    size = int(served.get("/log/since/900000").text)
    long = stranger(1).vkey.encode() + b"\n" + b"x" * log_pages.MOST_LINE_BYTES
    assert "longer than" in served.post(f"/log/cosignatures/{size}", long).text
    assert "longer than" in served.post("/log/seen", b"x" * 100_001).text


def test_strangers_fill_neither_the_ledger_nor_the_seal(
    served_with_studio: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = served_with_studio
    monkeypatch.setattr("coldcheck.station.cosigner_limits.MOST_STRANGERS_A_SIZE", 3)
    monkeypatch.setattr("coldcheck.station.cosigner_limits.MOST_STRANGERS", 4)
    said = [cosign(served, stranger(number)) for number in range(1, 5)]
    assert [one.status_code for one in said] == [200, 200, 200, 507]
    assert "cosign a newer one" in said[-1].text
    # The named one is taken all the same.
    assert cosign(served, STUDIO).status_code == 200
    say_more(served)
    assert cosign(served, stranger(4)).status_code == 200
    too_many = cosign(served, stranger(5))
    assert too_many.status_code == 507
    assert "no officer named this one" in too_many.text
    named_long = CosignerKey.from_seed(name="x" * 300, seed=SEED)
    assert "shorter" in cosign(served, named_long).text
    assert cosign(served, STUDIO).status_code == 200
    stop(served).close()


def test_of_a_stranger_only_the_newest_line_of_ten_minutes_is_kept(served: Served) -> None:
    for _ in range(3):
        assert cosign(served, stranger(1)).status_code == 200
        say_more(served)
    assert cosign(served, stranger(1)).status_code == 200
    store = stop(served)
    ((size, _vkey, _line),) = store.cosignatures()
    assert size == store.entry_count()
    store.close()


def test_a_named_cosigners_time_is_entered_once_a_day_and_when_it_no_longer_fits(served_with_studio: Served) -> None:
    served = served_with_studio
    for number, at_s in enumerate((AT_S, AT_S + 1, AT_S + 2, AT_S + 4_000)):
        say_more(served)
        assert cosign(served, STUDIO, at_s=at_s).status_code == 200, number
        assert cosign(served, stranger(1), at_s=at_s).status_code == 200
    store = stop(served)
    assert acts_in(store, b'"clock_compared"') == 2
    store.close()
    _settings, hub = open_production(served.folder)
    found = [done.act for done in hub.picture.journal if isinstance(done.act, ClockCompared)]
    hub.store.close()
    assert [act.reads for act in found] == ["2026-03-02T08:00:00Z", "2026-03-02T09:06:40Z"]
    assert {act.clock for act in found} == {"studio.example/c1"}
    assert all(1_000 <= act.bound_ms < 60_000 for act in found)


def test_of_a_hub_that_was_cloned_for_long_the_first_evidence_is_enough(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_pages, "MOST_FORKS", 2)
    said = [served.post("/log/seen", served.note(size=size, root=bytes(32))).text for size in (1, 2, 3)]
    assert ["kept as evidence" in one for one in said] == [True, True, False]
    assert "2 pieces of evidence are kept" in said[-1]
    store = stop(served)
    assert len([data for _digest, data in store.all_apart() if b"coldcheck/fork/v1" in data]) == 2
    store.close()


def test_no_question_of_a_cosigner_reads_the_log_from_its_beginning_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[int] = []
    entries = SqliteStore.entries

    def counted(store: SqliteStore, start: int = 0) -> Iterator[bytes]:
        began.append(start)
        return entries(store, start)

    monkeypatch.setattr(SqliteStore, "entries", counted)
    note = read_request(served.get("/log/since/0").content).checkpoint
    for _ in range(3):
        assert "ours" in served.post("/log/seen", note).text
        assert served.get("/log/vkeys").status_code == 200
    assert began.count(0) == 1


def test_an_officer_names_a_cosigner_while_the_hub_is_stopped(served: Served) -> None:
    stop(served).close()
    officer = served.folder / "officers" / "UPM.json"
    entry = name_cosigner(served.folder, officer=officer, vkey=STUDIO.vkey)
    _settings, hub = open_production(served.folder)
    assert hub.picture.book.cosigners == {STUDIO.vkey: entry}
    assert isinstance(hub.picture.journal[-1].act, CosignerNamed)
    hub.store.close()
