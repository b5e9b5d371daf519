"""The registers of a matter: what is held and mustered, what is open, exhibits in custody, who knew what."""

from hashlib import sha256

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.matter import files_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.registers import Freeze, exhibits_of, freeze_of, knowledge_of, questions_of
from coldcheck.custody.rules import judge
from coldcheck.custody.things import Hold, PlaceClass, RoundKind
from coldcheck.station.play import Player
from coldcheck.station.record import Signed, record
from floor import (
    AD1,
    ARM,
    COLT,
    CREW,
    EMP,
    LEAD,
    LOOSE,
    PM,
    SEALED,
    TRAY,
    WAYS,
    D,
    counted,
    deed,
    morning,
    prepared,
    stood,
)
from inquiry_days import Filing, day_text, played

SHOT = "08:21 LEAD picks up Colt-1"
FIRED = "08:22 LEAD fires Colt-1, 1 unintended"


def after(*extra: str, filing: Filing | None = None) -> Player:
    return played(day_text(filing or Filing(), coverage=True, extra=extra))


def frozen(picture: Picture) -> Freeze:
    freeze = freeze_of(picture, files_of(picture))
    assert freeze is not None
    return freeze


def labels(picture: Picture, things: tuple[str, ...]) -> set[str]:
    known = {thing: label for label, thing in picture.labels.items()}
    return {known[thing] for thing in things if thing in known}


def test_an_unintended_shot_freezes_by_itself_and_says_what_to_secure() -> None:
    picture = after(SHOT, FIRED).hub.picture
    freeze = frozen(picture)
    assert (freeze.by_itself, freeze.cause) == (True, "unintended_discharge")
    assert labels(picture, freeze.guns) == {"Colt-1"}
    assert labels(picture, tuple(each.item for each in freeze.secure)) == {"Colt-1", "Tray-1"}
    assert sum(each.why == "lies_in_it" for each in freeze.secure) == 6


def test_one_act_freezes_and_three_signed_lifts_end_it_and_nothing_else() -> None:
    player = after("08:22 AD1 freezes everything, accident")
    entry = frozen(player.hub.picture).entry_index
    assert not frozen(player.hub.picture).by_itself
    for minute, who in enumerate(("ARM", "AD1", "EMP")):
        assert freeze_of(player.hub.picture, files_of(player.hub.picture)) is not None
        lift = a.StopLifted(stop=entry, cause=player.names.seal("cause", "as seen"))
        player.say(who, (lift,), player.moment(f"2026-03-02T10:0{minute}:00Z"))
    assert freeze_of(player.hub.picture, files_of(player.hub.picture)) is None


def test_the_muster_has_every_gun_and_container_and_who_could_reach_it_since_its_count() -> None:
    picture = after(SHOT, FIRED, "08:25 ARM locks Tray-1 in Truck").hub.picture
    muster = {next(iter(labels(picture, (each.item,)))): each for each in frozen(picture).muster}
    assert muster.keys() == {"Colt-1", "Tray-1"}
    tray = muster["Tray-1"]
    assert tray.counted_entry is not None
    assert (tray.hold, labels(picture, tuple(each.person for each in tray.reached))) == (Hold.LOCKED, {"ARM", "AD1"})
    assert len(tray.since_freeze) == 1
    assert muster["Colt-1"].since_freeze == ()
    assert "LEAD" in labels(picture, tuple(each.person for each in muster["Colt-1"].reached))


def test_a_freeze_holds_places_and_keys_and_shows_what_changed_after() -> None:
    player = after(
        "08:21 ARM arrives at Barn", "08:22 AD1 freezes everything, accident", "08:23 ARM locks Tray-1 in Truck"
    )
    picture = player.hub.picture
    freeze = frozen(picture)
    places = {next(iter(labels(picture, (each.place,)))): each for each in freeze.places}
    assert labels(picture, places["Barn"].people) >= {"ARM"}
    assert labels(picture, places["Barn"].things) | labels(picture, places["Truck"].things) <= {"Colt-1", "Tray-1"}
    assert (len(places["Truck"].since_freeze), places["Truck"].things) == (1, ())
    owners = {
        (picture.persons[each.person].label, each.key_class) for each in freeze.keys if each.person in picture.persons
    }
    assert owners == {(person.label, person.key_class) for person in picture.persons.values() if person.public}
    assert {each.since_freeze for each in freeze.keys} == {()}


