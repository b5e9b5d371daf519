"""The kernel proved for any number of guns, positions, rounds and people, by z3, from the rows that run.

For: the half of the proof that has no scope. A state is one function per variable of the table; a row is the same
functions written over; a property is inductive if no state in which all properties hold has a move to one in which it
does not.

Promises: what counts as proved is only what z3 answers `unsat` to; `unknown`, a time-out and a counterexample are all
not proved. Rows, properties and assumptions are those `custody.kernel_reading` read.

Does not: count, or know a clock. It says nothing about whether a state can be reached; `explorer` does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, assert_never

import z3

from coldcheck.custody.kernel import Branch
from coldcheck.custody.kernel_reading import (
    DOMAIN_MEANINGS,
    READ_LEAVES,
    READ_ONLY_IF,
    READ_PROPERTIES,
    READ_WHENEVER,
    RECORD_PROPERTIES,
    ROWS,
    Both,
    Const,
    Effect,
    Either,
    Every,
    Expression,
    For,
    Holds,
    If,
    Name,
    Not,
    Over,
    Property,
    Read,
    Row,
    Same,
    Set,
    Some,
    reads_in,
    sets_in,
)
from coldcheck.custody.kernel_table import CONSTANTS, PREDICATES, VARIABLES, CallKind, Sort, Variable

Term: TypeAlias = Any  # z3 ships no types
Env: TypeAlias = Mapping[str, Term]
Part: TypeAlias = Literal["begins", "kept", "only_if", "whenever", "leaves", "order", "downward", "stays"]

TIMEOUT_MS: Final = 20_000

# ---- words in z3 ----

_CALL, _CALLS = z3.EnumSort("Call", [call.name for call in CallKind])
_SORTS: Final[Mapping[Sort, Term]] = MappingProxyType(
    {
        Sort.GUN: z3.DeclareSort("Gun"),
        Sort.POSITION: z3.DeclareSort("Position"),
        Sort.PERSON: z3.DeclareSort("Person"),
        Sort.KIND: z3.DeclareSort("Kind"),
        Sort.CONTENT: (_CONTENT := z3.DeclareSort("Content")),
        Sort.ROUND: _CONTENT,
        Sort.CALL: _CALL,
        Sort.FLAG: z3.BoolSort(),
    }
)
_CONSTANTS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        **{c.name: z3.Const(c.name, _SORTS[c.sort]) for c in CONSTANTS if c.sort is not Sort.CALL},
        **{call.name: term for call, term in zip(CallKind, _CALLS, strict=True)},
    }
)
_OF_SORT: Final[Mapping[Sort, tuple[str, ...]]] = MappingProxyType(
    {sort: tuple(c.name for c in CONSTANTS if c.sort is sort) for sort in Sort}
)
# What signs a row that has no signer: nobody at all, and no person.
_NO_SIGNER: Final = z3.Const("no signer", _SORTS[Sort.PERSON])
_PREDICATES: Final[Mapping[str, Term]] = MappingProxyType(
    {p.name: z3.Function(p.name, *(_SORTS[sort] for sort in p.of), z3.BoolSort()) for p in PREDICATES}
)
_CLASSES: Final = ("chamber", "bore", "capability")
_TRUE: Final = z3.And()
_numbers: Final = count()


def _fresh(name: str, sort: Sort) -> Term:
    return z3.Const(f"{name}!{next(_numbers)}", _SORTS[sort])


def _position_is_there(gun: Term, position: Term) -> Term:
    return z3.Or(*(_PREDICATES[name](gun, position) for name in _CLASSES))


def _is_thing(term: Term, sort: Sort) -> Term:
    """Whether the term is a round, person or kind, and none of the words that stand for no thing."""
    if sort in {Sort.PERSON, Sort.ROUND, Sort.KIND}:
        of = Sort.CONTENT if sort is Sort.ROUND else sort
        none = ["NO_KIND"] if sort is Sort.KIND else _OF_SORT[of]
        own = [term != _CONSTANTS[name] for name in none]
        return z3.And(*own, *([term != _NO_SIGNER] if sort is Sort.PERSON else []))
    return _TRUE


@cache
def axioms() -> tuple[Term, ...]:
    """What the words mean whatever the state: constants differ, classes exclude one another, roles are people's."""
    gun, position = z3.Const("g", _SORTS[Sort.GUN]), z3.Const("c", _SORTS[Sort.POSITION])
    person = z3.Const("p", _SORTS[Sort.PERSON])
    of = [_PREDICATES[name](gun, position) for name in _CLASSES]
    different = [
        z3.Distinct(*(_CONSTANTS[name] for name in names), *([_NO_SIGNER] if sort is Sort.PERSON else []))
        for sort, names in _OF_SORT.items()
        if names and sort is not Sort.CALL
    ]
    exclusive = [z3.Not(z3.And(of[a], of[b])) for a, b in ((0, 1), (0, 2), (1, 2))]
    roles = [
        z3.ForAll([person], z3.Implies(_PREDICATES[name](person), _is_thing(person, Sort.PERSON)))
        for name in ("handler", "witness")
    ]
    return (*different, z3.ForAll([gun, position], z3.And(*exclusive)), *roles)


