"""What the record knows of people's keys and of erasures: plain values, and the one mutable book the picture holds.

The rules that read and change it are in `enrolment`; `state.apply` alone calls those that change it.
"""

from dataclasses import dataclass, field

from coldcheck.custody.acts import CrewListed, KeyEnrolled
from coldcheck.custody.things import Id, Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A key that has shown possession and waits for its confirmations."""

    act: KeyEnrolled
    sha256: str
    confirmed_by: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """When a person's passkey last unlocked a device key of his, and for how long."""

    since: Now
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A hold on erasures. `lifted_by` grows until two people are in it."""

    entry_index: int
    scope: str
    reason: str
    lifted_by: tuple[Id, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHow:
    """How one entry was signed, as every screen shows it.

    `seconds` is how long before it the user had been verified, for an unlocked key; None for every other class. An
    unlocked key outside its time is shown as a device's.
    """

    key: Id
    key_class: str
    seconds: int | None


@dataclass(slots=True)
class KeyBook:
    """Officers, keys, join cards, holds and erasures. Every value in it is frozen; replay makes it again."""

    officers: dict[Id, int] = field(default_factory=dict)
    enrolled: dict[Id, KeyEnrolled] = field(default_factory=dict)
    publics: dict[str, Id] = field(default_factory=dict)
    waiting: dict[Id, Waiting] = field(default_factory=dict)
    revoked: dict[Id, int] = field(default_factory=dict)
    lists: dict[str, tuple[Id, CrewListed]] = field(default_factory=dict)
    cards: dict[Id, str] = field(default_factory=dict)
    devices: dict[Id, frozenset[str]] = field(default_factory=dict)
    unlocks: dict[Id, Unlock] = field(default_factory=dict)
    names: dict[Id, Id] = field(default_factory=dict)
    entry_keys: list[Id] = field(default_factory=list)
    unlocked_s: dict[int, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    cosigners: dict[str, int] = field(default_factory=dict)
    """The cosigners that officers named, by vkey, each with the entry that did."""
    holds: dict[int, LegalHold] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
