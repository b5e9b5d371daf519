"""What a card says of the check behind a call: whose answers they are, and how old. A call makes nothing younger."""

from dataclasses import replace

from coldcheck.custody import acts as a
from floor import ARM, COLT, PM, TRAY, WAYS, Deed, Stage, claimed, deed, morning, prepared, stood

EMPTY, DUMMIES = WAYS[0], WAYS[1]
FIVE_HOURS_MS = 5 * 3600 * 1000


def stage(*deeds: Deed) -> Stage:
    return stood(*morning(), *deeds)


def by_pm(told: Deed) -> Deed:
    """The same deed with the property master in the armorer's place."""
    acts = tuple(
        replace(act, other=PM) if isinstance(act, a.SheetBegan) and act.other == ARM else act for act in told.acts
    )
    return replace(told, by=PM if told.by == ARM else told.by, acts=acts)


def passed(item: str, giver: str, taker: str) -> list[Deed]:
    return [deed(giver, a.HandedOver(item=item, to=taker)), deed(taker, a.Taken(item=item, giver=giver))]


def test_the_card_names_the_roles_of_who_answered_and_not_of_who_only_called() -> None:
    answered = [by_pm(one) for one in prepared(DUMMIES, sheets=True)]
    floor = stage(*passed(TRAY, ARM, PM), *answered, *passed(COLT, PM, ARM), *passed(TRAY, PM, ARM), *claimed(DUMMIES))
    card = floor.cards()[COLT]
    assert (card.kind, card.roles) == ("dummies", ("property_master", "first_ad"))


def test_answers_are_as_old_as_they_are_when_the_gun_is_called_hours_later() -> None:
    waits = replace(next(iter(claimed(EMPTY))), wait_ms=FIVE_HOURS_MS)
    card = stage(*prepared(EMPTY, sheets=True), waits, *list(claimed(EMPTY))[1:]).cards()[COLT]
    assert card.kind == "empty"
    assert card.checked_ms is not None
    assert card.checked_ms >= FIVE_HOURS_MS


def test_a_call_made_anew_makes_no_answer_younger() -> None:
    floor = stage(*prepared(EMPTY, sheets=True), *claimed(EMPTY))
    young = floor.cards()[COLT].checked_ms
    again = list(claimed(EMPTY))
    for one in (replace(again[0], wait_ms=FIVE_HOURS_MS), *again[1:]):
        floor.do(one)
    old = floor.cards()[COLT].checked_ms
    assert young is not None
    assert old is not None
    assert old - young >= FIVE_HOURS_MS


def test_where_the_hub_started_again_since_the_answers_their_age_is_not_said() -> None:
    begins = replace(next(iter(claimed(EMPTY))), boots=True)
    card = stage(*prepared(EMPTY, sheets=True), begins, *list(claimed(EMPTY))[1:]).cards()[COLT]
    assert card.checked_ms is None


def test_two_who_answered_by_themselves_stand_on_the_card_in_the_order_of_roles() -> None:
    assert stage(*prepared(EMPTY, sheets=True), *claimed(EMPTY)).cards()[COLT].roles == ("armorer", "first_ad")
