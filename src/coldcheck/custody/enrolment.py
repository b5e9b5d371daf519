"""Whose key counts, since when and by whose word; and who may have sealed words erased.

Promises: which key counts for an entry follows from the entries before it, the same for everyone who reads them; no
verdict of the hub enters into it. A key shows possession by signing its own enrolment, and becomes known by two
officers, by a join card of a list that two officers signed, or by an older key of the same person. No public key
stands under two names, and none is known that everybody could sign with.

Does not do: verify signatures (proof), or keep and destroy openings (station). Only `state.apply` calls `take_in` and
`note_signer`; all else is pure.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.acts import BadAct, act_hash
from coldcheck.custody.attended import TAKES_AWAY, is_attended
from coldcheck.custody.people_keys import LegalHold, SignedHow, Unlock, Waiting
from coldcheck.custody.picture import Picture, Step, is_handler, may_witness
from coldcheck.custody.things import Finding, Id, Person, Role, same_time
from coldcheck.proof.cosign import CosignerVerifier
from coldcheck.proof.encoding import from_hex
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import (
    PUBLIC_BYTES,
    SIGNATURE_BYTES,
    EnrolledKey,
    JoinClaim,
    KeyClass,
    RelyingParty,
    card_hash,
    read_public,
    read_relying_party,
    verify_join_card,
)
from coldcheck.proof.note import PUBLIC_BYTES as LOG_PUBLIC_BYTES
from coldcheck.proof.note import LogVerifier
from coldcheck.proof.sealed import Sealed

CONFIRMATIONS: Final = 2
_ENROLS: Final = frozenset((KeyClass.PASSKEY, KeyClass.UNLOCKED, KeyClass.DEVICE, KeyClass.ATTENDED, KeyClass.HUB))
"""Classes a key may ask for itself; demo and report keys come from the hub, in productions that name no officers."""

Word: TypeAlias = tuple[str, tuple[Finding, ...]]
KeyClaim: TypeAlias = (
    a.EnrolmentConfirmed | a.CrewListed | a.CrewConfirmed | a.KeyRevoked | a.KeyRotated | a.KeyUnlocked
    | a.OpeningErased | a.LegalHoldPlaced | a.LegalHoldLifted
)  # fmt: skip
KEY_CLAIMS: Final = (
    a.EnrolmentConfirmed, a.CrewListed, a.CrewConfirmed, a.KeyRevoked, a.KeyRotated, a.KeyUnlocked,
    a.OpeningErased, a.LegalHoldPlaced, a.LegalHoldLifted,
)  # fmt: skip
KEY_ACTS: Final = (
    *KEY_CLAIMS,
    a.OfficerNamed,
    a.KeyEnrolled,
    a.KeyClaimed,
    a.Quarantined,
    a.EpochOpened,
    a.CosignerNamed,
)
"""Everything `take_in` takes in."""

_ON_A_FLOOR_PHONE: Final = (a.HeldOut, a.KeyRotated, *TAKES_AWAY)


class RevokedKey(ColdcheckError):
    """The key was revoked before this entry, so it signs nothing here. What it signed is kept apart as evidence."""


# --- a key that asks to be known -----------------------------------------------------------------------------------


def asks_itself(acts: tuple[a.Act, ...], key: Id) -> a.KeyEnrolled | None:
    """The enrolment with which `key` begins this entry of its own, or None."""
    first = acts[0]
    return first if isinstance(first, a.KeyEnrolled) and first.key == key else None


def new_key(picture: Picture, *, by: Id, log: str, acts: tuple[a.Act, ...]) -> EnrolledKey:
    """The key that asks to be known with these acts, ready to verify. Raises BadAct, BadKey or BadSignature, one sentence.

    The acts are its `KeyEnrolled`, alone or with the `KeyClaimed` of a join card.
    """
    act = acts[0]
    assert isinstance(act, a.KeyEnrolled), "the caller asked asks_itself"
    claim = acts[1] if len(acts) > 1 else None
    if len(acts) > CONFIRMATIONS or not (claim is None or (isinstance(claim, a.KeyClaimed) and claim.key == act.key)):
        raise BadAct("key_enrolled: a new key signs its enrolment and nothing else, the claim by join card apart.")
    if by != act.person or by not in _people(picture):
        raise BadAct(
            f"key_enrolled: {act.person} is nobody on the crew list, or not who signs; ask two officers first."
        )
    if act.key in picture.keys or act.key in picture.book.enrolled or act.public in _publics(picture):
        raise BadAct(f"key_enrolled: the key {act.key} or its public key is here already; make a new key.")
    key = enrolled_key(act)
    if key.key_class is KeyClass.HUB and by not in _hubs(picture):
        raise BadAct("key_enrolled: only the hub itself brings another key for the hub.")
    if isinstance(claim, a.KeyClaimed):
        _verify_claim(picture, act, claim, log)
    return key


def verify_place(picture: Picture, acts: tuple[a.Act, ...], *, by: Id, key: Id) -> None:
    """Nothing, if acts that bring keys or officers stand where they may. Raises BadAct.

    Officers are named in entry 0; a new key's enrolment begins an entry of its own; what a floor phone signs is held out.
    Raises BadKey for a cosigner's key that is none.
    """
    at_start = picture.size == 0
    _verify_apart(acts)
    if len(acts) > 1 and any(isinstance(act, (*KEY_CLAIMS, a.EpochOpened)) for act in acts):
        raise BadAct(
            "acts: what is said of keys, lists, holds, erasures and epochs stands alone in its entry; send it by itself."
        )
    for number, act in enumerate(acts):
        if isinstance(act, a.OfficerNamed) and not at_start:
            raise BadAct("officer_named: officers are named in entry 0; later two of them change the crew list.")
        begins = at_start and isinstance(act, a.KeyEnrolled)
        if isinstance(act, a.KeyEnrolled | a.KeyClaimed) and not begins and asks_itself(acts, key) is None:
            raise BadAct("key_enrolled: the new key itself signs its enrolment, in an entry of its own.")
        if isinstance(act, a.ProductionOpened) and (number or not at_start):
            raise BadAct("production_opened: a production is opened once, by the first act of entry 0.")
        if isinstance(act, a.PersonEnrolled):
            _verify_demo(picture, act)
        if isinstance(act, a.CosignerNamed):
            CosignerVerifier.from_vkey(act.vkey)
    if is_attended(picture, key) and not all(isinstance(act, _ON_A_FLOOR_PHONE) for act in acts):
        raise BadAct(
            f"held_out: the key {key} is a floor phone's; it signs what {by} holds it out for, and alarms. Use your own phone."
        )


def _verify_apart(acts: tuple[a.Act, ...]) -> None:
    """That no two people get one key name or one public key within one entry: the picture shows only those before it."""
    brought = [act for act in acts if isinstance(act, a.KeyEnrolled | a.ProductionOpened) or _has_key(act)]
    for field in ("key", "public"):
        values = [getattr(act, field) for act in brought]
        if len(set(values)) != len(values):
            raise BadAct(
                f"acts: two of them bring the same {field} in one entry; every key is one person's. Make a new key."
            )


def _has_key(act: a.Act) -> bool:
    return isinstance(act, a.PersonEnrolled) and bool(act.public)


def _verify_demo(picture: Picture, act: a.PersonEnrolled) -> None:
    """What the hub enrols by itself must not touch a production whose officers enrol people, or double a key."""
    if picture.book.officers and (act.public or act.person in picture.persons):
        raise BadAct("person_enrolled: in this production two officers enrol people; the hub does not.")
    if act.public and (act.public in _publics(picture) or act.key in picture.keys):
        raise BadAct(f"person_enrolled: the key {act.key} or its public key is here already; make a new key.")


def _people(picture: Picture) -> frozenset[Id]:
    return frozenset(picture.persons) | _hubs(picture)


def _hubs(picture: Picture) -> frozenset[Id]:
    return frozenset(owner for _public, held, owner in picture.keys.values() if held == KeyClass.HUB.value)


def _publics(picture: Picture) -> frozenset[str]:
    return frozenset(public for public, _held, _owner in picture.keys.values()) | frozenset(picture.book.publics)


def enrolled_key(act: a.KeyEnrolled) -> EnrolledKey:
    """The key of an enrolment as proof takes it. Raises BadAct or BadKey for one that cannot be enrolled."""
    if act.key_class not in _ENROLS:
        raise BadAct(f"key_enrolled: no key of class {act.key_class!r} asks for itself; a passkey or device key does.")
    key_class = KeyClass(act.key_class)
    is_passkey = key_class is KeyClass.PASSKEY
    if is_passkey != bool(act.credential) or (not is_passkey and (act.rp or act.origins)):
        raise BadAct("key_enrolled: a passkey names domain, origins and credential, and no other key does.")
    if (key_class is KeyClass.HUB) == bool(act.device):
        raise BadAct("key_enrolled: every key but the hub's names the device it is on, by hash.")
    public_bytes = from_hex(act.public, size_bytes=PUBLIC_BYTES)
    read_public(public_bytes)
    party = read_relying_party(RelyingParty(rp_id=act.rp, origins=act.origins)) if is_passkey else None
    return EnrolledKey(public_bytes=public_bytes, key_class=key_class, relying_party=party)


def _verify_claim(picture: Picture, act: a.KeyEnrolled, claim: a.KeyClaimed, log: str) -> None:
    card_public = from_hex(claim.card, size_bytes=PUBLIC_BYTES)
    if picture.book.cards.get(act.person) != card_hash(card_public):
        raise BadAct(f"key_claimed: this is not the join card of {act.person}, or it was used; ask for a new card.")
    public_bytes = from_hex(act.public, size_bytes=PUBLIC_BYTES)
    verify_join_card(
        claim=JoinClaim(log=log, person=act.person, key_name=act.key, public_bytes=public_bytes),
        card_public=card_public,
        proof=from_hex(claim.proof, size_bytes=SIGNATURE_BYTES),
    )


# --- epochs of the writer -------------------------------------------------------------------------------------------


def log_of(vkey: str) -> str:
    """The log that a log key is for: its name without the epoch."""
    return vkey.partition("+")[0].rpartition("/e")[0]


def epoch_of(vkey: str) -> int:
    """The epoch that a log key is for. Raises BadAct for a key whose name says none."""
    epoch = epoch_said(vkey)
    if epoch is None:
        raise BadAct("production_opened.vkey: a log's key is named <hub>/<production>/e<epoch>; name it so.")
    return epoch


def epoch_said(vkey: str) -> int | None:
    """The epoch in a log key's name, None where it says none."""
    found = re.fullmatch(r".+/e(0|[1-9][0-9]{0,15})", vkey.partition("+")[0])
    return None if found is None else int(found[1])


