"""A phone that talks to the hub in plain HTTP: what goes over the wire, byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any, cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.entry import make_line

Body = dict[str, Any]


@dataclass(kw_only=True)
class Wire:
    """One phone. `heard` holds every answer it ever got, byte for byte."""

    address: str
    label: str
    language: str = "en"
    heard: list[bytes] = field(default_factory=list)
    last_id: str = ""

    def get(self, path: str) -> Body:
        return self._ask(Request(f"{self.address}{path}"))  # noqa: S310  # our own hub

    def post(self, path: str, body: object, *, content_type: str = "application/json") -> Body:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._ask(Request(f"{self.address}{path}", data=data, headers={"Content-Type": content_type}))  # noqa: S310

    def _ask(self, request: Request) -> Body:
        request.add_header("Accept-Language", self.language)
        try:
            with urlopen(request, timeout=10) as reply:  # noqa: S310
                data = reply.read()
        except HTTPError as refused:
            with refused:
                data = refused.read()
        self.heard.append(data)
        return cast("Body", json.loads(data))

    @property
    def person(self) -> str:
        people = self.get("/api/set/hello")["people"]
        return str(next(one["person"] for one in people if one["label"] == self.label))

    def view(self) -> Body:
        return self.get(f"/api/set/view?by={self.person}")

    def gun(self, label: str) -> Body:
        return next(cast("Body", one) for one in self.view()["guns"] if one["label"] == label)

    def line(self, acts: list[Body], **changed: object) -> str:
        view, by = self.view(), self.person
        self.last_id = opaque_id("a", token_bytes(8))
        named = sorted({by, *(word for act in acts for word in _words(act) if len(word) == 13 and word[0] in "gcplrw")})
        author = {
            "v": 1, "id": self.last_id, "log": view["log"], "by": by, "key": view["signing"]["key"], "at": view["clock"]["at"],
            "after": view["after"], "prev": view["signing"]["prev"], "about": named, "acts": acts,
        }  # fmt: skip
        return make_line({**author, **changed}).decode()  # type: ignore[dict-item]

    def sign(self, *acts: Body, **changed: object) -> Body:
        line1 = self.line(list(acts), **changed)
        return self.post("/api/set/entries", {"line1": line1, "signature": None, "openings": [], "delivered": "live"})

    def begin(self, gun: str, *, other: str, kind: str = "check", rounds: tuple[tuple[str, str], ...] = ()) -> Body:
        body = {
            "by": self.person, "other": other, "gun": self.gun(gun)["gun"], "kind": kind, "manner": "answers_not_shown",
            "device": self.label, "rounds": [list(row) for row in rounds],
        }  # fmt: skip
        return self.post("/api/set/sheets", body)

    def half(self, sheet: Body, holds: dict[str, str], *beside: Body) -> Body:
        """Signs this person's half of a check with what `holds` says of each position, else empty and clear."""
        act = "cleared" if sheet["first"] else "answered"
        answers = [
            {"position": name, "holds": holds.get(name, "empty" if name.isdigit() else "clear"), "ms": number}
            for number, name in enumerate(sheet["order"])
        ]
        began = {
            "act": "sheet_began", "procedure": sheet["procedure"], "other": sheet["other"], "manner": sheet["manner"]
        }  # fmt: skip
        return self.sign(began, *beside, {"act": act, "gun": sheet["gun"], "answers": answers})


def _words(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _words(inner)
        case list():
            for inner in value:
                yield from _words(inner)
        case _:
            pass
