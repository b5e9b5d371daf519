"""What trace, recall and origin say where the record cannot know: a sentence that says so, and no figure in its place."""

import json
import re
from pathlib import Path
from typing import cast

import pytest
from click import Command
from click.testing import CliRunner, Result

from coldcheck.custody import acts as a
from coldcheck.custody.answers import ORIGIN, RESTED
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import RoundKind
from coldcheck.custody.trace_basis import all_that_rested, false_bases
from coldcheck.custody.trace_rings import recall_of, recall_over
from coldcheck.proof.entry import read_entry
from coldcheck.station.answer_text import percent_text
from coldcheck.station.commands_ask import access, ask, compare, recall, trace
from coldcheck.station.commands_origin import origin
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from coldcheck.station.things_by_name import UnknownItem
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.office_tables import Ask, table_of
from stores import MemoryStore
from trace_door import client_of

BEGIN = """production "Small Day" hub small-1
person ARM "Odo Kestrel" as armorer
person PM "Lena Marrow" as property_master
person EMP "Ed Frey" as employer
day 2027-01-04
08:00 ARM registers place Yard as set
08:01 ARM registers box Box-1
08:01 ARM registers box Box-2
08:01 ARM registers lot Lot-1: 12 .45 dummy, tests rattle, hole, strong hole
08:01 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
"""


def ledger(folder: Path, lines: str) -> tuple[Path, Player]:
    """A ledger of the small day with these further lines."""
    path = folder / "small.ledger"
    store = create_ledger(path, meta={})
    player = Player(parse_scenario(BEGIN + lines, path="small"), store)
    player.play()
    store.close()
    return path, player


def asked(command: Command, *words: str | Path) -> Result:
    told = CliRunner().invoke(command, [str(word) for word in words])
    assert told.exit_code == 0, told.exception
    return told


def every_answer(path: Path, find: str) -> str:
    """All that the commands say about one find, together."""
    return "\n".join(
        asked(command, *words, "--ledger", path).output
        for command, words in (
            (trace, (find,)),
            (origin, (find,)),
            (access, (find,)),
            (ask, (ORIGIN,)),
            (ask, (RESTED,)),
        )
    )


@pytest.mark.parametrize(
    "lines",
    [
        "08:03 ARM moves Box-1/1 to Box-2/1\n08:04 PM finds Find-1 in Box-2/1: live\n",
        "08:03 ARM loads Colt-1: chambers 1-2 from Box-1/1-2\n08:04 PM finds Find-1 in Colt-1/1: live\n",
    ],
)
def test_a_round_that_never_came_has_a_gap_at_the_beginning_and_no_figure(tmp_path: Path, lines: str) -> None:
    path, _player = ledger(tmp_path, lines)
    told = every_answer(path, "Find-1")
    assert "GAP between the beginning of the record and entry" in told
    assert "no figure: the record holds no receipt" in told
    assert "%" not in told
    assert "H7" in told


def test_a_single_way_in_is_no_certainty(tmp_path: Path) -> None:
    """With no way in on record, the unrecorded one would stand alone with all of the share: that is no finding."""
    path, _player = ledger(tmp_path, "08:03 ARM moves Box-1/1 to Box-2/1\n08:04 PM finds Find-1 in Box-2/1: live\n")
    told = json.loads(asked(origin, "Find-1", "--ledger", path, "--json").output)
    assert told["basis"] == "no_way_in_recorded"
    assert {story["posterior"] for story in told["hypotheses"]} == {None}


RECEIVED = """08:02 PM delivers Lot-1 in Box-1: 6 rounds to ARM
08:02 ARM receives Lot-1 from PM in Box-1/1-6
08:03 ARM loads Colt-1: chambers 1-6 from Box-1/1-6
08:04 PM finds Find-1 in Colt-1/2: live
"""


def test_where_recording_was_off_what_nobody_entered_carries_no_figure(tmp_path: Path) -> None:
    """A receipt and a find two minutes later made one kind of story sure, in a record that never said it was one."""
    path, _player = ledger(tmp_path, RECEIVED)
    told = asked(origin, "Find-1", "--ledger", path).output
    assert "no figure: no entry before the find says that recording was on" in told
    assert "%" not in told
    assert json.loads(asked(origin, "Find-1", "--ledger", path, "--json").output)["basis"] == "recording_off"
    (tmp_path / "on").mkdir()
    path, _player = ledger(tmp_path / "on", "08:01 ARM opens coverage of rounds at Yard\n" + RECEIVED)
    told = asked(origin, "Find-1", "--ledger", path).output
    assert "posterior" in told
    assert "0 of 1 recorded moves lay in one pair of hands" in told


