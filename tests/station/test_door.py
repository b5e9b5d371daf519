import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from board_days import played_day
from coldcheck.custody import acts as a
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.door import MOST_WAITING, AtHub, Door, HubSilent
from coldcheck.station.play import Player
from coldcheck.station.record import HubBehind, replay


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    player, store = played_day(tmp_path_factory.mktemp("day"), count=1)
    yield player
    store.close()


def at_hub(player: Player) -> AtHub:
    picture = player.hub.picture
    return AtHub(hub=player.hub, now=picture.now, moment=player.moment(picture.at))


def answering(door: Door, player: Player) -> threading.Thread:
    def answer() -> None:
        while not door.answer_all(lambda: at_hub(player)):
            door.wait(0.05)

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_another_thread_gets_the_answer_of_the_writing_one(player: Player) -> None:
    door = Door()
    thread = answering(door, player)
    assert door.ask(lambda at: (at.hub.picture.size, threading.get_ident())) == (player.hub.picture.size, thread.ident)
    thread.join()


def test_a_knock_wakes_the_writer_at_once(player: Player) -> None:
    door = Door()
    waited: list[bool] = []
    writer = threading.Thread(target=lambda: waited.append(door.wait(60)))
    writer.start()
    asker = threading.Thread(target=lambda: door.ask(lambda at: at.now, patience_s=10))
    asker.start()
    writer.join()
    door.answer_all(lambda: at_hub(player))
    asker.join()
    assert waited == [True]


def test_a_hub_that_does_not_answer_is_silent_and_the_question_is_dropped(player: Player) -> None:
    door = Door()
    asked: list[int] = []
    with pytest.raises(HubSilent, match="Treat every gun as loaded"):
        door.ask(lambda _at: asked.append(1), patience_s=0.01)
    door.answer_all(lambda: at_hub(player))
    assert asked == []


def test_a_coroutine_waits_without_holding_up_the_others(player: Player) -> None:
    async def both() -> tuple[int, str]:
        door = Door()
        asked = asyncio.ensure_future(door.ask_async(lambda at: at.hub.picture.size))
        await asyncio.sleep(0)
        thread = answering(door, player)
        size = await asked
        thread.join()
        with pytest.raises(HubSilent) as silent:
            await door.ask_async(lambda at: at.now, patience_s=0.01)
        return size, str(silent.value)

    size, words = asyncio.run(both())
    assert (size, "does not answer" in words) == (player.hub.picture.size, True)


def refused(_at: AtHub) -> None:
    raise ColdcheckError("This was refused.")


def mistaken(_at: AtHub) -> None:
    raise KeyError("a mistake of ours")


def ask_in_thread(door: Door, question: object, *, writes: bool) -> list[str]:
    said: list[str] = []

    def ask() -> None:
        try:
            door.ask(question, writes=writes)  # type: ignore[arg-type]  # any of the two above
        except (ColdcheckError, KeyError) as problem:
            said.append(type(problem).__name__)

    thread = threading.Thread(target=ask)
    thread.start()
    while door._waiting.empty():
        time.sleep(0.001)
    threading.Thread(target=thread.join).start()
    return said


@pytest.mark.parametrize(
    ("question", "how"), [(refused, "writes"), (refused, "reads"), (mistaken, "writes"), (mistaken, "reads")]
)
def test_what_a_question_raises_is_its_askers(player: Player, question: object, how: str) -> None:
    door = Door()
    said = ask_in_thread(door, question, writes=how == "writes")
    assert door.answer_all(lambda: at_hub(player)) == 1
    while not said:
        time.sleep(0.001)
    assert said == ["ColdcheckError" if question is refused else "HubMistake"]


def ask_to_see(player: Player) -> None:
    player.say("ARM", (a.AskedToSee(gun=next(iter(player.hub.picture.guns))),), player.moment(player.hub.picture.at))


def test_a_mistake_while_an_entry_is_taken_in_stops_the_station(tmp_path: Path) -> None:
    player, store = played_day(tmp_path, count=1)
    door, size = Door(), player.hub.picture.size
    # A picture that cannot take an entry in: what stands in the log is not in it.
    del player.hub.picture.journal
    ask_in_thread(door, lambda _at: ask_to_see(player), writes=True)
    with pytest.raises(AttributeError):
        door.answer_all(lambda: at_hub(player))
    assert (player.hub.picture.size, store.entry_count()) == (size, size + 1)
    with pytest.raises(HubBehind, match="start the hub again"):
        ask_to_see(player)
    # Nothing was lost: read anew, it is all there.
    assert replay(store.entries()).size == size + 1
    store.close()


def test_a_crowd_at_the_door_is_told_that_the_hub_is_busy() -> None:
    door = Door()
    for _ in range(MOST_WAITING):
        door._hand_in(lambda at: at.now, writes=False)
    with pytest.raises(HubSilent):
        door.ask(lambda at: at.now)
