"""What answering turns gets from the process around it. Imports ``metrics``, ``providers.calls`` and ``storage``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from bot.metrics import Meter
from bot.providers.calls.queue import SharedPermits
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)


class NotifyOwners(Protocol):
    """Sends the owners a sentence of ``locales``; returns at once."""

    def __call__(self, key: str, /, **values: str | int) -> None:
        """Send the sentence ``key`` with these values."""
        ...


def log_for_owners(key: str, /, **values: str | int) -> None:
    """Write to the log what the owners should know, where nothing can send them messages."""
    log.warning("%s: %s", key, values)


def log_fault(fault: StorageFault) -> None:
    """Write a fault of the store to the log, where nothing can send the owners messages."""
    log.error("%s", fault)


def _no_permits(provider: str) -> SharedPermits | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessHooks:
    """The defaults suit one process without owners, as in tests."""

    meter: Meter = field(default_factory=Meter)
    """Counts calls, costs and how turns end."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process begins to stop: a call that begins after that would be paid for and then cut off."""
    alarm: Callable[[StorageFault], None] = log_fault
    """Called when an answer that arrived cannot be stored."""
    notify_owners: NotifyOwners = log_for_owners
    at_rest: Callable[[], AbstractContextManager[None]] = nullcontext
    """Entered while a step only waits for a provider, so that a crash meanwhile is not blamed on it."""
    permits: Callable[[str], SharedPermits | None] = _no_permits
    """Returns the permits for a provider's calls, by its name, where several processes share them."""
