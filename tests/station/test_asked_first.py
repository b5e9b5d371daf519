"""A hub's start: it compares its ledger with everything known elsewhere before it signs, and with nothing it does not start."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Role
from coldcheck.custody.views import card_of
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey
from coldcheck.proof.note import LogKey
from coldcheck.station.asked_first import NEWEST, SEEN, Unasked, verify_start
from coldcheck.station.cli import coldcheck
from coldcheck.station.doctor import examine
from coldcheck.station.door import AtHub
from coldcheck.station.drill import plan_drill
from coldcheck.station.forks import FencedWriter, OlderCopy
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.live_hub import LiveHub
from coldcheck.station.production import (
    BadProduction,
    CrewLine,
    Wanted,
    begin_production,
    name_cosigner,
    open_production,
    read_settings,
)
from coldcheck.station.record import Hub
from coldcheck.station.verify import verify_ledger

SALT = bytes(range(32))
COSIGNER = CosignerKey.from_seed(name="studio.example/c1", seed=SALT).vkey
CREW = (
    CrewLine(label="UPM", name="Ines Vanmeer", roles=(Role.EMPLOYER,), officer=True),
    CrewLine(label="COORD", name="Bo Halvorsen", roles=(Role.CREW,), officer=True),
    CrewLine(label="ARM", name="Lucan Farrow", roles=(Role.ARMORER,), officer=False),
)
GUN = a.GunRegistered(
    gun="g0123456789AB", label="Colt-1", word_name="Magpie", serial="SN-1", action=ActionType.SINGLE_ACTION,
    calibre=".45", capability=Capability.W3, chambers=6, bores=1,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wanted = Wanted(production="River Bend", hub="hub.set", tls="demo", port=8443, rulebooks=())
    begin_production(tmp_path / "production", wanted, CREW)
    return tmp_path / "production"


def started(folder: Path, *shown: bytes) -> tuple[str, ...]:
    """What a start of this folder's hub says; it ends at once."""
    settings, hub = open_production(folder)
    try:
        return verify_start(
            hub, folder, shown=shown, now=LiveHub(hub=hub, settings=settings).at_hub().moment, salt=SALT
        )
    finally:
        hub.store.close()


def goes_on(folder: Path, *, days: int, then: Callable[[Hub], object] = lambda hub: hub.store.checkpoint()) -> object:
    """What `then` gives of the hub after it has entered that many days more."""
    settings, hub = open_production(folder)
    live = LiveHub(hub=hub, settings=settings)
    for day in range(days):
        say_as_hub(hub, (a.DayOpened(day=day + 1),), live.at_hub().moment)
    found = then(hub)
    hub.store.close()
    return found


def note_of(folder: Path, *, days: int) -> bytes:
    """The newest checkpoint after that many days more."""
    found = goes_on(folder, days=days)
    assert isinstance(found, bytes)
    return found


def entries_in(folder: Path) -> int:
    return verify_ledger(folder / "ledger.coldcheck", vkey=None).entries


def test_a_hub_starts_on_what_it_remembers_of_itself(folder: Path) -> None:
    assert started(folder) == ()
    newest = note_of(folder, days=2)
    assert started(folder, newest) == ()
    assert (folder / NEWEST).read_bytes() == newest


def test_a_hub_with_nothing_to_compare_with_does_not_start(folder: Path) -> None:
    newest = note_of(folder, days=1)
    (folder / NEWEST).unlink()
    with pytest.raises(Unasked, match="older copy"):
        started(folder)
    assert started(folder, newest) == ()


def test_a_ledger_restored_from_yesterday_signs_nothing(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "ledger.coldcheck", tmp_path / "yesterday")
    newest = note_of(folder, days=3)
    assert started(folder) == ()
    shutil.copy(tmp_path / "yesterday", folder / "ledger.coldcheck")
    before = entries_in(folder)
    with pytest.raises(OlderCopy, match="restored"):
        started(folder)
    # The memory beside it rolled back as well: the seal on paper still says so, and is not forgotten.
    (folder / NEWEST).unlink()
    with pytest.raises(OlderCopy):
        started(folder, newest)
    with pytest.raises(OlderCopy):
        started(folder)
    assert len(list((folder / SEEN).iterdir())) == 1
    assert entries_in(folder) == before


def test_doctor_holds_the_ledger_against_every_seal_that_lies_beside_it(folder: Path, tmp_path: Path) -> None:
    def kept() -> tuple[bool, str]:
        return next((one.ok, one.sentence) for one in examine(folder).checks if one.check == "seals kept")

    shutil.copy(folder / "ledger.coldcheck", tmp_path / "yesterday")
    seal = note_of(folder, days=1)
    started(folder, seal)
    assert kept() == (True, "the ledger continues all 2 that lie beside it.")
    # The hub's own memory was rolled back with the ledger: the seal that somebody showed once still says so.
    shutil.copy(tmp_path / "yesterday", folder / "ledger.coldcheck")
    (folder / NEWEST).unlink()
    ok, said = kept()
    assert not ok
    assert "restored" in said
    shutil.rmtree(folder / SEEN)
    assert not kept()[0]


