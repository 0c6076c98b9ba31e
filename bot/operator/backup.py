"""``pentimento backup FOLDER``: copies the store into a folder, while the bot runs.

Imports ``settings``, ``open_store``, ``program``, ``weekly`` and ``storage``. The store is only read. A bot can
use the folder as its ``DATA_DIR``. Exit code 0: the backup is whole. 1: it was cut short, or lacks pictures that the
store has lost. 2: nothing was begun, or it would have removed too much of the backup that is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from bot.operator.program import reason, show
from bot.process.open_store import LOCK, media_options, require_store
from bot.process.weekly import note_backup
from bot.settings.settings import Settings
from storage.backup import BackupRefused, back_up, file_of, keep_apart
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.media.store import Media

WHOLE, INCOMPLETE, REFUSED = 0, 1, 2


async def backup(settings: Settings, folder: Path, tell: Callable[[str], None] = show, *, anyway: bool = False) -> int:
    """Bring the backup in ``folder`` up to date and return the exit code; ``tell`` gets each line of the report.

    ``anyway``: also where it holds another store's, or most of it would go.
    """
    begun = False
    try:
        # Check this first: a backup of no store at all would count as whole.
        source = file_of(settings.database_url)
        await require_store(settings)
        media = Media.open(settings.media_url, media_options(settings))
        await asyncio.to_thread(keep_apart, source, media, folder)
        # Other users of the machine must not read what people wrote and sent.
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder / LOCK).acquire(timeout=0):
            begun = True
            made = await back_up(source, media, folder, tell, anyway=anyway)
    except Timeout:
        tell(f"A bot or another backup works on {folder}. Choose another folder.")
        return REFUSED
    except SchemaError as error:
        tell(str(error))
        return REFUSED
    except BackupRefused as error:
        tell(f"{folder} is left as it is. {error}")
        return REFUSED
    except (StorageFault, OSError) as error:
        tell(f"{reason(error)} The backup from before, if there was one, is still whole.")
        return INCOMPLETE if begun else REFUSED
    tell(f"{_pictures_are(made.pictures)} in the backup, {made.new} of them new.")
    if made.lost:
        tell(f"{_pictures_are(made.lost)} missing from the store itself; `check` tells which.")
    note_backup(settings.data_dir, whole=not made.lost)
    if made.lost:
        return INCOMPLETE
    restore = f"start a bot with DATA_DIR={folder}, or copy its files to the old DATA_DIR"
    tell(f"The backup is whole. To restore it, {restore}.")
    return WHOLE


def _pictures_are(number: int) -> str:
    return "1 picture is" if number == 1 else f"{number} pictures are"
