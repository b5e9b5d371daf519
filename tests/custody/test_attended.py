"""A phone held out to somebody without one: he may look, take and say; he is no handler and no second on it."""

from dataclasses import replace
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.attended import MAY_BE_HELD_OUT
from coldcheck.custody.moves import moves_of, single_rows
from coldcheck.custody.rules import judge
from coldcheck.custody.state import _PROVING
from coldcheck.custody.things import Id
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    IDS,
    LEAD,
    PM,
    POSITIONS,
    SCENES,
    WAYS,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    morning,
    named,
    prepared,
    said,
)  # fmt: skip
from random_acts import AnyAct

DUMMY_WAY = WAYS[1]
PROVES_FOR_HANDLER_OR_WITNESS = frozenset(
    {"empty", "second", "load", "unload", "test1", "test2", "show", "close", "pickup", "have", "lockup"}
)


def stage(*deeds: Deed) -> Stage:
    """A morning, and then these."""
    out = Stage()
    for told in (*morning(), *deeds):
        out.do(told)
    return out


def held_out(viewer: Id, act: a.Act, holder: Id = CREW) -> Deed:
    assert not isinstance(act, a.Reported | a.HeldOut)
    return deed(holder, a.HeldOut(viewer=viewer, told=act))


def with_phone_for(viewer: Id, deeds: list[Deed], holder: Id = CREW) -> list[Deed]:
    """The same deeds, those of `viewer` on a phone that `holder` holds out."""
    return [held_out(viewer, told.acts[0], holder) if told.by == viewer else told for told in deeds]


def last_words(stage: Stage, gun: Id = COLT) -> str:
    return stage.cards()[gun].words


def test_a_receiver_without_a_phone_looks_and_acknowledges_on_anothers() -> None:
    own = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY))
    held = stage(*prepared(DUMMY_WAY, sheets=True), *with_phone_for(LEAD, list(claimed(DUMMY_WAY))))
    assert last_words(own) == last_words(held) == "PROVEN 2 DUMMIES"
    assert held.picture.calls[COLT].receiver == LEAD
    assert {done.by for done in held.picture.journal} == {done.by for done in own.picture.journal}


def test_he_takes_the_gun_and_gives_it_back() -> None:
    hands = [
        deed(ARM, a.HandedOver(item=COLT, to=LEAD)),
        held_out(LEAD, a.Taken(item=COLT, giver=ARM)),
    ]
    held = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY), *hands)
    assert last_words(held) == "PROVEN 2 DUMMIES"
    assert held.picture.custody[COLT][-1].who == LEAD
    held.do(held_out(LEAD, a.HandedOver(item=COLT, to=ARM)))
    held.do(deed(ARM, a.Taken(item=COLT, giver=LEAD)))
    assert held.picture.custody[COLT][-1].who == ARM


@pytest.mark.parametrize("holder", [ARM, AD1])
def test_who_holds_the_phone_is_no_other_part_of_the_call(holder: Id) -> None:
    """The holder signs that part: he would be two people."""
    key = "k" + holder[1:]
    held = stage(*prepared(DUMMY_WAY, sheets=True), *with_phone_for(LEAD, list(claimed(DUMMY_WAY)), holder))
    assert (last_words(held), held.steps[-1].verdict) == ("TREAT AS LOADED", "refused")
    assert ("K3", "one_for_two") in held.steps[-1].findings
    # With a key of its own the floor phone is still his.
    floor_phone = named("k", "floor phone")
    other = stage(*prepared(DUMMY_WAY, sheets=True), *list(claimed(DUMMY_WAY))[:-1])
    other.picture.keys[floor_phone] = ("", "attended", holder)
    other.picture.keys[key] = ("", "passkey", holder)
    last = list(claimed(DUMMY_WAY))[-1]
    step = judged_with(other, held_out(LEAD, last.acts[0], holder), floor_phone)
    assert ("K3", "one_for_two") in step


def judged_with(stage: Stage, told: Deed, key: Id) -> set[tuple[str, str]]:
    verdict = judge(stage.picture, by=told.by, key=key, acts=told.acts, now=stage.now)
    return {(found.rule, dict(found.found).get("what", "")) for found in verdict.findings}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.call}-{len(way.rounds)}")
@pytest.mark.parametrize("who", [ARM, AD1])
def test_neither_handler_nor_second_answers_on_a_phone_held_out(way: Way, who: Id) -> None:
    proven = stage(*prepared(way, sheets=False), *claimed(way))
    assert last_words(proven, way.gun) != "TREAT AS LOADED"
    held = stage(*with_phone_for(who, list(prepared(way, sheets=False))), *claimed(way))
    assert last_words(held, way.gun) == "TREAT AS LOADED"
    assert not any(held.picture.kernel.proven(way.gun, name) for name in POSITIONS[way.gun])


def test_no_act_held_out_ever_becomes_a_handlers_or_a_witnesss_move() -> None:
    """The map itself, over any act by any viewer, with every proof there is to lose or to make."""
    random = Random(4)
    anything = AnyAct(random, IDS, stray=0.02)
    ready = stage(*prepared(DUMMY_WAY, sheets=True), *list(claimed(DUMMY_WAY))[:1])
    seen = set()
    for _ in range(6000):
        told = anything.act()
        if isinstance(told, a.Reported | a.HeldOut):
            continue
        viewer = random.choice((ARM, AD1, PM, LEAD, CREW))
        for row in single_rows(a.HeldOut(viewer=viewer, told=told), by=CREW):
            moves = {coded.move.row for coded in moves_of(ready.picture, by=CREW, key="k", act=row)}
            assert not moves & PROVES_FOR_HANDLER_OR_WITNESS, row
            seen |= moves
    assert {"see", "doubt", "leave", "give"} <= seen


