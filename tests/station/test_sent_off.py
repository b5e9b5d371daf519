"""A freeze sends the checkpoint off the hub by itself, holds up nothing, and says in the record that it did."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.matter import files_of
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.live_hub import LiveHub
from coldcheck.station.production import Wanted, begin_production, open_production, read_crew, read_settings
from coldcheck.station.verify import verify_ledger

CREW = "label,name,roles,officer\nUPM,Greta Halvorsen,employer,yes\nCOORD,Piet Vanmeer,crew,yes\nARM,Lucan Farrow,armorer,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crew.csv").write_text(CREW, encoding="utf-8")
    wanted = Wanted(
        production="River Bend", hub="hub.set", tls="demo", port=8443, rulebooks=(), care="the medic's tent",
        send_to=(str(tmp_path / "stick"), str(tmp_path / "share")),
    )  # fmt: skip
    begin_production(tmp_path / "production", wanted, read_crew(tmp_path / "crew.csv"))
    return tmp_path


def ticked(live: LiveHub, *, until: int) -> tuple[a.CheckpointSentOff, ...]:
    for _ in range(200):
        live.tick()
        sent = tuple(filed.act for filed in files_of(live.hub.picture).sent_off)
        if len(sent) >= until:
            return sent
        time.sleep(0.02)
    raise AssertionError(until)


def test_settings_keep_the_folders_and_the_care_contact_and_an_older_file_has_none(folder: Path) -> None:
    settings = read_settings(folder / "production")
    assert settings.care == "the medic's tent"
    assert [Path(name).name for name in settings.send_to] == ["stick", "share"]
    file = folder / "production" / "hub.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith(("care", "send_to"))), encoding="utf-8")
    assert read_settings(folder / "production") == replace(settings, care="", send_to=())


def test_a_freeze_leaves_the_hub_and_a_stick_that_is_not_in_holds_up_nothing(folder: Path) -> None:
    (folder / "share").mkdir()
    settings, hub = open_production(folder / "production")
    live = LiveHub(hub=hub, settings=settings)
    live.send_off.again_s = 0.02
    live.tick()
    assert files_of(hub.picture).sent_off == ()
    frozen = say_as_hub(hub, (a.Frozen(cause="unintended_discharge"),), live.at_hub().moment)
    (first,) = ticked(live, until=1)
    assert (first.size, first.way) == (frozen.entry_index + 1, "file")
    (file,) = (folder / "share").iterdir()
    assert file.read_bytes() == hub.store.checkpoint(first.size)
    assert not (folder / "stick").exists()
    (folder / "stick").mkdir()
    assert len(ticked(live, until=2)) == 2
    assert [path.name for path in (folder / "stick").iterdir()] == [file.name]
    live.tick()
    assert len(files_of(hub.picture).sent_off) == 2
    hub.store.close()
    assert verify_ledger(folder / "production" / "ledger.coldcheck", vkey=None).ok
