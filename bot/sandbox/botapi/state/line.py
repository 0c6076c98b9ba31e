"""The speed of files: of the bot's line, of Telegram behind it, and the pause between files of one size.

Imports ``errors``. Facts: the Bot API server answers a send after the file is in Telegram's data centre, which may take
longer than a client waits (python-telegram-bot#4188). Calls whose files together have the same size, over 100,000
bytes, pass one after the other, as in ``Client::on_cmd`` in telegram-bot-api's Client.cpp.
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
"""How much unused pause time may be saved."""
LONGEST_QUEUE_S = 5.0
REFUSED_AFTER_S, RETRY_AFTER_S = 3.0, 60


class LineSettings(BaseModel):
    """Speeds in bytes/s, 0 for no limit: of the line to the server, and from there on.

    ``spaced``: pauses between equal sizes.
    """

    model_config = ConfigDict(extra="forbid")

    bytes_per_s: float = 0.0
    onward_bytes_per_s: float = 0.0
    spaced: bool = True


class Line:
    """Slows down bodies and files."""

    def __init__(self) -> None:
        self.order = LineSettings()
        self._last_at: dict[int, float] = {}

    def change(self, order: LineSettings) -> None:
        self.order = order
        self._last_at.clear()

    async def paced(self, body: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Yield a body at the speed of the line, so that the sender has to wait."""
        async for chunk in body:
            if self.order.bytes_per_s > 0:
                await asyncio.sleep(len(chunk) / self.order.bytes_per_s)
            yield chunk

    async def pass_on(self, size_bytes: int) -> None:
        """Wait as long as a file takes to the data centre."""
        if self.order.onward_bytes_per_s > 0:
            await asyncio.sleep(size_bytes / self.order.onward_bytes_per_s)

    async def space(self, size_bytes: int) -> None:
        """Delay a call if another with files of the same size was just made.

        Raises ApiError 429 for too many of them.
        """
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
