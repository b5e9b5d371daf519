"""The set screens' interface: what a person can do, sheets by two, and the door through which signed acts come in.

For: phones. A phone builds line 1 itself and signs it; here it is only carried to `record`. In the demo the hub holds the
keys and signs the very bytes the phone made. Promises: every refusal of a form is one sentence; nothing here holds the
answers of a half whose other half is not in; looking writes nothing. Does not: judge, or keep a picture.
"""

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256
from typing import Final, TypeAlias, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from coldcheck.custody.enrolment import known_key
from coldcheck.custody.picture import Picture, is_handler
from coldcheck.custody.things import Id, Role
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain, from_base64, from_hex
from coldcheck.proof.entry import read_author
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.note import SignatureLine
from coldcheck.proof.sealed import Opening
from coldcheck.station.door import AtHub, Door, HubSilent
from coldcheck.station.record import Reply, Signed, acts_of, record
from coldcheck.station.store import StoreFailed
from coldcheck.station.web.asked import language_of
from coldcheck.station.web.catalogue import Words, languages, words_in
from coldcheck.station.web.day_views import words_of_concern
from coldcheck.station.web.deliveries import standing_plain
from coldcheck.station.web.html import HERE, page_build
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_sheets import KINDS, BadSheet, OpenSheet, SheetDesk
from coldcheck.station.web.set_views import person_view, sheet_view
from coldcheck.station.web.told import Told, finding_in, problem_in

T = TypeVar("T")
DemoKeys: TypeAlias = Callable[[Id], ActingKey | None]
"""The demo key of a person, None where the hub holds none: then the phone signs by itself."""
PersonOf: TypeAlias = Callable[[Request, Picture], Id]
"""Who signed in on the device that asks, "" for nobody."""
MOST_BYTES: Final = 200_000
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_PAGE_HEADERS: Final = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


class BadRequest(Told):
    """What the screen sent does not read. Load the screen anew; if it says so again, write on paper and tell the hub's keeper."""


class NotSignedIn(Told):
    """The device that asks has not shown that it speaks for this person. A set screen shows it by itself and asks again."""


class OpeningForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The opening of one sealed value, the salt in hex."""

    commitment: str
    salt: str
    field: str
    value: str


class SignatureForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signature line: key name, key id in hex, signature in base64."""

    name: str
    key_id: str
    signature: str


class EntryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed act on its way in. Without a signature the hub signs with the person's demo key, if it holds one."""

    line1: str
    signature: SignatureForm | None
    openings: tuple[OpeningForm, ...]
    delivered: str


class SheetForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet to begin; `rounds` are pairs of container and cell, in the order of the chambers."""

    by: str
    other: str
    gun: str
    kind: str
    manner: str
    device: str
    rounds: tuple[tuple[str, str], ...]


class HeardForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which screen shows the hub's word, and up to how many entries."""

    screen: str
    entries: int


class RestartForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who begins his half again."""

    by: str


def set_routes(
    push: Push,
    door: Door,
    demo_keys: DemoKeys | None = None,
    *,
    drill: bool = False,
    photos: bool = False,
    person_of: PersonOf | None = None,
) -> list[BaseRoute]:
    """The routes of the set screens over one hub. `demo_keys` only in a demo; a `drill` is marked on every screen.

    `person_of` says who signed in on the device that asks: without one, as in a demo, anybody may be anybody.
    """
    desk = SheetDesk(draw=secrets.randbelow, name=lambda: f"sheet-{secrets.token_hex(6)}")
    api = _Api(door=door, desk=desk, demo_keys=demo_keys, push=push, drill=drill, photos=photos, person_of=person_of)
    return [
        Route("/set", RedirectResponse("/set/", 307)),
        # A join card's address; the browser keeps what stands behind its # and shows it to no server.
        Route("/join", RedirectResponse("/set/", 307)),
        Route("/set/", _shell),
        Route("/set/sw.js", _worker),
        Route("/set/app.webmanifest", _manifest),
        Route("/api/set/hello", answering(api.hello)),
        Route("/api/set/view", answering(api.view)),
        Route("/api/set/events", api.events),
        Route("/api/set/heard", answering(api.heard), methods=["POST"]),
        Route("/api/set/sheets", answering(api.begin), methods=["POST"]),
        Route("/api/set/sheets/{procedure}", answering(api.sheet)),
        Route("/api/set/sheets/{procedure}/restart", answering(api.restart), methods=["POST"]),
        Route("/api/set/concerns/{concern}", answering(api.concern)),
        Route("/api/set/entries", answering(api.enter), methods=["POST"]),
    ]


def answering(handler: Callable[[Request], Awaitable[Plain]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler's answer as JSON; whatever is wrong as one sentence."""

    async def answer(request: Request) -> Response:
        words = words_in(language_of(request))
        try:
            return JSONResponse(await handler(request), headers=_HEADERS)
        except (HubSilent, StoreFailed) as silent:
            # Neither says that the act was not taken: it stays on the phone and is sent again under its own id.
            return JSONResponse({"sentence": problem_in(silent, words), "again": True}, 503, _HEADERS)
        except ColdcheckError as problem:
            body = {"sentence": problem_in(problem, words), "kind": type(problem).__name__, "again": False}
            return JSONResponse(body, 422, _HEADERS)

    return answer


