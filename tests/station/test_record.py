"""From a signed act to a durable entry: what becomes one, what does not, and what a failing disk may do."""

import gc
import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, Now
from coldcheck.custody.views import card_of
from coldcheck.proof.checkpoint import open_checkpoint
from coldcheck.proof.encoding import NotCanonical, Plain, decode, encode
from coldcheck.proof.entry import make_line, read_entry, read_vouched
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import verify_inclusion
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.sealed import seal
from coldcheck.station.play import Player
from coldcheck.station.record import (
    Moment,
    Reply,
    Signed,
    by_the_armful,
    open_hub,
    rare_collections,
    record,
    replay,
    step_of,
)
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.store import LedgerChanged, StoreFailed
from coldcheck.station.store_sqlite import SqliteStore, create_ledger, open_ledger
from floor import in_plain
from stores import FailingStore, Failure, MemoryStore

PEOPLE = """\
production "Record" hub record-1
person ARM "Ada Byrne" as armorer
person AD1 "Bo Carr" as first_ad
person LEAD "Cy Dunn" as performer
person SUP "Di Ellis" as supplier
person EMP "Ed Frey" as employer
day 2026-03-02
"""
MORNING = """\
08:00 ARM registers place Barn as set
08:01 ARM registers gun Colt-1 word Magpie serial SN-1 single_action .45 W3 with 2 chambers and 1 bores
08:01 ARM registers gun Colt-2 word Heron serial SN-2 single_action .45 W3 with 2 chambers and 1 bores
08:01 ARM registers lot Lot-1: 4 .45 dummy, tests rattle, hole, strong hole
08:01 ARM registers tray Tray-1 with 4 cells
08:02 SUP delivers Lot-1 in Tray-1: 4 rounds to ARM
08:03 ARM receives Lot-1 from SUP in Tray-1/1-4
08:04 ARM goes on exclusive duty as armorer
08:05 ARM opens day 1
08:05 AD1 opens day 1
08:06 AD1 plans rehearsal S1 at Barn with Colt-1: COLD-DUMMY for LEAD, line AD1
08:06 AD1 holds the meeting for S1
08:06 ARM attends the meeting for S1
08:06 LEAD attends the meeting for S1
08:07 ARM assesses S1
08:08 ARM counts Tray-1: 4
08:08 AD1 counts Tray-1: 4
08:09 ARM arrives at Barn
08:10 ARM picks up Colt-1
"""
FIRST_SHEET = """\
08:11 ARM sheet P1 with AD1, answers_not_shown:
    clears Colt-1: chambers 1-2 empty, bore clear
    tests Tray-1/1-2 by rattle, hole: dummy
    loads Colt-1: chambers 1-2 from Tray-1/1-2
"""
SECOND_SHEET = """\
08:12 AD1 sheet P1 with ARM, answers_not_shown:
    answers Colt-1: chambers 1-2 empty, bore clear
    tests Tray-1/1-2 by rattle, hole: dummy
    answers Colt-1: chambers 1-2 dummy
"""
SHOW = """\
08:13 ARM shows Colt-1 to LEAD: chambers 1-2 and bore
08:13 LEAD sees Colt-1: chambers 1-2 dummy
08:13 ARM closes the show of Colt-1 to LEAD
"""
CALL = """\
08:14 ARM calls Colt-1: COLD-DUMMY(2) for S1 -> admitted
08:14 AD1 announces Colt-1: COLD-DUMMY(2) -> admitted
08:14 LEAD acknowledges Colt-1: COLD-DUMMY(2)
"""
CALLED = MORNING + FIRST_SHEET + SECOND_SHEET + SHOW + CALL


def played(text: str, store: FailingStore | MemoryStore | SqliteStore | None = None) -> Player:
    player = Player(parse_scenario(PEOPLE + text, path="day.txt"), store if store is not None else MemoryStore({}))
    for line in player.play():
        assert line.met, line
    return player


def at(player: Player, clock: str) -> Moment:
    return player.moment(f"2026-03-02T{clock}Z")


def remark(player: Player, label: str, clock: str = "09:00:00") -> tuple[Signed, Moment]:
    """A remark of `label`, signed and not yet sent."""
    now = at(player, clock)
    return player.sign(label, (a.Remarked(remark=player.names.seal("remark", "in passing")),), now), now


