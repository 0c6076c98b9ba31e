"""What differs between one process alone and several that share a database: the interface that both fulfil.

``single`` and ``cluster`` implement it, and ``app`` uses nothing else of them. Imports ``chat``, ``dispatch.base``,
``providers.calls``, ``turns``, ``clients`` and ``storage``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from bot.chat.failures import FailurePolicy
from bot.chat.receive.polling import Polling
from bot.chat.receive.receiver import OnStored
from bot.chat.worker import ConversationWorker
from bot.dispatch.base import Dispatcher, Peers
from bot.process.clients import Guard
from bot.providers.calls.queue import SharedPermits
from bot.turns.turns import Turns
from storage.care.forgetting import Interrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What takes updates in until it is cancelled."""

    run: Callable[[], Coroutine[Any, Any, None]]
    leads: Callable[[], bool] | None = None
    """Tells whether this process is the one that polls; None where only one could."""
    pending: Callable[[], int] | None = None
    """Returns how many updates Telegram keeps for the webhook; None without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What runs while a process works."""

    dispatcher: Dispatcher
    on_stored: OnStored
    """What the receiver calls for each update that it has stored."""
    tasks: Sequence[asyncio.Task[None]] = ()
    needed: Sequence[asyncio.Task[None]] = ()
    """Those of the tasks whose end must end the process."""

    def ended(self) -> str:
        """Return which task has ended, as a sentence for the health check; "" while all of them run."""
        return next((f"the {task.get_name()} has ended" for task in self.tasks if task.done()), "")


class Topology(Protocol):
    """How a process works on a store: alone, or together with other processes."""

    @property
    def guard(self) -> Guard | None:
        """Checks around each call to Telegram and to providers; None where no other process can take work over."""
        ...

    @property
    def peers(self) -> Peers:
        """The other processes."""
        ...

    def permits(self, provider: str) -> SharedPermits | None:
        """Return the permits that all processes share for calls to a provider; None where this process counts alone."""
        ...

    def interrupt(self, stop: Callable[[Collection[int]], None]) -> Interrupt:
        """Return how forgotten turns are stopped, wherever they run; ``stop`` stops those of this process."""
        ...

    def ingress(self, polling: Polling) -> Ingress:
        """Return what takes updates in by polling, in this process or not."""
        ...

    def working(
        self, worker: ConversationWorker, turns: Turns, failures: FailurePolicy
    ) -> AbstractAsyncContextManager[Work]:
        """Take up what an earlier process left, and work until the end of the block. Raises: ``StorageFault``."""
        ...
