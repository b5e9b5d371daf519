"""Set days for the board's tests: a dozen guns and more in every state a card can have, written as a scenario.

Everyone and everything in them is invented. A day is text made by rule, so that the same day can have fourteen guns or
forty.
"""

import sys
from itertools import cycle
from pathlib import Path

from coldcheck.station.demo_hub import serve
from coldcheck.station.play import Player, meta_of
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import SqliteStore, create_ledger

# fmt: off
WORDS = (
    "Magpie", "Anvil", "Lantern", "Domino", "Juniper", "Cobalt", "Thistle", "Oxbow", "Biscuit", "Velvet",
    "Pontoon", "Quarry", "Saddle", "Walnut", "Harbor", "Pepper", "Tundra", "Falcon", "Copper", "Indigo",
    "Mitten", "Orchid", "Raven", "Sextant", "Umber", "Willow", "Zephyr", "Acorn", "Bramble", "Cedar", "Drum",
    "Ember", "Fennel", "Gravel", "Hazel", "Ivory", "Jasper", "Kelp", "Linden", "Marble",
)
# fmt: on
STATES = ("empty", "dummies", "blanks", "replica", "fresh", "dropped", "vault", "double", "dummies", "lapsed")
NAMES = ("Ada Byrne", "Bo Carr", "Cy Dunn", "Di Ellis", "Ed Frey")
BEGIN = f"""production "Copper Creek" hub board-1
person ARM "{NAMES[0]}" as armorer
person AD1 "{NAMES[1]}" as first_ad
person LEAD "{NAMES[2]}" as performer
person SUP "{NAMES[3]}" as supplier
person EMP "{NAMES[4]}" as employer
day 2026-03-02
06:00 ARM registers place Barn as set
06:00 ARM registers place Truck as store
"""
END_OF_CALLS = "14:00"


def set_day(count: int) -> str:
    """The text of a day with `count` guns, their states in turn, ending within every standing call's time."""
    guns = tuple(zip(WORDS[:count], cycle(STATES), strict=False))
    lines = [BEGIN]
    for number, (word, state) in enumerate(guns, start=1):
        lines += _arrives(number, word, state)
    lines += _opens(guns)
    in_order = sorted(enumerate(guns, start=1), key=lambda known: _begun(known[1][1]))
    lines += [line for number, (_, state) in in_order for line in _goes_on(number, state)]
    return "\n".join(lines) + "\n"


def _arrives(number: int, word: str, state: str) -> list[str]:
    gun, lot, tray = f"Colt-{number}", f"Lot-{number}", f"Tray-{number}"
    chambers, bores, kind, capability = (6, 1, "single_action", "W3")
    if state == "double":
        chambers, bores, kind = 2, 2, "break"
    if state == "replica":
        chambers, bores, kind, capability = 0, 0, "replica", "W0"
    # What is called empty here takes nothing that lies in the trays beside it.
    calibre = ".45" if state in {"dummies", "blanks"} else ".22"
    form = f"{kind} {calibre} {capability} with {chambers} chambers and {bores} bores"
    out = [f"06:10 ARM registers gun {gun} word {word} serial SN-{number} {form}"]
    if state in {"dummies", "blanks"}:
        tests = "rattle, hole strong hole" if state == "dummies" else "crimp strong crimp"
        tests = tests.replace(" strong", ", strong")
        out += [
            f"06:11 ARM registers lot {lot}: 6 .45 {'dummy' if state == 'dummies' else 'blank'}, tests {tests}",
            f"06:11 ARM registers tray {tray} with 6 cells",
            f"06:12 SUP delivers {lot} in {tray}: 6 rounds to ARM",
            f"06:13 ARM receives {lot} from SUP in {tray}/1-6",
        ]
    return out


CALLS = {
    "empty": "COLD-EMPTY",
    "double": "COLD-EMPTY",
    "dropped": "COLD-EMPTY",
    "lapsed": "COLD-EMPTY",
    "dummies": "COLD-DUMMY",
    "blanks": "HOT-BLANK",
    "replica": "INERT",
}


