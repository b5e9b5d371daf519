"""The whole stack against a second, naive evaluator: HTTP in, a ledger on disk, the ledger replayed, every decision compared.

Promises: each act is signed, sent as a phone sends it, judged, appended to SQLite and applied; after each the verdict, the
call that stands on every gun and the guards that each claim lacks are compared with what `naive` says, and once more when
the closed ledger is read and replayed from entry 0. What is counted is comparisons of one such decision.

Does not do: sheets by two, time that runs out, rulebooks. Where a rule that is no kernel guard refuses a call, the naive
evaluator is told so; how often is counted.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

from coldcheck.custody import acts as a
from coldcheck.custody.kernel import Move
from coldcheck.custody.picture import Picture, standing_call
from coldcheck.custody.state import CALL_PARTS, apply
from coldcheck.custody.things import Id, Now, RoundKind
from coldcheck.proof.entry import read_entry
from coldcheck.proof.sealed import Sealed
from coldcheck.station.demo_hub import demo_keys_of, listen, web_thread
from coldcheck.station.door import AtHub, Door
from coldcheck.station.lab import naive
from coldcheck.station.lab.measured import Figures, workplace
from coldcheck.station.ledger_files import new_ledger
from coldcheck.station.play import Player
from coldcheck.station.record import Moment, acts_of, step_of
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.web.app import board_app
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes

ENTRIES_A_LEDGER: Final = 600
_PEOPLE: Final = ("ARM", "PM", "AD1", "LEAD", "EMP", "CREW")
_AT: Final = "2026-03-02T09:00:00Z"
_STEP_MS: Final = 20
_LIFTED: Final = 0.8
_HANDED: Final = 0.6
_PATIENCE_S: Final = 0.05
_FLOOR: Final = """production "Twice" hub twice-1
person ARM "Ada Byrne" as armorer
person PM "Fay Gold" as property_master
person AD1 "Bo Carr" as first_ad
person LEAD "Cy Dunn" as performer
person SUP "Di Ellis" as supplier
person EMP "Ed Frey" as employer
person CREW "Nell Oday" as crew
day 2026-03-02
08:00 ARM registers place Barn as set
08:00 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 2 chambers and 1 bores
08:00 ARM registers gun Prop-1 word Heron serial SN-2 replica .45 W0 with 0 chambers and 0 bores
08:01 ARM registers lot Lot-1: 2 .45 dummy, tests rattle, hole, strong hole
08:01 ARM registers lot Lot-2: 2 .45 blank, tests crimp
08:01 ARM registers tray Tray-1 with 4 cells
08:02 SUP delivers Lot-1 in Tray-1: 2 rounds to ARM
08:02 ARM receives Lot-1 from SUP in Tray-1/1-2
08:02 SUP delivers Lot-2 in Tray-1: 2 rounds to ARM
08:02 ARM receives Lot-2 from SUP in Tray-1/3-4
08:05 ARM goes on exclusive duty as armorer
08:05 ARM opens day 1
08:05 AD1 opens day 1
08:06 ARM counts Tray-1: 4
08:06 AD1 counts Tray-1: 4
08:09 ARM arrives at Barn
"""
_SCENES: Final = {call: f"S{number}" for number, call in enumerate(naive.CALLS, start=1)}
_TESTS: Final = {"dummy": ("rattle", "hole"), "blank": ("crimp",)}


@dataclass(slots=True)
class Tally:
    """What was compared. `differences` names the first few."""

    entries: int = 0
    decisions: int = 0
    granted: int = 0
    rules_only: int = 0
    ledgers: int = 0
    different: int = 0
    differences: tuple[str, ...] = ()

    def compare(self, what: str, ours: object, theirs: object) -> None:
        """One decision more; where the two differ, it is kept."""
        self.decisions += 1
        if ours != theirs:
            self.different += 1
            self.differences = (*self.differences[:9], f"{what}: the stack says {ours}, the naive evaluator {theirs}")


def soak_stack(*, decisions: int, seed: int = 0, said: Callable[[Tally], None] | None = None) -> Figures:
    """The counts of as many ledgers as `decisions` comparisons take; `said` hears of each ledger."""
    tally = Tally()
    with workplace() as folder:
        while tally.decisions < decisions:
            _one_ledger(folder / f"{tally.ledgers}.ledger", Random(seed + tally.ledgers), tally, most=decisions)
            tally.ledgers += 1
            if said is not None:
                said(tally)
    return {
        "decisions": tally.decisions, "acts": tally.entries, "ledgers": tally.ledgers, "calls_granted": tally.granted,
        "refused_by_rules_only": tally.rules_only, "decided_otherwise": tally.different,
        "first_bad": tally.differences[0] if tally.differences else None,
    }  # fmt: skip


def _one_ledger(path: Path, random: Random, tally: Tally, *, most: int) -> None:
    """One floor played over HTTP into a new ledger, then the ledger read and replayed; both beside the naive one."""
    scenario = parse_scenario(_FLOOR, path="floor")
    store = new_ledger(path, scenario)
    player = Player(scenario, store)
    player.play()
    _plan(player)
    begin = player.hub.picture.size
    floor = _Floor(player)
    side, deeds = floor.naive(), floor.deeds(random)
    # Half of what is still wanted is compared here, the other half when it is replayed.
    wanted = tally.decisions + (most - tally.decisions) // 2

    def phones(wire: Wire) -> None:
        while player.hub.picture.size - begin < ENTRIES_A_LEDGER and tally.decisions < wanted:
            label, act = next(deeds)
            said = wire.send(label, act)
            _compare(tally, side, player.hub.picture, number=said["entry"], by=floor.person[label], act=act, said=said)
            if isinstance(act, a.Stopped):
                floor.stops.append(said["entry"])
            tally.entries += 1
            tally.granted += said["verdict"] == "granted"

    serve_while(player, phones)
    store.close()
    _replay(path, floor, begin, tally)
    path.unlink()


def _plan(player: Player) -> None:
    """A scene for each call, met and assessed by everybody."""
    guns = {call: player.names.id_of("Prop-1" if call == naive.INERT else "Colt-1", "g") for call in naive.CALLS}
    person = {label: player.names.id_of(label, "p") for label in _PEOPLE}
    for call, scene in _SCENES.items():
        plan = a.ScenePlanned(
            scene=scene, activity=a.Activity.REHEARSAL, place=player.names.id_of("Barn", "w"), guns=(guns[call],),
            call=a.CallWord(call), performer=person["LEAD"], line=(),
        )  # fmt: skip
        now = player.moment("2026-03-02T08:10:00Z")
        player.say("AD1", (plan, a.MeetingHeld(scene=scene), a.Assessed(scene=scene)), now)
        for label in ("ARM", "PM", "LEAD"):
            player.say(label, (a.Attended(scene=scene),), now)


def _compare(
    tally: Tally, side: naive.Naive, picture: Picture, *, number: int, by: Id, act: a.Act, said: dict[str, Any]
) -> None:
    """Every decision after one entry: its verdict, the guards its claim lacked, what stands, and what could be claimed."""
    guards = frozenset(str(one["what"]) for one in said["findings"]) & _GUARDS
    others = said["verdict"] == "refused" and not guards
    form = a.plain(act)
    assert isinstance(form, dict)
    verdict, lacked = side.take_in(number, by, form, rules_refuse=others)
    if others:
        tally.rules_only += isinstance(act, CALL_PARTS)
    where = f"entry {number}, {form['act']}"
    tally.compare(f"{where}, verdict", said["verdict"], verdict)
    if isinstance(act, CALL_PARTS):
        tally.compare(f"{where}, guards", sorted(guards), sorted(lacked))
    for gun, known in side.guns.items():
        call = standing_call(picture, gun, picture.now)
        tally.compare(f"{where}, call", call.call.value if call is not None else naive.NONE, known.call)
        for caller in side.roles:
            for claim, move in _claims(gun, caller):
                ours = sorted(guard for _, guard in picture.kernel.missing(move))
                tally.compare(f"{where}, {claim}", ours, sorted(side.lacks(gun, claim, caller)))


def _claims(gun: Id, caller: Id) -> Iterator[tuple[str, Move]]:
    yield naive.COLD_EMPTY, Move(row="call_empty", gun=gun, signer=caller)
    yield naive.COLD_DUMMY, Move(row="call_loaded", gun=gun, signer=caller, value="dummy")
    yield naive.HOT_BLANK, Move(row="call_loaded", gun=gun, signer=caller, value="blank")
    yield naive.INERT, Move(row="call_inert", gun=gun, signer=caller)


_GUARDS: Final = frozenset(
    {
        "no_open_stop", "caller_has_gun", "caller_is_handler", "two_people", "answered_twice", "cannot_hold_a_cartridge",
        "three_people", "witness_has_role", "one_witness_for_all", "bore_clear", "witness_in_sight", "witness_saw_all",
        "receiver_saw_all", "chambers_empty", "holds_a_round", "rounds_proven_of_kind",
    }
)  # fmt: skip


def _replay(path: Path, floor: "_Floor", begin: int, tally: Tally) -> None:
    """The ledger as it lies on the disk, entry by entry into a new picture, beside a new naive floor."""
    store, picture, side = read_ledger(path), Picture(), floor.naive()
    for number, data in enumerate(store.entries(0)):
        entry = read_entry(data)
        apply(picture, step_of(number, entry))
        if number < begin:
            continue
        by, acts = str(entry.author["by"]), acts_of(entry.author)
        said: dict[str, Any] = {"verdict": entry.receipt["verdict"], "findings": entry.receipt["findings"]}
        _compare(tally, side, picture, number=number, by=by, act=acts[0], said=said)
    store.close()


# --- over the wire -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Wire:
    """A phone's side of one connection; it keeps what each key signed last, as a phone does."""

    connection: HTTPConnection
    player: Player

    def send(self, label: str, act: a.Act) -> dict[str, Any]:
        """The hub's answer to one act of `label`, its findings as in a receipt."""
        act = self._with_words(act)
        signed = self.player.sign(label, (act,), self.player.moment(_AT))
        line = signed.signature
        body = {
            "line1": signed.line1.decode(),
            "signature": {"name": line.name, "key_id": line.key_id.hex(), "signature": b64encode(line.signature).decode()},
            "openings": [
                {"commitment": name, "salt": one.salt.hex(), "field": one.field, "value": one.value}
                for name, one in signed.openings
            ],
            "delivered": "live",
        }  # fmt: skip
        self.connection.request("POST", "/api/set/entries", json.dumps(body), {"Content-Type": "application/json"})
        with self.connection.getresponse() as reply:
            said: dict[str, Any] = json.loads(reply.read())
            assert reply.status == 200, said  # noqa: PLR2004  # the one good answer
        return {**said, "findings": [one["params"] for one in said["findings"]]}

    def _with_words(self, act: a.Act) -> a.Act:
        """The act with words of its own sealed in it, where it has any."""
        match act:
            case a.Stopped():
                return replace(act, remark=self.player.names.seal("remark", "rain"))
            case a.StopLifted():
                return replace(act, cause=self.player.names.seal("cause", "dry"))
            case _:
                return act


