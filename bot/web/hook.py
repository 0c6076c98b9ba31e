"""Receives webhook deliveries from Telegram into the inbox. Imports Starlette and ``storage.engine.faults``.

An update is durable before the answer 200 lets Telegram forget it. A body that is no usable update (no JSON, or without
an update_id) would be delivered again for a day; it is set aside for the operator and answered with 200, too. A caller
without the secret learns nothing but that the request is refused.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import unquote, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a name

MOST_BYTES = 4 * 1024 * 1024
"""Largest body. Telegram's longest messages are far smaller, with all that they quote."""

BODY_S = 15.0
"""Longest time for a body to arrive; Telegram sends it at once."""

AFTER_S = 5
"""After how many seconds Telegram is asked to deliver again what cannot be taken now. It keeps updates for a day
(Bot API, getUpdates)."""


CHECKOUT = b'"pre_checkout_query"'
"""Stands in a delivery that asks whether a payment may be made. That is answered at once and not stored, so it is taken
also when too much waits. In words of a person, JSON puts a backslash before a quotation mark."""


class Receiver(Protocol):
    """Stores updates; ``chat.receive.receiver`` implements it."""

    async def full(self) -> bool:
        """Return whether too many updates wait to take more."""
        ...

    async def take(self, updates: Sequence[object]) -> None:
        """Store updates durably and have them handled. Raises: ``StorageFault``."""
        ...

    async def set_aside(self, bodies: Sequence[str]) -> None:
        """Store durably what cannot be handled. Raises: ``StorageFault``."""
        ...


class Hook:
    """Answers Telegram. ``alarm`` is called with storage faults, ``served`` with status and seconds of each request."""

    def __init__(
        self,
        url: str,
        secret: str,
        receiver: Receiver,
        alarm: Callable[[StorageFault], None],
        served: Callable[[int, float], None] = lambda status, took_s: None,
    ) -> None:
        self._secret = secret.encode()
        self._receiver = receiver
        self._alarm = alarm
        self._served = served
        self._paths = frozenset(paths_of(url))

    def route(self) -> Route:
        """Return a route for every path. It must come last, after all other routes."""
        return Route("/{path:path}", self.handle, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

    async def handle(self, request: Request) -> Response:
        """Check path, method, secret, type and size of a request, in this order, then take its body."""
        if (request.scope["path"].rstrip("/") or "/") not in self._paths:
            return Response(status_code=404)
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        began_at = time.monotonic()
        # Headers are Latin-1 and secrets are ASCII, so no other text can equal the secret.
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        answer = await self._taken(request)
        self._served(answer.status_code, time.monotonic() - began_at)
        return answer

    async def _taken(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
        try:
            async with asyncio.timeout(BODY_S):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if body is None:
            log.error("a delivery of more than %s bytes is refused", MOST_BYTES)
            return Response(status_code=413)
        try:
            if CHECKOUT not in body and await self._receiver.full():
                log.warning("too many updates wait, so no more are taken for now; Telegram keeps them")
                return _later()
            await self._keep(body)
        except StorageFault as fault:
            self._alarm(fault)
            log.error("updates cannot be stored, so Telegram keeps them: %s", fault)
            return _later()
        return Response()

    async def _keep(self, body: bytes) -> None:
        try:
            await self._receiver.take([json.loads(body)])
        except StorageFault:
            raise
        except (ValueError, RecursionError):
            await self._receiver.set_aside([body.decode(errors="replace")])
        except Exception as error:
            log.error("a delivery could not be taken", exc_info=error)
            await self._receiver.set_aside([body.decode(errors="replace")])


def paths_of(url: str) -> list[str]:
    """Return the path of a URL, and what is left of it if a proxy removes leading parts: /a/b, /b and /.

    Accepting all of them is safe: the secret proves that Telegram delivers.
    """
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    return ["/" + "/".join(parts[skipped:]) for skipped in range(len(parts) + 1)]


async def _body(request: Request) -> bytes | None:
    """Return the body; None for one that is too large, of which no more is read than needed."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": str(AFTER_S)})
