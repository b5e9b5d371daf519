"""Photos beside the record: bytes by their hash in the ledger's file, and who may look at them when.

For: a picture of a cylinder or tray that a signed act names by its hash. Promises: what is kept and served is a JPEG with
nothing in it but the picture (a phone makes it anew from the pixels; one that carries a place, a device or a comment is
refused, never changed, so that the hash stays the one that was signed); no picture of a sheet leaves the hub before both
halves are in. Does not: look at what is in it. No picture decides anything.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import Id
from coldcheck.station.store import Store
from coldcheck.station.web.told import Told

MOST_PHOTO_BYTES: Final = 1_500_000
MOST_PHOTOS: Final = 20_000
_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_JFIF: Final = 0xE0
_KEPT: Final = frozenset({_JFIF, 0xDB, 0xC4, 0xDD})
"""What a picture needs besides its frame: how dense its points are, its tables, how often it begins anew."""
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_SIZE_BYTES: Final = 2


class NoPhoto(Told):
    """There is no such photo here, photos are off in this production, or it is not open yet. The sentence says which."""


class BadPhoto(Told):
    """The bytes are no plain JPEG picture. Take it again with the set screen's own camera button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One act about one picture, with who signed it and in which entry."""

    entry_index: int
    by: Id
    act: a.Photographed


def put_photo(store: Store, data: bytes) -> str:
    """The hash under which the picture lies in the ledger file now. Raises BadPhoto, NoPhoto, StoreFailed."""
    picture_size(data)
    name = sha256(data).hexdigest()
    if store.photo_count() >= MOST_PHOTOS and store.photo(name) is None:
        raise NoPhoto("no_more_photos")
    store.put_photo(name, data)
    return name


def photo_of(store: Store, name: str) -> bytes:
    """The picture of that hash, its bytes as they were signed. Raises NoPhoto."""
    data = store.photo(name)
    if data is None:
        raise NoPhoto("photo_not_here")
    if sha256(data).hexdigest() != name:
        raise NoPhoto("photo_other_bytes")
    return data


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that holds a picture and nothing else. Raises BadPhoto."""
    if len(data) > MOST_PHOTO_BYTES:
        raise BadPhoto("photo_too_large")
    if data[:2] != bytes((0xFF, _START)) or data[-2:] != bytes((0xFF, _END)):
        raise BadPhoto("no_picture")
    at, size = 2, (0, 0)
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004  # every segment begins with this byte
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == _SCAN:
            if size == (0, 0):
                break
            _verify_scan(data, at)
            return size
        if marker not in _KEPT and marker not in _FRAMES:
            raise BadPhoto("more_than_a_picture")
        if marker in _FRAMES:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            size = (width, height)
        at += 2 + length
    raise BadPhoto("picture_cut_short")


def _verify_scan(data: bytes, at: int) -> None:
    """Nothing: after the picture's first scan come its points, further scans and tables, and its end. Raises BadPhoto."""
    while at < len(data) - _SIZE_BYTES:
        at = data.find(b"\xff", at + 1)
        marker = data[at + 1] if 0 <= at < len(data) - 1 else _END
        plain = marker in {0x00, 0xFF, _SCAN, _END} or 0xD0 <= marker <= 0xD7 or marker in _KEPT  # noqa: PLR2004  # restart marks
        if not plain:
            raise BadPhoto("more_than_a_picture")
        if marker == _END and at != len(data) - _SIZE_BYTES:
            raise BadPhoto("more_than_a_picture")


def photos_of(picture: Picture, *, procedure: str) -> tuple[Photo, ...]:
    """Every picture of a sheet whose both halves are in, in the record's order. Raises NoPhoto before that."""
    found = tuple(_photo(done) for done in picture.journal if _names(done, procedure=procedure))
    if not is_open(picture, procedure):
        raise NoPhoto("photos_not_open")
    return found


def photos_about(picture: Picture, *, item: Id) -> tuple[Photo, ...]:
    """Every picture of one gun or tray that anybody may see by now, in the record's order."""
    about = [_photo(done) for done in picture.journal if isinstance(done.act, a.Photographed) and done.act.item == item]
    return tuple(one for one in about if not one.act.procedure or is_open(picture, one.act.procedure))


def is_open(picture: Picture, procedure: str) -> bool:
    """Whether both halves of a sheet are in the record, so that nobody can be told the other's answers too early."""
    if procedure in picture.sheets:
        return False
    signers = {
        done.by for done in picture.journal if isinstance(done.act, a.SheetBegan) and done.act.procedure == procedure
    }
    return len(signers) > 1


def may_be_seen(picture: Picture, name: str) -> bool:
    """Whether the picture of that hash is named by an act, and every sheet it belongs to has both its halves."""
    acts = [done.act for done in picture.journal if isinstance(done.act, a.Photographed) and done.act.sha256 == name]
    return bool(acts) and all(not act.procedure or is_open(picture, act.procedure) for act in acts)


def _names(done: Done, *, procedure: str) -> bool:
    return isinstance(done.act, a.Photographed) and done.act.procedure == procedure


def _photo(done: Done) -> Photo:
    assert isinstance(done.act, a.Photographed)
    return Photo(entry_index=done.entry_index, by=done.by, act=done.act)


def cell_of(word: str, *, width: int, height: int) -> tuple[str, str] | None:
    """The position a cell is about and its square as an SVG view box, None where the word does not read."""
    position, _at, square = word.partition("@")
    place, _plus, half = square.partition("+")
    left, _x, top = place.partition("x")
    if not (position and all(part.isdecimal() and len(part) < 6 for part in (left, top, half))):  # noqa: PLR2004  # thousandths
        return None
    x, y, radius = (int(part) * width // 1000 for part in (left, top, half))
    if not (0 <= x <= width and 0 <= y <= height and radius):
        return None
    return position, f"{x - radius} {y - radius} {2 * radius} {2 * radius}"
