"""The words of every screen, by key, in the languages there are: one TOML file each under `words/`.

Promises: every language has the same keys with the same places to fill; a word is never made up. A third language is
one more file. Does not: word entries (custody), or decide anything.

    words_in("en").say("radio.replica", gun="Domino") -> "Gun Domino: replica."
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coldcheck.custody.tongues import Tongue
from coldcheck.custody.wording import FOUND, NEEDS, REASONS, WHO
from coldcheck.proof.errors import ColdcheckError

FOLDER: Final = Path(__file__).parent / "words"
FIRST: Final = "en"
"""The language of a screen that asked for none we have."""
FROM_CUSTODY: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"reason": REASONS, "found": FOUND, "needed": NEEDS, "who": WHO}
)
"""Tables whose first language is worded in the custody room, by key; every other language's file lists them itself."""


class BadCatalogue(ColdcheckError):
    """A file of words does not read, or lacks a word that another one has. Add the key named, then start again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. `entries` maps "table.key" to the sentence, its places still open."""

    language: str
    entries: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence of `key`, filled in. Raises KeyError for a key that no file has: that is a mistake of ours."""
        return self.entries[key].format_map({name: str(value) for name, value in values.items()})

    def reason(self, code: str) -> str:
        """A card's reason in a few words; an unknown code stands for itself."""
        return self.entries.get(f"reason.{code}", code.lower().replace("_", " "))

    @property
    def tongue(self) -> Tongue:
        """The same language, for what is worded where it arises."""
        return Tongue(entries=self.entries)

    def word(self, key: str, *tables: str) -> str:
        """What the record calls by a wire name, from the first of `tables` that has it; else the name in plain letters."""
        return self.tongue.word(key, *tables)

    def table(self, name: str) -> dict[str, str]:
        """One table of the file, by its own keys: what a screen that words itself is given."""
        head = f"{name}."
        return {key.removeprefix(head): said for key, said in self.entries.items() if key.startswith(head)}


@cache
def languages() -> tuple[str, ...]:
    """The languages there are, English first."""
    found = sorted(file.stem for file in FOLDER.glob("*.toml"))
    return (FIRST, *(name for name in found if name != FIRST))


@cache
def words_in(language: str) -> Words:
    """The words of a language; the first language for one we do not have. Raises BadCatalogue."""
    name = language if language in languages() else FIRST
    read = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    ours = FROM_CUSTODY if name == FIRST else {}
    entries = {f"{table}.{key}": said for table, rows in ours.items() for key, said in rows.items()}
    for table, rows in read.items():
        if not isinstance(rows, dict) or not all(isinstance(said, str) for said in rows.values()):
            raise BadCatalogue(f"{name}.toml [{table}]: only keys with a sentence may stand in it.")
        entries.update({f"{table}.{key}": said for key, said in rows.items()})
    return Words(language=name, entries=MappingProxyType(entries))


def language_asked(*, query: str, accepts: str) -> str:
    """The language a screen gets: what its address asks for, else the first that its browser accepts and we have."""
    wanted = (query, *(part.split(";")[0].split("-")[0].strip() for part in accepts.split(",")))
    return next((name for name in wanted if name in languages()), FIRST)


def places_in(sentence: str) -> frozenset[str]:
    """The places to fill in a sentence."""
    return frozenset(name for _text, name, _form, _how in string.Formatter().parse(sentence) if name)
