"""``pentimento backup FOLDER``: copies what is stored into a folder, while the bot runs.

Imports ``settings``, ``open_store`` and ``storage``. Only reads from the store. The folder can be given to a bot as its
``DATA_DIR``. The exit code is 0 for a whole backup, 1 for one without pictures that the store has lost or one that was
cut short, 2 when nothing could be begun, or the backup that is there would lose too much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from bot.process.open_store import media_options, require_store
from bot.settings.settings import Settings
from storage.backup import BackupRefused, back_up, file_of
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.media.store import Media

WHOLE, INCOMPLETE, REFUSED = 0, 1, 2


async def backup(settings: Settings, folder: Path, tell: Callable[[str], None] = print, *, anyway: bool = False) -> int:
    """Bring the backup in ``folder`` up to date and return the exit code; tell what happens.

    ``anyway``: also where it holds another store's, or most of it would go.
    """
    if await asyncio.to_thread(folder.resolve) == await asyncio.to_thread(settings.data_dir.resolve):
        tell("This folder is the DATA_DIR itself; choose another, best on another disk.")
        return REFUSED
    try:
        # Before anything is made: a backup of nothing would be whole.
        file_of(settings.database_url)
        await require_store(settings)
        # What people wrote and sent is nobody else's business on this machine.
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder / "pentimento.lock").acquire(timeout=0):
            media = Media.open(settings.media_url, media_options(settings))
            made = await back_up(settings.database_url, media, folder, tell, anyway=anyway)
    except Timeout:
        tell(f"Somebody works on {folder}: a bot, or another backup. Choose another folder.")
        return REFUSED
    except SchemaError as error:
        tell(str(error))
        return REFUSED
    except BackupRefused as error:
        tell(f"{folder} is left as it is. {error}")
        return REFUSED
    except (StorageFault, OSError) as error:
        tell(f"{error} The backup from before, if there was one, is still whole.")
        return INCOMPLETE
    tell(f"{made.pictures} pictures are in the backup, {made.new} of them new.")
    if made.lost:
        tell(f"{made.lost} pictures are missing: the store itself has lost them, `check` tells which.")
        return INCOMPLETE
    tell(f"The backup is whole. To restore it, start a bot with DATA_DIR={folder}, or copy it to where that was.")
    return WHOLE
