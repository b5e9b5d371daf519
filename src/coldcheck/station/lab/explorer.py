"""Every state that a small floor can reach, looked at: which property breaks, by which shortest story.

For: the readable half of the proof. The explorer runs the rows as `custody.kernel_reading` read them, the world rows
included, over a whole front of states at once, and goes on until no new state appears.

Promises: breadth first, so the first story found for anything is a shortest one; stops only at the fixed point (or,
if asked, once given properties are broken); a story is replayed from the beginning under its own names before it is
handed out. Moves of a row whose else-effect is the same are taken as one.

Does not: prove anything beyond its scope; `prover` does.

    >>> floor = Scope(guns=((PositionClass.CHAMBER,),), rounds=0, kinds=())
    >>> len(explore(floor).violations)
    0
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from hashlib import sha256
from operator import and_, or_
from time import perf_counter
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never

import numpy as np
import numpy.typing as npt

from coldcheck.custody.kernel import Branch
from coldcheck.custody.kernel_reading import (
    DOMAIN_MEANINGS,
    READ_PROPERTIES,
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
    read_condition,
    reads_in,
    sets_in,
)
from coldcheck.custody.kernel_table import CallKind, PositionClass, Sort
from coldcheck.station.lab.packed_states import Codes, Field, Packed, Packing, Scope

Truth: TypeAlias = bool | npt.NDArray[np.bool_]
Code: TypeAlias = int | Codes
Env: TypeAlias = Mapping[str, int]

CHUNK: Final = 1 << 17
# What signs a row that has no signer: no person of any scope has this code.
NO_SIGNER: Final = 255
_PEOPLE_AND_CLASSES: Final = ("handler", "witness")
_G: Final = (("g", Sort.GUN),)
GRANTS: Final[Mapping[str, Property]] = MappingProxyType(
    {
        call: Property(
            call, (Name("g", Sort.GUN),), read_condition(f"call[g] == {call.name}", where="goal", parameters=_G),
            READ_PROPERTIES[0].text,
        )
        for call in CallKind
        if call is not CallKind.NONE
    }
)  # fmt: skip


# ---- a front of states, seen through the table's variables ----


class View:
    """The variables of many states at once; what is written lies over what was packed."""

    __slots__ = ("_columns", "packing", "states", "written")

    def __init__(self, packing: Packing, states: Packed) -> None:
        self.packing = packing
        self.states = states
        self.written: dict[Field, Code] = {}
        self._columns: dict[Field, Codes] = {}

    def read(self, at: Field) -> Code:
        """The codes of one field as they are now."""
        if at in self.written:
            return self.written[at]
        if at not in self._columns:
            self._columns[at] = self.packing.column(self.states, at)
        return self._columns[at]

    def packed(self) -> Packed:
        """The states with what was written packed in."""
        states = self.states
        for at, codes in self.written.items():
            states = self.packing.written(states, at, codes)
        return states


def _not(truth: Truth) -> Truth:
    return not truth if isinstance(truth, bool) else np.logical_not(truth)


def _both(one: Truth, two: Truth) -> Truth:
    return False if one is False or two is False else and_(one, two)


def _either(one: Truth, two: Truth) -> Truth:
    return True if one is True or two is True else or_(one, two)


def _some(truth: Truth) -> bool:
    return truth if isinstance(truth, bool) else bool(truth.any())


def _same(one: Code, two: Code) -> Truth:
    return one == two


class Reader:
    """What conditions and effects mean over a scope."""

    __slots__ = ("scope",)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def truth(self, part: Expression, env: Env, view: View, before: View | None = None) -> Truth:
        """Where the condition holds."""
        match part:
            case Const(value=value):
                return bool(value)
            case Read():
                code = self.code(part, env, view, before)
                return bool(code) if isinstance(code, int) else code.astype(bool)
            case Holds():
                return self._holds(part, env, view, before)
            case Same(left=left, right=right, equal=equal):
                same = _same(self.code(left, env, view, before), self.code(right, env, view, before))
                return same if equal else _not(same)
            case Not(part=inner):
                return _not(self.truth(inner, env, view, before))
            case Both(parts=parts):
                return self._joined(parts, env, view, before, every=True)
            case Either(parts=parts):
                return self._joined(parts, env, view, before, every=False)
            case Every(over=over, part=inner):
                return self._over(over, inner, env, view, before, every=True)
            case Some(over=over, part=inner):
                return self._over(over, inner, env, view, before, every=False)
            case Name():
                raise AssertionError(part)
            case _:
                assert_never(part)

    def _joined(self, parts: Iterable[Expression], env: Env, view: View, before: View | None, *, every: bool) -> Truth:
        joined: Truth = every
        for part in parts:
            truth = self.truth(part, env, view, before)
            joined = _both(joined, truth) if every else _either(joined, truth)
            if joined is not every and isinstance(joined, bool):
                return joined
        return joined

    def _over(self, over: Over, part: Expression, env: Env, view: View, before: View | None, *, every: bool) -> Truth:
        joined: Truth = every
        for inner, inside in self.members(over, env, view):
            truth = self.truth(part, inner, view, before)
            joined = _both(joined, _either(_not(inside), truth)) if every else _either(joined, _both(inside, truth))
        return joined

    def members(self, over: Over, env: Env, view: View) -> list[tuple[Env, Truth]]:
        """Everything that may be a member under the loop's names, and where it is one."""
        own = {name: env[given.name] for (name, _), given in zip(over.domain.parameters, over.of, strict=True)}
        gun = next((own[name] for name, sort in over.domain.parameters if sort is Sort.GUN), None)
        names = tuple(Name(name, sort) for name, sort in over.domain.members)
        found: list[tuple[Env, Truth]] = []
        for more in self.scope.choices(names, gun=gun):
            inside = self.truth(DOMAIN_MEANINGS[over.domain.name], {**own, **more}, view)
            if inside is not False:
                renamed = {new.name: more[name.name] for new, name in zip(over.members, names, strict=True)}
                found.append(({**env, **renamed}, inside))
        return found

    def code(self, part: Expression, env: Env, view: View, before: View | None = None) -> Code:
        """What the name, constant or variable stands for, state by state."""
        match part:
            case Name(name=name):
                return env[name]
            case Const(value=value, sort=sort):
                return self.scope.code(value, sort)
            case Read(variable=variable, at=at, before=earlier):
                seen = before if earlier else view
                assert seen is not None
                return seen.read((variable.name, tuple(env[name.name] for name in at)))
            case _:
                truth = self.truth(part, env, view, before)
                return int(truth) if isinstance(truth, bool) else truth.astype(np.uint8)

    def _holds(self, part: Holds, env: Env, view: View, before: View | None) -> Truth:
        name = part.predicate.name
        if name in _PEOPLE_AND_CLASSES:
            codes = self.scope.codes[Sort.PERSON]
            first = len(codes) - len(self.scope.people)
            having = [first + n for n, person in enumerate(self.scope.people) if getattr(person, name)]
            who = self.code(part.of[0], env, view, before)
            nobody: Truth = False
            return reduce(_either, (_same(who, code) for code in having), nobody)
        gun, position = (env[at.name] for at in part.of if isinstance(at, Name))
        return self.scope.guns[gun][position] is PositionClass(name)

    def run(self, effects: Iterable[Effect], env: Env, view: View, *, where: Truth = True) -> None:
        """The effects, one after another, wherever `where` holds; they are written over the view."""
        for effect in effects:
            match effect:
                case Set(variable=variable, at=at, value=value):
                    key = variable.name, tuple(env[name.name] for name in at)
                    new = self.code(value, env, view)
                    if where is not True:
                        new = np.where(where, new, view.read(key)).astype(np.uint8)
                    view.written[key] = new
                case If(when=when, then=then, otherwise=otherwise):
                    chosen = self.truth(when, env, view)
                    for branch, inside in ((then, chosen), (otherwise, _not(chosen))):
                        if (both := _both(where, inside)) is not False:
                            self.run(branch, env, view, where=both)
                case For(over=over, body=body):
                    for inner, inside in self.members(over, env, view):
                        if (both := _both(where, inside)) is not False:
                            self.run(body, inner, view, where=both)
                case _:
                    assert_never(effect)


