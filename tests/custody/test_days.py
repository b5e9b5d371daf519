"""The library of days: ordinary days on which nothing is refused, and the days on which something was wrong."""

from functools import lru_cache
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.station.play import Played, Player
from coldcheck.station.scenario import Line, read_scenario
from stores import MemoryStore

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ORDINARY = tuple(sorted((SCENARIOS / "ordinary").glob("*.txt")))


@lru_cache
def played(path: Path) -> tuple[tuple[Played, ...], Picture]:
    """What every line of the day gave, and the picture at its end."""
    player = Player(read_scenario(path), MemoryStore({}))
    return player.play(), player.hub.picture


def acts_in(results: tuple[Played, ...]) -> tuple[Played, ...]:
    return tuple(result for result in results if result.act != "expect")


def ids(path: Path) -> str:
    return path.stem


# --- ordinary days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_an_ordinary_day_is_a_day_of_work_with_two_guns_and_calls(path: Path) -> None:
    results, picture = played(path)
    assert len(acts_in(results)) >= 60
    assert len(picture.guns) >= 2
    assert sum(1 for result in results if result.act == "acknowledged" and result.verdict == "granted") >= 2


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_on_an_ordinary_day_every_line_is_met_and_none_that_expects_nothing_is_refused(path: Path) -> None:
    results, _ = played(path)
    assert [(result.line, result.verdict, result.rules) for result in results if not result.met] == []
    assert [result.line for result in results if result.verdict == "refused" and not result.wanted] == []


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_an_ordinary_day_ends_with_every_gun_under_lock_and_no_stop_open(path: Path) -> None:
    _, picture = played(path)
    assert not picture.open_stops
    assert {picture.custody[gun][-1].hold.value for gun in picture.guns} == {"locked"}
    assert [done for done in picture.journal if isinstance(done.act, a.DayClosed)]


def test_the_ordinary_days_have_a_late_arrival_a_drop_a_lunch_a_substitute_and_a_second_take() -> None:
    assert {"late_arrival", "dropped_gun", "lunch_break", "substitute_armorer", "second_take"} <= set(
        map(ids, ORDINARY)
    )


def test_an_ordinary_day_is_written_by_invented_people_only_and_every_line_is_an_act_of_its_signer() -> None:
    for path in ORDINARY:
        lines = [step for step in read_scenario(path).steps if isinstance(step, Line)]
        assert not [line for line in lines for phrase in line.phrases if phrase.startswith("reports ")], path.stem
