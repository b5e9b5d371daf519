"""Every sentence somebody is told when something is not taken: there is one for each key, in every language."""

import re

import pytest

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Finding
from coldcheck.custody.wording import FOUND, NEEDS, REASONS
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.door import HubSilent
from coldcheck.station.store import DiskFull
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.html import HERE
from coldcheck.station.web.set_sheets import SheetOpen
from coldcheck.station.web.told import finding_in, found_in, problem_in

ES = words_in("es")
ASKED = re.compile(r'\b(?:BadSheet|NotSignedIn|NoSuchSheet|SheetOpen|BadRequest|NoPhoto|BadPhoto)\(\s*"(\w+)"')


def test_every_key_that_is_told_is_worded_and_no_word_is_left_over() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    assert set(ASKED.findall(code)) == set(words_in("en").table("told"))


@pytest.mark.parametrize("name", languages())
def test_every_finding_reads_in_every_language(name: str) -> None:
    words = words_in(name)
    for what in (*FOUND, *(code.lower() for code in REASONS)):
        said = found_in(Finding(rule="X", found=(("what", what),)), words, label=str)
        assert said.endswith("."), what
        assert name == "en" or said not in FOUND.values(), what
    assert set(words.table("needed")) == set(NEEDS)


def test_a_problem_is_said_by_its_key_by_its_sort_or_with_its_own_words() -> None:
    taken = SheetOpen("sheet_open", roles=("armorer", "first_ad"))
    assert "armorer / first AD" in str(taken)
    assert "armero / primer AD" in problem_in(taken, ES)
    assert problem_in(DiskFull("no room"), ES) == ES.entries["problem.DiskFull"]
    assert problem_in(HubSilent("Ask again."), words_in("en")) == "Ask again."
    told = problem_in(ColdcheckError("An odd thing. Do this."), ES)
    assert "An odd thing. Do this." in told
    assert "anótelo en papel" in told


def test_people_and_roles_in_a_finding_are_words_of_the_language() -> None:
    missing = Finding(rule="LIFT", found=(("what", "signatures_missing"), ("roles", "armorer, first_ad")))
    assert "armero, primer AD" in str(finding_in(Picture(), missing, ES))
