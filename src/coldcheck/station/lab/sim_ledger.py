"""A simulated production as a real ledger: every recorded step an act, signed by its person and recorded by the hub.

What the origin analysis reads out of such a ledger must be what it reads out of the simulator's own rows, column for
column; twenty worlds are held to that by a test.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.origin_record import TESTED
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Id, PlaceClass, RoundKind
from coldcheck.custody.trace_events import EventKind
from coldcheck.station.lab.sim import (
    BOX_ROUNDS,
    BOXES,
    CHAMBERS,
    GUN,
    GUNS,
    PEOPLE,
    PERSON,
    STOCK,
    STOCK_ROUNDS,
    TRAY,
    TRAYS,
    VAULT,
    Step,
    World,
)
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger

FIRST_DAY: Final = datetime(2026, 1, 5, tzinfo=UTC)
DUMMIES: Final = "l000000000001"
LIVE: Final = "l000000000002"
FIND: Final = "r000000000001"
_PEOPLE: Final = "".join(
    f'person P{number} "Invented {number}" as {"armorer" if number < PEOPLE // 2 else "property_master"}\n'
    for number in range(PEOPLE)
)


def ledger_of(world: World, path: Path) -> Picture:
    """The picture of a new ledger at `path` that holds the world's recorded steps and the find."""
    scenario = parse_scenario(f'production "Simulated {world.seed}" hub sim-{world.seed}\n{_PEOPLE}', path="sim")
    store = create_ledger(path, meta={})
    try:
        player = Player(scenario, store)
        player.begin()
        people = {PERSON + n: player.names.id_of(f"P{n}", "p") for n in range(PEOPLE)}
        player.say("P0", _registered(), player.moment(_at(0)))
        for step in world.steps:
            act = _act_of(step, people)
            player.say(f"P{step.by - PERSON}", (act,), player.moment(_at(step.at)))
        place = world.read.things[world.find.chances[0][0]]
        found = a.RoundFound(
            round_id=FIND, label="Find-1", thing=thing_id(place), cell="", kind=RoundKind.LIVE, fired=False
        )
        player.say("P0", (found,), player.moment(_at(world.found_at)))
        return player.hub.picture
    finally:
        store.close()


def thing_id(thing: int) -> Id:
    """The id of a container, gun or place of the simulator's thing table."""
    letter = "g" if GUN <= thing < GUN + GUNS else "w" if thing == VAULT else "c"
    return f"{letter}{thing + 1:012d}"


def _at(minute: int) -> str:
    return (FIRST_DAY + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _registered() -> tuple[a.Act, ...]:
    """The vault, boxes, trays, guns, the live stock's box, and two lots."""
    boxes = tuple(
        a.ContainerRegistered(container=thing_id(thing), label=f"Thing-{thing}", kind=kind, cells=0)
        for kind, things in (
            (ContainerKind.BOX, range(BOXES)),
            (ContainerKind.TRAY, range(TRAY, TRAY + TRAYS)),
            (ContainerKind.BOX, (STOCK,)),
        )
        for thing in things
    )
    guns = tuple(
        a.GunRegistered(
            gun=thing_id(thing), label=f"Gun-{thing}", word_name=f"Word-{thing}", serial=f"S{thing}",
            action=ActionType.SINGLE_ACTION, calibre=".45", capability=Capability.W3, chambers=CHAMBERS, bores=1,
        )
        for thing in range(GUN, GUN + GUNS)
    )  # fmt: skip
    vault = a.PlaceRegistered(place=thing_id(VAULT), label="Vault", place_class=PlaceClass.STORE, parent="")
    lots = tuple(
        a.LotRegistered(lot=lot, label=lot, calibre=".45", kind=kind, count=count, tests=(), strong=(), parents=())
        for lot, kind, count in ((DUMMIES, RoundKind.DUMMY, BOX_ROUNDS), (LIVE, RoundKind.LIVE, STOCK_ROUNDS))
    )
    return (vault, *boxes, *guns, *lots)


def _act_of(step: Step, people: dict[int, Id]) -> a.Act:
    """The act by which the step's person says it."""
    thing = thing_id(step.item if step.item >= 0 else step.end)
    match step.kind:
        case EventKind.LOCKED:
            return a.Locked(item=thing, place=thing_id(step.end))
        case EventKind.HELD:
            assert step.end in people, "only people hold things in a simulated production"
            return a.PickedUp(item=thing)
        case EventKind.COUNTED:
            return a.Counted(thing=thing_id(step.end), count=step.count)
        case EventKind.FIRED:
            return a.GunMishap(gun=thing, mishap=a.Mishap.HAMMER_FELL)
        case EventKind.LOOKED if GUN <= step.item < GUN + GUNS:
            answers = (a.AnswerRow(position="bore", holds=a.Holds.CLEAR, ms=0),)
            return a.Answered(gun=thing, answers=answers)
        case EventKind.LOOKED:
            return a.RoundsSeen(thing=thing, rows=())
        case EventKind.PLACED:
            return _placing(step)
        case _:
            assert step.kind == TESTED, f"the simulator has no act for a row of kind {step.kind}"
            return a.RoundsTested(thing=thing, rows=(), tests=("rattle",), kind=RoundKind.DUMMY)


def _placing(step: Step) -> a.Act:
    """Rounds that came, went, were poured, or were loaded and unloaded one by one."""
    if step.start < 0:
        lot = LIVE if step.end == STOCK else DUMMIES
        return a.Received(lot=lot, container=thing_id(step.end), source="", cells=(), count=step.count)
    if step.end < 0:
        return a.Disposed(thing=thing_id(step.start), count=step.count, how="returned")
    start, end = thing_id(step.start), thing_id(step.end)
    if start[0] == "g" or end[0] == "g":
        other = end if start[0] == "g" else start
        rows = tuple(
            a.LoadRow(position=str(number % CHAMBERS + 1), round_id="", thing=other, cell="")
            for number in range(step.count)
        )
        return a.Unloaded(gun=start, rows=rows) if start[0] == "g" else a.Loaded(gun=end, rows=rows)
    return a.Poured(start=start, end=end, lot="", count=step.count)
