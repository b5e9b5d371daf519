"""Pages for anybody: what the record says of a gun, and plain forms to say stop, ask to see, or report a find.

No login, no script needed, and looking writes nothing. A word that is sent becomes the hub's own report, author unknown;
`custody.anyone` says what it does, which is never to make a gun colder. Whatever goes wrong ends in a sentence that says
what to do, with STOP beside it.
"""

import asyncio
import re
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from coldcheck.custody import acts as a
from coldcheck.custody.anyone import NEEDS_NO_GUN, Word, acts_of_word
from coldcheck.custody.picture import Picture, acts_of_entry
from coldcheck.custody.things import Id, Now
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import seal
from coldcheck.station.door import PATIENCE_S, AtHub, Door
from coldcheck.station.hub_says import new_id, say_as_hub
from coldcheck.station.web.asked import (
    PAGE_HEADERS,
    age_ms,
    is_cross_site,
    language_of,
    mark_of,
    may_sign_here,
    theme_of,
)
from coldcheck.station.web.catalogue import Words, words_in
from coldcheck.station.web.crowd import Crowd
from coldcheck.station.web.html import HERE, page_build, render, script_words
from coldcheck.station.web.pages import SILENT_MS, BoardView, GunView, holder_words
from coldcheck.station.web.push import Push, Pushed

FORM: Final = "1"
"""The form of these pages; a page that sends another one is older or newer than the hub."""
MOST_BYTES: Final = 8_192
MOST_WORDS: Final = 500
_NO_GUN: Final = frozenset("cw")
"""How the ids of containers and places begin."""
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
WORDS_A_MINUTE: Final = 8
"""STOP is never counted."""
SAID_KEYS: Final = {
    Word.STOP: "scan.said_stop",
    Word.EMERGENCY: "scan.said_stop",
    Word.SHOW: "scan.said_show",
    Word.ROUND_HERE: "scan.said_round",
    Word.ROUND_NEAR: "scan.said_round",
    Word.OTHER_GUN: "scan.said_other_gun",
    Word.PROBLEM: "scan.said_problem",
}


SAME_MS: Final = 60_000
"""Within so long what many press about one thing is one word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCard:
    """What stands on the emergency card of this set; "" where nobody filled it in yet."""

    number: str = ""
    where: str = ""
    medic: str = ""
    care: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What became of a word: its entry, when, whether the hub had it already, and how old the page was that sent it."""

    entry_index: int
    at: str
    repeated: bool
    minutes_old: int


# --- at the hub ----------------------------------------------------------------------------------------------------


def enter_word(at: AtHub, word: Word, *, gun: Id, once: str, text: str, page_mono_ms: int | None) -> Said:
    """What became of `word` about `gun`, entered by the hub; the same `once` is entered once. Raises as `record` does."""
    picture = at.hub.picture
    minutes_old = _minutes_since(at, page_mono_ms)
    entry_id = opaque_id("a", sha256(f"{word.value}\n{gun}\n{once}".encode()).digest()) if once else new_id("a")
    earlier = at.hub.store.index_of(entry_id)
    if earlier is None and not text:
        earlier = already(picture, word, gun, at.now)
    if earlier is not None:
        return Said(entry_index=earlier, at=_at(picture, earlier), repeated=True, minutes_old=minutes_old)
    remark, opening = seal(salt=secrets.token_bytes(32), field="remark", value=text)
    acts = acts_of_word(word, gun=gun, round_id=new_id("r"), concern=new_id("c"), remark=remark, at=at.moment.at)
    sealed = word in {Word.STOP, Word.EMERGENCY, Word.PROBLEM}
    openings = ((remark.commitment, opening),) if sealed else ()
    reply = say_as_hub(at.hub, acts, at.moment, openings=openings, entry_id=entry_id)
    return Said(entry_index=reply.entry_index, at=at.moment.at, repeated=False, minutes_old=minutes_old)


