"""The table with one clause or effect changed, and which check notices: a proof that notices nothing proves nothing.

For: finding the promises that nobody wrote down. A mutant is one row in which one clause is dropped, one effect is
left out, or one condition inside an effect always goes one way; fact, claim and world rows and assumptions alike.

Promises: each mutant is put down to the first check that notices it, in this order: a property (one step, any number
of everything), the order of records (P6), a story (a branch or call that is lost, or reached in another number of
moves, or a story without an assumption that is no longer told), the edges (state, row, state) of the small scopes
alone. What nothing notices is `equal` if the solver shows that no state tells the two tables apart, else `unnoticed`.

Does not: change two things at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from time import monotonic
from typing import Final, Literal, TypeAlias, assert_never

import z3

from coldcheck.custody.kernel_reading import (
    ALWAYS,
    ROWS,
    Both,
    Const,
    Effect,
    Either,
    Every,
    Expression,
    For,
    Guard,
    Holds,
    If,
    Name,
    Not,
    Over,
    Read,
    Row,
    Same,
    Set,
    Some,
)
from coldcheck.custody.kernel_table import VARIABLES, PositionClass
from coldcheck.custody.things import RoundKind
from coldcheck.station.lab.explorer import explore
from coldcheck.station.lab.packed_states import THREE_PEOPLE, Scope
from coldcheck.station.lab.prover import (
    Obligation,
    State,
    Table,
    Term,
    after,
    always,
    any_state,
    assumed_state,
    downward,
    is_met,
    kept,
    leaves,
    only_if,
    order,
    reasons,
    row_names,
    state_terms,
    taken,
    type_facts,
    whenever,
)

Notice: TypeAlias = Literal["property", "order", "story", "edges", "equal", "unnoticed", "not tried"]
NOTICED: Final = ("property", "order", "story")

QUERY_MS: Final = 4_000
_CHAMBER, _BORE, _CAPABILITY = PositionClass.CHAMBER, PositionClass.BORE, PositionClass.CAPABILITY
SCOPES: Final = (
    Scope(guns=((_CAPABILITY,),), rounds=0, kinds=()),
    Scope(guns=((_CHAMBER, _BORE),), rounds=0, kinds=()),
    Scope(guns=((_CHAMBER, _CHAMBER),), rounds=0, kinds=()),
    # INERT over a round needs both classes; without a viewer the floor stays small.
    Scope(guns=((_CHAMBER, _CAPABILITY),), rounds=1, kinds=(RoundKind.DUMMY,), people=THREE_PEOPLE[:2]),
    Scope(guns=((_CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY, RoundKind.BLANK)),
    Scope(guns=((_CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY, RoundKind.LIVE)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One row with one thing changed; `words` says which row, where and what."""

    words: str
    row: Row

    @property
    def table(self) -> Table:
        """The table with this row in place of its like."""
        return Table(rows=tuple(self.row if row.name == self.row.name else row for row in ROWS.values()))


# ---- making them ----


def mutants(rows: Iterable[Row] = tuple(ROWS.values())) -> Iterator[Mutant]:
    """Every one-clause change of the rows."""
    for row in rows:
        seen: Counter[str] = Counter()
        for words, changed in _changed_rows(row):
            seen[words] += 1
            again = f" ({seen[words]})" if seen[words] > 1 else ""
            yield Mutant(words=f"{row.name}: {words}{again}", row=changed)


def _changed_rows(row: Row) -> Iterator[tuple[str, Row]]:
    if row.when != ALWAYS:
        for words, when in _thinner(row.when):
            yield f"when {words}", replace(row, when=when)
    for at, guard in enumerate(row.guards):
        others = (row.guards[:at], row.guards[at + 1 :])
        yield f"guard {guard.name} dropped", replace(row, guards=(*others[0], *others[1]))
        if isinstance(guard.when, Both | Either | Every | Some):
            for words, when in _thinner(guard.when):
                changed = Guard(guard.k, guard.name, when)
                yield f"guard {guard.name} {words}", replace(row, guards=(*others[0], changed, *others[1]))
    for words, effects in _fewer(row.then):
        yield f"then {words}", replace(row, then=effects)
    for words, effects in _fewer(row.otherwise):
        yield f"else {words}", replace(row, otherwise=effects)
    for at, (name, condition) in enumerate(row.assumes):
        for words, thin in _thinner(condition):
            changed_assumes = (*row.assumes[:at], (name, thin), *row.assumes[at + 1 :])
            yield f"assumes {name} {words}", replace(row, assumes=changed_assumes)


