"""What a hub keeps of machines that cosign its log: all of the named ones, and of strangers only as much as a set can have.

Anybody on the set's network may make a key and cosign, because phones do. So a stranger's lines must not fill the disk, crowd a
named cosigner out of the seal (a note holds 100 lines), or cost the writing thread more than one look.

Promises: a cosigner that an officer named is never turned away for strangers' sake. Of a stranger one line in ten minutes is
kept, the newest, so that the lines of a wrap are those of its last checkpoint. What is turned away is said in a sentence.

Does not do: verify a line, which is done before it is kept; or say whose a stranger's key is.
"""

from dataclasses import dataclass, field
from typing import Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.store_sqlite import SqliteStore

MOST_STRANGERS: Final = 300
"""More phones than any set has."""
MOST_STRANGERS_A_SIZE: Final = 60
MOST_LINES: Final = 50_000
MOST_NAME: Final = 100
SPACING_MS: Final = 600_000


class TooManyLines(ColdcheckError):
    """A hub keeps no more lines of cosigners that no officer named. Have an officer name this cosigner's key, or wait."""


@dataclass(slots=True)
class Strangers:
    """The strangers of one run of the hub: of whom a line is kept, and of which size and when the last one is."""

    store: SqliteStore
    known: set[str] = field(default_factory=set)
    last: dict[str, tuple[int, int]] = field(default_factory=dict)
    lines: int = 0

    def __post_init__(self) -> None:
        self.known = set(self.store.cosigner_vkeys())
        self.lines = self.store.cosignature_count()

    def verify_room(self, vkey: str, *, tree_size: int) -> None:
        """Nothing, if a line by this stranger for that size may be kept. Raises TooManyLines."""
        if len(vkey) > MOST_NAME + 100:
            raise TooManyLines(f"A cosigner's name has at most {MOST_NAME} letters here; take a shorter one.")
        if vkey not in self.known and len(self.known) >= MOST_STRANGERS:
            raise TooManyLines(
                f"Lines of {MOST_STRANGERS} cosigners are here, and no officer named this one. Have one name its key."
            )
        if self.lines >= MOST_LINES:
            raise TooManyLines(
                "There are more cosignatures here than any production needs; strangers' are taken no more."
            )
        if self.store.cosignature_count(tree_size=tree_size) >= MOST_STRANGERS_A_SIZE:
            raise TooManyLines(
                f"{MOST_STRANGERS_A_SIZE} cosigners have signed this checkpoint already; cosign a newer one."
            )

    def took(self, vkey: str, *, tree_size: int, mono_ms: int) -> None:
        """Nothing; this stranger's line for that size is kept, and his last one no more if it was a moment ago."""
        before = self.last.get(vkey)
        if before is not None and before[0] < tree_size and mono_ms - before[1] < SPACING_MS:
            self.store.drop_cosignature(before[0], vkey)
            self.last[vkey] = (tree_size, before[1])
        else:
            self.lines += 1
            self.last[vkey] = (tree_size, mono_ms)
        self.known.add(vkey)
