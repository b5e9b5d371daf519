"""The library of days: ordinary days on which nothing is refused, and the days on which something was wrong."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody import day_report as day_report_module
from coldcheck.custody.day_report import day_report, wrap_of
from coldcheck.custody.inspections import what_rested_on
from coldcheck.custody.matter import files_of
from coldcheck.custody.picture import Picture, Step, is_handler
from coldcheck.custody.registers import questions_of
from coldcheck.custody.rulebook_file import DRAFT
from coldcheck.custody.rules import judge
from coldcheck.custody.strip import Strip, strip_of
from coldcheck.custody.things import Truth
from coldcheck.custody.trace import live_finds
from coldcheck.custody.views import card_of
from coldcheck.proof.entry import read_entry
from coldcheck.station.day_text import GAPS, day_lines, wrap_lines
from coldcheck.station.lab import rule_pages
from coldcheck.station.play import Played, Player
from coldcheck.station.record import step_of
from coldcheck.station.scenario import Line, parse_scenario, read_scenario
from coldcheck.station.strip_svg import svg_of
from coldcheck.station.strip_text import custody_text, headline, one_line, strip_lines, take_text
from stores import MemoryStore

SCENARIOS = Path(__file__).parents[1] / "scenarios"
HONEST = SCENARIOS / "honest"
ORDINARY = tuple(sorted((SCENARIOS / "ordinary").glob("*.txt")))


@lru_cache
def played(path: Path) -> tuple[tuple[Played, ...], Picture]:
    """What every line of the day gave, and the picture at its end."""
    player = Player(read_scenario(path), MemoryStore({}))
    return player.play(), player.hub.picture


def acts_in(results: tuple[Played, ...]) -> tuple[Played, ...]:
    return tuple(result for result in results if result.act != "expect")


def ids(path: Path) -> str:
    return path.stem


# --- ordinary days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_an_ordinary_day_is_a_day_of_work_with_two_guns_and_calls(path: Path) -> None:
    results, picture = played(path)
    assert len(acts_in(results)) >= 60
    assert len(picture.guns) >= 2
    assert sum(1 for result in results if result.act == "acknowledged" and result.verdict == "granted") >= 2


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_on_an_ordinary_day_every_line_is_met_and_none_that_expects_nothing_is_refused(path: Path) -> None:
    results, _ = played(path)
    assert [(result.line, result.verdict, result.rules) for result in results if not result.met] == []
    assert [result.line for result in results if result.verdict == "refused" and not result.wanted] == []


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_on_an_ordinary_day_no_count_and_no_lot_asks_anything(path: Path) -> None:
    _, picture = played(path)
    asked = questions_of(picture, files_of(picture)).questions
    assert [row for row in asked if row.gist in {"count_off", "lot_short", "lot_over"}] == []


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_on_an_ordinary_day_nothing_is_found_that_its_lines_do_not_expect(path: Path) -> None:
    results, _ = played(path)
    # The first two parts of a call say which parts are still to come.
    found = [r for r in acts_in(results) if r.rules and not r.wanted and r.act not in {"called", "announced"}]
    assert [(result.line, result.act, result.rules) for result in found] == []


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_an_ordinary_day_ends_with_every_gun_under_lock_or_back_and_no_stop_open(path: Path) -> None:
    _, picture = played(path)
    assert not picture.open_stops
    here = [gun for gun in picture.guns if picture.custody[gun][-1].hold.value != "locked"]
    assert set(here) <= set(wrap_of(picture).guns_back)
    assert [done for done in picture.journal if isinstance(done.act, a.DayClosed)]


def test_the_ordinary_days_have_a_late_arrival_a_drop_a_lunch_a_substitute_and_a_second_take() -> None:
    assert {"late_arrival", "dropped_gun", "lunch_break", "substitute_armorer", "second_take"} <= set(
        map(ids, ORDINARY)
    )


@pytest.mark.parametrize("name", rule_pages.PROFILES)
def test_every_profile_has_an_ordinary_day_of_its_own(name: str) -> None:
    assert rule_pages.PROFILES[name] in {read_scenario(path).rulebooks for path in ORDINARY}


def test_an_ordinary_day_is_written_by_invented_people_only_and_every_line_is_an_act_of_its_signer() -> None:
    for path in ORDINARY:
        lines = [step for step in read_scenario(path).steps if isinstance(step, Line)]
        assert not [line for line in lines for phrase in line.phrases if phrase.startswith("reports ")], path.stem


# --- other incidents -----------------------------------------------------------------------------------------------

INCIDENTS = tuple(sorted((SCENARIOS / "incidents").glob("*.txt")))
CATCHES = {
    "between_takes_1984": ("V04", "Revolver-44", a.CallWord.HOT_BLANK, "K6"),
    "bore_1993": ("I2", "Revolver-44", a.CallWord.HOT_BLANK, "K4"),
    "own_ammunition_2011": ("I1", "Own-45", a.CallWord.HOT_BLANK, "K6"),
    "late_to_inspection_2015": ("I1", "Late-45", a.CallWord.HOT_BLANK, "K9"),
    "borrowed_pistol_2009": ("I1", "Borrowed-1", a.CallWord.COLD_EMPTY, "K4"),
    "loud_shot_2019": ("V09", "Gun-1", a.CallWord.COLD_EMPTY, "K5"),
    "unannounced_2021": ("V09", "Gun-1", a.CallWord.HOT_BLANK, "K10"),
    "two_discharges_2021": ("V09", "Gun-2", a.CallWord.COLD_EMPTY, "K5"),
    "silent_comedy_1926": ("V09", "Musket-1", a.CallWord.HOT_BLANK, "B1-11"),
    "one_live_left_1915": ("B2-01", "Rifle-1", a.CallWord.HOT_BLANK, "K4"),
    "close_shot_2017": ("AU-04", "Shotgun-1", a.CallWord.HOT_BLANK, "AU-13-DISTANCE"),
    "found_by_inventory": ("V11", "", a.CallWord.COLD_EMPTY, ""),
}
"""By incident: a rule found in what is reported, and one that a call on the gun before it would have been refused by."""


@pytest.mark.parametrize("path", INCIDENTS, ids=ids)
def test_an_incident_is_told_by_role_in_reports_only(path: Path) -> None:
    scenario = read_scenario(path)
    assert [person.label for person in scenario.people if person.signs] == ["COMP"]
    lines = [step for step in scenario.steps if isinstance(step, Line)]
    assert all(phrase.startswith("reports ") for line in lines for phrase in line.phrases)


@pytest.mark.parametrize("path", INCIDENTS, ids=ids)
def test_the_rule_that_catches_an_incident_is_found_where_it_happened(path: Path) -> None:
    results, _ = played(path)
    assert [(result.line, result.rules, result.wanted) for result in results if not result.met] == []
    assert CATCHES[path.stem][0] in {rule for result in results for rule in result.rules}


@pytest.mark.parametrize("path", [path for path in INCIDENTS if CATCHES[path.stem][1]], ids=ids)
def test_a_call_on_the_gun_of_an_incident_would_have_been_refused_by_name(path: Path) -> None:
    _, label, call, rule = CATCHES[path.stem]
    player = Player(read_scenario(path), MemoryStore({}))
    player.play()
    picture = player.hub.picture
    handler = next(who for who in picture.persons if is_handler(picture, who))
    called = a.Called(gun=picture.labels[label], tag=picture.labels[label], call=call, count=0, powder="", scene="")
    verdict = judge(picture, by=handler, key="k0000000000AB", acts=(called,), now=picture.now)
    assert verdict.word != "granted"
    assert rule in {finding.rule for finding in verdict.findings}


def test_every_other_incident_has_its_file_and_the_rule_that_catches_it() -> None:
    assert {path.stem for path in INCIDENTS} == set(CATCHES)
    assert len(CATCHES) >= 10


# --- honest days ---------------------------------------------------------------------------------------------------


def test_ticked_blind_stands_as_proven_and_the_find_names_two_inspections_and_what_else_rested_on_them() -> None:
    results, picture = played(HONEST / "ticked_blind.txt")
    assert [result for result in results if not result.met] == []
    (found,) = live_finds(picture)
    rested = what_rested_on(picture, found)
    assert rested is not None
    first, second = rested.inspections
    assert [picture.persons[one.by].label for one in rested.inspections] == ["ARM", "AD1"]
    entered = {result.entry_index for result in results if result.act == "rounds_tested"}
    assert {first.entry_index, second.entry_index} <= entered
    assert first.entry_index < second.entry_index < rested.found_entry
    assert len(rested.rounds) == 11
    assert found not in rested.rounds
    assert {picture.guns[gun].label for gun in rested.guns} == {"Colt-1", "Colt-2"}
    granted = {r.entry_index for r in results if r.act == "acknowledged" and r.verdict == "granted"}
    assert set(rested.calls) == granted
    assert len(granted) == 2


def test_a_find_in_a_chamber_names_the_two_answers_about_it_or_the_two_tests_of_what_was_loaded_since() -> None:
    def inspected(between: str) -> tuple[str, ...]:
        day = f"{HANDS}{PROVED}\n{between}\n08:20 SUP finds L-1 in Colt-1/2: live\n"
        player = Player(parse_scenario(day, path="find.txt"), MemoryStore({}))
        player.play()
        picture = player.hub.picture
        rested = what_rested_on(picture, live_finds(picture)[0])
        assert rested is not None
        entries = [one.entry_index for one in rested.inspections]
        return tuple(a.wire_name(type(done.act)) for done in picture.journal if done.entry_index in entries)

    assert inspected("") == ("cleared", "answered")
    assert inspected("08:13 ARM loads Colt-1: chambers 1-2 from Tray-1/1-2") == ("rounds_tested", "rounds_tested")


def test_what_two_others_proved_that_day_or_the_same_two_on_another_is_not_named() -> None:
    text = (HONEST / "ticked_blind.txt").read_text(encoding="utf-8")
    head, morning, rest = text.partition("09:00:00 ARM goes on exclusive duty")
    early = """08:59:00 PM picks up Colt-2
