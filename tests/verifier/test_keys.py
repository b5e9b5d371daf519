"""Which key counts where, by the entries: officers, people's own keys, revocation and rotation, as section 6 has it.

A log with officers is written by hand; each test changes one step of it.
"""

import base64
import copy
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coldcheck.custody.things import Role
from coldcheck.proof.cosign import CosignerKey
from coldcheck.station.audit import audit_export
from coldcheck.station.verify import verify_path
from tracked import REPO
from verifier.exports import HUB, HUB_KEY, ORIGIN, RP, ActingKey, Change, Files, Log, N, canonical, sha256, write
from verifier.node import ask, hexed, verify_files

HERE = sys.modules[__name__]
HUB_ACTING = ActingKey(name=HUB_KEY, key_class="hub")
ANA, BEA, CAI, DEE = "p000000000ANA", "p000000000BEA", "p000000000CA1", "p000000000DEE"
KEYS = {
    ANA: ActingKey(name="k000000000ANA", key_class="device"),
    BEA: ActingKey(name="k000000000BEA", key_class="device"),
    CAI: ActingKey(name="k000000000CA1", key_class="device"),
}
ACT = {"act": "duty_opened", "duty": "armorer", "exclusive": False}

Step = Callable[["People"], None]


def enrolment(person: str, key: ActingKey) -> dict[str, object]:
    passkey = key.key_class == "passkey"
    return {
        "act": "key_enrolled", "person": person, "key": key.name, "key_class": key.key_class, "public": key.public.hex(),
        "rp": RP if passkey else "", "origins": [ORIGIN] if passkey else [], "credential": "33" * 32 if passkey else "",
        "device": "44" * 32,
    }  # fmt: skip


def act_hash(act: dict[str, object]) -> str:
    return sha256(canonical(act)).hex()


class People:
    """A log whose entry 0 names two officers; the methods append one entry each."""

    def __init__(
        self, *, signed_by: tuple[str, ...] = (ANA, BEA), more: Callable[[list[dict[str, object]]], None] | None = None
    ) -> None:
        """`more` may change the acts of entry 0 before they are signed."""
        self.log = Log()
        acts: list[dict[str, object]] = [
            {"act": "production_opened", "key": HUB_KEY, "name": "11" * 32, "production": "TEST",
             "public": HUB_ACTING.public.hex(), "vkey": self.log.key.vkey},
        ]  # fmt: skip
        for person, label in ((ANA, "ANA"), (BEA, "BEA")):
            acts.append(
                {"act": "officer_named", "person": person, "label": label, "name": "22" * 32, "roles": ["armorer"]}
            )
            acts.append(enrolment(person, KEYS[person]))
            self.known(person, KEYS[person])
        self.log.keys[HUB_KEY] = ("hub", HUB_ACTING.public, None)
        if more is not None:
            more(acts)
        self.log.add(
            acts[0], by=HUB, key=HUB_ACTING,
            change=lambda author, _receipt: author.update(acts=acts),
            sign=lambda key, line1: key.line(line1) + b"".join(KEYS[person].line(line1) for person in signed_by),
        )  # fmt: skip

    def known(self, person: str, key: ActingKey) -> None:
        """Notes that keys.json lists this key from here on."""
        self.log.keys[key.name] = (key.key_class, key.public, person)

    def claims(
        self, key: ActingKey = KEYS[CAI], *, card: ActingKey | None = None, of: ActingKey | None = None, log: str = ""
    ) -> None:
        """CAI takes his place with a new key; `of` is the key that the card signed for."""
        card, of = card or CARD, of or key
        words = (log or self.log.origin.rpartition("/")[0], CAI, of.name, of.public.hex())
        message = "coldcheck/join/v1\n" + "".join(f"{word}\n" for word in words)
        proof = base64.b64decode(card.line(message.encode()).split()[2])[4:]
        act = {"act": "key_claimed", "key": key.name, "card": card.public.hex(), "proof": proof.hex()}
        self.known(CAI, key)
        self.log.add(
            act, by=CAI, key=key, sign=signed,
            change=lambda author, _receipt: author.update(acts=[enrolment(CAI, key), act]),
        )  # fmt: skip

    def crew(self, *, by: str = ANA, confirmed_by: str = BEA) -> None:
        row = {
            "card": sha256(CARD.public).hex(),
            "label": "CAI",
            "name": "22" * 32,
            "person": CAI,
            "roles": ["armorer"],
        }
        listed: dict[str, object] = {"act": "crew_listed", "rows": [row]}
        self.log.add(listed, by=by, key=KEYS[by])
        self.log.add({"act": "crew_confirmed", "sha256": act_hash(listed)}, by=confirmed_by, key=KEYS[confirmed_by])

    def asks(self, key: ActingKey = KEYS[CAI], *, signer: ActingKey | None = None, person: str = CAI) -> None:
        # A key that waits is listed too: it has signed an entry.
        self.known(person, key)
        self.log.add(enrolment(person, key), by=person, key=signer or key, sign=signed)

    def confirms(
        self, officer: str, key: ActingKey = KEYS[CAI], *, person: str = CAI, signer: ActingKey | None = None
    ) -> None:
        act = {"act": "enrolment_confirmed", "key": key.name, "sha256": act_hash(enrolment(person, key))}
        self.log.add(act, by=officer, key=signer or KEYS[officer])

    def welcomes(self, key: ActingKey = KEYS[CAI], *, person: str = CAI) -> None:
        """The key asks and both officers confirm it."""
        self.asks(key, person=person)
        self.confirms(ANA, key, person=person)
        self.confirms(BEA, key, person=person)
        self.known(person, key)

    def acts(self, key: ActingKey = KEYS[CAI], act: dict[str, object] | None = None, *, person: str = CAI) -> None:
        self.log.add(act or ACT, by=person, key=key, sign=signed)

    def revokes(self, by: str, key: ActingKey = KEYS[CAI]) -> None:
        self.log.add({"act": "key_revoked", "key": key.name, "reason": "lost"}, by=by, key=KEYS[by])

    def rotates(self, old: ActingKey, new: ActingKey) -> None:
        act = {"act": "key_rotated", "old": old.name, "key": new.name, "sha256": act_hash(enrolment(CAI, new))}
        self.log.add(act, by=CAI, key=old, sign=signed)