async def read_body(request: Request, form: type[T]) -> T:
    """The request's body as `form`. Raises BadRequest.

    A page of another origin can send a form, but no JSON that we would take.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise BadRequest("only_set_screens")
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            raise BadRequest("too_long")
    try:
        return msgspec.json.decode(data, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadRequest("unreadable", why=problem) from problem


class _Api:
    """The answers. All that touch picture or desk run in the writing thread, through the door."""

    def __init__(
        self,
        *,
        door: Door,
        desk: SheetDesk,
        demo_keys: DemoKeys | None,
        push: Push,
        drill: bool,
        photos: bool,
        person_of: PersonOf | None,
    ) -> None:
        self._person_of = person_of
        self._drill, self._photos = drill, photos
        self._door, self._desk, self._demo_keys, self._push = door, desk, demo_keys, push

    # --- looking ---

    async def hello(self, _request: Request) -> Plain:
        """What a screen has to know before anybody is chosen."""
        return await self._door.ask_async(self._hello)

    def _hello(self, at: AtHub) -> Plain:
        people = at.hub.picture.persons.values() if self._demo_keys is not None else ()
        return {
            "log": at.hub.log,
            "demo": self._demo_keys is not None,
            "drill": self._drill,
            "photos": self._photos,
            "build": page_build(),
            "people": [
                {"person": one.person, "label": one.label, "role": role_of(at.hub.picture, one.person)}
                for one in people
                if one.key_class == KeyClass.DEMO.value and one.public
            ],
            **heard_of(at),
        }

    async def view(self, request: Request) -> Plain:
        """What the person `by` can see and do now."""
        by = request.query_params.get("by", "")

        def look(at: AtHub) -> Plain:
            self._verify_asks(request, at.hub.picture, by)
            return self._view(at, by)

        return await self._door.ask_async(look)

    def _verify_asks(self, request: Request, picture: Picture, by: Id) -> None:
        """Nothing, if the device that asks is known to be this person's; raises NotSignedIn."""
        if by and self._person_of is not None and self._person_of(request, picture) != by:
            raise NotSignedIn("sign_in_first")

    def _view(self, at: AtHub, by: Id) -> Plain:
        if by and by not in at.hub.picture.persons:
            raise BadRequest("nobody_here")
        picture = at.hub.picture
        seen = person_view(picture, self._desk, by=by, now=at.now)
        told = None
        if by and (is_handler(picture, by) or Role.FIRST_AD in picture.persons[by].roles):
            told = standing_plain(self._push.deliveries.standing(), lambda who: role_of(picture, who))
        return {**seen, **heard_of(at), "signing": self._signing(at, by), "told": told}

    async def concern(self, request: Request) -> Plain:
        """The words of a concern, for whoever may answer it; "" where they are closed to him or were erased."""
        concern, by = request.path_params["concern"], request.query_params.get("by", "")

        def look(at: AtHub) -> Plain:
            self._verify_asks(request, at.hub.picture, by)
            remark = words_of_concern(at.hub.picture, concern, by=by)
            opening = at.hub.store.opening(remark.commitment) if remark is not None else None
            return {"words": opening.value if opening is not None else ""}

        return await self._door.ask_async(look)

    def _signing(self, at: AtHub, by: Id) -> Plain:
        """What the demo key of `by` signs next, None where the phone has its own key."""
        key = self._demo_keys(by) if self._demo_keys is not None and by else None
        if key is None:
            return None
        return {"key": key.key_name, "class": key.key_class.value, "prev": at.hub.last_lines.get(key.key_name)}

    async def events(self, request: Request) -> Response:
        """A beat whenever the hub says anything: how many entries there are, and whether sheets have moved."""
        by, screen = (request.query_params.get(name, "") for name in ("by", "screen"))
        if by and self._person_of is not None:
            named, person_of = by, self._person_of
            by = await self._door.ask_async(lambda at: named if person_of(request, at.hub.picture) == named else "")
        return StreamingResponse(self._told(by, screen), media_type="text/event-stream", headers=_HEADERS)

    async def _told(self, by: Id, screen: str) -> AsyncIterator[bytes]:
        """The beats of somebody's phone, as one of the screens that are told of a void."""
        with self._push.deliveries.following(screen if by else "", by):
            async for beat in self._beats():
                yield beat

    async def heard(self, request: Request) -> Plain:
        """Nothing; a phone shows what the hub said up to these entries."""
        form = await read_body(request, HeardForm)
        self._push.deliveries.heard(form.screen, form.entries)
        return {}

    async def _beats(self) -> AsyncIterator[bytes]:
        async for _event in self._push.follow():
            pushed = self._push.newest()
            if pushed is None:
                continue
            beat = {
                "entries": pushed.view.entries, "alarm": pushed.alarm, "sheets": self._desk.version, "build": page_build(),
                "boot": pushed.view.boot, "mono_ms": pushed.view.mono_ms, "run": self._push.run,
            }  # fmt: skip
            yield f"event: beat\ndata: {json.dumps(beat, separators=(',', ':'))}\n\n".encode()

    # --- sheets by two ---

    async def begin(self, request: Request) -> Plain:
        """A sheet that was begun, as its first person sees it."""
        form = await read_body(request, SheetForm)

        def begin(at: AtHub) -> Plain:
            self._verify_asks(request, at.hub.picture, form.by)
            return self._begin(at, form)

        return await self._door.ask_async(begin)

    def _begin(self, at: AtHub, form: SheetForm) -> Plain:
        kind = next((known for known in KINDS if known == form.kind), None)
        if kind is None:
            raise BadSheet("no_such_kind", kind=form.kind[:20], kinds=", ".join(KINDS))
        sheet = self._desk.begin(
            at.hub.picture, by=form.by, other=form.other, gun=form.gun, kind=kind, manner=form.manner,
            device=form.device, rounds=form.rounds,
        )  # fmt: skip
        return {**sheet_view(at.hub.picture, sheet, by=form.by), **heard_of(at)}

    async def sheet(self, request: Request) -> Plain:
        """An open sheet as one of its two sees it."""
        procedure, asked = request.path_params["procedure"], request.query_params

        def look(at: AtHub) -> Plain:
            by = asked.get("by", "")
            self._verify_asks(request, at.hub.picture, by)
            sheet = self._desk.joined(procedure, by=by, device=asked.get("device", ""))
            return {**self._for(at.hub.picture, sheet, by), **heard_of(at)}

        return await self._door.ask_async(look)

    async def restart(self, request: Request) -> Plain:
        """The sheet with a new place to begin, for somebody whose half was left lying."""
        form, procedure = await read_body(request, RestartForm), request.path_params["procedure"]

        def again(at: AtHub) -> Plain:
            self._verify_asks(request, at.hub.picture, form.by)
            self._for(at.hub.picture, self._desk.get(procedure), form.by)
            return {**sheet_view(at.hub.picture, self._desk.restart(procedure, by=form.by), by=form.by), **heard_of(at)}

        return await self._door.ask_async(again)

    def _for(self, picture: Picture, sheet: OpenSheet, by: Id) -> dict[str, Plain]:
        if by not in {sheet.first, sheet.other}:
            raise BadSheet("two_others")
        return sheet_view(picture, sheet, by=by)

    # --- signed acts ---

    async def enter(self, request: Request) -> Plain:
        """The receipt of a signed act, after its entry is durable."""
        form, words = await read_body(request, EntryForm), words_in(language_of(request))
        return await self._door.ask_async(lambda at: self._enter(at, form, words), writes=True)

    def _enter(self, at: AtHub, form: EntryForm, words: Words) -> Plain:
        line1 = utf8_of(form.line1)
        author = read_author(line1)
        acts = acts_of(author)
        openings = openings_of(form)
        if form.delivered not in {"live", "queued"}:
            raise BadRequest("live_or_queued")
        signed = Signed(
            line1=line1,
            signature=signature_of(at, form, line1, author, self._demo_keys),
            openings=openings,
            delivered=form.delivered,
        )
        before = at.hub.picture.size
        reply = record(at.hub, signed, at.moment)
        by = str(author["by"])
        sheet = self._desk.note(at.hub.picture, by=by, acts=acts, entry_index=reply.entry_index)
        data = at.hub.store.entry(reply.entry_index)
        return {
            **receipt_of(at.hub.picture, reply, words),
            # With it the proof can be verified; whoever sends another's id with other bytes gets none of his.
            "note": data.decode() if data.startswith(line1) else "",
            "new": reply.entry_index >= before,
            "hash": sha256(line1).hexdigest(),
            "sheet": sheet_view(at.hub.picture, sheet, by=by) if sheet is not None else None,
            **heard_of(at),
        }