def epoch_vkey(log: str, act: a.EpochOpened) -> str:
    """The vkey of the log from this entry on. Raises BadAct or BadKey for a key that could sign for anybody."""
    public_bytes = from_hex(act.public, size_bytes=LOG_PUBLIC_BYTES)
    return LogVerifier.from_public(name=f"{log}/e{act.epoch}", public_bytes=public_bytes).vkey


def _open_epoch(picture: Picture, act: a.EpochOpened) -> None:
    """Nothing; the log has a new key, if the act names one. `verify_epoch` lets no other act into a log."""
    with suppress(ColdcheckError):
        picture.vkey = epoch_vkey(log_of(picture.vkey), act)
        picture.epoch = act.epoch


def verify_epoch(picture: Picture, acts: tuple[a.Act, ...], *, by: Id, key: Id, epoch: int) -> None:
    """Nothing, if an entry of this epoch may come next. Raises BadAct.

    A new epoch begins with its own act, by a hub's key or an officer, and no writer goes back to an older one.
    """
    opened = next((act for act in acts if isinstance(act, a.EpochOpened)), None)
    if picture.size == 0:
        begun = acts[0]
        if opened is not None or (isinstance(begun, a.ProductionOpened) and epoch_of(begun.vkey) != epoch):
            raise BadAct("epoch_opened: entry 0 opens a production, under the epoch that its log key names.")
        return
    if opened is None:
        if epoch != picture.epoch:
            raise BadAct(
                f"epoch: the log is in epoch {picture.epoch} and this would be of {epoch}: a writer that was replaced, or"
                " that did not say how it goes on. Open an epoch first."
            )
        return
    if opened.epoch != epoch or epoch <= picture.epoch:
        raise BadAct(f"epoch_opened: epoch {opened.epoch} does not follow {picture.epoch}; number it higher.")
    if opened.seen_size < picture.size:
        raise BadAct("epoch_opened: it names an older head than its own; name the newest that is known.")
    epoch_vkey(log_of(picture.vkey), opened)
    held = picture.keys[key][1] if key in picture.keys else ""
    if held != KeyClass.HUB.value and by not in picture.book.officers:
        raise BadAct("epoch_opened: a hub's own key or an officer opens an epoch; ask one of them.")


