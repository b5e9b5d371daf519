"""The named conditions that rulebooks use: each says whether it is met, and what was found when it is not.

A predicate reads the picture and the question, never the clock, and can only add refusals and findings. The kernel's
guards are asked beside them under the same K ids; nothing here can grant what the kernel refuses.
"""

from collections.abc import Mapping
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.asks import CallAsk, CallPredicate, FactAsk, FactPredicate, Found
from coldcheck.custody.asks import found_what as _what
from coldcheck.custody.asks import roles_of as _roles
from coldcheck.custody.attended import held_out_looks
from coldcheck.custody.calibres import may_chamber
from coldcheck.custody.counts import (
    balance_of,
    cells_fit,
    counted_by_two,
    counted_empty,
    counted_today,
    in_other_hands_since_counted,
    left_since_counted,
)
from coldcheck.custody.enrolment import owner_of
from coldcheck.custody.floor_predicates import FLOOR_CALLS, FLOOR_FACTS
from coldcheck.custody.kernel import EMPTY, NOBODY
from coldcheck.custody.look_alikes import alike_to
from coldcheck.custody.magazines import called_things, chambers_of
from coldcheck.custody.moves import direction_fits, is_recalled
from coldcheck.custody.picture import (
    Picture,
    RunCall,
    acts_of_entry,
    assessed_for,
    expected_count,
    fed_by,
    is_handler,
    locked_away,
    offer_over,
    places_of,
    proven_through,
    rounds_under,
)
from coldcheck.custody.profile_predicates import PARAMETERS_OF, PROFILE_CALLS, PROFILE_FACTS
from coldcheck.custody.replicas import may_hold_since
from coldcheck.custody.rulebook_file import BadRulebook, Rule, Rulebook
from coldcheck.custody.signers import may_sign
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Id, Role, RoundKind, same_time
from coldcheck.custody.trace_basis import all_that_rested, shaken_by
from coldcheck.custody.trace_rings import recall_over
from coldcheck.custody.whereabouts import fed_from, live_at_large, live_looks
from coldcheck.custody.wording import REFUSALS, WHO

# --- calls ---------------------------------------------------------------------------------------------------------