def already(picture: Picture, word: Word, gun: Id, now: Now) -> int | None:
    """The entry that says the same and still stands, or None: three people sign to lift a stop, and fifty may press it.

    A round is never the same one: who finds a second has said something new. So has who presses STOP a minute later, or when
    somebody has begun to lift what was pressed before: those three did not know of it.
    """
    if word is Word.SHOW:
        return picture.asked.get(gun, {}).get("")
    if word in {Word.ROUND_HERE, Word.ROUND_NEAR}:
        return None
    for number in sorted(picture.open_stops):
        if picture.stops[number].lifted_by or not _just_now(picture, number, now):
            continue
        for done in acts_of_entry(picture, number):
            act = done.act
            if isinstance(act, a.Reported) and act.row == f"page_for_anyone/{word.value}":
                return number
    return None


def _just_now(picture: Picture, entry_index: int, now: Now) -> bool:
    heard = picture.heard_ms[entry_index]
    return not picture.boots_between(entry_index, picture.size) and 0 <= now.mono_ms - heard <= SAME_MS


def _minutes_since(at: AtHub, page_mono_ms: int | None) -> int:
    return max(0, at.now.mono_ms - page_mono_ms) // 60_000 if page_mono_ms is not None else 0


def _at(picture: Picture, entry_index: int) -> str:
    done = acts_of_entry(picture, entry_index)
    return done[0].at if done else picture.at


# --- pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyonePages:
    """The pages, over what they share: the newest view, the hub's door, the emergency card, and who said how much."""

    push: Push
    door: Door | None
    card: EmergencyCard
    crowd: Crowd

    async def gun_page(self, request: Request) -> Response:
        """What the record says of one gun."""
        pushed = self.push.newest()
        if pushed is None:
            return _no_word_yet(request)
        view, words = _view(request, pushed)
        known = find_gun(view, request.path_params["gun"])
        if known is None:
            return _unknown(request, view, words, request.path_params["gun"])
        return _gun_page(request, pushed, view, known, said=None)

    async def problem_page(self, request: Request) -> Response:
        """What else anybody may say about it."""
        pushed = self.push.newest()
        if pushed is None:
            return _no_word_yet(request)
        view, words = _view(request, pushed)
        known = find_gun(view, request.path_params["gun"])
        if known is None:
            return _unknown(request, view, words, request.path_params["gun"])
        return _page(request, "problem.html", view, gun=known)

    async def emergency_page(self, request: Request) -> Response:
        """What to do first, and STOP."""
        pushed = self.push.newest()
        view = _view(request, pushed)[0] if pushed is not None else None
        return _page(request, "emergency.html", view, card=self.card)

    async def guns_page(self, request: Request) -> Response:
        """Every gun here, or the one whose name or code was typed."""
        pushed = self.push.newest()
        if pushed is None:
            return _no_word_yet(request)
        view, words = _view(request, pushed)
        code = request.query_params.get("code", "").strip()
        if not code:
            return _page(request, "guns.html", view)
        codes = tuple(dict.fromkeys(code.split()))
        guns = tuple(dict.fromkeys(gun.gun for one in codes if (gun := find_gun(view, one)) is not None))
        if len(guns) > 1:
            return _sentence(request, view, words.say("scan.two_codes", codes=", ".join(codes)), "", 400)
        known = find_gun(view, code)
        if known is None:
            return _unknown(request, view, words, code)
        return RedirectResponse(f"/gun/{known.gun}?lang={view.language}", 307)

    async def say(self, request: Request) -> Response:
        """What became of a word, or why it was not taken."""
        pushed = self.push.newest()
        if pushed is None or self.door is None:
            return _no_word_yet(request)
        view, words = _view(request, pushed)
        asked = str(request.path_params.get("gun", ""))
        known = find_gun(view, asked)
        body = await _fields(request)
        word = _word(body)
        refused = _refused(request, view, words, body=body, word=word, crowd=self.crowd)
        if refused is not None or word is None:
            return refused if refused is not None else _sentence(request, view, words.say("scan.bad_form"), "", 400)
        if known is None and word not in NEEDS_NO_GUN:
            return _unknown(request, view, words, asked)
        gun, once, text = known.gun if known is not None else "", body.get("once", "")[:64], body.get("text", "")
        page_mono_ms = (
            int(body["page"]) if body.get("boot") == view.boot and _NUMBER.fullmatch(body.get("page", "")) else None
        )
        try:
            said = await self.door.ask_async(
                lambda at: enter_word(
                    at, word, gun=gun, once=once, text=text.strip()[:MOST_WORDS], page_mono_ms=page_mono_ms
                ),
                writes=True,
            )
        except ColdcheckError:
            return _sentence(request, view, words.say("scan.unheard"), words.say("scan.unheard_more"), 503)
        await _shown(self.push, said.entry_index)
        return _said(request, self.push, word, gun, said)

    async def back(self, request: Request) -> Response:
        """The gun's page, for a form's address opened by itself."""
        gun = request.path_params.get("gun", "")
        return RedirectResponse(f"/gun/{gun}" if gun else "/gun", 307)

    async def short(self, request: Request) -> Response:
        """The page of what an address on a label stands for: a gun's own, and one sentence for any other thing."""
        code, pushed = request.path_params["gun"], self.push.newest()
        if pushed is None or self.door is None or code[:1].casefold() not in _NO_GUN:
            return RedirectResponse(f"/gun/{code}", 307)
        view, words = _view(request, pushed)
        try:
            told = await self.door.ask_async(lambda at: said_of_thing(at.hub.picture, code, words))
        except ColdcheckError:
            return _sentence(request, view, words.say("common.hub_silent"), words.say("scan.unheard_more"), 503)
        if told is None:
            return RedirectResponse(f"/gun/{code}", 307)
        return _sentence(request, view, *told, 200)


