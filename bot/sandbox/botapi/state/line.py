"""How files come in: how fast the bot's line is, how long Telegram takes to pass them on, and equal ones kept apart.

Imports errors. Facts: the Bot API server answers a send after the file lies in Telegram's data centre, which may take
longer than a client waits (python-telegram-bot#4188); of files that have the same size together and more than 100,000
bytes it lets one through after the other, as ``Client::on_cmd`` in telegram-bot-api's Client.cpp does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.errors import too_many

SPACED_FROM_BYTES = 100_000
SHORTEST_SPACE_S, LONGEST_SPACE_S = 0.2, 0.9
SPACE_S_PER_BYTE = 1e-7
AT_ONCE_S = 1.0
"""How much of the spaces may be used up at once after a rest."""
LONGEST_QUEUE_S = 5.0
REFUSED_AFTER_S, RETRY_AFTER_S = 3.0, 60


class LineOrder(BaseModel):
    """Speeds in bytes/s, 0 for at once: of the line to the server, and from there on. ``spaced``: keep equals apart."""

    model_config = ConfigDict(extra="forbid")

    bytes_per_s: float = 0.0
    onward_bytes_per_s: float = 0.0
    spaced: bool = True


class Line:
    """Lets bodies and files through."""

    def __init__(self) -> None:
        self.order = LineOrder()
        self._last_at: dict[int, float] = {}

    def change(self, order: LineOrder) -> None:
        """Use another line from now on."""
        self.order = order
        self._last_at.clear()

    async def paced(self, body: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Give a body as fast as the line brings it; who sends it has to wait."""
        async for chunk in body:
            if self.order.bytes_per_s > 0:
                await asyncio.sleep(len(chunk) / self.order.bytes_per_s)
            yield chunk

    async def pass_on(self, size_bytes: int) -> None:
        """Take as long as files take to the data centre."""
        if self.order.onward_bytes_per_s > 0:
            await asyncio.sleep(size_bytes / self.order.onward_bytes_per_s)

    async def space(self, size_bytes: int) -> None:
        """Hold a call back whose files have the size of others just now. Raises ApiError 429 for too many of them."""
        if not self.order.spaced or size_bytes <= SPACED_FROM_BYTES:
            return
        now = asyncio.get_running_loop().time()
        last_at = self._last_at.get(size_bytes, 0.0)
        if last_at > now + LONGEST_QUEUE_S:
            await asyncio.sleep(REFUSED_AFTER_S)
            raise too_many(RETRY_AFTER_S)
        space_s = min(max(size_bytes * SPACE_S_PER_BYTE, SHORTEST_SPACE_S), LONGEST_SPACE_S)
        self._last_at[size_bytes] = max(last_at + space_s, now - AT_ONCE_S)
        await asyncio.sleep(max(0.0, self._last_at[size_bytes] - now))
