"""The fictional Western: the file is what its generator writes, and it plays as written.

Its two live rounds are told apart: one is traced to a receipt, the other to a named gap.
"""

from collections import Counter
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Capability, Relation, RoundKind
from coldcheck.custody.trace import Origin, live_finds, origin_of
from coldcheck.station.lab.western import DAYS, FILE, SEED, western
from coldcheck.station.play import Played, Player, meta_of
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import create_ledger
from tracked import REPO

WESTERN = REPO / FILE


def test_the_file_is_what_the_generator_writes() -> None:
    assert WESTERN.read_text(encoding="utf-8") == western(seed=SEED), "python -m coldcheck.station.lab.western"


def test_another_seed_is_another_production() -> None:
    assert western(seed=SEED) != western(seed=SEED + 1)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, tuple[Played, ...]]:
    return play(western(seed=SEED), tmp_path_factory.mktemp("western") / "western.ledger")


def play(text: str, ledger: Path) -> tuple[Picture, tuple[Played, ...]]:
    scenario = parse_scenario(text, path=str(FILE))
    store = create_ledger(ledger, meta=meta_of(scenario))
    player = Player(scenario, store)
    results = player.play()
    store.close()
    return player.hub.picture, results


@pytest.mark.slow
def test_every_line_is_met(played: tuple[Picture, tuple[Played, ...]]) -> None:
    assert [result for result in played[1] if not result.met] == []


@pytest.mark.slow
def test_it_has_the_guns_lots_rounds_and_people_it_should(played: tuple[Picture, tuple[Played, ...]]) -> None:
    picture, results = played
    assert len(picture.guns) == 14
    assert sum(gun.capability is Capability.W0 for gun in picture.guns.values()) == 2
    assert [(gun.chambers, gun.bores) for gun in picture.guns.values() if gun.calibre == "12-bore"] == [(2, 2)]
    assert Counter(lot.kind for lot in picture.lots.values()) == {RoundKind.DUMMY: 4, RoundKind.BLANK: 2}
    assert [lot.parents[0][0] for lot in picture.lots.values() if lot.parents] == [Relation.REPACKED_FROM]
    received = [done.act for done in picture.journal if isinstance(done.act, a.Received)]
    assert sum(act.count for act in received) == 400
    assert len([person for person in picture.persons.values() if person.label != "HUB"]) == 9
    assert sum(isinstance(done.act, a.DayOpened) for done in picture.journal) == 2 * DAYS
    assert len(results) >= 1_200


@pytest.mark.slow
def test_calls_are_granted_and_some_are_refused_first(played: tuple[Picture, tuple[Played, ...]]) -> None:
    ended = Counter(
        (result.verdict, result.rules) for result in played[1] if result.act == "acknowledged" and result.met
    )
    assert sum(count for (verdict, _rules), count in ended.items() if verdict == "granted") > 40
    refused = {rules for (verdict, rules) in ended if verdict == "refused"}
    assert {("K7",), ("K8",)} <= refused


def origins(picture: Picture) -> tuple[Origin, Origin]:
    traced, stray = (origin_of(picture, found) for found in live_finds(picture))
    return traced, stray


@pytest.mark.slow
def test_the_live_round_of_the_repacked_lot_is_traced_to_both_halves_of_its_receipt(
    played: tuple[Picture, tuple[Played, ...]],
) -> None:
    picture = played[0]
    traced, _stray = origins(picture)
    lot = picture.lots[picture.cartridges[traced.round_id].lot]
    assert (traced.ends_at, traced.ever_proven, lot.label) == ("receipt", False, "Lot-R45")
    assert [step.act for step in reversed(traced.chain)][:2] == ["received", "moved"]
    assert traced.receipt is not None
    given, got = (picture.journal[picture.entry_acts[entry]].act for entry in traced.receipt)
    assert isinstance(given, a.Delivered)
    assert isinstance(got, a.Received)
    assert given.lot == got.lot == lot.lot


@pytest.mark.slow
def test_the_stray_round_ends_at_the_gap_between_the_last_close_and_its_find(
    played: tuple[Picture, tuple[Played, ...]],
) -> None:
    picture = played[0]
    _traced, stray = origins(picture)
    gap = stray.gap
    assert gap is not None
    assert gap.from_entry is not None
    near = picture.journal[picture.entry_acts[gap.from_entry]]
    assert isinstance(near.act, a.Counted)
    assert picture.containers[near.act.thing].label == "Tray-2"
    assert (near.at[:10], picture.journal[picture.entry_acts[gap.to_entry]].at[:10]) == ("2026-04-17", "2026-04-18")
    assert gap.recording == "on"
    assert gap.access.locked, "it was under lock over night, and who has a key is not in the record"
    assert stray.receipt is None
