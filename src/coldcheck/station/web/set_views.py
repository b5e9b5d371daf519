"""What one person's set screens are told: the guns as anybody may see them, and what this person can do now.

For: one answer that a phone draws every screen from. Promises: no content of a position, no count and no answer of
anybody stands in it; while one half of a sheet is in, nothing in it depends on what that half says, an open stop apart.
Does not: judge. What is offered here is a help; whatever else is signed is taken in as a fact all the same.
"""

from itertools import takewhile
from typing import Final, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.counts import open_count
from coldcheck.custody.magazines import called_things, chambers_of
from coldcheck.custody.picture import (
    CALL_KINDS,
    CallPart,
    Picture,
    acts_of_entry,
    fed_by,
    hand_on,
    has_places,
    holder_of,
    is_handler,
    looks_along,
    may_end_sheet,
    may_witness,
    offer_over,
    parts_in_force,
    places_of,
    scene_of,
    standing_call,
    witness_of,
)
from coldcheck.custody.registers import secure_by_name
from coldcheck.custody.things import Hold, Id, Now, Person, Role, RoundKind, same_time
from coldcheck.custody.views import Card, answered_by_two, card_of, role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.keys import KeyClass
from coldcheck.station.web.day_views import can_today, standing_today, waiting_today
from coldcheck.station.web.doubts import doubt_of
from coldcheck.station.web.set_sheets import OpenSheet, SheetDesk, order_for

View: TypeAlias = dict[str, Plain]
PARTS_MS: Final = 120_000
"""How long the parts of a call wait for each other on a screen; the judge has the rulebook's own number."""


def person_view(picture: Picture, desk: SheetDesk, *, by: Id, now: Now) -> View:
    """Everything the screens of `by` draw: guns with what he can do, and what waits for him."""
    guns: list[Plain] = [gun_view(picture, desk, by=by, gun=gun, now=now) for gun in picture.guns]
    # A magazine or belt is answered, shown and kept like a gun, and never stands for itself as anything but loaded.
    guns.extend(
        magazine_view(picture, desk, by=by, thing=thing, now=now)
        for thing in picture.containers
        if has_places(picture, thing)
    )
    return {
        "label": picture.persons[by].label if by in picture.persons else "",
        "roles": _roles(picture, by),
        "handler": is_handler(picture, by),
        "witness": may_witness(picture, by),
        "guns": guns,
        "people": _people(picture, by),
        "places": [{"place": place.place, "label": place.label} for place in picture.places.values()],
        "containers": [_container(picture, name, by=by, now=now) for name in picture.containers],
        "scenes": _scenes(picture),
        "due": [*waiting_today(picture, by=by), *_due(picture, by=by)] if by in picture.persons else [],
        "today": can_today(picture, by=by) if by in picture.persons else [],
        "standing": standing_today(picture, by=by),
        "stops": [{"stop": number, "reason": picture.stops[number].reason} for number in sorted(picture.open_stops)],
        "secure": _secure(picture),
        "day": picture.day,
        "taking": _is_taking(picture, now),
        "draft": picture.rulebook is not None and bool(picture.rulebook.draft),
    }


def _secure(picture: Picture) -> Plain:
    names, rounds = secure_by_name(picture)
    return {"names": list(names), "rounds": rounds} if names or rounds else None


def _is_taking(picture: Picture, now: Now) -> bool:
    """Whether a take may be running: its performer has a gun under a call that stands. Phones are quiet then, but for STOP."""
    for gun in picture.calls:
        call = standing_call(picture, gun, now)
        if call is None or hand_on(picture, gun) != call.receiver:
            continue
        scene = picture.scenes.get(scene_of(picture, call.scene)[0])
        planned = scene is not None and scene.plan.activity is a.Activity.TAKE
        if planned or picture.calls[gun].run_part.startswith(a.Activity.TAKE.value):
            return True
    return False