# ---- a state ----


@dataclass(frozen=True, slots=True)
class State:
    """One function per variable, from subscripts to a value."""

    read: Mapping[str, Callable[..., Term]]

    def with_written(self, name: str, new: Callable[..., Term]) -> "State":
        """The state with one variable written over."""
        return State(MappingProxyType({**self.read, name: new}))


def any_state(label: str) -> State:
    """A state of which nothing is known yet."""
    functions: dict[str, Callable[..., Term]] = {}
    for variable in VARIABLES:
        name, value = f"{variable.name}{label}", _SORTS[variable.sort]
        if variable.of:
            functions[variable.name] = z3.Function(name, *(_SORTS[sort] for sort in variable.of), value)
        else:
            functions[variable.name] = _constantly(z3.Const(name, value))
    return State(MappingProxyType(functions))


def _constantly(term: Term) -> Callable[..., Term]:
    return lambda *_: term


def term_of(part: Expression, env: Env, state: State, before: State | None = None) -> Term:
    """The expression as a z3 term; a condition becomes a formula."""
    match part:
        case Name(name=name):
            return env[name]
        case Const(name=name, sort=sort, value=value):
            return z3.BoolVal(bool(value)) if sort is Sort.FLAG else _CONSTANTS[name]
        case Read(variable=variable, at=at, before=earlier):
            seen = before if earlier else state
            assert seen is not None
            return seen.read[variable.name](*(env[name.name] for name in at))
        case Holds(predicate=predicate, of=of):
            return _PREDICATES[predicate.name](*(term_of(inner, env, state, before) for inner in of))
        case Same(left=left, right=right, equal=equal):
            sides = term_of(left, env, state, before), term_of(right, env, state, before)
            return sides[0] == sides[1] if equal else sides[0] != sides[1]
        case Not(part=inner):
            return z3.Not(term_of(inner, env, state, before))
        case Both(parts=parts):
            return z3.And(*(term_of(inner, env, state, before) for inner in parts))
        case Either(parts=parts):
            return z3.Or(*(term_of(inner, env, state, before) for inner in parts))
        case Every() | Some():
            return _over(part, env, state, before)
        case _:
            assert_never(part)


def _over(part: Every | Some, env: Env, state: State, before: State | None) -> Term:
    more = {name.name: _fresh(name.name, name.sort) for name in part.over.members}
    wider = {**env, **more}
    inside, holds = _member(part.over, wider, state), term_of(part.part, wider, state, before)
    if isinstance(part, Every):
        return z3.ForAll(list(more.values()), z3.Implies(inside, holds))
    return z3.Exists(list(more.values()), z3.And(inside, holds))


def _member(over: Over, env: Env, state: State) -> Term:
    """Whether the loop's names, as they stand in `env`, name a member of the domain."""
    domain = over.domain
    own = {
        **{name: env[given.name] for (name, _), given in zip(domain.parameters, over.of, strict=True)},
        **{name: env[given.name] for (name, _), given in zip(domain.members, over.members, strict=True)},
    }
    names = tuple(Name(name, sort) for name, sort in (*domain.parameters, *domain.members))
    return z3.And(there(names, own), term_of(DOMAIN_MEANINGS[domain.name], own, state))