def resigned(player: Player, label: str, signed: Signed, **changed: Any) -> Signed:
    """The same line 1 with fields changed, signed again by `label`."""
    author = decode(signed.line1[:-1])
    assert isinstance(author, dict)
    line1 = make_line({**author, **changed})
    return replace(signed, line1=line1, signature=player.keys[label][1].sign(line1))


def words_on(player: Player, label: str, clock: str) -> str:
    now = at(player, clock)
    card = card_of(player.hub.picture, player.names.id_of(label, "g"), now=Now(boot=now.boot, mono_ms=now.mono_ms))
    return card.words


def rules_of(reply: Reply) -> set[str]:
    return {finding.rule for finding in reply.findings}


def assert_proven(player: Player, reply: Reply) -> None:
    """The reply shows, with nothing but the log's public key, that the entry is in the log."""
    checkpoint = open_checkpoint(reply.checkpoint, LogVerifier.from_vkey(player.log_key.vkey))
    leaf = player.hub.store.entry(reply.entry_index)
    verify_inclusion(
        entry_index=reply.entry_index,
        tree_size=checkpoint.size,
        leaf=leaf,
        proof=reply.proof,
        root=checkpoint.root,
    )


# --- a reply and a retry -------------------------------------------------------------------------------------------


def test_every_reply_proves_that_its_entry_is_in_the_log() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    for number in range(20):
        signed, now = remark(player, "ARM", f"09:00:{number:02}")
        reply = record(player.hub, signed, now)
        assert reply.entry_index == player.hub.store.entry_count() - 1
        assert_proven(player, reply)


def test_a_retry_gives_one_entry_and_the_same_reply() -> None:
    player = played(CALLED)
    now = at(player, "08:20:00")
    put_down = a.PutDown(item=player.names.id_of("Colt-1", "g"), place=player.names.id_of("Barn", "w"))
    signed = player.sign("ARM", (put_down,), now)
    first = record(player.hub, signed, now)
    assert "V04" in rules_of(first)
    again = record(player.hub, signed, at(player, "08:50:00"))
    assert again == first
    assert player.hub.store.index_of(str(decode(signed.line1[:-1])["id"])) == first.entry_index  # type: ignore[call-overload,index]
    assert player.hub.store.entry_count() == first.entry_index + 1


def test_a_late_retry_is_proven_under_the_newest_checkpoint() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    first = record(player.hub, signed, now)
    for _ in range(5):
        other, then = remark(player, "AD1")
        record(player.hub, other, then)
    again = record(player.hub, signed, at(player, "09:30:00"))
    assert (again.entry_index, again.verdict, again.findings) == (first.entry_index, first.verdict, first.findings)
    assert_proven(player, again)


def test_an_id_that_comes_again_with_other_content_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    record(player.hub, signed, now)
    assert_no_entry(player, resigned(player, "ARM", signed, at="2026-03-02T09:00:01Z"), now, "other content")


# --- a disk that fails ---------------------------------------------------------------------------------------------

FAILURES: tuple[Failure, ...] = ("before", "after", "after, and then does not answer")


@pytest.mark.parametrize("how", FAILURES)
def test_a_failing_disk_leaves_one_entry_after_the_retry(how: Failure) -> None:
    calm, store = played(CALLED), FailingStore(MemoryStore({}))
    player = played(CALLED, store)
    for number in range(12):
        label, clock = ("ARM", "AD1", "LEAD")[number % 3], f"09:10:{number:02}"
        signed, now = remark(player, label, clock)
        expected, then = remark(calm, label, clock)
        store.next = how
        reply = patiently(player, signed, now)
        assert reply == record(calm.hub, expected, then)
        assert record(player.hub, signed, now) == reply
        assert_proven(player, reply)
        assert player.hub.root == calm.hub.root
        assert store.entry_count() == calm.hub.store.entry_count()
        assert in_plain(player.hub.picture) == in_plain(calm.hub.picture)


def patiently(player: Player, signed: Signed, now: Moment) -> Reply:
    """What a device does: it sends again, byte for byte, until there is a reply."""
    for _ in range(3):
        try:
            return record(player.hub, signed, now)
        except StoreFailed:
            continue
    raise AssertionError("three times no reply")


