"""What a find says about the inspections before it: which two answers cannot be right, and what else leans on those two.

Two people can answer without looking, and no record can see that. It can do the next thing: when a round turns out to be
another than two people's tests had proven, the entries of those two tests are named, with all that the same two proved on
that day. Promises: entries and nothing else; no word on why. Does not: decide between wrong answers and a round that
came there in a moment nobody recorded; both are always left standing.

    what_rested_on(picture, found_round)  ->  Rested(inspections=(412, 415), rounds=(...), guns=(...), calls=(...))
"""

from collections.abc import Iterator
from dataclasses import dataclass

from coldcheck.custody import acts as a
from coldcheck.custody.moves import DANGEROUS, EMPTY_WORDS
from coldcheck.custody.picture import Done, Picture, acts_of_entry
from coldcheck.custody.things import Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One person's answers in one entry: about a round outside a gun, or about a position of one."""

    entry_index: int
    by: Id
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """A find against what two people had answered.

    `inspections` are the two answers that cannot be right unless the round came there unrecorded between the second of
    them and `found_entry`. `rounds`, `guns` and `calls` (entries) are all else that the same two proved on that day.
    """

    round_id: Id
    found_entry: int
    inspections: tuple[Inspection, Inspection]
    rounds: tuple[Id, ...]
    guns: tuple[Id, ...]
    calls: tuple[int, ...]


def what_rested_on(picture: Picture, round_id: Id) -> Rested | None:
    """What the find of `round_id` says of earlier inspections; None when no two people had proven anything else there."""
    kind, found_entry = picture.kinds_found.get(round_id, ("", -1))
    if kind not in {danger.value for danger in DANGEROUS}:
        return None
    pair = _pair_of_round(picture, round_id, before=found_entry) or _pair_of_spot(picture, found_entry, round_id)
    if pair is None:
        return None
    first, second = pair
    people, day = frozenset((first.by, second.by)), second.at[:10]
    proven = _proven_by(picture, people, day)
    return Rested(
        round_id=round_id,
        found_entry=found_entry,
        inspections=(_inspection(first), _inspection(second)),
        rounds=tuple(other for other in proven if other != round_id),
        guns=tuple(dict.fromkeys(gun for gun, _entry in _guns_answered_by(picture, people, day))),
        calls=tuple(_calls_upon(picture, people, day)),
    )


def _inspection(done: Done) -> Inspection:
    return Inspection(entry_index=done.entry_index, by=done.by, at=done.at)


def _pair_of_round(picture: Picture, round_id: Id, *, before: int) -> tuple[Done, Done] | None:
    """The two tests that had last proven the round before it was found to be another."""
    proven = [entry for entry, what in picture.proofs.get(round_id, ()) if what == "proven" and entry < before]
    if not proven:
        return None
    tests = tuple(
        done
        for done in picture.journal
        if done.entry_index <= proven[-1]
        and isinstance(done.act, a.RoundsTested)
        and any(row.round_id == round_id for row in done.act.rows)
    )
    return _last_two(tests)


def _last_two(answers: tuple[Done, ...]) -> tuple[Done, Done] | None:
    """The newest answer, and the newest one before it by somebody else."""
    for first in reversed(answers[:-1]):
        if first.by != answers[-1].by:
            return first, answers[-1]
    return None


def _pair_of_spot(picture: Picture, found_entry: int, round_id: Id) -> tuple[Done, Done] | None:
    """The two answers that the position was empty in which a round was then found."""
    where = next(_found_at(picture, found_entry, round_id), None)
    if where is None:
        return None
    gun, position = where
    answers: list[Done] = []
    for done in picture.journal:
        if done.entry_index >= found_entry:
            break
        if isinstance(done.act, a.Loaded | a.Unloaded) and done.act.gun == gun:
            # What went in or out since is on record, so that the answers before it say nothing of the find.
            answers = [] if any(row.position == position for row in done.act.rows) else answers
        if isinstance(done.act, a.Cleared | a.Answered) and done.act.gun == gun:
            answers.extend(done for row in done.act.answers if row.position == position and row.holds in EMPTY_WORDS)
    return _last_two(tuple(answers)) if answers else None


def _found_at(picture: Picture, found_entry: int, round_id: Id) -> Iterator[tuple[Id, str]]:
    for done in acts_of_entry(picture, found_entry):
        match done.act:
            case a.RoundFound(round_id=known, thing=thing, cell=cell) if known == round_id and thing in picture.guns:
                yield thing, cell
            case _:
                pass


def _proven_by(picture: Picture, people: frozenset[Id], day: str) -> Iterator[Id]:
    """The rounds that these two, and nobody else, proved on that day, in order of their proof."""
    testers: dict[Id, Id] = {}
    out: dict[Id, None] = {}
    for done in picture.journal:
        if done.at[:10] != day or not isinstance(done.act, a.RoundsTested):
            continue
        for row in done.act.rows:
            if frozenset((testers.get(row.round_id, ""), done.by)) == people and _was_proof(
                picture, row.round_id, done
            ):
                out[row.round_id] = None
            testers[row.round_id] = done.by
    yield from out


def _was_proof(picture: Picture, round_id: Id, done: Done) -> bool:
    return (done.entry_index, "proven") in picture.proofs.get(round_id, ())


def _guns_answered_by(picture: Picture, people: frozenset[Id], day: str) -> Iterator[tuple[Id, int]]:
    """Each gun that one of the two cleared and the other answered, with the entry of the answer."""
    cleared: dict[Id, Id] = {}
    for done in picture.journal:
        match done.act:
            case a.Cleared(gun=gun) if done.at[:10] == day:
                cleared[gun] = done.by
            case a.Answered(gun=gun) if done.at[:10] == day and frozenset((cleared.get(gun, ""), done.by)) == people:
                yield gun, done.entry_index
            case _:
                pass


def _calls_upon(picture: Picture, people: frozenset[Id], day: str) -> Iterator[int]:
    """The entries of the calls granted on that day on what these two had answered last."""
    answered = sorted((entry, gun) for gun, entry in _guns_answered_by(picture, people, day))
    for done in picture.journal:
        if not isinstance(done.act, a.Acknowledged) or done.verdict != "granted" or done.at[:10] != day:
            continue
        upon = [entry for entry, gun in answered if gun == done.act.gun and entry < done.entry_index]
        if upon and not _answered_by_others(picture, done.act.gun, people, after=upon[-1], before=done.entry_index):
            yield done.entry_index


def _answered_by_others(picture: Picture, gun: Id, people: frozenset[Id], *, after: int, before: int) -> bool:
    return any(
        isinstance(done.act, a.Cleared | a.Answered) and done.act.gun == gun and done.by not in people
        for done in picture.journal
        if after < done.entry_index < before
    )
