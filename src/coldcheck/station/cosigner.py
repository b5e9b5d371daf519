"""A cosigner on a machine of its own: a folder that remembers the newest checkpoint of each log it was told to watch.

Promises: comparing with what is remembered and remembering the new one is one step under one lock, and it is on the disk
before an answer is given; so two requests cannot roll it back, and neither can a crash. What forks a log is kept in
`forks/`, byte for byte, and never signed.

Does not do: the wire. Whoever has one hands in bodies and sends answers; two files on a USB stick do as well.

    folder = make_cosigner(Path("studio"), name="studio.example/c1", seed=os.urandom(32), logs=(vkey,))
    reply = add_checkpoint(folder, body, at_s=int(time.time()))
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.cosign import Answer, CosignerKey, Fork, Remembered, answer
from coldcheck.proof.encoding import NotCanonical, decode, encode, from_hex
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import LogVerifier
from coldcheck.station.store import LedgerExists, StoreFailed
from coldcheck.station.whole_files import put_file

_KEY: Final = "cosigner.key"
_LOGS: Final = "logs"
_FORK_TITLE: Final = "coldcheck/fork/v1"


class NoCosigner(ColdcheckError):
    """The folder holds no cosigner. Make one with `coldcheck cosign init`, or name the folder it made."""


def make_cosigner(folder: Path, *, name: str, seed: bytes, logs: tuple[str, ...]) -> Path:
    """The folder of a new cosigner, which watches the logs with these vkeys. Raises BadKey, LedgerExists, StoreFailed."""
    key = CosignerKey.from_seed(name=name, seed=seed)
    for vkey in logs:
        LogVerifier.from_vkey(vkey)
    if (folder / _KEY).exists():
        raise LedgerExists(f"{folder} holds a cosigner already; it is never begun anew over what it remembers.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        put_file(folder / _LOGS, "".join(f"{vkey}\n" for vkey in logs).encode())
        put_file(folder / _KEY, encode({"name": key.verifier.name, "seed": seed.hex()}))
        (folder / _KEY).chmod(0o600)
    except OSError as problem:
        raise StoreFailed(f"{folder} cannot be written ({problem.strerror}); name a folder that can be.") from problem
    return folder


def cosigner_key(folder: Path) -> CosignerKey:
    """The key of the cosigner in `folder`. Raises NoCosigner."""
    try:
        row = decode((folder / _KEY).read_bytes())
        assert isinstance(row, dict)
        return CosignerKey.from_seed(name=str(row["name"]), seed=from_hex(str(row["seed"]), size_bytes=32))
    except (OSError, NotCanonical, AssertionError, KeyError) as problem:
        raise NoCosigner(f"{folder} holds no cosigner; make one with coldcheck cosign init.") from problem


def add_checkpoint(folder: Path, body: bytes, *, at_s: int) -> Answer:
    """The answer to a request, given after what it changes is on the disk. Raises NoCosigner or StoreFailed."""
    key = cosigner_key(folder)
    with _locked(folder):
        logs = [LogVerifier.from_vkey(vkey) for vkey in (folder / _LOGS).read_text(encoding="ascii").splitlines()]
        memory = {log.name: kept for log in logs if (kept := _remembered(folder, log)) is not None}
        said = answer(body, memory=memory, logs=logs, key=key, at_s=at_s)
        try:
            if said.fork is not None:
                data = fork_bytes(said.fork)
                put_file(folder / "forks" / sha256(data).hexdigest(), data)
            if said.remember is not None:
                put_file(_place(folder, said.remember.checkpoint.origin), said.remember.note)
        except OSError as problem:
            raise StoreFailed(
                f"{folder} cannot be written ({problem.strerror}), so nothing was cosigned; make room and ask again."
            ) from problem
    return said


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _place(folder: Path, origin: str) -> Path:
    return folder / "remembered" / sha256(origin.encode()).hexdigest()


def _remembered(folder: Path, log: LogVerifier) -> Remembered | None:
    """What is remembered of a log, None before its first checkpoint; a damaged memory is not taken for none."""
    try:
        note = _place(folder, log.name).read_bytes()
    except FileNotFoundError:
        return None
    return Remembered(checkpoint=open_checkpoint(note, log), note=note)


def remembered_note(folder: Path, *, origin: str = "") -> tuple[bytes, ...]:
    """The newest checkpoint remembered of each log watched, or of `origin` alone. Raises NoCosigner for another folder."""
    cosigner_key(folder)
    logs = [LogVerifier.from_vkey(vkey) for vkey in (folder / _LOGS).read_text(encoding="ascii").splitlines()]
    kept = [_remembered(folder, log) for log in logs if origin in {"", log.name}]
    return tuple(one.note for one in kept if one is not None)


def watch(folder: Path, vkey: str) -> None:
    """Nothing; the log of this vkey is watched as well, such as the next epoch of one. Raises NoCosigner, BadKey, StoreFailed."""
    cosigner_key(folder)
    LogVerifier.from_vkey(vkey)
    with _locked(folder):
        logs = (folder / _LOGS).read_text(encoding="ascii").splitlines()
        if vkey in logs:
            return
        try:
            put_file(folder / _LOGS, "".join(f"{one}\n" for one in (*logs, vkey)).encode())
        except OSError as problem:
            raise StoreFailed(f"{folder} cannot be written ({problem.strerror}); make room and try again.") from problem


def forks(folder: Path) -> tuple[Fork, ...]:
    """Every fork that this cosigner has seen, the evidence itself."""
    place = folder / "forks"
    files = sorted(place.iterdir()) if place.is_dir() else ()
    return tuple(read_fork(file.read_bytes()) for file in files)


def fork_bytes(fork: Fork) -> bytes:
    """The evidence as one file, canonical JSON."""
    return encode({"title": _FORK_TITLE, "kept": fork.kept.decode(), "other": fork.other.decode()})


def read_fork(data: bytes) -> Fork:
    """The evidence in a file. Raises NotCanonical."""
    row = decode(data)
    if not isinstance(row, dict) or row.keys() != {"title", "kept", "other"} or row["title"] != _FORK_TITLE:
        raise NotCanonical(f"This is no evidence of a fork: {_FORK_TITLE} with two checkpoints was expected.")
    return Fork(kept=str(row["kept"]).encode(), other=str(row["other"]).encode())
