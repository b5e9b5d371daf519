"""What is on a film set: guns, rounds, lots, containers, places, people, as the record names them.

Everything here is frozen; `state.Picture` holds the changing whole and replaces these values one by one.
Ids are opaque (a letter and 12 characters); a label such as "Colt-1" is for people and never a key.

    >>> position_names(chambers=2, bores=1, capability=True)
    ('1', '2', 'bore', 'capability')
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

Id: TypeAlias = str
HUB: Final = "HUB"
"""The label, in set days, of the hub's own acting key; it signs `lapsed` and the opening of a production."""


class RoundKind(StrEnum):
    """What a round is said or found to be. UNKNOWN is treated as LIVE everywhere."""

    LIVE = "live"
    BLANK = "blank"
    DUMMY = "dummy"
    SNAP_CAP = "snap_cap"
    UNKNOWN = "unknown"


class Truth(StrEnum):
    """How well the record supports a thing. Decisions treat CLAIMED as UNKNOWN, and UNKNOWN as live."""

    PROVEN = "proven"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"


class Inspection(StrEnum):
    """The four kinds of inspection, each of which proves something else."""

    TESTED = "tested"
    SEEN = "seen"
    COUNTED = "counted"
    LABEL_READ = "label_read"


class PlaceClass(StrEnum):
    STORE = "store"
    SET = "set"
    RANGE = "range"
    QUARANTINE = "quarantine"
    TRANSIT = "transit"
    PRIVATE = "private"


class ContainerKind(StrEnum):
    BOX = "box"
    TRAY = "tray"
    BAG = "bag"
    BELT = "belt"
    VAULT = "vault"
    CART = "cart"
    CASE = "case"
    MAGAZINE = "magazine"
    POCKET = "pocket"
    BIN = "bin"


class Capability(StrEnum):
    """W0 cannot hold a cartridge, W1 gas or electric, W2 blank only, W3 can chamber a live round, W4 no gun: a blade, a bow."""

    W0 = "W0"
    W1 = "W1"
    W2 = "W2"
    W3 = "W3"
    W4 = "W4"


class ActionType(StrEnum):
    SINGLE_ACTION = "single_action"
    DOUBLE_ACTION = "double_action"
    LEVER = "lever"
    BOLT = "bolt"
    PUMP = "pump"
    BREAK = "break"
    SEMI_AUTOMATIC = "semi_automatic"
    REPLICA = "replica"


MAY_BE_DONE: Final[Mapping[ActionType, tuple[str, ...]]] = MappingProxyType(
    {
        ActionType.SINGLE_ACTION: ("draw", "aim", "cock", "lower_hammer", "fire", "open_gate"),
        ActionType.DOUBLE_ACTION: ("draw", "aim", "cock", "lower_hammer", "fire", "swing_out_cylinder"),
        ActionType.LEVER: ("raise", "aim", "work_lever", "lower_hammer", "fire"),
        ActionType.BOLT: ("raise", "aim", "work_bolt", "fire"),
        ActionType.PUMP: ("raise", "aim", "work_slide", "fire"),
        ActionType.BREAK: ("raise", "aim", "break_open", "fire"),
        ActionType.SEMI_AUTOMATIC: ("draw", "aim", "rack_slide", "change_magazine", "fire"),
        ActionType.REPLICA: ("draw", "aim", "throw", "drop"),
    }
)
"""What a gun of this type of action can be asked to do at all, as keys. A scene's set-up card names fewer."""


class Role(StrEnum):
    """Roles of a production. A person may have several; which one acts is what the act is about."""

    ARMORER = "armorer"
    PROPERTY_MASTER = "property_master"
    ASSISTANT_PROPERTY_MASTER = "assistant_property_master"
    FIRST_AD = "first_ad"
    SAFETY_ADVISOR = "safety_advisor"
    PERFORMER = "performer"
    CAMERA = "camera"
    DIRECTOR = "director"
    CREW = "crew"
    COSTUME = "costume"
    SUPPLIER = "supplier"
    MAKER = "maker"
    EMPLOYER = "employer"
    POLICE = "police"
    COMPILER = "compiler"
    OUTSIDER = "outsider"
    HUB = "hub"


HANDLER_ROLES: Final = frozenset({Role.ARMORER, Role.PROPERTY_MASTER, Role.ASSISTANT_PROPERTY_MASTER})
"""Who may prepare, load, show and hand out (domain: `handler`)."""
WITNESS_ROLES: Final = HANDLER_ROLES | {Role.FIRST_AD, Role.SAFETY_ADVISOR}
"""Who may be the second to answer: the first AD, the safety advisor, or another handler."""
RELEASE_ROLES: Final = (Role.ARMORER, Role.FIRST_AD, Role.EMPLOYER)
"""The three who together lift a stop, each with an act of his own."""


