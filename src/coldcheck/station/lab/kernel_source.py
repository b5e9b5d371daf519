"""The rows of the kernel table as Python, written from the read form: `custody/kernel_rows.py`, which `kernel` runs.

    python -m coldcheck.station.lab.kernel_source

Promises: this adds nothing of its own. Every term of the read form becomes the Python that means the same, name by
name; world variables are left out, as the runtime has none. The kernel refuses rows that were written from another
table, and `tests/custody/test_kernel.py` holds them to a slow second reading of the same table.

>>> print(holds_of("test2"))
(v_r1[n_r] != '' and v_r1[n_r] != n_q and v_r1[n_r] == v_rc[n_r] and v_rk[n_r] == n_k and n_q in p_witness)
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, assert_never

from coldcheck.custody import kernel_table
from coldcheck.custody.kernel_reading import (
    ALWAYS,
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
    table_digest,
)
from coldcheck.custody.kernel_table import NOBODY, Predicate, Sort

WATCHED: Final = frozenset({"call", "pos", "p1", "r1"})
"""The variables that an index or a move's outcome depends on: they are written by `set_call` and its like alone."""
POSITION_DOMAINS: Final = frozenset({"positions", "chambers", "bores", "capabilities", "inside"})
_PLACES: Final = {Sort.GUN: 1, Sort.POSITION: 2, Sort.ROUND: 3, Sort.PERSON: 5, Sort.CONTENT: 6, Sort.KIND: 6}
"""Where a `Move` holds what a parameter of this sort stands for; the signer stands at 4."""
_SIGNER: Final = 4
_MOVE_FIELDS: Final = 7
_LOCAL: Final = re.compile(r"\b[nk]_\w+")
_STEP: Final = "    "


