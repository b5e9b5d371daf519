"""`coldcheck prove`: the kernel table proved, explored and mutated, as one JSON object and a table on screen.

Promises: exit 0 when everything asked of the solver was proved, no explored scope breaks a property, every assumption
that is switched off has its story, and every call can be reached again; 1 otherwise. What was found is written to
`bench/results/prove.json` either way.

Does not: fail for want of time. The budget bounds the larger scopes and the mutants; what was not tried is counted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import click

from coldcheck.custody.kernel_table import CallKind, PositionClass
from coldcheck.custody.things import RoundKind
from coldcheck.station.lab.explorer import Exploration, Returns, explore, returns
from coldcheck.station.lab.mutants import NOTICED, SCOPES, Noticed, counted, notices
from coldcheck.station.lab.packed_states import Scope
from coldcheck.station.lab.prover import Table, Verdict, obligations, settle
from coldcheck.station.lab.stories import AssumptionStory, assumption_stories, story

RESULTS: Final = Path("bench/results/prove.json")
_CHAMBER, _BORE, _CAPABILITY = PositionClass.CHAMBER, PositionClass.BORE, PositionClass.CAPABILITY
_DUMMY_LIVE: Final = (RoundKind.DUMMY, RoundKind.LIVE)

FINGERPRINT_SCOPE: Final = SCOPES[-1]
# Smallest first: a budget that runs out leaves the largest out, and says so. Seconds are a guess for two cores.
LADDER: Final[tuple[tuple[Scope, int], ...]] = (
    (FINGERPRINT_SCOPE, 0),
    (Scope(guns=((_CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY, RoundKind.BLANK, RoundKind.LIVE)), 0),
    (Scope(guns=((_CAPABILITY,),), rounds=1, kinds=_DUMMY_LIVE), 0),
    (Scope(guns=((_CHAMBER,), (_CHAMBER,)), rounds=0, kinds=()), 0),
    (Scope(guns=((_CHAMBER, _CHAMBER),), rounds=1, kinds=_DUMMY_LIVE), 0),
    (Scope(guns=((_CHAMBER, _BORE),), rounds=1, kinds=_DUMMY_LIVE), 0),
    (Scope(guns=((_CHAMBER, _CAPABILITY),), rounds=1, kinds=_DUMMY_LIVE), 60),
    (Scope(guns=((_CHAMBER, _CHAMBER, _BORE),), rounds=1, kinds=_DUMMY_LIVE), 600),
    (Scope(guns=((_CHAMBER, _CHAMBER),), rounds=2, kinds=_DUMMY_LIVE), 2400),
)
# P5 asks for what the call is about: only rounds that really are of the kind called.
CALLS: Final = (
    (CallKind.COLD_EMPTY, Scope(guns=((_CHAMBER,),), rounds=1, kinds=_DUMMY_LIVE)),
    (CallKind.COLD_DUMMY, Scope(guns=((_CHAMBER,),), rounds=1, kinds=(RoundKind.DUMMY,))),
    (CallKind.HOT_BLANK, Scope(guns=((_CHAMBER,),), rounds=1, kinds=(RoundKind.BLANK,))),
    (CallKind.INERT, Scope(guns=((_CAPABILITY,),), rounds=0, kinds=())),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything one run found."""

    unbounded: Verdict
    explored: tuple[Exploration, ...]
    not_explored: tuple[str, ...]
    returned: tuple[tuple[CallKind, Returns, tuple[str, ...]], ...]
    assumptions: tuple[AssumptionStory, ...]
    mutants: tuple[Noticed, ...]

    @property
    def holds(self) -> bool:
        """Whether the table is proved; mutants show how much that says and decide nothing."""
        return (
            self.unbounded.proved
            and not any(found.violations for found in self.explored)
            and all(again.returning == again.states for _, again, _ in self.returned)
            and all(told.moves for told in self.assumptions)
        )


def proof(*, budget_s: float) -> Proof:
    """The proof, the scopes that fit into the budget, the stories, and mutants for the time that is left."""
    until = monotonic() + budget_s
    _say("one question per row and property, any number of everything ...")
    unbounded = settle(obligations(Table()))
    explored, left_out = [], []
    for scope, seconds in LADDER:
        if seconds and monotonic() + 2 * seconds > until:
            left_out.append(scope.words)
            continue
        _say(f"{scope.words} ...")
        explored.append(explore(scope, hashed=scope == FINGERPRINT_SCOPE))
    _say("stories ...")
    returned = tuple(_returned())
    assumptions = assumption_stories(FINGERPRINT_SCOPE)
    _say("mutants ...")
    return Proof(
        unbounded=unbounded,
        explored=tuple(explored),
        not_explored=tuple(left_out),
        returned=returned,
        assumptions=assumptions,
        mutants=notices(budget_s=until - monotonic()),
    )


