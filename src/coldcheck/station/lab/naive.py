"""A second, naive evaluator of a small floor: signed acts as they stand in the ledger, and rules in plain ifs.

For: saying beside the real stack what stands on each gun after each act, and which guards a claim lacks. It shares no
code with the kernel, its table's reader or the map from acts to moves: it was written from their description, over the
wire forms of acts, and may be slow. Where the two differ, one of them is wrong.

Does not: know rulebooks, plans, counts, time or sheets. Acts that it does not know are an error, not a guess.
"""

from dataclasses import dataclass, field
from typing import Any, Final

NOBODY, DISPUTED, UNKNOWN, EMPTY, IN_GUN = "", "?", "?unknown", "#empty", "#gun"
NONE, COLD_EMPTY, COLD_DUMMY, HOT_BLANK, INERT = "NONE", "COLD-EMPTY", "COLD-DUMMY", "HOT-BLANK", "INERT"
CALLS: Final = (COLD_EMPTY, COLD_DUMMY, HOT_BLANK, INERT)


def _says_nothing_is_there(row: dict[str, Any]) -> bool:
    """A thing without a chamber is inert, and nothing else; a chamber or bore is empty or clear, and never inert."""
    return str(row["holds"]) in ({"inert"} if row["position"] == "capability" else {"empty", "clear"})


_LIFTERS: Final = frozenset({"armorer", "first_ad", "employer"})


class NotNaive(Exception):
    """An act that the naive evaluator was not written for; the driver must not send it."""


