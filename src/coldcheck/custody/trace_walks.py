"""Backward trace, state at any past event, and access, as walks over the index: numbers in, numbers out.

Each thing's events hang together newest first, so a question about one thing touches the events of that thing and of
what it lay in, however many others there are. Histories that were walked once are kept, so the next question about a
tray in use for years is a binary search.

A `Walks` is made for one index and thrown away with it. What no event says is not in an answer; `Stay.joins` is False
where a round lay somewhere and no event says how it came there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from coldcheck.custody.trace_events import HOLDING, NONE, PARCEL, PERSON, ROUND, EventKind

HowHeld: TypeAlias = Literal["held", "unattended", "locked", "disputed", "not_recorded"]
_HOLDING: Final = frozenset(map(int, HOLDING))
_PLACING: Final = frozenset({int(EventKind.PLACED), int(EventKind.TURNED_UP)})
_CHECKS: Final = frozenset({int(EventKind.PROVEN), int(EventKind.LOOKED)})
_NESTED: Final = 8
"""How deep things lie in things; a circle, told by different people, ends here too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A round lay at `spot` from event `row` to before event `until` (the number of events: it still does).

    `checks` are the events between that looked at it or verified all that lay with it, oldest first.
    """

    spot: int
    row: int
    until: int
    joins: bool
    checks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The stays of one round, newest first, back to `begins`: outside the record, or where nothing says how it came."""

    item: int
    stays: tuple[Stay, ...]
    begins: Literal["came_in", "turned_up", "never_placed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A thing was held so from event `row` to before event `until`. `who` is a person or place, -1 for none named."""

    thing: int
    how: HowHeld
    who: int
    row: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the record says of a gun or container after one event: what lies where, and who has it."""

    thing: int
    row: int
    lying: tuple[tuple[int, int], ...]
    held: Held | None
    verified: int | None


@dataclass(slots=True)
class Walks:
    """Questions over the columns of one event table and its index, by their names there."""

    _columns: Mapping[str, Sequence[int]]
    _histories: dict[int, list[int]] = field(default_factory=dict)
    _versions: dict[int, list[int]] = field(default_factory=dict)

    def forget(self) -> None:
        """Nothing; the kept histories are let go."""
        self._histories.clear()
        self._versions.clear()

    def row_after(self, entry: int) -> int:
        """The last event of the record up to and with this entry, -1 when it is before all."""
        return bisect_right(self._columns["entry"], entry) - 1

    def history(self, item: int) -> list[int]:
        """Every event whose item is this thing, oldest first."""
        return self._walk(self._histories, item, "newest", "previous")

    def versions(self, thing: int) -> list[int]:
        """Every version of this holder, oldest first."""
        return self._walk(self._versions, thing, "version", "older")

    def _walk(self, known: dict[int, list[int]], thing: int, newest: str, older: str) -> list[int]:
        out = known.get(thing)
        if out is None:
            out, links = [], self._columns[older]
            at = self._columns[newest][thing]
            while at >= 0:
                out.append(at)
                at = links[at]
            out.reverse()
            known[thing] = out
        return out

    def holder(self, thing: int) -> int:
        """The container, gun, person or place a spot belongs to, or the thing itself."""
        inside = self._columns["inside"][thing]
        return inside if inside >= 0 else thing

    # --- backward ---------------------------------------------------------------------------------------------------

    def back(self, item: int, *, row: int) -> Back:
        """Where a round was, from what it lay in after event `row` back to its coming in or to a break."""
        kind, end = self._columns["kind"], self._columns["end"]
        until, checks = row + 1, list[int]()
        stays: list[Stay] = []
        history = self.history(item)
        number = bisect_right(history, row)
        later = self._next_placing(history, number)
        while number > 0:
            number -= 1
            at = history[number]
            if kind[at] in _CHECKS:
                checks.append(at)
            elif kind[at] in _PLACING:
                if end[at] >= 0:
                    looked = sorted((*checks, *self._verified(self.holder(end[at]), at, until, later)))
                    joins = kind[at] == EventKind.PLACED
                    stays.append(Stay(spot=end[at], row=at, until=until, joins=joins, checks=tuple(looked)))
                    if not joins:
                        return Back(item=item, stays=tuple(stays), begins="turned_up")
                until, checks, later = at, [], at
        return Back(item=item, stays=tuple(stays), begins="came_in" if stays else "never_placed")

    def _next_placing(self, history: list[int], number: int) -> int:
        """The first event of a history from `number` on that places the round, -1 for none."""
        kind = self._columns["kind"]
        return next((at for at in history[number:] if kind[at] in _PLACING), NONE)

    def _verified(self, thing: int, start: int, stop: int, later: int) -> Iterator[int]:
        """The events between `start` and `stop` that verified all that lay in a holder, newest first.

        `later` is the event by which the round went on from there, -1 if it did not: what it came out of is the
        holder's version at that moment, so only versions of this stay are looked at.
        """
        rows, kind, older = self._columns["row"], self._columns["kind"], self._columns["older"]
        if later >= 0 and self._columns["end"][later] >= 0:
            made = bisect_left(rows, later)
            version = self._columns["source"][made]
        else:
            version = self._columns["version"][thing]
        while version >= 0 and rows[version] > start:
            if kind[rows[version]] == EventKind.VERIFIED and rows[version] < stop:
                yield rows[version]
            version = older[version]

    # --- state ------------------------------------------------------------------------------------------------------

    def lies_at(self, item: int, *, row: int) -> int:
        """The spot a round or thing lay at after event `row`, -1 for none."""
        kind, end = self._columns["kind"], self._columns["end"]
        history = self.history(item)
        for number in range(bisect_right(history, row) - 1, -1, -1):
            if kind[history[number]] in _PLACING:
                return end[history[number]]
        return -1

    def version_at(self, thing: int, *, row: int) -> int:
        """The newest version of a holder after event `row`, -1 when nothing had come into it by then."""
        versions = self.versions(thing)
        number = bisect_right(versions, row, key=self._columns["row"].__getitem__) - 1
        return versions[number] if number >= 0 else -1

    def lying_in(self, thing: int, *, row: int) -> tuple[tuple[int, int], ...]:
        """Spot and round of all that lay in a holder after event `row`, in order of arrival; parcels among them."""
        rows, before, item, end = (self._columns[name] for name in ("row", "before", "item", "end"))
        version = self.version_at(thing, row=row)
        found: dict[int, int] = {}
        while version >= 0:
            at = rows[version]
            one = item[at]
            if one >= 0 and one not in found and self._still_there(one, at, row):
                found[one] = end[at]
            version = before[version]
            version = -2 - version if version < -1 else version
        return tuple((spot, one) for one, spot in reversed(found.items()))

    def _still_there(self, item: int, at: int, row: int) -> bool:
        """Whether no event after `at` up to `row` placed the round anew. A parcel stays where it came to."""
        if self._columns["letter"][item] == PARCEL:
            return True
        kind = self._columns["kind"]
        history = self.history(item)
        number = bisect_right(history, row) - 1
        while history[number] > at:
            if kind[history[number]] in _PLACING:
                return False
            number -= 1
        return True

    def held_by(self, thing: int, *, row: int) -> Held | None:
        """Who had a gun or container after event `row`, through what it lay in; None when no event says."""
        spells = tuple(self.spells(thing, start=row, stop=row + 1))
        return spells[-1] if spells and spells[-1].how != "not_recorded" else None

    def state(self, thing: int, *, row: int) -> State:
        """A gun or container as the record had it after event `row`."""
        return State(
            thing=thing,
            row=row,
            lying=self.lying_in(thing, row=row),
            held=self.held_by(thing, row=row),
            verified=next(self._verified(thing, NONE, row + 1, NONE), None),
        )

    # --- access -----------------------------------------------------------------------------------------------------

    def last_full_test(self, item: int, *, row: int) -> int:
        """The last event up to `row` that proved the round, alone or with all that lay with it; -1 for none."""
        kind, end = self._columns["kind"], self._columns["end"]
        history = self.history(item)
        number = bisect_right(history, row)
        until, later, proven = row + 1, self._next_placing(history, number), NONE
        while number > 0:
            number -= 1
            at = history[number]
            if kind[at] == EventKind.PROVEN:
                proven = max(proven, at)
            elif kind[at] in _PLACING:
                if end[at] >= 0:
                    verified = next(self._verified(self.holder(end[at]), at, until, later), NONE)
                    proven = max(proven, verified)
                if proven >= 0:
                    return proven
                until = later = at
        return proven

    def access(self, item: int, *, start: int, stop: int) -> tuple[Held, ...]:
        """How a round, and each thing it lay in, was held between two events, oldest first."""
        if self._columns["letter"][item] != ROUND:
            return tuple(self.spells(item, start=start, stop=stop))
        stays = self.back(item, row=stop - 1).stays
        return tuple(
            spell
            for stay in reversed(stays)
            if stay.until > start
            for spell in self.spells(self.holder(stay.spot), start=max(start, stay.row), stop=min(stop, stay.until))
        )

    def spells(self, thing: int, *, start: int, stop: int, depth: int = 0) -> Iterator[Held]:
        """How a thing was held from after event `start` to before event `stop`, through what it lay in."""
        kind = self._columns["kind"]
        if self._columns["letter"][thing] == PERSON:
            yield Held(thing=thing, how="held", who=thing, row=start, until=stop)
            return
        at = start
        last: int | None = None
        history = self.history(thing)
        first = max(bisect_right(history, start) - 1, 0)
        while first > 0 and kind[history[first]] not in _HOLDING:
            first -= 1
        for number in range(first, len(history)):
            row = history[number]
            if row >= stop:
                break
            if kind[row] not in _HOLDING:
                continue
            if row > at:
                yield from self._spell(thing, last, at, row, depth)
            at, last = max(row, start), row
        if at < stop:
            yield from self._spell(thing, last, at, stop, depth)

    def _spell(self, thing: int, row: int | None, start: int, stop: int, depth: int) -> Iterator[Held]:
        """One spell; one inside another thing is that thing's."""
        kind, end = self._columns["kind"], self._columns["end"]
        how: HowHeld = "not_recorded"
        who = -1
        if row is not None:
            who = end[row]
            if kind[row] == EventKind.STOWED and who >= 0:
                if depth < _NESTED:
                    yield from self.spells(self.holder(who), start=start, stop=stop, depth=depth + 1)
                return
            how = _HOW.get(kind[row], "not_recorded")
            how = how if who >= 0 or how == "disputed" else "not_recorded"
        yield Held(thing=thing, how=how, who=who, row=start, until=stop)


_HOW: Final[Mapping[int, HowHeld]] = MappingProxyType(
    {
        int(EventKind.HELD): "held",
        int(EventKind.LEFT): "unattended",
        int(EventKind.LOCKED): "locked",
        int(EventKind.DISPUTED): "disputed",
    }
)