def anyone_routes(push: Push, door: Door | None, card: EmergencyCard) -> list[Route]:
    """The routes of everything anybody may do."""
    pages = AnyonePages(push=push, door=door, card=card, crowd=Crowd(most=WORDS_A_MINUTE))
    return [
        Route("/gun", pages.guns_page),
        Route("/gun/{gun}", pages.gun_page),
        Route("/gun/{gun}/problem", pages.problem_page),
        Route("/gun/{gun}/say", pages.say, methods=["POST"]),
        Route("/gun/{gun}/say", pages.back),
        Route("/say", pages.say, methods=["POST"]),
        Route("/say", pages.back),
        Route("/g/{gun}", pages.short),
        Route("/G/{gun}", pages.short),
        Route("/emergency", pages.emergency_page),
        Route("/emergency/kept.js", _card_keeper),
    ]


async def _card_keeper(_request: Request) -> Response:
    """The worker that keeps the emergency card on a device, for that page and nothing else."""
    text = (HERE / "static" / "emergency_kept.js").read_text(encoding="utf-8").replace("{build}", page_build())
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/emergency", "X-Content-Type-Options": "nosniff"}
    return Response(text, 200, headers, "text/javascript; charset=utf-8")


def find_gun(view: BoardView, code: str) -> GunView | None:
    """The gun of a code: its id in any case, its label, its word-name, or our own address of it.

    None for no gun here, and for a name that more than one gun bears: nobody may be shown the other one's card.
    """
    guns = guns_called(view, code)
    return guns[0] if len(guns) == 1 else None


def guns_called(view: BoardView, code: str) -> tuple[GunView, ...]:
    """Every gun that a code may mean. An id means one gun, whatever others are called."""
    wanted = code.strip().rstrip("/").rsplit("/", 1)[-1].casefold()
    if not wanted:
        return ()
    of_id = tuple(gun for gun in view.guns if gun.gun.casefold() == wanted)
    return of_id or tuple(gun for gun in view.guns if wanted in {gun.label.casefold(), gun.name.casefold()})


def said_of_thing(picture: Picture, code: str, words: Words) -> tuple[str, str] | None:
    """What anybody may read of a container or place: its name, and who has it. None when there is no such thing here.

    Never how many rounds the record has in it: whoever counts has not been shown a number.
    """
    thing = code[:1].lower() + code[1:].upper()
    held, place = picture.containers.get(thing), picture.places.get(thing)
    if held is not None:
        said = words.say("thing.title", kind=words.say(f"thing.{held.kind.value}"), label=held.label)
        return said, words.say("thing.with", who=holder_words(picture, thing, words))
    if place is not None:
        return words.say("thing.title", kind=words.say("thing.place"), label=place.label), words.say("thing.at_place")
    return None


def _view(request: Request, pushed: Pushed) -> tuple[BoardView, Words]:
    view = pushed.in_language(language_of(request))
    return view, words_in(view.language)


