"""An engine served over real HTTP on loopback, and pictures to send to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette

from bot.sandbox.engine.routes import routes
from bot.sandbox.engine.state import EngineState
from tests.support.serving import served


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
    async with (
        served(Starlette(routes=routes(state))) as url,
        httpx.AsyncClient(base_url=url, headers={"x-goog-api-key": "any"}, timeout=30, trust_env=False) as http,
    ):
        yield Served(url, state, http)
