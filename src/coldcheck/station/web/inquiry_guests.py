"""Who may look at the inquiry and at traces over the hub's pages: people of the record with the role, by their own keys.

Somebody signs a fresh nonce with a key the record knows (in a demo the hub signs for him) and gets a cookie for some
hours. Every page asks the record again: a revoked key or a role that ended shows nothing more. What is signed is no act
and cannot become one. Does not do: decide what anybody may enter, which is the record's own business.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from coldcheck.custody.enrolment import RevokedKey, known_key, owner_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, Role
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain, from_base64, from_hex
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass, verify_author
from coldcheck.proof.note import SignatureLine
from coldcheck.station.door import AtHub, Door
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.html import render
from coldcheck.station.web.set_api import DemoKeys, SignatureForm, answering, read_body

MAY_LOOK: Final = frozenset({Role.COMPILER, Role.EMPLOYER, Role.SAFETY_ADVISOR, Role.POLICE})
"""Whoever keeps the inquiry, answers for the production, advises on it, or investigates it."""
COOKIE: Final = "inquiry"
HOURS_S: Final = 8 * 3600
_NONCE_S: Final = 300
_MOST: Final = 500
_NAME: Final = "coldcheck/look/v1"


class NotAGuest(ColdcheckError):
    """This person or key may not look at the inquiry. Ask the person who keeps it, or sign in with another key."""


class LookForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed nonce; without a signature the demo's hub vouches for its own people."""

    by: str
    key: str
    nonce: str
    signature: SignatureForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who signed in: who, with which key, until when by the process's own clock."""

    person: Id
    key: str
    until_s: float


@dataclass(slots=True)
class Guests:
    """Who is signed in. Nothing of it is kept: a new start of the hub asks everybody again."""

    door: Door
    demo_keys: DemoKeys | None = None
    may_enter: Callable[[Picture, Id], bool] = field(default_factory=lambda: may_trace_in)
    """Who may sign in at all; each page asks for itself what it opens."""
    cookie: str = COOKIE
    hours_s: int = HOURS_S
    read_s: Callable[[], float] = time.monotonic
    _nonces: dict[str, float] = field(default_factory=dict)
    _in: dict[str, Guest] = field(default_factory=dict)

    def guest_of(self, request: Request, picture: Picture) -> Guest | None:
        """Who asks, if the record still lets him look; None for anybody else."""
        guest = self._in.get(request.cookies.get(self.cookie, ""))
        if guest is None or guest.until_s < self.read_s() or not may_look_in(picture, guest.person):
            return None
        return guest if _key_holds(picture, guest.person, guest.key) else None

    def person_of(self, request: Request, picture: Picture) -> Id:
        """Who signed in on the device that asks, with a key that still holds; "" for nobody."""
        guest = self._in.get(request.cookies.get(self.cookie, ""))
        if guest is None or guest.until_s < self.read_s() or not _key_holds(picture, guest.person, guest.key):
            return ""
        return guest.person

    def may_trace(self, request: Request, picture: Picture) -> bool:
        """Whether who asks signed in and has, by the record as it is now, a role that may look at traces."""
        person = self.person_of(request, picture)
        return bool(person) and may_trace_in(picture, person)

    def nonce(self) -> str:
        """A nonce to sign, good once and for some minutes."""
        now_s = self.read_s()
        for old in [name for name, until_s in self._nonces.items() if until_s < now_s]:
            del self._nonces[old]
        if len(self._nonces) >= _MOST:
            self._nonces.clear()
        made = secrets.token_hex(16)
        self._nonces[made] = now_s + _NONCE_S
        return made

    def let_in(self, at: AtHub, form: LookForm) -> str:
        """The cookie of somebody whose signature fits and whose role may look. Raises NotAGuest, BadSignature."""
        until_s = self._nonces.pop(form.nonce, 0.0)
        if until_s < self.read_s():
            raise NotAGuest("This page is too old to sign in with. Load it anew.")
        picture = at.hub.picture
        if not self.may_enter(picture, form.by):
            raise NotAGuest("The inquiry opens for its compiler, the employer, the safety advisor and the police.")
        _verify(at, form, self.demo_keys)
        for old in [name for name, guest in self._in.items() if guest.until_s < self.read_s()]:
            del self._in[old]
        made = secrets.token_urlsafe(24)
        self._in[made] = Guest(person=form.by, key=form.key, until_s=self.read_s() + self.hours_s)
        return made

    def let_go(self, request: Request) -> None:
        """Nothing; the cookie that this request brings opens nothing more, on whatever device it lies."""
        self._in.pop(request.cookies.get(self.cookie, ""), None)


