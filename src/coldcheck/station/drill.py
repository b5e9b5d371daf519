"""A drill's wrong rounds and how the procedure fared: which were found, which passed, and whether a call was made over one.

A seed chooses the cells; what it chose is sealed in the drill's own log before anybody opens the tray, so that nobody can
choose afterwards. The score is about the procedure: it names cells, tests and calls, and no person. Only a drill's
folder is touched; a production's is refused.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, RoundKind
from coldcheck.proof.encoding import from_hex
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Opening, Sealed, seal, verify_opening
from coldcheck.station.asked_first import keep_newest, verify_start
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.ledger_files import picture_of
from coldcheck.station.live_hub import LiveHub
from coldcheck.station.production import open_production, read_settings
from coldcheck.station.things_by_name import item_of

PLAN: Final = "drill.json"


class NoDrill(ColdcheckError):
    """This is no drill, or nothing was planned for it. Begin one with coldcheck init --drill, then plan its wrong rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the wrong rounds lie: cells of one container; `entry` is where the hub sealed it."""

    thing: Id
    cells: tuple[str, ...]
    seed: int
    entry: int
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How the procedure fared. Every wrong round is found, passed (tested as what it is not) or untested."""

    wrong: int
    found: tuple[str, ...]
    passed: tuple[str, ...]
    untested: tuple[str, ...]
    found_before_loading: int
    calls_over_a_wrong_round: int
    calls_refused: int
    stopped: bool


def plan_drill(folder: Path, *, container: str, wrong: int, seed: int) -> Plan:
    """The plan, sealed in the drill's log and kept in its folder. Raises NoDrill, UnknownItem, LedgerInUse."""
    if not read_settings(folder).drill:
        raise NoDrill(f"{folder} is a production and no drill; wrong rounds are planned in a drill's own folder.")
    if (folder / PLAN).exists():
        raise NoDrill(
            f"{folder / PLAN} is there: this drill was planned. Score it, then begin another with init --drill."
        )
    settings, hub = open_production(folder)
    try:
        thing = item_of(hub.picture, container, letters="c")
        cells = chosen_cells(hub.picture.containers[thing].cells, wrong=wrong, seed=seed)
        salt = secrets.token_bytes(32)
        sealed, opening = seal(salt=salt, field="drill", value=_words(thing, cells, seed))
        moment = LiveHub(hub=hub, settings=settings).at_hub().moment
        verify_start(hub, folder, shown=(), now=moment, salt=secrets.token_bytes(32))
        reply = say_as_hub(hub, (a.Remarked(remark=sealed),), moment, openings=((sealed.commitment, opening),))
        keep_newest(folder, reply.checkpoint)
    finally:
        hub.store.close()
    plan = Plan(thing=thing, cells=cells, seed=seed, entry=reply.entry_index, salt=salt.hex())
    handle = os.open(folder / PLAN, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(plan), indent=2) + "\n")
    return plan


def chosen_cells(count: int, *, wrong: int, seed: int) -> tuple[str, ...]:
    """The cells a seed chooses, always the same. Raises NoDrill when there are not as many."""
    if not 0 < wrong <= count:
        raise NoDrill(f"This container has {count} cells; choose from 1 to {count} wrong rounds.")
    return tuple(str(cell) for cell in sorted(Random(seed).sample(range(1, count + 1), wrong)))  # noqa: S311  # a lottery, no secret


def _words(thing: Id, cells: tuple[str, ...], seed: int) -> str:
    return json.dumps({"thing": thing, "cells": list(cells), "seed": seed}, sort_keys=True)


def score_drill(folder: Path) -> tuple[Plan, Score]:
    """The plan as it was sealed, and how the procedure fared by the drill's log. Raises NoDrill or BadOpening."""
    if not read_settings(folder).drill or not (folder / PLAN).exists():
        raise NoDrill(f"{folder} is no drill with a plan; begin one with init --drill and plan its wrong rounds.")
    read = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    plan = Plan(**{**read, "cells": tuple(read["cells"])})
    picture, store = picture_of(folder / "ledger.coldcheck")
    store.close()
    verify_opening(_sealed_at(picture, plan.entry), Opening(salt=from_hex(plan.salt, size_bytes=32), field="drill", value=_words(plan.thing, plan.cells, plan.seed)))  # fmt: skip
    return plan, score_of(picture, plan)


