"""Anybody's pages over a hub that writes: what they say, what a word does to the record, and every sentence for a mistake."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from board_days import NAMES, played_day
from coldcheck.custody import acts as a
from coldcheck.custody.anyone import Word
from coldcheck.custody.picture import acts_of_entry
from coldcheck.custody.things import Now, Role
from coldcheck.custody.views import board_of
from coldcheck.station.demo_hub import DemoHub, clock_after
from coldcheck.station.play import Player
from coldcheck.station.scenario import Scenario
from coldcheck.station.store_sqlite import open_ledger
from coldcheck.station.verify import verify_ledger
from coldcheck.station.web.anyone import WORDS_A_MINUTE, EmergencyCard, already, find_gun
from coldcheck.station.web.app import board_app
from coldcheck.station.web.catalogue import languages, words_in
from coldcheck.station.web.pages import file_lines
from coldcheck.station.web.push import Push
from floor import ARM, COLT, SEALED, deed, morning, stood


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A hub with a writing thread of its own, and a phone that looks at it."""

    player: Player
    hub: DemoHub
    client: TestClient

    def gun(self, label: str) -> str:
        return self.player.names.id_of(label, "g")

    def say(self, word: str, label: str = "", **fields: str) -> Response:
        """The answer to a word, sent with the form that the gun's own page has."""
        page = f"/gun/{self.gun(label)}" if label else "/emergency"
        text = self.client.get(page).text
        found = dict(re.findall(r'name="(form|once|page|boot)" value="([^"]*)"', text))
        path = f"{page}/say" if label else "/say"
        return self.client.post(path, data={**found, "word": word, **fields})

    def kinds(self) -> dict[str, str]:
        picture = self.player.hub.picture
        return {card.label: card.kind for card in board_of(picture, now=picture.now)}

    @property
    def entries(self) -> int:
        return self.player.hub.picture.size


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Path]:
    """A played day, once: its scenario and its ledger, to be copied."""
    folder = tmp_path_factory.mktemp("played")
    player, store = played_day(folder, count=5)
    store.close()
    return player.scenario, folder / "day.ledger"


@pytest.fixture
def floor(tmp_path: Path, played: tuple[Scenario, Path]) -> Iterator[Floor]:
    ledger = tmp_path / "day.ledger"
    scenario, whole = played
    shutil.copy(whole, ledger)
    made: list[DemoHub] = []
    ready, done = threading.Event(), threading.Event()

    def live() -> None:
        # SQLite belongs to the thread that opened it: the writer goes on with the day that was played.
        opened = open_ledger(ledger)
        player = Player(scenario, opened)
        hub = DemoHub(player=player, clock=clock_after(player), push=Push(), text=None)
        hub.tick()
        made.append(hub)
        ready.set()
        while not done.is_set():
            hub.tick()
            hub.door.wait(0.02)
        opened.close()

    thread = threading.Thread(target=live)
    thread.start()
    ready.wait(30)
    hub = made[0]
    app = board_app(hub.push, hub.door, card=EmergencyCard(number="112", where="Barn road 4", medic="channel 2"))
    yield Floor(player=hub.player, hub=hub, client=TestClient(app, base_url="http://localhost"))
    done.set()
    thread.join()


