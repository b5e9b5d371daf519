"""Labels to print: for guns, trays, belts, boxes, magazines and places, each with a code that any phone reads.

For: tags on trigger guards, boxes and doors, and numbered strips beside the cells of trays and belts. Promises: a code is
an address of the hub with the opaque id of the thing, in capitals, and says nothing of what the thing is or holds; a name
that calls a content is left off the paper; the same record gives the same bytes. Does not do: prove anything. A label is
a name that anybody can copy, so what it says of a thing is looked up, never read off it.

    labels_of(picture, address="http://hub.set:8000", only=())
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import resources
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import ContainerKind, Id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.pack.printed import set_pages
from coldcheck.station.things_by_name import item_of

GROUPS: Final = ("guns", "containers", "magazines", "places")
"""What `--only` knows beside the names of things."""
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?")
_PARTS: Final = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")
_CONTENTS: Final = frozenset(
    {
        "live",
        "blank",
        "blanks",
        "dummy",
        "dummies",
        "snapcap",
        "snapcaps",
        "snap",
        "inert",
        "empty",
        "loaded",
        "unloaded",
        "cold",
        "hot",
        "real",
        "fogueo",
        "salva",
        "salvas",
        "inerte",
        "inertes",
        "falso",
        "falsos",
        "vacía",
        "vacío",
        "cargado",
    }
)
"""Words that call a content or a state: labels move, and what lies under them changes."""


class BadLabels(ColdcheckError):
    """No labels can be printed of what was asked. The sentence names the thing, the sheet or the address to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one label. `name` is "" where the thing's own would call a content; `cells` is 0 without cells."""

    thing: Id
    kind: str
    name: str
    word: str
    code: str
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of labels, in millimetres from the paper's upper left corner; `across` and `down` are label to label."""

    name: str
    width: float
    height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    left: float
    top: float
    across: float
    down: float


SHEETS: Final = MappingProxyType(
    {
        sheet.name: sheet
        for sheet in (
            # 30 a sheet, 1 by 2 5/8 inches: Avery 5160, 8160 and their like.
            Sheet(
                name="letter", width=215.9, height=279.4, columns=3, rows=10, label_width=66.675, label_height=25.4,
                left=4.763, top=12.7, across=69.85, down=25.4,
            ),
            # 21 a sheet, 63.5 by 38.1 mm: Avery L7160 and its like.
            Sheet(
                name="a4", width=210.0, height=297.0, columns=3, rows=7, label_width=63.5, label_height=38.1,
                left=7.25, top=15.15, across=66.0, down=38.1,
            ),
        )
    }
)  # fmt: skip
_POINTS_A_MM: Final = 72 / 25.4
_LETTER_WIDTH: Final = 0.61
"""Of a letter of the label's type, in parts of its height: it is monospaced, so that every name's width is known."""
_STRIP_CELLS: Final = 10
_STRIP_HEIGHT: Final = 18.0
_STRIP_DOWN: Final = 21.0
_CELL_WIDTH: Final = 14.0
_STRIP_HEAD: Final = 46.0


# --- what is printed -----------------------------------------------------------------------------------------------


def labels_of(picture: Picture, *, address: str, only: tuple[str, ...]) -> tuple[Label, ...]:
    """One label a thing: guns, containers, magazines, places, in the order of their registration. Raises BadLabels, UnknownItem.

    `only` names groups or single things; without it, everything that has not left for good.
    """
    if not _ADDRESS.fullmatch(address):
        raise BadLabels(f"{address!r} is no address for a code; use one such as http://hub.set:8000.")
    groups = {name for name in only if name in GROUPS}
    named = {item_of(picture, name, letters="gcw") for name in only if name not in GROUPS}
    out = tuple(
        label
        for group, label in _all_of(picture, address)
        if label.thing in named or ((group in groups or not only) and label.thing not in picture.left)
    )
    if not out:
        raise BadLabels(
            "Nothing of this kind stands in the record, so there is nothing to label; register it first, or leave out --only."
        )
    return out


def _all_of(picture: Picture, address: str) -> Iterator[tuple[str, Label]]:
    for gun in picture.guns.values():
        yield "guns", _label(address, gun.gun, "gun", gun.label, word=gun.word_name)
    for held in picture.containers.values():
        # A pocket is somebody's clothes: nobody labels it.
        if held.kind is not ContainerKind.POCKET:
            group = "magazines" if held.kind is ContainerKind.MAGAZINE else "containers"
            yield group, _label(address, held.container, held.kind.value, held.label, cells=held.cells)
    for place in picture.places.values():
        yield "places", _label(address, place.place, "place", place.label)


