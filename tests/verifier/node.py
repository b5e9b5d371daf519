"""The JavaScript verifier from Python: single functions, exports in memory, and the command as a process."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracked import REPO

HERE = Path(__file__).parent
NODE = "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the command gave. `told` is its JSON, None when it gave none."""

    code: int
    told: Any
    error: str


def ask(*questions: tuple[str, Sequence[object]]) -> list[Any]:
    """The answers to calls of single functions, {"value": ...} or {"refused": sentence}, in order."""
    done = subprocess.run(
        [NODE, str(HERE / "answers.mjs")], input=json.dumps(questions), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def hexed(data: bytes) -> dict[str, str]:
    return {"hex": data.hex()}


def verify_files(*exports: Mapping[str, bytes], **options: object) -> list[Any]:
    """The reports on exports in memory, in order."""
    asked = [{"files": {path: hexed(data) for path, data in files.items()}, **options} for files in exports]
    return [answer["value"] for answer in ask(*(("verifyFiles", [each]) for each in asked))]


def command(*arguments: str | Path) -> Said:
    """The command with --json as a process of its own."""
    done = subprocess.run(
        [NODE, str(REPO / "verifier" / "cli.mjs"), *map(str, arguments), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Said(code=done.returncode, told=json.loads(done.stdout) if done.stdout else None, error=done.stderr)
