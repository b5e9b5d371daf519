"""Which guns stood on something that proved false, for every screen of one hub: worked out once an entry, and only if need be.

Promises: the same answer as `custody.trace_basis` gives for the picture as it is; where nothing was ever taken back,
disputed, found or fired without intent, it costs a look at what is new. What is kept is each thread's own. Does not: judge.
"""

import threading
from dataclasses import dataclass, field
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, RoundKind
from coldcheck.custody.trace_basis import Doubted, doubted_guns

_SHAKES: Final = (a.Retracted, a.Corrected, a.Disputed, a.RoundFound, a.RoundExamined, a.RoundsTested, a.Discharged)
"""Only after one of these can a basis be in doubt."""


@dataclass(slots=True)
class Doubts:
    """What was worked out last, and how far the journal was looked through."""

    picture: Picture | None = None
    looked: int = 0
    may_be: bool = False
    size: int = -1
    guns: dict[Id, Doubted] = field(default_factory=dict)

    def of(self, picture: Picture) -> dict[Id, Doubted]:
        """Every gun in doubt in this picture, as it is now."""
        if picture is not self.picture or picture.size < self.size:
            self.picture, self.looked, self.may_be, self.size, self.guns = picture, 0, False, -1, {}
        if picture.size == self.size:
            return self.guns
        fresh = picture.journal[self.looked :]
        self.may_be = self.may_be or any(_shakes(done.act) for done in fresh)
        self.looked, self.size = len(picture.journal), picture.size
        self.guns = doubted_guns(picture) if self.may_be else {}
        return self.guns


def _shakes(act: a.Act) -> bool:
    told = act.told if isinstance(act, a.Reported) else act
    dull = isinstance(told, a.RoundsTested) and told.kind not in {RoundKind.LIVE, RoundKind.UNKNOWN}
    return isinstance(told, _SHAKES) and not dull


class _Kept(threading.local):
    """The newest answer of one thread: the writing one's, and that of whoever draws past boards."""

    def __init__(self) -> None:
        self.doubts = Doubts()


_KEPT: Final = _Kept()


def doubt_of(picture: Picture, gun: Id, *, checked_entry: int | None) -> Doubted | None:
    """What is in doubt behind a gun since it was last looked into by two, None where nothing is."""
    known = _KEPT.doubts.of(picture).get(gun)
    return known if known is not None and known.by_entry > (checked_entry or -1) else None