def test_an_empty_place_names_the_entry_at_which_something_lay_there(tmp_path: Path) -> None:
    lines = (
        "".join(line + "\n" for line in RECEIVED.splitlines()[:2]) + "08:03 ARM loads Colt-1: chamber 1 from Box-1/1\n"
    )
    path, _player = ledger(tmp_path, lines + "08:03 ARM unloads Colt-1: chamber 1 to Box-2\n")
    told = CliRunner().invoke(trace, ["Colt-1/1", "--ledger", str(path)])
    assert isinstance(told.exception, UnknownItem)
    (entry,) = re.findall(r"ask --at (\d+) for the one that lay there last", str(told.exception))
    assert "loaded Box-1/1 -> Colt-1/1" in asked(trace, "Colt-1/1", "--ledger", path, "--at", entry).output
    told = CliRunner().invoke(trace, ["Colt-1/6", "--ledger", str(path)])
    assert "none ever said so" in str(told.exception)


REFILLED = """08:02 PM delivers Lot-1 in Box-1: 6 rounds to ARM
08:02 ARM receives Lot-1 from PM in Box-1: 6 rounds
08:03 ARM pours from Box-1 into Box-2
08:03 ARM registers lot Lot-2: 6 .45 dummy, tests rattle
08:04 PM delivers Lot-2 in Box-1: 6 rounds to ARM
08:04 ARM receives Lot-2 from PM in Box-1: 6 rounds
08:05 PM finds Find-1 in Box-1: live
"""


def test_every_lot_that_came_loose_into_a_box_is_secured_with_it(tmp_path: Path) -> None:
    """A box filled again holds rounds of two lots, and of which the find is nobody can say."""
    path, _player = ledger(tmp_path, REFILLED)
    told = asked(trace, "Find-1", "--ledger", path).output
    assert "GAP" in told
    (secure,) = [line for line in told.splitlines() if "secure now" in line]
    assert "Lot-1 (beside where it was); Lot-2 (beside where it was)" in secure


def test_a_calibre_that_nothing_on_record_has_is_a_gap_and_no_gun(tmp_path: Path) -> None:
    path, _player = ledger(tmp_path, "")
    said = "nothing on record fits it: how such a round came here is a gap since the beginning of the record"
    assert said in asked(compare, ".22 LR", "--part", "case", "--ledger", path).output
    assert said not in asked(compare, ".45", "--ledger", path).output
    assert said not in asked(compare, "no such name", "--ledger", path).output
    assert json.loads(asked(compare, ".22 LR", "--part", "case", "--ledger", path, "--json").output)["nothing_fits"]
    create_ledger(tmp_path / "empty.ledger", meta={}).close()
    assert said not in asked(compare, ".22 LR", "--ledger", tmp_path / "empty.ledger").output


COVERED = "08:01 ARM opens coverage of rounds at Yard\n" + RECEIVED


def test_a_live_find_stays_one_when_somebody_finds_it_again_as_a_dummy(tmp_path: Path) -> None:
    """One person's second find took the first out of the answer: nothing was asked about it any more."""
    path, player = ledger(tmp_path, COVERED + "08:05 ARM finds Find-1 in Yard: dummy\n")
    told = asked(ask, ORIGIN, "--ledger", path).output
    assert "Find-1 (live)" in told
    assert "loaded Box-1/2 -> Colt-1/2" in told
    picture = player.hub.picture
    assert recall_over(picture, picture.labels["Find-1"])


@pytest.mark.parametrize(
    ("doubt", "figures"),
    [
        ('08:06 ARM retracts entry {got}\n08:07 PM corrects entry {gave}: "five"\n', False),
        ("08:06 EMP disputes entry {load}\n", True),
    ],
)
def test_what_nobody_stands_by_carries_no_figure_and_speaks_for_no_story(
    tmp_path: Path, doubt: str, *, figures: bool
) -> None:
    """A receipt that both took back made "as received" sure, where the chain of the same find had no receipt."""
    path, _player = ledger(tmp_path, COVERED + doubt.format(gave=11, got=12, load=13))
    told = asked(origin, "Find-1", "--ledger", path).output
    (received,) = [line for line in told.splitlines() if line.strip().startswith("H1 ")]
    assert ("%" in told) == figures
    assert ("2 entries" in received) == figures
    assert ("0 entries" in received) == (not figures)


