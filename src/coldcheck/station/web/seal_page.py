"""The day's seal as a page of the office: the signed checkpoint with the cosignatures present, as a code to print.

For: whoever wraps the day. The page goes on paper beside the call sheet; its code holds the note byte for byte, so that any later copy
of the record can be held against it (`coldcheck verify --seen`).

Promises: what is shown was verified as `sealed_at` does. Of every cosigner the page says whether an officer named its key, and in which
entry. Looking writes nothing.

Does not do: ask cosigners, or say that the day is over: that is an act.
"""

from dataclasses import dataclass
from pathlib import Path

import segno

from coldcheck.custody.picture import SealedDeliveries
from coldcheck.station.cosigners import MOST_CODE_BYTES, Seal, instant, sealed_at
from coldcheck.station.store_sqlite import read_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cosigner as the page shows it: `entry` is where an officer named its key, None where nobody did."""

    name: str
    at: str
    entry: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSheet:
    """What goes on paper. `code` is the drawn QR code, "" when there are more signatures than one holds."""

    note: str
    size: int
    root: str
    after: int
    code: str
    lines: tuple[Line, ...]
    kept: tuple[tuple[str, int], ...]
    delivered: tuple[SealedDeliveries, ...]


def seal_sheet(ledger: Path, *, named: dict[str, int], size: int | None) -> SealSheet:
    """The sheet for the seal over `size` entries; None: the newest that was cosigned. `named`: cosigners by vkey, with the entry.

    Raises BadRecord, BadProof or NoLedger.
    """
    store = read_ledger(ledger)
    try:
        store.hold_still()
        found = sealed_at(store, size=size)
    finally:
        store.close()
    lines = tuple(Line(name=one.name, at=instant(one.at_s), entry=named.get(one.vkey)) for one in found.cosigned)
    return SealSheet(
        note=found.note.decode(),
        size=found.size,
        root=found.root,
        after=found.after,
        code=_drawn(found),
        # Those that somebody vouches for first.
        lines=tuple(sorted(lines, key=lambda line: (line.entry is None, line.name, line.at))),
        kept=found.kept,
        delivered=found.delivered,
    )


def _drawn(seal: Seal) -> str:
    if len(seal.note) > MOST_CODE_BYTES:
        return ""
    return segno.make_qr(seal.note, error="m").svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
