"""The conditions of the profiles: what a place's own rules ask beyond the core, each as a small named predicate.

Like those of the core they read picture and question, never the clock, and can only add refusals and findings. What a
rule is about stands in its parameters (which paper, which credential, which calls); the law's words are nowhere here.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.asks import CallAsk, CallPredicate, FactAsk, FactPredicate, Found, roles_of
from coldcheck.custody.asks import found_what as _what
from coldcheck.custody.kernel import EMPTY, NOBODY, UNKNOWN
from coldcheck.custody.picture import (
    Picture,
    Scene,
    acts_of_entry,
    expected_count,
    holder_of,
    is_handler,
    own_hand_on,
    rounds_under,
)
from coldcheck.custody.rulebook_file import Rule
from coldcheck.custody.things import Hold, Id, Relation, Role, RoundKind


def _said(rule: Rule, parameter: str) -> str:
    return str(rule.parameters.get(parameter, ""))


def _list(rule: Rule, parameter: str) -> tuple[str, ...]:
    """The words of a parameter that lists several; none when it is not set."""
    return tuple(word for word in _said(rule, parameter).replace(",", " ").split() if word)


def _number(rule: Rule, parameter: str) -> int:
    return int(rule.parameters.get(parameter, 0))


def _scene(ask: CallAsk) -> Scene | None:
    return ask.picture.scenes.get(ask.called.scene)


def _performers(ask: CallAsk) -> tuple[Id, ...]:
    """Who is to get the gun: all that are planned, else who acknowledged; nobody when neither is known."""
    scene = _scene(ask)
    if scene is not None:
        return scene.performers_of(ask.gun)
    part = ask.parts.get("acknowledged")
    return (part.by,) if part is not None else ()


def _applies(ask: CallAsk, rule: Rule) -> bool:
    """Whether a rule that is only for some calls, some guns or a line with people in it is about this call."""
    scene = _scene(ask)
    calls, capabilities = _list(rule, "calls"), _list(rule, "capabilities")
    if calls and ask.called.call.value not in calls:
        return False
    if capabilities and ask.picture.guns[ask.gun].capability.value not in capabilities:
        return False
    return not _said(rule, "line") or (scene is not None and bool(scene.plan.line))


# --- calls ---------------------------------------------------------------------------------------------------------


def paper_there(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """A paper of the scene, the gun or the production is recorded; with `by`, a handler signed it too."""
    if not _applies(ask, rule) or not _asked_when(ask, rule):
        return ()
    paper, subject = _said(rule, "paper"), _subject(ask, rule)
    signed = ask.picture.papers.get((paper, subject), {})
    if not signed:
        return (_what("paper_missing", paper=paper, of=subject or "the production"),)
    if _said(rule, "by") and not any(is_handler(ask.picture, who) for who in signed):
        return (_what("paper_not_signed_by_handler", paper=paper, of=subject or "the production"),)
    return ()


def _asked_when(ask: CallAsk, rule: Rule) -> bool:
    """Whether the other paper of the scene is there on which the question depends; True where it depends on none."""
    when = _said(rule, "when")
    return not when or bool(ask.picture.papers.get((when, ask.called.scene)))


def paper_of_lots(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """Each lot that rounds in the gun are of has its paper."""
    if not _applies(ask, rule):
        return ()
    picture, paper = ask.picture, _said(rule, "paper")
    held = (r for r in rounds_under(picture, ask.gun) if r in picture.cartridges)
    lots = dict.fromkeys(picture.cartridges[r].lot for r in held)
    return tuple(
        _what("paper_missing", paper=paper, of=lot or "rounds of no lot")
        for lot in lots
        if not picture.papers.get((paper, lot))
    )


def paper_current(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """The paper, where there is one, was recorded after the scene was last planned or changed."""
    scene, paper, subject = _scene(ask), _said(rule, "paper"), _subject(ask, rule)
    signed = ask.picture.papers.get((paper, subject), {})
    changed = max(scene.planned_entry, scene.changed_entry) if scene is not None else -1
    if signed and max(signed.values()) < changed:
        return (_what("paper_older_than_change", paper=paper, of=subject),)
    return ()


def _subject(ask: CallAsk, rule: Rule) -> str:
    match _said(rule, "about"):
        case "scene":
            return ask.called.scene
        case "gun":
            return ask.gun
        case _:
            return ""


def caller_credentials(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """The caller's credentials are recorded by somebody else and not past their day."""
    if not _applies(ask, rule):
        return ()
    return tuple(
        found
        for credential in _list(rule, "credentials")
        for found in _credential(ask.picture, ask.called.by, credential)
    )


