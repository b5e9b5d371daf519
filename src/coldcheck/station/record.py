"""START HERE. The main flow: a signed act comes in and leaves as an entry that everybody can see and verify.

`record` is one plain sequence. Nothing is shown, and no reply goes out, before the append is on the disk. A bad
signature, form or unknown key is no entry: one sentence back. A retry with the same id gives the same reply.
"""

import gc
import logging
import re
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256
from types import MappingProxyType, UnionType
from typing import Final, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from coldcheck.custody.acts import (
    ID_FORM,
    Act,
    BadAct,
    DeliveriesSealed,
    FirstAccountSealed,
    GunRegistered,
    HeldOut,
    OpeningErased,
    PersonEnrolled,
    ProductionOpened,
    Quarantined,
    Reported,
    RulebookAdopted,
    SourceFiled,
    UnknownAct,
    about,
    plain,
    read_act,
    wire_name,
)
from coldcheck.custody.attended import TAKES_AWAY, reported_of
from coldcheck.custody.enrolment import (
    RevokedKey,
    asks_itself,
    known_key,
    last_known_key,
    new_key,
    officers_keys,
    owner_of,
    verify_epoch,
    verify_place,
)
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.predicates import PREDICATE_NAMES, verify_fit
from coldcheck.custody.rulebook_file import Rulebook, read_rulebook, with_file
from coldcheck.custody.rules import Verdict, judge
from coldcheck.custody.state import apply
from coldcheck.custody.things import Finding, Now
from coldcheck.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from coldcheck.proof.encoding import Plain, from_hex, opaque_id
from coldcheck.proof.entry import Entry, line_hash, make_entry, make_line, read_author, read_entry, read_vouched
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import ActingKey, EnrolledKey, KeyClass, read_public, verify_author
from coldcheck.proof.merkle import Frontier, inclusion_proof
from coldcheck.proof.note import LogKey, SignatureLine, format_signatures
from coldcheck.proof.sealed import BadOpening, Opening, Sealed, verify_opening
from coldcheck.station.store import LedgerChanged, Row, Store, StoreFailed

LOG: Final = logging.getLogger(__name__)
MAX_POSITIONS: Final = 100
_MOST: Final = MappingProxyType({"count": 1_000_000, "shots": 100_000, "cells": 10_000})
"""The largest number a field may hold. A bar code in it would make the picture too large to be built, for good."""


class HubBehind(ColdcheckError):
    """A mistake of ours left the picture behind the ledger; nothing was lost. Start the hub again."""


class UnknownKey(ColdcheckError):
    """The act is signed by a key this production did not enrol; it becomes no entry. Enrol the person first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a device sends: line 1 byte for byte, its signature, and the openings of what is sealed in it.

    `officers` are the further signatures of entry 0, by the officers it names; no other entry has any. `papers` are the
    bytes of sources these acts file: they are kept beside the entry under their hash, exactly as they came.
    """

    line1: bytes
    signature: SignatureLine
    openings: tuple[tuple[str, Opening], ...]
    delivered: str = "live"
    officers: tuple[SignatureLine, ...] = ()
    papers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The hub's time at the door: boot and milliseconds since, and the wall clock (UTC, never going back)."""

    boot: str
    mono_ms: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the signer gets: the entry, the verdict with all findings, and an offline proof that it is in the log."""

    entry_index: int
    verdict: str
    findings: tuple[Finding, ...]
    checkpoint: bytes
    proof: tuple[bytes, ...]


@dataclass(slots=True)
class Hub:
    """One writer of one log: its store, its keys, and what it holds in memory, which the store can always rebuild."""

    store: Store
    log_key: LogKey
    log: str
    epoch: int
    build: str
    picture: Picture
    frontier: Frontier
    last_lines: dict[str, str]
    known_ids: dict[str, int]
    """The entry of every act id there is: a retry is known without asking the disk."""
    root: bytes
    is_unsure: bool = False
    """The disk failed and did not say what it kept: the store is read before anything else is done."""
    is_behind: bool = False
    """An entry is in the log and not yet in the picture. Left so by a mistake of ours, nothing can be judged any more."""
    acting_key: ActingKey | None = None
    """What the hub signs its own acts with; without it, what a revoked key signs is refused and not kept."""
    ended_by: ColdcheckError | None = None
    """Why this hub signs nothing any more, such as a longer history of its log that somebody showed it."""
    has_leftovers: bool = False
    """Erased words may still lie in the store's files, because somebody reads an older state: they go with the next act."""