# --- who may say it, and what is still missing ---------------------------------------------------------------------


def word_on(picture: Picture, *, by: Id, key: Id, act: KeyClaim) -> Word:
    """The verdict on a claim about keys, holds or erasures, with what was found missing. Pure."""
    match act:
        case a.EnrolmentConfirmed():
            return _confirmed(picture, by, act)
        case a.CrewListed():
            return _said("admitted", "second_officer") if by in picture.book.officers else _said("refused", "officer")
        case a.CrewConfirmed():
            return _crew_confirmed(picture, by, act)
        case a.KeyRevoked():
            return _revoked(picture, by, act)
        case a.KeyRotated():
            return _rotated(picture, by, key, act)
        case a.KeyUnlocked():
            return _unlocked(picture, by, key, act)
        case a.OpeningErased():
            return _erased(picture, by)
        case a.LegalHoldPlaced():
            may = _keeps_papers(picture, by) or Role.POLICE in _roles(picture, by)
            return ("granted", ()) if may else _said("refused", "not_entitled", rule="H1")
        case a.LegalHoldLifted():
            return _hold_lifted(picture, by, act)


def quarantine_finding(act: a.Quarantined) -> Finding:
    """What the receipt says of an act kept apart."""
    return Finding(rule="KEYS", found=(("what", act.reason), ("key", act.key)))