def test_a_place_and_a_key_changed_while_all_is_frozen_are_found_and_listed() -> None:
    player = after("08:22 AD1 freezes everything, accident")
    picture = player.hub.picture
    barn = picture.labels["Barn"]
    again = a.PlaceRegistered(place=barn, label="Barn", place_class=PlaceClass.SET, parent="")
    findings = judge(picture, by=picture.labels["EMP"], key="", acts=(again,), now=picture.now).findings
    assert ("V25", "place_registered") in {(each.rule, dict(each.found).get("act")) for each in findings}
    new = a.PlaceRegistered(place="w" + "0" * 12, label="Tent", place_class=PlaceClass.SET, parent="")
    assert not [
        each for each in judge(picture, by="", key="", acts=(new,), now=picture.now).findings if each.rule == "V25"
    ]
    held = next(each for each in frozen(picture).keys if each.person == picture.labels["LEAD"])
    lost = a.KeyRevoked(key=held.key, reason="lost")
    assert "V25" in {each.rule for each in judge(picture, by="", key="", acts=(lost,), now=picture.now).findings}
    player.say("EMP", (lost,), player.moment("2026-03-02T10:00:00Z"))
    after_it = next(each for each in frozen(picture).keys if each.key == held.key)
    assert after_it.since_freeze == (picture.size - 1,)


def test_a_word_of_the_trade_without_a_meaning_is_asked_about_until_somebody_takes_it_on() -> None:
    filing = Filing()
    filing.claim(
        "ARM", "It was a misfire", terms=[{"term": "misfire", "meaning": ""}, {"term": "cold", "meaning": "empty"}]
    )
    picture = after(filing=filing).hub.picture
    asked = [row for row in questions_of(picture, files_of(picture)).questions if row.gist == "word_meaning"]
    assert [row.values[0] for row in asked] == ["misfire"]
    filing.file("question_opened", label="Q2", text="What did she mean by it?", owner="@COMP", refs=[asked[0].refs[0]])
    filing.file("question_answered", question="@Q2", state="answered_by_exhibit", refs=["SRC"])
    picture = after(filing=filing).hub.picture
    rows = questions_of(picture, files_of(picture)).questions
    assert [row.gist for row in rows if row.gist == "word_meaning"] == [] or labels(picture, (rows[-1].ref,)) == {"Q2"}


def test_a_checkpoint_sent_off_stands_in_the_freeze() -> None:
    filing = Filing()
    filing.file("checkpoint_sent_off", size=40, root="cd" * 32, way="police")
    freeze = frozen(after(SHOT, FIRED, filing=filing).hub.picture)
    assert [(each.act.size, each.act.way) for each in freeze.sent_off] == [(40, "police")]


def test_the_count_of_open_questions_cannot_be_talked_down() -> None:
    filing = Filing()
    filing.file("exhibit_filed", label="X", item="@Colt-1", description="the gun")
    counts = []
    for state in ("", "cannot_be_known", "disputed", "answered_by_exhibit", "open"):
        if state:
            filing.file("question_answered", question="@Q", state=state, refs=["X"])
        picture = after(SHOT, FIRED, filing=filing).hub.picture
        counts.append(questions_of(picture, files_of(picture)).open_count)
    # The question itself, and the stop nobody has lifted.
    assert counts == [2, 2, 2, 1, 2]


def test_disputes_gaps_and_stops_ask_by_themselves() -> None:
    told = "08:50 COMP reports E1 from S{0} (contradictory, a{0}) at 2026-03-02T08:15: {1} hands Colt-1 to LEAD"
    find = "08:40 ARM finds R-9 in Barn: live"
    picture = after(told.format(1, "ARM"), told.format(2, "AD1"), find.replace("08:40", "08:51")).hub.picture
    asked = {(row.origin.value, row.gist) for row in questions_of(picture, files_of(picture)).questions if not row.ref}
    assert asked == {("dispute", "accounts_differ"), ("gap", "gap"), ("rule", "stop_open")}


def raised(picture: Picture) -> list[tuple[str, str, tuple[str, ...]]]:
    rows = questions_of(picture, files_of(picture)).questions
    return [(row.gist, row.state.value, row.values[1:]) for row in rows if not row.ref]


def test_a_count_that_is_off_asks_by_itself_and_stays_when_a_recount_answers_it() -> None:
    stage = stood(*morning(), deed(ARM, a.Counted(thing=TRAY, count=7)), deed(AD1, a.Counted(thing=TRAY, count=8)))
    assert raised(stage.picture) == [("count_off", "open", ("7, 8", "8"))]
    for who in (PM, AD1):
        stage.do(deed(who, a.Counted(thing=TRAY, count=8)))
    assert raised(stage.picture) == [("count_off", "answered_by_record", ("7, 8", "8"))]
    (row,) = questions_of(stage.picture, files_of(stage.picture)).questions
    assert row.answer_refs == (str(stage.picture.size - 2), str(stage.picture.size - 1))


