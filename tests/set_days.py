"""A small set day for the set screens' tests: guns that wait to be prepared, with everything ready that a call needs.

Everyone and everything in it is invented.
"""

import sys
from pathlib import Path

from coldcheck.station.demo_hub import serve
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store_sqlite import SqliteStore, create_ledger

PEOPLE = ("Ada Byrne", "Bo Carr", "Cy Dunn", "Di Ellis", "Ed Frey", "Fay Gore", "Gil Hume")
DAY = f"""production "Copper Creek" hub set-1
person ARM "{PEOPLE[0]}" as armorer
person PM "{PEOPLE[5]}" as property_master
person AD1 "{PEOPLE[1]}" as first_ad
person LEAD "{PEOPLE[2]}" as performer
person CAM "{PEOPLE[6]}" as camera
person SUP "{PEOPLE[3]}" as supplier
person EMP "{PEOPLE[4]}" as employer
day 2026-03-02
06:00 ARM registers place Barn as set
06:00 ARM registers place Truck as store
06:10 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 6 chambers and 1 bores
06:10 ARM registers gun Colt-2 word Anvil serial SN-2 single_action .45 W3 with 6 chambers and 1 bores
06:10 ARM registers gun Rubber-1 word Pelican serial SN-3 replica none W0 with 0 chambers and 0 bores
06:11 ARM registers lot Lot-1: 12 .45 dummy, tests rattle, hole, strong hole
06:11 ARM registers tray Tray-1 with 12 cells
06:12 SUP delivers Lot-1 in Tray-1: 12 rounds to ARM
06:13 ARM receives Lot-1 from SUP in Tray-1/1-12
07:00 ARM goes on exclusive duty as armorer
07:00 ARM opens day 9
07:00 AD1 opens day 9
07:05 ARM counts Tray-1: 12
07:05 AD1 counts Tray-1: 12
07:10 AD1 plans rehearsal S1 at Barn with Colt-1: COLD-EMPTY for LEAD, line CAM
07:10 AD1 holds the meeting for S1
07:11 ARM attends the meeting for S1
07:11 LEAD attends the meeting for S1
07:11 CAM attends the meeting for S1
07:12 ARM assesses S1
07:10 AD1 plans rehearsal S2 at Barn with Colt-2: COLD-DUMMY for LEAD, line CAM
07:10 AD1 holds the meeting for S2
07:11 ARM attends the meeting for S2
07:11 LEAD attends the meeting for S2
07:11 CAM attends the meeting for S2
07:12 ARM assesses S2
07:20 ARM arrives at Barn
07:21 ARM picks up Colt-2
07:21 ARM picks up Tray-1
"""


def played_set_day(folder: Path, text: str = DAY) -> tuple[Player, SqliteStore]:
    """A player who has played the day into a new ledger in `folder`, and its open store."""
    store = create_ledger(folder / "set.ledger", meta={})
    player = Player(parse_scenario(text, path="set day"), store)
    unmet = [result for result in player.play() if not result.met]
    assert unmet == [], unmet
    return player, store


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Plays the day and serves it until it is told to end; prints the address."""
    player, store = played_set_day(Path(sys.argv[1]))
    try:
        serve(player, host="localhost", port=int(sys.argv[2]), ready=_say)
    finally:
        store.close()


if __name__ == "__main__":
    main()
