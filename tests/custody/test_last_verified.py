"""When a gun was last answered in every position by two people: one position short is no full verification."""

import pytest

from coldcheck.custody.last_verified import last_verified
from coldcheck.custody.picture import Picture
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from stores import MemoryStore

DAY = """production "Small Day" hub small-1
person ARM "Odo Kestrel" as armorer
person AD1 "Lena Marrow" as first_ad
person LEAD "Ed Frey" as performer
day 2027-01-04
08:00 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
08:01 ARM picks up Colt-1
08:02 ARM clears Colt-1: chambers 1-6 empty, bore clear
"""
CLEARED = 7
ALL = "08:03 AD1 answers Colt-1: chambers 1-6 empty, bore clear\n"
ONE_SHORT = "08:03 AD1 answers Colt-1: chambers 1-5 empty, bore clear\n"
BY_HIMSELF = "08:03 ARM answers Colt-1: chambers 1-6 empty, bore clear\n"
LOOKED_ON = "08:03 LEAD sees Colt-1: chambers 1-6 empty\n"
REST = "08:04 AD1 answers Colt-1: chamber 6 empty\n"
TAKEN_BACK = "08:05 AD1 retracts entry 8\n"


def after(lines: str) -> Picture:
    player = Player(parse_scenario(DAY + lines, path="last"), MemoryStore({}))
    player.play()
    return player.hub.picture


@pytest.mark.parametrize(
    ("lines", "since"),
    [
        ("", None),
        (ALL, CLEARED),
        (ONE_SHORT, None),
        (BY_HIMSELF, None),
        (LOOKED_ON, None),
        (ONE_SHORT + REST, CLEARED),
        (ALL + TAKEN_BACK, None),
    ],
)
def test_a_gun_is_verified_when_two_have_answered_every_position_of_it(lines: str, since: int | None) -> None:
    picture = after(lines)
    gun = picture.labels["Colt-1"]
    assert last_verified(picture, gun, until=picture.size - 1) == since
    assert last_verified(picture, gun, until=CLEARED) is None