@pytest.mark.parametrize("how", FAILURES)
def test_somebody_elses_act_after_a_failure_takes_the_right_place(how: Failure) -> None:
    store = FailingStore(MemoryStore({}))
    player = played("08:00 ARM registers place Barn as set\n", store)
    size = store.entry_count()
    lost, now = remark(player, "ARM")
    store.next = how
    answered = 0
    try:
        record(player.hub, lost, now)
        answered = 1
    except StoreFailed:
        pass
    other, then = remark(player, "AD1")
    reply = record(player.hub, other, then)
    assert answered == (how == "after")
    assert reply.entry_index == size + (how != "before")
    assert_proven(player, reply)
    again = record(player.hub, lost, now)
    assert store.entry_count() == size + 2
    assert_proven(player, again)
    assert in_plain(replay(store.entries())) == in_plain(player.hub.picture)


def test_nothing_is_shown_before_the_append_has_returned() -> None:
    store = FailingStore(MemoryStore({}))
    player = played(CALLED, store)
    before, root = in_plain(player.hub.picture)["size"], player.hub.root
    store.next = "before"
    stop = a.Stopped(reason="smoke", remark=player.names.seal("remark", "smoke"))
    now = at(player, "08:15:00")
    signed = player.sign("LEAD", (stop,), now)
    with pytest.raises(StoreFailed):
        record(player.hub, signed, now)
    assert player.hub.picture.size == before
    assert player.hub.root == root
    assert not player.hub.picture.open_stops
    assert words_on(player, "Colt-1", "08:15:00") == "PROVEN 2 DUMMIES"
    record(player.hub, signed, now)
    assert words_on(player, "Colt-1", "08:15:00") == "TREAT AS LOADED"


def test_a_hub_opened_again_has_the_same_memory() -> None:
    player = played(CALLED)
    hub = open_hub(player.hub.store, log_key=player.log_key, log=player.log, epoch=0, build="play")
    assert in_plain(hub.picture) == in_plain(player.hub.picture)
    assert (hub.root, hub.last_lines, hub.known_ids) == (
        player.hub.root,
        player.hub.last_lines,
        player.hub.known_ids,
    )


@pytest.mark.parametrize("armful_bytes", [1, 7, 10, 11, 30, 1000])
def test_entries_taken_by_the_armful_are_all_there_in_order(armful_bytes: int) -> None:
    numbered = [(5 + at, b"." * (at * 7 % 11)) for at in range(13)]
    arms = list(by_the_armful(numbered, armful_bytes=armful_bytes))
    assert [one for some in arms for one in some] == numbered
    # None is empty, and none goes on after it is full.
    assert all(sum(len(data) for _, data in some[:-1]) < armful_bytes for some in arms)
    assert list(by_the_armful([], armful_bytes=armful_bytes)) == []


def test_a_hub_at_work_looks_for_garbage_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold() > before
        assert gc.isenabled(), "what a web server leaves behind is freed all the same"
    assert gc.get_threshold() == before


def test_a_hub_does_not_go_on_over_entries_that_were_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    player = played(CALLED, create_ledger(path, meta={"log": "x", "vkey": "x", "origin": "x"}))
    player.hub.store.close()
    with closing(sqlite3.connect(path)) as file:
        (data,) = file.execute("SELECT bytes FROM entry WHERE entry_index = 3").fetchone()
        changed = data.replace(b'"delivered":"live"', b'"delivered":"queued"')
        assert changed != data
        file.execute("UPDATE entry SET bytes = ? WHERE entry_index = 3", (changed,))
        file.commit()
    store = open_ledger(path)
    with pytest.raises(LedgerChanged, match="are not those its own key signed"):
        open_hub(store, log_key=player.log_key, log=player.log, epoch=0, build="play")
    store.close()


