"""`docs/acts.md`, written from the acts, their phrases, the void codes and the kernel's properties.

    python -m coldcheck.station.lab.act_pages

Promises: everything the custody room knows by name has a line on the page, and a test holds the page to it. The table of
the state model's own words says which act stands for each. Does not: explain; the docstrings do.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody import phrases, wording
from coldcheck.custody.kernel_table import ASSUMPTIONS, LEAVES, ONLY_IF, PROPERTIES, TABLE, WHENEVER

MODEL: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "MANIFEST": (a.ManifestSent,),
        "RECEIVE": (a.Delivered, a.Received, a.BroughtIn),
        "INSPECT_IN": (a.InspectedIn,),
        "CAPABILITY_TEST": (a.ConditionNoted, a.Cleared, a.Answered),
        "REGISTER_LOT, SPLIT, MERGE, REPACK, RELOAD": (a.LotRegistered,),
        "VERIFY_ROUND": (a.RoundsTested,),
        "SEAL, UNSEAL": (a.SealApplied, a.SealBroken),
        "LOCK, UNLOCK": (a.Locked, a.PickedUp),
        "COUNT": (a.Counted,),
        "DAY_OPEN": (a.DayOpened, a.DayClosed),
        "SCENE_PLAN": (
            a.ScenePlanned,
            a.PerformerAdded,
            a.RunPlanned,
            a.SetUpSigned,
            a.SceneChanged,
            a.DirectorNamed,
            a.NeedDecided,
        ),
        "MEETING, ATTEND": (a.MeetingHeld, a.Attended, a.SetUpAnswered),
        "ASSESSMENT": (a.Assessed,),
        "DUTY": (a.DutyOpened, a.DutyClosed, a.DutiesListed, a.DutyAccepted),
        "CHECKOUT": (a.PickedUp,),
        "MOVE": (a.CarriedTo, a.Moved, a.Stowed, a.Poured),
        "DECLARE_PRESENT": (a.PresenceDeclared, a.PresenceEnded, a.InLine),
        "CLEAR, BORE_CHECK": (a.Cleared, a.Answered),
        "LOAD, UNLOAD": (a.Loaded, a.Unloaded, a.Turned, a.TurnSeen, a.MagazineInserted, a.MagazineRemoved),
        "SHOW, SEEN, SHOW_REQUEST": (a.Showed, a.Seen, a.ShowClosed, a.AskedToSee),
        "CALL, ANNOUNCE, ACK": (a.Called, a.Announced, a.Acknowledged),
        "HANDOVER, ACCEPT, RETURN, TAKE": (a.HandedOver, a.Taken),
        "DISCHARGE": (a.Discharged, a.HelpCalled),
        "MISFIRE, MALFUNCTION": (a.GunMishap, a.ConditionNoted),
        "FOUND_ROUND": (a.RoundFound, a.RoundExamined),
        "QUARANTINE": (a.SetApart, a.Readmitted),
        "STOP, RELEASE": (a.Stopped, a.NearMissLogged, a.StopLifted),
        "FREEZE": (a.Frozen,),
        "EVIDENCE_IN, EVIDENCE_OUT": (a.EvidenceTaken, a.EvidenceReleased),
        "STATEMENT, OPEN_QUESTION": (a.StatementRecorded, a.QuestionOpened),
        "CORRECT, RETRACT, DISPUTE": (a.Corrected, a.Retracted, a.Disputed),
        "RETURN_OWNER, DESTROY, LOSS": (a.LeftProduction, a.Disposed),
        "CLOSE_LOT": (a.LotClosed, a.LotRecalled),
    }
)
"""The acts of the state model by their own names, and what stands for each here."""
VOIDS: Final = tuple(f"V{number:02}" for number in range(1, 26))

HEAD: Final = """# Acts, voids and properties

Written by `python -m coldcheck.station.lab.act_pages` from the code; a test holds this page to it. Each act is what its
signer did. The words are those of set days and of `coldcheck play`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_model(), *_acts(), *_voids(), *_kernel()]) + "\n"


def _model() -> Iterator[str]:
    yield "## The state model's acts\n"
    yield "| act of the state model | here |\n|---|---|"
    for name, classes in MODEL.items():
        yield f"| {name} | {', '.join(f'`{a.wire_name(one)}`' for one in classes)} |"


def _acts() -> Iterator[str]:
    said: dict[type, list[str]] = {}
    for phrase in phrases.PHRASES:
        said.setdefault(phrase.act, []).append(_BLANKS.sub(r"<\1>", phrase.template))
    yield "\n## Every act\n"
    yield "| act | what it says | in words |\n|---|---|---|"
    for name, act_class in a.ACT_CLASSES.items():
        words = said.get(act_class, [""])
        doc = str(act_class.__doc__ or "")
        # A dataclass without words of its own gets its signature for a docstring; its phrase says what it is.
        first = "" if doc.startswith(act_class.__name__ + "(") else doc.partition("\n")[0]
        yield f"| `{name}` | {first.replace('|', ',')} | {_code(words[0])} |".replace("|  |", "| |")


def _code(words: str) -> str:
    return f"`{words}`" if words else "said by a form of its own"


_BLANKS: Final = phrases.BLANK


def _voids() -> Iterator[str]:
    yield "\n## Every void\n"
    yield "| code | on the card |\n|---|---|"
    for code in VOIDS:
        yield f"| {code} | {wording.REASONS[code]} |"


def _kernel() -> Iterator[str]:
    yield "\n## Rows of the kernel\n"
    yield "| row | kind |\n|---|---|"
    for row in TABLE:
        yield f"| `{row.name}` | {row.kind} |"
    yield "\n## Every property\n"
    yield "| id | what it says |\n|---|---|"
    for one in (*PROPERTIES, *ONLY_IF, *LEAVES, *WHENEVER, *ASSUMPTIONS):
        yield f"| {one.id} | {one.sentence} |"


def main() -> None:
    """Nothing comes back: the page is written."""
    target = Path(__file__).parents[4] / "docs" / "acts.md"
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
