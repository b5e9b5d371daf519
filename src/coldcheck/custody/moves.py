"""What each act does to the proofs: the one total map from acts to kernel moves.

`moves_of` decides and changes nothing: it reads the picture and returns moves with the V code that explains them. Only
rows of the kernel table write kernel variables. A move with code "" takes nothing away from anybody.

    moves_of(picture, by=armorer, act=PutDown(item=colt, place=cart))  ->  (Coded(Move(row="leave", ...), "V04"),)
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from coldcheck.custody import acts as a
from coldcheck.custody.attended import TAKES_AWAY, as_told, is_allowed, is_attended, said_by
from coldcheck.custody.counts import count_is_off, count_is_unexplained
from coldcheck.custody.floor_predicates import (
    above_ratio,
    fits_in_hand,
    guns_with_performers,
    handlers_on_duty,
    may_fit,
)
from coldcheck.custody.kernel import DISPUTED, EMPTY, LOCKED, NOBODY, UNKNOWN, Move
from coldcheck.custody.look_alikes import bearers_of
from coldcheck.custody.picture import (
    IN_OTHER_HANDS,
    Done,
    Picture,
    acts_of_entry,
    expected_count,
    fed_by,
    has_places,
    holder_of,
    is_handler,
    looks_along,
    lot_signed_for,
    own_hand_on,
    proven_through,
    receipt_of,
    rounds_within,
    things_within,
)
from coldcheck.custody.things import Cartridge, Gun, Hold, Id, PlaceClass, Role, RoundKind
from coldcheck.custody.whereabouts import (
    doubled,
    fed_from,
    is_stranger,
    kin_of_another_kind,
    leaning_on,
    lots_from,
    mixed_up,
    not_told_apart,
    rounds_of_lot,
    same_mark,
    told_alike,
    unlike_its_lot,
)
from coldcheck.proof.encoding import decode

EMPTY_WORDS: Final = frozenset({a.Holds.EMPTY, a.Holds.CLEAR, a.Holds.INERT})
_NO_ROUND: Final = frozenset({a.Holds.EMPTY, a.Holds.CLEAR})
DANGEROUS: Final = frozenset({RoundKind.LIVE, RoundKind.UNKNOWN})
_DANGER_WORDS: Final = frozenset({a.Holds.LIVE, a.Holds.UNKNOWN})


def says_empty(row: a.AnswerRow) -> bool:
    """Whether an answer says that nothing is in a position, in a word that fits it: of a thing without a chamber, that it is inert."""
    return row.holds is a.Holds.INERT if row.position == "capability" else row.holds in _NO_ROUND


class Coded(NamedTuple):
    """One kernel move and the V code under which it takes something away ("" when it takes nothing)."""

    move: Move
    code: str


_AT_POSITION: Final = frozenset({"empty", "load", "unload", "second", "see"})


_OF_ROUND: Final = frozenset({"have", "lockup", "lose", "taint", "test1", "test2", "load", "unload"})


def possible_moves(picture: Picture, move: Move) -> tuple[Move, ...]:
    """The move; or, where it names what the record does not know, the doubt it casts on what the record does know."""
    known_round = move.round_id in picture.kernel.rc
    if move.gun and move.gun not in picture.kernel.gc:
        return _lost(move, known=known_round)
    if (move.row in _AT_POSITION and (move.gun, move.position) not in picture.kernel.pos) or (
        move.gun and move.row in _OF_ROUND and not known_round
    ):
        return (Move(row="doubt", gun=move.gun), *_lost(move, known=known_round))
    return () if move.row in _OF_ROUND and not known_round else (move,)


def _lost(move: Move, *, known: bool) -> tuple[Move, ...]:
    return (Move(row="lose", round_id=move.round_id),) if known else ()


def single_rows(act: a.Act, *, by: Id) -> tuple[a.Act, ...]:
    """The same act of `by`, one row at a time, in order; an act without rows comes back as it is.

    A turnaround comes apart into the acts it is short for: all rounds out, then each looked at, tested and put back.
    """
    if type(act) not in _WITH_ROWS:
        return (act,)
    match act:
        case a.Cleared() | a.Answered() | a.Seen():
            kind, gun = type(act), act.gun
            # Without rows it does not say which position: it stands as it is, as one row.
            return (act,) if len(act.answers) <= 1 else tuple([kind(gun=gun, answers=(r,)) for r in act.answers])
        case a.Loaded() | a.Unloaded():
            filling, gun = type(act), act.gun
            return (act,) if len(act.rows) <= 1 else tuple([filling(gun=gun, rows=(row,)) for row in act.rows])
        case a.RoundsTested(thing=thing, tests=tests, kind=shown):
            return tuple([a.RoundsTested(thing=thing, rows=(r,), tests=tests, kind=shown) for r in act.rows]) or (act,)
        case a.RoundsSeen(thing=thing):
            return tuple([a.RoundsSeen(thing=thing, rows=(row,)) for row in act.rows]) or (act,)
        case a.Turned() | a.TurnSeen() if not act.rows:
            return (act,)
        case a.Turned():
            return _turned_apart(act, by)
        case a.TurnSeen(gun=gun):
            holds = _HOLDS_OF.get(act.kind, a.Holds.UNKNOWN)
            return tuple(
                part
                for row in act.rows
                for part in (
                    _one_answer(a.Answered, gun, row, a.Holds.EMPTY),
                    _one_test(act, row, thing=""),
                    _one_answer(a.Answered, gun, row, holds),
                )
            )
        case _:
            return (act,)


_WITH_ROWS: Final = frozenset(
    (a.Cleared, a.Answered, a.Seen, a.Loaded, a.Unloaded, a.RoundsTested, a.RoundsSeen, a.Turned, a.TurnSeen)
)
_HOLDS_OF: Final = MappingProxyType(
    {
        RoundKind.DUMMY: a.Holds.DUMMY,
        RoundKind.BLANK: a.Holds.BLANK,
        RoundKind.SNAP_CAP: a.Holds.ROUND,
        RoundKind.LIVE: a.Holds.LIVE,
    }
)


def _turned_apart(act: a.Turned, by: Id) -> tuple[a.Act, ...]:
    gun = act.gun
    out = tuple(
        a.Moved(start=gun, end=by, rows=(a.MoveRow(round_id=row.round_id, from_cell=row.position, to_cell=""),))
        for row in act.rows
        if row.round_id
    )
    back = tuple(
        part
        for row in act.rows
        for part in (
            _one_answer(a.Cleared, gun, row, a.Holds.EMPTY),
            _one_test(act, row, thing=by),
            a.Loaded(gun=gun, rows=(a.LoadRow(position=row.position, round_id=row.round_id, thing=by, cell=""),)),
        )
    )
    return out + back


def _one_answer(kind: type[a.Cleared | a.Answered], gun: Id, row: a.TurnRow, holds: a.Holds) -> a.Cleared | a.Answered:
    return kind(gun=gun, answers=(a.AnswerRow(position=row.position, holds=holds, ms=row.ms),))


def _one_test(act: a.Turned | a.TurnSeen, row: a.TurnRow, *, thing: Id) -> a.RoundsTested:
    cells = (a.CellRow(cell="", round_id=row.round_id),) if row.round_id else ()
    return a.RoundsTested(thing=thing, rows=cells, tests=act.tests, kind=act.kind)


def moves_of(picture: Picture, *, by: Id, key: Id, act: a.Act) -> tuple[Coded, ...]:  # noqa: C901, PLR0911, PLR0912, PLR0915  # one total table, one line an act
    """The kernel moves of one single-row act of `by`, in order. Total: every act has an answer, most have none."""
    if is_attended(picture, key) and not isinstance(act, (a.HeldOut, a.Reported, *TAKES_AWAY)):
        # A floor phone's key signs for others only. What it signs for its holder is nobody's answer, as if it were told.
        return tuple(_doubts(picture, act, code="V15"))
    match act:
        # What every use of a gun brings stands first; no act fits two cases.
        case a.HeldOut():
            return _held_out(picture, by, key, act)
        case a.Cleared():
            return (*_cleared(picture, by, act), *_had(picture, by, act.gun))
        case a.Answered():
            return _answered(picture, by, act)
        case a.Loaded():
            return (*_loaded(picture, by, act), *_had(picture, by, act.gun))
        case a.Unloaded():
            return (*_unloaded(picture, by, act), *_had(picture, by, act.gun))
        case a.RoundsTested():
            met = (*_met_in(picture, act.thing, act.rows), *_in_whose_hand(picture, act.thing, act.rows))
            return (*_tested(picture, by, act), *met, *_tested_as_other(picture, act))
        case a.Called():
            return _said_otherwise(picture, act) + _read_off(picture, act.gun, tag=act.tag, serial=act.serial)
        case a.Announced() | a.Acknowledged():
            return _said_otherwise(picture, act)
        case a.SheetBegan():
            return ()
        case a.Seen():
            return _viewed(picture, by, act)
        case a.HandedOver():
            return (*_handed_over(picture, by, act), *_had(picture, by, act.item))
        case a.Taken():
            many = _too_many(picture, more=act.item) if not is_handler(picture, by) else ()
            read = _read_off(picture, act.item, tag=act.tag, serial=act.serial)
            had = _had(picture, act.giver, act.item)
            return (*_taken(picture, by, act), *_beside(picture, by, act.item), *had, *many, *read)
        case a.Counted():
            in_hand = _some_in_hand(picture, act.thing) if act.count else ()
            return (*_counted(picture, by, act), *in_hand)
        case a.Showed():
            shown = _coded("show", "V01", gun=act.gun, signer=by, other=act.to)
            return (shown, *_had(picture, by, act.gun))
        case a.ShowClosed():
            return (_coded("close", "V01", gun=act.gun, signer=by),)
        case a.InLine():
            return _in_line(picture, by, act.gun)
        case a.RoundsSeen():
            met = (*_met_in(picture, act.thing, act.rows), *_met_elsewhere(picture, act.thing, act.rows))
            return (*met, *_in_whose_hand(picture, act.thing, act.rows))
        case a.Turned() | a.TurnSeen() if not act.rows:
            # Of which chambers, is not said: whoever turned rounds has opened it.
            opened = (_coded("doubt", _code_of_opening(picture, by, act.gun), gun=act.gun),)
            return (*(opened if isinstance(act, a.Turned) else ()), *_dangerous_find(picture, act.kind))
        case a.Turned() | a.TurnSeen():
            # Told of, or looked at whole; what is applied comes apart before.
            return tuple(
                coded for row in single_rows(act, by=by) for coded in moves_of(picture, by=by, key=key, act=row)
            )
        case a.PickedUp() | a.BroughtIn():
            return (*_picked_up(picture, by, act.item), *_beside(picture, by, act.item))
        case a.Received():
            return _received(picture, by, act)
        case a.LotRegistered():
            return _lot_again(picture, act)
        case a.PutDown():
            gone = _let_go(picture, act.item, code_gun="V04", code_rounds="V13")
            return (*gone, *_had(picture, by, act.item))
        case a.Locked():
            return (*_locked(picture, by, act.item), *_had(picture, by, act.item))
        case a.Stowed():
            return (*_stowed(picture, by, act), *_had(picture, by, act.item))
        case a.Moved():
            into = _into_hand(picture, act.end, *(row.round_id for row in act.rows))
            out_of = _in_whose_hand(picture, act.start, act.rows)
            return (*_moved(picture, by, act), *into, *out_of)
        case a.Poured():
            return _poured(picture, act)
        case a.Disposed():
            gone = tuple(_coded("lose", "V12", round_id=r) for r in rounds_within(picture, act.thing))
            # Somebody who has not got it in hand threw out of it what nobody may have looked at.
            leaning = () if own_hand_on(picture, act.thing) == by else fed_from(picture, act.thing)
            touched = (*_touched(picture, act.thing), *_some_in_hand(picture, act.thing))
            return (*gone, *touched, *_taints(leaning, "V12"))
        case a.RoundFound():
            if is_stranger(picture, act.round_id) and not act.fired:
                # A dummy is what two people's tests of its lot say, not the look of who found it.
                act = replace(act, kind=RoundKind.UNKNOWN)
            found = _found(picture, act) + _touched(picture, act.thing)
            found += _into_hand(picture, act.thing, act.round_id)
            return found + _mixed(picture, act.thing, act.round_id, act.kind)
        case a.RoundExamined():
            # A find that was taken for dangerous has stopped the set already, as long as that stop is open.
            known = picture.kinds_found.get(act.round_id, ("", 0))[0] in DANGEROUS and bool(picture.open_stops)
            found = () if known else _dangerous_find(picture, act.kind)
            lot = unlike_its_lot(picture, act.round_id, act.kind)
            lies = picture.spots.get(act.round_id)
            mixed = _mixed(picture, lies.thing, act.round_id, act.kind) if lies is not None else ()
            return (_coded("taint", "V11", round_id=act.round_id), *_taints(lot, "V12"), *found, *mixed)
        case a.RoundMarked():
            return _untested(picture, same_mark(picture, act), "V12")
        case a.LabelRead():
            return _label_read(picture, act)
        case a.Delivered():
            # Said to be in what feeds a gun, it is said to be in the gun.
            fed = dict.fromkeys((*_touched(picture, act.container), *_fed_guns(picture, act.container, code="V12")))
            return (*_came_in(picture, act.lot, act.container), *fed)
        case a.Discharged():
            shot = (_coded("doubt", "V09", gun=act.gun), *_seen_with(picture, by, act.gun))
            return (*shot, _coded("stop", "V09")) if _unlooked_for(picture, act) else shot
        case a.GunMishap():
            code = "V09" if act.mishap in {a.Mishap.MISFIRED, a.Mishap.HAMMER_FELL} else "V10"
            doubt = (_coded("doubt", code, gun=act.gun), *_seen_with(picture, by, act.gun))
            popped = act.mishap is a.Mishap.MISFIRED and cannot_misfire(picture, act.gun)
            return (*doubt, _coded("stop", "V09")) if popped else doubt
        case a.SightLost():
            return _sight_lost(picture, by, act.gun)
        case a.PresenceEnded():
            return _went_away(picture, by)
        case a.DutyOpened():
            return _calls_of_caller(picture, by, "endcall", "V14") if _duty_clash(picture, by, act) else ()
        case a.DutyClosed():
            return (*_calls_of_caller(picture, by, "endcall", "V14"), *_too_many(picture, less=by))
        case a.KeyRevoked():
            return _key_revoked(picture, act)
        case a.GunRegistered():
            return _gun_again(picture, act)
        case a.ContainerRegistered():
            return _container_again(picture, act)
        case a.DayClosed():
            return _over_night(picture)
        case a.DayOpened():
            # Nobody closed the day before: the night ended it all the same.
            return _over_night(picture) if picture.day_entry >= 0 and act.day != picture.day else ()
        case a.SceneChanged() | a.ScenePlanned():
            return _calls_of_scene(picture, act.scene)
        case a.RulebookAdopted():
            # What was called under other rules was not judged by these.
            return tuple(_coded("endcall", "V17", gun=gun) for gun in picture.calls)
        case a.PlaceRegistered():
            return _place_again(picture, act)
        case a.SetUpSigned():
            scene = picture.scenes.get(act.scene)
            return () if scene is None or scene.card == act else _calls_of_scene(picture, act.scene)
        case a.RunPlanned():
            return _calls_of_scene(picture, act.scene)
        case a.PerformerAdded(scene=name, gun=gun):
            # The others of the scene go on as they were called.
            called = picture.calls.get(gun)
            return (_coded("endcall", "V17", gun=gun),) if called is not None and called.scene == name else ()
        case a.Stopped():
            return (_coded("stop", "V16"),)
        case a.AskedToSee():
            return (_coded("endcall", "V16", gun=act.gun),)
        case a.Frozen():
            return (_coded("stop", "V25"),)
        case a.EvidenceTaken():
            return _let_go(picture, act.item, code_gun="V25", code_rounds="V25")
        case a.Retracted() | a.Disputed():
            return tuple(_of_entry(picture, act))
        case a.Lapsed():
            return (_coded("endcall", act.rule, gun=act.gun),)
        case a.Reported():
            return _reported(picture, key, act)
        case a.EpochOpened():
            return _nothing_is_known(picture)
        case a.Quarantined():
            return _calls_behind(picture, act.named)
        case a.UnknownAct():
            return _unknown(picture, act)
        case a.LotRecalled():
            recalled = tuple(_coded("taint", "V19", round_id=r) for r in rounds_of_lot(picture, act.lot))
            return (*recalled, *(_dangerous_find(picture, RoundKind.LIVE) if found_elsewhere(picture, act) else ()))
        case a.LotClosed():
            return _calls_on_lot(picture, act.lot)
        case a.SealApplied():
            return ()
        case a.TwinsMarked():
            # Until now nobody looked for the other one: which of them was called is asked again.
            return tuple(_coded("endcall", "V18", gun=gun) for gun in act.guns)
        case a.Renamed():
            return _renamed(picture, act)
        case a.MagazineInserted():
            return (*_inserted(picture, by, act), *_had(picture, by, act.gun))
        case a.MagazineRemoved():
            return (*_ejected(picture, act), *_had(picture, by, act.gun))
        case a.SealBroken():
            return _seal_broken(picture, act.container)
        case a.CarriedTo():
            return (*_carried(picture, by, act), *_had(picture, by, act.item))
        case a.SetApart():
            return _set_apart(picture, act.item)
        case a.LeftProduction():
            return _let_go(picture, act.item, code_gun="V12", code_rounds="V12")
        case a.EvidenceReleased():
            return _let_go(picture, act.item, code_gun="V25", code_rounds="V25")
        case a.Scanned() | a.InspectedIn():
            return _scanned(picture, act)
        case a.ConditionNoted():
            changed = act.work in {a.Work.PART_FITTED, a.Work.PART_REMOVED, a.Work.REPAIRED}
            return (_coded("doubt", "V10" if changed else "V01", gun=act.gun),)
        case a.DirectionGiven():
            return () if direction_fits(picture, by=by, act=act) else (_coded("endcall", "V17", gun=act.gun),)
        case a.HandlingAllowed():
            return (_coded("endcall", "V17", gun=act.gun),)
        case a.DirectorNamed():
            return _calls_of_scene(picture, act.scene)
        case a.ConcernPassedOn():
            return (_coded("endcall", "V23", gun=act.gun),) if act.gun else ()
        case a.NearMissLogged():
            return (_coded("stop", "V23"),)
        case a.PresenceDeclared():
            return _elsewhere(picture, by, act.place)
        case a.Corrected():
            return tuple(_of_entry(picture, act))
        case a.TrainingGiven():
            # Said to end, who was called on it may have it no more.
            call = picture.calls.get(act.gun)
            ends = bool(act.until) and call is not None and call.receiver == act.person
            return (_coded("endcall", "V14", gun=act.gun),) if ends else ()
        case a.CredentialRecorded():
            # Ended, or said to end sooner: who had it when a call was granted has it no more.
            before = picture.credentials.get((act.person, act.paper), "")
            sooner = act.until < before
            return tuple(_coded("endcall", "V14", gun=gun) for gun in picture.calls) if sooner else ()
        case (
            a.ProductionOpened() | a.PersonEnrolled() | a.CoverageOpened()
            | a.CoverageClosed() | a.ClockCompared() | a.DeliveriesSealed()
            | a.Told() | a.MeetingHeld()
            | a.Attended() | a.Assessed() | a.DutiesListed() | a.DutyAccepted() | a.TermsAdopted() | a.TermsSigned()
            | a.ManifestSent() | a.Readmitted() | a.HelpCalled() | a.NeedDecided() | a.StopLifted() | a.ConcernRaised()
            | a.ConcernAnswered() | a.Learned() | a.Remarked() | a.OfficerNamed() | a.KeyEnrolled()
            | a.EnrolmentConfirmed() | a.CrewListed() | a.CrewConfirmed() | a.KeyClaimed()
            | a.KeyRotated() | a.KeyUnlocked() | a.OpeningErased() | a.LegalHoldPlaced() | a.LegalHoldLifted() | a.CosignerNamed()
            | a.AccountableNamed() | a.PaperRecorded()
            | a.SetUpAnswered() | a.SheetEnded() | a.Photographed()
        ):  # fmt: skip
            return ()
        case (
            a.MatterOpened() | a.MatterChanged() | a.SourceFiled() | a.StatementRecorded() | a.StatementConfirmed()
            | a.PassagesRead() | a.ClaimMade() | a.ClaimsTied() | a.QuestionOpened() | a.QuestionAnswered() | a.AccountAsked()
            | a.AccountGiven() | a.NoticeGiven() | a.ExhibitFiled() | a.ExhibitJudged() | a.ExhibitViewed() | a.RequestReceived()
            | a.RequestAnswered() | a.FirstAccountSealed() | a.FirstAccountOpened() | a.InterviewRecorded()
            | a.CheckpointSentOff() | a.PackMade() | a.PosteriorAsked()
        ):  # fmt: skip
            # The inquiry looks on: nothing it files makes a gun or a round any colder.
            return ()
        case _:
            assert_never(act)


# The same few guns and rounds come again and again, and a move is frozen: one object serves every time.
@lru_cache(maxsize=16_384)
def _coded(
    row: str,
    code: str,
    *,
    gun: Id = "",
    position: str = "",
    round_id: Id = "",
    signer: Id = "",
    other: Id = "",
    value: str = "",
) -> Coded:
    # By place: with names it costs twice, and a sheet makes dozens.
    return Coded(Move(row, gun, position, round_id, signer, other, value), code)


def _over_night(picture: Picture) -> tuple[Coded, ...]:
    """What was answered of guns in a hand does not last over night."""
    held = picture.kernel.gc.items()
    return tuple(_coded("doubt", "V06", gun=gun) for gun, who in held if who not in {NOBODY, DISPUTED, LOCKED})


# --- answers about positions ---------------------------------------------------------------------------------------


def _code_of_opening(picture: Picture, by: Id, gun: Id) -> str:
    return "V01" if is_handler(picture, by) and picture.kernel.gc.get(gun) == by else "V02"


def _cleared(picture: Picture, by: Id, act: a.Cleared) -> tuple[Coded, ...]:
    code = _code_of_opening(picture, by, act.gun)
    # Opened, and not said what was seen where.
    out: list[Coded] = [] if act.answers else [_coded("doubt", code, gun=act.gun)]
    for row in act.answers:
        if says_empty(row):
            out.append(_coded("empty", code, gun=act.gun, position=row.position, signer=by))
        else:
            out.append(_coded("doubt", "V01", gun=act.gun))
            out.extend(
                _dangerous_find(
                    picture, RoundKind.UNKNOWN if row.holds in {a.Holds.LIVE, a.Holds.UNKNOWN} else RoundKind.DUMMY
                )
            )
    return tuple(out)


def _value(picture: Picture, gun: Id, row: a.AnswerRow) -> str:
    """What a second answer claims about a position in the kernel's terms: EMPTY, the recorded round, or UNKNOWN."""
    if says_empty(row):
        return EMPTY
    recorded = picture.kernel.pos.get((gun, row.position), UNKNOWN)
    if recorded in {EMPTY, UNKNOWN}:
        return UNKNOWN
    # A tainted round has no proven kind; the answer is then held against what the lot says, and still proves no kind.
    cartridge = picture.cartridges.get(recorded)
    kind = picture.kernel.rk.get(recorded) or (cartridge.said if cartridge is not None else "")
    return recorded if kind == row.holds else UNKNOWN


