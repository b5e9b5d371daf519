"""Conditions about what lies near a gun, what went through it, and what waits: ammunition in reach, blanks, concerns.

For: the core rulebook. Like all predicates they read picture and question, never the clock, and can only add refusals
and findings. A concern's last day is a date, read from receipts; a date that cannot be read has passed.

Does not: know where in a place somebody stands. In reach is what the record has in the hand of who calls or receives,
or left lying at the place of the plan.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.asks import CallAsk, CallPredicate, FactAsk, FactPredicate, Found
from coldcheck.custody.asks import found_what as _what
from coldcheck.custody.calibres import may_chamber
from coldcheck.custody.counts import counted_today, left_since_counted
from coldcheck.custody.picture import (
    Done,
    GrantedCall,
    Picture,
    acts_of_entry,
    expected_count,
    fed_by,
    is_handler,
    lies_in,
    locked_away,
    own_hand_on,
    places_of,
)
from coldcheck.custody.rulebook_file import Rule
from coldcheck.custody.things import Capability, ContainerKind, Custody, Hold, Id, RoundKind

# --- ammunition in reach -------------------------------------------------------------------------------------------


def nothing_in_reach(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """REACH: beside a gun called empty lies nothing that fits it, but sealed, or on the performer and proven dummies."""
    scene = ask.picture.scenes.get(ask.called.scene)
    if ask.called.call is not a.CallWord.COLD_EMPTY or scene is None:
        return ()
    people = {ask.called.by, *scene.performers_of(ask.gun), *(part.by for part in ask.parts.values())}
    near = in_reach(ask.picture, ask.gun, people=people, place=scene.plan.place)
    return tuple(_what("in_reach", container=thing) for thing in near)


def reach_of_call(picture: Picture, call: GrantedCall) -> tuple[Id, ...]:
    """What has come into reach of who called or received an empty gun; () where no rule asks for it."""
    scene = picture.scenes.get(call.scene)
    asked = picture.rulebook is not None and picture.rulebook.rule("REACH") is not None
    if call.call is not a.CallWord.COLD_EMPTY or scene is None or not asked:
        return ()
    people = {call.caller, call.receiver, *scene.performers_of(call.gun)}
    return in_reach(picture, call.gun, people=people, place=scene.plan.place)


def in_reach(picture: Picture, gun: Id, *, people: AbstractSet[Id], place: Id) -> tuple[Id, ...]:
    """Every container, gun, hand or floor with rounds that may fit `gun` where one of these people could reach for them."""
    fed = {gun, *fed_by(picture, gun)}
    also = {thing for things in picture.also_in.values() for thing in things}
    things = dict.fromkeys((*picture.containers, *picture.rounds_in, *picture.loose))
    return tuple(
        thing
        for thing in things
        if (picture.rounds_in.get(thing) or picture.loose.get(thing) or picture.own_loose.get(thing) or thing in also)
        and thing not in {"", *fed}
        and _is_near(picture, thing, people=people, place=place)
        and may_fit(picture, thing, gun)
    )


def _is_near(picture: Picture, thing: Id, *, people: AbstractSet[Id], place: Id) -> bool:
    """Whether one of these people could reach into it now. What nobody knows the place of is near.

    What is only said takes nothing away from where people's own acts have it.
    """
    if thing in picture.persons:
        return thing in people
    if thing in picture.places:
        return lies_in(picture, thing, place)
    known = picture.containers.get(thing)
    built_in = known is not None and known.kind is ContainerKind.VAULT and not picture.custody.get(thing)
    called = not picture.calls.keys().isdisjoint((thing, *picture.magazines.get(thing, ())))
    if built_in or called or _is_sealed(picture, thing) or _is_prepared(picture, thing):
        return False
    held = (_held_last(picture, thing, own=own) for own in (False, True))
    return any(_is_held_near(picture, thing, one, people=people, place=place) for one in held)


def _is_prepared(picture: Picture, gun: Id) -> bool:
    """Whether it is a gun whose every position two people answered, and whose every round two people tested."""
    kernel = picture.kernel
    if gun not in picture.guns:
        return False
    # What is set apart in it, where it was found, is in nobody's way.
    kept = picture.apart.keys() | picture.held_as_evidence
    if all(r in kept for r in picture.rounds_in.get(gun, ())):
        return True
    if set(picture.rounds_in.get(gun, ())) != set(kernel.rounds_in(gun)):
        return False
    return all(kernel.proven(*at) for at in places_of(picture, gun)) and all(
        map(kernel.round_proven, kernel.rounds_in(gun))
    )


def _held_last(picture: Picture, thing: Id, *, own: bool) -> Custody | None:
    """Who has `thing`, through what it lies in; by people's own acts that are stood by alone, where `own`."""
    seen: set[Id] = set()
    while thing not in seen:
        seen.add(thing)
        history = reversed(picture.custody.get(thing, ()))
        held = next((h for h in history if not own or not (h.reported or h.entry_index in picture.doubted)), None)
        if held is None or held.hold is not Hold.INSIDE:
            return held
        thing = held.who
    return None


