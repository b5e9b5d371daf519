"""Whether a changed bit is found, anywhere: one in every byte by the verifier's parts, random ones by the whole command.

Promises: every file of an export, and every stored entry, leaf hash, inner node and checkpoint of a ledger. For a random
flip the command must end with 1 and name an entry or a file. `missed` is 0 or the promise is broken.
"""

import json
import random
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from coldcheck.proof.note import LogVerifier
from coldcheck.station.commands_proof import verify
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.flips import bits_in_export, flipped, flips_in_export, flips_in_ledger
from coldcheck.station.lab.measured import Figures, player_of_stream, signed_lines, workplace
from coldcheck.station.record import record
from coldcheck.station.verify import files_in

_SEED: Final = 20_260_302
_OK, _NOT_OK = 0, 1


def bench_flips(*, acts: int = 120, random_flips: int = 2_000, whole_acts: int = 1_400) -> Figures:
    """How many flips were tried and how many were missed, in an export and in its ledger; of a longer export, every bit."""
    with workplace() as folder:
        player, store = player_of_stream(folder / "flips.ledger", acts=acts)
        for signed, now, _count in signed_lines(player):
            record(player.hub, signed, now)
        tiles = folder / "tiles"
        export_tiles(store, tiles)
        in_export = flips_in_export(tiles, store)
        in_ledger = flips_in_ledger(store, LogVerifier.from_vkey(player.log_key.vkey))
        missed, unnamed = _random_flips(tiles, random_flips)
        entries, files = store.entry_count(), len(tuple(files_in(tiles)))
        store.close()
    bits = _every_bit(whole_acts)
    return {
        **bits,
        "entries": entries,
        "files": files,
        "export_bytes_flipped": in_export.tried,
        "export_missed": len(in_export.missed),
        "ledger_bytes_flipped": in_ledger.tried,
        "ledger_missed": len(in_ledger.missed),
        "command_flips": random_flips,
        "command_missed": missed,
        "command_unnamed": unnamed,
        "missed": bits["bits_missed"] + len(in_export.missed) + len(in_ledger.missed) + missed + unnamed,
    }


def _every_bit(acts: int) -> dict[str, int]:
    """Every bit of the export of a ledger of so many acts, through the steps of the verifier that read it."""
    with workplace() as folder:
        player, store = player_of_stream(folder / "bits.ledger", acts=acts)
        for signed, now, _count in signed_lines(player):
            record(player.hub, signed, now)
        export_tiles(store, folder / "tiles")
        found = bits_in_export(folder / "tiles", store)
        entries = store.entry_count()
        store.close()
    return {"bits_entries": entries, "bits_turned": found.tried, "bits_missed": len(found.missed)}


def _random_flips(tiles: Path, count: int) -> tuple[int, int]:
    """How many flips the whole command missed, and how many it found without naming an entry or a file."""
    dice, runner = random.Random(_SEED), CliRunner()
    files = {path: (tiles / path).read_bytes() for path in files_in(tiles)}
    assert runner.invoke(verify, [str(tiles)]).exit_code == _OK, "the export as it was written verifies"
    places = [path for path, data in files.items() for _ in range(max(1, len(data) // 1000))]
    missed = unnamed = 0
    for _ in range(count):
        path = dice.choice(places)
        (tiles / path).write_bytes(flipped(files[path], dice.randrange(len(files[path]))))
        result = runner.invoke(verify, [str(tiles), "--json"])
        (tiles / path).write_bytes(files[path])
        if result.exit_code != _NOT_OK:
            missed += 1
            continue
        bad = json.loads(result.output)["first_bad"]
        unnamed += bad["entry"] is None and not any(name in bad["reason"] for name in files)
    return missed, unnamed
