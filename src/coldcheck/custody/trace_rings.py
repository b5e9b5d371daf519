"""Forward from a lot or from a find, over the trail that the picture keeps: recall in rings, and who is under recall now.

`recall_of` answers "what may this lot have touched?" in four rings. `recall_over` answers at once whether a round lies
with something that shared a container with a live find since, and no full verification came between: what the load
gate asks. Both read the record only; a round that no entry moved is in no ring, and the answer says how far it goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, RoundKind
from coldcheck.custody.trace_events import NONE, PARCEL, ROUND, EventKind
from coldcheck.custody.trace_live import LiveIndex
from coldcheck.custody.trace_trail import OpenRecall
from coldcheck.custody.trace_walks import Walks

_DANGEROUS: Final = frozenset({RoundKind.LIVE.value, RoundKind.UNKNOWN.value})
_TESTS: Final = frozenset({"tested", "proven"})
_BOTH: Final = 2
_TRAVELS: Final = frozenset("rcg")
"""What goes from one production to another under the same id: rounds, containers, guns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What a lot may have touched, in four rings of ids, each without what the ring before it holds.

    `unrecorded` counts the rounds that turned up somewhere and no entry says how: where they were between is in no ring.
    `came` is False where no entry says that anything of the lot was ever anywhere: empty rings then mean nothing.
    """

    lot: tuple[Id, ...]
    together: tuple[Id, ...]
    closure: tuple[Id, ...]
    closure_no_barriers: tuple[Id, ...]
    unrecorded: int
    came: bool


def recall_of(picture: Picture, lot: Id) -> Recall:
    """Forward from a lot in four rings.

    `lot`: its rounds, those of every lot that came out of it, and what they lie in now. `together`: what they ever lay
    in, and the rounds that lay there with them. `closure`: everything that what is suspect lay with, on and on, up to
    full verifications: a thing all of whose rounds two people proved is no longer suspect, unless one of those tests is
    in doubt now. `closure_no_barriers`: the same without regard to tests.
    """
    return recall_across((picture,), lot)[0]


def recall_across(pictures: tuple[Picture, ...], lot: Id) -> tuple[Recall, ...]:
    """The rings of a lot in the records of several hubs or companies, one recall for each, in their order.

    What is suspect in one record is suspect in every other that knows the same round, container or gun, from its first
    entry there on. No order is assumed between two records, whose clocks nobody compared: so the rings may hold too much
    and never, for that reason, too little.
    """
    lots = _lots_across(pictures, lot)
    told = [_hearsay(picture, lots) for picture in pictures]
    first = [_of_the_lots(picture, lots, told[number]) for number, picture in enumerate(pictures)]
    spread = [_spread_across(pictures, lots, told, barriers_from=edge) for edge in (0, None)]
    out = []
    for number, picture in enumerate(pictures):
        rings = [first[number][0]]
        for part in (first[number][1], spread[0][number], spread[1][number]):
            rings.append({name for name in part if name not in picture.persons}.difference(*rings))
        out.append(
            Recall(
                lot=tuple(sorted(rings[0])),
                together=tuple(sorted(rings[1])),
                closure=tuple(sorted(rings[2])),
                closure_no_barriers=tuple(sorted(rings[3])),
                unrecorded=len(_turned_up(picture)),
                came=any(rings),
            )
        )
    return tuple(out)


def _lots_across(pictures: tuple[Picture, ...], lot: Id) -> frozenset[Id]:
    """The lot and every lot that came out of it by any of the records."""
    out, before = frozenset({lot}), frozenset[Id]()
    while out != before:
        before = out
        out = out.union(*(lots_out_of(picture, known) for picture in pictures for known in before))
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hearsay:
    """What the trail does not place, and what may have happened all the same.

    `came`: where rounds of the lots are said to have come in, in what and by which entry, though nobody received them.
    `moves`: contradictory accounts of rounds that went, each with its entry and everything it names.
    """

    came: tuple[tuple[Id, int], ...]
    moves: tuple[tuple[int, frozenset[Id]], ...]


def _hearsay(picture: Picture, lots: frozenset[Id]) -> _Hearsay:
    came: list[tuple[Id, int]] = []
    moves: list[tuple[int, frozenset[Id]]] = []
    for done in picture.journal:
        act, is_told = (done.act.told, True) if isinstance(done.act, a.Reported) else (done.act, False)
        match act:
            case a.Delivered(lot=lot, container=into) | a.Received(lot=lot, container=into) if lot in lots:
                pairs = picture.receipts.get((lot, into), ())
                signed = isinstance(act, a.Received) or any(done.entry_index in pair for pair in pairs)
                if is_told or not signed:
                    came.append((into, done.entry_index))
            case a.Moved() | a.Poured() | a.Loaded() | a.Unloaded():
                if isinstance(done.act, a.Reported) and done.act.grade is a.Grade.CONTRADICTORY:
                    names = (name for name in a.ids_in(a.plain(act)) if name[0] in _TRAVELS)
                    moves.append((done.entry_index, frozenset(names)))
            case _:
                pass
    return _Hearsay(came=tuple(came), moves=tuple(moves))


def _from_entry(picture: Picture, walks: Walks, name: Id, entry: int) -> Iterator[int]:
    """The versions by which a thing is suspect from this entry on: what it was then, or the first that it became."""
    trail = picture.trail
    number = trail.numbers.get(name, NONE)
    if number == NONE:
        return
    if trail.live.letter[number] == ROUND:
        yield trail.live.version_now(number)
        return
    row = walks.row_after(entry)
    later = (version for version in walks.versions(number) if trail.live.row[version] > row)
    yield from (walks.version_at(number, row=row), next(later, NONE))


def _of_the_lots(picture: Picture, lots: frozenset[Id], hearsay: _Hearsay) -> tuple[set[Id], set[Id]]:
    """The rounds of these lots with what they lie in now; and what they ever lay in, with the rounds that lay there too."""
    trail = picture.trail
    own = {r for r, cartridge in picture.cartridges.items() if cartridge.lot in lots}
    loose = {thing for thing, counted in picture.loose.items() if any(counted.get(known) for known in lots)}
    lies_in = {spot.thing for r in own if (spot := picture.spots.get(r)) is not None} | loose
    # Delivered and received by nobody, it lies there as far as anybody says.
    lies_in |= {thing for thing, _entry in hearsay.came}
    numbers = frozenset(trail.lots[known] for known in lots if known in trail.lots)
    together = {trail.names[number] for number in _together(trail.live, numbers)}
    together = together.union(*(names for _entry, names in hearsay.moves if names & own))
    return own | {thing for thing in lies_in if thing not in picture.persons}, together


def _spread_across(
    pictures: tuple[Picture, ...], lots: frozenset[Id], hearsay: list[_Hearsay], *, barriers_from: int | None
) -> tuple[set[Id], ...]:
    """For each record what is suspect in it, on and on, until no record tells another anything new."""
    carried: list[set[Id]] = [set() for _ in pictures]
    while True:
        reached = [_reached(picture, lots, hearsay[n], carried[n], barriers_from) for n, picture in enumerate(pictures)]
        told = False
        for number, picture in enumerate(pictures):
            others = set[Id]().union(*(reached[n] for n in range(len(pictures)) if n != number))
            # What is suspect here already is not taken from its first entry on because another record says so too.
            more = {name for name in others if name[0] in _TRAVELS and name in picture.trail.numbers}
            more -= reached[number] | carried[number]
            carried[number] |= more
            told = told or bool(more)
        if not told:
            return tuple(reached)


def _reached(
    picture: Picture, lots: frozenset[Id], hearsay: _Hearsay, carried: set[Id], barriers_from: int | None
) -> set[Id]:
    """What is suspect in one record, from the arrivals of these lots and the first entries of what came suspect.

    Contradictory accounts place nothing; what one of them names together with anything suspect is suspect from it on.
    """
    trail, live = picture.trail, picture.trail.live
    seeds = set(live.seeds_of(trail.lots[known] for known in lots if known in trail.lots))
    walks = live.walks()
    for name in carried:
        number = trail.numbers[name]
        seeds.update((live.first[number],) if live.letter[number] == ROUND else walks.versions(number)[:1])
    named: set[Id] = set()
    more = dict(hearsay.came)
    while True:
        for name, entry in more.items():
            seeds.update(_from_entry(picture, walks, name, entry))
        named |= more.keys()
        suspect = live.spread(
            sorted(version for version in seeds if version >= 0),
            barriers_from=barriers_from,
            distrusted=distrusted_of(picture),
        )
        numbers = (*live.rounds_under(suspect), *live.things_under(suspect))
        out = named | {trail.names[number] for number in numbers}
        more = {name: entry for entry, names in reversed(hearsay.moves) if names & out for name in names - out}
        if not more:
            return out


def tests_in_doubt(picture: Picture) -> frozenset[int]:
    """The entries whose tests end no suspicion any more: taken back, disputed, or of a round found to be dangerous since."""
    found = (
        entry
        for find, (kind, since) in picture.kinds_found.items()
        if kind in _DANGEROUS
        for entry, what in picture.proofs.get(find, ())
        if what in _TESTS and entry < since
    )
    return frozenset((*picture.doubted, *found))


def distrusted_of(picture: Picture) -> frozenset[int]:
    """The full verifications, by row, that rest on a test in doubt: not all that lay there was proven by two others since.

    It costs what the record grew by since it was last asked, unless another test has come into doubt.
    """
    trail, doubt = picture.trail, tests_in_doubt(picture)
    if not doubt:
        return frozenset()
    known, read, rows = trail.doubts
    if known != doubt:
        read, rows = 0, frozenset()
    size = len(trail.live.kind)
    walks, shaken = trail.live.walks(), doubt | _other_sheets(picture, doubt)
    more = (
        row
        for row in range(read, size)
        if trail.live.kind[row] == EventKind.VERIFIED and not _stands(picture, walks, row, shaken)
    )
    rows = rows.union(more)
    trail.doubts = (doubt, size, rows)
    return rows


def _stands(picture: Picture, walks: Walks, row: int, doubt: frozenset[int]) -> bool:
    """Whether every round that lay there was tested twice, up to the verification, in entries that nothing has shaken."""
    trail = picture.trail
    holder, until = walks.holder(trail.live.end[row]), trail.live.entry[row]
    for _spot, one in walks.lying_in(holder, row=row):
        tests = [
            entry for entry, what in picture.proofs.get(trail.names[one], ()) if what == "tested" and entry <= until
        ]
        shaken = max(doubt.intersection(tests), default=NONE)
        if shaken != NONE and sum(1 for entry in tests if entry > shaken) < _BOTH:
            return False
    return True


def _other_sheets(picture: Picture, doubt: frozenset[int]) -> frozenset[int]:
    """The other person's sheet of each procedure a sheet in doubt belongs to: the tests of both stand at the second."""
    sheets: dict[Id, set[int]] = {}
    for done in picture.journal:
        if isinstance(done.act, a.SheetBegan):
            sheets.setdefault(done.act.procedure, set()).add(done.entry_index)
    return frozenset(entry for entries in sheets.values() if entries & doubt for entry in entries)


