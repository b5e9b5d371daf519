"""Acts of every class with fields drawn from their types, and the ids they may name: sense and nonsense alike."""

from dataclasses import fields
from enum import StrEnum
from random import Random
from typing import Any, Final, get_args, get_origin, get_type_hints

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id
from coldcheck.proof.cosign import CosignerKey
from coldcheck.proof.encoding import Plain, encode, opaque_id
from coldcheck.proof.sealed import Sealed

OWN_CLASSES: Final[tuple[type, ...]] = get_args(a.OwnAct)
_ANYBODYS: Final = tuple(
    known
    for known in OWN_CLASSES
    if known
    not in {a.ProductionOpened, a.RulebookAdopted, a.PersonEnrolled, a.OfficerNamed, a.KeyEnrolled, a.KeyClaimed}
)
"""Acts that stand where any other may; the others begin a log, are the hub's, or begin an entry of a new key."""
_LETTERS: Final = {
    "gun": "g", "guns": "g", "item": "gc", "to": "p", "giver": "p", "container": "c", "person": "p", "key": "k",
    "performer": "p", "other": "p", "start": "cw", "end": "cw", "parent": "l", "place": "w", "source": "p",
    "thing": "cgw", "round_id": "r", "who": "p", "lot": "l", "line": "p", "hit": "p", "old": "k", "viewer": "p",
    "named": "gcp", "lots": "l", "holder": "p", "ref": "s", "statement": "s", "first": "s", "second": "s", "question": "s", "regarding": "s",
    "exhibit": "s", "request": "s", "derived_from": "s", "speaker": "p", "on_behalf_of": "p", "nested_in": "s",
    "rendering_of": "s", "topic": "s", "owner": "p", "tag": "gc", "chain": "p", "people": "p", "adopted_by": "p",
    "affiant": "p", "speaks_of": "s",
}  # fmt: skip
_DIGESTS: Final = frozenset(
    {"sha256", "card", "device", "credential", "commitments", "root", "recording", "transcript", "photo", "seen_root"}
)
_HASHES: Final = frozenset({"sha256"})
_MAY_BE_EMPTY: Final = frozenset({"place", "source", "thing", "round_id", "who", "lot", "tag"})
_VKEYS: Final = tuple(CosignerKey.from_seed(name=f"phone/{n}", seed=bytes([n]) * 32).vkey for n in range(1, 4))
_WORDS: Final = ("", "S1", "S2", "1", "2", "bore", "capability", "P1", "V07", "armorer", "answers_not_shown", "rattle")


def stray_id(random: Random, letter: str) -> Id:
    """An id that nothing was registered under."""
    return opaque_id(letter, random.randbytes(32))


class AnyAct:
    """Draws acts; `ids` are what the record knows, by their first letter. Now and then an id is a stray one."""

    def __init__(self, random: Random, ids: dict[str, tuple[Id, ...]], *, stray: float = 0.1) -> None:
        self.random = random
        self.ids = ids
        self.stray = stray

    def act(self) -> a.Act:
        """Any act that anybody may sign, reports and unknown ones among them."""
        drawn: a.Act = self.of(self.random.choice((*_ANYBODYS, a.Reported, a.Reported, a.HeldOut)))
        return drawn

    def of(self, act_class: type) -> Any:
        """An act of one class."""
        if act_class is a.UnknownAct:
            form: Plain = {"act": "juggled", "gun": self._id("gun"), "times": self.random.randrange(9)}
            return a.UnknownAct(type_name="juggled", plain_form=encode(form))
        hints = get_type_hints(act_class)
        return act_class(
            **{field.name: self._value(field.name, hints[field.name], act_class) for field in fields(act_class)}
        )

    def _value(self, name: str, kind: Any, owner: type) -> Any:
        if kind == a.OwnAct:
            return self.of(self.random.choice(OWN_CLASSES))
        if kind is a.Interval:
            return a.Interval(start="", end="")
        if get_origin(kind) is tuple:
            item = get_args(kind)[0]
            few = self.random.choice((0, 1, 1, 2, 3))
            return tuple(self._value(name, item, owner) for _ in range(few))
        if kind is str:
            return self._text(name, owner)
        if kind is int:
            return self.random.choice((0, 1, 2, 3, self.random.randrange(60)))
        if kind is bool:
            return self.random.random() < 0.5
        if kind is Sealed:
            return Sealed(commitment=self.random.randbytes(32).hex())
        return self.random.choice(list(kind)) if issubclass(kind, StrEnum) else self.of(kind)

    def _text(self, name: str, owner: type) -> str:
        if name == "vkey" and owner is a.CosignerNamed:
            return self.random.choice(_VKEYS)
        if name in _DIGESTS:
            return self.random.randbytes(32).hex()
        if name in _LETTERS and owner is not a.Interval:
            if name in _MAY_BE_EMPTY and self.random.random() < 0.15:
                return ""
            return self._id("place" if owner is a.PlaceRegistered and name == "parent" else name)
        return self.random.randbytes(32).hex() if name in _HASHES else self.random.choice(_WORDS)

    def _id(self, name: str) -> Id:
        letter = self.random.choice(_LETTERS[name])
        known = self.ids.get(letter, ())
        if not known or self.random.random() < self.stray:
            return stray_id(self.random, letter)
        return self.random.choice(known)
