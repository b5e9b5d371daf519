"""Photos over the wire: a phone hands one in, and anybody looks at those of a sheet once both its halves are in.

Promises: until then no picture, no cell and no hash of one leaves the hub here; handing one in signs nothing. Does not:
judge a picture, or change its bytes.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.answer_text import label_of
from coldcheck.station.door import AtHub, Door
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import Words, words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.pages import role_words
from coldcheck.station.web.photos import (
    MOST_PHOTO_BYTES,
    NoPhoto,
    Photo,
    cell_of,
    may_be_seen,
    photo_of,
    photos_about,
    photos_of,
    picture_size,
    put_photo,
)
from coldcheck.station.web.set_api import BadRequest, answering
from coldcheck.station.web.told import problem_in

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def photo_routes(door: Door, *, offered: bool) -> list[BaseRoute]:
    """A picture in, a picture out, and the contact page of a sheet or a tray. What lies here is shown whatever the policy is now."""

    async def photo_in(request: Request) -> Plain:
        if request.headers.get("content-type", "") != "image/jpeg":
            raise BadRequest("only_set_screens")
        if not offered:
            raise NoPhoto("photos_are_off")
        data = bytearray()
        async for part in request.stream():
            data += part
            if len(data) > MOST_PHOTO_BYTES:
                break
        # What is no picture is refused here, and keeps nobody at the hub waiting.
        picture_size(bytes(data))
        return {"sha256": await door.ask_async(lambda at: put_photo(at.hub.store, bytes(data)))}

    async def photo_out(request: Request) -> Response:
        name = request.path_params["name"]

        def look(at: AtHub) -> bytes:
            if not may_be_seen(at.hub.picture, name):
                raise NoPhoto("photo_not_open")
            return photo_of(at.hub.store, name)

        try:
            return Response(await door.ask_async(look), 200, _HEADERS, "image/jpeg")
        except ColdcheckError as problem:
            return JSONResponse(
                {"sentence": problem_in(problem, words_in(language_of(request))), "again": False}, 404, _HEADERS
            )

    async def contact(request: Request) -> Response:
        procedure, language = request.path_params["procedure"], language_of(request)
        status, why = 200, ""
        gun, photos = "", list[dict[str, Plain]]()
        try:
            gun, photos = await door.ask_async(lambda at: _contact(at, procedure, language))
        except ColdcheckError as problem:
            status, why = 404, problem_in(problem, words_in(language))
        page = render(
            "contact.html",
            language=language,
            theme=theme_of(request),
            mark=mark_of(request),
            gun=gun,
            photos=photos,
            why=why,
        )
        return HTMLResponse(page, status, PAGE_HEADERS)

    return [
        Route("/api/set/photos", answering(photo_in), methods=["POST"]),
        Route("/api/set/photos/{name}", photo_out),
        Route("/set/contact/{procedure}", contact),
    ]


def _contact(at: AtHub, name: str, language: str) -> tuple[str, list[dict[str, Plain]]]:
    """The labels of what was photographed, and every photo as the page shows it; `name` is a sheet, a gun or a tray.

    Raises NoPhoto.
    """
    picture, words = at.hub.picture, words_in(language)
    known = name in picture.guns or name in picture.containers
    found = photos_about(picture, item=name) if known else photos_of(picture, procedure=name)
    items = dict.fromkeys([name] if known else [one.act.item for one in found])
    shown = [
        {
            "role": role_words(role_of(picture, one.by), words),
            "of": label_of(picture, one.act.item),
            **_shown(at, one, words),
        }
        for one in found
    ]
    return ", ".join(label_of(picture, item) for item in items), shown


def _shown(at: AtHub, one: Photo, words: Words) -> dict[str, Plain]:
    row: dict[str, Plain] = {"capture": one.act.capture.value, "entry": one.entry_index, "sha256": one.act.sha256}
    try:
        width, height = picture_size(photo_of(at.hub.store, one.act.sha256))
    except ColdcheckError as problem:
        return {**row, "src": "", "why": problem_in(problem, words)}
    cells = [cell_of(word, width=width, height=height) for word in one.act.cells]
    return {
        **row, "src": f"/api/set/photos/{one.act.sha256}", "width": width, "height": height,
        "cells": [list(cell) for cell in cells if cell is not None],
    }  # fmt: skip
