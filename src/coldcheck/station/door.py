"""The hub's door: what other threads ask of the one thread that writes, and how they get its answer.

A web thread hands in a question, a plain function of the hub at this moment, and waits; the writing thread answers all
that came, in order, between its own acts. So nobody else ever touches the picture, and when the writer stops, nobody
gets an answer: a screen then says that the hub is silent.

    reply = door.ask(lambda at: record(at.hub, signed, at.moment), writes=True)
"""

import asyncio
import logging
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
LOG: Final = logging.getLogger(__name__)
PATIENCE_S: Final = 3.0
"""How long a question waits; a hub that is busier than that is silent."""
MOST_WAITING: Final = 2000


class HubSilent(ColdcheckError):
    """The hub did not answer in time. Treat every gun as loaded, do what the paper says, and ask again."""


class HubMistake(ColdcheckError):
    """The hub made a mistake of its own over one request. What is in the record stays; the screen is loaded anew."""


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

        A question that `writes` and fails by a mistake of ours while the hub takes an entry in stops the station: the
        picture may be half changed. Any other mistake ends that one request, as HubMistake, and the record goes on.
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
            except ColdcheckError as problem:
                answer.set_exception(problem)
            except Exception as problem:
                LOG.exception("A mistake of the hub's own, over one request")
                answer.set_exception(_mistake(problem))
                if writes and at.hub.is_behind:
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


def _mistake(problem: Exception) -> HubMistake:
    mistake = HubMistake(
        "The hub made a mistake of its own over this. What you signed may be in the record all the same: load the screen"
        f" anew, see whether it is, and tell whoever runs the hub ({type(problem).__name__})."
    )
    mistake.__cause__ = problem
    return mistake


def _silent() -> HubSilent:
    return HubSilent("The hub does not answer. Treat every gun as loaded, and ask again in a moment.")
