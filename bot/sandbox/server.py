"""The sandbox on one port: the Bot API, the person API, the offline engine and the browser page.

Imports the parts of the sandbox, Starlette and uvicorn. Runs inside the event loop that calls it and leaves signal
handlers alone.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.botapi import person_routes
from bot.sandbox.botapi import routes as bot_api
from bot.sandbox.botapi.backend import Backend, build
from bot.sandbox.config import SandboxConfig

__all__ = ["SandboxConfig", "create_app", "serve"]


def create_app(config: SandboxConfig) -> Starlette:
    """Build the whole sandbox. ``app.state.backend`` is the emulated Telegram; it closes with the app's lifespan."""
    backend = build(config)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        backend.webhook.wake()
        yield
        await backend.close()

    app = Starlette(
        routes=[*bot_api.routes(backend), *person_routes.routes(backend), *_others(config)], lifespan=lifespan
    )
    app.state.backend = backend
    return app


def _others(config: SandboxConfig) -> list[BaseRoute]:
    found: list[BaseRoute] = []
    for name in ("bot.sandbox.engine.routes", "bot.sandbox.page.routes"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        found += module.routes()
    return found


class _Cuttable:
    """Lets a route close the connection without an answer, as a scripted fault asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # uvicorn's ``send`` is a method of the request that holds the connection.
            transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
            if transport is not None:
                scope.setdefault("state", {})["cut"] = _cutter(transport)
        await self._app(scope, receive, send)


def _cutter(transport: asyncio.Transport) -> Callable[[], Awaitable[None]]:
    async def cut() -> None:
        transport.abort()
        # The server notices the loss in the next turn of the loop.
        await asyncio.sleep(0.01)

    return cut


class _Server(uvicorn.Server):
    """A server that ends long polls and event streams before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, backend: Backend) -> None:
        super().__init__(config)
        self._backend = backend
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program that the sandbox is a part of."""
        yield

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    async def shutdown(self, sockets: Any = None) -> None:
        self._backend.updates.close()
        self._backend.events.close()
        await super().shutdown(sockets)


@asynccontextmanager
async def serve(config: SandboxConfig, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the sandbox in the running event loop and give its base URL; port 0 takes a free one.

    Raises OSError when the port is taken.
    """
    sock = socket.create_server((host, port), backlog=2048)
    app = create_app(config)
    settings = uvicorn.Config(
        _Cuttable(app), host=host, port=port, log_level="warning", access_log=False, lifespan="on", ws="none"
    )
    server = _Server(settings, app.state.backend)
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[sock]))
    try:
        await server.ready.wait()
        yield f"http://{host}:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        sock.close()