def _is_held_near(picture: Picture, thing: Id, held: Custody | None, *, people: AbstractSet[Id], place: Id) -> bool:
    match held.hold if held is not None else Hold.UNKNOWN:
        case Hold.LOCKED:
            # By whom it was not his to lock, who takes that back, or where nothing is locked: nobody knows where it is.
            return locked_away(picture, thing) is None
        case Hold.UNATTENDED:
            return held is not None and lies_in(picture, held.who, place)
        case Hold.PERSON if held is not None and held.who in people:
            return is_handler(picture, held.who) or not _worn_dummies(picture, thing)
        case Hold.PERSON | Hold.INSIDE:
            return False
        case Hold.UNKNOWN:
            return picture.left.get(thing, (a.Ending.LOST.value, 0))[0] == a.Ending.LOST.value
        case _:
            return True


def _is_sealed(picture: Picture, thing: Id) -> bool:
    """Whether it, or anything it lies in, is under a seal that nobody said was broken."""
    seen: set[Id] = set()
    while thing not in seen:
        if thing in picture.seals:
            return True
        seen.add(thing)
        held = picture.custody.get(thing)
        if held and held[-1].hold is Hold.INSIDE:
            thing = held[-1].who
    return False


def _worn_dummies(picture: Picture, thing: Id) -> bool:
    """Whether a performer wears dummies only: each proven by two before he got them, counted today, not left alone since.

    In a performer's hand no round keeps its proof, so none of a worn belt can have one now.
    """
    rounds = picture.rounds_in.get(thing, {})
    dummies = all(picture.cartridges[r].said is RoundKind.DUMMY and _proven_and_kept(picture, r, thing) for r in rounds)
    counted = counted_today(picture, thing) and not left_since_counted(picture, thing, place="")
    told = any(picture.loose.get(thing, {}).values())
    return dummies and counted and expected_count(picture, thing) == len(rounds) and not told


def _proven_and_kept(picture: Picture, round_id: Id, thing: Id) -> bool:
    """Whether two people proved it, nobody named it live since, and what it lies in was left by nobody from there to its count."""
    proven, (left, _) = picture.proven_at.get(round_id, -1), picture.left_alone_at.get(thing, (-1, ""))
    pair = picture.counts.get(thing)
    # Left after its count, it is asked elsewhere whether that count still holds.
    left_before = pair is not None and proven < left < pair.first_entry
    return proven >= 0 and not left_before and round_id not in picture.named_live


def fits_in_hand(picture: Picture, *, who: Id, thing: Id, gun: Id) -> bool:
    """Whether `thing`, once in this performer's hand, is a round that may fit `gun`, or a container with such in his reach."""
    if thing in picture.cartridges:
        return not is_handler(picture, who) and _one_may_fit(picture, {picture.cartridges[thing].lot}, gun)
    if thing not in picture.containers or thing in fed_by(picture, gun) or _is_sealed(picture, thing):
        return False
    return not is_handler(picture, who) and not _worn_dummies(picture, thing) and may_fit(picture, thing, gun)


def may_fit(picture: Picture, thing: Id, gun: Id) -> bool:
    """Whether a round in it may be of the gun's calibre; one of a lot nobody knows may be."""
    lots = {picture.cartridges[r].lot for r in picture.rounds_in.get(thing, ())}
    lots |= {picture.cartridges[r].lot for r, things in picture.also_in.items() if thing in things}
    lots |= {lot for lot, count in picture.loose.get(thing, {}).items() if count}
    lots |= {lot for lot, count in picture.own_loose.get(thing, {}).items() if count}
    return _one_may_fit(picture, lots, gun)


def _one_may_fit(picture: Picture, lots: set[Id], gun: Id) -> bool:
    calibre = picture.guns[gun].calibre
    return any(lot not in picture.lots or may_chamber(picture.lots[lot].calibre, calibre) for lot in lots)


# --- how many guns one handler can look after -----------------------------------------------------------------------

RATIO: Final = "RATIO"
_FIRES: Final = frozenset({Capability.W2, Capability.W3})


