"""Whoever has the ledger and every key of the hub writes the past anew: the copy is whole, and a receipt names what was changed.

Each forgery is signed with the log's own key, tiles and checkpoint fresh. By itself it fools both verifiers, for nothing in it is
wrong; that is the point. Beside one receipt, or one checkpoint, kept by anybody from before, both call it bad, and with a receipt of
a changed entry they name that very entry.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.encoding import Plain
from coldcheck.proof.entry import build_entry, make_line, read_entry
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import LogKey
from coldcheck.proof.tiles import export_files
from coldcheck.proof.tlog_proof import make_proof
from coldcheck.station.judged_again import judged_again
from coldcheck.station.play import Player
from coldcheck.station.record import replay
from coldcheck.station.seen_elsewhere import held_against
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import expected_keys, verify_path
from station.ledgers import play_rehearsal
from verifier.node import command

Forge = Callable[[list[bytes]], int]
"""Changes the entries, and gives the first index at which they differ from what they were."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return play_rehearsal(tmp_path_factory.mktemp("forger") / "day.ledger")


def receipt_line(data: bytes, **changed: Plain) -> bytes:
    """The entry with another line 2, as whoever runs the hub could write it at any time."""
    entry = read_entry(data)
    return build_entry(line1=entry.line1, line2=make_line({**entry.receipt, **changed}), signatures=entry.signatures)


def a_call_that_was_granted_becomes_refused(entries: list[bytes]) -> int:
    at = next(at for at, data in enumerate(entries) if read_entry(data).receipt["verdict"] == "granted")
    entries[at] = receipt_line(entries[at], verdict="refused")
    return at


def what_was_late_becomes_in_time(entries: list[bytes]) -> int:
    """The clock of all later receipts is turned back: what had run out lasts."""
    clocks = [read_entry(data).receipt["mono_ms"] for data in entries]
    began = clocks[len(entries) // 2]
    at = next(at for at in range(len(entries) // 2, len(entries)) if clocks[at] != began)
    for index in range(at, len(entries)):
        entries[index] = receipt_line(entries[index], mono_ms=began)
    return at


def a_finding_is_taken_out(entries: list[bytes]) -> int:
    at = next(at for at, data in enumerate(entries) if read_entry(data).receipt["findings"])
    entries[at] = receipt_line(entries[at], findings=[])
    return at


def two_peoples_acts_change_places(entries: list[bytes]) -> int:
    """An answer comes before what it was given to; each is its signer's own act, byte for byte."""
    for at in range(len(entries) - 2, 1, -1):
        one, other = read_entry(entries[at]).author, read_entry(entries[at + 1]).author
        if one["key"] != other["key"]:
            entries[at], entries[at + 1] = entries[at + 1], entries[at]
            return at
    raise AssertionError("somebody acts after somebody else")


def what_came_live_becomes_queued(entries: list[bytes]) -> int:
    at = len(entries) - 2
    entries[at] = receipt_line(entries[at], delivered="queued")
    return at


FORGERIES = (
    a_call_that_was_granted_becomes_refused, what_was_late_becomes_in_time, a_finding_is_taken_out, two_peoples_acts_change_places,
    what_came_live_becomes_queued,
)  # fmt: skip


def written(entries: list[bytes], log_key: LogKey, place: Path) -> Path:
    """An export of these entries, signed by the log's own key."""
    frontier = Frontier()
    nodes = {(node.level, node.index): node.hash for data in entries for node in frontier.append(data)}
    head = Checkpoint(origin=log_key.name, size=len(entries), root=frontier.root())
    files = export_files(
        checkpoint=sign_checkpoint(head, log_key), vkey=log_key.vkey, keys=expected_keys(replay(entries)),
        tree_size=len(entries), read_node=lambda level, index: nodes[level, index], read_entry=entries.__getitem__,
    )  # fmt: skip
    for path, data in files:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place


def verdicts(copy: Path, seen: bytes | None, place: Path) -> list[tuple[bool, int | None]]:
    """Whether each verifier calls the copy good, and the entry it names."""
    (place / "seen").write_bytes(seen or b"")
    ours = held_against(verify_path(copy, vkey=None), copy, () if seen is None else (seen,))
    told = command(copy, *(() if seen is None else ("--seen", place / "seen"))).told
    return [
        (ours.ok, ours.first_bad.entry if ours.first_bad else None),
        (told["ok"], told["first_bad"]["entry"] if told["first_bad"] else None),
    ]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_past_written_anew_is_whole_by_itself_and_bad_to_whoever_kept_anything(
    played: Player, forge: Forge, tmp_path: Path
) -> None:
    store = played.hub.store
    assert isinstance(store, SqliteStore)
    entries = list(store.entries())
    size = len(entries)
    at = forge(entries)
    copy = written(entries, played.log_key, tmp_path / "copy")
    assert verdicts(copy, None, tmp_path) == [(True, None)] * 2
    note = store.checkpoint(size)
    receipt = make_proof(entry_index=at, tree_size=size, read_node=store.node, checkpoint=note)
    held = replace(receipt, extra=store.entry(at)).encoded()
    assert verdicts(copy, held, tmp_path) == [(False, at)] * 2
    assert [ok for ok, _entry in verdicts(copy, note, tmp_path)] == [False, False]
    # What was kept from before the change contradicts nothing.
    assert verdicts(copy, store.checkpoint(at), tmp_path) == [(True, None)] * 2


def test_an_end_that_was_left_off_is_bad_to_whoever_kept_a_later_act(played: Player, tmp_path: Path) -> None:
    store = played.hub.store
    assert isinstance(store, SqliteStore)
    entries = list(store.entries())
    size = len(entries)
    del entries[-3:]
    copy = written(entries, played.log_key, tmp_path / "copy")
    assert verdicts(copy, None, tmp_path) == [(True, None)] * 2
    made = make_proof(entry_index=size - 1, tree_size=size, read_node=store.node, checkpoint=store.checkpoint(size))
    assert [ok for ok, _at in verdicts(copy, replace(made, extra=entries[0]).encoded(), tmp_path)] == [False, False]
    assert [ok for ok, _at in verdicts(copy, replace(made, extra=store.entry(size - 1)).encoded(), tmp_path)] == [
        False
    ] * 2


def test_a_verdict_written_anew_is_listed_by_whoever_judges_again(played: Player) -> None:
    entries = list(played.hub.store.entries())
    assert judged_again(iter(entries)) == ()
    at = a_call_that_was_granted_becomes_refused(entries)
    assert at in {one.entry for one in judged_again(iter(entries))}
