"""A cosigner over HTTP: it pulls from a hub what is new, or answers hubs that ask it.

A hub on a set's network reaches nobody and is reached by those who stand there: a studio's laptop, an insurer's, the guild's.
`pull` fetches the newest checkpoint with the proof from what is remembered, cosigns, and hands the line back. `serve_cosigner`
is the other direction (C2SP tlog-witness): hubs post to it, and a hub that starts asks it how long its log was.

Promises: what a pull fetched goes through `add_checkpoint` like any request, so nothing here can be talked out of its memory.
A hub whose log is shorter or another one than remembered is shown the remembered checkpoint, which ends or stops it.

Does not do: trust the wire. Every byte that counts is signed.
"""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.cosign import read_request
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import parse_note
from coldcheck.station.asked_first import MOST_NOTE_BYTES
from coldcheck.station.cosigner import add_checkpoint, cosigner_key, remembered_note

PATIENCE_S: Final = 10.0
OK, CONFLICT, MISSING = 200, 409, 404


class NoAnswer(ColdcheckError):
    """A hub did not answer, or said something that is no answer. Look at its address, and whether this machine is on its network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull came to: whether it was cosigned, over how many entries, and a sentence."""

    ok: bool
    size: int
    sentence: str


def pull(folder: Path, hub: str, *, ca: Path | None, at_s: int) -> Pulled:
    """What became of the newest checkpoint of the hub at `hub`. Raises NoAnswer, NoCosigner, StoreFailed, BadRequest."""
    call = _caller(hub, ca)
    old_size = 0
    for _ in range(2):
        status, body = call(f"/log/since/{old_size}", None)
        if status == CONFLICT:
            return _contradicted(
                folder,
                call,
                f"The hub has {body.decode(errors='replace').strip()} entries, fewer than were seen here.",
                old_size,
            )
        if status != OK:
            raise NoAnswer(f"{hub} gives no checkpoint ({status}); is it a hub, and this its address?")
        said = add_checkpoint(folder, body, at_s=at_s)
        size = read_checkpoint_text(parse_note(read_request(body).checkpoint).text).size
        if said.status == CONFLICT and said.fork is None:
            # It remembers more than nothing: ask for the proof from there.
            old_size = int(said.body)
            continue
        if said.status != OK:
            return _contradicted(folder, call, said.body.decode().strip(), size, origin=_origin(body))
        status, answer = call(f"/log/cosignatures/{size}", cosigner_key(folder).vkey.encode() + b"\n" + said.body)
        taken = status == OK
        return Pulled(
            ok=taken, size=size, sentence=answer.decode(errors="replace").strip() or f"The hub said {status}."
        )
    return Pulled(ok=False, size=old_size, sentence="The hub's log moved while it was asked; ask again.")


def _origin(body: bytes) -> str:
    return read_checkpoint_text(parse_note(read_request(body).checkpoint).text).origin


Call = Callable[[str, bytes | None], tuple[int, bytes]]


def _contradicted(folder: Path, call: Call, why: str, size: int, *, origin: str = "") -> Pulled:
    """The pull of a log that is not what is remembered, after the hub was shown what is."""
    said = ""
    for note in remembered_note(folder, origin=origin):
        _status, answer = call("/log/seen", note)
        said = answer.decode(errors="replace").strip()
    return Pulled(ok=False, size=size, sentence=f"{why} Nothing was signed. The hub, shown what is remembered: {said}")


def _caller(hub: str, ca: Path | None) -> Call:
    if not hub.startswith(("http://", "https://")):
        raise NoAnswer(f"{hub!r} is no address; a hub's begins with https:// or http://.")
    trusting = ssl.create_default_context(cafile=None if ca is None else str(ca)) if hub.startswith("https") else None

    def call(path: str, body: bytes | None) -> tuple[int, bytes]:
        asking = urllib.request.Request(hub.rstrip("/") + path, data=body, headers={"Content-Type": "text/plain"})  # noqa: S310  # the scheme is verified above
        try:
            with urllib.request.urlopen(asking, timeout=PATIENCE_S, context=trusting) as reply:  # noqa: S310  # as above
                return int(reply.status), bytes(reply.read(MOST_NOTE_BYTES))
        except urllib.error.HTTPError as said:
            return said.code, said.read(MOST_NOTE_BYTES)
        except (OSError, ValueError) as problem:
            raise NoAnswer(f"{hub} did not answer ({problem}); is this machine on its network?") from problem

    return call


# --- asked by hubs -------------------------------------------------------------------------------------------------


def cosigner_server(folder: Path, *, host: str, port: int, now_s: Callable[[], int]) -> ThreadingHTTPServer:
    """A server, not yet running, of the cosigner in `folder`: `POST /add-checkpoint`, `GET /remembered/<hash of the origin>`.

    Raises NoCosigner, OSError for a port in use.
    """
    cosigner_key(folder)

    class Asked(BaseHTTPRequestHandler):
        """One question."""

        def do_POST(self) -> None:  # the name is the library's
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/add-checkpoint" or not 0 < length <= MOST_NOTE_BYTES:
                self._say(MISSING, b"")
                return
            said = add_checkpoint(folder, self.rfile.read(length), at_s=now_s())
            self._say(said.status, said.body)

        def do_GET(self) -> None:  # the name is the library's
            wanted = self.path.removeprefix("/remembered/")
            notes = {sha256(_origin_of(note).encode()).hexdigest(): note for note in remembered_note(folder)}
            self._say(*((OK, notes[wanted]) if wanted in notes else (MISSING, b"")))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nothing: who asked is nobody's business."""

    return ThreadingHTTPServer((host, port), Asked)


def _origin_of(note: bytes) -> str:
    return read_checkpoint_text(parse_note(note).text).origin
