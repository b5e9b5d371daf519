"""A long, even stream of set work for the benchmarks: guns loaded with dummies, shown, called, handed over, unloaded.

Promises: the same number of acts gives the same lines; every call in it is granted; the number of guns, people, lots and
containers stays the same however long the stream is, so that a cost that grows with the ledger shows.

Does not do: anything worth asking about; see the scenarios and the generated productions for that.

    scenario = parse_scenario(stream_text(acts=10_000), path="stream")
"""

from collections.abc import Iterator
from typing import Final

GUNS: Final = 6
ROUNDS: Final = 6
_PEOPLE: Final = (
    ("ARM", "Ada Byrne", "armorer"),
    ("AD1", "Bo Carr", "first_ad"),
    ("LEAD", "Cy Dunn", "performer"),
    ("SUP", "Di Ellis", "supplier"),
    ("EMP", "Ed Frey", "employer"),
)
_CYCLES_A_DAY: Final = 40
_MINUTES_A_CYCLE: Final = 12


def stream_text(*, acts: int) -> str:
    """A scenario file with at least `acts` acts, ending with a whole piece of work."""
    lines = [
        'production "Stream" hub stream-1',
        *(f'person {label} "{name}" as {roles}' for label, name, roles in _PEOPLE),
        "day 2026-03-02",
        *_begin(),
    ]
    count = len(lines)
    cycle = 0
    while count < acts:
        new = tuple(_day(cycle // _CYCLES_A_DAY) if cycle % _CYCLES_A_DAY == 0 else ()) + tuple(_cycle(cycle))
        # A sheet's first line stands for the act that begins it.
        count += len(new)
        lines.extend(new)
        cycle += 1
    return "\n".join(lines) + "\n"


def _begin() -> Iterator[str]:
    yield "07:00 ARM registers place Barn as set"
    yield "07:00 ARM registers place Truck as store"
    for gun in range(1, GUNS + 1):
        word = ("Magpie", "Otter", "Badger", "Heron", "Falcon", "Weasel")[gun - 1]
        yield f"07:01 ARM registers gun Colt-{gun} word {word} serial SN-{gun} single_action .45 W3 with 6 chambers and 1 bores"
        yield f"07:01 ARM registers lot Lot-{gun}: {2 * ROUNDS} .45 dummy, tests rattle, hole, strong hole"
        yield f"07:01 ARM registers tray Tray-{gun} with {2 * ROUNDS} cells"
        yield f"07:02 SUP delivers Lot-{gun} in Tray-{gun}: {2 * ROUNDS} rounds to ARM"
        yield f"07:02 ARM receives Lot-{gun} from SUP in Tray-{gun}/1-{2 * ROUNDS}"


def _day(number: int) -> Iterator[str]:
    month, day = divmod(number, 28)
    yield f"day {2026 + (month + 3) // 12}-{(month + 3) % 12 + 1:02}-{day + 1:02}"
    yield f"07:10 ARM opens day {number + 1}"
    yield f"07:10 AD1 opens day {number + 1}"
    yield "07:10 ARM goes on exclusive duty as armorer"
    yield "07:11 ARM arrives at Barn"
    scene, guns = f"S{number}", ", ".join(f"Colt-{gun}" for gun in range(1, GUNS + 1))
    yield f"07:11 AD1 plans rehearsal {scene} at Barn with {guns}: COLD-DUMMY for LEAD, line AD1"
    yield f"07:12 AD1 holds the meeting for {scene}"
    yield f"07:12 ARM attends the meeting for {scene}"
    yield f"07:12 LEAD attends the meeting for {scene}"
    yield f"07:13 ARM assesses {scene}"
    for gun in range(1, GUNS + 1):
        yield f"07:14 ARM counts Tray-{gun}: {2 * ROUNDS}"
        yield f"07:14 AD1 counts Tray-{gun}: {2 * ROUNDS}"


def _cycle(cycle: int) -> Iterator[str]:
    """One gun from the table to the set and back."""
    gun, tray = f"Colt-{cycle % GUNS + 1}", f"Tray-{cycle % GUNS + 1}"
    hours, minutes = divmod(7 * 60 + 30 + cycle % _CYCLES_A_DAY * _MINUTES_A_CYCLE, 60)
    at = f"{hours:02}:{minutes:02}"
    scene, chambers = f"S{cycle // _CYCLES_A_DAY}", f"chambers 1-{ROUNDS}"
    yield f"{at} ARM picks up {gun}"
    yield f"{at} ARM sheet P{cycle} with AD1, answers_not_shown:"
    yield f"    clears {gun}: {chambers} empty, bore clear"
    yield f"    tests {tray}/1-{ROUNDS} by rattle, hole: dummy"
    yield f"    loads {gun}: {chambers} from {tray}/1-{ROUNDS}"
    yield f"{at} AD1 sheet P{cycle} with ARM, answers_not_shown:"
    yield f"    answers {gun}: {chambers} empty, bore clear"
    yield f"    tests {tray}/1-{ROUNDS} by rattle, hole: dummy"
    yield f"    answers {gun}: {chambers} dummy"
    yield f"{at} ARM shows {gun} to LEAD: {chambers} and bore"
    yield f"{at} LEAD sees {gun}: {chambers} dummy"
    yield f"{at} ARM closes the show of {gun} to LEAD"
    yield f"{at} ARM calls {gun}: COLD-DUMMY({ROUNDS}) for {scene} -> admitted"
    yield f"{at} AD1 announces {gun}: COLD-DUMMY({ROUNDS}) -> admitted"
    yield f"{at} LEAD acknowledges {gun}: COLD-DUMMY({ROUNDS}) -> granted"
    yield f"{at} ARM hands {gun} to LEAD"
    yield f"{at} LEAD takes {gun} from ARM"
    yield f"{at} LEAD stands in the line of {gun}"
    yield f"{at} LEAD hands {gun} to ARM"
    yield f"{at} ARM takes {gun} from LEAD"
    yield f"{at} ARM unloads {gun}: {chambers} to {tray}/1-{ROUNDS}"
    yield f"{at} ARM leaves {gun} at Barn"
    yield f"{at} ARM counts {tray}: {2 * ROUNDS}"
    yield f"{at} AD1 counts {tray}: {2 * ROUNDS}"
