"""A story of the explorer in words that an armorer reads.

For: `docs/assumptions.md` and the printed counterexamples. One sentence per move; a row without a sentence is an error.

Does not: say who was right. A move of the world says what happened to a thing, never by whom.

    >>> floor = Scope(guns=((PositionClass.CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY,))
    >>> sentence(floor, Told(row="pickup", branch="then", env={"g": 0, "p": 4}))
    'The armorer has the gun.'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from coldcheck.custody.kernel_reading import READ_PROPERTIES, ROWS
from coldcheck.custody.kernel_table import ASSUMPTIONS, EMPTY, UNKNOWN, PositionClass, Sort
from coldcheck.station.lab.explorer import Explorer, Told, explore
from coldcheck.station.lab.packed_states import Packed, Scope

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pickup": "{p} has {g}.",
        "leave": "{g} is left.",
        "doubt": "Somebody enters a doubt about {g}.",
        "give": "{p} hands {g} to {q}.",
        "accept": "{p} takes {g}.",
        "empty": "{p} answers: {c} is empty.",
        "load": "{p} loads {r} into {c}.",
        "unload": "{p} takes {r} out of {c}.",
        "second": "{q} answers: {c} {x}.",
        "have": "{p} has {r}.",
        "lockup": "{p} locks {r} up.",
        "lose": "{r} is reported missing.",
        "taint": "Somebody enters a doubt about {r}.",
        "test1": "{p} tests {r} and answers: {k}.",
        "test2": "{q} tests {r} and answers: {k}.",
        "unsight": "The witness loses sight of {g}.",
        "show": "{p} shows {g} to {q}.",
        "see": "{q} is shown it and answers: {c} {x}.",
        "close": "{p} closes the show, n of n.",
        "endcall": "The call on {g} ends.",
        "stop": "Somebody says stop.",
        "lift": "{p} and {q} lift the stop.",
        "call_empty": "COLD-EMPTY is claimed by {p}",
        "call_loaded": "A call over {k} rounds is claimed by {p}",
        "call_inert": "INERT is claimed by {p}",
        "stray_gun": "{g} is out of everybody's sight for a moment; nobody enters it.",
        "stray_round": "{r} is out of everybody's sight for a moment; nobody enters it.",
        "slip_in": "{r} is slipped into {c}.",
        "slip_out": "{r} is slipped out of {c}.",
        "swap": "A {k} round takes the place of {r}.",
    }
)


# Who has a thing is set in both branches of these: it is reported, not proven.
CUSTODY_ANYWAY: Final = frozenset({"accept", "have", "unload"})


def story(scope: Scope, told: Iterable[Told]) -> tuple[str, ...]:
    """One sentence per move."""
    return tuple(sentence(scope, move) for move in told)


def sentence(scope: Scope, move: Told) -> str:
    """What happened, in one sentence; a claim says whether it was granted."""
    row = ROWS[move.row]
    words = {name.name: _word(scope, name.sort, move.env, move.env[name.name]) for name in row.parameters}
    said = SENTENCES[move.row].format(**words)
    match row.kind, move.branch:
        case "claim", "then":
            said = said.removesuffix(".") + ": granted."
        case "claim", "else":
            said = said.removesuffix(".") + ": refused."
        case "fact", "else" if move.row in CUSTODY_ANYWAY:
            said += " Nothing about it is proven."
        case "fact", "else":
            said += " It does not fit the record, and takes proofs away."
        case _:
            pass
    return said[0].upper() + said[1:]


def _word(scope: Scope, sort: Sort, env: Mapping[str, int], code: int) -> str:
    match sort:
        case Sort.GUN:
            return "the gun" if len(scope.guns) == 1 else f"gun {code + 1}"
        case Sort.POSITION:
            return _position(scope.guns[env["g"]], code)
        case Sort.ROUND:
            return _round(scope, code)
        case Sort.CONTENT:
            value = scope.codes[sort][code]
            return {EMPTY: "is empty", UNKNOWN: "is not known"}.get(str(value)) or f"holds {_round(scope, code)}"
        case Sort.PERSON | Sort.KIND | Sort.CALL | Sort.FLAG:
            return str(scope.codes[sort][code])


def _position(positions: tuple[PositionClass, ...], at: int) -> str:
    of = positions[at]
    return f"chamber {positions[: at + 1].count(of)}" if of is PositionClass.CHAMBER else f"the {of}"


def _round(scope: Scope, code: int) -> str:
    return "the round" if scope.rounds == 1 else str(scope.codes[Sort.ROUND][code])


# ---- one story for each assumption ----

CALL_IS_WRONG: Final = ("P1a", "P1b", "P1c", "P1d", "P1e")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionStory:
    """How a call comes to be wrong when one assumption is not made.

    `really` says what the rounds are to begin with; `bites_at` is the place of the move that could not have been made
    with the assumption. No moves: no story was found.
    """

    assumption: str
    property: str
    really: str
    moves: tuple[str, ...]
    bites_at: int


def assumption_stories(scope: Scope) -> tuple[AssumptionStory, ...]:
    """A shortest story for each assumption that some row leans on, in the order of the table."""
    leaned_on = {name for row in ROWS.values() for name, _ in row.assumes}
    return tuple(_story_without(scope, one.id) for one in ASSUMPTIONS if one.id in leaned_on)


def _story_without(scope: Scope, assumption: str) -> AssumptionStory:
    asked = [read for read in READ_PROPERTIES if read.id in CALL_IS_WRONG]
    found = explore(scope, off=(assumption,), properties=asked, until=CALL_IS_WRONG)
    if not found.violations:
        return AssumptionStory(assumption=assumption, property="", really="", moves=(), bites_at=0)
    broken, sighting = next(iter(found.violations.items()))
    told = found.story(sighting)
    beginning = found.beginning(sighting)
    return AssumptionStory(
        assumption=assumption,
        property=broken,
        really=really(found.explorer, beginning),
        moves=story(scope, told),
        bites_at=bites_at(scope, told, beginning),
    )


def really(explorer: Explorer, state: Packed) -> str:
    """What each round really is, in words."""
    scope = explorer.scope
    codes = [(code, int(explorer.packing.column(state, ("wk", (code,)))[0])) for code in scope.things(Sort.ROUND)]
    return ", ".join(f"{_round(scope, code)} is {scope.codes[Sort.KIND][kind]}" for code, kind in codes)


def bites_at(scope: Scope, told: Iterable[Told], beginning: Packed) -> int:
    """The place, from 1, of the first move that the assumptions rule out; 0 if none does."""
    explorer = Explorer(scope)
    states = beginning
    for number, move in enumerate(told, start=1):
        steps = [
            step
            for step in explorer.steps(states, merged=False, rows=(ROWS[move.row],))
            if (step.branch, step.env) == (move.branch, move.env)
        ]
        if not steps:
            return number
        states = steps[0].packed
    return 0
