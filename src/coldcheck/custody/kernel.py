"""The kernel: when may a gun be called, and what takes a call away? The table of `kernel_table`, run over a record.

For: deciding from who answered what, in which order, whether a call stands. Every act maps to moves; a move is one row.

Promises:
- Fact rows never refuse: their condition picks one of two effects, and the else-effect only takes proofs away (who
  holds what is reported, not proven: pickup, accept, have and unload set it in both). Only claim rows have guards; a
  refused claim ends the standing call.
- The rows stand as text in `kernel_table` and are read once by `kernel_reading`; what runs here is made from the read
  form, the same that explorer and solver translate from.
- A move costs O(positions of the gun), however many guns and rounds the kernel holds; a stop also touches the guns
  whose call it ends.

Does not: know time, roles, names, rulebooks or what is really in a chamber. World variables and world rows are for
explorer and solver; the runtime drops them. What joins record and world is the list `ASSUMPTIONS`.

    >>> k = Kernel()
    >>> k.add_gun("g1", (("1", PositionClass.CHAMBER),))
    >>> k.handlers.add("p1")
    >>> k.apply(Move(row="pickup", gun="g1", signer="p1")).branch
    'then'
    >>> k.missing(Move(row="call_empty", gun="g1", signer="p1"))[0]
    ('K4', 'answered_twice')
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, assert_never

from coldcheck.custody.kernel_reading import (
    CONSTANT,
    RECORD_PROPERTIES,
    ROWS,
    BadTable,
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
    sets_in,
)
from coldcheck.custody.kernel_table import (
    DISPUTED,
    EMPTY,
    IN_GUN,
    LOCKED,
    NOBODY,
    UNKNOWN,
    VARIABLES,
    Branch,
    CallKind,
    PositionClass,
    Predicate,
    Sort,
    Value,
    Variable,
)
from coldcheck.custody.things import RoundKind
from coldcheck.proof.errors import ColdcheckError

__all__ = (
    "DISPUTED",
    "EMPTY",
    "IN_GUN",
    "LOCKED",
    "NOBODY",
    "ROWS",
    "UNKNOWN",
    "Branch",
    "CallKind",
    "Kernel",
    "Move",
    "Outcome",
    "PositionClass",
    "TakenId",
    "UnknownThing",
)  # what a record needs; table and read form stand beside


class UnknownThing(ColdcheckError):
    """A move names a row, gun, position, round, kind or person that the kernel cannot know. Remedy: correct the map."""


# ---- running: what a move is ----


class Move(NamedTuple):
    """One move: the row and what its parameters stand for; fields the row does not ask for stay empty.

    `value` is what a second or a viewer answered (EMPTY, UNKNOWN or a round), or the kind of a test or a loaded call.
    `other` is the second person: whom it is given or shown to, the witness of a lift.
    """

    row: str
    gun: str = ""
    position: str = ""
    round_id: str = ""
    signer: str = ""
    other: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move did: which effect, whose calls ended, which guns and rounds lost an answer they had."""

    branch: Branch
    calls_ended: tuple[str, ...] = ()
    decayed: tuple[str, ...] = ()
    tainted: tuple[str, ...] = ()


Key: TypeAlias = tuple[str, str]
Frame: TypeAlias = list[Any]
Test: TypeAlias = Callable[[Frame], bool]
Run: TypeAlias = Callable[[Frame], None]
Fetch: TypeAlias = Callable[[Frame], Any]
Table: TypeAlias = dict[Any, Any]