def test_acts_with_a_time_between_are_no_time_in_which_somebody_had_it(tmp_path: Path) -> None:
    """PM delivered it and found it: the bar and the words said of him "signed an act about it, entries 11 to 15"."""
    path, player = ledger(tmp_path, REFILLED)
    told = asked(trace, "Find-1", "--ledger", path).output
    assert re.search(r"PM \(signed acts, first and last, entries \d+ and \d+\)", told)
    assert not re.search(r"signed [^);]*entries \d+ to \d+", told)
    assert "recording was off" in told
    page = client_of(player.hub.picture).get("/trace/Find-1").text
    assert len(re.findall(r"<title>PM: signed acts, first and last, entries \d+ and \d+</title>", page)) == 2


def test_access_to_a_round_goes_through_all_it_lay_in(tmp_path: Path) -> None:
    """Who had the box when the round lay in it could reach it, though it lies in a gun now."""
    path, _player = ledger(tmp_path, "08:02 EMP picks up Box-1\n08:02 EMP leaves Box-1 at Yard\n" + RECEIVED)
    told = json.loads(asked(access, "Find-1", "--ledger", path, "--json").output)
    assert {"EMP", "ARM", "PM"} <= {person["label"] for person in told["people"]}
    assert "Yard" in asked(access, "Find-1", "--ledger", path).output


def test_nothing_is_ever_a_hundred_percent(tmp_path: Path) -> None:
    path, _player = ledger(tmp_path, "08:01 ARM opens coverage of rounds at Yard\n" + RECEIVED)
    told = asked(origin, "Find-1", "--ledger", path).output
    assert "> 99 %" in told
    assert "100 %" not in told
    assert [percent_text(share) for share in (0, 0.004, 0.5, 0.994, 1)] == ["0 %", "< 1 %", "50 %", "> 99 %", "> 99 %"]


def test_a_lot_that_never_came_is_said_not_to_be_known(tmp_path: Path) -> None:
    path, _player = ledger(tmp_path, "08:03 ARM moves Box-1/1 to Box-2/1\n")
    assert "what it may have touched is not known" in asked(recall, "Lot-1", "--ledger", path).output
    told = json.loads(asked(recall, "Lot-1", "--ledger", path, "--json").output)
    assert "not known" in told["not_known"]
    assert told["turned_up_unrecorded"] == 1


def test_a_recall_says_who_made_the_lot_or_that_nobody_said(tmp_path: Path) -> None:
    line = "08:02 ARM registers lot Lot-2: 4 .45 dummy made by Fenwick, tests rattle, history repacked from Lot-1\n"
    path, player = ledger(tmp_path, line)
    pages = client_of(player.hub.picture)
    for lot, said, made_by in (
        ("Lot-1", "who made them nobody said (entry ", None),
        ("Lot-2", "made by Fenwick, repacked from Lot-1", "Fenwick"),
    ):
        assert said in asked(recall, lot, "--ledger", path).output
        told = json.loads(asked(recall, lot, "--ledger", path, "--json").output)
        assert (told["of"]["label"], told["of"]["made_by"]) == (lot, made_by)
        drawn = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", pages.get(f"/recall/{lot}").text))
        assert said in drawn


def test_boxes_said_to_lie_in_each_other_end_every_walk(tmp_path: Path) -> None:
    path, _player = ledger(
        tmp_path,
        "08:02 ARM picks up Box-1\n08:03 ARM puts Box-1 in Box-2\n08:03 PM puts Box-2 in Box-1\n"
        "08:04 PM finds Find-1 in Box-1/1: live\n",
    )
    told = every_answer(path, "Find-1")
    assert "GAP" in told
    assert "not recorded who had it" in told
    assert "no figure: by its entries, what the round was found in lies in itself" in told
    assert "%" not in told


def test_corrections_that_correct_each_other_shake_only_what_came_before(tmp_path: Path) -> None:
    """Entry 11 corrects entry 12, which is not there yet, entry 12 corrects entry 11, and entry 13 itself."""
    path, player = ledger(
        tmp_path,
        '08:02 PM counts Box-1: 2\n08:03 PM corrects entry 12: "it was the other"\n08:04 PM corrects entry 11: "no, this"\n'
        '08:04 PM corrects entry 13: "nor that"\n08:05 PM finds Find-1 in Box-1/1: live\n',
    )
    bases = false_bases(player.hub.picture)
    assert [(basis.entry_index, basis.by_entry, basis.why) for basis in bases] == [(11, 12, "taken_back")]
    assert "GAP" in every_answer(path, "Find-1")


