"""The kernel: when may a gun be called, and what takes a call away? One table, read by runtime, explorer and solver.

For: deciding from who answered what, in which order, whether a call stands. Every act maps to moves; a move is one row.

Promises:
- Fact rows never refuse: their condition picks one of two effects, and the else-effect only takes proofs away (who
  holds what is reported, not proven: pickup, accept, have and unload set it in both). Only claim rows have guards; a
  refused claim ends the standing call.
- The texts are read once, at import, by a whitelist over Python's syntax tree: nothing here is ever evaluated as
  Python. A name, operator or variable that the table does not declare is a `BadTable` naming row and column.
- `ROWS` holds the read form: frozen data that an explorer or a solver translates from, the same the runtime runs.
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

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from textwrap import dedent
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, assert_never

from coldcheck.custody.things import RoundKind
from coldcheck.proof.errors import ColdcheckError

# No id of ours is empty or begins with "?" or "#", so none of these can be taken for a gun, a round or a person.
NOBODY: Final = ""
NO_KIND: Final = ""
DISPUTED: Final = "?"
UNKNOWN: Final = "?unknown"
LOCKED: Final = "#locked"
IN_GUN: Final = "#gun"
EMPTY: Final = "#empty"


class BadTable(ColdcheckError):
    """A text of the kernel table cannot be read. Remedy: correct the row and column that the sentence names."""


class UnknownThing(ColdcheckError):
    """A move names a row, gun, position, round, kind or person that the kernel cannot know. Remedy: correct the map."""


class PositionClass(StrEnum):
    """EMPTY means: no cartridge in a chamber, nothing in a bore, and for a capability that it cannot hold a cartridge."""

    CHAMBER = "chamber"
    BORE = "bore"
    CAPABILITY = "capability"


class CallKind(StrEnum):
    """What is called on a gun; NONE is the default, and is treated as loaded."""

    NONE = "NONE"
    COLD_EMPTY = "COLD-EMPTY"
    COLD_DUMMY = "COLD-DUMMY"
    HOT_BLANK = "HOT-BLANK"
    INERT = "INERT"


class Sort(StrEnum):
    """What a name, constant or variable can stand for. CONTENT is a round, EMPTY or UNKNOWN."""

    GUN = "gun"
    POSITION = "position"
    ROUND = "round"
    PERSON = "person"
    KIND = "kind"
    CONTENT = "content"
    CALL = "call"
    FLAG = "flag"


Value: TypeAlias = str | bool
Side: TypeAlias = Literal["record", "world"]
RowKind: TypeAlias = Literal["fact", "claim", "world"]
Parameters: TypeAlias = tuple[tuple[str, Sort], ...]
Branch: TypeAlias = Literal["then", "else"]


# ---- the table: words ----


@dataclass(frozen=True, slots=True)
class Constant:
    """One name for one value; the same value under two sorts is two constants (NOBODY and NO_KIND)."""

    name: str
    sort: Sort
    value: Value


CONSTANTS: Final = (
    Constant("NOBODY", Sort.PERSON, NOBODY),
    Constant("DISPUTED", Sort.PERSON, DISPUTED),
    Constant("LOCKED", Sort.PERSON, LOCKED),
    Constant("IN_GUN", Sort.PERSON, IN_GUN),
    Constant("UNKNOWN", Sort.CONTENT, UNKNOWN),
    Constant("EMPTY", Sort.CONTENT, EMPTY),
    Constant("NO_KIND", Sort.KIND, NO_KIND),
    Constant("DUMMY", Sort.KIND, RoundKind.DUMMY),
    Constant("BLANK", Sort.KIND, RoundKind.BLANK),
    Constant("LIVE", Sort.KIND, RoundKind.LIVE),
    Constant("NONE", Sort.CALL, CallKind.NONE),
    Constant("COLD_EMPTY", Sort.CALL, CallKind.COLD_EMPTY),
    Constant("COLD_DUMMY", Sort.CALL, CallKind.COLD_DUMMY),
    Constant("HOT_BLANK", Sort.CALL, CallKind.HOT_BLANK),
    Constant("INERT", Sort.CALL, CallKind.INERT),
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the state. `initial` names a constant, True or False; empty for a world variable: anything."""

    name: str
    of: tuple[Sort, ...]
    sort: Sort
    side: Side
    initial: str
    means: str


