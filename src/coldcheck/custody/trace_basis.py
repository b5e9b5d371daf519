"""When a basis proves false: every act that rested on it, forward through the record.

A basis is an entry that others lean on: a test, an answer, a receipt, a load. It is in doubt when its own signer took it
back or corrects it, when somebody disputes it, when a round that it proved
inert is found to be none, or when the gun it looked into fires without intent. What rests on it: each later
act about the rounds and guns it spoke of, and about what these came into, until two people prove a round again or a
gun is answered anew. That an act rested on it says nothing against who signed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Done, Picture, acts_of_entry
from coldcheck.custody.things import Id, RoundKind

WhyFalse: TypeAlias = Literal["found_otherwise", "taken_back", "disputed"]
_DANGEROUS: Final = frozenset({RoundKind.LIVE.value, RoundKind.UNKNOWN.value})
_LEANS: Final = (
    a.Loaded, a.Unloaded, a.Moved, a.Poured, a.Called, a.Announced, a.Acknowledged, a.Showed, a.Seen, a.ShowClosed,
    a.HandedOver, a.Taken, a.Told, a.InLine, a.Discharged, a.Counted, a.StopLifted,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseBasis:
    """An entry that proved false or is disputed, and the later entry that says so.

    `ends` says that nothing rests on it after that entry: the gun it spoke of has fired since.
    """

    entry_index: int
    why: WhyFalse
    by_entry: int
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """One act that rested on a false basis: what of it was concerned."""

    done: Done
    things: tuple[Id, ...]


def false_bases(picture: Picture) -> tuple[FalseBasis, ...]:
    """Every basis that the record itself puts in doubt, in order; an entry that names itself or a later one is none."""
    out: dict[tuple[int, WhyFalse], FalseBasis] = {}
    for done in picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        if not isinstance(act, a.Retracted | a.Corrected | a.Disputed) or not 0 <= act.entry < done.entry_index:
            continue
        own = any(basis.by == done.by for basis in acts_of_entry(picture, act.entry))
        why: WhyFalse = "disputed" if isinstance(act, a.Disputed) or not own else "taken_back"
        out.setdefault((act.entry, why), FalseBasis(entry_index=act.entry, why=why, by_entry=done.entry_index))
    for round_id, (kind, found) in picture.kinds_found.items():
        if kind not in _DANGEROUS:
            continue
        for entry, what in picture.proofs.get(round_id, ()):
            if what in {"tested", "proven"} and entry < found:
                basis = FalseBasis(entry_index=entry, why="found_otherwise", by_entry=found)
                out.setdefault((entry, "found_otherwise"), basis)
    for basis in _shot_otherwise(picture):
        out.setdefault((basis.entry_index, basis.why), basis)
    return tuple(sorted(out.values(), key=lambda basis: (basis.entry_index, basis.by_entry)))


def shaken_by(picture: Picture, act: a.Act) -> tuple[FalseBasis, ...]:
    """The bases that an act puts in doubt which is about to be the record's next entry; () for nearly every act."""
    match act:
        case a.Retracted(entry=entry) | a.Corrected(entry=entry) | a.Disputed(entry=entry) if 0 <= entry < picture.size:
            why: WhyFalse = "disputed" if isinstance(act, a.Disputed) else "taken_back"
            return (FalseBasis(entry_index=entry, why=why, by_entry=picture.size),)
        case (
            a.RoundFound(kind=RoundKind.LIVE | RoundKind.UNKNOWN)
            | a.RoundExamined(kind=RoundKind.LIVE | RoundKind.UNKNOWN)
        ):
            entries = _proofs_since(picture, act.round_id)
        case a.RoundsTested(kind=RoundKind.LIVE | RoundKind.UNKNOWN):
            entries = tuple(entry for row in act.rows for entry in _proofs_since(picture, row.round_id))
        case a.Discharged(planned=False) if act.shots:
            return tuple(_false(picture, entry, ends=True) for entry in _looked_into(picture, act.gun))
        case _:
            return ()
    return tuple(_false(picture, entry, ends=False) for entry in dict.fromkeys(entries))


def _false(picture: Picture, entry: int, *, ends: bool) -> FalseBasis:
    return FalseBasis(entry_index=entry, why="found_otherwise", by_entry=picture.size, ends=ends)


def _proofs_since(picture: Picture, round_id: Id) -> tuple[int, ...]:
    """The tests of a round that nothing has put in doubt yet: those since it was last found to be dangerous."""
    kind, since = picture.kinds_found.get(round_id, ("", -1))
    edge = since if kind in _DANGEROUS else -1
    return tuple(
        entry for entry, what in picture.proofs.get(round_id, ()) if what in {"tested", "proven"} and entry > edge
    )


def _looked_into(picture: Picture, gun: Id) -> tuple[int, ...]:
    """The last load of a gun and every look into it since, unless it has fired meanwhile; oldest first."""
    entries: list[int] = []
    for done in picture.journal:
        match done.act.told if isinstance(done.act, a.Reported) else done.act:
            case a.Loaded(gun=known) if known == gun:
                entries = [done.entry_index]
            case a.Cleared(gun=known) | a.Answered(gun=known) | a.Seen(gun=known) | a.Showed(gun=known) if known == gun:
                entries.append(done.entry_index)
            case a.Discharged(gun=known) if known == gun:
                entries = []
            case _:
                pass
    return tuple(dict.fromkeys(entries))


