"""Who says what inside one sentence: every cue with its subject, its content and the person told.

Promises: works on the tokens of one sentence and changes nothing; content never includes the attribution itself.
Does not do: whom a pronoun means, and what one sentence owes to another; see `statements`.
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_people import (
    Phrase,
    PhraseSort,
    bare,
    is_name,
    phrase_at,
    phrase_before,
    possessive,
)
from coldcheck.custody.statement_text import Sort, Token
from coldcheck.custody.statement_words import CUES, Cue, Takes


class How(StrEnum):
    """Where the subject of a cue was found."""

    BESIDE = "beside"
    ASIDE = "aside"
    RELATIVE = "relative"
    SAME = "same"
    AFTER = "after"
    ACCORDING = "according"
    OWNER = "owner"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A cue: tokens `first` up to `past`, the token `at` that is the verb, and its subject."""

    cue: Cue
    first: int
    at: int
    past: int
    how: How
    who: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A cue with its content, as ranges of tokens; `whom` is the person told, `tail` where the attribution ends.

    `via` is who passed the words on, where the sentence names both: "he said, according to a transcript".
    """

    hit: Hit
    content: tuple[tuple[int, int], ...]
    whom: Phrase | None
    tail: int
    via: Phrase | None = None


Tokens = Sequence[Token]
_LONGEST: Final = 600
_SPEAK: Final = Cue(verb="according", takes=Takes.CLAUSE, to_whom=False, noun=False)
_HOLD: Final = Cue(verb="hold", takes=Takes.THAT, to_whom=False, noun=True)
_BARE: Final = frozenset({"say", "tell", "inform", "assure"})
_OBJECT_TOO: Final = frozenset({"admit", "acknowledge", "confirm", "concede", "recall", "explain", "reveal", "note"})
_DOINGS: Final = frozenset({"remember", "recall", "admit", "acknowledge"})
"""Verbs that carry what somebody did without a clause: "remembered being told to wait"."""
_NAMERS: Final = frozenset({"call", "dub", "label", "term", "brand"})
_GATED: Final = frozenset(
    {"believe", "put", "end", "find", "rule", "show", "list", "read", "hear", "understand", "point", "provide"}
)
"""Everyday verbs that report words only beside certain subjects or a particle."""
_QUOTED_AS: Final = frozenset({"quoted", "cited", "recorded", "reported"})
_ABOUT: Final = frozenset({"of", "about"})
_PARTICLES: Final = MappingProxyType(
    {
        "asked": frozenset({"for"}),
        "asks": frozenset({"for"}),
        "called": frozenset({"for"}),
        "call": frozenset({"for"}),
        "calls": frozenset({"for"}),
        "calling": frozenset({"for"}),
        "pleaded": frozenset({"for"}),
    }
    | dict.fromkeys(("complained", "complains", "complaining", "complain", "warned", "warns", "warning"), _ABOUT)
)
_PRONOUN_ONLY: Final = frozenset(
    {"it", "that", "this", "them", "so", "him", "her", "nothing", "more", "to", "otherwise"}
)


def clauses(tokens: Tokens) -> tuple[Clause, ...]:
    """Every clause of speech in a sentence, in the order of their cues; none in one too long to be a sentence."""
    if len(tokens) > _LONGEST:
        return ()
    hits = _inherit(tuple(_hits(tokens)))
    found = tuple(c for hit in hits if (c := _clause(tokens, hit, hits)) is not None and c.content)
    found = tuple(clause for clause in _passed_on(found) if not _unnamed(tokens, clause))
    found = tuple(clause for clause in found if not _bare_thing(tokens, clause))
    return tuple(clause for clause in found if clause.hit.cue.verb != "ask for" or not _told_inside(clause, found))


def _unnamed(tokens: Tokens, clause: Clause) -> bool:
    """Whether a speaker only asks that his name be left out."""
    said = {tokens[n].low for start, end in clause.content for n in range(start, end)}
    return clause.hit.cue.verb == "ask" and (
        "anonymous" in said or ("not" in said and bool(said & {"name", "named", "identified", "identify", "quoted"}))
    )


_THINGS: Final = frozenset(
    {
        "admit",
        "acknowledge",
        "confirm",
        "note",
        "recall",
        "describe",
        "announce",
        "reject",
        "explain",
        "reveal",
        "refuse",
        "decline",
    }
)
"""Verbs that are as often done to a thing as said about it: a hospital admits people, a board rejects a budget."""
_SHORT_THING: Final = 2


def _bare_thing(tokens: Tokens, clause: Clause) -> bool:
    """Whether what follows the verb is only a thing: "recalled the dogs", "asked for water", nothing put into words.

    A thing with a verb in it, a word for something said, a quotation, or told of by a paper is content all the same; so is
    what somebody calls "a ...", which describes.
    """
    verb = clause.hit.cue.verb
    inside = [tokens[n] for start, end in clause.content for n in range(start, end)]
    if not inside or clause.hit.past > clause.content[0][0] or any(token.sort is not Sort.WORD for token in inside):
        return False
    if verb in {"ask for", "call for"}:
        return len(inside) <= _SHORT_THING
    if inside[0].low in {"itself", "himself", "herself", "themselves"}:
        return True
    if verb == "admit" and inside[0].low == "to" and len(inside) > 1 and not inside[1].low.endswith("ing"):
        return True
    if verb not in _THINGS or _headed(tokens, clause.hit.who, words.WRITTEN) or clause.hit.how is How.OWNER:
        return False
    said = any(
        bare(token.low) in words.SAID_THINGS or token.low in words.STOPPERS | {"as", "guilty"} for token in inside
    )
    verbal = any(token.low.endswith("ing") or _finite(token) for token in inside) or _to_do(inside)
    describes = inside[0].low in {"a", "an"} and len(inside) > _SHORT_THING and verb != "reject"
    return not (said or verbal or describes)


def _to_do(inside: Tokens) -> bool:
    """Whether an infinitive stands in it: "to share figures", not "to the ward"."""
    return any(
        one.low == "to" and not two.capital and two.low not in words.DETERMINERS | words.POSSESSIVES
        for one, two in pairwise(inside)
    )


def _passed_on(found: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses without an "according to" that only says who passed on words already given their speaker."""
    kept = list(found)
    for clause in found:
        if clause.hit.how is not How.ACCORDING:
            continue
        said = next((n for n, c in enumerate(kept) if c is not clause and _ends_before(c, clause.hit.first - 1)), None)
        if said is not None and any(a <= kept[said].hit.at < b for a, b in clause.content):
            kept[said] = replace(kept[said], via=clause.hit.who)
            kept.remove(clause)
    return tuple(kept)


def _ends_before(clause: Clause, at: int) -> bool:
    """Whether a clause, by its attribution or by what it says, ends where "according to" begins."""
    beside = clause.hit.how in {How.BESIDE, How.ASIDE} and clause.hit.past <= clause.content[0][0]
    return clause.tail == at or (beside and clause.content[-1][1] == at)


def _told_inside(clause: Clause, found: Sequence[Clause]) -> bool:
    """Whether a clause is told inside another: what somebody says he once asked for is part of what he says."""
    return any(start <= clause.hit.at < end for other in found if other is not clause for start, end in other.content)


