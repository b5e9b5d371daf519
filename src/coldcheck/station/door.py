"""The hub's door: what other threads ask of the one thread that writes, and how they get its answer.

A web thread hands in a question, a plain function of the hub at this moment, and waits; the writing thread answers all
that came, in order, between its own acts. So nobody else ever touches the picture, and when the writer stops, nobody
gets an answer: a screen then says that the hub is silent.

    reply = door.ask(lambda at: record(at.hub, signed, at.moment), writes=True)
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from typing import Final, TypeVar

from coldcheck.custody.things import Now
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.record import Hub, Moment

T = TypeVar("T")
PATIENCE_S: Final = 3.0
"""How long a question waits; a hub that is busier than that is silent."""
MOST_WAITING: Final = 2000


class HubSilent(ColdcheckError):
    """The hub did not answer in time. Treat every gun as loaded, do what the paper says, and ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHub:
    """The hub at the moment a question is answered: `now` for questions, `moment` for receipts."""

    hub: Hub
    now: Now
    moment: Moment


class Door:
    """Questions on their way to the writing thread. `ask` and `ask_async` are for every other thread."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Callable[[AtHub], None]] = queue.Queue(maxsize=MOST_WAITING)
        self._knock = threading.Event()

    def ask(self, question: Callable[[AtHub], T], *, writes: bool = False, patience_s: float = PATIENCE_S) -> T:
        """The answer of the writing thread. Raises HubSilent, or what the question raised.

        A question that `writes` stops the station when it fails by a mistake of ours: the picture may be half changed.
        One that only reads hands its mistake to the asker, and the record goes on.
        """
        answer = self._hand_in(question, writes=writes)
        try:
            return answer.result(timeout=patience_s)
        except NoAnswer as late:
            answer.cancel()
            raise _silent() from late

    async def ask_async(
        self, question: Callable[[AtHub], T], *, writes: bool = False, patience_s: float = PATIENCE_S
    ) -> T:
        """As `ask`, for a coroutine: other requests go on meanwhile."""
        answer = self._hand_in(question, writes=writes)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), timeout=patience_s)
        except (TimeoutError, asyncio.CancelledError) as late:
            answer.cancel()
            if isinstance(late, asyncio.CancelledError):
                raise
            raise _silent() from late

    def _hand_in(self, question: Callable[[AtHub], T], *, writes: bool) -> Future[T]:
        answer: Future[T] = Future()

        def settle(at: AtHub) -> None:
            # A question whose asker went away is not asked any more: nobody would hear what it did.
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(question(at))
            except Exception as problem:  # whatever it is, the asker hears of it
                answer.set_exception(problem)
                if writes and not isinstance(problem, ColdcheckError):
                    raise

        try:
            self._waiting.put_nowait(settle)
        except queue.Full as full:
            raise _silent() from full
        self._knock.set()
        return answer

    # --- for the writing thread ---

    def wait(self, seconds: float) -> bool:
        """Whether somebody knocked within `seconds`; returns at once when somebody already did."""
        knocked = self._knock.wait(seconds)
        self._knock.clear()
        return knocked

    def answer_all(self, at: Callable[[], AtHub]) -> int:
        """How many questions were answered; `at` gives the hub anew for each, so that time goes on between them."""
        answered = 0
        while True:
            try:
                settle = self._waiting.get_nowait()
            except queue.Empty:
                return answered
            settle(at())
            answered += 1


def _silent() -> HubSilent:
    return HubSilent("The hub does not answer. Treat every gun as loaded, and ask again in a moment.")