def planned(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K1: the gun is in a plan made ahead of the call, for this kind of call, and is nobody's evidence."""
    if ask.gun in ask.picture.held_as_evidence:
        return (_what("evidence"),)
    if ask.gun in ask.picture.apart:
        return (_what("set_apart", entry=str(ask.picture.apart[ask.gun])),)
    if ask.gun in ask.picture.left:
        return (_what("left_production", how=ask.picture.left[ask.gun][0]),)
    if ask.gun in ask.picture.unlike:
        return (_what("registered_otherwise", entry=str(ask.picture.unlike[ask.gun])),)
    return _in_maintenance(ask) or _not_the_gun_of_the_record(ask) or _not_in_plan(ask)


MALFUNCTIONS: Final = frozenset(
    {a.Mishap.BROKEN, a.Mishap.JAMMED, a.Mishap.REPAIRED, a.Work.PART_FITTED, a.Work.PART_REMOVED, a.Work.REPAIRED}
)
LOOKED_AT: Final = frozenset({a.Work.INSPECTED, a.Work.TESTED, a.Work.CAPABILITY_TESTED})


def _in_maintenance(ask: CallAsk) -> tuple[Found, ...]:
    """What broke, jammed or was worked on since somebody who may handle guns inspected or tested it: answers are of no use yet."""
    for line in reversed(ask.picture.conditions.get(ask.gun, ())):
        if line.what in MALFUNCTIONS:
            return (_what("in_maintenance", entry=str(line.entry_index)),)
        if line.what in LOOKED_AT and _by_a_handler(ask.picture, line.entry_index):
            return ()
    return ()


def _by_a_handler(picture: Picture, entry_index: int) -> bool:
    if entry_index in picture.doubted or entry_index in picture.early_looks:
        return False
    own = (done for done in acts_of_entry(picture, entry_index) if isinstance(done.act, a.ConditionNoted))
    return any(is_handler(picture, done.by) for done in own)


def _not_the_gun_of_the_record(ask: CallAsk) -> tuple[Found, ...]:
    """That the gun, or a magazine in it, may be taken for another, or is set apart."""
    for thing in (ask.gun, *fed_by(ask.picture, ask.gun)):
        if alike := alike_to(ask.picture, thing):
            return (_what("named_alike", item=alike[0]),)
    known = ask.picture.guns[ask.gun]
    # Two barrels side by side or one above the other: neither is seen by a look through the other.
    barrels = known.chambers if known.action is ActionType.BREAK else 1
    if known.capability in {Capability.W2, Capability.W3} and known.bores < barrels:
        return (_what("no_bore"),)
    for thing in fed_by(ask.picture, ask.gun):
        if thing in ask.picture.held_as_evidence or thing in ask.picture.apart:
            return (_what("magazine_set_apart", container=thing),)
    return ()


def _not_in_plan(ask: CallAsk) -> tuple[Found, ...]:
    scene = ask.picture.scenes.get(ask.called.scene)
    if scene is None:
        return (_what("no_plan"),)
    if ask.gun not in scene.plan.guns:
        return (_what("gun_not_in_plan", scene=ask.called.scene),)
    if scene.plan.call is not ask.called.call:
        return (_what("other_call_planned", scene=ask.called.scene, planned=scene.plan.call),)
    return ()


def gun_identified(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K1, now: who calls read this gun's own tag, or its serial from the metal, as he called; a run's later parts rest on that."""
    picture, tag, serial = ask.picture, ask.called.tag, ask.called.serial
    if ask.again:
        return ()
    if not tag and not serial:
        return (_what("not_scanned"),)
    out: list[Found] = []
    if tag and tag in picture.left:
        out.append(_what("tag_of_gone", item=tag))
    elif tag and tag != ask.gun:
        out.append(_what("tag_of_another", item=tag))
    if serial and serial != picture.guns[ask.gun].serial:
        out.append(_what("serial_of_another"))
    if tag == ask.gun and not serial and ask.gun in picture.tag_doubted:
        out.append(_what("tag_doubted", entry=str(picture.tag_doubted[ask.gun])))
    return tuple(out)


def caller_handles(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K2: the caller is on exclusive duty and at the place of the plan."""
    duties = ask.picture.duties.get(ask.called.by, {})
    out: list[Found] = []
    if len(duties) != 1 or not all(duties.values()):
        out.append(_what("not_on_exclusive_duty", duties=",".join(sorted(duties)) or "none"))
    scene = ask.picture.scenes.get(ask.called.scene)
    if scene is not None and ask.picture.presence.get(ask.called.by) != scene.plan.place:
        out.append(_what("caller_not_at_place", place=scene.plan.place))
    return tuple(out)


def three_people(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K3: the receiver is a performer of the plan, the announcer is the first AD, and no key stands for two."""
    out: list[Found] = []
    acknowledged, announced = ask.parts.get("acknowledged"), ask.parts.get("announced")
    scene = ask.picture.scenes.get(ask.called.scene)
    if acknowledged is not None and scene is not None and acknowledged.by not in scene.performers_of(ask.gun):
        out.append(_what("receiver_not_planned", who=acknowledged.by))
    receiver = ask.picture.kernel.rcv.get(ask.gun, "")
    if acknowledged is not None and receiver and acknowledged.by != receiver:
        out.append(_what("receiver_not_shown", who=acknowledged.by))
    if announced is not None and Role.FIRST_AD not in _roles(ask.picture, announced.by):
        out.append(_what("announcer_role", who=announced.by))
    # Whoever holds out the phone for one part has signed that part: he cannot be another one himself.
    signers = [{part.key, part.by, owner_of(ask.picture, part.key) or part.by} for part in ask.parts.values()]
    viewer = acknowledged.by if acknowledged is not None else receiver
    answering = {part.by for name, part in ask.parts.items() if name != "acknowledged"} | {
        ask.picture.kernel.wit.get(ask.gun)
    }
    shared = held_out_looks(ask.picture, ask.gun, viewer) & answering
    if shared or len(frozenset().union(*signers)) != sum(map(len, signers)):
        out.append(_what("one_for_two"))
    return tuple(out)


def every_position(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K4: n is what the record has, of one lot of the kind, each round tested since the day opened."""
    unseen = _unseen_in_magazines(ask)
    since = may_hold_since(ask.picture, ask.gun) if ask.called.call is a.CallWord.INERT else None
    if since is not None:
        return (*unseen, _what("said_to_hold_a_round", entry=str(since)))
    kernel = ask.picture.kernel
    astray = set(ask.picture.rounds_in.get(ask.gun, ())) - set(kernel.rounds_in(ask.gun))
    out: list[Found] = []
    if astray and ask.called.call is not a.CallWord.INERT:
        out.append(_what("round_in_no_position", rounds=str(len(astray))))
    if unseen or ask.called.call in {a.CallWord.INERT, a.CallWord.COLD_EMPTY}:
        return (*unseen, *out)
    contents = [
        kernel.pos[at] for thing in called_things(ask.picture, ask.gun) for at in chambers_of(ask.picture, thing)
    ]
    held = [content for content in contents if content != EMPTY and content in ask.picture.cartridges]
    if len(held) != ask.called.count:
        out.append(_what("count_differs", called=str(ask.called.count), recorded=str(len(held))))
    lots = {ask.picture.cartridges[r].lot for r in held}
    if len(lots) > 1:
        out.append(_what("mixed_lots", lots=str(len(lots))))
    out.extend(_what("lot_closed", lot=lot) for lot in sorted(lots & ask.picture.closed_lots.keys()))
    otherwise = sorted(lots & ask.picture.unlike.keys())
    out.extend(_what("lot_registered_otherwise", lot=lot, entry=str(ask.picture.unlike[lot])) for lot in otherwise)
    out.extend(_what("lot_recalled", lot=lot) for lot in sorted(lots) if is_recalled(ask.picture, lot))
    # Lots that were recalled themselves have been named; here is what lay with them, or with a live find, since.
    reached = [find for r in held if (find := recall_over(ask.picture, r)) and find not in lots]
    if reached:
        out.append(_what("under_recall", rounds=str(len(reached)), find=reached[0]))
    named = [ask.picture.named_live[r][0] for r in held if r in ask.picture.named_live]
    if named:
        out.append(_what("rounds_named_live", rounds=str(len(named)), entry=str(max(named))))
    barred = _barred(ask.picture, held)
    if barred:
        out.append(_what("rounds_set_apart", rounds=str(len(barred))))
    # Two people tested each of them, both of them today.
    stale = [r for r in held if _tests_since(ask.picture, r, ask.picture.day_entry - 1) < len(("first", "second"))]
    if stale:
        out.append(_what("tested_before_today", rounds=str(len(stale))))
    return tuple(out)


def _barred(picture: Picture, held: list[Id]) -> list[Id]:
    """Those of these rounds that are set apart or evidence: themselves, their lot, or what they came into the gun from."""
    kept = picture.apart.keys() | picture.held_as_evidence
    out_of = {r for thing in kept if thing in picture.containers for r in fed_from(picture, thing)}
    return [r for r in held if r in out_of or {r, picture.cartridges[r].lot} & kept]


def _unseen_in_magazines(ask: CallAsk) -> tuple[Found, ...]:
    """What may be in the gun's magazines that nobody answered for, place by place; one counted at zero holds nothing."""
    picture, out = ask.picture, list[Found]()
    for thing in fed_by(picture, ask.gun):
        if _looked_at_before_it_came_back(ask, thing):
            out.append(_what("magazine_came_back", container=thing))
            continue
        if counted_empty(picture, thing):
            continue
        answered = proven_through(picture, thing) and ask.called.call is not a.CallWord.INERT
        if not answered and _holds_rounds(picture, thing):
            # What is in a magazine reaches a chamber unseen: no call stands over it.
            out.append(_what("magazine_not_empty", container=thing))
        elif not answered:
            # That the record has no rounds in it is no look into it.
            out.append(_what("magazine_not_counted", container=thing))
        elif ask.again and ask.called.call is a.CallWord.COLD_DUMMY and picture.kernel.rounds_in(thing):
            # A turnaround is of chambers: what is in a magazine is called anew.
            out.append(_what("magazine_called_anew", container=thing))
    return (*out, *_well_unseen(ask))


_REPEATERS: Final = frozenset({ActionType.LEVER, ActionType.PUMP, ActionType.BOLT})
"""What has a tube or a fixed magazine. Registered with one chamber alone, nothing of it is in the record."""


def _well_unseen(ask: CallAsk) -> tuple[Found, ...]:
    """That nobody has said what a gun feeds itself from: no magazine that is in it, nor its taking out, nor a count of the whole gun.

    No chamber shows what comes up next. What was said counts since the gun was last picked up, left, given or doubted.
    A tube whose places are positions of the gun is answered with them, place by place.
    """
    picture, gun = ask.picture, ask.gun
    known = picture.guns[gun]
    feeds = known.action is ActionType.SEMI_AUTOMATIC or (known.action in _REPEATERS and known.chambers == 1)
    if ask.called.call is a.CallWord.INERT or not feeds:
        return ()
    alone, _ = picture.left_alone_at.get(gun, (-1, ""))
    since = max(picture.day_entry, picture.back_at.get(gun, -1), picture.filled_at.get(gun, -1), alone)
    counted = counted_by_two(picture, gun) and picture.counts[gun].first_entry > since
    # To take a magazine out is a doubt of its own, and of the same entry.
    taken_out = picture.well_empty_at.get(gun, -1) >= since
    if fed_by(picture, gun) or counted or taken_out:
        return ()
    return (_what("feed_not_looked_into" if known.action in _REPEATERS else "well_not_looked_into"),)


def _looked_at_before_it_came_back(ask: CallAsk, thing: Id) -> bool:
    """Whether gun or magazine was out of handlers' hands since somebody answered or counted what is in its magazine, as K6 asks of the gun."""
    picture = ask.picture
    back = max(picture.back_at.get(ask.gun, -1), picture.back_at.get(thing, -1))
    if ask.called.call is a.CallWord.INERT:
        return False
    if counted_empty(picture, thing):
        return picture.counts[thing].first_entry < back
    return proven_through(picture, thing) and any(
        picture.first_answers.get(at, back) < back for at in places_of(picture, thing)
    )


def nothing_open(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K5: no stop is open (the kernel asks too), so that the refusal can name which, and no live find was left lying."""
    stops = tuple(_what("stop_open", stop=str(number)) for number in sorted(ask.picture.open_stops))
    about = ask.picture.about
    concerns = ((c, opened) for c, (opened, answered) in ask.picture.concerns.items() if answered is None)
    left = tuple(_what("live_round_left", item=r, entry=str(entry)) for r, entry in live_at_large(ask.picture))
    own = (_what("concern_open", since=str(opened)) for c, opened in concerns if ask.gun in about.get(c, ()))
    seen = (_what("live_look_open", item=t, position=p, entry=str(entry)) for t, p, entry in live_looks(ask.picture))
    lost = tuple(_what("not_placed", entry=str(entry)) for entry in ask.picture.not_placed)
    return (*stops, *left, *seen, *own, *lost)


def in_the_chain(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K6: since each position was answered, the gun was in handlers' hands alone. In a run the rule RUN asks instead.

    That it is in the caller's hand now is the kernel's guard. A call that it cannot fire at all rests on a look since then.
    """
    picture, back = ask.picture, ask.picture.back_at.get(ask.gun, -1)
    waiting = tuple(
        picture.offers[thing].to for thing in called_things(picture, ask.gun) if offer_over(picture, thing, ask.now)
    )
    if waiting:
        # It is in nobody's proven hand any more, whether or not an entry has said so since.
        return tuple(_what("not_taken_in_time", who=who) for who in waiting)
    if ask.again:
        return ()
    # A replica that came back may be another one by its looks: somebody looks at what it can fire again.
    looked_at = ask.called.call is a.CallWord.INERT
    inside = [name for name in picture.guns[ask.gun].positions if (name == "capability") == looked_at]
    old = sum(1 for name in inside if picture.first_answers.get((ask.gun, name), back) < back)
    return (_what("answered_before_it_came_back", positions=str(old), entry=str(back)),) if old else ()


DAY_MS: Final = 18 * 60 * 60 * 1000
"""No day of work is longer: what was answered, tested and counted before was yesterday's."""


def day_counted(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K7: armorer or property master and first AD opened the day, and every container of rounds that is out was counted."""
    if ask.picture.day is None:
        return (_what("day_not_open"),)
    out = [
        _what("not_counted", container=thing)
        for thing in ask.picture.containers
        if _out_with_rounds(ask.picture, thing)
        and not counted_today(ask.picture, thing)
        and not (thing in fed_by(ask.picture, ask.gun) and proven_through(ask.picture, thing))
    ]
    # Nobody knows where they are: that no more are missing, two people say.
    out.extend(
        _what("not_counted", container=thing)
        for thing, entry in ask.picture.lost_from.items()
        if entry > ask.picture.day_entry
        and not (counted_today(ask.picture, thing) and ask.picture.counts[thing].first_entry > entry)
    )
    scene = ask.picture.scenes.get(ask.called.scene)
    place = scene.plan.place if scene is not None else ""
    out.extend(
        _what("left_since_counted", container=thing)
        for thing in ask.picture.left_alone_at
        if thing in ask.picture.containers
        and _out_with_rounds(ask.picture, thing)
        and left_since_counted(ask.picture, thing, place=place)
    )
    out.extend(
        _what("in_other_hands_since_counted", container=thing)
        for thing in ask.picture.other_hands_at
        if thing in ask.picture.containers
        and _out_with_rounds(ask.picture, thing)
        and in_other_hands_since_counted(ask.picture, thing)
    )
    lots = {ask.picture.cartridges[r].lot for r in rounds_under(ask.picture, ask.gun) if r in ask.picture.cartridges}
    calibre = ask.picture.guns[ask.gun].calibre
    # What is missing of any lot that fits it may be in it, and what no round of the record is in it tells nothing.
    lots |= {lot for lot, known in ask.picture.lots.items() if may_chamber(known.calibre, calibre)}
    off = ((lot, balance_of(ask.picture, lot)) for lot in sorted(lots - {""}))
    out.extend(_what("lot_off", lot=lot, missing=str(missing)) for lot, missing in off if missing)
    openers = frozenset().union(*(_roles(ask.picture, who) for who in ask.picture.day_opened_by))
    if Role.FIRST_AD not in openers or not openers & {Role.ARMORER, Role.PROPERTY_MASTER}:
        out.append(_what("day_opened_by_one"))
    open_ms = same_time(since=ask.picture.day_opened_at, until=ask.now)
    if open_ms is not None and open_ms > DAY_MS:
        out.append(_what("day_too_long"))
    return tuple(out)


def _holds_rounds(picture: Picture, thing: Id) -> bool:
    return bool(picture.rounds_in.get(thing)) or expected_count(picture, thing) > 0


def _out_with_rounds(picture: Picture, thing: Id) -> bool:
    """Whether a container holds rounds and is not under lock. That somebody is said to have locked it away spares nobody the count."""
    if picture.containers[thing].kind is ContainerKind.VAULT and not picture.custody.get(thing):
        return False
    told = picture.rounds_in.get(thing) or any(picture.loose.get(thing, {}).values())
    if not told and not expected_count(picture, thing):
        return False
    return locked_away(picture, thing) is None


def briefed(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K8: meeting and assessment are later than the last change, and everyone in the line was at the meeting."""
    scene = ask.picture.scenes.get(ask.called.scene)
    if scene is None:
        return ()
    out: list[Found] = []
    newest = max(scene.planned_entry, scene.changed_entry)
    if scene.met_entry < newest:
        out.append(_what("no_meeting", scene=ask.called.scene))
    if assessed_for(ask.picture, scene) not in scene.assessed:
        out.append(_what("not_assessed", scene=ask.called.scene))
    people = (*scene.plan.line, *scene.performers_of(ask.gun), ask.called.by)
    out.extend(_what("not_briefed", who=who) for who in dict.fromkeys(people) if who not in scene.attended)
    return tuple(out)


def seen_by_receiver(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """K9: the receiver looked at all that was shown and is still there, as is the witness, and nobody who asked to see waits.

    Who has answered n of n in an open show is the kernel's guard; what was opened to the eye, and who went where, it does not know.
    """
    picture = ask.picture
    out = [_what("asked_and_waiting", who=who or "somebody") for who in sorted(picture.asked.get(ask.gun, {}))]
    if ask.called.call is a.CallWord.INERT:
        return tuple(out)
    receiver, witness = picture.kernel.rcv.get(ask.gun, NOBODY), picture.kernel.wit.get(ask.gun, NOBODY)
    for thing in called_things(picture, ask.gun):
        # Who was shown no magazine at all, the guards say.
        if receiver != NOBODY and picture.kernel.rcv.get(thing) == receiver:
            out.extend(_unseen_in_show(picture, thing, receiver))
    scene = picture.scenes.get(ask.called.scene)
    place = scene.plan.place if scene is not None else None
    away = (who for who in (receiver, witness) if place and picture.presence.get(who, place) != place)
    out.extend(_what("elsewhere", who=who) for who in away)
    return tuple(out)


def _unseen_in_show(picture: Picture, thing: Id, receiver: Id) -> tuple[Found, ...]:
    """What the receiver has not looked at since the last show of `thing` began, or has lost sight of since he did."""
    chambers = chambers_of(picture, thing)
    began, _ = picture.shown.get(thing, (picture.size, frozenset()))
    looked = [picture.looks.get(at, {}).get(receiver, -1) for at in chambers]
    seen = sum(1 for entry in looked if entry >= began)
    if seen < len(chambers):
        return (_what("seen_in_part", who=receiver, seen=str(seen), all=str(len(chambers))),)
    gone = max(picture.went_at.get(receiver, -1), picture.sight_gone.get((thing, receiver), -1))
    return (_what("receiver_lost_sight", who=receiver),) if chambers and gone >= min(looked) else ()


def three_parts(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """K10: called, announced and acknowledged are all there, say the same, and came in time."""
    out: list[Found] = []
    limit = rule.parameters.get("part_ms", 0)
    for name in ("announced", "acknowledged"):
        part = ask.parts.get(name)
        if part is None:
            out.append(_what("part_missing", part=name))
        elif (part.call, part.count, part.powder) != (ask.called.call, ask.called.count, ask.called.powder):
            out.append(_what("part_differs", part=name))
        elif (name == "acknowledged" or not ask.again) and part.seen_size <= _answered_to(ask):
            out.append(_what("part_of_another", part=name))
    if ask.called.seen_size < 0 or (not ask.again and _other_since(ask)):
        out.append(_what("part_of_another", part="called"))
    # In a run the first two parts serve again; how long, is the run's own limit.
    for part in () if ask.again else ask.parts.values():
        age_ms = same_time(since=part.now, until=ask.now)
        if age_ms is None or age_ms > int(limit):
            out.append(_what("part_too_old", part=part.part))
    return tuple(out)


def _other_since(ask: CallAsk) -> bool:
    """Whether the set was stopped, or the scene planned anew or changed, since the gun was called: that call was of before."""
    called, scene = ask.called.entry_index, ask.picture.scenes.get(ask.called.scene)
    # They stand in the order of their entries: the newest is the last.
    stopped = next(reversed(ask.picture.stops), -1) > called
    return stopped or (scene is not None and called < max(scene.planned_entry, scene.changed_entry))


def _answered_to(ask: CallAsk) -> int:
    """The entry that announcer's and receiver's parts answer to: the call, and in a run the gun's last coming back."""
    return ask.picture.back_at.get(ask.gun, ask.called.entry_index) if ask.again else ask.called.entry_index


def duties_owned(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """DUTY: every duty of the day's list is accepted by the one it is given to."""
    day = ask.picture.day
    listed = ask.picture.day_duties.get(day, {}) if day is not None else {}
    accepted = ask.picture.duties_accepted
    return tuple(
        _what("duty_unowned", duty=duty) for duty, who in listed.items() if accepted.get((day or 0, duty)) != who
    )


def terms_signed(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """TERMS: where the production has adopted its words, everyone who has a part in a call has signed them."""
    terms = ask.picture.terms
    people = dict.fromkeys(part.by for part in ask.parts.values()) if terms else {}
    return tuple(_what("terms_not_signed", who=who) for who in people if ask.picture.terms_signed.get(who) != terms)


def need_decided(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """Why this gun and nothing less is used in the scene is decided and signed, with what else was considered."""
    kinds = str(rule.parameters.get("capabilities", "")).split()
    if ask.picture.guns[ask.gun].capability.value not in kinds or (ask.called.scene, ask.gun) in ask.picture.needs:
        return ()
    return (_what("need_not_decided", scene=ask.called.scene),)


def run_goes_on(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """RUN: this part was named in advance, no rule forbids so many, and the gun was shown or turned around since it came back."""
    if not ask.called.run:
        return ()
    run, run_call = ask.picture.runs[ask.called.run], ask.picture.run_calls.get(ask.gun)
    if not ask.again or run_call is None:
        return ()
    out: list[Found] = []
    most = int(rule.parameters.get("most_parts", 1))
    if run_call.granted_count >= most:
        out.append(_what("no_further_part_here", run=run.run, most=str(most)))
    if ask.called.call is a.CallWord.HOT_BLANK:
        out.append(_what("blanks_always_new", run=run.run))
    if run_call.granted_count >= len(run.parts):
        out.append(_what("run_over", run=run.run, parts=str(len(run.parts))))
    age_ms = same_time(since=run_call.now, until=ask.now)
    if age_ms is None or age_ms > int(rule.parameters.get("run_ms", 0)):
        out.append(_what("run_too_long", run=run.run))
    return (*out, *_shown_again(ask, run_call))


def _shown_again(ask: CallAsk, run_call: RunCall) -> tuple[Found, ...]:
    """What announcer and receiver have not seen since the gun was last out of the handler's hand, or called."""
    picture = ask.picture
    back = (held.entry_index for held in reversed(picture.custody.get(ask.gun, [])) if not held.reported)
    since = max(run_call.granted_entry, next(back, -1))
    things = called_things(picture, ask.gun)
    looked_at = [at for thing in things for at in chambers_of(picture, thing)] or [(ask.gun, "capability")]
    receiver = ask.parts["acknowledged"].by if "acknowledged" in ask.parts else ""
    out = [
        _what("not_shown_again", who=who)
        for who in (run_call.announced.by, receiver)
        if who and not all(picture.looks.get(at, {}).get(who, -1) > since for at in looked_at)
    ]
    if ask.called.call is a.CallWord.COLD_DUMMY:
        rounds = picture.kernel.rounds_in(ask.gun)
        old = sum(1 for r in rounds if _tests_since(picture, r, since) < len((ask.called.by, run_call.announced.by)))
        if old:
            out.append(_what("not_turned", rounds=str(old)))
    return tuple(out)


def _tests_since(picture: Picture, round_id: Id, since: int) -> int:
    # In the order of their entries: what is older than `since` is not walked through, however much of it there is.
    newer = takewhile(lambda note: note[0] > since, reversed(picture.proofs.get(round_id, [])))
    return sum(1 for _, what in newer if what == "tested")


# --- facts ---------------------------------------------------------------------------------------------------------


def on_the_manifest(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I5: where a supplier said before what will come, nothing else comes from him."""
    known = ask.picture.manifests.get(ask.by)
    match ask.act:
        case a.Delivered(lot=thing):
            pass
        case a.HandedOver(item=thing) if thing in ask.picture.guns:
            pass
        case _:
            return ()
    return () if not known or thing in known else (_what("not_on_manifest", item=thing),)


def seal_as_applied(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I6: the seal that is broken is the one that was applied."""
    match ask.act:
        case a.SealBroken() if ask.picture.seals.get(ask.act.container, "") != ask.act.seal:
            applied = ask.picture.seals.get(ask.act.container, "none")
            return (_what("seal_differs", container=ask.act.container, applied=applied, read=ask.act.seal),)
        case _:
            return ()


def directed_as_planned(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """DIRECT: what is done with a gun is directed by who was named for it, or by its keeper, and is what was planned."""
    match ask.act:
        case a.DirectionGiven() if not direction_fits(ask.picture, by=ask.by, act=ask.act):
            return (_what("direction_through_keeper", gun=ask.act.gun, action=ask.act.action),)
        case _:
            return ()


def signed_by_whose_it_is(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """SIGN: plan, meeting, assessment, paper, credential, and who answers for what, come from whoever has the role for it."""
    if may_sign(ask.picture, ask.by, ask.act):
        return ()
    return (_what("lets_nothing_in"),)


_MOST_NAMED: Final = 60


def nothing_rests_on_it(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """BASIS: no later act rested on what this act puts in doubt."""
    bases = shaken_by(ask.picture, ask.act)
    if not bases:
        return ()
    rested = tuple(dict.fromkeys(flagged.done.entry_index for flagged in all_that_rested(ask.picture, bases)))
    if not rested:
        return ()
    first = ",".join(map(str, rested[:_MOST_NAMED]))
    named = ",".join(str(basis.entry_index) for basis in bases[:_MOST_NAMED])
    return (_what("rested_on_it", bases=named, acts=str(len(rested)), entries=first),)


def signed_receipt(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I1: what arrives has a supplier's signed half that names the same lot, container, count and receiver."""
    match ask.act:
        case a.BroughtIn():
            return (_what("brought_in", origin=ask.act.origin),)
        case a.Received(source=""):
            return (_what("no_supplier"),)
        case a.Received():
            given = ask.picture.delivered.get((ask.act.lot, ask.act.container))
            if given is None or given[1:] != (ask.act.source, ask.act.count, ask.by):
                return (_what("halves_differ"),)
            if not cells_fit(ask.act):
                return (_what("cells_differ", count=str(ask.act.count), cells=str(len(ask.act.cells))),)
            return ()
        case _:
            return ()


def lot_can_be_told(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I2: a lot of dummies has at least two tests, one of them strong, before any of it is used."""
    match ask.act:
        case a.LotRegistered(kind=RoundKind.DUMMY):
            if len(ask.act.tests) > 1 and ask.act.strong:
                return ()
            return (_what("no_strong_test", tests=str(len(ask.act.tests))),)
        case a.LotRegistered(kind=RoundKind.LIVE | RoundKind.UNKNOWN):
            return (_what("not_for_a_set", kind=ask.act.kind),)
        case _:
            return ()


def shown_whole(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I3: a show names every position of the gun; a partial one is recorded and supports no call."""
    match ask.act:
        case a.Showed():
            gun = ask.picture.guns.get(ask.act.gun)
            if gun is None or {name for name in gun.positions if name.isdigit()} <= set(ask.act.positions):
                return ()
            return (_what("shown_in_part", shown=str(len(ask.act.positions)), all=str(gun.chambers)),)
        case _:
            return ()


def said_under_a_call(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """I4: words about a gun's state are said while no call was granted on it: kept, and no basis for anything."""
    match ask.act:
        case a.Told() if ask.act.gun not in ask.picture.calls:
            return (_what("only_told", meaning=ask.act.gist),)
        case _:
            return ()


def one_duty(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """V14: an exclusive duty stands alone."""
    match ask.act:
        case a.DutyOpened():
            others = {duty: alone for duty, alone in ask.picture.duties.get(ask.by, {}).items() if duty != ask.act.duty}
            if others and (ask.act.exclusive or any(others.values())):
                return (_what("second_duty", duty=ask.act.duty, beside=",".join(sorted(others))),)
            return ()
        case _:
            return ()


_USE: Final = (a.Loaded, a.Showed, a.HandedOver, a.Taken, a.Unloaded, a.Moved, a.Poured)
_HANDLING: Final = (*_USE, a.PickedUp, a.Stowed, a.Disposed, a.Cleared)


def nothing_while_stopped(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """V23: a stop is open; what is done all the same is recorded."""
    told = ask.act.told if isinstance(ask.act, a.Reported) else ask.act
    planned_shot = isinstance(told, a.Discharged) and told.planned
    if (
        not ask.picture.open_stops
        or not (isinstance(told, _USE) or planned_shot)
        or _goes_back(ask.picture, told, ask.by)
    ):
        return ()
    return (_what("stop_open", stop=str(min(ask.picture.open_stops))),)


def _goes_back(picture: Picture, act: a.Act, by: Id) -> bool:
    """Whether a gun goes from a performer back to a handler: that is what a stop asks for."""
    match act:
        case a.HandedOver(item=item, to=taker):
            giver = by
        case a.Taken(item=item, giver=giver):
            taker = by
        case _:
            return False
    return item in picture.guns and Role.PERFORMER in _roles(picture, giver) and is_handler(picture, taker)


def nothing_while_frozen(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """V25: everything is held as evidence; what is handled or thrown away all the same is recorded with time and signer.

    So is a place that is made another one, or a key that stood then and is taken back or changed: facts, never refused.
    """
    told = ask.act.told if isinstance(ask.act, a.Reported) else ask.act
    changes = isinstance(told, a.KeyRevoked | a.KeyRotated) or (
        isinstance(told, a.PlaceRegistered) and told.place in ask.picture.places
    )
    if ask.picture.frozen_entry is not None and changes:
        return (_what("frozen", freeze=str(ask.picture.frozen_entry), act=a.wire_name(type(told))),)
    if not isinstance(told, _HANDLING):
        return ()
    if ask.picture.frozen_entry is not None:
        return (_what("frozen", freeze=str(ask.picture.frozen_entry), act=a.wire_name(type(told))),)
    held = a.ids_in(a.plain(told)) & ask.picture.held_as_evidence if ask.picture.held_as_evidence else ()
    return tuple(_what("evidence", item=item, act=a.wire_name(type(told))) for item in sorted(held))


CALL_PREDICATES: Final[Mapping[str, CallPredicate]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            planned, gun_identified, caller_handles, three_people, every_position, nothing_open, in_the_chain, day_counted, briefed,
            seen_by_receiver, three_parts, run_goes_on, duties_owned, terms_signed, need_decided,
        )
    }
    | dict(PROFILE_CALLS)
    | dict(FLOOR_CALLS)
)  # fmt: skip
FACT_PREDICATES: Final[Mapping[str, FactPredicate]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            signed_receipt,
            lot_can_be_told,
            shown_whole,
            said_under_a_call,
            one_duty,
            nothing_while_stopped,
            nothing_while_frozen,
            on_the_manifest,
            seal_as_applied,
            directed_as_planned,
            signed_by_whose_it_is,
            nothing_rests_on_it,
        )
    }
    | dict(PROFILE_FACTS)
    | dict(FLOOR_FACTS)
)
ELSEWHERE: Final = frozenset({"from_moves", "lifted_by_three", "no_hold_open"})
"""Conditions whose answer `rules.judge` takes from the moves, from the stop itself, or from the book of keys."""
PREDICATE_NAMES: Final = frozenset(CALL_PREDICATES) | frozenset(FACT_PREDICATES) | ELSEWHERE
HARD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "K3": "three_people",
        "K4": "every_position",
        "K5": "nothing_open",
        "K6": "in_the_chain",
        "K9": "seen_by_receiver",
        "LIFT": "lifted_by_three",
        "H1": "no_hold_open",
        "I2": "lot_can_be_told",
        **{f"V{number:02}": "from_moves" for number in (*range(1, 14), *range(15, 23), 24)},
        "V25": "nothing_while_frozen",
    }
)
"""Rules that no production may switch off, with their predicates. What they say the kernel holds to in any case."""
_NUMBERS: Final = (
    ("K10", "part_ms"), ("V03", "accept_ms"), ("V07", "cold_empty_ms"), ("V07", "cold_dummy_ms"),
    ("V07", "hot_blank_ms"), ("V07", "inert_ms"),
)  # fmt: skip


def verify_fit(rulebook: Rulebook) -> None:
    """Nothing if this rulebook can judge: every number is set, every predicate stands at a gate that asks such. Raises BadRulebook.

    It is asked before a rulebook comes into force: one that fails while judging would stop the record.
    """
    for rule_id, parameter in _NUMBERS:
        rulebook.number(rule_id, parameter)
    for rule_id, predicate in HARD.items():
        kept = rulebook.rule(rule_id)
        if kept is None or kept.predicate != predicate:
            raise BadRulebook(f"Rule {rule_id} is one that no production may switch off; keep it with {predicate}.")
    asked: dict[str, Mapping[str, object]] = {"call": CALL_PREDICATES, "fact": FACT_PREDICATES}
    for rule in rulebook.rules:
        if rule.gate in asked and rule.predicate not in asked[rule.gate]:
            raise BadRulebook(
                f"{rule.place}: Rule {rule.id} of rulebook {rulebook.name} asks {rule.predicate} at the gate {rule.gate}, where it has no answer."
                " Name a predicate of that gate and adopt the file again."
            )
        needed, allowed = PARAMETERS_OF.get(rule.predicate, (frozenset(), frozenset()))
        given = frozenset(rule.parameters)
        if not needed <= given <= needed | allowed:
            odd = ", ".join(sorted((needed - given) | (given - needed - allowed)))
            raise BadRulebook(
                f"{rule.place}: Rule {rule.id} of rulebook {rulebook.name} lacks or does not know the parameter: {odd}."
            )
        if rule.refusal not in REFUSALS or rule.who not in WHO:
            raise BadRulebook(
                f"{rule.place}: Rule {rule.id} of rulebook {rulebook.name} names the words {rule.refusal} and {rule.who}; one is not known."
            )
