"""The kernel table as read: frozen data that runtime, explorer and solver translate from.

For: one meaning of the table's texts. A text is read once, at import, by a whitelist over Python's syntax tree;
nothing is ever evaluated as Python.

Promises: a name, operator or variable that the table does not declare is a `BadTable` naming row and column; a loop
whose turns could see one another is refused, so that a solver may take all turns at once.

Does not: run anything. `kernel` runs the rows over a record; `station.lab` explores and proves them.

    >>> ROWS["pickup"].then[-1]  # doctest: +ELLIPSIS
    Set(variable=Variable(name='gc', ...), at=(...), value=Name(name='p', sort=<Sort.PERSON: 'person'>))
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from textwrap import dedent
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never

from coldcheck.custody.kernel_table import (
    ASSUMPTIONS,
    CONSTANTS,
    DOMAINS,
    LEAVES,
    MACROS,
    ONLY_IF,
    PREDICATES,
    PROPERTIES,
    TABLE,
    VARIABLES,
    WHENEVER,
    Branch,
    Domain,
    OnlyIfText,
    Parameters,
    Predicate,
    PropertyText,
    RowKind,
    RowText,
    Sort,
    Value,
    Variable,
)
from coldcheck.proof.errors import ColdcheckError


class BadTable(ColdcheckError):
    """A text of the kernel table cannot be read. Remedy: correct the row and column that the sentence names."""


# ---- the read form ----


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter of the row or a loop's own name."""

    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Const:
    """A declared constant, True or False."""

    name: str
    sort: Sort
    value: Value


@dataclass(frozen=True, slots=True)
class Read:
    """A variable at some subscripts. `before`: as it was when the move started (step properties only)."""

    variable: Variable
    at: tuple[Name, ...]
    before: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """A predicate of its arguments."""

    predicate: Predicate
    of: tuple["Name | Read", ...]


@dataclass(frozen=True, slots=True)
class Same:
    """left == right, or left != right when `equal` is False."""

    left: "Expression"
    right: "Expression"
    equal: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds, read from the left."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds, read from the left."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Over:
    """The members of a domain, under the loop's own names."""

    domain: Domain
    of: tuple[Name, ...]
    members: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """The part holds for every member; so also where there is none."""

    over: Over
    part: "Expression"


@dataclass(frozen=True, slots=True)
class Some:
    """The part holds for some member."""

    over: Over
    part: "Expression"


Expression: TypeAlias = Name | Const | Read | Holds | Same | Not | Both | Either | Every | Some
ALWAYS: Final = Const("True", Sort.FLAG, value=True)


