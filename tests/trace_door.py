"""The pages of trace, recall and origin over one picture, without a hub: the door answers at once."""

from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from coldcheck.custody.picture import Picture
from coldcheck.station.door import Door
from coldcheck.station.web.trace_pages import trace_routes


class HereDoor(Door):
    """A door whose questions are answered at once, of one picture."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.hub: Any = type("Hub", (), {"picture": picture})()

    async def ask_async(self, question: Any, *, writes: bool = False, patience_s: float = 0) -> Any:
        assert not writes
        assert patience_s >= 0
        return question(self)


def client_of(picture: Picture, *, host: str = "127.0.0.1", key: str = "") -> TestClient:
    """Somebody at `host` who asks the pages over this picture."""
    app = Starlette(routes=list(trace_routes(HereDoor(picture), key=key)))
    return TestClient(app, base_url="http://localhost", client=(host, 50000))
