"""The proof of the kernel table for any number of everything, and that each part of it can fail."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import z3

from coldcheck.custody.kernel_reading import READ_LEAVES, READ_ONLY_IF, READ_PROPERTIES, ROWS, Row, read_row
from coldcheck.custody.kernel_table import ONLY_IF, PROPERTIES, VARIABLES, PositionClass, Sort
from coldcheck.custody.things import RoundKind
from coldcheck.station.lab import prover
from coldcheck.station.lab.explorer import Exploration, Sighting, Step, explore
from coldcheck.station.lab.mutants import Mutant, differs, mutants, notice_of
from coldcheck.station.lab.packed_states import Scope
from coldcheck.station.lab.prover import Obligation, Table, Term, settle

# ---- the table is proved ----


@pytest.mark.parametrize("row", ROWS)
def test_no_branch_of_the_row_breaks_a_property(row: str) -> None:
    assert settle(prover.kept(Table(), (row,), joined=True)).unmet == ()


@pytest.mark.parametrize("row", [row.name for row in ROWS.values() if row.kind != "world"])
def test_who_knows_less_before_the_row_knows_less_after_it(row: str) -> None:
    verdict = settle((*prover.order(Table(), (row,), joined=True), *prover.downward(Table(), (row,), joined=True)))
    assert verdict.unmet == ()


@pytest.mark.parametrize("part", [prover.begins, prover.stays, prover.only_if, prover.whenever, prover.leaves])
def test_the_part_of_the_proof_holds(part: object) -> None:
    assert callable(part)
    verdict = settle(part(Table()))
    assert verdict.proved, verdict.unmet


def test_every_property_is_asked_about() -> None:
    assert {one.property for one in prover.kept(Table(), ("stop",))} >= {text.id for text in PROPERTIES}
    assert {read.id for read in READ_ONLY_IF} == {text.id for text in ONLY_IF}
    assert {read.row for read in READ_LEAVES} == set(ROWS)


# ---- and each part can fail ----


def is_proved_with(row: Row) -> bool:
    """Whether all is proved with this row in place of its like; asked until the first no."""
    asked = prover.obligations(Mutant(words="", row=row).table, (row.name,), joined=True)
    return all(prover.is_met(one, timeout_ms=5_000)[0] for one in asked)


BITES = {
    "AS1": {"second"},
    "AS2": {"test2"},
    "AS3": {"call_empty", "call_loaded", "call_inert"},
    "AS4": {"stray_gun", "stray_round"},
}


@pytest.mark.parametrize("off", BITES)
def test_without_an_assumption_each_row_that_leans_on_it_fails(off: str) -> None:
    assert {row.name for row in ROWS.values() if off in dict(row.assumes)} == BITES[off]
    verdict = settle(prover.kept(Table(off=frozenset({off})), BITES[off], joined=True))
    assert verdict.unmet == tuple(f"kept {row} then all (sat)" for row in ROWS if row in BITES[off])


def second_without(clause: str) -> Row:
    text = ROWS["second"].text
    clauses = text.when.split(" and ")
    assert clause in clauses
    return read_row(replace(text, when=" and ".join(part for part in clauses if part != clause)))


SECOND = ("p1[g, c] != q", "p1[g, c] == gc[g]", "pos[g, c] == x", "witness(q)")


@pytest.mark.parametrize("clause", SECOND)
def test_a_second_answer_without_this_clause_is_not_proved(clause: str) -> None:
    assert not is_proved_with(second_without(clause))


def test_the_one_clause_of_second_that_says_nothing_new_is_known_to_the_solver() -> None:
    clause = "p1[g, c] != NOBODY"  # the first answerer has the gun, and nobody never has one
    assert {*SECOND, clause} == set(ROWS["second"].text.when.split(" and "))
    assert differs(Mutant(words="", row=second_without(clause))) == "unsat"


@pytest.mark.parametrize("call", ["call_empty", "call_loaded", "call_inert"])
def test_a_call_under_an_open_stop_is_not_proved(call: str) -> None:
    text = ROWS[call].text
    row = read_row(replace(text, guards=tuple(guard for guard in text.guards if guard[1] != "no_open_stop")))
    kept = prover.kept(Mutant(words="", row=row).table, (call,))
    verdict = settle(one for one in kept if (one.case, one.property) == ("then", "I11d"))
    assert verdict.unmet == (f"kept {call} then I11d (sat)",)


def test_a_doubt_that_asks_what_is_known_breaks_the_order_of_records() -> None:
    row = read_row(replace(ROWS["doubt"].text, then="if rcv[g] != NOBODY: decay(g)"))
    assert not settle(prover.order(Mutant(words="", row=row).table, ("doubt",))).proved


def test_an_else_that_proves_something_does_not_lead_downward() -> None:
    row = read_row(replace(ROWS["see"].text, otherwise="again[g, c] = True"))
    assert not settle(prover.downward(Mutant(words="", row=row).table, ("see",))).proved


def test_a_property_that_does_not_hold_at_the_beginning_is_found() -> None:
    wrong = replace(READ_PROPERTIES[0], id="X1", when=read_row(replace(ROWS["stop"].text, when="halt")).when)
    assert settle(prover.begins(Table(properties=(wrong,)))).unmet == ("begins X1 (sat)",)


def test_unknown_is_not_proved() -> None:
    x, y, z = z3.Ints("x y z")
    hard = Obligation(
        part="kept", row="", case="", property="cubes", assumed=(), wanted=x * x * x + y * y * y + z * z * z != 114
    )
    verdict = settle((hard,), timeout_ms=50)
    assert not verdict.proved
    assert verdict.unmet == ("kept cubes (unknown)",)


def test_nothing_asked_is_not_proved() -> None:
    assert not settle(()).proved


# ---- mutants ----

NOTICED = {
    "leave: then without gc[g] = DISPUTED": "property",
    "unsight: else always as if call[g] != INERT": "property",
    "accept: then without rcv[g] = NOBODY": "property",
    "give: when without p != q": "property",
    "lift: guard two_people dropped": "property",
    "stray_gun: assumes AS4 without call[g] == NONE": "property",
    "second: assumes AS1 without wch[g, c] == x": "property",
    "slip_in: then without wch[g, c] = r": "property",
    "slip_in: when without p2[g, c] == NOBODY": "property",
    "slip_in: when without (r2[r] == NOBODY or rc[r] == DISPUTED or wrd[r])": "property",
    "stray_round: assumes AS4 without call[g] == INERT": "property",
    "accept: then without off[g] = NOBODY (2)": "equal",
}


@pytest.mark.parametrize("words", NOTICED)
def test_a_mutant_is_noticed(words: str) -> None:
    (mutant,) = (one for one in mutants() if one.words == words)
    assert notice_of(mutant).notice == NOTICED[words]


def test_every_row_has_mutants_and_none_is_the_row_itself() -> None:
    made = list(mutants())
    assert {one.row.name for one in made} == set(ROWS)
    assert all(one.row != ROWS[one.row.name] for one in made)


# ---- solver and explorer read the same rows alike ----

FLOOR = Scope(guns=((PositionClass.CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY, RoundKind.LIVE))


@pytest.fixture(scope="module")
def found() -> Exploration:
    return explore(FLOOR, properties=())


def closed_world() -> tuple[dict[Sort, dict[int, Term]], list[Term]]:
    """A z3 name for every code of the scope, and formulas saying that there is nothing else."""
    terms: dict[Sort, dict[int, Term]] = {}
    said: list[Term] = []
    for sort in (Sort.GUN, Sort.POSITION, Sort.PERSON, Sort.KIND, Sort.CONTENT):
        values = FLOOR.codes.get(sort, FLOOR.things(sort))
        named = [prover._CONSTANTS[name] for name in prover._OF_SORT[sort]]
        named += [z3.Const(f"{sort} {at}", prover._SORTS[sort]) for at in range(len(named), len(values))]
        terms[sort] = dict(enumerate(named))
        none = [prover._NO_SIGNER] if sort is Sort.PERSON else []
        any_one = z3.Const("x", prover._SORTS[sort])
        said += [z3.Distinct(*named, *none), z3.ForAll([any_one], z3.Or(*(any_one == one for one in (*named, *none))))]
    terms[Sort.ROUND] = terms[Sort.CONTENT]
    terms[Sort.CALL] = dict(enumerate(prover._CALLS))
    terms[Sort.FLAG] = {0: z3.BoolVal(False), 1: z3.BoolVal(True)}  # noqa: FBT003 - z3's own form
    first = len(prover._OF_SORT[Sort.PERSON])
    for at, person in enumerate(FLOOR.people):
        for role in ("handler", "witness"):
            said.append(prover._PREDICATES[role](terms[Sort.PERSON][first + at]) == getattr(person, role))
    gun, position = terms[Sort.GUN][0], terms[Sort.POSITION][0]
    said += [
        prover._PREDICATES[name](gun, position) == (name == "chamber") for name in ("chamber", "bore", "capability")
    ]
    return terms, said


def values(step: Step, at: int, *, later: bool) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """(variable, subscripts, code) of one state before or after the step."""
    packing = step.before.packing
    states = step.packed if later else step.before.states
    for name, key in packing.fields:
        yield name, key, int(packing.column(states[at : at + 1], (name, key))[0])


def first_step(found: Exploration, sighting: Sighting) -> Step:
    explorer = found.explorer
    state = found.levels[sighting.depth][found.levels[sighting.depth] == sighting.state]
    return next(step for step in explorer.steps(state, merged=False) if (step.row.name, step.branch) == sighting.move)


def test_solver_and_explorer_see_every_row_do_the_same(found: Exploration) -> None:
    terms, said = closed_world()
    variables = {variable.name: variable for variable in VARIABLES}
    for sighting in found.branches.values():
        step = first_step(found, sighting)
        state = prover.any_state("")

        def term(state: prover.State, name: str, key: tuple[int, ...]) -> Term:
            subscripts = [terms[sort][code] for sort, code in zip(variables[name].of, key, strict=True)]
            return state.read[name](*subscripts)

        env = {name.name: terms[name.sort][step.env[name.name]] for name in step.row.parameters}
        given = [
            term(state, name, key) == terms[variables[name].sort][code]
            for name, key, code in values(step, 0, later=False)
        ]
        effects = step.row.then if step.branch == "then" else step.row.otherwise
        after = prover.after(effects, env, state)
        wanted = [
            term(after, name, key) == terms[variables[name].sort][code]
            for name, key, code in values(step, 0, later=True)
        ]
        wanted.append(prover.taken(step.row, step.branch, env, state, off=frozenset()))
        asked = Obligation(
            part="kept",
            row=step.row.name,
            case=step.branch,
            property="same",
            assumed=(*said, *given),
            wanted=z3.And(*wanted),
        )
        assert prover.is_met(asked) == (True, "unsat"), str(asked)
        never = replace(asked, wanted=z3.And())
        assert prover.is_met(replace(never, wanted=z3.Not(z3.And())))[1] == "sat", "the state itself can be"
