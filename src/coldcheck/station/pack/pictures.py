"""The photos of a pack: every picture that a signed act names, given by its bytes or withheld by number, never left out.

Promises: what the log names is listed, whether its bytes are given, withheld, or never came to this ledger; bytes that are
not those that were signed are in no pack. Does not do: change a picture. A part of one is not blacked out here, because
its hash would be another: the whole picture is withheld, with a reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.views import role_of
from coldcheck.station.inquiry_text import Desk, Json

ALL: Final = "photos"
"""What stands for every photo where something to withhold is named."""
LEAST_DIGITS: Final = 8
"""As many first digits of a picture's hash name it; the contact page and the register print sixteen."""


def named_photos(picture: Picture) -> Iterator[tuple[Done, a.Photographed]]:
    """Every act about a picture, in the record's order."""
    for done in picture.journal:
        if isinstance(done.act, a.Photographed):
            yield done, done.act


def reason_of(act: a.Photographed, reasons: Mapping[str, str]) -> str | None:
    """Why this picture is withheld, None where it is given."""
    named = (why for label, why in reasons.items() if len(label) >= LEAST_DIGITS and act.sha256.startswith(label))
    return next(named, reasons.get(ALL))


def given_photos(desk: Desk, hidden: Iterable[str]) -> dict[str, bytes]:
    """The bytes of every picture that is given, by hash; those that are not what was signed are not among them."""
    out: dict[str, bytes] = {}
    withheld = set(hidden)
    for _done, act in named_photos(desk.picture):
        data = None if act.sha256 in withheld else desk.photo(act.sha256)
        if data is not None and sha256(data).hexdigest() == act.sha256:
            out[act.sha256] = data
    return out


def photos_json(desk: Desk, hidden: Mapping[str, int], here: Iterable[str]) -> list[Json]:
    """The register of pictures: which entry names which, of what, and where its bytes are. The log alone gives all but that."""
    given = set(here)
    return [
        {
            "entry": done.entry_index, "by": role_of(desk.picture, done.by), "item": desk.label(act.item),
            "procedure": act.procedure, "capture": act.capture.value, "cells": list(act.cells), "sha256": act.sha256,
            "bytes": f"withheld, item {hidden[act.sha256]}" if act.sha256 in hidden else "given" if act.sha256 in given else "not in this ledger",
        }
        for done, act in named_photos(desk.picture)
    ]  # fmt: skip
