"""Playing a scenario: every line becomes a signed entry by way of `record`, with a scripted clock and seeded keys.

The same file gives the same root: ids, salts, keys and boot come from one seed, ES256 signatures are deterministic
(RFC 6979), and `build` is fixed. The keys are of class demo and prove nothing about anybody.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.phrases import BadPhrase, nearest, read_phrase
from coldcheck.custody.picture import Picture, Sheet
from coldcheck.custody.things import HUB, Id, Now
from coldcheck.custody.views import card_of
from coldcheck.proof.encoding import Plain, opaque_id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.note import LogKey
from coldcheck.proof.sealed import Opening, Sealed, seal
from coldcheck.station.record import Hub, Moment, Reply, Signed, line_of, open_hub, record
from coldcheck.station.scenario import BadScenario, Expect, Line, Person, Restart, Scenario
from coldcheck.station.store import Store

BUILD: Final = "play"
EPOCH: Final = 0


class Seed:
    """Everything that is random elsewhere, from one name: the n-th value of each sort is always the same."""

    def __init__(self, name: str) -> None:
        self._key = sha256(b"coldcheck play\n" + name.encode()).digest()
        self._counts: dict[str, int] = {}

    def next(self, sort: str) -> bytes:
        """The next 32 bytes of this sort."""
        number = self._counts.get(sort, 0)
        self._counts[sort] = number + 1
        return hmac.digest(self._key, f"{sort}/{number}".encode(), "sha256")

    def fixed(self, name: str) -> bytes:
        """The 32 bytes that belong to this name, however often asked."""
        return hmac.digest(self._key, b"fixed/" + name.encode(), "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one line gave. `met` is whether it is what the line expected."""

    line: int
    act: str
    verdict: str
    rules: tuple[str, ...]
    entry_index: int
    met: bool
    wanted: str


class Names:
    """Labels to ids and back, from the picture and from what is about to be registered; see `phrases.Names`."""

    def __init__(self, picture: Callable[[], Picture], seed: Seed, opening_of: Callable[[str], Opening | None]) -> None:
        self._picture = picture
        self._seed = seed
        self._opening_of = opening_of
        self.openings: dict[str, Opening] = {}
        self.on_sheet: dict[tuple[Id, str], Id] = {}

    def id_of(self, label: str, letters: str) -> Id:
        """The id behind `label`. Raises BadPhrase with the nearest label that would fit."""
        known = self._picture().labels
        found = known.get(label)
        if found is not None and found[0] in letters:
            return found
        fitting = [name for name, thing in known.items() if thing[0] in letters]
        raise BadPhrase(f'"{label}" is not registered here; the nearest known word is {nearest(label, fitting)}')

    def label_of(self, thing: Id) -> str:
        """The label of `thing`, or its id when it has none."""
        picture = self._picture()
        for known in (
            picture.persons,
            picture.guns,
            picture.containers,
            picture.lots,
            picture.places,
            picture.cartridges,
        ):
            if thing in known:
                return str(known[thing].label or thing)
        return thing

    def round_at(self, thing: Id, cell: str) -> Id:
        """The round in a cell; while a second sheet is read, the round the first sheet took from it."""
        return self._picture().lying.get((thing, cell)) or self.on_sheet.get((thing, cell), "")

    def mint(self, letter: str) -> Id:
        """The next id of this letter, the same in every play of the file."""
        return opaque_id(letter, self._seed.next(f"id/{letter}"))

    def seal(self, field: str, words: str) -> Sealed:
        """The commitment of `words`; the opening waits in `openings` for the entry it goes with."""
        sealed, opening = seal(salt=self._seed.next("salt"), field=field, value=words)
        self.openings[sealed.commitment] = opening
        return sealed

    def words_of(self, sealed: Sealed) -> str:
        """The words, or "..." when their opening is not there."""
        opening = self.openings.get(sealed.commitment) or self._opening_of(sealed.commitment)
        return opening.value if opening is not None else "..."


def _seed_of(scenario: Scenario) -> Seed:
    return Seed(f"{scenario.production}\n{scenario.hub}")


def _log_of(scenario: Scenario, seed: Seed) -> str:
    return f"{scenario.hub}/{opaque_id('x', seed.fixed('production'))[1:]}"


def _log_key_of(log: str, seed: Seed) -> LogKey:
    return LogKey.from_seed(name=f"{log}/e{EPOCH}", seed=seed.fixed("log key"))


def meta_of(scenario: Scenario) -> dict[str, str]:
    """What a ledger of this scenario says of itself: its origin, its log, and the key the log signs with."""
    seed = _seed_of(scenario)
    log = _log_of(scenario, seed)
    key = _log_key_of(log, seed)
    return {"origin": key.name, "log": log, "vkey": key.vkey}


