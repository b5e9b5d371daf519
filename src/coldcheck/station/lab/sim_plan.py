"""Which check of a protocol would be missed most: the same plan with one check left out, a few hundred times each.

The protocol is the simulator's `Habits`. For each check, worlds of the same seeds are played without it, and four things
are told: how many hidden rounds are noticed at all before the plan ends, how many of those only by the trigger of a gun,
how far a find can be traced (the kind of story named first is right), and how many windows an inquiry must look at.
It says nothing about how often live rounds come in.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

import numpy as np

from coldcheck.custody.origin_posterior import class_masses, record_of, weigh, window_set
from coldcheck.custody.trace_events import EventKind
from coldcheck.station.lab.sim import HABITS, MODEL, Habits, Hidden, draw_entry, plan_of, sim_world, walk

CHECKS: Final = ("tray_check", "each_tested", "gun_check", "count", "stock_count")
DRAWS: Final = 20
"""Hidden rounds tried in each plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One protocol: the check left out ("" for none), and what follows, as shares; `windows` is a median."""

    left_out: str
    noticed: float
    by_trigger: float
    class_top1: float
    windows: float


def plan_figures(*, events: int, n: int, habits: Habits = HABITS) -> tuple[Missed, ...]:
    """The protocol as it is, then without each check, the one that lets most rounds reach a trigger first."""
    whole = _figures("", habits, events=events, n=n)
    others = [_figures(check, replace(habits, **{check: 0.0}), events=events, n=n) for check in CHECKS]
    return (whole, *sorted(others, key=lambda each: (-each.by_trigger, each.noticed, each.left_out)))


def _figures(left_out: str, habits: Habits, *, events: int, n: int) -> Missed:
    noticed: list[bool] = []
    by_trigger: list[bool] = []
    right: list[bool] = []
    windows: list[int] = []
    for seed in range(n):
        plan, chance = plan_of(seed, events, habits), Random(f"protocol/{seed}")
        for _ in range(DRAWS):
            entry = draw_entry(chance, plan)
            hidden = Hidden(place=entry.thing, surplus=not entry.swapped, step=entry.step)
            seen = walk(chance, plan.steps, plan.touched, [hidden])
            noticed.append(seen is not None)
            if seen is not None:
                by_trigger.append(plan.steps[seen.step].kind == EventKind.FIRED)
        world = sim_world(seed, events, habits)
        weighed = weigh(record_of(world.read.columns, MODEL), world.find)
        right.append(int(class_masses(weighed).argmax()) == world.truth.source)
        windows.append(int(window_set(weighed.posterior()).size))
    return Missed(
        left_out=left_out,
        noticed=float(np.mean(noticed)),
        by_trigger=float(np.mean(by_trigger)) if by_trigger else 0.0,
        class_top1=float(np.mean(right)),
        windows=float(np.median(windows)),
    )
