"""A recorded morning with an inquiry behind it, written as lines of a scenario: claims as people make them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store import Store
from stores import MemoryStore

SCENARIOS: Final = Path(__file__).parent / "scenarios"
ON: Final = "08:05 ARM opens coverage of guns at Barn"
OFF: Final = "08:30 ARM closes coverage of guns at Barn"
MORNING: Final = "2026-03-02T08:06 to 2026-03-02T08:25"


def pattern(act_name: str, fixed: dict[str, str], wanted: dict[str, str], *slots: str, **more: Any) -> dict[str, Any]:
    """One act pattern in the form of a filing; the window is the morning unless said otherwise."""
    return {
        "act_name": act_name,
        "fixed": [{"name": name, "value": value} for name, value in fixed.items()],
        "wanted": [{"name": name, "value": value} for name, value in wanted.items()],
        "slots": list(slots),
        "subject": "guns",
        "place": "@Barn",
        "when": MORNING,
        "sure": True,
        **more,
    }


def handed(by: str, **more: Any) -> dict[str, Any]:
    """The pattern of a hand-over of Colt-1 to LEAD by somebody."""
    return pattern("handed_over", {"item": "@Colt-1", "to": "@LEAD"}, {"by": f"@{by}"}, "by", **more)


class Filing:
    """Lines that file claims, one statement each, all out of one source."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = 0
        self.file(
            "source_filed",
            label="SRC",
            kind="article",
            sha256="ab" * 32,
            size_bytes=10,
            title="A paper",
            published="2026-03-05",
        )
        self.file("question_opened", label="Q", text="Who handed it over?", owner="@COMP")

    def file(self, act: str, **fields: Any) -> None:
        """One line of COMP."""
        self.lines.append(f"09:00 COMP files {act}: {json.dumps(fields)}")

    def claim(
        self,
        speaker: str,
        proposition: str,
        *patterns: dict[str, Any],
        said: dict[str, Any] | None = None,
        **fields: Any,
    ) -> str:
        """The label of a claim by `speaker` ("" for nobody named)."""
        self.count += 1
        label = f"K{self.count}"
        who = {"speaker": f"@{speaker}"} if speaker else {"speaker_words": "somebody"}
        plain = {"label": f"T{self.count}", "source": "@SRC", "spans": [{"start": 0, "end": 5}], **who}
        self.file("statement_recorded", **(plain | (said or {})))
        self.file(
            "claim_made",
            label=label,
            statement=f"@T{self.count}",
            proposition=proposition,
            topic="@Q",
            patterns=list(patterns),
            **fields,
        )
        return label


def day_text(filing: Filing, *, coverage: bool, extra: Iterable[str] = ()) -> str:
    """The recorded morning, then what happened besides, then the inquiry."""
    text = (SCENARIOS / "one_rehearsal.txt").read_text(encoding="utf-8")
    text = text.replace("day ", 'person COMP "Fay Gunn" as compiler\nday ', 1)
    if coverage:
        text = text.replace("08:05 ARM opens day 1", f"{ON}\n08:05 ARM opens day 1", 1)
    return "\n".join((text.rstrip("\n"), *extra, *([OFF] if coverage else []), *filing.lines, ""))


def played(text: str, store: Store | None = None) -> Player:
    """The player after the day; no line may miss what it expects."""
    player = Player(parse_scenario(text, path=str(SCENARIOS / "day.txt")), store or MemoryStore({}))
    results = player.play()
    assert [result for result in results if not result.met] == []
    return player
