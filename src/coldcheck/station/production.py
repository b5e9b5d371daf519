"""A production's own folder: what `coldcheck init` makes, and what `coldcheck hub` and `doctor` read again.

Promises: every key in it is new and random, its files are for their owner alone, nothing is written over. Entry 0 is
signed by the hub and by every officer; the crew comes in by a list that two officers sign, each person with a join card.
A drill has names, keys and a log of its own, so nothing signed in it can be taken in by a production's log.

Does not do: serve anything, or know a phone. Officers' first keys are files on paper or stick, of class device; each
officer brings his own phone and has the file's key revoked.
"""

import csv
import json
import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.enrolment import epoch_of
from coldcheck.custody.phrases import nearest
from coldcheck.custody.things import Id, Role
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass, card_hash
from coldcheck.proof.note import LogKey
from coldcheck.proof.sealed import Opening, Sealed, seal
from coldcheck.station.asked_first import keep_newest, verify_start
from coldcheck.station.cosigners import epochs_of
from coldcheck.station.hub_says import say_as_hub
from coldcheck.station.ledger_files import DRILL
from coldcheck.station.record import Hub, Moment, Signed, line_of, open_hub, record
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, open_ledger

OFFICERS: Final = 2
EPOCH: Final = 0
BUILD: Final = "hub"
PHOTOS: Final = ("off", "offered")
TLS_MODES: Final = ("demo", "own", "local-ca")
_ADDRESS: Final = re.compile(r"[0-9.]+|.*:.*")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_LABEL: Final = re.compile(r"[A-Za-z0-9-]{1,12}")


class BadProduction(ColdcheckError):
    """What init was given cannot begin a production. The sentence names the line or the field; correct it and run init again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewLine:
    """One line of the crew file."""

    label: str
    name: str
    roles: tuple[Role, ...]
    officer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `hub.toml` says. `drill` productions carry their mark on every page."""

    production: str
    hub: str
    log: str
    tls: str
    port: int
    drill: bool
    office_key: str
    number: str
    where: str
    medic: str
    care: str
    """Whom to ask for care after an incident."""
    send_to: tuple[str, ...]
    """Folders off the hub (a stick, a share) that get the checkpoint when the record is frozen."""
    photos: str
    """"off", or "offered": then a photo may be signed with what it shows, and its bytes lie in the ledger's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What init was asked for: the names, how phones reach the hub, and what stands on the emergency card."""

    production: str
    hub: str
    tls: str
    port: int
    rulebooks: tuple[str, ...]
    drill: bool = False
    number: str = ""
    where: str = ""
    medic: str = ""
    care: str = ""
    send_to: tuple[str, ...] = ()
    cosigners: tuple[str, ...] = ()
    """The keys (vkeys) of machines elsewhere that are to remember the log; an officer names them."""
    photos: str = "off"


# --- the crew file -------------------------------------------------------------------------------------------------


_COLUMNS: Final = ("label", "name", "roles", "officer")
_YES: Final = frozenset({"yes", "y", "si", "sí", "x", "1", "true"})
_NO: Final = frozenset({"", "no", "n", "0", "false"})


def read_crew(path: Path) -> tuple[CrewLine, ...]:
    """The people of a CSV file with the columns label, name, roles, officer. Raises BadProduction with the line."""
    crew = tuple(_crew_line(path, number, row) for number, row in enumerate(_crew_rows(path), start=2))
    labels = [line.label for line in crew]
    doubled = next((label for label in labels if labels.count(label) > 1), None)
    if doubled is not None:
        raise BadProduction(f"{path}: {doubled} stands for two people; give each a label of his own.")
    _verify_names(path, crew)
    if sum(line.officer for line in crew) < OFFICERS:
        raise BadProduction(
            f"{path}: two officers sign who is on the crew; write yes in the officer column of two people."
        )
    if not any(Role.ARMORER in line.roles for line in crew):
        raise BadProduction(f"{path}: nobody is armorer; without one no gun can be proven.")
    return crew