class Relation(StrEnum):
    """How a lot came out of its parents; the edges of the lot DAG."""

    BOUGHT_FROM = "bought_from"
    SPLIT_OF = "split_of"
    MERGED_FROM = "merged_from"
    REPACKED_FROM = "repacked_from"
    RELOADED_FROM = "reloaded_from"
    RETURNED_FROM = "returned_from"
    DRESSED_IN = "dressed_in"


class Hold(StrEnum):
    """Who has a thing: exactly one of these at any entry."""

    PERSON = "person"
    LOCKED = "locked"
    UNATTENDED = "unattended"
    INSIDE = "inside"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of the production, by pseudonym. `name` is the commitment of the sealed name, never the name."""

    person: Id
    label: str
    name: str
    roles: frozenset[Role]
    key: Id
    key_class: str
    public: str
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gun:
    """One gun as registered. `positions` in the order people answer them: chambers, bores, capability."""

    gun: Id
    label: str
    word_name: str
    serial: str
    action: ActionType
    calibre: str
    capability: Capability
    chambers: int
    bores: int
    positions: tuple[str, ...]
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Rounds that share one origin and one construction. `strong` lists those of `tests` that prove kind by themselves."""

    lot: Id
    label: str
    calibre: str
    kind: RoundKind
    tests: tuple[str, ...]
    strong: tuple[str, ...]
    count: int
    parents: tuple[tuple[Relation, Id], ...]
    entry_index: int
    maker: str = ""
    """Who made the rounds, where somebody said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A thing rounds lie in: box, tray, bag, gun belt, vault, cart. `cells` is 0 where content is only counted."""

    container: Id
    label: str
    kind: ContainerKind
    cells: int
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    place: Id
    label: str
    place_class: PlaceClass
    parent: Id
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a round is: a cell of a container, a position of a gun, or loose in a place ("" as cell)."""

    thing: Id
    cell: str


@lru_cache(maxsize=16_384)
def spot_of(thing: Id, cell: str) -> Spot:
    """The spot; the same few cells come again and again, and one frozen object serves every time."""
    return Spot(thing=thing, cell=cell)


class Custody(NamedTuple):
    """Who had a thing from one entry on. `who` is a person, a place, or the container it lies in; "" when unknown."""

    hold: Hold
    who: Id
    entry_index: int
    at: str
    boot: str
    mono_ms: int
    signer: Id
    reported: bool


class Placement(NamedTuple):
    """One recorded step of one round. `start` and `end` are None where the act does not say.

    `spot_seen` is the last entry before this one that says no unrecorded round lay where the step begins (at `end` for
    a find), None if no entry ever did: the near side of a gap when nothing says how the round got there.
    """

    entry_index: int
    act: str
    signer: Id
    start: Spot | None
    end: Spot | None
    holder: Id
    spot_seen: int | None
    reported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody declared to be at a place, from one entry to another (None: still there)."""

    person: Id
    place: Id
    from_entry: int
    to_entry: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cartridge:
    """One round with an identity. `label` is "" for rounds known by their cell only; `lot` is "" when not recorded.

    `marked_entry` is the entry that gave it its mark, None where none did.
    """

    round_id: Id
    label: str
    lot: Id
    said: RoundKind
    entry_index: int
    marked_entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The moment a question is about. Durations are differences of `mono_ms` under one `boot`; across boots they lapsed."""

    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule not met: its id and what was found, as parameters (never a sentence, never a word against a person)."""

    rule: str
    found: tuple[tuple[str, str], ...]


def position_names(*, chambers: int, bores: int, capability: bool) -> tuple[str, ...]:
    """Names of a gun's positions in answering order: "1".."n", "bore" (or "bore1".. when several), "capability"."""
    numbered = tuple(str(number) for number in range(1, chambers + 1))
    bore_names = ("bore",) if bores == 1 else tuple(f"bore{number}" for number in range(1, bores + 1))
    return numbered + bore_names + (("capability",) if capability else ())


def same_time(*, since: Now, until: Now) -> int | None:
    """Milliseconds from `since` to `until` under one boot, or None: across a restart every time limit has run out."""
    return until.mono_ms - since.mono_ms if since.boot == until.boot else None
