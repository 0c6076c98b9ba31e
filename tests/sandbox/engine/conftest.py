"""An engine served over real HTTP on loopback, and pictures to send to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.sandbox.engine.routes import routes
from bot.sandbox.engine.state import EngineState


@dataclass(frozen=True, slots=True)
class Served:
    """A running engine: where it listens, its switches, and a client with a key."""

    url: str
    state: EngineState
    http: httpx.AsyncClient


@pytest.fixture
async def engine() -> AsyncIterator[Served]:
    """Serve one engine for a test."""
    state = EngineState()
    # A listening socket keeps connections until the server takes them, so there is nothing to wait for.
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(state)), log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url, headers={"x-goog-api-key": "any"}, timeout=30, trust_env=False) as http:
        yield Served(url, state, http)
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await running