def test_a_corrected_count_no_longer_carries_what_rested_on_it(tmp_path: Path) -> None:
    path, player = ledger(
        tmp_path,
        '08:02 PM counts Box-1: 2\n08:03 ARM moves Box-1/1 to Box-2/1\n08:04 PM corrects entry 10: "there were three"\n',
    )
    (basis,) = false_bases(player.hub.picture)
    assert (basis.entry_index, basis.why) == (10, "taken_back")
    assert "rested on 10, which entry 12 puts in doubt" in asked(ask, RESTED, "--ledger", path).output


def erased_then_found(path: Path) -> Player:
    """The small day with all that was sealed erased, and a live round found after that."""
    store = create_ledger(path, meta={})
    player = Player(parse_scenario(BEGIN + "08:03 ARM moves Box-1/1 to Box-2/1\n", path="small"), store)
    player.play()
    every = tuple(commitment for commitment, _opening in store.openings())
    assert every
    now = player.moment("2027-01-04T08:04:00Z")
    assert player.say("EMP", (a.OpeningErased(commitments=every, reason="asked_by_person"),), now).verdict == "granted"
    lies = player.hub.picture.lying[player.hub.picture.labels["Box-2"], "1"]
    found = a.RoundFound(
        round_id=lies,
        label="Find-1",
        thing=player.hub.picture.labels["Box-2"],
        cell="1",
        kind=RoundKind.LIVE,
        fired=False,
    )
    player.say("PM", (found,), now)
    assert not tuple(store.openings())
    store.close()
    return player


def test_a_find_after_erasure_is_answered_by_ids_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "small.ledger"
    erased_then_found(path)
    told = every_answer(path, "Find-1")
    assert "Kestrel" not in told
    assert "ARM: handled, entries 10 to 10" in told
    assert "GAP" in told


def test_a_find_in_no_gun_gets_no_gun(tmp_path: Path) -> None:
    path, _player = ledger(tmp_path, "08:03 PM finds Find-1 in Yard: live\n")
    told = every_answer(path, "Find-1")
    assert "no figure: nothing is recorded" in told
    assert "Colt-1" not in told
    assert "%" not in told


def test_a_record_with_no_entries_is_an_answer_and_not_an_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.ledger"
    create_ledger(path, meta={}).close()
    told = asked(ask, ORIGIN, "--ledger", path).output
    assert "not recorded (the record has no entry at all)" in told
    assert "H7" in told
    assert "%" not in told
    assert json.loads(asked(ask, "--all", "--ledger", path, "--json").output)[0]["answer"] == "not_recorded"
    assert "no gun and no lot" in asked(compare, ".45", "--ledger", path).output


# --- the same through the page -------------------------------------------------------------------------------------

