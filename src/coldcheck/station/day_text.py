"""The day on paper, in words: plan against record with its gaps, the close, and the wrap. Nothing is decided here."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from coldcheck.custody.day_report import SHOT_TOLD_OF, DayReport, LotLeft, SceneReport, Wrap
from coldcheck.custody.floor_predicates import due_on
from coldcheck.custody.inspections import Rested
from coldcheck.custody.picture import Picture
from coldcheck.station.answer_text import label_of, rules_line

GAPS: Final = MappingProxyType(
    {
        "not_met": "no meeting since it was last changed (first AD)",
        "not_assessed": "not assessed since it was last changed (armorer or safety advisor)",
        "not_briefed": "{thing} did not sign that he was at the meeting ({thing})",
        "used_without_call": "a gun went to the performer, and no call was granted (armorer, first AD, performer)",
        "not_cleared_after": "{thing} came back and nobody answered what was in it (armorer and a second person)",
        "not_opened_by_armorer": "the day was not opened by armorer or property master",
        "not_opened_by_first_ad": "the day was not opened by the first AD",
        "duty_not_accepted": "{thing} did not sign for a duty of the day ({thing})",
        "terms_not_signed": "{thing} did not sign the words of this production ({thing})",
        "shot_without_call": "a shot of {thing}, and no call on it was granted before (armorer, first AD, performer)",
        "shot_only_told": "a shot of {thing} is told of, and nobody who had it signed for it (who had it)",
        "gun_not_locked": "{thing} is not under lock",
        "gun_locked_on_set": "{thing} is said to be locked in a place where nothing is under lock (armorer)",
        "gun_lock_not_stood_by": "{thing} is said to be under lock, and nobody whose it was to lock it stands by that (armorer)",
        "rounds_in_gun": "{thing} has rounds in it, and no entry says that they came out",
        "rounds_not_locked": "{thing} holds rounds and is not under lock",
        "rounds_locked_on_set": "{thing} holds rounds and is said to be locked in a place where nothing is under lock (armorer)",
        "rounds_lock_not_stood_by": (
            "{thing} holds rounds and is said to be under lock, and nobody whose it was to lock it stands by that (armorer)"
        ),
        "not_counted_since": "{thing} was not counted by two since rounds went in or out",
        "count_taken_back": "a count of {thing} was taken back or disputed, and no two counted it since (armorer and a second person)",
        "rounds_gone": "out of {thing} went more rounds than were fired, and no entry says where to (armorer)",
        "concern_late": "a concern has waited for its answer beyond its last day (employer)",
        "not_closed": "the day was not closed by armorer or property master",
        "closed_by_one": "the day was closed by one person alone (first AD, safety advisor or a second handler)",
    }
)
"""By gap: what no entry says, and whose entry it would be."""


def gap_text(picture: Picture, gap: tuple[str, str]) -> str:
    """One gap in words."""
    key, thing = gap
    return GAPS[key].format(thing=label_of(picture, thing) if thing else "")


def day_lines(picture: Picture, report: DayReport) -> Iterator[str]:
    """The report of a day for a terminal or a printer."""
    first, last = report.entries
    gaps = len(report.gaps) + sum(len(scene.gaps) for scene in report.scenes)
    day = f", day {report.day}" if report.day is not None else ""
    yield f"Plan against record, {report.on}{day}, entries {first} to {last}; {rules_line(picture)}"
    yield f"{gaps} gap{'' if gaps == 1 else 's'}: {'each act below that no entry says' if gaps else 'every act the plans ask for is there'}"
    for scene in report.scenes:
        yield from _scene_lines(picture, scene)
    yield "Close of the day"
    for gap in report.gaps:
        yield f"  GAP {gap_text(picture, gap)}"
    if not report.gaps:
        yield "  opened by two, everything under lock and counted by two, closed"
    yield from _shot_lines(picture, report)
    for opening in report.openings:
        told = "; told of" if opening.told_of else ""
        yield f"  opened: {label_of(picture, opening.thing)} by {label_of(picture, opening.by)} (entry {opening.entry}{told})"
    for stop in report.stops_open:
        yield f"  stop {stop} is open (armorer, first AD and employer)"
    for concern in report.concerns_open:
        due = due_on(picture, picture.concerns[concern][0])
        yield f"  concern {concern} has no answer{f', due by {due} (employer)' if due else ''}"
    for quick in report.quick:
        yield (
            f"  entry {quick.entry}: {quick.answers} answers about {label_of(picture, quick.thing)} within"
            f" {quick.within_ms / 1000:.1f} s, faster than anybody looks; the two look again"
        )
    for rested in report.rested:
        yield from rested_lines(picture, rested)


def _shot_lines(picture: Picture, report: DayReport) -> Iterator[str]:
    """Shots in all, then gun by gun: planned and unplanned apart, and what is only told of beside them."""
    yield f"  shots signed for: {report.shots}"
    for shots in report.shots_of:
        told = f"; told of in {_entries(shots.told_of)}" if shots.told_of else ""
        doubted = f"; taken back or disputed: {_entries(shots.doubted)}" if shots.doubted else ""
        yield f"    {label_of(picture, shots.gun)}: {shots.planned} planned, {shots.unplanned} unplanned{told}{doubted}"


def _entries(entries: tuple[int, ...]) -> str:
    return f"{'entry' if len(entries) == 1 else 'entries'} {', '.join(map(str, entries))}"


def _scene_lines(picture: Picture, scene: SceneReport) -> Iterator[str]:
    guns = ", ".join(label_of(picture, gun) for gun in scene.guns)
    calls = f"calls granted: entries {', '.join(map(str, scene.calls))}" if scene.calls else "no call granted"
    refused = f"; refused: entries {', '.join(map(str, scene.refused))}" if scene.refused else ""
    yield f"{scene.activity} {scene.scene} with {guns}, planned in entry {scene.planned_entry}: {calls}{refused}"
    if not scene.used:
        yield "  no gun of it was handed to the performer"
    if scene.used and (scene.planned or scene.entered):
        planned = ", ".join(scene.planned) or "nothing said"
        entered = ", ".join(f"{_DONE.get(what, what)} (entry {entry})" for what, entry in scene.entered)
        beyond = sorted({what for what, _ in scene.entered} - {*scene.planned}) if scene.planned else []
        more = f"; not in the plan: {', '.join(_DONE.get(what, what) for what in beyond)}" if beyond else ""
        yield f"  done with the gun: planned {planned}; entered {entered or 'nothing'}{more}"
    for gap in scene.gaps:
        yield f"  GAP {gap_text(picture, gap)}"


_DONE: Final = MappingProxyType(
    {"unintended_discharge": "an unintended discharge", SHOT_TOLD_OF: "a shot that is told of"}
)


def rested_lines(picture: Picture, rested: Rested) -> Iterator[str]:
    """What a find says of the inspections before it."""
    first, second = rested.inspections
    yield f"The find in entry {rested.found_entry} and what was answered before it"
    yield (
        f"  entries {first.entry_index} ({label_of(picture, first.by)}) and {second.entry_index} ({label_of(picture, second.by)})"
        f" cannot be right, unless it came there unrecorded after entry {second.entry_index}"
    )
    guns = ", ".join(label_of(picture, gun) for gun in rested.guns) or "no other gun"
    calls = ", ".join(map(str, rested.calls)) or "none"
    yield f"  on the same two of that day rest: {len(rested.rounds)} other rounds; {guns}; calls in entries {calls}"


def wrap_lines(picture: Picture, wrap: Wrap) -> Iterator[str]:
    """The wrap: it ends at zero, or names what is still here."""
    yield f"Wrap, as of entry {picture.size - 1}; {rules_line(picture)}"
    for lot in wrap.lots:
        yield _lot_line(lot)
    for gun in wrap.guns_here:
        yield f"  {label_of(picture, gun)}: still here"
    for gun in wrap.guns_back:
        yield f"  {label_of(picture, gun)}: back with its supplier, or never here"
    yield (
        "Nothing is left: the wrap ends at zero."
        if wrap.left == 0
        else f"{wrap.left} still here: the wrap is not over."
    )


def _lot_line(lot: LotLeft) -> str:
    if not lot.received and not lot.here:
        return f"  {lot.label}: no receipt is signed"
    return f"  {lot.label}: {lot.received} received, {lot.gone} gone, {lot.here} here"
