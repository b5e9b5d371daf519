"""Magazines with places of their own: called with the gun they are in, and never colder for anything said of them."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, hand_on
from coldcheck.custody.state import apply
from coldcheck.custody.things import ActionType, Capability, ContainerKind, RoundKind
from coldcheck.proof.encoding import encode
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    BLANKS,
    COLT,
    CREW,
    DUMMIES,
    IDS,
    LEAD,
    PM,
    PROVEN_KINDS,
    ROLES,
    SEALED,
    TRAY,
    VAULT,
    B,
    D,
    Deed,
    Stage,
    deed,
    in_plain,
    morning,
    named,
    said,
    with_one_more,
)
from random_acts import AnyAct

PISTOL, MAG, OTHER = named("g", "Pistol"), named("c", "Mag"), named("c", "Other mag")
PLACES = ("1", "2", "3")
CALLS = {"empty": a.CallWord.COLD_EMPTY, "dummies": a.CallWord.COLD_DUMMY, "blanks": a.CallWord.HOT_BLANK}
SCENES = {a.CallWord.COLD_EMPTY: "M1", a.CallWord.COLD_DUMMY: "M2", a.CallWord.HOT_BLANK: "M3"}
WORDS = {"empty": "PROVEN EMPTY", "dummies": "PROVEN 2 DUMMIES", "blanks": "2 BLANKS"}


def with_magazines() -> Iterator[Deed]:
    yield from morning()
    yield deed(
        ARM,
        a.GunRegistered(
            gun=PISTOL, label="Pistol", word_name="Lark", serial="P", action=ActionType.SEMI_AUTOMATIC, calibre=".45",
            capability=Capability.W3, chambers=1, bores=1,
        ),
        *(
            a.ContainerRegistered(container=one, label=one, kind=ContainerKind.MAGAZINE, cells=len(PLACES))
            for one in (MAG, OTHER)
        ),
    )  # fmt: skip
    for call, scene in SCENES.items():
        plan = a.ScenePlanned(
            scene=scene, activity=a.Activity.TAKE, place=BARN, guns=(PISTOL,), call=call, performer=LEAD, line=(AD1,)
        )
        yield deed(AD1, plan, a.MeetingHeld(scene=scene), a.Assessed(scene=scene))
        yield deed(ARM, a.Attended(scene=scene))
        yield deed(LEAD, a.Attended(scene=scene))


def rounds_of(kind: str) -> tuple[tuple[str, str], ...]:
    """The rounds that go in and the cells they lie in."""
    return {"empty": (), "dummies": ((D[0], "1"), (D[1], "2")), "blanks": ((B[0], "5"), (B[1], "6"))}[kind]


def filled(kind: str, mag: str = MAG, second: str = AD1) -> Iterator[Deed]:
    """Both sheets over a magazine: places empty, rounds tested, rounds in."""
    rows = rounds_of(kind)
    yield deed(ARM, a.PickedUp(item=mag))
    first: list[a.Act] = [a.Cleared(gun=mag, answers=said(PLACES, a.Holds.EMPTY))]
    other: list[a.Act] = [a.Answered(gun=mag, answers=said(PLACES, a.Holds.EMPTY))]
    if rows:
        word = RoundKind.DUMMY if kind == "dummies" else RoundKind.BLANK
        tested = a.RoundsTested(
            thing=TRAY, rows=tuple(a.CellRow(cell=cell, round_id=r) for r, cell in rows),
            tests=("rattle", "hole", "crimp"), kind=word,
        )  # fmt: skip
        loads = tuple(
            a.LoadRow(position=PLACES[at], round_id=r, thing=TRAY, cell=cell) for at, (r, cell) in enumerate(rows)
        )
        first += [tested, a.Loaded(gun=mag, rows=loads)]
        other += [tested, a.Answered(gun=mag, answers=said(PLACES[: len(rows)], a.Holds(word.value)))]
    yield deed(ARM, a.SheetBegan(procedure="M", other=second, manner="answers_not_shown"), *first)
    yield deed(second, a.SheetBegan(procedure="M", other=ARM, manner="answers_not_shown"), *other)


def shown(kind: str, mag: str = MAG, to: str = LEAD) -> Iterator[Deed]:
    held = {"empty": a.Holds.EMPTY, "dummies": a.Holds.DUMMY, "blanks": a.Holds.BLANK}[kind]
    count = len(rounds_of(kind))
    yield deed(ARM, a.Showed(gun=mag, to=to, positions=PLACES))
    yield deed(to, a.Seen(gun=mag, answers=(*said(PLACES[:count], held), *said(PLACES[count:], a.Holds.EMPTY))))
    yield deed(ARM, a.ShowClosed(gun=mag, to=to))


def inserted(mag: str = MAG) -> Iterator[Deed]:
    """The magazine goes in; chamber and bore are answered by two and shown."""
    yield deed(ARM, a.PickedUp(item=PISTOL))
    yield deed(ARM, a.MagazineInserted(gun=PISTOL, container=mag))
    yield from answered()


def answered() -> Iterator[Deed]:
    for who, kind, other in ((ARM, a.Cleared, AD1), (AD1, a.Answered, ARM)):
        began = a.SheetBegan(procedure="G", other=other, manner="answers_not_shown")
        yield deed(who, began, kind(gun=PISTOL, answers=said(("1", "bore"), a.Holds.EMPTY)))
    yield deed(ARM, a.Showed(gun=PISTOL, to=LEAD, positions=("1", "bore")))
    yield deed(LEAD, a.Seen(gun=PISTOL, answers=said(("1",), a.Holds.EMPTY)))
    yield deed(ARM, a.ShowClosed(gun=PISTOL, to=LEAD))


def called(kind: str, count: int = -1) -> Iterator[Deed]:
    call, number = CALLS[kind], len(rounds_of(kind)) if count < 0 else count
    if call is a.CallWord.COLD_EMPTY:
        yield deed(ARM, a.SealApplied(container=TRAY, seal="S-1"))
    yield deed(ARM, a.Called(gun=PISTOL, tag=PISTOL, call=call, count=number, powder="", scene=SCENES[call]))
    yield deed(AD1, a.Announced(gun=PISTOL, call=call, count=number, powder=""))
    yield deed(LEAD, a.Acknowledged(gun=PISTOL, call=call, count=number, powder=""))


def whole(kind: str) -> list[Deed]:
    return [*with_magazines(), *filled(kind), *shown(kind), *inserted(), *called(kind)]


def told(*deeds: Deed) -> Stage:
    stage = Stage()
    for one in deeds:
        stage.do(one)
    return stage


def handed_to(who: str, giver: str) -> list[Deed]:
    return [deed(giver, a.HandedOver(item=PISTOL, to=who)), deed(who, a.Taken(item=PISTOL, giver=giver))]


@pytest.mark.parametrize("kind", CALLS)
def test_a_gun_is_called_with_the_magazine_that_two_people_answered_place_by_place(kind: str) -> None:
    stage = told(*whole(kind))
    assert stage.steps[-1].findings == ()
    assert stage.cards()[PISTOL].words == WORDS[kind]
    assert {view.position for view in stage.cards()[PISTOL].positions} >= {"1", "bore", *(f"{MAG}/{n}" for n in PLACES)}
    for one in handed_to(LEAD, ARM):
        stage.do(one)
    assert stage.cards()[PISTOL].words == WORDS[kind]
    assert hand_on(stage.picture, MAG) == LEAD
    for one in handed_to(ARM, LEAD):
        stage.do(one)
    assert stage.cards()[PISTOL].words == "TREAT AS LOADED"


MISSING = {
    "nobody loaded it": ([], "magazine_not_counted"),
    "one person alone answered": ([one for one in filled("dummies") if one.by == ARM], "magazine_not_empty"),
    "it was not shown": ([*filled("dummies")], "magazine_not_shown"),
    "shown to another": ([*filled("dummies"), *shown("dummies", to=PM)], "magazine_other_people"),
    "it was with the performer": (
        [
            *filled("dummies"), *shown("dummies"), deed(ARM, a.HandedOver(item=MAG, to=LEAD)),
            deed(LEAD, a.Taken(item=MAG, giver=ARM)), deed(LEAD, a.HandedOver(item=MAG, to=ARM)),
            deed(ARM, a.Taken(item=MAG, giver=LEAD)), *shown("dummies"),
        ],
        "magazine_came_back",
    ),
    "another witness": ([*filled("dummies", second=PM), *shown("dummies")], "magazine_other_people"),
    "laid down in between": (
        [
            *filled("dummies"), *shown("dummies"), deed(ARM, a.PutDown(item=MAG, place=BARN)),
            deed(ARM, a.PickedUp(item=MAG)),
        ],
        "magazine_not_empty",
    ),
    "one round more than was said": (
        [
            *filled("dummies"), *shown("dummies"),
            deed(ARM, a.Moved(start=TRAY, end=MAG, rows=(a.MoveRow(round_id=D[2], from_cell="3", to_cell="3"),))),
        ],
        "magazine_not_empty",
    ),
    "a live one found in it": (
        [
            *filled("dummies"), *shown("dummies"),
            deed(CREW, a.RoundFound(round_id=D[2], label="", thing=MAG, cell="3", kind=RoundKind.LIVE, fired=False)),
        ],
        "magazine_not_empty",
    ),
    "set apart": ([*filled("dummies"), *shown("dummies"), deed(CREW, a.SetApart(item=MAG, reason="x"))], "magazine_set_apart"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "found"), MISSING.values(), ids=MISSING)
def test_a_magazine_that_lacks_anything_keeps_the_gun_from_its_call(before: list[Deed], found: str) -> None:
    stage = told(*with_magazines(), *before, *inserted(), *called("dummies"))
    assert stage.steps[-1].verdict == "refused"
    assert found in {what for _, what in stage.steps[-1].findings}


def test_a_call_counts_the_rounds_of_gun_and_magazine_together() -> None:
    for count in (0, 1, 3):
        stage = told(*whole("dummies")[:-3], *called("dummies", count))
        assert ("K4", "count_differs") in stage.steps[-1].findings


def reported(act: a.OwnAct) -> Deed:
    return deed(
        CREW,
        a.Reported(
            row="E1",
            account="",
            sources=("S1",),
            grade=a.Grade.PRESS,
            when=a.Interval(start="", end=""),
            who=PM,
            told=act,
        ),
    )


ROW = (a.LoadRow(position="3", round_id=D[2], thing=TRAY, cell="3"),)
ENDS = {
    "ejected": deed(ARM, a.MagazineRemoved(gun=PISTOL, container=MAG)),
    "ejected by another": deed(CREW, a.MagazineRemoved(gun=PISTOL, container=MAG)),
    "another one put in": deed(ARM, a.MagazineInserted(gun=PISTOL, container=OTHER)),
    "put into another gun": deed(ARM, a.MagazineInserted(gun=COLT, container=MAG)),
    "said to be put into another gun": reported(a.MagazineInserted(gun=COLT, container=MAG)),
    "loaded further": deed(ARM, a.Loaded(gun=MAG, rows=ROW)),
    "said to be loaded": reported(a.Loaded(gun=MAG, rows=ROW)),
    "a round up": deed(ARM, a.Unloaded(gun=MAG, rows=(a.LoadRow(position="1", round_id=D[0], thing=ARM, cell=""),))),
    "rounds moved in": deed(ARM, a.Moved(start=TRAY, end=MAG, rows=(a.MoveRow(round_id=D[2], from_cell="3", to_cell="3"),))),
    "rounds moved out": deed(ARM, a.Moved(start=MAG, end=TRAY, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell="1"),))),
    "poured": deed(CREW, a.Poured(start=BAG, end=MAG, lot=BLANKS, count=1)),
    "picked up": deed(CREW, a.PickedUp(item=MAG)),
    "put down": deed(ARM, a.PutDown(item=MAG, place=BARN)),
    "locked": deed(ARM, a.Locked(item=MAG, place=BARN)),
    "stowed": deed(ARM, a.Stowed(item=MAG, container=BAG)),
    "handed on": deed(ARM, a.HandedOver(item=MAG, to=PM)),
    "taken": deed(PM, a.Taken(item=MAG, giver=ARM)),
    "answered otherwise": deed(AD1, a.Answered(gun=MAG, answers=said(("3",), a.Holds.ROUND))),
    "seen otherwise": deed(LEAD, a.Seen(gun=MAG, answers=said(("3",), a.Holds.ROUND))),
    "its witness lost sight": deed(AD1, a.SightLost(gun=PISTOL)),
    "its witness went": deed(AD1, a.PresenceEnded(place=BARN)),
    "a lot recalled": deed(CREW, a.LotRecalled(lot=DUMMIES, reason="x")),
    "set apart": deed(CREW, a.SetApart(item=MAG, reason="x")),
    "thrown away": deed(CREW, a.Disposed(thing=MAG, count=1, how="thrown_away")),
    "an unknown act": deed(CREW, a.UnknownAct(type_name="x", plain_form=encode({"act": "x", "it": MAG}))),
    "an unknown act on a round": deed(CREW, a.UnknownAct(type_name="x", plain_form=encode({"act": "x", "it": D[0]}))),
    "counted otherwise by one": deed(CREW, a.Counted(thing=MAG, count=3)),
    "dropped": deed(CREW, a.GunMishap(gun=PISTOL, mishap=a.Mishap.DROPPED)),
    "carried away": deed(ARM, a.CarriedTo(item=MAG, place=BARN)),
    "a stop": deed(CREW, a.Stopped(reason="rain", remark=SEALED)),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_happens_to_the_magazine_ends_the_call_and_gives_nothing_back(end: Deed) -> None:
    stage = told(*whole("dummies"))
    assert stage.cards()[PISTOL].kind in PROVEN_KINDS
    stage.do(end)
    assert stage.cards()[PISTOL].words == "TREAT AS LOADED"
    kernel = stage.picture.kernel
    assert {kernel.call[PISTOL], kernel.call[MAG]} == {"NONE"}
    # The gun's own part alone, or with a magazine nobody answered for, is not enough.
    for one in (*answered(), *called("empty")):
        stage.do(one)
    assert stage.steps[-1].verdict == "refused"
    assert not kernel.broken()


def test_a_magazine_of_the_same_look_gives_nothing_colder() -> None:
    stage = told(
        *whole("dummies"), deed(ARM, a.MagazineRemoved(gun=PISTOL, container=MAG)), deed(ARM, a.PickedUp(item=OTHER))
    )
    for kind in CALLS:
        for one in (*inserted(OTHER), *called(kind)):
            stage.do(one)
        assert stage.steps[-1].verdict == "refused"


def test_only_who_has_the_gun_takes_the_magazine_out_of_it() -> None:
    stage = told(*whole("dummies"), deed(CREW, a.MagazineRemoved(gun=PISTOL, container=MAG)))
    for one in (deed(ARM, a.PickedUp(item=PISTOL)), *answered(), *called("empty")):
        stage.do(one)
    assert ("K4", "magazine_not_empty") in stage.steps[-1].findings
    stage.do(deed(ARM, a.MagazineRemoved(gun=PISTOL, container=MAG)))
    assert stage.picture.magazines[MAG] == ()


def test_a_count_of_nothing_today_stands_for_an_empty_magazine_as_before() -> None:
    counts = [deed(who, a.Counted(thing=MAG, count=0)) for who in (ARM, AD1)]
    for beside, verdict in (((), "granted"), ((reported(a.Loaded(gun=MAG, rows=ROW)),), "refused")):
        stage = told(
            *with_magazines(),
            deed(ARM, a.PickedUp(item=MAG)),
            *counts,
            *inserted(),
            *beside,
            *answered(),
            *called("empty"),
        )
        assert stage.steps[-1].verdict == verdict


def test_a_magazine_that_was_with_the_performer_is_answered_anew() -> None:
    there_and_back = [*handed_to(LEAD, ARM), *handed_to(ARM, LEAD)]
    stage = told(*whole("dummies"), *there_and_back, *shown("dummies"), *answered(), *called("dummies"))
    assert ("K4", "magazine_came_back") in stage.steps[-1].findings
    counts = [deed(who, a.Counted(thing=MAG, count=0)) for who in (ARM, AD1)]
    begin = [*with_magazines(), deed(ARM, a.PickedUp(item=MAG)), *counts, *inserted(), *called("empty")]
    assert told(*begin).steps[-1].verdict == "granted"
    stage = told(*begin, *there_and_back, *answered(), *called("empty"))
    assert ("K4", "magazine_came_back") in stage.steps[-1].findings
    stage = told(*begin, *there_and_back, *counts, *answered(), *called("empty"))
    assert stage.steps[-1].verdict == "granted"


# --- random days ---------------------------------------------------------------------------------------------------

THINGS = IDS | {"g": (PISTOL, PISTOL, COLT), "c": (MAG, MAG, OTHER, TRAY, VAULT)}
DOUBTS: tuple[type, ...] = (
    a.Reported, a.Reported, a.Reported, a.Reported, a.GunMishap, a.SightLost, a.Disputed, a.Retracted, a.Stopped,
    a.AskedToSee, a.Frozen, a.Discharged, a.UnknownAct, a.EvidenceTaken, a.Lapsed, a.SetApart, a.SealBroken, a.LotRecalled,
)  # fmt: skip


def random_day(random: Random) -> list[Deed]:
    """Magazines filled, put in, called, taken out and swapped, with steps left out or done by others and acts between."""
    out = list(with_magazines())
    anything, people = AnyAct(random, THINGS), tuple(ROLES)
    noise = random.choice((0.0, 0.03, 0.1, 0.3))
    for _ in range(5):
        kind, mag = random.choice(tuple(CALLS)), random.choice((MAG, MAG, OTHER))
        planned = [*filled(kind, mag), *shown(kind, mag), *inserted(mag), *called(kind)]
        planned += random.choice(([], [*handed_to(LEAD, ARM), *handed_to(ARM, LEAD)]))
        planned.append(deed(ARM, a.MagazineRemoved(gun=PISTOL, container=mag)))
        rows = tuple(
            a.MoveRow(round_id=r, from_cell=PLACES[at], to_cell=c) for at, (r, c) in enumerate(rounds_of(kind))
        )
        planned += [deed(ARM, a.Moved(start=mag, end=TRAY, rows=rows))] if rows else []
        planned += [deed(who, a.Counted(thing=TRAY, count=8)) for who in (ARM, AD1)]
        for one in planned:
            chance = random.random()
            if chance < noise / 3:
                continue
            out.append(replace(one, by=random.choice(people)) if chance < noise / 2 else one)
            if chance > 1 - noise / 2:
                out.append(deed(random.choice(people), anything.act()))
    return out


def doubt_of(random: Random) -> Deed:
    return deed(random.choice(tuple(ROLES)), AnyAct(random, THINGS, stray=0.05).of(random.choice(DOUBTS)), wait_ms=0)


def assert_no_colder(seed: int) -> int:
    """How many calls were granted on the day without the doubt."""
    random = Random(seed)
    day = random_day(random)
    calm = Stage()
    cards = [(calm.do(one), calm.cards())[1] for one in day]
    assert not calm.picture.kernel.broken()
    start = len(list(with_magazines()))
    for _ in range(3):
        at, more = random.randrange(start, len(day)), doubt_of(random)
        doubtful = Stage()
        for number, one in enumerate(with_one_more(day, at, more)):
            doubtful.do(one)
            for gun, card in doubtful.cards().items() if number > at else ():
                was = cards[number - 1][gun]
                assert card.kind not in PROVEN_KINDS or card.words == was.words, (
                    f"seed {seed}: {more} at {at}: {card.words}"
                )
        assert not doubtful.picture.kernel.broken()
    return sum(step.verdict == "granted" for step in calm.steps)


def test_a_doubt_put_in_anywhere_makes_no_gun_with_a_magazine_colder() -> None:
    assert sum(assert_no_colder(seed) for seed in range(12)) > 12


@pytest.mark.slow
def test_a_doubt_put_in_anywhere_on_many_days_with_magazines() -> None:
    for seed in range(100, 220):
        assert_no_colder(seed)


def test_replay_gives_a_day_with_magazines_again() -> None:
    for seed in range(8):
        stage = told(*random_day(Random(seed)))
        again = Picture()
        for step in stage.steps:
            apply(again, replace(step, acts=tuple(a.read_act(a.plain(act)) for act in step.acts)))
        assert in_plain(again) == in_plain(stage.picture), f"seed {seed}"


@pytest.mark.parametrize("before", [(), tuple(filled("empty", mag=OTHER))], ids=["as it came", "answered too"])
def test_a_magazine_put_into_a_magazine_ends_what_was_answered_of_both(before: tuple[Deed, ...]) -> None:
    stowed = deed(ARM, a.Stowed(item=OTHER, container=MAG))
    stage = told(*with_magazines(), *before, *filled("dummies"), deed(ARM, a.PickedUp(item=OTHER)), stowed)
    kernel = stage.picture.kernel
    assert not any(kernel.proven(thing, place) for thing in (MAG, OTHER) for place in PLACES)
    assert not any(kernel.round_proven(r) for r, _ in rounds_of("dummies"))


def test_a_magazine_put_into_the_called_one_ends_the_call() -> None:
    stage = told(*whole("dummies"))
    assert stage.cards()[PISTOL].words == WORDS["dummies"]
    stage.do(deed(ARM, a.PickedUp(item=OTHER)))
    stage.do(deed(ARM, a.Stowed(item=OTHER, container=MAG)))
    assert stage.cards()[PISTOL].words == "TREAT AS LOADED"
