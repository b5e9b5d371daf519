"""Registers out of the record: a bound book, custody by gun and period, and guns with ammunition, each row with its entries.

For: the licensee's book, the register of guns and periods, the register of guns and ammunition, as offices ask for them.
Promises: a row says only what an entry says and names it; what a register wants and the record has not is named in the row as
a gap; a correction is a row of its own and the corrected row stays. Does not do: fill a gap, add up what a person did, or
meet a law: the columns are those the reference texts name, not reviewed by counsel.

    book_of("us", picture).rows
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import Custody, Gun, Hold, Id, RoundKind

BookName: TypeAlias = Literal["us", "au", "uk"]
_US: Final = (
    "row", "manufacturer", "importer", "model", "serial", "type", "calibre", "acquired_on", "acquired_from",
    "acquired_address_or_licence", "disposed_on", "disposed_to", "disposed_address_or_licence", "what",
)  # fmt: skip
_AU: Final = ("row", "gun", "serial", "type", "calibre", "where", "from_at", "to_at", "what")
_UK: Final = (
    "row",
    "item",
    "made_by",
    "serial",
    "type",
    "calibre",
    "count",
    "on",
    "other_side",
    "counts_as_ammunition",
    "what",
)
COLUMNS: Final[Mapping[BookName, tuple[str, ...]]] = MappingProxyType({"us": _US, "au": _AU, "uk": _UK})
"""What stands in each register; every row has `entries` and `gaps` beside."""
_ABSENT: Final = "no column of the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """One row: its cells in the order of the columns, the entries it comes from, and what is missing, in words."""

    cells: tuple[str, ...]
    entries: tuple[int, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A register as of the picture's last entry."""

    name: BookName
    columns: tuple[str, ...]
    rows: tuple[BookRow, ...]
    entry_count: int


def book_of(name: BookName, picture: Picture) -> Book:
    """The register of this name, rows in the order of the entries they begin with."""
    make = {"us": _us_rows, "au": _au_rows, "uk": _uk_rows}[name]
    rows = sorted(make(picture), key=lambda row: row.entries)
    return Book(name=name, columns=COLUMNS[name], rows=tuple(rows), entry_count=picture.size)


def _row(columns: tuple[str, ...], entries: tuple[int, ...], gaps: tuple[str, ...] = (), **cells: str) -> BookRow:
    assert set(cells) <= set(columns), "a cell has no column"
    return BookRow(cells=tuple(cells.get(name, "") for name in columns), entries=entries, gaps=gaps)


def _label(picture: Picture, thing: Id) -> str:
    """What the record calls a person, place or container: a label, for names are sealed."""
    for known in (picture.persons, picture.places, picture.containers, picture.guns, picture.lots):
        if thing in known:
            return str(known[thing].label)
    return thing


def _registrations(picture: Picture) -> Iterator[tuple[Gun, Done | None]]:
    """Each gun with its registering act, None where the record has it from a report alone."""
    signed = {done.act.gun: done for done in reversed(picture.journal) if isinstance(done.act, a.GunRegistered)}
    for gun in picture.guns.values():
        yield gun, signed.get(gun.gun)


def _corrections(picture: Picture, columns: tuple[str, ...], entries: set[int]) -> Iterator[BookRow]:
    """A row for every correction, retraction, dispute and registration anew of an entry that stands in the register."""
    for done in picture.journal:
        act = done.act
        if isinstance(act, a.Corrected | a.Retracted | a.Disputed) and act.entry in entries:
            said = {a.Corrected: "correction", a.Retracted: "retraction", a.Disputed: "dispute"}[type(act)]
            gap = ("the words of it are sealed, beside the record",) if isinstance(act, a.Corrected) else ()
            yield _row(
                columns, (done.entry_index, act.entry), gap, row="correction", what=f"{said} of entry {act.entry}"
            )
        elif isinstance(act, a.GunRegistered) and act.gun in picture.guns:
            known = picture.guns[act.gun]
            if done.entry_index != known.entry_index:
                yield _row(
                    columns, (done.entry_index, known.entry_index), (), row="correction", serial=act.serial,
                    type=act.action.value, calibre=act.calibre, what=f"registered otherwise than in entry {known.entry_index}",
                )  # fmt: skip


def _with_corrections(picture: Picture, columns: tuple[str, ...], rows: Iterator[BookRow]) -> Iterator[BookRow]:
    said = tuple(rows)
    yield from said
    yield from _corrections(picture, columns, {entry for row in said for entry in row.entries})