class _Writer:
    """One text of Python functions; questions over a domain become functions before the one that asks them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.asked = 0

    # -- conditions --

    def condition(self, part: Expression) -> str:
        match part:
            case Const(name=name, value=value):
                # A member of an enumeration stays one; a plain text needs no name.
                return repr(value) if type(value) in (bool, str) else f"c_{name}"
            case Name(name=name):
                return f"n_{name}"
            case Read(variable=variable, at=at):
                return f"v_{variable.name}[{_key(at)}]"
            case Holds(predicate=predicate, of=of):
                return self.holding(predicate, of)
            case Same(left=left, right=right, equal=equal):
                return f"{self.condition(left)} {'==' if equal else '!='} {self.condition(right)}"
            case Not(part=inner):
                return f"not ({self.condition(inner)})"
            case Both(parts=parts):
                return self.joined("and", parts)
            case Either(parts=parts):
                return self.joined("or", parts)
            case Every(over=over, part=inner) | Some(over=over, part=inner):
                return self.question(over, self.condition(inner), every=isinstance(part, Every))
            case _:
                assert_never(part)

    def holding(self, predicate: Predicate, of: tuple[Name | Read, ...]) -> str:
        if predicate.of == (Sort.PERSON,):
            return f"{self.condition(of[0])} in p_{predicate.name}"
        return f"classes[{_key(tuple(part for part in of if isinstance(part, Name)))}] == {predicate.name!r}"

    def joined(self, word: str, parts: Iterable[Expression]) -> str:
        return f"({f' {word} '.join(map(self.condition, parts))})"

    def question(self, over: Over, test: str, *, every: bool) -> str:
        """The call of a function that asks all members, or any, until one settles it."""
        name = f"q_{self.asked}"
        self.asked += 1
        head, bound = _turn(over, test)
        given = ", ".join(sorted(set(_LOCAL.findall("".join(head) + test)) - bound))
        settles = f"if not ({test})" if every else f"if {test}"
        body = (*head, f"{_STEP}{settles}: return {not every}", f"return {every}")
        self.lines += [f"def {name}({given}):", *(_STEP + line for line in body)]
        return f"{name}({given})"

    # -- effects --

    def effects(self, effects: Iterable[Effect]) -> Iterator[str]:
        """What the effects do to the record; whatever they do to the world is left out."""
        for effect in effects:
            if not any(part.variable.side == "record" for part in sets_in((effect,))):
                continue
            match effect:
                case Set():
                    yield self.setting(effect)
                case If(when=when, then=then, otherwise=otherwise):
                    yield f"if {self.condition(when)}:"
                    yield from _inside(self.effects(then))
                    yield "else:"
                    yield from _inside(self.effects(otherwise))
                case For(over=over, body=body) if (swept := [*_sweeps(over, body)]) and len(swept) == len(body):
                    yield from swept
                case For(over=over, body=body):
                    done = [*self.effects(body)]
                    head, _ = _turn(over, "\n".join(done))
                    yield from head
                    yield from _inside(iter(done))
                case _:
                    assert_never(effect)

    def setting(self, effect: Set) -> str:
        """An assignment. Taking away what is not there is no change, and the quickest."""
        name, key, value = effect.variable.name, _key(effect.at), self.condition(effect.value)
        if name not in WATCHED:
            return f"v_{name}[{key}] = {value}"
        setting = f"set_{name}({key}, {value})"
        nothing = isinstance(effect.value, Const) and name != "pos"
        return f"if v_{name}[{key}] != {value}: {setting}" if nothing else setting

    # -- functions --

    def function(self, name: str, given: str, head: Iterable[str], body: Iterable[str]) -> None:
        body = [*body]
        needed = set(_LOCAL.findall("\n".join(body)))
        self.lines.append(f"def {name}({given}):")
        self.lines += [_STEP + line for line in (*_begin(head, needed), *body)]

    def row(self, row: Row) -> None:
        """`apply_ROW` and `holds_ROW` over a move, and `lacks_ROW_NUMBER` for each guard."""
        names = ["_"] * _MOVE_FIELDS
        for parameter in row.parameters:
            names[_SIGNER if parameter.name == row.signer else _PLACES[parameter.sort]] = f"n_{parameter.name}"
        guards = [self.condition(guard.when) for guard in row.guards]
        when = f"({' and '.join(guards)})" if guards else self.condition(row.when)
        then, otherwise = [*self.effects(row.then)], [*self.effects(row.otherwise)]
        body = [f"if {when}:", *_inside([*then, "return 'then'"]), *otherwise, "return 'else'"]
        if not guards and row.when == ALWAYS:
            body = [*then, "return 'then'"]
        self.function(f"apply_{row.name}", "move", names, body)
        self.function(f"holds_{row.name}", "move", names, [f"return {when}"])
        for number, guard in enumerate(guards):
            self.function(f"lacks_{row.name}_{number}", "move", names, [f"return not ({guard})"])

    def property(self, read: Property) -> None:
        """`fails_ID` over values for the property's parameters, in their order."""
        names = [f"n_{parameter.name}" for parameter in read.parameters]
        self.function(f"fails_{read.id}", "values", names, [f"return not ({self.condition(read.when)})"])


def _begin(names: Iterable[str], needed: set[str]) -> Iterator[str]:
    """Takes what is given apart, and makes the pairs that are asked for."""
    pairs = sorted(name for name in needed if name.startswith("k_"))
    wanted = needed | {f"n_{half}" for pair in pairs for half in _halves(pair)}
    given = [*names]
    if wanted & {*given}:
        yield f"{', '.join(name if name in wanted else '_' for name in given)}, = {'move' if '_' in given else 'values'}"
    for pair in pairs:
        one, two = _halves(pair)
        if {f"n_{one}", f"n_{two}"} <= {*given}:
            yield f"{pair} = n_{one}, n_{two}"


def _halves(pair: str) -> tuple[str, str]:
    one, _, two = pair.removeprefix("k_").partition("__")
    return one, two


def _key(at: tuple[Name, ...]) -> str:
    """The key of a table: nothing, one name, or a pair of names that has a local name of its own."""
    match at:
        case ():
            return "()"
        case (one,):
            return f"n_{one.name}"
        case (one, two):
            return f"k_{one.name}__{two.name}"
        case _:
            raise BadTable("A variable of more than two things has no table; correct the table of variables.")


