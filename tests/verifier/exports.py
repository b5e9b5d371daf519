"""Exports written by hand for the tests: good ones, and hostile ones that a hub with its own keys could write.

Written from docs/format.md with hashlib and `cryptography` alone, so that a test compares three readings of the page:
this writer, the verifier in Python and the one in JavaScript. A `Log` is changed freely, then `files()` signs what it is.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HUB = "p0000000000HB"
HUB_KEY = "k0000000000HB"
ADA = "p0000000000AD"
ADA_KEY = "k0000000000AD"
RP, ORIGIN = "set.example", "https://hub7.set.example"
"""Where every passkey of these tests was made."""
Files = dict[str, bytes]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signature_line(name: str, key_id: bytes, signature: bytes) -> bytes:
    return f"\N{EM DASH} {name} {base64.b64encode(key_id + signature).decode()}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingKey:
    """An ES256 key made from its name."""

    name: str
    key_class: str

    @property
    def private(self) -> ec.EllipticCurvePrivateKey:
        number = int.from_bytes(hashlib.sha512(f"{self.name}/{self.key_class}".encode()).digest()) % (N - 3) + 2
        return ec.derive_private_key(number, ec.SECP256R1())

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def key_id(self, key_class: str | None = None) -> bytes:
        tag = f"coldcheck/es256/{key_class or self.key_class}/v1".encode()
        return sha256(self.name.encode() + b"\n\xff" + tag + self.public)[:4]

    def assertion_line(self, line1: bytes, *, rp: str, origin: str, flags: int = 0x05) -> bytes:
        """The line of a passkey: a WebAuthn assertion whose challenge is the hash of line 1."""
        challenge = base64.urlsafe_b64encode(sha256(line1)).rstrip(b"=").decode()
        client = f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}'.encode()
        authenticator = sha256(rp.encode()) + bytes([flags, 0, 0, 0, 1])
        der = self.private.sign(authenticator + sha256(client), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        signed = len(authenticator).to_bytes(2) + authenticator + len(client).to_bytes(2) + client + der
        return signature_line(self.name, self.key_id(), signed)

    def line(self, line1: bytes, *, high_s: bool | None = None, key_class: str | None = None) -> bytes:
        r, s = decode_dss_signature(self.private.sign(line1, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        if high_s is not None and (s > N // 2) is not high_s:
            s = N - s
        return signature_line(self.name, self.key_id(key_class), r.to_bytes(32) + s.to_bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """An Ed25519 log key made from its name."""

    name: str
    secret: bytes = b"log"

    @property
    def private(self) -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.from_private_bytes(sha256(self.secret + self.name.encode()))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.public)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([1]) + self.public).decode()}"

    def sign(self, text: bytes) -> bytes:
        return text + b"\n" + signature_line(self.name, self.key_id, self.private.sign(text))


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry)


def root_of(hashes_: list[bytes]) -> bytes:
    """The RFC 6962 root, by its recursive definition."""
    if len(hashes_) < 2:
        return hashes_[0] if hashes_ else sha256(b"")
    split = 1 << (len(hashes_) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(hashes_[:split]) + root_of(hashes_[split:]))


def tile_name(level: int | str, index: int, width: int) -> str:
    assert index < 1000, "one group of digits is enough for a test"
    return f"tile/{level}/{index:03d}" + (f".p/{width}" if width < 256 else "")


Change = Callable[[dict[str, object], dict[str, object]], None]


@dataclass(slots=True, kw_only=True)
class Log:
    """A log as its hub could write it: `entries` are whole notes, `keys` what keys.json lists."""

    origin: str = "hub-1/TEST/e0"
    entries: list[bytes] = field(default_factory=list)
    keys: dict[str, tuple[str, bytes, str | None]] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> LogKey:
        return LogKey(name=self.origin)

    def add(
        self,
        act: Mapping[str, object],
        *,
        by: str = ADA,
        key: ActingKey | None = None,
        change: Change = lambda _author, _receipt: None,
        sign: Callable[[ActingKey, bytes], bytes] = lambda key, line1: key.line(line1),
    ) -> None:
        """Signs one act as the next entry; `change` may spoil both lines before they are signed."""
        key = key or ActingKey(name=ADA_KEY, key_class="device")
        index = len(self.entries)
        author: dict[str, object] = {
            "v": 1, "id": f"a{index:012d}", "log": self.origin.rpartition("/")[0], "by": by, "key": key.name,
            "at": "2026-05-01T09:30:00Z", "after": None, "prev": self.previous.get(key.name), "about": [], "acts": [act],
        }  # fmt: skip
        receipt: dict[str, object] = {
            "v": 1, "epoch": 0, "boot": "b1", "mono_ms": 1000 * index, "at": "2026-05-01T09:30:01Z", "delivered": "live",
            "rules": "none", "build": "t", "verdict": "admitted", "findings": [],
        }  # fmt: skip
        change(author, receipt)
        line1 = canonical(author) + b"\n"
        self.add_lines(line1, canonical(receipt) + b"\n", sign(key, line1))
        self.previous[key.name] = sha256(line1).hex()

    def add_lines(self, line1: bytes, line2: bytes, signatures: bytes) -> None:
        self.entries.append(line1 + line2 + b"\n" + signatures)

    def open_production(self, change: Change = lambda _author, _receipt: None) -> None:
        """Entry 0, signed by the hub's own acting key."""
        hub = ActingKey(name=HUB_KEY, key_class="hub")
        act = {
            "act": "production_opened", "key": hub.name, "name": "11" * 32, "production": "TEST",
            "public": hub.public.hex(), "vkey": self.key.vkey,
        }  # fmt: skip
        self.add(act, by=HUB, key=hub, change=change)
        self.keys[hub.name] = ("hub", hub.public, None)

    def enrol(self, *, person: str, key: ActingKey, public: str | None = None, by: ActingKey | None = None) -> None:
        hub = ActingKey(name=HUB_KEY, key_class="hub")
        public = key.public.hex() if public is None else public
        act = {
            "act": "person_enrolled", "person": person, "label": f"P{len(self.entries)}", "name": "22" * 32,
            "roles": ["armorer"], "key": key.name, "key_class": key.key_class, "public": public,
        }  # fmt: skip
        self.add(act, by=HUB if by is None else ADA, key=by or hub)
        if public:
            self.keys[key.name] = (key.key_class, bytes.fromhex(public), person)

    def checkpoint_text(self, *, size: int | None = None, root: bytes | None = None) -> bytes:
        root = root_of([leaf_hash(entry) for entry in self.entries]) if root is None else root
        size = len(self.entries) if size is None else size
        return f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()

    def files(self) -> Files:
        """The export's files, by path."""
        leaves = [leaf_hash(entry) for entry in self.entries]
        files = {
            "checkpoint": self.key.sign(self.checkpoint_text()),
            "log.vkey": f"{self.key.vkey}\n".encode(),
            "keys.json": self.keys_json(),
        }
        for start in range(0, len(self.entries), 256):
            chunk = self.entries[start : start + 256]
            bundle = b"".join(len(entry).to_bytes(2) + entry for entry in chunk)
            files[tile_name("entries", start // 256, len(chunk))] = bundle
        level = 0
        while leaves:
            for start in range(0, len(leaves), 256):
                files[tile_name(level, start // 256, len(leaves[start : start + 256]))] = b"".join(
                    leaves[start : start + 256]
                )
            leaves = [root_of(leaves[start : start + 256]) for start in range(0, len(leaves) - 255, 256)]
            level += 1
        return files

    def keys_json(self) -> bytes:
        rows = []
        for name, (key_class, public, person) in sorted(self.keys.items()):
            row: dict[str, object] = {"class": key_class, "key": name, "public": base64.b64encode(public).decode()}
            party = {"rp": RP, "origins": [ORIGIN]} if key_class == "passkey" else {}
            rows.append(row | party | ({} if person is None else {"person": person}))
        return canonical(rows)


def small_log(size: int, *, origin: str = "hub-1/TEST/e0") -> Log:
    """A good log of `size` entries: opened, one person enrolled, then that person's acts."""
    log = Log(origin=origin)
    log.open_production()
    if size > 1:
        log.enrol(person=ADA, key=ActingKey(name=ADA_KEY, key_class="device"))
    while len(log.entries) < size:
        log.add({"act": "duty_opened", "duty": "armorer", "exclusive": False})
    return log


def write(files: Files, directory: Path) -> Path:
    """`directory`, holding exactly these files."""
    for path, data in files.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return directory


def read(directory: Path) -> Files:
    """The files of an export on disk, by path."""
    files = (file for file in sorted(directory.rglob("*")) if file.is_file())
    return {file.relative_to(directory).as_posix(): file.read_bytes() for file in files}
