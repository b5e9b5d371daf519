"""The origin of one find out of a real record: every kind of story, and figures where the record carries them.

Figures need signed acts: times, counts and hands that somebody stood for. Where what is recorded about the containers is
mostly reported, or nobody said where the find lay, there are no figures, and the answer says which of the two it is;
the stories are then in the order of how many entries speak for them, which is no order of likelihood.

Promises: a likelihood stands beside its prior, and a posterior beside its range over the stated sweep. Figures belong
to kinds of story and to windows of the record. Who had access to a window is a list without any figure, in neutral order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import numpy as np

from coldcheck.custody import acts as a
from coldcheck.custody.origin import Find, Model, Reach, reach_of
from coldcheck.custody.origin_columns import Event, Floats, Ints, Source, in_one_hand
from coldcheck.custody.origin_findings import MOST_FINDS, evidence_of, groups_of
from coldcheck.custody.origin_kinds import Hypothesis, hypotheses_of
from coldcheck.custody.origin_ledger import LedgerRead, read_picture
from coldcheck.custody.origin_next import Looking, NextTest, next_tests
from coldcheck.custody.origin_posterior import (
    ClassFigures,
    Record,
    Weighed,
    class_figures,
    record_of,
    ways,
    weigh,
    window_set,
)
from coldcheck.custody.picture import Picture
from coldcheck.custody.recording import OF_GUNS, OF_ROUNDS, is_touched
from coldcheck.custody.things import Id
from coldcheck.custody.trace import Access, access_to

Basis: TypeAlias = Literal[
    "record", "mostly_reported", "place_not_recorded", "place_in_a_circle", "nothing_recorded", "no_way_in_recorded",
    "recording_off",
]  # fmt: skip
"""Why there are figures ("record"), or why there are none."""
MODEL: Final = Model()
"""The assumptions that answers about real records are made with."""
MOSTLY: Final = 0.5
"""Figures need more than this share of the rows about containers to be signed by who did them."""
MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One kind of story with its entries, and its figures where there are any. `figures` is None for W1 and W2.

    `share` is, for W1 and W2, how much of the whole needs it; None without figures.
    """

    told: Hypothesis
    figures: ClassFigures | None
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOfRecord:
    """A stretch of the record in which the round can have come in: where, between which entries, and what speaks.

    `place` is the container or gun, "" for the window that no record has. `access` lists everyone who could reach it,
    without any figure. `likelihood` is relative to the likeliest window of the set and needs no prior between kinds.
    """

    source: Source
    place: Id
    from_entry: int
    to_entry: int
    share: float
    likelihood: float
    entries_for: tuple[int, ...]
    entries_against: tuple[int, ...]
    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A test that could be made next: what it looks at, what it can be expected to settle, and what it costs."""

    kind: Looking
    place: Id
    from_entry: int
    test: NextTest


@dataclass(frozen=True, slots=True, kw_only=True)
class FindAnswer:
    """The whole answer for one find. Without figures, `windows` and `tests` are empty and `why` says so.

    `set_windows` counts the windows that hold `set_share` of the whole, of which `windows` shows the likeliest.
    `in_one_hand` counts the recorded moves that lay in one pair of hands, and all of them; `trust` is the power the
    likelihoods were taken to because of the others.
    """

    round_id: Id
    found_entry: int
    basis: Basis
    stories: tuple[Story, ...]
    windows: tuple[WindowOfRecord, ...]
    set_windows: int
    all_windows: int
    tests: tuple[Suggestion, ...]
    model: Model
    in_one_hand: tuple[int, int] = (0, 0)
    trust: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """One way to put several finds into groups of one origin, and its share under the prior `together` for each two.

    `exact` says whether the paths of all of them were summed at once, or only those of each two.
    """

    groups: tuple[tuple[Id, ...], ...]
    share: float
    exact: bool


def groups_of_finds(picture: Picture, finds: tuple[Id, ...], *, model: Model, together: float) -> tuple[Grouping, ...]:
    """Every grouping of up to five finds, the likeliest first; () where the record carries no figures for one of them."""
    found = {find: _found(picture, find) for find in finds}
    ledger = read_picture(picture, before_entry=max((entry for entry, _place in found.values()), default=0))
    if len(finds) > MOST_FINDS or any(_basis(ledger, place) != "record" for _entry, place in found.values()):
        return ()
    if not all(_was_recorded(picture, before=entry) for entry, _place in found.values()):
        return ()
    entries = ledger.read.columns.entry
    places = [
        Find(event=int(np.searchsorted(entries, entry)), chances=((ledger.number_of(place), 1.0),))
        for entry, place in found.values()
    ]
    record = record_of(ledger.read.columns, model)
    grouped = groups_of(record, places, together=together)
    return tuple(
        Grouping(
            groups=tuple(tuple(finds[number] for number in group) for group in groups), share=share, exact=grouped.exact
        )
        for groups, share in grouped.ranked
    )


def answer_find(
    picture: Picture, round_id: Id, *, model: Model, shows: Mapping[str, str] = MappingProxyType({})
) -> FindAnswer:
    """The origin of a find, as far as the record goes; `shows` is what the find itself shows (`origin_findings`)."""
    found_entry, place = _found(picture, round_id)
    ledger = read_picture(picture, before_entry=found_entry)
    number = ledger.number_of(place) if place else -1
    basis = "place_in_a_circle" if _lies_in_itself(picture, place) else _basis(ledger, place)
    if basis != "record":
        return _without_figures(picture, round_id, found_entry, basis, model)
    columns = ledger.read.columns
    find = Find(event=columns.size, chances=((number, 1.0),))
    record = record_of(columns, model)
    weighed = weigh(record, find, evidence=evidence_of(shows))
    if not (weighed.source != Source.UNRECORDED).any():
        # One kind of story is left because the record knows of no way in: that is no reason to be sure of it.
        return _without_figures(picture, round_id, found_entry, "no_way_in_recorded", model)
    if not _was_recorded(picture, before=found_entry):
        # Every likelihood leans on what was not entered, and of that only coverage says that it did not happen.
        return _without_figures(picture, round_id, found_entry, "recording_off", model)
    posterior = weighed.posterior()
    chosen = window_set(weighed.hedged())
    return FindAnswer(
        round_id=round_id,
        found_entry=found_entry,
        basis=basis,
        stories=_stories(picture, class_figures(record, find, weighed), ways(columns, find, model)),
        windows=tuple(_windows(picture, ledger, record, find, weighed, posterior, chosen)),
        set_windows=int(chosen.size),
        all_windows=record.size + 1,
        tests=tuple(_suggestions(ledger, record, weighed, posterior)),
        model=model,
        in_one_hand=in_one_hand(columns),
        trust=record.trust,
    )


def _found(picture: Picture, round_id: Id) -> tuple[int, Id]:
    """The entry that first said what the round is, and the thing it lay in then; "" where no entry says."""
    _kind, found_entry = picture.kinds_found.get(round_id, ("", picture.size))
    for done in picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        match act:
            case a.RoundFound() if act.round_id == round_id:
                return found_entry, act.thing
            case a.RoundsTested() if done.entry_index == found_entry and any(r.round_id == round_id for r in act.rows):
                return found_entry, act.thing
            case _:
                pass
    spot = picture.spots.get(round_id)
    return found_entry, spot.thing if spot is not None else ""


def _basis(ledger: LedgerRead, place: Id) -> Basis:
    entries = ledger.read.columns.entry
    if entries.size == 0:
        return "nothing_recorded"
    if not place or ledger.number_of(place) < 0:
        return "place_not_recorded"
    told = sum(int(entry) in ledger.told for entry in entries)
    return "record" if told <= MOSTLY * entries.size else "mostly_reported"


def _was_recorded(picture: Picture, *, before: int) -> bool:
    """Whether any coverage of rounds or guns was open at some moment before an entry."""
    return is_touched(picture, subjects=OF_ROUNDS | OF_GUNS, start=0, end=before)


def _lies_in_itself(picture: Picture, place: Id) -> bool:
    """Whether entries say of a thing that it lies in something that lies in it: then nobody knows who could reach it."""
    seen: set[Id] = set()
    todo = list(picture.inside.get(place, ()))
    while todo:
        one = todo.pop()
        if one == place:
            return True
        if one not in seen:
            seen.add(one)
            todo.extend(picture.inside.get(one, ()))
    return False


def _without_figures(picture: Picture, round_id: Id, found_entry: int, basis: Basis, model: Model) -> FindAnswer:
    plain = tuple(Story(told=story, figures=None, share=None) for story in by_support(hypotheses_of(picture)))
    return FindAnswer(
        round_id=round_id, found_entry=found_entry, basis=basis, stories=plain, windows=(), set_windows=0,
        all_windows=0, tests=(), model=model,
    )  # fmt: skip


def by_support(stories: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    """H1 to H6 with the most entries first, then H7, then W1 and W2."""
    named = [story for story in stories if story.id[0] == "H" and story.kind != "unrecorded_entry"]
    rest = [story for story in stories if story not in named]
    return (*sorted(named, key=lambda story: (-len(story.entries), story.id)), *rest)


def _stories(picture: Picture, figures: tuple[ClassFigures, ...], wrong: tuple[float, float]) -> tuple[Story, ...]:
    """Every kind of story with its figures, the likeliest first; H7 wherever it falls, then W1 and W2."""
    told = hypotheses_of(picture)
    sources = [Story(told=told[each.source], figures=each, share=None) for each in figures]
    sources.sort(key=lambda story: -(story.figures.likelihood if story.figures is not None else 0.0))
    beside = (Story(told=told[len(figures) + n], figures=None, share=share) for n, share in enumerate(wrong))
    return (*sources, *beside)


# --- windows -------------------------------------------------------------------------------------------------------


def _windows(
    picture: Picture,
    ledger: LedgerRead,
    record: Record,
    find: Find,
    weighed: Weighed,
    posterior: Floats,
    chosen: Ints,
) -> Iterator[WindowOfRecord]:
    """The windows of the set, those of one kind, place and hand that follow each other as one, likeliest first."""
    spans = _spans(record, weighed, chosen)
    reach = reach_of(record.rows, find)
    most = max((float(weighed.chance[span].max()) for span in spans), default=1.0)
    order = sorted(spans, key=lambda span: -float(posterior[span].sum()))
    for span in order[:MOST_SHOWN]:
        best = int(span[np.argmax(posterior[span])])
        window = int(weighed.window[best])
        windows = weighed.window[span]
        if window < 0:
            place, first, last = "", max(find_entry(ledger) - 1, 0), find_entry(ledger)
            speaking: tuple[tuple[int, ...], tuple[int, ...]] = (), ()
            access = Access(people=(), unattended=(), locked=())
        else:
            place = ledger.id_of(int(record.windows.place[window]))
            first = int(record.columns.entry[int(record.windows.first[windows].min())])
            last = int(record.columns.entry[int(record.windows.last[windows].max())])
            speaking = _speaking(record, reach, window)
            access = access_to(picture, place, from_entry=first, to_entry=last)
        yield WindowOfRecord(
            source=Source(int(weighed.source[best])),
            place=place,
            from_entry=first,
            to_entry=last,
            share=float(posterior[span].sum()),
            likelihood=float(weighed.chance[best]) / most,
            entries_for=speaking[0],
            entries_against=speaking[1],
            access=access,
        )


def find_entry(ledger: LedgerRead) -> int:
    """The last entry that any row comes from; 0 without rows."""
    entries = ledger.read.columns.entry
    return int(entries[-1]) if entries.size else 0


def _spans(record: Record, weighed: Weighed, chosen: Ints) -> list[Ints]:
    """The chosen windows, those of one kind, place and hand that touch each other put into one."""
    windows = record.windows
    out: list[list[int]] = []
    last: tuple[int, int, int, int] | None = None
    for spot in sorted(chosen.tolist(), key=lambda each: _order_of(record, weighed, each)):
        window = int(weighed.window[spot])
        if window < 0:
            out.append([spot])
            last = None
            continue
        kind = (int(weighed.source[spot]), int(windows.place[window]), int(windows.who[window]))
        if last is not None and last[:3] == kind and last[3] == int(windows.first[window]):
            out[-1].append(spot)
        else:
            out.append([spot])
        last = (*kind, int(windows.event[window]))
    return [np.array(span, dtype=np.int32) for span in out]


def _order_of(record: Record, weighed: Weighed, spot: int) -> tuple[int, int]:
    window = int(weighed.window[spot])
    return (int(record.windows.place[window]), int(record.windows.first[window])) if window >= 0 else (-1, 0)


def _speaking(record: Record, reach: Reach, window: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The entries for and against a window: along the likeliest path from it, what joins it to the find, what missed it."""
    rows, columns = record.rows, record.columns
    good: list[int] = []
    bad: list[int] = []
    opening = int(record.windows.opening[window])
    if opening >= 0:
        counted = np.flatnonzero((columns.kind == Event.STOCK_COUNTED) & (columns.note == opening))
        for event in counted.tolist():
            (good if columns.k[event] > 0 else bad).append(int(columns.entry[event]))
    row = int(record.row[window])
    while 0 <= row < reach.counted.size:
        event = int(rows.event[row])
        kind, entry = Event(int(columns.kind[event])), int(columns.entry[event])
        stays = rows.keep[row] * _value(reach, rows.next_own[row], int(rows.place[row]))
        goes = rows.go[row] * _value(reach, rows.next_other[row], int(rows.other[row])) if rows.other[row] >= 0 else 0.0
        match kind:
            case Event.CHECKED | Event.PULLED:
                bad.append(entry)
            case Event.MOVED if goes > stays:
                good.append(entry)
            case Event.TOGETHER if goes > stays:
                bad.append(entry)
            case Event.COUNTED if columns.note[event] == 1:
                good.append(entry)
            case _:
                pass
        row = int(rows.next_other[row] if goes > stays else rows.next_own[row])
    return tuple(dict.fromkeys(good)), tuple(dict.fromkeys(bad))


def _value(reach: Reach, row: int, place: int) -> float:
    return float(reach.counted[row]) if 0 <= row < reach.counted.size else float(reach.ends[place])


# --- what to look at next ------------------------------------------------------------------------------------------


def _suggestions(ledger: LedgerRead, record: Record, weighed: Weighed, posterior: Floats) -> Iterator[Suggestion]:
    """The tests that can be expected to settle most, most first."""
    windows = record.windows
    for test in next_tests(windows, weighed, posterior)[:MOST_SHOWN]:
        match test.kind:
            case Looking.BOX | Looking.STOCK:
                window = int(np.flatnonzero((windows.event == test.about) & (windows.first == windows.event))[0])
            case Looking.FOOTAGE:
                window = int(np.flatnonzero(windows.day == test.about)[0])
            case Looking.ACCOUNTS:
                places = int(windows.place.max()) + 1
                day, place = divmod(test.about, places)
                window = int(np.flatnonzero((windows.day == day) & (windows.place == place))[0])
        yield Suggestion(
            kind=test.kind,
            place="" if test.kind is Looking.FOOTAGE else ledger.id_of(int(windows.place[window])),
            from_entry=int(record.columns.entry[int(windows.first[window])]),
            test=test,
        )