def test_a_recount_that_is_taken_back_answers_nothing() -> None:
    stage = stood(*morning(), *counted(7), *counted())
    assert raised(stage.picture)[0][:2] == ("count_off", "answered_by_record")
    stage.do(deed(AD1, a.Retracted(entry=stage.picture.size - 1)))
    assert raised(stage.picture)[0][:2] == ("count_off", "open")


def test_a_second_count_that_is_only_told_of_stops_nothing() -> None:
    told = a.Reported(
        row="r1", account="", sources=("s",), grade=a.Grade.PRESS, when=a.Interval(start="", end=""), who=AD1,
        told=a.Counted(thing=TRAY, count=7),
    )  # fmt: skip
    stage = stood(*morning(), *counted(7), deed(ARM, a.Counted(thing=TRAY, count=7)), deed(CREW, told))
    assert not stage.picture.open_stops


def test_a_lot_of_which_rounds_are_nowhere_asks_by_itself() -> None:
    out = a.Unloaded(gun=COLT, rows=(a.LoadRow(position="1", round_id=D[0], thing="", cell=""),))
    stage = stood(*morning(), *prepared(WAYS[1], sheets=False), deed(ARM, out))
    assert raised(stage.picture) == [("lot_short", "open", ("1",))]


def test_a_recount_that_is_off_again_stops_the_set_and_is_asked_about_as_that_count() -> None:
    stage = stood(*morning(), *counted(7))
    assert not stage.picture.open_stops
    for one in counted(7):
        stage.do(one)
    (stop,) = stage.picture.open_stops
    assert stage.picture.stops[stop].reason == "count_off"
    assert raised(stage.picture) == [("count_off", "open", ("7, 7", "8"))] * 2
    assert ("V12", "v12") in stage.steps[-1].findings


def test_two_who_differ_from_each_other_stop_nothing_however_often() -> None:
    counts = [deed(who, a.Counted(thing=TRAY, count=n)) for who, n in ((ARM, 7), (AD1, 6))]
    assert not stood(*morning(), *counts, *counts).picture.open_stops


def test_a_recount_over_which_rounds_went_out_stops_nothing() -> None:
    counts = [deed(who, a.Counted(thing=TRAY, count=8)) for who in (ARM, AD1)]
    stage = stood(*morning(), *counted(7), counts[0], *prepared(WAYS[1], sheets=True), counts[1])
    assert not stage.picture.open_stops
    assert raised(stage.picture)[-1] == ("count_off", "open", ("8, 8", "6"))


def test_a_find_that_explains_the_count_leaves_nothing_to_stop_for() -> None:
    find = a.RoundFound(round_id=LOOSE, label="", thing=TRAY, cell="", kind=RoundKind.DUMMY, fired=False)
    stage = stood(*morning(), *counted(9), deed(ARM, find), *counted(9))
    assert [row for row in raised(stage.picture) if row[0] == "count_off"] == [
        ("count_off", "answered_by_record", ("9, 9", "8"))
    ]


def test_a_question_somebody_took_on_is_not_asked_twice() -> None:
    filing = Filing()
    player = after(SHOT, FIRED)
    entry = frozen(player.hub.picture).entry_index
    filing.file(
        "question_opened", label="Q2", text="Why did it fire?", origin="rule", owner="@ARM", refs=[f"stop/{entry}"]
    )
    picture = after(SHOT, FIRED, filing=filing).hub.picture
    assert len(questions_of(picture, files_of(picture)).questions) == 2


def test_an_exhibit_has_the_custody_of_its_thing_its_derived_ones_and_its_viewings() -> None:
    filing = Filing()
    filing.file("exhibit_filed", label="X1", item="@Colt-1", description="the gun")
    filing.file(
        "exhibit_filed", label="X2", item="@SRC", description="a photo of it", derived_from="@X1", shielded=True
    )
    filing.file("exhibit_viewed", exhibit="@X2", purpose="interview")
    filing.file("exhibit_judged", exhibit="@X1", relevance="not_relevant")
    picture = after(filing=filing).hub.picture
    first, second = exhibits_of(picture, files_of(picture))
    assert [held.hold for held in first.custody] == [Hold.PERSON, Hold.PERSON, Hold.UNATTENDED]
    assert labels(picture, first.derived) == {"X2"}
    assert [each.act.purpose for each in second.viewings] == ["interview"]
    assert (first.relevance, second.relevance) == (a.Relevance.NOT_RELEVANT, a.Relevance.NOT_EXAMINED)


