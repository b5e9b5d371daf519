"""The officers' page: keys that ask, keys that count, crew lists, and the machines elsewhere that remember the log.

For: officers. They confirm a key that asks, the second one a crew list; each revokes a key or names a cosigner. What they decide is
signed in their own browser, by their own key (`static/office_keys.js`), and enters by the door every act enters by. Anybody of the
office reads the page, also without script.

Promises: shows labels and roles, never a name. A key is shown with the first 64 bits of the hash of its public half, which the
phone that holds it shows as well: an officer compares the two. Looking writes nothing.

Does not do: decide whose word counts (`custody.enrolment`), or hold a key.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, Role
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass
from coldcheck.station.answer_text import label_of
from coldcheck.station.door import AtHub, Door
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.office_pages import may_look, sentence_page
from coldcheck.station.web.office_tables import TABLES
from coldcheck.station.web.set_api import PersonOf

MOST_STRANGERS: Final = 50
_PERSON: Final = re.compile(r"p[0-9A-HJKMNP-TV-Z]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One key. `print` is what an officer compares; `prev` the hash of what it signed last, "" for nothing yet.

    `entry` is where it began to ask, was revoked, or the last entry about it that the page knows; None for none.
    """

    key: Id
    person: Id
    label: str
    role: str
    key_class: str
    print: str
    prev: str
    entry: int | None
    confirmed_by: tuple[str, ...] = ()
    sha256: str = ""
    same_device: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A crew list that waits for its second officer: by whom, and who stands on it with which roles."""

    sha256: str
    by: str
    people: tuple[tuple[str, tuple[Role, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySheet:
    """What the page shows, worked out at one entry. `officers` and `people` are persons with their labels."""

    entry: int
    at: str
    log: str
    officers: tuple[tuple[Id, str], ...]
    people: tuple[tuple[Id, str], ...]
    lists: tuple[ListRow, ...]
    waiting: tuple[KeyRow, ...]
    counting: tuple[KeyRow, ...]
    revoked: tuple[KeyRow, ...]
    cosigners: tuple[tuple[str, int], ...]
    strangers: tuple[str, ...]

    def signers(self) -> Plain:
        """What an officer's browser has to know: whose keys count, what each signed last, who is an officer."""
        keys: dict[str, Plain] = {row.key: {"person": row.person, "prev": row.prev} for row in self.counting}
        return {"log": self.log, "officers": dict(self.officers), "keys": keys}


def print_of(public: str) -> str:
    """What an officer compares with the phone: four groups of four hex digits of the hash of a public key."""
    digest = sha256(bytes.fromhex(public)).hexdigest()[:16]
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def key_sheet(at: AtHub) -> KeySheet:
    """Everything about keys that the record says now."""
    picture, book = at.hub.picture, at.hub.picture.book
    store = at.hub.store
    seen = store.cosigner_vkeys() if isinstance(store, SqliteStore) else frozenset()
    known = {name: (public, held, owner) for name, (public, held, owner) in picture.keys.items()}
    rows = {
        name: _row(at, name, public=public, key_class=held, owner=owner)
        for name, (public, held, owner) in known.items()
        if held != KeyClass.REPORT.value
    }
    waiting = tuple(
        _row(
            at, name, public=one.act.public, key_class=one.act.key_class, owner=one.act.person, sha=one.sha256,
            confirmed_by=tuple(label_of(picture, who) for who in one.confirmed_by),
        )
        for name, one in book.waiting.items()
    )  # fmt: skip
    return KeySheet(
        entry=picture.size - 1,
        at=picture.at,
        log=at.hub.log,
        officers=tuple((who, label_of(picture, who)) for who in book.officers),
        people=tuple(sorted(((one.person, one.label) for one in picture.persons.values()), key=lambda one: one[1])),
        lists=tuple(_listed(picture, digest) for digest in book.lists),
        waiting=waiting,
        counting=tuple(row for name, row in rows.items() if name not in book.revoked),
        revoked=tuple(row for name, row in rows.items() if name in book.revoked),
        cosigners=tuple(book.cosigners.items()),
        strangers=tuple(sorted(seen - book.cosigners.keys()))[:MOST_STRANGERS],
    )


def _row(
    at: AtHub,
    name: Id,
    *,
    public: str,
    key_class: str,
    owner: Id,
    sha: str = "",
    confirmed_by: tuple[str, ...] = (),
) -> KeyRow:
    picture, book = at.hub.picture, at.hub.picture.book
    act = book.enrolled.get(name)
    device = act.device if act is not None else ""
    others = {
        other.person for other in book.enrolled.values() if device and other.device == device and other.person != owner
    }
    return KeyRow(
        key=name,
        person=owner,
        label=label_of(picture, owner),
        role=role_of(picture, owner) if owner in picture.persons else "hub",
        key_class=key_class,
        print=print_of(public),
        prev=at.hub.last_lines.get(name, ""),
        entry=book.revoked.get(name),
        confirmed_by=confirmed_by,
        sha256=sha,
        same_device=tuple(sorted(label_of(picture, other) for other in others)),
    )


def _listed(picture: Picture, digest: str) -> ListRow:
    by, act = picture.book.lists[digest]
    return ListRow(
        sha256=digest, by=label_of(picture, by), people=tuple((row.label, tuple(row.roles)) for row in act.rows)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPages:
    """The page over the hub's door. `address` is where phones reach the hub; "" for wherever the page itself came from."""

    door: Door
    key: str
    production: str
    person_of: PersonOf | None
    address: str

    async def page(self, request: Request) -> Response:
        """The page; `?phone=` shows the code with which a new phone of that person asks. It holds no secret."""
        language = language_of(request)
        try:
            sheet, is_officer = await self.door.ask_async(lambda at: (key_sheet(at), self._is_officer(request, at)))
        except ColdcheckError as problem:
            return sentence_page(request, str(problem), 503)
        if not (is_officer or may_look(request, self.key)):
            return sentence_page(request, words_in(language).say("office.whose"), 403)
        phone = request.query_params.get("phone", "")
        link = f"{self._base(request)}/join#{phone}" if _PERSON.fullmatch(phone) else ""
        html = render(
            "keys.html",
            language=language,
            theme=theme_of(request, "light"),
            mark=mark_of(request),
            production=self.production,
            sheet=sheet,
            tables=tuple(TABLES),
            link=link,
            code=segno.make_qr(link, error="m").svg_inline(omitsize=True, border=4, dark="#000", light="#fff") if link else "",
            phone=phone,
            said=words_in(language).table("keys"),
        )  # fmt: skip
        return HTMLResponse(html, headers=PAGE_HEADERS)

    def _is_officer(self, request: Request, at: AtHub) -> bool:
        if self.person_of is None:
            return False
        return self.person_of(request, at.hub.picture) in at.hub.picture.book.officers

    def _base(self, request: Request) -> str:
        return self.address or f"{request.url.scheme}://{request.url.netloc}"


def keys_routes(
    door: Door, *, key: str = "", production: str = "", person_of: PersonOf | None = None, address: str = ""
) -> list[Route]:
    """The officers' page; it stands before the office's tables, whose address takes any name."""
    pages = KeyPages(door=door, key=key, production=production, person_of=person_of, address=address)
    return [Route("/office/keys", pages.page)]
