"""A trap around a server: it kills a process at the very moment when a certain request comes in or was answered.

Imports Starlette's types only. The killed process knows nothing of it; a trap springs once and must be set again.
Several processes get an address each, ``/@NAME`` before the path, so that it is known who asked for what, and when.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Trap:
    """Kills ``pid`` when a request whose path contains ``path`` is seen ``before`` or ``after`` it was answered.

    ``who``: only requests of this one count; ``signal`` is what it gets.
    """

    path: str
    when: str
    pid: int
    delay_s: float = 0.0
    skip: int = 0
    who: str = ""
    signal: int = signal.SIGKILL


class Trapped:
    """Serves an app, and ``POST /trap`` to set the trap, ``GET /trap`` to ask when it sprang, ``GET /asked``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._trap: Trap | None = None
        self._sprung_at: float | None = None
        self._asked: list[tuple[float, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/trap":
            await self._serve(scope, receive, send)
        elif scope["path"] == "/asked":
            await _answer(send, self._asked)
        else:
            scope = self._named(scope)
            trap = self._met(scope["path"], scope["asker"])
            if trap is not None and trap.when == "before":
                await self._spring(trap)
            await self._app(scope, receive, send)
            if trap is not None and trap.when == "after":
                await self._spring(trap)

    def _named(self, scope: Scope) -> Scope:
        """Take the name of who asks out of the path, and note the request."""
        path = scope["path"]
        if not path.startswith("/@"):
            return {**scope, "asker": ""}
        who, _, rest = path[2:].partition("/")
        self._asked.append((time.time(), who, rest.rpartition("/")[2]))
        return {**scope, "asker": who, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}

    def _met(self, path: str, who: str) -> Trap | None:
        trap = self._trap
        if trap is None or trap.path not in path or trap.who not in ("", who):
            return None
        if trap.skip:
            trap.skip -= 1
            return None
        self._trap = None
        return trap

    async def _spring(self, trap: Trap) -> None:
        await asyncio.sleep(trap.delay_s)
        try:
            os.kill(trap.pid, trap.signal)
        except ProcessLookupError:
            return
        self._sprung_at = time.time()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            order = json.loads((await receive())["body"])
            self._trap, self._sprung_at = (Trap(**order) if order else None), None
        await _answer(send, {"sprung_at": self._sprung_at})


async def _answer(send: Send, found: Any) -> None:
    start: Message = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})


def order(trap: Trap | None) -> dict[str, Any]:
    """Return a trap as JSON, an empty object for none."""
    return vars(trap) if trap else {}
