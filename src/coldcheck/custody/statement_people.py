"""Who is meant: noun phrases beside a verb, the people a text names, and whom a pronoun can stand for.

Promises: a pronoun gets a person only when one person fits; what speaks against it (another gender, two candidates)
leaves it unresolved. Does not do: knowledge of any name; what is known of a person is what this text says.
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_text import Range, Sort, Token

_POSSESSIVE: Final = re.compile(r"(?:['’]s|(?<=s)['’])$")


_CONTRACTED: Final = re.compile(r"['’](?:ve|ll|re|d|m|s)$")


class PhraseSort(StrEnum):
    """What kind of noun phrase names somebody."""

    NAME = "name"
    ROLE = "role"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A noun phrase: tokens `first` up to, without, `past`."""

    first: int
    past: int
    sort: PhraseSort


def possessive(word: str) -> bool:
    """Whether a word is in the possessive: "the guard's", "the guards'"."""
    return _POSSESSIVE.search(word) is not None


def bare(name: str) -> str:
    """A name without its possessive ending."""
    return _POSSESSIVE.sub("", name)


def is_name(token: Token) -> bool:
    """Whether a token can be part of a name."""
    if token.sort is Sort.TITLE:
        return True
    low = token.low.rstrip(".")
    known = bool({low, bare(low), _CONTRACTED.sub("", low)} & words.CAPITALISED)
    return token.sort is Sort.WORD and token.capital and (not known or (len(low) == 1 and token.low.endswith(".")))


def _plain_noun(token: Token) -> bool:
    """Whether a token can stand inside a noun phrase as noun or adjective."""
    stop = words.STOPPERS | words.CONJUNCTIONS | words.PREPOSITIONS | words.SUBJECT_PRONOUNS | words.AUXILIARIES
    return token.sort is Sort.WORD and token.low not in stop and not _verb(token)


def _verb(token: Token) -> bool:
    cue = words.CUES.get(token.low)
    return cue is not None and not cue.noun and not token.capital


def phrase_before(tokens: Sequence[Token], past: int) -> Phrase | None:
    """The noun phrase that ends just before token `past`, None if there is none."""
    if past <= 0:
        return None
    last = tokens[past - 1]
    ends = past - 1 if last.low == "." and past > 1 else past  # "Old Mill Films, Inc."
    parted = ends > 2 and tokens[ends - 1].low.rstrip(".") in words.SUFFIXES and tokens[ends - 2].low == ","  # noqa: PLR2004 - a name, a comma
    if parted and is_name(tokens[ends - 3]) and (named := phrase_before(tokens, ends - 2)) is not None:
        return replace(named, past=past)
    if last.low in words.SUBJECT_PRONOUNS:
        return Phrase(first=past - 1, past=past, sort=PhraseSort.PRONOUN)
    if last.sort is Sort.TITLE:
        role = _completed_role(tokens, past - 1)
        first = _role_before(tokens, past - 1).first if role is None else role
        return Phrase(first=first, past=past, sort=PhraseSort.ROLE)
    if (is_name(last) and not possessive(last.low)) or numbered(tokens, past - 1):
        return _name_before(tokens, past)
    if not _plain_noun(last) or last.low in words.TIME_WORDS or last.low in words.POSSESSIVES:
        return _quantity(tokens, past)
    if past > 2 and tokens[past - 2].low in words.SUBJECT_PRONOUNS - {"it", "you"}:  # noqa: PLR2004 - "an old armourer I know"
        return phrase_before(tokens, past - 2)
    return _role_before(tokens, past)


def _quantity(tokens: Sequence[Token], past: int) -> Phrase | None:
    """A number that stands for people, such as "one of them"."""
    if past >= len(("one", "of", "them")) and tokens[past - 1].low in {"them", "us"} and tokens[past - 2].low == "of":
        return Phrase(first=past - 3, past=past, sort=PhraseSort.ROLE)
    return None


