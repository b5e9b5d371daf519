"""The days of a production of `sim_blind`: what comes in, set-ups, belts, the second unit, lunch, the close.

Numbers here are a writer's guess at a film set, drawn from no data and fitted to no reckoning.
"""

from typing import Final

from coldcheck.custody.trace_events import NONE, EventKind
from coldcheck.station.lab.sim_blind import (
    ARMORER,
    ASSISTANT,
    CART,
    COSTUME,
    DAY_S,
    FIRST_AD,
    FROM_HOUR,
    HELPER,
    HOUR_S,
    IN_A_BOX,
    IN_A_GUN,
    LATE_HELPER,
    MINUTE_S,
    ONE_TESTED,
    OTHER_TRUCK,
    PERFORMERS,
    PROPERTY,
    SECOND_UNIT,
    TO_HOUR,
    TRUCK,
    Story,
)

FIRST_BOXES: Final = 7
"""Boxes that are there on the first day; the others come as they are needed."""
SECOND_UNIT_BOXES: Final = 2
"""The last boxes are the second unit's own."""
LUNCH_AT_HOUR: Final = 13
BELT_LOOPS: Final = 18
NIGHT_FILLED: Final = 0.6
"""How often a belt stays filled overnight; it did in the reference case."""
PRACTICE_DAYS: Final = 9


def opening(story: Story) -> None:
    """The day before: guns and boxes arrive; bin and crate are there, counted by nobody in particular."""
    names = story.names
    story.now_s = FROM_HOUR * HOUR_S
    for thing in (*names.boxes, *names.trays, *names.belts, *names.guns):
        story.entry(EventKind.LOCKED, thing, NONE, names.places + TRUCK, ARMORER)
    for thing, count, place in ((names.bin, story.rng.randrange(30, 200), TRUCK),
                                (names.crate, story.rng.randrange(100, 400), OTHER_TRUCK)):  # fmt: skip
        story.moves(NONE, thing, count, PROPERTY, usual=1.0)
        story.entry(EventKind.LOCKED, thing, NONE, names.places + place, PROPERTY)
    for box in names.boxes[:FIRST_BOXES]:
        delivery(story, box)


def delivery(story: Story, box: int, *, way: str = "supplier") -> None:
    """A box comes, or comes back; it is tested if there is the time, by one person, as far as he shakes."""
    row = story.moves(NONE, box, IN_A_BOX, ARMORER, usual=0.98)
    story.may_come_in(way, box, NONE, swapped=True, row=row, after=False)
    shaken(story, box, ARMORER, usual=0.9)


def shaken(story: Story, thing: int, who: int, *, usual: float) -> None:
    """One person tests what lies in it, if he gets to it."""
    if story.checks(who) and story.writes(usual):
        row = story.entry(ONE_TESTED, thing, NONE, NONE, who)
        story.happens("test", row, who, thing, thing, count=0, there=story.has[thing])


def looked(story: Story, thing: int, who: int) -> None:
    """Somebody looks into it: rims and primers, nothing more."""
    if story.checks(who) and story.writes(0.95):
        row = story.entry(EventKind.LOOKED, thing, NONE, NONE, who)
        story.happens("look", row, who, thing, thing, count=0, there=story.has[thing])


def counted(story: Story, thing: int, who: int) -> None:
    """A number gets into the book: counted, miscounted, or what the book already says."""
    if not story.checks(who):
        return
    copied = story.chance(story.kept.copies[who])
    slip = story.rng.choices((0, -1, 1, -2), (0.955, 0.025, 0.015, 0.005))[0]
    number = story.book[thing] if copied else max(0, story.has[thing] + slip)
    row = story.entry(EventKind.COUNTED, NONE, NONE, thing, who, number)
    if not copied:
        # What was counted is what is there from now on; a tired hand copies on.
        story.book[thing] = number
        story.happens("count", row, who, thing, thing, count=number, there=story.has[thing])


def taken(story: Story, thing: int, who: int) -> None:
    """Somebody takes it into his hands."""
    if story.writes(0.96):
        story.entry(EventKind.HELD, thing, NONE, story.names.people + who, who)


def put_down(story: Story, thing: int, who: int, place: int, *, locked: bool) -> None:
    """It goes under lock, or stands about."""
    kind = EventKind.LOCKED if locked else EventKind.LEFT
    if story.writes(0.95 if locked else 0.7):
        story.entry(kind, thing, NONE, story.names.places + place, who)