def _said(word: str, what: str, *, rule: str = "KEYS", **values: str) -> Word:
    return word, (Finding(rule=rule, found=(("what", what), *sorted(values.items()))),)


def _confirmed(picture: Picture, by: Id, act: a.EnrolmentConfirmed) -> Word:
    waiting = picture.book.waiting.get(act.key)
    if by not in picture.book.officers:
        return _said("refused", "officer")
    if waiting is None or waiting.sha256 != act.sha256 or waiting.act.key_class == KeyClass.HUB.value:
        return _said("refused", "no_such_enrolment")
    # Nobody vouches for himself, and one officer is one, however many keys he has.
    if by == waiting.act.person or by in waiting.confirmed_by:
        return _said("refused", "another_officer")
    if len(waiting.confirmed_by) + 1 < CONFIRMATIONS:
        return _said("admitted", "second_officer")
    return "granted", ()


def _crew_confirmed(picture: Picture, by: Id, act: a.CrewConfirmed) -> Word:
    listed = picture.book.lists.get(act.sha256)
    if by not in picture.book.officers:
        return _said("refused", "officer")
    if listed is None:
        return _said("refused", "no_such_list")
    return _said("refused", "another_officer") if listed[0] == by else ("granted", ())


def _revoked(picture: Picture, by: Id, act: a.KeyRevoked) -> Word:
    book = picture.book
    owner = owner_of(picture, act.key)
    if not owner or act.key in book.revoked:
        return _said("refused", "no_such_key")
    alone = not book.officers and by in _hubs(picture)
    return ("granted", ()) if by == owner or by in book.officers or alone else _said("refused", "officer")


