"""What the board page says, word for word: cards of the custody room turned into frozen lines, dials and HTML.

For: one place where a card gets its words, its emblem and its times. A view is made by the thread that writes the
picture and holds strings and numbers only, so any other thread may render it.

Promises: roles, never names; no big word and no radio line colder than the card; every time is a fact of the record.
Does not: decide anything. What a gun is called comes from `custody.views`, and falls to TREAT AS LOADED there.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coldcheck.custody.picture import Picture, Scene, acts_of_entry, holder_of
from coldcheck.custody.things import Gun, Now
from coldcheck.custody.views import Card, board_of, role_of
from coldcheck.custody.wording import reason_of

HERE: Final = Path(__file__).parent
SILENT_MS: Final = 5_000
"""A screen that has not heard from the hub for so long treats every gun as loaded."""

ROLE_WORDS: Final = {"first_ad": "first AD", "police": "police officer"}
MANNER_WORDS: Final = {
    "answers_not_shown": "answers not shown",
    "spoken": "spoken aloud",
    "same_device": "same device",
    "attended": "attended",
    "photos": "photos",
}
# fmt: off
_NUMBERS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One position on a dial: its shape ("empty", "dummy", "blank", "unknown") and where it is drawn."""

    shape: str
    x: str
    y: str
    scale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """The emblem. `form`: "cylinder", "plug", "keyhole" or "placard"; `sign` is what stands in a placard's triangle.

    `left` is the time left in hundredths of the whole, None without a limit; `bore` whether a bore is drawn inside.
    """

    form: str
    title: str
    marks: tuple[Mark, ...]
    bore: bool
    left: int | None
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GunView:
    """One card in words. `ends_mono_ms` is the end of its call by the hub's clock, None when no call stands."""

    gun: str
    name: str
    label: str
    kind: str
    above: str
    word: str
    dial: Dial
    fact: str
    aside: str
    who: str
    checked: str
    ends: str
    ends_mono_ms: int | None
    left_ms: int | None
    heard: str
    entry: int
    radio: str
    last_word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The whole board at one moment of the hub: what every screen shows until it hears the next one."""

    production: str
    day: str
    scene: str
    flags: tuple[str, ...]
    clock: str
    boot: str
    mono_ms: int
    entries: int
    root: str
    columns: int
    guns: tuple[GunView, ...]
    radio: str
    read_back: str


def board_view(picture: Picture, *, now: Now, clock_at: str, production: str, root: str) -> BoardView:
    """The board of `picture` at `now`. `clock_at` is the hub's wall clock at that moment (RFC 3339 UTC)."""
    cards = board_of(picture, now=now)
    guns = tuple(_gun_view(picture, card, now=now, clock_at=clock_at) for card in cards)
    newest = max(guns, key=lambda gun: gun.entry, default=None)
    return BoardView(
        production=production,
        day=f"Day {picture.day}" if picture.day is not None else "day closed",
        scene=_scene_words(picture),
        flags=_flags(picture),
        clock=clock_at[11:19],
        boot=now.boot,
        mono_ms=now.mono_ms,
        entries=picture.size,
        root=root,
        columns=columns_for(len(guns)),
        guns=guns,
        radio=newest.radio if newest is not None else "",
        read_back=_read_back(picture, newest.gun) if newest is not None and newest.ends_mono_ms is not None else "",
    )


# --- one card ------------------------------------------------------------------------------------------------------


def _gun_view(picture: Picture, card: Card, *, now: Now, clock_at: str) -> GunView:
    gun = picture.guns[card.gun]
    above, word = big_words(card)
    fact, aside, who = _lines(picture, card, gun)
    entry = _newest_entry(picture, card)
    return GunView(
        gun=card.gun,
        name=card.word_name.upper(),
        label=card.label,
        kind=card.kind,
        above=above,
        word=word,
        dial=_dial(card, gun),
        fact=fact,
        aside=aside,
        who=who,
        checked=_checked(picture, card, clock_at),
        ends=_clock(clock_at, card.ends_in_ms) if card.ends_in_ms is not None else "",
        ends_mono_ms=now.mono_ms + card.ends_in_ms if card.ends_in_ms is not None else None,
        left_ms=card.ends_in_ms,
        heard=_at(picture, entry)[11:19],
        entry=entry,
        radio=radio_line(card, gun),
        last_word=card.words.lower(),
    )


