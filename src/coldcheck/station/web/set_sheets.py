"""Sheets by two people while they are filled in: who with whom, in which order each is asked, and who has signed.

For: the hub chooses where each of the two begins, and knows when both are in. Promises: no answer is ever kept here, so
none can get out of here; what somebody answered is on his own phone until he signs it, and then in his own entry.
Only the writing thread touches a `SheetDesk`. Does not: judge, or write.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias, assert_never

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, has_places, may_end_sheet, places_of
from coldcheck.custody.things import Id
from coldcheck.custody.views import role_of
from coldcheck.station.web.told import Told

SheetKind: TypeAlias = Literal["check", "prepare", "turn"]
KINDS: Final[tuple[SheetKind, ...]] = ("check", "prepare", "turn")
MANNERS: Final = ("answers_not_shown", "spoken", "same_device")
MOST_OPEN: Final = 500
MOST_ROUNDS: Final = 60
MOST_LETTERS: Final = 100
STARTS: Final = 27_720
"""Every count of chambers up to twelve divides it, so that each chamber is as likely to be asked first."""


class NoSuchSheet(Told):
    """The sheet is not open any more: it was finished, or the hub began anew. Begin a new one at the gun."""


class SheetOpen(Told):
    """Two people are answering this gun. Ask them; one of the two, or the handler who has it, ends their sheet and signs that."""


class BadSheet(Told):
    """This sheet cannot be begun as it was asked for; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """One round of a preparation: from which cell, which round the record has there, into which chamber."""

    thing: Id
    cell: str
    round_id: Id
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSheet:
    """One procedure by two. `starts` is, for each person, how many chambers after the first one he begins."""

    procedure: str
    kind: SheetKind
    gun: Id
    first: Id
    other: Id
    manner: str
    holds: str
    tests: tuple[str, ...]
    rounds: tuple[TestRow, ...]
    starts: tuple[tuple[Id, int], ...]
    signed: tuple[tuple[Id, int], ...] = ()
    ended: tuple[Id, int | None] | None = None
    """Who cut it short, and in which entry; None for the entry where nothing was signed and its beginner began anew."""

    @property
    def is_open(self) -> bool:
        """Whether somebody may still answer on it."""
        return not self.is_in and self.ended is None

    def entry_of(self, person: Id) -> int | None:
        """The entry of this person's half, None while it is not in."""
        return dict(self.signed).get(person)

    @property
    def is_in(self) -> bool:
        """Whether both halves are in."""
        return len(self.signed) == 2  # noqa: PLR2004  # a sheet is by two people


@dataclass(slots=True)
class SheetDesk:
    """All open sheets of this run of the hub, newest last; `version` grows with every change, so that screens look again."""

    draw: Callable[[int], int]
    """A number from 0 to below its argument, that nobody could have foreseen."""
    name: Callable[[], str]
    sheets: dict[str, OpenSheet] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def get(self, procedure: str) -> OpenSheet:
        """The sheet of that name. Raises NoSuchSheet."""
        sheet = self.sheets.get(procedure)
        if sheet is None:
            raise NoSuchSheet("sheet_gone")
        return sheet

    def begin(
        self, picture: Picture, *, by: Id, other: Id, gun: Id, kind: SheetKind, manner: str, device: str,
        rounds: tuple[tuple[Id, str], ...],
    ) -> OpenSheet:  # fmt: skip
        """A new sheet. Nobody answers two at once about one gun, and beginning one ends nobody else's.

        Only the phone that began a sheet begins anew without a word, as long as nothing of it is signed. Raises
        BadSheet, SheetOpen.
        """
        _verify(picture, by=by, other=other, gun=gun, manner=manner)
        old = self._old(picture, by=by, gun=gun, device=device)
        if len(device) > MOST_LETTERS:
            raise BadSheet("bad_device")
        match kind:
            case "check":
                rows: tuple[TestRow, ...] = ()
            case "prepare":
                rows = _rows(picture, gun, rounds)
            case "turn":
                rows = _loaded_rows(picture, gun)
            case _:
                assert_never(kind)
        lot = picture.lots.get(picture.cartridges[rows[0].round_id].lot) if rows else None
        sheet = OpenSheet(
            procedure=self.name(), kind=kind, gun=gun, first=by, other=other, manner=manner,
            holds=lot.kind.value if lot is not None else "", tests=lot.tests if lot is not None else (), rounds=rows,
            starts=((by, self.draw(STARTS)), (other, self.draw(STARTS))),
        )  # fmt: skip
        if old is not None:
            self.sheets[old.procedure] = replace(old, ended=(by, None))
        over = [name for name, known in self.sheets.items() if not known.is_open]
        for name in over[: max(0, len(self.sheets) + 1 - MOST_OPEN)]:
            del self.sheets[name]
            self.devices.pop(name, None)
        self.sheets[sheet.procedure] = sheet
        self.devices[sheet.procedure] = device
        self.version += 1
        return sheet

    def open_on(self, gun: Id) -> OpenSheet | None:
        """The sheet on which two people are answering this gun, None where nobody is."""
        return next((sheet for sheet in reversed(self.sheets.values()) if sheet.gun == gun and sheet.is_open), None)

    def _old(self, picture: Picture, *, by: Id, gun: Id, device: str) -> OpenSheet | None:
        """The sheet that this beginning takes the place of, if any. Raises SheetOpen."""
        known = self.open_on(gun)
        own = known is not None and known.first == by and device != "" and self.devices.get(known.procedure) == device
        if known is not None and own and not known.signed:
            return known
        people = (known.first, known.other) if known is not None else _half_of(picture, gun)
        if people:
            raise SheetOpen("sheet_open", roles=tuple(role_of(picture, one) for one in people))
        return None

    def restart(self, procedure: str, *, by: Id) -> OpenSheet:
        """The same sheet with a new place to begin for `by`. Raises NoSuchSheet."""
        sheet = self.get(procedure)
        starts = tuple((who, self.draw(STARTS) if who == by else start) for who, start in sheet.starts)
        return self._put(replace(sheet, starts=starts))

    def joined(self, procedure: str, *, by: Id, device: str) -> OpenSheet:
        """The sheet as `by` sees it; on the device it was begun on it is marked as such, unless somebody has signed."""
        sheet = self.get(procedure)
        same = by == sheet.other and device != "" and self.devices.get(procedure) == device
        if same and not sheet.signed and sheet.manner != "same_device":
            return self._put(replace(sheet, manner="same_device"))
        return sheet

    def note(self, picture: Picture, *, by: Id, acts: tuple[a.Act, ...], entry_index: int) -> OpenSheet | None:
        """The sheet that an entry of `by` is a half of, now signed by him; None for every other entry."""
        for act in acts:
            known = self.sheets.get(act.procedure) if isinstance(act, a.SheetEnded) else None
            if known is None or not known.is_open:
                continue
            if may_end_sheet(picture, by, people=(known.first, known.other), guns=(known.gun,)):
                self._put(replace(known, ended=(by, entry_index)))
        began = acts[0]
        sheet = self.sheets.get(began.procedure) if isinstance(began, a.SheetBegan) else None
        # A sheet that was begun and says nothing is nobody's half, to the record as here.
        if sheet is None or not sheet.is_open or len(acts) == 1:
            return None
        if by not in {sheet.first, sheet.other} or sheet.entry_of(by) is not None:
            return None
        return self._put(replace(sheet, signed=(*sheet.signed, (by, entry_index))))

    def _put(self, sheet: OpenSheet) -> OpenSheet:
        self.sheets[sheet.procedure] = sheet
        self.version += 1
        return sheet


