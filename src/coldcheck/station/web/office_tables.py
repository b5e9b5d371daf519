"""The tables of the office, each a pure function of the picture: what is here, who may, what is planned, what is open.

Promises: roles and labels, never a name; a concern without its author; a first count without its number until the second
is in; reports grouped by rule, kind of gun and hour, never by person. Every table is the same on a page, as JSON and as
CSV. Reads only.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.enrolment import owner_of, signed_how
from coldcheck.custody.floor_predicates import due_on
from coldcheck.custody.picture import Done, Picture, acts_of_entry, holder_of
from coldcheck.custody.spoken import say_act
from coldcheck.custody.things import Hold, Id, Now
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.custody.trace import live_finds, origin_of
from coldcheck.custody.trace_basis import all_that_rested, false_bases
from coldcheck.custody.views import card_of, role_of
from coldcheck.proof.sealed import Sealed
from coldcheck.station.answer_text import label_of, spot_text
from coldcheck.station.store import Delivery
from coldcheck.station.web.catalogue import Words
from coldcheck.station.web.pages import big_words

Cell: TypeAlias = str | int
PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, the keys of its columns, and rows of as many cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a table is asked of: the picture now, the words, and what the address names (an entry, a gun)."""

    picture: Picture
    now: Now
    words: Words
    about: str = ""
    delivered: tuple[Delivery, ...] = ()
    """Which screens were told of what, newest first; only for the table that asks."""


def _role(ask: Ask, person: Id) -> str:
    role = role_of(ask.picture, person)
    return ask.words.entries.get(f"role.{role}", role)


def _roles(ask: Ask, people: tuple[Id, ...]) -> str:
    return ", ".join(_role(ask, person) for person in people)


def _at(picture: Picture, entry_index: int) -> str:
    done = acts_of_entry(picture, entry_index)
    return done[0].at if done else ""


def _named(ask: Ask, table: str, key: str) -> str:
    """What the record calls by a key of its own, in the asker's language; the key where a production made its own word."""
    return ask.words.entries.get(f"{table}.{key}", key)


def _held(ask: Ask, thing: Id) -> str:
    held = holder_of(ask.picture, thing)
    if held is None:
        return ask.words.say("scan.holder_unknown")
    if held.hold is Hold.PERSON:
        return _role(ask, held.who)
    if held.hold is Hold.LOCKED and held.who:
        return label_of(ask.picture, held.who)
    return ask.words.entries.get(f"scan.holder_{held.hold.value}", held.hold.value)


# --- what is here --------------------------------------------------------------------------------------------------


