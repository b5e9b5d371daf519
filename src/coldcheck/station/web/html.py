"""Views as HTML: one place that fills the templates, the same for a whole page and for what is pushed into it.

Promises: everything is escaped; a page is right without any script; the build names exactly these files. Decides nothing.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.pages import SILENT_MS, BoardView, GunView

HERE: Final = Path(__file__).parent
_SCRIPT_WORDS: Final = (
    "board.for", "board.in", "board.seconds", "board.minutes", "board.time_ran_out", "board.to_renew",
    "board.renew_show", "board.last_word_at", "board.proves_nothing", "state.silent", "common.hub_silent",
)  # fmt: skip


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Pictures come as markup from `trace_pictures`, which escapes every word in them.
    made.filters["picture"] = Markup  # as said
    return made


@lru_cache(maxsize=1)
def page_build() -> str:
    """A short name for exactly these templates, words and static files: a screen with another one loads itself anew."""
    files = sorted(path for path in HERE.rglob("*") if path.suffix in {".html", ".css", ".js", ".toml"})
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def render(template: str, *, language: str, **values: object) -> str:
    """The template filled in; `w` are the words of the language."""
    words = words_in(language)
    return _templates().get_template(template).render(w=words, language=words.language, build=page_build(), **values)


def board_page(
    view: BoardView,
    *,
    theme: str,
    age_ms: int,
    form: str = "cards",
    events: str = "/board/events",
    heard: str = "",
    title: str = "",
) -> str:
    """The whole page, right without any script. `age_ms` is how long ago the hub made the view.

    `form` is "cards" or "line"; `events` is where the page hears more, "" for a page that shows the past; `heard` where it answers
    that it shows a void.
    """
    words = words_in(view.language)
    return render(
        "board.html",
        language=view.language,
        board=view,
        theme=theme,
        age_ms=age_ms,
        silent=age_ms >= SILENT_MS and not view.past,
        silent_ms=SILENT_MS,
        form=form,
        events=events,
        heard=heard,
        title=title or words.say("board.title", production=view.production),
        script_words=script_words(view.language),
    )


def script_words(language: str) -> dict[str, str]:
    """What the page's own clock says: the board's script makes no words."""
    words = words_in(language)
    return {key.split(".")[1]: words.entries[key] for key in _SCRIPT_WORDS}


@lru_cache(maxsize=4096)
def card_fragment(gun: GunView, language: str) -> str:
    """One card as HTML, as the page has it."""
    return render("card.html", language=language, gun=gun, silent=False).strip()


def facts_fragment(gun: GunView, language: str) -> str:
    """What a gun's own page says beside its card."""
    return render("facts.html", language=language, gun=gun).strip()


def head_fragment(view: BoardView) -> str:
    """The head of the board as HTML, without the clock."""
    return render("head.html", language=view.language, board=view).strip()


def foot_fragment(view: BoardView) -> str:
    """The foot of the board as HTML."""
    return render("foot.html", language=view.language, board=view).strip()
