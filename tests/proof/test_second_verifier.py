"""A second verifier, written from docs/format.md alone, agrees with ours on an export. It shares no code with `src`."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "export.json").read_bytes())
FILES = {path: bytes.fromhex(data) for path, data in VECTORS["files"].items()}


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return digest(b"\x01", root_of(leaves[:split]), root_of(leaves[split:]))


def split_note(note: bytes) -> tuple[bytes, list[tuple[str, bytes, bytes]]]:
    text, _, rest = note.rpartition(b"\n\n")
    signatures = []
    for line in rest.decode().splitlines():
        _, name, blob = line.split(" ")
        decoded = base64.b64decode(blob, validate=True)
        signatures.append((name, decoded[:4], decoded[4:]))
    return text + b"\n", signatures


def verify_export(files: dict[str, bytes]) -> tuple[int, str]:
    """Size and root of an export. Raises whatever Python raises if it does not verify."""
    name, id_hex, key_text = files["log.vkey"].decode().removesuffix("\n").split("+", 2)
    typed_key = base64.b64decode(key_text)
    assert digest(name.encode(), b"\n", typed_key)[:4].hex() == id_hex
    text, ((signer, key_id, signature),) = split_note(files["checkpoint"])
    assert (signer, key_id.hex()) == (name, id_hex)
    ed25519.Ed25519PublicKey.from_public_bytes(typed_key[1:]).verify(signature, text)
    origin, size_text, root_text = text.decode().splitlines()
    log, size = re.sub(r"/e\d+$", "", origin), int(size_text)
    keys = {row["key"]: row for row in json.loads(files["keys.json"])}

    entries: list[bytes] = []
    while len(entries) < size:
        width = min(256, size - len(entries))
        path = f"tile/entries/{len(entries) // 256:03}" + ("" if width == 256 else f".p/{width}")
        data = files[path]
        while data:
            end = 2 + int.from_bytes(data[:2], "big")
            entries.append(data[2:end])
            data = data[end:]
    for entry in entries:
        verify_entry(entry, keys, log)
    leaves = [digest(b"\x00", entry) for entry in entries]
    root = root_of(leaves)
    assert base64.b64decode(root_text) == root
    verify_hash_tiles(files, leaves)
    return size, root.hex()


def verify_entry(entry: bytes, keys: dict[str, Any], log: str) -> None:
    text, signatures = split_note(entry)
    line1, line2, nothing = text.split(b"\n")
    assert not nothing
    author = json.loads(line1)
    assert author["log"] == log
    for line in (line1, line2):
        written = json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert written.encode() == line
    assert author["key"] in [name for name, _, _ in signatures]
    for name, key_id, signature in signatures:
        public_bytes = base64.b64decode(keys[name]["public"])
        tag = f"coldcheck/es256/{keys[name]['class']}/v1".encode()
        assert key_id == digest(name.encode(), b"\n\xff", tag, public_bytes)[:4]
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        public_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_bytes)
        public_key.verify(encode_dss_signature(r, s), line1 + b"\n", ec.ECDSA(SHA256()))


def verify_hash_tiles(files: dict[str, bytes], leaves: list[bytes]) -> None:
    hashes, level = leaves, 0
    while hashes:
        for start in range(0, len(hashes), 256):
            tile = hashes[start : start + 256]
            path = f"tile/{level}/{start // 256:03}" + ("" if len(tile) == 256 else f".p/{len(tile)}")
            assert files[path] == b"".join(tile)
        full = len(hashes) // 256
        hashes = [root_of(hashes[256 * index : 256 * index + 256]) for index in range(full)]
        level += 1


def test_the_export_vector_verifies_for_someone_without_our_code() -> None:
    assert verify_export(FILES) == (VECTORS["size"], VECTORS["root"])


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_changed_file_fails_for_someone_without_our_code(path: str) -> None:
    middle = len(FILES[path]) // 2
    changed = FILES[path][:middle] + bytes([FILES[path][middle] ^ 1]) + FILES[path][middle + 1 :]
    with pytest.raises((AssertionError, InvalidSignature, ValueError, KeyError)):
        verify_export(FILES | {path: changed})


@pytest.mark.parametrize(
    "vector", json.loads((Path(__file__).parent.parent / "vectors" / "sealed.json").read_bytes())["sealed"]
)
def test_a_commitment_is_what_the_page_says(vector: dict[str, str]) -> None:
    framed = b"".join(
        len(part).to_bytes(4, "big") + part for part in (vector["field"].encode(), vector["value"].encode())
    )
    commitment = digest(b"coldcheck/sealed/v1\n", bytes.fromhex(vector["salt"]), framed)
    assert commitment.hex() == vector["commitment"]
