"""The last moment before a request leaves the machine: behind every wait for a connection, before its first byte.

Imports httpx, which hands it out as an extension of a request (python-httpx.org, Extensions, "trace").
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

Before = Callable[[], Awaitable[None]]
"""May raise to keep a request from being sent."""

SENDING = "http11.send_request_headers.started"


def extensions_with(before: Before) -> dict[str, Any]:
    """Return the extensions of a request before whose first byte ``before`` is awaited."""

    async def trace(event: str, _: Mapping[str, Any]) -> None:
        if event == SENDING:
            await before()

    return {"trace": trace}


def hook_with(before: Before) -> Callable[[httpx.Request], Awaitable[None]]:
    """Return the same as a hook for requests, for a client whose owner gives requests no extensions."""

    async def hook(request: httpx.Request) -> None:
        request.extensions = {**request.extensions, **extensions_with(before)}

    return hook
