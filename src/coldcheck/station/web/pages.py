"""What the board says, word for word: cards of the custody room turned into frozen lines and dials, in one language.

For: one place where a card gets its words, its emblem and its times. A view is made by the thread that writes the
picture and holds strings and numbers only, so any other thread may render it.

Promises: roles, never names; no big word and no radio line colder than the card; every time is a fact of the record.
Does not: decide anything. What a gun is called comes from `custody.views`, and falls to TREAT AS LOADED there.
"""

import math
from dataclasses import dataclass, replace
from typing import Final, assert_never

from coldcheck.custody.floor_predicates import due_on, late_concerns
from coldcheck.custody.picture import Picture, Scene, acts_of_entry, holder_of
from coldcheck.custody.registers import secure_by_name
from coldcheck.custody.things import Gun, Hold, Now
from coldcheck.custody.views import Card, board_of, gun_file_of, oldest_answer, role_of
from coldcheck.station.web.catalogue import FIRST, Words, words_in
from coldcheck.station.web.doubts import doubt_of

SILENT_MS: Final = 5_000
"""A screen that has not heard from the hub for so long treats every gun as loaded."""


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
    checked_at: str
    ends: str
    ends_mono_ms: int | None
    left_ms: int | None
    heard: str
    entry: int
    radio: str
    last_word: str
    looks: str
    serial: str
    since: str
    how: str
    by: str
    holder: str
    renew: str
    doubt: str
    odd: str
    file: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The whole board at one moment of the hub: what every screen shows until it hears the next one."""

    production: str
    day: str
    scene: str
    flags: tuple[str, ...]
    secure: str
    stops: tuple[int, ...]
    clock: str
    boot: str
    mono_ms: int
    entries: int
    root: str
    columns: int
    guns: tuple[GunView, ...]
    radio: str
    read_back: str
    language: str
    mark: str
    past: str
    past_last: int
    alike: str
    draft: str


def board_view(
    picture: Picture, *, now: Now, clock_at: str, production: str, root: str, language: str = FIRST, mark: str = ""
) -> BoardView:
    """The board of `picture` at `now`, in the words of `language`.

    `clock_at` is the hub's wall clock at that moment (RFC 3339 UTC); `mark` is "drill", "demo" or "", said on every page.
    """
    words = words_in(language)
    cards = board_of(picture, now=now)
    guns = tuple(_gun_view(picture, card, words, now=now, clock_at=clock_at) for card in cards)
    guns, alike = in_line(guns, words)
    newest = max(guns, key=lambda gun: gun.entry, default=None)
    return BoardView(
        production=production,
        day=words.say("board.day", day=picture.day) if picture.day is not None else words.say("board.day_closed"),
        scene=_scene_words(picture, words),
        flags=_flags(picture, words),
        secure=secure_words(picture, words),
        stops=tuple(sorted(picture.open_stops)),
        clock=clock_at[11:19],
        boot=now.boot,
        mono_ms=now.mono_ms,
        entries=picture.size,
        root=root,
        columns=columns_for(len(guns)),
        guns=guns,
        radio=newest.radio if newest is not None else "",
        read_back=_read_back(picture, newest.gun, words)
        if newest is not None and newest.ends_mono_ms is not None
        else "",
        language=words.language,
        mark=mark,
        past="",
        past_last=0,
        alike=alike,
        draft=words.say("common.draft") if picture.rulebook is not None and picture.rulebook.draft else "",
    )


# --- one card ------------------------------------------------------------------------------------------------------


def _gun_view(picture: Picture, card: Card, words: Words, *, now: Now, clock_at: str) -> GunView:
    gun = picture.guns[card.gun]
    above, word = big_words(card, words)
    fact, aside, who = _lines(picture, card, gun, words)
    entry = _newest_entry(picture, card)
    return GunView(
        gun=card.gun,
        name=card.word_name.upper(),
        label=card.label,
        kind=card.kind,
        above=above,
        word=word,
        dial=_dial(card, gun, words),
        fact=fact,
        aside=aside,
        who=who,
        checked=_checked(picture, card, clock_at, words),
        checked_at=_checked_at(picture, card, words),
        ends=_clock(clock_at, card.ends_in_ms) if card.ends_in_ms is not None else "",
        ends_mono_ms=now.mono_ms + card.ends_in_ms if card.ends_in_ms is not None else None,
        left_ms=card.ends_in_ms,
        heard=_at(picture, entry)[11:19],
        entry=entry,
        radio=radio_line(card, gun, words),
        last_word=f"{above} {word}".strip().lower(),
        looks=_looks(gun, words),
        serial=gun.serial,
        since=_at(picture, card.since_entry)[11:16],
        how=manner_words(card.manner, words) if card.manner else "",
        by=", ".join(role_words(role, words) for role in card.roles),
        holder=holder_words(picture, card.gun, words),
        renew=_cure(picture, card, words),
        doubt=_doubt(picture, card, words),
        odd="",
        file=file_lines(picture, card.gun, words),
    )


_MOST_LINES: Final = 12


def file_lines(picture: Picture, gun: str, words: Words) -> tuple[str, ...]:
    """How a gun works or what a handler allows, what looks like it, and its condition file: of many lines the newest."""
    known = gun_file_of(picture, gun)
    may = ", ".join(words.entries.get(f"file.do_{what}", what) for what in known.allowed)
    said = "file.works" if not known.by_handler else "file.may" if may else "file.may_nothing"
    out = [words.say(said, what=may)]
    if known.twins:
        names = (picture.guns[twin].word_name.upper() for twin in known.twins if twin in picture.guns)
        out.append(words.say("file.twins", who=", ".join(names)))
    if known.unclosed:
        out.append(words.say("file.unclosed"))
    if not known.conditions:
        out.append(words.say("file.none"))
    for line in known.conditions[-_MOST_LINES:]:
        at = _at(picture, line.entry_index)
        what = words.entries.get(f"file.what_{line.what}", line.what)
        out.append(words.say("file.line", entry=line.entry_index, time=f"{at[:10]} {at[11:16]}", what=what))
    return tuple(out)


def _doubt(picture: Picture, card: Card, words: Words) -> str:
    """What this gun stood on that proved false since, "" where nothing did."""
    known = doubt_of(picture, card.gun, checked_entry=card.checked_entry)
    if known is None:
        return ""
    return words.say("scan.stood_on", entry=known.by_entry, count=len(known.entries))


_FEWEST_IN_LINE: Final = 3


def in_line(guns: tuple[GunView, ...], words: Words) -> tuple[tuple[GunView, ...], str]:
    """The same guns, those marked that differ from most of the row, and what most of them are ("" without a majority).

    For looking along a rack: among replicas, the one that is none stops the row.
    """
    if len(guns) < _FEWEST_IN_LINE:
        return guns, ""
    said = [f"{gun.above} {gun.word}".strip() for gun in guns]
    most = max(dict.fromkeys(said), key=said.count)
    many = said.count(most)
    if many * 2 <= len(guns):
        return guns, ""
    marked = tuple(
        gun if word == most else replace(gun, odd=words.say("board.line_odd", gun=gun.name.capitalize()))
        for gun, word in zip(guns, said, strict=True)
    )
    return marked, words.say("board.line_same", count=many, word=most)


def big_words(card: Card, words: Words) -> tuple[str, str]:
    """The small line above and the big word; the big word alone is never colder than both."""
    match card.kind:
        case "empty":
            return words.say("state.proven"), words.say("state.empty")
        case "dummies":
            return words.say("state.proven"), _counted("state.dumm", ("y", "ies"), card.count, words)
        case "blanks":
            load = f"state.{card.powder}_load"
            above = words.say(load) if load in words.entries else words.say("state.hot")
            return above, _counted("state.blank", ("", "s"), card.count, words)
        case "replica":
            return "", words.say("state.replica")
        case "vault":
            return words.say("state.locked"), words.say("state.vault")
        case "loaded":
            return words.say("state.treat_as"), words.say("state.loaded")
        case _:
            assert_never(card.kind)


def _counted(key: str, ends: tuple[str, str], many: int, words: Words, **values: str) -> str:
    """The word for one or for many; `count` among the values says it in words, else it is digits."""
    return words.say(f"{key}{ends[many != 1]}", **{"count": str(many), **values})


def radio_line(card: Card, gun: Gun, words: Words) -> str:
    """What is read aloud for this card. Whatever is no standing call is STOP: a radio clips first syllables."""
    name = card.word_name.capitalize()
    chambers = spoken(gun.chambers, words)
    match card.kind:
        case "empty":
            key = "radio.empty" if gun.bores == 1 else "radio.empty_bores"
            return words.say(key, gun=name, chambers=chambers)
        case "dummies":
            count = spoken(card.count, words)
            return _counted("radio.dumm", ("y", "ies"), card.count, words, gun=name, chambers=chambers, count=count)
        case "blanks":
            return _counted("radio.blank", ("", "s"), card.count, words, gun=name, count=spoken(card.count, words))
        case "replica":
            return words.say("radio.replica", gun=name)
        case "vault" | "loaded":
            return words.say("radio.stop", gun=name)
        case _:
            assert_never(card.kind)


def spoken(number: int, words: Words) -> str:
    """A number as it is said; digits beyond twelve."""
    numbers = words.say("radio.numbers").split()
    return numbers[number] if number < len(numbers) else str(number)


def _lines(picture: Picture, card: Card, gun: Gun, words: Words) -> tuple[str, str, str]:
    """What was shown, how, and by which roles; for a placard why, since when, and what renews it."""
    roles = ", ".join(role_words(role, words) for role in card.roles)
    manner = manner_words(card.manner, words)
    match card.kind:
        case "empty":
            key = "board.of_and_bore" if gun.bores == 1 else "board.of_and_bores"
            return words.say(key, n=gun.chambers), manner, roles
        case "dummies":
            return words.say("board.of_shown", n=gun.chambers), manner, roles
        case "blanks":
            fact = words.say("board.hot_for", scene=card.scene) if card.scene else words.say("board.hot")
            return fact, manner, roles
        case "replica":
            return words.say("board.cannot_chamber"), manner, roles
        case "vault":
            return words.say("board.once_out"), "", _locked_by(picture, card, words)
        case "loaded":
            return _why(picture, card, words), _since(picture, card), _renewal(picture, card, words)
        case _:
            assert_never(card.kind)


def role_words(role: str, words: Words) -> str:
    """A role as people say it: "first AD", "property master"."""
    return words.entries.get(f"role.{role}", role.replace("_", " "))


def manner_words(manner: str, words: Words) -> str:
    """How answers were given, as people say it."""
    return words.entries.get(f"manner.{manner}", manner.replace("_", " "))


def _looks(gun: Gun, words: Words) -> str:
    """What the gun is, to compare with the one in front of you."""
    action = words.entries.get(f"action.{gun.action.value}", gun.action.value)
    return f"{action}, {gun.calibre}" if gun.calibre else action


def holder_words(picture: Picture, thing: str, words: Words) -> str:
    """Who has a gun or container by the record, as a role, and since when."""
    held = holder_of(picture, thing)
    if held is None:
        return words.say("scan.holder_unknown")
    match held.hold:
        case Hold.PERSON:
            who = role_words(role_of(picture, held.who), words)
        case Hold.LOCKED | Hold.UNATTENDED | Hold.DISPUTED | Hold.UNKNOWN:
            who = words.say(f"scan.holder_{held.hold.value}")
        case Hold.INSIDE:
            who = words.say("scan.holder_unknown")
        case _:
            assert_never(held.hold)
    return words.say("scan.with_since", who=who, time=held.at[11:16])


def _locked_by(picture: Picture, card: Card, words: Words) -> str:
    held = holder_of(picture, card.gun)
    assert held is not None, "a card says IN VAULT only when somebody locked it away"
    place = picture.places.get(held.who)
    role = role_words(role_of(picture, held.signer), words)
    return f"{role}{f', {place.label}' if place is not None else ''} {held.at[11:16]}"


def _had_call(picture: Picture, card: Card) -> bool:
    """Whether what ended here was a call, so that the card says VOID, or only proofs: NOT PROVEN."""
    void = picture.voids.get(card.gun)
    return card.gun in picture.calls or (void is not None and void.had_call)


def _why(picture: Picture, card: Card, words: Words) -> str:
    key = "board.void_for" if _had_call(picture, card) else "board.not_proven_for"
    return words.say(key, reason=words.reason(card.reasons[0].code))


def _since(picture: Picture, card: Card) -> str:
    entry = card.reasons[0].entry_index
    return _at(picture, entry)[11:16] if entry is not None else ""


_RENEWALS: Final = frozenset({"show", "tests", "plan", "duty", "stop_lifted"})
"""What cures a placard, by the rulebook's own word for what a rule needs; any other needs all positions anew."""


