"""One question over the records of several hubs or companies: the same recall and the same chain, ledger by ledger.

A round, container, gun or lot has one id wherever it goes; its label is local. So a name is looked up in the ledgers in
the order they were given, and from there on only the id counts. Each ledger is read by itself and none is merged: what
an answer says of a ledger is said under that ledger's name, with its entries.

    records = read_records((Path("hub-a.ledger"), Path("hub-b.ledger")))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.trace_rings import Recall
from coldcheck.station import answer_text
from coldcheck.station.answer_text import Json, label_of
from coldcheck.station.ledger_files import picture_of
from coldcheck.station.things_by_name import UnknownItem, item_of

RINGS = (
    ("the lot itself", "lot"),
    ("in a container with it at the same time", "together"),
    ("reached through those, up to full tests by two", "closure"),
    ("reached if no test is trusted", "closure_no_barriers"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One ledger by the name of its file, and what it says."""

    name: str
    picture: Picture


def read_records(ledgers: tuple[Path, ...]) -> tuple[Record, ...]:
    """Every ledger read to its end and closed again, in order. Raises NoLedger for the first that is none."""
    out = []
    for path in ledgers:
        picture, store = picture_of(path)
        store.close()
        out.append(Record(name=path.name, picture=picture))
    return tuple(out)


def item_across(records: tuple[Record, ...], name: str, *, letters: str) -> Id:
    """The id of a name, by the first ledger that knows it. Raises UnknownItem when none does."""
    for number, record in enumerate(records):
        try:
            return item_of(record.picture, name, letters=letters)
        except UnknownItem:
            if number == len(records) - 1:
                raise
    raise UnknownItem(f'"{name}" is in none of these ledgers, because none was named.')


def knows(record: Record, item: Id) -> bool:
    """Whether a ledger has any entry that tells of this thing or lot."""
    picture = record.picture
    return any(item in known for known in (picture.cartridges, picture.lots, picture.containers, picture.guns))


def recall_lines(records: tuple[Record, ...], rings: tuple[Recall, ...], lot: Id) -> Iterator[str]:
    """The rings of each ledger under its name."""
    for record, recall in zip(records, rings, strict=True):
        if not recall.came:
            yield f"{record.name}: no entry tells of this lot or of anything that lay with it"
            continue
        yield f"{record.name} (as of entry {record.picture.size - 1})"
        yield f"  {answer_text.lot_line(record.picture, lot)}"
        for title, field in RINGS:
            items: tuple[Id, ...] = getattr(recall, field)
            named = ", ".join(label_of(record.picture, thing) for thing in items[:20])
            more = f" and {len(items) - 20} more" if len(items) > 20 else ""  # noqa: PLR2004  # a screenful
            yield f"  {title}: {len(items)}" + (f": {named}{more}" if items else "")
        if recall.unrecorded:
            yield f"  {recall.unrecorded} rounds turned up where no entry put them: where they were between is in no ring"
    yield "no order is assumed between two ledgers: what came to both may be named too often, never too seldom"


def recall_json(records: tuple[Record, ...], rings: tuple[Recall, ...], lot: Id) -> Json:
    """The shape of `recall --json` over several ledgers: all ids in one set of rings, and each ledger's own."""
    known_as: dict[Id, list[Json]] = {}
    innermost: dict[Id, str] = {}
    for record, recall in zip(records, rings, strict=True):
        for _title, field in RINGS:
            for thing in getattr(recall, field):
                known_as.setdefault(thing, []).append({"ledger": record.name, "label": label_of(record.picture, thing)})
    for _title, field in RINGS:
        for recall in rings:
            for thing in getattr(recall, field):
                innermost.setdefault(thing, field)
    whole = {
        field: [
            {"item": thing, "known_as": known_as[thing]} for thing in sorted(innermost) if innermost[thing] == field
        ]
        for _title, field in RINGS
    }
    return {
        "rings": whole,
        "ledgers": [
            {"ledger": record.name, **answer_text.recall_json(record.picture, recall, lot)}
            for record, recall in zip(records, rings, strict=True)
        ],
    }


def lot_lines(record: Record, lot: Id) -> Iterator[str]:
    """What a ledger that never had the round itself says of its lot: where it was entered, came in, and lies now."""
    picture = record.picture
    if lot not in picture.lots:
        return
    known = picture.lots[lot]
    made = f", made by {known.maker}" if known.maker else ""
    yield f"{record.name}: knows its lot {known.label} ({known.kind.value}{made}, {known.count} rounds said), entry {known.entry_index}"
    for (lot_id, container), pairs in sorted(picture.receipts.items()):
        if lot_id == lot:
            for given, got in pairs:
                yield f"  came in {label_of(picture, container)}: delivered entry {given}, received entry {got}"
    for parent in known.parents:
        yield f"  {parent[0].value.replace('_', ' ')} {label_of(picture, parent[1])}"
    holds = sorted({spot.thing for r, spot in picture.spots.items() if picture.cartridges[r].lot == lot})
    if holds:
        yield f"  its rounds lie in {', '.join(label_of(picture, thing) for thing in holds)}"