def big_words(card: Card) -> tuple[str, str]:
    """The small line above and the big word; the big word alone is never colder than both."""
    match card.kind:
        case "empty" | "dummies":
            return "PROVEN", card.words.removeprefix("PROVEN ")
        case "blanks":
            return f"{card.powder.upper()} LOAD" if card.powder else "HOT", card.words
        case "replica":
            return "", card.words
        case "vault":
            return "LOCKED", card.words
        case "loaded":
            return "TREAT AS", card.words.removeprefix("TREAT AS ")
        case _:
            assert_never(card.kind)


def radio_line(card: Card, gun: Gun) -> str:
    """What is read aloud for this card. Whatever is no standing call is STOP: a radio clips first syllables."""
    said = f"Gun {card.word_name.capitalize()}: "
    chambers, shown = spoken(gun.chambers), f"{spoken(gun.chambers)} of {spoken(gun.chambers)}"
    match card.kind:
        case "empty":
            return f"{said}empty, {chambers} of {chambers} and {_bores(gun)}."
        case "dummies":
            return f"{said}{spoken(card.count)} {'dummy' if card.count == 1 else 'dummies'}, {shown} shown."
        case "blanks":
            return f"{said}hot, {spoken(card.count)} {'blank' if card.count == 1 else 'blanks'}."
        case "replica":
            return f"{said}replica."
        case "vault" | "loaded":
            return f"{said}STOP, treat as loaded."
        case _:
            assert_never(card.kind)


def spoken(number: int) -> str:
    """A number as it is said; digits beyond twelve."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _bores(gun: Gun) -> str:
    return "bore" if gun.bores == 1 else "bores"


def _lines(picture: Picture, card: Card, gun: Gun) -> tuple[str, str, str]:
    """What was shown, how, and by which roles; for a placard why, since when, and what renews it."""
    roles = ", ".join(role_words(role) for role in card.roles)
    manner = MANNER_WORDS.get(card.manner, card.manner.replace("_", " "))
    match card.kind:
        case "empty":
            return f"{gun.chambers} of {gun.chambers} and {_bores(gun)}", manner, roles
        case "dummies":
            return f"{gun.chambers} of {gun.chambers} shown", manner, roles
        case "blanks":
            return f"hot, for {card.scene}" if card.scene else "hot", manner, roles
        case "replica":
            return "cannot chamber", manner, roles
        case "vault":
            return "treat as loaded once out", "", _locked_by(picture, card)
        case "loaded":
            return _why(picture, card), _since(picture, card), _renewal(picture, card)
        case _:
            assert_never(card.kind)


def role_words(role: str) -> str:
    """A role as people say it: "first AD", "property master"."""
    return ROLE_WORDS.get(role, role.replace("_", " "))


def _locked_by(picture: Picture, card: Card) -> str:
    held = holder_of(picture, card.gun)
    assert held is not None, "a card says IN VAULT only when somebody locked it away"
    place = picture.places.get(held.who)
    return (
        f"{role_words(role_of(picture, held.signer))}{f', {place.label}' if place is not None else ''} {held.at[11:16]}"
    )


def _had_call(picture: Picture, card: Card) -> bool:
    """Whether what ended here was a call, so that the card says VOID, or only proofs: NOT PROVEN."""
    void = picture.voids.get(card.gun)
    return card.gun in picture.calls or (void is not None and void.had_call)


def _why(picture: Picture, card: Card) -> str:
    return f"{'VOID' if _had_call(picture, card) else 'NOT PROVEN'}: {reason_of(card.reasons[0].code)}"


def _since(picture: Picture, card: Card) -> str:
    entry = card.reasons[0].entry_index
    return _at(picture, entry)[11:16] if entry is not None else ""


_RENEWALS: Final = {
    "show": "show every position, call again",
    "tests": "each round tested by two",
    "plan": "a new plan, then call again",
    "duty": "one duty, then all positions by two",
    "stop_lifted": "the stop is lifted first",
}
"""What cures a placard, by the rulebook's own word for what a rule needs; any other needs all positions anew."""