class Player:
    """The scripted people and clock over one hub."""

    def __init__(self, scenario: Scenario, store: Store) -> None:
        self.scenario = scenario
        self.seed = _seed_of(scenario)
        self.log = _log_of(scenario, self.seed)
        self.log_key = _log_key_of(self.log, self.seed)
        self.keys: dict[str, tuple[Id, ActingKey]] = {}
        acting_key = self._key(HUB, KeyClass.HUB)[1]
        self.hub: Hub = open_hub(
            store, log_key=self.log_key, log=self.log, epoch=EPOCH, build=BUILD, acting_key=acting_key
        )
        self.names = Names(lambda: self.hub.picture, self.seed, store.opening)
        self.boots = 0
        self.boot_at: datetime | None = None
        self.at = ""
        self.results: list[Played] = []

    def play(self, progress: Callable[[int, int], None] | None = None) -> tuple[Played, ...]:
        """What every line gave, in order. Raises BadScenario for a line that does not read."""
        steps = self.scenario.steps
        self.begin()
        for number, step in enumerate(steps):
            match step:
                case Restart():
                    self.boots += 1
                    self.boot_at = None
                case Expect():
                    self._expect(step)
                case Line():
                    self._line(step)
            if progress is not None:
                progress(number + 1, len(steps))
        return tuple(self.results)

    # --- people and clock ---

    def key_of(self, label: str) -> ActingKey:
        """The demo key of a person of this scenario."""
        return self._key(label, KeyClass.DEMO)[1]

    def _key(self, label: str, key_class: KeyClass) -> tuple[Id, ActingKey]:
        if label not in self.keys:
            name = opaque_id("k", self.seed.fixed(f"key id/{label}"))
            key = ActingKey.from_seed(key_name=name, key_class=key_class, seed=self.seed.fixed(f"key/{label}"))
            self.keys[label] = (name, key)
        return self.keys[label]

    def moment(self, at: str) -> Moment:
        """The hub's clock at the scripted time `at`."""
        stamp = datetime.fromisoformat(at)
        if self.boot_at is None:
            self.boot_at = stamp
        mono_ms = int((stamp - self.boot_at).total_seconds() * 1000)
        return Moment(boot=f"boot{self.boots}", mono_ms=max(mono_ms, 0), at=at)

    def begin(self) -> None:
        """Entry 0, the core rulebook and those the header names, and the people, all signed by the hub's own key at the time of the first step."""
        steps = self.scenario.steps
        at = next((step.at for step in steps if not isinstance(step, Restart)), "2026-01-01T00:00:00Z")
        hub_person = opaque_id("p", self.seed.fixed("hub person"))
        name, key = self._key(HUB, KeyClass.HUB)
        opened = a.ProductionOpened(
            production=self.log.split("/")[1],
            name=self.names.seal("name", self.scenario.production),
            vkey=self.log_key.vkey,
            key=name,
            public=key.public_bytes.hex(),
        )
        self.say(HUB, (opened,), self.moment(at), by=hub_person)
        for rulebook in ("core", *self.scenario.rulebooks):
            self.say(HUB, (self._adopted(rulebook),), self.moment(at), by=hub_person)
        for person in self.scenario.people:
            self._enrol(person, hub_person, at)

    def _adopted(self, rulebook: str) -> a.RulebookAdopted:
        """The adoption of one of our rulebook files. Raises BadScenario for a name that is none."""
        folder = resources.files("coldcheck.custody").joinpath("rulebook")
        known = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
        if rulebook not in known:
            raise BadScenario(
                f'{self.scenario.path}:1: "{rulebook}" is no rulebook; the nearest is {nearest(rulebook, known)}.'
            )
        text = folder.joinpath(f"{rulebook}.toml").read_text(encoding="utf-8")
        return a.RulebookAdopted(name=rulebook, sha256=sha256(text.encode()).hexdigest(), text=text)

    def _enrol(self, person: Person, hub_person: Id, at: str) -> None:
        """A person gets a demo key; who is known from reports only gets none, so that nothing can be signed for him."""
        act = self._read(person.number, f'enrols {person.label} "{person.name}" as {person.roles}')
        assert isinstance(act, a.PersonEnrolled), "an enrolment reads as one"
        if not person.signs:
            self.say(HUB, (replace(act, key_class=KeyClass.REPORT.value),), self.moment(at), by=hub_person)
            return
        name, key = self._key(person.label, KeyClass.DEMO)
        self.say(HUB, (replace(act, key=name, public=key.public_bytes.hex()),), self.moment(at), by=hub_person)

    def say(self, label: str, acts: tuple[a.Act, ...], now: Moment, *, by: Id = "") -> Reply:
        """The reply to `acts`, signed by the demo key of `label` and recorded at `now`."""
        return record(self.hub, self.sign(label, acts, now, by=by), now)

    def sign(self, label: str, acts: tuple[a.Act, ...], now: Moment, *, by: Id = "") -> Signed:
        """What the device of `label` sends for `acts` at `now`, ready for `record`."""
        name, key = self.keys[label]
        person = by or self.names.id_of(label, "p")
        size = self.hub.frontier.size
        after: Plain = {"size": size, "root": self.hub.root.hex()} if size else None
        line1 = line_of(
            entry_id=self.names.mint("a"),
            log=self.log,
            by=person,
            key=name,
            at=now.at,
            after=after,
            prev=self.hub.last_lines.get(name),
            acts=acts,
            about=a.about(acts, by=person),
        )
        openings = tuple(self.names.openings.items())
        self.names.openings.clear()
        return Signed(line1=line1, signature=key.sign(line1), openings=openings, papers=self._papers_beside(acts))

    def _papers_beside(self, acts: tuple[a.Act, ...]) -> tuple[bytes, ...]:
        """The papers these acts file that lie in the folder `papers` beside the scenario, found by their hash."""
        wanted = {act.sha256 for act in acts if isinstance(act, a.SourceFiled)}
        folder = Path(self.scenario.path).parent / "papers"
        if not wanted or not folder.is_dir():
            return ()
        papers = (file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())
        return tuple(paper for paper in papers if sha256(paper).hexdigest() in wanted)

    # --- lines ---

    def _read(self, number: int, phrase: str) -> a.Act:
        try:
            return read_phrase(phrase, self.names)
        except BadPhrase as problem:
            raise BadScenario(f"{self.scenario.path}:{number}: {problem}.") from problem

    def acts_of(self, line: Line) -> tuple[a.Act, ...]:
        """The acts of a line, its labels looked up in the picture as it is now. Raises BadScenario."""
        people = [person.label for person in self.scenario.people if person.signs]
        if line.who not in people:
            raise BadScenario(
                f'{self.scenario.path}:{line.number}: "{line.who}" is no person who signs in this scenario; the nearest is {nearest(line.who, people)}.'
            )
        self.names.on_sheet = {}
        acts: list[a.Act] = []
        for phrase in line.phrases:
            act = self._read(line.number, phrase)
            if isinstance(act, a.SheetBegan) and act.procedure in self.hub.picture.sheets:
                self.names.on_sheet = cells_taken(self.hub.picture.sheets[act.procedure])
            acts.append(act)
        return tuple(acts)

    def _line(self, line: Line) -> None:
        acts = self.acts_of(line)
        try:
            reply = self.say(line.who, acts, self.moment(line.at))
        except ColdcheckError as problem:
            raise BadScenario(f"{self.scenario.path}:{line.number}: {problem}") from problem
        rules = tuple(dict.fromkeys(finding.rule for finding in reply.findings))
        wanted = (
            "" if line.wanted is None else f"{line.wanted.verdict or 'finding'} {', '.join(line.wanted.rules)}".strip()
        )
        for act in acts:
            self.results.append(
                Played(
                    line=line.number,
                    act=a.wire_name(type(act)),
                    verdict=reply.verdict,
                    rules=rules,
                    entry_index=reply.entry_index,
                    met=_meets(line, reply.verdict, rules),
                    wanted=wanted,
                )
            )

    def _expect(self, expect: Expect) -> None:
        moment = self.moment(expect.at)
        try:
            gun = self.names.id_of(expect.gun, "g")
        except BadPhrase as problem:
            raise BadScenario(f"{self.scenario.path}:{expect.number}: {problem}.") from problem
        card = card_of(self.hub.picture, gun, now=Now(boot=moment.boot, mono_ms=moment.mono_ms))
        codes = tuple(reason.code for reason in card.reasons)
        met = card.words == expect.words and set(expect.codes) <= set(codes)
        self.results.append(
            Played(
                line=expect.number,
                act="expect",
                verdict=card.words,
                rules=codes,
                entry_index=self.hub.picture.size - 1,
                met=met,
                wanted=f"{expect.words} {', '.join(expect.codes)}".strip(),
            )
        )


def cells_taken(sheet: Sheet) -> dict[tuple[Id, str], Id]:
    """The cells a first sheet took rounds from, with the rounds."""
    loads = (row for act in sheet.rows if isinstance(act, a.Loaded) for row in act.rows)
    return {(row.thing, row.cell): row.round_id for row in loads if row.cell}


def _meets(line: Line, verdict: str, rules: tuple[str, ...]) -> bool:
    """Without an expectation a line must not be refused; with one, verdict and rules must be the ones written."""
    if line.wanted is None:
        return verdict != "refused"
    if not line.wanted.verdict:
        return set(line.wanted.rules) <= set(rules)
    return verdict == line.wanted.verdict and (not line.wanted.rules or set(line.wanted.rules) == set(rules))