def _half_of(picture: Picture, gun: Id) -> tuple[Id, ...]:
    """The two people of a half that is in the record and waits for the other about this gun; nobody where none does."""
    return next(((half.by, half.other) for half in picture.sheets.values() if gun in half.guns), ())


def _verify(picture: Picture, *, by: Id, other: Id, gun: Id, manner: str) -> None:
    if gun not in picture.guns and not has_places(picture, gun):
        raise BadSheet("no_gun_here")
    if by not in picture.persons or other not in picture.persons:
        raise BadSheet("not_on_the_list")
    if by == other:
        raise BadSheet("second_is_another")
    if manner not in MANNERS:
        raise BadSheet("choose_manner")


def _rows(picture: Picture, gun: Id, rounds: tuple[tuple[Id, str], ...]) -> tuple[TestRow, ...]:
    most = sum(1 for _, name in places_of(picture, gun) if name.isdigit())
    if not 0 < len(rounds) <= min(MOST_ROUNDS, most) or len(set(rounds)) != len(rounds):
        raise BadSheet("how_many_rounds", most=most)
    out: list[TestRow] = []
    for number, (thing, cell) in enumerate(rounds, start=1):
        round_id = picture.lying.get((thing, cell), "")
        if not round_id or picture.cartridges[round_id].lot not in picture.lots:
            raise BadSheet("empty_cell", cell=cell)
        out.append(TestRow(thing=thing, cell=cell, round_id=round_id, position=str(number)))
    if len({picture.cartridges[row.round_id].lot for row in out}) > 1:
        raise BadSheet("one_lot")
    return tuple(out)


def _loaded_rows(picture: Picture, gun: Id) -> tuple[TestRow, ...]:
    """The rounds two people answered into this gun: each comes out, is tested and goes back."""
    names = [name for _, name in places_of(picture, gun) if name.isdigit()]
    rows = tuple(
        TestRow(thing=gun, cell="", round_id=round_id, position=name)
        for name in names
        if (round_id := picture.lying.get((gun, name), "")) and picture.cartridges[round_id].lot in picture.lots
    )
    if not rows:
        raise BadSheet("no_round_in_it")
    return rows


def order_for(sheet: OpenSheet, positions: tuple[str, ...], person: Id) -> tuple[str, ...]:
    """Every position in the order in which this person is asked: chambers from the hub's choice on, then the rest."""
    chambers = [name for name in positions if name.isdigit()]
    start = dict(sheet.starts).get(person, 0) % max(1, len(chambers))
    return (*chambers[start:], *chambers[:start], *(name for name in positions if not name.isdigit()))
