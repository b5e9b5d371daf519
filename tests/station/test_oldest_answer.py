"""Board and phones say the same age of a check: that of its oldest answer."""

from dataclasses import replace

from coldcheck.station.web.pages import board_view
from coldcheck.station.web.set_sheets import SheetDesk
from coldcheck.station.web.set_views import person_view
from floor import ARM, COLT, WAYS, claimed, morning, prepared, stood

EMPTY = WAYS[0]
FIVE_HOURS_MS = 5 * 3600 * 1000
DESK = SheetDesk(draw=lambda _most: 0, name=lambda: "sheet")


def test_the_board_says_the_age_of_the_oldest_answer_as_every_phone_does() -> None:
    floor = stood(*morning(), *prepared(EMPTY, sheets=True), *claimed(EMPTY))
    again = list(claimed(EMPTY))
    for one in (replace(again[0], wait_ms=FIVE_HOURS_MS), *again[1:]):
        floor.do(one)
    card, view = floor.cards()[COLT], person_view(floor.picture, DESK, by=ARM, now=floor.now)
    board = board_view(floor.picture, now=floor.now, clock_at="2026-03-02T13:00:00Z", production="", root="00")
    (on_board,) = (gun.checked for gun in board.guns if gun.gun == COLT)
    (on_phone,) = (gun["checked_ms"] for gun in view["guns"] if gun["gun"] == COLT)  # type: ignore[union-attr,call-overload,index]
    assert on_phone == card.checked_ms
    assert on_board == f"checked {card.checked_ms // 60_000} min ago"  # type: ignore[operator]