# ---- moves ----


def names_in(effects: Iterable[Effect]) -> set[str]:
    """Every name the effects use, loops' own names among them."""
    found: set[str] = set()
    for effect in effects:
        match effect:
            case Set(at=at, value=value):
                found |= {name.name for name in at} | _names_of(value)
            case If(when=when, then=then, otherwise=otherwise):
                found |= _names_of(when) | names_in((*then, *otherwise))
            case For(over=over, body=body):
                found |= {name.name for name in over.of} | names_in(body)
            case _:
                assert_never(effect)
    return found


def _names_of(part: Expression) -> set[str]:
    match part:
        case Name(name=name):
            return {name}
        case Const():
            return set()
        case Read(at=at):
            return {name.name for name in at}
        case Holds(of=parts) | Both(parts=parts) | Either(parts=parts):
            return set().union(*(_names_of(inner) for inner in parts))
        case Same(left=left, right=right):
            return _names_of(left) | _names_of(right)
        case Not(part=inner):
            return _names_of(inner)
        case Every(over=over, part=inner) | Some(over=over, part=inner):
            return {name.name for name in over.of} | _names_of(inner)
        case _:
            assert_never(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move out of many states at once: `before` and `after` are as long as the states that make it."""

    row: Row
    branch: Branch
    env: Env
    before: View
    after: View
    packed: Packed


class Explorer:
    """The moves of a scope. `off` names assumptions that are not made."""

    def __init__(self, scope: Scope, *, rows: Iterable[Row] = tuple(ROWS.values()), off: Iterable[str] = ()) -> None:
        self.scope = scope
        self.rows = tuple(rows)
        self.off = frozenset(off)
        self.packing = Packing(scope, self.rows)
        self.reader = Reader(scope)
        self._envs: dict[str, tuple[Env, ...]] = {row.name: tuple(scope.choices(row.parameters)) for row in self.rows}
        self._else_names = {row.name: names_in(row.otherwise) for row in self.rows}
        self._written = {
            (row.name, branch): {part.variable.name for part in sets_in(effects)}
            for row in self.rows
            for branch, effects in (("then", row.then), ("else", row.otherwise))
        }

    def steps(self, states: Packed, *, merged: bool = True, rows: Iterable[Row] | None = None) -> Iterator[Step]:
        """Every move out of the states. `merged`: moves of a row with one else-effect are one move."""
        view = View(self.packing, states)
        for row in self.rows if rows is None else rows:
            others: dict[tuple[tuple[str, int], ...], tuple[Env, Truth]] = {}
            for env in self._envs[row.name]:
                when: tuple[Expression, ...] = (row.when, *(guard.when for guard in row.guards))
                chosen = self.reader.truth(Both(when), env, view)
                assumed = Both(tuple(condition for name, condition in row.assumes if name not in self.off))
                if _some(taken := _both(chosen, self.reader.truth(assumed, env, view))):
                    yield self._step(row, "then", env, view, taken)
                group = tuple(item for item in env.items() if not merged or item[0] in self._else_names[row.name])
                first, failing = others.get(group, (env, False))
                others[group] = first, _either(failing, _not(chosen))
            if row.kind != "world":
                for env, failing in others.values():
                    if _some(failing):
                        yield self._step(row, "else", env, view, failing)

    def _step(self, row: Row, branch: Branch, env: Env, view: View, where: Truth) -> Step:
        whole = where is True or (not isinstance(where, bool) and bool(where.all()))
        before = view if whole else View(self.packing, view.states[where])
        after = View(self.packing, before.states)
        self.reader.run(row.then if branch == "then" else row.otherwise, env, after)
        return Step(row=row, branch=branch, env=env, before=before, after=after, packed=after.packed())

    def failing(self, read: Property, view: View, before: View | None = None, signer: int = NO_SIGNER) -> Truth:
        """Where the property does not hold for all values of its parameters."""
        failing: Truth = False
        for env in self.scope.choices(read.parameters):
            truth = self.reader.truth(read.when, {**env, "signer": signer}, view, before)
            failing = _either(failing, _not(truth))
        return failing

    def broken_steps(self, step: Step, properties: Iterable[Property]) -> Iterator[tuple[Property, Truth]]:
        """Each step property that the move breaks, and where.

        One that reads nothing the move writes is not asked: a move that leaves all it reads alone cannot break it
        (`test_prover` has the solver say so).
        """
        written = self._written[step.row.name, step.branch]
        for read in properties:
            if step.row.name in read.text.apart or not _variables_of(read) & written:
                continue
            signer = step.env[step.row.signer] if step.row.signer else NO_SIGNER
            if _some(failing := self.failing(read, step.after, step.before, signer)):
                yield read, failing


@cache
def _variables_of(read: Property) -> frozenset[str]:
    return frozenset(part.variable.name for part in reads_in(read.when))


# ---- exploring ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One move of a story: the row, its branch, and the names it was made under."""

    row: str
    branch: Branch
    env: Env


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where something was first seen: the depth, the canonical state, and the move out of it, if that is what it was."""

    depth: int
    state: int
    move: tuple[str, Branch] | None = None
    property: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What was found. `violations`, `grants` and `branches` hold the first sighting of each; `edges` is their hash."""

    explorer: Explorer
    levels: tuple[Packed, ...]
    transitions: int
    violations: Mapping[str, Sighting]
    grants: Mapping[str, Sighting]
    branches: Mapping[tuple[str, Branch], Sighting]
    edges: str
    seconds: float
    complete: bool

    @property
    def states(self) -> int:
        """How many states can be reached, names apart."""
        return sum(map(len, self.levels))

    @property
    def depth(self) -> int:
        """How many moves the farthest state is away."""
        return len(self.levels) - 1

    def story(self, sighting: Sighting) -> tuple[Told, ...]:
        """A shortest story to what was sighted, under names of its own, replayed from the beginning."""
        return self._replayed(self._path(sighting), sighting)

    def beginning(self, sighting: Sighting) -> Packed:
        """The one state in which that story begins."""
        return self._start(self._path(sighting)[0])

    def _path(self, sighting: Sighting) -> list[int]:
        path = [sighting.state]
        for level in reversed(self.levels[: sighting.depth]):
            path.append(self._before(path[-1], level))
        return path[::-1]

    def _start(self, canonical: int) -> Packed:
        starts = self.explorer.packing.starts()
        same = self.explorer.packing.canonical(starts) == np.uint64(canonical)
        return np.array([starts[int(same.argmax())]], dtype=np.uint64)

    def _before(self, state: int, level: Packed) -> int:
        """A state of the level from which one move leads to `state` or one that differs in names only."""
        explorer = self.explorer
        for chunk in _chunks(level):
            for step in explorer.steps(chunk):
                if (hits := explorer.packing.canonical(step.packed) == np.uint64(state)).any():
                    return int(step.before.states[int(hits.argmax())])
        raise AssertionError(state)

    def _replayed(self, path: list[int], sighting: Sighting) -> tuple[Told, ...]:
        explorer, told = self.explorer, []
        state = self._start(path[0])
        for following in path[1:]:
            fitting = [
                step
                for step in explorer.steps(state, merged=False)
                if int(explorer.packing.canonical(step.packed)[0]) == following
            ]
            # Of moves that come to the same, tell one that fits the record and names the fewest things.
            step = min(fitting, key=lambda step: (step.branch == "else", len(step.env)))
            told.append(Told(row=step.row.name, branch=step.branch, env=step.env))
            state = step.packed
        if sighting.move is not None:
            told.append(self._last(state, sighting))
        return tuple(told)

    def _last(self, state: Packed, sighting: Sighting) -> Told:
        explorer = self.explorer
        wanted = [read for read in READ_PROPERTIES if read.id == sighting.property]
        for step in explorer.steps(state, merged=False):
            here = (step.row.name, step.branch) == sighting.move
            if here and (not wanted or any(explorer.broken_steps(step, wanted))):
                return Told(row=step.row.name, branch=step.branch, env=step.env)
        raise AssertionError(sighting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """From how many of the states a call can be made to stand again by record rows alone, and the longest way there."""

    states: int
    returning: int
    farthest: int


def returns(found: Exploration, call: CallKind) -> Returns:
    """P5: from which states the call can be reached again by what people enter, nothing being done to the guns.

    Given a real dummy or blank: in a scope whose rounds are of one kind only.
    """
    known = np.sort(np.concatenate(found.levels))
    sources, targets = _record_edges(found.explorer, known)
    failing = found.explorer.failing(GRANTS[call], View(found.explorer.packing, known))
    reached = np.broadcast_to(_not(failing), known.shape).copy()
    farthest = 0
    while True:
        further = np.zeros_like(reached)
        further[sources[reached[targets]]] = True
        further &= ~reached
        if not further.any():
            return Returns(states=len(known), returning=int(reached.sum()), farthest=farthest)
        reached |= further
        farthest += 1


def _record_edges(explorer: Explorer, known: Packed) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every move that is no move of the world, as places in `known`."""
    rows = [row for row in explorer.rows if row.kind != "world"]
    sources, targets = [], []
    for chunk in _chunks(known):
        for step in explorer.steps(chunk, rows=rows):
            sources.append(np.searchsorted(known, step.before.states))
            targets.append(np.searchsorted(known, explorer.packing.canonical(step.packed)))
    return np.concatenate(sources), np.concatenate(targets)


def _chunks(states: Packed) -> Iterator[Packed]:
    for start in range(0, len(states), CHUNK):
        yield states[start : start + CHUNK]


@dataclass(slots=True, kw_only=True)
class _Search:
    """What an exploration has found so far."""

    explorer: Explorer
    state_properties: tuple[Property, ...]
    step_properties: tuple[Property, ...]
    hashed: bool
    transitions: int = 0
    violations: dict[str, Sighting] = field(default_factory=dict)
    grants: dict[str, Sighting] = field(default_factory=dict)
    branches: dict[tuple[str, Branch], Sighting] = field(default_factory=dict)
    sums: list[int] = field(default_factory=lambda: [0, 0])

    def look(self, states: Packed, depth: int) -> None:
        """Ask every new state what holds in it."""
        for chunk in _chunks(states):
            view = View(self.explorer.packing, chunk)
            for read in self.state_properties:
                if read.id not in self.violations:
                    self._sight(self.violations, read.id, self.explorer.failing(read, view), chunk, depth)
            for call, read in GRANTS.items():
                if call not in self.grants:
                    reached = _not(self.explorer.failing(_none_has(read), view))
                    self._sight(self.grants, call, _not(reached), chunk, depth)

    @staticmethod
    def _sight(into: dict[str, Sighting], name: str, where: Truth, states: Packed, depth: int) -> None:
        if _some(where):
            at = 0 if isinstance(where, bool) else int(where.argmax())
            into[name] = Sighting(depth=depth, state=int(states[at]))

    def expand(self, states: Packed, depth: int) -> Packed:
        """Every canonical state one move further; some may be known."""
        found: list[Packed] = []
        edges: dict[str, list[Packed]] = {}
        for step in self.explorer.steps(states):
            self.transitions += len(step.packed)
            first = int(step.before.states[0])
            move = step.row.name, step.branch
            self.branches.setdefault(move, Sighting(depth=depth, state=first, move=move))
            self._look_at(step, depth)
            if self.hashed:
                canonical = self.explorer.packing.canonical(step.packed)
                edges.setdefault(step.row.name, []).append(_mixed(_mixed(step.before.states) ^ canonical))
                found.append(_unique(canonical))
            else:
                found.append(step.packed)
        for name, mixed in edges.items():
            self._hash(name, _unique(np.concatenate(mixed)))
        return _unique(self.explorer.packing.canonical(_unique(np.concatenate(found))))

    def _look_at(self, step: Step, depth: int) -> None:
        asked = [read for read in self.step_properties if read.id not in self.violations]
        for read, where in self.explorer.broken_steps(step, asked):
            at = 0 if isinstance(where, bool) else int(where.argmax())
            move = step.row.name, step.branch
            state = int(step.before.states[at])
            self.violations[read.id] = Sighting(depth=depth, state=state, move=move, property=read.id)

    def _hash(self, name: str, edges: Packed) -> None:
        """Add the edges of a row to the sums: the order in which they were found cannot matter."""
        seed = np.uint64(int.from_bytes(sha256(name.encode()).digest()[:8], "big"))
        mixed = _mixed(edges ^ seed)
        self.sums[0] += int(mixed.sum(dtype=np.uint64))
        self.sums[1] += int(_mixed(mixed + seed).sum(dtype=np.uint64))

    @property
    def edges(self) -> str:
        if not self.hashed:
            return ""
        words = ",".join(str(total % (1 << 64)) for total in self.sums)
        return sha256(words.encode()).hexdigest()


def _unique(states: Packed) -> Packed:
    """The states in order, each once."""
    ordered = np.sort(states)
    fresh = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def _mixed(words: Packed) -> Packed:
    """Every word spread over all its bits (the finisher of SplitMix64); no two words give one."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _none_has(read: Property) -> Property:
    return Property(read.id, read.parameters, Not(read.when), read.text)


def explore(
    scope: Scope,
    *,
    rows: Iterable[Row] = tuple(ROWS.values()),
    off: Iterable[str] = (),
    properties: Iterable[Property] = READ_PROPERTIES,
    until: Iterable[str] = (),
    hashed: bool = False,
) -> Exploration:
    """Everything reachable in the scope. `off`: assumptions not made; `until`: stop once one of these is broken.

    `hashed` also hashes every edge (state, row, state), which costs about as much again.
    """
    began = perf_counter()
    explorer, stop_at, asked = Explorer(scope, rows=rows, off=off), frozenset(until), tuple(properties)
    search = _Search(
        explorer=explorer,
        state_properties=tuple(read for read in asked if not read.text.step),
        step_properties=tuple(read for read in asked if read.text.step),
        hashed=hashed,
    )
    known = _unique(explorer.packing.canonical(explorer.packing.starts()))
    levels = [known]
    search.look(known, 0)
    while len(levels[-1]) and not stop_at & search.violations.keys():
        parts = [search.expand(chunk, len(levels) - 1) for chunk in _chunks(levels[-1])]
        fresh = _unique(np.concatenate(parts))
        at = np.minimum(np.searchsorted(known, fresh), len(known) - 1)
        fresh = fresh[known[at] != fresh]
        search.look(fresh, len(levels))
        known = np.sort(np.concatenate((known, fresh)))
        levels.append(fresh)
    complete = not len(levels[-1])
    return Exploration(
        explorer=explorer,
        levels=tuple(levels[:-1] if complete else levels),
        transitions=search.transitions,
        violations=search.violations,
        grants=search.grants,
        branches=search.branches,
        edges=search.edges,
        seconds=perf_counter() - began,
        complete=complete,
    )