def a_day(story: Story, day: int) -> None:
    """One shooting day from its call to its close."""
    rng = story.rng
    story.now_s = max(story.now_s, day * DAY_S + FROM_HOUR * HOUR_S)
    busy = rng.choices((0, 1, 2), (0.3, 0.45, 0.25))[0]
    story.rush = (1.08, 1.0, 0.72)[busy]
    _comings_and_goings(story, day)
    worn = _belts_go_out(story) if story.chance(0.4) else ()  # two days of five have belts
    lunch = False
    for _ in range((4, 7, 12)[busy]):
        if story.now_s % DAY_S > TO_HOUR * HOUR_S:
            break
        if not lunch and story.now_s % DAY_S > LUNCH_AT_HOUR * HOUR_S:
            lunch = _lunch(story)
        _set_up(story, second=story.chance(0.2), worn=worn)  # one in five is the second unit's
        story.now_s += rng.randrange(5, 40) * MINUTE_S // (1 + busy // 2)
    _close(story, worn)


def _comings_and_goings(story: Story, day: int) -> None:
    """New boxes, a box to the reloader and back, a gun lent for practice on a free day."""
    rng, names = story.rng, story.names
    own = names.boxes[:-SECOND_UNIT_BOXES]
    empty = [box for box in names.boxes if story.has[box] < IN_A_GUN]
    if empty and story.chance(0.35):  # about every third morning, when something ran low
        delivery(story, rng.choice(empty))
    if story.chance(0.07):  # dummies wear; now and then a box is made like new
        box = rng.choice(own)
        story.moves(box, NONE, story.has[box], ARMORER, usual=0.97, every=True)
        story.book[box] = 0
        delivery(story, box, way="refurbished")
    if day % PRACTICE_DAYS == 0:
        gun, who = rng.choice(names.guns), rng.choice(PERFORMERS)
        taken(story, gun, who)
        story.has[gun] += 1
        story.may_come_in("practice", gun, who, swapped=False)
        story.has[gun] -= 1
        put_down(story, gun, ASSISTANT, TRUCK, locked=True)
    if story.chance(0.7):  # the morning count of what is taken out
        for box in rng.sample(own, 3):
            counted(story, box, ARMORER)


def _belts_go_out(story: Story) -> tuple[int, ...]:
    """Belts are filled up and handed to performers by the costume department."""
    rng, names = story.rng, story.names
    worn = tuple(rng.sample(names.belts, rng.randrange(1, 4)))
    for belt in worn:
        box = _full_box(story, second=False)
        story.moves(box, belt, BELT_LOOPS - story.has[belt], ASSISTANT, usual=0.9)
        if story.chance(0.35):  # belts are seldom tested loop by loop
            shaken(story, belt, ASSISTANT, usual=0.95)
        taken(story, belt, COSTUME)
        if story.chance(0.6):  # as often it is just put on
            taken(story, belt, rng.choice(PERFORMERS))
        story.may_come_in("slip", belt, COSTUME, swapped=False, times=2.0)
    return worn


def _full_box(story: Story, *, second: bool) -> int:
    """A box that has rounds left, of this unit if it can be."""
    boxes = story.names.boxes[-SECOND_UNIT_BOXES:] if second else story.names.boxes[:-SECOND_UNIT_BOXES]
    filled = [box for box in boxes if story.has[box] >= IN_A_GUN]
    return story.rng.choice(filled or story.names.boxes)


def _handler(story: Story, *, second: bool) -> int:
    """Who prepares this set-up; on a busy day a helper does."""
    if second:
        return SECOND_UNIT
    weights = (5, 4, 2, 1, 0.5) if story.rush >= 1 else (3, 4, 2, 2, 2)
    return story.rng.choices((ARMORER, ASSISTANT, PROPERTY, HELPER, LATE_HELPER), weights)[0]


def _set_up(story: Story, *, second: bool, worn: tuple[int, ...]) -> None:
    """A tray is filled and looked at, guns are loaded, shown, used and emptied, and what is left goes back."""
    rng, names = story.rng, story.names
    who, tray = _handler(story, second=second), rng.choice(names.trays)
    box = _full_box(story, second=second)
    taken(story, tray, who)
    _fill(story, tray, box, who, second=second)
    watcher = rng.choice((ARMORER, ASSISTANT, PROPERTY, FIRST_AD))
    if story.chance(0.3):  # a test takes time, a look does not
        shaken(story, tray, watcher, usual=0.95)
    else:
        looked(story, tray, watcher)
    for gun in rng.sample(names.guns, rng.choices((1, 2, 3), (0.6, 0.3, 0.1))[0]):
        _use(story, gun, rng.choice(worn) if worn and story.chance(0.3) else tray, who)  # loads on camera
    _put_back(story, tray, box, who, second=second)