def _came_from(picture: Picture, gun: Id) -> tuple[str, tuple[int, ...]]:
    """From whom a gun came by the first act that says so, and its entry; ("", ()) when none does."""
    for done in picture.journal:
        act = done.act
        if isinstance(act, a.ManifestSent) and gun in act.guns:
            return _label(picture, done.by), (done.entry_index,)
        if isinstance(act, a.BroughtIn) and act.item == gun:
            return act.origin, (done.entry_index,)
    return "", ()


def _left(picture: Picture, item: Id) -> Done | None:
    """The act by which somebody saw it leave for good, the newest; None while it is here."""
    return next(
        (
            done
            for done in reversed(picture.journal)
            if isinstance(done.act, a.LeftProduction) and done.act.item == item
        ),
        None,
    )


# --- the bound book ------------------------------------------------------------------------------------------------


def _us_rows(picture: Picture) -> Iterator[BookRow]:
    return _with_corrections(picture, _US, (_us_row(picture, gun, done) for gun, done in _registrations(picture)))


def _us_row(picture: Picture, gun: Gun, done: Done | None) -> BookRow:
    source, source_entries = _came_from(picture, gun.gun)
    left = _left(picture, gun.gun)
    gaps = [f"{name}: {_ABSENT}" for name in ("manufacturer", "importer", "model", "acquired_address_or_licence")]
    if not source:
        gaps.append("acquired_from: no manifest and no act says from whom")
    if done is None:
        gaps.append("acquired_on: registered by a report, signed by nobody whose act it was")
    cells = {
        "row": "acquisition", "serial": gun.serial, "type": gun.action.value, "calibre": gun.calibre,
        "acquired_on": done.at[:10] if done is not None else "", "acquired_from": source, "what": f"{gun.label}, registered",
    }  # fmt: skip
    entries = (gun.entry_index, *source_entries)
    if left is not None:
        assert isinstance(left.act, a.LeftProduction)
        to = _label(picture, left.act.to) if left.act.to else ""
        cells |= {
            "disposed_on": left.at[:10], "disposed_to": to, "what": f"{gun.label}, {left.act.how.value.replace('_', ' ')}"
        }  # fmt: skip
        gaps.append(f"disposed_address_or_licence: {_ABSENT}")
        gaps.extend(() if to else ("disposed_to: no act says to whom",))
        entries = (*entries, left.entry_index)
    return _row(_US, entries, tuple(gaps), **cells)


# --- custody by gun and period -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    """Who had a thing from one entry to another (`end` is None: still)."""

    held: Custody | None
    start: int
    end: int | None


def _periods(picture: Picture, item: Id, *, start: int, end: int | None, depth: int = 0) -> Iterator[_Period]:
    """The periods of a thing between two entries, through the containers it lay in, whole and without overlap."""
    all_held = picture.custody.get(item, [])
    for number, held in enumerate(all_held):
        if end is not None and held.entry_index >= end:
            break
        begins = max(held.entry_index, start)
        until = all_held[number + 1].entry_index if number + 1 < len(all_held) else None
        ends = end if until is None else until if end is None else min(until, end)
        if number == 0 and held.entry_index > start:
            yield _Period(held=None, start=start, end=held.entry_index)
        # Two hands within one entry are two periods; what was over when this one began is none.
        if ends is not None and (begins > ends or (begins == ends and held.entry_index < start)):
            continue
        if held.hold is Hold.INSIDE and depth < len(picture.containers):
            yield from _periods(picture, held.who, start=begins, end=ends, depth=depth + 1)
        else:
            yield _Period(held=held, start=begins, end=ends)
    if not all_held or (end is not None and all_held[0].entry_index >= end > start):
        yield _Period(held=None, start=start, end=end)


def _au_rows(picture: Picture) -> Iterator[BookRow]:
    return _with_corrections(picture, _AU, _au_periods(picture))