def _answered(picture: Picture, by: Id, act: a.Answered) -> tuple[Coded, ...]:
    seconds = [
        _coded("second", "V15", gun=act.gun, position=row.position, signer=by, value=_value(picture, act.gun, row))
        for row in act.answers
    ]
    return (*seconds, *_danger_in(picture, act.answers))


def _danger_in(picture: Picture, answers: tuple[a.AnswerRow, ...]) -> tuple[Coded, ...]:
    """A live or unknown round is found, whoever looks."""
    return _dangerous_find(picture, RoundKind.LIVE) if names_danger(answers) else ()


def names_danger(answers: tuple[a.AnswerRow, ...]) -> bool:
    """Whether somebody answered that a position holds a live or an unknown round."""
    for row in answers:  # noqa: SIM110  # asked for every row of a sheet: a generator costs more than the look
        if row.holds in _DANGER_WORDS:
            return True
    return False


def _viewed(picture: Picture, by: Id, act: a.Seen) -> tuple[Coded, ...]:
    """The viewer's answers, and those of whoever looks along: an answer like the two's moves nothing, any other decays."""
    along = looks_along(picture, act.gun, by)
    looks = [
        _coded("see", "V08", gun=act.gun, position=row.position, signer=by, value=_value(picture, act.gun, row))
        for row in act.answers
        if not (along and _is_as_answered(picture, act.gun, row))
    ]
    return (*looks, *_danger_in(picture, act.answers))


