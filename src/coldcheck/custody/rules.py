"""Judging: what a signed act gets for a verdict, from the picture, the rulebook in force and the moment.

Facts are admitted always, with findings. Claims (a call, a stop lifted) are granted or refused when their last part
arrives; earlier parts are admitted, with what is still missing as findings. All that is missing is returned, in the
rulebook's order. Nothing here changes the picture.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.asks import CallAsk, FactAsk, roles_of
from coldcheck.custody.attended import said_by
from coldcheck.custody.enrolment import KEY_CLAIMS, Word, quarantine_finding, word_on
from coldcheck.custody.kernel import NOBODY, Move
from coldcheck.custody.magazines import claim_moves
from coldcheck.custody.moves import Coded, moves_of, possible_moves, single_rows, told_code
from coldcheck.custody.picture import (
    Picture,
    is_handler,
    own_hand_on,
    parts_in_force,
    places_of,
    proven_through,
    standing_call,
)
from coldcheck.custody.predicates import CALL_PREDICATES, FACT_PREDICATES
from coldcheck.custody.state import CALL_PARTS, PARTS, part_of, release_role
from coldcheck.custody.things import RELEASE_ROLES, Finding, Id, Now, Role
from coldcheck.custody.two_sheets import agreeing_rows

ADMITTED: Final = "admitted"
GRANTED: Final = "granted"
REFUSED: Final = "refused"
_WORDS: Final = (ADMITTED, GRANTED, REFUSED)
"""The verdict on an entry is the last of these that any claim in it got."""
_CLAIM_ACTS: Final = (a.Called, a.Announced, a.Acknowledged, a.StopLifted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The hub's word on one entry; `findings` in the rulebook's order."""

    word: str
    findings: tuple[Finding, ...]


def judge(
    picture: Picture, *, by: Id, key: Id, acts: tuple[a.Act, ...], now: Now, seen_size: int | None = None
) -> Verdict:
    """The verdict on `acts` of `by`, signed with `key` and heard at `now`. Pure; the picture stays as it is.

    `seen_size` is how many entries the signer's device knew of; None stands for all there are. Should a mistake of ours
    leave it without a verdict, it is kept as an act that proves nothing.
    """
    try:
        return _judge(picture, by=by, key=key, acts=acts, now=now, seen_size=seen_size)
    except Exception:  # noqa: BLE001  # whatever it is: what happened is recorded
        return not_judged(acts)


def not_judged(acts: tuple[a.Act, ...]) -> Verdict:
    """The verdict on what a mistake of ours left without one: no claim of it is granted."""
    claims = any(isinstance(act, (*_CLAIM_ACTS, *KEY_CLAIMS)) for act in acts)
    return Verdict(
        word=REFUSED if claims else ADMITTED, findings=(Finding(rule="V20", found=(("what", "not_judged"),)),)
    )


def _judge(picture: Picture, *, by: Id, key: Id, acts: tuple[a.Act, ...], now: Now, seen_size: int | None) -> Verdict:
    seen_size = picture.size if seen_size is None else seen_size
    findings: list[Finding] = []
    words = [ADMITTED]
    rows_of = tuple([single_rows(signed, by=by) for signed in acts])
    agreeing, place = agreeing_rows(picture, by=by, acts=acts, rows=rows_of), 0
    for signed, rows in zip(acts, rows_of, strict=True):
        doubtful = tuple([row for number, row in enumerate(rows, start=place) if number not in agreeing])
        place += len(rows)
        findings.extend(_of_rules(picture, by=by, key=key, act=signed, acts=acts))
        if not _ends_as_planned(picture, by=by, act=signed, now=now):
            called = acts[0].gun if words[-1] == GRANTED and isinstance(acts[0], a.Acknowledged) else ""
            findings.extend(_of_voids(picture, by=by, key=key, act=signed, rows=doubtful, called=called))
        who, act = said_by(picture, by=by, key=key, act=signed)
        if isinstance(act, KEY_CLAIMS):
            # It stands alone in its entry: see enrolment.verify_place.
            return _word_on_keys(picture, findings, word_on(picture, by=by, key=key, act=act))
        if isinstance(act, a.Quarantined):
            findings.append(quarantine_finding(act))
        if not isinstance(act, _CLAIM_ACTS):
            continue
        if isinstance(act, a.StopLifted):
            word, missing = _of_lift(picture, by=who, act=act)
        else:
            word, missing = _of_call(picture, by=who, key=key, act=act, now=now, seen_size=seen_size)
        if word == GRANTED and not _begins(picture, by=by, key=key, acts=acts, claim=signed):
            # It was judged without what the sheet says before it, and one verdict cannot stand for two claims.
            word, missing = REFUSED, [_not_alone(act)]
        if word == ADMITTED and _closes_first(picture, by=by, key=key, acts=acts, part=signed):
            missing = [finding for finding in missing if finding != _NOT_SEEN]
        words.append(word)
        findings.extend(missing)
    return Verdict(word=max(words, key=_WORDS.index), findings=_in_order(picture, findings))