def _au_periods(picture: Picture) -> Iterator[BookRow]:
    times = {done.entry_index: done.at for done in picture.journal}
    for gun, done in _registrations(picture):
        left = _left(picture, gun.gun)
        last = left.entry_index if left is not None else None
        about = {
            "gun": f"{gun.label} ({gun.word_name})",
            "serial": gun.serial,
            "type": gun.action.value,
            "calibre": gun.calibre,
        }
        by_report = () if done is not None else ("registered by a report, signed by nobody whose act it was",)
        yield _row(
            _AU,
            (gun.entry_index,),
            by_report,
            row="gun",
            from_at=times.get(gun.entry_index, ""),
            what="registered",
            **about,
        )
        periods = tuple(_periods(picture, gun.gun, start=gun.entry_index, end=last))
        for one in periods:
            where, gaps = _where(picture, one)
            spans = {
                "from_at": times.get(one.start, ""),
                "to_at": times.get(one.end, "") if one.end is not None else "",
            }
            yield _row(
                _AU, _ends(one.start, one.end), gaps, row="held", where=where, what=_still(one.end), **about, **spans
            )
        for start, end in _out(periods):
            spans = {"from_at": times.get(start, ""), "to_at": times.get(end, "") if end is not None else ""}
            yield _row(_AU, _ends(start, end), (), row="out_of_vault", what=_still(end), **about, **spans)


def _ends(start: int, end: int | None) -> tuple[int, ...]:
    return (start,) if end is None else (start, end)


def _still(end: int | None) -> str:
    return "still so at the last entry" if end is None else ""


def _where(picture: Picture, period: _Period) -> tuple[str, tuple[str, ...]]:
    held = period.held
    if held is None:
        return "not recorded", ("nobody's act says who had it",)
    gaps: tuple[str, ...] = ("reported, not signed by who did it",) if held.reported else ()
    match held.hold:
        case Hold.PERSON:
            return _label(picture, held.who), gaps
        case Hold.LOCKED:
            return f"vault: {_label(picture, held.who)}", gaps
        case Hold.UNATTENDED:
            return f"put down: {_label(picture, held.who)}", (*gaps, "in nobody's hand")
        case Hold.DISPUTED:
            return "accounts differ", (*gaps, "accounts differ on who had it")
        case Hold.UNKNOWN | Hold.INSIDE:
            return "not recorded", (*gaps, "no act says who had it")


def _out(periods: tuple[_Period, ...]) -> Iterator[tuple[int, int | None]]:
    """Each unbroken time out of the vault; what nobody recorded counts as out."""
    began: int | None = None
    for one in periods:
        is_locked = one.held is not None and one.held.hold is Hold.LOCKED and not one.held.reported
        if is_locked and began is not None:
            yield began, one.start
            began = None
        elif not is_locked and began is None:
            began = one.start
    if began is not None:
        yield began, periods[-1].end


# --- guns and ammunition -------------------------------------------------------------------------------------------


def _uk_rows(picture: Picture) -> Iterator[BookRow]:
    return _with_corrections(picture, _UK, _uk_all(picture))


_NOT_KEPT: Final = ("certificate and its area: no column of the record", f"made_by: {_ABSENT} for a gun")
"""What the register of guns and ammunition wants of a gun and no act can say."""


def _uk_all(picture: Picture) -> Iterator[BookRow]:
    for gun, done in _registrations(picture):
        row = _us_row(picture, gun, done)
        source, _entries = _came_from(picture, gun.gun)
        gaps = tuple(gap for gap in row.gaps if gap.startswith("acquired_") and _ABSENT not in gap)
        about = {
            "item": gun.label,
            "serial": gun.serial,
            "type": gun.action.value,
            "calibre": gun.calibre,
            "count": "1",
        }
        yield _row(
            _UK, (gun.entry_index,), (*gaps, *_NOT_KEPT), row="accepted",
            on=done.at[:10] if done is not None else "", other_side=source, what="gun, registered", **about,
        )  # fmt: skip
        left = _left(picture, gun.gun)
        if left is not None and isinstance(left.act, a.LeftProduction):
            to = _label(picture, left.act.to) if left.act.to else ""
            missing = () if to else ("other_side: no act says to whom",)
            yield _row(
                _UK, (left.entry_index, gun.entry_index), missing, row="transferred", on=left.at[:10], other_side=to,
                what=left.act.how.value.replace("_", " "), **about,
            )  # fmt: skip
    came_in = frozenset(done.act.lot for done in picture.journal if isinstance(done.act, a.Received))
    for done in picture.journal:
        yield from _uk_rounds(picture, done, came_in=came_in)