def _is_as_answered(picture: Picture, gun: Id, row: a.AnswerRow) -> bool:
    """Whether this answer says what two people answered about the position."""
    at, value = (gun, row.position), _value(picture, gun, row)
    return picture.kernel.p2.get(at, NOBODY) != NOBODY and value != UNKNOWN and picture.kernel.pos.get(at) == value


def _loaded(picture: Picture, by: Id, act: a.Loaded) -> tuple[Coded, ...]:
    code = _code_of_opening(picture, by, act.gun)
    # What went in, and where, is not said.
    out: list[Coded] = [] if act.rows else [_coded("doubt", code, gun=act.gun)]
    for row in act.rows:
        if not row.round_id:
            out.append(_coded("doubt", "V01", gun=act.gun))
            continue
        taken = (
            *mixed_up(picture, row.round_id, row.thing, row.cell),
            *not_told_apart(picture, row.round_id, row.thing, row.cell, back_to=act.gun),
        )
        if taken:
            out.extend(_taints(taken, "V12"))
        out.append(_coded("load", code, gun=act.gun, position=row.position, round_id=row.round_id, signer=by))
    return tuple(out)


def _unloaded(picture: Picture, by: Id, act: a.Unloaded) -> tuple[Coded, ...]:
    code = _code_of_opening(picture, by, act.gun)
    out: list[Coded] = [] if act.rows else [_coded("doubt", code, gun=act.gun)]
    for row in act.rows:
        if not row.round_id:
            out.append(_coded("doubt", code, gun=act.gun))
            continue
        out.append(_coded("unload", code, gun=act.gun, position=row.position, round_id=row.round_id, signer=by))
        if row.thing and row.thing != by and own_hand_on(picture, row.thing) != by:
            out.append(_coded("lose", "V13", round_id=row.round_id))
        if both := doubled(picture, row.round_id, row.thing, row.cell):
            out.extend(_taints(both, "V12"))
    return tuple(out)


def _tested(picture: Picture, by: Id, act: a.RoundsTested) -> tuple[Coded, ...]:
    out: list[Coded] = [] if act.rows else list(_dangerous_find(picture, act.kind))
    for row in act.rows:
        if act.kind in DANGEROUS:
            out.extend(_lost_and_found(picture, row.round_id, act.kind))
            continue
        first = picture.kernel.r1.get(row.round_id, NOBODY)
        second = picture.kernel.r2.get(row.round_id, NOBODY)
        answers_first = first not in {NOBODY, by} and second == NOBODY
        out.append(
            _coded("test2" if answers_first else "test1", "V12", round_id=row.round_id, signer=by, value=act.kind.value)
        )
        if not strong_enough(picture, row.round_id, act.tests):
            out.append(_coded("taint", "V12", round_id=row.round_id))
        if mixed := mixed_up(picture, row.round_id, act.thing, row.cell):
            out.extend(_taints(mixed, "V12"))
        if unlike := unlike_its_lot(picture, row.round_id, act.kind):
            out.extend(_taints(unlike, "V12"))
    return tuple(out)


def strong_enough(picture: Picture, round_id: Id, tests: tuple[str, ...]) -> bool:
    """Whether `tests` can prove the round's kind: all tests of its lot, which both sides of a receipt signed for.

    A dummy needs at least two tests, one of them strong; a blank needs one.
    """
    cartridge = picture.cartridges.get(round_id)
    lot = picture.lots.get(cartridge.lot) if cartridge is not None else None
    if cartridge is None or lot is None or not lot.tests or not _holds_all(tests, lot.tests):
        return False
    if not lot_signed_for(picture, lot.lot) or not _came_with_it(picture, cartridge):
        return False
    return lot.kind is not RoundKind.DUMMY or (len(lot.tests) > 1 and bool(lot.strong))


def _came_with_it(picture: Picture, cartridge: Cartridge) -> bool:
    """Whether the round itself came in with a receipt that both sides signed, and not only its lot."""
    first = next(iter(picture.placements.get(cartridge.round_id, ())), None)
    if first is None or first.end is None:
        return False
    both = receipt_of(picture, cartridge.lot, first.end.thing, got_entry=first.entry_index)
    return both is not None and both[1] == first.entry_index


