"""A production whose keys are people's own: officers named in entry 0, crew by join card, phones with passkeys.

Every phone is a software authenticator with a seed of its own; the hub is the real one.
"""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from authenticator import PARTY, sign
from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, Role
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.keys import ActingKey, JoinClaim, KeyClass, card_hash
from coldcheck.proof.note import LogKey, SignatureLine
from coldcheck.proof.sealed import Opening, Sealed, seal
from coldcheck.station.record import Hub, Moment, Reply, Signed, line_of, open_hub, record
from coldcheck.station.store import Store

LOG: Final = "hub-1/0123456789AB"
LOG_KEY: Final = LogKey.from_seed(name=f"{LOG}/e0", seed=bytes(32))
META: Final = {"origin": LOG_KEY.name, "log": LOG, "vkey": LOG_KEY.vkey}
OFFICERS: Final = ("UPM", "COORD")


def named(letter: str, label: str) -> Id:
    """The id of a label here."""
    return opaque_id(letter, sha256(label.encode()).digest())


def phone(name: str) -> str:
    """The hash of the id that a phone made for itself."""
    return sha256(name.encode()).hexdigest()


HUB: Final = named("p", "HUB")
HUB_KEY: Final = ActingKey.from_seed(key_name=named("k", "HUB"), key_class=KeyClass.HUB, seed=bytes(32))


def made(label: str, key_class: KeyClass = KeyClass.PASSKEY, *, number: int = 0) -> ActingKey:
    """A key of somebody: the n-th of its class."""
    words = f"{label}/{key_class}/{number}"
    return ActingKey.from_seed(key_name=named("k", words), key_class=key_class, seed=sha256(words.encode()).digest())


def card_of(label: str) -> ActingKey:
    """The key on somebody's join card."""
    return ActingKey.from_seed(key_name="card", key_class=KeyClass.DEMO, seed=sha256(f"card {label}".encode()).digest())


def enrolling(key: ActingKey, person: Id, /, **changes: Any) -> a.KeyEnrolled:
    """What a new key says of itself."""
    is_passkey = key.key_class is KeyClass.PASSKEY
    act = a.KeyEnrolled(
        person=person,
        key=key.key_name,
        key_class=key.key_class.value,
        public=key.public_bytes.hex(),
        rp=PARTY.rp_id if is_passkey else "",
        origins=PARTY.origins if is_passkey else (),
        credential=phone("credential " + key.key_name) if is_passkey else "",
        device=phone(person) if key.key_class is not KeyClass.HUB else "",
    )
    return replace(act, **changes)


