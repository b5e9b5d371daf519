"""A gun's strip in words: the headline a juror reads first, the labels of its rows, and the whole as lines of text."""

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Final

from coldcheck.custody import wording
from coldcheck.custody.strip import Mark, Segment, Strip
from coldcheck.custody.tongues import ENGLISH, Tongue

SAID: Final = MappingProxyType(
    {
        "empty": "PROVEN EMPTY",
        "dummies": "PROVEN DUMMIES",
        "blanks": "BLANKS",
        "replica": "REPLICA",
        "vault": "IN VAULT",
        "loaded": "TREAT AS LOADED",
    }
)
ROWS: Final = MappingProxyType(
    {
        "said": "What the record said",
        "custody": "Custody",
        "sight": "In sight of",
        "proofs": "Proof by two",
        "calls": "Call",
        "voids": "Voids",
        "takes": "Takes",
    }
)
_HOLDS: Final = MappingProxyType(
    {
        "unattended": "nobody's hand",
        "disputed": "accounts differ",
        "unknown": "not recorded",
        "inside": "in a container",
    }
)


def clock(at: str) -> str:
    """Hours and minutes of a time."""
    return at[11:16]


def said_text(segment: Segment, *, tongue: Tongue = ENGLISH) -> tuple[str, str]:
    """The big word of a piece of the top row, and the small one under it."""
    if segment.word in {"dummies", "blanks"}:
        one, many = {"dummies": ("PROVEN 1 DUMMY", "PROVEN {count} DUMMIES"), "blanks": ("1 BLANK", "{count} BLANKS")}[
            segment.word
        ]
        count = int(segment.detail or 0)
        return (tongue.say(one) if count == 1 else tongue.say(many, count=count)), ""
    reason = tongue.word(segment.detail, "reason") if segment.detail and segment.word == "loaded" else ""
    return tongue.say(SAID[segment.word]), _in_english(reason, segment.detail)


def _in_english(said: str, code: str) -> str:
    """The reason of a card: where the language has none of its own, that of the custody room."""
    return wording.reason_of(code) if said and said == code else said


def custody_text(segment: Segment, *, tongue: Tongue = ENGLISH) -> str:
    """Who or what had it."""
    is_told = segment.detail == "reported"
    place = "" if is_told else segment.detail
    if segment.word == "locked":
        return tongue.say("{place}, locked", place=place) if place else tongue.say("locked")
    held = _HOLDS.get(segment.word)
    who = tongue.say(held) if held else role_text(segment.word, tongue=tongue)
    said = f"{who}, {place}" if place else who
    return tongue.say("reported: {act}", act=said) if is_told else said


def role_text(role: str, *, tongue: Tongue = ENGLISH) -> str:
    """A role as people say it."""
    return tongue.word(role, "role")


def sight_text(segment: Segment, *, tongue: Tongue = ENGLISH) -> str:
    """Whose sight was unbroken."""
    roles = [role_text(role, tongue=tongue) for role in segment.word.split("+")]
    return tongue.say("{first} and {last}", first=" and ".join(roles[:-1]), last=roles[-1]) if roles[1:] else roles[0]


def proof_text(mark: Mark, *, tongue: Tongue = ENGLISH) -> str:
    """How many positions two people answered, and how."""
    said = tongue.say("{count} of {count}", count=mark.word)
    return f"{said}, {tongue.word(mark.detail, 'manner')}" if mark.detail else said


def void_text(mark: Mark, *, tongue: Tongue = ENGLISH) -> str:
    """Why a call ended."""
    return _in_english(tongue.word(mark.word, "reason"), mark.word)


def take_text(mark: Mark, *, tongue: Tongue = ENGLISH) -> str:
    """What was done with the gun in the performer's hand."""
    match mark.word:
        case "shot":
            return tongue.say("1 shot") if mark.detail == "1" else tongue.say("{count} shots", count=mark.detail)
        case "unintended":
            return tongue.say("shot not intended")
        case "no_call":
            return tongue.say("no call")
        case "told":
            return tongue.say("reported in use")
        case "told_shot":
            return tongue.say("reported shot")
        case _:
            return f"{tongue.word(mark.word, 'value')} {mark.detail}".rstrip()


