"""The day on paper: what was planned against what is recorded, how the day was closed, and what is left at the wrap.

Pure readings of a picture. Promises: an act that is missing is named as a gap, with who could enter it; nothing else is.
Does not: say why something is missing, or that anything was met. A plan that nothing was done with has no gaps.

    day_report(picture, on="2026-05-04").scenes[0].gaps  ->  ("not_met",)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.floor_predicates import blanks_missing, late_concerns
from coldcheck.custody.inspections import Rested, what_rested_on
from coldcheck.custody.picture import (
    Done,
    Picture,
    Scene,
    doubt_of,
    expected_count,
    holder_of,
    is_handler,
    locked_away,
    may_witness,
    own_hand_on,
    scene_of,
    was_his_to_put,
)
from coldcheck.custody.things import Hold, Id, Role
from coldcheck.custody.trace import live_finds


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneReport:
    """One planned scene of the day. `used` is whether any of its guns went to the performer of the plan.

    `gaps` are keys: what the plan asks for and no entry says; `calls` the entries of calls granted for it. `planned` is what
    its set-up card says will be done with the gun, and `entered` what the day's entries say was done: directions given for
    the scene, and shots of its guns, each with its entry. What a hand does between two entries, no record sees.
    """

    scene: str
    activity: str
    planned_entry: int
    guns: tuple[Id, ...]
    used: bool
    calls: tuple[int, ...]
    refused: tuple[int, ...]
    gaps: tuple[tuple[str, str], ...]
    planned: tuple[str, ...]
    entered: tuple[tuple[str, int], ...]


SHOT_TOLD_OF: Final = "shot_told_of"
NO_LOCK: Final = ("not_locked", "locked_on_set", "lock_not_stood_by")
"""Why something is not under lock: no entry says so, the place is none for it, or nobody whose it was stands by that."""
LOOK_MS: Final = 200
"""Less than this from one answer to the next, over a whole act, and nobody has looked into each position."""
_FEW: Final = 3
"""Two answers may be one look at two things that stand open side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickAnswers:
    """An entry whose answers came faster than a person can look: how many, of what thing, within how long."""

    entry: int
    thing: Id
    answers: int
    within_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotsOf:
    """The shots of one gun: how many were signed for as planned and as unplanned, and the entries that only tell of one.

    `doubted` are entries that signed for shots and were taken back, corrected or disputed: they count as neither.
    """

    gun: Id
    planned: int
    unplanned: int
    told_of: tuple[int, ...]
    doubted: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An entry by which something left the place it was locked in, or its seal was broken: the thing, and who signed."""

    entry: int
    thing: Id
    by: Id
    told_of: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """A day: its entries, its scenes, what is open at its end, and the rules found with how often.

    `gaps` are those of the day itself: (key, the thing or person it is about, "" for the day). `shots` are those signed
    for; `shots_of` has them gun by gun, and what is only told of. `quick` is about entries, and
    says nothing of anybody: the device's times are a claim, and what was answered stays answered.
    """

    on: str
    day: int | None
    entries: tuple[int, int]
    scenes: tuple[SceneReport, ...]
    gaps: tuple[tuple[str, str], ...]
    shots: int
    shots_of: tuple[ShotsOf, ...]
    openings: tuple[Opening, ...]
    stops_open: tuple[int, ...]
    concerns_open: tuple[str, ...]
    rested: tuple[Rested, ...]
    quick: tuple[QuickAnswers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLeft:
    """What is left of a lot: received, gone by an act that says how, and here still."""

    lot: Id
    label: str
    received: int
    gone: int
    here: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """What is still here at the end of a production; a wrap ends at zero."""

    guns_here: tuple[Id, ...]
    guns_back: tuple[Id, ...]
    lots: tuple[LotLeft, ...]

    @property
    def left(self) -> int:
        """How many guns and rounds are neither back nor gone."""
        return len(self.guns_here) + sum(lot.here for lot in self.lots)


def day_report(picture: Picture, *, on: str) -> DayReport | None:
    """The report of the day `on` (YYYY-MM-DD) from the picture at its end; None when the record says nothing of it."""
    done = tuple(one for one in picture.journal if one.at[:10] == on)
    if not done:
        return None
    shots_of = tuple(_shots(picture, done))
    return DayReport(
        on=on,
        day=picture.day,
        entries=(done[0].entry_index, done[-1].entry_index),
        scenes=tuple(_scenes(picture, done)),
        gaps=tuple(_gaps_of_day(picture, done)),
        shots=sum(shots.planned + shots.unplanned for shots in shots_of),
        shots_of=shots_of,
        openings=tuple(_openings(picture, done)),
        stops_open=tuple(sorted(picture.open_stops)),
        concerns_open=tuple(sorted(name for name, (_raised, answered) in picture.concerns.items() if answered is None)),
        rested=tuple(
            rested for rested in (what_rested_on(picture, r) for r in live_finds(picture)) if rested is not None
        ),
        quick=tuple(_quick(done)),
    )


def _quick(done: tuple[Done, ...]) -> Iterator[QuickAnswers]:
    """The entries of the day whose answers, position by position, came too fast to be looks; oldest first."""
    for one in done:
        match one.act:
            case a.Cleared(gun=gun, answers=rows) | a.Answered(gun=gun, answers=rows) | a.Seen(gun=gun, answers=rows):
                times = [row.ms for row in rows]
            case a.Turned(gun=gun, rows=turned) | a.TurnSeen(gun=gun, rows=turned):
                times = [row.ms for row in turned]
            case _:
                continue
        within = max(times, default=0) - min(times, default=0)
        if len(times) >= _FEW and within < LOOK_MS * (len(times) - 1):
            yield QuickAnswers(entry=one.entry_index, thing=gun, answers=len(times), within_ms=within)


def _said(one: Done) -> tuple[Id, a.Act, bool]:
    """Who did what by this line of the journal, and whether it is only told of him."""
    if isinstance(one.act, a.Reported):
        return one.act.who, one.act.told, True
    return one.by, one.act, False


def _shots(picture: Picture, done: tuple[Done, ...]) -> Iterator[ShotsOf]:
    """The shots of the day, gun by gun in the order of their first."""
    guns: dict[Id, list[tuple[Done, a.Discharged, bool]]] = {}
    for one in done:
        _who, act, is_told = _said(one)
        if isinstance(act, a.Discharged):
            guns.setdefault(act.gun, []).append((one, act, is_told))
    for gun, shots in guns.items():
        doubted = tuple(one.entry_index for one, _, told in shots if not told and _is_doubted(picture, one))
        signed = [act for one, act, told in shots if not told and one.entry_index not in doubted]
        yield ShotsOf(
            gun=gun,
            planned=sum(act.shots for act in signed if act.planned),
            unplanned=sum(act.shots for act in signed if not act.planned),
            told_of=tuple(one.entry_index for one, _, told in shots if told),
            doubted=doubted,
        )


def _is_doubted(picture: Picture, one: Done) -> bool:
    return doubt_of(picture, one.entry_index) is not None


def _openings(picture: Picture, done: tuple[Done, ...]) -> Iterator[Opening]:
    """Everything that came out from under a lock or a seal on the day, in order of entry."""
    first = done[0].entry_index
    found = [
        Opening(entry=after.entry_index, thing=thing, by=after.signer, told_of=after.reported)
        for thing, history in picture.custody.items()
        for before, after in pairwise(history)
        if before.hold is Hold.LOCKED and after.hold is not Hold.LOCKED and after.entry_index >= first
    ]
    for one in done:
        who, act, is_told = _said(one)
        if isinstance(act, a.SealBroken):
            found.append(Opening(entry=one.entry_index, thing=act.container, by=who, told_of=is_told))
    yield from sorted(found, key=lambda opening: (opening.entry, opening.thing))


def _scenes(picture: Picture, done: tuple[Done, ...]) -> Iterator[SceneReport]:
    """Every scene that was planned on the day, or that a call was made for on it."""
    first = done[0].entry_index
    called = {one.entry_index: scene_of(picture, one.act.scene)[0] for one in done if isinstance(one.act, a.Called)}
    for name, scene in picture.scenes.items():
        if scene.planned_entry >= first or name in called.values():
            yield _scene_report(picture, name, scene, done)


def _scene_report(picture: Picture, name: str, scene: Scene, done: tuple[Done, ...]) -> SceneReport:
    guns = scene.plan.guns
    calls, refused, newest = [], [], {}
    for one in done:
        match one.act:
            case a.Called(gun=gun):
                newest[gun] = scene_of(picture, one.act.scene)[0]
            case a.Acknowledged(gun=gun) if newest.get(gun) == name and one.verdict == "granted":
                calls.append(one.entry_index)
            case a.Acknowledged(gun=gun) if newest.get(gun) == name and one.verdict == "refused":
                refused.append(one.entry_index)
            case _:
                pass
    used = _given(picture, scene, done, tuple(calls))
    gaps = tuple(_gaps_of_scene(picture, scene, calls=tuple(calls), done=done)) if used else ()
    return SceneReport(
        scene=name,
        activity=scene.plan.activity.value,
        planned_entry=scene.planned_entry,
        guns=guns,
        used=bool(used),
        calls=tuple(calls),
        refused=tuple(refused),
        gaps=gaps,
        planned=scene.card.actions if scene.card is not None else (),
        entered=tuple(_entered(name, guns, done, tuple(calls))),
    )


def _entered(
    name: str, guns: tuple[Id, ...], done: tuple[Done, ...], calls: tuple[int, ...]
) -> Iterator[tuple[str, int]]:
    """What the day says was done with the guns of a scene: directions for it, and shots since the first call for it."""
    for one in done:
        match one.act:
            case a.DirectionGiven(scene=scene, action=action) if scene == name:
                yield action, one.entry_index
            case a.Discharged(gun=gun, planned=planned) if gun in guns and calls and one.entry_index > calls[0]:
                yield "fire" if planned else "unintended_discharge", one.entry_index
            case a.Reported(told=a.Discharged(gun=gun)) if gun in guns and calls and one.entry_index > calls[0]:
                yield SHOT_TOLD_OF, one.entry_index
            case _:
                pass


def _given(picture: Picture, scene: Scene, done: tuple[Done, ...], calls: tuple[int, ...]) -> tuple[Done, ...]:
    """The entries that put a gun of the plan in one of its performers' hands since it was planned, or since its first call.

    Handed to him, or taken by him from wherever it was; also where it is only told of.
    """
    since = min((scene.planned_entry, *calls))
    return tuple(one for one in done if one.entry_index > since and _gets_it(picture, scene, one))


def _gets_it(picture: Picture, scene: Scene, one: Done) -> bool:
    who, act, _told = _said(one)
    match act:
        case a.HandedOver(item=item, to=to):
            return item in scene.plan.guns and to in scene.performers_of(item)
        case a.PickedUp(item=item) | a.Taken(item=item):
            # A handler who performs as well takes it in hand for his own work too.
            return item in scene.plan.guns and who in scene.performers_of(item) and not is_handler(picture, who)
        case _:
            return False


def _gaps_of_scene(
    picture: Picture, scene: Scene, *, calls: tuple[int, ...], done: tuple[Done, ...]
) -> Iterator[tuple[str, str]]:
    newest = max(scene.planned_entry, scene.changed_entry)
    if scene.met_entry < newest:
        yield "not_met", ""
    if not scene.assessed:
        yield "not_assessed", ""
    for who in dict.fromkeys((*scene.plan.line, *scene.performers)):
        if who not in scene.attended:
            yield "not_briefed", who
    for who in scene.performers:
        if picture.terms and picture.terms_signed.get(who) != picture.terms:
            yield "terms_not_signed", who
    if all(doubt_of(picture, entry) is not None for entry in calls):
        yield "used_without_call", ""
    for gun in scene.plan.guns:
        if gun in picture.guns and picture.guns[gun].chambers and _not_cleared_since(picture, gun, done):
            yield "not_cleared_after", gun


def _not_cleared_since(picture: Picture, gun: Id, done: tuple[Done, ...]) -> bool:
    """Whether the gun came back from somebody who is no handler and nobody answered it after that."""
    back = max(
        (
            one.entry_index
            for one in done
            if isinstance(one.act, a.Taken) and one.act.item == gun and not is_handler(picture, one.act.giver)
        ),
        default=-1,
    )
    return back >= 0 and not any(
        isinstance(one.act, a.Cleared)
        and one.act.gun == gun
        and one.entry_index > back
        and not _is_doubted(picture, one)
        for one in done
    )


def _gaps_of_day(picture: Picture, done: tuple[Done, ...]) -> Iterator[tuple[str, str]]:
    """What a whole day has and this one has not: opened by two, every gun back under lock, every count, closed by two.

    What was taken back or disputed, and what is only told of, is none of these.
    """
    stood_by = tuple(one for one in done if not _is_doubted(picture, one))
    openers = frozenset().union(*(_roles(picture, one.by) for one in stood_by if isinstance(one.act, a.DayOpened)))
    if not openers & {Role.ARMORER, Role.PROPERTY_MASTER}:
        yield "not_opened_by_armorer", ""
    if Role.FIRST_AD not in openers:
        yield "not_opened_by_first_ad", ""
    yield from _gaps_of_duties(picture, done)
    yield from _gaps_of_shots(picture, done)
    yield from _gaps_of_guns(picture)
    for thing in picture.containers:
        if expected_count(picture, thing) and _is_here(picture, thing):
            if gap := _lock_missing(picture, thing):
                yield f"rounds_{gap}", thing
            touched = _last_touch(picture, thing)
            if max(picture.counted_at.get(thing, -1), done[0].entry_index - 1) < touched:
                yield "not_counted_since", thing
            elif _count_lost(picture, thing, done):
                yield "count_taken_back", thing
    if late_concerns(picture):
        yield "concern_late", ""
    closers = tuple(dict.fromkeys(one.by for one in stood_by if isinstance(one.act, a.DayClosed)))
    if not any(is_handler(picture, who) for who in closers):
        yield "not_closed", ""
    elif not any(is_handler(picture, x) and may_witness(picture, y) for x in closers for y in closers if x != y):
        yield "closed_by_one", ""


def _gaps_of_duties(picture: Picture, done: tuple[Done, ...]) -> Iterator[tuple[str, str]]:
    """Duties of the day's list that whose they are did not sign for."""
    for day in dict.fromkeys(one.act.day for one in done if isinstance(one.act, a.DayOpened)):
        for duty, person in picture.day_duties.get(day, {}).items():
            if picture.duties_accepted.get((day, duty)) != person:
                yield "duty_not_accepted", person