def _due(picture: Picture, *, by: Id) -> list[Plain]:
    """What waits for this person about no single gun: set-up cards to sign or answer, a second count."""
    out: list[Plain] = []
    for name, scene in picture.scenes.items():
        for who, card in scene.card_signed:
            if who != by and (is_handler(picture, by) or Role.FIRST_AD in picture.persons[by].roles):
                out.append({"do": "sign_setup", "scene": name, "card": a.plain(card)})
        briefed = by in scene.attended or by not in scene.plan.line
        if scene.card is not None and not briefed:
            out.append({"do": "answer_setup", "scene": name, "card": a.plain(scene.card)})
    for (lot, container), (_entry, source, _count, to) in picture.delivered.items():
        if to == by and (lot, container) not in picture.received and lot in picture.lots:
            label = picture.lots[lot].label
            out.append({"do": "receive", "lot": lot, "container": container, "source": source, "scene": label})
    for thing in picture.counts:
        pair = open_count(picture, thing)
        if pair is not None and pair.first_by != by and (is_handler(picture, by) or may_witness(picture, by)):
            out.append({"do": "count", "container": thing})
    return out


def _roles(picture: Picture, by: Id) -> list[Plain]:
    known = picture.persons.get(by)
    return [role.value for role in sorted(known.roles)] if known is not None else []


def _people(picture: Picture, by: Id) -> list[Plain]:
    return [
        {
            "person": person.person,
            "label": person.label,
            "role": role_of(picture, person.person),
            "handler": is_handler(picture, person.person),
            "witness": may_witness(picture, person.person),
            "performer": role_of(picture, person.person) == "performer",
        }
        for person in sorted(picture.persons.values(), key=_how_near)
        if person.person != by and person.key_class != KeyClass.REPORT.value
    ]


_NEAR: Final = (Role.PERFORMER, Role.CAMERA, Role.DIRECTOR, Role.FIRST_AD, *Role)
"""Whom a set screen is most often about stands first in its lists: who gets a gun, and who stands before it."""


def _how_near(person: Person) -> int:
    return min((_NEAR.index(role) for role in person.roles), default=len(_NEAR))


def _container(picture: Picture, name: Id, *, by: Id, now: Now) -> View:
    known = picture.containers[name]
    lots = {picture.cartridges[one].lot for one in picture.rounds_in.get(name, {}) if one in picture.cartridges}
    kinds: list[Plain] = [*sorted({picture.lots[lot].kind.value for lot in lots if lot in picture.lots})]
    return {
        "container": name,
        "label": known.label,
        "kind": known.kind.value,
        "cells": known.cells,
        "rounds": kinds,
        "yours": by != "" and hand_on(picture, name) == by,
        "held": _held(picture, by=by, gun=name),
        "offer": _offered(picture, by=by, gun=name, now=now),
        # What is answered place by place stands among the guns, and is handed on there.
        "can": _hands_on(picture, by=by, thing=name, now=now) if by and not has_places(picture, name) else [],
    }


def _hands_on(picture: Picture, *, by: Id, thing: Id, now: Now) -> list[Plain]:
    """From hand to hand: taking what is offered to `by`, and offering what he has."""
    out = _takes(picture, by=by, thing=thing, now=now)
    return [*out, {"do": "hand_over"}] if hand_on(picture, thing) == by else out


def _takes(picture: Picture, *, by: Id, thing: Id, now: Now) -> list[Plain]:
    """Taking what is offered to `by`. A gun's offer is judged when it is taken; what else was not taken in time is no longer on offer."""
    offer = picture.offers.get(thing)
    if offer is None or offer.to != by or (thing not in picture.guns and offer_over(picture, thing, now)):
        return []
    return [{"do": "take", "giver": offer.giver, "waits": True, "who": role_of(picture, offer.giver)}]


def _scenes(picture: Picture) -> list[Plain]:
    return [
        {
            "scene": name,
            "activity": scene.plan.activity.value,
            "guns": list(scene.plan.guns),
            "call": scene.plan.call.value,
            "performer": scene.plan.performer,
            "place": scene.plan.place,
        }
        for name, scene in picture.scenes.items()
    ]


# --- one gun -------------------------------------------------------------------------------------------------------


