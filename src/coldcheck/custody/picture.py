"""The picture: everything the record says at one entry, as one mutable object that `state.apply` alone changes.

Replaying a ledger from entry 0 gives it; nothing in it is ground truth. Reading functions here are pure and hand out
frozen values only. The cold state is not in it: `standing_call` computes that from kernel, time and calls.
"""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from coldcheck.custody.acts import Act, CallWord, KeyRevoked, ScenePlanned, SetUpSigned
from coldcheck.custody.kernel import NOBODY, CallKind, Kernel
from coldcheck.custody.people_keys import KeyBook
from coldcheck.custody.rulebook_file import Rulebook
from coldcheck.custody.things import (
    HANDLER_ROLES,
    WITNESS_ROLES,
    Cartridge,
    Container,
    ContainerKind,
    Custody,
    Gun,
    Hold,
    Id,
    Lot,
    Now,
    Person,
    Place,
    PlaceClass,
    Placement,
    Presence,
    Role,
    Spot,
    same_time,
)
from coldcheck.custody.trace_trail import Trail

NO_BOOT: Final = Now(boot="", mono_ms=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry as the custody room sees it: who signed which acts, and what the hub wrote beside them.

    `seen_size` is how many entries the author's device knew of when he signed, 0 when it says of none.
    """

    entry_index: int
    by: Id
    key: Id
    entry_id: Id
    acts: tuple[Act, ...]
    at: str
    boot: str
    mono_ms: int
    verdict: str
    findings: tuple[tuple[str, str], ...]
    delivered: str = "live"
    seen_size: int = 0

    @property
    def now(self) -> Now:
        """The moment of the entry, as its receipt has it."""
        return _moment(self.boot, self.mono_ms)


@lru_cache(maxsize=16)
def _moment(boot: str, mono_ms: int) -> Now:
    # Asked for several times an entry, and entries come in order.
    return Now(boot=boot, mono_ms=mono_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPart:
    """One of the three parts of a call: called, announced or acknowledged. `run` is "" for a call of a scene alone.

    `seen_size` is how many entries the signer's device knew of, -1 where others have touched the gun since. `tag` and
    `serial` are how the caller says which gun it is; "" in the other parts, and where he does not say.
    """

    part: str
    by: Id
    key: Id
    call: CallWord
    count: int
    powder: str
    scene: str
    run: str
    entry_index: int
    now: Now
    seen_size: int
    tag: Id
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedCall:
    """A call that was granted at `entry_index`. Whether it stands is computed, never stored.

    In a run, `run_part` is the rehearsal or take it is for; both are "" outside one.
    """

    gun: Id
    call: CallWord
    count: int
    powder: str
    scene: str
    run: str
    run_part: str
    caller: Id
    witness: Id
    receiver: Id
    entry_index: int
    now: Now
    lifetime_ms: int
    checked_entry: int
    manner: str
    rests_on: tuple[tuple[Id, CallKind], ...]
    """The kernel's calls it is made of: on the gun, and on each magazine or belt in it. It stands while all of them do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidNote:
    """Why a gun's proofs or call ended: the V code and the entry that did it."""

    code: str
    entry_index: int
    had_call: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A hand-over that was begun: `to` has not taken the thing yet."""

    giver: Id
    to: Id
    entry_index: int
    now: Now


Basis: TypeAlias = tuple[str, tuple[str, ...], str, int]
"""What a written assessment is for: activity, kinds of gun, class of place, distance in feet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A plan with what has happened to it since; an entry is -1 while there is none.

    `plan` has the line and the activity of the set-up card in force, `card`; `card_signed` are the first signatures of
    cards that wait for the other. `added` are further performers, each with the gun that goes to them. `assessed` are the bases (see `assessed_for`) that were assessed since the last change.
    """

    plan: ScenePlanned
    planned_entry: int
    planned_by: Id
    changed_entry: int
    met_entry: int
    assessed: frozenset[Basis]
    attended: frozenset[Id]
    card: SetUpSigned | None
    card_entry: int
    card_signed: tuple[tuple[Id, SetUpSigned], ...]
    added: tuple[tuple[Id, Id], ...]

    def performers_of(self, gun: Id) -> tuple[Id, ...]:
        """Everyone the gun may go to in this scene, one after the other: who was planned first, then who was added."""
        return (self.plan.performer, *(who for added, who in self.added if added == gun))

    @property
    def pairs(self) -> frozenset[tuple[Id, Id]]:
        """Every gun of the plan with everyone it may go to."""
        return frozenset((gun, who) for gun in self.plan.guns for who in self.performers_of(gun))

    @property
    def performers(self) -> tuple[Id, ...]:
        """Everyone to whom some gun goes in this scene."""
        return tuple(dict.fromkeys((self.plan.performer, *(who for _, who in self.added))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One set-up of a scene done several times; its `parts` were named in advance."""

    run: str
    scene: str
    parts: tuple[str, ...]
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCall:
    """A call granted for a run, which goes on until anything but the run itself happens to the gun.

    Its caller's and announcer's parts serve each further rehearsal or take, whose receiver acknowledges anew.
    """

    run: str
    called: CallPart
    announced: CallPart
    granted_count: int
    granted_entry: int
    now: Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An open or lifted stop. `lifted_by` grows until the three release roles are in it."""

    entry_index: int
    reason: str
    by: Id
    open: bool
    lifted_by: tuple[tuple[Role, Id, Id], ...]
    lifted_entry: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPair:
    """Two people's blind counts of one thing since the day opened; `agreed` when they are equal to each other and the record.

    `first_expected` is what the record had in it when the first of them counted.
    """

    first_by: Id
    first_count: int
    first_entry: int
    first_expected: int
    second_by: Id
    second_count: int
    second_entry: int
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOff:
    """A count of `thing` that was off: what the record had, what was counted, and by which entries.

    `settled` are the entries of the two counts that agreed with the record since, () while there are none.
    """

    thing: Id
    expected: int
    counts: tuple[int, ...]
    entries: tuple[int, ...]
    settled: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is recorded where, from one entry to another; `closed_entry` is None while it goes on."""

    subject: str
    place: Id
    opened_entry: int
    closed_entry: int | None


class Touch(NamedTuple):
    """The last move that touched a gun or round: by whose entry, and the last entry of anybody else before it, or -1."""

    by: Id
    entry_index: int
    before: int

    def by_others(self, who: Id) -> int:
        """The last entry of anybody but `who` that touched it, -1 when none has."""
        return self.before if who == self.by else self.entry_index


UNTOUCHED: Final = Touch(by="", entry_index=-1, before=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The first of two sheets of a procedure, waiting for the other person's."""

    procedure: str
    by: Id
    other: Id
    rows: tuple[Act, ...]
    guns: frozenset[Id]
    rounds: frozenset[Id]
    entry_index: int
    manner: str
    before: tuple[Touch, ...]


class Done(NamedTuple):
    """One act in the journal: what questions are answered from, beside the indexes."""

    entry_index: int
    by: Id
    act: Act
    at: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A line of a gun's condition file: what was done to it or befell it. `photo` is a hash, "" for none."""

    entry_index: int
    what: str
    photo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDeliveries:
    """A part of the delivery log that an entry of the hub names by its hash; `to_entry` is not in the range."""

    entry_index: int
    from_entry: int
    to_entry: int
    rows: int
    sha256: str


@dataclass(slots=True)
class Picture:
    """The whole. Only `custody.state` writes to it; every value in it is frozen, every index can be rebuilt."""

    production: str = ""
    vkey: str = ""
    epoch: int = 0
    size: int = 0
    now: Now = NO_BOOT
    at: str = ""
    heard_ms: "array[int]" = field(default_factory=lambda: array("q"))
    """When each entry was heard, by the hub's own clock under its boot."""
    kernel: Kernel = field(default_factory=Kernel)
    rulebook: Rulebook | None = None
    persons: dict[Id, Person] = field(default_factory=dict)
    keys: dict[Id, tuple[str, str, Id]] = field(default_factory=dict)
    last_of_key: dict[Id, int] = field(default_factory=dict)
    guns: dict[Id, Gun] = field(default_factory=dict)
    lots: dict[Id, Lot] = field(default_factory=dict)
    containers: dict[Id, Container] = field(default_factory=dict)
    places: dict[Id, Place] = field(default_factory=dict)
    cartridges: dict[Id, Cartridge] = field(default_factory=dict)
    labels: dict[str, Id] = field(default_factory=dict)
    words: dict[Id, str] = field(default_factory=dict)
    name_bearers: defaultdict[str, dict[Id, None]] = field(default_factory=lambda: defaultdict(dict))
    """Who bears each name of guns and containers, as far as an eye or an ear can tell names apart."""
    shapes: dict[Id, frozenset[str]] = field(default_factory=dict)
    named_at: dict[Id, int] = field(default_factory=dict)
    """The entry that last said what each gun is called."""
    lying: dict[tuple[Id, str], Id] = field(default_factory=dict)
    spots: dict[Id, Spot] = field(default_factory=dict)
    rounds_in: defaultdict[Id, dict[Id, None]] = field(default_factory=lambda: defaultdict(dict))
    loose: defaultdict[Id, dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    own_spots: dict[Id, Id] = field(default_factory=dict)
    also_in: dict[Id, tuple[Id, ...]] = field(default_factory=dict)
    """What a round may lie in still, where only a report or somebody who had not got that in hand moved it away."""
    own_rounds: defaultdict[Id, int] = field(default_factory=lambda: defaultdict(int))
    own_loose: defaultdict[Id, dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    placements: defaultdict[Id, list[Placement]] = field(default_factory=lambda: defaultdict(list))
    seen_at: dict[tuple[Id, str], int] = field(default_factory=dict)
    thing_entries: defaultdict[Id, list[int]] = field(default_factory=lambda: defaultdict(list))
    counted_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which two people's counts of each thing agreed, while both stand by them."""
    counted_from: dict[Id, int] = field(default_factory=dict)
    """The entry of the first of these two counts."""
    proofs: defaultdict[Id, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    proven_at: dict[Id, int] = field(default_factory=dict)
    """By round: the last entry of `proofs` by which two people's tests proved it."""
    custody: defaultdict[Id, list[Custody]] = field(default_factory=lambda: defaultdict(list))
    inside: defaultdict[Id, dict[Id, None]] = field(default_factory=lambda: defaultdict(dict))
    receipts: defaultdict[tuple[Id, Id], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    lots_signed_for: set[Id] = field(default_factory=set)
    delivered: dict[tuple[Id, Id], tuple[int, Id, int, Id]] = field(default_factory=dict)
    received: dict[tuple[Id, Id], tuple[int, Id, int, Id]] = field(default_factory=dict)
    offers: dict[Id, Offer] = field(default_factory=dict)
    parts: defaultdict[Id, dict[str, CallPart]] = field(default_factory=lambda: defaultdict(dict))
    calls: dict[Id, GrantedCall] = field(default_factory=dict)
    voids: dict[Id, VoidNote] = field(default_factory=dict)
    checked: dict[Id, tuple[int, str]] = field(default_factory=dict)
    stamps: dict[Id, int] = field(default_factory=dict)
    touches: dict[Id, Touch] = field(default_factory=dict)
    filled_at: dict[Id, int] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    first_half: tuple[str, str] = ("", "")
    """The procedure of the last sheet whose second half came in, and how the answers of its first were given."""
    day: int | None = None
    day_entry: int = -1
    day_opened_at: Now = NO_BOOT
    day_opened_by: dict[Id, int] = field(default_factory=dict)
    day_ended: int = -1
    home_at: int = -1
    """The entry with which everybody went home last: a day closed, or the next one opened with nobody having closed it."""
    sealed_deliveries: list[SealedDeliveries] = field(default_factory=list)
    counts: dict[Id, CountPair] = field(default_factory=dict)
    counts_off: list[CountOff] = field(default_factory=list)
    """Every count that was off, in order of entry: one that is settled stays here."""
    off_open: dict[Id, list[int]] = field(default_factory=dict)
    """By thing: which of `counts_off` are not settled; a thing without any is not in it."""
    scenes: dict[str, Scene] = field(default_factory=dict)
    performs: dict[tuple[Id, Id], int] = field(default_factory=dict)
    """By gun and person: in how many of `scenes` that gun may go to him; a pair that is in none is not in it."""
    runs: dict[str, Run] = field(default_factory=dict)
    run_calls: dict[Id, RunCall] = field(default_factory=dict)
    looks: defaultdict[tuple[Id, str], dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    first_answers: dict[tuple[Id, str], int] = field(default_factory=dict)
    back_at: dict[Id, int] = field(default_factory=dict)
    shown: dict[Id, tuple[int, frozenset[str]]] = field(default_factory=dict)
    """The last show of each gun or magazine: its entry, and which positions were offered to the eye."""
    went_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which each person left the place where he was."""
    sight_gone: dict[tuple[Id, Id], int] = field(default_factory=dict)
    """The last entry that says of a gun and a person that he lost sight of it."""
    directors: dict[str, Id] = field(default_factory=dict)
    handling: dict[Id, tuple[str, ...]] = field(default_factory=dict)
    conditions: defaultdict[Id, list[Condition]] = field(default_factory=lambda: defaultdict(list))
    needs: dict[tuple[str, Id], int] = field(default_factory=dict)
    told: defaultdict[Id, dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    magazines: dict[Id, tuple[Id, ...]] = field(default_factory=dict)
    """The guns each magazine or belt may be in. Only a handler with the gun in hand takes one out again."""
    places_otherwise: dict[Id, int] = field(default_factory=dict)
    """Magazines and belts that were registered anew with another number of places, each with the last entry that did."""
    well_empty_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which who had a gun in hand took a magazine out of it, while nothing was put in since."""
    twins: dict[Id, tuple[Id, ...]] = field(default_factory=dict)
    refitted: defaultdict[Id, set[Id]] = field(default_factory=lambda: defaultdict(set))
    worked_on: dict[Id, int] = field(default_factory=dict)
    """The last entry by which each gun was worked on."""
    broke_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which each gun broke, jammed or was worked on."""
    early_looks: set[int] = field(default_factory=set)
    """Entries with an inspection or a test that was signed before the gun last broke, jammed or was worked on."""
    early_tests: set[int] = field(default_factory=set)
    """Entries with a test of what a gun can chamber that was signed before the gun was last worked on, or said to hold a round."""
    helped: list[int] = field(default_factory=list)
    about: defaultdict[str, set[Id]] = field(default_factory=lambda: defaultdict(set))
    """The guns each concern is about; a word about another gun takes none away."""
    day_duties: dict[int, dict[str, Id]] = field(default_factory=dict)
    duties_listed: dict[int, int] = field(default_factory=dict)
    """The last entry that listed the duties of each day."""
    duties_accepted: dict[tuple[int, str], Id] = field(default_factory=dict)
    terms: str = ""
    terms_signed: dict[Id, str] = field(default_factory=dict)
    manifests: defaultdict[Id, set[Id]] = field(default_factory=lambda: defaultdict(set))
    unlike: dict[Id, int] = field(default_factory=dict)
    """Guns and lots that were registered anew as something else, each with the entry.

    Two inspections by hand since end it for a gun; for a lot its supplier and a handler, who register it as it was.
    """
    built_otherwise: dict[Id, int] = field(default_factory=dict)
    """Guns that were registered anew with other chambers, bores, action or class, each with the newest entry.

    No look at a serial says which it has: a handler who registers it as it was first ends it, or who said so takes it back.
    """
    tag_doubted: dict[Id, int] = field(default_factory=dict)
    """Guns whose tag somebody met on another one, each with the entry; a handler who reads serial and tag as one ends it."""
    not_inert: dict[Id, int] = field(default_factory=dict)
    """Things without a chamber that are said to hold, have held or have fired a round, each with the newest entry."""
    inspected_in: defaultdict[Id, set[Id]] = field(default_factory=lambda: defaultdict(set))
    recalled: dict[Id, int] = field(default_factory=dict)
    closed_lots: dict[Id, Id] = field(default_factory=dict)
    apart: dict[Id, int] = field(default_factory=dict)
    lost_from: dict[Id, int] = field(default_factory=dict)
    """The last entry that says that rounds of each thing were lost: what is left of them is counted by two."""
    met_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which somebody says that each gun is before his eyes, or that what lay in a thing does no more."""
    fetched_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which somebody elsewhere than its lock has each container before him: nobody entered the pick-up."""
    left: dict[Id, tuple[str, int]] = field(default_factory=dict)
    seals: dict[Id, str] = field(default_factory=dict)
    sealed_at: dict[Id, int] = field(default_factory=dict)
    """The last entry that says of each container that a seal was applied to it or broken."""
    classed_twice: set[Id] = field(default_factory=set)
    """Places that were registered as of two classes: nothing is under lock there, and no live round belongs there."""
    arrived: defaultdict[Id, int] = field(default_factory=lambda: defaultdict(int))
    present: defaultdict[Id, int] = field(default_factory=lambda: defaultdict(int))
    gone: defaultdict[Id, int] = field(default_factory=lambda: defaultdict(int))
    gone_rounds: set[Id] = field(default_factory=set)
    """The identified rounds among `gone`: one that turns up again is gone no more."""
    sums: dict[int, list[tuple[Id, Id, int]]] = field(default_factory=dict)
    """By entry: how many loose rounds of which lot it put into a thing (below 0: took out), by its signer's own act."""
    came_in: dict[int, list[tuple[Id, int]]] = field(default_factory=dict)
    """By entry: how many unidentified rounds of a lot it is a receipt for."""
    went_out: dict[int, list[tuple[Id, int]]] = field(default_factory=dict)
    """By entry: how many unidentified rounds of a lot it says were thrown away or lost."""
    disposed: dict[int, tuple[Id, ...]] = field(default_factory=dict)
    """By entry: the identified rounds it says were thrown away or lost."""
    left_alone_at: dict[Id, tuple[int, Id]] = field(default_factory=dict)
    other_hands_at: dict[Id, int] = field(default_factory=dict)
    """The last entry by which hands that are no handler's were on a thing, or in it."""
    duties: defaultdict[Id, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    duty_said: dict[Id, int] = field(default_factory=dict)
    """The last entry in which each person opened or closed a duty."""
    presence: dict[Id, Id] = field(default_factory=dict)
    """Where each person is by his own word, "" where that is in doubt and nobody knows."""
    presence_said: dict[Id, int] = field(default_factory=dict)
    """The last entry in which each person said where he is, or that he went."""
    presences: list[Presence] = field(default_factory=list)
    stops: dict[int, Stop] = field(default_factory=dict)
    open_stops: set[int] = field(default_factory=set)
    concerns: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    concern_said: dict[str, int] = field(default_factory=dict)
    """The last entry that raised each concern or passed it on."""
    asked: defaultdict[Id, dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    coverage: list[Coverage] = field(default_factory=list)
    boots: list[int] = field(default_factory=list)
    """The entries before which the hub was started anew or a new epoch began, in order."""
    not_placed: dict[int, str] = field(default_factory=dict)
    """Entries that a mistake of ours kept out of everything else here, each with that mistake: no gun is called behind one."""
    held_as_evidence: set[Id] = field(default_factory=set)
    evidence_at: dict[Id, int] = field(default_factory=dict)
    """The last entry that took each thing as evidence."""
    released: dict[Id, int] = field(default_factory=dict)
    """The entry that released each thing from being held as evidence: whoever takes it back holds it again."""
    frozen_entry: int | None = None
    freezes: set[int] = field(default_factory=set)
    """Entries that held everything as evidence, lifted since or not."""
    held_out: dict[int, Id] = field(default_factory=dict)
    """Entries whose signer held out the phone for another, each with who held it."""
    finds: dict[Id, int] = field(default_factory=dict)
    kinds_found: dict[Id, tuple[str, int]] = field(default_factory=dict)
    named_live: dict[Id, tuple[int, bool]] = field(default_factory=dict)
    """Rounds that were named as live or unknown, or fired, with the newest entry that did and whether live or unknown."""
    live_seen: defaultdict[tuple[Id, str], dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    """Positions in which somebody saw a live or unknown round and the record has none: by whom, and in which entry."""
    put_by_hand: set[Id] = field(default_factory=set)
    """What was set apart or taken as evidence by who had it in hand, or by police or a handler out of nobody's hand."""
    examiners: defaultdict[Id, dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))
    """Who examined each round as nothing dangerous since it was last named so, and in which entry."""
    examined: dict[Id, tuple[int, tuple[int, bool]]] = field(default_factory=dict)
    """Rounds that were named so and examined otherwise since: the entry, and what it ended."""
    doubted: dict[int, int] = field(default_factory=dict)
    """Entries that were taken back, corrected or disputed, each with the first entry that did."""
    taken_back: set[int] = field(default_factory=set)
    """Entries that their own signer took back or corrected: only so does what kept somebody out keep him out no more."""
    journal: list[Done] = field(default_factory=list)
    trail: Trail = field(default_factory=Trail)
    entry_acts: list[int] = field(default_factory=list)
    unknown_acts: int = 0
    book: KeyBook = field(default_factory=KeyBook)
    misfired_entry: int = -1
    credentials: dict[tuple[Id, str], str] = field(default_factory=dict)
    credential_said: dict[tuple[Id, str], int] = field(default_factory=dict)
    """The last entry about each person's credential."""
    trained: dict[tuple[Id, Id], int] = field(default_factory=dict)
    trained_until: dict[tuple[Id, Id], str] = field(default_factory=dict)
    """The last day of each training, "" where none was said."""
    accountable: dict[str, Id] = field(default_factory=dict)
    papers: defaultdict[tuple[str, str], dict[Id, int]] = field(default_factory=lambda: defaultdict(dict))

    def boots_between(self, after: int, until: int) -> bool:
        """Whether the hub was started anew, or a new epoch began, after entry `after` and not after entry `until`."""
        return bisect_right(self.boots, after) < bisect_right(self.boots, until)


CALL_KINDS: Final = MappingProxyType(
    {
        CallWord.COLD_EMPTY: CallKind.COLD_EMPTY,
        CallWord.COLD_DUMMY: CallKind.COLD_DUMMY,
        CallWord.HOT_BLANK: CallKind.HOT_BLANK,
        CallWord.INERT: CallKind.INERT,
    }
)


def holder_of(picture: Picture, item: Id) -> Custody | None:
    """Who has `item` now, through the containers it lies in; None when no act ever said."""
    seen: set[Id] = set()
    while item not in seen:
        seen.add(item)
        held = picture.custody.get(item)
        if not held:
            return None
        if held[-1].hold is not Hold.INSIDE:
            return held[-1]
        item = held[-1].who
    return None


def hand_on(picture: Picture, item: Id) -> Id:
    """The person who has `item`, or "" when it is locked, unattended, disputed or not recorded."""
    held = holder_of(picture, item)
    return held.who if held is not None and held.hold is Hold.PERSON else ""


def looks_along(picture: Picture, gun: Id, person: Id) -> bool:
    """Whether `person` may look along while somebody else is shown this gun: anyone but the two of that show."""
    viewer = picture.kernel.view.get(gun, NOBODY)
    return viewer != NOBODY and person not in {viewer, picture.kernel.gc.get(gun)}


def may_end_sheet(picture: Picture, by: Id, *, people: tuple[Id, Id], guns: Iterable[Id]) -> bool:
    """Whether `by` may cut two people's sheet short: one of the two, or the handler in whose hand its gun is."""
    return by in people or (is_handler(picture, by) and any(hand_on(picture, gun) == by for gun in guns))


def own_hand_on(picture: Picture, item: Id) -> Id:
    """As `hand_on`, but "" where somebody is only said to have it, or it is only said to lie where it does."""
    held = picture.custody.get(item)
    seen = {item}
    while held and held[-1].hold is Hold.INSIDE and not held[-1].reported and held[-1].who not in seen:
        seen.add(held[-1].who)
        held = picture.custody.get(held[-1].who)
    return held[-1].who if held and held[-1].hold is Hold.PERSON and not held[-1].reported else ""


def locked_away(picture: Picture, item: Id) -> Custody | None:
    """The entry by which `item`, or what it lies in, was locked away by whose it was to lock; None where none stands.

    A handler may lock what is in nobody else's hand, and costume what they wear on set. Nothing is locked by a word that
    was only told, taken back or disputed. A vault that nobody ever had in hand stands where it was built.
    """
    seen: set[Id] = set()
    while item not in seen:
        seen.add(item)
        history = picture.custody.get(item, ())
        if not history or not was_his_to_put(picture, history):
            return None
        held = history[-1]
        if picture.fetched_at.get(item, -1) > held.entry_index:
            return None
        if held.hold is Hold.LOCKED:
            # A vault is under its own lock wherever it stands.
            return held if locks_away(picture, held.who) or _is_vault(picture, item) else None
        if held.hold is Hold.INSIDE and _is_built_in(picture, held.who):
            return held
        if held.hold is not Hold.INSIDE:
            return None
        item = held.who
    return None


def lock_of(picture: Picture, item: Id) -> Id | None:
    """The place, or the vault, at which `item` or what it lies in was locked, whoever did it; None where it was not."""
    seen: set[Id] = set()
    while item not in seen:
        seen.add(item)
        history = picture.custody.get(item)
        if not history:
            return item if _is_built_in(picture, item) else None
        if history[-1].hold is Hold.LOCKED:
            return history[-1].who
        if history[-1].hold is not Hold.INSIDE:
            return None
        item = history[-1].who
    return None


_LOCKING: Final = frozenset({PlaceClass.STORE, PlaceClass.QUARANTINE})


def locks_away(picture: Picture, place: Id) -> bool:
    """Whether things are under lock at `place`: on a set floor nothing is, whatever stands there."""
    known = picture.places.get(place)
    return known is not None and known.place_class in _LOCKING and place not in picture.classed_twice


def was_his_to_put(picture: Picture, history: Sequence[Custody]) -> bool:
    """Whether the last custody of `history` was said, and is stood by, by somebody whose it was to put the thing there."""
    held, before = history[-1], history[-2] if len(history) > 1 else None
    if held.reported or held.entry_index in picture.doubted:
        return False
    known = picture.persons.get(held.signer)
    keeps = is_handler(picture, held.signer) or (known is not None and Role.COSTUME in known.roles)
    others = before is not None and (
        before.hold is Hold.DISPUTED or (before.hold is Hold.PERSON and before.who != held.signer)
    )
    return keeps and not others


def _is_built_in(picture: Picture, thing: Id) -> bool:
    return _is_vault(picture, thing) and not picture.custody.get(thing)


def _is_vault(picture: Picture, thing: Id) -> bool:
    known = picture.containers.get(thing)
    return known is not None and known.kind is ContainerKind.VAULT


def rounds_within(picture: Picture, container: Id) -> tuple[Id, ...]:
    """Every identified round in `container` and in what lies in it, in order of arrival."""
    out: dict[Id, None] = {}
    todo, seen = [container], {container}
    # Told by different people, things may lie in each other: every one is looked into once.
    for thing in todo:
        out.update(picture.rounds_in.get(thing, {}))
        fresh = [item for item in picture.inside.get(thing, {}) if item not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return tuple(out)


def things_within(picture: Picture, item: Id) -> tuple[Id, ...]:
    """`item`, and every gun and container that lies in it, each once."""
    todo, seen = [item], {item}
    for thing in todo:
        fresh = [inner for inner in picture.inside.get(thing, {}) if inner not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return tuple(todo)


def expected_count(picture: Picture, thing: Id) -> int:
    """How many rounds people's own acts put in `thing` itself, identified and loose together; reports change nothing."""
    return picture.own_rounds.get(thing, 0) + sum(picture.own_loose.get(thing, {}).values())


def receipt_of(picture: Picture, lot: Id, container: Id, *, got_entry: int | None = None) -> tuple[int, int] | None:
    """Entries of the supplier's and the receiver's half of a receipt both signed: the newest, or that of `got_entry`."""
    for pair in reversed(picture.receipts.get((lot, container), ())):
        if got_entry is None or pair[1] == got_entry:
            return pair
    return None


def lot_signed_for(picture: Picture, lot: Id) -> bool:
    """Whether some receipt of this lot is signed by both sides. Rounds of other lots cannot be proven by any test."""
    return lot in picture.lots_signed_for


def places_of(picture: Picture, gun: Id) -> tuple[tuple[Id, str], ...]:
    """Every (gun, position) of a gun, a magazine or a belt, in answering order."""
    known = picture.guns.get(gun)
    return _places(gun, known.positions if known is not None else _numbered(picture.containers[gun].cells))


@lru_cache(maxsize=64)
def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


def has_places(picture: Picture, thing: Id) -> bool:
    """Whether `thing` is a magazine or belt whose places are positions, answered one by one like those of a gun."""
    return thing in picture.kernel.gc and thing not in picture.guns


def fed_by(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """Every magazine, speedloader or belt that may be in `gun`, in the order they went in."""
    return tuple(thing for thing, guns in picture.magazines.items() if gun in guns) if picture.magazines else ()


def proven_through(picture: Picture, thing: Id) -> bool:
    """Whether two people answered every place of a magazine or belt, and all that the record has in it lies there."""
    kernel = picture.kernel
    if not has_places(picture, thing) or not all(kernel.proven(*at) for at in places_of(picture, thing)):
        return False
    if thing in picture.places_otherwise and picture.places_otherwise[thing] not in picture.taken_back:
        # These may not be all the places it has.
        return False
    listed = kernel.rounds_in(thing)
    return set(picture.rounds_in.get(thing, ())) == set(listed) and expected_count(picture, thing) == len(listed)


def rounds_under(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """The rounds the record last put in the gun, and in what feeds it."""
    fed = (r for thing in fed_by(picture, gun) if has_places(picture, thing) for r in picture.kernel.rounds_in(thing))
    return (*picture.kernel.rounds_in(gun), *fed)


@lru_cache(maxsize=1024)
def _places(gun: Id, positions: tuple[str, ...]) -> tuple[tuple[Id, str], ...]:
    return tuple((gun, name) for name in positions)


def is_handler(picture: Picture, person: Id) -> bool:
    """Whether `person` has a role that may prepare, load, show and hand out."""
    known = picture.persons.get(person)
    return known is not None and not known.roles.isdisjoint(HANDLER_ROLES)


def may_witness(picture: Picture, person: Id) -> bool:
    """Whether `person` has a role that may answer second."""
    known = picture.persons.get(person)
    return known is not None and not known.roles.isdisjoint(WITNESS_ROLES)


def call_ended(picture: Picture, gun: Id, now: Now) -> str:
    """The V code by time alone of the call on `gun` at `now`: "V07" lifetime over, "V03" hand-over one-sided, or ""."""
    granted = picture.calls.get(gun)
    if granted is not None:
        age_ms = same_time(since=granted.now, until=now)
        if age_ms is None or age_ms >= granted.lifetime_ms:
            return "V07"
    return "V03" if offer_over(picture, gun, now) else ""


def offer_over(picture: Picture, thing: Id, now: Now) -> bool:
    """Whether `thing` was held out to somebody who has not taken it in the time there is for that."""
    offer = picture.offers.get(thing)
    if offer is None or picture.rulebook is None:
        return False
    waited_ms = same_time(since=offer.now, until=now)
    return waited_ms is None or waited_ms > picture.rulebook.number("V03", "accept_ms")


def scene_of(picture: Picture, name: str) -> tuple[str, str]:
    """The scene and the run that a call names: a run stands for its scene; the run is "" where a scene is named."""
    run = picture.runs.get(name)
    return (name, "") if run is None or name in picture.scenes else (run.scene, run.run)


def parts_in_force(picture: Picture, gun: Id, parts: Mapping[str, CallPart]) -> tuple[dict[str, CallPart], bool]:
    """The parts a call stands on, and whether it is a further one of a run, whose first parts serve again."""
    run_call = picture.run_calls.get(gun)
    if run_call is None or "called" in parts or "announced" in parts:
        return dict(parts), False
    return {"called": run_call.called, "announced": run_call.announced, **parts}, True


def assessed_for(picture: Picture, scene: Scene) -> Basis:
    """What an assessment of the scene as it is now would be for. Only a change of this makes one stale."""
    kinds = {picture.guns[gun].capability.value for gun in scene.plan.guns if gun in picture.guns}
    place = picture.places.get(scene.plan.place)
    return (
        scene.plan.activity.value,
        tuple(sorted(kinds)),
        place.place_class.value if place is not None else "",
        scene.card.distance_ft if scene.card is not None else 0,
    )


def heard_before(picture: Picture, now: Now, ms: int) -> int:
    """How many entries had been heard `ms` before `now`. Across a restart the clock says nothing: then all of before it."""
    began = (picture.boots or [0])[-1] if picture.now.boot == now.boot else picture.size
    return bisect_right(picture.heard_ms, now.mono_ms - ms, lo=began)


def standing_call(picture: Picture, gun: Id, now: Now) -> GrantedCall | None:
    """The call that stands on `gun` at `now`, or None. Computed from kernel and time; never stored."""
    granted = picture.calls.get(gun)
    if granted is None or gun not in picture.kernel.call:
        return None
    if any(picture.kernel.call.get(thing) != call for thing, call in granted.rests_on) or call_ended(picture, gun, now):
        return None
    return granted


def witness_of(picture: Picture, gun: Id) -> Id:
    """Whose sight of `gun` is unbroken, or NOBODY."""
    return picture.kernel.wit.get(gun, NOBODY)


def lies_in(picture: Picture, place: Id, around: Id) -> bool:
    """Whether `place` is `around` or lies in it."""
    seen: set[Id] = set()
    while place and place not in seen:
        if place == around:
            return True
        seen.add(place)
        known = picture.places.get(place)
        place = known.parent if known is not None else ""
    return False


IN_OTHER_HANDS: Final = frozenset({"lost", "suspect"})
"""Reasons to revoke a key that leave open who signed with it before."""


def doubt_of(picture: Picture, entry_index: int) -> int | None:
    """The entry because of which this one decides nothing beside a claim, None where nothing doubts it.

    It took it back, corrected or disputed it; or it revoked the key that signed it, as lost or in other hands: from when on
    that was so, nobody knows.
    """
    known = picture.doubted.get(entry_index)
    if known is not None:
        return known
    key = picture.book.entry_keys[entry_index]
    revoked = picture.book.revoked.get(key)
    if revoked is None or revoked == entry_index:
        return None
    acts = (done.act for done in acts_of_entry(picture, revoked))
    gone = any(type(act) is KeyRevoked and act.key == key and act.reason in IN_OTHER_HANDS for act in acts)
    return revoked if gone else None


def acts_of_entry(picture: Picture, entry_index: int) -> tuple[Done, ...]:
    """The acts of one entry from the journal, in order; empty for an entry that is not there."""
    if not 0 <= entry_index < picture.size:
        return ()
    start, starts = picture.entry_acts[entry_index], picture.entry_acts
    # An entry that is being applied has begun its own acts already.
    end = starts[entry_index + 1] if entry_index + 1 < len(starts) else len(picture.journal)
    return tuple(picture.journal[start:end])
