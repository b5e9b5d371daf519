"""The registers of a matter: open questions, the freeze and its muster, exhibits with custody, and who knew what.

Each is laid out alike for everybody, in the order of entry or of ids. Promises: nothing leaves a register; a question is
open until an act says otherwise, and disputes, gaps, counts that were off and stops that nobody asked about are counted
as well. Does not do: answer, or judge an answer.

    questions_of(picture, files).open_count
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.claims import disputed_of
from coldcheck.custody.counts import balance_of
from coldcheck.custody.matter import Filed, Files
from coldcheck.custody.picture import Done, Picture, acts_of_entry, doubt_of, rounds_within
from coldcheck.custody.things import RELEASE_ROLES, Custody, Hold, Id, Role
from coldcheck.custody.trace import Reach, Secure, access_to, live_finds, origin_of
from coldcheck.proof.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the register; `ref` is "" where nobody asked and the record itself raises it.

    `gist` and `values` word those the record raises. `refs` name what it came from, `answer_refs` what its state rests on,
    `answered_by` who said so, "" for nobody or the record. `unmet` says why a state that reads as an answer leaves it open:
    "rests_on_nothing", or "still_asked" where the record itself goes on asking.
    """

    ref: Id
    origin: a.QuestionOrigin
    state: a.QuestionState
    owner: Id
    due: str
    entry_index: int
    gist: str
    values: tuple[str, ...]
    refs: tuple[str, ...]
    answer_refs: tuple[str, ...]
    answered_by: Id
    unmet: str

    @property
    def is_open(self) -> bool:
        """Whether it counts as open: nothing answered it, or what did is not enough."""
        return self.state not in _SETTLED or bool(self.unmet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All questions, oldest first. The count is of those no act has answered; nobody can enter another number."""

    questions: tuple[Asked, ...]
    open_count: int


_SETTLED: Final = frozenset({a.QuestionState.ANSWERED_BY_RECORD, a.QuestionState.ANSWERED_BY_EXHIBIT})


_STILL_ASKED: Final = frozenset({"stop_open", "count_off", "lot_short", "lot_over"})
"""What the record itself shows to be open or not: no answer of anybody's ends it, only what it asks for."""


def questions_of(picture: Picture, files: Files) -> Register:
    """The question register: what people asked, then what disputes, gaps, counts and open stops ask by themselves.

    A question takes on one of those that the record raises, the first that its references name and that nobody took on
    before: however many it names, the others are asked all the same.
    """
    raised = {row.refs[0]: row for row in (*_raised(picture), *_unexplained(files))}
    rows: list[Asked] = []
    for filed in files.questions.values():
        taken = raised.pop(next((ref for ref in filed.act.refs if ref in raised), ""), None)
        rows.append(_asked(picture, files, filed, taken))
    rows.extend(raised.values())
    rows.sort(key=lambda row: row.entry_index)
    return Register(questions=tuple(rows), open_count=sum(1 for row in rows if row.is_open))


def _asked(picture: Picture, files: Files, filed: Filed[a.QuestionOpened], taken: Asked | None) -> Asked:
    act = filed.act
    answers = [
        each for each in files.answers if each.act.question == act.ref and doubt_of(picture, each.entry_index) is None
    ]
    last = answers[-1] if answers else None
    refs = last.act.refs if last is not None else ()
    state = last.act.state if last is not None else a.QuestionState.OPEN
    unmet = ""
    if state in _SETTLED and not any(_is_known(picture, files, ref) for ref in refs):
        unmet = "rests_on_nothing"
    elif state in _SETTLED and taken is not None and taken.is_open and taken.gist in _STILL_ASKED:
        unmet = "still_asked"
    return Asked(
        ref=act.ref, origin=act.origin, state=state, owner=act.owner, due=act.due, entry_index=filed.entry_index, gist="",
        values=(), refs=act.refs, answer_refs=refs, answered_by=last.by if last is not None else "", unmet=unmet,
    )  # fmt: skip


def _is_known(picture: Picture, files: Files, ref: str) -> bool:
    """Whether a reference names something of this log: an entry by its number, or a thing by its id or label."""
    number = ref.removeprefix("#")
    if number.isascii() and number.isdigit():
        return int(number) < picture.size
    thing = picture.labels.get(ref, ref)
    filed = (files.sources, files.statements, files.claims, files.exhibits, files.interviews, files.requests)
    known = (picture.guns, picture.containers, picture.cartridges, picture.lots, picture.places)
    return any(thing in each for each in (*filed, *known))


def _raised(picture: Picture) -> Iterator[Asked]:
    for dispute in disputed_of(picture):
        first = min(entry for _account, entries in dispute.accounts for entry in entries)
        yield _by_itself(a.QuestionOrigin.DISPUTE, first, "accounts_differ", (dispute.row,), dispute.row)
    for round_id in live_finds(picture):
        origin = origin_of(picture, round_id)
        if origin.gap is not None:
            yield _by_itself(
                a.QuestionOrigin.GAP, picture.kinds_found[round_id][1], "gap", (round_id,), f"gap/{round_id}"
            )
    yield from _of_counts(picture)
    asked = {entry for off in picture.counts_off if not off.settled for entry in off.entries}
    # What stopped for a count that is still off is asked about as that count.
    for entry in sorted(picture.open_stops - asked):
        values = (str(entry), picture.stops[entry].reason, _thing_of(picture, entry))
        yield _by_itself(a.QuestionOrigin.RULE, entry, "stop_open", values, f"stop/{entry}")


def _unexplained(files: Files) -> Iterator[Asked]:
    """One question a word of the trade in a claim of which nobody noted what its speaker meant."""
    for ref, filed in files.claims.items():
        for row in filed.act.terms:
            if not row.meaning:
                # The word is other people's speech: in the key of the question it stands as the claim gives it.
                key = f"term/{ref}/{row.term}"
                yield _by_itself(a.QuestionOrigin.RULE, filed.entry_index, "word_meaning", (row.term, ref), key)


def _of_counts(picture: Picture) -> Iterator[Asked]:
    """A question for each count that was off, answered once two counts agree with the record; and for each lot that is off."""
    for off in picture.counts_off:
        values = (off.thing, ", ".join(map(str, off.counts)), str(off.expected))
        ref = f"count/{off.entries[-1]}"
        asked = _by_itself(a.QuestionOrigin.RULE, off.entries[-1], "count_off", values, ref)
        # A count that was taken back or disputed since answers nothing.
        settled = () if any(entry in picture.doubted for entry in off.settled) else off.settled
        state = a.QuestionState.ANSWERED_BY_RECORD if settled else a.QuestionState.OPEN
        yield replace(asked, state=state, answer_refs=tuple(map(str, settled)))
    for lot in picture.lots:
        missing = balance_of(picture, lot)
        if missing:
            entry = _last_moved(picture, lot)
            gist = "lot_short" if missing > 0 else "lot_over"
            yield _by_itself(a.QuestionOrigin.RULE, entry, gist, (lot, str(abs(missing))), f"lot/{lot}")


def _last_moved(picture: Picture, lot: Id) -> int:
    """The last entry that says where a round of the lot, or some of it, went or came from."""
    rounds = (r for r, known in picture.cartridges.items() if known.lot == lot)
    moved = (steps[-1].entry_index for r in rounds if (steps := picture.placements.get(r)))
    got = (entry for (known, _), (entry, *_rest) in picture.received.items() if known == lot)
    return max((*moved, *got), default=0)


def _thing_of(picture: Picture, entry: int) -> Id:
    """The gun, round or container that an entry is about first, "" if it names none."""
    for done in acts_of_entry(picture, entry):
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        for name in ("gun", "round_id", "item", "container", "thing"):
            thing = getattr(act, name, "")
            if isinstance(thing, str) and thing:
                return thing
    return ""


def _by_itself(origin: a.QuestionOrigin, entry_index: int, gist: str, values: tuple[str, ...], ref: str) -> Asked:
    return Asked(
        ref="", origin=origin, state=a.QuestionState.OPEN, owner="", due="", entry_index=entry_index, gist=gist,
        values=values, refs=(ref,), answer_refs=(), answered_by="", unmet="",
    )  # fmt: skip


# --- the freeze ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mustered:
    """One gun or container: where the record has it, and who could reach it since its last agreed count.

    `since_freeze` are the entries after the freeze, signed by those who did it, that say where it is. `reported`: that it is
    there is only told. `doubted_entry` took back, corrected or disputed the entry that says so, None where nothing does.
    """

    item: Id
    hold: Hold
    who: Id
    reported: bool
    doubted_entry: int | None
    counted_entry: int | None
    reached: tuple[Reach, ...]
    since_freeze: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlace:
    """One place of the production as it was when everything was frozen: what lay there, and who had said he was there.

    `since_freeze` are the entries after the freeze that name it.
    """

    place: Id
    things: tuple[Id, ...]
    people: tuple[Id, ...]
    since_freeze: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """One key that could sign at the freeze: whose, of which class. `since_freeze` are the entries that changed it after."""

    key: Id
    person: Id
    key_class: str
    since_freeze: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """What is held since entry `entry_index`. It ends by the three signed lifts of its stop and by nothing else."""

    entry_index: int
    cause: str
    by_itself: bool
    guns: tuple[Id, ...]
    secure: tuple[Secure, ...]
    muster: tuple[Mustered, ...]
    places: tuple[HeldPlace, ...]
    keys: tuple[HeldKey, ...]
    sent_off: tuple[Filed[a.CheckpointSentOff], ...]
    missing_release: tuple[Role, ...]


def freeze_of(picture: Picture, files: Files) -> Freeze | None:
    """The freeze that stands now, or None."""
    entry = picture.frozen_entry
    if entry is None:
        return None
    acts = _acts_told(picture, entry)
    guns = _fired(acts)
    signed = {role for role, _who, _key in picture.stops[entry].lifted_by} if entry in picture.stops else set()
    things = sorted((*picture.guns, *picture.containers), key=lambda item: (item not in guns, item))
    return Freeze(
        entry_index=entry,
        cause=next((act.cause for act in acts if isinstance(act, a.Frozen)), "unintended_discharge"),
        by_itself=not any(isinstance(act, a.Frozen) for act in acts),
        guns=guns,
        secure=tuple(_secure(picture, guns)),
        muster=tuple(_mustered(picture, item, entry) for item in things),
        places=tuple(_places_held(picture, entry)),
        keys=tuple(_keys_held(picture, entry)),
        sent_off=tuple(filed for filed in files.sent_off if filed.entry_index >= entry),
        missing_release=tuple(role for role in RELEASE_ROLES if role not in signed),
    )


def _acts_told(picture: Picture, entry: int) -> list[a.Act]:
    return [done.act.told if isinstance(done.act, a.Reported) else done.act for done in acts_of_entry(picture, entry)]


def _fired(acts: list[a.Act]) -> tuple[Id, ...]:
    return tuple(sorted({act.gun for act in acts if isinstance(act, a.Discharged)}))


def secure_now(picture: Picture) -> tuple[Secure, ...]:
    """What to treat as live and secure while everything is held, or while a stop for a found round is open; () otherwise."""
    entry = picture.frozen_entry
    found = any(picture.stops[stop].reason == "found_round" for stop in picture.open_stops)
    if entry is None and not found:
        return ()
    return tuple(_secure(picture, _fired(_acts_told(picture, entry)) if entry is not None else ()))


def secure_by_name(picture: Picture) -> tuple[tuple[str, ...], int]:
    """The same as people say it: guns by their words, what rounds lie in by its label; and how many rounds beside."""
    items = [known.item for known in secure_now(picture)]
    guns = [picture.guns[item].word_name.upper() for item in items if item in picture.guns]
    labels = {name: label for label, name in picture.labels.items()}
    others = (item for item in items if item in picture.containers or item in picture.places or item in picture.lots)
    names = (*guns, *(labels.get(item, item) for item in others))
    return names, sum(1 for item in items if item in picture.cartridges)


def _secure(picture: Picture, guns: tuple[Id, ...]) -> Iterator[Secure]:
    """Treat as live and secure: the gun, the rounds in it, what they came out of, and what a find shared a place with."""
    seen: set[Id] = set()
    for gun in guns:
        yield from _once(seen, gun, "fired", picture.frozen_entry or 0)
        for step in (step for r in rounds_within(picture, gun) for step in picture.placements.get(r, ())):
            spot = step.start
            if spot is not None and spot.thing != gun:
                yield from _once(seen, spot.thing, "its_rounds_came_from_here", step.entry_index)
        for round_id in rounds_within(picture, gun):
            yield from _once(seen, round_id, "lies_in_it", picture.frozen_entry or 0)
    for round_id in live_finds(picture):
        for known in origin_of(picture, round_id).secure_now:
            yield from _once(seen, known.item, known.why, known.entry_index)


def _once(seen: set[Id], item: Id, why: str, entry_index: int) -> Iterator[Secure]:
    if item not in seen:
        seen.add(item)
        yield Secure(item=item, why=why, entry_index=entry_index)


def _mustered(picture: Picture, item: Id, entry: int) -> Mustered:
    held = picture.custody.get(item, [])
    counted = picture.counted_at.get(item)
    reach = access_to(
        picture, item, from_entry=counted if counted is not None else 0, to_entry=max(entry, counted or 0)
    )
    own = {known.entry_index for known in held if not known.reported}
    own |= {known for known in picture.thing_entries.get(item, ()) if not _is_told(picture, known)}
    return Mustered(
        item=item,
        hold=held[-1].hold if held else Hold.UNKNOWN,
        who=held[-1].who if held else "",
        reported=bool(held) and held[-1].reported,
        doubted_entry=doubt_of(picture, held[-1].entry_index) if held else None,
        counted_entry=counted,
        reached=reach.people,
        since_freeze=tuple(sorted(known for known in own if known > entry)),
    )


def _places_held(picture: Picture, entry: int) -> Iterator[HeldPlace]:
    """Every place that was known at the freeze, in the order of registration."""
    lying: dict[Id, list[Id]] = {}
    for item in (*picture.guns, *picture.containers):
        then = [held for held in picture.custody.get(item, ()) if held.entry_index <= entry]
        if then and then[-1].who in picture.places:
            lying.setdefault(then[-1].who, []).append(item)
    there: dict[Id, dict[Id, None]] = {}
    for each in picture.presences:
        if each.from_entry <= entry and (each.to_entry is None or each.to_entry >= entry):
            there.setdefault(each.place, {})[each.person] = None
    named = _named_since(picture, entry)
    for place in picture.places.values():
        if place.place in named.first_seen_after:
            continue
        yield HeldPlace(
            place=place.place,
            things=tuple(lying.get(place.place, ())),
            people=tuple(sorted(there.get(place.place, ()))),
            since_freeze=named.entries.get(place.place, ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Since:
    """What the entries after a freeze name, and which places and keys came into the record only then."""

    entries: Mapping[Id, tuple[int, ...]]
    first_seen_after: frozenset[Id]


def _named_since(picture: Picture, entry: int) -> _Since:
    entries: dict[Id, dict[int, None]] = {}
    known = {
        each.act.place for each in picture.journal[: _end_of(picture, entry)] if isinstance(each.act, a.PlaceRegistered)
    }
    new: set[Id] = set()
    for done in picture.journal[_end_of(picture, entry) :]:
        # A claim that names a place says nothing of what went on there.
        for name in () if isinstance(done.act, a.INQUIRY_ACTS) else a.ids_in(a.plain(done.act)):
            entries.setdefault(name, {})[done.entry_index] = None
        match done.act:
            case a.PlaceRegistered(place=place) if place not in known:
                new.add(place)
            case a.PersonEnrolled(key=key) | a.KeyEnrolled(key=key):
                new.add(key)
            case _:
                pass
    return _Since(
        entries=MappingProxyType({name: tuple(found) for name, found in entries.items()}),
        first_seen_after=frozenset(new),
    )


def _end_of(picture: Picture, entry: int) -> int:
    """Where in the journal the acts of an entry end."""
    return picture.entry_acts[entry + 1] if entry + 1 < picture.size else len(picture.journal)


_OF_KEYS: Final = (a.KeyRevoked, a.KeyRotated)


def _keys_held(picture: Picture, entry: int) -> Iterator[HeldKey]:
    """Every key that people or the hub could sign with at the freeze, by owner and then by key."""
    since = _named_since(picture, entry)
    changed: dict[Id, list[int]] = {}
    for done in picture.journal[_end_of(picture, entry) :]:
        if isinstance(done.act, _OF_KEYS):
            for name in a.ids_in(a.plain(done.act)):
                changed.setdefault(name, []).append(done.entry_index)
    ended = {key for key, at in picture.book.revoked.items() if at <= entry}
    rows = sorted((person, key, key_class) for key, (_public, key_class, person) in picture.keys.items())
    for person, key, key_class in rows:
        if key not in since.first_seen_after and key not in ended:
            yield HeldKey(key=key, person=person, key_class=key_class, since_freeze=tuple(changed.get(key, ())))


def _is_told(picture: Picture, entry_index: int) -> bool:
    return all(isinstance(done.act, a.Reported) for done in acts_of_entry(picture, entry_index))


# --- exhibits ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One exhibit with its whole custody, what was derived from it, who viewed it, and what was judged of it."""

    filed: Filed[a.ExhibitFiled]
    custody: tuple[Custody, ...]
    derived: tuple[Id, ...]
    viewings: tuple[Filed[a.ExhibitViewed], ...]
    relevance: a.Relevance
    judged_entry: int | None
    judged_by: Id


def exhibits_of(picture: Picture, files: Files) -> tuple[Exhibit, ...]:
    """Every exhibit in the order of filing. What was judged not relevant or not similar stands here like the rest."""
    return tuple(_exhibit(picture, files, filed) for filed in files.exhibits.values())


def _exhibit(picture: Picture, files: Files, filed: Filed[a.ExhibitFiled]) -> Exhibit:
    ref = filed.act.ref
    judged = [each for each in files.judgements if each.act.exhibit == ref]
    return Exhibit(
        filed=filed,
        custody=tuple(picture.custody.get(filed.act.item, ())),
        derived=tuple(other.act.ref for other in files.exhibits.values() if other.act.derived_from == ref),
        viewings=tuple(each for each in files.viewings if each.act.exhibit == ref),
        relevance=judged[-1].act.relevance if judged else a.Relevance.NOT_EXAMINED,
        judged_entry=judged[-1].entry_index if judged else None,
        judged_by=judged[-1].by if judged else "",
    )


def adopted(files: Files, interview: Filed[a.InterviewRecorded]) -> tuple[tuple[Id, ...], tuple[Id, ...]]:
    """Who adopted the record of an interview by an act of his own, and who is only said to have: he entered it, or replied to it."""
    own = {
        each.by
        for each in files.replies
        if each.act.regarding == interview.act.ref and each.act.reply is a.Reply.REPLIED
    }
    own.add(interview.by)
    named = interview.act.adopted_by
    return tuple(who for who in named if who in own), tuple(who for who in named if who not in own)


# --- who knew what -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One line of the knowledge record: a rule in force, an acceptance, a warning, a near miss, what followed, a reason given.

    `said` are the words entered with it, None where the act has none.
    `told_by` is who reported it, "" where `who` signed it himself: a report is not the word of him it is about.
    `held_out_by` had the phone on which `who` signed, "" for his own. `doubted_entry` took it back, corrected or disputed it,
    or revoked its key as lost or in other hands.
    """

    entry_index: int
    who: Id
    kind: str
    what: str
    told_by: Id
    held_out_by: Id
    doubted_entry: int | None
    said: Sealed | None


def knowledge_of(picture: Picture) -> tuple[Known, ...]:
    """The knowledge record, by entry, in one form for every role: rules, acceptances, warnings, near misses, answers."""
    return tuple(row for done in picture.journal for row in _known(picture, done))


def _known(picture: Picture, done: Done) -> Iterator[Known]:  # noqa: C901, PLR0912  # one table, one line a kind
    who, act = (done.act.who, done.act.told) if isinstance(done.act, a.Reported) else (done.by, done.act)
    found: tuple[str, str] | None
    match act:
        case a.RulebookAdopted():
            found = "rules_in_force", act.name
        case a.Attended() | a.Assessed() | a.MeetingHeld():
            found = a.wire_name(type(act)), act.scene
        case a.DutyOpened() | a.DutyClosed():
            found = a.wire_name(type(act)), act.duty
        case a.AccountableNamed():
            found = "accountable_named", f"{act.matter} {act.person}"
        case a.ConcernRaised() | a.ConcernAnswered() | a.ConcernPassedOn():
            found = a.wire_name(type(act)), act.concern
        case a.NearMissLogged():
            found = "near_miss_logged", act.gun
        case a.NeedDecided() | a.DirectionGiven():
            # Who set aside something less, or directed what is done with a gun: a reason under a name.
            found = a.wire_name(type(act)), f"{act.scene} {act.gun}"
        case a.DutyAccepted():
            found = "duty_accepted", act.duty
        case a.TermsAdopted() | a.TermsSigned():
            # Which words they are is their hash; its beginning tells two apart on paper.
            found = a.wire_name(type(act)), act.sha256[:16]
        case a.Discharged(planned=False):
            found = "unintended_discharge", act.gun
        case a.Stopped():
            found = "stopped", act.reason
        case a.StopLifted():
            found = "stop_lifted", f"{act.stop} {done.verdict}"
        case a.Learned():
            found = "learned", act.fact
        case a.NoticeGiven():
            found = "notice_given", f"{act.fact} {act.to}"
        case a.Called() | a.Announced() | a.Acknowledged() if done.verdict == "refused":
            found = "refused", f"{act.call.value} {act.gun}"
        case _:
            found = None
    if found is not None:
        told_by = done.by if isinstance(done.act, a.Reported) else ""
        yield Known(
            entry_index=done.entry_index, who=who, kind=found[0], what=found[1], told_by=told_by,
            held_out_by=picture.held_out.get(done.entry_index, ""), doubted_entry=doubt_of(picture, done.entry_index),
            said=getattr(act, "remark", None),
        )  # fmt: skip