def there(names: Iterable[Name], env: Env) -> Term:
    """Whether the names name things that are there; a position belongs to the gun named last before it."""
    gun, found = None, []
    for name in names:
        if name.sort is Sort.GUN:
            gun = env[name.name]
        if name.sort is Sort.POSITION:
            found.append(_position_is_there(gun, env[name.name]))
        found.append(_is_thing(env[name.name], name.sort))
    return z3.And(*found)


# ---- effects ----


@dataclass(frozen=True, slots=True)
class _Under:
    """A loop or condition an effect stands under, and the state in which it is decided."""

    holds: Callable[[Env], Term]
    names: tuple[Name, ...] = ()


def after(effects: Iterable[Effect], env: Env, state: State, under: tuple[_Under, ...] = ()) -> State:
    """The state after the effects. All turns of a loop happen at once, which its reader made sure makes no odds."""
    for effect in effects:
        match effect:
            case Set():
                state = _set(effect, env, state, under)
            case If(when=when, then=then, otherwise=otherwise):
                began = state
                yes = _Under(lambda inner, w=when, s=began: term_of(w, inner, s))  # type: ignore[misc]
                no = _Under(lambda inner, w=when, s=began: z3.Not(term_of(w, inner, s)))  # type: ignore[misc]
                state = after(then, env, state, (*under, yes))
                state = after(otherwise, env, state, (*under, no))
            case For(over=over, body=body):
                inside = _Under(lambda inner, o=over, s=state: _member(o, inner, s), over.members)  # type: ignore[misc]
                state = after(body, env, state, (*under, inside))
            case _:
                assert_never(effect)
    return state


def _set(effect: Set, env: Env, state: State, under: tuple[_Under, ...]) -> State:
    name, old = effect.variable.name, state.read[effect.variable.name]
    loops = {inner.name: inner for frame in under for inner in frame.names}

    def new(*at: Term) -> Term:
        bound, equal = dict(env), []
        for given, term in zip(effect.at, at, strict=True):
            if given.name in loops and given.name not in bound:
                bound[given.name] = term
            else:
                equal.append(bound[given.name] == term)
        rest = {loop: _fresh(loop, inner.sort) for loop, inner in loops.items() if loop not in bound}
        bound.update(rest)
        where = z3.And(*equal, *(frame.holds(bound) for frame in under))
        if rest:
            where = z3.Exists(list(rest.values()), where)
        return z3.If(where, term_of(effect.value, bound, state), old(*at))

    return state.with_written(name, new)


