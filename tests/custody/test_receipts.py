"""A receipt is two halves by two people that agree: the supplier's and the receiver's. Each half serves once."""

from coldcheck.custody.picture import Picture, lot_signed_for, receipt_of
from coldcheck.custody.trace import origin_of
from coldcheck.station.play import Player, meta_of
from coldcheck.station.scenario import parse_scenario
from stores import MemoryStore

PEOPLE = """production "Receipts" hub receipts-1
person ARM "Ada Byrne" as armorer
person SUP "Di Ellis" as supplier
day 2026-03-02
08:00 ARM registers lot Lot-1: 8 .45 dummy, tests rattle, hole, strong hole
08:00 ARM registers tray Tray-1 with 8 cells
"""


def played(lines: str) -> Picture:
    """The picture after the lines."""
    scenario = parse_scenario(PEOPLE + lines, path="receipts")
    player = Player(scenario, MemoryStore(meta_of(scenario)))
    player.play()
    return player.hub.picture


def ids(picture: Picture) -> tuple[str, str]:
    """The lot and the tray."""
    return picture.labels["Lot-1"], picture.labels["Tray-1"]


def test_both_halves_make_a_receipt_whichever_comes_first() -> None:
    for lines in (
        "08:01 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM\n08:02 ARM receives Lot-1 from SUP in Tray-1/1-4\n",
        "08:01 ARM receives Lot-1 from SUP in Tray-1/1-4\n08:02 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM\n",
    ):
        picture = played(lines)
        lot, tray = ids(picture)
        assert receipt_of(picture, lot, tray) is not None
        assert lot_signed_for(picture, lot)


def test_nobody_signs_for_both_sides() -> None:
    picture = played(
        "08:01 ARM delivers Lot-1 in Tray-1: 4 rounds to ARM\n08:02 ARM receives Lot-1 from ARM in Tray-1/1-4\n"
    )
    lot, tray = ids(picture)
    assert receipt_of(picture, lot, tray) is None
    assert not lot_signed_for(picture, lot)


def test_halves_that_differ_make_no_receipt() -> None:
    picture = played(
        "08:01 SUP delivers Lot-1 in Tray-1: 5 rounds to ARM\n08:02 ARM receives Lot-1 from SUP in Tray-1/1-4\n"
    )
    assert not lot_signed_for(picture, ids(picture)[0])


def test_one_half_serves_one_receipt() -> None:
    picture = played(
        "08:01 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM\n"
        "08:02 ARM receives Lot-1 from SUP in Tray-1/1-4\n"
        "08:03 ARM receives Lot-1 from SUP in Tray-1/5-8\n"
    )
    _lot, tray = ids(picture)
    assert origin_of(picture, picture.lying[tray, "1"]).ends_at == "receipt"
    assert origin_of(picture, picture.lying[tray, "5"]).ends_at == "gap"


def test_a_lot_received_twice_into_one_tray_keeps_both_receipts() -> None:
    picture = played(
        "08:01 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM\n"
        "08:02 ARM receives Lot-1 from SUP in Tray-1/1-4\n"
        "08:03 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM\n"
        "08:04 ARM receives Lot-1 from SUP in Tray-1/5-8\n"
    )
    _lot, tray = ids(picture)
    first, second = (origin_of(picture, picture.lying[tray, cell]).receipt for cell in ("1", "5"))
    assert first is not None
    assert second is not None
    assert first[1] < second[0]
