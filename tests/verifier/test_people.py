"""A hub's own export with every way a key can come and go, put to both verifiers."""

from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Role
from coldcheck.proof.keys import KeyClass
from coldcheck.station.export import export_tiles
from coldcheck.station.store_sqlite import SqliteStore, create_ledger
from coldcheck.station.verify import verify_path
from crew import LOG_KEY, META, OFFICERS, Crew, made, named
from verifier.node import verify_files

HERE = a.PresenceDeclared(place=named("w", "Barn"))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    crew = Crew(create_ledger(folder / "a.ledger", meta=META))
    crew.begin()
    crew.list_crew({"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "EMP": Role.EMPLOYER})
    for label in ("ARM", "AD1", "EMP"):
        crew.claim(label)
    unlocked = made("ARM", KeyClass.UNLOCKED)
    brought = crew.bring("ARM", unlocked)
    crew.say("ARM", a.KeyUnlocked(key=unlocked.key_name, sha256=a.act_hash(brought), seconds=60))
    crew.say("ARM", HERE, key=unlocked)
    floor_phone = crew.bring("AD1", made("AD1", KeyClass.ATTENDED))
    for officer in OFFICERS:
        crew.confirm(officer, floor_phone)
    held = a.HeldOut(viewer=named("p", "EMP"), told=HERE)
    crew.say("AD1", held, key=made("AD1", KeyClass.ATTENDED))
    new = crew.bring("ARM", made("ARM", number=1))
    crew.say("ARM", a.KeyRotated(old=made("ARM").key_name, key=new.key, sha256=a.act_hash(new)))
    crew.bring("EMP", made("EMP", number=1))
    crew.say("UPM", a.KeyRevoked(key=made("EMP").key_name, reason="left"))
    crew.say("EMP", HERE)
    crew.say("UPM", a.OpeningErased(commitments=("0" * 64,), reason="asked_by_person"))
    assert isinstance(crew.store, SqliteStore)
    export_tiles(crew.store, folder / "tiles")
    crew.store.close()
    assert verify_path(folder / "a.ledger", vkey=LOG_KEY.vkey).ok
    return folder / "tiles"


def files_in(directory: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def test_both_verify_it(directory: Path) -> None:
    ours = verify_path(directory, vkey=LOG_KEY.vkey)
    (theirs,) = verify_files(files_in(directory), vkey=LOG_KEY.vkey)
    assert ours.ok, ours.first_bad
    assert theirs["ok"] is True, theirs
    assert (theirs["entries"], theirs["root"]) == (ours.entries, ours.root)


def test_a_flip_anywhere_in_the_entries_is_found_by_both(directory: Path) -> None:
    files = files_in(directory)
    (name,) = (path for path in files if path.startswith("tile/entries/"))
    data = files[name]
    for at in range(5, len(data), len(data) // 40):
        flipped = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        (theirs,) = verify_files(files | {name: flipped}, vkey=LOG_KEY.vkey)
        assert theirs["ok"] is False
        (directory / name).write_bytes(flipped)
        ours = verify_path(directory, vkey=LOG_KEY.vkey)
        (directory / name).write_bytes(data)
        assert not ours.ok