def people_credentials(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """Everyone in the line, the performer and the caller have it."""
    scene = _scene(ask)
    line = scene.plan.line if scene is not None else ()
    people = dict.fromkeys((*line, *_performers(ask), ask.called.by))
    return tuple(
        found
        for who in people
        if who
        for credential in _list(rule, "credentials")
        for found in _credential(ask.picture, who, credential)
    )


def _credential(picture: Picture, who: Id, credential: str) -> tuple[Found, ...]:
    until = picture.credentials.get((who, credential))
    if until is None:
        return (_what("credential_missing", who=who, credential=credential),)
    if not _is_current(picture, until):
        return (_what("credential_past", who=who, credential=credential, until=until),)
    return ()


def _is_current(picture: Picture, until: str) -> bool:
    """Whether a last day is not past: the day itself still counts, and what is no date counts as past."""
    return until[:4].isdigit() and picture.at[:10] <= until


def receiver_trained(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """Whoever gets the gun was trained on this one by a handler, and that is not past its day."""
    picture, gun = ask.picture, ask.gun
    out: list[Found] = []
    for who in _performers(ask):
        until = picture.trained_until.get((who, gun), "")
        if (who, gun) not in picture.trained:
            out.append(_what("not_trained", who=who, gun=gun))
        elif until and not _is_current(picture, until):
            out.append(_what("training_past", who=who, gun=gun, until=until))
    return tuple(out)


def meeting_today(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """The meeting for the scene was held since the day opened."""
    scene = _scene(ask)
    if scene is None or scene.met_entry >= ask.picture.day_entry:
        return ()
    return (_what("met_before_today", scene=ask.called.scene),)


def briefed_anew(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """After a stop, lifted or not, or a misfire there was a meeting before the next call."""
    scene = _scene(ask)
    # They stand in the order of their entries: the newest is the last.
    newest = max(next(reversed(ask.picture.stops), -1), ask.picture.misfired_entry)
    if scene is None or newest < max(scene.planned_entry, scene.met_entry):
        return ()
    return (_what("not_briefed_anew", scene=ask.called.scene, entry=str(newest)),)


def announcer_saw(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """Who announces has seen the gun himself since it was last prepared: as the second to answer, or in a show."""
    part = ask.parts.get("announced")
    if part is None or ask.picture.kernel.wit.get(ask.gun) == part.by:
        return ()
    prepared = ask.picture.checked.get(ask.gun, (ask.picture.size, ""))[0]
    for done in reversed(ask.picture.journal):
        if done.entry_index < prepared:
            break
        if isinstance(done.act, a.Seen) and (done.by, done.act.gun) == (part.by, ask.gun):
            return ()
    return (_what("announcer_not_seen", who=part.by),)


def enough_handlers(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """No handler on exclusive duty has more guns out than `most_guns`."""
    picture = ask.picture
    out = [gun for gun in picture.guns if _is_out(picture, gun)]
    handlers = [who for who, duties in picture.duties.items() if is_handler(picture, who) and any(duties.values())]
    most = _number(rule, "most_guns")
    if len(out) <= most * len(handlers):
        return ()
    return (_what("too_few_handlers", guns=str(len(out)), handlers=str(len(handlers)), most=str(most)),)


def _is_out(picture: Picture, item: Id) -> bool:
    """Whether a thing that the record has anywhere is not under lock."""
    held = holder_of(picture, item)
    return held is not None and held.hold is not Hold.LOCKED


def only_calls(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """Only these calls are made here."""
    if ask.called.call.value in _list(rule, "calls"):
        return ()
    return (_what("call_not_made_here", call=ask.called.call, calls=", ".join(_list(rule, "calls"))),)


def caller_one_role(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """The caller is entered in one role and no other."""
    roles = roles_of(ask.picture, ask.called.by)
    return (_what("caller_has_roles", roles=", ".join(sorted(roles))),) if len(roles) > 1 else ()


def caller_named_for(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """The caller is the one who is named for the matter."""
    matter = _said(rule, "matter")
    if ask.picture.accountable.get(matter) == ask.called.by:
        return ()
    return (_what("caller_not_named", matter=matter),)


def concerns_answered(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """No concern that was raised before the day opened is still without an answer."""
    return tuple(
        _what("concern_unanswered", concern=concern, entry=str(raised))
        for concern, (raised, answered) in sorted(ask.picture.concerns.items())
        if answered is None and raised < ask.picture.day_entry
    )


def training_doubt_cleared(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """A concern that a handler raised about training was answered by a handler."""
    concern = _said(rule, "concern")
    raised, answered = ask.picture.concerns.get(concern, (-1, None))
    if raised < 0 or not any(is_handler(ask.picture, done.by) for done in acts_of_entry(ask.picture, raised)):
        return ()
    if answered is not None and any(is_handler(ask.picture, done.by) for done in acts_of_entry(ask.picture, answered)):
        return ()
    return (_what("training_doubt_open", concern=concern, entry=str(raised)),)


def idle_guns_locked(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """Every gun that is neither in this plan nor under a call of its own is under lock."""
    scene = _scene(ask)
    wanted = {*(scene.plan.guns if scene is not None else ()), *ask.picture.calls, ask.gun}
    idle = (gun for gun in ask.picture.guns if gun not in wanted and _is_out(ask.picture, gun))
    return tuple(_what("gun_not_required", gun=gun) for gun in idle)


def powder_in_public(ask: CallAsk, rule: Rule) -> tuple[Found, ...]:
    """Where the scene is in a public place, by its paper, blanks are of this load."""
    powder = _said(rule, "powder")
    if not ask.called.powder or ask.called.powder == powder or not _asked_when(ask, rule):
        return ()
    return (_what("load_too_strong_here", load=ask.called.powder, allowed=powder),)


# --- things that come in -------------------------------------------------------------------------------------------


def kind_told(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A lot says what its rounds are."""
    if isinstance(ask.act, a.LotRegistered) and ask.act.kind is RoundKind.UNKNOWN:
        return (_what("kind_not_told", lot=ask.act.label),)
    return ()


def no_live_lot(ask: FactAsk, rule: Rule) -> tuple[Found, ...]:
    """No live lot is registered or received; with `paper`, unless that paper of the production was recorded before."""
    paper = _said(rule, "paper")
    if paper and ask.picture.papers.get((paper, "")):
        return ()
    match ask.act:
        case a.LotRegistered(kind=RoundKind.LIVE):
            return (_what("live_lot", lot=ask.act.label, paper=paper or "none"),)
        case a.Received() if _kind(ask.picture, ask.act.lot) is RoundKind.LIVE:
            return (_what("live_lot", lot=ask.act.lot, paper=paper or "none"),)
        case _:
            return ()


def _kind(picture: Picture, lot: Id) -> RoundKind:
    known = picture.lots.get(lot)
    return known.kind if known is not None else RoundKind.UNKNOWN


def live_apart(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Live rounds and others do not come to lie in one container."""
    match ask.act:
        case a.Received():
            thing, coming = ask.act.container, {_kind(ask.picture, ask.act.lot)}
        case a.Moved() | a.Poured():
            thing, coming = ask.act.end, set(_kinds_in(ask.picture, ask.act.start))
        case _:
            return ()
    kinds = coming | set(_kinds_in(ask.picture, thing))
    if RoundKind.LIVE in kinds and len(kinds) > 1:
        return (_what("live_beside_others", container=thing, kinds=", ".join(sorted(kinds))),)
    return ()


def _kinds_in(picture: Picture, thing: Id) -> Iterator[RoundKind]:
    for round_id in picture.rounds_in.get(thing, ()):
        yield picture.cartridges[round_id].said
    for lot, count in picture.loose.get(thing, {}).items():
        if count:
            yield _kind(picture, lot)


def no_gun_brought(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """No gun comes in by somebody's hand alone."""
    if isinstance(ask.act, a.BroughtIn) and ask.act.item in ask.picture.guns:
        return (_what("gun_brought_in", gun=ask.act.item, origin=ask.act.origin),)
    return ()


def only_capabilities(ask: FactAsk, rule: Rule) -> tuple[Found, ...]:
    """Only guns of these classes are registered."""
    if isinstance(ask.act, a.GunRegistered) and ask.act.capability.value not in _list(rule, "capabilities"):
        return (_what("capability_not_here", gun=ask.act.label, capability=ask.act.capability),)
    return ()


def only_kinds(ask: FactAsk, rule: Rule) -> tuple[Found, ...]:
    """Only rounds of these kinds are registered."""
    if isinstance(ask.act, a.LotRegistered) and ask.act.kind.value not in _list(rule, "kinds"):
        return (_what("kind_not_here", lot=ask.act.label, kind=ask.act.kind),)
    return ()


def blanks_of_a_maker(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A lot of blanks says from whom it was bought, and is not made out of other rounds."""
    if not isinstance(ask.act, a.LotRegistered) or ask.act.kind is not RoundKind.BLANK:
        return ()
    relations = {row.relation for row in ask.act.parents}
    if Relation.BOUGHT_FROM in relations and Relation.RELOADED_FROM not in relations:
        return ()
    return (_what("maker_not_told", lot=ask.act.label),)


def registered_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Guns, replicas among them, are registered by a handler."""
    if isinstance(ask.act, a.GunRegistered) and not is_handler(ask.picture, ask.by):
        return (_what("registered_by_another_role", gun=ask.act.label),)
    return ()


# --- hands ---------------------------------------------------------------------------------------------------------


def _planned_for(picture: Picture, gun: Id, who: Id) -> bool:
    return (gun, who) in picture.performs


def given_for_a_plan(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A gun goes to somebody who is no handler only for a planned scene in which he has it."""
    match ask.act:
        case a.HandedOver() if ask.act.item in ask.picture.guns and not is_handler(ask.picture, ask.act.to):
            if _planned_for(ask.picture, ask.act.item, ask.act.to):
                return ()
            return (_what("given_without_plan", gun=ask.act.item, to=ask.act.to),)
        case _:
            return ()


_OUTSIDE_THE_CHAIN: Final = frozenset({Role.SUPPLIER, Role.POLICE})
"""They hold guns before and after the production does."""


def handed_under_call(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A handler gives a gun to somebody who is none only while a call stands on it."""
    match ask.act:
        case a.HandedOver(item=gun, to=to) if gun in ask.picture.guns and is_handler(ask.picture, ask.by):
            if is_handler(ask.picture, to) or gun in ask.picture.calls:
                return ()
            return (_what("handed_without_call", gun=gun, to=to),)
        case _:
            return ()


def fired_under_call(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Planned shots are fired only while an announced call for blanks stands."""
    if not isinstance(ask.act, a.Discharged) or not ask.act.planned:
        return ()
    call = ask.picture.calls.get(ask.act.gun)
    if call is not None and call.call is a.CallWord.HOT_BLANK:
        return ()
    return (_what("fired_unannounced", gun=ask.act.gun),)


def held_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Who takes a gun up is a handler, or the performer of a plan that names it."""
    if not isinstance(ask.act, a.PickedUp | a.Taken) or ask.act.item not in ask.picture.guns or not ask.by:
        return ()
    if is_handler(ask.picture, ask.by) or roles_of(ask.picture, ask.by) & _OUTSIDE_THE_CHAIN:
        return ()
    if _planned_for(ask.picture, ask.act.item, ask.by):
        return ()
    return (_what("held_by_another_role", gun=ask.act.item),)


def given_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Only a handler gives a gun to somebody who is none."""
    match ask.act:
        case a.HandedOver() if ask.act.item in ask.picture.guns and not is_handler(ask.picture, ask.act.to):
            return () if is_handler(ask.picture, ask.by) else (_what("given_by_another_role", gun=ask.act.item),)
        case _:
            return ()


def collected_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Only a handler takes a gun from somebody who is none."""
    match ask.act:
        case a.Taken() if ask.act.item in ask.picture.guns and not is_handler(ask.picture, ask.act.giver):
            return () if is_handler(ask.picture, ask.by) else (_what("collected_by_another_role", gun=ask.act.item),)
        case _:
            return ()


def performer_keeps_it(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A performer lets nobody but a handler have the gun."""
    if not isinstance(ask.act, a.HandedOver) or Role.PERFORMER not in roles_of(ask.picture, ask.by):
        return ()
    if ask.act.item not in ask.picture.guns or is_handler(ask.picture, ask.act.to):
        return ()
    return (_what("performer_gave_on", gun=ask.act.item, to=ask.act.to),)


def _guns_of(picture: Picture, who: Id) -> tuple[Id, ...]:
    """The guns in somebody's own hand."""
    return tuple(gun for gun in picture.guns if who and own_hand_on(picture, gun) == who)


def duty_until_locked(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Who has a gun in hand begins no other duty and ends none."""
    if not isinstance(ask.act, a.DutyOpened | a.DutyClosed):
        return ()
    what = "duty_begun_with_gun" if isinstance(ask.act, a.DutyOpened) else "duty_ended_with_gun"
    return tuple(_what(what, duty=ask.act.duty, gun=gun) for gun in _guns_of(ask.picture, ask.by))


def handler_stays(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """While somebody who is no handler has a gun, a handler is there."""
    if not isinstance(ask.act, a.PresenceEnded) or not is_handler(ask.picture, ask.by):
        return ()
    others = (who for who, place in ask.picture.presence.items() if place == ask.act.place and who != ask.by)
    if any(is_handler(ask.picture, who) for who in others):
        return ()
    held = ((gun, own_hand_on(ask.picture, gun)) for gun in ask.picture.guns)
    return tuple(_what("no_handler_there", gun=gun) for gun, who in held if who and not is_handler(ask.picture, who))


def nobody_leaves_with_it(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Nobody but a handler goes away with a gun in hand, and at the close of the day no gun is in a hand."""
    if isinstance(ask.act, a.PresenceEnded) and not is_handler(ask.picture, ask.by):
        return tuple(_what("left_with_gun", gun=gun) for gun in _guns_of(ask.picture, ask.by))
    if isinstance(ask.act, a.DayClosed):
        return tuple(_what("gun_not_back", gun=gun) for gun in ask.picture.guns if own_hand_on(ask.picture, gun))
    return ()


# --- loading, unloading, repair ------------------------------------------------------------------------------------


def loaded_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Only a handler loads."""
    if isinstance(ask.act, a.Loaded) and not is_handler(ask.picture, ask.by):
        return (_what("loaded_by_another_role", gun=ask.act.gun),)
    return ()


def bore_seen_before(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Before rounds go in, the bore was answered as clear: in the record, or earlier on the same sheet."""
    if not isinstance(ask.act, a.Loaded) or ask.act.gun not in ask.picture.guns:
        return ()
    cleared = {
        row.position
        for act in ask.acts
        if isinstance(act, a.Cleared) and act.gun == ask.act.gun
        for row in act.answers
        if row.holds is a.Holds.CLEAR
    }
    bores = (name for name in ask.picture.guns[ask.act.gun].positions if name.startswith("bore"))
    answered = ask.picture.kernel.p1
    unseen = [name for name in bores if name not in cleared and answered.get((ask.act.gun, name), NOBODY) == NOBODY]
    return tuple(_what("bore_not_seen", gun=ask.act.gun, position=name) for name in unseen)


def locked_empty(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """A gun that goes under lock has every chamber answered as empty."""
    if not isinstance(ask.act, a.Locked) or ask.act.item not in ask.picture.guns:
        return ()
    gun, kernel = ask.act.item, ask.picture.kernel
    left = [
        name
        for name in ask.picture.guns[gun].positions
        if name.isdigit() and kernel.pos.get((gun, name), UNKNOWN) != EMPTY
    ]
    return (_what("locked_not_empty", gun=gun, chambers=str(len(left))),) if left else ()


def worked_on_by_handler(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """Only a handler opens, cleans or repairs a gun."""
    match ask.act:
        case a.GunMishap(mishap=a.Mishap.OPENED | a.Mishap.CLEANED | a.Mishap.REPAIRED) if not is_handler(
            ask.picture, ask.by
        ):
            return (_what("worked_on_by_another_role", gun=ask.act.gun, mishap=ask.act.mishap),)
        case _:
            return ()


# --- the day -------------------------------------------------------------------------------------------------------


def named_for(ask: FactAsk, rule: Rule) -> tuple[Found, ...]:
    """When the day opens, somebody is named for the matter."""
    matter = _said(rule, "matter")
    if isinstance(ask.act, a.DayOpened) and matter not in ask.picture.accountable:
        return (_what("nobody_named", matter=matter),)
    return ()


def advisor_on_duty(ask: FactAsk, rule: Rule) -> tuple[Found, ...]:
    """When the day of a production with that paper opens, a safety advisor is on exclusive duty."""
    if not isinstance(ask.act, a.DayOpened) or not ask.picture.papers.get((_said(rule, "paper"), "")):
        return ()
    for who, duties in ask.picture.duties.items():
        if Role.SAFETY_ADVISOR in roles_of(ask.picture, who) and len(duties) == 1 and all(duties.values()):
            return ()
    return (_what("no_advisor_on_duty", paper=_said(rule, "paper")),)


def met_at_place(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """The meeting is held where it will be done, by who leads it."""
    if not isinstance(ask.act, a.MeetingHeld):
        return ()
    scene = ask.picture.scenes.get(ask.act.scene)
    if scene is None or ask.picture.presence.get(ask.by) == scene.plan.place:
        return ()
    return (_what("met_elsewhere", scene=ask.act.scene, place=scene.plan.place),)


def locked_at_close(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """When the day closes every gun is under lock."""
    if not isinstance(ask.act, a.DayClosed):
        return ()
    return tuple(_what("gun_not_locked", gun=gun) for gun in ask.picture.guns if _is_out(ask.picture, gun))


def counted_at_close(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """When the day closes, every container of rounds was counted by two since anything in it was touched."""
    if not isinstance(ask.act, a.DayClosed):
        return ()
    picture = ask.picture
    return tuple(
        _what("not_counted_at_close", container=thing)
        for thing in picture.containers
        if expected_count(picture, thing) and picture.counted_at.get(thing, -1) < _touched(picture, thing)
    )


def _touched(picture: Picture, thing: Id) -> int:
    return picture.thing_entries[thing][-1] if picture.thing_entries.get(thing) else 0


def rounds_attended(ask: FactAsk, _rule: Rule) -> tuple[Found, ...]:
    """No container of rounds is left with nobody's hand on it."""
    if isinstance(ask.act, a.PutDown) and expected_count(ask.picture, ask.act.item):
        return (_what("rounds_left", container=ask.act.item, place=ask.act.place),)
    return ()


# --- the tables ----------------------------------------------------------------------------------------------------


def _by_name(*functions: Callable[..., tuple[Found, ...]]) -> Mapping[str, Callable[..., tuple[Found, ...]]]:
    return MappingProxyType({function.__name__: function for function in functions})


def duties_listed(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """The employer listed the duties of this day, each with its owner; the rule DUTY asks whether they accepted."""
    return (
        () if ask.picture.day is not None and ask.picture.day_duties.get(ask.picture.day) else (_what("no_duty_list"),)
    )


def words_adopted(ask: CallAsk, _rule: Rule) -> tuple[Found, ...]:
    """The employer adopted the words of this production; the rule TERMS asks who of the call has signed them."""
    return () if ask.picture.terms else (_what("no_words_adopted"),)


PROFILE_CALLS: Final[Mapping[str, CallPredicate]] = _by_name(
    paper_there, paper_current, caller_credentials, people_credentials, receiver_trained, meeting_today, briefed_anew, announcer_saw,
    enough_handlers, only_calls, paper_of_lots, caller_one_role, caller_named_for, concerns_answered,
    training_doubt_cleared, idle_guns_locked, powder_in_public, duties_listed, words_adopted,
)  # fmt: skip
PROFILE_FACTS: Final[Mapping[str, FactPredicate]] = _by_name(
    kind_told, no_live_lot, live_apart, no_gun_brought, only_capabilities, only_kinds, given_for_a_plan,
    held_by_handler, given_by_handler, collected_by_handler, performer_keeps_it, duty_until_locked, handler_stays,
    nobody_leaves_with_it, loaded_by_handler, bore_seen_before, locked_empty, worked_on_by_handler, named_for,
    advisor_on_duty, met_at_place, locked_at_close, counted_at_close, rounds_attended, blanks_of_a_maker,
    registered_by_handler, handed_under_call, fired_under_call,
)  # fmt: skip
PARAMETERS_OF: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        "paper_there": (
            frozenset({"paper", "about"}),
            frozenset({"calls", "capabilities", "line", "by", "when"}),
        ),
        "concerns_in_time": (frozenset({"answer_days"}), frozenset()),
        "paper_current": (frozenset({"paper", "about"}), frozenset()),
        "caller_credentials": (frozenset({"credentials"}), frozenset({"calls", "capabilities", "line"})),
        "people_credentials": (frozenset({"credentials"}), frozenset()),
        "enough_handlers": (frozenset({"most_guns"}), frozenset()),
        "guns_per_handler": (frozenset({"most_guns"}), frozenset()),
        "paper_of_lots": (frozenset({"paper"}), frozenset({"calls", "capabilities", "line"})),
        "caller_named_for": (frozenset({"matter"}), frozenset()),
        "training_doubt_cleared": (frozenset({"concern"}), frozenset()),
        "powder_in_public": (frozenset({"powder", "when"}), frozenset()),
        "only_calls": (frozenset({"calls"}), frozenset()),
        "only_capabilities": (frozenset({"capabilities"}), frozenset()),
        "only_kinds": (frozenset({"kinds"}), frozenset()),
        "no_live_lot": (frozenset(), frozenset({"paper"})),
        "named_for": (frozenset({"matter"}), frozenset()),
        "advisor_on_duty": (frozenset({"paper"}), frozenset()),
        "three_parts": (frozenset({"part_ms"}), frozenset()),
        "need_decided": (frozenset({"capabilities"}), frozenset()),
        "run_goes_on": (frozenset({"most_parts", "run_ms"}), frozenset()),
        "from_moves": (
            frozenset(),
            frozenset({"accept_ms", "cold_empty_ms", "cold_dummy_ms", "hot_blank_ms", "inert_ms"}),
        ),
    }
)
"""By predicate: the parameters it must be given, and those it may be. A predicate that is not here takes none."""
