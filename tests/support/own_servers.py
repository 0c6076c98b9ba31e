"""Talks with a bot whose only painter is a server with OpenAI's routes. Imports ``images`` and ``talking``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.images import OpenAI, Server, serving_images
from tests.support.talking import Talk, talking

GPT, HOME, QWEN = "gpt-image-2.5-sunburst", "sd-cpp-local", "Qwen/Qwen-Image-Edit-2511"


@asynccontextmanager
async def at(server: Server, model: str, tmp_path: Path, **more: Any) -> AsyncIterator[Talk]:
    """Talk to a bot whose only painter is a server with OpenAI's routes; at home there is no key."""
    async with serving_images(server):
        account: dict[str, Any] = {"openai_base_url": server.url, "openai_model": model, "gemini_api_key": None}
        if isinstance(server, OpenAI):
            account["openai_api_key"] = server.token
        async with talking(tmp_path, provider="openai", **account, **more) as talk:
            yield talk