def owner_of(picture: Picture, key: Id) -> Id:
    """Whose key it is, known or still waiting; "" for a key the record never saw."""
    if key in picture.keys:
        return picture.keys[key][2]
    return picture.book.enrolled[key].person if key in picture.book.enrolled else ""


def _rotated(picture: Picture, by: Id, key: Id, act: a.KeyRotated) -> Word:
    waiting, old = picture.book.waiting.get(act.key), picture.keys.get(act.old)
    if waiting is None or waiting.sha256 != act.sha256 or waiting.act.person != by:
        return _said("refused", "no_such_enrolment")
    # A key passes on what it is and no more: a device's key does not make a passkey known.
    if old is None or act.old != key or old[1] != waiting.act.key_class:
        return _said("refused", "same_class")
    return "granted", ()


def _unlocked(picture: Picture, by: Id, key: Id, act: a.KeyUnlocked) -> Word:
    enrolled = picture.book.enrolled.get(act.key)
    if enrolled is None or act_hash(enrolled) != act.sha256 or enrolled.person != by or act.key in picture.book.revoked:
        return _said("refused", "no_such_enrolment")
    signer = picture.keys.get(key)
    if enrolled.key_class != KeyClass.UNLOCKED.value or signer is None or signer[1] != KeyClass.PASSKEY.value:
        return _said("refused", "by_own_passkey")
    return "granted", ()


def _roles(picture: Picture, person: Id) -> frozenset[Role]:
    known = picture.persons.get(person)
    return known.roles if known is not None else frozenset()


def _keeps_papers(picture: Picture, person: Id) -> bool:
    return person in picture.book.officers or Role.EMPLOYER in _roles(picture, person)


def _erased(picture: Picture, by: Id) -> Word:
    held = [hold for hold in picture.book.holds.values() if hold.open]
    if picture.frozen_entry is not None:
        # While everything is held as evidence, so is every word.
        return _said("refused", "frozen_words", rule="H1", since=str(picture.frozen_entry))
    if held:
        return _said("refused", "legal_hold", rule="H1", hold=str(held[0].entry_index), scope=held[0].scope)
    return ("granted", ()) if _keeps_papers(picture, by) else _said("refused", "not_entitled", rule="H1")


def _hold_lifted(picture: Picture, by: Id, act: a.LegalHoldLifted) -> Word:
    hold = picture.book.holds.get(act.hold)
    if hold is None or not hold.open:
        return _said("refused", "no_such_hold", rule="H1", hold=str(act.hold))
    if not (_keeps_papers(picture, by) or Role.POLICE in _roles(picture, by)):
        return _said("refused", "not_entitled", rule="H1")
    if by in hold.lifted_by:
        return _said("refused", "another_person", rule="H1")
    return ("granted", ()) if hold.lifted_by else _said("admitted", "second_person", rule="H1")


# --- what an entry changes -----------------------------------------------------------------------------------------


def take_in(picture: Picture, step: Step, by: Id, act: a.Act) -> None:
    """Nothing; the book says what it says after this act. What `word_on` refuses changes nothing."""
    book = picture.book
    match act:
        case a.OfficerNamed():
            book.officers[act.person] = step.entry_index
            know_person(picture, step.entry_index, person=act.person, label=act.label, name=act.name, roles=act.roles)
        case a.KeyEnrolled():
            _enrol(picture, step, act)
        case a.KeyClaimed():
            if act.key in book.waiting:
                book.cards.pop(book.waiting[act.key].act.person, None)
                _know_key(picture, book.waiting[act.key].act)
        case a.EpochOpened():
            _open_epoch(picture, act)
        case a.CosignerNamed():
            if by in (book.officers or _hubs(picture)):
                book.cosigners.setdefault(act.vkey, step.entry_index)
        case a.Quarantined():
            book.quarantined.setdefault(act.sha256, step.entry_index)
        case _ if isinstance(act, KEY_CLAIMS):
            word, _findings = word_on(picture, by=by, key=step.key, act=act)
            if word != "refused":
                _claimed(picture, step, by, act, granted=word == "granted")
        case _:
            pass


