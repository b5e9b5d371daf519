"""Every row of docs/trust.md played: what the holder of a key, a store or a role can make others believe, and who notices.

A holder here has only what he holds, and uses it against a production with officers and people's own keys. What he can do is
done; what he cannot is tried. `HOLDERS` names for every row of the page the tests that play it, here or elsewhere, and a row
without one is a failure.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from authenticator import Bent, authenticator_data, sign
from coldcheck.custody import acts as a
from coldcheck.custody.enrolment import signed_how
from coldcheck.custody.things import Role
from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.cosign import CosignerKey, CosignerVerifier, with_lines
from coldcheck.proof.entry import line_hash, read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass
from coldcheck.proof.merkle import Frontier
from coldcheck.proof.note import LogKey, format_signatures, parse_note
from coldcheck.proof.tiles import export_files
from coldcheck.station.audit import audit_export
from coldcheck.station.backup import check_backup, make_backup
from coldcheck.station.bundle import write_bundle
from coldcheck.station.cosigner import add_checkpoint, make_cosigner
from coldcheck.station.cosigners import request_for
from coldcheck.station.export import export_tiles
from coldcheck.station.record import Signed, open_hub, record
from coldcheck.station.seen_elsewhere import held_against
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, open_ledger, read_ledger
from coldcheck.station.verify import expected_keys, files_in, verify_path
from crew import HUB, HUB_KEY, LOG, LOG_KEY, META, OFFICERS, Crew, card_of, enrolling, made, named
from tracked import REPO
from verifier.node import command

PEOPLE = {"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "EMP": Role.EMPLOYER}
SAID = a.PresenceDeclared(place=named("w", "Barn"))
UPM, COORD = OFFICERS


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(create_ledger(tmp_path / "a.ledger", meta=META))
    crew.begin()
    crew.list_crew(PEOPLE)
    for label in PEOPLE:
        crew.claim(label)
    crew.say("ARM", a.Remarked(remark=crew.seal("ARM Somebody was cold that day", "remark")))
    crew.say("AD1", SAID)
    crew.say("ARM", SAID)
    yield crew
    crew.store.close()


def ledger(crew: Crew) -> SqliteStore:
    assert isinstance(crew.store, SqliteStore)
    return crew.store


def rewritten(crew: Crew, folder: Path, change: Callable[[list[bytes]], None]) -> Path:
    """An export as whoever holds the log's key can write it: any list of entries, and everything above it put right."""
    entries = list(ledger(crew).entries())
    change(entries)
    frontier, nodes = Frontier(), dict[tuple[int, int], bytes]()
    for data in entries:
        nodes |= {(node.level, node.index): node.hash for node in frontier.append(data)}
    note = sign_checkpoint(Checkpoint(origin=LOG_KEY.name, size=len(entries), root=frontier.root()), LOG_KEY)
    files = export_files(
        checkpoint=note, vkey=LOG_KEY.vkey, keys=expected_keys(crew.hub.picture), tree_size=len(entries),
        read_node=lambda level, index: nodes[level, index], read_entry=entries.__getitem__,
    )  # fmt: skip
    for path, data in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def as_it_is(_entries: list[bytes]) -> None:
    """Nothing is changed."""


def flaw(folder: Path) -> int | None:
    """The entry that all three verifiers refuse, None when all take it; the printed key is given."""
    ours = verify_path(folder, vkey=LOG_KEY.vkey)
    (folder.parent / "printed.vkey").write_text(LOG_KEY.vkey + "\n")
    said = command(folder, "--vkey", folder.parent / "printed.vkey").told
    audited = audit_export(folder, vkey=LOG_KEY.vkey, jobs=1)
    at = None if ours.first_bad is None else ours.first_bad.entry
    assert said is not None
    assert (ours.ok, at) == (said["ok"], said["first_bad"] and said["first_bad"]["entry"])
    assert (ours.ok, at) == (audited.ok, audited.first_bad and audited.first_bad.entry)
    return None if ours.ok else at


