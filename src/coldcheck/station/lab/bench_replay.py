"""How long it takes to rebuild the picture, and whether an act costs more in a long ledger than in a short one.

Promises: replay reads every stored entry strictly, from the ledger's file, without signatures. `hub_start_*` is what a
hub does before its first act: the root over all entries, held against the one it signed last, which vouches for their
form, then the same replay, with the trace index and all else up to date at its end. The cost of `judge` and of
`apply` is the mean over the same day's work, done again in new scenes at each length of one growing picture, every call granted each
time, in processor time (another process on the machine is no growth); `growth_*` is the cost at the longest over the cost at the shortest.
`gate_*` is the decision on a call alone, when its last part comes in: percentiles over every such moment of the window,
asked again and again, since judging changes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import perf_counter_ns, process_time_ns, thread_time_ns
from typing import Final

from coldcheck.custody.acts import Act, Assessed, Attended, Called, DayOpened, MeetingHeld, ScenePlanned
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.proof.entry import read_entry
from coldcheck.station.lab.measured import Figures, percentile, player_of_stream, signed_lines, workplace
from coldcheck.station.play import Player
from coldcheck.station.record import open_hub, record, replay, step_of
from coldcheck.station.store_sqlite import open_ledger, read_ledger

TARGET_S: Final = 1.0
TARGET_ACTS: Final = 20_000
GATE_TARGET_US: Final = 1_000
_GATE_ASKED: Final = 20
LENGTHS: Final = (1_000, 10_000, 100_000)
_DAY_MS: Final = 24 * 60 * 60 * 1000


def bench_replay(*, acts: int = TARGET_ACTS, lengths: tuple[int, ...] = LENGTHS) -> Figures:
    """Seconds to replay `acts` acts, and microseconds of one `judge` and one `apply` at each of `lengths`."""
    with workplace() as folder:
        path = folder / "replay.ledger"
        player = _record_stream(path, acts)
        started_s, started_cpu_s = _start(path, player)
        reader = read_ledger(path)
        began, worked = perf_counter_ns(), process_time_ns()
        picture = replay(reader.entries())
        seconds, cpu_s = (perf_counter_ns() - began) / 1e9, (process_time_ns() - worked) / 1e9
        steps = tuple(step_of(index, read_entry(data)) for index, data in enumerate(reader.entries()))
        reader.close()
    done, entries = len(picture.journal), picture.size
    del picture
    return {
        "acts": done,
        "entries": entries,
        "seconds": round(seconds, 3),
        "cpu_s": round(cpu_s, 3),
        "cpu_us_per_act": round(cpu_s / done * 1e6, 1),
        "cpu_us_per_entry": round(cpu_s / entries * 1e6, 1),
        "target_s": TARGET_S,
        "hub_start_s": round(started_s, 3),
        "hub_start_cpu_s": round(started_cpu_s, 3),
        **_growth(steps, lengths),
    }


def _record_stream(path: Path, acts: int) -> Player:
    player, store = player_of_stream(path, acts=acts)
    for signed, now, _count in signed_lines(player):
        record(player.hub, signed, now)
    store.close()
    return player


def _start(path: Path, player: Player) -> tuple[float, float]:
    """Seconds until the hub of this ledger is ready to record: root and replay, in clock and in processor time."""
    store = open_ledger(path)
    began, worked = perf_counter_ns(), process_time_ns()
    open_hub(store, log_key=player.log_key, log=player.log, epoch=player.hub.epoch, build=player.hub.build)
    seconds, cpu_s = (perf_counter_ns() - began) / 1e9, (process_time_ns() - worked) / 1e9
    store.close()
    return seconds, cpu_s


def _growth(steps: tuple[Step, ...], lengths: tuple[int, ...]) -> Figures:
    """Microseconds of `judge` and `apply`, a mean over the one day of work that ends at each length."""
    starts = [step.entry_index for step in steps if isinstance(step.acts[0], DayOpened)][::2]
    window = starts[1] - starts[0]
    picture, claims = Picture(), 0
    spent = {length: [0, 0] for length in lengths}
    gates: dict[int, list[int]] = {length: [] for length in lengths}
    for step in _again_and_again(steps, first_day=starts[0], last_day=starts[-1]):
        if step.verdict == "granted":
            for length in lengths:
                if length - window <= step.entry_index < length:
                    gates[length].extend(_gate_ns(picture, step) for _ in range(_GATE_ASKED))
        begun = thread_time_ns()
        verdict = judge(picture, by=step.by, key=step.key, acts=step.acts, now=step.now, seen_size=step.seen_size)
        judged = thread_time_ns()
        apply(picture, replace(step, verdict=verdict.word))
        applied = thread_time_ns()
        assert verdict.word == step.verdict, "the same work gets the same verdict, however long the ledger"
        claims += verdict.word == "granted"
        for length in lengths:
            if length - window <= step.entry_index < length:
                spent[length][0] += judged - begun
                spent[length][1] += applied - judged
        if picture.size == max(lengths):
            break
    figures: Figures = {"window_entries": window, "calls_granted": claims}
    for length, (judging, applying) in spent.items():
        figures[f"judge_us_{length}"] = round(judging / window / 1e3, 1)
        figures[f"apply_us_{length}"] = round(applying / window / 1e3, 1)
    for length, asked in gates.items():
        figures[f"gate_p50_us_{length}"] = round(percentile(asked, 0.5) / 1e3, 1)
        figures[f"gate_p99_us_{length}"] = round(percentile(asked, 0.99) / 1e3, 1)
    figures["gates_asked"] = len(gates[max(lengths)])
    figures["gate_target_p99_us"] = GATE_TARGET_US
    figures["growth_gate_p50"] = round(percentile(gates[max(lengths)], 0.5) / percentile(gates[min(lengths)], 0.5), 2)
    shortest, longest = spent[min(lengths)], spent[max(lengths)]
    figures["growth_judge"] = round(longest[0] / shortest[0], 2)
    figures["growth_apply"] = round(longest[1] / shortest[1], 2)
    return figures


def _gate_ns(picture: Picture, step: Step) -> int:
    """Nanoseconds of processor time for one decision on the call that `step` completes."""
    begun = thread_time_ns()
    judge(picture, by=step.by, key=step.key, acts=step.acts, now=step.now)
    return thread_time_ns() - begun


def _again_and_again(steps: tuple[Step, ...], *, first_day: int, last_day: int) -> Iterator[Step]:
    """The steps up to the last whole day, and then its days over and over, each turn later than the one before."""
    yield from steps[:first_day]
    at = count(first_day)
    span_ms = steps[last_day].mono_ms + _DAY_MS
    for turn in count():
        for step in steps[first_day:last_day]:
            number = next(at)
            # Its signer knows as much of the newest entries as he did the first time.
            seen_size = number - (step.entry_index - step.seen_size)
            yield replace(
                step,
                entry_index=number,
                seen_size=seen_size,
                mono_ms=step.mono_ms + turn * span_ms,
                acts=tuple(_of_turn(act, turn) for act in step.acts),
            )


def _of_turn(act: Act, turn: int) -> Act:
    """The act, of a scene of its own in every turn: a production plans new ones each day, and keeps the old."""
    match act:
        case ScenePlanned() | MeetingHeld() | Attended() | Assessed() | Called():
            return replace(act, scene=f"{act.scene}-{turn}")
        case _:
            return act
