"""A fictional Western of 17 days, written as a set day file from one seed: 14 guns, 6 lots, 400 rounds, 9 people.

`western(seed=SEED)` gives the whole text of `tests/scenarios/western.txt`; running the module writes that file:

    python -m coldcheck.station.lab.western

The days follow the trade: receipt with both halves, tests of all rounds, blind counts, plans and meetings, preparation
by two sheets, shows, calls, hand-overs, takes, returns, counts at close. Two live rounds are in it. One came in a lot
that was signed for on day 1 and is found by a test on day 9; the other lies in a tray on the morning of day 13, and no
entry says how it came there. Everybody and everything in it is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

SEED: Final = 17
DAYS: Final = 17
FIRST_DAY: Final = date(2026, 4, 6)
FILE: Final = Path("tests/scenarios/western.txt")
FIRST_ENTRIES: Final = 2
"""Entry 0 and the rulebook come before the people."""

PEOPLE: Final = (
    ("ARM", "Ines Calder", "armorer"),
    ("PM", "Tobias Wren", "property_master"),
    ("AD1", "Marta Quill", "first_ad"),
    ("SA", "Owen Thorne", "safety_advisor"),
    ("LEAD", "Nora Vance", "performer"),
    ("SIDE", "Silas Marsh", "performer"),
    ("CAM", "Joss Tillery", "camera"),
    ("SUP", "Petra Lind", "supplier"),
    ("EMP", "Rufus Ackley", "employer"),
)
WORDS: Final = ("Magpie", "Juniper", "Canyon", "Velvet", "Osprey", "Bramble", "Timber", "Saffron", "Harbor", "Walnut",
                "Comet", "Lantern", "Pepper", "Marble")  # fmt: skip
SCENES: Final = ("Saloon", "Street", "Corral")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of gun with what two people answer about it."""

    name: str
    count: int
    action: str
    calibre: str
    capability: str
    chambers: int
    """A lever rifle's are its chamber and the ten places of its tube: nobody sees into one, so each is answered."""
    bores: int
    loads: int
    """As many rounds as are put into one at most."""


