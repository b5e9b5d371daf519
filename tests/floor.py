"""A small production in memory, judged and applied without signatures: people, things, and the ways to prove a gun.

A history is a list of `Deed`s that does not look at the picture, so that the same one can be told again with something
put in. Entry numbers inside acts (a stop to lift, an entry to dispute) are those of the history they stand in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from importlib import resources
from random import Random
from typing import Any, Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import (
    ActionType,
    Capability,
    ContainerKind,
    Id,
    Now,
    PlaceClass,
    Role,
    RoundKind,
)
from coldcheck.custody.views import Card, board_of
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.sealed import Sealed
from random_acts import AnyAct

SEALED: Final = Sealed(commitment="0" * 64)


def named(letter: str, label: str) -> Id:
    """The id of a label of this production."""
    return opaque_id(letter, sha256(label.encode()).digest())


ARM, PM, AD1, LEAD, SUP, EMP, CREW, HUB = (
    named("p", label) for label in ("ARM", "PM", "AD1", "LEAD", "SUP", "EMP", "CREW", "HUB")
)
ROLES: Final = {
    ARM: Role.ARMORER, PM: Role.PROPERTY_MASTER, AD1: Role.FIRST_AD, LEAD: Role.PERFORMER, SUP: Role.SUPPLIER,
    EMP: Role.EMPLOYER, CREW: Role.CREW,
}  # fmt: skip
COLT, TWIN, PROP = (named("g", label) for label in ("Colt", "Twin", "Prop"))
TRAY, BAG, VAULT = (named("c", label) for label in ("Tray", "Bag", "Vault"))
BARN, TRUCK = (named("w", label) for label in ("Barn", "Truck"))
DUMMIES, BLANKS = (named("l", label) for label in ("Dummies", "Blanks"))
D = tuple(named("r", f"D{number}") for number in range(1, 5))
B = tuple(named("r", f"B{number}") for number in range(1, 5))
LOOSE = named("r", "Loose")
IDS: Final = {
    "g": (COLT, TWIN, PROP), "c": (TRAY, BAG, VAULT), "w": (BARN, TRUCK), "l": (DUMMIES, BLANKS),
    "r": (*D, *B, LOOSE), "p": tuple(ROLES), "k": (),
}  # fmt: skip
POSITIONS: Final = {COLT: ("1", "2", "bore"), TWIN: ("1", "2", "bore1", "bore2"), PROP: ("capability",)}
SCENES: Final = {
    (COLT, a.CallWord.COLD_EMPTY): "S1", (COLT, a.CallWord.COLD_DUMMY): "S2", (COLT, a.CallWord.HOT_BLANK): "S3",
    (TWIN, a.CallWord.COLD_EMPTY): "S4", (PROP, a.CallWord.INERT): "S5",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry to come: who signs what, how long after the one before, and whether the hub boots anew before it."""

    by: Id
    acts: tuple[a.Act, ...]
    wait_ms: int = 1000
    boots: bool = False


def deed(by: Id, *acts: a.Act, wait_ms: int = 1000) -> Deed:
    return Deed(by=by, acts=acts, wait_ms=wait_ms)


class Stage:
    """The picture and the steps that made it."""

    def __init__(self) -> None:
        self.picture = Picture()
        self.steps: list[Step] = []
        self.boot, self.mono_ms = 0, 0

    @property
    def now(self) -> Now:
        return Now(boot=f"boot{self.boot}", mono_ms=self.mono_ms)

    def do(self, told: Deed, *, seen_size: int | None = None, key: Id = "") -> Step:
        """The step that `told` became, judged and applied. `seen_size`: what the signer's device knew of, else all.

        `key`: another device of his than the one he signs with otherwise.
        """
        seen_size = self.picture.size if seen_size is None else seen_size
        self.boot, self.mono_ms = (self.boot + 1, 0) if told.boots else (self.boot, self.mono_ms + told.wait_ms)
        key = key or "k" + told.by[1:]
        verdict = judge(self.picture, by=told.by, key=key, acts=told.acts, now=self.now, seen_size=seen_size)
        step = Step(
            seen_size=seen_size,
            entry_index=len(self.steps),
            by=told.by,
            key=key,
            entry_id=f"a{len(self.steps)}",
            acts=told.acts,
            at="2026-03-02T08:00:00Z",
            boot=self.now.boot,
            mono_ms=self.now.mono_ms,
            verdict=verdict.word,
            findings=tuple((found.rule, dict(found.found).get("what", "")) for found in verdict.findings),
        )
        apply(self.picture, step)
        self.steps.append(step)
        return step

    def cards(self) -> dict[Id, Card]:
        """The board at this moment."""
        return {card.gun: card for card in board_of(self.picture, now=self.now)}