def refused(crew: Crew, label: str, *acts: a.Act, words: str, **how: object) -> None:
    size = crew.hub.picture.size
    with pytest.raises(ColdcheckError, match=words):
        crew.say(label, *acts, **how)  # type: ignore[arg-type]  # the crew's own keywords
    assert crew.hub.picture.size == size


# --- keys ----------------------------------------------------------------------------------------------------------


def test_who_holds_the_log_key_leaves_out_an_entry_and_any_kept_checkpoint_shows_it(crew: Crew, tmp_path: Path) -> None:
    kept = ledger(crew).checkpoint()
    shorter = rewritten(crew, tmp_path / "shorter", lambda entries: entries.__delitem__(-1))
    assert flaw(shorter) is None
    assert not held_against(verify_path(shorter, vkey=None), shorter, [kept]).ok

    def without(entries: list[bytes]) -> None:
        del entries[-3]

    # Left out of the middle, the next act of the same key names one that is not there: both say so, and it is a fork.
    hole = rewritten(crew, tmp_path / "hole", without)
    said = command(hole).told
    assert said is not None
    assert any("is missing" in remark for remark in said["remarks"])
    assert list(verify_path(hole, vkey=None).remarks) == said["remarks"]
    assert not held_against(verify_path(hole, vkey=None), hole, [kept]).ok


def test_who_holds_the_log_key_changes_no_act_of_a_person(crew: Crew, tmp_path: Path) -> None:
    last = crew.hub.picture.size - 1

    def other_words(entries: list[bytes]) -> None:
        entries[last] = entries[last].replace(b'"presence_declared"', b'"presence_declareD"')

    assert flaw(rewritten(crew, tmp_path / "changed", other_words)) == last

    def by_the_hub(entries: list[bytes]) -> None:
        entry = read_entry(entries[last])
        line = format_signatures((HUB_KEY.sign(entry.line1),))
        entries[last] = entry.line1 + entry.line2 + b"\n" + line

    assert flaw(rewritten(crew, tmp_path / "by_the_hub", by_the_hub)) == last


def test_who_holds_the_hubs_acting_key_enrols_nobody_beside_officers_and_signs_for_nobody(crew: Crew) -> None:
    mine = made("ARM", number=7)
    enrolled = a.PersonEnrolled(
        person=named("p", "NEW"), label="NEW", name=crew.seal("New"), roles=(Role.ARMORER,), key=mine.key_name,
        key_class="demo", public=mine.public_bytes.hex(),
    )  # fmt: skip
    refused(crew, "HUB", enrolled, words="officers")
    crew.openings.clear()
    asked = crew.bring("ARM", mine)
    assert crew.say("HUB", a.EnrolmentConfirmed(key=asked.key, sha256=a.act_hash(asked))).verdict == "refused"
    assert crew.say("HUB", a.KeyRevoked(key=made("ARM").key_name, reason="lost")).verdict == "refused"
    refused(crew, "ARM", SAID, words="belongs to another", key=HUB_KEY)


def test_one_officers_key_stops_work_and_makes_nobody_known(crew: Crew) -> None:
    mine = made("ARM", number=7)
    asked = crew.bring("ARM", mine)
    assert crew.confirm(UPM, asked).verdict == "admitted"
    refused(crew, "ARM", SAID, words="not enrolled", key=mine)
    assert crew.say(UPM, a.KeyRevoked(key=made("ARM").key_name, reason="lost")).verdict == "granted"
    size = crew.hub.picture.size
    crew.say("ARM", SAID)
    assert isinstance(crew.hub.picture.journal[-1].act, a.Quarantined)
    assert crew.hub.picture.size == size + 1