def _name_before(tokens: Sequence[Token], past: int) -> Phrase:
    """The name that ends before `past`, with "A and B", or the role it only completes ("a spokesman for the X")."""
    first = past - 1
    while first > 0 and (_joins_name(tokens, first - 1) or _title_noun(tokens[first - 1])):
        first -= 1
    while first < past - 1 and tokens[first].low in words.PARTICLES:
        first += 1
    role = _completed_role(tokens, first)
    if role is not None:
        return Phrase(first=role, past=past, sort=PhraseSort.ROLE)
    if first > 1 and tokens[first - 1].low in {"named", "called"} and _plain_noun(tokens[first - 2]):
        return Phrase(first=_role_before(tokens, first - 1).first, past=past, sort=PhraseSort.ROLE)
    if (
        first > 1
        and tokens[first - 1].low == "and"
        and is_name(tokens[first - 2])
        and not possessive(tokens[first - 2].low)
    ):
        return Phrase(first=_name_before(tokens, first - 1).first, past=past, sort=PhraseSort.NAME)
    if first >= 1 and possessive(tokens[first - 1].low) and tokens[first - 1].capital and is_name(tokens[first - 1]):
        return Phrase(first=_name_before(tokens, first).first, past=past, sort=PhraseSort.ROLE)
    if first >= 1 and tokens[first - 1].low == "the":
        return Phrase(first=first - 1, past=past, sort=PhraseSort.ROLE)
    return Phrase(first=first, past=past, sort=PhraseSort.NAME)