def _renewal(picture: Picture, card: Card) -> str:
    """What it takes to prove the gun again, in a few words."""
    if picture.open_stops:
        return f"first: stop {min(picture.open_stops)} is lifted by three"
    rule = picture.rulebook.rule(card.reasons[0].code) if picture.rulebook is not None else None
    needs = rule.needs if rule is not None else "answers"
    return f"to renew: {_RENEWALS.get(needs, 'all positions, by two')}"


# --- times ---------------------------------------------------------------------------------------------------------


def _at(picture: Picture, entry_index: int) -> str:
    done = acts_of_entry(picture, entry_index)
    return done[0].at if done else picture.at


def _checked(picture: Picture, card: Card, clock_at: str) -> str:
    """When two people last answered or saw it, and how long ago while a call rests on that."""
    if card.checked_entry is None:
        return "no check yet"
    at = _at(picture, card.checked_entry)
    if card.ends_in_ms is None or at[:10] != clock_at[:10]:
        return f"checked {at[11:16]}"
    minutes = (_seconds(clock_at) - _seconds(at)) // 60
    return f"checked {minutes} min ago" if minutes > 0 else "checked under 1 min ago"


def _seconds(at: str) -> int:
    hours, minutes, seconds = (int(part) for part in at[11:19].split(":"))
    return (hours * 60 + minutes) * 60 + seconds


