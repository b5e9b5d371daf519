"""People's keys on a real hub: who may bring one, who confirms it, from which entry to which it counts."""

from dataclasses import replace
from pathlib import Path

import pytest

from authenticator import Bent, authenticator_data, line_of, sign
from coldcheck.custody import acts as a
from coldcheck.custody.enrolment import RevokedKey, on_one_device, signed_how
from coldcheck.custody.kernel import NOBODY
from coldcheck.custody.things import ActionType, Capability, PlaceClass, Role, RoundKind
from coldcheck.proof.cosign import CosignerKey
from coldcheck.proof.encoding import decode, encode
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.station.export import export_tiles
from coldcheck.station.record import Reply, Signed, open_hub, record
from coldcheck.station.store_sqlite import create_ledger
from coldcheck.station.verify import verify_path
from crew import HUB, HUB_KEY, LOG, LOG_KEY, META, OFFICERS, Crew, card_of, enrolling, made, named, phone
from stores import MemoryStore

PEOPLE = {"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "LEAD": Role.PERFORMER}
PLACE = a.PlaceRegistered(place=named("w", "Barn"), label="Barn", place_class=PlaceClass.SET, parent="")
UNREMARKABLE = a.PresenceDeclared(place=named("w", "Barn"))


@pytest.fixture
def crew() -> Crew:
    crew = Crew(MemoryStore(META))
    crew.begin()
    crew.list_crew(PEOPLE)
    for label in PEOPLE:
        crew.claim(label)
    return crew


def found(reply: Reply) -> set[str]:
    """What the findings say was found."""
    return {dict(finding.found)["what"] for finding in reply.findings}


def refused(crew: Crew, words: str, label: str, *acts: a.Act, key: ActingKey | None = None) -> None:
    """These acts become no entry, and a sentence says why."""
    size = crew.hub.picture.size
    with pytest.raises(ColdcheckError, match=words):
        crew.say(label, *acts, key=key)
    assert crew.hub.picture.size == size == crew.hub.store.entry_count()


def speaks(crew: Crew, label: str, key: ActingKey | None = None) -> bool:
    """Whether what `label` signs with this key becomes his entry."""
    try:
        reply = crew.say(label, UNREMARKABLE, key=key)
    except ColdcheckError:
        return False
    return crew.hub.picture.journal[-1].by != HUB and reply.verdict == "admitted"


# --- entry 0 -------------------------------------------------------------------------------------------------------


def test_the_officers_of_entry_0_sign_it_with_the_hub() -> None:
    crew = Crew(MemoryStore(META))
    crew.begin()
    assert set(crew.hub.picture.book.officers) == {named("p", label) for label in OFFICERS}
    assert all(speaks(crew, label) for label in OFFICERS)


@pytest.mark.parametrize("signers", [(), OFFICERS[:1], (OFFICERS[0], "ARM"), (*OFFICERS, "ARM")])
def test_an_officer_who_did_not_sign_entry_0_is_none(signers: tuple[str, ...]) -> None:
    crew = Crew(MemoryStore(META))
    signed = crew.signed(HUB, HUB_KEY, *crew.genesis(), officers=tuple(made(label) for label in signers))
    with pytest.raises(a.BadAct, match="signed by the hub and by every officer"):
        record(crew.hub, signed, crew.now)
    assert crew.hub.picture.size == 0


def test_another_key_does_not_sign_for_an_officer() -> None:
    crew = Crew(MemoryStore(META))
    signed = crew.signed(HUB, HUB_KEY, *crew.genesis(), officers=tuple(made(label) for label in OFFICERS))
    stolen = replace(signed.officers[1], signature=signed.officers[0].signature)
    with pytest.raises(ColdcheckError, match="does not fit"):
        record(crew.hub, replace(signed, officers=(signed.officers[0], stolen)), crew.now)


def test_officers_are_named_nowhere_else(crew: Crew) -> None:
    officer = a.OfficerNamed(person=named("p", "X"), label="X", name=crew.seal("X"), roles=(Role.CREW,))
    refused(crew, "entry 0", "HUB", officer)
    refused(crew, "entry 0", "UPM", officer)


def test_where_officers_enrol_the_hub_enrols_nobody(crew: Crew) -> None:
    demo = made("X", KeyClass.DEMO)
    for person, public in ((named("p", "X"), demo.public_bytes.hex()), (named("p", "ARM"), "")):
        act = a.PersonEnrolled(
            person=person, label="X", name=crew.seal("X"), roles=(Role.ARMORER,), key=demo.key_name, key_class="demo",
            public=public,
        )  # fmt: skip
        refused(crew, "two officers", "HUB", act)


# --- the crew list and the join cards ------------------------------------------------------------------------------


def test_sixty_people_are_in_by_one_list_of_two_officers_and_an_entry_each() -> None:
    crew = Crew(MemoryStore(META))
    crew.begin()
    people = {f"C{number:02}": Role.CREW for number in range(60)}
    before = crew.hub.picture.size
    assert crew.list_crew(people).verdict == "granted"
    for label in people:
        crew.claim(label)
    assert crew.hub.picture.size == before + 2 + 60
    assert all(speaks(crew, label) for label in people)


def test_a_list_counts_only_when_a_second_officer_signed_it(crew: Crew) -> None:
    listed = crew.listing({"NEW": Role.CREW})
    assert found(crew.say("UPM", listed)) == {"second_officer"}
    refused(crew, "crew list", "NEW", enrolling(made("NEW"), named("p", "NEW")), key=made("NEW"))
    assert found(crew.say("UPM", a.CrewConfirmed(sha256=a.act_hash(listed)))) == {"another_officer"}
    assert found(crew.say("ARM", a.CrewConfirmed(sha256=a.act_hash(listed)))) == {"officer"}
    assert found(crew.say("COORD", a.CrewConfirmed(sha256="0" * 64))) == {"no_such_list"}
    assert crew.say("COORD", a.CrewConfirmed(sha256=a.act_hash(listed))).verdict == "granted"
    crew.claim("NEW")
    assert speaks(crew, "NEW")


def test_a_list_by_nobody_in_charge_changes_nothing(crew: Crew) -> None:
    listed = crew.listing({"LEAD": Role.ARMORER})
    assert found(crew.say("LEAD", listed)) == {"officer"}
    assert found(crew.say("COORD", a.CrewConfirmed(sha256=a.act_hash(listed)))) == {"no_such_list"}
    assert named("p", "LEAD") not in crew.hub.picture.kernel.handlers


def test_a_list_changes_roles_and_the_kernel_knows(crew: Crew) -> None:
    lead, armorer = named("p", "LEAD"), named("p", "ARM")
    crew.list_crew({"LEAD": Role.ARMORER, "ARM": Role.CREW})
    assert lead in crew.hub.picture.kernel.handlers
    assert armorer not in crew.hub.picture.kernel.handlers
    assert speaks(crew, "ARM")


def test_a_join_card_is_used_once_and_by_nobody_else(crew: Crew) -> None:
    second = made("ARM", number=1)
    act = enrolling(second, named("p", "ARM"))
    refused(crew, "join card", "ARM", act, crew.claiming("ARM", second, act), key=second)
    crew.list_crew({"NEW": Role.CREW, "OTHER": Role.CREW})
    key = made("NEW")
    act = enrolling(key, named("p", "NEW"))
    claim = crew.claiming("NEW", key, act)
    refused(crew, "join card", "NEW", act, crew.claiming("OTHER", key, act), key=key)
    refused(crew, "did not sign", "NEW", act, replace(claim, proof="11" * 64), key=key)
    # The hub saw the card's signature and tries it with a key of its own making.
    own = made("hub's own")
    forged = enrolling(own, named("p", "NEW"))
    refused(crew, "did not sign", "NEW", forged, replace(claim, key=own.key_name), key=own)
    refused(crew, "claim by join card", "NEW", act, replace(claim, key=own.key_name), key=key)
    refused(crew, "claim by join card", "NEW", act, claim, UNREMARKABLE, key=key)
    assert crew.claim("NEW").verdict == "admitted"
    assert speaks(crew, "NEW")


def test_a_join_card_signs_for_one_log_only(crew: Crew) -> None:
    crew.list_crew({"NEW": Role.CREW})
    key = made("NEW")
    act = enrolling(key, named("p", "NEW"))
    other = a.KeyClaimed(
        key=key.key_name,
        card=card_of("NEW").public_bytes.hex(),
        proof=card_of("NEW")
        .sign(b"coldcheck/join/v1\nhub-2/0123456789AB\n" + f"{act.person}\n{key.key_name}\n{act.public}\n".encode())
        .signature.hex(),
    )
    refused(crew, "did not sign", "NEW", act, other, key=key)


# --- two officers and possession -----------------------------------------------------------------------------------


def test_a_key_counts_from_the_entry_after_the_second_officers_word(crew: Crew) -> None:
    key = made("ARM", number=1)
    act = crew.bring("ARM", key)
    assert not speaks(crew, "ARM", key)
    assert found(crew.confirm("UPM", act)) == {"second_officer"}
    assert not speaks(crew, "ARM", key)
    assert crew.confirm("COORD", act).verdict == "granted"
    assert speaks(crew, "ARM", key)


def test_one_officer_is_one_however_many_keys_he_has(crew: Crew) -> None:
    spare = made("UPM", number=1)
    act = crew.bring("UPM", spare)
    # Nobody vouches for himself.
    assert found(crew.confirm("UPM", act)) == {"another_officer"}
    crew.list_crew({"UPM": Role.CREW})
    claimed = made("UPM", number=2)
    crew.claim("UPM", claimed)
    new = crew.bring("ARM", made("ARM", number=1))
    confirmed = a.EnrolmentConfirmed(key=new.key, sha256=a.act_hash(new))
    assert found(crew.say("UPM", confirmed)) == {"second_officer"}
    assert found(crew.say("UPM", confirmed, key=claimed)) == {"another_officer"}
    assert not speaks(crew, "ARM", made("ARM", number=1))


def test_only_officers_confirm_and_only_the_act_they_saw(crew: Crew) -> None:
    act = crew.bring("ARM", made("ARM", number=1))
    assert found(crew.confirm("AD1", act)) == {"officer"}
    assert found(crew.confirm("UPM", replace(act, device=phone("another")))) == {"no_such_enrolment"}
    assert found(crew.say("UPM", a.EnrolmentConfirmed(key=named("k", "X"), sha256="0" * 64))) == {"no_such_enrolment"}
    assert not crew.hub.picture.book.waiting[act.key].confirmed_by


def test_a_key_must_be_there_to_be_enrolled(crew: Crew) -> None:
    key, thief = made("ARM", number=1), made("THIEF")
    act = enrolling(key, named("p", "ARM"))
    line1 = crew.line(named("p", "ARM"), key, (act,))
    signed = Signed(line1=line1, signature=line_of(key, sign(thief, line1).signature), openings=())
    with pytest.raises(ColdcheckError, match="does not fit"):
        record(crew.hub, signed, crew.now)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"public": "04" + "00" * 64}, "not a point"),
        ({"public": "04" + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"}, "base point"),
        ({"public": "02" + "6b" * 32}, "65 bytes"),
        ({"public": "05" + "11" * 64}, "uncompressed"),
        ({"key_class": "demo"}, "asks for itself"),
        ({"key_class": "report"}, "asks for itself"),
        ({"key_class": "hub", "rp": "", "origins": (), "credential": "", "device": ""}, "only the hub"),
        ({"key_class": "device"}, "domain, origins and credential"),
        ({"credential": ""}, "domain, origins and credential"),
        ({"device": ""}, "device it is on"),
        ({"rp": "10.0.0.7", "origins": ("https://10.0.0.7",)}, "no domain"),
        ({"origins": ("http://set.example",)}, "no origin"),
        ({"origins": ()}, "1 to 16"),
        ({"person": named("p", "AD1")}, "not who signs"),
    ],
)  # fmt: skip
def test_a_weak_or_odd_key_is_refused_in_one_sentence(crew: Crew, changes: dict[str, object], words: str) -> None:
    key = made("ARM", number=1)
    refused(crew, words, "ARM", enrolling(key, named("p", "ARM"), **changes), key=key)


