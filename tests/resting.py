"""What a standing call rests on, told from the acts themselves and not from the kernel alone."""

from coldcheck.custody import acts as a
from coldcheck.custody.kernel import EMPTY
from coldcheck.custody.picture import hand_on, lot_signed_for
from coldcheck.custody.things import Id
from coldcheck.custody.views import Card
from floor import ARM, LEAD, POSITIONS, ROLES, Stage


def answerers(stage: Stage, gun: Id, position: str) -> tuple[Id, Id]:
    """Who last said as handler what is in the position, and who last answered it."""
    first, second = "", ""
    for step in stage.steps:
        for act in step.acts:
            match act:
                case a.Cleared() | a.Answered() if act.gun == gun:
                    if position in {row.position for row in act.answers}:
                        first, second = (step.by, second) if isinstance(act, a.Cleared) else (first, step.by)
                case a.Loaded() | a.Unloaded() if act.gun == gun:
                    first = step.by if position in {row.position for row in act.rows} else first
                case _:
                    pass
    return first, second


def who_tested(stage: Stage, round_id: Id) -> set[Id]:
    return {
        step.by
        for step in stage.steps
        for act in step.acts
        if isinstance(act, a.RoundsTested) and round_id in {row.round_id for row in act.rows}
    }


def assert_rests_on_two(stage: Stage, card: Card) -> None:
    """What the card says is carried by acts of two people, by signed receipts, and by no open stop."""
    picture, gun = stage.picture, card.gun
    kernel = picture.kernel
    assert not picture.open_stops
    assert not kernel.halt
    held_by = picture.kernel.gc[gun]
    assert held_by in {ARM, LEAD, *ROLES}
    assert hand_on(picture, gun) == held_by, "the card stands while the gun is not in the hand it is recorded in"
    for position in POSITIONS[gun]:
        answered = {kernel.p1[gun, position], kernel.p2[gun, position]}
        assert len(answered - {""}) == 2
        lying = picture.lying.get((gun, position), "")
        assert kernel.pos[gun, position] == (lying or EMPTY), "the card stands while the rounds are recorded elsewhere"
        first, second = answerers(stage, gun, position)
        assert first
        assert second
        assert first != second
    rounds = kernel.rounds_in(gun)
    assert len(rounds) == card.count
    for round_id in rounds:
        assert len({kernel.r1[round_id], kernel.r2[round_id]} - {""}) == 2
        assert {kernel.r1[round_id], kernel.r2[round_id]} <= who_tested(stage, round_id)
        assert lot_signed_for(picture, picture.cartridges[round_id].lot)
        assert picture.lots[picture.cartridges[round_id].lot].kind.value == kernel.rk[round_id]
        assert (card.kind == "dummies") == (kernel.rk[round_id] == "dummy")
