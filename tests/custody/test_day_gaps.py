"""A day's report names as a gap what no entry says, what only somebody else's word says, and what was taken back."""

from typing import Final

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.day_report import DayReport, day_report
from coldcheck.custody.things import Role
from coldcheck.station.day_text import day_lines
from floor import (
    AD1,
    ARM,
    BARN,
    COLT,
    CREW,
    EMP,
    HUB,
    LEAD,
    SEALED,
    TRAY,
    TRUCK,
    WAYS,
    Deed,
    Stage,
    claimed,
    deed,
    handed,
    morning,
    prepared,
    stood,
    this_morning,
)

EMPTY: Final = WAYS[0]
DAY: Final = "2026-03-02"
IN_HAND: Final = (deed(ARM, a.PickedUp(item=COLT)), deed(ARM, a.PickedUp(item=TRAY)))
OPENED_BY_ARM, OPENED_BY_AD1, COUNTED_BY_ARM = 15, 16, 17


def report_after(*deeds: Deed) -> DayReport:
    report = day_report(this_morning(*deeds).picture, on=DAY)
    assert report is not None
    return report


def locked(who: str, place: str) -> tuple[Deed, ...]:
    return tuple(deed(who, a.Locked(item=item, place=place)) for item in (COLT, TRAY))


def told(who: str, act: a.OwnAct) -> Deed:
    nobody_knows = a.Interval(start="", end="")
    return deed(
        AD1, a.Reported(row="N1", sources=(), grade=a.Grade.PRESS, account="", when=nobody_knows, who=who, told=act)
    )


def test_what_is_locked_away_where_things_are_is_no_gap() -> None:
    keys = {key for key, _ in report_after(*IN_HAND, *locked(ARM, TRUCK)).gaps}
    assert not {key for key in keys if "lock" in key}


def test_what_is_in_a_hand_is_not_locked() -> None:
    assert {("gun_not_locked", COLT), ("rounds_not_locked", TRAY)} <= {*report_after(*IN_HAND).gaps}


def test_a_lock_on_the_set_floor_is_a_gap_of_its_own() -> None:
    gaps = {*report_after(*IN_HAND, *locked(ARM, BARN)).gaps}
    assert {("gun_locked_on_set", COLT), ("rounds_locked_on_set", TRAY)} <= gaps


@pytest.mark.parametrize(
    "said",
    [
        locked(CREW, TRUCK),
        (*locked(ARM, TRUCK), deed(ARM, a.Retracted(entry=36)), deed(ARM, a.Retracted(entry=37))),
        tuple(told(ARM, a.Locked(item=item, place=TRUCK)) for item in (COLT, TRAY)),
    ],
    ids=["by who has it not", "taken back", "only told of"],
)
def test_a_lock_that_nobody_stands_by_whose_it_was_is_a_gap(said: tuple[Deed, ...]) -> None:
    gaps = {*report_after(*IN_HAND, *said).gaps}
    assert {("gun_lock_not_stood_by", COLT), ("rounds_lock_not_stood_by", TRAY)} <= gaps


def test_a_day_opened_and_taken_back_was_not_opened() -> None:
    stage = this_morning()
    by = [stage.steps[entry] for entry in (OPENED_BY_ARM, OPENED_BY_AD1)]
    assert [(step.by, type(step.acts[0])) for step in by] == [(ARM, a.DayOpened), (AD1, a.DayOpened)]
    gaps = report_after(deed(ARM, a.Retracted(entry=OPENED_BY_ARM)), deed(AD1, a.Retracted(entry=OPENED_BY_AD1))).gaps
    assert {("not_opened_by_armorer", ""), ("not_opened_by_first_ad", "")} <= {*gaps}


def test_a_day_is_closed_by_a_handler_and_a_second_person() -> None:
    def keys(*closers: str) -> set[str]:
        report = report_after(*(deed(who, a.DayClosed(day=1)) for who in closers))
        return {key for key, _ in report.gaps if "closed" in key}

    assert keys(CREW) == keys(AD1) == {"not_closed"}
    assert keys(ARM) == keys(ARM, CREW) == {"closed_by_one"}
    assert keys(ARM, AD1) == set()


def test_a_count_taken_back_is_no_count() -> None:
    stage = this_morning()
    assert isinstance(stage.steps[COUNTED_BY_ARM].acts[0], a.Counted)
    assert stage.picture.counted_at[TRAY] == COUNTED_BY_ARM + 1
    back = deed(ARM, a.Retracted(entry=COUNTED_BY_ARM))
    assert ("not_counted_since", TRAY) in report_after(back).gaps
    assert ("count_taken_back", TRAY) not in report_after().gaps
    assert TRAY not in this_morning(back).picture.counted_at


