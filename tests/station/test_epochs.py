"""A hub restored, cloned or replaced: it asks before it signs, is fed, or opens an epoch in which nothing is proven."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.views import card_of
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from coldcheck.proof.entry import read_entry
from coldcheck.proof.merkle import ForkedLog
from coldcheck.proof.note import BadSignature, LogKey, LogVerifier, SignatureLine
from coldcheck.station.audit import audit_copy
from coldcheck.station.audit_ledger import audit_ledger
from coldcheck.station.cosigner import add_checkpoint, make_cosigner
from coldcheck.station.cosigners import log_keys, request_for, sealed_at
from coldcheck.station.epochs import feed, next_epoch_key, open_epoch, verify_newest, verify_writer
from coldcheck.station.export import export_tiles
from coldcheck.station.forks import FencedWriter, OlderCopy
from coldcheck.station.play import BUILD, Player
from coldcheck.station.record import Hub, Reply, Signed, acts_of, open_hub, record, record_own, replay
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import verify_ledger, verify_path
from station.ledgers import begin_of, play_rehearsal
from verifier.node import command

YESTERDAY = 35
SEED = bytes(range(32))
AFTER = "2026-06-01T08:00:00Z"


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    player = play_rehearsal(tmp_path / "day.ledger")
    yield player
    player.hub.store.close()


@pytest.fixture
def restored(tmp_path: Path, player: Player) -> Iterator[SqliteStore]:
    """The ledger as it was some entries ago, from a backup."""
    store = begin_of(store_of(player), tmp_path / "restored.ledger", YESTERDAY)
    yield store
    store.close()


def store_of(player: Player) -> SqliteStore:
    assert isinstance(player.hub.store, SqliteStore)
    return player.hub.store


def new_epoch(player: Player, store: SqliteStore, *, seen: Checkpoint | None) -> tuple[Hub, Reply]:
    picture = replay(store.entries())
    assert player.hub.acting_key is not None
    return open_epoch(
        store, log_key=next_epoch_key(picture, log=player.log, seed=SEED), acting_key=player.hub.acting_key,
        log=player.log, build=BUILD, seen=seen, reason="restored", now=player.moment(AFTER),
    )  # fmt: skip


def test_a_restored_hub_finds_out_before_it_signs(player: Player, restored: SqliteStore) -> None:
    store = store_of(player)
    size = store.entry_count()
    assert size > YESTERDAY
    assert verify_newest(restored, seen=()) is None
    assert verify_newest(restored, seen=(store.checkpoint(YESTERDAY), store.checkpoint(3))) is not None
    with pytest.raises(OlderCopy, match="restored"):
        verify_newest(restored, seen=(store.checkpoint(3), store.checkpoint(size)))


def test_a_checkpoint_of_another_history_or_key_is_no_reason_to_go_on(player: Player, restored: SqliteStore) -> None:
    other = Checkpoint(origin=player.log_key.name, size=9, root=bytes(32))
    with pytest.raises(ForkedLog):
        verify_newest(restored, seen=(sign_checkpoint(other, player.log_key),))
    foreign = LogKey.from_seed(name=player.log_key.name, seed=SEED)
    with pytest.raises(BadSignature):
        verify_newest(restored, seen=(sign_checkpoint(other, foreign),))


def test_it_is_fed_from_another_copy_up_to_what_was_signed(
    player: Player, restored: SqliteStore, tmp_path: Path
) -> None:
    store = store_of(player)
    size = store.entry_count()
    assert feed(restored, source=store, note=store.checkpoint(size)) == size - YESTERDAY
    assert restored.checkpoint() == store.checkpoint()
    assert verify_newest(restored, seen=(store.checkpoint(),)) is not None
    assert verify_ledger(tmp_path / "restored.ledger", vkey=player.log_key.vkey).ok
    assert list(restored.openings()) == list(store.openings())


def test_entries_of_another_history_are_not_fed(player: Player, restored: SqliteStore) -> None:
    store = store_of(player)
    wrong = Checkpoint(origin=player.log_key.name, size=YESTERDAY + 1, root=bytes(32))
    with pytest.raises(ForkedLog):
        feed(restored, source=store, note=sign_checkpoint(wrong, player.log_key))
    assert restored.entry_count() == YESTERDAY


def test_a_new_epoch_cites_both_heads_and_leaves_no_gun_proven(
    player: Player, restored: SqliteStore, tmp_path: Path
) -> None:
    store = store_of(player)
    lost = open_checkpoint(store.checkpoint(), player.log_key.verifier)
    before = replay(restored.entries())
    assert before.calls, "a call stands where the backup was made"
    hub, reply = new_epoch(player, restored, seen=lost)
    assert reply.entry_index == YESTERDAY
    (act,) = acts_of(read_entry(restored.entry(YESTERDAY)).author)
    assert isinstance(act, a.EpochOpened)
    assert (act.seen_size, act.seen_root) == (lost.size, lost.root.hex())
    assert hub.picture.epoch == 1
    assert not hub.picture.calls
    for gun in hub.picture.guns:
        assert card_of(hub.picture, gun, now=before.now).kind == "loaded"
    for gun in before.calls:
        # One that was being held out then was taken by nobody in time.
        assert hub.picture.voids[gun].code == ("V03" if gun in before.offers else "V20")
    report = verify_ledger(tmp_path / "restored.ledger", vkey=player.log_key.vkey)
    assert report.ok, report.first_bad
    assert report.vkey == hub.log_key.vkey
    assert verify_ledger(tmp_path / "restored.ledger", vkey=hub.log_key.vkey).ok
    audited = audit_ledger(tmp_path / "restored.ledger", vkey=player.log_key.vkey, jobs=1)
    assert (audited.ok, audited.entries, audited.root) == (True, report.entries, report.root), audited.first_bad


def test_both_verifiers_read_an_export_of_two_epochs(player: Player, restored: SqliteStore, tmp_path: Path) -> None:
    export_tiles(restored, tmp_path / "tiles")
    hub, _reply = new_epoch(player, restored, seen=None)
    record_own(hub, (a.DayOpened(day=1),), player.moment(AFTER), entry_seed=SEED)
    export_tiles(restored, tmp_path / "tiles")
    printed = tmp_path / "printed.vkey"
    printed.write_text(player.log_key.vkey + "\n")
    assert verify_path(tmp_path / "tiles", vkey=player.log_key.vkey).ok
    said = command(tmp_path / "tiles", "--vkey", printed)
    assert said.code == 0, said
    assert said.told["vkey"] == hub.log_key.vkey
    # Whoever has nothing but this copy reads that another writer went on in it.
    remark = (
        f"Another writer of this log goes on from entry {YESTERDAY} (restored): it names none as lost, and a checkpoint"
    )
    for remarks in (
        said.told["remarks"],
        verify_path(tmp_path / "tiles", vkey=None).remarks,
        audit_copy(tmp_path / "tiles", vkey=None, jobs=1).remarks,
        audit_copy(tmp_path / "restored.ledger", vkey=None, jobs=1).remarks,
    ):
        assert remarks[0].startswith(remark)
    assert sealed_at(restored, size=YESTERDAY).size == YESTERDAY
    assert sealed_at(restored, size=None).size == YESTERDAY + 2
    assert set(log_keys(restored)) == {player.log_key.name, hub.log_key.name}


def test_a_writer_of_another_epoch_records_nothing(player: Player, restored: SqliteStore) -> None:
    key = next_epoch_key(replay(restored.entries()), log=player.log, seed=SEED)
    assert player.hub.acting_key is not None
    silent = open_hub(restored, log_key=key, log=player.log, epoch=1, build=BUILD, acting_key=player.hub.acting_key)
    with pytest.raises(a.BadAct, match="Open an epoch"):
        record_own(silent, (a.DayOpened(day=1),), player.moment(AFTER), entry_seed=SEED)
    hub, _reply = new_epoch(player, restored, seen=None)
    verify_writer(hub)
    old = open_hub(
        restored, log_key=player.log_key, log=player.log, epoch=0, build=BUILD, acting_key=player.hub.acting_key
    )
    with pytest.raises(FencedWriter):
        verify_writer(old)
    with pytest.raises(a.BadAct, match="replaced"):
        record_own(old, (a.DayOpened(day=1),), player.moment(AFTER), entry_seed=SEED)
    assert restored.entry_count() == YESTERDAY + 1


def test_a_clone_that_writes_on_is_a_fork_to_whoever_remembers(
    player: Player, restored: SqliteStore, tmp_path: Path
) -> None:
    store = store_of(player)
    studio = make_cosigner(tmp_path / "studio", name="studio.example/c1", seed=SEED, logs=(player.log_key.vkey,))
    assert add_checkpoint(studio, request_for(store, old_size=0).encoded(), at_s=1).status == 200
    clone = open_hub(
        restored, log_key=player.log_key, log=player.log, epoch=0, build=BUILD, acting_key=player.hub.acting_key
    )
    number = 0
    while restored.entry_count() < store.entry_count():
        number += 1
        record_own(clone, (a.DayOpened(day=number),), player.moment(AFTER), entry_seed=bytes([number]) * 32)
    said = add_checkpoint(studio, request_for(restored, old_size=0).encoded(), at_s=2)
    assert said.status == 409
    assert said.fork is not None
    with pytest.raises(ForkedLog):
        verify_newest(restored, seen=(store.checkpoint(),))


def test_an_unknown_epoch_elsewhere_fences_this_writer(player: Player, restored: SqliteStore) -> None:
    hub, _reply = new_epoch(player, restored, seen=None)
    with pytest.raises(FencedWriter, match="another writer"):
        verify_newest(store_of(player), seen=(restored.checkpoint(),))
    assert LogVerifier.from_vkey(hub.log_key.vkey).name.endswith("/e1")


def test_what_the_lost_writer_took_comes_in_as_it_was_signed(player: Player, restored: SqliteStore) -> None:
    """A phone that still has its act sends it to the new writer: the same bytes, delivered late."""
    store = store_of(player)
    hub, _reply = new_epoch(player, restored, seen=None)
    lost = read_entry(store.entry(YESTERDAY))
    line: SignatureLine = lost.signatures[0]
    openings = tuple(one for one in store.openings() if one[0].encode() in lost.line1)
    signed = Signed(line1=lost.line1, signature=line, openings=openings, delivered="queued")
    reply = record(hub, signed, player.moment(AFTER))
    assert reply.entry_index == YESTERDAY + 1
    assert record(hub, replace(signed, delivered="live"), player.moment(AFTER)).entry_index == YESTERDAY + 1
