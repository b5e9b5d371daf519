"""The one writer of the picture: `apply` takes an entry in, in place, O(size of the act).

Replaying every entry from 0 defines the picture. Facts change it whatever a rule says; a claim changes it as its
receipt says. Two people's sheets of one procedure are put row against row when the second is in; until then the first
only takes away what it touches. `apply` never fails on an admitted entry: what it cannot place stays UNKNOWN.
"""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from coldcheck.custody import acts as a
from coldcheck.custody.attended import as_told, held_out_looks, said_by
from coldcheck.custody.counts import cells_fit, note_fills, off_with, with_count
from coldcheck.custody.enrolment import KEY_ACTS, epoch_said, note_signer, take_in
from coldcheck.custody.floor_predicates import reach_of_call
from coldcheck.custody.kernel import DISPUTED, NOBODY, CallKind, Move, Outcome, PositionClass
from coldcheck.custody.look_alikes import note_names
from coldcheck.custody.magazines import chambers_of, claim_moves
from coldcheck.custody.moves import (
    DANGEROUS,
    Coded,
    is_built_otherwise,
    is_unlike,
    moves_of,
    possible_moves,
    single_rows,
)
from coldcheck.custody.picture import (
    IN_OTHER_HANDS,
    UNTOUCHED,
    CallPart,
    Condition,
    Coverage,
    Done,
    GrantedCall,
    Offer,
    Picture,
    Run,
    RunCall,
    Scene,
    SealedDeliveries,
    Sheet,
    Step,
    Stop,
    Touch,
    VoidNote,
    acts_of_entry,
    assessed_for,
    call_ended,
    fed_by,
    hand_on,
    has_places,
    heard_before,
    is_handler,
    lock_of,
    looks_along,
    may_end_sheet,
    may_witness,
    own_hand_on,
    parts_in_force,
    places_of,
    scene_of,
    things_within,
)
from coldcheck.custody.predicates import LOOKED_AT, MALFUNCTIONS, PREDICATE_NAMES
from coldcheck.custody.replicas import note_rounds
from coldcheck.custody.rulebook_file import read_rulebook, with_file
from coldcheck.custody.signers import may_sign
from coldcheck.custody.things import (
    RELEASE_ROLES,
    Capability,
    Cartridge,
    Container,
    ContainerKind,
    Custody,
    Gun,
    Hold,
    Id,
    Lot,
    Now,
    Person,
    Place,
    Placement,
    Presence,
    Role,
    RoundKind,
    Spot,
    position_names,
    spot_of,
)
from coldcheck.custody.two_sheets import same_rounds
from coldcheck.custody.whereabouts import is_stranger, leaning_on, may_end, not_told_apart, told_alike

MOST_PLACES: Final = 100
MORNING_MS: Final = 3_600_000
"""How long before the opening of a day somebody may have come to it, where nobody closed the day before."""
PARTS: Final = ("called", "announced", "acknowledged")
CALL_PARTS: Final = (a.Called, a.Announced, a.Acknowledged)


def apply(picture: Picture, step: Step) -> None:
    """Nothing comes back: `picture` is now the picture after `step`.

    The entry is on the disk already. Should a mistake of ours keep it out of the picture, nothing is proven any more and
    no gun can be called, and what happens next is recorded all the same.
    """
    assert step.entry_index == picture.size, f"entry {step.entry_index} does not follow {picture.size - 1}"
    acts_before = len(picture.journal)
    try:
        _apply(picture, step)
    except Exception as problem:  # noqa: BLE001  # whatever it is: a record that ends here would refuse what happens next
        not_placed(picture, step, acts_before, why=f"{type(problem).__name__}: {problem}")


def not_placed(picture: Picture, step: Step, acts_before: int, *, why: str) -> None:
    """Nothing; `picture` goes on behind an entry that could not be applied: no proof, call or count outlives it."""
    del picture.journal[acts_before:], picture.entry_acts[step.entry_index :]
    del picture.heard_ms[step.entry_index :]
    del picture.book.entry_keys[step.entry_index :]
    picture.entry_acts.append(acts_before)
    picture.book.entry_keys.append(step.key)
    picture.journal.extend(
        Done(entry_index=step.entry_index, by=step.by, act=act, at=step.at, verdict=step.verdict) for act in step.acts
    )
    for gun in tuple(picture.kernel.gc):
        picture.kernel.apply(Move(row="leave", gun=gun))
    for round_id in tuple(picture.kernel.rc):
        picture.kernel.apply(Move(row="lose", round_id=round_id))
    for gun in tuple(picture.calls):
        _call_over(picture, step, gun, "V20", had_call=True)
    for lost in (picture.counts, picture.run_calls, picture.parts):
        lost.clear()
    picture.not_placed[step.entry_index] = why
    _on_to_the_next(picture, step)


def _apply(picture: Picture, step: Step) -> None:
    note_signer(picture, step)
    _settle(picture, step)
    rows = _rows_of(picture, step)
    picture.entry_acts.append(len(picture.journal))
    for act in step.acts:
        who, said = said_by(picture, by=step.by, key=step.key, act=act)
        if said is not act:
            picture.held_out[step.entry_index] = step.by
        elif isinstance(act, a.HeldOut):
            # Not the viewer's own act: every reader of the journal takes it as what its signer tells of him.
            said = as_told(picture, act)
        picture.journal.append(Done(entry_index=step.entry_index, by=who, act=said, at=step.at, verdict=step.verdict))
        note_fills(picture, by=who, act=said, entry_index=step.entry_index)
        note_rounds(picture, said, step.entry_index)
    # A call's last part may begin a sheet: what follows is done under the call it was granted.
    first = 1 if isinstance(picture.journal[picture.entry_acts[-1]].act, CALL_PARTS) else 0
    if first:
        _apply_row(picture, step, rows[0])
        _judge_effect(picture, step, step.acts[:1])
    for row in rows[first:] if first else rows:
        _apply_row(picture, step, row)
    _take_away(picture, step)
    _judge_effect(picture, step, step.acts[first:])
    _reach_again(picture, step)
    _on_to_the_next(picture, step)


def _on_to_the_next(picture: Picture, step: Step) -> None:
    if step.boot != picture.now.boot or a.EpochOpened in map(type, step.acts):
        picture.boots.append(step.entry_index)
    picture.heard_ms.append(step.mono_ms)
    picture.size += 1
    picture.now, picture.at = step.now, step.at
    picture.last_of_key[step.key] = step.entry_index


_STIR_NOTHING: Final[frozenset[type]] = frozenset((
    a.Answered, a.Seen, a.Showed, a.ShowClosed, a.Called, a.Announced, a.Acknowledged, a.Attended, a.MeetingHeld,
    a.InLine, a.Scanned, a.Told, a.Remarked, a.Learned, a.Photographed, a.PresenceDeclared, a.SheetBegan,
))  # fmt: skip
"""Acts by which no round is anywhere else than it was, nor better in reach."""


def _reach_again(picture: Picture, step: Step) -> None:
    """A gun called empty beside rounds that were sealed, locked away or elsewhere is not, once they are not."""
    if not picture.calls or _STIR_NOTHING.issuperset(map(type, step.acts)):
        return
    for gun, call in tuple(picture.calls.items()):
        if call.call is a.CallWord.COLD_EMPTY and call.entry_index != step.entry_index and reach_of_call(picture, call):
            _move(picture, step, Coded(move=Move(row="endcall", gun=gun), code="V13"))


# --- order of rows -------------------------------------------------------------------------------------------------


_Moves: TypeAlias = Literal["all", "agreed", "proofs", "no_proofs", "doubts"]
"""Which moves of a row are made: all that its signer could know of; all, as a second sheet's; only those that can prove;
only the others; all but those that would prove."""


_AS_THEY_ARE: Final = frozenset({"all", "agreed"})


_Row: TypeAlias = tuple[Id, a.Act, bool, _Moves]
"""One act of one row, ready to apply: by whom, the act, whether its facts count (not when they came in with an earlier
entry), and which moves. A bare tuple: a sheet makes dozens, and nothing else is made as often."""


_IN_PAIRS: Final = frozenset(
    (a.Cleared, a.Answered, a.Loaded, a.Unloaded, a.RoundsTested, a.Showed, a.Seen, a.ShowClosed)
)
"""Acts whose proofs wait in a first sheet for the other person's. All others count at once, as they do by themselves."""
_PROVING: Final = frozenset({"empty", "load", "unload", "second", "test1", "test2", "show", "see", "close"})


def _rows_of(picture: Picture, step: Step) -> tuple[_Row, ...]:
    """The rows to apply, in order; a first sheet's proofs wait in `picture.sheets`."""
    acts, by = step.acts, step.by
    own = single_rows(acts[0], by=by) if len(acts) == 1 else tuple([r for act in acts for r in single_rows(act, by=by)])
    began = acts[0]
    if type(began) is not a.SheetBegan or len(acts) == 1:
        return _rows(by, own, "all")
    if any(type(act) is a.Turned for act in acts):
        # Every round of a turnaround is out before anything is answered.
        own = (*(row for row in own if type(row) is a.Moved), *(row for row in own if type(row) is not a.Moved))
    if any(type(act) is a.SheetEnded and act.procedure == began.procedure for act in acts):
        # Signed as far as it got: it says what was done, waits for nobody and proves nothing.
        return _rows(by, own, "doubts")
    waiting = picture.sheets.get(began.procedure)
    if waiting is None or waiting.other != step.by:
        picture.sheets[began.procedure] = _sheet(picture, step, own, began)
        return _rows(step.by, own, "no_proofs")
    del picture.sheets[began.procedure]
    picture.first_half = began.procedure, waiting.manner
    known = _knew_them(picture, step, waiting.before, other=waiting.by)
    if (
        waiting.by != began.other
        or not known
        or not _untouched(picture, waiting)
        or not same_rounds(waiting, step.acts)
    ):
        # Something happened to the gun or the rounds between the two sheets, or since the second was signed: they prove
        # nothing together.
        return _rows(step.by, own, "doubts")
    return _row_against_row(waiting, own, step.by)


def _rows(by: Id, acts: tuple[a.Act, ...], of_pairs: _Moves) -> tuple[_Row, ...]:
    return tuple([(by, act, True, of_pairs if type(act) in _IN_PAIRS else "all") for act in acts])


def _sheet(picture: Picture, step: Step, rows: tuple[a.Act, ...], began: a.SheetBegan) -> Sheet:
    paired = tuple([row for row in rows if type(row) in _IN_PAIRS])
    guns: set[Id] = set()
    rounds: set[Id] = set()
    for row in paired:
        match row:
            case a.RoundsTested():
                rounds.update([cell.round_id for cell in row.rows if cell.round_id])
            case a.Loaded() | a.Unloaded():
                guns.add(row.gun)
                rounds.update([one.round_id for one in row.rows if one.round_id])
            case a.Cleared() | a.Answered() | a.Seen() | a.Showed() | a.ShowClosed():
                guns.add(row.gun)
            case _:
                pass
    before = tuple([picture.touches.get(thing, UNTOUCHED) for thing in (*guns, *rounds)])
    known = _knew_them(picture, step, before, other=began.other)
    return Sheet(
        procedure=began.procedure,
        by=step.by,
        other=began.other,
        rows=paired if known and _is_whole(rows, frozenset(guns | rounds)) else (),
        before=before,
        guns=frozenset(guns),
        rounds=frozenset(rounds),
        entry_index=step.entry_index,
        manner=began.manner,
    )


def _knew_them(picture: Picture, step: Step, touches: tuple[Touch, ...], *, other: Id) -> bool:
    """Whether nobody touched what a sheet answers about after its signer's device last knew, or while he answered.

    What the two of the sheet do with the things while they answer is their work; of anybody else, nobody knows which
    answer came before it.
    """
    began = heard_before(picture, step.now, _answered_for_ms(step.acts))
    return all(
        touch.by_others(step.by) < step.seen_size
        and (touch.before if touch.by == other else touch.by_others(step.by)) < began
        for touch in touches
    )


def _answered_for_ms(acts: tuple[a.Act, ...]) -> int:
    """From the first answer of a sheet to its last, by the phone it was answered on."""
    told: list[int] = []
    for act in acts:
        match act:
            case a.Cleared() | a.Answered():
                told += [row.ms for row in act.answers]
            case a.Turned() | a.TurnSeen():
                told += [row.ms for row in act.rows]
            case _:
                pass
    # Where an act counts from its own first row again, its time comes on top.
    return sum(ms for ms, after in pairwise([*told, -1]) if after < ms) - min(told, default=0)


def _is_whole(rows: tuple[a.Act, ...], proven: frozenset[Id]) -> bool:
    """Whether no row that counts at once comes after one whose proof waits, about the same gun, rounds or containers."""
    first = next((number for number, row in enumerate(rows) if type(row) in _IN_PAIRS), len(rows))
    if all(type(row) in _IN_PAIRS for row in rows[first:]):
        # So most sheets are, and nobody has to look which things they name.
        return True
    named = set(proven)
    for row in rows[first:]:
        if type(row) in _IN_PAIRS:
            named.update(name for name in a.ids_in(a.plain(row)) if name[0] in "cgr")
        elif named & a.ids_in(a.plain(row)):
            return False
    return True


def _untouched(picture: Picture, sheet: Sheet) -> bool:
    touched = (thing for thing in (*sheet.guns, *sheet.rounds) if picture.stamps.get(thing) != sheet.entry_index)
    return bool(sheet.rows) and next(touched, None) is None


def _subject(row: a.Act) -> tuple[str, str] | None:
    """What a row answers about: a position of a gun, or a round. Rows with the same subject belong together."""
    match row:
        case a.Cleared() | a.Answered() if row.answers:
            return row.gun, row.answers[0].position
        case a.RoundsTested() if row.rows:
            return "round", row.rows[0].round_id
        case a.Loaded() | a.Unloaded() if row.rows:
            return row.gun, row.rows[0].position
        case _:
            return None