def _thinner(part: Expression, *, whole: bool = True) -> Iterator[tuple[str, Expression]]:
    """The condition with one clause dropped, at any depth; `whole`: or dropped as a whole, if it is a single clause."""
    match part:
        case Both(parts=parts) | Either(parts=parts):
            for at, inner in enumerate(parts):
                before, behind = parts[:at], parts[at + 1 :]
                yield f"without {text_of(inner)}", type(part)((*before, *behind))
                if not isinstance(inner, Name | Const | Read | Holds | Same | Not):
                    for words, thin in _thinner(inner, whole=False):
                        yield words, type(part)((*before, thin, *behind))
        case (
            Every(over=over, part=Both() | Either() | Every() | Some() as inner)
            | Some(over=over, part=Both() | Either() | Every() | Some() as inner)
        ):
            if whole:
                yield f"without {text_of(part)}", ALWAYS
            for words, thin in _thinner(inner, whole=False):
                yield words, type(part)(over, thin)
        case _:
            if whole:
                yield f"without {text_of(part)}", ALWAYS


def _fewer(effects: tuple[Effect, ...]) -> Iterator[tuple[str, tuple[Effect, ...]]]:
    """The effects with one of them left out, or one condition among them gone one way for good."""
    for at, effect in enumerate(effects):
        before, behind = effects[:at], effects[at + 1 :]
        match effect:
            case Set():
                yield f"without {effect_text(effect)}", (*before, *behind)
            case If(when=when, then=then, otherwise=otherwise):
                yield f"always as if {text_of(when)}", (*before, *then, *behind)
                yield f"never as if {text_of(when)}", (*before, *otherwise, *behind)
                for words, fewer in _fewer(then):
                    yield words, (*before, If(when, fewer, otherwise), *behind)
                for words, fewer in _fewer(otherwise):
                    yield words, (*before, If(when, then, fewer), *behind)
                if isinstance(when, Both | Either):
                    for words, thin in _thinner(when):
                        yield words, (*before, If(thin, then, otherwise), *behind)
            case For(over=over, body=body):
                for words, fewer in _fewer(body):
                    inside = f"for {_names(over.members)} in {over.domain.name}"
                    yield f"{words} ({inside}, {at + 1})", (*before, For(over, fewer), *behind)
            case _:
                assert_never(effect)


# ---- in words ----


def text_of(part: Expression) -> str:
    """The expression in the table's own language."""
    match part:
        case Name(name=name) | Const(name=name):
            return name
        case Read(variable=variable, at=at, before=before):
            text = f"{variable.name}[{_names(at)}]" if at else variable.name
            return f"before({text})" if before else text
        case Holds(predicate=predicate, of=of):
            return f"{predicate.name}({', '.join(map(text_of, of))})"
        case Same(left=left, right=right, equal=equal):
            return f"{text_of(left)} {'==' if equal else '!='} {text_of(right)}"
        case Not(part=inner):
            return f"not {text_of(inner)}"
        case Both(parts=parts):
            return f"({' and '.join(map(text_of, parts))})"
        case Either(parts=parts):
            return f"({' or '.join(map(text_of, parts))})"
        case Every(over=over, part=inner):
            return f"all({text_of(inner)} {_loop(over)})"
        case Some(over=over, part=inner):
            return f"any({text_of(inner)} {_loop(over)})"
        case _:
            assert_never(part)


def effect_text(effect: Set) -> str:
    """The assignment in the table's own language."""
    at = f"[{_names(effect.at)}]" if effect.at else ""
    return f"{effect.variable.name}{at} = {text_of(effect.value)}"


def _loop(over: Over) -> str:
    return f"for {_names(over.members)} in {over.domain.name}({_names(over.of)})"


def _names(names: Iterable[Name]) -> str:
    return ", ".join(name.name for name in names)


# ---- noticing them ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """One mutant and what came of it; `by` says which property, order or story it was, or why it is equal."""

    mutant: str
    notice: Notice
    by: str = ""


def notice_of(mutant: Mutant) -> Noticed:
    """The first check that notices the mutant."""
    for notice, asked in _questions(mutant):
        met, answer = is_met(asked, timeout_ms=QUERY_MS)
        if not met:
            return Noticed(mutant=mutant.words, notice=notice, by=f"{asked} ({answer})")
    if differs(mutant) == "unsat":
        return Noticed(mutant=mutant.words, notice="equal", by=why_equal(mutant))
    other_edges = ""
    told = _told(mutant.table.rows)
    for scope, (stories, edges), (true_stories, true_edges) in zip(SCOPES, told, _true_stories(), strict=True):
        if stories != true_stories:
            return Noticed(mutant=mutant.words, notice="story", by=f"{scope.words}: {_lost(stories, true_stories)}")
        if edges != true_edges:
            other_edges = scope.words
    return Noticed(mutant=mutant.words, notice="edges" if other_edges else "unnoticed", by=other_edges)


