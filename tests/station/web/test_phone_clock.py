"""A phone of the set that slept knows at once how old its last word is, by whichever of its clocks went on."""

import json
import subprocess
from pathlib import Path

import pytest

from tracked import REPO

LISTENS = REPO / "src" / "coldcheck" / "station" / "web" / "static" / "set" / "hub.js"


@pytest.mark.parametrize(
    ("after", "said"),
    [("nothing comes", ["heard", "silent"]), ("a beat lay on the wire", ["heard", "silent", "heard"])],
)
def test_a_phone_that_slept_an_hour_is_silent_before_it_is_anything_else(after: str, said: list[str]) -> None:
    script = Path(__file__).with_name("phone_sleep.mjs")
    done = subprocess.run(["node", str(script), str(LISTENS), after], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == said