def _row_against_row(first: Sheet, own: tuple[a.Act, ...], by: Id) -> tuple[_Row, ...]:
    """Test, test, load, answer: after each row of the first sheet the second person's next row about the same thing."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(own):
        subject = _subject(row)
        if subject is not None:
            waiting.setdefault(subject, []).append(number)
    out: list[_Row] = []
    used: set[int] = set()
    for row in first.rows:
        out.append((first.by, row, False, "proofs"))
        subject = _subject(row)
        if subject is not None and waiting.get(subject):
            number = waiting[subject].pop(0)
            used.add(number)
            out.append((by, own[number], True, "agreed"))
    # What nobody answered first is a row like any other: it may be about something the signer did not know of.
    return (*out, *_rows(by, tuple([row for number, row in enumerate(own) if number not in used]), "all"))


def _take_away(picture: Picture, step: Step) -> None:
    """The first of two sheets takes away at once what it touches; nothing is proven until the second is in."""
    began = step.acts[0]
    sheet = picture.sheets.get(began.procedure) if isinstance(began, a.SheetBegan) else None
    if sheet is None or sheet.entry_index != step.entry_index:
        return
    turned = {act.gun for act in step.acts if isinstance(act, a.Turned)}
    for gun in sorted(sheet.guns):
        # A turnaround has taken its rounds out already: what it does not touch, the bore among it, stays answered.
        answered = any(picture.kernel.p1.get(at, NOBODY) != NOBODY for at in _touched(sheet, gun))
        row = "endcall" if gun in turned and not answered else "doubt"
        _move(picture, step, Coded(move=Move(row=row, gun=gun), code="V01"), alone=True)
    for round_id in sorted(sheet.rounds):
        _move(picture, step, Coded(move=Move(row="taint", round_id=round_id), code="V01"))


def _touched(sheet: Sheet, gun: Id) -> tuple[tuple[Id, str], ...]:
    """The positions of a gun that a sheet answers or fills."""
    subjects = (_subject(row) for row in sheet.rows)
    return tuple(subject for subject in subjects if subject is not None and subject[0] == gun)


def _settle(picture: Picture, step: Step) -> None:
    """Before a new act about a gun counts, what time alone has ended by now ends: lifetimes and one-sided hand-overs."""
    if not picture.calls and not picture.offers:
        return
    for gun in tuple({**picture.calls, **picture.offers}):
        # A call may have run out while a hand-over waited for its other side: each ends what it ends.
        while code := call_ended(picture, gun, step.now):
            if code == "V07":
                _run_out(picture, step, gun)
            else:
                picture.offers.pop(gun)
                if gun in picture.kernel.gc:
                    _move(picture, step, Coded(move=Move(row="leave", gun=gun), code=code))
                    _held(picture, step, gun, Hold.DISPUTED, "")


def _run_out(picture: Picture, step: Step, gun: Id) -> None:
    """The lifetime is over. Out of the caller's hand with no call over it, nobody has kept what two people answered."""
    call = picture.calls[gun]
    kept = picture.kernel.gc.get(gun) == call.caller or call.call is a.CallWord.INERT
    _move(picture, step, Coded(move=Move(row="endcall" if kept else "doubt", gun=gun), code="V07"))
    picture.calls.pop(gun, None)


# --- one row -------------------------------------------------------------------------------------------------------


def _apply_row(picture: Picture, step: Step, row: _Row) -> None:
    by, act, with_facts, which = row
    if type(act) in _NAME_ROUNDS:
        _known_rounds(picture, step, act)
    may_be_late = which == "all" and step.seen_size < step.entry_index
    if type(act) is a.KeyRevoked and step.verdict == "refused":
        # It was not his to revoke: the key signs as before, and what it signed stands.
        return
    for coded in moves_of(picture, by=by, key=step.key, act=act):
        mode = "doubts" if may_be_late and _is_late(picture, step, coded.move) else which
        if mode in _AS_THEY_ARE:
            _make(picture, step, coded)
            continue
        for made in _made(picture, coded, mode):
            _make(picture, step, made)
    if may_be_late and isinstance(act, _OF_CONTAINERS):
        for round_id in _tested_since(picture, step, act):
            _move(picture, step, Coded(move=Move(row="taint", round_id=round_id), code="V12"))
    if with_facts:
        _facts(picture, step, by, act)


def _make(picture: Picture, step: Step, coded: Coded) -> None:
    _move(picture, step, coded)
    if coded.move.row == "stop" and coded.code in _STOP_REASONS:
        _open_stop(picture, step, step.by, _STOP_REASONS[coded.code])


_OF_CONTAINERS: Final = (
    a.BroughtIn, a.Delivered, a.Received, a.PickedUp, a.PutDown, a.Locked, a.Stowed, a.HandedOver, a.Taken, a.Moved, a.Poured,
    a.Disposed, a.CarriedTo, a.SealBroken,
)  # fmt: skip
"""Acts on a container as a whole: they say of every round in it that somebody may have come near."""


def _tested_since(picture: Picture, step: Step, act: a.Act) -> tuple[Id, ...]:
    """The rounds in or from a container that `act` names which others touched since the signer's device last knew.

    Nobody knows which came first: what he did with the container, or what was proven of its rounds.
    """
    names = sorted(name for name in a.ids_in(a.plain(act)) if name in picture.containers)
    rounds = dict.fromkeys(r for name in names for r in leaning_on(picture, name))
    return tuple(r for r in rounds if picture.touches.get(r, UNTOUCHED).by_others(step.by) >= step.seen_size)


def _is_late(picture: Picture, step: Step, move: Move) -> bool:
    """Whether others have touched the gun or round since the newest entry that the signer's device knew of.

    What he answered is then about something else than what is there now: it can take away, and proves nothing.
    """
    things = (thing for thing in (move.gun, move.round_id) if thing)
    return any(picture.touches.get(thing, UNTOUCHED).by_others(step.by) >= step.seen_size for thing in things)


def _made(picture: Picture, coded: Coded, which: _Moves) -> tuple[Coded, ...]:
    """The moves made for one that a row stands for: itself, nothing, or the doubt that it is when it cannot prove."""
    move, proving = coded.move, coded.move.row in _PROVING
    match which:
        case "all" | "agreed":  # _AS_THEY_ARE
            return (coded,)
        case "proofs":
            # What a first sheet found has stopped the set when it came in, and may have been lifted since.
            return (coded,) if proving else ()
        case "no_proofs":
            return () if proving else (coded,)
        case "doubts":
            if not proving or possible_moves(picture, move) != (move,) or not picture.kernel.holds(move):
                return (coded,)
            # What was done was done all the same: what two had answered before is not what is there now. A look that
            # agrees with the record takes nothing away.
            if move.row == "test1":
                return (Coded(move=Move(row="taint", round_id=move.round_id), code="V12"),)
            if move.row not in {"empty", "load", "unload"}:
                return ()
            doubt = Coded(move=Move(row="doubt", gun=move.gun), code="V01")
            # After the doubt the round's own move takes its other branch: it is where it was put, and proves nothing.
            return (doubt,) if move.row == "empty" else (doubt, coded)
        case _:
            assert_never(which)


_STOP_REASONS: Final = MappingProxyType({"V09": "unintended_discharge", "V11": "found_round", "V12": "count_off"})
"""Why the kernel stopped, where the act itself gives no reason: no stop may be there that nobody could lift."""


_NAME_ROUNDS: Final = frozenset(
    (a.Loaded, a.Unloaded, a.Moved, a.RoundsTested, a.RoundsSeen, a.RoundFound, a.RoundExamined, a.Reported, a.HeldOut)
)
"""The acts that `_known_rounds` looks into."""


def _known_rounds(picture: Picture, step: Step, act: a.Act) -> None:
    """A round met for the first time becomes known to the kernel, in nobody's proven custody."""
    match act:
        case (
            a.RoundsTested() | a.Loaded() | a.Unloaded() | a.Moved() | a.RoundsSeen() | a.Turned() | a.TurnSeen()
        ):  # fmt: skip
            for row in act.rows:
                if row.round_id not in picture.cartridges:
                    _met_now(picture, step, row.round_id)
        case a.RoundFound() | a.RoundExamined():
            if act.round_id not in picture.cartridges:
                _met_now(picture, step, act.round_id)
        case a.Reported() | a.HeldOut():
            _known_rounds(picture, step, act.told)
        case _:
            return


def _met_now(picture: Picture, step: Step, round_id: Id) -> None:
    if round_id:
        picture.cartridges[round_id] = Cartridge(
            round_id=round_id, label="", lot="", said=RoundKind.UNKNOWN, entry_index=step.entry_index
        )
        picture.kernel.add_round(round_id, custody=DISPUTED)


_GO_ALONG: Final = frozenset({"pickup", "leave", "doubt", "give", "accept", "unsight", "endcall"})
"""What happens to a gun happens to the magazine in it; what is in a position is answered for each by itself."""


def _move(picture: Picture, step: Step, coded: Coded, *, alone: bool = False) -> None:
    """One kernel move, and the note of what it ended under which code; `alone` leaves out what feeds the gun."""
    move, code = coded
    _move_one(picture, step, move, code)
    fed: tuple[Id, ...] = ()
    if picture.magazines and move.row in _GO_ALONG and not alone:
        fed = fed_by(picture, move.gun)
        for thing in fed:
            if has_places(picture, thing):
                _move_one(picture, step, move._replace(gun=thing), code)
    if move.row in _COUNTS_OVER:
        # Two people's count of nothing goes the way of two people's answers.
        for thing in fed if alone else (move.gun, *fed):
            picture.filled_at[thing] = step.entry_index
    if picture.magazines and move.row in _OF_A_PLACE and picture.magazines.get(move.gun):
        _of_a_magazine(picture, step, coded)


def _move_one(picture: Picture, step: Step, move: Move, code: str) -> None:
    outcome = picture.kernel.apply_again(move)
    if outcome is not None:
        _note_move(picture, step, move, code, outcome)
        return
    for possible in possible_moves(picture, move):
        _note_move(picture, step, possible, code, picture.kernel.apply(possible))


_COUNTS_OVER: Final = frozenset({"pickup", "leave", "doubt"})
_OF_A_PLACE: Final = MappingProxyType(
    {"empty": "endcall", "second": "endcall", "see": "endcall", "unload": "endcall", "load": "doubt"}
)


def _of_a_magazine(picture: Picture, step: Step, coded: Coded) -> None:
    """What is answered of a place or taken out ends the call of the gun it feeds, what is put in its answers as well."""
    move = coded.move
    if move.row == "see" and picture.kernel.again.get((move.gun, move.position)):
        return
    # Somebody may have said that it is in a gun which the record does not know yet.
    for gun in (gun for gun in picture.magazines[move.gun] if gun in picture.kernel.gc):
        ending = Move(row=_OF_A_PLACE[move.row], gun=gun)
        _note_move(picture, step, ending, coded.code or "V01", picture.kernel.apply(ending))


_TURNING: Final = frozenset({"lose", "have"})
"""Rows by which a handler takes rounds out of the gun in his hand: a run goes on, with those positions unproven."""


def _note_move(picture: Picture, step: Step, move: Move, code: str, outcome: Outcome) -> None:
    """What else the picture keeps of a move that the kernel has made."""
    if move.row == "test2" and picture.kernel.round_proven(move.round_id):
        picture.proofs[move.round_id].append((step.entry_index, "proven"))
        picture.proven_at[move.round_id] = step.entry_index
        picture.trail.proven_by_two(step.entry_index, step.by, move.round_id)
        lies = picture.spots.get(move.round_id)
        if lies is not None:
            _note_verified(picture, step, lies.thing)
    index = step.entry_index
    for thing in (move.gun, move.round_id):
        if thing:
            picture.stamps[thing] = index
            last = picture.touches.get(thing, UNTOUCHED)
            if last.entry_index != index:
                picture.touches[thing] = Touch(step.by, index, last.by_others(step.by))
    if outcome.calls_ended or outcome.decayed:
        _note_endings(picture, step, move, code, outcome)


def _note_endings(picture: Picture, step: Step, move: Move, code: str, outcome: Outcome) -> None:
    """Whose call or answers a move ended: the gun's own, or those of the gun that a magazine is in."""
    if not (code == "V01" and move.row in _TURNING):
        for thing in outcome.decayed:
            for gun in _guns_of(picture, thing):
                picture.run_calls.pop(gun, None)
    for thing in outcome.decayed:
        for gun in _guns_of(picture, thing):
            # Parts of a call that were said of what is no longer there serve no other.
            picture.parts.pop(gun, None)
    for thing in {*outcome.calls_ended, *outcome.decayed}:
        if thing in picture.guns:
            _call_over(picture, step, thing, code, had_call=thing in outcome.calls_ended)
            continue
        for gun in _guns_of(picture, thing):
            if gun in picture.calls:
                _call_over(picture, step, gun, code or "V01", had_call=True)


def _guns_of(picture: Picture, thing: Id) -> tuple[Id, ...]:
    """The gun itself, or the guns that a magazine or belt may be in."""
    return (thing,) if thing in picture.guns else picture.magazines.get(thing, ())


def _call_over(picture: Picture, step: Step, gun: Id, code: str, *, had_call: bool) -> None:
    """The call on a gun is over for all it rested on: one of gun and magazines is enough to end it."""
    granted = picture.calls.pop(gun, None)
    if code:
        picture.voids[gun] = VoidNote(code=code, entry_index=step.entry_index, had_call=had_call)
    for thing, _ in granted.rests_on if granted is not None else ():
        picture.kernel.apply(Move(row="endcall", gun=thing))


def _note_verified(picture: Picture, step: Step, thing: Id) -> None:
    """A full verification ends a recall at this thing: every round in it proven, and every proof still good."""
    if picture.trail.may_be_verified(thing) and all(map(picture.kernel.round_proven, picture.rounds_in[thing])):
        picture.trail.verified(step.entry_index, thing)


# --- facts ---------------------------------------------------------------------------------------------------------


