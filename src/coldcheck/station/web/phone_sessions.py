"""Whose phone asks: a set screen proves once, with the key it signs acts with, that it speaks for that person.

For: what a person's screens ask before anything is signed: his view, a sheet begun, joined or begun again in his name.
Promises: without it nobody's view is shown and nobody's half is begun anew by somebody else on the same network; a phone
that was away signs a fresh nonce by itself, without a tap. Does not: make an act of it, or bind a demo, whose hub holds
the keys and whose people anybody may be (decision 0045).
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.door import Door, HubSilent
from coldcheck.station.web.asked import PAGE_HEADERS, language_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.inquiry_guests import Guests, LookForm
from coldcheck.station.web.set_api import answering, read_body
from coldcheck.station.web.told import problem_in

COOKIE = "phone"
HOURS_S = 16 * 3600


def phones_of(door: Door) -> Guests:
    """Whose phone is whose, for one hub: anybody of the crew with a key of his own."""
    return Guests(door=door, may_enter=_is_crew, cookie=COOKIE, hours_s=HOURS_S)


def _is_crew(picture: Picture, person: Id) -> bool:
    return person in picture.persons


def phone_session_routes(phones: Guests) -> list[Route]:
    """What a phone asks for to sign, and where it hands that in."""

    async def challenge(_request: Request) -> Plain:
        return await phones.door.ask_async(lambda at: {"log": at.hub.log, "nonce": phones.nonce()})

    async def enter(request: Request) -> Response:
        try:
            form = await read_body(request, LookForm)
            made = await phones.door.ask_async(lambda at: phones.let_in(at, form))
        except ColdcheckError as problem:
            again = isinstance(problem, HubSilent)
            said = problem_in(problem, words_in(language_of(request)))
            return JSONResponse({"sentence": said, "again": again}, 503 if again else 422, PAGE_HEADERS)
        answer = JSONResponse({}, headers=PAGE_HEADERS)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, made, httponly=True, samesite="strict", secure=secure, max_age=HOURS_S)
        return answer

    return [
        Route("/api/set/challenge", answering(challenge)),
        Route("/api/set/session", enter, methods=["POST"]),
    ]
