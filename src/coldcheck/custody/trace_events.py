"""The one table that trace, recall and origin read: what happened to whom, one row an event, in the record's order.

A ledger gives it (`trace_live`), and so does the simulator, column for column. It holds numbers only: a *thing* is a
row of the thing table (a round, a spot, a container, a gun, a person, a place), and -1 stands for none. Nothing here
needs numpy: a hub keeps these columns in plain arrays.

What must hold: rows are in the order of entries; a round's row starts where the round's row before it ended (the first
at -1), so an act that says otherwise is preceded by a TURNED_UP row. Rows of kinds that a reader does not know mean
nothing to it. Kinds from 32 on belong to the simulator and the origin engine; the index passes over them.
"""

from enum import IntEnum
from types import MappingProxyType
from typing import Final


class EventKind(IntEnum):
    """What one row says. `item` is what moved, `start` and `end` are where from and where to."""

    PLACED = 0
    """A round, or `count` rounds without identity (item: their parcel), went from `start` to `end`; -1 is outside."""
    TURNED_UP = 1
    """A round is at `end` though the record had it at `start`: no entry says how it came there."""
    HELD = 2
    """A gun or container is in the hands of the person `end`, or, with -1, of somebody whom no entry names."""
    LOCKED = 3
    """It is under lock at the place `end`."""
    LEFT = 4
    """It is unattended at the place `end`."""
    STOWED = 5
    """It lies in the container `end`."""
    DISPUTED = 6
    """Who has it is disputed; `end` is -1."""
    VERIFIED = 7
    """Every round in the thing `end` was tested and proven by two since the last came in: a barrier. `item` is -1."""
    PROVEN = 8
    """The round `item`, lying in `end`, was proven by two people's tests outside any gun."""
    LOOKED = 9
    """Somebody looked into the thing or round `item` and answered: less than a proof, and no barrier."""
    COUNTED = 10
    """Somebody counted `count` rounds in the thing `end`."""
    FIRED = 11
    """The trigger of the gun `item` was pulled: `count` shots, 0 when none broke."""


PLACING: Final = (EventKind.PLACED, EventKind.TURNED_UP)
"""The kinds that make a new version of the thing a round came into; so does VERIFIED."""
HOLDING: Final = (EventKind.HELD, EventKind.LOCKED, EventKind.LEFT, EventKind.STOWED, EventKind.DISPUTED)

COLUMNS: Final = MappingProxyType(
    {"kind": "b", "item": "i", "start": "i", "end": "i", "by": "i", "entry": "i", "count": "H"}
)
"""The columns of the event table with the type of each: `b` one byte, `i` four signed ones, `H` two unsigned ones.

`by` is the person who signed (-1: nobody known), `entry` the entry's index in its log, `count` 1 for a round with
identity. More rounds than `count` can say are several rows.
"""
MOST_COUNTED: Final = 65_535

THING_COLUMNS: Final = MappingProxyType({"letter": "b", "inside": "i", "lot": "i"})
"""One row a thing. `letter` is the code of its id's first letter: r round, c container, g gun, p person, w place.

A cell of a container or a position of a gun is a thing of its own, with letter s (spot), and `inside` names the
container or gun; else `inside` is -1. `lot` is the number of a round's lot, -1 where none is recorded. Rounds that were
only counted are one parcel for each lot and thing they came into: a thing with letter q, which never leaves it.
"""

NONE: Final = -1
BEHIND_BARRIER: Final = -2
"""A predecessor `p` behind a full verification stands in `before` as -2 - p, so that -1 stays "none"."""
ROUND: Final = ord("r")
PARCEL: Final = ord("q")
SPOT: Final = ord("s")
PERSON: Final = ord("p")