08:59:10 PM clears Colt-2: chambers 1-6 empty, bore clear
08:59:20 AD1 answers Colt-2: chambers 1-6 empty, bore clear
08:59:30 PM locks Colt-2 in Truck
"""
    cut = re.sub(r"(?ms)^14:00:00.*?(?=^18:00:00)", "", rest)
    player = Player(parse_scenario(head + early + morning + cut, path="two.txt"), MemoryStore({}))
    player.play()
    rested = what_rested_on(player.hub.picture, live_finds(player.hub.picture)[0])
    assert rested is not None
    assert {player.hub.picture.guns[gun].label for gun in rested.guns} == {"Colt-1"}
    assert len(rested.rounds) == 5
    yesterday = """08:58:00 ARM tests Tray-1/7-12 by rattle, hole: dummy
08:58:30 AD1 tests Tray-1/7-12 by rattle, hole: dummy

day 2026-06-01
"""
    other_day = head.replace("day 2026-06-01", "day 2026-05-31") + yesterday + morning + cut
    player = Player(parse_scenario(other_day, path="yesterday.txt"), MemoryStore({}))
    player.play()
    rested = what_rested_on(player.hub.picture, live_finds(player.hub.picture)[0])
    assert rested is not None
    assert len(rested.rounds) == 5


def test_what_was_on_paper_is_claimed_and_never_proven() -> None:
    path = HONEST / "paper_and_phone.txt"
    text = path.read_text(encoding="utf-8")
    before_the_call = text.partition("# A call on the strength of the paper")[0]
    player = Player(parse_scenario(before_the_call, path=path.name), MemoryStore({}))
    assert [result for result in player.play() if not result.met] == []
    card = card_of(player.hub.picture, player.hub.picture.labels["Colt-1"], now=player.hub.picture.now)
    assert {view.truth for view in card.positions} <= {Truth.CLAIMED, Truth.UNKNOWN}
    assert [view.holds for view in card.positions if view.truth is Truth.CLAIMED]
    results, _ = played(path)
    assert [result for result in results if not result.met] == []
    verdicts = [result.verdict for result in results if result.act == "acknowledged"]
    assert verdicts == ["granted", "refused", "granted"]


def test_the_limits_open_with_the_two_who_ticked_blind() -> None:
    first = (SCENARIOS.parents[1] / "docs/limits.md").read_text(encoding="utf-8").partition("## 2.")[0]
    assert "ticked_blind.txt" in first


# --- the day on paper ----------------------------------------------------------------------------------------------


def gaps(path: Path, *, without: str = "") -> tuple[str, ...]:
    """Every gap of the day, with the lines that match `without` left out."""
    text = (
        re.sub(rf"(?m)^.*{without}.*\n", "", path.read_text(encoding="utf-8")) if without else path.read_text("utf-8")
    )
    player = Player(parse_scenario(text, path=path.name), MemoryStore({}))
    player.play()
    report = day_report(player.hub.picture, on=player.hub.picture.at[:10])
    assert report is not None
    return tuple(sorted({key for key, _ in report.gaps} | {key for scene in report.scenes for key, _ in scene.gaps}))


@pytest.mark.parametrize("path", ORDINARY, ids=ids)
def test_an_ordinary_day_has_no_gap_between_plan_and_record(path: Path) -> None:
    assert gaps(path) == ()


@pytest.mark.parametrize(
    ("without", "key"),
    [
        ("holds the meeting for S3$", "not_met"),
        ("ARM assesses S3$", "not_assessed"),
        ("CAM attends the meeting for S3$", "not_briefed"),
        ("(calls|announces|acknowledges) Colt-", "used_without_call"),
        ("ARM opens day", "not_opened_by_armorer"),
        ("AD1 opens day", "not_opened_by_first_ad"),
        ("ARM closes day", "not_closed"),
        ("AD1 closes day", "closed_by_one"),
        ("07:4.*locks Colt-2 in Van", "gun_not_locked"),
        ("07:4.*clears Colt-2", "not_cleared_after"),
    ],
)
def test_an_act_that_is_left_out_of_a_day_is_a_gap(without: str, key: str) -> None:
    assert key in gaps(SCENARIOS / "ordinary/dropped_gun.txt", without=without)


def done_with_the_gun(path: Path, before: str = "", line: str = "") -> list[str]:
    """What the day's report says of plan and event, with one more line put in before `before`."""
    text = path.read_text(encoding="utf-8").replace(before, line + before, 1)
    player = Player(parse_scenario(text, path=path.name), MemoryStore({}))
    player.play()
    report = day_report(player.hub.picture, on=player.hub.picture.at[:10])
    assert report is not None
    return [said.strip() for said in day_lines(player.hub.picture, report) if "done with the gun" in said]