def test_a_count_taken_back_behind_an_older_one_is_named() -> None:
    again = (*(deed(who, a.Counted(thing=TRAY, count=8)) for who in (ARM, AD1)), deed(AD1, a.DayOpened(day=2)))
    stage = this_morning(*again)
    last = stage.picture.counted_at[TRAY]
    report = report_after(*again, deed(AD1, a.Retracted(entry=last)))
    assert {("not_counted_since", TRAY), ("count_taken_back", TRAY)} & {*report.gaps}


def shots(*deeds: Deed) -> tuple[DayReport, str]:
    stage = Stage()
    for one in (*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), *handed(COLT), *deeds):
        stage.do(one)
    report = day_report(stage.picture, on=DAY)
    assert report is not None
    return report, "\n".join(day_lines(stage.picture, report))


def fired(*, planned: bool, number: int = 1, hit: tuple[str, ...] = ()) -> a.Discharged:
    return a.Discharged(gun=COLT, planned=planned, shots=number, hit=hit)


def test_shots_are_told_apart_gun_by_gun_and_what_is_told_of_counts_as_none() -> None:
    report, text = shots(deed(LEAD, fired(planned=True, number=2)), deed(LEAD, fired(planned=False)))
    (of_colt,) = report.shots_of
    assert (of_colt.gun, of_colt.planned, of_colt.unplanned, report.shots) == (COLT, 2, 1, 3)
    assert "2 planned, 1 unplanned" in text
    report, text = shots(told(LEAD, fired(planned=False, hit=(AD1,))))
    (of_colt,) = report.shots_of
    assert (report.shots, len(of_colt.told_of)) == (0, 1)
    assert ("shot_only_told", COLT) in report.gaps
    assert f"told of in entry {of_colt.told_of[0]}" in text
    assert "a shot that is told of" in text


def test_a_shot_held_out_on_anothers_phone_is_told_of_as_well() -> None:
    phone = a.PersonEnrolled(
        person=CREW, label="crew", name=SEALED, roles=(Role.CREW,), key="k" + CREW[1:], key_class="device", public="00"
    )
    shot = a.HeldOut(viewer=LEAD, told=fired(planned=False, hit=(AD1,)))
    report = report_after(deed(HUB, phone), deed(CREW, shot))
    assert {("shot_only_told", COLT), ("shot_without_call", COLT)} <= {*report.gaps}


def test_a_shot_taken_back_stays_in_the_report_as_doubted() -> None:
    shot = deed(LEAD, fired(planned=False))
    before = len(stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), *handed(COLT)).steps)
    report, text = shots(shot, deed(LEAD, a.Retracted(entry=before)))
    (of_colt,) = report.shots_of
    assert (of_colt.unplanned, of_colt.doubted) == (0, (before,))
    assert f"taken back or disputed: entry {before}" in text


def test_what_came_out_from_under_a_lock_or_a_seal_is_listed_with_who_signed() -> None:
    out = (*IN_HAND, *locked(ARM, TRUCK), deed(CREW, a.PickedUp(item=TRAY)))
    report = report_after(*out, deed(AD1, a.SealBroken(container=TRAY, seal="S-1")))
    openings = [(one.thing, one.by) for one in report.openings]
    assert openings[-2:] == [(TRAY, CREW), (TRAY, AD1)]


def test_a_gun_taken_by_its_performer_himself_was_used() -> None:
    picked = deed(LEAD, a.PickedUp(item=COLT))
    report = report_after(picked)
    used = [scene for scene in report.scenes if scene.used]
    assert used
    assert all(("used_without_call", "") in scene.gaps for scene in used)


def test_a_call_whose_part_was_taken_back_is_none_in_the_report() -> None:
    stage = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY), *handed(COLT))
    acknowledged = next(step.entry_index for step in stage.steps if type(step.acts[0]) is a.Acknowledged)

    def gaps(*deeds: Deed) -> set[str]:
        report, _ = shots(*deeds)
        return {key for scene in report.scenes if scene.scene == "S1" for key, _ in scene.gaps}

    assert "used_without_call" not in gaps()
    assert "used_without_call" in gaps(deed(LEAD, a.Retracted(entry=acknowledged)))


def test_a_duty_of_the_day_that_nobody_accepted_and_words_that_nobody_signed_are_gaps() -> None:
    listed = deed(EMP, a.DutiesListed(day=1, rows=(a.DutyRow(duty="checks", person=ARM),)))
    assert ("duty_not_accepted", ARM) in report_after(listed).gaps
    assert ("duty_not_accepted", ARM) not in report_after(listed, deed(ARM, a.DutyAccepted(day=1, duty="checks"))).gaps
    terms = deed(EMP, a.TermsAdopted(sha256="c" * 64))
    report, _ = shots(terms)
    assert ("terms_not_signed", LEAD) in {gap for scene in report.scenes for gap in scene.gaps}
    report, _ = shots(terms, deed(LEAD, a.TermsSigned(sha256="c" * 64)))
    assert ("terms_not_signed", LEAD) not in {gap for scene in report.scenes for gap in scene.gaps}