def _renewal(picture: Picture, card: Card, words: Words) -> str:
    """What it takes to prove the gun again, as a placard says it."""
    if picture.open_stops:
        return _cure(picture, card, words)
    return words.say("board.to_renew", what=_cure(picture, card, words))


def _cure(picture: Picture, card: Card, words: Words) -> str:
    """What it takes to prove the gun again, in a few words; "" where nothing has to be renewed."""
    if card.kind != "loaded":
        return ""
    if picture.open_stops:
        return words.say("board.first_stop", stop=min(picture.open_stops))
    code = card.reasons[0].code
    rule = picture.rulebook.rule(code) if picture.rulebook is not None else None
    # What two people answered still stands: it is shown and called, not answered anew.
    needs = "show" if code == "NOT_CALLED" else rule.needs if rule is not None else "answers"
    return words.say(f"board.renew_{needs.removesuffix('_lifted')}" if needs in _RENEWALS else "board.renew_all")


# --- times ---------------------------------------------------------------------------------------------------------


def _at(picture: Picture, entry_index: int) -> str:
    done = acts_of_entry(picture, entry_index)
    return done[0].at if done else picture.at


def _answered_entry(picture: Picture, card: Card) -> int | None:
    """While a call rests on answers, the oldest of them: as every phone says it. Else when two people last looked."""
    first = oldest_answer(picture, card.gun) if card.ends_in_ms is not None else None
    return card.checked_entry if first is None else first