def _returned() -> Iterator[tuple[CallKind, Returns, tuple[str, ...]]]:
    """For each call: from how many states it can stand again, and the shortest way to it from nothing, in words."""
    for call, scope in CALLS:
        found = explore(scope, properties=())
        yield call, returns(found, call), story(scope, found.story(found.grants[call]))


def fields(found: Proof) -> dict[str, object]:
    """The object that `--json` prints; the shape others build on stands in `docs`."""
    largest = max(found.explored, key=lambda one: one.states)
    by = counted(found.mutants)
    return {
        "unbounded": {
            "proved": found.unbounded.proved,
            "obligations": found.unbounded.obligations,
            "seconds": round(found.unbounded.seconds, 1),
            "slowest_s": round(found.unbounded.slowest_s, 2),
            "unmet": list(found.unbounded.unmet),
        },
        "explored": {
            **_explored(largest),
            "violations": sum(len(one.violations) for one in found.explored),
            "all": [_explored(one) for one in found.explored],
            "left_out": list(found.not_explored),
        },
        "reached_again": [
            {"call": call, "states": again.states, "from": again.returning, "farthest": again.farthest, "story": told}
            for call, again, told in found.returned
        ],
        "assumptions": [
            {"id": told.assumption, "breaks": told.property, "moves": told.moves, "bites_at": told.bites_at}
            for told in found.assumptions
        ],
        "mutants": {
            "total": len(found.mutants),
            "noticed": sum(by.get(notice, 0) for notice in NOTICED),
            "by": by,
            "edges_only": [f"{one.mutant}" for one in found.mutants if one.notice == "edges"],
            "equal": {one.mutant: one.by for one in found.mutants if one.notice == "equal"},
            "unnoticed": [one.mutant for one in found.mutants if one.notice == "unnoticed"],
        },
        "fingerprint": next(one.edges for one in found.explored if one.edges),
    }


def _explored(found: Exploration) -> dict[str, object]:
    return {
        "scope": found.explorer.scope.words,
        "states": found.states,
        "transitions": found.transitions,
        "depth": found.depth,
        "seconds": round(found.seconds, 1),
        "violations": len(found.violations),
    }


def _say(words: str) -> None:
    click.echo(words, err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--budget", default=1200.0, show_default=True, help="Seconds for the larger scopes and the mutants.")
@click.pass_context
def prove(context: click.Context, *, as_json: bool, budget: float) -> None:
    """Prove the kernel table for any number of guns, rounds and people, explore small floors, and try to fool both."""
    found = proof(budget_s=budget)
    shown = fields(found)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(shown, indent=1) + "\n")
    click.echo(json.dumps(shown) if as_json else _table(found, shown))
    context.exit(0 if found.holds else 1)


def _proved(verdict: Verdict) -> str:
    return f"{'proved' if verdict.proved else 'NOT PROVED'}: {verdict.obligations} questions"


def _table(found: Proof, shown: dict[str, object]) -> str:
    lines = [
        f"{_proved(found.unbounded)}, any number of everything, {found.unbounded.seconds:.0f} s",
        *(f"  open: {unmet}" for unmet in found.unbounded.unmet),
        *(
            f"explored {one.explorer.scope.words}: {one.states:,} states, {one.transitions:,} moves, depth {one.depth},"
            f" {len(one.violations)} violations, {one.seconds:.0f} s"
            for one in found.explored
        ),
        *(f"left out for time: {words}" for words in found.not_explored),
    ]
    for call, again, told in found.returned:
        lines.append(
            f"{call} again from {again.returning:,} of {again.states:,} states, at most {again.farthest} moves"
        )
        lines += [f"  {number}. {words}" for number, words in enumerate(told, start=1)]
    for one in found.assumptions:
        lines.append(f"without {one.assumption} {one.property} breaks after {len(one.moves)} moves:")
        lines += [f"  {number}. {words}" for number, words in enumerate(one.moves, start=1)]
    lines.append(f"mutants: {counted(found.mutants)} of {len(found.mutants)}")
    lines += [f"  {one.notice}: {one.mutant}" for one in found.mutants if one.notice in {"edges", "unnoticed"}]
    lines.append(f"fingerprint: {shown['fingerprint']}")
    return "\n".join(lines)