def record(hub: Hub, signed: Signed, now: Moment) -> Reply:
    """The reply to one signed act, after its entry is durable.

    Raises BadAct, BadEntry, BadOpening, BadRulebook, BadSignature, NotCanonical or UnknownKey when it becomes no entry,
    StoreFailed when the disk failed: the same act may be sent again. What a revoked key signed is kept apart, and the
    reply is to the hub's entry that says so.
    """
    _ready(hub)
    # 1. The form, read strictly.
    author = read_author(signed.line1)
    acts = acts_of(author)
    # 2. A retry is answered as the first time.
    earlier = hub.known_ids.get(str(author["id"]))
    if earlier is not None:
        return _reply_again(hub, earlier, signed)
    # 3. The signature, over the very bytes, by a key that is known at this index.
    try:
        _verify_signer(hub, author, acts, signed)
    except RevokedKey:
        return _keep_apart(hub, author, acts, signed, now)
    _verify_openings(acts, signed.openings)
    verify_content(acts, hub.picture.rulebook)
    verify_epoch(hub.picture, acts, by=str(author["by"]), key=str(author["key"]), epoch=hub.epoch)
    return _take(hub, author, acts, signed, now, papers_of(acts, signed.papers))


def papers_of(acts: tuple[Act, ...], papers: tuple[bytes, ...]) -> tuple[tuple[str, bytes], ...]:
    """The papers under their hashes. Raises BadAct for one that no act here files, or that has another size than it says."""
    filed = {act.sha256: act for act in acts if isinstance(act, SourceFiled)}
    locked = {act.sha256 for act in acts if isinstance(act, FirstAccountSealed)}
    out: list[tuple[str, bytes]] = []
    for paper in papers:
        digest = sha256(paper).hexdigest()
        source = filed.get(digest)
        if source is None and digest not in locked:
            raise BadAct("source_filed.sha256: a paper came that no act here files; send each under its own hash.")
        if source is not None and source.size_bytes != len(paper):
            raise BadAct(f"source_filed.size_bytes: the paper has {len(paper)} bytes; say so and send it again.")
        out.append((digest, paper))
    return tuple(out)


def _take(
    hub: Hub,
    author: dict[str, Plain],
    acts: tuple[Act, ...],
    signed: Signed,
    now: Moment,
    kept_apart: tuple[tuple[str, bytes], ...] = (),
) -> Reply:
    """The reply to what was verified, after its entry is durable."""
    # 4. The verdict, from picture, rulebook and moment alone.
    now = _never_back(hub, now)
    by, key = str(author["by"]), str(author["key"])
    # Without its Z, or "08:00:00Z" would come after "08:00:00.5Z".
    at = max(now.at, hub.picture.at, key=lambda instant: instant.removesuffix("Z"))
    heard, seen_size = Now(boot=now.boot, mono_ms=now.mono_ms), _size_in(author["after"])
    if not _is_ours(hub, author["after"]):
        # A device that saw another history knows nothing of this one.
        seen_size = 0
    verdict = judge(hub.picture, by=by, key=key, acts=acts, now=heard, seen_size=seen_size)
    verdict = _with_history(hub, author, verdict)
    # 5. Act and receipt, appended with a signed checkpoint in one durable transaction.
    receipt = _receipt(hub, verdict, now, at=at, delivered=signed.delivered)
    signatures = (signed.signature, *signed.officers)
    data, entry = make_entry(line1=signed.line1, author=author, receipt=receipt, signatures=signatures)
    # Words that were erased once do not come back by being sent again.
    openings = tuple(one for one in signed.openings if one[0] not in hub.picture.book.erased)
    reply = _append(hub, author, data, verdict, openings, kept_apart)
    # 6. The picture, by its only writer. Should it fail here, the picture is not that of the log any more.
    hub.is_behind = True
    apply(hub.picture, step_of(reply.entry_index, entry, acts))
    if reply.entry_index in hub.picture.not_placed:
        LOG.error("Entry %d is not in the picture: %s", reply.entry_index, hub.picture.not_placed[reply.entry_index])
    hub.last_lines[key] = line_hash(signed.line1)
    hub.known_ids[str(author["id"])] = reply.entry_index
    hub.is_behind = False
    # 7. Words whose erasure this entry grants are destroyed, now that it is on the disk.
    if hub.has_leftovers or any(isinstance(act, OpeningErased) for act in acts):
        _erase(hub)
    return reply


