"""The delivery log in the day's seal: which screen was told of a void or STOP, hashed, and the hash an entry of the hub.

For: whoever asks later which screen had heard. Screens answer beside the record, so the rows lie beside it too; what binds them is
`deliveries_sealed`, signed by the hub a minute after the day ended or everything was frozen, and when a hub is started anew, so the
next seal covers it (docs/format.md, 4.1).

Promises: what is sealed is frozen: a later answer is not written over it, and a changed, added or missing row is noticed by
`coldcheck verify`, by the seal and by whoever has the bundle. Does not: say that somebody looked; a screen answered.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, Protocol

from coldcheck.custody.acts import DeliveriesSealed
from coldcheck.custody.picture import Picture, SealedDeliveries
from coldcheck.custody.things import Now
from coldcheck.proof.audit import BadRecord
from coldcheck.proof.encoding import encode
from coldcheck.proof.entry import read_entry
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.record import Hub, Moment, Reply, acts_of
from coldcheck.station.store import Delivery, Store

_WORD: Final = b'"act":"deliveries_sealed"'
ANSWERS_MS: Final = 60_000
"""How long after a day's end, or a freeze, screens may still answer."""


def lines_of(rows: Iterable[Delivery]) -> bytes:
    """The rows as they are hashed: one line of canonical JSON each, by entry and then by screen."""
    ordered = sorted(rows, key=lambda row: (row.entry_index, row.screen))
    return b"".join(
        encode(
            {
                "after_ms": row.after_ms, "entry": row.entry_index, "screen": row.screen, "told_at": row.told_at,
                "what": row.what, "who": row.who,
            }
        ) + b"\n"
        for row in ordered
    )  # fmt: skip


def sealed_to(picture: Picture) -> int:
    """Up to which entry the delivery log is sealed; what is heard of earlier entries comes too late."""
    return picture.sealed_deliveries[-1].to_entry if picture.sealed_deliveries else 0


def part_due(picture: Picture, now: Now) -> tuple[int, int] | None:
    """The entries whose deliveries are due to be sealed, half open; None for none.

    Due a minute after they are over: a day that ended, and what came before a freeze, since a day with an incident may
    never be closed. What an earlier run of the hub told its screens is due at once: nobody answers that any more.
    """
    begin = sealed_to(picture)
    began = (picture.boots or [0])[-1] if picture.now.boot == now.boot else picture.size
    ends = (picture.day_ended, max(picture.freezes, default=-1))
    over = (end for end in ends if end < began or now.mono_ms - picture.heard_ms[end] >= ANSWERS_MS)
    end = max(began, *(entry_index + 1 for entry_index in over), 0)
    return (begin, end) if begin < end else None


def seal_deliveries(hub: Hub, *, now: Now, moment: Moment) -> Reply | None:
    """The reply to the hub's entry that seals what is due, None when nothing is. Raises as `say_as_hub` does."""
    due = part_due(hub.picture, now)
    rows = tuple(hub.store.deliveries(*due)) if due else ()
    if due is None or not rows:
        return None
    begin, end = due
    digest = sha256(lines_of(rows)).hexdigest()
    act = DeliveriesSealed(from_entry=begin, to_entry=end, rows=len(rows), sha256=digest)
    return say_as_hub(hub, (act,), moment)


class HasEntries(Protocol):
    """Anything that gives a log's entries, from `start` on, in order."""

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """The bytes of every entry."""


def parts_in(store: HasEntries, *, size: int) -> tuple[SealedDeliveries, ...]:
    """The parts that the first `size` entries seal, in order; as `custody.state` takes them in, without a picture."""
    out: list[SealedDeliveries] = []
    for index, data in zip(range(size), store.entries(), strict=False):
        if _WORD not in data:
            continue
        for act in acts_of(read_entry(data).author):
            last = out[-1].to_entry if out else 0
            if isinstance(act, DeliveriesSealed) and act.from_entry == last < act.to_entry <= index:
                part = SealedDeliveries(
                    entry_index=index, from_entry=last, to_entry=act.to_entry, rows=act.rows, sha256=act.sha256
                )
                out.append(part)
    return tuple(out)


def verify_part(part: SealedDeliveries, data: bytes) -> None:
    """Nothing if these lines are what the entry sealed. Raises BadRecord."""
    if sha256(data).hexdigest() != part.sha256 or data.count(b"\n") != part.rows:
        raise BadRecord(
            f"The delivery log of entries {part.from_entry} to {part.to_entry - 1} is not what entry {part.entry_index}"
            " sealed: a row was changed, put in or taken out."
        )


def verify_deliveries(store: Store, parts: Iterable[SealedDeliveries]) -> None:
    """Nothing if the store's delivery log is as the entries sealed it. Raises BadRecord."""
    for part in parts:
        verify_part(part, lines_of(store.deliveries(part.from_entry, part.to_entry)))
