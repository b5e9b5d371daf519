"""Nothing that anybody signs ends the record: what cannot be placed is kept, proves nothing, and the next act comes in."""

from dataclasses import replace

import pytest

import nets
from coldcheck.custody import acts as a
from coldcheck.custody import rules, state
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.things import ContainerKind
from coldcheck.station.record import verify_content
from floor import (
    AD1,
    ARM,
    BAG,
    CREW,
    DUMMIES,
    LEAD,
    SEALED,
    TRAY,
    WAYS,
    Deed,
    claimed,
    deed,
    is_green,
    morning,
    named,
    prepared,
    stood,
)

MAG, GHOST = named("c", "Mag"), named("g", "Ghost")
GREEN = (*prepared(WAYS[0], sheets=False), *claimed(WAYS[0]))
PLACE = (a.AnswerRow(position="1", holds=a.Holds.EMPTY, ms=0),)


def inserted(way: str) -> Deed:
    put_in = a.MagazineInserted(gun=GHOST, container=MAG)
    when = a.Interval(start="", end="")
    match way:
        case "told":
            return deed(
                AD1,
                a.Reported(
                    row="N1", sources=("N1",), grade=a.Grade.PRESS, account="", when=when, who=CREW, told=put_in
                ),
            )
        case "held out":
            return deed(CREW, a.HeldOut(viewer=LEAD, told=put_in))
        case _:
            return deed(ARM, put_in)


@pytest.mark.parametrize("way", ["signed", "told", "held out"])
@pytest.mark.parametrize("answer", [a.Cleared, a.Answered, a.Seen])
def test_a_magazine_in_a_gun_that_nobody_registered_is_answered_like_any_other(
    way: str, answer: type[a.Cleared | a.Answered | a.Seen]
) -> None:
    registered = deed(ARM, a.ContainerRegistered(container=MAG, label="Mag", kind=ContainerKind.MAGAZINE, cells=3))
    stage = stood(*morning(), registered, deed(ARM, a.PickedUp(item=MAG)), inserted(way))
    stage.do(deed(ARM, answer(gun=MAG, answers=PLACE)))
    stage.do(deed(ARM, a.PutDown(item=MAG, place=named("w", "Barn"))))
    assert not stage.picture.not_placed


def test_a_number_that_is_a_bar_code_is_no_entry_and_one_that_was_makes_no_endless_picture() -> None:
    code = 4_006_381_333_931
    poured = a.Poured(start=TRAY, end=BAG, lot=DUMMIES, count=code)
    for act in (poured, a.HeldOut(viewer=LEAD, told=poured)):
        with pytest.raises(a.BadAct, match=r"poured.count: 4006381333931 is more than any set has"):
            verify_content((act,), None)
    stage = stood(*morning())
    before = len(stage.picture.trail.live.row)
    stage.do(deed(ARM, poured))
    assert len(stage.picture.trail.live.row) - before < 50


def test_a_gun_of_a_million_chambers_that_is_held_out_is_no_entry() -> None:
    registered = next(act for one in morning() for act in one.acts if isinstance(act, a.GunRegistered))
    told = replace(registered, chambers=1_000_000)
    with pytest.raises(a.BadAct, match="at most 100 positions"):
        verify_content((a.HeldOut(viewer=LEAD, told=told),), None)


# --- the last resort -----------------------------------------------------------------------------------------------


@pytest.fixture
def _with_net(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "not_placed", nets.PLACED)
    monkeypatch.setattr(rules, "not_judged", nets.JUDGED)


@pytest.mark.usefixtures("_with_net")
def test_an_entry_that_a_mistake_of_ours_keeps_out_of_the_picture_ends_all_proofs_and_no_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = stood(*morning(), *GREEN)
    assert is_green(stage)
    honest = state._take_away

    def mistaken(picture: Picture, step: Step) -> None:
        if any(isinstance(act, a.Remarked) for act in step.acts):
            raise KeyError("a mistake of ours, half way through")
        honest(picture, step)

    monkeypatch.setattr(state, "_take_away", mistaken)
    stage.do(deed(CREW, a.Remarked(remark=SEALED)))
    assert not stage.picture.calls
    assert list(stage.picture.not_placed) == [len(stage.steps) - 1]
    assert stage.picture.size == len(stage.steps)
    assert not is_green(stage)
    # The next acts come in, and no gun is called behind what nobody could place.
    for one in GREEN:
        stage.do(one)
    assert not stage.picture.calls


@pytest.mark.usefixtures("_with_net")
@pytest.mark.parametrize("mistaken_in", ["note_signer", "_settle", "_reach_again"])
def test_wherever_the_mistake_is_every_list_that_follows_the_entries_keeps_step_with_them(
    monkeypatch: pytest.MonkeyPatch, mistaken_in: str
) -> None:
    stage = stood(*morning(), *GREEN)
    honest = getattr(state, mistaken_in)

    def mistaken(picture: Picture, step: Step) -> None:
        if any(isinstance(act, a.Remarked) for act in step.acts):
            raise KeyError("a mistake of ours")
        honest(picture, step)

    monkeypatch.setattr(state, mistaken_in, mistaken)
    picture, restarts = stage.picture, len(stage.picture.boots)
    stage.do(replace(deed(CREW, a.Remarked(remark=SEALED)), boots=True))
    assert list(picture.not_placed) == [len(stage.steps) - 1]
    assert picture.boots[restarts:] == [len(stage.steps) - 1]
    stage.do(deed(CREW, a.PutDown(item=TRAY, place=named("w", "Barn"))))
    follow = picture.entry_acts, picture.heard_ms, picture.book.entry_keys
    assert {len(rows) for rows in follow} == {picture.size} == {len(stage.steps)}
    assert picture.book.entry_keys[-1] == stage.steps[-1].key


@pytest.mark.usefixtures("_with_net")
def test_what_a_mistake_of_ours_leaves_without_a_verdict_is_kept_and_granted_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mistaken(*_values: object, **_more: object) -> object:
        raise IndexError("a mistake of ours")

    stage = stood(*morning())
    monkeypatch.setattr(rules, "_of_rules", mistaken)
    stage.do(deed(CREW, a.Remarked(remark=SEALED)))
    assert stage.steps[-1].verdict == "admitted"
    assert ("V20", "not_judged") in stage.steps[-1].findings