def headline(strip: Strip, *, tongue: Tongue = ENGLISH) -> str:
    """What somebody has to know who reads nothing else."""
    bare = sum(1 for mark in strip.takes if mark.word == "no_call")
    taken = any(mark.word not in {"no_call", "told", "told_shot"} for mark in strip.takes)
    told = sum(1 for mark in strip.takes if mark.word in {"told", "told_shot"})
    shots = sum(1 for mark in strip.takes if mark.word == "unintended")
    voids = (
        tongue.say("void {times}", times=_times(len(strip.voids), tongue)) if strip.voids else tongue.say("never void")
    )
    called = tongue.say("Called {times}, {voids}.", times=_times(strip.called, tongue), voids=voids)
    parts = [called if strip.called or strip.voids else tongue.say("No call was granted on it.")]
    if bare:
        parts.append(tongue.say("Handed to a performer without a call {times}.", times=_times(bare, tongue)))
    elif taken:
        parts.append(tongue.say("No take without a call."))
    else:
        parts.append(tongue.say("No take is signed for."))
    if told:
        parts.append(tongue.say("Told of in use {times}, signed by nobody who did it.", times=_times(told, tongue)))
    if shots:
        parts.append(tongue.say("A shot nobody intended {times}.", times=_times(shots, tongue)))
    if strip.custody:
        last = strip.custody[-1]
        held = custody_text(last, tongue=tongue)
        parts.append(tongue.say("At the end: {held}, since {time}.", held=held, time=clock(last.start_at)))
    return " ".join(parts)


_TIMES: Final = ("never", "once", "twice", "three times", "four times", "five times", "six times")


def _times(count: int, tongue: Tongue) -> str:
    return tongue.say(_TIMES[count]) if count < len(_TIMES) else tongue.say("{count} times", count=count)


_COLUMNS: Final = 60
_SIGNS: Final = MappingProxyType(
    {"loaded": "#", "vault": ".", "empty": "=", "dummies": "=", "blanks": "b", "replica": "r"}
)


def one_line(strip: Strip) -> str:
    """The top row on one line of text: # treat as loaded, = proven, b blanks, r replica, . in vault."""
    start, end = datetime.fromisoformat(strip.start_at), datetime.fromisoformat(strip.end_at)
    span_s = (end - start).total_seconds() or 1.0
    signs = [" "] * _COLUMNS
    # Later pieces are drawn over earlier ones, and the worst last: no short danger is lost between two columns.
    for segment in sorted(strip.said, key=lambda one: one.word == "loaded"):
        first = int((datetime.fromisoformat(segment.start_at) - start).total_seconds() / span_s * _COLUMNS)
        last = int((datetime.fromisoformat(segment.end_at) - start).total_seconds() / span_s * _COLUMNS)
        first = min(first, _COLUMNS - 1)
        for column in range(first, min(max(last, first + 1), _COLUMNS)):
            signs[column] = _SIGNS[segment.word]
    return f"{clock(strip.start_at)} {''.join(signs)} {clock(strip.end_at)}"


def strip_lines(strip: Strip, *, draft: str) -> Iterator[str]:
    """The strip as text: the headline, then each row with its times and entries."""
    first, last = strip.entries
    yield f"{strip.word_name} ({strip.label}, serial {strip.serial}), {strip.on}, entries {first} to {last}"
    yield headline(strip)
    yield f"{one_line(strip)}   # treat as loaded  = proven  b blanks  r replica  . in vault"
    for row, spoken in (("said", lambda one: ": ".join(word for word in said_text(one) if word)), ("custody", custody_text), ("sight", sight_text)):  # fmt: skip
        yield ROWS[row]
        for segment in getattr(strip, row):
            yield f"  {clock(segment.start_at)} to {clock(segment.end_at)}  {spoken(segment)}  (entry {segment.entry_index})"
    yield ROWS["proofs"]
    yield from _marks(strip.proofs, proof_text)
    yield ROWS["calls"]
    for segment in strip.calls:
        yield f"  {clock(segment.start_at)} to {clock(segment.end_at)}  {segment.word}  (entry {segment.entry_index})"
    yield ROWS["voids"]
    yield from _marks(strip.voids, void_text)
    yield ROWS["takes"]
    yield from _marks(strip.takes, take_text)
    yield foot(draft)


def foot(draft: str, *, tongue: Tongue = ENGLISH) -> str:
    """What stands under every strip."""
    words = tongue.say("Between two marks nothing was recorded.")
    return f"{draft[0].upper()}{draft[1:]}. {words}" if draft else words


def _marks(marks: tuple[Mark, ...], spoken: object) -> Iterator[str]:
    assert callable(spoken)
    if not marks:
        yield "  none"
    for mark in marks:
        yield f"  {clock(mark.at)}  {spoken(mark)}  (entry {mark.entry_index})"
