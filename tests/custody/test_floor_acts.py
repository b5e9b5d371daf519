"""The acts of the floor beside loading and calling: what each takes away, what it asks of the next call, what a scan shows."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody.counts import balance_of
from coldcheck.custody.things import ActionType, Id, PlaceClass, Relation, RoundKind
from coldcheck.custody.views import concerns_about, gun_file_of, told_only
from coldcheck.proof.encoding import Plain, encode
from coldcheck.proof.sealed import Sealed
from floor import (
    AD1,
    ARM,
    BAG,
    BARN,
    BLANKS,
    COLT,
    CREW,
    DUMMIES,
    EMP,
    LEAD,
    PM,
    SEALED,
    SUP,
    TRAY,
    TRUCK,
    TWIN,
    WAYS,
    D,
    Deed,
    Stage,
    Way,
    claimed,
    counted,
    deed,
    handed,
    morning,
    named,
    prepared,
    seen_by,
)

EMPTY, DUMMY = WAYS[0], WAYS[1]
TEXT = "f" * 64


def stage(*deeds: Deed) -> Stage:
    out = Stage()
    for one in (*morning(), *deeds):
        out.do(one)
    return out


def calls(way: Way) -> Iterator[Deed]:
    yield from prepared(way, sheets=True)
    yield from claimed(way)


def called(*before: Deed, way: Way = DUMMY) -> tuple[str, set[str]]:
    """Verdict and what was found, of a call made after `before`."""
    step = stage(*before, *calls(way)).steps[-1]
    return step.verdict, {what for _rule, what in step.findings}


def codes(floor: Stage, gun: Id = COLT) -> set[str]:
    return {reason.code for reason in floor.cards()[gun].reasons}


def words(floor: Stage, gun: Id = COLT) -> str:
    return floor.cards()[gun].words


# --- what ends a call, each under its own code ---------------------------------------------------------------------

ENDS: dict[str, tuple[str, Deed]] = {
    "another serial": ("V18", deed(CREW, a.Scanned(gun=COLT, serial="Twin"))),
    "another serial at the door": ("V18", deed(CREW, a.InspectedIn(gun=COLT, serial="Other"))),
    "its lot recalled": ("V19", deed(SUP, a.LotRecalled(lot=DUMMIES, reason="primer"))),
    "a lot it was made of": ("V19", deed(SUP, a.LotRecalled(lot=named("l", "Mother"), reason="primer"))),
    "handler elsewhere": ("V22", deed(ARM, a.PresenceDeclared(place=TRUCK))),
    "a concern about it": ("V23", deed(CREW, a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED))),
    "a near miss": ("STOP", deed(CREW, a.NearMissLogged(gun="", remark=SEALED))),
    "carried off": ("V05", deed(ARM, a.CarriedTo(item=COLT, place=TRUCK))),
    "set apart": ("V10", deed(CREW, a.SetApart(item=COLT, reason="rattles"))),
    "its rounds set apart": ("V13", deed(CREW, a.SetApart(item=DUMMIES, reason="look"))),
    "the seal of its tray": ("V13", deed(CREW, a.SealBroken(container=TRAY, seal="7"))),
    "left the production": ("V12", deed(PM, a.LeftProduction(item=COLT, how=a.Ending.RETURNED_TO_OWNER, to=SUP))),
    "a part fitted": ("V10", deed(ARM, a.ConditionNoted(gun=COLT, work=a.Work.PART_FITTED, photo="", remark=SEALED))),
    "inspected": ("V01", deed(ARM, a.ConditionNoted(gun=COLT, work=a.Work.INSPECTED, photo="", remark=SEALED))),
    "another direction": ("V17", deed(LEAD, a.DirectionGiven(scene="S2", gun=COLT, action="cock"))),
    "another director": ("V17", deed(AD1, a.DirectorNamed(scene="S2", person=LEAD))),
    "other handling": ("V17", deed(ARM, a.HandlingAllowed(gun=COLT, actions=("draw",)))),
    "an answer corrected": ("V15", deed(ARM, a.Corrected(entry=42, remark=SEALED))),
    "released": ("V25", deed(EMP, a.EvidenceReleased(item=COLT, to=SUP))),
}


@pytest.mark.parametrize(("code", "event"), ENDS.values(), ids=ENDS)
def test_what_ends_a_standing_call_says_why(code: str, event: Deed) -> None:
    mother = a.LotRegistered(
        lot=named("l", "Mother"), label="Mother", calibre=".45", kind=RoundKind.DUMMY, count=9, tests=("hole",), strong=(),
        parents=(),
    )  # fmt: skip
    floor = Stage()
    for one in morning():
        acts = tuple(
            replace(act, parents=(a.ParentRow(relation=Relation.SPLIT_OF, parent=mother.lot),))
            if isinstance(act, a.LotRegistered) and act.lot == DUMMIES
            else act
            for act in one.acts
        )
        floor.do(replace(one, acts=acts))
    floor.do(deed(SUP, mother))
    for one in calls(DUMMY):
        floor.do(one)
    assert words(floor) == "PROVEN 2 DUMMIES"
    if isinstance(event.acts[0], a.Corrected):
        cleared = next(done for done in floor.picture.journal if isinstance(done.act, a.Cleared))
        event = replace(event, acts=(replace(event.acts[0], entry=cleared.entry_index),))
    floor.do(event)
    assert words(floor) == "TREAT AS LOADED"
    assert code in codes(floor)


def test_a_wrong_serial_casts_doubt_on_both_guns() -> None:
    floor = stage(*prepared(EMPTY, sheets=True), *prepared(WAYS[4], sheets=True, procedure="P2"))
    assert floor.picture.kernel.proven(TWIN, "1")
    floor.do(deed(CREW, a.Scanned(gun=COLT, serial="Twin")))
    assert not floor.picture.kernel.proven(TWIN, "1")
    assert not floor.picture.kernel.proven(COLT, "1")


QUIET = (
    deed(CREW, a.Scanned(gun=COLT, serial="Colt")),
    deed(ARM, a.PresenceDeclared(place=BARN)),
    deed(ARM, a.CarriedTo(item=COLT, place=BARN)),
    deed(ARM, a.DirectionGiven(scene="S2", gun=COLT, action="cock")),
    deed(SUP, a.LotRecalled(lot=BLANKS, reason="damp")),
    deed(ARM, a.RoundMarked(round_id=D[0], label="R-1")),
    deed(PM, a.LotClosed(lot=BLANKS, holder=SUP)),
    deed(SUP, a.ManifestSent(to=ARM, guns=(), lots=(BLANKS,))),
    deed(CREW, a.ConcernPassedOn(concern="c1", gun="", author=SEALED, remark=SEALED)),
    deed(CREW, a.HelpCalled(service="ambulance", place=BARN)),
    deed(AD1, a.NeedDecided(scene="S2", gun=COLT, alternatives=("rubber",), remark=SEALED)),
)


@pytest.mark.parametrize("event", QUIET, ids=lambda one: a.wire_name(type(one.acts[0])))
def test_what_is_in_order_leaves_the_call(event: Deed) -> None:
    assert words(stage(*calls(DUMMY), event)) == "PROVEN 2 DUMMIES"


@pytest.mark.parametrize("what", [D[0], DUMMIES, TRAY], ids=["a round in it", "the lot", "the tray it came from"])
def test_an_unreadable_act_ends_the_call_on_what_it_names_inside(what: Id) -> None:
    form: Plain = {"act": "juggled", "deep": {"down": [what]}}
    unknown = deed(CREW, a.UnknownAct(type_name="juggled", plain_form=encode(form)))
    floor = stage(*calls(DUMMY), unknown)
    assert words(floor) == "TREAT AS LOADED"
    assert "V20" in codes(floor)


def test_an_unreadable_act_about_another_round_leaves_the_call() -> None:
    form: Plain = {"act": "juggled", "round": D[3]}
    floor = stage(*calls(DUMMY), deed(CREW, a.UnknownAct(type_name="juggled", plain_form=encode(form))))
    assert words(floor) == "PROVEN 2 DUMMIES"


# --- what bars the next call ---------------------------------------------------------------------------------------

APART = deed(CREW, a.SetApart(item=COLT, reason="rattles"))
LISTED = deed(EMP, a.DutiesListed(day=1, rows=(a.DutyRow(duty="keys", person=PM), a.DutyRow(duty="door", person=CREW))))
TERMS = deed(EMP, a.TermsAdopted(sha256=TEXT))
CONCERN = deed(CREW, a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED))


def accepts(who: Id, duty: str) -> Deed:
    return deed(who, a.DutyAccepted(day=1, duty=duty))


def signs(who: Id) -> Deed:
    return deed(who, a.TermsSigned(sha256=TEXT))


BARS: dict[str, tuple[tuple[Deed, ...], str, tuple[Deed, ...]]] = {
    "set apart": ((APART,), "set_apart", (deed(ARM, a.Readmitted(item=COLT)),)),
    "its rounds set apart": (
        (deed(CREW, a.SetApart(item=D[0], reason="look")),),
        "rounds_set_apart",
        (deed(PM, a.Readmitted(item=D[0])),),
    ),
    "a duty nobody owns": ((LISTED, accepts(PM, "keys")), "duty_unowned", (accepts(CREW, "door"),)),
    "a duty another accepts": ((LISTED, accepts(PM, "keys"), accepts(PM, "door")), "duty_unowned", (accepts(CREW, "door"),)),
    "words not signed": ((TERMS, signs(ARM), signs(AD1)), "terms_not_signed", (signs(LEAD),)),
    "a concern about it": (
        (CONCERN,),
        "concern_open",
        (deed(EMP, a.ConcernAnswered(concern="c1", remark=SEALED)),),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("bar", "what", "cure"), BARS.values(), ids=BARS)
def test_what_bars_a_call_and_what_cures_it(bar: tuple[Deed, ...], what: str, cure: tuple[Deed, ...]) -> None:
    verdict, found = called(*bar)
    assert verdict == "refused"
    assert what in found
    assert called(*bar, *cure) == ("granted", set())


@pytest.mark.parametrize(
    ("bar", "not_a_cure"),
    [
        (APART, deed(CREW, a.Readmitted(item=COLT))),
        (CONCERN, deed(CREW, a.ConcernAnswered(concern="c2", remark=SEALED))),
        (deed(SUP, a.LotRecalled(lot=DUMMIES, reason="primer")), deed(ARM, a.Readmitted(item=DUMMIES))),
        (
            deed(PM, a.LeftProduction(item=COLT, how=a.Ending.LOST, to="")),
            deed(ARM, a.PickedUp(item=COLT)),
        ),
    ],
)  # fmt: skip
def test_what_is_not_the_cure_cures_nothing(bar: Deed, not_a_cure: Deed) -> None:
    assert called(bar, not_a_cure)[0] == "refused"


def test_only_the_employer_lists_duties_and_adopts_words() -> None:
    assert called(replace(LISTED, by=CREW), replace(TERMS, by=CREW)) == ("granted", set())


def test_rounds_left_alone_are_counted_again_before_the_next_call() -> None:
    left = (
        deed(ARM, a.PickedUp(item=TRAY)),
        deed(ARM, a.PutDown(item=TRAY, place=BARN)),
        deed(ARM, a.PickedUp(item=TRAY)),
    )
    verdict, found = called(*left)
    assert verdict == "refused"
    assert "left_since_counted" in found
    assert called(*left, *counted()) == ("granted", set())


def test_rounds_left_alone_inside_another_thing_are_counted_again_too() -> None:
    left = (deed(ARM, a.Stowed(item=TRAY, container=BAG)), deed(ARM, a.PutDown(item=BAG, place=BARN)))
    assert "left_since_counted" in called(*left)[1]


def test_a_gun_need_can_be_asked_for_by_a_file() -> None:
    text = """name = "house"