def signed(key: ActingKey, line1: bytes) -> bytes:
    """A line in the way of the key's class."""
    return key.assertion_line(line1, rp=RP, origin=ORIGIN) if key.key_class == "passkey" else key.line(line1)


SECOND = ActingKey(name="k00000000CA12", key_class="device")
PASSKEY = ActingKey(name="k00000000CA1P", key_class="passkey")
UNLOCKED = ActingKey(name="k00000000CA1V", key_class="unlocked")
FLOOR = ActingKey(name="k00000000CA1F", key_class="attended")
COSIGNER = CosignerKey.from_seed(name="studio.example/c1", seed=bytes(range(32))).vkey
WEAK = base64.b64encode(bytes([4]) + bytes(32)).decode()
CARD, OTHER_CARD = ActingKey(name="card", key_class="demo"), ActingKey(name="other", key_class="demo")


def with_cai() -> People:
    people = People()
    people.crew()
    people.welcomes()
    return people


def by_two_officers() -> People:
    people = with_cai()
    people.acts()
    return people


def revoked_by_its_owner_and_listed_still() -> People:
    people = with_cai()
    people.revokes(CAI)
    people.acts(KEYS[ANA], person=ANA)
    return people


def rotated_to_a_new_key() -> People:
    people = with_cai()
    people.asks(SECOND)
    people.rotates(KEYS[CAI], SECOND)
    people.known(CAI, SECOND)
    people.acts(SECOND)
    return people


def with_a_passkey_and_what_it_unlocked() -> People:
    people = with_cai()
    people.welcomes(PASSKEY)
    people.acts(PASSKEY)
    people.asks(UNLOCKED)
    unlock = {"act": "key_unlocked", "key": UNLOCKED.name, "sha256": act_hash(enrolment(CAI, UNLOCKED)), "seconds": 60}
    people.acts(PASSKEY, unlock)
    people.known(CAI, UNLOCKED)
    people.acts(UNLOCKED)
    return people


def one_officers_list_changes_nothing() -> People:
    people = People()
    people.crew(by=ANA, confirmed_by=ANA)
    people.acts(KEYS[BEA], person=BEA)
    return people


def claimed_by_join_card() -> People:
    people = People()
    people.crew()
    people.claims()
    people.acts()
    return people