_AT: Final = (Sort.GUN, Sort.POSITION)
VARIABLES: Final = (
    Variable(
        "gc", (Sort.GUN,), Sort.PERSON, "record", "DISPUTED", "who has the gun; locked, left and disputed are one"
    ),
    Variable("off", (Sort.GUN,), Sort.PERSON, "record", "NOBODY", "whom it was handed to and who has not yet taken it"),
    Variable("pos", _AT, Sort.CONTENT, "record", "UNKNOWN", "what the record last says, proven or not"),
    Variable("p1", _AT, Sort.PERSON, "record", "NOBODY", "who answered first"),
    Variable("p2", _AT, Sort.PERSON, "record", "NOBODY", "who answered second; proven is: both there"),
    Variable("wit", (Sort.GUN,), Sort.PERSON, "record", "NOBODY", "the witness whose sight is unbroken"),
    Variable("eye", _AT, Sort.FLAG, "record", "False", "that witness answered here since their sight began"),
    Variable("view", (Sort.GUN,), Sort.PERSON, "record", "NOBODY", "whom a show is open to"),
    Variable("again", _AT, Sort.FLAG, "record", "False", "the viewer answered here in this show"),
    Variable("rcv", (Sort.GUN,), Sort.PERSON, "record", "NOBODY", "who was shown n of n: the receiver"),
    Variable("call", (Sort.GUN,), Sort.CALL, "record", "NONE", "the call that stands"),
    Variable("rc", (Sort.ROUND,), Sort.PERSON, "record", "DISPUTED", "who has the round, or LOCKED, or IN_GUN"),
    Variable("rk", (Sort.ROUND,), Sort.KIND, "record", "NO_KIND", "the kind answered for it"),
    Variable("r1", (Sort.ROUND,), Sort.PERSON, "record", "NOBODY", "who tested it first"),
    Variable("r2", (Sort.ROUND,), Sort.PERSON, "record", "NOBODY", "who tested it second; proven is: both there"),
    Variable("halt", (), Sort.FLAG, "record", "False", "a stop is open"),
    Variable("wch", _AT, Sort.CONTENT, "world", "", "what is really there: EMPTY or a round"),
    Variable("wk", (Sort.ROUND,), Sort.KIND, "world", "", "what the round really is"),
    Variable("wd", (Sort.GUN,), Sort.FLAG, "world", "", "a break of this gun's custody took place and is not entered"),
    Variable("wrd", (Sort.ROUND,), Sort.FLAG, "world", "", "a break of this round's custody took place, not entered"),
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A question about things that no row changes: roles, and the class of a position."""

    name: str
    of: tuple[Sort, ...]
    means: str


PREDICATES: Final = (
    Predicate("handler", (Sort.PERSON,), "has a handler's role and may prepare, load and show"),
    Predicate("witness", (Sort.PERSON,), "has a role that may answer second"),
    Predicate("chamber", _AT, "the position is a chamber"),
    Predicate("bore", _AT, "the position is a bore"),
    Predicate("capability", _AT, "the position stands for what the gun can hold at all"),
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A finite kind that all, any and for may run over: the `members` for which the condition `means` holds.

    It is read before the first turn of a loop, so a loop may change what `means` asks about.
    """

    name: str
    parameters: Parameters
    members: Parameters
    means: str


_G: Final = ("g", Sort.GUN)
_C: Final = ("c", Sort.POSITION)
_R: Final = ("r", Sort.ROUND)
_P: Final = ("p", Sort.PERSON)
_Q: Final = ("q", Sort.PERSON)
_X: Final = ("x", Sort.CONTENT)
_K: Final = ("k", Sort.KIND)

DOMAINS: Final = (
    Domain("positions", (_G,), (_C,), "True"),
    Domain("chambers", (_G,), (_C,), "chamber(g, c)"),
    Domain("bores", (_G,), (_C,), "bore(g, c)"),
    Domain("capabilities", (_G,), (_C,), "capability(g, c)"),
    Domain("inside", (_G,), (_C,), "chamber(g, c) or bore(g, c)"),
    Domain("rounds_at", (_G, _C), (_R,), "pos[g, c] == r"),
    Domain("rounds_in", (_G,), (_R,), "any(pos[g, c] == r for c in positions(g))"),
    Domain("listing", (_R,), (_G, _C), "pos[g, c] == r"),
    Domain("standing", (), (_G,), "call[g] != NONE"),
    Domain("everywhere", (), (_G, _C), "True"),
)


@dataclass(frozen=True, slots=True)
class MacroText:
    """An effect with a name, written out wherever a row uses it."""

    name: str
    parameters: Parameters
    effect: str


MACROS: Final = (
    MacroText(
        "forget_show",
        (_G,),
        """
        view[g] = NOBODY; rcv[g] = NOBODY
        for c in positions(g): again[g, c] = False
        """,
    ),
    MacroText("end", (_G,), "call[g] = NONE; off[g] = NOBODY; forget_show(g)"),
    # An INERT call rests on what the thing is, not on rounds or on who watched.
    MacroText("void", (_G,), "if call[g] != INERT: call[g] = NONE"),
    MacroText(
        "blind",
        (_G,),
        """
        wit[g] = NOBODY
        for c in positions(g): eye[g, c] = False
        """,
    ),
    # Without answers an old break no longer matters: whatever is not proven is open to the world anyway.
    MacroText("unprove", (_R,), "r1[r] = NOBODY; r2[r] = NOBODY; rk[r] = NO_KIND; wrd[r] = False"),
    MacroText(
        "decay",
        (_G,),
        """
        end(g); blind(g)
        for c in positions(g): p1[g, c] = NOBODY; p2[g, c] = NOBODY
        for r in rounds_in(g): unprove(r)
        wd[g] = False
        """,
    ),
    MacroText(
        "taint",
        (_R,),
        """
        unprove(r)
        for g, c in listing(r): void(g)
        """,
    ),
    MacroText(
        "lose",
        (_R,),
        """
        taint(r); rc[r] = DISPUTED
        for g, c in listing(r): rcv[g] = NOBODY; again[g, c] = False
        for g, c in listing(r): p1[g, c] = NOBODY; p2[g, c] = NOBODY; eye[g, c] = False
        for g, c in listing(r): pos[g, c] = UNKNOWN
        """,
    ),
)


# ---- the table: rows ----


@dataclass(frozen=True, slots=True)
class RowText:
    """One row as written. `signer` names the parameter that signs; `when` empty means always.

    `guards` (claim rows only) are (K id, name, condition); `assumes` are (assumption id, condition): the then-effect
    takes place only where the condition holds in the world, as long as the assumption is on.
    """

    name: str
    kind: RowKind
    parameters: Parameters
    signer: str
    when: str
    then: str
    otherwise: str = ""
    guards: tuple[tuple[str, str, str], ...] = ()
    assumes: tuple[tuple[str, str], ...] = ()


_SHOWN_AND_ANSWERED: Final = (
    ("K2", "caller_is_handler", "handler(p)"),
    ("K3", "three_people", "p != wit[g] and p != rcv[g] and (wit[g] == NOBODY or wit[g] != rcv[g])"),
    ("K3", "witness_has_role", "wit[g] == NOBODY or witness(wit[g])"),
    ("K4", "answered_twice", "all(p1[g, c] != NOBODY and p2[g, c] != NOBODY for c in inside(g))"),
    (
        "K4",
        "one_witness_for_all",
        "wit[g] == NOBODY or all(p2[g, c] == NOBODY or p2[g, c] == wit[g] for c in inside(g))",
    ),
    ("K4", "bore_clear", "all(pos[g, c] == EMPTY for c in bores(g))"),
)
_NOBODY_STOPPED_IT: Final = (
    ("K5", "no_open_stop", "not halt"),
    ("K6", "caller_has_gun", "gc[g] == p"),
)
# A witness who lost sight starts again at every position: one look at one chamber does not bring the rest back.
_SEEN: Final = (
    ("K9", "witness_in_sight", "wit[g] != NOBODY"),
    ("K9", "witness_saw_all", "wit[g] == NOBODY or all(p2[g, c] != wit[g] or eye[g, c] for c in inside(g))"),
    ("K9", "receiver_saw_all", "rcv[g] != NOBODY"),
)
_NO_BREAK: Final = ("AS3", "not wd[g] and all(not wrd[r] for r in rounds_in(g))")
_OPEN_POSITION: Final = "(p2[g, c] == NOBODY or gc[g] == DISPUTED or wd[g])"
_OPEN_ROUND: Final = "(r2[r] == NOBODY or rc[r] == DISPUTED or wrd[r])"

TABLE: Final = (
    # Who has the gun.
    RowText("pickup", "fact", (_G, _P), "p", "", "decay(g); gc[g] = p"),
    RowText("leave", "fact", (_G,), "", "", "decay(g); gc[g] = DISPUTED"),
    RowText("doubt", "fact", (_G,), "", "", "decay(g)"),
    RowText("give", "fact", (_G, _P, _Q), "p", "gc[g] == p and p != q", "off[g] = q", "decay(g); gc[g] = DISPUTED"),
    RowText(
        "accept",
        "fact",
        (_G, _P),
        "p",
        "off[g] == p and (handler(p) or rcv[g] == p)",
        """
        gc[g] = p; off[g] = NOBODY
        if rcv[g] != p: end(g)
        """,
        # Offered and taken, but by somebody who was not shown it: custody is clear, the proofs are gone.
        """
        if off[g] == p: gc[g] = p
        else: gc[g] = DISPUTED
        decay(g)
        """,
    ),
    # What is in its positions.
    RowText(
        "empty",
        "fact",
        (_G, _C, _P),
        "p",
        "gc[g] == p and handler(p)",
        """
        end(g)
        for r in rounds_at(g, c): unprove(r); rc[r] = DISPUTED
        pos[g, c] = EMPTY; p1[g, c] = p; p2[g, c] = NOBODY; eye[g, c] = False
        """,
        "decay(g)",
    ),
    RowText(
        "load",
        "fact",
        (_G, _C, _R, _P),
        "p",
        "gc[g] == p and handler(p) and rc[r] == p and chamber(g, c) and pos[g, c] == EMPTY and p1[g, c] != NOBODY",
        """
        end(g)
        pos[g, c] = r; p1[g, c] = p; p2[g, c] = NOBODY; eye[g, c] = False; rc[r] = IN_GUN
        if wch[g, c] == EMPTY and all(wch[h, d] != r for h, d in everywhere()): wch[g, c] = r
        """,
        "decay(g); lose(r)",
    ),
    RowText(
        "unload",
        "fact",
        (_G, _C, _R, _P),
        "p",
        "gc[g] == p and handler(p) and pos[g, c] == r and p1[g, c] != NOBODY and p2[g, c] != NOBODY",
        """
        end(g)
        pos[g, c] = EMPTY; p1[g, c] = p; p2[g, c] = NOBODY; eye[g, c] = False; rc[r] = p
        if wch[g, c] == r: wch[g, c] = EMPTY
        """,
        "decay(g); lose(r); rc[r] = p",
    ),
    RowText(
        "second",
        "fact",
        (_G, _C, _X, _Q),
        "q",
        "p1[g, c] != NOBODY and p1[g, c] != q and p1[g, c] == gc[g] and pos[g, c] == x and witness(q)",
        # A new pair of eyes: what was called and shown before it does not count on.
        """
        if wit[g] != q: end(g); blind(g)
        p2[g, c] = q; wit[g] = q; eye[g, c] = True
        """,
        "decay(g)",
        assumes=(("AS1", "wch[g, c] == x"),),
    ),
    # Rounds outside a gun.
    RowText("have", "fact", (_R, _P), "p", "rc[r] == LOCKED and handler(p)", "rc[r] = p", "lose(r); rc[r] = p"),
    RowText("lockup", "fact", (_R, _P), "p", "rc[r] == p", "rc[r] = LOCKED", "lose(r)"),
    RowText("lose", "fact", (_R,), "", "", "lose(r)"),
    RowText("taint", "fact", (_R,), "", "", "taint(r)"),
    RowText(
        "test1",
        "fact",
        (_R, _K, _P),
        "p",
        "rc[r] == p and handler(p)",
        "unprove(r); rk[r] = k; r1[r] = p",
        "taint(r)",
    ),
    RowText(
        "test2",
        "fact",
        (_R, _K, _Q),
        "q",
        "r1[r] != NOBODY and r1[r] != q and r1[r] == rc[r] and rk[r] == k and witness(q)",
        "r2[r] = q",
        "taint(r)",
        assumes=(("AS2", "wk[r] == k"),),
    ),
    # Sight and show.
    RowText("unsight", "fact", (_G,), "", "gc[g] == rcv[g]", "blind(g)", "blind(g); void(g)"),
    RowText(
        "show",
        "fact",
        (_G, _P, _Q),
        "p",
        "gc[g] == p and handler(p) and p != q",
        # The call stays while a new pair of eyes looks, unless it leaned on the receiver whom this show replaces.
        """
        forget_show(g); view[g] = q
        if wit[g] == NOBODY: void(g)
        """,
        "decay(g)",
    ),
    RowText(
        "see",
        "fact",
        (_G, _C, _X, _Q),
        "q",
        "view[g] == q and p2[g, c] != NOBODY and pos[g, c] == x",
        "again[g, c] = True",
        "decay(g)",
    ),
    RowText(
        "close",
        "fact",
        (_G, _P),
        "p",
        # A replica may have no chamber: something of it was looked at all the same.
        "gc[g] == p and view[g] != NOBODY and all(again[g, c] for c in chambers(g))"
        " and any(again[g, c] for c in positions(g))",
        """
        rcv[g] = view[g]; view[g] = NOBODY
        for c in positions(g): again[g, c] = False
        """,
        "decay(g)",
    ),
    # Endings.
    RowText("endcall", "fact", (_G,), "", "", "call[g] = NONE"),
    RowText(
        "stop",
        "fact",
        (),
        "",
        "",
        """
        halt = True
        for g in standing(): call[g] = NONE
        """,
    ),
    # Claims.
    RowText(
        "lift",
        "claim",
        (_P, _Q),
        "p",
        "",
        "halt = False",
        guards=(
            ("K2", "caller_is_handler", "handler(p)"),
            ("K3", "two_people", "p != q"),
            ("K3", "witness_has_role", "witness(q)"),
        ),
    ),
    RowText(
        "call_empty",
        "claim",
        (_G, _P),
        "p",
        "",
        "call[g] = COLD_EMPTY",
        "call[g] = NONE",
        guards=(
            *_SHOWN_AND_ANSWERED,
            (
                "K4",
                "chambers_empty",
                "all(pos[g, c] == EMPTY for c in chambers(g)) and any(pos[g, c] == EMPTY for c in chambers(g))",
            ),
            *_NOBODY_STOPPED_IT,
            *_SEEN,
        ),
        assumes=(_NO_BREAK,),
    ),
    RowText(
        "call_loaded",
        "claim",
        (_G, _K, _P),
        "p",
        "",
        """
        if k == DUMMY: call[g] = COLD_DUMMY
        else: call[g] = HOT_BLANK
        """,
        "call[g] = NONE",
        guards=(
            *_SHOWN_AND_ANSWERED,
            ("K4", "kind_may_be_called", "k == DUMMY or k == BLANK"),
            ("K4", "holds_a_round", "any(pos[g, c] != EMPTY for c in chambers(g))"),
            # "Known, and every round that is there" instead of "empty, or some round": the solver prefers it.
            (
                "K4",
                "rounds_proven_of_kind",
                """
                all(pos[g, c] != UNKNOWN
                and all(rk[r] == k and r1[r] != NOBODY and r2[r] != NOBODY for r in rounds_at(g, c))
                for c in chambers(g))
                """,
            ),
            *_NOBODY_STOPPED_IT,
            *_SEEN,
        ),
        assumes=(_NO_BREAK,),
    ),
    RowText(
        "call_inert",
        "claim",
        (_G, _P),
        "p",
        "",
        "call[g] = INERT",
        "call[g] = NONE",
        guards=(
            ("K2", "caller_is_handler", "handler(p)"),
            ("K3", "two_people", "all(p2[g, c] != p for c in capabilities(g))"),
            (
                "K4",
                "answered_twice",
                """
                (all(p1[g, c] != NOBODY and p2[g, c] != NOBODY for c in capabilities(g))
                and any(p2[g, c] != NOBODY for c in capabilities(g)))
                """,
            ),
            ("K4", "cannot_hold_a_cartridge", "all(pos[g, c] == EMPTY for c in capabilities(g))"),
            *_NOBODY_STOPPED_IT,
        ),
        assumes=(("AS3", "not wd[g]"),),
    ),
    # The world: whatever the record does not call proven, anybody may change.
    RowText("stray_gun", "world", (_G,), "", "", "wd[g] = True", assumes=(("AS4", "call[g] == NONE"),)),
    RowText(
        "stray_round",
        "world",
        (_R,),
        "",
        "",
        "wrd[r] = True",
        assumes=(("AS4", "all(call[g] == NONE or call[g] == INERT for g, c in listing(r))"),),
    ),
    RowText(
        "slip_in",
        "world",
        (_G, _C, _R),
        "",
        f"{_OPEN_POSITION} and {_OPEN_ROUND} and wch[g, c] == EMPTY and all(wch[h, d] != r for h, d in everywhere())",
        "wch[g, c] = r",
    ),
    RowText(
        "slip_out",
        "world",
        (_G, _C, _R),
        "",
        f"{_OPEN_POSITION} and wch[g, c] == r",
        "wch[g, c] = EMPTY; wrd[r] = True",
    ),
    RowText("swap", "world", (_R, _K), "", _OPEN_ROUND, "wk[r] = k"),
)


# ---- the table: assumptions and properties ----


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the proof takes from the world on trust. A row's `assumes` says where it bites."""

    id: str
    name: str
    sentence: str


ASSUMPTIONS: Final = (
    Assumption(
        "AS1",
        "eyes",
        "Two agreeing answers about a position, the second while the first answerer still has the gun, are right.",
    ),
    Assumption("AS2", "tests", "Two agreeing test answers about a round in the first tester's hand are right."),
    Assumption(
        "AS3",
        "entered in time",
        "Every break of custody of the gun, and of each round in it, is entered before the next claim about that gun.",
    ),
    Assumption(
        "AS4",
        "standing call",
        "While a call stands, nobody acts unrecorded on that gun or on the rounds in it.",
    ),
    Assumption(
        "AS5",
        "one person, one signer",
        "Nobody signs as two people: two person ids that answer are two pairs of eyes (no row can express it).",
    ),
)


@dataclass(frozen=True, slots=True)
class PropertyText:
    """What holds for all values of `parameters`: in every state, or (`step`) over every move.

    In a step, `before(...)` reads the state the move started from and `signer` is who made it; rows in `apart` are
    not asked. Properties are proved under AS1-AS5; those that read record variables only hold for every record.
    """

    id: str
    parameters: Parameters
    text: str
    sentence: str
    step: bool = False
    apart: tuple[str, ...] = ()


_H: Final = ("h", Sort.GUN)
_D: Final = ("d", Sort.POSITION)
_PROVEN_INSIDE: Final = "all(p1[g, c] != NOBODY and p2[g, c] != NOBODY for c in inside(g))"
_BORES_EMPTY: Final = "all(pos[g, c] == EMPTY for c in bores(g))"
_CALLS: Final = ("call_empty", "call_loaded", "call_inert")


def _loaded_still(call: str, kind: str) -> str:
    """The text of "what a call over rounds of `kind` asked is still true"."""
    return (
        f"call[g] != {call} or ({_PROVEN_INSIDE} and {_BORES_EMPTY} and all(pos[g, c] != UNKNOWN and all("
        f"rk[r] == {kind} and r1[r] != NOBODY and r2[r] != NOBODY for r in rounds_at(g, c)) for c in chambers(g)))"
    )


PROPERTIES: Final = (
    PropertyText(
        "I1",
        (_G, _C),
        "p1[g, c] == NOBODY or p2[g, c] == NOBODY or wd[g] or wch[g, c] == pos[g, c]",
        "Both answers and no unentered break: the position really holds what the record says.",
    ),
    PropertyText(
        "I2",
        (_R,),
        "r1[r] == NOBODY or r2[r] == NOBODY or wrd[r] or wk[r] == rk[r]",
        "Both tests and no unentered break: the round really is of the kind answered.",
    ),
    PropertyText(
        "I3",
        (_G,),
        "call[g] == NONE or (not wd[g] and (call[g] == INERT or all(not wrd[r] for r in rounds_in(g))))",
        "While a call stands there is no unentered break on the gun nor, INERT apart, on its rounds.",
    ),
    PropertyText(
        "I4a",
        (_G, _C),
        "gc[g] != DISPUTED or p1[g, c] == NOBODY",
        "A gun whose custody is disputed has no answers.",
    ),
    PropertyText(
        "I4b",
        (_G, _C),
        "(p1[g, c] == NOBODY or pos[g, c] != UNKNOWN) and (p2[g, c] == NOBODY or p1[g, c] != NOBODY)",
        "A first answer says what is there, and no second answer stands without a first.",
    ),
    PropertyText(
        "I5",
        (_R,),
        "(rc[r] != DISPUTED or r1[r] == NOBODY) and (r2[r] == NOBODY or r1[r] != NOBODY)",
        "A round whose custody is disputed is untested, and no second test stands without a first.",
    ),
    PropertyText(
        "I6a",
        (_G,),
        f"call[g] != COLD_EMPTY or ({_PROVEN_INSIDE} and all(pos[g, c] == EMPTY for c in inside(g)))",
        "What COLD-EMPTY asked is still true while it stands.",
    ),
    PropertyText(
        "I6b",
        (_G,),
        _loaded_still("COLD_DUMMY", "DUMMY"),
        "What COLD-DUMMY asked is still true while it stands.",
    ),
    PropertyText(
        "I6c",
        (_G,),
        _loaded_still("HOT_BLANK", "BLANK"),
        "What HOT-BLANK asked is still true while it stands.",
    ),
    PropertyText(
        "I6d",
        (_G,),
        "call[g] != INERT or all(p1[g, c] != NOBODY and p2[g, c] != NOBODY and pos[g, c] == EMPTY"
        " for c in capabilities(g))",
        "What INERT asked is still true while it stands.",
    ),
    PropertyText(
        "I7",
        (_G, _C),
        "chamber(g, c) or pos[g, c] == EMPTY or pos[g, c] == UNKNOWN",
        "Only a chamber is recorded to hold a round.",
    ),
    PropertyText(
        "I8",
        (_G, _C),
        "rcv[g] == NOBODY or not chamber(g, c) or (p1[g, c] != NOBODY and p2[g, c] != NOBODY)",
        "Who was shown the gun saw every chamber proven, and it still is.",
    ),
    PropertyText(
        "I9",
        (_G, _C, _H, _D),
        "wch[g, c] == EMPTY or wch[g, c] != wch[h, d] or (g == h and c == d)",
        "A real round is in one real place.",
    ),
    PropertyText(
        "I10",
        (_R,),
        "r1[r] == NOBODY or all(p1[g, c] != NOBODY for g, c in listing(r))",
        "A tested round recorded in a gun: its position has an answer.",
    ),
    PropertyText(
        "I11a",
        (_G, _C),
        "not eye[g, c] or (wit[g] != NOBODY and p2[g, c] == wit[g])",
        "Sight at a position is the sight of the one witness who answered second there.",
    ),
    PropertyText(
        "I11b",
        (_G, _C),
        "not again[g, c] or (view[g] != NOBODY and p2[g, c] != NOBODY)",
        "Answers of a show belong to an open show over proven positions.",
    ),
    PropertyText("I11c", (_R,), "r1[r] != NOBODY or rk[r] == NO_KIND", "An untested round has no kind."),
    PropertyText("I11d", (_G,), "not halt or call[g] == NONE", "Under an open stop no call stands."),
    PropertyText(
        "P1a",
        (_G, _C),
        "call[g] != COLD_EMPTY or not chamber(g, c) or wch[g, c] == EMPTY",
        "Under COLD-EMPTY every chamber really is empty.",
    ),
    PropertyText(
        "P1b",
        (_G, _C, _R),
        "call[g] != COLD_DUMMY or not chamber(g, c) or wch[g, c] != r or wk[r] == DUMMY",
        "Under COLD-DUMMY every round in a chamber really is a dummy.",
    ),
    PropertyText(
        "P1c",
        (_G, _C, _R),
        "call[g] != HOT_BLANK or not chamber(g, c) or wch[g, c] != r or wk[r] == BLANK",
        "Under HOT-BLANK every round in a chamber really is a blank.",
    ),
    PropertyText(
        "P1d",
        (_G, _C),
        "call[g] == NONE or call[g] == INERT or not bore(g, c) or wch[g, c] == EMPTY",
        "Under every call but INERT the bore really is clear.",
    ),
    PropertyText(
        "P1e",
        (_G, _C),
        "call[g] != INERT or not capability(g, c) or wch[g, c] == EMPTY",
        "Under INERT the thing really cannot hold a cartridge.",
    ),
    PropertyText(
        "P2a",
        (_G, _C),
        "p2[g, c] == NOBODY or p1[g, c] != p2[g, c]",
        "No position is proven by one person alone.",
    ),
    PropertyText("P2b", (_R,), "r2[r] == NOBODY or r1[r] != r2[r]", "No round is proven by one person alone."),
    PropertyText(
        "P3a", (_R,), "all(rc[r] == IN_GUN for g, c in listing(r))", "A round recorded in a gun is held there."
    ),
    PropertyText(
        "P3b",
        (_R, _G, _C, _H, _D),
        "pos[g, c] != r or pos[h, d] != r or (g == h and c == d)",
        "A round is recorded in one position.",
    ),
    PropertyText(
        "P3c",
        (_R,),
        "rc[r] != IN_GUN or any(pos[g, c] == r for g, c in everywhere())",
        "A round held in a gun is recorded in some position.",
    ),
    PropertyText(
        "P4",
        (_G,),
        "call[g] == NONE or call[g] == before(call[g])",
        "No row but a granted call makes a call stand, and none turns one call into another.",
        step=True,
        apart=_CALLS,
    ),
    PropertyText(
        "P8a",
        (_G, _C),
        "call[g] == NONE or call[g] == INERT or gc[g] == rcv[g] or bore(g, c) and eye[g, c]"
        " or chamber(g, c) and eye[g, c] or capability(g, c)",
        "From grant until acceptance the witness's sight of every chamber and bore is unbroken.",
    ),
    PropertyText(
        "P8b",
        (_G,),
        "rcv[g] == NOBODY or rcv[g] == before(rcv[g]) or (rcv[g] == before(view[g])"
        " and all(before(again[g, c]) for c in chambers(g)))",
        "Nobody becomes the receiver but by a show in which they answered every chamber.",
        step=True,
    ),
    PropertyText(
        "P8c",
        (_G, _C),
        "pos[g, c] == before(pos[g, c]) or rcv[g] == NOBODY",
        "Whatever changes what is recorded in a position ends the show.",
        step=True,
    ),
    PropertyText(
        "P8d",
        (_G,),
        "gc[g] == before(gc[g]) or rcv[g] == NOBODY or rcv[g] == gc[g]",
        "Whatever changes custody ends the show, unless the receiver takes the gun.",
        step=True,
    ),
    PropertyText(
        "P9a",
        (_G, _C),
        "(p1[g, c] == before(p1[g, c]) or p1[g, c] == NOBODY or p1[g, c] == signer)"
        " and (p2[g, c] == before(p2[g, c]) or p2[g, c] == NOBODY or p2[g, c] == signer)",
        "An answer is the signer's own.",
        step=True,
    ),
    PropertyText(
        "P9b",
        (_R,),
        "(r1[r] == before(r1[r]) or r1[r] == NOBODY or r1[r] == signer)"
        " and (r2[r] == before(r2[r]) or r2[r] == NOBODY or r2[r] == signer)",
        "A test answer is the signer's own.",
        step=True,
    ),
    PropertyText(
        "P9c",
        (_G,),
        "wit[g] == before(wit[g]) or wit[g] == NOBODY or wit[g] == signer",
        "Nobody makes another the witness.",
        step=True,
    ),
    PropertyText(
        "P9d",
        (_G,),
        "gc[g] == before(gc[g]) or gc[g] == DISPUTED or gc[g] == signer",
        "Nobody puts a gun into another's hands: who has it said so.",
        step=True,
    ),
    PropertyText(
        "P9e",
        (_R,),
        "rc[r] == before(rc[r]) or rc[r] == DISPUTED or rc[r] == LOCKED or rc[r] == IN_GUN or rc[r] == signer",
        "Nobody puts a round into another's hands.",
        step=True,
    ),
)


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
            if name.name in inner or name.name in _CONSTANT or name.name in _VARIABLE:
                raise BadTable(f"{self.where}: the loop name {name.name!r} is taken; choose another.")
            inner[name.name] = name.sort
        return replace(self, names=inner)


_NO_MACROS: Final[Mapping[str, Macro]] = MappingProxyType({})
_CONSTANT: Final = MappingProxyType({constant.name: constant for constant in CONSTANTS})
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
    if word in _CONSTANT:
        return Const(word, _CONSTANT[word].sort, _CONSTANT[word].value)
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


# ---- running: what a move is ----


@dataclass(frozen=True, slots=True)
class Move:
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
            self._begin_variables(_AT, (gun, position))

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
        bound = self._bound.get(move.row)
        if bound is None:
            raise UnknownThing(f"Row {move.row!r} is not one that a record can move by; correct the map.")
        key = (move.gun, move.position)
        if (
            (bound.needs_gun and move.gun not in self.gc)
            or (bound.needs_position and key not in self.pos)
            or (bound.needs_round and move.round_id not in self.rc)
            # Nobody signs as NOBODY: a gun offered to nobody would be offered to them.
            or (bound.needs_signer and move.signer in _NO_IDS)
            or (bound.needs_other and move.other in _NO_IDS)
            or (bound.needs_content and move.value not in _NO_ROUND and move.value not in self.rc)
            or (bound.needs_kind and move.value not in _KINDS)
        ):
            raise UnknownThing(self._unknown(bound, move))
        return bound, [
            move.gun, move.position, move.round_id, move.signer, move.other, move.value, key, (), *bound.room
        ]  # fmt: skip

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
    return _CONSTANT[variable.initial].value if variable.initial in _CONSTANT else variable.initial == "True"


def _refill(people: set[str], others: Iterable[str]) -> None:
    """Change the set in place: the closures hold on to it."""
    fresh = frozenset(others)
    people.clear()
    people.update(fresh)
