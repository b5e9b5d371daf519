"""Whether the second of two sheets says what the first said, row by row: what agrees is no finding.

`state.apply` puts the two sheets row against row. Judging comes before it and changes nothing, so here the second
person's rows are held against the waiting first ones. Promises: a row counts as agreeing only if the kernel's own
conditions for a second answer are met too. Does not: prove anything.
"""

from collections.abc import Iterator

from coldcheck.custody import acts as a
from coldcheck.custody.moves import DANGEROUS, says_empty, single_rows, strong_enough
from coldcheck.custody.picture import Picture, Sheet, is_handler, may_witness
from coldcheck.custody.things import Id


def agreeing_rows(
    picture: Picture, *, by: Id, acts: tuple[a.Act, ...], rows: tuple[tuple[a.Act, ...], ...]
) -> frozenset[int]:
    """The places, among all rows of this entry, of the rows that say what the first sheet said; none for other entries.

    `rows` are the single rows of each of `acts`.
    """
    turns = any(type(act) is a.Turned for act in acts)
    out = _turned_rows(picture, by=by, acts=acts) if turns else set()
    began = acts[0]
    waiting = picture.sheets.get(began.procedure) if isinstance(began, a.SheetBegan) else None
    if waiting is None or not isinstance(began, a.SheetBegan) or not _may_be_second(picture, waiting, by, began.other):
        return frozenset(out)
    said: dict[tuple[str, str], list[a.Act]] = {}
    if not same_rounds(waiting, acts):
        return frozenset(out)
    for row in waiting.rows:
        for subject in _subjects(row):
            said.setdefault(subject, []).append(row)
    for place, row in enumerate([row for of_act in rows for row in of_act]):
        for subject in _subjects(row):
            earlier = said.get(subject)
            if earlier and _agree(picture, earlier.pop(0), row):
                out.add(place)
    return frozenset(out)


def _turned_rows(picture: Picture, *, by: Id, acts: tuple[a.Act, ...]) -> set[int]:
    """The places of what a handler does in a turnaround once the rounds are out: it is done to what he has in hand."""
    out: set[int] = set()
    place = 0
    for act in acts:
        for row in single_rows(act, by=by):
            if isinstance(act, a.Turned) and not isinstance(row, a.Moved) and _in_turn(picture, by, act, row):
                out.add(place)
            place += 1
    return out


def _in_turn(picture: Picture, by: Id, turned: a.Turned, row: a.Act) -> bool:
    if picture.kernel.gc.get(turned.gun) != by or not is_handler(picture, by) or turned.kind in DANGEROUS:
        return False
    return not isinstance(row, a.RoundsTested) or all(
        strong_enough(picture, cell.round_id, row.tests) for cell in row.rows
    )


def same_rounds(waiting: Sheet, acts: tuple[a.Act, ...]) -> bool:
    """Whether a second sheet saw each round of a turnaround go back where the first says it went."""
    if not any(type(act) is a.TurnSeen for act in acts):
        return True
    loads = {
        (act.gun, row.position): row.round_id for act in waiting.rows if isinstance(act, a.Loaded) for row in act.rows
    }
    seen = (((act.gun, row.position), row.round_id) for act in acts if isinstance(act, a.TurnSeen) for row in act.rows)
    return all(loads.get(at, round_id) == round_id for at, round_id in seen)


def _may_be_second(picture: Picture, waiting: Sheet, by: Id, other: Id) -> bool:
    """Whether the two sheets name each other, nothing happened between them, and this signer may answer second."""
    if waiting.other != by or waiting.by != other or waiting.by == by or not may_witness(picture, by):
        return False
    things = (*waiting.guns, *waiting.rounds)
    return bool(waiting.rows) and all(picture.stamps.get(thing) == waiting.entry_index for thing in things)


def _subjects(row: a.Act) -> Iterator[tuple[str, str]]:
    """What a row answers about: a position of a gun, or a round."""
    match row:
        case a.Cleared() | a.Answered() if row.answers:
            yield row.gun, row.answers[0].position
        case a.Loaded() if row.rows:
            yield row.gun, row.rows[0].position
        case a.RoundsTested() if row.rows:
            yield "round", row.rows[0].round_id
        case _:
            return


def _agree(picture: Picture, first: a.Act, second: a.Act) -> bool:
    match first, second:
        case a.Cleared(), a.Answered():
            return says_empty(first.answers[0]) and says_empty(second.answers[0])
        case a.Loaded(), a.Answered():
            cartridge = picture.cartridges.get(first.rows[0].round_id)
            return cartridge is not None and str(second.answers[0].holds) == str(cartridge.said)
        case a.RoundsTested(), a.RoundsTested():
            round_id = second.rows[0].round_id
            strong = all(strong_enough(picture, round_id, tests) for tests in (first.tests, second.tests))
            return first.kind is second.kind and strong
        case _:
            return False