def _sealed_at(picture: Picture, entry: int) -> Sealed:
    said = next((done.act for done in picture.journal if done.entry_index == entry), None)
    if not isinstance(said, a.Remarked):
        raise NoDrill(f"Entry {entry} of this log seals no plan; the plan beside it is of another drill.")
    return said.remark


def score_of(picture: Picture, plan: Plan) -> Score:
    """How the procedure fared after the plan was sealed, from what was signed alone."""
    found: dict[str, int] = {}
    passed: dict[str, int] = {}
    loaded: dict[str, int] = {}
    over: dict[Id, int] = {}
    calls_over = refused = 0
    for done in picture.journal:
        if done.entry_index <= plan.entry:
            continue
        for cell in _found_in(done.act, plan):
            found.setdefault(cell, done.entry_index)
        for cell in _passed_in(done.act, plan):
            passed.setdefault(cell, done.entry_index)
        if isinstance(done.act, a.Loaded):
            for row in done.act.rows:
                if row.thing == plan.thing and row.cell in plan.cells:
                    loaded.setdefault(row.cell, done.entry_index)
                    over[done.act.gun] = done.entry_index
        if isinstance(done.act, a.Called | a.Announced | a.Acknowledged):
            calls_over += done.verdict == "granted" and done.act.gun in over
            refused += done.verdict == "refused"
    return Score(
        wrong=len(plan.cells),
        found=tuple(cell for cell in plan.cells if cell in found),
        passed=tuple(cell for cell in plan.cells if cell in passed and cell not in found),
        untested=tuple(cell for cell in plan.cells if cell not in found and cell not in passed),
        found_before_loading=sum(1 for cell, entry in found.items() if entry < loaded.get(cell, entry + 1)),
        calls_over_a_wrong_round=calls_over,
        calls_refused=refused,
        stopped=any(number > plan.entry for number in picture.stops),
    )


_WRONG: Final = frozenset({RoundKind.LIVE, RoundKind.UNKNOWN})


def _found_in(act: a.Act, plan: Plan) -> tuple[str, ...]:
    """The planned cells that this act says hold a wrong round."""
    match act:
        case a.RoundsTested(thing=thing, rows=rows, kind=kind) if thing == plan.thing and kind in _WRONG:
            return tuple(row.cell for row in rows if row.cell in plan.cells)
        case a.RoundFound(thing=thing, cell=cell, kind=kind) if thing == plan.thing and kind in _WRONG:
            return (cell,) if cell in plan.cells else ()
        case _:
            return ()


def _passed_in(act: a.Act, plan: Plan) -> tuple[str, ...]:
    if isinstance(act, a.RoundsTested) and act.thing == plan.thing and act.kind not in _WRONG:
        return tuple(row.cell for row in act.rows if row.cell in plan.cells)
    return ()


def score_lines(score: Score) -> tuple[str, ...]:
    """The score in words: the procedure, and no person."""
    out = [
        f"{len(score.found)} of {score.wrong} wrong rounds found, {score.found_before_loading} before anything was loaded."
    ]
    if score.passed:
        out.append(
            f"Passed as what they are not: cells {', '.join(score.passed)}. Every test of the lot, on each round, by two."
        )
    if score.untested:
        out.append(
            f"Never tested: cells {', '.join(score.untested)}. Each round of a tray is tested before one is loaded."
        )
    if score.calls_over_a_wrong_round:
        out.append(f"{score.calls_over_a_wrong_round} calls were granted over a wrong round.")
    if score.found and not score.stopped:
        out.append("A wrong round was found and nothing was stopped.")
    out.append(f"{score.calls_refused} calls were refused by the record.")
    return tuple(out)
