"""Opens the store that the settings name, for every command alike. Imports ``settings`` and ``storage``.

What people wrote and sent is nobody else's business on this machine, so the folder of it is closed to other users.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings.settings import Settings
from storage.engine.database import Database, SchemaError
from storage.media import local
from storage.store import Store

log = logging.getLogger(__name__)


def make_private(data_dir: Path) -> None:
    """Make the folder of all that is stored by default, closed to other users of this machine. Raises: ``OSError``."""
    if local.make_private(data_dir):
        log.warning("%s was open to other users of this machine; it is the bot's alone from now on", data_dir)


async def require_store(settings: Settings) -> None:
    """Look whether there is a store, and make nothing: one made by looking would be empty, and sound.

    Raises: ``SchemaError``, ``StorageFault``.
    """
    try:
        await Database.require(settings.database_url)
    except SchemaError as error:
        if await asyncio.to_thread((settings.sandbox_dir / "pentimento.db").is_file):
            raise SchemaError(f"{error} The sandbox keeps its own: DATA_DIR={settings.sandbox_dir}") from error
        raise


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