def test_the_report_sets_what_the_card_planned_beside_what_was_entered_of_it() -> None:
    shells = SCENARIOS / "special/double_barrel_and_shells.txt"
    assert done_with_the_gun(shells) == ["done with the gun: planned aim, fire; entered fire (entry 49)"]
    scene, end = SCENARIOS / "ordinary_scene.txt", "08:10 expect Colt-1: PROVEN 6 DUMMIES\n"
    assert done_with_the_gun(scene) == ["done with the gun: planned draw, aim; entered nothing"]
    directed = done_with_the_gun(
        scene, end, "08:10 ARM directs Colt-1 in S1: aim\n08:10 ARM directs Colt-1 in S1: cock\n"
    )
    assert [re.sub(r"entry \d+", "entry n", said) for said in directed] == [
        "done with the gun: planned draw, aim; entered aim (entry n), cock (entry n); not in the plan: cock"
    ]


def test_a_count_that_is_left_out_and_a_tray_left_out_of_its_lock_are_gaps() -> None:
    day = SCENARIOS / "ordinary/late_arrival.txt"
    assert gaps(day, without="PM counts Tray-1") == ("not_counted_since",)
    assert gaps(day, without="11:.* locks Tray-1") == ("rounds_not_locked",)
    assert "rounds_in_gun" in gaps(day, without="ARM (unloads|clears) Colt-2")