def test_what_a_floor_phone_signs_for_its_holder_himself_is_nobodys_answer() -> None:
    floor_phone = named("k", "floor phone")
    ready = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY))
    ready.picture.keys[floor_phone] = ("", "attended", ARM)
    random = Random(5)
    anything = AnyAct(random, IDS, stray=0.02)
    for _ in range(3000):
        told = anything.act()
        if isinstance(told, a.HeldOut):
            continue
        for row in single_rows(told, by=ARM):
            moves = {coded.move.row for coded in moves_of(ready.picture, by=ARM, key=floor_phone, act=row)}
            # All of them take away; an alarm takes on a floor phone what it takes on any other.
            assert moves <= {"doubt", "leave", "lose", "stop", "taint", "endcall", "unsight"}, row


def test_an_act_that_is_not_allowed_stays_its_signers_and_only_takes_away() -> None:
    held = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY))
    held.do(held_out(LEAD, a.Cleared(gun=COLT, answers=said(POSITIONS[COLT], a.Holds.EMPTY))))
    assert last_words(held) == "TREAT AS LOADED"
    done = held.picture.journal[-1]
    assert done.by == CREW
    assert isinstance(done.act, a.Reported)
    assert (done.act.who, type(done.act.told)) == (LEAD, a.Cleared)
    assert held.picture.lying[COLT, "1"]


def test_only_acts_of_looking_and_receiving_may_be_held_out() -> None:
    assert not {a.Cleared, a.Answered, a.Loaded, a.RoundsTested, a.Counted, a.Called, a.Announced} & set(
        MAY_BE_HELD_OUT
    )
    assert _PROVING - {"see"} <= PROVES_FOR_HANDLER_OR_WITNESS


def test_a_call_on_keys_of_one_device_says_so_on_every_card() -> None:
    """Two people's own keys on one phone count, and the card tells."""
    proven = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY))
    assert proven.cards()[COLT].manner == "answers_not_shown"
    book = proven.picture.book
    book.devices[ARM], book.devices[AD1] = frozenset({"1" * 64}), frozenset({"2" * 64})
    assert proven.cards()[COLT].manner == "answers_not_shown"
    book.devices[AD1] = frozenset({"2" * 64, "1" * 64})
    card = proven.cards()[COLT]
    assert (card.words, card.manner) == ("PROVEN 2 DUMMIES", "same_device")


def test_two_keys_of_one_person_are_one_person() -> None:
    """A second key changes nothing: everything that asks for two asks for two people."""
    ready = stage(*prepared(DUMMY_WAY, sheets=True), *list(claimed(DUMMY_WAY))[:-1])
    last = list(claimed(DUMMY_WAY))[-1]
    for part in (replace(last, by=ARM), replace(last, by=AD1)):
        assert ("K3", "one_for_two") in judged_with(ready, part, named("k", "a second key"))
    alone = stage(*(replace(told, by=ARM) for told in prepared(DUMMY_WAY, sheets=False)), *claimed(DUMMY_WAY))
    assert last_words(alone) == "TREAT AS LOADED"
    counted = stage(deed(ARM, a.DayClosed(day=1)), deed(ARM, a.DayOpened(day=2)), deed(ARM, a.DayOpened(day=2)))
    assert len(counted.picture.day_opened_by) == 1


def test_one_key_under_two_names_is_one_person() -> None:
    ready = stage(*prepared(DUMMY_WAY, sheets=True), *list(claimed(DUMMY_WAY))[:-1])
    last = list(claimed(DUMMY_WAY))[-1]
    called = list(claimed(DUMMY_WAY))[3]
    assert isinstance(called.acts[0], a.Called)
    assert called.acts[0].scene == SCENES[COLT, a.CallWord.COLD_DUMMY]
    assert ("K3", "one_for_two") in judged_with(ready, last, "k" + ARM[1:])


@pytest.mark.parametrize("who", [ARM, PM])
def test_a_handler_takes_a_gun_with_his_own_key_or_it_is_in_dispute(who: Id) -> None:
    out = [deed(ARM, a.HandedOver(item=COLT, to=LEAD)), deed(LEAD, a.Taken(item=COLT, giver=ARM))]
    held = stage(*prepared(DUMMY_WAY, sheets=True), *claimed(DUMMY_WAY), *out)
    held.do(deed(LEAD, a.HandedOver(item=COLT, to=who)))
    held.do(held_out(who, a.Taken(item=COLT, giver=LEAD)))
    assert held.picture.kernel.gc[COLT] not in {ARM, PM, LEAD}
    assert last_words(held) == "TREAT AS LOADED"


def test_the_second_person_does_not_win_back_sight_on_anothers_phone() -> None:
    shows = [deed(ARM, a.Showed(gun=COLT, to=AD1, positions=POSITIONS[COLT]))]
    look = a.Seen(gun=COLT, answers=DUMMY_WAY.seen)
    own = stage(*prepared(DUMMY_WAY, sheets=True), *shows, deed(AD1, look))
    assert any(own.picture.kernel.again[at] for at in own.picture.kernel.again)
    held = stage(*prepared(DUMMY_WAY, sheets=True), *shows, held_out(AD1, look))
    assert not any(held.picture.kernel.again[at] for at in held.picture.kernel.again)
