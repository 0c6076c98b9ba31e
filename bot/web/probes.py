"""Health checks for the bot's operator. Imports Starlette only.

``/healthz`` says whether the event loop and the workers run; if it fails, only a new process helps. ``/readyz`` says
whether everything that the bot needs answers; if it fails, other processes should get the work. Both give the reasons
as JSON. Results are kept for some seconds, so that frequent requests put no load on the database or the provider.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

OFTEN_S, SELDOM_S = 3.0, 30.0
PROBE_S = 2.0
"""Longest wait for one answer. Kubernetes waits 1 s by default, so its probes should be given more."""

Alive = Callable[[], str]
"""Returns why the process cannot continue, "" while it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that all work needs. ``ask`` returns why it cannot be used, "" while it can."""

    name: str
    ask: Callable[[], Awaitable[str]]
    every_s: float = OFTEN_S


class Probes:
    """Answers ``/healthz`` and ``/readyz``."""

    def __init__(self, needs: Sequence[Need], alive: Mapping[str, Alive], stopping: Callable[[], bool]) -> None:
        self._needs = needs
        self._alive = alive
        self._stopping = stopping
        self._found: dict[str, tuple[float, str]] = {}
        self._asking: dict[str, asyncio.Lock] = {need.name: asyncio.Lock() for need in needs}

    def routes(self) -> list[BaseRoute]:
        """Return both routes."""
        return [Route("/healthz", self.health, methods=["GET"]), Route("/readyz", self.readiness, methods=["GET"])]

    async def health(self, request: Request) -> Response:
        """Answer whether the process can continue."""
        return _verdict("alive", {name: alive() for name, alive in self._alive.items()})

    async def readiness(self, request: Request) -> Response:
        """Answer whether this process can take work."""
        asked = await asyncio.gather(*(self._state(need) for need in self._needs))
        found = {need.name: state for need, state in zip(self._needs, asked, strict=True)}
        return _verdict("ready", {**found, "process": "it is stopping" if self._stopping() else ""})

    async def _state(self, need: Need) -> str:
        async with self._asking[need.name]:
            at, state = self._found.get(need.name, (float("-inf"), ""))
            if time.monotonic() - at > need.every_s:
                state = await _asked(need)
                self._found[need.name] = time.monotonic(), state
            return state


async def _asked(need: Need) -> str:
    try:
        async with asyncio.timeout(PROBE_S):
            return await need.ask()
    except TimeoutError:
        return f"no answer within {PROBE_S:g} s"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _verdict(question: str, found: Mapping[str, str]) -> Response:
    good = not any(found.values())
    body = {question: good, **{name: state or "ok" for name, state in found.items()}}
    return JSONResponse(body, 200 if good else 503, headers={"Cache-Control": "no-store"})