def test_bytes_that_the_hub_did_not_sign_are_read_as_if_they_had_just_come(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    player = played(CALLED, create_ledger(path, meta={"log": "x", "vkey": "x", "origin": "x"}))
    player.hub.store.close()
    with closing(sqlite3.connect(path)) as file:
        (data,) = file.execute("SELECT bytes FROM entry WHERE entry_index = 3").fetchone()
        changed = data.replace(b'"delivered":"live"', b'"delivered": "live"')
        assert changed != data
        file.execute("UPDATE entry SET bytes = ? WHERE entry_index = 3", (changed,))
        file.commit()
    store = open_ledger(path)
    with pytest.raises(NotCanonical):
        open_hub(store, log_key=player.log_key, log=player.log, epoch=0, build="play")
    store.close()


def test_what_is_vouched_for_reads_the_same_as_what_is_read_strictly() -> None:
    for data in played(CALLED).hub.store.entries():
        entry = read_entry(data)
        assert read_vouched(data) == (entry.line1, entry.author, entry.receipt)


# --- what becomes no entry -----------------------------------------------------------------------------------------


def assert_no_entry(player: Player, signed: Signed, now: Moment, sentence: str) -> None:
    before, root, count = in_plain(player.hub.picture), player.hub.root, player.hub.store.entry_count()
    with pytest.raises(ColdcheckError, match=sentence) as problem:
        record(player.hub, signed, now)
    said = str(problem.value)
    assert "\n" not in said
    assert said[0].isalnum()
    assert said.endswith((".", "?"))
    assert player.hub.store.entry_count() == count
    assert player.hub.root == root
    assert in_plain(player.hub.picture) == before


def test_a_flipped_signature_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    flipped = bytes([signed.signature.signature[0] ^ 1]) + signed.signature.signature[1:]
    assert_no_entry(
        player, replace(signed, signature=replace(signed.signature, signature=flipped)), now, "ARM|fit|range|k"
    )
    record(player.hub, signed, now)


def test_another_persons_signature_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    other = player.keys["AD1"][1].sign(signed.line1)
    assert_no_entry(player, replace(signed, signature=other), now, "is not by")
    assert_no_entry(player, resigned(player, "AD1", signed, key=player.keys["AD1"][0]), now, "another person")


def test_a_key_nobody_enrolled_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    assert_no_entry(player, resigned(player, "ARM", signed, key="k000000000000"), now, "not enrolled")


def test_an_act_for_another_log_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    assert_no_entry(player, resigned(player, "ARM", signed, log="other-1/0000000000000"), now, "own hub")


def test_sealed_words_come_with_their_opening_and_no_other() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    ((commitment, _),) = signed.openings
    _, other = seal(salt=bytes(32), field="remark", value="something else")
    assert_no_entry(player, replace(signed, openings=()), now, "opening")
    assert_no_entry(player, replace(signed, openings=((commitment, other),)), now, "does not belong")
    assert_no_entry(player, replace(signed, openings=(*signed.openings, ("0" * 64, other))), now, "opening")


def test_only_the_hub_enrols_and_adopts() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    now = at(player, "09:00:00")
    adopted = a.RulebookAdopted(name="mine", sha256="0" * 64, text='name = "mine"')
    assert_no_entry(player, player.sign("ARM", (adopted,), now), now, "hub's own key")


@pytest.mark.parametrize(
    "line1",
    [
        b"", b"\n", b"{}\n", b"null\n", b"[1]\n", b"\xff\xfe\n", b'{"v":1}', b'{"v": 1}\n', b"{" * 3000 + b"\n",
        b'{"v":1,"v":1}\n', b'{"a":1e999}\n',
    ],
)  # fmt: skip
def test_garbage_is_no_entry(line1: bytes) -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    assert_no_entry(player, replace(signed, line1=line1), now, ".")


def test_no_cut_or_flip_of_a_line_becomes_an_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    count = player.hub.store.entry_count()
    for place in range(0, len(signed.line1), 3):
        for bad in (
            signed.line1[:place],
            signed.line1[:place] + bytes([signed.line1[place] ^ 4]) + signed.line1[place + 1 :],
        ):
            with pytest.raises(ColdcheckError):
                record(player.hub, replace(signed, line1=bad), now)
    assert player.hub.store.entry_count() == count


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"acts": []}, "acts"),
        ({"acts": [{"act": "put_down"}]}, "put_down"),
        ({"acts": [{"act": "counted", "thing": "", "count": -1}]}, "counted.count"),
        ({"v": 2}, "'v'"),
        ({"also": 1}, "fields"),
        ({"at": "today"}, "'at'"),
        ({"prev": "x"}, "'prev'"),
        ({"after": {"size": 3}}, "'after'"),
    ],
)
def test_a_line_of_another_form_is_no_entry(changed: dict[str, Any], sentence: str) -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    assert_no_entry(player, resigned(player, "ARM", signed, **changed), now, sentence)