def _hits(tokens: Tokens) -> Iterator[Hit]:
    for at, token in enumerate(tokens):
        if token.sort is not Sort.WORD:
            continue
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if token.low == "according" and following == "to":
            who = phrase_at(tokens, at + 2)
            yield Hit(cue=_SPEAK, first=at, at=at, past=at + 2, how=How.ACCORDING, who=_appositive(tokens, who))
        elif token.low == "in" and (own := _opined(tokens, at)) is not None:
            yield Hit(cue=_SPEAK, first=at, at=at, past=at + 3, how=How.ACCORDING, who=own)
        elif token.low == "per" and (at == 0 or tokens[at - 1].low == ","):
            yield Hit(cue=_SPEAK, first=at, at=at, past=at + 1, how=How.ACCORDING, who=phrase_at(tokens, at + 1))
        elif token.low in words.NOUN_CUES and following == "that" and not _occasioned(tokens, at):
            yield _noun_hit(tokens, at)
        elif token.low in CUES and (hit := _verb_hit(tokens, at, CUES[token.low])) is not None:
            yield hit


def _opined(tokens: Tokens, at: int) -> Phrase | None:
    """Whose opinion "in his view, ..." gives as the whole of a clause; None for anything else."""
    if at + 3 >= len(tokens) or tokens[at + 1].low not in {"his", "her"} or tokens[at + 2].low not in words.OPINIONS:
        return None
    return Phrase(first=at + 1, past=at + 2, sort=PhraseSort.PRONOUN) if tokens[at + 3].low == "," else None


def _occasioned(tokens: Tokens, at: int) -> bool:
    """Whether a noun only tells the occasion of a verb: "said in a statement that"."""
    return any(tokens[n].low in {"in", "during"} for n in range(max(0, at - 4), at)) and not any(
        _owns(tokens[n]) for n in range(max(0, at - 3), at)
    )


def _noun_hit(tokens: Tokens, at: int) -> Hit:
    """A noun that carries a clause, with the owner before it: "his claim that"."""
    owner = at - 1
    while owner > 0 and at - owner < 3 and not _owns(tokens[owner]):  # noqa: PLR2004 - "his first public claim"
        owner -= 1
    who = None
    if owner >= 0 and _owns(tokens[owner]):
        pronoun = tokens[owner].low in words.POSSESSIVES
        who = Phrase(first=owner, past=owner + 1, sort=PhraseSort.PRONOUN if pronoun else PhraseSort.NAME)
    return Hit(cue=_HOLD, first=at, at=at, past=at + 1, how=How.OWNER, who=who)


def _owns(token: Token) -> bool:
    return token.low in words.POSSESSIVES or (possessive(token.low) and token.capital)


def _verb_hit(tokens: Tokens, at: int, cue: Cue) -> Hit | None:
    """The verb at `at` as a cue, None where the word does not report speech here."""
    first, helpers = _group(tokens, at, cue)
    passive = bool(helpers & words.PASSIVE) and not tokens[at].low.endswith("ing")
    if any(map(_denies, helpers)) or (passive and helpers & words.MODALS):
        return None
    if (told := _passive_hit(tokens, first, at, cue, passive=passive)) is not None:
        return told
    barely = helpers & words.MODALS == {"would"} and cue.verb == "say" and "only" in {*helpers, _following(tokens, at)}
    if (
        passive
        or (helpers & words.MODALS and not barely)
        or (_not_speech(tokens, first, at, cue) and not _errand(tokens, first))
    ):
        return None
    if first and tokens[first - 1].low == "to" and (errand := _errand(tokens, first)) is not None:
        return Hit(cue=cue, first=first, at=at, past=at + 1, how=How.BESIDE, who=errand)
    if first and tokens[first - 1].low == "as" and (quoted := _quoted_as(tokens, first, at, cue)) is not None:
        return quoted
    how, who = _subject(tokens, first, at)
    if who is not None and who.first == 1 and tokens[0].low == "if":  # "If Orr says it was new, nobody will believe it"
        return None
    if not _may_speak(tokens, at, cue, who) or (how is How.NOBODY and tokens[at].low.endswith("ing")):
        return None
    cue, past = _with_particle(tokens, at, cue, who)
    return Hit(cue=cue, first=first, at=at, past=past, how=how, who=who)


def _passive_hit(tokens: Tokens, first: int, at: int, cue: Cue, *, passive: bool) -> Hit | None:
    """The hit of "was told", "asked by X whether" and "it was alleged that"; None for a verb that is none of these."""
    asked = first == 0 and cue.verb == "ask" and (_asks(tokens, at + 1) or _following(tokens, at) == "by")
    if (asked or passive) and cue.to_whom and tokens[at].low.endswith(("ed", "told")):
        return _told_by(tokens, first, at, cue)
    if passive and first and tokens[first - 1].low == "it" and _impersonal(tokens, at):
        clause = replace(cue, takes=Takes.CLAUSE)
        return Hit(cue=clause, first=first, at=at, past=at + 1, how=How.NOBODY, who=None)
    return None


def _may_speak(tokens: Tokens, at: int, cue: Cue, who: Phrase | None) -> bool:
    """Whether this subject says something with this verb: not "nobody told", not "a box labelled “dummies”"."""
    if cue.verb in _GATED and not _speaks(tokens, at, cue, who):
        return False
    if who is None:
        return True
    inside = {t.low for t in tokens[who.first : who.past]}
    if inside & words.NOBODIES or {"no", "one"} <= inside:
        return False
    return not (cue.verb in _NAMERS and who.sort is PhraseSort.ROLE and not _person(tokens, who))


def _with_particle(tokens: Tokens, at: int, cue: Cue, who: Phrase | None) -> tuple[Cue, int]:
    """The cue with the little word that belongs to it, and where it ends: "called for", "pointed out"."""
    if tokens[at].low == "told" and _headed(tokens, who, words.HEARERS) and phrase_at(tokens, at + 1) is None:
        cue = CUES["heard"]  # "..., jury told"
    if cue.verb == "put":
        return replace(cue, takes=Takes.THAT), max(_puts_it(tokens, at), at + 2)
    if _following(tokens, at) in _PARTICLES.get(tokens[at].low, frozenset()) and not _headed(tokens, who, words.PLANS):
        return Cue(verb=f"{cue.verb} for", takes=Takes.OBJECT, to_whom=False, noun=False), at + 2
    return cue, at + (2 if cue.verb == "point" else 1)


def _impersonal(tokens: Tokens, at: int) -> bool:
    """Whether "it is understood" opens what is understood, with "that" or without."""
    return _following(tokens, at) == "that" or (
        phrase_at(tokens, at + 1) is not None and any(map(_finite, tokens[at + 2 :]))
    )


def _told_by(tokens: Tokens, first: int, at: int, cue: Cue) -> Hit:
    """A passive "was told": by the one named behind "by", else by nobody the sentence names."""
    if at + 1 < len(tokens) and tokens[at + 1].low == "by" and (agent := phrase_at(tokens, at + 2)) is not None:
        return Hit(cue=cue, first=first, at=at, past=at + 2, how=How.AFTER, who=_appositive(tokens, agent))
    late = next((n for n in range(at + 3, len(tokens) - 1) if _agent_behind(tokens, n)), None)
    if late is not None:
        return Hit(cue=cue, first=first, at=at, past=at + 1, how=How.BESIDE, who=phrase_at(tokens, late + 1))
    quoted = _following(tokens, at) == "by" and at + 2 < len(tokens) and tokens[at + 2].sort is Sort.QUOTE
    past = at + (3 if quoted else 1)  # "told by “a man in a hat” that"
    return Hit(cue=cue, first=first, at=at, past=past, how=How.NOBODY, who=phrase_before(tokens, first))