def may_look_in(picture: Picture, person: Id) -> bool:
    """Whether the record gives this person a role that may look at the inquiry."""
    known = picture.persons.get(person)
    return known is not None and not MAY_LOOK.isdisjoint(known.roles)


def may_trace_in(picture: Picture, person: Id) -> bool:
    """Whether somebody may look at traces: who may look at the inquiry, and who has to secure what a trace names."""
    known = picture.persons.get(person)
    handles = known is not None and not {Role.ARMORER, Role.PROPERTY_MASTER}.isdisjoint(known.roles)
    return handles or may_look_in(picture, person)


def _key_holds(picture: Picture, person: Id, key: str) -> bool:
    try:
        return known_key(picture, key) is not None and owner_of(picture, key) == person
    except (RevokedKey, ColdcheckError):
        return False


def words_to_sign(log: str, person: Id, nonce: str) -> bytes:
    """What is signed to look: it begins with a name of its own, so that it is never the line of an act."""
    return f"{_NAME}\n{log}\n{person}\n{nonce}\n".encode()


def _verify(at: AtHub, form: LookForm, demo_keys: DemoKeys | None) -> None:
    picture = at.hub.picture
    known = known_key(picture, form.key)
    if known is None or owner_of(picture, form.key) != form.by:
        raise NotAGuest("This key is not that person's here. Join on this device first, then sign in.")
    if known.key_class is KeyClass.ATTENDED:
        raise NotAGuest("A floor phone passes from hand to hand and signs nobody in. Use a key of your own.")
    words = words_to_sign(at.hub.log, form.by, form.nonce)
    if form.signature is None:
        key = demo_keys(form.by) if demo_keys is not None else None
        if key is None or known.key_class is not KeyClass.DEMO or key.key_name != form.key:
            raise NotAGuest("Nobody has signed this. Sign in with your own key.")
        line = key.sign(words)
    else:
        line = SignatureLine(
            name=form.signature.name, key_id=from_hex(form.signature.key_id, size_bytes=4),
            signature=from_base64(form.signature.signature),
        )  # fmt: skip
    verify_author(
        line1=words, signature_line=line, key_name=form.key, key_class=known.key_class, public_bytes=known.public_bytes,
        relying_party=known.relying_party,
    )  # fmt: skip


def guest_routes(guests: Guests) -> list[Route]:
    """The page that signs somebody in, and what it asks."""

    async def page(request: Request) -> Response:
        html = render(
            "inquiry_enter.html", language=language_of(request), theme=theme_of(request, "light"), mark=mark_of(request)
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)

    async def challenge(_request: Request) -> Plain:
        return await guests.door.ask_async(_challenge)

    def _challenge(at: AtHub) -> Plain:
        picture = at.hub.picture
        people: list[Plain] = [
            {"person": one.person, "label": one.label, "role": role_of(picture, one.person), "key": key.key_name}
            for one in picture.persons.values()
            if guests.demo_keys is not None and may_trace_in(picture, one.person)
            if (key := guests.demo_keys(one.person)) is not None
        ]
        return {"log": at.hub.log, "nonce": guests.nonce(), "demo": guests.demo_keys is not None, "people": people}

    async def enter(request: Request) -> Response:
        try:
            form = await read_body(request, LookForm)
            made, first = await guests.door.ask_async(
                lambda at: (guests.let_in(at, form), "/inquiry" if may_look_in(at.hub.picture, form.by) else "/trace")
            )
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem), "again": False}, 422)
        answer = JSONResponse({"ok": True, "first": first}, headers={"Cache-Control": "no-store"})
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, made, httponly=True, samesite="strict", secure=secure, max_age=HOURS_S)
        return answer

    async def leave(request: Request) -> Response:
        guests.let_go(request)
        answer = RedirectResponse("/inquiry/enter", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return [
        Route("/inquiry/enter", page),
        Route("/inquiry/leave", leave),
        Route("/api/inquiry/challenge", answering(challenge)),
        Route("/api/inquiry/enter", enter, methods=["POST"]),
    ]