def _gaps_of_shots(picture: Picture, done: tuple[Done, ...]) -> Iterator[tuple[str, str]]:
    """Shots that nobody signed for himself, and shots of a gun that nobody had called before on that day."""
    called: set[Id] = set()
    uncalled: dict[Id, None] = {}
    told: dict[Id, None] = {}
    for one in done:
        _who, act, is_told = _said(one)
        match act:
            case a.Acknowledged(gun=gun) if one.verdict == "granted" and not _is_doubted(picture, one):
                called.add(gun)
            case a.Discharged(gun=gun):
                uncalled |= {} if gun in called else {gun: None}
                told |= {gun: None} if is_told else {}
            case _:
                pass
    for gun in uncalled:
        yield "shot_without_call", gun
    for gun in told:
        yield "shot_only_told", gun


def _count_lost(picture: Picture, thing: Id, done: tuple[Done, ...]) -> bool:
    """Whether a count of the day was taken back or disputed, and no two counted it since."""
    gone = [o for o in done if isinstance(o.act, a.Counted) and o.act.thing == thing and _is_doubted(picture, o)]
    return bool(gone) and picture.counted_at.get(thing, -1) < gone[-1].entry_index


def _gaps_of_guns(picture: Picture) -> Iterator[tuple[str, str]]:
    for gun in picture.guns:
        if _is_here(picture, gun) and (gap := _lock_missing(picture, gun)):
            yield f"gun_{gap}", gun
        if _rounds_in(picture, gun):
            yield "rounds_in_gun", gun
    for gun, _rounds in blanks_missing(picture):
        yield "rounds_gone", gun