def _fill(story: Story, tray: int, box: int, who: int, *, second: bool) -> None:
    """The tray gets what the set-up needs, out of a box, and at times out of a pocket, the bin or the other unit's crate."""
    rng, names = story.rng, story.names
    wanted = rng.choice((IN_A_GUN, 12, 12, 18))
    if story.has[tray] < wanted:
        taken(story, box, who)
        # Boxes that look alike stand side by side: now and then the book names the one that was meant.
        other = rng.choice(names.boxes) if story.chance(0.03) else box
        story.moves(other, tray, wanted - story.has[tray], who, usual=0.94, said=(box, tray))
    short = story.chance(0.12)  # one rolled away, one was kept as a souvenir
    if short and story.has[tray]:
        story.has[tray] -= 1
        helper = rng.choice((who, who, HELPER, LATE_HELPER))
        if story.chance(0.5):
            if story.has[names.bin]:
                story.moves(names.bin, tray, 1, helper, usual=0.35)
                story.may_come_in("bin", tray, helper, swapped=True, after=False)
        else:
            story.has[tray] += 1
            story.may_come_in("pocket", tray, helper, swapped=True)
    if not second and story.has[names.crate] and story.chance(0.04):  # the second unit has what is missing here
        story.moves(names.crate, tray, IN_A_GUN, SECOND_UNIT, usual=0.5)
        story.may_come_in("second_unit", tray, SECOND_UNIT, swapped=False, times=IN_A_GUN / 2, after=False)
    story.may_come_in("slip", tray, rng.choice((who, HELPER, LATE_HELPER)), swapped=False)


def _use(story: Story, gun: int, out_of: int, who: int) -> None:
    """A gun is loaded, shown, held, its hammer falls a few times, and it is emptied to where the rounds came from."""
    rng = story.rng
    performer = rng.choice(PERFORMERS)
    taken(story, gun, who)
    story.moves(out_of, gun, IN_A_GUN - story.has[gun], who, usual=0.98)
    looked(story, gun, FIRST_AD)
    if story.chance(0.5):  # the hand-over is as often not put down
        taken(story, gun, performer)
    for _ in range(rng.choices((0, 1, 2, 4), (0.35, 0.35, 0.2, 0.1))[0]):
        story.now_s += rng.randrange(2, 6) * MINUTE_S
        falls = rng.choice((1, 1, 2, 3))
        row = story.entry(EventKind.FIRED, gun, NONE, NONE, performer, 0) if story.writes(0.9) else NONE
        story.happens("falls", row, performer, gun, gun, count=falls, there=story.has[gun])
    if story.chance(0.95):  # else it stays as it is until it is next wanted
        story.moves(gun, out_of, story.has[gun], who, usual=0.96, every=True)
    put_down(story, gun, who, TRUCK, locked=story.checks(who))


def _put_back(story: Story, tray: int, box: int, who: int, *, second: bool) -> None:
    """What is left goes back to its box, or to another one; or the tray stays as it is on the cart."""
    rng, names = story.rng, story.names
    if story.chance(0.65 * story.rush):
        wrong = story.chance(0.03 if story.rush >= 1 else 0.09)
        really = rng.choice(names.boxes) if wrong else box
        story.moves(tray, really, story.has[tray], who, usual=0.93, said=(tray, box), every=True)
        if story.chance(0.5):
            counted(story, box, who)
    place = OTHER_TRUCK if second else CART
    locked = story.checks(who)
    for thing in (tray, box):
        put_down(story, thing, who, place, locked=locked)
    if not locked:
        story.may_come_in("slip", tray, rng.choice((HELPER, LATE_HELPER, COSTUME)), swapped=False, times=1.5)


def _lunch(story: Story) -> bool:
    """An hour in which guns are locked away and the cart mostly is not. Gives True: there is one lunch a day."""
    rng, names = story.rng, story.names
    story.now_s += HOUR_S
    for tray in names.trays:
        if story.has[tray] and not story.checks(ASSISTANT):
            story.may_come_in("overnight", tray, rng.choice((LATE_HELPER, *PERFORMERS)), swapped=False, times=0.3)
    return True


def _close(story: Story, worn: tuple[int, ...]) -> None:
    """The end of the day: late entries, belts back or not, counts, everything under lock as far as anybody sees to it."""
    rng, names = story.rng, story.names
    for start, end, count, who in story.late:
        story.written_move(start, end, count, who)
    story.late.clear()
    for belt in worn:
        if story.chance(NIGHT_FILLED):
            story.may_come_in("overnight", belt, rng.choice(PERFORMERS), swapped=False)
        else:
            story.moves(belt, _full_box(story, second=False), story.has[belt], COSTUME, usual=0.85, every=True)
        put_down(story, belt, COSTUME, TRUCK, locked=story.checks(COSTUME))
    for box in names.boxes:
        if story.has[box] and story.chance(0.3):
            counted(story, box, ARMORER)
    for tray in names.trays:
        if story.checks(ASSISTANT):
            put_down(story, tray, ASSISTANT, TRUCK, locked=True)
        elif story.has[tray]:
            story.may_come_in("overnight", tray, rng.choice((LATE_HELPER, HELPER)), swapped=False, times=0.5)
