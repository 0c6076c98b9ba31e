"""How far a request has come on its way out: the last moment before it leaves, and the moment when all of it is out.

Imports httpx, which hands it out as an extension of a request (python-httpx.org, Extensions, "trace"). The names of the
events are those of httpcore (httpcore/_async/http11.py and connection.py).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

Before = Callable[[], Awaitable[None]]
"""May raise to keep a request from being sent."""

CONNECTING = "connection.connect_tcp.started"
SENDING = "http11.send_request_headers.started"
SENT = "http11.send_request_body.complete"

ONE_PIECE_BYTES = 1_000_000
"""What is worth a copy in memory, so that it goes out by one call of the system."""

STALE_S = 1.0
"""How soon a server that had closed a kept connection breaks the next request on it."""


@dataclass(slots=True)
class Passage:
    """How far one request has come. ``before`` is awaited behind every wait for a connection, before the first byte."""

    before: Before | None = None
    kept: bool = True
    """False when a connection was made for it."""
    out_at: float | None = None
    """When its last byte was written, by the monotonic clock; None before that."""

    def extensions(self) -> dict[str, Any]:
        """Return the extensions of the request that is to be watched."""
        return {"trace": self._trace}

    def may_be_at_work(self) -> bool:
        """Return whether the other side may have begun to work on it although the connection broke.

        A kept connection that breaks within a second was most likely closed before the request came.
        """
        if self.out_at is None:
            return False
        return not self.kept or time.monotonic() - self.out_at > STALE_S

    async def _trace(self, event: str, _: Mapping[str, Any]) -> None:
        if event == CONNECTING:
            self.kept = False
        elif event == SENDING and self.before is not None:
            await self.before()
        elif event == SENT:
            self.out_at = time.monotonic()


def hook_with(before: Before) -> Callable[[httpx.Request], Awaitable[None]]:
    """Return what awaits ``before`` right before a request leaves, for a client whose owner gives no extensions."""

    async def hook(request: httpx.Request) -> None:
        request.extensions = {**request.extensions, **Passage(before).extensions()}

    return hook


async def in_one_piece(request: httpx.Request) -> None:
    """Have a small form sent as a whole; httpx would send each of its fields by two calls, 20 for a photo."""
    if int(request.headers.get("content-length", ONE_PIECE_BYTES + 1)) <= ONE_PIECE_BYTES:
        await request.aread()