def _checked_at(picture: Picture, card: Card, words: Words) -> str:
    """When it was answered, as short as a small card has it."""
    entry = _answered_entry(picture, card)
    if entry is None:
        return words.say("board.no_check")
    return words.say("board.checked_at", time=_at(picture, entry)[11:16])


def _checked(picture: Picture, card: Card, clock_at: str, words: Words) -> str:
    """When it was answered, and how long ago while a call rests on that: as old as the phones say, where a clock says it."""
    entry = _answered_entry(picture, card)
    at = _at(picture, entry) if entry is not None else ""
    if card.ends_in_ms is None or at[:10] != clock_at[:10]:
        return _checked_at(picture, card, words)
    minutes = (_seconds(clock_at) - _seconds(at)) // 60 if card.checked_ms is None else card.checked_ms // 60_000
    return words.say("board.checked_ago", minutes=minutes) if minutes > 0 else words.say("board.checked_now")


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


def _read_back(picture: Picture, gun: str, words: Words) -> str:
    """The receiver's own act under the call: that is what was read back."""
    call = picture.calls.get(gun)
    if call is None:
        return ""
    role = role_words(role_of(picture, call.receiver), words)
    return words.say("board.read_back", role=role, time=_at(picture, call.entry_index)[11:16])


# --- head ----------------------------------------------------------------------------------------------------------


