"""A gun's day as one strip, drawn from the ledger itself: read in another thread, so that the writing one is not held up."""

from pathlib import Path

from coldcheck.custody.strip import Strip, strip_of
from coldcheck.proof.entry import read_entry
from coldcheck.station.ledger_files import picture_of, said_under_all
from coldcheck.station.record import step_of
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.strip_svg import svg_of
from coldcheck.station.things_by_name import item_of
from coldcheck.station.web.catalogue import FIRST, Words


def strip_picture(ledger: Path, gun: str, *, on: str = "", words: Words) -> str | None:
    """The SVG of `gun` on that day (the last that says anything of it, without one); None when none does.

    Raises UnknownItem or NoLedger.
    """
    picture, store = picture_of(ledger)
    under = said_under_all(picture, store.meta("log"))
    if words.language != FIRST and picture.rulebook is not None and picture.rulebook.draft:
        under = under.replace(picture.rulebook.draft, words.say("common.draft").rstrip("."))
    store.close()
    shown = _strip(ledger, item_of(picture, gun, letters="g"), on)
    if shown is None:
        return None
    return svg_of(shown, draft=under, tongue=words.tongue)


def _strip(ledger: Path, gun: str, on: str) -> Strip | None:
    store = read_ledger(ledger)
    try:
        # One entry after the other: a long ledger is never whole in memory.
        return strip_of((step_of(number, read_entry(data)) for number, data in enumerate(store.entries())), gun, on=on)
    finally:
        store.close()
