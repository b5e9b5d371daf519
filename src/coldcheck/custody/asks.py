"""What a rule's predicate is asked, and the form of what it found.

A predicate gets one of two questions: a call as far as its parts have come, or one act about to enter the picture. It
answers with what was found, as parameters for a sentence, and with nothing when its condition is met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import CallPart, Picture
from coldcheck.custody.rulebook_file import Rule
from coldcheck.custody.things import Id, Now, Role

Found: TypeAlias = tuple[tuple[str, str], ...]
"""What was found, as parameters for a sentence: always with a "what" first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAsk:
    """The question of one call: the three parts as far as they came, at `now`.

    `again` is True for a further call of a run, which stands on the run's first two parts.
    """

    picture: Picture
    gun: Id
    called: CallPart
    parts: Mapping[str, CallPart]
    again: bool
    now: Now


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAsk:
    """One act as it is about to enter the picture."""

    picture: Picture
    by: Id
    act: a.Act
    acts: tuple[a.Act, ...]


CallPredicate: TypeAlias = Callable[[CallAsk, Rule], tuple[Found, ...]]
FactPredicate: TypeAlias = Callable[[FactAsk, Rule], tuple[Found, ...]]


def found_what(what: str, **values: str) -> Found:
    """What was found, its parameters in the order of their names."""
    return (("what", what), *sorted((name, str(value)) for name, value in values.items()))


def roles_of(picture: Picture, person: Id) -> frozenset[Role]:
    """The roles somebody is enrolled with; none when nobody knows him."""
    known = picture.persons.get(person)
    return known.roles if known is not None else frozenset()