def acts_of(author: dict[str, Plain]) -> tuple[Act, ...]:
    """The acts of a line 1, strictly read. Raises BadAct."""
    forms = author["acts"]
    if not isinstance(forms, list) or not forms:
        raise BadAct("acts: at least one act was expected; send the entry again with what was done.")
    return tuple([read_act(form) for form in forms])


def step_of(entry_index: int, entry: Entry, acts: tuple[Act, ...] | None = None) -> Step:
    """One stored entry as the custody room takes it. Raises BadAct when its acts do not read."""
    return _step(entry_index, entry.author, entry.receipt, acts if acts is not None else acts_of(entry.author))


def _step(entry_index: int, author: dict[str, Plain], receipt: dict[str, Plain], acts: tuple[Act, ...]) -> Step:
    findings = receipt["findings"]
    mono_ms = receipt["mono_ms"]
    assert isinstance(findings, list)
    assert isinstance(mono_ms, int)
    told = tuple((str(found["rule"]), str(found.get("what", ""))) for found in findings if isinstance(found, dict))
    return Step(
        entry_index=entry_index,
        by=str(author["by"]),
        key=str(author["key"]),
        entry_id=str(author["id"]),
        acts=acts,
        at=str(receipt["at"]),
        boot=str(receipt["boot"]),
        mono_ms=mono_ms,
        verdict=str(receipt["verdict"]),
        findings=told,
        delivered=str(receipt["delivered"]),
        seen_size=0 if any(code == "FORK" for code, _ in told) else _size_in(author["after"]),
    )


def _size_in(after: Plain) -> int:
    size = after["size"] if isinstance(after, dict) else 0
    assert isinstance(size, int)
    return size


def replay(entries: Iterable[bytes]) -> Picture:
    """The picture that `entries` define, from entry 0. Raises BadEntry or BadAct at the first that does not read."""
    picture = Picture()
    with _no_collections():
        for some in by_the_armful(enumerate(entries)):
            for step in [step_of(entry_index, read_entry(data)) for entry_index, data in some]:
                apply(picture, step)
    return picture


_ARMFUL_BYTES: Final = 4 * 1024 * 1024
"""Some thousand entries. Reading many and then applying many takes a fifth less time than one by one: what each of the
two touches stays near the processor, and what the picture keeps lies together."""


def by_the_armful(
    numbered: Iterable[tuple[int, bytes]], *, armful_bytes: int = _ARMFUL_BYTES
) -> Iterator[list[tuple[int, bytes]]]:
    """The same entries in order, at a time as many as it takes to be `armful_bytes` long together."""
    some: list[tuple[int, bytes]] = []
    left = armful_bytes
    for entry_index, data in numbered:
        some.append((entry_index, data))
        left -= len(data)
        if left <= 0:
            yield some
            some, left = [], armful_bytes
    if some:
        yield some


@contextmanager
def _no_collections() -> Iterator[None]:
    """Python does not look for cyclic garbage meanwhile: a growing picture has none, and is walked whole each time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # All that came is old at once, as what survives becomes in time: no walk over it at the next look.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


_RARELY: Final = (20_000, 10, 10)
"""New objects that are still there before Python looks for cyclic garbage among them, and looks before it looks further."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """For a hub at work: Python looks for cyclic garbage seldom, for acts make none and what they leave behind stays.

    A web server does make some: it is still freed, after 20,000 objects instead of 700.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def open_hub(
    store: Store, *, log_key: LogKey, log: str, epoch: int, build: str, acting_key: ActingKey | None = None
) -> Hub:
    """A hub over `store`, its memory rebuilt by replay, erasures that were cut short finished. Raises as `replay` does."""
    hub = Hub(
        store=store, log_key=log_key, log=log, epoch=epoch, build=build, picture=Picture(),
        frontier=Frontier(), last_lines={}, known_ids={}, root=b"", acting_key=acting_key,
    )  # fmt: skip
    _catch_up(hub)
    return hub


