"""A trap around a server: it kills a process at the very moment when a certain request comes in or was answered.

Imports Starlette's types only. The killed process knows nothing of it; a trap springs once and must be set again.
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
    """Kills ``pid`` when a request whose path contains ``path`` is seen ``before`` or ``after`` it was answered."""

    path: str
    when: str
    pid: int
    delay_s: float = 0.0
    skip: int = 0


class Trapped:
    """Serves an app, and ``POST /trap`` to set the trap, ``GET /trap`` to ask when it sprang."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._trap: Trap | None = None
        self._sprung_at: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/trap":
            await self._serve(scope, receive, send)
        else:
            trap = self._met(scope["path"])
            if trap is not None and trap.when == "before":
                await self._spring(trap)
            await self._app(scope, receive, send)
            if trap is not None and trap.when == "after":
                await self._spring(trap)

    def _met(self, path: str) -> Trap | None:
        trap = self._trap
        if trap is None or trap.path not in path:
            return None
        if trap.skip:
            trap.skip -= 1
            return None
        self._trap = None
        return trap

    async def _spring(self, trap: Trap) -> None:
        await asyncio.sleep(trap.delay_s)
        try:
            os.kill(trap.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._sprung_at = time.time()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            order = json.loads((await receive())["body"])
            self._trap, self._sprung_at = (Trap(**order) if order else None), None
        body = json.dumps({"sprung_at": self._sprung_at}).encode()
        start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def order(trap: Trap | None) -> dict[str, Any]:
    """Give a trap as JSON, an empty object for none."""
    return vars(trap) if trap else {}