def _turned_up(picture: Picture) -> set[int]:
    """The rounds that were somewhere and no entry says how; not those drawn out of stock that was only counted."""
    live, parcels = picture.trail.live, {into for _lot, into in picture.trail.parcels}
    walks = live.walks()
    rows = (row for row, kind in enumerate(live.kind) if kind == EventKind.TURNED_UP)
    return {live.item[row] for row in rows if live.start[row] >= 0 or walks.holder(live.end[row]) not in parcels}


def lots_out_of(picture: Picture, lot: Id) -> frozenset[Id]:
    """The lot and every lot that was split, merged, repacked, reloaded or returned from it, at any remove.

    Lots may claim each other as parents, in a circle: each is taken once.
    """
    out = {lot}
    grown = True
    while grown:
        more = {known.lot for known in picture.lots.values() if any(parent in out for _how, parent in known.parents)}
        grown = not more <= out
        out |= more
    return frozenset(out)


def _together(live: LiveIndex, lots: frozenset[int]) -> set[int]:
    """The things that rounds of these lots ever lay in, and the rounds that lay there at the same time."""
    walks = live.walks()
    out: set[int] = set()
    for item, lot in enumerate(live.lot):
        if lot not in lots or live.letter[item] not in {ROUND, PARCEL}:
            continue
        for holder, row, until in _stays(live, walks, item):
            out.add(holder)
            out.update(one for _spot, one in walks.lying_in(holder, row=row) if live.letter[one] == ROUND)
            out.update(_came_between(live, walks, holder, row, until))
    return out


