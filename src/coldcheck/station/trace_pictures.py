"""A chain, its gap with everyone who could reach the round, a recall, and the windows of a find, as pictures (SVG).

They need nothing beside them: in a page of the hub they take its colours, in a file of their own they follow the reader's
light or dark, and `printed` has them in ink on white for paper. Shapes carry the meaning, colour repeats it: a square is a signed receipt, a circle a step, a diamond the
find, a solid placard a gap; a double line is proven, a dashed one only reported. Reach is not an act: a bar says who
could, never who did. Nothing is decided here, and nothing is drawn that the answer does not say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from coldcheck.custody import wording
from coldcheck.custody.origin_kinds import SOURCE_KINDS
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Hold, Id, Placement
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.custody.trace import Gap, Origin
from coldcheck.custody.trace_rings import Recall
from coldcheck.station.answer_text import (
    cells_of,
    duration_text,
    holder_text,
    kind_text,
    label_of,
    lot_line,
    natural,
    near_text,
    percent_text,
    spot_text,
    step_act,
)

if TYPE_CHECKING:
    # Imported, it would bring numpy to everybody who asks for a chain.
    from coldcheck.custody.origin_answer import FindAnswer, WindowOfRecord

WIDTH: Final = 440
"""Hardly wider than a phone, so that the smallest letters are read on one."""
_LEFT: Final = 36
_TEXT: Final = 76
_STEP: Final = 84
_BAR: Final = 30
_LETTER: Final = 8.4
"""Width of a letter at 16 px, on the wide side: no text may run out of its picture."""
_SMALL: Final = 7.2
"""The same for the small letters of 14 px."""
_CITED: Final = 5
_ALONE: Final = (
    ".t{--ink:#15181a;--ground:#fbf9f5;--quiet:#454d51;--edge:#666e72;--placard:#17150f;--on-placard:#fbf6ea;--raised:#f1ede5}"
    "@media(prefers-color-scheme:dark){.t{--ink:#f2efe8;--ground:#0d1012;--quiet:#b8c0c2;--edge:#8b989e;--placard:#f4ecdc;"
    "--on-placard:#15110a;--raised:#20272b}}"
)
"""Colours of a picture in a file of its own."""
SHAPES: Final = (
    ".t text { font: 16px 'Noto Sans', 'Liberation Sans', Arial, sans-serif; fill: var(--ink); }",
    ".t .b { font-weight: 700; }",
    ".t .q { fill: var(--quiet); font-size: 14px; }",
    ".t .on { fill: var(--on-placard); }",
    ".t .big { font-size: 22px; font-weight: 700; }",
    ".t .ground { fill: var(--ground); }",
    ".t .l { stroke: var(--ink); fill: none; stroke-width: 4; }",
    ".t .double { stroke-width: 8; }",
    ".t .in { stroke: var(--ground); fill: none; stroke-width: 3; }",
    ".t .n { stroke: var(--ink); fill: var(--ground); stroke-width: 4; }",
    ".t .f { fill: var(--ink); }",
    ".t .p { fill: var(--placard); }",
    ".t .d { fill: none; stroke: var(--on-placard); stroke-dasharray: 6 4; stroke-width: 2; }",
    ".t .r { fill: var(--raised); stroke: var(--ink); stroke-width: 1.5; }",
    ".t .hatched { fill: url(#hatch); }",
    ".t .h { stroke: var(--edge); stroke-width: 1; }",
)
"""How the shapes look. A page of the hub takes no style but that of its own sheet, so these lines stand there as well."""


_PAPER: Final = ".t{--ink:#000000;--ground:#ffffff;--quiet:#333333;--edge:#666666;--placard:#000000;--on-placard:#ffffff;--raised:#eeeeee}"


def printed(svg: str) -> str:
    """A picture made alone, for paper: ink on white whatever the reader's screen likes, and no name of a colour in it.

    Whoever sets a page (Typst) reads no variables out of a style sheet, so each is replaced by what it stands for.
    """
    assert _ALONE in svg, "only a picture made alone has colours of its own"
    out = svg.replace(_ALONE, "")
    for name, colour in re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", _PAPER):
        out = out.replace(f"var(--{name})", colour)
    return out


@dataclass(slots=True)
class _Sheet:
    """A picture while it is drawn, from the top down."""

    parts: list[str]
    tongue: Tongue
    y: float = 28

    def text(self, x: float, words: str, *, css: str = "", down: float = 0, most: int = 0) -> None:
        """Nothing; one line of text, cut where it would leave the picture."""
        room = most or int((WIDTH - x - 8) / _LETTER)
        shown = words if len(words) <= room else words[: room - 1].rstrip() + "…"
        title = f"<title>{escape(words)}</title>" if shown != words else ""
        self.parts.append(f'<text x="{x:g}" y="{self.y + down:g}" class="{css}">{title}{escape(shown)}</text>')

    def path(self, d: str, css: str, extra: str = "") -> None:
        """Nothing; one path."""
        self.parts.append(f'<path d="{d}" class="{css}"{extra}/>')

    def rect(self, x: float, width: float, height: float, css: str, *, down: float = 0) -> None:
        """Nothing; one rectangle."""
        self.parts.append(
            f'<rect x="{x:g}" y="{self.y + down:g}" width="{width:g}" height="{height:g}" class="{css}"/>'
        )

    def svg(self, says: str, *, alone: bool) -> str:
        """The whole picture; `says` is what it shows, in words, for who does not see it."""
        style = f"<style>{_ALONE}{''.join(SHAPES)}</style>" if alone else ""
        ground = '<rect width="100%" height="100%" class="ground"/>' if alone else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="t" viewBox="0 0 {WIDTH} {self.y:g}" width="100%" role="img"'
            f' aria-label="{escape(says, quote=True)}">{style}'
            '<defs><pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="4.5" height="9" class="f"/></pattern></defs>{ground}{"".join(self.parts)}</svg>'
        )


def printed_picture(svg: str) -> str:
    """A picture that stands alone, for paper and for readers of SVG that know no variables: every colour in its place."""
    light, _, _dark = _ALONE.partition("@media")
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", light))
    plain = svg.replace(_ALONE, "")
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: colours[found[1]], plain)


# --- a chain -------------------------------------------------------------------------------------------------------


def chain_picture(picture: Picture, origin: Origin, *, alone: bool = True, tongue: Tongue = ENGLISH) -> str:
    """The chain of one round, oldest step first, its gap as a placard, and who could reach it in the gap."""
    sheet = _Sheet([], tongue)
    name = label_of(picture, origin.round_id, tongue=tongue)
    steps = origin.chain[::-1]
    sheet.text(_LEFT - 16, f"{name}, {kind_text(origin, tongue=tongue)}", css="big")
    sheet.y += 44
    if origin.gap is not None:
        _gap_placard(sheet, picture, origin.gap)
    for number, step in enumerate(steps):
        before = steps[number - 1] if number else None
        if before is not None:
            _line(sheet, picture, origin.round_id, before, step)
        _node(sheet, picture, step, is_receipt=not number and origin.receipt is not None, is_last=step is steps[-1])
    if not steps:
        sheet.text(_TEXT, tongue.say("No entry placed it anywhere."))
        sheet.y += 30
    if origin.gap is not None:
        _reach(sheet, picture, origin.gap)
    return sheet.svg(_chain_says(picture, origin, tongue), alone=alone)


def _chain_says(picture: Picture, origin: Origin, tongue: Tongue) -> str:
    name = label_of(picture, origin.round_id, tongue=tongue)
    if origin.receipt is not None:
        gave, got = origin.receipt
        return tongue.say(
            "The chain of {item} back to the receipt of entries {gave} and {got}, in {count} steps.",
            item=name, gave=gave, got=got, count=len(origin.chain),
        )  # fmt: skip
    gap = origin.gap
    assert gap is not None, "a chain ends at a receipt or at a gap"
    return tongue.say(
        "The chain of {item} in {count} steps, back to a gap between {near} and entry {entry}.",
        item=name, count=len(origin.chain), near=near_text(gap, tongue=tongue), entry=gap.to_entry,
    )  # fmt: skip


def _gap_placard(sheet: _Sheet, picture: Picture, gap: Gap) -> None:
    """A solid placard where the record is silent, and the loose end of the chain below it."""
    tongue = sheet.tongue
    told = (
        tongue.say(
            "{near} to entry {entry}; recording was {recording}",
            near=tongue.say("the beginning") if gap.from_entry is None else near_text(gap, tongue=tongue),
            entry=gap.to_entry, recording=tongue.word(gap.recording, "recording"),
        ),
        tongue.say("last recorded holder: {holder}", holder=holder_text(picture, gap, tongue=tongue)),
        tongue.say(wording.GAPS[gap.why]),
    )  # fmt: skip
    room = int((WIDTH - 2 * _LEFT - 8) / _LETTER)
    lines = [line for words in told for line in _wrapped([words], room, at=" ")]
    height = 64 + 24 * len(lines)
    sheet.y -= 16
    sheet.rect(_LEFT - 16, WIDTH - 2 * (_LEFT - 16), height, "p")
    sheet.rect(_LEFT - 10, WIDTH - 2 * (_LEFT - 10), height - 12, "d", down=6)
    sheet.text(
        _LEFT + 4,
        tongue.say("GAP: {time}", time=duration_text(gap.seconds, tongue=tongue)),
        css="big on",
        down=38,
        most=30,
    )
    for number, line in enumerate(lines):
        sheet.text(_LEFT + 4, line, css="on", down=64 + 24 * number, most=room + 1)
    sheet.y += height
    sheet.path(f"M{_LEFT} {sheet.y + 8:g}v40M{_LEFT - 16} {sheet.y + 8:g}h32", "l")
    sheet.y += 60


def _node(sheet: _Sheet, picture: Picture, step: Placement, *, is_receipt: bool, is_last: bool) -> None:
    y = sheet.y
    if is_receipt:
        sheet.path(f"M{_LEFT - 13} {y - 13:g}h26v26h-26z", "n")
    elif is_last:
        sheet.path(f"M{_LEFT} {y - 17:g}l17 17-17 17-17-17z", "f")
    else:
        sheet.parts.append(f'<circle cx="{_LEFT}" cy="{y:g}" r="12" class="n"/>')
    path = " → ".join(dict.fromkeys(filter(None, (spot_text(picture, step.start), spot_text(picture, step.end)))))
    line = f"{step_act(step, tongue=sheet.tongue)} · #{step.entry_index}"
    if step.holder:
        line = sheet.tongue.say("{step}, held by {holder}", step=line, holder=label_of(picture, step.holder))
    sheet.text(_TEXT, line, css="b", down=-2)
    sheet.text(
        _TEXT, path or sheet.tongue.say("no place said"), css="q", down=18, most=int((WIDTH - _TEXT - 8) / _SMALL)
    )
    sheet.y += 34


def _line(sheet: _Sheet, picture: Picture, round_id: Id, before: Placement, step: Placement) -> None:
    """From one step to the next: double where two people proved the round between, dashed where it is only reported."""
    notes = picture.proofs.get(round_id, ())
    proven = any(what == "proven" and before.entry_index <= entry <= step.entry_index for entry, what in notes)
    seen = sorted({what for entry, what in notes if before.entry_index < entry <= step.entry_index})
    top, height = sheet.y - 20, _STEP - 36
    if proven:
        sheet.path(f"M{_LEFT} {top:g}v{height}", "l double")
        sheet.path(f"M{_LEFT} {top:g}v{height}", "in")
    else:
        dashed = ' stroke-dasharray="10 7"' if step.reported or before.reported else ""
        sheet.path(f"M{_LEFT} {top:g}v{height}", "l", dashed)
    tongue = sheet.tongue
    noted = ", ".join(tongue.word(what, "noted") for what in seen) or tongue.say("no test between")
    words = tongue.say("proven by two") if proven else noted
    sheet.text(_TEXT, words, css="q", down=10)
    sheet.y += _STEP - 40


_STATES: Final = {Hold.DISPUTED: "disputed", Hold.UNKNOWN: "nobody on record", Hold.UNATTENDED: "unattended"}


_MARK: Final = 6.0
"""How wide one moment is drawn."""


def _reach_rows(picture: Picture, gap: Gap, tongue: Tongue) -> dict[str, list[tuple[int, int, str, bool]]]:
    """For each who could reach it the spans with what they are, and whether it is a time in which nobody had it."""
    rows: dict[str, list[tuple[int, int, str, bool]]] = {}
    for reach in gap.access.people:
        how = tongue.say(wording.reach_words(reach.how, from_entry=reach.from_entry, to_entry=reach.to_entry))
        rows.setdefault(label_of(picture, reach.person), []).append((reach.from_entry, reach.to_entry, how, False))
    for span in gap.access.unattended:
        state = tongue.say(_STATES.get(span.hold, "unattended"))
        what = tongue.say("{state}: {thing}", state=state, thing=label_of(picture, span.thing, tongue=tongue))
        if span.place:
            what = tongue.say("{state} at {place}", state=what, place=label_of(picture, span.place))
        rows.setdefault(tongue.say("Nobody by record"), []).append((span.from_entry, span.to_entry, what, True))
    return rows


def _reach(sheet: _Sheet, picture: Picture, gap: Gap) -> None:
    """One line for each person who could reach it, in the neutral order of ids, and one for each time nobody had it."""
    first, last = gap.from_entry or 0, max(gap.to_entry, (gap.from_entry or 0) + 1)
    left, right = 150.0, WIDTH - 20.0

    def across(entry: int) -> float:
        return left + (right - left) * min(max(entry - first, 0), last - first) / (last - first)

    sheet.y += 26
    tongue = sheet.tongue
    sheet.text(_LEFT - 16, tongue.say("Who could reach it in the gap"), css="b")
    sheet.text(left, f"#{first}", css="q", down=24)
    sheet.text(right - 8 * len(f"#{last}"), f"#{last}", css="q", down=24)
    sheet.y += 34
    moments = {tongue.say(words) for words in wording.MOMENTS.values()}
    rows = _reach_rows(picture, gap, tongue)
    if not rows:
        sheet.text(_LEFT - 16, tongue.say("Who could reach it is not recorded."), down=18)
        sheet.y += _BAR
    for name, bars in rows.items():
        for row, (start, end, what, is_nobody) in enumerate(bars):
            sheet.path(f"M{left:g} {sheet.y + 27:g}H{right:g}", "h")
            if not row:
                sheet.text(_LEFT - 16, name, css="b" if is_nobody else "", down=19, most=16)
            x, width = across(start), max(across(end) - across(start), 6)
            css = "r hatched" if is_nobody else "r"
            # Two acts with a time between are two marks, and no bar: nobody said that he had it meanwhile.
            is_moments = what in moments and width > 2 * _MARK
            span = tongue.say(
                "entries {first} and {last}" if is_moments else "entries {first} to {last}", first=start, last=end
            )
            title = escape(f"{name}: {what}, {span}")
            for at, wide in ((x, _MARK), (x + width - _MARK, _MARK)) if is_moments else ((x, width),):
                sheet.parts.append(
                    f'<rect x="{at:g}" y="{sheet.y + 4:g}" width="{wide:g}" height="18" class="{css}">'
                    f"<title>{title}</title></rect>"
                )
            room = right - x - width - 6
            words = what if len(what) * 7.2 <= room else ""
            if words:
                sheet.text(x + width + 6, words, css="q", down=18, most=len(what))
            elif len(what) * 7.2 <= width - 8 and not is_nobody:
                sheet.text(x + _MARK + 2, what, css="q", down=18, most=len(what))
            elif len(what) * 7.2 <= x - left - 8:
                sheet.text(x - 6 - len(what) * 7.2, what, css="q", down=18, most=len(what))
            sheet.y += _BAR
    sheet.y += 14
    sheet.y += 6
    _aside(sheet, tongue.say("Reach is not an act. A bar says who could, never who did."))


# --- the windows of a find -----------------------------------------------------------------------------------------


def windows_picture(
    picture: Picture, told: "FindAnswer", *, shares: bool, alone: bool = True, tongue: Tongue = ENGLISH
) -> str:
    """Every window of the set as a bar over the entries, with the entries for and against it and who had access.

    Without `shares` no figure that rests on a prior is drawn, and the order is that of the record. People have a line of
    their own, in neutral order, without any figure.
    """
    sheet = _Sheet([], tongue)
    sheet.text(
        _LEFT - 16,
        tongue.say("{item}: how it can have come in", item=label_of(picture, told.round_id, tongue=tongue)),
        css="big",
    )
    sheet.y += 34
    windows = told.windows if shares else tuple(sorted(told.windows, key=lambda each: (each.from_entry, each.place)))
    if told.basis != "record":
        for line in _wrapped([f"{tongue.say(wording.NO_FIGURES[told.basis])}."], int((WIDTH - 36) / _LETTER), at=" "):
            sheet.text(_LEFT - 16, line, most=len(line))
            sheet.y += 24
    else:
        _windows_drawn(sheet, picture, windows, found=told.found_entry, shares=shares)
        if shares:
            held = tongue.say(
                "{count} of {all} windows hold 90 % of it under the prior of {model}, {held}.",
                count=told.set_windows, all=told.all_windows, model=told.model.fingerprint(), held=wording.set_held(tongue),
            )  # fmt: skip
            sheet.y += 4
            _aside(sheet, held)
        moved, every = told.in_one_hand
        if moved < every:
            held = tongue.say(
                "{held} of {all} recorded moves lay in one pair of hands: the others make every window less sure.",
                held=moved, all=every,
            )  # fmt: skip
            _aside(sheet, held)
    sheet.y += 4
    _aside(sheet, tongue.say("An entry that nobody recorded is never excluded."))
    _aside(sheet, tongue.say("Access is not an act: who could, never who did."))
    sheet.y += 8
    item = label_of(picture, told.round_id, tongue=tongue)
    if not windows:
        return sheet.svg(
            tongue.say("No window of the record can be weighed by which {item} can have come in.", item=item),
            alone=alone,
        )
    counted = tongue.say(
        "{count} windows of the record by which {item} can have come in.", count=len(windows), item=item
    )
    return sheet.svg(counted, alone=alone)


def _windows_drawn(
    sheet: _Sheet, picture: Picture, windows: "tuple[WindowOfRecord, ...]", *, found: int, shares: bool
) -> None:
    first = min((window.from_entry for window in windows), default=0)
    left, right = 150.0, WIDTH - 20.0
    scale = (right - left) / max(found - first, 1)
    sheet.text(left, f"#{first}", css="q")
    was_found = sheet.tongue.say("found #{entry}", entry=found)
    sheet.text(right - 8 * len(was_found), was_found, css="q")
    sheet.y += 8
    for window in windows:
        x = left + scale * (window.from_entry - first)
        width = max(min(scale * (window.to_entry - window.from_entry), right - x), 6)
        x = min(x, right - width)
        css = "r hatched" if window.access.unattended else "r"
        sheet.path(f"M{left:g} {sheet.y + 27:g}H{right:g}", "h")
        if window.place:
            sheet.rect(x, width, 18, css, down=4)
        else:
            sheet.path(f"M{x:g} {sheet.y + 4:g}h{width:g}v18h-{width:g}z", "l", ' stroke-dasharray="10 7"')
        sheet.text(
            _LEFT - 16, label_of(picture, window.place) or sheet.tongue.say("not recorded"), css="b", down=20, most=15
        )
        sheet.y += 46
        for line in _window_words(picture, window, shares=shares, tongue=sheet.tongue):
            sheet.text(_LEFT - 16, line, css="q", most=len(line))
            sheet.y += 20
        sheet.y += 6
    sheet.y += 6


_SIDE: Final = int((WIDTH - 36) / _SMALL)
"""How many small letters a line has room for beside both edges."""


def _aside(sheet: _Sheet, words: str) -> None:
    """Nothing; a sentence in small letters, on as many lines as it takes."""
    for line in _wrapped([words], _SIDE, at=" "):
        sheet.text(_LEFT - 16, line, css="q", most=len(line))
        sheet.y += 20


def _window_words(picture: Picture, window: "WindowOfRecord", *, shares: bool, tongue: Tongue) -> Iterator[str]:
    """What stands under a bar: the story, the entries, and in lines of their own who had access."""
    share = f"{percent_text(window.share)}: " if shares else ""
    yield from _wrapped([f"{share}{tongue.say(wording.HYPOTHESES[SOURCE_KINDS[window.source]])}"], _SIDE, at=" ")
    sides = [tongue.say("{start} to {end}", start=f"#{window.from_entry}", end=f"#{window.to_entry}")]
    for word, entries in (("for {entries}", window.entries_for), ("against {entries}", window.entries_against)):
        if entries:
            more = " " + tongue.say("and {count} more", count=len(entries) - _CITED) if len(entries) > _CITED else ""
            sides.append(tongue.say(word, entries=" ".join(f"#{entry}" for entry in entries[:_CITED]) + more))
    yield from _wrapped(sides, _SIDE)
    people = sorted({label_of(picture, reach.person) for reach in window.access.people})
    nobody = [tongue.say("and anyone while it was unattended")] if window.access.unattended else []
    reached = ", ".join(people) or tongue.say("nobody recorded")
    yield from _wrapped([tongue.say("had access: {people}", people=reached), *nobody], _SIDE, at=" ")


# --- a recall ------------------------------------------------------------------------------------------------------

RINGS: Final = (
    ("lot", "The lot itself, and what it lies in"),
    ("together", "Lay with it at the same time"),
    ("closure", "Reached through those, up to full tests by two"),
    ("closure_no_barriers", "Reached if no test is trusted"),
)


def recall_picture(
    picture: Picture, recall: Recall, lot: Id, *, most: int = 24, alone: bool = True, tongue: Tongue = ENGLISH
) -> str:
    """Four rings around the lot, one inside the other: how many things each adds, and the first of them by name."""
    sheet = _Sheet([], tongue)
    sheet.text(16, tongue.say("What {lot} may have touched", lot=label_of(picture, lot)), css="big")
    for line in _wrapped([lot_line(picture, lot, tongue=tongue)], int((WIDTH - 32) / _LETTER), at=" "):
        sheet.y += 22
        sheet.text(16, line, most=len(line))
    sheet.y += 18
    blocks = [(tongue.say(words), _named(picture, getattr(recall, name), most, tongue)) for name, words in RINGS]
    tops: list[float] = []
    for depth, (words, (names, count)) in enumerate(reversed(blocks)):
        tops.append(sheet.y)
        inset = 12 + 14 * depth
        css = "on" if depth == len(blocks) - 1 else ""
        sheet.y += 12
        _ring_text(sheet, inset + 12, f"{words}:\N{NO-BREAK SPACE}{count}", names, css)
    bottoms = [sheet.y + 8 + 14 * (len(blocks) - 1 - depth) for depth in range(len(blocks))]
    rects = []
    for depth, (top, bottom) in enumerate(zip(tops, bottoms, strict=True)):
        inset = 12 + 14 * depth
        css = "p" if depth == len(blocks) - 1 else "r"
        rects.append(
            f'<rect x="{inset}" y="{top:g}" width="{WIDTH - 2 * inset}" height="{bottom - top:g}" rx="10" class="{css}"/>'
        )
    sheet.parts[1:1] = rects
    sheet.y = bottoms[0] + 30
    _aside(sheet, _limits(recall, tongue))
    counts = ", ".join(f"{words}: {count}" for words, (_names, count) in blocks)
    return sheet.svg(tongue.say("Four rings. {counts}.", counts=counts), alone=alone)


def _limits(recall: Recall, tongue: Tongue) -> str:
    if not recall.came:
        return tongue.say(wording.LOT_NEVER_CAME)
    if recall.unrecorded:
        return tongue.say(
            "{count} rounds turned up where no entry put them; where they were between is in no ring.",
            count=recall.unrecorded,
        )
    return tongue.say("No round turned up out of nowhere here; what nobody recorded is in no ring.")


def _named(picture: Picture, ids: tuple[Id, ...], most: int, tongue: Tongue) -> tuple[list[str], int]:
    """The first labels, guns and containers before rounds, and how many there are in all."""
    order = sorted(ids, key=lambda thing: (thing[0] == "r", natural(label_of(picture, thing))))
    plain = [thing for thing in order if thing not in picture.cartridges or picture.cartridges[thing].label]
    names = [label_of(picture, thing, tongue=tongue) for thing in plain] + list(
        cells_of(picture, [r for r in order if r not in plain], tongue=tongue)
    )
    more = tongue.say("and {count} more", count=len(names) - most)
    return ([*names[:most], more] if len(names) > most else names), len(ids)


def _ring_text(sheet: _Sheet, x: float, title: str, names: list[str], css: str) -> None:
    sheet.y += 18
    room = int((WIDTH - 2 * x) / _LETTER)
    for number, line in enumerate(_wrapped([title], room, at=" ")):
        sheet.y += 22 if number else 0
        # The space before a count breaks no line, and is a plain one in what can be copied.
        sheet.text(x, line.replace("\N{NO-BREAK SPACE}", " "), css=f"b {css}", most=len(line))
    for line in _wrapped(names, room):
        sheet.y += 22
        sheet.text(x, line, css=css, most=len(line))
    sheet.y += 12


def _wrapped(names: list[str], room: int, *, at: str = " · ") -> Iterator[str]:
    """Lines of at most `room` letters, broken between names; with `at` a space, between words."""
    line = ""
    parts = names if at != " " else [word for name in names for word in name.split(" ")]
    for part in parts:
        if line and len(line) + len(at) + len(part) > room:
            yield line
            line = ""
        line = f"{line}{at}{part}" if line else part
    if line:
        yield line
