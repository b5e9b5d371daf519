"""Who says what inside one sentence: every cue with its subject, its content and the person told.

Promises: works on the tokens of one sentence and changes nothing; content never includes the attribution itself.
Does not do: whom a pronoun means, and what one sentence owes to another; see `statements`.
"""

# ruff: noqa: RUF001 - typographic quotation marks and dashes are what this file is about

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from coldcheck.custody import statement_words as words
from coldcheck.custody.statement_people import Phrase, PhraseSort, is_name, phrase_at, phrase_before, possessive
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
    """A cue with its content, as ranges of tokens; `whom` is the person told, `tail` where the attribution ends."""

    hit: Hit
    content: tuple[tuple[int, int], ...]
    whom: Phrase | None
    tail: int


Tokens = Sequence[Token]
_LONGEST: Final = 600
_SPEAK: Final = Cue(verb="according", takes=Takes.CLAUSE, to_whom=False, noun=False)
_HOLD: Final = Cue(verb="hold", takes=Takes.THAT, to_whom=False, noun=True)
_BARE: Final = frozenset({"say", "tell", "inform", "assure"})
_OBJECT_TOO: Final = frozenset({"admit", "acknowledge", "confirm", "concede", "recall", "explain", "reveal"})
_NAMERS: Final = frozenset({"call", "dub", "label", "term"})
_PRONOUN_ONLY: Final = frozenset({"it", "that", "this", "them", "so", "him", "her", "nothing", "more"})


def clauses(tokens: Tokens) -> tuple[Clause, ...]:
    """Every clause of speech in a sentence, in the order of their cues; none in one too long to be a sentence."""
    if len(tokens) > _LONGEST:
        return ()
    hits = _inherit(tuple(_hits(tokens)))
    found = (_clause(tokens, hit, hits) for hit in hits)
    return tuple(clause for clause in found if clause is not None and clause.content)


def _hits(tokens: Tokens) -> Iterator[Hit]:
    for at, token in enumerate(tokens):
        if token.sort is not Sort.WORD:
            continue
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if token.low == "according" and following == "to":
            who = phrase_at(tokens, at + 2)
            yield Hit(cue=_SPEAK, first=at, at=at, past=at + 2, how=How.ACCORDING, who=who)
        elif token.low in words.NOUN_CUES and following == "that":
            yield _noun_hit(tokens, at)
        elif token.low in CUES and (hit := _verb_hit(tokens, at, CUES[token.low])) is not None:
            yield hit


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
    before = tokens[first - 1].low if first else ""
    asked = first == 0 and cue.verb == "ask" and _asks(tokens, at + 1)
    passive = bool(helpers & words.PASSIVE) and not tokens[at].low.endswith("ing")
    if any(map(_denies, helpers)):
        return None
    if asked or (passive and cue.to_whom and tokens[at].low.endswith(("ed", "told"))):
        return Hit(cue=cue, first=first, at=at, past=at + 1, how=How.NOBODY, who=phrase_before(tokens, first))
    if passive or helpers & words.MODALS or _not_speech(tokens, first, at, cue):
        return None
    if before == "as" and first >= 2 and tokens[first - 2].low == "quoted":  # noqa: PLR2004 - "was quoted as saying"
        start, _ = _group(tokens, first - 2, cue)
        return Hit(cue=cue, first=start, at=at, past=at + 1, how=How.BESIDE, who=phrase_before(tokens, start))
    how, who = _subject(tokens, first, at)
    if who is not None and any(t.low in words.NOBODIES for t in tokens[who.first : who.past]):
        return None
    if how is How.NOBODY and tokens[at].low.endswith("ing"):
        return None
    return Hit(cue=cue, first=first, at=at, past=at + 1, how=how, who=who)


def _denies(word: str) -> bool:
    return word in words.NEGATIONS or word.endswith(("n't", "n’t"))