def test_one_public_key_does_not_stand_under_two_names(crew: Crew) -> None:
    """A hub, or two friends, would make one phone count as two people."""
    crew.list_crew({"NEW": Role.FIRST_AD})
    known = made("ARM")
    twin = ActingKey.from_private(
        key_name=named("k", "twin"), key_class=KeyClass.PASSKEY, private_key=known._private_key
    )
    act = enrolling(twin, named("p", "NEW"))
    refused(crew, "here already", "NEW", act, crew.claiming("NEW", twin, act), key=twin)
    refused(crew, "here already", "ARM", enrolling(known, named("p", "ARM")), key=known)
    waiting = made("ARM", number=1)
    crew.bring("ARM", waiting)
    refused(crew, "here already", "ARM", enrolling(waiting, named("p", "ARM")), key=waiting)


def test_a_new_key_says_nothing_but_its_enrolment(crew: Crew) -> None:
    key = made("ARM", number=1)
    act = enrolling(key, named("p", "ARM"))
    refused(crew, "and nothing else", "ARM", act, UNREMARKABLE, key=key)
    refused(crew, "not enrolled", "ARM", UNREMARKABLE, key=key)
    refused(crew, "entry of its own", "ARM", UNREMARKABLE, act)
    refused(crew, "entry of its own", "ARM", act)