def _shot_otherwise(picture: Picture) -> Iterator[FalseBasis]:
    """The last load of a gun and every look into it since, where it then fired without intent."""
    looked: dict[Id, list[int]] = {}
    for done in picture.journal:
        match done.act.told if isinstance(done.act, a.Reported) else done.act:
            case a.Loaded(gun=gun):
                looked[gun] = [done.entry_index]
            case a.Cleared(gun=gun) | a.Answered(gun=gun) | a.Seen(gun=gun) | a.Showed(gun=gun):
                looked.setdefault(gun, []).append(done.entry_index)
            case a.Discharged(gun=gun) as shot:
                for entry in looked.pop(gun, ()):
                    if shot.shots and not shot.planned:
                        yield FalseBasis(entry_index=entry, why="found_otherwise", by_entry=done.entry_index, ends=True)
            case _:
                pass


def rested_on(picture: Picture, basis: FalseBasis) -> tuple[Rested, ...]:
    """Every later act that leans on what the basis said, oldest first."""
    entry_index = basis.entry_index
    shaken = set(_spoken_of(picture, acts_of_entry(picture, entry_index)))
    if not shaken:
        return ()
    begin = picture.entry_acts[entry_index + 1] if entry_index + 1 < picture.size else len(picture.journal)
    out: list[Rested] = []
    for done in picture.journal[begin:]:
        if not shaken or (basis.ends and done.entry_index >= basis.by_entry):
            break
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        concerned = _named(act) & shaken
        if concerned and isinstance(act, _LEANS):
            out.append(Rested(done=done, things=tuple(sorted(concerned))))
        shaken |= set(_carried_to(act, concerned))
        shaken -= _settled(picture, done, act, shaken)
    return tuple(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One act with every basis in doubt that it rested on, and what of it was concerned."""

    done: Done
    bases: tuple[FalseBasis, ...]
    things: tuple[Id, ...]


def all_that_rested(picture: Picture, bases: tuple[FalseBasis, ...]) -> tuple[Flagged, ...]:
    """Every act that rested on one of these bases, each once, oldest first."""
    found: dict[int, tuple[Done, list[FalseBasis], set[Id]]] = {}
    for basis in bases:
        for rested in rested_on(picture, basis):
            _done, known, things = found.setdefault(id(rested.done), (rested.done, [], set()))
            known.append(basis)
            things.update(rested.things)
    flagged = (
        Flagged(done=done, bases=tuple(known), things=tuple(sorted(things))) for done, known, things in found.values()
    )
    return tuple(sorted(flagged, key=lambda each: each.done.entry_index))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """What is in doubt behind one gun: the newest entry that says so, and the acts about the gun that rested on it."""

    by_entry: int
    entries: tuple[int, ...]


def doubted_guns(picture: Picture) -> dict[Id, Doubted]:
    """Every gun with acts that rested on a basis now in doubt; empty for most records."""
    found: dict[Id, tuple[set[int], set[int]]] = {}
    for basis in false_bases(picture):
        for rested in rested_on(picture, basis):
            for thing in picture.guns.keys() & set(rested.things):
                doubts, entries = found.setdefault(thing, (set(), set()))
                doubts.add(basis.by_entry)
                entries.add(rested.done.entry_index)
    return {gun: Doubted(by_entry=max(doubts), entries=tuple(sorted(acts))) for gun, (doubts, acts) in found.items()}


def _named(act: a.Act) -> frozenset[Id]:
    """The rounds, guns and containers that an act names."""
    return frozenset(name for name in a.ids_in(a.plain(act)) if name[0] in "rgc")


def _spoken_of(picture: Picture, basis: tuple[Done, ...]) -> Iterator[Id]:
    """What an entry vouched for: its rounds and guns; of a receipt without cells, all that lay in its container then."""
    for done in basis:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        match act:
            case a.RoundsTested() | a.RoundsSeen():
                yield from (row.round_id for row in act.rows if row.round_id)
            case a.Received() | a.Delivered():
                yield act.container
                yield from (r for r, known in picture.cartridges.items() if known.lot == act.lot)
            case a.Counted():
                yield act.thing
            case _:
                yield from (name for name in _named(act) if name[0] in "rg")


def _carried_to(act: a.Act, concerned: frozenset[Id]) -> Iterator[Id]:
    """Where a shaken round or container goes on to: what it is loaded or poured into, the gun a magazine goes into."""
    match act:
        case a.Loaded() if concerned:
            yield act.gun
        case a.MagazineInserted() if act.container in concerned:
            yield act.gun
        case a.Poured() if act.start in concerned:
            yield act.end
        case a.Moved() if act.start in concerned:
            yield from (row.round_id for row in act.rows if row.round_id)
        case _:
            pass


def _settled(picture: Picture, done: Done, act: a.Act, shaken: set[Id]) -> set[Id]:
    """What no longer rests on the basis: a round two people proved again, a gun answered empty at every chamber."""
    match act:
        case a.RoundsTested():
            proven = {
                row.round_id for row in act.rows if (done.entry_index, "proven") in picture.proofs.get(row.round_id, ())
            }
            return proven & shaken
        case a.Answered() if act.gun in shaken and act.gun in picture.guns:
            chambers = {name for name in picture.guns[act.gun].positions if name.isdigit()}
            empty = {row.position for row in act.answers if row.holds is a.Holds.EMPTY}
            return {act.gun} if chambers and chambers <= empty else set()
        case _:
            return set()