def _begins(picture: Picture, *, by: Id, key: Id, acts: tuple[a.Act, ...], claim: a.Act) -> bool:
    """Whether a claim stands alone, or is a call's last part that begins a sheet of facts: these are done after it."""
    if len(acts) == 1:
        return True
    said = [said_by(picture, by=by, key=key, act=act)[1] for act in acts]
    others = any(isinstance(act, _CLAIM_ACTS) for act in said[1:])
    return acts[0] is claim and isinstance(said[0], CALL_PARTS) and not others


_NOT_SEEN: Final = Finding(rule="K9", found=(("what", "receiver_saw_all"),))


def _closes_first(picture: Picture, *, by: Id, key: Id, acts: tuple[a.Act, ...], part: a.Act) -> bool:
    """Whether the sheet closes a show, in which all was answered, right before it calls that gun.

    The part is judged before the sheet is applied: without this its receipt would say, of a receiver who saw all, that
    he has not. The last part is judged by what is true then, as always.
    """
    if len(acts) < 2 or acts[1] is not part or not isinstance(part, a.Called):  # noqa: PLR2004  # the end of the show, and the call
        return False
    match acts[0]:
        case a.ShowClosed(gun=gun) if gun == part.gun:
            moves = (coded.move for coded in moves_of(picture, by=by, key=key, act=acts[0]))
            return any(move.row == "close" and picture.kernel.holds(move) for move in moves)
        case _:
            return False


def _word_on_keys(picture: Picture, findings: list[Finding], said: Word) -> Verdict:
    word, missing = said
    return Verdict(word=word, findings=_in_order(picture, [*findings, *missing]))


def _not_alone(act: a.Act) -> Finding:
    return Finding(rule="LIFT" if isinstance(act, a.StopLifted) else "K10", found=(("what", "last_part_not_alone"),))


def _in_order(picture: Picture, findings: list[Finding]) -> tuple[Finding, ...]:
    distinct = dict.fromkeys(findings)
    rulebook = picture.rulebook
    return tuple(distinct if rulebook is None else sorted(distinct, key=lambda finding: rulebook.place(finding.rule)))


# --- facts ---------------------------------------------------------------------------------------------------------


def _of_rules(picture: Picture, *, by: Id, key: Id, act: a.Act, acts: tuple[a.Act, ...]) -> list[Finding]:
    """What the rulebook's rules for facts find in one act."""
    out: list[Finding] = []
    if picture.rulebook is not None:
        # A report is asked what its act would be asked of the one it tells of.
        who, told = (act.who, act.told) if isinstance(act, a.Reported) else said_by(picture, by=by, key=key, act=act)
        ask = FactAsk(picture=picture, by=who, act=told, acts=acts)
        for rule in picture.rulebook.at_gate("fact"):
            for found in FACT_PREDICATES[rule.predicate](ask, rule):
                out.append(Finding(rule=rule.id, found=found))  # noqa: PERF401  # most find nothing: no generator for that
    return out


def _of_voids(picture: Picture, *, by: Id, key: Id, act: a.Act, rows: tuple[a.Act, ...], called: Id) -> list[Finding]:
    """The V codes under which one act takes proofs or a call away; `rows` are those to be asked.

    `called` is the gun whose call the sheet's first act has just granted: taken with it, it is no uncalled gun beside others.
    """
    out: list[Finding] = []
    for row in rows:
        taken_called = isinstance(row, a.Taken) and row.item == called
        for coded in moves_of(picture, by=by, key=key, act=row):
            if taken_called and coded.code == "V18" and coded.move.gun != called:
                continue
            finding = _void_finding(picture, coded)
            if finding is not None:
                out.append(finding)
    if isinstance(act, a.Reported):
        known = {finding.rule for finding in out}
        out.extend(finding for finding in _told_finding(picture, act) if finding.rule not in known)
    # What ended has ended all the same; a finding names a rule that is in force.
    return [finding for finding in out if picture.rulebook is None or picture.rulebook.rule(finding.rule) is not None]


_BACK_TO_ITS_OWNER: Final = "returned_to_owner"


