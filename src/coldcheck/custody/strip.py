"""A gun's day as one strip: what the record said of it, who had it, who saw it, proofs, calls, voids and takes.

A pure walk over the entries: the same steps give the same rows, on hub, studio and an outsider's verifier. Promises:
between two marks nothing was recorded; time that ran out stands where it ran out, not where it was noticed. Does not:
draw, or put anything in sentences.

    strip_of(steps, gun, on="2026-05-04").said[0].word  ->  "loaded"
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from coldcheck.custody import acts as a
from coldcheck.custody.picture import GrantedCall, Picture, Step, call_ended, holder_of, is_handler, standing_call
from coldcheck.custody.state import apply
from coldcheck.custody.things import Hold, Id, same_time
from coldcheck.custody.views import card_of, role_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Something that went on from one time to another; `word` says what, `detail` more of it ("" for nothing more)."""

    start_at: str
    end_at: str
    word: str
    detail: str
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened at one time."""

    at: str
    word: str
    detail: str
    entry_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One gun on one day, as seven rows, each oldest first.

    What began with the day's last entry has no length yet, and still stands as the end of its row. `called` is how many calls
    were granted, however short they stood.

    `said` has kinds of card as words, `custody` a role, a place or a hold, `sight` roles joined by "+", `proofs` what two
    people answered with how they answered, `calls` the call, `voids` V codes, `takes` what the plan says, or "no_call"; "told" and "told_shot" are reports.
    """

    gun: Id
    label: str
    word_name: str
    serial: str
    on: str
    start_at: str
    end_at: str
    entries: tuple[int, int]
    said: tuple[Segment, ...]
    custody: tuple[Segment, ...]
    sight: tuple[Segment, ...]
    proofs: tuple[Mark, ...]
    calls: tuple[Segment, ...]
    voids: tuple[Mark, ...]
    takes: tuple[Mark, ...]
    called: int


@dataclass(slots=True)
class _Row:
    """Segments of one row so far; the last one is open. An empty word is nothing."""

    segments: list[Segment] = field(default_factory=list)

    def put(self, at: str, entry_index: int, word: str, detail: str = "") -> None:
        last = self.segments[-1] if self.segments else None
        if last is not None and (last.word, last.detail) == (word, detail):
            return
        if last is not None:
            self.segments[-1] = replace(last, end_at=at)
        self.segments.append(Segment(start_at=at, end_at="", word=word, detail=detail, entry_index=entry_index))


@dataclass(slots=True)
class _Walk:
    """What was seen of the gun so far."""

    gun: Id
    said: _Row = field(default_factory=_Row)
    custody: _Row = field(default_factory=_Row)
    sight: _Row = field(default_factory=_Row)
    calls: _Row = field(default_factory=_Row)
    proofs: list[Mark] = field(default_factory=list)
    voids: list[Mark] = field(default_factory=list)
    takes: list[Mark] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    is_proven: bool = False
    lapsed: GrantedCall | None = None

    def before(self, picture: Picture, step: Step) -> None:
        """A call whose time ran out since the last entry ended then."""
        call = picture.calls.get(self.gun)
        if call is None or call is self.lapsed or self.gun not in picture.kernel.call:
            return
        code = call_ended(picture, self.gun, step.now)
        if not code:
            return
        self.lapsed = call
        at = _ended_at(picture, call, code, step)
        self.voids.append(Mark(at=at, word=code, detail="", entry_index=step.entry_index))
        self.calls.put(at, step.entry_index, "")
        self.said.put(at, step.entry_index, "loaded", code)

    def after(self, picture: Picture, step: Step) -> None:
        """What the entry changed."""
        at, index = step.at, step.entry_index
        card = card_of(picture, self.gun, now=step.now)
        code = card.reasons[0].code if card.kind == "loaded" and card.reasons else ""
        self.said.put(at, index, card.kind, code or (str(card.count) if card.count else ""))
        self.custody.put(at, index, *_custody_word(picture, self.gun))
        self.sight.put(at, index, "+".join(_who_sees(picture, self.gun, step)))
        call = standing_call(picture, self.gun, step.now)
        if call is not None and call.entry_index == index:
            self.granted.append(at)
        self.calls.put(at, index, call.call.value if call is not None else "", str(call.entry_index) if call else "")
        note = picture.voids.get(self.gun)
        ended = note is not None and note.entry_index == index and note.had_call and self.lapsed is None
        if note is not None and ended and not any(_planned_shot(act, self.gun) for act in step.acts):
            self.voids.append(Mark(at=at, word=note.code, detail="", entry_index=index))
        if self.gun not in picture.calls:
            self.lapsed = None
        self._proof(picture, at, index)
        for act in step.acts:
            self._take(picture, step, act)

    def _proof(self, picture: Picture, at: str, index: int) -> None:
        positions = picture.guns[self.gun].positions
        proven = all(picture.kernel.proven(self.gun, name) for name in positions)
        if proven and not self.is_proven:
            manner = picture.checked.get(self.gun, (index, ""))[1]
            self.proofs.append(Mark(at=at, word=str(len(positions)), detail=manner, entry_index=index))
        self.is_proven = proven

    def _take(self, picture: Picture, step: Step, act: a.Act) -> None:
        match act:
            case a.Taken(item=item) if item == self.gun and not is_handler(picture, step.by):
                call = standing_call(picture, self.gun, step.now)
                scene = picture.scenes.get(call.scene) if call is not None else None
                word = scene.plan.activity.value if scene is not None else "no_call"
                detail = call.scene if call is not None else ""
                self.takes.append(Mark(at=step.at, word=word, detail=detail, entry_index=step.entry_index))
            case a.Discharged(gun=gun) if gun == self.gun:
                word = "shot" if act.planned else "unintended"
                self.takes.append(Mark(at=step.at, word=word, detail=str(act.shots), entry_index=step.entry_index))
            case a.Reported(told=a.Discharged(gun=gun)) if gun == self.gun:
                self.takes.append(Mark(at=step.at, word="told_shot", detail=act.row, entry_index=step.entry_index))
            case a.Reported(told=a.HandedOver(item=item, to=to)) if item == self.gun and not is_handler(picture, to):
                self.takes.append(Mark(at=step.at, word="told", detail=act.row, entry_index=step.entry_index))
            case _:
                pass