def gun_view(picture: Picture, desk: SheetDesk, *, by: Id, gun: Id, now: Now) -> View:
    """One gun for one person. `can` lists what he can do, the likeliest first."""
    known, card = picture.guns[gun], card_of(picture, gun, now=now)
    half = any(gun in sheet.guns for sheet in picture.sheets.values())
    sheet = desk.open_on(gun)
    return {
        "gun": gun,
        "name": known.word_name,
        "label": known.label,
        "chambers": known.chambers,
        "positions": list(known.positions),
        "kind": card.kind,
        "words": card.words,
        "count": card.count,
        "powder": card.powder,
        "scene": card.scene,
        "reasons": _reasons(card, half=half),
        "since_entry": card.since_entry,
        "ends_in_ms": card.ends_in_ms,
        "lifetime_ms": card.lifetime_ms,
        "checked_ms": card.checked_ms,
        "roles": list(card.roles),
        "manner": card.manner,
        "held": _held(picture, by=by, gun=gun),
        "doubt": _doubt(picture, card),
        "along": [role_of(picture, who) for who in _looked_along(picture, gun)],
        "answered": not half and answered_by_two(picture, gun),
        "show_to": _show_to(picture, gun),
        "asked": [role_of(picture, who) for who in picture.asked.get(gun, {})],
        "offer": _offered(picture, by=by, gun=gun, now=now),
        "call": _called(picture, gun, now=now),
        "sheet": sheet.procedure if sheet is not None and by in {sheet.first, sheet.other} else None,
        "rounds": [list(row) for row in rounds_of(picture, gun)] if by and hand_on(picture, gun) == by else [],
        "fed": [{"container": one, "label": picture.containers[one].label} for one in fed_by(picture, gun)],
        "places": None,
        # Whoever has not said who he is can do nothing here, and has nothing in his hands.
        "can": _can(picture, sheet, by=by, gun=gun, now=now) if by else [],
    }


def magazine_view(picture: Picture, desk: SheetDesk, *, by: Id, thing: Id, now: Now) -> View:
    """One magazine or belt for one person, in the form of a gun. `places` is how many of its places two people answered."""
    known, names = picture.containers[thing], _positions(picture, thing)
    half = any(thing in sheet.guns for sheet in picture.sheets.values())
    sheet = desk.open_on(thing)
    answered = 0 if half else sum(1 for name in names if picture.kernel.proven(thing, name))
    return {
        "gun": thing,
        "name": known.label,
        "label": known.kind.value,
        "chambers": len(names),
        "positions": [*names],
        "kind": "loaded",
        "words": "TREAT AS LOADED",
        "count": 0,
        "powder": "",
        "scene": "",
        "reasons": ["NOT_PROVEN"],
        "since_entry": 0,
        "ends_in_ms": None,
        "lifetime_ms": None,
        "checked_ms": None,
        "roles": [],
        "manner": "",
        "held": _held(picture, by=by, gun=thing),
        "doubt": None,
        "along": [role_of(picture, who) for who in _looked_along(picture, thing)],
        "answered": False,
        "show_to": _show_to(picture, thing),
        "asked": [],
        "offer": _offered(picture, by=by, gun=thing, now=now),
        "call": None,
        "sheet": sheet.procedure if sheet is not None and by in {sheet.first, sheet.other} else None,
        "rounds": [list(row) for row in rounds_of(picture, thing)] if by and hand_on(picture, thing) == by else [],
        "fed": [],
        "places": {"answered": answered, "in": [picture.guns[gun].word_name for gun in _guns_with(picture, thing)]},
        "can": _can(picture, sheet, by=by, gun=thing, now=now) if by else [],
    }


def _guns_with(picture: Picture, thing: Id) -> tuple[Id, ...]:
    """The guns that a magazine may be in."""
    return tuple(gun for gun in picture.magazines.get(thing, ()) if gun in picture.guns)


def _positions(picture: Picture, thing: Id) -> tuple[str, ...]:
    """The positions of a gun, or the places of a magazine or belt, in answering order."""
    return tuple(name for _, name in places_of(picture, thing))