def _ends_as_planned(picture: Picture, *, by: Id, act: a.Act, now: Now) -> bool:
    """Whether an act ends proofs in the ordinary course of work, so that nothing is to be found in it.

    The proofs are gone all the same. A handler locks his gun away while no call stands on it; planned shots are fired
    under a call for at least as many blanks; a container goes from the hand that had it to a handler's or a
    supplier's, or back to whose it is.
    """
    match act:
        case a.Locked(item=item):
            return item in picture.guns and item not in picture.calls and _in_own_hand(picture, item, by)
        case a.Discharged(planned=True, hit=()):
            call = standing_call(picture, act.gun, now)
            return call is not None and call.call is a.CallWord.HOT_BLANK and act.shots <= call.count
        case a.Taken(item=item, giver=giver) if item in picture.guns:
            return _goes_back(picture, item, giver=giver, taker=by)
        case a.Taken(item=item, giver=giver):
            return own_hand_on(picture, item) == giver != by and _keeps_rounds(picture, by)
        case a.Disposed(thing=thing, how=how):
            return how == _BACK_TO_ITS_OWNER and own_hand_on(picture, thing) == by
        case _:
            return False


def _goes_back(picture: Picture, gun: Id, *, giver: Id, taker: Id) -> bool:
    """Whether a gun on which no call stands goes from the handler who had it to its supplier."""
    kernel = picture.kernel
    offered = kernel.gc.get(gun) == giver and kernel.off.get(gun) == taker and is_handler(picture, giver)
    return offered and gun not in picture.calls and Role.SUPPLIER in roles_of(picture, taker)


def _keeps_rounds(picture: Picture, who: Id) -> bool:
    """Whether rounds belong in these hands: a belt that a performer wears is ammunition out of a handler's."""
    return is_handler(picture, who) or Role.SUPPLIER in roles_of(picture, who)


def _in_own_hand(picture: Picture, gun: Id, by: Id) -> bool:
    return own_hand_on(picture, gun) == by and is_handler(picture, by)


def _told_finding(picture: Picture, act: a.Reported) -> tuple[Finding, ...]:
    """What a report says under a V code is a finding whether or not a signed proof was there to lose."""
    code = told_code(picture, act)
    if not code or code in _ONLY_CALLS:
        return ()
    guns = tuple(("gun", name) for name in sorted(a.ids_in(a.plain(act.told))) if name in picture.guns)
    return (Finding(rule=code, found=(("what", code.lower()), *guns[:1], ("row", act.row))),)


def _void_finding(picture: Picture, coded: Coded) -> Finding | None:
    """The V finding of a move that takes something away from a gun or a round, None when there is nothing to take."""
    if not coded.code or not _takes(picture, coded):
        return None
    gun, call = coded.move.gun, picture.calls.get(coded.move.gun)
    found: list[tuple[str, str]] = [("what", coded.code.lower())]
    if call is not None:
        found.append(("call", call.call.value))
    if gun:
        found.append(("gun", gun))
    return Finding(rule=coded.code, found=tuple(found))


_ALWAYS: Final = frozenset({"V09", "V11", "V12", "V25"})
"""These are said even when no proof was there to lose."""
_ONLY_CALLS: Final = frozenset({"V01", "V08"})
"""These end proofs in ordinary work too: they are findings when a call stood."""


def _takes(picture: Picture, coded: Coded) -> bool:
    kernel, move = picture.kernel, coded.move
    if move.row in {
        "second",
        "see",
        "close",
        "show",
        "accept",
        "give",
        "test1",
        "test2",
        "have",
        "lockup",
        "load",
        "unload",
        "empty",
    }:
        return (coded.code not in _ONLY_CALLS or move.gun in picture.calls) and _else_branch(picture, move)
    if coded.code in _ALWAYS or (coded.code == "V18" and move.row == "doubt"):
        # One gun taken for another is said whether or not either was proven.
        return True
    if move.gun in picture.calls:
        return True
    if move.row == "unsight" or coded.code in _ONLY_CALLS:
        return False
    if move.gun in kernel.gc:
        return any(kernel.p1[at] != NOBODY for at in places_of(picture, move.gun))
    if move.row == "stop":
        return True
    return kernel.r1.get(move.round_id, NOBODY) != NOBODY


def _else_branch(picture: Picture, move: Move) -> bool:
    """Whether the kernel would take the else-effect of this row now: the doubtful branch."""
    possible = possible_moves(picture, move)
    if possible != (move,):
        return move.gun in picture.guns or bool(possible)
    return not picture.kernel.holds(move)


# --- claims --------------------------------------------------------------------------------------------------------


