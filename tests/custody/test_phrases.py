"""Every act in the words of the set: what is written is what is read, and what is read can be written."""

import re
from dataclasses import MISSING, fields, replace
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coldcheck.custody import acts as a
from coldcheck.custody import phrases as ph
from coldcheck.custody.things import ActionType, Capability, ContainerKind, Id, PlaceClass, Relation, Role, RoundKind
from coldcheck.proof.encoding import Plain, decode, encode, opaque_id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Opening, Sealed, seal
from random_acts import OWN_CLASSES, AnyAct

LABELS = {
    "g": ("Colt-1", "Colt-2", "Winchester-73"),
    "c": ("Tray-1", "Box-A", "Bag.2"),
    "r": ("R-1", "R-2"),
    "l": ("Lot-1", "Lot-2"),
    "w": ("Barn", "Truck", "O'Malley&Co"),
    "p": ("ARM", "AD1", "LEAD"),
}
BY_LABEL = {label: opaque_id(letter, label.encode().ljust(32)) for letter, known in LABELS.items() for label in known}
BY_ID = {thing: label for label, thing in BY_LABEL.items()}


class Book:
    """Labels, cells and openings in plain dictionaries; every second cell has a round the record knows."""

    def __init__(self) -> None:
        self.minted = 0
        self.openings: dict[str, Opening] = {}

    def id_of(self, label: str, letters: str) -> Id:
        found = BY_LABEL.get(label, "?")
        if found[0] not in letters:
            fitting = [known for known, thing in BY_LABEL.items() if thing[0] in letters]
            raise ph.BadPhrase(f'"{label}" is not registered; the nearest known word is {ph.nearest(label, fitting)}')
        return found

    def label_of(self, thing: Id) -> str:
        return BY_ID.get(thing, thing)

    def round_at(self, thing: Id, cell: str) -> Id:
        return opaque_id("r", f"{thing}{cell}".encode().ljust(32)) if cell and ord(cell[-1]) % 2 else ""

    def mint(self, letter: str) -> Id:
        self.minted += 1
        return opaque_id(letter, self.minted.to_bytes(32))

    def seal(self, field: str, words: str) -> Sealed:
        sealed, opening = seal(salt=self.minted.to_bytes(32), field=field, value=words)
        self.minted += 1
        self.openings[sealed.commitment] = opening
        return sealed

    def words_of(self, sealed: Sealed) -> str:
        return self.openings[sealed.commitment].value if sealed.commitment in self.openings else "..."


# --- words for every kind of blank, in the one way they are written ------------------------------------------------


