"""What a dispatcher promises. Imports ``storage.records`` only; knows neither Telegram nor turns.

The steps of one conversation run one at a time, in order; conversations never wait for each other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol

from storage.records import Key

Step = Callable[[Key], Awaitable[bool]]
"""Does the next piece of work of a conversation and returns False when there is none.

Raises: :class:`Later`, :class:`ConversationMoved`.
"""


class Part(StrEnum):
    """What a process does: everything, only take updates in, or only work on them."""

    ALL = "all"
    RECEIVE = "receive"
    WORK = "work"


class Later(Exception):
    """A step cannot be done now and is to be tried again in ``delay_s`` seconds; other conversations go on."""

    def __init__(self, delay_s: float, why: str) -> None:
        super().__init__(why)
        self.delay_s = delay_s


class ConversationMoved(Exception):
    """What is left to do goes on under another key: a group became a supergroup, or a topic was deleted.

    Steps raise it once everything is stored under that key; the dispatcher wakes that key.
    """

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


class Hold(Protocol):
    """The mark of what a process has in hand, which says whom to suspect when it dies."""

    def rest(self) -> None:
        """Take the mark away: from now on the step only waits for others."""
        ...

    def resume(self) -> None:
        """Put the mark back."""
        ...


holding: ContextVar[Hold | None] = ContextVar("holding", default=None)


@contextmanager
def at_rest() -> Iterator[None]:
    """Say that the running step only waits in this block: a process that dies meanwhile did not die of it."""
    hold = holding.get()
    if hold is not None:
        hold.rest()
    try:
        yield
    finally:
        if hold is not None:
            hold.resume()


class Peers(Protocol):
    """What there is to know of other processes that work on the same store."""

    async def busy_with(self, key: Key) -> bool:
        """Tell whether another one still works on what this supergroup was before it became one."""
        ...

    def claimed(self, update_id: int) -> AbstractAsyncContextManager[bool]:
        """Keep the others from an update during a block; False where one of them does that already."""
        ...


class NoPeers:
    """No other process works on the store."""

    async def busy_with(self, key: Key) -> bool:
        """Return False: there is no other process."""
        return False

    def claimed(self, update_id: int) -> AbstractAsyncContextManager[bool]:
        """Return True: there is no other process."""
        return nullcontext(True)


Wake = Callable[[Key], bool]
"""As :meth:`Dispatcher.wake`."""


def follows_moves(step: Step, wake: Wake) -> Step:
    """Return the step with :class:`ConversationMoved` handled: it wakes the new key and counts as work done."""

    async def followed(key: Key) -> bool:
        try:
            return await step(key)
        except ConversationMoved as moved:
            wake(moved.key)
            return True

    return followed


class Dispatcher(Protocol):
    """Runs steps."""

    def wake(self, key: Key) -> bool:
        """Note that a conversation has something to do; return at once whether it certainly was at rest until now."""
        ...

    async def stop(self, grace_s: float) -> bool:
        """Begin no further step, let running ones finish for ``grace_s``, end the rest; return whether all finished."""
        ...
