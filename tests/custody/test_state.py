"""Random days on a small floor: no act halts the record, replay gives it again, and doubt never makes a card colder."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import ContainerKind, RoundKind
from coldcheck.proof.encoding import encode
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    BLANKS,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    IDS,
    LEAD,
    PM,
    POSITIONS,
    PROP,
    PROVEN_KINDS,
    ROLES,
    SEALED,
    SUP,
    TRAY,
    TWIN,
    VAULT,
    WAYS,
    D,
    Deed,
    Stage,
    Way,
    claimed,
    counted,
    deed,
    emptied,
    history,
    in_plain,
    morning,
    named,
    prepared,
    said,
    with_one_more,
)
from random_acts import AnyAct
from resting import assert_rests_on_two

BLOCKS = [range(start, start + 20) for start in range(0, 60, 20)]
MANY_BLOCKS = [range(start, start + 100) for start in range(1000, 1200, 100)]


def told(deeds: list[Deed]) -> Stage:
    stage = Stage()
    for one in deeds:
        stage.do(one)
    return stage


def standing(way: Way, *, sheets: bool = True) -> Stage:
    """A floor on which the call of `way` stands."""
    stage = told([*morning(), *prepared(way, sheets=sheets), *claimed(way)])
    assert stage.cards()[way.gun].kind in PROVEN_KINDS
    return stage


def play_random_day(seed: int, seen: Counter[str]) -> Stage:
    """One day, watched at every step. The words of all cards are counted in `seen`."""
    stage = Stage()
    for one in history(Random(seed)):
        stage_before, before = stage.picture.size, stage.cards()
        step = stage.do(one)
        assert stage.picture.size == stage_before + 1
        for gun, card in stage.cards().items():
            seen[card.words] += 1
            if card.kind not in PROVEN_KINDS:
                continue
            assert_rests_on_two(stage, card)
            if gun not in before or before[gun].kind not in PROVEN_KINDS or before[gun].words != card.words:
                parts = [x for x in step.acts if isinstance(x, a.Called | a.Announced | a.Acknowledged)]
                assert step.verdict == "granted", f"seed {seed}, entry {step.entry_index} turned {card.words}"
                assert [part.gun for part in parts] == [gun]
    assert not stage.picture.kernel.broken()
    return stage


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_whatever_comes_a_standing_call_rests_on_two_people(seeds: range) -> None:
    seen: Counter[str] = Counter()
    for seed in seeds:
        play_random_day(seed, seen)
    # The days are worth nothing if no gun ever gets there.
    assert {"PROVEN EMPTY", "2 BLANKS", "REPLICA", "TREAT AS LOADED"} <= set(seen)
    assert {"PROVEN 1 DUMMY", "PROVEN 2 DUMMIES"} & set(seen)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", MANY_BLOCKS, ids=str)
def test_whatever_comes_on_two_hundred_days(seeds: range) -> None:
    for seed in seeds:
        play_random_day(seed, Counter())


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_replay_gives_the_same_picture(seeds: range) -> None:
    for seed in seeds:
        stage = Stage()
        for one in history(Random(seed)):
            stage.do(one)
            stage.cards()
        again = Picture()
        for step in stage.steps:
            # Through the plain form and back, as a ledger keeps it.
            apply(again, replace(step, acts=tuple(a.read_act(a.plain(act)) for act in step.acts)))
        assert in_plain(again) == in_plain(stage.picture), f"seed {seed}"


def test_judging_changes_nothing() -> None:
    for seed in range(10):
        stage, random = Stage(), Random(seed)
        for one in history(random):
            stage.do(one)
            twice = in_plain(stage.picture)
            sizes = {name: len(value) for name, value in twice.items() if hasattr(value, "__len__")}
            act = AnyAct(random, IDS).act()
            judge(stage.picture, by=CREW, key="k" + CREW[1:], acts=(act,), now=stage.now)
            after = in_plain(stage.picture)
            assert sizes == {name: len(value) for name, value in after.items() if hasattr(value, "__len__")}, act


# --- doubt never makes a later card colder -------------------------------------------------------------------------

DOUBTS: tuple[type, ...] = (
    a.Reported, a.Reported, a.Reported, a.GunMishap, a.SightLost, a.Disputed, a.Retracted, a.Stopped, a.AskedToSee,
    a.Frozen, a.RoundFound, a.Discharged, a.UnknownAct, a.SceneChanged, a.EvidenceTaken, a.Lapsed,
)  # fmt: skip


def doubt_of(random: Random) -> Deed:
    act = AnyAct(random, IDS, stray=0.05).of(random.choice(DOUBTS))
    return deed(random.choice(tuple(ROLES)), act, wait_ms=0)


def assert_no_colder(seed: int) -> None:
    random = Random(seed)
    plain_day = history(random)
    calm = Stage()
    cards = [(calm.do(one), calm.cards())[1] for one in plain_day]
    for _ in range(4):
        at = random.randrange(24, len(plain_day))
        more = doubt_of(random)
        doubtful = Stage()
        for number, one in enumerate(with_one_more(plain_day, at, more)):
            doubtful.do(one)
            if number <= at:
                continue
            for gun, card in doubtful.cards().items():
                if card.kind in PROVEN_KINDS:
                    was = cards[number - 1][gun]
                    assert card.words == was.words, f"seed {seed}: {more} at {at} made {card.words} of {was.words}"


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_a_doubt_put_in_anywhere_makes_no_later_card_colder(seeds: range) -> None:
    for seed in seeds:
        assert_no_colder(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", MANY_BLOCKS, ids=str)
def test_a_doubt_put_in_anywhere_on_two_hundred_days(seeds: range) -> None:
    for seed in seeds:
        assert_no_colder(seed)


# --- two sheets of one procedure -----------------------------------------------------------------------------------

EMPTY_WAY, DUMMY_WAY = WAYS[0], WAYS[1]


def sheets_of(way: Way) -> tuple[Deed, Deed]:
    _, first, second = prepared(way, sheets=True)
    return first, second


def between_sheets(way: Way, *between: Deed) -> Stage:
    """The floor after both sheets with something done in between, and the call tried."""
    first, second = sheets_of(way)
    return told([*morning(), deed(ARM, a.PickedUp(item=way.gun)), first, *between, second, *claimed(way)])


def test_a_first_sheet_takes_away_at_once_and_proves_nothing() -> None:
    first, second = sheets_of(DUMMY_WAY)
    stage = standing(DUMMY_WAY)
    stage.do(first)
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert not any(stage.picture.kernel.r1[r] for r in DUMMY_WAY.rounds)
    stage = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), first, *claimed(DUMMY_WAY)])
    assert stage.steps[-1].verdict == "refused"
    assert between_sheets(DUMMY_WAY).steps[-1].verdict == "granted"
    assert second.by == AD1


PUT_DOWN = a.PutDown(item=COLT, place=BARN)
LOAD_ROW = a.LoadRow(position="2", round_id=D[2], thing=TRAY, cell="3")
TOUCHES = {
    "the gun put down and picked up": (deed(ARM, a.PutDown(item=COLT, place=BARN)), deed(ARM, a.PickedUp(item=COLT))),
    "the gun put down and picked up in one sheet": (
        deed(ARM, a.PutDown(item=COLT, place=BARN), a.PickedUp(item=COLT)),
    ),
    "another load": (deed(ARM, a.Loaded(gun=COLT, rows=(LOAD_ROW,))),),
    "a hand-over begun": (deed(ARM, a.HandedOver(item=COLT, to=LEAD)),),
    "a mishap": (deed(CREW, a.GunMishap(gun=COLT, mishap=a.Mishap.DROPPED)),),
    "a report about the gun": (
        deed(
            CREW,
            a.Reported(
                row="E1", account="", sources=("S1",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who="",
                told=a.Loaded(gun=COLT, rows=(LOAD_ROW,)),
            ),
        ),
    ),
    "a round of it moved": (
        deed(ARM, a.Moved(start=TRAY, end=TRAY, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell="8"),))),
    ),
    "a round of it found": (
        deed(
            CREW,
            a.RoundFound(round_id=D[1], label="D2", thing=BARN, cell="", kind=RoundKind.DUMMY, fired=False),
        ),
    ),
    "an unknown act on the gun": (
        deed(CREW, a.UnknownAct(type_name="juggled", plain_form=encode({"act": "juggled", "gun": COLT}))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_what_touches_the_gun_between_two_sheets_leaves_them_proving_nothing(touch: tuple[Deed, ...]) -> None:
    stage = between_sheets(DUMMY_WAY, *touch)
    assert stage.steps[-1].verdict == "refused"
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_tray_put_down_between_two_sheets_takes_the_tests_of_what_lies_in_it() -> None:
    rows = (a.CellRow(cell="4", round_id=D[3]),)
    tested = a.RoundsTested(thing=TRAY, rows=rows, tests=("rattle", "hole"), kind=RoundKind.DUMMY)
    first = deed(ARM, a.SheetBegan(procedure="P1", other=AD1, manner="spoken"), tested)
    second = deed(AD1, a.SheetBegan(procedure="P1", other=ARM, manner="spoken"), tested)
    calm = told([*morning(), first, second])
    assert calm.picture.kernel.round_proven(D[3])
    down = (deed(ARM, a.PutDown(item=TRAY, place=BARN)), deed(ARM, a.PickedUp(item=TRAY)))
    assert not told([*morning(), first, *down, second]).picture.kernel.round_proven(D[3])


def test_a_row_that_counts_at_once_breaks_the_sheet_it_follows_in() -> None:
    first, second = sheets_of(DUMMY_WAY)
    moved = a.Moved(start=COLT, end=TRAY, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell="1"),))
    broken = replace(first, acts=(*first.acts, moved))
    stage = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), broken, second, *claimed(DUMMY_WAY)])
    assert stage.steps[-1].verdict == "refused"


def test_another_gun_put_down_on_a_first_sheet_loses_its_call_at_once() -> None:
    stage = standing(EMPTY_WAY)
    began = a.SheetBegan(procedure="P9", other=AD1, manner="spoken")
    stage.do(deed(ARM, began, a.Cleared(gun=PROP, answers=said(POSITIONS[PROP], a.Holds.INERT)), PUT_DOWN))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert "V04" in {reason.code for reason in stage.cards()[COLT].reasons}


def test_a_live_round_on_a_first_sheet_stops_the_set_at_once() -> None:
    stage = standing(EMPTY_WAY)
    began = a.SheetBegan(procedure="P9", other=AD1, manner="spoken")
    stage.do(deed(ARM, began, a.Cleared(gun=TWIN, answers=said(("1",), a.Holds.LIVE))))
    assert stage.picture.open_stops
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_stale_second_sheet_can_take_away_but_not_prove() -> None:
    first, second = sheets_of(EMPTY_WAY)
    disagrees = replace(second, acts=(second.acts[0], a.Answered(gun=COLT, answers=said(("1",), a.Holds.ROUND))))
    for stale, words in ((second, "PROVEN EMPTY"), (disagrees, "TREAT AS LOADED")):
        renewed = [*prepared(EMPTY_WAY, sheets=False), *claimed(EMPTY_WAY)]
        stage = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), first, *renewed])
        assert stage.cards()[COLT].words == "PROVEN EMPTY"
        stage.do(stale)
        assert stage.cards()[COLT].words == words


def test_a_stale_second_sheet_does_not_answer_what_was_cleared_since() -> None:
    first, second = sheets_of(EMPTY_WAY)
    again = (PUT_DOWN, a.PickedUp(item=COLT), first.acts[1])
    stage = between_sheets(EMPTY_WAY, *(deed(ARM, act) for act in again))
    assert second.by == AD1
    assert stage.steps[-1].verdict == "refused"
    # The same clearing answered by itself, now that it lies there to be answered, is proven.
    calm = told([*morning(), *(deed(ARM, act) for act in again), deed(AD1, second.acts[1]), *claimed(EMPTY_WAY)])
    assert calm.steps[-1].verdict == "granted"


def test_a_third_person_cannot_complete_a_sheet() -> None:
    first, second = sheets_of(EMPTY_WAY)
    stage = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), first, replace(second, by=PM), *claimed(EMPTY_WAY)])
    assert stage.steps[-1].verdict == "refused"


@pytest.mark.parametrize("ender", [ARM, AD1])
def test_either_of_the_two_ends_a_sheet_and_it_proves_nothing(ender: str) -> None:
    stage = between_sheets(EMPTY_WAY, deed(ender, a.SheetEnded(procedure=procedure_of(EMPTY_WAY), gun=COLT)))
    assert stage.steps[-1].verdict == "refused"


def procedure_of(way: Way) -> str:
    began = sheets_of(way)[0].acts[0]
    assert isinstance(began, a.SheetBegan)
    return began.procedure


def test_nobody_else_ends_a_sheet_of_two() -> None:
    procedure = procedure_of(EMPTY_WAY)
    for outsider in (CREW, PM, LEAD):
        stage = between_sheets(EMPTY_WAY, deed(outsider, a.SheetEnded(procedure=procedure, gun=COLT)))
        assert stage.steps[-1].verdict == "granted"


def test_a_half_signed_as_far_as_it_got_waits_for_nobody_and_proves_nothing() -> None:
    first, second = sheets_of(EMPTY_WAY)
    ended = a.SheetEnded(procedure=procedure_of(EMPTY_WAY), gun=COLT)
    stage = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), replace(first, acts=(*first.acts, ended)), second])
    assert all(not sheet.guns or sheet.by == AD1 for sheet in stage.picture.sheets.values())
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_photo_signed_with_a_sheet_proves_nothing_and_ends_nothing() -> None:
    first, second = sheets_of(EMPTY_WAY)
    began, *rest = first.acts
    photo = a.Photographed(
        procedure=procedure_of(EMPTY_WAY), item=COLT, sha256="0" * 64, capture=a.Capture.CAMERA, cells=("1@500x250+60",)
    )
    both = [*morning(), deed(ARM, a.PickedUp(item=COLT)), replace(first, acts=(began, photo, *rest)), second]
    stage = told([*both, *claimed(EMPTY_WAY)])
    assert stage.steps[-1].verdict == "granted"
    stage.do(deed(CREW, replace(photo, procedure="", capture=a.Capture.IMPORTED)))
    assert stage.cards()[COLT].words == "PROVEN EMPTY"
    # A picture instead of an answer is no answer.
    alone = told([*morning(), deed(ARM, a.PickedUp(item=COLT)), replace(first, acts=(began, photo)), second])
    assert alone.cards()[COLT].words == "TREAT AS LOADED"


# --- one show, many eyes -------------------------------------------------------------------------------------------


def shown_to_many(*looks: Deed) -> Stage:
    """A gun of dummies shown once, to the receiver, with what others sign who look along; then the call."""
    show, seen, *rest = claimed(DUMMY_WAY)
    return told([*morning(), *prepared(DUMMY_WAY, sheets=True), show, *looks, seen, *rest])


def test_who_looks_along_answers_for_himself_and_the_show_goes_on() -> None:
    looks = [deed(who, a.Seen(gun=COLT, answers=DUMMY_WAY.seen)) for who in (CREW, PM)]
    asked = deed(CREW, a.AskedToSee(gun=COLT))
    stage = shown_to_many(*looks)
    assert stage.steps[-1].verdict == "granted"
    # Somebody who had asked is answered by it.
    show, seen, *rest = claimed(DUMMY_WAY)
    stage = told([*morning(), *prepared(DUMMY_WAY, sheets=True), asked, show, looks[0], seen, *rest])
    assert CREW not in stage.picture.asked[COLT]


def test_who_looks_along_and_sees_something_else_ends_the_proof() -> None:
    wrong = tuple(replace(row, holds=a.Holds.BLANK) for row in DUMMY_WAY.seen)
    stage = shown_to_many(deed(CREW, a.Seen(gun=COLT, answers=wrong)))
    assert stage.steps[-1].verdict == "refused"


def test_looking_along_makes_nobody_a_receiver() -> None:
    show, _seen, *rest = claimed(DUMMY_WAY)
    look = deed(CREW, a.Seen(gun=COLT, answers=DUMMY_WAY.seen))
    stage = told([*morning(), *prepared(DUMMY_WAY, sheets=True), show, look, *rest])
    assert stage.steps[-1].verdict == "refused"
    assert stage.picture.kernel.rcv.get(COLT, "") != CREW


def test_a_look_with_no_show_open_takes_the_proof_away() -> None:
    look = deed(CREW, a.Seen(gun=COLT, answers=DUMMY_WAY.seen))
    stage = told([*morning(), *prepared(DUMMY_WAY, sheets=True), look, *claimed(DUMMY_WAY)])
    assert stage.steps[-1].verdict == "refused"


# --- claims --------------------------------------------------------------------------------------------------------


def test_the_last_part_of_a_call_stands_alone() -> None:
    *earlier, last = claimed(EMPTY_WAY)
    for beside in (a.SceneChanged(scene="S1"), a.AskedToSee(gun=COLT), a.Learned(fact="rain", source="")):
        stage = told([*morning(), *prepared(EMPTY_WAY, sheets=True), *earlier])
        step = stage.do(replace(last, acts=(beside, *last.acts)))
        assert step.verdict == "refused"
        assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_one_entry_lifts_no_stop_beside_another_that_waits() -> None:
    stage = told([*morning(), deed(CREW, a.Stopped(reason="rain", remark=SEALED))])
    stage.do(deed(CREW, a.Stopped(reason="smoke", remark=SEALED)))
    one, other = sorted(stage.picture.open_stops)
    stage.do(deed(ARM, a.StopLifted(stop=one, cause=SEALED)))
    stage.do(deed(AD1, a.StopLifted(stop=one, cause=SEALED)))
    both = (a.StopLifted(stop=other, cause=SEALED), a.StopLifted(stop=one, cause=SEALED))
    assert stage.do(deed(EMP, *both)).verdict == "refused"
    assert stage.picture.open_stops == {one, other}
    assert stage.do(deed(EMP, both[1])).verdict == "granted"
    assert stage.picture.open_stops == {other}
    assert stage.picture.kernel.halt


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.call} {len(way.rounds)}")
@pytest.mark.parametrize("sheets", [True, False], ids=["sheets", "act by act"])
def test_both_ways_to_answer_lead_to_a_call(way: Way, *, sheets: bool) -> None:
    stage = standing(way, sheets=sheets)
    for one in emptied(way):
        stage.do(one)
    assert not way.rounds or stage.cards()[way.gun].words == "TREAT AS LOADED"


# --- what is told proves nothing -----------------------------------------------------------------------------------


def reported(act: a.OwnAct) -> Deed:
    return deed(
        CREW,
        a.Reported(
            row="E1", account="", sources=("S1",), grade=a.Grade.TESTIMONY, when=a.Interval(start="", end=""), who=ARM,
            told=act,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("count", "report"),
    [
        (None, a.Locked(item=TRAY, place=BARN)),
        (None, a.Stowed(item=TRAY, container=VAULT)),
        (None, a.ContainerRegistered(container=TRAY, label="T", kind=ContainerKind.VAULT, cells=0)),
        (7, a.Disposed(thing=TRAY, count=1, how="thrown_away")),
        (9, a.Poured(start=BAG, end=TRAY, lot=BLANKS, count=1)),
        (0, a.Disposed(thing=TRAY, count=8, how="thrown_away")),
    ],
)
def test_a_report_spares_nobody_a_count(count: int | None, report: a.OwnAct) -> None:
    uncounted = [one for one in morning() if not isinstance(one.acts[0], a.Counted)]
    counts = list(counted(count)) if count is not None else []
    rest = [*counts, *prepared(EMPTY_WAY, sheets=True), *claimed(EMPTY_WAY)]
    for day in ([*uncounted, *rest], [*uncounted, reported(report), *rest]):
        stage = told(day)
        assert ("K7", "not_counted") in stage.steps[-1].findings
        assert stage.steps[-1].verdict == "refused"


def test_a_tray_told_to_lie_in_a_locked_vault_is_still_counted() -> None:
    uncounted = [one for one in morning() if not isinstance(one.acts[0], a.Counted)]
    uncounted.append(deed(ARM, a.Locked(item=VAULT, place=BARN)))
    rest = [*prepared(EMPTY_WAY, sheets=True), *claimed(EMPTY_WAY)]
    stow = a.Stowed(item=TRAY, container=VAULT)
    assert told([*uncounted, reported(stow), *rest]).steps[-1].findings == (("K7", "not_counted"),)
    assert told([*uncounted, deed(ARM, stow), *rest]).steps[-1].verdict == "granted"


def test_a_told_hand_keeps_no_proof_of_a_round() -> None:
    tested = a.RoundsTested(thing=TRAY, rows=DUMMY_WAY.cells, tests=("rattle", "hole"), kind=RoundKind.DUMMY)
    move = a.Moved(start=TRAY, end=BAG, rows=(a.MoveRow(round_id=D[0], from_cell="1", to_cell=""),))
    both = [*morning(), deed(ARM, tested), deed(AD1, tested)]
    own = told([*both, deed(ARM, a.PickedUp(item=BAG)), deed(ARM, move)])
    said_of = told([*both, reported(a.PickedUp(item=BAG)), deed(ARM, move)])
    assert own.picture.kernel.round_proven(D[0])
    assert not said_of.picture.kernel.round_proven(D[0])


# --- what the record knows twice -----------------------------------------------------------------------------------


def test_a_lot_told_otherwise_is_not_proven_and_stays_what_it_was() -> None:
    stage = standing(DUMMY_WAY)
    before = stage.picture.lots[DUMMIES]
    again = a.LotRegistered(
        lot=DUMMIES, label="D", calibre=".45", kind=RoundKind.DUMMY, count=4, tests=("rattle",), strong=(), parents=()
    )
    stage.do(deed(CREW, again))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"
    assert stage.picture.lots[DUMMIES] == before


@pytest.mark.parametrize(
    "act",
    [
        a.BroughtIn(item=COLT, origin="elsewhere", count=0),
        a.Received(lot=DUMMIES, container=BAG, source=SUP, cells=(a.CellRow(cell="1", round_id=D[0]),), count=1),
        a.Answered(gun=COLT, answers=said(("",), a.Holds.EMPTY)),
        a.Answered(gun=COLT, answers=said(("7",), a.Holds.EMPTY)),
        a.Loaded(gun=COLT, rows=(a.LoadRow(position="7", round_id=D[0], thing="", cell=""),)),
        a.Loaded(gun=named("g", "nowhere"), rows=(a.LoadRow(position="1", round_id=D[0], thing="", cell=""),)),
        a.UnknownAct(type_name="juggled", plain_form=encode({"act": "juggled", "what": {"it": [COLT]}})),
    ],
    ids=lambda act: a.wire_name(type(act)),
)
def test_what_does_not_fit_the_record_ends_the_call(act: a.Act) -> None:
    stage = standing(DUMMY_WAY)
    stage.do(deed(PM, act))
    assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_a_planned_shot_that_hit_somebody_stops_the_set() -> None:
    shot = a.Discharged(gun=TWIN, planned=True, shots=1, hit=(CREW,))
    for one in (deed(ARM, shot), reported(shot)):
        stage = standing(EMPTY_WAY)
        stage.do(deed(ARM, replace(shot, hit=())))
        assert not stage.picture.open_stops
        stage.do(one)
        assert stage.picture.open_stops
        assert stage.cards()[COLT].words == "TREAT AS LOADED"


def test_things_told_to_lie_in_each_other_halt_nothing() -> None:
    stage = told([*morning(), deed(ARM, a.Stowed(item=TRAY, container=BAG), a.Stowed(item=BAG, container=TRAY))])
    stage.do(deed(ARM, a.PickedUp(item=TRAY)))
    stage.do(deed(ARM, a.Disposed(thing=BAG, count=1, how="lost")))
    assert stage.cards()


def test_a_round_nobody_named_is_only_counted() -> None:
    stage = told([*morning()])
    cells = (a.CellRow(cell="1", round_id=""), a.CellRow(cell="2", round_id=""))
    stage.do(deed(ARM, a.Received(lot=BLANKS, container=BAG, source=SUP, cells=cells, count=2)))
    assert sum(stage.picture.loose[BAG].values()) == 2