jurisdiction = "HOUSE"
reviewed_by = ""
reviewed_on = ""
[[rule]]
id = "HO-1"
since = "2026-01-01"
source = "house"
grade = "house"
gate = "call"
predicate = "need_decided"
refusal = "need"
who = "first_ad"
needs = "need"
with = { capabilities = "W3" }
"""
    adopted = deed(EMP, a.RulebookAdopted(name="house", sha256=sha256(text.encode()).hexdigest(), text=text))
    decided = a.NeedDecided(scene="S2", gun=COLT, alternatives=("rubber", "effects"), remark=SEALED)
    assert called(adopted) == ("refused", {"need_not_decided"})
    assert called(adopted, deed(CREW, decided)) == ("refused", {"need_not_decided"})
    assert called(adopted, deed(AD1, decided)) == ("granted", set())


# --- findings ------------------------------------------------------------------------------------------------------

ODD: dict[str, tuple[tuple[Deed, ...], str]] = {
    "a lot not on the manifest": (
        (deed(SUP, a.ManifestSent(to=ARM, guns=(), lots=(BLANKS,))), deed(SUP, a.Delivered(lot=DUMMIES, container=BAG, count=4, to=ARM))),
        "not_on_manifest",
    ),
    "a gun not on the manifest": (
        (deed(SUP, a.ManifestSent(to=ARM, guns=(TWIN,), lots=())), deed(SUP, a.HandedOver(item=COLT, to=ARM))),
        "not_on_manifest",
    ),
    "another seal": (
        (deed(ARM, a.SealApplied(container=TRAY, seal="7")), deed(CREW, a.SealBroken(container=TRAY, seal="8"))),
        "seal_differs",
    ),
    "a direction by another": ((deed(CREW, a.DirectionGiven(scene="S1", gun=COLT, action="draw")),), "direction_through_keeper"),
}  # fmt: skip


@pytest.mark.parametrize(("deeds", "what"), ODD.values(), ids=ODD)
def test_what_is_out_of_order_is_found_and_kept(deeds: tuple[Deed, ...], what: str) -> None:
    floor = stage(*deeds)
    assert floor.steps[-1].verdict == "admitted"
    assert what in {found for _rule, found in floor.steps[-1].findings}


def test_who_directs_stays_within_set_up_and_gun() -> None:
    card = a.SetUpSigned(
        scene="S1", activity=a.Activity.TAKE, line=(), muzzle="left", actions=("draw", "aim"), distance_ft=20
    )
    ready = (
        deed(AD1, a.DirectorNamed(scene="S1", person=CREW)),
        deed(AD1, card),
        deed(ARM, card),
        deed(ARM, a.HandlingAllowed(gun=COLT, actions=("draw",))),
    )

    def found(who: Id, action: str) -> bool:
        floor = stage(*ready, deed(who, a.DirectionGiven(scene="S1", gun=COLT, action=action)))
        return bool(floor.steps[-1].findings)

    assert not found(CREW, "draw")
    assert found(CREW, "aim")
    assert found(CREW, "cock")
    assert found(LEAD, "draw")


# --- told, the gun's file, concerns --------------------------------------------------------------------------------


def told(**changes: Any) -> Deed:
    return deed(AD1, replace(a.Told(gun=COLT, to=LEAD, gist="empty", words=SEALED), **changes))


def test_who_was_told_and_has_not_seen_stands_on_the_card() -> None:
    floor = stage(told())
    assert told_only(floor.picture, COLT) == ("performer",)
    assert floor.cards()[COLT].told_only == ("performer",)
    for one in (*prepared(EMPTY, sheets=True), *seen_by(EMPTY, LEAD)):
        floor.do(one)
    assert floor.cards()[COLT].told_only == ()
    floor.do(told())
    assert floor.cards()[COLT].told_only == ("performer",)


def test_being_told_is_never_a_basis() -> None:
    without_show = [one for one in calls(EMPTY) if not isinstance(one.acts[0], a.Showed | a.Seen | a.ShowClosed)]
    floor = stage(told(), *without_show, told())
    assert words(floor) == "TREAT AS LOADED"


def test_a_scan_offers_action_and_condition_file() -> None:
    note = a.ConditionNoted(gun=COLT, work=a.Work.INSPECTED, photo="e" * 64, remark=SEALED)
    floor = stage(
        deed(ARM, note),
        deed(CREW, a.Discharged(gun=COLT, planned=False, shots=1, hit=())),
        deed(ARM, a.GunMishap(gun=COLT, mishap=a.Mishap.DROPPED)),
    )
    file = gun_file_of(floor.picture, COLT)
    assert file.action == ActionType.SINGLE_ACTION
    assert "cock" in file.allowed
    assert [(line.what, line.photo) for line in file.conditions] == [
        ("inspected", "e" * 64), ("unintended_discharge", ""), ("dropped", "")
    ]  # fmt: skip
    assert file.unclosed
    floor.do(deed(ARM, note))
    floor.do(deed(ARM, a.HandlingAllowed(gun=COLT, actions=("draw",))))
    assert not gun_file_of(floor.picture, COLT).unclosed
    assert gun_file_of(floor.picture, COLT).allowed == ("draw",)


def test_a_concern_shows_since_when_and_which_gun_and_never_whose() -> None:
    author = Sealed(commitment="a" * 64)
    act = a.ConcernPassedOn(concern="c1", gun=COLT, author=author, remark=SEALED)
    floor = stage(deed(EMP, act))
    assert floor.cards()[COLT].concerns == (floor.steps[-1].entry_index,)
    assert a.about((act,), by=EMP) == tuple(sorted((COLT, EMP)))
    floor.do(deed(EMP, a.ConcernAnswered(concern="c1", remark=SEALED)))
    assert concerns_about(floor.picture, COLT) == ()


@pytest.mark.parametrize("who", [CREW, LEAD, SUP])
def test_anybody_stops_asks_and_logs_a_near_miss_with_effect_at_once(who: Id) -> None:
    for act in (
        a.Stopped(reason="rain", remark=SEALED), a.NearMissLogged(gun=COLT, remark=SEALED), a.AskedToSee(gun=COLT),
        a.ConcernPassedOn(concern="c1", gun=COLT, author=SEALED, remark=SEALED),
    ):  # fmt: skip
        assert words(stage(*calls(EMPTY), deed(who, act))) == "TREAT AS LOADED"


@pytest.mark.parametrize(
    "event", [a.Discharged(gun=COLT, planned=False, shots=1, hit=(CREW,)), a.NearMissLogged(gun="", remark=SEALED)]
)
def test_an_unintended_shot_or_a_near_miss_is_closed_by_three_and_nobody_else(event: a.Act) -> None:
    floor = stage(deed(CREW, event))
    stop = min(floor.picture.open_stops)
    lift = a.StopLifted(stop=stop, cause=SEALED)
    for who in (PM, CREW, SUP):
        assert floor.do(deed(who, lift)).verdict == "refused"
    for who in (ARM, AD1):
        assert floor.do(deed(who, lift)).verdict == "admitted"
    assert floor.picture.open_stops
    assert floor.do(deed(EMP, lift)).verdict == "granted"
    assert not floor.picture.open_stops


def test_help_called_is_kept_beside_the_shot() -> None:
    floor = stage(
        deed(CREW, a.Discharged(gun=COLT, planned=False, shots=1, hit=(LEAD,))),
        deed(AD1, a.HelpCalled(service="ambulance", place=BARN)),
    )
    assert floor.picture.frozen_entry is not None
    assert floor.picture.helped == [floor.steps[-1].entry_index]


# --- conservation --------------------------------------------------------------------------------------------------


def test_every_round_of_a_lot_is_accounted_for() -> None:
    floor = stage(*calls(DUMMY), *handed(COLT))
    assert (balance_of(floor.picture, DUMMIES), balance_of(floor.picture, BLANKS)) == (0, 0)
    floor.do(deed(ARM, a.Disposed(thing=TRAY, count=2, how="destroyed")))
    assert balance_of(floor.picture, DUMMIES) + balance_of(floor.picture, BLANKS) == 0


def test_a_round_that_is_nowhere_bars_calls_with_its_lot() -> None:
    row = a.LoadRow(position="2", round_id=D[1], thing="", cell="")
    gone = [*prepared(DUMMY, sheets=True), deed(ARM, a.Unloaded(gun=COLT, rows=(row,)))]
    floor = stage(*gone)
    assert balance_of(floor.picture, DUMMIES) == 1
    one = Way(gun=COLT, call=DUMMY.call, rounds=D[2:3])
    assert "lot_off" in called(*gone, *counted(7), way=one)[1]


def test_what_was_only_counted_leaves_by_the_count() -> None:
    loose = (
        deed(SUP, a.Delivered(lot=BLANKS, container=BAG, count=6, to=ARM)),
        deed(ARM, a.Received(lot=BLANKS, container=BAG, source=SUP, cells=(), count=6)),
        deed(ARM, a.Disposed(thing=BAG, count=4, how="returned_to_owner")),
    )
    floor = stage(*loose)
    assert sum(floor.picture.own_loose[BAG].values()) == 2
    assert balance_of(floor.picture, BLANKS) == 0


# --- strict forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "field", "wrong"),
    [
        (a.PickedUp(item=COLT), "item", ARM),
        (a.AskedToSee(gun=COLT), "gun", TRAY),
        (a.HandedOver(item=COLT, to=LEAD), "to", COLT),
        (a.PutDown(item=COLT, place=BARN), "place", LEAD),
        (a.Counted(thing=TRAY, count=1), "thing", D[0]),
        (a.LotRecalled(lot=DUMMIES, reason="x"), "lot", COLT),
        (a.RoundExamined(round_id=D[0], kind=RoundKind.DUMMY), "round_id", COLT),
        (a.PlaceRegistered(place=BARN, label="B", place_class=PlaceClass.SET, parent=""), "parent", DUMMIES),
        (a.ConcernPassedOn(concern="c", gun="", author=SEALED, remark=SEALED), "gun", LEAD),
    ],
    ids=lambda one: a.wire_name(type(one)) if not isinstance(one, str) else None,
)
def test_an_id_begins_with_the_letter_of_its_field(act: a.Act, field: str, wrong: Id) -> None:
    form = a.plain(act)
    assert a.read_act(form) == act
    with pytest.raises(a.BadAct, match=field):
        a.read_act({**form, field: wrong})