@pytest.mark.parametrize("holder", [UPM, "HUB"])
def test_an_officers_or_the_hubs_acting_key_and_a_copy_write_on_under_a_log_key_of_their_own(
    crew: Crew, tmp_path: Path, holder: str
) -> None:
    make_backup(tmp_path / "a.ledger", tmp_path / "copy.ledger")
    crew.say("ARM", SAID)
    kept = ledger(crew).checkpoint()
    mine = LogKey.from_seed(name=f"{LOG}/e1", seed=bytes(32))
    copy = open_ledger(tmp_path / "copy.ledger")
    other = Crew(copy)
    other.hub = open_hub(copy, log_key=mine, log=LOG, epoch=1, build="test", acting_key=None)
    other.entries, other.at_s = crew.entries + 100, crew.at_s
    head = other.hub.frontier
    public = mine.verifier.public_bytes.hex()
    opened = a.EpochOpened(epoch=1, public=public, seen_size=head.size, seen_root=head.root().hex(), reason="restored")
    other.say(holder, opened)
    export_tiles(copy, tmp_path / "on")
    # It verifies under the printed key, names who opened it, proves no gun, and signs for nobody.
    assert flaw(tmp_path / "on") is None
    assert other.hub.picture.journal[-1].by == (HUB if holder == "HUB" else named("p", UPM))
    with pytest.raises(ColdcheckError, match="belongs to another"):
        other.say("ARM", SAID, key=HUB_KEY)
    # Whoever remembers what the hub signed meanwhile finds two histories.
    report = held_against(verify_path(tmp_path / "on", vkey=LOG_KEY.vkey), tmp_path / "on", [kept])
    assert not report.ok
    assert "fork" in str(report.first_bad)
    copy.close()


def test_two_officers_make_any_key_anybodys_and_the_log_says_who_they_were(crew: Crew, tmp_path: Path) -> None:
    mine = made("ARM", number=7)
    asked = crew.bring("ARM", mine)
    entries = [crew.confirm(officer, asked).entry_index for officer in OFFICERS]
    forged = crew.say("ARM", SAID, key=mine).entry_index
    assert crew.hub.picture.journal[-1].by == named("p", "ARM")
    assert flaw(rewritten(crew, tmp_path / "whole", as_it_is)) is None
    words = {read_entry(ledger(crew).entry(index)).author["by"] for index in entries}
    assert words == {named("p", officer) for officer in OFFICERS}
    assert signed_how(crew.hub.picture, forged).key == mine.key_name


def test_a_passkey_signs_as_its_person_until_it_is_revoked_and_never_without_its_user(crew: Crew) -> None:
    line1 = crew.line(named("p", "ARM"), made("ARM"), (SAID,))
    with pytest.raises(ColdcheckError, match="verify its user"):
        record(
            crew.hub,
            Signed(
                line1=line1,
                signature=sign(made("ARM"), line1, Bent(device=authenticator_data(flags=0x01))),
                openings=(),
            ),
            crew.now,
        )
    assert crew.say("ARM", SAID).verdict == "admitted"
    other = crew.line(named("p", "ARM"), made("ARM"), (SAID,)).replace(b"hub-1/0123456789AB", b"hub-2/0123456789AB")
    with pytest.raises(ColdcheckError):
        record(crew.hub, Signed(line1=other, signature=sign(made("ARM"), other), openings=()), crew.now)
    crew.say(UPM, a.KeyRevoked(key=made("ARM").key_name, reason="stolen"))
    crew.say("ARM", SAID)
    assert isinstance(crew.hub.picture.journal[-1].act, a.Quarantined)


def test_a_device_key_signs_as_its_person_and_is_shown_as_what_it_is(crew: Crew) -> None:
    mine = made("ARM", KeyClass.DEVICE, number=3)
    asked = crew.bring("ARM", mine)
    for officer in OFFICERS:
        crew.confirm(officer, asked)
    said = crew.say("ARM", SAID, key=mine).entry_index
    assert signed_how(crew.hub.picture, said).key_class == "device"
    passkey = made("ARM", number=4)
    crew.bring("ARM", passkey)
    rotated = a.KeyRotated(
        key=passkey.key_name, old=mine.key_name, sha256=a.act_hash(enrolling(passkey, named("p", "ARM")))
    )
    assert crew.say("ARM", rotated, key=mine).verdict == "refused"


def test_demo_keys_come_into_no_production_that_names_officers(crew: Crew) -> None:
    demo = made("ARM", KeyClass.DEMO)
    refused(crew, "ARM", enrolling(demo, named("p", "ARM")), words="class", key=demo)