def stood(*deeds: Deed) -> Stage:
    """The floor after these deeds, in order."""
    stage = Stage()
    for one in deeds:
        stage.do(one)
    return stage


PROVEN_KINDS: Final = frozenset({"empty", "dummies", "blanks", "replica"})


def is_green(stage: Stage, gun: Id = COLT) -> bool:
    """Whether a gun's card shows any proof."""
    return stage.cards()[gun].kind in PROVEN_KINDS


# --- what a day begins with ----------------------------------------------------------------------------------------


def _lot(lot: Id, label: str, kind: RoundKind, tests: tuple[str, ...], strong: tuple[str, ...]) -> a.LotRegistered:
    return a.LotRegistered(
        lot=lot, label=label, calibre=".45", kind=kind, count=4, tests=tests, strong=strong, parents=()
    )


def _gun(gun: Id, label: str, action: ActionType, capability: Capability, chambers: int, bores: int) -> a.GunRegistered:
    return a.GunRegistered(
        gun=gun, label=label, word_name=label, serial=label, action=action, calibre=".45", capability=capability,
        chambers=chambers, bores=bores,
    )  # fmt: skip


def morning() -> Iterator[Deed]:
    """Rulebook, people, things, receipts signed by both, the day opened and counted, every scene planned and met."""
    text = resources.files("coldcheck.custody").joinpath("rulebook/core.toml").read_text(encoding="utf-8")
    yield deed(HUB, a.ProductionOpened(production="x", name=SEALED, vkey="", key=named("k", "HUB"), public=""))
    yield deed(HUB, a.RulebookAdopted(name="core", sha256=sha256(text.encode()).hexdigest(), text=text))
    for person, role in ROLES.items():
        yield deed(
            HUB,
            a.PersonEnrolled(
                person=person, label=role.value, name=SEALED, roles=(role,), key="k" + person[1:], key_class="demo",
                public="",
            ),
        )  # fmt: skip
    yield deed(
        ARM,
        a.PlaceRegistered(place=BARN, label="Barn", place_class=PlaceClass.SET, parent=""),
        a.PlaceRegistered(place=TRUCK, label="Truck", place_class=PlaceClass.STORE, parent=""),
        a.ContainerRegistered(container=TRAY, label="Tray", kind=ContainerKind.TRAY, cells=8),
        a.ContainerRegistered(container=BAG, label="Bag", kind=ContainerKind.BAG, cells=0),
        a.ContainerRegistered(container=VAULT, label="Vault", kind=ContainerKind.VAULT, cells=0),
        _gun(COLT, "Colt", ActionType.SINGLE_ACTION, Capability.W3, 2, 1),
        _gun(TWIN, "Twin", ActionType.BREAK, Capability.W3, 2, 2),
        _gun(PROP, "Prop", ActionType.REPLICA, Capability.W0, 0, 0),
        _lot(DUMMIES, "Dummies", RoundKind.DUMMY, ("rattle", "hole"), ("hole",)),
        _lot(BLANKS, "Blanks", RoundKind.BLANK, ("crimp",), ()),
    )
    yield deed(SUP, a.Delivered(lot=DUMMIES, container=TRAY, count=4, to=ARM))
    yield deed(SUP, a.Delivered(lot=BLANKS, container=TRAY, count=4, to=ARM))
    for lot, rounds, start in ((DUMMIES, D, 1), (BLANKS, B, 5)):
        cells = tuple(a.CellRow(cell=str(start + at), round_id=r) for at, r in enumerate(rounds))
        yield deed(ARM, a.Received(lot=lot, container=TRAY, source=SUP, cells=cells, count=4))
    yield deed(ARM, a.DutyOpened(duty="armorer", exclusive=True), a.PresenceDeclared(place=BARN))
    yield deed(ARM, a.DayOpened(day=1))
    yield deed(AD1, a.DayOpened(day=1))
    yield from counted()
    for (gun, call), scene in SCENES.items():
        yield from briefed(gun, call, scene)


