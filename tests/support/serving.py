"""A web server on a free port of loopback, inside a test's own event loop.

Imports uvicorn; knows neither the bot nor what is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from uvicorn._types import ASGIApplication


@asynccontextmanager
async def served(
    app: ASGIApplication, *, host: str = "127.0.0.1", certificate: Path | None = None
) -> AsyncIterator[str]:
    """Serve ``app``; yield its address, with https if there is a ``certificate`` (key and chain in one file).

    At the end nobody is waited for: connections are cut, and handlers that still run are cancelled.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=0,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # Without the server's own loop, which only keeps the date and would make each test wait for its next tick.
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"{'https' if certificate else 'http'}://{host}:{port}"
    finally:
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        tasks = list(server.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Transports close in later turns of the loop, those with TLS in several.
        await asyncio.sleep(0.001)
