"""A gun's strip in words: the headline a juror reads first, the labels of its rows, and the whole as lines of text."""

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Final

from coldcheck.custody import wording
from coldcheck.custody.strip import Mark, Segment, Strip

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
_ROLES: Final = MappingProxyType({"first_ad": "first AD"})


def clock(at: str) -> str:
    """Hours and minutes of a time."""
    return at[11:16]


def said_text(segment: Segment) -> tuple[str, str]:
    """The big word of a piece of the top row, and the small one under it."""
    if segment.word in {"dummies", "blanks"}:
        noun = {"dummies": ("DUMMY", "DUMMIES"), "blanks": ("BLANK", "BLANKS")}[segment.word]
        count = int(segment.detail or 0)
        return f"{'PROVEN ' if segment.word == 'dummies' else ''}{count} {noun[count != 1]}", ""
    return SAID[segment.word], wording.reason_of(segment.detail) if segment.detail and segment.word == "loaded" else ""


def custody_text(segment: Segment) -> str:
    """Who or what had it."""
    if segment.word == "locked":
        return f"{segment.detail}, locked" if segment.detail not in {"", "reported"} else "locked"
    told = "reported: " if segment.detail == "reported" else ""
    place = f", {segment.detail}" if segment.detail not in {"", "reported"} else ""
    return told + (_HOLDS.get(segment.word) or role_text(segment.word)) + place


def role_text(role: str) -> str:
    """A role as people say it."""
    return _ROLES.get(role, role.replace("_", " "))


def sight_text(segment: Segment) -> str:
    """Whose sight was unbroken."""
    return " and ".join(role_text(role) for role in segment.word.split("+"))


def proof_text(mark: Mark) -> str:
    """How many positions two people answered, and how."""
    return f"{mark.word} of {mark.word}, {mark.detail.replace('_', ' ')}".rstrip(", ")


def void_text(mark: Mark) -> str:
    """Why a call ended."""
    return wording.reason_of(mark.word)


def take_text(mark: Mark) -> str:
    """What was done with the gun in the performer's hand."""
    match mark.word:
        case "shot":
            return f"{mark.detail} {'shot' if mark.detail == '1' else 'shots'}"
        case "unintended":
            return "shot not intended"
        case "no_call":
            return "no call"
        case "told":
            return "reported in use"
        case "told_shot":
            return "reported shot"
        case _:
            return f"{mark.word} {mark.detail}".rstrip()


def headline(strip: Strip) -> str:
    """What somebody has to know who reads nothing else."""
    bare = sum(1 for mark in strip.takes if mark.word == "no_call")
    taken = any(mark.word not in {"no_call", "told", "told_shot"} for mark in strip.takes)
    told = sum(1 for mark in strip.takes if mark.word in {"told", "told_shot"})
    shots = sum(1 for mark in strip.takes if mark.word == "unintended")
    voids = _times("void", len(strip.voids)) if strip.voids else "never void"
    parts = [
        f"{_times('Called', strip.called)}, {voids}." if strip.called or strip.voids else "No call was granted on it."
    ]
    if bare:
        parts.append(f"{_times('Handed to a performer without a call', bare)}.")
    elif taken:
        parts.append("No take without a call.")
    else:
        parts.append("No take is signed for.")
    if told:
        parts.append(f"{_times('Told of in use', told)}, signed by nobody who did it.")
    if shots:
        parts.append(f"{_times('A shot nobody intended', shots)}.")
    if strip.custody:
        last = strip.custody[-1]
        parts.append(f"At the end: {custody_text(last)}, since {clock(last.start_at)}.")
    return " ".join(parts)


_TIMES: Final = ("never", "once", "twice", "three times", "four times", "five times", "six times")


def _times(what: str, count: int) -> str:
    return f"{what} {_TIMES[count] if count < len(_TIMES) else f'{count} times'}"


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


def foot(draft: str) -> str:
    """What stands under every strip."""
    words = "Between two marks nothing was recorded."
    return f"{draft[0].upper()}{draft[1:]}. {words}" if draft else words


def _marks(marks: tuple[Mark, ...], spoken: object) -> Iterator[str]:
    assert callable(spoken)
    if not marks:
        yield "  none"
    for mark in marks:
        yield f"  {clock(mark.at)}  {spoken(mark)}  (entry {mark.entry_index})"
