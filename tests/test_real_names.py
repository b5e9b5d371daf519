"""No person named in the published article that started this project occurs anywhere in it.

The article is read from beside the repository and never copied; who is named in it is worked out here, so that no name
has to be written down in order to be kept out. Where the article is not at hand the one test that needs it says so.

The rule for a name: a run of capitalised words ("Given Family"), or one capitalised word next to a verb of speaking.
A run with a word of `NO_PERSON` in it is a place, a body, a day or the opening of a sentence. Of each run the last word
is the family name; a word that opens a run is a given name, and given names alone are ordinary words.
"""

import re
from pathlib import Path

import pytest

from tracked import REPO, project_files, text_of

ARTICLE = REPO.parent / "shared" / "data" / "article.txt"

NO_PERSON = frozenset(
    """ABC America American And Any As At Attorney Bureau But By CNN County Court Day December Department District Does
    England February For Fox Friday From Good He Hollywood How I IE If In Into It January July June Los March May Mexico
    Monday Morning NBC New News No North Not November Oct October Office On One Police Ranch Saturday September She
    Sheriff Since So South State States Studio Sunday That The Then There They Thursday Tuesday United We Wednesday West
    What When Where Who Why Yes York You""".split()  # noqa: SIM905 - a list of words reads best as words
)
SPEAKING = r"(?:said|says|told|tells|asked|insisted|added|wrote|explained|testified|detailed|recalled)"
NAME = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)*"
RUN = re.compile(rf"\b(?:[A-Z]+|{NAME})(?:[ ](?:[A-Z]+|{NAME})\b)+")
SPEAKER = re.compile(rf"\b({NAME})\s+{SPEAKING}\b|\b{SPEAKING}\s+({NAME})\b")
LONG_ENOUGH_IN_SMALL_LETTERS = 6  # shorter family names are also ordinary words, so those count only as written


def family_names(article: str) -> frozenset[str]:
    """Every family name in `article`, the halves of double-barrelled ones among them."""
    runs = [run.split() for run in RUN.findall(article)]
    people = [run for run in runs if not NO_PERSON & set(run)]
    given = {run[0] for run in people}
    spoke = {word for pair in SPEAKER.findall(article) for word in pair if word}
    bodies = {word for run in runs if NO_PERSON & set(run) for word in run}
    whole = {run[-1] for run in people} | (spoke - given - bodies - NO_PERSON)
    return frozenset(whole | {half for name in whole for half in name.split("-")})


def names_found(text: str, names: frozenset[str]) -> frozenset[str]:
    """Those of `names` that `text` holds, as written, in capitals, or (the longer ones) in small letters."""
    words = set(re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", text)) | set(re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text))
    return frozenset(name for name in names if words & spellings(name))


def spellings(name: str) -> frozenset[str]:
    small = {name.lower()} if len(name) >= LONG_ENOUGH_IN_SMALL_LETTERS else set()
    return frozenset({name, name.upper()} | small)


def files_naming(root: Path, names: frozenset[str]) -> tuple[str, ...]:
    """The files below `root` that hold any of `names`, in their text or in their path."""
    paths = ((path, str(path.relative_to(root))) for path in project_files(root))
    return tuple(shown for path, shown in paths if names_found(f"{shown}\n{text_of(path) or ''}", names))


def test_nobody_in_the_article_is_named_in_the_project() -> None:
    if not ARTICLE.exists():
        pytest.skip("the article lies beside the repository, in ../shared/data/article.txt, and is not there")
    article = ARTICLE.read_text()
    names = family_names(article)
    assert len(names) >= 5
    assert names_found(article, names) == names
    assert files_naming(REPO, names) == ()


MADE_UP = """
Wilma Quillfeather says she saw nothing near the Blue Hill Ranch in New Mexico, reporters of ABC News wrote.
"I was there," Quillfeather told NBC News' Otto Fernbottom on Thursday. And until Wilma said that, nobody asked.
The assistant, Ida Muddle-Brookwater, told Sandpiper. In August, Sandpiper insisted: "Since Day One". He said so.
"""


def test_people_are_told_from_places_days_and_openings() -> None:
    assert family_names(MADE_UP) == {
        "Brookwater",
        "Fernbottom",
        "Muddle",
        "Muddle-Brookwater",
        "Quillfeather",
        "Sandpiper",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/story.md", "then Quillfeather came"),
        ("src/roles.py", "fernbottom_said = 1"),
        ("src/roles.py", "class FernbottomSaid: ..."),
        ("tests/SANDPIPER.txt", ""),
        ("README.md", "MUDDLE-BROOKWATER"),
    ],
)
def test_a_planted_name_is_found(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert files_naming(tmp_path, family_names(MADE_UP)) == (name,)


def test_an_ordinary_word_that_is_also_a_short_name_is_left_alone() -> None:
    assert names_found("the hills and the halls", frozenset({"Hills"})) == frozenset()
    assert names_found("then Hills came", frozenset({"Hills"})) == {"Hills"}