def _planned_shot(act: a.Act, gun: Id) -> bool:
    """Whether the call ended because it did what it was for."""
    return isinstance(act, a.Discharged) and act.gun == gun and act.planned and not act.hit


def _ended_at(picture: Picture, call: GrantedCall, code: str, step: Step) -> str:
    """When time ended a call: where its limit ran out under one boot, else at the entry after the restart."""
    offer = picture.offers.get(call.gun)
    if code == "V03" and offer is not None and picture.rulebook is not None:
        since, limit_ms = offer.now, picture.rulebook.number("V03", "accept_ms")
    else:
        since, limit_ms = call.now, call.lifetime_ms
    age_ms = same_time(since=since, until=step.now)
    if age_ms is None:
        return step.at
    ended = datetime.fromisoformat(step.at) - timedelta(milliseconds=age_ms - limit_ms)
    return ended.strftime("%Y-%m-%dT%H:%M:%SZ")


def _custody_word(picture: Picture, gun: Id) -> tuple[str, str]:
    """Who or what has the gun: a role, a place under lock, or the bare hold; what is only told says so."""
    held = holder_of(picture, gun)
    if held is None:
        return "", ""
    told = "reported" if held.reported else ""
    if held.hold is Hold.PERSON:
        return role_of(picture, held.who), told
    place = picture.places.get(held.who)
    return held.hold.value, told or (place.label if place is not None else "")


def _who_sees(picture: Picture, gun: Id, step: Step) -> tuple[str, ...]:
    """The roles whose sight of the gun is unbroken: the handler's who has it or called it, and the second person's."""
    holder = picture.kernel.gc.get(gun, "")
    call = standing_call(picture, gun, step.now)
    handler = holder if is_handler(picture, holder) else (call.caller if call is not None else "")
    second = picture.kernel.wit.get(gun, "")
    people = dict.fromkeys(who for who in (handler, second) if who in picture.persons)
    return tuple(dict.fromkeys(role_of(picture, who) for who in people))


def strip_of(steps: Iterable[Step], gun: Id, *, on: str = "") -> Strip | None:
    """The strip of `gun` on the day `on` (YYYY-MM-DD), or on the last day that says anything of it; None when none does."""
    return next(iter(strips_of(steps, (gun,), on=on)), None)


def strips_of(steps: Iterable[Step], guns: Sequence[Id] | None = None, *, on: str = "") -> tuple[Strip, ...]:
    """The strips of `guns` (None: of every gun there is, in the order of registration), after one walk over the entries."""
    picture = Picture()
    walks = {gun: _Walk(gun=gun) for gun in guns or ()}
    # Every day by its first and last entry at which the gun was known.
    spans: dict[Id, dict[str, tuple[Step, Step]]] = {gun: {} for gun in walks}
    named: dict[Id, str] = {}
    for step in steps:
        known = [walk for walk in walks.values() if walk.gun in picture.guns]
        for walk in known:
            walk.before(picture, step)
        apply(picture, step)
        for gun in picture.guns if guns is None else ():
            walks.setdefault(gun, _Walk(gun=gun))
        in_step = {thing for act in step.acts for thing in a.ids_in(a.plain(act))}
        for gun, walk in walks.items():
            if gun not in picture.guns:
                continue
            walk.after(picture, step)
            day = step.at[:10]
            of_gun = spans.setdefault(gun, {})
            of_gun[day] = (of_gun.get(day, (step, step))[0], step)
            if gun in in_step:
                named[gun] = day
    days = {gun: on or named.get(gun, "") for gun in walks}
    return tuple(_cut(picture, walk, spans[gun][days[gun]]) for gun, walk in walks.items() if days[gun] in spans[gun])


def _cut(picture: Picture, walk: _Walk, span: tuple[Step, Step]) -> Strip:
    """The rows between the first and the last entry of one day."""
    first, last = span
    known = picture.guns[walk.gun]

    def within(row: _Row) -> tuple[Segment, ...]:
        cut = (
            replace(one, start_at=max(one.start_at, first.at), end_at=min(one.end_at or last.at, last.at))
            for one in row.segments
            if one.word and one.start_at <= last.at and (not one.end_at or one.end_at >= first.at)
        )
        # The last one stands, though nothing came after it yet.
        return tuple(one for one in cut if one.start_at < one.end_at or one.start_at == last.at)

    def of_day(marks: list[Mark]) -> tuple[Mark, ...]:
        return tuple(mark for mark in marks if first.at <= mark.at <= last.at)

    return Strip(
        gun=walk.gun,
        label=known.label,
        word_name=known.word_name,
        serial=known.serial,
        on=first.at[:10],
        start_at=first.at,
        end_at=last.at,
        entries=(first.entry_index, last.entry_index),
        said=within(walk.said),
        custody=within(walk.custody),
        sight=within(walk.sight),
        proofs=of_day(walk.proofs),
        calls=within(walk.calls),
        voids=of_day(walk.voids),
        takes=of_day(walk.takes),
        called=sum(1 for call in walk.granted if first.at <= call <= last.at),
    )
