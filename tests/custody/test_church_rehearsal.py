"""The reference incident from public reports: what it shows, and that no report makes anything colder.

The file is played through `record`; nobody in it signs but its compiler. Each test named after an acceptance line
(A1 ...) asks for the alarm or the gap of that line as it appears on the reports.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.claims import matrix_of
from coldcheck.custody.compare import Result
from coldcheck.custody.kernel import NOBODY
from coldcheck.custody.matter import files_of
from coldcheck.custody.picture import Picture, Step, holder_of, lot_signed_for, rounds_within
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import Finding, Hold, Relation, Role, Truth
from coldcheck.custody.views import board_of, card_of
from coldcheck.proof.entry import read_entry
from coldcheck.station.play import Played, Player
from coldcheck.station.record import replay, step_of
from coldcheck.station.scenario import BadScenario, parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from on_screens import screens_of_day
from test_tidy import says_safe

SCENARIO = Path(__file__).parent.parent / "scenarios" / "church_rehearsal.txt"
ACCOUNTS_OF = {
    "E10": ("lawyers", "affidavit"),
    "E13": ("lawyers-two-hours", "lawyers-five-to-ten-minutes"),
    "E14": ("affidavit-three", "affidavit-four", "armorer"),
    "E15": ("affidavit", "deposition", "performer"),
    "E16": ("affidavit", "trial"),
    "E18": ("performer", "laboratory", "press-date"),
}
WHEN = re.compile(r" at (?:unknown|\d[\dT:-]*(?: to \d[\dT:-]*)?): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One report of the file: its entry and what the receipt found."""

    entry_index: int
    act: a.Reported
    findings: tuple[dict[str, str], ...]

    def found(self, rule: str) -> dict[str, str]:
        """The finding under `rule`; empty when there is none."""
        return next((finding for finding in self.findings if finding["rule"] == rule), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The played file."""

    results: tuple[Played, ...]
    steps: tuple[Step, ...]
    entered: tuple[Entered, ...]
    picture: Picture

    def id(self, label: str) -> str:
        return self.picture.labels[label]

    def row(self, name: str, kind: type) -> tuple[Entered, ...]:
        """The reports of row `name` that tell of an act of class `kind`; there must be some."""
        told = tuple(e for e in self.entered if e.act.row == name and isinstance(e.act.told, kind))
        assert told, f"row {name} tells of no {kind.__name__}"
        return told

    def after(self, row: str) -> Picture:
        """The picture after the last entry of `row`."""
        last = max(e.entry_index for e in self.entered if e.act.row == row)
        return picture_of(self.steps[: last + 1])


def picture_of(steps: tuple[Step, ...]) -> Picture:
    """The picture these steps define, whatever entry numbers they had before."""
    picture = Picture()
    for number, step in enumerate(steps):
        apply(picture, replace(step, entry_index=number))
    return picture


def played(text: str, folder: Path) -> Day:
    store = create_ledger(folder / "church.ledger", meta={})
    player = Player(parse_scenario(text, path="church_rehearsal.txt"), store)
    results = player.play()
    entries = tuple(read_entry(data) for data in store.entries())
    picture = replay(store.entries())
    store.close()
    steps = tuple(step_of(number, entry) for number, entry in enumerate(entries))
    entered: list[Entered] = []
    for number, (entry, step) in enumerate(zip(entries, steps, strict=True)):
        findings = entry.receipt["findings"]
        assert isinstance(findings, list)
        kept = tuple({str(k): str(v) for k, v in found.items()} for found in findings if isinstance(found, dict))
        entered.extend(
            Entered(entry_index=number, act=act, findings=kept) for act in step.acts if isinstance(act, a.Reported)
        )
    return Day(results=results, steps=steps, entered=tuple(entered), picture=picture)


@pytest.fixture(scope="module")
def text() -> str:
    return SCENARIO.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def day(text: str, tmp_path_factory: pytest.TempPathFactory) -> Day:
    return played(text, tmp_path_factory.mktemp("church"))


def asked(day: Day, picture: Picture, call: a.CallWord = a.CallWord.COLD_DUMMY) -> tuple[Finding, ...]:
    """What a call on the gun would be told at this moment, had the armorer's key been there to sign it."""
    called = a.Called(gun=day.id("Colt-1"), tag=day.id("Colt-1"), call=call, count=6, powder="", scene="")
    verdict = judge(picture, by=day.id("ARM"), key="k0000000000AB", acts=(called,), now=picture.now)
    assert verdict.word != "granted"
    return verdict.findings


def rules_of(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings}


def what_is_shown(picture: Picture) -> tuple[object, ...]:
    """Cards and custody as anybody would see them, without entry numbers."""
    cards = tuple(
        (
            card.label, card.words, card.hold, card.checked_entry is None,
            tuple(sorted({reason.code for reason in card.reasons})),
            tuple((view.position, view.holds, view.truth) for view in card.positions),
        )
        for card in board_of(picture, now=picture.now)
    )  # fmt: skip
    held = {item: holder_of(picture, item) for item in sorted((*picture.guns, *picture.containers))}
    holds = tuple((item, None if known is None else (known.hold, known.who)) for item, known in held.items())
    lying = tuple(sorted((spot, round_id) for spot, round_id in picture.lying.items()))
    return cards, holds, lying


# --- who speaks ----------------------------------------------------------------------------------------------------


def test_every_line_gives_what_it_expects(day: Day) -> None:
    assert [result for result in day.results if not result.met] == []


def test_nobody_but_the_compiler_and_the_hub_signs(day: Day) -> None:
    signers = {step.by for step in day.steps}
    assert len(signers) == 2
    assert day.id("COMP") in signers
    by_compiler = [act for step in day.steps if step.by == day.id("COMP") for act in step.acts]
    assert by_compiler
    assert all(isinstance(act, (a.Reported, *a.INQUIRY_ACTS)) for act in by_compiler)


def test_nobody_who_was_there_has_a_key(day: Day) -> None:
    owners = {owner for _public, _key_class, owner in day.picture.keys.values()}
    assert len(day.picture.persons) == 16
    assert owners & set(day.picture.persons) == {day.id("COMP")}


def test_a_line_signed_in_a_role_does_not_play(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match='"ARM" is no person who signs'):
        played(text + "\n09:59 ARM picks up Colt-1\n", tmp_path)


def test_every_report_names_its_sources(day: Day) -> None:
    assert {row.act.row for row in day.entered} == {f"E{n:02}" for n in range(1, 28)} - {"E26"}
    for row in day.entered:
        assert row.act.sources
        assert all(re.fullmatch(r"[SPN]\d+b?", source) for source in row.act.sources), row.act.row


def test_a_contradictory_row_has_an_account_for_each_telling(day: Day) -> None:
    told: dict[str, dict[str, None]] = {}
    for row in day.entered:
        if row.act.grade is a.Grade.CONTRADICTORY:
            told.setdefault(row.act.row, {})[row.act.account] = None
    assert {row: tuple(accounts) for row, accounts in told.items()} == ACCOUNTS_OF


def test_nothing_was_recorded_on_that_set(day: Day) -> None:
    assert day.picture.coverage == []


# --- what reports cannot do ----------------------------------------------------------------------------------------


def test_no_call_is_granted_and_every_gun_is_treated_as_loaded_all_along(day: Day) -> None:
    picture, cards = Picture(), 0
    for step in day.steps:
        apply(picture, step)
        assert step.verdict == "admitted"
        assert picture.calls == {}
        assert set(picture.kernel.call.values()) <= {"NONE"}
        for card in board_of(picture, now=picture.now):
            cards += 1
            assert card.words == "TREAT AS LOADED", card.label
    assert cards > 100


def test_no_report_proves_a_position_a_round_or_a_receipt(day: Day) -> None:
    kernel = day.picture.kernel
    assert set(kernel.p1.values()) == {NOBODY}
    assert set(kernel.r1.values()) <= {NOBODY}
    assert day.picture.received == {}
    assert day.picture.delivered == {}
    assert [lot for lot in day.picture.lots if lot_signed_for(day.picture, lot)] == []
    for gun in day.picture.guns:
        card = card_of(day.picture, gun, now=day.picture.now)
        assert Truth.PROVEN not in {view.truth for view in card.positions}


def test_no_decision_reads_a_reported_time(day: Day, text: str, tmp_path: Path) -> None:
    timeless = played(WHEN.sub(" at unknown: ", text), tmp_path)
    assert {row.act.when.start for row in timeless.entered} == {""}
    assert [result.rules for result in timeless.results] == [result.rules for result in day.results]
    assert what_is_shown(timeless.picture) == what_is_shown(day.picture)


def one_account_each(day: Day, chosen: dict[str, str]) -> tuple[Step, ...]:
    """The steps with one account of each disputed row; without the rulebook, which no card of a report reads."""

    def kept(step: Step) -> bool:
        return not any(isinstance(act, a.RulebookAdopted) for act in step.acts) and all(
            not isinstance(act, a.Reported) or act.grade is not a.Grade.CONTRADICTORY or act.account == chosen[act.row]
            for act in step.acts
        )

    return tuple(step for step in day.steps if kept(step))


def choices() -> Iterator[dict[str, str]]:
    for accounts in product(*ACCOUNTS_OF.values()):
        yield dict(zip(ACCOUNTS_OF, accounts, strict=True))


@pytest.mark.parametrize("until", ["E16", "E27"])
def test_the_picture_is_the_same_whichever_account_is_true(day: Day, until: str) -> None:
    with_all = what_is_shown(day.after(until))
    last_row = int(until[1:])
    tried = 0
    for chosen in choices():
        steps = tuple(
            step
            for step in one_account_each(day, chosen)
            if all(not isinstance(act, a.Reported) or int(act.row[1:]) <= last_row for act in step.acts)
        )
        assert len(steps) < len(day.steps)
        assert what_is_shown(picture_of(steps)) == with_all, chosen
        tried += 1
    assert tried == 2 * 2 * 3 * 3 * 2 * 3


def test_the_picture_is_the_same_when_one_account_is_played_alone(day: Day, text: str, tmp_path: Path) -> None:
    one_telling = (accounts[0] for accounts in ACCOUNTS_OF.values())
    kept = set(zip(ACCOUNTS_OF, one_telling, strict=True))
    said = re.compile(r"reports (E\d+) from .*?\(contradictory, ([\w-]+)\)")
    lines = [line for line in text.splitlines() if (m := said.search(line)) is None or (m[1], m[2]) in kept]
    alone = played("\n".join(lines), tmp_path)
    assert len(alone.steps) < len(day.steps)
    assert what_is_shown(alone.picture) == what_is_shown(day.picture)


def test_an_account_that_nobody_disputes_would_show(day: Day, text: str, tmp_path: Path) -> None:
    lines = [line for line in text.splitlines() if "E16 from S22, S22b (contradictory, trial)" not in line]
    settled = "\n".join(lines).replace("E16 from S19, S22 (contradictory, affidavit)", "E16 from S19, S22 (statement)")
    believed = played(settled, tmp_path)
    held = holder_of(believed.after("E16"), day.id("Colt-1"))
    assert held is not None
    assert (held.hold, held.who) == (Hold.PERSON, day.id("LEAD"))


@pytest.mark.parametrize("row", ["E10", "E14", "E15", "E16", "E18"])
def test_custody_of_the_gun_is_disputed_after_each_disputed_row(day: Day, row: str) -> None:
    last = max(e.entry_index for e in day.entered if e.act.row == row and e.act.grade is a.Grade.CONTRADICTORY)
    held = holder_of(picture_of(day.steps[: last + 1]), day.id("Colt-1"))
    assert held is not None
    assert held.hold is Hold.DISPUTED


# --- the acceptance lines ------------------------------------------------------------------------------------------


def test_a1_leftovers_and_filled_belts_came_in_from_no_supplier(day: Day) -> None:
    came = (*day.row("E04", a.BroughtIn), *day.row("E05", a.BroughtIn))
    assert [day.picture.containers[e.act.told.item].label for e in came if isinstance(e.act.told, a.BroughtIn)] == [
        "Bag-1", "Belt-LEAD", "Belt-PERF2",
    ]  # fmt: skip
    assert [e.found("I1")["what"] for e in came] == ["brought_in"] * 3
    assert {e.found("I1")["origin"] for e in came} == {"Film-A"}
    assert day.row("E04", a.PutDown)[0].found("V13")  # in a private car


def test_a2_the_box_of_fifty_has_a_history_but_no_signed_halves_and_no_fifty_tests(day: Day) -> None:
    lot = day.picture.lots[day.id("Box-50-Lot")]
    assert lot.count == 50
    assert [relation for relation, _parent in lot.parents] == [Relation.REPACKED_FROM]
    registered = next(
        e for e in day.row("E07", a.LotRegistered) if isinstance(e.act.told, a.LotRegistered) and e.act.told.strong
    )
    assert registered.found("I2") == {"rule": "I2", "what": "no_strong_test", "tests": "1"}
    assert day.row("E07", a.Received)[0].found("I1")["what"] == "halves_differ"
    assert not lot_signed_for(day.picture, lot.lot)
    tested = [r for r, known in day.picture.cartridges.items() if known.lot == lot.lot and day.picture.proofs.get(r)]
    assert tested == []


def test_a3_a_discharge_opens_a_stop_and_the_load_after_it_is_done_under_it(day: Day) -> None:
    shots = day.row("E08", a.Discharged)
    stops = {e.entry_index for e in shots}
    assert len(stops) == 2
    assert day.picture.open_stops >= stops
    assert {e.found("V09")["rule"] for e in shots} == {"V09"}
    assert all(day.picture.stops[number].by == day.id("COMP") for number in stops)
    for load in (*day.row("E10", a.Loaded), *day.row("E12", a.Loaded)):
        assert load.found("V23") == {"rule": "V23", "what": "stop_open", "stop": str(min(stops))}
    assert "K5" in rules_of(asked(day, day.after("E10")))


def test_what_is_done_after_the_stop_is_found_each_time(day: Day) -> None:
    first_stop = min(day.picture.open_stops)
    use = (a.Loaded, a.Showed, a.HandedOver, a.Taken, a.Poured)
    after = [e for e in day.entered if e.entry_index > first_stop and isinstance(e.act.told, use)]
    assert len(after) > 10
    assert [e for e in after if not e.found("V23")] == []


def test_a5_a_load_with_one_signature_proves_nothing_and_the_sixth_chamber_is_unknown(day: Day) -> None:
    picture = day.after("E12")
    card = card_of(picture, day.id("Colt-1"), now=picture.now)
    assert [(view.position, view.holds, view.truth) for view in card.positions] == [
        (name, "unknown", Truth.UNKNOWN) for name in ("1", "2", "3", "4", "5", "6", "bore")
    ]
    k4 = [dict(finding.found) for finding in asked(day, picture) if finding.rule == "K4"]
    assert {"what": "answered_twice", "answered": "0", "positions": "7"} in k4


def test_a6_ammunition_left_on_the_cart_is_found_and_its_box_is_in_nobodys_hand(day: Day) -> None:
    left = day.row("E11", a.PutDown)[0]
    assert left.found("V13") == {"rule": "V13", "what": "v13", "row": "E11"}
    picture = day.after("E11")
    held = holder_of(picture, day.id("Box-1"))
    assert held is not None
    assert (held.hold, held.who) == (Hold.UNATTENDED, day.id("Set"))
    assert not any(picture.kernel.round_proven(r) for r in rounds_within(picture, day.id("Cart-1")))
    assert {e.found("V13")["rule"] for e in day.row("E13", a.PutDown)} == {"V13"}


def test_a7_a_second_load_after_cleaning_needs_every_proof_anew(day: Day) -> None:
    cleaned = day.row("E12", a.GunMishap)[0]
    assert cleaned.found("V10") == {"rule": "V10", "what": "v10", "gun": day.id("Colt-1"), "row": "E12"}
    assert {e.found("V03")["rule"] for e in day.row("E12", a.HandedOver)} == {"V03"}
    k4 = [dict(finding.found) for finding in asked(day, day.after("E12")) if finding.rule == "K4"]
    assert {"what": "count_differs", "called": "6", "recorded": "0"} in k4
    assert {"what": "answered_twice", "answered": "0", "positions": "7"} in k4


def test_a8_a_show_of_four_of_six_is_kept_and_supports_no_call(day: Day) -> None:
    shows = {e.act.account: e for e in day.row("E14", a.Showed)}
    shown = {name: e.found("I3").get("shown") for name, e in shows.items()}
    assert shown == {"affidavit-three": "3", "affidavit-four": "4", "armorer": None}
    assert shows["affidavit-four"].found("I3")["all"] == "6"
    assert "K9" in rules_of(asked(day, day.after("E14")))


def test_a9_two_tellings_of_who_said_it_are_no_call_and_no_part_of_one(day: Day) -> None:
    words = day.row("E15", a.Told)
    assert {e.act.account: e.act.who for e in words} == {
        "affidavit": day.id("AD1"), "deposition": day.id("ARM"), "performer": "",
    }  # fmt: skip
    assert [e.found("I4")["what"] for e in words] == ["only_told"] * 3
    picture = day.after("E15")
    assert not any(picture.parts.values())
    missing = [dict(finding.found) for finding in asked(day, picture) if finding.rule == "K10"]
    assert {"what": "part_missing", "part": "announced"} in missing
    assert {"what": "part_missing", "part": "acknowledged"} in missing


def test_a10_a_hand_over_by_the_first_ad_is_outside_the_chain_and_one_by_the_armorer_one_sided(day: Day) -> None:
    hands = day.row("E16", a.HandedOver)
    found = [(e.act.account, bool(e.found("V02")), bool(e.found("V03"))) for e in hands]
    assert found == [("affidavit", True, False), ("trial", False, True), ("trial", False, True)]
    assert hands[0].found("V02")["gun"] == day.id("Colt-1")
    assert day.picture.persons[hands[0].act.who].roles == frozenset({Role.FIRST_AD})
    picture = day.after("E16")
    held = holder_of(picture, day.id("Colt-1"))
    assert held is not None
    assert held.hold is Hold.DISPUTED
    assert "K6" in rules_of(asked(day, picture))


def test_a12_a_rehearsal_that_nobody_planned_with_a_gun_gives_no_call(day: Day) -> None:
    assert day.picture.scenes == {}
    missing = [dict(finding.found) for finding in asked(day, day.after("E17")) if finding.rule == "K1"]
    assert missing == [{"what": "no_plan"}]


def test_a13_after_the_shot_all_is_held_and_emptying_two_guns_is_found_with_time_and_person(day: Day) -> None:
    shot = min(e.entry_index for e in day.row("E18", a.Discharged))
    assert day.picture.frozen_entry == shot
    emptied = day.row("E21", a.Poured)
    guns = [e.act.told.start for e in emptied if isinstance(e.act.told, a.Poured)]
    assert guns == [day.id("Gun-2"), day.id("Gun-3")]
    for e in emptied:
        assert e.found("V25") == {"rule": "V25", "what": "frozen", "freeze": str(shot), "act": "poured"}
        assert (e.act.who, e.act.when.start) == (day.id("PM"), "2021-10-21")
    assert day.row("E21", a.Disposed)[0].found("V25")["act"] == "disposed"


def test_a14_six_live_rounds_at_five_places_and_none_has_a_receipt(day: Day) -> None:
    finds = (*day.row("E19", a.RoundFound), *day.row("E25", a.RoundFound))
    places: dict[str, list[str]] = {}
    for e in finds:
        assert isinstance(e.act.told, a.RoundFound)
        places.setdefault(e.act.told.thing, []).append(e.act.told.label)
        assert e.found("V11")
        assert e.entry_index in day.picture.open_stops
    assert places == {
        day.id("Colt-1"): ["R-1"], day.id("Box-1"): ["R-2"], day.id("Cart-1"): ["R-3", "R-4"],
        day.id("Belt-PERF2"): ["R-5"], day.id("Belt-LEAD"): ["R-6"],
    }  # fmt: skip
    for label in ("R-1", "R-2", "R-3", "R-4", "R-5", "R-6"):
        known = day.id(label)
        assert day.picture.kinds_found[known][0] == "live"
        assert day.picture.cartridges[known].lot == ""
        assert all(placed.reported for placed in day.picture.placements[known])


# --- what the questions rest on ------------------------------------------------------------------------------------


def test_nobody_is_reported_to_have_known_of_a_live_round_before_the_shot(day: Day) -> None:
    learned = [e for e in day.entered if isinstance(e.act.told, a.Learned) and e.act.told.fact == "live_round"]
    shot = min(e.entry_index for e in day.row("E18", a.Discharged))
    assert [(e.act.who, e.entry_index > shot) for e in learned] == [(day.id("LEAD"), True)]
    assert isinstance(learned[0].act.told, a.Learned)
    assert learned[0].act.told.source == day.id("POLICE")


def test_refused_training_time_and_complaints_stand_before_the_shot(day: Day) -> None:
    shot = min(e.entry_index for e in day.row("E18", a.Discharged))
    raised: Callable[[type], list[str]] = lambda kind: [  # noqa: E731  # one line said twice
        e.act.told.concern
        for e in day.entered
        if isinstance(e.act.told, a.ConcernRaised | a.ConcernAnswered)
        and isinstance(e.act.told, kind)
        and e.entry_index < shot
    ]
    assert raised(a.ConcernRaised) == [
        "shot_unannounced_on_film_a", "training_time", "armorer_time", "crew_complaints",
    ]  # fmt: skip
    assert raised(a.ConcernAnswered) == ["training_time", "armorer_time"]
    assert {name for name, (_opened, answered) in day.picture.concerns.items() if answered is not None} == set()


def test_two_duties_of_the_armorer_and_two_of_the_first_ad_are_told(day: Day) -> None:
    told = [(e.act.who, e.act.told.duty) for e in day.row("E09", a.DutyOpened) if isinstance(e.act.told, a.DutyOpened)]
    assert told == [
        (day.id("ARM"), "armorer"), (day.id("ARM"), "props_assistant"),
        (day.id("AD1"), "first_ad"), (day.id("AD1"), "safety_coordinator"),
    ]  # fmt: skip
    assert not any(day.picture.duties.values())


def test_a16_contradicting_statements_stand_beside_the_acts_and_are_marked_unasked(day: Day) -> None:
    matrix = matrix_of(day.picture)
    assert [each.row for each in matrix.disputed] == ["E10", "E14", "E15", "E16", "E18"]
    claims = files_of(day.picture).claims
    marked = {(claims[pair.first].act.label, claims[pair.second].act.label) for pair in matrix.contradictions}
    by_patterns = {("K-1", "K-2"), ("K-3", "K-4"), ("K-6", "K-7"), ("K-8", "K-9"), ("K-8", "K-10")}
    assert marked == by_patterns | {("K-11", "K-12")}
    rows = {row.claim.act.label: row for group in matrix.groups for row in group.rows}
    beside = {done.entry_index: done.act for done in day.picture.journal}
    for first, second in by_patterns:
        for label, other in ((first, second), (second, first)):
            cell = rows[label].cell
            assert claims[day.id(other)].act.ref in rows[label].otherwise
            shown = [beside[each.entry_index] for each in (*cell.supporting, *cell.differing)]
            assert {act.row for act in shown if isinstance(act, a.Reported)} <= {"E10", "E12", "E14", "E15", "E16"}
            assert (cell.result, cell.basis) == (Result.BOTH, "reported")
    # No coverage was ever opened there, and a claim no entry can hold is outside the record.
    assert {rows[label].cell.result for label in ("K-11", "K-12")} == {Result.OUTSIDE}


def test_a18_no_screen_of_this_day_ever_says_safe(day: Day) -> None:
    shown = list(screens_of_day(day.steps, every=30))
    assert any("TREAT AS LOADED" in text for _entry, text in shown), "nothing was shown at all"
    assert [(entry, text) for entry, text in shown if says_safe(text)] == []
