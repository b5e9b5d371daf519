"""A copy of a log held against checkpoints and seals that somebody kept elsewhere: rolled back, cut off, forked, or neither.

Promises: asked only of a copy that verified; every note must be signed by the log's key of its epoch, as the entries brought
it. A longer history elsewhere, another one of the same size, and a writer that went on after it was replaced are each a flaw
with the entry named. What an epoch cites as lost is no flaw, and is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from coldcheck.proof.audit import FirstBad
from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import parse_note
from coldcheck.station.forks import Standing, standing_of
from coldcheck.station.verify import TAIL, Report, entries_of


class _Copy:
    """The entries of a verified copy, and the hashes over them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        frontier = Frontier()
        self._nodes = {
            (node.level, node.index): node.hash for data in entries_of(path) for node in frontier.append(data)
        }
        self._count = frontier.size

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """The bytes of every entry from `start` on."""
        return (data for index, data in enumerate(entries_of(self._path)) if index >= start)

    def entry_count(self) -> int:
        """How many entries there are."""
        return self._count

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""
        return self._nodes[level, index]


def held_against(report: Report, path: Path, seen: Iterable[bytes]) -> Report:
    """The report on the copy at `path`, after what was seen elsewhere was compared; unchanged when it was not whole."""
    notes = tuple(seen)
    if not report.ok or not notes:
        return report
    copy = _Copy(path)
    said = tuple(line for line in report.unverified if line != TAIL)
    for note in notes:
        try:
            flaw, more = _flaw_of(note, copy)
        except ColdcheckError as problem:
            flaw, more = FirstBad(entry=None, reason=f"The checkpoint seen elsewhere: {problem}"), ""
        said = (*said, more) if more else said
        if flaw is not None:
            return replace(report, ok=False, first_bad=flaw, unverified=said)
    return replace(report, unverified=said)


def _flaw_of(note: bytes, copy: _Copy) -> tuple[FirstBad | None, str]:
    """What is wrong with the copy by this note, or None; and a sentence on what it does not show."""
    size, count = read_checkpoint_text(parse_note(note).text).size, copy.entry_count()
    match standing_of(note, copy):
        case Standing.OURS:
            later = count - size
            return (
                None,
                f"Whether entries after the {count} here were cut off: what was seen covers {size}." if later else "",
            )
        case Standing.OLDER:
            reason = f"This copy has {count} entries and the checkpoint seen elsewhere {size}: rolled back or cut off."
            return FirstBad(entry=count, reason=reason), ""
        case Standing.FORKED:
            reason = f"The log's key signed another history of {size} entries elsewhere: a fork. Keep both."
            return FirstBad(entry=min(size, count) - 1, reason=reason), ""
        case Standing.GIVEN_UP:
            return (
                None,
                f"Entries up to {size} that were seen elsewhere are not here: a new epoch says that they were lost.",
            )
        case never:
            assert_never(never)
