"""What the picture keeps beside its tables so that nobody walks through them: the same as walking through them."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.whereabouts import fed_from
from floor import AD1, COLT, CREW, LEAD, TRAY, Stage, counted, deed, history, morning

BLOCKS = [range(start, start + 20) for start in range(0, 40, 20)]


def walked_performs(picture: Picture) -> Counter[tuple[str, str]]:
    """Which guns go to whom in how many scenes, asked of every scene there is."""
    return Counter(
        (gun, who)
        for scene in picture.scenes.values()
        for gun in {*scene.plan.guns}
        for who in {*scene.performers_of(gun)}
    )


def walked_proven(picture: Picture) -> dict[str, int]:
    """The last proof of every round, asked of all notes about it."""
    notes = {r: [at for at, what in picture.proofs[r] if what == "proven"] for r in tuple(picture.proofs)}
    return {r: max(proven) for r, proven in notes.items() if proven}


def walked_off(picture: Picture) -> dict[str, list[int]]:
    """The counts of every thing that are off and not settled, asked of all that ever were."""
    open_now = [(number, off.thing) for number, off in enumerate(picture.counts_off) if not off.settled]
    return {thing: [number for number, of in open_now if of == thing] for _, thing in open_now}


def walked_fed(picture: Picture, container: str) -> set[str]:
    """The rounds in guns that were in `container` since they were proven last, asked of every step they ever made."""
    sources = {container, *_within(picture, container)}
    found: set[str] = set()
    for gun in picture.kernel.gc:
        for round_id in picture.kernel.rounds_in(gun):
            steps = picture.placements.get(round_id, [])
            proven = walked_proven(picture).get(round_id, -1)
            starts = [step.start for step in steps if step.entry_index >= proven or step is steps[-1]]
            if any(start is not None and start.thing in sources for start in starts):
                found.add(round_id)
    return found


def _within(picture: Picture, container: str) -> set[str]:
    inner = {*picture.inside.get(container, {})}
    return inner.union(*(_within(picture, one) for one in inner)) if inner else inner


def assert_as_walked(picture: Picture) -> None:
    assert picture.performs == walked_performs(picture)
    assert picture.proven_at == walked_proven(picture)
    assert picture.off_open == walked_off(picture)


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_after_every_act_of_any_day_each_index_is_what_a_walk_finds(seeds: range) -> None:
    seen: Counter[str] = Counter()
    for seed in seeds:
        stage = Stage()
        for one in history(Random(seed)):
            stage.do(one)
            assert_as_walked(stage.picture)
            seen.update(name for name in ("performs", "proven_at", "off_open") if getattr(stage.picture, name))
            for container in tuple(stage.picture.containers):
                fed = {*fed_from(stage.picture, container)}
                assert fed == walked_fed(stage.picture, container), f"seed {seed}"
                seen["fed"] += len(fed)
    # An index that is always empty agrees with every walk.
    assert min(seen[name] for name in ("performs", "proven_at", "off_open", "fed")) > 0, seen


def test_a_performer_added_planned_anew_or_taken_back_is_counted_once() -> None:
    stage = Stage()
    for one in morning():
        stage.do(one)
    plan, before = stage.picture.scenes["S1"].plan, stage.picture.performs[COLT, LEAD]
    for act in (
        a.PerformerAdded(scene="S1", gun=COLT, performer=CREW),
        replace(plan, scene="S2"),
        a.PerformerAdded(scene="S2", gun=COLT, performer=CREW),
        replace(plan, performer=CREW),
        replace(plan, scene="S2", guns=()),
    ):
        stage.do(deed(AD1, act))
        assert_as_walked(stage.picture)
    assert stage.picture.performs[COLT, CREW] == 1
    assert stage.picture.performs.get((COLT, LEAD), 0) == before - 2, "S1 has another performer now, S2 no gun"


def test_a_count_that_was_off_is_open_until_two_agree_and_not_after() -> None:
    stage = Stage()
    for one in (*morning(), *counted(7), *counted(7)):
        stage.do(one)
        assert_as_walked(stage.picture)
    assert stage.picture.off_open == {TRAY: [0, 1]}
    for one in counted(8):
        stage.do(one)
        assert_as_walked(stage.picture)
    assert stage.picture.off_open == {}
    assert len(stage.picture.counts_off) == len(("both", "settled"))