def text_of(answer: Response) -> str:
    body = re.sub(r"<(script|svg|head).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def face_of(answer: Response) -> str:
    """What the card itself says, without the cover that waits behind it."""
    face = re.search(r'<article class="card said.*?</article>', answer.text, re.DOTALL)
    assert face is not None
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", face[0], flags=re.DOTALL).split())


def test_a_scan_says_the_words_since_when_by_which_roles_and_how_and_writes_nothing(floor: Floor) -> None:
    before = floor.entries
    answer = floor.client.get(f"/gun/{floor.gun('Colt-1')}")
    said = text_of(answer)
    assert answer.status_code == 200
    for words in (
        "PROVEN EMPTY", "By armorer, first AD", "How answers not shown", "Since 13:57", "Ends 14:1",
            ", or when it is opened",
        "With armorer, since 13:57", "Look for yourself.", "Show me", "I see a problem", "STOP",
        "single-action revolver, .22, serial SN-1",
    ):  # fmt: skip
        assert words in said, words
    for name in NAMES:
        assert name.split()[1] not in answer.text
    assert floor.entries == before


def test_a_scan_offers_what_may_be_done_with_the_gun_and_its_condition_file(floor: Floor) -> None:
    gun = floor.gun("Colt-1")
    said = text_of(floor.client.get(f"/gun/{gun}"))
    assert "It can do this: draw, aim, cock, lower the hammer, fire, open the gate. No handler has said" in said
    assert "Nothing is entered in its condition file." in said


def test_the_condition_file_says_what_befell_a_gun_and_that_nobody_inspected_it_since() -> None:
    stage = stood(*morning(), deed(ARM, a.GunMishap(gun=COLT, mishap=a.Mishap.DROPPED)))
    told = file_lines(stage.picture, COLT, words_in("en"))
    assert "Something happened to it, and no inspection has been noted since." in told
    assert told[-1].endswith(": dropped.")
    assert file_lines(stage.picture, COLT, words_in("es"))[-1].endswith(": se cayó.")
    stage.do(deed(ARM, a.ConditionNoted(gun=COLT, work=a.Work.INSPECTED, photo="", remark=SEALED)))
    told = file_lines(stage.picture, COLT, words_in("en"))
    assert told[-1].endswith(": inspected.")
    assert not any("no inspection" in line for line in told)


def test_what_a_handler_allows_stands_in_place_of_what_the_action_allows() -> None:
    stage = stood(*morning(), deed(ARM, a.HandlingAllowed(gun=COLT, actions=("draw", "aim"))))
    assert file_lines(stage.picture, COLT, words_in("en"))[0] == (
        "A handler said that this may be done with it, under a call: draw, aim."
    )


def test_a_loaded_one_says_what_to_do_and_who_can_prove_it(floor: Floor) -> None:
    said = text_of(floor.client.get(f"/gun/{floor.gun('Colt-5')}"))
    for words in ("TREAT AS LOADED", "Muzzle away. Leave it where it is.", "To prove it again all positions, by two"):
        assert words in said, words


def test_a_label_of_any_thing_leads_to_what_the_record_says_and_never_to_a_number(floor: Floor) -> None:
    gun = floor.client.get(f"/G/{floor.gun('Colt-1').upper()}")
    assert (gun.status_code, face_of(gun).split()[0]) == (200, "MAGPIE")
    picture, before = floor.player.hub.picture, floor.entries
    for thing, known in picture.containers.items():
        answer = floor.client.get(f"/G/{thing.upper()}")
        said = text_of(answer).removeprefix("DEMO ")
        assert answer.status_code == 200, known
        assert known.label in said
        assert "never read off a label" in said
        assert "STOP" in said
        # Whoever counts blind may have scanned it: no number of rounds stands here.
        assert not re.search(r"\b\d+ rounds?\b|dumm|blank|\blive\b", said), said
    place = next(iter(picture.places.values()))
    assert place.label in text_of(floor.client.get(f"/g/{place.place.upper()}"))
    assert floor.entries == before


def test_a_label_of_nothing_here_is_one_sentence_that_says_what_to_do(floor: Floor) -> None:
    for code in ("C0000000000AA", "W0000000000AA", "XYZ", "c"):
        answer = floor.client.get(f"/G/{code}")
        assert answer.status_code == 404, code
        assert "call the armorer" in text_of(answer)


@pytest.mark.parametrize("word", [word.value for word in Word])
def test_a_word_becomes_one_entry_of_the_hub_and_only_makes_guns_hotter(floor: Floor, word: str) -> None:
    before, entries = floor.kinds(), floor.entries
    answer = floor.say(word, "Colt-1", text="the tag hangs on another one")
    assert (answer.status_code, floor.entries) == (200, entries + 1)
    assert f"Heard. Entry {entries}," in text_of(answer)
    assert face_of(answer).startswith("MAGPIE Colt-1 TREAT AS LOADED")
    after = floor.kinds()
    assert all(after[label] in {kind, "loaded"} for label, kind in before.items())
    assert after["Colt-1"] == "loaded"
    (first, *_) = acts_of_entry(floor.player.hub.picture, entries)
    assert isinstance(first.act, a.Reported)
    assert (first.act.who, floor.player.hub.picture.persons.get(first.by)) == ("", None), first
    # The words themselves are sealed: the log holds their hash alone.
    assert b"another one" not in floor.hub.door.ask(lambda at: at.hub.store.entry(entries))


def test_the_ledger_still_verifies_after_every_word(floor: Floor, tmp_path: Path) -> None:
    for word in Word:
        floor.say(word.value, "Colt-2")
    assert verify_ledger(tmp_path / "day.ledger", vkey=None).ok


def test_a_double_tap_is_one_entry(floor: Floor) -> None:
    page = floor.client.get(f"/gun/{floor.gun('Colt-1')}/problem").text
    found = dict(re.findall(r'name="(form|once|page|boot)" value="([^"]*)"', page))
    entries = floor.entries
    answers = [
        floor.client.post(f"/gun/{floor.gun('Colt-1')}/say", data={**found, "word": "round_near"}) for _ in range(2)
    ]
    assert floor.entries == entries + 1
    assert f"The hub had this already: entry {entries}." in text_of(answers[1])


def test_fifty_people_who_press_stop_open_one_stop(floor: Floor) -> None:
    entries = floor.entries
    for _ in range(12):
        assert floor.say("stop", "Colt-1").status_code == 200
    assert (floor.entries, len(floor.player.hub.picture.open_stops)) == (entries + 1, 1)


def test_a_stop_pressed_while_another_is_being_lifted_or_later_is_a_stop_of_its_own(floor: Floor) -> None:
    floor.say("stop", "Colt-1")
    (stop,) = floor.player.hub.picture.open_stops
    now = floor.hub.door.ask(lambda at: at.now)
    picture = floor.player.hub.picture
    assert already(picture, Word.STOP, floor.gun("Colt-1"), now) == stop
    later = Now(boot=now.boot, mono_ms=now.mono_ms + 60_001)
    assert already(picture, Word.STOP, floor.gun("Colt-1"), later) is None
    known = picture.stops[stop]
    picture.stops[stop] = replace(known, lifted_by=((Role.ARMORER, "p1", "k1"),))
    try:
        assert already(picture, Word.STOP, floor.gun("Colt-2"), now) is None
    finally:
        picture.stops[stop] = known


@pytest.mark.parametrize("word", ["round_here", "round_near"])
def test_a_second_round_is_a_second_find(floor: Floor, word: str) -> None:
    entries, finds = floor.entries, len(floor.player.hub.picture.cartridges)
    for _ in range(2):
        assert floor.say(word, "Colt-1").status_code == 200
    assert (floor.entries, len(floor.player.hub.picture.cartridges)) == (entries + 2, finds + 2)


def test_a_stop_with_words_is_kept_beside_the_stop_that_stands(floor: Floor) -> None:
    entries = floor.entries
    floor.say("stop", "Colt-1")
    assert floor.say("stop", "Colt-1", text="There is a second one on the cart.").status_code == 200
    assert floor.entries == entries + 2


def test_a_stop_reaches_every_gun_and_stays_until_three_lift_it(floor: Floor) -> None:
    floor.say("stop", "Colt-5")
    assert set(floor.kinds().values()) == {"loaded"}
    page = text_of(floor.client.get("/board"))
    assert "STOP open since" in page
    assert "is lifted by three" in page


def test_a_form_of_an_old_page_still_counts_and_says_so(floor: Floor) -> None:
    boot, page = floor.hub.push.newest().view.boot, floor.hub.push.newest().view.mono_ms - 25 * 60_000  # type: ignore[union-attr]
    answer = floor.say("show", "Colt-1", boot=boot, page=str(max(page, 0)))
    assert "min old. Your word counts all the same" in text_of(answer)
    assert floor.kinds()["Colt-1"] == "loaded"


@pytest.mark.parametrize("fields", [{"form": "0"}, {"form": ""}, {"word": "unlock"}, {"word": ""}])
def test_a_form_nobody_knows_any_more_is_a_sentence_with_a_stop_button(floor: Floor, fields: dict[str, str]) -> None:
    entries = floor.entries
    answer = floor.say(fields.pop("word", "show"), "Colt-1", **fields)
    assert (answer.status_code, floor.entries) == (400, entries)
    assert "This page is older than the hub" in text_of(answer)
    assert 'value="stop"' in answer.text


def test_stop_is_taken_from_any_page_however_old(floor: Floor) -> None:
    assert floor.client.post("/say", data={"word": "stop"}).status_code == 200
    assert len(floor.player.hub.picture.open_stops) == 1


def test_an_unknown_code_is_a_sentence_with_what_to_do(floor: Floor) -> None:
    for path in ("/gun/g000000000000", "/gun?code=Colt-99", "/gun/x/problem"):
        answer = floor.client.get(path)
        assert answer.status_code == 404
        assert "No gun here has the code" in text_of(answer)
        assert "Treat the gun as loaded." in text_of(answer)
    answer = floor.client.post("/gun/g000000000000/say", data={"word": "show", "form": "1"})
    assert (answer.status_code, "No gun here has the code" in text_of(answer)) == (404, True)


def test_another_productions_code_is_told_apart(floor: Floor) -> None:
    answer = floor.client.get("/gun", params={"code": "https://hub.other.example/g/g1234567890AB"})
    assert answer.status_code == 404
    assert "This tag is of another production" in text_of(answer)


def test_two_codes_in_view_are_never_chosen_between(floor: Floor) -> None:
    answer = floor.client.get("/gun", params={"code": "Colt-1 Colt-2"})
    assert (answer.status_code, "Two tags were read" in text_of(answer)) == (400, True)


def test_a_name_on_two_guns_opens_neither(floor: Floor) -> None:
    pushed = floor.hub.push.newest()
    assert pushed is not None
    view = pushed.in_language("en")
    one, other = view.guns[:2]
    both = replace(view, guns=(one, replace(other, label=one.label), *view.guns[2:]))
    assert find_gun(both, one.label) is None
    assert find_gun(both, one.gun) == one
    assert find_gun(view, one.label) == one


@pytest.mark.parametrize("code", ["Colt-3", "lantern", "LANTERN", "http://localhost/g/{id}", "{ID}"])
def test_a_gun_is_found_by_what_its_tag_says(floor: Floor, code: str) -> None:
    gun = floor.gun("Colt-3")
    answer = floor.client.get("/gun", params={"code": code.format(id=gun, ID=gun.lower())})
    assert (answer.status_code, "LANTERN" in text_of(answer)) == (200, True)
    assert floor.client.get(f"/G/{gun}").status_code == 200


def test_a_page_of_another_site_says_nothing_here(floor: Floor) -> None:
    entries = floor.entries
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = floor.client.post("/say", data={"word": "stop"}, headers=headers)
        assert (answer.status_code, floor.entries) == (403, entries)
        assert "came from a page of another site" in text_of(answer)


def test_a_phone_that_talks_too_much_is_asked_to_wait_but_never_for_stop(floor: Floor) -> None:
    answers = [floor.say("problem", "Colt-1").status_code for _ in range(WORDS_A_MINUTE + 1)]
    assert answers == [200] * WORDS_A_MINUTE + [429]
    assert floor.say("stop", "Colt-1").status_code == 200


def test_a_hub_that_does_not_answer_says_to_say_it_aloud(floor: Floor) -> None:
    held = threading.Event()
    threading.Thread(target=lambda: floor.hub.door.ask(lambda _at: held.wait(20), patience_s=30)).start()
    try:
        answer = floor.say("stop", "Colt-1")
    finally:
        held.set()
    assert answer.status_code == 503
    assert "The hub did not hear it. Say STOP aloud, and on the radio." in text_of(answer)


def test_a_form_longer_than_any_of_ours_is_read_as_far_as_it_goes(floor: Floor) -> None:
    answer = floor.client.post("/say", content=b"word=stop&text=" + b"x" * 100_000)
    assert answer.status_code == 200
    assert len(floor.player.hub.picture.open_stops) == 1


def test_the_emergency_card_is_complete_and_its_button_stops(floor: Floor) -> None:
    said = text_of(floor.client.get("/emergency"))
    for words in ("112", "Barn road 4", "channel 2", "Nobody opens, unloads, cleans or moves"):
        assert words in said
    assert floor.say("emergency").status_code == 200
    assert next(iter(floor.player.hub.picture.stops.values())).reason == "emergency"


def test_a_browser_that_cannot_sign_is_told_what_it_can_do(floor: Floor) -> None:
    phone = TestClient(board_app(floor.hub.push, floor.hub.door), base_url="http://hub.local:8000")
    page = text_of(phone.get(f"/gun/{floor.gun('Colt-1')}"))
    assert "This browser cannot sign" in page
    assert "cannot sign" not in text_of(floor.client.get(f"/gun/{floor.gun('Colt-1')}"))


@pytest.mark.parametrize("language", languages())
def test_every_page_speaks_every_language(floor: Floor, language: str) -> None:
    words = words_in(language)
    for path in (f"/gun/{floor.gun('Colt-1')}", f"/gun/{floor.gun('Colt-1')}/problem", "/gun", "/emergency", "/gun/x"):
        answer = floor.client.get(path, params={"lang": language})
        assert f'<html lang="{language}"' in answer.text
        assert words.say("scan.stop") in answer.text
    said = text_of(floor.client.get(f"/gun/{floor.gun('Colt-1')}", params={"lang": language}))
    assert words.say("state.empty") in said
    assert words.say("role.first_ad") in said


@pytest.mark.parametrize("word", ["safe", "coldcheck", "violation", "fault"])
def test_no_page_for_anybody_says(floor: Floor, word: str) -> None:
    guns = [floor.gun(f"Colt-{number}") for number in range(1, 6)]
    for path in ("/gun", "/emergency", "/gun/x", *(f"/gun/{gun}" for gun in guns), f"/gun/{guns[0]}/problem"):
        assert word not in text_of(floor.client.get(path)).lower(), path


def test_the_demo_says_on_every_board_that_it_is_one(floor: Floor) -> None:
    assert "DEMO" in text_of(floor.client.get("/board"))