@dataclass(frozen=True, slots=True)
class Set:
    """The variable at these subscripts becomes the value; effects follow one another in the order written."""

    variable: Variable
    at: tuple[Name, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class If:
    """One of two effects; which, is decided before either begins."""

    when: Expression
    then: tuple["Effect", ...]
    otherwise: tuple["Effect", ...]


@dataclass(frozen=True, slots=True)
class For:
    """The body for every member. The order of the members cannot matter: see `_order_free`."""

    over: Over
    body: tuple["Effect", ...]


Effect: TypeAlias = Set | If | For


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro as read; rows hold its effects written out, under their own names."""

    parameters: tuple[Name, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition of a claim, under the id of the requirement it serves."""

    k: str
    name: str
    when: Expression


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read, macros written out. A claim's condition is all of its guards; `when` is then ALWAYS."""

    name: str
    kind: RowKind
    parameters: tuple[Name, ...]
    signer: str
    when: Expression
    guards: tuple[Guard, ...]
    then: tuple[Effect, ...]
    otherwise: tuple[Effect, ...]
    assumes: tuple[tuple[str, Expression], ...]
    text: RowText


@dataclass(frozen=True, slots=True)
class Property:
    """One property as read."""

    id: str
    parameters: tuple[Name, ...]
    when: Expression
    text: PropertyText


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """What holds whenever the row takes its main effect, or whenever it surely takes it, as read."""

    id: str
    row: str
    when: Expression


@dataclass(frozen=True, slots=True)
class Leaves:
    """What one branch of a row leaves behind, as read."""

    id: str
    row: str
    branch: Branch
    when: Expression


# ---- reading ----


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """What a text may name, and where it stands. `world`: may it read world variables; `step`: may it say before."""

    where: str
    names: Mapping[str, Sort]
    macros: Mapping[str, Macro]
    world: bool = False
    step: bool = False

    def with_names(self, names: Iterable[Name]) -> "_Scope":
        """The scope inside a loop. Refuses a name that is taken: shadowing would hide a row's parameter."""
        inner = dict(self.names)
        for name in names:
            if name.name in inner or name.name in CONSTANT or name.name in _VARIABLE:
                raise BadTable(f"{self.where}: the loop name {name.name!r} is taken; choose another.")
            inner[name.name] = name.sort
        return replace(self, names=inner)


_NO_MACROS: Final[Mapping[str, Macro]] = MappingProxyType({})
CONSTANT: Final = MappingProxyType({constant.name: constant for constant in CONSTANTS})
_VARIABLE: Final = MappingProxyType({variable.name: variable for variable in VARIABLES})
_PREDICATE: Final = MappingProxyType({predicate.name: predicate for predicate in PREDICATES})
_DOMAIN: Final = MappingProxyType({domain.name: domain for domain in DOMAINS})


def _bad(node: ast.AST, scope: _Scope, words: str) -> BadTable:
    return BadTable(f"{scope.where}: {words}: {ast.unparse(node)!r}; correct the table.")


def read_condition(
    text: str, *, where: str, parameters: Parameters, world: bool = False, step: bool = False
) -> Expression:
    """The condition in `text`, with `parameters` as the names it may use. `where` is named in every error.

    Raises BadTable for anything outside the closed operators, and for names, sorts or variables not declared.
    """
    scope = _Scope(where=where, names=dict(parameters), macros=_NO_MACROS, world=world, step=step)
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise BadTable(f"{where}: {error.msg} in {text.strip()!r}; correct the table.") from error
    return _flag(node, scope)


def read_effect(text: str, *, where: str, parameters: Parameters, macros: Mapping[str, Macro]) -> tuple[Effect, ...]:
    """The effect in `text`, with the `macros` it uses written out.

    Raises BadTable as `read_condition` does, and for a loop whose result could depend on the order of its turns.
    """
    scope = _Scope(where=where, names=dict(parameters), macros=macros)
    try:
        body = ast.parse(dedent(text).strip()).body
    except SyntaxError as error:
        raise BadTable(f"{where}: {error.msg} in {text.strip()!r}; correct the table.") from error
    return _effects(body, scope)


def _flag(node: ast.expr, scope: _Scope) -> Expression:
    expression = _expression(node, scope)
    if sort_of(expression) is not Sort.FLAG:
        raise _bad(node, scope, "a condition was expected")
    return expression


def sort_of(expression: Expression) -> Sort:
    """What the expression stands for."""
    match expression:
        case Name(sort=sort) | Const(sort=sort):
            return sort
        case Read(variable=variable):
            return variable.sort
        case Holds() | Same() | Not() | Both() | Either() | Every() | Some():
            return Sort.FLAG
        case _:
            assert_never(expression)


def _expression(node: ast.expr, scope: _Scope) -> Expression:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return Both(tuple(_flag(value, scope) for value in values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Either(tuple(_flag(value, scope) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_flag(operand, scope))
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[right]):
            return _same(node, scope, left, right, equal=isinstance(op, ast.Eq))
        case ast.Call(func=ast.Name(id=word), args=arguments, keywords=[]):
            return _called(node, scope, word, arguments)
        case ast.Subscript(value=ast.Name(id=word), slice=at):
            return _read(node, scope, word, at)
        case ast.Constant(value=True | False as value):
            return Const(str(value), Sort.FLAG, value)
        case ast.Name(id=word):
            return _word(node, scope, word)
        case _:
            raise _bad(node, scope, "this form is not in the table's language")


def _same(node: ast.expr, scope: _Scope, left: ast.expr, right: ast.expr, *, equal: bool) -> Same:
    sides = _expression(left, scope), _expression(right, scope)
    if not _alike(sort_of(sides[0]), sort_of(sides[1])):
        raise _bad(node, scope, f"{sort_of(sides[0])} cannot be compared with {sort_of(sides[1])}")
    return Same(*sides, equal=equal)


def _alike(left: Sort, right: Sort) -> bool:
    return left is right or {left, right} == {Sort.ROUND, Sort.CONTENT}


def _called(node: ast.Call, scope: _Scope, word: str, arguments: list[ast.expr]) -> Expression:
    match word, arguments:
        case "all" | "any", [
            ast.GeneratorExp(elt=part, generators=[ast.comprehension(target=target, iter=source, ifs=[], is_async=0)])
        ]:
            over = _over(node, scope, target, source)
            inner = _flag(part, scope.with_names(over.members))
            return Every(over, inner) if word == "all" else Some(over, inner)
        case "before", [ast.Subscript(value=ast.Name(id=variable), slice=at)] if scope.step:
            return replace(_read(node, scope, variable, at), before=True)
        case _:
            return _holds(node, scope, word, arguments)


def _holds(node: ast.Call, scope: _Scope, word: str, arguments: list[ast.expr]) -> Holds:
    if word not in _PREDICATE:
        raise _bad(node, scope, f"unknown name {word!r}")
    predicate, of = _PREDICATE[word], []
    for argument in arguments:
        expression = _expression(argument, scope)
        if not isinstance(expression, Name | Read):
            raise _bad(node, scope, "a predicate takes names and variables")
        of.append(expression)
    if tuple(sort_of(part) for part in of) != predicate.of:
        raise _bad(node, scope, f"{word} is of {', '.join(predicate.of)}")
    return Holds(predicate, tuple(of))


def _read(node: ast.AST, scope: _Scope, word: str, at: ast.expr | None) -> Read:
    if word not in _VARIABLE:
        raise _bad(node, scope, f"unknown variable {word!r}")
    variable = _VARIABLE[word]
    if variable.side == "world" and not scope.world:
        raise _bad(node, scope, f"{word!r} is a world variable, which the record cannot know")
    return Read(variable, _names(node, scope, at, variable.of))


def _names(node: ast.AST, scope: _Scope, at: ast.expr | None, sorts: tuple[Sort, ...]) -> tuple[Name, ...]:
    parts = [] if at is None else at.elts if isinstance(at, ast.Tuple) else [at]
    found = []
    for part in parts:
        if not isinstance(part, ast.Name) or part.id not in scope.names:
            raise _bad(node, scope, f"unknown name {ast.unparse(part)!r}")
        found.append(Name(part.id, scope.names[part.id]))
    if tuple(name.sort for name in found) != sorts:
        raise _bad(node, scope, f"({', '.join(sorts)}) was expected")
    return tuple(found)


def _word(node: ast.expr, scope: _Scope, word: str) -> Expression:
    if word in scope.names:
        return Name(word, scope.names[word])
    if word in CONSTANT:
        return Const(word, CONSTANT[word].sort, CONSTANT[word].value)
    if word in _VARIABLE:
        return _read(node, scope, word, None)
    raise _bad(node, scope, f"unknown name {word!r}")


def _over(node: ast.AST, scope: _Scope, target: ast.expr, source: ast.expr) -> Over:
    match source:
        case ast.Call(func=ast.Name(id=word), args=arguments, keywords=[]) if word in _DOMAIN:
            domain = _DOMAIN[word]
        case _:
            raise _bad(node, scope, "loops run over a finite kind of the table")
    of = _names(node, scope, ast.Tuple(elts=list(arguments), ctx=ast.Load()), tuple(s for _, s in domain.parameters))
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    words = [part.id for part in targets if isinstance(part, ast.Name)]
    if len(words) != len(targets) or len(set(words)) != len(domain.members):
        raise _bad(node, scope, f"{domain.name} binds {len(domain.members)} names")
    members = tuple(Name(word, sort) for word, (_, sort) in zip(words, domain.members, strict=True))
    return Over(domain, of, members)


def _effects(body: list[ast.stmt], scope: _Scope) -> tuple[Effect, ...]:
    return tuple(effect for node in body for effect in _effect(node, scope))


def _effect(node: ast.stmt, scope: _Scope) -> tuple[Effect, ...]:
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=word), slice=at)], value=value):
            return (_set(node, scope, word, at, value),)
        case ast.Assign(targets=[ast.Name(id=word)], value=value):
            return (_set(node, scope, word, None, value),)
        case ast.If(test=test, body=then, orelse=otherwise):
            return (_if(scope, test, then, otherwise),)
        case ast.For(target=target, iter=source, body=body, orelse=[]):
            over = _over(node, scope, target, source)
            loop = For(over, _effects(body, scope.with_names(over.members)))
            _order_free(loop, node, scope)
            return (loop,)
        case ast.Expr(value=ast.Call(func=ast.Name(id=word), args=arguments, keywords=[])) if word in scope.macros:
            return _written_out(node, scope, word, arguments)
        case _:
            raise _bad(node, scope, "this form is not in the table's language")


