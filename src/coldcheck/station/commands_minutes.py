"""The command `minutes`: every entry around one of them, in the record's order, each time with its source and bound."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from coldcheck.proof.errors import ColdcheckError

if TYPE_CHECKING:
    from coldcheck.custody.clock_quality import Stamp
    from coldcheck.custody.picture import Picture, Step

_MS_A_MINUTE: Final = 60_000


class NoSuchEntry(ColdcheckError):
    """The ledger has no entry of that number. The sentence says how many it has."""


@click.command()
@click.argument("entry", type=click.IntRange(min=0))
@click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
@click.option(
    "--minutes", "span", type=click.IntRange(1, 1_440), default=10, show_default=True, help="How long before and after."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def minutes(entry: int, ledger: Path, span: int, as_json: bool) -> None:
    """The minutes around ENTRY: what was entered, by whom, and what each time is worth.

    Times decide nothing: the order is the log's.
    """
    from coldcheck.custody.clock_quality import Timed, comparisons, stamp_of
    from coldcheck.proof.entry import read_entry
    from coldcheck.station.ledger_files import picture_of
    from coldcheck.station.record import step_of

    picture, store = picture_of(ledger)
    try:
        entries = [read_entry(data) for data in store.entries()]
    finally:
        store.close()
    timed = [Timed(step=step_of(number, one), device_at=str(one.author["at"])) for number, one in enumerate(entries)]
    if entry >= len(timed):
        raise NoSuchEntry(f"{ledger} has {len(timed)} entries, 0 to {len(timed) - 1}; name one of them.")
    known = comparisons(timed)
    around = [one for one in timed if _is_near(one.step, timed[entry].step, span)]
    stamps = [stamp_of(one, known) for one in around]
    if as_json:
        rows = [
            {**asdict(stamp), "comparison": _compared(stamp), "words": _words(picture, one.step)}
            for one, stamp in zip(around, stamps, strict=True)
        ]
        click.echo(
            json.dumps({"entry": entry, "minutes": span, "line": rows}, indent=2, default=str, ensure_ascii=False)
        )
        return
    for one, stamp in zip(around, stamps, strict=True):
        click.echo(f"{'>' if stamp.entry_index == entry else ' '} {line_of(stamp)}")
        for words in _words(picture, one.step):
            click.echo(f"      {words}")
    click.echo("The order is the log's; no decision reads a clock.")


def _is_near(step: "Step", middle: "Step", span: int) -> bool:
    """Whether an entry is shown: by the hub's running clock within one run, else by the dates of the receipts."""
    from coldcheck.custody.clock_quality import instant

    if step.boot == middle.boot:
        return abs(step.mono_ms - middle.mono_ms) <= span * _MS_A_MINUTE
    one, other = instant(step.at), instant(middle.at)
    return one is not None and other is not None and abs((one - other).total_seconds()) <= span * 60


def line_of(stamp: "Stamp") -> str:
    """One entry's times as they are printed."""
    late = "kept on the device until then" if stamp.queued else "live"
    ahead = stamp.device_ahead_ms
    device = (
        "no time"
        if ahead is None
        else f"{stamp.device_at}, {abs(ahead) / 1000:.1f} s {'ahead of' if ahead > 0 else 'behind'} the hub's"
    )
    reckoned = "compared with no other clock: its bound is not known"
    if stamp.comparison is not None and stamp.bound_ms is not None and stamp.reckoned_at is not None:
        reckoned = (
            f"{stamp.reckoned_at} by {stamp.comparison.clock} (entry {stamp.comparison.entry_index}),"
            f" right to {stamp.bound_ms / 1000:.1f} s"
        )
    return f"#{stamp.entry_index} hub {stamp.hub_at}, {late}; {reckoned}; device {device}"


def _compared(stamp: "Stamp") -> dict[str, str | int] | None:
    one = stamp.comparison
    return None if one is None else {"entry": one.entry_index, "clock": one.clock, "bound_ms": one.bound_ms}


def _words(picture: "Picture", step: "Step") -> list[str]:
    from coldcheck.station.answer_text import label_of
    from coldcheck.station.web.office_tables import closed_entries, words_of_act

    closed = closed_entries(picture)
    said = (words_of_act(picture, step.entry_index, act, closed=closed) for act in step.acts)
    return [f"{label_of(picture, step.by)} {words or '(closed until the second answer is in)'}" for words in said]