def _scene_words(picture: Picture, words: Words) -> str:
    newest: Scene | None = max(picture.scenes.values(), key=lambda scene: scene.planned_entry, default=None)
    if newest is None:
        return ""
    place = picture.places.get(newest.plan.place)
    activity = words.say(f"board.{newest.plan.activity.value}")
    if place is None:
        return words.say("board.scene_bare", scene=newest.plan.scene, activity=activity)
    return words.say("board.scene", scene=newest.plan.scene, place=place.label, activity=activity)


def _flags(picture: Picture, words: Words) -> tuple[str, ...]:
    """What is open for all guns at once: stops, concerns, somebody who asked to see."""
    out = [words.say("board.stop_since", time=_at(picture, number)[11:16]) for number in sorted(picture.open_stops)]
    concerns = [opened for opened, answered in picture.concerns.values() if answered is None]
    if concerns:
        key = "board.concern_since" if len(concerns) == 1 else "board.concerns_since"
        out.append(words.say(key, count=len(concerns), time=_at(picture, min(concerns))[11:16]))
        late, due = late_concerns(picture), due_on(picture, min(concerns))
        if late:
            out.append(words.say("board.concern_late", day=due_on(picture, min(late))))
        elif due:
            out.append(words.say("board.concern_due", day=due))
    out.extend(
        words.say("board.two_duties", role=role_words(role_of(picture, who), words), duties=", ".join(sorted(duties)))
        for who, duties in picture.duties.items()
        # One exclusive duty and a second one: what he calls does not stand while both are open.
        if len(duties) > 1 and any(duties.values())
    )
    out.extend(
        words.say(
            "board.asked_to_see",
            role=role_words(role_of(picture, who), words),
            gun=picture.guns[gun].word_name.capitalize(),
        )
        for gun, asking in picture.asked.items()
        for who in asking
        if gun in picture.guns
    )
    return tuple(out)