def test_who_knew_what_is_one_list_for_every_role_producers_too() -> None:
    picture = after(
        '08:21 EMP raises concern no_time: "too few days"',
        '08:22 EMP answers concern no_time: "noted"',
        "08:23 LEAD learns of live_round from ARM",
    ).hub.picture
    known = [(next(iter(labels(picture, (row.who,))), ""), row.kind) for row in knowledge_of(picture)]
    assert ("EMP", "concern_raised") in known
    assert ("EMP", "concern_answered") in known
    assert ("LEAD", "learned") in known
    assert ("LEAD", "attended") in known
    assert known[0] == ("", "rules_in_force")


def test_the_knowledge_record_has_near_misses_concerns_passed_on_accepted_duties_and_signed_words() -> None:
    stage = stood(
        *morning(),
        deed(CREW, a.NearMissLogged(gun=COLT, remark=SEALED)),
        deed(AD1, a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED)),
        deed(PM, a.DutyAccepted(day=1, duty="checks")),
        deed(EMP, a.TermsAdopted(sha256="a" * 64)),
        deed(LEAD, a.TermsSigned(sha256="a" * 64)),
    )
    known = {(row.who, row.kind, row.what) for row in knowledge_of(stage.picture)}
    assert {
        (CREW, "near_miss_logged", COLT),
        (AD1, "concern_passed_on", "c1"),
        (PM, "duty_accepted", "checks"),
        (EMP, "terms_adopted", "a" * 16),
        (LEAD, "terms_signed", "a" * 16),
    } <= known


def test_kind_and_status_of_a_matter_change_and_nothing_filed_does() -> None:
    filing = Filing()
    filing.claim("LEAD", "a")
    before = files_of(after(filing=filing).hub.picture)
    filing.file("matter_opened", label="M", kind="civil", status="open", title="x")
    filing.file("matter_changed", regarding="@M", kind="criminal", status="charged", when="2026-04-01")
    files = files_of(after(filing=filing).hub.picture)
    assert [(each.act.kind.value, each.act.status.value) for each in files.matter_changes] == [("criminal", "charged")]
    assert files.claims.keys() == before.claims.keys()


# --- bytes beside the log ------------------------------------------------------------------------------------------


def filed(player: Player, paper: bytes, *, digest: str = "", size: int | None = None) -> Signed:
    nothing = a.Interval(start="", end="")
    act = a.SourceFiled(
        ref=player.names.mint("s"), label="P", kind=a.SourceKind.ARTICLE, sha256=digest or sha256(paper).hexdigest(),
        size_bytes=len(paper) if size is None else size, media="text/plain", title=player.names.seal("title", "t"),
        outlet=player.names.seal("outlet", ""), url=player.names.seal("url", ""), published=nothing, captured=nothing,
        how="pasted", derived_from="", struck=(),
    )  # fmt: skip
    moment = player.moment("2026-03-02T11:00:00Z")
    signed = player.sign("COMP", (act,), moment)
    return Signed(line1=signed.line1, signature=signed.signature, openings=signed.openings, papers=(paper,))


@pytest.mark.parametrize(
    "paper", [b"", b"\xff\xfe not text \x00", "naïve “words”".encode()], ids=["empty", "no text", "text"]
)
def test_a_paper_lies_beside_the_log_exactly_as_it_came(paper: bytes) -> None:
    player = after()
    record(player.hub, filed(player, paper), player.moment("2026-03-02T11:00:00Z"))
    assert player.hub.store.apart(sha256(paper).hexdigest()) == paper


def test_a_paper_under_another_hash_or_size_is_no_entry() -> None:
    player = after()
    size = player.hub.picture.size
    for wrong in ({"digest": "ab" * 32}, {"size": 3}):
        with pytest.raises(a.BadAct, match="source_filed"):
            record(player.hub, filed(player, b"four", **wrong), player.moment("2026-03-02T11:00:00Z"))
    assert player.hub.picture.size == size


def test_a_first_account_is_locked_bytes_until_it_is_opened() -> None:
    player = after()
    locked = b"\x00locked on the author's own device"
    moment = player.moment("2026-03-02T11:00:00Z")
    ref = player.names.mint("s")
    signed = player.sign("LEAD", (a.FirstAccountSealed(ref=ref, sha256=sha256(locked).hexdigest()),), moment)
    sent = Signed(line1=signed.line1, signature=signed.signature, openings=signed.openings, papers=(locked,))
    record(player.hub, sent, moment)
    files = files_of(player.hub.picture)
    assert player.hub.store.apart(files.first_accounts[ref].act.sha256) == locked
    assert files.opened_accounts == ()