@lru_cache(maxsize=1024)
def _holds_all(tests: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    # The same few lists of tests are named for every round.
    return set(wanted) <= set(tests)


# --- custody -------------------------------------------------------------------------------------------------------


def _round_in_hand(picture: Picture, by: Id, round_id: Id) -> tuple[Coded, ...]:
    """Somebody has a single round in hand; only who had it, and what it lay in, has kept what was tested of it."""
    if _has_round(picture, by, round_id):
        return ()
    return (_coded("lose", "V13", round_id=round_id), _coded("have", "V13", round_id=round_id, signer=by))


def _round_put(round_id: Id) -> tuple[Coded, ...]:
    """A single round is somewhere by itself, in nobody's proven custody."""
    return (_coded("lose", "V13", round_id=round_id),)


def _has_round(picture: Picture, by: Id, round_id: Id) -> bool:
    spot = picture.spots.get(round_id)
    near = spot is not None and by in {spot.thing, own_hand_on(picture, spot.thing)}
    return near and picture.kernel.rc.get(round_id) == by


def _picked_up(picture: Picture, by: Id, item: Id) -> tuple[Coded, ...]:
    if item in picture.cartridges:
        return _round_in_hand(picture, by, item)
    if item in picture.guns:
        held_by = picture.kernel.gc.get(item, DISPUTED)
        code = "V02" if held_by not in {by, NOBODY, DISPUTED} or not is_handler(picture, by) else "V01"
        return (_coded("pickup", code, gun=item, signer=by),)
    kernel = picture.kernel
    own = tuple(_coded("pickup", "", gun=thing, signer=by) for thing in _with_places(picture, item))
    rounds = tuple(
        _coded("have", "V13", round_id=r, signer=by) for r in _loose_in(picture, item) if kernel.rc.get(r) != by
    )
    return own + rounds + _fed_guns(picture, item, code="V01")


def _beside(picture: Picture, by: Id, item: Id) -> tuple[Coded, ...]:
    """What a performer takes into his hand beside a called gun: another gun that no call stands on, or rounds for an empty one."""
    if is_handler(picture, by):
        return ()
    kernel, out = picture.kernel, list[Coded]()
    for gun, call in picture.calls.items():
        if item == gun or by not in {kernel.gc[gun], call.receiver}:
            continue
        if item in picture.guns and item not in picture.calls:
            # Whoever has two in his hands may have them mixed up.
            out.append(_coded("doubt", "V18", gun=gun))
        elif call.call is a.CallWord.COLD_EMPTY and fits_in_hand(picture, who=by, thing=item, gun=gun):
            out.append(_coded("endcall", "V13", gun=gun))
    return tuple(out)


def _into_hand(picture: Picture, end: Id, *rounds: Id) -> tuple[Coded, ...]:
    """What ends because rounds are now in somebody's hand, or in what he has in hand."""
    who = end if end in picture.persons else own_hand_on(picture, end)
    # A round met for the first time is of no lot that anybody knows.
    return tuple(coded for r in dict.fromkeys(rounds) if who and r for coded in _beside(picture, who, r))


def _had(picture: Picture, who: Id, item: Id) -> tuple[Coded, ...]:
    """What ends because somebody did with `item` what only a hand can do that has it, and nobody entered that he took it.

    A gun that he took by the record was told from the other when he took it.
    """
    return () if item in picture.guns and own_hand_on(picture, item) == who else _beside(picture, who, item)


def _seen_with(picture: Picture, by: Id, gun: Id) -> tuple[Coded, ...]:
    """As `_had`, of what somebody may also have seen of a gun in another's hand."""
    return _had(picture, by, gun) if own_hand_on(picture, gun) in {by, ""} else ()


def _in_whose_hand(picture: Picture, thing: Id, rows: tuple[a.CellRow | a.MoveRow, ...]) -> tuple[Coded, ...]:
    """What ends because rounds are looked at in somebody's hand, or come out of it: they were there."""
    if thing not in picture.persons:
        return ()
    return _into_hand(picture, thing, *(row.round_id for row in rows)) if rows else _some_in_hand(picture, thing)


def _some_in_hand(picture: Picture, who: Id) -> tuple[Coded, ...]:
    """The end of the call of each empty gun of somebody who is said to have rounds in hand, nobody says which."""
    if who not in picture.persons or is_handler(picture, who):
        return ()
    empty = ((gun, one) for gun, one in picture.calls.items() if one.call is a.CallWord.COLD_EMPTY)
    his = (gun for gun, one in empty if who in {picture.kernel.gc[gun], one.receiver})
    return tuple(_coded("endcall", "V13", gun=gun) for gun in his)


def _too_many(picture: Picture, *, more: Id = "", less: Id = "") -> tuple[Coded, ...]:
    """The end of every call on a gun with a performer, where there are more than the handlers on duty look after.

    `more` is a gun that goes to one now, `less` a handler who goes off duty.
    """
    fires = more in picture.guns and "capability" not in picture.guns[more].positions
    guns = frozenset(guns_with_performers(picture)) | (frozenset({more}) if fires else frozenset())
    handlers = len({*handlers_on_duty(picture)} - {less})
    if (more and not fires) or not above_ratio(picture, guns=guns, handlers=handlers):
        return ()
    return tuple(_coded("endcall", "V22", gun=gun) for gun in picture.calls if gun in guns)


def _with_places(picture: Picture, item: Id) -> tuple[Id, ...]:
    """The magazines and belts with places of their own among `item` and what lies in it."""
    return tuple(thing for thing in things_within(picture, item) if has_places(picture, thing))


def _loose_in(picture: Picture, item: Id) -> tuple[Id, ...]:
    """The rounds within `item` that are in no position: what lies in a place of a magazine goes with the magazine."""
    return tuple(r for r in rounds_within(picture, item) if picture.kernel.place_of(r) is None)


def _fits(picture: Picture, by: Id, act: a.MagazineInserted) -> bool:
    """Whether a handler put the magazine in his one hand into the gun in his other, and it was in none before."""
    held = picture.kernel.gc.get
    fits = is_handler(picture, by) and held(act.gun) == by == held(act.container)
    return fits and not picture.magazines.get(act.container)


def _inserted(picture: Picture, by: Id, act: a.MagazineInserted) -> tuple[Coded, ...]:
    """The gun is another gun now; what two people answered about the magazine goes in with it, if it fits."""
    # Said of the wrong gun, it is a doubt about the gun the record has the magazine in as well.
    guns = (_coded("doubt", "V01", gun=act.gun), *_fed_guns(picture, act.container, code="V01"))
    whole = not has_places(picture, act.container) or _fits(picture, by, act)
    own = () if whole else (_coded("doubt", "", gun=act.container),)
    return (*dict.fromkeys(guns), *own)


def _ejected(picture: Picture, act: a.MagazineRemoved) -> tuple[Coded, ...]:
    """What was in the gun may have gone up into its chamber: the magazine is answered anew like the gun."""
    guns = (_coded("doubt", "V01", gun=act.gun), *_fed_guns(picture, act.container, code="V01"))
    own = (_coded("doubt", "", gun=act.container),) if has_places(picture, act.container) else ()
    return (*dict.fromkeys(guns), *own)


def _received(picture: Picture, by: Id, act: a.Received) -> tuple[Coded, ...]:
    """Who receives a container has it; a round the record had elsewhere is not where it was thought to be."""
    known = tuple(
        _coded("lose", "V12", round_id=row.round_id) for row in act.cells if row.round_id in picture.kernel.rc
    ) + _touched(picture, act.container)
    known += _came_in(picture, act.lot, act.container) + _live_on_set(picture, by, act.lot, act.container)
    return known if own_hand_on(picture, act.container) == by else (*known, *_picked_up(picture, by, act.container))


def _lot_again(picture: Picture, act: a.LotRegistered) -> tuple[Coded, ...]:
    """A lot stays what it was first registered as; told otherwise, nothing of it is proven any more."""
    known = picture.lots.get(act.lot)
    if known is None:
        return _taints(kin_of_another_kind(picture, act), "V12")
    if told_alike(known, act) and set(known.parents) == {(row.relation, row.parent) for row in act.parents}:
        return ()
    return tuple(_coded("taint", "V12", round_id=r) for r, one in picture.cartridges.items() if one.lot == act.lot)


def _nothing_is_known(picture: Picture) -> tuple[Coded, ...]:
    """Entries may be missing here: no proof of any gun or round outlives that, and nobody is known to hold one."""
    guns = tuple(_coded("leave", "V20", gun=gun) for gun in picture.kernel.gc)
    return guns + tuple(_coded("lose", "V20", round_id=one) for one in picture.cartridges)


def _let_go(picture: Picture, item: Id, *, code_gun: str, code_rounds: str) -> tuple[Coded, ...]:
    """Nobody's hand is on it any more: all proofs of the gun, or of every round in the container, are gone."""
    if item in picture.guns:
        # What is in its magazine is left with it.
        fed = fed_by(picture, item)
        lost = tuple(_coded("lose", code_rounds, round_id=r) for thing in fed for r in rounds_within(picture, thing))
        return (_coded("leave", code_gun, gun=item), *lost)
    if item in picture.cartridges:
        return (_coded("lose", code_rounds, round_id=item),)
    if item in picture.lots:
        return _taints(rounds_of_lot(picture, item), code_rounds)
    inner_guns = tuple(
        _coded("leave", code_gun, gun=gun) for gun in picture.inside.get(item, {}) if gun in picture.guns
    )
    own = tuple(_coded("leave", "", gun=thing) for thing in _with_places(picture, item))
    lost = tuple(_coded("lose", code_rounds, round_id=r) for r in rounds_within(picture, item))
    from_here = tuple(_coded("taint", code_rounds, round_id=r) for r in fed_from(picture, item))
    return inner_guns + own + lost + from_here + _fed_guns(picture, item, code=code_gun)


def _locked(picture: Picture, by: Id, item: Id) -> tuple[Coded, ...]:
    if item in picture.cartridges:
        return _round_put(item)
    if item in picture.guns:
        return (_coded("leave", "V05", gun=item),)
    inner_guns = tuple(_coded("leave", "V05", gun=gun) for gun in picture.inside.get(item, {}) if gun in picture.guns)
    own = tuple(_coded("leave", "", gun=thing) for thing in _with_places(picture, item))
    rounds = tuple(_coded("lockup", "V13", round_id=r, signer=by) for r in _loose_in(picture, item))
    return inner_guns + own + rounds + _fed_guns(picture, item, code="V05")


def _stowed(picture: Picture, by: Id, act: a.Stowed) -> tuple[Coded, ...]:
    if act.item in picture.cartridges:
        return (*_round_put(act.item), *_touched(picture, act.container))
    outer = holder_of(picture, act.container)
    if act.item in picture.guns:
        return (_coded("leave", "V05" if outer is not None and outer.hold is Hold.LOCKED else "V04", gun=act.item),)
    fed = _fed_guns(picture, act.item, code="V01")
    if has_places(picture, act.container):
        # Nothing but rounds lies in a magazine: one of the two is not what it was taken for.
        inner = tuple(_coded("doubt", "", gun=thing) for thing in _with_places(picture, act.item))
        fed = (*inner, *_touched(picture, act.container), *fed)
    if own_hand_on(picture, act.container) == by == own_hand_on(picture, act.item):
        return fed
    row = "lockup" if outer is not None and outer.hold is Hold.LOCKED else "lose"
    own = tuple(_coded("leave", "", gun=thing) for thing in _with_places(picture, act.item))
    return own + tuple(_coded(row, "V13", round_id=r, signer=by) for r in _loose_in(picture, act.item)) + fed


def _handed_over(picture: Picture, by: Id, act: a.HandedOver) -> tuple[Coded, ...]:
    if has_places(picture, act.item):
        given = _coded("give", "", gun=act.item, signer=by, other=act.to)
        return (given, *_fed_guns(picture, act.item, code="V01"))
    if act.item in picture.cartridges:
        return () if _has_round(picture, by, act.item) else _round_put(act.item)
    if act.item not in picture.guns:
        return ()
    in_chain = is_handler(picture, by) or is_handler(picture, act.to)
    code = "V03" if in_chain else "V02"
    given = _coded("give", code, gun=act.item, signer=by, other=act.to)
    if is_handler(picture, act.to) or picture.kernel.rcv.get(act.item) in {act.to, NOBODY}:
        return (given,)
    # Held out to somebody who was not shown it: the call is over before he takes it.
    return (given, _coded("endcall", "V02", gun=act.item))


def _taken(picture: Picture, by: Id, act: a.Taken) -> tuple[Coded, ...]:
    if act.item in picture.cartridges:
        return _round_in_hand(picture, by, act.item)
    if act.item in picture.guns:
        if picture.kernel.gc.get(act.item) != act.giver:
            return (_coded("leave", "V03", gun=act.item),)
        accept = Move(row="accept", gun=act.item, signer=by)
        if picture.kernel.holds(accept):
            # A hand-over inside the chain; the call of a gun that comes back is over, and nothing was wrong.
            return (Coded(move=accept, code=""),)
        return (Coded(move=accept, code="V02" if picture.kernel.off.get(act.item) == by else "V03"),)
    own = tuple(
        _coded("accept", "", gun=thing, signer=by)
        if thing == act.item and picture.kernel.gc.get(thing) == act.giver
        else _coded("leave", "", gun=thing)
        for thing in _with_places(picture, act.item)
    )
    rounds = tuple(
        coded
        for r in _loose_in(picture, act.item)
        for coded in (_coded("lose", "V13", round_id=r), _coded("have", "V13", round_id=r, signer=by))
    )
    return own + rounds + _fed_guns(picture, act.item, code="V01")


def _moved(picture: Picture, by: Id, act: a.Moved) -> tuple[Coded, ...]:
    """Rounds moved by the one who has both containers keep their proofs; else whoever has the end has claimed rounds."""
    end_by = own_hand_on(picture, act.end) or (act.end if act.end in picture.persons else "")
    # A handler who takes rounds out of the gun in his hand has changed the gun; nothing was left lying.
    code = "V01" if picture.kernel.gc.get(act.start) == by == end_by and is_handler(picture, by) else "V13"
    out: list[Coded] = []
    for row in act.rows:
        mixed = (
            *mixed_up(picture, row.round_id, act.start, row.from_cell),
            *not_told_apart(picture, row.round_id, act.start, row.from_cell),
            *doubled(picture, row.round_id, act.end, row.to_cell),
        )
        out.extend(_taints(mixed, "V12"))
        if picture.kernel.rc.get(row.round_id) == by == end_by:
            continue
        out.append(_coded("lose", code, round_id=row.round_id))
        if end_by:
            out.append(_coded("have", code, round_id=row.round_id, signer=end_by))
    # Out of a position that does not list it, or into one by another way than a load: the answers there are not right.
    others = [row.round_id for row in act.rows if not _is_listed(picture, row.round_id, act.start)]
    touched = (*_touched(picture, act.end), *(_touched(picture, act.start) if others or not act.rows else ()))
    return (*out, *touched, *_fed_guns(picture, act.start, act.end, code="V01"))


def _taints(rounds: Iterable[Id], code: str) -> tuple[Coded, ...]:
    """No kind of these rounds is proven any more."""
    return tuple(_coded("taint", code, round_id=r) for r in dict.fromkeys(rounds))


def _untested(picture: Picture, rounds: Iterable[Id], code: str) -> tuple[Coded, ...]:
    """As `_taints`, of those rounds that somebody had tested; nothing is taken from the others."""
    return _taints((r for r in rounds if picture.kernel.r1.get(r, NOBODY) != NOBODY), code)


def _touched(picture: Picture, thing: Id) -> tuple[Coded, ...]:
    """The doubt about a gun that somebody says holds, held or got something the record did not have there."""
    if has_places(picture, thing):
        return (_coded("doubt", "", gun=thing), *_fed_guns(picture, thing, code="V01"))
    return (_coded("doubt", "V01", gun=thing),) if thing in picture.guns else ()


def _is_listed(picture: Picture, round_id: Id, thing: Id) -> bool:
    """Whether the record has this round in a position of this gun."""
    at = picture.kernel.place_of(round_id)
    return at is not None and at[0] == thing


def _met_in(picture: Picture, thing: Id, rows: tuple[a.CellRow, ...]) -> tuple[Coded, ...]:
    """Rounds looked at in a gun that does not list them: the answers about its positions are not right."""
    touched = _touched(picture, thing)
    # Most things that rounds lie in are neither gun nor magazine: then it matters to nobody.
    strangers = touched and (not rows or any(not _is_listed(picture, row.round_id, thing) for row in rows))
    return touched if strangers else ()


def _met_elsewhere(picture: Picture, thing: Id, rows: tuple[a.CellRow, ...]) -> tuple[Coded, ...]:
    """Rounds looked at in one thing that the record has in a gun: they are not where two people answered they are."""
    named = (row.round_id for row in rows if row.round_id and thing)
    at = ((one, picture.kernel.place_of(one)) for one in named)
    lost = tuple(_coded("lose", "V12", round_id=one) for one, place in at if place is not None and place[0] != thing)
    mixed = [one for row in rows for one in mixed_up(picture, row.round_id, thing, row.cell)]
    leaning = leaning_on(picture, thing) if mixed and thing in picture.containers else ()
    return lost + _untested(picture, (*mixed, *leaning), "V12")


def _fed_guns(picture: Picture, *things: Id, code: str) -> tuple[Coded, ...]:
    """The doubt about every gun that one of these things is the magazine of: what is in it can reach a chamber."""
    guns = dict.fromkeys(gun for thing in things for gun in picture.magazines.get(thing, ()))
    return tuple(_coded("doubt", code, gun=gun) for gun in guns)


def _guns_behind(picture: Picture, name: Id) -> tuple[Id, ...]:
    """The gun of this name, or the guns that a magazine of this name may be in."""
    return (name,) if name in picture.guns else picture.magazines.get(name, ())


def _poured(picture: Picture, act: a.Poured) -> tuple[Coded, ...]:
    """Pouring makes a mix: what was in the end container is no longer known one by one."""
    mixed = (*rounds_within(picture, act.end), *rounds_within(picture, act.start))
    guns = (*_touched(picture, act.start), *_touched(picture, act.end))
    fed = _fed_guns(picture, act.start, act.end, code="V01")
    return (*guns, *fed, *(_coded("taint", "V12", round_id=r) for r in mixed))


# --- counts, finds, sight, duty ------------------------------------------------------------------------------------


def _counted(picture: Picture, by: Id, act: a.Counted) -> tuple[Coded, ...]:
    """What a count takes away, and a stop where two people counted again and it is off as before."""
    stop = (_coded("stop", "V12"),) if count_is_unexplained(picture, by=by, act=act) else ()
    return (*_count_ends(picture, by, act), *stop)


def _count_ends(picture: Picture, by: Id, act: a.Counted) -> tuple[Coded, ...]:
    """The second of two counts by two people ends the proofs of what was counted, unless both agree with the record."""
    if act.thing in picture.guns and act.count != len(picture.kernel.rounds_in(act.thing)):
        # Of a gun one person's other number is enough: it says that a position is not as answered.
        return (_coded("doubt", "V12", gun=act.thing),)
    if proven_through(picture, act.thing) and act.count != len(picture.kernel.rounds_in(act.thing)):
        return (_coded("doubt", "", gun=act.thing), *_fed_guns(picture, act.thing, code="V12"))
    if act.thing in picture.magazines and act.count != expected_count(picture, act.thing):
        # Of what feeds a gun as well: it says that something is in it.
        return _fed_guns(picture, act.thing, code="V12")
    if not count_is_off(picture, by=by, act=act):
        return ()
    counted = (*rounds_within(picture, act.thing), *fed_from(picture, act.thing))
    tainted = tuple(_coded("taint", "V12", round_id=r) for r in counted)
    own = (_coded("doubt", "", gun=act.thing),) if has_places(picture, act.thing) else ()
    beside = (gun for gun, call in picture.calls.items() if call.call is a.CallWord.COLD_EMPTY)
    ends = tuple(_coded("endcall", "V12", gun=gun) for gun in beside if may_fit(picture, act.thing, gun))
    return tainted + own + ends + _fed_guns(picture, act.thing, code="V12")


def _dangerous_find(picture: Picture, kind: RoundKind) -> tuple[Coded, ...]:
    if kind not in DANGEROUS:
        return ()
    return (_coded("stop", "V11"), *(_coded("taint", "V11", round_id=r) for r, who in picture.kernel.r1.items() if who))


def _found(picture: Picture, act: a.RoundFound) -> tuple[Coded, ...]:
    """A round where the record has it not: what lies or lay there, and where it should be, is not as it was tested."""
    spot = picture.spots.get(act.round_id)
    as_known = spot is not None and (spot.thing, spot.cell) == (act.thing, act.cell)
    places = () if as_known else tuple(thing for thing in (act.thing, spot.thing if spot else "") if thing)
    disturbed = tuple(r for thing in places if thing in picture.containers for r in leaning_on(picture, thing))
    lot = unlike_its_lot(picture, act.round_id, act.kind)
    return _lost_and_found(picture, act.round_id, act.kind) + _untested(picture, (*disturbed, *lot), "V12")


def _label_read(picture: Picture, act: a.LabelRead) -> tuple[Coded, ...]:
    """A label that says something else than what lies under it: one is wrong. Beside one that says live nothing stands."""
    within = (act.thing,) if act.thing in picture.cartridges else leaning_on(picture, act.thing)
    unlike = [r for r in within if picture.cartridges[r].said is not act.kind]
    live = act.kind is RoundKind.LIVE
    ends = tuple(_coded("endcall", "V13", gun=gun) for gun in picture.calls) if live else ()
    # A magazine that says what is in it, and by the record holds nothing of that kind, may hold it.
    other = unlike or not rounds_within(picture, act.thing)
    return ends + _untested(picture, unlike, "V13") + (_fed_guns(picture, act.thing, code="V13") if other else ())


def _came_in(picture: Picture, lot: Id, container: Id) -> tuple[Coded, ...]:
    """Live or unknown rounds where others lie: which of them is which is not proven any more."""
    known = picture.lots.get(lot)
    dangerous = known is None or known.kind in DANGEROUS
    return _untested(picture, leaning_on(picture, container), "V12") if dangerous else ()


def _live_on_set(picture: Picture, by: Id, lot: Id, container: Id) -> tuple[Coded, ...]:
    """Live rounds signed for where none may be stop the set, as one that is found would. A range or a place apart may have them."""
    known, holder = picture.lots.get(lot), holder_of(picture, container)
    lies = holder.who if holder is not None else by
    place = picture.places.get(lies) or picture.places.get(picture.presence.get(lies, ""))
    kept = place is not None and place.place_class in {PlaceClass.RANGE, PlaceClass.QUARANTINE}
    kept = kept and place is not None and place.place not in picture.classed_twice
    if known is None or known.kind is not RoundKind.LIVE or kept:
        return ()
    return (*(_coded("endcall", "V11", gun=gun) for gun in picture.calls), *_dangerous_find(picture, known.kind))


def _lost_and_found(picture: Picture, round_id: Id, kind: RoundKind) -> tuple[Coded, ...]:
    return (_coded("lose", "V11" if kind in DANGEROUS else "V13", round_id=round_id), *_dangerous_find(picture, kind))


def _mixed(picture: Picture, thing: Id, round_id: Id, kind: RoundKind) -> tuple[Coded, ...]:
    """A container in which a round is that the record has not there, or not so: none of its neighbours is what its label says."""
    known = picture.cartridges.get(round_id)
    as_known = known is not None and known.said is kind and round_id in picture.rounds_in.get(thing, ())
    if as_known or thing not in picture.containers or has_places(picture, thing):
        return ()
    neighbours = dict.fromkeys((*rounds_within(picture, thing), *fed_from(picture, thing)))
    return tuple(_coded("taint", "V13", round_id=r) for r in neighbours if r != round_id)


def _tested_as_other(picture: Picture, act: a.RoundsTested) -> tuple[Coded, ...]:
    """A round that by its test is of another kind than its lot: what lies beside it may be as well."""
    out: tuple[Coded, ...] = ()
    for row in act.rows:
        known = picture.cartridges.get(row.round_id)
        if known is not None and known.said not in {act.kind, RoundKind.UNKNOWN} and act.kind not in DANGEROUS:
            out += _mixed(picture, act.thing, row.round_id, act.kind)
    return out


def _calls_of_scene(picture: Picture, scene: str) -> tuple[Coded, ...]:
    """What was planned is no longer what will be done: its calls end."""
    return tuple(_coded("endcall", "V17", gun=gun) for gun, call in picture.calls.items() if call.scene == scene)


def _in_line(picture: Picture, by: Id, gun: Id) -> tuple[Coded, ...]:
    """Somebody stands in the line of a called gun whom the plan does not name there, or who was not briefed."""
    call = picture.calls.get(gun)
    scene = picture.scenes.get(call.scene) if call is not None else None
    if scene is None or (by in {*scene.plan.line, *scene.performers_of(gun)} and by in scene.attended):
        return ()
    return (_coded("endcall", "V21", gun=gun),)


def _sight_lost(picture: Picture, by: Id, gun: Id) -> tuple[Coded, ...]:
    kernel = picture.kernel
    if is_handler(picture, by) and kernel.gc.get(gun) not in {by, NOBODY}:
        return (_coded("doubt", "V24", gun=gun),)
    if by and kernel.gc.get(gun) == by:
        # Who has it and does not see it has not got it in hand.
        return (_coded("doubt", "V04", gun=gun),)
    # Lost between the two halves of a sheet, it is lost for the half that is still to come.
    waits = gun in _waited_for(picture, by)
    fed = (gun, *fed_by(picture, gun))
    watched = [thing for thing in fed if kernel.wit.get(thing) == by or (waits and thing == gun)]
    return (*(_coded("unsight", "V08", gun=thing) for thing in watched), *_receiver_gone(picture, by, fed))


def _waited_for(picture: Picture, by: Id) -> set[Id]:
    """The guns of every sheet that has one half and whose other is still to come, of this person and somebody else."""
    return {gun for sheet in picture.sheets.values() if by in {sheet.by, sheet.other} for gun in sheet.guns}


def _receiver_gone(picture: Picture, by: Id, things: Iterable[Id]) -> tuple[Coded, ...]:
    """The end of every call that rests on what somebody saw who is not there any more and has not got the gun."""
    kernel = picture.kernel
    leaning = (gun for thing in things if by and kernel.rcv.get(thing) == by for gun in _guns_behind(picture, thing))
    called = (picture.calls[gun] for gun in dict.fromkeys(leaning) if gun in picture.calls and kernel.gc.get(gun) != by)
    # What a thing is that cannot fire, nobody has to keep in sight.
    return tuple(_coded("endcall", "V08", gun=call.gun) for call in called if call.call is not a.CallWord.INERT)


def _out_of_view(picture: Picture, by: Id) -> tuple[Coded, ...]:
    """Whoever goes somewhere else loses sight of what he saw, and others of what he takes with him."""
    kernel, waits = picture.kernel, _waited_for(picture, by)
    seen = (thing for thing in kernel.gc if by in {kernel.wit[thing], kernel.gc[thing]} or thing in waits)
    return (*(_coded("unsight", "V08", gun=thing) for thing in seen), *_receiver_gone(picture, by, kernel.gc))


def _went_away(picture: Picture, by: Id) -> tuple[Coded, ...]:
    """A handler who goes while his gun is with another: V24. A witness who goes has lost sight: V08."""
    out: list[Coded] = []
    for gun, call in picture.calls.items():
        if call.caller == by and picture.kernel.gc.get(gun) != by:
            out.append(_coded("doubt", "V24", gun=gun))
        elif by in {call.caller, picture.kernel.gc.get(gun)}:
            out.append(_coded("endcall", "V05", gun=gun))
    return (*out, *_out_of_view(picture, by))


def _duty_clash(picture: Picture, by: Id, act: a.DutyOpened) -> bool:
    others = {duty: exclusive for duty, exclusive in picture.duties.get(by, {}).items() if duty != act.duty}
    return bool(others) and (act.exclusive or any(others.values()))


def _key_revoked(picture: Picture, act: a.KeyRevoked) -> tuple[Coded, ...]:
    """Whoever signed with a key that is now revoked, his part in a call or a proof is not known to be his."""
    enrolled = picture.book.enrolled.get(act.key)
    owner = picture.keys[act.key][2] if act.key in picture.keys else enrolled.person if enrolled is not None else ""
    if not owner:
        return ()
    kernel = picture.kernel
    in_calls = {
        gun for gun, call in picture.calls.items() if owner in {call.caller, kernel.wit.get(gun), kernel.rcv.get(gun)}
    }
    if act.reason not in IN_OTHER_HANDS:
        return tuple(_coded("doubt", "V14", gun=gun) for gun in picture.calls if gun in in_calls)
    answered = {at[0] for said in (kernel.p1, kernel.p2) for at, who in said.items() if who == owner}
    shown = {gun for gun in kernel.gc if owner in {kernel.wit.get(gun), kernel.rcv.get(gun)}}
    tested = [r for said in (kernel.r1, kernel.r2) for r, who in said.items() if who == owner]
    lots = {lot for (lot, _), halves in picture.receipts.items() if any(owner in _signers(picture, h) for h in halves)}
    signed_for = [r for lot in sorted(lots) for r in rounds_of_lot(picture, lot)]
    doubts = tuple(_coded("doubt", "V14", gun=gun) for gun in kernel.gc if gun in in_calls | answered | shown)
    lifted = any(not stop.open and act.key in {key for *_, key in stop.lifted_by} for stop in picture.stops.values())
    stops = (_coded("stop", "V14"),) if lifted else ()
    return stops + doubts + _taints((*tested, *signed_for), "V14")


def _signers(picture: Picture, receipt: tuple[int, int]) -> set[Id]:
    return {done.by for entry in receipt for done in acts_of_entry(picture, entry)}


def _gun_again(picture: Picture, act: a.GunRegistered) -> tuple[Coded, ...]:
    """A gun stays what it was first registered as; told that it is another, nothing answered of it is proven any more."""
    known = picture.guns.get(act.gun)
    if known is None:
        # One serial on two guns: neither is known to be the one that was answered.
        like = (gun for gun, one in picture.guns.items() if one.serial == act.serial) if act.serial else ()
        same = tuple(_coded("doubt", "V18", gun=gun) for gun in like)
        return tuple(dict.fromkeys((*same, *_taken_for(picture, act.gun, act.label, act.word_name))))
    return (_coded("doubt", "V18", gun=act.gun),) if is_unlike(known, act) else ()


def _container_again(picture: Picture, act: a.ContainerRegistered) -> tuple[Coded, ...]:
    """A magazine told anew with other places: those that were answered may not be all of them."""
    known = picture.containers.get(act.container)
    if known is None:
        return _taken_for(picture, act.container, act.label)
    if (known.kind, known.cells) == (act.kind, act.cells):
        return ()
    own = (_coded("doubt", "", gun=act.container),) if has_places(picture, act.container) else ()
    return (*own, *_fed_guns(picture, act.container, code="V18"))


def _renamed(picture: Picture, act: a.Renamed) -> tuple[Coded, ...]:
    """What was called aloud by another name is called again, and so is whatever bears a name like the new one."""
    own = tuple(_coded("endcall", "V18", gun=gun) for gun in _guns_behind(picture, act.item))
    return own + _taken_for(picture, act.item, act.label, act.word_name)


def _taken_for(picture: Picture, item: Id, *names: str) -> tuple[Coded, ...]:
    """The doubt about every gun and container that goes by a name like one of these: of which of them it was said, nobody knows."""
    out: list[Coded] = []
    for other in bearers_of(picture, *names, besides=item):
        if other in picture.guns:
            out.append(_coded("doubt", "V18", gun=other))
            continue
        out.extend(_coded("doubt", "", gun=thing) for thing in _with_places(picture, other))
        out.extend(_untested(picture, leaning_on(picture, other), "V18"))
        out.extend(_fed_guns(picture, other, code="V18"))
    return tuple(out)


def is_unlike(known: Gun, act: a.GunRegistered) -> bool:
    """Whether a gun that is registered anew is another one now, or has more or fewer positions to answer."""
    was = (known.serial, known.capability, known.action, known.calibre, known.chambers, known.bores)
    return was != (act.serial, act.capability, act.action, act.calibre, act.chambers, act.bores)


def is_built_otherwise(known: Gun, act: a.GunRegistered) -> bool:
    """Whether it is said to have other positions, or to be able to do something else: its serial says nothing of that."""
    was = (known.capability, known.action, known.chambers, known.bores)
    return was != (act.capability, act.action, act.chambers, act.bores)


def _calls_of_caller(picture: Picture, by: Id, row: str, code: str) -> tuple[Coded, ...]:
    return tuple(_coded(row, code, gun=gun) for gun, call in picture.calls.items() if call.caller == by)


def _calls_on_lot(picture: Picture, lot: Id) -> tuple[Coded, ...]:
    """Nothing of a lot is left here: the calls on guns with rounds of it were wrong, or this is."""
    at = (picture.kernel.place_of(r) for r, known in picture.cartridges.items() if known.lot == lot)
    guns = dict.fromkeys(gun for place in at if place is not None for gun in _guns_behind(picture, place[0]))
    return tuple(_coded("endcall", "V19", gun=gun) for gun in guns)


def _elsewhere(picture: Picture, by: Id, place: Id) -> tuple[Coded, ...]:
    """A handler, or who has the gun, is now at another place than its call: V22."""
    scenes = (
        (gun, picture.scenes.get(call.scene))
        for gun, call in picture.calls.items()
        if by in {call.caller, picture.kernel.gc.get(gun)}
    )
    away = tuple(
        _coded("endcall", "V22", gun=gun) for gun, scene in scenes if scene is not None and scene.plan.place != place
    )
    kernel, before = picture.kernel, picture.presence.get(by)
    if before is not None and before != place:
        return (*away, *_out_of_view(picture, by))
    # He never said where he was before: then he is not where the gun is by its holder's word, or by its call's plan.
    watched = [
        gun
        for gun, who in kernel.gc.items()
        if by in {kernel.wit[gun], kernel.rcv[gun]} and place not in {_place_of_gun(picture, gun, who), None}
    ]
    lost = tuple(_coded("unsight", "V08", gun=gun) for gun in watched if kernel.wit[gun] == by)
    return (*away, *lost, *_receiver_gone(picture, by, watched))


def _place_of_gun(picture: Picture, gun: Id, holder: Id) -> Id | None:
    """Where a gun is: at the place of its call, or where its holder says he is; None when nobody says."""
    call = picture.calls.get(gun)
    scene = picture.scenes.get(call.scene) if call is not None else None
    return scene.plan.place if scene is not None else picture.presence.get(holder)


def _said_otherwise(picture: Picture, act: a.Called | a.Announced | a.Acknowledged) -> tuple[Coded, ...]:
    """A call said aloud that is not the one that stands: one of the two is wrong, and nobody hears which."""
    call = picture.calls.get(act.gun)
    if call is None or (call.call, call.count) == (act.call, act.count):
        return ()
    return (_coded("endcall", "V16", gun=act.gun),)


def _place_again(picture: Picture, act: a.PlaceRegistered) -> tuple[Coded, ...]:
    """A place that is said to be of another class: what was called there was judged for the first."""
    known = picture.places.get(act.place)
    if known is None or known.place_class is act.place_class:
        return ()
    scenes = ((gun, picture.scenes.get(call.scene)) for gun, call in picture.calls.items())
    return tuple(
        _coded("endcall", "V17", gun=gun)
        for gun, scene in scenes
        if scene is not None and scene.plan.place == act.place
    )


def _carried(picture: Picture, by: Id, act: a.CarriedTo) -> tuple[Coded, ...]:
    """A gun at another place than its call: the call is over, and who watched it there has lost sight.

    Carried by somebody who has it not, by the record, it was in other hands.
    """
    if act.item in picture.cartridges:
        return () if _has_round(picture, by, act.item) else _round_put(act.item)
    if by and (act.item in picture.kernel.gc) and picture.kernel.gc[act.item] != by:
        return (_coded("doubt", "V02", gun=act.item), *_fed_guns(picture, act.item, code="V02"))
    if act.item in picture.containers and own_hand_on(picture, act.item) not in {by, ""}:
        return _untested(picture, leaning_on(picture, act.item), "V13")
    if has_places(picture, act.item):
        gone = tuple(_coded("endcall", "V05", gun=gun) for gun in picture.magazines.get(act.item, ()))
        return (*gone, _coded("unsight", "", gun=act.item))
    call = picture.calls.get(act.item)
    scene = picture.scenes.get(call.scene) if call is not None else None
    if act.item not in picture.guns or (scene is not None and scene.plan.place == act.place):
        return ()
    return (_coded("endcall", "V05", gun=act.item), _coded("unsight", "V05", gun=act.item))


def _seal_broken(picture: Picture, container: Id) -> tuple[Coded, ...]:
    """What lay under the seal, and what came from there into a gun, is as good as untested."""
    leaning = dict.fromkeys((*rounds_within(picture, container), *fed_from(picture, container)))
    return _all_touched(picture, container) + tuple(_coded("taint", "V13", round_id=r) for r in leaning)


def _all_touched(picture: Picture, thing: Id) -> tuple[Coded, ...]:
    """As `_touched`, of the thing and of every gun and magazine that lies in it."""
    inner = things_within(picture, thing)
    return tuple(
        dict.fromkeys(
            coded for one in inner for coded in (*_touched(picture, one), *_fed_guns(picture, one, code="V13"))
        )
    )


def _set_apart(picture: Picture, item: Id) -> tuple[Coded, ...]:
    if item in picture.guns:
        return (_coded("doubt", "V10", gun=item),)
    lot = rounds_of_lot(picture, item) if item in picture.lots else ()
    one = (item,) if item in picture.cartridges else ()
    named = dict.fromkeys((*one, *lot, *rounds_within(picture, item), *fed_from(picture, item)))
    return _all_touched(picture, item) + tuple(_coded("taint", "V13", round_id=r) for r in named)


def _read_off(picture: Picture, gun: Id, *, tag: Id, serial: str) -> tuple[Coded, ...]:
    """A tag or serial of another gun read as this one is called or taken: neither is known to be the one it was taken for."""
    known = picture.guns.get(gun)
    if known is None:
        return ()
    other = {one.gun for one in picture.guns.values() if serial and one.serial == serial}
    named = {tag} if tag in picture.guns else set()
    wrong = {*other, *named} - {gun}
    if not wrong and serial in {"", known.serial}:
        return ()
    return tuple(_coded("doubt", "V18", gun=one) for one in (gun, *sorted(wrong)))


def _scanned(picture: Picture, act: a.Scanned | a.InspectedIn) -> tuple[Coded, ...]:
    """Another serial than the record's: neither this gun nor the one with that serial is the one it was taken for."""
    known = picture.guns.get(act.gun)
    if known is None or known.serial == act.serial:
        return ()
    other = tuple(gun for gun, one in picture.guns.items() if one.serial == act.serial)
    return tuple(_coded("doubt", "V18", gun=gun) for gun in (act.gun, *other))


FOUND_ELSEWHERE: Final = frozenset({"live_round", "unknown_round"})
"""Why a lot is recalled when a round that nobody may have on a set was found in it, in whoever's stock."""


def found_elsewhere(picture: Picture, act: a.LotRecalled) -> bool:
    """Whether a live or unknown round was found in another stock of a lot that came here, or that one here was made from."""
    return act.reason in FOUND_ELSEWHERE and bool(lots_from(picture, act.lot) & picture.lots.keys())


def is_recalled(picture: Picture, lot: Id) -> bool:
    """Whether `lot`, or a lot it was made from, was recalled."""
    todo, seen = [lot], {lot}
    for one in todo:
        if one in picture.recalled:
            return True
        known = picture.lots.get(one)
        parents = [who for _, who in known.parents if who not in seen] if known is not None else []
        seen.update(parents)
        todo.extend(parents)
    return False


def direction_fits(picture: Picture, *, by: Id, act: a.DirectionGiven) -> bool:
    """Whether it is from who directs this scene or the gun's keeper, and within what the set-up and the gun allow."""
    scene = picture.scenes.get(act.scene)
    if scene is None:
        return False
    may = by == picture.directors.get(act.scene) or (is_handler(picture, by) and picture.kernel.gc.get(act.gun) == by)
    planned = scene.card is None or act.action in scene.card.actions
    allowed = picture.handling.get(act.gun)
    return may and planned and (allowed is None or act.action in allowed)


def _unknown(picture: Picture, act: a.UnknownAct) -> tuple[Coded, ...]:
    """An act nobody here can read ends every call on what it names: a gun, or a round, lot or container in it or behind it."""
    return _calls_behind(picture, a.ids_in(decode(act.plain_form)))


def _calls_behind(picture: Picture, names: Iterable[Id]) -> tuple[Coded, ...]:
    """The doubt about every gun that is named, or in which a round, lot or container that is named is or came from.

    What such an entry says of the gun, nobody here can weigh: it may be that it was loaded since two people answered.
    """
    guns: set[Id] = set()
    for name in names:
        guns.update(_guns_behind(picture, name))
        if name in picture.guns:
            continue
        one = (name,) if name in picture.cartridges else ()
        lot = rounds_of_lot(picture, name) if name in picture.lots else ()
        for round_id in (*one, *lot, *rounds_within(picture, name), *fed_from(picture, name)):
            at = picture.kernel.place_of(round_id)
            if at is not None:
                guns.update(_guns_behind(picture, at[0]))
    return tuple(_coded("doubt", "V20", gun=gun) for gun in sorted(guns))


# --- doubts from words ---------------------------------------------------------------------------------------------

_CUSTODY_ACTS: Final = (a.HandedOver, a.Taken, a.PickedUp, a.PutDown, a.Locked, a.Stowed)


def _of_entry(picture: Picture, act: a.Retracted | a.Disputed | a.Corrected) -> Iterator[Coded]:
    """A retraction or a dispute takes away whatever the entry it names could support."""
    for done in acts_of_entry(picture, act.entry):
        yield from _doubts(picture, done.act, code="V15")
        yield from _leaning_on(picture, done.act)
        if isinstance(done.act, a.StopLifted) and was_lifted_by(picture, done):
            yield _coded("stop", "V15")


_BEHIND_EVERY_CALL: Final = (
    a.DayOpened, a.DutyOpened, a.PresenceDeclared, a.CredentialRecorded, a.TrainingGiven, a.PaperRecorded, a.RunPlanned,
    a.Readmitted, a.ConcernAnswered, a.NeedDecided, a.HandlingAllowed, a.AccountableNamed, a.DutiesListed, a.DutyAccepted,
    a.TermsSigned, a.ManifestSent, a.InspectedIn, a.RulebookAdopted, a.CrewConfirmed, a.SealApplied, a.Locked, a.Stowed,
    a.Counted,
)  # fmt: skip
"""What a call may have been granted on without naming it: taken back, every call is asked for again."""


def _leaning_on(picture: Picture, told: a.Act) -> Iterator[Coded]:
    """What came out of the containers and lots an act names, and the calls of its scene or, for a day's opening, of all."""
    for name in sorted(a.ids_in(a.plain(told))):
        if name in picture.containers:
            yield from (_coded("taint", "V15", round_id=r) for r in fed_from(picture, name))
        elif name in picture.lots:
            yield from (_coded("taint", "V15", round_id=r) for r in rounds_of_lot(picture, name))
    for gun, call in picture.calls.items():
        if isinstance(told, _BEHIND_EVERY_CALL) or (call.scene and call.scene == getattr(told, "scene", "")):
            yield _coded("endcall", "V15", gun=gun)


def was_lifted_by(picture: Picture, done: Done) -> bool:
    """Whether a stop that is lifted now rests on this act of one of the three."""
    stop = picture.stops.get(done.act.stop) if isinstance(done.act, a.StopLifted) else None
    return stop is not None and not stop.open and done.by in {who for _role, who, _key in stop.lifted_by}


def _doubts(picture: Picture, told: a.Act, *, code: str) -> Iterable[Coded]:
    """Doubt about everything an act names: custody acts leave custody disputed, rounds and containers lose their proof."""
    row = "leave" if isinstance(told, _CUSTODY_ACTS) else "doubt"
    for name in sorted(a.ids_in(a.plain(told))):
        if name in picture.guns:
            yield _coded(row, code, gun=name)
        elif name in picture.containers:
            yield from (_coded("lose", code, round_id=r) for r in rounds_within(picture, name))
            yield from (_coded(row, "", gun=thing) for thing in _with_places(picture, name))
            yield from _taints(fed_from(picture, name), code)
            yield from _fed_guns(picture, name, code=code)
        elif name in picture.cartridges:
            yield _coded("lose", code, round_id=name)


_ENDINGS: Final = frozenset({"endcall", "doubt", "taint", "lose", "unsight", "stop"})
"""Rows that prove nothing and place nothing, whoever causes them."""
_NO_OWN_ACTS: Final = (a.Reported, a.HeldOut)
_BY_A_VIEWER: Final = frozenset(
    {"see", "accept", "give", "leave", "doubt", "endcall", "stop", "unsight", "lose", "taint"}
)
"""Rows that a viewer or receiver may cause on a phone held out to him: looking, taking, giving back, and endings."""


def _held_out(picture: Picture, by: Id, key: Id, act: a.HeldOut) -> tuple[Coded, ...]:
    """A viewer's own moves; of anything that would be a handler's or a witness's answer only the doubt remains."""
    if is_allowed(picture, by=by, key=key, act=act):
        who, told = said_by(picture, by=by, key=key, act=act)
        moves = moves_of(picture, by=who, key="", act=told)
        if all(m.move.row in _BY_A_VIEWER for m in moves):
            return moves
    return _reported(picture, "", as_told(picture, act))


def cannot_misfire(picture: Picture, gun: Id) -> bool:
    """Whether by call or record nothing in this gun has a primer: a misfire there says that something has.

    With blanks a misfire is an ordinary thing, and where nobody said what is in the gun it stops nothing.
    """
    call, known = picture.calls.get(gun), picture.guns.get(gun)
    if known is None or not known.chambers:
        return False
    inside = [picture.cartridges[r].said for r in picture.rounds_in.get(gun, ())]
    if call is None or inside:
        hot = call is not None and call.call is a.CallWord.HOT_BLANK
        return bool(inside) and not hot and all(said is RoundKind.DUMMY for said in inside)
    # Empty, in the hand of who keeps it, nobody pulled the trigger on anything: he looks, and says what he tried.
    return call.call is not a.CallWord.HOT_BLANK and not is_handler(picture, own_hand_on(picture, gun))


def _unlooked_for(picture: Picture, act: a.Discharged) -> bool:
    """Whether nobody can have planned this shot, whatever is said: it came out of a gun called to hold nothing that fires.

    A flash from a thing without a chamber is no shot.
    """
    call, known = picture.calls.get(act.gun), picture.guns.get(act.gun)
    if act.hit or not act.planned:
        return True
    if call is None or known is None or not known.chambers:
        return False
    return call.call is not a.CallWord.HOT_BLANK or act.shots > call.count


def _reported(picture: Picture, key: Id, act: a.Reported) -> tuple[Coded, ...]:
    """A report voids like any doubt and proves nothing. What it tells of a shot or a find also stops the set."""
    told = act.told
    moves = () if isinstance(told, a.UnknownAct) else moves_of(picture, by=act.who, key=key, act=told)
    if isinstance(told, a.Counted):
        # The second of two counts is somebody's own: one that is only told of stops nothing.
        moves = tuple(coded for coded in moves if coded.move.row != "stop")
    codes = {coded.code for coded in moves if coded.code}
    code = told_code(picture, act) or (min(codes) if codes else "V15")
    # What such an act ends when its own signer does it, it ends as well when it is told of.
    # That live rounds came in somewhere, some day, is no find: who receives them signs for them, and that stops the set.
    kept = _ENDINGS - {"stop"} if isinstance(told, a.Received) else _ENDINGS
    ends = tuple(
        coded if coded.move.row == "stop" else Coded(coded.move, code) for coded in moves if coded.move.row in kept
    )
    doubts = tuple(dict.fromkeys((*_doubts(picture, told, code=code), *ends)))
    match told:
        case a.Discharged() if _unlooked_for(picture, told):
            return (*doubts, _coded("stop", "V09"))
        case a.RoundFound(kind=RoundKind.LIVE | RoundKind.UNKNOWN):
            return (*doubts, _coded("stop", "V11"))
        case a.RoundsTested(kind=RoundKind.LIVE | RoundKind.UNKNOWN):
            return (*doubts, _coded("stop", "V11"))
        case a.Counted(thing=thing, count=count) if count != expected_count(picture, thing):
            # Nobody can be asked for the second count of one that is only told of: the difference is doubt enough.
            return (*doubts, *(_coded("taint", code, round_id=r) for r in fed_from(picture, thing)))
        case a.Frozen():
            return (*doubts, _coded("stop", "V25"))
        case a.AskedToSee():
            # Who asks says nothing of what lies in the gun: its call ends until it is shown, as if he had signed it.
            return (_coded("endcall", "V16", gun=told.gun),)
        case _:
            return doubts


def told_code(picture: Picture, act: a.Reported) -> str:
    """The V code that what is told stands under by the roles in it, proofs or none; "" when it says nothing of the kind.

    The kernel knows custody from signed acts only, so of a report it could not tell a handler from anybody else.
    """
    match act.told:
        case a.HandedOver(item=item, to=other) | a.Taken(item=item, giver=other) if item in picture.guns:
            return _code_between(picture, act.who, other)
        case a.PickedUp(item=item) if item in picture.guns:
            return _code_of_hands(picture, act.who)
        case a.Loaded() | a.Unloaded() | a.Cleared():
            return _code_of_hands(picture, act.who)
        case a.PutDown(item=item):
            return "V04" if item in picture.guns else "V13"
        case a.GunMishap(mishap=mishap):
            return "V09" if mishap in {a.Mishap.MISFIRED, a.Mishap.HAMMER_FELL} else "V10"
        case _:
            return ""


def _code_of_hands(picture: Picture, who: Id) -> str:
    return "V01" if not who or is_handler(picture, who) else "V02"


def _code_between(picture: Picture, giver: Id, taker: Id) -> str:
    """From handler to performer or handler and back: only told, so one-sided. Through any other hands: outside the chain."""
    pair = {giver, taker} - {""}
    in_chain = all(is_handler(picture, who) or _performs(picture, who) for who in pair)
    return "V03" if in_chain and any(is_handler(picture, who) for who in pair) else "V02"


def _performs(picture: Picture, who: Id) -> bool:
    known = picture.persons.get(who)
    return known is not None and Role.PERFORMER in known.roles
