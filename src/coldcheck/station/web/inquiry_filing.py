"""What people file over a hub: papers as they came, and signed acts of the inquiry that name them.

A paper is streamed to this machine under its hash, up to a stated size, and lies there until the act that files it comes
from the same person; then both go into the record in one transaction. First accounts come locked. Promises: nothing is
entered that was not signed by whoever asks; only acts of the inquiry come in here. Does not: read a locked account.
"""

import atexit
import hashlib
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route

from coldcheck.custody import acts as a
from coldcheck.custody.matter import files_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.statements import struck_lines
from coldcheck.custody.things import Id, Role
from coldcheck.proof.encoding import Plain, from_base64
from coldcheck.proof.entry import read_author
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.door import AtHub
from coldcheck.station.read_papers import LARGEST_KEPT, TooLarge, UnreadablePaper, paper_of
from coldcheck.station.record import Signed, acts_of, record
from coldcheck.station.web.catalogue import FIRST, words_in
from coldcheck.station.web.inquiry_guests import Guests
from coldcheck.station.web.set_api import (
    EntryForm,
    answering,
    heard_of,
    openings_of,
    read_body,
    receipt_of,
    signature_of,
    utf8_of,
)

BY_AUTHOR: Final = "author"
BY_LEGAL_PROCESS: Final = "legal_process"
MAY_OPEN: Final = frozenset({Role.POLICE, Role.COMPILER})
"""Who may enter that legal process opened somebody's first account."""
_KEPT_S: Final = 3600
_MOST_WAITING: Final = 20
_ALSO: Final = (a.KeyUnlocked,)
_ACCOUNT_ACTS: Final = (a.FirstAccountSealed, a.FirstAccountOpened, a.SourceFiled, a.KeyUnlocked)
_PATIENCE_S: Final = 30.0
"""A paper of the stated size takes the disk longer than an act does."""


class NoSuchPaper(ColdcheckError):
    """The paper an act names is not here. Send the paper again, then the act."""


class BadFiling(ColdcheckError):
    """This is not entered by who asked, or not here. The sentence says by whom or where it is."""


class FilingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed act with the hashes of papers sent before; `locked` is a first account's locked bytes in base64."""

    entry: EntryForm
    papers: tuple[str, ...] = ()
    locked: str = ""


