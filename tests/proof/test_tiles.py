"""Exported files: the paths and bytes of the tiled-log form, and one content a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.merkle import Frontier, leaf_hash
from coldcheck.proof.tiles import (
    BadTile,
    ExportedKey,
    decode_bundle,
    decode_keys,
    decode_tile,
    encode_bundle,
    encode_keys,
    encode_tile,
    entries_path,
    export_plan,
    tile_files,
    tile_path,
)


def exported(name: str, person: str | None, key_class: KeyClass = KeyClass.DEMO) -> ExportedKey:
    key = ActingKey.from_seed(key_name=name, key_class=key_class, seed=bytes(32))
    return ExportedKey(key_name=name, key_class=key_class, public_bytes=key.public_bytes, person=person)


KEYS = (exported("p2/1", "p2"), exported("hub/1", None, KeyClass.HUB), exported("p1/1", "p1"))


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (0, 1000, 256, "tile/0/x001/000"),
        (0, 1067, 1, "tile/0/x001/067.p/1"),
        (3, 1234067, 256, "tile/3/x001/x234/067"),
        (0, 1000000, 255, "tile/0/x001/x000/000.p/255"),
    ],
)
def test_a_path_is_the_one_of_the_specification(level: int, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path
    assert entries_path(index, width) == path.replace(f"tile/{level}/", "tile/entries/")


def test_a_tree_of_seventy_thousand_has_the_tiles_the_specification_counts() -> None:
    tiles = [tile for tile in export_plan(70_000) if tile.level is not None]
    assert sum(tile.level == 0 and tile.width == 256 for tile in tiles) == 273
    partial = [(tile.level, tile.width) for tile in tiles if tile.width < 256]
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert sum(tile.level == 1 and tile.width == 256 for tile in tiles) == 1


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
        (255, ["tile/entries/000.p/255", "tile/0/000.p/255"]),
        (256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]),
        (
            257,
            ["tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"],
        ),
    ],
)
def test_the_edge_sizes_have_these_files(size: int, paths: list[str]) -> None:
    assert [tile.path for tile in export_plan(size)] == paths


@pytest.mark.parametrize("size", [65_536, 65_537])
def test_a_second_level_begins_at_256_times_256(size: int) -> None:
    assert [tile.path for tile in export_plan(size) if tile.level == 2] == ["tile/2/000.p/1"]


def test_files_hold_the_hashes_and_entries_of_the_tree() -> None:
    entries = [f"entry {index}".encode() for index in range(259)]
    frontier, nodes = Frontier(), {}
    for entry in entries:
        nodes.update({(node.level, node.index): node.hash for node in frontier.append(entry)})
    files = dict(tile_files(259, lambda level, index: nodes[level, index], entries.__getitem__))
    assert decode_bundle(files["tile/entries/000"], width=256) == tuple(entries[:256])
    assert decode_bundle(files["tile/entries/001.p/3"], width=3) == tuple(entries[256:])
    assert decode_tile(files["tile/0/000"], width=256) == tuple(leaf_hash(entry) for entry in entries[:256])
    assert decode_tile(files["tile/0/001.p/3"], width=3) == tuple(leaf_hash(entry) for entry in entries[256:])
    assert decode_tile(files["tile/1/000.p/1"], width=1) == (nodes[8, 0],)
    assert len(files) == 5


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=20))
def test_a_bundle_reads_back_as_it_was_written(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries), width=len(entries)) == tuple(entries)
    for wrong in (len(entries) - 1, len(entries) + 1):
        with pytest.raises(BadTile):
            decode_bundle(encode_bundle(entries), width=wrong)


@given(st.binary(max_size=60), st.integers(1, 8))
def test_bytes_are_refused_or_are_the_one_form_of_a_bundle(data: bytes, width: int) -> None:
    try:
        entries = decode_bundle(data, width=width)
    except BadTile:
        return
    assert encode_bundle(entries) == data


def test_a_bundle_cut_short_or_padded_is_refused() -> None:
    data = encode_bundle([b"one", b"three"])
    for damaged in (data[:-1], data[:5], data[:6], data + b"\x00", data + b"\x00\x00", b"", b"\x00"):
        with pytest.raises(BadTile):
            decode_bundle(damaged, width=2)


def test_a_tile_of_another_length_is_refused() -> None:
    data = encode_tile([bytes(32), b"\x01" * 32])
    assert decode_tile(data, width=2) == (bytes(32), b"\x01" * 32)
    for damaged in (data[:-1], data + b"\x00", data[:32], b""):
        with pytest.raises(BadTile):
            decode_tile(damaged, width=2)


def test_keys_read_back_in_one_order() -> None:
    data = encode_keys(KEYS)
    assert encode_keys(reversed(KEYS)) == data
    assert [key.key_name for key in decode_keys(data)] == ["hub/1", "p1/1", "p2/1"]
    assert set(decode_keys(data)) == set(KEYS)
    assert decode_keys(b"[]") == ()


def test_a_flipped_bit_in_the_keys_is_refused_or_reads_as_another_list() -> None:
    data = encode_keys(KEYS)
    original = decode_keys(data)
    for at in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        try:
            keys = decode_keys(bytes(flipped))
        except ColdcheckError:
            continue
        assert keys != original


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"[]\n",
        b"[1]",
        b"[{}]",
        b'[{"class":"demo","key":"p1","public":""}]',
        b'[{"class":"demo","key":"p1","public":"AAAA"}]',
        b'[{"class":"demo","key":1,"public":"AAAA"}]',
        encode_keys(KEYS).replace(b'"class":"demo"', b'"class":"none"', 1),
        encode_keys(KEYS).replace(b'"class":"demo"', b'"class":["demo"]', 1),
        encode_keys(KEYS).replace(b'"person":"p1"', b'"person":null', 1),
        encode_keys(KEYS).replace(b'"person":"p1"', b'"owner":"p1"', 1),
        b"[" + encode_keys(KEYS)[1:-1] + b"," + encode_keys(KEYS)[1:-1] + b"]",
    ],
    ids=range(14),
)
def test_a_malformed_key_list_is_refused(data: bytes) -> None:
    with pytest.raises(ColdcheckError):
        decode_keys(data)
