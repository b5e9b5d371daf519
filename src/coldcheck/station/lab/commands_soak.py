"""`soak`: long runs whose result is a count of what went wrong, written to bench/results/soak_NAME.json.

Every count can be set, from a minute's run to a night's; what is written says how many were tried.
"""

import json
import math
import time
from typing import Final

import click

from coldcheck.station.lab.measured import Figures, read_result, write_result

_WRONG = (
    "lost", "ledgers_not_verified", "doubled", "lost_acknowledged", "not_readable", "not_what_was_recorded", "accepted_though_wrong",
    "missed_by_python", "missed_by_javascript", "named_otherwise", "crashes", "second_forms", "decided_otherwise",
)  # fmt: skip
_AS_THEY_ARE: Final = ("entries", "steps", "synchronous")
"""What describes a run and is no count of it; the kills' own `entries` apart."""
JOBS: Final = 2
"""Kills and edits run in so many processes."""
_COUNT = click.IntRange(min=0)
_CHUNKS: Final = {"kills": 2_000, "power": 20_000, "edits": 1_000, "fuzz": 200_000, "stack": 500_000}
_COUNTED: Final = {"kills": "kills", "power": "images", "edits": "edits", "fuzz": "fuzzed", "stack": "decisions"}


@click.command()
@click.option("--kills", type=_COUNT, default=300, show_default=True, help="How often a hub is ended with -9.")
@click.option("--power", type=_COUNT, default=20_000, show_default=True, help="Images of a disk after a power cut.")
@click.option("--edits", type=_COUNT, default=50, show_default=True, help="Edited exports, through both verifiers.")
@click.option("--fuzz", type=_COUNT, default=200_000, show_default=True, help="Fuzzed inputs to every reader.")
@click.option("--stack", type=_COUNT, default=3_000_000, show_default=True, help="Decisions beside a naive evaluator.")
@click.option("--seed", type=_COUNT, default=0, show_default=True, help="First seed.")
@click.option("--more", is_flag=True, help="Go on from the counts that are there, with new seeds, and add up.")
@click.option("--minutes", type=_COUNT, default=0, help="With --more: stop after the part during which so many passed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def soak(  # noqa: PLR0913, PLR0917  # one argument an option
    kills: int, power: int, edits: int, fuzz: int, stack: int, seed: int, more: bool, minutes: int, as_json: bool
) -> None:
    """Kills, power cuts, edits, fuzzed inputs, decisions beside a naive evaluator; exit 1 if any went wrong.

    With --more the counts are totals to reach, over as many runs as it takes: each part is written when it is done.
    """
    wanted = {"kills": kills, "power": power, "edits": edits, "fuzz": fuzz, "stack": stack}
    wrong = _go_on(wanted, minutes=minutes, as_json=as_json) if more else _once(wanted, seed=seed, as_json=as_json)
    if wrong:
        raise click.exceptions.Exit(1)


def _once(wanted: dict[str, int], *, seed: int, as_json: bool) -> bool:
    """Whether anything went unnoticed in one run of each."""
    wrong = False
    for name, count in wanted.items():
        if count:
            told = _run(name, count, seed)
            _say(name, told, as_json=as_json)
            wrong = wrong or _is_wrong(told)
    return wrong


def _go_on(wanted: dict[str, int], *, minutes: int, as_json: bool) -> bool:
    """Whether anything went unnoticed, ever; each kind in turn a part further, until all are there or time is over."""
    end_s = time.monotonic() + 60 * minutes if minutes else math.inf
    totals = {name: read_result(f"soak_{name}") for name in wanted}

    def left(name: str) -> int:
        return wanted[name] - int(totals[name].get(_COUNTED[name]) or 0)

    while any(left(name) > 0 for name in wanted) and time.monotonic() < end_s:
        for name in wanted:
            if left(name) > 0 and time.monotonic() < end_s:
                done = int(totals[name].get(_COUNTED[name]) or 0)
                totals[name] = added(totals[name], _run(name, min(left(name), _CHUNKS[name]), done), name)
                _say(name, totals[name], as_json=as_json)
    return any(_is_wrong(told) for told in totals.values() if told)


def added(before: Figures, told: Figures, name: str) -> Figures:
    """The totals with one more run in them; what describes a run stands as it was last."""
    out = dict(before)
    for field, value in told.items():
        old = before.get(field)
        is_count = isinstance(value, int) and (field not in _AS_THEY_ARE or (name, field) == ("kills", "entries"))
        if is_count and isinstance(old, int):
            out[field] = old + int(value or 0)
        elif old is None or not field.startswith("first_bad"):
            out[field] = value
    # A seed is no count: the first that failed stays.
    if "first_bad_seed" in told:
        first = before.get("first_bad_seed")
        out["first_bad_seed"] = told["first_bad_seed"] if first is None else first
    return out


def _is_wrong(told: Figures) -> bool:
    return any(told.get(field) for field in _WRONG) or told.get("normal_lost_acknowledged") == 0


def _say(name: str, told: Figures, *, as_json: bool) -> None:
    path = write_result(f"soak_{name}", told)
    if as_json:
        click.echo(json.dumps({name: told}, indent=2))
        return
    click.echo(f"{name}: " + ", ".join(f"{field.replace('_', ' ')} {value}" for field, value in told.items()))
    click.echo(f"written to {path}")


def _run(name: str, count: int, seed: int) -> Figures:
    runs = {"kills": _kills, "power": _power, "edits": _edits, "fuzz": _fuzz, "stack": _stack}
    return runs[name](count, seed)


def _kills(kills: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_kills import soak_kills

    return soak_kills(kills=kills, first_seed=seed, jobs=JOBS)


def _power(images: int, seed: int) -> Figures:
    """The promise under FULL, and the same harness under NORMAL, which must lose something."""
    from coldcheck.station.lab.soak_power import soak_power

    told = soak_power(images=images, seed=seed)
    weak = soak_power(images=max(1_000, images // 10), synchronous="NORMAL", seed=seed)
    return told | {"normal_images": weak["images"], "normal_lost_acknowledged": weak["lost_acknowledged"]}


def _edits(edits: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_edits import soak_edits

    return soak_edits(edits=edits, seed=seed, jobs=JOBS)


def _fuzz(inputs: int, seed: int) -> Figures:
    from coldcheck.station.lab.soak_fuzz import soak_fuzz

    return soak_fuzz(inputs=inputs, seed=seed)


def _stack(decisions: int, seed: int) -> Figures:
    """The whole stack beside the naive evaluator, with a bar where a person watches: it is the longest of the runs."""
    import sys

    from coldcheck.station.lab.soak_stack import Tally, soak_stack

    if not sys.stderr.isatty():
        return soak_stack(decisions=decisions, seed=seed)
    with click.progressbar(length=decisions, label="decisions", file=sys.stderr) as bar:

        def said(tally: Tally) -> None:
            bar.update(tally.decisions - bar.pos)

        return soak_stack(decisions=decisions, seed=seed, said=said)