def test_a_plan_that_nothing_was_done_with_has_no_gap() -> None:
    _, picture = played(SCENARIOS / "ordinary/stand_in.txt")
    report = day_report(picture, on=picture.at[:10])
    assert report is not None
    (unused,) = [scene for scene in report.scenes if not scene.used]
    assert (unused.scene, unused.gaps) == ("S61", ())
    assert day_report(picture, on="2001-01-01") is None


def test_a_report_says_what_rested_on_a_find_and_what_is_open() -> None:
    _, picture = played(HONEST / "ticked_blind.txt")
    report = day_report(picture, on=picture.at[:10])
    assert report is not None
    assert report.stops_open
    assert len(report.rested) == 1
    text = "\n".join(day_lines(picture, report))
    first, second = report.rested[0].inspections
    assert f"entries {first.entry_index} (ARM) and {second.entry_index} (AD1) cannot be right" in text
    assert "unless it came there unrecorded" in text
    assert DRAFT in text


def test_a_wrap_ends_at_zero_or_names_what_is_here() -> None:
    _, picture = played(SCENARIOS / "ordinary/wrap_day.txt")
    assert wrap_of(picture).left == 0
    assert "Nothing is left: the wrap ends at zero." in list(wrap_lines(picture, wrap_of(picture)))
    _, other = played(SCENARIOS / "ordinary/second_take.txt")
    left = wrap_of(other)
    assert (left.left, [lot.here for lot in left.lots], len(left.guns_here)) == (14, [12], 2)


