"""Rich messages that people send (Bot API, RichMessage): the photos of their blocks. Imports ``media`` and ``state``.

Blocks are passed on as they come. Photos become what a bot gets to see: the sizes that Telegram made.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.botapi.content.media import from_upload
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.files import Upload
from bot.sandbox.botapi.state.records import Json

HOLDING = ("blocks", "items")
"""Fields of a block that hold others."""


async def filled(backend: Backend, blocks: Sequence[Json], files: Sequence[Upload]) -> list[Json]:
    """Return blocks in which ``{"type": "photo", "file": 0}`` shows a file of the sender. Raises ApiError."""
    return [await _filled(backend, block, files) for block in blocks]


async def _filled(backend: Backend, block: Json, files: Sequence[Upload]) -> Json:
    found = {name: value for name, value in block.items() if name != "file"}
    for name in HOLDING:
        if isinstance(found.get(name), list):
            found[name] = await filled(backend, found[name], files)
    if block.get("type") == "photo" and "file" in block:
        media = await from_upload(backend, "photo", files[block["file"]], described={})
        found |= media.content
    return found
