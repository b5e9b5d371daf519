"""Acts of the inquiry: what is written is what is read, and none of them makes anything colder."""

import json
from random import Random

import pytest

from coldcheck.custody import acts as a
from coldcheck.custody import phrases as ph
from coldcheck.custody.moves import moves_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.trade_words import trade_words
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


@pytest.mark.parametrize(
    ("name", "empty"), [("paragraph", ""), ("unnamed", ""), ("speaks_of", ""), ("on_behalf_words", [])]
)
def test_what_a_statement_need_not_say_is_said_in_one_way_by_leaving_it_out(name: str, empty: object) -> None:
    said = a.plain(AnyAct(Random(3), {}).of(a.StatementRecorded))
    bare = {
        key: value for key, value in said.items() if key not in {"paragraph", "unnamed", "speaks_of", "on_behalf_words"}
    }
    assert a.plain(a.read_act(bare)) == bare
    with pytest.raises(a.BadAct, match="no empty"):
        a.read_act({**bare, name: empty})  # type: ignore[dict-item]  # what no act may be


def test_a_source_that_is_no_court_paper_has_no_row_for_one() -> None:
    filed = a.plain(AnyAct(Random(3), {}).of(a.SourceFiled))
    bare = {key: value for key, value in filed.items() if key != "court"}
    assert a.plain(a.read_act(bare)) == bare
    with pytest.raises(a.BadAct, match="no empty court"):
        a.read_act({**bare, "court": []})


def test_words_of_the_trade_are_found_whole_and_once() -> None:
    text = "He yelled Cold\n gun; a misfire, he said, not a MISFIRE of the misfired holding of coldness."
    assert trade_words(text) == ("cold gun", "misfire", "misfired")
    assert trade_words("The scaffolding was hotter than the blanket.") == ()


def test_a_filing_needs_what_names_a_thing() -> None:
    with pytest.raises(a.BadAct, match="statement"):
        ph.read_phrase(f"files claim_made: {json.dumps({'proposition': 'x'})}", Book())
