"""One language for sentences that are worded where they arise: the English stands in the code, a language gives its own.

A sentence is looked up whole, by its English with the places still open; a word of a closed set by its table and wire
name. Promises: whatever a language lacks is said in English, never left out; no wire name comes out with underscores.
Does not: read files (the words of a language arrive as an argument).

    ENGLISH.say("hands {item} to {to}", item="Colt-1", to="LEAD") -> "hands Colt-1 to LEAD"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_WIRE: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language. `entries` has "said.<English sentence>" and "<table>.<wire name>", places still open."""

    entries: Mapping[str, str]

    def say(self, sentence: str, /, **values: object) -> str:
        """The sentence in this language, its places filled."""
        return self.entries.get(f"said.{sentence}", sentence).format_map(values)

    def word(self, key: str, *tables: str) -> str:
        """What the record calls by a wire name, from the first of `tables` that has it; else the name in plain letters."""
        for table in tables:
            known = self.entries.get(f"{table}.{key}")
            if known is not None:
                return known
        # A label or a number that people gave is theirs, and keeps its letters.
        return key.replace("_", " ") if _WIRE.fullmatch(key) else key

    def join(self, parts: tuple[str, ...] | list[str]) -> str:
        """A list, the last two joined as people say it."""
        if len(parts) < 2:  # noqa: PLR2004  # one thing is no list
            return "".join(parts)
        return self.say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


ENGLISH: Final = Tongue(
    entries=MappingProxyType(
        {
            "role.first_ad": "first AD",
            "test.xray": "X-ray",
            "value.first_ad": "first AD",
            "recording.part": "on for a part of it only",
        }
    )
)
"""The language of the code itself; what its words need beyond plain letters stands here."""
