"""A load balancer of the plainest kind: each connection goes to the next server that takes it.

Imports the standard library only, runs in the event loop that calls it, and knows nothing of what it forwards.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

CHUNK_BYTES = 65_536


@asynccontextmanager
async def balancing(ports: Sequence[int]) -> AsyncIterator[str]:
    """Forward to servers on loopback while the block runs; give the address to come to."""
    turns = itertools.cycle(range(len(ports)))
    forwarding: set[asyncio.Task[None]] = set()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turns)
        try:
            for port in (*ports[first:], *ports[:first]):
                try:
                    there = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    continue
                await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))
                return
        finally:
            writer.close()

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(forward(reader, writer))
        forwarding.add(task)
        task.add_done_callback(forwarding.discard)

    server = await asyncio.start_server(kept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(forwarding):
            task.cancel()
        await asyncio.gather(*forwarding, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the sender is done or one end is gone; then close the other end."""
    try:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                writer.write(chunk)
                await writer.drain()
    finally:
        writer.close()