@dataclass(slots=True)
class Waiting:
    """Papers that were sent and not yet filed, as files under their hash."""

    made: list[Path] = field(default_factory=list)
    since_s: dict[str, float] = field(default_factory=dict)
    sent_by: dict[str, set[Id]] = field(default_factory=dict)

    def folder(self) -> Path:
        """A folder of this process alone, made when the first paper comes and gone with the process."""
        if not self.made:
            self.made.append(Path(mkdtemp(prefix="papers-")))
            atexit.register(shutil.rmtree, self.made[0], ignore_errors=True)
        return self.made[0]

    def note(self, digest: str, person: Id) -> None:
        """Nothing; `person` sent these bytes, and may file them."""
        self.since_s[digest] = time.monotonic()
        self.sent_by.setdefault(digest, set()).add(person)

    def path(self, digest: str, person: Id) -> Path:
        """Where the bytes of this hash wait that `person` sent. Raises NoSuchPaper, for another's as for none."""
        if digest not in self.since_s or person not in self.sent_by.get(digest, ()):
            raise NoSuchPaper("The paper did not come, or waited too long. Send it again.")
        return self.folder() / digest

    def drop_old(self, now_s: float) -> None:
        """Nothing; what nobody filed within the hour is gone."""
        late = [digest for digest, since_s in self.since_s.items() if now_s - since_s > _KEPT_S]
        while len(self.since_s) - len(late) >= _MOST_WAITING:
            late.append(next(digest for digest in self.since_s if digest not in late))
        for digest in late:
            self.drop(digest)

    def drop(self, digest: str) -> None:
        """Nothing; the paper waits no more."""
        self.sent_by.pop(digest, None)
        if self.since_s.pop(digest, None) is not None:
            (self.folder() / digest).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The answers. `guests` says who is signed in; the record says what his key may sign."""

    guests: Guests
    waiting: Waiting = field(default_factory=Waiting)

    async def paper(self, request: Request) -> Plain:
        """The hash and size of a paper that was sent as it is. Raises TooLarge beyond the stated size."""
        person = await self.guests.door.ask_async(lambda at: self._guest(request, at))
        part_path = self.waiting.folder() / f"{secrets.token_hex(8)}.coming"
        digest, size = hashlib.sha256(), 0
        self.waiting.drop_old(time.monotonic())
        try:
            with part_path.open("wb") as out:  # a local temporary file; each part is small
                async for part in request.stream():
                    size += len(part)
                    if size > LARGEST_KEPT:
                        raise TooLarge(_too_large())
                    digest.update(part)
                    out.write(part)
            name = digest.hexdigest()
            part_path.replace(part_path.with_name(name))
        finally:
            part_path.unlink(missing_ok=True)
        self.waiting.note(name, person)
        asked = request.query_params
        said = asked.get("name", ""), asked.get("encoding", "")
        return await run_in_threadpool(self._looked_at, person, name, size, *said)

    def _looked_at(self, person: Id, digest: str, size: int, name: str, encoding: str) -> Plain:
        """The paper with what can be read in it: where its text is not the file itself, that text waits as one more paper."""
        shape: dict[str, Plain] = {
            "sha256": digest,
            "size_bytes": size,
            "problem": "",
            "text": None,
            "remarks": [],
            "struck": [],
        }
        content = self.waiting.path(digest, person).read_bytes()
        shape["media"] = media_of(content, name)
        if not content.strip():
            return {**shape, "problem": "This is empty: it is kept as it came, and there is nothing in it to read."}
        try:
            paper = paper_of(content, name=name or "paper.txt", encoding=encoding or None)
        except UnreadablePaper as problem:
            return {**shape, "problem": f"{problem} The bytes are kept as they came."}
        if paper.own_text or (encoding or "utf-8").lower().replace("-", "") != "utf8" or _is_utf16(content):
            text = paper.text.encode()
            own = hashlib.sha256(text).hexdigest()
            (self.waiting.folder() / own).write_bytes(text)
            self.waiting.note(own, person)
            shape["text"] = {"sha256": own, "size_bytes": len(text)}
        struck = [part for line in struck_lines(paper.text) for part in paper.in_file(line)]
        shape["struck"] = [{"start": part.start, "end": part.end} for part in struck]
        return {**shape, "remarks": list(paper.remarks)}

    async def enter(self, request: Request) -> Plain:
        """The receipt of an act of the inquiry."""
        form = await read_body(request, FilingForm)
        sender = await self.guests.door.ask_async(lambda at: self._guest(request, at))
        papers = await run_in_threadpool(self._papers, form, sender)

        def enter(at: AtHub) -> Plain:
            person = self._guest(request, at)
            return _entered(at, form, papers, self.guests, person=person, allowed=(*a.INQUIRY_ACTS, *_ALSO))

        receipt = await self.guests.door.ask_async(enter, writes=True, patience_s=_PATIENCE_S)
        for digest in form.papers:
            self.waiting.drop(digest)
        return receipt

    async def account(self, request: Request) -> Plain:
        """The receipt of a first account, locked or opened by its author: anybody with a key here may send one."""
        form = await read_body(request, FilingForm)
        locked = (from_base64(form.locked),) if form.locked else ()

        def enter(at: AtHub) -> Plain:
            return _entered(at, form, locked, self.guests, person="", allowed=_ACCOUNT_ACTS)

        return await self.guests.door.ask_async(enter, writes=True)

    def _guest(self, request: Request, at: AtHub) -> Id:
        guest = self.guests.guest_of(request, at.hub.picture)
        if guest is None:
            raise BadFiling("You are not signed in to the inquiry any more. Sign in again; nothing was entered.")
        return guest.person

    def _papers(self, form: FilingForm, person: Id) -> tuple[bytes, ...]:
        return tuple(self.waiting.path(digest, person).read_bytes() for digest in form.papers)


def _entered(
    at: AtHub,
    form: FilingForm,
    papers: tuple[bytes, ...],
    guests: Guests,
    *,
    person: Id,
    allowed: tuple[type, ...],
) -> Plain:
    line1 = utf8_of(form.entry.line1)
    author = read_author(line1)
    acts = acts_of(author)
    if person and author["by"] != person:
        raise BadFiling("This act is another person's than who is signed in. Sign in anew.")
    strange = next((act for act in acts if not isinstance(act, allowed)), None)
    if strange is not None:
        raise BadFiling(f"{type(strange).__name__} is not filed here; do it on the set screens.")
    _verify_opened(at, acts, by=str(author["by"]), is_guest=bool(person))
    signature = signature_of(at, form.entry, line1, author, guests.demo_keys)
    reply = record(
        at.hub,
        Signed(line1=line1, signature=signature, openings=openings_of(form.entry), papers=papers),
        at.moment,
    )
    return {
        **receipt_of(at.hub.picture, reply, words_in(FIRST)),
        "hash": hashlib.sha256(line1).hexdigest(),
        **heard_of(at),
    }


def _verify_opened(at: AtHub, acts: tuple[a.Act, ...], *, by: Id, is_guest: bool) -> None:
    """Raises BadFiling for a first account that is said to be opened by its author and is not his."""
    for act in acts:
        if not isinstance(act, a.FirstAccountOpened):
            continue
        sealed = files_of(at.hub.picture).first_accounts.get(act.regarding)
        if sealed is None:
            raise BadFiling("No such first account is in the record.")
        if act.basis == BY_AUTHOR and sealed.by != by:
            raise BadFiling("A first account is opened by its author, or by legal process.")
        if act.basis != BY_AUTHOR and not (is_guest and act.basis == BY_LEGAL_PROCESS):
            raise BadFiling("Only who is signed in to the inquiry enters an opening by legal process.")
        if act.basis != BY_AUTHOR and not may_open(at.hub.picture, by):
            raise BadFiling("The police or who keeps the inquiry enter an opening by legal process; nobody else does.")


def may_open(picture: Picture, person: Id) -> bool:
    """Whether somebody may enter that a first account was opened by legal process: not the employer, nor an advisor."""
    known = picture.persons.get(person)
    return known is not None and not MAY_OPEN.isdisjoint(known.roles)


def media_of(content: bytes, name: str) -> str:
    """The media type of a paper, by its first bytes and then by its name."""
    if content.startswith(b"%PDF"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix = Path(name).suffix.lower()
    found = {".srt": "application/x-subrip", ".vtt": "text/vtt", ".html": "text/html", ".htm": "text/html"}
    return found.get(suffix, "text/plain")


def _is_utf16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _too_large() -> str:
    return (
        f"This is more than {LARGEST_KEPT // 1_000_000} MB, the most one source may have here; split it into parts, each is"
        " kept and read by itself. Nothing was kept of it."
    )


def filing_routes(filing: Filing) -> list[Route]:
    """What the pages of the inquiry send."""
    return [
        Route("/api/inquiry/papers", answering(filing.paper), methods=["POST"]),
        Route("/api/inquiry/entries", answering(filing.enter), methods=["POST"]),
        Route("/api/account/entries", answering(filing.account), methods=["POST"]),
    ]