def _ready(hub: Hub) -> None:
    """Nothing; the hub may sign and knows its store. Raises what ended it."""
    if hub.ended_by is not None:
        raise hub.ended_by
    if hub.is_behind:
        raise HubBehind("This hub's picture fell behind its ledger; start the hub again: it reads the ledger anew.")
    if hub.is_unsure:
        _catch_up(hub)


def _catch_up(hub: Hub) -> None:
    """Takes in every entry the store has beyond the hub's memory.

    Under a root that this hub signed last lie bytes that it read strictly before it signed: their form is not looked at
    a second time. Any other bytes are read as if they had just come.
    """
    frontier = hub.frontier.copy()
    for data in hub.store.entries(frontier.size):
        frontier.append(data)
    signed = _root_signed_last(hub, frontier.size)
    read = _read_again if signed == frontier.root() else _read_first
    with _no_collections():
        for some in by_the_armful(enumerate(hub.store.entries(hub.picture.size), start=hub.picture.size)):
            for line, step in [_read_back(entry_index, read(data)) for entry_index, data in some]:
                apply(hub.picture, step)
                hub.last_lines[step.key] = line
                hub.known_ids[step.entry_id] = step.entry_index
    if signed is not None and signed != frontier.root():
        raise LedgerChanged(
            f"This ledger's {frontier.size} entries are not those its own key signed: something changed them behind the"
            " hub's back. Keep the file as evidence, name the entry with coldcheck verify, and go on from a good copy."
        )
    hub.frontier, hub.root = frontier, frontier.root()
    hub.is_unsure = False
    if hub.picture.book.erased:
        _erase(hub)


_Lines: TypeAlias = tuple[bytes, dict[str, Plain], dict[str, Plain]]
"""Line 1, and what the two lines say."""
_read_again: Final = read_vouched


def _read_back(entry_index: int, lines: _Lines) -> tuple[str, Step]:
    """The hash of line 1 and the step of one stored entry."""
    line1, author, receipt = lines
    return line_hash(line1), _step(entry_index, author, receipt, acts_of(author))


def _read_first(data: bytes) -> _Lines:
    entry = read_entry(data)
    return entry.line1, entry.author, entry.receipt


def _root_signed_last(hub: Hub, size: int) -> bytes | None:
    """The root in the newest checkpoint, if this hub's key signed it: to go on over another one would fork its own log."""
    newest = hub.store.checkpoint(size) if size else b""
    # The newest checkpoint of an earlier epoch was signed by another key, and a new epoch has cited what it found.
    if not newest.startswith(f"{hub.log_key.name}\n".encode()):
        return None
    return open_checkpoint(newest, hub.log_key.verifier).root


def _erase(hub: Hub) -> None:
    """Destroys every opening whose erasure was granted and that is still there. Doing it again changes nothing."""
    erased = sorted(hub.picture.book.erased)
    try:
        hub.has_leftovers = bool(erased) and not hub.store.erase(tuple(erased))
    except StoreFailed:
        # The act is on the disk; the next one, or the next start, finishes what it asks for.
        hub.is_unsure = True
        raise


# --- the steps -----------------------------------------------------------------------------------------------------


def _verify_signer(hub: Hub, author: dict[str, Plain], acts: tuple[Act, ...], signed: Signed) -> None:
    """Raises UnknownKey, BadAct, BadKey or BadSignature."""
    if author["log"] != hub.log:
        raise BadAct(f"log: this act is for {author['log']}, and this hub records {hub.log}; send it to its own hub.")
    _verify_line(signed.line1, signed.signature, str(author["key"]), signing_key(hub.picture, author, acts))
    if not signed.officers and hub.picture.size > 0:
        return
    officers = genesis_officers(hub.picture.size, acts, {line.name for line in signed.officers})
    for line in signed.officers:
        _verify_line(signed.line1, line, line.name, officers[line.name])


