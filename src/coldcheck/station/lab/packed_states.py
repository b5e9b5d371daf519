"""Small floors and their states, each state one 64-bit number, states that differ only in names being one.

For: the explorer. A `Scope` says which guns, rounds and people there are; `Packing` lays every variable of the table
out in bits.

Promises: fields are found from the table alone (a variable holds what some row may write into it, or its beginning);
two states that become one another by exchanging alike guns, positions of a class, rounds, or people of the same roles
have one canonical number. A scope that needs more than 64 bits is refused.

Does not: know what a row does. See `explorer`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from coldcheck.custody.kernel_reading import CONSTANT, Const, Expression, Name, Read, Row, sets_in
from coldcheck.custody.kernel_table import CONSTANTS, VARIABLES, CallKind, PositionClass, Sort, Variable
from coldcheck.custody.things import RoundKind
from coldcheck.proof.errors import ColdcheckError

Packed: TypeAlias = npt.NDArray[np.uint64]
Codes: TypeAlias = npt.NDArray[np.uint8]
Key: TypeAlias = tuple[int, ...]
Field: TypeAlias = tuple[str, Key]

_SLICE_BITS: Final = 16
_WORD_BITS: Final = 64
_WORLD_START: Final[Mapping[str, str]] = MappingProxyType({"wch": "EMPTY", "wk": "LIVE"})


class ScopeTooLarge(ColdcheckError):
    """A state of this scope does not fit into 64 bits. Remedy: fewer guns, positions, rounds or people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on the floor, with the two roles the table asks for."""

    label: str
    handler: bool = False
    witness: bool = False


THREE_PEOPLE: Final = (
    Person(label="the armorer", handler=True),
    Person(label="the assistant director", witness=True),
    Person(label="the performer", witness=True),
)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A floor: the positions of each gun, how many rounds, which kinds a round may be called or be, and who is there."""

    guns: tuple[tuple[PositionClass, ...], ...]
    rounds: int
    kinds: tuple[RoundKind, ...]
    people: tuple[Person, ...] = THREE_PEOPLE

    @property
    def words(self) -> str:
        """The scope as one line."""
        guns = "; ".join(" + ".join(positions) for positions in self.guns)
        return f"{len(self.guns)} gun ({guns}), {self.rounds} round ({'/'.join(self.kinds)}), {len(self.people)} people"

    @cached_property
    def codes(self) -> Mapping[Sort, tuple[object, ...]]:
        """By sort, every value; a value's code is its place. A round has one code as a round and as a content."""
        constants = {sort: tuple(c.value for c in CONSTANTS if c.sort is sort) for sort in Sort}
        contents = (*constants[Sort.CONTENT], *(f"round {number}" for number in range(1, self.rounds + 1)))
        return MappingProxyType(
            {
                Sort.PERSON: (*constants[Sort.PERSON], *(person.label for person in self.people)),
                Sort.CONTENT: contents,
                Sort.ROUND: contents,
                Sort.KIND: constants[Sort.KIND],
                Sort.CALL: tuple(CallKind),
                Sort.FLAG: (False, True),
            }
        )

    def code(self, value: object, sort: Sort) -> int:
        """The code of a value."""
        return self.codes[sort].index(value)

    def things(self, sort: Sort) -> tuple[int, ...]:
        """The codes of what is really there: constants that stand for no thing are left out."""
        match sort:
            case Sort.GUN:
                return tuple(range(len(self.guns)))
            case Sort.POSITION:
                return tuple(range(max(len(positions) for positions in self.guns)))
            case Sort.ROUND:
                return tuple(self.code(f"round {number}", sort) for number in range(1, self.rounds + 1))
            case Sort.PERSON:
                return tuple(self.code(person.label, sort) for person in self.people)
            case Sort.KIND:
                return tuple(self.code(kind, sort) for kind in self.kinds)
            case Sort.CONTENT | Sort.CALL | Sort.FLAG:
                return tuple(range(len(self.codes[sort])))

    def has(self, gun: int, position: int) -> bool:
        """Whether the gun has so many positions."""
        return position < len(self.guns[gun])

    def choices(self, names: tuple[Name, ...], *, gun: int | None = None) -> Iterator[dict[str, int]]:
        """Every way to name things of these sorts; a position belongs to the gun named last before it, or to `gun`."""
        for codes in product(*(self.things(name.sort) for name in names)):
            of = gun
            for name, code in zip(names, codes, strict=True):
                if name.sort is Sort.GUN:
                    of = code
                if name.sort is Sort.POSITION and not (of is not None and self.has(of, code)):
                    break
            else:
                yield {name.name: code for name, code in zip(names, codes, strict=True)}

    def keys(self, variable: Variable) -> Iterator[Key]:
        """Every subscript of the variable."""
        for key in product(*(self.things(sort) for sort in variable.of)):
            if Sort.POSITION not in variable.of or self.has(key[0], key[1]):
                yield key