def _enrol(picture: Picture, step: Step, act: a.KeyEnrolled) -> None:
    book = picture.book
    book.enrolled[act.key] = act
    book.publics.setdefault(act.public, act.key)
    book.waiting[act.key] = Waiting(act=act, sha256=act_hash(act), confirmed_by=())
    if step.entry_index == 0:
        # Entry 0 is the anchor: it carries the officers' own signatures, and there is nobody before them to ask.
        _know_key(picture, act)


def _claimed(picture: Picture, step: Step, by: Id, act: KeyClaim, *, granted: bool) -> None:
    book, index = picture.book, step.entry_index
    match act:
        case a.EnrolmentConfirmed():
            waiting = book.waiting[act.key]
            book.waiting[act.key] = replace(waiting, confirmed_by=(*waiting.confirmed_by, by))
            if granted:
                _know_key(picture, waiting.act)
        case a.CrewListed():
            book.lists[act_hash(act)] = (by, act)
        case a.CrewConfirmed():
            for row in book.lists.pop(act.sha256)[1].rows:
                know_person(picture, index, person=row.person, label=row.label, name=row.name, roles=row.roles)
                book.cards[row.person] = row.card
        case a.KeyRevoked():
            _revoke(picture, index, act.key)
        case a.KeyRotated():
            _know_key(picture, book.waiting[act.key].act)
            _revoke(picture, index, act.old)
        case a.KeyUnlocked():
            if act.key in book.waiting:
                _know_key(picture, book.waiting[act.key].act)
            book.unlocks[act.key] = Unlock(since=step.now, seconds=act.seconds)
        case a.OpeningErased():
            book.erased.update(act.commitments)
        case a.LegalHoldPlaced() | a.LegalHoldLifted():
            _hold(picture, index, by, act, granted=granted)


def _hold(picture: Picture, index: int, by: Id, act: a.LegalHoldPlaced | a.LegalHoldLifted, *, granted: bool) -> None:
    holds = picture.book.holds
    if isinstance(act, a.LegalHoldPlaced):
        holds[index] = LegalHold(entry_index=index, scope=act.scope, reason=act.reason, lifted_by=(), open=True)
        return
    hold = holds[act.hold]
    holds[act.hold] = replace(hold, lifted_by=(*hold.lifted_by, by), open=not granted)


def _know_key(picture: Picture, act: a.KeyEnrolled) -> None:
    book = picture.book
    book.waiting.pop(act.key, None)
    picture.keys[act.key] = (act.public, act.key_class, act.person)
    _note_devices(picture, act.person)
    person = picture.persons.get(act.person)
    if person is not None and (not person.public or person.key in book.revoked):
        picture.persons[act.person] = replace(person, key=act.key, key_class=act.key_class, public=act.public)


def _revoke(picture: Picture, entry_index: int, key: Id) -> None:
    picture.book.revoked[key] = entry_index
    picture.book.waiting.pop(key, None)
    _note_devices(picture, owner_of(picture, key))


def _note_devices(picture: Picture, person: Id) -> None:
    book = picture.book
    book.devices[person] = frozenset(
        act.device
        for key, act in book.enrolled.items()
        if act.person == person and act.device and key in picture.keys and key not in book.revoked
    )


