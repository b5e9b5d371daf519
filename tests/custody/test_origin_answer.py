"""Where a find came from, asked of whole records: A14 and A15 of the reference day, bad input, and no figure of a person."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.origin_answer import MODEL, FindAnswer, answer_find
from coldcheck.custody.origin_kinds import HYPOTHESIS_IDS, hypotheses_of, shared_ancestry
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import Lot, Relation, RoundKind
from coldcheck.custody.trace import live_finds
from coldcheck.custody.trace_rings import recall_of
from coldcheck.station.lab.productions import WAYS, production
from coldcheck.station.origin_text import find_json, find_lines, pack_find_json
from coldcheck.station.play import Player
from coldcheck.station.scenario import read_scenario
from coldcheck.station.store_sqlite import create_ledger

DEMOS = Path(__file__).parent.parent / "scenarios"


def played_demo(name: str) -> Picture:
    """The picture of a demo's ledger, played through the main flow."""
    with tempfile.TemporaryDirectory() as folder:
        store = create_ledger(Path(folder) / "played.ledger", meta={})
        player = Player(read_scenario(DEMOS / f"{name}.txt"), store)
        player.play()
        store.close()
        return player.hub.picture


@cache
def church() -> Picture:
    return played_demo("church_rehearsal")


@cache
def copper_creek() -> Picture:
    return played_demo("copper_creek_recorded")


def answers(picture: Picture) -> tuple[FindAnswer, ...]:
    return tuple(answer_find(picture, find, model=MODEL) for find in live_finds(picture))


def test_a14_finds_in_five_places_and_a_trace_forward_to_what_shared_a_container() -> None:
    picture = church()
    labels = {thing: label for label, thing in picture.labels.items()}
    found = {labels[thing] for thing in map(where_found, picture.journal) if thing}
    assert found == {"Colt-1", "Box-1", "Cart-1", "Belt-PERF2", "Belt-LEAD"}
    rings = recall_of(picture, picture.labels["Box-50-Lot"])
    assert set(rings.closure_no_barriers) | set(rings.together) | set(rings.lot)


def where_found(done: Done) -> str:
    told = done.act.told if isinstance(done.act, a.Reported) else done.act
    return told.thing if isinstance(told, a.RoundFound) else ""


def test_a15_every_kind_of_origin_is_listed_with_the_record_that_would_decide_it() -> None:
    told = answers(church())
    assert len(told) == 6
    for find in told:
        assert sorted(story.told.id for story in find.stories) == sorted(HYPOTHESIS_IDS)
        named = {story.told.id: story.told for story in find.stories}
        assert all(named[f"H{number}"].entries for number in range(1, 7))
    shape = find_json(church(), told[0])
    assert all(story["would_decide"] for story in shape["hypotheses"])


def test_a15_reports_alone_give_an_order_by_support_and_no_figure() -> None:
    for find in answers(church()):
        assert find.basis == "mostly_reported"
        assert all(story.figures is None and story.share is None for story in find.stories)
        assert find.windows == ()
        counts = [len(story.told.entries) for story in find.stories if story.told.id in HYPOTHESIS_IDS[:6]]
        assert counts == sorted(counts, reverse=True)


def test_a15_the_unrecorded_entry_is_never_dropped() -> None:
    for picture in (church(), copper_creek(), Picture()):
        assert "H7" in {story.id for story in hypotheses_of(picture)}
        for find in answers(picture):
            assert "H7" in {story.told.id for story in find.stories}


def test_a_kept_record_gives_figures_with_their_range_and_windows_with_who_had_access() -> None:
    told = answers(copper_creek())
    assert [find.basis for find in told] == ["record", "record"]
    for find in told:
        shares = [story.figures.posterior for story in find.stories if story.figures is not None]
        assert sum(shares) == pytest.approx(1.0)
        assert find.windows
        assert all(window.from_entry <= window.to_entry for window in find.windows)


def test_no_answer_holds_a_figure_of_a_person() -> None:
    people = {"ARM", "PM", "AD1", "LEAD", "PERF2", "SUP", "COSTUME", *copper_creek().persons}
    for find in answers(copper_creek()):
        shape = find_json(copper_creek(), find)
        for path, value in leaves(shape):
            if value in people:
                assert path[-1] == "access", path
        for window in shape["windows"]:
            assert window["access"] == sorted(window["access"])
        for line in find_lines(copper_creek(), find, stories=True):
            if any(f" {name}" in line for name in people):
                assert line.strip().startswith("had access"), line
                assert "%" not in line


def test_a_posterior_stays_out_of_a_pack_until_a_named_person_asks_for_it_by_an_act() -> None:
    picture = replace(copper_creek(), journal=list(copper_creek().journal))
    find = next(told for told in answers(picture) if told.basis == "record")
    resting = {"posterior", "posterior_range", "prior", "share", "needed_by", "bits", "class_bits"}
    matter, person = "m0000000000AA", next(iter(picture.persons))
    shape = pack_find_json(picture, find, regarding=matter)
    assert not resting & {name for path, _value in leaves(shape) for name in path}
    assert any(path[-1] == "likelihood" and value is not None for path, value in leaves(shape))
    assert [story["id"] for story in shape["hypotheses"]] == sorted(story["id"] for story in shape["hypotheses"])
    said = a.PosteriorAsked(regarding=matter, find=find.round_id)
    for act, by, given in (
        (replace(said, find="r0000000000ZZ"), person, False),
        (replace(said, regarding="m0000000000BB"), person, False),
        (said, "p0000000000ZZ", False),
        (said, person, True),
    ):
        done = Done(entry_index=picture.size, by=by, act=act, at=picture.journal[-1].at, verdict="admitted")
        picture.journal.append(done)
        shape = pack_find_json(picture, find, regarding=matter)
        assert (shape["posterior_asked_by"] is not None) == given
        assert ("posterior" in shape["hypotheses"][0]) == given
    assert shape["posterior_asked_by"]["entry"] == picture.size


def leaves(value: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Every value of a JSON shape with the names that lead to it."""
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner, path)]
    return [(path, value)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(6))
def test_the_true_way_in_is_among_the_windows_of_small_productions(seed: int, way: str) -> None:
    made = production(seed=seed, way=way)  # type: ignore[arg-type]  # one of WAYS
    told = answer_find(made.picture, made.round_id, model=MODEL)
    assert told.basis == "record"
    kinds = {story.told.id: story for story in told.stories}
    assert kinds["H7"].figures is not None
    assert kinds["H7"].figures.windows > 0
    if made.receipt is not None:
        received = kinds["H1"].figures
        assert received is not None
        assert received.windows > 0


def test_a_record_with_no_entries_at_all_says_so() -> None:
    told = answer_find(Picture(), "r000000000001", model=MODEL)
    assert told.basis == "nothing_recorded"
    assert [story.told.id for story in told.stories][:7][-1] == "H7"
    assert any("nothing is recorded before the find" in line for line in find_lines(Picture(), told, stories=True))


def test_lots_that_are_each_others_parents_by_corrections_end_the_walk() -> None:
    picture = Picture()
    for lot, parent in (("l1", "l2"), ("l2", "l1"), ("l3", "l1"), ("l4", "l1")):
        picture.lots[lot] = Lot(
            lot=lot, label=lot, calibre="", kind=RoundKind.DUMMY, tests=(), strong=(), count=0,
            parents=((Relation.SPLIT_OF, parent),), entry_index=0,
        )  # fmt: skip
    assert shared_ancestry(picture) == {"l3", "l4"}