def test_a_cosigners_key_vouches_for_a_false_history_and_makes_none(crew: Crew, tmp_path: Path) -> None:
    studio = CosignerKey.from_seed(name="studio.example/c1", seed=bytes(range(32)))
    false = rewritten(crew, tmp_path / "false", lambda entries: entries.__delitem__(-1))
    note = (false / "checkpoint").read_bytes()
    line = studio.sign(parse_note(note).text, at_s=4_000_000_000)
    # Any time, and any history that the log's key signed.
    assert CosignerVerifier.from_vkey(studio.vkey).verify(parse_note(note).text, line) == 4_000_000_000
    (false / "checkpoint").write_bytes(with_lines(note, [line]))
    assert flaw(false) is None
    # Alone it makes none, and it is no log's key.
    text = parse_note(note).text
    (false / "checkpoint").write_bytes(text + b"\n" + format_signatures((line,)))
    assert not verify_path(false, vkey=LOG_KEY.vkey).ok
    refused(crew, UPM, a.CosignerNamed(vkey=LOG_KEY.vkey), words="key confusion")
    crew.say("ARM", a.CosignerNamed(vkey=studio.vkey))
    assert studio.vkey not in crew.hub.picture.book.cosigners


def test_a_cosigner_rolled_back_signs_a_second_history_and_the_others_do_not(crew: Crew, tmp_path: Path) -> None:
    one, other = (
        make_cosigner(tmp_path / name, name=f"{name}.example/1", seed=bytes([n]) * 32, logs=(LOG_KEY.vkey,))
        for n, name in enumerate(("one", "other"))
    )
    early = request_for(ledger(crew), old_size=0).encoded()
    assert {add_checkpoint(folder, early, at_s=1).status for folder in (one, other)} == {200}
    false = rewritten(crew, tmp_path / "false", lambda entries: entries.__delitem__(-1))
    second = b"old 0\n\n" + (false / "checkpoint").read_bytes()
    assert add_checkpoint(one, second, at_s=2).status == 409
    (memory,) = (one / "remembered").iterdir()
    memory.unlink()
    assert add_checkpoint(one, second, at_s=2).status == 200
    assert add_checkpoint(other, second, at_s=2).status == 409


def test_whoever_knows_a_persons_id_asks_with_a_key_and_nothing_more(crew: Crew) -> None:
    strange = made("ARM", number=9)
    crew.bring("ARM", strange)
    assert strange.key_name in crew.hub.picture.book.waiting
    refused(crew, "ARM", SAID, words="not enrolled", key=strange)


def test_whoever_prints_a_join_card_claims_it_first_and_its_owner_finds_it_used(crew: Crew) -> None:
    crew.list_crew({"NEW": Role.CREW})
    printer = made("NEW", number=5)
    assert card_of("NEW").public_bytes
    crew.claim("NEW", printer)
    assert crew.say("NEW", SAID, key=printer).verdict == "admitted"
    with pytest.raises(ColdcheckError, match="used"):
        crew.claim("NEW", made("NEW", number=6))


# --- stores --------------------------------------------------------------------------------------------------------


def test_who_cuts_the_ledgers_end_off_is_found_by_any_checkpoint_seen_elsewhere(crew: Crew, tmp_path: Path) -> None:
    kept, size = ledger(crew).checkpoint(), ledger(crew).entry_count()
    make_backup(tmp_path / "a.ledger", tmp_path / "cut.ledger")
    with closing(sqlite3.connect(tmp_path / "cut.ledger")) as file:
        file.execute("DELETE FROM entry WHERE entry_index = ?", (size - 1,))
        file.execute("DELETE FROM checkpoint WHERE tree_size = ?", (size,))
        file.execute("DELETE FROM node WHERE ((node_index + 1) << level) > ?", (size - 1,))
        file.commit()
    report = verify_path(tmp_path / "cut.ledger", vkey=LOG_KEY.vkey)
    assert report.ok, report.first_bad
    assert not held_against(report, tmp_path / "cut.ledger", [kept]).ok