def _written_out(node: ast.stmt, scope: _Scope, word: str, arguments: list[ast.expr]) -> tuple[Effect, ...]:
    """The macro's effects under the names it is given here."""
    macro = scope.macros[word]
    sorts = tuple(parameter.sort for parameter in macro.parameters)
    given = _names(node, scope, ast.Tuple(elts=list(arguments), ctx=ast.Load()), sorts)
    renamed = {parameter.name: name for parameter, name in zip(macro.parameters, given, strict=True)}
    return tuple(_renamed_effect(effect, renamed, word) for effect in macro.effects)


def _set(node: ast.stmt, scope: _Scope, word: str, at: ast.expr | None, value: ast.expr) -> Set:
    read = _read(node, replace(scope, world=True), word, at)
    new = _expression(value, scope)
    if not isinstance(new, Name | Const | Read) or not _alike(sort_of(new), read.variable.sort):
        raise _bad(node, scope, f"{word} takes one {read.variable.sort}")
    return Set(read.variable, read.at, new)


def _if(scope: _Scope, test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt]) -> If:
    """An If; its condition may read the world only if it writes nothing but the world."""
    branches = _effects(then, scope), _effects(otherwise, scope)
    only_world = all(part.variable.side == "world" for branch in branches for part in sets_in(branch))
    return If(_flag(test, replace(scope, world=only_world)), *branches)