def guns_per_handler(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """RATIO: with this gun, performers have no more guns that fire than `most_guns` for each handler on duty."""
    if ask.picture.guns[ask.gun].capability not in _FIRES:
        return ()
    guns = {*guns_with_performers(ask.picture), ask.gun}
    handlers, most = len(handlers_on_duty(ask.picture)), int(rule.parameters.get("most_guns", 0))
    if len(guns) <= most * handlers:
        return ()
    return (_what("too_few_handlers", guns=str(len(guns)), handlers=str(handlers), most=str(most)),)


def guns_with_performers(picture: Picture) -> tuple[Id, ...]:
    """The guns that fire and are in the hand of somebody who is no handler."""
    held = ((gun, own_hand_on(picture, gun)) for gun, known in picture.guns.items() if known.capability in _FIRES)
    return tuple(gun for gun, who in held if who and not is_handler(picture, who))


def handlers_on_duty(picture: Picture) -> tuple[Id, ...]:
    """The handlers who are on an exclusive duty."""
    return tuple(who for who, duties in picture.duties.items() if is_handler(picture, who) and any(duties.values()))


def above_ratio(picture: Picture, *, guns: frozenset[Id], handlers: int) -> bool:
    """Whether these guns are more than so many handlers may have out with performers; never where no rule sets a number."""
    rule = picture.rulebook.rule(RATIO) if picture.rulebook is not None else None
    return rule is not None and len(guns) > int(rule.parameters.get("most_guns", 0)) * handlers


# --- blanks that went in and came out ------------------------------------------------------------------------------


def blanks_add_up(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """BLANKS: what was loaded was fired or came out: no more shots than rounds, and at the close of the day no round gone."""
    picture = ask.picture
    if any(isinstance(one, a.Reported) for one in ask.acts):
        # What is only told of was counted by nobody.
        return ()
    match ask.act:
        case a.Discharged(planned=True, gun=gun, shots=shots) if gun in picture.guns:
            fired, loaded, _gone = blanks_of(picture, gun)
            if fired + shots > loaded:
                return (_what("more_shots_than_rounds", gun=gun, shots=str(fired + shots), rounds=str(loaded)),)
            return ()
        case a.DayClosed():
            return tuple(_what("blanks_gone", gun=gun, rounds=str(n)) for gun, n in blanks_missing(picture))
        case _:
            return ()


def blanks_missing(picture: Picture) -> Iterator[tuple[Id, int]]:
    """Each gun with how many rounds left it today unaccounted, beyond the shots that were fired with it."""
    for gun in picture.guns:
        fired, _loaded, gone = blanks_of(picture, gun)
        if gone > fired:
            yield gun, gone - fired


def blanks_of(picture: Picture, gun: Id) -> tuple[int, int, int]:
    """Of a gun with its magazines since the day opened: shots fired, rounds it had, and rounds that went nowhere from it."""
    today = _since_day(picture)
    things = _fed_together(picture, gun, today)
    fired = sum(one.act.shots for one in today if isinstance(one.act, a.Discharged) and one.act.gun in things)
    loaded = sum(len(one.act.rows) for one in today if isinstance(one.act, a.Loaded) and one.act.gun in things)
    still = (r for thing in things for r in picture.rounds_in.get(thing, ()))
    kept = sum(1 for r in still if picture.placements[r][-1].entry_index < picture.day_entry)
    # Out of a magazine into the chamber is loaded twice.
    moved = sum(len(one.act.rows) for one in today if isinstance(one.act, a.Unloaded) and one.act.gun in things - {gun})
    gone = sum(
        1
        for steps in picture.placements.values()
        # In the order of their entries: where a round was on the days before is not walked through.
        for step in takewhile(lambda step: step.entry_index >= picture.day_entry >= 0, reversed(steps))
        if step.end is None and step.start is not None and step.start.thing in things
    )
    return fired, loaded + kept - moved, gone


def _since_day(picture: Picture) -> list[Done]:
    if not 0 <= picture.day_entry < len(picture.entry_acts):
        return []
    return picture.journal[picture.entry_acts[picture.day_entry] :]


def _fed_together(picture: Picture, gun: Id, today: list[Done]) -> set[Id]:
    """The gun, every magazine that was in it, and every gun such a magazine was in: their rounds are told apart by nobody."""
    pairs = [(one.act.gun, one.act.container) for one in today if isinstance(one.act, a.MagazineInserted)]
    things = {gun, *fed_by(picture, gun)}
    while grown := {name for pair in pairs if things & {*pair} for name in pair} - things:
        things |= grown
    return things


# --- concerns ------------------------------------------------------------------------------------------------------

_CONCERN: Final = "CONCERN"


def concerns_in_time(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """CONCERN: no concern, about whatever it is, waits for its answer beyond its last day."""
    late = late_concerns(ask.picture)
    return tuple(_what("concern_past_its_day", since=str(opened), due=due_on(ask.picture, opened)) for opened in late)


def late_concerns(picture: Picture) -> tuple[int, ...]:
    """The entries since which concerns are open beyond their last day; none where no rule sets one."""
    opened = (since for since, answered in picture.concerns.values() if answered is None)
    return tuple(since for since in opened if (due := due_on(picture, since)) and not picture.at[:10] <= due)


def due_on(picture: Picture, opened: int) -> str:
    """The last day (YYYY-MM-DD) on which a concern of entry `opened` is answered in time; "" where no rule sets one."""
    rule = picture.rulebook.rule(_CONCERN) if picture.rulebook is not None else None
    if rule is None:
        return ""
    done = acts_of_entry(picture, opened)
    try:
        return str(date.fromisoformat(done[0].at[:10]) + timedelta(days=int(rule.parameters.get("answer_days", 0))))
    except (IndexError, ValueError, OverflowError):
        return "0000-00-00"


FLOOR_CALLS: Final[Mapping[str, CallPredicate]] = MappingProxyType(
    {function.__name__: function for function in (nothing_in_reach, concerns_in_time, guns_per_handler)}
)
FLOOR_FACTS: Final[Mapping[str, FactPredicate]] = MappingProxyType({blanks_add_up.__name__: blanks_add_up})
