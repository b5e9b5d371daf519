"""A drill's hub whose people have keys of their own, served for a browser: officers in entry 0, a crew list, join cards.

Run as a program it prints its address and one join link a line, and serves until it is told to end.
"""

import sys
import threading
import time
from functools import partial
from hashlib import sha256

import uvicorn

from coldcheck.custody import acts as a
from coldcheck.custody.things import ActionType, Capability, Now, Role
from coldcheck.station.demo_hub import listen
from coldcheck.station.door import AtHub, Door
from coldcheck.station.record import Moment
from coldcheck.station.web.app import board_app
from coldcheck.station.web.pages import board_view
from coldcheck.station.web.phone_sessions import phone_session_routes, phones_of
from coldcheck.station.web.push import Push
from coldcheck.station.web.set_api import set_routes
from crew import META, OFFICERS, Crew, named
from stores import MemoryStore

PEOPLE = {"ARM": Role.ARMORER, "AD1": Role.FIRST_AD, "LEAD": Role.PERFORMER}


def join_link(label: str) -> str:
    """What stands on somebody's join card: person, and the seed of the card's key, behind the # of the address."""
    return f"/join#{named('p', label)}.{sha256(f'card {label}'.encode()).hexdigest()}"


def begun() -> Crew:
    """A production with its officers, its crew list and one gun."""
    crew = Crew(store=MemoryStore(META))
    crew.begin()
    crew.list_crew(PEOPLE)
    gun = a.GunRegistered(
        gun=named("g", "Colt-1"), label="Colt-1", word_name="Magpie", serial="SN-1", action=ActionType.SINGLE_ACTION,
        calibre=".45", capability=Capability.W3, chambers=6, bores=1,
    )  # fmt: skip
    crew.say(OFFICERS[0], gun)
    return crew


def _revoke(crew: Crew, person: str, _at: AtHub) -> None:
    for key, (_public, _held, owner) in tuple(crew.hub.picture.keys.items()):
        if owner == person:
            crew.say(OFFICERS[0], a.KeyRevoked(key=key, reason="lost"))


def main() -> None:
    """Serves the crew's hub until the process is told to end."""
    crew = begun()
    push, door = Push(), Door()
    phones = phones_of(door)
    listening = listen("localhost", 0)
    app = board_app(
        push,
        door,
        more=[*set_routes(push, door, drill=True, person_of=phones.person_of), *phone_session_routes(phones)],
    )
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    began, at_s, said_s = time.monotonic(), crew.at_s, -1.0

    def at_hub() -> AtHub:
        crew.at_s = at_s + int(time.monotonic() - began)
        mono_ms = at_s * 1000 + int((time.monotonic() - began) * 1000)
        moment = Moment(boot=crew.boot, mono_ms=mono_ms, at=crew.now.at)
        return AtHub(hub=crew.hub, now=Now(boot=crew.boot, mono_ms=mono_ms), moment=moment)

    address = f"http://localhost:{listening.getsockname()[1]}"
    sys.stdout.write("".join(f"{line}\n" for line in (address, *(join_link(label) for label in PEOPLE))))
    sys.stdout.flush()

    def revoke_as_told() -> None:
        """Revokes the keys of everybody whose label comes in on standard input, as an officer would."""
        for label in sys.stdin:
            door.ask(partial(_revoke, crew, named("p", label.strip())), writes=True)
            sys.stdout.write("revoked\n")
            sys.stdout.flush()

    threading.Thread(target=revoke_as_told, daemon=True).start()
    while True:
        answered = door.answer_all(at_hub)
        if answered or time.monotonic() - said_s > 1:
            said_s, at = time.monotonic(), at_hub()
            root = crew.hub.root.hex()
            push.publish(
                board_view(crew.hub.picture, now=at.now, clock_at=at.moment.at, production="The Western", root=root)
            )
        door.wait(0.2)


if __name__ == "__main__":
    main()