def _facts(picture: Picture, step: Step, by: Id, act: a.Act, *, reported: bool = False) -> None:  # noqa: C901, PLR0912, PLR0915  # one total table, one case an act
    """What an act says happened goes into the picture; `reported` marks what somebody else is said to have done."""
    index = step.entry_index
    _note_fetched(picture, by, act, index)
    if type(act) not in _ROWS_OF_SHEETS:
        _note_met(picture, by, act, index)
        if isinstance(act, _OF_ONE_THING) and act.item in picture.cartridges:
            _round_goes(picture, step, by, act, reported=reported)
    match act:
        # Rows come in dozens, so they stand first, then what every use of a gun brings; no act fits two cases.
        case a.Cleared() | a.Answered() | a.Seen():
            _note_positions(picture, step, by, act, reported=reported)
        case a.Loaded():
            _load(picture, step, by, act, reported=reported)
        case a.Unloaded():
            _unload(picture, step, by, act, reported=reported)
        case a.RoundsTested():
            _note_proof(picture, index, act.rows, _test_word(act, reported=reported))
            _meet(picture, step, by, act, reported=reported)
        case a.Showed():
            if not reported:
                picture.shown[act.gun] = (index, frozenset(act.positions))
        case a.SheetBegan() | a.ShowClosed() | a.InLine():
            pass
        case a.Called() | a.Announced() | a.Acknowledged():
            if not reported:
                _part(picture, step, by, act)
        case a.HandedOver():
            if not reported:
                picture.offers[act.item] = Offer(giver=by, to=act.to, entry_index=index, now=step.now)
            else:
                _held(picture, step, act.item, Hold.PERSON, act.to, reported=True)
        case a.Taken():
            _take(picture, step, by, act, reported=reported)
        case a.Counted():
            picture.trail.counted(index, by, act.thing, act.count)
            if not reported and _may_count(picture, step, by, act.thing):
                _count(picture, by, act, entry_index=index)
            picture.thing_entries[act.thing].append(index)
        case a.Turned() | a.TurnSeen():
            # Only told of: what somebody did himself comes apart into rows before.
            for part in single_rows(act, by=by) if act.rows else ():
                _facts(picture, step, by, part, reported=reported)
        case a.ProductionOpened():
            picture.production, picture.vkey, picture.epoch = act.production, act.vkey, epoch_said(act.vkey) or 0
            picture.keys[act.key] = (act.public, "hub", by)
        case a.RulebookAdopted():
            picture.rulebook = with_file(picture.rulebook, read_rulebook(act.text, predicates=PREDICATE_NAMES))
        case a.PersonEnrolled():
            roles = _roles_behind(picture)
            _enrol(picture, step, act)
            _roles_gone(picture, step, roles)
        case a.DutyOpened():
            if not reported:
                _on_duty(picture, step, by, act)
        case a.DutyClosed():
            picture.duties[by].pop(act.duty, None)
            picture.duty_said[by] = index
            _drop_runs_by(picture, by)
        case a.CoverageOpened():
            told = (known for known in picture.coverage if (known.subject, known.place) == (act.subject, act.place))
            closed = max((known.closed_entry or -1 for known in told), default=-1)
            if _in_order(picture, step, closed):
                picture.coverage.append(
                    Coverage(subject=act.subject, place=act.place, opened_entry=index, closed_entry=None)
                )
        case a.CoverageClosed():
            _close_coverage(picture, act, index)
        case a.PlaceRegistered():
            known_place = picture.places.get(act.place)
            if known_place is not None and known_place.place_class is not act.place_class:
                picture.classed_twice.add(act.place)
            picture.places[act.place] = Place(
                place=act.place, label=act.label, place_class=act.place_class, parent=act.parent, entry_index=index
            )
            picture.labels.setdefault(act.label, act.place)
        case a.ContainerRegistered():
            # What a thing was first registered as stands: told again as a vault, a tray would no longer be counted.
            known = Container(
                container=act.container, label=act.label, kind=act.kind, cells=act.cells, entry_index=index
            )
            if act.container not in picture.containers:
                picture.containers[act.container] = known
                note_names(picture, act.container, act.label)
                _add_places(picture, known)
            elif (known.kind, known.cells) != (
                picture.containers[act.container].kind, picture.containers[act.container].cells
            ):  # fmt: skip
                picture.places_otherwise[act.container] = index
            picture.labels.setdefault(act.label, act.container)
        case a.GunRegistered():
            _register_gun(picture, step, by, act, reported=reported)
        case a.LotRegistered():
            _register_lot(picture, step, by, act, reported=reported)
        case a.RoundMarked():
            _mark(picture, step, by, act.round_id, act.label, reported=reported)
        case a.Delivered():
            if not reported:
                picture.delivered[act.lot, act.container] = (index, by, act.count, act.to)
                _join_halves(picture, act.lot, act.container)
        case a.Received():
            _receive(picture, step, by, act, reported=reported)
        case a.BroughtIn():
            if act.count and act.item in picture.containers:
                # Nobody signed what lot it is: counted from here on like any other content.
                _into_loose(picture, step, act.item, "", act.count, reported=reported)
            _held(picture, step, act.item, Hold.PERSON if by else Hold.UNKNOWN, by, reported=reported)
        case a.PickedUp():
            _held(picture, step, act.item, Hold.PERSON if by else Hold.UNKNOWN, by, reported=reported)
        case a.PutDown():
            _held(picture, step, act.item, Hold.UNATTENDED, act.place, reported=reported)
        case a.Locked():
            _held(picture, step, act.item, Hold.LOCKED, act.place, reported=reported)
        case a.Stowed():
            _held(picture, step, act.item, Hold.INSIDE, act.container, reported=reported)
        case a.Moved():
            for row in act.rows:
                start, end = spot_of(act.start, row.from_cell), spot_of(act.end, row.to_cell)
                _place(picture, step, by, act, round_id=row.round_id, start=start, end=end, reported=reported)
        case a.Poured():
            _pour(picture, step, act, reported=reported)
        case a.RoundsSeen():
            _note_proof(picture, index, act.rows, "seen")
            _meet(picture, step, by, act, reported=reported)
        case a.RoundFound():
            _find(picture, step, by, act, reported=reported)
        case a.RoundExamined():
            _examined(picture, step, by, act, reported=reported)
        case a.Disposed():
            if act.how == a.Ending.LOST:
                picture.lost_from[act.thing] = index
            _dispose(picture, step, by, act, reported=reported)
        case a.DayOpened():
            _open_day(picture, step, by, act, reported=reported)
        case a.DayClosed():
            picture.day = picture.day if reported else None
            picture.run_calls.clear()
            _end_of_day(picture, step)
            if not reported:
                _everyone_goes_home(picture, step.entry_index, before=step.entry_index)
        case a.DeliveriesSealed():
            last = picture.sealed_deliveries[-1].to_entry if picture.sealed_deliveries else 0
            if not reported and act.from_entry == last < act.to_entry <= index:
                picture.sealed_deliveries.append(
                    SealedDeliveries(
                        entry_index=index, from_entry=last, to_entry=act.to_entry, rows=act.rows, sha256=act.sha256
                    )
                )
        case a.ScenePlanned():
            if not reported:
                _plan(picture, index, by, act)
        case a.PerformerAdded():
            _add_performer(picture, step, by, act)
        case a.RunPlanned():
            _drop_runs_of(picture, act.scene)
            if not reported and _has_role(picture, by, Role.FIRST_AD) and _knew(step, _last_change(picture, act.scene)):
                picture.runs[act.run] = Run(run=act.run, scene=act.scene, parts=act.parts, entry_index=index)
        case a.SceneChanged() | a.MeetingHeld() | a.Attended() | a.Assessed() | a.SetUpSigned() | a.SetUpAnswered():
            if not reported:
                _scene(picture, step, by, act)
        case a.SightLost():
            picture.sight_gone[act.gun, by] = index
        case a.PresenceDeclared():
            if not reported:
                _declare_presence(picture, step, by, act)
        case a.PresenceEnded():
            _drop_runs_by(picture, by)
            if not reported:
                picture.went_at[by] = picture.presence_said[by] = index
                _end_presence(picture, by, step.entry_index)
                _waits_no_more(picture, by)
        case a.Stopped():
            _open_stop(picture, step, by, act.reason)
        case a.Discharged():
            picture.trail.fired(index, by, act.gun, act.shots)
            if act.hit or not act.planned or index in picture.open_stops:
                _open_stop(picture, step, step.by, "unintended_discharge")
                _note_condition(picture, act.gun, index, "unintended_discharge")
                if act.hit or not reported:
                    # Everything is held as it lies from here on; nobody has to say so first. A shot somebody is only
                    # said to have fired, long ago perhaps and into nothing, stops and holds nothing.
                    picture.freezes.add(index)
                    _hold_what_is_frozen(picture)
        case a.StopLifted():
            pass
        case a.ConcernRaised():
            _raise_concern(picture, act.concern, index)
        case a.ConcernPassedOn():
            _raise_concern(picture, act.concern, index)
            if act.gun:
                # Passed on about another gun as well, it is about both.
                picture.about[act.concern].add(act.gun)
        case a.NearMissLogged():
            _open_stop(picture, step, by, "near_miss")
        case a.ConcernAnswered():
            opened, _ = picture.concerns.get(act.concern, (index, None))
            # Who acts with the gun does not answer what somebody worries about, nor who did not know of it yet.
            if _may_answer(picture, by) and _knew(step, picture.concern_said.get(act.concern, opened)):
                picture.concerns[act.concern] = (opened, index)
        case a.AskedToSee():
            picture.asked[act.gun][by] = index
        case a.Frozen():
            _open_stop(picture, step, step.by, act.cause)
            picture.freezes.add(index)
            _hold_what_is_frozen(picture)
        case a.EvidenceTaken():
            _put_by(picture, by, act.item, is_new=act.item not in picture.held_as_evidence, reported=reported)
            picture.held_as_evidence.add(act.item)
            picture.evidence_at[act.item] = index
        case a.SheetEnded():
            _end_sheet(picture, by, act.procedure)
        case a.Reported():
            _report(picture, step, act)
        case a.HeldOut():
            who, said = said_by(picture, by=by, key=step.key, act=act)
            if said is act:
                _report(picture, step, as_told(picture, act))
            else:
                _facts(picture, step, who, said)
        case (
            a.OfficerNamed() | a.KeyEnrolled() | a.EnrolmentConfirmed() | a.CrewListed() | a.CrewConfirmed()
            | a.KeyClaimed() | a.KeyRevoked() | a.KeyRotated() | a.KeyUnlocked() | a.Quarantined() | a.EpochOpened() | a.OpeningErased()
            | a.LegalHoldPlaced() | a.LegalHoldLifted() | a.CosignerNamed()
        ):  # fmt: skip
            if isinstance(act, a.EpochOpened):
                picture.run_calls.clear()
                # What happened in entries that are not here may have changed what was counted.
                picture.counts.clear()
            roles = _roles_behind(picture)
            take_in(picture, step, by, act)
            _roles_gone(picture, step, roles)
            if isinstance(act, a.KeyRevoked):
                _lifts_of_key(picture, act)
        case a.GunMishap():
            _note_condition(picture, act.gun, index, act.mishap.value)
            if act.mishap is a.Mishap.MISFIRED:
                picture.misfired_entry = index
                if index in picture.open_stops:
                    # Out of a gun called cold: one of these has a primer, whatever two people's tests said of them.
                    for round_id in tuple(picture.rounds_in.get(act.gun, ())):
                        _name_kind(picture, round_id, RoundKind.UNKNOWN, index)
        case a.ConditionNoted():
            _note_condition(picture, act.gun, index, act.work.value, photo=act.photo)
            _note_capability(picture, step, by, act, reported=reported)
        case a.MagazineInserted():
            # Whoever says so: it may be in this gun from here on, and in the one it was in before.
            before = picture.magazines.get(act.container, ())
            picture.magazines[act.container] = (*before, *({act.gun} - {*before}))
            picture.well_empty_at.pop(act.gun, None)
            _held(picture, step, act.container, Hold.INSIDE, act.gun, reported=reported)
        case a.MagazineRemoved():
            # Who has not got the gun in hand cannot know that it is out of it, nor who signed before it last went in.
            has_gun = is_handler(picture, by) and picture.kernel.gc.get(act.gun) == by
            if has_gun and step.seen_size > _went_in(picture, act.container):
                before = picture.magazines.get(act.container, ())
                picture.magazines[act.container] = tuple(gun for gun in before if gun != act.gun)
                picture.well_empty_at[act.gun] = index
            _held(picture, step, act.container, Hold.PERSON if by else Hold.UNKNOWN, by, reported=reported)
        case a.TwinsMarked():
            # Once a twin, it stays one: nobody makes two guns look less alike by naming one alone.
            for gun in act.guns:
                others = (*picture.twins.get(gun, ()), *act.guns)
                picture.twins[gun] = tuple(dict.fromkeys(other for other in others if other != gun))
        case a.Renamed():
            _rename(picture, step, by, act)
        case a.CredentialRecorded():
            _credential(picture, step, by, act)
        case a.TrainingGiven():
            if by != act.person and is_handler(picture, by):
                _trained(picture, step, act)
        case a.AccountableNamed():
            if may_sign(picture, by, act):
                picture.accountable[act.matter] = act.person
        case a.PaperRecorded():
            # A paper of the scene as it was before its last change is an older one.
            if may_sign(picture, by, act) and _knew(step, _last_change(picture, act.scene)):
                picture.papers[act.paper, act.thing or act.scene][by] = index
        case a.UnknownAct():
            picture.unknown_acts += 1
        case a.Told():
            picture.told[act.gun][act.to] = index
        case (
            a.DutiesListed() | a.DutyAccepted() | a.TermsAdopted() | a.TermsSigned() | a.ManifestSent()
            | a.InspectedIn() | a.LotRecalled() | a.LotClosed() | a.LeftProduction() | a.SealApplied() | a.SealBroken()
            | a.CarriedTo() | a.SetApart() | a.Readmitted() | a.HandlingAllowed() | a.HelpCalled() | a.DirectorNamed()
            | a.NeedDecided() | a.EvidenceReleased()
        ):  # fmt: skip
            _keep(picture, step, by, act, reported=reported)
        case (
            a.DirectionGiven() | a.Learned() | a.Remarked() | a.Lapsed()
            | a.ClockCompared() | a.Photographed()
        ):  # fmt: skip
            pass
        case a.LabelRead() | a.Scanned():
            _tag_read(picture, step, by, act, reported=reported)
        case a.Corrected() | a.Retracted() | a.Disputed():
            if 0 <= act.entry < index:
                picture.doubted.setdefault(act.entry, index)
                if not isinstance(act, a.Disputed) and by in {done.by for done in acts_of_entry(picture, act.entry)}:
                    # Whoever takes back what another said only disputes it.
                    picture.taken_back.add(act.entry)
                    _seen_no_more(picture, by, act.entry)
                    _sums_no_more(picture, step, act.entry)
                _counts_no_more(picture, step, act.entry)
        case (
            a.MatterOpened() | a.SourceFiled() | a.StatementRecorded() | a.ClaimMade() | a.QuestionOpened() | a.ExhibitFiled()
            | a.RequestReceived() | a.InterviewRecorded()
        ):  # fmt: skip
            if act.label:
                picture.labels.setdefault(act.label, act.ref)
        case (
            a.MatterChanged() | a.StatementConfirmed() | a.PassagesRead() | a.ClaimsTied() | a.QuestionAnswered()
            | a.AccountAsked() | a.AccountGiven() | a.NoticeGiven() | a.ExhibitJudged() | a.ExhibitViewed() | a.RequestAnswered()
            | a.FirstAccountSealed() | a.FirstAccountOpened() | a.CheckpointSentOff() | a.PackMade()
            | a.PosteriorAsked()
        ):  # fmt: skip
            pass
        case _:
            assert_never(act)


_ROWS_OF_SHEETS: Final = frozenset((a.Cleared, a.Answered, a.Seen, a.Loaded, a.Unloaded, a.RoundsTested))
"""Acts that come in dozens: none of them meets a gun elsewhere, and none is of one thing as a whole."""


def _note_met(picture: Picture, by: Id, act: a.Act, index: int) -> None:
    """Notes which gun somebody has before him: it does not lie where it was locked away, if he is not there."""
    match act:
        case a.InLine(gun=gun) | a.SightLost(gun=gun):
            picture.met_at[gun] = index
        case a.Scanned(gun=gun) | a.Counted(thing=gun) if gun in picture.guns:
            held = picture.custody.get(gun)
            place = held[-1].who if held else ""
            # A handler counts what he has locked away where it lies, unless he says that he is elsewhere.
            if picture.presence.get(by, place if is_handler(picture, by) else "") != place:
                picture.met_at[gun] = index
        case a.Moved(start=start, end=end):
            picture.met_at.update({gun: index for gun in (start, end) if gun in picture.guns})
        case _:
            pass


def _note_fetched(picture: Picture, by: Id, act: a.Act, index: int) -> None:
    """Notes which container somebody works in elsewhere than where it is locked: fetched, though nobody entered it.

    Whoever tests, marks or looks at what lies in it has it open, whatever nobody said of its seal.
    """
    match act:
        case a.CarriedTo(item=thing, place=place):
            if lock_of(picture, thing) not in {None, place}:
                picture.fetched_at[thing] = index
        case a.HandedOver(item=thing):
            picture.fetched_at[thing] = index
        case _:
            for thing in _worked_in(picture, act):
                if isinstance(act, _OPENING):
                    _opened(picture, thing)
                lock = lock_of(picture, thing)
                # Who may works in it where it lies, unless he says that he is elsewhere; where a vault stands nobody says.
                here = lock if may_witness(picture, by) else ""
                if lock in picture.places and picture.presence.get(by, here) != lock:
                    picture.fetched_at[thing] = index


_OPENING: Final = (a.RoundsTested, a.RoundsSeen, a.RoundMarked)