def _questions(mutant: Mutant) -> Iterator[tuple[Notice, Obligation]]:
    """What could notice it; a branch whose effects are as they were, under a condition as it was, is not asked again."""
    table, rows, changed = mutant.table, (mutant.row.name,), _changed_branches(mutant.row)
    for asked in (*only_if(table, rows), *whenever(table, rows), *leaves(table, rows), *kept(table, rows, joined=True)):
        if asked.case in changed:
            yield "property", asked
    if mutant.row.kind != "world":
        for asked in (*order(table, rows, joined=True), *downward(table, rows, joined=True)):
            if changed & set(asked.case.split("/")):
                yield "order", asked


def _changed_branches(row: Row) -> set[str]:
    was = ROWS[row.name]
    if (row.when, row.guards, row.assumes) != (was.when, was.guards, was.assumes):
        return {"then", "else"}
    return {"then"} if row.then != was.then else {"else"}


Stories: TypeAlias = Mapping[str, int]


def _told(rows: tuple[Row, ...]) -> Iterator[tuple[Stories, str]]:
    """Scope by scope: in how many moves each branch and call is first reached, and the hash of the edges."""
    for scope in SCOPES:
        found = explore(scope, rows=rows, properties=(), hashed=True)
        stories = {" ".join(branch): seen.depth for branch, seen in found.branches.items()}
        yield {**stories, **{call: seen.depth for call, seen in found.grants.items()}}, found.edges


@cache
def _true_stories() -> tuple[tuple[Stories, str], ...]:
    return tuple(_told(tuple(ROWS.values())))


def _lost(stories: Stories, true_stories: Stories) -> str:
    names = sorted({*stories, *true_stories})
    other = [name for name in names if stories.get(name) != true_stories.get(name)]
    return ", ".join(other[:3])


def differs(mutant: Mutant) -> str:
    """z3's answer to: is there a state, with every property holding, in which the two rows do not do the same?"""
    return is_met(_same(mutant, held=True), timeout_ms=QUERY_MS)[1]


def why_equal(mutant: Mutant) -> str:
    """Why no state tells the two rows apart: the properties the solver needed to show it; in words when it needed none."""
    state = any_state("")
    facts = dict(type_facts(state, Table().excluded))
    held = {read.id: always(read, state) for read in Table().properties if not read.text.step}
    needed = reasons(_same(mutant, held=False), {**facts, **held}, timeout_ms=QUERY_MS)
    return f"by {', '.join(needed)}" if needed else "said twice in the row itself"


def _same(mutant: Mutant, *, held: bool) -> Obligation:
    """That the mutant's row does what the table's does, in a state with every property holding, or in any at all."""
    state, known = assumed_state(Table().properties, "", record_only=False)
    row, other = ROWS[mutant.row.name], mutant.row
    env = row_names(row)
    one, two = _outcome(row, env, state), _outcome(other, env, state)
    apart = []
    for variable in VARIABLES:
        at = state_terms(variable)
        apart.append(one.read[variable.name](*at) != two.read[variable.name](*at))
    same = z3.Not(z3.Or(*apart))
    assumed = known if held else ()
    return Obligation(part="stays", row=row.name, case="", property="same", assumed=assumed, wanted=same)


def _outcome(row: Row, env: Mapping[str, Term], state: State) -> State:
    """The state after the row, whichever branch it takes; where an assumption forbids the move, nothing happens."""
    then, otherwise = after(row.then, env, state), after(row.otherwise, env, state)
    yes = taken(row, "then", env, state, off=frozenset())
    no = z3.And(row.kind != "world", taken(row, "else", env, state, off=frozenset()))

    def chosen(name: str) -> Term:
        return lambda *at: z3.If(yes, then.read[name](*at), z3.If(no, otherwise.read[name](*at), state.read[name](*at)))

    return State({variable.name: chosen(variable.name) for variable in VARIABLES})


def notices(*, budget_s: float, among: Iterable[Mutant] | None = None) -> tuple[Noticed, ...]:
    """Every mutant and what noticed it; those not reached within the budget are `not tried`.

    They are taken in an order that has nothing to do with the table's, so that a short budget tries some of each row.
    """
    until = monotonic() + budget_s
    chosen = sorted(mutants() if among is None else among, key=lambda mutant: sha256(mutant.words.encode()).digest())
    return tuple(
        notice_of(mutant) if monotonic() < until else Noticed(mutant=mutant.words, notice="not tried")
        for mutant in chosen
    )


def counted(found: Iterable[Noticed]) -> dict[str, int]:
    """How many of each notice."""
    return dict(Counter(noticed.notice for noticed in found))