def _clock(clock_at: str, ahead_ms: int) -> str:
    """The wall clock `ahead_ms` from now as HH:MM, rounded down: a call never ends later than the board says."""
    minutes = (_seconds(clock_at) + ahead_ms // 1000) // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _newest_entry(picture: Picture, card: Card) -> int:
    """The last entry that spoke of this gun: when the record last heard of it."""
    held, steps = picture.custody.get(card.gun, ()), picture.thing_entries.get(card.gun, ())
    known = (
        card.since_entry,
        card.checked_entry,
        picture.stamps.get(card.gun),
        held[-1].entry_index if held else None,
        steps[-1] if steps else None,
    )
    return max(entry for entry in known if entry is not None)


def _read_back(picture: Picture, gun: str) -> str:
    call = picture.calls.get(gun)
    if call is None:
        return ""
    return f"acknowledged by {role_words(role_of(picture, call.receiver))} {_at(picture, call.entry_index)[11:16]}"


# --- head ----------------------------------------------------------------------------------------------------------


def _scene_words(picture: Picture) -> str:
    newest: Scene | None = max(picture.scenes.values(), key=lambda scene: scene.planned_entry, default=None)
    if newest is None:
        return ""
    place = picture.places.get(newest.plan.place)
    return f"{newest.plan.scene}{f', {place.label}' if place is not None else ''}: {newest.plan.activity.value}"


def _flags(picture: Picture) -> tuple[str, ...]:
    """What is open for all guns at once: stops, concerns, somebody who asked to see."""
    out = [f"STOP open since {_at(picture, number)[11:16]}" for number in sorted(picture.open_stops)]
    concerns = [opened for opened, answered in picture.concerns.values() if answered is None]
    if concerns:
        words = "concern" if len(concerns) == 1 else "concerns"
        out.append(f"{len(concerns)} {words} open since {_at(picture, min(concerns))[11:16]}")
    out.extend(
        f"{role_words(role_of(picture, who))} asked to see {picture.guns[gun].word_name.capitalize()}"
        for gun, asking in picture.asked.items()
        for who in asking
        if gun in picture.guns
    )
    return tuple(out)


# --- emblem --------------------------------------------------------------------------------------------------------

_SHAPES: Final = {"empty": "empty", "dummy": "dummy", "snap_cap": "dummy", "blank": "blank"}


def _dial(card: Card, gun: Gun) -> Dial:
    match card.kind:
        case "empty" | "dummies" | "blanks":
            return _cylinder(card, gun)
        case "replica":
            return Dial(form="plug", title="replica", marks=(), bore=False, left=_left(card), sign="")
        case "vault":
            return Dial(form="keyhole", title="in vault", marks=(), bore=False, left=None, sign="")
        case "loaded":
            never = card.reasons[0].code == "NOT_PROVEN"
            sign = "asked" if never else "void"
            return Dial(form="placard", title="treat as loaded", marks=(), bore=False, left=None, sign=sign)
        case _:
            assert_never(card.kind)


def _left(card: Card) -> int | None:
    if card.ends_in_ms is None or not card.lifetime_ms:
        return None
    return max(0, min(100, card.ends_in_ms * 100 // card.lifetime_ms))


def _cylinder(card: Card, gun: Gun) -> Dial:
    held = tuple(
        _SHAPES.get(view.holds, "unknown") if view.holds != "clear" else "empty"
        for view in card.positions
        if view.position.isdigit()
    )
    places = positions_on_dial(len(held))
    marks = tuple(
        Mark(shape=shape, x=f"{x:.1f}", y=f"{y:.1f}", scale=f"{scale:.2f}")
        for shape, (x, y, scale) in zip(held, places, strict=True)
    )
    counted = {shape: held.count(shape) for shape in dict.fromkeys(held)}
    words = ", ".join(f"{number} {shape}" for shape, number in counted.items())
    assert card.ends_in_ms is not None, "a called card has time left"
    left = f"{card.ends_in_ms // 60_000} of {(card.lifetime_ms or 0) // 60_000} minutes left"
    return Dial(
        form="cylinder",
        title=f"{words}, seen from behind; {left}",
        marks=marks,
        bore=gun.bores > 0 and len(held) > 2,  # noqa: PLR2004  # one or two chambers leave no room for it
        left=_left(card),
        sign="",
    )


def positions_on_dial(count: int) -> tuple[tuple[float, float, float], ...]:
    """Centre x, centre y and scale of each of `count` chambers on the 120 x 120 dial: the first at twelve, clockwise."""
    match count:
        case 0:
            return ()
        case 1:
            return ((60.0, 60.0, 1.9),)
        case 2:
            return ((81.0, 60.0, 1.4), (39.0, 60.0, 1.4))
        case _:
            ring = 31.0
            # Neighbours touch at the chord; a tenth of it stays free, and no mark grows beyond its drawn size.
            scale = min(1.0, 0.9 * ring * math.sin(math.pi / count) / 13.0)
            turn = 2 * math.pi / count
            return tuple(
                (60 + ring * math.sin(turn * number), 60 - ring * math.cos(turn * number), scale)
                for number in range(count)
            )


def columns_for(count: int) -> int:
    """How many columns give `count` cards the most room on a 16:9 wall, and rows high enough for their words."""

    def room(columns: int) -> tuple[bool, float, int]:
        width, height = 1868 / columns, 930 / math.ceil(count / columns)
        return height >= _LOWEST_PX, min(width / _WIDTH_TO_HEIGHT, height), columns

    return max(range(1, 11), key=room) if count else 1


_LOWEST_PX: Final = 178
_WIDTH_TO_HEIGHT: Final = 1.6


# --- HTML ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def page_build() -> str:
    """A short name for exactly these templates and static files: a screen with another one loads itself anew."""
    files = sorted(path for path in HERE.rglob("*") if path.suffix in {".html", ".css", ".js"})
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def board_page(view: BoardView, *, theme: str, age_ms: int) -> str:
    """The whole page, right without any script. `age_ms` is how long ago the hub made the view."""
    return (
        _templates()
        .get_template("board.html")
        .render(
            board=view, theme=theme, age_ms=age_ms, silent=age_ms >= SILENT_MS, silent_ms=SILENT_MS, build=page_build()
        )
    )


def card_fragment(gun: GunView) -> str:
    """One card as HTML, as the page has it."""
    return _templates().get_template("card.html").render(gun=gun, silent=False).strip()


def head_fragment(view: BoardView) -> str:
    """The head of the board as HTML, without the clock."""
    return _templates().get_template("head.html").render(board=view).strip()


def foot_fragment(view: BoardView) -> str:
    """The foot of the board as HTML."""
    return _templates().get_template("foot.html").render(board=view).strip()
