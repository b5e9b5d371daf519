"""What the screens show of the picture at one moment: frozen values, no sentences, no colours.

A card is computed from kernel, call, time and voids each time it is asked for, and falls to TREAT AS LOADED whenever
anything is missing. Words follow the house: the big word alone is never colder than the whole.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.enrolment import on_one_device
from coldcheck.custody.kernel import EMPTY, NOBODY, UNKNOWN, PositionClass
from coldcheck.custody.picture import (
    Condition,
    GrantedCall,
    Picture,
    call_ended,
    fed_by,
    has_places,
    holder_of,
    is_handler,
    locked_away,
    places_of,
    standing_call,
)
from coldcheck.custody.things import MAY_BE_DONE, Gun, Hold, Id, Now, Role, Truth, same_time

CardKind: TypeAlias = Literal["empty", "dummies", "blanks", "replica", "vault", "loaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a card says what it says: a rule or V code, and the entry it comes from (None where no entry is needed)."""

    code: str
    entry_index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """One position: what the record last says is in it, how well that is supported, and the round if any."""

    position: str
    holds: str
    truth: Truth
    round_id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One gun on the board. `ends_in_ms` is the time left of a standing call, None when there is none.

    `roles` are of those whose answers it stands on, `checked_ms` how old the first of these answers is.
    """

    gun: Id
    label: str
    word_name: str
    words: str
    kind: CardKind
    since_entry: int
    reasons: tuple[Reason, ...]
    positions: tuple[PositionView, ...]
    count: int
    powder: str
    roles: tuple[str, ...]
    manner: str
    checked_entry: int | None
    checked_ms: int | None
    ends_in_ms: int | None
    lifetime_ms: int | None
    hold: str
    scene: str
    run: str
    run_part: str
    told_only: tuple[str, ...]
    concerns: tuple[int, ...]


def card_of(picture: Picture, gun: Id, *, now: Now) -> Card:
    """The card of `gun` at `now`. TREAT AS LOADED unless a call stands at this very moment."""
    known = picture.guns[gun]
    call = standing_call(picture, gun, now)
    held = holder_of(picture, gun)
    if call is not None:
        return _called_card(picture, known, call, now)
    # A replica that nobody has looked at today is as unproven as any gun.
    if held is not None and _lies_locked(picture, gun) and gun not in picture.held_as_evidence:
        return _card(
            picture,
            known,
            words="IN VAULT",
            kind="vault",
            since=held.entry_index,
            reasons=_reasons(picture, gun, now),
            now=now,
        )
    note = picture.voids.get(gun)
    since = note.entry_index if note is not None else known.entry_index
    return _card(
        picture,
        known,
        words="TREAT AS LOADED",
        kind="loaded",
        since=since,
        reasons=_reasons(picture, gun, now),
        now=now,
    )


def _lies_locked(picture: Picture, gun: Id) -> bool:
    """Whether a handler who had it in hand locked it away himself, where things are locked away, and nothing was said of it since."""
    history = picture.custody.get(gun, ())
    if len(history) <= 1 or history[-1].hold is not Hold.LOCKED or locked_away(picture, gun) is None:
        return False
    before, held = history[-2:]
    own = before.hold is Hold.PERSON and before.who == held.signer and not before.reported
    return (
        own
        and is_handler(picture, held.signer)
        and held.entry_index >= max(picture.stamps.get(gun, -1), picture.met_at.get(gun, -1))
    )


def _called_card(picture: Picture, gun: Gun, call: GrantedCall, now: Now) -> Card:
    match call.call:
        case a.CallWord.COLD_EMPTY:
            words, kind = "PROVEN EMPTY", "empty"
        case a.CallWord.COLD_DUMMY:
            words, kind = f"PROVEN {call.count} DUMM{'Y' if call.count == 1 else 'IES'}", "dummies"
        case a.CallWord.HOT_BLANK:
            words, kind = f"{call.count} BLANK{'' if call.count == 1 else 'S'}", "blanks"
        case a.CallWord.INERT:
            words, kind = "REPLICA", "replica"
    return _card(picture, gun, words=words, kind=kind, since=call.entry_index, reasons=(), now=now, call=call)  # type: ignore[arg-type]


def _card(
    picture: Picture,
    gun: Gun,
    *,
    words: str,
    kind: CardKind,
    since: int,
    reasons: tuple[Reason, ...],
    now: Now,
    call: GrantedCall | None = None,
) -> Card:
    age_ms = same_time(since=call.now, until=now) if call is not None else None
    held = holder_of(picture, gun.gun)
    checked = picture.checked.get(gun.gun)
    return Card(
        gun=gun.gun,
        label=gun.label,
        word_name=gun.word_name,
        words=words,
        kind=kind,
        since_entry=since,
        reasons=reasons,
        positions=positions_of(picture, gun.gun),
        count=call.count if call is not None else 0,
        powder=call.powder if call is not None else "",
        roles=tuple(role_of(picture, who) for who in answered_by(picture, gun.gun)) if call is not None else (),
        manner=_manner(picture, call) if call is not None else "",
        checked_entry=checked[0] if checked is not None else None,
        checked_ms=_checked_ms(picture, gun.gun, now) if call is not None else None,
        ends_in_ms=call.lifetime_ms - age_ms if call is not None and age_ms is not None else None,
        lifetime_ms=call.lifetime_ms if call is not None else None,
        hold=held.hold.value if held is not None else Hold.UNKNOWN.value,
        scene=call.scene if call is not None else "",
        run=call.run if call is not None else "",
        run_part=call.run_part if call is not None else "",
        told_only=told_only(picture, gun.gun),
        concerns=concerns_about(picture, gun.gun),
    )


def answered_by(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """Whose answers the proofs of a gun are, of each position, its magazines and the rounds in it: never who only called it."""
    kernel = picture.kernel
    at = [(gun, name) for name in picture.guns[gun].positions]
    at += [place for thing in fed_by(picture, gun) for place in places_of(picture, thing)]
    signers = [who for one in at for who in (kernel.p1.get(one, NOBODY), kernel.p2.get(one, NOBODY))]
    rounds = [kernel.pos[one] for one in at if kernel.pos.get(one) in kernel.rc]
    signers += [who for r in rounds for who in (kernel.r1.get(r, NOBODY), kernel.r2.get(r, NOBODY))]
    people = (who for who in dict.fromkeys(signers) if who != NOBODY)
    return tuple(sorted(people, key=lambda who: _place_of_role(role_of(picture, who))))


def _place_of_role(role: str) -> int:
    return next((number for number, known in enumerate(_SHOWN_FIRST) if known.value == role), len(_SHOWN_FIRST))


def oldest_answer(picture: Picture, gun: Id) -> int | None:
    """The entry with the first of the answers that the gun's proofs are, None where there is none.

    A call made anew makes no answer younger.
    """
    names = [name for name in picture.guns[gun].positions if picture.kernel.p1.get((gun, name), NOBODY) != NOBODY]
    return min(
        (picture.first_answers[gun, name] for name in names if (gun, name) in picture.first_answers), default=None
    )


def _checked_ms(picture: Picture, gun: Id, now: Now) -> int | None:
    """How long ago the first of the answers that the gun's proofs are was given, None where a restart lies between."""
    entry = oldest_answer(picture, gun)
    began = (picture.boots or [0])[-1]
    if entry is None or entry < began or picture.now.boot != now.boot:
        return None
    return now.mono_ms - picture.heard_ms[entry]