def _asks(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens[at].low in words.QUESTION_WORDS | {"if", "whether"}


def _group(tokens: Tokens, at: int, cue: Cue) -> tuple[int, frozenset[str]]:
    """Where the verb group begins, and its helping words."""
    first, helpers = at, set[str]()
    have = words.FRENCH_HAVE if cue.verb in {"déclarer", "dire"} else frozenset[str]()
    while first > 0:
        low = tokens[first - 1].low
        adverb = low in words.ADVERBS or (low.endswith("ly") and len(low) > 4 and not is_name(tokens[first - 1]))  # noqa: PLR2004 - not "fly"
        if not (adverb or low in words.AUXILIARIES | have or _denies(low)):
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
    if following == "by" or (following == "to" and cue.verb in {"add", "go"}):
        return True
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
    third = form.endswith("s") and form != cue.verb
    return bound or (not plural and not third and not form.endswith(("ed", "ing", "call", "shout", "scream")))


def _subject(tokens: Tokens, first: int, at: int) -> tuple[How, Phrase | None]:
    """Where the subject of a verb group stands, and the phrase."""
    if first == 0:
        return _after_verb(tokens, at)
    before = tokens[first - 1]
    participle = tokens[at].low.endswith("ing") and first == at
    if before.sort is Sort.QUOTE:
        return _after_verb(tokens, at)
    if before.low in words.CONJUNCTIONS or (participle and before.low in {",", "while", "before", "after", "by"}):
        return How.SAME, None
    if participle:
        return How.NOBODY, None
    if before.low in {"who", "which", "that"}:
        return How.RELATIVE, _antecedent(tokens, first - 1)
    if before.low in {",", "—", "–"}:
        inverted = _after_verb(tokens, at)
        if _quoted_before(tokens, first - 1) and inverted[1] is not None:
            return inverted
        aside = _aside(tokens, first - 1)
        return (How.ASIDE, aside) if aside is not None else inverted
    who = phrase_before(tokens, first)
    return (How.BESIDE, who) if who is not None else (How.NOBODY, None)


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
        if left + 1 < comma and all(is_name(t) or t.low in words.PARTICLES for t in tokens[left + 1 : comma]):
            return Phrase(first=left + 1, past=comma, sort=PhraseSort.NAME)
        begins = tokens[left + 1]
        opens = begins.low in words.ASIDES or begins.low.isdigit() or begins.low.endswith(("ing", "ed"))
        if (opens or is_name(begins)) and (who := phrase_before(tokens, left)) is not None:
            return who


def _after_verb(tokens: Tokens, at: int) -> tuple[How, Phrase | None]:
    """The subject after the verb: "said the guard", "said the guard, Ada Orr."."""
    who = phrase_at(tokens, at + 1)
    if who is None:
        return How.NOBODY, None
    if who.sort is PhraseSort.ROLE and who.past < len(tokens) and tokens[who.past].low == ",":
        name = phrase_at(tokens, who.past + 1)
        ends = name is not None and (name.past >= len(tokens) or tokens[name.past].sort is not Sort.WORD)
        if name is not None and name.sort is PhraseSort.NAME and ends:
            who = name
    return How.AFTER, who


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
    content = () if _split_quote(tokens, hit, past_adverbs) else _content_after(tokens, hit, hits, start, past_adverbs)
    if not content and hit.how not in {How.RELATIVE, How.SAME, How.OWNER}:
        content = _content_around(tokens, hit, past_adverbs)
    if hit.cue.takes is Takes.QUOTE and not any(tokens[n].sort is Sort.QUOTE for a, b in content for n in range(a, b)):
        return None
    return Clause(hit=hit, content=content, whom=whom, tail=past_adverbs)


def _split_quote(tokens: Tokens, hit: Hit, at: int) -> bool:
    """Whether the attribution stands between two halves of a quotation: "A," she said, "B"."""
    begin = hit.who.first if hit.how is How.BESIDE and hit.who is not None else hit.first
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
        elif low == "that" and at > begun and following in words.RELATIVE_VERBS:
            at = at + 2
        elif low.endswith("ly") and len(low) > 4 and not tokens[at].capital:  # noqa: PLR2004 - not "fly"
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
    end = _content_end(tokens, hit, hits, at)
    low = tokens[at].low
    if low in {",", ":"} and at + 1 < len(tokens) and tokens[at + 1].sort is Sort.QUOTE:
        return _quoted(tokens, hit, at + 1, end)
    if tokens[at].sort is Sort.QUOTE:
        return _quoted(tokens, hit, at, end)
    if (low == "that" and tokens[min(at + 1, len(tokens) - 1)].low == ",") or (
        hit.how is How.AFTER and low in {"who", "which"}
    ):  # "until he said that, ...", "said a guard who was there"
        return ()
    begin = _clause_begin(hit, low, at)
    return _bare(tokens, hit, start, at, end) if begin is None else _words_in(tokens, begin, end)


def _clause_begin(hit: Hit, low: str, at: int) -> int | None:
    """Where a clause begins that the word `low` at `at` opens; None if it opens none for this cue."""
    quoting = hit.cue.takes is Takes.QUOTE
    if low in {"if", "whether"} or (low == "that" and not quoting):
        return at + 1
    if low == ":" and hit.cue.takes in {Takes.CLAUSE, Takes.THAT}:
        return at + 1
    asks = low in words.QUESTION_WORDS and (low != "when" or hit.cue.verb in {"ask", "wonder", "inquire"})
    return at if (asks and not quoting) or (low == "to" and hit.cue.verb in words.DIRECTIVES) else None


def _bare(tokens: Tokens, hit: Hit, start: int, at: int, end: int) -> tuple[tuple[int, int], ...]:
    """Content without a "that": a clause for some verbs, an object for others, a name in quotation marks for "called"."""
    if tokens[at].sort is Sort.MARK or (tokens[at].low in words.STOPPERS and tokens[at].low not in {"there", "here"}):
        return _words_in(tokens, start, end) if hit.cue.takes is Takes.OBJECT and at > start else ()
    if hit.cue.verb in _NAMERS or hit.cue.takes is Takes.QUOTE:
        named = next((n for n in range(at, min(at + 7, end)) if tokens[n].sort is Sort.QUOTE), None)
        return () if named is None else ((named, named + 1),)
    begins = start if tokens[at].low in words.AUXILIARIES else at
    if hit.cue.takes is Takes.OBJECT:
        return _words_in(tokens, start, end)
    if hit.cue.takes is not Takes.CLAUSE:
        return ()
    finite = any(_finite(token) for token in tokens[at + 1 : end])
    if hit.cue.verb in _BARE or finite or hit.cue.verb in _OBJECT_TOO:
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
    if hit.how is How.RELATIVE:
        return _relative_end(tokens, at)
    if hit.first == 0 and hit.how is How.NOBODY:  # "Asked whether it was, he said it was"
        return next((n for n in range(at, len(tokens)) if tokens[n].low == ","), len(tokens))
    if hit.how is How.OWNER:
        return _second_verb(tokens, at)
    told = any(other.past <= hit.first and other.how not in {How.SAME, How.RELATIVE} for other in hits)
    if told and hit.how is not How.SAME:
        return _next_that(tokens, at)
    return _occasion(tokens, at) if hit.cue.takes is Takes.OBJECT else len(tokens)


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
    if begin == 0:
        return ()
    before = tokens[begin - 1]
    if before.sort is not Sort.QUOTE and not (before.low in {",", "—", "–"} and begin > 1):
        return ()
    loose = hit.cue.verb in _NAMERS | {"go", "continue", "begin"} and hit.past < len(tokens)
    if loose and tokens[hit.past].sort is Sort.WORD:  # "..., the gun went off"
        return ()
    quoted = before.sort is Sort.QUOTE or tokens[begin - 2].sort is Sort.QUOTE
    head = _words_in(tokens, _lead(tokens, begin), begin)
    if not head or (not quoted and head[0][1] - head[0][0] < 2):  # noqa: PLR2004 - "Yesterday, she said"
        return ()
    return head + _resumed(tokens, at, quoted=quoted)


def _aside_begin(tokens: Tokens, first: int) -> int:
    """Where "the guard, | Ada Orr" begins as a whole."""
    if first >= 2 and tokens[first - 1].low == "," and (role := phrase_before(tokens, first - 1)) is not None:  # noqa: PLR2004
        return role.first
    return first


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