def claimed_again_with_the_next_lists_card() -> People:
    people = claimed_by_join_card()
    people.crew()
    people.claims(PASSKEY)
    people.acts(PASSKEY)
    return people


def a_key_that_waits() -> People:
    people = with_cai()
    people.asks(SECOND)
    people.acts()
    return people


def names(people: People, officer: str, vkey: str) -> People:
    people.log.add({"act": "cosigner_named", "vkey": vkey}, by=officer, key=KEYS[officer])
    return people


def a_cosigner_named_by_an_officer() -> People:
    return names(People(), ANA, COSIGNER)


def a_cosigner_named_by_another_changes_nothing() -> People:
    return names(with_cai(), CAI, COSIGNER)


GOOD = (
    a_cosigner_named_by_an_officer, a_cosigner_named_by_another_changes_nothing,
    claimed_by_join_card, claimed_again_with_the_next_lists_card, a_key_that_waits, People, by_two_officers, revoked_by_its_owner_and_listed_still, rotated_to_a_new_key,
    with_a_passkey_and_what_it_unlocked, one_officers_list_changes_nothing,
)  # fmt: skip


def after_one_officer() -> People:
    people = People()
    people.crew()
    people.asks()
    people.confirms(ANA)
    people.acts()
    return people


def after_one_officer_twice() -> People:
    people = People()
    people.crew()
    people.asks()
    people.confirms(ANA)
    people.confirms(ANA)
    people.acts()
    return people


def by_an_officer_who_vouches_for_himself() -> People:
    people = People()
    second = ActingKey(name="k00000000ANA2", key_class="device")
    people.asks(second, person=ANA)
    people.confirms(ANA, second, person=ANA)
    people.confirms(BEA, second, person=ANA)
    people.acts(second, person=ANA)
    return people


def of_a_person_on_nobodys_list() -> People:
    people = People()
    people.asks(ActingKey(name="k000000000DEE", key_class="device"), person=DEE)
    return people


def of_a_list_that_one_officer_signed_twice() -> People:
    people = People()
    people.crew(by=BEA, confirmed_by=BEA)
    people.asks()
    return people


def whose_enrolment_another_key_signed() -> People:
    people = with_cai()
    people.asks(SECOND, signer=KEYS[CAI])
    return people


def that_was_revoked() -> People:
    people = with_cai()
    people.revokes(ANA)
    people.acts()
    return people


def that_was_rotated_away() -> People:
    people = rotated_to_a_new_key()
    people.acts(KEYS[CAI])
    return people


def rotated_across_classes() -> People:
    people = with_cai()
    people.asks(PASSKEY)
    people.rotates(KEYS[CAI], PASSKEY)
    people.acts(PASSKEY)
    return people


def with_a_public_key_that_is_here_already() -> People:
    people = with_cai()

    class Twin(ActingKey):
        @property
        def private(self) -> Any:
            return KEYS[CAI].private

    people.asks(Twin(name="k0000000TW1NX", key_class="device"))
    return people


def unlocked_by_a_device_key() -> People:
    people = with_cai()
    people.asks(UNLOCKED)
    unlock = {"act": "key_unlocked", "key": UNLOCKED.name, "sha256": act_hash(enrolment(CAI, UNLOCKED)), "seconds": 60}
    people.acts(KEYS[CAI], unlock)
    people.acts(UNLOCKED)
    return people


def of_a_floor_phone_for_its_holder() -> People:
    people = with_cai()
    people.welcomes(FLOOR)
    people.acts(FLOOR)
    return people


def enrolled_by_the_hub_beside_officers() -> People:
    people = People()
    people.log.enrol(person=CAI, key=KEYS[CAI])
    return people


def a_passkey_over_another_page() -> People:
    people = with_cai()
    people.welcomes(PASSKEY)
    elsewhere = "https://elsewhere.example"
    people.log.add(ACT, by=CAI, key=PASSKEY, sign=lambda key, line1: key.assertion_line(line1, rp=RP, origin=elsewhere))
    return people


def a_passkey_without_its_user() -> People:
    people = with_cai()
    people.welcomes(PASSKEY)
    people.log.add(
        ACT, by=CAI, key=PASSKEY, sign=lambda key, line1: key.assertion_line(line1, rp=RP, origin=ORIGIN, flags=0x01)
    )
    return people


