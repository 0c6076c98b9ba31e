"""One question and its answer, for the tests of single dialects."""

from __future__ import annotations

from typing import Any

from bot.providers.base import Request, Result
from bot.providers.factory import ProviderConfig, build
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png

FLASH = "google/gemini-2.5-flash-image"
RED, GREEN, BLUE = png("red"), png("green"), png("blue")


def asking(album: Album, model: str, wish: str = "a boat", **changes: Any) -> Request:
    """Return a request of one turn."""
    contents = ({"role": "user", "parts": [{"text": wish}]},)
    return Request(**{"model": model, "contents": contents, "wish": wish, "read": album.read, **changes})


async def ask(name: str, endpoint: Endpoint, request: Request, reply: Reply | None = None, **config: Any) -> Result:
    """Ask and read; without ``reply`` the script that is there is used."""
    if reply is not None:
        endpoint.add(reply)
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY, **config))
    try:
        return await provider.read(await provider.ask(request), model=request.model)
    finally:
        await provider.aclose()
