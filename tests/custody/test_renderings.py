"""Printings of one utterance: suggested by their words, never by who is said to have spoken."""

from coldcheck.custody.renderings import Printing, like, renderings, same_words

FIRST = "I was told the gun was cold at noon, and nobody showed me."


def test_marks_brackets_and_case_do_not_part_two_printings() -> None:
    assert same_words(FIRST, "“I was told [the] gun was Cold at noon ... and nobody showed me”")
    assert same_words(FIRST, "told the gun was cold at noon")


def test_other_words_short_words_and_another_order_are_no_printing() -> None:
    assert same_words(FIRST, "I never pointed anything at anybody on that day.") == ()
    assert same_words("it was the", "it was the") == ()
    assert same_words("He said that it was", "She said that it was") == ()
    assert same_words("the armorer handed the pistol to the guard", "the guard handed the pistol to the armorer") == ()


def test_the_likest_is_suggested_and_the_earliest_of_those_alike() -> None:
    known = [Printing(ref="a", words="nobody showed me the chambers at all"), Printing(ref="b", words=FIRST)]
    alike = like(Printing(ref="c", words="told the gun was cold at noon, nobody showed me"), known)
    assert alike is not None
    assert (alike.first, alike.second) == ("b", "c")
    assert like(Printing(ref="d", words="There was glass all over the path."), known) is None
    pairs = [(each.first, each.second) for each in renderings([*known, Printing(ref="e", words=FIRST)])]
    assert pairs == [("b", "e")]
