"""A production of one's own: what init makes, what it refuses, what doctor finds, and that the hub serves it."""

import json
import ssl
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from cryptography import x509
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coldcheck.custody import acts as a
from coldcheck.custody.anyone import Word
from coldcheck.custody.things import Role
from coldcheck.proof.keys import ActingKey, KeyClass
from coldcheck.proof.sealed import Sealed
from coldcheck.station.cli import coldcheck
from coldcheck.station.demo_hub import listen
from coldcheck.station.doctor import examine
from coldcheck.station.door import Door
from coldcheck.station.hub_says import new_id, say_as_hub
from coldcheck.station.live_hub import LiveHub, serve_production
from coldcheck.station.production import (
    BadProduction,
    Begun,
    Settings,
    Wanted,
    begin_production,
    demo_names,
    open_production,
    read_crew,
    read_settings,
)
from coldcheck.station.record import Hub, Signed, UnknownKey, line_of, record
from coldcheck.station.tls import BadCertificate, covers, make_local_ca, read_certificate, take_own
from coldcheck.station.verify import verify_ledger
from coldcheck.station.web.anyone import enter_word
from coldcheck.station.web.app import board_app
from coldcheck.station.web.office_pages import office_routes

CREW = """label,name,roles,officer
UPM,Greta Halvorsen,employer,yes
COORD,Piet Vanmeer,crew,yes
ARM,Lucan Farrow,armorer; property master,
AD1,Mira Castell,first AD,
"""
HOST = "hub.set.test"
WANTED = Wanted(production="River Bend", hub=HOST, tls="demo", port=8443, rulebooks=("us_generic",))


def crew_file(folder: Path, text: str = CREW) -> Path:
    path = folder / "crew.csv"
    path.write_text(text, encoding="utf-8")
    return path


def begun(folder: Path, wanted: Wanted = WANTED) -> Begun:
    return begin_production(folder / "production", wanted, read_crew(crew_file(folder)))


@pytest.fixture
def production(tmp_path: Path) -> Path:
    begun(tmp_path)
    return tmp_path / "production"


# --- init ---


def test_a_new_production_verifies_and_knows_its_people_by_two_officers(production: Path) -> None:
    report = verify_ledger(production / "ledger.coldcheck", vkey=None)
    assert (report.ok, report.entries) == (True, 5)
    settings, hub = open_production(production)
    assert {person.label for person in hub.picture.persons.values()} == {"UPM", "COORD", "ARM", "AD1"}
    assert len(hub.picture.book.officers) == 2
    (armorer,) = [person for person in hub.picture.persons.values() if person.label == "ARM"]
    assert armorer.roles == {Role.ARMORER, Role.PROPERTY_MASTER}
    assert settings.log == hub.log
    hub.store.close()


def test_no_name_is_in_the_log_nor_on_a_join_card(production: Path) -> None:
    _, hub = open_production(production)
    log = b"".join(hub.store.entries())
    hub.store.close()
    cards = "".join(path.read_text() for path in (production / "cards").iterdir())
    for name in ("Halvorsen", "Vanmeer", "Farrow", "Castell", "River Bend"):
        assert name.encode() not in log
        assert name not in cards
    assert sorted(path.name for path in (production / "cards").iterdir()) == ["AD1.html", "ARM.html"]


def test_every_private_file_is_its_owners_alone(production: Path) -> None:
    private = [
        *(production / "keys").iterdir(),
        *(production / "officers").iterdir(),
        *(production / "cards").iterdir(),
    ]
    assert len(private) == 6
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private)


