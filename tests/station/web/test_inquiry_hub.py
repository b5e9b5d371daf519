"""The inquiry over a hub: who may look, what may be filed there and how papers come in whole."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coldcheck.custody import acts as a
from coldcheck.custody.things import Now, Role
from coldcheck.proof.entry import read_author
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.keys import KeyClass
from coldcheck.station import read_papers
from coldcheck.station.door import AtHub, Door
from coldcheck.station.hub_says import new_id
from coldcheck.station.verify import verify_ledger
from coldcheck.station.web import inquiry_filing
from coldcheck.station.web.inquiry_guests import Guests, LookForm, NotAGuest, words_to_sign
from coldcheck.station.web.set_api import SignatureForm
from crew import META, Crew, made, named
from inquiry_hub import FIRED, InquiryHub, inquiry_hub
from stores import MemoryStore

WHENEVER = a.Interval(start="", end="")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[InquiryHub]:
    hub = inquiry_hub(tmp_path)
    yield hub
    hub.writer.end()


def source(hub: InquiryHub, content: bytes, **changed: Any) -> a.SourceFiled:
    fields: dict[str, Any] = {
        "ref": new_id("s"), "label": "ART-9", "kind": a.SourceKind.ARTICLE, "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content), "media": "text/plain", "title": hub.seal("title", "A paper"),
        "outlet": hub.seal("outlet", "The Saltmarsh Herald"), "url": hub.seal("url", ""), "published": WHENEVER,
        "captured": WHENEVER, "how": "paste", "derived_from": "", "struck": (),
    }  # fmt: skip
    return a.SourceFiled(**{**fields, **changed})


# --- who may look ---


def test_nobody_looks_without_signing_in_and_the_way_in_is_one_page(hub: InquiryHub) -> None:
    answer = hub.client.get("/inquiry/questions", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inquiry/enter")
    assert "It opens for its compiler, the employer" in hub.client.get("/inquiry/enter").text
    assert hub.client.get("/inquiry/checkpoint.txt", follow_redirects=False).status_code == 303


def test_who_keeps_the_inquiry_signs_in_and_comes_from_the_office(hub: InquiryHub) -> None:
    assert 'href="/inquiry"' in hub.client.get("/office/guns").text
    assert hub.sign_in("COMP") == {"ok": True, "first": "/inquiry"}
    assert "Claims beside the record" in hub.client.get("/inquiry").text
    assert hub.client.get("/inquiry/checkpoint.txt").text == hub.ask(lambda at: at.hub.store.checkpoint().decode())
    hub.client.get("/inquiry/leave")
    assert hub.client.get("/inquiry", follow_redirects=False).status_code == 303


def test_traces_open_away_from_the_hub_for_who_has_the_role_and_signs_in(hub: InquiryHub) -> None:
    hub.client = TestClient(hub.client.app, base_url="http://localhost", client=("192.0.2.7", 5000))
    closed = hub.client.get("/trace")
    assert closed.status_code == 403
    assert 'href="/inquiry/enter?next=/trace"' in closed.text
    assert "opens for" in hub.sign_in("LEAD")["sentence"]
    assert hub.client.get("/recall/Lot-1").status_code == 403
    # Whoever has to secure what a trace names may see it; the inquiry stays closed to him.
    assert hub.sign_in("ARM") == {"ok": True, "first": "/trace"}
    assert hub.client.get("/trace").status_code == 200
    assert hub.client.get("/inquiry", follow_redirects=False).status_code == 303


def test_a_performer_an_old_nonce_and_another_persons_key_do_not_open_it(hub: InquiryHub) -> None:
    assert "opens for its compiler" in hub.sign_in("LEAD")["sentence"]
    assert "too old" in hub.sign_in("COMP", nonce="0" * 32)["sentence"]
    assert "not that person's" in hub.sign_in("COMP", key=hub.player.keys["EMP"][0])["sentence"]
    assert hub.client.get("/inquiry", follow_redirects=False).status_code == 303


def test_a_nonce_is_good_once(hub: InquiryHub) -> None:
    nonce = hub.client.get("/api/inquiry/challenge").json()["nonce"]
    assert hub.sign_in("COMP", nonce=nonce) == {"ok": True, "first": "/inquiry"}
    assert "too old" in hub.sign_in("COMP", nonce=nonce)["sentence"]


def test_what_is_signed_to_look_is_no_act(hub: InquiryHub) -> None:
    with pytest.raises(ColdcheckError):
        read_author(words_to_sign(hub.player.hub.log, hub.id_of("COMP"), "0" * 32))


def test_a_cookie_of_who_has_left_opens_nothing_any_more(hub: InquiryHub) -> None:
    hub.sign_in("COMP")
    cookie = hub.client.cookies.get("inquiry")
    hub.client.get("/inquiry/leave", follow_redirects=False)
    hub.client.cookies.clear()
    again = hub.client.get("/inquiry", follow_redirects=False, headers={"cookie": f"inquiry={cookie}"})
    assert again.status_code == 303


@pytest.mark.parametrize(("key_class", "opens"), [(KeyClass.DEVICE, True), (KeyClass.ATTENDED, False)])
def test_a_key_of_ones_own_signs_in_and_a_floor_phones_does_not(key_class: KeyClass, *, opens: bool) -> None:
    crew = Crew(MemoryStore(META))
    crew.begin()
    crew.list_crew({"SA": Role.SAFETY_ADVISOR})
    key, person = made("SA", key_class), named("p", "SA")
    crew.claim("SA", key=key)
    guests = Guests(door=Door())
    nonce = guests.nonce()
    line = key.sign(words_to_sign(crew.hub.log, person, nonce))
    signature = SignatureForm(
        name=line.name, key_id=line.key_id.hex(), signature=base64.b64encode(line.signature).decode()
    )
    at = AtHub(hub=crew.hub, now=Now(boot=crew.now.boot, mono_ms=crew.now.mono_ms), moment=crew.now)
    form = LookForm(by=person, key=key.key_name, nonce=nonce, signature=signature)
    with nullcontext() if opens else pytest.raises(NotAGuest):
        assert guests.let_in(at, form)


# --- after an incident ---


def test_every_page_after_an_incident_names_care_and_the_card(tmp_path: Path) -> None:
    hub = inquiry_hub(tmp_path, FIRED)
    hub.sign_in("EMP")
    for view in ("", "/freeze", "/questions", "/person"):
        page = hub.client.get(f"/inquiry{view}").text
        assert "the medic&#39;s tent" in page
        assert 'href="/emergency"' in page
        assert 'href="/account"' in page
    hub.writer.end()


# --- filing ---


def test_a_paper_and_its_act_go_in_together_and_verify(hub: InquiryHub, tmp_path: Path) -> None:
    hub.sign_in("COMP")
    content = "“I was told it was cold,” she said.".encode()
    sent = hub.paper(content)
    assert sent["size_bytes"] == len(content)
    receipt = hub.sends("COMP", source(hub, content), papers=[sent["sha256"]])
    assert receipt.get("verdict") == "admitted", receipt
    assert hub.ask(lambda at: at.hub.store.apart(sent["sha256"])) == content
    hub.writer.end()
    report = verify_ledger(tmp_path / "day.ledger", vkey=None)
    assert (report.ok, report.entries) == (True, receipt["entry"] + 1)


def test_a_paper_that_no_act_files_is_not_kept(hub: InquiryHub) -> None:
    hub.sign_in("COMP")
    sent = hub.paper(b"one paper")
    receipt = hub.sends("COMP", source(hub, b"another paper"), papers=[sent["sha256"]])
    assert "no act here files" in receipt["sentence"]
    assert "did not come" in hub.sends("COMP", source(hub, b"x"), papers=["ab" * 32])["sentence"]


def test_a_paper_is_filed_by_who_sent_it_and_by_nobody_else(hub: InquiryHub) -> None:
    hub.sign_in("COMP")
    content = b"what the compiler has not filed yet"
    digest = hub.paper(content)["sha256"]
    hub.client.cookies.clear()
    hub.sign_in("EMP")
    assert "did not come" in hub.sends("EMP", source(hub, content), papers=[digest])["sentence"]
    hub.client.cookies.clear()
    hub.sign_in("COMP")
    assert hub.sends("COMP", source(hub, content), papers=[digest]).get("verdict") == "admitted"


def test_a_paper_beyond_the_stated_size_is_one_sentence_and_nothing_stays(
    hub: InquiryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.sign_in("COMP")
    monkeypatch.setattr(inquiry_filing, "LARGEST_KEPT", 1_000_000)
    assert "more than 1 MB" in hub.paper(b"x" * 1_000_001)["sentence"]
    assert hub.paper(b"x" * 1_000_000)["size_bytes"] == 1_000_000
    assert read_papers.LARGEST_KEPT == 64_000_000


def test_only_acts_of_the_inquiry_and_only_ones_own_come_in_here(hub: InquiryHub) -> None:
    assert "not signed in" in hub.sends("COMP", a.PassagesRead(source=new_id("s"), spans=()))["sentence"]
    assert "not signed in" in hub.paper(b"x")["sentence"]
    hub.sign_in("COMP")
    gun = next(iter(hub.player.hub.picture.guns))
    assert "PickedUp is not filed here" in hub.sends("COMP", a.PickedUp(item=gun))["sentence"]
    words = hub.sends("EMP", a.PassagesRead(source=new_id("s"), spans=()))["sentence"]
    assert "another person's" in words
    size = hub.player.hub.picture.size
    assert hub.client.post("/api/inquiry/entries", content=b"entry=1").json()["sentence"]
    assert hub.player.hub.picture.size == size


# --- first accounts ---


def test_a_first_account_is_opened_by_its_author_or_by_legal_process_and_nobody_else(hub: InquiryHub) -> None:
    locked = b"coldcheck/first-account/v1\nnobody here can read this"
    sealed = a.FirstAccountSealed(ref=new_id("s"), sha256=hashlib.sha256(locked).hexdigest())
    to = "/api/account/entries"
    told = hub.sends("LEAD", sealed, to=to, locked=base64.b64encode(locked).decode())
    assert told["verdict"] == "admitted"
    assert hub.client.get(f"/api/account/{sealed.sha256}").content == locked

    def opening(basis: str) -> a.FirstAccountOpened:
        return a.FirstAccountOpened(regarding=sealed.ref, source=new_id("s"), basis=basis)

    size = hub.player.hub.picture.size
    assert "opened by its author" in hub.sends("AD1", opening("author"), to=to)["sentence"]
    assert "signed in to the inquiry" in hub.sends("LEAD", opening("legal_process"), to=to)["sentence"]
    hub.sign_in("COMP")
    assert "opened by its author" in hub.sends("COMP", opening("author"))["sentence"]
    assert "signed in to the inquiry" in hub.sends("COMP", opening("curiosity"))["sentence"]
    strange = a.FirstAccountOpened(regarding=new_id("s"), source=new_id("s"), basis="author")
    assert "No such first account" in hub.sends("LEAD", strange, to=to)["sentence"]
    assert hub.player.hub.picture.size == size
    assert hub.sends("LEAD", opening("author"), to=to)["verdict"] == "admitted"
    assert hub.sends("COMP", opening("legal_process"))["verdict"] == "admitted"


def test_an_employer_opens_nobodys_first_account(tmp_path: Path) -> None:
    hub = inquiry_hub(tmp_path)
    locked = b"coldcheck/first-account/v1\nsealed"
    sealed = a.FirstAccountSealed(ref=new_id("s"), sha256=hashlib.sha256(locked).hexdigest())
    hub.sends("LEAD", sealed, to="/api/account/entries", locked=base64.b64encode(locked).decode())
    picture = hub.player.hub.picture
    employer = next(one.label for one in picture.persons.values() if Role.EMPLOYER in one.roles)
    hub.sign_in(employer)
    opening = a.FirstAccountOpened(regarding=sealed.ref, source=new_id("s"), basis="legal_process")
    assert "nobody else does" in hub.sends(employer, opening)["sentence"]
    page = hub.client.get("/inquiry/accounts").text
    assert "You may not" in page
    assert 'name="code"' not in page
    assert hub.client.get(f"/api/account/{sealed.sha256}/opened").json() == {"opened": []}
    hub.sign_in("COMP")
    assert 'name="code"' in hub.client.get("/inquiry/accounts").text
    hub.writer.end()


def test_papers_of_the_inquiry_are_not_handed_out_as_first_accounts(hub: InquiryHub) -> None:
    hub.sign_in("COMP")
    sent = hub.paper(b"a paper of the inquiry")
    hub.sends("COMP", source(hub, b"a paper of the inquiry"), papers=[sent["sha256"]])
    hub.client.get("/inquiry/leave")
    assert "No first account" in hub.client.get(f"/api/account/{sent['sha256']}").json()["sentence"]