# ---- obligations ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One question to the solver: it is met if `assumed` and not `wanted` cannot both be."""

    part: Part
    row: str
    case: str
    property: str
    assumed: tuple[Term, ...]
    wanted: Term

    def __str__(self) -> str:
        return " ".join(word for word in (self.part, self.row, self.case, self.property) if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of some obligations. `unmet` names those not met, with z3's word for why."""

    obligations: int
    unmet: tuple[str, ...]
    seconds: float
    slowest_s: float

    @property
    def proved(self) -> bool:
        """Whether there was something to prove and all of it was."""
        return self.obligations > 0 and not self.unmet


def is_met(obligation: Obligation, *, timeout_ms: int = TIMEOUT_MS) -> tuple[bool, str]:
    """Whether the solver has shown it, and its answer; anything but `unsat` is a no."""
    solver = z3.Solver()
    solver.set("timeout", timeout_ms)
    solver.add(*axioms(), *obligation.assumed, z3.Not(obligation.wanted))
    answer = solver.check()
    return answer == z3.unsat, str(answer)


def reasons(obligation: Obligation, named: Mapping[str, Term], *, timeout_ms: int = TIMEOUT_MS) -> tuple[str, ...]:
    """Which of the named formulas the solver needed to show it, in their order; empty when it needed none, or did not."""
    solver = z3.Solver()
    solver.set("timeout", timeout_ms)
    solver.add(*axioms(), *obligation.assumed, z3.Not(obligation.wanted))
    marks = {name: z3.Bool(f"because {name}") for name in named}
    solver.add(*(z3.Implies(marks[name], formula) for name, formula in named.items()))
    if solver.check(*marks.values()) != z3.unsat:
        return ()
    needed = {str(mark) for mark in solver.unsat_core()}
    return tuple(name for name, mark in marks.items() if str(mark) in needed)


def settle(obligations: Iterable[Obligation], *, timeout_ms: int = TIMEOUT_MS) -> Verdict:
    """All of them, one after another."""
    began, unmet, number, slowest = perf_counter(), [], 0, 0.0
    for obligation in obligations:
        asked = perf_counter()
        met, answer = is_met(obligation, timeout_ms=timeout_ms)
        slowest = max(slowest, perf_counter() - asked)
        number += 1
        if not met:
            unmet.append(f"{obligation} ({answer})")
    return Verdict(obligations=number, unmet=tuple(unmet), seconds=perf_counter() - began, slowest_s=slowest)


# ---- what holds of a state ----


def instance(read: Property, state: State, before: State | None = None, signer: Term = None) -> Term:
    """The property for values nobody chose: to prove it of these is to prove it of all."""
    env = {name.name: _fresh(name.name, name.sort) for name in read.parameters}
    return z3.Implies(there(read.parameters, env), term_of(read.when, {**env, "signer": signer}, state, before))


def always(read: Property, state: State) -> Term:
    """The property for all values of its parameters."""
    env = {name.name: _fresh(name.name, name.sort) for name in read.parameters}
    body = z3.Implies(there(read.parameters, env), term_of(read.when, env, state))
    return z3.ForAll(list(env.values()), body) if env else body


def kinds_of_values(rows: Iterable[Row]) -> dict[str, frozenset[str]]:
    """By variable, the constants of its sort that no row and no beginning can put there."""
    held = {v.name: set(_beginnings(v)) for v in VARIABLES}
    sets = [part for row in rows for part in sets_in((*row.then, *row.otherwise))]
    size = -1
    while size != (size := sum(map(len, held.values()))):
        for part in sets:
            match part.value:
                case Const(name=name):
                    held[part.variable.name].add(name)
                case Read(variable=variable):
                    held[part.variable.name] |= held[variable.name]
                case Name(sort=Sort.CONTENT):
                    held[part.variable.name] |= set(_OF_SORT[Sort.CONTENT])
                case Name(sort=Sort.KIND):
                    held[part.variable.name] |= set(_OF_SORT[Sort.KIND]) - {"NO_KIND"}
                case _:
                    pass
    return {v.name: frozenset(_OF_SORT[v.sort]) - held[v.name] for v in VARIABLES if v.sort is not Sort.CALL}


def _beginnings(variable: Variable) -> tuple[str, ...]:
    match variable.name:
        case "rc":
            return "DISPUTED", "LOCKED"
        case "wch":
            return ("EMPTY",)
        case "wk":
            return tuple(set(_OF_SORT[Sort.KIND]) - {"NO_KIND"})
        case _:
            return (variable.initial,) if variable.initial else ()


def type_facts(
    state: State, excluded: Mapping[str, frozenset[str]], *, world: bool = True
) -> Iterator[tuple[str, Term]]:
    """(name, formula) for each variable that can never hold some constants of its sort."""
    for variable in VARIABLES:
        names = excluded.get(variable.name, frozenset())
        if not (names or variable.sort is Sort.PERSON) or (variable.side == "world" and not world):
            continue
        env = {f"{number}": _fresh(variable.name, sort) for number, sort in enumerate(variable.of)}
        value = state.read[variable.name](*env.values())
        none = [value != _CONSTANTS[name] for name in sorted(names)]
        none += [value != _NO_SIGNER] if variable.sort is Sort.PERSON else []
        yield f"T-{variable.name}", z3.ForAll(list(env.values()), z3.And(*none)) if env else z3.And(*none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows and properties a proof is about; mutants change `rows`. `off` names assumptions that are not made."""

    rows: tuple[Row, ...] = tuple(ROWS.values())
    properties: tuple[Property, ...] = READ_PROPERTIES
    off: frozenset[str] = frozenset()

    @property
    def excluded(self) -> dict[str, frozenset[str]]:
        """By variable, the constants it never holds."""
        return kinds_of_values(ROWS.values())


def invariants(table: Table, state: State, *, record_only: bool = False) -> tuple[Term, ...]:
    """Everything the induction may lean on."""
    record = set(RECORD_PROPERTIES)
    asked = (read for read in table.properties if not read.text.step and (not record_only or read in record))
    facts = (formula for _, formula in type_facts(state, table.excluded, world=not record_only))
    return (*facts, *(always(read, state) for read in asked))


@cache
def assumed_state(properties: tuple[Property, ...], label: str, *, record_only: bool) -> tuple[State, tuple[Term, ...]]:
    """A state of which only the properties are known, and those; built once, since every row starts from it."""
    state = any_state(label)
    return state, invariants(Table(properties=properties), state, record_only=record_only)


def _condition(row: Row) -> Expression:
    return Both((row.when, *(guard.when for guard in row.guards)))


def moves(row: Row) -> Iterator[tuple[Branch, tuple[Effect, ...]]]:
    """The branches a row has: one that is always taken has no else, and a world row that does not fit does nothing."""
    yield "then", row.then
    if row.kind != "world" and _condition(row) != Both((Const("True", Sort.FLAG, value=True),)):
        yield "else", row.otherwise


def row_names(row: Row) -> dict[str, Term]:
    """One fresh term for each parameter: the proof is about any gun, any round, anybody."""
    return {name.name: _fresh(name.name, name.sort) for name in row.parameters}


def taken(row: Row, branch: Branch, env: Env, state: State, *, off: frozenset[str], world: bool = True) -> Term:
    """Whether the row takes this branch; `world`: and the assumptions made let it."""
    chosen = term_of(_condition(row), env, state)
    if branch == "else":
        return z3.And(there(row.parameters, env), z3.Not(chosen))
    assumed = [term_of(part, env, state) for name, part in row.assumes if world and name not in off]
    return z3.And(there(row.parameters, env), chosen, *assumed)


def state_terms(variable: Variable) -> list[Term]:
    """Fresh subscripts for a variable."""
    return [_fresh(variable.name, sort) for sort in variable.of]


# ---- the parts of the proof ----


def begins(table: Table) -> Iterator[Obligation]:
    """Every property holds when nothing has happened yet; of the world only: a real round is in one real place."""
    state = any_state("")
    env_and_value = []
    for variable in VARIABLES:
        if variable.initial and variable.name != "rc":
            names = {str(n): _fresh(variable.name, sort) for n, sort in enumerate(variable.of)}
            constant = Const(variable.initial, variable.sort, value=variable.initial == "True")
            start = term_of(constant, {}, state)
            same = state.read[variable.name](*names.values()) == start
            env_and_value.append(z3.ForAll(list(names.values()), same) if names else same)
    world = [
        read
        for read in table.properties
        if not read.text.step and all(r.variable.side == "world" for r in reads_in(read.when))
    ]
    facts = dict(type_facts(state, table.excluded))
    given = [always(read, state) for read in world] + [facts[name] for name in ("T-rc", "T-wch", "T-wk")]
    in_no_gun = z3.Const("r", _SORTS[Sort.ROUND])
    given.append(z3.ForAll([in_no_gun], state.read["rc"](in_no_gun) != _CONSTANTS["IN_GUN"]))
    wanted = [(name, formula) for name, formula in facts.items() if name not in {"T-rc", "T-wch", "T-wk"}]
    wanted += [
        (read.id, instance(read, state)) for read in table.properties if not read.text.step and read not in world
    ]
    for name, formula in wanted:
        yield Obligation(
            part="begins", row="", case="", property=name, assumed=(*given, *env_and_value), wanted=formula
        )


def kept(table: Table, rows: Iterable[str] | None = None, *, joined: bool = False) -> Iterator[Obligation]:
    """Every property is kept by every branch of every row; one question each, or one per branch when `joined`."""
    state, held = assumed_state(table.properties, "", record_only=False)
    for row in table.rows:
        if rows is not None and row.name not in rows:
            continue
        for branch, effects in moves(row):
            env = row_names(row)
            later = after(effects, env, state)
            given = (*held, taken(row, branch, env, state, off=table.off))
            signer = env[row.signer] if row.signer else _NO_SIGNER
            wanted = list(type_facts(later, table.excluded))
            asked = (read for read in table.properties if row.name not in read.text.apart)
            wanted += [(read.id, instance(read, later, state, signer)) for read in asked]
            if joined:
                wanted = [("all", z3.And(*(formula for _, formula in wanted)))]
            for name, formula in wanted:
                yield Obligation(part="kept", row=row.name, case=branch, property=name, assumed=given, wanted=formula)


def only_if(table: Table, rows: Iterable[str] | None = None) -> Iterator[Obligation]:
    """The main effect of a row happens only if what `ONLY_IF` says of it holds."""
    state, held = assumed_state(table.properties, "", record_only=False)
    for read in READ_ONLY_IF:
        row = next(row for row in table.rows if row.name == read.row)
        if rows is not None and row.name not in rows:
            continue
        env = row_names(row)
        given = (*held, taken(row, "then", env, state, off=table.off))
        wanted = term_of(read.when, env, state)
        yield Obligation(part="only_if", row=row.name, case="then", property=read.id, assumed=given, wanted=wanted)


def whenever(table: Table, rows: Iterable[str] | None = None) -> Iterator[Obligation]:
    """A world row takes its effect whenever what `WHENEVER` says of it holds: the adversary is no weaker than that."""
    state, held = assumed_state(table.properties, "", record_only=False)
    named = {row.name: row for row in table.rows}
    for read in READ_WHENEVER:
        if rows is not None and read.row not in rows:
            continue
        row = named[read.row]
        env = row_names(row)
        given = (*held, there(row.parameters, env), term_of(read.when, env, state))
        wanted = taken(row, "then", env, state, off=table.off)
        yield Obligation(part="whenever", row=row.name, case="then", property=read.id, assumed=given, wanted=wanted)


def leaves(table: Table, rows: Iterable[str] | None = None) -> Iterator[Obligation]:
    """Each branch of a row leaves behind what `LEAVES` says it does."""
    state, held = assumed_state(table.properties, "", record_only=False)
    named = {row.name: row for row in table.rows}
    for read in READ_LEAVES:
        if rows is not None and read.row not in rows:
            continue
        row = named[read.row]
        env = row_names(row)
        effects = row.then if read.branch == "then" else row.otherwise
        given = (*held, taken(row, read.branch, env, state, off=table.off))
        wanted = term_of(read.when, env, after(effects, env, state), state)
        yield Obligation(part="leaves", row=row.name, case=read.branch, property=read.id, assumed=given, wanted=wanted)


def stays(table: Table) -> Iterator[Obligation]:
    """A step property holds of a move that leaves all it reads alone: what the explorer does not ask, it may skip."""
    state, held = assumed_state(table.properties, "", record_only=False)
    for read in table.properties:
        if read.text.step:
            wanted = instance(read, state, state, _NO_SIGNER)
            yield Obligation(part="stays", row="", case="", property=read.id, assumed=held, wanted=wanted)


# ---- two copies: one knows less ----

_CUSTODY_ANYWAY: Final[Mapping[str, str]] = MappingProxyType(
    {"pickup": "gc", "accept": "gc", "have": "rc", "unload": "rc"}
)
_KNOWN: Final = ("gc", "off", "p1", "p2", "wit", "eye", "view", "again", "rcv", "call", "rc", "r1", "r2")
_IGNORANCE: Final = MappingProxyType(
    {Sort.PERSON: ("NOBODY", "DISPUTED", "IN_GUN"), Sort.CALL: ("NONE",), Sort.FLAG: ("False",)}
)


def knows_less(less: State, more: State, *, apart: str = "") -> Iterator[tuple[str, Term]]:
    """(variable, formula): each answer, sight, call and custody that `less` has, `more` has too, over the same things.

    What is not proven may differ, and a stop may be open in `less` alone. `apart` names a variable not asked about.
    """
    variables = {variable.name: variable for variable in VARIABLES}
    for name in _KNOWN:
        if name != apart:
            variable = variables[name]
            at = [_fresh(name, sort) for sort in variable.of]
            one, two = less.read[name](*at), more.read[name](*at)
            words = _IGNORANCE[variable.sort]
            nothing = [z3.Not(one)] if words == ("False",) else [one == _CONSTANTS[word] for word in words]
            yield name, z3.ForAll(at, z3.Or(*nothing, one == two))
    for name, first in (("pos", "p1"), ("rk", "r1")):
        at = [_fresh(name, sort) for sort in variables[name].of]
        unproven = less.read[first](*at) == _CONSTANTS["NOBODY"]
        yield name, z3.ForAll(at, z3.Or(unproven, less.read[name](*at) == more.read[name](*at)))
    yield "halt", z3.Implies(more.read["halt"](), less.read["halt"]())


def order(table: Table, rows: Iterable[str] | None = None, *, joined: bool = False) -> Iterator[Obligation]:
    """P6a: whoever knows less still does after the same row, whichever branches the two take."""
    more, held = assumed_state(table.properties, " more", record_only=True)
    less, also = assumed_state(table.properties, " less", record_only=True)
    given = (
        *held,
        *also,
        *(formula for _, formula in knows_less(less, more)),
    )
    for row in table.rows:
        if row.kind == "world" or (rows is not None and row.name not in rows):
            continue
        env = row_names(row)
        for one, effects in moves(row):
            for two, others in moves(row):
                cases = (
                    taken(row, one, env, more, off=table.off, world=False),
                    taken(row, two, env, less, off=table.off, world=False),
                )
                wanted = list(knows_less(after(others, env, less), after(effects, env, more)))
                if joined:
                    wanted = [("P6", z3.And(*(formula for _, formula in wanted)))]
                for name, formula in wanted:
                    yield Obligation(
                        part="order",
                        row=row.name,
                        case=f"{one}/{two}",
                        property=name,
                        assumed=(*given, *cases),
                        wanted=formula,
                    )


DOUBTS: Final = ("pickup", "leave", "doubt", "lose", "taint", "unsight", "endcall", "stop")


def downward(table: Table, rows: Iterable[str] | None = None, *, joined: bool = False) -> Iterator[Obligation]:
    """P6b: every else-effect and every doubt knows less than what was there before it.

    Who has a thing is reported, not proven: where a row sets it in both branches, that variable is not asked about.
    """
    state, held = assumed_state(table.properties, "", record_only=True)
    for row in table.rows:
        if row.kind == "world" or (rows is not None and row.name not in rows):
            continue
        env = row_names(row)
        for branch, effects in moves(row):
            if branch == "then" and row.name not in DOUBTS:
                continue
            given = (*held, taken(row, branch, env, state, off=table.off, world=False))
            wanted = list(knows_less(after(effects, env, state), state, apart=_CUSTODY_ANYWAY.get(row.name, "")))
            if joined:
                wanted = [("P6", z3.And(*(formula for _, formula in wanted)))]
            for name, formula in wanted:
                yield Obligation(
                    part="downward", row=row.name, case=branch, property=name, assumed=given, wanted=formula
                )


def obligations(table: Table, rows: Iterable[str] | None = None, *, joined: bool = False) -> Iterator[Obligation]:
    """Everything there is to prove of the table, or of some of its rows."""
    if rows is None:
        yield from begins(table)
        yield from stays(table)
    yield from kept(table, rows, joined=joined)
    yield from only_if(table, rows)
    yield from whenever(table, rows)
    yield from leaves(table, rows)
    yield from order(table, rows, joined=joined)
    yield from downward(table, rows, joined=joined)
