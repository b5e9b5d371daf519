"""The kernel: when may a gun be called, and what takes a call away? The table of `kernel_table`, run over a record.

For: deciding from who answered what, in which order, whether a call stands. Every act maps to moves; a move is one row.

Promises:
- Fact rows never refuse: their condition picks one of two effects, and the else-effect only takes proofs away (who
  holds what is reported, not proven: pickup, accept, have and unload set it in both). Only claim rows have guards; a
  refused claim ends the standing call.
- The rows stand as text in `kernel_table` and are read once by `kernel_reading`; what runs here,
  `kernel_rows`, is written from the read form, the same that explorer and solver translate from.
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
from typing import Any, Final, NamedTuple, TypeAlias

from coldcheck.custody.kernel_reading import CONSTANT, RECORD_PROPERTIES, ROWS, BadTable, Property, Row, table_digest
from coldcheck.custody.kernel_rows import TABLE_SHA256, functions_over
from coldcheck.custody.kernel_table import (
    CONSTANTS,
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
Apply: TypeAlias = Callable[[Move], Branch]
Test: TypeAlias = Callable[[Move], bool]
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
    """The dictionaries that the rows hold on to; they are refilled, never replaced."""

    variables: Mapping[str, Table]
    people: Mapping[str, set[str]]
    classes: dict[Key, PositionClass]
    # By domain, then gun: the keys of its positions, so that a loop builds none.
    keys: Mapping[str, dict[str, tuple[Key, ...]]]
    # Indexes, kept by the setters of `call` and `pos`; ordered, so that a replay reports in the same order.
    standing: dict[str, None]
    listing: dict[str, Key]
    # What the move at hand took away, in order; empty between moves.
    ended: dict[str, None]
    decayed: dict[str, None]
    tainted: dict[str, None]


# ---- running: the rows over the tables of one kernel ----

if table_digest() != TABLE_SHA256:
    raise BadTable(
        "The kernel's rows were written from another table: run python -m coldcheck.station.lab.kernel_source."
    )


class _Blanks(dict[str, dict[Key, Value]]):
    """By gun: its positions of one domain, each with one constant. A table takes such a row over without hashing."""

    def __init__(self, keys: Mapping[str, tuple[Key, ...]], value: Value) -> None:
        super().__init__()
        self._keys = keys
        self._value = value

    def __missing__(self, gun: str) -> dict[Key, Value]:
        blank = self[gun] = dict.fromkeys(self._keys[gun], self._value)
        return blank


def _functions_over(tables: _Tables) -> Mapping[str, Callable[..., Any]]:
    """The functions of the rows over these tables; `kernel_rows` says what each name stands for."""
    space: dict[str, Any] = {"classes": tables.classes, **_setters(tables), **_members(tables)}
    space |= {f"v_{name}": table for name, table in tables.variables.items()}
    space |= {f"p_{name}": people for name, people in tables.people.items()}
    space |= {f"c_{constant.name}": constant.value for constant in CONSTANTS}
    values: dict[str, Value] = {constant.name: constant.value for constant in CONSTANTS} | {
        "True": True,
        "False": False,
    }
    for domain, keys in tables.keys.items():
        space |= {f"b_{domain}_{name}": _Blanks(keys, value) for name, value in values.items()}
    return functions_over(space)


def _members(tables: _Tables) -> dict[str, Any]:
    """The members of each domain now, read before the first turn of a loop."""
    pos, standing, listing = tables.variables["pos"], tables.standing, tables.listing
    keys = tables.keys["positions"]
    return {
        **{f"m_{domain}": of_gun for domain, of_gun in tables.keys.items()},
        "m_rounds_at": lambda key: () if (found := pos[key]) in _NO_ROUND else (found,),
        "m_rounds_in": lambda gun: [found for key in keys[gun] if (found := pos[key]) not in _NO_ROUND],
        "m_listing": lambda round_id: (found,) if (found := listing.get(round_id)) else (),
        "m_standing": lambda: tuple(standing),
        "m_everywhere": lambda: tuple(pos),
    }


def _setters(tables: _Tables) -> dict[str, Callable[..., None]]:
    """The setters of the variables that an index or the outcome depends on."""
    call, pos = tables.variables["call"], tables.variables["pos"]

    def set_call(gun: str, value: CallKind) -> None:
        if call[gun] != CallKind.NONE and value == CallKind.NONE:
            tables.ended[gun] = None
            del tables.standing[gun]
        elif value != CallKind.NONE:
            tables.standing[gun] = None
        call[gun] = value

    def set_pos(key: Key, value: str) -> None:
        if pos[key] not in _NO_ROUND:
            del tables.listing[pos[key]]
        if value not in _NO_ROUND:
            tables.listing[value] = key
        pos[key] = value

    return {"set_call": set_call, "set_pos": set_pos, **_answer_setters(tables)}


def _answer_setters(tables: _Tables) -> dict[str, Callable[..., None]]:
    p1, r1 = tables.variables["p1"], tables.variables["r1"]

    def set_p1(key: Key, value: str) -> None:
        if p1[key] and not value:
            tables.decayed[key[0]] = None
        p1[key] = value

    def clear_p1(gun: str, keys: tuple[Key, ...], blank: Table) -> None:
        for key in keys:
            if p1[key]:
                tables.decayed[gun] = None
                break
        p1.update(blank)

    def set_r1(round_id: str, value: str) -> None:
        if r1[round_id] and not value:
            tables.tainted[round_id] = None
        r1[round_id] = value

    return {"set_p1": set_p1, "clear_p1": clear_p1, "set_r1": set_r1}


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoundRow:
    """One row over one kernel: its condition, its effects, and what a move must name."""

    apply: Apply
    holds: Test
    lacks: tuple[tuple[str, str, Test], ...]
    needs_gun: bool
    needs_position: bool
    needs_round: bool
    needs_signer: bool
    needs_other: bool
    needs_content: bool
    needs_kind: bool


def _bound_row(row: Row, functions: Mapping[str, Callable[..., Any]]) -> _BoundRow:
    sorts = {name.sort for name in row.parameters}
    return _BoundRow(
        apply=functions[f"apply_{row.name}"],
        holds=functions[f"holds_{row.name}"],
        lacks=tuple((guard.k, guard.name, functions[f"lacks_{row.name}_{at}"]) for at, guard in enumerate(row.guards)),
        needs_gun=Sort.GUN in sorts,
        needs_position=Sort.POSITION in sorts,
        needs_round=Sort.ROUND in sorts,
        needs_signer=bool(row.signer),
        needs_other=any(name.sort is Sort.PERSON and name.name != row.signer for name in row.parameters),
        needs_content=Sort.CONTENT in sorts,
        needs_kind=Sort.KIND in sorts,
    )


def _failures(
    read: Property, tables: _Tables, functions: Mapping[str, Callable[..., Any]]
) -> Iterator[tuple[str, ...]]:
    """The values for which a property over record variables does not hold now."""
    fails: Callable[[tuple[str, ...]], bool] = functions[f"fails_{read.id}"]
    choices: list[list[tuple[str, ...]]] = []
    for name in read.parameters:
        if name.sort is Sort.POSITION:
            # A position parameter follows the gun it belongs to.
            choices[-1] = list(tables.classes)
        else:
            choices.append([(thing,) for thing in tables.variables["gc" if name.sort is Sort.GUN else "rc"]])
    for parts in product(*choices):
        values = tuple(value for part in parts for value in part)
        if fails(values):
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
        "_functions",
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
            standing={},
            listing={},
            ended={},
            decayed={},
            tainted={},
        )
        self._seen: dict[Move, _BoundRow] = {}
        self._functions = _functions_over(self._tables)
        self._bound = {row.name: _bound_row(row, self._functions) for row in ROWS.values() if row.kind != "world"}

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
        bound = self._seen.get(move) or self._look_at(move)
        return tuple((k, name) for k, name, lacks in bound.lacks if lacks(move))

    def holds(self, move: Move) -> bool:
        """Whether the row's condition holds now, so that `apply` would take the then-branch; nothing is changed."""
        bound = self._seen.get(move) or self._look_at(move)
        return bool(bound.holds(move))

    def apply_again(self, move: Move) -> Outcome | None:
        """What the move did, after doing it, if this very move was seen before: its row and all it names are known.

        None: nothing was done, and nothing is said of the move.
        """
        bound = self._seen.get(move)
        if bound is None:
            return None
        tables = self._tables
        branch = bound.apply(move)
        # As `_make` does; most moves take nothing away, and a call for each of them would be a tenth of it.
        return self._taken(branch) if tables.ended or tables.decayed or tables.tainted else _QUIET[branch]

    def apply(self, move: Move) -> Outcome:
        """What the move did, after doing it. Raises UnknownThing, having changed nothing, for what cannot be known."""
        return self._make(self._seen.get(move) or self._look_at(move), move)

    def _make(self, bound: _BoundRow, move: Move) -> Outcome:
        tables = self._tables
        branch = bound.apply(move)
        if not (tables.ended or tables.decayed or tables.tainted):
            return _QUIET[branch]
        return self._taken(branch)

    def _taken(self, branch: Branch) -> Outcome:
        """The outcome of a move that took something away, noted while it was made; nothing is noted any more."""
        tables = self._tables
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
        return tuple(
            (read.id, values) for read in RECORD_PROPERTIES for values in _failures(read, self._tables, self._functions)
        )

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
    """Change the set in place: the rows hold on to it."""
    fresh = frozenset(others)
    people.clear()
    people.update(fresh)
