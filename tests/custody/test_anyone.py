"""What anybody says without a key: it can make a gun hotter and nothing else, whenever it comes and however often."""

from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.anyone import NEEDS_NO_GUN, Word, acts_of_word
from coldcheck.custody.things import Id
from coldcheck.proof.encoding import opaque_id
from floor import (
    COLT,
    HUB,
    LEAD,
    PROP,
    PROVEN_KINDS,
    SEALED,
    TWIN,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    history,
    in_plain,
    morning,
    prepared,
    with_one_more,
)
from random_acts import stray_id

GUNS = (COLT, TWIN, PROP)


def word_of(random: Random, word: Word, gun: Id) -> Deed:
    acts = acts_of_word(
        word,
        gun=gun,
        round_id=opaque_id("r", random.randbytes(32)),
        concern=opaque_id("c", random.randbytes(32)),
        remark=SEALED,
        at="2026-03-02T08:00:00Z",
    )
    return deed(HUB, *acts, wait_ms=0)


def proofs(stage: Stage) -> set[tuple[str, ...]]:
    """Everything that is proven: positions, rounds, calls that stand, sight, custody by somebody's own act."""
    kernel = stage.picture.kernel
    proven: set[tuple[str, ...]] = {("position", *at) for at in kernel.pos if kernel.proven(*at)}
    proven |= {("round", r) for r in kernel.rc if kernel.round_proven(r)}
    proven |= {("call", card.gun, card.words) for card in stage.cards().values() if card.kind in PROVEN_KINDS}
    proven |= {("sight", gun, who) for gun, who in kernel.wit.items()}
    return proven | {("hand", gun, who) for gun, who in kernel.gc.items()}


@pytest.mark.parametrize("word", Word)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.call}-{len(way.rounds)}")
def test_a_word_on_a_proven_gun_ends_its_call(word: Word, way: object) -> None:
    stage = Stage()
    for one in (*morning(), *prepared(way, sheets=True), *claimed(way)):  # type: ignore[arg-type]  # one of WAYS
        stage.do(one)
    gun: Id = way.gun  # type: ignore[attr-defined]  # one of WAYS
    assert stage.cards()[gun].kind in PROVEN_KINDS
    before = proofs(stage)
    stage.do(word_of(Random(1), word, gun))
    assert stage.cards()[gun].words == "TREAT AS LOADED"
    assert stage.steps[-1].verdict == "admitted"
    assert {proof for proof in proofs(stage) - before if proof[0] != "sight"} == set()
    assert bool(stage.picture.open_stops) == (word not in {Word.SHOW, Word.OTHER_GUN, Word.PROBLEM})


@pytest.mark.parametrize("word", Word)
def test_whenever_it_comes_nothing_is_proven_by_it_and_nothing_later_is_colder(word: Word) -> None:
    for seed in range(12):
        random = Random(f"{word} {seed}")
        plain_day = history(random)
        calm = Stage()
        cards = [(calm.do(one), calm.cards())[1] for one in plain_day]
        at = random.randrange(24, len(plain_day))
        gun = random.choice((*GUNS, stray_id(random, "g")))
        told = Stage()
        for number, one in enumerate(with_one_more(plain_day, at, word_of(random, word, gun))):
            before = proofs(told) if number == at else set()
            told.do(one)
            if number == at:
                gained = {proof for proof in proofs(told) - before if proof[0] not in {"sight", "hand"}}
                assert gained == set(), (word, seed)
            if number > at:
                for name, card in told.cards().items():
                    if card.kind in PROVEN_KINDS:
                        assert card.words == cards[number - 1][name].words, (word, seed, number)


def test_it_names_nobody_and_places_nothing_in_anybodys_hand() -> None:
    for word in Word:
        stage = Stage()
        for one in (*morning(), *prepared(WAYS[0], sheets=True)):
            stage.do(one)
        held = dict(stage.picture.custody)
        told = word_of(Random(2), word, COLT)
        stage.do(told)
        assert {name: tuple(rows) for name, rows in stage.picture.custody.items() if rows} == {
            name: tuple(rows) for name, rows in held.items() if rows
        }
        assert all(act.who == "" for act in told.acts if isinstance(act, a.Reported))
        assert (word in NEEDS_NO_GUN) == (COLT not in a.about(told.acts, by=HUB)) or word is Word.ROUND_HERE


def test_who_asked_is_answered_by_the_next_show_to_anybody() -> None:
    stage = Stage()
    way = WAYS[0]
    for one in (*morning(), *prepared(way, sheets=True), *claimed(way)):
        stage.do(one)
    stage.do(word_of(Random(3), Word.SHOW, COLT))
    assert set(stage.picture.asked[COLT]) == {""}
    # The positions keep their proofs: who asks says nothing about what lies in the gun.
    assert all(stage.picture.kernel.proven(COLT, name) for name in ("1", "2", "bore"))
    for one in claimed(way):
        stage.do(one)
    assert stage.steps[-1].verdict == "granted"
    assert stage.cards()[COLT].words == "PROVEN EMPTY"
    assert not stage.picture.asked[COLT]


def test_without_a_show_the_call_is_refused_while_somebody_waits() -> None:
    stage = Stage()
    way = WAYS[0]
    for one in (*morning(), *prepared(way, sheets=True)):
        stage.do(one)
    claims = list(claimed(way))
    for one in claims[:3]:
        stage.do(one)
    stage.do(word_of(Random(4), Word.SHOW, COLT))
    for one in claims[3:]:
        stage.do(one)
    assert stage.steps[-1].verdict == "refused"
    assert ("K9", "asked_and_waiting") in stage.steps[-1].findings
    assert stage.steps[-1].by == LEAD


def test_said_twice_it_is_no_hotter_than_once_but_for_the_entries() -> None:
    for word in (Word.SHOW, Word.OTHER_GUN):
        once, twice = Stage(), Stage()
        for stage, times in ((once, 1), (twice, 2)):
            for one in (*morning(), *prepared(WAYS[0], sheets=True)):
                stage.do(one)
            for _ in range(times):
                stage.do(word_of(Random(5), word, COLT))
        assert in_plain(once.picture)["kernel.pos"] == in_plain(twice.picture)["kernel.pos"]
        assert in_plain(once.picture)["kernel.call"] == in_plain(twice.picture)["kernel.call"]