def _reasons(card: Card, *, half: bool) -> list[Plain]:
    """Codes for why a gun is treated as loaded. While one half of a sheet is in, only stops and that nothing is proven."""
    codes = list(dict.fromkeys(reason.code for reason in card.reasons))
    if half:
        codes = [*(code for code in codes if code == "STOP"), "NOT_PROVEN"]
    return list(codes)


def _show_to(picture: Picture, gun: Id) -> Plain:
    """Whom a gun is open to, by role, and whether he has answered all of it; None while no show is open."""
    viewer = picture.kernel.view.get(gun, "")
    if viewer not in picture.persons:
        return None
    return {"who": role_of(picture, viewer), "seen": _has_seen(picture, gun)}


def _has_seen(picture: Picture, gun: Id) -> bool:
    """Whether the one a show is for has answered every position in it."""
    names = _positions(picture, gun)
    seen = {name for name in names if picture.kernel.again.get((gun, name))}
    return seen.issuperset([name for name in names if name.isdigit()] or ["capability"])


def _offered(picture: Picture, *, by: Id, gun: Id, now: Now) -> Plain:
    """To whom a gun is offered, by role, and how long the offer still holds; None where it does not."""
    offer = picture.offers.get(gun)
    waited = same_time(since=offer.now, until=now) if offer is not None else None
    if offer is None or waited is None or picture.rulebook is None:
        return None
    left = picture.rulebook.number("V03", "accept_ms") - waited
    return {"who": role_of(picture, offer.to), "yours": offer.to == by, "left_ms": left} if left > 0 else None


def _called(picture: Picture, gun: Id, *, now: Now) -> Plain:
    """A call that still waits for its other parts: whether it was announced, and how long it waits; None where none does."""
    parts, again = _parts_now(picture, gun, now=now)
    called = parts.get("called")
    if called is None or again or "acknowledged" in parts:
        return None
    waited = same_time(since=called.now, until=now)
    return {"announced": "announced" in parts, "left_ms": max(0, PARTS_MS - (waited or 0))}


def _parts_now(picture: Picture, gun: Id, *, now: Now) -> tuple[dict[str, CallPart], bool]:
    """The parts of a call that still wait for each other, and whether it is a further one of a run."""
    parts = picture.parts.get(gun, {})
    fresh = {
        name: part
        for name, part in parts.items()
        if (age := same_time(since=part.now, until=now)) is not None and age < PARTS_MS
    }
    return parts_in_force(picture, gun, fresh)


def _doubt(picture: Picture, card: Card) -> Plain:
    known = doubt_of(picture, card.gun, checked_entry=card.checked_entry)
    return None if known is None else {"entry": known.by_entry, "entries": list(known.entries)}


def _held(picture: Picture, *, by: Id, gun: Id) -> View:
    held = holder_of(picture, gun)
    if held is None:
        return {"hold": Hold.UNKNOWN.value, "yours": False, "who": ""}
    place = picture.places.get(held.who)
    who = place.label if place is not None else role_of(picture, held.who) if held.who else ""
    return {"hold": held.hold.value, "yours": held.hold is Hold.PERSON and held.who == by, "who": who}


def _can(picture: Picture, sheet: OpenSheet | None, *, by: Id, gun: Id, now: Now) -> list[Plain]:
    out: list[Plain] = []
    if sheet is not None and by in {sheet.first, sheet.other} and sheet.entry_of(by) is None:
        out.append({"do": "sheet", "procedure": sheet.procedure, "waits": True})
    out.extend(_answers_due(picture, by=by, gun=gun, now=now))
    if not any("acknowledge" in one.values() for one in out if isinstance(one, dict)):
        out.extend(_takes(picture, by=by, thing=gun, now=now))
    out.extend(_handling(picture, by=by, gun=gun, now=now))
    return [*out, *_ends_sheet(picture, sheet, by=by, gun=gun)]


