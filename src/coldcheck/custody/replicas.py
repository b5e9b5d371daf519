"""What was called unable to hold a cartridge, and is said to have held one: when it may be called so again.

Whoever says so is enough, and that somebody looks at it once more is not: what is in it has to be out by the record, and
a handler and a second person have to note a test of what it can hold. Does not: change anything but the note of when.
"""

from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.moves import EMPTY_WORDS
from coldcheck.custody.picture import Picture, acts_of_entry, is_handler, may_witness
from coldcheck.custody.things import Id


def note_rounds(picture: Picture, act: a.Act, entry_index: int) -> None:
    """Notes at which thing without a chamber an act says that it holds, held or fired a round."""
    told = act.told if isinstance(act, a.Reported | a.HeldOut) else act
    if type(told) not in _MAY_HOLD:
        return
    for name in _said_to_hold(told):
        known = picture.guns.get(name)
        # A flash without a chamber fires nothing; what else fires, held something.
        flash = isinstance(told, a.Discharged) and known is not None and not known.chambers
        if known is not None and "capability" in known.positions and not flash:
            picture.not_inert[name] = entry_index


_MAY_HOLD: Final[frozenset[type]] = frozenset((
    a.Loaded, a.Unloaded, a.MagazineInserted, a.Discharged, a.Cleared, a.Answered, a.Seen, a.RoundFound, a.RoundsTested,
    a.RoundsSeen, a.Moved, a.Counted,
))  # fmt: skip
"""The acts that `_said_to_hold` looks into."""


def _said_to_hold(act: a.Act) -> tuple[Id, ...]:
    match act:
        case a.Loaded(gun=gun) | a.Unloaded(gun=gun) | a.MagazineInserted(gun=gun):
            return (gun,)
        case a.Discharged(gun=gun):
            return (gun,)
        case a.Cleared(gun=gun) | a.Answered(gun=gun) | a.Seen(gun=gun):
            return (gun,) if any(row.holds not in EMPTY_WORDS for row in act.answers) else ()
        case a.RoundFound(thing=gun) | a.RoundsTested(thing=gun) | a.RoundsSeen(thing=gun):
            return (gun,)
        case a.Moved(start=start, end=end):
            return (start, end)
        case a.Counted(thing=gun):
            return (gun,) if act.count else ()
        case _:
            return ()


def may_hold_since(picture: Picture, gun: Id) -> int | None:
    """The entry since which `gun` may hold a cartridge although it is called inert, None when nothing says so."""
    since = picture.not_inert.get(gun)
    if since is None:
        return None
    known = picture.guns[gun]
    if picture.rounds_in.get(gun) or any(picture.lying.get((gun, name)) for name in known.positions):
        return since
    later = [line.entry_index for line in picture.conditions.get(gun, ()) if line.entry_index > since]
    testers = {
        done.by
        for entry in later
        for done in acts_of_entry(picture, entry)
        if entry not in picture.doubted
        and entry not in picture.early_tests
        and isinstance(done.act, a.ConditionNoted)
        and (done.act.gun, done.act.work) == (gun, a.Work.CAPABILITY_TESTED)
    }
    tested = any(is_handler(picture, one) and may_witness(picture, two) for one in testers for two in testers - {one})
    return None if tested else since