def _rounds_in(picture: Picture, gun: Id) -> bool:
    """Whether people's own acts left a round in the gun."""
    return any(picture.own_spots.get(round_id) == gun for round_id in picture.rounds_in.get(gun, ()))


_CARRYING: Final = (
    a.Locked,
    a.PickedUp,
    a.Counted,
    a.HandedOver,
    a.Taken,
    a.PutDown,
    a.Stowed,
    a.LabelRead,
    a.RoundsSeen,
)


def _last_touch(picture: Picture, thing: Id) -> int:
    """The last entry that put rounds in or took some out, or 0."""
    for one in reversed(picture.journal):
        if not isinstance(one.act, _CARRYING) and thing in a.ids_in(a.plain(one.act)):
            return one.entry_index
    return 0


def _lock_missing(picture: Picture, item: Id) -> str:
    """What keeps a thing from being under lock, as in NO_LOCK; "" where it is."""
    if locked_away(picture, item) is not None:
        return ""
    no_entry, no_place, nobody = NO_LOCK
    held = holder_of(picture, item)
    if held is None or held.hold is not Hold.LOCKED:
        return no_entry
    return no_place if was_his_to_put(picture, picture.custody[item]) else nobody


def _is_here(picture: Picture, item: Id) -> bool:
    """Whether the record has it anywhere but in a supplier's own hand."""
    hand = own_hand_on(picture, item)
    return holder_of(picture, item) is not None and not (hand and Role.SUPPLIER in _roles(picture, hand))