def test_two_productions_share_no_key_and_no_log(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(begun(tmp_path / name).settings)
    assert made[0].log != made[1].log
    assert made[0].office_key != made[1].office_key
    keys = [(tmp_path / name / "production" / "keys" / "log.seed").read_text() for name in ("one", "two")]
    assert keys[0] != keys[1]


def test_the_demos_people_are_refused(tmp_path: Path) -> None:
    known = sorted(demo_names())
    assert len(known) > 15
    text = CREW.replace("Lucan Farrow", known[0].title())
    with pytest.raises(BadProduction, match="is a person of the demo"):
        read_crew(crew_file(tmp_path, text))


def test_a_demo_key_signs_nothing_in_a_production_of_ones_own(production: Path) -> None:
    _, hub = open_production(production)
    live = LiveHub(hub=hub, settings=read_settings(production))
    key = ActingKey.from_seed(key_name=new_id("k"), key_class=KeyClass.DEMO, seed=bytes(32))
    who = new_id("p")
    enrols = a.PersonEnrolled(
        person=who, label="X", name=Sealed(commitment="0" * 64), roles=(Role.ARMORER,), key=key.key_name,
        key_class="demo", public=key.public_bytes.hex(),
    )  # fmt: skip
    line1 = line_of(
        entry_id=new_id("a"), log=hub.log, by=who, key=key.key_name, at=live.at_hub().moment.at, after=None, prev=None,
        acts=(a.PickedUp(item=new_id("g")),), about=(),
    )  # fmt: skip
    with pytest.raises(UnknownKey):
        record(hub, Signed(line1=line1, signature=key.sign(line1), openings=()), live.at_hub().moment)
    with pytest.raises(a.BadAct, match="two officers enrol people"):
        say_as_hub(hub, (enrols,), live.at_hub().moment)
    hub.store.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("UPM,Greta Halvorsen,employer,yes", "UPM,Greta Halvorsen,employer,"), "two officers sign"),
        (("armorer; property master", "performer"), "nobody is armorer"),
        (("first AD", "first assistant"), "'first assistant' is no role; the nearest is"),
        (("AD1,", "ARM,"), "ARM stands for two people"),
        (("Mira Castell", ""), "name is empty"),
        (("AD1,", "first ad!,"), "is no label"),
        ((",officer", ""), "the first line has no officer"),
        (("Mira Castell", "greta  halvorsen"), "stands there as UPM and as"),
        (("employer,yes", "employer,perhaps"), "neither yes nor no"),
        (("employer,yes", "employer,yes,no"), "more cells than columns"),
    ],
)
def test_a_crew_file_with_a_mistake_is_a_sentence_with_its_line(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(BadProduction, match=says):
        read_crew(crew_file(tmp_path, CREW.replace(*change)))


def test_a_crew_file_may_have_semicolons_or_tabs_as_spreadsheets_elsewhere_write_them(tmp_path: Path) -> None:
    plain = CREW.replace("armorer; property master", "armorer / property master")
    wanted = read_crew(crew_file(tmp_path, plain))
    for between in (";", "\t"):
        assert read_crew(crew_file(tmp_path, plain.replace(",", between).replace("label", " Label "))) == wanted


def test_nothing_is_written_over_and_no_foreign_name_is_taken(tmp_path: Path, production: Path) -> None:
    crew = read_crew(crew_file(tmp_path))
    with pytest.raises(BadProduction, match="is not empty"):
        begin_production(production, WANTED, crew)
    with pytest.raises(BadProduction, match="is no name for a hub"):
        begin_production(tmp_path / "x", replace(WANTED, hub="192.168.0.1 "), crew)
    with pytest.raises(BadProduction, match="is an address, and phones sign for a name alone"):
        begin_production(tmp_path / "x", replace(WANTED, hub="192.168.0.1"), crew)
    with pytest.raises(BadProduction, match="has no name"):
        begin_production(tmp_path / "x", replace(WANTED, production=" "), crew)
    with pytest.raises(BadProduction, match="is a file"):
        begin_production(tmp_path / "crew.csv", WANTED, crew)
    with pytest.raises(BadProduction, match="is no rulebook"):
        begin_production(tmp_path / "x", replace(WANTED, rulebooks=("us_texas",)), crew)


# --- certificates ---


def test_the_local_authority_may_speak_for_the_hubs_name_alone(tmp_path: Path) -> None:
    make_local_ca(tmp_path, host=HOST)
    ca = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    said = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert (said.critical, [name.value for name in said.value.permitted_subtrees or ()]) == (True, [HOST])
    hub = x509.load_pem_x509_certificate((tmp_path / "hub.pem").read_bytes())
    hub.verify_directly_issued_by(ca)
    found = read_certificate(tmp_path / "hub.pem")
    assert (found.names, 363 <= found.days_left <= 365) == ((HOST,), True)
    assert b"com.apple.security.root" in (tmp_path / "ca.mobileconfig").read_bytes()


def test_a_certificate_of_ones_own_must_fit_the_name_and_the_key(tmp_path: Path) -> None:
    for name in ("one", "two", "took"):
        (tmp_path / name).mkdir()
    make_local_ca(tmp_path / "one", host=HOST)
    make_local_ca(tmp_path / "two", host="hub.other.test")
    one, two = tmp_path / "one", tmp_path / "two"
    take_own(tmp_path / "took", certificate=one / "hub.pem", key=one / "hub.key", host=HOST)
    with pytest.raises(BadCertificate, match=r"not for hub\.set\.test"):
        take_own(tmp_path / "took", certificate=two / "hub.pem", key=two / "hub.key", host=HOST)
    with pytest.raises(BadCertificate, match="is not the key of"):
        take_own(tmp_path / "took", certificate=one / "hub.pem", key=two / "hub.key", host=HOST)
    for passed in (timedelta(days=400), timedelta(days=-3)):
        with pytest.raises(BadCertificate, match="which is not today"):
            take_own(
                tmp_path / "took",
                certificate=one / "hub.pem",
                key=one / "hub.key",
                host=HOST,
                now=datetime.now(UTC) + passed,
            )
    (tmp_path / "words.pem").write_text("words")
    with pytest.raises(BadCertificate, match="does not read as PEM"):
        take_own(tmp_path / "took", certificate=tmp_path / "words.pem", key=one / "hub.key", host=HOST)
    with pytest.raises(BadCertificate, match="does not read"):
        take_own(tmp_path / "took", certificate=tmp_path / "none.pem", key=one / "hub.key", host=HOST)
    assert (covers("*.set.test", HOST), covers("*.test", HOST)) == (True, False)


# --- doctor ---


def checks_of(folder: Path) -> dict[str, tuple[bool, str]]:
    return {one.check: (one.ok, one.sentence) for one in examine(folder).checks}


def test_doctor_finds_what_is_wrong_and_says_what_to_do(production: Path) -> None:
    found = checks_of(production)
    assert found["ledger"][0]
    assert found["certificate"][0]
    assert found["officers' keys"] == (
        False,
        "COORD.json, UPM.json still lie on this machine: hand each to its officer, and delete it here.",
    )
    for path in (production / "officers").iterdir():
        path.unlink()
    assert examine(production).ok
    (production / "keys" / "log.seed").chmod(0o644)
    assert "chmod 600" in checks_of(production)["keys"][1]


def test_doctor_warns_of_a_certificate_that_ends_and_says_that_the_record_goes_on(tmp_path: Path) -> None:
    begun(tmp_path, replace(WANTED, tls="local-ca", hub="localhost"))
    folder = tmp_path / "production"
    for days, says in (
        (400, "it has ended: phones cannot sign. The record and the plain pages go on"),
        (350, "it ends in"),
    ):
        make_local_ca(folder / "tls", host="localhost", now=datetime.now(UTC) - timedelta(days=days))
        ok, sentence = checks_of(folder)["certificate"]
        assert (ok, says in sentence) == (False, True), sentence
    make_local_ca(folder / "tls", host="elsewhere.test")
    assert "not for localhost" in checks_of(folder)["certificate"][1]


def test_doctor_says_what_works_on_which_phone(production: Path) -> None:
    said = {phone: works for phone, works, _why in examine(production).phones}
    assert "sign" in said["This machine, any browser"]
    assert "cannot sign" in said["Any phone"]


def test_the_commands_speak_json_and_exit_codes(tmp_path: Path) -> None:
    folder = str(tmp_path / "p")
    asked = ["init", folder, "--production", "River Bend", "--hub", "localhost", "--people", str(crew_file(tmp_path)), "--tls", "local-ca"]  # fmt: skip
    made = CliRunner().invoke(coldcheck, [*asked, "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["entries"] == 5
    looked = CliRunner().invoke(coldcheck, ["doctor", folder, "--json"])
    assert (looked.exit_code, json.loads(looked.output)["ok"]) == (1, False)


def test_init_asks_for_what_is_missing_and_without_anybody_there_says_which_flags_to_give(tmp_path: Path) -> None:
    folder, crew = tmp_path / "p", str(crew_file(tmp_path))
    asked = ["init", str(folder), "--hub", "localhost"]
    nobody = CliRunner().invoke(coldcheck, asked, input="")
    assert nobody.exit_code == 2
    assert "nobody is here to answer. Give --production, --people, --tls, such as:" in nobody.output
    assert not folder.exists()
    answered = CliRunner().invoke(coldcheck, asked, input=f"River Bend\n{crew}\nby pigeon\ndemo\n")
    assert answered.exit_code == 0, answered.output
    assert "'by pigeon' is not one of" in answered.output
    assert read_settings(folder).tls == "demo"


def test_a_join_card_is_printed_on_the_hubs_own_machine_until_it_is_used(production: Path) -> None:
    settings, hub = open_production(production)
    door = AnsweredAtOnce(hub, settings)
    app = Starlette(routes=list(office_routes(door, key="k3y", ledger=production / "ledger.coldcheck")))
    here, office = TestClient(app, client=("127.0.0.1", 1)), TestClient(app, client=("10.0.0.7", 1))
    assert "/office/card/ARM?" in here.get("/office/people").text
    card = here.get("/office/card/ARM")
    assert (card.status_code, "<svg" in card.text, card.headers["cache-control"]) == (200, True, "no-store")
    # Officers have no card, and nobody has one without a line in the crew list.
    assert [here.get(f"/office/card/{label}").status_code for label in ("UPM", "hub", "..%2Fofficers%2FUPM")] == [
        404
    ] * 3
    # The office's key lets somebody look at tables from elsewhere, and never become one of the crew.
    assert office.get("/office?key=k3y", follow_redirects=True).status_code == 200
    assert "/office/card/" not in office.get("/office/people").text
    assert office.get("/office/card/ARM").status_code == 403
    (armorer,) = [person.person for person in hub.picture.persons.values() if person.label == "ARM"]
    hub.picture.book.cards.pop(armorer)
    assert here.get("/office/card/ARM").status_code == 404
    hub.store.close()


class AnsweredAtOnce(Door):
    """A door whose questions are answered by whoever asks."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        super().__init__()
        self.live = LiveHub(hub=hub, settings=settings)

    async def ask_async(self, question: Any, *, writes: bool = False, patience_s: float = 0) -> Any:
        assert not writes
        assert patience_s >= 0
        return question(self.live.at_hub())


# --- the hub ---


@pytest.fixture
def served(tmp_path: Path) -> tuple[Path, int, int]:
    ports = []
    for _ in range(2):
        listening = listen("127.0.0.1", 0)
        ports.append(listening.getsockname()[1])
        listening.close()
    begun(tmp_path, replace(WANTED, tls="local-ca", hub="localhost", port=ports[0], number="112"))
    make_local_ca(tmp_path / "production" / "tls", host="localhost")
    return tmp_path / "production", ports[0], ports[1]


@pytest.mark.slow
def test_the_hub_serves_signing_pages_by_tls_and_plain_pages_without(served: tuple[Path, int, int], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    folder, port, status_port = served
    ready, done = threading.Event(), threading.Event()
    monkeypatch.setattr("coldcheck.station.live_hub.asked_to_end", lambda: _until(done))
    thread = threading.Thread(
        target=lambda: serve_production(folder, host="127.0.0.1", status_port=status_port, ready=lambda _: ready.set())
    )
    thread.start()
    try:
        assert ready.wait(20)
        trusting = ssl.create_default_context(cafile=str(folder / "tls" / "ca.pem"))
        assert httpx2.get(f"https://localhost:{port}/board", verify=trusting).status_code == 200
        assert httpx2.get(f"https://localhost:{port}/office/people", verify=trusting).status_code == 200
        plain = f"http://127.0.0.1:{status_port}"
        assert httpx2.get(f"{plain}/board").status_code == 200
        assert "112" in httpx2.get(f"{plain}/emergency").text
        assert httpx2.get(f"{plain}/office/people").status_code == 404
        assert "Heard. Entry" in httpx2.post(f"{plain}/say", data={"word": "stop"}).text
    finally:
        done.set()
        thread.join(20)
    assert verify_ledger(folder / "ledger.coldcheck", vkey=None).ok


class _until:  # noqa: N801  # stands in for a function
    """What `asked_to_end` gives: an event, set by the test instead of a signal."""

    def __init__(self, done: threading.Event) -> None:
        self.done = done

    def __enter__(self) -> threading.Event:
        return self.done

    def __exit__(self, *_how: object) -> None:
        return None


# --- a drill ---


def test_a_drill_is_marked_everywhere_and_its_acts_are_no_other_logs(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "drill").mkdir()
    begun(tmp_path / "real")
    made = begun(tmp_path / "drill", replace(WANTED, drill=True))
    assert made.settings.log.startswith("drill-")
    assert "DRILL" in next((tmp_path / "drill" / "production" / "cards").iterdir()).read_text()
    settings, drill = open_production(tmp_path / "drill" / "production")
    live = LiveHub(hub=drill, settings=settings)
    live.tick()
    page = TestClient(board_app(live.push, live.door)).get("/board")
    assert 'class="marked drill">DRILL<' in page.text
    enter_word(live.at_hub(), Word.STOP, gun="", once="", text="", page_mono_ms=None)
    acted = drill.store.entry(drill.picture.size - 1)
    line1 = acted.split(b"\n")[0] + b"\n"
    _, real = open_production(tmp_path / "real" / "production")
    before = real.picture.size
    assert drill.acting_key is not None
    with pytest.raises(a.BadAct, match="send it to its own hub"):
        record(real, Signed(line1=line1, signature=drill.acting_key.sign(line1), openings=()), live.at_hub().moment)
    assert real.picture.size == before
    drill.store.close()
    real.store.close()
