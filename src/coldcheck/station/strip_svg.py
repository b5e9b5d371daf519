"""A gun's strip as one SVG picture, readable by itself: light on paper, dark where the reader's screen is dark.

The top band answers in ten seconds; the rows below say why. TREAT AS LOADED is a solid band, a proof has an outline, what
is under lock is dotted, so that it reads without colour too. Nothing is drawn that the strip does not hold.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Final

from coldcheck.custody.strip import Segment, Strip
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.station import strip_text as words

_LEFT: Final = 150.0
_RIGHT: Final = 1064.0
_TOP: Final = 96.0
_BOTTOM: Final = 470.0
_STEPS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 240)
_MOST_TICKS: Final = 13
_MINUTE_S: Final = 60
_STYLE: Final = """
svg{--ground:#fbf9f5;--face:#fff;--raised:#f1ede5;--ink:#15181a;--quiet:#454d51;--rule:#d3cec3;--edge:#666e72;--proof:#0d4f66;--blank:#eda93b;--on-blank:#130d02;--placard:#17150f;--on-placard:#fbf6ea;background:var(--ground);font-family:"Noto Sans","Liberation Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){svg{--ground:#0d1012;--face:#14191c;--raised:#20272b;--ink:#f2efe8;--quiet:#b8c0c2;--rule:#3a4449;--edge:#8b989e;--proof:#a5d8ea;--placard:#f4ecdc;--on-placard:#15110a}}
text{fill:var(--ink);font-size:13px}.b{font-weight:700}.q{fill:var(--quiet)}.row{font-size:15px}.rule{stroke:var(--rule);fill:none}.line{stroke:var(--ink);stroke-width:2;fill:none}.sight{stroke:var(--ink);stroke-width:5}
.loaded{fill:var(--placard)}.vault{fill:var(--face);stroke:var(--edge);stroke-width:1.5;stroke-dasharray:1.5 4}.empty,.dummies{fill:var(--face);stroke:var(--proof);stroke-width:3}.replica{fill:var(--face);stroke:var(--edge);stroke-width:3}.blanks{fill:var(--blank)}.held{fill:var(--raised);stroke:var(--ink);stroke-width:1.2}.away{fill:var(--placard)}
.on-loaded,.on-away{fill:var(--on-placard)}.on-vault{fill:var(--quiet)}.on-empty,.on-dummies{fill:var(--proof)}.on-blanks{fill:var(--on-blank)}
"""
_AWAY: Final = frozenset({"unattended", "disputed", "unknown"})


class _Scale:
    """Times to places on the picture, between the first and the last tick."""

    def __init__(self, strip: Strip) -> None:
        start, end = datetime.fromisoformat(strip.start_at), datetime.fromisoformat(strip.end_at)
        minutes = max((end - start).total_seconds() / _MINUTE_S, 1)
        step = next((each for each in _STEPS_MIN if minutes / each <= _MOST_TICKS - 2), _STEPS_MIN[-1])
        of_day = start.replace(hour=0, minute=0, second=0)
        since = int((start - of_day).total_seconds() / _MINUTE_S)
        self.start = of_day + timedelta(minutes=since // step * step)
        self.ticks = [self.start]
        while self.ticks[-1] < end:
            self.ticks.append(self.ticks[-1] + timedelta(minutes=step))
        self.span_s = (self.ticks[-1] - self.start).total_seconds() or 1.0

    def x(self, at: datetime | str) -> float:
        """The place of a time."""
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        return _LEFT + (_RIGHT - _LEFT) * (when - self.start).total_seconds() / self.span_s


def svg_of(strip: Strip, *, draft: str, tongue: Tongue = ENGLISH) -> str:
    """The whole picture as one SVG text."""
    scale = _Scale(strip)
    head = tongue.say("{day}, one gun's day", day=strip.on)
    headline = escape(words.headline(strip, tongue=tongue))
    first, last = strip.entries
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_RIGHT + 28:.0f} 510" role="img" aria-label="{headline}">',
        f"<style>{_STYLE}</style>",
        f"<title>{escape(strip.word_name)}: {headline}</title>",
        _text(8, 20, head, "q"),
        _text(_RIGHT, 20, tongue.say("entries #{first} to #{last}", first=first, last=last), "q", anchor="end"),
        _title(strip, tongue),
        f'<text x="8" y="74" style="font-size:17px">{headline}</text>',
        *_grid(scale, tongue),
        *_said(strip, scale, tongue),
        *_custody(strip, scale, tongue),
        *_sight(strip, scale, tongue),
        *_proofs(strip, scale, tongue),
        *_calls(strip, scale),
        *_voids(strip, scale, tongue),
        *_takes(strip, scale, tongue),
        _text(8, 500, words.foot(draft, tongue=tongue), "q"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def printed_svg(strip: Strip, *, draft: str) -> str:
    """The same picture for paper, and for readers of SVG that know no variables: every colour stands in its place."""
    light, _, _dark = _STYLE.partition("@media")
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", light))
    picture = re.sub(r"@media[^\n]*\n", "", svg_of(strip, draft=draft))
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: colours[found[1]], picture)


def _title(strip: Strip, tongue: Tongue) -> str:
    name = f'<tspan class="b" style="font-size:26px">{escape(strip.word_name)}</tspan>'
    rest = f'<tspan class="q" dx="10" style="font-size:16px">{escape(tongue.say("{label}, serial {serial}", label=strip.label, serial=strip.serial))}</tspan>'
    return f'<text x="8" y="48">{name}{rest}</text>'


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "start", size: float = 0) -> str:
    style = f' style="font-size:{size:g}px"' if size else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}"{style}>{escape(text)}</text>'


def _width(text: str, size: float = 13) -> float:
    """About how wide a text is, rather too wide than too narrow."""
    return len(text) * size * 0.6


def _grid(scale: _Scale, tongue: Tongue) -> Iterator[str]:
    for tick in scale.ticks:
        x = scale.x(tick)
        yield f'<path d="M{x:.1f} {_TOP + 16:.0f}V{_BOTTOM}" class="rule"/>'
        yield _text(x, _TOP + 8, tick.strftime("%H:%M"), "q", anchor="middle")
    # Two lines: the row is as high as that.
    upper, _, lower = tongue.say("What the|record said").partition("|")
    for y, name in ((150, upper), (170, lower)):
        yield _text(8, y, name, "row b")
    for row, y in (("custody", 220), ("sight", 264), ("proofs", 308), ("calls", 352), ("voids", 400), ("takes", 452)):
        yield _text(8, y, tongue.say(words.ROWS[row]), "row")
        yield f'<path d="M{_LEFT} {y + 18}H{_RIGHT}" class="rule"/>'


def _piece(scale: _Scale, segment: Segment) -> tuple[float, float]:
    start = scale.x(segment.start_at)
    return start, max(scale.x(segment.end_at) - start, 2.0)


def _said(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    for segment in strip.said:
        x, width = _piece(scale, segment)
        big, small = words.said_text(segment, tongue=tongue)
        yield f'<rect x="{x:.1f}" y="122" width="{width:.1f}" height="64" class="{segment.word}"><title>{escape(f"{words.clock(segment.start_at)} {big} {small}".strip())}</title></rect>'
        yield from _in_band(x, width, big, small, segment.word)


def _in_band(x: float, width: float, big: str, small: str, kind: str) -> Iterator[str]:
    """The words of a piece of the top band: on one line, on two, or none where there is no room."""
    middle, style = x + width / 2, f"b on-{kind}"
    # "TREAT AS" and "LOADED", "PROVEN" and "6 DUMMIES".
    first, _, second = big.rpartition(" ") if kind == "loaded" else big.partition(" ")
    if _width(big, 15) <= width:
        yield _text(middle, 150 if small else 158, big, style, anchor="middle", size=14)
        if small and _width(small) <= width:
            yield _text(middle, 171, small, f"on-{kind}", anchor="middle", size=12.5)
    elif max(_width(first, 12), _width(second, 13)) <= width:
        yield _text(middle, 150, first, style, anchor="middle", size=11.5)
        yield _text(middle, 167, second, style, anchor="middle", size=13)


def _custody(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    for segment in strip.custody:
        x, width = _piece(scale, segment)
        kind = "away" if segment.word in _AWAY else "held"
        text = words.custody_text(segment, tongue=tongue)
        yield f'<rect x="{x:.1f}" y="202" width="{width:.1f}" height="26" class="{kind}"><title>{escape(text)}</title></rect>'
        shown = text if _width(text) <= width else text.partition(",")[0]
        if _width(shown) <= width:
            yield _text(x + width / 2, 220, shown, "on-away" if kind == "away" else "", anchor="middle")


def _sight(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    for segment in strip.sight:
        x, width = _piece(scale, segment)
        text = words.sight_text(segment, tongue=tongue)
        yield f'<path d="M{x:.1f} 271h{width:.1f}" class="sight"><title>{escape(text)}</title></path>'
        if _width(text) <= width:
            yield _text(x + width / 2, 261, text, anchor="middle")


def _proofs(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    for number, mark in enumerate(strip.proofs):
        x = scale.x(mark.at)
        yield f'<circle cx="{x:.1f}" cy="303" r="9" class="line"/><circle cx="{x:.1f}" cy="303" r="3.5" fill="var(--ink)"><title>{escape(words.proof_text(mark, tongue=tongue))}</title></circle>'
        room = (scale.x(strip.proofs[number + 1].at) if number + 1 < len(strip.proofs) else _RIGHT) - x - 28
        text = words.proof_text(mark, tongue=tongue)
        shown = text if _width(text) <= room else text.partition(",")[0]
        if _width(shown) <= room:
            yield _text(x + 15, 308, shown)


def _calls(strip: Strip, scale: _Scale) -> Iterator[str]:
    for segment in strip.calls:
        x, width = _piece(scale, segment)
        yield f'<path d="M{x:.1f} 336v26M{x:.1f} 352h{width:.1f}m0 -7v14" class="line"><title>{escape(segment.word)}</title></path>'
        text = f"{segment.word} {words.clock(segment.start_at)}"
        shown = text if _width(text) <= width - 6 else segment.word
        if _width(shown) <= width - 6:
            yield _text(x + 7, 346, shown)


def _voids(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    free = _LEFT
    for number, mark in enumerate(strip.voids):
        x, text = scale.x(mark.at), words.void_text(mark, tongue=tongue)
        yield f'<path d="M{x:.1f} 122V388" stroke="var(--ink)" stroke-width="2" stroke-dasharray="2 3"/>'
        yield f'<path d="M{x:.1f} 384l14 24h-28z" fill="var(--placard)"><title>{escape(text)}</title></path><path d="M{x - 4:.1f} 396l8 8m0-8l-8 8" stroke="var(--on-placard)" stroke-width="2.4"/>'
        until = (scale.x(strip.voids[number + 1].at) if number + 1 < len(strip.voids) else _RIGHT) - 18
        if x + 20 + _width(text, 13.5) <= until:
            yield _text(x + 20, 404, text, "b")
            free = x + 20 + _width(text, 13.5)
        elif x - 20 - _width(text, 13.5) >= free:
            yield _text(x - 20, 404, text, "b", anchor="end")
            free = x + 18
        else:
            free = x + 18


def _takes(strip: Strip, scale: _Scale, tongue: Tongue) -> Iterator[str]:
    free = _LEFT
    for mark in strip.takes:
        x, text = scale.x(mark.at), words.take_text(mark, tongue=tongue)
        kind = "away" if mark.word in {"no_call", "unintended", "told_shot"} else "ink"
        fill = "var(--placard)" if kind == "away" else "var(--ink)"
        yield f'<rect x="{x - 4:.1f}" y="442" width="9" height="18" fill="{fill}"><title>{escape(f"{words.clock(mark.at)} {text}")}</title></rect>'
        start = _middle(x, text, free)
        if start is not None:
            yield _text(start, 437, text, "b" if kind == "away" else "")
            free = start + _width(text) + 6


def _middle(x: float, text: str, free: float) -> float | None:
    """Where a text about `x` begins, moved right of what is there; None when it would stand too far off."""
    start = min(max(x - _width(text) / 2, free), _RIGHT - _width(text))
    return start if start >= free and start - x < _width(text) / 2 else None