def test_every_gap_has_its_words() -> None:
    source = Path(day_report_module.__file__).read_text(encoding="utf-8")
    no_lock = {f"{thing}_{why}" for thing in ("gun", "rounds") for why in day_report_module.NO_LOCK}
    assert set(re.findall(r'yield "(\w+)", ', source)) | no_lock == set(GAPS)


# --- the strip -----------------------------------------------------------------------------------------------------


def steps_of(text: str) -> tuple[tuple[Step, ...], Picture]:
    player = Player(parse_scenario(text, path="strip.txt"), MemoryStore({}))
    player.play()
    data = player.hub.store.entries()
    return tuple(step_of(number, read_entry(entry)) for number, entry in enumerate(data)), player.hub.picture


def strip_from(text: str, label: str = "Colt-1", on: str = "") -> Strip:
    steps, picture = steps_of(text)
    strip = strip_of(steps, picture.labels[label], on=on)
    assert strip is not None
    assert strip == strip_of(steps, picture.labels[label], on=on)
    return strip


def day_text_of(name: str) -> str:
    return (SCENARIOS / f"ordinary/{name}.txt").read_text(encoding="utf-8")


def test_the_strip_of_a_dropped_gun_says_who_had_it_what_was_called_and_what_ended_it() -> None:
    strip = strip_from(day_text_of("dropped_gun"))
    assert [one.word for one in strip.said] == ["loaded", "loaded", "vault", "loaded", "empty", "loaded", "vault"]
    assert [custody_text(one) for one in strip.custody] == [
        "armorer", "Van, locked", "armorer", "performer", "armorer", "Van, locked",
    ]  # fmt: skip
    assert [one.word for one in strip.calls] == ["COLD-EMPTY"]
    assert [(mark.word, mark.at) for mark in strip.voids] == [("V10", strip.calls[0].end_at)]
    assert [take_text(mark) for mark in strip.takes] == ["take S3"]
    assert headline(strip) == "Called once, void once. No take without a call. At the end: Van, locked, since 07:39."


def test_a_call_granted_by_the_last_entry_of_a_strip_is_called_and_stands_at_its_end() -> None:
    whole = day_text_of("dropped_gun")
    acknowledged = re.search(r"(?m)^.*acknowledges Colt-1.*\n", whole)
    assert acknowledged is not None
    strip = strip_from(whole[: acknowledged.end()])
    assert headline(strip).startswith("Called once, never void.")
    assert strip.said[-1].word == "empty"
    assert strip.calls[-1].start_at == strip.end_at
    assert 'class="empty"' in svg_of(strip, draft="")
    # A gun that the last entry made to be treated as loaded is so on the one line of text too.
    dropped = re.search(r"(?m)^.*has Colt-1 dropped.*\n", whole)
    assert dropped is not None
    ended = one_line(strip_from(whole[: dropped.end()]))
    assert ended[-8:] == f"=# {whole[dropped.start() : dropped.start() + 5]}"