def guns(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Every gun with what the record says of it."""
    for gun in ask.picture.guns.values():
        card = card_of(ask.picture, gun.gun, now=ask.now)
        action = ask.words.entries.get(f"action.{gun.action.value}", gun.action.value)
        yield (
            gun.word_name, gun.label, action, gun.calibre, gun.capability.value, gun.chambers, gun.serial,
            " ".join(big_words(card, ask.words)).strip(),
            _held(ask, gun.gun), card.since_entry, gun.gun,
        )  # fmt: skip


def containers(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Every container, how many rounds people's own acts put in it, and who has it."""
    picture = ask.picture
    for known in picture.containers.values():
        rounds = len(picture.rounds_in.get(known.container, {})) + sum(picture.loose.get(known.container, {}).values())
        kind = _named(ask, "kind", known.kind.value)
        yield known.label, kind, known.cells, rounds, _held(ask, known.container), known.entry_index


def lots(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Every lot: what it is said to be, and whether both sides signed a receipt of it."""
    for lot in ask.picture.lots.values():
        both = ask.words.say("office.yes" if lot.lot in ask.picture.lots_signed_for else "office.missing")
        kind, tests = _named(ask, "kind", lot.kind.value), ", ".join(_named(ask, "test", one) for one in lot.tests)
        yield lot.label, kind, lot.calibre, lot.count, tests, both, lot.entry_index


# --- who may -------------------------------------------------------------------------------------------------------


def people(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Everybody by label and role, the class of the key, and the papers recorded for him with their last day."""
    for person in ask.picture.persons.values():
        papers = [f"{paper} {until}" for (who, paper), until in ask.picture.credentials.items() if who == person.person]
        trained = [
            f"{label_of(ask.picture, gun)} {ask.picture.trained_until.get((who, gun), '')}".strip()
            for who, gun in ask.picture.trained
            if who == person.person
        ]
        roles = ", ".join(sorted(ask.words.entries.get(f"role.{role.value}", role.value) for role in person.roles))
        duties = ", ".join(sorted(_named(ask, "role", duty) for duty in ask.picture.duties.get(person.person, {})))
        key = _named(ask, "key_class", person.key_class)
        yield person.label, roles, key, duties, "; ".join(papers), ", ".join(trained), person.entry_index


# --- what is planned -----------------------------------------------------------------------------------------------


def plan(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """The scenes with guns, call, performer and line, and what of meeting and assessment is signed."""
    picture = ask.picture
    for scene in picture.scenes.values():
        done = (scene.met_entry >= 0, bool(scene.assessed))
        said = [ask.words.say("office.yes" if one else "office.missing") for one in done]
        yield (
            scene.plan.scene,
            ask.words.entries.get(f"board.{scene.plan.activity.value}", scene.plan.activity.value),
            label_of(picture, scene.plan.place),
            ", ".join(picture.words.get(gun, gun) for gun in scene.plan.guns),
            scene.plan.call.value,
            _roles(ask, scene.performers),
            _roles(ask, scene.plan.line),
            *said,
            scene.planned_entry,
        )


def meetings(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Who is named in a scene, and whether he signed that he was at its meeting."""
    for scene in ask.picture.scenes.values():
        for person in dict.fromkeys((*scene.performers, *scene.plan.line, *sorted(scene.attended))):
            there = ask.words.say("office.signed" if person in scene.attended else "office.waits")
            yield scene.plan.scene, label_of(ask.picture, person), _role(ask, person), there


def setups(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """The set-up cards: the line, the muzzle, what is done with the gun, who signed and who answered."""
    picture = ask.picture
    for scene in picture.scenes.values():
        card = scene.card
        for who, signed in scene.card_signed if card is None else (("", card),):
            state = ask.words.say("office.in_force" if card is not None else "office.waits")
            yield (
                scene.plan.scene, state, _roles(ask, signed.line), ask.words.word(signed.muzzle, "value"), ", ".join(ask.words.word(one, "value") for one in signed.actions),
                signed.distance_ft or "", _role(ask, who) if who else "",
            )  # fmt: skip


# --- what is open --------------------------------------------------------------------------------------------------


def counts(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Counts by two. The first number is not shown until the second person has counted."""
    for thing, pair in ask.picture.counts.items():
        done = bool(pair.second_by)
        state = "office.agree" if pair.agreed else "office.differ" if done else "office.second_waits"
        yield (
            label_of(ask.picture, thing),
            pair.first_count if done else "",
            pair.second_count if done else "",
            ask.words.say(state),
            _role(ask, pair.first_by),
            _role(ask, pair.second_by) if done else "",
            pair.first_entry,
        )


def gaps(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Where the chain of a found round breaks: from which entry to which, and who had it last by the record."""
    for round_id in live_finds(ask.picture):
        gap = origin_of(ask.picture, round_id).gap
        if gap is None:
            continue
        yield (
            label_of(ask.picture, round_id),
            spot_text(ask.picture, ask.picture.spots.get(round_id)),
            "" if gap.from_entry is None else gap.from_entry,
            gap.to_entry,
            _role(ask, gap.last_recorded_holder) if gap.last_recorded_holder else "",
        )


def rested(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Every act that rested on something the record puts in doubt since, with the entry that does; oldest first."""
    closed = closed_entries(ask.picture)
    for flagged in all_that_rested(ask.picture, false_bases(ask.picture)):
        done = flagged.done
        for basis in flagged.bases:
            yield (
                done.entry_index, done.at, _signer(ask, done), _act_words(ask, done, closed),
                basis.entry_index, basis.by_entry, ask.words.say(f"office.why_{basis.why}"),
            )  # fmt: skip


def deliveries(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Each void and STOP with every screen that was told of it, and after how long it showed it; newest first."""
    for row in ask.delivered:
        screen = _role(ask, row.who) if row.who else ask.words.say("office.board")
        known = ask.picture.persons.get(row.who)
        answered = ask.words.say("office.no_answer") if row.after_ms is None else row.after_ms
        yield row.entry_index, row.told_at, row.what, screen, known.label if known is not None else "", answered


def coverage(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """What is recorded where, from when to when: outside of it, nothing recorded means nothing."""
    for known in ask.picture.coverage:
        closed = "" if known.closed_entry is None else known.closed_entry
        yield ask.words.word(known.subject, "value"), label_of(ask.picture, known.place), known.opened_entry, closed


def stops(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Every stop, and which of the three have signed to lift it."""
    for number, stop in sorted(ask.picture.stops.items()):
        lifted = ", ".join(
            ask.words.entries.get(f"role.{role.value}", role.value) for role, _who, _key in stop.lifted_by
        )
        state = ask.words.say("office.open" if stop.open else "office.lifted")
        yield number, _at(ask.picture, number), ask.words.word(stop.reason, "value", "kind"), state, lifted


def concerns(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Concerns by number and time. Who raised one is never here."""
    for number, (opened, answered) in enumerate(ask.picture.concerns.values(), start=1):
        state = ask.words.say("office.open" if answered is None else "office.answered")
        due = due_on(ask.picture, opened)
        yield number, _at(ask.picture, opened), state, due, "" if answered is None else _at(ask.picture, answered)


# --- the ledger ----------------------------------------------------------------------------------------------------


class _Labels:
    """Names as the phrases print them, out of the picture alone; sealed words stay closed."""

    def __init__(self, picture: Picture, tongue: Tongue) -> None:
        self._picture = picture
        self._tongue = tongue

    def id_of(self, label: str, _letters: str) -> Id:
        return self._picture.labels.get(label, label)

    def label_of(self, thing: Id) -> str:
        return label_of(self._picture, thing, tongue=self._tongue)

    def round_at(self, thing: Id, cell: str) -> Id:
        return self._picture.lying.get((thing, cell), "")

    def mint(self, letter: str) -> Id:
        return letter

    def seal(self, _field: str, _words: str) -> Sealed:
        return Sealed(commitment="0" * 64)

    def words_of(self, _sealed: Sealed) -> str:
        return "..."


def closed_entries(picture: Picture) -> frozenset[int]:
    """Entries whose answers stay closed for now: a first sheet, or a count, whose second person has not answered.

    Who counts again before the second person does has shown nothing the first time either.
    """
    sheets = {sheet.entry_index for sheet in picture.sheets.values()}
    waiting = (thing for thing, pair in picture.counts.items() if not pair.second_by)
    return frozenset(sheets.union(*(_counts_since_agreed(picture, thing) for thing in waiting)))


def _counts_since_agreed(picture: Picture, thing: Id) -> set[int]:
    """The entries since the last agreed pair in which somebody counted `thing`."""
    last = picture.counted_at.get(thing, -1)
    return {
        number
        for number in picture.thing_entries.get(thing, ())
        if number > last and any(_counts(done.act, thing) for done in acts_of_entry(picture, number))
    }


def _counts(act: a.Act, thing: Id) -> bool:
    told = act.told if isinstance(act, a.Reported | a.HeldOut) else act
    return isinstance(told, a.Counted) and told.thing == thing


_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_ANSWERS: Final = (
    a.Photographed,
    a.Cleared,
    a.Answered,
    a.Seen,
    a.RoundsTested,
    a.RoundsSeen,
    a.Loaded,
    a.Unloaded,
    a.Counted,
    a.Turned,
    a.TurnSeen,
)


def _act_words(ask: Ask, done: Done, closed: frozenset[int]) -> str:
    said = words_of_act(ask.picture, done.entry_index, done.act, closed=closed, tongue=ask.words.tongue)
    return said or ask.words.say("office.closed")


def words_of_act(
    picture: Picture, entry_index: int, act: a.Act, *, closed: frozenset[int], tongue: Tongue = ENGLISH
) -> str:
    """An act in the reader's words, names out of the picture alone; "" for an answer of an entry that is still `closed`."""
    if entry_index in closed and isinstance(act, _ANSWERS):
        return ""
    try:
        return say_act(act, _Labels(picture, tongue), tongue=tongue)
    except (KeyError, IndexError, ValueError, AssertionError):
        return tongue.word(a.wire_name(type(act)), "act")


def _signer(ask: Ask, done: Done) -> str:
    """By which role; nobody for a concern, and for what came with one."""
    with_concern = any(isinstance(one.act, a.ConcernRaised) for one in acts_of_entry(ask.picture, done.entry_index))
    return "" if with_concern else _role(ask, done.by)


def _verdict(ask: Ask, done: Done) -> str:
    return ask.words.word(done.verdict, "value")


def _signed(ask: Ask, done: Done) -> str:
    """With which class of key; on a phone that another held out, whose. Nothing for a concern: it has no author here."""
    if not _signer(ask, done):
        return ""
    how = signed_how(ask.picture, done.entry_index)
    said = ask.words.say(f"office.key_{how.key_class}", seconds=how.seconds if how.seconds is not None else "")
    holder = owner_of(ask.picture, how.key)
    if holder in {done.by, ""}:
        return said
    return ask.words.say("office.held_out", signed=said, holder=_role(ask, holder))


def ledger(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Entries with their acts in words, newest first, `PAGE` of them, from the entry the address names."""
    last, closed = ask.picture.size - 1, closed_entries(ask.picture)
    newest = min(int(ask.about), last) if _NUMBER.fullmatch(ask.about) else last
    for number in range(newest, max(-1, newest - PAGE), -1):
        for done in acts_of_entry(ask.picture, number):
            yield (
                number,
                done.at,
                _signer(ask, done),
                _act_words(ask, done, closed),
                _verdict(ask, done),
                _signed(ask, done),
            )


def gun_day(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """Everything one gun met: each entry that names it, oldest first."""
    gun = next((g.gun for g in ask.picture.guns.values() if ask.about in {g.gun, g.label, g.word_name}), "")
    closed = closed_entries(ask.picture)
    shaken = {
        id(flagged.done): flagged.bases[0].by_entry
        for flagged in all_that_rested(ask.picture, false_bases(ask.picture))
    }
    for done in ask.picture.journal:
        if gun and gun in a.ids_in(a.plain(done.act)):
            yield (
                done.entry_index, done.at, _signer(ask, done), _act_words(ask, done, closed), _verdict(ask, done),
                _signed(ask, done), shaken.get(id(done), ""),
            )  # fmt: skip


def patterns(ask: Ask) -> Iterator[tuple[Cell, ...]]:
    """How often proofs or calls ended, by reason, kind of gun and hour of the day; never by person."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for done in ask.picture.journal:
        codes = _code_of(done.act)
        for gun in sorted(a.ids_in(a.plain(done.act)) & ask.picture.guns.keys()) if codes else ():
            action = ask.picture.guns[gun].action.value
            kind = ask.words.entries.get(f"action.{action}", action)
            counted[codes, kind, f"{done.at[11:13]}:00"] += 1
    for (code, kind, hour), many in sorted(counted.items()):
        yield ask.words.reason(code), kind, hour, many


_CODES: Final[MappingProxyType[type, str]] = MappingProxyType(
    {a.PutDown: "V04", a.GunMishap: "V10", a.Discharged: "V09", a.AskedToSee: "V16", a.SightLost: "V08"}
)


def _code_of(act: a.Act) -> str:
    return act.rule if isinstance(act, a.Lapsed) else _CODES.get(type(act), "")


# --- all of them ---------------------------------------------------------------------------------------------------

Rows: TypeAlias = Callable[[Ask], Iterator[tuple[Cell, ...]]]
TABLES: Final[MappingProxyType[str, tuple[tuple[str, ...], Rows]]] = MappingProxyType(
    {
        "guns": (("name", "label", "kind", "calibre", "capability", "chambers", "serial", "words", "with", "entry", "id"), guns),
        "containers": (("label", "kind", "cells", "rounds", "with", "entry"), containers),
        "lots": (("label", "kind", "calibre", "count", "tests", "receipt", "entry"), lots),
        "people": (("label", "role", "key", "duty", "papers", "trained", "entry"), people),
        "plan": (("scene", "activity", "place", "guns", "call", "performer", "line", "meeting", "assessed", "entry"), plan),
        "setups": (("scene", "state", "line", "muzzle", "actions", "feet", "signed_by"), setups),
        "meetings": (("scene", "label", "role", "state"), meetings),
        "counts": (("label", "first", "second", "state", "first_by", "second_by", "entry"), counts),
        "gaps": (("item", "lies", "from_entry", "to_entry", "last_holder"), gaps),
        "rested": (("entry", "at", "role", "act", "basis_entry", "doubt_entry", "reason"), rested),
        "coverage": (("subject", "place", "from_entry", "to_entry"), coverage),
        "stops": (("entry", "at", "reason", "state", "lifted_by"), stops),
        "deliveries": (("entry", "at", "told_of", "screen", "label", "shown_ms"), deliveries),
        "concerns": (("number", "at", "state", "due", "answered_at"), concerns),
        "patterns": (("reason", "kind", "hour", "count"), patterns),
        "ledger": (("entry", "at", "role", "act", "verdict", "signed"), ledger),
        "gun_day": (("entry", "at", "role", "act", "verdict", "signed", "doubt_entry"), gun_day),
    }
)  # fmt: skip


def table_of(name: str, ask: Ask) -> Table:
    """The table of this name. Raises KeyError for a name that is none: ask `TABLES` first."""
    columns, rows = TABLES[name]
    return Table(name=name, columns=columns, rows=tuple(rows(ask)))
