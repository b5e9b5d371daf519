"""Every act as a frozen dataclass, and its one plain form.

An act is a past fact about its signer's own doing; what somebody saw another do is a `Reported`. The class name in
CamelCase is the wire name in snake case. `read_act` is strict: an unknown field, a missing one or a wrong type is
`BadAct`. A type nobody here knows becomes `UnknownAct`: it is kept, counted, and ends every call on what it names.

    >>> plain(PutDown(item="g0000000000AA", place="w0000000000AB"))
    {'act': 'put_down', 'item': 'g0000000000AA', 'place': 'w0000000000AB'}
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import sha256
from operator import itemgetter
from types import MappingProxyType
from typing import Final, TypeAlias, get_args, get_origin, get_type_hints

from coldcheck.custody.things import (
    ActionType,
    Capability,
    ContainerKind,
    Id,
    PlaceClass,
    Relation,
    Role,
    RoundKind,
)
from coldcheck.proof.encoding import Plain, decode, encode
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Sealed

ID_FORM: Final = re.compile(r"[grlcpwaks][0-9A-HJKMNP-TV-Z]{12}")
COMMITMENT_FORM: Final = re.compile(r"[0-9a-f]{64}")
MAX_TEXT: Final = 60_000
"""The longest text is a rulebook file; no entry could carry more."""


class BadAct(ColdcheckError):
    """An act whose form is not ours: it becomes no entry. Send it again with the fields named in the sentence."""


class CallWord(StrEnum):
    """The four calls. There is no bare "cold"."""

    COLD_EMPTY = "COLD-EMPTY"
    COLD_DUMMY = "COLD-DUMMY"
    HOT_BLANK = "HOT-BLANK"
    INERT = "INERT"


class Holds(StrEnum):
    """What somebody answers about one position."""

    EMPTY = "empty"
    CLEAR = "clear"
    INERT = "inert"
    DUMMY = "dummy"
    BLANK = "blank"
    LIVE = "live"
    ROUND = "round"
    UNKNOWN = "unknown"


class Mishap(StrEnum):
    """What may befall a gun and soils its proofs (V09, V10)."""

    MISFIRED = "misfired"
    HAMMER_FELL = "hammer_fell"
    DROPPED = "dropped"
    JAMMED = "jammed"
    CLEANED = "cleaned"
    REPAIRED = "repaired"
    BROKEN = "broken"
    OPENED = "opened"


class Work(StrEnum):
    """What was done to a gun, for its condition file. Only the last three change the gun itself."""

    INSPECTED = "inspected"
    TESTED = "tested"
    CAPABILITY_TESTED = "capability_tested"
    PART_FITTED = "part_fitted"
    PART_REMOVED = "part_removed"
    REPAIRED = "repaired"


class Ending(StrEnum):
    """How a gun or container left the production."""

    RETURNED_TO_OWNER = "returned_to_owner"
    DESTROYED = "destroyed"
    LOST = "lost"


class Grade(StrEnum):
    """How a public report is supported. CONTRADICTORY rows are entered once per account."""

    STATEMENT = "statement"
    DOCUMENT = "document"
    TESTIMONY = "testimony"
    INQUIRY = "inquiry"
    PRESS = "press"
    ARGUMENT = "argument"
    CONTRADICTORY = "contradictory"


class Activity(StrEnum):
    """What is done in front of the camera; blocking is walking it through without the gun doing anything."""

    BLOCKING = "blocking"
    REHEARSAL = "rehearsal"
    TAKE = "take"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """One cell and the round that lies in it ("" when the round is not identified)."""

    cell: str
    round_id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer about one position, `ms` after the first of its act; the order of rows is the order of answering."""

    position: str
    holds: Holds
    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One round between a gun position and a cell. `round_id` is "" when not identified, `thing` "" when not said."""

    position: str
    round_id: Id
    thing: Id
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """One round of a turnaround: out of its position, tested and back, `ms` after the first of its act."""

    position: str
    round_id: Id
    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One duty of the day and who is to own it."""

    duty: str
    person: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """One round from a cell to a cell."""

    round_id: Id
    from_cell: str
    to_cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentRow:
    relation: Relation
    parent: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A reported time: RFC 3339 minutes or days, "" for unknown. No decision reads it."""

    start: str
    end: str


# --- the production and its people ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionOpened:
    """Entry 0. `vkey` is the log's key; the hub's own acting key signs this act."""

    production: str
    name: Sealed
    vkey: str
    key: Id
    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookAdopted:
    """A rulebook file comes into force, text and all (at most 60,000 bytes), for every entry after this one."""

    name: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEnrolled:
    person: Id
    label: str
    name: Sealed
    roles: tuple[Role, ...]
    key: Id
    key_class: str
    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerNamed:
    """In entry 0 only: who may confirm people's keys. The officer's own key follows as `KeyEnrolled`, and signs as well."""

    person: Id
    label: str
    name: Sealed
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnrolled:
    """A key asks to be known as `person`'s, and signs this itself: possession. It counts once it is confirmed.

    A passkey has `rp`, `origins` and the hash of its credential id; other classes leave these empty. `device` is the
    hash of an id the device made for itself, so that two people's keys on one device are known as such.
    """

    person: Id
    key: Id
    key_class: str
    public: str
    rp: str
    origins: tuple[str, ...]
    credential: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentConfirmed:
    """One of two officers: I know that this key is that person's. `sha256` is over the `KeyEnrolled` act it is about."""

    key: Id
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRow:
    """One person of a crew list. `card` is the hash of the public key on his join card."""

    person: Id
    label: str
    name: Sealed
    roles: tuple[Role, ...]
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewListed:
    """One officer's crew list; it counts once a second officer has confirmed it."""

    rows: tuple[CrewRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewConfirmed:
    """The second officer's word on a crew list, named by the hash of its act."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyClaimed:
    """After `KeyEnrolled` in the same entry: the holder of the join card takes his place on the list with this key.

    `card` is the public key on the card, `proof` what the card's key signed: see `proof.keys.verify_join_card`.
    """

    key: Id
    card: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked:
    """From the next entry on this key signs nothing. `reason` is a key: lost, left, suspect, replaced."""

    key: Id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated:
    """Signed by the old key: the new one, which signed its own `KeyEnrolled`, takes its place."""

    old: Id
    key: Id
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUnlocked:
    """Signed by a person's passkey: the user was verified now, and this device key of his may act for `seconds`."""

    key: Id
    sha256: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """The hub keeps what a revoked key signed: its hash, whose key it was, what it names. It proves nothing."""

    sha256: str
    key: Id
    reason: str
    named: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochOpened:
    """A hub that was restored, cloned or replaced writes on, under a new log key; what it did not recover is unknown.

    `public` is the new log key, 32 bytes in hex. `seen_size` and `seen_root` are the newest head known from elsewhere,
    its own when there is no longer one. `reason` is a key: restored, cloned, replaced.
    """

    epoch: int
    public: str
    seen_size: int
    seen_root: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningErased:
    """Asks that the words behind these commitments be destroyed. `reason` is a key: asked_by_person, time_is_over."""

    commitments: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldPlaced:
    """Nothing is erased until this is lifted. `scope` and `reason` are keys: what it is about, and who asked."""

    scope: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldLifted:
    """One of two parts; `hold` is the entry that placed it."""

    hold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerNamed:
    """An officer says which machine elsewhere remembers this log, by its key; the hub, where no officer is named.

    `vkey` is a cosigner's (docs/format.md, 4.1). It counts for that cosigner's lines wherever they stand, earlier ones too.
    """

    vkey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOpened:
    """The signer goes on a duty; an exclusive one allows nothing beside it until it is closed."""

    duty: str
    exclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyClosed:
    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesListed:
    """The duty matrix of a day: every duty with its owner, who accepts it by his own signature."""

    day: int
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyAccepted:
    """The signer owns this duty of the day."""

    day: int
    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAdopted:
    """The words of this production, what each call means among them, by the hash of their text."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsSigned:
    """The signer has read the words of this hash and uses them so."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageOpened:
    """From here on `subject` is recorded at `place`, so that "nothing recorded" has a meaning."""

    subject: str
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageClosed:
    subject: str
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCompared:
    """What another clock (studio, camera, radio) reads at this moment, and how far off the reading may be. Nothing decides by it.

    `reads` is that clock's time as entries write it; one that is no time compares nothing.
    """

    clock: str
    reads: str
    bound_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesSealed:
    """The hub's own: the hash of its delivery log (which screen was told of a void or STOP, when each showed it) for a range of entries.

    `to_entry` is not in the range. It counts only if it begins where the one before ended, and names no entry after itself.
    """

    from_entry: int
    to_entry: int
    rows: int
    sha256: str


# --- things and where they come from -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRegistered:
    place: Id
    label: str
    place_class: PlaceClass
    parent: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRegistered:
    container: Id
    label: str
    kind: ContainerKind
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GunRegistered:
    gun: Id
    label: str
    word_name: str
    serial: str
    action: ActionType
    calibre: str
    capability: Capability
    chambers: int
    bores: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRegistered:
    lot: Id
    label: str
    calibre: str
    kind: RoundKind
    count: int
    tests: tuple[str, ...]
    strong: tuple[str, ...]
    parents: tuple[ParentRow, ...]
    maker: str = ""
    """Who made these rounds, in one word as it stands on the box; empty where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMarked:
    """A round gets a label of its own (an engraved mark, or the label of a find)."""

    round_id: Id
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestSent:
    """The supplier says before a delivery what will come: these guns, these lots, and nothing else."""

    to: Id
    guns: tuple[Id, ...]
    lots: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedIn:
    """The signer has read the serial from the metal of a gun that came in. Two people's make it accepted."""

    gun: Id
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRecalled:
    """Something is wrong with a lot: none of its rounds, nor of lots made from it, is proven any more.

    `reason` is a key. "live_round" and "unknown_round" say that such a round was found in it, in whoever's stock: where
    anything of the lot came in, that stops the set like a find of one's own.
    """

    lot: Id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotClosed:
    """Nothing of the lot is left here; `holder` is who has what became of it."""

    lot: Id
    holder: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftProduction:
    """A gun or container has left for good. `to` is who has it now, "" where nobody has."""

    item: Id
    how: Ending
    to: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The supplier's half of a receipt: this lot, in this container, to this person."""

    lot: Id
    container: Id
    count: int
    to: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The receiver's half: which round lies in which cell. `source` is "" when nobody signed for the other side."""

    lot: Id
    container: Id
    source: Id
    cells: tuple[CellRow, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """Something came in that no supplier signed for: loose rounds, a belt that arrived filled, a private bag.

    `count` is 0 where it is not said; so in `Poured` and `Disposed`.
    """

    item: Id
    origin: str
    count: int


# --- custody -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SealApplied:
    """A container is closed with a numbered seal."""

    container: Id
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealBroken:
    """The signer breaks a container's seal, or finds it broken; `seal` is the number read from it."""

    container: Id
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTo:
    """The signer carries what he has in hand to another place."""

    item: Id
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class SetApart:
    """Not to be used until somebody says otherwise: a gun, a container, a lot or a round."""

    item: Id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readmitted:
    """A handler takes back into use what was set apart. It proves nothing."""

    item: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedUp:
    item: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PutDown:
    """The signer leaves a gun or container where it is, with nobody's hand on it."""

    item: Id
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    item: Id
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Stowed:
    """A gun or container goes into another container; who has the outer one has it."""

    item: Id
    container: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    item: Id
    to: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The receiver's half of a hand-over. `tag` and `serial` are what he read off the gun as he took it, as in a call."""

    item: Id
    giver: Id
    tag: Id = ""
    serial: str = ""


# --- rounds --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Identified rounds from one container's cells to another's."""

    start: Id
    end: Id
    rows: tuple[MoveRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poured:
    """Rounds without identity from one container to another: the content becomes a mix of both."""

    start: Id
    end: Id
    lot: Id
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsTested:
    """One answer per round, by named tests made outside any gun. `kind` is what they show the rounds to be.

    No rows: some of the rounds in `thing` were tested, and which is not said. It proves nothing; a failed test stops.
    """

    thing: Id
    rows: tuple[CellRow, ...]
    tests: tuple[str, ...]
    kind: RoundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsSeen:
    """Rounds looked at, not tested: it proves no kind. No rows: `thing` was looked through."""

    thing: Id
    rows: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRead:
    """What a label says, which proves nothing about the content."""

    thing: Id
    kind: RoundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one person counted without seeing the expected number; two such acts by two people make a count."""

    thing: Id
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFound:
    """A round is where it was not expected, or is not what was expected. It opens a stop unless it is a known dummy."""

    round_id: Id
    label: str
    thing: Id
    cell: str
    kind: RoundKind
    fired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundExamined:
    """The kind of a find, established later by examination."""

    round_id: Id
    kind: RoundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposed:
    """Rounds left the production otherwise than back to their owner: thrown away, destroyed, lost."""

    thing: Id
    count: int
    how: str


# --- the gun -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The handler's own answers: each named position looked into and found empty, clear or unable to hold a round."""

    gun: Id
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The second person's answers about positions another has just answered or loaded."""

    gun: Id
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    gun: Id
    rows: tuple[LoadRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloaded:
    gun: Id
    rows: tuple[LoadRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MagazineInserted:
    """A magazine, speedloader or belt goes into the gun; what is in it can reach a chamber from here on."""

    gun: Id
    container: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MagazineRemoved:
    gun: Id
    container: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """The handler's turnaround: each round out into the hand, its position empty, the round tested and put back.

    It is short for those acts row by row (`moves.single_rows`), and proves on two sheets only, like any procedure.
    """

    gun: Id
    rows: tuple[TurnRow, ...]
    tests: tuple[str, ...]
    kind: RoundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSeen:
    """The second person's answers to a turnaround: each position seen empty, its round tested, and seen back."""

    gun: Id
    rows: tuple[TurnRow, ...]
    tests: tuple[str, ...]
    kind: RoundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Showed:
    """The handler opens the gun to one person; `positions` is what was offered to the eye."""

    gun: Id
    to: Id
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The viewer's own answers in a show."""

    gun: Id
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowClosed:
    gun: Id
    to: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The caller's part of a call. `count` is n, `powder` the blank load ("" otherwise).

    `scene` is the plan it is for, or a run of that plan. `tag` is the id in the code that the caller's device read off
    the thing before him, `serial` what he read from the metal; an act in which one is left out does not say it.
    """

    gun: Id
    call: CallWord
    count: int
    powder: str
    scene: str
    tag: Id = ""
    serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The call is said to all on the floor, and whoever stands in the line was offered a look with it."""

    gun: Id
    call: CallWord
    count: int
    powder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    gun: Id
    call: CallWord
    count: int
    powder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Words about a gun's state to somebody: weaker than seeing, never a basis. `gist` is a key, the words are sealed."""

    gun: Id
    to: Id
    gist: str
    words: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharged:
    """A shot. `planned` says whether it was; `hit` lists the persons hit."""

    gun: Id
    planned: bool
    shots: int
    hit: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GunMishap:
    gun: Id
    mishap: Mishap


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The signer read the serial, or the label's code, of the gun he has before him as `gun`."""

    gun: Id
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionNoted:
    """A line of a gun's condition file. `photo` is the hash of a picture, "" when there is none."""

    gun: Id
    work: Work
    photo: str
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinsMarked:
    """These look alike in the scene and can do different things; every scan of one shows the others."""

    guns: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A gun or container gets another label, and a gun another word it goes by; "" leaves the word as it is."""

    item: Id
    label: str
    word_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingAllowed:
    """What may be done with this gun, beyond what its type of action says: keys such as draw, cock, fire."""

    gun: Id
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCalled:
    """Help was called, and where to: `service` is a key such as ambulance."""

    service: str
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class SightLost:
    gun: Id


# --- the day -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed:
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePlanned:
    """What will be done with which guns, where, by whom, with whom in the muzzle line; made ahead, never after."""

    scene: str
    activity: Activity
    place: Id
    guns: tuple[Id, ...]
    call: CallWord
    performer: Id
    line: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformerAdded:
    """A further performer to whom the gun goes in a planned scene, out of the handler's hand and back into it each time."""

    scene: str
    gun: Id
    performer: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlanned:
    """One set-up of a scene done several times: `parts` names each in advance, rehearsals and takes, in order."""

    run: str
    scene: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpSigned:
    """A set-up card: who is in the line, where the muzzle points, what is done with the gun, how near anybody is.

    In force once first AD and a handler have each signed the same. `distance_ft` is 0 where it is not said.
    """

    scene: str
    activity: Activity
    line: tuple[Id, ...]
    muzzle: str
    actions: tuple[str, ...]
    distance_ft: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpAnswered:
    """The signer has read the set-up card in force for the scene, and what it means for him: briefed."""

    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorNamed:
    """Who may direct what is done with guns in this scene. Anybody else's direction goes through the keeper."""

    scene: str
    person: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionGiven:
    """The signer told somebody to do this with the gun: a key such as draw, aim, cock."""

    scene: str
    gun: Id
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDecided:
    """Why this gun and nothing less is used in the scene, with what else was considered, by who decides it."""

    scene: str
    gun: Id
    alternatives: tuple[str, ...]
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChanged:
    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """The signer was at the meeting for the scene: briefed."""

    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecorded:
    """The signer has seen somebody else's licence, permit or course paper. `until` is its last day, YYYY-MM-DD."""

    person: Id
    paper: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingGiven:
    """The signer, a handler, trained `person` on this gun, good until this day (YYYY-MM-DD) where one is said."""

    person: Id
    gun: Id
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountableNamed:
    """From here on `person` answers for the matter: a key such as "questions" or "firearms"."""

    matter: str
    person: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecorded:
    """A paper of this kind is there and the signer stands by it: about a scene, a thing, or (both "") the production.

    `title` says which paper it is, sealed; where it is a file, the title ends with the file's hash.
    """

    paper: str
    title: Sealed
    scene: str
    thing: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceDeclared:
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceEnded:
    place: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """The signer stands in the muzzle line of a gun."""

    gun: Id


# --- stops, concerns, the incident ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    reason: str
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLifted:
    """One of three parts: armorer, first AD and employer each sign one, with the cause as each sees it."""

    stop: int
    cause: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRaised:
    concern: str
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernPassedOn:
    """A concern in somebody else's words, who is an opening that the safety advisor may read. `gun` is "" for none."""

    concern: str
    gun: Id
    author: Sealed
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMissLogged:
    """Something nearly happened. It stops the set until three have signed what it was. `gun` is "" for none."""

    gun: Id
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswered:
    concern: str
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToSee:
    gun: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The incident freeze: everything is held as evidence where it lies."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTaken:
    item: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReleased:
    """The police let go of an item, which somebody else has now."""

    item: Id
    to: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """When somebody came to know a thing: `fact` is a key such as "live_round"; `source` who told, "" when not said."""

    fact: str
    source: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    """A person's own words, sealed. They are kept beside the record and decide nothing."""

    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What an earlier entry should have said, in words; what it proved, it proves no more."""

    entry: int
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """The hub notes that a call's time ran out. A late or missing one changes nothing: the end is computed."""

    gun: Id
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBegan:
    """First act of a sheet by two people: both sheets name the procedure and each other.

    `manner` says how the two answered: "answers_not_shown", "spoken", "same_device" or "attended".
    """

    procedure: str
    other: Id
    manner: str


class Capture(StrEnum):
    """Where a picture came from: taken in the set screens themselves, or brought in as a file, which says less."""

    CAMERA = "camera"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographed:
    """A picture of a cylinder or tray by its hash; the bytes lie beside the record. `procedure` is "" outside a sheet.

    `cells` are what the signer cut out, each `POSITION@XxY+HALF` in thousandths of the picture's width. It proves nothing.
    """

    procedure: str
    item: Id
    sha256: str
    capture: Capture
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEnded:
    """A sheet by two is cut short by one of the two, or by the handler who has its gun; what it says proves nothing.

    Last act of a half that is signed as far as it got, or alone.
    """

    procedure: str
    gun: Id


# --- the inquiry: papers, what they say, and the registers ----------------------------------------------------------
# None of these acts touches a gun, a round or a call. Their own things have ids that begin with "s".


class SourceKind(StrEnum):
    RECORDING = "recording"
    SIGNED_ACCOUNT = "signed_account"
    TRANSCRIPT = "transcript"
    COURT_DOCUMENT = "court_document"
    ARTICLE = "article"
    POST = "post"
    PHOTO = "photo"


class StatementKind(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    DOCUMENT = "document"


class Unnamed(StrEnum):
    """Why a speaker has no name in the source; NOT_SAID where he has one, or where nothing says why."""

    NOT_SAID = ""
    KEPT_BACK = "kept_back"
    ASKED_NOT_TO_BE = "asked_not_to_be"
    FOR_AN_OFFICE = "for_an_office"
    PROTECTED = "protected"
    NOT_KNOWN = "not_known"


class Stance(StrEnum):
    """How a claim is put forward. To decline is an answer too."""

    ASSERT = "assert"
    DENY = "deny"
    BELIEF = "belief"
    HEARSAY = "hearsay"
    QUESTION = "question"
    DECLINE = "decline"


class Knowledge(StrEnum):
    """What the speaker says he knows it from."""

    DID = "did"
    SAW = "saw"
    WAS_TOLD = "was_told"
    INFERS = "infers"
    HABIT = "habit"
    NOT_SAID = "not_said"


class TimeOf(StrEnum):
    """Which of the four times of a statement: spoken, taped, sent out, printed."""

    SAID = "said"
    RECORDED = "recorded"
    AIRED = "aired"
    PUBLISHED = "published"


class Tie(StrEnum):
    """How a person ties two claims together."""

    SAME = "same"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    TENSION = "tension"


class QuestionOrigin(StrEnum):
    ASKED = "asked"
    DISPUTE = "dispute"
    GAP = "gap"
    RULE = "rule"


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED_BY_RECORD = "answered_by_record"
    ANSWERED_BY_EXHIBIT = "answered_by_exhibit"
    DISPUTED = "disputed"
    CANNOT_BE_KNOWN = "cannot_be_known"


class Reply(StrEnum):
    """What came back when somebody was asked. Silence is no answer and is not recorded as one."""

    REPLIED = "replied"
    DECLINED = "declined"
    CORRECTED = "corrected"


class Relevance(StrEnum):
    """What an agency judged of an exhibit. Whatever it is, the exhibit stays in the register."""

    NOT_EXAMINED = "not_examined"
    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    NOT_SIMILAR = "not_similar"


class MatterKind(StrEnum):
    INTERNAL = "internal"
    WORK_SAFETY = "work_safety"
    INSURANCE = "insurance"
    CIVIL = "civil"
    CRIMINAL = "criminal"


class MatterStatus(StrEnum):
    OPEN = "open"
    REFERRED = "referred"
    UNDER_INVESTIGATION = "under_investigation"
    CHARGED = "charged"
    DECIDED = "decided"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """Code points of a source as stored, half open."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """One of the times of a statement as an interval, and the words it came from."""

    of: TimeOf
    words: Sealed
    when: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A word of the trade as the speaker used it, and what he meant by it, as keys."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRow:
    """What an entry would look like that a claim speaks of.

    `fixed` must hold for an entry to be about it at all; `wanted` is what the claim says; `slots` are the wanted fields
    that can have one value only, so that another value there differs. The window is `when` ("" open) or, where `entries`
    holds two numbers, from one entry to the other. `sure` is False where the claim's own time is not.
    """

    act_name: str
    fixed: tuple[FieldRow, ...]
    wanted: tuple[FieldRow, ...]
    slots: tuple[str, ...]
    subject: str
    place: Id
    when: Interval
    entries: tuple[int, ...]
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterOpened:
    ref: Id
    label: str
    kind: MatterKind
    status: MatterStatus
    title: Sealed
    when: Interval
    source: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterChanged:
    """Kind and status from here on; nothing that was filed under it changes."""

    regarding: Id
    kind: MatterKind
    status: MatterStatus
    when: Interval
    source: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtRow:
    """What a court paper is cited by: the court, its number there, who swore it and when. `affiant` is "" off the crew list."""

    court: Sealed
    number: Sealed
    affiant: Id
    affiant_words: Sealed
    sworn: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiled:
    """A paper, recording or picture, byte for byte under its hash. `struck` is marked as no part of it, and kept.

    `court` is one row for a court paper, and left out for any other.
    """

    ref: Id
    label: str
    kind: SourceKind
    sha256: str
    size_bytes: int
    media: str
    title: Sealed
    outlet: Sealed
    url: Sealed
    published: Interval
    captured: Interval
    how: str
    derived_from: Id
    struck: tuple[SpanRow, ...]
    court: tuple[CourtRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecorded:
    """The signer confirms who said what in a source. `suggested_by` names the rules, "" when marked by hand.

    What follows it is left out where it does not apply: `paragraph` as the source numbers it, `unnamed` why the speaker has
    no name, `speaks_of` the other source that the statement is about, `on_behalf_words` for whom, off the crew list.
    """

    ref: Id
    label: str
    source: Id
    spans: tuple[SpanRow, ...]
    kind: StatementKind
    speaker: Id
    speaker_words: Sealed
    on_behalf_of: Id
    cue: Sealed
    addressee: Sealed
    outlet: Sealed
    times: tuple[TimeRow, ...]
    nested_in: Id
    rendering_of: Id
    suggested_by: str
    paragraph: str = ""
    unnamed: Unnamed = Unnamed.NOT_SAID
    speaks_of: Id = ""
    on_behalf_words: tuple[Sealed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementConfirmed:
    """A second person has held the statement against its source."""

    statement: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesRead:
    """The signer looked at these passages and found no statement in them."""

    source: Id
    spans: tuple[SpanRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade:
    """One plain proposition out of a statement, put positively; `denied` when the speaker says it is not so.

    `chain` runs from the outermost teller inwards, without the speaker of the statement: empty means first hand.
    """

    ref: Id
    label: str
    statement: Id
    proposition: Sealed
    denied: bool
    stance: Stance
    chain: tuple[Id, ...]
    knowledge: Knowledge
    terms: tuple[TermRow, ...]
    topic: Id
    patterns: tuple[PatternRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsTied:
    first: Id
    second: Id
    tie: Tie
    reason: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOpened:
    """`due` is a day, YYYY-MM-DD, or ""; `refs` name entries, claims or exhibits it came from."""

    ref: Id
    label: str
    text: Sealed
    origin: QuestionOrigin
    owner: Id
    due: str
    would_answer: Sealed
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """A question's state from here on, with what it rests on. None is ever taken off the register."""

    question: Id
    state: QuestionState
    refs: tuple[str, ...]
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsked:
    """Somebody was offered the reply slot of a statement or claim."""

    person: Id
    regarding: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGiven:
    person: Id
    regarding: Id
    reply: Reply
    words: Sealed
    when: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven:
    """Who was told what, when, and on which evidence. `fact` is a key such as "live_round"."""

    to: Id
    fact: str
    words: Sealed
    when: Interval
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitFiled:
    """A thing of the record, a container of its own, or a source becomes an exhibit; its custody is that of the thing."""

    ref: Id
    label: str
    item: Id
    description: Sealed
    who: Id
    place: Id
    when: Interval
    seal: str
    agency_number: Sealed
    derived_from: Id
    shielded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitJudged:
    exhibit: Id
    relevance: Relevance
    remark: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitViewed:
    exhibit: Id
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived:
    ref: Id
    label: str
    agency: Sealed
    wanted: Sealed
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered:
    """What was handed over on a request, at which checkpoint, under which receipt; or that it was declined."""

    request: Id
    reply: Reply
    refs: tuple[str, ...]
    size: int
    receipt: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAccountSealed:
    """The signer wrote a first account and locked it on his own device. The log has the hash of the locked bytes."""

    ref: Id
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAccountOpened:
    """By its author, or by legal process named in `basis`; the words are then a source like any other."""

    regarding: Id
    source: Id
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRecorded:
    ref: Id
    label: str
    people: tuple[Id, ...]
    when: Interval
    breaks: tuple[Interval, ...]
    recording: str
    transcript: str
    adopted_by: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSentOff:
    """The checkpoint of this size and root left the hub; `way` is a key such as "studio", "police", "paper"."""

    size: int
    root: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMade:
    """An evidence pack of a matter: its hash, the checkpoint it was made at, for whom, and how much it withholds."""

    regarding: Id
    sha256: str
    size: int
    audience: str
    withheld: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorAsked:
    """Asks, under one's own name, that packs of a matter hold the posterior of a find: with its prior and its range.

    Without such an act a pack holds likelihoods at most, which need no prior; see docs/origin.md.
    """

    regarding: Id
    find: Id


InquiryAct: TypeAlias = (
    MatterOpened | MatterChanged | SourceFiled | StatementRecorded | StatementConfirmed | PassagesRead | ClaimMade
    | ClaimsTied | QuestionOpened | QuestionAnswered | AccountAsked | AccountGiven | NoticeGiven | ExhibitFiled
    | ExhibitJudged | ExhibitViewed | RequestReceived | RequestAnswered | FirstAccountSealed | FirstAccountOpened
    | InterviewRecorded | CheckpointSentOff | PackMade | PosteriorAsked
)  # fmt: skip
INQUIRY_ACTS: Final[tuple[type, ...]] = get_args(InquiryAct)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAct:
    """An act of a type this reader does not know. `plain_form` is kept as it came."""

    type_name: str
    plain_form: bytes


OwnAct: TypeAlias = (
    ProductionOpened | RulebookAdopted | PersonEnrolled | OfficerNamed | KeyEnrolled | EnrolmentConfirmed | CrewListed
    | CrewConfirmed | KeyClaimed | KeyRevoked | KeyRotated | KeyUnlocked | Quarantined | EpochOpened | OpeningErased
    | LegalHoldPlaced | LegalHoldLifted | CosignerNamed | DutyOpened | DutyClosed | CoverageOpened | CoverageClosed | ClockCompared | DeliveriesSealed
    | PlaceRegistered | ContainerRegistered | GunRegistered | LotRegistered | RoundMarked | Delivered | Received
    | BroughtIn | PickedUp | PutDown | Locked | Stowed | HandedOver | Taken | Moved | Poured | RoundsTested
    | RoundsSeen | LabelRead | Counted | RoundFound | RoundExamined | Disposed | Cleared | Answered | Loaded
    | Unloaded | Showed | Seen | ShowClosed | Called | Announced | Acknowledged | Told | Discharged | GunMishap
    | SightLost | DayOpened | DayClosed | ScenePlanned | SceneChanged | MeetingHeld | Attended | Assessed
    | PresenceDeclared | PresenceEnded | InLine | Stopped | StopLifted | ConcernRaised | ConcernAnswered | AskedToSee
    | Frozen | EvidenceTaken | Learned | Remarked | Retracted | Disputed | Lapsed | SheetBegan | SheetEnded | Photographed
    | CredentialRecorded | TrainingGiven | AccountableNamed | PaperRecorded | Turned | TurnSeen | RunPlanned | SetUpSigned | SetUpAnswered
    | DutiesListed | DutyAccepted | TermsAdopted | TermsSigned | ManifestSent | InspectedIn | LotRecalled | LotClosed
    | LeftProduction | SealApplied | SealBroken | CarriedTo | SetApart | Readmitted | Scanned | ConditionNoted
    | HandlingAllowed | HelpCalled | PerformerAdded | DirectorNamed | DirectionGiven | NeedDecided | ConcernPassedOn | NearMissLogged
    | EvidenceReleased | Corrected | MagazineInserted | MagazineRemoved | TwinsMarked | Renamed | UnknownAct | InquiryAct
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What `who` is said to have done, by a source the signer read or heard. It voids like any doubt and proves nothing.

    `row` names the event across accounts ("E16"), `account` tells rival accounts of it apart. `who` is "" when the
    source does not say.
    """

    row: str
    account: str
    sources: tuple[str, ...]
    grade: Grade
    when: Interval
    who: Id
    told: OwnAct


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The signer holds out the floor phone, and `viewer`, who has none, does `told` on it: a viewer's or receiver's act."""

    viewer: Id
    told: OwnAct


Act: TypeAlias = OwnAct | Reported | HeldOut

_READER: TypeAlias = Callable[[Plain, str], object]
_WRITER: TypeAlias = Callable[[object], Plain]


def wire_name(act_class: type) -> str:
    """The snake-case wire name of an act class: HandedOver is "handed_over"."""
    return _snake_case(act_class.__name__)


@cache
def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _bad(where: str, wanted: str, got: Plain) -> BadAct:
    return BadAct(
        f"{where}: {wanted} was expected, but {str(got)[:60]!r} came; send the act again in the form of docs/format.md."
    )


def _read_text(value: Plain, where: str) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        raise _bad(where, "a text", value)
    return value


def _read_count(value: Plain, where: str) -> int:
    if type(value) is not int or not 0 <= value <= 2**53 - 1:
        raise _bad(where, "a whole number from 0", value)
    return value


def _read_flag(value: Plain, where: str) -> bool:
    if type(value) is not bool:
        raise _bad(where, "true or false", value)
    return value


def _read_sealed(value: Plain, where: str) -> Sealed:
    if type(value) is not str or not COMMITMENT_FORM.fullmatch(value):
        raise _bad(where, "a commitment of 64 hex digits", value)
    return Sealed(commitment=value)


def _enum_reader(kind: type[StrEnum]) -> _READER:
    known = {member.value: member for member in kind}

    def read(value: Plain, where: str) -> object:
        if type(value) is not str or value not in known:
            raise _bad(where, "one of " + ", ".join(known), value)
        return known[value]

    return read


def _tuple_reader(item: _READER) -> _READER:
    def read(value: Plain, where: str) -> object:
        if type(value) is not list:
            raise _bad(where, "a list", value)
        return tuple([item(element, where) for element in value])

    return read


_NAMED: Final = frozenset(
    {
        "gun", "item", "to", "giver", "container", "person", "key", "performer", "other", "start", "end", "parent",
        "old", "viewer", "holder", "ref", "statement", "first", "second", "question", "regarding", "exhibit", "request",
    }
)  # fmt: skip
"""Fields that hold an id and are never empty (the parent of a place apart)."""
_NAMED_OR_EMPTY: Final = frozenset(
    {
        "place", "source", "thing", "round_id", "who", "lot", "derived_from", "speaker", "on_behalf_of", "nested_in",
        "rendering_of", "topic", "owner", "tag", "affiant", "speaks_of",
    }
)  # fmt: skip
_NAMED_LISTS: Final = frozenset({"guns", "lots", "line", "hit", "named", "chain", "people", "adopted_by"})
_MAY_BE_EMPTY: Final = frozenset(
    {("parent", PlaceRegistered), ("gun", ConcernPassedOn), ("gun", NearMissLogged), ("to", LeftProduction)}
)
"""Fields that may be empty in these acts only."""
_DIGESTS: Final = frozenset({"sha256", "card", "root", "seen_root"})
"""Fields that hold 64 hex digits; the card of a claim is the key itself, and longer."""
_DIGESTS_OR_EMPTY: Final = frozenset({"photo", "credential", "device", "recording", "transcript"})


_LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gun": "g", "guns": "g", "item": "gcr", "to": "p", "giver": "p", "container": "c", "person": "p", "key": "k",
        "performer": "p", "other": "p", "start": "cgwp", "end": "cgwp", "parent": "lp", "old": "k", "viewer": "p",
        "place": "w", "thing": "cgwp", "round_id": "r", "who": "p", "lot": "l", "lots": "l", "line": "p", "hit": "p",
        "holder": "p", "affiant": "p",
    }
)  # fmt: skip
"""What an id in a field of this name begins with; any letter where the name is not here."""
_ANY_LETTER: Final = "grlcpwaks"
_OF_ANYTHING: Final = frozenset(
    {
        ("item", EvidenceTaken), ("item", EvidenceReleased), ("item", ExhibitFiled), ("item", SetApart),
        ("item", Readmitted), ("thing", PaperRecorded),
    }
)  # fmt: skip
"""Fields that may name anything in these acts."""
_OF_POSITIONS: Final = frozenset(
    {("gun", act) for act in (Cleared, Answered, Loaded, Unloaded, Showed, Seen, ShowClosed)}
)
"""Fields that may name a magazine or belt in place of a gun: its places are answered like chambers."""


def _letters_of(name: str, row_class: type) -> str:
    if row_class is PlaceRegistered and name == "parent":
        return "w"
    if (name, row_class) in _OF_ANYTHING:
        return _ANY_LETTER
    if (name, row_class) in _OF_POSITIONS:
        return "gc"
    return _LETTERS.get(name, _ANY_LETTER)


def _id_reader(letters: str, *, may_be_empty: bool) -> _READER:
    form = re.compile(rf"[{letters}][0-9A-HJKMNP-TV-Z]{{12}}")
    wanted = "an id of ours that begins with " + ", ".join(letters)

    def read(value: Plain, where: str) -> object:
        if value == "" and may_be_empty:
            return value
        if type(value) is not str or not form.fullmatch(value):
            raise _bad(where, wanted, value)
        return value

    return read


def _read_digest(value: Plain, where: str) -> str:
    if type(value) is not str or not COMMITMENT_FORM.fullmatch(value):
        raise _bad(where, "a hash of 64 hex digits", value)
    return value


def _read_digest_or_empty(value: Plain, where: str) -> str:
    return "" if value == "" else _read_digest(value, where)


def _field_reader(name: str, kind: object, row_class: type) -> _READER:
    letters = _letters_of(name, row_class)
    if name in _NAMED_LISTS:
        return _tuple_reader(_id_reader(letters, may_be_empty=False))
    if name == "commitments":
        return _tuple_reader(_read_digest)
    if name in _DIGESTS and kind is str and row_class is not KeyClaimed:
        return _read_digest
    if name in _DIGESTS_OR_EMPTY:
        return _read_digest_or_empty
    if kind is not str:
        return _reader_of(kind)
    if name in _NAMED_OR_EMPTY or (name, row_class) in _MAY_BE_EMPTY:
        return _id_reader(letters, may_be_empty=True)
    if name in _NAMED and row_class is not Interval:
        return _id_reader(letters, may_be_empty=False)
    return _read_text


def _row_reader(row_class: type, *, named: bool) -> _READER:
    hints = get_type_hints(row_class)
    readers = {field.name: _field_reader(field.name, hints[field.name], row_class) for field in fields(row_class)}
    # Straight into its slots, which are all its fields: `__init__` would look every name up again.
    parts = tuple(
        (name, reader, f"{wire_name(row_class)}.{name}", getattr(row_class, name).__set__)
        for name, reader in readers.items()
    )
    size = len(readers) + (1 if named else 0)
    unsaid = _unsaid(row_class)

    def read(value: Plain, where: str) -> object:
        if unsaid and type(value) is dict:
            # What may be left out has one way to be unsaid, which is to be absent: else one act had two forms.
            if any(name in value and value[name] == absent for name, absent in unsaid.items()):
                raise _bad(where or wire_name(row_class), "no empty " + " or ".join(unsaid), value)
            value = {**unsaid, **value}
        if type(value) is not dict or len(value) != size:
            raise _bad(where or wire_name(row_class), "the fields " + ", ".join(readers), value)
        try:
            made: object = object.__new__(row_class)
            for name, reader, place, put in parts:
                put(made, reader(value[name], place))
        except KeyError as missing:
            raise _bad(where or wire_name(row_class), f"a field {missing}", value) from missing
        return made

    return _remembering(read, tuple(readers)) if not named and set(hints.values()) == {str} else read


def _unsaid(row_class: type) -> dict[str, Plain]:
    """The fields of `row_class` that an act may leave out, each with what its absence says: no text, or no row."""
    return {
        field.name: [] if field.default == () else str(field.default)
        for field in fields(row_class)
        if field.default is not MISSING
    }


def _remembering(read: _READER, names: tuple[str, ...]) -> _READER:
    """As `read`, for a row of texts alone: the same cells come again and again, and one frozen row serves every time."""
    texts_of = itemgetter(*names)

    @lru_cache(maxsize=8192)
    def row_of(texts: tuple[Plain, ...]) -> object:
        return read(dict(zip(names, texts, strict=True)), "")

    def read_again(value: Plain, where: str) -> object:
        if type(value) is dict and len(value) == len(names) > 1:
            try:
                return row_of(texts_of(value))
            except (KeyError, TypeError):
                # A field that is missing, or a list where a text should be: below is the sentence for it.
                pass
        return read(value, where)

    return read_again


def _reader_of(kind: object) -> _READER:
    plain_readers: dict[object, _READER] = {str: _read_text, int: _read_count, bool: _read_flag, Sealed: _read_sealed}
    if kind in plain_readers:
        return plain_readers[kind]
    if get_origin(kind) is tuple:
        return _tuple_reader(_reader_of(get_args(kind)[0]))
    if kind == OwnAct:
        return _read_own
    assert isinstance(kind, type)
    return _enum_reader(kind) if issubclass(kind, StrEnum) else _row_reader(kind, named=False)


def _writer_of(kind: object) -> _WRITER:
    if kind in {str, int, bool}:
        return lambda value: value  # type: ignore[return-value]  # the type was read strictly on the way in
    if kind is Sealed:
        return lambda value: value.commitment  # type: ignore[attr-defined]
    if get_origin(kind) is tuple:
        item = _writer_of(get_args(kind)[0])
        return lambda value: [item(element) for element in value]  # type: ignore[attr-defined]
    if kind == OwnAct:
        return lambda value: plain(value)  # type: ignore[arg-type]  # noqa: PLW0108  # plain stands below
    assert isinstance(kind, type)
    return str if issubclass(kind, StrEnum) else _row_writer(kind)


def _row_writer(row_class: type) -> _WRITER:
    hints = get_type_hints(row_class)
    writers = tuple((field.name, _writer_of(hints[field.name])) for field in fields(row_class))
    unsaid = _unsaid(row_class)
    if unsaid:

        def write_said(value: object) -> Plain:
            form = {name: write(getattr(value, name)) for name, write in writers}
            return {name: part for name, part in form.items() if name not in unsaid or part != unsaid[name]}

        return write_said
    return lambda value: {name: write(getattr(value, name)) for name, write in writers}


def _read_own(value: Plain, _where: str) -> OwnAct:
    act = read_act(value)
    if isinstance(act, Reported | HeldOut):
        raise _bad("told", "an act, not a report of a report or a phone held out", wire_name(type(act)))
    return act


ACT_CLASSES: Final[Mapping[str, type]] = MappingProxyType(
    {
        wire_name(act_class): act_class
        for act_class in (*get_args(OwnAct), Reported, HeldOut)
        if act_class is not UnknownAct
    }
)
_READERS: Final = MappingProxyType(
    {name: _row_reader(act_class, named=True) for name, act_class in ACT_CLASSES.items()}
)
_WRITERS: Final = MappingProxyType(
    {act_class: (name, _row_writer(act_class)) for name, act_class in ACT_CLASSES.items()}
)


def read_act(value: Plain) -> Act:
    """The act in its plain form `value`, strictly read. Raises BadAct; an unknown type gives UnknownAct."""
    if type(value) is not dict or type(value.get("act")) is not str:
        raise _bad("act", "an object with a field act", value)
    name = str(value["act"])
    reader = _READERS.get(name)
    if reader is None:
        return UnknownAct(type_name=name, plain_form=encode(value))
    return reader(value, name)  # type: ignore[return-value]  # _READERS holds act classes only


def plain(act: Act) -> dict[str, Plain]:
    """The plain form of `act`, ready for `proof.encoding.encode`."""
    if isinstance(act, UnknownAct):
        form = decode(act.plain_form)
        assert isinstance(form, dict)
        return form
    name, write = _WRITERS[type(act)]
    body = write(act)
    assert isinstance(body, dict)
    return {"act": name, **body}


def act_hash(act: Act) -> str:
    """SHA-256 of the act's canonical JSON, in hex: how one act names the words of another that it confirms."""
    return sha256(encode(plain(act))).hexdigest()


def ids_in(value: Plain) -> frozenset[str]:
    """Every opaque id inside a plain value, wherever it stands."""
    if isinstance(value, str):
        return frozenset((value,)) if ID_FORM.fullmatch(value) else frozenset()
    if isinstance(value, dict):
        return frozenset().union(*(ids_in(item) for item in value.values()))
    if isinstance(value, list):
        return frozenset().union(*(ids_in(item) for item in value))
    return frozenset()


def about(acts: tuple[Act, ...], *, by: Id) -> tuple[str, ...]:
    """The ids an entry is about, sorted: every item, place and person its acts name, without keys, and its signer."""
    named = frozenset((by,)).union(*(ids_in(plain(act)) for act in acts))
    return tuple(sorted(name for name in named if not name.startswith("k")))