def test_what_is_said_of_keys_stands_alone(crew: Crew) -> None:
    revoked = a.KeyRevoked(key=made("ARM").key_name, reason="lost")
    refused(crew, "stands alone", "ARM", UNREMARKABLE, revoked)


# --- passkeys and the user in front of them ------------------------------------------------------------------------


def test_a_passkey_that_did_not_verify_its_user_signs_nothing(crew: Crew) -> None:
    key = made("ARM")
    line1 = crew.line(named("p", "ARM"), key, (UNREMARKABLE,))
    bent = Bent(device=authenticator_data(flags=0x01))
    with pytest.raises(ColdcheckError, match="verify its user"):
        record(crew.hub, Signed(line1=line1, signature=sign(key, line1, bent), openings=()), crew.now)


def test_every_entry_shows_how_it_was_signed(crew: Crew) -> None:
    device = made("ARM", KeyClass.DEVICE)
    act = crew.bring("ARM", device)
    for officer in OFFICERS:
        crew.confirm(officer, act)
    with_passkey, with_device = crew.say("ARM", UNREMARKABLE), crew.say("ARM", UNREMARKABLE, key=device)
    picture = crew.hub.picture
    assert signed_how(picture, 0).key_class == "hub"
    assert signed_how(picture, with_passkey.entry_index).key_class == "passkey"
    assert signed_how(picture, with_device.entry_index).key_class == "device"
    assert len(picture.book.entry_keys) == picture.size