def _verify_line(line1: bytes, line: SignatureLine, key_name: str, key: EnrolledKey) -> None:
    verify_author(
        line1=line1,
        signature_line=line,
        key_name=key_name,
        key_class=key.key_class,
        public_bytes=key.public_bytes,
        relying_party=key.relying_party,
    )


def genesis_officers(entry_index: int, acts: tuple[Act, ...], signers: set[str]) -> dict[str, EnrolledKey]:
    """The officers' keys of entry 0, if exactly these signed beside the hub; no later entry has any. Raises BadAct."""
    officers = officers_keys(acts) if entry_index == 0 else {}
    if officers.keys() != signers:
        raise BadAct(
            "production_opened: entry 0 is signed by the hub and by every officer it names, later entries by their author;"
            " let each of them sign, and nobody else."
        )
    return officers


def signing_key(picture: Picture, author: dict[str, Plain], acts: tuple[Act, ...]) -> EnrolledKey:
    """The public key and class that must have signed this line 1, as the next entry after `picture`.

    The first entry vouches for its own key: it is the trust anchor. Raises UnknownKey when the key is not enrolled here,
    is another person's, or may not sign these acts.
    """
    key, by = str(author["key"]), str(author["by"])
    verify_place(picture, acts, by=by, key=key)
    if asks_itself(acts, key) is not None:
        return new_key(picture, by=by, log=str(author["log"]), acts=acts)
    genesis = acts[0] if picture.size == 0 else None
    if isinstance(genesis, ProductionOpened) and genesis.key == key:
        return EnrolledKey(public_bytes=_public_bytes(genesis.public), key_class=KeyClass.HUB)
    known = known_key(picture, key)
    if known is None:
        raise UnknownKey(
            f"Key {key} is not enrolled in {author['log']}, so it signs nothing here. Enrol its holder, then sign"
            " again. An alarm needs no key: say it on the gun's own page or under /emergency."
        )
    if owner_of(picture, key) != by:
        raise UnknownKey(
            f"Key {key} belongs to another person than {author['by']}, so it signs nothing for them. Sign with your own key."
        )
    if known.key_class is not KeyClass.HUB and any(isinstance(act, _HUB_ACTS) for act in acts):
        raise UnknownKey(
            "Only the hub's own key enrols people, adopts rulebooks and seals its delivery log. Ask for it at the hub."
        )
    return known


@lru_cache(maxsize=4096)
def _public_bytes(public: str) -> bytes:
    return from_hex(public, size_bytes=65)


_HUB_ACTS: Final = (ProductionOpened, PersonEnrolled, RulebookAdopted, Quarantined, DeliveriesSealed)


def sealed_in(value: object) -> tuple[Sealed, ...]:
    """Every sealed field of an act, in order, inner acts included."""
    if isinstance(value, Sealed):
        return (value,)
    if isinstance(value, tuple):
        return tuple([sealed for item in value for sealed in sealed_in(item)])
    names = _names_that_may_seal(cast("Hashable", type(value)))
    return tuple([sealed for name in names for sealed in sealed_in(getattr(value, name))]) if names else ()


@cache
def _names_that_may_seal(kind: Hashable) -> tuple[str, ...]:
    """The fields of an act or row that are sealed, or that hold rows or an act which may be."""
    if not isinstance(kind, type) or not is_dataclass(kind) or kind is Sealed:
        return ()
    hints = get_type_hints(kind)
    return tuple(name for name, hint in hints.items() if any(_may_seal(part) for part in (hint, *get_args(hint))))


def _may_seal(hint: object) -> bool:
    if hint is Sealed:
        return True
    # A union, such as the act a report tells of, is looked into when it comes.
    return get_origin(hint) in {Union, UnionType} or (isinstance(hint, type) and bool(_names_that_may_seal(hint)))


def commitments_in(acts: tuple[Act, ...]) -> tuple[str, ...]:
    """Every commitment in these acts; of an act this reader does not know, everything that has the form of one."""
    known = tuple(sealed.commitment for sealed in sealed_in(acts))
    unknown = (word for act in acts if isinstance(act, UnknownAct) for word in _HEX.findall(act.plain_form.decode()))
    return (*known, *unknown)