@dataclass(slots=True)
class Crew:
    """A hub with its people. `at_s` is its clock; every entry takes a second."""

    store: Store
    hub: Hub = field(init=False)
    at_s: int = 0
    boot: str = "boot0"
    entries: int = 0
    openings: dict[str, Opening] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """The hub as it starts over this store."""
        self.hub = open_hub(self.store, log_key=LOG_KEY, log=LOG, epoch=0, build="test", acting_key=HUB_KEY)

    @property
    def now(self) -> Moment:
        at = f"2026-03-02T{8 + self.at_s // 3600:02}:{self.at_s // 60 % 60:02}:{self.at_s % 60:02}Z"
        return Moment(boot=self.boot, mono_ms=self.at_s * 1000, at=at)

    def seal(self, words: str, field_name: str = "name") -> Sealed:
        """Sealed words; the opening goes out with the next entry."""
        salt = sha256(f"salt {self.entries} {len(self.openings)} {words}".encode()).digest()
        sealed, opening = seal(salt=salt, field=field_name, value=words)
        self.openings[sealed.commitment] = opening
        return sealed

    def line(self, by: Id, key: ActingKey, acts: tuple[a.Act, ...]) -> bytes:
        """Line 1 as a phone writes it now."""
        self.entries += 1
        size = self.hub.frontier.size
        return line_of(
            entry_id=named("a", f"entry {self.entries}"),
            log=LOG,
            by=by,
            key=key.key_name,
            at=self.now.at,
            after={"size": size, "root": self.hub.root.hex()} if size else None,
            prev=self.hub.last_lines.get(key.key_name),
            acts=acts,
            about=a.about(acts, by=by),
        )

    def signed(self, by: Id, key: ActingKey, *acts: a.Act, officers: tuple[ActingKey, ...] = ()) -> Signed:
        """What the phone sends."""
        line1 = self.line(by, key, acts)
        openings = tuple(self.openings.items())
        self.openings = {}
        more: tuple[SignatureLine, ...] = tuple(sign(officer, line1) for officer in officers)
        return Signed(line1=line1, signature=sign(key, line1), openings=openings, officers=more)

    def say(self, label: str, *acts: a.Act, key: ActingKey | None = None, after_s: int = 1) -> Reply:
        """The reply to these acts of `label`, signed with his passkey if no other key is given."""
        self.at_s += after_s
        by = HUB if label == "HUB" else named("p", label)
        own = HUB_KEY if label == "HUB" else made(label)
        return record(self.hub, self.signed(by, key or own, *acts), self.now)

    # --- what a production begins with ---

    def genesis(self, officers: tuple[str, ...] = OFFICERS) -> tuple[a.Act, ...]:
        """The acts of entry 0."""
        opened = a.ProductionOpened(
            production="0123456789AB", name=self.seal("The Western"), vkey=LOG_KEY.vkey, key=HUB_KEY.key_name,
            public=HUB_KEY.public_bytes.hex(),
        )  # fmt: skip
        acts: list[a.Act] = [opened]
        for label in officers:
            person = named("p", label)
            name = self.seal(f"{label} Somebody")
            acts.append(a.OfficerNamed(person=person, label=label, name=name, roles=(Role.CREW,)))
            acts.append(enrolling(made(label), person))
        return tuple(acts)

    def begin(self) -> Reply:
        """Entry 0, signed by the hub and both officers, and the core rulebook."""
        keys = tuple(made(label) for label in OFFICERS)
        reply = record(self.hub, self.signed(HUB, HUB_KEY, *self.genesis(), officers=keys), self.now)
        text = resources.files("coldcheck.custody").joinpath("rulebook/core.toml").read_text(encoding="utf-8")
        self.say("HUB", a.RulebookAdopted(name="core", sha256=sha256(text.encode()).hexdigest(), text=text))
        return reply

    def listing(self, people: dict[str, Role]) -> a.CrewListed:
        """A crew list of these people, with a join card for each."""
        return a.CrewListed(
            rows=tuple(
                a.CrewRow(
                    person=named("p", label),
                    label=label,
                    name=self.seal(f"{label} Somebody"),
                    roles=(role,),
                    card=card_hash(card_of(label).public_bytes),
                )
                for label, role in people.items()
            )
        )

    def list_crew(self, people: dict[str, Role]) -> Reply:
        """Both officers sign the list."""
        listed = self.listing(people)
        self.say(OFFICERS[0], listed)
        return self.say(OFFICERS[1], a.CrewConfirmed(sha256=a.act_hash(listed)))

    def claim(self, label: str, key: ActingKey | None = None, **changes: Any) -> Reply:
        """Somebody scans his join card with his own phone."""
        key = key or made(label)
        act = enrolling(key, named("p", label), **changes)
        return self.say(label, act, self.claiming(label, key, act), key=key)

    def claiming(self, label: str, key: ActingKey, act: a.KeyEnrolled) -> a.KeyClaimed:
        """The claim that the card of `label` signs for this key."""
        claim = JoinClaim(log=LOG, person=act.person, key_name=key.key_name, public_bytes=bytes.fromhex(act.public))
        card = card_of(label)
        proof = card.sign(claim.message()).signature
        return a.KeyClaimed(key=key.key_name, card=card.public_bytes.hex(), proof=proof.hex())

    def bring(self, label: str, key: ActingKey, **changes: Any) -> a.KeyEnrolled:
        """A further key of somebody asks to be known."""
        act = enrolling(key, named("p", label), **changes)
        self.say(label, act, key=key)
        return act

    def confirm(self, officer: str, act: a.KeyEnrolled) -> Reply:
        """One officer's word on a key."""
        return self.say(officer, a.EnrolmentConfirmed(key=act.key, sha256=a.act_hash(act)))