def _uk_rounds(picture: Picture, done: Done, *, came_in: frozenset[Id]) -> Iterator[BookRow]:
    act, on = done.act, done.at[:10]
    match act:
        case a.LotRegistered() if act.lot not in came_in:
            gap = ("no receipt: nobody signed that these rounds came in",)
            yield _row(
                _UK, (done.entry_index,), (*gap, *_unsaid(picture, act.lot)), row="registered", on=on, what="lot",
                **_lot(picture, act.lot, act.count),
            )  # fmt: skip
        case a.Received():
            source = _label(picture, act.source) if act.source else ""
            both = picture.receipts.get((act.lot, act.container), [])
            halves = next((pair for pair in both if done.entry_index in pair), (done.entry_index,))
            missing = () if len(halves) > 1 else ("other_side: nobody signed for the giving side",)
            what = f"counted into {_label(picture, act.container)}"
            count = act.count or len(act.cells)
            yield _row(
                _UK, (done.entry_index, *(entry for entry in halves if entry != done.entry_index)),
                (*missing, *_unsaid(picture, act.lot)), row="accepted", on=on, other_side=source, what=what,
                **_lot(picture, act.lot, count),
            )  # fmt: skip
        case a.Disposed():
            gaps = ("which lot: the act names the container alone",) + (() if act.count else ("count: not said",))
            yield _row(
                _UK, (done.entry_index,), gaps, row="disposed", item=_label(picture, act.thing), count=str(act.count or ""),
                on=on, counts_as_ammunition="treated as yes", what=act.how,
            )  # fmt: skip
        case a.LotClosed():
            lot = _lot(picture, act.lot, None)
            yield _row(
                _UK, (done.entry_index,), ("count: not said", *_unsaid(picture, act.lot)), row="transferred", on=on,
                other_side=_label(picture, act.holder), what="nothing of the lot is left here", **lot,
            )  # fmt: skip
        case _:
            pair = picture.counts.get(act.thing) if isinstance(act, a.Counted) else None
            if (
                pair is not None
                and pair.agreed
                and pair.second_entry == done.entry_index
                and isinstance(act, a.Counted)
            ):
                yield _row(
                    _UK, (pair.second_entry, pair.first_entry), ("which lots: a count is of a container",), row="stock-taking",
                    item=_label(picture, act.thing), count=str(act.count), on=on, counts_as_ammunition="treated as yes",
                    what="two counts agree",
                )  # fmt: skip


def _unsaid(picture: Picture, lot: Id) -> tuple[str, ...]:
    """The gap of a lot of which nobody said who made it; () where somebody did."""
    known = picture.lots.get(lot)
    return () if known is not None and known.maker else ("made_by: nobody said who made them",)


def _lot(picture: Picture, lot: Id, count: int | None) -> dict[str, str]:
    known = picture.lots.get(lot)
    if known is None:
        return {"item": lot, "count": str(count or ""), "counts_as_ammunition": "treated as yes"}
    # A blank is left out up to an inch of diameter, which every blank of a hand gun or long gun is. By its label, not by a test.
    outside = known.kind in {RoundKind.BLANK, RoundKind.SNAP_CAP}
    return {
        "item": known.label, "made_by": known.maker, "type": known.kind.value, "calibre": known.calibre,
        "count": str(count) if count else "",
        "counts_as_ammunition": f"no, if its label is right: {known.kind.value}" if outside else "treated as yes",
    }  # fmt: skip


# --- one for a program ---------------------------------------------------------------------------------------------

FASTBOUND: Final = (
    "Manufacturer", "Model", "Serial", "Caliber", "Type", "AcquisitionType", "Acquire_Date", "Acquire_License",
    "Acquire_LicenseExpires", "Acquire_LicenseName", "Acquire_Organization", "Acquire_FirstName", "Acquire_LastName",
    "Acquire_Address1", "Acquire_City", "Acquire_State", "Acquire_Postal", "Dispose_Date",
)  # fmt: skip
"""The columns of the program's import whose names are known; it has 37, and the names of the others are not."""


def fastbound_rows(book: Book) -> Iterator[tuple[str, ...]]:
    """The acquisitions of a bound book under `FASTBOUND`; what the record has not is empty, for the licensee to fill."""
    for row in book.rows:
        cells = dict(zip(book.columns, row.cells, strict=True))
        if cells["row"] == "acquisition":
            told = {
                "Serial": cells["serial"], "Caliber": cells["calibre"], "Type": cells["type"],
                "Acquire_Date": cells["acquired_on"], "Acquire_Organization": cells["acquired_from"],
                "Dispose_Date": cells["disposed_on"],
            }  # fmt: skip
            yield tuple(told.get(name, "") for name in FASTBOUND)
