"""The interface of a dispatcher. Imports only ``storage.records``; knows neither Telegram nor turns.

The steps of one conversation run one at a time and in order. Conversations never wait for each other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from storage.records import Key

Step = Callable[[Key], Awaitable[bool]]
"""Does the next piece of work of a conversation and returns False when there is none.

Raises: :class:`Later`, :class:`WorkElsewhere`.
"""

ALONE_S = 3.0
"""How long one suspect keeps the other suspects waiting. Work that kills the process does so sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a worker does with conversations. ``crashed``: counts a crash during a step of one."""

    step: Step
    crashed: Callable[[Key], Awaitable[None]]


class ProcessRole(StrEnum):
    """What a process does: everything, only receive updates, or only work on them."""

    ALL = "all"
    RECEIVE = "receive"
    WORK = "work"


class Later(Exception):
    """A step cannot be done now and must be tried again after ``delay_s``. Other conversations continue meanwhile."""

    def __init__(self, delay_s: float, why: str) -> None:
        super().__init__(why)
        self.delay_s = delay_s


class WorkElsewhere(Exception):
    """What a step did is stored, and by it other conversations have work. The dispatcher then wakes those keys."""

    def __init__(self, *keys: Key) -> None:
        super().__init__(*keys)
        self.keys = keys


class ConversationMoved(WorkElsewhere):
    """The remaining work continues under another key: a group became a supergroup, or a topic was deleted.

    A step raises it once everything is stored under that key.
    """


class Mark(Protocol):
    """Says which conversation a process works on, so that its crash can be counted against that conversation."""

    def rest(self) -> None:
        """Remove the mark while the step only waits for something outside the process."""
        ...

    def resume(self) -> None:
        """Set the mark again."""
        ...


current_mark: ContextVar[Mark | None] = ContextVar("current_mark", default=None)
"""The mark of the running step.

A context variable and not an argument: a dispatcher sets it, and four places read it that are up to eight calls away
(a pause for an album, for news of a group's move, before a second download, and the wait for a provider). The functions
in between would pass it on without a use for it.
"""


@contextmanager
def at_rest() -> Iterator[None]:
    """Say that the running step only waits in this block: if the process dies meanwhile, the step is not to blame."""
    mark = current_mark.get()
    if mark is not None:
        mark.rest()
    try:
        yield
    finally:
        if mark is not None:
            mark.resume()


class Peers(Protocol):
    """The other processes that work on the same store."""

    async def busy_with(self, key: Key) -> bool:
        """Return whether another process still works on the group that this supergroup was before."""
        ...

    def claimed(self, update_id: int) -> AbstractAsyncContextManager[bool]:
        """Claim an update for the block. The block gets False where another process holds the claim."""
        ...


class NoPeers:
    """No other process works on the store."""

    async def busy_with(self, key: Key) -> bool:
        """Return False."""
        return False

    def claimed(self, update_id: int) -> AbstractAsyncContextManager[bool]:
        """Give True to the block."""
        return nullcontext(True)


Wake = Callable[[Key], bool]
"""See :meth:`Dispatcher.wake`."""


def follows_moves(step: Step, wake: Wake) -> Step:
    """Return the step with :class:`WorkElsewhere` handled: it wakes the keys and counts as work done."""

    async def followed(key: Key) -> bool:
        try:
            return await step(key)
        except WorkElsewhere as elsewhere:
            for other in elsewhere.keys:
                wake(other)
            return True

    return followed


class Dispatcher(Protocol):
    """Runs the steps of conversations."""

    def wake(self, key: Key) -> bool:
        """Note that a conversation has work, and return at once.

        True means that it certainly had no work until now.
        """
        ...

    async def stop(self, grace_s: float) -> bool:
        """Begin no further step, wait ``grace_s`` for running ones, then cancel them; return whether all finished."""
        ...