def test_nothing_that_signs_at_the_desk_writes_on_a_ledger_restored_from_yesterday(
    folder: Path, tmp_path: Path
) -> None:
    wanted = Wanted(production="Try", hub="hub.set", tls="demo", port=8443, rulebooks=(), drill=True)
    begin_production(tmp_path / "drill", wanted, CREW)
    tray = a.ContainerRegistered(container="c0123456789AB", label="Tray-1", kind=ContainerKind.TRAY, cells=6)
    goes_on(tmp_path / "drill", days=0, then=lambda hub: say_as_hub(hub, (tray,), at_hub(hub, folder).moment))
    signs: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (folder, lambda at: name_cosigner(at, officer=at / "officers" / "UPM.json", vkey=COSIGNER)),
        (tmp_path / "drill", lambda at: plan_drill(at, container="Tray-1", wrong=1, seed=1)),
    )
    for at, sign in signs:
        shutil.copy(at / "ledger.coldcheck", tmp_path / "yesterday")
        newest = note_of(at, days=2)
        assert started(at, newest) == ()
        whole = (at / "ledger.coldcheck").read_bytes()
        shutil.copy(tmp_path / "yesterday", at / "ledger.coldcheck")
        before = entries_in(at)
        with pytest.raises(OlderCopy):
            sign(at)
        # Nothing was signed, and what the hub remembers of itself was not written over.
        assert entries_in(at) == before
        assert (at / NEWEST).read_bytes() == newest
        (at / "ledger.coldcheck").write_bytes(whole)
        sign(at)
        assert started(at) == ()


def test_a_fork_is_kept_at_the_start_and_work_with_guns_stops(folder: Path) -> None:
    _settings, hub = open_production(folder)
    other = sign_checkpoint(Checkpoint(origin=hub.log_key.name, size=2, root=bytes(32)), hub.log_key)
    hub.store.close()
    (said,) = started(folder, other)
    assert "FORK" in said
    stops = goes_on(folder, days=0, then=lambda hub: len(hub.picture.open_stops))
    assert stops == 1
    # The evidence is kept beside the ledger too: the next start finds it again and enters nothing twice.
    before = entries_in(folder)
    started(folder)
    assert entries_in(folder) == before


def test_what_no_key_of_this_log_signed_starts_and_stops_nothing(folder: Path) -> None:
    name = goes_on(folder, days=0, then=lambda hub: hub.log_key.name)
    made_up = LogKey.from_seed(name=str(name), seed=SALT)
    with pytest.raises(Exception, match="signature"):
        started(folder, sign_checkpoint(Checkpoint(origin=str(name), size=900, root=bytes(32)), made_up))
    assert not (folder / SEEN).exists()
    later = LogKey.from_seed(name=str(name).replace("/e0", "/e7"), seed=SALT)
    with pytest.raises(FencedWriter, match="another writer"):
        started(folder, sign_checkpoint(Checkpoint(origin=later.name, size=900, root=bytes(32)), later))
    assert started(folder) == ()


def run(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(coldcheck, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_a_new_epoch_goes_on_where_a_restored_ledger_stands_and_proves_nothing(folder: Path, tmp_path: Path) -> None:
    goes_on(folder, days=0, then=lambda hub: say_as_hub(hub, (GUN,), at_hub(hub, folder).moment))
    shutil.copy(folder / "ledger.coldcheck", tmp_path / "yesterday")
    lost = note_of(folder, days=3)
    (tmp_path / "seal").write_bytes(lost)
    shutil.copy(tmp_path / "yesterday", folder / "ledger.coldcheck")
    (folder / NEWEST).unlink()
    told = json.loads(run("epoch", folder, "--seen", tmp_path / "seal", "--json"))
    assert (told["epoch"], told["given_up"]) == (1, 3)
    assert started(folder) == ()
    # Who saw what was given up is not told of a fork; the writer that was replaced and goes on is one.
    assert started(folder, lost) == ()
    goes_on(folder, days=6)
    assert started(folder) == ()
    card = goes_on(folder, days=0, then=lambda hub: card_of(hub.picture, GUN.gun, now=at_hub(hub, folder).now).kind)
    assert card == "loaded"
    report = verify_ledger(folder / "ledger.coldcheck", vkey=None)
    assert report.ok, report.first_bad
    assert report.vkey == told["vkey"]


def at_hub(hub: Hub, folder: Path) -> AtHub:
    return LiveHub(hub=hub, settings=read_settings(folder)).at_hub()


def test_a_restored_ledger_is_fed_from_another_copy_over_an_epoch_too(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "ledger.coldcheck", tmp_path / "yesterday")
    goes_on(folder, days=2)
    run("epoch", folder, "--reason", "replaced")
    newest = note_of(folder, days=2)
    shutil.copy(folder / "ledger.coldcheck", tmp_path / "copy")
    shutil.copy(tmp_path / "yesterday", folder / "ledger.coldcheck")
    with pytest.raises(FencedWriter):
        started(folder)
    told = json.loads(run("epoch", folder, "--feed", tmp_path / "copy", "--json"))
    assert told["fed"] == 5
    assert started(folder, newest) == ()
    assert verify_ledger(folder / "ledger.coldcheck", vkey=None).ok
    # Another production's ledger is no copy of this one.
    wanted = Wanted(production="Other", hub="hub.set", tls="demo", port=8443, rulebooks=())
    begin_production(tmp_path / "other", wanted, CREW)
    refused = CliRunner().invoke(
        coldcheck, ["epoch", str(folder), "--feed", str(tmp_path / "other" / "ledger.coldcheck")]
    )
    assert "not a whole copy" in str(refused.exception)


def test_a_folder_with_another_logs_keys_does_not_open(folder: Path) -> None:
    (folder / "keys" / "log.seed").write_text("11" * 32)
    with pytest.raises(BadProduction, match="another log's keys"):
        open_production(folder)