def a_passkey_that_signs_raw() -> People:
    people = with_cai()
    people.welcomes(PASSKEY)
    people.log.add(ACT, by=CAI, key=PASSKEY)
    return people


def an_officer_named_later() -> People:
    people = with_cai()
    act: dict[str, object] = {"act": "officer_named", "person": CAI, "label": "X", "name": "22" * 32, "roles": []}
    people.acts(HUB_ACTING, act, person=HUB)
    return people


def a_confirmation_that_does_not_stand_alone() -> People:
    people = People()
    people.crew()
    people.asks()
    act = {"act": "enrolment_confirmed", "key": KEYS[CAI].name, "sha256": act_hash(enrolment(CAI, KEYS[CAI]))}
    people.log.add(act, by=ANA, key=KEYS[ANA], change=lambda author, _receipt: author.update(acts=[act, ACT]))
    return people


def claimed_with_a_used_card() -> People:
    people = claimed_by_join_card()
    people.claims(SECOND)
    return people


def claimed_with_another_card() -> People:
    people = People()
    people.crew()
    people.claims(card=OTHER_CARD)
    return people


def claimed_with_a_proof_for_another_key() -> People:
    people = People()
    people.crew()
    people.claims(of=SECOND)
    return people


def claimed_with_a_proof_for_another_log() -> People:
    people = People()
    people.crew()
    people.claims(log="hub-2/TEST")
    return people


def claimed_from_a_list_that_one_officer_signed() -> People:
    people = People()
    people.crew(confirmed_by=ANA)
    people.claims()
    return people


def a_log_key_named_as_a_cosigner() -> People:
    people = People()
    return names(people, ANA, people.log.key.vkey)


def a_cosigner_whose_key_is_of_small_order() -> People:
    return names(People(), ANA, f"studio+{sha256(b'studio' + bytes([10, 4]) + bytes(32)).hex()[:8]}+{WEAK}")


BAD = (
    a_log_key_named_as_a_cosigner, a_cosigner_whose_key_is_of_small_order,
    claimed_with_a_used_card, claimed_with_another_card, claimed_with_a_proof_for_another_key,
    claimed_with_a_proof_for_another_log, claimed_from_a_list_that_one_officer_signed,
    after_one_officer, after_one_officer_twice, by_an_officer_who_vouches_for_himself, of_a_person_on_nobodys_list,
    of_a_list_that_one_officer_signed_twice, whose_enrolment_another_key_signed, that_was_revoked,
    that_was_rotated_away, rotated_across_classes, with_a_public_key_that_is_here_already, unlocked_by_a_device_key,
    of_a_floor_phone_for_its_holder, enrolled_by_the_hub_beside_officers, a_passkey_over_another_page,
    a_passkey_without_its_user, a_passkey_that_signs_raw, an_officer_named_later,
    a_confirmation_that_does_not_stand_alone,
)  # fmt: skip


def both(files: Files, directory: Path) -> tuple[Any, Any]:
    """What JavaScript and Python say of it: the report of the first, and whether the second and the audit agree with it."""
    (report,) = verify_files(files)
    assert report["cannot"] is None
    ours = verify_path(write(files, directory), vkey=None)
    bad = report["first_bad"]
    said = (report["ok"], bad and bad["entry"])
    assert (ours.ok, ours.first_bad and ours.first_bad.entry) == said, (ours.first_bad, bad)
    assert not ours.ok or list(ours.remarks) == report["remarks"]
    audited = audit_export(directory, vkey=None, jobs=1)
    assert (audited.ok, audited.first_bad and audited.first_bad.entry) == said, (audited.first_bad, bad)
    return said


@pytest.mark.parametrize("log", GOOD)
def test_a_log_that_keeps_the_rules_of_keys_is_good_to_both(log: Callable[[], People], tmp_path: Path) -> None:
    assert both(log().log.files(), tmp_path) == (True, None)


@pytest.mark.parametrize("log", BAD)
def test_the_last_entry_is_refused_by_both_when_its_key_does_not_count(
    log: Callable[[], People], tmp_path: Path
) -> None:
    people = log()
    assert both(people.log.files(), tmp_path) == (False, len(people.log.entries) - 1)


