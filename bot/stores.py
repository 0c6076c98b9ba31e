"""Opens the store that the settings name, for every command alike. Imports ``settings`` and ``storage``."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from bot.settings import Settings
from storage.store import Store


async def open_store(settings: Settings, **places: str) -> Store:
    """Open the store of the settings; ``database_url`` and ``media_url`` may name other places.

    Raises: ``SchemaError``, ``StorageFault``.
    """
    return await Store.open(
        places.get("database_url", settings.database_url),
        places.get("media_url", settings.media_url),
        media_options(settings),
        pool_size=settings.database_pool_size,
    )


def media_options(settings: Settings) -> dict[str, str]:
    """Return what an S3 server is reached with. Other kinds of object stores take theirs from the environment."""
    options: dict[str, Any] = {
        "aws_endpoint_url": settings.aws_endpoint_url,
        "aws_region": settings.aws_region,
        "aws_access_key_id": settings.aws_access_key_id,
        "aws_secret_access_key": settings.aws_secret_access_key,
    }
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in options.items()
        if value is not None
    }
