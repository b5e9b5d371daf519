"""Names are in no log: they are erased from a ledger's files for good, and the record stays whole and verifiable."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import Role
from coldcheck.custody.wording import sentence_of
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Opening, Sealed, seal, verify_opening
from coldcheck.station.export import export_tiles
from coldcheck.station.record import Reply, Signed, record
from coldcheck.station.sealed_boxes import close_box, new_key, open_box
from coldcheck.station.store import StoreFailed
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, open_ledger, read_ledger
from coldcheck.station.verify import Book, verify_path
from crew import LOG_KEY, META, Crew, made, named
from stores import FailingStore, MemoryStore

PEOPLE = {"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "EMP": Role.EMPLOYER, "COP": Role.POLICE}
CREW_LIST = tuple(f"{label} Somebody" for label in (*PEOPLE, "UPM", "COORD"))


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = begun(tmp_path / "a.ledger")
    yield crew
    crew.store.close()


def begun(path: Path) -> Crew:
    crew = Crew(create_ledger(path, meta=META))
    crew.begin()
    crew.list_crew(PEOPLE)
    for label in PEOPLE:
        crew.claim(label)
    crew.say("ARM", a.Remarked(remark=crew.seal("ARM Somebody was cold that day", "remark")))
    return crew


def files_of(store: object) -> bytes:
    """Every byte of the ledger, its write-ahead log included."""
    assert isinstance(store, SqliteStore)
    folder = store._path.parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob(store._path.name + "*")))


def commitments_of(crew: Crew, words: str) -> tuple[str, ...]:
    """Everything sealed that opens to something with these words in it."""
    assert isinstance(crew.store, SqliteStore)
    return tuple(commitment for commitment, opening in crew.store.openings() if words in opening.value)


def erase(crew: Crew, words: str, *, by: str = "UPM") -> Reply:
    found = commitments_of(crew, words)
    assert found
    return crew.say(by, a.OpeningErased(commitments=found, reason="asked_by_person"))


def waits(crew: Crew) -> bool:
    """Whether the hub still has something to erase."""
    return crew.hub.has_leftovers


def what(reply: Reply) -> set[tuple[str, str]]:
    return {(finding.rule, dict(finding.found)["what"]) for finding in reply.findings}


# --- nothing is left -----------------------------------------------------------------------------------------------


def test_no_name_lies_in_the_file_at_any_time(crew: Crew) -> None:
    assert commitments_of(crew, "Somebody")
    for name in CREW_LIST:
        assert name.encode() not in files_of(crew.store)


def test_after_erasure_neither_box_nor_key_nor_salt_is_in_any_file_of_the_ledger(crew: Crew) -> None:
    assert isinstance(crew.store, SqliteStore)
    gone = commitments_of(crew, "ARM Somebody")
    boxes = {commitment: (key, box) for commitment, key, box in crew.store.boxes()}
    salts = {commitment: opening.salt for commitment, opening in crew.store.openings()}
    before = files_of(crew.store)
    assert all(part in before for commitment in gone for part in boxes[commitment])
    assert erase(crew, "ARM Somebody").verdict == "granted"
    after = files_of(crew.store)
    for commitment in gone:
        assert crew.store.opening(commitment) is None
        assert not any(part in after for part in (*boxes[commitment], salts[commitment]))
    kept = commitments_of(crew, "AD1 Somebody")
    assert all(part in after for commitment in kept for part in boxes[commitment])


def test_a_brute_force_over_the_whole_crew_list_finds_nobody(crew: Crew) -> None:
    """Every 32 bytes that lie anywhere in the ledger, tried as the salt of every name."""
    (commitment,) = commitments_of(crew, "EMP Somebody")
    opening = crew.store.opening(commitment)
    assert opening is not None
    planted = files_of(crew.store) + opening.salt
    assert hunted(planted[-4096:], commitment) == "EMP Somebody"
    erase(crew, "EMP Somebody")
    assert hunted(files_of(crew.store), commitment) is None


def hunted(data: bytes, commitment: str) -> str | None:
    """The name on the crew list that the commitment is found to be, None when it is not found."""
    seen: set[bytes] = set()
    for at in range(len(data) - 31):
        salt = data[at : at + 32]
        if salt in seen:
            continue
        seen.add(salt)
        for name in ("EMP Somebody", "AD1 Somebody"):
            if seal(salt=salt, field="name", value=name)[0].commitment == commitment:
                return name
    return None


def test_every_entry_checkpoint_and_tile_still_verifies_and_so_does_an_old_export(tmp_path: Path) -> None:
    crew = begun(tmp_path / "a.ledger")
    assert isinstance(crew.store, SqliteStore)
    export_tiles(crew.store, tmp_path / "before")
    before = verify_path(tmp_path / "a.ledger", vkey=LOG_KEY.vkey)
    erase(crew, "Somebody")
    export_tiles(crew.store, tmp_path / "after")
    crew.store.close()
    for path in ("a.ledger", "before", "after"):
        report = verify_path(tmp_path / path, vkey=LOG_KEY.vkey)
        assert report.ok, report.first_bad
    after = verify_path(tmp_path / "a.ledger", vkey=LOG_KEY.vkey)
    assert before.openings is not None
    assert after.erased is not None
    assert (after.openings, after.erased) == (1, before.openings - 1)


def test_what_the_record_proves_does_not_change_when_names_go(crew: Crew) -> None:
    persons = dict(crew.hub.picture.persons)
    erase(crew, "Somebody")
    assert crew.hub.picture.persons == persons
    crew.open()
    assert crew.hub.picture.persons == persons


def test_many_erasures_in_any_order_leave_no_key(tmp_path: Path) -> None:
    """Pages split and merge meanwhile: a copy in the unused room of a page would outlive its row."""
    crew = Crew(create_ledger(tmp_path / "a.ledger", meta=META))
    crew.begin()
    for number in range(12):
        words = [crew.seal(f"words {number}/{row} " + "x" * (row * 7 % 300), "remark") for row in range(60)]
        crew.say("UPM", *(a.Remarked(remark=sealed) for sealed in words))
    assert isinstance(crew.store, SqliteStore)
    every = {commitment: key for commitment, key, _box in crew.store.boxes()}
    order = sorted(every, key=lambda commitment: commitment[::-1])
    gone = order[: len(order) * 3 // 4]
    for start in range(0, len(gone), 17):
        crew.say("UPM", a.OpeningErased(commitments=tuple(gone[start : start + 17]), reason="time_is_over"))
    after = files_of(crew.store)
    assert [commitment for commitment in gone if every[commitment] in after] == []
    assert all(every[commitment] in after for commitment in order[len(gone) :])
    crew.store.close()


def test_erased_words_do_not_come_back_by_being_sent_again(crew: Crew) -> None:
    (commitment,) = commitments_of(crew, "cold that day")
    opening = crew.store.opening(commitment)
    assert opening is not None
    erase(crew, "cold that day")
    signed = crew.signed(named("p", "ARM"), made("ARM"), a.Remarked(remark=Sealed(commitment=commitment)))
    record(crew.hub, replace(signed, openings=((commitment, opening),)), crew.now)
    assert crew.store.opening(commitment) is None


def test_an_erasure_is_signed_and_names_no_words(crew: Crew) -> None:
    found = commitments_of(crew, "cold that day")
    reply = erase(crew, "cold that day")
    done = crew.hub.picture.journal[-1]
    assert done.act == a.OpeningErased(commitments=found, reason="asked_by_person")
    assert (done.by, done.entry_index) == (named("p", "UPM"), reply.entry_index)


# --- who may, and the hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "verdict"), [("UPM", "granted"), ("EMP", "granted"), ("ARM", "refused"), ("COP", "refused")]
)
def test_an_officer_or_the_employer_erases(crew: Crew, label: str, verdict: str) -> None:
    reply = erase(crew, "cold that day", by=label)
    assert reply.verdict == verdict
    assert bool(commitments_of(crew, "cold that day")) == (verdict == "refused")


@pytest.mark.parametrize("holder", ["COP", "EMP", "UPM"])
def test_while_a_hold_is_open_nothing_is_erased(crew: Crew, holder: str) -> None:
    placed = crew.say(holder, a.LegalHoldPlaced(scope="everything", reason="inquiry"))
    assert placed.verdict == "granted"
    reply = erase(crew, "cold that day")
    assert (reply.verdict, what(reply)) == ("refused", {("H1", "legal_hold")})
    assert commitments_of(crew, "cold that day")
    crew.open()
    assert commitments_of(crew, "cold that day")
    lifted = a.LegalHoldLifted(hold=placed.entry_index)
    assert what(crew.say("UPM", lifted)) == {("H1", "second_person")}
    assert what(crew.say("UPM", lifted)) == {("H1", "another_person")}
    assert erase(crew, "cold that day").verdict == "refused"
    assert crew.say("EMP", lifted).verdict == "granted"
    assert what(crew.say("EMP", lifted)) == {("H1", "no_such_hold")}
    assert erase(crew, "cold that day").verdict == "granted"
    assert not commitments_of(crew, "cold that day")


def test_an_erasure_that_the_hub_wrote_to_be_granted_counts_for_every_reader_or_for_none(crew: Crew) -> None:
    """The second verifier knows no holds and goes by the receipt: what it calls erased is erased to this one as well."""
    crew.say("COP", a.LegalHoldPlaced(scope="everything", reason="inquiry"))
    (commitment,) = commitments_of(crew, "cold that day")
    reply = erase(crew, "cold that day")
    assert reply.verdict == "refused"
    for verdict in ("refused", "granted"):
        book = Book(None)
        for index, data in enumerate(crew.store.entries()):
            entry = read_entry(data)
            changed = {**entry.receipt, "verdict": verdict} if index == reply.entry_index else entry.receipt
            book.take(index, replace(entry, receipt=changed))
        assert book.is_erased(commitment) is (verdict == "granted")


def test_nobody_else_places_or_lifts_a_hold(crew: Crew) -> None:
    assert what(crew.say("ARM", a.LegalHoldPlaced(scope="everything", reason="inquiry"))) == {("H1", "not_entitled")}
    assert erase(crew, "cold that day").verdict == "granted"
    placed = crew.say("COP", a.LegalHoldPlaced(scope="everything", reason="inquiry"))
    assert what(crew.say("AD1", a.LegalHoldLifted(hold=placed.entry_index))) == {("H1", "not_entitled")}


def test_a_refused_erasure_says_so_in_words(crew: Crew) -> None:
    crew.say("COP", a.LegalHoldPlaced(scope="everything", reason="inquiry"))
    (finding,) = erase(crew, "cold that day").findings
    words = sentence_of(finding, label=str)
    assert words.startswith("The hold on everything of entry ")
    assert "lift the hold" in words


# --- the disk, and the moment between ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_disk_that_fails_while_erasing_is_asked_again(how: str) -> None:
    store = FailingStore(MemoryStore(META))
    crew = Crew(store)
    crew.begin()
    sealed = crew.seal("words", "remark")
    crew.say("UPM", a.Remarked(remark=sealed))
    signed = crew.signed(
        named("p", "UPM"), made("UPM"), a.OpeningErased(commitments=(sealed.commitment,), reason="time_is_over")
    )
    store.fails_erasing = how  # type: ignore[assignment]  # the parameter is one of the two
    with pytest.raises(StoreFailed):
        record(crew.hub, signed, crew.now)
    # The act is on the disk; sent again, it is finished and answered as the first time.
    assert record(crew.hub, signed, crew.now).verdict == "granted"
    assert store.opening(sealed.commitment) is None


def test_a_hub_that_starts_finishes_what_a_crash_left_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    crew = begun(path)
    (commitment,) = commitments_of(crew, "cold that day")
    crew.store.close()
    script = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from coldcheck.custody import acts as a
from coldcheck.station.store_sqlite import open_ledger
from crew import Crew
crew = Crew(open_ledger(Path(sys.argv[1])))
crew.entries = 500
crew.at_s = 900
crew.store.erase = lambda commitments: os.kill(os.getpid(), signal.SIGKILL)
crew.say("UPM", a.OpeningErased(commitments=(sys.argv[3],), reason="asked_by_person"))
"""
    tests = str(Path(__file__).parent.parent)
    killed = subprocess.run([sys.executable, "-c", script, str(path), tests, commitment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not verify_path(path, vkey=LOG_KEY.vkey).ok, "words that an entry erased are no part of a whole ledger"
    reader = read_ledger(path)
    assert reader.opening(commitment) is not None
    (key,) = (key for known, key, _box in reader.boxes() if known == commitment)
    reader.close()
    again = Crew(open_ledger(path))
    assert again.store.opening(commitment) is None
    assert key not in files_of(again.store)
    again.store.close()
    assert verify_path(path, vkey=LOG_KEY.vkey).ok
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_of_an_older_state_delays_the_end_and_no_longer(crew: Crew) -> None:
    assert isinstance(crew.store, SqliteStore)
    (commitment,) = commitments_of(crew, "cold that day")
    (key,) = (key for known, key, _box in crew.store.boxes() if known == commitment)
    reader = sqlite3.connect(crew.store._path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM opening").fetchone()
    assert erase(crew, "cold that day").verdict == "granted"
    assert crew.store.opening(commitment) is None
    assert waits(crew)
    reader.close()
    crew.say("ARM", a.PresenceEnded(place=named("w", "Barn")))
    assert not waits(crew)
    assert key not in files_of(crew.store)


# --- boxes ---------------------------------------------------------------------------------------------------------


def test_a_box_opens_with_its_own_key_and_commitment_only() -> None:
    sealed, opening = seal(salt=bytes(range(32)), field="näme", value="Jo Näme \U0001f3ac")
    key = new_key()
    box = close_box(opening, commitment=sealed.commitment, key=key)
    assert open_box(box, commitment=sealed.commitment, key=key) == opening
    verify_opening(sealed, open_box(box, commitment=sealed.commitment, key=key))
    for bent_box, commitment, other in (
        (box[:-1], sealed.commitment, key),
        (box, "0" * 64, key),
        (box, sealed.commitment, new_key()),
        (b"", sealed.commitment, key),
        (box, sealed.commitment, b""),
    ):
        with pytest.raises(ColdcheckError, match="does not open"):
            open_box(bent_box, commitment=commitment, key=other)


def test_no_two_boxes_of_the_same_words_are_alike() -> None:
    opening = Opening(salt=bytes(32), field="name", value="Same")
    assert len({close_box(opening, commitment="0" * 64, key=new_key()) for _ in range(50)}) == 50


def test_an_opening_must_fit_before_it_is_kept(crew: Crew) -> None:
    sealed, opening = seal(salt=bytes(32), field="remark", value="words")
    signed = crew.signed(named("p", "ARM"), made("ARM"), a.Remarked(remark=sealed))
    wrong = Signed(
        line1=signed.line1, signature=signed.signature, openings=((sealed.commitment, replace(opening, value="other")),)
    )
    with pytest.raises(ColdcheckError, match="does not belong"):
        record(crew.hub, wrong, crew.now)