def _worked_in(picture: Picture, act: a.Act) -> set[Id]:
    match act:
        case (
            a.RoundsTested(thing=thing) | a.RoundsSeen(thing=thing) | a.Counted(thing=thing) | a.RoundFound(thing=thing)
        ):
            things = {thing}
        case a.RoundMarked(round_id=round_id):
            things = {picture.spots[round_id].thing} if round_id in picture.spots else set()
        case a.SealApplied(container=thing):
            things = {thing}
        case a.Loaded(rows=rows):
            things = {row.thing for row in rows}
        case a.Moved(start=start) | a.Poured(start=start):
            # What is put away goes to where it is locked; what is taken out of it comes to hand.
            things = {start}
        case _:
            return set()
    return things & picture.containers.keys()


_OfOneThing: TypeAlias = (
    a.BroughtIn | a.PickedUp | a.PutDown | a.Locked | a.Stowed | a.HandedOver | a.Taken | a.CarriedTo
)
_OF_ONE_THING: Final = (
    a.BroughtIn, a.PickedUp, a.PutDown, a.Locked, a.Stowed, a.HandedOver, a.Taken, a.CarriedTo,
)  # fmt: skip
"""Acts on a gun or a container, which may name a single round as well: it is where they say, and was where it was."""


def _round_goes(picture: Picture, step: Step, by: Id, act: _OfOneThing, *, reported: bool) -> None:
    """A single round that somebody handled as a thing is in his hand, or where he put it."""
    match act:
        case a.HandedOver():
            return
        case a.Locked() | a.PutDown() | a.CarriedTo():
            end = act.place
        case a.Stowed():
            end = act.container
        case a.BroughtIn() | a.PickedUp() | a.Taken():
            end = by
        case _:
            assert_never(act)
    spot = spot_of(end, "") if end else None
    # Who has not got what it lay in has not seen where he had it from.
    before = picture.spots.get(act.item)
    start = before if before is not None and by in {before.thing, own_hand_on(picture, before.thing)} else None
    if spot is not None:
        _place(picture, step, by, act, round_id=act.item, start=start, end=spot, reported=reported)


_Kept: TypeAlias = (
    a.DutiesListed | a.DutyAccepted | a.TermsAdopted | a.TermsSigned | a.ManifestSent | a.InspectedIn | a.LotRecalled
    | a.LotClosed | a.LeftProduction | a.SealApplied | a.SealBroken | a.CarriedTo | a.SetApart | a.Readmitted
    | a.HandlingAllowed | a.HelpCalled | a.DirectorNamed | a.NeedDecided | a.EvidenceReleased
)  # fmt: skip


def _keep(picture: Picture, step: Step, by: Id, act: _Kept, *, reported: bool) -> None:  # noqa: C901, PLR0912, PLR0915  # one table, one case an act
    """What rules and screens ask for later. What lifts a bar counts only from whose it is to lift; none is lifted by hearsay."""
    index = step.entry_index
    match act:
        case a.DutiesListed():
            if _has_role(picture, by, Role.EMPLOYER):
                picture.day_duties[act.day] = {row.duty: row.person for row in act.rows}
                picture.duties_listed[act.day] = index
        case a.DutyAccepted():
            if _knew(step, picture.duties_listed.get(act.day, -1)):
                picture.duties_accepted[act.day, act.duty] = by
        case a.TermsAdopted():
            if _has_role(picture, by, Role.EMPLOYER):
                picture.terms = act.sha256
        case a.TermsSigned():
            picture.terms_signed[by] = act.sha256
        case a.ManifestSent():
            picture.manifests[by].update((*act.guns, *act.lots))
        case a.InspectedIn():
            _inspected(picture, step, by, act)
        case a.LotRecalled():
            picture.recalled.setdefault(act.lot, index)
        case a.LotClosed():
            picture.closed_lots[act.lot] = act.holder
        case a.LeftProduction():
            if not reported:
                picture.left[act.item] = (act.how.value, index)
                picture.inspected_in[act.item].clear()
            hold = Hold.PERSON if act.to else Hold.UNKNOWN
            _held(picture, step, act.item, hold, act.to, reported=reported)
        case a.SealApplied():
            # Only who has it in hand can seal it, and not what somebody has opened since he signed.
            signed = (held for held in reversed(picture.custody.get(act.container, ())) if not held.reported)
            last = next(signed, None)
            # That it is said to lie elsewhere takes it out of nobody's hand.
            in_hand = last is not None and last.hold is Hold.PERSON and last.who == by
            if (in_hand or own_hand_on(picture, act.container) == by) and _knew(
                step, picture.sealed_at.get(act.container, -1)
            ):
                picture.seals[act.container] = act.seal
                picture.sealed_at[act.container] = index
        case a.SealBroken():
            picture.seals.pop(act.container, None)
            picture.sealed_at[act.container] = index
        case a.CarriedTo():
            picture.thing_entries[act.item].append(index)
        case a.SetApart():
            _put_by(picture, by, act.item, is_new=act.item not in picture.apart, reported=reported)
            for thing in things_within(picture, act.item):
                picture.apart.setdefault(thing, index)
        case a.Readmitted():
            since = picture.apart.get(act.item, -1)
            if is_handler(picture, by) and not reported and _knew(step, since):
                # With it comes what was set apart in it, and by the same word.
                for thing in (act.item, *(one for one, at in tuple(picture.apart.items()) if at == since)):
                    picture.apart.pop(thing, None)
        case a.HandlingAllowed():
            if is_handler(picture, by):
                picture.handling[act.gun] = act.actions
        case a.HelpCalled():
            picture.helped.append(index)
        case a.DirectorNamed():
            if _has_role(picture, by, Role.FIRST_AD):
                picture.directors[act.scene] = act.person
        case a.NeedDecided():
            if _has_role(picture, by, Role.FIRST_AD) or _has_role(picture, by, Role.EMPLOYER):
                picture.needs[act.scene, act.gun] = index
        case a.EvidenceReleased():
            knew = _knew(step, picture.evidence_at.get(act.item, -1))
            if _has_role(picture, by, Role.POLICE) and not reported and knew:
                picture.held_as_evidence.discard(act.item)
                picture.released[act.item] = index
                _held(picture, step, act.item, Hold.DISPUTED, "")
        case _:
            assert_never(act)


def _tag_read(picture: Picture, step: Step, by: Id, act: a.LabelRead | a.Scanned, *, reported: bool) -> None:
    """What a gun's tag is worth: read beside another serial, or said to be on another gun, it says nothing until a handler reads both."""
    gun = act.gun if isinstance(act, a.Scanned) else act.thing
    known = picture.guns.get(gun)
    if known is None:
        return
    if isinstance(act, a.Scanned) and act.serial == known.serial:
        if is_handler(picture, by) and not reported and _knew(step, picture.tag_doubted.get(gun, -1)):
            picture.tag_doubted.pop(gun, None)
        return
    picture.tag_doubted.setdefault(gun, step.entry_index)


def _examined(picture: Picture, step: Step, by: Id, act: a.RoundExamined, *, reported: bool) -> None:
    """What a round is examined to be. One named as dangerous is it until whose it is to examine says not.

    That is police or the safety advisor, who handle no gun, or a handler and a second person together.

    Whoever examined it knew that it was named so; what anybody else says of it changes nothing.
    """
    named = picture.named_live.get(act.round_id)
    if act.kind in DANGEROUS or named is None:
        _name_kind(picture, act.round_id, act.kind, step.entry_index)
    elif not reported and _knew(step, named[0]):
        picture.examiners[act.round_id][by] = step.entry_index
        if _examined_by_enough(picture, act.round_id):
            del picture.named_live[act.round_id]
            picture.examined[act.round_id] = (step.entry_index, named)
            _name_kind(picture, act.round_id, act.kind, step.entry_index)


def _examined_by_enough(picture: Picture, round_id: Id) -> bool:
    people = picture.examiners[round_id]
    alone = any(_has_role(picture, who, role) for who in people for role in (Role.POLICE, Role.SAFETY_ADVISOR))
    return alone or any(
        is_handler(picture, one) and _may_answer(picture, two) for one in people for two in people if one != two
    )


def _examined_no_more(picture: Picture, done: Done, round_id: Id) -> None:
    if picture.examiners[round_id].get(done.by) == done.entry_index:
        del picture.examiners[round_id][done.by]
    if round_id in picture.examined and not _examined_by_enough(picture, round_id):
        _, named = picture.examined.pop(round_id)
        picture.named_live.setdefault(round_id, named)


def _put_by(picture: Picture, by: Id, item: Id, *, is_new: bool, reported: bool) -> None:
    """Whether what is set apart or taken as evidence really went: by who had it, or by whose it is to take it from nobody."""
    lies = picture.spots.get(item)
    thing = item if lies is None else lies.thing
    hand = thing if thing in picture.persons else own_hand_on(picture, thing)
    takes = is_handler(picture, by) or _has_role(picture, by, Role.POLICE)
    if not reported and (hand == by or (takes and not hand)):
        picture.put_by_hand.add(item)
    elif is_new:
        picture.put_by_hand.discard(item)


def _goes_on(picture: Picture, by: Id, item: Id, to: Id, *, reported: bool) -> None:
    """What was set apart is so only until it goes into a gun, or anybody else puts it anywhere, or is said to have."""
    if reported or to in picture.guns or not may_end(picture, by):
        picture.put_by_hand.discard(item)


def _seen_no_more(picture: Picture, by: Id, entry: int) -> None:
    """Who said of a live round, of a look he asked for, or of how a gun was built, and takes it back, said nothing."""
    for gun in [gun for gun, at in picture.built_otherwise.items() if at == entry]:
        del picture.built_otherwise[gun]
    for people in picture.live_seen.values():
        if people.get(by) == entry:
            del people[by]
    for waiting in picture.asked.values():
        # Who asked to see a gun and takes that back does not wait for it.
        if waiting.get(by) == entry:
            del waiting[by]


def _inspected(picture: Picture, step: Step, by: Id, act: a.InspectedIn) -> None:
    """Read by a handler and a second person from the gun in a handler's hand, it is the gun of the record again."""
    known = picture.guns.get(act.gun)
    since = max(picture.unlike.get(act.gun, -1), picture.left.get(act.gun, ("", -1))[1])
    if known is None or known.serial != act.serial or step.seen_size <= since:
        return
    people = picture.inspected_in[act.gun]
    people.add(by)
    history = picture.custody.get(act.gun, [])
    here = bool(history) and history[-1].entry_index > since and is_handler(picture, own_hand_on(picture, act.gun))
    two = any(is_handler(picture, one) and may_witness(picture, other) for one in people for other in people - {one})
    if two and act.gun not in picture.built_otherwise:
        picture.unlike.pop(act.gun, None)
    if two and here:
        picture.left.pop(act.gun, None)


def _went_in(picture: Picture, thing: Id) -> int:
    """The last entry that says that `thing` is in a gun, -1 when none does."""
    history = reversed(picture.custody.get(thing, ()))
    return next((held.entry_index for held in history if held.hold is Hold.INSIDE and held.who in picture.guns), -1)


def _in_again(picture: Picture, act: a.MagazineRemoved) -> None:
    """That a magazine came out is said no more: it may be in every gun that it was in before."""
    if any(held.hold is Hold.INSIDE and held.who == act.gun for held in picture.custody.get(act.container, ())):
        before = picture.magazines.get(act.container, ())
        picture.magazines[act.container] = (*before, *({act.gun} - {*before}))


_WORKED_ON: Final = frozenset({a.Work.PART_REMOVED, a.Work.PART_FITTED, a.Work.REPAIRED})


def _note_capability(picture: Picture, step: Step, by: Id, act: a.ConditionNoted, *, reported: bool) -> None:
    """Worked on, a gun can chamber a live round until a handler and a second person have tested it, a replica as well."""
    known = picture.guns.get(act.gun)
    if act.work in LOOKED_AT and not _in_order(picture, step, picture.broke_at.get(act.gun, -1)):
        # Signed before it broke: it lets nobody call it since.
        picture.early_looks.add(step.entry_index)
    if known is not None and act.work in _WORKED_ON:
        picture.worked_on[act.gun] = step.entry_index
        if "capability" in known.positions:
            picture.not_inert[act.gun] = step.entry_index
    newest = max(picture.worked_on.get(act.gun, -1), picture.not_inert.get(act.gun, -1))
    if act.work is a.Work.CAPABILITY_TESTED and not _knew(step, newest):
        # It was of the gun as it was before.
        picture.early_tests.add(step.entry_index)
        return
    if known is None or (known.capability is not Capability.W2 and act.gun not in picture.refitted):
        return
    if act.work in _WORKED_ON:
        # Worked on, it may chamber what it could not before.
        picture.refitted[act.gun].clear()
        picture.guns[act.gun] = replace(known, capability=Capability.W3)
    elif act.work is a.Work.CAPABILITY_TESTED and act.gun in picture.refitted and not reported:
        tested = picture.refitted[act.gun]
        tested.add(by)
        if any(is_handler(picture, one) and may_witness(picture, two) for one in tested for two in tested - {one}):
            del picture.refitted[act.gun]
            picture.guns[act.gun] = replace(known, capability=Capability.W2)


def _end_sheet(picture: Picture, by: Id, procedure: str) -> None:
    """A waiting half that one of its two, or the handler who has its gun, ends waits for nobody any more.

    It stays known by its entry, without its rows: what it says stays closed to whoever has not answered.
    """
    sheet = picture.sheets.get(procedure)
    if sheet is None or not may_end_sheet(picture, by, people=(sheet.by, sheet.other), guns=sheet.guns):
        return
    picture.sheets[procedure] = replace(sheet, rows=(), guns=frozenset(), rounds=frozenset())


def _note_condition(picture: Picture, gun: Id, index: int, what: str, *, photo: str = "") -> None:
    if gun in picture.guns:
        picture.conditions[gun].append(Condition(entry_index=index, what=what, photo=photo))
        if what in MALFUNCTIONS:
            picture.broke_at[gun] = index


_NOT_BY_REPORT: Final = (
    a.ProductionOpened, a.RulebookAdopted, a.PersonEnrolled, a.Stopped, a.StopLifted, a.SheetBegan, a.SheetEnded, a.Photographed, a.DayClosed,
    a.DutyClosed, a.PresenceEnded, a.PresenceDeclared, a.CoverageOpened, a.CoverageClosed, a.ConcernAnswered,
    a.CredentialRecorded, a.TrainingGiven, a.AccountableNamed, a.PaperRecorded, a.PerformerAdded, a.RunPlanned, a.SetUpSigned,
    a.SetUpAnswered, a.DutiesListed, a.DutyAccepted, a.TermsAdopted, a.TermsSigned, a.ManifestSent, a.InspectedIn, a.LotClosed,
    a.HandlingAllowed, a.DirectorNamed, a.NeedDecided, a.Readmitted, a.EvidenceReleased, a.SealApplied, a.MagazineRemoved,
    a.TwinsMarked, a.Renamed, a.DeliveriesSealed, *KEY_ACTS,
)  # fmt: skip
"""Acts that work only when their own signer does them; told of another they are kept in the journal and no more."""
_PLACING: Final = (
    a.BroughtIn, a.Received, a.PickedUp, a.PutDown, a.Locked, a.Stowed, a.HandedOver, a.Taken, a.Moved, a.Poured,
    a.Loaded, a.Unloaded, a.Disposed,
)  # fmt: skip
"""Acts that say where a thing or a round is, or who has it."""


