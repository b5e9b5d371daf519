"""A found projectile or case beside what the record has: possible, impossible or unknown, and nothing in between.

A calibre is a name, not a measurement: the same name may cover barrels that differ by hundredths of an inch, and two names
may be one size. So only sizes that lie clearly apart make "impossible"; the same size is "possible", which is never
"it was this one"; and whatever is not written down, or cannot be read, is "unknown". A projectile is told by its size
alone, a case by its whole name.

    >>> compared(".45", ".45 Colt", part="projectile")
    'possible'
    >>> compared(".45 Colt", ".45 ACP", part="case")
    'unknown'
    >>> compared(".45 Colt", ".22 LR", part="case")
    'impossible'
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Capability, Id

Fit: TypeAlias = Literal["possible", "impossible", "unknown"]
Part: TypeAlias = Literal["projectile", "case"]
APART_INCH: Final = 0.03
"""Nominal sizes further apart than this are different barrels; the names .38 and .357 are one barrel."""
_SAME_INCH: Final = 0.005
_INCH_MM: Final = 25.4
_LARGEST_INCH: Final = 1.0
_SIZE: Final = re.compile(
    r"(?<![\d.])(?P<inch>\.\d{2,3})(?!\d)|(?<![\d.])(?P<mm>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:mm|x\s*\d)", re.IGNORECASE
)
_BARE: Final = re.compile(
    r"^\s*(?:cal(?:ibre|iber)?\.?\s*)?(?P<hundredths>\d{2,3})(?!\d|\s*(?:g|bore\b|/))", re.IGNORECASE
)
_WIDER_INCH: Final = 0.10
_NARROWER_INCH: Final = 0.15
"""A round goes into a chamber by its case, and names tell the bullet: one necked up or down goes in, and may fire there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One lot or gun beside the find. `entry_index` registered it; `calibre` is as written there."""

    thing: Id
    calibre: str
    fit: Fit
    why: str
    entry_index: int


def compared(found: str, written: str, *, part: Part) -> Fit:
    """Whether what was found can belong to a lot or gun of this written calibre."""
    one, other = size_inch(found), size_inch(written)
    if one is None or other is None:
        return "possible" if _plain(found) == _plain(written) != "" else "unknown"
    if abs(one - other) > APART_INCH:
        return "impossible"
    if abs(one - other) > _SAME_INCH:
        return "unknown"
    if part == "case":
        return "possible" if _plain(found) == _plain(written) else "unknown"
    return "possible"


def may_chamber(of_round: str, of_gun: str) -> bool:
    """Whether a round of the one written calibre may go into a chamber of the other; what cannot be read may.

    Wider than `compared`: .38-40 goes into a .44-40, .300 Blackout into a .223, 9 mm into a .45, and any of them may fire.
    """
    one, other = size_inch(of_round), size_inch(of_gun)
    return one is None or other is None or -_NARROWER_INCH <= one - other <= _WIDER_INCH


def size_inch(calibre: str) -> float | None:
    """The nominal size that a calibre's name says, in inches; None when it says none that can be read."""
    match = _SIZE.search(calibre)
    if match is not None and match["inch"]:
        return float(match["inch"])
    if match is not None:
        return float(match["mm"].replace(",", ".")) / _INCH_MM
    bare = _BARE.match(calibre)
    size = float(f"0.{bare['hundredths']}") if bare is not None else None
    return size if size is not None and size < _LARGEST_INCH else None


def _plain(calibre: str) -> str:
    return re.sub(r"[^a-z0-9]", "", calibre.lower())


def compared_with_all(picture: Picture, found: str, *, part: Part) -> tuple[Compared, ...]:
    """Every gun and every lot of the record beside the find, in the neutral order of their labels, guns first."""
    out = []
    for gun in sorted(picture.guns.values(), key=lambda each: each.label):
        fit, why = compared(found, gun.calibre, part=part), "calibre"
        if part == "case" and fit == "impossible" and may_chamber(found, gun.calibre):
            fit = "unknown"
        if gun.capability in {Capability.W0, Capability.W1}:
            fit, why = "impossible", "cannot_hold_a_cartridge"
        out.append(Compared(thing=gun.gun, calibre=gun.calibre, fit=fit, why=why, entry_index=gun.entry_index))
    for lot in sorted(picture.lots.values(), key=lambda each: each.label):
        fit = compared(found, lot.calibre, part=part)
        out.append(Compared(thing=lot.lot, calibre=lot.calibre, fit=fit, why="calibre", entry_index=lot.entry_index))
    return tuple(out)