def sets_in(effects: tuple[Effect, ...]) -> Iterator[Set]:
    """Every assignment in the effects, in the order written."""
    for effect in effects:
        match effect:
            case Set():
                yield effect
            case If(then=then, otherwise=otherwise):
                yield from sets_in((*then, *otherwise))
            case For(body=body):
                yield from sets_in(body)
            case _:
                assert_never(effect)


def reads_in(part: Expression | Effect) -> Iterator[Read]:
    """Every variable read in an expression or effect; what a domain reads by its meaning is not among them."""
    match part:
        case Read():
            yield part
        case Name() | Const():
            pass
        case Holds(of=parts) | Both(parts=parts) | Either(parts=parts):
            for inner in parts:
                yield from reads_in(inner)
        case Same(left=left, right=right):
            yield from (*reads_in(left), *reads_in(right))
        case Not(part=inner) | Every(part=inner) | Some(part=inner) | Set(value=inner):
            yield from reads_in(inner)
        case If(when=when, then=then, otherwise=otherwise):
            yield from reads_in(when)
            for effect in (*then, *otherwise):
                yield from reads_in(effect)
        case For(body=body):
            for effect in body:
                yield from reads_in(effect)
        case _:
            assert_never(part)


def _order_free(loop: For, node: ast.AST, scope: _Scope) -> None:
    """Refuse a loop whose turns could see one another: then a solver may take all turns at once.

    What is written may be read in the body only at the very same subscripts, and a value written may come from the
    loop's names only if they stand in its own subscripts.
    """
    own = set(loop.over.members)
    writes = tuple(sets_in(loop.body))
    for read in (read for effect in loop.body for read in reads_in(effect)):
        if any(read.variable == write.variable and read.at != write.at for write in writes):
            raise _bad(node, scope, f"one turn of the loop reads {read.variable.name!r} where another may write it")
    for write in writes:
        value = write.value
        names = {value} if isinstance(value, Name) else set(value.at) if isinstance(value, Read) else set()
        if not (names & own) <= set(write.at):
            raise _bad(node, scope, f"the turns of the loop give {write.variable.name!r} different values")