_HEX: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def _verify_openings(acts: tuple[Act, ...], openings: tuple[tuple[str, Opening], ...]) -> None:
    """Raises BadAct or BadOpening. What comes must fit, and all must come: the side table holds nothing else."""
    sealed = {sealed.commitment for sealed in sealed_in(acts)}
    if not openings and not sealed:
        return
    given = {commitment for commitment, _ in openings}
    if not sealed <= given:
        raise BadAct("sealed: an act has sealed words whose opening did not come with it; send both together.")
    if given != sealed and not given <= set(commitments_in(acts)):
        raise BadAct("sealed: an opening came that belongs to nothing in these acts; send only what is sealed.")
    for commitment, opening in openings:
        verify_opening(Sealed(commitment=commitment), opening)


def verify_content(acts: tuple[Act, ...], in_force: Rulebook | None) -> None:
    """Raises BadRulebook or BadAct for what `apply` could not take in: it must be no entry, not a broken picture.

    `in_force` is the set of rulebooks before these acts: a file must fit behind it.
    """
    # What is only told of, or held out for somebody else, is taken in too.
    for act in (*acts, *(act.told for act in acts if isinstance(act, (Reported, HeldOut)))):
        _verify_numbers(act)
        match act:
            case RulebookAdopted():
                rulebook = read_rulebook(act.text, predicates=PREDICATE_NAMES)
                if rulebook.sha256 != act.sha256:
                    raise BadAct("rulebook_adopted.sha256: this is not the hash of the text; send the file's own hash.")
                in_force = with_file(in_force, rulebook)
                verify_fit(in_force)
            case PersonEnrolled() if act.public:
                if act.key_class not in KeyClass.__members__.values():
                    raise BadAct(f"person_enrolled.key_class: {act.key_class!r} is no class of keys; name one of ours.")
                read_public(_public_bytes(act.public))
            case GunRegistered():
                if not act.chambers + act.bores <= MAX_POSITIONS:
                    raise BadAct(
                        f"gun_registered: a gun has at most {MAX_POSITIONS} positions; register magazines as containers."
                    )
            case _:
                pass


def _verify_numbers(act: Act) -> None:
    for field, most in _MOST.items():
        number = getattr(act, field, 0)
        if isinstance(number, int) and number > most:
            raise BadAct(
                f"{wire_name(type(act))}.{field}: {number} is more than any set has ({most} at most); was a code"
                " scanned into the field of the number? Send the number itself."
            )


def _with_history(hub: Hub, author: dict[str, Plain], verdict: Verdict) -> Verdict:
    """Adds what `prev` and `after` say against this log: a dropped act of this key, or a view of another history."""
    out: list[Finding] = []
    expected = hub.last_lines.get(str(author["key"]))
    if author["prev"] != expected:
        out.append(Finding(rule="PREV", found=(("what", "another_act_of_this_key_is_missing"),)))
    after = author["after"]
    if isinstance(after, dict) and not _is_ours(hub, after):
        out.append(Finding(rule="FORK", found=(("what", "device_saw_another_history"), ("size", str(after["size"])))))
    return Verdict(word=verdict.word, findings=(*verdict.findings, *out))


def _is_ours(hub: Hub, after: Plain) -> bool:
    """Whether the history that a device saw last is one this log had. A device that saw none yet has seen no other."""
    if not isinstance(after, dict):
        return True
    size, root = after["size"], after["root"]
    assert isinstance(size, int)
    if size == hub.frontier.size:
        return bool(root == hub.root.hex())
    if size > hub.frontier.size or size == 0:
        return size == 0
    return bool(root == _root_at(hub, size))


def _root_at(hub: Hub, size: int) -> str:
    from coldcheck.proof.merkle import tree_root  # noqa: PLC0415  # only a device that lags behind needs it

    return tree_root(size, hub.store.node).hex()


def _never_back(hub: Hub, now: Moment) -> Moment:
    """The moment as told; one whose clock went back under its boot counts as another boot, which nothing timed outlives."""
    last = hub.picture.now
    if now.boot != last.boot or now.mono_ms >= last.mono_ms:
        return now
    return replace(now, boot=f"{now.boot}-back-{hub.picture.size}")