def told_only(picture: Picture, gun: Id) -> tuple[str, ...]:
    """The roles of those who were told what is in the gun and have not looked since: "told, has not seen"."""
    told = picture.told.get(gun, {})
    names = picture.guns[gun].positions if told else ()
    looked = {who: max(picture.looks.get((gun, name), {}).get(who, -1) for name in names) for who in told if names}
    return tuple(role_of(picture, who) for who, entry in told.items() if looked.get(who, -1) < entry)


def concerns_about(picture: Picture, gun: Id) -> tuple[int, ...]:
    """The entries since which a concern about this gun is open: when and which gun, never whose."""
    about = (picture.concerns[concern] for concern, things in picture.about.items() if gun in things)
    return tuple(opened for opened, answered in about if answered is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GunFile:
    """What is offered with every scan of a gun: its type of action, what may be done with it, and its condition file.

    `allowed` is what a handler said may be done with this one (`by_handler`), else what its action can do at all, which
    allows nobody anything. `unclosed` says whether
    something unintended happened to it after which nobody has noted an inspection.
    """

    gun: Id
    action: str
    allowed: tuple[str, ...]
    by_handler: bool
    conditions: tuple[Condition, ...]
    twins: tuple[Id, ...]
    unclosed: bool


def gun_file_of(picture: Picture, gun: Id) -> GunFile:
    """The file of `gun`, oldest line first."""
    known = picture.guns[gun]
    lines = tuple(picture.conditions.get(gun, ()))
    last_look = max((line.entry_index for line in lines if line.what in _LOOKS), default=-1)
    return GunFile(
        gun=gun,
        action=known.action.value,
        allowed=picture.handling.get(gun, MAY_BE_DONE[known.action]),
        by_handler=gun in picture.handling,
        conditions=lines,
        twins=picture.twins.get(gun, ()),
        unclosed=any(line.entry_index > last_look for line in lines if line.what not in _LOOKS),
    )


_LOOKS: Final = frozenset({"inspected", "tested", "capability_tested"})


def _manner(picture: Picture, call: GrantedCall) -> str:
    """How the answers behind a call were given. Two people's keys on one device count, and the card says so."""
    shared = on_one_device(picture, (*answered_by(picture, call.gun), call.caller, call.witness, call.receiver))
    return "same_device" if shared and call.manner != "attended" else call.manner


def _reasons(picture: Picture, gun: Id, now: Now) -> tuple[Reason, ...]:
    """Everything that keeps the gun from a call, newest first: time, voids, open stops, and that nothing was proven."""
    out: list[Reason] = []
    timed = call_ended(picture, gun, now)
    if timed:
        out.append(
            Reason(
                code=timed,
                entry_index=picture.calls[gun].entry_index if gun in picture.calls else picture.offers[gun].entry_index,
            )
        )
    note = picture.voids.get(gun)
    if note is not None:
        out.append(Reason(code=note.code, entry_index=note.entry_index))
    out.extend(Reason(code="STOP", entry_index=number) for number in sorted(picture.open_stops))
    if not out:
        # Two people's answers prove nothing before the call; that they are in is said all the same.
        code = "NOT_CALLED" if answered_by_two(picture, gun) else "NOT_PROVEN"
        out.append(Reason(code=code, entry_index=None))
    return tuple(out)


def answered_by_two(picture: Picture, gun: Id) -> bool:
    """Whether two people's answers are in for every position of the gun. By itself that proves nothing: see `card_of`."""
    names = picture.guns[gun].positions
    inside = [name for name in names if name != "capability"] or names
    return all(picture.kernel.proven(gun, name) for name in inside)


def positions_of(picture: Picture, gun: Id) -> tuple[PositionView, ...]:
    """Every position of the gun with what the record says of it, in answering order; then those of its magazines.

    A place of a magazine or belt is named with it: `Mag-1/3`.
    """
    own = tuple(_position(picture, gun, name) for name in picture.guns[gun].positions)
    fed = [thing for thing in fed_by(picture, gun) if has_places(picture, thing)]
    return own + tuple(
        replace(_position(picture, thing, name), position=f"{picture.containers[thing].label}/{name}")
        for thing in fed
        for _, name in places_of(picture, thing)
    )


def _position(picture: Picture, gun: Id, name: str) -> PositionView:
    kernel = picture.kernel
    content = kernel.pos[gun, name]
    fact = picture.lying.get((gun, name), "")
    if content == UNKNOWN or (fact and content != fact):
        # The facts may know what lies there while the proofs are gone: then it is claimed, never proven.
        return PositionView(
            position=name,
            holds="round" if fact else "unknown",
            truth=Truth.CLAIMED if fact else Truth.UNKNOWN,
            round_id=fact,
        )
    truth = Truth.PROVEN if kernel.proven(gun, name) else Truth.CLAIMED
    if content == EMPTY:
        word = {PositionClass.CHAMBER: "empty", PositionClass.BORE: "clear", PositionClass.CAPABILITY: "inert"}[
            _class_of(name)
        ]
        return PositionView(position=name, holds=word, truth=truth, round_id="")
    proven_kind = truth is Truth.PROVEN and kernel.round_proven(content)
    holds = kernel.rk.get(content) if proven_kind else "round"
    return PositionView(
        position=name, holds=str(holds or "round"), truth=truth if proven_kind else Truth.CLAIMED, round_id=content
    )


def _class_of(name: str) -> PositionClass:
    if name == "capability":
        return PositionClass.CAPABILITY
    return PositionClass.BORE if name.startswith("bore") else PositionClass.CHAMBER


_SHOWN_FIRST: Final = (
    Role.ARMORER,
    Role.PROPERTY_MASTER,
    Role.ASSISTANT_PROPERTY_MASTER,
    Role.FIRST_AD,
    Role.SAFETY_ADVISOR,
)


def role_of(picture: Picture, person: Id) -> str:
    """The role a stranger may see for a person: never a name."""
    known = picture.persons.get(person)
    if known is None:
        return "unknown"
    return next(
        (role.value for role in _SHOWN_FIRST if role in known.roles), min(known.roles).value if known.roles else "crew"
    )


def board_of(picture: Picture, *, now: Now) -> tuple[Card, ...]:
    """Every gun of the production as a card, in the order of registration: a gun keeps its place all day."""
    return tuple(card_of(picture, gun, now=now) for gun in picture.guns)
