"""Writer epochs: how a hub that was restored, cloned or replaced goes on without a silent fork.

A hub signs nothing before it has asked for the newest checkpoint that anybody remembers (cosigners, phones, the seal on
paper). If one is longer than its ledger, the missing entries are fed back from any copy of them, or are given up: then a
new epoch begins, under a new log key, with an entry that cites both heads. What was not recovered is unknown: that entry
takes away every proof, so no gun is cold until it was looked into again.

Promises: `verify_newest` raises for every history that this ledger does not contain; `feed` takes only entries that lead
to a root somebody signed; an epoch's key signs no checkpoint of another epoch.

Does not do: ask anybody. Whoever has a wire brings the checkpoints.

    verify_newest(store, seen=(note_of_studio, note_of_phone))
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from coldcheck.custody.acts import EpochOpened
from coldcheck.custody.picture import Picture
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, read_checkpoint_text
from coldcheck.proof.keys import ActingKey
from coldcheck.proof.merkle import EMPTY_ROOT, ForkedLog, Frontier
from coldcheck.proof.note import LogKey, LogVerifier, parse_note
from coldcheck.station.cosigners import log_keys
from coldcheck.station.forks import FencedWriter, Standing, older_copy, standing_of
from coldcheck.station.record import Hub, Moment, Reply, open_hub, record_own
from coldcheck.station.store import Row, Store
from coldcheck.station.store_sqlite import SqliteStore


def verify_newest(store: Store, *, seen: Iterable[bytes]) -> Checkpoint | None:
    """The newest checkpoint known elsewhere, which this ledger continues; None when nobody knew one.

    Raises OlderCopy when one is longer than the ledger, ForkedLog when one is of another history, FencedWriter for one of an
    epoch that this ledger does not know: a newer writer is at work.
    """
    newest: Checkpoint | None = None
    for note in seen:
        found = read_checkpoint_text(parse_note(note).text)
        match standing_of(note, store):
            case Standing.OLDER:
                raise older_copy(found.size, store.entry_count())
            case Standing.FORKED:
                raise ForkedLog(
                    f"The log's key signed another history of {found.size} entries than this ledger has. Keep both, and stop."
                )
            case Standing.OURS:
                newest = found if newest is None or found.size > newest.size else newest
            case Standing.GIVEN_UP:
                pass
            case never:
                assert_never(never)
    return newest


def newest_head(store: Store, *, seen: Iterable[bytes]) -> Checkpoint | None:
    """The longest signed history that anybody showed of the epoch this ledger is in; None without one.

    It is what a new epoch cites: this ledger need not have those entries, nor be a beginning of them. Raises as
    `standing_of` does.
    """
    own = list(log_keys(store))[-1]
    heads: list[Checkpoint] = []
    for note in seen:
        standing_of(note, store)
        claimed = read_checkpoint_text(parse_note(note).text)
        if claimed.origin == own:
            heads.append(claimed)
    return max(heads, key=lambda head: head.size, default=None)


def feed(store: SqliteStore, *, source: SqliteStore, note: bytes, keys: Mapping[str, LogVerifier] | None = None) -> int:
    """How many entries were taken from `source`, another copy of the same log, up to the checkpoint `note`.

    Raises ForkedLog, and takes nothing, unless all entries together have the root that `note` states; BadSignature and the
    like when the log's key did not sign it. `keys`: the log's keys by name, when the caller has verified `source` with all
    its epochs; without them only the epochs that this ledger knows.
    """
    size = store.entry_count()
    keys = log_keys(store) if keys is None else keys
    claimed = read_checkpoint_text(parse_note(note).text)
    if claimed.origin not in keys:
        raise FencedWriter(f"{claimed.origin} is no epoch that this ledger knows; feed it from its own epoch first.")
    wanted = open_checkpoint(note, keys[claimed.origin])
    frontier = Frontier.read_back(size, store.node)
    for index in range(size, wanted.size):
        frontier.append(source.entry(index))
    if frontier.root() != wanted.root:
        raise ForkedLog("The entries offered do not lead to the root that was signed: they are of another history.")
    _append_from(store, source, start=size, end=wanted.size)
    return wanted.size - size


def _append_from(store: SqliteStore, source: SqliteStore, *, start: int, end: int) -> None:
    frontier = Frontier.read_back(start, store.node)
    openings = tuple(source.openings())
    for index in range(start, end):
        entry_id, data, _leaf = source.row(index)
        named = tuple(one for one in openings if one[0].encode() in data)
        row = Row(
            entry_index=index, entry_id=entry_id, data=data, nodes=frontier.append(data),
            checkpoint=source.checkpoint(index + 1), openings=named,
        )  # fmt: skip
        store.append(row)


def next_epoch_key(picture: Picture, *, log: str, seed: bytes) -> LogKey:
    """The log's key of the epoch after the newest in `picture`, from a fresh 32-byte seed. Raises BadKey."""
    return LogKey.from_seed(name=f"{log}/e{picture.epoch + 1}", seed=seed)


def open_epoch(
    store: Store,
    *,
    log_key: LogKey,
    acting_key: ActingKey,
    log: str,
    build: str,
    seen: Checkpoint | None,
    reason: str,
    now: Moment,
) -> tuple[Hub, Reply]:
    """A hub that writes on under `log_key`, after its entry that cites both heads is durable, and the reply to that.

    `seen`: the newest head known elsewhere, None when nobody knew a longer one. Raises BadRecord for a key of another log
    or of no later epoch, and as `record` does.
    """
    name, _, epoch_text = log_key.name.rpartition("/e")
    if name != log or not epoch_text.isdecimal():
        raise BadRecord(f"The log key {log_key.name} is not of the log {log}; make one with next_epoch_key.")
    epoch = int(epoch_text)
    hub = open_hub(store, log_key=log_key, log=log, epoch=epoch, build=build, acting_key=acting_key)
    own_size, own_root = hub.frontier.size, hub.root if hub.frontier.size else EMPTY_ROOT
    longer = seen is not None and seen.size > own_size
    act = EpochOpened(
        epoch=epoch,
        public=log_key.verifier.public_bytes.hex(),
        seen_size=seen.size if seen is not None and longer else own_size,
        seen_root=(seen.root if seen is not None and longer else own_root).hex(),
        reason=reason,
    )
    reply = record_own(hub, (act,), now, entry_seed=log_key.verifier.public_bytes)
    return hub, reply


def verify_writer(hub: Hub) -> None:
    """Nothing, if this hub's epoch is the one its ledger is in. Raises FencedWriter: it was replaced, and signs nothing."""
    if hub.epoch < hub.picture.epoch:
        raise FencedWriter(
            f"This hub writes for epoch {hub.epoch}, and its ledger is in epoch {hub.picture.epoch}: it was replaced. Put it"
            " away, and bring what it took to the hub that has the log."
        )