def _page(request: Request, template: str, view: BoardView | None, status: int = 200, **values: object) -> Response:
    """A page for anybody. Every form on it carries what tells a double tap and an old page apart."""
    language = view.language if view is not None else language_of(request)
    common = {
        "board": view,
        "theme": theme_of(request),
        "mark": mark_of(request),
        "form": FORM,
        "once": secrets.token_hex(12),
        "can_sign": may_sign_here(request),
        **values,
    }
    return HTMLResponse(render(template, language=language, **common), status, PAGE_HEADERS)


def _gun_page(
    request: Request, pushed: Pushed, view: BoardView, gun: GunView, *, said: tuple[str, ...] | None
) -> Response:
    age = age_ms(pushed)
    return _page(
        request,
        "scan.html",
        view,
        gun=gun,
        said=said,
        age_ms=age,
        silent=age >= SILENT_MS,
        silent_ms=SILENT_MS,
        events=f"/gun/{gun.gun}/events?lang={view.language}",
        script_words=script_words(view.language),
    )


async def _shown(push: Push, entry_index: int) -> None:
    """Nothing, once every screen has been told of the entry: nobody gets an answer with an older board beside it."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        pushed = push.newest()
        if pushed is not None and pushed.view.entries > entry_index:
            return
        await asyncio.sleep(0.005)


def _said(request: Request, push: Push, word: Word, gun: Id, said: Said) -> Response:
    """The answer to a word: its entry first, then what to do, then the gun as the hub says it now."""
    pushed = push.newest()
    assert pushed is not None, "the hub answered, so it has been heard"
    view, words = _view(request, pushed)
    first = "scan.said_before" if said.repeated else "scan.said"
    lines = [words.say(first, entry=said.entry_index, time=said.at[11:19]), words.say(SAID_KEYS[word])]
    if said.minutes_old:
        lines.append(words.say("scan.old_page", minutes=said.minutes_old))
    known = find_gun(view, gun) if gun else None
    if known is None:
        return _sentence(request, view, lines[0], " ".join(lines[1:]), 200)
    return _gun_page(request, pushed, view, known, said=tuple(lines))


def _sentence(request: Request, view: BoardView | None, head: str, more: str, status: int) -> Response:
    return _page(request, "sentence.html", view, status, head=head, more=more)


def _unknown(request: Request, view: BoardView, words: Words, code: str) -> Response:
    """One sentence for a code that is no gun here, or not one gun; an address of another hub is another production's."""
    if len(guns_called(view, code)) > 1:
        head, more = words.say("scan.same_name", code=code[:80]), words.say("scan.same_name_more")
        return _sentence(request, view, head, more, 409)
    host = urlsplit(code).netloc or request.query_params.get("of", "")
    shown = code[:80]
    if host and host.casefold() != request.url.netloc.casefold():
        head, more = words.say("scan.other_production", code=shown), words.say("scan.other_production_more")
    else:
        head, more = words.say("scan.unknown_code", code=shown), words.say("scan.unknown_code_more")
    return _sentence(request, view, head, more, 404)


def _no_word_yet(request: Request) -> Response:
    words = words_in(language_of(request))
    return _sentence(request, None, words.say("common.hub_silent"), words.say("scan.unheard_more"), 503)


# --- what was sent -------------------------------------------------------------------------------------------------


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a plain form; of one that is too long only what fits, so that a STOP in it still counts."""
    data = b""
    async for part in request.stream():
        data += part[: MOST_BYTES - len(data)]
        if len(data) >= MOST_BYTES:
            break
    sent = parse_qs(data.decode("utf-8", errors="replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in sent.items()}


def _word(body: dict[str, str]) -> Word | None:
    said = body.get("word", "")
    return Word(said) if said in {word.value for word in Word} else None


def _refused(
    request: Request, view: BoardView, words: Words, *, body: dict[str, str], word: Word | None, crowd: Crowd
) -> Response | None:
    """Why a word is not taken, or None. STOP is taken from any page of ours, however old, and however often."""
    if is_cross_site(request):
        return _sentence(request, view, words.say("scan.other_site"), "", 403)
    if word is Word.STOP or word is Word.EMERGENCY:
        return None
    if word is None or body.get("form") != FORM:
        return _sentence(request, view, words.say("scan.bad_form"), "", 400)
    who = request.client.host if request.client is not None else ""
    if crowd.is_too_many(who, time.monotonic()):
        return _sentence(request, view, words.say("scan.too_many"), "", 429)
    return None
