"""What a dispatcher promises. Imports ``storage.records`` only; knows neither Telegram nor turns.

The steps of one conversation run one at a time, in order; conversations never wait for each other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from storage.records import Key

Step = Callable[[Key], Awaitable[bool]]
"""Does the next piece of work of a conversation and returns False when there is none. Raises: :class:`Later`."""


class Later(Exception):
    """A step cannot be done now and is to be tried again in ``delay_s`` seconds; other conversations go on."""

    def __init__(self, delay_s: float, why: str) -> None:
        super().__init__(why)
        self.delay_s = delay_s


class Dispatcher(Protocol):
    """Runs steps."""

    def wake(self, key: Key) -> None:
        """Note that a conversation has something to do; returns at once."""
        ...

    async def stop(self, grace_s: float) -> bool:
        """Begin no further step, let running ones finish for ``grace_s``, end the rest; return whether all finished."""
        ...
