"""`verify --replay`: the whole log judged again, entry by entry, under the rulebooks that the log itself put in force.

Promises: each entry gets its verdict from the picture of the entries before it, its receipt's own moment, and what its
`prev` and `after` say against this log: the same things the hub had, and nothing else. Where word or findings differ,
both are listed with the build that judged.

Does not do: verify signatures or hashes; that is done before. It does not say which of the two is right: another build
may have judged by another reading of a rule, and the log keeps what was said at the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from coldcheck.custody.picture import Picture
from coldcheck.custody.rules import judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import Now
from coldcheck.proof.encoding import Plain
from coldcheck.proof.entry import Entry, line_hash, read_entry
from coldcheck.proof.merkle import Frontier
from coldcheck.station.record import acts_of, step_of

_Found = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One entry whose receipt says something else than this build: word, and findings as (rule, parameters)."""

    entry: int
    build: str
    said: str
    now: str
    findings_gone: tuple[_Found, ...]
    findings_new: tuple[_Found, ...]

    def plain(self) -> dict[str, Plain]:
        """The difference as JSON has it."""
        return {
            "entry": self.entry,
            "build": self.build,
            "said": self.said,
            "now": self.now,
            "findings_gone": [dict(found) for found in self.findings_gone],
            "findings_new": [dict(found) for found in self.findings_new],
        }

    def sentence(self) -> str:
        """The difference in words."""
        gone = ", ".join(dict(found)["rule"] for found in self.findings_gone) or "none"
        new = ", ".join(dict(found)["rule"] for found in self.findings_new) or "none"
        return (
            f"Entry {self.entry}: said {self.said} under build {self.build}, now {self.now};"
            f" findings not made now: {gone}; made now: {new}."
        )


def judged_again(entries: Iterable[bytes]) -> tuple[Difference, ...]:
    """Every entry whose verdict or findings would be others now, in order. Raises BadEntry and the like."""
    again, out = _Again(), []
    for index, data in enumerate(entries):
        found = again.take(index, read_entry(data))
        again.grow(data)
        if found is not None:
            out.append(found)
    return tuple(out)


class _Again:
    """The picture, and what is needed to hear `prev` and `after`, entry by entry."""

    def __init__(self) -> None:
        self.picture = Picture()
        self.frontier = Frontier()
        self.last_lines: dict[str, str] = {}
        self.roots: list[bytes] = [self.frontier.root()]

    def take(self, index: int, entry: Entry) -> Difference | None:
        """What differs in this next entry, None when nothing does."""
        author, receipt = entry.author, entry.receipt
        acts = acts_of(author)
        step = step_of(index, entry, acts)
        now = Now(boot=step.boot, mono_ms=step.mono_ms)
        verdict = judge(self.picture, by=step.by, key=step.key, acts=acts, now=now, seen_size=step.seen_size)
        made = [{"rule": one.rule, **dict(one.found)} for one in verdict.findings]
        made += self._history(author)
        found = _compared(index, receipt, verdict.word, made)
        apply(self.picture, step)
        self.last_lines[step.key] = line_hash(entry.line1)
        return found

    def grow(self, data: bytes) -> None:
        """Nothing; the tree is one entry larger."""
        self.frontier.append(data)
        self.roots.append(self.frontier.root())

    def _history(self, author: dict[str, Plain]) -> list[dict[str, str]]:
        out = []
        if author["prev"] != self.last_lines.get(str(author["key"])):
            out.append({"rule": "PREV", "what": "another_act_of_this_key_is_missing"})
        after = author["after"]
        if isinstance(after, dict):
            size, root = after["size"], after["root"]
            assert isinstance(size, int)
            if size and (size >= len(self.roots) or root != self.roots[size].hex()):
                out.append({"rule": "FORK", "what": "device_saw_another_history", "size": str(size)})
        return out


def _compared(index: int, receipt: dict[str, Plain], word: str, made: list[dict[str, str]]) -> Difference | None:
    stored = receipt["findings"]
    assert isinstance(stored, list)
    said = [_frozen(one) for one in stored if isinstance(one, dict)]
    now = [_frozen(one) for one in made]
    if receipt["verdict"] == word and said == now:
        return None
    return Difference(
        entry=index,
        build=str(receipt["build"]),
        said=str(receipt["verdict"]),
        now=word,
        findings_gone=tuple(one for one in said if one not in now),
        findings_new=tuple(one for one in now if one not in said),
    )


def _frozen(found: dict[str, Plain] | dict[str, str]) -> _Found:
    return tuple(sorted((name, str(value)) for name, value in found.items()))
