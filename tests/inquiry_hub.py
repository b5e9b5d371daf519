"""A hub with an inquiry over HTTP: a played morning in a ledger file, and a door that whoever asks opens himself."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Any, TypeVar

from starlette.testclient import TestClient

from coldcheck.custody.acts import Act, about
from coldcheck.proof.sealed import Opening, Sealed, seal
from coldcheck.station.demo_hub import demo_keys_of
from coldcheck.station.door import AtHub, Door
from coldcheck.station.hub_says import new_id
from coldcheck.station.ledger_files import play_into
from coldcheck.station.play import Player
from coldcheck.station.record import line_of
from coldcheck.station.scenario import parse_scenario
from coldcheck.station.web.app import board_app
from coldcheck.station.web.inquiry_hub import hub_inquiry_routes
from coldcheck.station.web.keys_page import keys_routes
from coldcheck.station.web.office_pages import office_routes
from coldcheck.station.web.push import Push
from inquiry_days import Filing, day_text

Body = dict[str, Any]
T = TypeVar("T")
MORNING = day_text(Filing(), coverage=True)
FIRED = f"{MORNING}10:00 LEAD fires Colt-1, 1 unintended\n"


class Writer(threading.Thread):
    """The one thread that writes: it plays the morning, then answers its door until it is told to end."""

    def __init__(self, ledger: Path, text: str) -> None:
        super().__init__(daemon=True)
        self.ledger, self.text, self.door = ledger, text, Door()
        self.player: Player
        self.played, self.ended = threading.Event(), threading.Event()
        self.start()
        assert self.played.wait(60)

    def run(self) -> None:
        self.player = play_into(self.ledger, parse_scenario(self.text, path="day"))
        self.played.set()
        while not self.ended.is_set():
            self.door.answer_all(self._at_hub)
            self.door.wait(0.01)
        self.player.hub.store.close()

    def _at_hub(self) -> AtHub:
        picture = self.player.hub.picture
        return AtHub(hub=self.player.hub, now=picture.now, moment=self.player.moment(picture.at))

    def end(self) -> None:
        self.ended.set()
        self.join(10)


@dataclass(slots=True)
class InquiryHub:
    """One hub and one browser. `openings` go out with the next act."""

    writer: Writer
    client: TestClient
    openings: list[Body] = field(default_factory=list)

    @property
    def player(self) -> Player:
        """What was played; its store is for the writing thread alone."""
        return self.writer.player

    def ask(self, question: Callable[[AtHub], T]) -> T:
        """What the writing thread says."""
        return self.writer.door.ask(question)

    def id_of(self, label: str) -> str:
        return next(person.person for person in self.player.hub.picture.persons.values() if person.label == label)

    def sign_in(self, label: str, **changed: Any) -> Body:
        """What the hub says when `label` signs in with the demo's word for it."""
        asked = self.client.get("/api/inquiry/challenge").json()
        key = self.player.keys[label][0]
        form = {"by": self.id_of(label), "key": key, "nonce": asked["nonce"], "signature": None, **changed}
        body: Body = self.client.post("/api/inquiry/enter", json=form).json()
        return body

    def seal(self, field_name: str, words: str) -> Sealed:
        sealed, opening = seal(salt=token_bytes(32), field=field_name, value=words)
        self.openings.append(_opening(sealed, opening))
        return sealed

    def sends(self, label: str, *acts: Act, to: str = "/api/inquiry/entries", **more: Any) -> Body:
        """What the hub says to acts of `label`."""
        hub, key, by = self.player.hub, self.player.keys[label][0], self.id_of(label)
        line1 = line_of(
            entry_id=new_id("a"), log=hub.log, by=by, key=key, at="2026-03-02T11:00:00Z",
            after={"size": hub.frontier.size, "root": hub.root.hex()}, prev=hub.last_lines.get(key), acts=acts,
            about=about(acts, by=by),
        )  # fmt: skip
        entry = {"line1": line1.decode(), "signature": None, "openings": self.openings, "delivered": "live"}
        self.openings = []
        body: Body = self.client.post(to, content=json.dumps({"entry": entry, **more}), headers=JSON).json()
        return body

    def paper(self, content: bytes) -> Body:
        """What the hub says to a paper sent as it is."""
        body: Body = self.client.post("/api/inquiry/papers", content=content).json()
        assert body.get("sha256", hashlib.sha256(content).hexdigest()) == hashlib.sha256(content).hexdigest()
        return body


JSON = {"Content-Type": "application/json"}


def _opening(sealed: Sealed, opening: Opening) -> Body:
    return {
        "commitment": sealed.commitment,
        "salt": opening.salt.hex(),
        "field": opening.field,
        "value": opening.value,
    }


def inquiry_hub(folder: Path, text: str = MORNING) -> InquiryHub:
    """A hub that has played `text`, and a browser that is not signed in yet."""
    writer = Writer(folder / "day.ledger", text)
    door = writer.door
    more = [
        *keys_routes(door, production="Mini"),
        *office_routes(door, production="Mini", ledger=folder / "day.ledger", inquiry=True),
        *hub_inquiry_routes(
            folder / "day.ledger", door, care="the medic's tent", demo_keys=demo_keys_of(writer.player)
        ),
    ]
    app = board_app(Push(), door, more=more)
    return InquiryHub(writer=writer, client=TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5000)))