def _report(picture: Picture, step: Step, act: a.Reported) -> None:
    """A report's fact goes in as reported: it can be found and traced, and it proves nothing."""
    told = act.told
    if isinstance(told, a.Stopped):
        # Whoever said it, the set stands still until the three lift it.
        _open_stop(picture, step, act.who, told.reason)
    if isinstance(told, _NOT_BY_REPORT):
        return
    disputed = act.grade is a.Grade.CONTRADICTORY
    if not (disputed and isinstance(told, _PLACING)):
        _facts(picture, step, act.who, told, reported=True)
    if not disputed:
        return
    # One of several accounts: whichever is true, the picture must be the same, so none of them places anything.
    for item in sorted(a.ids_in(a.plain(told))):
        if picture.thing_entries[item][-1:] != [step.entry_index]:
            picture.thing_entries[item].append(step.entry_index)
        if item in picture.guns or item in picture.containers:
            _held(picture, step, item, Hold.DISPUTED, "", reported=True)


def _counts_no_more(picture: Picture, step: Step, entry: int) -> None:
    """What an entry that is doubted said of day, meeting, receipt or stop stands no more."""
    for done in acts_of_entry(picture, entry):
        match done.act:
            case a.DayOpened():
                if picture.day_opened_by.get(done.by) == entry:
                    del picture.day_opened_by[done.by]
            case a.ScenePlanned() | a.MeetingHeld() | a.Attended() | a.Assessed() | a.SetUpSigned() | a.SetUpAnswered():
                _unmeet(picture, step, done)
            case a.Delivered() | a.Received():
                _unsign(picture, done.act, entry)
            case a.StopLifted():
                _reopen(picture, done)
            case a.MagazineRemoved():
                picture.well_empty_at.pop(done.act.gun, None)
                _in_again(picture, done.act)
            case a.CoverageOpened():
                picture.coverage[:] = [known for known in picture.coverage if known.opened_entry != entry]
            case a.DutyOpened():
                _on_duty_no_more(picture, done, step.entry_index)
            case a.PresenceDeclared():
                picture.went_at[done.by] = picture.presence_said[done.by] = step.entry_index
                _end_presence(picture, done.by, step.entry_index)
                picture.presence[done.by] = ""
            case a.RunPlanned():
                picture.runs.pop(done.act.run, None)
                _drop_runs_of(picture, done.act.scene)
            case _:
                _lets_no_more(picture, step, done)


def _count_of(picture: Picture, thing: Id) -> tuple[int, int]:
    return picture.counted_from.get(thing, -1), picture.counted_at.get(thing, -1)


def _on_duty_no_more(picture: Picture, done: Done, index: int) -> None:
    """A duty taken back was none. One that others dispute may be one beside the other: it stands alone for nobody."""
    assert isinstance(done.act, a.DutyOpened)
    if done.entry_index in picture.taken_back:
        picture.duties[done.by].pop(done.act.duty, None)
    elif done.act.duty in picture.duties[done.by]:
        picture.duties[done.by][done.act.duty] = False
    picture.duty_said[done.by] = index


def _lets_no_more(picture: Picture, step: Step, done: Done) -> None:
    """What let a gun or a thing in, taken back, lets it in no more."""
    match done.act:
        case a.Readmitted():
            for thing in things_within(picture, done.act.item):
                picture.apart.setdefault(thing, step.entry_index)
        case a.ConcernAnswered():
            opened = picture.concerns.get(done.act.concern)
            if opened is not None and opened[1] == done.entry_index:
                picture.concerns[done.act.concern] = (opened[0], None)
        case a.SealApplied():
            if picture.sealed_at.get(done.act.container) == done.entry_index:
                picture.seals.pop(done.act.container, None)
        case a.ConditionNoted() if done.act.work is a.Work.CAPABILITY_TESTED:
            _capability_untested(picture, done)
        case a.InspectedIn() if done.act.gun in picture.guns:
            # Which gun it is was read by two, and one of them says now that he did not: it is to be read again.
            picture.unlike[done.act.gun] = step.entry_index
            picture.inspected_in[done.act.gun].clear()
        case a.EvidenceReleased() if picture.released.get(done.act.item) == done.entry_index:
            del picture.released[done.act.item]
            picture.held_as_evidence.add(done.act.item)
        case a.PerformerAdded():
            _perform_no_more(picture, done.act)
        case a.Counted() if done.entry_index in _count_of(picture, done.act.thing):
            # An older count is not looked for: what lies between is then as wide as the record.
            del picture.counted_at[done.act.thing], picture.counted_from[done.act.thing]
        case _:
            _signed_no_more(picture, done)


def _signed_no_more(picture: Picture, done: Done) -> None:
    """A paper, a training, a duty, a consent or a decision that is taken back was none."""
    match done.act:
        case a.TrainingGiven():
            picture.trained.pop((done.act.person, done.act.gun), None)
        case a.CredentialRecorded():
            picture.credentials.pop((done.act.person, done.act.paper), None)
        case a.PaperRecorded():
            picture.papers[done.act.paper, done.act.thing or done.act.scene].pop(done.by, None)
        case a.TermsSigned():
            picture.terms_signed.pop(done.by, None)
        case a.DutyAccepted():
            picture.duties_accepted.pop((done.act.day, done.act.duty), None)
        case a.AccountableNamed():
            picture.accountable.pop(done.act.matter, None)
        case a.DirectorNamed():
            picture.directors.pop(done.act.scene, None)
        case a.NeedDecided():
            picture.needs.pop((done.act.scene, done.act.gun), None)
        case a.RoundExamined():
            _examined_no_more(picture, done, done.act.round_id)
        case a.LotClosed() if done.entry_index in picture.taken_back:
            picture.closed_lots.pop(done.act.lot, None)
        case _:
            pass


def _capability_untested(picture: Picture, done: Done) -> None:
    """A capability test taken back was none: the gun can chamber what a gun without its part can."""
    known = picture.guns.get(getattr(done.act, "gun", ""))
    if known is None:
        return
    if known.gun in picture.refitted:
        picture.refitted[known.gun].discard(done.by)
    elif known.capability is Capability.W2 and any(
        c.what == a.Work.PART_REMOVED.value for c in picture.conditions[known.gun]
    ):
        picture.refitted[known.gun].clear()
        picture.guns[known.gun] = replace(known, capability=Capability.W3)


def _unmeet(picture: Picture, step: Step, done: Done) -> None:
    known = picture.scenes.get(getattr(done.act, "scene", ""))
    if known is None:
        return
    match done.act:
        case a.MeetingHeld():
            known = replace(known, met_entry=-1, attended=frozenset())
        case a.Assessed():
            known = replace(known, assessed=frozenset())
        case a.Attended() | a.SetUpAnswered():
            known = replace(known, attended=known.attended - {done.by})
        case _:
            # The plan or the card itself: it is met anew, as after any change.
            _drop_runs_of(picture, known.plan.scene)
            known = replace(
                known, changed_entry=step.entry_index, assessed=frozenset(), card=None, card_entry=-1, card_signed=()
            )
    _put_scene(picture, known)


def _put_scene(picture: Picture, scene: Scene) -> None:
    """The one way a scene changes: how many scenes a gun goes to somebody in is known without asking all of them."""
    before = picture.scenes.get(scene.plan.scene)
    picture.scenes[scene.plan.scene] = scene
    if before is not None and before.plan is scene.plan and before.added is scene.added:
        return
    gone, come = before.pairs if before is not None else frozenset(), scene.pairs
    for pair in gone - come:
        left = picture.performs[pair] - 1
        if left:
            picture.performs[pair] = left
        else:
            del picture.performs[pair]
    for pair in come - gone:
        picture.performs[pair] = picture.performs.get(pair, 0) + 1


def _unsign(picture: Picture, act: a.Delivered | a.Received, entry: int) -> None:
    """A receipt with one of its two halves taken back is no receipt; its lot is signed for while another is left."""
    at = act.lot, act.container
    halves = picture.delivered if isinstance(act, a.Delivered) else picture.received
    if halves.get(at, (-1,))[0] == entry:
        del halves[at]
    if at in picture.receipts:
        picture.receipts[at] = [pair for pair in picture.receipts[at] if entry not in pair]
    if not any(pairs for (lot, _), pairs in picture.receipts.items() if lot == act.lot):
        picture.lots_signed_for.discard(act.lot)


def _reopen(picture: Picture, done: Done) -> None:
    """A stop that one of the three no longer lifts is open until all three have lifted it again."""
    stop = picture.stops.get(done.act.stop) if isinstance(done.act, a.StopLifted) else None
    if stop is None or done.by not in {who for _role, who, _key in stop.lifted_by}:
        return
    _open_again(picture, stop, tuple(one for one in stop.lifted_by if one[1] != done.by))


def _open_again(picture: Picture, stop: Stop, left: tuple[tuple[Role, Id, Id], ...]) -> None:
    picture.stops[stop.entry_index] = replace(stop, open=True, lifted_by=left, lifted_entry=None)
    picture.open_stops.add(stop.entry_index)
    picture.run_calls.clear()
    _hold_what_is_frozen(picture)


def _hold_what_is_frozen(picture: Picture) -> None:
    """Everything is held as evidence from the first freeze on whose stop is open, and held again when one is reopened."""
    picture.frozen_entry = min(picture.freezes & picture.open_stops, default=None)


def _end_presence(picture: Picture, person: Id, entry_index: int) -> None:
    if picture.presence.pop(person, None) is None:
        return
    for number in range(len(picture.presences) - 1, -1, -1):
        known = picture.presences[number]
        if known.person == person and known.to_entry is None:
            picture.presences[number] = replace(known, to_entry=entry_index)
            return


def _enrol(picture: Picture, step: Step, act: a.PersonEnrolled) -> None:
    roles = frozenset(act.roles)
    picture.persons[act.person] = Person(
        person=act.person,
        label=act.label,
        name=act.name.commitment,
        roles=roles,
        key=act.key,
        key_class=act.key_class,
        public=act.public,
        entry_index=step.entry_index,
    )
    picture.labels.setdefault(act.label, act.person)
    if act.public:
        picture.keys[act.key] = (act.public, act.key_class, act.person)
    # Enrolled anew with other roles, he has no more those he had.
    kernel = picture.kernel
    (kernel.handlers.add if is_handler(picture, act.person) else kernel.handlers.discard)(act.person)
    (kernel.witnesses.add if may_witness(picture, act.person) else kernel.witnesses.discard)(act.person)


def _close_coverage(picture: Picture, act: a.CoverageClosed, index: int) -> None:
    for number, known in enumerate(picture.coverage):
        if (known.subject, known.place, known.closed_entry) == (act.subject, act.place, None):
            picture.coverage[number] = replace(known, closed_entry=index)


def _register_gun(picture: Picture, step: Step, by: Id, act: a.GunRegistered, *, reported: bool) -> None:
    if act.gun in picture.guns:
        _gun_told_again(picture, step, by, act, reported=reported)
        return
    cannot_chamber = act.capability in {Capability.W0, Capability.W1, Capability.W4}
    names = position_names(chambers=act.chambers, bores=act.bores, capability=cannot_chamber)
    picture.guns[act.gun] = Gun(
        gun=act.gun,
        label=act.label,
        word_name=act.word_name,
        serial=act.serial,
        action=act.action,
        calibre=act.calibre,
        capability=act.capability,
        chambers=act.chambers,
        bores=act.bores,
        positions=names,
        entry_index=step.entry_index,
    )
    picture.labels.setdefault(act.label, act.gun)
    picture.words[act.gun] = act.word_name
    note_names(picture, act.gun, act.label, act.word_name)
    picture.kernel.add_gun(act.gun, tuple((name, _class_of(name)) for name in names))


def _gun_told_again(picture: Picture, step: Step, by: Id, act: a.GunRegistered, *, reported: bool) -> None:
    """A gun stays what it was first registered as. Told otherwise, it is called no more until that is settled."""
    known, index = picture.guns[act.gun], step.entry_index
    if is_unlike(known, act):
        picture.unlike[act.gun] = index
        picture.inspected_in[act.gun].clear()
        if is_built_otherwise(known, act):
            picture.built_otherwise[act.gun] = index
    elif is_handler(picture, by) and not reported and _knew(step, picture.built_otherwise.get(act.gun, -1)):
        picture.built_otherwise.pop(act.gun, None)


def _rename(picture: Picture, step: Step, by: Id, act: a.Renamed) -> None:
    """A handler gives a gun or container another name, unless somebody has since he signed."""
    gun, container = picture.guns.get(act.item), picture.containers.get(act.item)
    if not is_handler(picture, by) or not act.label or not _knew(step, picture.named_at.get(act.item, -1)):
        return
    before = gun.label if gun is not None else container.label if container is not None else ""
    if gun is not None:
        word = act.word_name or gun.word_name
        picture.guns[act.item] = replace(gun, label=act.label, word_name=word)
        picture.words[act.item] = word
        note_names(picture, act.item, act.label, word)
    elif container is not None:
        picture.containers[act.item] = replace(container, label=act.label)
        note_names(picture, act.item, act.label)
    else:
        return
    picture.named_at[act.item] = step.entry_index
    _label_passes_on(picture, act.item, before)
    picture.labels.setdefault(act.label, act.item)


def _label_passes_on(picture: Picture, item: Id, label: str) -> None:
    """A label that its bearer no longer has is that of the other one who was registered with it, if there is one."""
    if picture.labels.get(label) != item:
        return
    guns = (one.gun for one in picture.guns.values() if one.label == label)
    other = next(guns, None) or next((c for c, one in picture.containers.items() if one.label == label), None)
    if other is not None:
        picture.labels[label] = other


def _add_places(picture: Picture, known: Container) -> None:
    """The places of a magazine or belt become positions, answered one by one; one with too many is only counted."""
    if known.kind in {ContainerKind.MAGAZINE, ContainerKind.BELT} and 0 < known.cells <= MOST_PLACES:
        places = tuple((str(number), PositionClass.CHAMBER) for number in range(1, known.cells + 1))
        picture.kernel.add_gun(known.container, places)


def _class_of(position: str) -> PositionClass:
    if position == "capability":
        return PositionClass.CAPABILITY
    return PositionClass.BORE if position.startswith("bore") else PositionClass.CHAMBER


def _register_lot(picture: Picture, step: Step, by: Id, act: a.LotRegistered, *, reported: bool) -> None:
    if act.lot in picture.lots:
        _lot_told_again(picture, step, by, act, reported=reported)
        return
    picture.lots[act.lot] = Lot(
        lot=act.lot,
        label=act.label,
        maker=act.maker,
        calibre=act.calibre,
        kind=act.kind,
        tests=act.tests,
        strong=act.strong,
        count=act.count,
        parents=tuple((row.relation, row.parent) for row in act.parents),
        entry_index=step.entry_index,
    )
    picture.labels.setdefault(act.label, act.lot)