def _stays(live: LiveIndex, walks: Walks, item: int) -> Iterator[tuple[int, int, int]]:
    """Every holder a round lay in, from which event to before which; a parcel never leaves."""
    placings = [row for row in walks.history(item) if live.kind[row] <= EventKind.TURNED_UP]
    for row, after in zip(placings, [*placings[1:], len(live.kind)], strict=True):
        if live.end[row] >= 0:
            until = len(live.kind) if live.letter[item] == PARCEL else after
            yield walks.holder(live.end[row]), row, until


def _came_between(live: LiveIndex, walks: Walks, holder: int, row: int, until: int) -> Iterator[int]:
    version = walks.version_at(holder, row=until - 1)
    while version >= 0 and live.row[version] > row:
        item = live.item[live.row[version]]
        if item >= 0 and live.letter[item] == ROUND:
            yield item
        version = live.older[version]


# --- under recall --------------------------------------------------------------------------------------------------


def recall_over(picture: Picture, round_id: Id) -> Id:
    """The live find or the recalled lot that puts this round under recall now, "" when none does.

    It costs what the record grew by since it was last asked. A find itself is under its own recall wherever it lies.
    """
    if not picture.kinds_found and not picture.recalled:
        return ""
    trail = picture.trail
    item = trail.numbers.get(round_id, NONE)
    now = trail.live.version_now(item) if item != NONE else NONE
    if now == NONE:
        return ""
    for name, recall in _open_recalls(picture):
        recall.catch_up(trail.live, distrusted_of(picture))
        if recall.flags[now]:
            return name
    return ""