_QUIET: Final[Mapping[Branch, Outcome]] = MappingProxyType({"then": Outcome("then"), "else": Outcome("else")})
_NO_IDS: Final = frozenset({NOBODY, DISPUTED, UNKNOWN, LOCKED, IN_GUN, EMPTY})
_KINDS: Final = frozenset(RoundKind)
_NO_ROUND: Final = frozenset({EMPTY, UNKNOWN})
_SEEN_MOVES: Final = 65_536
"""How many moves that name nothing unknown are remembered: many times those of a busy day."""
_POSITIONS_OF: Final[Mapping[str, frozenset[PositionClass]]] = MappingProxyType(
    {
        "positions": frozenset(PositionClass),
        "inside": frozenset({PositionClass.CHAMBER, PositionClass.BORE}),
        "chambers": frozenset({PositionClass.CHAMBER}),
        "bores": frozenset({PositionClass.BORE}),
        "capabilities": frozenset({PositionClass.CAPABILITY}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """The dictionaries that the closures hold on to; they are refilled, never replaced."""

    variables: Mapping[str, Table]
    people: Mapping[str, set[str]]
    classes: dict[Key, PositionClass]
    # By domain, then gun: the keys of its positions, so that a loop builds none.
    keys: Mapping[str, dict[str, tuple[Key, ...]]]
    # By domain and value, then gun: what its positions become when all of them get that value.
    blanks: dict[tuple[str, Value], dict[str, dict[Key, Value]]]
    # Indexes, kept by the setters of `call` and `pos`; ordered, so that a replay reports in the same order.
    standing: dict[str, None]
    listing: dict[str, Key]
    # What the move at hand took away, in order; empty between moves.
    ended: dict[str, None]
    decayed: dict[str, None]
    tainted: dict[str, None]


# ---- running: closures from the read form ----

# Where a frame keeps what a move names; loops use the places behind. A pair of names has a place of its own.
_GUN, _POSITION, _ROUND, _SIGNER, _OTHER, _VALUE, _KEY, _NOTHING, _FIRST_FREE = range(9)
_PLACE: Final[Mapping[Sort, int]] = MappingProxyType(
    {
        Sort.GUN: _GUN,
        Sort.POSITION: _POSITION,
        Sort.ROUND: _ROUND,
        Sort.PERSON: _OTHER,
        Sort.CONTENT: _VALUE,
        Sort.KIND: _VALUE,
    }
)
Names: TypeAlias = tuple[str, ...]


class _Binding:
    """Turns what was read into closures over one kernel's tables; one binding for each row or property."""

    __slots__ = ("places", "size", "tables")

    def __init__(self, tables: _Tables, places: dict[Names, int], size: int) -> None:
        self.tables = tables
        self.places = {(): _NOTHING, **places}
        self.size = size

    def new_place(self, names: Names) -> int:
        """A place for the names, the same one when two loops after one another use the same names."""
        if names not in self.places:
            self.places[names] = self.size
            self.size += 1
        return self.places[names]

    def place(self, names: tuple[Name, ...]) -> int:
        return self.places[tuple(name.name for name in names)]

    def all_of(self, parts: Iterable[Expression]) -> Test:
        """Whether every part holds, asked from the left."""
        return _all_tests(tuple(self.condition(part) for part in parts))

    def condition(self, part: Expression) -> Test:
        match part:
            case Const(value=value):
                return lambda _frame: bool(value)
            case Read():
                return self.fetch(part)
            case Holds(predicate=predicate, of=of):
                return self.holds(predicate, of)
            case Same(left=left, right=right, equal=equal):
                return self.same(left, right, equal=equal)
            case Not(part=inner):
                test = self.condition(inner)
                return lambda frame: not test(frame)
            case Both(parts=parts):
                return self.all_of(parts)
            case Either(parts=parts):
                return _any_test(tuple(self.condition(inner) for inner in parts))
            case Every(over=over, part=Both(parts=parts)):
                # The same question, asked part by part: the simple parts then have a quick loop of their own.
                return _all_tests(tuple(self.every(over, inner) for inner in parts))
            case Every(over=over, part=inner):
                return self.every(over, inner)
            case Some(over=over, part=inner):
                return self.loop(over, self.condition_inside(over, inner), stop_at=True)
            case Name():
                raise BadTable(f"The name {part.name!r} is no condition; correct the table.")
            case _:
                assert_never(part)

    def fetch(self, part: Expression) -> Fetch:
        """What the name, constant or variable stands for."""
        match part:
            case Name():
                place = self.place((part,))
                return lambda frame: frame[place]
            case Const(value=value):
                return lambda _frame: value
            case Read(variable=variable, at=at):
                table, place = self.tables.variables[variable.name], self.place(at)
                return lambda frame: table[frame[place]]
            case _:
                return self.condition(part)

    def same(self, left: Expression, right: Expression, *, equal: bool) -> Test:
        """Equality; the three shapes that rows are made of skip the general way."""
        match left, right:
            case Read(variable=variable, at=at), Const(value=value):
                table, place = self.tables.variables[variable.name], self.place(at)
                if equal:
                    return lambda frame: table[frame[place]] == value
                return lambda frame: table[frame[place]] != value
            case Read(variable=variable, at=at), Name():
                table, place, other = self.tables.variables[variable.name], self.place(at), self.place((right,))
                if equal:
                    return lambda frame: table[frame[place]] == frame[other]
                return lambda frame: table[frame[place]] != frame[other]
            case _:
                one, two = self.fetch(left), self.fetch(right)
                if equal:
                    return lambda frame: bool(one(frame) == two(frame))
                return lambda frame: bool(one(frame) != two(frame))

    def holds(self, predicate: Predicate, of: tuple[Name | Read, ...]) -> Test:
        if predicate.name in self.tables.people:
            people, person = self.tables.people[predicate.name], self.fetch(of[0])
            return lambda frame: person(frame) in people
        names = tuple(part for part in of if isinstance(part, Name))
        classes, place, wanted = self.tables.classes, self.place(names), PositionClass(predicate.name)
        return lambda frame: classes[frame[place]] is wanted

    def members(self, over: Over) -> Callable[[Frame], Iterable[Any]]:
        """The members now, read before the first turn."""
        place = self.place(over.of)
        pos = self.tables.variables["pos"]
        standing, listing = self.tables.standing, self.tables.listing
        match over.domain.name:
            case "rounds_at":
                return lambda frame: () if (found := pos[frame[place]]) in _NO_ROUND else (found,)
            case "rounds_in":
                keys = self.tables.keys["positions"]
                return lambda frame: [found for key in keys[frame[place]] if (found := pos[key]) not in _NO_ROUND]
            case "listing":
                return lambda frame: (found,) if (found := listing.get(frame[place])) else ()
            case "standing":
                return lambda _frame: tuple(standing)
            case "everywhere":
                return lambda _frame: tuple(pos)
            case domain:
                keys = self.tables.keys[domain]
                return lambda frame: keys[frame[place]]

    def enter(self, over: Over) -> tuple[int, tuple[int, int] | None]:
        """Where the loop puts a member, and, for a pair of names, where its two halves go."""
        names = tuple(name.name for name in over.members)
        if len(names) == 1 and over.members[0].sort is Sort.POSITION:
            names = (over.of[0].name, *names)
        if len(names) == 1:
            return self.new_place(names), None
        return self.new_place(names), (self.new_place(names[:1]), self.new_place(names[1:]))

    def every(self, over: Over, part: Expression) -> Test:
        """Whether the part holds for every member; quick for "all positions have, or have not, this constant"."""
        place, _ = self.enter(over)
        match part:
            case Same(left=Read(variable=variable, at=at), right=Const(value=value), equal=equal) if (
                over.domain.name in _POSITIONS_OF and self.place(at) == place
            ):
                table, keys = self.tables.variables[variable.name], self.members(over)
                return _every_is(table, keys, value) if equal else _every_is_not(table, keys, value)
            case _:
                return self.loop(over, self.condition_inside(over, part), stop_at=False)

    def condition_inside(self, over: Over, part: Expression) -> Test:
        self.enter(over)
        return self.condition(part)

    def loop(self, over: Over, test: Test, *, stop_at: bool) -> Test:
        """Whether some turn gives `stop_at`: then that is the answer, else the other."""
        members, (place, halves) = self.members(over), self.enter(over)

        def whole(frame: Frame) -> bool:
            for member in members(frame):
                frame[place] = member
                if test(frame) is stop_at:
                    return stop_at
            return not stop_at

        def halved(frame: Frame) -> bool:
            first, second = halves or (place, place)
            for member in members(frame):
                frame[place] = member
                frame[first], frame[second] = member
                if test(frame) is stop_at:
                    return stop_at
            return not stop_at

        return halved if halves else whole

    # -- effects --

    def runs(self, effects: tuple[Effect, ...]) -> tuple[Run, ...]:
        """What the effects do to the record; whatever they do to the world is left out."""
        return tuple(self.run(effect) for effect in effects if _touches_record(effect))

    def run(self, effect: Effect) -> Run:
        match effect:
            case Set():
                return self.setter(effect)
            case If(when=when, then=then, otherwise=otherwise):
                return _branching(self.condition(when), self.runs(then), self.runs(otherwise))
            case For(over=over, body=body):
                return self.turns(over, body)
            case _:
                assert_never(effect)

    def setter(self, effect: Set) -> Run:
        """An assignment; those that an index or the outcome depends on go through `_watched`."""
        name, place = effect.variable.name, self.place(effect.at)
        table = self.tables.variables[name]
        watched = _watched(name, self.tables)
        match effect.value:
            case Const(value=value) if watched:
                return lambda frame: watched(frame[place], value)
            case Const(value=value):

                def set_constant(frame: Frame) -> None:
                    table[frame[place]] = value

                return set_constant
            case _:
                fetch = self.fetch(effect.value)
                if watched:
                    return lambda frame: watched(frame[place], fetch(frame))

                def set_fetched(frame: Frame) -> None:
                    table[frame[place]] = fetch(frame)

                return set_fetched

    def turns(self, over: Over, body: tuple[Effect, ...]) -> Run:
        members, (place, halves) = self.members(over), self.enter(over)
        if over.domain.name in _POSITIONS_OF:
            sweeps = [self.sweep(over, effect, place) for effect in body]
            if len(swept := [sweep for sweep in sweeps if sweep]) == len(body):
                return _in_turn(tuple(swept))
        runs = self.runs(body)

        def turn(frame: Frame) -> None:
            for member in members(frame):
                frame[place] = member
                if halves:
                    frame[halves[0]], frame[halves[1]] = member
                for run in runs:
                    run(frame)

        return turn

    def sweep(self, over: Over, effect: Effect, place: int) -> Run | None:
        """The quick way to give all positions of a gun one constant; None if the effect is something else."""
        if not isinstance(effect, Set) or not isinstance(effect.value, Const) or self.place(effect.at) != place:
            return None
        if effect.variable.name in {"pos", "p1"} and effect.value.value != NOBODY:
            return None
        keys, gun = self.tables.keys[over.domain.name], self.place(over.of)
        table, value, decayed = self.tables.variables[effect.variable.name], effect.value.value, self.tables.decayed
        # Ready-made rows per gun: a dictionary takes them over without hashing a key again.
        blanks = self.tables.blanks.setdefault((over.domain.name, value), {})

        def clear(frame: Frame) -> None:
            blank = blanks.get(frame[gun])
            if blank is None:
                blank = blanks[frame[gun]] = dict.fromkeys(keys[frame[gun]], value)
            table.update(blank)

        def clear_answers(frame: Frame) -> None:
            for key in keys[frame[gun]]:
                if table[key]:
                    decayed[frame[gun]] = None
                    break
            clear(frame)

        return clear_answers if effect.variable.name == "p1" else clear


def _all_tests(tests: tuple[Test, ...]) -> Test:
    """Whether every test holds, asked from the left."""
    if len(tests) == 1:
        return tests[0]

    def test_all(frame: Frame) -> bool:
        for test in tests:  # noqa: SIM110 - all() with a generator costs twice as much here
            if not test(frame):
                return False
        return True

    return test_all


def _any_test(tests: tuple[Test, ...]) -> Test:
    """Whether some test holds, asked from the left."""

    def test_any(frame: Frame) -> bool:
        for test in tests:  # noqa: SIM110 - any() with a generator costs twice as much here
            if test(frame):
                return True
        return False

    return test_any


def _every_is(table: Table, keys: Callable[[Frame], Iterable[Key]], value: Value) -> Test:
    def test_every(frame: Frame) -> bool:
        for key in keys(frame):  # noqa: SIM110 - as in _all_tests
            if table[key] != value:
                return False
        return True

    return test_every


def _every_is_not(table: Table, keys: Callable[[Frame], Iterable[Key]], value: Value) -> Test:
    def test_every(frame: Frame) -> bool:
        for key in keys(frame):  # noqa: SIM110 - as in _all_tests
            if table[key] == value:
                return False
        return True

    return test_every


def _in_turn(runs: tuple[Run, ...]) -> Run:
    def run_all(frame: Frame) -> None:
        for run in runs:
            run(frame)

    return run_all


def _branching(test: Test, then: tuple[Run, ...], otherwise: tuple[Run, ...]) -> Run:
    def branch(frame: Frame) -> None:
        for run in then if test(frame) else otherwise:
            run(frame)

    return branch


def _touches_record(effect: Effect) -> bool:
    return any(part.variable.side == "record" for part in sets_in((effect,)))


def _watched(name: str, tables: _Tables) -> Callable[[Any, Any], None] | None:
    """The setter of a variable that an index or the outcome depends on; None for all others."""
    table = tables.variables[name]

    def set_call(gun: str, value: CallKind) -> None:
        if table[gun] != CallKind.NONE and value == CallKind.NONE:
            tables.ended[gun] = None
            del tables.standing[gun]
        elif value != CallKind.NONE:
            tables.standing[gun] = None
        table[gun] = value

    def set_pos(key: Key, value: str) -> None:
        if table[key] not in _NO_ROUND:
            del tables.listing[table[key]]
        if value not in _NO_ROUND:
            tables.listing[value] = key
        table[key] = value

    def set_p1(key: Key, value: str) -> None:
        if table[key] and not value:
            tables.decayed[key[0]] = None
        table[key] = value

    def set_r1(round_id: str, value: str) -> None:
        if table[round_id] and not value:
            tables.tainted[round_id] = None
        table[round_id] = value

    setters: dict[str, Callable[[Any, Any], None]] = {"call": set_call, "pos": set_pos, "p1": set_p1, "r1": set_r1}
    return setters.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoundRow:
    """One row over one kernel: its tests, its effects, and what a move must name."""

    when: Test
    guards: tuple[tuple[str, str, Test], ...]
    then: tuple[Run, ...]
    otherwise: tuple[Run, ...]
    needs_gun: bool
    needs_position: bool
    needs_round: bool
    needs_signer: bool
    needs_other: bool
    needs_content: bool
    needs_kind: bool
    room: tuple[None, ...]


def _bound_row(row: Row, tables: _Tables) -> _BoundRow:
    places: dict[Names, int] = {
        (name.name,): _SIGNER if name.name == row.signer else _PLACE[name.sort] for name in row.parameters
    }
    sorts = {name.sort for name in row.parameters}
    if Sort.POSITION in sorts:
        places["g", "c"] = _KEY
    binding = _Binding(tables, places, _FIRST_FREE)
    guards = tuple((guard.k, guard.name, binding.condition(guard.when)) for guard in row.guards)
    when = _all_tests(tuple(test for _, _, test in guards)) if guards else binding.condition(row.when)
    then, otherwise = binding.runs(row.then), binding.runs(row.otherwise)
    return _BoundRow(
        when=when,
        guards=guards,
        then=then,
        otherwise=otherwise,
        needs_gun=Sort.GUN in sorts,
        needs_position=Sort.POSITION in sorts,
        needs_round=Sort.ROUND in sorts,
        needs_signer=bool(row.signer),
        needs_other=any(name.sort is Sort.PERSON and name.name != row.signer for name in row.parameters),
        needs_content=Sort.CONTENT in sorts,
        needs_kind=Sort.KIND in sorts,
        room=(None,) * (binding.size - _FIRST_FREE),
    )


def _failures(read: Property, tables: _Tables) -> Iterator[Names]:
    """The values for which a property over record variables does not hold now."""
    names = [name.name for name in read.parameters]
    places: dict[Names, int] = {(name,): place for place, name in enumerate(names, start=_FIRST_FREE)}
    binding = _Binding(tables, places, _FIRST_FREE + len(names))
    # A position parameter follows the gun it belongs to.
    pairs = [at for at, name in enumerate(read.parameters) if name.sort is Sort.POSITION]
    pair_places = [(binding.new_place((names[at - 1], names[at])), at) for at in pairs]
    test = binding.condition(read.when)
    choices: list[list[Names]] = []
    for name in read.parameters:
        if name.sort is Sort.POSITION:
            choices[-1] = list(tables.classes)
        else:
            choices.append([(thing,) for thing in tables.variables["gc" if name.sort is Sort.GUN else "rc"]])
    for parts in product(*choices):
        values = tuple(value for part in parts for value in part)
        frame: Frame = [*[None] * _NOTHING, (), *values, *[None] * (binding.size - _FIRST_FREE - len(values))]
        for place, at in pair_places:
            frame[place] = values[at - 1], values[at]
        if not test(frame):
            yield values


# ---- running: the state ----


class TakenId(ColdcheckError):
    """A thing cannot be added under this id. Remedy: choose an id that is free and is none of the kernel's words."""


class Kernel:
    """The record variables of one production, changed by `apply` alone; the variables are read as plain dictionaries.

    Keys: `gc off wit view rcv call` by gun; `pos p1 p2 eye again` by (gun, position); `rc rk r1 r2` by round.
    """

    __slots__ = (
        "_bound",
        "_seen",
        "_tables",
        "again",
        "call",
        "eye",
        "gc",
        "off",
        "p1",
        "p2",
        "pos",
        "r1",
        "r2",
        "rc",
        "rcv",
        "rk",
        "view",
        "wit",
    )

    def __init__(self) -> None:
        self.gc: dict[str, str] = {}
        self.off: dict[str, str] = {}
        self.pos: dict[Key, str] = {}
        self.p1: dict[Key, str] = {}
        self.p2: dict[Key, str] = {}
        self.wit: dict[str, str] = {}
        self.eye: dict[Key, bool] = {}
        self.view: dict[str, str] = {}
        self.again: dict[Key, bool] = {}
        self.rcv: dict[str, str] = {}
        self.call: dict[str, CallKind] = {}
        self.rc: dict[str, str] = {}
        self.rk: dict[str, str] = {}
        self.r1: dict[str, str] = {}
        self.r2: dict[str, str] = {}
        of_things = {
            variable.name: getattr(self, variable.name) for variable in VARIABLES if _is_record_of_things(variable)
        }
        self._tables = _Tables(
            variables=MappingProxyType({**of_things, "halt": {(): False}}),
            people=MappingProxyType({"handler": set(), "witness": set()}),
            classes={},
            keys=MappingProxyType({domain: {} for domain in _POSITIONS_OF}),
            blanks={},
            standing={},
            listing={},
            ended={},
            decayed={},
            tainted={},
        )
        self._seen: dict[Move, _BoundRow] = {}
        self._bound = {row.name: _bound_row(row, self._tables) for row in ROWS.values() if row.kind != "world"}

    @property
    def halt(self) -> bool:
        """Whether a stop is open."""
        return bool(self._tables.variables["halt"][()])

    @property
    def handlers(self) -> set[str]:
        """Who may prepare, load, show and call; change it in place or assign it whole."""
        return self._tables.people["handler"]

    @handlers.setter
    def handlers(self, people: Iterable[str]) -> None:
        _refill(self.handlers, people)

    @property
    def witnesses(self) -> set[str]:
        """Who may answer second; change it in place or assign it whole."""
        return self._tables.people["witness"]

    @witnesses.setter
    def witnesses(self, people: Iterable[str]) -> None:
        _refill(self.witnesses, people)

    def add_gun(self, gun: str, positions: tuple[tuple[str, PositionClass], ...]) -> None:
        """A gun is there, of which nothing is known. Raises TakenId if it, or one of its positions, was there."""
        if gun in _NO_IDS or gun in self.gc or len({position for position, _ in positions}) != len(positions):
            raise TakenId(f"Gun {gun!r} cannot be added: its id, or that of one of its positions, is taken.")
        for domain, classes in _POSITIONS_OF.items():
            self._tables.keys[domain][gun] = tuple((gun, position) for position, of in positions if of in classes)
        self._tables.classes.update({(gun, position): PositionClass(of) for position, of in positions})
        self._begin_variables((Sort.GUN,), gun)
        for position, _ in positions:
            self._begin_variables((Sort.GUN, Sort.POSITION), (gun, position))

    def add_round(self, round_id: str, custody: str = DISPUTED) -> None:
        """A round is there, untested, held by `custody`: a person, LOCKED or DISPUTED. Raises TakenId otherwise."""
        if round_id in _NO_IDS or round_id in self.rc or custody in _NO_IDS - {LOCKED, DISPUTED}:
            raise TakenId(f"Round {round_id!r} cannot be added under {custody!r}: its id is taken, or nobody has it.")
        self._begin_variables((Sort.ROUND,), round_id)
        self.rc[round_id] = custody

    def missing(self, move: Move) -> tuple[tuple[str, str], ...]:
        """What the claim lacks: (K id, name) of every guard that fails, in the order of the table; () for a fact."""
        bound, frame = self._begin(move)
        return tuple((k, name) for k, name, test in bound.guards if not test(frame))

    def holds(self, move: Move) -> bool:
        """Whether the row's condition holds now, so that `apply` would take the then-branch; nothing is changed."""
        bound, frame = self._begin(move)
        return bool(bound.when(frame))

    def knows(self, move: Move) -> bool:
        """Whether this very move was seen before, so that its row and all it names are known; False says nothing."""
        return move in self._seen

    def apply(self, move: Move) -> Outcome:
        """What the move did, after doing it. Raises UnknownThing, having changed nothing, for what cannot be known."""
        bound, frame = self._begin(move)
        tables = self._tables
        branch: Branch = "then" if bound.when(frame) else "else"
        for run in bound.then if branch == "then" else bound.otherwise:
            run(frame)
        if not (tables.ended or tables.decayed or tables.tainted):
            return _QUIET[branch]
        outcome = Outcome(branch, tuple(tables.ended), tuple(tables.decayed), tuple(tables.tainted))
        tables.ended.clear()
        tables.decayed.clear()
        tables.tainted.clear()
        return outcome

    def proven(self, gun: str, position: str) -> bool:
        """Whether the position has both answers."""
        key = (gun, position)
        return self.p1[key] != NOBODY and self.p2[key] != NOBODY

    def round_proven(self, round_id: str) -> bool:
        """Whether the round has both test answers."""
        return self.r1[round_id] != NOBODY and self.r2[round_id] != NOBODY

    def standing(self) -> frozenset[str]:
        """The guns on which a call stands."""
        return frozenset(self._tables.standing)

    def rounds_in(self, gun: str) -> tuple[str, ...]:
        """The rounds the record last put in the gun, proven or not, in the order of its positions."""
        return tuple(self.pos[key] for key in self._tables.keys["positions"][gun] if self.pos[key] not in _NO_ROUND)

    def place_of(self, round_id: str) -> Key | None:
        """The gun and position the record last put the round in; None if in none."""
        return self._tables.listing.get(round_id)

    def broken(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every property over record variables that does not hold now, with the values that show it.

        Empty in every state that moves can reach; it looks at everything, and is for tests and `doctor`.
        """
        return tuple((read.id, values) for read in RECORD_PROPERTIES for values in _failures(read, self._tables))

    def _begin(self, move: Move) -> tuple[_BoundRow, Frame]:
        """The bound row and a fresh frame. Refuses a row or thing the kernel does not hold: the map is wrong."""
        bound = self._seen.get(move) or self._look_at(move)
        key = (move.gun, move.position)
        return bound, [
            move.gun, move.position, move.round_id, move.signer, move.other, move.value, key, (), *bound.room
        ]  # fmt: skip

    def _look_at(self, move: Move) -> _BoundRow:
        """The row of a move that names nothing unknown. What is known once stays known: it is looked at once."""
        bound = self._bound.get(move.row)
        if bound is None:
            raise UnknownThing(f"Row {move.row!r} is not one that a record can move by; correct the map.")
        if (
            (bound.needs_gun and move.gun not in self.gc)
            or (bound.needs_position and (move.gun, move.position) not in self.pos)
            or (bound.needs_round and move.round_id not in self.rc)
            # Nobody signs as NOBODY: a gun offered to nobody would be offered to them.
            or (bound.needs_signer and move.signer in _NO_IDS)
            or (bound.needs_other and move.other in _NO_IDS)
            or (bound.needs_content and move.value not in _NO_ROUND and move.value not in self.rc)
            or (bound.needs_kind and move.value not in _KINDS)
        ):
            raise UnknownThing(self._unknown(bound, move))
        if len(self._seen) == _SEEN_MOVES:
            self._seen.clear()
        self._seen[move] = bound
        return bound

    def _unknown(self, bound: _BoundRow, move: Move) -> str:
        """The sentence that names the first thing in the move that the kernel does not know."""
        row = f"Row {move.row}"
        if bound.needs_gun and move.gun not in self.gc:
            return f"{row}: gun {move.gun!r} is not known; register it first."
        if bound.needs_position and (move.gun, move.position) not in self.pos:
            return f"{row}: gun {move.gun!r} has no position {move.position!r}; name one it was registered with."
        if bound.needs_round and move.round_id not in self.rc:
            return f"{row}: round {move.round_id!r} is not known; mark it first."
        if bound.needs_signer and move.signer in _NO_IDS:
            return f"{row}: {move.signer!r} is no person who could sign; name the signer."
        if bound.needs_other and move.other in _NO_IDS:
            return f"{row}: {move.other!r} is no person; name the other one."
        return f"{row}: {move.value!r} is no answer to this question; name EMPTY, UNKNOWN, a known round or a kind."

    def _begin_variables(self, of: tuple[Sort, ...], key: str | Key) -> None:
        for variable in VARIABLES:
            if variable.side == "record" and variable.of == of:
                self._tables.variables[variable.name][key] = _initial(variable)


def _is_record_of_things(variable: Variable) -> bool:
    return variable.side == "record" and bool(variable.of)


def _initial(variable: Variable) -> Value:
    return CONSTANT[variable.initial].value if variable.initial in CONSTANT else variable.initial == "True"


def _refill(people: set[str], others: Iterable[str]) -> None:
    """Change the set in place: the closures hold on to it."""
    fresh = frozenset(others)
    people.clear()
    people.update(fresh)
