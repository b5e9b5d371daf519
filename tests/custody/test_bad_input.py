"""Acts out of order, without the role, signed twice by one, late, retracted, disputed, with impossible counts.

Each is recorded whatever it is, and none makes a gun colder than two people's own acts have made it.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import pytest

from coldcheck.custody import acts as a
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    LEAD,
    PM,
    PROVEN_KINDS,
    SUP,
    TRAY,
    WAYS,
    Deed,
    Stage,
    Way,
    claimed,
    deed,
    handed,
    in_run,
    morning,
    prepared,
)
from resting import assert_rests_on_two

HUGE: Final = 2**53 - 1
SEEDS = [range(start, start + 10) for start in range(0, 20, 10)]


def procedure(random: Random, way: Way) -> list[Deed]:
    """A gun proven and called, for a scene or for a run, with nothing wrong in it."""
    calls = in_run(random, way) if random.random() < 0.5 else (*claimed(way), *handed(way.gun))
    return [*prepared(way, sheets=random.random() < 0.5), *calls]


def out_of_order(random: Random, deeds: list[Deed]) -> list[Deed]:
    one, other = sorted(random.sample(range(len(deeds)), 2))
    deeds[one], deeds[other] = deeds[other], deeds[one]
    return deeds


def without_role(random: Random, deeds: list[Deed]) -> list[Deed]:
    at = random.randrange(len(deeds))
    deeds[at] = replace(deeds[at], by=random.choice((CREW, SUP, LEAD)))
    return deeds


def signed_twice(random: Random, deeds: list[Deed]) -> list[Deed]:
    """One person does what two should: everything the second was to sign is signed by the first, or the other way round."""
    one, other = random.choice(((ARM, AD1), (AD1, ARM), (ARM, LEAD), (LEAD, AD1)))
    return [replace(told, by=other) if told.by == one else told for told in deeds]


def late(random: Random, deeds: list[Deed]) -> list[Deed]:
    at = random.randrange(len(deeds))
    told = deeds.pop(at)
    later = random.randrange(at, len(deeds) + 1)
    deeds.insert(later, replace(told, wait_ms=random.choice((0, 61_000, 130_000, 4_000_000))))
    return deeds


def taken_back(random: Random, deeds: list[Deed]) -> list[Deed]:
    kind = random.choice((a.Retracted, a.Disputed))
    at = random.randrange(1, len(deeds) + 1)
    entry = START + random.randrange(at)
    deeds.insert(at, deed(random.choice((ARM, AD1, CREW)), kind(entry=entry)))
    return deeds


def impossible_count(random: Random, deeds: list[Deed]) -> list[Deed]:
    at = random.randrange(len(deeds))
    acts: list[a.Act] = []
    for act in deeds[at].acts:
        if isinstance(act, a.Called | a.Announced | a.Acknowledged):
            acts.append(replace(act, count=random.choice((0, 7, HUGE))))
        else:
            acts.append(act)
    deeds[at] = replace(deeds[at], acts=tuple(acts))
    counted = deed(random.choice((ARM, AD1, CREW)), a.Counted(thing=TRAY, count=HUGE))
    disposed = deed(CREW, a.Disposed(thing=TRAY, count=HUGE, how="lost"))
    deeds.insert(random.randrange(len(deeds)), random.choice((counted, disposed)))
    return deeds


BAD: Final[dict[str, Callable[[Random, list[Deed]], list[Deed]]]] = {
    "out of order": out_of_order,
    "without the role": without_role,
    "signed twice by one": signed_twice,
    "late": late,
    "retracted or disputed": taken_back,
    "impossible counts": impossible_count,
}
START: Final = len(list(morning()))
"""The entry at which a procedure begins."""


def play(deeds: list[Deed]) -> tuple[Stage, int]:
    """The floor after the deeds, each recorded, and how often a gun stood as proven; each time by two people's acts."""
    stage, proven = Stage(), 0
    for told in morning():
        stage.do(told)
    for told in deeds:
        size = stage.picture.size
        stage.do(told)
        assert stage.picture.size == size + 1, "an act was not recorded"
        for card in stage.cards().values():
            if card.kind in PROVEN_KINDS:
                proven += 1
                assert_rests_on_two(stage, card)
    assert not stage.picture.kernel.broken()
    return stage, proven


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_acts_are_recorded_and_no_card_stands_on_less_than_two_people(
    bad: Callable[[Random, list[Deed]], list[Deed]], seeds: range
) -> None:
    calm = doubtful = 0
    for seed in seeds:
        random = Random(seed)
        way = random.choice(WAYS)
        deeds = procedure(Random(seed), way)
        calm += play(deeds)[1]
        doubtful += play(bad(random, list(deeds)))[1]
    # The procedures do get there when nothing is wrong, and less often when something is.
    assert calm > doubtful


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.call} {len(way.rounds)}")
def test_one_person_in_two_places_never_proves_a_gun(way: Way) -> None:
    for one, other in ((ARM, AD1), (AD1, ARM), (PM, ARM)):
        deeds = [
            replace(told, by=other) if told.by == one else told
            for told in (*prepared(way, sheets=False), *claimed(way))
        ]
        for deeds_of_one in (deeds, [replace(told, by=ARM) for told in deeds]):
            stage, _ = play(deeds_of_one)
            if {told.by for told in deeds_of_one} < {ARM, AD1, LEAD}:
                assert stage.cards()[way.gun].words == "TREAT AS LOADED"


def test_a_count_beyond_all_rounds_is_kept_and_takes_the_proofs() -> None:
    stage, _ = play([*prepared(WAYS[1], sheets=True), *claimed(WAYS[1])])
    assert stage.cards()[COLT].words == "PROVEN 2 DUMMIES"
    for who in (ARM, AD1):
        stage.do(deed(who, a.Counted(thing=TRAY, count=HUGE)))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert stage.picture.counts[TRAY].second_count == HUGE
