"""A long exported log in which every entry is signed by a passkey: what an audit of a million entries is measured on.

Eight officers are named in entry 0 with passkeys that a seed makes, and answer for positions of one gun after the other. The bytes are
those that an authenticator and a browser write; only the person is missing.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.state import apply
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.encoding import Plain, opaque_id
from coldcheck.proof.entry import build_entry, line_hash, make_line, read_entry
from coldcheck.proof.keys import ActingKey, Assertion, KeyClass, challenge_of
from coldcheck.proof.merkle import Frontier, root_of
from coldcheck.proof.note import LogKey, SignatureLine
from coldcheck.proof.sealed import Sealed
from coldcheck.proof.tiles import TILE_HEIGHT, TILE_WIDTH, TileSpec, encode_bundle, encode_keys, export_plan
from coldcheck.station.record import step_of
from coldcheck.station.store import Row
from coldcheck.station.store_sqlite import create_ledger
from coldcheck.station.verify import expected_keys

LOG: Final = "bench-1/PASSKEYS"
PEOPLE: Final = 8
DOMAIN: Final = "hub.set"
_AUTHENTICATOR: Final = sha256(DOMAIN.encode()).digest() + bytes([0x05, 0, 0, 0, 0])
_SEALED: Final = Sealed(commitment="11" * 32)


def _id(letter: str, number: int) -> str:
    return opaque_id(letter, sha256(f"{letter}{number}".encode()).digest())


class Signers:
    """The eight people, and the last line of each."""

    def __init__(self) -> None:
        self.keys = [
            ActingKey.from_seed(key_name=_id("k", n), key_class=KeyClass.PASSKEY, seed=bytes([n]) * 32)
            for n in range(PEOPLE)
        ]
        self.hub = ActingKey.from_seed(key_name=_id("k", 99), key_class=KeyClass.HUB, seed=bytes(32))
        self.log = LogKey.from_seed(name=f"{LOG}/e0", seed=bytes(32))
        self.last: list[str | None] = [None] * PEOPLE

    def entries(self, count: int) -> Iterator[bytes]:
        """So many entries, the genesis first."""
        yield self._genesis()
        for number in range(1, count):
            yield self._entry(number)

    def _genesis(self) -> bytes:
        opened = a.ProductionOpened(
            production="PASSKEYS", name=_SEALED, vkey=self.log.vkey, key=self.hub.key_name,
            public=self.hub.public_bytes.hex(),
        )  # fmt: skip
        acts: list[a.Act] = [opened]
        for n, key in enumerate(self.keys):
            acts.append(a.OfficerNamed(person=_id("p", n), label=f"P{n}", name=_SEALED, roles=()))
            acts.append(
                a.KeyEnrolled(
                    person=_id("p", n), key=key.key_name, key_class="passkey", public=key.public_bytes.hex(), rp=DOMAIN,
                    origins=(f"https://{DOMAIN}",), credential="33" * 32, device=sha256(bytes([n])).hexdigest(),
                )
            )  # fmt: skip
        forms: list[Plain] = [a.plain(act) for act in acts]
        line1 = _line1(0, by=_id("p", 99), key=self.hub.key_name, prev=None, acts=forms, about=[_id("p", 99)])
        signatures = (self.hub.sign(line1), *(_assertion(key, line1) for key in self.keys))
        return build_entry(line1=line1, line2=_line2(0), signatures=signatures)

    def _entry(self, number: int) -> bytes:
        who = number % PEOPLE
        key, gun = self.keys[who], _id("g", number % 40)
        act: Plain = {"act": "condition_seen", "gun": gun, "position": str(number % 6 + 1), "step": number}
        line1 = _line1(
            number, by=_id("p", who), key=key.key_name, prev=self.last[who], acts=[act], about=[gun, _id("p", who)]
        )
        self.last[who] = line_hash(line1)
        return build_entry(line1=line1, line2=_line2(number), signatures=(_assertion(key, line1),))


def _line1(number: int, *, by: str, key: str, prev: str | None, acts: list[Plain], about: list[Plain]) -> bytes:
    return make_line(
        {
            "v": 1, "id": _id("a", number), "log": LOG, "by": by, "key": key, "at": "2026-05-01T09:30:00Z", "after": None,
            "prev": prev, "about": about, "acts": acts,
        }
    )  # fmt: skip


def _line2(number: int) -> bytes:
    return make_line(
        {
            "v": 1, "epoch": 0, "boot": "boot-1", "mono_ms": number * 1_000, "at": "2026-05-01T09:30:01Z",
            "delivered": "live", "rules": "ab" * 32, "build": "bench", "verdict": "admitted", "findings": [],
        }
    )  # fmt: skip


def _assertion(key: ActingKey, line1: bytes) -> SignatureLine:
    client = (
        f'{{"type":"webauthn.get","challenge":"{challenge_of(line1)}","origin":"https://{DOMAIN}","crossOrigin":false}}'
    )
    signed = key.sign_der(_AUTHENTICATOR + sha256(client.encode()).digest())
    made = Assertion(authenticator_data=_AUTHENTICATOR, client_data=client.encode(), signature=signed)
    return SignatureLine(name=key.key_name, key_id=key.key_id, signature=made.packed())


def write_log(directory: Path, *, entries: int) -> str:
    """The log's vkey, after its export of so many entries was written into `directory`."""
    signers = Signers()
    picture = Picture()
    leaves: list[bytes] = []
    bundle: list[bytes] = []
    for index, data in enumerate(signers.entries(entries)):
        if index == 0:
            entry = read_entry(data)
            apply(picture, step_of(0, entry))
        leaves.append(sha256(b"\x00" + data).digest())
        bundle.append(data)
        if len(bundle) == TILE_WIDTH or index + 1 == entries:
            _put(
                directory / TileSpec(level=None, index=index // TILE_WIDTH, width=len(bundle)).path,
                encode_bundle(bundle),
            )
            bundle = []
    _put_hashes(directory, leaves)
    checkpoint = Checkpoint(origin=signers.log.name, size=entries, root=root_of(leaves))
    _put(directory / "checkpoint", sign_checkpoint(checkpoint, signers.log))
    _put(directory / "log.vkey", f"{signers.log.vkey}\n".encode())
    _put(directory / "keys.json", encode_keys(expected_keys(picture)))
    return signers.log.vkey


def write_ledger(path: Path, *, entries: int) -> str:
    """The log's vkey, after a ledger file of so many entries was written: each with its nodes and its signed checkpoint."""
    signers, frontier = Signers(), Frontier()
    store = create_ledger(path, meta={"origin": signers.log.name, "log": LOG, "vkey": signers.log.vkey})
    try:
        for index, data in enumerate(signers.entries(entries)):
            nodes = frontier.append(data)
            head = Checkpoint(origin=signers.log.name, size=index + 1, root=frontier.root())
            store.append(
                Row(
                    entry_index=index, entry_id=str(read_entry(data).author["id"]), data=data, nodes=nodes,
                    checkpoint=sign_checkpoint(head, signers.log), openings=(),
                )
            )  # fmt: skip
    finally:
        store.close()
    return signers.log.vkey


def _put_hashes(directory: Path, leaves: list[bytes]) -> None:
    levels = {0: leaves}
    for tile in export_plan(len(leaves)):
        if tile.level is None:
            continue
        if tile.level not in levels:
            below = levels[tile.level - 1]
            levels[tile.level] = [
                root_of(below[at << TILE_HEIGHT : (at + 1) << TILE_HEIGHT]) for at in range(len(below) >> TILE_HEIGHT)
            ]
        first = tile.index * TILE_WIDTH
        _put(directory / tile.path, b"".join(levels[tile.level][first : first + tile.width]))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
