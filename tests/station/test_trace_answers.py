"""Trace and recall as people get them: pictures, pages, what rested on a false basis, and answers where nothing is known."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from coldcheck.custody import acts as a
from coldcheck.custody import wording
from coldcheck.custody.answers import RESTED, answer
from coldcheck.custody.asks import CallAsk
from coldcheck.custody.calibres import compared, compared_with_all, may_chamber, size_inch
from coldcheck.custody.origin_answer import MODEL, answer_find
from coldcheck.custody.picture import CallPart, Picture
from coldcheck.custody.predicates import every_position
from coldcheck.custody.rulebook_file import Rule
from coldcheck.custody.state import apply
from coldcheck.custody.things import Lot, Relation, RoundKind
from coldcheck.custody.trace import live_finds, origin_of
from coldcheck.custody.trace_basis import doubted_guns, false_bases, rested_on
from coldcheck.custody.trace_index import Index, digest, index_of
from coldcheck.custody.trace_rings import lots_out_of, recall_of, recall_over
from coldcheck.custody.views import board_of
from coldcheck.station.answer_text import secure_texts
from coldcheck.station.commands_ask import recall, status, trace
from coldcheck.station.lab.productions import LOTS, WAYS, Production, production, replayed
from coldcheck.station.ledger_files import play_into
from coldcheck.station.play import Player
from coldcheck.station.scenario import parse_scenario, read_scenario
from coldcheck.station.things_by_name import UnknownItem
from coldcheck.station.trace_pictures import SHAPES, chain_picture, printed, recall_picture, windows_picture
from coldcheck.station.web import trace_pages
from coldcheck.station.web.catalogue import words_in
from coldcheck.station.web.doubts import Doubts
from coldcheck.station.web.html import facts_fragment
from coldcheck.station.web.pages import board_view
from coldcheck.station.web.trace_pages import recall_page, trace_page
from stores import MemoryStore
from trace_door import client_of
from trace_worlds import table_of_live

SCENARIO = Path(__file__).parent.parent / "scenarios" / "one_rehearsal.txt"
SVG = "{http://www.w3.org/2000/svg}"
MADE = [(seed, WAYS[seed % 3]) for seed in range(12)]


def parsed(svg: str) -> ET.Element:
    """The picture as a tree: it must be well-formed."""
    return ET.fromstring(svg)  # noqa: S314  # we made it ourselves


def words_of(svg: str) -> str:
    return " ".join(parsed(svg).itertext())


@pytest.fixture(scope="module")
def productions() -> tuple[Production, ...]:
    return tuple(production(seed=seed, way=way) for seed, way in MADE)


# --- pictures ------------------------------------------------------------------------------------------------------


def test_a_chain_is_drawn_with_every_step_and_its_gap(productions: tuple[Production, ...]) -> None:
    for made in productions:
        origin = origin_of(made.picture, made.round_id)
        for alone in (True, False):
            svg = chain_picture(made.picture, origin, alone=alone)
            words = words_of(svg)
            assert all(f"#{step.entry_index}" in words for step in origin.chain)
            assert ("GAP" in words) == (origin.gap is not None)
            assert "Reach is not an act" in words or origin.gap is None
            assert svg.count('class="n"') + svg.count("l17 17-17 17") == len(origin.chain)


def test_the_end_of_a_chain_is_said_before_the_chain(productions: tuple[Production, ...]) -> None:
    ends = set()
    for made in productions:
        origin = origin_of(made.picture, made.round_id)
        page = client_of(made.picture).get(f"/trace/{made.round_id}").text
        said = page[: page.index('class="picture"')]
        assert ("The chain ends at a signed receipt" in said) == (origin.receipt is not None)
        assert ("It is not recorded. The chain ends at a gap" in said) == (origin.gap is not None)
        ends.add(origin.gap is None)
    assert ends == {True, False}


def test_nothing_is_drawn_outside_the_picture(productions: tuple[Production, ...]) -> None:
    for made in productions:
        origin = origin_of(made.picture, made.round_id)
        for svg in (
            chain_picture(made.picture, origin),
            recall_picture(made.picture, recall_of(made.picture, LOTS[0]), LOTS[0]),
            windows_picture(made.picture, answer_find(made.picture, made.round_id, model=MODEL), shares=True),
        ):
            root = parsed(svg)
            _x, _y, width, height = map(float, root.attrib["viewBox"].split())
            for text in root.iter(f"{SVG}text"):
                assert 0 <= float(text.attrib["x"]) < width
                assert 0 < float(text.attrib["y"]) <= height
                # Letters of 16 px are no wider than this on average.
                shown = "".join(part for part in (text.text, *(child.tail for child in text)) if part)
                assert float(text.attrib["x"]) + 6 * len(shown) <= width + 4, shown


def test_a_label_is_never_markup(productions: tuple[Production, ...]) -> None:
    made = next(made for made in productions if origin_of(made.picture, made.round_id).chain)
    picture = replayed(made.steps)
    for thing, known in picture.containers.items():
        picture.containers[thing] = replace(known, label='<script>alert("1")</script>')
    for thing, gun in picture.guns.items():
        picture.guns[thing] = replace(gun, label="a < b & c")
    origin = origin_of(picture, made.round_id)
    told = answer_find(picture, made.round_id, model=MODEL)
    for svg in (
        chain_picture(picture, origin),
        recall_picture(picture, recall_of(picture, LOTS[0]), LOTS[0]),
        windows_picture(picture, told, shares=True),
    ):
        assert "<script" not in svg
        words_of(svg)


def test_a_recall_is_drawn_with_its_counts(productions: tuple[Production, ...]) -> None:
    for made in productions:
        rings = recall_of(made.picture, LOTS[0])
        words = words_of(recall_picture(made.picture, rings, LOTS[0]))
        for ring in (rings.lot, rings.together, rings.closure, rings.closure_no_barriers):
            assert f": {len(ring)}" in words


def test_windows_are_drawn_with_their_entries_and_a_share_only_where_it_is_asked_for(
    productions: tuple[Production, ...],
) -> None:
    weighed = 0
    for made in productions:
        told = answer_find(made.picture, made.round_id, model=MODEL)
        with_shares, without = (
            words_of(windows_picture(made.picture, told, shares=shares)) for shares in (True, False)
        )
        assert "never excluded" in without
        assert " %" not in without.replace("never", "")
        assert told.model.fingerprint() not in without
        for window in told.windows:
            weighed += 1
            assert f"#{window.from_entry} to #{window.to_entry}" in without
            assert f"{100 * window.share:.0f} %" in with_shares
        if told.basis != "record":
            assert "no figure" in with_shares
    assert weighed


def test_no_line_of_a_windows_picture_has_a_share_and_a_person(productions: tuple[Production, ...]) -> None:
    for made in productions:
        people = {person.label for person in made.picture.persons.values()}
        stories = {word for story in wording.HYPOTHESES.values() for word in story.split()}
        told = answer_find(made.picture, made.round_id, model=MODEL)
        for text in parsed(windows_picture(made.picture, told, shares=True)).iter(f"{SVG}text"):
            line = "".join(text.itertext())
            named = people & (set(re.findall(r"[A-Za-z0-9_-]+", line)) - stories)
            assert not ("%" in line and named), line


def test_a_picture_for_paper_is_ink_on_white_and_names_no_variable(productions: tuple[Production, ...]) -> None:
    made = productions[0]
    svg = printed(chain_picture(made.picture, origin_of(made.picture, made.round_id)))
    assert "var(" not in svg
    assert "prefers-color-scheme" not in svg
    assert words_of(svg)


def test_rounds_in_cells_that_follow_each_other_are_named_once(productions: tuple[Production, ...]) -> None:
    made = productions[0]
    rings = recall_of(made.picture, LOTS[0])
    svg = recall_picture(made.picture, rings, LOTS[0], most=500)
    unlabelled = [one for one in rings.lot if one[0] == "r" and not made.picture.cartridges[one].label]
    assert unlabelled
    assert "the round in" not in words_of(svg)


def test_what_to_secure_names_cells_that_follow_each_other_once_and_leaves_none_out(
    productions: tuple[Production, ...],
) -> None:
    for made in productions:
        picture = made.picture
        for one in live_finds(picture):
            items = origin_of(picture, one).secure_now
            texts = [text for text, _why, _entry in secure_texts(picture, items)]
            counted = sum(int(m[2]) - int(m[1]) for text in texts if (m := re.search(r"/(\d+) to (\d+)$", text)))
            assert len(texts) + counted == len(items), texts
            assert len(texts) == len(set(texts)), texts


def test_a_page_brings_no_style_but_that_of_the_sheet(productions: tuple[Production, ...]) -> None:
    sheet = (Path(trace_pages.__file__).parent / "static" / "look.css").read_text()
    assert all(line in sheet for line in SHAPES)
    for made in productions:
        origin = origin_of(made.picture, made.round_id)
        told = answer_find(made.picture, made.round_id, model=MODEL)
        svg = chain_picture(made.picture, origin, alone=False)
        drawn = windows_picture(made.picture, told, shares=True, alone=False)
        assert "style" not in svg + drawn
        for element in (*parsed(svg).iter(), *parsed(drawn).iter()):
            for name in element.attrib.get("class", "t").split():
                assert name == "t" or any(f".t .{name} " in line for line in SHAPES), name


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_shows_every_find_and_every_lots_recall(productions: tuple[Production, ...], language: str) -> None:
    made = productions[0]
    client = client_of(made.picture)
    page = client.get("/trace", params={"lang": language})
    assert page.status_code == 200
    assert page.text.count("<svg xmlns") == len(live_finds(made.picture))
    assert {"en": "nobody recorded", "es": "nadie registró"}[language] in page.text
    label = made.picture.lots[LOTS[0]].label
    assert client.get(f"/recall/{label}", params={"lang": language}).status_code == 200
    for find in live_finds(made.picture):
        assert f'href="/origin/{find}' in page.text
        origin = client.get(f"/origin/{find}", params={"lang": language})
        assert origin.status_code == 200
        assert "H7" in origin.text


def test_a_name_nobody_knows_is_a_sentence(productions: tuple[Production, ...]) -> None:
    client = client_of(productions[0].picture)
    for address in ("/trace/Nothing-7", "/recall/Nothing-7", "/origin/Nothing-7", "/trace?item=%3Cscript%3E"):
        page = client.get(address)
        assert page.status_code == 404
        assert "<script>" not in page.text


def test_a_place_in_which_nothing_lies_is_told_from_one_that_nobody_knows(ledger: Path) -> None:
    empty = CliRunner().invoke(trace, ["Colt-1/bore", "--ledger", str(ledger)])
    assert "No entry says that a round lies in Colt-1/bore now" in str(empty.exception)
    unknown = CliRunner().invoke(trace, ["Colt-99/bore", "--ledger", str(ledger)])
    assert "is not in this ledger" in str(unknown.exception)


def test_only_the_office_may_look(productions: tuple[Production, ...]) -> None:
    client = client_of(productions[0].picture, host="192.0.2.7", key="paper-key")
    assert client.get("/trace").status_code == 403
    client.cookies.set("office", "paper-key")
    assert client.get("/trace").status_code == 200


# --- where nothing is known ----------------------------------------------------------------------------------------


def test_an_empty_record_says_that_nothing_is_known() -> None:
    page = trace_page(Picture(), "", words_in("en"))
    assert page.parts[0].heading.startswith("No round")
    assert any("nobody recorded" in line for line in page.parts[-1].lines)
    origin = origin_of(Picture(), "r0000000000AA")
    assert (origin.ends_at, origin.chain) == ("gap", ())
    assert "GAP" in words_of(chain_picture(Picture(), origin))
    with pytest.raises(UnknownItem):
        recall_page(Picture(), "Lot-1", words_in("en"))
    assert answer(Picture(), RESTED).standing == "not_recorded"
    assert compared_with_all(Picture(), ".45", part="projectile") == ()
    assert recall_over(Picture(), "r0000000000AA") == ""
    rings = recall_of(Picture(), "l0000000000AA")
    assert (rings.lot, rings.together, rings.closure, rings.closure_no_barriers) == ((), (), (), ())


def test_lots_that_claim_each_other_as_parents_are_taken_once(productions: tuple[Production, ...]) -> None:
    picture = replayed(productions[0].steps)
    one, other = LOTS[:2]
    for lot, parent in ((one, other), (other, one)):
        picture.lots[lot] = replace(picture.lots[lot], parents=((Relation.MERGED_FROM, parent),))
    assert lots_out_of(picture, one) == lots_out_of(picture, other) >= {one, other}
    assert set(recall_of(picture, one).lot) == set(recall_of(picture, other).lot)


def test_a_lot_that_never_came_has_empty_rings(productions: tuple[Production, ...]) -> None:
    picture = replayed(productions[0].steps)
    lot = "l0000000000ZZ"
    picture.lots[lot] = Lot(
        lot=lot,
        label="Never",
        calibre="",
        kind=RoundKind.DUMMY,
        tests=(),
        strong=(),
        count=0,
        parents=(),
        entry_index=0,
    )
    rings = recall_of(picture, lot)
    assert (rings.lot, rings.together, rings.closure) == ((), (), ())
    assert "may have touched" in words_of(recall_picture(picture, rings, lot))


# --- under recall --------------------------------------------------------------------------------------------------


def test_what_lay_with_a_live_find_is_under_recall_as_it_is_found(productions: tuple[Production, ...]) -> None:
    told = 0
    for made in productions:
        before = replayed(made.steps[: made.found_entry])
        assert all(recall_over(before, r) == "" for r in before.cartridges if not live_finds(before))
        picture = made.picture
        spot = picture.spots[made.round_id]
        for other in picture.rounds_in[spot.thing]:
            assert recall_over(picture, other) == made.round_id
            told += 1
    assert told > 20


def test_the_flag_grown_act_by_act_is_the_flag_worked_out_at_once(productions: tuple[Production, ...]) -> None:
    for made in productions:
        asked_each_time, asked_once = Picture(), replayed(made.steps)
        for number, step in enumerate(made.steps):
            apply(asked_each_time, replace(step, entry_index=number))
            recall_over(asked_each_time, made.round_id)
        for r in asked_once.cartridges:
            assert recall_over(asked_each_time, r) == recall_over(asked_once, r)


# --- a basis that proves false -------------------------------------------------------------------------------------


def shaken(productions: tuple[Production, ...]) -> Iterator[Production]:
    return (made for made in productions if false_bases(made.picture))


def test_a_find_that_was_proven_inert_shakes_its_tests_and_what_came_after(productions: tuple[Production, ...]) -> None:
    listed = 0
    for made in shaken(productions):
        for basis in false_bases(made.picture):
            if basis.why != "found_otherwise" or basis.ends:
                continue
            notes = {entry for entry, _what in made.picture.proofs[made.round_id]}
            assert basis.entry_index in notes
            assert basis.by_entry <= made.found_entry
            acts = rested_on(made.picture, basis)
            assert all(rested.done.entry_index > basis.entry_index for rested in acts)
            assert all(rested.things for rested in acts)
            listed += len(acts)
    assert listed


def test_a_guns_page_says_what_it_stood_on_until_two_have_looked_again(productions: tuple[Production, ...]) -> None:
    said = 0
    for made in shaken(productions):
        kept, grown = Doubts(), Picture()
        for number, step in enumerate(made.steps):
            apply(grown, replace(step, entry_index=number))
            # Asked after each entry it says at the end what is worked out at once.
            known = kept.of(grown)
        assert known == doubted_guns(made.picture)
        picture = made.picture
        view = board_view(picture, now=picture.now, clock_at=picture.at, production="Stream", root="", language="es")
        for gun, card in zip(view.guns, board_of(picture, now=picture.now), strict=True):
            behind = known.get(gun.gun)
            fresh = behind is not None and behind.by_entry > (card.checked_entry or -1)
            assert bool(gun.doubt) == fresh
            if behind is not None and fresh:
                assert f"anotación {behind.by_entry}: {len(behind.entries)} actos" in gun.doubt
                assert f"/trace/{gun.label}" in facts_fragment(gun, "es")
                said += 1
    assert said


def test_every_act_that_names_the_shaken_round_and_leans_on_it_is_listed(productions: tuple[Production, ...]) -> None:
    for made in shaken(productions):
        basis = next(basis for basis in false_bases(made.picture) if not basis.ends)
        listed = {rested.done.entry_index for rested in rested_on(made.picture, basis)}
        proven_again = min(
            (at for at, what in made.picture.proofs[made.round_id] if what == "proven" and at > basis.entry_index),
            default=made.picture.size,
        )
        for done in made.picture.journal:
            if basis.entry_index < done.entry_index < proven_again and isinstance(done.act, a.Loaded | a.Moved):
                named = any(row.round_id == made.round_id for row in done.act.rows)
                assert not named or done.entry_index in listed


def test_each_act_is_answered_once(productions: tuple[Production, ...]) -> None:
    for made in shaken(productions):
        told = answer(made.picture, RESTED)
        assert told.standing == "recorded"
        entries = [(account.entry_index, account.values) for account in told.accounts]
        assert len(entries) == len(set(entries))


# --- a projectile beside the record --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "written", "part", "fit"),
    [
        (".45", ".45 Colt", "projectile", "possible"),
        (".45", "45 Long Colt", "projectile", "possible"),
        (".45 Colt", ".45 ACP", "case", "unknown"),
        (".45 Colt", "45 COLT", "case", "possible"),
        (".45", ".44-40", "projectile", "unknown"),
        (".38 Special", ".357 Magnum", "projectile", "unknown"),
        (".45", ".22 LR", "projectile", "impossible"),
        ("9 mm", ".45", "projectile", "impossible"),
        ("9x19", "9 mm", "projectile", "possible"),
        (".45", "", "projectile", "unknown"),
        (".45", "12ga", "projectile", "unknown"),
        ("", "", "projectile", "unknown"),
        ("not readable", ".45", "case", "unknown"),
    ],
)  # fmt: skip
def test_what_was_found_is_possible_impossible_or_unknown(found: str, written: str, part: Any, fit: str) -> None:
    assert compared(found, written, part=part) == fit
    if part == "projectile":
        assert compared(written, found, part=part) == fit


def test_no_calibre_is_read_out_of_other_numbers() -> None:
    for words in ("", "12ga", "12 bore", "12/70", "20 gauge", "1873", "about 5", "x"):
        assert size_inch(words) is None, words


@pytest.mark.parametrize(
    ("of_round", "of_gun", "may"),
    [
        (".38-40", ".44-40", True),
        (".300 Blackout", ".223", True),
        (".300 Blackout", "5.56x45", True),
        ("9 mm", ".40 S&W", True),
        ("9 mm", ".45 ACP", True),
        (".410", ".45 Colt", True),
        ("20 bore", "12 bore", True),
        ("12 gauge", ".45", True),
        ("", ".45", True),
        (".22 LR", ".45 Colt", False),
        (".45 Colt", ".22 LR", False),
        (".45 Colt", ".32", False),
    ],
)
def test_what_may_go_into_a_chamber_is_told_wider_than_what_is_one_calibre(
    of_round: str, of_gun: str, *, may: bool
) -> None:
    assert may_chamber(of_round, of_gun) is may


# --- commands ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trace") / "day.ledger"
    player = play_into(path, parse_scenario(SCENARIO.read_text(), path="one"))
    player.hub.store.close()
    return path


def test_status_at_an_entry_is_what_it_was_then(ledger: Path) -> None:
    shown = [CliRunner().invoke(status, ["Colt-1", "--ledger", str(ledger), "--at", str(at)]) for at in (20, 36)]
    assert all(done.exit_code == 0 for done in shown)
    assert "as of entry 20" in shown[0].output
    assert shown[0].output.replace("entry 20", "entry 36") != shown[1].output


def test_an_entry_that_is_not_there_is_a_sentence(ledger: Path) -> None:
    done = CliRunner().invoke(status, ["Colt-1", "--ledger", str(ledger), "--at", "99999"])
    assert done.exit_code == 1
    assert "is none of them" in str(done.exception)


def test_trace_and_recall_write_their_pictures(ledger: Path, tmp_path: Path) -> None:
    chain, rings = tmp_path / "chain.svg", tmp_path / "rings.svg"
    assert CliRunner().invoke(trace, ["Tray-1/7", "--ledger", str(ledger), "--svg", str(chain)]).exit_code == 0
    assert CliRunner().invoke(recall, ["Lot-1", "--ledger", str(ledger), "--svg", str(rings)]).exit_code == 0
    assert "received" in words_of(chain.read_text())
    assert "The lot itself" in words_of(rings.read_text())


def test_where_nothing_lies_there_is_nothing_to_draw(ledger: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        trace, ["Colt-1", "--ledger", str(ledger), "--at", "20", "--svg", str(tmp_path / "no.svg")]
    )
    assert done.exit_code == 1
    assert not (tmp_path / "no.svg").exists()


# --- the gate of a call --------------------------------------------------------------------------------------------


def test_a_call_is_refused_over_rounds_that_lay_with_a_live_find(productions: tuple[Production, ...]) -> None:
    """The gun is as the record has it; only the question is put together here."""
    asked = 0
    for made in productions:
        picture = made.picture
        for gun in picture.guns:
            held = [r for r in picture.rounds_in.get(gun, {}) if r != made.round_id]
            if not held:
                continue
            part = CallPart(
                part="called", by="", key="", call=a.CallWord.COLD_DUMMY, count=len(held), powder="", scene="",
                entry_index=picture.size, now=picture.now, run="", seen_size=picture.size, tag=gun, serial="",
            )  # fmt: skip
            ask = CallAsk(picture=picture, gun=gun, called=part, parts={"called": part}, now=picture.now, again=False)
            rule = Rule.__new__(Rule)
            found = {dict(each)["what"] for each in every_position(ask, rule)}
            kernel = [picture.kernel.pos[gun, name] for name in picture.guns[gun].positions if name.isdigit()]
            under = any(recall_over(picture, r) for r in kernel if r in picture.cartridges)
            assert ("under_recall" in found) == under
            asked += under
    assert asked


def test_a_recalled_lot_puts_what_lay_with_it_under_recall(productions: tuple[Production, ...]) -> None:
    for made in productions:
        picture = replayed(made.steps)
        picture.kinds_found.clear()
        lot = LOTS[0]
        picture.recalled[lot] = picture.size - 1
        rings = recall_of(picture, lot)
        under = {r for r in picture.cartridges if recall_over(picture, r)}
        in_rings = {*rings.lot, *rings.together, *rings.closure} & set(picture.cartridges)
        assert under <= in_rings
        assert set(rings.closure) & set(picture.cartridges) <= under


ORDINARY = sorted((SCENARIO.parent / "ordinary").glob("*.txt"))


@pytest.mark.parametrize("path", [SCENARIO, *ORDINARY], ids=lambda path: path.stem)
def test_the_index_of_a_real_ledger_is_the_one_rebuilt_from_its_events(path: Path) -> None:
    player = Player(read_scenario(path), MemoryStore({}))
    player.play()
    live = player.hub.picture.trail.live
    grown = Index(**{name: np.array(getattr(live, name), dtype=np.int32) for name in Index.__slots__})
    assert digest(index_of(table_of_live(live))) == digest(grown)
    assert len(live.kind) > 5
