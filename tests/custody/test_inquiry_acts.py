"""Acts of the inquiry: what is written is what is read, and none of them makes anything colder."""

import json
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody import phrases as ph
from coldcheck.custody.moves import moves_of
from coldcheck.custody.picture import Picture
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.sealed import Opening, Sealed, seal
from random_acts import AnyAct


class Book:
    """Ids are their own labels; words are kept in a dictionary."""

    def __init__(self) -> None:
        self.openings: dict[str, Opening] = {}
        self.minted = 0

    def id_of(self, label: str, letters: str) -> str:
        raise ph.BadPhrase(f'"{label}" is not one of {letters}')

    def label_of(self, thing: str) -> str:
        return thing

    def round_at(self, thing: str, cell: str) -> str:
        return thing[:0] + cell[:0]

    def mint(self, letter: str) -> str:
        self.minted += 1
        return opaque_id(letter, self.minted.to_bytes(32))

    def seal(self, field: str, words: str) -> Sealed:
        self.minted += 1
        sealed, opening = seal(salt=self.minted.to_bytes(32), field=field, value=words)
        self.openings[sealed.commitment] = opening
        return sealed

    def words_of(self, sealed: Sealed) -> str:
        return self.openings[sealed.commitment].value if sealed.commitment in self.openings else "..."


@pytest.mark.parametrize("act_class", a.INQUIRY_ACTS, ids=a.wire_name)
def test_what_is_filed_is_printed_and_read_again(act_class: type) -> None:
    drawn, book = AnyAct(Random(act_class.__name__), {}), Book()
    for _ in range(20):
        text = ph.print_phrase(drawn.of(act_class), book)
        assert ph.print_phrase(ph.read_phrase(text, book), book) == text


@pytest.mark.parametrize("act_class", a.INQUIRY_ACTS, ids=a.wire_name)
def test_nothing_the_inquiry_files_moves_the_kernel(act_class: type) -> None:
    act = AnyAct(Random(1), {}).of(act_class)
    assert moves_of(Picture(), by="", key="", act=act) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("files claim_maid: {}", "files nothing known"),
        ("files claim_made: {", "no JSON object"),
        ("files claim_made: []", "no JSON object"),
        ('files claim_made: {"prooposition": "x"}', "no field prooposition"),
    ],
)
def test_a_filing_that_does_not_read_says_why(text: str, says: str) -> None:
    with pytest.raises(ph.BadPhrase, match=says):
        ph.read_phrase(text, Book())


def test_a_filing_needs_what_names_a_thing() -> None:
    with pytest.raises(a.BadAct, match="statement"):
        ph.read_phrase(f"files claim_made: {json.dumps({'proposition': 'x'})}", Book())