def _agent_behind(tokens: Tokens, at: int) -> bool:
    """Whether token `at` is the "by" that names who told it, at the end of its clause: "told it was cold by Ada Orr."."""
    if tokens[at].low != "by" or (who := phrase_at(tokens, at + 1)) is None:
        return False
    ends = who.past >= len(tokens) or tokens[who.past].sort is not Sort.WORD
    return ends and who.sort is not PhraseSort.PRONOUN and _person(tokens, who)


def _quoted_as(tokens: Tokens, first: int, at: int, cue: Cue) -> Hit | None:
    """The speaker of "was quoted (by X) as saying" and of "the paper quoted X as saying"."""
    verb = next((n for n in range(first - 2, max(-1, first - 9), -1) if tokens[n].low in _QUOTED_AS), None)
    if verb is None:
        return None
    start, helpers = _group(tokens, verb, cue)
    passive = bool(helpers & words.PASSIVE)
    who = phrase_before(tokens, start) if passive or verb == first - 2 else phrase_before(tokens, first - 1)
    return Hit(cue=cue, first=start, at=at, past=at + 1, how=How.BESIDE, who=who)


def _manner(low: str) -> bool:
    """Whether a word is an adverb of manner by its ending: "calmly", and neither "fly" nor "family"."""
    return low.endswith("ly") and len(low) > 4 and low not in words.NOT_ADVERBS  # noqa: PLR2004 - not "fly"


def _following(tokens: Tokens, at: int) -> str:
    return tokens[at + 1].low if at + 1 < len(tokens) else ""


def _headed(tokens: Tokens, who: Phrase | None, nouns: frozenset[str]) -> bool:
    """Whether a subject is one of `nouns`: as its head, or before how somebody came by it ("a letter seen by us")."""
    if who is None:
        return False
    plain = [n for n in range(who.first, who.past) if not possessive(tokens[n].low)]
    ends = (n for n in plain if n + 1 == who.past or tokens[n + 1].low in words.NOUN_LINKS | words.COME_BY)
    return any(bare(tokens[n].low) in nouns for n in ends)


def _speaks(tokens: Tokens, at: int, cue: Cue, who: Phrase | None) -> bool:
    """Whether an everyday verb reports words here: "the report finds that", "the court heard", "points out that"."""
    following = _following(tokens, at)
    it = who is not None and tokens[who.first].low == "it"
    match cue.verb:
        case "point":
            return following == "out"
        case "believe":
            return tokens[at].low == "believes" or _headed(tokens, who, words.PLURALS)
        case "put":
            return _puts_it(tokens, at) > at or (following == "it" and any(t.sort is Sort.QUOTE for t in tokens))
        case "find" | "rule":
            closes = (
                who is not None and who.first > 0 and tokens[who.first - 1].low == "," and not _goes_on(tokens, at + 1)
            )
            if tokens[at].low == "finding" or cue.verb == "find":
                closes = False
            said = it or _headed(tokens, who, words.FINDERS) or tokens[at].low == "finding"
            return (following == "that" or closes) and said
        case "hear":
            closes = who is not None and who.first > 0 and tokens[who.first - 1].low == ","
            return (following == "that" or closes) and _headed(tokens, who, words.HEARERS)
        case "show":
            return _headed(tokens, who, words.WRITTEN)
        case "list":
            return it or _headed(tokens, who, words.WRITTEN)
        case "read" | "end":
            closes = who is not None and who.first > 0 and tokens[who.first - 1].sort is Sort.QUOTE
            opens = following in {":", ","} or (at + 1 < len(tokens) and tokens[at + 1].sort is Sort.QUOTE)
            return (it and (closes or following == ":")) or ((opens or closes) and _headed(tokens, who, words.WRITTEN))
        case "provide":
            return following == "that" and _headed(tokens, who, words.WRITTEN | words.PLANS)
        case _:
            return False


def _person(tokens: Tokens, who: Phrase) -> bool:
    """Whether a role can be one of a person or a body of people, rather than of a thing."""
    known = words.PLURALS | words.ORGANISATION_WORDS | words.HEARERS
    ends = (n for n in range(who.first, who.past) if n + 1 == who.past or tokens[n + 1].low in words.NOUN_LINKS)
    return any(_bearer(tokens[n].low) or tokens[n].low in known or tokens[n].capital for n in ends)


def _puts_it(tokens: Tokens, at: int) -> int:
    """Where "put it to him" ends before its "that"; `at` itself if it is no such thing."""
    if [t.low for t in tokens[at + 1 : at + 3]] != ["it", "to"] or (whom := phrase_at(tokens, at + 3)) is None:
        return at
    return whom.past if whom.past < len(tokens) and tokens[whom.past].low == "that" else at


def _denies(word: str) -> bool:
    return word in words.NEGATIONS or word.endswith(("n't", "n’t"))


def _errand(tokens: Tokens, first: int) -> Phrase | None:
    """Who got in touch only to say it: "her solicitor | has emailed us to say that"; None where nobody did."""
    if first < 3 or tokens[first - 1].low != "to":  # noqa: PLR2004 - a subject, a verb and "to"
        return None
    for n in range(first - 2, max(0, first - 7), -1):
        if tokens[n].sort is not Sort.WORD:
            return None
        if tokens[n].low in words.CONTACTS:
            return phrase_before(tokens, _group(tokens, n, CUES["say"])[0])
    return None