def unlocked(crew: Crew, label: str = "ARM", seconds: int = 120) -> ActingKey:
    key = made(label, KeyClass.UNLOCKED)
    act = crew.hub.picture.book.enrolled.get(key.key_name) or crew.bring(label, key)
    assert (
        crew.say(label, a.KeyUnlocked(key=key.key_name, sha256=a.act_hash(act), seconds=seconds)).verdict == "granted"
    )
    return key


def test_an_unlocked_key_shows_the_seconds_since_its_user_was_verified(crew: Crew) -> None:
    key = unlocked(crew)
    for after_s, shown in ((1, ("unlocked", 1)), (119, ("unlocked", 120)), (1, ("device", None))):
        reply = crew.say("ARM", UNREMARKABLE, key=key, after_s=after_s)
        how = signed_how(crew.hub.picture, reply.entry_index)
        assert (how.key_class, how.seconds) == shown
    unlocked(crew)
    assert signed_how(crew.hub.picture, crew.say("ARM", UNREMARKABLE, key=key).entry_index).seconds == 1


def test_across_a_restart_and_from_a_queue_nobody_knows_how_long_ago(crew: Crew) -> None:
    key = unlocked(crew)
    crew.at_s += 1
    queued = replace(crew.signed(named("p", "ARM"), key, UNREMARKABLE), delivered="queued")
    assert signed_how(crew.hub.picture, record(crew.hub, queued, crew.now).entry_index).key_class == "device"
    crew.boot = "boot1"
    reply = crew.say("ARM", UNREMARKABLE, key=key)
    assert signed_how(crew.hub.picture, reply.entry_index).key_class == "device"


