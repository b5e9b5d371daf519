"""The table of bad input in the documents: every kind the set meets is in it, and every test it names is there."""

import re

from tracked import REPO

KINDS = (
    "unknown code", "another production's code", "swapped tag", "two codes in view", "camera refused", "storage wiped",
    "revoked phone", "stale page posting an old form", "witness on the same device", "double taps", "second tab",
)  # fmt: skip


def test_every_kind_of_bad_input_has_a_row_with_tests_that_are_there() -> None:
    page = (REPO / "docs" / "set-screens.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in page.partition("## Bad input")[2].partition("## ")[0].splitlines()]
    found = {
        row[0].strip(): re.findall(r"`(test_\w+)`", row[-1]) for row in rows if len(row) == 3 and "`test_" in row[-1]
    }
    assert [kind for kind in KINDS if not any(kind in known for known in found)] == []
    there = "".join(path.read_text(encoding="utf-8") for path in (REPO / "tests").rglob("test_*.py"))
    assert [name for names in found.values() for name in names if f"def {name}(" not in there] == []
