"""Traces a request on its way out: the moment before its first byte, and the moment after its last one.

Imports httpx; the trace is an extension of a request (python-httpx.org, Extensions, "trace"). The names of the events
are those of httpcore (httpcore/_async/http11.py and connection.py).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

Before = Callable[[], Awaitable[None]]
"""Awaited before a request; may raise to prevent it."""

CONNECTING = "connection.connect_tcp.started"
SENDING = "http11.send_request_headers.started"
SENT = "http11.send_request_body.complete"
ANSWERED = "http11.receive_response_headers.complete"

ONE_PIECE_BYTES = 1_000_000
"""Requests up to this size are copied in memory, so that one system call sends them."""

STALE_S = 1.0
"""Within this time a request fails on a kept connection that the server had already closed."""


@dataclass(slots=True)
class Passage:
    """The progress of one request. ``before`` is awaited after the wait for a connection, before the first byte."""

    before: Before | None = None
    kept: bool = True
    """False if a new connection was made for it."""
    out_at: float | None = None
    """When its last byte was sent, by the monotonic clock; None before that."""
    answered: bool = False
    """Whether the headers of the answer arrived."""

    def extensions(self) -> dict[str, Any]:
        """Return the extensions for the request to trace."""
        return {"trace": self._trace}

    def may_be_at_work(self) -> bool:
        """Return whether the server may have begun to work on it although the connection broke.

        A kept connection that breaks within a second was most likely closed before the request arrived, unless an
        answer had begun.
        """
        if self.out_at is None:
            return False
        return self.answered or not self.kept or time.monotonic() - self.out_at > STALE_S

    async def _trace(self, event: str, _: Mapping[str, Any]) -> None:
        if event == CONNECTING:
            self.kept = False
        elif event == SENDING and self.before is not None:
            await self.before()
        elif event == SENT:
            self.out_at = time.monotonic()
        elif event == ANSWERED:
            self.answered = True


def hook_with(before: Before) -> Callable[[httpx.Request], Awaitable[None]]:
    """Return a request hook that awaits ``before`` right before a request is sent."""

    async def hook(request: httpx.Request) -> None:
        request.extensions = {**request.extensions, **Passage(before).extensions()}

    return hook


def dates_to(note: Callable[[str | None], None]) -> Callable[[httpx.Response], Awaitable[None]]:
    """Return a response hook that passes on the header ``Date`` of each answer, None where it has none."""

    async def hook(response: httpx.Response) -> None:
        note(response.headers.get("date"))

    return hook


async def in_one_piece(request: httpx.Request) -> None:
    """Send a small form in one piece; httpx would need two system calls for each field, 20 for a photo."""
    if int(request.headers.get("content-length", ONE_PIECE_BYTES + 1)) <= ONE_PIECE_BYTES:
        await request.aread()