KINDS: Final = (
    Kind(name="Colt", count=6, action="single_action", calibre=".45", capability="W3", chambers=6, bores=1, loads=6),
    Kind(name="Rifle", count=5, action="lever", calibre=".44", capability="W3", chambers=11, bores=1, loads=1),
    Kind(name="Double", count=1, action="break", calibre="12-bore", capability="W3", chambers=2, bores=2, loads=2),
    Kind(name="Rubber", count=2, action="replica", calibre="none", capability="W0", chambers=0, bores=0, loads=0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A lot in its box and the tray it is used from."""

    lot: str
    box: str
    tray: str
    count: int
    calibre: str
    kind: str
    tests: tuple[str, ...]
    powder: str
    per_day: int


STOCKS: Final = (
    Stock(lot="Lot-D45", box="Box-D45", tray="Tray-1", count=150, calibre=".45", kind="dummy",
          tests=("rattle", "hole"), powder="", per_day=12),
    Stock(lot="Lot-D44", box="Box-D44", tray="Tray-2", count=60, calibre=".44", kind="dummy",
          tests=("rattle", "hole"), powder="", per_day=10),
    Stock(lot="Lot-BH", box="Box-BH", tray="Tray-3", count=70, calibre=".45", kind="blank",
          tests=("crimp",), powder="half", per_day=10),
    Stock(lot="Lot-BQ", box="Box-BQ", tray="Tray-4", count=70, calibre=".45", kind="blank",
          tests=("crimp",), powder="quarter", per_day=10),
    Stock(lot="Lot-R45", box="Box-R45", tray="Tray-5", count=50, calibre=".45", kind="dummy",
          tests=("rattle", "hole"), powder="", per_day=12),
)  # fmt: skip
TRAY_CELLS: Final = 12
LIVE_TRAY_CELL: Final = 7
"""The cell of Tray-5 into which the live round of Lot-R45 comes."""
OPENS_R45, STRAY_FOUND, RESTARTS = 9, 13, 6
BLANKS_IN_GUN: Final = 5
SITTING: Final = 50
"""As many rounds as two people test at one sitting: all of them, never a sample."""


STORIES: Final = (
    "Day 1. Everything comes in at the truck, not on the set: guns by serial, rounds cell by cell.",
    "Day 2. The first whole day: what leaves the vault is what the day needs, and it is counted before anything else.",
    "Day 3. From now on there are takes with blanks: prepared at the last moment, exactly the number needed.",
    "Day 4. The morning is short and a tray stays uncounted. The call waits until it is.",
    "Day 5. Nothing special is the best thing a record can say of a day.",
    "Day 6. The hub lost power over night. It boots anew, and no call or time limit reaches across.",
    "Day 7. Spent cases go to a bin of their own and lie under lock with everything else.",
    "Day 8. Half of the shooting is done; nothing is left over, because nothing may be.",
    "Day 9. The repacked lot comes into use, and does not come far.",
    "Day 10. The day after. What was proven before the find is proven again, round by round.",
    "Day 11. The same three people as every day: one calls, one answers second, one is shown the gun.",
    "Day 12. At the close every tray holds what the record has. That count will matter tomorrow.",
    "Day 13. A tray holds one round too many in the morning.",
    "Day 14. Everybody in the line was at the meeting, or the gun is not called.",
    "Day 15. A gun that was locked and one that was shown are two different things, and the cards say so.",
    "Day 16. Whoever has not seen for himself is shown, every time.",
    "Day 17. The last day. What came in is counted once more before it goes back.",
)


@dataclass(slots=True)
class Book:
    """The text so far, the scripted clock, and how many entries it makes."""

    chance: Random
    lines: list[str] = field(default_factory=list)
    entries: int = FIRST_ENTRIES + len(PEOPLE)
    at: datetime = field(default_factory=lambda: datetime.combine(FIRST_DAY, datetime.min.time()))
    where: str = ""
    cells: dict[str, list[int]] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    sheets: int = 0
    out: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    """The trays that are out today, and those of them that lie under lock while an empty gun is called."""

    def story(self, text: str) -> None:
        """A comment for whoever reads the file."""
        self.lines.append(f"# {text}")

    def open_day(self, number: int) -> None:
        """The clock goes to seven in the morning of day `number`."""
        self.at = datetime.combine(FIRST_DAY + timedelta(days=number - 1), datetime.min.time()).replace(hour=7)
        self.lines += ["", f"day {self.at.date().isoformat()}"]

    def wait(self, minutes: int) -> None:
        """So many minutes pass."""
        self.at += timedelta(minutes=minutes)

    def clock(self) -> str:
        """The scripted time as a line has it."""
        return self.at.strftime("%H:%M:%S")

    def say(self, who: str, phrase: str, *, wanted: str = "", seconds: int = 8) -> int:
        """The entry that this line makes."""
        self.at += timedelta(seconds=seconds)
        self.lines.append(f"{self.clock()} {who} {phrase}" + (f" -> {wanted}" if wanted else ""))
        self.entries += 1
        return self.entries - 1

    def sheet(self, who: str, other: str, name: str, rows: list[str]) -> int:
        """The entry of one person's sheet of a procedure."""
        entry = self.say(who, f"sheet {name} with {other}, answers_not_shown:", seconds=20 * len(rows))
        self.lines += [f"    {row}" for row in rows]
        return entry

    def rows(self, who: str, rows: list[str], *, wanted: str = "", seconds: int = 8) -> int:
        """The entry of several acts of one person, signed once; a single one stands in a line."""
        if len(rows) == 1:
            return self.say(who, rows[0], wanted=wanted, seconds=seconds)
        entry = self.say(who, "sheet:", seconds=seconds)
        self.lines += [f"    {row}" for row in rows]
        self.lines[-1] += f" -> {wanted}" if wanted else ""
        return entry

    def expect(self, gun: str, words: str) -> None:
        """What the card must say now."""
        self.at += timedelta(seconds=1)
        self.lines.append(f"{self.clock()} expect {gun}: {words}")


def western(*, seed: int) -> str:
    """The whole text of the file, the same for the same seed."""
    book = Book(chance=Random(seed))
    book.lines.append('production "Dust on the Ledger" hub western-1')
    book.lines += [f'person {label} "{name}" as {role}' for label, name, role in PEOPLE]
    for number in range(1, DAYS + 1):
        book.open_day(number)
        book.story(STORIES[number - 1])
        if number == 1:
            _delivery(book)
        _day(book, number)
    return "\n".join(book.lines) + "\n"


def guns() -> Iterator[tuple[str, Kind]]:
    """Every gun of the production with its kind, in order of registration."""
    for kind in KINDS:
        for number in range(1, kind.count + 1):
            yield f"{kind.name}-{number}", kind


# --- day 1: what comes in ------------------------------------------------------------------------------------------


def _delivery(book: Book) -> None:
    book.say("ARM", "registers place Ranch as set")
    for scene in SCENES:
        book.say("ARM", f"registers place {scene} as set in Ranch")
    book.say("ARM", "registers place Truck as store")
    book.say("ARM", "registers place Strongroom as store in Truck")
    book.say("ARM", "opens coverage of everything at Ranch")
    book.say("ARM", "opens coverage of ammunition at Truck")
    for number, (gun, kind) in enumerate(guns()):
        _register_gun(book, gun, kind, number)
    book.story("The sixth lot was on another production before; a part of it was repacked. Only that part is here.")
    book.say("ARM", "registers lot Lot-Old: 80 .45 dummy, tests rattle, hole, strong hole")
    for stock in STOCKS:
        _receive(book, stock)
    for belt in ("Belt-LEAD", "Belt-SIDE"):
        book.say("PM", f"registers belt {belt} with 20 cells")
        book.say("PM", f"picks up {belt}")
        book.say("SA", f"counts {belt}: 0")
        book.say("PM", f"counts {belt}: 0")
        book.say("PM", f"locks {belt} in Strongroom")
    book.say("ARM", "registers bag Bag-Q with 6 cells")
    book.say("ARM", "registers bin Bin-Cases")
    for item in ("Bag-Q", "Bin-Cases"):
        book.say("ARM", f"locks {item} in Strongroom")


def _register_gun(book: Book, gun: str, kind: Kind, number: int) -> None:
    book.say(
        "ARM",
        f"registers gun {gun} word {WORDS[number]} serial SN-{4001 + 37 * number} {kind.action} {kind.calibre} "
        f"{kind.capability} with {kind.chambers} chambers and {kind.bores} bores",
    )
    book.say("ARM", f"picks up {gun}")
    book.say("ARM", f"clears {gun}: {_empty(kind)}", seconds=30)
    book.say("PM", f"answers {gun}: {_empty(kind)}", seconds=20)
    book.say("ARM", f"locks {gun} in Strongroom")


def _receive(book: Book, stock: Stock) -> None:
    tests = f"tests {', '.join(stock.tests)}, strong {'hole' if stock.kind == 'dummy' else 'crimp'}"
    history = ", history repacked from Lot-Old" if stock.lot == "Lot-R45" else ""
    book.say("ARM", f"registers lot {stock.lot}: {stock.count} {stock.calibre} {stock.kind}, {tests}{history}")
    book.say("ARM", f"registers box {stock.box} with {stock.count} cells")
    book.say("ARM", f"registers tray {stock.tray} with {TRAY_CELLS} cells")
    book.say("SUP", f"delivers {stock.lot} in {stock.box}: {stock.count} rounds to ARM")
    book.say("ARM", f"receives {stock.lot} from SUP in {stock.box}/1-{stock.count}", seconds=60)
    book.say("ARM", f"reads the label of {stock.box}: {stock.kind}")
    if stock.lot == "Lot-R45":
        book.story("What the repacked lot is was read off its label; its rounds are tested when they come into use.")
        # Nobody knows it yet, so no line can say it: one of its rounds is live.
    else:
        for first in range(1, stock.count + 1, SITTING):
            cells = f"{stock.box}/{first}-{min(first + SITTING - 1, stock.count)}"
            for who in ("ARM", "PM"):
                book.say(who, f"tests {cells} by {', '.join(stock.tests)}: {stock.kind}", seconds=600)
    book.say("ARM", f"counts {stock.box}: {stock.count}")
    book.say("PM", f"counts {stock.box}: {stock.count}")
    book.say("ARM", f"locks {stock.box} in Strongroom")
    book.boxes[stock.tray] = 0
    book.cells[stock.tray] = []


# --- a day ---------------------------------------------------------------------------------------------------------


def _day(book: Book, number: int) -> None:
    if number == RESTARTS:
        book.lines.append("restart")
    book.wait(5)
    for who in ("ARM", "AD1"):
        book.say(who, f"opens day {number}")
    book.say("ARM", "goes on exclusive duty as armorer")
    book.say("ARM", "arrives at Truck")
    stocks = [stock for stock in STOCKS if stock.lot != "Lot-R45" or number >= OPENS_R45]
    for stock in stocks:
        _tray_out(book, stock)
    if number == STRAY_FOUND:
        _stray(book, stocks)
    skipped = book.chance.choice(stocks[:2]) if number % 4 == 0 else None
    for stock in stocks:
        if stock is not skipped:
            _count(book, stock)
    if number == OPENS_R45:
        _live_by_test(book)
    for scene_number in range(1, 4 if number > 1 else 3):
        _scene(book, number, scene_number, skipped if scene_number == 1 else None)
    _close(book, number, stocks)


def _tray_out(book: Book, stock: Stock) -> None:
    """The tray comes out of the vault, filled up from its box; only what the day needs."""
    book.say("ARM", f"picks up {stock.tray}")
    book.out.append(stock.tray)
    free = [cell for cell in range(1, stock.per_day + 1) if cell not in book.cells[stock.tray]]
    first = book.boxes[stock.tray] + 1
    count = min(len(free), stock.count - book.boxes[stock.tray])
    if count == 0:
        return
    book.say("ARM", f"picks up {stock.box}")
    end = first + count - 1
    book.say("ARM", f"moves {stock.box}/{_span(first, end)} to {stock.tray}/{_listed(free[:count])}", seconds=40)
    book.say("ARM", f"locks {stock.box} in Strongroom")
    book.boxes[stock.tray] = end
    book.cells[stock.tray] = sorted(book.cells[stock.tray] + free[:count])


def _count(book: Book, stock: Stock) -> None:
    for who in ("ARM", "AD1"):
        book.say(who, f"counts {stock.tray}: {len(book.cells[stock.tray])}", seconds=25)


def _scene(book: Book, day: int, number: int, skipped: Stock | None) -> None:
    """One scene: plan, meeting, preparation by two, show, call, hand-over, action, return."""
    name = f"D{day}-{number}"
    place, performer = book.chance.choice(SCENES), book.chance.choice(("LEAD", "SIDE"))
    gun, kind = book.chance.choice(list(guns()))
    stock = _stock_for(book, kind, take=number > 1)
    call = _call(kind, stock)
    book.wait(book.chance.randint(20, 50))
    activity = "take" if number > 1 else "rehearsal"
    book.say(
        "AD1", f"plans {activity} {name} at {place} with {gun}: {call.partition('(')[0]} for {performer}, line CAM"
    )
    book.say("AD1", f"holds the meeting for {name}")
    late = book.chance.random() < 1 / 6
    for who in ("ARM", performer) if late else ("ARM", performer, "CAM"):
        book.say(who, f"attends the meeting for {name}")
    book.say("SA", f"assesses {name}")
    book.say("ARM", f"arrives at {place}")
    book.say("CAM", f"arrives at {place}")
    if call == "COLD-EMPTY":
        # Nothing that could go into an empty gun lies in reach of it.
        book.away = [tray for tray in book.out if skipped is None or tray != skipped.tray]
    book.rows("ARM", [*(f"locks {tray} in Truck" for tray in book.away), f"picks up {gun}"])
    book.sheets += 1
    used = _prepare(book, gun, kind, stock)
    _show(book, gun, kind, used, stock, performer)
    if skipped is not None:
        book.story(f"{skipped.tray} is out and was not counted this morning.")
        lacking = [
            "K7",
            *(["K8"] if late else []),
            *(["REACH"] if call == "COLD-EMPTY" and kind.name != "Double" else []),
        ]
        _call_three(book, gun, call, name, performer, f"refused {', '.join(lacking)}")
        _count(book, skipped)
        if call == "COLD-EMPTY":
            book.away.append(skipped.tray)
            book.say("ARM", f"locks {skipped.tray} in Truck")
    if late:
        book.story("The camera operator stands in the line and was not at the meeting.")
        if skipped is None:
            _call_three(book, gun, call, name, performer, "refused K8")
        book.say("CAM", f"attends the meeting for {name}")
    _call_three(book, gun, call, name, performer, "granted")
    book.expect(gun, _card(call))
    _action(book, gun, kind, stock, used, performer)


def _stock_for(book: Book, kind: Kind, *, take: bool) -> Stock | None:
    """What is loaded: dummies in rehearsal, blanks or dummies on a take, nothing into the double and the rubber ones."""
    if kind.name == "Colt":
        ready = [stock for stock in STOCKS if _fits(book, stock, take=take)]
        return book.chance.choice([*ready, None] if not take else ready)
    return book.chance.choice((STOCKS[1], None)) if kind.name == "Rifle" else None


def _fits(book: Book, stock: Stock, *, take: bool) -> bool:
    enough = len(book.cells[stock.tray]) >= BLANKS_IN_GUN if stock.kind == "blank" else bool(book.cells[stock.tray])
    return stock.calibre == ".45" and enough and (take or stock.kind != "blank")


def _rounds_in(kind: Kind, stock: Stock | None) -> int:
    if stock is None:
        return 0
    return min(kind.loads, BLANKS_IN_GUN) if stock.kind == "blank" else kind.loads


def _call(kind: Kind, stock: Stock | None) -> str:
    if kind.name == "Rubber":
        return "INERT"
    if stock is None:
        return "COLD-EMPTY"
    loaded = _rounds_in(kind, stock)
    return f"HOT-BLANK({loaded}, {stock.powder})" if stock.kind == "blank" else f"COLD-DUMMY({loaded})"


def _card(call: str) -> str:
    word, _, rest = call.partition("(")
    count = rest.partition(",")[0].rstrip(")")
    match word:
        case "INERT":
            return "REPLICA"
        case "COLD-EMPTY":
            return "PROVEN EMPTY"
        case "COLD-DUMMY":
            return f"PROVEN {count} DUMM{'Y' if count == '1' else 'IES'}"
        case _:
            return f"{count} BLANK{'' if count == '1' else 'S'}"


def _prepare(book: Book, gun: str, kind: Kind, stock: Stock | None) -> list[int]:
    """Two sheets of one procedure; the tray cells whose rounds are in the gun now."""
    name, loaded = f"P{book.sheets}", _rounds_in(kind, stock)
    first, second = [f"clears {gun}: {_empty(kind)}"], [f"answers {gun}: {_empty(kind)}"]
    used: list[int] = []
    if stock is not None:
        used = sorted(book.chance.sample(book.cells[stock.tray], loaded))
        cells, chambers = f"{stock.tray}/{_listed(used)}", f"chamber{'s' if loaded > 1 else ''} {_span(1, loaded)}"
        test = f"tests {cells} by {', '.join(stock.tests)}: {stock.kind}"
        first += [test, f"loads {gun}: {chambers} from {cells}"]
        second += [test, f"answers {gun}: {chambers} {stock.kind}"]
    book.sheet("ARM", "AD1", name, first)
    book.sheet("AD1", "ARM", name, second)
    return used


def _show(book: Book, gun: str, kind: Kind, used: list[int], stock: Stock | None, performer: str) -> None:
    everything = _empty(kind).replace(" empty", "").replace(" clear", "").replace(" inert", "").replace(", ", " and ")
    book.say("ARM", f"shows {gun} to {performer}: {everything}", seconds=20)
    seen = _empty(kind)
    if stock is not None:
        rest = [f"chamber{'s' if kind.chambers - len(used) > 1 else ''} {_span(len(used) + 1, kind.chambers)} empty"]
        seen = ", ".join(
            [f"chamber{'s' if len(used) > 1 else ''} {_span(1, len(used))} {stock.kind}"]
            + (rest if len(used) < kind.chambers else [])
        )
    book.say(performer, f"sees {gun}: {seen}", seconds=20)
    book.say("ARM", f"closes the show of {gun} to {performer}")


def _call_three(book: Book, gun: str, call: str, scene: str, performer: str, wanted: str) -> None:
    book.say("ARM", f"calls {gun}: {call} for {scene}", wanted="admitted", seconds=10)
    book.say("AD1", f"announces {gun}: {call}", wanted="admitted", seconds=10)
    book.say(performer, f"acknowledges {gun}: {call}", wanted=wanted, seconds=10)


def _action(book: Book, gun: str, kind: Kind, stock: Stock | None, used: list[int], performer: str) -> None:
    """Hand-over at the mark, what happens, the armorer takes it back first, unloads, clears and locks."""
    book.say("ARM", f"hands {gun} to {performer}", seconds=15)
    book.say(performer, f"takes {gun} from ARM")
    book.wait(book.chance.randint(1, 4))
    if stock is not None and stock.kind == "blank":
        book.say(performer, f"fires {gun}, {len(used)} planned")
    elif book.chance.random() < 1 / 8:
        book.story("Put down between two set-ups: nobody's hand is on it, and the call is over.")
        book.say(performer, f"leaves {gun} at Ranch", wanted="finding V04")
        book.expect(gun, "TREAT AS LOADED")
        book.say("ARM", f"picks up {gun}")
        _return(book, gun, kind, stock, used)
        return
    book.say(performer, f"hands {gun} to ARM", seconds=15)
    book.say("ARM", f"takes {gun} from {performer}")
    _return(book, gun, kind, stock, used)


def _return(book: Book, gun: str, kind: Kind, stock: Stock | None, used: list[int]) -> None:
    if stock is not None:
        chambers = f"chamber{'s' if len(used) > 1 else ''} {_span(1, len(used))}"
        book.say("ARM", f"unloads {gun}: {chambers} to {stock.tray}/{_listed(used)}", seconds=30)
        if stock.kind == "blank":
            book.say("ARM", f"moves {stock.tray}/{_listed(used)} to Bin-Cases")
            book.cells[stock.tray] = [cell for cell in book.cells[stock.tray] if cell not in used]
    book.say("ARM", f"clears {gun}: {_empty(kind)}", seconds=30)
    book.say("AD1", f"answers {gun}: {_empty(kind)}", seconds=20)
    book.rows("ARM", [f"locks {gun} in Strongroom", *(f"picks up {tray}" for tray in book.away)])
    book.away = []
    book.expect(gun, "IN VAULT")


def _close(book: Book, number: int, stocks: list[Stock]) -> None:
    book.wait(45)
    book.story(f"Close of day {number}: counted again by two, locked, signed off.")
    for stock in stocks:
        for who in ("ARM", "PM"):
            book.say(who, f"counts {stock.tray}: {len(book.cells[stock.tray])}", seconds=25)
        book.say("ARM", f"locks {stock.tray} in Strongroom")
    book.out = []
    book.say("ARM", "goes away from Truck")
    book.say("ARM", "goes off duty as armorer")
    book.say("ARM", f"closes day {number}")


# --- two live rounds -----------------------------------------------------------------------------------------------


def _live_by_test(book: Book) -> None:
    """Day 9: the repacked lot comes into use, and the test of its first tray finds a live round."""
    tray = f"Tray-5/{LIVE_TRAY_CELL}"
    book.story("Before any of the repacked lot goes near a gun, two people test the whole tray.")
    cells = [cell for cell in book.cells["Tray-5"] if cell != LIVE_TRAY_CELL]
    for who in ("ARM", "AD1"):
        book.say(who, f"tests Tray-5/{_listed(cells)} by rattle, hole: dummy", seconds=120)
    book.story(f"No rattle and no hole in cell {LIVE_TRAY_CELL}: it is treated as live, and everything stops.")
    first = book.say("ARM", f"tests {tray} by rattle, hole: live", wanted="finding V11")
    second = book.say("AD1", f"finds L-1 in {tray}: live", wanted="finding V11")
    _put_away(book, tray, 1)
    book.cells["Tray-5"].remove(LIVE_TRAY_CELL)
    book.story("The record can trace it: cell by cell back to a receipt that supplier and armorer both signed.")
    _lift(book, (first, second))
    _count(book, STOCKS[4])


def _stray(book: Book, stocks: list[Stock]) -> None:
    """Day 13: a tray holds one round more than the record has."""
    stock = next(stock for stock in stocks if stock.tray == "Tray-2")
    have = len(book.cells[stock.tray])
    cell = next(cell for cell in range(1, TRAY_CELLS + 1) if cell not in book.cells[stock.tray])
    book.story("Both count one more in Tray-2 than the record has. Neither was shown a number.")
    book.say("ARM", f"counts {stock.tray}: {have + 1}", seconds=25)
    book.say("AD1", f"counts {stock.tray}: {have + 1}", wanted="finding V12", seconds=25)
    stop = book.say("SA", f"finds L-2 in {stock.tray}/{cell}: unknown", wanted="finding V11")
    _put_away(book, f"{stock.tray}/{cell}", 2)
    book.say("SA", "examines L-2: live")
    book.story("Between the count at last night's close and this find nobody recorded how it came there.")
    _lift(book, (stop,))


def _put_away(book: Book, spot: str, cell: int) -> None:
    book.say("PM", "picks up Bag-Q")
    book.say("PM", f"moves {spot} to Bag-Q/{cell}")
    book.say("PM", f"takes L-{cell} as evidence")
    book.say("PM", "locks Bag-Q in Strongroom")


def _lift(book: Book, stops: tuple[int, ...]) -> None:
    """Armorer, first AD and employer each sign what it was."""
    book.wait(90)
    for stop in stops:
        for who in ("ARM", "AD1"):
            book.say(who, f'lifts stop {stop}: "a live round, put away; everything out was tested or counted again"')
        book.say("EMP", f'lifts stop {stop}: "read the sheet, agree to go on"', wanted="granted")


# --- words ---------------------------------------------------------------------------------------------------------


def _empty(kind: Kind) -> str:
    """What is answered about a gun of this kind with nothing in it."""
    if kind.chambers == 0:
        return "capability inert"
    chambers = f"chamber{'s' if kind.chambers > 1 else ''} {_span(1, kind.chambers)} empty"
    bores = "bore clear" if kind.bores == 1 else ", ".join(f"bore{n} clear" for n in range(1, kind.bores + 1))
    return f"{chambers}, {bores}"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _listed(cells: list[int]) -> str:
    """Cells as a phrase lists them: rising, runs as ranges."""
    runs: list[list[int]] = []
    for cell in sorted(cells):
        if runs and cell == runs[-1][-1] + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return ",".join(_span(run[0], run[-1]) for run in runs)


if __name__ == "__main__":
    FILE.write_text(western(seed=SEED), encoding="utf-8")
    print(f"{FILE}: written from seed {SEED}")
