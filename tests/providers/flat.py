"""One question and its answer, for the tests of single dialects."""

from __future__ import annotations

from typing import Any

from bot.providers.base import Request, Result
from bot.providers.calls.attempts import AttemptPolicy, generate
from bot.providers.factory import ProviderConfig, build
from tests.providers.turns import Book
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png

FLASH = "google/gemini-2.5-flash-image"
RED, GREEN, BLUE = png("red"), png("green"), png("blue")
ONCE = AttemptPolicy(attempts=1, longest_delay_s=-1)


def asking(album: Album, model: str, wish: str = "a boat", **changes: Any) -> Request:
    """Return a request of one turn."""
    contents = ({"role": "user", "parts": [{"text": wish}]},)
    return Request(**{"model": model, "contents": contents, "wish": wish, "read": album.read, **changes})


async def ask(name: str, endpoint: Endpoint, request: Request, reply: Reply | None = None, **config: Any) -> Result:
    """Ask once and read; without ``reply`` the script that is there is used."""
    if reply is not None:
        endpoint.add(reply)
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY, **config))
    try:
        return await generate(provider, request, Book(), policy=ONCE)
    finally:
        await provider.aclose()
