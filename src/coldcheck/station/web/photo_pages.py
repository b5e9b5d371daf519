"""Photos over the wire: a phone hands one in, and anybody looks at those of a sheet once both its halves are in.

Promises: until then no picture, no cell and no hash of one leaves the hub here; handing one in signs nothing. Does not:
judge a picture, or change its bytes.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coldcheck.custody.picture import Picture
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.answer_text import label_of
from coldcheck.station.door import Door
from coldcheck.station.web.asked import PAGE_HEADERS, language_of, mark_of, theme_of
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.html import render
from coldcheck.station.web.pages import role_words
from coldcheck.station.web.photos import (
    MOST_PHOTO_BYTES,
    NoPhoto,
    Photo,
    PhotoShelf,
    cell_of,
    may_be_seen,
    photos_of,
    picture_size,
)
from coldcheck.station.web.set_api import BadRequest, answering

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def photo_routes(door: Door, shelf: PhotoShelf) -> list[BaseRoute]:
    """A picture in, a picture out, and the contact page of a sheet."""

    async def photo_in(request: Request) -> Plain:
        if request.headers.get("content-type", "") != "image/jpeg":
            raise BadRequest("Only the set screens themselves may send this. Open the set screen and do it there.")
        data = bytearray()
        async for part in request.stream():
            data += part
            if len(data) > MOST_PHOTO_BYTES:
                break
        return {"sha256": shelf.put(bytes(data))}

    async def photo_out(request: Request) -> Response:
        name = request.path_params["name"]
        try:
            if not await door.ask_async(lambda at: may_be_seen(at.hub.picture, name)):
                raise NoPhoto("This photo is not open: no act names it, or one half of its sheet is still out.")
            return Response(shelf.get(name), 200, _HEADERS, "image/jpeg")
        except ColdcheckError as problem:
            return JSONResponse({"sentence": str(problem), "again": False}, 404, _HEADERS)

    async def contact(request: Request) -> Response:
        procedure, language = request.path_params["procedure"], language_of(request)
        status, why = 200, ""
        gun, photos = "", list[dict[str, Plain]]()
        try:
            gun, photos = await door.ask_async(lambda at: _contact(at.hub.picture, shelf, procedure, language))
        except ColdcheckError as problem:
            status, why = 404, str(problem)
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


def _contact(picture: Picture, shelf: PhotoShelf, procedure: str, language: str) -> tuple[str, list[dict[str, Plain]]]:
    """The label of what was photographed, and every photo as the page shows it. Raises NoPhoto."""
    found, words = photos_of(picture, procedure=procedure), words_in(language)
    label = label_of(picture, found[0].act.item) if found else ""
    return label, [{"role": role_words(role_of(picture, one.by), words), **_shown(shelf, one)} for one in found]


def _shown(shelf: PhotoShelf, one: Photo) -> dict[str, Plain]:
    row: dict[str, Plain] = {"capture": one.act.capture.value, "entry": one.entry_index, "sha256": one.act.sha256}
    try:
        width, height = picture_size(shelf.get(one.act.sha256))
    except ColdcheckError as problem:
        return {**row, "src": "", "why": str(problem)}
    cells = [cell_of(word, width=width, height=height) for word in one.act.cells]
    return {
        **row, "src": f"/api/set/photos/{one.act.sha256}", "width": width, "height": height,
        "cells": [list(cell) for cell in cells if cell is not None],
    }  # fmt: skip
