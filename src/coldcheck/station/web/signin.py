"""Meeting sign-in: a row of badges on one tablet. Whoever stands before it taps his badge and holds to sign.

The tablet is somebody's own: what is signed on it is that holder's act with the viewer's inside (`HeldOut`), class
attended on every page that shows it. Who proves guns, or witnesses it, signs on his own phone: his badge says so. Shows
labels and roles, no names; looking writes nothing.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from coldcheck.custody.picture import Picture, Scene, is_handler, may_witness
from coldcheck.custody.things import Id, Role
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass
from coldcheck.station.answer_text import label_of
from coldcheck.station.door import Door
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render

_NO_BADGE: Final = frozenset({Role.HUB, Role.SUPPLIER, Role.MAKER, Role.COMPILER, Role.POLICE, Role.OUTSIDER})


def signin_routes(door: Door) -> list[Route]:
    """The tablet's page, and what it draws its badges from."""

    async def page(request: Request) -> Response:
        words = words_in(language_of(request))
        html = render(
            "signin.html",
            language=words.language,
            theme=theme_of(request),
            mark=mark_of(request),
            said={**words.table("signin"), **{f"role_{name}": said for name, said in words.table("role").items()}},
        )
        return HTMLResponse(html, headers=PAGE_HEADERS)

    async def badges(request: Request) -> Response:
        by = request.query_params.get("by", "")
        try:
            body = await door.ask_async(lambda at: meetings_of(at.hub.picture, by=by))
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem), "again": True}, 503, PAGE_HEADERS)
        if body is None:
            said = words_in(language_of(request)).say("signin.nobody")
            return JSONResponse({"sentence": said, "again": False}, 422, PAGE_HEADERS)
        return JSONResponse(body, headers=PAGE_HEADERS)

    return [Route("/signin", page), Route("/signin/badges", badges)]


def meetings_of(picture: Picture, *, by: Id) -> Plain:
    """Every planned scene with the badges of its people, then of everybody else; None when `by` is nobody here."""
    if by not in picture.persons:
        return None
    return {
        "label": picture.persons[by].label,
        "role": role_of(picture, by),
        "scenes": [_meeting(picture, name, scene) for name, scene in picture.scenes.items()],
    }


def _meeting(picture: Picture, name: str, scene: Scene) -> Plain:
    named = dict.fromkeys((*scene.performers, *scene.plan.line))
    others = (one.person for one in picture.persons.values() if _has_badge(picture, one.person))
    return {
        "scene": name,
        "place": label_of(picture, scene.plan.place),
        "activity": scene.plan.activity.value,
        "met": scene.met_entry >= 0,
        "badges": [_badge(picture, scene, who, named=who in named) for who in dict.fromkeys((*named, *others))],
    }


def _has_badge(picture: Picture, person: Id) -> bool:
    known = picture.persons[person]
    return known.key_class != KeyClass.REPORT.value and not known.roles & _NO_BADGE


def _badge(picture: Picture, scene: Scene, who: Id, *, named: bool) -> Plain:
    return {
        "person": who,
        "label": label_of(picture, who),
        "role": role_of(picture, who),
        "named": named,
        "there": who in scene.attended,
        "own": is_handler(picture, who) or may_witness(picture, who),
    }