def _ends_sheet(picture: Picture, sheet: OpenSheet | None, *, by: Id, gun: Id) -> list[Plain]:
    """Cutting a sheet short, for one of its two and for the handler who has the gun."""
    halves = [(half.procedure, half.by, half.other) for half in picture.sheets.values() if gun in half.guns]
    if sheet is not None and sheet.procedure not in {name for name, _by, _other in halves}:
        halves.append((sheet.procedure, sheet.first, sheet.other))
    return [
        {"do": "end_sheet", "procedure": name, "first": role_of(picture, one), "other": role_of(picture, other)}
        for name, one, other in halves
        if may_end_sheet(picture, by, people=(one, other), guns=(gun,))
    ]


def _in_line(picture: Picture, name: str, *, but: Id) -> list[Plain]:
    """The roles of who stands in the line of this plan, beside who asks: with the announcement each is offered a look."""
    scene = picture.scenes.get(name)
    return [role_of(picture, who) for who in dict.fromkeys(scene.plan.line if scene is not None else ()) if who != but]


def _answers_due(picture: Picture, *, by: Id, gun: Id, now: Now) -> list[Plain]:
    """What others wait for from this person: to look, to announce, to acknowledge."""
    out: list[Plain] = []
    kernel = picture.kernel
    if kernel.view.get(gun) == by:
        # Once he has answered all of it nothing waits for him; he may look again as long as the show is open.
        out.append({"do": "see", "waits": not _has_seen(picture, gun)})
    elif looks_along(picture, gun, by) and by in picture.persons and by not in _looked_along(picture, gun):
        out.append({"do": "see", "joins": True, "waits": by in picture.asked.get(gun, {})})
    parts, again = _parts_now(picture, gun, now=now)
    called = parts.get("called")
    if called is None or by == called.by or (again and standing_call(picture, gun, now) is not None):
        return out
    call: View = {
        "call": called.call.value, "count": called.count, "powder": called.powder, "scene": called.scene,
        "by": called.by, "who": role_of(picture, called.by),
    }  # fmt: skip
    receiver = kernel.rcv.get(gun)
    if "announced" not in parts and by != receiver and may_witness(picture, by) and not is_handler(picture, by):
        out.append({"do": "announce", "waits": True, "line": _in_line(picture, called.scene, but=by), **call})
    if "acknowledged" not in parts and by == receiver and "announced" in parts:
        offer = picture.offers.get(gun)
        giver = offer.giver if offer is not None and offer.to == by else ""
        if giver or not again:
            out.append({"do": "acknowledge", "waits": True, "giver": giver, **call})
    return out


