"""The log as static files (C2SP tlog-tiles): paths, hash tiles, entry bundles, and the whole export.

Promises: the files of an export are exactly those of `docs/format.md`, so stock tile readers read them; every reader
here is strict, so a file has one content.

Does not do: touch a disk. Files go out as (path, bytes) and come in as bytes.

>>> tile_path(0, 1234067, 256)
'tile/0/x001/x234/067'
>>> tile_path(1, 5, 17)
'tile/1/005.p/17'
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from coldcheck.proof.encoding import NotCanonical, Plain, decode, encode, from_base64, to_base64
from coldcheck.proof.entry import MAX_ENTRY_BYTES
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass, RelyingParty, read_public, read_relying_party
from coldcheck.proof.merkle import HASH_BYTES, NodeReader
from coldcheck.proof.note import is_key_name

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 256
CHECKPOINT_PATH: Final = "checkpoint"
VKEY_PATH: Final = "log.vkey"
KEYS_PATH: Final = "keys.json"

_LENGTH_BYTES: Final = 2
_DIGITS: Final = 1000


class BadTile(ColdcheckError):
    """A file of an export is malformed. Remedy: copy that file again from where the export was made."""


class CutShort(BadTile):
    """An entry bundle does not hold its next entry whole: that entry is the flaw. Remedy: as for BadTile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSpec:
    """One tile or bundle of a tree: `level` is None for an entry bundle; `width` is 1 to 256."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where it lies in an export."""
        if self.level is None:
            return entries_path(self.index, self.width)
        return tile_path(self.level, self.index, self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedKey:
    """One row of keys.json: a key that acts were signed with, and whose it is (None if nobody's, as the hub's).

    `relying_party` is there for a passkey and for no other class.
    """

    key_name: str
    key_class: KeyClass
    public_bytes: bytes
    person: str | None
    relying_party: RelyingParty | None = None


def tile_path(level: int, index: int, width: int) -> str:
    """The path of hash tile `index` at tile level `level`, `width` hashes wide (256: a full tile)."""
    return f"tile/{level}/{_numbered(index, width)}"


def entries_path(index: int, width: int) -> str:
    """The path of entry bundle `index`, `width` entries wide (256: a full bundle)."""
    return f"tile/entries/{_numbered(index, width)}"


def _numbered(index: int, width: int) -> str:
    assert index >= 0, "tiles are counted from 0"
    assert 1 <= width <= TILE_WIDTH, "a tile holds 1 to 256 hashes"
    elements = [f"{index % _DIGITS:03}"]
    while index := index // _DIGITS:
        elements.append(f"x{index % _DIGITS:03}")
    return "/".join(reversed(elements)) + ("" if width == TILE_WIDTH else f".p/{width}")


def level_tiles(*, level: int | None, tree_size: int) -> Iterator[TileSpec]:
    """The tiles of one level (None: the entry bundles) for a tree of that size, in order; only the last is partial."""
    count = tree_size >> TILE_HEIGHT * (level or 0)
    full, rest = divmod(count, TILE_WIDTH)
    for index in range(full):
        yield TileSpec(level=level, index=index, width=TILE_WIDTH)
    if rest:
        yield TileSpec(level=level, index=full, width=rest)


def export_plan(tree_size: int) -> Iterator[TileSpec]:
    """Every tile and bundle of a tree of that size: the bundles first, then the hash tiles from level 0 up."""
    yield from level_tiles(level=None, tree_size=tree_size)
    level = 0
    while tree_size >> TILE_HEIGHT * level:
        yield from level_tiles(level=level, tree_size=tree_size)
        level += 1


def tile_files(
    tree_size: int, read_node: NodeReader, read_entry: Callable[[int], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Path and content of every tile and bundle, one at a time. `read_node` is asked for levels 0, 8, 16, ... only."""
    for tile in export_plan(tree_size):
        places = range(tile.index * TILE_WIDTH, tile.index * TILE_WIDTH + tile.width)
        if tile.level is None:
            yield tile.path, encode_bundle([read_entry(place) for place in places])
        else:
            yield tile.path, encode_tile([read_node(TILE_HEIGHT * tile.level, place) for place in places])


def export_files(
    *,
    checkpoint: bytes,
    vkey: str,
    keys: Iterable[ExportedKey],
    tree_size: int,
    read_node: NodeReader,
    read_entry: Callable[[int], bytes],
) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file of an export; `checkpoint` is the signed note over `tree_size` entries."""
    yield CHECKPOINT_PATH, checkpoint
    yield VKEY_PATH, f"{vkey}\n".encode()
    yield KEYS_PATH, encode_keys(keys)
    yield from tile_files(tree_size, read_node, read_entry)


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """A hash tile: the hashes one after the other."""
    assert all(len(one) == HASH_BYTES for one in hashes), "a tile holds 32-byte hashes"
    return b"".join(hashes)


def decode_tile(data: bytes, *, width: int) -> tuple[bytes, ...]:
    """The `width` hashes of a hash tile. Raises BadTile for another length."""
    if len(data) != width * HASH_BYTES:
        raise BadTile(f"A hash tile of width {width} has {width * HASH_BYTES} bytes, this one {len(data)}.")
    return tuple([data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)])


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, big end first."""
    assert all(len(entry) <= MAX_ENTRY_BYTES for entry in entries), "build_entry lets no longer entry through"
    return b"".join([len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries])


def decode_bundle(data: bytes, *, width: int) -> tuple[bytes, ...]:
    """The `width` entries of a bundle. Raises BadTile if they are cut short or something is left over."""
    return tuple(bundle_entries(data, width=width))


def bundle_entries(data: bytes, *, width: int) -> Iterator[bytes]:
    """The `width` entries of a bundle, one by one, so that what is wrong with one is heard before what follows it.

    Raises CutShort where the next entry is not whole, BadTile if something is left over behind the last.
    """
    at = 0
    for number in range(width):
        end = at + _LENGTH_BYTES + int.from_bytes(data[at : at + _LENGTH_BYTES], "big")
        if end > len(data) or at + _LENGTH_BYTES > len(data):
            raise CutShort(f"This entry bundle ends before or inside its entry {number}.")
        yield data[at + _LENGTH_BYTES : end]
        at = end
    if at < len(data):
        raise BadTile(f"{len(data) - at} bytes follow the last of this bundle's {width} entries.")


def encode_keys(keys: Iterable[ExportedKey]) -> bytes:
    """keys.json: canonical JSON, one object a key, sorted by name, then class, then key; without a final newline."""
    ordered = sorted(set(keys), key=lambda key: (key.key_name, key.key_class.value, key.public_bytes, key.person or ""))
    rows: list[Plain] = [_key_row(key) for key in ordered]
    return encode(rows)


def _key_row(key: ExportedKey) -> dict[str, Plain]:
    row: dict[str, Plain] = {
        "key": key.key_name,
        "class": key.key_class.value,
        "public": to_base64(key.public_bytes),
    }
    if key.relying_party is not None:
        row |= {"rp": key.relying_party.rp_id, "origins": list(key.relying_party.origins)}
    return row if key.person is None else row | {"person": key.person}


def decode_keys(data: bytes) -> tuple[ExportedKey, ...]:
    """The keys in keys.json. Raises BadTile or BadKey unless these are the bytes that `encode_keys` writes for them."""
    try:
        rows = decode(data)
        keys = tuple(_read_key_row(row) for row in rows) if isinstance(rows, list) else ()
    except (NotCanonical, ValueError) as error:
        raise BadTile(f"keys.json is malformed: {error}") from error
    if encode_keys(keys) != data:
        raise BadTile("keys.json is not a list of keys in order, each once.")
    return keys


def _read_key_row(row: Plain) -> ExportedKey:
    if not isinstance(row, dict) or row.keys() - {"person", "rp", "origins"} != {"key", "class", "public"}:
        raise BadTile("keys.json holds a row that does not have exactly key, class, public and perhaps person.")
    name, public, person = row["key"], row["public"], row.get("person")
    if not isinstance(name, str) or not is_key_name(name) or not isinstance(public, str):
        raise BadTile("keys.json holds a key whose name or public key is not a word.")
    if "person" in row and not isinstance(person, str):
        raise BadTile(f"keys.json names no person for {name} in the field person.")
    public_bytes = from_base64(public)
    read_public(public_bytes)
    key_class = KeyClass(str(row["class"]))
    return ExportedKey(
        key_name=name,
        key_class=key_class,
        public_bytes=public_bytes,
        person=person if isinstance(person, str) else None,
        relying_party=_read_party(row, name) if key_class is KeyClass.PASSKEY or "rp" in row else None,
    )


def _read_party(row: dict[str, Plain], name: str) -> RelyingParty:
    rp_id, origins = row.get("rp"), row.get("origins")
    texts = [origin for origin in origins if isinstance(origin, str)] if isinstance(origins, list) else []
    if row["class"] != KeyClass.PASSKEY.value or not isinstance(rp_id, str) or texts != origins:
        raise BadTile(f"keys.json: {name} must have rp and origins if it is a passkey, and neither if it is not.")
    return read_relying_party(RelyingParty(rp_id=rp_id, origins=tuple(texts)))