def test_only_the_holders_own_passkey_unlocks(crew: Crew) -> None:
    key = made("ARM", KeyClass.UNLOCKED)
    act = crew.bring("ARM", key)
    unlock = a.KeyUnlocked(key=key.key_name, sha256=a.act_hash(act), seconds=60)
    assert found(crew.say("AD1", unlock)) == {"no_such_enrolment"}
    assert found(crew.say("ARM", replace(unlock, sha256="0" * 64))) == {"no_such_enrolment"}
    device = made("ARM", KeyClass.DEVICE)
    brought = crew.bring("ARM", device)
    by_passkey = a.KeyUnlocked(key=device.key_name, sha256=a.act_hash(brought), seconds=60)
    assert found(crew.say("ARM", by_passkey)) == {"by_own_passkey"}
    for officer in OFFICERS:
        crew.confirm(officer, brought)
    assert found(crew.say("ARM", unlock, key=device)) == {"by_own_passkey"}
    assert not speaks(crew, "ARM", key)


# --- rotation and revocation ---------------------------------------------------------------------------------------


def test_a_rotated_key_ends_where_the_new_one_begins(crew: Crew) -> None:
    new = made("ARM", number=1)
    act = crew.bring("ARM", new)
    rotated = a.KeyRotated(old=made("ARM").key_name, key=new.key_name, sha256=a.act_hash(act))
    assert crew.say("ARM", rotated).verdict == "granted"
    assert speaks(crew, "ARM", new)
    assert not speaks(crew, "ARM")


def test_a_key_passes_on_its_own_class_to_its_own_holder(crew: Crew) -> None:
    act = crew.bring("ARM", made("ARM", KeyClass.DEVICE))
    other = crew.bring("AD1", made("AD1", number=1))
    old = made("ARM").key_name
    for brought, what in ((act, "same_class"), (other, "no_such_enrolment")):
        rotated = a.KeyRotated(old=old, key=brought.key, sha256=a.act_hash(brought))
        assert found(crew.say("ARM", rotated)) == {what}
    spare = crew.bring("ARM", made("ARM", number=1))
    stolen = a.KeyRotated(old=made("AD1").key_name, key=spare.key, sha256=a.act_hash(spare))
    assert found(crew.say("ARM", stolen)) == {"same_class"}
    assert speaks(crew, "ARM")


def test_the_hub_rotates_its_acting_key_like_anybody(crew: Crew) -> None:
    new = made("HUB", KeyClass.HUB, number=1)
    act = enrolling(new, HUB)
    crew.say("HUB", act, key=new)
    # Officers do not stand in for it: they could then sign as the hub.
    assert found(crew.confirm("UPM", act)) == {"no_such_enrolment"}
    crew.say("HUB", a.KeyRotated(old=HUB_KEY.key_name, key=new.key_name, sha256=a.act_hash(act)))
    assert crew.say("HUB", UNREMARKABLE, key=new).verdict == "admitted"


@pytest.mark.parametrize("revoker", ["ARM", "UPM"])
def test_a_revoked_key_counts_until_its_revocation_and_no_longer(crew: Crew, revoker: str) -> None:
    assert speaks(crew, "ARM")
    reply = crew.say(revoker, a.KeyRevoked(key=made("ARM").key_name, reason="lost"))
    assert reply.verdict == "granted"
    assert not speaks(crew, "ARM")


def test_a_key_is_revoked_by_its_holder_or_an_officer_once(crew: Crew) -> None:
    revoked = a.KeyRevoked(key=made("ARM").key_name, reason="lost")
    assert found(crew.say("AD1", revoked)) == {"officer"}
    assert found(crew.say("HUB", revoked)) == {"officer"}
    assert speaks(crew, "ARM")
    crew.say("COORD", revoked)
    assert found(crew.say("COORD", revoked)) == {"no_such_key"}
    assert found(crew.say("COORD", replace(revoked, key=named("k", "X")))) == {"no_such_key"}


def test_a_revoked_key_that_still_waits_is_never_known(crew: Crew) -> None:
    act = crew.bring("ARM", made("ARM", number=1))
    crew.confirm("UPM", act)
    crew.say("COORD", a.KeyRevoked(key=act.key, reason="suspect"))
    assert found(crew.confirm("COORD", act)) == {"no_such_enrolment"}
    assert not speaks(crew, "ARM", made("ARM", number=1))