def _lot_told_again(picture: Picture, step: Step, by: Id, act: a.LotRegistered, *, reported: bool) -> None:
    """What a lot came from is all that was ever said of it. Said to be something else, it is called no more.

    Its supplier and a handler who both register it since as it was first, it is that again.
    """
    known = picture.lots[act.lot]
    told = tuple((row.relation, row.parent) for row in act.parents)
    parents = tuple(dict.fromkeys((*known.parents, *told)))
    picture.lots[act.lot] = replace(known, parents=parents, maker=known.maker or act.maker)
    if reported:
        return
    people = picture.inspected_in[act.lot]
    if not told_alike(known, act):
        picture.unlike[act.lot] = step.entry_index
        people.clear()
    elif act.lot in picture.unlike and step.seen_size > picture.unlike[act.lot]:
        people.add(by)
        supplied = any(_has_role(picture, one, role) for one in people for role in (Role.SUPPLIER, Role.MAKER))
        if supplied and any(is_handler(picture, one) for one in people):
            del picture.unlike[act.lot]


def _mark(picture: Picture, step: Step, by: Id, round_id: Id, label: str, *, reported: bool) -> None:
    """What a round is called. It tells it from others only where somebody marked it who may, and could tell it from them then."""
    known = picture.cartridges.get(round_id)
    if known is None or not label:
        return
    lies = picture.spots.get(round_id)
    marks = not reported and is_handler(picture, by)
    marks &= lies is None or not not_told_apart(picture, round_id, lies.thing, lies.cell)
    since = step.entry_index if marks and known.marked_entry is None else known.marked_entry
    picture.cartridges[round_id] = replace(known, label=label, marked_entry=since)
    picture.labels.setdefault(label, round_id)


def _join_halves(picture: Picture, lot: Id, container: Id) -> None:
    """Two halves that agree and name each other make a receipt, once; nobody signs for both sides."""
    given, got = picture.delivered.get((lot, container)), picture.received.get((lot, container))
    if given is None or got is None:
        return
    gave_entry, giver, gave_count, gave_to = given
    got_entry, receiver, got_count, got_from = got
    if giver == receiver or (gave_count, gave_to, giver) != (got_count, receiver, got_from):
        return
    supplier = picture.persons.get(giver)
    if supplier is None or not supplier.roles & {Role.SUPPLIER, Role.MAKER}:
        return
    del picture.delivered[lot, container], picture.received[lot, container]
    picture.receipts[lot, container].append((gave_entry, got_entry))
    picture.lots_signed_for.add(lot)


def _receive(picture: Picture, step: Step, by: Id, act: a.Received, *, reported: bool) -> None:
    if reported:
        _held(picture, step, act.container, Hold.PERSON if by else Hold.UNKNOWN, by, reported=True)
        if not act.cells:
            _into_loose(picture, step, act.container, act.lot, act.count, reported=True)
        return
    if cells_fit(act):
        picture.received[act.lot, act.container] = (step.entry_index, by, act.count, act.source)
        _join_halves(picture, act.lot, act.container)
    if hand_on(picture, act.container) != by:
        _held(picture, step, act.container, Hold.PERSON, by)
    lot = picture.lots.get(act.lot)
    said = lot.kind if lot is not None else RoundKind.UNKNOWN
    picture.arrived[act.lot] += len(
        {row.round_id for row in act.cells if row.round_id not in picture.cartridges} - {""}
    )
    unnamed = sum(1 for row in act.cells if not row.round_id) if act.cells else act.count
    # Signed for and in no cell: they came in, and where they are is what nobody said.
    unnamed += max(0, act.count - len(act.cells)) if act.cells else 0
    picture.arrived[act.lot] += unnamed
    picture.came_in.setdefault(step.entry_index, []).append((act.lot, unnamed))
    for row in act.cells:
        if not row.round_id:
            _into_loose(picture, step, act.container, act.lot, 1, reported=False)
            continue
        if row.round_id not in picture.cartridges:
            picture.cartridges[row.round_id] = Cartridge(
                round_id=row.round_id, label="", lot=act.lot, said=said, entry_index=step.entry_index
            )
            picture.kernel.add_round(row.round_id, custody=by)
        end = spot_of(act.container, row.cell)
        _place(picture, step, by, act, round_id=row.round_id, start=None, end=end, reported=False)
    if not act.cells:
        _into_loose(picture, step, act.container, act.lot, act.count, reported=False)
        picture.thing_entries[act.container].append(step.entry_index)


# --- custody -------------------------------------------------------------------------------------------------------


def _held(picture: Picture, step: Step, item: Id, hold: Hold, who: Id, *, reported: bool = False) -> None:
    """From this entry on `item` is held so; what it lay in is left.

    Put away by somebody whose device did not know in whose hands it was since, it is nowhere that anybody knows.
    """
    held = picture.custody[item]
    _goes_on(picture, step.by, item, who, reported=reported)
    put_away = hold is Hold.LOCKED or (hold is Hold.INSIDE and who not in picture.guns)
    if put_away and not reported and _moved_since(picture, step, item):
        hold, who = Hold.DISPUTED, ""
    if held and held[-1].hold is Hold.INSIDE:
        picture.inside[held[-1].who].pop(item, None)
        _opened(picture, held[-1].who)
    if hold is Hold.INSIDE:
        picture.inside[who][item] = None
        _opened(picture, who)
    picture.trail.held(step.entry_index, step.by, item, hold, who)
    was_given = held and held[-1].hold is Hold.PERSON and _may_perform(picture, held[-1].who, item)
    if was_given and (item in picture.guns or has_places(picture, item)):
        picture.back_at[item] = step.entry_index
    held.append(
        Custody(
            hold=hold,
            who=who,
            entry_index=step.entry_index,
            at=step.at,
            boot=step.boot,
            mono_ms=step.mono_ms,
            signer=step.by,
            reported=reported,
        )
    )
    picture.offers.pop(item, None)
    if hold in {Hold.UNATTENDED, Hold.DISPUTED, Hold.UNKNOWN}:
        _left_alone(picture, item, step.entry_index, who if hold is Hold.UNATTENDED else "")
    if hold is Hold.PERSON and not is_handler(picture, who):
        _in_other_hands(picture, item, step.entry_index)


def _moved_since(picture: Picture, step: Step, item: Id) -> bool:
    """Whether another key says something of who has `item` that the signer's device did not know of yet."""
    keys = picture.book.entry_keys
    for held in reversed(picture.custody.get(item, ())):
        if held.entry_index < step.seen_size:
            return False
        if held.entry_index != step.entry_index and keys[held.entry_index] != step.key:
            return True
    return False


def _may_perform(picture: Picture, who: Id, item: Id) -> bool:
    """Whether what was in this hand was out of handlers' hands: also a performer's who may handle as well.

    A performer is who has that role, and who is planned or was called as the one that the gun goes to.
    """
    if not is_handler(picture, who) or Role.PERFORMER in picture.persons[who].roles:
        return True
    guns = (item, *picture.magazines.get(item, ()))
    return any((gun, who) in picture.performs or who == picture.kernel.rcv.get(gun) for gun in guns)


def _roles_behind(picture: Picture) -> dict[Id, frozenset[Role]]:
    """The roles of everyone whose part a standing call rests on."""
    people = {who for gun, call in picture.calls.items() for who in (call.caller, call.witness, call.receiver)}
    return {who: picture.persons[who].roles for who in people if who in picture.persons}


def _roles_gone(picture: Picture, step: Step, before: dict[Id, frozenset[Role]]) -> None:
    """Whoever has a role taken from him has no part in a call any more that he had by it."""
    gone = {who for who, roles in before.items() if roles - picture.persons[who].roles}
    for gun, call in tuple(picture.calls.items()):
        if gone & {call.caller, call.witness, call.receiver}:
            _move(picture, step, Coded(move=Move(row="endcall", gun=gun), code="V14"))


def _left_alone(picture: Picture, item: Id, entry_index: int, place: Id) -> None:
    """Nobody's hand is on it, nor on what lies in it: what was counted there may be something else by now."""
    for thing in things_within(picture, item):
        picture.left_alone_at[thing] = entry_index, place


def _opened(picture: Picture, thing: Id) -> None:
    """Something went in or came out: neither it nor what it lies in is under seal, whatever nobody said of the seal."""
    seen: set[Id] = set()
    while thing not in seen:
        seen.add(thing)
        picture.seals.pop(thing, None)
        held = picture.custody.get(thing)
        if held and held[-1].hold is Hold.INSIDE:
            thing = held[-1].who


def _in_other_hands(picture: Picture, item: Id, entry_index: int) -> None:
    """It is in a hand that is no handler's, with what lies in it: back from there it is counted anew."""
    for thing in things_within(picture, item):
        picture.other_hands_at[thing] = entry_index


def _take(picture: Picture, step: Step, by: Id, act: a.Taken, *, reported: bool) -> None:
    if reported:
        _held(picture, step, act.item, Hold.PERSON if by else Hold.UNKNOWN, by, reported=True)
        return
    if act.item in picture.guns:
        disputed = picture.kernel.gc.get(act.item) == DISPUTED
    else:
        offer = picture.offers.get(act.item)
        disputed = offer is None or (offer.giver, offer.to) != (act.giver, by)
    _held(picture, step, act.item, Hold.DISPUTED if disputed else Hold.PERSON, "" if disputed else by)


# --- rounds --------------------------------------------------------------------------------------------------------


def _place(
    picture: Picture,
    step: Step,
    by: Id,
    act: a.Act,
    *,
    round_id: Id,
    start: Spot | None,
    end: Spot | None,
    reported: bool,
) -> None:
    """One step of one round: it left `start` and is at `end` (None: out of the production)."""
    if not round_id:
        return
    seen = _spot_seen(picture, start or end, step.entry_index)
    for spot in (start, end):
        if spot is not None and spot.thing in picture.seals and not isinstance(act, a.Received):
            # A round came out of it or went in: it is not under seal, whatever nobody said of the seal.
            del picture.seals[spot.thing]
    # Between two sheets a round that went anywhere was touched, whoever had it.
    picture.stamps[round_id] = step.entry_index
    _goes_on(picture, by, round_id, end.thing if end is not None else "", reported=reported)
    if not reported:
        _place_own(picture, round_id, end)
    before = picture.spots.get(round_id)
    _note_also_in(picture, by, round_id, before, reported=reported)
    _note_hands_in(picture, by, (start, end), step.entry_index)
    picture.trail.placed(
        step.entry_index, by, round_id, lot=picture.cartridges[round_id].lot, start=start, end=end,
        signed=isinstance(act, a.Received),
    )  # fmt: skip
    if before is not None:
        if picture.lying.get((before.thing, before.cell)) == round_id:
            del picture.lying[before.thing, before.cell]
        picture.rounds_in[before.thing].pop(round_id, None)
        picture.met_at[before.thing] = step.entry_index
        _note_verified(picture, step, before.thing)
    if start is not None:
        # Who took it from here saw the spot empty behind it. Where it only turned up elsewhere, nobody did.
        picture.seen_at[start.thing, start.cell] = step.entry_index
        if before is None:
            _out_of_loose(picture.loose, start.thing, picture.cartridges[round_id].lot)
            if not reported:
                _out_of_loose(picture.own_loose, start.thing, picture.cartridges[round_id].lot)
    if end is None:
        picture.spots.pop(round_id, None)
    else:
        picture.spots[round_id] = end
        picture.rounds_in[end.thing][round_id] = None
        if end.cell:
            picture.lying[end.thing, end.cell] = round_id
        picture.thing_entries[end.thing].append(step.entry_index)
    holder = (
        end.thing if end is not None and end.thing in picture.persons else (hand_on(picture, end.thing) if end else "")
    )
    picture.placements[round_id].append(
        Placement(
            entry_index=step.entry_index,
            act=a.wire_name(type(act)),
            signer=by,
            start=start,
            end=end,
            holder=holder,
            spot_seen=seen,
            reported=reported,
        )
    )


def _note_also_in(picture: Picture, by: Id, round_id: Id, before: Spot | None, *, reported: bool) -> None:
    """Whoever has not got what a round lay in takes it out of nobody's reach by his word: it may lie there still.

    A handler's own act, or that of who had it in hand, says where it is now.
    """
    if not reported and (
        before is None or is_handler(picture, by) or by in {before.thing, own_hand_on(picture, before.thing)}
    ):
        picture.also_in.pop(round_id, None)
    elif before is not None:
        picture.also_in[round_id] = (*picture.also_in.get(round_id, ()), before.thing)


def _note_hands_in(picture: Picture, by: Id, spots: tuple[Spot | None, ...], entry_index: int) -> None:
    if is_handler(picture, by):
        return
    for spot in spots:
        if spot is not None and by not in {spot.thing, own_hand_on(picture, spot.thing)}:
            _in_other_hands(picture, spot.thing, entry_index)


def _place_own(picture: Picture, round_id: Id, end: Spot | None) -> None:
    """Where people's own acts have the round: counts are held against this, so that no report can make one agree."""
    before = picture.own_spots.pop(round_id, "")
    lot = picture.cartridges[round_id].lot
    if before:
        picture.own_rounds[before] -= 1
        picture.present[lot] -= 1
    if end is not None:
        if round_id in picture.gone_rounds:
            # Lost or thrown away, and here again: it is one of those that are here.
            picture.gone_rounds.discard(round_id)
            picture.gone[lot] -= 1
        picture.own_spots[round_id] = end.thing
        picture.own_rounds[end.thing] += 1
        picture.present[lot] += 1


def _into_loose(
    picture: Picture, step: Step, thing: Id, lot: Id, count: int, *, reported: bool, start: Id = ""
) -> None:
    if start:
        picture.seals.pop(start, None)
        picture.seals.pop(thing, None)
    picture.trail.poured(step.entry_index, step.by, lot=lot, start=start, end=thing, count=count)
    for told in (picture.loose,) if reported else (picture.loose, picture.own_loose):
        told[thing][lot] = told[thing].get(lot, 0) + count
    if not reported:
        _note_sum(picture, step, thing, lot, count)


def _note_sum(picture: Picture, step: Step, thing: Id, lot: Id, count: int) -> None:
    """Keeps how many loose rounds an entry of somebody's own put into a thing or took out: taken back, it did neither."""
    picture.sums.setdefault(step.entry_index, []).append((thing, lot, count))


def _sums_no_more(picture: Picture, step: Step, entry: int) -> None:
    """What somebody entered by slip and takes back himself is in no sum any more; it is counted anew.

    What was said to have come in may lie there all the same: whatever is asked of a thing with rounds is asked of it still.
    """
    for thing, lot, count in picture.sums.pop(entry, ()):
        lots = picture.own_loose[thing]
        lots[lot] = max(lots.get(lot, 0) - count, 0)
        if count < 0:
            picture.loose[thing][lot] = picture.loose[thing].get(lot, 0) - count
    for lot, count in picture.came_in.pop(entry, ()):
        picture.arrived[lot] = max(picture.arrived[lot] - count, 0)
    for lot, count in picture.went_out.pop(entry, ()):
        picture.gone[lot] = max(picture.gone[lot] - count, 0)
    for round_id in picture.disposed.pop(entry, ()):
        _lies_again(picture, step, entry, round_id)
    for done in acts_of_entry(picture, entry):
        if isinstance(done.act, a.Disposed) and done.act.thing in picture.lost_from:
            picture.lost_from[done.act.thing] = step.entry_index


def _lies_again(picture: Picture, step: Step, entry: int, round_id: Id) -> None:
    """What somebody said was thrown away or lost, and says now that it was not, lies where it lay, if nothing else does."""
    last = picture.placements[round_id][-1]
    start = last.start
    if last.entry_index == entry and start is not None and (start.thing, start.cell) not in picture.lying:
        _place(
            picture, step, step.by, a.Retracted(entry=entry), round_id=round_id, start=None, end=start, reported=False
        )