@dataclass(kw_only=True)
class _Spoilt(Log):
    """A log whose entry `at` gets other fields into its acts before they are signed."""

    at: int
    spoil: Callable[[Any], object]

    def add(self, act: Mapping[str, object], **of: Any) -> None:
        change: Change = of.pop("change", lambda _author, _receipt: None)

        def spoilt(author: dict[str, object], receipt: dict[str, object]) -> None:
            change(author, receipt)
            if len(self.entries) == self.at:
                author["acts"] = copy.deepcopy(author["acts"])
                self.spoil(author["acts"])

        super().add(act, **of, change=spoilt)


def spoilt_log(
    monkeypatch: pytest.MonkeyPatch, build: Callable[[], People], at: int, spoil: Callable[[Any], object]
) -> Files:
    """The files of what `build` makes, with the acts of entry `at` changed by `spoil`, signed as they then are."""

    def made() -> Log:
        return _Spoilt(at=at, spoil=spoil)

    monkeypatch.setattr(HERE, "Log", made)
    return build().log.files()


def of_the_hub(act: Mapping[str, object]) -> Callable[[], People]:
    def made() -> People:
        people = People()
        people.log.add(act, by=HUB, key=HUB_ACTING)
        return people

    return made


def said(name: str, value: object) -> Callable[[Any], object]:
    return lambda acts: acts[0].update({name: value})


def of_a_row(name: str, value: object) -> Callable[[Any], object]:
    return lambda acts: acts[0]["rows"][0].update({name: value})


QUARANTINED = {"act": "quarantined", "key": "k00000000CA11", "named": [], "reason": "key_revoked", "sha256": "11" * 32}
SEALED_DAY = {"act": "deliveries_sealed", "from_entry": 0, "rows": 0, "sha256": "11" * 32, "to_entry": 1}
ERASED = {"act": "opening_erased", "commitments": ["22" * 32], "reason": "time_is_over"}