_MOST_NAMED: Final = 8


def secure_words(picture: Picture, words: Words) -> str:
    """What to treat as live and secure now, said on one line: guns, then what rounds lie in, then rounds; "" for nothing."""
    named, rounds = secure_by_name(picture)
    said = list(named[:_MOST_NAMED])
    if len(named) > len(said):
        said.append(words.say("board.secure_more", count=len(named) - len(said)))
    if rounds:
        said.append(_counted("board.secure_round", ("", "s"), rounds, words))
    if not said:
        return ""
    return words.say("board.secure", things=", ".join(said))


# --- emblem --------------------------------------------------------------------------------------------------------

_SHAPES: Final = {"empty": "empty", "dummy": "dummy", "snap_cap": "dummy", "blank": "blank"}


def _dial(card: Card, gun: Gun, words: Words) -> Dial:
    title = " ".join(big_words(card, words)).strip().lower()
    match card.kind:
        case "empty" | "dummies" | "blanks":
            return _cylinder(card, gun, words)
        case "replica":
            return Dial(form="plug", title=title, marks=(), bore=False, left=_left(card), sign="")
        case "vault":
            return Dial(form="keyhole", title=title, marks=(), bore=False, left=None, sign="")
        case "loaded":
            never = card.reasons[0].code in {"NOT_PROVEN", "NOT_CALLED"}
            sign = "asked" if never else "void"
            return Dial(form="placard", title=title, marks=(), bore=False, left=None, sign=sign)
        case _:
            assert_never(card.kind)


def _left(card: Card) -> int | None:
    if card.ends_in_ms is None or not card.lifetime_ms:
        return None
    return max(0, min(100, card.ends_in_ms * 100 // card.lifetime_ms))


def _cylinder(card: Card, gun: Gun, words: Words) -> Dial:
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
    said = ", ".join(words.say(f"board.mark_{shape}", n=number) for shape, number in counted.items())
    assert card.ends_in_ms is not None, "a called card has time left"
    return Dial(
        form="cylinder",
        title=words.say(
            "board.dial_left", marks=said, left=card.ends_in_ms // 60_000, whole=(card.lifetime_ms or 0) // 60_000
        ),
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