def know_person(
    picture: Picture, entry_index: int, *, person: Id, label: str, name: Sealed, roles: tuple[Role, ...]
) -> None:
    """Nothing; `person` is known with these roles from here on, with the keys he has."""
    known = picture.persons.get(person)
    picture.persons[person] = Person(
        person=person,
        label=label,
        name=name.commitment,
        roles=frozenset(roles),
        key=known.key if known is not None else "",
        key_class=known.key_class if known is not None else "",
        public=known.public if known is not None else "",
        entry_index=entry_index,
    )
    picture.labels.setdefault(label, person)
    kernel = picture.kernel
    (kernel.handlers.add if is_handler(picture, person) else kernel.handlers.discard)(person)
    (kernel.witnesses.add if may_witness(picture, person) else kernel.witnesses.discard)(person)


def note_signer(picture: Picture, step: Step) -> None:
    """Nothing; the book knows how this entry was signed. Called once an entry, before its acts are taken in."""
    book = picture.book
    book.entry_keys.append(book.names.setdefault(step.key, step.key))
    unlock = book.unlocks.get(step.key)
    if unlock is None or step.delivered != "live":
        return
    age_ms = same_time(since=unlock.since, until=step.now)
    if age_ms is not None and 0 <= age_ms <= unlock.seconds * 1000:
        book.unlocked_s[step.entry_index] = age_ms // 1000


# --- questions -----------------------------------------------------------------------------------------------------


def signed_how(picture: Picture, entry_index: int) -> SignedHow:
    """How an entry was signed: the key, its class as it counts for this act, and the seconds since user verification."""
    book = picture.book
    key = book.entry_keys[entry_index]
    held = picture.keys[key][1] if key in picture.keys else book.enrolled[key].key_class
    seconds = book.unlocked_s.get(entry_index)
    if held == KeyClass.UNLOCKED.value and seconds is None:
        held = KeyClass.DEVICE.value
    return SignedHow(key=key, key_class=held, seconds=seconds)


def on_one_device(picture: Picture, people: Iterable[Id]) -> bool:
    """Whether two of these people have keys on the same device: their answers count, and every card says so."""
    seen: set[str] = set()
    for person in dict.fromkeys(people):
        own = picture.book.devices.get(person, frozenset())
        if own & seen:
            return True
        seen |= own
    return False


def known_key(picture: Picture, key: Id) -> EnrolledKey | None:
    """The key as it counts for the next entry, None when the record does not know it. Raises RevokedKey."""
    if key in picture.book.revoked:
        raise RevokedKey(
            f"Key {key} was revoked in entry {picture.book.revoked[key]}, so it signs nothing any more. Claim a new one."
        )
    return last_known_key(picture, key)


def last_known_key(picture: Picture, key: Id) -> EnrolledKey | None:
    """The key as it counted last, revoked or not; None when the record never knew it."""
    known = picture.keys.get(key)
    if known is None:
        return None
    act = picture.book.enrolled.get(key)
    return _as_enrolled(known[0], known[1], act.rp if act is not None else "", act.origins if act is not None else ())


@lru_cache(maxsize=4096)
def _as_enrolled(public: str, key_class: str, rp_id: str, origins: tuple[str, ...]) -> EnrolledKey:
    return EnrolledKey(
        public_bytes=from_hex(public, size_bytes=PUBLIC_BYTES),
        key_class=KeyClass(key_class),
        relying_party=RelyingParty(rp_id=rp_id, origins=origins) if rp_id else None,
    )


def officers_keys(acts: tuple[a.Act, ...]) -> dict[Id, EnrolledKey]:
    """The keys that entry 0 names for its officers, each of which must have signed it. Raises BadAct or BadKey."""
    named = {act.person for act in acts if isinstance(act, a.OfficerNamed)}
    own = [act for act in acts if isinstance(act, a.KeyEnrolled)]
    beside = [act for act in acts if isinstance(act, a.PersonEnrolled) and (act.public or act.person in named)]
    if {act.person for act in own} != named or (named and beside):
        raise BadAct("production_opened: every officer named in entry 0 has a key of his own there, and nobody else.")
    return {act.key: enrolled_key(act) for act in own}
