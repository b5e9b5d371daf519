"""The event table as numpy columns, and the index over it: append-only arrays that can be thrown away and rebuilt.

Promises: the same rows give the same arrays, whichever way they were built; nothing here reads anything but its
arguments. A page and a command get the same answer from it as a walk over the whole record would give.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.int8]
Numbers: TypeAlias = npt.NDArray[np.int32]
Seconds: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTable:
    """Events in the record's order, the things they name, and the hub's time of each entry.

    Columns of events have one length, so have those of things; `entry_at_s` has one row an entry (seconds since 1970).
    What each column means is said in `trace_events`.
    """

    kind: Bytes
    item: Numbers
    start: Numbers
    end: Numbers
    by: Numbers
    entry: Numbers
    count: Numbers
    letter: Bytes
    inside: Numbers
    lot: Numbers
    entry_at_s: Seconds
