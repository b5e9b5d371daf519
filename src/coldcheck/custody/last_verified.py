"""When a thing was last fully verified: from there on, who could reach it is what matters.

A round, when two people's tests proved it. A container, when every round in it was proven since the last came in. A gun, when every
chamber and bore was answered by two people. What was taken back, disputed, or is of a round found to be dangerous since, counts for
none. Does not: say that nothing has changed since; that is what the answer about access is for.
"""

from bisect import bisect_right

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.trace_events import NONE, EventKind
from coldcheck.custody.trace_rings import distrusted_of, tests_in_doubt


def last_verified(picture: Picture, item: Id, *, until: int) -> int | None:
    """The newest entry, up to `until`, by which a round, container or gun was fully verified; None when none did."""
    if item in picture.guns:
        return _gun(picture, item, until)
    if item in picture.cartridges:
        shaken = tests_in_doubt(picture)
        proven = (entry for entry, what in picture.proofs.get(item, ()) if what == "proven" and entry not in shaken)
        return max((entry for entry in proven if entry <= until), default=None)
    return _container(picture, item, until)


def _container(picture: Picture, item: Id, until: int) -> int | None:
    live, number = picture.trail.live, picture.trail.numbers.get(item, NONE)
    shaken = distrusted_of(picture)
    for row in range(bisect_right(live.entry, until) - 1, -1, -1):
        if live.kind[row] == EventKind.VERIFIED and live.end[row] == number and row not in shaken:
            return live.entry[row]
    return None


def _gun(picture: Picture, gun: Id, until: int) -> int | None:
    """The entry from which on each position has been answered by two: of all positions the one that waited longest."""
    looks: dict[str, dict[Id, int]] = {position: {} for position in picture.guns[gun].positions}
    for done in picture.journal:
        if done.entry_index > until:
            break
        match done.act:
            case a.Cleared(gun=known) | a.Answered(gun=known) if (
                known == gun and done.entry_index not in picture.doubted
            ):
                for row in done.act.answers:
                    if row.position in looks:
                        looks[row.position][done.by] = done.entry_index
            case _:
                pass
    newest = [sorted(by_person.values())[-2:] for by_person in looks.values()]
    if not newest or any(len(entries) < 2 for entries in newest):  # noqa: PLR2004  # by two people
        return None
    return min(entries[0] for entries in newest)
