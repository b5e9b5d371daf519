"""Why the rules suggest a speaker or ask for a look, in the reader's language: the English of the rules, part by part.

The rules give a reason in English, its parts behind each other ("guess: the verb is hedged; named next to the verb"). Each
part is one of a closed list with the paper's own words in its places. Promises: a part that is not in the list is given
as it came, never left out (a test reads papers and knows every part). Does not: change what a reason is decided by.

    reason_in("guess: the one who spoke before", tongue=spanish) -> "conjetura: quien habló antes"
"""

import re
from typing import Final

from coldcheck.custody.tongues import Tongue

REASONS: Final = (
    "label of the turn", "spoken, and nothing says by whom", "a letter is no name: say who it is", "answers the question before it",
    "asks, and nothing says who does", "a colon in a headline", "only as told by {name}", "the text does not say who",
    "the subject before, or somebody in what is said", "subject of the sentence", "the one who spoke before",
    '"I" inside his or her own words', 'by pronoun: "{word}" fits {name} only', 'by pronoun: "it" is {name}',
    '"{word}" fits nobody or several', '"{word}", and {name} is named some paragraphs before', "also named inside the content",
    "in a headline, which is the desk's wording", "named before a colon", "issued the words behind the colon",
    "the rest of a paragraph's quotations go to its speaker", "announced by the line before", "somebody's words, and only a guess whose",
    '"{word}" stands outside what is suggested', "no attribution beside the quotation", "named next to the verb",
    'named after "according to"', "named before the verb, with an aside between", 'named before "who"',
    "subject of the verb before in the same sentence", "owner of the noun", "the verb is hedged", "the paragraph retells a paper",
    "{name} may be what tells it", "it came through somebody else", "holds a quotation mark", "holds a colon, and is a headline",
    'holds the speech word "{word}"', 'a clause behind "that", and no verb of saying', "no quotation mark and no speech word",
)  # fmt: skip
GUESS: Final = "guess: {reason}"
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_FORMS: Final = tuple((each, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(each)))) for each in REASONS)


def reason_in(reason: str, *, tongue: Tongue) -> str:
    """The reason in this language, its parts in their order."""
    return "; ".join(_part(part, tongue) for part in reason.split("; "))


def _part(part: str, tongue: Tongue) -> str:
    head, _, rest = GUESS.partition("{")
    if part.startswith(head) and rest:
        return tongue.say(GUESS, reason=_part(part.removeprefix(head), tongue))
    for sentence, form in _FORMS:
        said = form.fullmatch(part)
        if said is not None:
            return tongue.say(sentence, **said.groupdict())
    return part