def _turn(over: Over, body: str) -> tuple[list[str], set[str]]:
    """The head of a loop over the members as they are before its first turn, and the names it binds."""
    names = [name.name for name in over.members]
    if len(names) == 1 and over.members[0].sort is Sort.POSITION:
        names = [over.of[0].name, *names]
    members = f"m_{over.domain.name}({_key(over.of) if over.of else ''})"
    if over.domain.name in POSITION_DOMAINS:
        members = f"m_{over.domain.name}[{_key(over.of)}]"
    if len(names) == 1:
        return [f"for n_{names[0]} in {members}:"], {f"n_{names[0]}"}
    pair = f"k_{names[0]}__{names[1]}"
    halves = [f"n_{name.name}" for name in over.members]
    head = [f"for {pair} in {members}:"]
    if any(half in _LOCAL.findall(body) for half in halves):
        head.append(f"{_STEP}{', '.join(f'n_{name}' for name in names)} = {pair}")
        return head, {pair, *(f"n_{name}" for name in names)}
    return head, {pair}


def _sweeps(over: Over, body: tuple[Effect, ...]) -> Iterator[str]:
    """The quick way to give all positions of a gun one constant, effect by effect; nothing for any other effect."""
    for effect in body if over.domain.name in POSITION_DOMAINS else ():
        pair = (over.of[0].name, over.members[0].name)
        if not isinstance(effect, Set) or not isinstance(effect.value, Const):
            continue
        if tuple(name.name for name in effect.at) != pair or effect.variable.name == "pos":
            continue
        gun, variable, domain = f"n_{pair[0]}", effect.variable.name, over.domain.name
        if variable in WATCHED:
            if effect.value.value == NOBODY:
                yield f"clear_{variable}({gun}, m_{domain}[{gun}], b_{domain}_{effect.value.name}[{gun}])"
        else:
            yield f"v_{variable}.update(b_{domain}_{effect.value.name}[{gun}])"


def _inside(lines: Iterable[str]) -> list[str]:
    return [_STEP + line for line in lines] or [f"{_STEP}pass"]


def holds_of(row: str) -> str:
    """The condition of a fact row as the runtime has it; for reading."""
    return _Writer().condition(ROWS[row].when)


def source_of(rows: Iterable[Row], properties: Iterable[Property]) -> str:
    """The functions of these rows and properties, one text."""
    writer = _Writer()
    for row in rows:
        writer.row(row)
    for read in properties:
        writer.property(read)
    return "\n".join(writer.lines) + "\n"


_MODULE: Final = '''"""The rows of the kernel table as Python: what the runtime runs.

Generated by `python -m coldcheck.station.lab.kernel_source` from `kernel_table`; not edited by hand. Read the table.

Names: `v_gc` is the variable gc, `c_DUMMY` a constant, `n_g` what g stands for, `k_g__c` the pair of g and c,
`m_chambers` the members of a domain, `b_chambers_EMPTY` every position of it with that constant, `p_handler` who has
a role, `q_3` a question over a domain; `set_call` and its like keep the indexes. `kernel` hands all of them in.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

TABLE_SHA256: Final = "{digest}"
"""The table that these rows were written from, by `kernel_reading.table_digest`."""


def functions_over(space: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]:
    """By name: `apply_ROW` and `holds_ROW` over a move, `lacks_ROW_NUMBER` a guard, `fails_PROPERTY` over values."""
{taken}

{functions}

    return {{
{given}
    }}
'''
_HANDED_IN: Final = re.compile(r"\b(?:[vcpmb]_\w+|set_\w+|clear_\w+|classes)\b")
_NAMED: Final = re.compile(r"^def ((?:apply|holds|lacks|fails)_\w+)", re.MULTILINE)


def module_text() -> str:
    """The text of `custody/kernel_rows.py`."""
    functions = source_of((row for row in ROWS.values() if row.kind != "world"), RECORD_PROPERTIES)
    annotated = re.sub(r"^def (\w+)\((.*)\):", _annotated, functions, flags=re.MULTILINE)
    return _MODULE.format(
        digest=table_digest(),
        taken="\n".join(f'    {name} = space["{name}"]' for name in sorted(set(_HANDED_IN.findall(functions)))),
        functions="\n".join(_STEP + line if line else line for line in annotated.strip().splitlines()),
        given="\n".join(f'        "{name}": {name},' for name in _NAMED.findall(functions)),
    )


def _annotated(head: re.Match[str]) -> str:
    given = ", ".join(f"{name}: Any" for name in head[2].split(", ") if name)
    return f"\ndef {head[1]}({given}) -> Any:"


def main() -> None:
    """Writes the file beside the table."""
    path = Path(kernel_table.__file__).with_name("kernel_rows.py")
    path.write_text(module_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