# --- what a revoked key signs all the same -------------------------------------------------------------------------

GUN = a.GunRegistered(
    gun=named("g", "Colt"), label="Colt", word_name="Magpie", serial="1", action=ActionType.SINGLE_ACTION, calibre=".45",
    capability=Capability.W3, chambers=6, bores=1,
)  # fmt: skip


def test_what_a_revoked_key_signs_is_kept_apart_under_its_hash(crew: Crew) -> None:
    crew.say("ARM", PLACE)
    crew.say("UPM", a.KeyRevoked(key=made("ARM").key_name, reason="lost"))
    before = dict(crew.hub.picture.places)
    late = crew.signed(named("p", "ARM"), made("ARM"), a.PlaceRegistered(
        place=named("w", "Cave"), label="Cave", place_class=PlaceClass.SET, parent=""
    ))  # fmt: skip
    reply = record(crew.hub, late, crew.now)
    assert found(reply) == {"key_revoked"}
    assert crew.hub.picture.places == before
    done = crew.hub.picture.journal[-1]
    assert isinstance(done.act, a.Quarantined)
    assert (done.by, done.act.key) == (HUB, made("ARM").key_name)
    assert named("w", "Cave") in done.act.named
    kept = crew.hub.store.apart(done.act.sha256)
    assert kept is not None
    assert kept.startswith(late.line1)
    # Sent again it is the same entry.
    assert record(crew.hub, late, crew.now).entry_index == reply.entry_index


@pytest.mark.parametrize("alarm", ["stop", "near miss", "live round", "shot with a hit"])
def test_an_alarm_signed_with_a_revoked_key_stops_the_set(crew: Crew, alarm: str) -> None:
    crew.say("UPM", a.KeyRevoked(key=made("LEAD").key_name, reason="replaced"))
    act: a.OwnAct
    match alarm:
        case "stop":
            act = a.Stopped(reason="unsafe", remark=crew.seal("The pistol is loaded.", "remark"))
        case "near miss":
            act = a.NearMissLogged(gun="", remark=crew.seal("It was close.", "remark"))
        case "live round":
            act = a.RoundFound(round_id=named("r", "L"), label="L", thing="", cell="", kind=RoundKind.LIVE, fired=False)
        case _:
            act = a.Discharged(gun=named("g", "Colt"), planned=False, shots=1, hit=(named("p", "ARM"),))
    reply = crew.say("LEAD", act)
    assert "key_revoked" in found(reply)
    assert crew.hub.picture.kernel.halt
    assert crew.hub.picture.open_stops
    reports = [done.act for done in crew.hub.picture.journal if isinstance(done.act, a.Reported)]
    assert [(told.who, told.told) for told in reports] == [(named("p", "LEAD"), act)]


def test_what_a_revoked_key_says_of_a_gun_leaves_its_answers_open(crew: Crew) -> None:
    crew.say("ARM", GUN)
    crew.say("ARM", a.PickedUp(item=GUN.gun))
    crew.say("ARM", a.Cleared(gun=GUN.gun, answers=(a.AnswerRow(position="1", holds=a.Holds.EMPTY, ms=0),)))
    assert crew.hub.picture.kernel.p1[GUN.gun, "1"] == named("p", "ARM")
    crew.say("UPM", a.KeyRevoked(key=made("LEAD").key_name, reason="replaced"))
    crew.say("LEAD", a.Counted(thing=GUN.gun, count=1))
    assert crew.hub.picture.kernel.p1[GUN.gun, "1"] == NOBODY


def test_somebody_elses_signature_under_a_revoked_name_is_not_kept(crew: Crew) -> None:
    crew.say("UPM", a.KeyRevoked(key=made("ARM").key_name, reason="lost"))
    signed = crew.signed(named("p", "ARM"), made("ARM"), UNREMARKABLE)
    flipped = bytearray(signed.signature.signature)
    flipped[-1] ^= 1
    with pytest.raises(ColdcheckError, match=r"fit|DER"):
        record(crew.hub, replace(signed, signature=line_of(made("ARM"), bytes(flipped))), crew.now)
    stolen = crew.signed(named("p", "AD1"), made("ARM"), UNREMARKABLE)
    with pytest.raises(RevokedKey):
        record(crew.hub, stolen, crew.now)
    assert not crew.hub.picture.book.quarantined