def _looked_along(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """Who has signed what he saw in the show that is open, besides the one it is for; what he saw is not told."""
    viewer = picture.kernel.view.get(gun, "")
    if not viewer:
        return ()
    since = takewhile(
        lambda done: not (isinstance(done.act, a.Showed) and done.act.gun == gun), reversed(picture.journal)
    )
    seen = [done.by for done in since if isinstance(done.act, a.Seen) and done.act.gun == gun and done.by != viewer]
    return tuple(dict.fromkeys(reversed(seen)))


def _handling(picture: Picture, *, by: Id, gun: Id, now: Now) -> list[Plain]:
    """What a hand on the gun, or a handler beside it, can do."""
    mine = hand_on(picture, gun) == by
    if not mine:
        held = holder_of(picture, gun)
        free = held is None or held.hold is not Hold.PERSON
        return [{"do": "pick_up"}] if free and is_handler(picture, by) else []
    if _guns_with(picture, gun):
        # In a gun no place of it can be seen, and it goes where the gun goes: it comes out first.
        return []
    if not is_handler(picture, by):
        return [{"do": "give_back"}, {"do": "put_down"}]
    # A gun is offered after a show, to whom it was shown; a magazine or belt to anybody.
    beside: list[Plain] = [{"do": "hand_over"}] if has_places(picture, gun) else _feeds(picture, by=by, gun=gun)
    return [*_next_steps(picture, gun, now=now), *beside, {"do": "unload"}, {"do": "lock"}, {"do": "put_down"}]


def _feeds(picture: Picture, *, by: Id, gun: Id) -> list[Plain]:
    """Putting a magazine into the gun in one's hand, of those in the other hand, and taking out what is in it."""
    loose = [one for one in picture.containers if has_places(picture, one) and not _guns_with(picture, one)]
    mine: list[Plain] = [
        {"container": one, "label": picture.containers[one].label} for one in loose if hand_on(picture, one) == by
    ]
    out: list[Plain] = [{"do": "insert", "magazines": mine}] if mine else []
    if fed_by(picture, gun):
        out.append({"do": "eject"})
    return out


def _next_steps(picture: Picture, gun: Id, *, now: Now) -> list[Plain]:
    """What the handler who has the gun does next: a gun that two have answered is shown, one that was shown is called."""
    viewer, receiver = picture.kernel.view.get(gun, ""), picture.kernel.rcv.get(gun, "")
    answering: list[Plain] = [{"do": "check"}, {"do": "prepare"}]
    if rounds_of(picture, gun) and not has_places(picture, gun):
        answering.insert(0, {"do": "turn"})
    if viewer in picture.persons:
        return [_close(picture, gun, viewer), *answering]
    out: list[Plain] = []
    if receiver in picture.persons and not has_places(picture, gun):
        who = role_of(picture, receiver)
        stands = standing_call(picture, gun, now) is not None
        out.append({"do": "hand_over", "to": receiver, "who": who})
        out.insert(1 if stands else 0, {"do": "call", "receiver": receiver, "who": who, "calls": _calls(picture, gun)})
    shown_next = witness_of(picture, gun) in picture.persons
    return [*out, {"do": "show"}, *answering] if shown_next else [*answering, *out, {"do": "show"}]


def _close(picture: Picture, gun: Id, viewer: Id) -> View:
    """The end of a show, and what may be signed with it: the next viewer, a call and an offer, or the offer of a run's next part."""
    goes_on = gun in picture.run_calls and picture.run_calls[gun].called.by == hand_on(picture, gun)
    return {
        "do": "close_show", "to": viewer, "who": role_of(picture, viewer), "offer": goes_on,
        "seen": _has_seen(picture, gun),
        "calls": [] if goes_on or has_places(picture, gun) else _calls(picture, gun),
    }  # fmt: skip


def rounds_of(picture: Picture, gun: Id) -> tuple[tuple[str, Id], ...]:
    """Which round lies in which chamber by the record; nothing while one half of a sheet about the gun is in."""
    if any(gun in sheet.guns for sheet in picture.sheets.values()):
        return ()
    names = (name for name in _positions(picture, gun) if name.isdigit())
    return tuple((name, picture.lying[gun, name]) for name in names if (gun, name) in picture.lying)


def _calls(picture: Picture, gun: Id) -> list[Plain]:
    """The calls that fit what two people answered, one for each run and each plan that names the gun."""
    if any(gun in sheet.guns for sheet in picture.sheets.values()):
        return []
    # What is in its magazine is called with the gun.
    places = (at for thing in called_things(picture, gun) for at in chambers_of(picture, thing))
    held = [content for at in places if (content := picture.kernel.pos[at])[:1] == "r"]
    kinds = {picture.kernel.rk.get(one) for one in held}
    fits = {
        a.CallWord.COLD_EMPTY: not held and picture.guns[gun].chambers > 0,
        a.CallWord.INERT: not held and picture.guns[gun].chambers == 0,
        a.CallWord.COLD_DUMMY: kinds == {RoundKind.DUMMY.value},
        a.CallWord.HOT_BLANK: kinds == {RoundKind.BLANK.value},
    }
    assert fits.keys() == CALL_KINDS.keys(), "every call is thought of here"
    plans = {name: scene.plan for name, scene in picture.scenes.items() if gun in scene.plan.guns}
    runs = {run.run: plans[run.scene] for run in picture.runs.values() if run.scene in plans}
    return [
        {
            "scene": name,
            "call": plan.call.value,
            "count": len(held),
            "performer": plan.performer,
            "run_of": plan.scene if name not in plans else "",
        }
        for name, plan in reversed([*plans.items(), *runs.items()])
        if fits[plan.call]
    ]


# --- one sheet -----------------------------------------------------------------------------------------------------


def sheet_view(picture: Picture, sheet: OpenSheet, *, by: Id) -> View:
    """One sheet as one of its two people sees it: what he is asked, in which order, and whether the halves are in.

    Only when both are in does it say where they differ.
    """
    gun = picture.guns.get(sheet.gun)
    name, label = (
        (gun.word_name, gun.label)
        if gun is not None
        else (_thing_label(picture, sheet.gun), _kind_of_thing(picture, sheet.gun))
    )
    other = sheet.other if by == sheet.first else sheet.first
    # The record decides whether both are in: a half that does not count there shows nobody the other.
    both = sheet.is_in and sheet.procedure not in picture.sheets
    return {
        "procedure": sheet.procedure,
        "kind": sheet.kind,
        "gun": sheet.gun,
        "name": name,
        "label": label,
        "magazine": gun is None,
        "manner": sheet.manner,
        "first": by == sheet.first,
        "other": other,
        "other_role": role_of(picture, other),
        "order": list(order_for(sheet, _positions(picture, sheet.gun), by)),
        "holds": sheet.holds,
        "tests": list(sheet.tests),
        "rounds": [
            {
                "thing": row.thing, "label": _thing_label(picture, row.thing), "cell": row.cell,
                "round_id": row.round_id, "position": row.position,
            }
            for row in sheet.rounds
        ],
        "yours_in": sheet.entry_of(by) is not None,
        "others_in": sheet.entry_of(other) is not None,
        "ended": {"role": role_of(picture, sheet.ended[0]), "entry": sheet.ended[1]} if sheet.ended else None,
        "photos": any(_has_photo(picture, entry) for _who, entry in sheet.signed) if both else False,
        "differ": _differ(picture, sheet) if both else None,
        "found": _found(picture, sheet) if both else None,
    }  # fmt: skip


def _has_photo(picture: Picture, entry_index: int) -> bool:
    return any(isinstance(done.act, a.Photographed) for done in acts_of_entry(picture, entry_index))


def _kind_of_thing(picture: Picture, thing: Id) -> str:
    known = picture.containers.get(thing)
    return known.kind.value if known is not None else ""


def _thing_label(picture: Picture, thing: Id) -> str:
    known = picture.containers.get(thing)
    return known.label if known is not None else picture.guns[thing].label


def _differ(picture: Picture, sheet: OpenSheet) -> list[Plain]:
    """Where two halves that are both in say different things: position or cell, and what each of the two answered."""
    halves = {who: _said(picture, entry, who) for who, entry in sheet.signed}
    one, two = halves[sheet.first], halves[sheet.other]
    keys = list(dict.fromkeys((*one, *two)))
    return [
        # Nobody is shown what the other answered about a thing that he did not answer himself.
        {"about": key, "first": one.get(key, "") if key in two else "", "other": two.get(key, "") if key in one else ""}
        for key in keys
        if one.get(key) != two.get(key)
    ]


def _found(picture: Picture, sheet: OpenSheet) -> bool:
    """Whether either half says that a round is live, or that nobody can tell what it is; both are in."""
    said = (kind for who, entry in sheet.signed for kind in _said(picture, entry, who).values())
    return not {RoundKind.LIVE.value, RoundKind.UNKNOWN.value}.isdisjoint(said)


def _said(picture: Picture, entry_index: int, who: Id) -> dict[str, str]:
    """What one half says of each position and round, the last word about each."""
    out: dict[str, str] = {}
    for done in acts_of_entry(picture, entry_index):
        if done.by != who:
            continue
        match done.act:
            case a.Cleared() | a.Answered():
                out.update({row.position: row.holds.value for row in done.act.answers})
            case a.RoundsTested():
                out.update({f"cell {row.cell}": done.act.kind.value for row in done.act.rows})
            case a.Turned() | a.TurnSeen():
                out.update({row.position: done.act.kind.value for row in done.act.rows})
            case a.Loaded():
                kinds = {row.round_id: _kind(picture, row.round_id) for row in done.act.rows}
                out.update({row.position: kinds[row.round_id] for row in done.act.rows})
            case _:
                pass
    return out


def _kind(picture: Picture, round_id: Id) -> str:
    known = picture.cartridges.get(round_id)
    return known.said.value if known is not None else "round"