def test_who_destroys_openings_is_counted_and_who_reads_them_reads_names(crew: Crew, tmp_path: Path) -> None:
    before = verify_path(tmp_path / "a.ledger", vkey=LOG_KEY.vkey)
    names = [opening.value for _commitment, opening in ledger(crew).openings()]
    assert "ARM Somebody" in names
    make_backup(tmp_path / "a.ledger", tmp_path / "less.ledger")
    with closing(sqlite3.connect(tmp_path / "less.ledger")) as file:
        file.execute("DELETE FROM opening WHERE key_number = (SELECT min(key_number) FROM opening)")
        file.execute("DELETE FROM opening_key WHERE key_number NOT IN (SELECT key_number FROM opening)")
        file.commit()
    after = verify_path(tmp_path / "less.ledger", vkey=LOG_KEY.vkey)
    assert after.ok
    assert after.erased == (before.erased or 0) + 1
    assert not crew.hub.picture.book.erased


def test_who_destroys_what_was_kept_apart_is_named_by_verify(crew: Crew, tmp_path: Path) -> None:
    crew.say(UPM, a.KeyRevoked(key=made("ARM").key_name, reason="lost"))
    crew.say("ARM", SAID)
    make_backup(tmp_path / "a.ledger", tmp_path / "less.ledger")
    with closing(sqlite3.connect(tmp_path / "less.ledger")) as file:
        file.execute("DELETE FROM kept_apart")
        file.commit()
    report = verify_path(tmp_path / "less.ledger", vkey=LOG_KEY.vkey)
    assert report.first_bad is not None
    assert "is not here" in report.first_bad.reason