def _open_recalls(picture: Picture) -> Iterator[tuple[Id, OpenRecall]]:
    """Every recall the record opens: one for each round found dangerous, one for each lot recalled or made of such a one."""
    known = picture.trail.recalls
    for find, (kind, entry) in picture.kinds_found.items():
        # A round without identity, or one no act ever placed, has no path to follow: its stop stands by itself.
        if kind in _DANGEROUS and find in picture.trail.numbers:
            if (find, entry) not in known:
                known[find, entry] = _opened(picture, find, entry)
            yield find, known[find, entry]
    for recalled, entry in picture.recalled.items():
        for lot in sorted(lots_out_of(picture, recalled)):
            number = picture.trail.lots.get(lot)
            if number is not None:
                yield lot, known.setdefault((lot, entry), OpenRecall(item=NONE, lot=number, since=0, barriers_from=0))


def _opened(picture: Picture, find: Id, entry: int) -> OpenRecall:
    """The recall of one find: from its last proof on when it had been proven, else from its first placement."""
    live, item = picture.trail.live, picture.trail.numbers[find]
    proven = max((at for at, what in picture.proofs.get(find, ()) if what == "proven" and at < entry), default=None)
    walks = live.walks()
    return OpenRecall(
        item=item,
        lot=live.lot[item],
        # After a proof it lay where it was proven: the version it was in then is the last it made before.
        since=0 if proven is None else _lay_at(live, walks, item, walks.row_after(proven)),
        barriers_from=0 if proven is None else walks.row_after(entry) + 1,
    )


def _lay_at(live: LiveIndex, walks: Walks, item: int, row: int) -> int:
    """The event by which the round came to where it lay after event `row`."""
    placings = (at for at in reversed(walks.history(item)) if at <= row and live.kind[at] <= EventKind.TURNED_UP)
    return next(placings, 0)
