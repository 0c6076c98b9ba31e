"""The HTTP server of the bot. Imports Starlette and uvicorn; knows neither Telegram nor storage.

It runs in the bot's event loop and leaves signals to the bot. Closing lets running requests finish. uvicorn's own main
loop, which wakes the process ten times a second, is not used.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

KEEP_ALIVE_S = 75
"""Longer than common proxies keep idle connections (nginx and Caddy: 60 s), so that the proxy closes first."""

CLOSING_S = 5
"""How long running requests may still take once the server closes."""

BACKLOG = 1024


class PortTaken(Exception):
    """The address cannot be used; the message is one line for the operator."""


def open_port(host: str, port: int) -> socket.socket:
    """Bind a port; connections work from :func:`serving` on. Port 0 takes a free one. Raises: :class:`PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only on sockets with this protocol; without it small answers wait 40 ms.
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
    """Answer requests during the block, then let running ones finish. The block gets the server's root address."""
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
