"""A story of the explorer in words that an armorer reads.

For: `docs/assumptions.md` and the printed counterexamples. One sentence per move; a row without a sentence is an error.

Does not: say who was right. A move of the world says what happened to a thing, never by whom.

    >>> floor = Scope(guns=((PositionClass.CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY,))
    >>> sentence(floor, Told(row="pickup", branch="then", env={"g": 0, "p": 4}))
    'The armorer has the gun.'
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from coldcheck.custody.kernel_reading import ROWS
from coldcheck.custody.kernel_table import EMPTY, UNKNOWN, PositionClass, Sort
from coldcheck.station.lab.explorer import Told
from coldcheck.station.lab.packed_states import Scope

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
        "see": "{q} sees: {c} {x}.",
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
