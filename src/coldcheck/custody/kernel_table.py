"""The kernel table: its words, rows, macros, assumptions and properties, all as text.

For: reading it. Whoever wants to know when a gun may be called, and what takes a call away, reads this file alone.

Promises: nothing here does anything. `kernel_reading` reads the texts once, by a whitelist; the runtime, the explorer
and the solver all take what it read, so that none of them has rules of its own.

Does not: know time, roles, names, rulebooks. World variables and world rows are for explorer and solver; the runtime
drops them. What joins record and world is the list `ASSUMPTIONS`.

    >>> [row.name for row in TABLE if row.kind == "claim"]
    ['lift', 'call_empty', 'call_loaded', 'call_inert']
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from coldcheck.custody.things import RoundKind

# No id of ours is empty or begins with "?" or "#", so none of these can be taken for a gun, a round or a person.
NOBODY: Final = ""
NO_KIND: Final = ""
DISPUTED: Final = "?"
UNKNOWN: Final = "?unknown"
LOCKED: Final = "#locked"
IN_GUN: Final = "#gun"
EMPTY: Final = "#empty"


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
Branch: TypeAlias = Literal["then", "else"]
Parameters: TypeAlias = tuple[tuple[str, Sort], ...]


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
        "I12",
        (_G, _C),
        "call[g] == NONE or call[g] == INERT or wit[g] == NOBODY or capability(g, c) or eye[g, c]",
        "While a call stands a witness in sight is in sight of every chamber and bore.",
    ),
    PropertyText("I13", (_G,), "view[g] == NOBODY or rcv[g] == NOBODY", "While a show is open nobody has seen n of n."),
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
    PropertyText(
        "P12a",
        (_G, _C),
        "wch[g, c] == before(wch[g, c]) or before(wch[g, c]) == EMPTY or wch[g, c] == EMPTY",
        "What really is in a position never turns into something else: it comes out first.",
        step=True,
    ),
    PropertyText(
        "P12b",
        (_R,),
        "rc[r] != DISPUTED or before(rc[r]) == DISPUTED or (r1[r] == NOBODY and r2[r] == NOBODY and not wrd[r])",
        "A round whose custody comes into dispute starts anew.",
        step=True,
    ),
)


@dataclass(frozen=True, slots=True)
class OnlyIfText:
    """What holds whenever a row takes its main effect, under the row's own names; in `WHENEVER`, when it surely does.

    It says again, from the reader's side, what a claim or an answer is worth: who may give it and over what. A clause
    that fell out of a row's condition breaks no invariant, because the assumptions make every second answer right.
    """

    id: str
    row: str
    text: str
    sentence: str


_THREE_PEOPLE: Final = (
    "handler(p) and gc[g] == p and not halt and wit[g] != NOBODY and rcv[g] != NOBODY and witness(wit[g])"
    " and p != wit[g] and p != rcv[g] and wit[g] != rcv[g]"
)
_ONE_WITNESS: Final = "all(p2[g, c] == wit[g] and eye[g, c] for c in inside(g))"

ONLY_IF: Final = (
    OnlyIfText(
        "P2c",
        "call_empty",
        f"{_THREE_PEOPLE} and {_ONE_WITNESS} and any(chamber(g, c) for c in positions(g))",
        "COLD-EMPTY: a handler who has the gun, a witness who saw all of it and a receiver, three people; no open stop.",
    ),
    OnlyIfText(
        "P2d",
        "call_loaded",
        f"{_THREE_PEOPLE} and {_ONE_WITNESS} and (k == DUMMY or k == BLANK)"
        " and any(pos[g, c] != EMPTY for c in chambers(g))",
        "A loaded call: the same three people, over at least one round, and only of dummies or of blanks.",
    ),
    OnlyIfText(
        "P2e",
        "call_inert",
        "handler(p) and gc[g] == p and not halt and all(p2[g, c] != p for c in capabilities(g))"
        " and any(p2[g, c] != NOBODY for c in capabilities(g))",
        "INERT: a handler who has the gun, and two answers of which the second is not the caller's; no open stop.",
    ),
    OnlyIfText(
        "P2f", "lift", "handler(p) and witness(q) and p != q", "A stop is lifted by two people of the two roles."
    ),
    OnlyIfText(
        "P9f",
        "second",
        "witness(q) and pos[g, c] == x and p1[g, c] == gc[g] and gc[g] != q",
        "A second answer is another person's, with the role, agrees, and is given while the first has the gun.",
    ),
    OnlyIfText(
        "P9g",
        "test2",
        "witness(q) and rk[r] == k and r1[r] == rc[r] and rc[r] != q",
        "A second test is another person's, with the role, agrees, and is made while the first has the round.",
    ),
    OnlyIfText(
        "P9h",
        "see",
        "view[g] == q and pos[g, c] == x and p1[g, c] != NOBODY and p2[g, c] != NOBODY",
        "A viewer's answer agrees with what two people answered, and is the viewer's own.",
    ),
    OnlyIfText(
        "P9i",
        "close",
        "gc[g] == p and all(again[g, c] for c in chambers(g)) and any(again[g, c] for c in positions(g))",
        "A show is closed by who has the gun, when every chamber and something at all was answered.",
    ),
    OnlyIfText("P9j", "show", "gc[g] == p and handler(p) and p != q", "Only a handler shows, and to somebody else."),
    OnlyIfText("P9k", "empty", "gc[g] == p and handler(p)", "Only a handler who has the gun answers that it is empty."),
    OnlyIfText(
        "P9l",
        "load",
        "gc[g] == p and handler(p) and rc[r] == p and chamber(g, c) and pos[g, c] == EMPTY and p1[g, c] != NOBODY",
        "Only a handler loads, a round in hand, into a chamber answered empty.",
    ),
    OnlyIfText(
        "P9m",
        "unload",
        "gc[g] == p and handler(p) and pos[g, c] == r and p2[g, c] != NOBODY",
        "Only a handler takes out a round with its proof, and only the one that two people saw there.",
    ),
    OnlyIfText("P9n", "test1", "rc[r] == p and handler(p)", "Only a handler who has the round begins a test."),
    OnlyIfText(
        "P9o", "have", "rc[r] == LOCKED and handler(p)", "A round keeps its proof only out of a locker, by a handler."
    ),
    OnlyIfText("P9p", "lockup", "rc[r] == p", "A round keeps its proof into a locker only from the hand it was in."),
    OnlyIfText("P9q", "give", "gc[g] == p and p != q", "Only who has the gun hands it to somebody else."),
    OnlyIfText(
        "P9r",
        "accept",
        "off[g] == p and (handler(p) or rcv[g] == p)",
        "Only whom it was offered to, and who may have it, takes it.",
    ),
    OnlyIfText(
        "P9s",
        "slip_in",
        f"{_OPEN_ROUND} and wch[g, c] == EMPTY and all(wch[h, d] != r for h, d in everywhere())",
        "Nobody slips in a proven round of which no break is unentered; nor one that is elsewhere, nor where one is.",
    ),
)

WHENEVER: Final = (
    OnlyIfText(
        "P13a",
        "stray_gun",
        "call[g] == NONE",
        "While no call stands, a break of a gun's custody may always take place unentered.",
    ),
    OnlyIfText(
        "P13b",
        "stray_round",
        "all(call[g] == NONE or call[g] == INERT for g, c in listing(r))",
        "So may a break of a round's, also under INERT, which rests on no round.",
    ),
    OnlyIfText(
        "P13c",
        "slip_in",
        "p2[g, c] == NOBODY and r2[r] == NOBODY and wch[g, c] == EMPTY and all(wch[h, d] != r for h, d in everywhere())",
        "An unproven round may be slipped into any position not proven by two, whatever was entered.",
    ),
    OnlyIfText(
        "P13d",
        "slip_in",
        "wd[g] and wrd[r] and wch[g, c] == EMPTY and all(wch[h, d] != r for h, d in everywhere())",
        "So may a proven one into a proven one, once breaks of both are unentered.",
    ),
    OnlyIfText(
        "P13e",
        "slip_out",
        "(p2[g, c] == NOBODY or wd[g]) and wch[g, c] == r",
        "Out of a position not proven by two, or after an unentered break, anything may be slipped.",
    ),
    OnlyIfText(
        "P13f", "swap", "r2[r] == NOBODY or wrd[r]", "An unproven round may be swapped, and a proven one after a break."
    ),
)
"""The other way round, for the world: a row takes its effect whenever this holds. An adversary who may do less than the
rows say would let everything else be proved of a tamer world, and no other property would notice."""


@dataclass(frozen=True, slots=True)
class LeavesText:
    """What one branch of some rows leaves behind, under their own names; `before(...)` reads what was there.

    An effect that fell out of a row often breaks no invariant, because something else keeps the call away for the
    moment. These texts hold each row to what it is for.
    """

    id: str
    rows: tuple[str, ...]
    branch: Branch
    text: str
    sentence: str


_NO_SHOW: Final = "view[g] == NOBODY and rcv[g] == NOBODY and all(not again[g, d] for d in positions(g))"
_ENDED: Final = f"call[g] == NONE and off[g] == NOBODY and {_NO_SHOW}"
_BLIND: Final = "wit[g] == NOBODY and all(not eye[g, d] for d in positions(g))"
_UNTESTED: Final = "r1[r] == NOBODY and r2[r] == NOBODY and rk[r] == NO_KIND and not wrd[r]"
_DECAYED: Final = (
    f"{_ENDED} and {_BLIND} and all(p1[g, d] == NOBODY and p2[g, d] == NOBODY for d in positions(g))"
    " and all(r1[s] == NOBODY and r2[s] == NOBODY and rk[s] == NO_KIND and not wrd[s] for s in rounds_in(g)) and not wd[g]"
)
_NOWHERE: Final = f"{_UNTESTED} and all(pos[h, d] != r for h, d in everywhere())"
_ONE_ANSWER: Final = "p1[g, c] == p and p2[g, c] == NOBODY and not eye[g, c]"
_ELSE_DECAYS: Final = ("give", "accept", "empty", "load", "unload", "second", "show", "see", "close")

LEAVES: Final = (
    LeavesText(
        "P10a", ("pickup", "leave", "doubt"), "then", _DECAYED, "A doubt leaves no answer, sight, show, test or call."
    ),
    LeavesText(
        "P10b", _ELSE_DECAYS, "else", _DECAYED, "What does not fit leaves no answer, sight, show, test or call."
    ),
    LeavesText("P10c", ("leave",), "then", "gc[g] == DISPUTED", "A gun that is left is nobody's."),
    LeavesText("P10d", ("give",), "else", "gc[g] == DISPUTED", "A gun handed on by who had it not is nobody's."),
    LeavesText("P10e", ("pickup", "accept"), "then", "gc[g] == p", "Who takes a gun has it."),
    LeavesText(
        "P10f",
        ("accept",),
        "else",
        "before(off[g]) == p and gc[g] == p or before(off[g]) != p and gc[g] == DISPUTED",
        "Who takes what was offered to them has it; what was not offered is nobody's.",
    ),
    LeavesText("P10g", ("give",), "then", "off[g] == q", "A gun handed over is on offer."),
    LeavesText(
        "P10h",
        ("accept",),
        "then",
        f"off[g] == NOBODY and (before(rcv[g]) == p or {_ENDED})",
        "A gun taken is no longer on offer, and without a show its call is over.",
    ),
    LeavesText("P10i", ("empty",), "then", f"{_ENDED} and {_ONE_ANSWER} and pos[g, c] == EMPTY", "One answer: empty."),
    LeavesText(
        "P10j",
        ("load",),
        "then",
        f"{_ENDED} and {_ONE_ANSWER} and pos[g, c] == r and rc[r] == IN_GUN"
        " and (wch[g, c] == r or before(wch[g, c]) != EMPTY or any(wch[h, d] == r for h, d in everywhere()))",
        "One answer: this round; and it really goes in if it can.",
    ),
    LeavesText(
        "P10k",
        ("unload",),
        "then",
        f"{_ENDED} and {_ONE_ANSWER} and pos[g, c] == EMPTY and rc[r] == p and wch[g, c] != r"
        " and (before(wch[g, c]) == r or wch[g, c] == before(wch[g, c]))",
        "One answer: empty; the round is in hand, and really out.",
    ),
    LeavesText(
        "P10l", ("unload", "have"), "else", f"{_NOWHERE} and rc[r] == p", "A round found in hand is there, untested."
    ),
    LeavesText(
        "P10m", ("load", "lockup"), "else", f"{_NOWHERE} and rc[r] == DISPUTED", "What does not fit loses the round."
    ),
    LeavesText("P10n", ("lose",), "then", f"{_NOWHERE} and rc[r] == DISPUTED", "A lost round is nowhere, untested."),
    LeavesText(
        "P10o",
        ("second",),
        "then",
        f"p2[g, c] == q and wit[g] == q and eye[g, c] and (before(wit[g]) == q or {_ENDED})"
        " and (before(wit[g]) != q or all(eye[g, d] or not before(eye[g, d]) for d in positions(g)))",
        "The second answer is the witness's, in sight; a new witness ends what was called and shown before.",
    ),
    LeavesText("P10p", ("have",), "then", "rc[r] == p", "Who takes a round has it."),
    LeavesText("P10q", ("lockup",), "then", "rc[r] == LOCKED", "A round locked up is in the locker."),
    LeavesText("P10r", ("taint",), "then", _UNTESTED, "A doubted round is untested."),
    LeavesText("P10s", ("test1", "test2"), "else", _UNTESTED, "A test that does not fit leaves the round untested."),
    LeavesText("P10t", ("test1",), "then", "rk[r] == k and r1[r] == p and r2[r] == NOBODY and not wrd[r]", "One test."),
    LeavesText("P10u", ("test2",), "then", "r2[r] == q", "Two tests."),
    LeavesText("P10v", ("unsight",), "then", _BLIND, "Sight that is lost is lost everywhere."),
    LeavesText("P10w", ("unsight",), "else", f"{_BLIND} and (call[g] == NONE or call[g] == INERT)", "So is the call."),
    LeavesText(
        "P10x",
        ("show",),
        "then",
        "view[g] == q and rcv[g] == NOBODY and all(not again[g, c] for c in positions(g))"
        " and (wit[g] != NOBODY or call[g] == NONE or call[g] == INERT)",
        "A show begins with nothing answered; without a witness it ends the call.",
    ),
    LeavesText(
        "P11o",
        ("show",),
        "then",
        "before(wit[g]) == NOBODY and before(call[g]) != INERT or call[g] == before(call[g])",
        "A show keeps the call while a witness is in sight, and an INERT call in any case.",
    ),
    LeavesText("P10y", ("see",), "then", "again[g, c]", "What a viewer answered is answered."),
    LeavesText(
        "P10z",
        ("close",),
        "then",
        "rcv[g] == before(view[g]) and view[g] == NOBODY and all(not again[g, c] for c in positions(g))",
        "Whoever was shown all of it is the receiver.",
    ),
    LeavesText(
        "P11m",
        ("unsight",),
        "else",
        "before(call[g]) != INERT or call[g] == INERT",
        "An INERT call rests on what the thing is, not on who watches.",
    ),
    LeavesText(
        "P11n",
        ("taint",),
        "then",
        "all(before(call[g]) != INERT or call[g] == INERT for g, c in everywhere())",
        "Nor on what is known of a round.",
    ),
    LeavesText("P11a", ("endcall",), "then", "call[g] == NONE", "A call that is ended is over."),
    LeavesText(
        "P11b", ("call_empty", "call_loaded", "call_inert"), "else", "call[g] == NONE", "A refused claim ends the call."
    ),
    LeavesText("P11c", ("stop",), "then", "halt", "A stop is open until it is lifted."),
    LeavesText("P11d", ("lift",), "then", "not halt", "A stop that is lifted is over."),
    LeavesText("P11e", ("call_empty",), "then", "call[g] == COLD_EMPTY", "What is granted stands."),
    LeavesText(
        "P11f",
        ("call_loaded",),
        "then",
        "k == DUMMY and call[g] == COLD_DUMMY or k == BLANK and call[g] == HOT_BLANK",
        "What is granted stands, under its own name.",
    ),
    LeavesText("P11g", ("call_inert",), "then", "call[g] == INERT", "What is granted stands."),
    LeavesText("P11h", ("slip_in",), "then", "wch[g, c] == r", "What is slipped in is there."),
    LeavesText(
        "P11i", ("slip_out",), "then", "wch[g, c] == EMPTY and wrd[r]", "What is slipped out is gone, unentered."
    ),
    LeavesText("P11j", ("swap",), "then", "wk[r] == k", "What is swapped is another."),
    LeavesText("P11k", ("stray_gun",), "then", "wd[g]", "A break not entered is one."),
    LeavesText("P11l", ("stray_round",), "then", "wrd[r]", "A break not entered is one."),
)