def _asks(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens[at].low in words.QUESTION_WORDS | {"if", "whether"}


def _group(tokens: Tokens, at: int, cue: Cue) -> tuple[int, frozenset[str]]:
    """Where the verb group begins, and its helping words."""
    first, helpers = at, set[str]()
    have = words.FRENCH_HAVE if cue.verb in {"déclarer", "dire"} else frozenset[str]()
    while first > 0:
        low = tokens[first - 1].low
        adverb = low in words.ADVERBS or (_manner(low) and not is_name(tokens[first - 1]))
        goes_on = low in {"keep", "keeps", "kept"} and tokens[at].low.endswith("ing")
        if not (adverb or goes_on or low in words.AUXILIARIES | have or _denies(low)):
            break
        helpers.add(low)
        first -= 1
    if first >= 3 and tokens[first - 1].low == "to" and tokens[first - 2].low in {"on", "continued"}:  # noqa: PLR2004
        first -= 3 if tokens[first - 2].low == "on" and tokens[first - 3].low == "went" else 2
    return first, frozenset(helpers)


def _not_speech(tokens: Tokens, first: int, at: int, cue: Cue) -> bool:
    """Whether the word is a noun, an infinitive or part of something else here."""
    before = tokens[first - 1] if first else None
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if before is not None and before.low == "to":
        return True
    means = tokens[at + 2].low in words.BY_MEANS if at + 2 < len(tokens) else False
    if (following == "by" and not means) or (following == "to" and cue.verb in {"add", "go"}):
        return True
    if before is not None and before.low in words.QUANTITIES and following in {"that"} | words.SUBJECT_PRONOUNS:
        return False
    if (
        before is not None
        and before.low in words.DETERMINERS | words.POSSESSIVES
        and before.low not in {"that", "this"}
    ):
        return first == at and (cue.noun or tokens[at].low.endswith(("ed", "ing", "en", "orn")))
    if not cue.noun:
        return False
    bound = before is None or before.low in words.PREPOSITIONS or possessive(before.low)
    form = tokens[at].low
    plural = before is not None and (before.low in words.SUBJECT_PRONOUNS or before.low.endswith(("s", "police")))
    plural = plural or (following == "that" and _of_several(tokens, first))
    third = form.endswith("s") and form != cue.verb
    return bound or (not plural and not third and not form.endswith(("ed", "ing", "call", "shout", "scream")))


def _of_several(tokens: Tokens, first: int) -> bool:
    """Whether the subject before `first` is a plural that a preposition goes on: "members on the stage | report"."""
    nearest = phrase_before(tokens, first)
    link = nearest.first - 1 if nearest is not None else 0
    return link > 0 and tokens[link].low in words.PREPOSITIONS and tokens[link - 1].low.endswith("s")


def _subject(tokens: Tokens, first: int, at: int) -> tuple[How, Phrase | None]:
    """Where the subject of a verb group stands, and the phrase."""
    if first == 0:
        return _after_verb(tokens, at)
    before = tokens[first - 1]
    if tokens[at].low.endswith("ing") and first == at:
        return _participle(tokens, first, at)
    if (relative := _past_relative(tokens, first)) is not None:
        return How.BESIDE, relative
    if (behind := _past_preposition(tokens, first)) is not None:
        return behind
    if before.sort is Sort.QUOTE:
        return _after_verb(tokens, at)
    if before.low in words.CONJUNCTIONS:
        return How.SAME, None
    if before.low in {"who", "which", "that"}:
        return How.RELATIVE, _antecedent(tokens, first - 1)
    if before.low == ")" and (bracket := next((n for n in range(first - 2, 0, -1) if tokens[n].low == "("), 0)):
        who = phrase_before(tokens, bracket)
        return (How.ASIDE, who) if who is not None else (How.NOBODY, None)
    if before.low in {",", "—", "–"}:
        return _behind_comma(tokens, first - 1, at)
    both = before.low in {"both", "each"} and is_name(tokens[max(0, first - 2)])  # "Orr and Webb both said"
    return _beside(phrase_before(tokens, first - 1 if both else first))


def _beside(who: Phrase | None) -> tuple[How, Phrase | None]:
    return (How.BESIDE, who) if who is not None else (How.NOBODY, None)


def _participle(tokens: Tokens, first: int, at: int) -> tuple[How, Phrase | None]:
    """The subject of "saying": that of the verb before, or whoever "could be heard saying"."""
    before = tokens[first - 1]
    if before.sort is Sort.QUOTE:
        return _after_verb(tokens, at)
    if before.low in words.CONJUNCTIONS | {",", "while", "before", "after", "by"}:
        return How.SAME, None
    if before.low == "heard":
        return _beside(phrase_before(tokens, _group(tokens, first - 1, CUES["heard"])[0]))
    return How.NOBODY, None


def _behind_comma(tokens: Tokens, comma: int, at: int) -> tuple[How, Phrase | None]:
    """The subject of a verb behind a comma: inverted behind a quotation, else before an aside."""
    inverted = _after_verb(tokens, at)
    if _quoted_before(tokens, comma) and inverted[1] is not None:
        return inverted
    aside = _aside(tokens, comma)
    if aside is not None:
        return How.ASIDE, aside
    return inverted if CUES[tokens[at].low].takes in {Takes.CLAUSE, Takes.QUOTE} else (How.NOBODY, None)


def _work_named(tokens: Tokens, first: int) -> int:
    """Where a thing begins that the name at `first` is the name of: "on | troubled blockbuster Low Water"; else `first`."""
    at = first
    while at > 0 and first - at < 3 and tokens[at - 1].sort is Sort.WORD and not tokens[at - 1].capital:  # noqa: PLR2004 - a word or two
        if tokens[at - 1].low in words.PREPOSITIONS:
            return at
        if _bearer(tokens[at - 1].low) or tokens[at - 1].low in words.STOPPERS | words.CONJUNCTIONS | words.DETERMINERS:
            return first
        at -= 1
    return first


_THEN: Final = frozenset({"after", "before", "since", "until"})


def _past_preposition(tokens: Tokens, first: int) -> tuple[How, Phrase | None] | None:
    """The subject when words with a preposition stand between it and the verb: "the actor, who through a lawyer denied"."""
    nearest = phrase_before(tokens, first)
    if nearest is not None and nearest.sort is PhraseSort.NAME:
        nearest = replace(nearest, first=_work_named(tokens, nearest.first))
    if nearest is None or nearest.sort is PhraseSort.PRONOUN or nearest.first < 2:  # noqa: PLR2004 - a subject and its preposition
        return None
    link = nearest.first - 1
    if tokens[link].low in _THEN and (nearest.sort is PhraseSort.NAME or _bearer(tokens[nearest.past - 1].low)):
        return None  # "the launch comes after a coroner recommended"
    if tokens[link].low not in words.PREPOSITIONS or tokens[link - 1].sort is not Sort.WORD:
        return None
    if tokens[link - 1].low in {"who", "which"}:
        return How.RELATIVE, _antecedent(tokens, link - 1)
    head = phrase_before(tokens, link)
    if head is None or head.sort is PhraseSort.PRONOUN:
        return None if head is None else (How.BESIDE, head)
    if head.sort is PhraseSort.ROLE:
        opens = head.first == 0 or tokens[head.first - 1].sort is not Sort.WORD
        return (How.BESIDE, replace(head, past=nearest.past)) if opens else None
    return How.BESIDE, head


def _past_relative(tokens: Tokens, first: int) -> Phrase | None:
    """The subject when a whole clause stands between: "a man who asked that we not use his name | told us"; else None."""
    nearest = phrase_before(tokens, first)
    if nearest is None or nearest.sort is not PhraseSort.ROLE or _bearer(tokens[nearest.past - 1].low):
        return None
    for n in range(nearest.first - 1, 0, -1):
        if tokens[n].sort is Sort.MARK or tokens[n].low in {"if", "whether", "because", "when"}:
            return None
        if tokens[n].low == "who":
            return phrase_before(tokens, n) if n + 1 < nearest.first else None
    return None


def _appositive(tokens: Tokens, who: Phrase | None) -> Phrase | None:
    """The name that follows a role behind a comma, "her attorney, Ada Orr", else the phrase itself."""
    if who is None or who.sort is not PhraseSort.ROLE or who.past >= len(tokens) or tokens[who.past].low != ",":
        return who
    name = phrase_at(tokens, who.past + 1)
    if name is None or not is_name(tokens[name.first]):
        return who
    past = next((n for n in range(name.first, name.past) if not _in_name(tokens[n])), name.past)
    ends = past >= len(tokens) or tokens[past].sort is not Sort.WORD or tokens[past].low in words.NOUN_LINKS
    return Phrase(first=name.first, past=past, sort=PhraseSort.NAME) if ends else who


def _in_name(token: Token) -> bool:
    return is_name(token) or token.low in words.PARTICLES or token.low.rstrip(".") in words.HONORIFICS


def _quoted_before(tokens: Tokens, comma: int) -> bool:
    return comma > 0 and tokens[comma - 1].sort is Sort.QUOTE


def _antecedent(tokens: Tokens, relative: int) -> Phrase | None:
    """What "who" at `relative` refers to."""
    past = relative - 1 if relative and tokens[relative - 1].low == "," else relative
    return phrase_before(tokens, past)


def _aside(tokens: Tokens, comma: int) -> Phrase | None:
    """The subject before an aside that ends at `comma`: "X, who was there, said", or the name that is the aside."""
    left = comma
    while True:
        left = next((n for n in range(left - 1, 0, -1) if tokens[n].low in {",", "—", "–"}), 0)
        if left == 0:
            return None
        if left + 1 < comma and all(t.capital or t.low in words.PARTICLES for t in tokens[left + 1 : comma]):
            return Phrase(first=left + 1, past=comma, sort=PhraseSort.NAME)
        if _titled(tokens, left + 1, comma):
            return Phrase(first=left + 1, past=comma, sort=PhraseSort.ROLE)
        begins = tokens[left + 1]
        opens = begins.low in words.ASIDES or begins.low.isdigit() or begins.low.endswith(("ing", "ed"))
        opens = opens or begins.low in {"in", "at", "near", "from", "when"} or _following(tokens, left + 1) == "by"
        opens = opens or any(t.low in {"which", "whom", "whose"} for t in tokens[left + 1 : comma])
        if (opens or is_name(begins)) and (who := _whole_subject(tokens, left)) is not None:
            return who


def _titled(tokens: Tokens, first: int, past: int) -> bool:
    """Whether an aside is a name behind what its bearer does: "one of them, | unit manager Ada Orr |, disputes it"."""
    name = next((n for n in range(first, past) if tokens[n].capital), past)
    if not first < name < past or not (_bearer(tokens[name - 1].low) or tokens[first].low == "the"):
        return False
    plain = all(t.sort is Sort.WORD and t.low not in words.STOPPERS | words.PREPOSITIONS for t in tokens[first:name])
    return plain and all(_in_name(t) for t in tokens[name:past])


def _bearer(low: str) -> bool:
    """Whether a noun says what somebody does: a known role, or the ending of one ("designer", "projectionist")."""
    return low in words.ROLE_NOUNS or (len(low) > 5 and low.endswith(("er", "or", "ist", "ian", "man", "woman")))  # noqa: PLR2004 - not "her"


def _whole_subject(tokens: Tokens, past: int) -> Phrase | None:
    """The subject that ends before `past`, with what it is linked to: "a report by the proof house"."""
    behind = _past_preposition(tokens, past)
    return phrase_before(tokens, past) if behind is None or behind[0] is not How.BESIDE else behind[1]


def _after_verb(tokens: Tokens, at: int) -> tuple[How, Phrase | None]:
    """The subject after the verb: "said the guard", "said the guard, Ada Orr."."""
    who = phrase_at(tokens, at + 1) if _following(tokens, at) != "that" else None
    if who is None or _goes_on(tokens, who.past):
        return How.NOBODY, None
    return How.AFTER, _appositive(tokens, who)


def _goes_on(tokens: Tokens, at: int) -> bool:
    """Whether a verb follows what looks like a speaker behind its verb: "the board, ..., says Orr | brought it"."""
    if at >= len(tokens) or tokens[at].sort is not Sort.WORD:
        return False
    ends = words.PREPOSITIONS | words.TIME_WORDS | words.ADVERBS | words.STOPPERS | words.CONJUNCTIONS
    low = tokens[at].low
    return not (low in ends or _manner(low) or low.endswith("ing") or low.rstrip(".") in words.MONTHS or low.isdigit())


def _stands_alone(tokens: Tokens, at: int) -> bool:
    """Whether "that" opens no clause: "until he said that, ...", "I say that as somebody who asked"."""
    following = _following(tokens, at)
    after = tokens[at + 2].low if at + 2 < len(tokens) else ""
    return (
        following in {",", "down", "off", "to"}
        or at + 1 >= len(tokens)
        or (following == "as" and after in {"somebody", "someone", "a", "an", "one"})
    )


_POINTS_ON: Final = frozenset({"is", "was", "this", "as", "follows", "the", "following", "these", "are", "words"})


def announced(tokens: Tokens) -> Clause | None:
    """Who is said to speak in a sentence that leaves the words to what follows: "What she told us is this:"; else None."""
    if not tokens or tokens[-1].low != ":":
        return None
    named = [hit for hit in _inherit(tuple(_hits(tokens))) if hit.who is not None and hit.how is not How.NOBODY]
    open_ended = [hit for hit in named if hit.how not in {How.OWNER, How.ACCORDING}]
    if len({hit.who for hit in named}) > 1:  # "what the suit says he told the crew is this:"
        return None
    if not open_ended:
        return None
    return Clause(hit=open_ended[-1], content=(), whom=None, tail=len(tokens) - 1)


def _inherit(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The hits, each "and said" with the subject of the cue it continues."""
    found: list[Hit] = []
    for hit in hits:
        main = next((h for h in reversed(found) if h.how not in {How.RELATIVE, How.NOBODY, How.OWNER}), None)
        takes_over = hit.how is How.SAME and hit.who is None and main is not None
        found.append(replace(hit, who=main.who) if takes_over and main is not None else hit)
    return tuple(found)


def _clause(tokens: Tokens, hit: Hit, hits: Sequence[Hit]) -> Clause | None:
    """The clause of a hit, None if nothing was said."""
    start = hit.past
    if hit.how in {How.AFTER, How.ACCORDING}:
        if hit.who is None:
            return None
        start = _past_aside(tokens, hit.who.past) if hit.how is How.AFTER else _past_object(tokens, hit.who.past)
    if hit.how is How.ACCORDING:
        return _according(tokens, hit, start)
    whom, start = _told(tokens, hit, start)
    past_adverbs = _complement(tokens, _adverbs(tokens, start, hit), start, whom)
    if whom is not None and tokens[whom.first].low == "it":  # "tells it another way", "tells it bluntly: “...”"
        quoted = next((n for n in range(start, len(tokens)) if tokens[n].sort is Sort.QUOTE), None)
        return None if quoted is None else Clause(hit=hit, content=((quoted, quoted + 1),), whom=None, tail=quoted)
    if hit.cue.verb == "put" and (colon := _colon_quote(tokens, hit.past)) is not None:  # "puts it like this: “...”"
        return Clause(hit=hit, content=((colon, colon + 1),), whom=None, tail=colon)
    content = () if _split_quote(tokens, hit, past_adverbs) else _content_after(tokens, hit, hits, start, past_adverbs)
    if not content and hit.how not in {How.RELATIVE, How.SAME, How.OWNER}:
        content = _content_around(tokens, hit, past_adverbs)
    if hit.cue.takes is Takes.QUOTE and not any(tokens[n].sort is Sort.QUOTE for a, b in content for n in range(a, b)):
        return None
    if all(tokens[n].low in _POINTS_ON for a, b in content for n in range(a, b)):  # "what she told us is this:"
        return None
    if content and content[0][0] >= hit.past and _says_nothing(tokens[content[0][0] : content[-1][1]]):
        return None
    return Clause(hit=hit, content=content, whom=whom, tail=past_adverbs)


def _says_nothing(inside: Tokens) -> bool:
    """Whether what follows a verb only says how little was said, or asks in one word: "said nothing about it", "asked why"."""
    if any(token.sort is Sort.QUOTE for token in inside):
        return False
    alone = len(inside) == 1 and inside[0].low in words.QUESTION_WORDS
    return alone or (inside[0].low in {"little", "nothing"} and not any(_finite(token) for token in inside))


def _colon_quote(tokens: Tokens, past: int) -> int | None:
    """The quotation behind the next colon, None if none stands there."""
    colon = next((n for n in range(past, len(tokens) - 1) if tokens[n].low == ":"), None)
    return colon + 1 if colon is not None and tokens[colon + 1].sort is Sort.QUOTE else None


def _split_quote(tokens: Tokens, hit: Hit, at: int) -> bool:
    """Whether the attribution stands between two halves of a quotation: "A," she said, "B"."""
    begin = hit.who.first if hit.how is How.BESIDE and hit.who is not None else hit.first
    if hit.how is How.ASIDE and hit.who is not None:
        begin = _aside_begin(tokens, hit.who.first)
    before = begin > 0 and (
        tokens[begin - 1].sort is Sort.QUOTE or (begin > 1 and tokens[begin - 2].sort is Sort.QUOTE)
    )
    apart = at + 1 < len(tokens) and tokens[at].low in {",", "—", "–"} and tokens[at + 1].sort is Sort.QUOTE
    return before and apart


def _past_aside(tokens: Tokens, at: int) -> int:
    """Past an aside after the subject: "said Ada Orr, the guard, that ..."."""
    if at + 1 < len(tokens) and tokens[at].low == "," and tokens[at + 1].low in words.ASIDES | {"in", "on"}:
        return next((n for n in range(at + 1, len(tokens)) if tokens[n].sort is not Sort.WORD), len(tokens))
    return at


def _told(tokens: Tokens, hit: Hit, start: int) -> tuple[Phrase | None, int]:
    """The person told and where the text goes on."""
    if not hit.cue.to_whom or hit.how is How.NOBODY:
        return (hit.who if hit.how is How.NOBODY else None), start
    whom = phrase_at(tokens, start)
    if whom is None:
        return None, start
    following = tokens[whom.past].low if whom.past < len(tokens) else "."
    opens = words.QUESTION_WORDS | {"that", "if", "whether", "to", ",", ":", ".", "", "not"}
    sure = hit.cue.verb in {"tell", "inform", "assure", "remind"} or following in opens | words.TIME_WORDS
    return (whom, whom.past) if sure else (None, start)


def _adverbs(tokens: Tokens, at: int, hit: Hit) -> int:
    """Past words of time, place and occasion: "in an interview with X that aired Thursday"."""
    begun = at
    while at < len(tokens):
        low = tokens[at].low
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if low in words.TIME_WORDS or low.rstrip(".") in words.MONTHS or (low in words.ADVERBS and low != "only"):
            at += 1
        elif at > begun and (past := _past_number(tokens, at)) > at:
            at = past
        elif low == "to" and hit.cue.verb in words.DIRECTIVES:
            break
        elif low in words.PREPOSITIONS:
            at = _past_object(tokens, at + 1)
        elif low in words.DETERMINERS and following in words.TIME_WORDS:
            at += 2
        elif low == "only" and following == ":":
            at += 1
        elif low == "that" and at > begun and following in words.RELATIVE_VERBS:
            at = at + 2
        elif _manner(low) and not tokens[at].capital:
            at += 1
        else:
            break
    return at


def _past_number(tokens: Tokens, at: int) -> int:
    """Past the day or the year behind a month: "on 20 May 2024", "May 20, 2024"; `at` itself for any other number."""
    if tokens[at - 1].low.rstrip(".") in words.MONTHS and tokens[at].low.isdigit():
        at += 1
        if at + 1 < len(tokens) and tokens[at].low == "," and _is_year(tokens[at + 1].low):
            at += 2
        elif at < len(tokens) and _is_year(tokens[at].low):
            at += 1
    return at


def _is_year(low: str) -> bool:
    return low.isdigit() and len(low) == 4  # noqa: PLR2004  # as written


def _complement(tokens: Tokens, at: int, start: int, whom: Phrase | None) -> int:
    """The "that" a little further on: "told me since the day I met him that ..."; `at` itself if there is none."""
    if at < len(tokens) and tokens[at].low == ",":  # "adds, in a footnote, that"
        closes = next((n for n in range(at + 1, min(at + 10, len(tokens) - 1)) if tokens[n].low == ","), None)
        if closes is not None and tokens[closes + 1].low == "that" and tokens[at + 1].low in words.PREPOSITIONS:
            return closes + 1
    if whom is None or at == start:
        return at
    for n in range(at, min(at + 8, len(tokens) - 1)):
        if tokens[n].sort is not Sort.WORD or tokens[n].low in CUES:
            break
        if tokens[n].low == "that" and tokens[n + 1].low not in words.RELATIVE_VERBS:
            return n
    return at


def _past_object(tokens: Tokens, at: int) -> int:
    """Past the object of a preposition, titles and times included."""
    phrase = phrase_at(tokens, at)
    at = phrase.past if phrase is not None else at
    while at < len(tokens) and (tokens[at].sort is Sort.TITLE or tokens[at].low in words.TIME_WORDS):
        at += 1
    return at


def _content_after(tokens: Tokens, hit: Hit, hits: Sequence[Hit], start: int, at: int) -> tuple[tuple[int, int], ...]:
    """What the cue says after itself, empty if nothing."""
    if at >= len(tokens):
        return ()
    if (spelled := _spelled_quote(tokens, at)) is not None:
        return _words_in(tokens, *spelled)
    end = _content_end(tokens, hit, hits, at)
    low = tokens[at].low
    if low == "it" and _following(tokens, at) in words.PREPOSITIONS | words.ADVERBS:  # "have said it for years"
        return ()
    if low in {",", ":"} and at + 1 < len(tokens) and tokens[at + 1].sort is Sort.QUOTE:
        return _quoted(tokens, hit, at + 1, end)
    if tokens[at].sort is Sort.QUOTE:
        return _quoted(tokens, hit, at, end)
    if (low == "that" and _stands_alone(tokens, at)) or (
        hit.how is How.AFTER and low in {"who", "which"}
    ):  # "until he said that, ...", "said a guard who was there"
        return ()
    begin = _clause_begin(hit, low, at, following=_following(tokens, at))
    return _bare(tokens, hit, start, at, end) if begin is None else _words_in(tokens, begin, end)


def _spelled_quote(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """What stands behind a spoken "quote": "told us, quote, it was cold, unquote"; None where nobody says "quote"."""
    first = at + 1 if tokens[at].low == "," else at
    if first + 1 >= len(tokens) or tokens[first].low != "quote" or tokens[first + 1].sort is Sort.WORD:
        return None
    end = next((n for n in range(first + 1, len(tokens)) if tokens[n].low in {"unquote", "end-quote"}), len(tokens))
    return first + 1, end


def _clause_begin(hit: Hit, low: str, at: int, *, following: str) -> int | None:
    """Where a clause begins that the word `low` at `at` opens; None if it opens none for this cue."""
    quoting = hit.cue.takes is Takes.QUOTE
    if low in {"if", "whether"} or (low == "that" and not quoting):
        return at if low == "that" and following in {"was", "is", "would", "had", "could", "made"} else at + 1
    if low == ":" and hit.cue.takes in {Takes.CLAUSE, Takes.THAT}:
        return at + 1
    if low.endswith("ing") and len(low) > 4 and hit.cue.verb in _DOINGS:  # noqa: PLR2004 - not "thing"
        return at
    asks = low in words.QUESTION_WORDS and (low != "when" or hit.cue.verb in {"ask", "wonder", "inquire"})
    # "asked not to be named" is no statement; "asks its members not to speculate" is
    bidden = low == "to" or (low == "not" and following == "to" and (hit.cue.verb != "ask" or at > hit.past))
    return at if (asks and not quoting) or (bidden and hit.cue.verb in words.DIRECTIVES) else None


def _bare(tokens: Tokens, hit: Hit, start: int, at: int, end: int) -> tuple[tuple[int, int], ...]:
    """Content without a "that": a clause for some verbs, an object for others, a name in quotation marks for "called"."""
    pleads = hit.cue.verb == "plead" and tokens[at].low == "not"
    if tokens[at].sort is Sort.MARK or (
        tokens[at].low in words.STOPPERS and tokens[at].low not in {"there", "here"} and not pleads
    ):
        return _words_in(tokens, start, end) if hit.cue.takes is Takes.OBJECT and at > start else ()
    if hit.cue.verb in _NAMERS or hit.cue.takes is Takes.QUOTE:
        named = next((n for n in range(at, min(at + 7, end)) if tokens[n].sort is Sort.QUOTE), None)
        return () if named is None else ((named, named + 1),)
    begins = start if tokens[at].low in words.AUXILIARIES else at
    if hit.cue.takes is Takes.OBJECT:
        return _words_in(tokens, start, end)
    people = words.SUBJECT_PRONOUNS - {"it"}
    if hit.cue.takes is not Takes.CLAUSE and tokens[at].low not in people:
        return ()
    finite = tokens[at].low in words.SUBJECT_PRONOUNS or any(_finite(token) for token in tokens[at + 1 : end])
    innocence = hit.cue.verb == "maintain" and at + 1 < end and tokens[at + 1].low == "innocence"
    if innocence or hit.cue.verb in _BARE or finite or hit.cue.verb in _OBJECT_TOO:
        return _words_in(tokens, begins, end)
    return ()


def _finite(token: Token) -> bool:
    """Whether a word looks like the verb of a clause."""
    return token.low in words.AUXILIARIES | {"ought"} or (
        token.low.endswith(("ed", "n't", "n’t")) and not token.capital
    )


def _words_in(tokens: Tokens, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The range without marks at its ends, empty if no words or only a pronoun are left."""
    while start < end and tokens[start].sort is Sort.MARK and tokens[start].low not in "$€£#.":
        start += 1
    while end > start and tokens[end - 1].sort is Sort.MARK:
        end -= 1
    if start >= end or tokens[start].low == "so" or (end - start == 1 and tokens[start].low in _PRONOUN_ONLY):
        return ()
    return ((start, end),)


def _quoted(tokens: Tokens, hit: Hit, at: int, end: int) -> tuple[tuple[int, int], ...]:
    """A quotation after the cue: alone, joined with others, or the start of a clause that goes on."""
    found = [(at, at + 1)]
    after = at + 1
    while after < end and tokens[after].low in {",", "and", "but", "...", "…", "."} | set("."):
        after += 1
        if after < end and tokens[after].sort is Sort.QUOTE:
            found.append((after, after + 1))
            after += 1
    rest = [token for token in tokens[at + 1 : end] if token.sort is Sort.WORD]
    goes_on = at + 1 < end and tokens[at + 1].sort is Sort.WORD and bool(rest) and rest[0].low not in _leaves_off()
    if goes_on and hit.cue.takes is Takes.CLAUSE:
        return _words_in(tokens, at, end)
    return tuple(found)


def _leaves_off() -> frozenset[str]:
    """Words after a quotation that belong to the telling, not to what was told."""
    return (
        words.PREPOSITIONS | words.STOPPERS | words.ADVERBS | words.TIME_WORDS | words.CONJUNCTIONS | words.DETERMINERS
    )


def _content_end(tokens: Tokens, hit: Hit, hits: Sequence[Hit], at: int) -> int:
    """Where content that begins at `at` ends: at the next cue of the same speaker, or at the end of the sentence."""
    for other in hits:
        if other.first <= at or other is hit:
            continue
        if other.how is How.SAME or (other.how is How.ASIDE and hit.how is How.RELATIVE):
            return other.first - 1
        if other.how is How.ACCORDING and tokens[other.first - 1].low == ",":
            return other.first - 1
    if hit.how is How.BESIDE and hit.who is not None and hit.who.first > at:  # "told it was cold | by Ada Orr"
        return hit.who.first - 1
    if (other_says := _another_says(tokens, hit, hits, at)) is not None:
        return other_says
    if hit.how is How.RELATIVE:
        main = (h.first for h in hits if h.first > at and h.who == hit.who and h.who is not None)
        return min(_relative_end(tokens, at), next(main, len(tokens)))
    if hit.how is How.NOBODY and hit.first > 0 and _inside_relative(tokens, hit.first):
        return next((n for n in range(at, len(tokens)) if tokens[n].low == ","), len(tokens))
    if hit.first == 0 and (
        hit.how is How.NOBODY or (hit.how is How.AFTER and hit.cue.verb == "ask")
    ):  # "Asked whether it was, he said it was"
        return next((n for n in range(at, len(tokens)) if tokens[n].low == ","), len(tokens))
    if hit.how is How.OWNER:
        return _second_verb(tokens, at)
    told = any(other.past <= hit.first and other.how not in {How.SAME, How.RELATIVE} for other in hits)
    if told and hit.how is not How.SAME:
        return _next_that(tokens, at)
    end = _next_verb(tokens, at) if hit.cue.takes is Takes.OBJECT or hit.cue.verb in _OBJECT_TOO else len(tokens)
    return min(_occasion(tokens, at), end) if hit.cue.takes is Takes.OBJECT else end


_ON_THE_OTHER_HAND: Final = frozenset({"but", "while", "whereas", "and", "though"})
_SET_AGAINST: Final = frozenset({"while", "although", "though", "whereas"})


def _another_says(tokens: Tokens, hit: Hit, hits: Sequence[Hit], at: int) -> int | None:
    """Where somebody else named begins to say something of his own: "Orr said it was new, | but Webb said it was not"."""
    if hit.how not in {How.BESIDE, How.AFTER, How.ASIDE} or hit.who is None:
        return None
    against = tokens[0].low in _SET_AGAINST and hit.who.first == 1
    for other in hits:
        if other.first <= at or other.how not in {How.BESIDE, How.ASIDE} or other.who is None:
            continue
        first = other.who.first
        if first <= at or other.who.sort is PhraseSort.PRONOUN or other.who == hit.who:
            continue
        before = tokens[first - 1].low
        if before == ";" or (before == "," and against):
            return first - 1
        if before in _ON_THE_OTHER_HAND and tokens[first - 2].low in {",", ";"}:
            return first - 2
    return None


def _next_verb(tokens: Tokens, at: int) -> int:
    """Where the object of a verb ends because its speaker goes on to do something else: "denied it | but had left"."""
    if tokens[at].low in words.SUBJECT_PRONOUNS | {"that"}:
        return len(tokens)
    for n in range(at + 1, len(tokens) - 1):
        if tokens[n].low in {"and", "but"} and tokens[n - 1].low == "," and tokens[n + 1].low in words.STOPPERS:
            return n - 1
        if tokens[n].low in {"and", "but"} and (_finite(tokens[n + 1]) or tokens[n + 1].low in CUES):
            return n
        if tokens[n].low in words.AUXILIARIES:
            break
    return len(tokens)


def _second_verb(tokens: Tokens, at: int) -> int:
    """Where the clause of a noun ends: before the verb of the sentence, "his claim that it was cold | was disputed"."""
    helping = [n for n in range(at, len(tokens)) if tokens[n].low in words.AUXILIARIES]
    return next((n for n in helping[1:] if n - helping[0] > 1 and n - 1 not in helping), len(tokens))


def _next_that(tokens: Tokens, at: int) -> int:
    """Where content told inside other content ends: "and that" goes on with the outer one."""
    pairs = range(at + 1, len(tokens) - 1)
    return next((n for n in pairs if tokens[n].low in {"and", "but"} and tokens[n + 1].low == "that"), len(tokens))


_OCCASIONS: Final = frozenset(
    {"interview", "statement", "affidavit", "email", "letter", "hearing", "testimony", "conference", "call", "post"}
)


def _occasion(tokens: Tokens, at: int) -> int:
    """Where the object of a verb ends because "in an interview" tells the occasion."""
    for n in range(at + 1, len(tokens) - 2):
        if tokens[n].low in {"in", "during", "at"} and any(t.low in _OCCASIONS for t in tokens[n + 1 : n + 5]):
            return n
    return len(tokens)


def _inside_relative(tokens: Tokens, first: int) -> bool:
    """Whether a "who" or "where" opened a clause before `first` that has not closed: "where he had been told to"."""
    back = next((n for n in range(first - 1, -1, -1) if tokens[n].sort is not Sort.WORD), -1)
    return any(tokens[n].low in {"who", "where", "which"} for n in range(back + 1, first))


def _relative_end(tokens: Tokens, at: int) -> int:
    """Where a clause with "who" closes: at the comma before the verb of the sentence."""
    for n in range(at, len(tokens) - 1):
        if tokens[n].low == "," and _finite(tokens[n + 1]):
            return n
    return len(tokens)


def _content_around(tokens: Tokens, hit: Hit, at: int) -> tuple[tuple[int, int], ...]:
    """What stands before a closing attribution, and after one that stands in the middle."""
    begin = hit.first
    if hit.how is How.BESIDE and hit.who is not None:
        begin = min(begin, hit.who.first)
    elif hit.how is How.ASIDE and hit.who is not None:
        begin = _aside_begin(tokens, hit.who.first)
    begin = _title_begin(tokens, begin)
    if begin == 0:
        return ()
    before = tokens[begin - 1]
    if before.sort is not Sort.QUOTE and not (before.low in {",", "—", "–"} and begin > 1):
        return ()
    loose = hit.cue.verb in _NAMERS | {"go", "continue", "begin"} and hit.past < len(tokens)
    if loose and tokens[hit.past].sort is Sort.WORD:  # "..., the gun went off"
        return ()
    quoted = before.sort is Sort.QUOTE or tokens[begin - 2].sort is Sort.QUOTE
    if not quoted and at < len(tokens) and tokens[at].low in words.DETERMINERS:  # "..., somebody had written the order"
        return ()
    head = _words_in(tokens, _lead(tokens, begin), begin)
    if not head or (not quoted and head[0][1] - head[0][0] < 2):  # noqa: PLR2004 - "Yesterday, she said"
        return ()
    return head + _resumed(tokens, at, quoted=quoted)


def _title_begin(tokens: Tokens, first: int) -> int:
    """Where a name begins with what its bearer does before it: "..., | union representative Ada Orr said"."""
    if first == 0 or tokens[first - 1].capital or not (_bearer(tokens[first - 1].low) or _fills(tokens, first)):
        return first
    at = first - 1
    stop = words.DETERMINERS | words.PREPOSITIONS | words.STOPPERS | words.CONJUNCTIONS | words.AUXILIARIES
    while at > 0 and first - at < 4 and tokens[at - 1].sort is Sort.WORD and tokens[at - 1].low not in stop:  # noqa: PLR2004 - a title is short
        at -= 1
    return at - 1 if at > 0 and tokens[at - 1].low in words.DETERMINERS else at


def _fills(tokens: Tokens, first: int) -> bool:
    """Whether a noun or two fill the room between a comma and the name at `first`: "..., county clerk | Ada Orr said"."""
    comma = next((n for n in range(first - 1, max(-1, first - 4), -1) if tokens[n].sort is not Sort.WORD), -1)
    between = tokens[comma + 1 : first]
    stop = (
        words.TIME_WORDS | words.ADVERBS | words.STOPPERS | words.CONJUNCTIONS | words.PREPOSITIONS | words.AUXILIARIES
    )
    named = is_name(tokens[first]) and comma >= 0 and tokens[comma].low == ","
    return (
        named
        and bool(between)
        and all(t.low not in stop and not t.low.endswith(("ed", "ing")) and not _manner(t.low) for t in between)
    )


def _aside_begin(tokens: Tokens, first: int) -> int:
    """Where "the guard, | Ada Orr" begins as a whole."""
    if first < 2 or tokens[first - 1].low != "," or (role := phrase_before(tokens, first - 1)) is None:  # noqa: PLR2004
        return first
    at = role.first
    while at > 0 and (
        possessive(tokens[at - 1].low) or (at < role.first and is_name(tokens[at - 1]))
    ):  # "Orr's lawyer, Ada Webb"
        at -= 1
    return at


def _lead(tokens: Tokens, begin: int) -> int:
    """Where the content before an attribution begins: an opening "But" before a lone quotation is not part of it."""
    if tokens[0].low in words.CONJUNCTIONS and any(t.sort is Sort.QUOTE for t in tokens[1:3]) and begin <= 4:  # noqa: PLR2004
        return 1
    return 0


def _resumed(tokens: Tokens, at: int, *, quoted: bool) -> tuple[tuple[int, int], ...]:
    """The second half after an attribution in the middle."""
    if at >= len(tokens):
        return ()
    comma = tokens[at].sort is Sort.MARK
    following = at + 1 if comma else at
    while following < len(tokens) and tokens[following].low in words.CONJUNCTIONS | {"...", ","}:
        following += 1
    if following < len(tokens) and tokens[following].sort is Sort.QUOTE:
        return ((following, following + 1),)
    telling = following < len(tokens) and (
        tokens[following].low in words.STOPPERS or tokens[following].low.endswith("ing") or not comma
    )
    if quoted or telling or tokens[at].low not in {",", "—", "–"}:
        return ()
    return _words_in(tokens, at + 1, len(tokens))


def _according(tokens: Tokens, hit: Hit, past: int) -> Clause | None:
    """The clause of "according to X": what stands before it, after it, or on both sides."""
    end = next((n for n in range(past, len(tokens)) if tokens[n].low in {",", ".", ";"}), len(tokens))
    before = _words_in(tokens, 0, hit.first) if hit.first else ()
    after = _words_in(tokens, end, len(tokens)) if end < len(tokens) else ()
    content = before + after if before else after
    return Clause(hit=hit, content=content, whom=None, tail=end) if content else None