def runs(numbers: list[int]) -> str:
    """A rising list of numbers as ranges: 1, 2, 3, 5 as "1-3,5"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] + 1 == number:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def chambers(numbers: list[int]) -> str:
    return f"chamber{'s' if len(numbers) > 1 else ''} {runs(numbers)}"


def places(text: str) -> str:
    return text.replace("chamber", "place")


def labels(letters: str) -> st.SearchStrategy[str]:
    return st.sampled_from([label for letter in letters for label in LABELS[letter]])


NUMBERS = st.lists(st.integers(1, 30), min_size=1, max_size=6, unique=True).map(sorted)
COUNTS = st.integers(1, 500).map(str)
SAID = st.from_regex(r"[A-Za-z0-9.'][A-Za-z0-9.'&/_-]{0,8}", fullmatch=True)
NEW = st.from_regex(r"[A-Z][A-Za-z0-9.'&-]{0,8}", fullmatch=True)
NAMES = st.text(st.characters(exclude_characters='"', codec="utf-8"), max_size=20)
POSITIONS = st.tuples(NUMBERS.map(chambers), st.sampled_from(["", " and bore", " and capability"])).map("".join)
TIMES = st.sampled_from(["2021", "2021-10", "2021-10-21", "2021-10-21T11:05"])


def listed(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(item, min_size=1, max_size=3).map(", ".join)


@st.composite
def answers(draw: st.DrawFn) -> str:
    numbers = draw(NUMBERS)
    words = draw(st.sampled_from([["empty", "clear"], ["dummy", "clear"], ["blank", "unknown"], ["live", "inert"]]))
    cut = draw(st.integers(1, len(numbers)))
    groups = [(numbers[:cut], words[0]), (numbers[cut:], "round")]
    parts = [f"{chambers(group)} {word}" for group, word in groups if group]
    if draw(st.booleans()):
        parts.append(f"bore {words[1]}")
        numbers = [*numbers, 0]
    if not draw(st.booleans()):
        return ", ".join(parts)
    times = draw(st.lists(st.integers(1, 90_000), min_size=len(numbers), max_size=len(numbers)))
    return ", ".join(parts) + " (at " + ", ".join(map(str, times)) + " ms)"


@st.composite
def load(draw: st.DrawFn, link: str) -> str:
    numbers = draw(NUMBERS)
    cut = draw(st.integers(1, len(numbers)))
    first, second = numbers[:cut], numbers[cut:]
    part = f"{chambers(first)} {link} Tray-1/{runs(first)}" if draw(st.booleans()) else chambers(first)
    return part if not second else f"{part} with {chambers(second)} {link} Box-A/{runs(second)}"


@st.composite
def moved(draw: st.DrawFn) -> str:
    numbers = draw(NUMBERS)
    end = draw(st.sampled_from([f"Box-A/{runs(numbers)}", "Barn", "ARM"]))
    return f"Tray-1/{runs(numbers)} to {end}"


@st.composite
def intervals(draw: st.DrawFn) -> str:
    start, end = draw(TIMES), draw(TIMES)
    return draw(st.sampled_from(["unknown", start, f"{start} to {end}" if start != end else start]))


DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def crew_row(draw: st.DrawFn) -> str:
    name = draw(st.text(st.characters(exclude_characters='";', codec="utf-8"), max_size=20))
    return f'{draw(NEW)} "{name}" as {draw(listed(st.sampled_from(Role)))}, card {draw(DIGESTS)}'


WORDS: dict[str, st.SearchStrategy[str]] = {
    "person": labels("p"),
    "gun": labels("g"),
    "scanned": labels("g"),
    "other_tag": labels("clw"),
    "lot": labels("l"),
    "container": labels("c"),
    "place": labels("w"),
    "item": labels("gc"),
    "any": labels("gcrlwp"),
    "round": labels("r"),
    "thing": labels("cgwp"),
    "new": NEW,
    "time": st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z"),
    "word": SAID,
    "number": COUNTS,
    "people": listed(labels("p")),
    "guns": listed(labels("g")),
    "lots": listed(labels("l")),
    "duties": listed(st.tuples(SAID, labels("p")).map(" ".join)),
    "words": listed(SAID),
    "roles": listed(st.sampled_from(Role)),
    "sealed": NAMES.map('"{}"'.format),
    "positions": POSITIONS,
    "answers": answers(),
    "magazine": labels("c"),
    "places": POSITIONS.map(places),
    "place_answers": answers().map(places),
    "place_load": load("from").map(places),
    "place_unload": load("to").map(places),
    "load": load("from"),
    "unload": load("to"),
    "moved": moved(),
    "cells": st.one_of(NUMBERS.map(lambda n: f"Tray-1/{runs(n)}"), labels("r")),
    "received": NUMBERS.map(lambda n: f"Box-A/{runs(n)}"),
    "find": st.sampled_from(["R-1 in Tray-1/3", "Find.7 in Colt-1/bore", "Find.8 in Barn"]),
    "call": st.sampled_from(
        ["COLD-EMPTY", "INERT", "COLD-DUMMY(6)", "COLD-DUMMY(0)", "HOT-BLANK(5)", "HOT-BLANK(5, half)"]
    ),
    "turn": st.tuples(NUMBERS.map(chambers), st.sampled_from(["", " (at 5, 700 ms)"])).map(
        lambda said: "chambers 2-3" + said[1] if said[1] else said[0]
    ),
    "parents": listed(
        st.tuples(st.sampled_from(Relation), labels("lp")).map(lambda p: f"{p[0].replace('_', ' ')} {p[1]}")
    ),
    "interval": intervals(),
    "key": st.sampled_from(["k0123456789AB", "kZZZZZZZZZZZZ"]),
    "digest": DIGESTS,
    "digests": listed(DIGESTS),
    "anything": listed(labels("gcrlwp")),
    "crew": st.lists(crew_row(), min_size=1, max_size=3).map("; ".join),
}
for _kind in (
    ActionType, Capability, ContainerKind, PlaceClass, RoundKind, a.Mishap, a.Grade, a.Activity, a.CallWord, a.Work,
    a.Ending, a.Capture,
):  # fmt: skip
    WORDS[_kind.__name__] = st.sampled_from([member.value for member in _kind])

BLANK = re.compile(r"\{(\w+):(\w+)\}")


@st.composite
def said(draw: st.DrawFn, phrase: ph.Phrase) -> str:
    return BLANK.sub(lambda blank: str(draw(WORDS[blank[2]])), phrase.template)


# --- reading and writing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phrase", ph.PHRASES, ids=lambda phrase: phrase.template[:50])
def test_what_is_written_is_read_and_written_the_same(phrase: ph.Phrase) -> None:
    @settings(max_examples=20)
    @given(said(phrase))
    def holds(text: str) -> None:
        book = Book()
        act = ph.read_phrase(text, book)
        assert type(act) is phrase.act
        assert ph.print_phrase(act, book) == text

    holds()


@settings(max_examples=60)
@given(st.sampled_from(ph.PHRASES).flatmap(said), st.data())
def test_a_report_of_anything_is_written_as_it_was_read(told: str, data: st.DataObject) -> None:
    account = data.draw(st.sampled_from(["statement)", "contradictory, affidavit)"]))
    who = data.draw(st.sampled_from(["someone", "ARM"]))
    text = f"reports E10 from {data.draw(WORDS['words'])} ({account} at {data.draw(intervals())}: {who} {told}"
    book = Book()
    act = ph.read_phrase(text, book)
    assert isinstance(act, a.Reported)
    assert ph.print_phrase(act, book) == text


@given(NEW, NAMES, listed(st.sampled_from(Role)))
def test_an_enrolment_is_written_as_it_was_read(label: str, name: str, roles: str) -> None:
    text = f'enrols {label} "{name}" as {roles}'
    book = Book()
    assert ph.print_phrase(ph.read_phrase(text, book), book) == text


@given(st.sampled_from(ph.PHRASES).flatmap(said))
def test_an_act_survives_its_plain_form(text: str) -> None:
    act = ph.read_phrase(text, Book())
    assert a.read_act(decode(encode(a.plain(act)))) == act


@pytest.mark.parametrize("act_class", OWN_CLASSES, ids=a.wire_name)
def test_every_act_has_a_phrase_or_is_spoken_elsewhere(act_class: type) -> None:
    spoken = {phrase.act for phrase in ph.PHRASES} | ph.SPOKEN_ELSEWHERE | {a.UnknownAct}
    assert act_class in spoken
    assert not {phrase.act for phrase in ph.PHRASES} & ph.SPOKEN_ELSEWHERE


@pytest.mark.parametrize("act_class", [*OWN_CLASSES, a.Reported], ids=a.wire_name)
def test_every_act_that_can_be_read_can_be_put_in_words(act_class: type) -> None:
    drawn = AnyAct(Random(act_class.__name__), {thing[0]: (thing,) for thing in BY_ID})
    for _ in range(60):
        act = drawn.of(act_class)
        assert a.read_act(decode(encode(a.plain(act)))) == act
        assert ph.print_phrase(act, Book())


def test_a_planned_shot_that_hit_somebody_has_words() -> None:
    book = Book()
    text = "fires Colt-1, 1 planned, hit LEAD"
    assert ph.print_phrase(ph.read_phrase(text, book), book) == text


@pytest.mark.parametrize("history", ["", ", history split of Lot-2"])
def test_a_lot_without_a_strong_test_has_words(history: str) -> None:
    book = Book()
    text = f"registers lot Lot-9: 12 .45 dummy, tests rattle, weight{history}"
    assert ph.print_phrase(ph.read_phrase(text, book), book) == text


# --- words that are no phrase --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("shws Colt-1 to AD1: chambers 1-6", '"shows"'),
        ("shows Cold-1 to AD1: chambers 1-6", '"Colt-1"'),
        ("picks up Tray-7", '"Tray-1"'),
        ("registers lot Lot-9: 12 .45 dumy", '"dummy"'),
        ("has Colt-1 droped", '"dropped"'),
        ("registers lot Lot-9: 12 .45 dummy, history splitt of Lot-1", '"split_of"'),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest_known_one(text: str, near: str) -> None:
    with pytest.raises(ph.BadPhrase, match=re.escape(near)):
        ph.read_phrase(text, Book())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "begins no phrase"),
        ("shows Colt-1", "shows <gun> to <to>: <positions>"),
        ("calls Colt-1: COLD", "COLD-EMPTY"),
        ("calls Colt-1: COLD-EMPTY(3)", "COLD-EMPTY"),
        ("calls Colt-1: COLD-DUMMY", "COLD-DUMMY(6)"),
        ("clears Colt-1: chambers 6-1 empty", "does not rise"),
        ("clears Colt-1: chambers 1- empty", "range"),
        ("clears Colt-1: chambers 1,,2 empty", "range"),
        ("clears Colt-1: barrel empty", "is no position"),
        ("clears Colt-1: chambers 1-2 hollow", "is no answer"),
        ("clears Colt-1: chambers 1-2 empty (at 5 ms)", "one time an answer"),
        ("clears Colt-1: chambers 1-2 empty (at 1,2 ms)", "one time an answer"),
        ("loads Colt-1: chambers 1-3 from Tray-1/1-2", "the same number"),
        ("moves Tray-1/1-3 to Box-A/1-2", "the same number"),
        ("finds R-1 in Tray-1/", "finds <find>"),
        ("reports E1 from S1: ARM picks up Colt-1", "reports <row>"),
        ("reports E1 from S1 (rumour) at unknown: ARM picks up Colt-1", "statement"),
        ('enrols someone "Ada Byrne" as armorer', "someone"),
    ],
)
def test_words_that_do_not_read_say_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(ph.BadPhrase, match=re.escape(expected)):
        ph.read_phrase(text, Book())


@given(st.sampled_from(ph.PHRASES).flatmap(said), st.data())
def test_a_damaged_phrase_is_a_bad_phrase_or_another_act(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    put = data.draw(st.text('0-,/ ():²٣"aA', max_size=3))
    damaged = text[:at] + put + text[at + cut :]
    book = Book()
    try:
        act = ph.read_phrase(damaged, book)
    except ColdcheckError:
        return
    assert ph.print_phrase(act, book)


# --- the plain form, read strictly ---------------------------------------------------------------------------------

GUN, PLACE, PERSON, ROUND = BY_LABEL["Colt-1"], BY_LABEL["Barn"], BY_LABEL["ARM"], BY_LABEL["R-1"]
PUT_DOWN: dict[str, Plain] = {"act": "put_down", "item": GUN, "place": PLACE}


@pytest.mark.parametrize(
    ("form", "named"),
    [
        (None, "act"),
        ([PUT_DOWN], "act"),
        ({"item": GUN, "place": PLACE}, "act"),
        ({**PUT_DOWN, "act": 7}, "act"),
        ({**PUT_DOWN, "by": PERSON}, "put_down"),
        ({"act": "put_down", "item": GUN}, "put_down"),
        ({"act": "put_down", "item": GUN, "spot": PLACE}, "place"),
        ({**PUT_DOWN, "item": ""}, "put_down.item"),
        ({**PUT_DOWN, "item": GUN.lower()}, "put_down.item"),
        ({**PUT_DOWN, "item": GUN + "0"}, "put_down.item"),
        ({**PUT_DOWN, "item": None}, "put_down.item"),
        ({"act": "counted", "thing": PLACE, "count": True}, "counted.count"),
        ({"act": "counted", "thing": PLACE, "count": "6"}, "counted.count"),
        ({"act": "counted", "thing": PLACE, "count": -1}, "counted.count"),
        ({"act": "duty_opened", "duty": "armorer", "exclusive": 1}, "duty_opened.exclusive"),
        ({"act": "gun_mishap", "gun": GUN, "mishap": "sneezed"}, "gun_mishap.mishap"),
        ({"act": "remarked", "remark": "in the clear"}, "remarked.remark"),
        ({"act": "remarked", "remark": "A" * 64}, "remarked.remark"),
        ({"act": "rounds_seen", "thing": PLACE, "rows": {}}, "rounds_seen.rows"),
        ({"act": "rounds_seen", "thing": PLACE, "rows": [{"cell": "1"}]}, "rounds_seen.rows"),
        ({"act": "rounds_seen", "thing": PLACE, "rows": [{"cell": "1", "round_id": "1"}]}, "cell_row.round_id"),
        ({"act": "discharged", "gun": GUN, "planned": True, "shots": 1, "hit": [""]}, "discharged.hit"),
    ],
)
def test_a_form_that_is_not_exactly_ours_is_no_act(form: Any, named: str) -> None:
    with pytest.raises(a.BadAct, match=re.escape(named)):
        a.read_act(form)


REPORT: dict[str, Plain] = {
    "act": "reported", "row": "E1", "account": "", "sources": ["S1"], "grade": "press",
    "when": {"start": "", "end": ""}, "who": "", "told": PUT_DOWN,
}  # fmt: skip


def test_a_report_of_a_report_is_no_act() -> None:
    assert isinstance(a.read_act(REPORT), a.Reported)
    with pytest.raises(a.BadAct, match="report of a report"):
        a.read_act({**REPORT, "told": REPORT})


def test_an_act_nobody_here_knows_is_kept_as_it_came() -> None:
    form: Plain = {"act": "juggled", "gun": GUN, "balls": [1, {"colour": "red"}]}
    act = a.read_act(form)
    assert isinstance(act, a.UnknownAct)
    assert a.plain(act) == form
    assert GUN in a.about((act,), by=PERSON)


def test_an_unknown_act_can_be_reported() -> None:
    act = a.read_act({**REPORT, "told": {"act": "juggled", "gun": GUN}})
    assert isinstance(act, a.Reported)
    assert isinstance(act.told, a.UnknownAct)
    assert a.read_act(decode(encode(a.plain(act)))) == act


@pytest.mark.parametrize(
    "act_class", [c for c in (*get_args(a.OwnAct), a.Reported) if c is not a.UnknownAct], ids=a.wire_name
)
def test_each_field_of_each_act_is_needed(act_class: type) -> None:
    form = a.plain(AnyAct(Random(1), {}).of(act_class))
    for field in fields(act_class):
        if field.default is not MISSING:
            continue
        with pytest.raises(a.BadAct):
            a.read_act({name: value for name, value in form.items() if name != field.name})
    for field in fields(act_class):
        with pytest.raises(a.BadAct):
            a.read_act({**form, field.name: {"no": "such value"}})
    with pytest.raises(a.BadAct):
        a.read_act({**form, "also": 1})


def test_a_call_of_another_gun_is_another_call() -> None:
    act = a.AskedToSee(gun=GUN)
    assert a.plain(replace(act, gun=BY_LABEL["Colt-2"])) != a.plain(act)