def _out_of_loose(loose: dict[Id, dict[Id, int]], thing: Id, lot: Id) -> None:
    """A round that gets its identity on leaving `thing` is one less of what was only counted there."""
    lots = loose.get(thing)
    counted = next((known for known in (lot, "") if lots and lots.get(known)), None)
    if lots is not None and counted is not None:
        lots[counted] -= 1


def _spot_seen(picture: Picture, spot: Spot | None, entry_index: int) -> int | None:
    """The last entry before this one that says no unrecorded round lay at the spot; None if none ever did.

    A count of two that agreed says so of every cell, and it alone says so of a thing whose rounds lie loose: who takes
    one round out of a bag has not seen what else is in it.
    """
    if spot is None:
        return None
    counted = picture.counted_at.get(spot.thing)
    seen = picture.seen_at.get((spot.thing, spot.cell)) if spot.cell else None
    if counted is None or counted >= entry_index:
        return seen if seen is None or seen < entry_index else None
    return counted if seen is None or not counted < seen < entry_index else seen


def _pour(picture: Picture, step: Step, act: a.Poured, *, reported: bool) -> None:
    for told in (picture.loose,) if reported else (picture.loose, picture.own_loose):
        taken = min(act.count, told[act.start].get(act.lot, 0))
        if taken:
            told[act.start][act.lot] -= taken
            if told is picture.own_loose:
                _note_sum(picture, step, act.start, act.lot, -taken)
    _into_loose(picture, step, act.end, act.lot, act.count, reported=reported, start=act.start)
    for thing in (act.start, act.end):
        picture.thing_entries[thing].append(step.entry_index)
    if reported:
        return
    for round_id in tuple(picture.rounds_in.get(act.start, {})):
        spot = picture.spots[round_id]
        _place(picture, step, step.by, act, round_id=round_id, start=spot, end=spot_of(act.end, ""), reported=False)


def _note_proof(picture: Picture, index: int, rows: tuple[a.CellRow, ...], what: str) -> None:
    for row in rows:
        picture.proofs[row.round_id].append((index, what))


def _test_word(act: a.RoundsTested, *, reported: bool) -> str:
    """How a test stands in the notes of a round; one that is only told of makes nothing tested today."""
    if act.kind is RoundKind.UNKNOWN:
        return "failed"
    return "reported" if reported else "tested"


def _note_positions(
    picture: Picture, step: Step, by: Id, act: a.Cleared | a.Answered | a.Seen, *, reported: bool
) -> None:
    """The handler's word that a chamber is empty ends what lay there; a second's is about what the first has done."""
    picture.thing_entries[act.gun].append(step.entry_index)
    picture.trail.looked(step.entry_index, by, act.gun)
    for row in act.answers:
        if row.holds in _DANGEROUS_LOOKS and row.position.isdigit():
            _saw_live(picture, by, (act.gun, row.position), row.holds, step.entry_index)
    if reported:
        return
    is_first = type(act) is a.Cleared
    unseen = _not_offered(picture, step, by, act) if type(act) is a.Seen else frozenset()
    for row in act.answers:
        at = act.gun, row.position
        if row.position not in unseen:
            picture.looks[at][by] = step.entry_index
        if is_first:
            picture.first_answers[at] = step.entry_index
        if row.holds is not a.Holds.EMPTY:
            continue
        if is_first and (lies := picture.lying.get(at)) is not None:
            start = spot_of(act.gun, row.position)
            _place(picture, step, step.by, act, round_id=lies, start=start, end=None, reported=False)
        picture.seen_at[at] = step.entry_index
    if type(act) is not a.Seen:
        # A viewer's look is a show, not the check behind the call.
        picture.checked[act.gun] = (step.entry_index, _manner(picture, step))


_DANGEROUS_LOOKS: Final = MappingProxyType({a.Holds.LIVE: RoundKind.LIVE, a.Holds.UNKNOWN: RoundKind.UNKNOWN})


def _saw_live(picture: Picture, by: Id, at: tuple[Id, str], holds: a.Holds, index: int) -> None:
    """Somebody looked and saw a live or unknown round: it is the one that lies there, or one that nobody has entered yet."""
    lies = picture.lying.get(at)
    if lies is not None:
        _name_kind(picture, lies, _DANGEROUS_LOOKS[holds], index)
    else:
        picture.live_seen[at][by] = index


def _not_offered(picture: Picture, step: Step, by: Id, act: a.Seen) -> frozenset[str]:
    """What he answers without its having been shown: what was not offered, unless he had answered all that was before.

    The show stands open then, and who comes back to it to look at the others has looked at them by his own word.
    """
    entry, offered = picture.shown.get(act.gun, (-1, frozenset()))
    missing = frozenset(row.position for row in act.answers) - offered
    if not missing or not offered:
        return missing
    chambers = [name for name in offered if name.isdigit()]
    looked = [picture.looks.get((act.gun, name), {}).get(by, -1) for name in chambers]
    return frozenset() if chambers and all(entry <= one < step.entry_index for one in looked) else missing


def _meet(picture: Picture, step: Step, by: Id, act: a.RoundsTested | a.RoundsSeen, *, reported: bool) -> None:
    """Rounds looked at where they lie. One that the record never had anywhere is met here for the first time."""
    picture.thing_entries[act.thing].append(step.entry_index)
    for row in act.rows:
        if row.round_id:
            picture.trail.looked(step.entry_index, by, row.round_id)
        if act.thing and row.round_id and not picture.placements.get(row.round_id):
            end = spot_of(act.thing, row.cell)
            _place(picture, step, by, act, round_id=row.round_id, start=None, end=end, reported=reported)
        if isinstance(act, a.RoundsTested) and act.kind in DANGEROUS:
            _name_kind(picture, row.round_id, act.kind, step.entry_index)


def _name_kind(picture: Picture, round_id: Id, kind: RoundKind, entry_index: int) -> None:
    """What the round is found to be. Being dangerous counts from the first entry that said so since it was last proven."""
    word, since = picture.kinds_found.get(round_id, ("", entry_index))
    proven = picture.proven_at.get(round_id, -1)
    stays = kind in DANGEROUS and word in DANGEROUS and proven < since
    picture.kinds_found[round_id] = (kind.value, since if stays else entry_index)
    if kind in DANGEROUS:
        picture.named_live[round_id] = (entry_index, True)
        picture.examiners.pop(round_id, None)


def _manner(picture: Picture, step: Step) -> str:
    """How the answers were given. Two halves of a sheet that say different things are worth the weaker of them."""
    began = step.acts[0]
    if not isinstance(began, a.SheetBegan):
        return "spoken"
    procedure, first = picture.first_half
    said = {began.manner, first} if procedure == began.procedure else {began.manner}
    return next((weak for weak in ("same_device", "spoken") if weak in said), began.manner)


def _find(picture: Picture, step: Step, by: Id, act: a.RoundFound, *, reported: bool) -> None:
    _mark(picture, step, by, act.round_id, act.label, reported=reported)
    before = picture.spots.get(act.round_id)
    start = before if before is not None and (before.thing, before.cell) == (act.thing, act.cell) else None
    end = spot_of(act.thing, act.cell)
    stranger = is_stranger(picture, act.round_id) and not act.fired
    _place(picture, step, by, act, round_id=act.round_id, start=start, end=end, reported=reported)
    picture.finds.setdefault(act.round_id, step.entry_index)
    for at in [at for at in picture.live_seen if at[0] == act.thing and act.cell in {"", at[1]}]:
        # It is entered now, and goes on as a find.
        del picture.live_seen[at]
    _since, is_named = picture.named_live.get(act.round_id, (-1, False))
    if act.kind in DANGEROUS or not is_named:
        # One that was found live is it until those examine it whose it is: a second find is one person's word.
        _name_kind(picture, act.round_id, act.kind, step.entry_index)
    if act.fired:
        picture.named_live.setdefault(act.round_id, (step.entry_index, False))
    if stranger:
        # What the finder takes it for stays his word; nothing is called beside it until it is known or put away.
        picture.named_live[act.round_id] = (step.entry_index, True)
    if stranger or act.kind in DANGEROUS:
        _open_stop(picture, step, step.by, "found_round")


def _dispose(picture: Picture, step: Step, by: Id, act: a.Disposed, *, reported: bool) -> None:
    known = tuple(picture.rounds_in.get(act.thing, {}))[: act.count]
    for round_id in known:
        if not reported and picture.own_spots.get(round_id):
            picture.gone[picture.cartridges[round_id].lot] += 1
            picture.gone_rounds.add(round_id)
        _place(picture, step, by, act, round_id=round_id, start=picture.spots[round_id], end=None, reported=reported)
    if not reported:
        picture.disposed[step.entry_index] = (*picture.disposed.get(step.entry_index, ()), *known)
        _dispose_loose(picture, step, act.thing, act.count - len(known))
    picture.thing_entries[act.thing].append(step.entry_index)


def _dispose_loose(picture: Picture, step: Step, thing: Id, count: int) -> None:
    """What was only counted goes, lot by lot, as far as `count` reaches."""
    for lot, here in tuple(picture.own_loose.get(thing, {}).items()):
        taken = max(min(here, count), 0)
        picture.own_loose[thing][lot] -= taken
        picture.loose[thing][lot] = picture.loose[thing].get(lot, 0) - taken
        picture.gone[lot] += taken
        if taken:
            _note_sum(picture, step, thing, lot, -taken)
            picture.went_out.setdefault(step.entry_index, []).append((lot, taken))
        count -= taken


def _load(picture: Picture, step: Step, by: Id, act: a.Loaded, *, reported: bool) -> None:
    picture.thing_entries[act.gun].append(step.entry_index)
    for row in act.rows:
        if not reported:
            picture.first_answers[act.gun, row.position] = step.entry_index
        start = spot_of(row.thing, row.cell) if row.thing else None
        end = spot_of(act.gun, row.position)
        _place(picture, step, by, act, round_id=row.round_id, start=start, end=end, reported=reported)
        if row.thing:
            picture.thing_entries[row.thing].append(step.entry_index)


def _unload(picture: Picture, step: Step, by: Id, act: a.Unloaded, *, reported: bool) -> None:
    picture.thing_entries[act.gun].append(step.entry_index)
    for row in act.rows:
        if not reported:
            picture.first_answers[act.gun, row.position] = step.entry_index
        end = spot_of(row.thing, row.cell) if row.thing else None
        start = spot_of(act.gun, row.position)
        _place(picture, step, by, act, round_id=row.round_id, start=start, end=end, reported=reported)


# --- day, scenes, stops --------------------------------------------------------------------------------------------


def _open_day(picture: Picture, step: Step, by: Id, act: a.DayOpened, *, reported: bool) -> None:
    if reported:
        return
    if picture.day != act.day:
        if not _knew(step, picture.day_ended):
            # Signed before the last day ended, it opens none.
            return
        if picture.day_entry >= 0:
            _end_of_day(picture, step)
        if picture.day is not None:
            # Nobody closed the day before: the night ended it all the same. Who came within the hour came for this one.
            _everyone_goes_home(picture, step.entry_index, before=heard_before(picture, step.now, MORNING_MS))
        picture.day, picture.day_entry, picture.day_opened_at = act.day, step.entry_index, step.now
        picture.day_opened_by.clear()
    picture.day_opened_by[by] = step.entry_index


def _everyone_goes_home(picture: Picture, entry_index: int, *, before: int) -> None:
    """The day is over: nobody is on a duty or at a place any more by a word of that day, said before entry `before`."""
    picture.home_at = entry_index
    for person in tuple(picture.presence):
        if picture.presence_said.get(person, -1) < before:
            _end_presence(picture, person, entry_index)
    for person in tuple(picture.duties):
        if picture.duty_said.get(person, -1) < before:
            del picture.duties[person]
    # Who asked to see a gun sees it on the next day if he asks again: no gun is called then as it was.
    picture.asked.clear()


def _waits_no_more(picture: Picture, person: Id) -> None:
    """Who asked to see a gun and went away himself does not wait for it."""
    for waiting in picture.asked.values():
        waiting.pop(person, None)


def _end_of_day(picture: Picture, step: Step) -> None:
    """The day's last entry: what the hub seals of a day is due from here."""
    picture.day_ended = step.entry_index


def _plan(picture: Picture, index: int, by: Id, act: a.ScenePlanned) -> None:
    """A scene planned anew is met anew; an assessment stays good for what it was made for.

    Planned by whose it is not, it is no plan; nobody knows any more what will be done.
    """
    _drop_runs_of(picture, act.scene)
    before = picture.scenes.get(act.scene)
    if not may_sign(picture, by, act):
        if before is not None:
            _put_scene(picture, replace(before, changed_entry=index, assessed=frozenset()))
        return
    scene = Scene(
        plan=act,
        planned_entry=index,
        planned_by=by,
        changed_entry=-1,
        met_entry=-1,
        assessed=before.assessed if before is not None else frozenset(),
        attended=frozenset(),
        card=None,
        card_entry=-1,
        card_signed=(),
        added=(),
    )
    _put_scene(picture, scene)


def _may_answer(picture: Picture, person: Id) -> bool:
    return may_witness(picture, person) or _has_role(picture, person, Role.EMPLOYER)


def _last_change(picture: Picture, scene: str) -> int:
    """The entry that planned or changed a scene last, -1 for one that nobody planned."""
    known = picture.scenes.get(scene)
    return max(known.planned_entry, known.changed_entry) if known is not None else -1


def _add_performer(picture: Picture, step: Step, by: Id, act: a.PerformerAdded) -> None:
    """A further performer of a gun in the plan, by the first AD; whoever is added is briefed anew for what he now does."""
    known = picture.scenes.get(act.scene)
    if known is None or act.gun not in known.plan.guns or not _has_role(picture, by, Role.FIRST_AD):
        return
    _drop_runs_of(picture, act.scene)
    if act.performer not in known.performers_of(act.gun) and _knew(step, _last_change(picture, act.scene)):
        added, attended = (*known.added, (act.gun, act.performer)), known.attended - {act.performer}
        _put_scene(picture, replace(known, added=added, attended=attended))


def _perform_no_more(picture: Picture, act: a.PerformerAdded) -> None:
    known = picture.scenes.get(act.scene)
    if known is not None:
        _drop_runs_of(picture, act.scene)
        added = tuple(pair for pair in known.added if pair != (act.gun, act.performer))
        _put_scene(picture, replace(known, added=added))


_OfScene: TypeAlias = a.SceneChanged | a.MeetingHeld | a.Attended | a.Assessed | a.SetUpSigned | a.SetUpAnswered


def _scene(picture: Picture, step: Step, by: Id, act: _OfScene) -> None:
    index, known = step.entry_index, picture.scenes.get(act.scene)
    if known is None or not _is_of_scene(picture, step, by, act, known):
        return
    match act:
        case a.SceneChanged():
            _drop_runs_of(picture, act.scene)
            # The card was of the scene as it was: it briefs nobody any more, and no half-signed one comes into force.
            known = replace(known, changed_entry=index, assessed=frozenset(), card=None, card_entry=-1, card_signed=())
        case a.MeetingHeld():
            known = replace(known, met_entry=index, attended=frozenset((by,)))
        case a.Attended():
            # Signed before the meeting was held, it is of another one.
            if step.seen_size > known.met_entry:
                known = replace(known, attended=known.attended | {by})
        case a.Assessed():
            known = replace(known, assessed=known.assessed | {assessed_for(picture, known)})
        case a.SetUpSigned():
            known = _set_up(picture, index, by, known, act)
        case a.SetUpAnswered():
            # Whoever answers has read the card that his device showed him: one that came into force since, he has not.
            if known.card is not None and step.seen_size > known.card_entry:
                known = replace(known, attended=known.attended | {by})
        case _:
            assert_never(act)
    _put_scene(picture, known)