@pytest.mark.parametrize(
    ("build", "at", "spoil"),
    [
        (People, 0, lambda acts: acts[1].update(roles=["armourer"])),
        (People, 0, lambda acts: acts[2].update(device="x")),
        (with_cai, 1, of_a_row("card", "11" * 65)),
        (with_cai, 1, of_a_row("roles", [""])),
        (with_cai, 1, of_a_row("person", "k00000000CA11")),
        (with_cai, 3, said("device", "AB" * 32)),
        (with_cai, 4, said("sha256", "11" * 31)),
        (with_cai, 4, said("key", "p00000000CA11")),
        (with_a_passkey_and_what_it_unlocked, 6, said("credential", "x")),
        (rotated_to_a_new_key, 7, said("sha256", "AB" * 32)),
        (rotated_to_a_new_key, 7, said("old", "g00000000CA11")),
        (revoked_by_its_owner_and_listed_still, 6, said("key", "z00000000CA11")),
        (of_the_hub(QUARANTINED), 1, said("sha256", "")),
        (of_the_hub(QUARANTINED), 1, said("named", ["x"])),
        (of_the_hub(QUARANTINED), 1, said("more", 1)),
        (of_the_hub(SEALED_DAY), 1, said("rows", -1)),
        (of_the_hub(SEALED_DAY), 1, said("sha256", "zz" * 32)),
        (of_the_hub(ERASED), 1, said("commitments", ["22" * 31])),
        (of_the_hub({"act": "legal_hold_lifted", "hold": 0}), 1, said("hold", "0")),
        (of_the_hub({"act": "legal_hold_placed", "reason": "x", "scope": "all"}), 1, said("scope", None)),
    ],
)
def test_an_act_about_keys_or_words_of_another_form_is_its_entrys_flaw_to_all_three(
    build: Callable[[], People],
    at: int,
    spoil: Callable[[Any], object],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert both(spoilt_log(monkeypatch, build, at, spoil), tmp_path) == (False, at)


@pytest.mark.parametrize(
    ("rp", "origins", "good"),
    [
        ("localhost", ["http://localhost:8000"], True),
        ("set.example", [f"https://{number}.set.example" for number in range(16)], True),
        ("set.example", [f"https://{number}.set.example" for number in range(17)], False),
        ("set.example", ["https://a.set.example", "https://a.set.example"], False),
        ("set.example", ["https://evilset.example"], False),
        ("set.example", ["http://a.set.example"], False),
        ("set.example", ["https://a.set.example/"], False),
        ("set.example", ["https://a.set.example:0443"], False),
        ("SET.example", ["https://a.SET.example"], False),
        ("set..example", ["https://a.set..example"], False),
        ("10.0.0.1", ["https://10.0.0.1"], False),
        ("com", ["https://a.com"], False),
    ],
)
def test_a_passkey_comes_under_a_domain_and_origins_that_a_browser_takes_or_its_entry_is_bad_to_all_three(
    rp: str, origins: list[str], *, good: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def line(key: ActingKey, line1: bytes) -> bytes:
        return key.assertion_line(line1, rp=rp, origin=origins[0]) if key.key_class == "passkey" else key.line(line1)

    ours = enrolment
    monkeypatch.setattr(HERE, "signed", line)
    monkeypatch.setattr(
        HERE,
        "enrolment",
        lambda person, key: ours(person, key) | ({"rp": rp, "origins": origins} if key.key_class == "passkey" else {}),
    )
    files = with_a_passkey_and_what_it_unlocked().log.files()
    rows = json.loads(files["keys.json"])
    rows = [row | ({"rp": rp, "origins": origins} if row["class"] == "passkey" else {}) for row in rows]
    assert both({**files, "keys.json": canonical(rows)}, tmp_path) == ((True, None) if good else (False, 6))


def test_the_roles_of_the_page_and_of_javascript_are_ours() -> None:
    for path in ("docs/format.md", "verifier/coldcheck-verify.mjs"):
        text = (REPO / path).read_text()
        assert [role for role in Role if f"`{role}`" not in text and f'"{role}"' not in text] == []


@pytest.mark.parametrize("signed_by", [(), (ANA,), (ANA, BEA, CAI)])
def test_entry_0_is_signed_by_every_officer_it_names_and_by_nobody_else(
    signed_by: tuple[str, ...], tmp_path: Path
) -> None:
    assert both(People(signed_by=signed_by).log.files(), tmp_path) == (False, 0)


def _changed(index: int, **values: object) -> Callable[[list[dict[str, object]]], None]:
    return lambda acts: acts[index].update(values)


def _added(*more: Mapping[str, object]) -> Callable[[list[dict[str, object]]], None]:
    return lambda acts: acts.extend(dict(one) for one in more)


def enrolled(person: str, key: ActingKey | None) -> dict[str, object]:
    """What the hub says of somebody, with a key or without."""
    return {
        "act": "person_enrolled", "person": person, "label": person, "name": "22" * 32, "roles": ["armorer"],
        "key": key.name if key else "k000000000000", "key_class": key.key_class if key else "device",
        "public": key.public.hex() if key else "",
    }  # fmt: skip


ENTRY_0 = {
    "two officers' keys under one name": _changed(4, key=KEYS[ANA].name),
    "an officer with the hub's key": _changed(2, public=HUB_ACTING.public.hex()),
    "an officer's key under the hub's name": _changed(2, key=HUB_KEY),
    "one public key for two officers": _changed(4, public=KEYS[ANA].public.hex()),
    "an officer without a key": lambda acts: acts.pop(),
    "a key for nobody": _changed(4, person=CAI),
    "an officer whose key is of class demo": _changed(2, key_class="demo"),
    "somebody the hub enrols beside officers": _added(enrolled(CAI, KEYS[CAI])),
    "somebody the hub enrols before it names officers": lambda acts: acts.insert(1, enrolled(CAI, KEYS[CAI])),
    "an officer the hub enrols as well": _added(enrolled(ANA, None)),
    "an officer's key that is no point": _changed(2, public="04" + "00" * 64),
}


@pytest.mark.parametrize("what", ENTRY_0)
def test_an_entry_0_that_brings_what_it_may_not_is_refused_by_both(what: str, tmp_path: Path) -> None:
    assert both(People(more=ENTRY_0[what]).log.files(), tmp_path) == (False, 0)


@pytest.mark.parametrize("other", [KEYS[BEA], ActingKey(name=KEYS[ANA].name, key_class="demo")])
def test_two_people_enrolled_in_one_entry_do_not_share_a_key_or_its_name(other: ActingKey, tmp_path: Path) -> None:
    log = Log()
    log.open_production()
    twin = {**enrolled(BEA, other), **({} if other.name == KEYS[ANA].name else {"public": KEYS[ANA].public.hex()})}
    acts = [enrolled(ANA, KEYS[ANA]), twin]
    log.add(acts[0], by=HUB, key=HUB_ACTING, change=lambda author, _receipt: author.update(acts=acts))
    assert both(log.files(), tmp_path) == (False, 1)


# --- keys that nobody may have ----------------------------------------------------------------------------------------

FIELD = 2**255 - 19
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def vkey_of(public: bytes, *, key_id: bytes | None = None) -> str:
    name = "hub-1/TEST/e0"
    own = sha256(name.encode() + b"\n\x01" + public)[:4]
    return f"{name}+{(key_id or own).hex()}+{base64.b64encode(bytes([1]) + public).decode()}"


@pytest.mark.parametrize(
    ("public", "word"),
    [
        *((y.to_bytes(32, "little"), "small order") for y in (0, 1, FIELD - 1)),
        *((((1 << 255) | y).to_bytes(32, "little"), "small order") for y in (1, FIELD - 1)),
        (bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "small order"),
        (bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "small order"),
        *((y.to_bytes(32, "little"), "too large") for y in (FIELD, FIELD + 1, 2**255 - 1)),
    ],
)
def test_a_logs_key_that_fits_any_signature_or_has_two_forms_is_refused(public: bytes, word: str) -> None:
    assert word in ask(("readVkey", [vkey_of(public)]))[0]["refused"]


def test_a_logs_key_under_another_keys_id_is_refused() -> None:
    key = Log().key
    assert "value" in ask(("readVkey", [vkey_of(key.public)]))[0]
    assert "not its own" in ask(("readVkey", [vkey_of(key.public, key_id=b"abcd")]))[0]["refused"]


def point_with_a_small_x() -> tuple[int, int]:
    for x in range(2, 1000):
        square = (x**3 - 3 * x + B) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            return x, y
    raise AssertionError("half of all numbers are an x")


def test_a_point_is_taken_in_its_one_form_only() -> None:
    x, y = point_with_a_small_x()
    good, other = (b"\x04" + at.to_bytes(32) + y.to_bytes(32) for at in (x, x + P))
    compressed = bytes([2 + y % 2]) + x.to_bytes(32)
    answers = ask(*(("examinePoint", [hexed(public)]) for public in (good, other, compressed, b"\x06" + good[1:])))
    assert answers[0] == {"value": None}
    assert "too large" in answers[1]["refused"]
    assert all("refused" in answer for answer in answers[2:])


@pytest.mark.parametrize("number", [0, N, N + 1, 2**256 - 1])
def test_a_signature_with_a_number_out_of_range_does_not_fit(number: int) -> None:
    key = KEYS[ANA]
    good = base64.b64decode(key.line(b"line").split()[2])[4:]
    for signature in (good[:32] + number.to_bytes(32), number.to_bytes(32) + good[32:]):
        asked = {
            "name": key.name, "keyClass": "device", "publicBytes": hexed(key.public),
            "signature": hexed(signature), "message": hexed(b"line"),
        }  # fmt: skip
        assert ask(("acting", [asked]))[0]["value"]["fits"] is False


def test_an_act_kept_out_of_the_log_for_a_key_that_nobody_revoked_is_remarked_by_both(tmp_path: Path) -> None:
    for is_revoked in (False, True):
        people = with_cai()
        if is_revoked:
            people.log.add({"act": "key_revoked", "key": KEYS[CAI].name, "reason": "lost"}, by=ANA, key=KEYS[ANA])
        apart = {"act": "quarantined", "key": KEYS[CAI].name, "named": [], "reason": "key_revoked", "sha256": "11" * 32}
        people.log.add(apart, by=HUB, key=HUB_ACTING)
        folder = tmp_path / str(is_revoked)
        write(people.log.files(), folder)
        (theirs,), ours = verify_files(people.log.files()), verify_path(folder, vkey=None)
        assert (theirs["ok"], ours.ok) == (True, True)
        said = "It keeps an act out of the log for a revoked key, and no entry before it revoked that key: entry"
        for remarks in (theirs["remarks"], ours.remarks):
            assert any(one.startswith(said) for one in remarks) is not is_revoked
