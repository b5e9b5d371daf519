"""Writes roots.json: the root that each scenario named in it plays to. Run it when the format changes on purpose.

    python tests/golden/make_roots.py

The commit that changes roots.json says why.
"""

import json
import sys
from pathlib import Path

GOLDEN = Path(__file__).parent
sys.path.insert(0, str(GOLDEN.parent))

from coldcheck.station.play import Player  # noqa: E402  # after the path to the test folder is set
from coldcheck.station.scenario import read_scenario  # noqa: E402
from stores import MemoryStore  # noqa: E402

SCENARIOS = ("one_rehearsal.txt",)


def root_of(path: Path) -> str:
    """The root of the log after the scenario in `path` was played, in hex."""
    player = Player(read_scenario(path), MemoryStore({}))
    player.play()
    return player.hub.root.hex()


def roots() -> dict[str, str]:
    """The root of every golden scenario, by file name."""
    return {name: root_of(GOLDEN.parent / "scenarios" / name) for name in SCENARIOS}


if __name__ == "__main__":
    (GOLDEN / "roots.json").write_text(json.dumps(roots(), indent=2) + "\n", encoding="utf-8")
