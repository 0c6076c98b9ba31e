"""Locks and opens the store of the settings, for all commands in the same way. Imports ``settings`` and ``storage``.

Other users of the machine must not read what people wrote and sent, so its folder is closed to them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import SecretStr

from bot.settings.settings import Settings
from storage.engine.database import Database, SchemaError, sqlite_file
from storage.media import local
from storage.store import Store

log = logging.getLogger(__name__)

LOCK = "pentimento.lock"


def make_private(data_dir: Path) -> None:
    """Make the folder that holds the store by default, closed to other users of this machine. Raises: ``OSError``."""
    if local.make_private(data_dir):
        log.warning("%s was open to other users of this machine; from now on only the bot can read it", data_dir)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Keep other processes away from ``DATA_DIR``, and from an SQLite file that is elsewhere.

    Raises: filelock's ``Timeout`` if another process works there, ``OSError``.
    """
    files = [settings.data_dir / LOCK]
    database = sqlite_file(settings.database_url)
    # The default database has the same lock as its folder. Without its folder it cannot be opened anyway.
    if database is not None and database.parent.is_dir():
        files.append(database.with_suffix(".lock"))
    with ExitStack() as stack:
        for file in sorted({file.parent.resolve() / file.name for file in files}):
            stack.enter_context(FileLock(file).acquire(timeout=0))
        yield


async def require_store(settings: Settings) -> None:
    """Check that there is a store, without making one: a check of a new, empty store would find nothing wrong.

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
    """Return the options for an S3 server. Other kinds of object stores take theirs from the environment."""
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
