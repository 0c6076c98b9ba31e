"""``pentimento move --to URL``: copies the whole store to another database, and on request to another media store.

Imports ``settings``, ``open_store``, ``program`` and ``storage``. The store must not be in use by a bot, and is only
read. Exit code 0: everything is copied and compared. 1: it is not. 2: the move was refused before anything was copied.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout
from pydantic import TypeAdapter, ValidationError

from bot.operator.program import reason, show
from bot.process.open_store import locked, make_private, open_store, require_store
from bot.settings.settings import Settings
from bot.settings.types import DatabaseUrl, MediaUrl
from storage.copying import Copying, CopyRefused, others_at
from storage.engine.database import SchemaError, sqlite_file
from storage.engine.faults import StorageFault
from storage.store import Store

MOVED, FAILED, REFUSED = 0, 1, 2


async def move(settings: Settings, to: str, media_to: str | None, tell: Callable[[str], None] = show) -> int:
    """Copy the store of the settings to the database ``to`` and return the exit code."""
    try:
        to = TypeAdapter(DatabaseUrl).validate_python(to)
        media_to = TypeAdapter(MediaUrl).validate_python(media_to) if media_to else None
    except ValidationError as error:
        tell(f"--to or --media-to {error.errors()[0]['ctx']['error']}.")
        return REFUSED
    if to == settings.database_url:
        tell("--to is where the tables lie already.")
        return REFUSED
    try:
        await require_store(settings)
        if (file := sqlite_file(to)) is not None and await asyncio.to_thread(file.is_dir):
            tell(f"{file} is a folder: --to takes a file in it, such as {to}/pentimento.db.")
            return REFUSED
        if settings.shares:
            make_private(settings.data_dir)
        with locked(settings):
            return await _move(settings, to, media_to, tell)
    except Timeout as error:
        tell(
            f"A bot works on {Path(error.lock_file).parent}: stop it first, so that nothing changes while it is copied."
        )
    except (SchemaError, StorageFault, OSError) as error:
        tell(reason(error))
    return REFUSED


async def _move(settings: Settings, to: str, media_to: str | None, tell: Callable[[str], None]) -> int:
    opened: list[Store] = []
    try:
        for places in ({}, {"database_url": to, "media_url": media_to or settings.media_url}):
            opened.append(await open_store(settings, **places))
        source, target = opened
        for store in opened:
            if others := await others_at(store.database):
                tell(f"Others are connected to that database ({'; '.join(others)}): stop every bot there first.")
                return REFUSED
        with_media = media_to is not None and media_to != settings.media_url
        copied = await Copying(source, target, tell, with_media=with_media).run()
    except (CopyRefused, SchemaError) as error:
        tell(str(error))
        return REFUSED
    except (StorageFault, OSError) as error:
        if len(opened) == 1 and not (isinstance(error, StorageFault) and error.passes):
            tell(f"{reason(error)} Look at what --to and --media-to name. Nothing was copied.")
            return REFUSED
        tell(f"{reason(error)} What was copied so far is kept; run this once more and it goes on.")
        return FAILED
    finally:
        for store in opened:
            await store.close()
    tell(
        f"All {copied.rows} rows are copied and compared"
        + (f", and {copied.pictures} pictures." if with_media else ".")
    )
    if copied.lost:
        tell(f"{copied.lost} pictures were lost before: the old store does not hold them whole, `check` tells which.")
    tell("Now put these into .env or the environment, and start the bot:")
    tell("  DATABASE_URL=   the address that you gave with --to")
    if with_media:
        tell("  MEDIA_URL=      the address that you gave with --media-to")
    tell("The old store is as it was. Remove it when you are content with the new one.")
    return MOVED