def test_the_rows_of_a_strip_follow_each_other_without_overlap_and_within_the_day() -> None:
    for path in ORDINARY:
        steps, picture = steps_of(path.read_text(encoding="utf-8"))
        for gun in picture.guns:
            strip = strip_of(steps, gun)
            assert strip is not None
            for row in (strip.said, strip.custody, strip.sight, strip.calls):
                ends = [at for one in row for at in (one.start_at, one.end_at)]
                assert ends == sorted(ends), (path.stem, picture.guns[gun].label)
                assert all(strip.start_at <= at <= strip.end_at for at in ends)
            assert strip.said[0].start_at == strip.start_at
            assert strip.said[-1].end_at == strip.end_at


def test_time_that_ran_out_stands_where_it_ran_out_and_a_restart_where_it_was_met() -> None:
    text = day_text_of("restart_at_noon")
    later = re.sub(r"(?m)^restart\n", "", text)
    called = next(one for one in strip_from(later).said if one.word == "empty")
    cut = later[: later.index("# The lights go out")]
    late = f'{cut}11:00 ARM remarks "Nobody came."\n'
    strip = strip_from(late)
    (void,) = strip.voids
    assert void.word == "V07"
    start, end = datetime.fromisoformat(called.start_at), datetime.fromisoformat(void.at)
    assert (end - start).total_seconds() == 900
    assert strip.calls[0].end_at == void.at
    restarted = strip_from(text)
    assert restarted.voids[0].word == "V07"
    assert restarted.voids[0].at < called.end_at or restarted.voids[0].at > called.start_at


def test_a_gun_in_a_performers_hand_without_a_call_is_said_in_the_headline() -> None:
    bare = re.sub(
        r"(?m)^.*(calls|announces|acknowledges) Colt-1.*\n|^.*expect Colt-1.*\n", "", day_text_of("dropped_gun")
    )
    strip = strip_from(bare.replace(" -> finding V10", ""))
    assert [mark.word for mark in strip.takes] == ["no_call"]
    assert "Handed to a performer without a call once." in headline(strip)


def test_what_is_only_told_of_a_gun_is_no_take_and_the_headline_says_so() -> None:
    text = (SCENARIOS / "incidents/between_takes_1984.txt").read_text(encoding="utf-8")
    strip = strip_from(text, "Revolver-44")
    assert [mark.word for mark in strip.takes] == ["told", "told_shot", "told_shot"]
    said = headline(strip)
    assert said.startswith(
        "No call was granted on it. No take is signed for. Told of in use three times, signed by nobody"
    )
    assert not wrap_of(steps_of((SCENARIOS / "church_rehearsal.txt").read_text(encoding="utf-8"))[1]).lots[2].here


def test_a_strip_on_one_line_loses_no_time_that_was_treated_as_loaded() -> None:
    strip = strip_from(day_text_of("dropped_gun"))
    line = one_line(strip)
    assert (line[:5], line[-5:]) == ("07:00", "07:49")
    assert re.sub(r"(.)\1*", r"\1", line[6:-6]) == "#.#=#."
    short = strip_from(day_text_of("lunch_break"))
    assert one_line(short)[6:-6].count("#") >= sum(1 for one in short.said if one.word == "loaded")


def test_a_strip_of_another_day_or_of_none_is_that_or_nothing() -> None:
    steps, picture = steps_of((SCENARIOS / "rules_us_ca.txt").read_text(encoding="utf-8"))
    gun = picture.labels["Colt-1"]
    first, second = (strip_of(steps, gun, on=day) for day in ("2026-03-02", "2026-03-03"))
    assert first is not None
    assert second is not None
    assert first.entries[1] < second.entries[0]
    assert strip_of(steps, gun, on="2026-03-04") is None