def _label(address: str, thing: Id, kind: str, name: str, *, word: str = "", cells: int = 0) -> Label:
    return Label(
        thing=thing, kind=kind, name="" if calls_content(name) else name, word="" if calls_content(word) else word,
        code=f"{address}/G/{thing}".upper(), cells=cells,
    )  # fmt: skip


def calls_content(name: str) -> bool:
    """Whether a name says what is in a thing, such as "Live-Bin" or "LooseDummies"; "Silver-1" does not."""
    return any(part.casefold() in _CONTENTS for part in _PARTS.findall(name))


# --- where it stands -----------------------------------------------------------------------------------------------


def pages_of(labels: tuple[Label, ...], sheet: Sheet, *, mark: str = "") -> dict[str, Any]:
    """Every page as plain data for the template: labels first, then numbered strips for whatever has cells.

    `mark` (DRILL, DEMO) stands on every one of them, so that no label of a drill hangs on a gun at work.
    """
    each = sheet.columns * sheet.rows
    pages = [
        {"labels": [_placed(label, number, sheet, mark) for number, label in enumerate(labels[start : start + each])], "strips": []}
        for start in range(0, len(labels), each)
    ]  # fmt: skip
    strips = [strip for label in labels for strip in _strips(label, mark)]
    fit = int((sheet.height - 2 * sheet.top) // _STRIP_DOWN)
    for start in range(0, len(strips), fit):
        placed = [
            {**strip, "x": sheet.left + 2, "y": sheet.top + number * _STRIP_DOWN}
            for number, strip in enumerate(strips[start : start + fit])
        ]
        pages.append({"labels": [], "strips": placed})
    return {"width": sheet.width, "height": sheet.height, "pages": pages}


def _placed(label: Label, number: int, sheet: Sheet, mark: str) -> dict[str, Any]:
    room = sheet.label_width - sheet.label_height - 2
    return {
        "x": sheet.left + (number % sheet.columns) * sheet.across,
        "y": sheet.top + (number // sheet.columns) * sheet.down,
        "width": sheet.label_width,
        "height": sheet.label_height,
        **_words(label, mark, room=room, most=20.0),
    }


def _words(label: Label, mark: str, *, room: float, most: float) -> dict[str, Any]:
    # The spoken name is read across a stage, so it is the big one; a thing without one is called by its label.
    big = label.word.upper() or label.name or label.thing.upper()
    small = label.name if label.word else ""
    return {
        "svg": _drawn(label.code),
        "big": big,
        "big_points": _fitting(big, room=room, most=most),
        "small": small,
        "small_points": _fitting(small, room=room, most=most * 0.7),
        "kind": f"{mark} {label.kind}".strip(),
        "typed": label.thing.upper(),
    }


def _fitting(text: str, *, room: float, most: float) -> float:
    """The size of type, in points, at which `text` is not wider than `room` millimetres."""
    return round(min(most, room * _POINTS_A_MM / (_LETTER_WIDTH * max(1, len(text)))), 2)


def _strips(label: Label, mark: str) -> Iterator[dict[str, Any]]:
    """Strips of up to ten numbered cells; a magazine's places are inside it, where no strip goes."""
    if label.kind == ContainerKind.MAGAZINE.value:
        return
    for start in range(0, label.cells, _STRIP_CELLS):
        numbers = [str(cell) for cell in range(start + 1, min(start + _STRIP_CELLS, label.cells) + 1)]
        head = _STRIP_HEAD - _STRIP_HEIGHT - 1
        yield {
            "height": _STRIP_HEIGHT, "head": _STRIP_HEAD, "cell": _CELL_WIDTH, "numbers": numbers,
            **_words(label, mark, room=head, most=14.0),
        }  # fmt: skip


def _drawn(code: str) -> str:
    """The code as a picture, quiet zone included."""
    import segno  # noqa: PLC0415  # only printing draws

    out = BytesIO()
    # The record's ids are of few letters, so that the code stays in the small alphabet of capitals.
    segno.make_qr(code, error="q").save(out, kind="svg", border=4, xmldecl=False, nl=False, omitsize=True)
    return out.getvalue().decode()


# --- the paper -----------------------------------------------------------------------------------------------------


def labels_pdf(pages: dict[str, Any]) -> bytes:
    """The PDF of what `pages_of` gave: no date in it, so that the same labels are the same bytes. Raises MissingPart."""
    return set_pages(resources.files("coldcheck.station").joinpath("labels.typ").read_bytes(), pages)


def plain_label(label: Label) -> dict[str, Any]:
    """A label for other programs."""
    return asdict(label)
