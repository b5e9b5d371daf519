"""Everything a set day puts on screens and into answers, for tests of what no screen may ever say."""

from collections.abc import Iterator

from coldcheck.custody.answers import answer, questions
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.state import apply
from coldcheck.custody.views import board_of
from coldcheck.station.answer_text import answer_lines, card_headline, card_lines
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.html import board_page
from coldcheck.station.web.pages import board_view, radio_line


def screens_of_day(steps: tuple[Step, ...], *, every: int) -> Iterator[tuple[int, str]]:
    """What is shown after each `every`-th entry and after the last one: the entry, and the text."""
    picture = Picture()
    for step in steps:
        apply(picture, step)
        if step.entry_index % every == 0 or step is steps[-1]:
            for text in screens_of(picture):
                yield step.entry_index, text
    for question in questions():
        yield steps[-1].entry_index, "\n".join(answer_lines(picture, answer(picture, question)))


def screens_of(picture: Picture) -> Iterator[str]:
    """The board in every language, each card as the command line tells it, and each radio line."""
    for language in languages():
        view = board_view(
            picture, now=picture.now, clock_at=picture.at, production=picture.production, root="", language=language
        )
        yield board_page(view, theme="dark", age_ms=0)
        for card in board_of(picture, now=picture.now):
            yield radio_line(card, picture.guns[card.gun], words_in(language))
    for card in board_of(picture, now=picture.now):
        yield "\n".join((card_headline(picture, card), *card_lines(picture, card)))