def test_the_picture_of_a_strip_is_whole_says_the_headline_and_is_the_same_each_time() -> None:
    strip = strip_from(day_text_of("second_take"))
    svg = svg_of(strip, draft=DRAFT)
    assert svg == svg_of(strip, draft=DRAFT)
    root = ET.fromstring(svg)  # noqa: S314  # our own output
    texts = {"".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")}
    assert {headline(strip), "Custody", "In sight of", "Proof by two", "Voids", "Takes"} <= texts
    assert any(DRAFT in text.lower() for text in texts)
    for element in root.iter():
        x, width = float(element.get("x", "0")), float(element.get("width", "0"))
        assert 0 <= x <= x + width <= 1092
    assert not re.search(r"(?i)\bsafe\b", svg + "\n".join(strip_lines(strip, draft=DRAFT)))


# --- two sheets ----------------------------------------------------------------------------------------------------

SHEETS = """production "Mini" hub mini-1
person ARM "Ada Byrne" as armorer
person AD1 "Bo Carr" as first_ad
person LEAD "Cy Dunn" as performer
person SUP "Di Ellis" as supplier
day 2026-03-02
08:00 ARM registers place Truck as store
08:01 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 2 chambers and 1 bores
08:01 ARM registers lot Lot-1: 2 .45 dummy, tests rattle, hole, strong hole
08:01 ARM registers tray Tray-1 with 2 cells
08:02 SUP delivers Lot-1 in Tray-1: 2 rounds to ARM
08:03 ARM receives Lot-1 from SUP in Tray-1/1-2
08:10 ARM picks up Colt-1
08:11 ARM sheet P1 with {second}, answers_not_shown:
    clears Colt-1: chambers 1-2 empty, bore clear
    tests Tray-1/1-2 by rattle, hole: dummy
    loads Colt-1: chambers 1-2 from Tray-1/1-2
{between}
08:12 {second} sheet P1 with ARM, answers_not_shown:
    answers Colt-1: chambers 1-2 empty, {bore}
    tests Tray-1/1-2 by {tests}: {kind}
    answers Colt-1: chambers 1-2 {holds}
"""
SAME = {
    "second": "AD1",
    "between": "",
    "bore": "bore clear",
    "tests": "rattle, hole",
    "kind": "dummy",
    "holds": "dummy",
}


def of_second_sheet(**changed: str) -> tuple[tuple[str, ...], bool]:
    """The rules found in the second sheet, and whether every position and round is proven by both together."""
    player = Player(parse_scenario(SHEETS.format(**{**SAME, **changed}), path="sheets.txt"), MemoryStore({}))
    results = player.play()
    picture = player.hub.picture
    gun = picture.labels["Colt-1"]
    proven = all(picture.kernel.proven(gun, name) for name in picture.guns[gun].positions)
    return results[-1].rules, proven and all(picture.kernel.round_proven(r) for r in picture.kernel.rounds_in(gun))


def test_a_second_sheet_that_says_the_same_is_proof_and_nothing_is_found() -> None:
    assert of_second_sheet() == ((), True)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"holds": "blank"}, "V15"),
        ({"holds": "empty"}, "V15"),
        ({"bore": "bore dummy"}, "V15"),
        ({"kind": "blank"}, "V12"),
        ({"tests": "rattle"}, "V12"),
        ({"second": "LEAD"}, "V15"),
        ({"between": "08:11 ARM has Colt-1 dropped"}, "V15"),
    ],
)
def test_a_second_sheet_that_differs_or_comes_too_late_is_a_finding_and_no_proof(
    changed: dict[str, str], rule: str
) -> None:
    rules, proven = of_second_sheet(**changed)
    assert rule in rules
    assert not proven


# --- what ends as planned ------------------------------------------------------------------------------------------

HANDS = SHEETS.partition("08:10")[0]


def found(line: str, before: str = "") -> tuple[str, ...]:
    """The rules found in the last line of a small day."""
    player = Player(parse_scenario(f"{HANDS}{before}\n08:30 {line}\n", path="hands.txt"), MemoryStore({}))
    return player.play()[-1].rules