def _of_call(
    picture: Picture, *, by: Id, key: Id, act: a.Called | a.Announced | a.Acknowledged, now: Now, seen_size: int
) -> tuple[str, list[Finding]]:
    """Verdict and findings of a call as it stands with this part."""
    part = part_of(picture, act, by=by, key=key, now=now, entry_index=picture.size, seen_size=seen_size)
    earlier = {} if part.part == "called" else dict(picture.parts.get(act.gun, {}))
    parts, again = parts_in_force(picture, act.gun, {**earlier, part.part: part})
    called = parts.get("called")
    if act.gun not in picture.guns or picture.rulebook is None:
        return REFUSED, [
            Finding(rule="K1", found=(("what", "unknown_gun" if act.gun not in picture.guns else "no_rulebook"),))
        ]
    if called is None:
        return ADMITTED, [Finding(rule="K10", found=(("what", "part_missing"), ("part", "called")))]
    ask = CallAsk(picture=picture, gun=act.gun, called=called, parts=parts, again=again, now=now)
    findings = _call_findings(picture, ask)
    if len(parts) < len(PARTS):
        return ADMITTED, findings
    return (REFUSED if findings else GRANTED), findings


def _call_findings(picture: Picture, ask: CallAsk) -> list[Finding]:
    """Everything that is missing: the kernel's guards under their K ids, and the rulebook's conditions."""
    out: list[Finding] = []
    own, *fed = claim_moves(picture, ask.gun, ask.called)
    guards: dict[str, list[str]] = {}
    for rule_id, guard in picture.kernel.missing(own):
        guards.setdefault(rule_id, []).append(guard)
    out.extend(found for move in fed for found in _of_magazine(picture, ask.gun, move))
    assert picture.rulebook is not None, "a call is judged under a rulebook"
    for rule in picture.rulebook.at_gate("call"):
        out.extend(
            Finding(rule=rule.id, found=(("what", guard), *_positions(picture, ask.gun, guard)))
            for guard in guards.pop(rule.id, ())
        )
        out.extend(Finding(rule=rule.id, found=found) for found in CALL_PREDICATES[rule.predicate](ask, rule))
    out.extend(Finding(rule=rule_id, found=(("what", guard),)) for rule_id, names in guards.items() for guard in names)
    return out


_OF_MAGAZINE: Final = MappingProxyType(
    {"K3": "magazine_other_people", "K6": "magazine_not_in_hand", "K9": "magazine_not_shown"}
)
"""What a magazine lacks under the kernel's K ids; whatever else it lacks, it was not answered place by place."""


def _of_magazine(picture: Picture, gun: Id, claim: Move) -> list[Finding]:
    """What keeps a magazine or belt in the gun from the call: its own guards, and that the same people saw both."""
    kernel, thing = picture.kernel, claim.gun
    missing = kernel.missing(claim)
    lacks = dict.fromkeys((rule_id, _OF_MAGAZINE.get(rule_id, "magazine_not_answered")) for rule_id, _ in missing)
    if not proven_through(picture, thing):
        # Who saw it is asked once there is something that two people say of it.
        lacks = {("K4", "magazine_not_answered"): None}
    elif (kernel.wit[thing], kernel.rcv[thing]) != (kernel.wit[gun], kernel.rcv[gun]):
        lacks["K3", "magazine_other_people"] = None
    return [Finding(rule=rule_id, found=(("what", what), ("container", thing))) for rule_id, what in lacks]


def _positions(picture: Picture, gun: Id, guard: str) -> tuple[tuple[str, str], ...]:
    """How many of the gun's positions two people answered, where a guard is about that."""
    if guard != "answered_twice":
        return ()
    inside = [(gun, name) for name in picture.guns[gun].positions if name != "capability"]
    answered = sum(1 for at in inside if picture.kernel.p1[at] != NOBODY and picture.kernel.p2[at] != NOBODY)
    return (("answered", str(answered)), ("positions", str(len(inside))))


def _of_lift(picture: Picture, *, by: Id, act: a.StopLifted) -> tuple[str, list[Finding]]:
    """A stop is lifted by its third signature, of armorer, first AD and employer; before that it waits."""
    stop = picture.stops.get(act.stop)
    if stop is None or not stop.open:
        return REFUSED, [Finding(rule="LIFT", found=(("what", "no_such_stop"), ("stop", str(act.stop))))]
    role = release_role(picture, by, stop.lifted_by)
    if role is None:
        return REFUSED, [Finding(rule="LIFT", found=(("what", "not_a_release_role"), ("who", by)))]
    have = {known for known, _who, _key in stop.lifted_by} | {role}
    missing = [needed.value for needed in RELEASE_ROLES if needed not in have]
    if missing:
        return ADMITTED, [Finding(rule="LIFT", found=(("what", "signatures_missing"), ("roles", ",".join(missing))))]
    return GRANTED, []