def palettes(scope: Scope, rows: Iterable[Row]) -> dict[str, tuple[int, ...]]:
    """By variable, the codes it can ever hold: its beginning and whatever some row may write into it."""
    held: dict[str, set[int]] = {variable.name: {_start(scope, variable)} for variable in VARIABLES}
    held["wk"] |= set(scope.things(Sort.KIND))
    sets = [part for row in rows for part in sets_in((*row.then, *row.otherwise))]
    size = -1
    while size != (size := sum(map(len, held.values()))):
        for part in sets:
            held[part.variable.name] |= _written(scope, part.value, held)
    return {name: tuple(sorted(codes)) for name, codes in held.items()}


def _written(scope: Scope, value: Expression, held: Mapping[str, set[int]]) -> set[int]:
    match value:
        case Const(sort=sort, value=constant):
            return {scope.code(constant, sort)}
        case Name(sort=sort):
            return set(scope.things(sort))
        case Read(variable=variable):
            return held[variable.name]
        case _:
            raise AssertionError(value)


def _start(scope: Scope, variable: Variable) -> int:
    name = variable.initial or _WORLD_START.get(variable.name, "False")
    value = CONSTANT[name].value if name in CONSTANT else name == "True"
    return scope.code(value, variable.sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a field lies in the number, and how codes become bits and back."""

    shift: np.uint64
    mask: np.uint64
    code_of: Codes
    bits_of: Packed


class Packing:
    """The layout of a scope's states."""

    def __init__(self, scope: Scope, rows: Iterable[Row]) -> None:
        self.scope = scope
        held = palettes(scope, rows)
        self.fields: dict[Field, Place] = {}
        at = 0
        for variable in VARIABLES:
            codes = held[variable.name]
            width = (len(codes) - 1).bit_length()
            for key in scope.keys(variable):
                # No field straddles a slice, so that a renaming is one look-up per slice.
                if at // _SLICE_BITS != (at + max(width, 1) - 1) // _SLICE_BITS:
                    at += _SLICE_BITS - at % _SLICE_BITS
                if at + width > _WORD_BITS:
                    raise ScopeTooLarge(f"A state of {scope.words} needs more than 64 bits a state; make it smaller.")
                self.fields[variable.name, key] = _place(codes, at, width)
                at += width
        self.width = at
        self.renamings = tuple(self._renaming(*chosen) for chosen in _exchanges(scope))[1:]

    def starts(self) -> Packed:
        """The states in which nothing has happened yet: one for every way the rounds can really be of some kind."""
        words = []
        for kinds in product(self.scope.kinds, repeat=self.scope.rounds):
            really = dict(zip(self.scope.things(Sort.ROUND), kinds, strict=True))
            word = 0
            for variable in VARIABLES:
                for key in self.scope.keys(variable):
                    kind = really[key[0]] if variable.name == "wk" else None
                    code = _start(self.scope, variable) if kind is None else self.scope.code(kind, Sort.KIND)
                    word |= int(self.fields[variable.name, key].bits_of[code])
            words.append(word)
        return np.unique(np.array(words, dtype=np.uint64))

    def column(self, states: Packed, field: Field) -> Codes:
        """The codes of one field."""
        place = self.fields[field]
        codes: Codes = place.code_of[(states >> place.shift) & place.mask]
        return codes

    def written(self, states: Packed, field: Field, codes: int | Codes) -> Packed:
        """The states with these codes in the field."""
        place = self.fields[field]
        return (states & ~(place.mask << place.shift)) | place.bits_of[codes]

    def canonical(self, states: Packed) -> Packed:
        """The smallest number among those that the state has under every exchange of alike things."""
        best = states
        for tables in self.renamings:
            other = tables[0][states & np.uint64(0xFFFF)]
            for number, table in enumerate(tables[1:], start=1):
                other = other | table[(states >> np.uint64(_SLICE_BITS * number)) & np.uint64(0xFFFF)]
            best = np.minimum(best, other)
        return best

    def _renaming(
        self, guns: tuple[int, ...], positions: Mapping[Key, int], values: Mapping[Sort, Codes]
    ) -> list[Packed]:
        """One table per 16 bits: what these bits become."""
        whole = np.arange(1 << _SLICE_BITS, dtype=np.uint64)
        tables = [np.zeros(1 << _SLICE_BITS, dtype=np.uint64) for _ in range(-(-self.width // _SLICE_BITS))]
        variables = {variable.name: variable for variable in VARIABLES}
        for (name, key), place in self.fields.items():
            variable = variables[name]
            moved = tuple(
                guns[part]
                if sort is Sort.GUN
                else positions[key[0], part]
                if sort is Sort.POSITION
                else int(values[sort][part])
                for sort, part in zip(variable.of, key, strict=True)
            )
            slot, shift = divmod(int(place.shift), _SLICE_BITS)
            codes = place.code_of[(whole >> np.uint64(shift)) & place.mask]
            target = self.fields[name, moved]
            tables[slot] |= target.bits_of[values[variable.sort][codes]]
        return tables


def _place(codes: tuple[int, ...], shift: int, width: int) -> Place:
    code_of = np.zeros(1 << width, dtype=np.uint8)
    code_of[: len(codes)] = codes
    bits_of = np.zeros(256, dtype=np.uint64)
    for bits, code in enumerate(codes):
        bits_of[code] = bits << shift
    return Place(shift=np.uint64(shift), mask=np.uint64((1 << width) - 1), code_of=code_of, bits_of=bits_of)


def _exchanges(scope: Scope) -> Iterator[tuple[tuple[int, ...], dict[Key, int], dict[Sort, Codes]]]:
    """Every exchange of alike things, the one that changes nothing first."""
    alike_guns = _orders(list(scope.guns))
    for guns in alike_guns:
        within = [_orders(list(positions)) for positions in scope.guns]
        # Two alike guns list their classes in the same order, so a position keeps its number across guns.
        for chosen in product(*within):
            positions: dict[Key, int] = {
                (gun, at): to for gun, order in enumerate(chosen) for at, to in enumerate(order)
            }
            for rounds, people in product(
                permutations(scope.things(Sort.ROUND)), _orders([(p.handler, p.witness) for p in scope.people])
            ):
                yield guns, positions, _value_tables(scope, rounds, people)


def _orders(kinds: Sequence[object]) -> list[tuple[int, ...]]:
    """Every order of the places that puts each where one of its kind was."""
    places = range(len(kinds))
    return [
        order for order in permutations(places) if all(kinds[a] == kinds[b] for a, b in zip(places, order, strict=True))
    ]


def _value_tables(scope: Scope, rounds: tuple[int, ...], people: tuple[int, ...]) -> dict[Sort, Codes]:
    tables = {sort: np.arange(256, dtype=np.uint8) for sort in Sort}
    first = len(scope.codes[Sort.PERSON]) - len(scope.people)
    for person, other in enumerate(people):
        tables[Sort.PERSON][first + person] = first + other
    for round_code, other in zip(scope.things(Sort.ROUND), rounds, strict=True):
        tables[Sort.ROUND][round_code] = other
    tables[Sort.CONTENT] = tables[Sort.ROUND]
    return tables
