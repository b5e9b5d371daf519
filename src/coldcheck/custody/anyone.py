"""What a word from anybody becomes in the record: somebody without a key who says stop, asks to see, or found a round.

Nobody signed it, so it is the hub's own report, author unknown. It proves nothing, moves nothing and names nobody; it
can only end calls, cast doubt and stop the set. Whoever the record knows is asked to sign for himself instead.
"""

from enum import StrEnum
from typing import assert_never

from coldcheck.custody import acts as a
from coldcheck.custody.things import Id, RoundKind
from coldcheck.proof.sealed import Sealed

SOURCE = "page_for_anyone"


class Word(StrEnum):
    """What anybody may say. The first two and the last need no gun."""

    STOP = "stop"
    ROUND_NEAR = "round_near"
    SHOW = "show"
    ROUND_HERE = "round_here"
    OTHER_GUN = "other_gun"
    PROBLEM = "problem"
    EMERGENCY = "emergency"


NEEDS_NO_GUN = frozenset({Word.STOP, Word.ROUND_NEAR, Word.EMERGENCY})


def acts_of_word(
    word: Word, *, gun: Id, round_id: Id, concern: str, remark: Sealed, at: str
) -> tuple[a.Reported | a.Stopped, ...]:
    """The acts the hub signs for `word` about `gun`; ids and the sealed remark are new ones, made by the caller.

    A stop is two acts: the report of who said it, which is nobody known, and the stop, which is the hub's own.
    """
    match word:
        case Word.STOP | Word.EMERGENCY:
            reason = "said_by_anyone" if word is Word.STOP else "emergency"
            stopped = a.Stopped(reason=reason, remark=remark)
            return (_told(word, stopped, at), stopped)
        case Word.SHOW:
            return (_told(word, a.AskedToSee(gun=gun), at),)
        case Word.ROUND_HERE | Word.ROUND_NEAR:
            thing = gun if word is Word.ROUND_HERE else ""
            found = a.RoundFound(round_id=round_id, label="", thing=thing, cell="", kind=RoundKind.UNKNOWN, fired=False)
            return (_told(word, found, at),)
        case Word.OTHER_GUN:
            # The tag is on another gun than the record has it on: its label was read, and does not fit.
            return (_told(word, a.LabelRead(thing=gun, kind=RoundKind.UNKNOWN), at),)
        case Word.PROBLEM:
            raised = a.ConcernRaised(concern=concern, remark=remark)
            return (_told(word, raised, at), _told(word, a.AskedToSee(gun=gun), at))
        case _:
            assert_never(word)


def _told(word: Word, told: a.OwnAct, at: str) -> a.Reported:
    return a.Reported(
        row=f"{SOURCE}/{word.value}",
        account="",
        sources=(SOURCE,),
        grade=a.Grade.STATEMENT,
        when=a.Interval(start=at, end=at),
        who="",
        told=told,
    )
