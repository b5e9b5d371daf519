"""Two guns that a label or a voice does not tell apart, how one of them gets another name, and twins marked late."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.look_alikes import are_alike
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Id
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    PROP,
    TRAY,
    TWIN,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    is_green,
    morning,
    named,
    prepared,
    stood,
)

EMPTY, DUMMIES = WAYS[0], WAYS[1]
OTHER: Final = named("g", "Other")
CYRILLIC: Final = "\u0421\u043elt"
FULLWIDTH: Final = "\uff23\uff4f\uff4c\uff54"


def registered(label: str, word: str) -> Deed:
    return deed(
        ARM,
        a.GunRegistered(
            gun=OTHER, label=label, word_name=word, serial="zz", action=ActionType.SINGLE_ACTION, calibre=".45",
            capability=Capability.W3, chambers=2, bores=1,
        ),
    )  # fmt: skip


def renamed(label: str, word: str = "", *, by: Id = ARM, item: Id = OTHER) -> Deed:
    return deed(by, a.Renamed(item=item, label=label, word_name=word))


def called(*before: Deed) -> Stage:
    return stood(*morning(), *before, *prepared(EMPTY, sheets=True), *claimed(EMPTY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Colt", "colt"), ("Colt-1", "COLT 1"), ("Colt-1", "Colt-l"), ("Colt-1", "Colt-I"), ("Colt", CYRILLIC),
        ("Colt", FULLWIDTH), ("Colt", "Co\u0308lt"), ("Colt", "Co\u200blt"), ("COLT", "\u0421\u041eL\u0422"),
        ("Rio", "R\u03b9\u03bf"), ("COLT-0", "COLT-O"), ("tom", "\u0442\u043e\u043c"), ("!", "!"),
    ],
)  # fmt: skip
def test_names_that_eye_or_ear_takes_for_each_other(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Colt-1", "Colt-2"), ("Colt-1", "Colt-11"), ("Colt", "Twin"), ("Colt-1", "Bolt-1"), ("", ""), ("!", "?")],
)
def test_names_that_are_told_apart(one: str, other: str) -> None:
    assert not are_alike(one, other)


@pytest.mark.parametrize(
    "another",
    [registered("Colt", "other"), registered("other", "Colt"), registered(CYRILLIC, "other"), registered("x", "COLT")],
    ids=["label", "word", "other letters", "capitals"],
)
def test_a_gun_of_the_same_name_ends_the_call_and_bars_both(another: Deed) -> None:
    stage = called()
    assert is_green(stage)
    found = stage.do(another).findings
    assert ("V18", "v18") in found
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    again = called(another)
    assert ("K1", "named_alike") in again.steps[-1].findings


def test_the_finding_is_there_where_nothing_was_proven_yet() -> None:
    assert ("V18", "v18") in stood(*morning()).do(registered("Colt", "x")).findings


@pytest.mark.parametrize("item", [OTHER, COLT], ids=["the new one", "the old one"])
def test_one_of_the_two_gets_another_name_and_both_can_be_called(item: Id) -> None:
    before = (registered("Colt", "Colt"), renamed("Juniper", "juniper", item=item))
    stage = called(*before)
    assert is_green(stage), stage.steps[-1].findings
    assert stage.cards()[item].label == "Juniper"
    assert stage.picture.labels["Juniper"] == item
    assert stage.picture.labels["Colt"] == ({OTHER, COLT} - {item}).pop()


def test_half_another_name_is_not_enough() -> None:
    assert ("K1", "named_alike") in called(registered("Colt", "Colt"), renamed("Juniper")).steps[-1].findings


def test_only_a_handler_who_knew_the_last_name_gives_another() -> None:
    by_crew = called(registered("Colt", "Colt"), renamed("Juniper", "juniper", by=CREW))
    assert ("K1", "named_alike") in by_crew.steps[-1].findings
    stage = stood(*morning(), registered("Oak", "oak"))
    size = stage.picture.size
    stage.do(renamed("Elm", "elm"))
    stage.do(renamed("Ash", "ash"), seen_size=size)
    assert stage.cards()[OTHER].label == "Elm"


def test_a_gun_renamed_under_its_call_or_like_a_called_one_is_called_again() -> None:
    assert not is_green(_then(called(), renamed("Juniper", "juniper", item=COLT)))
    assert not is_green(_then(called(registered("Oak", "oak")), renamed("Colt")))


def test_a_gun_that_has_left_takes_no_name_with_it() -> None:
    gone = deed(ARM, a.LeftProduction(item=OTHER, how=a.Ending.RETURNED_TO_OWNER, to=""))
    assert is_green(called(registered("Colt", "Colt"), gone))


def test_a_tray_of_the_same_label_leaves_nothing_tested_in_either() -> None:
    stage = stood(*morning(), *prepared(DUMMIES, sheets=True), *claimed(DUMMIES))
    assert is_green(stage)
    stage.do(
        deed(ARM, a.ContainerRegistered(container=named("c", "x"), label="tray", kind=ContainerKind.TRAY, cells=8))
    )
    assert not is_green(stage)


def test_a_magazine_of_the_same_label_bars_the_gun_it_is_in() -> None:
    mags = tuple(named("c", name) for name in ("m1", "m2"))
    new = [
        deed(ARM, a.ContainerRegistered(container=m, label="Mag-1", kind=ContainerKind.MAGAZINE, cells=2)) for m in mags
    ]
    stage = stood(
        *morning(), *new, deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=mags[0])),
        *(deed(who, a.Counted(thing=mags[0], count=0)) for who in (ARM, AD1)),
        deed(ARM, a.MagazineInserted(gun=COLT, container=mags[0])), *tuple(prepared(EMPTY, sheets=True))[1:], *claimed(EMPTY),
    )  # fmt: skip
    assert ("K1", "named_alike") in stage.steps[-1].findings


@pytest.mark.parametrize("who", [ARM, CREW])
def test_twins_marked_under_a_call_are_called_again(who: Id) -> None:
    stage = called()
    stage.do(deed(who, a.TwinsMarked(guns=(COLT, PROP))))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert stage.cards()[COLT].reasons[0].code == "V18"


def test_twins_are_not_made_fewer_by_marking_one_alone() -> None:
    stage = stood(*morning(), deed(ARM, a.TwinsMarked(guns=(COLT, TWIN))), deed(CREW, a.TwinsMarked(guns=(COLT,))))
    stage.do(deed(CREW, a.TwinsMarked(guns=(COLT, PROP))))
    assert stage.picture.twins[COLT] == (TWIN, PROP)


def test_what_is_no_gun_is_not_marked_as_a_twin() -> None:
    assert is_green(_then(called(), deed(CREW, a.TwinsMarked(guns=(TRAY,)))))


def _then(stage: Stage, told: Deed) -> Stage:
    stage.do(told)
    return stage