def _joins_name(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    joins = (is_name(token) and token.sort is Sort.WORD and not possessive(token.low)) or token.low in words.PARTICLES
    return joins or numbered(tokens, at)


def numbered(tokens: Sequence[Token], at: int) -> bool:
    """Whether token `at` is the number that belongs to a name: "Local 218"."""
    named = at > 0 and tokens[at - 1].capital and tokens[at - 1].low in words.NUMBERED
    return named and tokens[at].low.isdigit()


def _title_noun(token: Token) -> bool:
    return token.capital and token.low.rstrip(".") in words.HONORIFICS


def _completed_role(tokens: Sequence[Token], first: int) -> int | None:
    """Where a role begins that the name at `first` only completes, as in "the lawyer for X"; None if none does."""
    at = first - 1
    if at >= 0 and possessive(tokens[at].low) and tokens[at].capital:
        at = _span_of_capitals(tokens, at) - 1
    while (
        at >= 0
        and tokens[first].sort is Sort.TITLE
        and _plain_noun(tokens[at])
        and tokens[at].low not in words.DETERMINERS
    ):
        at -= 1
    if at >= 0 and tokens[at].low in words.DETERMINERS:
        at -= 1
    if at < 1 or tokens[at].low not in words.NOUN_LINKS | {"on"} or tokens[at - 1].low not in words.ROLE_NOUNS:
        return None
    return _role_before(tokens, at).first


def _span_of_capitals(tokens: Sequence[Token], at: int) -> int:
    while at > 0 and is_name(tokens[at - 1]):
        at -= 1
    return at


_REACH: Final = 8


def _role_before(tokens: Sequence[Token], past: int) -> Phrase:
    """The role or thing that ends before `past`: back to its article, else only what surely belongs to it."""
    at = past - 1
    while at >= 0 and past - at <= _REACH:
        token = tokens[at]
        if token.low in words.DETERMINERS or (possessive(token.low) and at < past - 1):
            first = _owner(tokens, at)
            linked = _linked(tokens, first)
            return Phrase(first=first if linked is None else linked, past=past, sort=PhraseSort.ROLE)
        if not _inside_role(tokens, at, past):
            break
        at -= 1
    linked = _linked(tokens, at + 1)
    edge = at < 0 or tokens[at].sort is not Sort.WORD or tokens[at].low in words.CONJUNCTIONS | words.STOPPERS
    first = at + 1 if edge or past - at <= 3 else past - 1  # noqa: PLR2004 - an adjective and a noun
    return Phrase(first=first if linked is None else linked, past=past, sort=PhraseSort.ROLE)


def _inside_role(tokens: Sequence[Token], at: int, past: int) -> bool:
    token = tokens[at]
    if token.low == "and" and 0 < at < past - 1:
        return _plain_noun(tokens[at - 1]) and not tokens[at - 1].capital
    return _plain_noun(token) and token.low not in words.TIME_WORDS


def _owner(tokens: Sequence[Token], at: int) -> int:
    """Where the phrase of the owner begins when token `at` is possessive: "the mill's", "Ada Orr's"."""
    if not possessive(tokens[at].low):
        return at
    first = _span_of_capitals(tokens, at) if tokens[at].capital else at
    while first > 0 and tokens[first - 1].low in words.DETERMINERS:
        first -= 1
    if not tokens[at].capital and first == at and at > 0 and _plain_noun(tokens[at - 1]):
        first = _role_before(tokens, at).first
    return first


def _linked(tokens: Sequence[Token], first: int) -> int | None:
    """Where a longer phrase begins that the one at `first` completes: "an official in the | county"."""
    if first >= 2 and tokens[first - 1].low in words.NOUN_LINKS and tokens[first - 2].low in words.ROLE_NOUNS:  # noqa: PLR2004
        return _role_before(tokens, first - 1).first
    return None


def phrase_at(tokens: Sequence[Token], first: int) -> Phrase | None:
    """The noun phrase that begins at token `first`, None if there is none."""
    if first >= len(tokens) or tokens[first].sort is Sort.QUOTE:
        return None
    low = tokens[first].low
    if low in words.PRONOUNS or low in {"them", "us", "me"}:
        owner = (
            low == "her"
            and first + 1 < len(tokens)
            and _plain_noun(tokens[first + 1])
            and not _timed(tokens[first + 1])
        )
        if not owner:
            return Phrase(first=first, past=first + 1, sort=PhraseSort.PRONOUN)
    past, name = first, False
    while past < len(tokens) and past - first <= _REACH and (_forward(tokens, past, first) or numbered(tokens, past)):
        name = name or is_name(tokens[past])
        past += 1
    if past == first or (past == first + 1 and low in words.DETERMINERS and low not in words.ROLE_NOUNS):
        return None
    plain = any(
        not is_name(tokens[n]) and tokens[n].low not in words.PARTICLES and not numbered(tokens, n)
        for n in range(first, past)
    )
    return Phrase(first=first, past=past, sort=PhraseSort.NAME if name and not plain else PhraseSort.ROLE)


def _timed(token: Token) -> bool:
    return token.low in words.TIME_WORDS or token.low.rstrip(".") in words.MONTHS


def _forward(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether token `at` still belongs to a phrase that began at `first`."""
    token = tokens[at]
    held_by = tokens[at - 1].low in words.DETERMINERS if at > first else False  # "the injured driver"
    participle = token.low.endswith("ed") and at > first + 1 and not token.capital and not held_by
    this = token.low == "this" and at + 1 < len(tokens) and not _timed(tokens[at + 1])
    if (_timed(token) and not this) or participle:
        return False
    if _joined(tokens, at, first):
        return True
    if token.low in words.DETERMINERS | words.POSSESSIVES:
        return at == first or tokens[at - 1].low in words.NOUN_LINKS
    if token.low in words.NOUN_LINKS:
        held = tokens[at - 1].low in words.ROLE_NOUNS and at + 1 < len(tokens)
        return at > first and held and not _timed(tokens[at + 1]) and tokens[at + 1].sort is Sort.WORD
    if token.low in {"them", "us"}:
        return tokens[at - 1].low == "of"
    changes = at > first and is_name(tokens[at - 1]) and not possessive(tokens[at - 1].low) and not is_name(token)
    lower_after_name = changes and token.low not in words.PARTICLES | words.ROLE_NOUNS | words.ORGANISATION_WORDS
    return (_plain_noun(token) or is_name(token)) and not lower_after_name and not _verb(token)


def _joined(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether "and" stands inside one name: "the Health and Safety Executive"."""
    if tokens[at].low not in {"and", "&"} or not first < at < len(tokens) - 1 or tokens[first].low != "the":
        return False
    return is_name(tokens[at - 1]) and is_name(tokens[at + 1]) and not possessive(tokens[at - 1].low)


def head_of(tokens: Sequence[Token], phrase: Phrase) -> str:
    """The main noun of a phrase, in lower case: "spokesman" of "a spokesman for the county"."""
    for at in range(phrase.first + 1, phrase.past):
        if tokens[at].low in words.NOUN_LINKS:
            return tokens[at - 1].low
    return tokens[phrase.past - 1].low


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place where the text names somebody; `agent` says that "by" stands before the name, `thing` an article."""

    at: Range
    name: str
    paragraph: int
    subject: bool
    opens: bool
    role: bool = False
    agent: bool = False
    thing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people of a text: where they are named, whole names by last name, what the text says of them."""

    mentions: tuple[Mention, ...]
    whole: Mapping[str, str]
    gender: Mapping[str, str]
    clients: Mapping[str, str]

    def near(self, first: int, last: int) -> tuple[Mention, ...]:
        """The mentions in the paragraphs `first` to `last`."""
        begin = bisect.bisect_left(self.mentions, first, key=lambda m: m.paragraph)
        return self.mentions[begin : bisect.bisect_right(self.mentions, last, key=lambda m: m.paragraph)]

    def learned(self, name: str, gender: str) -> "Cast":
        """The same people with the gender a pronoun gave one of whom nothing was known."""
        key = last_name(name)
        if gender not in {"m", "f"} or key in self.gender or key not in self.whole:
            return self
        return replace(self, gender=MappingProxyType({**self.gender, key: gender}))

    def without(self, name: str) -> "Cast":
        """The same people but one, by the words of the name."""
        return replace(self, mentions=tuple(m for m in self.mentions if not set(m.name.split()) <= set(name.split())))


def last_name(name: str) -> str:
    """The key of a person: the last word of the name without its possessive, in lower case."""
    parts = bare(name.strip()).split()
    return parts[-1].lower() if parts else ""


def cast_of(
    text: str, spoken_of: Sequence[tuple[int, Sequence[Token]]], *, turns: frozenset[int] = frozenset()
) -> Cast:
    """The people named in the sentences, given as (paragraph number, tokens); `turns` are spoken to somebody."""
    mentions: list[Mention] = []
    votes: Counter[tuple[str, str]] = Counter()
    for paragraph, tokens in spoken_of:
        here = tuple(_mentions(text, paragraph, tokens, spoken=paragraph in turns))
        mentions.extend(here)
        votes.update(_genders(text, tokens, here))
    people = _people(mentions, votes)
    kept = tuple(m for m in mentions if m.role or last_name(m.name) in people)
    families = _families(kept)
    asked = set(people) - families | {m.name.lower() for m in kept if " " in m.name}
    gender = {who: sex for who in sorted(asked) if (sex := _sex(who, votes))}
    clients = {agent: client for agent, client in _clients(text, spoken_of) if agent}
    return Cast(
        mentions=kept,
        whole=MappingProxyType(people),
        gender=MappingProxyType(gender),
        clients=MappingProxyType(clients),
    )


def _families(mentions: Sequence[Mention]) -> frozenset[str]:
    """The last names that more than one first name stands before: what is said of one says nothing of the other."""
    firsts: dict[str, set[str]] = {}
    for parts in (_without_titles(m.name) for m in mentions if not m.role):
        if len(parts) > 1:
            firsts.setdefault(last_name(parts[-1]), set()).add(parts[0].lower())
    return frozenset(name for name, given in firsts.items() if len(given) > 1)


_SURE: Final = 2
"""A "his" or "her" alone may be somebody else's: it counts half."""


def _sex(who: str, votes: Counter[tuple[str, str]]) -> str:
    male, female = votes[who, "m"], votes[who, "f"]
    return "" if male == female or max(male, female) < _SURE else "m" if male > female else "f"


def _mentions(text: str, paragraph: int, tokens: Sequence[Token], *, spoken: bool) -> Iterator[Mention]:
    """Every name in a sentence; `subject` marks one that the sentence is about."""
    at, pronoun_seen = 0, False
    yield from _role_mention(text, paragraph, tokens)
    while at < len(tokens):
        pronoun_seen = pronoun_seen or tokens[at].low in {"he", "she", "they"}
        if not (is_name(tokens[at]) and tokens[at].sort is Sort.WORD):
            at += 1
            continue
        first = at
        while at < len(tokens) and tokens[at].sort is Sort.WORD and _of_name(tokens, at):
            at += 1
            if possessive(tokens[at - 1].low):
                break
        thing = first > 0 and tokens[first - 1].low in {"the", "a", "an"}
        linked = thing or (first > 0 and tokens[first - 1].low in words.PREPOSITIONS)
        span = Range(start=tokens[first].start, end=tokens[at - 1].end)
        name = bare(text[span.start : span.end])
        told = first > 0 and _verb(tokens[first - 1]) and tokens[first - 1].low != "called"
        called_to = spoken and _addressed(tokens, first, at)
        subject = not (linked or told or pronoun_seen or called_to or possessive(tokens[at - 1].low))
        agent = linked and tokens[first - 1].low == "by"
        yield Mention(
            at=span, name=name, paragraph=paragraph, subject=subject, opens=first == 0, agent=agent, thing=thing
        )


def _role_mention(text: str, paragraph: int, tokens: Sequence[Token]) -> Iterator[Mention]:
    """The role a sentence begins with, as somebody a pronoun may mean: "The prop assistant did."."""
    opens = bool(tokens) and (tokens[0].low in words.DETERMINERS or tokens[0].low in words.PLURALS)
    phrase = phrase_at(tokens, 0) if opens else None
    if (
        phrase is None
        or (phrase.sort is not PhraseSort.ROLE and tokens[0].low not in words.PLURALS)
        or head_of(tokens, phrase) not in words.ROLE_NOUNS
    ):
        return
    if phrase.past < len(tokens) and tokens[phrase.past].low == ",":
        return
    span = Range(start=tokens[0].start, end=tokens[phrase.past - 1].end)
    yield Mention(at=span, name=text[span.start : span.end], paragraph=paragraph, subject=True, opens=True, role=True)


def _of_name(tokens: Sequence[Token], at: int) -> bool:
    return is_name(tokens[at]) or _particle(tokens, at) or numbered(tokens, at)


def _addressed(tokens: Sequence[Token], first: int, past: int) -> bool:
    """Whether a name is somebody spoken to: "Rhea, what do we know?", "Thank you, Rhea."."""
    opens = first == 0 and past < len(tokens) and tokens[past].low == ","
    closes = first > 0 and tokens[first - 1].low == "," and (past >= len(tokens) or tokens[past].low in {".", "?", "!"})
    return opens or closes


def _particle(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].low in words.PARTICLES and at + 1 < len(tokens) and is_name(tokens[at + 1])


def _genders(text: str, tokens: Sequence[Token], here: Sequence[Mention]) -> Iterator[tuple[str, str]]:
    """What this sentence says about the gender of a person: an honorific, a role, or the first pronoun after the subject."""
    for mention in here:
        lead = text[max(0, mention.at.start - 24) : mention.at.end].lower().replace(".", "").replace(",", "").split()
        for word in lead:
            sex = "m" if word in words.MALE else "f" if word in words.FEMALE else ""
            if sex:
                yield from ((key, sex) for key in _keys(mention.name) * 2)
        called = mention.name.split()[0].lower() if " " in mention.name else ""
        if called in words.HIS_NAMES | words.HER_NAMES:
            yield from ((key, "m" if called in words.HIS_NAMES else "f") for key in _keys(mention.name) * _SURE)
    # "His lawyer, X, said he would": the pronoun is the client's.
    speaks_for = bool(here and tokens and _OWN_AGENT.search(text[tokens[0].start : here[0].at.start]))
    if here and here[0].subject and not speaks_for:
        limit = here[1].at.start if len(here) > 1 else 10**12
        for token in tokens:
            if here[0].at.end <= token.start and token.low in words.NOUN_CUES:  # "rejects any suggestion that he was"
                return
            if here[0].at.end <= token.start < limit and token.low in {"he", "she", "his", "her"}:
                sex = "m" if token.low in {"he", "his"} else "f"
                weight = 1 if token.low in {"his", "her"} else 2
                yield from ((key, sex) for key in _keys(here[0].name) * weight)
                return


def _keys(name: str) -> tuple[str, ...]:
    """What is known of a person is kept under the last name and, if there is more, under the whole name."""
    return (last_name(name), name.lower()) if " " in name else (last_name(name),)


def _people(mentions: Sequence[Mention], votes: Counter[tuple[str, str]]) -> dict[str, str]:
    """Whole name by last name, for names that look like people."""
    whole: dict[str, str] = {}
    counted = Counter(last_name(m.name) for m in mentions)
    inside = {last_name(m.name) for m in mentions if not m.opens}
    for mention in mentions:
        parts = _without_titles(mention.name)
        key = last_name(mention.name)
        if (
            mention.role
            or mention.thing
            or not parts
            or any(part.lower() in words.ORGANISATION_WORDS | words.ROLE_NOUNS for part in parts)
        ):
            continue
        known = votes[key, "m"] or votes[key, "f"] or (mention.subject and not mention.opens)
        often = counted[key] > 1 and key in inside
        if (len(parts) in {2, 3, 4} or often or known) and len(" ".join(parts)) > len(whole.get(key, "")):
            whole[key] = " ".join(parts)
    firsts = {name.split()[0].lower() for name in whole.values() if " " in name}
    return {key: name for key, name in whole.items() if " " in name or key not in firsts}


def _without_titles(name: str) -> list[str]:
    """The words of a name without what stands before it: "Mr", "Director", "Police Inspector"."""
    parts = [part for part in name.split() if part.lower().rstrip(".") not in words.HONORIFICS]
    while len(parts) > 1 and parts[0].lower() in words.ROLE_NOUNS:
        parts = parts[1:]
    return parts


_NAME: Final = r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3}"
_AGENT: Final = (
    r"(?:attorney|lawyer|counsel|solicitor|barrister|spokes(?:man|woman|person)|representative|publicist|agent)"
)
_OWN_AGENT: Final = re.compile(rf"\b(?:his|her|their|whose) (?:\w+ )?{_AGENT},?\s*$", re.IGNORECASE)
_CLIENTS: Final = (
    re.compile(rf"(?P<client>{_NAME})(?:['’]s|['’]) (?:\w+ )?{_AGENT},? (?P<agent>{_NAME})"),
    re.compile(rf"(?P<agent>{_NAME}), (?:an? |the )?(?:\w+ )?{_AGENT} (?:for|of) (?P<client>(?:the )?{_NAME})"),
    re.compile(rf"(?P<agent>{_NAME}), who (?:represents|speaks for|acts for) (?P<client>{_NAME})"),
    re.compile(rf"(?P<agent>{_NAME}), (?P<client>{_NAME})(?:['’]s|['’]) (?:\w+ )?{_AGENT}\b"),
)


def _clients(text: str, spoken_of: Sequence[tuple[int, Sequence[Token]]]) -> Iterator[tuple[str, str]]:
    """(last name of the agent, client) wherever the text says who speaks for whom."""
    for _, tokens in spoken_of:
        if not tokens:
            continue
        part = text[tokens[0].start : tokens[-1].end]
        for pattern in _CLIENTS:
            for match in pattern.finditer(part):
                yield last_name(match["agent"]), bare(match["client"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """The last person who was found to speak, and where."""

    name: str
    paragraph: int
    at: int = 0


def stands_for(pronoun: str, *, at: int, begin: int, paragraph: int, cast: Cast, last: Spoke | None) -> str | None:
    """The one person `pronoun` at code point `at` can mean, as the text names that person; None if unclear.

    `begin` is where its sentence begins: who a sentence in between is about comes before who spoke last.
    """
    gender = words.PRONOUNS.get(pronoun, "")
    if gender not in {"m", "f"}:
        return None
    if last is not None and last.paragraph == paragraph and _fits(last.name, gender, cast):
        since = {m.name for m in cast.near(paragraph, paragraph) if last.at < m.at.start < begin and m.subject}
        others = (name for name in since if last_name(name) in cast.whole and last_name(name) != last_name(last.name))
        other = [name for name in others if _fits(name, gender, cast)]
        return other[0] if len(other) == 1 else last.name
    before = [m for m in cast.near(paragraph - 1, paragraph) if m.at.end <= at]
    fitting = [m for m in before if _fits(m.name, gender, cast)]
    fitting = [m for m in fitting if m.role or last_name(m.name) in cast.whole] or fitting
    subjects = [m for m in fitting if m.paragraph == paragraph and m.subject]
    if subjects and len({last_name(m.name) for m in subjects}) == 1:
        return subjects[-1].name
    here = {last_name(m.name): m.name for m in fitting if m.paragraph == paragraph and last_name(m.name) in cast.whole}
    met = [m for m in fitting if m.paragraph == paragraph and last_name(m.name) in here and m.at.end <= begin]
    if len(here) == 1 and met and last is not None and last.paragraph < paragraph and last_name(last.name) not in here:
        return met[-1].name
    if len(here) == 1 and any(m.agent and m.paragraph == paragraph and m.at.end <= begin for m in fitting):
        return next(iter(here.values()))
    above = {last_name(m.name): m.name for m in fitting if m.paragraph == paragraph - 1 and m.subject}
    if len(above) == 1 and not here and (last is None or last.paragraph < paragraph - 1):
        return next(iter(above.values()))
    if last is not None and paragraph - last.paragraph <= 2 and _fits(last.name, gender, cast) and not subjects:  # noqa: PLR2004
        return last.name
    options = {last_name(m.name): m.name for m in fitting}
    return next(iter(options.values())) if len(options) == 1 else None


def named_further_back(pronoun: str, *, at: int, paragraph: int, cast: Cast) -> str | None:
    """The one person it fits in the nearest earlier paragraph that names any, None if that names several: a guess."""
    gender = words.PRONOUNS.get(pronoun, "")
    if gender not in {"m", "f"}:
        return None
    for number in range(paragraph, max(-1, paragraph - _FAR), -1):
        here = [m for m in cast.near(number, number) if m.at.end <= at and not m.role and _fits(m.name, gender, cast)]
        options = {last_name(m.name): m.name for m in here if last_name(m.name) in cast.whole}
        if options:
            return next(iter(options.values())) if len(options) == 1 else None
    return None


_FAR: Final = 6
"""How many paragraphs back a pronoun may reach as a guess."""


def fits(name: str, pronoun: str, cast: Cast) -> bool:
    """Whether `pronoun` is a "he" or "she" that can mean that person."""
    gender = words.PRONOUNS.get(pronoun, "")
    return gender in {"m", "f"} and bool(name) and _fits(name, gender, cast)


def _fits(name: str, gender: str, cast: Cast) -> bool:
    """Whether nothing in the text speaks against this gender for that person."""
    key = last_name(name)
    if key in words.MALE | words.FEMALE:
        return (gender == "m") == (key in words.MALE)
    first, head = name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1]
    several = head[:1].islower() and head.endswith("s")
    plain = first[:1].islower() or first.lower() in words.DETERMINERS | {"everybody", "everyone"}
    crowd = key in words.ORGANISATION_WORDS | words.DOCUMENTS | {"police", "guild"} or (
        plain and (several or first.lower() in {"everybody", "everyone"})
    )
    known = key in cast.whole
    sex = cast.gender.get(bare(name).lower()) or cast.gender.get(key, gender)
    return sex == gender and (known or not (crowd or key in words.PLURALS))