def serve_while(player: Player, client: Callable[[Wire], None]) -> None:
    """Nothing; `client` has talked to the hub of `player` over real HTTP, and this thread alone has written.

    Raises what the client raised.
    """
    push, door, listening = Push(), Door(), listen("localhost", 0)
    app = board_app(push, door, more=set_routes(push, door, demo_keys_of(player)))
    boot, began_ms = player.hub.picture.now.boot, player.hub.picture.now.mono_ms
    ticks = count(began_ms, _STEP_MS)

    def at_hub() -> AtHub:
        mono_ms = next(ticks)
        moment = Moment(boot=boot, mono_ms=mono_ms, at=_AT)
        return AtHub(hub=player.hub, now=Now(boot=boot, mono_ms=mono_ms), moment=moment)

    connection = HTTPConnection("localhost", listening.getsockname()[1], timeout=30)
    with web_thread(app, push, listening), ThreadPoolExecutor(max_workers=1) as phones:
        done = phones.submit(client, Wire(connection=connection, player=player))
        while not done.done():
            door.answer_all(at_hub)
            door.wait(_PATIENCE_S)
        connection.close()
    done.result()


# --- what is done --------------------------------------------------------------------------------------------------


class _Floor:
    """Who and what there is, the naive floor at its beginning, and days that mostly go right."""

    def __init__(self, player: Player) -> None:
        picture = player.hub.picture
        self.person = {label: player.names.id_of(label, "p") for label in (*_PEOPLE, "SUP")}
        self.colt, self.prop = (player.names.id_of(label, "g") for label in ("Colt-1", "Prop-1"))
        self.tray, self.barn = player.names.id_of("Tray-1", "c"), player.names.id_of("Barn", "w")
        cells = {cell: picture.lying[self.tray, cell] for cell in ("1", "2", "3", "4")}
        self.rounds = {"dummy": (cells["1"], cells["2"]), "blank": (cells["3"], cells["4"])}
        self.cells = {round_id: cell for cell, round_id in cells.items()}
        self.stops: list[int] = []
        self.roles = {who: min(picture.persons[who].roles).value for who in self.person.values()}

    def naive(self) -> naive.Naive:
        """The floor as it is before the first deed."""
        arm = self.person["ARM"]
        rounds = {
            one: naive.Round(said=kind, tests=frozenset(_TESTS[kind]), held_by=arm)
            for kind, both in self.rounds.items()
            for one in both
        }
        guns = {
            self.colt: naive.Gun(chambers=("1", "2"), bores=("bore",), others=()),
            self.prop: naive.Gun(chambers=(), bores=(), others=("capability",)),
        }
        return naive.Naive(guns=guns, rounds=rounds, roles=dict(self.roles), hands={self.tray: arm})

    def deeds(self, random: Random) -> Iterator[tuple[str, a.Act]]:
        """Procedures without end, some with steps left out, doubled or by another, and single acts between."""
        while True:
            for stop in self.stops if random.random() < _LIFTED else ():
                for label in random.sample(("ARM", "AD1", "EMP"), 3):
                    yield label, a.StopLifted(stop=stop, cause=_NO_WORDS)
                self.stops = [one for one in self.stops if one != stop]
            noise = random.choice((0.0, 0.02, 0.1, 0.3))
            for label, act in self._procedure(random):
                chance = random.random()
                if chance < noise / 3:
                    continue
                yield (random.choice(_PEOPLE), act) if chance < noise / 2 else (label, act)
                if chance > 1 - noise / 2:
                    yield random.choice(_PEOPLE), self._anything(random)

    def _procedure(self, random: Random) -> Iterator[tuple[str, a.Act]]:
        call = random.choice(naive.CALLS)
        gun = self.prop if call == naive.INERT else self.colt
        second = random.choice(("AD1", "AD1", "PM"))
        kind = {naive.COLD_DUMMY: "dummy", naive.HOT_BLANK: "blank"}.get(call, "")
        rounds = self.rounds[kind][: random.choice((1, 2))] if kind else ()
        yield from self._prepared(gun, second, kind, rounds)
        yield from self._called(gun, call, kind, len(rounds))
        if random.random() < _HANDED:
            yield "ARM", a.HandedOver(item=gun, to=self.person["LEAD"])
            yield "LEAD", a.Taken(item=gun, giver=self.person["ARM"])
            yield "LEAD", a.HandedOver(item=gun, to=self.person["ARM"])
            yield "ARM", a.Taken(item=gun, giver=self.person["LEAD"])
        for at, one in enumerate(rounds, start=1):
            row = a.LoadRow(position=str(at), round_id=one, thing=self.tray, cell=self.cells[one])
            yield "ARM", a.Unloaded(gun=gun, rows=(row,))
            yield second, a.Answered(gun=gun, answers=(_answer(str(at), a.Holds.EMPTY),))

    def _prepared(self, gun: Id, second: str, kind: str, rounds: tuple[Id, ...]) -> Iterator[tuple[str, a.Act]]:
        names = ("capability",) if gun == self.prop else ("1", "2", "bore")
        empty = tuple(_answer(name, _nothing_in(name)) for name in names)
        yield "ARM", a.PickedUp(item=gun)
        yield "ARM", a.Cleared(gun=gun, answers=empty)
        yield second, a.Answered(gun=gun, answers=empty)
        if not rounds:
            return
        cells = tuple(a.CellRow(cell=self.cells[one], round_id=one) for one in rounds)
        tested = a.RoundsTested(thing=self.tray, rows=cells, tests=_TESTS[kind], kind=RoundKind(kind))
        yield "ARM", tested
        yield second, tested
        rows = tuple(
            a.LoadRow(position=str(at), round_id=one, thing=self.tray, cell=self.cells[one])
            for at, one in enumerate(rounds, start=1)
        )
        yield "ARM", a.Loaded(gun=gun, rows=rows)
        yield second, a.Answered(gun=gun, answers=tuple(_answer(row.position, a.Holds(kind)) for row in rows))

    def _called(self, gun: Id, call: str, kind: str, count: int) -> Iterator[tuple[str, a.Act]]:
        names = ("capability",) if gun == self.prop else ("1", "2")
        seen = tuple(
            _answer(name, a.Holds(kind) if number < count else _nothing_in(name)) for number, name in enumerate(names)
        )
        yield "ARM", a.Showed(gun=gun, to=self.person["LEAD"], positions=names)
        yield "LEAD", a.Seen(gun=gun, answers=seen)
        yield "ARM", a.ShowClosed(gun=gun, to=self.person["LEAD"])
        word = a.CallWord(call)
        yield "ARM", a.Called(gun=gun, tag=gun, call=word, count=count, powder="", scene=_SCENES[call])
        yield "AD1", a.Announced(gun=gun, call=word, count=count, powder="")
        if word is a.CallWord.COLD_EMPTY:
            yield "ARM", a.SealApplied(container=self.tray, seal="S-1")
        yield "LEAD", a.Acknowledged(gun=gun, call=word, count=count, powder="")

    def _anything(self, random: Random) -> a.Act:
        """One act of a kind that both know, about anything there is."""
        gun, who = random.choice((self.colt, self.colt, self.prop)), self.person[random.choice(_PEOPLE)]
        at = random.choice(("1", "2", "bore") if gun == self.colt else ("capability",))
        kind = random.choice(("dummy", "blank"))
        one = random.choice(self.rounds[kind])
        row = a.LoadRow(position=at, round_id=one, thing=self.tray, cell=self.cells[one])
        answer = (
            _answer(at, random.choice((a.Holds.EMPTY, a.Holds.INERT, a.Holds.DUMMY, a.Holds.BLANK, a.Holds.ROUND))),
        )
        return random.choice(
            (
                a.PickedUp(item=gun), a.PutDown(item=gun, place=self.barn), a.Locked(item=gun, place=self.barn),
                a.HandedOver(item=gun, to=who), a.Taken(item=gun, giver=who), a.Cleared(gun=gun, answers=answer),
                a.Answered(gun=gun, answers=answer), a.Seen(gun=gun, answers=answer), a.Loaded(gun=gun, rows=(row,)),
                a.Unloaded(gun=gun, rows=(row,)), a.Showed(gun=gun, to=who, positions=(at,)),
                a.ShowClosed(gun=gun, to=who), a.SightLost(gun=gun), a.GunMishap(gun=gun, mishap=a.Mishap.DROPPED),
                a.RoundsTested(
                    thing=self.tray, rows=(a.CellRow(cell=self.cells[one], round_id=one),),
                    tests=random.choice((("rattle",), _TESTS["dummy"], _TESTS["blank"])), kind=RoundKind(kind),
                ),
                a.Stopped(reason="rain", remark=_NO_WORDS),
                self._reported(random.choice((a.PutDown(item=gun, place=self.barn), a.SightLost(gun=gun)))),
            )
        )  # fmt: skip

    def _reported(self, told: a.OwnAct) -> a.Reported:
        return a.Reported(
            row="E1",
            account="",
            sources=("S1",),
            grade=a.Grade.PRESS,
            when=a.Interval(start="", end=""),
            who="",
            told=told,
        )


_NO_WORDS: Final = Sealed(commitment="0" * 64)


def _nothing_in(position: str) -> a.Holds:
    return a.Holds.INERT if position == "capability" else a.Holds.EMPTY


def _answer(position: str, holds: a.Holds) -> a.AnswerRow:
    return a.AnswerRow(position=position, holds=holds, ms=0)
