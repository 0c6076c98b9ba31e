"""Requests to a web app of this process without HTTP: JSON in, JSON out, by the interface that servers call (ASGI).

Imports Starlette's types. Two thirds of a dialogue's requests are what people do and look at, and HTTP on loopback
takes ten times as long as the app itself. For what the bot sends and hears there is no such way.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.types import ASGIApp, Message, Scope

Json = dict[str, Any]


class Direct:
    """A way to an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def ask(self, method: str, target: str, body: Json | None = None) -> tuple[int, bytes]:
        """Send a request and give status and body of the answer. Raises: what the app raises."""
        content = b"" if body is None else json.dumps(body).encode()
        sent, status, parts = False, 0, list[bytes]()

        async def receive() -> Message:
            nonlocal sent
            if sent:
                # Only who leaves early ends a request that was sent whole.
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))

        # As with HTTP, everybody else gets a turn before the answer.
        await asyncio.sleep(0)
        await self._app(_scope(method, target, content), receive, send)
        return status, b"".join(parts)


def _scope(method: str, target: str, content: bytes) -> Scope:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }
