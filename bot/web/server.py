"""One port with the bot's routes on it. Imports Starlette and uvicorn; knows neither Telegram nor storage.

Runs in the event loop of the bot and leaves signals to it. Closing lets requests under way finish. Without requests it
does nothing at all: no tick wakes the process.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

KEEP_ALIVE_S = 75
"""Longer than the idle connections of common proxies live (nginx and Caddy: 60 s), so that the proxy closes first."""

CLOSING_S = 5
"""How long requests under way may take once the server closes."""

BACKLOG = 1024


class PortTaken(Exception):
    """Nothing can listen at the address; the message is one line for the operator."""


def open_port(host: str, port: int) -> socket.socket:
    """Take a port; nobody can connect before :func:`serving`. Port 0 takes a free one. Raises: :class:`PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only for sockets that say they are TCP does asyncio switch off the 40 ms wait before small packets.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        why = "is not an address of this machine" if isinstance(error, socket.gaierror) else error.strerror
        raise PortTaken(f"LISTEN {host}:{port} cannot be used ({why}): stop what uses it, or choose another.") from None
    return sock


@asynccontextmanager
async def serving(sock: socket.socket, routes: Sequence[BaseRoute]) -> AsyncIterator[str]:
    """Answer requests while the block runs, then let those under way finish; give the server's root address."""
    config = uvicorn.Config(
        Starlette(routes=list(routes)),
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=CLOSING_S,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    host, port = sock.getsockname()[:2]
    await server.startup(sockets=[sock])
    try:
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        await server.shutdown(sockets=[sock])