def _crew_rows(path: Path) -> list[dict[str, str]]:
    """The rows under the line of column names, whichever of comma, semicolon and tab the spreadsheet wrote between."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise BadProduction(f"{path} cannot be read ({problem.strerror}); name the crew's CSV file.") from problem
    except UnicodeDecodeError as problem:
        raise BadProduction(f"{path} is not in UTF-8; save it as CSV in UTF-8.") from problem
    head = text.partition("\n")[0]
    between = max(",;\t", key=head.count)
    names = [name.strip().casefold() for name in head.split(between)]
    lacking = [name for name in _COLUMNS if name not in names]
    if lacking:
        raise BadProduction(
            f"{path}: the first line has no {', '.join(lacking)}; it names the columns {', '.join(_COLUMNS)}."
        )
    try:
        rows = list(csv.DictReader(text.splitlines()[1:], fieldnames=names, delimiter=between))
    except csv.Error as problem:
        raise BadProduction(f"{path} cannot be read as a table ({problem}); save it as CSV in UTF-8.") from problem
    wide = next((number for number, row in enumerate(rows, start=2) if None in row), None)
    if wide is not None:
        raise BadProduction(
            f"{path}:{wide}: there are more cells than columns; put a cell with a comma in it in quotes."
        )
    return rows


def _verify_names(path: Path, crew: tuple[CrewLine, ...]) -> None:
    """That nobody is two people: who stands twice could be both of the two that a proof asks for. Raises BadProduction."""
    first: dict[str, str] = {}
    for line in crew:
        known = first.setdefault(" ".join(line.name.casefold().split()), line.label)
        if known != line.label:
            raise BadProduction(
                f"{path}: {line.name} stands there as {known} and as {line.label}; one person has one label and all his roles"
                " in it. If they are two people, write what tells them apart."
            )


def _crew_line(path: Path, number: int, row: dict[str, str]) -> CrewLine:
    where = f"{path}:{number}"
    missing = [name for name in ("label", "name", "roles") if not (row.get(name) or "").strip()]
    if missing:
        raise BadProduction(f"{where}: {', '.join(missing)} is empty; the columns are label, name, roles, officer.")
    label, name = row["label"].strip(), row["name"].strip()
    if not _LABEL.fullmatch(label):
        raise BadProduction(f"{where}: {label!r} is no label; use up to 12 letters, digits and hyphens.")
    if name.casefold() in demo_names():
        raise BadProduction(
            f"{where}: {name} is a person of the demo, whose keys everybody has; no production takes him."
        )
    officer = (row.get("officer") or "").strip()
    if officer.casefold() not in _YES | _NO:
        raise BadProduction(f"{where}: {officer!r} in the column officer is neither yes nor no; write one of the two.")
    return CrewLine(label=label, name=name, roles=_roles(where, row["roles"]), officer=officer.casefold() in _YES)


def _roles(where: str, text: str) -> tuple[Role, ...]:
    known = {role.value: role for role in Role if role is not Role.HUB}
    out: list[Role] = []
    for word in re.split(r"[;,/]", text):
        wanted = word.strip().casefold().replace(" ", "_")
        if wanted not in known:
            raise BadProduction(f"{where}: {word.strip()!r} is no role; the nearest is {nearest(wanted, list(known))}.")
        out.append(known[wanted])
    return tuple(dict.fromkeys(out))


def demo_names() -> frozenset[str]:
    """The names of the demo's people, in lower case: invented ones, with keys that anybody can make."""
    folder = resources.files("coldcheck.station").joinpath("demo")
    texts = (file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".txt"))
    found = (match[1] for text in texts for match in re.finditer(r'^person \S+ "([^"]+)"', text, re.MULTILINE))
    return frozenset(name.casefold() for name in found)


# --- the folder ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What init made: the settings, how many people came in, and where their cards and the officers' keys lie."""

    settings: Settings
    entries: int
    cards: tuple[tuple[str, Path], ...]
    officers: tuple[Path, ...]


