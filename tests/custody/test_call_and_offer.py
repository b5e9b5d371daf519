"""The end of a show, the call and the offer in one signature: what its receipt says is missing, and what it does not."""

from pathlib import Path

import pytest

from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from coldcheck.station.web.pages import board_view

DAY = """production "Quarry Lane" hub set-1
person ARM "Ada Byrne" as armorer
person AD1 "Bo Carr" as first_ad
person LEAD "Cy Dunn" as performer
day 2026-03-02
08:00 ARM registers place Barn as set
08:00 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
08:02 ARM goes on exclusive duty as armorer
08:02 ARM opens day 1
08:02 AD1 opens day 1
08:03 AD1 plans rehearsal S1 at Barn with Colt-1: COLD-EMPTY for LEAD
08:03 AD1 holds the meeting for S1
08:03 ARM attends the meeting for S1
08:03 LEAD attends the meeting for S1
08:03 ARM assesses S1
08:04 ARM arrives at Barn
08:05 ARM picks up Colt-1
08:05 ARM clears Colt-1: chambers 1-6 empty, bore clear
08:05 AD1 answers Colt-1: chambers 1-6 empty, bore clear
08:06 ARM shows Colt-1 to LEAD: chambers 1-6 and bore
"""
CALL = """08:07 ARM sheet:
    closes the show of Colt-1 to LEAD
    calls Colt-1: COLD-EMPTY for S1
    hands Colt-1 to LEAD
"""


@pytest.mark.parametrize(("seen", "said"), [("1-6 empty, bore clear", set()), ("1-3 empty", {"K9"})])
def test_who_saw_all_is_never_said_to_have_missed_the_show_that_ends_with_the_call(
    tmp_path: Path, seen: str, said: set[str]
) -> None:
    store = create_ledger(tmp_path / "day.ledger", meta={})
    player = Player(parse_scenario(f"{DAY}08:06 LEAD sees Colt-1: chambers {seen}\n{CALL}", path="day.txt"), store)
    results = player.play()
    store.close()
    called = next(played for played in results if played.act == "called")
    assert called.verdict == "admitted"
    assert {"K9"} & set(called.rules) == said
    # What others still have to sign is missing all the same.
    assert "K10" in called.rules


def test_a_gun_that_two_answered_and_nobody_called_is_renewed_by_show_and_call(tmp_path: Path) -> None:
    store = create_ledger(tmp_path / "day.ledger", meta={})
    player = Player(parse_scenario(DAY, path="day.txt"), store)
    player.play()
    store.close()
    picture = player.hub.picture
    (card,) = board_view(picture, now=picture.now, clock_at=picture.at, production="Quarry Lane", root="").guns
    assert (card.word, card.fact) == ("LOADED", "NOT PROVEN: answered by two; no call stands")
    assert card.renew == "show every position, call again"
