"""``pentimento export CHAT FOLDER``: writes the conversations of a chat into a folder, however large they are.

Imports ``export``, ``settings``, ``open_store``, ``program`` and ``storage``. A bot may work on the store, which
is only read. Exit code 0: the export is whole. 1: it was cut short, or lacks pictures that the store has lost. 2:
nothing was begun.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from bot.operator.program import reason, show
from bot.process.open_store import open_store, require_store
from bot.settings.settings import Settings
from bot.turns.export import Folder, Source, plan_export
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.records import Conversation
from storage.store import Store

WHOLE, INCOMPLETE, REFUSED = 0, 1, 2


async def export_chat(settings: Settings, chat: str, folder: Path, tell: Callable[[str], None] = show) -> int:
    """Write the conversations of a chat into an empty folder and return the exit code.

    Each topic of a forum becomes a folder of its own.
    """
    # No database takes a larger number.
    if not re.fullmatch("-?[0-9]{1,18}", chat):
        tell(f"{chat} is no chat: its number is wanted, as the log and /export name it.")
        return REFUSED
    try:
        if await asyncio.to_thread(_is_used, folder):
            what = "not empty" if await asyncio.to_thread(folder.is_dir) else "a file and no folder"
            tell(f"{folder} is {what}; choose another folder.")
            return REFUSED
        await require_store(settings)
        store = await open_store(settings)
    except (SchemaError, StorageFault, OSError) as error:
        tell(reason(error))
        return REFUSED
    try:
        return await _export(store, int(chat), folder, settings.language, tell)
    except (StorageFault, OSError) as error:
        if await asyncio.to_thread(_is_used, folder):
            tell(f"{reason(error)} What is in {folder} is not whole.")
            return INCOMPLETE
        tell(reason(error))
        return REFUSED
    finally:
        await store.close()


async def _export(store: Store, chat_id: int, folder: Path, language: str, tell: Callable[[str], None]) -> int:
    talks = [talk for talk in await store.views.of_chat(chat_id) if await store.views.count(talk.id)]
    if not talks:
        tell(f"Nothing was answered in chat {chat_id}; for a group that became a supergroup, give its new number.")
        return REFUSED
    # Other users of the machine must not read what people wrote and sent.
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
    lost = 0
    for talk in talks:
        target = folder / f"topic-{talk.key.topic_id}" if len(talks) > 1 else folder
        lost += await _export_one(store, talk, target, talk.settings.get("language") or language, tell)
    if lost:
        tell(
            f"{lost} of the pictures {'is' if lost == 1 else 'are'} missing from the store itself; `check` tells which."
        )
        return INCOMPLETE
    return WHOLE


async def _export_one(
    store: Store, talk: Conversation, folder: Path, language: str, tell: Callable[[str], None]
) -> int:
    export = await plan_export(Source(store, talk), language)
    (part,) = export.parts
    lost = await export.write(part, Folder(folder))
    counted = f"{_many(export.turns, 'turn')} and {_many(len(part.pictures) - lost, 'picture')}"
    tell(f"{folder} now holds {counted}; open index.html there.")
    return lost


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + "s" * (count != 1)


def _is_used(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