Renaming: TypeAlias = Mapping[str, Name]


def _renamed(part: Expression, names: Renaming, macro: str) -> Expression:
    match part:
        case Name(name=name):
            return names.get(name, part)
        case Const():
            return part
        case Read(variable=variable, at=at, before=before):
            return Read(variable, _renamed_names(at, names), before)
        case Holds(predicate=predicate, of=of):
            renamed = tuple(_renamed(inner, names, macro) for inner in of)
            return Holds(predicate, tuple(inner for inner in renamed if isinstance(inner, Name | Read)))
        case Same(left=left, right=right, equal=equal):
            return Same(_renamed(left, names, macro), _renamed(right, names, macro), equal)
        case Not(part=inner):
            return Not(_renamed(inner, names, macro))
        case Both(parts=parts):
            return Both(tuple(_renamed(inner, names, macro) for inner in parts))
        case Either(parts=parts):
            return Either(tuple(_renamed(inner, names, macro) for inner in parts))
        case Every(over=over, part=inner) | Some(over=over, part=inner):
            renamed_over, inside = _renamed_over(over, names, macro)
            return type(part)(renamed_over, _renamed(inner, inside, macro))
        case _:
            assert_never(part)


def _renamed_names(at: tuple[Name, ...], names: Renaming) -> tuple[Name, ...]:
    return tuple(names.get(name.name, name) for name in at)


def _renamed_over(over: Over, names: Renaming, macro: str) -> tuple[Over, Renaming]:
    """A macro's loop names get the macro's name, so that they cannot meet those of the row that uses it."""
    fresh = {name.name: Name(f"{name.name}_{macro}", name.sort) for name in over.members}
    return Over(over.domain, _renamed_names(over.of, names), tuple(fresh.values())), {**names, **fresh}


def _renamed_effect(effect: Effect, names: Renaming, macro: str) -> Effect:
    match effect:
        case Set(variable=variable, at=at, value=value):
            return Set(variable, _renamed_names(at, names), _renamed(value, names, macro))
        case If(when=when, then=then, otherwise=otherwise):
            return If(
                _renamed(when, names, macro),
                tuple(_renamed_effect(part, names, macro) for part in then),
                tuple(_renamed_effect(part, names, macro) for part in otherwise),
            )
        case For(over=over, body=body):
            renamed_over, inside = _renamed_over(over, names, macro)
            return For(renamed_over, tuple(_renamed_effect(part, inside, macro) for part in body))
        case _:
            assert_never(effect)


def _read_macros() -> Mapping[str, Macro]:
    """Every macro as read; one may use those above it."""
    macros: dict[str, Macro] = {}
    for text in MACROS:
        parameters = tuple(Name(name, sort) for name, sort in text.parameters)
        where = f"macro {text.name}"
        macros[text.name] = Macro(
            parameters, read_effect(text.effect, where=where, parameters=text.parameters, macros=macros)
        )
    return MappingProxyType(macros)


READ_MACROS: Final = _read_macros()


