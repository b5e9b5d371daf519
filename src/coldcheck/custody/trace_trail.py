"""The trail: what a hub keeps of its record for trace and recall, grown by `state.apply` one act at a time.

It turns placements, custody and proofs into the rows of `trace_events`, gives things their numbers, and knows when a
thing may be verified: when every round in it was proven by two since the last one came in, and nothing came into it that
was only counted. The trail is no ground truth: replay from entry 0 makes it again, the same, number for number.

Where an act begins somewhere else than the record had the round, a row TURNED_UP says so before it.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from coldcheck.custody.things import Hold, Id, Spot
from coldcheck.custody.trace_events import BEHIND_BARRIER, MOST_COUNTED, NONE, PARCEL, SPOT, EventKind
from coldcheck.custody.trace_live import LiveIndex

_PLACED: Final = int(EventKind.PLACED)
_TURNED_UP: Final = int(EventKind.TURNED_UP)
_PROVEN: Final = int(EventKind.PROVEN)
_LOOKED: Final = int(EventKind.LOOKED)
_COUNTED: Final = int(EventKind.COUNTED)
_MOST_POURED: Final = 16 * MOST_COUNTED
_HOLDS: Final = MappingProxyType(
    {
        Hold.PERSON: int(EventKind.HELD),
        Hold.UNKNOWN: int(EventKind.HELD),
        Hold.LOCKED: int(EventKind.LOCKED),
        Hold.UNATTENDED: int(EventKind.LEFT),
        Hold.INSIDE: int(EventKind.STOWED),
        Hold.DISPUTED: int(EventKind.DISPUTED),
    }
)


@dataclass(slots=True)
class OpenRecall:
    """One live find forward from where it lay, kept up to date as the trail grows: one flag a version.

    Suspect are the versions the find made from event `since` on, the arrivals of its lot, and what follows from them
    up to full verifications. Those before event `barriers_from` end nothing: a find that two people's tests had proven
    inert says that such tests were wrong.
    """

    item: int
    lot: int
    since: int
    barriers_from: int
    flags: bytearray = field(default_factory=bytearray)
    distrusted: frozenset[int] = frozenset()
    """Verifications that end nothing, because a test they rest on is in doubt: worked out anew when these change."""

    def catch_up(self, live: LiveIndex, distrusted: frozenset[int]) -> None:
        """Nothing; takes in the versions that came since."""
        if distrusted != self.distrusted:
            self.distrusted, self.flags = distrusted, bytearray()
        flags = self.flags
        for version in range(len(flags), len(live.row)):
            row = live.row[version]
            item, older, came = live.item[row], live.before[version], live.source[version]
            if older <= BEHIND_BARRIER and (row < self.barriers_from or row in distrusted):
                older = BEHIND_BARRIER - older
            flags.append(
                (NONE != item == self.item and row >= self.since)
                or (item >= 0 and NONE != self.lot == live.lot[item] and live.start[row] < 0)
                or (older >= 0 and flags[older] == 1)
                or (came >= 0 and flags[came] == 1)
            )


@dataclass(slots=True)
class Trail:
    """The growing index of one record, and the numbers of its things. Only `custody.state` writes to it."""

    live: LiveIndex = field(default_factory=LiveIndex)
    numbers: dict[Id, int] = field(default_factory=dict)
    names: list[Id] = field(default_factory=list)
    """By number: the id of a thing; for a spot its cell; for a parcel the lot it is of."""
    lots: dict[Id, int] = field(default_factory=dict)
    spots: dict[tuple[int, str], int] = field(default_factory=dict)
    parcels: dict[tuple[int, int], int] = field(default_factory=dict)
    lies: dict[int, int] = field(default_factory=dict)
    came: dict[int, int] = field(default_factory=dict)
    """By thing: the row by which a round last came in."""
    proven: dict[int, int] = field(default_factory=dict)
    """By round: the row of its newest proof by two."""
    proven_there: dict[int, int] = field(default_factory=dict)
    """By thing: how many of its rounds were proven since the last came in."""
    verified_now: set[int] = field(default_factory=set)
    """Things that a row VERIFIED stands for since the last round came in."""

    recalls: dict[tuple[Id, int], OpenRecall] = field(default_factory=dict, compare=False)
    """What `trace_rings.recall_over` has worked out, by find or lot and its entry; it can be thrown away."""

    doubts: tuple[frozenset[int], int, frozenset[int]] = field(default=(frozenset(), 0, frozenset()), compare=False)
    """What `trace_rings.distrusted_of` has worked out: entries in doubt, rows read, rows distrusted."""

    def number(self, thing: Id, *, lot: Id = "") -> int:
        """The number of a person, place, container, gun or round, given at its first mention; -1 for nobody."""
        if not thing:
            return NONE
        known = self.numbers.get(thing)
        if known is None:
            known = self.numbers[thing] = self._add(ord(thing[0]), thing, lot=self._lot(lot))
        elif lot and self.live.lot[known] == NONE:
            self.live.lot[known] = self._lot(lot)
        return known

    def placed(
        self, entry: int, by: Id, round_id: Id, *, lot: Id, start: Spot | None, end: Spot | None, signed: bool
    ) -> None:
        """A round went from `start` to `end`; `signed` is False where it only turned up at `end`."""
        live, signer = self.live, self.number(by)
        item = self.number(round_id, lot=lot)
        lay = self.lies.get(item, NONE)
        begins = self._spot(start) if start is not None else NONE
        if begins not in {NONE, lay}:
            live.append(_TURNED_UP, item=item, start=lay, end=begins, by=NONE, entry=entry)
            self._moved(item, lay, begins)
            lay = begins
        ends = self._spot(end) if end is not None else NONE
        kind = _PLACED if signed or ends == NONE or begins != NONE else _TURNED_UP
        live.append(kind, item=item, start=lay, end=ends, by=signer, entry=entry)
        self._moved(item, lay, ends)

    def poured(self, entry: int, by: Id, *, lot: Id, start: Id, end: Id, count: int) -> None:
        """`count` rounds without identity came into `end`, out of `start` or, with "", from outside; 0 where not said.

        What is more than any set has is noted as the most there can be: a code in the field of a number is no count.
        """
        into, lot_number = self.number(end), self._lot(lot)
        parcel = self.parcels.get((lot_number, into))
        if parcel is None:
            parcel = self.parcels[lot_number, into] = self._add(PARCEL, lot, lot=lot_number)
        left = min(count, _MOST_POURED)
        while True:
            self.live.append(
                _PLACED, item=parcel, start=self.number(start), end=into, by=self.number(by), entry=entry,
                count=min(left, MOST_COUNTED),
            )  # fmt: skip
            left -= MOST_COUNTED
            if left <= 0:
                break
        self._came_in(into)

    def held(self, entry: int, by: Id, item: Id, hold: Hold, who: Id) -> None:
        """From now on a gun or container is held so."""
        self.live.append(
            _HOLDS[hold], item=self.number(item), start=NONE, end=self.number(who), by=self.number(by), entry=entry
        )

    def proven_by_two(self, entry: int, by: Id, round_id: Id) -> None:
        """A round was proven where it lies."""
        item = self.number(round_id)
        lay = self.lies.get(item, NONE)
        row = self.live.append(_PROVEN, item=item, start=NONE, end=lay, by=self.number(by), entry=entry)
        if lay != NONE:
            holder = self._holder(lay)
            if self.proven.get(item, NONE) <= self.came[holder]:
                self.proven_there[holder] += 1
        self.proven[item] = row

    def may_be_verified(self, thing: Id) -> bool:
        """Whether every round in a thing was proven since the last came in, and no row VERIFIED says so yet."""
        holder = self.numbers.get(thing, NONE)
        content = self.live.content[holder] if holder != NONE else 0
        return 0 < content == self.proven_there.get(holder, 0) and holder not in self.verified_now

    def verified(self, entry: int, thing: Id) -> None:
        """Every round in the thing is proven: a barrier."""
        holder = self.numbers[thing]
        self.verified_now.add(holder)
        self.live.append(int(EventKind.VERIFIED), item=NONE, start=NONE, end=holder, by=NONE, entry=entry)

    def looked(self, entry: int, by: Id, thing: Id) -> None:
        """Somebody looked into a gun or at a round: less than a proof."""
        self.live.append(_LOOKED, item=self.number(thing), start=NONE, end=NONE, by=self.number(by), entry=entry)

    def counted(self, entry: int, by: Id, thing: Id, count: int) -> None:
        """Somebody counted what lies in a thing."""
        self.live.append(
            _COUNTED, item=NONE, start=NONE, end=self.number(thing), by=self.number(by), entry=entry,
            count=min(max(count, 0), MOST_COUNTED),
        )  # fmt: skip

    def fired(self, entry: int, by: Id, gun: Id, shots: int) -> None:
        """The trigger of a gun was pulled."""
        self.live.append(
            int(EventKind.FIRED), item=self.number(gun), start=NONE, end=NONE, by=self.number(by), entry=entry,
            count=min(max(shots, 0), MOST_COUNTED),
        )  # fmt: skip

    # --- inside -----------------------------------------------------------------------------------------------------

    def _moved(self, item: int, start: int, end: int) -> None:
        if start != NONE:
            holder = self._holder(start)
            if self.proven.get(item, NONE) > self.came.get(holder, NONE):
                self.proven_there[holder] -= 1
        self.lies[item] = end
        if end != NONE:
            self._came_in(self._holder(end))

    def _came_in(self, holder: int) -> None:
        self.came[holder] = len(self.live.kind) - 1
        self.proven_there[holder] = 0
        self.verified_now.discard(holder)

    def _spot(self, spot: Spot) -> int:
        thing = self.number(spot.thing)
        if not spot.cell:
            return thing
        known = self.spots.get((thing, spot.cell))
        if known is None:
            known = self.spots[thing, spot.cell] = self._add(SPOT, spot.cell, inside=thing)
        return known

    def _holder(self, spot: int) -> int:
        inside = self.live.inside[spot]
        return inside if inside >= 0 else spot

    def _lot(self, lot: Id) -> int:
        if not lot:
            return NONE
        return self.lots.setdefault(lot, len(self.lots))

    def _add(self, letter: int, name: Id, *, inside: int = NONE, lot: int = NONE) -> int:
        self.names.append(name)
        return self.live.add_thing(letter, inside=inside, lot=lot)
