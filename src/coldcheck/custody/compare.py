"""A claim held against the record: which entries meet it, which show another value, and what silence means here.

Computed from the claim's act pattern and the coverage entries alone, at the picture's size; anybody with the ledger can
compute it again. Four rules carry it: silence never agrees; an entry that was taken back, corrected, disputed or signed
with a key that was lost, and a call that was refused, decide nothing; an entry signed or reported by the claimant himself or
on a phone that he held out, or reported out of the very source the claim stands in, is no support; and no result is a word
about a person.

    compare(index_of(picture), files, claim).result  ->  Result.AGREES
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.matter import Filed, Files
from coldcheck.custody.picture import Coverage, Done, Picture, doubt_of
from coldcheck.custody.recording import ANYWHERE, EVERYTHING, covering
from coldcheck.custody.things import Id


class Result(StrEnum):
    """What stands in the record's column. The words are `WORDS`."""

    AGREES = "agrees"
    DIFFERS = "differs"
    BOTH = "both"
    OWN_ONLY = "own_only"
    NO_SUCH_ENTRY = "no_such_entry"
    RECORDING_ON = "recording_on"
    NOT_ASSURED = "not_assured"
    OUTSIDE = "outside"
    QUESTION = "question"
    DECLINED = "declined"


WORDS: Final[Mapping[Result, str]] = MappingProxyType(
    {
        Result.AGREES: "record agrees",
        Result.DIFFERS: "record differs",
        Result.BOTH: "record holds both",
        Result.OWN_ONLY: "own entry only",
        Result.NO_SUCH_ENTRY: "no such entry, recording was on",
        Result.RECORDING_ON: "nothing recorded, recording was on",
        Result.NOT_ASSURED: "nothing recorded, recording not assured",
        Result.OUTSIDE: "outside the record",
        Result.QUESTION: "a question",
        Result.DECLINED: "declined to answer",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry beside a claim: who signed it, and, where it is a report, of whom and from which sources.

    `doubted_entry` took it back, corrected or disputed it, or revoked its key as lost or in other hands: it decides nothing.
    `refused`: it is of a call that was not granted. `held_out_by` had the phone on which the doer signed, "" for his own.
    """

    entry_index: int
    by: Id
    of: Id
    reported: bool
    sources: tuple[str, ...]
    when: str
    doubted_entry: int | None
    refused: bool
    held_out_by: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Could:
    """Somebody who could have entered it. `reach` says what the record has of his device around the window."""

    person: Id
    reach: str
    before_entry: int | None
    after_entry: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The record's column for one claim. `basis` is "signed", "reported", "both" or "" where no entry decides."""

    result: Result
    possible: bool
    basis: str
    supporting: tuple[Shown, ...]
    differing: tuple[Shown, ...]
    own: tuple[Shown, ...]
    coverage: tuple[Coverage, ...]
    could: tuple[Could, ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One act as a pattern sees it: its doer, whatever signed it, and the interval its time lies in."""

    done: Done
    act: a.Act
    of: Id
    first: str
    last: str
    sources: tuple[str, ...]


@dataclass(slots=True)
class ActIndex:
    """The journal by act and by the fields that patterns ask for, filled as they ask; it serves one matrix."""

    picture: Picture
    done_of: dict[str, list[Done]]
    rows_of: dict[str, list[_Row]]
    of_values: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[_Row]]]
    signed_by: dict[Id, list[int]]
    refused: frozenset[int]
    papers: dict[Id, frozenset[str]]

    def of_one_paper(self, files: Files, source: Id) -> frozenset[str]:
        """The labels of a source, of what it was taken out of, and of all that was taken out of that: one voice."""
        if not self.papers:
            family: dict[Id, set[str]] = {}
            for ref, filed in files.sources.items():
                family.setdefault(_first_paper(files, ref), set()).add(filed.act.label)
            self.papers.update({ref: frozenset(family[_first_paper(files, ref)] - {""}) for ref in files.sources})
        return self.papers.get(source, frozenset())

    def rows(self, act_name: str) -> list[_Row]:
        """Every row of one act, in the order of entry."""
        known = self.rows_of.get(act_name)
        if known is None:
            known = self.rows_of[act_name] = [_row_of(done) for done in self.done_of.get(act_name, ())]
        return known

    def about(self, act_name: str, fixed: tuple[a.FieldRow, ...]) -> list[_Row]:
        """The rows of one act that have all these values, in the order of entry."""
        names = tuple(field.name for field in fixed)
        known = self.of_values.get((act_name, names))
        if known is None:
            known = self.of_values[act_name, names] = {}
            for row in self.rows(act_name):
                for values in product(*(_values(row, name) for name in names)):
                    known.setdefault(values, []).append(row)
        return known.get(tuple(field.value for field in fixed), [])


def _first_paper(files: Files, source: Id) -> Id:
    """What a source was taken out of in the end; itself where it came as it is."""
    seen: set[Id] = set()
    while source not in seen and source in files.sources:
        seen.add(source)
        source = files.sources[source].act.derived_from or source
    return source if source in files.sources else min(seen)


def index_of(picture: Picture) -> ActIndex:
    """The index of everything `picture` holds."""
    done_of: dict[str, list[Done]] = {name: [] for name in ("", *a.ACT_CLASSES)}
    signed_by: dict[Id, list[int]] = {}
    for done in picture.journal:
        signed_by.setdefault(done.by, []).append(done.entry_index)
        kind = type(done.act.told if isinstance(done.act, a.Reported) else done.act)
        done_of[_NAMES.get(kind, "")].append(done)
    return ActIndex(
        picture=picture, done_of=done_of, rows_of={}, of_values={}, signed_by=signed_by, refused=_refused(picture),
        papers={},
    )  # fmt: skip


_CALL_PARTS: Final = (a.Called, a.Announced, a.Acknowledged)


def _refused(picture: Picture) -> frozenset[int]:
    """The entries of every call that was refused, its first parts among them: their own receipts say only that they came in."""
    parts: dict[Id, list[int]] = {}
    out: set[int] = set()
    for done in picture.journal:
        act = done.act
        if not isinstance(act, _CALL_PARTS):
            continue
        if isinstance(act, a.Called):
            parts[act.gun] = []
        parts.setdefault(act.gun, []).append(done.entry_index)
        if done.verdict in {"granted", "refused"}:
            whole = parts.pop(act.gun)
            out.update(whole if done.verdict == "refused" else ())
    return frozenset(out)


_NAMES: Final[Mapping[type, str]] = MappingProxyType({act_class: name for name, act_class in a.ACT_CLASSES.items()})


def _row_of(done: Done) -> _Row:
    act = done.act
    if isinstance(act, a.Reported):
        first, last = span_of(act.when)
        return _Row(done=done, act=act.told, of=act.who, first=first, last=last, sources=act.sources)
    return _Row(done=done, act=act, of=done.by, first=done.at, last=done.at, sources=())


def span_of(when: a.Interval) -> tuple[str, str]:
    """The first and last instant an interval may mean, as texts that compare; ("", "~") when it is not known.

    "2021-10" ends after "2021-10-31T23:59:59Z": a tilde sorts behind every digit and letter of a time.
    """
    return when.start, f"{when.end or when.start}~"


def compare(index: ActIndex, files: Files, claim: Filed[a.ClaimMade]) -> Cell:
    """The record's column for `claim`. A claim with several patterns needs all of them: see `_joined`."""
    act = claim.act
    if act.stance is a.Stance.QUESTION:
        return _bare(index, Result.QUESTION)
    if act.stance is a.Stance.DECLINE:
        return _bare(index, Result.DECLINED)
    if not act.patterns:
        return _bare(index, Result.OUTSIDE)
    said = files.statements.get(act.statement)
    cells = [
        _of_pattern(index, pattern, denied=act.denied, claim=act, said=said, files=files) for pattern in act.patterns
    ]
    return cells[0] if len(cells) == 1 else _joined(cells)


def _bare(index: ActIndex, result: Result) -> Cell:
    return Cell(
        result=result, possible=False, basis="", supporting=(), differing=(), own=(), coverage=(), could=(),
        size=index.picture.size,
    )  # fmt: skip


_WEAKEST_FIRST: Final = (
    Result.DIFFERS, Result.BOTH, Result.NOT_ASSURED, Result.RECORDING_ON, Result.NO_SUCH_ENTRY, Result.OWN_ONLY,
    Result.AGREES, Result.OUTSIDE, Result.QUESTION, Result.DECLINED,
)  # fmt: skip


def _joined(cells: list[Cell]) -> Cell:
    """One column for a claim of several parts: it stands no better than its weakest part."""
    worst = min(cells, key=lambda cell: _WEAKEST_FIRST.index(cell.result))
    return Cell(
        result=worst.result,
        possible=any(cell.possible for cell in cells),
        basis=worst.basis,
        supporting=tuple(shown for cell in cells for shown in cell.supporting),
        differing=tuple(shown for cell in cells for shown in cell.differing),
        own=tuple(shown for cell in cells for shown in cell.own),
        coverage=worst.coverage,
        could=worst.could,
        size=worst.size,
    )


# --- one pattern ---------------------------------------------------------------------------------------------------


def _of_pattern(
    index: ActIndex,
    pattern: a.PatternRow,
    *,
    denied: bool,
    claim: a.ClaimMade,
    said: Filed[a.StatementRecorded] | None,
    files: Files,
) -> Cell:
    window = _window(index, pattern)
    meeting: list[tuple[_Row, bool]] = []
    other: list[tuple[_Row, bool]] = []
    for row in index.about(pattern.act_name, pattern.fixed):
        sure = _within(window, row)
        if sure is None:
            continue
        unmet = [field for field in pattern.wanted if not _holds(row, field)]
        if not unmet:
            meeting.append((row, sure))
        elif any(field.name in pattern.slots and _values(row, field.name) for field in unmet):
            other.append((row, sure))
    support, against = (other, meeting) if denied else (meeting, other)
    own_names = _claimant(claim, said)
    own_paper = index.of_one_paper(files, said.act.source) if said is not None else frozenset()
    held_out = index.picture.held_out
    own = [each for each in support if _is_own(each[0], own_names, own_paper, held_out)]
    support = [each for each in support if each not in own]
    if not support and not against and not own:
        return _silence(index, pattern, window, denied=denied)
    stands = [each for each in (*support, *against, *own) if _decides(index, pattern, each[0].done.entry_index)]
    for_it, other_than_it = (any(each in rows for each in stands) for rows in (support, against))
    # Nothing but what is in doubt or refused: the record holds the entry, and what takes it back or refused it.
    result = _word(support=for_it, against=other_than_it) if stands else Result.BOTH
    deciding = [each for each in stands if each not in own] or [*support, *against] or own
    return Cell(
        result=result,
        possible=not pattern.sure or not any(sure for _row, sure in deciding),
        basis=_basis(row for row, _sure in deciding),
        supporting=_shown(index, support),
        differing=_shown(index, against),
        own=_shown(index, own),
        coverage=(),
        could=(),
        size=index.picture.size,
    )


def _decides(index: ActIndex, pattern: a.PatternRow, entry: int) -> bool:
    """Whether an entry decides: nobody doubts it, and its call was not refused, unless the verdict is what is asked for."""
    asks_verdict = any(field.name == "verdict" for field in (*pattern.fixed, *pattern.wanted))
    return doubt_of(index.picture, entry) is None and (asks_verdict or entry not in index.refused)


def _word(*, support: bool, against: bool) -> Result:
    if support and against:
        return Result.BOTH
    if against:
        return Result.DIFFERS
    return Result.AGREES if support else Result.OWN_ONLY


def _basis(rows: Iterable[_Row]) -> str:
    kinds = {isinstance(row.done.act, a.Reported) for row in rows}
    return "both" if len(kinds) > 1 else "reported" if True in kinds else "signed"


def _shown(index: ActIndex, rows: list[tuple[_Row, bool]]) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            entry_index=row.done.entry_index,
            by=row.done.by,
            of=row.of,
            reported=isinstance(row.done.act, a.Reported),
            sources=row.sources,
            when=row.first if row.last in {row.first, f"{row.first}~"} else f"{row.first} to {row.last.rstrip('~')}",
            doubted_entry=doubt_of(index.picture, row.done.entry_index),
            refused=row.done.entry_index in index.refused and isinstance(row.done.act, _CALL_PARTS),
            held_out_by=index.picture.held_out.get(row.done.entry_index, ""),
        )
        for row, _sure in rows
    )


def _claimant(claim: a.ClaimMade, said: Filed[a.StatementRecorded] | None) -> frozenset[Id]:
    """Whose entries are his own word here."""
    if said is None:
        return frozenset(claim.chain)
    return frozenset({said.act.speaker, said.act.on_behalf_of, *claim.chain} - {""})


def _is_own(row: _Row, names: frozenset[Id], paper: frozenset[str], held_out: Mapping[int, Id]) -> bool:
    """Whether he signed or reported it himself, or it was done on a phone that he held out, or it is what his paper says."""
    if row.done.by in names or held_out.get(row.done.entry_index) in names:
        return True
    return bool(row.sources) and set(row.sources) <= paper


def _holds(row: _Row, field: a.FieldRow) -> bool:
    return field.value in _values(row, field.name)


def _values(row: _Row, name: str) -> frozenset[str]:
    """The values of a field as texts: `by` is the doer, `positions_count` and `rows_count` how many an act names."""
    if name == "by":
        return frozenset({row.of} - {""})
    if name == "verdict":
        return frozenset({row.done.verdict})
    if name == "positions_count":
        named: tuple[object, ...] = getattr(row.act, "positions", ()) or getattr(row.act, "answers", ())
        return frozenset({str(len(named))})
    if name == "rows_count":
        return frozenset({str(len(getattr(row.act, "rows", ())))})
    value = getattr(row.act, name, None)
    if type(value) is str and value:
        return frozenset((value,))
    if value is None or value == "":
        return frozenset()
    if isinstance(value, bool):
        return frozenset({"yes" if value else "no"})
    if isinstance(value, tuple):
        return frozenset(str(item) for item in value if isinstance(item, str))
    return frozenset({str(value)})


# --- windows and silence -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """From and to, as entries or as times; `open_ended` where a side is not said."""

    entries: tuple[int, int] | None
    first: str
    last: str
    open_ended: bool


def _window(index: ActIndex, pattern: a.PatternRow) -> _Window:
    if len(pattern.entries) == 2:  # noqa: PLR2004  # from and to
        start, end = pattern.entries
        return _Window(entries=(start, min(end, index.picture.size - 1)), first="", last="~", open_ended=False)
    first, last = span_of(pattern.when)
    return _Window(entries=None, first=first, last=last, open_ended=not pattern.when.start)


def _within(window: _Window, row: _Row) -> bool | None:
    """True for certain, False for possibly, None for not at all."""
    if window.entries is not None:
        return True if window.entries[0] <= row.done.entry_index <= window.entries[1] else None
    if window.open_ended:
        return True
    if row.last < window.first or row.first > window.last:
        return None
    return window.first <= row.first and row.last <= window.last


def _silence(index: ActIndex, pattern: a.PatternRow, window: _Window, *, denied: bool) -> Cell:
    """What it means that no entry is there: it depends on whether recording was on, and it never agrees with anybody."""
    start, end = _entries_around(index, window)
    coverage = _covering(index.picture, pattern, start, end) if not window.open_ended else ()
    if not coverage:
        return _bare(index, Result.NOT_ASSURED)
    return Cell(
        result=Result.NO_SUCH_ENTRY if denied else Result.RECORDING_ON,
        possible=not pattern.sure,
        basis="",
        supporting=(),
        differing=(),
        own=(),
        coverage=coverage,
        could=_could(index, pattern, start, end),
        size=index.picture.size,
    )


def _entries_around(index: ActIndex, window: _Window) -> tuple[int, int]:
    """The last entry not after the window's start and the first not before its end; size where the record ends first."""
    if window.entries is not None:
        return window.entries
    journal = index.picture.journal
    start = bisect_right(journal, window.first, key=lambda done: done.at) - 1
    end = bisect_left(journal, window.last, key=lambda done: done.at)
    first = journal[start].entry_index if start >= 0 else -1
    return first, journal[end].entry_index if end < len(journal) else index.picture.size


def _covering(picture: Picture, pattern: a.PatternRow, start: int, end: int) -> tuple[Coverage, ...]:
    """The coverage entries that together span `start` to `end` without a hole; empty when they do not."""
    return covering(
        picture,
        subjects=frozenset({pattern.subject, EVERYTHING}),
        places=(pattern.place or ANYWHERE,),
        start=start,
        end=end,
    )


def _could(index: ActIndex, pattern: a.PatternRow, start: int, end: int) -> tuple[Could, ...]:
    """Who could have entered it, by id: whom the pattern names as doer, else everybody with a key of his own."""
    named = {field.value for field in (*pattern.fixed, *pattern.wanted) if field.name == "by"}
    people = named or {
        person.person for person in index.picture.persons.values() if person.key in index.picture.keys and person.public
    }
    return tuple(_reach(index, person, start, end) for person in sorted(people))


def _reach(index: ActIndex, person: Id, start: int, end: int) -> Could:
    entries = index.signed_by.get(person, [])
    before = bisect_right(entries, start) - 1
    after = bisect_left(entries, end)
    inside = bisect_left(entries, end) - bisect_right(entries, start)
    if inside > 0:
        reach = "signed_within"
    elif before >= 0 and after < len(entries):
        reach = "signed_before_and_after"
    else:
        reach = "signed_before" if before >= 0 else "signed_after" if after < len(entries) else "never_signed"
    return Could(
        person=person,
        reach=reach,
        before_entry=entries[before] if before >= 0 else None,
        after_entry=entries[after] if after < len(entries) else None,
    )