def _roles(picture: Picture, person: Id) -> frozenset[Role]:
    known = picture.persons.get(person)
    return known.roles if known is not None else frozenset()


# --- wrap ----------------------------------------------------------------------------------------------------------


def wrap_of(picture: Picture) -> Wrap:
    """What is back, what is gone and what is still here, as of now."""
    here = {gun: _is_here(picture, gun) for gun in picture.guns}
    return Wrap(
        guns_here=tuple(gun for gun, still in here.items() if still),
        guns_back=tuple(gun for gun, still in here.items() if not still),
        lots=tuple(_lot_left(picture, lot) for lot in picture.lots),
    )


def _lot_left(picture: Picture, lot: Id) -> LotLeft:
    received = sum(one.act.count for one in picture.journal if isinstance(one.act, a.Received) and one.act.lot == lot)
    things = (*picture.containers, *picture.guns)
    here = sum(_of_lot(picture, thing, lot) for thing in things if _is_here(picture, thing))
    return LotLeft(lot=lot, label=picture.lots[lot].label, received=received, gone=received - here, here=here)


def _of_lot(picture: Picture, thing: Id, lot: Id) -> int:
    """How many rounds of a lot people's own acts put in a container or gun; what is only told of counts nowhere."""
    named = sum(
        1
        for round_id in picture.rounds_in.get(thing, ())
        if picture.cartridges[round_id].lot == lot and picture.own_spots.get(round_id) == thing
    )
    return named + picture.own_loose.get(thing, {}).get(lot, 0)
