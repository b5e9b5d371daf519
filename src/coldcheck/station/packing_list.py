"""A packing list read into staging: what a rental house or supplier says it sends, row by row, with every doubt.

For: CSV tables out of any office. Promises: nothing here reaches a record; each row keeps what was written, and what it
would be registered as is a claim that names the document by its hash; whatever was left out, doubled, cut, spoiled by a
spreadsheet or is not known is said beside its row. Does not do: read the metal. A serial from a list is what somebody
typed, so a gun's line waits for the serial a person has read.

    staged = staged_of(read_list(Path("packing.csv")), picture, read={2: "SN-4001"})
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from coldcheck.custody.calibres import size_inch
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import ActionType, Capability, ContainerKind, RoundKind
from coldcheck.proof.errors import ColdcheckError

Thing: TypeAlias = Literal["gun", "lot", "container", ""]
MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 20_000

ALIASES: Final = MappingProxyType(
    {
        "item": ("item", "article", "category", "item type", "artículo", "what"),
        "label": ("label", "name", "asset", "asset no", "tag", "prop no", "item no", "etiqueta", "nombre"),
        "serial": ("serial", "serial no", "serial number", "s/n", "sn", "ser no", "número de serie", "seriennummer"),
        "maker": ("maker", "make", "manufacturer", "mfg", "mfr", "brand", "fabricante", "marca", "hersteller"),
        "importer": ("importer", "importer name", "importador"),
        "model": ("model", "modelo", "modell"),
        "action": ("action", "type", "action type", "firearm type", "tipo", "acción"),
        "calibre": ("calibre", "caliber", "cal", "gauge", "calibre/gauge", "caliber or gauge", "kaliber"),
        "capability": ("capability", "class", "clase"),
        "chambers": ("chambers", "capacity", "shots", "capacidad", "recámaras"),
        "bores": ("bores", "barrels", "cañones"),
        "count": ("count", "qty", "quantity", "rounds", "number of rounds", "cantidad", "menge"),
        "kind": ("kind", "round type", "ammunition type", "ammo type", "load", "tipo de munición"),
        "lot": ("lot", "lot no", "lot number", "batch", "lote", "charge"),
        "container": ("container", "packed in", "box", "case no", "caja"),
        "cells": ("cells", "positions", "cavities", "huecos"),
    }
)
"""Headers as people write them, in lower case without marks at their ends, by the field they name."""
_FIELD_OF: Final = MappingProxyType({word: name for name, words in ALIASES.items() for word in words})
_ACTIONS: Final[Mapping[str, ActionType]] = MappingProxyType(
    {
        **{action.value.replace("_", " "): action for action in ActionType},
        "single action revolver": ActionType.SINGLE_ACTION,
        "double action revolver": ActionType.DOUBLE_ACTION,
        "lever action": ActionType.LEVER,
        "lever action rifle": ActionType.LEVER,
        "bolt action": ActionType.BOLT,
        "bolt action rifle": ActionType.BOLT,
        "pump action": ActionType.PUMP,
        "pump shotgun": ActionType.PUMP,
        "break action": ActionType.BREAK,
        "double barrel shotgun": ActionType.BREAK,
        "semi auto": ActionType.SEMI_AUTOMATIC,
        "semi automatic": ActionType.SEMI_AUTOMATIC,
        "pistol": ActionType.SEMI_AUTOMATIC,
        "rubber": ActionType.REPLICA,
    }
)
_KINDS: Final[Mapping[str, RoundKind]] = MappingProxyType(
    {
        **{kind.value.replace("_", " "): kind for kind in RoundKind},
        "ball": RoundKind.LIVE,
        "blanks": RoundKind.BLANK,
        "dummies": RoundKind.DUMMY,
        "inert": RoundKind.DUMMY,
        "fogueo": RoundKind.BLANK,
        "snap caps": RoundKind.SNAP_CAP,
    }
)
_GUNS: Final = frozenset(("gun", "firearm", "weapon", "rifle", "pistol", "revolver", "shotgun", "replica", "arma"))
_LOTS: Final = frozenset(("lot", "ammunition", "ammo", "rounds", "cartridges", "munición"))
_CONTAINERS: Final = frozenset({"container", *(kind.value for kind in ContainerKind)})
_FORMULA: Final = ("=", "+", "-", "@")
_SPOILED: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_NO_LABEL: Final = re.compile(r"[^\w.'&-]+")
_WHOLE: Final = re.compile(r"[0-9]{1,7}")
WORD_NAMES: Final = (
    "Magpie", "Juniper", "Canyon", "Velvet", "Osprey", "Bramble", "Timber", "Saffron", "Lantern", "Walnut", "Thistle", "Pelican",
    "Domino", "Harbour", "Copper", "Marble", "Falcon", "Orchard", "Pepper", "Granite", "Willow", "Compass", "Anchor", "Button",
)  # fmt: skip
"""Spoken names to propose, no two alike on a radio; whoever signs may take another."""


class BadList(ColdcheckError):
    """The file is no table that can be read. The sentence says what it is and how to save it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something about a row that a person has to settle: a key, and the sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row as written: its line in the file, its cells by field, and cells under headers nobody knows."""

    line: int
    cells: Mapping[str, str]
    others: Mapping[str, str]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingList:
    """A document read: its hash, how its letters were read, and its rows."""

    name: str
    sha256: str
    size_bytes: int
    encoding: str
    unread: tuple[str, ...]
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRow:
    """What a row claims. `phrase` is what a person may sign, "" while something is missing that only he can say."""

    line: int
    thing: Thing
    label: str
    claims: Mapping[str, str]
    phrase: str
    waits_for: tuple[str, ...]
    doubts: tuple[Doubt, ...]


# --- reading -------------------------------------------------------------------------------------------------------


def read_list(path: Path) -> PackingList:
    """The table in a CSV file. Raises BadList with the line where one is known."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise BadList(f"{path} cannot be read ({problem.strerror}); name the packing list as a CSV file.") from problem
    if content[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"} or content.startswith(b"%PDF"):
        raise BadList(f"{path} is a workbook or a PDF, and only tables in text are read; save it as CSV in UTF-8.")
    if len(content) > MOST_BYTES:
        raise BadList(f"{path} has {len(content)} bytes, more than any packing list; name the list itself.")
    text, encoding = _text_of(path, content)
    header, rows = _table_of(path, text)
    fields = tuple(_FIELD_OF.get(_plain(cell), "") for cell in header)
    doubled = [name for name, times in Counter(fields).items() if name and times > 1]
    if doubled:
        raise BadList(f"{path}: two columns are read as {doubled[0]}; take one away, or name it otherwise.")
    if not {"serial", "count", "label", "lot"} & set(fields):
        raise BadList(
            f"{path}: no column is read as serial, label, lot or count; the first line has to be the headers, such as item,"
            " label, serial, calibre, count."
        )
    is_cut = bool(rows) and not text.endswith(("\n", "\r"))
    return PackingList(
        name=path.name, sha256=sha256(content).hexdigest(), size_bytes=len(content), encoding=encoding,
        unread=tuple(cell for cell, name in zip(header, fields, strict=True) if not name and cell),
        rows=tuple(
            _list_row(line, cells, header, fields, is_last=is_cut and number == len(rows) - 1)
            for number, (line, cells) in enumerate(rows)
        ),
    )  # fmt: skip


def _text_of(path: Path, content: bytes) -> tuple[str, str]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "windows-1252", content.decode("cp1252", errors="replace")
    if "\0" in text or not text.strip():
        raise BadList(f"{path} is empty or no text; save the list as CSV in UTF-8 and name that file.")
    return text, encoding.removesuffix("-sig")


def _table_of(path: Path, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headers, and each row that is not empty with its line."""
    first = text.lstrip().splitlines()[0]
    mark = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [_one_line(cell) for cell in cells]))
            if len(rows) > MOST_ROWS:
                raise BadList(f"{path} has more than {MOST_ROWS} rows, which no delivery has; name the list itself.")
    except csv.Error as problem:
        raise BadList(
            f"{path}:{reader.line_num}: the table ends inside a cell or is cut ({problem}); ask for the file anew."
        ) from problem
    if len(rows) <= 1:
        raise BadList(f"{path} has headers and no row under them; name the list that has the delivery in it.")
    return rows[0][1], rows[1:]


def _one_line(cell: str) -> str:
    """The cell without line breaks: a list could otherwise write lines of its own into what is printed from it."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(cell.split()))


def _list_row(line: int, cells: list[str], header: list[str], fields: tuple[str, ...], *, is_last: bool) -> ListRow:
    doubts = []
    if len(cells) != len(fields):
        doubts.append(Doubt(code="cut", text=f"the row has {len(cells)} cells under {len(fields)} headers"))
    elif is_last:
        doubts.append(Doubt(code="last", text="the file ends without an end of line: see that this row is whole"))
    named = dict(zip(fields, cells, strict=False))
    others = {head: cell for head, name, cell in zip(header, fields, cells, strict=False) if not name and cell}
    for name, cell in {**{name: cell for name, cell in named.items() if name}, **others}.items():
        if cell.startswith(_FORMULA) and cell not in {"-", "--"}:
            doubts.append(Doubt(code="formula", text=f"{name} reads {cell!r}, which a spreadsheet would work out"))
        if "\ufffd" in cell:
            doubts.append(Doubt(code="letters", text=f"{name} has letters that could not be read"))
    plain = {name: "" if cell in {"-", "--", "n/a", "N/A"} else cell for name, cell in named.items() if name}
    return ListRow(line=line, cells=MappingProxyType(plain), others=MappingProxyType(others), doubts=tuple(doubts))


def _plain(word: str) -> str:
    return " ".join(re.sub(r"[_\-.:#*]+", " ", word.casefold()).split())


# --- staging -------------------------------------------------------------------------------------------------------


def staged_of(paper: PackingList, picture: Picture, *, read: Mapping[int, str]) -> tuple[StagedRow, ...]:
    """Every row as a claim beside the record, in the list's order. `read` has serials read from the metal, by line.

    Raises BadList for a line that is no gun's.
    """
    staging = _Staging(paper, picture, dict(read))
    rows = tuple(staging.row(row) for row in paper.rows)
    if staging.read:
        line = min(staging.read)
        raise BadList(
            f"{paper.name}:{line}: no gun stands in this line, so no serial of it was read; name a gun's line."
        )
    return rows


class _Staging:
    """The rows so far: which labels, serials and spoken names are taken by the record or by a row before."""

    def __init__(self, paper: PackingList, picture: Picture, read: dict[int, str]) -> None:
        self.picture, self.read = picture, read
        self.serials = Counter(row.cells.get("serial", "") for row in paper.rows)
        self.known = {gun.serial: gun.label for gun in picture.guns.values()}
        self.labels = set(picture.labels)
        self.words = {word.casefold() for word in picture.words.values()}

    def row(self, row: ListRow) -> StagedRow:
        cells, thing = row.cells, _thing_of(row.cells)
        doubts = list(row.doubts)
        waits: list[str] = []
        if thing == "":
            doubts.append(Doubt(code="what", text="the row does not say whether it is a gun, a lot or a container"))
            return StagedRow(
                line=row.line,
                thing="",
                label="",
                claims=cells,
                phrase="",
                waits_for=("what it is",),
                doubts=tuple(doubts),
            )
        label = self._label(cells, thing, row.line, doubts)
        match thing:
            case "gun":
                phrase = self._gun(row, label, doubts, waits)
            case "lot":
                phrase = self._lot(row, label, doubts, waits)
            case "container":
                phrase = self._container(row, label, doubts)
            case _:
                assert_never(thing)
        return StagedRow(
            line=row.line, thing=thing, label=label, claims=cells, phrase="" if waits else phrase, waits_for=tuple(waits),
            doubts=tuple(doubts),
        )  # fmt: skip

    def _label(self, cells: Mapping[str, str], thing: Thing, line: int, doubts: list[Doubt]) -> str:
        written = cells.get("label") or (cells.get("lot") if thing == "lot" else "") or ""
        label = _NO_LABEL.sub("-", written).strip("-._'&") or f"{thing.capitalize()}-row-{line}"
        if written and label != written:
            doubts.append(Doubt(code="label", text=f"the label {written!r} is written {label!r} here"))
        if label in self.labels:
            doubts.append(Doubt(code="label", text=f"{label} is the label of another thing; give this one its own"))
            number = next(number for number in range(2, MOST_ROWS) if f"{label}-{number}" not in self.labels)
            label = f"{label}-{number}"
        self.labels.add(label)
        return label

    def _gun(self, row: ListRow, label: str, doubts: list[Doubt], waits: list[str]) -> str:
        cells, listed = row.cells, row.cells.get("serial", "")
        metal = self.read.pop(row.line, "")
        doubts.extend(self._serial_doubts(listed, metal))
        if not metal:
            waits.append("the serial, read from the metal")
        calibre = _calibre(cells, doubts)
        if not calibre:
            waits.append("the calibre")
        action = _ACTIONS.get(_plain(cells.get("action", "")))
        if action is None:
            waits.append("the type of action")
            doubts.append(
                Doubt(code="action", text=f"the type {cells.get('action', '')!r} is no type of action known here")
            )
        chambers = _number(cells, "chambers", doubts)
        if chambers is None:
            waits.append("how many chambers")
        said = cells.get("capability", "").upper()
        if said not in set(Capability):
            doubts.append(Doubt(code="capability", text="what it can chamber is not said: taken as W3, the strictest"))
        word = next((word for word in WORD_NAMES if word.casefold() not in self.words), f"{label}-spoken")
        self.words.add(word.casefold())
        return (
            f"registers gun {label} word {word} serial {_NO_SPACE.sub('-', metal)} {action.value if action else ''} {calibre}"
            f" {said if said in set(Capability) else Capability.W3.value} with {chambers} chambers"
            f" and {_number(cells, 'bores', doubts) or 1} bores"
        )

    def _serial_doubts(self, listed: str, metal: str) -> Iterator[Doubt]:
        if not listed:
            yield Doubt(code="serial", text="the list gives no serial")
        elif _SPOILED.fullmatch(listed):
            yield Doubt(code="serial", text=f"the serial {listed} was worked out by a spreadsheet, and digits are lost")
        elif listed.isdigit():
            yield Doubt(code="serial", text=f"the serial {listed} is all digits: zeros before it may be lost")
        if listed and self.serials[listed] > 1:
            yield Doubt(code="twice", text=f"the serial {listed} stands {self.serials[listed]} times in the list")
        for serial in sorted({listed, metal} - {""}):
            if serial in self.known:
                yield Doubt(code="known", text=f"the record has a gun of serial {serial}: {self.known[serial]}")
        if metal and listed and metal != listed:
            yield Doubt(code="differs", text=f"the metal says {metal}, the list {listed}")

    def _lot(self, row: ListRow, label: str, doubts: list[Doubt], waits: list[str]) -> str:
        calibre, count = _calibre(row.cells, doubts), _number(row.cells, "count", doubts)
        if not calibre:
            waits.append("the calibre")
        if not count:
            waits.append("how many rounds")
        said = _KINDS.get(_plain(row.cells.get("kind", "")), RoundKind.UNKNOWN)
        if said is RoundKind.UNKNOWN:
            doubts.append(
                Doubt(code="kind", text="what kind of round it is stands nowhere: unknown, which is treated as live")
            )
        else:
            doubts.append(
                Doubt(code="kind", text=f"that they are {said.value} is the list's word; nothing here tested it")
            )
        return f"registers lot {label}: {count} {calibre} {said.value}"

    def _container(self, row: ListRow, label: str, doubts: list[Doubt]) -> str:
        named = set(_plain(row.cells.get("item", "")).split())
        kind = next((kind.value for kind in ContainerKind if kind.value in named), ContainerKind.BOX.value)
        cells = _number(row.cells, "cells", doubts) if row.cells.get("cells") else None
        return f"registers {kind} {label}" + (f" with {cells} cells" if cells else "")


_NO_SPACE: Final = re.compile(r'[\s,;:()"]+')


def _thing_of(cells: Mapping[str, str]) -> Thing:
    named = set(_plain(cells.get("item", "")).split())
    if named:
        # "rifle case" is a case, "box of rounds" a box: the thing that is registered is what holds.
        if named & _CONTAINERS and not cells.get("count"):
            return "container"
        return "gun" if named & _GUNS else "lot" if named & _LOTS else ""
    if cells.get("serial"):
        return "gun"
    if cells.get("lot") or cells.get("kind"):
        return "lot"
    return "container" if cells.get("cells") else ""


def _calibre(cells: Mapping[str, str], doubts: list[Doubt]) -> str:
    written = cells.get("calibre", "")
    if not written:
        doubts.append(Doubt(code="calibre", text="the list gives no calibre"))
    elif size_inch(written) is None:
        doubts.append(Doubt(code="calibre", text=f"the calibre {written!r} is not known here: read it from the metal"))
    return _NO_SPACE.sub("-", written).strip("-")


def _number(cells: Mapping[str, str], name: str, doubts: list[Doubt]) -> int | None:
    written = cells.get(name, "")
    if not _WHOLE.fullmatch(written) or int(written) == 0:
        if written or name in {"count", "chambers"}:
            doubts.append(Doubt(code=name, text=f"{name} reads {written!r}, which is no number of things"))
        return None
    return int(written)


# --- on paper ------------------------------------------------------------------------------------------------------


def scenario_lines(paper: PackingList, rows: tuple[StagedRow, ...], *, who: str, clock: str) -> Iterator[str]:
    """Lines of a set day that `who` may sign: what waits for something stands behind a #, and nothing is counted in."""
    hour, minute = int(clock[:2]), int(clock[3:])
    yield f"# From {paper.name}, sha256 {paper.sha256}: claims of a list, signed by whoever has the thing before him."
    for number, row in enumerate(rows):
        at = min(hour * 60 + minute + number, 24 * 60 - 1)
        for doubt in row.doubts:
            yield f"# line {row.line}: {doubt.text}"
        if row.phrase:
            yield f"{at // 60:02}:{at % 60:02} {who} {row.phrase}"
        else:
            yield f"# line {row.line}: {row.label or 'this row'} waits for {', '.join(row.waits_for)}"