@pytest.mark.parametrize(("name", "end"), [("keys.json", b"]"), ("log.vkey", b"\n")])
def test_who_writes_keys_json_or_log_vkey_anew_convinces_nobody(
    crew: Crew, tmp_path: Path, name: str, end: bytes
) -> None:
    folder = rewritten(crew, tmp_path / "anew", as_it_is)
    data = (folder / name).read_bytes()
    assert data.endswith(end)
    at = data.rindex(b"k", 0, len(data) - 2) if name == "keys.json" else len(data) - 4
    (folder / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert not verify_path(folder, vkey=None).ok
    assert not audit_export(folder, vkey=None, jobs=1).ok
    said = command(folder).told
    assert said is not None
    assert not said["ok"]


def test_a_backup_still_opens_what_was_erased_after_it_and_says_that_it_is_older(crew: Crew, tmp_path: Path) -> None:
    make_backup(tmp_path / "a.ledger", tmp_path / "old.ledger")
    found = tuple(c for c, opening in ledger(crew).openings() if "ARM" in opening.value)
    assert crew.say(UPM, a.OpeningErased(commitments=found, reason="asked_by_person")).verdict == "granted"
    crew.say("AD1", SAID)
    assert not [c for c, opening in ledger(crew).openings() if "ARM" in opening.value]
    with closing(read_ledger(tmp_path / "old.ledger")) as old:
        assert [c for c, opening in old.openings() if "ARM" in opening.value]
    checked = check_backup(tmp_path / "old.ledger", vkey=LOG_KEY.vkey, seen=(ledger(crew).checkpoint(),))
    assert not checked.ok
    assert checked.report.ok


def test_a_reader_of_an_export_or_a_bundle_reads_no_name_that_was_not_put_in(crew: Crew, tmp_path: Path) -> None:
    write_bundle(ledger(crew), tmp_path / "bag", fields=(), entries=())
    everything = b"".join((tmp_path / "bag" / path).read_bytes() for path in files_in(tmp_path / "bag"))
    names = [opening.value for _commitment, opening in ledger(crew).openings()]
    assert names
    assert not any(name.encode() in everything for name in names)


# --- roles ---------------------------------------------------------------------------------------------------------


def test_the_hubs_owner_drops_an_act_and_its_signer_has_no_proof_and_says_so_with_the_next(crew: Crew) -> None:
    dropped = crew.line(named("p", "ARM"), made("ARM"), (SAID,))
    # The phone goes on from the act that it signed; the hub says what is missing in the receipt of the next.
    crew.hub.last_lines[made("ARM").key_name], kept = line_hash(dropped), crew.hub.last_lines[made("ARM").key_name]
    line1 = crew.line(named("p", "ARM"), made("ARM"), (SAID,))
    crew.hub.last_lines[made("ARM").key_name] = kept
    reply = record(crew.hub, Signed(line1=line1, signature=sign(made("ARM"), line1), openings=()), crew.now)
    assert ("PREV", "another_act_of_this_key_is_missing") in {
        (finding.rule, dict(finding.found)["what"]) for finding in reply.findings
    }


def test_the_employer_erases_words_and_no_entry_and_lifts_no_hold_alone(crew: Crew) -> None:
    size = ledger(crew).entry_count()
    found = tuple(c for c, opening in ledger(crew).openings() if "AD1" in opening.value)
    assert crew.say("EMP", a.OpeningErased(commitments=found, reason="time_is_over")).verdict == "granted"
    assert ledger(crew).entry_count() == size + 1
    held = crew.say(UPM, a.LegalHoldPlaced(scope="everything", reason="inquiry")).entry_index
    assert crew.say("EMP", a.LegalHoldLifted(hold=held)).verdict == "admitted"
    more = tuple(c for c, opening in ledger(crew).openings() if "ARM" in opening.value)
    assert crew.say("EMP", a.OpeningErased(commitments=more, reason="time_is_over")).verdict == "refused"


# --- every row has its test ----------------------------------------------------------------------------------------

HERE: Final = "tests/station/test_holders.py"
HOLDERS: Final = MappingProxyType(
    {
        "Who has an officer's first key as a file": (
            "tests/station/web/test_keys_page.py::test_two_officers_confirm_a_key_and_one_revokes_it",
        ),
        "log key (Ed25519)": (
            f"{HERE}::test_who_holds_the_log_key_leaves_out_an_entry_and_any_kept_checkpoint_shows_it",
            f"{HERE}::test_who_holds_the_log_key_changes_no_act_of_a_person",
        ),
        "hub's acting key (ES256, class hub)": (
            f"{HERE}::test_who_holds_the_hubs_acting_key_enrols_nobody_beside_officers_and_signs_for_nobody",
            f"{HERE}::test_an_officers_or_the_hubs_acting_key_and_a_copy_write_on_under_a_log_key_of_their_own",
        ),
        "an officer's key": (
            f"{HERE}::test_one_officers_key_stops_work_and_makes_nobody_known",
            f"{HERE}::test_an_officers_or_the_hubs_acting_key_and_a_copy_write_on_under_a_log_key_of_their_own",
        ),
        "a person's passkey": (
            f"{HERE}::test_a_passkey_signs_as_its_person_until_it_is_revoked_and_never_without_its_user",
        ),
        "an unlocked or device key": (
            f"{HERE}::test_a_device_key_signs_as_its_person_and_is_shown_as_what_it_is",
            "tests/station/test_people_keys.py::test_an_unlocked_key_shows_the_seconds_since_its_user_was_verified",
        ),
        "a floor phone's key (attended)": (
            "tests/custody/test_attended.py::test_no_act_held_out_ever_becomes_a_handlers_or_a_witnesss_move",
            "tests/custody/test_attended.py::test_who_holds_the_phone_is_no_other_part_of_the_call",
        ),
        "join card": (
            f"{HERE}::test_whoever_prints_a_join_card_claims_it_first_and_its_owner_finds_it_used",
            "tests/station/test_people_keys.py::test_a_join_card_signs_for_one_log_only",
        ),
        "demo keys": (f"{HERE}::test_demo_keys_come_into_no_production_that_names_officers",),
        "a cosigner's key": (f"{HERE}::test_a_cosigners_key_vouches_for_a_false_history_and_makes_none",),
        "a cosigner's memory": (
            f"{HERE}::test_a_cosigner_rolled_back_signs_a_second_history_and_the_others_do_not",
            "tests/station/test_cosigning.py::test_a_cosigner_that_lost_its_memory_does_not_sign",
        ),
        "entries, nodes, checkpoints": (
            f"{HERE}::test_who_cuts_the_ledgers_end_off_is_found_by_any_checkpoint_seen_elsewhere",
            "tests/station/test_verify.py::test_rows_taken_out_swapped_doubled_or_put_in_are_named",
        ),
        "openings (boxes and their keys)": (
            f"{HERE}::test_who_destroys_openings_is_counted_and_who_reads_them_reads_names",
        ),
        "what was kept apart": (f"{HERE}::test_who_destroys_what_was_kept_apart_is_named_by_verify",),
        "keys.json, log.vkey of an export": (f"{HERE}::test_who_writes_keys_json_or_log_vkey_anew_convinces_nobody",),
        "a bundle, on a stick or anywhere": (
            "tests/station/test_bundle.py::test_a_bundle_that_was_changed_is_refused_by_both",
            "tests/verifier/test_page.py::test_a_whole_bundle_is_verified_from_a_stick_good_and_spoiled",
        ),
        "`newest`, `seen/`, `cosigners.txt` beside a ledger": (
            "tests/station/test_asked_first.py::test_a_hub_with_nothing_to_compare_with_does_not_start",
            "tests/station/test_asked_first.py::test_what_no_key_of_this_log_signed_starts_and_stops_nothing",
            "tests/station/test_asked_first.py::test_a_ledger_restored_from_yesterday_signs_nothing",
        ),
        "the receipts on a phone": (
            "tests/station/test_seen_elsewhere.py::test_a_receipt_names_the_very_entry_that_was_changed_or_left_out",
        ),
        "what a phone remembers of the log": (
            "tests/station/web/test_remember_browser.py::test_a_phone_that_saw_more_ends_a_hub_that_was_rolled_back",
            "tests/station/web/test_remember_browser.py::test_a_phone_that_saw_another_history_says_so_and_work_stops",
        ),
        "the studio's copies of logs, and its index": (
            "tests/station/test_studio.py::test_a_record_that_does_not_verify_is_not_taken_in",
            "tests/station/test_studio.py::test_another_history_of_a_log_is_refused",
            "tests/station/test_studio.py::test_a_changed_byte_in_a_kept_log_is_found_by_the_rebuild",
        ),
        "a backup": (f"{HERE}::test_a_backup_still_opens_what_was_erased_after_it_and_says_that_it_is_older",),
        "the code on paper": (
            "tests/station/test_verify.py::test_another_log_key_than_the_given_one_is_not_ok",
            "tests/station/test_genesis.py::test_the_code_says_log_hash_and_key",
        ),
        "The hub's owner": (
            f"{HERE}::test_the_hubs_owner_drops_an_act_and_its_signer_has_no_proof_and_says_so_with_the_next",
        ),
        "Two officers together": (f"{HERE}::test_two_officers_make_any_key_anybodys_and_the_log_says_who_they_were",),
        "Whoever prints the join cards": (
            f"{HERE}::test_whoever_prints_a_join_card_claims_it_first_and_its_owner_finds_it_used",
        ),
        "The employer": (f"{HERE}::test_the_employer_erases_words_and_no_entry_and_lifts_no_hold_alone",),
        "A reader of the ledger file": (
            f"{HERE}::test_a_reader_of_an_export_or_a_bundle_reads_no_name_that_was_not_put_in",
            f"{HERE}::test_who_destroys_openings_is_counted_and_who_reads_them_reads_names",
        ),
        "Anybody who knows a person's id": (
            f"{HERE}::test_whoever_knows_a_persons_id_asks_with_a_key_and_nothing_more",
        ),
    }
)


def rows_of_the_page() -> list[str]:
    """The holder each row or line of docs/trust.md is about, in its order."""
    text = (REPO / "docs" / "trust.md").read_text(encoding="utf-8").split("\n## Two people, or one")[0]
    cells = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    return [cell for cell in cells if cell not in {"key", "store"}] + re.findall(
        r"^- \*\*(.+?)\*\*", text, re.MULTILINE
    )


def test_every_holder_of_the_page_is_played_by_a_test_that_exists() -> None:
    assert sorted(rows_of_the_page()) == sorted(HOLDERS)
    for row, tests in HOLDERS.items():
        for test in tests:
            path, name = test.split("::")
            assert f"\ndef {name}(" in (REPO / path).read_text(encoding="utf-8"), (row, test)
