"""A drill: wrong rounds that nobody can choose afterwards, and a score of the procedure that names no person."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from board_days import NAMES, played_day
from coldcheck.custody import acts as a
from coldcheck.custody.things import ContainerKind, Role
from coldcheck.proof.sealed import BadOpening
from coldcheck.station.cli import coldcheck
from coldcheck.station.drill import NoDrill, Plan, Score, chosen_cells, plan_drill, score_drill, score_lines, score_of
from coldcheck.station.hub_says import new_id, say_as_hub
from coldcheck.station.live_hub import LiveHub
from coldcheck.station.play import Player
from coldcheck.station.production import (
    BadProduction,
    CrewLine,
    Wanted,
    begin_production,
    open_production,
    read_settings,
)

WANTED = Wanted(production="River Bend", hub="hub.set", tls="demo", port=8443, rulebooks=(), drill=True)
CREW = (
    CrewLine(label="UPM", name="Greta Halvorsen", roles=(Role.EMPLOYER,), officer=True),
    CrewLine(label="COORD", name="Piet Vanmeer", roles=(Role.CREW,), officer=True),
    CrewLine(label="ARM", name="Lucan Farrow", roles=(Role.ARMORER,), officer=False),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drill"
    begin_production(folder, WANTED, CREW)
    settings, hub = open_production(folder)
    tray = a.ContainerRegistered(container=new_id("c"), label="Tray-1", kind=ContainerKind.TRAY, cells=12)
    say_as_hub(hub, (tray,), LiveHub(hub=hub, settings=settings).at_hub().moment)
    hub.store.close()
    return folder


def day_with(tmp_path: Path, after: str) -> tuple[Player, int]:
    """A day with a tray of dummies in Tray-2 whose rounds were tested and loaded, then `after`."""
    player, store = played_day(tmp_path, count=2, after=after)
    store.close()
    return player, player.hub.picture.size


def plan_of(player: Player, *cells: str, entry: int = 0) -> Plan:
    return Plan(thing=player.names.id_of("Tray-2", "c"), cells=cells, seed=1, entry=entry, salt="00" * 32)


def test_a_seed_chooses_the_same_cells_again() -> None:
    assert chosen_cells(12, wrong=3, seed=7) == chosen_cells(12, wrong=3, seed=7)
    assert len({chosen_cells(12, wrong=3, seed=seed) for seed in range(40)}) > 20
    with pytest.raises(NoDrill, match="choose from 1 to 12"):
        chosen_cells(12, wrong=13, seed=1)


def test_the_plan_is_sealed_before_and_cannot_be_changed_after(folder: Path) -> None:
    made = plan_drill(folder, container="Tray-1", wrong=2, seed=7)
    again, score = score_drill(folder)
    assert (again, score.untested) == (made, made.cells)
    _, hub = open_production(folder)
    assert made.salt.encode() not in hub.store.entry(made.entry)
    assert json.dumps(list(made.cells)).encode() not in hub.store.entry(made.entry)
    hub.store.close()
    changed = json.loads((folder / "drill.json").read_text())
    (folder / "drill.json").write_text(json.dumps({**changed, "cells": ["1", "2"]}))
    with pytest.raises(BadOpening):
        score_drill(folder)


def test_a_production_that_is_no_drill_is_refused(tmp_path: Path, folder: Path) -> None:
    real = tmp_path / "real"
    begin_production(real, Wanted(production="River Bend", hub="hub.set", tls="demo", port=8443, rulebooks=()), CREW)
    with pytest.raises(NoDrill, match="is a production and no drill"):
        plan_drill(real, container="Tray-1", wrong=1, seed=1)
    with pytest.raises(NoDrill):
        score_drill(real)
    plan_drill(folder, container="Tray-1", wrong=1, seed=1)
    with pytest.raises(NoDrill, match="was planned"):
        plan_drill(folder, container="Tray-1", wrong=1, seed=1)


def test_a_line_in_the_settings_makes_no_drill_of_a_production_and_no_production_of_a_drill(
    tmp_path: Path, folder: Path
) -> None:
    real = tmp_path / "real"
    begin_production(real, replace(WANTED, drill=False), CREW)
    for path, was, said in ((real, "false", "is no drill's"), (folder, "true", "is a drill's")):
        copy = tmp_path / was
        copytree(path, copy)
        text, other = (copy / "hub.toml").read_text(), "true" if was == "false" else "false"
        (copy / "hub.toml").write_text(text.replace(f"drill = {was}", f"drill = {other}"))
        before = sha256((copy / "ledger.coldcheck").read_bytes()).digest()
        for work in (read_settings, open_production, lambda at: plan_drill(at, container="Tray-1", wrong=1, seed=1)):
            with pytest.raises(BadProduction, match=said):
                work(copy)
        # Nor does it help to give a log another name beside it.
        renamed = (
            text.replace('log = "drill-', 'log = "') if was == "true" else text.replace('log = "', 'log = "drill-')
        )
        (copy / "hub.toml").write_text(renamed.replace(f"drill = {was}", f"drill = {other}"))
        with pytest.raises(BadProduction):
            open_production(copy)
        assert sha256((copy / "ledger.coldcheck").read_bytes()).digest() == before
    with pytest.raises(BadProduction, match="begins as a drill's log does"):
        begin_production(tmp_path / "named", replace(WANTED, drill=False, hub="drill-hub.set"), CREW)


def test_a_wrong_round_that_was_tested_as_a_dummy_and_called_is_told(tmp_path: Path) -> None:
    player, _ = day_with(tmp_path, "")
    score = score_of(player.hub.picture, plan_of(player, "2", "5"))
    assert score == Score(
        wrong=2, found=(), passed=("2", "5"), untested=(), found_before_loading=0, calls_over_a_wrong_round=1,
        calls_refused=0, stopped=False,
    )  # fmt: skip


def test_a_wrong_round_that_was_found_in_time_is_told_too(tmp_path: Path) -> None:
    player, _ = day_with(tmp_path, "13:58 ARM tests Tray-2/1 by rattle: live\n")
    score = score_of(player.hub.picture, plan_of(player, "1"))
    assert (score.found, score.stopped) == (("1",), True)
    # It was loaded before: found, but late.
    assert score.found_before_loading == 0


def test_what_was_before_the_plan_does_not_count(tmp_path: Path) -> None:
    player, size = day_with(tmp_path, "")
    score = score_of(player.hub.picture, plan_of(player, "2", entry=size))
    assert (score.untested, score.calls_over_a_wrong_round) == (("2",), 0)


def test_the_score_speaks_of_the_procedure_and_of_no_person(tmp_path: Path) -> None:
    player, _ = day_with(tmp_path, "")
    said = " ".join(score_lines(score_of(player.hub.picture, plan_of(player, "2", "5", "7"))))
    assert "0 of 3 wrong rounds found" in said
    assert "1 calls were granted over a wrong round." in said
    for word in ("armorer", "ARM", "AD1", *(name.split()[1] for name in NAMES)):
        assert word not in said


def test_the_commands_say_drill(folder: Path) -> None:
    made = CliRunner().invoke(coldcheck, ["drill", "plan", str(folder), "--tray", "Tray-1", "--seed", "7"])
    assert made.exit_code == 0, made.output
    assert made.output.startswith("DRILL: put wrong rounds into cells")
    scored = CliRunner().invoke(coldcheck, ["drill", "score", str(folder)])
    assert scored.output.startswith("DRILL: 0 of 2 wrong rounds found")
    assert json.loads(CliRunner().invoke(coldcheck, ["drill", "score", str(folder), "--json"]).output)["wrong"] == 2
