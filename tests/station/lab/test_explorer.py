"""What small floors can reach: nothing wrong with the table as it is, and each way to be wrong is found and told."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from coldcheck.custody.kernel import Kernel, Move
from coldcheck.custody.kernel_reading import ALWAYS, READ_PROPERTIES, ROWS, read_property
from coldcheck.custody.kernel_table import ASSUMPTIONS, CallKind, PositionClass, PropertyText, Sort
from coldcheck.custody.things import RoundKind
from coldcheck.station.lab import commands_prove
from coldcheck.station.lab.commands_prove import CALLS, FINGERPRINT_SCOPE
from coldcheck.station.lab.explorer import Exploration, Explorer, Told, explore, returns
from coldcheck.station.lab.mutants import SCOPES
from coldcheck.station.lab.packed_states import Packing, Person, Scope, ScopeTooLarge
from coldcheck.station.lab.prover import Table, kept
from coldcheck.station.lab.stories import SENTENCES, AssumptionStory, assumption_stories, story
from tracked import REPO

CHAMBER, BORE, CAPABILITY = PositionClass.CHAMBER, PositionClass.BORE, PositionClass.CAPABILITY
EMPTY_FLOOR = Scope(guns=((CHAMBER, BORE),), rounds=0, kinds=())

# Every edge (state, row, state) of the smallest floor with a round. It changes with any row, so a change of the table
# is made knowingly: look at the shortest stories again, then write the new one here.
FINGERPRINT = "6281706d79d8cb3ce4e57c8e5c625060a25cdddb1ae1177e213957c60ebbcb69"


@pytest.fixture(scope="module")
def found() -> Exploration:
    return explore(FINGERPRINT_SCOPE, hashed=True)


@pytest.fixture(scope="module")
def all_found(found: Exploration) -> tuple[Exploration, ...]:
    return (*(explore(scope) for scope in SCOPES[:-1]), found)


# ---- the table as it is ----


def test_no_small_floor_reaches_a_state_or_move_that_breaks_a_property(all_found: tuple[Exploration, ...]) -> None:
    assert [one.violations for one in all_found] == [{}] * len(SCOPES)
    assert all(one.complete for one in all_found)


def test_every_branch_of_every_row_is_taken_somewhere(all_found: tuple[Exploration, ...]) -> None:
    taken = {branch for one in all_found for branch in one.branches}
    always = {row.name for row in ROWS.values() if row.when == ALWAYS and not row.guards}
    never = {(row.name, "else") for row in ROWS.values() if row.kind == "world" or row.name in always}
    assert taken == {(name, branch) for name in ROWS for branch in ("then", "else")} - never


def test_the_edges_of_the_table_are_the_ones_last_looked_at(found: Exploration) -> None:
    assert found.edges == FINGERPRINT


def test_dropping_one_effect_changes_the_edges() -> None:
    row = ROWS["unsight"]
    without = replace(row, otherwise=row.otherwise[:-1])
    rows = tuple(without if one.name == row.name else one for one in ROWS.values())
    one, two = (explore(EMPTY_FLOOR, rows=some, properties=(), hashed=True) for some in (ROWS.values(), rows))
    assert one.edges != two.edges


@pytest.mark.parametrize(("call", "scope"), CALLS)
def test_the_call_can_be_made_to_stand_again_from_every_state(call: CallKind, scope: Scope) -> None:
    again = returns(explore(scope, properties=()), call)
    assert again.returning == again.states > 100


def test_a_real_live_round_is_never_called_a_dummy(found: Exploration) -> None:
    again = returns(found, CallKind.COLD_DUMMY)
    assert 0 < again.returning < again.states


def test_the_shortest_way_to_each_call_is_as_long_as_its_answers_need(all_found: tuple[Exploration, ...]) -> None:
    moves = {(one.explorer.scope.words, call): seen.depth for one in all_found for call, seen in one.grants.items()}
    shortest = {call: min(depth for (_, other), depth in moves.items() if other == call) for _, call in moves}
    assert shortest == {
        CallKind.COLD_EMPTY: 7,
        CallKind.COLD_DUMMY: 11,
        CallKind.HOT_BLANK: 11,
        CallKind.INERT: 4,
    }


# ---- the runtime plays the stories ----


def floor_of(scope: Scope) -> Kernel:
    kernel = Kernel()
    kernel.handlers = {person.label for person in scope.people if person.handler}
    kernel.witnesses = {person.label for person in scope.people if person.witness}
    for number, positions in enumerate(scope.guns):
        kernel.add_gun(f"g{number}", tuple((f"c{at}", of) for at, of in enumerate(positions)))
    for number in range(1, scope.rounds + 1):
        kernel.add_round(f"round {number}")
    return kernel


def move_of(scope: Scope, told: Told) -> Move:
    row, fields = ROWS[told.row], {Sort.ROUND: "round_id", Sort.KIND: "value", Sort.CONTENT: "value"}
    given = {}
    for name in row.parameters:
        code = told.env[name.name]
        match name.sort:
            case Sort.GUN:
                given["gun"] = f"g{code}"
            case Sort.POSITION:
                given["position"] = f"c{code}"
            case Sort.PERSON:
                given["signer" if name.name == row.signer else "other"] = str(scope.codes[Sort.PERSON][code])
            case sort:
                given[fields[sort]] = str(scope.codes[sort][code])
    return Move(told.row, **given)


def test_the_runtime_grants_what_the_shortest_stories_grant(all_found: tuple[Exploration, ...]) -> None:
    granted = set()
    for one in all_found:
        for call, sighting in one.grants.items():
            kernel = floor_of(one.explorer.scope)
            for told in one.story(sighting):
                if ROWS[told.row].kind != "world":
                    assert kernel.apply(move_of(one.explorer.scope, told)).branch == told.branch
            assert kernel.call["g0"] == call
            granted.add(call)
    assert len(granted) == len(CallKind) - 1


def test_the_runtime_takes_every_branch_the_explorer_takes(found: Exploration) -> None:
    for branch, sighting in found.branches.items():
        kernel = floor_of(found.explorer.scope)
        for told in found.story(sighting):
            if ROWS[told.row].kind != "world":
                assert kernel.apply(move_of(found.explorer.scope, told)).branch == told.branch, branch


# ---- each way to be wrong is found ----


def test_a_state_property_that_does_not_hold_is_found_by_the_shortest_story() -> None:
    wrong = read_property(PropertyText("X1", (("g", Sort.GUN),), "call[g] != COLD_EMPTY", "Nothing is ever called."))
    found = explore(EMPTY_FLOOR, properties=(wrong,))
    told = found.story(found.violations["X1"])
    assert told[0].row == "pickup"
    assert (len(told), told[-1].row) == (9, "call_empty")


def test_a_step_property_that_does_not_hold_is_found_by_the_move_that_breaks_it() -> None:
    text = PropertyText("X2", (("g", Sort.GUN),), "rcv[g] == before(rcv[g]) or rcv[g] == NOBODY", "", step=True)
    found = explore(EMPTY_FLOOR, properties=(read_property(text),))
    told = found.story(found.violations["X2"])
    assert (told[-1].row, told[-1].branch) == ("close", "then")


def test_a_dropped_guard_is_found_by_a_state() -> None:
    row = ROWS["call_empty"]
    without = replace(row, guards=tuple(guard for guard in row.guards if guard.name != "no_open_stop"))
    rows = tuple(without if one.name == row.name else one for one in ROWS.values())
    assert set(explore(EMPTY_FLOOR, rows=rows).violations) == {"I11d"}


@pytest.fixture(scope="module")
def told() -> tuple[AssumptionStory, ...]:
    return assumption_stories(FINGERPRINT_SCOPE)


def test_each_assumption_has_a_story_when_it_is_off(told: tuple[AssumptionStory, ...]) -> None:
    assert {one.assumption: (one.property, len(one.moves), one.bites_at) for one in told} == {
        "AS1": ("P1a", 8, 4),
        "AS2": ("P1b", 11, 3),
        "AS3": ("P1a", 9, 9),
        "AS4": ("P1a", 9, 8),
    }


def test_with_every_assumption_on_there_is_no_story(found: Exploration) -> None:
    assert found.explorer.off == frozenset()
    assert not found.violations


def test_the_page_of_assumptions_tells_the_stories_that_were_found(told: tuple[AssumptionStory, ...]) -> None:
    page = (REPO / "docs" / "assumptions.md").read_text()
    for one in told:
        section = page.split(f"## {one.assumption} ")[1].split("\n## ")[0]
        written = re.findall(r"^\d+\. (.*)$", section, re.MULTILINE)
        expected = list(one.moves)
        expected[one.bites_at - 1] = f"**{expected[one.bites_at - 1]}**"
        assert written == expected, one.assumption
    for assumption in ASSUMPTIONS:
        assert f"## {assumption.id} " in page
        assert assumption.sentence.split(" (")[0].rstrip(".") in " ".join(page.split())


# ---- packing ----


def test_states_that_differ_in_names_only_are_one_and_nothing_else_is() -> None:
    scope = Scope(guns=((CHAMBER, CHAMBER),), rounds=0, kinds=())
    found = explore(scope, properties=())
    plain = Explorer(scope)
    plain.packing.renamings = ()
    front = plain.packing.starts()
    known = set(front.tolist())
    while len(front):
        after = np.unique(np.concatenate([step.packed for step in plain.steps(front)]))
        front = after[[state not in known for state in after.tolist()]]
        known |= set(front.tolist())
    canonical = Packing(scope, ROWS.values()).canonical(np.array(sorted(known), dtype=np.uint64))
    assert set(np.unique(canonical).tolist()) == set(np.concatenate(found.levels).tolist())
    assert len(known) > 2 * found.states


def test_every_field_reads_back_what_was_written() -> None:
    packing = Packing(FINGERPRINT_SCOPE, ROWS.values())
    state = packing.starts()[:1]
    for field, place in packing.fields.items():
        for code in np.flatnonzero(place.bits_of).tolist():
            written = packing.written(state, field, code)
            assert packing.column(written, field)[0] == code
            others = [other for other in packing.fields if other != field]
            assert all(packing.column(written, other)[0] == packing.column(state, other)[0] for other in others)


def test_a_scope_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ScopeTooLarge, match="bits a state"):
        Explorer(Scope(guns=((CHAMBER,) * 6,), rounds=6, kinds=(RoundKind.DUMMY,)))


# ---- words and the command ----


def test_every_row_has_a_sentence() -> None:
    assert SENTENCES.keys() == ROWS.keys()


def test_two_guns_and_two_rounds_have_numbers_in_a_story() -> None:
    scope = Scope(guns=((CHAMBER,), (CHAMBER,)), rounds=2, kinds=(RoundKind.DUMMY,), people=(Person(label="ann"),))
    env = {"g": 1, "c": 0, "r": 3}
    assert story(scope, (Told(row="slip_in", branch="then", env=env),)) == ("Round 2 is slipped into chamber 1.",)


def test_prove_writes_what_it_found_and_fails_when_the_table_is_not_proved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands_prove, "LADDER", ((SCOPES[0], 0), (EMPTY_FLOOR, 10_000)))
    monkeypatch.setattr(commands_prove, "FINGERPRINT_SCOPE", SCOPES[0])
    wrong = read_property(PropertyText("X1", (("g", Sort.GUN),), "call[g] != COLD_EMPTY", "Nothing is ever called."))
    table = Table(properties=(*READ_PROPERTIES[:1], wrong), rows=(ROWS["call_empty"],))
    monkeypatch.setattr(commands_prove, "obligations", lambda _: kept(table, joined=True))
    answer = CliRunner().invoke(commands_prove.prove, ["--json", "--budget", "0"])
    shown = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert shown == json.loads((tmp_path / "bench/results/prove.json").read_text())
    assert not shown["unbounded"]["proved"]
    assert shown["explored"]["left_out"] == [EMPTY_FLOOR.words]
