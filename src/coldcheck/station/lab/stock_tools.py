"""An export at the sizes where a tree changes its shape, read by tools that are not ours: Go's sumdb packages.

Promises: the log is one ledger of signed entries, exported as it grew to each size; both of our verifiers call the largest
good, byte for byte; and `verifier/stock/main.go`, which uses `note` and `tlog` of golang.org/x/mod as packaged and nothing of
ours, opens every checkpoint, proves entries under each and joins every size to every larger one. It must refuse what was bent.

Does not do: people's own signatures, whose type is ours.
"""

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldcheck.custody.acts import ClockCompared
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.export import export_tiles
from coldcheck.station.lab.bench_js import NoNode
from coldcheck.station.lab.measured import Figures, player_of_stream, workplace
from coldcheck.station.play import Player
from coldcheck.station.record import record_own
from coldcheck.station.store_sqlite import SqliteStore
from coldcheck.station.verify import verify_path

SIZES: Final = (1, 255, 256, 257, 65_536, 65_537)
PROGRAM: Final = Path("verifier/stock/main.go")
GO_PATH: Final = Path("/usr/share/gocode")
"""Where Debian's package golang-golang-x-mod-dev puts the source."""
_COMMAND: Final = Path("verifier/cli.mjs")


class NoGo(ColdcheckError):
    """Go or its packaged sumdb source is missing. Install golang-go and golang-golang-x-mod-dev (Debian) and run this again."""


def read_by_go(directory: Path, checkpoints: tuple[Path, ...]) -> dict[str, int]:
    """What the stock packages made of an export and checkpoints of it: counts. Raises NoGo, AssertionError when they refuse it."""
    go = shutil.which("go")
    source = GO_PATH / "src/golang.org/x/mod/sumdb/tlog"
    if go is None or not source.is_dir() or not PROGRAM.is_file():
        raise NoGo(
            "Go or its packaged sumdb source is missing, so no stock tool reads the export here; install golang-go and"
            " golang-golang-x-mod-dev and run this again in the project's folder."
        )
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOFLAGS": "", "GOPROXY": "off"}
    done = subprocess.run(  # noqa: S603  # our own program
        [go, "run", str(PROGRAM), str(directory), *map(str, checkpoints)],
        capture_output=True, check=False, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, f"the stock packages refuse the export: {done.stderr}{done.stdout}"
    told = json.loads(done.stdout)
    return {name: value for name, value in told.items() if isinstance(value, int)}


def bench_sizes(*, sizes: tuple[int, ...] = SIZES) -> Figures:
    """What our verifiers made of the exports at the largest two sizes, and Go's packages of every size. Raises NoGo, NoNode."""
    node = shutil.which("node")
    if node is None or not _COMMAND.is_file():
        raise NoNode(
            "node or verifier/cli.mjs is missing; install Node 20 or newer and run this in the project's folder."
        )
    told: Figures = {"sizes": " ".join(map(str, sizes)), "python_whole": 0, "javascript_whole": 0}
    with workplace() as place:
        player, store = player_of_stream(place / "a.ledger", acts=1)
        try:
            for size in sizes[-2:]:
                grow(player, size)
                export_tiles(store, place / "tiles")
                assert verify_path(place / "tiles", vkey=player.log_key.vkey).ok, f"Python finds {size} entries whole"
                done = subprocess.run([node, str(_COMMAND), str(place / "tiles")], capture_output=True, check=False)  # noqa: S603  # our own
                assert done.returncode == 0, f"JavaScript finds {size} entries whole: {done.stdout.decode()}"
                told["python_whole"] = told["javascript_whole"] = int(told["python_whole"] or 0) + 1
            checkpoints = published(store, sizes, place)
        finally:
            store.close()
        return told | read_by_go(place / "tiles", checkpoints)


def grow(player: Player, size: int) -> None:
    """Nothing; the hub enters small acts of its own until there are `size` entries."""
    now = player.moment("2026-03-02T07:00:00Z")
    act = ClockCompared(clock="studio", reads="2026-03-02T07:00:00Z", bound_ms=1_000)
    for number in range(player.hub.frontier.size, size):
        record_own(player.hub, (act,), now, entry_seed=sha256(number.to_bytes(8)).digest())
    assert player.hub.frontier.size == size, "each act is an entry of its own"


def published(store: SqliteStore, sizes: tuple[int, ...], place: Path) -> tuple[Path, ...]:
    """The checkpoint that was signed at each size, as files."""
    files = tuple(place / f"checkpoint-{size}" for size in sizes)
    for size, file in zip(sizes, files, strict=True):
        file.write_bytes(store.checkpoint(size))
    return files
