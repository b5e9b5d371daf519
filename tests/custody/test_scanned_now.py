"""K1, now: a call says how its gun was told from others; said of nobody's gun, or of another one, it gets none."""

from dataclasses import replace

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.acts import BadAct, plain, read_act
from coldcheck.custody.things import RoundKind
from coldcheck.proof.encoding import Plain
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    LEAD,
    PROVEN_KINDS,
    TRAY,
    TWIN,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    morning,
    prepared,
    shown,
)

EMPTY, INERT = WAYS[0], WAYS[5]


def stage(*deeds: Deed) -> Stage:
    out = Stage()
    for one in (*morning(), *deeds):
        out.do(one)
    return out


def told_from(way: object = EMPTY, **how: str) -> list[Deed]:
    """The show and the three parts, the caller's saying `how` he told the gun from others."""
    assert way in {EMPTY, INERT}
    parts = claimed(EMPTY if way is EMPTY else INERT)
    return [
        replace(
            one,
            acts=tuple(
                replace(act, tag=how.get("tag", ""), serial=how.get("serial", "")) if isinstance(act, a.Called) else act
                for act in one.acts
            ),
        )
        for one in parts
    ]


def last(floor: Stage) -> tuple[str, set[str]]:
    """The verdict on the last entry, and what K1-SCAN found in it."""
    step = floor.steps[-1]
    return step.verdict, {what for rule, what in step.findings if rule == "K1-SCAN"}


@pytest.mark.parametrize("how", [{"tag": COLT}, {"serial": "Colt"}, {"tag": COLT, "serial": "Colt"}])
def test_its_own_tag_or_its_own_serial_read_as_he_calls_gets_the_call(how: dict[str, str]) -> None:
    assert last(stage(*prepared(EMPTY, sheets=True), *told_from(**how))) == ("granted", set())


@pytest.mark.parametrize("way", [EMPTY, INERT], ids=["empty", "inert"])
def test_a_call_that_does_not_say_which_gun_is_in_the_hand_is_refused(way: object) -> None:
    prepare = prepared(EMPTY if way is EMPTY else INERT, sheets=True)
    assert last(stage(*prepare, *told_from(way))) == ("refused", {"not_scanned"})


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"tag": TWIN}, "tag_of_another"),
        ({"tag": TRAY}, "tag_of_another"),
        ({"serial": "Twin"}, "serial_of_another"),
        ({"serial": "nowhere"}, "serial_of_another"),
        ({"tag": COLT, "serial": "Twin"}, "serial_of_another"),
        ({"tag": TWIN, "serial": "Colt"}, "tag_of_another"),
    ],
)
def test_read_off_another_gun_it_is_refused(how: dict[str, str], found: str) -> None:
    verdict, found_there = last(stage(*prepared(EMPTY, sheets=True), *told_from(**how)))
    assert (verdict, found in found_there) == ("refused", True)


def test_a_tag_of_a_gun_that_has_left_is_said_to_be_one() -> None:
    gone = deed(ARM, a.LeftProduction(item=TWIN, how=a.Ending.RETURNED_TO_OWNER, to=""))
    assert last(stage(gone, *prepared(EMPTY, sheets=True), *told_from(tag=TWIN))) == ("refused", {"tag_of_gone"})


def test_two_guns_taken_for_one_another_lose_what_was_proven_of_both() -> None:
    floor = stage(*prepared(EMPTY, sheets=True), *told_from(tag=COLT), *prepared(WAYS[4], sheets=True, procedure="P2"))
    assert floor.cards()[COLT].kind in PROVEN_KINDS
    floor.do(next(one for one in told_from(tag=TWIN) if any(isinstance(act, a.Called) for act in one.acts)))
    assert ("V18", "v18") in floor.steps[-1].findings
    for gun in (COLT, TWIN):
        assert floor.cards()[gun].kind == "loaded"
        assert all(person == "" for at, person in floor.picture.kernel.p1.items() if at[0] == gun)


OFF = {
    "another serial under it": deed(CREW, a.Scanned(gun=COLT, serial="Twin")),
    "its label read on another": deed(CREW, a.LabelRead(thing=COLT, kind=RoundKind.UNKNOWN)),
}
READ = deed(ARM, a.Scanned(gun=COLT, serial="Colt"))