def read_row(text: RowText) -> Row:
    """The row as read. Raises BadTable, naming row and column, for whatever the table's language does not have."""

    def condition(column: str, words: str, *, world: bool = False) -> Expression:
        where = f"row {text.name}, column {column}"
        return read_condition(words or "True", where=where, parameters=text.parameters, world=world)

    def effect(column: str, words: str) -> tuple[Effect, ...]:
        where = f"row {text.name}, column {column}"
        effects = read_effect(words, where=where, parameters=text.parameters, macros=READ_MACROS)
        if text.kind == "world" and any(part.variable.side == "record" for part in sets_in(effects)):
            raise BadTable(f"{where}: a world row may write world variables only; correct the table.")
        return effects

    _row_form(text)
    return Row(
        text.name,
        text.kind,
        tuple(Name(name, sort) for name, sort in text.parameters),
        text.signer,
        condition("when", text.when, world=text.kind == "world"),
        tuple(Guard(k, name, condition(f"guard {k} {name}", words)) for k, name, words in text.guards),
        effect("then", text.then),
        effect("else", text.otherwise),
        tuple((name, condition(f"assumes {name}", words, world=True)) for name, words in text.assumes),
        text,
    )


def _row_form(text: RowText) -> None:
    """Refuse a row that breaks the form: guards belong to claims, assumptions and signers must be declared."""
    where = f"row {text.name}"
    if bool(text.guards) != (text.kind == "claim") or (text.kind == "claim" and text.when):
        raise BadTable(f"{where}, column guards: claims have guards and no condition, other rows have none.")
    if text.signer and (text.signer, Sort.PERSON) not in text.parameters:
        raise BadTable(f"{where}, column signer: {text.signer!r} is no person among the parameters.")
    for name, _ in text.assumes:
        if name not in {assumption.id for assumption in ASSUMPTIONS}:
            raise BadTable(f"{where}, column assumes: {name!r} is no assumption of the table.")


def read_property(text: PropertyText) -> Property:
    """The property as read; raises BadTable as `read_row` does."""
    parameters = (*text.parameters, ("signer", Sort.PERSON)) if text.step else text.parameters
    when = read_condition(text.text, where=f"property {text.id}", parameters=parameters, world=True, step=text.step)
    return Property(text.id, tuple(Name(name, sort) for name, sort in text.parameters), when, text)


def table_digest() -> str:
    """SHA-256 over everything that the rows are made of: what was written from the table says from which."""
    return sha256(repr((CONSTANTS, VARIABLES, PREDICATES, DOMAINS, MACROS, TABLE, PROPERTIES)).encode()).hexdigest()


ROWS: Final[Mapping[str, Row]] = MappingProxyType({text.name: read_row(text) for text in TABLE})
READ_PROPERTIES: Final = tuple(read_property(text) for text in PROPERTIES)
DOMAIN_MEANINGS: Final[Mapping[str, Expression]] = MappingProxyType(
    {
        domain.name: read_condition(
            domain.means, where=f"domain {domain.name}", parameters=(*domain.parameters, *domain.members)
        )
        for domain in DOMAINS
    }
)
RECORD_PROPERTIES: Final = tuple(
    read
    for read in READ_PROPERTIES
    if not read.text.step and all(part.variable.side == "record" for part in reads_in(read.when))
)


def _read_only_if(text: OnlyIfText) -> OnlyIf:
    row = ROWS[text.row]
    of_world = row.kind == "world"
    where = f"only-if {text.id}"
    return OnlyIf(
        text.id, row.name, read_condition(text.text, where=where, parameters=row.text.parameters, world=of_world)
    )


READ_ONLY_IF: Final = tuple(map(_read_only_if, ONLY_IF))
READ_WHENEVER: Final = tuple(map(_read_only_if, WHENEVER))
READ_LEAVES: Final = tuple(
    Leaves(
        text.id,
        row,
        text.branch,
        read_condition(
            text.text,
            where=f"leaves {text.id} of {row}",
            parameters=ROWS[row].text.parameters,
            world=True,
            step=True,
        ),
    )
    for text in LEAVES
    for row in text.rows
)