def signature_of(
    at: AtHub, form: EntryForm, line1: bytes, author: dict[str, Plain], demo_keys: DemoKeys | None
) -> SignatureLine:
    """The signature that came, or in a demo the hub's over the same bytes. Raises BadRequest when nobody has signed."""
    if form.signature is not None:
        given = form.signature
        return SignatureLine(
            name=given.name, key_id=from_hex(given.key_id, size_bytes=4), signature=from_base64(given.signature)
        )
    key = demo_keys(str(author["by"])) if demo_keys is not None else None
    known = known_key(at.hub.picture, key.key_name) if key is not None else None
    if key is None or known is None or known.key_class is not KeyClass.DEMO or author["key"] != key.key_name:
        raise BadRequest("nobody_signed")
    return key.sign(line1)


def openings_of(form: EntryForm) -> tuple[tuple[str, Opening], ...]:
    """The openings that came with an act."""
    return tuple(
        (one.commitment, Opening(salt=from_hex(one.salt, size_bytes=32), field=one.field, value=one.value))
        for one in form.openings
    )


def utf8_of(text: str) -> bytes:
    """The bytes of a text. Raises BadRequest for half a character."""
    try:
        return text.encode()
    except UnicodeEncodeError as problem:
        raise BadRequest("half_a_character") from problem


