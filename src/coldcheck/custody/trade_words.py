"""Words of the trade that people use with more than one meaning: what is asked of whoever used one.

Promises: a word is found as it is spoken, whole, in the order of the text and once. Does not do: say what it means. That
is asked of the speaker, and until somebody notes what he meant the register holds the question.

    trade_words("He yelled cold gun, and it was a misfire.")  ->  ("cold gun", "misfire")
"""

import re
from typing import Final

TRADE_WORDS: Final = (
    "cold gun", "hot gun", "cold weapon", "cold", "hot", "empty", "unloaded", "loaded", "clear", "cleared", "checked", "live round",
    "live rounds", "live ammunition", "live", "blank", "blanks", "half load", "quarter load", "full load", "dummy", "dummies",
    "dummy round", "dummy rounds", "inert", "misfire", "misfired", "hang fire", "accidental discharge", "negligent discharge",
    "discharge", "cocked", "half cock", "half-cocked", "uncocked", "prop gun", "replica", "proved", "made up",
)  # fmt: skip
"""Longest first where one holds another; the keys are the words as spoken, in small letters."""
_ANY: Final = re.compile(
    rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in sorted(TRADE_WORDS, key=len, reverse=True))})(?![\w-])",
    re.IGNORECASE,
)


def trade_words(text: str) -> tuple[str, ...]:
    """The words of the trade in `text`, each once, in the order they come; white space between two is any."""
    found = (match.group().lower() for match in _ANY.finditer(" ".join(text.split())))
    return tuple(dict.fromkeys(found))
