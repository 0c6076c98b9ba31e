"""The sandbox on one port: the Bot API, the person API, the offline engine and the browser page.

Imports Starlette, uvicorn, ``routes``, ``backend``, ``config``, ``engine`` and ``visitors``. Runs inside the caller's
event loop and leaves signal handlers alone.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.botapi import routes as bot_api
from bot.sandbox.botapi.person import routes
from bot.sandbox.botapi.state.backend import Backend, build
from bot.sandbox.config import SandboxConfig
from bot.sandbox.engine import routes as engine
from bot.sandbox.engine.state import EngineState
from bot.sandbox.page import routes as page
from bot.sandbox.visitors import Visitors

CLOSING_TIME_S = 3.0
# Longer than a poll, so that a client never uses a connection that is being closed.
KEEP_ALIVE_S = 120

__all__ = ["SandboxConfig", "create_app", "serve", "serve_app"]


def create_app(config: SandboxConfig) -> Starlette:
    """Build the whole sandbox. ``app.state.backend`` is the emulated Telegram; :func:`serve_app` closes it."""
    backend = build(config)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        backend.webhook.wake()
        yield

    state = EngineState(chat=lambda: backend.updates.latest_chat)
    parts = (bot_api.routes(backend), routes.routes(backend), engine.routes(state), page.routes())
    app = Starlette(routes=[route for part in parts for route in part], lifespan=lifespan)
    app.state.backend = backend
    return app


class _Cuttable:
    """Lets a route close the connection without an answer: as a scripted fault asks, or when the sandbox ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # uvicorn's ``send`` is a method of the request that holds the connection.
            transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
            if transport is not None:
                cut = scope.setdefault("state", {})["cut"] = _cutter(transport)
                try:
                    await self._app(scope, receive, send)
                except asyncio.CancelledError:
                    # Only the end of the server cancels an answer. uvicorn would log that as a fault of the route.
                    await cut()
                return
        await self._app(scope, receive, send)


def _cutter(transport: asyncio.Transport) -> Callable[[], Awaitable[None]]:
    async def cut() -> None:
        transport.abort()
        # The server notices the loss in the next turn of the event loop.
        await asyncio.sleep(0.01)

    return cut


class _Server(uvicorn.Server):
    """A server that ends long polls and event streams before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, backend: Backend) -> None:
        super().__init__(config)
        self._backend = backend
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program that runs the sandbox."""
        yield

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    async def main_loop(self) -> None:
        """Tick once a second; stop at once when it is time to leave."""
        ticks = 0
        while not await self.on_tick(ticks) and not self.leaving.is_set():
            # uvicorn does its housekeeping at every tenth tick.
            ticks += 10
            with suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1.0)

    async def shutdown(self, sockets: Any = None) -> None:
        """Let running answers finish, then close. uvicorn itself waits 0.1 s more, which slows tests."""
        self._backend.updates.close()
        self._backend.events.close()
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = asyncio.get_running_loop().time() + CLOSING_TIME_S
        state = self.server_state
        while state.connections and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        # What still works has nobody who waits for it, such as a slow picture for a bot that has stopped.
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
        await self.lifespan.shutdown()


def _listen(host: str, port: int) -> socket.socket:
    """Open the port. Raises OSError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches off the 40 ms delay of small packets only for sockets that are marked as TCP.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    return sock


@asynccontextmanager
async def serve(config: SandboxConfig, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the sandbox in the running event loop. Returns its base URL; port 0 takes a free port.

    Raises OSError if the port is taken.
    """
    async with serve_app(create_app(config), host, port) as base_url:
        yield base_url


@asynccontextmanager
async def serve_app(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Do what :func:`serve` does for an app of :func:`create_app`, of which the caller keeps hold.

    The emulated Telegram of the app is closed afterwards, also if the port is taken.
    """
    try:
        with closing(_listen(host, port)) as sock:
            server = _Server(_settings(_Cuttable(Visitors(app, host, {socket.gethostname()}))), app.state.backend)
            task = asyncio.get_running_loop().create_task(server.serve(sockets=[sock]))
            try:
                await server.ready.wait()
                if not server.started:
                    raise OSError("the sandbox could not start; the log says why")
                yield f"http://{f'[{host}]' if ':' in host else host}:{sock.getsockname()[1]}"
            finally:
                server.should_exit = True
                server.leaving.set()
                await task
    finally:
        await app.state.backend.close()


def _settings(app: ASGIApp) -> uvicorn.Config:
    """Return the settings of uvicorn. Its log goes to the program's log."""
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
    )