HUGE = a.GunRegistered(
    gun="g000000000000", label="Gatling", word_name="Gatling", serial="1", action=ActionType.SINGLE_ACTION,
    calibre=".45", capability=Capability.W3, chambers=100_000, bores=1,
)  # fmt: skip


@pytest.mark.parametrize("is_told", [False, True], ids=["own", "reported"])
def test_a_gun_of_a_hundred_thousand_chambers_is_no_entry(*, is_told: bool) -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    now = at(player, "09:00:00")
    told = a.Reported(
        row="E1", account="", sources=("S1",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who="", told=HUGE
    )
    assert_no_entry(player, player.sign("ARM", (told if is_told else HUGE,), now), now, "positions")


def test_a_rulebook_that_could_not_judge_is_no_entry() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    core = next(act for done in player.hub.picture.journal if isinstance(act := done.act, a.RulebookAdopted))
    now = at(player, "09:00:00")
    hub_person = player.hub.picture.keys[player.keys["HUB"][0]][2]
    for old, new in (
        ("hot_blank_ms = 600000,", ""),
        ("accept_ms = 60000", 'accept_ms = "soon"'),
        ("part_ms = 120000", 'part_ms = "soon"'),
        ('predicate = "planned"', 'predicate = "one_duty"'),
        ('predicate = "one_duty"', 'predicate = "planned"'),
        ('predicate = "planned"', 'predicate = "planed"'),
    ):
        assert old in core.text
        text = core.text.replace(old, new)
        adopted = a.RulebookAdopted(name="core", sha256=sha256(text.encode()).hexdigest(), text=text)
        assert_no_entry(player, player.sign("HUB", (adopted,), now, by=hub_person), now, "ule")


# --- what the line says of its own history -------------------------------------------------------------------------


def test_a_missing_act_of_the_same_key_is_a_finding() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    signed, now = remark(player, "ARM")
    reply = record(player.hub, resigned(player, "ARM", signed, prev="0" * 64), now)
    assert rules_of(reply) == {"PREV"}
    signed, now = remark(player, "ARM")
    assert rules_of(record(player.hub, signed, now)) == set()
    signed, now = remark(player, "AD1")
    assert rules_of(record(player.hub, resigned(player, "AD1", signed, prev=None), now)) == set()
    signed, now = remark(player, "AD1")
    assert rules_of(record(player.hub, resigned(player, "AD1", signed, prev=None), now)) == {"PREV"}


def size_known(player: Player) -> int:
    """How much the newest entry's device knew of, as the custody room is told from the stored bytes."""
    newest = player.hub.picture.size - 1
    return step_of(newest, read_entry(player.hub.store.entry(newest))).seen_size


def test_a_device_that_saw_another_history_is_a_finding() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    size, root = player.hub.frontier.size, player.hub.root.hex()
    for after, expected in (
        ({"size": size, "root": root}, set()),
        ({"size": size, "root": "0" * 64}, {"FORK"}),
        ({"size": size - 2, "root": root}, {"FORK"}),
        ({"size": size + 90, "root": root}, {"FORK"}),
        (None, set()),
    ):
        signed, now = remark(player, "ARM")
        assert rules_of(record(player.hub, resigned(player, "ARM", signed, after=after), now)) == expected
        # Who saw another history knew nothing of this one, now and whenever the ledger is read again.
        assert size_known(player) == (size if after is not None and not expected else 0)
    # The root of the smaller tree is still known when the log has grown.
    signed, now = remark(player, "ARM")
    after = {"size": size, "root": root}
    assert rules_of(record(player.hub, resigned(player, "ARM", signed, after=after), now)) == set()


# --- clocks --------------------------------------------------------------------------------------------------------


def test_the_time_of_entries_never_goes_back() -> None:
    player = played("08:00 ARM registers place Barn as set\n")
    written = []
    for clock in ("09:00:00", "08:59:59", "09:00:00.5", "09:00:00", "09:00:00.25", "09:00:01", "07:00:00"):
        signed, now = remark(player, "ARM", "09:00:00")
        reply = record(player.hub, signed, replace(now, at=f"2026-03-02T{clock}Z"))
        written.append(str(read_entry(player.hub.store.entry(reply.entry_index)).receipt["at"])[11:-1])
    assert written == ["09:00:00", "09:00:00", "09:00:00.5", "09:00:00.5", "09:00:00.5", "09:00:01", "09:00:01"]


def test_a_call_ends_by_time_and_by_a_restart() -> None:
    player = played(CALLED)
    assert words_on(player, "Colt-1", "08:23:59") == "PROVEN 2 DUMMIES"
    assert words_on(player, "Colt-1", "08:24:00") == "TREAT AS LOADED"
    now = Now(boot="another boot", mono_ms=at(player, "08:15:00").mono_ms)
    assert card_of(player.hub.picture, player.names.id_of("Colt-1", "g"), now=now).words == "TREAT AS LOADED"


def test_parts_of_a_call_do_not_add_up_across_a_restart() -> None:
    text = MORNING + FIRST_SHEET + SECOND_SHEET + SHOW + CALL.replace("08:14 LEAD", "restart\n08:14 LEAD")
    player = played(text.rstrip("\n") + " -> refused K10\n")
    assert words_on(player, "Colt-1", "08:14:00") == "TREAT AS LOADED"


# --- an act nobody here knows --------------------------------------------------------------------------------------


def test_an_unknown_act_is_kept_and_ends_the_call_it_names() -> None:
    player = played(CALLED)
    gun, other = player.names.id_of("Colt-1", "g"), player.names.id_of("Colt-2", "g")
    now = at(player, "08:15:00")
    for named, words in ((other, "PROVEN 2 DUMMIES"), (gun, "TREAT AS LOADED")):
        form: Plain = {"act": "juggled", "what": [{"gun": named}]}
        reply = player.say("LEAD", (a.UnknownAct(type_name="juggled", plain_form=encode(form)),), now)
        kept = read_entry(player.hub.store.entry(reply.entry_index)).author["acts"]
        assert kept == [form]
        assert words_on(player, "Colt-1", "08:15:00") == words
    assert player.hub.picture.unknown_acts == 2
    assert in_plain(replay(player.hub.store.entries())) == in_plain(player.hub.picture)


# --- two people's sheets -------------------------------------------------------------------------------------------


def test_the_first_sheet_takes_away_and_the_second_completes() -> None:
    player = played(MORNING + FIRST_SHEET)
    gun = player.names.id_of("Colt-1", "g")
    assert not any(player.hub.picture.kernel.p2[gun, position] for position in ("1", "2", "bore"))
    played(CALLED + "08:14 expect Colt-1: PROVEN 2 DUMMIES\n")
    again = FIRST_SHEET.replace("P1", "P2").replace("08:11", "08:15").partition("    tests")[0]
    played(CALLED + again + "08:15 expect Colt-1: TREAT AS LOADED\n")


@pytest.mark.parametrize(
    "between",
    [
        "08:11 ARM leaves Colt-1 at Barn\n08:11 ARM picks up Colt-1\n",
        "08:11 ARM loads Colt-1: chamber 1 from Tray-1/3\n",
        "08:11 LEAD finds R-7 in Barn: live\n",
        "08:11 LEAD has Colt-1 dropped\n",
        "08:11 ARM hands Colt-1 to LEAD\n08:11 LEAD takes Colt-1 from ARM\n08:11 LEAD hands Colt-1 to ARM\n08:11 ARM takes Colt-1 from LEAD\n",
        "08:11 LEAD reports E1 from S1 (testimony) at unknown: someone loads Colt-1: chamber 1\n",
    ],
)
def test_what_is_touched_between_the_sheets_is_not_proven(between: str) -> None:
    text = MORNING + FIRST_SHEET + between + SECOND_SHEET + SHOW + CALL.rstrip("\n") + " -> refused\n"
    player = played(text)
    assert words_on(player, "Colt-1", "08:14:00") == "TREAT AS LOADED"


def test_an_untouched_sheet_waits_through_other_business() -> None:
    between = "08:11 LEAD has Colt-2 dropped\n08:11 LEAD asks to see Colt-2\n"
    played(MORNING + FIRST_SHEET + between + SECOND_SHEET + SHOW + CALL + "08:14 expect Colt-1: PROVEN 2 DUMMIES\n")