def heard_of(at: AtHub) -> dict[str, Plain]:
    """The hub's clock and newest checkpoint, as every answer has them."""
    return {
        "clock": {"boot": at.now.boot, "mono_ms": at.now.mono_ms, "at": at.moment.at},
        "after": {"size": at.hub.frontier.size, "root": at.hub.root.hex()} if at.hub.frontier.size else None,
        "log": at.hub.log,
    }


def receipt_of(picture: Picture, reply: Reply, words: Words) -> dict[str, Plain]:
    """What the signer is told of his entry, in his language."""
    return {
        "entry": reply.entry_index,
        "verdict": reply.verdict,
        "findings": [finding_in(picture, finding, words) for finding in reply.findings],
        "checkpoint": reply.checkpoint.decode(),
        "proof": [node.hex() for node in reply.proof],
    }


# --- the shell -----------------------------------------------------------------------------------------------------


async def _shell(_request: Request) -> Response:
    return Response(
        (HERE / "static" / "set" / "shell.html").read_bytes(), 200, _PAGE_HEADERS, "text/html; charset=utf-8"
    )


async def _worker(_request: Request) -> Response:
    """The service worker, with the name of exactly these files in it, and the words of every language there is."""
    words = json.dumps([f"/words/{name}.json" for name in languages()])
    text = (HERE / "static" / "set" / "sw.js").read_text(encoding="utf-8")
    text = text.replace("{build}", page_build()).replace("{words}", words)
    return Response(text, 200, {**_HEADERS, "Cache-Control": "no-cache"}, "text/javascript; charset=utf-8")


async def _manifest(_request: Request) -> Response:
    body = {
        "name": "The book", "short_name": "The book", "start_url": "/set/", "scope": "/set/", "display": "standalone",
        "background_color": "#0d1012", "theme_color": "#0d1012", "icons": [],
    }  # fmt: skip
    return Response(json.dumps(body), 200, _HEADERS, "application/manifest+json")