IN_THE_BOX = "08:04 PM finds Find-1 in Box-1/1: live\n"
UNKNOWN = {
    "boxes said to lie in each other": (
        "08:02 ARM picks up Box-1\n08:03 ARM puts Box-1 in Box-2\n08:03 PM puts Box-2 in Box-1\n" + IN_THE_BOX,
        "GAP", "no figure: by its entries, what the round was found in lies in itself",
    ),
    "corrections that correct each other": (
        '08:02 PM counts Box-1: 2\n08:03 PM corrects entry 12: "it was the other"\n'
        '08:03 PM corrects entry 11: "no, this"\n08:03 PM corrects entry 13: "nor that"\n' + IN_THE_BOX,
        "GAP", "no figure",
    ),
    "a round that never came": (
        "08:03 ARM moves Box-1/1 to Box-2/1\n08:04 PM finds Find-1 in Box-2/1: live\n",
        "the beginning to entry", "no figure: the record holds no receipt",
    ),
    "a find in no gun": ("08:03 PM finds Find-1 in Yard: live\n", "GAP", "no figure: nothing is recorded"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN)
def test_the_page_says_what_is_not_known_and_holds_no_figure(tmp_path: Path, case: str) -> None:
    lines, chain, figures = UNKNOWN[case]
    _path, player = ledger(tmp_path, lines)
    client = client_of(player.hub.picture)
    for address, wanted in (("/trace", chain), ("/trace/Find-1", chain), ("/origin/Find-1", figures)):
        page = client.get(address)
        assert page.status_code == 200
        body = re.sub(r"<head>.*?</head>|width=\"100%\"", "", page.text, flags=re.DOTALL)
        assert wanted in body, address
        assert "nobody recorded" in body, address
        assert not re.search(r"\d ?%", body), address
        assert "Colt-1" not in body, address


def test_the_page_of_a_find_after_erasure_has_ids_and_labels_alone(tmp_path: Path) -> None:
    player = erased_then_found(tmp_path / "small.ledger")
    client = client_of(player.hub.picture)
    for address in ("/trace", "/trace/Find-1", "/origin/Find-1"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Kestrel" not in page.text
        assert "Find-1" in page.text
    assert "GAP" in client.get("/trace/Find-1").text


def test_the_pages_of_a_record_with_no_entries_say_so() -> None:
    client = client_of(Picture())
    page = client.get("/trace")
    assert page.status_code == 200
    assert "No round with an identity was found" in page.text
    assert "nobody recorded" in page.text
    for address in ("/trace/Find-1", "/origin/Find-1", "/recall/Lot-1"):
        assert client.get(address).status_code == 404


def test_the_page_of_a_lot_that_never_came_says_that_its_rings_mean_nothing(tmp_path: Path) -> None:
    _path, player = ledger(tmp_path, "08:03 ARM moves Box-1/1 to Box-2/1\n")
    assert "is not known" in client_of(player.hub.picture).get("/recall/Lot-1").text


def test_a_round_that_is_no_find_has_no_page_of_origins(tmp_path: Path) -> None:
    _path, player = ledger(tmp_path, "08:03 ARM moves Box-1/1 to Box-2/1\n")
    (round_id,) = player.hub.picture.cartridges
    page = client_of(player.hub.picture).get(f"/origin/{round_id}")
    assert page.status_code == 404
    assert "ask where it came from instead" in page.text


# --- what rested on it, on the receipt -----------------------------------------------------------------------------

REHEARSAL = Path(__file__).parent.parent / "scenarios" / "one_rehearsal.txt"


def rehearsed(line: str) -> tuple[Player, list[dict[str, str]]]:
    """The one rehearsal with this further line, and what its receipt says rested on what it puts in doubt."""
    player = Player(parse_scenario(REHEARSAL.read_text() + line, path="more"), MemoryStore({}))
    player.play()
    receipt = read_entry(list(player.hub.store.entries())[-1]).receipt
    findings = receipt["findings"]
    assert isinstance(findings, list)
    return player, [
        cast("dict[str, str]", each) for each in findings if cast("dict[str, str]", each)["rule"] == "BASIS"
    ]


@pytest.mark.parametrize(
    ("line", "rests"),
    [
        ("08:30 AD1 finds R-9 in Colt-1/1: live\n", (a.Showed, a.Seen, a.Called, a.Announced, a.HandedOver)),
        ("08:30 AD1 tests Tray-1/7 by rattle: live\n", ()),
        ("08:30 AD1 tests Colt-1/2 by rattle: unknown\n", (a.Showed, a.Called, a.Taken)),
        ("08:30 LEAD fires Colt-1, 1 unintended\n", (a.Called, a.Announced, a.Acknowledged, a.Taken)),
        ("08:30 LEAD fires Colt-1, 1 planned\n", ()),
        ('08:30 LEAD remarks "nothing"\n', ()),
    ],
)
def test_a_receipt_lists_every_act_that_rested_on_what_its_act_puts_in_doubt(
    line: str, rests: tuple[type, ...]
) -> None:
    player, findings = rehearsed(line)
    assert bool(findings) == bool(rests)
    if not findings:
        return
    (found,) = findings
    named = {int(entry) for entry in found["entries"].split(",")}
    picture = player.hub.picture
    kinds = {type(done.act) for done in picture.journal if done.entry_index in named}
    assert set(rests) <= kinds
    bases = {int(entry) for entry in found["bases"].split(",")}
    assert max(bases) < picture.size - 1
    # The record asked afterwards says the same.
    asked_later = {flagged.done.entry_index for flagged in all_that_rested(picture, false_bases(picture))}
    assert named == asked_later - {picture.size - 1}
    assert int(found["acts"]) == len(named)


def test_a_basis_that_was_in_doubt_already_is_flagged_once() -> None:
    _player, findings = rehearsed("08:30 AD1 finds R-9 in Colt-1/1: live\n08:31 ARM finds R-9 in Colt-1/1: live\n")
    assert findings == []


LAY_TOGETHER = """production "Small Day" hub small-1
person ARM "Odo Kestrel" as armorer
person AD1 "Lena Marrow" as first_ad
person LEAD "Ed Frey" as performer
person SUP "Di Ellis" as supplier
day 2027-01-04
08:00 ARM registers lot Lot-1: 4 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers lot Lot-2: 4 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Tray-1 with 4 cells
08:00 ARM registers tray Tray-2 with 4 cells
08:00 ARM registers tray Box-1 with 4 cells
08:00 ARM registers tray Box-2 with 4 cells
08:01 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM
08:02 ARM receives Lot-1 from SUP in Tray-1/1-4
08:03 SUP delivers Lot-2 in Tray-2: 4 rounds to ARM
08:04 ARM receives Lot-2 from SUP in Tray-2/1-4
08:05 ARM moves Tray-1/1 to Box-1/1
08:06 ARM moves Tray-2/1 to Box-1/2
08:07 ARM picks up Box-1
08:07 ARM tests Box-1/1-2 by rattle, hole: dummy
08:08 AD1 tests Box-1/1-2 by rattle, hole: dummy
08:09 ARM moves Box-1/2 to Box-2/1
"""
PROVEN_AT = 20


@pytest.mark.parametrize(
    ("more", "cut"),
    [
        ("", "cut"),
        ("08:30 {who} retracts entry {test}\n", "not cut"),
        ("08:30 LEAD disputes entry {test}\n", "not cut"),
        ("08:30 LEAD disputes entry 5\n", "cut"),
    ],
)
def test_a_disproved_check_cuts_no_recall_any_more(more: str, cut: str) -> None:
    """Lot-2 lay in Box-1 with a round of Lot-1, all of it was proven by two, and then one of the rounds went on."""
    words = {"who": "AD1", "test": str(PROVEN_AT)}
    player = Player(parse_scenario(LAY_TOGETHER + more.format(**words), path="cut"), MemoryStore({}))
    player.play()
    picture = player.hub.picture
    ring = recall_of(picture, picture.labels["Lot-1"]).closure
    after = picture.labels["Box-2"]
    assert (after not in ring) == (cut == "cut")
    assert after in (*ring, *recall_of(picture, picture.labels["Lot-1"]).closure_no_barriers)


@pytest.mark.parametrize(
    ("more", "since"),
    [("", PROVEN_AT), ("08:30 AD1 retracts entry {test}\n", None), ("08:30 LEAD disputes entry 5\n", PROVEN_AT)],
)
def test_access_begins_at_the_last_full_verification_and_says_so(tmp_path: Path, more: str, since: int | None) -> None:
    path = tmp_path / "since.ledger"
    store = create_ledger(path, meta={})
    Player(parse_scenario(LAY_TOGETHER + more.format(test=PROVEN_AT), path="since"), store).play()
    store.close()
    for item in ("Box-1", "Box-1/1"):
        told = json.loads(asked(access, item, "--ledger", path, "--json").output)
        assert (told["last_full_verification"], told["from_entry"]) == (since, since or 0), item
        said = asked(access, item, "--ledger", path).output
        assert ("no full verification of it is recorded" in said) == (since is None)
        # Who delivered it had his hands on it before.
        assert ("SUP" in said) == (since is None and item != "Box-1")
    before = json.loads(asked(access, "Box-1", "--ledger", path, "--json", "--to", str(PROVEN_AT - 1)).output)
    assert before["last_full_verification"] is None
    assert json.loads(asked(access, "Box-1", "--ledger", path, "--json", "--from", "3").output)["from_entry"] == 3


def test_the_office_lists_what_rested_on_it_and_a_guns_page_flags_it() -> None:
    player, _findings = rehearsed("08:30 LEAD fires Colt-1, 1 unintended\n")
    picture = player.hub.picture
    pages = {
        name: table_of(name, Ask(picture=picture, now=picture.now, words=words_in("en"), about="Colt-1"))
        for name in ("rested", "gun_day")
    }
    flagged = {row[0] for row in pages["rested"].rows}
    assert flagged
    assert {row[5] for row in pages["rested"].rows} == {picture.size - 1}
    assert flagged >= {row[0] for row in pages["gun_day"].rows if row[-1] != ""} != set()
    assert not any(row[-1] != "" for row in pages["gun_day"].rows if row[0] not in flagged)