def _receipt(hub: Hub, verdict: Verdict, now: Moment, *, at: str, delivered: str) -> dict[str, Plain]:
    rulebook = hub.picture.rulebook
    findings: list[Plain] = [{"rule": finding.rule, **dict(finding.found)} for finding in verdict.findings]
    return {
        "v": 1,
        "epoch": hub.epoch,
        "boot": now.boot,
        "mono_ms": now.mono_ms,
        "at": at,
        "delivered": delivered,
        "rules": rulebook.sha256 if rulebook is not None else "none",
        "build": hub.build,
        "verdict": verdict.word,
        "findings": findings,
    }


def _keep_apart(hub: Hub, author: dict[str, Plain], acts: tuple[Act, ...], signed: Signed, now: Moment) -> Reply:
    """The reply to the hub's entry that names what a revoked key signed, whose bytes lie beside the log.

    Raises RevokedKey when the hub has no key to say so with, BadSignature when the revoked key did not sign this.
    """
    key = str(author["key"])
    owner = owner_of(hub.picture, key)
    known = last_known_key(hub.picture, key)
    if hub.acting_key is None or known is None or owner != author["by"]:
        raise RevokedKey(
            f"Key {key} was revoked, so it signs nothing here any more. Claim a new key at the hub."
            " An alarm needs no key: say it on the gun's own page or under /emergency."
        )
    _verify_line(signed.line1, signed.signature, key, known)
    data = signed.line1 + b"\n" + format_signatures((signed.signature,))
    digest = sha256(data)
    entry_id = opaque_id("a", digest.digest())
    earlier = hub.known_ids.get(entry_id)
    if earlier is not None:
        return _reply_to(hub, earlier, read_entry(hub.store.entry(earlier)))
    named = tuple(name for name in about(acts, by=owner) if ID_FORM.fullmatch(name))
    # Whoever has the key now, an alarm is one: it is heard as the hub's own report.
    alarms = tuple(act for act in acts if isinstance(act, TAKES_AWAY))
    own_acts: tuple[Act, ...] = (
        Quarantined(sha256=digest.hexdigest(), key=key, reason="key_revoked", named=named),
        *(reported_of(owner, alarm) for alarm in alarms),
    )
    signer = hub.acting_key.key_name
    by = owner_of(hub.picture, signer)
    line1 = line_of(
        entry_id=entry_id,
        log=hub.log,
        by=by,
        key=signer,
        at=now.at,
        after={"size": hub.frontier.size, "root": hub.root.hex()},
        prev=hub.last_lines.get(signer),
        acts=own_acts,
        about=about(own_acts, by=by),
    )
    own = Signed(line1=line1, signature=hub.acting_key.sign(line1), openings=_openings_of(own_acts, signed.openings))
    _verify_signer(hub, read_author(line1), own_acts, own)
    return _take(hub, read_author(line1), own_acts, own, now, ((digest.hexdigest(), data),))


def _openings_of(acts: tuple[Act, ...], openings: tuple[tuple[str, Opening], ...]) -> tuple[tuple[str, Opening], ...]:
    """The openings that belong to `acts` and fit; none when one is missing or wrong: the alarm is heard without words."""
    wanted = {sealed.commitment for sealed in sealed_in(acts)}
    fitting = tuple(one for one in openings if one[0] in wanted)
    try:
        _verify_openings(acts, fitting)
    except (BadAct, BadOpening):
        return ()
    return fitting


def _append(
    hub: Hub,
    author: dict[str, Plain],
    data: bytes,
    verdict: Verdict,
    openings: tuple[tuple[str, Opening], ...],
    kept_apart: tuple[tuple[str, bytes], ...],
) -> Reply:
    entry_index = hub.frontier.size
    proof = hub.frontier.proof_of_next()
    frontier = hub.frontier.copy()
    nodes = frontier.append(data)
    root = frontier.root()
    origin = f"{hub.log}/e{hub.epoch}"
    checkpoint = sign_checkpoint(Checkpoint(origin=origin, size=entry_index + 1, root=root), hub.log_key)
    row = Row(
        entry_index=entry_index, entry_id=str(author["id"]), data=data, nodes=nodes, checkpoint=checkpoint,
        openings=openings, kept_apart=kept_apart,
    )  # fmt: skip
    # Until it is known what the disk kept, whatever ends this: the store is read before the next act.
    hub.is_unsure = True
    try:
        hub.store.append(row)
    except StoreFailed:
        # It may have taken effect all the same: go on only if the row is there byte for byte.
        if hub.store.entry_count() != entry_index + 1 or hub.store.entry(entry_index) != data:
            raise
    hub.frontier = frontier
    hub.root = root
    hub.is_unsure = False
    return Reply(
        entry_index=entry_index, verdict=verdict.word, findings=verdict.findings, checkpoint=checkpoint, proof=proof
    )