def briefed(gun: Id, call: a.CallWord, scene: str) -> Iterator[Deed]:
    """A plan for one call on one gun, and everyone at the meeting."""
    plan = a.ScenePlanned(
        scene=scene, activity=a.Activity.REHEARSAL, place=BARN, guns=(gun,), call=call, performer=LEAD, line=(AD1,)
    )
    yield deed(AD1, plan, a.MeetingHeld(scene=scene), a.Assessed(scene=scene))
    yield deed(ARM, a.Attended(scene=scene))
    yield deed(LEAD, a.Attended(scene=scene))


def counted(count: int = 8) -> Iterator[Deed]:
    yield deed(ARM, a.Counted(thing=TRAY, count=count))
    yield deed(AD1, a.Counted(thing=TRAY, count=count))


# --- the ways to prove a gun ---------------------------------------------------------------------------------------


def said(positions: tuple[str, ...], holds: a.Holds) -> tuple[a.AnswerRow, ...]:
    # What has no chamber is not empty but inert.
    fits = {"capability": a.Holds.INERT} if holds is a.Holds.EMPTY else {}
    return tuple(
        a.AnswerRow(position=name, holds=fits.get(name, holds), ms=number) for number, name in enumerate(positions)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What one procedure proves: a gun, a call, and the rounds that go in ("" for none)."""

    gun: Id
    call: a.CallWord
    rounds: tuple[Id, ...] = ()

    @property
    def kind(self) -> RoundKind:
        return RoundKind.BLANK if self.call is a.CallWord.HOT_BLANK else RoundKind.DUMMY

    @property
    def cells(self) -> tuple[a.CellRow, ...]:
        every = (*D, *B)
        return tuple(a.CellRow(cell=str(every.index(r) + 1), round_id=r) for r in self.rounds)

    @property
    def first_rows(self) -> tuple[a.Act, ...]:
        """The handler's rows: clear, test, load."""
        rows: list[a.Act] = [a.Cleared(gun=self.gun, answers=said(POSITIONS[self.gun], a.Holds.EMPTY))]
        if self.rounds:
            loads = tuple(
                a.LoadRow(position=POSITIONS[self.gun][at], round_id=cell.round_id, thing=TRAY, cell=cell.cell)
                for at, cell in enumerate(self.cells)
            )
            rows += [self.tested, a.Loaded(gun=self.gun, rows=loads)]
        return tuple(rows)

    @property
    def second_rows(self) -> tuple[a.Act, ...]:
        """The other person's rows, in the order the first one's call for them."""
        rows: list[a.Act] = [a.Answered(gun=self.gun, answers=said(POSITIONS[self.gun], a.Holds.EMPTY))]
        if self.rounds:
            filled = POSITIONS[self.gun][: len(self.rounds)]
            rows += [self.tested, a.Answered(gun=self.gun, answers=said(filled, a.Holds(self.kind.value)))]
        return tuple(rows)

    @property
    def tested(self) -> a.RoundsTested:
        return a.RoundsTested(thing=TRAY, rows=self.cells, tests=("rattle", "hole", "crimp"), kind=self.kind)

    @property
    def seen(self) -> tuple[a.AnswerRow, ...]:
        filled = said(POSITIONS[self.gun][: len(self.rounds)], a.Holds(self.kind.value))
        empty = said(tuple(p for p in POSITIONS[self.gun][len(self.rounds) :] if "bore" not in p), a.Holds.EMPTY)
        return (*filled, *empty)


WAYS: Final = (
    Way(gun=COLT, call=a.CallWord.COLD_EMPTY),
    Way(gun=COLT, call=a.CallWord.COLD_DUMMY, rounds=D[:2]),
    Way(gun=COLT, call=a.CallWord.COLD_DUMMY, rounds=D[2:3]),
    Way(gun=COLT, call=a.CallWord.HOT_BLANK, rounds=B[:2]),
    Way(gun=TWIN, call=a.CallWord.COLD_EMPTY),
    Way(gun=PROP, call=a.CallWord.INERT),
)


def prepared(way: Way, *, sheets: bool, procedure: str = "P1") -> Iterator[Deed]:
    """Both people's answers, as two sheets or act by act in the order that proves."""
    yield deed(ARM, a.PickedUp(item=way.gun))
    if sheets:
        yield deed(ARM, a.SheetBegan(procedure=procedure, other=AD1, manner="answers_not_shown"), *way.first_rows)
        yield deed(AD1, a.SheetBegan(procedure=procedure, other=ARM, manner="answers_not_shown"), *way.second_rows)
        return
    first, second = list(way.first_rows), list(way.second_rows)
    for row, answer in zip(first, second, strict=True):
        yield deed(ARM, row)
        yield deed(AD1, answer)


def claimed(way: Way) -> Iterator[Deed]:
    """The show to the receiver and the three parts of the call."""
    count, scene = len(way.rounds), SCENES[way.gun, way.call]
    yield deed(ARM, a.Showed(gun=way.gun, to=LEAD, positions=POSITIONS[way.gun]))
    yield deed(LEAD, a.Seen(gun=way.gun, answers=way.seen))
    sealed = (a.SealApplied(container=TRAY, seal="S-1"),) if way.call is a.CallWord.COLD_EMPTY else ()
    yield deed(ARM, a.ShowClosed(gun=way.gun, to=LEAD), *sealed)
    yield deed(ARM, a.Called(gun=way.gun, tag=way.gun, call=way.call, count=count, powder="", scene=scene))
    yield deed(AD1, a.Announced(gun=way.gun, call=way.call, count=count, powder=""))
    yield deed(LEAD, a.Acknowledged(gun=way.gun, call=way.call, count=count, powder=""))


def handed(gun: Id) -> Iterator[Deed]:
    """To the receiver and back."""
    yield deed(ARM, a.HandedOver(item=gun, to=LEAD))
    yield deed(LEAD, a.Taken(item=gun, giver=ARM))
    yield deed(LEAD, a.HandedOver(item=gun, to=ARM))
    yield deed(ARM, a.Taken(item=gun, giver=LEAD))


def seen_by(way: Way, who: Id) -> Iterator[Deed]:
    yield deed(ARM, a.Showed(gun=way.gun, to=who, positions=POSITIONS[way.gun]))
    yield deed(who, a.Seen(gun=way.gun, answers=way.seen))
    yield deed(ARM, a.ShowClosed(gun=way.gun, to=who))


def shown(way: Way) -> list[Deed]:
    return [*seen_by(way, AD1), *seen_by(way, LEAD)]


def rows_of(way: Way) -> tuple[a.TurnRow, ...]:
    return tuple(
        a.TurnRow(position=POSITIONS[way.gun][at], round_id=r, ms=at * 2000) for at, r in enumerate(way.rounds)
    )


def turned(way: Way, *, procedure: str = "T1", **changes: Any) -> list[Deed]:
    """A turnaround as two sheets, and the performer's look."""
    acts = [
        kind(gun=way.gun, rows=rows_of(way), tests=("rattle", "hole"), kind=RoundKind.DUMMY)
        for kind in (a.Turned, a.TurnSeen)
    ]
    return [
        deed(ARM, a.SheetBegan(procedure=procedure, other=AD1, manner="spoken"), acts[0]),
        deed(AD1, a.SheetBegan(procedure=procedure, other=ARM, manner="spoken"), replace(acts[1], **changes)),
        *seen_by(way, LEAD),
    ]


def in_run(random: Random, way: Way) -> Iterator[Deed]:
    """A run of one to three parts over a way that is proven: each shown or turned around, and acknowledged."""
    scene = SCENES[way.gun, way.call]
    parts = ("rehearsal", "take-1", "take-2")[: random.randrange(1, 4)]
    yield deed(AD1, a.RunPlanned(run="R1", scene=scene, parts=parts))
    for told in claimed(way):
        acts = tuple(replace(act, scene="R1") if isinstance(act, a.Called) else act for act in told.acts)
        yield replace(told, acts=acts)
    for number in range(random.randrange(1, 4)):
        yield from handed(way.gun)
        turns = way.call is a.CallWord.COLD_DUMMY and random.random() < 0.8
        yield from turned(way, procedure=f"T{number}") if turns else shown(way)
        yield deed(LEAD, a.Acknowledged(gun=way.gun, call=way.call, count=len(way.rounds), powder=""))


def emptied(way: Way) -> Iterator[Deed]:
    """The rounds back into the tray and the tray made whole again."""
    rows = tuple(
        a.LoadRow(position=POSITIONS[way.gun][at], round_id=cell.round_id, thing=TRAY, cell=cell.cell)
        for at, cell in enumerate(way.cells)
    )
    if rows:
        yield deed(ARM, a.Unloaded(gun=way.gun, rows=rows))
        yield from counted()


# --- histories -----------------------------------------------------------------------------------------------------


def lifted(random: Random, length: int) -> Iterator[Deed]:
    """Three people lift a stop that may be there."""
    stop = random.randrange(length + 1)
    for who in random.sample((ARM, AD1, EMP), 3):
        yield deed(who, a.StopLifted(stop=stop, cause=SEALED))


def history(random: Random, *, length: int = 70) -> list[Deed]:
    """A morning, then procedures with steps left out, signed by others or doubled, and any act by anybody between."""
    out = list(morning())
    anything = AnyAct(random, IDS)
    people = tuple(ROLES)
    noise = random.choice((0.0, 0.02, 0.1, 0.4))
    while len(out) < length:
        way = random.choice(WAYS)
        calls = in_run(random, way) if random.random() < 0.4 else claimed(way)
        planned = [*prepared(way, sheets=random.random() < 0.6), *calls]
        if random.random() < 0.5:
            planned += handed(way.gun)
        planned += emptied(way)
        if random.random() < 0.2:
            planned += lifted(random, len(out))
        for told in planned:
            if random.random() < noise:
                acts = tuple(anything.act() for _ in range(random.choice((1, 1, 2, 3))))
                if random.random() < 0.2:
                    began = a.SheetBegan(procedure="P1", other=random.choice(people), manner="spoken")
                    acts = (began, *acts)
                out.append(Deed(by=random.choice(people), acts=acts, boots=random.random() < 0.1))
            chance = random.random()
            if chance < noise / 4:
                continue
            if chance < noise / 2:
                out.append(replace(told, by=random.choice(people)))
            elif chance < noise * 3 / 4:
                out.append(replace(told, wait_ms=random.choice((59_999, 60_001, 200_000, 1_000_000))))
            elif chance < noise:
                out.append(replace(told, acts=(*told.acts, anything.act())))
            else:
                out.append(told)
    return out


def shifted(value: Any, *, start: int) -> Any:
    """The same act where one more entry stands at `start`: numbers of later entries are one more."""
    if isinstance(value, a.Retracted | a.Corrected | a.Disputed):
        return replace(value, entry=value.entry + (value.entry >= start))
    if isinstance(value, a.StopLifted):
        return replace(value, stop=value.stop + (value.stop >= start))
    if isinstance(value, a.Reported | a.HeldOut):
        return replace(value, told=shifted(value.told, start=start))
    return value


def with_one_more(told: list[Deed], at: int, more: Deed) -> list[Deed]:
    """`told` with `more` as its entry `at`, heard at the same moment as the entry before it."""
    later = [replace(d, acts=tuple(shifted(act, start=at) for act in d.acts)) for d in told[at:]]
    return [*told[:at], more, *later]


def in_plain(picture: Picture) -> dict[str, Any]:
    """Everything in a picture as values that compare; the kernel variable by variable."""
    plain = {field.name: getattr(picture, field.name) for field in fields(picture) if field.name != "kernel"}
    kernel = picture.kernel
    names = ("gc", "off", "pos", "p1", "p2", "wit", "eye", "view", "again", "rcv", "call", "rc", "rk", "r1", "r2")
    plain |= {f"kernel.{name}": getattr(kernel, name) for name in names}
    return plain | {
        "kernel.halt": kernel.halt,
        "kernel.handlers": kernel.handlers,
        "kernel.witnesses": kernel.witnesses,
    }


def this_morning(*deeds: Deed) -> Stage:
    """The floor after the morning and these deeds."""
    return stood(*morning(), *deeds)