@pytest.mark.parametrize("off", OFF.values(), ids=OFF)
def test_a_tag_that_was_met_on_another_gun_serves_no_call_until_a_handler_reads_both(off: Deed) -> None:
    prepare = list(prepared(EMPTY, sheets=True))
    assert last(stage(off, *prepare, *told_from(tag=COLT))) == ("refused", {"tag_doubted"})
    by_crew = deed(CREW, a.Scanned(gun=COLT, serial="Colt"))
    assert last(stage(off, by_crew, *prepare, *told_from(tag=COLT))) == ("refused", {"tag_doubted"})
    reported = deed(ARM, a.Reported(
        row="1", account="", sources=("S1",), grade=a.Grade.STATEMENT, when=a.Interval(start="", end=""), who=ARM,
        told=a.Scanned(gun=COLT, serial="Colt"),
    ))  # fmt: skip
    assert last(stage(off, reported, *prepare, *told_from(tag=COLT))) == ("refused", {"tag_doubted"})
    assert last(stage(off, READ, *prepare, *told_from(tag=COLT))) == ("granted", set())
    assert last(stage(off, *prepare, *told_from(serial="Colt"))) == ("granted", set())


def test_the_later_parts_of_a_run_rest_on_what_was_read_for_the_first() -> None:
    plan = deed(AD1, a.RunPlanned(run="R1", scene="S1", parts=("rehearsal", "take-1")))
    first = [
        replace(one, acts=tuple(replace(x, scene="R1") if isinstance(x, a.Called) else x for x in one.acts))
        for one in claimed(EMPTY)
    ]
    again = deed(LEAD, a.Acknowledged(gun=COLT, call=EMPTY.call, count=0, powder=""))
    floor = stage(plan, *prepared(EMPTY, sheets=True), *first, *handed(COLT), *shown(EMPTY), again)
    assert last(floor) == ("granted", set())


# --- the bytes -----------------------------------------------------------------------------------------------------

BARE: dict[str, Plain] = {"act": "called", "gun": COLT, "call": "COLD-EMPTY", "count": 0, "powder": "", "scene": "S1"}


@pytest.mark.parametrize("how", [{}, {"tag": COLT}, {"serial": "Colt"}, {"tag": COLT, "serial": "Colt"}])
def test_an_act_of_before_reads_as_one_that_does_not_say_and_each_has_one_form(how: dict[str, str]) -> None:
    act = read_act({**BARE, **how})
    assert isinstance(act, a.Called)
    assert (act.tag, act.serial) == (how.get("tag", ""), how.get("serial", ""))
    assert plain(act) == {**BARE, **how}


@pytest.mark.parametrize("how", [{"tag": ""}, {"serial": ""}, {"tag": "SN-1"}, {"tag": None}, {"other": COLT}])
def test_an_empty_reading_or_one_of_another_form_is_no_act(how: dict[str, str | None]) -> None:
    with pytest.raises(BadAct):
        read_act({**BARE, **how})


# --- as it goes from hand to hand ----------------------------------------------------------------------------------


def taken_with(**how: str) -> Stage:
    """Both guns proven, Colt called and held out to the performer, who takes it and says what he read off it."""
    before = [*prepared(EMPTY, sheets=True), *prepared(WAYS[4], sheets=True, procedure="P2"), *told_from(tag=COLT)]
    offered = deed(ARM, a.HandedOver(item=COLT, to=LEAD))
    return stage(*before, offered, deed(LEAD, a.Taken(item=COLT, giver=ARM, **how)))


@pytest.mark.parametrize("how", [{}, {"tag": COLT}, {"serial": "Colt"}, {"tag": COLT, "serial": "Colt"}])
def test_who_takes_a_gun_may_say_which_it_is_and_its_call_goes_on(how: dict[str, str]) -> None:
    floor = taken_with(**how)
    assert floor.cards()[COLT].kind == "empty"
    assert floor.steps[-1].findings == ()


@pytest.mark.parametrize("how", [{"tag": TWIN}, {"serial": "Twin"}, {"tag": COLT, "serial": "Twin"}])
def test_a_hand_over_of_another_gun_than_the_one_called_ends_what_was_proven_of_both(how: dict[str, str]) -> None:
    floor = taken_with(**how)
    assert ("V18", "v18") in floor.steps[-1].findings
    for gun in (COLT, TWIN):
        assert floor.cards()[gun].kind == "loaded"
        assert not any(floor.picture.kernel.p1[at] for at in floor.picture.kernel.p1 if at[0] == gun)


@pytest.mark.parametrize("how", [{}, {"tag": COLT}, {"serial": "Colt"}])
def test_a_hand_over_of_before_reads_as_one_that_says_no_reading(how: dict[str, str]) -> None:
    bare: dict[str, Plain] = {"act": "taken", "item": COLT, "giver": ARM}
    act = read_act({**bare, **how})
    assert isinstance(act, a.Taken)
    assert (act.tag, act.serial) == (how.get("tag", ""), how.get("serial", ""))
    assert plain(act) == {**bare, **how}