def _opens(guns: tuple[tuple[str, str], ...]) -> list[str]:
    out = ["07:00 ARM goes on exclusive duty as armorer", "07:00 ARM opens day 9", "07:00 AD1 opens day 9"]
    for number, (_, state) in enumerate(guns, start=1):
        if state in {"dummies", "blanks"}:
            out += [f"07:05 ARM counts Tray-{number}: 6", f"07:05 AD1 counts Tray-{number}: 6"]
        if state in CALLS:
            plan = f"plans rehearsal S{number} at Barn with Colt-{number}: {CALLS[state]} for LEAD, line AD1"
            out += [
                f"07:10 AD1 {plan}",
                f"07:10 AD1 holds the meeting for S{number}",
                f"07:11 ARM attends the meeting for S{number}",
                f"07:11 LEAD attends the meeting for S{number}",
                f"07:12 ARM assesses S{number}",
            ]
    return [*out, "07:20 ARM arrives at Barn"]


def _begun(state: str) -> str:
    return "13:30" if state in {"vault", "fresh", "lapsed"} else "13:57"


def _goes_on(number: int, state: str) -> list[str]:
    gun = f"Colt-{number}"
    if state == "vault":
        return [f"13:30 ARM picks up {gun}", f"13:31 ARM locks {gun} in Truck"]
    if state == "fresh":
        return [f"13:30 ARM picks up {gun}"]
    at = _begun(state)
    out = [f"{at} ARM picks up {gun}", *_sheets(number, state, at), *_call(number, state, at)]
    if state == "dropped":
        out.append(f"{at} ARM leaves {gun} at Barn -> finding V04")
    return out


def _sheets(number: int, state: str, at: str) -> list[str]:
    gun = f"Colt-{number}"
    manner = "same_device" if number > len(STATES) else "answers_not_shown"
    if state == "replica":
        first, second = [f"clears {gun}: capability inert"], [f"answers {gun}: capability inert"]
    elif state == "double":
        held = "chambers 1-2 empty, bore1 clear, bore2 clear"
        first, second = [f"clears {gun}: {held}"], [f"answers {gun}: {held}"]
    else:
        held = "chambers 1-6 empty, bore clear"
        first, second = [f"clears {gun}: {held}"], [f"answers {gun}: {held}"]
    if state in {"dummies", "blanks"}:
        many = 6 if state == "dummies" else 5
        kind, tests = ("dummy", "rattle, hole") if state == "dummies" else ("blank", "crimp")
        tested = f"tests Tray-{number}/1-{many} by {tests}: {kind}"
        first += [tested, f"loads {gun}: chambers 1-{many} from Tray-{number}/1-{many}"]
        second += [tested, f"answers {gun}: chambers 1-{many} {kind}"]
    rows = "\n    "
    return [
        f"{at} ARM sheet P{number} with AD1, {manner}:{rows}{rows.join(first)}",
        f"{at} AD1 sheet P{number} with ARM, {manner}:{rows}{rows.join(second)}",
    ]


def _call(number: int, state: str, at: str) -> list[str]:
    gun = f"Colt-{number}"
    shown = {"double": "chambers 1-2 and bore1 and bore2", "replica": "capability"}.get(state, "chambers 1-6 and bore")
    seen = {
        "double": "chambers 1-2 empty, bore1 clear, bore2 clear",
        "replica": "capability inert",
        "dummies": "chambers 1-6 dummy",
        "blanks": "chambers 1-5 blank, chamber 6 empty",
    }.get(state, "chambers 1-6 empty, bore clear")
    call = CALLS[state] + {"dummies": "(6)", "blanks": "(5, half)"}.get(state, "")
    return [
        f"{at} ARM shows {gun} to LEAD: {shown}",
        f"{at} LEAD sees {gun}: {seen}",
        f"{at} ARM closes the show of {gun} to LEAD",
        f"{at} ARM calls {gun}: {call} for S{number} -> admitted",
        f"{at} AD1 announces {gun}: {call} -> admitted",
        f"{at} LEAD acknowledges {gun}: {call} -> granted",
    ]


def played_day(folder: Path, *, count: int, after: str = "") -> tuple[Player, SqliteStore]:
    """A played day over a ledger in `folder`, with the player that holds its keys; `after` is added to its text."""
    scenario = parse_scenario(set_day(count) + after, path="board day")
    store = create_ledger(folder / "day.ledger", meta=meta_of(scenario))
    player = Player(scenario, store)
    unmet = [result for result in player.play() if not result.met]
    assert unmet == [], unmet
    return player, store


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Plays a day with as many guns as asked and serves it until it is told to end; prints the address."""
    folder, count, port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    player, store = played_day(folder, count=count)
    try:
        serve(player, host="127.0.0.1", port=port, ready=_say)
    finally:
        store.close()
    _say("ended")


if __name__ == "__main__":
    main()
