"""Photos in a pack: given by their bytes or withheld by number, never left out, and nothing that no entry names."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.station.lab.set_scene import DAY
from coldcheck.station.ledger_files import play_into
from coldcheck.station.pack.folder import MANIFEST, make_pack
from coldcheck.station.pack.parts import Choices
from coldcheck.station.pack.pictures import reason_of
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.verify import verify_path

GIVEN, WITHHELD, AWAY = b"the cylinder, open", b"somebody's face", b"never handed in"
NAMES = [sha256(data).hexdigest() for data in (GIVEN, WITHHELD, AWAY)]
TAKEN = f"""07:40 ARM photographs Colt-2, camera {NAMES[0]}, cut 1@500x250+60
07:41 ARM photographs Tray-1, imported {NAMES[1]}
07:42 ARM photographs Tray-1, camera {NAMES[2]}
07:50 EMP freezes everything, found_round
"""


def choices(frozen: int) -> Choices:
    kept_back = ((NAMES[1][:12], "a face is in it"),)
    return Choices(incident=str(frozen), audience="agency", withhold=kept_back, decided_by="the upm", ask="the upm")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    hub = play_into(folder / "day.ledger", parse_scenario(DAY + TAKEN, path="day")).hub
    for data in (GIVEN, WITHHELD):
        hub.store.put_photo(sha256(data).hexdigest(), data)
    frozen = hub.picture.frozen_entry
    hub.store.close()
    assert frozen is not None
    make_pack(folder / "day.ledger", folder / "pack", choices(frozen))
    return folder / "pack"


def read(pack: Path, name: str) -> Any:
    return json.loads((pack / "data" / name).read_text(encoding="utf-8"))


def test_every_picture_that_an_entry_names_is_given_withheld_or_said_not_to_be_here(pack: Path) -> None:
    report = verify_path(pack, vkey=None)
    assert report.ok, report.first_bad
    rows = read(pack, "photos.json")
    (number,) = [row["number"] for row in read(pack, "withheld.json") if row["kind"] == "photo"]
    assert [(row["item"], row["sha256"], row["bytes"]) for row in rows] == [
        ("Colt-2", NAMES[0], "given"),
        ("Tray-1", NAMES[1], f"withheld, item {number}"),
        ("Tray-1", NAMES[2], "not in this ledger"),
    ]
    assert [file.name for file in (pack / "data" / "photos").iterdir()] == [f"{NAMES[0]}.jpg"]
    assert (pack / "data" / "photos" / f"{NAMES[0]}.jpg").read_bytes() == GIVEN
    assert not any(WITHHELD in file.read_bytes() for file in pack.rglob("*") if file.is_file())


@pytest.mark.parametrize("what", ["another picture", "a picture nobody names", "one left out of the register"])
def test_a_pack_whose_pictures_are_not_those_of_the_log_is_refused(pack: Path, tmp_path: Path, what: str) -> None:
    copy = Path(shutil.copytree(pack, tmp_path / "pack"))
    photos, register = copy / "data" / "photos", copy / "data" / "photos.json"
    match what:
        case "another picture":
            (photos / f"{NAMES[0]}.jpg").write_bytes(b"another")
        case "a picture nobody names":
            (photos / f"{sha256(b'x').hexdigest()}.jpg").write_bytes(b"x")
        case _:
            register.write_text(json.dumps(read(pack, "photos.json")[1:]), encoding="utf-8")
    # The lists are made anew over it, so that only the content can give it away.
    lines = (
        f"{sha256(file.read_bytes()).hexdigest()}  {file.relative_to(copy).as_posix()}\n"
        for file in sorted((copy / "data").rglob("*"))
        if file.is_file()
    )
    (copy / MANIFEST).write_text("".join(lines), encoding="utf-8")
    manifest = sha256((copy / MANIFEST).read_bytes()).hexdigest()
    tags = copy / "tagmanifest-sha256.txt"
    rows = [f"{manifest}  {MANIFEST}" if MANIFEST in row else row for row in tags.read_text("utf-8").splitlines()]
    tags.write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = verify_path(copy, vkey=None)
    assert not report.ok
    assert report.first_bad is not None
    assert "photos" in report.first_bad.reason


def test_what_is_withheld_by_the_word_photos_is_all_of_them() -> None:
    act = a.Photographed(procedure="", item="t", sha256="ab" * 32, capture=a.Capture.CAMERA, cells=())
    assert [reason_of(act, {label: "why"}) for label in ("photos", "abababab", "abab", "cd" * 6)] == [
        "why",
        "why",
        None,
        None,
    ]