def test_only_the_hub_keeps_apart(crew: Crew) -> None:
    act = a.Quarantined(sha256="0" * 64, key=made("ARM").key_name, reason="key_revoked", named=())
    refused(crew, "hub's own key", "UPM", act)


def test_a_hub_without_an_acting_key_refuses_it(crew: Crew) -> None:
    crew.say("UPM", a.KeyRevoked(key=made("ARM").key_name, reason="lost"))
    crew.hub = open_hub(crew.store, log_key=LOG_KEY, log=LOG, epoch=0, build="test")
    with pytest.raises(RevokedKey, match="Claim a new key"):
        crew.say("ARM", UNREMARKABLE)


# --- two people on one device --------------------------------------------------------------------------------------


def test_two_peoples_keys_on_one_device_are_known_as_such(crew: Crew) -> None:
    arm, ad1 = named("p", "ARM"), named("p", "AD1")
    assert not on_one_device(crew.hub.picture, (arm, ad1))
    crew.list_crew({"AD1": Role.FIRST_AD})
    spare = made("AD1", number=1)
    crew.claim("AD1", spare, device=phone(arm))
    assert on_one_device(crew.hub.picture, (arm, ad1))
    assert not on_one_device(crew.hub.picture, (arm, arm))
    crew.say("AD1", a.KeyRevoked(key=spare.key_name, reason="replaced"))
    assert not on_one_device(crew.hub.picture, (arm, ad1))


# --- what an outsider sees -----------------------------------------------------------------------------------------


def test_a_ledger_with_every_way_of_keys_verifies_and_so_does_its_export(tmp_path: Path) -> None:
    crew = Crew(create_ledger(tmp_path / "a.ledger", meta=META))
    crew.begin()
    crew.list_crew(PEOPLE)
    for label in PEOPLE:
        crew.claim(label)
    key = unlocked(crew)
    crew.say("ARM", UNREMARKABLE, key=key)
    new = made("ARM", number=1)
    act = crew.bring("ARM", new)
    crew.say("ARM", a.KeyRotated(old=made("ARM").key_name, key=new.key_name, sha256=a.act_hash(act)))
    crew.bring("AD1", made("AD1", number=1))
    crew.say("ARM", UNREMARKABLE)
    export_tiles(crew.store, tmp_path / "tiles")  # type: ignore[arg-type]  # it is the file's store
    crew.store.close()
    for path in (tmp_path / "a.ledger", tmp_path / "tiles"):
        report = verify_path(path, vkey=LOG_KEY.vkey)
        assert report.ok, report.first_bad
    rows = decode((tmp_path / "tiles" / "keys.json").read_bytes())
    assert isinstance(rows, list)
    assert len(rows) == len(crew.hub.picture.book.enrolled) + 1
    # A wrong domain in the list is found: it decides which signatures fit.
    text = (tmp_path / "tiles" / "keys.json").read_bytes().replace(b"set.example", b"fee.example")
    (tmp_path / "tiles" / "keys.json").write_bytes(text)
    assert not verify_path(tmp_path / "tiles", vkey=LOG_KEY.vkey).ok
    assert encode(rows) != text


# --- machines that cosign ------------------------------------------------------------------------------------------


def test_a_cosigner_is_named_by_an_officer_and_by_nobody_else(crew: Crew) -> None:
    studio, other = (CosignerKey.from_seed(name=f"studio/{n}", seed=bytes([n]) * 32).vkey for n in (1, 2))
    for label in ("ARM", "HUB"):
        crew.say(label, a.CosignerNamed(vkey=other))
        assert crew.hub.picture.book.cosigners == {}
    entry = crew.say(OFFICERS[0], a.CosignerNamed(vkey=studio)).entry_index
    crew.say(OFFICERS[1], a.CosignerNamed(vkey=studio))
    assert crew.hub.picture.book.cosigners == {studio: entry}


def test_a_log_key_is_never_named_as_a_cosigner(crew: Crew) -> None:
    refused(crew, "key confusion", OFFICERS[0], a.CosignerNamed(vkey=LOG_KEY.vkey))
    refused(crew, "not a cosigner's key", OFFICERS[0], a.CosignerNamed(vkey="studio.example"))