PROVED = """08:10 ARM picks up Colt-1
08:11 ARM clears Colt-1: chambers 1-2 empty, bore clear
08:11 AD1 answers Colt-1: chambers 1-2 empty, bore clear
08:12 ARM tests Tray-1/1-2 by rattle, hole: dummy
08:12 AD1 tests Tray-1/1-2 by rattle, hole: dummy"""


def test_a_handler_who_locks_his_gun_away_finds_nothing_and_anybody_else_does() -> None:
    assert found("ARM locks Colt-1 in Truck", PROVED) == ()
    assert "V05" in found("LEAD locks Colt-1 in Truck", PROVED)


def test_planned_shots_under_no_call_for_blanks_are_found() -> None:
    assert "V09" in found("LEAD fires Colt-1, 2 planned", PROVED)


def test_a_tray_that_goes_back_to_the_supplier_is_no_finding_and_through_other_hands_it_is() -> None:
    assert found("SUP takes Tray-1 from ARM", PROVED + "\n08:13 ARM hands Tray-1 to SUP") == ()
    assert "V13" in found("LEAD takes Tray-1 from ARM", PROVED + "\n08:13 ARM hands Tray-1 to LEAD")
    assert "V13" in found("SUP takes Tray-1 from LEAD", PROVED)


def test_a_gun_that_goes_back_to_the_supplier_is_no_finding_and_to_others_it_is() -> None:
    assert found("SUP takes Colt-1 from ARM", PROVED + "\n08:13 ARM hands Colt-1 to SUP") == ()
    assert "V02" in found("AD1 takes Colt-1 from ARM", PROVED + "\n08:13 ARM hands Colt-1 to AD1")
    assert "V03" in found("SUP takes Colt-1 from LEAD", PROVED)


def test_rounds_that_go_back_are_no_finding_from_who_has_them_only() -> None:
    assert found("ARM disposes of 2 from Tray-1: returned_to_owner", PROVED) == ()
    assert "V12" in found("LEAD disposes of 2 from Tray-1: returned_to_owner", PROVED)
    assert "V12" in found("ARM disposes of 2 from Tray-1: thrown_away", PROVED)


def test_under_a_stop_a_gun_goes_back_to_a_handler_and_nowhere_else() -> None:
    stopped = (
        PROVED
        + '\n08:14 ARM hands Colt-1 to LEAD\n08:14 LEAD takes Colt-1 from ARM\n08:15 AD1 stops, rain: "It rains."'
    )
    assert "V23" not in found("LEAD hands Colt-1 to ARM", stopped)
    assert "V23" in found("LEAD hands Colt-1 to AD1", stopped)
    back = stopped + "\n08:16 LEAD hands Colt-1 to ARM"
    assert "V23" not in found("ARM takes Colt-1 from LEAD", back)
    assert "V23" in found("AD1 takes Colt-1 from LEAD", back)


def answered_at(*times_ms: int) -> list[str]:
    """What the paper of a day says of entries that came too fast, after answers at these times."""
    text = (SCENARIOS / "ordinary/second_take.txt").read_text(encoding="utf-8")
    player = Player(parse_scenario(text, path="day.txt"), MemoryStore({}))
    player.play()
    picture = player.hub.picture
    gun = next(iter(picture.guns))
    rows = tuple(
        a.AnswerRow(position=name, holds=a.Holds.EMPTY, ms=ms)
        for name, ms in zip(picture.guns[gun].positions, times_ms, strict=False)
    )
    player.say("ARM", (a.Cleared(gun=gun, answers=rows),), player.moment(picture.at))
    report = day_report(player.hub.picture, on=picture.at[:10])
    assert report is not None
    return [line for line in day_lines(player.hub.picture, report) if "faster than anybody looks" in line]


def test_answers_that_came_faster_than_anybody_looks_are_a_line_about_the_entry() -> None:
    (line,) = answered_at(0, 90, 180, 400)
    assert "4 answers" in line
    assert "within 0.4 s" in line
    assert answered_at(0, 500, 1000, 1500) == []
    assert answered_at(0, 90) == []
