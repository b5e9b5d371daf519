"""The code on paper: it says which log this is, and only a log that begins with this very entry fits it."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import leaf_hash
from coldcheck.station.genesis import read_genesis
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import create_ledger
from crew import LOG, LOG_KEY, META, Crew
from station.ledgers import play_rehearsal


def run(*words: str) -> subprocess.CompletedProcess[str]:
    script = "import sys; from coldcheck.station.cli import main; main()"
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    crew = Crew(create_ledger(tmp_path / "a.ledger", meta=META))
    crew.begin()
    crew.store.close()
    return tmp_path / "a.ledger"


def test_the_code_says_log_hash_and_key(path: Path) -> None:
    found = read_genesis(path)
    with sqlite3.connect(path) as file:
        data = file.execute("SELECT bytes FROM entry WHERE entry_index = 0").fetchone()[0]
    assert (found.log, found.vkey, found.officers) == (LOG, LOG_KEY.vkey, 2)
    assert found.leaf == leaf_hash(data).hex()
    assert found.text == f"coldcheck/genesis/v1\n{LOG}\n{found.leaf}\n{LOG_KEY.vkey}\n"


def test_the_command_draws_it_prints_it_and_writes_a_picture(path: Path, tmp_path: Path) -> None:
    drawn = run("genesis", str(path))
    assert drawn.returncode == 0, drawn.stderr
    assert read_genesis(path).leaf in drawn.stdout
    assert "\u2588" in drawn.stdout or "\u2580" in drawn.stdout
    picture = tmp_path / "code.png"
    said = json.loads(run("genesis", str(path), "--png", str(picture), "--json").stdout)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert (said["genesis"], said["png"]) == (read_genesis(path).leaf, str(picture))


def test_a_picture_that_cannot_be_written_is_one_sentence(path: Path, tmp_path: Path) -> None:
    done = run("genesis", str(path), "--png", str(tmp_path / "none" / "code.png"))
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_production_without_officers_has_an_anchor_too(tmp_path: Path) -> None:
    play_rehearsal(tmp_path / "b.ledger").hub.store.close()
    assert read_genesis(tmp_path / "b.ledger").officers == 0


def test_an_empty_or_damaged_ledger_has_none(path: Path, tmp_path: Path) -> None:
    create_ledger(tmp_path / "empty.ledger", meta=META).close()
    with pytest.raises(NoLedger, match="no entry yet"):
        read_genesis(tmp_path / "empty.ledger")
    with sqlite3.connect(path) as file:
        file.execute("UPDATE entry SET bytes = CAST(replace(bytes, '0', '1') AS BLOB) WHERE entry_index = 0")
    file.close()
    with pytest.raises(ColdcheckError, match="Entry 0"):
        read_genesis(path)