def _reply_again(hub: Hub, entry_index: int, signed: Signed) -> Reply:
    """The reply of the first time, for the same bytes; an id with other bytes is no retry."""
    data = hub.store.entry(entry_index)
    entry = read_entry(data)
    if entry.line1 != signed.line1:
        raise BadAct(f"id: entry {entry_index} has this id with other content; make a new id for a new act.")
    return _reply_to(hub, entry_index, entry)


def _reply_to(hub: Hub, entry_index: int, entry: Entry) -> Reply:
    """The reply to an entry that is in the log, with a proof against the newest checkpoint."""
    findings = entry.receipt["findings"]
    assert isinstance(findings, list)
    kept = tuple(
        Finding(
            rule=str(found["rule"]),
            found=tuple((str(k), str(v)) for k, v in sorted(found.items(), key=_what_first) if k != "rule"),
        )
        for found in findings
        if isinstance(found, dict)
    )
    size = hub.frontier.size
    proof = inclusion_proof(entry_index=entry_index, tree_size=size, read=hub.store.node)
    return Reply(
        entry_index=entry_index,
        verdict=str(entry.receipt["verdict"]),
        findings=kept,
        checkpoint=hub.store.checkpoint(size),
        proof=proof,
    )


def _what_first(parameter: tuple[str, Plain]) -> tuple[bool, str]:
    """The order in which findings are made: what was found, then its parameters by name."""
    return parameter[0] != "what", parameter[0]


def line_of(  # noqa: PLR0913  # one argument a field of the line
    *,
    entry_id: str,
    log: str,
    by: str,
    key: str,
    at: str,
    after: Plain,
    prev: str | None,
    acts: tuple[Act, ...],
    about: tuple[str, ...],
) -> bytes:
    """The bytes of a line 1 to sign; what a device does."""
    forms: list[Plain] = [plain(act) for act in acts]
    return make_line(
        {
            "v": 1,
            "id": entry_id,
            "log": log,
            "by": by,
            "key": key,
            "at": at,
            "after": after,
            "prev": prev,
            "about": list(about),
            "acts": forms,
        }
    )


def record_own(
    hub: Hub,
    acts: tuple[Act, ...],
    now: Moment,
    *,
    entry_seed: bytes,
    openings: tuple[tuple[str, Opening], ...] = (),
    kept_apart: tuple[tuple[str, bytes], ...] = (),
) -> Reply:
    """The reply to an entry that the hub signs itself, with its acting key; the same `entry_seed` is the same entry.

    Raises UnknownKey when the hub has no acting key, and as `record` does.
    """
    _ready(hub)
    if hub.acting_key is None:
        raise UnknownKey("This hub has no acting key here, so it signs nothing itself. Start it with its key.")
    entry_id = opaque_id("a", entry_seed)
    earlier = hub.known_ids.get(entry_id)
    if earlier is not None:
        return _reply_to(hub, earlier, read_entry(hub.store.entry(earlier)))
    signer = hub.acting_key.key_name
    by = owner_of(hub.picture, signer)
    line1 = line_of(
        entry_id=entry_id,
        log=hub.log,
        by=by,
        key=signer,
        at=now.at,
        after={"size": hub.frontier.size, "root": hub.root.hex()} if hub.frontier.size else None,
        prev=hub.last_lines.get(signer),
        acts=acts,
        about=about(acts, by=by),
    )
    signed = Signed(line1=line1, signature=hub.acting_key.sign(line1), openings=openings)
    author = read_author(line1)
    _verify_signer(hub, author, acts, signed)
    _verify_openings(acts, openings)
    verify_content(acts, hub.picture.rulebook)
    verify_epoch(hub.picture, acts, by=by, key=signer, epoch=hub.epoch)
    return _take(hub, author, acts, signed, now, kept_apart)