def begin_production(folder: Path, wanted: Wanted, crew: tuple[CrewLine, ...]) -> Begun:
    """A new production in the new `folder`, its ledger begun and its crew listed. Raises BadProduction or StoreFailed."""
    if not _HOST.fullmatch(wanted.hub):
        raise BadProduction(
            f"{wanted.hub!r} is no name for a hub; use small letters, digits, hyphens and dots, such as hub.set."
        )
    if _ADDRESS.fullmatch(wanted.hub):
        raise BadProduction(
            f"{wanted.hub} is an address, and phones sign for a name alone; choose a name such as hub.set, and let the set"
            " network's name server answer it."
        )
    if wanted.hub.startswith(DRILL):
        raise BadProduction(f"{wanted.hub} begins as a drill's log does; choose another name for the hub.")
    if not wanted.production.strip():
        raise BadProduction('The production has no name; give one, such as --production "Salt Flats".')
    if folder.exists() and not folder.is_dir():
        raise BadProduction(f"{folder} is a file; a production begins in a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise BadProduction(f"{folder} is not empty; a production begins in a new folder.")
    texts = tuple(_rulebook(name) for name in ("core", *wanted.rulebooks))
    log = f"{DRILL if wanted.drill else ''}{wanted.hub}/{opaque_id('x', secrets.token_bytes(32))[1:]}"
    settings = Settings(
        production=f"DRILL {wanted.production}" if wanted.drill else wanted.production,
        hub=wanted.hub, log=log, tls=wanted.tls, port=wanted.port, drill=wanted.drill,
        office_key=secrets.token_urlsafe(16), number=wanted.number, where=wanted.where, medic=wanted.medic,
        care=wanted.care, send_to=wanted.send_to, photos=wanted.photos,
    )  # fmt: skip
    for name in ("keys", "officers", "cards", "tls"):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(0o700)
    _write(folder / "hub.toml", _toml(settings))
    _write(folder / "keys" / "log.seed", secrets.token_hex(32))
    acting = {"key": opaque_id("k", secrets.token_bytes(32)), "seed": secrets.token_hex(32)}
    _write(folder / "keys" / "acting.json", json.dumps(acting))
    store = create_ledger(
        folder / "ledger.coldcheck", meta={"origin": f"{log}/e{EPOCH}", "log": log, "vkey": _log_key(folder, log).vkey}
    )
    try:
        opened = _open(folder, store, log)
        starting = _Starting(hub=opened, production=settings.production)
        officers = starting.begin(crew, texts, folder)
        starting.name_cosigners(wanted.cosigners)
        cards = starting.list_crew(crew, folder, settings)
        entries = opened.picture.size
        keep_newest(folder, store.checkpoint())
    finally:
        store.close()
    return Begun(settings=settings, entries=entries, cards=cards, officers=officers)


def read_settings(folder: Path) -> Settings:
    """What the folder's `hub.toml` says. Raises BadProduction."""
    path = folder / "hub.toml"
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        later = {
            "care": read.get("care", ""),
            "send_to": tuple(read.get("send_to", ())),
            "photos": read.get("photos", "off"),
        }
        if later["photos"] not in PHOTOS:
            raise BadProduction(f"{path}: photos is {later['photos']!r}; write one of: {', '.join(PHOTOS)}.")
        found = Settings(
            **{**{name: read[name] for name in Settings.__dataclass_fields__ if name not in later}, **later}
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as problem:
        raise BadProduction(f"{path} does not read ({problem}); name a folder that coldcheck init made.") from problem
    # The log's name is signed and the line in this file is not: a drill never loses its mark, a log at work never gets one.
    if found.drill is not str(found.log).startswith(DRILL):
        raise BadProduction(
            f"{path}: drill is {str(found.drill).lower()}, and the log {found.log} is {'no' if found.drill else 'a'} drill's; put"
            " the line back as init wrote it."
        )
    return found


def open_production(folder: Path) -> tuple[Settings, Hub]:
    """The settings, and the hub opened as the one writer of the folder's ledger. Raises BadProduction, LedgerInUse."""
    settings = read_settings(folder)
    store = open_ledger(folder / "ledger.coldcheck")
    return settings, _open(folder, store, settings.log)


def _open(folder: Path, store: SqliteStore, log: str) -> Hub:
    epochs = epochs_of(store)
    newest = list(epochs.values())[-1].verifier if epochs else None
    epoch = epoch_of(newest.vkey) if newest is not None else EPOCH
    log_key = _log_key(folder, log, epoch=epoch)
    if newest is not None and log_key.vkey != newest.vkey:
        raise BadProduction(
            f"{folder / 'keys'} holds another log's keys than the ledger names; bring the two together."
        )
    return open_hub(store, log_key=log_key, log=log, epoch=epoch, build=BUILD, acting_key=acting_key_in(folder))


def acting_key_in(folder: Path) -> ActingKey:
    """The key that the hub of this folder signs its own acts with. Raises BadProduction."""
    path = folder / "keys" / "acting.json"
    try:
        acting = json.loads(path.read_text(encoding="utf-8"))
        return ActingKey.from_seed(key_name=acting["key"], key_class=KeyClass.HUB, seed=bytes.fromhex(acting["seed"]))
    except (OSError, ValueError, KeyError) as problem:
        raise BadProduction(
            f"{path} cannot be read ({problem}); bring the hub's keys from where they are kept."
        ) from problem


def seed_path(folder: Path, *, epoch: int) -> Path:
    """Where the seed of the log's key of that epoch lies."""
    return folder / "keys" / ("log.seed" if epoch == EPOCH else f"log-e{epoch}.seed")


def new_seed(folder: Path, *, epoch: int) -> bytes:
    """A fresh seed for the log's key of that epoch, on the disk; one that is there from a try cut short is used again."""
    path = seed_path(folder, epoch=epoch)
    if not path.exists():
        _write(path, secrets.token_hex(32))
    return bytes.fromhex(path.read_text(encoding="utf-8").strip())


def _log_key(folder: Path, log: str, *, epoch: int = EPOCH) -> LogKey:
    path = seed_path(folder, epoch=epoch)
    try:
        seed = bytes.fromhex(path.read_text(encoding="utf-8").strip())
    except (OSError, ValueError) as problem:
        raise BadProduction(
            f"{path} cannot be read ({problem}): this folder does not hold the log's key of epoch {epoch}."
        ) from problem
    return LogKey.from_seed(name=f"{log}/e{epoch}", seed=seed)


def _rulebook(name: str) -> tuple[str, str]:
    folder = resources.files("coldcheck.custody").joinpath("rulebook")
    known = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    if name not in known:
        raise BadProduction(f"{name!r} is no rulebook; the nearest is {nearest(name, known)}.")
    return name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")


def _toml(settings: Settings) -> str:
    lines = ["# Made by init. Keys and cards lie beside it; this file may be edited while the hub is stopped."]
    for name in Settings.__dataclass_fields__:
        value = getattr(settings, name)
        lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    """Nothing; a new file for its owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


# --- the first entries ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Officer:
    """An officer with his first key, as long as init has it."""

    line: CrewLine
    person: Id
    key: ActingKey
    seed: bytes


@dataclass(slots=True)
class _Starting:
    """The first entries of a log: what is sealed on the way, and the officers' keys while they are at hand."""

    hub: Hub
    production: str
    began: datetime | None = None
    openings: dict[str, Opening] | None = None
    officers: tuple[_Officer, ...] = ()

    def begin(self, crew: tuple[CrewLine, ...], texts: tuple[tuple[str, str], ...], folder: Path) -> tuple[Path, ...]:
        """Where the officers' keys lie, after entry 0 and the rulebooks are in."""
        acting = self.hub.acting_key
        assert acting is not None, "init made it"
        person = opaque_id("p", secrets.token_bytes(32))
        opened = a.ProductionOpened(
            production=self.hub.log.split("/")[1], name=self._seal("name", self.production), vkey=self.hub.log_key.vkey,
            key=acting.key_name, public=acting.public_bytes.hex(),
        )  # fmt: skip
        self.officers = tuple(_officer(line) for line in crew if line.officer)
        acts: list[a.Act] = [opened]
        for officer in self.officers:
            line = officer.line
            name = self._seal("name", line.name)
            acts += [
                a.OfficerNamed(person=officer.person, label=line.label, name=name, roles=line.roles),
                _enrolling(officer.key, officer.person),
            ]
        others = tuple(officer.key for officer in self.officers)
        self._say(person, acting, tuple(acts), officers=others)
        for name_, text in texts:
            digest = sha256(text.encode()).hexdigest()
            say_as_hub(self.hub, (a.RulebookAdopted(name=name_, sha256=digest, text=text),), self._moment())
        return tuple(_officer_file(folder, officer) for officer in self.officers)

    def name_cosigners(self, vkeys: tuple[str, ...]) -> None:
        """Nothing; the first officer has named these machines. Raises BadKey for a key that is no cosigner's."""
        first = self.officers[0]
        for vkey in vkeys:
            self._say(first.person, first.key, (a.CosignerNamed(vkey=vkey),))

    def list_crew(self, crew: tuple[CrewLine, ...], folder: Path, settings: Settings) -> tuple[tuple[str, Path], ...]:
        """Each person's label and join card, after two officers have signed the list."""
        rows: list[a.CrewRow] = []
        cards: list[tuple[str, Path]] = []
        for line in crew:
            if line.officer:
                continue
            who, seed = opaque_id("p", secrets.token_bytes(32)), secrets.token_bytes(32)
            card = ActingKey.from_seed(key_name="card", key_class=KeyClass.DEMO, seed=seed)
            name = self._seal("name", line.name)
            rows.append(
                a.CrewRow(person=who, label=line.label, name=name, roles=line.roles, card=card_hash(card.public_bytes))
            )
            path = folder / "cards" / f"{line.label}.html"
            _write(path, join_card(line, settings, who=who, seed=seed))
            cards.append((line.label, path))
        if not rows:
            return ()
        listed = a.CrewListed(rows=tuple(rows))
        first, second = self.officers[:OFFICERS]
        self._say(first.person, first.key, (listed,))
        self._say(second.person, second.key, (a.CrewConfirmed(sha256=a.act_hash(listed)),))
        return tuple(cards)

    def _say(self, by: Id, key: ActingKey, acts: tuple[a.Act, ...], *, officers: tuple[ActingKey, ...] = ()) -> None:
        size = self.hub.frontier.size
        moment = self._moment()
        line1 = line_of(
            entry_id=opaque_id("a", secrets.token_bytes(32)), log=self.hub.log, by=by, key=key.key_name, at=moment.at,
            after={"size": size, "root": self.hub.root.hex()} if size else None,
            prev=self.hub.last_lines.get(key.key_name),
            acts=acts, about=a.about(acts, by=by),
        )  # fmt: skip
        openings = tuple((self.openings or {}).items())
        self.openings = {}
        signed = Signed(
            line1=line1, signature=key.sign(line1), openings=openings, officers=tuple(o.sign(line1) for o in officers)
        )
        reply = record(self.hub, signed, moment)
        assert reply.verdict != "refused", "the first entries are complete"

    def _seal(self, field: str, words: str) -> Sealed:
        sealed, opening = seal(salt=secrets.token_bytes(32), field=field, value=words)
        self.openings = {**(self.openings or {}), sealed.commitment: opening}
        return sealed

    def _moment(self) -> Moment:
        now = datetime.now(UTC)
        self.began = self.began or now
        mono_ms = int((now - self.began).total_seconds() * 1000)
        return Moment(boot="init", mono_ms=max(0, mono_ms), at=f"{now:%Y-%m-%dT%H:%M:%S}Z")


def name_cosigner(folder: Path, *, officer: Path, vkey: str) -> int:
    """The entry in which the officer whose key lies in the file `officer` names a cosigner, while the hub is stopped.

    Raises BadProduction for a file that is no officer's, BadKey, LedgerInUse, and as `verify_start` and `record` do.
    """
    by, key = _officer_in(officer)
    _settings, hub = open_production(folder)
    try:
        if by not in hub.picture.book.officers:
            raise BadProduction(f"{officer} is the key of nobody who is an officer of {hub.log}; take an officer's.")
        now = datetime.now(UTC)
        moment = Moment(boot=f"desk-{secrets.token_hex(6)}", mono_ms=0, at=f"{now:%Y-%m-%dT%H:%M:%S}Z")
        # Whatever signs on this ledger asks first: an older copy would be forked, and what is remembered of it overwritten.
        verify_start(hub, folder, shown=(), now=moment, salt=secrets.token_bytes(32))
        line1 = line_of(
            entry_id=opaque_id("a", secrets.token_bytes(32)), log=hub.log, by=by, key=key.key_name, at=moment.at,
            after={"size": hub.frontier.size, "root": hub.root.hex()}, prev=hub.last_lines.get(key.key_name),
            acts=(a.CosignerNamed(vkey=vkey),), about=a.about((a.CosignerNamed(vkey=vkey),), by=by),
        )  # fmt: skip
        reply = record(hub, Signed(line1=line1, signature=key.sign(line1), openings=()), moment)
        keep_newest(folder, reply.checkpoint)
    finally:
        hub.store.close()
    return reply.entry_index


def _officer_in(path: Path) -> tuple[Id, ActingKey]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        seed, held = bytes.fromhex(read["seed"]), KeyClass(read["class"])
        return str(read["person"]), ActingKey.from_seed(key_name=read["key"], key_class=held, seed=seed)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BadProduction(
            f"{path} is no officer's key ({problem}); name a file that coldcheck init made."
        ) from problem


def _officer(line: CrewLine) -> "_Officer":
    key_name, seed = opaque_id("k", secrets.token_bytes(32)), secrets.token_bytes(32)
    key = ActingKey.from_seed(key_name=key_name, key_class=KeyClass.DEVICE, seed=seed)
    return _Officer(line=line, person=opaque_id("p", secrets.token_bytes(32)), key=key, seed=seed)


def _enrolling(key: ActingKey, who: Id) -> a.KeyEnrolled:
    return a.KeyEnrolled(
        person=who, key=key.key_name, key_class=key.key_class.value, public=key.public_bytes.hex(), rp="", origins=(),
        credential="", device=sha256(secrets.token_bytes(32)).hexdigest(),
    )  # fmt: skip


def _officer_file(folder: Path, officer: "_Officer") -> Path:
    path = folder / "officers" / f"{officer.line.label}.json"
    key = officer.key
    private = {"person": officer.person, "key": key.key_name, "class": key.key_class.value, "seed": officer.seed.hex()}
    _write(path, json.dumps(private, indent=2) + "\n")
    return path


def join_card(line: CrewLine, settings: Settings, *, who: Id, seed: bytes) -> str:
    """A person's join card as a page to print: the code that only he may scan, and what to do. It holds no name."""
    import segno  # noqa: PLC0415  # only init draws

    scheme = "http" if settings.tls == "demo" else "https"
    address = f"{scheme}://{settings.hub}:{settings.port}/join#{who}.{seed.hex()}"
    drawn = segno.make_qr(address, error="m").svg_inline(scale=5, border=4)
    mark = "<h1>DRILL</h1>" if settings.drill else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Join card</title>'
        '<body style="font:18px sans-serif;max-width:16cm;margin:1cm auto">'
        f"{mark}<h2>{line.label}</h2><p>Scan it once with your own phone, on the set's network. It works once, for you alone: "
        "do not photograph it, do not pass it on.</p>"
        f"{drawn}<p>Turn off the switch that leaves a network without internet (Wi-Fi Assist, adaptive connectivity).</p>"
        "<p>Lost it? Two officers make a new one.</p></body></html>\n"
    )