def _knew(step: Step, entry_index: int) -> bool:
    """Whether the signer's device knew of this entry when he signed; of what he signs along with it, it did."""
    return entry_index == step.entry_index or step.seen_size > entry_index


def _is_of_scene(picture: Picture, step: Step, by: Id, act: _OfScene, known: Scene) -> bool:
    """Whether a word about a scene is of the scene as it is, and of somebody whose it is to say."""
    match act:
        case a.SetUpSigned():
            known_to_him = _knew(step, max(_last_change(picture, act.scene), known.card_entry))
            if not known_to_him and known.card != act:
                _drop_runs_of(picture, act.scene)
            return known_to_him
        case a.MeetingHeld() | a.Assessed():
            return may_sign(picture, by, act) and _knew(step, _last_change(picture, act.scene))
        case _:
            return True


def _in_order(picture: Picture, step: Step, entry_index: int) -> bool:
    """Whether the signer's device knew of this entry, or signed it itself: what one phone says comes in its own order."""
    return entry_index < 0 or _knew(step, entry_index) or picture.book.entry_keys[entry_index] == step.key


def _since_the_night(picture: Picture, step: Step, by: Id) -> bool:
    """Whether a word of where somebody is and on what duty was said since all went home, and not on the day before."""
    return _knew(step, picture.home_at) or _opens_with_it(picture, step, by)


def _opens_with_it(picture: Picture, step: Step, by: Id) -> bool:
    """Whether the signer opens the day in this very entry: what he says along with it is of this day."""
    return picture.day_opened_by.get(by) == step.entry_index


def _on_duty(picture: Picture, step: Step, by: Id, act: a.DutyOpened) -> None:
    """A duty begins. Signed before he opened or closed another on another phone, it stands alone for nobody."""
    if not _since_the_night(picture, step, by):
        return
    if _in_order(picture, step, picture.duty_said.get(by, -1)):
        picture.duties[by][act.duty] = act.exclusive
    else:
        picture.duties[by].setdefault(act.duty, False)
    picture.duty_said[by] = step.entry_index


def _declare_presence(picture: Picture, step: Step, by: Id, act: a.PresenceDeclared) -> None:
    """Where somebody is by his own word. Two phones of his that say two places leave him at none of them."""
    if not _since_the_night(picture, step, by):
        return
    before, index = picture.presence.get(by), step.entry_index
    in_order = _in_order(picture, step, picture.presence_said.get(by, -1))
    if not in_order and before == act.place:
        return
    if before not in {act.place, None} or not in_order:
        picture.went_at[by] = index
    _end_presence(picture, by, index)
    picture.presence_said[by] = index
    picture.presence[by] = act.place if in_order else ""
    if in_order:
        picture.presences.append(Presence(person=by, place=act.place, from_entry=index, to_entry=None))


def _credential(picture: Picture, step: Step, by: Id, act: a.CredentialRecorded) -> None:
    """Until when somebody has a credential, by who may say so and knew what was said last; else at most as long as before."""
    if by == act.person:
        return
    at = act.person, act.paper
    if may_sign(picture, by, act) and _in_order(picture, step, picture.credential_said.get(at, -1)):
        picture.credentials[at] = act.until
    elif at in picture.credentials:
        picture.credentials[at] = min(picture.credentials[at], act.until)
    picture.credential_said[at] = step.entry_index


def _trained(picture: Picture, step: Step, act: a.TrainingGiven) -> None:
    """A training with its last day; one that was signed before the newest makes that no longer."""
    at = act.person, act.gun
    if _in_order(picture, step, picture.trained.get(at, -1)):
        picture.trained_until[at] = act.until
    picture.trained[at] = step.entry_index


def _lifts_of_key(picture: Picture, act: a.KeyRevoked) -> None:
    """A stop that was lifted with a key in nobody knows whose hands is open until its person lifts it with another."""
    if act.reason not in IN_OTHER_HANDS:
        return
    for stop in tuple(picture.stops.values()):
        left = tuple(one for one in stop.lifted_by if one[2] != act.key)
        if left != stop.lifted_by:
            _open_again(picture, stop, left)


def _count(picture: Picture, by: Id, act: a.Counted, *, entry_index: int) -> None:
    """Keeps a count, and what it says of earlier ones: off itself, or the answer to all that were off before."""
    off = off_with(picture, by=by, act=act, entry_index=entry_index)
    if off is not None:
        picture.off_open.setdefault(act.thing, []).append(len(picture.counts_off))
        picture.counts_off.append(off)
    pair = picture.counts[act.thing] = with_count(picture, by=by, act=act, entry_index=entry_index)
    if not pair.agreed:
        return
    picture.counted_at[act.thing], picture.counted_from[act.thing] = entry_index, pair.first_entry
    for number in picture.off_open.pop(act.thing, ()):
        settled = (pair.first_entry, pair.second_entry)
        picture.counts_off[number] = replace(picture.counts_off[number], settled=settled)


def _may_count(picture: Picture, step: Step, by: Id, thing: Id) -> bool:
    """Whether a count is of the thing as it stands: nobody else had it, left it or filled it since his device knew.

    Nor is one of this day that was signed before it was opened.
    """
    if not (_knew(step, picture.day_entry) or _opens_with_it(picture, step, by)):
        return False
    last = picture.custody[thing][-1].entry_index if picture.custody.get(thing) else -1
    newest = max(last, picture.filled_at.get(thing, -1))
    return _knew(step, newest) or all(done.by == by for done in acts_of_entry(picture, newest))


def _set_up(picture: Picture, index: int, by: Id, known: Scene, act: a.SetUpSigned) -> Scene:
    """A card is in force once first AD and a handler, two people, have each signed the same; another one waits."""
    if known.card == act:
        return known
    _drop_runs_of(picture, act.scene)
    same = [who for who, card in known.card_signed if card == act and who != by]
    signed = (*((who, card) for who, card in known.card_signed if who != by), (by, act))
    both = any(
        _has_role(picture, one, Role.FIRST_AD) and is_handler(picture, other)
        for who in same
        for one, other in ((who, by), (by, who))
    )
    if not both:
        return replace(known, card_signed=signed)
    plan = replace(known.plan, line=act.line, activity=act.activity)
    # What is new was talked of with nobody but these two: everyone else answers the card.
    briefed = known.attended if _means_the_same(known, act) else known.attended & {by, *same}
    return replace(known, plan=plan, card=act, card_entry=index, card_signed=(), attended=briefed)


def _means_the_same(known: Scene, card: a.SetUpSigned) -> bool:
    """Whether a card leaves everything but the names in the line as it was briefed: by the card before, or by the plan."""
    before = known.card
    if before is None:
        return card.activity == known.plan.activity
    return replace(card, line=before.line) == before


def _has_role(picture: Picture, person: Id, role: Role) -> bool:
    known = picture.persons.get(person)
    return known is not None and role in known.roles


def _drop_runs_of(picture: Picture, scene: str) -> None:
    for gun, run_call in tuple(picture.run_calls.items()):
        if run_call.called.scene == scene:
            del picture.run_calls[gun]


def _drop_runs_by(picture: Picture, person: Id) -> None:
    for gun, run_call in tuple(picture.run_calls.items()):
        if person in {run_call.called.by, run_call.announced.by}:
            del picture.run_calls[gun]


def _open_stop(picture: Picture, step: Step, by: Id, reason: str) -> None:
    picture.run_calls.clear()
    if step.entry_index in picture.open_stops:
        return
    picture.stops[step.entry_index] = Stop(
        entry_index=step.entry_index, reason=reason, by=by, open=True, lifted_by=(), lifted_entry=None
    )
    picture.open_stops.add(step.entry_index)


# --- claims --------------------------------------------------------------------------------------------------------


def _part(picture: Picture, step: Step, by: Id, act: a.Called | a.Announced | a.Acknowledged) -> None:
    """Keep one part of a call. A new first part of another call starts over."""
    parts = picture.parts[act.gun]
    part = part_of(
        picture, act, by=by, key=step.key, now=step.now, entry_index=step.entry_index, seen_size=step.seen_size
    )
    if isinstance(act, a.Called):
        parts.clear()
    parts[part.part] = part


def part_of(
    picture: Picture,
    act: a.Called | a.Announced | a.Acknowledged,
    *,
    by: Id,
    key: Id,
    now: Now,
    entry_index: int,
    seen_size: int,
) -> CallPart:
    """One part of a call as it is kept; a call for a run is one for its scene."""
    late = isinstance(act, a.Called) and picture.touches.get(act.gun, UNTOUCHED).by_others(by) >= seen_size
    scene, run = scene_of(picture, act.scene) if isinstance(act, a.Called) else ("", "")
    return CallPart(
        part=a.wire_name(type(act)),
        by=by,
        key=key,
        call=act.call,
        count=act.count,
        powder=act.powder,
        scene=scene,
        run=run,
        entry_index=entry_index,
        now=now,
        seen_size=-1 if late else seen_size,
        tag=act.tag if isinstance(act, a.Called) else "",
        serial=act.serial if isinstance(act, a.Called) else "",
    )


def _judge_effect(picture: Picture, step: Step, acts: tuple[a.Act, ...]) -> None:
    """What the receipt's verdict does: a granted call stands, a refused one ends whatever stood before."""
    for signed in acts:
        if type(signed) not in _WITH_EFFECT:
            continue
        who, act = said_by(picture, by=step.by, key=step.key, act=signed)
        match act:
            case a.Called() | a.Announced() | a.Acknowledged():
                _call_effect(picture, step, act.gun)
            case a.StopLifted():
                _lift_effect(picture, step, act)
            case a.Seen():
                _answer_request(picture, step, who, act)
            case _:
                pass


_WITH_EFFECT: Final = frozenset((*CALL_PARTS, a.StopLifted, a.Seen, a.HeldOut))
"""The acts that `_judge_effect` looks into, a held-out phone among them."""


def _call_effect(picture: Picture, step: Step, gun: Id) -> None:
    if step.verdict == "admitted" or gun not in picture.guns:
        return
    parts, again = parts_in_force(picture, gun, picture.parts.pop(gun, {}))
    run_call = picture.run_calls.pop(gun, None)
    called, announced = parts.get("called"), parts.get("announced")
    if step.verdict == "refused" or called is None or announced is None or "acknowledged" not in parts:
        _move(picture, step, Coded(move=Move(row="endcall", gun=gun), code="K"))
        return
    witness, receiver = picture.kernel.wit.get(gun, NOBODY), picture.kernel.rcv.get(gun, NOBODY)
    claims = claim_moves(picture, gun, called)
    for claim in claims:
        picture.kernel.apply(claim)
    rests_on = tuple((claim.gun, picture.kernel.call[claim.gun]) for claim in claims)
    if any(call is CallKind.NONE for _, call in rests_on):
        for claim in claims:
            picture.kernel.apply(Move(row="endcall", gun=claim.gun))
        return
    granted = run_call.granted_count + 1 if again and run_call is not None else 1
    run = picture.runs.get(called.run) if called.run else None
    if run is not None:
        picture.run_calls[gun] = RunCall(
            run=run.run, called=called, announced=announced, granted_count=granted, granted_entry=step.entry_index,
            now=run_call.now if again and run_call is not None else step.now,
        )  # fmt: skip
    checked_entry, manner = picture.checked.get(gun, (step.entry_index, "spoken"))
    behind = receiver or parts["acknowledged"].by
    if parts["acknowledged"].entry_index in picture.held_out or held_out_looks(picture, gun, behind):
        manner = "attended"
    assert picture.rulebook is not None, "a call was granted with no rulebook in force"
    picture.calls[gun] = GrantedCall(
        gun=gun,
        call=called.call,
        count=called.count,
        powder=called.powder,
        scene=called.scene,
        run=called.run,
        run_part=run.parts[granted - 1] if run is not None and granted <= len(run.parts) else "",
        caller=called.by,
        witness=witness,
        receiver=behind,
        entry_index=step.entry_index,
        now=step.now,
        lifetime_ms=picture.rulebook.number("V07", called.call.value.lower().replace("-", "_") + "_ms"),
        checked_entry=checked_entry,
        manner=manner,
        rests_on=rests_on,
    )
    picture.voids.pop(gun, None)


def _raise_concern(picture: Picture, concern: str, index: int) -> None:
    """An open concern that is raised again is as old as it was; who answers it has to know what was said last."""
    since, answered = picture.concerns.get(concern, (index, None))
    picture.concerns[concern] = (since if answered is None else index, None)
    picture.concern_said[concern] = index


def _answer_request(picture: Picture, step: Step, viewer: Id, act: a.Seen) -> None:
    """A viewer who has now seen every chamber of an open show is answered, also one who joined it."""
    kernel, gun = picture.kernel, act.gun
    if gun not in picture.guns:
        return
    # What has no chamber is seen where it is answered: a look at nothing answers nobody.
    chambers = chambers_of(picture, gun) or places_of(picture, gun)
    answered = {row.position for row in act.answers}
    joined = looks_along(picture, gun, viewer) and all(position in answered for _gun, position in chambers)
    if joined or (kernel.view.get(gun) == viewer and all(kernel.again.get(at) for at in chambers)):
        # Somebody nobody knows cannot sign that he saw it; a show is open to all who stand there, and so to him. A look
        # that was signed before anybody asked is no answer to that.
        for who in (viewer, ""):
            if _knew(step, picture.asked[gun].get(who, -1)):
                picture.asked[gun].pop(who, None)


def release_role(picture: Picture, person: Id, already: tuple[tuple[Role, Id, Id], ...]) -> Role | None:
    """The release role `person` fills that nobody has filled yet, or None."""
    known = picture.persons.get(person)
    taken = {role for role, _who, _key in already}
    if known is None or person in {who for _role, who, _key in already}:
        return None
    return next((role for role in RELEASE_ROLES if role in known.roles and role not in taken), None)


def _lift_effect(picture: Picture, step: Step, act: a.StopLifted) -> None:
    stop = picture.stops.get(act.stop)
    if stop is None or not stop.open or step.verdict == "refused":
        return
    role = release_role(picture, step.by, stop.lifted_by)
    if role is not None:
        stop = replace(stop, lifted_by=(*stop.lifted_by, (role, step.by, step.key)))
    if step.verdict == "granted":
        stop = replace(stop, open=False, lifted_entry=step.entry_index)
        picture.open_stops.discard(act.stop)
        # The three who lift a freeze let go of what nobody took as evidence; that stays held.
        _hold_what_is_frozen(picture)
        if not picture.open_stops:
            signers = {role: who for role, who, _key in stop.lifted_by}
            picture.kernel.apply(Move(row="lift", signer=signers[Role.ARMORER], other=signers[Role.FIRST_AD]))
    picture.stops[act.stop] = stop