@dataclass(slots=True)
class Gun:
    """One gun and all that is known of it; positions by name, True where it is a chamber."""

    chambers: tuple[str, ...]
    bores: tuple[str, ...]
    others: tuple[str, ...]
    held_by: str = DISPUTED
    offered_to: str = NOBODY
    witness: str = NOBODY
    viewer: str = NOBODY
    receiver: str = NOBODY
    call: str = NONE
    holds: dict[str, str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    second: dict[str, str] = field(default_factory=dict)
    in_sight: set[str] = field(default_factory=set)
    seen_again: set[str] = field(default_factory=set)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def positions(self) -> tuple[str, ...]:
        """Every position, in answering order."""
        return (*self.chambers, *self.bores, *self.others)

    def show_over(self) -> None:
        """No show is open and nobody was shown it."""
        self.viewer = self.receiver = NOBODY
        self.seen_again.clear()

    def call_over(self) -> None:
        """No call, offer or show."""
        self.call, self.offered_to = NONE, NOBODY
        self.show_over()

    def nobody_watches(self) -> None:
        """No witness is in sight of it."""
        self.witness = NOBODY
        self.in_sight.clear()

    def answer(self, position: str, holds: str, by: str) -> None:
        """One answer there, and no second."""
        self.holds[position], self.first[position] = holds, by
        self.second.pop(position, None)
        self.in_sight.discard(position)


@dataclass(slots=True)
class Round:
    """One round: whose hand it is in, and what was answered of it. `said` and `tests` are its lot's."""

    said: str
    tests: frozenset[str]
    held_by: str
    kind: str = ""
    first: str = NOBODY
    second: str = NOBODY

    def untested(self) -> None:
        """Nothing is answered of it."""
        self.kind, self.first, self.second = "", NOBODY, NOBODY


@dataclass(slots=True)
class Naive:
    """The floor as the naive evaluator has it. `hands` says who has each container; roles are by person."""

    guns: dict[str, Gun]
    rounds: dict[str, Round]
    roles: dict[str, str]
    hands: dict[str, str]
    halted: bool = False
    stops: dict[int, set[str]] = field(default_factory=dict)

    def is_handler(self, who: str) -> bool:
        """Whether who may prepare a gun."""
        return self.roles.get(who) in {"armorer", "property_master", "assistant_property_master"}

    def may_witness(self, who: str) -> bool:
        """Whether who may answer second."""
        return self.is_handler(who) or self.roles.get(who) in {"first_ad", "safety_advisor"}

    # --- what takes proofs away ---

    def doubt(self, gun: Gun) -> None:
        """Nothing is proven of a gun, nor of the rounds recorded in it."""
        gun.call_over()
        gun.nobody_watches()
        if gun.first:
            # What was answered is gone, and with it the parts of a call over it.
            gun.parts.clear()
        gun.first.clear()
        gun.second.clear()
        for name in gun.holds.values():
            if name in self.rounds:
                self.rounds[name].untested()

    def taint(self, name: str) -> None:
        """A round is untested; the call on the gun it is in ends, unless that rests on what the thing is."""
        self.rounds[name].untested()
        for gun in self.guns.values():
            if name in gun.holds.values() and gun.call != INERT:
                gun.call = NONE

    def lose(self, name: str) -> None:
        """A round is nobody's, and what was answered where it was recorded is gone."""
        self.taint(name)
        self.rounds[name].held_by = DISPUTED
        for gun in self.guns.values():
            for position in [at for at, held in gun.holds.items() if held == name]:
                gun.receiver = NOBODY
                gun.seen_again.discard(position)
                gun.in_sight.discard(position)
                if position in gun.first:
                    gun.parts.clear()
                gun.first.pop(position, None)
                gun.second.pop(position, None)
                gun.holds[position] = UNKNOWN

    # --- acts ---

    def take_in(self, number: int, by: str, act: dict[str, Any], *, rules_refuse: bool) -> tuple[str, frozenset[str]]:
        """The verdict on one act as entry `number`, and the guards a claim lacked; then the act is done.

        `rules_refuse` says that a rule which is no guard was not met: the naive floor knows no rules and takes that over.
        """
        match act["act"]:
            case "called" | "announced" | "acknowledged":
                return self._part(by, act, rules_refuse=rules_refuse)
            case "stop_lifted":
                return self._lift(by, act["stop"]), frozenset()
            case "stopped":
                self.halted = True
                self.stops[number] = set()
                for gun in self.guns.values():
                    gun.call = NONE
            case "seal_applied":
                pass
            case "reported":
                self._told(act["told"])
            case "rounds_tested":
                for row in act["rows"]:
                    self._test(by, row["round_id"], act["kind"], frozenset(act["tests"]))
                names = [row["round_id"] for row in act["rows"]]
                self._mixed(frozenset(name for name in names if self.rounds[name].said != act["kind"]))
            case _:
                self._about_a_gun(by, act)
        return "admitted", frozenset()

    def _about_a_gun(self, by: str, act: dict[str, Any]) -> None:  # noqa: C901, PLR0912  # one act after the other, as naive as can be
        gun = self.guns[act.get("gun") or act["item"]]
        match act["act"]:
            case "picked_up":
                self.doubt(gun)
                gun.held_by = by
            case "put_down" | "locked":
                self.doubt(gun)
                gun.held_by = DISPUTED
            case "handed_over" if gun.held_by == by and act["to"] != by:
                gun.offered_to = act["to"]
            case "handed_over":
                self.doubt(gun)
                gun.held_by = DISPUTED
            case "taken":
                self._taken(gun, by, act["giver"])
            case "cleared":
                for row in act["answers"]:
                    self._cleared(gun, by, row)
            case "answered":
                for row in act["answers"]:
                    self._answered(gun, by, row)
            case "seen":
                for row in act["answers"]:
                    self._seen(gun, by, row)
            case "loaded":
                for row in act["rows"]:
                    self._load(gun, by, row)
            case "unloaded":
                for row in act["rows"]:
                    self._unload(gun, by, row)
            case "showed" if gun.held_by == by and self.is_handler(by) and act["to"] != by:
                gun.show_over()
                gun.viewer = act["to"]
                if gun.witness == NOBODY and gun.call != INERT:
                    gun.call = NONE
            case "show_closed" if self._was_shown(gun, by):
                gun.receiver, gun.viewer = gun.viewer, NOBODY
                gun.seen_again.clear()
            case "showed" | "show_closed" | "gun_mishap":
                self.doubt(gun)
            case "sight_lost":
                self._sight_lost(gun, by)
            case other:
                raise NotNaive(other)

    def _was_shown(self, gun: Gun, by: str) -> bool:
        whole = all(at in gun.seen_again for at in gun.chambers) and bool(gun.seen_again)
        return gun.held_by == by and gun.viewer != NOBODY and whole

    def _taken(self, gun: Gun, by: str, giver: str) -> None:
        if gun.held_by != giver or gun.offered_to != by:
            self.doubt(gun)
            gun.held_by = DISPUTED
        elif gun.receiver == by:
            gun.held_by, gun.offered_to = by, NOBODY
        elif self.is_handler(by):
            gun.held_by = by
            gun.call_over()
        else:
            self.doubt(gun)
            gun.held_by = by

    def _cleared(self, gun: Gun, by: str, row: dict[str, Any]) -> None:
        mine = gun.held_by == by and self.is_handler(by)
        if not _says_nothing_is_there(row) or not mine:
            self.doubt(gun)
            return
        gun.call_over()
        here = gun.holds.get(row["position"], UNKNOWN)
        if here in self.rounds:
            self.rounds[here].untested()
            self.rounds[here].held_by = DISPUTED
        gun.answer(row["position"], EMPTY, by)

    def _meant(self, gun: Gun, row: dict[str, Any]) -> str:
        """What an answer says is there: nothing, the recorded round, or something the record does not know."""
        if _says_nothing_is_there(row):
            return EMPTY
        here = gun.holds.get(row["position"], UNKNOWN)
        if here not in self.rounds:
            return UNKNOWN
        return here if (self.rounds[here].kind or self.rounds[here].said) == row["holds"] else UNKNOWN

    def _answered(self, gun: Gun, by: str, row: dict[str, Any]) -> None:
        at = row["position"]
        first = gun.first.get(at, NOBODY)
        agrees = gun.holds.get(at, UNKNOWN) == self._meant(gun, row)
        if not (first not in {NOBODY, by} and first == gun.held_by and agrees and self.may_witness(by)):
            self.doubt(gun)
            return
        if gun.witness != by:
            gun.call_over()
            gun.nobody_watches()
        gun.second[at], gun.witness = by, by
        gun.in_sight.add(at)

    def _seen(self, gun: Gun, by: str, row: dict[str, Any]) -> None:
        at = row["position"]
        agrees = bool(gun.second.get(at)) and gun.holds.get(at, UNKNOWN) == self._meant(gun, row)
        looks_along = gun.viewer != NOBODY and by not in {gun.viewer, gun.held_by}
        if looks_along and agrees:
            return
        if gun.viewer == by and agrees:
            gun.seen_again.add(at)
        else:
            self.doubt(gun)

    def _load(self, gun: Gun, by: str, row: dict[str, Any]) -> None:
        at, name = row["position"], row["round_id"]
        ready = gun.held_by == by and self.is_handler(by) and self.rounds[name].held_by == by and at in gun.chambers
        if ready and gun.holds.get(at) == EMPTY and gun.first.get(at):
            gun.call_over()
            gun.answer(at, name, by)
            self.rounds[name].held_by = IN_GUN
        else:
            self.doubt(gun)
            self.lose(name)

    def _unload(self, gun: Gun, by: str, row: dict[str, Any]) -> None:
        at, name = row["position"], row["round_id"]
        if (
            gun.held_by == by
            and self.is_handler(by)
            and gun.holds.get(at) == name
            and gun.first.get(at)
            and gun.second.get(at)
        ):
            gun.call_over()
            gun.answer(at, EMPTY, by)
        else:
            self.doubt(gun)
            self.lose(name)
        self.rounds[name].held_by = by
        if row["thing"] and row["thing"] != by and self.hands.get(row["thing"]) != by:
            self.lose(name)

    def _test(self, by: str, name: str, kind: str, tests: frozenset[str]) -> None:
        cartridge = self.rounds[name]
        if cartridge.first not in {NOBODY, by} and cartridge.second == NOBODY:
            fits = cartridge.first == cartridge.held_by and cartridge.kind == kind and self.may_witness(by)
            if fits:
                cartridge.second = by
            else:
                self.taint(name)
        elif cartridge.held_by == by and self.is_handler(by):
            cartridge.kind, cartridge.first, cartridge.second = kind, by, NOBODY
        else:
            self.taint(name)
        if not cartridge.tests <= tests:
            self.taint(name)

    def _mixed(self, odd: frozenset[str]) -> None:
        """One of them is not what its lot says: every other round lies beside it, or came from there."""
        for name in self.rounds:
            if odd - {name}:
                self.taint(name)

    def _sight_lost(self, gun: Gun, by: str) -> None:
        if self.is_handler(by) or gun.held_by == by:
            self.doubt(gun)
            return
        with_receiver = gun.held_by == gun.receiver
        if gun.witness == by:
            gun.nobody_watches()
        elif gun.receiver != by:
            return
        if not with_receiver and gun.call != INERT:
            gun.call = NONE

    def _told(self, told: dict[str, Any]) -> None:
        gun = self.guns[told.get("gun") or told["item"]]
        self.doubt(gun)
        if told["act"] in {"picked_up", "put_down", "handed_over", "taken", "locked"}:
            gun.held_by = DISPUTED

    # --- claims ---

    def _part(self, by: str, act: dict[str, Any], *, rules_refuse: bool) -> tuple[str, frozenset[str]]:
        gun = self.guns[act["gun"]]
        if act["act"] == "called":
            gun.parts.clear()
        gun.parts[act["act"]] = {**act, "by": by}
        called = gun.parts.get("called")
        if called is None:
            return "admitted", frozenset()
        lacks = self.lacks(act["gun"], called["call"], called["by"])
        if len(gun.parts) < len(("called", "announced", "acknowledged")):
            return "admitted", lacks
        gun.parts.clear()
        if lacks or rules_refuse:
            gun.call = NONE
            return "refused", lacks
        gun.call = called["call"]
        return "granted", lacks

    def lacks(self, name: str, call: str, caller: str) -> frozenset[str]:
        """The guards that a claim by `caller` does not meet now."""
        gun = self.guns[name]
        checks = {
            "no_open_stop": not self.halted,
            "caller_has_gun": gun.held_by == caller,
            "caller_is_handler": self.is_handler(caller),
        }
        if call == INERT:
            twice = all(gun.first.get(at) and gun.second.get(at) for at in gun.others) and bool(gun.others)
            checks |= {
                "two_people": all(gun.second.get(at) != caller for at in gun.others),
                "answered_twice": twice,
                "cannot_hold_a_cartridge": all(gun.holds.get(at) == EMPTY for at in gun.others),
            }
            return frozenset(check for check, met in checks.items() if not met)
        inside = (*gun.chambers, *gun.bores)
        three = caller not in {gun.witness, gun.receiver} and (gun.witness == NOBODY or gun.witness != gun.receiver)
        watched = gun.witness != NOBODY
        checks |= {
            "three_people": three,
            "witness_has_role": not watched or self.may_witness(gun.witness),
            "answered_twice": all(gun.first.get(at) and gun.second.get(at) for at in inside),
            "one_witness_for_all": not watched or all(gun.second.get(at, gun.witness) == gun.witness for at in inside),
            "bore_clear": all(gun.holds.get(at) == EMPTY for at in gun.bores),
            "witness_in_sight": watched,
            "witness_saw_all": not watched
            or all(at in gun.in_sight for at in inside if gun.second.get(at) == gun.witness),
            "receiver_saw_all": gun.receiver != NOBODY,
        }
        held = [gun.holds.get(at, UNKNOWN) for at in gun.chambers]
        if call == COLD_EMPTY:
            checks["chambers_empty"] = bool(held) and all(one == EMPTY for one in held)
        else:
            kind = "dummy" if call == COLD_DUMMY else "blank"
            checks["holds_a_round"] = any(one != EMPTY for one in held)
            checks["rounds_proven_of_kind"] = UNKNOWN not in held and all(
                self.rounds[one].kind == kind and bool(self.rounds[one].second) for one in held if one in self.rounds
            )
        return frozenset(check for check, met in checks.items() if not met)

    def _lift(self, by: str, stop: int) -> str:
        role = self.roles.get(by, "")
        signed = self.stops.get(stop)
        if signed is None or role not in _LIFTERS or role in signed:
            return "refused"
        signed.add(role)
        if signed != _LIFTERS:
            return "admitted"
        del self.stops[stop]
        self.halted = bool(self.stops)
        return "granted"
